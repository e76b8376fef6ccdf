// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include <functional>
#include <mutex>
#include <vector>

namespace signalbox {

/// Takes work from any thread and does it, in order, on the thread that the door lives in; not at
/// all once the door is gone. As a queued call of a lambda would be, with two differences: what is
/// still waiting is not lost when somebody sends deferred deletions early, and the hand-over is
/// guarded by a mutex that thread sanitizers see (Qt's own is not built for them).
class ThreadDoor : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;

    void post(std::function<void()> work);

protected:
    /// Does what is waiting now. Called by the event loop.
    Q_INVOKABLE void doPosted();

private:
    std::mutex m_mutex;
    std::vector<std::function<void()>> m_work;
};

} // namespace signalbox
