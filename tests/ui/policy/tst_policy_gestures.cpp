// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: several rules are gathered by a band or by clicks and treated as one, each time as one
// undo step; what is looked for in a policy is walked through in every view and replaced as one
// step; parts travel between windows as text, or it is said why they cannot.

#include <core/policy/lint.h>
#include <core/policy/policy_json.h>
#include <tests/support/policy_builder.h>
#include <ui/kit/text_views.h>
#include <ui/kit/theme.h>
#include <ui/models/workbench.h>
#include <ui/policy/find_bar.h>
#include <ui/policy/flow_view.h>
#include <ui/policy/policy_page.h>
#include <ui/policy/policy_paths.h>

#include <QApplication>
#include <QClipboard>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPainter>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QTextBlock>

#include <set>

using namespace signalbox;
using namespace signalbox::test;
using namespace signalbox::ui;

namespace {

using Ids = std::vector<std::string>;

PolicyDocument policy()
{
    PolicyDocument document = PolicyBuilder({"cheap", "dear"})
                                  .measure("length", TextMeasure::Chars)
                                  .rule("a", when("length", CompareOp::Gte, 60), call("dear"))
                                  .rule("b", when("length", CompareOp::Lt, 20), call("cheap"))
                                  .rule("c", when("length", CompareOp::Lt, 30), call("cheap"))
                                  .rule("d", when("length", CompareOp::Lt, 40), call("cheap"));
    document.otherwise = call("dear");
    document.rules[1].note = "cheap enough";
    return document;
}

struct Fixture
{
    Fixture()
    {
        workbench.editor().setDocument(policy());
        page = std::make_unique<PolicyPage>(workbench);
        page->resize(1300, 900);
        page->show();
        if (!QTest::qWaitForWindowExposed(page.get()))
            qFatal("the page is not shown");
        page->activateWindow();
        canvas().setFocus();
    }
    [[nodiscard]] PolicyEditor& editor() { return workbench.editor(); }
    [[nodiscard]] const PolicyDocument& document() { return workbench.editor().document(); }
    [[nodiscard]] FlowView& canvas()
    {
        return *page->findChild<FlowView*>(QStringLiteral("flowView"));
    }
    [[nodiscard]] FindBar& findBar() { return *page->findChild<FindBar*>(); }
    template<class Widget> [[nodiscard]] Widget& child(const char* name)
    {
        return *page->findChild<Widget*>(QLatin1String(name));
    }
    [[nodiscard]] QString said(const char* name)
    {
        const QLabel& label = child<QLabel>(name);
        return label.isVisible() ? label.text() : QString();
    }
    [[nodiscard]] int steps() { return editor().undoStack()->index(); }
    [[nodiscard]] Ids ids() { return idsOf(document()); }
    [[nodiscard]] static Ids idsOf(const PolicyDocument& document)
    {
        Ids ids;
        for (const Rule& rule : document.rules)
            ids.push_back(rule.id.value);
        return ids;
    }
    [[nodiscard]] std::set<std::string> marked() { return canvas().flowScene().state().marked; }
    [[nodiscard]] const FlowLane& lane(const char* rule)
    {
        const FlowLayout& flow = canvas().flowScene().flow();
        return flow.lanes[static_cast<std::size_t>(flow.laneIndexOf(RuleId(rule)))];
    }
    [[nodiscard]] QPoint at(const QPointF& point) { return canvas().viewportPointOf(point); }
    void click(const QPointF& point, Qt::KeyboardModifiers modifiers = Qt::NoModifier)
    {
        QTest::mouseClick(canvas().viewport(), Qt::LeftButton, modifiers, at(point));
    }
    /// Presses, moves in steps, and lets go.
    void drag(const QPoint& from, const QPoint& to, Qt::KeyboardModifiers modifiers = {},
              bool letGo = true)
    {
        QWidget* const viewport = canvas().viewport();
        QTest::mousePress(viewport, Qt::LeftButton, modifiers, from);
        for (int i = 1; i <= 6; ++i)
            QTest::mouseMove(viewport, from + (to - from) * i / 6);
        if (letGo)
            QTest::mouseRelease(viewport, Qt::LeftButton, modifiers, to);
    }
    /// From the empty canvas at the left of a lane into another one.
    void bandOver(const char* first, const char* last, Qt::KeyboardModifiers modifiers = {},
                  bool letGo = true)
    {
        const QPointF from = lane(first).rect.topLeft() + QPointF(-30, 24);
        const QPointF to = lane(last).rect.topLeft() + QPointF(20, 40);
        drag(at(from), at(to), modifiers, letGo);
    }
    static void press(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier)
    {
        QTest::keyClick(QApplication::focusWidget(), key, modifiers);
    }
    static void type(const char* text)
    {
        QTest::keyClicks(QApplication::focusWidget(), QString::fromLatin1(text));
    }

    Workbench workbench{Workbench::Options{}};
    std::unique_ptr<PolicyPage> page;
};

using Marks = std::set<std::string>;

} // namespace

class TestPolicyGestures : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { setUpLook(*qApp, ThemeChoice::Light); }
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
    }

    void aBandGathersTheRulesInIt()
    {
        Fixture f;
        f.bandOver("b", "c", {}, false);
        QCOMPARE(f.marked(), (Marks{"b", "c"})); // seen while it is drawn
        QCOMPARE(f.editor().selection(), PolicySelection{});
        QTest::mouseRelease(f.canvas().viewport(), Qt::LeftButton, {},
                            f.at(f.lane("c").rect.topLeft() + QPointF(20, 40)));
        QCOMPARE(f.marked(), (Marks{"b", "c"}));
        QCOMPARE(f.editor().selection(), selectRule(RuleId("b")));
        QCOMPARE(f.steps(), 0);
        f.bandOver("d", "d", Qt::ControlModifier);
        QCOMPARE(f.marked(), (Marks{"b", "c", "d"}));
    }

    void escapeTakesABandBack()
    {
        Fixture f;
        f.bandOver("b", "c", {}, false);
        f.press(Qt::Key_Escape);
        QVERIFY(f.marked().empty());
        QTest::mouseRelease(f.canvas().viewport(), Qt::LeftButton, {}, QPoint(300, 300));
        QVERIFY(f.marked().empty());
    }

    void severalRulesMoveAsOneStepAndStayMarked()
    {
        Fixture f;
        f.bandOver("b", "c");
        f.press(Qt::Key_Down, Qt::AltModifier);
        QCOMPARE(f.ids(), (Ids{"a", "d", "b", "c"}));
        QCOMPARE(f.steps(), 1);
        QCOMPARE(f.marked(), (Marks{"b", "c"}));
        f.press(Qt::Key_Down, Qt::AltModifier); // at the end already
        QCOMPARE(f.steps(), 1);
        f.press(Qt::Key_Up, Qt::AltModifier);
        f.press(Qt::Key_Up, Qt::AltModifier);
        QCOMPARE(f.ids(), (Ids{"b", "c", "a", "d"}));
        QCOMPARE(f.steps(), 3);
        f.editor().undoStack()->undo();
        f.editor().undoStack()->undo();
        f.editor().undoStack()->undo();
        QCOMPARE(f.document(), policy());
    }

    void rulesApartCloseUpAtTheEnd()
    {
        Fixture f;
        f.click(f.lane("a").label.center());
        f.click(f.lane("c").label.center(), Qt::ControlModifier);
        f.press(Qt::Key_Up, Qt::AltModifier);
        QCOMPARE(f.ids(), (Ids{"a", "c", "b", "d"}));
        QCOMPARE(f.steps(), 1);
    }

    void rulesApartAreMarkedByKeysAlone()
    {
        Fixture f;
        f.editor().setSelection(selectRule(RuleId("a")));
        f.press(Qt::Key_Down, Qt::ControlModifier);
        f.press(Qt::Key_Down, Qt::ControlModifier);
        QCOMPARE(f.canvas().flowScene().state().passed, std::string("c"));
        QCOMPARE(f.editor().selection(), selectRule(RuleId("a")));
        f.press(Qt::Key_Space, Qt::ControlModifier);
        QCOMPARE(f.marked(), (Marks{"a", "c"}));
        f.press(Qt::Key_Down, Qt::ControlModifier);
        f.press(Qt::Key_Space, Qt::ControlModifier);
        QCOMPARE(f.marked(), (Marks{"a", "c", "d"}));
        f.press(Qt::Key_Up, Qt::ControlModifier);
        f.press(Qt::Key_Space, Qt::ControlModifier);
        QCOMPARE(f.marked(), (Marks{"a", "d"}));
        f.press(Qt::Key_Up, Qt::AltModifier);
        QCOMPARE(f.ids(), (Ids{"a", "b", "d", "c"}));
        QCOMPARE(f.steps(), 1);
    }

    void aRuleThatIsLetGoLeavesTheOthersMarked()
    {
        Fixture f;
        f.bandOver("a", "c");
        f.click(f.lane("b").label.center(), Qt::ControlModifier);
        QCOMPARE(f.marked(), (Marks{"a", "c"}));
    }

    void markedLanesAreDraggedTogetherAsOneStep()
    {
        Fixture f;
        f.bandOver("a", "b");
        const QPoint from = f.at(f.lane("a").grip.center());
        const QPoint to(from.x(), f.at(f.lane("d").rect.center()).y() + 12);
        f.drag(from, to, {}, false);
        QVERIFY(f.editor().isPreviewing());
        QCOMPARE(f.steps(), 0);
        const Ids shown = Fixture::idsOf(f.editor().shownDocument());
        QTest::mouseRelease(f.canvas().viewport(), Qt::LeftButton, {}, to);
        QCOMPARE(f.ids(), shown);
        QVERIFY(f.ids() == (Ids{"c", "d", "a", "b"}) || f.ids() == (Ids{"c", "a", "b", "d"}));
        QCOMPARE(f.steps(), 1);
        QCOMPARE(f.marked(), (Marks{"a", "b"}));
    }

    void severalRulesAreCutAndDisabledAsOneStep()
    {
        Fixture f;
        f.bandOver("b", "d");
        f.press(Qt::Key_E, Qt::ControlModifier | Qt::ShiftModifier);
        QVERIFY(f.document().rules[0].enabled && !f.document().rules[1].enabled &&
                !f.document().rules[3].enabled);
        QCOMPARE(f.steps(), 1);
        f.press(Qt::Key_X, Qt::ControlModifier);
        QCOMPARE(f.ids(), (Ids{"a"}));
        QCOMPARE(f.steps(), 2);
        f.press(Qt::Key_V, Qt::ControlModifier);
        QCOMPARE(f.ids(), (Ids{"a", "b", "c", "d"}));
        QCOMPARE(f.steps(), 3);
    }

    void rulesTravelToAnotherWindowWithWhatTheyMean()
    {
        Fixture from;
        from.bandOver("a", "b");
        from.press(Qt::Key_C, Qt::ControlModifier);
        Fixture to;
        Signal other{
            SignalId("length"), MeasureSource{TextMeasure::Words, TextScope::LastUser}, {}};
        QVERIFY(to.editor().push(ReplaceSignal{SignalId("length"), other}));
        to.press(Qt::Key_V, Qt::ControlModifier);
        QCOMPARE(to.ids(), (Ids{"a", "b", "c", "d", "a-2", "b-2"}));
        QCOMPARE(to.steps(), 2);
        const Signal* const brought = to.document().findSignal(SignalId("length-2"));
        QVERIFY(brought && brought->source == policy().signalList[0].source);
        QVERIFY(to.document().rules[4].when == when("length-2", CompareOp::Gte, 60));
        QVERIFY(to.document().rules[0].when == when("length", CompareOp::Gte, 60));
        QCOMPARE(to.document().models.size(), std::size_t{2});
    }

    void whatCannotBePastedSaysWhy_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("reason");
        QTest::newRow("newer") << QStringLiteral("{\"schemaVersion\": 7, \"rules\": []}")
                               << QStringLiteral("format 7");
        QTest::newRow("words") << QStringLiteral("Dear all,") << QStringLiteral("no JSON text");
        QTest::newRow("other") << QStringLiteral("{\"a\": 1}")
                               << QStringLiteral("no part of a policy");
        QTest::newRow("broken") << QStringLiteral("[{\"id\": \"r\", \"when\": 3}]")
                                << QStringLiteral("rules[0]");
    }
    void whatCannotBePastedSaysWhy()
    {
        QFETCH(QString, text);
        QFETCH(QString, reason);
        Fixture f;
        QSignalSpy notices(f.page.get(), &PolicyPage::notice);
        QGuiApplication::clipboard()->setText(text);
        f.press(Qt::Key_V, Qt::ControlModifier);
        QCOMPARE(notices.count(), 1);
        const QString said = notices.first().first().toString();
        QVERIFY2(said.contains(reason), qPrintable(said));
        QCOMPARE(f.document(), policy());
    }

    void whatIsLookedForIsWalkedThrough()
    {
        Fixture f;
        f.press(Qt::Key_F, Qt::ControlModifier);
        QTRY_VERIFY(f.child<QLineEdit>("findText").hasFocus());
        f.type("enough");
        QCOMPARE(f.said("findCount"), QStringLiteral("1 place"));
        f.press(Qt::Key_Return);
        QCOMPARE(f.said("findCount"), QStringLiteral("1 of 1"));
        QCOMPARE(f.editor().selection(), selectRule(RuleId("b")));
        QVERIFY(f.child<QLineEdit>("findText").hasFocus());
        f.child<QLineEdit>("findText").selectAll();
        f.type("cheap");
        const int count = static_cast<int>(f.findBar().hits().size());
        QVERIFY(count > 3);
        f.press(Qt::Key_F3, Qt::ShiftModifier);
        QCOMPARE(f.findBar().current(), count - 1);
        f.press(Qt::Key_F3);
        QCOMPARE(f.findBar().current(), 0);
        QCOMPARE(f.editor().selection(), selectModel(ModelId("cheap")));
        f.press(Qt::Key_Escape);
        QVERIFY(!f.findBar().isVisible());
        QTRY_VERIFY(f.canvas().hasFocus());
    }

    void aConditionThatIsFoundIsSelectedInside()
    {
        Fixture f;
        f.press(Qt::Key_F, Qt::ControlModifier);
        f.type("30");
        f.press(Qt::Key_Return);
        QCOMPARE(f.editor().selection().id, std::string("c"));
        QCOMPARE(f.editor().selection().path, std::string("when"));
    }

    void theSourceGoesToThePlace()
    {
        Fixture f;
        f.page->showView(PolicyPage::View::Source);
        f.press(Qt::Key_F, Qt::ControlModifier);
        f.type("enough");
        f.press(Qt::Key_Return);
        const auto& source = f.child<CodeEditor>("sourceText");
        QVERIFY2(source.textCursor().block().text().contains(QStringLiteral("cheap enough")),
                 qPrintable(source.textCursor().block().text()));
    }

    void aDragLeavesWhatAFreshPageWouldShow()
    {
        Fixture f;
        const auto picture = [](FlowScene& scene) {
            QImage image(scene.flow().bounds.size().toSize(), QImage::Format_RGB32);
            image.fill(Qt::white);
            QPainter painter(&image);
            scene.render(&painter);
            return image;
        };
        const auto isAsAFreshOne = [&] {
            PolicyPage fresh(f.workbench);
            fresh.resize(f.page->size());
            fresh.show();
            if (!QTest::qWaitForWindowExposed(&fresh))
                return false;
            FlowScene& other = fresh.findChild<FlowView*>(QStringLiteral("flowView"))->flowScene();
            FlowScene& scene = f.canvas().flowScene();
            return scene.flow() == other.flow() && picture(scene) == picture(other);
        };
        QWidget* const viewport = f.canvas().viewport();
        const QPoint from = f.at(f.lane("a").grip.center());
        const Ids wanted{"b", "c", "a", "d"};
        QTest::mousePress(viewport, Qt::LeftButton, {}, from);
        QPoint to = from;
        while (f.idsOf(f.editor().shownDocument()) != wanted && to.y() < viewport->height()) {
            to.ry() += 8;
            QTest::mouseMove(viewport, to);
        }
        QCOMPARE(f.idsOf(f.editor().shownDocument()), wanted);
        QCOMPARE(f.canvas().flowScene().flow().lanes[2].id, std::string("a"));
        QTest::mouseRelease(viewport, Qt::LeftButton, {}, to);
        QCOMPARE(f.ids(), wanted);
        QTest::mouseMove(viewport, QPoint(2, 2)); // nothing is under the pointer
        QVERIFY(isAsAFreshOne());
        QVERIFY(f.editor().findings() == lint(f.document()));
        f.editor().undoStack()->undo();
        QVERIFY(isAsAFreshOne());
    }

    void everythingIsReplacedAsOneStep()
    {
        Fixture f;
        f.press(Qt::Key_H, Qt::ControlModifier);
        f.child<QLineEdit>("findText").setText(QStringLiteral("cheap"));
        const auto count = f.findBar().hits().size();
        f.child<QLineEdit>("replaceText").setFocus();
        QCOMPARE(f.child<QPushButton>("replaceAll").text(), QStringLiteral("Remove all"));
        f.type("small");
        QCOMPARE(f.child<QPushButton>("replaceAll").text(), QStringLiteral("Replace all"));
        QTest::mouseClick(&f.child<QPushButton>("replaceAll"), Qt::LeftButton);
        QCOMPARE(f.steps(), 1);
        QVERIFY(f.document().findModel(ModelId("small")));
        QCOMPARE(f.document().rules[1].note, std::string("small enough"));
        QVERIFY(f.document().rules[1].plan == call("small"));
        QCOMPARE(
            f.said("replaceOutcome"),
            QStringLiteral("%1 places replaced. 1 place stays: The price is that of this provider "
                           "and this name there; change them in the model's fields.")
                .arg(count - 1));
        QCOMPARE(f.said("findCount"), QStringLiteral("1 place"));
        f.editor().undoStack()->undo();
        QCOMPARE(f.document(), policy());
        QVERIFY(!f.child<QWidget>("replaceOutcome").isVisible()); // it is not true any more
    }

    void findingEndsWithEscapeWhereverTheKeyboardIs()
    {
        Fixture f;
        const auto openAgain = [&] {
            f.press(Qt::Key_H, Qt::ControlModifier);
            QVERIFY(f.findBar().isVisible());
        };
        openAgain();
        f.child<QLineEdit>("findText").setText(QStringLiteral("enough"));
        f.child<QLineEdit>("replaceText").setText(QStringLiteral("x"));
        QTest::mouseClick(&f.child<QPushButton>("replaceAll"), Qt::LeftButton);
        QCOMPARE(f.said("findCount"), QStringLiteral("Not found")); // the button is off now
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Escape);
        QVERIFY(!f.findBar().isVisible());
        openAgain();
        QVERIFY(f.child<QLineEdit>("findText").hasFocus());
        f.press(Qt::Key_Tab);
        QVERIFY(f.child<QLineEdit>("replaceText").hasFocus());
        f.canvas().setFocus();
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Escape);
        QVERIFY(!f.findBar().isVisible());
    }

    void oneIsReplacedAndWhatStaysIsSaid()
    {
        Fixture f;
        f.press(Qt::Key_H, Qt::ControlModifier);
        f.child<QLineEdit>("findText").setText(QStringLiteral("20"));
        f.child<QLineEdit>("replaceText").setFocus();
        f.type("twenty");
        f.press(Qt::Key_Return); // shows it
        QCOMPARE(f.editor().selection().id, std::string("b"));
        f.press(Qt::Key_Return);
        QCOMPARE(f.said("replaceOutcome"),
                 QStringLiteral("1 place stays: \"twenty\" is no number."));
        QCOMPARE(f.steps(), 0);
        f.child<QLineEdit>("replaceText").selectAll();
        f.type("25");
        f.press(Qt::Key_Return);
        QCOMPARE(f.steps(), 1);
        QCOMPARE(f.said("replaceOutcome"), QStringLiteral("1 place replaced."));
        QVERIFY(std::get<Compare>(f.document().rules[1].when.node).value == CompareValue(25.0));
    }
};

QTEST_MAIN(TestPolicyGestures)
#include "tst_policy_gestures.moc"
