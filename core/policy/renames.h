// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "document.h"

#include <string>
#include <vector>

namespace signalbox {

/// A model, signal or rule that is in two documents under two ids.
struct Rename
{
    enum class Kind { Model, Signal, Rule } kind = Kind::Rule;
    std::string before;
    std::string after;
    bool operator==(const Rename&) const = default;
};

/// What only got another id from `before` to `after`: all else of it is equal, and so is what it
/// names, other renames aside; a rule's label and note may differ. Of several equal things the
/// first ones are paired. O(things that are not in both, squared).
[[nodiscard]] std::vector<Rename> renamesBetween(const PolicyDocument& before,
                                                 const PolicyDocument& after);

/// The document with the new ids, wherever they are used; everything keeps its place.
[[nodiscard]] PolicyDocument withRenames(PolicyDocument document,
                                         const std::vector<Rename>& renames);

} // namespace signalbox
