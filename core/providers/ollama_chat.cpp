// SPDX-License-Identifier: GPL-3.0-or-later
#include "ollama_chat.h"

#include "chat_prompt.h"
#include "wire_json.h"

#include <array>

namespace signalbox {

namespace {

using nlohmann::json;

constexpr std::string_view kChatPath = "/api/chat";

constexpr std::array<std::string_view, 1> kLists = {"models"};
constexpr std::array<std::string_view, 2> kIds = {"model", "name"};
constexpr ModelListShape kModelList = {
    .lists = kLists, .ids = kIds, .expected = "an address of Ollama"};

/// The server, whichever of its addresses was entered: its own, or that of its OpenAI form.
std::string serverOf(const Endpoint& endpoint)
{
    std::string base = endpoint.url;
    for (const std::string_view path :
         {std::string_view("/v1"), kChatPath, std::string_view("/api")})
        base = withoutPath(base, path);
    return base;
}

std::optional<double> millisecondsAt(const json& object, const char* key)
{
    constexpr double kDayNs = 86'400e9;
    const json* value = memberOf(object, key);
    if (!value || !value->is_number())
        return std::nullopt;
    const double nanoseconds = value->get<double>();
    return nanoseconds >= 0 && nanoseconds <= kDayNs ? std::optional(nanoseconds * 1e-6)
                                                     : std::nullopt;
}

class OllamaDecoder final : public ChatDecoder
{
public:
    explicit OllamaDecoder(CallContext call) : ChatDecoder(Framing::JsonLines, std::move(call), {})
    {}

private:
    void takeObject(const json& object, const std::string& name) override;
    [[nodiscard]] std::string expectedAddress() const override
    {
        return std::string(kModelList.expected);
    }

    void takeEnd(const json& object);
};

void OllamaDecoder::takeObject(const json& object, const std::string&)
{
    const json* message = memberOf(object, "message");
    const json* done = memberOf(object, "done");
    if (!message && !done) {
        failProtocol("JSON that is not a chat answer");
        return;
    }
    start({}, textOf(object, "model"));
    if (message) {
        addReasoning(textOf(*message, "thinking"));
        addText(textOf(*message, "content"));
        if (memberOf(*message, "tool_calls"))
            noteToolCall();
    }
    if (done && *done == json(true))
        takeEnd(object);
}

void OllamaDecoder::takeEnd(const json& object)
{
    UsageReport report;
    report.inputUncached = countOf(memberOf(object, "prompt_eval_count"));
    report.output = countOf(memberOf(object, "eval_count"));
    if (report != UsageReport())
        setUsage(report);
    addServerTimes({millisecondsAt(object, "load_duration"),
                    millisecondsAt(object, "prompt_eval_duration"),
                    millisecondsAt(object, "eval_duration")});
    setFinish(textOf(object, "done_reason"));
    if (!isDone())
        complete();
}

class OllamaChat final : public ChatDialect
{
public:
    [[nodiscard]] std::string name() const override { return "ollama"; }
    [[nodiscard]] std::string chatUrl(const Endpoint& endpoint, const std::string&) const override
    {
        return serverOf(endpoint) + std::string(kChatPath);
    }
    [[nodiscard]] std::string contentType() const override { return "application/x-ndjson"; }
    [[nodiscard]] RequestBody body(const ChatRequest& request, const Endpoint& endpoint,
                                   const RequestShape& shape) const override;
    void sign(HttpRequest& request, const Endpoint&, const Secret& key, std::int64_t) const override
    {
        signBearer(request, key);
    }
    [[nodiscard]] std::unique_ptr<ChatDecoder> decoder(const Endpoint&,
                                                       CallContext call) const override
    {
        return std::make_unique<OllamaDecoder>(std::move(call));
    }
    [[nodiscard]] ModelList models(const Endpoint& endpoint) const override
    {
        return {serverOf(endpoint) + "/api/tags", &kModelList};
    }
};

RequestBody OllamaChat::body(const ChatRequest& request, const Endpoint&,
                             const RequestShape& shape) const
{
    RequestBody result;
    json body = {
        {"model", request.upstreamModel}, {"messages", chatMessages(request)}, {"stream", true}};
    addParameters(body, request, {"/options/num_predict", "/options/temperature", "/options/seed"},
                  shape, result);
    if (request.contextTokens)
        addParameter(body, "/options/num_ctx", *request.contextTokens, shape, result);
    addParameter(body, "/truncate", false, shape, result);
    result.json = toWireJson(body);
    return result;
}

} // namespace

const ChatDialect& ollamaChat()
{
    static const OllamaChat dialect;
    return dialect;
}

} // namespace signalbox
