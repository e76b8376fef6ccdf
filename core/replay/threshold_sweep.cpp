// SPDX-License-Identifier: Apache-2.0
#include "threshold_sweep.h"

#include "seam_surface.h"

#include <algorithm>
#include <thread>

namespace signalbox {

namespace {

/// Positions whose cuts one table of seams takes: at most 8 MB of it.
constexpr std::size_t kPositionsPerSurface = 1024;

bool isStopped(const SweepOptions& options)
{
    return options.stop && options.stop->load(std::memory_order_relaxed);
}

/// job(thread, i) for each i, as threads get free, until stopped.
template<class Job>
void forEach(std::size_t count, std::size_t batch, const SweepOptions& options, const Job& job)
{
    std::atomic<std::size_t> next{0};
    const auto work = [&](std::size_t thread) {
        for (std::size_t i; (i = next.fetch_add(batch)) < count && !isStopped(options);) {
            for (std::size_t j = i; j < std::min(i + batch, count); ++j)
                job(thread, j);
        }
    };
    std::vector<std::jthread> helpers;
    for (std::size_t thread = 1; thread < options.threads; ++thread)
        helpers.emplace_back(work, thread);
    work(0);
}

std::vector<std::uint32_t> cutsAt(std::span<const std::uint32_t> positions, std::size_t which)
{
    std::vector<std::uint32_t> cuts;
    for (std::size_t i = which; i < positions.size(); i += 2)
        cuts.push_back(positions[i]);
    std::ranges::sort(cuts);
    cuts.erase(std::ranges::unique(cuts).begin(), cuts.end());
    return cuts;
}

/// Of positions with two cuts each.
void addSeamsOfPairs(const ThresholdIndex& index, std::span<const std::uint32_t> positions,
                     const SweepOptions& options, std::span<ReplayTotals> totals)
{
    const std::vector<std::uint32_t> first = cutsAt(positions, 0);
    const std::vector<std::uint32_t> second = cutsAt(positions, 1);
    const SeamSurface surface(index.rows(), index.ladder(), *options.noticeability, first, second);
    const auto placeOf = [](const std::vector<std::uint32_t>& cuts, std::uint32_t cut) {
        return static_cast<std::size_t>(std::ranges::lower_bound(cuts, cut) - cuts.begin());
    };
    for (std::size_t i = 0; i < totals.size(); ++i) {
        const SeamSums sums =
            surface.at(placeOf(first, positions[2 * i]), placeOf(second, positions[2 * i + 1]));
        totals[i].seams = sums.seams;
        totals[i].loss = sums.loss;
    }
}

void addSeams(const ThresholdIndex& index, std::span<const std::uint32_t> positions,
              const SweepOptions& options, std::vector<ReplayTotals>& totals)
{
    const std::size_t cuts = index.ladder().cuts();
    if (cuts == 2) {
        for (std::size_t at = 0; at < totals.size() && !isStopped(options);
             at += kPositionsPerSurface) {
            const std::size_t count = std::min(kPositionsPerSurface, totals.size() - at);
            addSeamsOfPairs(index, positions.subspan(2 * at, 2 * count), options,
                            std::span(totals).subspan(at, count));
        }
        return;
    }
    ReplayQuestion question;
    question.noticeability = options.noticeability;
    forEach(totals.size(), 1, options, [&](std::size_t, std::size_t i) {
        const ReplayTotals full =
            RowReplay(index.rows())
                .replay(index.choicesAt(positions.subspan(i * cuts, cuts)), question)
                .total;
        totals[i].seams = full.seams;
        totals[i].loss = full.loss;
    });
}

} // namespace

std::vector<ReplayTotals> sweepThresholds(const ThresholdIndex& index,
                                          std::span<const std::uint32_t> positions,
                                          const SweepOptions& options)
{
    const std::size_t cuts = index.ladder().cuts();
    std::vector<ReplayTotals> totals(positions.size() / cuts);
    forEach(totals.size(), 64, options, [&](std::size_t, std::size_t i) {
        totals[i] = index.at(positions.subspan(i * cuts, cuts));
    });
    if (options.noticeability && !index.hasSeams())
        addSeams(index, positions, options, totals);
    return isStopped(options) ? std::vector<ReplayTotals>() : totals;
}

std::vector<ReplayTotals>
replayPolicies(const PackedRows& rows, std::size_t policies,
               const std::function<void(std::size_t, std::size_t, std::span<std::uint8_t>)>& decide,
               const SweepOptions& options)
{
    std::vector<ReplayTotals> totals(policies);
    std::vector<RowReplay> replays(std::max(options.threads, 1U), RowReplay(rows));
    ReplayQuestion question;
    question.noticeability = options.noticeability;
    forEach(policies, 1, options, [&](std::size_t thread, std::size_t policy) {
        totals[policy] =
            replays[thread]
                .replay([&](std::size_t firstRow,
                            std::span<std::uint8_t> choices) { decide(policy, firstRow, choices); },
                        question)
                .total;
    });
    return isStopped(options) ? std::vector<ReplayTotals>() : totals;
}

} // namespace signalbox
