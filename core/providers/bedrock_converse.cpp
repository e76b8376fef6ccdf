// SPDX-License-Identifier: GPL-3.0-or-later
#include "bedrock_converse.h"

#include "aws_signature.h"
#include "chat_prompt.h"
#include "wire_json.h"

#include <array>

namespace signalbox {

namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 1> kLists = {"modelSummaries"};
constexpr std::array<std::string_view, 1> kIds = {"modelId"};
constexpr ModelListShape kModelList = {.lists = kLists,
                                       .ids = kIds,
                                       .mustHold = "outputModalities",
                                       .mustHoldWord = "TEXT",
                                       .expected = "an address of Amazon Bedrock"};

json partsOf(const std::vector<std::string>& texts)
{
    json parts = json::array();
    for (const std::string& text : texts)
        parts.push_back({{"text", text}});
    return parts;
}

class BedrockDecoder final : public ChatDecoder
{
public:
    explicit BedrockDecoder(CallContext call) : ChatDecoder(Framing::AwsEvents, std::move(call), {})
    {}

private:
    void takeObject(const json& object, const std::string& name) override;
    [[nodiscard]] std::string expectedAddress() const override
    {
        return std::string(kModelList.expected);
    }

    void takeUsage(const json& usage);
};

void BedrockDecoder::takeObject(const json& object, const std::string& name)
{
    if (name == "contentBlockDelta") {
        if (const json* delta = memberOf(object, "delta")) {
            addReasoning(textOf(*delta, "reasoningContent", "text"));
            addText(textOf(*delta, "text"));
        }
    } else if (name == "messageStop") {
        setFinish(textOf(object, "stopReason"));
    } else if (name == "metadata") {
        if (const json* usage = memberOf(object, "usage"))
            takeUsage(*usage);
        if (isFinishing())
            complete(); // nothing comes after it
    }
}

void BedrockDecoder::takeUsage(const json& usage)
{
    UsageReport report;
    report.inputUncached = countOf(memberOf(usage, "inputTokens"));
    report.cacheRead = countOf(memberOf(usage, "cacheReadInputTokens"));
    report.cacheWrite = countOf(memberOf(usage, "cacheWriteInputTokens"));
    report.output = countOf(memberOf(usage, "outputTokens"));
    if (report != UsageReport())
        setUsage(report);
}

class BedrockConverse final : public ChatDialect
{
public:
    [[nodiscard]] std::string name() const override { return "bedrock"; }
    [[nodiscard]] std::string chatUrl(const Endpoint& endpoint,
                                      const std::string& model) const override
    {
        return endpoint.url + "/model/" + percentEncoded(model) + "/converse-stream";
    }
    [[nodiscard]] std::string contentType() const override
    {
        return "application/vnd.amazon.eventstream";
    }
    [[nodiscard]] RequestBody body(const ChatRequest& request, const Endpoint& endpoint,
                                   const RequestShape& shape) const override;
    void sign(HttpRequest& request, const Endpoint& endpoint, const Secret& key,
              std::int64_t nowUnixMs) const override
    {
        if (const auto access = awsKeyOf(key))
            signAws(request, *access, awsRegionOf(endpoint.host), "bedrock", nowUnixMs);
        else
            signBearer(request, key);
    }
    [[nodiscard]] Secret sentPart(const Secret& key) const override
    {
        const auto access = awsKeyOf(key);
        return access ? access->sessionToken : key;
    }
    [[nodiscard]] std::unique_ptr<ChatDecoder> decoder(const Endpoint&,
                                                       CallContext call) const override
    {
        return std::make_unique<BedrockDecoder>(std::move(call));
    }
    [[nodiscard]] ModelList models(const Endpoint& endpoint) const override;
};

RequestBody BedrockConverse::body(const ChatRequest& request, const Endpoint&,
                                  const RequestShape& shape) const
{
    RequestBody result;
    const Prompt prompt = promptOf(request);
    json body = {{"messages", json::array()}};
    if (!prompt.system.empty())
        body["system"] = partsOf({prompt.system});
    for (const Turn& turn : prompt.turns)
        body["messages"].push_back(
            {{"role", turn.speaker == Turn::Speaker::Assistant ? "assistant" : "user"},
             {"content", partsOf(turn.texts)}});
    addParameters(body, request, {"/inferenceConfig/maxTokens", "/inferenceConfig/temperature", {}},
                  shape, result);
    result.json = toWireJson(body);
    return result;
}

/// Models answer at one host and are listed at another: bedrock-runtime.REGION, bedrock.REGION.
ModelList BedrockConverse::models(const Endpoint& endpoint) const
{
    constexpr std::string_view kRuntime = "://bedrock-runtime";
    std::string base = endpoint.url;
    if (const std::size_t at = base.find(kRuntime); at != std::string::npos)
        base.replace(at, kRuntime.size(), "://bedrock");
    return {base + "/foundation-models", &kModelList};
}

} // namespace

const ChatDialect& bedrockConverse()
{
    static const BedrockConverse dialect;
    return dialect;
}

} // namespace signalbox
