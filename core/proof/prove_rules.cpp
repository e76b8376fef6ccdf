// SPDX-License-Identifier: Apache-2.0
#include "proof_context.h"

#include <core/policy/condition_text.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <set>

namespace signalbox {

namespace {

constexpr std::size_t kMostMinimised = 60; ///< goals tried to be left out of a proof
constexpr std::size_t kMostOverlaps = 8;

std::string rulePath(std::size_t rule)
{
    return "rules[" + std::to_string(rule) + ']';
}

/// Leaves out goals as long as the rest still cannot be met.
/// @param goals    cannot be met together; the first `kept` stay
std::vector<Goal> minimised(RegionSearch& search, std::vector<Goal> goals, std::size_t kept)
{
    std::vector<Goal> needed;
    for (std::size_t i = 0; i < goals.size(); ++i) {
        if (i < kept || search.used()[i])
            needed.push_back(goals[i]);
    }
    // The search says which it used, which is a proof as well, but for goals that it never needed.
    if (search.find(needed) != ProofVerdict::Impossible)
        needed = std::move(goals);
    for (std::size_t i = needed.size(); i-- > kept && needed.size() - kept <= kMostMinimised;) {
        std::vector<Goal> fewer = needed;
        fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
        if (search.find(fewer) == ProofVerdict::Impossible)
            needed = std::move(fewer);
    }
    return needed;
}

/// The parts that all have to hold, groups in groups taken apart.
void collectConjuncts(const Condition& condition, std::vector<Condition>& parts)
{
    const auto* all = std::get_if<All>(&condition.node);
    if (!all) {
        parts.push_back(condition);
        return;
    }
    for (const Condition& part : all->conditions)
        collectConjuncts(part, parts);
}

Condition allOf(const std::vector<Condition>& parts, const std::set<std::size_t>& without)
{
    All all;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (!without.contains(i))
            all.conditions.push_back(parts[i]);
    }
    return {std::move(all)};
}

/// A rule that holds for no request, told with what contradicts in it.
class ContradictionTeller
{
public:
    ContradictionTeller(ProofContext& context, std::size_t rule)
        : m_context(context), m_rule(rule), m_when(context.document().rules[rule].when)
    {
        collectConjuncts(m_when, m_parts);
        for (const Condition& part : m_parts)
            m_nodes.push_back(m_context.space().addCondition(part));
    }

    void tell()
    {
        findCore();
        ProofContext::Report report;
        report.code = "never-true";
        report.path = rulePath(m_rule) + ".when";
        report.rule = m_rule;
        report.rules = {m_rule};
        report.message = message();
        report.example = nearest();
        report.fixLabel = "Remove the rule";
        report.fix = m_context.removalOfRule(m_rule);
        m_context.add(std::move(report));
    }

private:
    void findCore()
    {
        std::vector<Goal> goals;
        for (const std::size_t node : m_nodes)
            goals.push_back({node, true});
        if (m_context.search().find(goals) == ProofVerdict::Impossible)
            goals = minimised(m_context.search(), std::move(goals), 0);
        for (const Goal& goal : goals)
            m_core.push_back(
                static_cast<std::size_t>(std::ranges::find(m_nodes, goal.node) - m_nodes.begin()));
    }

    [[nodiscard]] std::string message() const
    {
        std::vector<std::string> texts;
        for (const std::size_t part : m_core)
            texts.push_back(toConditionText(m_parts[part]));
        if (texts.size() > 1)
            return listed(texts) + " can never hold together.";
        const auto* compare =
            texts.empty() ? nullptr : std::get_if<Compare>(&m_parts[m_core.front()].node);
        const Signal* signal = compare ? m_context.document().findSignal(compare->signal) : nullptr;
        if (signal && std::holds_alternative<ScoreSource>(signal->source))
            return texts.front() + " can never hold: no terms of the score add up to it.";
        return texts.empty() ? "This condition can never hold."
                             : texts.front() + " can never hold.";
    }

    /// A request for which all but one part holds.
    std::optional<FindingExample> nearest()
    {
        for (const std::size_t missed : m_core) {
            std::vector<Goal> goals;
            for (std::size_t i = 0; i < m_nodes.size(); ++i) {
                if (i != missed)
                    goals.push_back({m_nodes[i], true});
            }
            const auto check = m_context.checkOf(allOf(m_parts, {missed}));
            for (const Goal& near : nearestGoals(m_parts[missed])) {
                std::vector<Goal> nearer = goals;
                nearer.push_back(near);
                const auto answer = m_context.ask(nearer, check);
                if (answer.verdict == ProofVerdict::Shown)
                    return told(*answer.request, m_parts[missed]);
            }
            const auto answer = m_context.ask(goals, check);
            if (answer.verdict == ProofVerdict::Shown)
                return told(*answer.request, m_parts[missed]);
        }
        return std::nullopt;
    }

    /// Cells of a number from the limit outwards: near to what was wanted.
    std::vector<Goal> nearestGoals(const Condition& missed)
    {
        constexpr std::size_t kMostCells = 8;
        const auto* compare = std::get_if<Compare>(&missed.node);
        const auto* limit = compare ? std::get_if<double>(&compare->value) : nullptr;
        if (!limit)
            return {};
        const auto& signals = m_context.document().signalList;
        const auto at = std::ranges::find(signals, compare->signal, &Signal::id);
        const std::size_t variable =
            m_context.space().variableOf(static_cast<std::size_t>(at - signals.begin()));
        const auto& cells = m_context.space().variables()[variable].cells;
        const auto distance = [&](std::size_t cell) {
            const NumberRange& range = cells[cell].range;
            return std::max({range.low - *limit, *limit - range.high, 0.0});
        };
        std::vector<std::size_t> order;
        for (std::size_t cell = 0; cell < cells.size(); ++cell) {
            if (cells[cell].kind == ValueCell::Kind::Number)
                order.push_back(cell);
        }
        std::ranges::stable_sort(order, {}, distance);
        order.resize(std::min(order.size(), kMostCells));
        std::vector<Goal> goals;
        for (const std::size_t cell : order)
            goals.push_back(
                {m_context.space().addMembership(variable, CellSet::only(cells.size(), cell)),
                 true});
        return goals;
    }

    FindingExample told(const Request& request, const Condition& missed)
    {
        const std::string others = m_parts.size() > 1 ? "Everything but " : "It misses ";
        std::string says = others + toConditionText(missed);
        says += m_parts.size() > 1 ? " holds for it." : ".";
        return {request, std::move(says)};
    }

    ProofContext& m_context;
    std::size_t m_rule;
    const Condition& m_when;
    std::vector<Condition> m_parts;
    std::vector<std::size_t> m_nodes;
    std::vector<std::size_t> m_core;
};

class OrderProver
{
public:
    explicit OrderProver(ProofContext& context) : m_context(context) {}

    void prove()
    {
        for (const std::size_t rule : m_context.enabled) {
            if (m_context.isOver())
                return;
            const auto wins = [&](std::size_t row) {
                return m_context.sample().takenBy(row) == static_cast<int>(rule);
            };
            if (!m_context.sample().shortest(wins))
                proveRule(rule);
            m_earlier.push_back(rule);
        }
    }

private:
    [[nodiscard]] std::size_t nodeOf(std::size_t rule) const
    {
        return m_context.space().nodeOfRule(rule);
    }

    void proveRule(std::size_t rule)
    {
        std::vector<Goal> goals = {{nodeOf(rule), true}};
        for (const std::size_t earlier : m_earlier)
            goals.push_back({nodeOf(earlier), false});
        if (m_context.search().find(goals) != ProofVerdict::Impossible)
            return;
        const std::vector<Goal> core = minimised(m_context.search(), std::move(goals), 1);
        m_context.neverWins[rule] = true;
        if (m_context.search().find({core.data(), 1}) == ProofVerdict::Impossible) {
            m_context.neverHolds[rule] = true;
            ContradictionTeller(m_context, rule).tell();
            return;
        }
        std::vector<std::size_t> takers;
        for (const std::size_t earlier : m_earlier) {
            if (std::ranges::find(core, nodeOf(earlier), &Goal::node) != core.end())
                takers.push_back(earlier);
        }
        tellShadowed(rule, takers);
    }

    void tellShadowed(std::size_t rule, const std::vector<std::size_t>& takers)
    {
        ProofContext::Report report;
        report.code = "shadowed-rule";
        report.path = rulePath(rule);
        report.rule = rule;
        report.rules = takers;
        report.rules.push_back(rule);
        const std::string names = m_context.namesOfRules(takers);
        report.message =
            "Rule " + m_context.nameOfRule(rule) + " can never win: " +
            (takers.size() == 1
                 ? "whenever it holds, rule " + names + " before it holds too."
                 : "rules " + names + " before it together take every request that it holds for.");
        const auto holds = [&](std::size_t row) { return m_context.sample().holds(rule, row); };
        if (const auto row = m_context.sample().shortest(holds)) {
            report.example = m_context.exampleOf(m_context.sample().request(*row));
        } else {
            auto answer = m_context.ask({{nodeOf(rule), true}}, [&](const Request& request) {
                return m_context.holds(rule, request);
            });
            if (answer.request)
                report.example = m_context.exampleOf(std::move(*answer.request));
        }
        report.fixLabel = "Remove the rule";
        report.fix = m_context.removalOfRule(rule);
        m_context.add(std::move(report));
    }

    ProofContext& m_context;
    std::vector<std::size_t> m_earlier;
};

/// Rules of which the one decides only because it stands before the other.
class OverlapProver
{
public:
    explicit OverlapProver(ProofContext& context) : m_context(context) {}

    void prove()
    {
        const std::vector<std::size_t>& rules = m_context.enabled;
        for (std::size_t second = 1; second < rules.size(); ++second) {
            if (m_context.neverWins[rules[second]])
                continue;
            for (std::size_t first = second; first-- > 0;) {
                if (m_count == kMostOverlaps || m_context.isOver())
                    return;
                if (proveOverlap(rules[first], rules[second]))
                    break; // one a rule: the nearest is the one to look at
            }
        }
    }

private:
    [[nodiscard]] bool isPossible(std::size_t holds, std::size_t holdsNot)
    {
        const std::array<Goal, 2> goals = {Goal{m_context.space().nodeOfRule(holds), true},
                                           Goal{m_context.space().nodeOfRule(holdsNot), false}};
        return m_context.search().find(goals) == ProofVerdict::Shown;
    }

    bool proveOverlap(std::size_t first, std::size_t second)
    {
        const auto& rules = m_context.document().rules;
        if (m_context.neverWins[first] || rules[first].plan == rules[second].plan)
            return false;
        // A special case that stands before the general one is how policies are written.
        if (!isPossible(first, second) || !isPossible(second, first))
            return false;
        const auto row = m_context.sample().shortest([&](std::size_t each) {
            return m_context.sample().takenBy(each) == static_cast<int>(first) &&
                   m_context.sample().holds(second, each);
        });
        std::optional<Request> request;
        if (row)
            request = m_context.sample().request(*row);
        else
            request = madeFor(first, second);
        if (!request)
            return false;
        ProofContext::Report report;
        report.severity = Severity::Info;
        report.code = "overlapping-rules";
        report.path = rulePath(second);
        report.rule = second;
        report.rules = {first, second};
        report.message = "Rule " + m_context.nameOfRule(second) +
                         " also holds for requests that rule " + m_context.nameOfRule(first) +
                         " takes before it, so their order decides.";
        report.example = m_context.exampleOf(std::move(*request));
        m_context.add(std::move(report));
        ++m_count;
        return true;
    }

    std::optional<Request> madeFor(std::size_t first, std::size_t second)
    {
        std::vector<Goal> goals = {{m_context.space().nodeOfRule(first), true},
                                   {m_context.space().nodeOfRule(second), true}};
        for (const std::size_t rule : m_context.enabled) {
            if (rule < first)
                goals.push_back({m_context.space().nodeOfRule(rule), false});
        }
        return m_context
            .ask(goals,
                 [&](const Request& request) {
                     return m_context.decide(request).rule == static_cast<int>(first) &&
                            m_context.holds(second, request);
                 })
            .request;
    }

    ProofContext& m_context;
    std::size_t m_count = 0;
};

} // namespace

void proveRules(ProofContext& context)
{
    OrderProver(context).prove();
}

void proveOverlaps(ProofContext& context)
{
    OverlapProver(context).prove();
}

} // namespace signalbox
