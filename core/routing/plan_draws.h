// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "routing_keys.h"

#include <core/policy/plan.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace signalbox {

/// The arm a bucket falls into: the first whose cumulative weight, in basis points scaled to 2^32
/// and rounded down, is above it.
[[nodiscard]] std::size_t armOf(const Split& split, std::uint32_t bucket);

/// The key of a unit, with the fallbacks of RoutingKeys.
[[nodiscard]] std::string_view keyFor(StickyUnit unit, const RoutingKeys& keys);

/// The member of a pool that the numbers name: the one with the least, the first of several and of
/// those that nothing is known of.
[[nodiscard]] std::size_t memberOf(const Pool& pool, std::span<const LiveNumbers> live);

/// Every way the splits and pools of one plan can be drawn, as plans without them, and which of
/// them a key draws. Points into the plan, which must outlive it.
class PlanDraws
{
public:
    explicit PlanDraws(const Plan& plan);

    /// Number of plans without draws; arms of weight 0 add none. Counts beyond `kMany` are kMany.
    static constexpr std::size_t kMany = std::size_t{1} << 40;
    [[nodiscard]] std::size_t count() const { return m_nodes.back().count; }

    /// All of them, in the order draw() numbers them. O(count), so look at count() first.
    [[nodiscard]] std::vector<Plan> plans() const;

    /// Index into plans(). Allocates nothing.
    [[nodiscard]] std::size_t draw(const RoutingKeys& keys) const;

private:
    struct Node // of the plan's tree, children before their parent
    {
        const Split* split = nullptr;
        const Pool* pool = nullptr;
        std::size_t count = 1;
        std::vector<std::size_t> children; ///< steps or arms; none of a pool
    };

    std::size_t addNode(const Plan& plan);
    std::size_t drawAt(std::size_t node, const RoutingKeys& keys) const;

    const Plan* m_plan;
    std::vector<Node> m_nodes;
};

} // namespace signalbox
