// SPDX-License-Identifier: Apache-2.0
#include "coded_column.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <utility>

namespace signalbox {

namespace {

constexpr std::uint64_t kSign = std::uint64_t{1} << 63;

/// A number's bits so that they ascend as the number does.
std::uint64_t orderOf(double number)
{
    const auto bits = std::bit_cast<std::uint64_t>(number);
    return (bits & kSign) != 0 ? ~bits : bits | kSign;
}

double numberAt(std::uint64_t order)
{
    return std::bit_cast<double>((order & kSign) != 0 ? order & ~kSign : ~order);
}

} // namespace

void ColumnBuilder::add(const SignalSlot& value)
{
    const auto next = static_cast<std::uint32_t>(m_values.size());
    switch (value.kind) {
    case SignalSlot::Kind::Missing:
        if (m_missing == kNone) {
            m_missing = next;
            m_values.emplace_back();
        }
        m_rows.push_back(m_missing);
        break;
    case SignalSlot::Kind::Number:
    case SignalSlot::Kind::Boolean: {
        const std::uint64_t order = orderOf(value.number);
        const auto [entry, isNew] = m_numbers.emplace(order, next);
        if (isNew)
            m_values.push_back({value.kind, order, {}});
        m_rows.push_back(entry->second);
        break;
    }
    case SignalSlot::Kind::String: {
        auto entry = m_texts.find(value.text);
        if (entry == m_texts.end()) {
            entry = m_texts.emplace(value.text, next).first;
            m_values.push_back({value.kind, 0, entry->first});
        }
        m_rows.push_back(entry->second);
        break;
    }
    }
}

template<class Code>
void ColumnBuilder::code(std::span<const ColumnBuilder* const> parts, std::span<const Value> all,
                         CodedColumn& column)
{
    auto& codes = column.m_codes.emplace<std::vector<Code>>();
    for (const ColumnBuilder* part : parts) {
        std::vector<Code> codeOf;
        for (const Value& value : part->m_values)
            codeOf.push_back(static_cast<Code>(std::ranges::lower_bound(all, value) - all.begin()));
        codes.reserve(codes.size() + part->m_rows.size());
        for (const std::uint32_t row : part->m_rows)
            codes.push_back(codeOf[row]);
    }
}

CodedColumn ColumnBuilder::joined(std::span<const ColumnBuilder* const> parts)
{
    std::vector<Value> all;
    for (const ColumnBuilder* part : parts)
        all.insert(all.end(), part->m_values.begin(), part->m_values.end());
    std::ranges::sort(all);
    all.erase(std::unique(all.begin(), all.end()), all.end());

    CodedColumn column;
    if (all.size() <= std::numeric_limits<std::uint8_t>::max() + std::size_t{1})
        code<std::uint8_t>(parts, all, column);
    else if (all.size() <= std::numeric_limits<std::uint16_t>::max() + std::size_t{1})
        code<std::uint16_t>(parts, all, column);
    else
        code<std::uint32_t>(parts, all, column);
    column.m_texts.reserve(all.size()); // so that none moves
    for (const Value& value : all) {
        SignalSlot& slot = column.m_values.emplace_back();
        slot.kind = value.kind;
        if (value.kind == SignalSlot::Kind::String)
            slot.text = column.m_texts.emplace_back(value.text);
        else if (value.kind != SignalSlot::Kind::Missing)
            slot.number = numberAt(value.order);
    }
    return column;
}

} // namespace signalbox
