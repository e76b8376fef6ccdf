// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "projection.h"

#include <core/base/money.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace signalbox {

/// One number under both policies. Each of the three can be unknown by itself: requests that go
/// the same way under both cost the same even where nobody knows how much.
struct BeforeAfter
{
    std::optional<double> before;
    std::optional<double> after;
    /// after - before over the same requests, with an interval of the differences themselves.
    std::optional<Estimate> change;
};

/// What the change of policy does to one part of the traffic: a segment, or all of it. Counts of
/// segments add up to those of the whole.
struct BehaviourSlice
{
    std::string name; ///< of the segment; empty for the whole
    std::size_t requests = 0;
    std::size_t ruleChanged = 0;   ///< another rule, otherwise or holdout takes them
    std::size_t tierChanged = 0;   ///< another model is asked first
    std::size_t modelChanged = 0;  ///< another model answers, or none, or one where none did
    std::size_t courseChanged = 0; ///< whoever answers: model, cost, time or outcome changed

    std::optional<Money> costBefore; ///< of all its requests, exact
    std::optional<Money> costAfter;
    std::optional<Money> costChange;         ///< known if every change is, see BeforeAfter
    BeforeAfter costPer1k;                   ///< USD per 1,000 requests
    std::optional<Estimate> costChangeShare; ///< of the cost before
    BeforeAfter p95Ms;                       ///< until the answer begins
    BeforeAfter satisfaction;                ///< share of satisfied requests
    BeforeAfter consistency;                 ///< 0 to 1, of the seams into this part's answers

    std::size_t seamsBefore = 0; ///< its answers that come from another model than the one before
    std::size_t seamsAfter = 0;
    std::size_t seamsGained = 0; ///< its answers that are a seam only after
    std::size_t seamsLost = 0;
};

/// One request under one policy.
struct RoutedRequest
{
    int rule = Decision::kOtherwise; ///< index into its document's rules, kOtherwise or kHoldout
    int tier = -1;                   ///< asked first; index into BehaviourDiff::models
    int served = -1;                 ///< likewise, or ReplayedRows::kUnanswered
    double costUsd = 0;              ///< NaN if unknown, like the others
    double firstTokenMs = 0;         ///< infinity if no attempt answered
    double satisfied = 0;            ///< 0 to 1: the mean outcome of that model on that prompt
};

/// A request that shows what changed.
struct BehaviourExample
{
    std::size_t row = 0; ///< of the traffic
    /// Lab prompt that it is, if its log says so: what the models answered to it is recorded.
    std::optional<PromptId> prompt;
    RoutedRequest before;
    RoutedRequest after;
};

/// Requests that one model answered and another one answers now; or the same one, in another time
/// or at another cost.
struct BehaviourFlow
{
    int from = -1; ///< index into BehaviourDiff::models, or ReplayedRows::kUnanswered
    int to = -1;
    std::size_t requests = 0;
    std::optional<Money> costChange;
    std::optional<double> satisfiedChange; ///< requests more (or fewer) that are satisfied
    /// First the one with the largest harm, then the worst of each of its largest segments, all in
    /// order of harm; no two say the same.
    std::vector<BehaviourExample> examples;

    [[nodiscard]] bool changesModel() const { return from != to; }
};

/// A model of either policy. The same under another id is one model; another address under the same
/// id is another one.
struct BehaviourModel
{
    std::string name; ///< its id, of the later policy if it is in both; told apart if need be
    ModelId id;       ///< as the evidence knows it; of the later policy if it is in both
    int before = -1;  ///< index into the earlier document's models; -1: not there
    int after = -1;
    std::size_t servedBefore = 0;
    std::size_t servedAfter = 0;
    std::size_t stayed = 0; ///< requests that it answers under both
};

/// How two policies treat the same requests. What cannot be known is nullopt, never 0.
struct BehaviourDiff
{
    std::string traffic;
    bool syntheticTraffic = false;
    bool simulatedAnswers = false;
    std::size_t requests = 0;
    std::size_t conversations = 0;
    std::size_t answers = 0; ///< recorded ones, of the later policy's evidence
    bool quick = false;      ///< without intervals

    std::vector<BehaviourModel> models; ///< those of the later document first, in its order
    std::size_t unansweredBefore = 0;
    std::size_t unansweredAfter = 0;

    BehaviourSlice total;
    std::vector<BehaviourSlice> segments; ///< those that have requests, in the traffic's order
    BeforeAfter p50Ms;                    ///< of the whole traffic
    std::size_t conversationsGaining = 0; ///< conversations with more seams than before
    std::size_t conversationsLosing = 0;

    std::vector<BehaviourFlow> flows; ///< changes of model first, then by size
    std::vector<std::string> notes;   ///< sentences: what is unknown, and why

    [[nodiscard]] bool isSame() const
    {
        return total.courseChanged == 0 && total.ruleChanged == 0 && total.tierChanged == 0;
    }
};

/// A policy and the projector over the evidence of its models.
struct BehaviourSubject
{
    const PolicyDocument& document;
    Projector& projector;
    std::shared_ptr<const UserStyles> styles = {}; ///< what its style signals name; may be null
};

/// Replays both policies over the same traffic: the projectors' must be one. They may be one
/// projector themselves, and should be if the evidence can be one table: then also what a bootstrap
/// draws is the same for both, and requests that go the same way differ in nothing. Attempts are
/// seeded by request and model, so that only what the policies do differently shows.
///
/// Intervals are of paired differences: each draw takes whole conversations and lab prompts with
/// replacement, and gives both policies the same ones (measures.md section 4). Swapping the
/// policies negates every change. Cancelled if options.stop is set.
/// @param options  but for the styles, of which each subject has its own
[[nodiscard]] Result<BehaviourDiff> behaviourDiff(const BehaviourSubject& before,
                                                  const BehaviourSubject& after,
                                                  const ProjectionOptions& options = {});

/// The models of both documents if one evidence table can serve both: no model of the one has the
/// id of another of the other, and answers are styled alike. Later document's models first.
[[nodiscard]] std::optional<std::vector<ModelSpec>>
commonEvidenceModels(const PolicyDocument& before, const PolicyDocument& after);

} // namespace signalbox
