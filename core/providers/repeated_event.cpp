// SPDX-License-Identifier: GPL-3.0-or-later
#include "repeated_event.h"

#include <core/base/utf8.h>

#include <algorithm>

namespace signalbox {

namespace {

/// Whether a JSON string may hold these bytes as they are, and they mean themselves.
bool isLiteral(std::string_view text)
{
    bool isAscii = true;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || c == '"' || c == '\\')
            return false;
        isAscii = isAscii && byte < 0x80;
    }
    return isAscii || !firstInvalidUtf8(text);
}

} // namespace

std::optional<std::string_view> RepeatedEvent::textIn(std::string_view data) const
{
    if (m_before.empty() || data.size() < m_before.size() + m_after.size() ||
        !data.starts_with(m_before) || !data.ends_with(m_after))
        return std::nullopt;
    const std::string_view text =
        data.substr(m_before.size(), data.size() - m_before.size() - m_after.size());
    return isLiteral(text) ? std::optional(text) : std::nullopt;
}

void RepeatedEvent::learn(std::string_view data, std::string_view key, std::string_view text)
{
    m_before.clear();
    // Without an escape every quote is one of the syntax, so that the key is where it seems to be.
    if (data.find('\\') != std::string_view::npos)
        return;
    std::string quoted = "\"";
    quoted.append(key).append("\"");
    const std::size_t at = data.find(quoted);
    if (at == std::string_view::npos || data.find(quoted, at + 1) != std::string_view::npos)
        return;
    const std::size_t open = data.find_first_not_of(" \t:", at + quoted.size());
    if (open == std::string_view::npos || data[open] != '"')
        return;
    const std::string_view rest = data.substr(open + 1);
    if (!rest.starts_with(text) || !rest.substr(text.size()).starts_with('"'))
        return;
    m_before = data.substr(0, open + 1);
    m_after = rest.substr(text.size());
}

} // namespace signalbox
