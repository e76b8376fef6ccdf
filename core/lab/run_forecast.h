// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "answer_history.h"
#include "lab_plan.h"
#include "list_prices.h"

#include <core/base/money.h>
#include <core/providers/rate_limiter.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace signalbox {

/// Three guesses at one number, in order.
template<class T> struct Range
{
    T low{}, expected{}, high{};
    Range& operator+=(const Range& other)
    {
        low += other.low;
        expected += other.expected;
        high += other.high;
        return *this;
    }
    bool operator==(const Range&) const = default;
};

/// What is taken where no answer of a model is known.
inline constexpr std::int64_t kUsualOutputTokens = 180;
inline constexpr std::int64_t kShortOutputTokens = 40;
inline constexpr std::int64_t kLongOutputTokens = 1'500; ///< of an answer without a limit
/// Answers from which on a model's own lengths count instead.
inline constexpr std::size_t kFewestLengths = 3;

/// o200k tokens of what a prompt's messages say, by prompt.
using PromptTokens = std::map<PromptId, std::int64_t>;
[[nodiscard]] PromptTokens promptTokensOf(const std::vector<LabPrompt>& prompts);

/// The tokens that a model takes a prompt for: what its server stated for it before, or else
/// counted ones by the model's multiplier, and a few for each message that a chat adds around it.
/// @param counted  countedTokensOf() its messages and of the model's style guide
/// @param history  null: none
[[nodiscard]] Range<std::int64_t> inputTokensOf(const LabPrompt& prompt, std::int64_t counted,
                                                const ModelSpec& model,
                                                const ModelHistory* history);

/// One model's part of a forecast.
struct ModelForecast
{
    ModelId model;
    std::size_t cells = 0;  ///< to be sent
    std::size_t reused = 0; ///< taken from earlier answers: neither sent nor paid for
    KnownPrice price;
    Range<std::int64_t> input, output; ///< tokens of the cells that are sent
    std::optional<Range<Money>> cost;  ///< nullopt: its price is not known
    std::optional<Money> worst;        ///< with answers as long as allowed; nullopt: no limit
    std::size_t lengthSamples = 0;     ///< recorded answers behind the output
    std::size_t knownPrompts = 0;      ///< of the cells, those whose prompt it has answered before
    bool isLengthAssumed = false;      ///< too few answers: kUsualOutputTokens
    std::size_t tokenizerSamples = 0;  ///< texts from which its multiplier was learned
    std::optional<Range<double>> callMs; ///< of one call; nullopt: none was timed
    std::size_t timeSamples = 0;
};

/// What a run would take, before anything is sent.
struct RunForecast
{
    std::size_t cells = 0;
    std::size_t reused = 0;
    bool isSimulated = false;            ///< all that are sent: nobody bills anything
    std::optional<Range<Money>> cost;    ///< nullopt: a price is unknown, see `unpriced`
    std::optional<Money> worst;          ///< likewise, or an answer has no limit
    Range<Money> knownCost;              ///< of the models with a price
    std::vector<ModelId> unpriced;       ///< that are sent
    Range<std::int64_t> tokens;          ///< input and output
    std::optional<Range<double>> timeMs; ///< nullopt: some model was never timed
    std::vector<ModelId> untimed;        ///< that are sent
    std::string slowest;                 ///< what the time hangs on: a clause, empty if nothing is
    std::vector<ModelForecast> models;   ///< of the plan, in its order
};

/// Tokens of an answer that a prompt asks for.
struct AssumedLength
{
    std::int64_t low = kShortOutputTokens;
    std::int64_t expected = kUsualOutputTokens;
};

struct ForecastInputs
{
    const LabPlan& plan;
    std::vector<CellId> cells;    ///< to be asked; indices into the plan
    std::set<CellId> reused = {}; ///< of these
    const AnswerHistory& history;
    const PromptTokens& counted; ///< of prompts that are absent, four characters are a token
    const PriceBook& book;
    Day day;
    std::vector<AccountLimits> limits = {}; ///< that servers have stated, by nameOf(account)
    double simulatorSpeed = 1;              ///< 0: answers come at once
    /// What may come on top at worst; nullopt: it is not known. See policy_forecast.h.
    std::optional<Money> perhaps = Money();
    /// Of prompts that ask for another length than answers to people have, by prompt: what is taken
    /// until lengths of the model are known. At most, as long as the plan allows.
    std::map<PromptId, AssumedLength> assumed = {};
};

/// Pure. A later turn of a conversation has the replies before it in its input, and is answered
/// after them. A variant is told what its system prompt says, answers no longer than it may, and
/// until it has answers of its own, as its model does. Cost: of each cell the length that its model
/// answered the prompt with, or else any; at the policy's price or the book's. Time: calls of
/// measured length, as many at once as the plan, the servers on this computer and the stated limits
/// allow.
[[nodiscard]] RunForecast forecastOf(const ForecastInputs& inputs);

} // namespace signalbox
