// SPDX-License-Identifier: Apache-2.0
#include "threshold_drag.h"

#include "meters.h"
#include "packed_policy.h"
#include "replayed_policy.h"

#include <core/replay/threshold_index.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

namespace signalbox {

namespace {

bool isThreshold(const Compare& compare)
{
    const bool isOrder = compare.op == CompareOp::Lt || compare.op == CompareOp::Lte ||
                         compare.op == CompareOp::Gt || compare.op == CompareOp::Gte;
    return isOrder && std::holds_alternative<double>(compare.value);
}

/// The document with the threshold beyond every number.
Result<PolicyDocument> withThreshold(const PolicyDocument& document,
                                     const ThresholdDrag::Find& find, double threshold)
{
    PolicyDocument changed = document;
    Compare* const compare = find(changed);
    if (!compare || !isThreshold(*compare))
        return fail(ErrorCode::InvalidArgument, "This is not a comparison with a number.");
    compare->value = threshold;
    return changed;
}

} // namespace

struct ThresholdDrag::State
{
    PackedPlans packed;
    std::vector<double> values; ///< of the signal, ascending, each once
    std::vector<std::uint32_t> keys;
    std::vector<std::uint8_t> atOrBelow; ///< choices of rows whose value the cut has passed
    std::vector<std::uint8_t> above;
    /// Whether a row whose value equals the threshold is on the side of the smaller ones.
    bool isEqualPassed = true;
    std::unique_ptr<const ThresholdIndex> index;

    /// Key of a value is its rank among `values`, from 1; so the cut is a count of values.
    [[nodiscard]] std::uint32_t cutAt(double threshold) const
    {
        const auto end = isEqualPassed ? std::ranges::upper_bound(values, threshold)
                                       : std::ranges::lower_bound(values, threshold);
        return static_cast<std::uint32_t>(end - values.begin());
    }

    void keyRows(const std::vector<double>& numbers)
    {
        for (const double number : numbers) {
            if (!std::isnan(number))
                values.push_back(number);
        }
        std::ranges::sort(values);
        values.erase(std::ranges::unique(values).begin(), values.end());
        values.shrink_to_fit();
        keys.reserve(numbers.size());
        for (const double number : numbers) // rows without a value are the same on both sides
            keys.push_back(std::isnan(number)
                               ? 0
                               : static_cast<std::uint32_t>(
                                     std::ranges::lower_bound(values, number) - values.begin()) +
                                     1);
    }
};

ThresholdDrag::ThresholdDrag(std::unique_ptr<const State> state) : m_state(std::move(state)) {}
ThresholdDrag::ThresholdDrag(ThresholdDrag&&) noexcept = default;
ThresholdDrag& ThresholdDrag::operator=(ThresholdDrag&&) noexcept = default;
ThresholdDrag::~ThresholdDrag() = default;

Result<ThresholdDrag> ThresholdDrag::make(Projector& projector, const PolicyDocument& document,
                                          const Find& find, const ProjectionOptions& options)
{
    Projector::Impl& impl = *projector.m_impl;
    if (!Meters(document, impl.ground).isEmpty())
        return fail(ErrorCode::Unsupported,
                    "A policy with meters decides by what came before, not by a threshold alone.");
    const double most = std::numeric_limits<double>::max();
    const Result<PolicyDocument> low = withThreshold(document, find, -most);
    const Result<PolicyDocument> high = withThreshold(document, find, most);
    if (!low || !high)
        return Unexpected(low ? high.error() : low.error());
    PolicyDocument current = document;
    const Compare compare = *find(current);
    const auto replay = [&](const PolicyDocument& changed) {
        return replayPolicy(changed, impl.ground, impl.columns, impl.replays, impl.lastCompiled,
                            options, false);
    };
    const Result<ReplayedPolicy> now = replay(document);
    const Result<ReplayedPolicy> withLow = replay(*low);
    const Result<ReplayedPolicy> withHigh = replay(*high);
    for (const Result<ReplayedPolicy>* one : {&now, &withLow, &withHigh}) {
        if (!*one)
            return Unexpected(one->error());
    }
    auto state = std::make_unique<State>();
    const ReplayedPolicy* const policies[] = {&*now, &*withLow, &*withHigh};
    Result<PackedPlans> packed = packPlans(policies, document, impl.ground, options);
    if (!packed)
        return Unexpected(packed.error());
    state->packed = std::move(*packed);
    const Result<std::vector<double>> numbers =
        projector.signalColumn(document, compare.signal, options.styles);
    if (!numbers)
        return Unexpected(numbers.error());
    state->keyRows(*numbers);
    // A row passes when the threshold rises over its value; what holds then, held with the highest.
    state->atOrBelow = state->packed.choicesOf(*withHigh);
    state->above = state->packed.choicesOf(*withLow);
    state->isEqualPassed = compare.op == CompareOp::Gt || compare.op == CompareOp::Lte;
    const NoticeabilityTable* const noticeability =
        state->packed.areVoicesHeard ? &state->packed.noticeability : nullptr;
    state->index = std::make_unique<const ThresholdIndex>(
        state->packed.rows, ThresholdLadder{state->keys, {state->atOrBelow, state->above}},
        noticeability);
    // A margin around the threshold, or a second use of the number, would make rows change twice.
    const std::uint32_t cut = state->cutAt(std::get<double>(compare.value));
    if (state->index->choicesAt(std::span(&cut, 1)) != state->packed.choicesOf(*now))
        return fail(ErrorCode::Unsupported,
                    "More than one threshold moves with this one: each position is replayed.");
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

bool ThresholdDrag::hasSeams() const
{
    return m_state->index->hasSeams();
}

} // namespace signalbox
