// SPDX-License-Identifier: Apache-2.0
#include "behaviour_columns.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

namespace signalbox {

namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kExamples = 6; ///< of each flow

double amount(std::int64_t cost)
{
    return cost == PlanReplay::kUnknownCost ? kMissing : static_cast<double>(cost);
}

/// Both known and not equal; infinity equals itself.
template<class Number> bool differ(Number before, Number after)
{
    return !std::isnan(before) && !std::isnan(after) && before != after;
}

/// How much worse a request fares: first whether its answer satisfies, then how long it waits, then
/// what it costs. What is unknown does no harm.
struct Harm
{
    double unsatisfied = 0;
    double waits = 0;
    double costs = 0;
    bool operator<(const Harm& other) const
    {
        return std::tie(unsatisfied, waits, costs) <
               std::tie(other.unsatisfied, other.waits, other.costs);
    }
};

Harm harmOf(const BehaviourPair& pair, std::size_t row)
{
    const auto known = [](double value) { return std::isnan(value) ? 0 : value; };
    const auto latency = [&](const BehaviourColumns& side) {
        return static_cast<double>(side.measured.firstTokenMs[row]);
    };
    return {-known(pair.satisfiedChange(row)), known(latency(pair.after) - latency(pair.before)),
            known(pair.costChange(row))};
}

/// Picks the rows that show a flow: see BehaviourFlow::examples.
class ExamplePicker
{
public:
    ExamplePicker(const BehaviourPair& pair, const Traffic& traffic, std::vector<std::size_t> rows)
        : m_traffic(traffic), m_rows(std::move(rows))
    {
        for (const std::size_t row : m_rows)
            m_harm.emplace(row, harmOf(pair, row));
        std::ranges::sort(m_rows, [this](std::size_t a, std::size_t b) { return isBefore(a, b); });
    }

    std::vector<std::size_t> pick()
    {
        std::map<std::uint16_t, std::vector<std::size_t>> ofSegment;
        for (const std::size_t row : m_rows)
            ofSegment[m_traffic.segmentOf[row]].push_back(row);
        std::vector<const std::vector<std::size_t>*> segments;
        for (const auto& [segment, rows] : ofSegment)
            segments.push_back(&rows);
        std::ranges::stable_sort(
            segments, [](const auto* a, const auto* b) { return a->size() > b->size(); });
        take(m_rows);
        for (std::size_t before = 0; m_picked.size() < kExamples && before < m_picked.size();) {
            before = m_picked.size();
            for (const auto* rows : segments) {
                if (m_picked.size() < kExamples)
                    take(*rows);
            }
        }
        std::ranges::sort(m_picked,
                          [this](std::size_t a, std::size_t b) { return isBefore(a, b); });
        return m_picked;
    }

private:
    [[nodiscard]] bool isBefore(std::size_t a, std::size_t b) const
    {
        const Harm& first = m_harm.at(a);
        const Harm& second = m_harm.at(b);
        return second < first || (!(first < second) && a < b);
    }

    /// The first of the rows whose message has not been taken.
    void take(const std::vector<std::size_t>& rows)
    {
        for (const std::size_t row : rows) {
            if (m_messages.insert(m_traffic.lastMessage(row)).second) {
                m_picked.push_back(row);
                return;
            }
        }
    }

    const Traffic& m_traffic;
    std::vector<std::size_t> m_rows;
    std::map<std::size_t, Harm> m_harm;
    std::set<std::string_view> m_messages;
    std::vector<std::size_t> m_picked;
};

BehaviourExample exampleAt(const BehaviourPair& pair, const Traffic& traffic, std::size_t row)
{
    BehaviourExample example{row, {}, pair.before.at(row), pair.after.at(row)};
    if (const std::uint32_t prompt = traffic.promptOf[row]; prompt != Traffic::kNone)
        example.prompt = traffic.prompts[prompt];
    return example;
}

BehaviourFlow flowOf(const BehaviourPair& pair, const Traffic& traffic, std::pair<int, int> ends,
                     std::vector<std::size_t> rows)
{
    BehaviourFlow flow;
    std::tie(flow.from, flow.to) = ends;
    flow.requests = rows.size();
    double cost = 0;
    double satisfied = 0;
    for (const std::size_t row : rows) {
        cost += pair.costChange(row);
        satisfied += pair.satisfiedChange(row);
    }
    if (!std::isnan(cost))
        flow.costChange = Money{std::llround(cost)};
    if (!std::isnan(satisfied))
        flow.satisfiedChange = satisfied;
    for (const std::size_t row : ExamplePicker(pair, traffic, std::move(rows)).pick())
        flow.examples.push_back(exampleAt(pair, traffic, row));
    return flow;
}

} // namespace

RoutedRequest BehaviourColumns::at(std::size_t row) const
{
    const double pico = amount(cost[row]);
    return {rule[row],
            tier[row],
            served[row],
            std::isnan(pico) ? kMissing : Money{cost[row]}.usd(),
            static_cast<double>(measured.firstTokenMs[row]),
            measured.satisfied[row]};
}

bool BehaviourPair::changesRule(std::size_t row) const
{
    const std::int32_t from = before.rule[row];
    const std::int32_t to = after.rule[row];
    if (from < 0 || to < 0)
        return from != to;
    return before.ruleName[static_cast<std::size_t>(from)] !=
           after.ruleName[static_cast<std::size_t>(to)];
}

void BehaviourPair::compareCourses()
{
    const std::size_t rows = before.rule.size();
    sameCourse.assign(rows, false);
    if (!oneEvidence)
        return;
    std::map<std::pair<std::uint32_t, std::uint32_t>, bool> known;
    for (std::size_t row = 0; row < rows; ++row) {
        const auto plans = std::pair(before.plan[row], after.plan[row]);
        const auto [entry, isNew] = known.emplace(plans, false);
        if (isNew)
            entry->second = before.keys[plans.first] == after.keys[plans.second];
        sameCourse[row] = entry->second;
    }
}

double BehaviourPair::costChange(std::size_t row) const
{
    return sameCourse[row] ? 0 : amount(after.cost[row]) - amount(before.cost[row]);
}

double BehaviourPair::satisfiedChange(std::size_t row) const
{
    return sameCourse[row] ? 0 : after.measured.satisfied[row] - before.measured.satisfied[row];
}

bool BehaviourPair::changesCourse(std::size_t row) const
{
    return changesModel(row) ||
           (!sameCourse[row] &&
            (differ(amount(before.cost[row]), amount(after.cost[row])) ||
             differ(before.measured.firstTokenMs[row], after.measured.firstTokenMs[row]) ||
             differ(before.measured.satisfied[row], after.measured.satisfied[row])));
}

std::vector<BehaviourFlow> flowsOf(const BehaviourPair& pair, const Traffic& traffic)
{
    std::map<std::pair<int, int>, std::vector<std::size_t>> rows;
    for (std::size_t row = 0; row < traffic.rowCount(); ++row) {
        if (pair.changesCourse(row))
            rows[{pair.before.served[row], pair.after.served[row]}].push_back(row);
    }
    std::vector<BehaviourFlow> flows;
    for (auto& [ends, changed] : rows)
        flows.push_back(flowOf(pair, traffic, ends, std::move(changed)));
    std::ranges::stable_sort(flows, [](const BehaviourFlow& a, const BehaviourFlow& b) {
        return std::tuple(!a.changesModel(), b.requests) <
               std::tuple(!b.changesModel(), a.requests);
    });
    return flows;
}

} // namespace signalbox
