// SPDX-License-Identifier: GPL-3.0-or-later
#include "recorded_prompts.h"

#include "sample_prompts.h"

#include <core/base/json.h>
#include <core/evidence/evidence_store.h>
#include <core/policy/names.h>

#include <nlohmann/json.hpp>

#include <limits>
#include <string>
#include <utility>

namespace signalbox {

namespace {

/// As RunRecord writes them: [{"role": …, "text": …}, …]. Empty if it is anything else.
std::vector<Message> messagesOf(const std::string& text)
{
    const auto json = parseJson(text);
    if (!json || !json->is_array())
        return {};
    std::vector<Message> messages;
    for (const Json& each : *json) {
        if (!each.is_object() || !each.contains("role") || !each.contains("text") ||
            !each["role"].is_string() || !each["text"].is_string())
            return {};
        const auto role = valueNamed<Role>(each["role"].get<std::string>());
        if (!role)
            return {};
        messages.push_back({*role, each["text"].get<std::string>(), 0});
    }
    return messages;
}

} // namespace

std::map<PromptId, std::vector<Message>> samplePromptMessages()
{
    std::map<PromptId, std::vector<Message>> prompts;
    for (LabPrompt& each :
         spreadPrompts(supportDeskPrompts(), std::numeric_limits<std::size_t>::max()))
        prompts.emplace(each.id, std::move(each.messages));
    return prompts;
}

Result<std::map<PromptId, std::vector<Message>>> recordedPromptMessages(const EvidenceStore& store)
{
    auto stored = store.prompts();
    if (!stored)
        return Unexpected(stored.error());
    std::map<PromptId, std::vector<Message>> prompts = samplePromptMessages();
    for (const StoredPrompt& prompt : *stored) {
        if (auto messages = messagesOf(prompt.messagesJson); !messages.empty())
            prompts[prompt.id] = std::move(messages);
    }
    return prompts;
}

} // namespace signalbox
