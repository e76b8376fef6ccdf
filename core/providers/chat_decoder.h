// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "failures.h"
#include "frame_parser.h"
#include "provider.h"
#include "repeated_event.h"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace signalbox {

/// Turns one answer into events: begin(), feed() as bytes come, finish(). The last event is
/// StreamFinished or StreamFailed; nothing follows it. Takes a stream, a plain JSON answer, a web
/// page and an error body for what they are, whatever the content type says. Never throws.
///
/// What every dialect shares is here: bytes, limits, errors, and when an answer may be called
/// whole. A dialect derives from it and says what its JSON means; it never sees bytes.
class ChatDecoder
{
public:
    virtual ~ChatDecoder();
    ChatDecoder(const ChatDecoder&) = delete;
    ChatDecoder& operator=(const ChatDecoder&) = delete;

    /// @param nowUnixMs  for waits and limits that end at a date
    [[nodiscard]] std::vector<StreamEvent> begin(int status, HttpHeaders headers,
                                                 std::int64_t nowUnixMs);
    [[nodiscard]] std::vector<StreamEvent> feed(std::string_view bytes);
    [[nodiscard]] std::vector<StreamEvent> finish(TransferEnd end);

    [[nodiscard]] bool isDone() const { return m_done; }
    /// After StreamFailed: the same with what a repetition needs to know.
    [[nodiscard]] const Failure& failure() const { return m_failure; }

protected:
    ChatDecoder(Framing framing, CallContext call, EventStreamLimits limits);

    // What a dialect has to say.

    /// One object of the stream. @param name  of its frame, empty if the framing has no names
    virtual void takeObject(const nlohmann::json& object, const std::string& name) = 0;
    /// A piece of data that is no JSON and means something all the same: "[DONE]".
    /// @return  whether it was taken
    virtual bool takeMarker(std::string_view data);
    /// The member that holds the text of an event, if two events that differ in it alone mean the
    /// same but for that text. Empty: every event is read.
    [[nodiscard]] virtual std::string_view textKey() const { return {}; }
    /// A JSON body that came instead of a stream. @return  whether it is an answer of this dialect;
    /// if not, nothing of it was given out
    virtual bool takeWhole(const nlohmann::json& body);
    /// Whether an answer without end marker is whole, given that its finish reason came.
    [[nodiscard]] virtual bool isProvenBy(TransferEnd end) const;
    /// What the address should have been: "an OpenAI-compatible chat address".
    [[nodiscard]] virtual std::string expectedAddress() const = 0;

    // What a dialect does with it. Empty texts are no events.

    void start(const std::string& id, const std::string& model); ///< the second time is no event
    void addText(std::string text);
    void addReasoning(std::string text);
    void addRefusal(std::string text); ///< shown as text; the answer is then a refusal
    void noteToolCall();               ///< for dialects that end such an answer as any other
    void addServerTimes(const ServerTimes& times);
    void setUsage(const UsageReport& usage) { m_usage = usage; } ///< the last one counts
    /// Why the answer ended; complete() or the end of the transfer make it count.
    /// By the server's word, as finishMeaning() has it; a word for an error ends the answer.
    void setFinish(const std::string& raw);
    [[nodiscard]] bool isFinishing() const { return m_finish.has_value(); }
    [[nodiscard]] bool hasText() const { return m_anyText; }
    void complete();                             ///< the end marker came
    void failInside(const Complaint& complaint); ///< an error inside an answer of status 200
    void failBlocked(const std::string& reason); ///< the provider stopped the prompt
    void failProtocol(std::string what);         ///< "SERVER sent " + what
    void failCut();

private:
    enum class Body { Unknown, Stream, Whole, Page, Error };
    struct Finish
    {
        FinishReason reason = FinishReason::Unknown;
        std::string raw;
    };

    void takeBytes(std::string_view bytes);
    void recognise();
    void takeFrames(const std::vector<Frame>& frames);
    void takeFrame(const Frame& frame);
    void learnFrom(std::string_view data, std::size_t eventsBefore);
    void end(TransferEnd end);
    void endStream(TransferEnd end);
    void endJson(TransferEnd end);
    [[nodiscard]] Complaint complaintOfAnswer() const;
    void fail(Failure failure);
    void failFinished(const std::string& reason); ///< a finish reason that is an error
    [[nodiscard]] std::string title() const;      ///< of a web page, as a sentence may quote it

    Framing m_framing;
    CallContext m_call;
    EventStreamLimits m_limits;
    std::unique_ptr<FrameParser> m_parser;
    RepeatedEvent m_usual;          ///< an event that was nothing but text
    std::vector<StreamEvent> m_out; ///< of the present call
    int m_status = 0;
    HttpHeaders m_headers;
    std::int64_t m_nowUnixMs = 0;
    Body m_body = Body::Unknown;
    std::string m_buffer; ///< of everything but a stream
    bool m_done = false;
    bool m_started = false;
    bool m_anyObject = false;
    bool m_anyText = false;
    bool m_anyWord = false; ///< of text or reasoning
    bool m_refusal = false;
    bool m_toolCall = false;
    std::optional<Finish> m_finish;
    std::optional<UsageReport> m_usage;
    Failure m_failure;
};

} // namespace signalbox
