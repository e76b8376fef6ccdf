// SPDX-License-Identifier: Apache-2.0
#include "text_layout.h"

#include <core/base/utf8.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace signalbox {

namespace {

/// A number and its unit stay on one line.
bool isUnit(std::string_view words)
{
    const bool isSeconds =
        words.starts_with('s') && words.substr(1, 1).find_first_not_of(" ,;.)") != 0;
    return words.starts_with('%') || isSeconds;
}

} // namespace

void TextTable::add(std::vector<std::string> row)
{
    m_widths.resize(std::max(m_widths.size(), row.size()), 0);
    for (std::size_t i = 0; i < row.size(); ++i)
        m_widths[i] = std::max(m_widths[i], codePointCount(row[i]));
    m_rows.push_back(std::move(row));
}

std::string TextTable::text() const
{
    std::string out;
    for (const std::vector<std::string>& row : m_rows) {
        out += "  ";
        for (std::size_t i = 0; i < row.size(); ++i) {
            const std::string padding(m_widths[i] - codePointCount(row[i]), ' ');
            const bool isLast = i + 1 == row.size();
            out += i == 0 ? row[i] + padding : padding + row[i];
            out += isLast ? "\n" : "  ";
        }
    }
    return out;
}

std::string wrapped(const std::string& words, const std::string& first, const std::string& rest)
{
    constexpr std::size_t kColumns = 100;
    std::string out;
    std::string line = first;
    bool lineIsEmpty = true;
    for (std::size_t at = 0; at < words.size();) {
        std::size_t end = std::min(words.find(' ', at), words.size());
        if (end < words.size() && isUnit(std::string_view(words).substr(end + 1)))
            end = std::min(words.find(' ', end + 1), words.size());
        const std::string word = words.substr(at, end - at);
        if (!lineIsEmpty && codePointCount(line) + 1 + codePointCount(word) > kColumns) {
            out += line + '\n';
            line = rest;
            lineIsEmpty = true;
        }
        line += (lineIsEmpty ? "" : " ") + word;
        lineIsEmpty = false;
        at = end + 1;
    }
    return out + line + '\n';
}

} // namespace signalbox
