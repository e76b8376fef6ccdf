// SPDX-License-Identifier: GPL-3.0-or-later
#include "openai_responses.h"

#include "chat_prompt.h"
#include "openai_chat.h"
#include "wire_json.h"

#include <algorithm>

namespace signalbox {

namespace {

using nlohmann::json;

constexpr std::string_view kPath = "/responses";
constexpr int kLeastMaxTokens = 16;

class ResponsesDecoder final : public ChatDecoder
{
public:
    explicit ResponsesDecoder(CallContext call)
        : ChatDecoder(Framing::EventStream, std::move(call), {})
    {}

private:
    void takeObject(const json& object, const std::string& name) override;
    bool takeWhole(const json& body) override;
    [[nodiscard]] std::string expectedAddress() const override
    {
        return "an address of the OpenAI Responses API";
    }

    void takeEnd(const json& response);
    void takeItem(const json& item);
    void takeUsage(const json& usage);
};

void ResponsesDecoder::takeObject(const json& object, const std::string& name)
{
    const std::string said = textOf(object, "type");
    const std::string& type = said.empty() ? name : said;
    if (const json* response = memberOf(object, "response")) {
        start(textOf(*response, "id"), textOf(*response, "model"));
        if (type == "response.completed" || type == "response.incomplete" ||
            type == "response.failed")
            takeEnd(*response);
    } else if (type == "response.output_text.delta") {
        addText(textOf(object, "delta"));
    } else if (type == "response.refusal.delta") {
        addRefusal(textOf(object, "delta"));
    } else if (type == "response.reasoning_summary_text.delta" ||
               type == "response.reasoning_text.delta") {
        addReasoning(textOf(object, "delta"));
    } else if (textOf(object, "item", "type") == "function_call") {
        noteToolCall();
    } else if (type == "error") {
        failInside(complaintOf(object)); // the flat form; the nested one is read before
    }
}

/// The form without a stream: the same object that ends a stream, with all its output.
bool ResponsesDecoder::takeWhole(const json& body)
{
    const json* output = memberOf(body, "output");
    if (textOf(body, "object") != "response" || !output || !output->is_array())
        return false;
    start(textOf(body, "id"), textOf(body, "model"));
    for (const json& item : *output)
        takeItem(item);
    takeEnd(body);
    return true;
}

void ResponsesDecoder::takeItem(const json& item)
{
    if (textOf(item, "type") == "function_call")
        noteToolCall();
    for (const char* list : {"summary", "content"}) {
        const json* parts = memberOf(item, list);
        if (!parts || !parts->is_array())
            continue;
        for (const json& part : *parts) {
            const std::string type = textOf(part, "type");
            if (type == "output_text")
                addText(textOf(part, "text"));
            else if (type == "refusal")
                addRefusal(textOf(part, "refusal"));
            else
                addReasoning(textOf(part, "text"));
        }
    }
}

void ResponsesDecoder::takeEnd(const json& response)
{
    if (const json* usage = memberOf(response, "usage"))
        takeUsage(*usage);
    if (const json* error = memberOf(response, "error")) {
        failInside(complaintOf(*error));
        return;
    }
    const std::string reason = textOf(response, "incomplete_details", "reason");
    setFinish(reason.empty() ? textOf(response, "status") : reason);
    if (!isDone())
        complete();
}

void ResponsesDecoder::takeUsage(const json& usage)
{
    UsageReport report;
    const auto input = countOf(memberOf(usage, "input_tokens"));
    report.cacheRead = countOf(memberOf(usage, "input_tokens_details", "cached_tokens"));
    report.cacheWrite = countOf(memberOf(usage, "input_tokens_details", "cache_write_tokens"));
    const std::int64_t cached = report.cacheRead.value_or(0) + report.cacheWrite.value_or(0);
    if (input)
        report.inputUncached = cached <= *input ? *input - cached : *input;
    report.output = countOf(memberOf(usage, "output_tokens"));
    report.reasoning = countOf(memberOf(usage, "output_tokens_details", "reasoning_tokens"));
    if (report != UsageReport())
        setUsage(report);
}

class OpenAiResponses final : public ChatDialect
{
public:
    [[nodiscard]] std::string name() const override { return "openai-responses"; }
    [[nodiscard]] std::optional<double> defaultTemperature() const override { return 1; }
    [[nodiscard]] std::string chatUrl(const Endpoint& endpoint, const std::string&) const override
    {
        return withPath(basePath(endpoint, openAiServerFor(endpoint.host).implicitPath), kPath);
    }
    [[nodiscard]] RequestBody body(const ChatRequest& request, const Endpoint& endpoint,
                                   const RequestShape& shape) const override;
    void sign(HttpRequest& request, const Endpoint& endpoint, const Secret& key,
              std::int64_t) const override
    {
        signOpenAi(request, endpoint, key);
    }
    [[nodiscard]] std::unique_ptr<ChatDecoder> decoder(const Endpoint&,
                                                       CallContext call) const override
    {
        return std::make_unique<ResponsesDecoder>(std::move(call));
    }
    [[nodiscard]] ModelList models(const Endpoint& endpoint) const override
    {
        return openAiModels(endpoint, kPath);
    }
};

RequestBody OpenAiResponses::body(const ChatRequest& request, const Endpoint&,
                                  const RequestShape& shape) const
{
    RequestBody result;
    const Prompt prompt = promptOf(request);
    json body = {{"model", request.upstreamModel},
                 {"input", json::array()},
                 {"stream", true},
                 {"store", false}};
    if (!prompt.system.empty())
        body["instructions"] = prompt.system;
    for (const Turn& turn : prompt.turns)
        for (const std::string& text : turn.texts)
            body["input"].push_back(
                {{"role", turn.speaker == Turn::Speaker::Assistant ? "assistant" : "user"},
                 {"content", text}});
    ChatRequest sent = request;
    if (request.maxTokens && *request.maxTokens < kLeastMaxTokens) {
        sent.maxTokens = kLeastMaxTokens;
        result.adjusted.push_back({"max_output_tokens", "The least that this provider takes, " +
                                                            std::to_string(kLeastMaxTokens) +
                                                            " tokens, was sent."});
    }
    addParameters(body, sent, {"/max_output_tokens", "/temperature", {}}, shape, result);
    result.json = toWireJson(body);
    return result;
}

} // namespace

const ChatDialect& openAiResponses()
{
    static const OpenAiResponses dialect;
    return dialect;
}

} // namespace signalbox
