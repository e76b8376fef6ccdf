// SPDX-License-Identifier: GPL-3.0-or-later
#include "http_transport.h"

#include <QMetaObject>
#include <QObject>
#include <QPointer>

#include <mutex>
#include <utility>

namespace signalbox {

namespace {

/// Stands between the transport's thread and a context object that may die at any moment.
class ContextGate : public QObject
{
public:
    using QObject::QObject;
};

class WholeReader final : public TransferReader
{
public:
    WholeReader(std::shared_ptr<QObject> gate, std::function<void(const HttpAnswer&)> done)
        : m_gate(std::move(gate)), m_done(std::move(done))
    {}
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
        // The answer keeps the gate: who sends deferred deletions early must not lose it.
        QObject* const gate = m_gate.get();
        QMetaObject::invokeMethod(
            gate,
            [keep = std::exchange(m_gate, nullptr), done = m_done, answer = std::move(m_answer)] {
                done(answer);
            },
            Qt::QueuedConnection);
    }

private:
    std::shared_ptr<QObject> m_gate;
    std::function<void(const HttpAnswer&)> m_done;
    HttpAnswer m_answer;
};

} // namespace

TransferId fetchWhole(HttpTransport& transport, HttpRequest request, QObject* context,
                      std::function<void(const HttpAnswer&)> done)
{
    // The gate is deleted on its own thread, after whatever was posted to it. It asks whether the
    // context still lives there, where the answer cannot change meanwhile.
    std::shared_ptr<QObject> gate(new ContextGate, [](QObject* object) { object->deleteLater(); });
    gate->moveToThread(context->thread());
    auto guarded = [alive = QPointer<QObject>(context),
                    done = std::move(done)](const HttpAnswer& answer) {
        if (alive)
            done(answer);
    };
    return transport.start(std::move(request),
                           std::make_shared<WholeReader>(std::move(gate), std::move(guarded)));
}

} // namespace signalbox
