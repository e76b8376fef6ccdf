// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "packed_rows.h"
#include "replay_kernels.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace signalbox {

/// Seams of some part of the traffic and what they lose.
struct SeamSums
{
    std::uint64_t seams = 0;
    std::int64_t loss = 0; ///< parts of NoticeabilityTable::kOne
    SeamSums& operator+=(const SeamSums& other)
    {
        seams += other.seams;
        loss += other.loss;
        return *this;
    }
    bool operator==(const SeamSums&) const = default;
};

/// Counts consecutive answers of conversations by the pair of voices that gave them, and, where
/// asked, by the cell (a part of the traffic) of the later one. First turns do not count; a turn
/// that nobody answered is passed over. Not for several threads: count parts, then add them.
class SeamCounter
{
public:
    explicit SeamCounter(const PackedRows& rows, std::size_t cells = 1,
                         Vectors vectors = bestVectors());

    /// Rows `begin` to `end`, both where a conversation begins or the traffic ends.
    /// @param choices  of all rows
    /// @param cellOf   of all rows; null: all in cell 0
    void count(const std::uint8_t* choices, std::size_t begin, std::size_t end,
               const std::uint16_t* cellOf = nullptr);

    void add(const SeamCounter& other);

    [[nodiscard]] std::uint64_t pair(std::size_t cell, std::size_t from, std::size_t to) const;
    [[nodiscard]] SeamSums sums(const NoticeabilityTable& noticeability, std::size_t cell) const;

private:
    static constexpr std::size_t kLanes = 4; ///< the same pair often follows itself

    const PackedRows* m_rows;
    const ReplayKernels* m_kernels;
    std::size_t m_voices; ///< and one more for none
    std::size_t m_cells;
    std::vector<std::uint32_t> m_counts; ///< lane, cell, from, to

    void countBlocks(const std::uint8_t* choices, std::size_t begin, std::size_t end);
    template<bool areVoicesGiven, bool areCellsGiven>
    void countRows(const std::uint8_t* choices, std::size_t begin, std::size_t end,
                   const std::uint16_t* cellOf);
};

/// The choice of each conversation's first row, for all of its rows: what becomes of choices where
/// a policy decides once per conversation. In place.
void keepFirstChoice(const PackedRows& rows, std::span<std::uint8_t> choices);

} // namespace signalbox
