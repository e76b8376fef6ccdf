// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: a run that is over can be priced by another book or day; what was recorded stays, and
// both stand side by side with where the new price comes from, or why there is none.

#include <core/evidence/evidence_store.h>
#include <core/lab/repricing.h>
#include <core/prices/price_book_json.h>

#include <QTest>

using namespace signalbox;

namespace {

ModelSpec modelOf(const std::string& id, const std::string& provider)
{
    ModelSpec model;
    model.id = ModelId(id);
    model.provider = provider;
    model.upstreamModel = id;
    return model;
}

Answer answerOf(const std::string& model, int prompt, std::optional<Money> cost)
{
    Answer answer;
    answer.prompt = PromptId("p" + std::to_string(prompt));
    answer.model = ModelId(model);
    answer.text = "Your refund is on its way.";
    answer.inputTokens = 1'000;
    answer.outputTokens = 100;
    answer.cost = cost;
    answer.recordedAtMs = 1'790'000'000'000;
    return answer;
}

/// A run over a model of the book, one of the policy and one of nobody.
struct Stored
{
    EvidenceStore store = std::move(*EvidenceStore::openTemporary());
    RunId run = *store.beginRun("test", "{}");
    RunDraft draft;

    Stored()
    {
        std::vector<Answer> answers;
        for (int prompt = 0; prompt < 3; ++prompt) {
            answers.push_back(answerOf("gpt-4o", prompt, Money::fromUsd(0.5)));
            answers.push_back(answerOf("played", prompt, Money::fromUsd(0.25)));
            answers.push_back(answerOf("nobodys", prompt, std::nullopt));
        }
        answers[0].reused = true; // cost nothing, and never does
        QVERIFY(store.recordAll(run, answers));
        draft = *store.draft(run);
        for (StoredLane& lane : draft.lanes) {
            const bool isBooks = lane.id.value == "gpt-4o";
            lane.specJson = std::string(R"({"provider":")") + (isBooks ? "openai" : "simulator") +
                            R"(","upstreamModel":")" + lane.id.value + "\"}";
        }
    }
};

const RepricedModel& of(const std::vector<RepricedModel>& models, const char* id)
{
    return *std::ranges::find(models, ModelId(id), &RepricedModel::model);
}

} // namespace

class TestRepricing : public QObject
{
    Q_OBJECT
private slots:
    void recordedAndNewCostsStandSideBySide()
    {
        Stored stored;
        ModelSpec played = modelOf("played", "simulator");
        played.price =
            Price{pricePerTokenFromUsdPerMTok(1), pricePerTokenFromUsdPerMTok(10), "2026-05-01"};
        constexpr std::int64_t kDayMs = 1'790'000'000'000;
        Repricer repricer(stored.draft, bundledPriceBook(), kDayMs, {played});
        const auto pricing =
            stored.store.reprice(stored.run, repricer.name(),
                                 [&](const PricedUsage& usage) { return repricer.priceOf(usage); });
        QVERIFY(pricing);
        const auto models = repricer.models();
        QCOMPARE(models.size(), std::size_t{3});
        const RepricedModel& book = of(models, "gpt-4o");
        QCOMPARE(book.answers, std::size_t{2});
        QCOMPARE(*book.recorded, Money::fromUsd(1));
        QVERIFY(book.now && *book.now > Money() && *book.now != *book.recorded);
        QVERIFY2(book.from.starts_with("openai/gpt-4o, "), book.from.c_str());
        QCOMPARE(book.changed, std::size_t{2});
        const RepricedModel& policy = of(models, "played");
        QCOMPARE(*policy.now, Money::fromUsd(3 * (1'000 * 1e-6 + 100 * 10e-6)));
        QCOMPARE(policy.from, std::string("the policy, 2026-05-01"));
        const RepricedModel& nobody = of(models, "nobodys");
        QVERIFY(!nobody.now && !nobody.recorded);
        QCOMPARE(nobody.unknownNow, std::size_t{3});
        QVERIFY(!nobody.reason.empty());
        QCOMPARE(nobody.changed, std::size_t{0});
        // Kept beside what was recorded, which is as it was.
        QCOMPARE(*stored.store.pricings(stored.run), std::vector<std::string>{repricer.name()});
        QCOMPARE(stored.store.pricing(stored.run, repricer.name())->costs, pricing->costs);
        const auto answers = stored.store.answers(stored.run);
        for (const Answer& answer : *answers) {
            if (answer.model == ModelId("played"))
                QCOMPARE(*answer.cost, Money::fromUsd(0.25));
        }
    }
};

QTEST_GUILESS_MAIN(TestRepricing)
#include "tst_repricing.moc"
