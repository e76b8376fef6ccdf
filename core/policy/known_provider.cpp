// SPDX-License-Identifier: Apache-2.0
#include "known_provider.h"

#include <algorithm>

namespace signalbox {

namespace {

constexpr KnownProvider kProviders[] = {
    {.name = "simulator", .label = "Built-in simulator"},
    {.name = "openai",
     .label = "OpenAI-compatible server",
     .example = "https://api.openai.com/v1",
     .keyVariable = "OPENAI_API_KEY"},
    {.name = "anthropic",
     .label = "Anthropic Messages",
     .baseUrl = "https://api.anthropic.com/v1",
     .keyVariable = "ANTHROPIC_API_KEY"},
    {.name = "gemini",
     .label = "Google Gemini",
     .baseUrl = "https://generativelanguage.googleapis.com/v1beta",
     .keyVariable = "GEMINI_API_KEY"},
    {.name = "openai-responses",
     .label = "OpenAI Responses",
     .baseUrl = "https://api.openai.com/v1",
     .keyVariable = "OPENAI_API_KEY"},
    {.name = "ollama",
     .label = "Ollama",
     .baseUrl = "http://127.0.0.1:11434",
     .keyVariable = "OLLAMA_API_KEY"},
    {.name = "cohere",
     .label = "Cohere",
     .baseUrl = "https://api.cohere.com/v2",
     .keyVariable = "COHERE_API_KEY"},
    {.name = "bedrock",
     .label = "Amazon Bedrock",
     .example = "https://bedrock-runtime.us-east-1.amazonaws.com",
     .keyVariable = "AWS_BEARER_TOKEN_BEDROCK"},
};

} // namespace

std::span<const KnownProvider> knownProviders()
{
    return kProviders;
}

const KnownProvider* knownProvider(std::string_view name)
{
    const auto* const found = std::ranges::find(kProviders, name, &KnownProvider::name);
    return found == std::ranges::end(kProviders) ? nullptr : found;
}

} // namespace signalbox
