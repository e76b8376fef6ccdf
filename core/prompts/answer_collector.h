// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "answer_reader.h"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

// Inside of core/prompts: what the readers of answers share.
namespace signalbox::import_detail {

/// An answer as it was read, before it has found its prompt.
struct ReadAnswer
{
    PromptCase prompt; ///< without turns if the input says its id only
    Answer answer;     ///< without prompt, sample and time
    std::optional<int> sample = {};
    std::optional<std::int64_t> recordedAtMs = {}; ///< if the input says it
};

/// Gives answers their prompt, sample and time, and keeps what is whole and not there yet.
class AnswerCollector
{
public:
    AnswerCollector(AnswerReading& reading, const AnswerReadOptions& options)
        : m_reading(reading), m_options(options)
    {}

    void add(ReadAnswer read, std::size_t line);

private:
    [[nodiscard]] Result<void> findPrompt(PromptCase& prompt, std::size_t line);
    [[nodiscard]] Result<void> findSample(ReadAnswer& read);

    AnswerReading& m_reading;
    const AnswerReadOptions& m_options;
    std::map<PromptId, std::pair<std::size_t, PromptId>>
        m_words{}; ///< line and contentId() of each
    std::map<std::tuple<PromptId, ModelId, int>, bool> m_taken{};
    std::map<std::pair<PromptId, ModelId>, int> m_next{};
};

/// The promptfoo part of readAnswers().
void readPromptfoo(std::string_view text, AnswerCollector& collector, ImportReport& report);

[[nodiscard]] std::optional<AnswerState> answerStateNamed(std::string_view name);
[[nodiscard]] std::string_view answerStateName(AnswerState state);

} // namespace signalbox::import_detail
