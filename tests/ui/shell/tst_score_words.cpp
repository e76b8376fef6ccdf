// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: the scoreboard says each number with its interval, its gate and its change, names what
// is unknown as unknown, and never shows a verdict better than the worst gate's.

#include <ui/shell/score_words.h>

#include <QTest>

using namespace signalbox;
using namespace signalbox::ui;

namespace {

Estimate between(double value, double low, double high)
{
    return {value, low, high, 5000};
}

GateResult gate(GateMetric metric, double atLeast, Verdict verdict, const char* subject = "")
{
    GateResult result;
    result.gate.metric = metric;
    result.gate.atLeast = atLeast;
    result.gate.per = *subject ? GateScope::Segment : GateScope::Total;
    result.subject = subject;
    result.verdict = verdict;
    if (*subject)
        result.estimate = between(0.71, 0.62, 0.79);
    result.reason = std::string("because of ") + (*subject ? subject : "the total");
    return result;
}

Projection incident()
{
    Projection projection;
    projection.requests = 5200;
    projection.conversations = 1600;
    projection.answers = 2160;
    projection.simulated = true;
    projection.costSaving = between(0.512, 0.498, 0.527);
    projection.latencyP95Ms = between(4790, 4610, 4930);
    projection.satisfactionRatio = between(0.96, 0.94, 0.98);
    projection.consistency = between(0.67, 0.64, 0.70);
    projection.gates = {gate(GateMetric::CostSaving, 0.4, Verdict::Met),
                        gate(GateMetric::SatisfactionRatio, 0.95, Verdict::Met, "orders"),
                        gate(GateMetric::SatisfactionRatio, 0.95, Verdict::NotMet, "billing"),
                        gate(GateMetric::SatisfactionRatio, 0.95, Verdict::NotShown, "legal"),
                        gate(GateMetric::Consistency, 0.9, Verdict::NotMet)};
    return projection;
}

const Score& score(const std::vector<Score>& scores, ScoreKind kind)
{
    return scores[static_cast<std::size_t>(kind)];
}

} // namespace

class TestScoreWords : public QObject
{
    Q_OBJECT
private slots:
    void numbersCarryIntervalAndGate()
    {
        const auto scores = scoresOf(incident(), std::nullopt, QStringLiteral("gpt-4"), {});
        QCOMPARE(scores.size(), std::size_t(4));
        const Score& saving = score(scores, ScoreKind::CostSaving);
        QVERIFY2(saving.value.startsWith(QStringLiteral("51")), qPrintable(saving.value));
        QVERIFY(!saving.interval.isEmpty());
        QVERIFY(saving.gate.contains(QStringLiteral("40")));
        QCOMPARE(saving.verdict, GateVerdict::Met);
        QVERIFY(saving.simulated);
        QCOMPARE(score(scores, ScoreKind::Latency).verdict, GateVerdict::None);
    }

    void theWorstGateSpeaksForTheNumber()
    {
        const auto scores = scoresOf(incident(), std::nullopt, QStringLiteral("gpt-4"), {});
        const Score& quality = score(scores, ScoreKind::Quality);
        QCOMPARE(quality.verdict, GateVerdict::NotMet);
        QVERIFY(quality.reason.contains(QStringLiteral("billing")));
        QVERIFY(!quality.reason.contains(QStringLiteral("orders")));
        // An average of 96 % beside "not met" would look like a mistake.
        QCOMPARE(quality.part, QStringLiteral("billing"));
        QCOMPARE(quality.title, QStringLiteral("Quality in billing (worst)"));
        QCOMPARE(quality.of, QStringLiteral("of the baseline's"));
        QCOMPARE(score(scores, ScoreKind::Consistency).of, QStringLiteral("of 100"));
        QVERIFY2(quality.value.startsWith(QStringLiteral("71")), qPrintable(quality.value));
        QVERIFY2(quality.interval.startsWith(QStringLiteral("62")), qPrintable(quality.interval));
        QVERIFY2(quality.whole.startsWith(QStringLiteral("96")), qPrintable(quality.whole));
        QVERIFY(score(scores, ScoreKind::CostSaving).part.isEmpty());
    }

    void whatIsNotShownSaysWhy()
    {
        Projection projection = incident();
        GateResult open = gate(GateMetric::Consistency, 0.66, Verdict::NotShown);
        open.estimate = projection.consistency;
        projection.gates = {open};
        const auto doubt = [&projection] {
            const auto scores = scoresOf(projection, std::nullopt, QStringLiteral("gpt-4"), {});
            return score(scores, ScoreKind::Consistency).doubt;
        };
        QCOMPARE(doubt(), QStringLiteral("interval spans it"));
        projection.gates[0].gate.atLeast = 0.5; // which the whole interval keeps
        QCOMPARE(doubt(), QStringLiteral("too few prompts compared"));
        projection.gates[0].estimate.reset();
        QCOMPARE(doubt(), QStringLiteral("nothing is known"));
        projection.gates[0].verdict = Verdict::Met;
        QCOMPARE(doubt(), QString());
    }

    void theChangeOfALeadingPartIsItsOwn()
    {
        Projection saved = incident();
        saved.satisfactionRatio = between(0.5, 0.4, 0.6);  // all of it became better
        saved.gates[2].estimate = between(0.75, 0.7, 0.8); // billing became worse
        const auto scores = scoresOf(incident(), saved, QStringLiteral("gpt-4"), {});
        QCOMPARE(score(scores, ScoreKind::Quality).sense, ChangeSense::Worse);
        saved.gates.clear(); // nothing to compare it with
        QVERIFY(score(scoresOf(incident(), saved, QStringLiteral("gpt-4"), {}), ScoreKind::Quality)
                    .change.isEmpty());
    }

    void aChangeIsReadByItsDirection_data()
    {
        QTest::addColumn<double>("before");
        QTest::addColumn<int>("sense");
        QTest::newRow("faster than before") << 5400.0 << static_cast<int>(ChangeSense::Better);
        QTest::newRow("slower than before") << 1200.0 << static_cast<int>(ChangeSense::Worse);
        QTest::newRow("the same") << 4790.0 << static_cast<int>(ChangeSense::Same);
    }
    void aChangeIsReadByItsDirection()
    {
        QFETCH(const double, before);
        QFETCH(const int, sense);
        Projection saved = incident();
        saved.latencyP95Ms = between(before, before - 100, before + 100);
        const auto scores = scoresOf(incident(), saved, QStringLiteral("gpt-4"), {});
        const Score& latency = score(scores, ScoreKind::Latency);
        QCOMPARE(static_cast<int>(latency.sense), sense);
        QCOMPARE(latency.change.isEmpty(), latency.sense == ChangeSense::Same);
    }

    void unknownIsNotZero()
    {
        Projection projection = incident();
        projection.costSaving.reset();
        const auto scores = scoresOf(projection, std::nullopt, QStringLiteral("gpt-4"), {});
        QVERIFY(score(scores, ScoreKind::CostSaving).value.isEmpty());
        QVERIFY(score(scores, ScoreKind::CostSaving).reason.contains(QStringLiteral("missing")));
    }

    void aQuickNumberShowsNoOldInterval()
    {
        Projection projection = incident();
        projection.quick = true;
        const auto scores = scoresOf(projection, std::nullopt, QStringLiteral("gpt-4"), {});
        QVERIFY(score(scores, ScoreKind::Consistency).quick);
        QVERIFY(score(scores, ScoreKind::Consistency).interval.isEmpty());
    }

    void withoutNumbersTheProblemIsTheReason()
    {
        const auto scores =
            scoresOf(std::nullopt, std::nullopt, {}, QStringLiteral("no price for gpt-4"));
        QCOMPARE(score(scores, ScoreKind::Quality).reason, QStringLiteral("no price for gpt-4"));
        QVERIFY(!score(scores, ScoreKind::Quality).busy);
        QVERIFY(scoresOf(std::nullopt, std::nullopt, {}, {}).front().busy);
    }

    void theReasonListsGatesWorstFirst()
    {
        const ScoreReason reason =
            reasonOf(ScoreKind::Quality, incident(), QStringLiteral("gpt-4"), {});
        QCOMPARE(reason.lines.size(), std::size_t(4));
        QVERIFY(reason.lines[0].text.contains(QStringLiteral("5,200")));
        QCOMPARE(reason.lines[1].verdict, GateVerdict::NotMet);
        QCOMPARE(reason.lines[2].verdict, GateVerdict::NotShown);
        QCOMPARE(reason.lines[3].verdict, GateVerdict::Met);
    }
};

QTEST_GUILESS_MAIN(TestScoreWords)
#include "tst_score_words.moc"
