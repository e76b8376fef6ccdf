// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <core/prompts/prompt_set.h>
#include <core/voice/answer.h>
#include <core/voice/spoken_answers.h>
#include <core/voice/voice_distance.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace signalbox {

/// A model as a run asked it. Never an address, which is nobody else's business.
struct ReportedModel
{
    ModelId id;
    std::string provider;
    std::string upstreamModel;
    std::string styleGuide;
    int look = 0; ///< place of its colour among those of all models, as a window shows it
};

/// What somebody said of an answer.
struct ReportedNote
{
    PromptId prompt;
    ModelId model;
    int sample = 0;
    std::string author; ///< may be empty
    bool isMachine = false;
    bool isStarred = false;
    std::string text;
};

/// How noticeable a switch between two models of the run is.
struct ReportedPair
{
    std::size_t a = 0; ///< places among the models, a < b
    std::size_t b = 0;
    std::size_t n = 0;      ///< prompts
    Estimate noticeability; ///< 0 to 1
    double auc = 0.5;
    std::string reason; ///< the strongest one in a sentence; may be empty
};

/// What the measures say of the voices of a run.
struct ReportedVoices
{
    std::vector<ReportedPair> pairs; ///< those that could be compared
    std::vector<NoiseFloor> floors;  ///< by model
};

/// A run as it leaves the program: what was asked, of whom, and what they said. A value.
struct RunReport
{
    std::string name;
    std::string runId;            ///< empty: it is in no store
    std::int64_t startedAtMs = 0; ///< Unix time; 0: unknown
    std::int64_t writtenAtMs = 0; ///< likewise, of the report
    bool isFromElsewhere = false; ///< nobody was asked: the answers were imported
    int samples = 1;              ///< answers of each model to each prompt
    std::optional<int> maxTokens = {};
    std::vector<ReportedModel> models;
    PromptSet prompts;      ///< in the order of the table
    TurnsBefore turns = {}; ///< of `prompts`
    std::vector<Answer> answers;
    std::vector<ReportedNote> notes;
    std::optional<ReportedVoices> voices = {}; ///< if they were measured and there is enough

    [[nodiscard]] bool isSimulated() const; ///< any answer is
};

/// Compares the voices of its models. Nothing with fewer than kFewestCommonPrompts prompts or two
/// models. Seconds for thousands of answers: off the GUI thread.
[[nodiscard]] std::optional<ReportedVoices> measuredVoices(const RunReport& report);

} // namespace signalbox
