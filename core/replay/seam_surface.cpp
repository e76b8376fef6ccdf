// SPDX-License-Identifier: Apache-2.0
#include "seam_surface.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace signalbox {

namespace {

/// First cut at or above a key: the row has passed this one and all after it.
std::size_t cellOf(const std::vector<std::uint32_t>& cuts, std::uint32_t key)
{
    return static_cast<std::size_t>(std::ranges::lower_bound(cuts, key) - cuts.begin());
}

} // namespace

SeamSurface::SeamSurface(const PackedRows& rows, const ThresholdLadder& ladder,
                         const NoticeabilityTable& noticeability,
                         std::vector<std::uint32_t> firstCuts,
                         std::vector<std::uint32_t> secondCuts)
    : m_rows(&rows), m_ladder(&ladder), m_noticeability(&noticeability),
      m_firstCuts(std::move(firstCuts)), m_secondCuts(std::move(secondCuts)),
      m_loss((m_firstCuts.size() + 1) * (m_secondCuts.size() + 1), 0),
      m_lossByFirst(m_firstCuts.size() + 1, 0), m_lossBySecond(m_secondCuts.size() + 1, 0)
{
    assert(ladder.arms.size() == 3);
    const auto starts = rows.conversationStarts();
    for (std::uint32_t c = 0; c + 1 < starts.size(); ++c) {
        const std::size_t begin = starts[c];
        const std::size_t end = starts[c + 1];
        if (!rows.mayStayUnanswered(c))
            addPairs(begin, end);
        else if (end - begin <= kMostCases)
            addCases(begin, end);
        else
            m_longConversations.push_back(c);
    }
    runSums();
}

std::size_t SeamSurface::firstCell(std::uint32_t key) const
{
    return cellOf(m_firstCuts, key);
}

std::size_t SeamSurface::secondCell(std::uint32_t key) const
{
    return cellOf(m_secondCuts, key);
}

void SeamSurface::addPairs(std::size_t begin, std::size_t end)
{
    m_always.seams += end - begin - 1;
    struct Cells
    {
        std::size_t first = 0;
        std::size_t second = 0;
    };
    const auto cellsOf = [this](std::size_t row) {
        const std::uint32_t key = m_ladder->keys[row];
        return Cells{firstCell(key), secondCell(key)};
    };
    if (end - begin < 2)
        return;
    Cells previousCells = cellsOf(begin);
    const std::size_t width = m_secondCuts.size() + 1;
    for (std::size_t row = begin + 1; row < end; ++row) {
        const Cells cells = cellsOf(row);
        const bool isPreviousLower = m_ladder->keys[row - 1] <= m_ladder->keys[row];
        const std::size_t lower = isPreviousLower ? row - 1 : row;
        const std::size_t upper = isPreviousLower ? row : row - 1;
        const Cells& a = isPreviousLower ? previousCells : cells;
        const Cells& b = isPreviousLower ? cells : previousCells;
        const auto loss = [&](std::size_t r, std::size_t s) {
            return std::int64_t{m_noticeability->at(voiceAt(lower, r), voiceAt(upper, s))};
        };
        const std::int64_t f02 = loss(0, 2);
        const std::int64_t f12 = loss(1, 2);
        const std::int64_t f22 = loss(2, 2);
        const std::int64_t f01 = loss(0, 1);
        const std::int64_t f11 = loss(1, 1);
        m_always.loss += f22;
        m_lossBySecond[a.second] += f12 - f22;
        m_lossByFirst[a.first] += f02 - f12;
        m_lossBySecond[b.second] += f11 - f12;
        m_lossByFirst[b.first] += loss(0, 0) - f01;
        m_loss[a.first * width + b.second] += f12 - f02 - f11 + f01;
        previousCells = cells;
    }
}

template<class ArmOf>
SeamSums SeamSurface::sumsOf(std::size_t begin, std::size_t end, const ArmOf& armOf) const
{
    SeamSums sums;
    std::uint8_t last = PackedRows::kUnanswered;
    for (std::size_t row = begin; row < end; ++row) {
        const std::uint8_t voice = voiceAt(row, armOf(row));
        if (voice == PackedRows::kUnanswered)
            continue;
        if (last != PackedRows::kUnanswered) {
            ++sums.seams;
            sums.loss += m_noticeability->at(last, voice);
        }
        last = voice;
    }
    return sums;
}

/// Case (x, y): the x smallest keys have passed the first cut, the y smallest the second.
void SeamSurface::addCases(std::size_t begin, std::size_t end)
{
    if (m_seams.empty())
        m_seams.assign(m_loss.size(), 0);
    std::vector<std::uint32_t> keys(m_ladder->keys.begin() + static_cast<std::ptrdiff_t>(begin),
                                    m_ladder->keys.begin() + static_cast<std::ptrdiff_t>(end));
    std::ranges::sort(keys);
    keys.erase(std::ranges::unique(keys).begin(), keys.end());
    const std::size_t count = keys.size() + 1;
    std::vector<SeamSums> cases(count * count);
    const auto hasPassed = [&](std::size_t row, std::size_t smallest) {
        return smallest > 0 && m_ladder->keys[row] <= keys[smallest - 1];
    };
    for (std::size_t x = 0; x < count; ++x) {
        for (std::size_t y = x; y < count; ++y)
            cases[x * count + y] = sumsOf(begin, end, [&](std::size_t row) -> std::size_t {
                return hasPassed(row, x) ? 0 : hasPassed(row, y) ? 1 : 2;
            });
        // Never asked for, as the first cut is not above the second: any values do.
        for (std::size_t y = 0; y < x; ++y)
            cases[x * count + y] = cases[y * count + y];
    }
    const std::size_t width = m_secondCuts.size() + 1;
    const auto at = [&](std::size_t x, std::size_t y) {
        return x > 0 && y > 0 ? cases[(x - 1) * count + y - 1] : SeamSums();
    };
    for (std::size_t x = 1; x <= count; ++x) {
        const std::size_t first = x == 1 ? 0 : firstCell(keys[x - 2]);
        for (std::size_t y = 1; y <= count; ++y) {
            const std::size_t second = y == 1 ? 0 : secondCell(keys[y - 2]);
            const std::size_t cell = first * width + second;
            m_loss[cell] +=
                at(x, y).loss - at(x - 1, y).loss - at(x, y - 1).loss + at(x - 1, y - 1).loss;
            m_seams[cell] += static_cast<std::int64_t>(at(x, y).seams - at(x - 1, y).seams -
                                                       at(x, y - 1).seams + at(x - 1, y - 1).seams);
        }
    }
}

void SeamSurface::runSums()
{
    const std::size_t width = m_secondCuts.size() + 1;
    for (std::vector<std::int64_t>* table : {&m_loss, &m_seams}) {
        for (std::size_t i = 0; i < table->size(); ++i) {
            if (i % width > 0)
                (*table)[i] += (*table)[i - 1];
        }
        for (std::size_t i = width; i < table->size(); ++i)
            (*table)[i] += (*table)[i - width];
    }
    for (std::vector<std::int64_t>* border : {&m_lossByFirst, &m_lossBySecond}) {
        for (std::size_t i = 1; i < border->size(); ++i)
            (*border)[i] += (*border)[i - 1];
    }
}

SeamSums SeamSurface::at(std::size_t first, std::size_t second) const
{
    const std::size_t cell = first * (m_secondCuts.size() + 1) + second;
    SeamSums sums = m_always;
    sums.loss += m_lossByFirst[first] + m_lossBySecond[second] + m_loss[cell];
    if (!m_seams.empty())
        sums.seams += static_cast<std::uint64_t>(m_seams[cell]);
    for (const std::uint32_t c : m_longConversations)
        sums +=
            sumsOf(m_rows->conversationStarts()[c], m_rows->conversationStarts()[c + 1],
                   [&](std::size_t row) -> std::size_t {
                       const std::uint32_t key = m_ladder->keys[row];
                       return key <= m_firstCuts[first] ? 0 : key <= m_secondCuts[second] ? 1 : 2;
                   });
    return sums;
}

} // namespace signalbox
