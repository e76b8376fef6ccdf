// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: a run leaves the Voices page in every form by a few keys, whole or not at all, off the
// GUI thread, and what can be read back comes back by Import; what goes wrong is told in a sentence
// with what to do next. Answers of one model, imported as if they were of several, sound alike.

#include <core/base/files.h>
#include <core/base/json.h>
#include <core/prompts/answer_reader.h>
#include <core/report/run_report.h>
#include <core/sheets/workbook_writer.h>
#include <tests/support/shared_data.h>
#include <ui/kit/app_style.h>
#include <ui/kit/basic_widgets.h>
#include <ui/models/lab_session.h>
#include <ui/voices/comparison_view.h>
#include <ui/voices/export_sheet.h>
#include <ui/voices/import_sheet.h>
#include <ui/voices/lab_bar.h>
#include <ui/voices/report_pdf.h>
#include <ui/voices/run_exporter.h>
#include <ui/voices/voices_page.h>

#include <QAction>
#include <QComboBox>
#include <QMainWindow>
#include <QPushButton>
#include <QRadioButton>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeWidget>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

using namespace signalbox;
using namespace signalbox::ui;

namespace {

/// A window with the page, over a store of its own.
struct Desk
{
    QTemporaryDir folder;
    Workbench workbench{{folder.path().toStdString()}};
    QMainWindow window;
    VoicesPage* page = nullptr;

    explicit Desk(std::size_t prompts)
    {
        workbench.editor().setDocument(supportDeskPolicy());
        workbench.services().simulator->setSpeed(0);
        page = new VoicesPage(workbench);
        window.setCentralWidget(page);
        page->session().setSamplePromptCount(prompts);
        page->session().chooseModel(page->session().policyColumn(), false);
        window.resize(1280, 800);
        window.show();
    }

    void send()
    {
        QSignalSpy finished(&page->session(), &LabSession::finished);
        page->session().start();
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 60'000);
    }

    [[nodiscard]] QPushButton* button() const
    {
        return page->findChild<QPushButton*>(QStringLiteral("exportButton"));
    }

    [[nodiscard]] QString pathOf(const QString& name) const { return folder.filePath(name); }

    /// Chooses a form in the sheet as a person does; gives the sheet's run list, too.
    void exportAs(const QString& form, const QString& path, int run = 0)
    {
        page->exporter().setAskWhereToSave(
            [path](QWidget*, ExportForm, const QString&) { return path; });
        QTest::mouseClick(button(), Qt::LeftButton);
        auto* const sheet = window.findChild<QDialog*>(QStringLiteral("exportSheet"));
        QVERIFY(sheet);
        auto* const choice = sheet->findChild<QRadioButton*>(QStringLiteral("export.") + form);
        QVERIFY(choice);
        choice->setFocus();
        QTest::keyClick(choice, Qt::Key_Space);
        sheet->findChild<QComboBox*>(QStringLiteral("exportRun"))->setCurrentIndex(run);
        QTest::mouseClick(sheet->findChild<QPushButton*>(QStringLiteral("exportSave")),
                          Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(!page->exporter().isBusy(), 60'000);
    }

    [[nodiscard]] std::set<QString> callouts() const
    {
        std::set<QString> titles;
        for (const Callout* const callout : page->findChildren<Callout*>())
            titles.insert(callout->title());
        return titles;
    }

    void import(const QString& path)
    {
        page->findChild<LabBar*>()->importFile(path);
        auto* const sheet = window.findChild<QDialog*>(QStringLiteral("importSheet"));
        QVERIFY(sheet);
        QTest::mouseClick(sheet->findChild<QPushButton*>(QStringLiteral("importTake")),
                          Qt::LeftButton);
    }
};

/// But for what a workbook rounds.
bool isTheSame(Answer a, const Answer& b)
{
    a.firstTokenMs = b.firstTokenMs;
    a.totalMs = b.totalMs;
    return a == b;
}

RunReport longReport()
{
    RunReport report;
    report.name = "A run with <b>long</b> answers";
    report.models = {{ModelId("a"), {}, {}, {}, 0}, {ModelId("b"), {}, {}, {}, 1}};
    for (int i = 0; i < 3; ++i) {
        PromptCase prompt;
        prompt.id = PromptId("p" + std::to_string(i));
        prompt.turns = {{Role::User, "What is it?", 0}};
        report.prompts.cases.push_back(prompt);
        for (const char* const model : {"a", "b"}) {
            Answer answer;
            answer.prompt = prompt.id;
            answer.model = ModelId(model);
            for (int line = 0; line < 200; ++line)
                answer.text += "Line " + std::to_string(line) + " of <i>many</i>.\n";
            report.answers.push_back(answer);
        }
    }
    return report;
}

} // namespace

class TestRunExporter : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { setUpLook(*qApp, ThemeChoice::Light); }
    void init()
    {
        QTest::failOnWarning(QRegularExpression(
            QStringLiteral("^(?!This plugin does not support|QFontDatabase|Populating font)")));
        QSettings().clear();
    }

    void nothingIsExportedWhereThereIsNothing()
    {
        Desk desk(3);
        QVERIFY(!desk.button()->isEnabled());
        desk.send();
        QVERIFY(desk.button()->isEnabled());
    }

    void whatIsExportedComesBackByImport_data()
    {
        QTest::addColumn<QString>("form");
        for (const char* const form : {"html", "xlsx", "csv", "jsonl"})
            QTest::newRow(form) << QString::fromLatin1(form);
    }
    void whatIsExportedComesBackByImport()
    {
        QFETCH(const QString, form);
        Desk desk(4);
        desk.send();
        const std::vector<Answer> sent = desk.page->session().answers();
        const std::vector<LabPrompt> prompts = desk.page->session().prompts();
        QSignalSpy said(&desk.workbench, &Workbench::notice);
        const QString path = desk.pathOf(QStringLiteral("run.") + form);
        desk.exportAs(form, path);
        QVERIFY2(std::filesystem::exists(path.toStdString()), qPrintable(path));
        QVERIFY(said.back()[0].toString().startsWith(QStringLiteral("12 answer")));
        desk.import(path);
        QVERIFY(desk.page->session().shownRun());
        const std::vector<Answer> back = desk.page->session().answers();
        QCOMPARE(back.size(), sent.size());
        for (std::size_t i = 0; i < sent.size(); ++i)
            QVERIFY2(isTheSame(back[i], sent[i]), std::to_string(i).c_str());
        const std::vector<LabPrompt>& read = desk.page->session().prompts();
        QVERIFY(std::ranges::equal(read, prompts, {}, &LabPrompt::id, &LabPrompt::id));
        QVERIFY(std::ranges::equal(read, prompts, {}, &LabPrompt::messages, &LabPrompt::messages));
        QVERIFY(std::ranges::equal(read, prompts, {}, &LabPrompt::segment, &LabPrompt::segment));
        QVERIFY(back.front().simulated); // and says so wherever it is shown
    }

    void anEarlierRunIsExportedWithoutBeingShown()
    {
        Desk desk(2);
        desk.send();
        desk.page->session().setSamplePromptCount(3);
        desk.send();
        const QString path = desk.pathOf(QStringLiteral("earlier.jsonl"));
        desk.exportAs(QStringLiteral("jsonl"), path, 1);
        const auto read = readAnswers(*readFile(path.toStdString()), AnswerFormat::JsonLines);
        QVERIFY(read.has_value());
        QCOMPARE(read->prompts.cases.size(), std::size_t(2));
        QCOMPARE(desk.page->session().prompts().size(), std::size_t(3));
    }

    void pagesAreWritten()
    {
        Desk desk(2);
        desk.send();
        const QString path = desk.pathOf(QStringLiteral("run.pdf"));
        desk.exportAs(QStringLiteral("pdf"), path);
        const auto bytes = readFile(path.toStdString());
        QVERIFY(bytes.has_value());
        QVERIFY(bytes->starts_with("%PDF-"));
        QVERIFY(bytes->find("/FontFile2") != std::string::npos); // fonts are in it
    }

    void longAnswersTakeMorePages()
    {
        const auto never = [] { return false; };
        const auto pages = toReportPdf(longReport(), QPageSize::A4, never);
        QVERIFY(pages.has_value());
        // 1,200 lines at about 60 a page.
        QVERIFY2(pages->count("/Type /Page\n") > 15,
                 qPrintable(QString::number(pages->count("/Type /Page\n"))));
    }

    void aCancelledExportLeavesNothing()
    {
        const auto pages = toReportPdf(longReport(), QPageSize::A4, [] { return true; });
        QCOMPARE(pages.error().code, ErrorCode::Cancelled);
        Desk desk(3);
        desk.send();
        const QString path = desk.pathOf(QStringLiteral("run.pdf"));
        desk.page->exporter().setAskWhereToSave(
            [&](QWidget*, ExportForm, const QString&) { return path; });
        QTest::mouseClick(desk.button(), Qt::LeftButton);
        auto* const sheet = desk.window.findChild<QDialog*>(QStringLiteral("exportSheet"));
        sheet->findChild<QRadioButton*>(QStringLiteral("export.pdf"))->setChecked(true);
        QSignalSpy said(&desk.workbench, &Workbench::notice);
        // The click lands before the worker can be ready: its first step asks.
        connect(&desk.page->exporter(), &RunExporter::busyChanged, &desk.window,
                [&] { emit desk.page->exporter().strip()->cancelRequested(); });
        QTest::mouseClick(sheet->findChild<QPushButton*>(QStringLiteral("exportSave")),
                          Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(!desk.page->exporter().isBusy(), 60'000);
        QVERIFY(!std::filesystem::exists(path.toStdString()));
        QCOMPARE(said.size(), 1);
        QVERIFY(said[0][0].toString().contains(QStringLiteral("cancelled")));
        QVERIFY(desk.button()->isEnabled());
    }

    void whatCannotBeWrittenIsTold()
    {
        Desk desk(2);
        desk.send();
        desk.exportAs(QStringLiteral("csv"), QStringLiteral("/proc/none/a.csv"));
        QVERIFY(desk.callouts().contains(QStringLiteral("The run was not exported to a.csv.")));
        QVERIFY(desk.button()->isEnabled());
    }

    void theSheetRemembersTheForm()
    {
        Desk desk(2);
        desk.send();
        desk.exportAs(QStringLiteral("xlsx"), QString());
        QTest::mouseClick(desk.button(), Qt::LeftButton);
        QTRY_VERIFY(desk.window.findChild<QDialog*>(QStringLiteral("exportSheet")));
        const auto sheets = desk.window.findChildren<QDialog*>(QStringLiteral("exportSheet"));
        QVERIFY(
            sheets.back()->findChild<QRadioButton*>(QStringLiteral("export.xlsx"))->isChecked());
    }

    void aWorkbookOfPromptsIsRead()
    {
        SheetDraft other{"Notes", {{"text"}}, {{std::string("nothing")}}};
        SheetDraft table{"Questions",
                         {{"question"}, {"category"}},
                         {{std::string("=1+1?"), std::string("sums")},
                          {std::string("Why?"), std::string("causes")}}};
        const std::vector<SheetDraft> sheets = {other, table};
        const auto bytes = toWorkbook(sheets, "");
        QVERIFY(bytes.has_value());
        ImportSheet sheet(QByteArray::fromStdString(*bytes), QStringLiteral("book.xlsx"), {});
        sheet.show();
        QVERIFY(sheet.prompts().empty()); // the first sheet is none of prompts
        auto* const choice = sheet.findChild<QComboBox*>(QStringLiteral("importWorkbookSheet"));
        QVERIFY(choice->isVisible());
        choice->setFocus();
        QTest::keyClick(choice, Qt::Key_Down);
        QTest::keyClick(choice, Qt::Key_Down);
        QCOMPARE(sheet.prompts().size(), std::size_t(2));
        QCOMPARE(sheet.prompts()[0].messages.back().text, std::string("=1+1?"));
        QCOMPARE(sheet.prompts()[1].segment, std::string("causes"));
    }

    /// One model, asked ten times: whichever two of the answers stand for two models, nobody can
    /// tell these apart.
    void answersOfOneModelSoundAlike()
    {
        const QString file = tests::sharedDataFile(QStringLiteral("voices/resamples_dev.jsonl"));
        if (file.isEmpty())
            QSKIP("The shared voice data is not here; set SIGNALBOX_SHARED_DATA to check with it.");
        const std::string resamples = *readFile(file.toStdString());
        std::string asModels;
        for (const TextLine& line : linesOf(resamples)) {
            if (isBlankText(line.text))
                continue;
            Json answer = *parseJson(line.text);
            answer["model"] = "try " + answer["sample"].dump();
            answer["sample"] = 0;
            asModels += toCompactJsonText(answer) + '\n';
        }
        Desk desk(1);
        const QString path = desk.pathOf(QStringLiteral("tries.jsonl"));
        QVERIFY(writeFileAtomically(path.toStdString(), asModels).has_value());
        desk.import(path);
        QCOMPARE(desk.page->session().answers().size(), std::size_t(500));
        desk.window.activateWindow();
        QTRY_VERIFY(desk.window.isActiveWindow());
        QTest::keyClick(desk.window.windowHandle(), Qt::Key_2, Qt::ControlModifier);
        auto* const view = desk.page->findChild<ComparisonView*>();
        QTRY_COMPARE_WITH_TIMEOUT(view->comparison().answers, std::size_t(500), 120'000);
        const std::vector<VoiceDistance>& pairs = view->comparison().matrix.pairs;
        QCOMPARE(pairs.size(), std::size_t(45));
        double sum = 0;
        for (const VoiceDistance& pair : pairs)
            sum += pair.auc.value;
        const double mean = sum / static_cast<double>(pairs.size());
        QVERIFY2(mean > 0.45 && mean < 0.55, qPrintable(QString::number(mean)));
        // As the file has them: one model whose own floor is measured, and as low.
        desk.import(file);
        QTRY_COMPARE_WITH_TIMEOUT(view->comparison().models.size(), std::size_t(1), 120'000);
        QTRY_COMPARE_WITH_TIMEOUT(view->comparison().floors.size(), std::size_t(1), 120'000);
        QVERIFY(view->comparison().floors[0].measured);
        QVERIFY2(view->comparison().floors[0].noticeability < 0.05,
                 qPrintable(QString::number(view->comparison().floors[0].noticeability)));
    }
};

QTEST_MAIN(TestRunExporter)
#include "tst_run_exporter.moc"
