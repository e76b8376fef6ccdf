// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: a blind plan is balanced, the same each time, and shows no name; a vote finds back to
// its task; an answer that says who wrote it is found out.

#include <core/base/json.h>
#include <core/tasting/blind_plan.h>
#include <core/tasting/name_leaks.h>

#include <QTest>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <set>

using namespace signalbox;

namespace {

template<class Id> std::vector<Id> ids(const char* stem, std::size_t count)
{
    std::vector<Id> result;
    for (std::size_t i = 0; i < count; ++i)
        result.emplace_back(stem + std::to_string(i));
    return result;
}

BlindSetup setupOf(std::size_t raters, std::size_t models, std::size_t prompts, std::size_t shown)
{
    BlindSetup setup;
    setup.raters = ids<RaterId>("r", raters);
    setup.models = ids<ModelId>("m", models);
    setup.prompts = ids<PromptId>("p", prompts);
    setup.shown = shown;
    return setup;
}

BlindPlan planOf(const BlindSetup& setup)
{
    auto plan = planBlindTest(setup);
    if (!plan)
        qFatal("%s", toString(plan.error()).c_str());
    return std::move(*plan);
}

/// Most and least of counts, those that never came included.
template<class Key> int spreadOf(const std::map<Key, int>& counts, std::size_t possible)
{
    int least = counts.size() < possible ? 0 : 1'000'000;
    int most = 0;
    for (const auto& [key, count] : counts) {
        least = std::min(least, count);
        most = std::max(most, count);
    }
    return most - least;
}

} // namespace

class TestBlindPlan : public QObject
{
    Q_OBJECT
private slots:
    void everyRaterSeesEveryPromptOnce()
    {
        const BlindPlan plan = planOf(setupOf(3, 3, 20, 3));
        QCOMPARE(plan.tasks.size(), std::size_t(3));
        for (const std::vector<BlindTask>& tasks : plan.tasks) {
            std::set<PromptId> prompts;
            for (const BlindTask& task : tasks) {
                prompts.insert(task.prompt);
                QCOMPARE((std::set<ModelId>(task.shown.begin(), task.shown.end())).size(),
                         std::size_t(3));
            }
            QCOMPARE(prompts.size(), std::size_t(20));
        }
        QVERIFY(plan.tasks[0] != plan.tasks[1]);
    }

    void positionsAreBalancedAtEveryMoment_data()
    {
        QTest::addColumn<int>("models");
        for (const int models : {2, 3, 4, 5, 6})
            QTest::newRow(qPrintable(QString::number(models))) << models;
    }

    void positionsAreBalancedAtEveryMoment()
    {
        QFETCH(int, models);
        const auto count = std::size_t(models);
        for (std::uint64_t seed = 1; seed <= 3; ++seed) {
            BlindSetup setup = setupOf(2, count, 37, count);
            setup.seed = seed;
            for (const std::vector<BlindTask>& tasks : planOf(setup).tasks) {
                std::map<std::pair<ModelId, std::size_t>, int> taken;
                for (const BlindTask& task : tasks) {
                    for (std::size_t i = 0; i < count; ++i)
                        ++taken[{task.shown[i], i}];
                    QVERIFY(spreadOf(taken, count * count) <= 1);
                }
            }
        }
    }

    void whereFewerAreShownPairsMeetEquallyOften()
    {
        const BlindPlan plan = planOf(setupOf(4, 6, 60, 2));
        std::map<std::set<ModelId>, int> met;
        std::map<std::pair<ModelId, std::size_t>, int> taken;
        for (const std::vector<BlindTask>& tasks : plan.tasks) {
            for (const BlindTask& task : tasks) {
                QCOMPARE(task.shown.size(), std::size_t(2));
                ++met[{task.shown.begin(), task.shown.end()}];
                for (std::size_t i = 0; i < 2; ++i)
                    ++taken[{task.shown[i], i}];
            }
        }
        QVERIFY2(spreadOf(met, 15) <= 1, qPrintable(QString::number(spreadOf(met, 15))));
        QVERIFY(spreadOf(taken, 12) <= 4); // of 40 each
    }

    void ratersSeeOnePromptInDifferentOrders()
    {
        const BlindPlan plan = planOf(setupOf(6, 3, 12, 3));
        std::map<PromptId, std::set<std::vector<ModelId>>> orders;
        for (const std::vector<BlindTask>& tasks : plan.tasks) {
            for (const BlindTask& task : tasks)
                orders[task.prompt].insert(task.shown);
        }
        std::size_t sum = 0;
        for (const auto& [prompt, different] : orders)
            sum += different.size();
        QVERIFY2(sum >= 48, qPrintable(QString::number(sum))); // of 72 that there are
    }

    void promptsAreDealtEvenly()
    {
        BlindSetup setup = setupOf(5, 3, 33, 3);
        setup.ratersPerPrompt = 2;
        const BlindPlan plan = planOf(setup);
        std::map<PromptId, int> votes;
        for (const std::vector<BlindTask>& tasks : plan.tasks) {
            QVERIFY(tasks.size() == 13 || tasks.size() == 14);
            std::set<PromptId> own;
            for (const BlindTask& task : tasks) {
                ++votes[task.prompt];
                QVERIFY(own.insert(task.prompt).second);
            }
        }
        QCOMPARE(votes.size(), std::size_t(33));
        QCOMPARE(spreadOf(votes, 33), 0);
    }

    void aPlanIsTheSameEachTimeAndAnotherSeedIsAnother()
    {
        BlindSetup setup = setupOf(3, 4, 15, 3);
        const BlindPlan plan = planOf(setup);
        QCOMPARE(planOf(setup), plan);
        setup.seed = 2;
        QVERIFY(planOf(setup) != plan);
    }

    void aRaterAddedLaterLeavesTheOthersAsTheyAre()
    {
        const BlindPlan before = planOf(setupOf(3, 4, 15, 4));
        const BlindPlan after = planOf(setupOf(4, 4, 15, 4));
        for (std::size_t r = 0; r < 3; ++r)
            QCOMPARE(after.tasks[r], before.tasks[r]);
    }

    void promptsWithoutTwoAnswersAreNamed()
    {
        BlindSetup setup = setupOf(2, 3, 3, 3);
        setup.have = {{true, true, true}, {true, false, false}, {false, true, true}};
        const BlindPlan plan = planOf(setup);
        QCOMPARE(plan.leftOut, std::vector<PromptId>{PromptId("p1")});
        for (const BlindTask& task : plan.tasks[0])
            QCOMPARE(task.shown.size(), std::size_t(task.prompt == PromptId("p0") ? 3 : 2));
    }

    void anImpossibleSetupIsRefused_data()
    {
        QTest::addColumn<int>("raters");
        QTest::addColumn<int>("models");
        QTest::addColumn<int>("shown");
        QTest::addColumn<int>("each");
        QTest::newRow("nobody") << 0 << 3 << 2 << 0;
        QTest::newRow("one model") << 2 << 1 << 2 << 0;
        QTest::newRow("one answer") << 2 << 3 << 1 << 0;
        QTest::newRow("too many answers") << 2 << 9 << 7 << 0;
        QTest::newRow("too many raters") << 2 << 3 << 2 << 3;
    }

    void anImpossibleSetupIsRefused()
    {
        QFETCH(int, raters);
        QFETCH(int, models);
        QFETCH(int, shown);
        QFETCH(int, each);
        BlindSetup setup = setupOf(std::size_t(raters), std::size_t(models), 4, std::size_t(shown));
        setup.ratersPerPrompt = std::size_t(each);
        const auto plan = planBlindTest(setup);
        QVERIFY(!plan.has_value());
        QCOMPARE(plan.error().code, ErrorCode::InvalidArgument);
    }

    void doublesAndOddTablesAreRefused()
    {
        BlindSetup setup = setupOf(2, 3, 4, 2);
        setup.prompts[1] = setup.prompts[0];
        QVERIFY(!planBlindTest(setup).has_value());
        setup = setupOf(2, 3, 4, 2);
        setup.have = {{true, true}};
        QVERIFY(!planBlindTest(setup).has_value());
    }

    void aVoteFindsItsTask()
    {
        const BlindPlan plan = planOf(setupOf(2, 3, 4, 3));
        QCOMPARE(openTasks(plan, 0, {}).size(), std::size_t(4));
        const BlindTask& task = plan.tasks[0][1];
        const auto vote = rankingOf(task, plan.raters[0], {{2}, {0, 1}}, 17);
        QVERIFY(vote.has_value());
        QCOMPARE(vote->places[0], std::vector<ModelId>{task.shown[2]});
        QCOMPARE(vote->shown, task.shown);
        QCOMPARE(openTasks(plan, 0, std::vector{*vote}), (std::vector<std::size_t>{0, 2, 3}));
        QCOMPARE(openTasks(plan, 1, std::vector{*vote}).size(), std::size_t(4)); // another rater's
        Ranking partly = *vote;
        partly.places.pop_back();
        partly.shown.clear();
        QCOMPARE(openTasks(plan, 0, std::vector{partly}).size(), std::size_t(4));
        QVERIFY(!rankingOf(task, plan.raters[0], {{3}, {0, 1}}, 17).has_value());
        QVERIFY(!rankingOf(task, plan.raters[0], {{0}, {0, 1}}, 17).has_value());
        QVERIFY(!rankingOf(task, plan.raters[0], {{0}, {1}}, 17).has_value()); // one is missing
    }

    void theSheetNamesNobody()
    {
        const BlindPlan plan = planOf(setupOf(1, 3, 4, 3));
        for (const BlindTask& task : plan.tasks[0]) {
            const BlindSheet sheet = blindSheet(task);
            QCOMPARE(sheet.labels, (std::vector<std::string>{"Answer 1", "Answer 2", "Answer 3"}));
        }
    }

    void aPlanIsWrittenAndReadBackEqual()
    {
        BlindSetup setup = setupOf(2, 3, 5, 2);
        setup.have.assign(5, {true, true, true});
        setup.have[2] = {false, false, true};
        const BlindPlan plan = planOf(setup);
        const auto again = blindPlanFromJson(toJson(plan));
        QVERIFY(again.has_value());
        QCOMPARE(*again, plan);
        Json broken = toJson(plan);
        broken["raters"][1]["tasks"][0]["shown"] = 3;
        QCOMPARE(blindPlanFromJson(broken, "plan").error().where,
                 std::string("plan.raters[1].tasks[0].shown"));
    }

    void trialsAreBalanced()
    {
        AbxSetup setup;
        setup.raters = ids<RaterId>("r", 3);
        setup.models = ids<ModelId>("m", 3);
        setup.prompts = ids<PromptId>("p", 7);
        const auto plan = planAbxTest(setup);
        QVERIFY(plan.has_value());
        for (const std::vector<AbxTask>& tasks : *plan) {
            QCOMPARE(tasks.size(), std::size_t(24));
            std::map<std::tuple<ModelId, ModelId, bool>, int> cases;
            std::map<PromptId, int> samples;
            std::map<PromptId, int> asked;
            for (const AbxTask& task : tasks) {
                QVERIFY(task.prompt != task.xPrompt);
                ++cases[{task.first, task.second, task.isFirst}];
                ++samples[task.prompt];
                ++asked[task.xPrompt];
            }
            QCOMPARE(cases.size(), std::size_t(12)); // 3 pairs, who is first, who wrote X
            QCOMPARE(spreadOf(cases, 12), 0);
            QVERIFY(spreadOf(samples, 7) <= 1);
            QVERIFY(spreadOf(asked, 7) <= 2);
        }
        QVERIFY((*plan)[0] != (*plan)[1]);
        QCOMPARE(*planAbxTest(setup), *plan);
        setup.raters.erase(setup.raters.begin());
        QCOMPARE((*planAbxTest(setup))[0], (*plan)[1]);
        setup.prompts.resize(2);
        QVERIFY(planAbxTest(setup).has_value());
        setup.prompts.resize(1);
        QVERIFY(!planAbxTest(setup).has_value());
    }

    void namesInAnswersAreFound_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("shown");
        QTest::newRow("none") << QByteArray("Water boils at 100 degrees.")
                              << QByteArray("Water boils at 100 degrees.");
        QTest::newRow("itself") << QByteArray("As ChatGPT, I cannot.")
                                << QByteArray("As [name], I cannot.");
        QTest::newRow("version") << QByteArray("I am gpt-4o-2024-08-06.")
                                 << QByteArray("I am [name].");
        QTest::newRow("digits") << QByteArray("Claude3 and Llama 3!")
                                << QByteArray("[name] and [name] 3!");
        QTest::newRow("maker") << QByteArray("made by OpenAI's team")
                               << QByteArray("made by [name]'s team");
        QTest::newRow("inside of a word") << QByteArray("Bardolino, claudette, egpt, Égpt")
                                          << QByteArray("Bardolino, claudette, egpt, Égpt");
        QTest::newRow("own name") << QByteArray("House-Model 7 says: house-model-x.")
                                  << QByteArray("[name] 7 says: [name].");
        QTest::newRow("longest") << QByteArray("Meta AI wrote") << QByteArray("[name] wrote");
    }

    void namesInAnswersAreFound()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, shown);
        const std::vector<std::string> own{"house-model", "x", ""};
        QCOMPARE(QByteArray::fromStdString(withoutNames(text.toStdString(), own)), shown);
        QCOMPARE(nameLeaks(text.toStdString(), own).empty(), text == shown);
    }
};

QTEST_GUILESS_MAIN(TestBlindPlan)
#include "tst_blind_plan.moc"
