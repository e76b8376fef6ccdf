// SPDX-License-Identifier: GPL-3.0-or-later
#include "anthropic_messages.h"

#include "chat_prompt.h"
#include "wire_json.h"

#include <algorithm>
#include <array>

namespace signalbox {

namespace {

using nlohmann::json;

constexpr std::string_view kChatPath = "/messages";
constexpr int kUsualMaxTokens = 4096; // every model that is offered can write as much

// Source: Anthropic's migration notes for these models; any sampling parameter gives 400.
constexpr std::array<std::string_view, 6> kTakeNoSampling = {"claude-opus-4-7", "claude-opus-4-8",
                                                             "claude-opus-4-9", "claude-opus-5",
                                                             "claude-sonnet-5", "claude-fable-5"};

constexpr std::array<std::string_view, 1> kLists = {"data"};
constexpr std::array<std::string_view, 1> kIds = {"id"};
constexpr std::array<std::string_view, 1> kContexts = {"/max_input_tokens"};
constexpr ModelListShape kModelList = {.lists = kLists,
                                       .ids = kIds,
                                       .contexts = kContexts,
                                       .next = "last_id",
                                       .nextGuard = "has_more",
                                       .pageParameter = "after_id",
                                       .expected = "an address of the Anthropic Messages API"};

bool takesSampling(const std::string& model)
{
    return std::ranges::none_of(kTakeNoSampling,
                                [&](std::string_view prefix) { return model.starts_with(prefix); });
}

json contentOf(const Turn& turn)
{
    if (turn.texts.size() == 1)
        return turn.texts.front();
    json parts = json::array();
    for (const std::string& text : turn.texts)
        parts.push_back({{"type", "text"}, {"text", text}});
    return parts;
}

json messagesOf(const Prompt& prompt)
{
    json messages = json::array();
    for (const Turn& turn : prompt.turns)
        messages.push_back(
            {{"role", turn.speaker == Turn::Speaker::Assistant ? "assistant" : "user"},
             {"content", contentOf(turn)}});
    return messages;
}

/// The larger of two counts: usage is cumulative, and some proxies repeat its beginning.
void raise(std::optional<std::int64_t>& count, const json* value)
{
    if (const auto stated = countOf(value))
        count = std::max(count.value_or(0), *stated);
}

class AnthropicDecoder final : public ChatDecoder
{
public:
    explicit AnthropicDecoder(CallContext call)
        : ChatDecoder(Framing::EventStream, std::move(call), {})
    {}

private:
    void takeObject(const json& object, const std::string& name) override;
    bool takeWhole(const json& body) override;
    [[nodiscard]] std::string expectedAddress() const override
    {
        return std::string(kModelList.expected);
    }

    void takeMessage(const json& message);
    void takeBlock(const json& block);
    void takeUsage(const json& usage);

    UsageReport m_sum;
};

void AnthropicDecoder::takeObject(const json& object, const std::string& name)
{
    const std::string said = textOf(object, "type");
    const std::string& type = said.empty() ? name : said;
    if (const json* message = memberOf(object, "message"); message && type == "message_start")
        takeMessage(*message);
    if (const json* block = memberOf(object, "content_block"))
        takeBlock(*block);
    const json* delta = memberOf(object, "delta");
    if (delta && type == "content_block_delta")
        takeBlock(*delta);
    if (type == "message_delta") {
        if (const json* usage = memberOf(object, "usage"))
            takeUsage(*usage);
        if (const std::string reason = textOf(object, "delta", "stop_reason"); !reason.empty())
            setFinish(reason);
    }
    if (type == "message_stop" && !isDone())
        complete();
}

/// The form without a stream: a message with all its blocks.
bool AnthropicDecoder::takeWhole(const json& body)
{
    const json* content = memberOf(body, "content");
    if (textOf(body, "type") != "message" || !content || !content->is_array())
        return false;
    takeMessage(body);
    for (const json& block : *content)
        takeBlock(block);
    setFinish(textOf(body, "stop_reason"));
    return true;
}

void AnthropicDecoder::takeMessage(const json& message)
{
    start(textOf(message, "id"), textOf(message, "model"));
    if (const json* usage = memberOf(message, "usage"))
        takeUsage(*usage);
}

/// A block's beginning, a piece of it, or all of it: text and thinking are members of these names.
void AnthropicDecoder::takeBlock(const json& block)
{
    addReasoning(textOf(block, "thinking"));
    addText(textOf(block, "text"));
}

void AnthropicDecoder::takeUsage(const json& usage)
{
    raise(m_sum.inputUncached, memberOf(usage, "input_tokens"));
    raise(m_sum.cacheRead, memberOf(usage, "cache_read_input_tokens"));
    raise(m_sum.cacheWrite, memberOf(usage, "cache_creation_input_tokens"));
    raise(m_sum.cacheWriteHour, memberOf(usage, "cache_creation", "ephemeral_1h_input_tokens"));
    raise(m_sum.output, memberOf(usage, "output_tokens"));
    raise(m_sum.reasoning, memberOf(usage, "output_tokens_details", "thinking_tokens"));
    if (m_sum != UsageReport())
        setUsage(m_sum);
}

class AnthropicMessages final : public ChatDialect
{
public:
    [[nodiscard]] std::string name() const override { return "anthropic"; }
    [[nodiscard]] std::optional<double> defaultTemperature() const override { return 1; }
    [[nodiscard]] std::string chatUrl(const Endpoint& endpoint, const std::string&) const override
    {
        return withPath(basePath(endpoint, "/v1"), kChatPath);
    }
    [[nodiscard]] RequestBody body(const ChatRequest& request, const Endpoint& endpoint,
                                   const RequestShape& shape) const override;
    void sign(HttpRequest& request, const Endpoint&, const Secret& key, std::int64_t) const override
    {
        request.headers.push_back({"anthropic-version", "2023-06-01"});
        if (!key.isEmpty())
            request.headers.push_back({"x-api-key", key.reveal()});
    }
    [[nodiscard]] std::unique_ptr<ChatDecoder> decoder(const Endpoint&,
                                                       CallContext call) const override
    {
        return std::make_unique<AnthropicDecoder>(std::move(call));
    }
    [[nodiscard]] ModelList models(const Endpoint& endpoint) const override
    {
        return {withoutPath(basePath(endpoint, "/v1"), kChatPath) + "/models?limit=1000",
                &kModelList};
    }
};

RequestBody AnthropicMessages::body(const ChatRequest& request, const Endpoint&,
                                    const RequestShape& shape) const
{
    RequestBody result;
    const Prompt prompt = promptOf(request);
    json body = {{"model", request.upstreamModel},
                 {"messages", messagesOf(prompt)},
                 {"max_tokens", request.maxTokens.value_or(kUsualMaxTokens)},
                 {"stream", true}};
    if (!prompt.system.empty())
        body["system"] = prompt.system;
    if (!request.maxTokens)
        result.adjusted.push_back({"max_tokens", "This provider wants a limit of tokens; " +
                                                     std::to_string(kUsualMaxTokens) +
                                                     " was sent."});
    const bool sampling = takesSampling(request.upstreamModel);
    ChatRequest optional = request;
    optional.maxTokens = {}; // not optional here
    addParameters(body, optional, {.temperature = sampling ? "/temperature" : ""}, shape, result);
    result.json = toWireJson(body);
    return result;
}

} // namespace

const ChatDialect& anthropicMessages()
{
    static const AnthropicMessages dialect;
    return dialect;
}

} // namespace signalbox
