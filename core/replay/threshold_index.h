// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "packed_rows.h"
#include "replay_totals.h"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace signalbox {

/// A float as a whole number in the same order, for keys; -0 is 0. NaN is above infinity.
[[nodiscard]] inline std::uint32_t keyOf(float value)
{
    const auto bits = std::bit_cast<std::uint32_t>(value + 0.0F);
    return bits & 0x8000'0000U ? ~bits : bits | 0x8000'0000U;
}

/// What a threshold (or a ladder of them) over one signal decides: a row whose key is at or below
/// the first cut takes its choice of the first arm, one at or below the second cut that of the
/// second arm, …, and one above all cuts that of the last arm. So an arm is the policy with the
/// threshold out of the way on one side: rows that another rule takes, or whose signal is missing,
/// have the same choice in every arm.
struct ThresholdLadder
{
    /// Per row: any whole numbers in the order of the signal (keyOf(), or the codes of a
    /// CodedColumn). A policy that decides once per conversation has the first row's key and
    /// choices in all of its rows.
    std::span<const std::uint32_t> keys;
    /// At least two, each with a choice per row.
    std::vector<std::span<const std::uint8_t>> arms;

    [[nodiscard]] std::size_t cuts() const { return arms.size() - 1; }
};

/// Answers what the four numbers are at any position of a threshold without a pass over the rows:
/// rows sorted by key once, then, per cut, running sums of what changes when a row passes the cut,
/// and a running histogram of latencies per piece of rows. Cost, quality, seams and loss are sums
/// of integers and equal a full replay of the same choices to the last digit; p95 comes from its
/// bucket of latencies (0.4 to 0.8 % wide) by interpolation, or exactly from exactP95().
///
/// Seams are carried along where there is one cut: what a row's passing changes depends only on
/// which neighbours have passed before it, and those are the ones with smaller keys. For two cuts
/// see seam_surface.h.
///
/// Memory per row: 4 bytes and 16 per cut, and 5 with seams; and some 6 MB per cut. Building is
/// O(rows), a question O(buckets + rows of a piece), a piece being 1,024 rows up to a million of
/// them and a thousandth of them above. Immutable; may be shared between threads.
class ThresholdIndex
{
public:
    /// @param rows, ladder   have to live on, the spans of the ladder included
    /// @param noticeability  needs to live only while the index is built; null, or several cuts:
    ///                       seams and loss stay 0
    ThresholdIndex(const PackedRows& rows, ThresholdLadder ladder,
                   const NoticeabilityTable* noticeability = nullptr);

    /// @param cuts  ascending keys, one per cut
    [[nodiscard]] ReplayTotals at(std::span<const std::uint32_t> cuts) const;
    [[nodiscard]] ReplayTotals at(std::uint32_t cut) const { return at(std::span(&cut, 1)); }

    /// p95 of the very latencies. O(rows).
    [[nodiscard]] float exactP95(std::span<const std::uint32_t> cuts) const;

    /// The choices behind a position, one per row: what a full replay would be given.
    [[nodiscard]] std::vector<std::uint8_t> choicesAt(std::span<const std::uint32_t> cuts) const;

    /// Whether seams and loss are told.
    [[nodiscard]] bool hasSeams() const { return m_hasSeams; }
    [[nodiscard]] const PackedRows& rows() const { return *m_rows; }
    [[nodiscard]] const ThresholdLadder& ladder() const { return m_ladder; }
    [[nodiscard]] std::size_t byteCount() const;

private:
    /// What changes when a row passes a cut: it leaves the arm above for the arm below.
    struct Change
    {
        std::int64_t costPico = 0;
        std::int32_t quality = 0;
        std::uint16_t from = 0; ///< bucket in the arm above
        std::uint16_t to = 0;
    };
    struct Sums
    {
        std::int64_t costPico = 0;
        std::int64_t quality = 0;
        std::int64_t seams = 0;
        std::int64_t loss = 0;
    };
    struct Cut
    {
        std::vector<Change> changes;          ///< in the order of keys
        std::vector<Sums> before;             ///< per piece: of all changes before it
        std::vector<std::int32_t> histograms; ///< per piece, per bucket: likewise
    };

    void sortRows();
    void startAboveAllCuts();
    void buildCut(std::size_t cut);
    void buildSeams(const NoticeabilityTable& noticeability);
    [[nodiscard]] std::size_t passed(std::uint32_t cut) const;
    void addCut(const Cut& cut, std::size_t passed, Sums& sums, std::int32_t* histogram) const;
    void histogramAt(std::span<const std::uint32_t> cuts, Sums& sums,
                     std::vector<std::int32_t>& histogram) const;

    const PackedRows* m_rows;
    ThresholdLadder m_ladder;
    std::size_t m_pieceRows = 1024;
    bool m_hasSeams = false;
    std::vector<std::uint32_t> m_order; ///< rows by key, equal keys by row
    std::vector<std::uint32_t> m_keys;  ///< ascending
    Sums m_above;                       ///< with no row at or below any cut
    std::vector<std::int32_t> m_histogramAbove;
    std::vector<Cut> m_cuts;
    std::vector<std::int32_t> m_lossChanges; ///< in the order of keys; empty without seams
    std::vector<std::int8_t> m_seamChanges;
};

} // namespace signalbox
