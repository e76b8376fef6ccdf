// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QList>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace signalbox::test {

/// One step of an answer on the wire.
struct HttpStep
{
    enum class Kind {
        Send,
        Pause,           ///< `amount` ms
        WaitForRequests, ///< until `amount` requests have come in, on all connections
        Flood, ///< `bytes` again and again, `amount` bytes in all, or until the client goes
        Hang,  ///< nothing more, the connection stays
        Close, ///< in order
        Abort, ///< with a reset
    };
    Kind kind = Kind::Send;
    QByteArray bytes = {};
    std::int64_t amount = 0;
};
using HttpScript = std::vector<HttpStep>;

[[nodiscard]] HttpStep send(const QByteArray& bytes);
[[nodiscard]] HttpStep pauseMs(int ms);
[[nodiscard]] HttpStep waitForRequests(int count);
[[nodiscard]] HttpStep flood(const QByteArray& bytes, std::int64_t total);
[[nodiscard]] HttpStep hang();
[[nodiscard]] HttpStep closeConnection();
[[nodiscard]] HttpStep abortConnection();

/// Status line and headers; the body is whatever is sent after. "Connection: close" bodies end with
/// closeConnection().
[[nodiscard]] QByteArray head(int status, const QList<QByteArray>& headers = {});
/// One chunk of a chunked body; an empty one ends it.
[[nodiscard]] QByteArray chunk(const QByteArray& bytes);
/// An answer with a length.
[[nodiscard]] HttpScript whole(int status, const QByteArray& contentType, const QByteArray& body,
                               QList<QByteArray> headers = {});
/// A chunked event stream, one chunk for each of `events`, which end with their blank line. The
/// connection stays open for the next request.
[[nodiscard]] HttpScript eventStream(const QList<QByteArray>& events);
/// "data: …" with its blank line.
[[nodiscard]] QByteArray dataEvent(const QByteArray& data);
/// A chat chunk with this text.
[[nodiscard]] QByteArray textEvent(const QByteArray& text);
/// An event whose delta has this text in this member.
[[nodiscard]] QByteArray deltaEvent(const QByteArray& member, const QByteArray& text);
/// {"error": {"message": …}}
[[nodiscard]] QByteArray errorBody(const QByteArray& message);
/// A small good answer: texts, reason, usage, end marker.
[[nodiscard]] HttpScript goodAnswer(const QList<QByteArray>& texts = {"Hello", " there"});

struct SeenRequest
{
    QByteArray method;
    QByteArray path;
    std::map<QByteArray, QByteArray> headers; ///< lower-case names
    QByteArray body;
};

/// A scripted HTTP/1.1 server on 127.0.0.1, on a thread of its own, for tests of what happens when
/// servers misbehave. Requests get the answers that were set up, in order; the last one repeats.
class FaultServer
{
public:
    using Answer = std::function<HttpScript(const SeenRequest&)>;

    FaultServer();
    ~FaultServer();
    FaultServer(const FaultServer&) = delete;
    FaultServer& operator=(const FaultServer&) = delete;

    void answer(HttpScript script);
    void answer(Answer answer);

    /// Sends these bytes to whoever connects, before any request.
    void greet(const QByteArray& bytes);

    [[nodiscard]] std::uint16_t port() const;
    [[nodiscard]] std::string origin() const;  ///< "http://127.0.0.1:PORT"
    [[nodiscard]] std::string baseUrl() const; ///< with /v1
    [[nodiscard]] std::vector<SeenRequest> requests() const;
    [[nodiscard]] int connectionsMade() const;
    [[nodiscard]] int connectionsOpen() const;
    [[nodiscard]] std::int64_t bytesSent() const; ///< by the kernel's word, on all connections

private:
    class Worker;
    std::unique_ptr<Worker> m_worker;
};

/// A port at which nobody listens.
[[nodiscard]] std::uint16_t unusedPort();

} // namespace signalbox::test
