// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "column.h"

#include <core/base/byte_store.h>
#include <core/base/result.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

namespace signalbox {

/// A text for each row, one behind the other in one block of bytes. Where a text ends is kept as 32
/// bits from the start of its group of 64. Reading is safe whatever the columns hold: a text whose
/// place cannot be is empty.
class TextColumn
{
public:
    static constexpr std::size_t kGroup = 64;

    Column<std::uint64_t> starts; ///< of each group, in the bytes
    Column<std::uint32_t> ends;   ///< of each text, from the start of its group
    Column<char> bytes;

    [[nodiscard]] std::size_t size() const { return ends.size(); }
    [[nodiscard]] bool empty() const { return ends.empty(); }
    [[nodiscard]] std::string_view operator[](std::size_t row) const;
    bool operator==(const TextColumn&) const = default;
};

/// Takes texts, one after the other.
class TextColumnBuilder
{
public:
    explicit TextColumnBuilder(ByteStore bytes = ByteStore()) : m_bytes(std::move(bytes)) {}

    /// TooLarge if a group of texts comes to 4 GiB.
    [[nodiscard]] Result<void> add(std::string_view text);
    [[nodiscard]] std::size_t size() const { return m_ends.size(); }
    /// Until the next add().
    [[nodiscard]] std::string_view operator[](std::size_t row) const;
    [[nodiscard]] TextColumn take();

private:
    std::vector<std::uint64_t> m_starts;
    std::vector<std::uint32_t> m_ends;
    ByteStore m_bytes;
};

/// A small number for each row, in as few bytes as the largest of them needs.
class CodeColumn
{
public:
    std::variant<Column<std::uint8_t>, Column<std::uint16_t>, Column<std::uint32_t>> codes;

    [[nodiscard]] std::size_t size() const
    {
        return std::visit([](const auto& narrow) { return narrow.size(); }, codes);
    }
    [[nodiscard]] std::uint32_t operator[](std::size_t row) const
    {
        return std::visit([row](const auto& narrow) -> std::uint32_t { return narrow[row]; },
                          codes);
    }
    /// @param largest  of the codes
    [[nodiscard]] static CodeColumn narrowed(const std::vector<std::uint32_t>& wide,
                                             std::uint32_t largest);
    bool operator==(const CodeColumn&) const = default;
};

/// A text for each row where rows say the same: every text once, numbered in the order in which the
/// rows bring them, and for each row the number of its own. Without rows if none says anything:
/// then each says "".
class NameColumn
{
public:
    CodeColumn codes;
    TextColumn names;

    [[nodiscard]] std::string_view operator[](std::size_t row) const
    {
        return row < codes.size() ? names[codes[row]] : std::string_view();
    }
    [[nodiscard]] bool empty() const { return codes.size() == 0; }
    bool operator==(const NameColumn&) const = default;
};

/// Numbers texts in the order in which they come.
class NameNumbers
{
public:
    [[nodiscard]] std::uint32_t numberOf(std::string_view name);
    [[nodiscard]] std::size_t size() const { return m_names.size(); }
    [[nodiscard]] std::string_view operator[](std::size_t number) const { return m_names[number]; }

private:
    void grow();

    TextColumnBuilder m_names;
    std::vector<std::uint32_t> m_slots;  ///< open addressing: number + 1, or 0
    std::vector<std::uint32_t> m_hashes; ///< per name
    std::uint32_t m_last = 0;
};

/// Takes the texts of rows in any order that is made good at the end.
class NameColumnBuilder
{
public:
    /// For the row `row`; rows that are left out say "".
    void set(std::size_t row, std::string_view name);

    /// @param order  the old row of each new one; empty: as they came
    [[nodiscard]] NameColumn take(std::size_t rows, const std::vector<std::uint32_t>& order);

private:
    NameNumbers m_names;
    std::vector<std::uint32_t> m_codes;
};

} // namespace signalbox
