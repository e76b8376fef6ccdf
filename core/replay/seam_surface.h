// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "seam_counter.h"
#include "threshold_index.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace signalbox {

/// Seams and their loss at every crossing of some first cuts with some second cuts of a ladder of
/// three arms: a table, filled by one pass over the conversations.
///
/// For two answers in a row, a the one with the smaller key and b the other, f[r][s] the loss with
/// a served by arm r and b by arm s, and [k <= t] 1 or 0, the loss at cuts t1 <= t2 is
///   f22 + (f12 - f22)[a <= t2] + (f02 - f12)[a <= t1] + (f11 - f12)[b <= t2] + (f00 - f01)[b <=
///   t1]
///     + (f12 - f02 - f11 + f01)[a <= t1][b <= t2]
/// so one corner of the table and four of its borders change per pair, and running sums over both
/// directions make the surface. Conversations in which some row may stay unanswered have no fixed
/// pairs; all their cases are enumerated (differences of second order), or, above kMostCases rows,
/// looked up row by row at each question.
class SeamSurface
{
public:
    /// @param rows, ladder, noticeability  have to live on
    /// @param firstCuts, secondCuts        ascending, each once; their product is the size of the
    ///                                     table
    SeamSurface(const PackedRows& rows, const ThresholdLadder& ladder,
                const NoticeabilityTable& noticeability, std::vector<std::uint32_t> firstCuts,
                std::vector<std::uint32_t> secondCuts);

    /// At firstCuts[first] and secondCuts[second], the former not above the latter.
    [[nodiscard]] SeamSums at(std::size_t first, std::size_t second) const;

private:
    static constexpr std::size_t kMostCases = 48;

    void addPairs(std::size_t begin, std::size_t end);
    void addCases(std::size_t begin, std::size_t end);
    void runSums();
    [[nodiscard]] std::uint8_t voiceAt(std::size_t row, std::size_t arm) const
    {
        return m_rows->voiceAt(row, m_ladder->arms[arm][row]);
    }
    template<class ArmOf>
    [[nodiscard]] SeamSums sumsOf(std::size_t begin, std::size_t end, const ArmOf& armOf) const;
    [[nodiscard]] std::size_t firstCell(std::uint32_t key) const;
    [[nodiscard]] std::size_t secondCell(std::uint32_t key) const;

    const PackedRows* m_rows;
    const ThresholdLadder* m_ladder;
    const NoticeabilityTable* m_noticeability;
    std::vector<std::uint32_t> m_firstCuts;
    std::vector<std::uint32_t> m_secondCuts;
    SeamSums m_always;
    // One cell more in each direction, for keys above all cuts.
    std::vector<std::int64_t> m_loss;
    std::vector<std::int64_t> m_seams; ///< beside m_always; empty where pairs are fixed
    std::vector<std::int64_t> m_lossByFirst;
    std::vector<std::int64_t> m_lossBySecond;
    std::vector<std::uint32_t> m_longConversations; ///< with rows that may stay unanswered
};

} // namespace signalbox
