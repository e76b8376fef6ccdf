// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: a gate is met or not met only where the whole interval says so; else the data do not
// show it, and the sentence says why.

#include <core/projection/gates.h>

#include <QTest>

#include <cmath>

using namespace signalbox;

namespace {

Gate atLeast(double limit)
{
    return {GateMetric::SatisfactionRatio, limit, std::nullopt, GateScope::Total};
}

Gate atMost(double limit)
{
    return {GateMetric::LatencyP95Ms, std::nullopt, limit, GateScope::Total};
}

GateSubject between(double low, double value, double high)
{
    GateSubject subject;
    subject.estimate = Estimate{value, low, high, 100};
    subject.prompts = 100;
    return subject;
}

} // namespace

class TestGates : public QObject
{
    Q_OBJECT
private slots:
    void judgesByTheWholeInterval_data()
    {
        QTest::addColumn<bool>("isFloor");
        QTest::addColumn<double>("limit");
        QTest::addColumn<double>("low");
        QTest::addColumn<double>("high");
        QTest::addColumn<int>("verdict");
        QTest::newRow("above a floor") << true << 0.95 << 0.96 << 0.99 << int(Verdict::Met);
        QTest::newRow("touching a floor") << true << 0.95 << 0.95 << 0.99 << int(Verdict::Met);
        QTest::newRow("across a floor") << true << 0.95 << 0.94 << 0.99 << int(Verdict::NotShown);
        QTest::newRow("below a floor") << true << 0.95 << 0.90 << 0.94 << int(Verdict::NotMet);
        QTest::newRow("below a ceiling")
            << false << 2000.0 << 1500.0 << 1900.0 << int(Verdict::Met);
        QTest::newRow("across a ceiling")
            << false << 2000.0 << 1900.0 << 2100.0 << int(Verdict::NotShown);
        QTest::newRow("above a ceiling")
            << false << 2000.0 << 2001.0 << 2100.0 << int(Verdict::NotMet);
        QTest::newRow("no width, met") << true << 0.0 << 0.0 << 0.0 << int(Verdict::Met);
    }

    void judgesByTheWholeInterval()
    {
        QFETCH(bool, isFloor);
        QFETCH(double, limit);
        QFETCH(double, low);
        QFETCH(double, high);
        QFETCH(int, verdict);
        const GateResult result =
            judge(isFloor ? atLeast(limit) : atMost(limit), between(low, (low + high) / 2, high));
        QCOMPARE(int(result.verdict), verdict);
        QVERIFY(result.reason.ends_with('.'));
    }

    void theUnknownIsNotShown()
    {
        const GateResult result = judge(atLeast(0.9), GateSubject());
        QCOMPARE(result.verdict, Verdict::NotShown);
        QCOMPARE(result.reason, std::string("Quality is unknown."));
        QVERIFY(!holds(atLeast(0.9), std::nan("")));
    }

    void anObjectionKeepsTheVerdictOpen()
    {
        GateSubject subject = between(0.98, 0.99, 1);
        subject.objection = "voices that meet were compared on 20 prompts";
        const GateResult result = judge(atLeast(0.9), subject);
        QCOMPARE(result.verdict, Verdict::NotShown);
        QVERIFY(result.reason.find("20 prompts") != std::string::npos);
    }

    void theSentenceNamesValueIntervalLimitAndBasis()
    {
        Gate gate = atLeast(0.95);
        gate.per = GateScope::Segment;
        GateSubject subject = between(0.55, 0.71, 0.86);
        subject.name = "billing";
        subject.prompts = 12;
        QCOMPARE(judge(gate, subject).reason,
                 std::string(
                     "Quality of segment \"billing\" is 71.0 % (55.0 to 86.0 %) of the baseline's; "
                     "at least 95 % is asked for, and the whole interval is below that (12 lab "
                     "prompts)."));
        QCOMPARE(judge(atMost(2000), between(4700, 4800, 4900)).reason,
                 std::string("p95 latency is 4.80 s (4.70 to 4.90 s); at most 2 s is "
                             "asked for, and the whole interval is above that."));
        const std::string open = judge(atMost(2000), between(1900, 2000, 2100)).reason;
        QVERIFY(open.ends_with(
            "at most 2 s is asked for, and the interval lies on both sides of that."));
        // While something is dragged there is a value and no interval yet.
        QCOMPARE(judge(atMost(2000), between(4800, 4800, 4800)).reason,
                 std::string("p95 latency is 4.80 s; at most 2 s is asked for."));
        // 95.0 % is not said to miss 95 %.
        const std::string close = judge(atLeast(0.95), between(0.94996, 0.97, 0.99)).reason;
        QVERIFY2(close.find("its lower end is 94.996 %") != std::string::npos, close.c_str());
    }

    void theWorstComesFirst()
    {
        const auto named = [](const char* name, double low, double high) {
            GateSubject subject = between(low, (low + high) / 2, high);
            subject.name = name;
            return judge(atLeast(0.9), subject);
        };
        std::vector<GateResult> results = {named("met well", 0.97, 0.99), named("met", 0.91, 0.92),
                                           named("open", 0.85, 0.95), named("lost", 0.5, 0.6),
                                           named("badly lost", 0.1, 0.2)};
        sortWorstFirst(results);
        std::vector<std::string> order;
        for (const GateResult& result : results)
            order.push_back(result.subject);
        QCOMPARE(order,
                 (std::vector<std::string>{"badly lost", "lost", "open", "met", "met well"}));
    }
};

QTEST_GUILESS_MAIN(TestGates)
#include "tst_gates.moc"
