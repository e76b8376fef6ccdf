// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: what is proposed follows from the votes by the stated rules, and what they do not speak
// for is not proposed but said.

#include "votes.h"

#include <core/tasting/proposals.h>
#include <core/voice/consistency.h>

#include <QTest>

#include <cmath>

using namespace signalbox;
using signalbox::tests::ranking;

namespace {

bool isNear(double a, double b, double tolerance)
{
    return std::abs(a - b) <= tolerance;
}

/// A test of three people, models a and b and some prompts, in which a is always preferred.
struct World
{
    std::vector<Ranking> rankings;
    std::vector<TastedAnswer> answers;
    std::vector<std::string> models{"a", "b"};
    std::vector<std::vector<TonePlace>> tone;
    PreferenceResult preferences;
    RaterAgreement agreement;

    explicit World(int prompts, const char* last = "a > b")
    {
        for (int p = 0; p < prompts; ++p) {
            const std::string prompt = "p" + std::to_string(100 + p);
            for (const char* rater : {"ann", "bob", "cy"})
                rankings.push_back(ranking(rater, prompt, rater[0] == 'c' ? last : "a > b"));
            for (const char* model : {"a", "b"}) {
                TastedAnswer answer{prompt + model, PromptId(prompt), ModelId(model), {}};
                answer.stats.words = (*model == 'a' ? 50 : 200) + p;
                answers.push_back(answer);
            }
        }
        for (const double t : {60.0, 40.0}) {
            std::vector<TonePlace>& row = tone.emplace_back(toneAxes().size());
            for (TonePlace& place : row) {
                place.t = {t, t - 1, t + 1, 100};
                place.reliability = 0.9;
            }
        }
        judge();
    }

    void judge()
    {
        preferences = signalbox::preferences(rankings, 200);
        agreement = raterAgreement(rankings, 50);
    }

    [[nodiscard]] ContractProposal propose() const
    {
        return proposeContract({preferences, agreement, rankings, answers, models, tone});
    }
};

bool hasDoubt(const std::vector<std::string>& doubts, std::string_view part)
{
    return std::ranges::any_of(
        doubts, [&](const std::string& doubt) { return doubt.find(part) != std::string::npos; });
}

VoiceMatrix twoVoices(double noticeability)
{
    VoiceMatrix voices;
    voices.models = {"a", "b"};
    VoiceDistance& pair = voices.pairs.emplace_back();
    pair.n = 100;
    pair.noticeability = {noticeability, noticeability, noticeability, 100};
    return voices;
}

ReaderEar earOf(double value, double high)
{
    ReaderEar ear;
    ear.efficiency = {value, value / 2, high, 300};
    return ear;
}

} // namespace

class TestProposals : public QObject
{
    Q_OBJECT
private slots:
    void answersAreScoredByWhatTheyWerePreferredTo()
    {
        const std::vector<TastedAnswer> answers{{"1", PromptId("p"), ModelId("a"), {}},
                                                {"2", PromptId("p"), ModelId("b"), {}},
                                                {"3", PromptId("p"), ModelId("c"), {}},
                                                {"4", PromptId("q"), ModelId("a"), {}}};
        const std::vector<Ranking> votes{ranking("ann", "p", "a > b = c"),
                                         ranking("bob", "p", "b > a > c")};
        const std::vector<AnswerScore> scores = scoreAnswers(answers, votes);
        QCOMPARE(scores[0].share, 0.75);
        QCOMPARE(scores[0].comparisons, 4.0);
        QCOMPARE(scores[1].share, 0.625);
        QCOMPARE(scores[2].share, 0.125);
        QCOMPARE(scores[3].rankings, std::size_t(0));
    }

    void aClearTestGivesAWholeContract()
    {
        const World world(20);
        const ContractProposal proposal = world.propose();
        // Preferred answers have 50 to 69 words; their 10th and 90th percentile outwards to tens.
        QVERIFY(proposal.contract.words.has_value());
        QCOMPARE(proposal.contract.words->low, 50.0);
        QCOMPARE(proposal.contract.words->high, 70.0);
        QCOMPARE(proposal.contract.tone.size(), toneAxes().size());
        QVERIFY(
            isNear(proposal.contract.tone[0].band.low, std::floor(100 * 37 / 60.0) / 100, 1e-9));
        QVERIFY(
            isNear(proposal.contract.tone[0].band.high, std::ceil(100 * 43 / 60.0) / 100, 1e-9));
        QCOMPARE(proposal.contract.golden.size(), std::size_t(5));
        for (const std::string& id : proposal.contract.golden)
            QVERIFY(id.back() == 'a');
        QVERIFY(!proposal.reasons.empty());
    }

    void weakAxesAndThoseOnWhichAllSoundAlikeAreLeftOut()
    {
        World world(20);
        world.tone[0][0].reliability = 0.4;
        world.tone[1][1].t.value = 61;
        const VoiceContract contract = world.propose().contract;
        QCOMPARE(contract.tone.size(), toneAxes().size() - 2);
        QCOMPARE(contract.tone[0].axis, std::string(toneAxes()[2].id));
    }

    void fewAnswersGiveNoLength()
    {
        const ContractProposal proposal = World(9).propose();
        QVERIFY(!proposal.contract.words);
        QVERIFY(hasDoubt(proposal.doubts, "Only 9 answers"));
    }

    void aTieBetweenModelsGivesNoTone()
    {
        World world(12);
        for (std::size_t i = 0; i < world.rankings.size(); i += 2)
            std::ranges::reverse(world.rankings[i].places);
        world.judge();
        const ContractProposal proposal = world.propose();
        QVERIFY(proposal.contract.tone.empty());
        QVERIFY(hasDoubt(proposal.doubts, "do not tell whether"));
        QVERIFY(hasDoubt(proposal.doubts, "hardly agree"));
    }

    void onePersonsTasteIsSaidToBeOne()
    {
        World world(12);
        std::erase_if(world.rankings, [](const Ranking& r) { return r.rater != RaterId("ann"); });
        world.judge();
        QVERIFY(hasDoubt(world.propose().doubts, "One person"));
    }

    void withoutVotesNothingIsProposed()
    {
        const World world(0);
        const ContractProposal proposal = world.propose();
        QCOMPARE(proposal.contract, VoiceContract());
        QVERIFY(hasDoubt(proposal.doubts, "golden"));
    }

    void theGateIsTheObserversNumberForTheReadersLimit()
    {
        SeamCounts seams(2);
        seams.add(0, 1, 30);
        seams.add(0, 0, 70);
        const double nu = 0.6;
        const double heard = noticeabilityAsRead(nu, 0.25);
        const GateProposal proposal =
            proposeConsistencyGate(seams, twoVoices(nu), earOf(0.25, 0.4), 0.98);
        QVERIFY(proposal.gate.has_value());
        QCOMPARE(proposal.gate->metric, GateMetric::Consistency);
        const double limit = 1 - nu * 0.02 / heard; // seams cancel out with one pair
        QVERIFY(*proposal.gate->atLeast >= limit - 1e-9 && *proposal.gate->atLeast < limit + 0.005);
        QVERIFY(!proposal.gate->atMost);
        QVERIFY(hasDoubt(proposal.doubts, "upper end"));
        const auto strict = proposeConsistencyGate(seams, twoVoices(nu), earOf(1, 1), 0.98);
        QVERIFY(isNear(*strict.gate->atLeast, 0.98, 1e-9));
        QVERIFY(strict.doubts.empty());
    }

    void whatIsNotHeardNeedsNoGate()
    {
        SeamCounts seams(2);
        seams.add(0, 1, 30);
        QVERIFY(!proposeConsistencyGate(seams, twoVoices(0.6), earOf(0, 0)).gate);
        QVERIFY(!proposeConsistencyGate(seams, twoVoices(0), earOf(0.5, 0.6)).gate);
        const auto unknown =
            proposeConsistencyGate(seams, twoVoices(0.6), earOf(std::nan(""), std::nan("")));
        QVERIFY(!unknown.gate && hasDoubt(unknown.doubts, "not known"));
    }
};

QTEST_GUILESS_MAIN(TestProposals)
#include "tst_proposals.moc"
