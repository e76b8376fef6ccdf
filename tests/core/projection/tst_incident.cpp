// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: the bundled sample tells its story. The policy that halved the bill made one answer in
// twenty wait for over four seconds, let users hear several voices and failed in the long tail,
// where an average cannot see it; three edits repair it, and none of them can be left out.

#include <core/policy/edit.h>
#include <core/projection/projection.h>
#include <core/sample/support_desk.h>

#include <QTest>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

using namespace signalbox;

namespace {

/// Enough for verdicts; the intervals of 2,000 draws differ in the third digit.
constexpr std::size_t kDraws = 400;

class SampleProjector
{
public:
    SampleProjector()
        : m_projector(std::make_shared<Traffic>(supportDeskTraffic()),
                      std::make_shared<EvidenceTable>(
                          buildEvidenceTable(supportDeskEvidence(supportDeskPolicy().models))))
    {}

    Projection project(const PolicyDocument& document)
    {
        ProjectionOptions options;
        options.draws = kDraws;
        auto projection = m_projector.project(document, options);
        if (!projection)
            qFatal("%s", toString(projection.error()).c_str());
        return std::move(*projection);
    }

    static SampleProjector& shared()
    {
        static SampleProjector projector;
        return projector;
    }

private:
    Projector m_projector;
};

PolicyDocument repairedBy(const std::vector<RepairStep>& steps)
{
    PolicyDocument document = supportDeskPolicy();
    for (const RepairStep step : steps)
        if (!apply(document, supportDeskRepair(step, document).edit))
            qFatal("a repair step does not apply");
    return document;
}

Projection projectionAfter(const std::vector<RepairStep>& steps)
{
    return SampleProjector::shared().project(repairedBy(steps));
}

Verdict verdictOf(const Projection& projection, GateMetric metric, const std::string& subject = {})
{
    const auto found = std::ranges::find_if(projection.gates, [&](const GateResult& result) {
        return result.gate.metric == metric && result.subject == subject;
    });
    if (found == projection.gates.end())
        qFatal("no such gate");
    return found->verdict;
}

} // namespace

class TestIncident : public QObject
{
    Q_OBJECT
private slots:
    void halfOfTheBillIsGone()
    {
        const Projection incident = projectionAfter({});
        QVERIFY(incident.costSaving->value > 0.45 && incident.costSaving->value < 0.62);
        QCOMPARE(verdictOf(incident, GateMetric::CostSaving), Verdict::Met);
        QVERIFY(incident.simulated);
        QVERIFY(incident.requests >= 5000 && incident.conversations >= 1500);
    }

    /// A model is asked by its name at the provider: what a policy calls it costs nothing.
    void anotherNameOfAModelChangesNoNumber()
    {
        PolicyDocument renamed = supportDeskPolicy();
        for (const char* const name : {"gpt-4", "gpt-3.5-turbo"}) {
            ModelSpec model = *renamed.findModel(ModelId(name));
            model.id = ModelId("our " + model.id.value);
            QVERIFY(apply(renamed, ReplaceModel{ModelId(name), model}).has_value());
        }
        const auto numbersOf = [](const PolicyDocument& document) {
            EvidenceOptions evidence;
            evidence.models = document.models;
            Projector projector(std::make_shared<Traffic>(supportDeskTraffic()),
                                std::make_shared<EvidenceTable>(buildEvidenceTable(
                                    supportDeskEvidence(document.models), evidence)));
            ProjectionOptions options;
            options.draws = 20;
            return projector.project(document, options);
        };
        const auto before = numbersOf(supportDeskPolicy());
        const auto after = numbersOf(renamed);
        QVERIFY(before && after);
        QCOMPARE(after->costSaving->value, before->costSaving->value);
        QCOMPARE(after->latencyP95Ms->value, before->latencyP95Ms->value);
        QCOMPARE(after->consistency->value, before->consistency->value);
        QCOMPARE(after->latency.tailShare, before->latency.tailShare);
    }

    void oneAnswerInTwentyWaitsForOverFourSeconds()
    {
        const Projection incident = projectionAfter({});
        QVERIFY2(incident.latencyP95Ms->value > 4500 && incident.latencyP95Ms->value < 5100,
                 qPrintable(QString::number(incident.latencyP95Ms->value)));
        QCOMPARE(verdictOf(incident, GateMetric::LatencyP95Ms), Verdict::NotMet);
        QVERIFY(incident.latency.tailShare > 0.05 && incident.latency.tailP50Ms > 3500);
    }

    void usersHearSeveralVoices()
    {
        const Projection incident = projectionAfter({});
        QVERIFY2(incident.consistency->value > 0.6 && incident.consistency->value < 0.75,
                 qPrintable(QString::number(incident.consistency->value)));
        QCOMPARE(verdictOf(incident, GateMetric::Consistency), Verdict::NotMet);
    }

    void theLongTailIsLostAndTheAverageDoesNotShowIt()
    {
        const Projection incident = projectionAfter({});
        QVERIFY(incident.satisfactionRatio->value > 0.95);
        const auto disputes =
            std::ranges::find(incident.segments, "Disputes", &ProjectionSlice::name);
        QVERIFY(disputes != incident.segments.end());
        QVERIFY(disputes->share < 0.07);
        QVERIFY(disputes->satisfactionRatio->high < 0.85);
        QCOMPARE(verdictOf(incident, GateMetric::SatisfactionRatio, "Disputes"), Verdict::NotMet);
    }

    void noStepCanBeLeftOut_data()
    {
        QTest::addColumn<std::vector<RepairStep>>("steps");
        QTest::addColumn<GateMetric>("stillUnmet");
        QTest::addColumn<std::string>("subject");
        using enum RepairStep;
        const auto row = [](const char* name, const std::vector<RepairStep>& steps,
                            GateMetric metric, const char* subject = "") {
            QTest::newRow(name) << steps << metric << std::string(subject);
        };
        row("only fail over at once", {FailOverAtOnce}, GateMetric::Consistency);
        row("only stay in conversation", {StayInConversation}, GateMetric::LatencyP95Ms);
        row("only better cheap model", {BetterCheapModel}, GateMetric::LatencyP95Ms);
        row("all but failing over", {StayInConversation, BetterCheapModel},
            GateMetric::LatencyP95Ms);
        row("all but staying", {FailOverAtOnce, BetterCheapModel}, GateMetric::Consistency);
        row("all but the model", {FailOverAtOnce, StayInConversation},
            GateMetric::SatisfactionRatio, "Disputes");
    }
    void noStepCanBeLeftOut()
    {
        QFETCH(const std::vector<RepairStep>, steps);
        QFETCH(const GateMetric, stillUnmet);
        QFETCH(const std::string, subject);
        const Projection projection = projectionAfter(steps);
        QVERIFY(!projection.allGatesMet());
        QCOMPARE(verdictOf(projection, stillUnmet, subject), Verdict::NotMet);
    }

    void threeEditsMeetEveryGateWithItsInterval()
    {
        const Projection repaired = projectionAfter({kRepairSteps.begin(), kRepairSteps.end()});
        for (const GateResult& result : repaired.gates)
            QVERIFY2(result.verdict == Verdict::Met, result.reason.c_str());
        QVERIFY(repaired.allGatesMet());
        QVERIFY(repaired.allGatesProbability > 0.99);
        QCOMPARE(repaired.gates.size(), std::size_t(3 + 6)); // one ratio for each segment
    }
};

QTEST_GUILESS_MAIN(TestIncident)
#include "tst_incident.moc"
