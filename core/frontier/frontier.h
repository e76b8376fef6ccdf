// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "conversation_halves.h"
#include "policy_space.h"

#include <core/base/result.h>
#include <core/policy/edit.h>
#include <core/projection/projection.h>
#include <core/projection/routing_quality.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace signalbox {

/// The four numbers of a frontier, each a metric of gates.
inline constexpr std::array kFrontierMetrics = {GateMetric::CostSaving, GateMetric::LatencyP95Ms,
                                                GateMetric::SatisfactionRatio,
                                                GateMetric::Consistency};
using FourNumbers = std::array<double, kFrontierMetrics.size()>; ///< in that order; NaN: unknown

/// A policy with its numbers on both halves.
struct FrontierChoice
{
    enum class Kind {
        Found,       ///< by the search
        Present,     ///< the policy as it is
        SingleModel, ///< everything to one model
    };
    Kind kind = Kind::Found;
    std::string name; ///< "1", the policy's name, or the model's id
    PolicyDocument policy;
    std::vector<std::size_t> turned; ///< knobs that stand otherwise than in the policy as it is
    Genome genome;                   ///< of the space; empty for a single model
    Projection search;               ///< on the half that it was chosen by
    Projection report;               ///< on the other one: what is shown
    /// Requests of the report half that the strong model answers; NaN without a strong model.
    double strongShare = std::numeric_limits<double>::quiet_NaN();
    double gapRecovered =
        std::numeric_limits<double>::quiet_NaN(); ///< PGR there, if there is a gap
    bool isStillPareto = true;                    ///< nothing found dominates it on the report half
};

/// What the search promised more than the report half shows, per number: positive is too much. Part
/// of it is that the halves differ; `present` is that for a policy that nobody chose by them.
struct SearchOptimism
{
    FourNumbers mean{};  ///< over the points found
    FourNumbers worst{}; ///< of them
    FourNumbers present{};
};

/// The frontier in the terms of the literature, on the report half.
struct RoutingMeasures
{
    ModelId weak;                       ///< single model that satisfies least
    ModelId strong;                     ///< single model that satisfies most
    double averageGapRecovered = 0;     ///< APGR (RouteLLM)
    std::optional<double> callsForHalf; ///< CPT(50 %): least share of calls to the strong model
    std::optional<double> callsForMost; ///< CPT(80 %)
    double improvement = 0;             ///< AIQ (RouterBench) of the frontier with single models
    double improvementOfModels = 0;     ///< AIQ of the single models alone: a coin's
    /// CostSave: of the strong model's cost, where at least 95 % of its satisfaction is kept.
    std::optional<double> savingAtMost;
    std::optional<double> savingAtAll; ///< where all of it is kept
};

struct Frontier
{
    ConversationHalves halves;
    std::uint64_t seed = 1;
    std::vector<Knob> knobs;
    double spaceSize = 0;      ///< policies there are; infinite if more than 2^53
    std::size_t scored = 0;    ///< of them
    std::size_t possible = 0;  ///< of those: that can be compiled
    std::size_t feasible = 0;  ///< of those: that keep the gates on the search half by point values
    std::size_t projected = 0; ///< of those: with intervals
    bool isExhaustive = false;
    bool isShownOnSearch = false; ///< the points found keep all gates there with their intervals
    std::vector<FrontierChoice> points; ///< found; dearest last
    FrontierChoice present;
    std::vector<FrontierChoice> models; ///< document order; those that the evidence knows
    SearchOptimism optimism;
    std::optional<RoutingMeasures> measures; ///< nullopt with fewer than two different models
    std::vector<std::string> notes;          ///< sentences: what is assumed, and what is not known

    /// A point that is shown to meet every gate: of several, the one that saves most on the search
    /// half. Twelve points that are each tried at 95 % would let through one that was only lucky;
    /// so they are tried in an order that the report half has no say in, the surest of the search
    /// half first, and the first that fails ends it: the fixed-sequence procedure, which keeps the
    /// risk of one test (Maurer, Hothorn and Lehmacher 1995; for choices after a search:
    /// Angelopoulos et al. 2021, "Learn then Test"). Null if there is none.
    [[nodiscard]] const FrontierChoice* best() const;
};

enum class FrontierStep { Searching, Projecting };

struct FrontierOptions
{
    std::uint64_t seed = 1;       ///< of the halves and the search
    std::uint64_t replaySeed = 1; ///< of attempts and resamples, as ProjectionOptions::seed
    std::size_t most = 4'000;     ///< candidates that the search scores; setting back what
                                  ///< changes nothing takes a few more
    std::size_t points = 12;      ///< of the frontier that are shown, at least 1
    std::size_t draws = 2'000;    ///< of the resamples behind the intervals
    KnobOptions knobs = {};
    int outageMinutes = 0;
    std::shared_ptr<const UserStyles> styles = {};
    const std::atomic<bool>* stop = nullptr; ///< set to give up early: Cancelled
    /// From the thread that searches: done and at most to do of a step.
    std::function<void(FrontierStep step, std::size_t done, std::size_t most)> progress = {};
};

/// Looks for policies that nothing beats in cost, latency, quality and consistency at once, under
/// the gates of the document: its thresholds, margins, models per tier, budgets, retries, shares of
/// splits and stickiness, on one half of the conversations. What it found is then projected on the
/// other half, which had no say in it, and that is what it reports (measures.md section 4).
///
/// The search holds the gates against the worse ends of intervals that it learns from projections
/// in between (gate_margins.h), because a point that touches a limit does not show that it keeps
/// it. Of what it finds, settings that change nothing are set back, so that a point differs from
/// the policy as it is only where that matters.
///
/// Deterministic in everything but the number of threads, on which nothing depends.
/// @return InvalidArgument if a half has no conversation or nothing can be turned; Unsupported for
/// a
///         policy with meters; Cancelled if stopped
[[nodiscard]] Result<Frontier> findFrontier(const PolicyDocument& document,
                                            const std::shared_ptr<const Traffic>& traffic,
                                            const std::shared_ptr<const EvidenceTable>& evidence,
                                            const FrontierOptions& options = {});

/// What a search would have before it.
struct FrontierScope
{
    ConversationHalves halves;
    std::vector<Knob> knobs;
    double spaceSize = 0; ///< policies there are; infinite if more than 2^53
};

/// The halves and the settings of findFrontier() with the same arguments, without the search: the
/// signals are read and nothing is simulated but the baseline.
/// @return what findFrontier() would fail with, but for Cancelled while it searches
[[nodiscard]] Result<FrontierScope> frontierScope(const PolicyDocument& document,
                                                  std::shared_ptr<const Traffic> traffic,
                                                  std::shared_ptr<const EvidenceTable> evidence,
                                                  const FrontierOptions& options = {});

/// What makes the policy as it is the choice's: one edit, to be undone as one. Rules and otherwise
/// that stay as they are are not in it.
[[nodiscard]] Edit adoptionOf(const PolicyDocument& present, const FrontierChoice& choice);

/// The four numbers of a projection.
[[nodiscard]] FourNumbers fourNumbersOf(const Projection& projection);

} // namespace signalbox
