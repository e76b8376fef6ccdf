// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy_notices.h"

#include "comparison_sheet.h"

#include <ui/kit/basic_widgets.h>
#include <ui/models/policy_editor.h>

#include <QAction>
#include <QDateTime>
#include <QFileInfo>
#include <QLocale>

#include <utility>

namespace signalbox::ui {
namespace {

using News = OpenPolicy::DiskNews;

QString fileNameOf(const PolicyEditor& editor)
{
    return QFileInfo(QString::fromStdString(editor.filePath().string())).fileName();
}

/// "10:32" today, with the date on other days.
QString sinceText(qint64 sinceMs)
{
    const QDateTime since = QDateTime::fromMSecsSinceEpoch(sinceMs);
    return since.date() == QDate::currentDate()
               ? QLocale().toString(since.time(), QLocale::ShortFormat)
               : QLocale().toString(since, QLocale::ShortFormat);
}

} // namespace

PolicyNotices::PolicyNotices(PolicyEditor& editor, NoticeList& notices, QObject* parent)
    : QObject(parent), m_editor(editor), m_notices(notices)
{
    connect(&editor, &PolicyEditor::diskNewsChanged, this, &PolicyNotices::showDiskNews);
    connect(&editor, &PolicyEditor::openElsewhereChanged, this, &PolicyNotices::showElsewhere);
    connect(&editor, &PolicyEditor::journalProblemChanged, this, &PolicyNotices::showJournal);
    showDiskNews();
    showElsewhere();
    showJournal();
}

/// Its own button may be what is handled now.
void PolicyNotices::drop(QPointer<Callout>& notice)
{
    if (!notice)
        return;
    notice->hide();
    notice->setObjectName(QString());
    notice->deleteLater();
    notice.clear();
}

/// An empty notice in the place of the one that was there.
void PolicyNotices::renew(QPointer<Callout>& notice, const char* name)
{
    drop(notice);
    notice = m_notices.add(Tone::Caution, {}, {});
    notice->setObjectName(QLatin1String(name));
}

void PolicyNotices::addAction(Callout* callout, const char* name, const QString& text,
                              std::function<void()> run)
{
    auto* const action = new QAction(text, callout);
    action->setObjectName(QLatin1String(name));
    callout->addAction(action);
    // The notice goes with what is done, and its button must not go under the click.
    connect(action, &QAction::triggered, this, std::move(run), Qt::QueuedConnection);
}

void PolicyNotices::showDiskNews()
{
    const OpenPolicy& policy = m_editor.current();
    const News news = policy.diskNews();
    const quint64 number = policy.number();
    if (news == News::None)
        m_readNews.erase(number);
    const auto read = m_readNews.find(number);
    if (news == News::None || (read != m_readNews.end() && read->second == news))
        return drop(m_disk);
    const QString file = fileNameOf(m_editor);
    renew(m_disk, "diskNotice");
    Callout* const callout = m_disk;
    connect(callout, &Callout::dismissed, this, [this, number, news] {
        m_readNews[number] = news;
        m_editor.current().dismissDiskNews();
    });
    const auto keep = [this] { m_editor.current().keepMine(); };
    switch (news) {
    case News::None:
        return;
    case News::Reloaded:
        callout->setMessage(
            Tone::Accent,
            tr("%1 was changed by another program and has been read again.").arg(file),
            tr("Nothing here was unsaved. Undo brings back what was shown before."));
        return;
    case News::Changed:
        callout->setMessage(
            Tone::Caution,
            tr("%1 was changed by another program, and you have edits here that are "
               "not saved.")
                .arg(file),
            tr("Reading it again is one step that can be undone. If you keep yours, "
               "the next save replaces the file, and what lies there now becomes an "
               "earlier revision."));
        addAction(callout, "reload", tr("Read again"), [this] { m_editor.current().reload(); });
        addAction(callout, "keepMine", tr("Keep mine"), keep);
        addAction(callout, "compare", tr("Compare"), [this] { compareWithDisk(); });
        return;
    case News::Unreadable:
        callout->setMessage(
            Tone::Negative,
            tr("%1 was changed by another program and cannot be read as a policy any more.")
                .arg(file),
            tr("What is open here stays.") + QLatin1Char('\n') + policy.diskProblem());
        addAction(callout, "keepMine", tr("Let the next save replace it"), keep);
        return;
    case News::Gone:
        callout->setMessage(
            Tone::Caution, tr("%1 is no longer where it was.").arg(file),
            tr("It was deleted or moved. The policy is open here, and the next save "
               "writes the file anew."));
        return;
    }
}

void PolicyNotices::showElsewhere()
{
    const OpenPolicy& policy = m_editor.current();
    const quint64 number = policy.number();
    if (policy.openElsewhere().empty())
        m_readElsewhere.erase(number);
    if (policy.openElsewhere().empty() || m_readElsewhere.contains(number))
        return drop(m_elsewhere);
    const OpenRecord::Other& first = policy.openElsewhere().front();
    const QString since = sinceText(first.sinceMs);
    const QString title =
        first.host.empty()
            ? tr("Another window has had %1 open since %2.", "file, time")
                  .arg(fileNameOf(m_editor), since)
            : tr("Another window on %3 has had %1 open since %2.", "file, time, computer")
                  .arg(fileNameOf(m_editor), since, QString::fromStdString(first.host));
    renew(m_elsewhere, "elsewhereNotice");
    m_elsewhere->setMessage(
        Tone::Caution, title,
        tr("You can work on it here, too. What one window saves, the other does not replace "
           "without asking."));
    connect(m_elsewhere, &Callout::dismissed, this,
            [this, number] { m_readElsewhere.insert(number); });
}

void PolicyNotices::showJournal()
{
    const QString& problem = m_editor.journalProblem();
    if (problem.isEmpty())
        return drop(m_journal);
    if (!m_journal)
        renew(m_journal, "journalNotice");
    m_journal->setMessage(Tone::Caution, tr("Your edits would not survive a crash at the moment."),
                          problem);
}

void PolicyNotices::compareWithDisk()
{
    const PolicyDocument& other = m_editor.current().documentOnDisk();
    const QString title = tr("%1 as it is on the disk", "name of a file").arg(fileNameOf(m_editor));
    if (!m_editor.requestComparison(other, title))
        showComparisonSheet(m_notices.window(), m_editor.document(), other, title);
}

} // namespace signalbox::ui
