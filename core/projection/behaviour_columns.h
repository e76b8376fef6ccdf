// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "behaviour_diff.h"
#include "replayed_policy.h"

#include <core/base/result.h>

#include <cstdint>
#include <vector>

namespace signalbox {

/// One of two policies that are compared, replayed: a column per property, row order. Owns what it
/// says, so that another policy can be replayed by the same projector.
struct BehaviourColumns
{
    std::vector<std::int32_t> rule;
    std::vector<std::string> ruleName; ///< per rule of the document: what tells it from others
    std::vector<int> tier;             ///< into BehaviourDiff::models, as is `served`
    std::vector<int> served;
    std::vector<std::int64_t> cost; ///< 1e-12 USD, or PlanReplay::kUnknownCost
    std::vector<std::uint32_t> plan;
    std::vector<PlanReplay::Key> keys; ///< per plan; empty if no request takes it
    MeasuredRows measured;

    [[nodiscard]] RoutedRequest at(std::size_t row) const;
    [[nodiscard]] bool isSeam(std::size_t row) const { return measured.voicePair[row] != 0; }
};

/// Two policies over the same rows.
struct BehaviourPair
{
    BehaviourColumns before;
    BehaviourColumns after;
    bool oneEvidence = false;     ///< equal plans over it are equal in everything
    std::vector<bool> sameCourse; ///< per row: the same attempts at the same models

    /// Fills sameCourse. O(rows + plans of both, multiplied).
    void compareCourses();
    /// after - before; 0 on the same course, whatever the numbers are; NaN if unknown.
    [[nodiscard]] double costChange(std::size_t row) const; ///< 1e-12 USD
    [[nodiscard]] double satisfiedChange(std::size_t row) const;
    [[nodiscard]] bool changesCourse(std::size_t row) const;
    [[nodiscard]] bool changesModel(std::size_t row) const
    {
        return before.served[row] != after.served[row];
    }
    [[nodiscard]] bool changesRule(std::size_t row) const;
};

/// Who answered before and after, largest first, with the requests that show it.
[[nodiscard]] std::vector<BehaviourFlow> flowsOf(const BehaviourPair& pair, const Traffic& traffic);

} // namespace signalbox
