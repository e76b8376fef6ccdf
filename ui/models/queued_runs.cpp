// SPDX-License-Identifier: GPL-3.0-or-later
#include "queued_runs.h"

#include <core/base/clock.h>
#include <core/evidence/run_owner.h>
#include <core/lab/recorded_plan.h>

#include <QFile>

#include <utility>

namespace signalbox::ui {

QueuedRuns::QueuedRuns(LabSession& session, Workbench& workbench, QObject* parent)
    : QObject(parent), m_session(session), m_workbench(workbench), m_owner(newRunOwner())
{
    if (!workbench.dataFolder().empty()) {
        auto opened = RunQueue::open(workbench.dataFolder() / "queue.json");
        if (opened)
            m_queue = std::move(*opened);
        else
            m_problem = QString::fromStdString(toString(opened.error()));
    }
    connect(&session, &LabSession::progressChanged, this, [this] { dropBegun(); });
    connect(&m_watcher, &QFileSystemWatcher::fileChanged, this, [this] { refresh(); });
    watch();
    // The next begins after everybody has heard that this one is over.
    connect(&session, &LabSession::finished, this, [this] { startNext(); }, Qt::QueuedConnection);
    connect(&session, &LabSession::capReached, this, [this] {
        if (m_isRunning)
            m_session.stop(); // nobody is here who could raise it
    });
}

QString QueuedRuns::textOf(const QueuedRun& run)
{
    RunSummary summary;
    summary.planJson = run.planJson;
    const auto plan = parsePlanJson(summary);
    if (!plan)
        return tr("cannot be read", "a queued run");
    QString text = tr("%n prompt(s)", nullptr, static_cast<int>(plan->prompts.size()));
    if (plan->samples > 1)
        text += QStringLiteral(" \u00d7 ") + tr("%n time(s)", nullptr, plan->samples);
    return text + QStringLiteral(" \u00d7 ") +
           tr("%n model(s)", nullptr, static_cast<int>(plan->models.size()));
}

void QueuedRuns::note(const Result<void>& kept)
{
    m_problem = kept ? QString() : QString::fromStdString(toString(kept.error()));
    watch();
    emit changed();
}

void QueuedRuns::refresh()
{
    watch();
    if (const auto different = m_queue.refresh(); different && *different)
        emit changed();
}

/// Each change puts another file in its place.
void QueuedRuns::watch()
{
    const QString file = QString::fromStdString((m_workbench.dataFolder() / "queue.json").string());
    if (!m_workbench.dataFolder().empty() && QFile::exists(file))
        m_watcher.addPath(file);
}

void QueuedRuns::addChosen()
{
    note(m_queue.add({m_workbench.editor().document().name, m_session.chosenPlanJson()}));
}

void QueuedRuns::move(std::size_t from, std::size_t to)
{
    note(m_queue.move(from, to));
}

void QueuedRuns::remove(std::size_t place)
{
    note(m_queue.remove(place));
}

void QueuedRuns::clear()
{
    note(m_queue.clear());
}

void QueuedRuns::start()
{
    m_isRunning = true;
    emit changed();
    if (!m_session.isRunning())
        startNext();
}

void QueuedRuns::stopAfterThis()
{
    m_isRunning = false;
    emit changed();
}

/// The first run of the queue that nobody begins and the store has not.
std::optional<QueuedRun> QueuedRuns::beginNext()
{
    for (;;) {
        const auto next = m_queue.begin(m_owner, systemClock().unixMs());
        if (!next) { // what is not marked could be begun twice
            m_isRunning = false;
            note(Unexpected(next.error()));
            return std::nullopt;
        }
        if (!*next || !isInStore((*next)->id))
            return *next;
        // Its window died before it could take it out; it is offered as an interrupted run.
        if (const auto left = m_queue.remove((*next)->id); !left) {
            m_isRunning = false;
            note(left);
            return std::nullopt;
        }
    }
}

bool QueuedRuns::isInStore(const RunId& id) const
{
    EvidenceStore* const store = m_workbench.evidenceStore();
    return store && store->run(id).has_value();
}

/// A run that the store has taken is in its keeping; where nothing is kept, in nobody's.
void QueuedRuns::dropBegun()
{
    if (!m_begun || m_session.run().isPaused()) // by what is in the way of the store, perhaps
        return;
    const bool isOver = !m_session.isRunning(); // what it has to say is on its way to the store
    if (m_workbench.evidenceStore() && !isOver && !isInStore(*m_begun))
        return;
    const RunId id = *std::exchange(m_begun, std::nullopt);
    note(m_queue.remove(id));
}

void QueuedRuns::startNext()
{
    dropBegun();
    while (m_isRunning && !m_session.isRunning()) {
        const std::optional<QueuedRun> next = beginNext();
        if (!next)
            break;
        if (const auto chosen = m_session.choosePlan(next->planJson, next->id); !chosen) {
            note(m_queue.remove(next->id));
            emit passedOver(QString::fromStdString(next->name),
                            QString::fromStdString(toString(chosen.error())));
            continue;
        }
        m_session.start();
        m_begun = next->id;
        dropBegun();
    }
    if (!m_session.isRunning())
        m_isRunning = false;
    emit changed();
}

} // namespace signalbox::ui
