// SPDX-License-Identifier: Apache-2.0
#include "proof_context.h"

#include <core/policy/condition_text.h>

#include <algorithm>

namespace signalbox {

namespace {

constexpr std::size_t kMostReports = 20;
constexpr std::size_t kLargestCondition = 100; ///< parts; larger ones are not taken apart

std::size_t countParts(const Condition& condition)
{
    std::size_t count = 1;
    const auto add = [&count](const std::vector<Condition>& parts) {
        for (const Condition& part : parts)
            count += countParts(part);
    };
    if (const auto* all = std::get_if<All>(&condition.node))
        add(all->conditions);
    else if (const auto* any = std::get_if<Any>(&condition.node))
        add(any->conditions);
    else if (const auto* negated = std::get_if<Not>(&condition.node))
        count += countParts(*negated->condition);
    return count;
}

/// The list of a group's parts; null for what is none.
std::vector<Condition>* partsOf(Condition& condition)
{
    if (auto* all = std::get_if<All>(&condition.node))
        return &all->conditions;
    if (auto* any = std::get_if<Any>(&condition.node))
        return &any->conditions;
    return nullptr;
}

Condition& partAt(Condition& root, const std::vector<std::size_t>& steps)
{
    Condition* part = &root;
    for (const std::size_t step : steps) {
        std::vector<Condition>* parts = partsOf(*part);
        part = parts ? &(*parts)[step] : &*std::get<Not>(part->node).condition;
    }
    return *part;
}

/// Looks for parts of one condition that could as well not be there.
class PartProver
{
public:
    /// @param term  of the score at `index` of the signals, else `index` is a rule's
    PartProver(ProofContext& context, std::size_t index, std::optional<std::size_t> term,
               std::size_t& reports)
        : m_context(context), m_index(index), m_term(term), m_original(originalOf()),
          m_condition(m_original), m_reports(reports)
    {}

    void prove()
    {
        if (countParts(m_original) > kLargestCondition)
            return;
        if (!m_term && m_context.document().rules[m_index].uncertain)
            return; // its margin asks the same parts about other values
        m_node = m_context.space().addCondition(m_condition);
        m_originalNode = m_node;
        if (m_term) {
            const Goal goal = {m_node, true};
            if (m_context.search().find({&goal, 1}) == ProofVerdict::Impossible)
                return tellDeadTerm();
        }
        std::vector<std::size_t> steps;
        walk(steps, path());
    }

private:
    [[nodiscard]] const Condition& originalOf() const
    {
        const PolicyDocument& document = m_context.document();
        return m_term
                   ? std::get<ScoreSource>(document.signalList[m_index].source).terms[*m_term].when
                   : document.rules[m_index].when;
    }

    [[nodiscard]] std::string path() const
    {
        const std::string position = '[' + std::to_string(m_index) + ']';
        return m_term ? "signals" + position + ".terms[" + std::to_string(*m_term) + "].when"
                      : "rules" + position + ".when";
    }

    /// From the last to the first, so that of two parts that say the same the second one goes.
    void walk(std::vector<std::size_t>& steps, const std::string& where)
    {
        Condition& here = partAt(m_condition, steps);
        if (auto* negated = std::get_if<Not>(&here.node)) {
            if (partsOf(*negated->condition)) {
                steps.push_back(0);
                walk(steps, where + ".not");
                steps.pop_back();
            }
            return;
        }
        const std::vector<Condition>* parts = partsOf(here);
        if (!parts)
            return;
        const bool isAll = std::holds_alternative<All>(here.node);
        for (std::size_t i = parts->size(); i-- > 0;) {
            if (m_reports >= kMostReports || m_context.isOver())
                return;
            const std::string partPath =
                where + (isAll ? ".all[" : ".any[") + std::to_string(i) + ']';
            steps.push_back(i);
            if (!tryWithout(steps, isAll, partPath))
                walk(steps, partPath);
            steps.pop_back();
        }
    }

    /// Takes the part away for good if that changes nothing.
    bool tryWithout(const std::vector<std::size_t>& steps, bool isAll, const std::string& where)
    {
        Condition& part = partAt(m_condition, steps);
        const Condition kept = part;
        part.node = isAll ? decltype(part.node)(All{}) : decltype(part.node)(Any{});
        const std::size_t without = m_context.space().addCondition(m_condition);
        if (!areEqual(m_node, without) || !isIdleInOriginal(steps, part)) {
            part = kept;
            return false;
        }
        m_node = without;
        const std::size_t node = m_context.space().addCondition(kept);
        if (isUndecidable(kept))
            return true; // somebody is still at it
        const Goal holds = {node, true};
        if (!isAll && m_context.search().find({&holds, 1}) == ProofVerdict::Impossible)
            tellNever(kept, where, steps);
        else
            tellIdle(kept, where, isAll, node, steps);
        return true;
    }

    /// Parts that were taken away may have made this one idle: by itself it has to be so, too.
    [[nodiscard]] bool isIdleInOriginal(const std::vector<std::size_t>& steps,
                                        const Condition& neutral)
    {
        Condition changed = m_original;
        partAt(changed, steps) = neutral;
        return changed == m_condition ||
               areEqual(m_originalNode, m_context.space().addCondition(changed));
    }

    /// An empty group stands for what is not written yet.
    [[nodiscard]] static bool isUndecidable(const Condition& part)
    {
        Condition copy = part;
        const std::vector<Condition>* parts = partsOf(copy);
        return parts && parts->empty();
    }

    [[nodiscard]] bool areEqual(std::size_t first, std::size_t second)
    {
        const auto isImpossible = [this](std::size_t holds, std::size_t holdsNot) {
            const std::array<Goal, 2> goals = {Goal{holds, true}, Goal{holdsNot, false}};
            return m_context.search().find(goals) == ProofVerdict::Impossible;
        };
        return isImpossible(first, second) && isImpossible(second, first);
    }

    void tellNever(const Condition& part, const std::string& where,
                   const std::vector<std::size_t>& steps)
    {
        ProofContext::Report report = reportAt(where);
        report.code = "never-true";
        report.message = toConditionText(part) + " can never hold.";
        setFix(report, steps);
        finish(std::move(report));
    }

    /// The whole condition of a term.
    void tellDeadTerm()
    {
        ProofContext::Report report = reportAt(path());
        report.code = "never-true";
        report.message = toConditionText(m_original) + " can never hold, so the score never gets " +
                         toConditionText(Scalar(termAdds())) + " for it.";
        report.example = anyExample();
        ++m_reports;
        m_context.add(std::move(report));
    }

    [[nodiscard]] double termAdds() const
    {
        const Signal& signal = m_context.document().signalList[m_index];
        return std::get<ScoreSource>(signal.source).terms[*m_term].add;
    }

    void tellIdle(const Condition& part, const std::string& where, bool isAll, std::size_t node,
                  const std::vector<std::size_t>& steps)
    {
        ProofContext::Report report = reportAt(where);
        report.severity = Severity::Info;
        report.code = "idle-condition";
        const std::string text = toConditionText(part);
        const Goal fails = {node, false};
        if (m_context.search().find({&fails, 1}) == ProofVerdict::Impossible)
            report.message = text + " always holds, so it changes nothing here.";
        else if (isAll)
            report.message = text + " changes nothing here: what stands beside it allows no other.";
        else
            report.message =
                text + " changes nothing here: what stands beside it takes those requests anyway.";
        setFix(report, steps);
        finish(std::move(report));
    }

    [[nodiscard]] ProofContext::Report reportAt(const std::string& where) const
    {
        ProofContext::Report report;
        report.path = where;
        if (!m_term) {
            report.rule = m_index;
            report.rules = {m_index};
        }
        return report;
    }

    /// A request for which the condition holds, with the part and without it.
    void finish(ProofContext::Report report)
    {
        ++m_reports;
        std::optional<std::size_t> row;
        if (!m_term)
            row = m_context.sample().shortest(
                [this](std::size_t each) { return m_context.sample().holds(m_index, each); });
        if (row) {
            report.example = m_context.exampleOf(m_context.sample().request(*row));
        } else {
            if (!m_check)
                m_check = m_context.checkOf(m_original);
            auto answer = m_context.ask({{m_node, true}}, m_check);
            if (answer.request)
                report.example = m_context.exampleOf(std::move(*answer.request));
        }
        if (!report.example)
            return; // perhaps the whole never holds, of which there is no proof
        report.example->says =
            "The condition holds for it, with this part and without. " + report.example->says;
        m_context.add(std::move(report));
    }

    std::optional<FindingExample> anyExample()
    {
        auto answer = m_context.ask({}, [](const Request&) { return true; });
        if (!answer.request)
            return std::nullopt;
        return FindingExample{std::move(*answer.request), "It fails here as for every request."};
    }

    void setFix(ProofContext::Report& report, const std::vector<std::size_t>& steps) const
    {
        if (steps.empty())
            return;
        Condition changed = m_original;
        const std::vector<std::size_t> parent(steps.begin(), steps.end() - 1);
        std::vector<Condition>* parts = partsOf(partAt(changed, parent));
        parts->erase(parts->begin() + static_cast<std::ptrdiff_t>(steps.back()));
        report.fixLabel = "Remove this part";
        if (!m_term) {
            report.fix = m_context.editOfRule(m_index, std::move(changed));
            return;
        }
        Signal signal = m_context.document().signalList[m_index];
        std::get<ScoreSource>(signal.source).terms[*m_term].when = std::move(changed);
        report.fix = ReplaceSignal{signal.id, signal};
    }

    ProofContext& m_context;
    std::size_t m_index;
    std::optional<std::size_t> m_term;
    const Condition& m_original;
    Condition m_condition; ///< with neutral parts in the place of idle ones
    std::size_t& m_reports;
    std::size_t m_node = 0; ///< of m_condition
    std::size_t m_originalNode = 0;
    WitnessMaker::Check m_check;
};

} // namespace

void proveParts(ProofContext& context)
{
    std::size_t reports = 0;
    for (const std::size_t rule : context.enabled) {
        if (!context.neverHolds[rule])
            PartProver(context, rule, std::nullopt, reports).prove();
    }
    const auto& signals = context.document().signalList;
    for (std::size_t s = 0; s < signals.size(); ++s) {
        const auto* score = std::get_if<ScoreSource>(&signals[s].source);
        for (std::size_t t = 0; score && t < score->terms.size(); ++t)
            PartProver(context, s, t, reports).prove();
    }
}

} // namespace signalbox
