// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/providers/chat_dialect.h>

#include <QString>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace signalbox::test {

using Events = std::vector<StreamEvent>;

/// A stream as a server sends it, written by us after its documented shape, and what it means.
struct DialectSample
{
    const char* name;
    std::string bytes;
    Events events;      ///< after StreamOpened
    std::size_t needed; ///< this many bytes tell that the answer is whole; only framing follows
};

/// Up to and with the last place of `last`.
inline std::size_t upTo(const std::string& bytes, std::string_view last)
{
    return bytes.rfind(last) + last.size();
}

inline Endpoint endpointAt(std::string_view baseUrl)
{
    return parseEndpoint(baseUrl).value();
}

/// Reads an answer of a server at 127.0.0.1:8080, to which a key was sent.
inline Events decode(const ChatDialect& dialect, const std::vector<std::string_view>& pieces,
                     TransferEnd end = TransferEnd::Whole, int status = 200,
                     const HttpHeaders& headers = {})
{
    const auto decoder = dialect.decoder(
        endpointAt("http://127.0.0.1:8080"),
        {"127.0.0.1:8080", "http://127.0.0.1:8080/chat", "tiny", true, {"temperature"}});
    Events events = decoder->begin(status, headers, 0);
    for (const std::string_view piece : pieces)
        std::ranges::move(decoder->feed(piece), std::back_inserter(events));
    std::ranges::move(decoder->finish(end), std::back_inserter(events));
    return events;
}

inline Events decode(const ChatDialect& dialect, const std::string& bytes,
                     TransferEnd end = TransferEnd::Whole, int status = 200)
{
    return decode(dialect, std::vector<std::string_view>{bytes}, end, status);
}

template<class Event> std::vector<Event> allOf(const Events& events)
{
    std::vector<Event> found;
    for (const StreamEvent& event : events)
        if (const auto* one = std::get_if<Event>(&event))
            found.push_back(*one);
    return found;
}

inline std::string shownText(const Events& events)
{
    std::string text;
    for (const TextDelta& delta : allOf<TextDelta>(events))
        text += delta.text;
    return text;
}

/// The failure at the end; a made-up one of kind Cancelled if there is none.
inline StreamFailed failureAtEnd(const Events& events)
{
    if (const auto* failed = std::get_if<StreamFailed>(&events.back()))
        return *failed;
    StreamFailed none;
    none.kind = FailureKind::Cancelled;
    none.error.message = "did not fail";
    return none;
}

inline FinishReason reasonAtEnd(const Events& events)
{
    const auto* finished = std::get_if<StreamFinished>(&events.back());
    return finished ? finished->reason : FinishReason::Unknown;
}

inline UsageReport usageIn(const Events& events)
{
    const auto reports = allOf<UsageReport>(events);
    return reports.size() == 1 ? reports.front() : UsageReport();
}

/// Feeds a sample whole, by the byte and cut at every place; then ends it at every place before its
/// end. The promise: always the same events, as far as they go; and half an answer is never whole.
/// @return  what is wrong; empty: nothing
inline QString problemOf(const ChatDialect& dialect, const DialectSample& sample)
{
    const std::string_view bytes = sample.bytes;
    Events expected = {StreamOpened{200}};
    std::ranges::copy(sample.events, std::back_inserter(expected));
    if (decode(dialect, sample.bytes) != expected)
        return QStringLiteral("whole: other events");
    std::vector<std::string_view> single;
    for (std::size_t i = 0; i < bytes.size(); ++i)
        single.push_back(bytes.substr(i, 1));
    if (decode(dialect, single) != expected)
        return QStringLiteral("byte by byte: other events");
    for (std::size_t cut = 0; cut <= bytes.size(); ++cut)
        if (decode(dialect, {bytes.substr(0, cut), bytes.substr(cut)}) != expected)
            return QStringLiteral("in two parts at %1: other events").arg(cut);
    for (std::size_t cut = 0; cut < sample.needed; ++cut) {
        for (const TransferEnd how : {TransferEnd::Cut, TransferEnd::Closed}) {
            const Events events = decode(dialect, {bytes.substr(0, cut)}, how);
            const FailureKind kind = failureAtEnd(events).kind;
            if (kind != FailureKind::Truncated && kind != FailureKind::Protocol)
                return QStringLiteral("ended at %1: neither cut nor broken").arg(cut);
            if (!std::equal(events.begin(), events.end() - 1, expected.begin()))
                return QStringLiteral("ended at %1: other events before").arg(cut);
        }
        // As a proxy sends on what it got, with a length that is kept: whole only if nothing that a
        // person sees is missing.
        const Events events = decode(dialect, {bytes.substr(0, cut)}, TransferEnd::Whole);
        const bool isFinished = std::holds_alternative<StreamFinished>(events.back());
        if (isFinished && shownText(events) != shownText(expected))
            return QStringLiteral("ended at %1, framed: taken for whole").arg(cut);
        for (const UsageReport& usage : allOf<UsageReport>(events))
            if (std::ranges::find(expected, StreamEvent(usage)) == expected.end())
                return QStringLiteral("ended at %1, framed: another usage").arg(cut);
    }
    return {};
}

/// The request of most tests: "Hi", from a user.
inline ChatRequest askedFor(const std::string& model)
{
    ChatRequest request;
    request.upstreamModel = model;
    request.messages = {{Role::User, "Hi"}};
    return request;
}

inline nlohmann::json bodyOf(const ChatDialect& dialect, const ChatRequest& request,
                             const RequestShape& shape = {},
                             std::string_view baseUrl = "http://127.0.0.1:8080")
{
    return nlohmann::json::parse(dialect.body(request, endpointAt(baseUrl), shape).json);
}

/// Headers of a signed request, one a line.
inline std::string headersOf(const ChatDialect& dialect, const std::string& key,
                             std::string_view baseUrl = "http://127.0.0.1:8080")
{
    const HttpRequest http =
        chatHttpRequest(dialect, askedFor("tiny"), endpointAt(baseUrl), "{}", Secret(key), 0);
    std::string lines;
    for (const HttpHeader& header : http.headers)
        lines += header.name + ": " + header.value + "\n";
    return lines;
}

/// Values that servers may send where a count belongs. None of them can be true.
inline const std::vector<std::string>& absurdCounts()
{
    static const std::vector<std::string> all = {
        "-5", "1.5", "1e300", "\"5\"", "null", "[]", "99999999999999999999"};
    return all;
}

} // namespace signalbox::test
