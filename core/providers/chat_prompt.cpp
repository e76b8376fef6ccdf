// SPDX-License-Identifier: GPL-3.0-or-later
#include "chat_prompt.h"

namespace signalbox {

namespace {

void addParagraph(std::string& text, const std::string& more)
{
    if (!text.empty() && !more.empty())
        text += "\n\n";
    text += more;
}

} // namespace

Prompt promptOf(const ChatRequest& request)
{
    Prompt prompt;
    prompt.system = request.styleGuide;
    for (const Message& message : request.messages) {
        if (message.role == Role::System) {
            addParagraph(prompt.system, message.text);
            continue;
        }
        const auto speaker =
            message.role == Role::Assistant ? Turn::Speaker::Assistant : Turn::Speaker::User;
        if (prompt.turns.empty() || prompt.turns.back().speaker != speaker)
            prompt.turns.push_back({speaker, {}});
        prompt.turns.back().texts.push_back(message.text);
    }
    return prompt;
}

} // namespace signalbox
