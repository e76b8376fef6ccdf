// SPDX-License-Identifier: GPL-3.0-or-later
#include "openai_chat.h"

#include "chat_prompt.h"
#include "wire_json.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace signalbox {

namespace {

using nlohmann::json;

constexpr std::string_view kChatPath = "/chat/completions";

constexpr std::array<std::string_view, 2> kLists = {"data", "models"};
constexpr std::array<std::string_view, 2> kIds = {"id", "name"};
constexpr std::array<std::string_view, 6> kContexts = {"/max_model_len",  "/context_length",
                                                       "/context_window", "/max_context_length",
                                                       "/meta/n_ctx",     "/meta/n_ctx_train"};
constexpr ModelListShape kModelList = {.lists = kLists,
                                       .ids = kIds,
                                       .contexts = kContexts,
                                       .expected = "an OpenAI-compatible address"};

std::optional<Money> statedCost(const json& usage, OpenAiServer::StatedCost how)
{
    constexpr std::int64_t kPicoPerTick = 100;
    constexpr double kAbsurdUsd = 1e6;
    if (how == OpenAiServer::StatedCost::Ticks) {
        const json* ticks = memberOf(usage, "cost_in_usd_ticks");
        if (!ticks || !ticks->is_number_integer())
            return std::nullopt;
        const auto count = ticks->get<std::int64_t>();
        if (count < 0 || double(count) > kAbsurdUsd * 1e10)
            return std::nullopt;
        return Money{count * kPicoPerTick};
    }
    const json* usd = memberOf(usage, "cost");
    if (how == OpenAiServer::StatedCost::None || !usd || !usd->is_number())
        return std::nullopt;
    const double amount = usd->get<double>();
    if (!(amount >= 0 && amount <= kAbsurdUsd))
        return std::nullopt;
    return Money::fromUsd(amount);
}

/// The name for a limit of tokens: the server's usual one, or the other one after that was refused.
std::string_view maxTokensPlace(const OpenAiServer& server, const RequestShape& shape)
{
    const bool isRefused =
        std::ranges::find(shape.refused, server.maxTokensKey) != shape.refused.end();
    const bool completion = (server.maxTokensKey == "max_completion_tokens") != isRefused;
    return completion ? "/max_completion_tokens" : "/max_tokens";
}

} // namespace

RequestBody openAiRequestBody(const ChatRequest& request, const OpenAiServer& server,
                              const RequestShape& shape)
{
    RequestBody result;
    json body = {
        {"model", request.upstreamModel}, {"messages", chatMessages(request)}, {"stream", true}};
    const std::string seed = "/" + std::string(server.seedKey);
    addParameters(body, request, {maxTokensPlace(server, shape), "/temperature", seed}, shape,
                  result);
    if (server.usage == OpenAiServer::Usage::Asked)
        addParameter(body, "/stream_options", {{"include_usage", true}}, shape, result);
    std::ranges::sort(result.optional);
    result.json = toWireJson(body);
    return result;
}

OpenAiChatDecoder::OpenAiChatDecoder(const OpenAiServer& server, CallContext call,
                                     EventStreamLimits limits)
    : ChatDecoder(Framing::EventStream, std::move(call), limits), m_server(server)
{}

std::string OpenAiChatDecoder::expectedAddress() const
{
    return "an OpenAI-compatible chat address";
}

bool OpenAiChatDecoder::takeMarker(std::string_view data)
{
    if (data != "[DONE]")
        return false;
    complete();
    return true;
}

bool OpenAiChatDecoder::takeWhole(const json& body)
{
    if (!memberOf(body, "choices"))
        return false;
    takeObject(body, {});
    return true;
}

void OpenAiChatDecoder::takeObject(const json& object, const std::string&)
{
    const json* error = memberOf(object, "x_groq", "error");
    if (!error && textOf(object, "object") == "error")
        error = &object;
    if (error) {
        failInside(complaintOf(*error));
        return;
    }
    start(textOf(object, "id"), textOf(object, "model"));
    if (const json* choices = memberOf(object, "choices"); choices && choices->is_array())
        for (const json& choice : *choices)
            takeChoice(choice);
    if (const json* usage = memberOf(object, "usage"))
        takeUsage(*usage);
    else if (const json* groq = memberOf(object, "x_groq", "usage"))
        takeUsage(*groq);
}

void OpenAiChatDecoder::takeChoice(const json& choice)
{
    if (isDone() || countOf(memberOf(choice, "index")).value_or(0) != 0)
        return;
    if (const json* delta = memberOf(choice, "delta"))
        takeDelta(*delta);
    else if (const json* message = memberOf(choice, "message"))
        takeDelta(*message);
    const std::string reason = textOf(choice, "finish_reason");
    if (!reason.empty())
        setFinish(reason);
}

void OpenAiChatDecoder::takeDelta(const json& delta)
{
    std::string reasoning;
    if (!m_server.reasoningField.empty())
        reasoning = textOf(delta, std::string(m_server.reasoningField).c_str());
    // Servers that send both send the same text twice.
    for (const char* field : {"reasoning_content", "reasoning"})
        if (reasoning.empty())
            reasoning = textOf(delta, field);
    addReasoning(std::move(reasoning));
    if (const json* content = memberOf(delta, "content"))
        takeContent(*content);
    addRefusal(textOf(delta, "refusal"));
}

/// A string, or parts of {"type": "text"} and {"type": "thinking"}.
void OpenAiChatDecoder::takeContent(const json& content)
{
    if (content.is_string())
        addText(content.get<std::string>());
    if (!content.is_array())
        return;
    for (const json& part : content) {
        const std::string type = textOf(part, "type");
        if (type == "text")
            addText(textOf(part, "text"));
        const json* thinking = type == "thinking" ? memberOf(part, "thinking") : nullptr;
        if (!thinking)
            continue;
        if (thinking->is_string())
            addReasoning(thinking->get<std::string>());
        else if (thinking->is_array())
            for (const json& piece : *thinking)
                addReasoning(textOf(piece, "text"));
    }
}

void OpenAiChatDecoder::takeUsage(const json& usage)
{
    const auto input = countOf(memberOf(usage, "prompt_tokens"));
    const auto output = countOf(memberOf(usage, "completion_tokens"));
    if (!input && !output)
        return;
    UsageReport report;
    report.cacheRead = firstCountOf({memberOf(usage, "prompt_tokens_details", "cached_tokens"),
                                     memberOf(usage, "prompt_token_details", "cached_tokens"),
                                     memberOf(usage, "num_cached_tokens"),
                                     memberOf(usage, "prompt_cache_hit_tokens")});
    report.cacheWrite = countOf(memberOf(usage, "prompt_tokens_details", "cache_write_tokens"));
    const std::int64_t cached = report.cacheRead.value_or(0) + report.cacheWrite.value_or(0);
    // Cached tokens are part of the input, unless there are more of them than input.
    if (input)
        report.inputUncached = cached <= *input ? *input - cached : *input;
    report.reasoning = countOf(memberOf(usage, "completion_tokens_details", "reasoning_tokens"));
    report.output = output;
    if (output && m_server.reasoning == OpenAiServer::Reasoning::BesideOutput)
        report.output = *output + report.reasoning.value_or(0);
    report.statedCost = statedCost(usage, m_server.statedCost);
    setUsage(report);
}

namespace {

class OpenAiChatDialect final : public ChatDialect
{
public:
    [[nodiscard]] std::string name() const override { return "openai"; }
    [[nodiscard]] std::string chatUrl(const Endpoint& endpoint, const std::string&) const override
    {
        return withPath(basePath(endpoint, openAiServerFor(endpoint.host).implicitPath), kChatPath);
    }
    [[nodiscard]] RequestBody body(const ChatRequest& request, const Endpoint& endpoint,
                                   const RequestShape& shape) const override
    {
        return openAiRequestBody(request, openAiServerFor(endpoint.host), shape);
    }
    void sign(HttpRequest& request, const Endpoint& endpoint, const Secret& key,
              std::int64_t) const override
    {
        signOpenAi(request, endpoint, key);
    }
    [[nodiscard]] std::unique_ptr<ChatDecoder> decoder(const Endpoint& endpoint,
                                                       CallContext call) const override
    {
        return std::make_unique<OpenAiChatDecoder>(openAiServerFor(endpoint.host), std::move(call));
    }
    [[nodiscard]] ModelList models(const Endpoint& endpoint) const override
    {
        return openAiModels(endpoint, kChatPath);
    }
};

} // namespace

const ChatDialect& openAiChatDialect()
{
    static const OpenAiChatDialect dialect;
    return dialect;
}

void signOpenAi(HttpRequest& request, const Endpoint& endpoint, const Secret& key)
{
    if (key.isEmpty())
        return;
    if (openAiServerFor(endpoint.host).keyHeader == OpenAiServer::KeyHeader::ApiKey)
        request.headers.push_back({"api-key", key.reveal()});
    else
        signBearer(request, key);
}

ModelList openAiModels(const Endpoint& endpoint, std::string_view chatPath)
{
    const std::string base = basePath(endpoint, openAiServerFor(endpoint.host).implicitPath);
    return {withoutPath(base, chatPath) + "/models", &kModelList};
}

Result<std::vector<ModelListing>> readModelList(std::string_view body)
{
    auto page = readModelPage(body, kModelList);
    if (!page)
        return Unexpected(page.error());
    return std::move(page->models);
}

} // namespace signalbox
