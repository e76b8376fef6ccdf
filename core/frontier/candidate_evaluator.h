// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "candidate_numbers.h"

#include <core/base/result.h>
#include <core/policy/document.h>
#include <core/policy/user_styles.h>
#include <core/projection/evidence_table.h>
#include <core/traffic/traffic.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace signalbox {

struct EvaluatorOptions
{
    std::uint64_t seed = 1; ///< of the attempts, as ProjectionOptions::seed
    int outageMinutes = 0;
    std::shared_ptr<const UserStyles> styles = {};
    /// Which conversations count, see ProjectionOptions::conversations; null: all.
    std::shared_ptr<const std::vector<bool>> conversations = {};
    std::size_t planBytes = std::size_t{512} << 20; ///< of simulated plans that are kept
    const std::atomic<bool>* stop = nullptr;        ///< set to give up early: Cancelled
};

/// Says of many policies that differ in their conditions and plans what Projector::project() would
/// say of each, without the intervals and thousands of times faster: signals are read once, each
/// distinct plan is simulated once, and a policy is then decided by columns and summed up in one
/// pass over the requests that count.
///
/// Costs, latencies and counts are those of the projection to the last digit; means of outcomes and
/// of noticeability are sums of the same numbers in another order (equal within 1e-12). Candidates
/// are shared out to all cores; no number depends on how many there are.
class CandidateEvaluator
{
public:
    /// @param document  whose models, signals and gates all candidates have
    /// @return Unsupported for a policy with meters, which decides by what came before
    [[nodiscard]] static Result<CandidateEvaluator>
    make(const PolicyDocument& document, std::shared_ptr<const Traffic> traffic,
         std::shared_ptr<const EvidenceTable> evidence, const EvaluatorOptions& options = {});
    ~CandidateEvaluator();
    CandidateEvaluator(CandidateEvaluator&&) noexcept;
    CandidateEvaluator& operator=(CandidateEvaluator&&) noexcept;

    /// Numbers of each candidate, in their order. O(candidates x requests), and for each plan that
    /// was not met before O(requests) attempts.
    [[nodiscard]] Result<std::vector<CandidateNumbers>>
    evaluate(std::span<const PolicyDocument> candidates);

    /// Values of a numeric signal over the requests that count, NaN where missing.
    [[nodiscard]] Result<std::vector<double>> signal(const SignalId& signal) const;

    [[nodiscard]] std::size_t simulatedPlans() const; ///< so far

private:
    struct State;
    explicit CandidateEvaluator(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

} // namespace signalbox
