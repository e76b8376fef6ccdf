// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cassert>
#include <cstddef>
#include <cstring>
#include <initializer_list>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

namespace signalbox {

/// A number for each row: its own, or a view of memory that somebody maps. Reads like a vector. A
/// view that is written to becomes a copy of its own; const use is safe from several threads.
template<class T> class Column
{
    static_assert(std::is_trivially_copyable_v<T>);

public:
    using value_type = T;

    Column() = default;
    Column(std::initializer_list<T> values) : m_own(values) {}
    Column(std::vector<T> values) : m_own(std::move(values)) {} // NOLINT: reads like one
    /// @param keeper  keeps the values where they are
    Column(std::span<const T> values, std::shared_ptr<const void> keeper)
        : m_view(values), m_keeper(std::move(keeper))
    {}

    [[nodiscard]] std::size_t size() const { return span().size(); }
    [[nodiscard]] bool empty() const { return size() == 0; }
    [[nodiscard]] const T* data() const { return span().data(); }
    [[nodiscard]] const T* begin() const { return data(); }
    [[nodiscard]] const T* end() const { return data() + size(); }
    [[nodiscard]] const T& operator[](std::size_t row) const
    {
        assert(row < size());
        return data()[row];
    }
    [[nodiscard]] const T& front() const { return (*this)[0]; }
    [[nodiscard]] const T& back() const { return (*this)[size() - 1]; }
    [[nodiscard]] std::span<const T> span() const
    {
        return m_keeper ? m_view : std::span<const T>(m_own);
    }
    /// The value of a row, or of every row where the column is left out because none has one.
    [[nodiscard]] T at(std::size_t row, T whereNone) const
    {
        const std::span<const T> values = span();
        return row < values.size() ? values[row] : whereNone;
    }

    [[nodiscard]] T& operator[](std::size_t row) { return own()[row]; }
    void push_back(const T& value) { own().push_back(value); }
    void reserve(std::size_t rows) { own().reserve(rows); }
    void resize(std::size_t rows, const T& value = {}) { own().resize(rows, value); }

    /// To the bit, so that "not a number" equals itself.
    friend bool operator==(const Column& a, const Column& b)
    {
        return a.size() == b.size() &&
               (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0);
    }

private:
    std::vector<T>& own()
    {
        if (m_keeper) {
            m_own.assign(m_view.begin(), m_view.end());
            m_keeper.reset();
        }
        return m_own;
    }

    std::vector<T> m_own;
    std::span<const T> m_view;
    std::shared_ptr<const void> m_keeper;
};

} // namespace signalbox
