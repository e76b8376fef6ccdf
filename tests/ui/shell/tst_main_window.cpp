// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: the window opens and saves files without ever losing a document, tells what went wrong
// in the window itself, offers what a crash left, and does everything by keyboard.

#include <core/base/files.h>
#include <core/policy/policy_json.h>
#include <tests/support/fault_server.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/choice_widgets.h>
#include <ui/kit/command_palette.h>
#include <ui/kit/scoreboard.h>
#include <ui/kit/theme.h>
#include <ui/models/server_offers.h>
#include <ui/shell/main_window.h>
#include <ui/shell/policy_tabs.h>

#include <QAction>
#include <QApplication>
#include <QDialog>
#include <QFileInfo>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QStatusBar>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>
#include <QToolButton>
#include <QTreeWidget>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>

using namespace signalbox;
using namespace signalbox::ui;

namespace {

/// A journal without its program: its file is written, its lock is gone.
void leave(const std::filesystem::path& journals, const std::string& name, const std::string& label,
           const std::string& file = {})
{
    Rule rule = supportDeskPolicy().rules[0];
    rule.label = label;
    std::filesystem::create_directories(journals);
    const std::string header =
        R"({"journal":1,"startedAtMs":1,"path":")" + file + R"(","document":)";
    QString document = QString::fromStdString(toPolicyText(supportDeskPolicy()));
    document.remove(QLatin1Char('\n'));
    const std::string edit = toJson(Edit(ReplaceRule{rule.id, rule})).dump();
    QVERIFY(writeFileAtomically(journals / ("policy-" + name + ".journal"),
                                header + document.toStdString() + "}\n" + edit + "\n")
                .has_value());
}

/// A page with a field for the policy's name, which commits as fields do: when it is left.
QWidget* pageWithName(Workbench& workbench, QWidget* parent)
{
    auto* page = new QLabel(QStringLiteral("p"), parent);
    auto* field = new QLineEdit(page);
    field->setObjectName(QStringLiteral("name"));
    QObject::connect(field, &QLineEdit::editingFinished, &workbench, [&workbench, field] {
        const PolicyDocument& policy = workbench.editor().document();
        if (!field->text().isEmpty())
            (void)workbench.editor().push(
                SetTitle{policy.id, field->text().toStdString(), policy.revision, policy.note});
    });
    return page;
}

std::vector<PageEntry> twoPages()
{
    const auto page = [](const char* name) {
        return [name](Workbench&, QWidget* parent) -> QWidget* {
            return new QLabel(QLatin1String(name), parent);
        };
    };
    return {{QStringLiteral("policy"), QStringLiteral("Policy"), Icon::Policy, false, pageWithName},
            {QStringLiteral("projection"), QStringLiteral("Projection"), Icon::Projection, false,
             page("q")}};
}

/// The file of the support desk's policy under another id.
QString writtenPolicy(const QTemporaryDir& folder, const QString& id)
{
    PolicyDocument policy = supportDeskPolicy();
    policy.id = id.toStdString();
    const QString file = folder.filePath(id + QStringLiteral(".json"));
    return writeFileAtomically(file.toStdString(), toPolicyText(policy)) ? file : QString();
}

/// A window over a workbench in memory, with scripted answers to its questions.
struct Desk
{
    QTemporaryDir folder;
    Workbench workbench{{}};
    QString toOpen;
    QString toSave;
    QString suggested; ///< the last place that was suggested for a file
    Questions::Unsaved unsaved = Questions::Unsaved::Cancel;
    int asked = 0;
    Questions::Changed changed = Questions::Changed::Cancel;
    int askedAboutFile = 0;
    MainWindow window{workbench, twoPages(), questions()};

    Questions questions()
    {
        Questions result;
        result.fileToOpen = [this](QWidget*, const QString&) { return toOpen; };
        result.fileToSave = [this](QWidget*, const QString& suggestion) {
            suggested = suggestion;
            return toSave;
        };
        result.unsavedChanges = [this](QWidget*, const QString&) {
            ++asked;
            return unsaved;
        };
        result.changedFile = [this](QWidget*, const QString&, bool) {
            ++askedAboutFile;
            return changed;
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
    [[nodiscard]] std::filesystem::path journals() const
    {
        return std::filesystem::path(folder.path().toStdString()) / "journals";
    }
    void trigger(const char* action) const
    {
        auto* found = window.findChild<QAction*>(QLatin1String(action));
        QVERIFY2(found, action);
        found->trigger();
    }
    void change()
    {
        const PolicyDocument& policy = workbench.editor().document();
        if (policy.rules.empty()) {
            const SetTitle title{policy.id, policy.name, policy.revision, policy.note + "!"};
            QVERIFY(workbench.editor().push(title).has_value());
            return;
        }
        Rule rule = policy.rules[0];
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

    void savingAsAddsTheSuffixAndRemembersTheFolder()
    {
        Desk desk;
        desk.toSave = desk.file("plain");
        desk.trigger("saveAs");
        QVERIFY(QFile::exists(desk.file("plain.json")));
        QVERIFY(!QFile::exists(desk.file("plain")));
        desk.trigger("new");
        desk.toSave.clear();
        desk.trigger("saveAs");
        QCOMPARE(QFileInfo(desk.suggested).absolutePath(), desk.folder.path());
        // The file that would be written is another one than was asked about: it is not replaced.
        const auto before = readFile(desk.file("plain.json").toStdString());
        desk.toSave = desk.file("plain");
        desk.trigger("saveAs");
        QVERIFY(desk.window.findChild<Callout*>());
        QVERIFY(readFile(desk.file("plain.json").toStdString()) == before);
    }

    void theTitleTellsChangesAndPage()
    {
        Desk desk;
        QVERIFY(desk.window.windowTitle().contains(QStringLiteral(" - Policy - ")));
        desk.change();
        QVERIFY(desk.window.isWindowModified());
        desk.workbench.editor().undoStack()->undo();
        QVERIFY(!desk.window.isWindowModified());
        desk.window.showPage(QStringLiteral("projection"));
        QVERIFY(desk.window.windowTitle().contains(QStringLiteral(" - Projection - ")));
    }

    void numbersOfAnotherStateAreMarkedAndASaveEndsTheChanges()
    {
        Desk desk;
        desk.toSave = desk.file("a.json");
        desk.workbench.openSample();
        auto* board = desk.window.findChild<Scoreboard*>();
        const auto isSettled = [&] { return desk.workbench.projectionIsCurrent(); };
        QTRY_VERIFY_WITH_TIMEOUT(isSettled(), 120'000);
        QVERIFY(!board->isOld());
        auto* old = desk.window.findChild<QTimer*>(QStringLiteral("oldNumbers"));
        QVERIFY(!old->isActive());
        const auto wasMarked = std::make_shared<bool>(false);
        connect(old, &QTimer::timeout, board, [board, wasMarked] { *wasMarked = board->isOld(); });
        Rule rule = desk.workbench.editor().document().rules.front();
        rule.enabled = false;
        QVERIFY(desk.workbench.editor().push(ReplaceRule{rule.id, rule}).has_value());
        QVERIFY(!desk.workbench.projectionIsOfShown());
        QVERIFY(old->isActive());
        old->start(0); // the while is over
        QTRY_VERIFY_WITH_TIMEOUT(isSettled(), 120'000);
        QVERIFY(*wasMarked);
        QVERIFY(!board->isOld());
        QTRY_VERIFY_WITH_TIMEOUT(!board->tile(0)->score().change.isEmpty(), 120'000);
        const QString change = board->tile(0)->score().change;
        desk.trigger("save");
        QVERIFY(board->tile(0)->score().change != change); // at once
    }

    void aServerOnThisComputerIsOfferedUntilItIsDeclined()
    {
        test::FaultServer server;
        server.answer(test::whole(200, "application/json",
                                  R"({"object":"list","data":[{"id":"a"},{"id":"b"}]})"));
        const QString name = QStringLiteral("server.") + QString::fromStdString(server.baseUrl());
        {
            Desk desk;
            desk.window.offerServers({server.port()});
            QTRY_VERIFY(desk.window.findChild<Callout*>(name));
            auto* callout = desk.window.findChild<Callout*>(name);
            QVERIFY2(callout->title().contains(QString::fromStdString(server.origin())) &&
                         callout->title().contains(QStringLiteral("2 model(s)")),
                     qPrintable(callout->title()));
            // Once a model of the policy is asked there, it is no news.
            ModelSpec model = desk.workbench.editor().document().models.front();
            model.id = ModelId("local");
            model.provider = "openai";
            model.baseUrl = "http://localhost:" + std::to_string(server.port()) + "/v1";
            QVERIFY(desk.workbench.editor().push(InsertModel{3, model}).has_value());
            QTRY_VERIFY(!desk.window.findChild<Callout*>(name));
        }
        {
            Desk desk;
            desk.window.offerServers({server.port()});
            QTRY_VERIFY(desk.window.findChild<Callout*>(name));
            auto* callout = desk.window.findChild<Callout*>(name);
            const auto buttons = callout->findChildren<QToolButton*>();
            const auto close = std::ranges::find_if(
                buttons, [](const QToolButton* button) { return button->text().isEmpty(); });
            QVERIFY(close != buttons.end());
            QTest::mouseClick(*close, Qt::LeftButton);
        }
        Desk desk;
        const auto asked = server.requests().size();
        desk.window.offerServers({server.port()});
        QTRY_VERIFY(server.requests().size() > asked);
        auto* offers = desk.window.findChild<ServerOffers*>();
        QSignalSpy finished(offers, &ServerOffers::finished);
        desk.window.offerServers({server.port()});
        QTRY_COMPARE(finished.size(), 1);
        QVERIFY(!desk.window.findChild<Callout*>(name));
    }

    void anOfferedServerIsLookedAtInTheSettings()
    {
        test::FaultServer server;
        server.answer(
            test::whole(200, "application/json", R"({"object":"list","data":[{"id":"a"}]})"));
        Workbench workbench{{}};
        std::vector<PageEntry> pages = twoPages();
        pages.push_back(pages.back());
        pages.back().id = QStringLiteral("settings");
        MainWindow window(workbench, pages);
        window.show();
        window.offerServers({server.port()});
        const QString name = QStringLiteral("server.") + QString::fromStdString(server.baseUrl());
        QTRY_VERIFY(window.findChild<Callout*>(name));
        auto* button = window.findChild<Callout*>(name)->findChild<QPushButton*>();
        QTest::mouseClick(button, Qt::LeftButton);
        QCOMPARE(window.currentPage(), QStringLiteral("settings"));
        QTRY_VERIFY(!window.findChild<Callout*>(name));
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

    /// A third of the window full of what went wrong before helps nobody.
    void onlyTheLastFailureIsTold()
    {
        Desk desk;
        const auto failures = [&] {
            QStringList told;
            for (const Callout* callout : desk.window.findChildren<Callout*>()) {
                if (!callout->isHidden())
                    told << callout->detail();
            }
            return told;
        };
        for (const char* const name : {"a.json", "b.json"}) {
            desk.toOpen = desk.file(name);
            QVERIFY(writeFileAtomically(desk.toOpen.toStdString(), "{\"name\": 1}").has_value());
            desk.trigger("open");
        }
        QTRY_COMPARE(failures().size(), 1); // it is laid out first
        QVERIFY(failures().at(0).contains(QStringLiteral("b.json")));
        QVERIFY(failures().at(0).contains(QStringLiteral("this is JSON, but no policy")));
    }

    void aSentenceInTheStatusBarHasTheWholeLine()
    {
        Desk desk;
        desk.window.resize(1280, 800);
        QVERIFY(QTest::qWaitForWindowExposed(&desk.window));
        const int height = desk.window.statusBar()->height();
        const auto shown = [&] {
            int count = 0;
            for (const QWidget* each : desk.window.statusBar()->findChildren<QWidget*>())
                count += each->isVisible() ? 1 : 0;
            return count;
        };
        const int standing = shown();
        QVERIFY(standing > 0);
        emit desk.workbench.notice(QStringLiteral("A sentence that says why nothing was pasted."));
        QCOMPARE(shown(), 0);
        QCOMPARE(desk.window.statusBar()->height(), height);
        desk.window.statusBar()->clearMessage();
        QCOMPARE(shown(), standing);
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
        const auto journals = desk.journals();
        leave(journals, "abc", "from the crash");
        desk.window.offerRecovery(journals);
        auto* restore = desk.window.findChild<QAction*>(QStringLiteral("restore"));
        QVERIFY(restore);
        restore->trigger();
        QCOMPARE(desk.workbench.editor().document().rules[0].label, std::string("from the crash"));
        QVERIFY(desk.window.isWindowModified());
        QVERIFY(!std::filesystem::is_empty(journals)); // until it is saved
        desk.toSave = desk.file("a.json");
        desk.trigger("save");
        QVERIFY(std::filesystem::is_empty(journals));
    }

    void aDamagedJournalIsSpokenOf()
    {
        Desk desk;
        const auto file = desk.journals() / "policy-damaged.journal";
        std::filesystem::create_directories(file.parent_path());
        QVERIFY(writeFileAtomically(file, std::string(512, '\0')).has_value());
        desk.window.offerRecovery(desk.journals());
        QVERIFY(desk.window.findChild<Callout*>(QStringLiteral("unreadableJournal")));
        QVERIFY(!desk.window.findChild<QAction*>(QStringLiteral("restore")));
        QVERIFY(std::filesystem::exists(desk.journals().parent_path() / "unreadable-journals" /
                                        file.filename()));
    }

    void restoringLeavesWhatIsOpen()
    {
        Desk desk;
        leave(desk.journals(), "a", "from the crash");
        desk.window.offerRecovery(desk.journals());
        desk.change();
        const PolicyDocument mine = desk.workbench.editor().document();
        desk.window.findChild<QAction*>(QStringLiteral("restore"))->trigger();
        QCOMPARE(desk.asked, 0);
        QCOMPARE(desk.workbench.editor().count(), 2);
        QCOMPARE(desk.workbench.editor().document().rules[0].label, std::string("from the crash"));
        desk.workbench.editor().setCurrentIndex(0);
        QVERIFY(desk.workbench.editor().document() == mine);
    }

    /// The start has opened the file; what the crash left of it belongs into that tab.
    void whatIsRestoredTakesThePlaceOfItsFile()
    {
        Desk desk;
        const QString file = desk.file("a.json");
        QVERIFY(
            writeFileAtomically(file.toStdString(), toPolicyText(supportDeskPolicy())).has_value());
        leave(desk.journals(), "a", "from the crash", file.toStdString());
        desk.window.openFile(file);
        desk.change();
        desk.window.offerRecovery(desk.journals());
        auto* restore = desk.window.findChild<QAction*>(QStringLiteral("restore"));
        restore->trigger();
        QCOMPARE(desk.asked, 1); // the edits there
        QVERIFY(desk.workbench.editor().document().rules[0].label.ends_with("!"));
        desk.unsaved = Questions::Unsaved::Discard;
        restore->trigger(); // the offer still stands
        QCOMPARE(desk.workbench.editor().document().rules[0].label, std::string("from the crash"));
        QCOMPARE(desk.workbench.editor().count(), 1);
    }

    void whatIsThrownAwayCanBeHadBack()
    {
        Desk desk;
        leave(desk.journals(), "a", "from the crash");
        desk.window.offerRecovery(desk.journals());
        desk.window.findChild<QAction*>(QStringLiteral("throwAway"))->trigger();
        QVERIFY(!std::filesystem::is_empty(desk.journals()));
        auto* back = desk.window.findChild<QAction*>(QStringLiteral("getBack"));
        QVERIFY(back);
        back->trigger();
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        auto* restore = desk.window.findChild<QAction*>(QStringLiteral("restore"));
        QVERIFY(restore);
        restore->trigger();
        QCOMPARE(desk.workbench.editor().document().rules[0].label, std::string("from the crash"));
    }

    void whatIsThrownAwayGoesWithItsNoticeOrTheWindow_data()
    {
        QTest::addColumn<bool>("closing");
        QTest::newRow("notice") << false;
        QTest::newRow("window") << true;
    }
    void whatIsThrownAwayGoesWithItsNoticeOrTheWindow()
    {
        QFETCH(const bool, closing);
        Desk desk;
        leave(desk.journals(), "a", "from the crash");
        desk.window.offerRecovery(desk.journals());
        desk.window.findChild<QAction*>(QStringLiteral("throwAway"))->trigger();
        if (closing)
            QVERIFY(desk.window.close());
        else
            emit desk.window.findChild<Callout*>(QStringLiteral("thrownAway"))->dismissed();
        QVERIFY(std::filesystem::is_empty(desk.journals()));
    }

    void theNextStartOpensTheLastFile()
    {
        const QTemporaryDir folder;
        const QString file = folder.filePath(QStringLiteral("a.json"));
        PolicyDocument policy = supportDeskPolicy();
        policy.id = "last";
        QVERIFY(writeFileAtomically(file.toStdString(), toPolicyText(policy)).has_value());
        const auto idOfNextStart = [] {
            Desk next;
            next.window.openLastFiles();
            return next.workbench.editor().document().id;
        };
        QCOMPARE(idOfNextStart(), supportDeskPolicy().id); // nothing was ever opened
        {
            Desk desk;
            desk.window.openFile(file);
        }
        QCOMPARE(idOfNextStart(), std::string("last"));
        {
            Desk desk;
            desk.window.openFile(file);
            desk.trigger("openSample");
        }
        QCOMPARE(idOfNextStart(), supportDeskPolicy().id);
        {
            Desk desk;
            desk.window.openFile(file);
        }
        const std::string whole = toPolicyText(policy);
        QVERIFY(writeFileAtomically(file.toStdString(), whole.substr(0, 40)).has_value());
        QCOMPARE(idOfNextStart(), supportDeskPolicy().id); // torn
        QVERIFY(writeFileAtomically(file.toStdString(), whole).has_value());
        QCOMPARE(idOfNextStart(), std::string("last")); // mended, and not forgotten meanwhile
        QVERIFY(QFile::remove(file));
        QCOMPARE(idOfNextStart(), supportDeskPolicy().id);
    }

    void aPolicyThatWasAskedForTakesTheKeys()
    {
        Desk desk;
        auto* field = desk.window.findChild<QLineEdit*>(QStringLiteral("name"));
        field->setFocus();
        desk.trigger("new");
        QCOMPARE(desk.window.focusWidget(), field->parentWidget());
    }

    void ofSeveralThingsLeftAllComeBack()
    {
        Desk desk;
        leave(desk.journals(), "a", "first");
        leave(desk.journals(), "b", "second");
        desk.window.offerRecovery(desk.journals());
        auto* callout = desk.window.findChild<Callout*>(QStringLiteral("recoveries"));
        QVERIFY(callout && callout->title().contains(QStringLiteral("2 policies")));
        desk.window.findChild<QAction*>(QStringLiteral("restoreAll"))->trigger();
        QCOMPARE(desk.asked, 0);
        const PolicyEditor& editor = desk.workbench.editor();
        QCOMPARE(editor.count(), 2);
        QCOMPARE(editor.policyAt(0).document().rules[0].label, std::string("first"));
        QCOMPARE(editor.policyAt(1).document().rules[0].label, std::string("second"));
    }

    void ofSeveralThingsLeftOneCanBeChosen()
    {
        Desk desk;
        leave(desk.journals(), "a", "first");
        leave(desk.journals(), "b", "second");
        desk.window.offerRecovery(desk.journals());
        desk.window.findChild<QAction*>(QStringLiteral("oneByOne"))->trigger();
        const auto offers = desk.window.findChildren<QAction*>(QStringLiteral("restore"));
        QCOMPARE(offers.size(), 2);
        offers[1]->trigger();
        QCOMPARE(desk.workbench.editor().document().rules[0].label, std::string("second"));
        QCOMPARE(PolicyEditor::recoverable(desk.journals()).size(), std::size_t(1));
    }

    // ------------------------------------------------------------- tabs

    void oneDocumentHasNoTabs()
    {
        Desk desk;
        auto* tabs = desk.window.findChild<PolicyTabs*>();
        QVERIFY(!tabs->isVisible());
        desk.trigger("new");
        QVERIFY(tabs->isVisible());
        QCOMPARE(tabs->bar()->count(), 2);
        QCOMPARE(tabs->bar()->currentIndex(), 1);
        desk.trigger("closePolicy");
        QVERIFY(!tabs->isVisible());
    }

    void theKeysGoThroughTheTabs_data()
    {
        QTest::addColumn<int>("key");
        QTest::addColumn<int>("modifiers");
        QTest::addColumn<int>("shown");
        const int control = Qt::ControlModifier;
        QTest::newRow("Ctrl+Tab") << int(Qt::Key_Tab) << control << 0;
        QTest::newRow("Ctrl+Shift+Tab")
            << int(Qt::Key_Backtab) << (control | int(Qt::ShiftModifier)) << 1;
        QTest::newRow("Ctrl+PageDown") << int(Qt::Key_PageDown) << control << 0;
        QTest::newRow("Ctrl+PageUp") << int(Qt::Key_PageUp) << control << 1;
    }
    void theKeysGoThroughTheTabs()
    {
        QFETCH(const int, key);
        QFETCH(const int, modifiers);
        QFETCH(const int, shown);
        Desk desk;
        QVERIFY(QTest::qWaitForWindowActive(&desk.window));
        desk.trigger("new");
        desk.trigger("new");
        QCOMPARE(desk.workbench.editor().currentIndex(), 2);
        auto* field = desk.window.findChild<QLineEdit*>(QStringLiteral("name"));
        field->setFocus();
        QTest::keyClick(field, static_cast<Qt::Key>(key),
                        static_cast<Qt::KeyboardModifiers>(modifiers));
        QCOMPARE(desk.workbench.editor().currentIndex(), shown);
    }

    void whatIsBeingTypedStaysWithItsPolicy()
    {
        Desk desk;
        QVERIFY(QTest::qWaitForWindowActive(&desk.window));
        desk.trigger("new");
        auto* field = desk.window.findChild<QLineEdit*>(QStringLiteral("name"));
        field->setFocus();
        QTest::keyClicks(field, QStringLiteral("Typed"));
        QTest::keyClick(field, Qt::Key_Tab, Qt::ControlModifier);
        QCOMPARE(desk.workbench.editor().policyAt(1).document().name, std::string("Typed"));
        QVERIFY(desk.workbench.editor().document() == supportDeskPolicy());
        field->clear();
    }

    void closingATabAsksWhatClosingTheWindowAsks_data() { closingWithChangesAsks_data(); }
    void closingATabAsksWhatClosingTheWindowAsks()
    {
        QFETCH(const int, answer);
        QFETCH(const bool, closes);
        QFETCH(const bool, saved);
        Desk desk;
        QVERIFY(QTest::qWaitForWindowActive(&desk.window));
        desk.toSave = desk.file("a.json");
        desk.unsaved = static_cast<Questions::Unsaved>(answer);
        desk.trigger("new");
        desk.change();
        QTest::keyClick(&desk.window, Qt::Key_W, Qt::ControlModifier);
        QCOMPARE(desk.asked, 1);
        QCOMPARE(desk.workbench.editor().count(), closes ? 1 : 2);
        QCOMPARE(QFile::exists(desk.toSave), saved);
    }

    void theLastPolicyGivesItsPlaceToANewOne()
    {
        Desk desk;
        desk.trigger("closePolicy");
        QCOMPARE(desk.workbench.editor().count(), 1);
        QVERIFY(desk.workbench.editor().document().id.starts_with("new-policy"));
    }

    void everyChangedPolicyIsAskedAboutBeforeTheWindowCloses()
    {
        Desk desk;
        desk.change();
        desk.trigger("new");
        desk.change();
        desk.trigger("new");
        desk.unsaved = Questions::Unsaved::Discard;
        QVERIFY(desk.window.close());
        QCOMPARE(desk.asked, 2);
    }

    void theMiddleButtonAndTheCrossClose()
    {
        Desk desk;
        desk.trigger("new");
        desk.trigger("new");
        QTabBar* bar = desk.window.findChild<PolicyTabs*>()->bar();
        const std::string third = desk.workbench.editor().document().id;
        QTest::mouseClick(bar, Qt::MiddleButton, {}, bar->tabRect(1).center());
        QCOMPARE(bar->count(), 2);
        QCOMPARE(desk.workbench.editor().document().id, third); // where the person was
        auto* cross = qobject_cast<QAbstractButton*>(bar->tabButton(1, QTabBar::RightSide));
        QCOMPARE(cross->accessibleName(), QStringLiteral("Close New policy"));
        QTest::mouseClick(cross, Qt::LeftButton);
        QCOMPARE(bar->count(), 1);
        QVERIFY(desk.workbench.editor().document() == supportDeskPolicy());
    }

    void aClickShowsAndADragMoves()
    {
        Desk desk;
        desk.trigger("new");
        const std::string second = desk.workbench.editor().document().id;
        QTabBar* bar = desk.window.findChild<PolicyTabs*>()->bar();
        QTest::mouseClick(bar, Qt::LeftButton, {}, bar->tabRect(0).center());
        QVERIFY(desk.workbench.editor().document() == supportDeskPolicy());
        const QPoint from = bar->tabRect(0).center();
        const QPoint to = bar->tabRect(1).center() + QPoint(bar->tabRect(1).width() / 4, 0);
        QTest::mousePress(bar, Qt::LeftButton, {}, from);
        for (int step = 1; step <= 8; ++step)
            QTest::mouseMove(bar, from + (to - from) * step / 8);
        QTest::mouseRelease(bar, Qt::LeftButton, {}, to);
        QTRY_COMPARE(desk.workbench.editor().policyAt(0).document().id, second);
        QCOMPARE(desk.workbench.editor().currentIndex(), 1); // still in front
        QCOMPARE(bar->currentIndex(), 1);
    }

    void theTabsSayWhatIsNotSavedAndTellNamesakesApart()
    {
        Desk desk;
        const QString file = desk.file("copy.json");
        PolicyDocument copy = supportDeskPolicy();
        copy.note = "a copy";
        QVERIFY(writeFileAtomically(file.toStdString(), toPolicyText(copy)).has_value());
        desk.change();
        desk.window.openFile(file);
        const QTabBar* bar = desk.window.findChild<PolicyTabs*>()->bar();
        QCOMPARE(bar->tabText(0), QStringLiteral("Support desk (no file)"));
        QCOMPARE(bar->tabText(1), QStringLiteral("Support desk (copy.json)"));
        QCOMPARE(bar->accessibleTabName(0), QStringLiteral("Support desk (no file), not saved"));
        QCOMPARE(bar->accessibleTabName(1), bar->tabText(1));
    }

    void aFileThatIsOpenComesToTheFront()
    {
        Desk desk;
        const QString file = desk.file("a.json");
        QVERIFY(
            writeFileAtomically(file.toStdString(), toPolicyText(supportDeskPolicy())).has_value());
        desk.window.openFile(file); // in the place of the sample, which nobody had touched
        QCOMPARE(desk.workbench.editor().count(), 1);
        desk.change();
        desk.trigger("new");
        desk.window.openFile(file);
        QCOMPARE(desk.workbench.editor().count(), 2);
        QCOMPARE(desk.workbench.editor().currentIndex(), 0);
        QVERIFY(desk.workbench.editor().isModified());
    }

    void noTwoTabsAreSavedIntoOneFile()
    {
        Desk desk;
        desk.toSave = desk.file("a.json");
        desk.trigger("saveAs");
        const auto before = readFile(desk.toSave.toStdString());
        desk.trigger("new");
        desk.trigger("saveAs");
        QVERIFY(desk.window.findChild<Callout*>());
        QVERIFY(readFile(desk.toSave.toStdString()) == before);
    }

    void theNextStartOpensWhatWasOpen()
    {
        const QTemporaryDir folder;
        QStringList files;
        for (const char* id : {"a", "b", "c"}) {
            PolicyDocument policy = supportDeskPolicy();
            policy.id = id;
            files << folder.filePath(QLatin1String(id) + QStringLiteral(".json"));
            QVERIFY(
                writeFileAtomically(files.back().toStdString(), toPolicyText(policy)).has_value());
        }
        const auto nextStart = [](bool close) {
            Desk next;
            next.window.openLastFiles();
            QString ids;
            for (int i = 0; i < next.workbench.editor().count(); ++i) {
                ids +=
                    i == next.workbench.editor().currentIndex() ? QStringLiteral("*") : QString();
                ids += QString::fromStdString(next.workbench.editor().policyAt(i).document().id) +
                       QLatin1Char(' ');
            }
            if (close)
                next.trigger("closePolicy");
            return ids.trimmed();
        };
        {
            Desk desk;
            for (const QString& file : files)
                desk.window.openFile(file);
            desk.trigger("new"); // in no file: not opened again
            desk.workbench.editor().setCurrentIndex(1);
        }
        QCOMPARE(nextStart(false), QStringLiteral("a *b c"));
        QCOMPARE(nextStart(true), QStringLiteral("a *b c"));
        QCOMPARE(nextStart(false), QStringLiteral("a *c"));
        QVERIFY(QFile::remove(files[0]));
        QCOMPARE(nextStart(false), QStringLiteral("*c"));
        {
            Desk desk;
            desk.window.openLastFiles();
            desk.trigger("openSample");
        }
        QCOMPARE(nextStart(false), QStringLiteral("*support-desk c"));
    }

    void whatIsTooMuchForAStartIsSaidAndNotForgotten()
    {
        const QTemporaryDir folder;
        {
            Desk desk;
            for (int i = 0; i < 14; ++i)
                desk.window.openFile(writtenPolicy(folder, QStringLiteral("p%1").arg(i)));
        }
        {
            Desk next;
            next.window.openLastFiles();
            QCOMPARE(next.workbench.editor().count(), 12);
            QCOMPARE(next.workbench.editor().document().id, std::string("p13")); // as it was
            QVERIFY(next.window.findChild<Callout*>());
            for (int i = 0; i < 4; ++i)
                next.trigger("closePolicy");
        }
        Desk last;
        last.window.openLastFiles();
        QCOMPARE(last.workbench.editor().count(), 10); // 8 and the 2 that waited
        QVERIFY(!last.window.findChild<Callout*>());
    }

    void aFileThatCouldBeReadLaterIsForgottenOnceItIsClosed()
    {
        const QTemporaryDir folder;
        const QString file = writtenPolicy(folder, QStringLiteral("a"));
        {
            Desk desk;
            desk.window.openFile(file);
        }
        QVERIFY(writeFileAtomically(file.toStdString(), "{").has_value());
        {
            Desk desk;
            desk.window.openLastFiles();
            writtenPolicy(folder, QStringLiteral("a")); // mended
            desk.window.openFile(file);
            QCOMPARE(desk.workbench.editor().document().id, std::string("a"));
            desk.trigger("closePolicy");
        }
        Desk next;
        next.window.openLastFiles();
        QCOMPARE(next.workbench.editor().document().id, supportDeskPolicy().id);
    }

    void theNextStartOpensWhatTwoWindowsHadOpen()
    {
        const QTemporaryDir folder;
        const auto idsOfNextStart = [] {
            Desk next;
            next.window.openLastFiles();
            QStringList ids;
            for (int i = 0; i < next.workbench.editor().count(); ++i)
                ids << QString::fromStdString(next.workbench.editor().policyAt(i).document().id);
            ids.sort();
            return ids.join(QLatin1Char(' '));
        };
        Desk first;
        first.window.openFile(writtenPolicy(folder, QStringLiteral("a")));
        Desk second;
        second.window.openFile(writtenPolicy(folder, QStringLiteral("b")));
        first.window.openFile(writtenPolicy(folder, QStringLiteral("c")));
        QCOMPARE(idsOfNextStart(), QStringLiteral("a b c"));
        second.window.openFile(writtenPolicy(folder, QStringLiteral("d")));
        QCOMPARE(idsOfNextStart(), QStringLiteral("a b c d"));
        second.trigger("closePolicy"); // d
        first.trigger("closePolicy");  // c
        QCOMPARE(idsOfNextStart(), QStringLiteral("a b"));
        // One that begins with a file of its own knows of no other; who leaves says so.
        Desk third;
        third.window.openFile(writtenPolicy(folder, QStringLiteral("e")));
        QVERIFY(first.window.close());
        QVERIFY(second.window.close());
        QCOMPARE(idsOfNextStart(), QStringLiteral("a b e"));
    }

    // ------------------------------------------------------------- the file in other hands

    void aFileThatChangedIsSaidAndCanBeReadAgainOrKept_data()
    {
        QTest::addColumn<QString>("button");
        QTest::addColumn<bool>("mine");
        QTest::newRow("read again") << QStringLiteral("reload") << false;
        QTest::newRow("keep") << QStringLiteral("keepMine") << true;
    }
    void aFileThatChangedIsSaidAndCanBeReadAgainOrKept()
    {
        QFETCH(const QString, button);
        QFETCH(const bool, mine);
        Desk desk;
        desk.toSave = desk.file("a.json");
        desk.trigger("saveAs");
        desk.change();
        PolicyDocument other = supportDeskPolicy();
        other.rules[0].label = "theirs";
        QVERIFY(writeFileAtomically(desk.toSave.toStdString(), toPolicyText(other)).has_value());
        const auto notice = [&] {
            return desk.window.findChild<Callout*>(QStringLiteral("diskNotice"));
        };
        QTRY_VERIFY(notice());
        QVERIFY(notice()->title().contains(QStringLiteral("a.json")));
        auto* const action = notice()->findChild<QAction*>(button);
        QVERIFY(action);
        action->trigger();
        QTRY_VERIFY(desk.workbench.editor().current().diskNews() != OpenPolicy::DiskNews::Changed);
        const std::string& label = desk.workbench.editor().document().rules[0].label;
        QCOMPARE(label == "theirs", !mine);
        desk.trigger("save");
        QCOMPARE(desk.askedAboutFile, 0);
        QVERIFY(!desk.window.isWindowModified());
        desk.trigger("undo");
        QVERIFY(desk.workbench.editor().document().rules[0].label != "theirs");
    }

    void theDifferenceToTheDiskIsShown()
    {
        Desk desk;
        desk.toSave = desk.file("a.json");
        desk.trigger("saveAs");
        desk.change();
        PolicyDocument other = supportDeskPolicy();
        other.name = "Theirs";
        QVERIFY(writeFileAtomically(desk.toSave.toStdString(), toPolicyText(other)).has_value());
        desk.changed = Questions::Changed::Compare;
        desk.trigger("save");
        QCOMPARE(desk.askedAboutFile, 1);
        auto* sheet = desk.window.findChild<QDialog*>(QStringLiteral("comparisonSheet"));
        QVERIFY(sheet && sheet->isVisible());
        QCOMPARE(sheet->findChild<QTreeWidget*>()->topLevelItemCount(), 2);
        sheet->close();
        QVERIFY(readFile(desk.toSave.toStdString())->find("Theirs") != std::string::npos);
        // Once there is a view for it, that shows it.
        QSignalSpy asked(&desk.workbench.editor(), &PolicyEditor::comparisonRequested);
        desk.trigger("save");
        QCOMPARE(asked.size(), 1);
        QVERIFY(asked.constFirst().at(1).toString().contains(QStringLiteral("a.json")));
    }

    void aSaveOverWhatSomebodyElseWroteAsks_data()
    {
        QTest::addColumn<int>("answer");
        QTest::addColumn<QByteArray>("there");
        QTest::addColumn<bool>("modified");
        using Changed = Questions::Changed;
        QTest::newRow("cancel") << int(Changed::Cancel) << QByteArray("theirs") << true;
        QTest::newRow("read again") << int(Changed::Reload) << QByteArray("theirs") << false;
        QTest::newRow("replace") << int(Changed::KeepMine) << QByteArray("mine") << false;
        QTest::newRow("save as") << int(Changed::SaveAs) << QByteArray("theirs") << false;
    }
    void aSaveOverWhatSomebodyElseWroteAsks()
    {
        QFETCH(const int, answer);
        QFETCH(const QByteArray, there);
        QFETCH(const bool, modified);
        Desk desk;
        const QString file = desk.file("a.json");
        desk.toSave = file;
        desk.trigger("saveAs");
        PolicyDocument other = supportDeskPolicy();
        other.rules[0].label = "theirs";
        Rule mine = other.rules[0];
        mine.label = "mine";
        QVERIFY(desk.workbench.editor().push(ReplaceRule{mine.id, mine}).has_value());
        QVERIFY(writeFileAtomically(file.toStdString(), toPolicyText(other)).has_value());
        desk.changed = static_cast<Questions::Changed>(answer);
        desk.toSave = desk.file("b.json");
        desk.trigger("save");
        QCOMPARE(desk.askedAboutFile, 1);
        QVERIFY(readFile(file.toStdString())->find(there.toStdString()) != std::string::npos);
        QCOMPARE(desk.window.isWindowModified(), modified);
        QCOMPARE(QFile::exists(desk.toSave), desk.changed == Questions::Changed::SaveAs);
    }

    void theSecondWindowIsTold()
    {
        Desk desk;
        desk.workbench.editor().setJournalFolder(desk.journals());
        Workbench other{{desk.folder.path().toStdString()}};
        other.editor().setDocument(supportDeskPolicy());
        QVERIFY(other.editor().saveAs(desk.file("a.json").toStdString()).has_value());
        desk.window.openFile(desk.file("a.json"));
        auto* notice = desk.window.findChild<Callout*>(QStringLiteral("elsewhereNotice"));
        QVERIFY(notice && notice->title().contains(QStringLiteral("a.json")));
        desk.trigger("new");
        QVERIFY(!desk.window.findChild<Callout*>(QStringLiteral("elsewhereNotice")));
        desk.workbench.editor().setCurrentIndex(0);
        QVERIFY(desk.window.findChild<Callout*>(QStringLiteral("elsewhereNotice")));
        other.editor().setDocument(supportDeskPolicy());
        QTRY_VERIFY(!desk.window.findChild<Callout*>(QStringLiteral("elsewhereNotice")));
    }

    void aFieldThatIsBeingTypedInIsSavedToo_data()
    {
        QTest::addColumn<bool>("closing");
        QTest::newRow("save") << false;
        QTest::newRow("close") << true;
    }
    void aFieldThatIsBeingTypedInIsSavedToo()
    {
        QFETCH(const bool, closing);
        Desk desk;
        desk.toSave = desk.file("a.json");
        desk.unsaved = Questions::Unsaved::Save;
        QVERIFY(QTest::qWaitForWindowActive(&desk.window));
        auto* field = desk.window.findChild<QLineEdit*>(QStringLiteral("name"));
        field->setFocus();
        field->selectAll();
        QTest::keyClicks(field, QStringLiteral("Typed"));
        if (closing) {
            QVERIFY(desk.window.close());
            QCOMPARE(desk.asked, 1);
        } else {
            QTest::keyClick(field, Qt::Key_S, Qt::ControlModifier);
            QVERIFY(field->hasFocus());
        }
        const auto text = readFile(desk.toSave.toStdString());
        QVERIFY(text.has_value());
        QVERIFY(text->find("\"Typed\"") != std::string::npos);
    }

    void aJournalThatCannotBeWrittenIsToldAsLongAsItLasts()
    {
        Desk desk;
        desk.workbench.editor().setJournalFolder("/proc/none/journals");
        desk.change();
        const auto notice = [&] {
            return desk.window.findChild<Callout*>(QStringLiteral("journalNotice"));
        };
        QVERIFY(notice());
        QVERIFY(notice()->detail().contains(QStringLiteral("/proc/none")));
        desk.workbench.editor().setJournalFolder(desk.journals());
        QVERIFY(!notice());
    }

    void twoNewPoliciesAreTwo()
    {
        Desk desk;
        desk.trigger("new");
        const std::string first = desk.workbench.editor().document().id;
        desk.trigger("new");
        QVERIFY(desk.workbench.editor().document().id != first);
    }

    void aNameIsShownAsItIs()
    {
        Desk desk;
        PolicyDocument policy = supportDeskPolicy();
        policy.name = "100%1 and %2";
        desk.workbench.editor().setDocument(policy);
        QVERIFY(desk.window.windowTitle().startsWith(QStringLiteral("100%1 and %2[*]")));
        QVERIFY(desk.window.windowTitle().contains(QString::number(policy.revision)));
    }

    void theArrowsGoOnThroughTheRail()
    {
        Desk desk;
        QVERIFY(QTest::qWaitForWindowActive(&desk.window));
        auto* rail = desk.window.findChild<NavRail*>();
        rail->setFocus(Qt::TabFocusReason);
        QTest::keyClick(rail, Qt::Key_Down);
        QCOMPARE(desk.window.currentPage(), QStringLiteral("projection"));
        QVERIFY(rail->hasFocus());
        QTest::keyClick(desk.window.focusWidget(), Qt::Key_Up);
        QCOMPARE(desk.window.currentPage(), QStringLiteral("policy"));
        QTest::keyClick(&desk.window, Qt::Key_2, Qt::AltModifier);
        QVERIFY(!rail->hasFocus()); // a shortcut goes to the page itself
    }

    void theSheetOfShortcutsIsMadeFromTheActions()
    {
        Desk desk;
        QVERIFY(QTest::qWaitForWindowActive(&desk.window));
        QTest::keyClick(&desk.window, Qt::Key_F1);
        auto* sheet = desk.window.findChild<QDialog*>(QStringLiteral("shortcutSheet"));
        QVERIFY(sheet && sheet->isVisible());
        const auto* list = sheet->findChild<QTreeWidget*>();
        const auto keysOf = [&](const QString& what) {
            const auto lines = list->findItems(what, Qt::MatchExactly | Qt::MatchRecursive);
            return lines.size() == 1 ? lines.front()->text(1) : QString::number(lines.size());
        };
        QCOMPARE(keysOf(QStringLiteral("Command palette")),
                 QKeySequence(Qt::CTRL | Qt::Key_K).toString(QKeySequence::NativeText));
        QCOMPARE(keysOf(QStringLiteral("Full screen")), QStringLiteral("F11"));
        QCOMPARE(keysOf(QStringLiteral("Save as")),
                 QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_S).toString(QKeySequence::NativeText));
        QVERIFY(keysOf(QStringLiteral("Redo")).contains(QLatin1String(" or ")));
        QCOMPARE(keysOf(QStringLiteral("Undo")), // whatever it would undo
                 QKeySequence(QKeySequence::Undo).toString(QKeySequence::NativeText));
        QTest::keyClicks(sheet->focusWidget(), QStringLiteral("full scr"));
        QStringList shown;
        for (const QTreeWidgetItem* line = list->topLevelItem(0); line;
             line = list->itemBelow(line))
            shown << line->text(0);
        QCOMPARE(shown.filter(QStringLiteral("Full screen")).size(), 1);
        QCOMPARE(shown.size(), 2); // under its heading
        QTest::keyClick(sheet, Qt::Key_Escape);
        QVERIFY(!sheet->isVisible());
        desk.window.findChild<QAction*>(QStringLiteral("about"))->trigger();
        auto* about = desk.window.findChild<QMessageBox*>(QStringLiteral("aboutSheet"));
        QVERIFY(about && about->isVisible());
        QVERIFY(about->text().contains(QCoreApplication::applicationVersion()));
        QVERIFY(about->informativeText().contains(QLatin1String("synthetic")));
    }

    void thePaletteGivesTheFocusToWhomThePersonChose()
    {
        Desk desk;
        QVERIFY(QTest::qWaitForWindowActive(&desk.window));
        auto* field = desk.window.findChild<QLineEdit*>(QStringLiteral("name"));
        auto* rail = desk.window.findChild<NavRail*>();
        rail->setFocus(Qt::TabFocusReason);
        QTest::keyClick(&desk.window, Qt::Key_K, Qt::ControlModifier);
        auto* palette = desk.window.findChild<CommandPalette*>();
        QVERIFY(palette->isVisible());
        QTest::mouseClick(field, Qt::LeftButton);
        QVERIFY(!palette->isVisible());
        QVERIFY(field->hasFocus());
        QTest::keyClick(&desk.window, Qt::Key_K, Qt::ControlModifier);
        QTest::keyClick(desk.window.focusWidget(), Qt::Key_Escape);
        QVERIFY(field->hasFocus()); // nothing was chosen: back to where it was
    }

    void theFirstPictureIsToldOnce()
    {
        Workbench workbench{{}};
        MainWindow window(workbench, twoPages());
        QSignalSpy painted(&window, &MainWindow::firstPainted);
        QCOMPARE(painted.size(), 0);
        window.show();
        QTRY_COMPARE(painted.size(), 1);
        window.repaint();
        QCoreApplication::processEvents();
        QCOMPARE(painted.size(), 1);
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
