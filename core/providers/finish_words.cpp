// SPDX-License-Identifier: GPL-3.0-or-later
#include "finish_words.h"

#include <algorithm>

namespace signalbox {

namespace {

struct FinishWord
{
    std::string_view word;
    FinishMeaning meaning;
};

constexpr FinishMeaning kStop = {FinishReason::Stop};
constexpr FinishMeaning kLength = {FinishReason::Length};
constexpr FinishMeaning kFiltered = {FinishReason::Filtered};
constexpr FinishMeaning kTool = {FinishReason::ToolCall};
constexpr FinishMeaning kError = {FinishReason::Unknown, true};

// Sources: the vendors' API references and SDKs as of August 2026.
constexpr FinishWord kWords[] = {
    // OpenAI Chat Completions and its family
    {"stop", kStop},
    {"eos", kStop},
    {"length", kLength},
    {"content_filter", kFiltered},
    {"tool_calls", kTool},
    {"function_call", kTool},
    {"error", kError},
    // OpenAI Responses
    {"completed", kStop},
    {"max_output_tokens", kLength},
    {"failed", kError},
    // Anthropic, and Bedrock after it
    {"end_turn", kStop},
    {"stop_sequence", kStop},
    {"max_tokens", kLength},
    {"model_context_window_exceeded", kLength},
    {"refusal", kFiltered},
    {"tool_use", kTool},
    {"pause_turn", kTool},
    // Bedrock
    {"content_filtered", kFiltered},
    {"guardrail_intervened", kFiltered},
    {"malformed_model_output", kError},
    // Gemini
    {"STOP", kStop},
    {"MAX_TOKENS", kLength},
    {"SAFETY", kFiltered},
    {"RECITATION", kFiltered},
    {"BLOCKLIST", kFiltered},
    {"PROHIBITED_CONTENT", kFiltered},
    {"SPII", kFiltered},
    {"LANGUAGE", kFiltered},
    {"OTHER", kError},
    {"MALFORMED_FUNCTION_CALL", kError},
    // Cohere
    {"COMPLETE", kStop},
    {"STOP_SEQUENCE", kStop},
    {"TOOL_CALL", kTool},
    {"ERROR", kError},
    {"TIMEOUT", kError},
};

} // namespace

FinishMeaning finishMeaning(std::string_view word)
{
    const auto* const found = std::ranges::find(kWords, word, &FinishWord::word);
    return found == std::ranges::end(kWords) ? FinishMeaning() : found->meaning;
}

} // namespace signalbox
