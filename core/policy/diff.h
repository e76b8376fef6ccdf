// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "document.h"

#include <string>
#include <string_view>
#include <vector>

namespace signalbox {

/// One structural difference between two documents.
struct Change
{
    enum class Kind { Added, Removed, Changed, Moved } kind = Kind::Changed;
    std::string path;   ///< "rules[hard].plan"; parts are named by id, not by position
    std::string before; ///< compact JSON, empty when added
    std::string after;  ///< compact JSON, empty when removed
    bool operator==(const Change&) const = default;
};

/// What changed from `before` to `after`, in document order. Equal documents give none.
[[nodiscard]] std::vector<Change> diff(const PolicyDocument& before, const PolicyDocument& after);

/// The parts of a change's path: "rules[hard].plan" is the member "plan" of the item "hard" of
/// "rules"; "holdout.share" has no item, "otherwise" neither item nor member. Views into the path.
struct ChangePlace
{
    std::string_view section;
    std::string_view item;
    std::string_view member;
};
[[nodiscard]] ChangePlace placeOf(const Change& change);

/// Whether the change is one of order alone where order says nothing: of models, signals, gates and
/// tones. The order of rules decides.
[[nodiscard]] bool isNoise(const Change& change);

} // namespace signalbox
