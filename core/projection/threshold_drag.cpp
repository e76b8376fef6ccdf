// SPDX-License-Identifier: Apache-2.0
#include "threshold_drag.h"

#include "meters.h"
#include "replayed_policy.h"

#include <core/base/parallel.h>
#include <core/replay/threshold_index.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <utility>
#include <variant>
#include <vector>

namespace signalbox {

namespace {

constexpr std::size_t kRowsPerThread = 65'536;
/// Fewer than a projector keeps, so that those of one replay are still there after the next.
constexpr std::size_t kMostPlans = 60;

/// What a packed request may become: with the threshold above its value, with the threshold below
/// it, and at the baseline model, which no threshold moves.
enum Course : std::uint8_t { Passed, NotPassed, Baseline };
constexpr std::size_t kCourses = 3;

Result<void> mayGoOn(const ProjectionOptions& options)
{
    if (options.stop && options.stop->load(std::memory_order_relaxed))
        return fail(ErrorCode::Cancelled, "The replay was stopped.");
    return {};
}

std::size_t plansOf(const ReplayedPolicy& policy)
{
    return static_cast<std::size_t>(std::ranges::count_if(
        policy.replays, [](const PlanReplay* replay) { return replay != nullptr; }));
}

/// The columns of one course, before they are packed, and where its rows go in the document.
struct CourseStore
{
    std::vector<std::int64_t> cost;
    std::vector<double> quality;
    std::vector<float> latencyMs;
    std::vector<std::uint8_t> voice;

    explicit CourseStore(std::size_t rows) : cost(rows), quality(rows), latencyMs(rows), voice(rows)
    {}
    [[nodiscard]] ChoiceColumns columns() const { return {cost, quality, latencyMs, voice}; }

    /// False if something about the row is unknown.
    bool set(std::size_t row, std::int64_t rowCost, double rowQuality, float rowLatencyMs,
             std::int32_t rowVoice)
    {
        cost[row] = rowCost;
        quality[row] = rowQuality;
        latencyMs[row] = rowLatencyMs;
        voice[row] = rowVoice < 0 ? PackedRows::kUnanswered : static_cast<std::uint8_t>(rowVoice);
        return rowCost != PlanReplay::kUnknownCost && !std::isnan(rowQuality);
    }
};

Result<CourseStore> courseOf(const ReplayedPolicy& replayed, const ReplayGround& ground)
{
    CourseStore store(ground.traffic().rowCount());
    std::atomic<bool> isKnown = true;
    forBlocks(store.cost.size(), kRowsPerThread, [&](std::size_t begin, std::size_t end) {
        for (std::size_t row = begin; row < end && isKnown; ++row) {
            if (!store.set(row, replayed.cost(row), satisfiedAt(replayed, ground, row),
                           replayed.row(row).firstTokenMs, replayed.served(row)))
                isKnown = false;
        }
    });
    if (!isKnown)
        return fail(ErrorCode::Unsupported,
                    "The cost or the quality of a request is unknown under a plan.");
    return store;
}

Result<CourseStore> baselineOf(const ReplayedPolicy& replayed, const ReplayGround& ground)
{
    CourseStore store(ground.traffic().rowCount());
    bool isKnown = true;
    for (std::size_t row = 0; row < store.cost.size() && isKnown; ++row)
        isKnown = store.set(row, replayed.baseline->cost(row, 0),
                            baselineSatisfiedAt(replayed, ground, row),
                            replayed.baseline->row(row).firstTokenMs, 0);
    if (!isKnown)
        return fail(ErrorCode::Unsupported,
                    "The cost or the quality of a request is unknown at the baseline model.");
    return store;
}

/// A number as it is compared: its rank among the values, from 1; 0 for what is none.
struct RankedColumn
{
    std::vector<double> values; ///< ascending
    std::vector<std::uint32_t> rankOf;
};

RankedColumn ranked(const CodedColumn& column)
{
    RankedColumn result;
    std::vector<std::uint32_t> rankOfCode;
    for (const SignalSlot& value : column.values()) {
        const bool isNumber = value.kind == SignalSlot::Kind::Number && !std::isnan(value.number);
        if (isNumber)
            result.values.push_back(value.number);
        rankOfCode.push_back(isNumber ? static_cast<std::uint32_t>(result.values.size()) : 0);
    }
    result.rankOf.reserve(column.rowCount());
    std::visit(
        [&](const auto& codes) {
            for (const auto code : codes)
                result.rankOf.push_back(rankOfCode[code]);
        },
        column.codes());
    return result;
}

/// Of all pairs of voices that may meet, in whatever place of the threshold.
/// @return  false if some pair was never compared
bool hearVoices(const PolicyDocument& document, const EvidenceTable& evidence,
                const PackedRows& rows, NoticeabilityTable& noticeability)
{
    std::vector<bool> isHeard(document.models.size(), false);
    for (std::size_t row = 0; row < rows.rowCount(); ++row) {
        for (const Course course : {Passed, NotPassed}) {
            if (const std::uint8_t voice = rows.voiceAt(row, course);
                voice != PackedRows::kUnanswered)
                isHeard[voice] = true;
        }
    }
    noticeability = NoticeabilityTable(std::max(document.models.size(), rows.voiceCount()));
    bool isEachKnown = true;
    for (std::size_t a = 0; a < isHeard.size(); ++a) {
        for (std::size_t b = 0; b < a; ++b) {
            if (!isHeard[a] || !isHeard[b])
                continue;
            const double nu = noticeabilityOf(evidence, evidence.modelIndex(document.models[a].id),
                                              evidence.modelIndex(document.models[b].id));
            isEachKnown &= !std::isnan(nu);
            noticeability.set(a, b, std::isnan(nu) ? 0 : nu);
        }
    }
    return isEachKnown;
}

/// Counts of latencies, slice after slice.
class SliceHistograms
{
public:
    SliceHistograms(std::size_t slices, std::size_t buckets)
        : m_buckets(buckets), m_counts(slices * buckets, 0)
    {}
    void add(std::size_t slice, std::uint16_t bucket) { ++m_counts[slice * m_buckets + bucket]; }
    [[nodiscard]] std::span<const std::uint32_t> of(std::size_t slice) const
    {
        return std::span(m_counts).subspan(slice * m_buckets, m_buckets);
    }

private:
    std::size_t m_buckets;
    std::vector<std::uint32_t> m_counts;
};

} // namespace

struct ThresholdDrag::State
{
    PackedRows rows; ///< choices: Course
    NoticeabilityTable noticeability;
    std::vector<double> values; ///< of the signal, ascending
    std::vector<std::uint32_t> keys;
    std::vector<std::uint8_t> passed; ///< the course of every row once the threshold is above it
    std::vector<std::uint8_t> notPassed;
    /// Per course that moves: rule of each row (rules.size(): otherwise, one more: the holdout),
    /// and document model asked first.
    std::vector<std::uint16_t> lane[2];
    std::vector<std::uint16_t> tier[2];
    std::size_t lanes = 0;
    std::size_t models = 0;
    std::size_t segments = 0;
    ReplayTotals baseline;
    /// Whether a row whose value equals the threshold is on the side of the smaller ones.
    bool isEqualPassed = true;
    std::unique_ptr<const ThresholdIndex> index;

    /// How many of the values the threshold is above.
    [[nodiscard]] std::uint32_t cutAt(double threshold) const
    {
        const auto end = isEqualPassed ? std::ranges::upper_bound(values, threshold)
                                       : std::ranges::lower_bound(values, threshold);
        return static_cast<std::uint32_t>(end - values.begin());
    }

    [[nodiscard]] Result<void> pack(const ReplayedPolicy& passedPolicy,
                                    const ReplayedPolicy& notPassedPolicy,
                                    const ReplayGround& ground);
    void placeRows(Course course, const ReplayedPolicy& policy);
    [[nodiscard]] bool isAt(double threshold, const ReplayedPolicy& now,
                            const ReplayedPolicy& passedPolicy,
                            const ReplayedPolicy& notPassedPolicy) const;
};

Result<void> ThresholdDrag::State::pack(const ReplayedPolicy& passedPolicy,
                                        const ReplayedPolicy& notPassedPolicy,
                                        const ReplayGround& ground)
{
    const Result<CourseStore> ofPassed = courseOf(passedPolicy, ground);
    const Result<CourseStore> ofNotPassed = courseOf(notPassedPolicy, ground);
    const Result<CourseStore> ofBaseline = baselineOf(passedPolicy, ground);
    for (const Result<CourseStore>* one : {&ofPassed, &ofNotPassed, &ofBaseline}) {
        if (!*one)
            return Unexpected(one->error());
    }
    const ChoiceColumns columns[kCourses] = {ofPassed->columns(), ofNotPassed->columns(),
                                             ofBaseline->columns()};
    RowColumns all;
    all.conversationOf = ground.traffic().conversationOf;
    all.segmentOf = ground.traffic().segmentOf;
    all.choices = columns;
    Result<PackedRows> packed = PackedRows::pack(all);
    if (!packed)
        return Unexpected(packed.error());
    rows = std::move(*packed);
    passed.assign(rows.rowCount(), Passed);
    notPassed.assign(rows.rowCount(), NotPassed);
    placeRows(Passed, passedPolicy);
    placeRows(NotPassed, notPassedPolicy);
    baseline.requests = rows.rowCount();
    for (std::size_t row = 0; row < rows.rowCount(); ++row) {
        baseline.costPico += rows.costPicoAt(row, Baseline);
        baseline.quality += rows.qualityAt(row, Baseline);
    }
    return {};
}

void ThresholdDrag::State::placeRows(Course course, const ReplayedPolicy& policy)
{
    tier[course] = policy.tier;
    lane[course].reserve(policy.rule.size());
    for (const std::int32_t rule : policy.rule)
        lane[course].push_back(static_cast<std::uint16_t>(rule >= 0 ? rule
                                                          : rule == Decision::kOtherwise
                                                              ? lanes - 2
                                                              : lanes - 1));
}

/// Whether the courses say what the policy does with this threshold.
bool ThresholdDrag::State::isAt(double threshold, const ReplayedPolicy& now,
                                const ReplayedPolicy& passedPolicy,
                                const ReplayedPolicy& notPassedPolicy) const
{
    const std::uint32_t cut = cutAt(threshold);
    for (std::size_t row = 0; row < keys.size(); ++row) {
        const ReplayedPolicy& course = keys[row] <= cut ? passedPolicy : notPassedPolicy;
        if (course.replays[course.plan[row]] != now.replays[now.plan[row]])
            return false;
    }
    return true;
}

ThresholdDrag::ThresholdDrag(std::unique_ptr<const State> state) : m_state(std::move(state)) {}
ThresholdDrag::ThresholdDrag(ThresholdDrag&&) noexcept = default;
ThresholdDrag& ThresholdDrag::operator=(ThresholdDrag&&) noexcept = default;
ThresholdDrag::~ThresholdDrag() = default;

Result<ThresholdDrag> ThresholdDrag::make(Projector& projector, const PolicyDocument& document,
                                          const ThresholdPlace& place,
                                          const ProjectionOptions& options)
{
    Projector::Impl& impl = *projector.m_impl;
    const Compare* const compare = comparisonAt(document, place);
    if (!compare)
        return fail(ErrorCode::InvalidArgument, "This is not a comparison with a number.");
    const auto& margin = document.rules[place.rule].uncertain;
    if (margin && margin->signal == compare->signal)
        return fail(ErrorCode::Unsupported,
                    "The margin moves with the threshold: each position is replayed.");
    if (!Meters(document, impl.ground).isEmpty())
        return fail(ErrorCode::Unsupported,
                    "A policy with meters decides by what came before, not by a threshold alone.");
    if (document.models.size() > PackedRows::kMostVoices)
        return fail(ErrorCode::Unsupported, "A packed replay holds up to 64 models.");
    const auto replayWith = [&](std::optional<double> threshold) -> Result<ReplayedPolicy> {
        PolicyDocument changed = document;
        if (threshold)
            *thresholdAt(changed, place) = *threshold;
        return replayPolicy(changed, impl.ground, impl.columns, impl.replays, impl.lastCompiled,
                            options, false);
    };
    // A row passes when the threshold rises over its value; what holds then, holds with the
    // highest.
    const double most = std::numeric_limits<double>::max();
    const Result<ReplayedPolicy> passed = replayWith(most);
    const Result<ReplayedPolicy> notPassed = passed ? replayWith(-most) : passed;
    if (!notPassed)
        return Unexpected(notPassed.error());
    if (plansOf(*passed) + plansOf(*notPassed) > kMostPlans)
        return fail(ErrorCode::Unsupported, "A dragged policy takes up to 60 plans.");
    const Result<ReplayedPolicy> now = replayWith({});
    if (!now)
        return Unexpected(now.error());

    auto state = std::make_unique<State>();
    state->lanes = document.rules.size() + 2;
    state->models = document.models.size();
    state->segments = std::max<std::size_t>(1, impl.traffic->segments.size());
    state->isEqualPassed = compare->op == CompareOp::Gt || compare->op == CompareOp::Lte;
    const auto signal = std::ranges::find(document.signalList, compare->signal, &Signal::id);
    if (signal == document.signalList.end() || valueTypeOf(*signal) != ValueType::Number)
        return fail(ErrorCode::InvalidArgument, "The signal is not a number.");
    RankedColumn column = ranked(
        *impl.columns.columns()[static_cast<std::size_t>(signal - document.signalList.begin())]);
    state->values = std::move(column.values);
    state->keys = std::move(column.rankOf);
    PolicyDocument here = document;
    // A second use of the number would make rows change twice.
    if (!state->isAt(*thresholdAt(here, place), *now, *passed, *notPassed))
        return fail(ErrorCode::Unsupported,
                    "More than one threshold moves with this one: each position is replayed.");
    if (const Result<void> packed = state->pack(*passed, *notPassed, impl.ground); !packed)
        return Unexpected(packed.error());
    if (const Result<void> on = mayGoOn(options); !on)
        return Unexpected(on.error());
    const bool isHeard = hearVoices(document, *impl.evidence, state->rows, state->noticeability);
    state->index = std::make_unique<const ThresholdIndex>(
        state->rows, ThresholdLadder{state->keys, {state->passed, state->notPassed}},
        isHeard ? &state->noticeability : nullptr);
    return ThresholdDrag(std::move(state));
}

ReplayTotals ThresholdDrag::at(double threshold) const
{
    return m_state->index->at(m_state->cutAt(threshold));
}

ReplayTotals ThresholdDrag::exactlyAt(double threshold) const
{
    const std::uint32_t cut = m_state->cutAt(threshold);
    ReplayTotals totals = m_state->index->at(cut);
    totals.latencyP95Ms = m_state->index->exactP95(std::span(&cut, 1));
    return totals;
}

DraggedParts ThresholdDrag::partsAt(double threshold) const
{
    const State& state = *m_state;
    const PackedRows& rows = state.rows;
    const std::uint32_t cut = state.cutAt(threshold);
    const auto segmentOf = rows.segmentOf();
    const auto isFirst = rows.isFirst();
    DraggedParts parts;
    parts.segments.resize(state.segments);
    parts.tiers.resize(state.models);
    parts.lanes.resize(state.lanes);
    for (DraggedLane& lane : parts.lanes)
        lane.served.assign(state.models, 0);
    SliceHistograms histograms(state.segments + state.models, rows.latencies().count());
    std::uint8_t previous = PackedRows::kUnanswered;
    for (std::size_t row = 0; row < rows.rowCount(); ++row) {
        const Course course = state.keys[row] <= cut ? Passed : NotPassed;
        const std::size_t segment = segmentOf.empty() ? 0 : segmentOf[row];
        const std::size_t tier = state.tier[course][row];
        const std::int64_t cost = rows.costPicoAt(row, course);
        const std::uint16_t quality = rows.qualityAt(row, course);
        const std::uint16_t bucket = rows.bucketAt(row, course);
        const std::uint8_t voice = rows.voiceAt(row, course);
        DraggedLane& lane = parts.lanes[state.lane[course][row]];
        if (isFirst[row])
            previous = PackedRows::kUnanswered;
        const bool isSeam = voice != PackedRows::kUnanswered && previous != PackedRows::kUnanswered;
        const std::int64_t loss = isSeam ? state.noticeability.at(previous, voice) : 0;
        for (DraggedPart* const part : {&parts.segments[segment], &parts.tiers[tier]}) {
            ++part->totals.requests;
            part->totals.costPico += cost;
            part->totals.quality += quality;
            part->totals.seams += isSeam ? 1 : 0;
            part->totals.loss += loss;
            ++part->baseline.requests;
            part->baseline.costPico += rows.costPicoAt(row, Baseline);
            part->baseline.quality += rows.qualityAt(row, Baseline);
        }
        histograms.add(segment, bucket);
        histograms.add(state.segments + tier, bucket);
        ++lane.requests;
        lane.costPico += cost;
        lane.loss += loss;
        parts.seams += isSeam ? 1 : 0;
        if (voice != PackedRows::kUnanswered) {
            ++lane.served[voice];
            previous = voice;
        }
    }
    const auto timed = [&](std::vector<DraggedPart>& slices, std::size_t first) {
        for (std::size_t i = 0; i < slices.size(); ++i) {
            ReplayTotals& totals = slices[i].totals;
            totals.latencyP95Ms =
                p95Within(rows.latencies(), histograms.of(first + i), totals.requests);
        }
    };
    timed(parts.segments, 0);
    timed(parts.tiers, state.segments);
    return parts;
}

const ReplayTotals& ThresholdDrag::baseline() const
{
    return m_state->baseline;
}

bool ThresholdDrag::hasSeams() const
{
    return m_state->index->hasSeams();
}

std::size_t ThresholdDrag::byteCount() const
{
    const State& state = *m_state;
    return state.rows.byteCount() + state.index->byteCount() +
           state.values.size() * sizeof(double) +
           state.keys.size() * (sizeof(std::uint32_t) + 2 + 4 * sizeof(std::uint16_t));
}

} // namespace signalbox
