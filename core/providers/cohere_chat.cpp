// SPDX-License-Identifier: GPL-3.0-or-later
#include "cohere_chat.h"

#include "chat_prompt.h"
#include "wire_json.h"

#include <array>

namespace signalbox {

namespace {

using nlohmann::json;

constexpr std::string_view kImplicitPath = "/v2";
constexpr std::string_view kChatPath = "/chat";

constexpr std::array<std::string_view, 1> kLists = {"models"};
constexpr std::array<std::string_view, 1> kIds = {"name"};
constexpr std::array<std::string_view, 1> kContexts = {"/context_length"};
constexpr ModelListShape kModelList = {.lists = kLists,
                                       .ids = kIds,
                                       .contexts = kContexts,
                                       .mustHold = "endpoints",
                                       .mustHoldWord = "chat",
                                       .next = "next_page_token",
                                       .pageParameter = "page_token",
                                       .expected = "an address of Cohere's API, version 2"};

class CohereDecoder final : public ChatDecoder
{
public:
    explicit CohereDecoder(CallContext call)
        : ChatDecoder(Framing::EventStream, std::move(call), {})
    {}

private:
    void takeObject(const json& object, const std::string& name) override;
    bool takeWhole(const json& body) override;
    [[nodiscard]] std::string expectedAddress() const override
    {
        return std::string(kModelList.expected);
    }

    void takeContent(const json& content);
    void takeUsage(const json& usage);
    void takeEnd(const json& end);
};

void CohereDecoder::takeObject(const json& object, const std::string& name)
{
    const std::string said = textOf(object, "type");
    const std::string& type = said.empty() ? name : said;
    const json* delta = memberOf(object, "delta");
    if (type == "message-start")
        start(textOf(object, "id"), {});
    if (type == "tool-call-start")
        noteToolCall();
    if (!delta)
        return;
    const json* content = memberOf(*delta, "message", "content");
    if (content && (type == "content-start" || type == "content-delta"))
        takeContent(*content);
    if (type == "message-end") {
        takeEnd(*delta);
        if (!isDone())
            complete();
    }
}

/// The form without a stream.
bool CohereDecoder::takeWhole(const json& body)
{
    const json* parts = memberOf(body, "message", "content");
    if (!memberOf(body, "finish_reason") || (parts && !parts->is_array()))
        return false;
    start(textOf(body, "id"), {});
    if (parts)
        for (const json& part : *parts)
            takeContent(part);
    takeEnd(body);
    return true;
}

void CohereDecoder::takeContent(const json& content)
{
    addReasoning(textOf(content, "thinking"));
    addText(textOf(content, "text"));
}

void CohereDecoder::takeEnd(const json& end)
{
    if (const json* usage = memberOf(end, "usage"))
        takeUsage(*usage);
    setFinish(textOf(end, "finish_reason"));
}

void CohereDecoder::takeUsage(const json& usage)
{
    const auto at = [&](const char* kind, const char* direction) -> std::optional<std::int64_t> {
        const json* counts = memberOf(usage, kind);
        return counts ? countOf(memberOf(*counts, direction)) : std::nullopt;
    };
    UsageReport report;
    report.processedInput = at("tokens", "input_tokens");
    report.processedOutput = at("tokens", "output_tokens");
    report.inputUncached = at("billed_units", "input_tokens");
    report.output = at("billed_units", "output_tokens");
    if (!report.inputUncached) {
        // Nothing is said of the bill: then it is for what ran, of which some may be cached.
        report.cacheRead = countOf(memberOf(usage, "cached_tokens"));
        const std::int64_t cached = report.cacheRead.value_or(0);
        if (const auto input = report.processedInput)
            report.inputUncached = cached <= *input ? *input - cached : *input;
    }
    if (!report.output)
        report.output = report.processedOutput;
    if (report != UsageReport())
        setUsage(report);
}

class CohereChat final : public ChatDialect
{
public:
    [[nodiscard]] std::string name() const override { return "cohere"; }
    [[nodiscard]] std::optional<double> defaultTemperature() const override { return 0.3; }
    [[nodiscard]] std::string chatUrl(const Endpoint& endpoint, const std::string&) const override
    {
        return withPath(basePath(endpoint, kImplicitPath), kChatPath);
    }
    [[nodiscard]] RequestBody body(const ChatRequest& request, const Endpoint&,
                                   const RequestShape& shape) const override
    {
        RequestBody result;
        json body = {{"model", request.upstreamModel},
                     {"messages", chatMessages(request)},
                     {"stream", true}};
        addParameters(body, request, {"/max_tokens", "/temperature", "/seed"}, shape, result);
        result.json = toWireJson(body);
        return result;
    }
    void sign(HttpRequest& request, const Endpoint&, const Secret& key, std::int64_t) const override
    {
        signBearer(request, key);
    }
    [[nodiscard]] std::unique_ptr<ChatDecoder> decoder(const Endpoint&,
                                                       CallContext call) const override
    {
        return std::make_unique<CohereDecoder>(std::move(call));
    }
    /// Models are listed by version 1 only.
    [[nodiscard]] ModelList models(const Endpoint& endpoint) const override
    {
        const std::string base = withoutPath(basePath(endpoint, kImplicitPath), kChatPath);
        return {withoutPath(base, kImplicitPath) + "/v1/models?endpoint=chat&page_size=1000",
                &kModelList};
    }
};

} // namespace

const ChatDialect& cohereChat()
{
    static const CohereChat dialect;
    return dialect;
}

} // namespace signalbox
