// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: on the page, cascades, pools, margins, headings and calls that ask otherwise are made,
// changed and taken away by keyboard and in the inspector, one undo step each; "try a request"
// forces outcomes and keeps them as a test that holds.

#include "language_policy.h"

#include <core/routing/policy_test_run.h>
#include <ui/kit/app_style.h>
#include <ui/kit/theme.h>
#include <ui/policy/fields.h>
#include <ui/policy/flow_view.h>
#include <ui/policy/plan_kinds.h>
#include <ui/policy/policy_outline_model.h>
#include <ui/policy/policy_page.h>
#include <ui/policy/policy_paths.h>
#include <ui/policy/source_fields.h>
#include <ui/policy/try_request.h>

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QCheckBox>
#include <QLabel>
#include <QPushButton>
#include <QScrollBar>
#include <QTest>
#include <QToolButton>
#include <QTreeView>

using namespace signalbox;
using namespace signalbox::test;
using namespace signalbox::ui;

namespace {

struct Fixture
{
    explicit Fixture(const PolicyDocument& document = languagePolicy())
    {
        workbench.editor().setDocument(document);
        page = std::make_unique<PolicyPage>(workbench);
        page->resize(1300, 800);
        page->show();
        page->activateWindow();
        if (!QTest::qWaitForWindowActive(page.get()))
            qFatal("the page is not shown");
        page->findChild<FlowView*>(QStringLiteral("flowView"))->setFocus();
    }
    [[nodiscard]] PolicyEditor& editor() { return workbench.editor(); }
    [[nodiscard]] const PolicyDocument& document() { return editor().document(); }
    [[nodiscard]] const Rule& rule(const char* id) { return *document().findRule(RuleId(id)); }
    [[nodiscard]] int steps() { return editor().undoStack()->index(); }
    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier)
    {
        QTest::keyClick(QApplication::focusWidget(), key, modifiers);
    }
    /// The visible one of a name.
    template<class Widget> [[nodiscard]] Widget& part(const char* name)
    {
        Widget* found = nullptr;
        const bool isThere = QTest::qWaitFor([&] {
            for (Widget* const each : page->findChildren<Widget*>(QString::fromLatin1(name))) {
                if (each->isVisible())
                    found = each;
            }
            return found != nullptr;
        });
        if (!isThere)
            qFatal("no %s", name);
        return *found;
    }
    /// As a person fills in a field: all of it anew.
    void fill(QLineEdit& field, const char* text)
    {
        // Without a window manager the window can lose the keyboard to nobody.
        page->activateWindow();
        if (!QTest::qWaitForWindowActive(page.get()))
            qFatal("the page has no keyboard");
        field.setFocus();
        field.selectAll();
        QTest::keyClicks(&field, QString::fromLatin1(text));
    }
    void choose(ChoiceField& field, int value)
    {
        field.setValue(value);
        emit field.activated(field.currentIndex());
    }

    Workbench workbench{Workbench::Options{}};
    std::unique_ptr<PolicyPage> page;
};

QStringList linesOf(const QAbstractItemModel& model, const QModelIndex& parent = {}, int depth = 0)
{
    QStringList lines;
    for (int row = 0; row < model.rowCount(parent); ++row) {
        const QModelIndex index = model.index(row, 0, parent);
        lines << QString(depth, QLatin1Char(' ')) + index.data().toString() +
                     QStringLiteral(" | ") + model.index(row, 1, parent).data().toString();
        lines << linesOf(model, index, depth + 1);
    }
    return lines;
}

} // namespace

class TestLanguagePage : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { setUpLook(*qApp, ThemeChoice::Light); }
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
    }

    /// The canvas stands somewhere in its window; what is painted of it must not depend on where.
    void allOfTheCanvasIsPaintedWhereverItStands()
    {
        PolicyDocument high = languagePolicy();
        const Rule rule = high.rules.front();
        for (int i = 0; i < 20; ++i) {
            high.rules.push_back(rule);
            high.rules.back().id = RuleId("copy-" + std::to_string(i));
        }
        QWidget window;
        Fixture f(high);
        f.page->setParent(&window);
        f.page->setGeometry(0, 900, 1100, 460); // less than the flow is high
        f.page->show();
        window.resize(1100, 1360);
        window.show();
        auto* const view = f.page->findChild<FlowView*>(QStringLiteral("flowView"));
        QTRY_VERIFY(view->verticalScrollBar()->maximum() > 0);
        view->verticalScrollBar()->setValue(view->verticalScrollBar()->maximum() / 2);
        const QPoint place = view->mapTo(&window, QPoint());
        const QImage inWindow = window.grab()
                                    .toImage()
                                    .copy(QRect(place, view->size()))
                                    .convertToFormat(QImage::Format_RGB32);
        const QImage alone = view->grab().toImage().convertToFormat(QImage::Format_RGB32);
        int other = 0; // pixels; where a letter begins within one may differ
        for (int y = 0; y < alone.height(); ++y) {
            for (int x = 0; x < alone.width(); ++x)
                other += qAbs(qGray(alone.pixel(x, y)) - qGray(inWindow.pixel(x, y))) > 24 ? 1 : 0;
        }
        QVERIFY2(other < 100, qPrintable(QString::number(other)));
    }

    void aCascadeIsMadeAndFilledIn()
    {
        Fixture f;
        f.editor().setSelection(selectRule(RuleId("short"), "plan"));
        f.press(Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(f.steps(), 1);
        const auto cascade = [&] { return std::get<Cascade>(f.rule("short").plan.node); };
        QCOMPARE(cascade().steps.size(), std::size_t{2});
        f.fill(f.part<NumberField>("minWords"), "25");
        QCOMPARE(cascade().accept.minWords, std::optional(25));
        QCOMPARE(f.steps(), 2); // two digits, one step
        f.fill(f.part<NumberField>("deadlineMs"), "4000");
        QCOMPARE(cascade().deadlineMs, std::optional(4'000));
        f.part<QCheckBox>("hasVerifier").click();
        QVERIFY(cascade().accept.verifier.has_value());
        f.fill(f.part<NumberField>("verifierCatches"), "70");
        QCOMPARE(cascade().accept.verifier->catches, std::optional(0.7));
        f.part<QPushButton>("addStep").click();
        QCOMPARE(cascade().steps.size(), std::size_t{3});
        while (f.steps() > 0)
            f.editor().undoStack()->undo();
        QCOMPARE(f.document(), languagePolicy());
    }

    void aChainBecomesACascadeInTheInspector()
    {
        PolicyDocument document = languagePolicy();
        document.rules[2].plan = chain({call("cheap", {500, {}, {}}), call("dear")}, 2'000);
        Fixture f(document);
        f.editor().setSelection(selectRule(RuleId("short"), "plan"));
        f.choose(f.part<ChoiceField>("planKind"), static_cast<int>(PlanKind::Cascade));
        const auto& made = std::get<Cascade>(f.rule("short").plan.node);
        QCOMPARE(made.deadlineMs, std::optional(2'000));
        QCOMPARE(std::get<Call>(made.steps[0].node).firstTokenMs, std::optional(500));
    }

    void aPoolGetsMembers()
    {
        Fixture f;
        f.editor().setSelection(selectOtherwise());
        f.choose(f.part<ChoiceField>("poolPick"), static_cast<int>(PoolPick::Load));
        f.part<QPushButton>("addMember").click();
        const auto& made = std::get<Pool>(f.document().otherwise.node);
        QCOMPARE(made.pick, PoolPick::Load);
        QCOMPARE(made.members.size(), std::size_t{3});
        QCOMPARE(f.editor().selection(), selectOtherwise("pool.members[2]"));
    }

    void aCallAsksOtherwise()
    {
        Fixture f;
        f.editor().setSelection(selectRule(RuleId("short"), "plan"));
        const auto overrides = [&] { return std::get<Call>(f.rule("short").plan.node).overrides; };
        f.choose(f.part<ChoiceField>("systemMode"), static_cast<int>(SystemPromptMode::Replace));
        QTest::keyClicks(&f.part<NoteField>("systemText"), QStringLiteral("Be brief."));
        QCOMPARE(overrides().system,
                 std::optional(SystemPrompt{SystemPromptMode::Replace, "Be brief."}));
        f.fill(f.part<NumberField>("maxTokens"), "64");
        QCOMPARE(overrides().maxTokens, std::optional(64));
        QCOMPARE(overrides().temperature, std::optional(0.2)); // as it was
    }

    void theAmbiguousOnesAreSentElsewhereByKeyboard()
    {
        PolicyDocument document = languagePolicy();
        Fixture f(document);
        f.editor().setSelection(selectRule(RuleId("short"), "when"));
        f.press(Qt::Key_U, Qt::ControlModifier | Qt::ShiftModifier);
        QVERIFY(f.rule("short").uncertain.has_value());
        QCOMPARE(f.editor().selection(), selectUncertain(RuleId("short")));
        const int before = f.steps();
        f.fill(f.part<NumberField>("margin"), "2.5");
        QCOMPARE(f.rule("short").uncertain->margin, 2.5);
        QCOMPARE(f.steps(), before + 1);
        f.page->findChild<FlowView*>(QStringLiteral("flowView"))->setFocus();
        f.editor().setSelection(selectUncertain(RuleId("short")));
        f.press(Qt::Key_Delete);
        QVERIFY(!f.rule("short").uncertain.has_value());
    }

    void rulesGetAHeadingThatWaitsForItsName()
    {
        Fixture f;
        f.editor().setSelection(selectRule(RuleId("short")));
        f.press(Qt::Key_G, Qt::ControlModifier);
        QCOMPARE(f.document().groups.size(), std::size_t{2});
        QTest::keyClicks(QApplication::focusWidget(), QStringLiteral("Small"));
        QCOMPARE(f.document().groups[1].label, std::string("Small"));
        QCOMPARE(f.rule("short").group, f.document().groups[1].id);
        f.editor().setSelection(selectRule(RuleId("middling")));
        auto& field = f.part<ChoiceField>("ruleGroup");
        field.setCurrentIndex(0);
        emit field.activated(0);
        QVERIFY(f.rule("middling").group.empty());
    }

    void theOutlineShowsAndEditsAllOfIt()
    {
        PolicyEditor editor;
        editor.setDocument(languagePolicy());
        PolicyOutlineModel model(editor);
        const QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        const QString all = linesOf(model).join(QLatin1Char('\n'));
        for (const char* const line :
             {" By size | \n  long | ", "   But | within 10 of length", "    Then | Cascade",
              "accepted: no refusal, at least 20 words, judge agrees",
              "     Step 2, if rejected | dear", " Member 2 | dear",
              "Then | cheap · temperature 0.2"})
            QVERIFY2(all.contains(QString::fromUtf8(line)), line);
        const auto cell = [&](const PolicySelection& selection, int column) {
            return model.indexOf(selection).siblingAtColumn(column);
        };
        const PolicySelection margin = selectUncertain(RuleId("long"));
        QVERIFY(model.setData(cell(margin, PolicyOutlineModel::Value), QStringLiteral("15")));
        QCOMPARE(editor.document().rules[0].uncertain->margin, 15.0);
        const PolicySelection member = selectOtherwise("pool.members[1]");
        QVERIFY(model.setData(cell(member, PolicyOutlineModel::Value), QStringLiteral("judge")));
        QCOMPARE(std::get<Pool>(editor.document().otherwise.node).members[1].model,
                 ModelId("judge"));
        QVERIFY(
            model.setData(cell(selectGroup(0), PolicyOutlineModel::Part), QStringLiteral("Size")));
        QCOMPARE(editor.document().groups[0].label, std::string("Size"));
        // Rows follow rules in and out of their heading.
        Rule rule = editor.document().rules[1];
        rule.group.clear();
        QVERIFY(editor.push(ReplaceRule{rule.id, rule}).has_value());
        editor.undoStack()->undo();
    }

    void theTimeWindowIsFilledIn()
    {
        Fixture f(PolicyBuilder({"cheap", "dear"})
                      .signal("hours", TimeWindowSource{"UTC", {}, 540, 1020})
                      .document());
        f.editor().setSelection(selectSignal(SignalId("hours")));
        const auto window = [&] {
            return std::get<TimeWindowSource>(f.document().signalList[0].source);
        };
        for (const char* const day : {"weekday5", "weekday6"})
            f.part<QToolButton>(day).click();
        QCOMPARE(window().days.size(), std::size_t{5});
        f.fill(f.part<TimeField>("windowFrom"), "08:30");
        QCOMPARE(window().fromMinute, 510);
        f.fill(f.part<TextField>("windowZone"), "Europe/Berlin");
        QCOMPARE(window().zone, std::string("Europe/Berlin"));
    }

    void timesOfDayAreRead()
    {
        QCOMPARE(minuteFromText(QStringLiteral("08:30")), std::optional(510));
        QCOMPARE(minuteFromText(QStringLiteral("8")), std::optional(480));
        for (const char* const text : {"", "8:3", "24:00", "12:60", "noon", "1:00:00"})
            QVERIFY2(!minuteFromText(QString::fromLatin1(text)), text);
    }

    void theMeterIsFilledIn()
    {
        Fixture f(PolicyBuilder({"cheap", "dear"}).signal("rate", UsageSource{}).document());
        f.editor().setSelection(selectSignal(SignalId("rate")));
        const auto usage = [&] { return std::get<UsageSource>(f.document().signalList[0].source); };
        f.choose(f.part<ChoiceField>("usageMeasure"), static_cast<int>(UsageMeasure::SpendUsd));
        f.choose(f.part<ChoiceField>("usageWindowUnit"), 3600);
        f.fill(f.part<NumberField>("usageWindow"), "24");
        QCOMPARE(usage(), (UsageSource{UsageMeasure::SpendUsd, UsageUnit::User, 86'400}));
    }

    void forcedOutcomesAreKeptAsATestThatHolds()
    {
        Fixture f;
        f.press(Qt::Key_T, Qt::ControlModifier);
        auto& message = f.part<NoteField>("tryMessage");
        QTest::keyClicks(&message, QString(70, QLatin1Char('x')));
        QTRY_VERIFY(!f.page->findChildren<ChoiceField*>(QStringLiteral("forcedOutcome")).isEmpty());
        ChoiceField* cheap = nullptr;
        for (auto* const each :
             f.page->findChildren<ChoiceField*>(QStringLiteral("forcedOutcome"))) {
            if (each->accessibleName().contains(QLatin1String("cheap")))
                cheap = each;
        }
        QVERIFY(cheap);
        f.choose(*cheap, static_cast<int>(WhatIf::Rejected));
        QTRY_VERIFY(f.part<QLabel>("outcomeHeadline").text().startsWith(QLatin1String("dear")));
        f.part<QPushButton>("keepAsTest").click();
        const PolicyTest& kept = f.document().tests.at(0);
        QCOMPARE(kept.outcomes, (std::vector{ForcedOutcome{ModelId("cheap"), {}, true}}));
        QCOMPARE(kept.servedBy, std::optional(ModelId("dear")));
        QVERIFY(runPolicyTest(*CompiledPolicy::compile(f.document()), kept).holds());
    }
};

QTEST_MAIN(TestLanguagePage)
#include "tst_language_page.moc"
