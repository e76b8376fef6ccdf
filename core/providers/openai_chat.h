// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event_stream_parser.h"
#include "failures.h"
#include "openai_server.h"
#include "provider.h"

#include <core/base/result.h>

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace signalbox {

// The dialect "OpenAI Chat Completions" and its variations, without a socket.

/// How a repetition of a request differs from the first form, after the server refused parameters.
struct RequestShape
{
    std::vector<std::string> dropped;
    bool otherMaxTokensKey = false; ///< max_tokens for max_completion_tokens, or the reverse
    bool operator==(const RequestShape&) const = default;
};

/// The JSON body. Ill-formed UTF-8 in messages becomes U+FFFD.
[[nodiscard]] std::string openAiRequestBody(const ChatRequest& request, const OpenAiServer& server,
                                            const RequestShape& shape = {});
/// The parameters in that body that the call can do without.
[[nodiscard]] std::vector<std::string> openAiOptionalParameters(const ChatRequest& request,
                                                                const OpenAiServer& server,
                                                                const RequestShape& shape = {});
/// The shape to try after `parameter` was refused; nothing if it has been tried.
[[nodiscard]] std::optional<RequestShape>
shapeWithout(const std::string& parameter, const RequestShape& shape, const OpenAiServer& server);

/// Turns one answer into events: begin(), feed() as bytes come, finish(). The last event is
/// StreamFinished or StreamFailed; nothing follows it. Takes an event stream, a plain JSON answer,
/// a web page and an error body for what they are, whatever the content type says. Never throws.
class OpenAiChatDecoder
{
public:
    OpenAiChatDecoder(const OpenAiServer& server, CallContext call, EventStreamLimits limits = {});
    ~OpenAiChatDecoder();
    OpenAiChatDecoder(const OpenAiChatDecoder&) = delete;
    OpenAiChatDecoder& operator=(const OpenAiChatDecoder&) = delete;

    /// @param nowUnixMs  for a retry-after that is a date
    [[nodiscard]] std::vector<StreamEvent> begin(int status, HttpHeaders headers,
                                                 std::int64_t nowUnixMs);
    [[nodiscard]] std::vector<StreamEvent> feed(std::string_view bytes);
    [[nodiscard]] std::vector<StreamEvent> finish(TransferEnd end);

    [[nodiscard]] bool isDone() const { return m_done; }
    /// After StreamFailed: the same with what a repetition needs to know.
    [[nodiscard]] const Failure& failure() const { return m_failure; }

private:
    enum class Body { Unknown, Events, Json, Page, Error };
    using Events = std::vector<StreamEvent>;

    void takeBytes(std::string_view bytes, Events& out);
    void recognise(Events& out);
    void takeEvents(const std::vector<ServerSentEvent>& events, Events& out);
    void takeEvent(const ServerSentEvent& event, Events& out);
    void takeObject(const nlohmann::json& object, Events& out);
    void takeChoice(const nlohmann::json& choice, Events& out);
    void takeDelta(const nlohmann::json& delta, Events& out);
    void takeContent(const nlohmann::json& content, Events& out);
    void takeUsage(const nlohmann::json& usage);
    void finishEvents(TransferEnd end, Events& out);
    void finishJson(TransferEnd end, Events& out);
    void complete(Events& out);
    void fail(Failure failure, Events& out);
    void failInside(const Complaint& complaint, Events& out);
    void failProtocol(std::string message, Events& out);
    [[nodiscard]] std::string title() const; ///< of a web page, as a sentence may quote it

    const OpenAiServer& m_server;
    CallContext m_call;
    EventStreamLimits m_limits;
    EventStreamParser m_parser;
    int m_status = 0;
    HttpHeaders m_headers;
    std::int64_t m_nowUnixMs = 0;
    Body m_body = Body::Unknown;
    std::string m_buffer; ///< of everything but an event stream
    bool m_done = false;
    bool m_started = false;
    bool m_anyObject = false;
    bool m_refusal = false;
    std::optional<std::string> m_finishReason;
    std::optional<UsageReport> m_usage;
    Failure m_failure;
};

/// Reads a model list: {"data": […]}, {"models": […]} or a bare array.
[[nodiscard]] Result<std::vector<ModelListing>> readModelList(std::string_view body);

} // namespace signalbox
