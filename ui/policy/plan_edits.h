// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "plan_kinds.h"
#include "policy_edits.h"

#include <string_view>

namespace signalbox::ui {

// Gestures on plans: on the selection's node, or on the root plan of the selected rule.

[[nodiscard]] MaybeGesture wrapInChain(const PolicyDocument& document,
                                       const PolicySelection& selection);
/// Adds a step behind the node: to its chain or cascade if it is one or in one, else to a new chain
/// around it.
[[nodiscard]] MaybeGesture addFallback(const PolicyDocument& document,
                                       const PolicySelection& selection);
/// A tenth of the node's traffic goes to another model; of a split, to a further arm.
[[nodiscard]] MaybeGesture makeSplit(const PolicyDocument& document,
                                     const PolicySelection& selection);
/// The node's answers are checked, and another model answers if they will not do; a chain's steps
/// are checked one after the other, a cascade gets a further step. Nothing inside of a cascade.
[[nodiscard]] MaybeGesture makeCascade(const PolicyDocument& document,
                                       const PolicySelection& selection);
/// The router picks between the node's calls and another model; a pool gets a further member.
[[nodiscard]] MaybeGesture makePool(const PolicyDocument& document,
                                    const PolicySelection& selection);
/// A further step, arm or member of the node.
[[nodiscard]] MaybeGesture addPart(const PolicyDocument& document,
                                   const PolicySelection& selection);
/// See converted().
[[nodiscard]] MaybeGesture changePlanKind(const PolicyDocument& document,
                                          const PolicySelection& selection, PlanKind kind);
/// A chain or cascade becomes its first step, a split its heaviest arm, a pool its first member.
[[nodiscard]] MaybeGesture unwrapSelected(const PolicyDocument& document,
                                          const PolicySelection& selection);
/// The node calls this model: a call keeps its budgets, anything else becomes a call.
[[nodiscard]] MaybeGesture callModel(const PolicyDocument& document,
                                     const PolicySelection& selection, const ModelId& model);
/// Nothing if the place cannot hold the plan: a pool takes only calls.
[[nodiscard]] MaybeGesture setPlan(const PolicyDocument& document, const PolicySelection& selection,
                                   Plan plan);

// Steps, arms and members, by plan path. Nothing for a root plan, which has no siblings.

[[nodiscard]] MaybeGesture removePlanNode(const PolicyDocument& document,
                                          const PolicySelection& selection, std::string_view path);
/// Swaps a part with its neighbour.
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
