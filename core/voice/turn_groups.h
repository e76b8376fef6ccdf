// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <core/base/random.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace signalbox {

/// Which rows of a panel are turns of one conversation. Such rows are no independent draws: a
/// classifier learns and judges them together, a resample takes all of them or none, and two of
/// them are never compared as if they were two prompts. Rows that it does not name, and all of an
/// empty one, stand for themselves. A value.
class TurnGroups
{
public:
    TurnGroups() = default;
    /// @param conversations  by row: rows of one number are one conversation
    /// @param before         by row: that of the turn right before, if it is a row
    TurnGroups(std::vector<std::size_t> conversations,
               const std::vector<std::optional<std::size_t>>& before);

    /// Whether any conversation has two rows.
    [[nodiscard]] bool isEmpty() const { return m_groupOf.empty(); }
    /// Numbered as they come, without gaps. @return row if every row stands for itself
    [[nodiscard]] std::size_t groupOf(std::size_t row) const
    {
        return row < m_groupOf.size() ? m_groupOf[row] : row;
    }
    [[nodiscard]] std::size_t count(std::size_t rows) const
    {
        return isEmpty() ? rows : m_rows.size();
    }
    /// All rows of the conversation of this row.
    [[nodiscard]] std::span<const std::size_t> rowsBeside(const std::size_t& row) const
    {
        return isEmpty() ? std::span(&row, 1) : std::span(m_rows[m_groupOf[row]]);
    }
    /// Consecutive turns: the earlier row, the later row.
    [[nodiscard]] const std::vector<std::pair<std::size_t, std::size_t>>& pairs() const
    {
        return m_pairs;
    }
    /// As many conversations as there are, drawn with replacement, each with all of its rows.
    void draw(Random& random, std::size_t rows, std::vector<std::uint32_t>& drawn) const;

private:
    std::vector<std::size_t> m_groupOf;           ///< by row
    std::vector<std::vector<std::size_t>> m_rows; ///< by group
    std::vector<std::pair<std::size_t, std::size_t>> m_pairs;
};

} // namespace signalbox
