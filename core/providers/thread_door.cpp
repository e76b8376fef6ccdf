// SPDX-License-Identifier: GPL-3.0-or-later
#include "thread_door.h"

#include <QMetaObject>

#include <utility>

namespace signalbox {

void ThreadDoor::post(std::function<void()> work)
{
    const std::scoped_lock lock(m_mutex);
    m_work.push_back(std::move(work));
    if (m_work.size() == 1) // by name: no functor crosses the threads outside of the mutex
        QMetaObject::invokeMethod(this, "doPosted", Qt::QueuedConnection);
}

void ThreadDoor::doPosted()
{
    std::vector<std::function<void()>> work;
    {
        const std::scoped_lock lock(m_mutex);
        work.swap(m_work);
    }
    for (const std::function<void()>& item : work)
        item();
}

} // namespace signalbox
