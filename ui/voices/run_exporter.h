// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "export_sheet.h"

#include <core/base/result.h>
#include <core/report/run_report.h>

#include <QObject>
#include <QPointer>
#include <QTimer>

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace signalbox::ui {

class LabSession;
class ProgressStrip;
class Workbench;

/// Takes runs out of the program: asks which and as what, and where to; then measures, writes and
/// saves them off the GUI thread, whole or not at all. One export at a time; it can be cancelled.
/// GUI thread; owned by its page.
class RunExporter : public QObject
{
    Q_OBJECT
public:
    RunExporter(Workbench& workbench, LabSession& session, QWidget* page);

    /// Shown while an export runs; whoever lays the page out owns it.
    [[nodiscard]] ProgressStrip* strip() const { return m_strip; }
    [[nodiscard]] bool isBusy() const { return m_progress != nullptr; }

    void ask(); ///< nothing while one runs
    /// Where a file goes that would be called like `name`; empty: nowhere.
    using AskWhereToSave = std::function<QString(QWidget*, ExportForm, const QString& name)>;
    void setAskWhereToSave(AskWhereToSave ask) { m_ask = std::move(ask); }

signals:
    void failed(const QString& title, const QString& detail);
    void busyChanged();

private:
    struct Progress;
    struct Job;
    struct Outcome;

    [[nodiscard]] std::vector<ExportChoice> choices() const;
    [[nodiscard]] std::optional<RunId> shownRunId() const;
    [[nodiscard]] RunReport reportOfScreen() const;
    void begin(ExportForm form, const std::optional<RunId>& run);
    void start(Job job);
    void finish(const Outcome& outcome);
    void refreshStrip();
    [[nodiscard]] static Outcome work(Job job);

    Workbench& m_workbench;
    LabSession& m_session;
    QWidget* m_page;
    QPointer<ProgressStrip> m_strip;
    AskWhereToSave m_ask;
    std::shared_ptr<Progress> m_progress; ///< of the export that runs
    QTimer m_tick;
};

} // namespace signalbox::ui
