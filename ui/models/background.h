// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFutureWatcher>
#include <QThreadPool>
#include <QtConcurrentRun>

#include <type_traits>
#include <utility>

namespace signalbox::ui {

/// Runs `work` on `pool` and gives its result to `apply` on the thread of `context`; not at all if
/// `context` dies first. (QFuture::then with a context asserts in that case in Qt 6.4.) `work` must
/// own what it uses, or its owner must wait for the pool.
template<class Work, class Apply>
void inBackground(QThreadPool& pool, QObject* context, Work work, Apply apply)
{
    using Outcome = std::invoke_result_t<Work>;
    auto* watcher = new QFutureWatcher<Outcome>(context);
    QObject::connect(watcher, &QFutureWatcherBase::finished, context,
                     [watcher, apply = std::move(apply)]() mutable {
                         Outcome outcome = watcher->future().takeResult();
                         watcher->deleteLater();
                         apply(std::move(outcome));
                     });
    watcher->setFuture(QtConcurrent::run(&pool, std::move(work)));
}

/// The same on the program's own pool.
template<class Work, class Apply> void inBackground(QObject* context, Work work, Apply apply)
{
    inBackground(*QThreadPool::globalInstance(), context, std::move(work), std::move(apply));
}

} // namespace signalbox::ui
