// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: on the command line a model judges the answers of a recorded run, each pair in both
// orders: what it would cost is said first, caps hold, what it said is kept beside the run, and
// nothing is asked twice.

#include <core/base/json.h>
#include <core/evidence/evidence_store.h>
#include <core/evidence/lab_store.h>
#include <tests/support/cli_run.h>

#include <QTemporaryDir>
#include <QTest>
#include <nlohmann/json.hpp>

#include <filesystem>

using namespace signalbox;
using namespace signalbox::test;

namespace {

/// A store with one run: two models of the sample on five prompts.
class Recorded
{
public:
    Recorded()
    {
        const Ran ran = run({"compare", "sample", "--models", "gpt-4,palm-2", "--prompts", "5",
                             "--evidence", m_file});
        if (ran.code != 0)
            qFatal("%s", ran.err.c_str());
    }
    [[nodiscard]] Ran judge(const std::vector<std::string>& more) const
    {
        std::vector<std::string> args = {"judge", "latest",  "--evidence",
                                         m_file,  "--judge", "gpt-4"};
        args.insert(args.end(), more.begin(), more.end());
        return run(args);
    }
    [[nodiscard]] std::vector<StoredTasting> tastings() const
    {
        auto store = EvidenceStore::open(m_file);
        auto read = store->background().tastings(store->runs()->front().id);
        read.waitForFinished();
        return *read.result();
    }

private:
    QTemporaryDir m_folder;
    std::string m_file =
        (std::filesystem::path(m_folder.path().toStdString()) / "lab.sqlite").string();
};

} // namespace

class TestJudgeCommand : public QObject
{
    Q_OBJECT
private slots:
    void everyPairIsJudgedInBothOrdersAndKept()
    {
        const Recorded recorded;
        const Ran ran = recorded.judge({"--json"});
        QVERIFY2(ran.code == 0, ran.err.c_str());
        const Json json = ran.json();
        QCOMPARE(json["calls"].get<int>(), 10); // five pairs, both orders
        QCOMPARE(json["said"].get<int>(), 10);
        QCOMPARE(json["pairs"].size(), std::size_t(5));
        QCOMPARE(json["models"].size(), std::size_t(2));
        QVERIFY(json["simulated"].get<bool>());
        const auto tastings = recorded.tastings();
        QCOMPARE(tastings.size(), std::size_t(1));
        QCOMPARE(tastings[0].judgings.size(), std::size_t(1));
        QCOMPARE(tastings[0].judgings[0].calls.size(), std::size_t(10));
        // Once more: the same, and nobody is asked.
        QCOMPARE(recorded.judge({"--json"}).out, ran.out);
        QCOMPARE(recorded.tastings(), tastings);
        const Ran lines = recorded.judge({});
        QVERIFY2(contains(lines.out, "5 pairs in both orders"), lines.out.c_str());
        QVERIFY(contains(lines.out, "simulated"));
    }

    void theEstimateSendsAndKeepsNothing()
    {
        const Recorded recorded;
        const Ran ran = recorded.judge({"--estimate", "--json"});
        QVERIFY2(ran.code == 0, ran.err.c_str());
        QCOMPARE(ran.json()["calls"].get<int>(), 10);
        QVERIFY(ran.json()["costUsd"]["expected"].get<double>() > 0);
        QVERIFY(recorded.tastings().empty());
        QVERIFY(contains(recorded.judge({"--estimate"}).out, "10 calls to send"));
    }

    void whatWasSaidIsNotEstimatedAgain()
    {
        const Recorded recorded;
        const Ran some = recorded.judge({"--prompts", "2", "--json"});
        QCOMPARE(some.json()["said"].get<int>(), 4); // two pairs, both orders
        QVERIFY2(contains(some.err, "2 of 5 prompts are judged"), some.err.c_str());
        const Ran rest = recorded.judge({"--estimate", "--json"});
        QCOMPARE(rest.json()["calls"].get<int>(), 6);
        QVERIFY2(!contains(rest.err, "prompts are judged"), rest.err.c_str());
        QCOMPARE(recorded.judge({"--json"}).json()["said"].get<int>(), 10);
        QCOMPARE(recorded.judge({"--estimate", "--json"}).json()["calls"].get<int>(), 0);
    }

    void aCapEndsItAndAHigherOneGoesOn()
    {
        const Recorded recorded;
        const double worst =
            recorded.judge({"--estimate", "--json"}).json()["worstUsd"].get<double>();
        const Ran capped =
            recorded.judge({"--json", "--max-cost", std::to_string(worst / 10 * 1.3)});
        QCOMPARE(capped.code, 3);
        const int said = capped.json()["said"].get<int>();
        QVERIFY2(said > 0 && said < 10, capped.out.c_str());
        QVERIFY2(contains(capped.err, "What was said is kept"), capped.err.c_str());
        const Ran whole = recorded.judge({"--json"});
        QVERIFY2(whole.code == 0, whole.err.c_str());
        QCOMPARE(whole.json()["said"].get<int>(), 10);
        const auto tastings = recorded.tastings();
        QCOMPARE(tastings.size(), std::size_t(1));
        QCOMPARE(tastings[0].judgings.size(), std::size_t(1)); // the same one
    }

    void toneIsRatedOnTheAxesThatAreNamed()
    {
        const Recorded recorded;
        const Ran ran = recorded.judge({"--json", "--axes", "formality"});
        QVERIFY2(ran.code == 0, ran.err.c_str());
        QCOMPARE(ran.json()["calls"].get<int>(), 10 + 5 * 2 * 2);
        QCOMPARE(ran.json()["axes"][0]["axis"].get<std::string>(), std::string("formality"));
    }

    void whatIsUsedWronglySaysHow()
    {
        const Recorded recorded;
        QCOMPARE(recorded.judge({"--axes", "loudness"}).code, 2);
        QCOMPARE(run({"judge", "--evidence", "/none.sqlite", "--judge", "nobody"}).code, 2);
        QCOMPARE(run({"judge", "--evidence", "/none.sqlite", "--judge", "gpt-4"}).code, 1);
        QCOMPARE(run({"judge"}).code, 2);
    }
};

QTEST_GUILESS_MAIN(TestJudgeCommand)
#include "tst_judge_command.moc"
