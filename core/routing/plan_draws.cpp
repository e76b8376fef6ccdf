// SPDX-License-Identifier: Apache-2.0
#include "plan_draws.h"

#include <core/base/md5.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace signalbox {

namespace {

template<class Sequence> std::vector<Plan> expandedSteps(const Sequence& sequence);

/// Plans without splits and pools, in the order PlanDraws numbers them.
std::vector<Plan> expanded(const Plan& plan)
{
    if (const auto* split = std::get_if<Split>(&plan.node)) {
        std::vector<Plan> all;
        for (const Arm& arm : split->arms) {
            if (arm.weight > 0)
                std::ranges::move(expanded(arm.plan), std::back_inserter(all));
        }
        return all;
    }
    if (const auto* pool = std::get_if<Pool>(&plan.node)) {
        std::vector<Plan> all;
        for (const Call& member : pool->members)
            all.push_back({member});
        return all;
    }
    if (const auto* chain = std::get_if<Chain>(&plan.node))
        return expandedSteps(*chain);
    if (const auto* cascade = std::get_if<Cascade>(&plan.node))
        return expandedSteps(*cascade);
    return {plan};
}

/// Of a chain or a cascade: every way to draw each of its steps.
template<class Sequence> std::vector<Plan> expandedSteps(const Sequence& sequence)
{
    Sequence bare = sequence;
    bare.steps.clear();
    std::vector<Sequence> begun = {bare};
    for (const Plan& step : sequence.steps) {
        const std::vector<Plan> choices = expanded(step);
        std::vector<Sequence> longer;
        longer.reserve(begun.size() * choices.size());
        for (const Sequence& start : begun) {
            for (const Plan& choice : choices) {
                longer.push_back(start);
                longer.back().steps.push_back(choice);
            }
        }
        begun = std::move(longer);
    }
    std::vector<Plan> all;
    for (Sequence& whole : begun)
        all.push_back({std::move(whole)});
    return all;
}

double numberFor(PoolPick pick, const LiveNumbers& numbers)
{
    switch (pick) {
    case PoolPick::Latency:
        return numbers.medianFirstTokenMs;
    case PoolPick::Cost:
        return numbers.costUsd;
    case PoolPick::Load:
        break;
    }
    return numbers.running;
}

} // namespace

std::size_t armOf(const Split& split, std::uint32_t bucket)
{
    constexpr std::uint64_t kBasisPoints = 10'000;
    std::uint64_t cumulative = 0;
    for (std::size_t i = 0; i < split.arms.size(); ++i) {
        cumulative += static_cast<std::uint64_t>(std::max(split.arms[i].weight, 0));
        if (bucket < (cumulative << 32) / kBasisPoints)
            return i;
    }
    return split.arms.size() - 1; // not reached while the weights sum to 10,000
}

std::size_t memberOf(const Pool& pool, std::span<const LiveNumbers> live)
{
    std::size_t best = 0;
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < pool.members.size(); ++i) {
        const auto known = std::ranges::find_if(live, [&](const LiveNumbers& numbers) {
            return numbers.model == pool.members[i].model.value;
        });
        const double number = known == live.end() ? least : numberFor(pool.pick, *known);
        if (number < least) {
            least = number;
            best = i;
        }
    }
    return best;
}

std::string_view keyFor(StickyUnit unit, const RoutingKeys& keys)
{
    const std::string_view key = unit == StickyUnit::Conversation ? keys.conversation
                                 : unit == StickyUnit::User       ? keys.user
                                                                  : keys.request;
    return key.empty() ? keys.request : key;
}

PlanDraws::PlanDraws(const Plan& plan) : m_plan(&plan)
{
    addNode(plan);
}

std::vector<Plan> PlanDraws::plans() const
{
    return expanded(*m_plan);
}

std::size_t PlanDraws::draw(const RoutingKeys& keys) const
{
    return drawAt(m_nodes.size() - 1, keys);
}

std::size_t PlanDraws::addNode(const Plan& plan)
{
    static_assert(std::variant_size_v<decltype(Plan::node)> == 5, "draw the new plan");
    Node node;
    const auto addSteps = [&](const std::vector<Plan>& steps) {
        for (const Plan& step : steps) {
            node.children.push_back(addNode(step));
            node.count = std::min(kMany, node.count * m_nodes[node.children.back()].count);
        }
    };
    if (const auto* chain = std::get_if<Chain>(&plan.node)) {
        addSteps(chain->steps);
    } else if (const auto* cascade = std::get_if<Cascade>(&plan.node)) {
        addSteps(cascade->steps);
    } else if (const auto* pool = std::get_if<Pool>(&plan.node)) {
        node.pool = pool;
        node.count = pool->members.size();
    } else if (const auto* split = std::get_if<Split>(&plan.node)) {
        node.split = split;
        node.count = 0;
        for (const Arm& arm : split->arms) {
            node.children.push_back(addNode(arm.plan));
            if (arm.weight > 0)
                node.count = std::min(kMany, node.count + m_nodes[node.children.back()].count);
        }
    }
    m_nodes.push_back(std::move(node));
    return m_nodes.size() - 1;
}

std::size_t PlanDraws::drawAt(std::size_t index, const RoutingKeys& keys) const
{
    const Node& node = m_nodes[index];
    if (node.count <= 1)
        return 0;
    if (node.pool)
        return memberOf(*node.pool, keys.live);
    std::size_t drawn = 0;
    if (!node.split) {
        for (const std::size_t step : node.children)
            drawn = drawn * m_nodes[step].count + drawAt(step, keys);
        return drawn;
    }
    const std::size_t arm =
        armOf(*node.split, splitBucket(node.split->salt, keyFor(node.split->sticky, keys)));
    for (std::size_t i = 0; i < arm; ++i) {
        if (node.split->arms[i].weight > 0)
            drawn += m_nodes[node.children[i]].count;
    }
    return drawn + drawAt(node.children[arm], keys);
}

} // namespace signalbox
