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
};

} // namespace signalbox
