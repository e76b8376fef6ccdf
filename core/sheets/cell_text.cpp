// SPDX-License-Identifier: Apache-2.0
#include "cell_text.h"

#include <core/base/utf8.h>

#include <charconv>
#include <optional>

namespace signalbox {

namespace {

constexpr std::size_t kEscapeBytes = 7; ///< _xHHHH_

/// The unit that is escaped here, e.g. 0x0D of "_x000D_".
std::optional<char32_t> escapedUnit(std::string_view text)
{
    if (text.size() < kEscapeBytes || !text.starts_with("_x") || text[6] != '_')
        return std::nullopt;
    unsigned unit = 0;
    const char* const end = text.data() + 6;
    const auto read = std::from_chars(text.data() + 2, end, unit, 16);
    if (read.ec != std::errc() || read.ptr != end)
        return std::nullopt;
    return unit;
}

bool isHighSurrogate(char32_t unit)
{
    return unit >= 0xD800 && unit < 0xDC00;
}

bool isLowSurrogate(char32_t unit)
{
    return unit >= 0xDC00 && unit < 0xE000;
}

} // namespace

std::vector<std::string> cellParts(std::string_view text)
{
    std::vector<std::string> parts;
    std::size_t start = 0;
    std::size_t units = 0;
    for (std::size_t at = 0; at < text.size();) {
        const DecodedCodePoint point = decodeCodePoint(text, at);
        const bool isEscaped = point.value < 0x20 || escapedUnit(text.substr(at));
        const std::size_t width = isEscaped ? kEscapeBytes : point.value > 0xFFFF ? 2 : 1;
        if (units + width > kMostCellUnits) {
            parts.emplace_back(text.substr(start, at - start));
            start = at;
            units = 0;
        }
        units += width;
        at += point.bytes;
    }
    parts.emplace_back(text.substr(start));
    return parts;
}

std::string toCellText(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        if (escapedUnit(text.substr(at))) {
            out += "_x005F_";
            ++at;
            continue;
        }
        const DecodedCodePoint point = decodeCodePoint(text, at);
        const bool isForbidden = point.value == 0 || point.value == 0xFFFE || point.value == 0xFFFF;
        appendUtf8(out, isForbidden ? U'\uFFFD' : point.value);
        at += point.bytes;
    }
    return out;
}

std::string fromCellText(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const auto unit = escapedUnit(text.substr(at));
        if (!unit) {
            out += text[at++];
            continue;
        }
        at += kEscapeBytes;
        char32_t value = *unit;
        if (isHighSurrogate(value)) {
            const auto low = escapedUnit(text.substr(at));
            if (low && isLowSurrogate(*low)) {
                value = 0x10000 + ((value - 0xD800) << 10) + (*low - 0xDC00);
                at += kEscapeBytes;
            }
        }
        const bool isHalf = isHighSurrogate(value) || isLowSurrogate(value);
        appendUtf8(out, isHalf ? U'\uFFFD' : value);
    }
    return out;
}

} // namespace signalbox
