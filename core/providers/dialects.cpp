// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialects.h"

#include "anthropic_messages.h"
#include "bedrock_converse.h"
#include "cohere_chat.h"
#include "gemini.h"
#include "ollama_chat.h"
#include "openai_chat.h"
#include "openai_responses.h"

#include <array>

namespace signalbox {

std::span<const ChatDialect* const> chatDialects()
{
    static const std::array all = {&openAiChatDialect(), &anthropicMessages(), &gemini(),
                                   &openAiResponses(),   &ollamaChat(),        &cohereChat(),
                                   &bedrockConverse()};
    return all;
}

} // namespace signalbox
