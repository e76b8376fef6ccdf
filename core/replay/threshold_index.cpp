// SPDX-License-Identifier: Apache-2.0
#include "threshold_index.h"

#include "row_replay.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <utility>

namespace signalbox {

namespace {

constexpr std::size_t kMostPieces = 1024;

struct KeyedRow
{
    std::uint32_t key = 0;
    std::uint32_t row = 0;
};

/// Least significant digit first, 11 bits at a time; digits that all keys share are skipped.
/// Stable.
void sortByKey(std::vector<KeyedRow>& rows)
{
    constexpr std::uint32_t kBits = 11;
    constexpr std::size_t kDigits = std::size_t{1} << kBits;
    std::array<std::array<std::uint32_t, kDigits>, 3> counts{};
    for (const KeyedRow& row : rows) {
        for (std::uint32_t pass = 0; pass < counts.size(); ++pass)
            ++counts[pass][row.key >> (kBits * pass) & (kDigits - 1)];
    }
    std::vector<KeyedRow> sorted(rows.size());
    for (std::uint32_t pass = 0; pass < counts.size(); ++pass) {
        auto& places = counts[pass];
        const auto digitOf = [pass](const KeyedRow& row) {
            return row.key >> (kBits * pass) & (kDigits - 1);
        };
        if (rows.empty() || places[digitOf(rows[0])] == rows.size())
            continue;
        std::uint32_t place = 0;
        for (std::uint32_t& count : places)
            place += std::exchange(count, place);
        for (const KeyedRow& row : rows)
            sorted[places[digitOf(row)]++] = row;
        rows.swap(sorted);
    }
}

void add(const std::int32_t* __restrict from, std::size_t count, std::int32_t* __restrict to)
{
    for (std::size_t i = 0; i < count; ++i)
        to[i] += from[i];
}

} // namespace

ThresholdIndex::ThresholdIndex(const PackedRows& rows, ThresholdLadder ladder,
                               const NoticeabilityTable* noticeability)
    : m_rows(&rows), m_ladder(std::move(ladder)),
      m_pieceRows(std::max<std::size_t>(1024, rows.rowCount() / kMostPieces + 1))
{
    assert(m_ladder.arms.size() >= 2 && m_ladder.keys.size() == rows.rowCount());
    sortRows();
    startAboveAllCuts();
    m_cuts.resize(m_ladder.cuts());
    m_hasSeams = noticeability && m_cuts.size() == 1;
    if (m_hasSeams)
        buildSeams(*noticeability);
    for (std::size_t cut = 0; cut < m_cuts.size(); ++cut)
        buildCut(cut);
}

void ThresholdIndex::sortRows()
{
    std::vector<KeyedRow> sorted(m_ladder.keys.size());
    for (std::uint32_t row = 0; row < sorted.size(); ++row)
        sorted[row] = {m_ladder.keys[row], row};
    sortByKey(sorted);
    m_order.reserve(sorted.size());
    m_keys.reserve(sorted.size());
    for (const KeyedRow& row : sorted) {
        m_order.push_back(row.row);
        m_keys.push_back(row.key);
    }
}

void ThresholdIndex::startAboveAllCuts()
{
    const std::span<const std::uint8_t> last = m_ladder.arms.back();
    m_histogramAbove.assign(m_rows->latencies().count(), 0);
    const ReplayTotals totals = RowReplay(*m_rows).replay(last).total;
    m_above.costPico = totals.costPico;
    m_above.quality = static_cast<std::int64_t>(totals.quality);
    for (std::size_t row = 0; row < last.size(); ++row)
        ++m_histogramAbove[m_rows->bucketAt(row, last[row])];
}

void ThresholdIndex::buildCut(std::size_t index)
{
    // In the order of rows first: there the columns are read one after the other, and one line of
    // the cache per row is then fetched out of order instead of six.
    const std::span<const std::uint8_t> below = m_ladder.arms[index];
    const std::span<const std::uint8_t> above = m_ladder.arms[index + 1];
    std::vector<Change> byRow(m_rows->rowCount());
    for (std::size_t row = 0; row < byRow.size(); ++row) {
        const std::size_t to = below[row];
        const std::size_t from = above[row];
        byRow[row] = {m_rows->costPicoAt(row, to) - m_rows->costPicoAt(row, from),
                      m_rows->qualityAt(row, to) - m_rows->qualityAt(row, from),
                      m_rows->bucketAt(row, from), m_rows->bucketAt(row, to)};
    }
    Cut& cut = m_cuts[index];
    const std::size_t buckets = m_rows->latencies().count();
    const std::size_t pieces = (byRow.size() + m_pieceRows - 1) / m_pieceRows;
    cut.changes.resize(byRow.size());
    cut.before.resize(pieces + 1);
    cut.histograms.assign((pieces + 1) * buckets, 0);
    Sums sums;
    std::vector<std::int32_t> histogram(buckets, 0);
    for (std::size_t piece = 0; piece < pieces; ++piece) {
        const std::size_t end = std::min(byRow.size(), (piece + 1) * m_pieceRows);
        for (std::size_t i = piece * m_pieceRows; i < end; ++i) {
            const Change& change = byRow[m_order[i]];
            cut.changes[i] = change;
            sums.costPico += change.costPico;
            sums.quality += change.quality;
            --histogram[change.from];
            ++histogram[change.to];
            if (!m_lossChanges.empty()) {
                sums.loss += m_lossChanges[i];
                sums.seams += m_seamChanges[i];
            }
        }
        cut.before[piece + 1] = sums;
        std::ranges::copy(histogram, cut.histograms.begin() +
                                         static_cast<std::ptrdiff_t>((piece + 1) * buckets));
    }
}

void ThresholdIndex::buildSeams(const NoticeabilityTable& noticeability)
{
    const std::span<const std::uint8_t> below = m_ladder.arms[0];
    const std::span<const std::uint8_t> above = m_ladder.arms[1];
    const auto starts = m_rows->conversationStarts();
    const auto keys = m_ladder.keys;
    std::vector<std::int32_t> lossByRow(m_rows->rowCount(), 0);
    std::vector<std::int8_t> seamsByRow(m_rows->rowCount(), 0);
    constexpr std::uint8_t kUnanswered = PackedRows::kUnanswered;
    for (std::size_t c = 0; c + 1 < starts.size(); ++c) {
        const std::size_t begin = starts[c];
        const std::size_t end = starts[c + 1];
        for (std::size_t row = begin; row < end; ++row) {
            const std::uint8_t before = m_rows->voiceAt(row, above[row]);
            const std::uint8_t after = m_rows->voiceAt(row, below[row]);
            if (before == after)
                continue;
            // The voice of another row at the moment when this one passes the cut.
            const auto voiceOf = [&](std::size_t other) {
                const bool hasPassed =
                    keys[other] < keys[row] || (keys[other] == keys[row] && other < row);
                return m_rows->voiceAt(other, hasPassed ? below[other] : above[other]);
            };
            std::uint8_t previous = kUnanswered;
            for (std::size_t other = row; other-- > begin && previous == kUnanswered;)
                previous = voiceOf(other);
            std::uint8_t next = kUnanswered;
            for (std::size_t other = row + 1; other < end && next == kUnanswered; ++other)
                next = voiceOf(other);
            const auto lossOf = [&](std::uint8_t a, std::uint8_t b) {
                return a == kUnanswered || b == kUnanswered ? 0 : noticeability.at(a, b);
            };
            const auto around = [&](std::uint8_t voice) {
                return voice == kUnanswered ? lossOf(previous, next)
                                            : lossOf(previous, voice) + lossOf(voice, next);
            };
            lossByRow[row] = around(after) - around(before);
            // With a neighbour to its left or right, a row that answers makes one seam more: two
            // instead of the one between the neighbours, or one instead of none.
            const bool hasNeighbour = previous != kUnanswered || next != kUnanswered;
            if (hasNeighbour)
                seamsByRow[row] = static_cast<std::int8_t>((before == kUnanswered ? 1 : 0) -
                                                           (after == kUnanswered ? 1 : 0));
        }
    }
    ReplayQuestion question;
    question.noticeability = &noticeability;
    const ReplayTotals totals = RowReplay(*m_rows).replay(above, question).total;
    m_above.seams = static_cast<std::int64_t>(totals.seams);
    m_above.loss = totals.loss;
    m_lossChanges.resize(lossByRow.size());
    m_seamChanges.resize(lossByRow.size());
    for (std::size_t i = 0; i < m_order.size(); ++i) {
        m_lossChanges[i] = lossByRow[m_order[i]];
        m_seamChanges[i] = seamsByRow[m_order[i]];
    }
}

/// Rows at or below a cut.
std::size_t ThresholdIndex::passed(std::uint32_t cut) const
{
    return static_cast<std::size_t>(std::ranges::upper_bound(m_keys, cut) - m_keys.begin());
}

/// Takes the sums at the nearest border of a piece and goes on from there row by row.
void ThresholdIndex::addCut(const Cut& cut, std::size_t passed, Sums& sums,
                            std::int32_t* histogram) const
{
    const std::size_t buckets = m_rows->latencies().count();
    std::size_t piece = passed / m_pieceRows;
    const std::size_t pieceEnd = std::min(m_order.size(), (piece + 1) * m_pieceRows);
    const bool isNearerToEnd =
        passed > piece * m_pieceRows && pieceEnd - passed < passed - piece * m_pieceRows;
    piece += isNearerToEnd ? 1 : 0;
    const Sums& before = cut.before[piece];
    sums.costPico += before.costPico;
    sums.quality += before.quality;
    sums.seams += before.seams;
    sums.loss += before.loss;
    add(cut.histograms.data() + piece * buckets, buckets, histogram);
    const std::int32_t sign = isNearerToEnd ? -1 : 1;
    const std::size_t first = isNearerToEnd ? passed : piece * m_pieceRows;
    const std::size_t last = isNearerToEnd ? pieceEnd : passed;
    Sums rest;
    for (std::size_t i = first; i < last; ++i) {
        const Change& change = cut.changes[i];
        rest.costPico += change.costPico;
        rest.quality += change.quality;
        histogram[change.from] -= sign;
        histogram[change.to] += sign;
    }
    if (!m_lossChanges.empty()) {
        for (std::size_t i = first; i < last; ++i) {
            rest.loss += m_lossChanges[i];
            rest.seams += m_seamChanges[i];
        }
    }
    sums.costPico += sign * rest.costPico;
    sums.quality += sign * rest.quality;
    sums.seams += sign * rest.seams;
    sums.loss += sign * rest.loss;
}

void ThresholdIndex::histogramAt(std::span<const std::uint32_t> cuts, Sums& sums,
                                 std::vector<std::int32_t>& histogram) const
{
    assert(cuts.size() == m_cuts.size() && std::ranges::is_sorted(cuts));
    sums = m_above;
    histogram = m_histogramAbove;
    for (std::size_t cut = 0; cut < m_cuts.size(); ++cut)
        addCut(m_cuts[cut], passed(cuts[cut]), sums, histogram.data());
}

ReplayTotals ThresholdIndex::at(std::span<const std::uint32_t> cuts) const
{
    Sums sums;
    std::vector<std::int32_t> histogram;
    histogramAt(cuts, sums, histogram);
    ReplayTotals totals;
    totals.requests = m_rows->rowCount();
    totals.costPico = sums.costPico;
    totals.quality = static_cast<std::uint64_t>(sums.quality);
    totals.seams = static_cast<std::uint64_t>(sums.seams);
    totals.loss = sums.loss;
    // Counts of whole histograms are not negative, so that their bits are those of unsigned ones.
    const std::span<const std::uint32_t> counts(
        reinterpret_cast<const std::uint32_t*>(histogram.data()), histogram.size());
    totals.latencyP95Ms = p95Within(m_rows->latencies(), counts, totals.requests);
    return totals;
}

float ThresholdIndex::exactP95(std::span<const std::uint32_t> cuts) const
{
    return RowReplay(*m_rows).replay(choicesAt(cuts)).total.latencyP95Ms;
}

std::vector<std::uint8_t> ThresholdIndex::choicesAt(std::span<const std::uint32_t> cuts) const
{
    std::vector<std::uint8_t> choices(m_rows->rowCount());
    for (std::size_t row = 0; row < choices.size(); ++row) {
        std::size_t arm = 0;
        for (const std::uint32_t cut : cuts)
            arm += m_ladder.keys[row] > cut ? 1 : 0;
        choices[row] = m_ladder.arms[arm][row];
    }
    return choices;
}

std::size_t ThresholdIndex::byteCount() const
{
    std::size_t bytes =
        (m_order.size() + m_keys.size() + m_lossChanges.size()) * 4 + m_seamChanges.size();
    for (const Cut& cut : m_cuts)
        bytes += cut.changes.size() * sizeof(Change) + cut.before.size() * sizeof(Sums) +
                 cut.histograms.size() * sizeof(std::int32_t);
    return bytes;
}

} // namespace signalbox
