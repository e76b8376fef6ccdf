// SPDX-License-Identifier: GPL-3.0-or-later
#include "http_transport.h"

#include "thread_door.h"

#include <QPointer>

#include <mutex>
#include <utility>

namespace signalbox {

namespace {

/// Collects an answer on the transport's thread and delivers it through a door on the thread of a
/// context object, which may die at any moment. The door goes after the delivery, for which there
/// is always one reason or another.
class WholeReader final : public TransferReader
{
public:
    WholeReader(QObject* context, std::function<void(const HttpAnswer&)> done)
        : m_door(new ThreadDoor)
    {
        m_door->moveToThread(context->thread());
        m_done = [alive = QPointer<QObject>(context),
                  done = std::move(done)](const HttpAnswer& answer) {
            if (alive)
                done(answer);
        };
    }
    void onSent(std::int64_t, std::int64_t) override {}
    void onHeaders(int status, const HttpHeaders& headers, std::int64_t) override
    {
        m_answer.status = status;
        m_answer.headers = headers;
    }
    Verdict onBody(std::string_view bytes, std::int64_t) override
    {
        m_answer.body += bytes;
        return Verdict::Continue;
    }
    void onEnd(TransferEnd end, std::int64_t) override
    {
        m_answer.end = end;
        m_door->post([door = m_door, done = std::move(m_done), answer = std::move(m_answer)] {
            done(answer);
            door->deleteLater();
        });
    }

private:
    ThreadDoor* m_door; ///< deletes itself
    std::function<void(const HttpAnswer&)> m_done;
    HttpAnswer m_answer;
};

} // namespace

TransferId fetchWhole(HttpTransport& transport, HttpRequest request, QObject* context,
                      std::function<void(const HttpAnswer&)> done)
{
    return transport.start(std::move(request),
                           std::make_shared<WholeReader>(context, std::move(done)));
}

} // namespace signalbox
