// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/policy/document.h>
#include <core/voice/answer.h>

#include <string>
#include <vector>

namespace signalbox::ui {

/// The answers that speak for the document's models as they are configured now: recorded under
/// their present style guide. Simulated models are played on the spot, too (some 50 ms each), so
/// that they have answered every prompt of the sample; what the lab recorded comes behind and is
/// newer.
[[nodiscard]] std::vector<Answer> answersFor(const PolicyDocument& document,
                                             const std::vector<Answer>& all);

/// Outcome of an answer text by the sample's own check; NaN for a prompt that is not the sample's.
[[nodiscard]] double outcomeOfSamplePrompt(const PromptId& id, const std::string& text);

} // namespace signalbox::ui
