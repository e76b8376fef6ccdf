// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "policy_files.h"

#include <ui/models/traffic_import_session.h>
#include <ui/models/traffic_log.h>

#include <QObject>
#include <QPointer>

namespace signalbox::ui {

class Callout;
class NoticeList;

/// What a window does with files of traffic: opens a table at once, shows a log before it is
/// imported, comes back to the sample's, and has at the next start what was open last. What goes
/// wrong stands among the window's notices. GUI thread; workbench and list must outlive it.
class TrafficFiles : public QObject
{
    Q_OBJECT
public:
    TrafficFiles(Workbench& workbench, Questions questions, NoticeList& notices, QWidget* window);

    void openChosen(); ///< asks which
    /// A table is opened, of anything else the import is shown.
    void open(const QString& path);
    void openLast();
    void useSample(); ///< and at the next start, too

    /// Where the window keeps tables and mappings; empty: nowhere.
    [[nodiscard]] std::filesystem::path folder() const;

private:
    void openTable(const QString& path);
    void showImport(LogLook look);
    void takeImported(const ImportedTable& done);
    void remember();
    void tell(const QString& title, const QString& detail);
    void withdraw();

    Workbench& m_workbench;
    Questions m_questions;
    NoticeList& m_notices;
    QWidget* m_window;
    QPointer<Callout> m_notice;
    int m_asked = 0;           ///< a late look at an earlier file is dropped
    bool m_wasAtStart = false; ///< what is being opened, nobody asked for just now
};

} // namespace signalbox::ui
