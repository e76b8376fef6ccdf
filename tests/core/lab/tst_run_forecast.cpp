// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: before anything is sent it is said what a run would take, from what is recorded of each
// model: close to what is billed then, in order, never nothing for a price that nobody knows, and
// with what it rests on.

#include <core/evidence/evidence_store.h>
#include <core/lab/lab_run.h>
#include <core/lab/run_forecast.h>
#include <core/lab/sample_prompts.h>
#include <core/lab/token_guess.h>
#include <core/prices/token_counter.h>
#include <core/providers/simulator_provider.h>
#include <core/sample/support_desk.h>

#include <QSignalSpy>
#include <QTest>

#include <tuple>

using namespace signalbox;

namespace {

std::vector<CellId> allCells(const LabPlan& plan)
{
    std::vector<CellId> cells;
    for (std::size_t prompt = 0; prompt < plan.prompts.size(); ++prompt) {
        for (std::size_t model = 0; model < plan.models.size(); ++model) {
            for (int sample = 0; sample < plan.samples; ++sample)
                cells.push_back({prompt, model, sample});
        }
    }
    return cells;
}

LabPlan samplePlan(std::size_t prompts)
{
    LabPlan plan;
    plan.prompts = spreadPrompts(supportDeskPrompts(), prompts);
    plan.models = supportDeskPolicy().models;
    return plan;
}

/// Of a model and prompts that nothing is known of.
LabPlan plainPlan(int prompts)
{
    LabPlan plan;
    for (int i = 0; i < prompts; ++i) {
        LabPrompt prompt;
        prompt.id = PromptId("p" + std::to_string(i));
        prompt.messages = {{Role::User, "Where is my refund?", 0}};
        plan.prompts.push_back(prompt);
    }
    ModelSpec model;
    model.id = ModelId("m");
    model.provider = "scripted";
    model.price = Price{pricePerTokenFromUsdPerMTok(1), pricePerTokenFromUsdPerMTok(10), ""};
    plan.models = {model};
    return plan;
}

Answer answerOf(const std::string& prompt, std::int64_t output, double firstMs, double totalMs)
{
    Answer answer;
    answer.prompt = PromptId(prompt);
    answer.model = ModelId("m");
    answer.inputTokens = 25;
    answer.outputTokens = output;
    answer.firstTokenMs = firstMs;
    answer.totalMs = totalMs;
    return answer;
}

const PriceBook& noBook()
{
    static const PriceBook book;
    return book;
}

RunForecast forecast(const LabPlan& plan, const AnswerHistory& history,
                     const PriceBook& book = noBook())
{
    return forecastOf({plan,
                       allCells(plan),
                       {},
                       history,
                       promptTokensOf(plan.prompts),
                       book,
                       *parseDay("2026-08-01")});
}

/// What the simulator bills for the plan.
Money billed(const LabPlan& plan)
{
    ProviderRegistry registry;
    auto simulator = std::make_unique<SimulatorProvider>();
    simulator->setSpeed(0);
    registry.add(std::move(simulator));
    LabRun run(plan, registry, nullptr);
    QSignalSpy finished(&run, &LabRun::finished);
    run.start();
    if (finished.isEmpty())
        finished.wait(60'000);
    return run.progress().spent.value_or(Money());
}

} // namespace

class TestRunForecast : public QObject
{
    Q_OBJECT
private slots:
    /// A column that asks its model otherwise: shorter, told more, or told something else.
    void aVariantIsCountedAsItIsAsked()
    {
        LabPlan plan = plainPlan(2);
        for (LabPrompt& prompt : plan.prompts)
            prompt.messages.insert(prompt.messages.begin(),
                                   {Role::System, "You work at the desk of a shop for lamps.", 0});
        const auto add = [&](CallOverrides overrides) {
            const Variant variant{plan.models.front().id, std::move(overrides), {}};
            plan.variants.emplace(nameOf(variant), variant);
            plan.models.push_back(columnOf(variant, plan.models.front()));
        };
        add({{}, 0.2, {}, {}});
        add({{}, {}, 60, {}});
        add({SystemPrompt{SystemPromptMode::Prepend, "Be brief, and never promise a date."},
             {},
             {},
             {}});
        add({SystemPrompt{SystemPromptMode::Replace, "Be brief."}, {}, {}, {}});
        std::vector<Answer> known;
        for (int i = 0; i < 8; ++i)
            known.push_back(answerOf("other" + std::to_string(i), 300 + 10 * i, 200, 900));
        const RunForecast guess = forecast(plan, AnswerHistory(known, plan.models));
        const auto& [plain, cool, brief, told, retold] = std::tie(
            guess.models[0], guess.models[1], guess.models[2], guess.models[3], guess.models[4]);
        QCOMPARE(cool.output, plain.output); // as long as its model's, whatever the temperature
        QCOMPARE(cool.input.expected, plain.input.expected);
        QVERIFY(cool.isLengthAssumed);
        QVERIFY(!plain.isLengthAssumed);
        QCOMPARE(brief.output, (Range<std::int64_t>{2 * 60, 2 * 60, 2 * 60}));
        const std::int64_t more =
            2 * (countO200kTokens("Be brief, and never promise a date.") + kTokensAroundMessage);
        QCOMPARE(told.input.expected, plain.input.expected + more);
        const std::int64_t other =
            2 * (countO200kTokens("Be brief.") -
                 countO200kTokens("You work at the desk of a shop for lamps."));
        QCOMPARE(retold.input.expected, plain.input.expected + other);
    }

    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
    }

    /// With answers to the very prompts, and with answers to half of them only.
    void whatIsBilledLiesCloseToWhatWasExpected_data()
    {
        QTest::addColumn<std::size_t>("recorded");
        QTest::addColumn<double>("tolerance");
        QTest::newRow("of all prompts") << std::size_t{0} << 0.05;
        QTest::newRow("of half of them") << std::size_t{2} << 0.15;
    }
    void whatIsBilledLiesCloseToWhatWasExpected()
    {
        QFETCH(std::size_t, recorded);
        QFETCH(double, tolerance);
        LabPlan plan = samplePlan(40);
        plan.samples = 2;
        std::vector<Answer> answers = supportDeskEvidence(plan.models, 1);
        if (recorded > 0)
            std::erase_if(answers, [&](const Answer& answer) {
                const auto at = std::ranges::find(plan.prompts, answer.prompt, &LabPrompt::id);
                return at == plan.prompts.end() ||
                       std::size_t(at - plan.prompts.begin()) % recorded == 0;
            });
        const RunForecast flight = forecast(plan, AnswerHistory(answers, plan.models));
        QVERIFY(flight.cost && flight.worst);
        const double cost = billed(plan).usd();
        QVERIFY2(std::abs(flight.cost->expected.usd() - cost) <= tolerance * cost,
                 qPrintable(QStringLiteral("expected %1, billed %2")
                                .arg(flight.cost->expected.usd())
                                .arg(cost)));
        QVERIFY(flight.cost->low.usd() <= cost && cost <= flight.cost->high.usd());
        QVERIFY(flight.cost->low <= flight.cost->expected);
        QVERIFY(flight.cost->expected <= flight.cost->high);
        QVERIFY(flight.cost->high <= *flight.worst);
        QVERIFY(flight.timeMs);
        QVERIFY(flight.timeMs->low <= flight.timeMs->expected);
        QVERIFY(flight.timeMs->expected <= flight.timeMs->high);
        QVERIFY(flight.isSimulated);
    }

    void lengthsAreThoseOfTheModelsRecordedAnswers()
    {
        const LabPlan plan = plainPlan(2);
        const AnswerHistory history(
            {answerOf("p0", 100, 10, 20), answerOf("x", 200, 10, 20), answerOf("y", 300, 10, 20)},
            plan.models);
        const RunForecast flight = forecast(plan, history);
        const ModelForecast& model = flight.models.front();
        QCOMPARE(model.lengthSamples, std::size_t{3});
        QCOMPARE(model.knownPrompts, std::size_t{1});
        QVERIFY(!model.isLengthAssumed);
        QCOMPARE(model.output.expected, std::int64_t{100 + 200}); // p0's own, and the mean
        QCOMPARE(model.output.low, std::int64_t{100 + 120});
        QCOMPARE(model.output.high, std::int64_t{280 + 280});
        // p0 was counted by its server; "Where is my refund?" is five tokens, and six around it.
        QCOMPARE(model.input.expected, std::int64_t{25 + 5 + 6});
    }

    void withoutAnswersALengthIsAssumedAndSaysSo()
    {
        LabPlan plan = plainPlan(1);
        RunForecast flight = forecast(plan, AnswerHistory());
        QVERIFY(flight.models.front().isLengthAssumed);
        QCOMPARE(flight.models.front().output,
                 (Range<std::int64_t>{kShortOutputTokens, kUsualOutputTokens, 512}));
        plan.asking.maxTokens = 100;
        flight = forecast(plan, AnswerHistory());
        QCOMPARE(flight.models.front().output, (Range<std::int64_t>{40, 100, 100}));
        plan.asking.maxTokens.reset();
        flight = forecast(plan, AnswerHistory());
        QCOMPARE(flight.models.front().output.high, kLongOutputTokens);
        QVERIFY(!flight.worst); // nothing bounds an answer
        QVERIFY(flight.cost);
    }

    void anUnknownPriceIsSaidAndNeverNothing()
    {
        LabPlan plan = plainPlan(2);
        plan.models.push_back(plan.models.front());
        plan.models.back().id = ModelId("other");
        plan.models.back().price.reset();
        const RunForecast flight = forecast(plan, AnswerHistory());
        QVERIFY(!flight.cost);
        QVERIFY(!flight.worst);
        QCOMPARE(flight.unpriced, std::vector<ModelId>{ModelId("other")});
        QVERIFY(flight.knownCost.expected > Money());
        QVERIFY(!flight.models.back().price.reason.empty());
    }

    void aPriceThatThePolicyHasNotComesFromTheBook()
    {
        LabPlan plan = plainPlan(1);
        plan.models.front().provider = "openai";
        plan.models.front().upstreamModel = "gpt-4o";
        plan.models.front().price.reset();
        const RunForecast flight = forecast(plan, AnswerHistory(), bundledPriceBook());
        QVERIFY(flight.cost);
        QCOMPARE(flight.models.front().price.from, KnownPrice::From::Book);
        QVERIFY(flight.models.front().price.price->outputPerToken > Money());
    }

    void reusedCellsAreToldApartAndCostNothing()
    {
        const LabPlan plan = plainPlan(4);
        const AnswerHistory none;
        const auto counted = promptTokensOf(plan.prompts);
        const RunForecast all = forecast(plan, none);
        const RunForecast half = forecastOf({plan,
                                             allCells(plan),
                                             {{0, 0, 0}, {3, 0, 0}},
                                             none,
                                             counted,
                                             noBook(),
                                             *parseDay("2026-08-01")});
        QCOMPARE(half.cells, std::size_t{2});
        QCOMPARE(half.reused, std::size_t{2});
        QCOMPARE(half.cost->expected + half.cost->expected, all.cost->expected);
    }

    void timeFollowsWhatWasMeasuredAndWhatServersTake()
    {
        LabPlan plan = plainPlan(30);
        const auto answer = answerOf("x", 100, 1000, 2000);
        const AnswerHistory history({answer, answer, answer}, plan.models);
        plan.inFlight = 10;
        RunForecast flight = forecast(plan, history);
        QCOMPARE(flight.timeMs->expected, 6000.0); // 30 calls of 2 s, ten at once
        plan.models.front().provider = "openai";
        plan.models.front().baseUrl = "http://127.0.0.1:8080/v1";
        plan.inFlightHere = 1;
        flight = forecast(plan, history);
        QCOMPARE(flight.timeMs->expected, 60'000.0);
        QVERIFY(flight.slowest.ends_with("takes 1 call at once"));
        plan.models.front().baseUrl = "https://api.openai.com/v1";
        AccountLimits limits;
        limits.name = "OpenAI";
        limits.budgets.push_back({RateLimit::Of::Requests, 10, 10, std::nullopt, "minute"});
        flight = forecastOf({plan,
                             allCells(plan),
                             {},
                             history,
                             promptTokensOf(plan.prompts),
                             noBook(),
                             *parseDay("2026-08-01"),
                             {limits}});
        QCOMPARE(flight.timeMs->expected, 120'000.0); // ten at once, ten a minute later, and again
        QVERIFY(flight.slowest.find("10 calls a minute") != std::string::npos);
    }

    void aModelThatWasNeverTimedMakesTheTimeUnknown()
    {
        const RunForecast flight = forecast(plainPlan(1), AnswerHistory());
        QVERIFY(!flight.timeMs);
        QCOMPARE(flight.untimed, std::vector<ModelId>{ModelId("m")});
    }

    void answersOfASimulationTeachNothingAboutTheRealModel()
    {
        const LabPlan plan = plainPlan(1);
        Answer simulated = answerOf("p0", 100, 10, 20);
        simulated.simulated = true;
        Answer guided = answerOf("p0", 100, 10, 20);
        guided.styleGuide = "Be brief.";
        Answer failed = answerOf("p0", 100, 10, 20);
        failed.state = AnswerState::Failed;
        const AnswerHistory history({simulated, guided, failed}, plan.models);
        QVERIFY(history.find(ModelId("m")) == nullptr);
    }

    void aSkewedMeanPushesThePercentileAside()
    {
        std::vector<double> values(100, 1.0);
        values.back() = 10'000;
        const Spread spread = spreadOf(values);
        QVERIFY(spread.low <= spread.expected && spread.expected <= spread.high);
        QCOMPARE(spreadOf({}).samples, std::size_t{0});
    }
};

QTEST_GUILESS_MAIN(TestRunForecast)
#include "tst_run_forecast.moc"
