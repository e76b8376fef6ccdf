// SPDX-License-Identifier: GPL-3.0-or-later
#include "traffic_files.h"

#include "traffic_import_sheet.h"

#include <core/base/mapped_file.h>
#include <core/traffic/traffic_file.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/format.h>
#include <ui/models/background.h>
#include <ui/models/workbench.h>

#include <QAction>
#include <QFileInfo>
#include <QLocale>
#include <QSettings>
#include <QStringList>

#include <utility>

namespace signalbox::ui {

namespace {

constexpr auto kFileKey = "traffic/file";
constexpr auto kFolderKey = "traffic/folder";
constexpr std::size_t kBeginBytes = 64;

QString textOf(const Error& error)
{
    return QString::fromStdString(toString(error));
}

/// What a file of traffic is.
struct Look
{
    QString path;
    bool isTable = false;
    std::optional<Result<LogLook>> log; ///< of what is none
};

/// For another thread.
Look lookAt(const QString& path, const std::filesystem::path& mappings)
{
    Look look;
    look.path = path;
    if (const auto file = MappedFile::open(path.toStdString()))
        look.isTable = isTrafficFile((*file)->bytes().substr(0, kBeginBytes));
    if (!look.isTable)
        look.log = lookAtLog(path.toStdString(), mappings);
    return look;
}

QString count(std::size_t value)
{
    return format::count(static_cast<qint64>(value));
}

} // namespace

TrafficFiles::TrafficFiles(Workbench& workbench, Questions questions, NoticeList& notices,
                           QWidget* window)
    : QObject(window), m_workbench(workbench), m_questions(std::move(questions)),
      m_notices(notices), m_window(window)
{
    TrafficShelf& shelf = workbench.trafficShelf();
    connect(&shelf, &TrafficShelf::opened, this, [this] {
        withdraw();
        remember();
    });
    connect(&shelf, &TrafficShelf::refused, this, [this](const QString&, const Error& why) {
        tell(m_wasAtStart ? tr("The traffic of last time could not be opened.")
                          : tr("The traffic could not be opened."),
             tr("%1\nOpen another table, or import the log again. Until then the window goes on "
                "with the traffic that it has, or with that of the sample.")
                 .arg(textOf(why)));
    });
    connect(&workbench, &Workbench::trafficRequested, this, [this](const QString& path) {
        if (path.isEmpty())
            openChosen();
        else
            open(path);
    });
}

std::filesystem::path TrafficFiles::folder() const
{
    const std::filesystem::path& data = m_workbench.dataFolder();
    return data.empty() ? data : data / "traffic";
}

void TrafficFiles::openChosen()
{
    if (!m_questions.trafficToOpen)
        return;
    const QString before = QSettings().value(QLatin1String(kFolderKey)).toString();
    const QString path = m_questions.trafficToOpen(m_window, before);
    if (path.isEmpty())
        return;
    QSettings().setValue(QLatin1String(kFolderKey), QFileInfo(path).absolutePath());
    open(path);
}

void TrafficFiles::open(const QString& path)
{
    m_wasAtStart = false;
    inBackground(
        this, [path, mappings = folder()] { return lookAt(path, mappings); },
        [this, asked = ++m_asked](Look look) {
            if (asked != m_asked)
                return; // another file was opened meanwhile
            if (look.isTable)
                openTable(look.path);
            else if (*look.log)
                showImport(std::move(**look.log));
            else
                tell(tr("The log cannot be read."), textOf(look.log->error()));
        });
}

void TrafficFiles::openTable(const QString& path)
{
    m_workbench.trafficShelf().open(QFileInfo(path).absoluteFilePath().toStdString());
}

void TrafficFiles::openLast()
{
    const QString path = QSettings().value(QLatin1String(kFileKey)).toString();
    if (path.isEmpty())
        return;
    m_wasAtStart = true;
    openTable(path);
}

void TrafficFiles::useSample()
{
    ++m_asked;
    withdraw();
    QSettings().remove(QLatin1String(kFileKey));
    m_workbench.trafficShelf().showSample();
}

/// A table that was refused stays remembered: its disk may be there again at the next start.
void TrafficFiles::remember()
{
    QSettings().setValue(QLatin1String(kFileKey),
                         QString::fromStdString(m_workbench.trafficShelf().file().string()));
}

void TrafficFiles::showImport(LogLook look)
{
    withdraw();
    TrafficImportSheet::Desk desk;
    desk.mappings = folder();
    desk.tableFolder = folder();
    desk.policy = m_workbench.editor().document();
    desk.styles = m_workbench.styles();
    desk.fileToWrite = m_questions.trafficToWrite;
    auto* const sheet = new TrafficImportSheet(std::move(look), std::move(desk), m_window);
    sheet->setAttribute(Qt::WA_DeleteOnClose);
    connect(sheet, &TrafficImportSheet::imported, this, &TrafficFiles::takeImported);
    sheet->open();
}

void TrafficFiles::takeImported(const ImportedTable& done)
{
    QStringList taken;
    for (const RedactionCount& redaction : done.redactions)
        taken << tr("%1 [%2]", "how often, what was taken out of a log")
                     .arg(count(redaction.count), QString::fromStdString(redaction.kind));
    QString sentence = tr("Imported %1 requests in %2 conversations.")
                           .arg(count(done.requests), count(done.conversations));
    if (!taken.isEmpty())
        sentence +=
            QLatin1Char(' ') + tr("Taken out: %1.").arg(QLocale().createSeparatedList(taken));
    emit m_workbench.notice(sentence);
    if (!done.asideProblem.empty() || done.badLines > 0) {
        const QString lines =
            tr("Lines of the log that could not be read: %1.").arg(count(done.badLines));
        Callout* const callout = m_notices.add(
            Tone::Caution, lines,
            done.asideProblem.empty()
                ? tr("They are kept in %1.").arg(QString::fromStdString(done.aside.string()))
                : tr("They could not be kept aside: %1")
                      .arg(QString::fromStdString(done.asideProblem)));
        callout->setObjectName(QStringLiteral("trafficAside"));
    }
    openTable(QString::fromStdString(done.table.string()));
}

void TrafficFiles::tell(const QString& title, const QString& detail)
{
    withdraw();
    m_notice = m_notices.add(Tone::Negative, title, detail);
    m_notice->setObjectName(QStringLiteral("trafficRefused"));
    auto* const another = new QAction(tr("Open traffic..."), m_notice);
    m_notice->addAction(another);
    connect(another, &QAction::triggered, this, &TrafficFiles::openChosen, Qt::QueuedConnection);
}

/// Its own button may be what is handled now.
void TrafficFiles::withdraw()
{
    if (!m_notice)
        return;
    m_notice->hide();
    m_notice->setObjectName(QString());
    m_notice->deleteLater();
    m_notice.clear();
}

} // namespace signalbox::ui
