// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lab_session.h"

#include <core/lab/run_queue.h>

#include <QObject>

namespace signalbox::ui {

/// Runs that a session sends one after the other while nobody looks. One that fails, or that a cap
/// holds, is over, and the next begins. A run leaves the queue when it begins: from then on the
/// store has it, and after a crash it is offered to go on with. GUI thread; owned by the page.
class QueuedRuns : public QObject
{
    Q_OBJECT
public:
    QueuedRuns(LabSession& session, Workbench& workbench, QObject* parent = nullptr);

    [[nodiscard]] const std::vector<QueuedRun>& runs() const { return m_queue.runs(); }
    /// "60 prompts × 3 models, $5 at most": what a run would send.
    [[nodiscard]] static QString textOf(const QueuedRun& run);
    [[nodiscard]] bool isRunning() const { return m_isRunning; }
    /// Why the queue cannot be kept: a sentence, or empty.
    [[nodiscard]] const QString& problem() const { return m_problem; }

    void addChosen(); ///< what the session would send now
    void move(std::size_t from, std::size_t to);
    void remove(std::size_t place);
    void clear();
    void start();         ///< with the first, once the present run is over
    void stopAfterThis(); ///< the run that is sent goes on; the others wait

signals:
    void changed();
    void passedOver(const QString& name, const QString& why); ///< it could not begin

private:
    void startNext();
    void note(const Result<void>& kept);

    LabSession& m_session;
    Workbench& m_workbench;
    RunQueue m_queue;
    bool m_isRunning = false;
    QString m_problem;
};

} // namespace signalbox::ui
