// SPDX-License-Identifier: GPL-3.0-or-later
#include "redaction.h"

#include <core/base/utf8.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace signalbox {

namespace {

constexpr std::size_t kShortestKeyInText = 8;
constexpr std::size_t kShortestKeyInErrors = 4;
constexpr std::size_t kHoldFrom = 4;
constexpr std::size_t kShortestPrompt = 16;
constexpr std::size_t kUncut = std::numeric_limits<std::size_t>::max();
constexpr std::size_t kMostForeignBytes = std::size_t{64} << 10;
constexpr std::string_view kPromptRemoved = "[prompt]";

/// Characters that end a line, move the cursor or turn the reading direction.
bool isDisruptive(char32_t c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029 || c == 0x200E ||
           c == 0x200F || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) ||
           c == 0xFEFF;
}

} // namespace

StreamRedactor::StreamRedactor(std::string key)
{
    if (key.size() < kShortestKeyInText)
        return;
    m_key = std::move(key);
    m_fallback.assign(m_key.size() + 1, 0);
    std::size_t length = 0;
    for (std::size_t i = 1; i < m_key.size(); ++i) {
        while (length > 0 && m_key[i] != m_key[length])
            length = m_fallback[length];
        if (m_key[i] == m_key[length])
            ++length;
        m_fallback[i + 1] = length;
    }
}

std::string StreamRedactor::feed(std::string_view piece)
{
    if (m_key.empty())
        return std::string(piece);
    std::string shown;
    shown.reserve(piece.size());
    for (const char c : piece) {
        while (m_matched > 0 && c != m_key[m_matched])
            m_matched = m_fallback[m_matched];
        if (c == m_key[m_matched])
            ++m_matched;
        m_held += c;
        if (m_matched == m_key.size()) {
            m_held.clear();
            shown += kRedacted;
            m_matched = 0;
        } else if (m_held.size() > m_matched) {
            // Only the matched tail can still become the key.
            shown.append(m_held, 0, m_held.size() - m_matched);
            m_held.erase(0, m_held.size() - m_matched);
        }
    }
    if (m_matched < kHoldFrom)
        shown += std::exchange(m_held, {});
    return shown;
}

std::string StreamRedactor::flush()
{
    m_matched = 0;
    return std::exchange(m_held, {});
}

std::string withoutSecrets(std::string text, const std::vector<std::string>& secrets,
                           std::string_view replacement)
{
    for (const std::string& secret : secrets) {
        if (secret.size() < kShortestKeyInErrors)
            continue;
        for (std::size_t at = text.find(secret); at != std::string::npos;
             at = text.find(secret, at + replacement.size()))
            text.replace(at, secret.size(), replacement);
    }
    return text;
}

Redaction::Redaction(std::string key, const std::vector<std::string>& prompts)
    : m_key(std::move(key))
{
    for (const std::string& prompt : prompts) {
        std::string line = oneLine(prompt, kUncut);
        if (line.size() >= kShortestPrompt)
            m_prompts.push_back(std::move(line));
    }
}

std::string Redaction::withoutKey(std::string text) const
{
    text = withoutSecrets(std::move(text), {m_key});
    for (std::size_t length = std::min(text.size(), m_key.size()); length >= kShortestKeyInText;
         --length) {
        if (text.ends_with(std::string_view(m_key).substr(0, length))) {
            text.replace(text.size() - length, length, kRedacted);
            break;
        }
    }
    return text;
}

std::string Redaction::withoutPrompts(std::string line) const
{
    for (const std::string& prompt : m_prompts) {
        const std::string_view beginning = std::string_view(prompt).substr(0, kShortestPrompt);
        for (std::size_t at = line.find(beginning); at != std::string::npos;
             at = line.find(beginning, at + kPromptRemoved.size())) {
            const auto rest = std::ranges::mismatch(std::string_view(line).substr(at), prompt).in2;
            std::size_t end = at + std::size_t(rest - prompt.begin());
            while (end < line.size() && (line[end] & 0xC0) == 0x80) // no half characters
                ++end;
            line.replace(at, end - at, kPromptRemoved);
        }
    }
    return line;
}

std::string Redaction::line(std::string_view foreign, std::size_t limitBytes) const
{
    std::string text = withoutKey(std::string(foreign));
    text = oneLine(std::string_view(text).substr(0, kMostForeignBytes), kUncut);
    return oneLine(withoutPrompts(std::move(text)), limitBytes);
}

std::string oneLine(std::string_view text, std::size_t limitBytes)
{
    std::string line;
    bool spaceDue = false;
    for (std::size_t at = 0; at < text.size();) {
        const DecodedCodePoint c = decodeCodePoint(text, at);
        at += c.bytes;
        if (c.value == ' ' || isDisruptive(c.value)) {
            spaceDue = !line.empty();
            continue;
        }
        if (line.size() + 4 > limitBytes)
            return line + "…";
        if (std::exchange(spaceDue, false))
            line += ' ';
        appendUtf8(line, c.value);
    }
    return line;
}

} // namespace signalbox
