// SPDX-License-Identifier: GPL-3.0-or-later
#include "queued_runs.h"

#include <core/lab/recorded_plan.h>

#include <utility>

namespace signalbox::ui {

QueuedRuns::QueuedRuns(LabSession& session, Workbench& workbench, QObject* parent)
    : QObject(parent), m_session(session), m_workbench(workbench)
{
    if (!workbench.dataFolder().empty()) {
        auto opened = RunQueue::open(workbench.dataFolder() / "queue.json");
        if (opened)
            m_queue = std::move(*opened);
        else
            m_problem = QString::fromStdString(toString(opened.error()));
    }
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
    emit changed();
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

void QueuedRuns::startNext()
{
    while (m_isRunning && !m_session.isRunning() && !m_queue.runs().empty()) {
        const QueuedRun next = m_queue.runs().front();
        // What cannot leave the queue would be sent again and again.
        if (const auto left = m_queue.remove(0); !left) {
            m_isRunning = false;
            note(left);
            return;
        }
        if (const auto chosen = m_session.choosePlan(next.planJson); !chosen) {
            emit passedOver(QString::fromStdString(next.name),
                            QString::fromStdString(toString(chosen.error())));
            continue;
        }
        m_session.start();
    }
    if (m_queue.runs().empty() && !m_session.isRunning())
        m_isRunning = false;
    emit changed();
}

} // namespace signalbox::ui
