// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/policy/document.h>
#include <core/voice/answer.h>

#include <memory>
#include <string>
#include <vector>

namespace signalbox::ui {

/// Answers that several threads read: the list is copied, the answers are not.
using SharedAnswers = std::vector<std::shared_ptr<const Answer>>;

/// The answers that speak for the document's models as they are configured now: recorded under
/// their present style guide. Simulated models are played on the spot, too (some 50 ms each), so
/// that they have answered every prompt of the sample; what the lab recorded comes behind and is
/// newer.
[[nodiscard]] std::vector<Answer> answersFor(const PolicyDocument& document,
                                             const std::vector<Answer>& all);
[[nodiscard]] std::vector<Answer> answersFor(const PolicyDocument& document,
                                             const SharedAnswers& all);

/// Whether an answer speaks for a model as it is configured now, wherever it was recorded: its name
/// and its style guide are the model's. What a real model of that name said is not how its
/// simulation sounds.
[[nodiscard]] bool countsFor(const ModelSpec& model, const Answer& answer);

/// Outcome of an answer text by the sample's own check; NaN for a prompt that is not the sample's.
[[nodiscard]] double outcomeOfSamplePrompt(const PromptId& id, const std::string& text);

} // namespace signalbox::ui
