// SPDX-License-Identifier: GPL-3.0-or-later
#include "chat_decoder.h"

#include "error_words.h"
#include "finish_words.h"
#include "rate_limits.h"
#include "wire_json.h"

#include <core/base/utf8.h>

#include <algorithm>
#include <utility>

namespace signalbox {

namespace {

using nlohmann::json;

constexpr std::size_t kSniffBytes = 4096;
constexpr std::size_t kErrorBodyBytes = std::size_t{64} << 10;

std::string_view trimmed(std::string_view text)
{
    const auto begin = text.find_first_not_of(" \t");
    return begin == std::string_view::npos
               ? std::string_view()
               : text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

} // namespace

ChatDecoder::ChatDecoder(Framing framing, CallContext call, EventStreamLimits limits)
    : m_framing(framing), m_call(std::move(call)), m_limits(limits),
      m_parser(makeFrameParser(framing, limits))
{}

ChatDecoder::~ChatDecoder() = default;

bool ChatDecoder::takeMarker(std::string_view)
{
    return false;
}

bool ChatDecoder::takeWhole(const json&)
{
    return false;
}

bool ChatDecoder::isProvenBy(TransferEnd end) const
{
    return end == TransferEnd::Whole;
}

std::vector<StreamEvent> ChatDecoder::begin(int status, HttpHeaders headers, std::int64_t nowUnixMs)
{
    m_status = status;
    m_headers = std::move(headers);
    m_nowUnixMs = nowUnixMs;
    if (status < 200 || status >= 300)
        m_body = Body::Error;
    else
        m_out.emplace_back(StreamOpened{status});
    if (RateLimits limits = rateLimitsOf(m_headers, nowUnixMs); !limits.limits.empty())
        m_out.emplace_back(std::move(limits));
    return std::exchange(m_out, {});
}

std::vector<StreamEvent> ChatDecoder::feed(std::string_view bytes)
{
    if (!m_done)
        takeBytes(bytes);
    return std::exchange(m_out, {});
}

std::vector<StreamEvent> ChatDecoder::finish(TransferEnd how)
{
    if (!m_done)
        end(how);
    return std::exchange(m_out, {});
}

void ChatDecoder::end(TransferEnd how)
{
    const bool bodyEnded =
        how == TransferEnd::Whole || how == TransferEnd::Closed || how == TransferEnd::Cut;
    if (m_body == Body::Error && m_status != 0)
        fail(failureOfStatus(m_status, complaintOfAnswer(), &m_headers, m_nowUnixMs, m_call));
    else if (!bodyEnded || m_status == 0)
        fail(failureOfTransfer(how, m_call, m_anyWord ? Begun::Yes : Begun::No));
    else if (m_body == Body::Stream)
        endStream(how);
    else if (m_body == Body::Whole)
        endJson(how);
    else if (m_body == Body::Page)
        failProtocol("a web page" + (title().empty() ? "" : " (“" + title() + "”)"));
    else if (how == TransferEnd::Cut)
        failCut();
    else
        failProtocol("an empty answer");
}

/// What an answer with an error status says. AWS names the error in a header, and not always more.
Complaint ChatDecoder::complaintOfAnswer() const
{
    Complaint complaint = complaintOfBody(m_buffer);
    const std::string_view named = m_headers.value("x-amzn-errortype");
    if (complaint.type.empty())
        complaint.type = named.substr(0, named.find(':'));
    if (complaint.message.empty())
        complaint.message = complaint.type;
    return complaint;
}

void ChatDecoder::takeBytes(std::string_view bytes)
{
    while (m_body == Body::Unknown && !bytes.empty()) {
        const std::string_view head = bytes.substr(0, kSniffBytes - m_buffer.size());
        m_buffer += head;
        bytes.remove_prefix(head.size());
        recognise();
    }
    if (m_body == Body::Stream) {
        if (!m_done)
            takeFrames(m_parser->feed(bytes));
        return;
    }
    const std::size_t limit = m_body == Body::Whole  ? m_limits.eventBytes
                              : m_body == Body::Page ? kSniffBytes
                                                     : kErrorBodyBytes;
    // What was needed to recognise the body may already be more than it may hold.
    const std::size_t room = limit - std::min(limit, m_buffer.size());
    const bool isTooLarge = m_buffer.size() + bytes.size() > limit;
    m_buffer += bytes.substr(0, room);
    if (isTooLarge && m_body == Body::Whole)
        fail(failureOfTransfer(TransferEnd::TooLarge, m_call));
    else if (m_buffer.size() >= limit && m_body != Body::Whole)
        end(TransferEnd::Whole);
}

/// Tells the kind of body by its first sign, for content types lie.
void ChatDecoder::recognise()
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
    const bool isLine = m_framing == Framing::JsonLines && sign == '{';
    if ((sign == '{' || sign == '[') && !isLine) {
        m_body = Body::Whole;
        m_buffer.erase(0, first);
    } else if (sign == '<') {
        m_body = Body::Page;
    } else {
        m_body = Body::Stream;
        if (marked && m_framing == Framing::JsonLines)
            m_buffer.erase(0, kByteOrderMark.size());
        takeFrames(m_parser->feed(std::exchange(m_buffer, {})));
    }
}

void ChatDecoder::takeFrames(const std::vector<Frame>& frames)
{
    for (const Frame& frame : frames) {
        if (m_done)
            return;
        takeFrame(frame);
    }
    if (m_done)
        return;
    if (m_parser->isOverLimit())
        fail(failureOfTransfer(TransferEnd::TooLarge, m_call));
    else if (!m_parser->fault().empty())
        failProtocol(std::string(m_parser->fault()));
}

void ChatDecoder::takeFrame(const Frame& frame)
{
    const std::string_view data = trimmed(frame.data);
    if ((data.empty() && !frame.isError) || takeMarker(data))
        return;
    if (const auto text = m_usual.textIn(data); text && frame.name.empty() && !frame.isError) {
        addText(std::string(*text));
        return;
    }
    const std::optional<json> object = parseWireJson(data);
    if (!object && !frame.complete)
        return; // half an event: the stream is truncated, which finish() says
    if (frame.isError || frame.name == "error") {
        Complaint complaint = object ? complaintOf(*object) : complaintOfBody(data);
        if (frame.isError)
            complaint.type = frame.name;
        failInside(complaint);
        return;
    }
    if (!object || !object->is_object()) {
        failProtocol(firstInvalidUtf8(data) ? "an event that is not valid UTF-8"
                                            : "an event that is not a JSON object");
        return;
    }
    m_anyObject = true;
    const std::size_t eventsBefore = m_out.size();
    if (const json* error = memberOf(*object, "error"))
        failInside(complaintOf(*error));
    else
        takeObject(*object, frame.name);
    if (frame.name.empty() && !textKey().empty())
        learnFrom(data, eventsBefore);
}

/// From an event that did nothing but add a text; the next one may differ in that alone.
void ChatDecoder::learnFrom(std::string_view data, std::size_t eventsBefore)
{
    const bool isPlain = !m_done && !m_finish && !m_usage && !m_refusal && !m_toolCall;
    if (!isPlain || m_out.size() != eventsBefore + 1)
        return;
    if (const auto* delta = std::get_if<TextDelta>(&m_out.back()))
        m_usual.learn(data, textKey(), delta->text);
}

void ChatDecoder::endStream(TransferEnd how)
{
    takeFrames(m_parser->finish());
    if (m_done)
        return;
    // Some servers leave the end marker out. The answer is whole all the same if the model said why
    // it stopped and the framing proves that every byte came.
    if (m_finish && isProvenBy(how) && !m_parser->isCut()) {
        complete();
        return;
    }
    const bool allCame = how == TransferEnd::Whole || !m_parser->isCut();
    if (!m_anyObject && how != TransferEnd::Cut && allCame) {
        failProtocol(m_framing == Framing::EventStream ? "something that is not an event stream"
                                                       : "something that is not a chat answer");
        return;
    }
    if (m_finish && m_usage)
        m_out.emplace_back(*m_usage);
    failCut();
}

void ChatDecoder::endJson(TransferEnd how)
{
    const std::optional<json> body = parseWireJson(m_buffer);
    if (body) {
        const json& front = body->is_array() && !body->empty() ? body->front() : *body;
        if (const json* error = memberOf(front, "error")) {
            failInside(complaintOf(*error));
            return;
        }
        if (takeWhole(*body)) {
            if (!m_done)
                complete();
            return;
        }
    }
    if (!body && how != TransferEnd::Whole)
        failCut();
    else if (!body && firstInvalidUtf8(m_buffer))
        failProtocol("JSON that is not valid UTF-8");
    else
        failProtocol(body ? "JSON that is not a chat answer" : "JSON that cannot be read");
}

void ChatDecoder::start(const std::string& id, const std::string& model)
{
    if (m_started || (id.empty() && model.empty()))
        return;
    m_started = true;
    m_out.emplace_back(StreamStarted{m_call.unspoken.line(id), m_call.unspoken.line(model)});
}

void ChatDecoder::addText(std::string text)
{
    if (text.empty())
        return;
    m_anyText = true;
    m_anyWord = true;
    m_out.emplace_back(TextDelta{std::move(text)});
}

void ChatDecoder::addReasoning(std::string text)
{
    if (text.empty())
        return;
    m_anyWord = true;
    m_out.emplace_back(ReasoningDelta{std::move(text)});
}

void ChatDecoder::addRefusal(std::string text)
{
    m_refusal = m_refusal || !text.empty();
    addText(std::move(text));
}

void ChatDecoder::noteToolCall()
{
    m_toolCall = true;
}

void ChatDecoder::addServerTimes(const ServerTimes& times)
{
    if (times != ServerTimes())
        m_out.emplace_back(times);
}

void ChatDecoder::setFinish(const std::string& raw)
{
    const FinishMeaning meaning = finishMeaning(raw);
    if (meaning.isError)
        failFinished(raw);
    else
        m_finish = Finish{meaning.reason, raw};
}

void ChatDecoder::complete()
{
    if (!m_started && !m_anyText && !m_finish) {
        failProtocol("the end of an answer, but no answer");
        return;
    }
    if (m_usage)
        m_out.emplace_back(*m_usage);
    Finish finish = m_finish.value_or(Finish());
    if (finish.reason == FinishReason::Stop && m_refusal)
        finish.reason = FinishReason::Refusal;
    else if (finish.reason == FinishReason::Stop && m_toolCall)
        finish.reason = FinishReason::ToolCall;
    m_out.emplace_back(StreamFinished{finish.reason, m_call.unspoken.line(finish.raw, 60)});
    m_done = true;
}

void ChatDecoder::fail(Failure failure)
{
    if (failure.failed.httpStatus == 0)
        failure.failed.httpStatus = m_status;
    m_failure = std::move(failure);
    m_out.emplace_back(m_failure.failed);
    m_done = true;
}

void ChatDecoder::failInside(const Complaint& complaint)
{
    constexpr int kServerError = 500;
    int status = complaint.status;
    if (status == 0)
        status = statusOfErrorWords(complaint.code, complaint.type).value_or(kServerError);
    fail(failureOfStatus(status, complaint, nullptr, m_nowUnixMs, m_call));
}

void ChatDecoder::failFinished(const std::string& reason)
{
    if (m_usage)
        m_out.emplace_back(*m_usage); // what was made until then is billed
    failInside({.message = "the answer ended with " + reason});
}

void ChatDecoder::failBlocked(const std::string& reason)
{
    if (m_usage)
        m_out.emplace_back(*m_usage);
    fail(plainFailure(FailureKind::ContentFilter, ErrorCode::Refused,
                      m_call.server + " stopped the prompt in its content filter (" +
                          m_call.unspoken.line(reason, 60) + ").",
                      "Change the prompt, or ask another model.", m_call));
}

void ChatDecoder::failCut()
{
    fail(failureOfTransfer(TransferEnd::Cut, m_call));
}

void ChatDecoder::failProtocol(std::string what)
{
    fail(plainFailure(FailureKind::Protocol, ErrorCode::ParseError,
                      m_call.server + " sent " + std::move(what) + ".",
                      "Check that " + m_call.url + " is " + expectedAddress() + ".", m_call));
}

std::string ChatDecoder::title() const
{
    return m_call.unspoken.line(pageTitle(m_buffer), 80);
}

} // namespace signalbox
