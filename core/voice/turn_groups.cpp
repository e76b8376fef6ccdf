// SPDX-License-Identifier: Apache-2.0
#include "turn_groups.h"

#include <map>

namespace signalbox {

TurnGroups::TurnGroups(std::vector<std::size_t> conversations,
                       const std::vector<std::optional<std::size_t>>& before)
    : m_groupOf(std::move(conversations))
{
    std::map<std::size_t, std::size_t> numbers;
    for (std::size_t row = 0; row < m_groupOf.size(); ++row) {
        const auto [place, isNew] = numbers.try_emplace(m_groupOf[row], numbers.size());
        m_groupOf[row] = place->second;
        if (isNew)
            m_rows.emplace_back();
        m_rows[place->second].push_back(row);
    }
    for (std::size_t row = 0; row < before.size(); ++row) {
        if (before[row])
            m_pairs.emplace_back(*before[row], row);
    }
    if (m_rows.size() == m_groupOf.size()) { // every row for itself
        m_groupOf.clear();
        m_rows.clear();
        m_pairs.clear();
    }
}

void TurnGroups::draw(Random& random, std::size_t rows, std::vector<std::uint32_t>& drawn) const
{
    drawn.clear();
    for (std::size_t i = 0; i < count(rows); ++i) {
        const std::size_t group = random.below(count(rows));
        if (isEmpty()) {
            drawn.push_back(static_cast<std::uint32_t>(group));
            continue;
        }
        for (const std::size_t row : m_rows[group])
            drawn.push_back(static_cast<std::uint32_t>(row));
    }
}

} // namespace signalbox
