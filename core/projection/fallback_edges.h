// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "evidence_table.h"

#include <core/policy/document.h>
#include <core/policy/lint.h>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace signalbox {

/// What it means for a user when one model takes over from another within a plan: from one step of
/// a chain to the next, or of a cascade. From the answers of the evidence alone; traffic weighs
/// nothing here, so that an edge can be judged before any is loaded.
struct FallbackEdge
{
    std::string path; ///< of the step that takes over, "rules[hard].plan.chain.steps[1]"
    std::optional<RuleId> rule;
    ModelId from;
    ModelId to;
    bool isCascade = false;
    /// Share of the requests asked of `from` that go over: failures, overrun budgets, rejected
    /// answers. NaN if unknown.
    double probability = 0;
    double addedP50Ms = 0; ///< what the user has waited by then, retries included, which fail like
                           ///< the first attempt; NaN if unknown, here and below
    double addedP95Ms = 0;
    /// USD per 1,000 requests that go over: what was paid for nothing, by the rules of a replay.
    /// Every attempt that a model had is billed its input, retries too; a rejected answer is billed
    /// its output, an answer stopped before its first token has none. NaN also if none goes over.
    double wastedUsdPer1k = 0;
    double noticeability = 0; ///< nu of the two voices: how surely a user hears the change
    std::size_t voicePrompts = 0;
    std::size_t answers = 0;  ///< of `from`, failed ones included, behind the numbers
    std::size_t good = 0;     ///< of its answers whose user was satisfied
    std::size_t goodCut = 0;  ///< of these: overran the budget, or were rejected
    bool isSimulated = false; ///< some of the answers are
};

/// Every edge of the policy, document order. Steps that draw (splits, pools) give an edge for each
/// model that may be asked first. O(steps x answers).
/// @param inputTokens  of a usual request, for the costs; 0 leaves them NaN
[[nodiscard]] std::vector<FallbackEdge>
fallbackEdges(const PolicyDocument& document, const EvidenceTable& evidence, double inputTokens);

/// The noticeability up to which a change of voice is tolerated: what the consistency gate leaves,
/// or 0.5 without one, where a listener is right three times in four.
[[nodiscard]] double mostNoticeable(const PolicyDocument& document);

/// What the evidence says against a policy, as findings like those of lint():
/// "budget-cuts-good": a budget or test stops good answers of a model (over 1 % of at least 20).
/// "voice-jump": a fallback that a user hears, nu above mostNoticeable(). "no-evidence": a model
/// that the plans ask and nobody has heard. "stale-price": a price of a real model older than
/// kStalePriceDays.
/// @param today  days since 1970, UTC
[[nodiscard]] std::vector<Finding>
evidenceFindings(const PolicyDocument& document, const EvidenceTable& evidence, std::int64_t today);
inline constexpr int kStalePriceDays = 90;

/// Days since 1970 of an ISO date such as "2026-11-26"; nothing for any other text.
[[nodiscard]] std::optional<std::int64_t> daysOf(const std::string& isoDate);

} // namespace signalbox
