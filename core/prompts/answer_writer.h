// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "prompt_set.h"

#include <core/voice/answer.h>

#include <span>
#include <string>

namespace signalbox {

/// Answers as JSON lines with the words that they answer: what readAnswers() reads. Reading it back
/// gives equal answers. What is unknown or empty is left out; "simulated", "reused",
/// "tokensEstimated" and "costStated" are true or absent.
/// @param prompts  of the answers; one that is not there is named by its id alone
[[nodiscard]] std::string toAnswerJsonLines(std::span<const Answer> answers,
                                            const PromptSet& prompts);

/// The same as a table for spreadsheets (RFC 4180, UTF-8 with a byte order mark, CR LF): a header,
/// an answer a row, its prompt beside it, in the columns of answerColumns(). Texts have the guard
/// of withFormulaGuard(), so that nothing that a model wrote is run.
[[nodiscard]] std::string toAnswerCsv(std::span<const Answer> answers, const PromptSet& prompts);

} // namespace signalbox
