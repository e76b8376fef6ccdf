// SPDX-License-Identifier: GPL-3.0-or-later
#include "answer_history.h"

#include <core/prices/token_counter.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace signalbox {

namespace {

constexpr double kLowShare = 0.1;
constexpr double kHighShare = 0.9;
constexpr double kShortestWritingMs = 1; ///< shorter times say nothing of a rate

/// Linear between neighbours (Hyndman and Fan's type 7). @param sorted  ascending, not empty
double quantile(const std::vector<double>& sorted, double share)
{
    const double place = share * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(std::floor(place));
    const std::size_t above = std::min(below + 1, sorted.size() - 1);
    return sorted[below] + (place - std::floor(place)) * (sorted[above] - sorted[below]);
}

bool isWhole(const Answer& answer)
{
    return answer.state == AnswerState::Done || answer.state == AnswerState::Truncated ||
           answer.state == AnswerState::Refused;
}

/// Of one model, while its answers are gone through.
struct Measured
{
    std::vector<double> outputs, firstTexts, rates;
    std::map<PromptId, std::vector<double>> outputsOf;
    std::map<PromptId, std::pair<std::int64_t, std::int64_t>> inputOf; ///< when, tokens
    std::vector<const Answer*> counted; ///< whose tokens the server stated

    void add(const Answer& answer);
    [[nodiscard]] ModelHistory history() const;
    [[nodiscard]] TokenMultiplier multiplier() const;
};

void Measured::add(const Answer& answer)
{
    if (answer.outputTokens) {
        const auto tokens = static_cast<double>(*answer.outputTokens);
        outputs.push_back(tokens);
        outputsOf[answer.prompt].push_back(tokens);
        if (!answer.tokensEstimated && answer.reasoning.empty())
            counted.push_back(&answer);
    }
    if (answer.inputTokens && !answer.tokensEstimated) {
        auto& [when, tokens] = inputOf[answer.prompt];
        if (tokens == 0 || answer.recordedAtMs >= when) {
            when = answer.recordedAtMs;
            tokens = *answer.inputTokens;
        }
    }
    if (answer.reused || !answer.firstTokenMs || !answer.totalMs)
        return;
    firstTexts.push_back(*answer.firstTokenMs);
    const double writingMs = *answer.totalMs - *answer.firstTokenMs;
    if (answer.outputTokens && *answer.outputTokens > 0 && writingMs >= kShortestWritingMs)
        rates.push_back(static_cast<double>(*answer.outputTokens) * 1000 / writingMs);
}

TokenMultiplier Measured::multiplier() const
{
    std::vector<TokenSample> samples;
    const std::size_t most = std::min(counted.size(), AnswerHistory::kCountedAnswers);
    for (std::size_t i = counted.size() - most; i < counted.size(); ++i)
        samples.push_back({counted[i]->model.value, countO200kTokens(counted[i]->text),
                           *counted[i]->outputTokens});
    return learnMultiplier(samples);
}

ModelHistory Measured::history() const
{
    ModelHistory history;
    history.outputTokens = spreadOf(outputs);
    history.firstTextMs = spreadOf(firstTexts);
    history.tokensPerSecond = spreadOf(rates);
    history.multiplier = multiplier();
    for (const auto& [prompt, values] : outputsOf)
        history.prompts[prompt].outputTokens = spreadOf(values);
    for (const auto& [prompt, entry] : inputOf)
        history.prompts[prompt].inputTokens = entry.second;
    return history;
}

} // namespace

Spread spreadOf(std::vector<double> values)
{
    if (values.empty())
        return {};
    std::ranges::sort(values);
    Spread spread;
    spread.samples = values.size();
    spread.expected =
        std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
    spread.low = std::min(quantile(values, kLowShare), spread.expected);
    spread.high = std::max(quantile(values, kHighShare), spread.expected);
    return spread;
}

AnswerHistory::AnswerHistory(const std::vector<Answer>& answers,
                             const std::vector<ModelSpec>& models)
{
    std::map<ModelId, const ModelSpec*> specs;
    for (const ModelSpec& model : models)
        specs[model.id] = &model;
    std::map<ModelId, Measured> measured;
    for (const Answer& answer : answers) {
        const auto spec = specs.find(answer.model);
        if (spec == specs.end() || !isWhole(answer) ||
            answer.styleGuide != spec->second->styleGuide ||
            answer.simulated != (spec->second->provider == "simulator"))
            continue;
        measured[answer.model].add(answer);
    }
    for (const auto& [model, values] : measured)
        m_models[model] = values.history();
}

std::map<ModelId, TokenMultiplier> AnswerHistory::tokenizers() const
{
    std::map<ModelId, TokenMultiplier> learned;
    for (const auto& [model, history] : m_models) {
        if (history.multiplier.samples > 0)
            learned.emplace(model, history.multiplier);
    }
    return learned;
}

const ModelHistory* AnswerHistory::find(const ModelId& model) const
{
    const auto found = m_models.find(model);
    return found == m_models.end() ? nullptr : &found->second;
}

} // namespace signalbox
