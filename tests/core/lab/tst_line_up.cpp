// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: a model asked in another way is another column with a name of its own, each call carries
// what its column asks, a run knows how it asked, and kept line-ups come back as they were.

#include <core/base/files.h>
#include <core/lab/lab_request.h>
#include <core/lab/line_up.h>
#include <core/lab/recorded_plan.h>

#include <QTemporaryDir>
#include <QTest>
#include <nlohmann/json.hpp>

using namespace signalbox;

namespace {

Variant variantOf(const char* model)
{
    Variant variant;
    variant.of = ModelId(model);
    return variant;
}

Variant coldAndShort()
{
    Variant variant = variantOf("gpt-4");
    variant.overrides.temperature = 0.2;
    variant.overrides.maxTokens = 60;
    variant.seed = 7;
    return variant;
}

Variant told(const char* words, SystemPromptMode mode = SystemPromptMode::Prepend)
{
    Variant variant = variantOf("gpt-4");
    variant.overrides.system = SystemPrompt{mode, words};
    return variant;
}

ModelSpec model(const char* id)
{
    ModelSpec spec;
    spec.id = ModelId(id);
    spec.provider = "simulator";
    spec.upstreamModel = id;
    spec.styleGuide = "Be kind.";
    return spec;
}

LabPrompt greeting()
{
    LabPrompt prompt;
    prompt.id = PromptId("p");
    prompt.messages = {{Role::System, "You help.", 0}, {Role::User, "Hello", 0}};
    return prompt;
}

LabPlan planWith(const std::vector<Variant>& variants)
{
    LabPlan plan;
    plan.prompts = {greeting()};
    plan.models = {model("gpt-4")};
    for (const Variant& variant : variants) {
        plan.models.push_back(columnOf(variant, model("gpt-4")));
        plan.variants.emplace(nameOf(variant), variant);
    }
    return plan;
}

RecordedPlan reread(const RecordedPlan& plan)
{
    RunSummary run;
    run.planJson = toPlanJson(plan);
    return parsePlanJson(run).value();
}

} // namespace

class TestLineUp : public QObject
{
    Q_OBJECT
private slots:
    void aColumnIsCalledByHowItIsAsked()
    {
        QCOMPARE(
            nameOf(coldAndShort()).value,
            std::string("gpt-4 \u00b7 temperature 0.2 \u00b7 at most 60 tokens \u00b7 seed 7"));
        QCOMPARE(nameOf(coldAndShort()), nameOf(coldAndShort()));
        const std::string first =
            nameOf(told("Answer in the voice of a librarian. Be brief.")).value;
        const std::string second =
            nameOf(told("Answer in the voice of a librarian. Be long.")).value;
        QVERIFY(first != second);
        QVERIFY(QByteArray::fromStdString(first).contains("told first \u201cAnswer in the voice"));
        QVERIFY(nameOf(told("Be brief.", SystemPromptMode::Replace)) != nameOf(told("Be brief.")));
        // Cut inside no character.
        const std::string cut = nameOf(told("\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9"
                                            "\u00e9\u00e9x\u00e9\u00e9\u00e9\u00e9"))
                                    .value;
        QCOMPARE(QString::fromStdString(cut).toStdString(), cut);
        QVERIFY(!QString::fromStdString(cut).contains(QChar::ReplacementCharacter));
    }

    void aVariantAsksOtherwiseThanItsModel()
    {
        const LabPlan plan = planWith({coldAndShort()});
        const ChatRequest usual = labRequest(plan, plan.models[0], plan.prompts[0], 1);
        QCOMPARE(usual.maxTokens, std::optional(512));
        QVERIFY(!usual.temperature);
        QVERIFY(!usual.seed);
        const ChatRequest otherwise = labRequest(plan, plan.models[1], plan.prompts[0], 1);
        QCOMPARE(otherwise.upstreamModel, usual.upstreamModel);
        QCOMPARE(otherwise.styleGuide, usual.styleGuide);
        QCOMPARE(otherwise.maxTokens, std::optional(60));
        QCOMPARE(otherwise.temperature, std::optional(0.2));
        QCOMPARE(otherwise.seed, std::optional(8)); // the second repeat
        QCOMPARE(longestAnswer(plan, plan.models[0].id), std::optional(512));
        QCOMPARE(longestAnswer(plan, plan.models[1].id), std::optional(60));
    }

    void aSystemPromptStandsInFrontOrInPlace()
    {
        const LabPlan plan = planWith({told("Rhyme."), told("Rhyme.", SystemPromptMode::Replace)});
        const ChatRequest front = labRequest(plan, plan.models[1], plan.prompts[0], 0);
        QCOMPARE(front.styleGuide, std::string("Rhyme.\n\nBe kind."));
        QCOMPARE(front.messages.size(), std::size_t(2));
        const ChatRequest alone = labRequest(plan, plan.models[2], plan.prompts[0], 0);
        QCOMPARE(alone.styleGuide, std::string("Rhyme."));
        QCOMPARE(alone.messages.size(), std::size_t(1));
    }

    void whatAllAreAskedWithReachesEachCall()
    {
        LabPlan plan = planWith({told("Rhyme.")});
        plan.asking = {std::nullopt, 1.5, 40};
        for (const ModelSpec& column : plan.models) {
            const ChatRequest request = labRequest(plan, column, plan.prompts[0], 2);
            QVERIFY(!request.maxTokens);
            QCOMPARE(request.temperature, std::optional(1.5));
            QCOMPARE(request.seed, std::optional(42));
        }
    }

    void aRunKnowsHowItAsked()
    {
        LabPlan plan = planWith({coldAndShort(), told("Rhyme.", SystemPromptMode::Replace)});
        plan.asking = {std::nullopt, 0.5, 3};
        const RecordedPlan now = recordedPlanOf(plan);
        const RecordedPlan then = reread(now);
        QVERIFY(then.saysAsking);
        QCOMPARE(then.asking, plan.asking);
        QCOMPARE(then.variants, plan.variants);
        QVERIFY(!differenceOf(then, now));
        plan.asking.temperature = 0.6;
        QCOMPARE(differenceOf(then, recordedPlanOf(plan))->what, PlanDifference::What::Temperature);
        plan.asking = {std::nullopt, 0.5, 4};
        QCOMPARE(differenceOf(then, recordedPlanOf(plan))->what, PlanDifference::What::Seed);
        // An older version said nothing of it.
        RunSummary old;
        old.planJson = R"({"prompts":[],"models":[],"asked":[]})";
        QVERIFY(!parsePlanJson(old)->saysAsking);
        QVERIFY(!differenceOf(*parsePlanJson(old), now));
    }

    void aModelThatWasAskedOnlyOtherwiseWasAsked()
    {
        LabPlan plan = planWith({coldAndShort()});
        plan.models.erase(plan.models.begin());
        const RecordedPlan recorded = reread(recordedPlanOf(plan));
        QVERIFY(hasAsked(recorded, ModelId("gpt-4")));
        QVERIFY(!hasAsked(recorded, ModelId("palm-2")));
    }

    void lineUpsAreKeptByName()
    {
        const QTemporaryDir folder;
        const std::filesystem::path file = folder.filePath(QStringLiteral("l.json")).toStdString();
        QVERIFY(readLineUps(file)->empty());
        LineUp cold{"cold", {ModelId("palm-2")}, {coldAndShort()}, 3, {100, 0.0, 1}};
        LineUp all{"all", {}, {}, 1, {std::nullopt, std::nullopt, std::nullopt}};
        QVERIFY(writeLineUps(file, {cold, all}));
        const auto kept = readLineUps(file);
        QVERIFY(kept);
        QCOMPARE(kept->size(), std::size_t(2));
        QCOMPARE((*kept)[0], all);
        QCOMPARE((*kept)[1], cold);
    }

    void whatMakesNoSenseIsPassedOver()
    {
        const auto variant = variantFrom(
            Json{{"of", "gpt-4"}, {"temperature", 9}, {"maxTokens", -3}, {"seed", 3000000000}});
        QVERIFY(variant);
        QVERIFY(variant->isNone());
        QVERIFY(!variantFrom(Json{{"temperature", 1}}));
        QVERIFY(!variantFrom(Json::array()));
        const Asking asking = askingFrom(Json{{"maxTokens", 0}, {"temperature", "hot"}});
        QCOMPARE(asking, Asking());
    }

    void aFileOfSomethingElseIsLeftAlone()
    {
        const QTemporaryDir folder;
        const std::filesystem::path file = folder.filePath(QStringLiteral("l.json")).toStdString();
        for (const char* text : {"[]", "{\"schemaVersion\":\"1\",\"lineUps\":[]}", "no JSON"}) {
            QVERIFY(writeFileAtomically(file, text));
            const auto read = readLineUps(file);
            QVERIFY(!read);
            QCOMPARE(read.error().code, ErrorCode::ParseError);
            QCOMPARE(readFile(file, 1000).value(), std::string(text));
        }
        QVERIFY(writeFileAtomically(
            file, R"({"schemaVersion":1,"lineUps":[3,{"name":"x","variants":7,"leftOut":{}}]})"));
        QCOMPARE(readLineUps(file)->size(), std::size_t(1));
    }
};

QTEST_GUILESS_MAIN(TestLineUp)
#include "tst_line_up.moc"
