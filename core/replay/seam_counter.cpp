// SPDX-License-Identifier: Apache-2.0
#include "seam_counter.h"

#include <algorithm>

namespace signalbox {

SeamCounter::SeamCounter(const PackedRows& rows, std::size_t cells)
    : m_rows(&rows), m_voices(rows.voiceCount() + 1), m_cells(cells),
      m_counts(kLanes * cells * m_voices * m_voices, 0)
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

void SeamCounter::count(const std::uint8_t* choices, std::size_t begin, std::size_t end,
                        const std::uint16_t* cellOf)
{
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
