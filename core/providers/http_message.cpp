// SPDX-License-Identifier: GPL-3.0-or-later
#include "http_message.h"

#include <algorithm>

namespace signalbox {

void HttpHeaders::add(std::string name, std::string value)
{
    std::ranges::transform(name, name.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; });
    m_entries.push_back({std::move(name), std::move(value)});
}

std::string_view HttpHeaders::value(std::string_view lowerCaseName) const
{
    const auto found = std::ranges::find(m_entries, lowerCaseName, &HttpHeader::name);
    return found == m_entries.end() ? std::string_view() : std::string_view(found->value);
}

bool HttpHeaders::contains(std::string_view lowerCaseName) const
{
    return std::ranges::find(m_entries, lowerCaseName, &HttpHeader::name) != m_entries.end();
}

} // namespace signalbox
