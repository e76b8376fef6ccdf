// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: the small widgets do by keyboard what they do by mouse, show text to the letter, and
// tell a screen reader what they are.
#include "kit_test.h"

#include <ui/kit/basic_widgets.h>
#include <ui/kit/choice_widgets.h>
#include <ui/kit/command_palette.h>
#include <ui/kit/scoreboard.h>

#include <QAction>
#include <QCheckBox>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QRadioButton>
#include <QSignalSpy>
#include <QToolButton>
#include <QVBoxLayout>

#include <memory>

using namespace signalbox::ui;

namespace {

QString text(const char* utf8)
{
    return QString::fromUtf8(utf8);
}

QString accessible(QWidget& widget, QAccessible::Text what)
{
    return QAccessible::queryAccessibleInterface(&widget)->text(what);
}

QAccessible::Role roleOf(QWidget& widget)
{
    return QAccessible::queryAccessibleInterface(&widget)->role();
}

} // namespace

class TestBasicWidgets : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        kit_test::failOnWarnings();
        Theme::setChoice(ThemeChoice::Light);
    }

    void aWidgetIsWhatItIsSaidToBeThoughItHadItsNameFirst()
    {
        QWidget panel;
        QFrame notice;
        QAccessible::setActive(true); // now Qt asks for the face when a name is given
        QCOMPARE(roleOf(panel), QAccessible::Client);
        panel.setAccessibleName(QStringLiteral("Inspector"));
        QCOMPARE(roleOf(panel), QAccessible::Pane);
        notice.setAccessibleName(QStringLiteral("The file is gone."));
        setSpokenRole(&notice, QAccessible::Notification);
        QCOMPARE(roleOf(notice), QAccessible::Notification);
        QAccessible::setActive(false);
    }

    void aNoticeIsReadOutWhenItComes()
    {
        Callout notice;
        QCOMPARE(roleOf(notice), QAccessible::Notification);
    }

    void whatChecksAButtonThroughItsFaceDoesWhatAClickDoes_data()
    {
        QTest::addColumn<QAbstractButton*>("button");
        QTest::addColumn<QAccessible::Role>("role");
        QTest::newRow("check box")
            << static_cast<QAbstractButton*>(new QCheckBox) << QAccessible::CheckBox;
        QTest::newRow("radio button")
            << static_cast<QAbstractButton*>(new QRadioButton) << QAccessible::RadioButton;
        QTest::newRow("push button")
            << static_cast<QAbstractButton*>(new QPushButton) << QAccessible::CheckBox;
        QTest::newRow("tool button")
            << static_cast<QAbstractButton*>(new QToolButton) << QAccessible::CheckBox;
    }
    void whatChecksAButtonThroughItsFaceDoesWhatAClickDoes()
    {
        QFETCH(QAbstractButton* const, button);
        QFETCH(const QAccessible::Role, role);
        const std::unique_ptr<QAbstractButton> owner(button);
        button->setCheckable(true);
        button->setText(QStringLiteral("&Word && more"));
        QSignalSpy clicks(button, &QAbstractButton::clicked);
        QAccessibleInterface* const face = QAccessible::queryAccessibleInterface(button);
        QCOMPARE(face->role(), role);
        QCOMPARE(face->text(QAccessible::Name), QStringLiteral("Word & more"));
        QVERIFY(face->state().checkable && !face->state().checked);
        face->actionInterface()->doAction(face->actionInterface()->actionNames().value(0));
        QCOMPARE(clicks.count(), 1);
        QVERIFY(button->isChecked() && face->state().checked);
        button->setEnabled(false);
        face->actionInterface()->doAction(QAccessibleActionInterface::toggleAction());
        QCOMPARE(clicks.count(), 1);
    }

    // Labels

    void elidedLabelGivesWay()
    {
        ElidedLabel label(text("a text of some length that needs room"));
        label.resize(label.sizeHint());
        QVERIFY(!label.isElided());
        QVERIFY(label.minimumSizeHint().width() < 40);
        label.resize(60, label.height());
        QVERIFY(label.isElided());
    }

    void labelsShowTextToTheLetter()
    {
        TextLabel label(text("<b>bold</b><img src='http://example.com/x.png'>"));
        QCOMPARE(label.textFormat(), Qt::PlainText);
        ElidedLabel line(text("one\ntwo\ttab\u2028three"));
        QCOMPARE(line.text(), text("one two tab three"));
    }

    void toolTipsShowTextToTheLetter_data()
    {
        QTest::addColumn<QString>("given");
        QTest::addColumn<QString>("shown");
        QTest::newRow("short") << text("1 < 2") << text("1 < 2");
        QTest::newRow("markup") << text("<img src=x>") << text("<p>&lt;img src=x&gt;</p>");
        QTest::newRow("long") << QString(60, QLatin1Char('x'))
                              << QStringLiteral("<p>") + QString(60, QLatin1Char('x')) +
                                     QStringLiteral("</p>");
    }

    void toolTipsShowTextToTheLetter()
    {
        QFETCH(QString, given);
        QFETCH(QString, shown);
        QCOMPARE(plainToolTip(given), shown);
    }

    void textLabelFollowsTheTheme()
    {
        TextLabel label(text("muted"));
        label.setMuted(true);
        label.show();
        Theme::setChoice(ThemeChoice::Dark);
        QCOMPARE(label.palette().color(QPalette::WindowText), Theme::dark().colors().textMuted);
        label.setTone(Tone::Negative);
        QCOMPARE(label.palette().color(QPalette::WindowText), Theme::dark().colors().negative.ink);
    }

    // Callout, EmptyState

    void calloutRunsItsActionAndGoes()
    {
        Callout callout;
        callout.setMessage(Tone::Negative, text("It failed."), text("Try <again>."));
        QAction action(text("Retry"));
        QSignalSpy triggered(&action, &QAction::triggered);
        callout.addAction(&action);
        callout.setDismissible(true);
        callout.show();
        auto* button = callout.findChild<QPushButton*>();
        QVERIFY(button);
        QTest::mouseClick(button, Qt::LeftButton);
        QCOMPARE(triggered.count(), 1);
        action.setEnabled(false);
        QVERIFY(!button->isEnabled());
        QSignalSpy dismissed(&callout, &Callout::dismissed);
        QTest::mouseClick(callout.findChild<IconButton*>(), Qt::LeftButton);
        QCOMPARE(dismissed.count(), 1);
        QVERIFY(callout.isHidden());
        QCOMPARE(accessible(callout, QAccessible::Name), text("It failed."));
        QCOMPARE(accessible(callout, QAccessible::Description), text("Try <again>."));
    }

    void emptyStateOffersTheNextStep()
    {
        EmptyState empty(Icon::Voices, text("No answers yet"), text("Run a comparison."));
        QAction action(text("Run"));
        QSignalSpy triggered(&action, &QAction::triggered);
        empty.setAction(&action);
        empty.show();
        QTest::mouseClick(empty.findChild<QPushButton*>(), Qt::LeftButton);
        QCOMPARE(triggered.count(), 1);
    }

    // IconButton, ProgressStrip

    void iconButtonNamesItself()
    {
        QAction action(text("&Zoom in…"));
        action.setShortcut(QKeySequence(text("Ctrl++")));
        IconButton button(&action);
        QCOMPARE(accessible(button, QAccessible::Name), text("Zoom in"));
        QVERIFY(button.toolTip().contains(text("Ctrl++")));
        action.setText(text("Fit"));
        QCOMPARE(accessible(button, QAccessible::Name), text("Fit"));
    }

    void progressIsClampedAndSpoken()
    {
        ProgressStrip strip;
        strip.setProgress(120, 80);
        QCOMPARE(strip.done(), 80);
        QCOMPARE(accessible(strip, QAccessible::Description), text("80 of 80"));
        strip.setCancellable(true);
        QSignalSpy cancelled(&strip, &ProgressStrip::cancelRequested);
        strip.show();
        QTest::mouseClick(strip.findChild<IconButton*>(), Qt::LeftButton);
        QCOMPARE(cancelled.count(), 1);
    }

    // SegmentedControl

    void segmentsMoveByArrowAndSkipTheDisabled()
    {
        SegmentedControl control(text("View"));
        control.addSegment(text("Canvas"));
        control.addSegment(text("Outline"));
        control.addSegment(text("Source"));
        control.setSegmentEnabled(1, false);
        QSignalSpy changed(&control, &SegmentedControl::currentChanged);
        QCOMPARE(control.currentIndex(), 0);
        QTest::keyClick(&control, Qt::Key_Right);
        QCOMPARE(control.currentIndex(), 2);
        QTest::keyClick(&control, Qt::Key_Right);
        QCOMPARE(control.currentIndex(), 2);
        QTest::keyClick(&control, Qt::Key_Left);
        QCOMPARE(control.currentIndex(), 0);
        QCOMPARE(changed.count(), 2);
        QCOMPARE(accessible(control, QAccessible::Name), text("View: Canvas"));
    }

    void segmentsMoveByClick()
    {
        SegmentedControl control(text("View"));
        control.addSegment(text("Canvas"));
        control.addSegment(text("Outline"));
        control.resize(control.sizeHint());
        QTest::mouseClick(&control, Qt::LeftButton, {}, control.segmentRect(1).center());
        QCOMPARE(control.currentIndex(), 1);
        control.setSegmentEnabled(0, false);
        QTest::mouseClick(&control, Qt::LeftButton, {}, control.segmentRect(0).center());
        QCOMPARE(control.currentIndex(), 1);
    }

    void segmentsMirror()
    {
        SegmentedControl control(text("View"));
        control.addSegment(text("Canvas"));
        control.addSegment(text("Outline"));
        control.resize(control.sizeHint());
        const int left = control.segmentRect(0).left();
        control.setLayoutDirection(Qt::RightToLeft);
        QVERIFY(control.segmentRect(0).left() > control.segmentRect(1).left());
        QVERIFY(left < control.segmentRect(0).left());
        QTest::keyClick(&control, Qt::Key_Left);
        QCOMPARE(control.currentIndex(), 1);
    }

    // SearchField

    void searchSettlesOnceAndEscapeClears()
    {
        SearchField field(text("Search prompts"));
        QSignalSpy settled(&field, &SearchField::textSettled);
        QTest::keyClicks(&field, text("abc"));
        QTRY_COMPARE(settled.count(), 1);
        QCOMPARE(settled.first().first().toString(), text("abc"));
        QTest::keyClick(&field, Qt::Key_Escape);
        QVERIFY(field.text().isEmpty());
        QTRY_COMPARE(settled.count(), 2);
        QCOMPARE(accessible(field, QAccessible::Name), text("Search prompts"));
    }

    // NavRail

    void railMovesByKeyAndClick()
    {
        NavRail rail;
        rail.addEntry(Icon::Policy, text("Policy"));
        rail.addEntry(Icon::Voices, text("Voices"));
        rail.addFooterEntry(Icon::Settings, text("Settings"));
        rail.resize(rail.sizeHint().width(), 500);
        QSignalSpy changed(&rail, &NavRail::currentChanged);
        QTest::keyClick(&rail, Qt::Key_Down);
        QCOMPARE(rail.currentIndex(), 1);
        QTest::keyClick(&rail, Qt::Key_End);
        QCOMPARE(rail.currentIndex(), 2);
        QTest::keyClick(&rail, Qt::Key_Down);
        QCOMPARE(rail.currentIndex(), 2);
        QTest::mouseClick(&rail, Qt::LeftButton, {}, rail.entryRect(0).center());
        QCOMPARE(rail.currentIndex(), 0);
        QCOMPARE(changed.count(), 3);
        QVERIFY(rail.entryRect(2).bottom() > 480);
        QVERIFY(rail.entryRect(1).top() >= rail.entryRect(0).bottom());
        QCOMPARE(accessible(rail, QAccessible::Description), text("Current page: Policy"));
    }

    // Scoreboard

    void scoreTileSpeaksEverything()
    {
        ScoreTile tile;
        tile.setScore({.title = text("Cost saving"),
                       .value = text("49.3 %"),
                       .interval = text("47.1 to 51.3 %"),
                       .gate = text("at least 40 %"),
                       .verdict = GateVerdict::Met,
                       .change = text("+3.1 pts"),
                       .reason = text("n = 5,000"),
                       .simulated = true});
        QCOMPARE(accessible(tile, QAccessible::Name),
                 text("Cost saving: 49.3 %, interval 47.1 to 51.3 %, gate at least 40 %: met, "
                      "+3.1 pts since the last save, simulated"));
        QCOMPARE(accessible(tile, QAccessible::Description), text("n = 5,000"));
        tile.setScore({.title = text("Quality in Disputes (worst)"),
                       .value = text("65 %"),
                       .of = text("of the baseline's"),
                       .gate = text("at least 95 %"),
                       .verdict = GateVerdict::NotMet,
                       .part = text("Disputes"),
                       .whole = text("97 %")});
        QCOMPARE(
            accessible(tile, QAccessible::Name),
            text("Quality in Disputes (worst): 65 % of the baseline's, gate at least 95 %: not "
                 "met, 97 % overall"));
        tile.setScore({.title = text("Cost saving")});
        QCOMPARE(accessible(tile, QAccessible::Name), text("Cost saving: unknown"));
    }

    void verdictsDifferWithoutColour()
    {
        // In shades of grey the three verdicts must still not look alike.
        QList<QImage> looks;
        for (const GateVerdict verdict :
             {GateVerdict::Met, GateVerdict::NotMet, GateVerdict::NotShown}) {
            ScoreTile tile;
            tile.resize(tile.sizeHint());
            tile.setScore({.title = text("A"), .value = text("1"), .verdict = verdict});
            looks << tile.grab().toImage().convertToFormat(QImage::Format_Grayscale8);
            QVERIFY(!verdictText(verdict).isEmpty());
        }
        QVERIFY(looks[0] != looks[1] && looks[1] != looks[2] && looks[0] != looks[2]);
    }

    void scoreboardTellsWhichNumberWasAsked()
    {
        Scoreboard board;
        board.setScores({{.title = text("A")}, {.title = text("B")}, {.title = text("C")}});
        board.resize(900, board.sizeHint().height());
        board.show();
        QSignalSpy asked(&board, &Scoreboard::scoreActivated);
        QTest::keyClick(board.tile(1), Qt::Key_Return);
        QTest::mouseClick(board.tile(2), Qt::LeftButton);
        QCOMPARE(asked.count(), 2);
        QCOMPARE(asked[0][0].toInt(), 1);
        QCOMPARE(asked[1][0].toInt(), 2);
        board.setScores({{.title = text("Z")}});
        QCOMPARE(board.count(), 1);
        QCOMPARE(board.tile(0)->score().title, text("Z"));
        QVERIFY(!board.tile(1));
    }

    void scoreboardTilesAreEqual()
    {
        Scoreboard board;
        board.setScores({{.title = text("A"), .value = text("1")},
                         {.title = text("A much longer title"), .value = text("1,000,000")}});
        board.resize(800, board.sizeHint().height());
        board.show();
        QVERIFY(std::abs(board.tile(0)->width() - board.tile(1)->width()) <= 1);
    }

    // CommandPalette

    void fuzzyMatchPrefersWordStarts_data()
    {
        QTest::addColumn<QString>("pattern");
        QTest::addColumn<QString>("better");
        QTest::addColumn<QString>("worse");
        QTest::newRow("initials") << "sp" << "Save policy" << "Display";
        QTest::newRow("a run") << "open" << "Open policy" << "Stop on an end";
        QTest::newRow("shorter") << "save" << "Save" << "Save all the pictures as PNG";
        QTest::newRow("case") << "RUN" << "run comparison" << "return";
    }

    void fuzzyMatchPrefersWordStarts()
    {
        QFETCH(QString, pattern);
        QFETCH(QString, better);
        QFETCH(QString, worse);
        const auto good = fuzzyScore(pattern, better);
        QVERIFY(good.has_value());
        const auto bad = fuzzyScore(pattern, worse);
        QVERIFY(!bad || *good > *bad);
    }

    void fuzzyMatchTellsItsPlaces()
    {
        std::vector<int> places;
        QVERIFY(fuzzyScore(text("op"), text("Export open"), &places));
        QCOMPARE(places, (std::vector<int>{7, 8}));
        QVERIFY(!fuzzyScore(text("xyz"), text("Export")));
        QVERIFY(!fuzzyScore(text("zoom"), text("Authorize more room"))); // letters far apart
        QVERIFY(fuzzyScore(text("fitwin"), text("Fit the flow into the window")));
        QVERIFY(fuzzyScore(text("ata"), text("Data")));
        QVERIFY(fuzzyScore(text("expt"), text("Export")));
        QVERIFY(fuzzyScore(text("svas"), text("Save as")));
        QCOMPARE(fuzzyScore(text("  "), text("Export")), std::optional<int>(0));
    }

    void paletteFindsAndRuns()
    {
        QWidget window;
        window.resize(800, 600);
        auto* before = new QLineEdit(&window);
        QAction save(text("&Save policy"));
        QAction open(text("Open policy…"));
        QAction off(text("Paste"));
        off.setEnabled(false);
        QMenu views(text("View"));
        QAction* outline = views.addAction(text("Outline"));
        CommandPalette palette(&window);
        palette.setActions({&save, &open, &off, views.menuAction()});
        kit_test::showActive(window);
        before->setFocus();
        palette.open();
        QCOMPARE(palette.shownTexts(),
                 (QStringList{text("Save policy"), text("Open policy…"), text("View: Outline")}));
        auto* field = palette.findChild<QLineEdit*>();
        QVERIFY(field->hasFocus());
        QTest::keyClicks(field, text("outl"));
        QCOMPARE(palette.shownTexts(), QStringList{text("View: Outline")});
        QSignalSpy triggered(outline, &QAction::triggered);
        QTest::keyClick(field, Qt::Key_Return);
        QCOMPARE(triggered.count(), 1);
        QVERIFY(!palette.isVisible());
        QVERIFY(before->hasFocus());
    }

    void paletteMovesRoundAndEscapes()
    {
        QWidget window;
        window.resize(800, 600);
        QAction one(text("One"));
        QAction two(text("Two"));
        CommandPalette palette(&window);
        palette.setActions({&one, &two});
        kit_test::showActive(window);
        palette.open();
        auto* field = palette.findChild<QLineEdit*>();
        QSignalSpy first(&one, &QAction::triggered);
        QSignalSpy second(&two, &QAction::triggered);
        QTest::keyClick(field, Qt::Key_Up); // round to the last
        QTest::keyClick(field, Qt::Key_Return);
        QCOMPARE(second.count(), 1);
        palette.open();
        QSignalSpy closed(&palette, &CommandPalette::closed);
        QTest::keyClick(field, Qt::Key_Escape);
        QCOMPARE(closed.count(), 1);
        QCOMPARE(first.count(), 0);
    }

    void paletteSurvivesActionsThatDie()
    {
        QWidget window;
        window.resize(800, 600);
        auto* action = new QAction(text("Short-lived"));
        CommandPalette palette(&window);
        palette.setActions({action});
        kit_test::showActive(window);
        palette.open();
        delete action;
        QTest::keyClick(palette.findChild<QLineEdit*>(), Qt::Key_Return);
        QVERIFY(!palette.isVisible());
        palette.open();
        QVERIFY(palette.shownTexts().isEmpty());
    }

    // All of them

    void everythingWithFocusHasAName()
    {
        QWidget window;
        auto* layout = new QVBoxLayout(&window);
        auto* segments = new SegmentedControl(text("View"));
        segments->addSegment(text("One"));
        auto* rail = new NavRail;
        rail->addEntry(Icon::Policy, text("Policy"));
        auto* board = new Scoreboard;
        board->setScores({{.title = text("A")}});
        auto* callout = new Callout;
        callout->setMessage(Tone::Accent, text("Hello."));
        callout->setDismissible(true);
        auto* strip = new ProgressStrip;
        strip->setCancellable(true);
        for (QWidget* widget : std::initializer_list<QWidget*>{
                 segments, rail, board, callout, strip, new SearchField(text("Search")),
                 new IconButton(Icon::Add, text("Add"))})
            layout->addWidget(widget);
        window.show();
        QCOMPARE(kit_test::namelessControls(window), QStringList());
    }
};

int main(int argc, char** argv)
{
    return kit_test::run<TestBasicWidgets>(argc, argv);
}

#include "tst_basic_widgets.moc"
