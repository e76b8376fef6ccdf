// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "compiled_policy.h"

#include <core/policy/document.h>

#include <optional>
#include <string>
#include <vector>

namespace signalbox {

/// What became of a stored test.
struct PolicyTestRun
{
    /// What a test can expect, in the order in which it is looked at.
    enum class Expectation {
        Rule,       ///< this rule
        Otherwise,  ///< no rule
        Model,      ///< this model is asked first
        ServedBy,   ///< the user sees this model's answer
        Unanswered, ///< the user sees none
    };

    int rule = Decision::kOtherwise; ///< as in Decision
    bool isUncertain = false;
    ModelId asked;                   ///< first
    std::optional<ModelId> servedBy; ///< whose answer the user sees, outcomes forced; none: nobody
    std::vector<ModelId> attempts;   ///< who was asked, in order
    std::optional<Expectation> problem; ///< the first one that was not met
    std::string sentence;               ///< what went otherwise, for people; empty if nothing did

    [[nodiscard]] bool holds() const { return !problem; }
};

/// Decides the test's request and carries its plan out against what its models are made to do: one
/// that is not named answers at once, and its answer is accepted. Pools pick their first member.
/// Pure; a few microseconds and the cost of a decision.
[[nodiscard]] PolicyTestRun runPolicyTest(const CompiledPolicy& policy, const PolicyTest& test);

/// Every test of the policy, in its order.
[[nodiscard]] std::vector<PolicyTestRun> runPolicyTests(const CompiledPolicy& policy);

/// "Goes to rule \"hard\", asks gpt-4": how it went, in a line.
[[nodiscard]] std::string wayOf(const PolicyTestRun& run, const PolicyDocument& document);

} // namespace signalbox
