// SPDX-License-Identifier: GPL-3.0-or-later
#include "run_forecast.h"

#include "cell_attempt.h"
#include "conversation.h"
#include "lab_request.h"
#include "token_guess.h"

#include <core/prices/token_counter.h>
#include <core/providers/endpoint.h>
#include <core/providers/server_account.h>

#include <algorithm>
#include <cmath>
#include <iterator>

namespace signalbox {

namespace {

/// Other tokenizers make up to about so many more of a text, until it is learned how many.
constexpr double kUnknownTokenizerHigh = 1.3;
constexpr double kMinuteMs = 60'000;

std::int64_t roundedUp(double value)
{
    return static_cast<std::int64_t>(std::ceil(value));
}

Range<std::int64_t> atMost(Range<std::int64_t> range, std::optional<int> limit)
{
    if (!limit)
        return range;
    const std::int64_t most = std::max(*limit, 0);
    return {std::min(range.low, most), std::min(range.expected, most), std::min(range.high, most)};
}

Range<std::int64_t> rangeOf(const Spread& spread)
{
    return {std::llround(spread.low), std::llround(spread.expected), roundedUp(spread.high)};
}

/// How long an answer may get, without the plan's limit.
/// @param assumed  while the model has no history
Range<std::int64_t> lengthOf(const PromptId& prompt, const ModelHistory* history,
                             std::optional<int> limit, const AssumedLength& assumed)
{
    if (!history || history->outputTokens.samples < kFewestLengths)
        return {assumed.low, assumed.expected,
                limit ? std::max<std::int64_t>(*limit, assumed.expected)
                      : std::max(kLongOutputTokens, assumed.expected)};
    const Range<std::int64_t> any = rangeOf(history->outputTokens);
    const auto found = history->prompts.find(prompt);
    if (found == history->prompts.end() || found->second.outputTokens.samples == 0)
        return any;
    // The prompt says what to expect; how far it strays from that, few repeats cannot say.
    const Range<std::int64_t> its = rangeOf(found->second.outputTokens);
    return {std::min(any.low, its.low), its.expected, std::max(any.high, its.high)};
}

Money priceOf(const Price& price, std::int64_t input, std::int64_t output)
{
    return price.inputPerToken * input + price.outputPerToken * output;
}

/// How long one answer takes. @param speed  of the simulator; 1 of real models
Range<double> callTime(const ModelHistory& history, const Range<std::int64_t>& output, double speed)
{
    if (speed <= 0)
        return {};
    const Spread& rate = history.tokensPerSecond;
    const auto writingMs = [&](std::int64_t tokens, double perSecond) {
        return rate.samples == 0 || perSecond <= 0 ? 0.0
                                                   : static_cast<double>(tokens) * 1000 / perSecond;
    };
    return {(history.firstTextMs.low + writingMs(output.low, rate.high)) / speed,
            (history.firstTextMs.expected + writingMs(output.expected, rate.expected)) / speed,
            (history.firstTextMs.high + writingMs(output.high, rate.low)) / speed};
}

bool isSystem(const Message& message)
{
    return message.role == Role::System;
}

/// Calls that get in each other's way.
struct Lane
{
    std::string name;
    Range<double> workMs;
    std::size_t calls = 0;
    double atOnce = 1;
    std::optional<double> perMinute; ///< that its server takes
};

/// One forecast while it is made.
class Forecast
{
public:
    explicit Forecast(const ForecastInputs& inputs)
        : m_in(inputs), m_conversations(inputs.plan.prompts)
    {}
    [[nodiscard]] RunForecast make();

private:
    void beginModels();
    [[nodiscard]] const ModelHistory* historyOf(const ModelId& column) const;
    [[nodiscard]] bool replacesSystem(const ModelId& column) const;
    void add(const CellId& cell);
    void addTime(const CellId& cell, const Range<double>& ms);
    [[nodiscard]] Range<std::int64_t> inputOf(const CellId& cell) const;
    [[nodiscard]] std::int64_t longestInputOf(const CellId& cell,
                                              const Range<std::int64_t>& input) const;
    [[nodiscard]] std::int64_t countedOf(const CellId& cell) const;
    [[nodiscard]] AssumedLength assumedFor(const PromptId& prompt) const;
    void addUp();
    void findTime();
    void limit(Lane& lane, const std::string& account) const;

    const ForecastInputs& m_in;
    Conversations m_conversations; ///< of the plan
    RunForecast m_out;
    std::map<CellId, Range<double>> m_sinceFirst; ///< of turns that are answered one by one
    std::vector<const ModelHistory*> m_histories;
    std::map<std::string, Lane> m_lanes; ///< by server
    std::vector<std::string> m_servers;  ///< by model
    std::vector<ModelSpec> m_asked;      ///< the models, with what a variant is told beside it
    std::vector<std::int64_t> m_guides;  ///< tokens of its style guide, by model
    Range<double> m_workMs, m_longestMs;
};

void Forecast::beginModels()
{
    for (const ModelSpec& spec : m_in.plan.models) {
        ModelForecast model;
        model.model = spec.id;
        model.price = knownPriceOf(spec, m_in.book, m_in.day);
        const ModelHistory* const own = m_in.history.find(spec.id);
        const ModelHistory* const history = historyOf(spec.id);
        model.lengthSamples = own ? own->outputTokens.samples : 0;
        model.isLengthAssumed = model.lengthSamples < kFewestLengths;
        model.tokenizerSamples = history ? history->multiplier.samples : 0;
        model.timeSamples = history ? history->firstTextMs.samples : 0;
        if (model.price.price) {
            model.cost = Range<Money>();
            if (longestAnswer(m_in.plan, spec.id))
                model.worst = Money();
        }
        m_out.models.push_back(std::move(model));
        m_histories.push_back(history);
        m_asked.push_back(spec);
        m_asked.back().styleGuide = labRequest(m_in.plan, spec, LabPrompt(), 0).styleGuide;
        m_guides.push_back(countO200kTokens(m_asked.back().styleGuide));
        const auto account = accountOf(spec);
        const auto endpoint = endpointOfModel(spec.provider, spec.baseUrl);
        const std::string server = account ? nameOf(*account) : std::string();
        m_servers.push_back(server);
        Lane& lane = m_lanes[server];
        lane.name = server;
        lane.atOnce = std::max(1, endpoint && endpoint->loopback ? m_in.plan.inFlightHere
                                                                 : m_in.plan.inFlight);
        limit(lane, server);
    }
}

/// Its own; of a variant that has hardly answered yet, its model's: how long a model writes is
/// nearer to that than to any model's.
const ModelHistory* Forecast::historyOf(const ModelId& column) const
{
    const ModelHistory* const own = m_in.history.find(column);
    const auto variant = m_in.plan.variants.find(column);
    if (variant == m_in.plan.variants.end() || (own && own->outputTokens.samples >= kFewestLengths))
        return own;
    const ModelHistory* const models = m_in.history.find(variant->second.of);
    return models && models->outputTokens.samples >= kFewestLengths ? models : own;
}

/// Whether the prompts' own system messages are not sent.
bool Forecast::replacesSystem(const ModelId& column) const
{
    const auto variant = m_in.plan.variants.find(column);
    return variant != m_in.plan.variants.end() && variant->second.overrides.system &&
           variant->second.overrides.system->mode == SystemPromptMode::Replace;
}

/// By what the server has said of itself.
void Forecast::limit(Lane& lane, const std::string& account) const
{
    for (const AccountLimits& known : m_in.limits) {
        if (account.empty() || known.name != account)
            continue;
        if (known.allowed)
            lane.atOnce = std::min(lane.atOnce, double(std::max(1, *known.allowed)));
        for (const AccountLimits::Budget& budget : known.budgets) {
            if (budget.of == RateLimit::Of::Requests && budget.limit && *budget.limit > 0 &&
                budget.per == "minute")
                lane.perMinute = static_cast<double>(*budget.limit);
        }
    }
}

std::int64_t Forecast::countedOf(const CellId& cell) const
{
    const LabPrompt& prompt = m_in.plan.prompts[cell.prompt];
    const auto found = m_in.counted.find(prompt.id);
    std::vector<Message> unsent;
    if (replacesSystem(m_in.plan.models[cell.model].id))
        std::ranges::copy_if(prompt.messages, std::back_inserter(unsent), isSystem);
    return m_guides[cell.model] - countedTokensOf(unsent) +
           (found == m_in.counted.end() ? estimatedTokens(prompt.messages) : found->second);
}

AssumedLength Forecast::assumedFor(const PromptId& prompt) const
{
    const auto found = m_in.assumed.find(prompt);
    return found == m_in.assumed.end() ? AssumedLength() : found->second;
}

/// With the model's own replies before a later turn, each as long as its answers are.
Range<std::int64_t> Forecast::inputOf(const CellId& cell) const
{
    const LabPrompt& prompt = m_in.plan.prompts[cell.prompt];
    const ModelHistory* const history = m_histories[cell.model];
    auto row = m_conversations.before(cell.prompt);
    const std::optional<int> most = longestAnswer(m_in.plan, m_in.plan.models[cell.model].id);
    const bool replaces = replacesSystem(m_asked[cell.model].id);
    const bool isOthers = history != m_in.history.find(m_asked[cell.model].id);
    ModelHistory ofWords; // what its server stated was for other replies, or another system prompt
    if ((row || isOthers) && history)
        ofWords.multiplier = history->multiplier;
    LabPrompt without; // its system messages
    if (replaces) {
        without = prompt;
        std::erase_if(without.messages, isSystem);
    }
    const LabPrompt& sent = replaces ? without : prompt;
    Range<std::int64_t> input = inputTokensOf(sent, countedOf(cell), m_asked[cell.model],
                                              row || isOthers ? &ofWords : history);
    for (; row; row = m_conversations.before(*row)) {
        const PromptId& before = m_in.plan.prompts[*row].id;
        input += atMost(lengthOf(before, history, most, assumedFor(before)), most);
        input += {kTokensAroundMessage, kTokensAroundMessage, 2 * kTokensAroundMessage};
    }
    return input;
}

/// With replies as long as they may get.
std::int64_t Forecast::longestInputOf(const CellId& cell, const Range<std::int64_t>& input) const
{
    const auto replies =
        static_cast<std::int64_t>(repliesNeeded(m_in.plan.prompts[cell.prompt].messages));
    const std::optional<int> most = longestAnswer(m_in.plan, m_in.plan.models[cell.model].id);
    return input.high + replies * most.value_or(0);
}

void Forecast::add(const CellId& cell)
{
    ModelForecast& model = m_out.models[cell.model];
    if (m_in.reused.count(cell) > 0) {
        ++model.reused;
        return;
    }
    ++model.cells;
    const LabPrompt& prompt = m_in.plan.prompts[cell.prompt];
    const ModelSpec& spec = m_in.plan.models[cell.model];
    const ModelHistory* history = m_histories[cell.model];
    const auto input = inputOf(cell);
    const std::optional<int> most = longestAnswer(m_in.plan, spec.id);
    const auto output = atMost(lengthOf(prompt.id, history, most, assumedFor(prompt.id)), most);
    model.input += input;
    model.output += output;
    model.knownPrompts += history && history->prompts.count(prompt.id) > 0;
    if (const auto& price = model.price.price) {
        *model.cost += {priceOf(*price, input.low, output.low),
                        priceOf(*price, input.expected, output.expected),
                        priceOf(*price, input.high, output.high)};
        if (model.worst)
            *model.worst += priceOf(*price, longestInputOf(cell, input), *most);
    }
    const bool isAtOnce = spec.provider == "simulator" && m_in.simulatorSpeed <= 0;
    if (isAtOnce)
        model.callMs = Range<double>();
    if (!history || history->firstTextMs.samples == 0 || isAtOnce)
        return;
    const auto ms =
        callTime(*history, output, spec.provider == "simulator" ? m_in.simulatorSpeed : 1);
    model.callMs = model.callMs.value_or(Range<double>());
    *model.callMs += ms; // their sum, until addUp()
    addTime(cell, ms);
}

void Forecast::addTime(const CellId& cell, const Range<double>& ms)
{
    Lane& lane = m_lanes[m_servers[cell.model]];
    lane.workMs += ms;
    ++lane.calls;
    m_workMs += ms;
    Range<double> since = ms;
    if (const auto row = m_conversations.before(cell.prompt)) {
        const auto before = m_sinceFirst.find({*row, cell.model, cell.sample});
        if (before != m_sinceFirst.end())
            since += before->second;
    }
    if (m_conversations.isPart(cell.prompt))
        m_sinceFirst[cell] = since;
    m_longestMs = {std::max(m_longestMs.low, since.low),
                   std::max(m_longestMs.expected, since.expected),
                   std::max(m_longestMs.high, since.high)};
}

void Forecast::addUp()
{
    Money worst;
    bool isBounded = true;
    m_out.isSimulated = true;
    for (std::size_t i = 0; i < m_out.models.size(); ++i) {
        ModelForecast& model = m_out.models[i];
        m_out.cells += model.cells;
        m_out.reused += model.reused;
        if (model.cells == 0)
            continue;
        m_out.isSimulated = m_out.isSimulated && m_in.plan.models[i].provider == "simulator";
        m_out.tokens += model.input;
        m_out.tokens += model.output;
        if (model.cost)
            m_out.knownCost += *model.cost;
        else
            m_out.unpriced.push_back(model.model);
        worst += model.worst.value_or(Money());
        isBounded = isBounded && longestAnswer(m_in.plan, model.model);
        const auto calls = static_cast<double>(model.cells);
        if (model.callMs)
            model.callMs = Range<double>{model.callMs->low / calls, model.callMs->expected / calls,
                                         model.callMs->high / calls};
        else
            m_out.untimed.push_back(model.model);
    }
    m_out.isSimulated = m_out.isSimulated && m_out.cells > 0;
    if (!m_out.unpriced.empty())
        return;
    m_out.cost = m_out.knownCost;
    if (isBounded && m_in.perhaps)
        m_out.worst = worst + *m_in.perhaps;
}

/// The shortest time in which the calls fit beside each other; at worst, each last one is a long
/// one that began when all others had ended.
void Forecast::findTime()
{
    if (!m_out.untimed.empty())
        return;
    const double atOnce = std::max(1, m_in.plan.inFlight);
    Range<double> time = {m_workMs.low / atOnce, m_workMs.expected / atOnce,
                          m_workMs.high / atOnce};
    for (const auto& [server, lane] : m_lanes) {
        Range<double> its = {lane.workMs.low / lane.atOnce, lane.workMs.expected / lane.atOnce,
                             lane.workMs.high / lane.atOnce};
        const double perMinuteMs =
            lane.perMinute ? static_cast<double>(lane.calls) * kMinuteMs / *lane.perMinute -
                                 kMinuteMs // the first minute's calls go at once
                           : 0;
        its.expected = std::max(its.expected, perMinuteMs);
        its.high = std::max(its.high, perMinuteMs);
        if (its.expected > time.expected && !server.empty())
            m_out.slowest = perMinuteMs >= its.expected && perMinuteMs > 0
                                ? server + " takes " +
                                      std::to_string(std::llround(*lane.perMinute)) +
                                      " calls a minute"
                                : server + " takes " + std::to_string(std::llround(lane.atOnce)) +
                                      (lane.atOnce < 2 ? " call at once" : " calls at once");
        time = {std::max(time.low, its.low), std::max(time.expected, its.expected),
                std::max(time.high, its.high)};
    }
    time.low = std::max(time.low, m_longestMs.low);
    time.expected = std::max(time.expected, m_longestMs.expected);
    time.high += m_longestMs.high;
    m_out.timeMs = time;
}

RunForecast Forecast::make()
{
    beginModels();
    for (const CellId& cell : m_in.cells)
        add(cell);
    addUp();
    findTime();
    return std::move(m_out);
}

} // namespace

PromptTokens promptTokensOf(const std::vector<LabPrompt>& prompts)
{
    PromptTokens counted;
    for (const LabPrompt& prompt : prompts)
        counted.try_emplace(prompt.id, countedTokensOf(prompt.messages));
    return counted;
}

Range<std::int64_t> inputTokensOf(const LabPrompt& prompt, std::int64_t counted,
                                  const ModelSpec& model, const ModelHistory* history)
{
    if (history) {
        const auto found = history->prompts.find(prompt.id);
        if (found != history->prompts.end() && found->second.inputTokens) {
            const std::int64_t stated = *found->second.inputTokens;
            return {stated, stated, stated};
        }
    }
    const TokenMultiplier multiplier = history ? history->multiplier : TokenMultiplier();
    const TokenEstimate estimate = estimateTokens(counted, multiplier);
    const std::int64_t around =
        tokensAround(prompt.messages.size() + (model.styleGuide.empty() ? 0 : 1));
    Range<std::int64_t> range = {estimate.low, estimate.tokens + around,
                                 estimate.high + 2 * around};
    if (multiplier.samples == 0)
        range.high =
            std::max(range.high,
                     roundedUp(static_cast<double>(counted) * kUnknownTokenizerHigh) + 2 * around);
    range.low = std::min(range.low, range.expected);
    range.high = std::max(range.high, range.expected);
    return range;
}

RunForecast forecastOf(const ForecastInputs& inputs)
{
    return Forecast(inputs).make();
}

} // namespace signalbox
