// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: a policy leaves only when every gate is met or has been acknowledged by its name, and
// the file says so; a policy that a router could not load does not leave at all.

#include <core/exchange/policy_release.h>
#include <core/policy/policy_json.h>
#include <core/sample/support_desk.h>

#include <QTest>

using namespace signalbox;

namespace {

GateResult gate(GateMetric metric, Verdict verdict, const char* subject = "")
{
    GateResult result;
    result.gate.metric = metric;
    result.gate.atLeast = 0.9;
    result.subject = subject;
    result.verdict = verdict;
    result.estimate = Estimate{0.8125, 0.8, 0.83, 100};
    result.reason = "because";
    return result;
}

Projection projectionWith(std::vector<GateResult> gates)
{
    Projection projection;
    projection.requests = 5200;
    projection.answers = 2160;
    projection.simulated = true;
    projection.gates = std::move(gates);
    return projection;
}

const char* const kNow = "2026-11-25T12:00:00Z";

} // namespace

class TestPolicyRelease : public QObject
{
    Q_OBJECT
private slots:
    void aPolicyWhoseGatesAreMetLeaves()
    {
        const auto text =
            releasePolicy(supportDeskPolicy(),
                          projectionWith({gate(GateMetric::Consistency, Verdict::Met)}), {}, kNow);
        QVERIFY2(text, text ? "" : toString(text.error()).c_str());
        const auto read = parsePolicy(*text);
        QVERIFY2(read, read ? "" : toString(read.error()).c_str());
        QVERIFY(read->release.has_value());
        QCOMPARE(read->release->at, std::string(kNow));
        QCOMPARE(read->release->answers, 2160);
        QVERIFY(read->release->simulated);
        QCOMPARE(read->release->gates[0].name, std::string("consistency"));
        QCOMPARE(*read->release->gates[0].value, 0.8125);
        QVERIFY(!read->release->gates[0].acknowledged);
    }

    void openGatesStopItByName()
    {
        const Projection projection =
            projectionWith({gate(GateMetric::SatisfactionRatio, Verdict::NotMet, "billing"),
                            gate(GateMetric::Consistency, Verdict::NotShown)});
        const auto refused = releasePolicy(supportDeskPolicy(), projection, {}, kNow);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::Refused);
        QVERIFY(refused.error().message.find("satisfactionRatio:billing") != std::string::npos);
        QVERIFY(refused.error().message.find("consistency") != std::string::npos);

        const auto half = releasePolicy(supportDeskPolicy(), projection, {"consistency"}, kNow);
        QVERIFY(!half);
        QVERIFY(half.error().message.find("consistency") == std::string::npos);
    }

    void anAcknowledgementIsRecorded_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::newRow("by full name") << QByteArray("satisfactionRatio:billing");
        QTest::newRow("by metric") << QByteArray("satisfactionRatio");
    }
    void anAcknowledgementIsRecorded()
    {
        QFETCH(const QByteArray, name);
        const auto text = releasePolicy(
            supportDeskPolicy(),
            projectionWith({gate(GateMetric::SatisfactionRatio, Verdict::NotMet, "billing")}),
            {name.toStdString()}, kNow);
        QVERIFY2(text, text ? "" : toString(text.error()).c_str());
        const ReleasedGate kept = parsePolicy(*text)->release->gates.front();
        QVERIFY(kept.acknowledged);
        QCOMPARE(kept.verdict, std::string("notMet"));
    }

    void whatIsNotOpenCannotBeAcknowledged()
    {
        const auto refused = releasePolicy(
            supportDeskPolicy(), projectionWith({gate(GateMetric::Consistency, Verdict::Met)}),
            {"consistency"}, kNow);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::InvalidArgument);
    }

    void theRefusalTellsUnmetFromUnproven()
    {
        const auto refused =
            releasePolicy(supportDeskPolicy(),
                          projectionWith({gate(GateMetric::Consistency, Verdict::NotShown),
                                          gate(GateMetric::LatencyP95Ms, Verdict::NotMet),
                                          gate(GateMetric::CostSaving, Verdict::NotShown)}),
                          {}, kNow);
        QVERIFY(!refused);
        QCOMPARE(refused.error().message, std::string("not met: latencyP95Ms; not shown by the "
                                                      "data: consistency, costSaving"));
    }

    void aPolicyWithoutGatesAsksForOneAcknowledgementByName()
    {
        const auto refused = releasePolicy(supportDeskPolicy(), projectionWith({}), {}, kNow);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::Refused);
        QCOMPARE(refused.error().message, std::string("no gates are set"));
        QVERIFY2(refused.error().hint.find("noGates") != std::string::npos,
                 refused.error().hint.c_str());
        const auto text = releasePolicy(supportDeskPolicy(), projectionWith({}), {"noGates"}, kNow);
        QVERIFY2(text, text ? "" : toString(text.error()).c_str());
        const std::vector<ReleasedGate> kept = parsePolicy(*text)->release->gates;
        QCOMPARE(kept, (std::vector<ReleasedGate>{{"noGates", "notShown", {}, true}}));
        // Where there are gates the name means nothing.
        QVERIFY(!releasePolicy(supportDeskPolicy(),
                               projectionWith({gate(GateMetric::Consistency, Verdict::Met)}),
                               {"noGates"}, kNow));
    }

    void theReasonOfAnAcknowledgementIsRecorded()
    {
        const Projection open = projectionWith({gate(GateMetric::Consistency, Verdict::NotShown)});
        const auto text = releasePolicy(supportDeskPolicy(), open, {"consistency"}, kNow,
                                        "  a pilot\n of 50 users ");
        QVERIFY2(text, text ? "" : toString(text.error()).c_str());
        QCOMPARE(parsePolicy(*text)->release->reason, std::string("a pilot of 50 users"));
        const auto silent = releasePolicy(supportDeskPolicy(), open, {"consistency"}, kNow);
        QVERIFY(silent->find("\"reason\"") == std::string::npos);
        const auto tooLong = releasePolicy(supportDeskPolicy(), open, {"consistency"}, kNow,
                                           std::string(kMostReasonLength + 1, 'x'));
        QCOMPARE(tooLong.error().code, ErrorCode::InvalidArgument);
    }

    void aReasonForNothingIsRefused()
    {
        const auto refused = releasePolicy(
            supportDeskPolicy(), projectionWith({gate(GateMetric::Consistency, Verdict::Met)}), {},
            kNow, "because");
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::InvalidArgument);
    }

    void aPolicyThatCannotBeLoadedDoesNotLeave()
    {
        PolicyDocument broken = supportDeskPolicy();
        broken.otherwise = Plan{Call{ModelId("nobody"), {}, {}, {}}};
        const auto refused = releasePolicy(broken, projectionWith({}), {}, kNow);
        QVERIFY(!refused);
        QVERIFY2(refused.error().message.find("nobody") != std::string::npos,
                 refused.error().message.c_str());
    }
};

QTEST_GUILESS_MAIN(TestPolicyRelease)
#include "tst_policy_release.moc"
