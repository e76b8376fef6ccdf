// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: the window opens and saves files without ever losing a document, tells what went wrong
// in the window itself, offers what a crash left, and does everything by keyboard.

#include <core/base/files.h>
#include <core/policy/policy_json.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/choice_widgets.h>
#include <ui/kit/scoreboard.h>
#include <ui/kit/theme.h>
#include <ui/shell/main_window.h>

#include <QAction>
#include <QApplication>
#include <QLabel>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <nlohmann/json.hpp>

#include <filesystem>

using namespace signalbox;
using namespace signalbox::ui;

namespace {

std::vector<PageEntry> twoPages()
{
    const auto page = [](const char* name) {
        return [name](Workbench&, QWidget* parent) -> QWidget* {
            return new QLabel(QLatin1String(name), parent);
        };
    };
    return {{QStringLiteral("policy"), QStringLiteral("Policy"), Icon::Policy, false, page("p")},
            {QStringLiteral("projection"), QStringLiteral("Projection"), Icon::Projection, false,
             page("q")}};
}

/// A window over a workbench in memory, with scripted answers to its questions.
struct Desk
{
    QTemporaryDir folder;
    Workbench workbench{{}};
    QString toOpen;
    QString toSave;
    Questions::Unsaved unsaved = Questions::Unsaved::Cancel;
    int asked = 0;
    MainWindow window{workbench, twoPages(), questions()};

    Questions questions()
    {
        Questions result;
        result.fileToOpen = [this](QWidget*, const QString&) { return toOpen; };
        result.fileToSave = [this](QWidget*, const QString&) { return toSave; };
        result.unsavedChanges = [this](QWidget*, const QString&) {
            ++asked;
            return unsaved;
        };
        return result;
    }
    Desk()
    {
        workbench.editor().setDocument(supportDeskPolicy());
        window.show();
    }
    [[nodiscard]] QString file(const char* name) const
    {
        return folder.filePath(QLatin1String(name));
    }
    void trigger(const char* action) const
    {
        auto* found = window.findChild<QAction*>(QLatin1String(action));
        QVERIFY2(found, action);
        found->trigger();
    }
    void change()
    {
        Rule rule = workbench.editor().document().rules[0];
        rule.label += "!";
        QVERIFY(workbench.editor().push(ReplaceRule{rule.id, rule}).has_value());
    }
};

} // namespace

class TestMainWindow : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase()
    {
        QCoreApplication::setOrganizationName(QStringLiteral("signalbox-test"));
        setUpLook(*qApp, ThemeChoice::Light);
    }
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
        QSettings().clear();
    }

    void savingAsksForAPlaceOnce()
    {
        Desk desk;
        desk.toSave = desk.file("a.json");
        desk.change();
        desk.trigger("save");
        QVERIFY(QFile::exists(desk.toSave));
        QVERIFY(!desk.window.isWindowModified());
        desk.change();
        QVERIFY(desk.window.isWindowModified());
        desk.toSave.clear(); // asking again would now cancel
        desk.trigger("save");
        QVERIFY(!desk.window.isWindowModified());
    }

    void aFailedSaveIsToldInTheWindowAndNothingIsLost()
    {
        Desk desk;
        desk.toSave = QStringLiteral("/proc/none/a.json");
        desk.change();
        desk.trigger("save");
        auto* callout = desk.window.findChild<Callout*>();
        QVERIFY(callout);
        QVERIFY(callout->detail().contains(QStringLiteral("/proc/none/a.json")));
        QVERIFY(desk.window.isWindowModified());
    }

    void closingWithChangesAsks_data()
    {
        QTest::addColumn<int>("answer");
        QTest::addColumn<bool>("closes");
        QTest::addColumn<bool>("saved");
        QTest::newRow("cancel") << static_cast<int>(Questions::Unsaved::Cancel) << false << false;
        QTest::newRow("discard") << static_cast<int>(Questions::Unsaved::Discard) << true << false;
        QTest::newRow("save") << static_cast<int>(Questions::Unsaved::Save) << true << true;
    }
    void closingWithChangesAsks()
    {
        QFETCH(const int, answer);
        QFETCH(const bool, closes);
        QFETCH(const bool, saved);
        Desk desk;
        desk.toSave = desk.file("a.json");
        desk.unsaved = static_cast<Questions::Unsaved>(answer);
        desk.change();
        QCOMPARE(desk.window.close(), closes);
        QCOMPARE(desk.asked, 1);
        QCOMPARE(QFile::exists(desk.toSave), saved);
    }

    void anUnreadableFileIsToldAndTheOpenOneStays()
    {
        Desk desk;
        desk.toOpen = desk.file("broken.json");
        QVERIFY(
            writeFileAtomically(desk.toOpen.toStdString(), "{\"schemaVersion\": 1, ").has_value());
        desk.trigger("open");
        auto* callout = desk.window.findChild<Callout*>();
        QVERIFY(callout);
        QVERIFY(callout->detail().contains(QStringLiteral("broken.json")));
        QVERIFY(desk.workbench.editor().document() == supportDeskPolicy());
    }

    void openedFilesAreRemembered()
    {
        Desk desk;
        desk.toSave = desk.file("a.json");
        desk.trigger("saveAs");
        const MainWindow second(desk.workbench, twoPages(), desk.questions());
        QStringList texts;
        for (const QAction* action : second.findChildren<QAction*>())
            texts << action->text();
        QVERIFY(texts.contains(desk.toSave));
    }

    void undoAndRedoByKeyboard()
    {
        Desk desk;
        QVERIFY(QTest::qWaitForWindowActive(&desk.window));
        desk.change();
        QTest::keyClick(&desk.window, Qt::Key_Z, Qt::ControlModifier);
        QVERIFY(desk.workbench.editor().document() == supportDeskPolicy());
        QTest::keyClick(&desk.window, Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
        QVERIFY(desk.window.isWindowModified());
    }

    void pagesAreMadeWhenFirstShown()
    {
        Desk desk;
        QVERIFY(QTest::qWaitForWindowActive(&desk.window));
        QCOMPARE(desk.window.currentPage(), QStringLiteral("policy"));
        const auto pages = [&] {
            int count = 0;
            for (const QLabel* label : desk.window.findChildren<QLabel*>())
                count += label->text() == QLatin1String("p") || label->text() == QLatin1String("q");
            return count;
        };
        QCOMPARE(pages(), 1);
        QTest::keyClick(&desk.window, Qt::Key_2, Qt::AltModifier);
        QCOMPARE(desk.window.currentPage(), QStringLiteral("projection"));
        QCOMPARE(pages(), 2);
    }

    void aNumberOpensItsReasonAndLeadsToTheProjection()
    {
        Desk desk;
        auto* board = desk.window.findChild<Scoreboard*>();
        QCOMPARE(board->count(), 4);
        QTest::mouseClick(board->tile(0), Qt::LeftButton);
        auto* more = desk.window.findChild<QAbstractButton*>(QStringLiteral("openProjection"));
        QVERIFY(more);
        QVERIFY(more->isVisible());
        QTest::keyClick(more, Qt::Key_Space);
        QCOMPARE(desk.window.currentPage(), QStringLiteral("projection"));
    }

    void whatACrashLeftIsOfferedAndRestored()
    {
        Desk desk;
        const auto journals = std::filesystem::path(desk.folder.path().toStdString()) / "journals";
        {
            // A journal without its program: its file is written, its lock is gone.
            Rule rule = supportDeskPolicy().rules[0];
            rule.label = "from the crash";
            std::filesystem::create_directories(journals);
            const std::string header = R"({"journal":1,"startedAtMs":1,"path":"","document":)";
            QString document = QString::fromStdString(toPolicyText(supportDeskPolicy()));
            document.remove(QLatin1Char('\n'));
            const std::string edit = toJson(Edit(ReplaceRule{rule.id, rule})).dump();
            QVERIFY(writeFileAtomically(journals / "policy-abc.journal",
                                        header + document.toStdString() + "}\n" + edit + "\n")
                        .has_value());
        }
        desk.window.offerRecovery(journals);
        auto* restore = desk.window.findChild<QAction*>(QStringLiteral("restore"));
        QVERIFY(restore);
        restore->trigger();
        QCOMPARE(desk.workbench.editor().document().rules[0].label, std::string("from the crash"));
        QVERIFY(desk.window.isWindowModified());
        QVERIFY(std::filesystem::is_empty(journals));
    }
};

int main(int argc, char* argv[])
{
    QTemporaryDir home;
    qputenv("XDG_CONFIG_HOME", home.path().toUtf8());
    QApplication app(argc, argv);
    TestMainWindow test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_main_window.moc"
