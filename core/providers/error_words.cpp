// SPDX-License-Identifier: GPL-3.0-or-later
#include "error_words.h"

#include <algorithm>

namespace signalbox {

namespace {

struct ErrorWord
{
    std::string_view word;
    int status;
};

// Sources: the vendors' API references and SDKs as of August 2026.
constexpr ErrorWord kWords[] = {
    // OpenAI
    {"rate_limit_exceeded", 429},
    {"insufficient_quota", 429},
    {"server_error", 500},
};

std::optional<int> statusOf(std::string_view word)
{
    const auto* const found = std::ranges::find(kWords, word, &ErrorWord::word);
    return found == std::ranges::end(kWords) ? std::nullopt : std::optional(found->status);
}

} // namespace

std::optional<int> statusOfErrorWords(std::string_view code, std::string_view type)
{
    const std::optional<int> byCode = statusOf(code);
    return byCode ? byCode : statusOf(type);
}

} // namespace signalbox
