// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/policy/edit.h>

#include <string>

namespace signalbox::ui {

/// What is selected in the policy, shared by canvas, outline and inspector.
struct PolicySelection
{
    enum class Kind { Nothing, Rule, Otherwise, Model, Signal, Document };
    Kind kind = Kind::Nothing;
    std::string id; ///< of the rule, model or signal
    std::string
        path; ///< JSON path inside it, e.g. "plan.chain.steps[0]" or "when.any[1]"; may be empty
    bool operator==(const PolicySelection&) const = default;
};

/// The same thing under the name that it has once `edit` is applied: a rename does not change what
/// is selected, nor does taking one back. Says nothing of what is gone afterwards.
/// @param inverse  what apply() returned for the edit
[[nodiscard]] PolicySelection selectionAfter(PolicySelection selection, const Edit& edit,
                                             const Edit& inverse);

} // namespace signalbox::ui
