// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "packed_rows.h"
#include "replay_kernels.h"
#include "replay_totals.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace signalbox {

/// What to measure beside cost, mean quality and p95.
struct ReplayQuestion
{
    /// Over the rows' voices; null: seams are not looked at.
    const NoticeabilityTable* noticeability = nullptr;
    bool perSlice = false;               ///< tables per segment and per tier
    bool isStickyByConversation = false; ///< the first turn's choice serves the conversation
    /// Per choice, from 0: what tiers tell apart. Empty: each choice is one.
    std::span<const std::uint8_t> tierOf = {};
};

/// Seams of an ordered pair of voices.
struct VoiceSeams
{
    std::uint8_t from = 0;
    std::uint8_t to = 0;
    std::uint64_t seams = 0;
};

struct ReplayAnswer
{
    ReplayTotals total;
    std::vector<std::uint64_t> requestsOf; ///< per choice
    std::vector<ReplayTotals> segments;    ///< only if asked for; seams are those into its answers
    std::vector<ReplayTotals> tiers;       ///< likewise
    std::vector<VoiceSeams> seams;         ///< that occur, the same voice included
};

/// Replays a policy that is decided already: a choice per row in, its four numbers out. p95 is the
/// ceil(0.95 n)-th smallest latency, exactly; all else is a sum of integers, so that neither the
/// number of threads nor the vectors matter. Keeps its working memory (about 5 bytes a row) for the
/// next replay; one instance per thread.
class RowReplay
{
public:
    /// Writes the choices of the rows from `firstRow` on, as many as the span has, each below
    /// choiceCount(). Asked for block after block, from several threads at once if there are.
    using Decide = std::function<void(std::size_t firstRow, std::span<std::uint8_t> choices)>;

    /// @param rows     has to live on
    /// @param threads  that share the work; small traffic is not split
    explicit RowReplay(const PackedRows& rows, unsigned threads = 1,
                       Vectors vectors = bestVectors());

    [[nodiscard]] ReplayAnswer replay(const Decide& decide, const ReplayQuestion& question = {});
    /// @param choices  one per row
    [[nodiscard]] ReplayAnswer replay(std::span<const std::uint8_t> choices,
                                      const ReplayQuestion& question = {});

    /// Of the last replay, one per row.
    [[nodiscard]] std::span<const std::uint8_t> choices() const
    {
        return std::span(m_choices).first(m_rows->rowCount());
    }

private:
    struct Part;
    struct Slices;

    void measureBlock(std::size_t block, Part& part, const Slices* slices);
    void countCells(std::size_t block, Part& part, const Slices& slices);
    [[nodiscard]] std::int64_t costPicoOf(const Part& part) const;
    void measureSlices(const std::vector<Part>& parts, const Slices& slices,
                       ReplayAnswer& answer) const;
    void measureSeams(const ReplayQuestion& question, const Slices* slices, ReplayAnswer& answer);
    [[nodiscard]] float exactP95(std::span<const std::uint32_t> histogram,
                                 std::uint64_t requests) const;
    [[nodiscard]] std::vector<std::vector<std::uint32_t>>
    sliceHistograms(const std::vector<Part>& parts, const Slices& slices) const;
    void findSliceP95(const std::vector<Part>& parts, const Slices& slices,
                      ReplayAnswer& answer) const;
    template<class Work> void inParts(std::size_t count, const Work& work) const;

    const PackedRows* m_rows;
    unsigned m_threads;
    Vectors m_vectors;
    const ReplayKernels* m_kernels;
    std::vector<std::uint8_t> m_choices;  ///< whole blocks
    std::vector<std::uint16_t> m_buckets; ///< of each row's choice; whole blocks
    std::vector<std::uint16_t> m_cells;   ///< segment and tier of each row, if asked for
};

} // namespace signalbox
