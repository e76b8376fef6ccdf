// SPDX-License-Identifier: Apache-2.0
#include "prompt_set.h"

#include "import_report.h"

#include <core/base/md5.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>

namespace signalbox {

namespace {

const char* nameOf(Role role)
{
    switch (role) {
    case Role::System:
        return "system";
    case Role::User:
        return "user";
    case Role::Assistant:
        return "assistant";
    case Role::Tool:
        return "tool";
    }
    return "user";
}

Unexpected wrong(std::string message, std::string where)
{
    return fail(ErrorCode::InvalidArgument, std::move(message), std::move(where));
}

Result<void> checkVariables(const std::vector<PromptVariable>& variables)
{
    std::set<std::string> names;
    for (const PromptVariable& variable : variables) {
        if (!isVariableName(variable.name))
            return wrong("\"" + variable.name +
                             "\" is no name of a variable: letters, digits, '_', '-' and '.'",
                         "variables");
        if (variable.values.empty())
            return wrong("the variable \"" + variable.name + "\" has no value", "variables");
        if (!names.insert(variable.name).second)
            return wrong("the variable \"" + variable.name + "\" is there twice", "variables");
    }
    return {};
}

bool isOnePrompt(const PromptCase& prompt)
{
    return prompt.turns.size() == 1 && prompt.turns.front().role == Role::User;
}

Json valuesJson(const std::vector<std::string>& values)
{
    if (values.size() == 1)
        return values.front();
    return values;
}

} // namespace

PromptId contentId(const PromptCase& prompt)
{
    // Lengths between the parts, so that no two prompts run together to the same bytes.
    std::string bytes;
    const auto add = [&](std::string_view name, const std::string& text) {
        bytes += std::string(name) + ' ' + std::to_string(text.size()) + '\n' + text;
    };
    add("system", prompt.system);
    for (const Message& turn : prompt.turns)
        add(nameOf(turn.role), turn.text);
    for (const PromptVariable& variable : prompt.variables) {
        add("variable", variable.name);
        for (const std::string& value : variable.values)
            add("value", value);
    }
    return PromptId("p-" + md5Hex(bytes).substr(0, 12));
}

Result<void> checkCase(const PromptCase& prompt)
{
    if (prompt.id.isEmpty())
        return wrong("a prompt needs an id", "id");
    if (prompt.turns.empty())
        return wrong("there is no prompt in it", "prompt");
    for (const Message& turn : prompt.turns) {
        if (turn.role != Role::User && turn.role != Role::Assistant)
            return wrong(std::string("a turn is the user's or the assistant's, not ") +
                             nameOf(turn.role),
                         "turns");
        if (isBlankText(turn.text))
            return wrong("the prompt is empty", "prompt");
    }
    if (prompt.turns.back().role != Role::User)
        return wrong("the last turn must be the user's: it is what is to be answered", "turns");
    return checkVariables(prompt.variables);
}

std::vector<Message> messagesOf(const PromptCase& prompt)
{
    std::vector<Message> messages;
    if (!prompt.system.empty())
        messages.push_back({Role::System, prompt.system, 0});
    messages.insert(messages.end(), prompt.turns.begin(), prompt.turns.end());
    return messages;
}

std::string joinedTags(const PromptCase& prompt)
{
    std::string tags;
    for (const std::string& tag : prompt.tags)
        tags += (tags.empty() ? "" : ", ") + tag;
    return tags;
}

void addTags(std::vector<std::string>& tags, const std::vector<std::string>& more)
{
    for (const std::string& tag : more) {
        if (std::ranges::find(tags, tag) == tags.end())
            tags.push_back(tag);
    }
}

bool isVariableName(std::string_view name)
{
    const auto isPart = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_' || c == '-' || c == '.';
    };
    return !name.empty() && std::ranges::all_of(name, isPart);
}

Json toJson(const PromptCase& prompt)
{
    Json json = {{"id", prompt.id.value}};
    if (!prompt.segment.empty())
        json["segment"] = prompt.segment;
    if (!prompt.tags.empty())
        json["tags"] = prompt.tags;
    if (!prompt.system.empty())
        json["system"] = prompt.system;
    if (isOnePrompt(prompt)) {
        json["prompt"] = prompt.turns.front().text;
    } else {
        Json& turns = json["turns"] = Json::array();
        for (const Message& turn : prompt.turns)
            turns.push_back({{"role", nameOf(turn.role)}, {"content", turn.text}});
    }
    if (!prompt.variables.empty()) {
        Json& variables = json["variables"] = Json::object();
        for (const PromptVariable& variable : prompt.variables)
            variables[variable.name] = valuesJson(variable.values);
    }
    return json;
}

std::string toPromptJsonLines(const PromptSet& set)
{
    std::string text;
    for (const PromptCase& prompt : set.cases)
        text += toCompactJsonText(toJson(prompt)) + '\n';
    return text;
}

} // namespace signalbox
