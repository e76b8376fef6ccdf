// SPDX-License-Identifier: Apache-2.0
#include "xml_text.h"

#include <core/base/utf8.h>

namespace signalbox {

namespace {

bool mayMislead(char32_t c)
{
    const bool control = (c < 0x20 && c != '\n' && c != '\t') || (c >= 0x7f && c < 0xa0);
    const bool bidi = (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
    const bool forbidden = c == 0xfffe || c == 0xffff;
    return control || bidi || forbidden;
}

} // namespace

std::string xmlText(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const DecodedCodePoint point = decodeCodePoint(text, at);
        at += point.bytes;
        switch (point.value) {
        case '&':
            out += "&amp;";
            break;
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '"':
            out += "&quot;";
            break;
        case '\'':
            out += "&#39;";
            break;
        default:
            appendUtf8(out, mayMislead(point.value) ? U'\uFFFD' : point.value);
        }
    }
    return out;
}

} // namespace signalbox
