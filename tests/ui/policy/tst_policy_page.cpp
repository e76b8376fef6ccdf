// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: a policy can be built and changed on the page by keyboard alone and by mouse alone, each
// gesture is one undo step, and canvas, outline and source are views of one document.

#include <core/policy/known_provider.h>
#include <core/policy/policy_json.h>
#include <core/sample/support_desk.h>
#include <tests/support/policy_builder.h>
#include <tests/support/small_traffic.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/choice_widgets.h>
#include <ui/kit/command_palette.h>
#include <ui/kit/histogram_view.h>
#include <ui/kit/scroll_fade.h>
#include <ui/kit/text_views.h>
#include <ui/kit/theme.h>
#include <ui/models/workbench.h>
#include <ui/policy/condition_edits.h>
#include <ui/policy/fields.h>
#include <ui/policy/flow_key.h>
#include <ui/policy/flow_view.h>
#include <ui/policy/policy_outline_model.h>
#include <ui/policy/policy_page.h>
#include <ui/policy/policy_paths.h>
#include <ui/policy/takeover_view.h>
#include <ui/policy/trace_model.h>
#include <ui/policy/try_panel.h>

#include <QAccessible>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QHeaderView>
#include <QHelpEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QRegularExpression>
#include <QScopeGuard>
#include <QScrollArea>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>
#include <QToolTip>
#include <QTreeView>
#include <QTreeWidget>

#include <cmath>
#include <map>
#include <numeric>

using namespace signalbox;
using namespace signalbox::test;
using namespace signalbox::ui;

namespace {

PolicyDocument policy()
{
    PolicyDocument document = PolicyBuilder({"cheap", "dear"})
                                  .measure("length", TextMeasure::Chars)
                                  .rule("long", when("length", CompareOp::Gte, 60), call("dear"))
                                  .rule("short", when("length", CompareOp::Lt, 20), call("cheap"))
                                  .rule("rest", when("length", CompareOp::Lt, 40), call("cheap"));
    document.otherwise = call("dear");
    return document;
}

/// A hundred requests with 1 to 100 characters.
std::shared_ptr<const Traffic> traffic()
{
    std::string lines;
    for (int i = 1; i <= 100; ++i) {
        const std::string id = std::to_string(i);
        lines += R"({"messages":[{"role":"user","content":")" +
                 std::string(static_cast<std::size_t>(i), 'x') + R"("}],"conversationId":"c)" + id +
                 R"(","requestId":"r)" + id + "\"}\n";
    }
    auto reading = readTrafficJsonLines(lines, "test");
    if (!reading)
        qFatal("%s", toString(reading.error()).c_str());
    return std::make_shared<const Traffic>(std::move(reading->traffic));
}

/// Messages around 60 characters, some of them sent several times.
std::shared_ptr<const Traffic> repeatedMessages()
{
    struct Sent
    {
        char letter;
        std::size_t length;
        int times;
    };
    std::string lines;
    for (const Sent& sent : {Sent{'a', 58, 1}, Sent{'b', 59, 3}, Sent{'c', 59, 1}, Sent{'d', 60, 2},
                             Sent{'e', 70, 1}}) {
        for (int i = 0; i < sent.times; ++i)
            lines += R"({"messages":[{"role":"user","content":")" +
                     std::string(sent.length, sent.letter) + "\"}]}\n";
    }
    auto reading = readTrafficJsonLines(lines, "test");
    if (!reading)
        qFatal("%s", toString(reading.error()).c_str());
    return std::make_shared<const Traffic>(std::move(reading->traffic));
}

struct Fixture
{
    explicit Fixture(const PolicyDocument& document = policy(), bool withTraffic = false)
    {
        workbench.editor().setDocument(document);
        if (withTraffic)
            workbench.setTraffic(traffic());
        page = std::make_unique<PolicyPage>(workbench);
        page->resize(1300, 800);
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
    [[nodiscard]] QTreeView& outline()
    {
        return *page->findChild<QTreeView*>(QStringLiteral("outlineView"));
    }
    [[nodiscard]] CodeEditor& source()
    {
        return *page->findChild<CodeEditor*>(QStringLiteral("sourceText"));
    }
    [[nodiscard]] int steps() { return workbench.editor().undoStack()->index(); }

    /// A key to whatever has the keyboard, as a person presses it.
    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier)
    {
        QWidget* const target = QApplication::activePopupWidget()
                                    ? QApplication::activePopupWidget()
                                    : QApplication::focusWidget();
        QTest::keyClick(target ? target : page.get(), key, modifiers);
    }
    void type(const char* text)
    {
        QTest::keyClicks(QApplication::focusWidget(), QString::fromLatin1(text));
    }

    [[nodiscard]] QPoint at(const QPointF& scenePoint)
    {
        return canvas().viewportPointOf(scenePoint);
    }
    [[nodiscard]] const FlowLane& lane(const char* rule)
    {
        const FlowLayout& flow = canvas().flowScene().flow();
        return flow.lanes[static_cast<std::size_t>(flow.laneIndexOf(RuleId(rule)))];
    }
    void click(const QPointF& scenePoint, Qt::KeyboardModifiers modifiers = Qt::NoModifier)
    {
        QTest::mouseClick(canvas().viewport(), Qt::LeftButton, modifiers, at(scenePoint));
    }

    Workbench workbench{Workbench::Options{}};
    std::unique_ptr<PolicyPage> page;
};

/// More lanes than a window shows at once.
PolicyDocument manyRules()
{
    PolicyBuilder builder({"cheap", "dear"});
    builder.measure("length", TextMeasure::Chars);
    for (int i = 0; i < 14; ++i)
        builder.rule("r" + std::to_string(i), when("length", CompareOp::Gte, 1000 - i),
                     call("dear"));
    return builder;
}

std::vector<std::string> ruleIds(const PolicyDocument& document)
{
    std::vector<std::string> ids;
    for (const Rule& rule : document.rules)
        ids.push_back(rule.id.value);
    return ids;
}
using Ids = std::vector<std::string>;

} // namespace

class TestPolicyPage : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { setUpLook(*qApp, ThemeChoice::Light); }
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
    }

    void aPolicyIsBuiltByKeyboardAlone()
    {
        PolicyDocument empty;
        empty.id = "new";
        empty.name = "New";
        Fixture f(empty);
        for (const char* const name : {"cheap", "dear"}) {
            f.press(Qt::Key_M, Qt::ControlModifier | Qt::ShiftModifier); // a model
            f.press(Qt::Key_Return);
            f.type(name);
            f.press(Qt::Key_Return);
            f.press(Qt::Key_Escape); // back to the canvas
        }
        QCOMPARE(f.document().models.size(), std::size_t{2});
        QCOMPARE(f.document().models[1].id, ModelId("dear"));
        QCOMPARE(f.document().otherwise, call("cheap"));

        f.press(Qt::Key_Escape); // nothing selected
        f.press(Qt::Key_Menu);
        QTRY_VERIFY(QApplication::activePopupWidget());
        auto* const menu = qobject_cast<QMenu*>(QApplication::activePopupWidget());
        for (QAction* const action : menu->actions()) {
            if (action->text() == QLatin1String("Measure of a text"))
                menu->setActiveAction(action);
        }
        f.press(Qt::Key_Return);
        QTRY_COMPARE(f.document().signalList.size(), std::size_t{1});
        f.press(Qt::Key_Return);
        f.type("length");
        f.press(Qt::Key_Return);
        f.press(Qt::Key_Escape);
        QCOMPARE(f.document().signalList[0].id, SignalId("length"));

        f.press(Qt::Key_Insert); // a rule
        f.press(Qt::Key_F2);
        f.type("Long questions");
        f.press(Qt::Key_Escape);
        f.press(Qt::Key_A, Qt::ControlModifier | Qt::ShiftModifier); // a condition
        f.press(Qt::Key_Return);
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_A, Qt::ControlModifier);
        f.type("200");
        f.press(Qt::Key_Escape);
        f.press(Qt::Key_Right); // from the condition to the plan
        f.press(Qt::Key_Return);
        f.press(Qt::Key_Down); // the other model
        f.press(Qt::Key_Escape);
        f.press(Qt::Key_B, Qt::ControlModifier | Qt::ShiftModifier); // a fallback step

        const Rule& rule = f.document().rules.at(0);
        QCOMPARE(rule.label, std::string("Long questions"));
        QCOMPARE(rule.when, anyOf({when("length", CompareOp::Gte, 200)}));
        QCOMPARE(rule.plan, chain({call("dear"), call("cheap")}));
        QVERIFY(CompiledPolicy::compile(f.document()));
        // Everything can be taken back.
        while (f.editor().undoStack()->canUndo())
            f.editor().undoStack()->undo();
        QCOMPARE(f.document(), empty);
    }

    /// The row with the keyboard gives way to a whole new tree with each of these.
    void partsAreAddedWhereTheKeyboardIs()
    {
        PolicyDocument document = policy();
        document.rules.clear();
        Fixture f(document);
        QVERIFY(QTest::qWaitForWindowActive(f.page.get()));
        const auto click = [&](const char* name) {
            QCoreApplication::processEvents(); // parts get their places
            auto* const button = f.page->findChild<QPushButton*>(QString::fromLatin1(name));
            QVERIFY(button && button->isVisible());
            button->setFocus(Qt::MouseFocusReason); // as a real click gives it
            QTest::mouseClick(button, Qt::LeftButton);
        };
        f.press(Qt::Key_Insert);
        click("addCondition");
        click("addCondition");
        click("addGroup");
        click("addCondition");
        const Condition one = when("length", CompareOp::Gte, 1);
        QCOMPARE(f.document().rules.at(0).when, anyOf({one, one, allOf({one, one})}));
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_A, Qt::ControlModifier);
        f.type("7");
        f.press(Qt::Key_Return);
        f.editor().undoStack()->undo();
        f.editor().undoStack()->undo();
        f.editor().undoStack()->redo();
        f.press(Qt::Key_Escape); // back to the canvas
        f.press(Qt::Key_Insert);
        f.press(Qt::Key_B, Qt::ControlModifier | Qt::ShiftModifier);
        click("addStep");
        click("addStep");
        QCOMPARE(std::get<Chain>(f.document().rules.at(1).plan.node).steps.size(), std::size_t{4});
        while (f.editor().undoStack()->canUndo())
            f.editor().undoStack()->undo();
        QCOMPARE(f.document(), document);
    }

    void aRuleMovesByDragAsByKeys()
    {
        Fixture byKeys;
        byKeys.editor().setSelection(selectRule(RuleId("long")));
        byKeys.press(Qt::Key_Down, Qt::AltModifier);
        byKeys.press(Qt::Key_Down, Qt::AltModifier);
        QCOMPARE(ruleIds(byKeys.document()), (Ids{"short", "rest", "long"}));

        Fixture f;
        QWidget* const viewport = f.canvas().viewport();
        const QPoint from = f.at(f.lane("long").grip.center());
        const QPoint to = f.at(f.lane("rest").rect.bottomLeft()) +
                          QPoint(from.x() - f.at(f.lane("rest").rect.topLeft()).x(), 20);
        QTest::mousePress(viewport, Qt::LeftButton, {}, from);
        for (int i = 1; i <= 6; ++i)
            QTest::mouseMove(viewport, from + (to - from) * i / 6);
        QVERIFY(f.editor().isPreviewing());
        QCOMPARE(f.steps(), 0);
        QCOMPARE(ruleIds(f.editor().shownDocument()), (Ids{"short", "rest", "long"}));
        QTest::mouseRelease(viewport, Qt::LeftButton, {}, to);
        QVERIFY(!f.editor().isPreviewing());
        QCOMPARE(f.steps(), 1);
        QCOMPARE(f.document(), byKeys.document());
        QCOMPARE(f.editor().selection(), selectRule(RuleId("long")));
    }

    void escapeTakesADragBack()
    {
        Fixture f;
        QWidget* const viewport = f.canvas().viewport();
        const QPoint from = f.at(f.lane("long").grip.center());
        QTest::mousePress(viewport, Qt::LeftButton, {}, from);
        for (int i = 1; i <= 6; ++i)
            QTest::mouseMove(viewport, from + QPoint(0, 40 * i));
        QVERIFY(f.editor().isPreviewing());
        QTest::keyClick(&f.canvas(), Qt::Key_Escape);
        QVERIFY(!f.editor().isPreviewing());
        QTest::mouseRelease(viewport, Qt::LeftButton, {}, from + QPoint(0, 240));
        QCOMPARE(f.steps(), 0);
        QCOMPARE(f.document(), policy());
    }

    void aDragEndsWhenThePolicyChangesUnderIt_data()
    {
        QTest::addColumn<bool>("pullsAnEdge");
        QTest::newRow("a lane") << false;
        QTest::newRow("an edge") << true;
    }

    void aDragEndsWhenThePolicyChangesUnderIt()
    {
        QFETCH(const bool, pullsAnEdge);
        Fixture f;
        f.editor().setSelection(selectRule(RuleId("rest")));
        f.press(Qt::Key_D, Qt::ControlModifier);
        QCOMPARE(f.document().rules.size(), std::size_t{4});
        QWidget* const viewport = f.canvas().viewport();
        const FlowLane& last = f.lane("rest-2");
        const QPoint from = f.at(pullsAnEdge ? last.nodes[0].port() : last.grip.center());
        const auto pull = [&](int dx, int dy) {
            for (int i = 1; i <= 6; ++i)
                QTest::mouseMove(viewport, from + QPoint(dx, dy) * i / 6);
        };
        QTest::mousePress(viewport, Qt::LeftButton, {}, from);
        pull(30, -120);
        const FlowState& state = f.canvas().flowScene().state();
        QVERIFY(pullsAnEdge ? state.wireEnd.has_value() : !state.dragged.empty());
        f.editor().undoStack()->undo(); // Ctrl+Z is the window's
        QVERIFY(!f.editor().isPreviewing());
        QVERIFY(!state.wireEnd && state.dragged.empty());
        QCOMPARE(f.canvas().flowScene().laneItemCount(), std::size_t{4});
        pull(60, -60); // the button is still down
        QTest::mouseRelease(viewport, Qt::LeftButton, {}, from + QPoint(60, -60));
        QCOMPARE(f.document(), policy());
        QCOMPARE(f.steps(), 0);
        // The next one works again.
        const QPoint grip = f.at(f.lane("long").grip.center());
        QTest::mousePress(viewport, Qt::LeftButton, {}, grip);
        QTest::mouseMove(viewport, grip + QPoint(0, 40));
        QVERIFY(!state.dragged.empty());
        f.press(Qt::Key_Delete); // what is selected, that is the dragged one
        QVERIFY(state.dragged.empty());
        QTest::mouseRelease(viewport, Qt::LeftButton, {}, grip + QPoint(0, 40));
        QCOMPARE(ruleIds(f.document()), (Ids{"short", "rest"}));
        QCOMPARE(f.steps(), 1);
    }

    void anEdgeIsPulledToAnotherModel()
    {
        Fixture f;
        QWidget* const viewport = f.canvas().viewport();
        const QPoint from = f.at(f.lane("short").nodes[0].port());
        const FlowLayout& flow = f.canvas().flowScene().flow();
        const QPoint to =
            f.at(flow.stations[static_cast<std::size_t>(flow.stationIndexOf(ModelId("dear")))]
                     .rect.center());
        QTest::mousePress(viewport, Qt::LeftButton, {}, from);
        for (int i = 1; i <= 6; ++i)
            QTest::mouseMove(viewport, from + (to - from) * i / 6);
        QVERIFY(f.editor().isPreviewing());
        QTest::mouseRelease(viewport, Qt::LeftButton, {}, to);
        QCOMPARE(f.steps(), 1);
        QCOMPARE(f.document().rules[1].plan, call("dear"));
    }

    void clicksSelectToggleAndAdd()
    {
        Fixture f;
        f.click(f.lane("short").chips[1].rect.center());
        QCOMPARE(f.editor().selection(), selectRule(RuleId("short"), "when"));
        f.click(f.lane("short").toggle.center());
        QVERIFY(!f.document().rules[1].enabled);
        f.click(f.canvas().flowScene().flow().gaps[1].plus());
        QCOMPARE(ruleIds(f.document()), (Ids{"long", "rule-1", "short", "rest"}));
        QCOMPARE(f.canvas().flowScene().laneItemCount(), std::size_t{5});
        f.editor().undoStack()->undo();
        f.editor().undoStack()->undo();
        QCOMPARE(f.document(), policy());
        QCOMPARE(f.canvas().flowScene().laneItemCount(), std::size_t{4});
    }

    void onlyThePlusAddsARule()
    {
        Fixture f;
        const FlowGap& gap = f.canvas().flowScene().flow().gaps[1];
        const QPointF besideIt(gap.rect.center().x(), gap.plus().y());
        f.click(besideIt);
        QTest::mouseDClick(f.canvas().viewport(), Qt::LeftButton, {}, f.at(besideIt));
        QCOMPARE(f.document(), policy());
        f.click(gap.plus() + QPointF(12, 0)); // a little beside is meant
        QCOMPARE(f.document().rules.size(), policy().rules.size() + 1);
    }

    void whoComesToThePageCanUseItsKeys()
    {
        Fixture f;
        QVERIFY(QTest::qWaitForWindowActive(f.page.get()));
        f.page->findChild<QWidget*>(QStringLiteral("addButton"))->setFocus();
        f.page->setFocus(Qt::OtherFocusReason);
        QVERIFY(f.canvas().hasFocus());
        f.press(Qt::Key_Insert);
        QCOMPARE(f.document().rules.size(), policy().rules.size() + 1);
        f.press(Qt::Key_3, Qt::ControlModifier);
        f.page->findChild<QWidget*>(QStringLiteral("addButton"))->setFocus();
        f.page->setFocus(Qt::OtherFocusReason);
        QVERIFY(f.source().hasFocus());
    }

    void aNewRuleComesIntoViewAndStaysThere()
    {
        Fixture f(manyRules());
        const auto isInView = [&] {
            const QRectF shown =
                f.canvas().mapToScene(f.canvas().viewport()->rect()).boundingRect();
            const QRectF lane = f.canvas().flowScene().flow().rectOf(f.editor().selection());
            return !lane.isNull() && shown.contains(lane);
        };
        f.press(Qt::Key_Insert);
        QCOMPARE(f.editor().selection().kind, PolicySelection::Kind::Rule);
        QVERIFY(isInView());
        FlowTraffic numbers; // they make every lane higher
        numbers.requests = 10;
        LaneTraffic lane;
        lane.share = 0.05;
        lane.seamLoss = 1;
        for (const Rule& rule : f.document().rules)
            numbers.rules[rule.id.value] = lane;
        f.canvas().setTraffic(numbers);
        QVERIFY(isInView());
    }

    void widthsAreExplainedOnceTheyMeanSomething()
    {
        FlowLayout layout;
        layout.edges.emplace_back();
        FlowKey key(nullptr);
        key.setFlow(layout);
        QVERIFY(key.isEmpty());
        layout.edges.front().share = 0.4;
        key.setFlow(layout);
        QVERIFY(!key.isEmpty());
        QVERIFY(key.accessibleDescription().contains(QStringLiteral("The wider a line")));
    }
    void theKeyHasTheLinesThatAreThereAndCoversNoCard()
    {
        PolicyDocument document = manyRules();
        Fixture f(document);
        const auto* const key = f.page->findChild<FlowKey*>(QStringLiteral("flowKey"));
        const auto* const map = f.page->findChild<QWidget*>(QStringLiteral("flowMinimap"));
        QVERIFY(!key->isVisible()); // all lines are solid, and nothing is known of the traffic
        document.rules[1].plan = chain({call("cheap"), call("dear")});
        f.editor().setDocument(document);
        QVERIFY(key->isVisible());
        using Kinds = std::vector<FlowEdge::Kind>;
        QCOMPARE(key->kinds(), (Kinds{FlowEdge::Kind::Serve, FlowEdge::Kind::Fallback}));
        QVERIFY(key->accessibleDescription().contains(QStringLiteral("Dashed")));
        QVERIFY(!key->accessibleDescription().contains(QStringLiteral("Dotted")));
        QScrollBar* const bar = f.canvas().verticalScrollBar();
        QVERIFY(bar->maximum() > bar->minimum());
        for (int y = bar->minimum(); y <= bar->maximum(); y += 40) {
            bar->setValue(y);
            const FlowLayout& flow = f.canvas().flowScene().flow();
            const auto isUnderKey = [&](const QRectF& card) {
                return key->isVisible() &&
                       f.canvas().mapFromScene(card).boundingRect().intersects(key->geometry());
            };
            QVERIFY(!isUnderKey(flow.source));
            QVERIFY(std::ranges::none_of(flow.lanes, isUnderKey, &FlowLane::rect));
            QVERIFY(std::ranges::none_of(flow.stations, isUnderKey, &FlowStation::rect));
            QVERIFY(!key->isVisible() || !map->isVisible() ||
                    !key->geometry().intersects(map->geometry()));
        }
    }

    void theMapCoversNoCard()
    {
        Fixture f(manyRules());
        const auto* const map = f.page->findChild<QWidget*>(QStringLiteral("flowMinimap"));
        bool wasShown = false;
        for (const QSize size : {QSize(1300, 800), QSize(1204, 640), QSize(1900, 1000)}) {
            f.page->resize(size);
            QCoreApplication::processEvents();
            QScrollBar* const bar = f.canvas().verticalScrollBar();
            QVERIFY(bar->maximum() > bar->minimum());
            for (int y = bar->minimum(); y <= bar->maximum(); y += 40) {
                bar->setValue(y);
                if (!map->isVisible())
                    continue;
                wasShown = true;
                const FlowLayout& flow = f.canvas().flowScene().flow();
                const auto isUnderMap = [&](const QRectF& card) {
                    return f.canvas().mapFromScene(card).boundingRect().intersects(map->geometry());
                };
                QVERIFY(!isUnderMap(flow.source));
                for (const FlowLane& lane : flow.lanes)
                    QVERIFY(!isUnderMap(lane.rect));
                for (const FlowStation& station : flow.stations)
                    QVERIFY(!isUnderMap(station.rect));
            }
        }
        QVERIFY(wasShown);
    }

    void aConditionCanCompareASignalThatIsNotThereYet()
    {
        PolicyDocument document = policy();
        document.signalList.clear();
        document.rules.clear();
        Fixture f(document);
        QVERIFY(QTest::qWaitForWindowActive(f.page.get()));
        f.press(Qt::Key_Insert);
        f.press(Qt::Key_A, Qt::ControlModifier | Qt::ShiftModifier);
        const PolicyDocument before = f.document();
        auto* const field = f.page->findChild<SignalField*>();
        QTRY_VERIFY(field && field->isVisible());
        QCOMPARE(field->count(), 1);
        field->setCurrentIndex(0);
        emit field->activated(0); // as a choice from the list does
        const auto kindsMenu = [&] {
            return f.page->findChild<QMenu*>(QStringLiteral("newSignalKinds"));
        };
        QTRY_VERIFY(kindsMenu() && kindsMenu()->isVisible());
        auto* const kinds = kindsMenu();
        for (QAction* const kind : kinds->actions()) {
            if (kind->text() == QLatin1String("Measure of a text"))
                kind->trigger();
        }
        QCOMPARE(f.document().signalList.size(), std::size_t{1});
        const SignalId made = f.document().signalList[0].id;
        QCOMPARE(f.editor().selection(), selectSignal(made));
        QCOMPARE(f.document().rules[0].when,
                 anyOf({Condition{newCompare(f.document().signalList[0])}}));
        f.editor().undoStack()->undo();
        QCOMPARE(f.document(), before);
    }

    void keysOfTheCanvasAreToldWithTheActions()
    {
        Fixture f;
        QStringList told;
        for (const QAction* const action : f.page->actions()) {
            if (action->shortcut().isEmpty())
                told << keysOf(*action);
        }
        QVERIFY2(told.contains(QLatin1String("F2")) && told.contains(QLatin1String("F")),
                 qPrintable(told.join(QLatin1Char(' '))));
    }

    void severalRulesAreCopiedPastedAndDeleted()
    {
        Fixture f;
        f.click(f.lane("long").label.center());
        f.click(f.lane("short").label.center(), Qt::ControlModifier);
        f.press(Qt::Key_C, Qt::ControlModifier);
        QVERIFY(QGuiApplication::clipboard()->text().contains(QStringLiteral("\"rules\"")));
        f.press(Qt::Key_V, Qt::ControlModifier);
        QCOMPARE(ruleIds(f.document()), (Ids{"long", "short", "long-2", "short-2", "rest"}));
        QCOMPARE(f.steps(), 1);
        f.press(Qt::Key_D, Qt::ControlModifier);
        QCOMPARE(f.document().rules.size(), std::size_t{6});
        f.press(Qt::Key_A, Qt::ControlModifier);
        f.press(Qt::Key_Delete);
        QVERIFY(f.document().rules.empty());
        QCOMPARE(f.steps(), 3);
        QGuiApplication::clipboard()->setText(QStringLiteral("not a policy"));
        QSignalSpy notices(f.page.get(), &PolicyPage::notice);
        f.press(Qt::Key_V, Qt::ControlModifier);
        QCOMPARE(notices.count(), 1);
        QCOMPARE(f.steps(), 3);
    }

    void aThresholdIsDraggedOnTheHistogramAsOneStep()
    {
        Fixture f(policy(), true);
        f.editor().setSelection(selectRule(RuleId("long")));
        auto* const histogram =
            f.page->findChild<HistogramView*>(QStringLiteral("thresholdHistogram"));
        QTRY_VERIFY(histogram && histogram->isVisible());
        QCOMPARE(histogram->geometryOf().count(), std::size_t{100});
        const auto xAt = [&](double value) {
            return static_cast<int>(histogram->geometryOf().mapValueToX(value));
        };
        const int y = static_cast<int>(histogram->geometryOf().plotRect().center().y());
        QTest::mousePress(histogram, Qt::LeftButton, {}, {xAt(60), y});
        for (const double value : {65.0, 72.0, 80.0})
            QTest::mouseMove(histogram, {xAt(value), y});
        QVERIFY(f.editor().isPreviewing());
        QCOMPARE(f.steps(), 0);
        const auto shownAt = [&] {
            return std::get<double>(
                std::get<Compare>(f.editor().shownDocument().rules[0].when.node).value);
        };
        QVERIFY(shownAt() > 70);
        QTest::mouseRelease(histogram, Qt::LeftButton, {}, {xAt(80), y});
        QVERIFY(!f.editor().isPreviewing());
        QCOMPARE(f.steps(), 1);
        const double value =
            std::get<double>(std::get<Compare>(f.document().rules[0].when.node).value);
        QVERIFY2(value > 75 && value < 85, qPrintable(QString::number(value)));
        f.editor().undoStack()->undo();
        QCOMPARE(f.document(), policy());
    }

    void theSamePromptIsListedOnceNearTheLineAndCounted()
    {
        Fixture f(policy());
        f.workbench.setTraffic(repeatedMessages());
        f.editor().setSelection(selectRule(RuleId("long")));
        const auto* const list = f.page->findChild<QTreeWidget*>(QStringLiteral("nearestRequests"));
        QTRY_VERIFY(list && list->isVisible());
        QStringList shown;
        for (int i = 0; i < list->topLevelItemCount(); ++i)
            shown << QStringList{list->topLevelItem(i)->text(0), list->topLevelItem(i)->text(1),
                                 list->topLevelItem(i)->text(2).left(3)}
                         .join(QLatin1Char(' '));
        shown.sort(); // within one value the order means nothing
        QCOMPARE(shown, QStringList({QStringLiteral("59 1 ccc"), QStringLiteral("59 3 bbb"),
                                     QStringLiteral("60 2 ddd"), QStringLiteral("70 1 eee")}));
        // Each column says what it is, with its unit.
        QVERIFY(list->header()->isVisible());
        const QTreeWidgetItem* const heads = list->headerItem();
        QCOMPARE(heads->text(0), QStringLiteral("length (characters)"));
        QCOMPARE(heads->text(1), QStringLiteral("Requests"));
        QCOMPARE(heads->text(2), QStringLiteral("Message"));
    }

    void aDraggedRuleIsCountedWhereItIsLetGo()
    {
        Fixture f(policy(), true);
        QWidget* const viewport = f.canvas().viewport();
        const QPoint from = f.at(f.lane("long").grip.center());
        QTest::mousePress(viewport, Qt::LeftButton, {}, from);
        auto* const counted = f.page->findChild<QLabel*>(QStringLiteral("countedRequests"));
        QVERIFY(counted);
        QTRY_VERIFY(counted->text().contains(QLatin1String("all 100 requests")));
        QPoint to = from;
        while (ruleIds(f.editor().shownDocument()).back() != "long" &&
               to.y() < viewport->height()) {
            to.ry() += 8;
            QTest::mouseMove(viewport, to);
        }
        QCOMPARE(ruleIds(f.editor().shownDocument()), (Ids{"short", "rest", "long"}));
        QVERIFY(counted->text().contains(QLatin1String("all 100 requests")));
        QTest::mouseRelease(viewport, Qt::LeftButton, {}, to);
        QVERIFY2(counted->text().contains(QLatin1String("61 of 100")), qPrintable(counted->text()));
    }

    void aThresholdCountsWhatReachesItsRule()
    {
        Fixture f(policy(), true);
        f.editor().setSelection(selectRule(RuleId("long")));
        auto* const histogram =
            f.page->findChild<HistogramView*>(QStringLiteral("thresholdHistogram"));
        QTRY_VERIFY(histogram && histogram->isVisible());
        auto* const counted = f.page->findChild<QLabel*>(QStringLiteral("countedRequests"));
        QVERIFY2(counted->text().contains(QLatin1String("all 100 requests")),
                 qPrintable(counted->text()));
        f.editor().setSelection(selectRule(RuleId("short"))); // the first took 60 to 100
        QCOMPARE(histogram->geometryOf().count(), std::size_t{59});
        QVERIFY2(counted->text().contains(QLatin1String("59 of 100")), qPrintable(counted->text()));
        // Where the engine cannot say who is left, the panel says so.
        Rule broken = f.document().rules[0];
        std::get<Compare>(broken.when.node).signal = SignalId("gone");
        QVERIFY(f.editor().push(ReplaceRule{broken.id, broken}).has_value());
        QCOMPARE(histogram->geometryOf().count(), std::size_t{100});
        QVERIFY2(counted->text().contains(QLatin1String("also those")),
                 qPrintable(counted->text()));
        // All of them taken above: not an empty picture without a word.
        Rule everything = f.document().rules[0];
        everything.when = when("length", CompareOp::Gte, 0);
        QVERIFY(f.editor().push(ReplaceRule{everything.id, everything}).has_value());
        QVERIFY(!histogram->isVisible());
        QVERIFY(!counted->isVisible());
    }

    void bothSidesOfALineHaveTheirCost()
    {
        Fixture f;
        f.workbench.openSample();
        QTRY_VERIFY_WITH_TIMEOUT(f.workbench.projectionIsCurrent(), 60'000);
        f.editor().setSelection(selectRule(f.document().rules[0].id));
        auto* const histogram =
            f.page->findChild<HistogramView*>(QStringLiteral("thresholdHistogram"));
        QTRY_VERIFY(histogram && histogram->isVisible());
        const auto costs = [&] {
            static const QRegularExpression amount(QStringLiteral("\\$([\\d.,]+)"));
            std::vector<double> found;
            auto next = amount.globalMatch(histogram->accessibleDescription());
            while (next.hasNext())
                found.push_back(next.next().captured(1).remove(QLatin1Char(',')).toDouble());
            return found;
        };
        const std::vector<double> before = costs();
        QCOMPARE(before.size(), std::size_t{2});
        const auto& rows = *f.workbench.projection()->costOfRow;
        const double all = std::accumulate(rows.begin(), rows.end(), 0.0);
        QVERIFY(qAbs(before[0] + before[1] - all) < 0.02);
        const auto& compare = std::get<Compare>(f.document().rules[0].when.node);
        QCOMPARE(compare.op, CompareOp::Lte);
        const std::vector<double> values = f.workbench.signalValues(compare.signal);
        double left = 0;
        for (std::size_t row = 0; row < values.size(); ++row)
            left += values[row] <= std::get<double>(compare.value) ? rows[row] : 0;
        QVERIFY(left > 0.01 && left < all / 2);
        QVERIFY2(qAbs(before[0] - left) < 0.01, qPrintable(QString::number(left)));
        // They follow a line that is dragged, and come back with it.
        const auto at = [&](double value) {
            return QPoint(static_cast<int>(histogram->geometryOf().mapValueToX(value)),
                          static_cast<int>(histogram->geometryOf().plotRect().center().y()));
        };
        QTest::mousePress(histogram, Qt::LeftButton, {}, at(3.5));
        QTest::mouseMove(histogram, at(5));
        QTest::mouseMove(histogram, at(8));
        QVERIFY(f.editor().isPreviewing());
        QTRY_VERIFY(costs() != before);
        QTest::keyClick(histogram, Qt::Key_Escape);
        QVERIFY(!f.editor().isPreviewing());
        QTRY_COMPARE(costs(), before);
    }

    void keysThatMoveALineAreOneStep()
    {
        Fixture f(policy(), true);
        QVERIFY(QTest::qWaitForWindowActive(f.page.get()));
        f.editor().setSelection(selectRule(RuleId("long")));
        auto* const histogram =
            f.page->findChild<HistogramView*>(QStringLiteral("thresholdHistogram"));
        QTRY_VERIFY(histogram && histogram->isVisible());
        histogram->setFocus(Qt::TabFocusReason);
        for (int i = 0; i < 3; ++i)
            f.press(Qt::Key_Right);
        QCOMPARE(f.steps(), 1);
        f.canvas().setFocus(Qt::TabFocusReason);
        histogram->setFocus(Qt::TabFocusReason);
        f.press(Qt::Key_Left); // coming back is another step
        QCOMPARE(f.steps(), 2);
    }

    void escapeTakesAThresholdBackAndNothingElse()
    {
        Fixture f(policy(), true);
        QVERIFY(QTest::qWaitForWindowActive(f.page.get()));
        f.editor().setSelection(selectRule(RuleId("long")));
        auto* const histogram =
            f.page->findChild<HistogramView*>(QStringLiteral("thresholdHistogram"));
        QTRY_VERIFY(histogram && histogram->isVisible());
        histogram->setFocus(Qt::MouseFocusReason); // as a real press gives it
        const auto at = [&](double value) {
            return QPoint(static_cast<int>(histogram->geometryOf().mapValueToX(value)),
                          static_cast<int>(histogram->geometryOf().plotRect().center().y()));
        };
        QTest::mousePress(histogram, Qt::LeftButton, {}, at(60));
        QTest::mouseMove(histogram, at(70));
        QTest::mouseMove(histogram, at(80));
        QVERIFY(f.editor().isPreviewing());
        f.press(Qt::Key_Escape);
        QVERIFY(!f.editor().isPreviewing());
        QVERIFY(histogram->hasFocus());
        QCOMPARE(histogram->thresholds()[0].value, 60.0);
        QTest::mouseMove(histogram, at(90));
        QTest::mouseRelease(histogram, Qt::LeftButton, {}, at(90));
        QCOMPARE(f.steps(), 0);
        // A change from elsewhere ends a drag, too.
        QTest::mousePress(histogram, Qt::LeftButton, {}, at(60));
        QTest::mouseMove(histogram, at(80));
        f.editor().push(RemoveRule{RuleId("short")});
        QTest::mouseMove(histogram, at(90));
        QVERIFY(!f.editor().isPreviewing());
        QCOMPARE(histogram->thresholds()[0].value, 60.0);
        QTest::mouseRelease(histogram, Qt::LeftButton, {}, at(90));
        QCOMPARE(f.steps(), 1);
        // The next one goes back to the canvas.
        f.press(Qt::Key_Escape);
        QTRY_VERIFY(f.canvas().hasFocus());
    }

    void escapeEmptiesASearchFirst()
    {
        Fixture f(policy(), true);
        QVERIFY(QTest::qWaitForWindowActive(f.page.get()));
        f.press(Qt::Key_T, Qt::ControlModifier);
        auto* const search = f.page->findChild<SearchField*>();
        QVERIFY(search && search->isVisible());
        search->setFocus();
        f.type("xxx");
        f.press(Qt::Key_Escape);
        QVERIFY(search->text().isEmpty());
        QVERIFY(search->hasFocus());
        f.press(Qt::Key_Escape);
        QTRY_VERIFY(f.canvas().hasFocus());
    }

    void typingIntoOneFieldIsOneStep()
    {
        Fixture f;
        f.editor().setSelection(selectRule(RuleId("long")));
        f.press(Qt::Key_F2);
        f.type("Long ones");
        QCOMPARE(f.document().rules[0].label, std::string("Long ones"));
        QCOMPARE(f.steps(), 1);
        f.press(Qt::Key_Escape);
        f.press(Qt::Key_F2);
        f.type("Else");
        QCOMPARE(f.steps(), 2);
    }

    void outlineAndCanvasShareTheSelection()
    {
        Fixture f;
        f.press(Qt::Key_2, Qt::ControlModifier);
        QCOMPARE(f.page->currentView(), PolicyPage::View::Outline);
        QTRY_VERIFY(f.outline().hasFocus());
        f.editor().setSelection(selectRule(RuleId("short")));
        QCOMPARE(f.outline().currentIndex().data().toString(), QStringLiteral("short"));
        f.press(Qt::Key_Up, Qt::AltModifier);
        QCOMPARE(ruleIds(f.document()), (Ids{"short", "long", "rest"}));
        f.press(Qt::Key_F2);
        QTRY_VERIFY(qobject_cast<QLineEdit*>(QApplication::focusWidget()));
        f.type("Quick ones");
        f.press(Qt::Key_Return);
        QTRY_COMPARE(f.document().rules[0].label, std::string("Quick ones"));
        f.press(Qt::Key_Down);
        QCOMPARE(f.editor().selection(), selectRule(RuleId("short"), "when"));
        f.press(Qt::Key_Return); // into the inspector, at the value
        QVERIFY(qobject_cast<NumberField*>(QApplication::focusWidget()));
        f.press(Qt::Key_Escape);
        QTRY_VERIFY(f.outline().hasFocus());
        f.press(Qt::Key_Delete);
        QCOMPARE(f.document().rules[0].when,
                 Condition{Any{}}); // the condition went, the rule stays
    }

    /// Whatever takes away what is selected, canvas, outline and inspector go on with one thing.
    void theSelectionOutlivesWhatItWasOn_data()
    {
        QTest::addColumn<bool>("inOutline");
        QTest::newRow("keyboard in the canvas") << false;
        QTest::newRow("keyboard in the outline") << true;
    }

    void theSelectionOutlivesWhatItWasOn()
    {
        QFETCH(const bool, inOutline);
        PolicyDocument document = policy();
        document.rules[1].when = anyOf({when("length", CompareOp::Lt, 20)});
        document.gates = {Gate{GateMetric::CostSaving, 0.4, {}, GateScope::Total}};
        Fixture f(document);
        QVERIFY(QTest::qWaitForWindowActive(f.page.get()));
        if (inOutline) {
            f.page->showView(PolicyPage::View::Outline);
            f.outline().setFocus();
        }
        const auto shownInOutline = [&] {
            return qobject_cast<const PolicyOutlineModel*>(f.outline().model())
                ->selectionAt(f.outline().currentIndex());
        };
        // A condition, added and taken back.
        f.editor().setSelection(selectRule(RuleId("short"), "when.any[0]"));
        f.press(Qt::Key_A, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(f.editor().selection(), selectRule(RuleId("short"), "when.any[1]"));
        QCOMPARE(shownInOutline(), f.editor().selection());
        f.press(Qt::Key_Escape);
        f.editor().undoStack()->undo();
        QCOMPARE(f.editor().selection(), selectRule(RuleId("short"), "when"));
        QCOMPARE(shownInOutline(), f.editor().selection());
        // A rule, taken out of the text.
        f.editor().setSelection(selectRule(RuleId("short"), "plan"));
        PolicyDocument without = document;
        without.rules.erase(without.rules.begin() + 1);
        f.editor().push(ReplaceDocument{Boxed<PolicyDocument>(without)});
        QCOMPARE(f.editor().selection(), PolicySelection{});
        QCOMPARE(shownInOutline(), selectDocument());
        auto* const decideBy = f.page->findChild<QWidget*>(QStringLiteral("decideBy"));
        QVERIFY(decideBy && decideBy->isVisible()); // the inspector: the policy
        // A gate.
        f.editor().setSelection(selectDocument("gates[0]"));
        f.editor().push(SetGates{});
        QCOMPARE(f.editor().selection(), selectDocument());
        QCOMPARE(shownInOutline(), selectDocument());
    }

    void verdictsOfGatesAreShownWhole()
    {
        PolicyDocument document = supportDeskPolicy();
        Fixture f(document);
        f.workbench.openSample();
        f.editor().setSelection(selectDocument());
        QTRY_VERIFY_WITH_TIMEOUT(f.workbench.projection() && !f.workbench.projection()->quick,
                                 600'000);
        const auto* list = f.page->findChild<QWidget*>(QStringLiteral("gateList"));
        const auto isWhole = [&] {
            return std::ranges::all_of(list->findChildren<QLabel*>(), [](const QLabel* label) {
                return !label->wordWrap() || label->isHidden() ||
                       label->height() >= label->heightForWidth(label->width());
            });
        };
        QTRY_VERIFY(isWhole());
        f.page->resize(1900, 1000);
        QTRY_VERIFY(isWhole());
    }

    void aLimitIsKeptAsItIsTyped()
    {
        Fixture f(supportDeskPolicy());
        f.editor().setSelection(selectDocument());
        auto* limit = f.page->findChild<NumberField*>(QStringLiteral("gateLimit"));
        QCOMPARE(f.document().gates[0].metric, GateMetric::CostSaving);
        limit->setFocus();
        limit->selectAll();
        QTest::keyClicks(limit, QStringLiteral("12.3"));
        QCOMPARE(f.document().gates[0].atLeast, std::optional(0.123)); // not 0.12300000000000001
    }

    void aNewConditionHasTheKeyboardAtItsValue()
    {
        Fixture f;
        QVERIFY(QTest::qWaitForWindowActive(f.page.get()));
        f.editor().setSelection(selectRule(RuleId("long"), "when"));
        const auto number = [] { return qobject_cast<NumberField*>(QApplication::focusWidget()); };
        f.press(Qt::Key_A, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_VERIFY(number());
        QTest::keyClick(number(), Qt::Key_A, Qt::ControlModifier);
        f.type("12");
        f.press(Qt::Key_Return); // stays, ready for another number
        QVERIFY(number());
        QCOMPARE(number()->selectedText(), QStringLiteral("12"));
        f.type("34");
        const auto conditions = [&] {
            return std::get<All>(f.document().rules[0].when.node).conditions;
        };
        QCOMPARE(std::get<double>(std::get<Compare>(conditions().at(1).node).value), 34.0);
        // The same keys work here, a group has the keyboard in its first comparison.
        f.press(Qt::Key_G, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_VERIFY(number() && number()->text() != QStringLiteral("34"));
        f.type("5");
        QVERIFY(std::get_if<All>(&conditions().at(2).node));
        f.press(Qt::Key_Escape);
        QTRY_VERIFY(f.canvas().hasFocus());
    }

    void aNotIsSeenOnlyWhereItCounts()
    {
        Fixture f;
        f.editor().setSelection(selectRule(RuleId("long"), "when"));
        const auto chips = [&] {
            int visible = 0;
            for (const QToolButton* const chip :
                 f.page->findChildren<QToolButton*>(QStringLiteral("notChip")))
                visible += chip->isVisible() ? 1 : 0;
            return visible;
        };
        QCOMPARE(chips(), 0);
        f.press(Qt::Key_N, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(f.document().rules[0].when, negated(when("length", CompareOp::Gte, 60)));
        QTRY_COMPARE(chips(), 1);
        for (QToolButton* const chip :
             f.page->findChildren<QToolButton*>(QStringLiteral("notChip")))
            QTest::mouseClick(chip, Qt::LeftButton);
        QCOMPARE(f.document().rules[0].when, when("length", CompareOp::Gte, 60));
        QTRY_COMPARE(chips(), 0);
    }

    void sourceAndDocumentFollowEachOther()
    {
        Fixture f;
        f.page->showView(PolicyPage::View::Source);
        f.source().setFocus();
        QCOMPARE(f.source().toPlainText().toStdString(), toPolicyText(policy()));
        QString text = f.source().toPlainText();
        text.replace(QStringLiteral("\"value\": 60"), QStringLiteral("\"value\": 75"));
        QTextCursor all(f.source().document());
        all.select(QTextCursor::Document);
        all.insertText(text);
        QTRY_COMPARE(std::get<double>(std::get<Compare>(f.document().rules[0].when.node).value),
                     75.0);
        QCOMPARE(f.steps(), 1);
        f.editor().undoStack()->undo();
        QCOMPARE(f.source().toPlainText().toStdString(), toPolicyText(policy()));
    }

    void aBrokenSourceKeepsTheLastGoodPolicy()
    {
        Fixture f;
        f.page->showView(PolicyPage::View::Source);
        f.source().setFocus();
        QTextCursor cursor = f.source().document()->find(QStringLiteral("\"op\": \"gte\""));
        QVERIFY(!cursor.isNull());
        const int line = cursor.blockNumber() + 1;
        cursor.insertText(QStringLiteral("\"op\": \"more\""));
        QTRY_VERIFY(!f.source().marks().empty());
        QCOMPARE(f.source().marks().front().line, line);
        QCOMPARE(f.document(), policy());
        f.page->showView(PolicyPage::View::Canvas);
        QVERIFY(f.page->findChild<QWidget*>(QStringLiteral("staleCallout"))->isVisible());
        QVERIFY(f.canvas().flowScene().state().stale);
        // Repaired, it is in step again.
        f.page->showView(PolicyPage::View::Source);
        cursor = f.source().document()->find(QStringLiteral("\"more\""));
        cursor.insertText(QStringLiteral("\"gt\""));
        QTRY_VERIFY(f.source().marks().empty());
        QCOMPARE(std::get<Compare>(f.document().rules[0].when.node).op, CompareOp::Gt);
        QVERIFY(!f.canvas().flowScene().state().stale);
    }

    void aTriedRequestLightsUpItsWay()
    {
        Fixture f(policy(), true);
        f.page->tryTrafficRow(69); // 70 characters
        auto* const tree = f.page->findChild<QTreeView*>(QStringLiteral("traceTree"));
        QTRY_VERIFY(tree && tree->isVisible());
        const auto& trail = f.canvas().flowScene().state().trail;
        QVERIFY(trail);
        QCOMPARE(trail->lane, selectRule(RuleId("long")));
        const QModelIndex rule = tree->model()->index(0, 0);
        QCOMPARE(tree->model()->index(0, TraceModel::Saw, rule).data().toString(),
                 QStringLiteral("70 characters"));
        // It follows edits, and goes out with the panel.
        f.editor().push(RemoveRule{RuleId("long")});
        QCOMPARE(f.canvas().flowScene().state().trail->lane, selectOtherwise());
        f.page->findChild<SegmentedControl*>(QStringLiteral("sideSwitch"))->setCurrentIndex(0);
        QVERIFY(!f.canvas().flowScene().state().trail);
    }

    void nearMissesComeBehindTheWay()
    {
        Fixture f(policy(), true);
        f.page->tryTrafficRow(57); // 58 characters: two more, and another rule takes it
        const auto* const tree = f.page->findChild<QTreeView*>(QStringLiteral("traceTree"));
        const auto* const miss = f.page->findChild<QLabel*>(QStringLiteral("nearMiss"));
        QTRY_VERIFY(tree && tree->isVisible() && miss && miss->isVisible());
        const auto top = [&f](const QWidget* part) {
            return part->mapTo(f.page.get(), QPoint()).y();
        };
        // Rows are whole: the panel scrolls, not the tree in it.
        QTRY_COMPARE(tree->verticalScrollBar()->maximum(), 0);
        QTRY_VERIFY(top(miss) > top(tree) + tree->height());
    }

    void thePanelsBesideTheFlowHaveOneGround()
    {
        Fixture f(policy(), true);
        f.page->tryTrafficRow(69);
        auto* const panel = f.page->findChild<QWidget*>(QStringLiteral("tryPanel"));
        QTRY_VERIFY(panel && panel->isVisible());
        const QImage picture = panel->grab().toImage();
        for (const int y : {4, picture.height() / 2, picture.height() - 40})
            QCOMPARE(picture.pixelColor(4, y), Theme::current().colors().surface);
    }

    void theResultOfALongConversationStaysInView()
    {
        PolicyDocument document = policy();
        document.rules[0].label = "Long ones";
        Fixture f(document, true);
        f.page->resize(1300, 480);
        f.page->tryTrafficRow(99);
        auto* const headline = f.page->findChild<QWidget*>(QStringLiteral("wayHeadline"));
        QTRY_VERIFY(headline && headline->isVisible());
        QCOMPARE(headline->accessibleName(), QStringLiteral("dear by “Long ones”"));
        auto* const keep = f.page->findChild<QPushButton*>(QStringLiteral("keepAsTest"));
        auto* const scroll =
            f.page->findChild<QWidget*>(QStringLiteral("tryPanel"))->findChild<QScrollArea*>();
        QCoreApplication::processEvents(); // parts get their places
        scroll->verticalScrollBar()->setValue(scroll->verticalScrollBar()->maximum());
        QTRY_VERIFY(!keep->visibleRegion().isEmpty()); // the very end of the panel
        QVERIFY(headline->visibleRegion().boundingRect().height() >= headline->height());
    }

    void aTriedRequestIsKeptAsATest()
    {
        Fixture f(policy(), true);
        f.page->tryTrafficRow(9);
        auto* const keep = f.page->findChild<QPushButton*>(QStringLiteral("keepAsTest"));
        QTRY_VERIFY(keep && keep->isVisible());
        QTest::mouseClick(keep, Qt::LeftButton);
        QCOMPARE(f.document().tests.size(), std::size_t{1});
        QCOMPARE(f.document().tests[0].rule, std::optional(RuleId("short")));
        QCOMPARE(f.document().tests[0].model, std::optional(ModelId("cheap")));
    }

    void problemsOfferTheirFix()
    {
        PolicyDocument document = policy();
        document.rules[0].plan = call("gone");
        Fixture f(document);
        QVERIFY(!f.editor().findings().empty());
        auto* const toggle = f.page->findChild<QToolButton*>(QStringLiteral("toggleProblems"));
        QTest::mouseClick(toggle, Qt::LeftButton);
        auto* const place = f.page->findChild<QPushButton*>(QStringLiteral("findingPlace"));
        QVERIFY(place && place->isVisible());
        QTRY_VERIFY(place->height() > 0); // laid out
        QTest::mouseClick(place, Qt::LeftButton);
        QCOMPARE(f.editor().selection().id, std::string("long"));
    }

    void theWholeSentenceOfAProblemIsRead()
    {
        PolicyDocument document = policy();
        document.rules[0].label = "Everything that is long enough to be worth a dear answer";
        document.rules[1].when =
            allOf({when("length", CompareOp::Gte, 60), when("length", CompareOp::Lt, 80)});
        Fixture f(document);
        QTest::mouseClick(f.page->findChild<QToolButton*>(QStringLiteral("toggleProblems")),
                          Qt::LeftButton);
        QTRY_VERIFY(!f.workbench.prover().isProving());
        auto* const panel = f.page->findChild<QWidget*>(QStringLiteral("problemsPanel"));
        const auto words = [&] {
            return panel->findChildren<QLabel*>(
                QRegularExpression(QStringLiteral("^finding(Words|Example)$")));
        };
        QTRY_VERIFY(words().size() >= 2); // a sentence and its example
        const auto areWhole = [&] {
            const auto labels = words();
            return std::ranges::all_of(labels, [](const QLabel* label) {
                return label->height() >= label->heightForWidth(label->width());
            });
        };
        const auto tallest = [&] {
            int most = 0;
            for (const QLabel* const label : words())
                most = std::max(most, label->height());
            return most;
        };
        QTRY_VERIFY(areWhole());
        const int wide = tallest();
        f.page->resize(900, 800);
        QTRY_VERIFY(tallest() > wide && areWhole());
        // What is done about it stays beside it.
        const auto* const attempt = panel->findChild<QPushButton*>(QStringLiteral("findingTry"));
        QVERIFY(attempt && attempt->visibleRegion().boundingRect().width() == attempt->width());
    }

    void anExampleOfAProblemIsTried()
    {
        PolicyDocument document = policy();
        document.rules[1].when =
            allOf({when("length", CompareOp::Gte, 60), when("length", CompareOp::Lt, 80)});
        Fixture f(document);
        auto* const toggle = f.page->findChild<QToolButton*>(QStringLiteral("toggleProblems"));
        QTest::mouseClick(toggle, Qt::LeftButton);
        QTRY_VERIFY(!f.workbench.prover().isProving());
        auto* const attempt = f.page->findChild<QPushButton*>(QStringLiteral("findingTry"));
        QVERIFY(attempt);
        QVERIFY(attempt->isVisible());
        QVERIFY(attempt->accessibleName().startsWith(QStringLiteral("Try the example of: ")));
        attempt->setFocus();
        QTest::keyClick(attempt, Qt::Key_Space);
        const auto* const tried = f.page->findChild<TryPanel*>();
        QVERIFY(tried->isVisible());
        QTRY_VERIFY(tried->trace().has_value());
        QCOMPARE(tried->trace()->decision.rule, 0); // the rule before takes it
        QVERIFY(tried->trace()->rules[1].matched);
    }

    void rowsThatStayKeepTheKeyboardWhenProofsArrive()
    {
        PolicyDocument document = policy();
        document.rules[0].plan = chain({call("cheap"), call("cheap")});
        document.rules[1].when = when("length", CompareOp::Gte, 80);
        Fixture f(document);
        auto* const toggle = f.page->findChild<QToolButton*>(QStringLiteral("toggleProblems"));
        QTest::mouseClick(toggle, Qt::LeftButton);
        QTRY_VERIFY(!f.workbench.prover().isProving());
        QPointer<QPushButton> place =
            f.page->findChild<QPushButton*>(QStringLiteral("findingPlace"));
        QVERIFY(place);
        place->setFocus();
        f.workbench.setTraffic(traffic());
        QTRY_VERIFY(!f.workbench.prover().isProving());
        QVERIFY(place && place->hasFocus());
    }

    /// What was typed where the keyboard is goes first, then the edits of the policy.
    void undoInAFieldTakesBackTheTypingFirst()
    {
        Fixture f;
        auto* const undo = f.editor().undoStack()->createUndoAction(f.page.get());
        undo->setShortcut(QKeySequence::Undo); // the window has it
        f.page->addAction(undo);
        const auto undoByKey = [&] { f.press(Qt::Key_Z, Qt::ControlModifier); };
        Rule rule = f.document().rules[0];
        rule.note = "before";
        QVERIFY(f.editor().push(ReplaceRule{rule.id, rule}).has_value());

        // A name that counts only when the field is left.
        f.editor().setSelection(selectModel(f.document().models[0].id));
        auto* const name = f.page->findChild<QLineEdit*>(QStringLiteral("modelId"));
        QVERIFY(name);
        const QString before = name->text();
        name->setFocus();
        f.type("zz");
        QVERIFY(name->text() != before);
        undoByKey();
        QCOMPARE(name->text(), before);
        QCOMPARE(f.steps(), 1);

        // One that counts at every key.
        f.editor().setSelection(selectRule(f.document().rules[0].id));
        auto* const label = f.page->findChild<QLineEdit*>(QStringLiteral("ruleLabel"));
        QVERIFY(label);
        const QString called = label->text();
        label->setFocus();
        label->end(false);
        f.type("ab");
        QCOMPARE(f.steps(), 2);
        undoByKey();
        QCOMPARE(label->text(), called);
        QCOMPARE(f.document().rules[0].label, called.toStdString());
        QCOMPARE(f.steps(), 1);
        undoByKey(); // nothing is typed any more
        QCOMPARE(f.steps(), 0);

        // What was done in between is not passed over: no redo of typing brings back what came
        // before it, and a name that counts since Enter is the policy's to take back.
        rule.note = "again";
        QVERIFY(f.editor().push(ReplaceRule{rule.id, rule}).has_value());
        f.type("x");
        undoByKey();
        QCOMPARE(label->text(), called);
        f.editor().undoStack()->undo();
        f.press(Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(label->text(), called);
        f.editor().setSelection(selectModel(f.document().models[0].id));
        name->setFocus();
        f.type("zz");
        f.press(Qt::Key_Return);
        QVERIFY(f.document().models[0].id.value != before.toStdString());
        undoByKey();
        QCOMPARE(f.document().models[0].id.value, before.toStdString());
        f.editor().setSelection(selectModel(f.document().models[0].id));
        QCOMPARE(name->text(), before);
        name->setFocus();
        f.canvas().setFocus(); // nothing is left in the field that would count now
        QCOMPARE(f.document().models[0].id.value, before.toStdString());
        f.editor().setSelection(selectRule(f.document().rules[0].id));
        label->setFocus();
        label->end(false);

        // What was typed before one went elsewhere is the policy's to undo.
        f.type("ab");
        f.canvas().setFocus();
        rule = f.document().rules[0];
        rule.note = "later";
        QVERIFY(f.editor().push(ReplaceRule{rule.id, rule}).has_value());
        label->setFocus();
        undoByKey();
        QVERIFY(f.document().rules[0].note != "later");
        QCOMPARE(label->text(), called + QStringLiteral("ab"));
    }

    /// The field stays the renamed thing's own, so that what is typed next is meant for it.
    void aRenameTakenBackKeepsWhatIsSelected()
    {
        Fixture f;
        auto* const undo = f.editor().undoStack()->createUndoAction(f.page.get());
        undo->setShortcut(QKeySequence::Undo);
        f.page->addAction(undo);
        const ModelId cheap("cheap");
        f.editor().setSelection(selectModel(cheap));
        auto* const name = f.page->findChild<QLineEdit*>(QStringLiteral("modelId"));
        QVERIFY(name);
        name->setFocus();
        name->selectAll();
        f.type("thrifty");
        f.press(Qt::Key_Return);
        QCOMPARE(f.editor().selection(), selectModel(ModelId("thrifty")));
        QVERIFY(name->hasFocus());
        f.press(Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(f.editor().selection(), selectModel(cheap));
        QCOMPARE(name->text(), QStringLiteral("cheap"));
        QVERIFY(name->hasFocus());
        f.editor().undoStack()->redo();
        QCOMPARE(f.editor().selection(), selectModel(ModelId("thrifty")));
        QVERIFY(name->hasFocus());
    }

    /// No field of anything else gets what is typed then.
    void theKeyboardLeavesTheFieldsOfWhatIsGone()
    {
        Fixture f;
        ModelSpec added;
        added.id = ModelId("added");
        QVERIFY(f.editor().push(InsertModel{f.document().models.size(), added}).has_value());
        f.editor().setSelection(selectModel(added.id));
        auto* const name = f.page->findChild<QLineEdit*>(QStringLiteral("modelId"));
        QVERIFY(name);
        name->setFocus();
        f.editor().undoStack()->undo();
        QCOMPARE(f.editor().selection(), PolicySelection{});
        QCOMPARE(QApplication::focusWidget(), &f.canvas());
    }

    /// Other colours of a text are no typing, of an empty one neither.
    void anotherThemeLeavesTheSourceAlone()
    {
        const auto restore = qScopeGuard([before = Theme::choice()] { Theme::setChoice(before); });
        Theme::setChoice(ThemeChoice::Light);
        Fixture f;
        const auto* const sign = f.page->findChild<IconLabel*>();
        QVERIFY(sign);
        const QImage light = sign->pixmap(Qt::ReturnByValue).toImage();
        for (const ThemeChoice choice : {ThemeChoice::Dark, ThemeChoice::Light}) {
            Theme::setChoice(choice);
            QCoreApplication::processEvents();
            QVERIFY(f.editor().mayBeSaved().has_value());
            QVERIFY(!f.editor().current().typed());
            QCOMPARE(sign->pixmap(Qt::ReturnByValue).toImage() == light,
                     choice == ThemeChoice::Light); // it can be seen in both
        }
        f.press(Qt::Key_3, Qt::ControlModifier);
        Theme::setChoice(ThemeChoice::Dark);
        QCoreApplication::processEvents();
        QVERIFY(!f.editor().isModified());
        f.type(" ");
        QVERIFY(f.editor().mayBeSaved().has_value());
    }

    /// By F2, in every view; what has no name of its own is edited where it stands.
    void everythingCanBeRenamedByKey_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QString>("field");
        QTest::newRow("signal") << QStringLiteral("signal") << QStringLiteral("signalId");
        QTest::newRow("model") << QStringLiteral("model") << QStringLiteral("modelId");
        QTest::newRow("rule") << QStringLiteral("rule") << QStringLiteral("ruleLabel");
    }
    void everythingCanBeRenamedByKey()
    {
        QFETCH(const QString, kind);
        QFETCH(const QString, field);
        Fixture f;
        const PolicySelection place =
            kind == QStringLiteral("signal")  ? selectSignal(f.document().signalList[0].id)
            : kind == QStringLiteral("model") ? selectModel(f.document().models[0].id)
                                              : selectRule(f.document().rules[0].id);
        f.editor().setSelection(place);
        f.canvas().setFocus();
        f.press(Qt::Key_F2);
        QVERIFY(QApplication::focusWidget());
        QCOMPARE(QApplication::focusWidget()->objectName(), field);
        if (kind == QStringLiteral("rule"))
            return; // the outline renames it in its row
        f.press(Qt::Key_2, Qt::ControlModifier);
        f.press(Qt::Key_F2);
        QVERIFY(QApplication::focusWidget());
        QCOMPARE(QApplication::focusWidget()->objectName(), field);
    }

    /// The policy has a name, its gates have none: it is not what is typed into then.
    void aGateIsEditedAndNothingElse()
    {
        PolicyDocument document = policy();
        document.gates.push_back(Gate{});
        Fixture f(document);
        f.editor().setSelection(selectDocument("gates[0]"));
        f.canvas().setFocus();
        f.press(Qt::Key_F2);
        QWidget* const focused = QApplication::focusWidget();
        QVERIFY(focused &&
                f.page->findChild<QWidget*>(QStringLiteral("inspector"))->isAncestorOf(focused));
        QVERIFY2(focused->objectName() != QStringLiteral("policyName"),
                 qPrintable(focused->objectName()));
    }

    /// Also where a rule is selected, whose keys would be meant else.
    void aNewRuleIsNamedFirst()
    {
        Fixture f;
        f.editor().setSelection(selectRule(f.document().rules[0].id));
        f.canvas().setFocus();
        f.press(Qt::Key_Insert);
        f.type("Long ones");
        QCOMPARE(f.document().rules.size(), policy().rules.size() + 1);
        const auto added = std::ranges::find(f.document().rules, "Long ones", &Rule::label);
        QVERIFY(added != f.document().rules.end());
        QVERIFY(added->enabled);
    }

    void undoInTryARequestIsOfItsTextAlone()
    {
        Fixture f;
        auto* const undo = f.editor().undoStack()->createUndoAction(f.page.get());
        undo->setShortcut(QKeySequence::Undo);
        f.page->addAction(undo);
        Rule rule = f.document().rules[0];
        rule.note = "before";
        QVERIFY(f.editor().push(ReplaceRule{rule.id, rule}).has_value());
        f.press(Qt::Key_T, Qt::ControlModifier);
        auto* const message = f.page->findChild<QPlainTextEdit*>(QStringLiteral("tryMessage"));
        QVERIFY(message && message->hasFocus());
        f.type("hello");
        f.press(Qt::Key_Z, Qt::ControlModifier);
        QVERIFY(message->toPlainText().isEmpty());
        f.press(Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(f.steps(), 1);
    }

    /// Else what is typed next would rename what is selected.
    void aViewThatIsCalledByKeyHasTheKeyboard()
    {
        Fixture f;
        f.editor().setSelection(selectRule(f.document().rules[0].id));
        auto* const label = f.page->findChild<QLineEdit*>(QStringLiteral("ruleLabel"));
        QVERIFY(label);
        const std::pair<Qt::Key, QWidget*> views[] = {
            {Qt::Key_3, &f.source()}, {Qt::Key_2, &f.outline()}, {Qt::Key_1, &f.canvas()}};
        for (const auto& [key, view] : views) {
            label->setFocus();
            f.press(key, Qt::ControlModifier);
            QCOMPARE(QApplication::focusWidget(), view);
        }
    }

    void theFixOfAProofIsOneUndoStep()
    {
        PolicyDocument document = policy();
        document.rules[1].when = allOf({document.rules[1].when, document.rules[2].when});
        Fixture f(document);
        QTest::mouseClick(f.page->findChild<QToolButton*>(QStringLiteral("toggleProblems")),
                          Qt::LeftButton);
        QTRY_VERIFY(!f.workbench.prover().isProving());
        const auto fixes = f.page->findChildren<QPushButton*>(QStringLiteral("findingFix"));
        const auto found = std::ranges::find_if(fixes, [](const QPushButton* fix) {
            return fix->text() == QStringLiteral("Remove this part");
        });
        QVERIFY(found != fixes.end());
        (*found)->setFocus();
        QTest::keyClick(*found, Qt::Key_Space);
        QCOMPARE(f.steps(), 1);
        QVERIFY(f.document().rules[1].when == allOf({policy().rules[1].when}));
        // The keyboard is in the list still, with what stands there now.
        QVERIFY(f.page->findChild<QWidget*>(QStringLiteral("problemsPanel"))
                    ->isAncestorOf(QApplication::focusWidget()));
        f.editor().undoStack()->undo();
        QVERIFY(f.document() == document);
    }

    void whatTheAnswersSayOfAFallbackIsShownWithItsStep()
    {
        Fixture f(supportDeskPolicy());
        PlanEvidence& evidence = f.workbench.planEvidence();
        f.workbench.setTraffic(test::smallTraffic());
        QTRY_VERIFY_WITH_TIMEOUT(!evidence.edges().empty(), 120'000);
        const FallbackEdge edge = evidence.edges().front();
        f.editor().setSelection(selectionFromPath(f.document(), edge.path));
        const auto shown = [&f] {
            QStringList names;
            for (const auto* const view :
                 f.page->findChildren<TakeoverView*>(QStringLiteral("takeovers"))) {
                for (const QWidget* const each : view->findChildren<QWidget*>()) {
                    if (view->isVisible() && !each->accessibleName().isEmpty())
                        names << each->accessibleName();
                }
            }
            return names.join(QLatin1Char('\n'));
        };
        QTRY_VERIFY(!shown().isEmpty());
        QVERIFY2(shown().startsWith(QStringLiteral("Takes over from palm-2. Happens to: ")),
                 qPrintable(shown()));
        QVERIFY(shown().contains(QStringLiteral("Voice jump: ")));
        QVERIFY(shown().contains(QStringLiteral("Simulated: ")));
        // A step that is the first takes over from nobody.
        Rule rule = f.document().rules.front();
        rule.plan = call("gpt-4");
        QVERIFY(f.editor().push(ReplaceRule{rule.id, rule}));
        f.editor().setSelection(selectRule(rule.id));
        QTRY_VERIFY(shown().isEmpty());
    }

    void whatIsUnknownOfAFallbackSaysWhy()
    {
        FallbackEdge edge;
        edge.from = ModelId("cheap");
        edge.answers = 12;
        edge.probability = 0.25;
        edge.addedP50Ms = edge.wastedUsdPer1k = edge.noticeability = std::nan("");
        TakeoverView view;
        view.setTakeovers({{edge}, 0.5});
        QStringList spoken;
        for (const QWidget* const each : view.findChildren<QWidget*>())
            spoken << each->accessibleName();
        const QString words = spoken.join(QLatin1Char(' '));
        for (const char* const why :
             {"no times recorded", "no price, or no traffic", "voices not compared yet"})
            QVERIFY2(words.contains(QStringLiteral("unknown: ") + QLatin1String(why)),
                     qPrintable(words));
    }

    void whatTheAnswersSayIsInTheListOfProblems()
    {
        PolicyDocument document = supportDeskPolicy();
        document.models[0].provider = "openai";
        document.models[0].keyRef = "env:SIGNALBOX_TEST_NO_KEY";
        document.models[0].price->asOf = "2020-01-01";
        qunsetenv("SIGNALBOX_TEST_NO_KEY");
        Fixture f(document);
        f.workbench.setTraffic(test::smallTraffic());
        QTest::mouseClick(f.page->findChild<QToolButton*>(QStringLiteral("toggleProblems")),
                          Qt::LeftButton);
        const auto says = [&f](const char* words) {
            const auto rows = f.page->findChildren<QWidget*>(QStringLiteral("finding"));
            return std::ranges::any_of(rows, [words](const QWidget* row) {
                return row->accessibleName().contains(QString::fromLatin1(words));
            });
        };
        QTRY_VERIFY(says("is to be read from SIGNALBOX_TEST_NO_KEY"));
        QTRY_VERIFY_WITH_TIMEOUT(says("No answers of"), 120'000);
        QVERIFY(says("The price of"));
        // The age stands beside the price, too.
        f.editor().setSelection(selectModel(document.models[0].id));
        auto* const age = f.page->findChild<Badge*>(QStringLiteral("priceAge"));
        QVERIFY(age);
        QVERIFY(age->isVisible());
        QVERIFY(age->text().endsWith(QStringLiteral("days old")));
        f.editor().setSelection(selectModel(document.models[1].id));
        QVERIFY(!age->isVisible());
    }

    void thePriceBookOffersWhatItKnows()
    {
        Fixture f(policy());
        ModelSpec model = f.document().models[1];
        model.provider = "openai";
        model.upstreamModel = "gpt-4o";
        model.price.reset();
        QVERIFY(f.editor().push(ReplaceModel{model.id, model}).has_value());
        f.editor().setSelection(selectModel(model.id));
        auto* const words = f.page->findChild<QLabel*>(QStringLiteral("listedPrice"));
        auto* const take = f.page->findChild<QPushButton*>(QStringLiteral("takeListedPrice"));
        QVERIFY(words && words->isVisible());
        QVERIFY2(words->text().startsWith(QStringLiteral("The price book says $")),
                 qPrintable(words->text()));
        take->click();
        const auto taken = f.document().models[1].price;
        QVERIFY(taken && taken->inputPerToken > Money() && !taken->asOf.empty());
        QVERIFY(!words->isVisible() && !take->isVisible()); // it is what stands there
        f.editor().undoStack()->undo();
        QVERIFY(!f.document().models[1].price);
        model.upstreamModel = "made-up";
        QVERIFY(f.editor().push(ReplaceModel{model.id, model}).has_value());
        QVERIFY(words->isVisible() && !take->isVisible());
        QVERIFY2(words->text().startsWith(QStringLiteral("The price book does not help: ")),
                 qPrintable(words->text()));
        model.provider = "simulator";
        QVERIFY(f.editor().push(ReplaceModel{model.id, model}).has_value());
        QVERIFY(!words->isVisible());
    }

    void aModelMayBeAskedInAnyDialect()
    {
        Fixture f(policy());
        f.editor().setSelection(selectModel(ModelId("dear")));
        auto* const provider = f.page->findChild<QComboBox*>(QStringLiteral("modelProvider"));
        auto* const address = f.page->findChild<QLineEdit*>(QStringLiteral("baseUrl"));
        QVERIFY(provider);
        QVERIFY(address);
        QCOMPARE(provider->count(), int(knownProviders().size()));
        QVERIFY(!address->isVisible()); // the simulator has none
        QTest::keyClicks(provider, QStringLiteral("Anthropic"));
        QCOMPARE(f.editor().document().findModel(ModelId("dear"))->provider,
                 std::string("anthropic"));
        QVERIFY(address->isVisible());
        QCOMPARE(address->placeholderText(), QStringLiteral("https://api.anthropic.com/v1"));
    }

    void everyControlHasAName()
    {
        Fixture f(policy(), true);
        for (const PolicySelection& selection :
             {selectRule(RuleId("long")), selectOtherwise(), selectModel(ModelId("dear")),
              selectSignal(SignalId("length")), selectDocument()}) {
            f.editor().setSelection(selection);
            QStringList nameless;
            for (QWidget* const widget : f.page->findChildren<QWidget*>()) {
                QAccessibleInterface* const access = QAccessible::queryAccessibleInterface(widget);
                if (!access || !widget->isVisible())
                    continue;
                const QAccessible::Role role = access->role();
                const bool needsName =
                    role == QAccessible::PushButton || role == QAccessible::CheckBox ||
                    role == QAccessible::EditableText || role == QAccessible::ComboBox ||
                    role == QAccessible::Table || role == QAccessible::Tree;
                const bool inside = qobject_cast<QComboBox*>(widget->parentWidget()) != nullptr;
                if (needsName && !inside && access->text(QAccessible::Name).isEmpty())
                    nameless << QString::fromLatin1(widget->metaObject()->className()) +
                                    QLatin1Char(' ') + widget->objectName();
            }
            QVERIFY2(nameless.isEmpty(), qPrintable(nameless.join(QStringLiteral(", "))));
        }
    }

    void whileNothingIsSelectedTheInspectorShowsThePolicy()
    {
        Fixture f;
        const auto field = [&](const char* name) {
            return f.page->findChild<QWidget*>(QString::fromLatin1(name));
        };
        QVERIFY(field("decideBy") && field("decideBy")->isVisible());
        // Nothing of it is cut at the right.
        const QWidget* const pane = field("documentPane");
        QVERIFY2(pane->width() <= pane->parentWidget()->width(),
                 qPrintable(QString::number(pane->minimumSizeHint().width())));
        f.click(f.lane("short").label.center());
        QVERIFY(!field("decideBy")->isVisible());
        f.click(f.canvas().flowScene().flow().bounds.bottomLeft() + QPointF(4, -4));
        QVERIFY(field("decideBy")->isVisible());
        auto* const decideBy = qobject_cast<ChoiceField*>(field("decideBy"));
        decideBy->setFocus();
        f.press(Qt::Key_Down);
        QCOMPARE(f.document().decideBy, DecisionUnit::Conversation);
        QCOMPARE(f.steps(), 1);
    }

    void aNoteIsShownWhole_data()
    {
        QTest::addColumn<int>("words");
        for (const int words : {1, 9, 15, 20, 24, 30, 36})
            QTest::addRow("%d words", words) << words;
    }
    void aNoteIsShownWhole()
    {
        QFETCH(int, words);
        PolicyDocument document = policy();
        for (int i = 0; i < words; ++i)
            document.note += i % 3 == 0 ? "thresholds " : "gone, ";
        Fixture f(document);
        auto* const note =
            f.page->findChild<QWidget*>(QStringLiteral("documentPane"))->findChild<NoteField*>();
        QTRY_VERIFY(note && note->isVisible());
        QTRY_COMPARE(note->verticalScrollBar()->maximum(), 0);
        QVERIFY(!note->verticalScrollBar()->isVisible());
        // It grows with what is typed.
        const int before = note->height();
        note->setFocus();
        note->moveCursor(QTextCursor::End);
        f.press(Qt::Key_Return);
        f.press(Qt::Key_Return);
        f.type("more");
        QTRY_COMPARE(note->verticalScrollBar()->maximum(), 0);
        QVERIFY(note->height() > before);
    }

    void fieldsEndAtOneEdgeWithOrWithoutAScrollBar()
    {
        Fixture f;
        auto* const inspector = f.page->findChild<QWidget*>(QStringLiteral("inspector"));
        auto* const note = inspector->findChild<NoteField*>();
        const auto* const bar = inspector->findChild<QScrollArea*>()->verticalScrollBar();
        const auto end = [&] { return note->mapTo(inspector, QPoint(note->width(), 0)).x(); };
        f.page->resize(1204, 2400);
        QTRY_VERIFY(!bar->isVisible() && end() == inspector->width() - space::kWide);
        f.page->resize(1204, 480);
        QTRY_VERIFY(bar->isVisible() && end() == inspector->width() - space::kWide);
    }

    void whatTheInspectorCutsFades()
    {
        Fixture f;
        f.page->resize(1204, 480);
        auto* const inspector = f.page->findChild<QWidget*>(QStringLiteral("inspector"));
        QTRY_VERIFY(inspector && inspector->isVisible());
        auto* const area = inspector->findChild<QScrollArea*>();
        const auto fades = [&](Qt::Edge edge) {
            for (const ScrollFade* const fade : area->findChildren<ScrollFade*>()) {
                if (fade->edge() == edge)
                    return fade->isVisible() && fade->geometry().intersects(area->rect());
            }
            return false;
        };
        QScrollBar* const bar = area->verticalScrollBar();
        QTRY_VERIFY(bar->maximum() > 0);
        QVERIFY(fades(Qt::BottomEdge));
        QVERIFY(!fades(Qt::TopEdge));
        bar->setValue(bar->maximum());
        QVERIFY(!fades(Qt::BottomEdge));
        QVERIFY(fades(Qt::TopEdge));
        for (const ScrollFade* const fade : area->findChildren<ScrollFade*>()) {
            const QRect view = area->viewport()->geometry();
            QCOMPARE(fade->width(), view.width());
            QCOMPARE(fade->edge() == Qt::TopEdge ? fade->y() : fade->geometry().bottom(),
                     fade->edge() == Qt::TopEdge ? view.top() : view.bottom());
        }
    }

    void theSelectedPartIsScrolledIntoTheInspector()
    {
        PolicyDocument document = policy();
        document.rules[1].plan = chain({call("cheap"), call("dear"), call("cheap")});
        Fixture f(document);
        f.page->resize(1204, 480);
        f.click(f.lane("short").nodes[3].pill.center());
        const auto retries = [&] {
            return f.page->findChildren<NumberField*>(QStringLiteral("retryCount")).last();
        };
        QTRY_VERIFY(!retries()->visibleRegion().isEmpty());
        QCOMPARE(f.page->focusWidget(), &f.canvas()); // the keyboard stays
        f.click(f.lane("short").label.center());
        auto* const label = f.page->findChild<QWidget*>(QStringLiteral("ruleLabel"));
        QTRY_VERIFY(label && !label->visibleRegion().isEmpty());
        // So is a part that a gesture has just made.
        f.click(f.lane("short").nodes[3].pill.center());
        for (QToolButton* const button : f.page->findChildren<QToolButton*>()) {
            if (button->accessibleName() == QLatin1String("Split off a tenth"))
                QTest::mouseClick(button, Qt::LeftButton);
        }
        QTRY_VERIFY(f.page->findChild<NumberField*>(QStringLiteral("armWeight")));
        const auto lastWeight = [&] {
            return f.page->findChildren<NumberField*>(QStringLiteral("armWeight")).last();
        };
        QTRY_VERIFY(!lastWeight()->visibleRegion().isEmpty());
    }

    void nestedPlansAreNumberedAsAnOutline()
    {
        PolicyDocument document = policy();
        document.rules[1].plan =
            chain({chain({call("cheap"), call("dear")}),
                   split({{9'000, call("dear")}, {1'000, chain({call("cheap"), call("dear")})}})});
        Fixture f(document);
        f.editor().setSelection(selectRule(RuleId("short")));
        const auto* const editor = f.page->findChild<QWidget*>(QStringLiteral("planEditor"));
        QTRY_VERIFY(editor && editor->isVisible());
        std::map<QString, QString> names; // by number
        for (const QLabel* const number :
             editor->findChildren<QLabel*>(QStringLiteral("outlineNumber")))
            names[number->text()] = number->parentWidget()->accessibleName();
        const std::map<QString, QString> wanted{
            {QStringLiteral("1"), QStringLiteral("Step 1")},
            {QStringLiteral("1.1"), QStringLiteral("Step 1.1")},
            {QStringLiteral("1.2"), QStringLiteral("Step 1.2")},
            {QStringLiteral("2"), QStringLiteral("Step 2")},
            {QStringLiteral("2.1"), QStringLiteral("Arm 2.1")},
            {QStringLiteral("2.2"), QStringLiteral("Arm 2.2")},
            {QStringLiteral("2.2.1"), QStringLiteral("Step 2.2.1")},
            {QStringLiteral("2.2.2"), QStringLiteral("Step 2.2.2")}};
        QCOMPARE(names.size(), wanted.size());
        for (const auto& [number, name] : wanted)
            QCOMPARE(names[number], name);
    }

    void theFlowFillsItsWindow()
    {
        Fixture f;
        f.page->resize(1204, 640); // what a window of 1280 x 800 leaves
        QTRY_VERIFY(f.canvas().zoom() >= 1.0);
        f.page->resize(1900, 1000);
        QTRY_COMPARE(f.canvas().zoom(), 1.25);
        const QRectF shown = f.canvas().mapToScene(f.canvas().viewport()->rect()).boundingRect();
        const QRectF bounds = f.canvas().flowScene().flow().bounds;
        QVERIFY(shown.contains(bounds));
        // The map is there only while something is out of sight.
        const auto* const map = f.page->findChild<QWidget*>(QStringLiteral("flowMinimap"));
        QVERIFY(map && !map->isVisible());
        f.press(Qt::Key_Insert);
        QVERIFY(!map->isVisible());
        f.press(Qt::Key_Delete);
        QVERIFY(!map->isVisible());
        f.canvas().zoomBy(2);
        QVERIFY(map->isVisible());
        f.canvas().fit();
        QVERIFY(!map->isVisible());
        QVERIFY(bounds.width() > 0.85 * shown.width());
        QVERIFY(qAbs(bounds.center().y() - shown.center().y()) < 2);
    }

    void namesAreShownToTheLetter_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("shown");
        QTest::addColumn<QString>("inToolTip");
        QTest::newRow("markup") << QStringLiteral("<img src=x>") << QStringLiteral("<img src=x>")
                                << QStringLiteral("<p>&lt;img src=x&gt;</p>");
        const QString bidi = QStringLiteral("a\u202Eb");
        QTest::newRow("reordering")
            << bidi << QStringLiteral("a⟨RLO⟩b") << QStringLiteral("a⟨RLO⟩b");
        QTest::newRow("ampersand")
            << QStringLiteral("Q&A") << QStringLiteral("Q&A") << QStringLiteral("Q&A");
    }

    void namesAreShownToTheLetter()
    {
        QFETCH(const QString, name);
        QFETCH(const QString, shown);
        QFETCH(const QString, inToolTip);
        PolicyDocument document = policy();
        document.rules[0].label = name.toStdString();
        document.rules[0].plan = call("gone");
        Fixture f(document);
        // On the canvas.
        QCOMPARE(f.lane("long").labelText, shown);
        const QPoint at = f.at(f.lane("long").label.center());
        QHelpEvent help(QEvent::ToolTip, at, f.canvas().viewport()->mapToGlobal(at));
        QApplication::sendEvent(f.canvas().viewport(), &help);
        QCOMPARE(QToolTip::text(), inToolTip);
        QToolTip::hideText();
        // In the outline, where it is edited as it is.
        const auto* const model = qobject_cast<const PolicyOutlineModel*>(f.outline().model());
        QVERIFY(model);
        const QModelIndex rule = model->indexOf(selectRule(RuleId("long")));
        QCOMPARE(rule.data().toString(), shown);
        QCOMPARE(rule.data(Qt::EditRole).toString(), name);
        // Among the problems.
        f.press(Qt::Key_Escape);
        auto* const place = f.page->findChild<QPushButton*>(QStringLiteral("findingPlace"));
        QVERIFY(place);
        QCOMPARE(place->text(), QString(shown).replace(QLatin1Char('&'), QStringLiteral("&&")));
    }

    void problemsAreCountedBySeverity()
    {
        PolicyDocument document = policy();
        document.rules[0].plan = call("gone");
        Fixture f(document);
        const auto* const toggle =
            f.page->findChild<QToolButton*>(QStringLiteral("toggleProblems"));
        QVERIFY2(toggle->accessibleDescription().contains(QStringLiteral("1 error")),
                 qPrintable(toggle->accessibleDescription()));
    }

    void thePaletteKnowsEveryGesture_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("found");
        QTest::newRow("split") << QStringLiteral("split") << QStringLiteral("Split off a tenth");
        QTest::newRow("canary") << QStringLiteral("canary") << QStringLiteral("Split off a tenth");
        QTest::newRow("a/b") << QStringLiteral("a/b") << QStringLiteral("Split off a tenth");
        QTest::newRow("failover") << QStringLiteral("failover")
                                  << QStringLiteral("Add fallback step");
        QTest::newRow("not") << QStringLiteral("not") << QStringLiteral("Negate");
        QTest::newRow("rename") << QStringLiteral("rename")
                                << QStringLiteral("Rename what is selected");
        QTest::newRow("try") << QStringLiteral("try") << QStringLiteral("Try a request");
        QTest::newRow("json") << QStringLiteral("json") << QStringLiteral("Show the source");
        QTest::newRow("regular expression")
            << QStringLiteral("measure of a") << QStringLiteral("Add: Measure of a text");
    }

    void thePaletteKnowsEveryGesture()
    {
        QFETCH(const QString, typed);
        QFETCH(const QString, found);
        Fixture f;
        f.editor().setSelection(selectRule(RuleId("long"), "plan"));
        CommandPalette palette(f.page.get());
        palette.setActions(actionsWithin(*f.page));
        palette.open();
        QTest::keyClicks(palette.findChild<QLineEdit*>(), typed);
        const QStringList shown = palette.shownTexts();
        QVERIFY2(shown.mid(0, 3).contains(found), qPrintable(shown.join(QStringLiteral(" | "))));
    }

    void zoomKeepsThePointUnderThePointer()
    {
        Fixture f;
        f.canvas().resetZoom();
        for (int i = 0; i < 4; ++i)
            f.canvas().zoomBy(1.2); // larger than the window, so that it can scroll
        const QPoint pointer(200, 150);
        const QPointF before = f.canvas().mapToScene(pointer);
        QWheelEvent wheel(pointer, f.canvas().viewport()->mapToGlobal(pointer), {}, {0, 120},
                          Qt::NoButton, Qt::ControlModifier, Qt::NoScrollPhase, false);
        QApplication::sendEvent(f.canvas().viewport(), &wheel);
        const QPointF moved = f.canvas().mapToScene(pointer) - before;
        QVERIFY2(moved.manhattanLength() < 3, qPrintable(QString::number(moved.manhattanLength())));
    }

    void aPolicyThatWasInFrontBeforeIsSeenAsItWasLeft()
    {
        Fixture f;
        f.canvas().resetZoom();
        for (int i = 0; i < 4; ++i)
            f.canvas().zoomBy(1.2);
        f.canvas().horizontalScrollBar()->setValue(120);
        const auto place = [&] { return f.canvas().mapToScene(QPoint(0, 0)); };
        const qreal zoom = f.canvas().zoom();
        const QPointF left = place();
        f.workbench.editor().setDocument(policy(), {}, Place::Beside);
        QVERIFY(f.canvas().zoom() < zoom); // fits the window
        f.workbench.editor().setCurrentIndex(0);
        QCOMPARE(f.canvas().zoom(), zoom);
        QVERIFY((place() - left).manhattanLength() < 3);
    }
};

QTEST_MAIN(TestPolicyPage)
#include "tst_policy_page.moc"
