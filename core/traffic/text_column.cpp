// SPDX-License-Identifier: Apache-2.0
#include "text_column.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <span>
#include <utility>

namespace signalbox {

namespace {

constexpr std::uint32_t kNone = 0xffffffff;

template<class T> CodeColumn narrowedTo(const std::vector<std::uint32_t>& wide)
{
    std::vector<T> narrow(wide.size());
    std::ranges::transform(wide, narrow.begin(),
                           [](std::uint32_t code) { return static_cast<T>(code); });
    return {Column<T>(std::move(narrow))};
}

} // namespace

std::string_view TextColumn::operator[](std::size_t row) const
{
    const std::size_t group = row / kGroup;
    if (row >= ends.size() || group >= starts.size())
        return {};
    const std::uint64_t start = starts[group];
    const std::uint64_t begin = row % kGroup == 0 ? 0 : ends[row - 1];
    const std::uint64_t end = ends[row];
    if (begin > end || start > bytes.size() || end > bytes.size() - start)
        return {};
    return {bytes.data() + start + begin, static_cast<std::size_t>(end - begin)};
}

Result<void> TextColumnBuilder::add(std::string_view text)
{
    if (m_ends.size() % TextColumn::kGroup == 0)
        m_starts.push_back(m_bytes.size());
    const std::uint64_t end = m_bytes.size() - m_starts.back() + text.size();
    if (end > std::numeric_limits<std::uint32_t>::max())
        return fail(ErrorCode::TooLarge, "texts that follow each other are more than 4 GiB");
    if (!m_bytes.append(text))
        return Unexpected(*m_bytes.error());
    m_ends.push_back(static_cast<std::uint32_t>(end));
    return {};
}

std::string_view TextColumnBuilder::operator[](std::size_t row) const
{
    const std::size_t start = m_starts[row / TextColumn::kGroup];
    const std::size_t begin = row % TextColumn::kGroup == 0 ? 0 : m_ends[row - 1];
    return m_bytes.bytes().substr(start + begin, m_ends[row] - begin);
}

TextColumn TextColumnBuilder::take()
{
    TextColumn column;
    column.starts = std::exchange(m_starts, {});
    column.ends = std::exchange(m_ends, {});
    if (m_bytes.size() > 0)
        column.bytes = Column<char>(std::span<const char>(m_bytes.bytes()), m_bytes.holder());
    m_bytes = ByteStore();
    return column;
}

CodeColumn CodeColumn::narrowed(const std::vector<std::uint32_t>& wide, std::uint32_t largest)
{
    if (largest <= std::numeric_limits<std::uint8_t>::max())
        return narrowedTo<std::uint8_t>(wide);
    if (largest <= std::numeric_limits<std::uint16_t>::max())
        return narrowedTo<std::uint16_t>(wide);
    return {Column<std::uint32_t>(wide)};
}

std::uint32_t NameNumbers::numberOf(std::string_view name)
{
    // Neighbouring rows often say the same.
    if (m_last < size() && m_names[m_last] == name)
        return m_last;
    if (m_slots.size() < (size() + 1) * 2)
        grow();
    const std::size_t mask = m_slots.size() - 1;
    const auto hash = static_cast<std::uint32_t>(std::hash<std::string_view>()(name));
    std::size_t slot = hash & mask;
    for (; m_slots[slot] != 0; slot = (slot + 1) & mask) {
        const std::uint32_t number = m_slots[slot] - 1;
        if (m_hashes[number] == hash && m_names[number] == name)
            return m_last = number;
    }
    m_last = static_cast<std::uint32_t>(size());
    // Names are short and stay in memory: what can fail for them is memory alone.
    if (!m_names.add(name))
        std::ignore = m_names.add({});
    m_hashes.push_back(hash);
    m_slots[slot] = m_last + 1;
    return m_last;
}

void NameNumbers::grow()
{
    m_slots.assign(std::max<std::size_t>(64, m_slots.size() * 2), 0);
    const std::size_t mask = m_slots.size() - 1;
    for (std::uint32_t number = 0; number < m_hashes.size(); ++number) {
        std::size_t slot = m_hashes[number] & mask;
        while (m_slots[slot] != 0)
            slot = (slot + 1) & mask;
        m_slots[slot] = number + 1;
    }
}

void NameColumnBuilder::set(std::size_t row, std::string_view name)
{
    if (m_codes.size() <= row) {
        if (name.empty())
            return;
        m_codes.resize(row, kNone);
        m_codes.push_back(m_names.numberOf(name));
        return;
    }
    m_codes[row] = name.empty() ? kNone : m_names.numberOf(name);
}

NameColumn NameColumnBuilder::take(std::size_t rows, const std::vector<std::uint32_t>& order)
{
    NameColumn column;
    if (std::ranges::all_of(m_codes, [](std::uint32_t code) { return code == kNone; }))
        return column;
    m_codes.resize(rows, kNone);
    // Numbered anew as the rows stand, so that equal rows give equal columns.
    std::vector<std::uint32_t> newNumber(m_names.size() + 1, kNone);
    TextColumnBuilder names;
    std::vector<std::uint32_t> codes(rows);
    for (std::size_t row = 0; row < rows; ++row) {
        const std::uint32_t old = m_codes[order.empty() ? row : order[row]];
        const std::size_t at = old == kNone ? m_names.size() : old;
        if (newNumber[at] == kNone) {
            newNumber[at] = static_cast<std::uint32_t>(names.size());
            std::ignore = names.add(old == kNone ? std::string_view() : m_names[old]);
        }
        codes[row] = newNumber[at];
    }
    const auto largest = static_cast<std::uint32_t>(names.size() - 1);
    column.codes = CodeColumn::narrowed(codes, largest);
    column.names = names.take();
    return column;
}

} // namespace signalbox
