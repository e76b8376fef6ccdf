// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: a condition is typed as text with the keyboard alone; canvas and numbers follow what can
// be read, Enter makes it one undo step, Escape leaves everything as it was, and what cannot be
// read is said at its place and changes nothing.

#include <core/policy/condition_text.h>
#include <tests/support/policy_builder.h>
#include <ui/kit/theme.h>
#include <ui/models/workbench.h>
#include <ui/policy/completion_popup.h>
#include <ui/policy/condition_formula.h>
#include <ui/policy/flow_view.h>
#include <ui/policy/policy_page.h>
#include <ui/policy/policy_paths.h>

#include <QAbstractItemView>
#include <QApplication>
#include <QLabel>
#include <QSignalSpy>
#include <QTest>

using namespace signalbox;
using namespace signalbox::test;
using namespace signalbox::ui;

namespace {

PolicyDocument policy()
{
    PolicyDocument document = PolicyBuilder({"cheap", "dear"})
                                  .measure("length", TextMeasure::Chars)
                                  .rule("long", when("length", CompareOp::Gte, 60), call("dear"))
                                  .rule("short", when("length", CompareOp::Lt, 20), call("cheap"));
    document.signalList.push_back(
        {SignalId("plan"), MetadataSource{"plan", ValueType::String}, {}});
    document.otherwise = call("dear");
    return document;
}

struct Fixture
{
    Fixture()
    {
        workbench.editor().setDocument(policy());
        page = std::make_unique<PolicyPage>(workbench);
        page->resize(1300, 800);
        page->show();
        if (!QTest::qWaitForWindowExposed(page.get()))
            qFatal("the page is not shown");
        page->activateWindow();
        canvas().setFocus();
        editor().setSelection(selectRule(RuleId("long")));
    }
    [[nodiscard]] PolicyEditor& editor() { return workbench.editor(); }
    [[nodiscard]] FlowView& canvas()
    {
        return *page->findChild<FlowView*>(QStringLiteral("flowView"));
    }
    [[nodiscard]] FormulaText& formula()
    {
        return *page->findChild<FormulaText*>(QStringLiteral("formulaText"));
    }
    [[nodiscard]] QString says()
    {
        const auto* const label = page->findChild<QLabel*>(QStringLiteral("formulaSays"));
        return label->isVisible() ? label->text() : QString();
    }
    /// Of the rule "long".
    [[nodiscard]] static QString conditionOf(const PolicyDocument& document)
    {
        return QString::fromStdString(toConditionText(document.findRule(RuleId("long"))->when));
    }
    [[nodiscard]] QString kept() { return conditionOf(editor().document()); }
    [[nodiscard]] QString shown() { return conditionOf(editor().shownDocument()); }
    [[nodiscard]] int steps() { return editor().undoStack()->index(); }
    [[nodiscard]] QStringList offers()
    {
        const auto* const popup = page->findChild<CompletionPopup*>();
        return popup && popup->isVisible() ? popup->texts() : QStringList();
    }
    static void press(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier)
    {
        QTest::keyClick(QApplication::focusWidget(), key, modifiers);
    }
    static void type(const char* text)
    {
        QTest::keyClicks(QApplication::focusWidget(), QString::fromLatin1(text));
    }

    Workbench workbench{{}};
    std::unique_ptr<PolicyPage> page;
};

} // namespace

class TestConditionFormula : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { setUpLook(*qApp, ThemeChoice::Light); }
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
    }

    void oneKeyOnTheCanvasBeginsAndEnterEndsIt()
    {
        Fixture f;
        f.press(Qt::Key_Equal);
        QTRY_VERIFY(f.formula().hasFocus());
        QCOMPARE(f.formula().toPlainText(), QStringLiteral("length >= 60"));
        f.type("length >= 70 and plan = \"pro\"");
        QCOMPARE(f.kept(), QStringLiteral("length >= 60"));
        QCOMPARE(f.shown(), QStringLiteral("length >= 70 and plan = \"pro\""));
        f.press(Qt::Key_Return);
        QCOMPARE(f.kept(), QStringLiteral("length >= 70 and plan = \"pro\""));
        QCOMPARE(f.steps(), 1);
        QVERIFY(!f.editor().isPreviewing());
        f.editor().undoStack()->undo();
        QCOMPARE(f.formula().toPlainText(), QStringLiteral("length >= 60"));
    }

    void theComparisonThatIsSelectedIsTypedOver()
    {
        Fixture f;
        f.press(Qt::Key_Equal);
        f.type("length >= 70 and plan = \"pro\"");
        f.press(Qt::Key_Return);
        f.press(Qt::Key_Escape);
        QTRY_VERIFY(f.canvas().hasFocus());
        f.editor().setSelection(selectRule(RuleId("long"), "when.all[1]"));
        f.press(Qt::Key_Equal);
        QCOMPARE(f.formula().textCursor().selectedText(), QStringLiteral("plan = \"pro\""));
    }

    void escapeLeavesEverythingAsItWas()
    {
        Fixture f;
        f.press(Qt::Key_Equal);
        f.type("length >= 9");
        QCOMPARE(f.shown(), QStringLiteral("length >= 9"));
        f.press(Qt::Key_Escape);
        QTRY_VERIFY(f.canvas().hasFocus());
        QCOMPARE(f.shown(), QStringLiteral("length >= 60"));
        QCOMPARE(f.formula().toPlainText(), QStringLiteral("length >= 60"));
        QCOMPARE(f.steps(), 0);
    }

    void whatCannotBeReadIsSaidAndChangesNothing()
    {
        Fixture f;
        f.press(Qt::Key_Equal);
        f.type("plan = pro and length >= 3");
        QCOMPARE(f.says(), QStringLiteral("A text stands in quotes: \"pro\"."));
        QCOMPARE(f.formula().extraSelections().size(), 1);
        f.press(Qt::Key_Return);
        QCOMPARE(f.kept(), QStringLiteral("length >= 60"));
        QCOMPARE(f.formula().textCursor().position(), 7);
        QVERIFY(f.formula().hasFocus());
        QVERIFY(f.formula().accessibleDescription().contains(QStringLiteral("quotes")));
    }

    void anUnknownNameIsNoCondition()
    {
        Fixture f;
        f.press(Qt::Key_Equal);
        f.type("lenght >= 3");
        f.press(Qt::Key_Return);
        QVERIFY2(f.says().contains(QStringLiteral("did you mean length?")), qPrintable(f.says()));
        QCOMPARE(f.kept(), QStringLiteral("length >= 60"));
    }

    void goingElsewhereTakesOverWhatCanBeRead()
    {
        Fixture f;
        f.press(Qt::Key_Equal);
        f.type("length >= 9");
        const FlowLane& other = f.canvas().flowScene().flow().lanes[1];
        QTest::mouseClick(f.canvas().viewport(), Qt::LeftButton, Qt::NoModifier,
                          f.canvas().viewportPointOf(other.label.center()));
        QCOMPARE(f.editor().selection(), selectRule(RuleId("short")));
        QCOMPARE(f.kept(), QStringLiteral("length >= 9"));
        QCOMPARE(f.steps(), 1);
        QCOMPARE(f.formula().toPlainText(), QStringLiteral("length < 20"));
    }

    void savingTakesItOver()
    {
        Fixture f;
        f.press(Qt::Key_Equal);
        f.type("length >= 9");
        f.editor().commitPending();
        QCOMPARE(f.kept(), QStringLiteral("length >= 9"));
    }

    void anEditElsewhereWinsOverTyping()
    {
        Fixture f;
        f.press(Qt::Key_Equal);
        f.type("length >=");
        Rule rule = *f.editor().document().findRule(RuleId("long"));
        rule.when = when("length", CompareOp::Gte, 33);
        QVERIFY(f.editor().push(ReplaceRule{rule.id, rule}));
        QCOMPARE(f.formula().toPlainText(), QStringLiteral("length >= 33"));
    }

    void undoTakesBackTypingFirst()
    {
        Fixture f;
        f.press(Qt::Key_Equal);
        f.type("plan");
        f.press(Qt::Key_Z, Qt::ControlModifier);
        QVERIFY(f.formula().toPlainText() != QStringLiteral("plan"));
        QCOMPARE(f.steps(), 0);
    }

    void whatFitsIsOfferedAndTakenWithTheKeyboard()
    {
        Fixture f;
        f.press(Qt::Key_Equal);
        f.type("le");
        QCOMPARE(f.offers(), QStringList{QStringLiteral("length")});
        f.press(Qt::Key_Tab);
        QCOMPARE(f.formula().toPlainText(), QStringLiteral("length "));
        QVERIFY(f.offers().contains(QStringLiteral(">=")));
        f.press(Qt::Key_Down);
        QVERIFY2(f.formula().accessibleDescription().startsWith(QStringLiteral("Completion 1 of")),
                 qPrintable(f.formula().accessibleDescription()));
        f.press(Qt::Key_Return);
        QCOMPARE(f.formula().toPlainText(), QStringLiteral("length >= "));
        QVERIFY(f.offers().contains(QStringLiteral("20")));
        f.type("7");
        QVERIFY(f.offers().isEmpty());
        f.press(Qt::Key_Return);
        QCOMPARE(f.kept(), QStringLiteral("length >= 7"));
    }

    /// Nothing is chosen at first: Enter is the field's.
    void enterAppliesWhileTheListIsOpen()
    {
        Fixture f;
        f.press(Qt::Key_Equal);
        f.type("plan exists or length >= 3 ");
        f.press(Qt::Key_Space, Qt::ControlModifier);
        QCOMPARE(f.offers(), (QStringList{QStringLiteral("and"), QStringLiteral("or")}));
        f.press(Qt::Key_Return);
        QCOMPARE(f.kept(), QStringLiteral("plan exists or length >= 3"));
        QVERIFY(f.offers().isEmpty());
    }

    void escapeClosesTheListFirst()
    {
        Fixture f;
        f.press(Qt::Key_Equal);
        f.type("le");
        f.press(Qt::Key_Escape);
        QVERIFY(f.offers().isEmpty());
        QVERIFY(f.formula().hasFocus());
        QCOMPARE(f.formula().toPlainText(), QStringLiteral("le"));
    }

    void aClickTakesAnItem()
    {
        Fixture f;
        f.press(Qt::Key_Equal);
        f.type("pl");
        auto* const list = f.page->findChild<CompletionPopup*>()->findChild<QAbstractItemView*>();
        QTest::mouseClick(list->viewport(), Qt::LeftButton, Qt::NoModifier,
                          list->visualRect(list->model()->index(0, 0)).center());
        QCOMPARE(f.formula().toPlainText(), QStringLiteral("plan "));
        QVERIFY(f.formula().hasFocus());
    }

    void withoutARuleTheKeyZooms()
    {
        Fixture f;
        f.editor().setSelection({});
        const qreal before = f.canvas().zoom();
        f.press(Qt::Key_Equal);
        QVERIFY(f.canvas().zoom() > before);
        QVERIFY(f.canvas().hasFocus());
    }
};

QTEST_MAIN(TestConditionFormula)
#include "tst_condition_formula.moc"
