// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/providers/thread_door.h>

#include <QRunnable>
#include <QThreadPool>

#include <memory>
#include <mutex>
#include <type_traits>
#include <utility>

namespace signalbox::ui {

namespace background {

/// The way back from a pool: a door that is a child of the context, and whether it is still there.
struct WayBack
{
    std::mutex mutex;
    ThreadDoor* door = nullptr; ///< guarded; null once the context is gone
};

class Door final : public ThreadDoor
{
public:
    Door(std::shared_ptr<WayBack> way, QObject* context);
    ~Door() override;

private:
    std::shared_ptr<WayBack> m_way;
};

/// What the starting thread wrote is seen by the one that runs: how Qt's pool hands over is right,
/// but opaque to thread sanitizers.
void meetOtherThread();

template<class Work, class Apply> class Job final : public QRunnable
{
public:
    Job(std::shared_ptr<WayBack> way, Work work, Apply apply)
        : m_way(std::move(way)), m_work(std::move(work)), m_apply(std::move(apply))
    {}

    void run() override
    {
        meetOtherThread();
        using Outcome = std::invoke_result_t<Work>;
        auto outcome = std::make_shared<Outcome>(m_work());
        const std::scoped_lock lock(m_way->mutex);
        ThreadDoor* const door = m_way->door;
        if (!door)
            return;
        auto apply = std::make_shared<Apply>(std::move(m_apply));
        door->post([door, apply = std::move(apply), outcome = std::move(outcome)] {
            door->deleteLater();
            (*apply)(std::move(*outcome));
        });
    }

private:
    std::shared_ptr<WayBack> m_way;
    Work m_work;
    Apply m_apply;
};

} // namespace background

/// Runs `work` on `pool` and gives its result to `apply` on the thread of `context`, which is the
/// calling one; not at all if `context` dies first. (QFuture::then with a context asserts in that
/// case in Qt 6.4.) `work` must own what it uses, or its owner must wait for the pool; `apply` may
/// be destroyed on the pool's thread, so it refers to objects rather than owning them.
template<class Work, class Apply>
void inBackground(QThreadPool& pool, QObject* context, Work work, Apply apply)
{
    auto way = std::make_shared<background::WayBack>();
    new background::Door(way, context);
    auto* job = new background::Job<Work, Apply>(std::move(way), std::move(work), std::move(apply));
    background::meetOtherThread();
    pool.start(job);
}

/// The same on the program's own pool.
template<class Work, class Apply> void inBackground(QObject* context, Work work, Apply apply)
{
    inBackground(*QThreadPool::globalInstance(), context, std::move(work), std::move(apply));
}

} // namespace signalbox::ui
