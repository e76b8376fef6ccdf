// SPDX-License-Identifier: Apache-2.0
#include "log_messages.h"

#include <core/base/ascii.h>
#include <core/base/enum_name.h>

#include <array>

namespace signalbox::traffic_detail {

namespace {

using simdjson::dom::element;
using simdjson::dom::object;

constexpr int kDeepest = 8; ///< of parts within parts

constexpr std::array kRoleWords = {
    EnumName<Role>{Role::User, "user"},           EnumName<Role>{Role::User, "human"},
    EnumName<Role>{Role::System, "system"},       EnumName<Role>{Role::System, "developer"},
    EnumName<Role>{Role::Assistant, "assistant"}, EnumName<Role>{Role::Assistant, "ai"},
    EnumName<Role>{Role::Assistant, "model"},     EnumName<Role>{Role::Assistant, "bot"},
    EnumName<Role>{Role::Assistant, "chatbot"},   EnumName<Role>{Role::Tool, "tool"},
    EnumName<Role>{Role::Tool, "function"},       EnumName<Role>{Role::Tool, "tool_response"},
};

std::optional<element> memberOf(const object& of, std::string_view key)
{
    element value;
    if (of[key].get(value) != simdjson::SUCCESS || value.is_null())
        return std::nullopt;
    return value;
}

std::string_view textMember(const object& of, std::string_view key)
{
    const auto value = memberOf(of, key);
    return value && value->is_string() ? textOf(*value) : std::string_view();
}

bool isImage(std::string_view type)
{
    return type == "image" || type == "image_url" || type == "input_image";
}

} // namespace

std::optional<Role> roleNamed(std::string_view word)
{
    for (const EnumName<Role>& entry : kRoleWords) {
        if (entry.name == word)
            return entry.value;
    }
    const std::string folded = foldedAscii(std::string(word));
    return folded == word ? std::nullopt : roleNamed(folded);
}

void MessageReader::appendText(std::string_view text)
{
    if (!m_text.empty() && !text.empty())
        m_text += '\n';
    m_text += text;
}

/// A text, or a list of parts of which some are texts.
bool MessageReader::appendContent(element content, int& images, int depth)
{
    if (content.is_string()) {
        appendText(textOf(content));
        return true;
    }
    if (depth == kDeepest)
        return false;
    if (content.is_array()) {
        bool isWhole = true;
        for (const element part : listOf(content))
            isWhole &= appendContent(part, images, depth + 1);
        return isWhole;
    }
    object part;
    if (content.get_object().get(part) != simdjson::SUCCESS)
        return content.is_null();
    const std::string_view type = textMember(part, "type");
    if (isImage(type) || memberOf(part, "inline_data") || memberOf(part, "inlineData")) {
        ++images;
        return true;
    }
    if (type == "reasoning" || type == "thinking")
        return true; // no part of what was said
    for (const std::string_view key : {"text", "content", "parts"}) {
        if (const auto inner = memberOf(part, key))
            return appendContent(*inner, images, depth + 1);
    }
    return true; // calls of tools and the like say nothing
}

bool MessageReader::readMessage(element value, std::vector<LoggedMessage>& out)
{
    if (value.is_string()) {
        out.push_back({Role::User, m_arena.copy(textOf(value)), 0});
        return true;
    }
    object message;
    if (value.get_object().get(message) != simdjson::SUCCESS)
        return false;
    if (const auto wrapped = memberOf(message, "message"); wrapped && !memberOf(message, "role"))
        return readMessage(*wrapped, out);
    const auto role = roleNamed(textMember(message, "role"));
    LoggedMessage read{role.value_or(Role::User), {}, 0};
    m_text.clear();
    bool isWhole = role.has_value();
    for (const std::string_view key : {"content", "parts", "text"}) {
        if (const auto content = memberOf(message, key)) {
            isWhole &= appendContent(*content, read.images, 0);
            break;
        }
    }
    read.text = takeText();
    out.push_back(read);
    return isWhole;
}

bool MessageReader::readRequest(const object& request, std::vector<LoggedMessage>& out)
{
    for (const std::string_view key : {"system", "instructions", "systemInstruction"}) {
        const auto system = memberOf(request, key);
        if (!system)
            continue;
        int images = 0;
        m_text.clear();
        appendContent(*system, images, 0);
        out.push_back({Role::System, takeText(), 0});
    }
    for (const std::string_view key : {"messages", "input", "contents", "prompt"}) {
        if (const auto messages = memberOf(request, key))
            return readMessages(LogValue(*messages), out);
    }
    return false;
}

bool MessageReader::readMessages(const LogValue& value, std::vector<LoggedMessage>& out)
{
    if (value.isCell()) {
        std::string scratch;
        out.push_back({Role::User, m_arena.copy(value.text(scratch).value_or("")), 0});
        return true;
    }
    const element root = value.element();
    object request;
    if (root.get_object().get(request) == simdjson::SUCCESS && !memberOf(request, "role") &&
        !memberOf(request, "message"))
        return readRequest(request, out);
    if (!root.is_array())
        return readMessage(root, out);
    bool isWhole = true;
    for (element entry : listOf(root)) {
        // One list too many: several prompts, each a list of messages.
        if (entry.is_array() && listOf(entry).size() > 0)
            isWhole &= readMessages(LogValue(entry), out);
        else
            isWhole &= readMessage(entry, out);
    }
    return isWhole;
}

bool MessageReader::appendElements(element value, int depth)
{
    bool isAny = false;
    for (const element entry : listOf(value))
        isAny |= appendResponse(entry, depth + 1);
    return isAny;
}

/// Goes down where chat interfaces keep an answer.
bool MessageReader::appendResponse(element value, int depth)
{
    if (value.is_string()) {
        appendText(textOf(value));
        return true;
    }
    if (depth == kDeepest)
        return false;
    if (value.is_array())
        return appendElements(value, depth);
    object answer;
    if (value.get_object().get(answer) != simdjson::SUCCESS)
        return false;
    if (const auto choices = memberOf(answer, "choices"); choices && choices->is_array()) {
        // Only the first: others are alternatives that nobody may have seen.
        const auto list = listOf(*choices);
        return list.begin() != list.end() && appendResponse(*list.begin(), depth + 1);
    }
    if (const auto type = textMember(answer, "type"); type == "reasoning" || type == "thinking")
        return false;
    for (const std::string_view key : {"message", "content", "parts", "text", "candidates",
                                       "output", "output_text", "body", "completion", "response"}) {
        if (const auto inner = memberOf(answer, key))
            return appendResponse(*inner, depth + 1);
    }
    return false;
}

std::optional<std::string_view> MessageReader::readResponse(const LogValue& value)
{
    if (value.isCell()) {
        std::string scratch;
        return m_arena.copy(value.text(scratch).value_or(""));
    }
    m_text.clear();
    if (!appendResponse(value.element(), 0))
        return std::nullopt;
    return takeText();
}

} // namespace signalbox::traffic_detail
