// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "policy_edits.h"

#include <string_view>

namespace signalbox::ui {

// Gestures on plans: on the selection's node, or on the root plan of the selected rule.

[[nodiscard]] MaybeGesture wrapInChain(const PolicyDocument& document,
                                       const PolicySelection& selection);
/// Adds a step behind the node: to its chain if it is in one, else to a new chain around it.
[[nodiscard]] MaybeGesture addFallback(const PolicyDocument& document,
                                       const PolicySelection& selection);
/// A tenth of the node's traffic goes to another model; of a split, to a further arm.
[[nodiscard]] MaybeGesture makeSplit(const PolicyDocument& document,
                                     const PolicySelection& selection);
/// A chain becomes its first step, a split its heaviest arm.
[[nodiscard]] MaybeGesture unwrapSelected(const PolicyDocument& document,
                                          const PolicySelection& selection);
/// The node calls this model: a call keeps its budgets, anything else becomes a call.
[[nodiscard]] MaybeGesture callModel(const PolicyDocument& document,
                                     const PolicySelection& selection, const ModelId& model);
[[nodiscard]] MaybeGesture setPlan(const PolicyDocument& document, const PolicySelection& selection,
                                   Plan plan);

// Steps and arms, by plan path. Nothing for a root plan, which has no siblings.

[[nodiscard]] MaybeGesture removePlanNode(const PolicyDocument& document,
                                          const PolicySelection& selection, std::string_view path);
/// Swaps a step or arm with its neighbour.
[[nodiscard]] MaybeGesture movePlanNode(const PolicyDocument& document,
                                        const PolicySelection& selection, std::string_view path,
                                        int delta);
[[nodiscard]] MaybeGesture duplicatePlanNode(const PolicyDocument& document,
                                             const PolicySelection& selection,
                                             std::string_view path);

/// Gives an arm this weight; the others share the rest as before.
void setArmWeight(Split& split, std::size_t arm, int weight);
/// Weights of a split after one of them was set: the others keep their proportions and all sum to
/// 10,000. Rounding falls to the largest remainders.
[[nodiscard]] std::vector<int> rebalanced(const std::vector<int>& weights, std::size_t changed,
                                          int weight);

} // namespace signalbox::ui
