// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "policy_edits.h"

#include <core/base/result.h>

#include <string>
#include <string_view>

namespace signalbox::ui {

// Parts of a policy as JSON text that people can read, mail and paste elsewhere.

/// Rules travel with the signals and models that they name. Empty if nothing can be copied.
[[nodiscard]] std::string copySelected(const PolicyDocument& document,
                                       const PolicySelection& selection,
                                       const std::vector<RuleId>& marked = {});
/// Takes what copySelected() wrote, and a bare rule, list of rules, plan or condition. Pasted parts
/// get new ids where theirs are taken; signals and models that rules need are added if absent. A
/// signal that is another one here comes under a new id, which the pasted rules then name. A part
/// written in another schema version is refused.
[[nodiscard]] Result<PolicyGesture> paste(const PolicyDocument& document,
                                          const PolicySelection& selection, std::string_view text);
/// Copy and paste in place: rules, a step, an arm, a condition, a model, a signal.
[[nodiscard]] MaybeGesture duplicateSelected(const PolicyDocument& document,
                                             const PolicySelection& selection,
                                             const std::vector<RuleId>& marked = {});

} // namespace signalbox::ui
