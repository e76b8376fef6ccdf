// SPDX-License-Identifier: GPL-3.0-or-later
#include "openai_server.h"

#include <algorithm>

namespace signalbox {

namespace {

using S = OpenAiServer;

// Sources: the vendors' API references and SDKs as of August 2026. max_completion_tokens counts
// reasoning and is the only one that newer OpenAI models take; Mistral names its seed random_seed
// and always sends usage; xAI counts reasoning beside completion_tokens.
constexpr OpenAiServer kServers[] = {
    {.label = "OpenAI",
     .host = "api.openai.com",
     .baseUrl = "https://api.openai.com/v1",
     .keyVariable = "OPENAI_API_KEY",
     .maxTokensKey = "max_completion_tokens"},
    {.label = "Azure OpenAI",
     .host = ".openai.azure.com",
     .keyVariable = "AZURE_OPENAI_API_KEY",
     .implicitPath = "/openai/v1",
     .keyHeader = S::KeyHeader::ApiKey,
     .maxTokensKey = "max_completion_tokens"},
    {.label = "Google Gemini",
     .host = "generativelanguage.googleapis.com",
     .baseUrl = "https://generativelanguage.googleapis.com/v1beta/openai",
     .keyVariable = "GEMINI_API_KEY",
     .implicitPath = "/v1beta/openai"},
    {.label = "Mistral",
     .host = "api.mistral.ai",
     .baseUrl = "https://api.mistral.ai/v1",
     .keyVariable = "MISTRAL_API_KEY",
     .seedKey = "random_seed",
     .usage = S::Usage::Unasked},
    {.label = "DeepSeek",
     .host = "api.deepseek.com",
     .baseUrl = "https://api.deepseek.com",
     .keyVariable = "DEEPSEEK_API_KEY",
     .implicitPath = "",
     .reasoningField = "reasoning_content"},
    {.label = "xAI",
     .host = "api.x.ai",
     .baseUrl = "https://api.x.ai/v1",
     .keyVariable = "XAI_API_KEY",
     .reasoning = S::Reasoning::BesideOutput,
     .statedCost = S::StatedCost::Ticks,
     .reasoningField = "reasoning_content"},
    {.label = "Groq",
     .host = "api.groq.com",
     .baseUrl = "https://api.groq.com/openai/v1",
     .keyVariable = "GROQ_API_KEY",
     .implicitPath = "/openai/v1",
     .maxTokensKey = "max_completion_tokens",
     .reasoningField = "reasoning"},
    {.label = "OpenRouter",
     .host = "openrouter.ai",
     .baseUrl = "https://openrouter.ai/api/v1",
     .keyVariable = "OPENROUTER_API_KEY",
     .implicitPath = "/api/v1",
     .statedCost = S::StatedCost::Usd,
     .reasoningField = "reasoning"},
    {.label = "Together",
     .host = "api.together.xyz",
     .baseUrl = "https://api.together.xyz/v1",
     .keyVariable = "TOGETHER_API_KEY"},
    {.label = "OpenAI-compatible server"},
};

bool matches(const OpenAiServer& server, std::string_view host)
{
    if (server.host.empty())
        return true;
    return server.host.starts_with('.') ? host.ends_with(server.host) : host == server.host;
}

} // namespace

std::span<const OpenAiServer> openAiServers()
{
    return kServers;
}

const OpenAiServer& openAiServerFor(std::string_view host)
{
    return *std::ranges::find_if(kServers, [&](const S& server) { return matches(server, host); });
}

} // namespace signalbox
