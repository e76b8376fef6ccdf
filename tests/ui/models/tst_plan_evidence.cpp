// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: what the answers say about the plans follows policy, answers and traffic without a
// question, and never speaks of a policy that is no more.

#include <tests/core/projection/projection_world.h>
#include <tests/support/hand_made_traffic.h>
#include <tests/support/policy_builder.h>
#include <ui/models/plan_evidence.h>

#include <QSignalSpy>
#include <QTest>

#include <cmath>

using namespace signalbox;
using namespace signalbox::test;
using namespace signalbox::ui;

namespace {

/// A cheap model that is late on every second prompt, and a dear one with another voice.
std::shared_ptr<const EvidenceTable> evidence()
{
    World world;
    world.prompts("all", 100)
        .model("cheap", {.firstTokenMs = 100})
        .model("dear", {.firstTokenMs = 300})
        .voices("cheap", "dear", 0.6);
    for (std::size_t prompt = 0; prompt < 100; prompt += 2)
        world.columns("cheap").samples[prompt][0] = {900, 1000, 100, 1.0};
    return std::make_shared<const EvidenceTable>(world.evidence());
}

PolicyDocument chained(std::optional<int> firstTokenMs)
{
    return PolicyBuilder()
        .otherwise(chain({call("cheap", {firstTokenMs, {}, {}}), call("dear")}))
        .document();
}

/// Of requests with so many input tokens each.
std::shared_ptr<const Traffic> traffic(std::int32_t tokens)
{
    return test::trafficOf({ask("Is that so?"), ask("And that?"), ask("Why?")},
                           {tokens, tokens, -1});
}

bool says(const PlanEvidence& about, const std::string& code)
{
    return std::ranges::find(about.findings(), code, &Finding::code) != about.findings().end();
}

} // namespace

class TestPlanEvidence : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
    }

    void nothingIsSaidBeforeThereAreAnswers()
    {
        PolicyEditor editor;
        editor.setDocument(chained(500));
        PlanEvidence about(editor);
        QVERIFY(!about.isWeighing());
        QVERIFY(about.findings().empty() && about.edges().empty());
        about.setEvidence(evidence());
        QTRY_COMPARE(about.edges().size(), std::size_t{1});
        QCOMPARE(about.edges()[0].probability, 0.5);
        QVERIFY(says(about, "budget-cuts-good"));
        // The answers are measured anew, for other models: what was said is taken back.
        about.setEvidence(nullptr);
        QVERIFY(about.findings().empty() && about.edges().empty());
    }

    void itFollowsThePolicy()
    {
        PolicyEditor editor;
        editor.setDocument(chained(500));
        PlanEvidence about(editor);
        about.setEvidence(evidence());
        QTRY_VERIFY(says(about, "budget-cuts-good"));
        QVERIFY(editor.push(SetOtherwise{chained(2000).otherwise}).has_value());
        QVERIFY(about.findings().empty()); // of the plan before
        QTRY_VERIFY(!about.isWeighing());
        QVERIFY(!says(about, "budget-cuts-good"));
        QVERIFY(says(about, "voice-jump"));
        editor.undoStack()->undo();
        // Twice changed while one is weighed: the last counts.
        editor.undoStack()->redo();
        editor.undoStack()->undo();
        QTRY_VERIFY(!about.isWeighing());
        QVERIFY(says(about, "budget-cuts-good"));
    }

    void anotherPolicyHasNoneOfTheEdgesBefore()
    {
        PolicyEditor editor;
        editor.setDocument(chained(500));
        PlanEvidence about(editor);
        about.setEvidence(evidence());
        QTRY_COMPARE(about.edges().size(), std::size_t{1});
        QVERIFY(editor.push(SetOtherwise{chained(2000).otherwise}).has_value());
        QCOMPARE(about.edges().size(), std::size_t{1}); // a little old, but of this policy
        QTRY_VERIFY(!about.isWeighing());
        editor.setDocument(chained(500));
        QVERIFY(about.edges().empty() && about.findings().empty());
        QTRY_COMPARE(about.edges().size(), std::size_t{1});
        QCOMPARE(about.edges()[0].probability, 0.5);
    }

    void moneyIsOfUsualRequests()
    {
        PolicyEditor editor;
        editor.setDocument(chained(500));
        PlanEvidence about(editor);
        about.setEvidence(evidence());
        QTRY_COMPARE(about.edges().size(), std::size_t{1});
        QVERIFY(std::isnan(about.edges()[0].wastedUsdPer1k));
        about.setTraffic(traffic(1000));
        QTRY_COMPARE(about.edges()[0].wastedUsdPer1k, 1.0); // a million tokens in, at 1 USD
    }

    void pricesGrowOldByTheGivenDay()
    {
        PolicyDocument document = chained(2000);
        document.models[1].provider = "openai";
        document.models[1].price->asOf = "2026-08-01";
        PolicyEditor editor;
        editor.setDocument(document);
        PlanEvidence about(editor, [] { return *daysOf("2026-08-02"); });
        about.setEvidence(evidence());
        QTRY_COMPARE(about.edges().size(), std::size_t{1});
        QVERIFY(!says(about, "stale-price"));
        PlanEvidence later(editor, [] { return *daysOf("2026-11-26"); });
        later.setEvidence(evidence());
        QTRY_VERIFY(says(later, "stale-price"));
    }
};

QTEST_GUILESS_MAIN(TestPlanEvidence)
#include "tst_plan_evidence.moc"
