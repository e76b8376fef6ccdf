// SPDX-License-Identifier: GPL-3.0-or-later
#include "run_exporter.h"

#include "facts_line.h"
#include "report_pdf.h"

#include <core/base/clock.h>
#include <core/base/files.h>
#include <core/evidence/evidence_store.h>
#include <core/lab/run_export.h>
#include <core/report/report_figures.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/format.h>
#include <ui/kit/paged_text.h>
#include <ui/kit/text_views.h>
#include <ui/models/background.h>
#include <ui/models/lab_session.h>
#include <ui/models/stored_runs.h>
#include <ui/models/workbench.h>

#include <QDateTime>
#include <QFileDialog>
#include <QFileInfo>
#include <QLocale>
#include <QSettings>

#include <algorithm>
#include <atomic>
#include <utility>

namespace signalbox::ui {

namespace {

constexpr char kFormKey[] = "voices/exportForm";
constexpr char kFolderKey[] = "voices/exportFolder";
constexpr int kTickMs = 100;
constexpr std::size_t kMostRuns = 50;
constexpr int kRunsLookedAt = 150; ///< for these; some have no answer

enum Step { Reading, Measuring, Writing, Saving };

QString stepWords(int step)
{
    switch (step) {
    case Measuring:
        return RunExporter::tr("Export: measuring the voices\u2026");
    case Writing:
        return RunExporter::tr("Export: writing the file\u2026");
    case Saving:
        return RunExporter::tr("Export: saving the file\u2026");
    default:
        return RunExporter::tr("Export: reading the run\u2026");
    }
}

std::optional<RunFormat> engineFormat(ExportForm form)
{
    switch (form) {
    case ExportForm::Html:
        return RunFormat::Html;
    case ExportForm::Xlsx:
        return RunFormat::Xlsx;
    case ExportForm::Csv:
        return RunFormat::Csv;
    case ExportForm::JsonLines:
        return RunFormat::JsonLines;
    case ExportForm::Pdf:
        break;
    }
    return std::nullopt;
}

bool hasMeasures(ExportForm form)
{
    return form != ExportForm::Csv && form != ExportForm::JsonLines;
}

ExportForm lastForm()
{
    const int last = QSettings().value(QLatin1String(kFormKey)).toInt();
    return static_cast<ExportForm>(std::clamp(last, static_cast<int>(ExportForm::Html),
                                              static_cast<int>(ExportForm::JsonLines)));
}

/// The ending is added before the dialog asks whether a file may be replaced.
QString askInDialog(QWidget* page, ExportForm form, const QString& name)
{
    QFileDialog dialog(page->window(), RunExporter::tr("Export the run"),
                       QSettings().value(QLatin1String(kFolderKey)).toString());
    dialog.setAcceptMode(QFileDialog::AcceptSave);
    dialog.setFileMode(QFileDialog::AnyFile);
    dialog.setNameFilters(
        {QStringLiteral("*.") + fileEnding(form), RunExporter::tr("All files (*)")});
    dialog.setDefaultSuffix(fileEnding(form));
    dialog.selectFile(name);
    return dialog.exec() == QDialog::Accepted ? dialog.selectedFiles().value(0) : QString();
}

/// A name for a file, from that of a run.
QString fileName(const QString& run, ExportForm form)
{
    QString name = format::fileName(run);
    if (name.isEmpty())
        name = RunExporter::tr("answers", "name of a file");
    return name + QLatin1Char('.') + fileEnding(form);
}

} // namespace

/// What both threads know of an export.
struct RunExporter::Progress
{
    std::atomic<int> step = Reading;
    std::atomic<bool> isCancelled = false;
};

struct RunExporter::Job
{
    ExportForm form = ExportForm::Html;
    std::string path;
    QPageSize::PageSizeId pageSize = QPageSize::A4;
    std::int64_t nowMs = 0;
    std::shared_ptr<Progress> progress;
    std::optional<RunReport> report; ///< else to be read:
    std::optional<StoreAddress> store = {};
    RunId run = {};
    std::vector<SamplePrompt> samplePrompts = {};
};

struct RunExporter::Outcome
{
    std::string path;
    std::size_t answers = 0; ///< with a text
    std::optional<Error> error;
};

RunExporter::RunExporter(Workbench& workbench, LabSession& session, QWidget* page)
    : QObject(page), m_workbench(workbench), m_session(session), m_page(page)
{
    m_strip = new ProgressStrip(page);
    m_strip->setObjectName(QStringLiteral("exportProgress"));
    m_strip->setCancellable(true);
    m_strip->hide();
    connect(m_strip, &ProgressStrip::cancelRequested, this, [this] {
        if (m_progress)
            m_progress->isCancelled = true;
    });
    m_tick.setInterval(kTickMs);
    connect(&m_tick, &QTimer::timeout, this, [this] { refreshStrip(); });
    m_ask = askInDialog;
}

std::optional<RunId> RunExporter::shownRunId() const
{
    if (m_session.shownRun())
        return m_session.shownRun()->info.id;
    if (m_session.stored())
        return m_session.stored()->run.id;
    return m_session.run().id();
}

std::vector<ExportChoice> RunExporter::choices() const
{
    std::vector<ExportChoice> choices;
    const std::vector<Answer> shown = m_session.answers();
    const auto answers = static_cast<int>(std::ranges::count_if(shown, hasText));
    choices.push_back({std::nullopt, tr("On screen: %n answer(s)", nullptr, answers)});
    EvidenceStore* const store = m_workbench.evidenceStore();
    if (!store || store->where().empty())
        return choices; // a temporary one is this thread's alone
    for (const RunSummary& run : newestRuns(store, kRunsLookedAt)) {
        // A table of fewer models or prompts shows a part of its run.
        const bool isOnScreen =
            run.id == shownRunId() && run.settled - run.failed <= static_cast<std::size_t>(answers);
        if (run.settled == 0 || isOnScreen)
            continue;
        const QDateTime at = QDateTime::fromMSecsSinceEpoch(run.createdAtMs);
        choices.push_back(
            {run.id, joinedFacts({QLocale().toString(at, QLocale::ShortFormat),
                                  withVisibleControls(QString::fromStdString(run.name)),
                                  tr("%n answer(s)", nullptr,
                                     static_cast<int>(run.settled - run.failed))})});
        if (choices.size() > kMostRuns)
            break;
    }
    return choices;
}

void RunExporter::ask()
{
    if (isBusy())
        return;
    auto* const sheet = new ExportSheet(choices(), lastForm(), m_page->window());
    sheet->setAttribute(Qt::WA_DeleteOnClose);
    connect(sheet, &ExportSheet::exportRequested, this, [this, sheet] {
        QSettings().setValue(QLatin1String(kFormKey), static_cast<int>(sheet->form()));
        begin(sheet->form(), sheet->run());
    });
    sheet->open();
}

/// What the table holds now, which a running run goes on with.
RunReport RunExporter::reportOfScreen() const
{
    RunReport report = reportOf(m_session.run().plan(), m_session.answers());
    for (ReportedModel& model : report.models)
        model.look = m_session.policyIndexOf(model.id);
    if (m_session.shownRun()) {
        report.name = m_session.shownRun()->info.name;
        report.startedAtMs = m_session.shownRun()->info.createdAtMs;
        report.isFromElsewhere = m_session.shownRun()->isFromElsewhere;
    } else if (!report.answers.empty()) {
        report.startedAtMs =
            std::ranges::min_element(report.answers, {}, &Answer::recordedAtMs)->recordedAtMs;
    }
    if (const auto id = shownRunId()) {
        report.runId = id->value;
        if (EvidenceStore* const store = m_workbench.evidenceStore())
            report.notes = reportedNotes(*store, *id);
    }
    return report;
}

void RunExporter::begin(ExportForm form, const std::optional<RunId>& run)
{
    Job job;
    job.form = form;
    QString name;
    if (run) {
        const auto info = m_workbench.evidenceStore()->run(*run);
        name = info ? QString::fromStdString(info->name) : QString();
        job.run = *run;
        job.store =
            parseStoreAddress(m_workbench.evidenceStore()->where()).value_or(StoreAddress());
        job.samplePrompts = m_workbench.prompts();
    } else {
        job.report = reportOfScreen();
        name = QString::fromStdString(job.report->name);
    }
    const QString path = m_ask(m_page, form, fileName(name, form));
    if (path.isEmpty())
        return;
    QSettings().setValue(QLatin1String(kFolderKey), QFileInfo(path).absolutePath());
    job.path = path.toStdString();
    job.nowMs = systemClock().unixMs();
    job.pageSize = usualPageSize();
    start(std::move(job));
}

void RunExporter::start(Job job)
{
    m_progress = std::make_shared<Progress>();
    job.progress = m_progress;
    m_tick.start(); // what takes less than a tick shows no progress
    emit busyChanged();
    inBackground(
        this, [job = std::move(job)]() mutable { return work(std::move(job)); },
        [this](const Outcome& outcome) { finish(outcome); });
}

RunExporter::Outcome RunExporter::work(Job job)
{
    const auto ended = [&](Error error) { return Outcome{job.path, 0, std::move(error)}; };
    const Error cancelled{ErrorCode::Cancelled, "the export was cancelled", {}, {}};
    Progress& progress = *job.progress;
    if (!job.report) {
        const auto store = EvidenceStore::openExisting(*job.store);
        if (!store)
            return ended(store.error());
        auto read = reportOfRun(*store, job.run, job.samplePrompts);
        if (!read)
            return ended(read.error());
        job.report = std::move(*read);
    }
    RunReport& report = *job.report;
    report.writtenAtMs = job.nowMs;
    progress.step = Measuring;
    if (progress.isCancelled)
        return ended(cancelled);
    if (hasMeasures(job.form))
        report.voices = measuredVoices(report);
    progress.step = Writing;
    if (progress.isCancelled)
        return ended(cancelled);
    Result<std::string> bytes = std::string();
    if (const auto format = engineFormat(job.form)) {
        bytes = toFile(report, *format);
    } else {
        const auto pages =
            toReportPdf(report, job.pageSize, [&] { return progress.isCancelled.load(); });
        if (pages)
            bytes = pages->toStdString();
        else
            bytes = Unexpected(pages.error());
    }
    if (!bytes)
        return ended(bytes.error());
    progress.step = Saving;
    if (progress.isCancelled)
        return ended(cancelled);
    if (const auto written = writeFileAtomically(job.path, *bytes); !written)
        return ended(written.error());
    const auto answers = std::ranges::count_if(report.answers, hasText);
    return {job.path, static_cast<std::size_t>(answers), std::nullopt};
}

void RunExporter::finish(const Outcome& outcome)
{
    m_progress.reset();
    m_tick.stop();
    if (m_strip)
        m_strip->hide();
    emit busyChanged();
    const QString file = QFileInfo(QString::fromStdString(outcome.path)).fileName();
    if (!outcome.error) {
        emit m_workbench.notice(
            tr("%n answer(s) exported to %1.", nullptr, static_cast<int>(outcome.answers))
                .arg(file));
        return;
    }
    if (outcome.error->code == ErrorCode::Cancelled) {
        emit m_workbench.notice(tr("The export was cancelled; nothing was written."));
        return;
    }
    QString detail = QString::fromStdString(toString(*outcome.error));
    if (outcome.error->hint.empty())
        detail += QLatin1Char(' ') +
                  tr("Nothing was written. Make room there, or choose another folder, and export "
                     "again.");
    emit failed(tr("The run was not exported to %1.", "a file").arg(file), detail);
}

void RunExporter::refreshStrip()
{
    if (!m_progress || !m_strip)
        return;
    m_strip->setText(m_progress->isCancelled ? tr("Export: cancelling\u2026")
                                             : stepWords(m_progress->step));
    m_strip->setProgress(0, 0);
    m_strip->show();
}

} // namespace signalbox::ui
