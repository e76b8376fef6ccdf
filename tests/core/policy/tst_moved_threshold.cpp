// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: of two documents it is said where the one threshold stands in which they differ, and
// nothing if they differ in anything else as well.

#include <core/policy/moved_threshold.h>
#include <tests/support/policy_builder.h>

#include <QTest>

#include <functional>

using namespace signalbox;
using namespace signalbox::test;

namespace {

using Change = std::function<void(PolicyDocument&)>;

/// Rule 1 holds a threshold in each kind of condition, and one per answer style.
PolicyDocument nested()
{
    return PolicyBuilder({"cheap", "dear"})
        .measure("length", TextMeasure::Chars)
        .rule("first", when("length", CompareOp::Gt, 5), call("dear"))
        .rule("second",
              allOf({when("length", CompareOp::Eq, 7),
                     anyOf({negated(when("length", CompareOp::Lte, 9)),
                            when("length", CompareOp::Lt, CompareValue(ByStyle{1, 2, 3}))})}),
              call("cheap"));
}

double& numberAt(PolicyDocument& document, const ThresholdPlace& place)
{
    return *thresholdAt(document, place);
}

} // namespace

Q_DECLARE_METATYPE(ThresholdPlace)
Q_DECLARE_METATYPE(Change)

class TestMovedThreshold : public QObject
{
    Q_OBJECT
private slots:
    void theOneThatMovedIsFound_data()
    {
        QTest::addColumn<ThresholdPlace>("place");
        QTest::newRow("alone") << ThresholdPlace{0, {}, nullptr};
        QTest::newRow("below all, any and not") << ThresholdPlace{1, {1, 0, 0}, nullptr};
        QTest::newRow("of an answer style") << ThresholdPlace{1, {1, 1}, &ByStyle::balanced};
    }
    void theOneThatMovedIsFound()
    {
        QFETCH(const ThresholdPlace, place);
        const PolicyDocument before = nested();
        PolicyDocument after = before;
        numberAt(after, place) = 77;
        ++after.revision; // on which nothing depends
        QVERIFY(movedThreshold(before, after) == place);
        QVERIFY(comparisonAt(after, place));
        QCOMPARE(numberAt(after, *movedThreshold(before, after)), 77.0);
    }

    void nothingElseIsAMove_data()
    {
        QTest::addColumn<Change>("change");
        const auto compare = [](PolicyDocument& document) -> Compare& {
            return std::get<Compare>(document.rules[0].when.node);
        };
        QTest::newRow("nothing") << Change([](PolicyDocument&) {});
        QTest::newRow("two of them") << Change([](PolicyDocument& document) {
            numberAt(document, {0, {}, nullptr}) = 8;
            numberAt(document, {1, {1, 0, 0}, nullptr}) = 8;
        });
        QTest::newRow("two answer styles") << Change([](PolicyDocument& document) {
            numberAt(document, {1, {1, 1}, &ByStyle::concise}) = 8;
            numberAt(document, {1, {1, 1}, &ByStyle::detailed}) = 8;
        });
        QTest::newRow("a number that is compared otherwise")
            << Change([](PolicyDocument& document) {
                   auto& all = std::get<All>(document.rules[1].when.node);
                   std::get<Compare>(all.conditions[0].node).value = 8.0;
               });
        QTest::newRow("the operator, too") << Change([compare](PolicyDocument& document) {
            compare(document).value = 8.0;
            compare(document).op = CompareOp::Gte;
        });
        QTest::newRow("the operator was none of these")
            << Change([compare](PolicyDocument& document) {
                   compare(document).value = 8.0;
                   compare(document).op = CompareOp::Ne;
               });
        QTest::newRow("the signal, too") << Change([compare](PolicyDocument& document) {
            compare(document).value = 8.0;
            compare(document).signal = SignalId("other");
        });
        QTest::newRow("the rule's plan, too") << Change([compare](PolicyDocument& document) {
            compare(document).value = 8.0;
            document.rules[0].plan = call("cheap");
        });
        QTest::newRow("a gate, too") << Change([compare](PolicyDocument& document) {
            compare(document).value = 8.0;
            document.gates.push_back({});
        });
        QTest::newRow("a rule more") << Change([compare](PolicyDocument& document) {
            compare(document).value = 8.0;
            document.rules.push_back(document.rules[0]);
        });
        QTest::newRow("a threshold more") << Change([](PolicyDocument& document) {
            std::get<All>(document.rules[1].when.node)
                .conditions.push_back(when("length", CompareOp::Gt, 1));
        });
    }
    void nothingElseIsAMove()
    {
        QFETCH(const Change, change);
        const PolicyDocument before = nested();
        PolicyDocument after = before;
        change(after);
        QVERIFY(!movedThreshold(before, after));
        QVERIFY(!movedThreshold(after, before));
    }

    void whatIsNoThresholdIsNotThere_data()
    {
        QTest::addColumn<ThresholdPlace>("place");
        QTest::newRow("no such rule") << ThresholdPlace{2, {}, nullptr};
        QTest::newRow("a group") << ThresholdPlace{1, {}, nullptr};
        QTest::newRow("an equality") << ThresholdPlace{1, {0}, nullptr};
        QTest::newRow("beyond the group") << ThresholdPlace{1, {2}, nullptr};
        QTest::newRow("below a comparison") << ThresholdPlace{0, {0}, nullptr};
        QTest::newRow("one number where there are three") << ThresholdPlace{1, {1, 1}, nullptr};
        QTest::newRow("three where there is one") << ThresholdPlace{0, {}, &ByStyle::concise};
    }
    void whatIsNoThresholdIsNotThere()
    {
        QFETCH(const ThresholdPlace, place);
        PolicyDocument document = nested();
        QVERIFY(!comparisonAt(document, place));
        QVERIFY(!thresholdAt(document, place));
    }
};

QTEST_GUILESS_MAIN(TestMovedThreshold)
#include "tst_moved_threshold.moc"
