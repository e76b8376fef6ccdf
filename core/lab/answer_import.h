// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lab_plan.h"

#include <core/base/result.h>
#include <core/prompts/answer_reader.h>
#include <core/prompts/import_report.h>
#include <core/voice/answer.h>

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace signalbox {

class EvidenceStore;

// Answers that were recorded elsewhere: measured, shown and kept as if the lab had heard them, but
// nothing is sent.

/// The provider of a model that is nobody's to ask: its answers came from elsewhere.
inline constexpr std::string_view kElsewhere = "elsewhere";

/// What a file of answers gives. Prompts have the ids of importPrompts(): those of their words, so
/// that an answer stands beside answers that others gave to the same words another day; those that
/// the lab typed or took from its sample keep the ids that it gave them. A prompt
/// that the file names and does not quote has its name for words.
struct AnswerImport
{
    AnswerFormat format = AnswerFormat::JsonLines;
    std::vector<LabPrompt> prompts; ///< in order of appearance, each once
    std::vector<ModelId> models;    ///< likewise
    int samples = 1;                ///< answers of a model to a prompt, at most
    std::vector<Answer> answers;    ///< of these prompts and models, in the order of the file
    ImportReport report;            ///< what was refused, with its line or prompt, and why
};

/// Which samples of a prompt and model there are, so that none takes the place of another.
class SamplePlaces
{
public:
    /// The one that is asked for, else the next free one; taken from then on.
    int take(const PromptId& prompt, const ModelId& model, int wanted);

private:
    std::set<std::tuple<PromptId, ModelId, int>> m_taken;
};

/// Reads answers; see readAnswers(). Refused, too: those beyond kMostSamples of one model
/// to one prompt. An answer to a prompt that asks several times is one to its last turn.
/// A prompt whose segment is not said has none, as of importPrompts().
/// @param format   nullopt: as guessAnswerFormat() says
/// @return         what readAnswers() says; ParseError if every answer was refused
[[nodiscard]] Result<AnswerImport> importAnswers(std::string_view bytes,
                                                 const AnswerReadOptions& options = {},
                                                 std::optional<AnswerFormat> format = {});

/// Whether a file holds answers rather than prompts: it reads as some, whoever wrote them, and a
/// table has a column that is called so.
[[nodiscard]] bool holdsAnswers(std::string_view bytes);

/// The run as it was, somewhere else: models of kElsewhere.
[[nodiscard]] LabPlan planOf(const AnswerImport& import, const std::string& name);

/// Keeps the answers as a finished run of their own. What is said of the store's failures is that
/// of its record().
[[nodiscard]] Result<RunId> keepAnswers(EvidenceStore& store, const AnswerImport& import,
                                        const std::string& name);

} // namespace signalbox
