// SPDX-License-Identifier: Apache-2.0
#include "import_json.h"

#include <core/base/enum_name.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace signalbox::import_detail {

namespace {

constexpr std::array kRoleNames = {
    EnumName<Role>{Role::System, "system"}, EnumName<Role>{Role::System, "developer"},
    EnumName<Role>{Role::User, "user"}, EnumName<Role>{Role::Assistant, "assistant"}};

/// Whether the turn says that the assistant's reply is the asked model's own: null, "assistant":
/// null, or an assistant message whose content is null. What stands for nothing is left out.
bool isOwnReply(const Json& json)
{
    if (json.is_null())
        return true;
    if (!json.is_object())
        return false;
    const auto content = json.find(json.contains("role") ? "content" : "assistant");
    const bool isAssistant = !json.contains("role") || json["role"] == "assistant";
    return isAssistant && content != json.end() && content->is_null();
}

/// {"user": "…"}, as some write {"role": "user", "content": "…"}; nullopt: it is not that.
std::optional<Message> briefTurn(const Json& json)
{
    if (!json.is_object() || json.size() != 1 || !json.begin()->is_string())
        return std::nullopt;
    const auto* const role =
        std::ranges::find(kRoleNames, json.begin().key(), &EnumName<Role>::name);
    return role == kRoleNames.end()
               ? std::nullopt
               : std::optional(Message{role->value, json.begin()->get<std::string>(), 0});
}

void readTurn(const Json& json, const JsonPath& path, std::vector<Message>& messages,
              JsonProblems& problems)
{
    if (json.is_string()) {
        messages.push_back({Role::User, json.get<std::string>(), 0});
        return;
    }
    if (isOwnReply(json)) {
        if (messages.empty() || messages.back().role != Role::User)
            problems.add(path, "an answer of the model's own comes after a turn of the user");
        return;
    }
    if (auto brief = briefTurn(json)) {
        messages.push_back(std::move(*brief));
        return;
    }
    JsonObjectReader object(json, path, problems);
    Message message;
    object.readEnum("role", kRoleNames, message.role, Presence::Required);
    object.readRequired("content", message.text);
    object.finish();
    messages.push_back(std::move(message));
}

/// A text, or a number or truth value as JSON writes it.
std::optional<std::string> valueText(const Json& json, const JsonPath& path, JsonProblems& problems)
{
    if (json.is_string())
        return json.get<std::string>();
    if (json.is_number() || json.is_boolean())
        return toCompactJsonText(json);
    problems.add(path, "expected a text or a number, got " + describeJson(json));
    return std::nullopt;
}

void readVariables(const Json& json, const JsonPath& path, std::vector<PromptVariable>& variables,
                   JsonProblems& problems)
{
    if (!json.is_object()) {
        problems.add(path, "expected an object, got " + describeJson(json));
        return;
    }
    for (auto member = json.begin(); member != json.end(); ++member) {
        const JsonPath place = path.member(member.key());
        PromptVariable& variable = variables.emplace_back();
        variable.name = member.key();
        if (!member->is_array()) {
            if (const auto text = valueText(*member, place, problems))
                variable.values.push_back(*text);
            continue;
        }
        for (std::size_t i = 0; i < member->size(); ++i) {
            if (const auto text = valueText((*member)[i], place.element(i), problems))
                variable.values.push_back(*text);
        }
    }
}

void readTags(const Json& json, const JsonPath& path, std::vector<std::string>& tags,
              JsonProblems& problems)
{
    if (json.is_string()) {
        tags = splitTags(json.get<std::string>());
        return;
    }
    if (!json.is_array()) {
        problems.add(path, "expected a list of texts, got " + describeJson(json));
        return;
    }
    for (std::size_t i = 0; i < json.size(); ++i) {
        if (const auto tag = signalbox::readText(json[i], path.element(i), problems))
            tags.push_back(*tag);
    }
}

} // namespace

bool isOfPrompt(ImportField field)
{
    return field == ImportField::Id || field == ImportField::Segment ||
           field == ImportField::Tags || field == ImportField::System ||
           field == ImportField::Prompt || field == ImportField::Turns ||
           field == ImportField::Variables;
}

FieldMembers::FieldMembers(const Json& object, const JsonPath& path, JsonProblems& problems,
                           ImportReport& report, WantedFields wanted)
    : m_path(path), m_problems(problems)
{
    if (!object.is_object()) {
        problems.add(path, "expected an object, got " + describeJson(object));
        return;
    }
    for (auto member = object.begin(); member != object.end(); ++member) {
        const auto field = importFieldNamed(member.key());
        if (!field || (wanted == WantedFields::OfPrompts && !isOfPrompt(*field))) {
            report.passOver(member.key());
            continue;
        }
        const auto [found, isNew] = m_members.try_emplace(*field, member.key(), &*member);
        if (!isNew)
            problems.add(path.member(member.key()),
                         "says the same as \"" + std::string(found->second.first) + "\"");
    }
}

const Json* FieldMembers::find(ImportField field) const
{
    const auto found = m_members.find(field);
    return found == m_members.end() || found->second.second->is_null() ? nullptr
                                                                       : found->second.second;
}

std::string FieldMembers::nameOf(ImportField field) const
{
    const auto found = m_members.find(field);
    return std::string(found == m_members.end() ? importFieldName(field) : found->second.first);
}

bool FieldMembers::readText(ImportField field, std::string& out) const
{
    const Json* const json = find(field);
    if (!json)
        return false;
    if (json->is_number_integer() && field == ImportField::Id) {
        out = toCompactJsonText(*json);
        return true;
    }
    const std::string name = nameOf(field);
    const auto text = signalbox::readText(*json, m_path.member(name), m_problems);
    if (text)
        out = *text;
    return text.has_value();
}

bool FieldMembers::readFlag(ImportField field) const
{
    const Json* const json = find(field);
    if (json && !json->is_boolean())
        m_problems.add(m_path.member(nameOf(field)),
                       "expected true or false, got " + describeJson(*json));
    return json && json->is_boolean() && json->get<bool>();
}

std::optional<double> FieldMembers::readNumber(ImportField field, double low, double high) const
{
    const Json* const json = find(field);
    if (!json)
        return std::nullopt;
    const std::string name = nameOf(field);
    return signalbox::readNumber(*json, m_path.member(name), m_problems, {low, high});
}

std::optional<std::int64_t> FieldMembers::readInteger(ImportField field, std::int64_t low,
                                                      std::int64_t high) const
{
    const Json* const json = find(field);
    if (!json)
        return std::nullopt;
    const std::string name = nameOf(field);
    return signalbox::readInteger(*json, m_path.member(name), m_problems, {low, high});
}

PromptCase readCaseMembers(const FieldMembers& members, const JsonPath& path,
                           JsonProblems& problems)
{
    PromptCase prompt;
    members.readText(ImportField::Id, prompt.id.value);
    members.readText(ImportField::Segment, prompt.segment);
    members.readText(ImportField::System, prompt.system);
    const auto use = [&](ImportField field, auto& out, const auto& read) {
        const std::string name = members.nameOf(field);
        if (const Json* const json = members.find(field))
            read(*json, path.member(name), out, problems);
    };
    use(ImportField::Tags, prompt.tags, readTags);
    use(ImportField::Variables, prompt.variables, readVariables);
    use(ImportField::Turns, prompt, readTurns);
    if (std::string text; members.readText(ImportField::Prompt, text)) {
        if (members.find(ImportField::Turns)) {
            const std::string name = members.nameOf(ImportField::Prompt);
            problems.add(path.member(name), "a prompt and turns are two things to ask");
        }
        prompt.turns.push_back({Role::User, std::move(text), 0});
    }
    return prompt;
}

std::vector<std::string> splitTags(std::string_view text)
{
    std::vector<std::string> tags;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find_first_of(",;|"), text.size());
        if (const std::string_view tag = trimmedText(text.substr(0, end)); !tag.empty())
            tags.emplace_back(tag);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return tags;
}

void readTurns(const Json& json, const JsonPath& path, PromptCase& prompt, JsonProblems& problems)
{
    if (!json.is_array()) {
        problems.add(path, "expected a list of turns, got " + describeJson(json));
        return;
    }
    std::vector<Message> messages;
    for (std::size_t i = 0; i < json.size() && !problems.isFull(); ++i)
        readTurn(json[i], path.element(i), messages, problems);
    if (!messages.empty() && messages.front().role == Role::System) {
        if (!prompt.system.empty())
            problems.add(path.element(0), "there is a system prompt already");
        prompt.system = std::move(messages.front().text);
        messages.erase(messages.begin());
    }
    prompt.turns = std::move(messages);
}

void CaseCollector::add(PromptCase prompt, std::size_t line)
{
    const bool hasId = !prompt.id.isEmpty();
    if (!hasId)
        prompt.id = contentId(prompt);
    if (const auto checked = checkCase(prompt); !checked) {
        m_report.refuse(line, checked.error());
        return;
    }
    const auto [found, isNew] =
        m_places.try_emplace(prompt.id.value, Place{line, m_set.cases.size()});
    const Place& first = found->second;
    if (isNew) {
        m_set.cases.push_back(std::move(prompt));
        return;
    }
    if (!hasId) {
        addTags(m_set.cases[first.index].tags, prompt.tags);
        m_report.repeat();
        return;
    }
    m_report.refuse(line, "the id \"" + prompt.id.value + "\" is that of " +
                              (first.line == 0 ? std::string("an earlier one")
                                               : "line " + std::to_string(first.line)));
}

} // namespace signalbox::import_detail
