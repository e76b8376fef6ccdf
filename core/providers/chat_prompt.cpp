// SPDX-License-Identifier: GPL-3.0-or-later
#include "chat_prompt.h"

#include <nlohmann/json.hpp>

namespace signalbox {

namespace {

using nlohmann::json;

const char* roleName(Role role)
{
    switch (role) {
    case Role::System:
        return "system";
    case Role::Assistant:
        return "assistant";
    // A tool's answer needs the id of a call that a text-only replay does not have.
    case Role::User:
    case Role::Tool:
        break;
    }
    return "user";
}

void addParagraph(std::string& text, const std::string& more)
{
    if (!text.empty() && !more.empty())
        text += "\n\n";
    text += more;
}

} // namespace

json chatMessages(const ChatRequest& request)
{
    json messages = json::array();
    bool guideDue = !request.styleGuide.empty();
    for (const Message& message : request.messages) {
        std::string text = message.text;
        if (guideDue && message.role == Role::System) {
            text = request.styleGuide + "\n\n" + text;
            guideDue = false;
        }
        messages.push_back({{"role", roleName(message.role)}, {"content", std::move(text)}});
    }
    if (guideDue)
        messages.insert(messages.begin(),
                        json{{"role", "system"}, {"content", request.styleGuide}});
    return messages;
}

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
