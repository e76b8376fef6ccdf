// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/policy/document.h>
#include <core/prices/token_multiplier.h>
#include <core/voice/answer.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace signalbox {

/// How something measured is spread: 10th percentile, mean and 90th percentile, in order. The mean
/// of a skewed measure may lie beyond a percentile, which then gives way to it.
struct Spread
{
    double low = 0, expected = 0, high = 0;
    std::size_t samples = 0; ///< 0: nothing was measured, and the numbers say nothing
    bool operator==(const Spread&) const = default;
};
/// @param values  in any order; may be empty
[[nodiscard]] Spread spreadOf(std::vector<double> values);

/// What one model's recorded answers say about those to come.
struct ModelHistory
{
    struct OfPrompt
    {
        Spread outputTokens;
        std::optional<std::int64_t> inputTokens; ///< as the server counted them last
    };
    Spread outputTokens; ///< of whole answers, as billed; estimated counts are among them
    Spread firstTextMs;
    Spread tokensPerSecond;     ///< from the first word on
    TokenMultiplier multiplier; ///< of its tokenizer
    std::map<PromptId, OfPrompt> prompts;
};

/// What recorded answers teach about a run that is to be sent. Simulated answers teach nothing
/// about real models, nor the other way round, and answers under another style guide nothing about
/// the present one. A value; built once, off the GUI thread where there are many answers.
class AnswerHistory
{
public:
    AnswerHistory() = default;
    /// O(n log n), and counting the tokens of at most kCountedAnswers texts a model.
    AnswerHistory(const std::vector<Answer>& answers, const std::vector<ModelSpec>& models);

    /// Null: no answer of it is known.
    [[nodiscard]] const ModelHistory* find(const ModelId& model) const;

    /// Of the models whose tokenizer was learned.
    [[nodiscard]] std::map<ModelId, TokenMultiplier> tokenizers() const;

    static constexpr std::size_t kCountedAnswers = 100; ///< enough for a median

private:
    std::map<ModelId, ModelHistory> m_models;
};

} // namespace signalbox
