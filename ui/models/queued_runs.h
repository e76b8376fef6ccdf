// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lab_session.h"

#include <core/lab/run_queue.h>

#include <QFileSystemWatcher>
#include <QObject>

#include <optional>
#include <string>

namespace signalbox::ui {

/// Runs that a session sends one after the other while nobody looks. One that fails, or that a cap
/// holds, is over, and the next begins. All windows share the queue, and no two begin the same run.
/// A run leaves it once the store has it: from then on it is offered to go on with after a crash,
/// and until then it waits here. GUI thread; owned by the page.
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

    void refresh();   ///< another window may have changed the queue
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
    [[nodiscard]] std::optional<QueuedRun> beginNext();
    [[nodiscard]] bool isInStore(const RunId& id) const;
    void dropBegun();
    void watch();
    void note(const Result<void>& kept);

    LabSession& m_session;
    Workbench& m_workbench;
    RunQueue m_queue;
    QFileSystemWatcher m_watcher; ///< of its file
    const std::string m_owner;
    std::optional<RunId> m_begun; ///< not in the store yet, so in the queue still
    bool m_isRunning = false;
    QString m_problem;
};

} // namespace signalbox::ui
