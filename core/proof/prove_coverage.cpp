// SPDX-License-Identifier: Apache-2.0
#include "proof_context.h"
#include "region_words.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace signalbox {

namespace {

constexpr std::size_t kMostRegions = 3;      ///< told
constexpr std::size_t kMostFoundRegions = 6; ///< of which the largest are told

/// What no rule takes.
class CoverageProver
{
public:
    explicit CoverageProver(ProofContext& context) : m_context(context)
    {
        const std::size_t count = context.space().variables().size();
        m_rulesOf.resize(count);
        for (const std::size_t rule : context.enabled) {
            const std::size_t node = context.space().nodeOfRule(rule);
            m_goals.push_back({node, false});
            for (const std::size_t variable : context.space().nodes()[node].variables)
                m_rulesOf[variable].push_back(node);
        }
    }

    void prove()
    {
        if (m_context.enabled.empty())
            return;
        while (m_regions.size() < kMostFoundRegions && !m_context.isOver()) {
            auto request = nextRequest();
            if (!request)
                break;
            m_regions.push_back(regionAround(std::move(*request)));
            block(m_regions.back().cells);
        }
        if (m_regions.empty()) {
            m_context.nothingIsLeft = m_isProvedEmpty;
            if (m_isProvedEmpty)
                tellUnreachable();
            return;
        }
        std::ranges::stable_sort(m_regions, [](const Found& a, const Found& b) {
            return std::pair(a.rows, a.size) > std::pair(b.rows, b.size);
        });
        for (std::size_t i = 0; i < std::min(m_regions.size(), kMostRegions); ++i)
            tell(m_regions[i]);
    }

private:
    struct Found
    {
        Region cells;
        Request request;
        std::size_t rows = 0; ///< of the traffic's sample
        double size = 0;      ///< product of the shares of cells
    };

    [[nodiscard]] std::optional<Request> nextRequest()
    {
        const TrafficSample& sample = m_context.sample();
        const auto row = sample.shortest([&](std::size_t each) {
            return sample.takenBy(each) == Decision::kOtherwise && !isTold(sample.request(each));
        });
        if (row)
            return sample.request(*row);
        const auto answer = m_context.ask(m_goals, [this](const Request& request) {
            return m_context.decide(request).rule == Decision::kOtherwise;
        });
        m_isProvedEmpty = answer.verdict == ProofVerdict::Impossible;
        return answer.request;
    }

    /// The cell that a request is in, per variable.
    [[nodiscard]] Region pointOf(const Request& request)
    {
        const RegionSpace& space = m_context.space();
        const auto values = m_context.valuesOf(request);
        Region point;
        for (std::size_t v = 0; v < space.variables().size(); ++v) {
            const RegionSpace::Variable& variable = space.variables()[v];
            const std::size_t count = variable.cells.size();
            if (v == RegionSpace::kStyleVariable) {
                point.push_back(CellSet::only(count, RegionSpace::styleCellOf(request)));
            } else if (variable.kind == RegionSpace::Variable::Kind::Open) {
                const SignalSlot& value = values[variable.signal];
                const bool holds =
                    space.holds(space.atoms()[variable.atom], value, AnswerTone::Balanced);
                point.push_back(CellSet::only(count, holds ? 1 : 0));
            } else {
                const auto cell = space.cellOf(v, values[variable.signal]);
                point.push_back(cell ? CellSet::only(count, *cell) : CellSet::all(count));
            }
        }
        return point;
    }

    [[nodiscard]] static bool isInside(const Region& point, const Region& region)
    {
        for (std::size_t v = 0; v < region.size(); ++v) {
            if (!point[v].isInside(region[v]))
                return false;
        }
        return true;
    }

    [[nodiscard]] bool isTold(const Request& request)
    {
        if (m_regions.empty())
            return false;
        const Region point = pointOf(request);
        return std::ranges::any_of(
            m_regions, [&](const Found& found) { return isInside(point, found.cells); });
    }

    [[nodiscard]] bool noRuleHolds(const Region& region, std::size_t changed)
    {
        return std::ranges::all_of(m_rulesOf[changed], [&](std::size_t node) {
            return m_context.search().truthIn(region, node) == Truth3::False;
        });
    }

    /// Takes the cells if no rule can hold in them.
    bool widen(Region& region, std::size_t variable, CellSet cells)
    {
        std::swap(region[variable], cells);
        if (noRuleHolds(region, variable))
            return true;
        std::swap(region[variable], cells);
        return false;
    }

    /// The region around a request that no rule takes, as wide as one grows: first whatever does
    /// not matter is dropped, then what matters is widened.
    [[nodiscard]] Found regionAround(Request request)
    {
        Found found;
        found.cells = pointOf(request);
        Region& region = found.cells;
        const auto& variables = m_context.space().variables();
        for (std::size_t v = variables.size(); v-- > 0;)
            widen(region, v, CellSet::all(variables[v].cells.size()));
        found.size = 1;
        for (std::size_t v = 0; v < variables.size(); ++v) {
            if (!region[v].isAll())
                widenCells(region, v);
            found.size *= static_cast<double>(region[v].count()) /
                          static_cast<double>(variables[v].cells.size());
        }
        for (std::size_t row = 0; row < m_context.sample().count(); ++row) {
            if (m_context.sample().takenBy(row) == Decision::kOtherwise &&
                isInside(pointOf(m_context.sample().request(row)), region))
                ++found.rows;
        }
        found.request = std::move(request);
        return found;
    }

    void widenCells(Region& region, std::size_t variable)
    {
        const std::size_t count = region[variable].size();
        const std::size_t at = region[variable].next();
        const bool isNumber =
            m_context.space().variables()[variable].cells[at].kind == ValueCell::Kind::Number;
        const auto widenTo = [&](std::size_t cell) {
            CellSet wider = region[variable];
            wider.add(cell);
            return widen(region, variable, std::move(wider));
        };
        // Numbers grow until the first that a rule takes; of the others each counts by itself.
        for (std::size_t cell = at; cell-- > 0;) {
            if (!widenTo(cell) && isNumber)
                break;
        }
        for (std::size_t cell = at + 1; cell < count; ++cell) {
            if (!widenTo(cell) && isNumber)
                break;
        }
        if (isNumber &&
            m_context.space().variables()[variable].cells.front().kind == ValueCell::Kind::Missing)
            widenTo(0);
    }

    void block(const Region& region)
    {
        std::vector<std::size_t> members;
        for (std::size_t v = 0; v < region.size(); ++v) {
            if (!region[v].isAll())
                members.push_back(m_context.space().addMembership(v, region[v]));
        }
        m_goals.push_back(
            {m_context.space().addNode(RegionSpace::Node::Kind::All, std::move(members)), false});
    }

    void tell(const Found& found)
    {
        std::vector<std::string> words;
        for (std::size_t v = 0; v < found.cells.size(); ++v) {
            std::string part = cellsInWords(m_context.space(), v, found.cells[v]);
            if (!part.empty())
                words.push_back(std::move(part));
        }
        if (words.empty())
            return; // nothing is taken at all, which is told of each rule
        ProofContext::Report report;
        report.severity = Severity::Info;
        report.code = "uncovered-region";
        report.path = "otherwise";
        report.message =
            "No rule takes a request where " + listed(words) + ", so it goes to the last lane";
        if (found.rows > 0)
            report.message += " (" + std::to_string(found.rows) + " of " +
                              std::to_string(m_context.sample().count()) + " in the traffic)";
        report.message += '.';
        report.example = m_context.exampleOf(found.request);
        m_context.add(std::move(report));
    }

    void tellUnreachable()
    {
        std::vector<Goal> core = m_goals;
        for (std::size_t i = core.size(); i-- > 0 && !m_context.isOver();) {
            std::vector<Goal> fewer = core;
            fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
            if (m_context.search().find(fewer) == ProofVerdict::Impossible)
                core = std::move(fewer);
        }
        std::vector<std::size_t> rules;
        for (const std::size_t rule : m_context.enabled) {
            if (std::ranges::find(core, m_context.space().nodeOfRule(rule), &Goal::node) !=
                core.end())
                rules.push_back(rule);
        }
        ProofContext::Report report;
        report.severity = Severity::Info;
        report.code = "unreachable-otherwise";
        report.path = "otherwise";
        report.rules = rules;
        report.message = rules.size() == 1
                             ? "Rule " + m_context.namesOfRules(rules) +
                                   " takes every request, so the last lane never decides."
                             : "Rules " + m_context.namesOfRules(rules) +
                                   " together take every request, so the last lane never decides.";
        auto answer = m_context.ask(
            {{m_context.space().nodeOfRule(rules.back()), true}},
            [&](const Request& request) { return m_context.holds(rules.back(), request); });
        if (answer.request)
            report.example = m_context.exampleOf(std::move(*answer.request));
        m_context.add(std::move(report));
    }

    ProofContext& m_context;
    std::vector<Goal> m_goals;
    std::vector<std::vector<std::size_t>> m_rulesOf; ///< nodes per variable
    std::vector<Found> m_regions;
    bool m_isProvedEmpty = false;
};

} // namespace

void proveCoverage(ProofContext& context)
{
    CoverageProver(context).prove();
}

} // namespace signalbox
