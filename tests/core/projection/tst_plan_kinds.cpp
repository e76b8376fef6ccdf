// SPDX-License-Identifier: GPL-3.0-or-later
// What projections make of cascades, pools, meters, and calls that ask otherwise.

#include "projection_world.h"

#include <tests/support/policy_builder.h>

#include <QTest>

using namespace signalbox;
using namespace signalbox::test;

namespace {

/// Points only, no intervals.
ProjectionOptions quick()
{
    ProjectionOptions options;
    options.draws = 0;
    return options;
}

/// Four prompts, two models. The cheap one refuses on the first prompt and fails its user there.
World twoModels()
{
    World world;
    world.prompts("all", 4)
        .model("cheap", {.firstTokenMs = 100, .totalMs = 400, .tokens = 100})
        .model("dear", {.firstTokenMs = 300, .totalMs = 900, .tokens = 200})
        .voices("cheap", "dear", 0.5);
    const auto say = [&](const char* model, std::size_t prompt, const char* text,
                         double satisfied) {
        AnswerSample& sample = world.columns(model).samples[prompt][0];
        sample.text = std::make_shared<const std::string>(text);
        sample.satisfied = satisfied;
        world.satisfied(model, prompt, satisfied);
    };
    for (std::size_t prompt = 0; prompt < 4; ++prompt) {
        say("cheap", prompt, prompt == 0 ? "I cannot help with that." : "Here it is.",
            prompt == 0 ? 0 : 1);
        say("dear", prompt, "Here it is, with reasons.", 1);
    }
    return world;
}

Acceptance refusing(const char* expression)
{
    Acceptance accept;
    accept.refusals = {expression};
    return accept;
}

Acceptance ofThreeWords()
{
    Acceptance accept;
    accept.minWords = 3;
    return accept;
}

Plan cheapThenDear(Acceptance accept)
{
    Cascade cascade;
    cascade.steps = {call("cheap"), call("dear")};
    cascade.accept = std::move(accept);
    return {cascade};
}

bool hasNote(const Projection& projection, const std::string& part)
{
    return std::ranges::any_of(projection.notes, [&](const std::string& note) {
        return note.find(part) != std::string::npos;
    });
}

} // namespace

class TestPlanKinds : public QObject
{
    Q_OBJECT
private slots:
    void aCascadeIsHeldAgainstTheAnswersThemselves()
    {
        World world = twoModels();
        world.conversations(4, {0, 1, 2, 3});
        Projector projector = world.projector();
        const PolicyDocument policy =
            PolicyBuilder().otherwise(cheapThenDear(refusing("^I cannot"))).document();
        const auto rows = projector.replay(policy, quick());
        QVERIFY2(rows.has_value(), rows ? "" : toString(rows.error()).c_str());
        // The refused prompt goes on to the dear model; the others are shown once they are written.
        QCOMPARE(rows->served[0], 1);
        QCOMPARE(rows->firstTokenMs[0], 700.0); // 400 of the refusal, then 300
        QCOMPARE(rows->served[1], 0);
        QCOMPARE(rows->firstTokenMs[1], 400.0);
        QCOMPARE(rows->satisfied[0], 1.0);
        // Both answers are paid: 1,000 tokens in at 1 and 10 USD, 100 out at 2 and 200 at 20.
        QCOMPARE(rows->costUsd[0], 1e-6 * (1000 * 1 + 100 * 2 + 1000 * 10 + 200 * 20));
        QCOMPARE(rows->costUsd[1], 1e-6 * (1000 * 1 + 100 * 2));
    }

    void theAnswerThatIsShownCountsAndNotTheModelsMean()
    {
        // Two recorded answers to one prompt: a bad short one, and a good long one.
        World world = twoModels();
        auto& samples = world.columns("cheap").samples[1];
        samples = {AnswerSample{100, 400, 100, 0, std::make_shared<const std::string>("No.")},
                   AnswerSample{100, 400, 100, 1,
                                std::make_shared<const std::string>("Here it is, as you asked.")}};
        world.satisfied("cheap", 1, 0.5);
        world.conversations(200, {1});
        Projector projector = world.projector();
        const auto plain = projector.replay(PolicyBuilder().document(), quick());
        QCOMPARE(plain->satisfied[0], 0.5);
        const auto rows = projector.replay(
            PolicyBuilder().otherwise(cheapThenDear(ofThreeWords())).document(), quick());
        const auto cheap = std::ranges::count(rows->served, 0);
        QVERIFY2(cheap > 60 && cheap < 140, qPrintable(QString::number(cheap)));
        QVERIFY(std::ranges::all_of(rows->satisfied, [](double value) { return value == 1; }));
    }

    void aVerifierErrsAsThePolicyAssumesAndIsPaid()
    {
        World world = twoModels();
        world.model("judge", {.firstTokenMs = 50, .totalMs = 60, .tokens = 1});
        world.voices("cheap", "dear", 0.5);
        world.conversations(400, {0});
        Projector projector = world.projector();
        PolicyBuilder builder({"cheap", "dear", "judge"});
        builder.baseline("dear");
        Acceptance accept;
        accept.verifier = Verifier{ModelId("judge"), {}, 0.75, 0.0};
        const auto rows =
            projector.replay(builder.otherwise(cheapThenDear(accept)).document(), quick());
        QVERIFY2(rows.has_value(), rows ? "" : toString(rows.error()).c_str());
        const auto rejected = std::ranges::count(rows->served, 1);
        QVERIFY2(rejected > 260 && rejected < 340, qPrintable(QString::number(rejected)));
        const auto shown =
            static_cast<std::size_t>(std::ranges::find(rows->served, 0) - rows->served.begin());
        QCOMPARE(rows->firstTokenMs[shown], 450.0);
        // The judge reads 1,000 + 100 tokens at 100 USD and says one at 200.
        QCOMPARE(rows->costUsd[shown], 1e-6 * (1000 * 1 + 100 * 2 + 1100 * 100 + 200));

        accept.verifier = Verifier{ModelId("judge"), {}, {}, {}};
        const PolicyDocument unmeasured = builder.otherwise(cheapThenDear(accept)).document();
        const auto trusting = projector.replay(unmeasured, quick());
        QCOMPARE(std::ranges::count(trusting->served, 0), 400);
        QVERIFY(hasNote(*projector.project(unmeasured, quick()), "how often the verifier"));
    }

    void aPoolTakesWhatItsNumbersName()
    {
        World world = twoModels();
        world.conversations(3, {1});
        Projector projector = world.projector();
        const auto served = [&](PoolPick pick) {
            Pool pool = {pick,
                         {Call{ModelId("dear"), {}, {}, {}}, Call{ModelId("cheap"), {}, {}, {}}}};
            return projector.replay(PolicyBuilder().otherwise({pool}).document(), quick())
                ->served[0];
        };
        QCOMPARE(served(PoolPick::Latency), 0);
        QCOMPARE(served(PoolPick::Cost), 0);
        QCOMPARE(served(PoolPick::Load), 1); // the first member: nothing says what runs
    }

    void aCallThatAsksOtherwiseIsAVoiceOfItsOwn()
    {
        World world = twoModels();
        world.conversations(60, {1, 2});
        Projector projector = world.projector();
        Plan brief = call("cheap");
        auto& overrides = std::get<Call>(brief.node).overrides;
        overrides.system = SystemPrompt{SystemPromptMode::Prepend, "Be brief!!!!"}; // 3 tokens
        overrides.maxTokens = 50;
        const PolicyDocument policy = PolicyBuilder().otherwise(brief).document();
        const auto rows = projector.replay(policy, quick());
        QCOMPARE(rows->served[0], 0);
        QVERIFY(std::isnan(rows->satisfied[0]));
        QCOMPARE(rows->costUsd[0], 1e-6 * (1003 * 1 + 50 * 2));
        const auto projection = projector.project(policy, quick());
        QVERIFY(!projection->satisfaction);
        QVERIFY(projection->latencyP95Ms.has_value());
        QVERIFY(hasNote(*projection, "asked for otherwise"));
    }

    void metersCountWhatWentThroughBefore()
    {
        World world = twoModels();
        world.conversations(6, {1});
        for (std::size_t row = 0; row < 6; ++row)
            world.edit(row, [](Request& request) { request.userId = "u"; });
        Traffic& traffic = world.traffic();
        for (std::size_t row = 0; row < 6; ++row) {
            // One a second, in another order than the rows'.
            traffic.timeMs[row] = 1'000'000 + 1000 * static_cast<std::int64_t>((row + 3) % 6);
        }
        Projector projector = world.projector();
        const auto served = [&](const UsageSource& meter, CompareOp op, double limit) {
            const PolicyDocument policy =
                PolicyBuilder()
                    .signal("meter", meter)
                    .rule("much", when("meter", op, CompareValue(limit)), call("cheap"))
                    .otherwise(call("dear"))
                    .document();
            const auto rows = projector.replay(policy, quick());
            std::string text;
            for (std::size_t turn = 0; turn < 6; ++turn)
                text += rows->served[(turn + 3) % 6] == 0 ? 'c' : 'd';
            return QByteArray::fromStdString(text);
        };
        // In the order of time: the third request is the first that finds two before it.
        QCOMPARE(served({UsageMeasure::Requests, UsageUnit::User, 60}, CompareOp::Gte, 2),
                 QByteArray("ddcccc"));
        QCOMPARE(served({UsageMeasure::Requests, UsageUnit::User, 2}, CompareOp::Gte, 2),
                 QByteArray("dddddd")); // a window of two seconds holds one other
        QCOMPARE(served({UsageMeasure::InputTokens, UsageUnit::All, 60}, CompareOp::Gt, 2500),
                 QByteArray("dddccc"));
        QCOMPARE(served({UsageMeasure::Requests, UsageUnit::Conversation, 60}, CompareOp::Gte, 1),
                 QByteArray("dddddd"));
        // 0.014 USD each at the dear model: after two of them the budget is spent.
        QCOMPARE(served({UsageMeasure::SpendUsd, UsageUnit::All, 60}, CompareOp::Gte, 0.02),
                 QByteArray("ddcccc"));
        // A limit of spend settles: what the cheap model takes counts, too.
        QCOMPARE(served({UsageMeasure::SpendUsd, UsageUnit::All, 3}, CompareOp::Gte, 0.02),
                 QByteArray("ddcddc"));
    }

    void withoutTimesMetersShowNothingAndThatIsSaid()
    {
        World world = twoModels();
        world.conversations(3, {1});
        Projector projector = world.projector();
        const PolicyDocument policy =
            PolicyBuilder()
                .signal("meter", UsageSource{UsageMeasure::Requests, UsageUnit::All, 60})
                .rule("any", when("meter", CompareOp::Gte, 0), call("dear"))
                .document();
        const auto projection = projector.project(policy, quick());
        QVERIFY(projection.has_value());
        QCOMPARE(projection->servedShare[0], 1.0);
        QVERIFY(hasNote(*projection, "Meters of rates and spend show nothing on 3 requests"));
    }

    void aScoreFollowsItsMeter()
    {
        World world = twoModels();
        world.conversations(4, {1});
        for (std::size_t row = 0; row < 4; ++row)
            world.traffic().timeMs[row] = 1'000'000 + static_cast<std::int64_t>(row);
        Projector projector = world.projector();
        ScoreSource score;
        score.terms = {{5, when("meter", CompareOp::Gte, 2)}};
        const PolicyDocument policy =
            PolicyBuilder()
                .signal("meter", UsageSource{UsageMeasure::Requests, UsageUnit::All, 60})
                .signal("score", score)
                .rule("high", when("score", CompareOp::Gte, 5), call("dear"))
                .document();
        const auto rows = projector.replay(policy, quick());
        QCOMPARE(rows->served, (std::vector<std::int32_t>{0, 0, 1, 1}));
    }
};

QTEST_GUILESS_MAIN(TestPlanKinds)
#include "tst_plan_kinds.moc"
