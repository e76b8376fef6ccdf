// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lab_run.h"

#include <core/sample/support_desk.h>

#include <string>
#include <vector>

namespace signalbox {

/// The first prompts of each segment in turn, so that few prompts still cover all segments.
/// @param all    must outlive what is returned, whose outcome checks look into it; such as
///               supportDeskPrompts()
/// @param count  at most so many
[[nodiscard]] std::vector<LabPrompt> spreadPrompts(const std::vector<SamplePrompt>& all,
                                                   std::size_t count);

/// The outcome of a text as answer to the bundled prompt of this id, in [0, 1]; NaN if there is no
/// such prompt. An OutcomeCheck for evidence tables. O(log n).
[[nodiscard]] double outcomeOfSamplePrompt(const PromptId& id, const std::string& text);

} // namespace signalbox
