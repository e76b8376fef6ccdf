// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace signalbox {

/// One signal's value for one request, without owning its text.
struct SignalSlot
{
    enum class Kind : std::uint8_t { Missing, Number, Boolean, String };
    Kind kind = Kind::Missing;
    double number = 0; ///< the number, or 0/1 for a boolean
    std::string_view text;

    [[nodiscard]] static SignalSlot ofNumber(double value) { return {Kind::Number, value, {}}; }
    [[nodiscard]] static SignalSlot ofBoolean(bool value)
    {
        return {Kind::Boolean, value ? 1.0 : 0.0, {}};
    }
    [[nodiscard]] static SignalSlot ofText(std::string_view value)
    {
        return {Kind::String, 0, value};
    }

    // In place: member by member, since a slot that is copied whole right after it was written in
    // parts stalls the processor for longer than a short text takes to be searched.
    void set(Kind newKind, double newNumber, std::string_view newText)
    {
        kind = newKind;
        number = newNumber;
        text = newText;
    }
    void setMissing() { set(Kind::Missing, 0, {}); }
    void setNumber(double value) { set(Kind::Number, value, {}); }
    void setBoolean(bool value) { set(Kind::Boolean, value ? 1.0 : 0.0, {}); }
    void setText(std::string_view value) { set(Kind::String, 0, value); }
};

} // namespace signalbox
