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
    {"invalid_prompt", 400},
    // Anthropic
    {"invalid_request_error", 400},
    {"authentication_error", 401},
    {"billing_error", 402},
    {"permission_error", 403},
    {"not_found_error", 404},
    {"request_too_large", 413},
    {"rate_limit_error", 429},
    {"api_error", 500},
    {"timeout_error", 504},
    {"overloaded_error", 529},
    // Bedrock
    {"validationException", 400},
    {"accessDeniedException", 403},
    {"resourceNotFoundException", 404},
    {"modelTimeoutException", 408},
    {"modelErrorException", 424},
    {"modelStreamErrorException", 424},
    {"modelNotReadyException", 429},
    {"throttlingException", 429},
    {"serviceQuotaExceededException", 429},
    {"internalServerException", 500},
    {"serviceUnavailableException", 503},
    // Google
    {"INVALID_ARGUMENT", 400},
    {"FAILED_PRECONDITION", 400},
    {"UNAUTHENTICATED", 401},
    {"PERMISSION_DENIED", 403},
    {"NOT_FOUND", 404},
    {"RESOURCE_EXHAUSTED", 429},
    {"INTERNAL", 500},
    {"UNAVAILABLE", 503},
    {"DEADLINE_EXCEEDED", 504},
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
