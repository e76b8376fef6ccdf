// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "document.h"
#include "edit.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace signalbox {

enum class Severity { Error, Warning, Info };

/// A request that demonstrates a finding.
struct FindingExample
{
    Request request;
    /// What becomes of it, one sentence with its full stop; empty if the finding says that already:
    /// it gets the plan that the finding is on.
    std::string says;
    bool operator==(const FindingExample&) const = default;
};

/// Something wrong or doubtful in a policy. An Error means that the policy cannot be compiled.
struct Finding
{
    Severity severity = Severity::Warning;
    std::string code;    ///< stable, e.g. "unknown-signal", "unreachable-step", "unknown-price"
    std::string message; ///< one sentence with its full stop
    std::string path;    ///< JSON path, e.g. "rules[2].plan.chain.steps[1]"
    std::optional<RuleId> rule; ///< the rule it belongs to, if one
    std::string fixLabel;       ///< "Remove the rule"; empty if there is no quick fix
    std::optional<Edit> fix;
    std::optional<FindingExample> example; ///< of what was proved; lint() gives none
    bool operator==(const Finding&) const = default;
};

/// How deep conditions and plans may nest; a leaf counts as 1.
inline constexpr int kMaxConditionDepth = 16;
inline constexpr int kMaxPlanDepth = 8;

/// Every finding, errors first, then in document order. Pure; no network, no clock. Comparing every
/// rule with those before it is quadratic in the number of rules and stops at a fixed amount of
/// work.
///
/// Errors: no-models, empty-id, duplicate-id, empty-provider, unknown-signal, unknown-model,
/// unknown-baseline, type-mismatch, score-in-score, score-bounds, empty-keywords, empty-text,
/// unknown-style, regex-not-portable, weights-sum, empty-chain, empty-split, empty-pool,
/// short-cascade, nested-cascade, unknown-zone, too-deep, gate-limit, empty-band, out-of-range,
/// secret-in-url. Warnings: no-policy-id, no-upstream-model, missing-key, plain-http,
/// unknown-price, missing-baseline, duplicate-keyword, never-true, takes-everything,
/// unreachable-rule, shadowed-rule, unreachable-step, late-step, no-budget, budget-order,
/// slow-retries, same-model-fallback, same-model-twice, accepts-everything, self-verifier,
/// never-uncertain, duplicate-day, unknown-group, same-provider-fallback, shared-salt,
/// gate-direction, gate-scale, duplicate-gate, test-unknown-rule, test-unknown-model. Info:
/// disabled-rule, duplicate-condition, unused-signal, unused-model, unknown-provider, empty-group,
/// scattered-group, style-guide-replaced. The worst come first, within a severity in the order of
/// the document.
[[nodiscard]] std::vector<Finding> lint(const PolicyDocument& document);

/// What lint() says of plans, and nothing else: of rules', of their margins' and of what is done
/// otherwise, in the order of the document.
[[nodiscard]] std::vector<Finding> lintPlans(const PolicyDocument& document);

/// Checks an expression against the portable subset of design.md section 4. Empty when portable,
/// else a sentence that names the construct and a rewrite.
[[nodiscard]] std::string portableRegexProblem(std::string_view pattern);

/// A portable expression that matches the same texts.
struct PortableRegex
{
    std::string pattern;
    bool ignoreCase = false; ///< the expression had an inline flag for it
};

/// Rewrites what can be rewritten without changing which texts match: \d, \w, \s, the dot, groups
/// that capture, lazy repeats, needless escapes, (?i) at the start. Nothing if that is not enough.
[[nodiscard]] std::optional<PortableRegex> portableRegexRewrite(std::string_view pattern);

} // namespace signalbox
