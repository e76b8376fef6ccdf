// SPDX-License-Identifier: GPL-3.0-or-later
#include "run_budget.h"

#include "cell_attempt.h"
#include "conversation.h"
#include "lab_request.h"
#include "run_forecast.h"
#include "token_guess.h"

#include <core/prices/token_counter.h>
#include <core/voice/policy_route.h>

#include <algorithm>
#include <utility>

namespace signalbox {

namespace {

/// No tokenizer in use makes more of a text that people write.
constexpr std::int64_t kWorstTokenizer = 2;
constexpr std::int64_t kWorstAroundMessage = 8;
constexpr std::int64_t kWorstAroundAll = 16;

/// Whether the server may bill a call that failed so before its first word.
bool mayBeBilled(std::optional<FailureKind> kind)
{
    return !kind || !isTurnedAway(*kind);
}

std::optional<std::int64_t> sumOf(const std::optional<std::int64_t>& input,
                                  const std::optional<std::int64_t>& output)
{
    return input && output ? std::optional(*input + *output) : std::nullopt;
}

/// What is unknown of either is unknown of both.
WorstCase operator+(const WorstCase& a, const WorstCase& b)
{
    WorstCase sum;
    if (a.cost && b.cost)
        sum.cost = *a.cost + *b.cost;
    if (a.tokens && b.tokens)
        sum.tokens = *a.tokens + *b.tokens;
    return sum;
}

} // namespace

AskedCall plainCall(const LabPlan& plan, const ModelSpec& model)
{
    ChatRequest request = labRequest(plan, model, LabPrompt(), 0);
    return {&model, request.maxTokens, std::move(request.styleGuide), 0};
}

RunBudget::RunBudget(const LabPlan& plan, CallsAsked callsAsked, PromptOf promptOf)
    : m_plan(&plan), m_callsAsked(std::move(callsAsked)), m_promptOf(std::move(promptOf))
{}

/// Tokens of the prompt's own messages.
std::int64_t RunBudget::wordsOf(const CellId& cell) const
{
    auto counted = m_counted.find(cell.prompt);
    if (counted == m_counted.end())
        counted = m_counted
                      .emplace(cell.prompt, countedTokensOf(m_plan->prompts[cell.prompt].messages))
                      .first;
    return counted->second;
}

/// @param longest  of an answer: a reply before this turn that is not there yet may get as long
std::int64_t RunBudget::inputOf(const CellId& cell, const AskedCall& call,
                                std::int64_t longest) const
{
    const LabPrompt& prompt = m_plan->prompts[cell.prompt];
    const auto replies = static_cast<std::int64_t>(repliesNeeded(prompt.messages));
    const auto whole = replies > 0 && m_promptOf ? m_promptOf(cell) : std::nullopt;
    const std::int64_t missing = whole ? 0 : replies * longest;
    const std::int64_t words = whole ? countedTokensOf(whole->messages) : wordsOf(cell);
    const auto messages = static_cast<std::int64_t>(prompt.messages.size()) + replies + 1;
    return missing +
           kWorstTokenizer * (words + countO200kTokens(call.styleGuide) + call.readsTokens) +
           messages * kWorstAroundMessage + kWorstAroundAll;
}

/// Of a policy's cell every call that it may come to.
WorstCase RunBudget::worstOf(const CellId& cell) const
{
    const std::vector<AskedCall> asked =
        m_callsAsked ? m_callsAsked(cell)
                     : std::vector{plainCall(*m_plan, m_plan->models[cell.model])};
    WorstCase sum = {Money(), 0};
    for (const AskedCall& call : asked)
        sum = sum + worstOf(cell, call);
    return sum;
}

WorstCase RunBudget::worstOf(const CellId& cell, const AskedCall& call) const
{
    const ModelSpec& model = *call.model;
    const auto longest = call.maxTokens ? call.maxTokens : model.contextTokens;
    if (!longest)
        return {};
    const std::int64_t input =
        inputOf(cell, call, std::max(*longest, m_plan->asking.maxTokens.value_or(0)));
    WorstCase worst;
    worst.tokens = input + *longest;
    if (model.price)
        worst.cost = model.price->inputPerToken * input + model.price->outputPerToken * *longest;
    return worst;
}

void RunBudget::noteStarted(const CellId& cell)
{
    m_underWay[cell] = m_plan->caps.isEmpty() ? WorstCase() : worstOf(cell);
}

void RunBudget::noteMore(const CellId& cell, const AskedCall& call)
{
    const auto entry = m_underWay.find(cell);
    if (entry != m_underWay.end() && !m_plan->caps.isEmpty())
        entry->second = nowOf(entry->first, entry->second) + worstOf(cell, call);
}

/// A cap may have come since the cell was sent.
WorstCase RunBudget::nowOf(const CellId& cell, const WorstCase& atStart) const
{
    return atStart.tokens ? atStart : worstOf(cell);
}

void RunBudget::noteEnded(const CellId& cell, const Answer& answer)
{
    const auto entry = m_underWay.extract(cell);
    const bool isEmpty =
        answer.state == AnswerState::Failed && answer.text.empty() && answer.reasoning.empty();
    if (!entry.empty())
        count({entry.mapped(), answer.cost, answer.inputTokens, answer.outputTokens, isEmpty,
               answer.failureKind, answer.route},
              cell);
}

/// The tokens of a policy's answer are those of the call that gave it, which may have been taken;
/// its route has those of all calls.
void RunBudget::count(const Outcome& outcome, const std::optional<CellId>& cell)
{
    if (const auto route = parseRoute(outcome.route))
        count(outcome.cost, route->sentTokens(), cell, outcome.worst);
    else if (outcome.cost || !outcome.isEmpty || mayBeBilled(outcome.failure))
        count(outcome.cost, sumOf(outcome.inputTokens, outcome.outputTokens), cell, outcome.worst);
}

void RunBudget::noteGivenUp(const CellId& cell)
{
    if (const auto entry = m_underWay.extract(cell); !entry.empty())
        count(std::nullopt, std::nullopt, cell, entry.mapped());
}

void RunBudget::noteUnsent(const CellId& cell)
{
    m_underWay.erase(cell);
}

void RunBudget::count(const std::optional<Money>& cost, std::optional<std::int64_t> tokens,
                      const std::optional<CellId>& cell, const WorstCase& worst)
{
    m_spent.cost += cost.value_or(Money());
    m_spent.tokens += tokens.value_or(0);
    if (!cost || !tokens)
        m_untold.push_back({cell, !cost, !tokens, worst});
}

void RunBudget::countAtWorst(RunSpending& sum, const Untold& untold) const
{
    const WorstCase worst = untold.cell ? nowOf(*untold.cell, untold.worst) : dearest();
    if (untold.ofCost) {
        sum.cost += worst.cost.value_or(Money());
        ++sum.countedAtWorst;
    }
    if (untold.ofTokens)
        sum.tokens += worst.tokens.value_or(0);
}

std::optional<CellId> RunBudget::cellOf(const LedgerCall& call) const
{
    const auto prompt = std::ranges::find(m_plan->prompts, call.prompt, &LabPrompt::id);
    const auto model = std::ranges::find(m_plan->models, ModelId(call.lane.value), &ModelSpec::id);
    if (prompt == m_plan->prompts.end() || model == m_plan->models.end())
        return std::nullopt; // it asked more once than it does now
    return CellId{static_cast<std::size_t>(prompt - m_plan->prompts.begin()),
                  static_cast<std::size_t>(model - m_plan->models.begin()), call.repeat};
}

/// How dear a call could have been that the plan has no more, nobody knows: as the dearest that it
/// has.
const WorstCase& RunBudget::dearest() const
{
    if (m_dearest)
        return *m_dearest;
    m_dearest = WorstCase();
    for (std::size_t prompt = 0; prompt < m_plan->prompts.size(); ++prompt) {
        for (std::size_t model = 0; model < m_plan->models.size(); ++model) {
            const WorstCase its = worstOf({prompt, model, 0});
            m_dearest->cost = std::max(m_dearest->cost, its.cost);
            m_dearest->tokens = std::max(m_dearest->tokens, its.tokens);
        }
    }
    return *m_dearest;
}

RunSpending RunBudget::takeOver(const RunLedger& ledger, const RunSpending& lost)
{
    m_untold.clear();
    m_spent = lost;
    m_spent.timeMs = sendingMs(ledger);
    RunSpending all = lost;
    for (const LedgerCall& call : ledger.calls) {
        const bool isEmpty = call.state == StoredState::Failed && !call.hasText;
        count({{},
               call.cost,
               call.inputTokens,
               call.outputTokens,
               isEmpty,
               call.failureKind,
               call.route},
              cellOf(call));
    }
    for (const LedgerCall& call : ledger.underWay) {
        m_untold.push_back({cellOf(call), true, true, {}});
        countAtWorst(all, m_untold.back());
    }
    all.timeMs = 0;
    all.countedAtWorst = 0;
    return all;
}

void RunBudget::noteBusy(std::int64_t nowMs)
{
    if (!m_busySinceMs)
        m_busySinceMs = nowMs;
}

void RunBudget::noteIdle(std::int64_t nowMs)
{
    if (const auto since = std::exchange(m_busySinceMs, std::nullopt))
        m_spent.timeMs += nowMs - *since;
}

RunSpending RunBudget::spent(std::int64_t nowMs) const
{
    RunSpending all = m_spent;
    all.timeMs += m_busySinceMs ? nowMs - *m_busySinceMs : 0;
    if (m_plan->caps.isEmpty())
        return all;
    for (const Untold& untold : m_untold)
        countAtWorst(all, untold);
    return all;
}

std::optional<CapReached> RunBudget::obstacleTo(const CellId& cell, std::int64_t nowMs) const
{
    if (m_plan->caps.isEmpty())
        return std::nullopt;
    CapReached reached = reachedBy(m_plan->models[cell.model], nowMs);
    if (reached.which == CapReached::Which::Time)
        return reached;
    return obstacleBy(reached, [&] { return worstOf(cell); });
}

std::optional<CapReached> RunBudget::obstacleToMore(const CellId& cell, const AskedCall* more,
                                                    std::int64_t nowMs) const
{
    if (m_plan->caps.isEmpty())
        return std::nullopt;
    CapReached reached = reachedBy(more ? *more->model : m_plan->models[cell.model], nowMs);
    if (reached.which == CapReached::Which::Time)
        return reached;
    return more ? obstacleBy(reached, [&] { return worstOf(cell, *more); }) : std::nullopt;
}

/// What is spent before a call; by a cap on time, if that is over.
CapReached RunBudget::reachedBy(const ModelSpec& model, std::int64_t nowMs) const
{
    CapReached reached;
    reached.caps = m_plan->caps;
    reached.spent = spent(nowMs);
    reached.model = model.id.value;
    if (reached.caps.timeMs && reached.spent.timeMs >= *reached.caps.timeMs)
        reached.which = CapReached::Which::Time;
    return reached;
}

/// By caps on money and tokens.
/// @param worstOfNext  is asked only if there is one
std::optional<CapReached> RunBudget::obstacleBy(CapReached reached,
                                                const std::function<WorstCase()>& worstOfNext) const
{
    const RunCaps& caps = m_plan->caps;
    if (!caps.cost && !caps.tokens)
        return std::nullopt;
    const auto by = [&](CapReached::Which which) {
        reached.which = which;
        return std::optional(reached);
    };
    const WorstCase worst = worstOfNext();
    reached.next = worst.cost;
    reached.nextTokens = worst.tokens;
    if (!worst.tokens)
        return by(CapReached::Which::NoLength);
    if (caps.cost && !worst.cost)
        return by(CapReached::Which::NoPrice);
    Money cost = reached.spent.cost;
    std::int64_t tokens = reached.spent.tokens;
    for (const auto& [other, its] : m_underWay) {
        const WorstCase now = nowOf(other, its);
        cost += now.cost.value_or(Money());
        tokens += now.tokens.value_or(0);
    }
    if (caps.cost && cost + *worst.cost > *caps.cost)
        return by(CapReached::Which::Cost);
    if (caps.tokens && tokens + *worst.tokens > *caps.tokens)
        return by(CapReached::Which::Tokens);
    return std::nullopt;
}

} // namespace signalbox
