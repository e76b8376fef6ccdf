// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/base/failure_kind.h>
#include <tests/support/fault_server.h>

#include <utility>
#include <vector>

namespace signalbox::test {

/// One of them: what the server sends, and how its stream has to end.
struct ServerFault
{
    HttpScript script;
    FailureKind kind;
    const char* says;
};

/// Of a fault that only ends when somebody loses patience.
inline bool isSilence(FailureKind kind)
{
    return kind == FailureKind::Stalled || kind == FailureKind::NoBeginning;
}

/// Everything a server can do wrong, by name.
inline const std::vector<std::pair<const char*, ServerFault>>& serverFaults()
{
    static const QByteArray sse =
        head(200, {"Content-Type: text/event-stream", "Transfer-Encoding: chunked"});
    static const QByteArray closing = head(200, {"Content-Type: text/event-stream"});
    static const QByteArray half = R"(data: {"choices":[{"delta":{"con)";
    static const std::vector<std::pair<const char*, ServerFault>> all = {
        {"closed without an answer",
         {{closeConnection()}, FailureKind::Connect, "without an answer"}},
        {"reset without an answer",
         {{abortConnection()}, FailureKind::Connect, "without an answer"}},
        {"closed inside the headers",
         {{send("HTTP/1.1 200 OK\r\nContent-"), closeConnection()},
          FailureKind::Connect,
          "without an answer"}},
        {"not HTTP",
         {{send("SSH-2.0-server\r\n"), closeConnection()},
          FailureKind::Protocol,
          "does not speak HTTP"}},
        {"half an event, then closed",
         {{send(closing + textEvent("a") + half), closeConnection()},
          FailureKind::Truncated,
          "before the end"}},
        {"half an event at once, then closed",
         {{send(closing + half), closeConnection()}, FailureKind::Truncated, "before the end"}},
        {"half a chunk, then closed",
         {{send(sse + "ff\r\n" + half), closeConnection()},
          FailureKind::Truncated,
          "before the end"}},
        {"half an event, then reset",
         {{send(sse + chunk(textEvent("a"))), pauseMs(20), abortConnection()},
          FailureKind::Truncated,
          "before the end"}},
        {"no end marker",
         {{send(closing + textEvent("a")), closeConnection()},
          FailureKind::Truncated,
          "before the end"}},
        {"length not kept",
         {{send(head(200, {"Content-Type: application/json", "Content-Length: 100"}) + "{\"a\":"),
           closeConnection()},
          FailureKind::Truncated,
          "before the end"}},
        {"broken chunk",
         {{send(sse + "zz\r\nwhat"), closeConnection()}, FailureKind::Truncated, "before the end"}},
        {"web page with 200",
         {whole(200, "text/html", "<html><title>Log in</title></html>"), FailureKind::Protocol,
          "a web page (“Log in”)"}},
        {"web page without end",
         {{send(head(200, {"Content-Type: text/html"})), flood("<html><p>x</p>", 1LL << 40)},
          FailureKind::Protocol,
          "a web page"}},
        {"empty answer", {whole(200, "application/json", ""), FailureKind::Protocol, "empty"}},
        {"no content", {{send(head(204))}, FailureKind::Protocol, "empty"}},
        {"wrong type, wrong content",
         {whole(200, "image/png", "\x89PNG\r\n\x1A\n\0\0"), FailureKind::Protocol,
          "not an event stream"}},
        {"invalid UTF-8",
         {eventStream({textEvent("ok"), textEvent("\xC3(")}), FailureKind::Protocol,
          "not valid UTF-8"}},
        {"error inside 200",
         {eventStream({dataEvent(R"({"error":{"message":"overloaded"}})")}),
          FailureKind::ServerError, "overloaded"}},
        {"never a byte", {{hang()}, FailureKind::NoBeginning, "did not begin"}},
        {"silent after the headers",
         {{send(sse + chunk(": keep-alive\n\n")), hang()},
          FailureKind::NoBeginning,
          "did not begin"}},
        {"silent after the first words",
         {{send(sse + chunk(textEvent("a"))), hang()},
          FailureKind::Stalled,
          "nothing more for too long"}},
        {"never ends",
         {{send(sse),
           flood(chunk(textEvent("on and on and on and on and on and on and on")), 1LL << 40)},
          FailureKind::TooLarge,
          "more than an answer"}},
        {"200 MB of nothing",
         {{send(head(200, {"Content-Type: text/event-stream", "Content-Length: 209715200"})),
           flood(QByteArray(1 << 16, 'x'), 209'715'200)},
          FailureKind::TooLarge,
          "more than an answer"}},
        {"headers without end",
         {{send("HTTP/1.1 200 OK\r\n"),
           flood("X-Header: " + QByteArray(1000, 'x') + "\r\n", 1LL << 40)},
          FailureKind::TooLarge,
          "more than an answer"}},
        {"compressed",
         {whole(200, "text/event-stream", "\x1F\x8B\x08\0", {"Content-Encoding: gzip"}),
          FailureKind::Protocol, "compressed"}},
        {"400",
         {whole(400, "application/json", R"({"error":{"message":"bad role"}})"),
          FailureKind::BadRequest, "bad role"}},
        {"401", {whole(401, "application/json", "{}"), FailureKind::Auth, "refused the key"}},
        {"403", {whole(403, "text/plain", "not for you"), FailureKind::Auth, "not for you"}},
        {"404",
         {whole(404, "application/json", R"({"error":{"message":"no model"}})"),
          FailureKind::NotFound, "no model “tiny”"}},
        {"429", {whole(429, "application/json", "{}"), FailureKind::RateLimit, "no more requests"}},
        {"429 without credit",
         {whole(429, "application/json", R"({"error":{"code":"insufficient_quota"}})"),
          FailureKind::QuotaUsedUp, "no credit left"}},
        {"500", {whole(500, "text/html", "<title>Oops</title>"), FailureKind::ServerError, "Oops"}},
        {"503",
         {whole(503, "application/json", R"({"error":{"message":"Loading model"}})"),
          FailureKind::ServerError, "still loading"}},
        {"error without end",
         {{send(head(500, {"Content-Type: text/plain"})), flood("oops ", 1LL << 40)},
          FailureKind::ServerError,
          "status 500"}},
    };
    return all;
}

} // namespace signalbox::test
