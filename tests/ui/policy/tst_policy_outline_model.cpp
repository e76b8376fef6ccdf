// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: the outline shows the whole document, follows every edit by row changes that keep a
// view's place, and its cells edit the document.

#include <tests/support/policy_builder.h>
#include <ui/policy/condition_edits.h>
#include <ui/policy/plan_edits.h>
#include <ui/policy/policy_outline_model.h>
#include <ui/policy/policy_paths.h>

#include <QAbstractItemModelTester>
#include <QPersistentModelIndex>
#include <QSignalSpy>
#include <QTest>

using namespace signalbox;
using namespace signalbox::test;
using namespace signalbox::ui;

namespace {

PolicyDocument policy()
{
    return PolicyBuilder({"cheap", "dear"})
        .measure("length", TextMeasure::Chars)
        .keywords("expert", {"legal"})
        .rule("hard", anyOf({when("length", CompareOp::Gte, 200), when("expert")}),
              chain({call("cheap", {500, {}, {}}), call("dear")}))
        .rule("easy", when("length", CompareOp::Lt, 20), call("cheap"))
        .with([](PolicyDocument& document) {
            Gate gate;
            gate.atLeast = 0.4;
            document.gates.push_back(gate);
        });
}

/// Rows as text, children indented: what a screen reader goes through.
QStringList linesOf(const QAbstractItemModel& model, const QModelIndex& parent = {}, int depth = 0)
{
    QStringList lines;
    for (int row = 0; row < model.rowCount(parent); ++row) {
        const QModelIndex index = model.index(row, 0, parent);
        const QString value = model.index(row, 1, parent).data().toString();
        lines << QString(depth, QLatin1Char(' ')) + index.data().toString() +
                     (value.isEmpty() ? QString() : QStringLiteral(" | ") + value);
        lines << linesOf(model, index, depth + 1);
    }
    return lines;
}

struct Fixture
{
    Fixture()
    {
        editor.setDocument(policy());
        model = std::make_unique<PolicyOutlineModel>(editor);
        tester = std::make_unique<QAbstractItemModelTester>(
            model.get(), QAbstractItemModelTester::FailureReportingMode::QtTest);
    }
    [[nodiscard]] QModelIndex cell(const PolicySelection& selection, int column) const
    {
        return model->indexOf(selection).siblingAtColumn(column);
    }
    PolicyEditor editor;
    std::unique_ptr<PolicyOutlineModel> model;
    std::unique_ptr<QAbstractItemModelTester> tester;
};

} // namespace

Q_DECLARE_METATYPE(CompareValue)

class TestPolicyOutlineModel : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
    }

    void showsTheWholeDocument()
    {
        Fixture fixture;
        const QStringList lines = linesOf(*fixture.model);
        for (const char* const part :
             {" hard", "  If | any of these holds", "   Condition | expert: yes",
              "  Then | Fallback chain", "   Step 2 | dear", "Otherwise | cheap", " cheap | ",
              " length | ", " Cost saving at least 40"}) {
            const bool found = std::any_of(lines.begin(), lines.end(), [&](const QString& line) {
                return line.startsWith(QString::fromUtf8(part));
            });
            QVERIFY2(found, qPrintable(QString::fromUtf8(part) + QLatin1Char('\n') +
                                       lines.join(QLatin1Char('\n'))));
        }
    }

    void everyRowSaysWhatItIsToAScreenReader()
    {
        Fixture fixture;
        const QModelIndex rule = fixture.model->indexOf(selectRule(RuleId("easy")));
        QString text = rule.data(Qt::AccessibleTextRole).toString();
        text.replace(QChar(0x00A0), QLatin1Char(' '));
        QVERIFY2(text.startsWith(QStringLiteral("easy, length < ")), qPrintable(text));
    }

    void previewsAreLeftOutWhileNobodyWatches()
    {
        Fixture fixture;
        const PolicySelection easy = selectRule(RuleId("easy"));
        const int row = fixture.model->indexOf(easy).row();
        const auto moved = moveSelected(fixture.editor.document(), easy, -1);
        QVERIFY(moved);
        fixture.editor.preview(moved->edit);
        QCOMPARE(fixture.model->indexOf(easy).row(), row - 1);
        fixture.editor.cancelPreview();
        fixture.model->setWatched(false);
        fixture.editor.preview(moved->edit);
        QCOMPARE(fixture.model->indexOf(easy).row(), row);
        QVERIFY(fixture.editor.push(moved->edit)); // what stays is followed
        QCOMPARE(fixture.model->indexOf(easy).row(), row - 1);
        fixture.editor.preview(moveSelected(fixture.editor.document(), easy, 1)->edit);
        QCOMPARE(fixture.model->indexOf(easy).row(), row - 1);
        fixture.model->setWatched(true); // somebody comes in the middle
        QCOMPARE(fixture.model->indexOf(easy).row(), row);
    }

    void rowsFollowEditsWithoutAReset()
    {
        Fixture fixture;
        QSignalSpy resets(fixture.model.get(), &QAbstractItemModel::modelReset);
        QSignalSpy moves(fixture.model.get(), &QAbstractItemModel::rowsMoved);
        const QPersistentModelIndex easy(fixture.model->indexOf(selectRule(RuleId("easy"))));
        const auto perform = [&](const MaybeGesture& gesture) {
            QVERIFY(gesture && fixture.editor.push(gesture->edit));
        };
        perform(moveSelected(fixture.editor.document(), selectRule(RuleId("easy")), -1));
        QCOMPARE(moves.count(), 1);
        perform(insertNewRule(fixture.editor.document(), 0));
        perform(addCondition(fixture.editor.document(), selectRule(RuleId("easy"), "when")));
        perform(makeSplit(fixture.editor.document(), selectOtherwise()));
        perform(removeSelected(fixture.editor.document(),
                               selectRule(RuleId("hard"), "plan.chain.steps[0]")));
        perform(insertNewModel(fixture.editor.document()));
        perform(insertHoldout(fixture.editor.document()));
        perform(removeSelected(fixture.editor.document(), selectRule(RuleId("hard"))));
        while (fixture.editor.undoStack()->canUndo())
            fixture.editor.undoStack()->undo();
        QCOMPARE(resets.count(), 0);
        QVERIFY(easy.isValid());
        QCOMPARE(fixture.model->selectionAt(easy), selectRule(RuleId("easy")));
        PolicyEditor fresh;
        fresh.setDocument(policy());
        QCOMPARE(linesOf(*fixture.model), linesOf(PolicyOutlineModel(fresh)));
    }

    void cellsEditTheDocument()
    {
        Fixture fixture;
        const auto set = [&](const PolicySelection& selection, int column, const QVariant& value,
                             int role = Qt::EditRole) {
            return fixture.model->setData(fixture.cell(selection, column), value, role);
        };
        const RuleId hard("hard");
        QVERIFY(set(selectRule(hard), PolicyOutlineModel::Part, QStringLiteral("Hard questions")));
        QCOMPARE(fixture.editor.document().rules[0].label, std::string("Hard questions"));
        QVERIFY(set(selectRule(hard), PolicyOutlineModel::Part, Qt::Unchecked, Qt::CheckStateRole));
        QVERIFY(!fixture.editor.document().rules[0].enabled);
        QVERIFY(
            set(selectRule(hard, "when.any[0]"), PolicyOutlineModel::Value, QStringLiteral("350")));
        QCOMPARE(fixture.editor.document().rules[0].when,
                 anyOf({when("length", CompareOp::Gte, 350), when("expert")}));
        QVERIFY(set(selectRule(hard, "plan.chain.steps[0]"), PolicyOutlineModel::Value,
                    QStringLiteral("dear")));
        QCOMPARE(fixture.editor.document().rules[0].plan,
                 chain({call("dear", {500, {}, {}}), call("dear")}));
        QCOMPARE(fixture.editor.undoStack()->count(), 4);
        // What does not fit is refused and changes nothing.
        QVERIFY(!set(selectRule(hard, "when.any[0]"), PolicyOutlineModel::Value,
                     QStringLiteral("many")));
        QVERIFY(!set(selectRule(hard, "plan.chain.steps[0]"), PolicyOutlineModel::Value,
                     QStringLiteral("nobody")));
        QVERIFY(!set(selectModel(ModelId("cheap")), PolicyOutlineModel::Part, QStringLiteral("x")));
        QCOMPARE(fixture.editor.undoStack()->count(), 4);
    }

    void valuesReadBackAsTheyAreShown_data()
    {
        QTest::addColumn<CompareValue>("value");
        QTest::addColumn<QString>("text");
        QTest::newRow("number") << CompareValue(7.5) << "7.5";
        QTest::newRow("by style") << CompareValue(ByStyle{8, 7, 5}) << "8 / 7 / 5";
        QTest::newRow("yes") << CompareValue(true) << "yes";
        QTest::newRow("text") << CompareValue(std::string("enter prise")) << "enter prise";
        QTest::newRow("texts") << CompareValue(
                                      std::vector<Scalar>{std::string("a"), std::string("b c")})
                               << "a, b c";
        QTest::newRow("numbers") << CompareValue(std::vector<Scalar>{1.0, 2.5}) << "1, 2.5";
    }
    void valuesReadBackAsTheyAreShown()
    {
        QFETCH(CompareValue, value);
        QFETCH(QString, text);
        QCOMPARE(textFromCompareValue(value), text);
        QVERIFY(compareValueFromText(value, text) == value);
    }

    void valuesThatDoNotFitAreRefused()
    {
        QVERIFY(!compareValueFromText(7.0, QStringLiteral("seven")));
        QVERIFY(!compareValueFromText(7.0, QStringLiteral("inf")));
        QVERIFY(!compareValueFromText(ByStyle{}, QStringLiteral("1 / 2")));
        QVERIFY(!compareValueFromText(true, QStringLiteral("perhaps")));
        QVERIFY(!compareValueFromText(std::vector<Scalar>{1.0}, QStringLiteral("1, two")));
        QVERIFY(!compareValueFromText(std::vector<Scalar>{1.0}, QStringLiteral(" ")));
    }
};

QTEST_MAIN(TestPolicyOutlineModel)
#include "tst_policy_outline_model.moc"
