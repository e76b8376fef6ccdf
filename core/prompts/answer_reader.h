// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "import_report.h"
#include "prompt_set.h"

#include <core/base/result.h>
#include <core/voice/answer.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace signalbox {

enum class AnswerFormat {
    JsonLines, ///< one answer an object a line
    Csv,       ///< a table: an answer a row, or a prompt a row and a model a column
    Promptfoo, ///< what `promptfoo eval --output results.json` writes
    Xlsx,      ///< a table in a sheet of a workbook, see workbook_reader.h
    Report,    ///< a report of this program, see embedded_answers.h
};

/// What begins like a workbook is one, like HTML a report; JSON with "results" is promptfoo's, JSON
/// otherwise is lines, all else a table.
[[nodiscard]] AnswerFormat guessAnswerFormat(std::string_view text);

struct AnswerReadOptions
{
    std::string name = {};  ///< of the set of prompts
    std::string model = {}; ///< who wrote answers that name no model
    /// Unix time of those that do not say theirs, and the latest that any of them may say.
    std::int64_t recordedAtMs = 0;
    std::optional<char> separator = std::nullopt; ///< of a table; else found out
    std::string sheet = {}; ///< of a workbook; empty: "Answers" if there is one, else the first
};

struct AnswerReading
{
    AnswerFormat format = AnswerFormat::JsonLines;
    std::vector<Answer> answers; ///< input order
    PromptSet prompts;           ///< those whose words are in the input, each once
    ImportReport report;
};

/// Reads answers that were recorded elsewhere. Nothing is dropped without a word: what is no answer
/// is refused with its line and reason, and all others are kept.
///
/// A JSON object has "model" and "answer", and says which prompt it answers by "id", by its words
/// ("prompt" or "turns" with "system", as readPrompts() has them), or both; without an id it is
/// contentId(). Optional: "segment", "sample" (from 0; else counted up per prompt and model),
/// "inputTokens", "outputTokens", "firstTokenMs", "totalMs", "costUsd", "satisfied" (0 to 1, or
/// true and false), "state" (done, truncated, refused, filtered, failed, stopped), "failure",
/// "failureKind" (as failureKindName() has it), "reasoning", "servedModel", "styleGuide",
/// "simulated", "reused", "tokensEstimated", "costStated" (true or false), "recordedAt" (as
/// isoTime() has it), "route" (of a policy's answer, as toRouteJson() has it; of tables only in
/// this program's own). What is not said is unknown, not 0. Columns of a table are called the same.
/// A table without a column for models has one for the prompt or its id and, for every model, one
/// with its answers, called like it; an empty cell there is refused as an answer that is not there.
/// See field_names.h for what else the names may be.
///
/// Refused, too: an answer without text that does not say why; the same prompt id with other words;
/// a second answer with the same prompt, model and sample.
///
/// Of promptfoo: the output is the text (an object as JSON), the label or id of the provider the
/// model, the prompt as sent the words (a list of messages if it is JSON), and so repeats are
/// samples. Tokens and times of answers from its cache are unknown, and so is a cost of 0, which it
/// writes for models without a price. The score counts as satisfaction where assertions were made;
/// an error without output is a failed answer. "metadata.segment" of a test is its segment.
/// Versions 2 and 3 of its summary, alone or in the file that it writes.
/// @param bytes  as the file has them, see decodedText()
/// @return       TooLarge; ParseError if nothing at all could be read
[[nodiscard]] Result<AnswerReading> readAnswers(std::string_view bytes, AnswerFormat format,
                                                const AnswerReadOptions& options = {});

} // namespace signalbox
