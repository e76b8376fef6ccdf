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
#include <cstdint>
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

/// One gate on one part of the traffic. A gate per segment or per tier gives one result for each,
/// worst first.
struct GateResult
{
    Gate gate;
    std::string subject;              ///< "" for the total, else the segment's or tier's name
    std::optional<Estimate> estimate; ///< nullopt: nothing is known
    Verdict verdict = Verdict::NotShown;
    std::string reason; ///< one sentence
    std::string
        detail; ///< its second half: "97.9 % (92.1 to 101.7 %); at least 95 % is asked for …"
    // What else it was judged by, see GateSubject.
    std::size_t prompts = 0;
    std::string objection;
};

/// One part of the traffic: a segment, a tier, or all of it.
struct ProjectionSlice
{
    std::string name;
    std::size_t requests = 0;
    std::size_t borrowed = 0; ///< of them: on answers of other segments, for lack of their own
    double share = 0;
    std::optional<Estimate> costPer1k; ///< USD per 1,000 requests
    std::optional<Estimate> costSaving;
    std::optional<Estimate> satisfaction;
    std::optional<Estimate> satisfactionRatio;
    std::optional<Estimate> latencyP95Ms;
    std::optional<Estimate> consistency; ///< of the seams into this part's answers
    std::size_t prompts = 0;             ///< lab prompts behind it
    double effectivePrompts = 0;         ///< n_eff of the reweighting
};

/// Those of a rule's requests that its margin claimed: Rule::uncertain.
struct MarginFlow
{
    std::size_t requests = 0;
    double share = 0;           ///< of all requests
    double costShare = 0;       ///< NaN if the cost is unknown
    std::vector<double> models; ///< share of all requests served, per document model
};

/// Flow of traffic through the policy, for the canvas: per rule (and otherwise, holdout).
struct RuleFlow
{
    int rule = Decision::kOtherwise;
    std::size_t requests = 0;
    double share = 0;
    double costShare = 0;                  ///< NaN if the cost is unknown
    double seamLoss = 0;                   ///< part of 1 - C of seams into this rule's answers
    std::vector<double> models;            ///< share of all requests served, per document model
    std::optional<MarginFlow> margin = {}; ///< part of the above; only of a rule that has one
};

/// Time until the user sees the answer begin (or learns that there is none), retries and fallbacks
/// included.
struct LatencyView
{
    /// ms at 0.5 %, 1.5 %, … 99.5 %; empty if unknown. Infinity, here and in the other times, where
    /// no answer comes at all.
    std::vector<double> quantiles;
    Estimate p50; ///< n = 0 if unknown
    Estimate p95;
    double meanMs = 0;          ///< of the answers that come
    double tailShare = 0;       ///< requests that a later attempt than the first one answered
    double tailP50Ms = 0;       ///< latency of those
    std::size_t tailCount = 0;  ///< how many they are: what the tail rests on
    std::size_t unanswered = 0; ///< requests on which every attempt failed
};

/// Everything that the workbench shows about one policy on one traffic and evidence. What cannot be
/// known (no price, no answers, no outcome) is nullopt, never 0, and `notes` says why.
struct Projection
{
    std::size_t requests = 0;
    std::size_t conversations = 0;
    std::size_t answers = 0;
    bool simulated = false;        ///< the answers or the traffic are: the numbers are no evidence
    bool simulatedAnswers = false; ///< of simulated models
    std::string traffic;           ///< what was replayed is called
    bool syntheticTraffic = false; ///< it was made by a generator
    std::optional<Estimate> costPer1k;
    std::optional<Estimate> baselineCostPer1k;
    std::optional<Estimate> costSaving;
    std::optional<Estimate> latencyP95Ms;
    std::optional<Estimate> satisfaction;
    std::optional<Estimate> satisfactionRatio;
    std::optional<Estimate> consistency;      ///< 0 to 1
    std::optional<Estimate> costPerSatisfied; ///< USD
    Consistency seams;                        ///< indices into the evidence's models
    LatencyView latency;
    std::vector<ProjectionSlice> segments;
    std::vector<ProjectionSlice> tiers;
    std::vector<RuleFlow> flow;
    std::vector<double> servedShare; ///< per document model
    std::vector<double> spendShare;  ///< per document model; NaN if the cost is unknown
    double unansweredShare = 0;      ///< requests on which every attempt failed
    /// USD of each request that counts, in row order; NaN if unknown. Shared: projections are
    /// copied.
    std::shared_ptr<const std::vector<double>> costOfRow;
    std::vector<GateResult> gates;
    double allGatesProbability =
        0; ///< share of bootstrap resamples in which every gate holds; 1 without gates
    bool quick =
        false; ///< made while dragging: point values exact; intervals and the probability are
               ///< those of the last full projection, moved along, or of no width before one
    /// Made of a dragged threshold (threshold_drag.h): the numbers of the whole traffic are those
    /// of its place; the parts (segments, tiers, flow, shares, seams, the latencies, gates on
    /// parts) may be those of a place that it passed a moment ago, and costOfRow is not there.
    bool following = false;
    std::vector<std::string> notes; ///< sentences: what is unknown or assumed, and why

    [[nodiscard]] bool allGatesMet() const; ///< true without gates
};

/// What became of every request of the traffic under one policy: a column per property, row order.
struct ReplayedRows
{
    static constexpr int kUnanswered = -1;
    std::vector<std::int32_t> rule;   ///< index into the rules, Decision::kOtherwise or kHoldout
    std::vector<std::int32_t> tier;   ///< document model asked first
    std::vector<std::int32_t> served; ///< document model, or kUnanswered
    std::vector<double> firstTokenMs; ///< NaN if unknown
    std::vector<double> costUsd;      ///< NaN if unknown
    std::vector<double> satisfied;    ///< 0 to 1, NaN if unknown
};

/// A point of the cost-consistency chart.
struct FrontierPoint
{
    std::string name;
    enum class Kind {
        Policy,
        SingleModel,
        RandomMix,
        LongerToStronger,
        Revision,
        Oracle,
        Found ///< by a search (core/frontier); its name is its number
    } kind = Kind::Policy;
    std::optional<Estimate> costPer1k;
    std::optional<Estimate> consistency;
    std::optional<Estimate> satisfaction;
    std::optional<Estimate> latencyP95Ms;
    /// Of the policy that the chart is about, held against this point. A point without intervals is
    /// judged by its value; a gate on a part of the traffic that the point knows nothing of is not
    /// here.
    std::vector<GateResult> gates;
};

/// The gates of a point that are not met and that the axes of the chart do not show: all but those
/// on the cost and the consistency of the whole traffic. A point in the corner that these two allow
/// is no answer while any is left.
[[nodiscard]] std::vector<const GateResult*> openGatesOffTheAxes(const FrontierPoint& point);

/// What the picture says of those: "p95 latency, Quality", each metric once, in the order of the
/// gates. Empty if none is open.
[[nodiscard]] std::vector<GateMetric> metricsOffTheAxes(const FrontierPoint& point);

struct ProjectionOptions
{
    std::size_t draws = 2000; ///< bootstrap of conversations and prompts; 0: points only ("quick")
    std::uint64_t seed = 1;
    double costOfFailureUsd = 0; ///< c_fail
    /// 0: requests fail independently of each other. Else failures come as outages of so many
    /// minutes in which every call of the model fails; their share over all stays the measured one.
    int outageMinutes = 0;
    std::shared_ptr<const UserStyles> styles =
        {}; ///< what the policy's style signals name; may be null
    /// Which conversations count, one entry for each; null: all. What is decided and replayed is
    /// the whole traffic all the same (meters see all of it), so that the parts of a traffic add up
    /// to the whole.
    std::shared_ptr<const std::vector<bool>> conversations = {};
    const std::atomic<bool>* stop = nullptr; ///< set to give up early: Cancelled
};

struct BehaviourDiff;
struct BehaviourSubject;
struct ThresholdPlace;
class ThresholdDrag;

/// Replays policies over one traffic with one evidence. Immutable after construction apart from a
/// cache of signal columns; one instance per thread, or guarded by its owner.
class Projector
{
public:
    Projector(std::shared_ptr<const Traffic> traffic,
              std::shared_ptr<const EvidenceTable> evidence);
    ~Projector();
    Projector(Projector&&) noexcept;
    Projector& operator=(Projector&&) noexcept;

    [[nodiscard]] Result<Projection> project(const PolicyDocument& document,
                                             const ProjectionOptions& options = {});

    /// Each single model (with intervals if options.draws > 0), the random mixes on the hull
    /// between them, longer-prompt-to-stronger at nine thresholds, and the oracle (points only).
    /// Models that the evidence does not know are left out. Empty if stopped.
    [[nodiscard]] std::vector<FrontierPoint> baselines(const PolicyDocument& document,
                                                       const ProjectionOptions& options = {});

    /// The rows behind a projection, for tables, film strips and comparisons of two policies.
    [[nodiscard]] Result<ReplayedRows> replay(const PolicyDocument& document,
                                              const ProjectionOptions& options = {});

    /// Values of one numeric signal over the traffic, row order, NaN where missing.
    /// @param styles  what the policy's style signals name; may be null
    [[nodiscard]] Result<std::vector<double>>
    signalColumn(const PolicyDocument& document, const SignalId& signal,
                 std::shared_ptr<const UserStyles> styles = {});

    /// Which requests the rule at `index` is asked about, row order: those that neither the holdout
    /// nor a rule above it took. O(rows x rules above), and the signals' columns if they are new.
    /// @param styles  what the policy's style signals name; may be null
    [[nodiscard]] Result<std::vector<bool>>
    rowsReaching(const PolicyDocument& document, std::size_t index,
                 std::shared_ptr<const UserStyles> styles = {});

    /// Makes a threshold ready to be dragged (threshold_drag.h): three replays and some sorting,
    /// for as many positions as a mouse cares to ask for. Unsupported where a threshold alone does
    /// not decide (meters, margins) or something is unknown; then each position is projected.
    /// @param place  of the threshold in the document, see core/policy/moved_threshold.h
    [[nodiscard]] Result<ThresholdDrag> prepareDrag(const PolicyDocument& document,
                                                    const ThresholdPlace& place,
                                                    const ProjectionOptions& options = {});

    [[nodiscard]] const Traffic& traffic() const;
    [[nodiscard]] const EvidenceTable& evidence() const;

private:
    friend class ThresholdDrag;
    friend Result<BehaviourDiff> behaviourDiff(const BehaviourSubject& before,
                                               const BehaviourSubject& after,
                                               const ProjectionOptions& options);
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

/// A projection as a point of the chart.
[[nodiscard]] FrontierPoint frontierPointOf(const Projection& projection, std::string name,
                                            FrontierPoint::Kind kind = FrontierPoint::Kind::Policy);

/// "Cost saving", "p95 latency", …: a metric in words, for tables and gates.
[[nodiscard]] const char* gateMetricLabel(GateMetric metric);

/// "met", "notMet", "notShown": a verdict in files.
[[nodiscard]] const char* verdictName(Verdict verdict);

/// "met", "not met", "not shown by the data".
[[nodiscard]] const char* verdictLabel(Verdict verdict);

} // namespace signalbox
