// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "evidence_table.h"

#include <core/base/money.h>
#include <core/base/result.h>
#include <core/policy/document.h>
#include <core/routing/compiled_policy.h>
#include <core/traffic/traffic.h>
#include <core/voice/consistency.h>
#include <core/voice/tone.h>

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace signalbox {

enum class Verdict {
    Met,
    NotMet,
    NotShown, ///< the interval straddles the limit, or there is no evidence
};

struct GateResult
{
    Gate gate;
    std::string subject; ///< "" for the total, else the segment's or tier's name
    std::optional<Estimate> estimate; ///< nullopt: nothing is known
    Verdict verdict = Verdict::NotShown;
    std::string reason; ///< one sentence
};

/// One part of the traffic: a segment, a tier, or all of it.
struct ProjectionSlice
{
    std::string name;
    std::size_t requests = 0;
    double share = 0;
    std::optional<Estimate> costPer1k; ///< USD per 1,000 requests
    std::optional<Estimate> costSaving;
    std::optional<Estimate> satisfaction;
    std::optional<Estimate> satisfactionRatio;
    std::optional<Estimate> latencyP95Ms;
    std::size_t prompts = 0; ///< lab prompts behind it
    double effectivePrompts = 0; ///< n_eff of the reweighting
};

/// Flow of traffic through the policy, for the canvas: per rule (and otherwise, holdout).
struct RuleFlow
{
    int rule = Decision::kOtherwise;
    std::size_t requests = 0;
    double share = 0;
    double costShare = 0;
    double seamLoss = 0; ///< part of 1 - C of seams into this rule's answers
    std::vector<double> models; ///< share of all requests served, per document model
};

struct LatencyView
{
    std::vector<double> quantiles; ///< ms at 0.5 %, 1.5 %, … 99.5 %
    Estimate p50;
    Estimate p95;
    double meanMs = 0;
    double tailShare = 0;      ///< requests that went through a fallback
    double tailP50Ms = 0;      ///< latency of those
    std::size_t tailCount = 0; ///< failures it rests on
};

/// Everything that the workbench shows about one policy on one traffic and evidence.
struct Projection
{
    std::size_t requests = 0;
    std::size_t conversations = 0;
    std::size_t answers = 0;
    bool simulated = false;
    std::optional<Estimate> costPer1k;
    std::optional<Estimate> baselineCostPer1k;
    std::optional<Estimate> costSaving;
    std::optional<Estimate> latencyP95Ms;
    std::optional<Estimate> satisfaction;
    std::optional<Estimate> satisfactionRatio;
    std::optional<Estimate> consistency; ///< 0 to 1
    std::optional<Estimate> costPerSatisfied; ///< USD
    Consistency seams;                        ///< indices into the evidence's models
    LatencyView latency;
    std::vector<ProjectionSlice> segments;
    std::vector<ProjectionSlice> tiers;
    std::vector<RuleFlow> flow;
    std::vector<double> servedShare; ///< per document model
    std::vector<double> spendShare;  ///< per document model
    std::vector<GateResult> gates;
    double allGatesProbability = 0; ///< share of bootstrap resamples in which every gate holds
    bool quick = false; ///< made while dragging: point values exact, intervals reused or absent

    [[nodiscard]] bool allGatesMet() const;
};

/// A point of the cost-consistency chart.
struct FrontierPoint
{
    std::string name;
    enum class Kind { Policy, SingleModel, RandomMix, LongerToStronger, Revision, Oracle } kind = Kind::Policy;
    std::optional<Estimate> costPer1k;
    std::optional<Estimate> consistency;
    std::optional<Estimate> satisfaction;
    std::optional<Estimate> latencyP95Ms;
};

struct ProjectionOptions
{
    std::size_t draws = 2000; ///< bootstrap of conversations and prompts; 0: points only ("quick")
    std::uint64_t seed = 1;
    double costOfFailureUsd = 0;           ///< c_fail
    const std::atomic<bool>* stop = nullptr; ///< set to give up early: Cancelled
};

/// Replays policies over one traffic with one evidence. Immutable after construction apart from a
/// cache of signal columns; one instance per thread, or guarded by its owner.
class Projector
{
public:
    Projector(std::shared_ptr<const Traffic> traffic, std::shared_ptr<const EvidenceTable> evidence);
    ~Projector();
    Projector(Projector&&) noexcept;
    Projector& operator=(Projector&&) noexcept;

    [[nodiscard]] Result<Projection> project(const PolicyDocument& document,
                                             const ProjectionOptions& options = {});

    /// Each single model, random mix, longer-prompt-to-stronger, oracle.
    [[nodiscard]] std::vector<FrontierPoint> baselines(const PolicyDocument& document,
                                                       const ProjectionOptions& options = {});

    /// Values of one numeric signal over the traffic, row order, NaN where missing.
    [[nodiscard]] Result<std::vector<double>> signalColumn(const PolicyDocument& document,
                                                           const SignalId& signal);

    [[nodiscard]] const Traffic& traffic() const;
    [[nodiscard]] const EvidenceTable& evidence() const;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

/// "consistency", "costSaving", … with unit and direction, for tables and gates.
[[nodiscard]] const char* gateMetricLabel(GateMetric metric);

} // namespace signalbox
