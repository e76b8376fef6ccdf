// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ui/models/policy_editor.h>

#include <QObject>
#include <QPointer>

#include <functional>
#include <map>
#include <set>

namespace signalbox::ui {

class Callout;
class NoticeList;

/// What the window says of the policy in front because of what happened outside of it: its file was
/// changed, cannot be read, is gone; another window has it open; edits are not safe from a crash.
/// Each notice stands as long as it is true, with what can be done about it. GUI thread; editor and
/// list must outlive it.
class PolicyNotices : public QObject
{
    Q_OBJECT
public:
    PolicyNotices(PolicyEditor& editor, NoticeList& notices, QObject* parent = nullptr);

    /// Shows how what lies on the disk differs from what is open.
    void compareWithDisk();

private:
    void showDiskNews();
    void showElsewhere();
    void showJournal();
    void renew(QPointer<Callout>& notice, const char* name);
    static void drop(QPointer<Callout>& notice);
    void addAction(Callout* callout, const char* name, const QString& text,
                   std::function<void()> run);

    PolicyEditor& m_editor;
    NoticeList& m_notices;
    QPointer<Callout> m_disk;
    QPointer<Callout> m_elsewhere;
    QPointer<Callout> m_journal;
    std::map<quint64, OpenPolicy::DiskNews> m_readNews; ///< by OpenPolicy::number()
    std::set<quint64> m_readElsewhere;
};

} // namespace signalbox::ui
