// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: the policy's column is answered as the policy would answer: its rule decides, its plan
// is carried out call by call under its budgets, checks and fallbacks, and the route is kept with
// the answer. A call that a model's column makes too is neither sent nor billed again, unless
// somebody wants it; nothing finished is sent again after a crash, and only what the policy would
// answer otherwise is asked anew when it was changed.

#include <core/evidence/evidence_store.h>
#include <core/lab/lab_run.h>
#include <core/lab/policy_column.h>
#include <core/lab/run_budget.h>
#include <core/policy/document_uses.h>
#include <core/providers/curl_transport.h>
#include <core/providers/dialects.h>
#include <core/providers/http_provider.h>
#include <core/providers/key_store.h>
#include <core/providers/openai_chat.h>
#include <core/providers/simulator_provider.h>
#include <core/sample/support_desk.h>
#include <core/voice/policy_route.h>
#include <tests/core/providers/fake_keychain.h>
#include <tests/support/fault_server.h>
#include <tests/support/policy_builder.h>
#include <tests/support/scripted_bench.h>

#include <QElapsedTimer>
#include <QProcess>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include <algorithm>
#include <cstdio>

using namespace signalbox;
using namespace signalbox::test;

namespace {

constexpr int kSoonMs = 30;
constexpr CellId kCheap{0, 0, 0};
constexpr CellId kDear{0, 1, 0};
constexpr CellId kPolicy{0, 2, 0};

ModelSpec modelAt(const std::string& id, const std::string& provider,
                  const std::string& baseUrl = {})
{
    ModelSpec model = scriptedModel(id);
    model.provider = provider;
    model.baseUrl = baseUrl;
    return model;
}

/// "cheap" answers all but what asks for a lawyer.
PolicyDocument policyOf(Plan otherwise, const std::string& provider = "scripted")
{
    return PolicyBuilder({})
        .model(modelAt("cheap", provider))
        .model(modelAt("dear", provider))
        .baseline("dear")
        .contains("law", "lawyer")
        .rule("hard", when("law"), call("dear"))
        .otherwise(std::move(otherwise))
        .document();
}

enum class Columns { PolicyOnly, WithModels };

LabPlan planOf(const PolicyDocument& policy, Columns columns,
               const std::vector<std::string>& texts = {"Where is my refund?"},
               PolicyColumn::Calls calls = PolicyColumn::Calls::TakeFromColumns)
{
    LabPlan plan;
    plan.name = "test";
    for (std::size_t i = 0; i < texts.size(); ++i) {
        LabPrompt prompt;
        prompt.id = PromptId("p" + std::to_string(i));
        prompt.messages = {{Role::System, "Be kind.", 0}, {Role::User, texts[i], 0}};
        plan.prompts.push_back(prompt);
    }
    if (columns == Columns::WithModels)
        plan.models = policy.models;
    addPolicyColumn(plan, PolicyColumn::of(policy, {}, calls));
    return plan;
}

struct Bench : TimedBench
{
    /// The live call to a model; null: there is none.
    [[nodiscard]] ScriptedStream* callTo(const std::string& model) const
    {
        const auto live = liveOf(model + "-upstream");
        return live.empty() ? nullptr : live.front();
    }
    void answer(const std::string& model, const std::string& text) const
    {
        ScriptedStream* stream = callTo(model);
        QVERIFY(stream);
        stream->say(text);
        stream->finish();
    }
};

PolicyRoute routeOf(const Cell& cell)
{
    return parseRoute(cell.answer.route).value_or(PolicyRoute());
}

std::vector<PolicyHop::End> endsOf(const PolicyRoute& route)
{
    std::vector<PolicyHop::End> ends;
    for (const PolicyHop& hop : route.hops)
        ends.push_back(hop.end);
    return ends;
}

/// Of a call to a model of the plan.
Money worstOf(const LabPlan& plan, const CellId& id)
{
    return *RunBudget(plan).worstOf(id).cost;
}

Variant warmerThan(const std::string& model, double temperature)
{
    Variant variant;
    variant.of = ModelId(model);
    variant.overrides.temperature = temperature;
    return variant;
}

RunCaps atMost(Money cost)
{
    RunCaps caps;
    caps.cost = cost;
    return caps;
}

Plan cascade(std::vector<Plan> steps, Acceptance accept)
{
    return {Cascade{std::move(steps), std::move(accept), {}}};
}

/// With real sockets.
void addOpenAi(ProviderRegistry& registry)
{
    registry.add(
        std::make_unique<HttpProvider>(openAiChatDialect(), std::make_shared<CurlTransport>(),
                                       std::make_shared<KeyStore>(std::make_unique<FakeKeychain>(
                                           std::make_shared<FakeKeychain::State>()))));
}

LabPlan victimsPlan()
{
    LabPlan plan = planOf(policyOf(chain({call("cheap"), call("dear")})), Columns::PolicyOnly,
                          {"Where is my refund?", "Where is my parcel?"});
    plan.inFlight = 1;
    return plan;
}

} // namespace

class TestPolicyColumn : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
    }

    void theRuleDecidesAndWhatAColumnHasIsNotSentAgain()
    {
        Bench bench;
        LabRun run(planOf(policyOf(call("cheap")), Columns::WithModels,
                          {"Where is my refund?", "I want a lawyer."}),
                   bench.registry, &bench.store);
        QSignalSpy finished(&run, &LabRun::finished);
        run.start();
        QTRY_COMPARE(bench.sent(), std::size_t(4)); // the models' cells
        for (int i = 0; i < 2; ++i) {
            bench.answer("cheap", "Soon.");
            bench.answer("dear", "Your refund is on its way.");
        }
        QTRY_COMPARE(finished.size(), 1);
        QCOMPARE(bench.sent(), std::size_t(4));
        const Cell& easy = run.cell({0, 2, 0});
        QCOMPARE(easy.state, CellState::Done);
        QCOMPARE(easy.answer.text, std::string("Soon."));
        QVERIFY(easy.answer.reused);
        QCOMPARE(*easy.answer.cost, Money{});
        QCOMPARE(*easy.answer.firstTokenMs, 120.0);
        QCOMPARE(*easy.answer.totalMs, 480.0);
        QCOMPARE(routeOf(easy).label, std::string("otherwise"));
        QCOMPARE(*routeOf(easy).cost(), *run.cell({0, 0, 0}).answer.cost); // as a user's would
        const Cell& hard = run.cell({1, 2, 0});
        QCOMPARE(hard.answer.text, std::string("Your refund is on its way."));
        QCOMPARE(routeOf(hard).rule, std::string("hard"));
        QCOMPARE(routeOf(hard).tier, ModelId("dear"));
        QVERIFY(routeOf(hard).isReused());
        QCOMPARE(*run.progress().spent, Money::fromUsd(4 * 0.006));
        // It is no evidence of a model, nor of anything twice.
        QCOMPARE(bench.store.allAnswers()->size(), std::size_t(4));
        QCOMPARE(bench.store.answers(*run.id())->size(), std::size_t(6));
    }

    void aFailedCallFallsBackAndAllCallsAreBilled()
    {
        Bench bench;
        LabRun run(planOf(policyOf(chain({call("cheap"), call("dear")})), Columns::PolicyOnly),
                   bench.registry, &bench.store);
        QSignalSpy finished(&run, &LabRun::finished);
        run.start();
        QTRY_VERIFY(bench.callTo("cheap"));
        QVERIFY(!bench.callTo("dear"));
        bench.clock.pass(250);
        bench.callTo("cheap")->refuse(503);
        QTRY_VERIFY(bench.callTo("dear"));
        QCOMPARE(run.cell({0, 0, 0}).state, CellState::Waiting);
        QCOMPARE(run.cell({0, 0, 0}).status, std::string("cheap: server error; dear is asked"));
        bench.clock.pass(120);
        bench.answer("dear", "On its way.");
        QTRY_COMPARE(finished.size(), 1);
        const Cell& cell = run.cell({0, 0, 0});
        QCOMPARE(cell.answer.text, std::string("On its way."));
        QCOMPARE(*cell.answer.firstTokenMs, 370.0); // as the user felt it
        QCOMPARE(*cell.answer.cost, Money::fromUsd(0.006));
        QVERIFY(!cell.answer.reused);
        const PolicyRoute route = routeOf(cell);
        QCOMPARE(endsOf(route), (std::vector{PolicyHop::End::Failed, PolicyHop::End::Answered}));
        QCOMPARE(route.hops[0].reason, std::string("server error"));
        QCOMPARE(route.served()->model, ModelId("dear"));
        QCOMPARE(route.lostMs(), 250.0);
        QCOMPARE(toString(route), std::string("otherwise -> cheap (server error, 250 ms), dear"));
        QCOMPARE(parseRoute(bench.store.answers(*run.id())->front().route), std::optional(route));
    }

    void aCallThatOverrunsItsBudgetIsStoppedAndTheNextBegins()
    {
        Bench bench;
        const Plan plan = chain({call("cheap", {kSoonMs, {}, {}}), call("dear")});
        LabRun run(planOf(policyOf(plan), Columns::PolicyOnly), bench.registry, &bench.store);
        QSignalSpy finished(&run, &LabRun::finished);
        run.start();
        QTRY_VERIFY(bench.callTo("cheap"));
        const QPointer<ScriptedStream> slow = bench.callTo("cheap");
        bench.clock.pass(kSoonMs);
        QTRY_VERIFY(bench.callTo("dear"));
        QTRY_VERIFY(!slow); // let go
        bench.clock.pass(100);
        bench.answer("dear", "Here.");
        QTRY_COMPARE(finished.size(), 1);
        const PolicyRoute route = routeOf(run.cell({0, 0, 0}));
        QCOMPARE(endsOf(route), (std::vector{PolicyHop::End::Overrun, PolicyHop::End::Answered}));
        QVERIFY(route.hops[0].cost); // what it read is billed
        QVERIFY(route.hops[0].cost->pico > 0);
        QCOMPARE(*run.cell({0, 0, 0}).answer.firstTokenMs, kSoonMs + 100.0);
    }

    /// The columns' answers began after 120 ms: the budget finds that out here, too.
    void aTakenAnswerThatWasTooSlowFallsBackWithoutACall()
    {
        Bench bench;
        const Plan plan = chain({call("cheap", {100, {}, {}}), call("dear")});
        LabRun run(planOf(policyOf(plan), Columns::WithModels), bench.registry, &bench.store);
        QSignalSpy finished(&run, &LabRun::finished);
        run.start();
        QTRY_COMPARE(bench.sent(), std::size_t(2));
        bench.answer("cheap", "Soon.");
        bench.answer("dear", "On its way.");
        QTRY_COMPARE(finished.size(), 1);
        QCOMPARE(bench.sent(), std::size_t(2));
        const Cell& cell = run.cell(kPolicy);
        QCOMPARE(cell.answer.text, std::string("On its way."));
        QCOMPARE(*cell.answer.firstTokenMs, 220.0);
        QCOMPARE(endsOf(routeOf(cell)),
                 (std::vector{PolicyHop::End::Overrun, PolicyHop::End::Answered}));
        QCOMPARE(routeOf(cell).hops[0].reason, std::string("no word in 0.1 s"));
    }

    void aBudgetOfAFewMillisecondsIsToldInThese()
    {
        Bench bench;
        const Plan plan = chain({call("cheap", {1, {}, {}}), call("dear")});
        LabRun run(planOf(policyOf(plan), Columns::WithModels), bench.registry, &bench.store);
        QSignalSpy finished(&run, &LabRun::finished);
        run.start();
        QTRY_COMPARE(bench.sent(), std::size_t(2));
        bench.answer("cheap", "Soon.");
        bench.answer("dear", "On its way.");
        QTRY_COMPARE(finished.size(), 1);
        QCOMPARE(routeOf(run.cell(kPolicy)).hops[0].reason, std::string("no word in 1 ms"));
    }

    /// The next step's answer is still being written in its column: the plan's time stands.
    void aStepWaitsForItsColumnAndTheWaitIsNotThePolicys()
    {
        Bench bench;
        LabPlan plan = planOf(policyOf(chain({call("cheap", {100, {}, {}}), call("dear")})),
                              Columns::WithModels);
        plan.inFlight = 1; // and a cell that waits takes nobody's place
        LabRun run(plan, bench.registry, &bench.store);
        QSignalSpy finished(&run, &LabRun::finished);
        run.start();
        bench.answer("cheap", "Soon.");
        QTRY_VERIFY(bench.callTo("dear"));
        bench.clock.pass(60'000);
        QTRY_COMPARE(run.cell(kPolicy).status,
                     std::string("cheap: no word in 0.1 s; dear is next"));
        bench.answer("dear", "On its way.");
        QTRY_COMPARE(finished.size(), 1);
        QCOMPARE(bench.sent(), std::size_t(2));
        QCOMPARE(*run.cell(kPolicy).answer.firstTokenMs, 220.0);
    }

    void aFailedColumnIsNotTaken()
    {
        Bench bench;
        LabPlan plan = planOf(policyOf(call("cheap")), Columns::WithModels);
        plan.retries = 0;
        LabRun run(plan, bench.registry, &bench.store);
        QSignalSpy finished(&run, &LabRun::finished);
        run.start();
        bench.answer("dear", "On its way.");
        bench.callTo("cheap")->failWith(FailureKind::ServerError, "the server answered 500");
        QTRY_COMPARE(bench.sent(), std::size_t(3));
        bench.answer("cheap", "Soon.");
        QTRY_COMPARE(finished.size(), 1);
        QCOMPARE(run.cell(kCheap).state, CellState::Failed);
        QCOMPARE(run.cell(kPolicy).answer.text, std::string("Soon."));
        QVERIFY(!run.cell(kPolicy).answer.reused);
    }

    void hedgingGoesOnAndTheFirstAnswerWins()
    {
        Bench bench;
        const Plan plan =
            chain({call("cheap", {kSoonMs, {}, {}}), call("dear")}, {}, ChainMode::Hedge);
        LabRun run(planOf(policyOf(plan), Columns::PolicyOnly), bench.registry, &bench.store);
        QSignalSpy finished(&run, &LabRun::finished);
        run.start();
        QTRY_VERIFY(bench.callTo("cheap"));
        bench.clock.pass(kSoonMs);
        QTRY_VERIFY(bench.callTo("dear"));
        QVERIFY(bench.callTo("cheap"));
        bench.clock.pass(10);
        bench.answer("cheap", "Soon.");
        QTRY_COMPARE(finished.size(), 1);
        QCOMPARE(run.cell({0, 0, 0}).answer.text, std::string("Soon."));
        QCOMPARE(endsOf(routeOf(run.cell({0, 0, 0}))),
                 (std::vector{PolicyHop::End::Answered, PolicyHop::End::Overtaken}));
    }

    void aCascadeShowsWhatPassesItsCheck_data()
    {
        QTest::addColumn<QString>("verdict");
        QTest::addColumn<QString>("shown");
        QTest::newRow("accepted") << "YES" << "Your refund is on its way to you.";
        QTest::newRow("rejected") << "No, it is wrong." << "The dear answer.";
        QTest::newRow("neither") << "Perhaps." << "The dear answer.";
    }

    void aCascadeShowsWhatPassesItsCheck()
    {
        QFETCH(QString, verdict);
        QFETCH(QString, shown);
        Bench bench;
        Acceptance accept;
        accept.minWords = 3;
        accept.verifier = Verifier{ModelId("judge"), "Is it kind?", {}, {}};
        PolicyDocument policy = policyOf(cascade({call("cheap"), call("dear")}, accept));
        policy.models.push_back(modelAt("judge", "scripted"));
        LabRun run(planOf(policy, Columns::PolicyOnly), bench.registry, &bench.store);
        QSignalSpy finished(&run, &LabRun::finished);
        run.start();
        QTRY_VERIFY(bench.callTo("cheap"));
        bench.clock.pass(200);
        bench.answer("cheap", "Your refund is on its way to you.");
        QTRY_VERIFY(bench.callTo("judge"));
        QVERIFY(run.cell({0, 0, 0}).answer.text.empty()); // nobody sees it before
        const auto asked = bench.callTo("judge")->request.messages;
        QVERIFY(asked.front().text.find("Is it kind?") != std::string::npos);
        QVERIFY(asked.back().text.find("on its way to you") != std::string::npos);
        bench.clock.pass(50);
        bench.answer("judge", verdict.toStdString());
        if (verdict != QStringLiteral("YES")) {
            QTRY_VERIFY(bench.callTo("dear"));
            bench.answer("dear", "The dear answer.");
        }
        QTRY_COMPARE(finished.size(), 1);
        QCOMPARE(run.cell({0, 0, 0}).answer.text, shown.toStdString());
        QCOMPARE(*run.cell({0, 0, 0}).answer.firstTokenMs, 250.0);
        QCOMPARE(*run.cell({0, 0, 0}).answer.cost,
                 Money::fromUsd(verdict == QStringLiteral("YES") ? 0.012 : 0.018));
    }

    void tooShortAnAnswerIsNotShown()
    {
        Bench bench;
        Acceptance accept;
        accept.minWords = 3;
        LabRun run(
            planOf(policyOf(cascade({call("cheap"), call("dear")}, accept)), Columns::WithModels),
            bench.registry, &bench.store);
        QSignalSpy finished(&run, &LabRun::finished);
        run.start();
        bench.answer("cheap", "Soon.");
        bench.answer("dear", "On its way.");
        QTRY_COMPARE(finished.size(), 1);
        QCOMPARE(run.cell(kPolicy).answer.text, std::string("On its way."));
        QCOMPARE(*run.cell(kPolicy).answer.firstTokenMs,
                 480.0 + 120); // the first was written whole
        QCOMPARE(endsOf(routeOf(run.cell(kPolicy))),
                 (std::vector{PolicyHop::End::Rejected, PolicyHop::End::Answered}));
    }

    void whatACallAsksOtherwiseIsSentAndNotTaken()
    {
        Bench bench;
        Plan otherwise = call("cheap");
        CallOverrides& overrides = std::get<Call>(otherwise.node).overrides;
        overrides.system = SystemPrompt{SystemPromptMode::Prepend, "In one sentence."};
        overrides.temperature = 0.25;
        overrides.maxTokens = 40;
        LabRun run(planOf(policyOf(otherwise), Columns::WithModels), bench.registry, &bench.store);
        QSignalSpy finished(&run, &LabRun::finished);
        run.start();
        QTRY_COMPARE(bench.sent(), std::size_t(3));
        const ChatRequest& sent = bench.provider->streams[2]->request;
        QCOMPARE(sent.styleGuide, std::string("In one sentence."));
        QCOMPARE(*sent.temperature, 0.25);
        QCOMPARE(*sent.maxTokens, 40);
        QCOMPARE(sent.messages.front().text, std::string("Be kind."));
        while (!bench.provider->live().empty()) {
            bench.provider->live().front()->say("So.");
            bench.provider->live().front()->finish();
        }
        QTRY_COMPARE(finished.size(), 1);
        QVERIFY(!run.cell(kPolicy).answer.reused);
    }

    void aSystemPromptCanBeReplaced()
    {
        Bench bench;
        Plan otherwise = call("cheap");
        std::get<Call>(otherwise.node).overrides.system =
            SystemPrompt{SystemPromptMode::Replace, "Be terse."};
        LabRun run(planOf(policyOf(otherwise), Columns::PolicyOnly), bench.registry, nullptr);
        run.start();
        QTRY_COMPARE(bench.sent(), std::size_t(1));
        const ChatRequest& sent = bench.provider->streams[0]->request;
        QCOMPARE(sent.styleGuide, std::string("Be terse."));
        QCOMPARE(sent.messages.size(), std::size_t(1));
    }

    void theAnswerIsRewrittenAsThePolicySays()
    {
        Bench bench;
        PolicyDocument policy = policyOf(call("cheap"));
        policy.answerStyle.trimOpeners = true;
        LabRun run(planOf(policy, Columns::WithModels), bench.registry, &bench.store);
        QSignalSpy finished(&run, &LabRun::finished);
        run.start();
        bench.answer("cheap", "Certainly! Your refund is on its way.");
        bench.answer("dear", "No.");
        QTRY_COMPARE(finished.size(), 1);
        QCOMPARE(run.cell(kPolicy).answer.text, std::string("Your refund is on its way."));
        QVERIFY(routeOf(run.cell(kPolicy)).isRewritten);
        QCOMPARE(run.cell(kCheap).answer.text,
                 std::string("Certainly! Your refund is on its way."));
    }

    void aPolicyThatCannotDecideSaysSo()
    {
        Bench bench;
        const PolicyDocument policy = policyOf(call("nobody"));
        LabRun run(planOf(policy, Columns::PolicyOnly), bench.registry, &bench.store);
        QSignalSpy finished(&run, &LabRun::finished);
        run.start();
        QTRY_COMPARE(finished.size(), 1);
        QCOMPARE(run.cell({0, 0, 0}).state, CellState::Failed);
        QVERIFY2(run.cell({0, 0, 0}).status.starts_with("The policy cannot route this: otherwise"),
                 run.cell({0, 0, 0}).status.c_str());
        QCOMPARE(bench.sent(), std::size_t(0));
    }

    void whatNobodyAnswersNamesEveryReason()
    {
        Bench bench;
        LabRun run(planOf(policyOf(chain({call("cheap"), call("dear")})), Columns::PolicyOnly),
                   bench.registry, &bench.store);
        QSignalSpy finished(&run, &LabRun::finished);
        run.start();
        QTRY_VERIFY(bench.callTo("cheap"));
        bench.callTo("cheap")->refuse(429);
        QTRY_VERIFY(bench.callTo("dear"));
        bench.callTo("dear")->refuse(503);
        QTRY_COMPARE(finished.size(), 1);
        const Cell& cell = run.cell({0, 0, 0});
        QCOMPARE(cell.state, CellState::Failed);
        QCOMPARE(cell.answer.failureKind, std::optional(FailureKind::ServerError));
        QVERIFY2(cell.status.find("cheap: no, says 429") != std::string::npos &&
                     cell.status.find("dear: no, says 503") != std::string::npos,
                 cell.status.c_str());
        QCOMPARE(*cell.answer.cost, Money{}); // nobody worked for it
        QCOMPARE(bench.sent(), std::size_t(2));
    }

    void anAnswerThatBreaksOffIsNotTakenOver()
    {
        Bench bench;
        LabRun run(planOf(policyOf(chain({call("cheap"), call("dear")})), Columns::PolicyOnly),
                   bench.registry, &bench.store);
        QSignalSpy finished(&run, &LabRun::finished);
        run.start();
        QTRY_VERIFY(bench.callTo("cheap"));
        bench.callTo("cheap")->say("Your ref");
        QTRY_COMPARE(run.cell({0, 0, 0}).answer.text, std::string("Your ref"));
        bench.callTo("cheap")->failWith(FailureKind::Truncated, "cut off");
        QTRY_COMPARE(finished.size(), 1);
        QCOMPARE(run.cell({0, 0, 0}).state, CellState::Failed);
        QCOMPARE(run.cell({0, 0, 0}).answer.text, std::string("Your ref"));
        QCOMPARE(bench.sent(), std::size_t(1));
    }

    void stoppingStopsItsCalls()
    {
        Bench bench;
        LabRun run(planOf(policyOf(call("cheap")), Columns::PolicyOnly), bench.registry,
                   &bench.store);
        QSignalSpy finished(&run, &LabRun::finished);
        run.start();
        QTRY_VERIFY(bench.callTo("cheap"));
        const QPointer<ScriptedStream> call = bench.callTo("cheap");
        run.stop();
        QTRY_COMPARE(finished.size(), 1);
        QTRY_VERIFY(!call);
        QCOMPARE(run.cell({0, 0, 0}).state, CellState::Stopped);
    }

    void itsOwnCallIsSentWhenSomebodyWantsIt()
    {
        Bench bench;
        LabRun run(planOf(policyOf(call("cheap")), Columns::WithModels), bench.registry,
                   &bench.store);
        QSignalSpy finished(&run, &LabRun::finished);
        run.start();
        bench.answer("cheap", "Soon.");
        bench.answer("dear", "On its way.");
        QTRY_COMPARE(finished.size(), 1);
        QCOMPARE(bench.sent(), std::size_t(2));
        run.rerun(kPolicy);
        QTRY_VERIFY(bench.callTo("cheap"));
        bench.answer("cheap", "Another.");
        QTRY_COMPARE(finished.size(), 2);
        QCOMPARE(run.cell(kPolicy).answer.text, std::string("Another."));
        QCOMPARE(run.cell(kCheap).answer.text, std::string("Soon."));
        QCOMPARE(*run.cell(kPolicy).answer.cost, Money::fromUsd(0.006));

        LabRun own(planOf(policyOf(call("cheap")), Columns::WithModels, {"Where is my refund?"},
                          PolicyColumn::Calls::Own),
                   bench.registry, nullptr);
        own.start();
        QTRY_COMPARE(bench.sent(), std::size_t(6));
    }

    void anotherAnswerOfAModelIsThePolicysToo()
    {
        Bench bench;
        LabRun run(planOf(policyOf(call("cheap")), Columns::WithModels), bench.registry,
                   &bench.store);
        QSignalSpy finished(&run, &LabRun::finished);
        run.start();
        bench.answer("cheap", "Soon.");
        bench.answer("dear", "On its way.");
        QTRY_COMPARE(finished.size(), 1);
        run.rerun(kCheap);
        bench.answer("cheap", "Another.");
        QTRY_COMPARE(finished.size(), 2);
        QCOMPARE(run.cell(kPolicy).answer.text, std::string("Another."));
        QVERIFY(run.cell(kPolicy).answer.reused);
        QCOMPARE(bench.sent(), std::size_t(3));
    }

    /// The same model asked in another way is no answer of the policy's; asked in the policy's way
    /// it is, and its repeat is the policy's too.
    void aVariantIsTakenWhereItAsksWhatThePolicyAsks_data()
    {
        QTest::addColumn<double>("temperature");
        QTest::addColumn<int>("sent");
        QTest::newRow("asked as the policy asks") << 0.2 << 3;
        QTest::newRow("asked otherwise") << 0.7 << 4;
    }
    void aVariantIsTakenWhereItAsksWhatThePolicyAsks()
    {
        QFETCH(double, temperature);
        QFETCH(int, sent);
        Plan cool = call("cheap");
        std::get<Call>(cool.node).overrides.temperature = 0.2;
        LabPlan plan = planOf(policyOf(cool), Columns::WithModels);
        const Variant variant = warmerThan("cheap", temperature);
        const ModelId column = nameOf(variant);
        plan.variants[column] = variant;
        plan.models.insert(plan.models.begin() + 2, columnOf(variant, plan.models.front()));
        Bench bench;
        LabRun run(plan, bench.registry, &bench.store);
        QSignalSpy finished(&run, &LabRun::finished);
        run.start();
        QTRY_COMPARE(bench.sent(), std::size_t(sent));
        bench.answerEverythingLive("Soon.");
        QTRY_COMPARE(finished.size(), 1);
        const CellId policys{0, 3, 0};
        const bool isTaken = sent == 3;
        QCOMPARE(run.cell(policys).answer.reused, isTaken);
        const PolicyHop hop = routeOf(run.cell(policys)).hops.at(0);
        QCOMPARE(hop.model, ModelId("cheap"));
        QCOMPARE(hop.takenFrom, isTaken ? column : ModelId());
        run.rerun(kCheap); // the model's own column has nothing to do with it
        QTRY_VERIFY(bench.callTo("cheap"));
        bench.answerEverythingLive("Plain.");
        QTRY_COMPARE(finished.size(), 2);
        QCOMPARE(run.cell(policys).answer.text, std::string("Soon."));
        run.rerun({0, 2, 0});
        QTRY_VERIFY(bench.callTo("cheap"));
        bench.answerEverythingLive("Another.");
        QTRY_COMPARE(finished.size(), 3);
        QCOMPARE(run.cell(policys).answer.text, std::string(isTaken ? "Another." : "Soon."));
        QCOMPARE(run.cell(policys).answer.reused, isTaken);
        QCOMPARE(bench.sent(), static_cast<std::size_t>(sent + 2));
    }

    /// A model of the policy may be named as the column of a variant is.
    void aColumnsNameIsNoAnswerOfThePolicys()
    {
        const Variant warm = warmerThan("cheap", 0.7);
        ModelSpec other = modelAt("cheap", "scripted");
        other.id = nameOf(warm);
        PolicyDocument policy = policyOf(call(other.id.value));
        policy.models.push_back(other);
        LabPlan plan = planOf(policy, Columns::PolicyOnly);
        plan.models.insert(plan.models.begin(), other);
        plan.variants[other.id] = warm;
        Bench bench;
        LabRun run(plan, bench.registry, &bench.store);
        QSignalSpy finished(&run, &LabRun::finished);
        run.start();
        QTRY_COMPARE(bench.sent(), std::size_t(2));
        QCOMPARE(bench.provider->streams[0]->request.temperature, std::optional(0.7));
        QCOMPARE(bench.provider->streams[1]->request.temperature, std::optional<double>());
        bench.answerEverythingLive("Soon.");
        QTRY_COMPARE(finished.size(), 1);
        QVERIFY(!run.cell({0, 1, 0}).answer.reused);
    }

    /// What it took is not what the column has any more: it begins as if it never had.
    void whatThePolicyTookOnItsWayIsTakenAnewToo()
    {
        Bench bench;
        LabPlan plan = planOf(policyOf(chain({call("cheap", {100, {}, {}}), call("dear")})),
                              Columns::PolicyOnly);
        plan.models.insert(plan.models.begin(), modelAt("cheap", "scripted"));
        LabRun run(plan, bench.registry, &bench.store);
        QSignalSpy finished(&run, &LabRun::finished);
        run.start();
        bench.answer("cheap", "Soon."); // after 120 ms: too slow
        QTRY_VERIFY(bench.callTo("dear"));
        const QPointer<ScriptedStream> fallback = bench.callTo("dear");
        run.rerun(kCheap);
        QTRY_VERIFY(!fallback); // let go
        QTRY_VERIFY(bench.callTo("cheap"));
        bench.callTo("cheap")->firstTextMs = 50;
        bench.answer("cheap", "At once.");
        QTRY_COMPARE(finished.size(), 1);
        const Cell& policys = run.cell({0, 1, 0});
        QCOMPARE(policys.answer.text, std::string("At once."));
        QCOMPARE(endsOf(routeOf(policys)), std::vector{PolicyHop::End::Answered});
        QCOMPARE(bench.sent(), std::size_t(3));
    }

    void aChangedPolicyAsksOnlyWhatItAnswersOtherwise()
    {
        Bench bench;
        const std::vector<std::string> texts = {"Where is my refund?", "I want a lawyer."};
        const PolicyDocument before = policyOf(call("cheap"));
        LabRun first(planOf(before, Columns::PolicyOnly, texts), bench.registry, &bench.store);
        first.start();
        QTRY_COMPARE(bench.sent(), std::size_t(2));
        bench.answer("cheap", "Soon.");
        bench.answer("dear", "On its way.");
        QTRY_VERIFY(!first.isRunning());

        PolicyDocument after = before;
        after.name = "Renamed"; // changes no answer
        after.otherwise = call("dear");
        {
            LabRun run(planOf(after, Columns::PolicyOnly, texts), bench.registry, &bench.store);
            QCOMPARE(*run.resumeFrom(*first.id()), std::size_t(1));
            run.holdBack();
            QVERIFY(run.cell({0, 0, 0}).heldBack);
            QCOMPARE(run.cell({1, 0, 0}).answer.text, std::string("On its way."));
        }
        // The same while the table is open, there and back.
        first.setPolicy(PolicyColumn::of(after));
        QVERIFY(first.cell({0, 0, 0}).heldBack);
        QCOMPARE(first.cell({1, 0, 0}).state, CellState::Done);
        first.setPolicy(PolicyColumn::of(before));
        QCOMPARE(first.cell({0, 0, 0}).answer.text, std::string("Soon."));
        QCOMPARE(first.cell({0, 0, 0}).state, CellState::Done);
        first.setPolicy(PolicyColumn::of(after));
        first.rerunFailed();
        QTRY_COMPARE(bench.sent(), std::size_t(3));
        bench.answer("dear", "Now the dear one.");
        QTRY_VERIFY(!first.isRunning());
        QCOMPARE(first.cell({0, 0, 0}).answer.text, std::string("Now the dear one."));
    }

    /// A call of the policy may write more than the run's own limit says.
    void theLongestAnswerOfACallCountsInTheCaps()
    {
        Plan wordy = call("cheap");
        std::get<Call>(wordy.node).overrides.maxTokens = 4'000;
        LabPlan plan = planOf(policyOf(wordy), Columns::PolicyOnly);
        plan.asking.maxTokens = 100;
        plan.caps.cost = Money::fromUsd(0.1); // 100 tokens are $0.006, 4,000 are $0.24
        Bench bench;
        LabRun run(plan, bench.registry, &bench.store);
        QCOMPARE(run.policyCalls({0, 0, 0}).calls.front().maxTokens, std::optional(4'000));
        QSignalSpy held(&run, &LabRun::capWasReached);
        run.start();
        QTRY_COMPARE(held.size(), 1);
        QCOMPARE(bench.sent(), std::size_t(0));
        QVERIFY(*run.capReached()->next > Money::fromUsd(0.24));
        RunCaps more;
        more.cost = Money::fromUsd(0.5);
        run.setCaps(more);
        QTRY_COMPARE(bench.sent(), std::size_t(1));
        QCOMPARE(bench.callTo("cheap")->request.maxTokens, std::optional(4'000));
    }

    void aKilledProgramSendsNothingFinishedAgain()
    {
        const QTemporaryDir folder;
        const QString file = folder.filePath(QStringLiteral("evidence.sqlite"));
        QProcess victim;
        victim.start(QCoreApplication::applicationFilePath(), {QStringLiteral("--victim"), file});
        QTRY_VERIFY_WITH_TIMEOUT(victim.canReadLine() || victim.state() == QProcess::NotRunning,
                                 60'000);
        QCOMPARE(victim.readLine().trimmed(), QByteArray("one done, one in its fallback"));
        victim.kill();
        QVERIFY(victim.waitForFinished());

        Bench bench;
        bench.store = std::move(*EvidenceStore::open(file.toStdString()));
        const RunSummary interrupted = bench.store.runs()->front();
        QVERIFY(interrupted.isInterrupted());
        LabRun run(victimsPlan(), bench.registry, &bench.store);
        QCOMPARE(*run.resumeFrom(interrupted.id), std::size_t(1));
        QCOMPARE(routeOf(run.cell({0, 0, 0})).served()->model, ModelId("dear"));
        QSignalSpy finished(&run, &LabRun::finished);
        run.start();
        QTRY_VERIFY(bench.callTo("cheap"));
        bench.answer("cheap", "Soon.");
        QTRY_COMPARE(finished.size(), 1);
        QCOMPARE(bench.sent(), std::size_t(1));
        QCOMPARE(bench.store.answers(interrupted.id)->size(), std::size_t(2));
    }

    /// The sample with its simulated models, at once: simulated times are the plan's.
    void theSampleAnswersAsItsModelsWould_data()
    {
        QTest::addColumn<bool>("isInAHurry");
        QTest::newRow("as it is") << false;
        QTest::newRow("with budgets that nobody keeps") << true;
    }

    void theSampleAnswersAsItsModelsWould()
    {
        QFETCH(bool, isInAHurry);
        const ManualClock clock; // it stands: what the machine takes is nobody's time
        ProviderRegistry registry(clock);
        auto simulator = std::make_unique<SimulatorProvider>(clock);
        simulator->setSpeed(0);
        registry.add(std::move(simulator));
        PolicyDocument policy = supportDeskPolicy();
        if (isInAHurry)
            forEachPlan(policy, [](Plan& plan) {
                forEachCall(plan, [](Call& call) { call.firstTokenMs = 1; });
            });
        LabPlan plan;
        for (const SamplePrompt& prompt : supportDeskPrompts()) {
            LabPrompt lab;
            lab.id = prompt.id;
            lab.messages = {{Role::User, prompt.text, 0}};
            plan.prompts.push_back(lab);
        }
        plan.models = policy.models;
        addPolicyColumn(plan, PolicyColumn::of(policy));
        const auto play = [&](LabPlan asked) {
            auto run = std::make_unique<LabRun>(std::move(asked), registry, nullptr);
            run->start();
            return run;
        };
        const auto taken = play(plan);
        QTRY_VERIFY_WITH_TIMEOUT(!taken->isRunning(), 60'000);
        LabPlan alone = plan;
        alone.models.clear();
        addPolicyColumn(alone, PolicyColumn::of(policy));
        const auto own = play(alone);
        QTRY_VERIFY_WITH_TIMEOUT(!own->isRunning(), 60'000);
        std::size_t fallbacks = 0;
        for (std::size_t prompt = 0; prompt < plan.prompts.size(); ++prompt) {
            const Cell& a = taken->cell({prompt, plan.models.size() - 1, 0});
            const Cell& b = own->cell({prompt, 0, 0});
            QCOMPARE(a.answer.text, b.answer.text); // the same calls either way
            QCOMPARE(a.state, b.state);
            const PolicyRoute route = routeOf(a);
            QCOMPARE(endsOf(route), endsOf(routeOf(b)));
            fallbacks += route.hops.size() > 1;
            QVERIFY(route.cost() && routeOf(b).cost());
            for (std::size_t hop = 0; hop < route.hops.size(); ++hop)
                QCOMPARE(route.hops[hop].cost->pico, routeOf(b).hops[hop].cost->pico);
            QVERIFY(a.answer.simulated);
            if (a.answer.firstTokenMs)
                QVERIFY2(std::abs(*a.answer.firstTokenMs - *b.answer.firstTokenMs) < 0.01,
                         qPrintable(QStringLiteral("%1 %2")
                                        .arg(*a.answer.firstTokenMs)
                                        .arg(*b.answer.firstTokenMs)));
        }
        QVERIFY(fallbacks > 0);
    }

    /// Its call cannot be sent, and the policy's cell waits for just that call.
    void aCapHoldsARunInWhichThePolicyWaitsForAColumn()
    {
        Bench bench;
        LabPlan plan = planOf(policyOf(chain({call("cheap", {100, {}, {}}), call("dear")})),
                              Columns::WithModels);
        plan.inFlight = 1;
        LabRun run(plan, bench.registry, &bench.store);
        QSignalSpy held(&run, &LabRun::capWasReached);
        QSignalSpy finished(&run, &LabRun::finished);
        run.start();
        bench.answer("cheap", "Soon.");
        QTRY_VERIFY(bench.callTo("dear"));
        QTRY_COMPARE(run.cell(kPolicy).status,
                     std::string("cheap: no word in 0.1 s; dear is next"));
        bench.callTo("dear")->refuse(503);
        bench.clock.pass(60'000); // it is worth another try by then
        run.setCaps(atMost(Money::fromUsd(0.01)));
        QTRY_COMPARE(held.size(), 1);
        QCOMPARE(run.capReached()->which, CapReached::Which::Cost);
        QCOMPARE(run.capReached()->waiting, std::size_t(2));
        QVERIFY(run.isPaused());
        const std::int64_t sendingMs = run.spending().timeMs;
        bench.clock.pass(60'000);
        QCOMPARE(run.spending().timeMs, sendingMs); // a pause is none
        run.setCaps({});
        QTRY_VERIFY(bench.callTo("dear"));
        bench.answer("dear", "On its way.");
        QTRY_COMPARE(finished.size(), 1);
        QCOMPARE(bench.sent(), std::size_t(3));
        QVERIFY(run.cell(kPolicy).answer.reused);
    }

    void whatAServerWasNotGivenInABackoffItIsNotSent()
    {
        FaultServer server;
        std::vector<qint64> atMs;
        QElapsedTimer clock;
        clock.start();
        server.answer([&](const SeenRequest&) {
            atMs.push_back(clock.elapsed()); // on the server's thread, one after the other
            return atMs.size() < 3 ? whole(500, "application/json", errorBody("no")) : goodAnswer();
        });
        ProviderRegistry registry;
        addOpenAi(registry);
        PolicyDocument policy = policyOf(call("cheap", {{}, {}, {3, 120, 2}}), "openai");
        policy.models[0].baseUrl = server.baseUrl();
        LabRun run(planOf(policy, Columns::PolicyOnly), registry, nullptr);
        run.start();
        QTRY_VERIFY(!run.isRunning());
        QCOMPARE(run.cell({0, 0, 0}).answer.text, std::string("Hello there"));
        QCOMPARE(atMs.size(), std::size_t(3));
        QVERIFY2(atMs[1] - atMs[0] >= 120, qPrintable(QString::number(atMs[1] - atMs[0])));
        QVERIFY2(atMs[2] - atMs[1] >= 240, qPrintable(QString::number(atMs[2] - atMs[1])));
        const PolicyRoute route = routeOf(run.cell({0, 0, 0}));
        QVERIFY(route.hops[1].startMs - route.hops[0].endMs >= 119);
        QVERIFY(route.hops[2].startMs - route.hops[1].endMs >= 239);
    }

    /// What two steps wrote, and nothing twice.
    void tokensAreThoseThatWereBilled()
    {
        Bench bench;
        Acceptance accept;
        accept.minWords = 3;
        const PolicyDocument policy = policyOf(cascade({call("cheap"), call("dear")}, accept));
        LabRun own(planOf(policy, Columns::PolicyOnly), bench.registry, &bench.store);
        own.start();
        QTRY_VERIFY(bench.callTo("cheap"));
        bench.answer("cheap", "Soon.");
        QTRY_VERIFY(bench.callTo("dear"));
        bench.answer("dear", "On its way.");
        QTRY_VERIFY(!own.isRunning());
        QCOMPARE(own.spending().tokens, std::int64_t(300));
        QCOMPARE(own.spending().cost, Money::fromUsd(0.012));
        LabRun again(planOf(policy, Columns::PolicyOnly), bench.registry, &bench.store);
        QVERIFY(again.resumeFrom(*own.id()));
        QCOMPARE(again.spending().tokens, std::int64_t(300));

        LabRun taken(planOf(policy, Columns::WithModels), bench.registry, &bench.store);
        taken.start();
        QTRY_VERIFY(bench.callTo("cheap"));
        bench.answer("cheap", "Soon.");
        bench.answer("dear", "On its way.");
        QTRY_VERIFY(!taken.isRunning());
        QCOMPARE(taken.spending().tokens, std::int64_t(300));
        LabRun next(planOf(policy, Columns::WithModels), bench.registry, &bench.store);
        QVERIFY(next.resumeFrom(*taken.id()));
        QCOMPARE(next.spending().tokens, std::int64_t(300));
    }

    /// Nobody told the server to stop in time.
    void anAnswerThatCameWholeWhileItsBudgetRanOutIsPaidFor()
    {
        Bench bench;
        const Plan plan = chain({call("cheap", {kSoonMs, {}, {}}), call("dear")});
        LabRun run(planOf(policyOf(plan), Columns::PolicyOnly), bench.registry, &bench.store);
        run.start();
        QTRY_VERIFY(bench.callTo("cheap"));
        bench.clock.pass(1'000);
        UsageReport usage;
        usage.inputUncached = 100;
        usage.output = 50;
        emit bench.callTo("cheap")->eventsArrived(
            {{0, TextDelta{"Too late."}}, {0, usage}, {0, StreamFinished{}}}); // all at once
        QTRY_VERIFY(bench.callTo("dear"));
        bench.answer("dear", "Here.");
        QTRY_VERIFY(!run.isRunning());
        const PolicyRoute route = routeOf(run.cell({0, 0, 0}));
        QCOMPARE(endsOf(route), (std::vector{PolicyHop::End::Overrun, PolicyHop::End::Answered}));
        QCOMPARE(route.hops[0].cost, std::optional(Money::fromUsd(0.006)));
        QCOMPARE(*run.cell({0, 0, 0}).answer.cost, Money::fromUsd(0.012));
    }

    /// Only what a cell would not take from a column is counted, but that all of it.
    void capsCountEveryCallThatAPolicyMaySend_data()
    {
        QTest::addColumn<QString>("what");
        QTest::newRow("a verifier for each step but the last") << "verifier";
        QTest::newRow("a longer answer than others may give") << "overrides";
        QTest::newRow("a longer prompt than others have") << "system";
        QTest::newRow("a hedge cannot wait for its column") << "hedge";
        QTest::newRow("hedged calls that are tried again") << "hedged retries";
    }

    void capsCountEveryCallThatAPolicyMaySend()
    {
        QFETCH(QString, what);
        Bench bench;
        Acceptance accept;
        accept.minWords = 3;
        Plan steps = call("cheap");
        CallOverrides& overrides = std::get<Call>(steps.node).overrides;
        Columns columns = Columns::PolicyOnly;
        int calls = 2; // that the caps leave room for, and it needs more
        if (what == QStringLiteral("verifier")) {
            accept.verifier = Verifier{ModelId("cheap"), "Is it kind?", {}, {}};
            steps = cascade({call("cheap"), call("cheap"), call("dear")}, accept);
            calls = 5;
        } else if (what == QStringLiteral("overrides")) {
            overrides.maxTokens = 4'000;
        } else if (what == QStringLiteral("system")) {
            std::string text;
            for (int i = 0; i < 4'000; ++i)
                text += "Be kind. ";
            overrides.system = SystemPrompt{SystemPromptMode::Prepend, text};
        } else if (what == QStringLiteral("hedge")) {
            overrides.temperature = 0.5; // no column's call
            steps = chain({steps, call("dear")}, {}, ChainMode::Hedge);
            columns = Columns::WithModels;
            calls = 4; // of the columns two
        } else {
            steps = chain({call("cheap"), call("dear", {{}, {}, {1, 0, 1}})}, {}, ChainMode::Hedge);
            calls = 3;
        }
        LabPlan plan = planOf(policyOf(steps), columns);
        LabPlan models = plan;
        models.models = plan.policy->policy().models;
        plan.caps = atMost(worstOf(models, {0, 0, 0}) * calls - Money{1});
        LabRun run(plan, bench.registry, nullptr);
        run.start();
        QCOMPARE(run.progress().running, columns == Columns::WithModels ? 2U : 0U);
    }

    void aCapAlsoHoldsWhatAPersonAsksThePolicyAgain()
    {
        Bench bench;
        LabRun run(planOf(policyOf(call("cheap")), Columns::WithModels), bench.registry,
                   &bench.store);
        QSignalSpy held(&run, &LabRun::capWasReached);
        run.start();
        bench.answer("cheap", "Soon.");
        bench.answer("dear", "On its way.");
        QTRY_VERIFY(!run.isRunning());
        run.setCaps(atMost(Money::fromUsd(0.0121)));
        run.rerun(kPolicy);
        QTRY_COMPARE(held.size(), 1);
        QCOMPARE(bench.sent(), std::size_t(2));
        run.stop();
        QTRY_VERIFY(!run.isRunning());
        QCOMPARE(run.cell(kPolicy).answer.text, std::string("Soon."));
    }

    /// Nobody knew that when the policy's cell began.
    void aCapAlsoHoldsWhatThePolicySendsBecauseAColumnFailed()
    {
        Bench bench;
        LabPlan plan = planOf(policyOf(chain({call("cheap", {100, {}, {}}), call("dear")})),
                              Columns::WithModels);
        plan.inFlight = 1;
        plan.retries = 0;
        plan.caps = atMost(worstOf(plan, kCheap) * 2);
        LabRun run(plan, bench.registry, &bench.store);
        QSignalSpy held(&run, &LabRun::capWasReached);
        QSignalSpy finished(&run, &LabRun::finished);
        run.start();
        bench.answer("cheap", "Soon.");
        QTRY_VERIFY(bench.callTo("dear"));
        QTRY_COMPARE(run.cell(kPolicy).status,
                     std::string("cheap: no word in 0.1 s; dear is next"));
        bench.callTo("dear")->failWith(FailureKind::Stalled, "nothing came"); // it may be billed
        QTRY_COMPARE(held.size(), 1);
        QCOMPARE(bench.sent(), std::size_t(2));
        QVERIFY(run.spending().cost <= *plan.caps.cost);
        run.setCaps({});
        QTRY_VERIFY(bench.callTo("dear"));
        bench.answer("dear", "On its way.");
        QTRY_COMPARE(finished.size(), 1);
    }

    void aRetryIsHeldByACapToo()
    {
        Bench bench;
        LabPlan plan = planOf(policyOf(call("cheap", {{}, {}, {1, 500, 2}})), Columns::PolicyOnly);
        LabPlan models = plan;
        models.models = plan.policy->policy().models;
        plan.caps = atMost(worstOf(models, {0, 0, 0}) + Money{1});
        LabRun run(plan, bench.registry, &bench.store);
        QSignalSpy held(&run, &LabRun::capWasReached);
        run.start();
        QTRY_VERIFY(bench.callTo("cheap"));
        bench.callTo("cheap")->failWith(FailureKind::Protocol, "no stream"); // it may be billed
        bench.clock.pass(500);
        QTRY_COMPARE(held.size(), 1);
        QCOMPARE(bench.sent(), std::size_t(1));
        run.stop();
        QTRY_VERIFY(!run.isRunning());
        QCOMPARE(run.cell({0, 0, 0}).state, CellState::Stopped);
    }

    void aPausedRunSendsNoCallOfThePolicy()
    {
        Bench bench;
        LabPlan plan = planOf(policyOf(chain({call("cheap", {100, {}, {}}), call("dear")})),
                              Columns::WithModels);
        plan.inFlight = 1;
        LabRun run(plan, bench.registry, &bench.store);
        QSignalSpy finished(&run, &LabRun::finished);
        run.start();
        bench.answer("cheap", "Soon.");
        QTRY_VERIFY(bench.callTo("dear"));
        QTRY_COMPARE(run.cell(kPolicy).status,
                     std::string("cheap: no word in 0.1 s; dear is next"));
        bench.callTo("dear")->refuse(503);
        run.pause();
        bench.clock.pass(60'000);
        run.setInFlightHere(2); // looks again at everything, as the end of any other cell does
        QCoreApplication::processEvents();
        QCOMPARE(bench.sent(), std::size_t(2));
        run.start();
        QTRY_VERIFY(bench.callTo("dear"));
        bench.answer("dear", "On its way.");
        QTRY_COMPARE(finished.size(), 1);
        QCOMPARE(bench.sent(), std::size_t(3));
        QVERIFY(run.cell(kPolicy).answer.reused);
    }

    void aPausedRunBeginsNoFallback()
    {
        Bench bench;
        LabRun run(planOf(policyOf(chain({call("cheap"), call("dear")})), Columns::PolicyOnly),
                   bench.registry, &bench.store);
        run.start();
        QTRY_VERIFY(bench.callTo("cheap"));
        run.pause();
        bench.callTo("cheap")->refuse(503);
        QTRY_COMPARE(run.cell({0, 0, 0}).status, std::string("cheap: server error; dear is next"));
        QCOMPARE(bench.sent(), std::size_t(1));
        run.start();
        QTRY_VERIFY(bench.callTo("dear"));
        bench.answer("dear", "On its way.");
        QTRY_VERIFY(!run.isRunning());
    }

    void answersOfWaysThatThePolicyWentOnceComeBackAfterARestart()
    {
        Bench bench;
        const PolicyDocument before = policyOf(call("cheap"));
        PolicyDocument after = before;
        after.otherwise = call("dear");
        LabRun first(planOf(before, Columns::PolicyOnly), bench.registry, &bench.store);
        first.start();
        QTRY_VERIFY(bench.callTo("cheap"));
        bench.answer("cheap", "Soon.");
        QTRY_VERIFY(!first.isRunning());
        first.setPolicy(PolicyColumn::of(after));
        first.rerunFailed();
        QTRY_VERIFY(bench.callTo("dear"));
        bench.answer("dear", "On its way.");
        QTRY_VERIFY(!first.isRunning());

        LabRun undone(planOf(before, Columns::PolicyOnly), bench.registry, &bench.store);
        QCOMPARE(*undone.resumeFrom(*first.id()), std::size_t(1));
        QCOMPARE(undone.cell({0, 0, 0}).answer.text, std::string("Soon."));
        LabRun later(planOf(after, Columns::PolicyOnly), bench.registry, &bench.store);
        QCOMPARE(*later.resumeFrom(*first.id()), std::size_t(1));
        QCOMPARE(later.cell({0, 0, 0}).answer.text, std::string("On its way."));
        later.setPolicy(PolicyColumn::of(before));
        QCOMPARE(later.cell({0, 0, 0}).answer.text, std::string("Soon."));
        QCOMPARE(later.cell({0, 0, 0}).state, CellState::Done);
    }

    void aRepeatThatIsStoppedLeavesThePolicyItsAnswerToo()
    {
        Bench bench;
        LabRun run(planOf(policyOf(call("cheap")), Columns::WithModels), bench.registry,
                   &bench.store);
        run.start();
        bench.answer("cheap", "Soon.");
        bench.answer("dear", "On its way.");
        QTRY_VERIFY(!run.isRunning());
        run.rerun(kCheap);
        QTRY_VERIFY(bench.callTo("cheap"));
        run.stop();
        QTRY_VERIFY(!run.isRunning());
        QCOMPARE(run.cell(kCheap).answer.text, std::string("Soon."));
        QCOMPARE(run.cell(kPolicy).state, CellState::Done);
        QCOMPARE(run.cell(kPolicy).answer.text, std::string("Soon."));
        QVERIFY(run.cell(kPolicy).answer.reused);
        // And the policy's own call is still not wanted.
        run.rerun(kCheap);
        QTRY_VERIFY(bench.callTo("cheap"));
        bench.answer("cheap", "Another.");
        QTRY_VERIFY(!run.isRunning());
        QCOMPARE(run.cell(kPolicy).answer.text, std::string("Another."));
        QVERIFY(run.cell(kPolicy).answer.reused);
    }

    void hedgesCountAsTheCallsThatTheyAre()
    {
        Bench bench;
        const Plan plan =
            chain({call("cheap", {kSoonMs, {}, {}}), call("dear")}, {}, ChainMode::Hedge);
        LabPlan asked = planOf(policyOf(plan), Columns::PolicyOnly, {"One?", "Two?", "Three?"});
        asked.inFlight = 4;
        LabRun run(asked, bench.registry, &bench.store);
        run.holdBack();
        run.rerun({0, 0, 0});
        run.rerun({1, 0, 0});
        QTRY_COMPARE(bench.sent(), std::size_t(2));
        bench.clock.pass(kSoonMs);
        QTRY_COMPARE(bench.sent(), std::size_t(4));
        run.rerun({2, 0, 0});
        QCOMPARE(run.progress().running, std::size_t(2));
        bench.answer("cheap", "Soon.");
        QTRY_COMPARE(bench.sent(), std::size_t(5));
    }

    void aHedgeIsHeldByACapOnTimeToo_data()
    {
        QTest::addColumn<bool>("answers");
        QTest::newRow("the call that goes on answers") << true;
        QTest::newRow("it fails") << false;
    }
    void aHedgeIsHeldByACapOnTimeToo()
    {
        QFETCH(bool, answers);
        Bench bench;
        LabPlan asked = planOf(
            policyOf(chain({call("cheap", {kSoonMs, {}, {}}), call("dear")}, {}, ChainMode::Hedge)),
            Columns::PolicyOnly);
        asked.caps.timeMs = kSoonMs;
        LabRun run(asked, bench.registry, &bench.store);
        QSignalSpy finished(&run, &LabRun::finished);
        QSignalSpy capped(&run, &LabRun::capWasReached);
        const CellId id{0, 0, 0};
        run.start();
        QTRY_VERIFY(bench.callTo("cheap"));
        bench.clock.pass(kSoonMs);
        QTRY_COMPARE(run.cell(id).status, std::string("cheap is asked; dear is next"));
        QVERIFY(run.isRunning() && !run.isPaused());
        bench.clock.pass(10);
        if (answers) {
            bench.answer("cheap", "Soon.");
            QTRY_COMPARE(finished.size(), 1);
            const PolicyRoute route = routeOf(run.cell(id));
            QCOMPARE(endsOf(route),
                     (std::vector{PolicyHop::End::Answered, PolicyHop::End::Overtaken}));
            QCOMPARE(route.hops[1].cost, std::optional(Money()));
            QCOMPARE(bench.sent(), std::size_t(1));
            return;
        }
        bench.callTo("cheap")->refuse(503);
        QTRY_COMPARE(capped.size(), 1);
        QCOMPARE(bench.sent(), std::size_t(1));
        run.setCaps({});
        QTRY_VERIFY(bench.callTo("dear"));
        bench.answer("dear", "On its way.");
        QTRY_COMPARE(finished.size(), 1);
        QCOMPARE(run.cell(id).answer.text, std::string("On its way."));
    }

    /// Its answer was there to be taken when the cell began, and is asked again since.
    void aHedgeIsHeldByACapOnMoneyToo()
    {
        Bench bench;
        LabPlan asked = planOf(
            policyOf(chain({call("cheap", {kSoonMs, {}, {}}), call("dear")}, {}, ChainMode::Hedge)),
            Columns::PolicyOnly);
        asked.models.insert(asked.models.begin(), modelAt("dear", "scripted"));
        asked.inFlight = 1;
        const CellId dears{0, 0, 0};
        const CellId policys{0, 1, 0};
        asked.caps = atMost(Money::fromUsd(0.006) + worstOf(asked, dears) + Money{1});
        LabRun run(asked, bench.registry, &bench.store);
        run.start();
        bench.answer("dear", "On its way.");
        QTRY_VERIFY(bench.callTo("cheap"));
        run.rerun(dears);
        bench.clock.pass(kSoonMs);
        QTRY_COMPARE(run.cell(policys).status, std::string("cheap is asked; dear is next"));
        QCOMPARE(bench.sent(), std::size_t(2));
        bench.answer("cheap", "Soon.");
        QTRY_COMPARE(run.cell(policys).state, CellState::Done);
        QCOMPARE(run.cell(policys).answer.text, std::string("Soon."));
    }

    /// The queue is empty then, and nothing but time is in the way.
    void theLastCellWaitsForAnAccountThatRests()
    {
        FaultServer server;
        server.answer(
            whole(429, "application/json", errorBody("slow down"), {"retry-after-ms: 40"}));
        server.answer(goodAnswer());
        ProviderRegistry registry;
        addOpenAi(registry);
        PolicyDocument policy = policyOf(chain({call("cheap"), call("dear")}), "openai");
        for (ModelSpec& model : policy.models)
            model.baseUrl = server.baseUrl();
        LabRun run(planOf(policy, Columns::PolicyOnly), registry, nullptr);
        run.start();
        QTRY_VERIFY(!run.isRunning());
        QCOMPARE(run.cell({0, 0, 0}).answer.text, std::string("Hello there"));
        QCOMPARE(server.requests().size(), std::size_t(2));
    }

    /// Real sockets: what servers do to a plan.
    void realServersThatFail_data()
    {
        QTest::addColumn<QString>("fault");
        QTest::addColumn<QString>("reason");
        QTest::addColumn<QString>("answer");
        QTest::newRow("nobody there") << "refused" << "no connection" << "Hello there";
        QTest::newRow("500") << "500" << "server error" << "Hello there";
        QTest::newRow("429") << "429" << "rate limit" << "Hello there";
        QTest::newRow("reset before a word") << "reset" << "no connection" << "Hello there";
        QTest::newRow("silent for ever") << "hang" << "no word in 0.3 s" << "Hello there";
        QTest::newRow("no stream") << "html" << "no usable answer" << "Hello there";
    }

    void realServersThatFail()
    {
        QFETCH(QString, fault);
        QFETCH(QString, reason);
        QFETCH(QString, answer);
        FaultServer bad;
        if (fault == QStringLiteral("500") || fault == QStringLiteral("429"))
            bad.answer(whole(fault.toInt(), "application/json", errorBody("no")));
        else if (fault == QStringLiteral("reset"))
            bad.answer({abortConnection()});
        else if (fault == QStringLiteral("hang"))
            bad.answer({hang()});
        else
            bad.answer(whole(200, "text/html", "<html>no</html>"));
        FaultServer good;
        good.answer(goodAnswer());
        const std::string gone = "http://127.0.0.1:" + std::to_string(unusedPort()) + "/v1";
        ProviderRegistry registry;
        addOpenAi(registry);
        Plan steps = chain(
            {call("cheap",
                  {fault == QStringLiteral("hang") ? std::optional(300) : std::nullopt, {}, {}}),
             call("dear")});
        std::get<Chain>(steps.node).on.push_back(AttemptFailure::BadAnswer);
        PolicyDocument policy = policyOf(steps, "openai");
        policy.models[0].baseUrl = fault == QStringLiteral("refused") ? gone : bad.baseUrl();
        policy.models[1].baseUrl = good.baseUrl();
        LabRun run(planOf(policy, Columns::PolicyOnly), registry, nullptr);
        run.start();
        QTRY_VERIFY_WITH_TIMEOUT(!run.isRunning(), 60'000);
        const Cell& cell = run.cell({0, 0, 0});
        QCOMPARE(QString::fromStdString(cell.answer.text), answer);
        const PolicyRoute route = routeOf(cell);
        QCOMPARE(route.hops.size(), std::size_t(2));
        QCOMPARE(QString::fromStdString(route.hops[0].reason), reason);
        QCOMPARE(good.requests().size(), std::size_t(1));
        QVERIFY(*cell.answer.firstTokenMs >= route.lostMs());
        QVERIFY(route.lostMs() > 0);
    }
};

namespace {

/// The program that a test kills: its first cell has fallen back and is done, its second hangs in
/// the fallback.
int runVictim(const QString& file)
{
    Bench bench;
    bench.store = std::move(*EvidenceStore::open(file.toStdString()));
    LabRun run(victimsPlan(), bench.registry, &bench.store);
    QTimer poll;
    QObject::connect(&poll, &QTimer::timeout, &poll, [&] {
        if (ScriptedStream* const cheap = bench.callTo("cheap")) {
            cheap->refuse(503);
            return;
        }
        ScriptedStream* const dear = bench.callTo("dear");
        if (!dear)
            return;
        dear->say("On its ");
        if (run.cell({0, 0, 0}).state != CellState::Done) {
            dear->finish();
            return;
        }
        (void)bench.store.settle();
        std::puts("one done, one in its fallback");
        std::fflush(stdout);
        poll.stop();
    });
    poll.start(10);
    run.start();
    return QCoreApplication::exec();
}

} // namespace

int main(int argc, char* argv[])
{
    QCoreApplication app(argc, argv);
    if (argc == 3 && QByteArray(argv[1]) == "--victim")
        return runVictim(QString::fromLocal8Bit(argv[2]));
    TestPolicyColumn test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_policy_column.moc"
