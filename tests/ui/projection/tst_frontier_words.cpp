// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: the window says of a search what its numbers allow: no success where a gate is open or
// not shown, why the best point is best, what is in the way where there is none, and how much of
// what was promised is there.

#include <ui/kit/theme.h>
#include <ui/projection/frontier_words.h>

#include <QApplication>
#include <QTest>

#include <cmath>
#include <limits>

using namespace signalbox;
using namespace signalbox::ui;

namespace {

GateResult gate(Verdict verdict, const char* segment = "Disputes")
{
    GateResult result;
    result.gate = {GateMetric::SatisfactionRatio, 0.95, std::nullopt, GateScope::Segment};
    result.subject = segment;
    result.verdict = verdict;
    result.reason = "because";
    return result;
}

Projection projection(double saving, std::vector<GateResult> gates)
{
    Projection made;
    made.costSaving = Estimate{saving, saving - 0.02, saving + 0.02, 100};
    made.satisfactionRatio = Estimate{0.97, 0.95, 0.99, 100};
    made.consistency = Estimate{0.9, 0.88, 0.92, 100};
    made.latencyP95Ms = Estimate{2000, 1900, 2100, 100};
    made.gates = std::move(gates);
    made.allGatesProbability = made.allGatesMet() ? 0.98 : 0.4;
    return made;
}

FrontierChoice point(const char* name, double saving, std::vector<GateResult> gates)
{
    FrontierChoice choice;
    choice.name = name;
    choice.turned = {0};
    choice.genome = {1};
    choice.search = choice.report = projection(saving, std::move(gates));
    return choice;
}

Frontier frontierOf(std::vector<FrontierChoice> points)
{
    Frontier frontier;
    Knob knob;
    knob.rule = RuleId("simple");
    knob.what = "complexity at most";
    knob.choices = {"3", "-0.6"};
    frontier.knobs = {knob};
    frontier.points = std::move(points);
    frontier.present.kind = FrontierChoice::Kind::Present;
    frontier.present.report = frontier.present.search =
        projection(0.4, {gate(Verdict::NotMet), gate(Verdict::Met, "Billing")});
    return frontier;
}

} // namespace

class TestFrontierWords : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { setUpLook(*qApp, ThemeChoice::Light); }
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
    }

    void theBestPointIsNamedWithItsReason()
    {
        const Frontier frontier = frontierOf(
            {point("1", 0.5, {gate(Verdict::Met)}), point("2", 0.8, {gate(Verdict::Met)})});
        const auto words = frontier_words::verdict(frontier);
        QVERIFY(words.tone == Tone::Positive);
        QVERIFY2(words.title.startsWith(QStringLiteral("Point 2 is best")),
                 qPrintable(words.title));
        QVERIFY(words.title.contains(QStringLiteral("saves most")));
        QVERIFY(!frontier_words::role(frontier, frontier.points[1]).isEmpty());
        QVERIFY(frontier_words::role(frontier, frontier.points[0]).isEmpty());
    }

    /// Answers that are borrowed leave gates not shown: that is no success.
    void aGateThatIsNotShownIsNoSuccess()
    {
        const Frontier frontier =
            frontierOf({point("1", 0.5, {gate(Verdict::Met), gate(Verdict::NotShown, "Billing")})});
        QVERIFY(frontier_words::verdictOf(frontier.points[0].report) == GateVerdict::NotShown);
        QCOMPARE(frontier_words::gatesMet(frontier.points[0].report), QStringLiteral("1 of 2"));
        const auto words = frontier_words::verdict(frontier);
        QVERIFY(words.tone == Tone::Caution);
        QVERIFY2(words.title.startsWith(QStringLiteral("No point shows that it meets every gate")),
                 qPrintable(words.title));
        QVERIFY2(words.detail.contains(QStringLiteral("Quality in Billing (not shown)")),
                 qPrintable(words.detail));
        FrontierFinding finding{frontier, 3, {2}};
        const QString told = frontier_words::adopted(finding, 0);
        QVERIFY2(told.contains(QStringLiteral("does not show that it meets every gate")) &&
                     told.contains(QStringLiteral("2 stored test")) &&
                     told.contains(QStringLiteral("Undo")),
                 qPrintable(told));
    }

    /// A point that meets them all behind a surer one that does not.
    void aLuckyPointIsNotTheBest()
    {
        Frontier frontier = frontierOf(
            {point("1", 0.8, {gate(Verdict::Met)}), point("2", 0.5, {gate(Verdict::NotMet)})});
        frontier.points[0].search.allGatesProbability = 0.5;
        frontier.points[1].search.allGatesProbability = 0.9;
        QVERIFY(!frontier.best());
        const auto words = frontier_words::verdict(frontier);
        QVERIFY(words.tone == Tone::Caution);
        QVERIFY2(words.detail.startsWith(QStringLiteral("Point 1 meets them here")),
                 qPrintable(words.detail));
    }

    void withoutGatesNothingIsBest()
    {
        const auto words = frontier_words::verdict(frontierOf({point("1", 0.5, {})}));
        QVERIFY(words.tone == Tone::Neutral);
        QVERIFY(words.title.contains(QStringLiteral("no gates")));
    }

    void whatAPointChangesIsSaidInWords()
    {
        const Frontier frontier =
            frontierOf({point("1", 0.5, {gate(Verdict::Met), gate(Verdict::Met, "Billing")})});
        QCOMPARE(frontier_words::changes(frontier, frontier.points[0]),
                 QStringList{QStringLiteral("simple: complexity at most 3 \u2192 \u22120.6")});
        const auto lines = frontier_words::gateLines(frontier, frontier.points[0]);
        QCOMPARE(lines.size(), std::size_t(1)); // that of Billing stands as it stood
        QCOMPARE(lines[0].text, QStringLiteral("Quality in Disputes"));
        QVERIFY(lines[0].verdict == GateVerdict::Met);
        QCOMPARE(lines[0].change, QStringLiteral("was not met"));
        QCOMPARE(lines[0].reason, QStringLiteral("because"));
    }

    void whatWasPromisedTooMuchIsSaid()
    {
        Frontier frontier = frontierOf({point("1", 0.5, {gate(Verdict::Met)})});
        QVERIFY2(frontier_words::optimism(frontier, frontier.points[0])
                     .startsWith(QStringLiteral("Point 1 is here at least as good")),
                 qPrintable(frontier_words::optimism(frontier, frontier.points[0])));
        frontier.points[0].search.costSaving->value = 0.512;
        frontier.points[0].search.latencyP95Ms->value = 1960;
        frontier.optimism.present = {0.004, -20, 0, 0};
        const QString little = frontier_words::optimism(frontier, frontier.points[0]);
        QVERIFY2(little.contains(QStringLiteral("1.2 points of cost saving")) &&
                     little.contains(QStringLiteral("0.04\u202Fs of p95 latency")) &&
                     little.contains(QStringLiteral("less than the intervals")) &&
                     little.contains(QStringLiteral("0.4 points of cost saving")),
                 qPrintable(little));
        frontier.points[0].search.costSaving->value = 0.6;
        QVERIFY(frontier_words::optimism(frontier, frontier.points[0])
                    .contains(QStringLiteral("more than the intervals")));
        QVERIFY(frontier_words::optimism(frontier, frontier.present).isEmpty());
    }

    void numbersThatAreNoneAreWords()
    {
        const auto latency = [](double ms) {
            return frontier_words::number(Estimate{ms, ms, ms, 10}, GateMetric::LatencyP95Ms);
        };
        QCOMPARE(latency(1420), QStringLiteral("1.42\u202Fs"));
        QCOMPARE(latency(std::numeric_limits<double>::infinity()), QStringLiteral("no answer"));
        QCOMPARE(latency(std::nan("")), QStringLiteral("unknown"));
        QCOMPARE(frontier_words::number(std::nullopt, GateMetric::CostSaving),
                 QStringLiteral("unknown"));
        QCOMPARE(frontier_words::number(Estimate{0.951, 0.9, 1, 10}, GateMetric::Consistency),
                 QStringLiteral("95.1"));
        QCOMPARE(frontier_words::interval(Estimate{0.951, 0.9, 1, 10}, GateMetric::Consistency),
                 QStringLiteral("90.0 to 100.0"));
    }

    void everyFailureSaysWhatToDoNext_data()
    {
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("where");
        QTest::addColumn<QString>("title");
        QTest::newRow("meters") << int(ErrorCode::Unsupported) << QStringLiteral("rate")
                                << QStringLiteral("meters cannot be searched: rate");
        QTest::newRow("stopped") << int(ErrorCode::Cancelled) << QString()
                                 << QStringLiteral("was stopped");
        QTest::newRow("nothing to turn") << int(ErrorCode::InvalidArgument) << QString()
                                         << QStringLiteral("Nothing can be turned.");
    }

    void everyFailureSaysWhatToDoNext()
    {
        QFETCH(const int, code);
        QFETCH(const QString, where);
        QFETCH(const QString, title);
        const auto words =
            frontier_words::failure({static_cast<ErrorCode>(code), "Nothing can be turned.",
                                     where.toStdString(), "give it a rule"});
        QVERIFY2(words.title.contains(title), qPrintable(words.title));
        QVERIFY(words.detail.endsWith(QLatin1Char('.')) && words.detail.front().isUpper());
    }

    void everyDoubtSaysWhy()
    {
        using Doubt = FrontierSession::Doubt;
        QVERIFY(frontier_words::doubt(Doubt::None, {}).title.isEmpty());
        for (const Doubt doubt : {Doubt::AnotherPolicy, Doubt::PolicyEdited, Doubt::TrafficChanged,
                                  Doubt::EvidenceChanged}) {
            const auto words = frontier_words::doubt(doubt, QStringLiteral("Support desk"));
            QVERIFY(!words.title.isEmpty() && words.detail.contains(QStringLiteral("adopt")));
        }
    }
};

QTEST_MAIN(TestFrontierWords)
#include "tst_frontier_words.moc"
