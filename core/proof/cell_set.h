// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace signalbox {

/// Some of the cells that a signal's values are cut into, by their index. Sets that meet in an
/// operation are of one signal and so of one size.
class CellSet
{
public:
    CellSet() = default;
    explicit CellSet(std::size_t size) : m_size(size), m_words((size + kBits - 1) / kBits) {}

    [[nodiscard]] static CellSet all(std::size_t size)
    {
        CellSet set(size);
        set.addRange(0, size);
        return set;
    }
    [[nodiscard]] static CellSet only(std::size_t size, std::size_t cell)
    {
        CellSet set(size);
        set.add(cell);
        return set;
    }

    [[nodiscard]] std::size_t size() const { return m_size; }
    [[nodiscard]] bool has(std::size_t cell) const
    {
        return (m_words[cell / kBits] >> (cell % kBits) & 1U) != 0;
    }
    void add(std::size_t cell) { m_words[cell / kBits] |= std::uint64_t{1} << (cell % kBits); }
    void remove(std::size_t cell)
    {
        m_words[cell / kBits] &= ~(std::uint64_t{1} << (cell % kBits));
    }
    /// Cells from `first` to before `end`.
    void addRange(std::size_t first, std::size_t end)
    {
        for (std::size_t cell = first; cell < end; ++cell)
            add(cell);
    }

    [[nodiscard]] bool isEmpty() const
    {
        for (const std::uint64_t word : m_words) {
            if (word != 0)
                return false;
        }
        return true;
    }
    [[nodiscard]] std::size_t count() const
    {
        std::size_t count = 0;
        for (const std::uint64_t word : m_words)
            count += static_cast<std::size_t>(std::popcount(word));
        return count;
    }
    [[nodiscard]] bool isAll() const { return count() == m_size; }
    [[nodiscard]] bool isInside(const CellSet& other) const
    {
        for (std::size_t i = 0; i < m_words.size(); ++i) {
            if ((m_words[i] & ~other.m_words[i]) != 0)
                return false;
        }
        return true;
    }
    [[nodiscard]] bool meets(const CellSet& other) const
    {
        for (std::size_t i = 0; i < m_words.size(); ++i) {
            if ((m_words[i] & other.m_words[i]) != 0)
                return true;
        }
        return false;
    }
    /// The lowest cell at or behind `from`, or size() if there is none.
    [[nodiscard]] std::size_t next(std::size_t from = 0) const
    {
        for (std::size_t i = from / kBits; i < m_words.size(); ++i) {
            const std::uint64_t word =
                i == from / kBits ? m_words[i] & (~std::uint64_t{0} << (from % kBits)) : m_words[i];
            if (word != 0)
                return i * kBits + static_cast<std::size_t>(std::countr_zero(word));
        }
        return m_size;
    }
    /// The highest cell; size() if there is none.
    [[nodiscard]] std::size_t last() const
    {
        for (std::size_t i = m_words.size(); i-- > 0;) {
            if (m_words[i] != 0)
                return i * kBits + kBits - 1 -
                       static_cast<std::size_t>(std::countl_zero(m_words[i]));
        }
        return m_size;
    }

    CellSet& operator&=(const CellSet& other)
    {
        for (std::size_t i = 0; i < m_words.size(); ++i)
            m_words[i] &= other.m_words[i];
        return *this;
    }
    CellSet& operator|=(const CellSet& other)
    {
        for (std::size_t i = 0; i < m_words.size(); ++i)
            m_words[i] |= other.m_words[i];
        return *this;
    }
    CellSet& operator-=(const CellSet& other)
    {
        for (std::size_t i = 0; i < m_words.size(); ++i)
            m_words[i] &= ~other.m_words[i];
        return *this;
    }
    friend CellSet operator&(CellSet a, const CellSet& b) { return a &= b; }
    friend CellSet operator|(CellSet a, const CellSet& b) { return a |= b; }
    friend CellSet operator-(CellSet a, const CellSet& b) { return a -= b; }
    bool operator==(const CellSet&) const = default;

private:
    static constexpr std::size_t kBits = 64;

    std::size_t m_size = 0;
    std::vector<std::uint64_t> m_words;
};

/// Calls `visit(cell)` for each cell of the set, in order.
template<class Visit> void forEachCell(const CellSet& set, const Visit& visit)
{
    for (std::size_t cell = set.next(); cell < set.size(); cell = set.next(cell + 1))
        visit(cell);
}

} // namespace signalbox
