// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: a person opens their own traffic in the window: a table at once, a log through a sheet
// that shows what was understood and lets it be changed; the window has it at the next start, says
// in a sentence what is wrong with it, and comes back to the sample's.

#include <core/base/files.h>
#include <core/traffic/traffic_file.h>
#include <tests/support/gateway_log.h>
#include <tests/support/small_traffic.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/choice_widgets.h>
#include <ui/kit/theme.h>
#include <ui/projection/projection_page.h>
#include <ui/shell/log_field_table.h>
#include <ui/shell/main_window.h>
#include <ui/shell/traffic_import_sheet.h>

#include <QAction>
#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QDropEvent>
#include <QLineEdit>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSettings>
#include <QStatusBar>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <QTreeWidget>
#include <QUrl>

#include <algorithm>

using namespace signalbox;
using namespace signalbox::ui;

namespace {

std::vector<PageEntry> projectionAlone()
{
    return {{QStringLiteral("projection"), QStringLiteral("Projection"), Icon::Projection, false,
             [](Workbench& workbench, QWidget* parent) -> QWidget* {
                 return new ProjectionPage(workbench, parent);
             }}};
}

/// A window over a workbench with a folder of its own, with scripted answers to its questions.
struct Desk
{
    QTemporaryDir& folder;
    Workbench workbench;
    QString toOpen;
    QString toWrite;
    MainWindow window;

    explicit Desk(QTemporaryDir& home)
        : folder(home), workbench({std::filesystem::path(home.path().toStdString()) / "data"}),
          window(workbench, projectionAlone(), questions())
    {
        workbench.editor().setDocument(supportDeskPolicy());
        window.show();
    }
    Questions questions()
    {
        Questions result;
        result.trafficToOpen = [this](QWidget*, const QString&) { return toOpen; };
        result.trafficToWrite = [this](QWidget*, const QString&) { return toWrite; };
        return result;
    }
    [[nodiscard]] QString path(const char* name) const
    {
        return folder.filePath(QLatin1String(name));
    }
    QString write(const char* name, const std::string& content) const
    {
        if (!writeFileAtomically(path(name).toStdString(), content))
            qFatal("cannot write %s", name);
        return path(name);
    }
    QString writeTable(const char* name, std::size_t requests) const
    {
        if (!saveTraffic(*test::smallTraffic(requests), path(name).toStdString()))
            qFatal("cannot write %s", name);
        return path(name);
    }
    void trigger(const char* action) const
    {
        auto* found = window.findChild<QAction*>(QLatin1String(action));
        QVERIFY2(found, action);
        found->trigger();
    }
    template<class Widget> Widget* find(const char* name) const
    {
        return window.findChild<Widget*>(QLatin1String(name));
    }
    /// The sheet of a log, once all of it is read.
    TrafficImportSheet* sheetOf(const QString& log)
    {
        toOpen = log;
        trigger("openTraffic");
        if (!QTest::qWaitFor([this] {
                auto* sheet = find<TrafficImportSheet>("trafficImport");
                return sheet && sheet->findChild<QWidget*>(QStringLiteral("trafficImportProgress"))
                                    ->isHidden();
            }))
            return nullptr;
        return find<TrafficImportSheet>("trafficImport");
    }
    [[nodiscard]] std::size_t rows() const
    {
        return workbench.traffic() ? workbench.traffic()->rowCount() : 0;
    }
};

template<class Widget> Widget* in(QWidget* sheet, const char* name)
{
    return sheet->findChild<Widget*>(QLatin1String(name));
}

void click(QWidget* sheet, const char* name)
{
    auto* button = in<QPushButton>(sheet, name);
    QVERIFY2(button && button->isEnabled(), name);
    QTest::mouseClick(button, Qt::LeftButton);
}

/// As a person does: the choice is opened, and an entry taken.
void choose(QComboBox* choice, const QString& data)
{
    const int index = choice->findData(data);
    QVERIFY2(index >= 0, qPrintable(data));
    choice->setCurrentIndex(index);
    emit choice->activated(index);
}

} // namespace

class TestTrafficFiles : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase()
    {
        QCoreApplication::setOrganizationName(QStringLiteral("signalbox-traffic-test"));
        setUpLook(*qApp, ThemeChoice::Light);
    }
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
        QSettings().clear();
    }

    void aTableOpensAtOnceAndAgainAtTheNextStart()
    {
        QTemporaryDir folder;
        {
            Desk desk(folder);
            auto* const back = desk.find<QAction>("sampleTraffic");
            QVERIFY(!back->isEnabled());
            desk.toOpen = desk.writeTable("mine.traffic", 50);
            desk.trigger("openTraffic");
            QTRY_COMPARE(desk.rows(), std::size_t(50));
            QVERIFY(back->isEnabled());
            QVERIFY(!desk.find<TrafficImportSheet>("trafficImport"));
            auto* const line = desk.find<ElidedLabel>("projectedTraffic");
            QVERIFY2(line->text().contains(QStringLiteral("50 requests in")),
                     qPrintable(line->text()));
        }
        {
            Desk desk(folder);
            desk.workbench.openSample();
            desk.window.openLastTraffic();
            QTRY_COMPARE(desk.rows(), std::size_t(50));
            desk.trigger("sampleTraffic");
            QTRY_VERIFY(desk.rows() > 1000);
        }
        Desk desk(folder);
        desk.window.openLastTraffic();
        desk.workbench.openSample();
        QTRY_VERIFY(desk.rows() > 1000);
    }

    void aBrokenTableIsToldAndStaysRemembered()
    {
        QTemporaryDir folder;
        QString table;
        {
            Desk desk(folder);
            table = desk.toOpen = desk.writeTable("mine.traffic", 50);
            desk.trigger("openTraffic");
            QTRY_COMPARE(desk.rows(), std::size_t(50));
        }
        std::string bytes = readFile(table.toStdString()).value();
        const std::string whole = bytes;
        const std::size_t letter = bytes.find(test::smallTraffic(50)->lastUserMessage(0));
        QVERIFY(letter != std::string::npos);
        bytes[letter] ^= 1;
        QVERIFY(writeFileAtomically(table.toStdString(), bytes).has_value());
        {
            Desk desk(folder);
            desk.workbench.openSample();
            desk.window.openLastTraffic();
            QTRY_VERIFY(desk.find<Callout>("trafficRefused"));
            auto* const told = desk.find<Callout>("trafficRefused");
            QVERIFY2(told->title().contains(QStringLiteral("last time")),
                     qPrintable(told->title()));
            QVERIFY2(told->detail().contains(table) &&
                         told->detail().contains(QStringLiteral("not what was written")) &&
                         told->detail().contains(QStringLiteral("import the log again")),
                     qPrintable(told->detail()));
            QTRY_VERIFY(desk.rows() > 1000); // the sample's
        }
        QVERIFY(writeFileAtomically(table.toStdString(), whole).has_value());
        Desk desk(folder);
        desk.workbench.openSample();
        desk.window.openLastTraffic();
        QTRY_COMPARE(desk.rows(), std::size_t(50));
        QVERIFY(!desk.find<Callout>("trafficRefused"));
    }

    void aLogIsRecognisedAndImported()
    {
        QTemporaryDir folder;
        Desk desk(folder);
        const QString log = desk.write("gateway.jsonl", test::spendLog(12));
        auto* const sheet = desk.sheetOf(log);
        QVERIFY(sheet);
        QCOMPARE(in<QComboBox>(sheet, "trafficImportForm")->currentText(),
                 QStringLiteral("LiteLLM spend logs"));
        const QString summary = in<TextLabel>(sheet, "trafficImportSummary")->text();
        QVERIFY2(summary.contains(QStringLiteral("12 requests in 6 conversations")),
                 qPrintable(summary));
        auto* const missing = in<Callout>(sheet, "trafficImportMissing");
        QVERIFY2(missing->detail().contains(QStringLiteral("No segments")) &&
                     !missing->detail().contains(QStringLiteral("No users")),
                 qPrintable(missing->detail()));
        auto* const rows = in<QTreeWidget>(sheet, "trafficImportRows");
        QTRY_COMPARE(rows->topLevelItemCount(), 12);
        QCOMPARE(rows->topLevelItem(1)->text(4), QStringLiteral("Where is order 1? I am [email]"));
        click(sheet, "trafficImportTake");
        QTRY_COMPARE(desk.rows(), std::size_t(12));
        QVERIFY(desk.workbench.trafficShelf().file().filename() == "gateway.traffic");
        QVERIFY(desk.workbench.traffic()->lastUserMessage(0).ends_with("[email]"));
        auto* const line = desk.find<ElidedLabel>("projectedTraffic");
        QVERIFY2(line->text().contains(QStringLiteral("12 requests in 6 conversations, 2026-11-0")),
                 qPrintable(line->text()));
        QVERIFY(!desk.find<Callout>("trafficAside"));
        QTRY_VERIFY(!desk.find<TrafficImportSheet>("trafficImport"));
    }

    void aColumnIsAssignedByHandAndTheMappingIsKept()
    {
        QTemporaryDir folder;
        Desk desk(folder);
        const QString log = desk.write("gateway.jsonl", test::spendLog(12));
        auto* sheet = desk.sheetOf(log);
        QVERIFY(sheet);
        auto* fields = in<LogFieldTable>(sheet, "trafficImportFields");
        QCOMPARE(fields->columnChoice(LogField::UserId)->currentData().toString(),
                 QStringLiteral("/end_user"));
        QVERIFY(fields->columnChoice(LogField::Segment)->currentData().toString().isEmpty());
        choose(fields->columnChoice(LogField::Segment), QStringLiteral("/desk"));
        choose(fields->columnChoice(LogField::UserId), QString());
        auto* const missing = in<Callout>(sheet, "trafficImportMissing");
        QTRY_VERIFY(!missing->isHidden() && missing->detail().contains(QStringLiteral("No users")));
        QVERIFY(!missing->detail().contains(QStringLiteral("No segments")));
        click(sheet, "trafficImportTake");
        QTRY_COMPARE(desk.rows(), std::size_t(12));
        std::vector<std::string> segments = desk.workbench.traffic()->segments;
        std::ranges::sort(segments);
        QCOMPARE(segments, (std::vector<std::string>{"billing", "orders"}));
        QTRY_VERIFY(!desk.find<TrafficImportSheet>("trafficImport"));

        sheet = desk.sheetOf(desk.write("next.jsonl", test::spendLog(4)));
        QVERIFY(sheet);
        QVERIFY(in<QComboBox>(sheet, "trafficImportForm")
                    ->currentText()
                    .contains(QStringLiteral("as the last time")));
        fields = in<LogFieldTable>(sheet, "trafficImportFields");
        QCOMPARE(fields->columnChoice(LogField::Segment)->currentData().toString(),
                 QStringLiteral("/desk"));
    }

    void badLinesAreListedAndSavedAndKeptAside()
    {
        QTemporaryDir folder;
        Desk desk(folder);
        const QString log =
            desk.write("gateway.jsonl", test::spendLog(2) + "{\"broken\": \n" + test::spendLog(1));
        auto* const sheet = desk.sheetOf(log);
        QVERIFY(sheet);
        in<SegmentedControl>(sheet, "trafficImportView")->setCurrentIndex(2);
        auto* const list = in<QTreeWidget>(sheet, "trafficImportProblems");
        QCOMPARE(list->topLevelItemCount(), 1);
        QCOMPARE(list->topLevelItem(0)->text(0), QStringLiteral("3"));
        QVERIFY(!list->topLevelItem(0)->text(2).isEmpty());
        desk.toWrite = desk.path("problems.csv");
        click(sheet, "trafficImportSaveProblems");
        const std::string saved = readFile(desk.toWrite.toStdString()).value();
        QVERIFY2(saved.find("\r\n3,kept aside,") != std::string::npos, saved.c_str());
        click(sheet, "trafficImportTake");
        QTRY_COMPARE(desk.rows(), std::size_t(3));
        auto* const aside = desk.find<Callout>("trafficAside");
        QVERIFY(aside);
        const QString path =
            QString::fromStdString(asideOf(desk.workbench.trafficShelf().file()).string());
        QVERIFY2(aside->detail().contains(path), qPrintable(aside->detail()));
        QVERIFY(QFile::exists(path));
    }

    void whatIsTakenOutIsChosen()
    {
        QTemporaryDir folder;
        Desk desk(folder);
        auto* const sheet = desk.sheetOf(desk.write("gateway.jsonl", test::spendLog(2)));
        QVERIFY(sheet);
        auto* const rows = in<QTreeWidget>(sheet, "trafficImportRows");
        const auto prompt = [rows] {
            return rows->topLevelItemCount() > 0 ? rows->topLevelItem(0)->text(4) : QString();
        };
        QTRY_COMPARE(prompt(), QStringLiteral("Where is order 0? I am [email]"));
        in<QCheckBox>(sheet, "redact.email")->click();
        QTRY_COMPARE(prompt(), QStringLiteral("Where is order 0? I am ann@example.org"));
        auto* const patterns = in<QPlainTextEdit>(sheet, "redactPatterns");
        patterns->setPlainText(QStringLiteral("order=order [0-9"));
        auto* const take = in<QPushButton>(sheet, "trafficImportTake");
        QVERIFY(!take->isEnabled());
        auto* const obstacle = in<TextLabel>(sheet, "trafficImportObstacle");
        QVERIFY2(
            obstacle->text().startsWith(QStringLiteral("order: the pattern is not understood")),
            qPrintable(obstacle->text()));
        patterns->setPlainText(QStringLiteral("order=order [0-9]+"));
        QVERIFY(take->isEnabled());
        QTRY_COMPARE(prompt(), QStringLiteral("Where is [order]? I am ann@example.org"));
        in<QCheckBox>(sheet, "trafficImportWithoutPrompts")->click();
        click(sheet, "trafficImportTake");
        QTRY_COMPARE(desk.rows(), std::size_t(2));
        QVERIFY(desk.workbench.traffic()->promptsLeftOut);
    }

    void theLogIsNeverReplaced()
    {
        QTemporaryDir folder;
        Desk desk(folder);
        const QString log = desk.write("gateway.jsonl", test::spendLog(2));
        auto* const sheet = desk.sheetOf(log);
        QVERIFY(sheet);
        auto* const table = in<QLineEdit>(sheet, "trafficImportTable");
        auto* const take = in<QPushButton>(sheet, "trafficImportTake");
        table->setText(log);
        QVERIFY(!take->isEnabled());
        table->setText(desk.path("./gateway.jsonl"));
        QVERIFY(!take->isEnabled());
        table->setText(desk.path("mine.traffic"));
        QVERIFY(take->isEnabled());
        // Nor is any other file, nor the log by the lines that cannot be read.
        table->setText(desk.write("policy.json", "{}"));
        QVERIFY(!take->isEnabled());
        delete sheet;
        const QString aside = desk.write("old.traffic.aside.jsonl", test::spendLog(2));
        auto* const second = desk.sheetOf(aside);
        QVERIFY(second);
        in<QLineEdit>(second, "trafficImportTable")->setText(desk.path("old.traffic"));
        QVERIFY(!in<QPushButton>(second, "trafficImportTake")->isEnabled());
    }

    void cancellingAnImportLeavesNothing()
    {
        QTemporaryDir folder;
        Desk desk(folder);
        const QString log = desk.write("gateway.jsonl", test::spendLog(30'000));
        auto* const sheet = desk.sheetOf(log);
        QVERIFY(sheet);
        in<QLineEdit>(sheet, "trafficImportTable")->setText(desk.path("mine.traffic"));
        const QStringList before = QDir(folder.path()).entryList(QDir::Files | QDir::Hidden);
        click(sheet, "trafficImportTake");
        auto* const strip = in<ProgressStrip>(sheet, "trafficImportProgress");
        QVERIFY(!strip->isHidden());
        QTest::mouseClick(strip->findChild<QToolButton*>(), Qt::LeftButton);
        auto* const told = in<Callout>(sheet, "trafficImportMissing");
        QTRY_VERIFY_WITH_TIMEOUT(
            !told->isHidden() && told->title().contains(QStringLiteral("cancelled")), 60'000);
        QCOMPARE(QDir(folder.path()).entryList(QDir::Files | QDir::Hidden), before);
        QVERIFY(sheet->isVisible());
        QVERIFY(in<QPushButton>(sheet, "trafficImportTake")->isEnabled());
        QCOMPARE(desk.rows(), std::size_t(0));
    }

    void whatIsNoLogIsToldInTheWindow()
    {
        QTemporaryDir folder;
        Desk desk(folder);
        desk.toOpen = desk.path("gone.jsonl");
        desk.trigger("openTraffic");
        QTRY_VERIFY(desk.find<Callout>("trafficRefused"));
        QVERIFY(desk.find<Callout>("trafficRefused")->detail().contains(desk.toOpen));
    }

    void aFileThatIsDroppedOnTheProjectionIsOpened()
    {
        QTemporaryDir folder;
        Desk desk(folder);
        auto* const page = desk.window.findChild<ProjectionPage*>();
        const auto drop = [page](const QString& file) {
            QMimeData dragged;
            dragged.setUrls({QUrl::fromLocalFile(file)});
            QDragEnterEvent enter(QPoint(200, 200), Qt::CopyAction, &dragged, Qt::LeftButton,
                                  Qt::NoModifier);
            QCoreApplication::sendEvent(page, &enter);
            QVERIFY(enter.isAccepted());
            QDropEvent dropped(QPointF(200, 200), Qt::CopyAction, &dragged, Qt::LeftButton,
                               Qt::NoModifier);
            QCoreApplication::sendEvent(page, &dropped);
        };
        drop(desk.writeTable("mine.traffic", 30));
        QTRY_COMPARE(desk.rows(), std::size_t(30));
        drop(desk.write("gateway.jsonl", test::spendLog(3)));
        QTRY_VERIFY(desk.find<TrafficImportSheet>("trafficImport"));
    }
};

QTEST_MAIN(TestTrafficFiles)
#include "tst_traffic_files.moc"
