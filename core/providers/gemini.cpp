// SPDX-License-Identifier: GPL-3.0-or-later
#include "gemini.h"

#include "chat_prompt.h"
#include "wire_json.h"

#include <algorithm>
#include <array>

namespace signalbox {

namespace {

using nlohmann::json;

constexpr std::string_view kImplicitPath = "/v1beta";
constexpr std::string_view kVertexHost = "aiplatform.googleapis.com";

constexpr std::array<std::string_view, 1> kLists = {"models"};
constexpr std::array<std::string_view, 1> kIds = {"name"};
constexpr std::array<std::string_view, 1> kContexts = {"/inputTokenLimit"};
constexpr ModelListShape kModelList = {.lists = kLists,
                                       .ids = kIds,
                                       .idPrefix = "models/",
                                       .contexts = kContexts,
                                       .mustHold = "supportedGenerationMethods",
                                       .mustHoldWord = "generateContent",
                                       .next = "nextPageToken",
                                       .pageParameter = "pageToken",
                                       .expected = "an address of the Gemini API"};

json partsOf(const std::vector<std::string>& texts)
{
    json parts = json::array();
    for (const std::string& text : texts)
        parts.push_back({{"text", text}});
    return parts;
}

/// Gemma has no system prompt: there it is the first thing that the user says.
void moveSystemToUser(Prompt& prompt)
{
    if (prompt.system.empty())
        return;
    if (prompt.turns.empty() || prompt.turns.front().speaker != Turn::Speaker::User)
        prompt.turns.insert(prompt.turns.begin(), Turn());
    auto& texts = prompt.turns.front().texts;
    texts.insert(texts.begin(), std::exchange(prompt.system, {}));
}

class GeminiDecoder final : public ChatDecoder
{
public:
    explicit GeminiDecoder(CallContext call)
        : ChatDecoder(Framing::EventStream, std::move(call), {})
    {}

private:
    void takeObject(const json& object, const std::string& name) override;
    bool takeWhole(const json& body) override;
    /// The end of the body is the only end marker there is, and the finish reason stands before it.
    [[nodiscard]] bool isProvenBy(TransferEnd) const override { return true; }
    [[nodiscard]] std::string expectedAddress() const override
    {
        return std::string(kModelList.expected);
    }

    void takePart(const json& part);
    void takeUsage(const json& usage);
};

void GeminiDecoder::takeObject(const json& object, const std::string&)
{
    start(textOf(object, "responseId"), textOf(object, "modelVersion"));
    const json* usage = memberOf(object, "usageMetadata");
    if (usage)
        takeUsage(*usage);
    if (const std::string blocked = textOf(object, "promptFeedback", "blockReason");
        !blocked.empty()) {
        failBlocked(blocked);
        return;
    }
    const json* candidates = memberOf(object, "candidates");
    if (!candidates || !candidates->is_array() || candidates->empty())
        return;
    const json& candidate = candidates->front();
    if (const json* parts = memberOf(candidate, "content", "parts"); parts && parts->is_array())
        for (const json& part : *parts)
            takePart(part);
    const std::string reason = textOf(candidate, "finishReason");
    if (reason.empty())
        return;
    setFinish(reason);
    // Usage comes with every event; where it comes with the last one, nothing is left to wait for.
    if (usage && !isDone())
        complete();
}

/// The form without events: all of them in a list, or a single answer.
bool GeminiDecoder::takeWhole(const json& body)
{
    const json events = body.is_array() ? body : json::array({body});
    const auto isAnswer = [](const json& event) {
        return memberOf(event, "candidates") || memberOf(event, "promptFeedback") ||
               memberOf(event, "usageMetadata");
    };
    if (!std::ranges::all_of(events, isAnswer))
        return false; // before anything of it is given out
    for (const json& event : events)
        if (!isDone())
            takeObject(event, {});
    if (!isDone() && !isFinishing())
        failCut();
    return true;
}

void GeminiDecoder::takePart(const json& part)
{
    const json* thought = memberOf(part, "thought");
    if (memberOf(part, "functionCall"))
        noteToolCall();
    else if (thought && *thought == json(true))
        addReasoning(textOf(part, "text"));
    else
        addText(textOf(part, "text"));
}

/// The sum of what is known; nothing if nothing is.
std::optional<std::int64_t> sumOf(std::optional<std::int64_t> a, std::optional<std::int64_t> b)
{
    return a && b ? *a + *b : a ? a : b;
}

void GeminiDecoder::takeUsage(const json& usage)
{
    UsageReport report;
    const auto input = sumOf(countOf(memberOf(usage, "promptTokenCount")),
                             countOf(memberOf(usage, "toolUsePromptTokenCount")));
    report.cacheRead = countOf(memberOf(usage, "cachedContentTokenCount"));
    const std::int64_t cached = report.cacheRead.value_or(0);
    if (input)
        report.inputUncached = cached <= *input ? *input - cached : *input;
    report.reasoning = countOf(memberOf(usage, "thoughtsTokenCount"));
    report.output = sumOf(countOf(memberOf(usage, "candidatesTokenCount")), report.reasoning);
    if (report != UsageReport())
        setUsage(report);
}

class Gemini final : public ChatDialect
{
public:
    [[nodiscard]] std::string name() const override { return "gemini"; }
    [[nodiscard]] std::string chatUrl(const Endpoint& endpoint,
                                      const std::string& model) const override
    {
        const std::string path = model.find('/') == std::string::npos ? "models/" + model : model;
        return basePath(endpoint, kImplicitPath) + "/" + percentEncoded(path, "/") +
               ":streamGenerateContent?alt=sse";
    }
    [[nodiscard]] RequestBody body(const ChatRequest& request, const Endpoint& endpoint,
                                   const RequestShape& shape) const override;
    void sign(HttpRequest& request, const Endpoint& endpoint, const Secret& key,
              std::int64_t) const override
    {
        if (key.isEmpty())
            return;
        if (endpoint.host.ends_with(kVertexHost))
            signBearer(request, key);
        else
            request.headers.push_back({"x-goog-api-key", key.reveal()});
    }
    [[nodiscard]] std::unique_ptr<ChatDecoder> decoder(const Endpoint&,
                                                       CallContext call) const override
    {
        return std::make_unique<GeminiDecoder>(std::move(call));
    }
    [[nodiscard]] ModelList models(const Endpoint& endpoint) const override
    {
        return {basePath(endpoint, kImplicitPath) + "/models?pageSize=1000", &kModelList};
    }
};

RequestBody Gemini::body(const ChatRequest& request, const Endpoint&,
                         const RequestShape& shape) const
{
    RequestBody result;
    Prompt prompt = promptOf(request);
    if (request.upstreamModel.find("gemma") != std::string::npos)
        moveSystemToUser(prompt);
    json body = {{"contents", json::array()}};
    if (!prompt.system.empty())
        body["systemInstruction"] = {{"parts", partsOf({prompt.system})}};
    for (const Turn& turn : prompt.turns)
        body["contents"].push_back(
            {{"role", turn.speaker == Turn::Speaker::Assistant ? "model" : "user"},
             {"parts", partsOf(turn.texts)}});
    addParameters(body, request,
                  {"/generationConfig/maxOutputTokens", "/generationConfig/temperature",
                   "/generationConfig/seed"},
                  shape, result);
    result.json = toWireJson(body);
    return result;
}

} // namespace

const ChatDialect& gemini()
{
    static const Gemini dialect;
    return dialect;
}

} // namespace signalbox
