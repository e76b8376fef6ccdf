// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "proof_budget.h"

#include <core/policy/document.h>
#include <core/policy/lint.h>

#include <cstddef>
#include <span>
#include <vector>

namespace signalbox {

/// A finding about what the rules of a policy can and cannot do, proved over all requests there can
/// be, with a request that demonstrates it.
struct Proof
{
    Finding finding;
    std::vector<RuleId> rules; ///< the rules it is about, in their order
    bool operator==(const Proof&) const = default;
};

/// Of more requests than that only so many are read, evenly over all of them.
inline constexpr std::size_t kMostProofExamples = 1000;

/// Every proof that the budget allows. Nothing for a policy that cannot be compiled; what is not
/// decided is not reported. Reads the requests of `traffic` for examples that happened. The same
/// policy, traffic and budget give the same proofs.
///
/// Numbers, booleans, styles and whole texts are decided exactly, scores included; what a text
/// contains or matches by knowing what the expressions have in common, and by trying.
///
/// Warnings: never-true (a rule or part of a condition; with the parts that contradict each other),
/// shadowed-rule (by one rule or several), arm-never-drawn, member-never-picked (of a pool),
/// accepts-everything and rejects-everything (a cascade's test), late-step (of a cascade),
/// holdout-takes-everything. Info: idle-condition (a part that changes nothing), overlapping-rules
/// (their order decides), uncovered-region (what no rule takes), unreachable-otherwise.
///
/// And what lint() says of plans, e.g. unreachable-step or no-budget, with a request that gets the
/// plan, by the very arm that the finding is about if any of thousands of names is drawn to it.
[[nodiscard]] std::vector<Proof> prove(const PolicyDocument& document,
                                       std::span<const Request> traffic = {},
                                       const ProofBudget& budget = {});

/// The findings of lint() and the proofs as one list, the worst first: where both say the same of
/// one place there is one entry, with the example.
[[nodiscard]] std::vector<Finding> withProofs(std::vector<Finding> findings,
                                              const std::vector<Proof>& proofs);

} // namespace signalbox
