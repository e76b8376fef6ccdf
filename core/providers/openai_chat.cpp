// SPDX-License-Identifier: GPL-3.0-or-later
#include "openai_chat.h"

#include "wire_json.h"

#include <core/base/utf8.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace signalbox {

namespace {

using nlohmann::json;

constexpr std::size_t kSniffBytes = 4096;
constexpr std::size_t kErrorBodyBytes = std::size_t{64} << 10;
constexpr std::size_t kMostModels = 20'000;

const json* member(const json& object, const char* key)
{
    if (!object.is_object())
        return nullptr;
    const auto found = object.find(key);
    return found == object.end() || found->is_null() ? nullptr : &*found;
}

const json* member(const json& object, const char* outer, const char* inner)
{
    const json* found = member(object, outer);
    return found ? member(*found, inner) : nullptr;
}

std::string textAt(const json& object, const char* key)
{
    const json* found = member(object, key);
    return found && found->is_string() ? found->get<std::string>() : std::string();
}

/// A count that a server states; nothing if it is no whole number, negative or absurd.
std::optional<std::int64_t> countOf(const json* value)
{
    constexpr double kAbsurd = 1e9;
    if (!value || !value->is_number())
        return std::nullopt;
    const double count = value->get<double>();
    if (!(count >= 0 && count <= kAbsurd) || count != std::floor(count))
        return std::nullopt;
    return std::int64_t(count);
}

std::optional<std::int64_t> firstOf(std::initializer_list<const json*> values)
{
    for (const json* value : values)
        if (const auto count = countOf(value))
            return count;
    return std::nullopt;
}

std::optional<Money> statedCost(const json& usage, OpenAiServer::StatedCost how)
{
    constexpr std::int64_t kPicoPerTick = 100;
    constexpr double kAbsurdUsd = 1e6;
    if (how == OpenAiServer::StatedCost::Ticks) {
        const json* ticks = member(usage, "cost_in_usd_ticks");
        if (!ticks || !ticks->is_number_integer())
            return std::nullopt;
        const auto count = ticks->get<std::int64_t>();
        if (count < 0 || double(count) > kAbsurdUsd * 1e10)
            return std::nullopt;
        return Money{count * kPicoPerTick};
    }
    const json* usd = member(usage, "cost");
    if (how == OpenAiServer::StatedCost::None || !usd || !usd->is_number())
        return std::nullopt;
    const double amount = usd->get<double>();
    if (!(amount >= 0 && amount <= kAbsurdUsd))
        return std::nullopt;
    return Money::fromUsd(amount);
}

FinishReason finishReasonOf(const std::string& raw)
{
    if (raw == "stop" || raw == "eos" || raw == "end_turn")
        return FinishReason::Stop;
    if (raw == "length" || raw == "max_tokens")
        return FinishReason::Length;
    if (raw == "content_filter")
        return FinishReason::Filtered;
    if (raw == "tool_calls" || raw == "function_call")
        return FinishReason::ToolCall;
    return FinishReason::Unknown;
}

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

json messagesOf(const ChatRequest& request)
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

std::string maxTokensKey(const OpenAiServer& server, const RequestShape& shape)
{
    const bool completion = server.maxTokensKey == "max_completion_tokens";
    return completion != shape.otherMaxTokensKey ? "max_completion_tokens" : "max_tokens";
}

bool isMaxTokensKey(const std::string& parameter)
{
    return parameter == "max_tokens" || parameter == "max_completion_tokens";
}

/// Parameters beside model, messages and stream.
json optionalParameters(const ChatRequest& request, const OpenAiServer& server,
                        const RequestShape& shape)
{
    json parameters = json::object();
    if (request.maxTokens)
        parameters[maxTokensKey(server, shape)] = *request.maxTokens;
    if (request.temperature)
        parameters["temperature"] = *request.temperature;
    if (request.seed)
        parameters[std::string(server.seedKey)] = *request.seed;
    if (server.usage == OpenAiServer::Usage::Asked)
        parameters["stream_options"] = {{"include_usage", true}};
    for (const std::string& dropped : shape.dropped)
        parameters.erase(dropped);
    return parameters;
}

void addText(std::vector<StreamEvent>& out, std::string text)
{
    if (!text.empty())
        out.emplace_back(TextDelta{std::move(text)});
}

void addReasoning(std::vector<StreamEvent>& out, std::string text)
{
    if (!text.empty())
        out.emplace_back(ReasoningDelta{std::move(text)});
}

std::string_view trimmed(std::string_view text)
{
    const auto begin = text.find_first_not_of(" \t");
    return begin == std::string_view::npos
               ? std::string_view()
               : text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

} // namespace

std::string openAiRequestBody(const ChatRequest& request, const OpenAiServer& server,
                              const RequestShape& shape)
{
    json body = optionalParameters(request, server, shape);
    body["model"] = request.upstreamModel;
    body["messages"] = messagesOf(request);
    body["stream"] = true;
    return body.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::vector<std::string> openAiOptionalParameters(const ChatRequest& request,
                                                  const OpenAiServer& server,
                                                  const RequestShape& shape)
{
    std::vector<std::string> names;
    const json parameters = optionalParameters(request, server, shape);
    for (const auto& [name, value] : parameters.items())
        names.push_back(name);
    return names;
}

std::optional<RequestShape> shapeWithout(const std::string& parameter, const RequestShape& shape,
                                         const OpenAiServer& server)
{
    RequestShape next = shape;
    if (isMaxTokensKey(parameter) && !shape.otherMaxTokensKey &&
        parameter == maxTokensKey(server, shape)) {
        next.otherMaxTokensKey = true;
        return next;
    }
    if (std::ranges::find(shape.dropped, parameter) != shape.dropped.end())
        return std::nullopt;
    next.dropped.push_back(parameter);
    return next;
}

OpenAiChatDecoder::OpenAiChatDecoder(const OpenAiServer& server, CallContext call,
                                     EventStreamLimits limits)
    : m_server(server), m_call(std::move(call)), m_limits(limits), m_parser(limits)
{}

OpenAiChatDecoder::~OpenAiChatDecoder() = default;

std::vector<StreamEvent> OpenAiChatDecoder::begin(int status, HttpHeaders headers,
                                                  std::int64_t nowUnixMs)
{
    m_status = status;
    m_headers = std::move(headers);
    m_nowUnixMs = nowUnixMs;
    if (status < 200 || status >= 300) {
        m_body = Body::Error;
        return {};
    }
    return {StreamOpened{status}};
}

std::vector<StreamEvent> OpenAiChatDecoder::feed(std::string_view bytes)
{
    Events out;
    if (!m_done)
        takeBytes(bytes, out);
    return out;
}

std::vector<StreamEvent> OpenAiChatDecoder::finish(TransferEnd end)
{
    Events out;
    if (m_done)
        return out;
    const bool bodyEnded =
        end == TransferEnd::Whole || end == TransferEnd::Closed || end == TransferEnd::Cut;
    if (m_body == Body::Error && m_status != 0)
        fail(failureOfStatus(m_status, complaintOfBody(m_buffer), &m_headers, m_nowUnixMs, m_call),
             out);
    else if (!bodyEnded || m_status == 0)
        fail(failureOfTransfer(end, m_call), out);
    else if (m_body == Body::Events)
        finishEvents(end, out);
    else if (m_body == Body::Json)
        finishJson(end, out);
    else if (m_body == Body::Page)
        failProtocol("a web page" + (title().empty() ? "" : " (“" + title() + "”)"), out);
    else if (end == TransferEnd::Cut)
        fail(failureOfTransfer(end, m_call), out);
    else
        failProtocol("an empty answer", out);
    return out;
}

void OpenAiChatDecoder::takeBytes(std::string_view bytes, Events& out)
{
    while (m_body == Body::Unknown && !bytes.empty()) {
        const std::string_view head = bytes.substr(0, kSniffBytes - m_buffer.size());
        m_buffer += head;
        bytes.remove_prefix(head.size());
        recognise(out);
    }
    if (m_body == Body::Events) {
        if (!m_done)
            takeEvents(m_parser.feed(bytes), out);
        return;
    }
    const std::size_t limit = m_body == Body::Json   ? m_limits.eventBytes
                              : m_body == Body::Page ? kSniffBytes
                                                     : kErrorBodyBytes;
    // What was needed to recognise the body may already be more than it may hold.
    const std::size_t room = limit - std::min(limit, m_buffer.size());
    const bool isTooLarge = m_buffer.size() + bytes.size() > limit;
    m_buffer += bytes.substr(0, room);
    if (isTooLarge && m_body == Body::Json)
        fail(failureOfTransfer(TransferEnd::TooLarge, m_call), out);
    else if (m_buffer.size() >= limit && m_body != Body::Json)
        out = finish(TransferEnd::Whole);
}

/// Tells the kind of body by its first sign, for content types lie.
void OpenAiChatDecoder::recognise(Events& out)
{
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    const bool marked = m_buffer.starts_with(kByteOrderMark);
    if (!marked && kByteOrderMark.starts_with(m_buffer))
        return;
    const std::size_t first =
        m_buffer.find_first_not_of(" \t\r\n", marked ? kByteOrderMark.size() : 0);
    if (first == std::string::npos && m_buffer.size() < kSniffBytes)
        return;
    const char sign = first == std::string::npos ? ':' : m_buffer[first];
    if (sign == '{' || sign == '[') {
        m_body = Body::Json;
        m_buffer.erase(0, first);
    } else if (sign == '<') {
        m_body = Body::Page;
    } else {
        m_body = Body::Events;
        takeEvents(m_parser.feed(std::exchange(m_buffer, {})), out);
    }
}

void OpenAiChatDecoder::takeEvents(const std::vector<ServerSentEvent>& events, Events& out)
{
    for (const ServerSentEvent& event : events) {
        if (m_done)
            return;
        takeEvent(event, out);
    }
    const EventStreamReport& report = m_parser.report();
    if (!m_done && (report.droppedEvents > 0 || report.overflowed))
        fail(failureOfTransfer(TransferEnd::TooLarge, m_call), out);
}

void OpenAiChatDecoder::takeEvent(const ServerSentEvent& event, Events& out)
{
    const std::string_view data = trimmed(event.data);
    if (data.empty())
        return;
    if (data == "[DONE]") {
        if (!m_anyObject)
            failProtocol("the end of an answer, but no answer", out);
        else
            complete(out);
        return;
    }
    const std::optional<json> object = parseWireJson(data);
    if (!object && !event.complete)
        return; // half an event: the stream is truncated, which finish() says
    if (event.name == "error") {
        failInside(object ? complaintOf(*object) : complaintOfBody(data), out);
        return;
    }
    if (!object || !object->is_object()) {
        failProtocol(firstInvalidUtf8(data) ? "an event that is not valid UTF-8"
                                            : "an event that is not a JSON object",
                     out);
        return;
    }
    takeObject(*object, out);
}

void OpenAiChatDecoder::takeObject(const json& object, Events& out)
{
    m_anyObject = true;
    const json* error = member(object, "error");
    if (!error)
        error = member(object, "x_groq", "error");
    if (!error && textAt(object, "object") == "error")
        error = &object;
    if (error) {
        failInside(complaintOf(*error), out);
        return;
    }
    const std::string id = textAt(object, "id");
    const std::string model = textAt(object, "model");
    if (!m_started && (!id.empty() || !model.empty())) {
        m_started = true;
        out.emplace_back(StreamStarted{m_call.unspoken.line(id), m_call.unspoken.line(model)});
    }
    if (const json* choices = member(object, "choices"); choices && choices->is_array())
        for (const json& choice : *choices)
            takeChoice(choice, out);
    if (const json* usage = member(object, "usage"))
        takeUsage(*usage);
    else if (const json* groq = member(object, "x_groq", "usage"))
        takeUsage(*groq);
}

void OpenAiChatDecoder::takeChoice(const json& choice, Events& out)
{
    if (m_done || countOf(member(choice, "index")).value_or(0) != 0)
        return;
    if (const json* delta = member(choice, "delta"))
        takeDelta(*delta, out);
    else if (const json* message = member(choice, "message"))
        takeDelta(*message, out);
    if (std::string reason = textAt(choice, "finish_reason"); !reason.empty())
        m_finishReason = std::move(reason);
    if (m_finishReason == "error")
        failInside({}, out);
}

void OpenAiChatDecoder::takeDelta(const json& delta, Events& out)
{
    std::string reasoning;
    if (!m_server.reasoningField.empty())
        reasoning = textAt(delta, std::string(m_server.reasoningField).c_str());
    // Servers that send both send the same text twice.
    for (const char* field : {"reasoning_content", "reasoning"})
        if (reasoning.empty())
            reasoning = textAt(delta, field);
    addReasoning(out, std::move(reasoning));
    if (const json* content = member(delta, "content"))
        takeContent(*content, out);
    if (std::string refusal = textAt(delta, "refusal"); !refusal.empty()) {
        m_refusal = true;
        addText(out, std::move(refusal));
    }
}

/// A string, or parts of {"type": "text"} and {"type": "thinking"}.
void OpenAiChatDecoder::takeContent(const json& content, Events& out)
{
    if (content.is_string())
        addText(out, content.get<std::string>());
    if (!content.is_array())
        return;
    for (const json& part : content) {
        const std::string type = textAt(part, "type");
        if (type == "text")
            addText(out, textAt(part, "text"));
        const json* thinking = type == "thinking" ? member(part, "thinking") : nullptr;
        if (!thinking)
            continue;
        if (thinking->is_string())
            addReasoning(out, thinking->get<std::string>());
        else if (thinking->is_array())
            for (const json& piece : *thinking)
                addReasoning(out, textAt(piece, "text"));
    }
}

void OpenAiChatDecoder::takeUsage(const json& usage)
{
    const auto input = countOf(member(usage, "prompt_tokens"));
    const auto output = countOf(member(usage, "completion_tokens"));
    if (!input && !output)
        return;
    UsageReport report;
    report.cacheRead =
        firstOf({member(usage, "prompt_tokens_details", "cached_tokens"),
                 member(usage, "prompt_token_details", "cached_tokens"),
                 member(usage, "num_cached_tokens"), member(usage, "prompt_cache_hit_tokens")});
    report.cacheWrite = countOf(member(usage, "prompt_tokens_details", "cache_write_tokens"));
    const std::int64_t cached = report.cacheRead.value_or(0) + report.cacheWrite.value_or(0);
    // Cached tokens are part of the input, unless there are more of them than input.
    if (input)
        report.inputUncached = cached <= *input ? *input - cached : *input;
    report.reasoning = countOf(member(usage, "completion_tokens_details", "reasoning_tokens"));
    report.output = output;
    if (output && m_server.reasoning == OpenAiServer::Reasoning::BesideOutput)
        report.output = *output + report.reasoning.value_or(0);
    report.statedCost = statedCost(usage, m_server.statedCost);
    m_usage = report;
}

void OpenAiChatDecoder::finishEvents(TransferEnd end, Events& out)
{
    takeEvents(m_parser.finish(), out);
    if (m_done)
        return;
    // Some servers leave the end marker out. The answer is whole all the same if the model said why
    // it stopped and the framing proves that every byte came.
    if (m_finishReason && end == TransferEnd::Whole && !m_parser.report().cut) {
        complete(out);
        return;
    }
    const bool allCame = end == TransferEnd::Whole || !m_parser.report().cut;
    if (!m_anyObject && end != TransferEnd::Cut && allCame) {
        failProtocol("something that is not an event stream", out);
        return;
    }
    if (m_finishReason && m_usage)
        out.emplace_back(*m_usage);
    fail(failureOfTransfer(TransferEnd::Cut, m_call), out);
}

void OpenAiChatDecoder::finishJson(TransferEnd end, Events& out)
{
    const std::optional<json> body = parseWireJson(m_buffer);
    if (body && body->is_object() && (member(*body, "choices") || member(*body, "error"))) {
        takeObject(*body, out);
        if (!m_done)
            complete(out);
        return;
    }
    if (body && body->is_array() && !body->empty() && member(body->front(), "error")) {
        takeObject(body->front(), out);
        return;
    }
    if (!body && end != TransferEnd::Whole)
        fail(failureOfTransfer(TransferEnd::Cut, m_call), out);
    else if (!body && firstInvalidUtf8(m_buffer))
        failProtocol("JSON that is not valid UTF-8", out);
    else
        failProtocol(body ? "JSON that is not a chat answer" : "JSON that cannot be read", out);
}

void OpenAiChatDecoder::complete(Events& out)
{
    if (m_usage)
        out.emplace_back(*m_usage);
    const std::string raw = m_finishReason.value_or(std::string());
    FinishReason reason = finishReasonOf(raw);
    if (m_refusal && reason == FinishReason::Stop)
        reason = FinishReason::Refusal;
    out.emplace_back(StreamFinished{reason, m_call.unspoken.line(raw, 60)});
    m_done = true;
}

void OpenAiChatDecoder::fail(Failure failure, Events& out)
{
    if (failure.failed.httpStatus == 0)
        failure.failed.httpStatus = m_status;
    m_failure = std::move(failure);
    out.emplace_back(m_failure.failed);
    m_done = true;
}

/// An error inside an answer whose status said 200.
void OpenAiChatDecoder::failInside(const Complaint& complaint, Events& out)
{
    const bool limited = complaint.code == "rate_limit_exceeded";
    const int status = complaint.status != 0 ? complaint.status : limited ? 429 : 500;
    fail(failureOfStatus(status, complaint, nullptr, m_nowUnixMs, m_call), out);
}

std::string OpenAiChatDecoder::title() const
{
    return m_call.unspoken.line(pageTitle(m_buffer), 80);
}

void OpenAiChatDecoder::failProtocol(std::string what, Events& out)
{
    fail(plainFailure(FailureKind::Protocol, ErrorCode::ParseError,
                      m_call.server + " sent " + std::move(what) + ".",
                      "Check that " + m_call.url + " is an OpenAI-compatible chat address.",
                      m_call),
         out);
}

Result<std::vector<ModelListing>> readModelList(std::string_view body)
{
    const std::optional<json> parsed = parseWireJson(body);
    const json* list = nullptr;
    if (parsed)
        for (const char* key : {"data", "models"})
            if (const json* found = member(*parsed, key); found && found->is_array() && !list)
                list = found;
    if (parsed && parsed->is_array())
        list = &*parsed;
    if (!list)
        return signalbox::fail(ErrorCode::ParseError, "The server sent no list of models.", {},
                               "Check that the base URL is an OpenAI-compatible address.");
    std::vector<ModelListing> models;
    for (const json& entry : *list) {
        std::string id = entry.is_string() ? entry.get<std::string>() : textAt(entry, "id");
        if (id.empty())
            id = textAt(entry, "name");
        if (id.empty() || models.size() == kMostModels)
            continue;
        const auto context =
            firstOf({member(entry, "max_model_len"), member(entry, "context_length"),
                     member(entry, "context_window"), member(entry, "max_context_length"),
                     member(entry, "meta", "n_ctx"), member(entry, "meta", "n_ctx_train")});
        models.push_back({std::move(id), context ? std::optional(int(*context)) : std::nullopt});
    }
    return models;
}

} // namespace signalbox
