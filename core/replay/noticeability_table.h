// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace signalbox {

/// nu of each pair of voices (measures.md section 3) as whole numbers of 2^-28, symmetric, 0 for a
/// voice with itself. Losses are then sums of integers: the same whatever the order or the number
/// of threads, and the same whether counted anew or carried along while a threshold moves. What is
/// lost is at most 2^-29 (1.9e-9) of C.
class NoticeabilityTable
{
public:
    static constexpr std::uint32_t kOne = 1U << 28;

    NoticeabilityTable() = default;
    explicit NoticeabilityTable(std::size_t voices) : m_voices(voices), m_values(voices * voices) {}

    /// @param noticeability  0 to 1
    void set(std::size_t a, std::size_t b, double noticeability);
    [[nodiscard]] std::int32_t at(std::size_t a, std::size_t b) const
    {
        return m_values[a * m_voices + b];
    }
    [[nodiscard]] std::size_t voices() const { return m_voices; }

private:
    std::size_t m_voices = 0;
    std::vector<std::int32_t> m_values;
};

} // namespace signalbox
