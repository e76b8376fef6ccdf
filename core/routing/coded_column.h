// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "signal_slot.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

namespace signalbox {

/// One signal's values over many requests: every value once, and for each request the number of its
/// value, in as few bytes as there are values. What is asked of a value is then asked once for all
/// requests that have it. Numbers ascend, so that a comparison holds for neighbouring codes.
class CodedColumn
{
public:
    using Codes = std::variant<std::vector<std::uint8_t>, std::vector<std::uint16_t>,
                               std::vector<std::uint32_t>>;

    CodedColumn() = default;
    // The values point into the texts.
    CodedColumn(const CodedColumn&) = delete;
    CodedColumn& operator=(const CodedColumn&) = delete;
    CodedColumn(CodedColumn&&) noexcept = default;
    CodedColumn& operator=(CodedColumn&&) noexcept = default;

    [[nodiscard]] std::span<const SignalSlot> values() const { return m_values; }
    [[nodiscard]] const Codes& codes() const { return m_codes; }
    [[nodiscard]] std::size_t rowCount() const
    {
        return std::visit([](const auto& codes) { return codes.size(); }, m_codes);
    }
    [[nodiscard]] const SignalSlot& at(std::size_t row) const
    {
        return std::visit(
            [&](const auto& codes) -> const SignalSlot& { return m_values[codes[row]]; }, m_codes);
    }

private:
    friend class ColumnBuilder;
    std::vector<std::string> m_texts;
    std::vector<SignalSlot> m_values; ///< by code
    Codes m_codes;
};

/// Takes the values of neighbouring rows, one after the other.
class ColumnBuilder
{
public:
    ColumnBuilder() = default;
    // The values point into the texts.
    ColumnBuilder(const ColumnBuilder&) = delete;
    ColumnBuilder& operator=(const ColumnBuilder&) = delete;
    ColumnBuilder(ColumnBuilder&&) noexcept = default;
    ColumnBuilder& operator=(ColumnBuilder&&) noexcept = default;

    void add(const SignalSlot& value);

    /// The rows of all parts, in their order.
    [[nodiscard]] static CodedColumn joined(std::span<const ColumnBuilder* const> parts);

private:
    struct TextHash
    {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const
        {
            return std::hash<std::string_view>()(text);
        }
    };
    /// What makes two values one; numbers are told apart to the bit.
    struct Value
    {
        SignalSlot::Kind kind = SignalSlot::Kind::Missing;
        std::uint64_t order = 0; ///< of a number, ascending
        std::string_view text;   ///< of one of m_texts
        auto operator<=>(const Value&) const = default;
    };
    template<class Code>
    static void code(std::span<const ColumnBuilder* const> parts, std::span<const Value> all,
                     CodedColumn& column);

    std::vector<Value> m_values;       ///< as they came
    std::vector<std::uint32_t> m_rows; ///< per row, into m_values
    /// By order. Booleans are among them, as 0 and 1: a signal has values of one type only.
    std::unordered_map<std::uint64_t, std::uint32_t> m_numbers;
    std::unordered_map<std::string, std::uint32_t, TextHash, std::equal_to<>> m_texts;
    std::uint32_t m_missing = kNone;
    static constexpr std::uint32_t kNone = 0xFFFF'FFFF;
};

} // namespace signalbox
