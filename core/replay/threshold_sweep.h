// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "row_replay.h"
#include "threshold_index.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace signalbox {

struct SweepOptions
{
    /// Null: seams are not looked at.
    const NoticeabilityTable* noticeability = nullptr;
    unsigned threads = 1;
    const std::atomic<bool>* stop = nullptr; ///< set to give up early
};

/// The four numbers at many positions of a ladder. Sums are those of full replays, p95 is
/// ThresholdIndex::at()'s. Seams come from the index with one cut, from a SeamSurface with two, and
/// from a replay of each position with more.
/// @param positions  index.ladder().cuts() ascending keys each, one position after the other
/// @return           in the order of the positions; empty if stopped
[[nodiscard]] std::vector<ReplayTotals> sweepThresholds(const ThresholdIndex& index,
                                                        std::span<const std::uint32_t> positions,
                                                        const SweepOptions& options = {});

/// The four numbers of many policies that have nothing in common, each a full replay; threads take
/// one after the other.
/// @param decide  (policy, first row, choices): as RowReplay::Decide, called from several threads
/// @return        in the order of the policies; empty if stopped
[[nodiscard]] std::vector<ReplayTotals>
replayPolicies(const PackedRows& rows, std::size_t policies,
               const std::function<void(std::size_t, std::size_t, std::span<std::uint8_t>)>& decide,
               const SweepOptions& options = {});

} // namespace signalbox
