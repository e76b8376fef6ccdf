// SPDX-License-Identifier: GPL-3.0-or-later
#include "fault_server.h"

#include <core/providers/thread_door.h>

#include <QHostAddress>
#include <QMutex>
#include <QMutexLocker>
#include <QPointer>
#include <QTcpServer>
#include <QTcpSocket>
#include <QThread>
#include <QTimer>
#include <sys/socket.h>

#include <algorithm>
#include <future>
#include <memory>
#include <utility>

namespace signalbox::test {

namespace {

constexpr std::int64_t kFloodAhead = std::int64_t{1} << 20;

/// The first whole request in `bytes`, taken out of it; false if there is none yet.
bool takeRequest(QByteArray& bytes, SeenRequest& request)
{
    const auto headEnd = bytes.indexOf("\r\n\r\n");
    if (headEnd < 0)
        return false;
    const QList<QByteArray> lines = bytes.left(headEnd).split('\n');
    request.headers.clear();
    for (const QByteArray& line : lines.mid(1)) {
        const auto colon = line.indexOf(':');
        request.headers[line.left(colon).toLower()] = line.mid(colon + 1).trimmed();
    }
    const auto length = request.headers["content-length"].toLongLong();
    if (bytes.size() < headEnd + 4 + length)
        return false;
    const QList<QByteArray> words = lines.first().trimmed().split(' ');
    request.method = words.value(0);
    request.path = words.value(1);
    request.body = bytes.mid(headEnd + 4, length);
    bytes.remove(0, headEnd + 4 + length);
    return true;
}

} // namespace

class FaultServer::Worker : public ThreadDoor
{
public:
    Worker()
    {
        m_server.setParent(this);
        connect(&m_server, &QTcpServer::newConnection, this, &Worker::takeConnection);
        moveToThread(&thread);
        thread.setObjectName(QStringLiteral("fault server"));
        thread.start();
        doAndWait([this] {
            m_server.listen(QHostAddress::LocalHost);
            port = m_server.serverPort();
        });
    }

    ~Worker() override
    {
        doAndWait([this] {
            qDeleteAll(m_server.findChildren<QTcpSocket*>());
            m_server.close();
        });
        thread.quit();
        thread.wait();
    }

    QThread thread;
    std::uint16_t port = 0;

    // Guarded by the mutex: the test's thread looks at these.
    mutable QMutex mutex;
    QList<Answer> answers;
    QByteArray greeting;
    std::vector<SeenRequest> requests;
    int connectionsMade = 0;
    int connectionsOpen = 0;
    std::int64_t bytesSent = 0;

private:
    void doAndWait(const std::function<void()>& work)
    {
        auto done = std::make_shared<std::promise<void>>();
        auto isDone = done->get_future();
        post([&work, done] {
            work();
            done->set_value();
        });
        isDone.wait();
    }

    /// What one connection is doing.
    struct Talk
    {
        QByteArray received;
        HttpScript script;
        std::size_t step = 0;
        std::int64_t flooded = 0;
        bool answering = false;
    };
    using TalkPtr = std::shared_ptr<Talk>;

    void takeConnection()
    {
        QTcpSocket* socket = m_server.nextPendingConnection();
        socket->setSocketOption(QAbstractSocket::LowDelayOption, 1);
        {
            const QMutexLocker lock(&mutex);
            ++connectionsMade;
            ++connectionsOpen;
            socket->write(greeting);
        }
        const auto talk = std::make_shared<Talk>();
        connect(socket, &QTcpSocket::readyRead, this, [this, socket, talk] {
            talk->received += socket->readAll();
            listen(socket, talk);
        });
        connect(socket, &QTcpSocket::bytesWritten, this, [this, socket, talk](qint64 bytes) {
            {
                const QMutexLocker lock(&mutex);
                bytesSent += bytes;
            }
            if (talk->answering && talk->step < talk->script.size() &&
                talk->script[talk->step].kind == HttpStep::Kind::Flood)
                proceed(socket, talk);
        });
        connect(socket, &QTcpSocket::disconnected, this, [this, socket] {
            noteClosed();
            socket->deleteLater();
        });
    }

    void noteClosed()
    {
        const QMutexLocker lock(&mutex);
        --connectionsOpen;
    }

    void listen(QTcpSocket* socket, const TalkPtr& talk)
    {
        SeenRequest request;
        if (talk->answering || !takeRequest(talk->received, request))
            return;
        Answer answer;
        {
            const QMutexLocker lock(&mutex);
            requests.push_back(request);
            if (!answers.isEmpty())
                answer = answers.size() > 1 ? answers.takeFirst() : answers.first();
        }
        talk->script = answer ? answer(request) : whole(404, "text/plain", "nothing set up");
        talk->step = 0;
        talk->flooded = 0;
        talk->answering = true;
        proceed(socket, talk);
        emitWaiting();
    }

    void emitWaiting()
    {
        for (const auto& waiting : std::exchange(m_waiting, {}))
            waiting();
    }

    void proceed(QTcpSocket* socket, const TalkPtr& talk)
    {
        while (talk->step < talk->script.size()) {
            if (!run(socket, talk, talk->script[talk->step]))
                return;
            ++talk->step;
        }
        talk->answering = false;
        if (!talk->received.isEmpty())
            listen(socket, talk);
    }

    void proceedLater(QTcpSocket* socket, const TalkPtr& talk, bool stepDone)
    {
        if (stepDone)
            ++talk->step;
        proceed(socket, talk);
    }

    /// False: the step is not over yet.
    bool run(QTcpSocket* socket, const TalkPtr& talk, const HttpStep& step)
    {
        switch (step.kind) {
        case HttpStep::Kind::Send:
            socket->write(step.bytes);
            return true;
        case HttpStep::Kind::Pause:
            socket->flush();
            QTimer::singleShot(int(step.amount), Qt::PreciseTimer, socket,
                               [this, socket, talk] { proceedLater(socket, talk, true); });
            return false;
        case HttpStep::Kind::WaitForRequests:
            return hasRequests(step.amount, socket, talk);
        case HttpStep::Kind::Flood:
            while (talk->flooded < step.amount && socket->bytesToWrite() < kFloodAhead)
                talk->flooded += socket->write(step.bytes);
            return talk->flooded >= step.amount;
        case HttpStep::Kind::Hang:
            socket->flush();
            return false;
        case HttpStep::Kind::Close:
            socket->disconnectFromHost();
            return false;
        case HttpStep::Kind::Abort:
            socket->flush();
            reset(socket);
            return false;
        }
        return true;
    }

    bool hasRequests(std::int64_t count, QTcpSocket* socket, const TalkPtr& talk)
    {
        const QMutexLocker lock(&mutex);
        if (std::int64_t(requests.size()) >= count)
            return true;
        m_waiting.push_back([this, socket = QPointer<QTcpSocket>(socket), talk] {
            if (socket)
                proceedLater(socket, talk, false);
        });
        return false;
    }

    static void reset(QTcpSocket* socket)
    {
        const linger atOnce = {1, 0};
        ::setsockopt(int(socket->socketDescriptor()), SOL_SOCKET, SO_LINGER, &atOnce,
                     sizeof atOnce);
        socket->abort();
    }

    QTcpServer m_server;
    std::vector<std::function<void()>> m_waiting;
};

HttpStep send(const QByteArray& bytes)
{
    return {HttpStep::Kind::Send, bytes};
}

HttpStep pauseMs(int ms)
{
    return {HttpStep::Kind::Pause, {}, ms};
}

HttpStep waitForRequests(int count)
{
    return {HttpStep::Kind::WaitForRequests, {}, count};
}

HttpStep flood(const QByteArray& bytes, std::int64_t total)
{
    // In blocks, so that the server is not what is slow.
    constexpr qsizetype kBlock = 16 << 10;
    return {HttpStep::Kind::Flood, bytes.repeated(kBlock / bytes.size() + 1), total};
}

HttpStep hang()
{
    return {HttpStep::Kind::Hang};
}

HttpStep closeConnection()
{
    return {HttpStep::Kind::Close};
}

HttpStep abortConnection()
{
    return {HttpStep::Kind::Abort};
}

QByteArray head(int status, const QList<QByteArray>& headers)
{
    QByteArray text = "HTTP/1.1 " + QByteArray::number(status) + " Scripted\r\n";
    for (const QByteArray& header : headers)
        text += header + "\r\n";
    return text + "\r\n";
}

QByteArray chunk(const QByteArray& bytes)
{
    return QByteArray::number(bytes.size(), 16) + "\r\n" + bytes + "\r\n";
}

HttpScript whole(int status, const QByteArray& contentType, const QByteArray& body,
                 QList<QByteArray> headers)
{
    headers += "Content-Type: " + contentType;
    headers += "Content-Length: " + QByteArray::number(body.size());
    return {send(head(status, headers) + body)};
}

HttpScript eventStream(const QList<QByteArray>& events)
{
    HttpScript script = {
        send(head(200, {"Content-Type: text/event-stream", "Transfer-Encoding: chunked"}))};
    for (const QByteArray& one : events)
        script.push_back(send(chunk(one)));
    script.push_back(send(chunk({})));
    return script;
}

QByteArray dataEvent(const QByteArray& data)
{
    return "data: " + data + "\n\n";
}

QByteArray textEvent(const QByteArray& text)
{
    return dataEvent(R"({"id":"c1","model":"tiny","choices":[{"index":0,"delta":{"content":")" +
                     text + R"("}}]})");
}

QByteArray deltaEvent(const QByteArray& member, const QByteArray& text)
{
    return dataEvent("{\"choices\":[{\"index\":0,\"delta\":{\"" + member + "\":\"" + text +
                     "\"}}]}");
}

QByteArray errorBody(const QByteArray& message)
{
    return "{\"error\":{\"message\":\"" + message + "\"}}";
}

HttpScript goodAnswer(const QList<QByteArray>& texts)
{
    QList<QByteArray> events;
    for (const QByteArray& text : texts)
        events += textEvent(text);
    events += dataEvent(R"({"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]})");
    events += dataEvent(R"({"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":2}})");
    events += dataEvent("[DONE]");
    return eventStream(events);
}

FaultServer::FaultServer() : m_worker(std::make_unique<Worker>()) {}
FaultServer::~FaultServer() = default;

void FaultServer::answer(HttpScript script)
{
    answer([script = std::move(script)](const SeenRequest&) { return script; });
}

void FaultServer::answer(Answer answer)
{
    const QMutexLocker lock(&m_worker->mutex);
    m_worker->answers.push_back(std::move(answer));
}

void FaultServer::greet(const QByteArray& bytes)
{
    const QMutexLocker lock(&m_worker->mutex);
    m_worker->greeting = bytes;
}

std::uint16_t FaultServer::port() const
{
    return m_worker->port;
}

std::string FaultServer::origin() const
{
    return "http://127.0.0.1:" + std::to_string(port());
}

std::string FaultServer::baseUrl() const
{
    return origin() + "/v1";
}

std::vector<SeenRequest> FaultServer::requests() const
{
    const QMutexLocker lock(&m_worker->mutex);
    return m_worker->requests;
}

int FaultServer::connectionsMade() const
{
    const QMutexLocker lock(&m_worker->mutex);
    return m_worker->connectionsMade;
}

int FaultServer::connectionsOpen() const
{
    const QMutexLocker lock(&m_worker->mutex);
    return m_worker->connectionsOpen;
}

std::int64_t FaultServer::bytesSent() const
{
    const QMutexLocker lock(&m_worker->mutex);
    return m_worker->bytesSent;
}

std::uint16_t unusedPort()
{
    QTcpServer server;
    server.listen(QHostAddress::LocalHost);
    return server.serverPort(); // closed again when this returns
}

} // namespace signalbox::test
