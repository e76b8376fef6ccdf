// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: the list of tests says of each whether it holds, of a few at once and of many a moment
// later, until when it says what it said; what a test can be told to expect is offered anew only
// where the policy offers something else.

#include <tests/support/policy_builder.h>
#include <ui/kit/basic_widgets.h>
#include <ui/policy/fields.h>
#include <ui/policy/test_list.h>

#include <QSignalSpy>
#include <QTest>

#include <algorithm>

using namespace signalbox;
using namespace signalbox::test;
using namespace signalbox::ui;

namespace {

/// Every test asks something short and expects the cheap model.
PolicyDocument policyWith(std::size_t tests)
{
    PolicyDocument document = PolicyBuilder({"cheap", "dear"})
                                  .measure("length", TextMeasure::Chars)
                                  .rule("long", when("length", CompareOp::Gte, 60), call("dear"))
                                  .rule("short", when("length", CompareOp::Lt, 20), call("cheap"));
    PolicyTest test;
    test.request.messages.push_back({Role::User, "a question", 0});
    test.model = ModelId{"cheap"};
    document.tests.assign(tests, test);
    return document;
}

void expectOfAll(PolicyDocument& document, const char* model)
{
    for (PolicyTest& test : document.tests)
        test.model = ModelId{model};
}

/// How many badges say so.
std::ptrdiff_t countOf(const TestList& list, const char* word)
{
    const auto badges = list.findChildren<Badge*>();
    return std::ranges::count_if(
        badges, [&](const Badge* badge) { return badge->text() == QLatin1String(word); });
}

} // namespace

class TestTestList : public QObject
{
    Q_OBJECT
private slots:
    void aFewTestsRunAtOnce()
    {
        PolicyDocument document = policyWith(3);
        TestList list;
        list.show(document, nullptr);
        QCOMPARE(countOf(list, "holds"), 3);
        document.tests[1].model = ModelId{"dear"};
        list.show(document, nullptr);
        QCOMPARE(countOf(list, "holds"), 2);
        QCOMPARE(countOf(list, "fails"), 1);
    }

    void manyTestsRunAMomentLaterAndOnceForAllChanges()
    {
        PolicyDocument document = policyWith(20);
        TestList list;
        list.show(document, nullptr);
        QCOMPARE(countOf(list, "holds"), 20); // rows that say nothing yet do not wait
        expectOfAll(document, "dear");
        list.show(document, nullptr);
        QCOMPARE(countOf(list, "holds"), 20);
        document.tests[0].model = ModelId{"cheap"};
        list.show(document, nullptr);
        QCOMPARE(countOf(list, "holds"), 20);
        QTRY_COMPARE(countOf(list, "fails"), 19);
        QCOMPARE(countOf(list, "holds"), 1);
        // Of another policy the last run says nothing.
        expectOfAll(document, "cheap");
        document.id = "another";
        list.show(document, nullptr);
        QCOMPARE(countOf(list, "holds"), 20);
    }

    void whatHasErrorsFailsUntilItIsRepaired()
    {
        const PolicyDocument whole = policyWith(2);
        PolicyDocument broken = whole;
        broken.baseline = ModelId{"nobody"};
        TestList list;
        list.show(whole, nullptr);
        list.show(broken, nullptr);
        QCOMPARE(countOf(list, "fails"), 2);
        list.show(whole, nullptr);
        QCOMPARE(countOf(list, "holds"), 2);
    }

    void choicesAreFilledAnewOnlyIfTheyAreOthers()
    {
        PolicyDocument document = policyWith(2);
        TestList list;
        list.show(document, nullptr);
        const auto fields = list.findChildren<ChoiceField*>();
        QCOMPARE(fields.size(), 4);
        ChoiceField* const lane = fields[0];
        ChoiceField* const model = fields[1];
        QCOMPARE(lane->count(), 4);  // any, two rules, otherwise
        QCOMPARE(model->count(), 3); // any, two models
        const QSignalSpy newLanes(lane->model(), &QAbstractItemModel::rowsInserted);
        const QSignalSpy newModels(model->model(), &QAbstractItemModel::rowsInserted);

        document.note = "edited";
        document.tests[0].rule = document.rules[1].id;
        list.show(document, nullptr);
        QCOMPARE(lane->value(), 1);
        QCOMPARE(newLanes.count(), 0);
        QCOMPARE(newModels.count(), 0);

        document.rules[1].label = "brief";
        list.show(document, nullptr);
        QVERIFY(lane->currentText().contains(QStringLiteral("brief")));
        QVERIFY(newLanes.count() > 0);
        QCOMPARE(newModels.count(), 0);
    }

    void whatThePolicyDoesNotKnowIsOfferedAsMissingWhileItIsExpected()
    {
        PolicyDocument document = policyWith(1);
        TestList list;
        const auto missing = [&](const char* rule) {
            document.tests[0].rule = RuleId{rule};
            list.show(document, nullptr);
            return list.findChildren<ChoiceField*>().at(0);
        };
        QVERIFY(missing("gone")->currentText().contains(QStringLiteral("gone")));
        QVERIFY(missing("lost")->currentText().contains(QStringLiteral("lost")));
        QCOMPARE(missing("lost")->count(), 5);
        QCOMPARE(missing("short")->value(), 1);
        QCOMPARE(missing("short")->count(), 4);
    }
};

QTEST_MAIN(TestTestList)
#include "tst_test_list.moc"
