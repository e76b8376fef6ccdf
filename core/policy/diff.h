// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "document.h"

#include <string>
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

} // namespace signalbox
