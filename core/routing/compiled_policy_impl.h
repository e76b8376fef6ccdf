// SPDX-License-Identifier: Apache-2.0
#pragma once

// What compiled_policy.cpp and explain.cpp share; no header for others.

#include "compiled_policy.h"
#include "condition_program.h"
#include "plan_draws.h"
#include "signal_program.h"

#include <memory>
#include <optional>
#include <vector>

namespace signalbox {

struct CompiledPolicy::Impl
{
    explicit Impl(const PolicyDocument& source) : document(source), conditions(document) {}

    /// A plan of the document with the place of its split-free plans in `plans`.
    struct Target
    {
        PlanDraws draws;
        std::size_t firstPlan = 0;
    };
    struct CompiledRule
    {
        int rule = 0;             ///< index into the document's rules
        bool isUncertain = false; ///< the rule's claim by its margin, before the rule itself
        const Condition* condition = nullptr;
        ConditionProgram::Entry when;
        std::optional<Target> target; ///< absent for disabled rules
    };

    PolicyDocument document; ///< all else points into it
    Plan holdoutPlan;
    ConditionProgram conditions;
    SignalProgram signals;
    std::vector<CompiledRule> rules;                       ///< all, document order
    std::vector<std::unique_ptr<const Condition>> margins; ///< conditions made of rules' margins
    std::optional<Target> otherwise;
    std::optional<Target> holdout;
    std::uint64_t holdoutLimit = 0; ///< buckets below it are drawn, of 2^32
    std::vector<Plan> plans;
    std::vector<int> firstModels; ///< per plan

    [[nodiscard]] Result<void> addTarget(std::optional<Target>& target, const Plan& plan,
                                         const std::string& path);
    [[nodiscard]] std::uint32_t holdoutBucket(const RoutingKeys& keys) const;
    [[nodiscard]] bool isHeldOut(const RoutingKeys& keys) const;
    [[nodiscard]] Result<void> addRule(std::size_t index);
    [[nodiscard]] Decision decisionOf(int rule, const std::optional<Target>& target,
                                      const RoutingKeys& keys) const;
    [[nodiscard]] Decision holdoutDecision(const RoutingKeys& keys) const;
    /// The rules, without the holdout.
    [[nodiscard]] Decision firstMatch(std::span<const SignalSlot> values,
                                      const RoutingKeys& keys) const;
};

} // namespace signalbox
