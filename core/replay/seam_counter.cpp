// SPDX-License-Identifier: Apache-2.0
#include "seam_counter.h"

#include <algorithm>

namespace signalbox {

namespace {

/// What stands before each row in its conversation, for voices that never fail to answer. Without
/// a choice between two values, which the compiler takes for a branch.
void lineUp(const std::uint8_t* __restrict voices, const std::uint8_t* __restrict isFirst,
            std::size_t rows, std::uint8_t last, std::uint8_t none, std::uint8_t* __restrict from)
{
    from[0] = isFirst[0] ? none : last;
    for (std::size_t i = 1; i < rows; ++i) {
        const auto kept = static_cast<std::uint8_t>(isFirst[i] - 1); // all bits, or none of them
        from[i] = static_cast<std::uint8_t>((voices[i - 1] & kept) | (none & ~kept));
    }
}

} // namespace

SeamCounter::SeamCounter(const PackedRows& rows, std::size_t cells, Vectors vectors)
    : m_rows(&rows), m_kernels(&ReplayKernels::with(vectors)), m_voices(rows.voiceCount() + 1),
      m_cells(cells), m_counts(kLanes * cells * m_voices * m_voices, 0)
{}

template<bool areVoicesGiven, bool areCellsGiven>
void SeamCounter::countRows(const std::uint8_t* choices, std::size_t begin, std::size_t end,
                            const std::uint16_t* cellOf)
{
    const std::size_t voices = m_voices;
    const std::size_t none = voices - 1;
    const std::size_t table = voices * voices;
    const std::size_t lane = m_cells * table;
    const std::uint8_t* const isFirst = m_rows->isFirst().data();
    std::uint32_t* const counts = m_counts.data();
    std::size_t last = none;
    for (std::size_t row = begin; row < end; ++row) {
        const std::size_t from = isFirst[row] ? none : last;
        std::size_t voice = choices[row];
        if constexpr (areVoicesGiven) {
            voice = m_rows->voiceAt(row, voice);
            voice = voice == PackedRows::kUnanswered ? none : voice;
        }
        std::size_t at = (row % kLanes) * lane + from * voices + voice;
        if constexpr (areCellsGiven)
            at += cellOf[row] * table;
        ++counts[at];
        if constexpr (areVoicesGiven)
            last = voice == none ? from : voice;
        else
            last = voice;
    }
}

/// Lines up each row's voice with the one before, a block at a time, and counts pairs of bytes.
void SeamCounter::countBlocks(const std::uint8_t* choices, std::size_t begin, std::size_t end)
{
    constexpr std::size_t kBlock = PackedRows::kBlock;
    const auto none = static_cast<std::uint8_t>(m_voices - 1);
    const std::uint8_t* const isFirst = m_rows->isFirst().data();
    alignas(AlignedBytes::kLine) std::uint8_t from[kBlock];
    alignas(AlignedBytes::kLine) std::uint8_t to[kBlock];
    std::uint8_t last = none;
    for (std::size_t row = begin; row < end; row += kBlock) {
        const std::size_t rows = std::min(kBlock, end - row);
        if (m_rows->hasVoices()) {
            for (std::size_t i = 0; i < rows; ++i) {
                const std::uint8_t voice = m_rows->voiceAt(row + i, choices[row + i]);
                from[i] = isFirst[row + i] ? none : last;
                to[i] = voice == PackedRows::kUnanswered ? none : voice;
                last = voice == PackedRows::kUnanswered ? from[i] : voice;
            }
            m_kernels->countPairs(from, to, rows, m_voices, m_counts.data());
            continue;
        }
        lineUp(choices + row, isFirst + row, rows, last, none, from);
        last = choices[row + rows - 1];
        m_kernels->countPairs(from, choices + row, rows, m_voices, m_counts.data());
    }
}

void SeamCounter::count(const std::uint8_t* choices, std::size_t begin, std::size_t end,
                        const std::uint16_t* cellOf)
{
    if (!cellOf && m_kernels->countPairs && m_voices <= ReplayKernels::kMostPairLabels)
        return countBlocks(choices, begin, end);
    if (m_rows->hasVoices())
        cellOf ? countRows<true, true>(choices, begin, end, cellOf)
               : countRows<true, false>(choices, begin, end, cellOf);
    else
        cellOf ? countRows<false, true>(choices, begin, end, cellOf)
               : countRows<false, false>(choices, begin, end, cellOf);
}

void SeamCounter::add(const SeamCounter& other)
{
    for (std::size_t i = 0; i < m_counts.size(); ++i)
        m_counts[i] += other.m_counts[i];
}

std::uint64_t SeamCounter::pair(std::size_t cell, std::size_t from, std::size_t to) const
{
    const std::size_t table = m_voices * m_voices;
    std::uint64_t count = 0;
    for (std::size_t lane = 0; lane < kLanes; ++lane)
        count += m_counts[(lane * m_cells + cell) * table + from * m_voices + to];
    return count;
}

SeamSums SeamCounter::sums(const NoticeabilityTable& noticeability, std::size_t cell) const
{
    SeamSums sums;
    for (std::size_t from = 0; from + 1 < m_voices; ++from) {
        for (std::size_t to = 0; to + 1 < m_voices; ++to) {
            const std::uint64_t count = pair(cell, from, to);
            sums.seams += count;
            if (from != to)
                sums.loss += static_cast<std::int64_t>(count) * noticeability.at(from, to);
        }
    }
    return sums;
}

void keepFirstChoice(const PackedRows& rows, std::span<std::uint8_t> choices)
{
    const auto isFirst = rows.isFirst();
    std::uint8_t kept = 0;
    for (std::size_t row = 0; row < choices.size(); ++row) {
        kept = isFirst[row] ? choices[row] : kept;
        choices[row] = kept;
    }
}

} // namespace signalbox
