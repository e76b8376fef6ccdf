// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: turns of one conversation are no independent prompts: they are learned, judged and
// resampled together; how alike one model's consecutive turns are is found as it was planted, and
// makes a switch within a conversation as noticeable as it is.

#include "voice_panels.h"

#include <core/base/random.h>
#include <core/voice/separability.h>
#include <core/voice/spoken_answers.h>
#include <core/voice/style_classifier.h>
#include <core/voice/voice_distance.h>

#include <QTest>

#include <cmath>
#include <numeric>

using namespace signalbox;

namespace {

TurnGroups conversationsOf(std::size_t count, std::size_t turns)
{
    std::vector<std::size_t> conversations;
    std::vector<std::optional<std::size_t>> before;
    for (std::size_t row = 0; row < count * turns; ++row) {
        conversations.push_back(row / turns);
        before.push_back(row % turns == 0 ? std::nullopt : std::optional(row - 1));
    }
    return {std::move(conversations), before};
}

/// Two voices that differ by `apart` in one feature. Every feature of an answer is in part its
/// conversation's and in part its own, so that one model's consecutive turns correlate by `rho`.
VoicePanel panelOf(std::size_t conversations, std::size_t turns, double rho, double apart,
                   std::uint64_t seed)
{
    Random random(seed);
    VoicePanel panel;
    panel.models = {"A", "B"};
    panel.stats.resize(2);
    panel.turns = conversationsOf(conversations, turns);
    for (std::size_t c = 0; c < conversations; ++c) {
        std::array<double, kVoiceFeatureCount> shared{};
        for (double& value : shared)
            value = random.normal();
        for (std::size_t t = 0; t < turns; ++t) {
            panel.prompts.push_back(std::to_string(1000 + c * turns + t));
            for (std::size_t m = 0; m < 2; ++m) {
                AnswerStats stats;
                stats.words = 100;
                for (std::size_t k = 0; k < kVoiceFeatureCount; ++k)
                    stats.features[k] =
                        std::sqrt(rho) * shared[k] + std::sqrt(1 - rho) * random.normal();
                stats.features[0] += m == 0 ? apart : 0;
                panel.stats[m].push_back(stats);
            }
        }
    }
    return panel;
}

VoiceDistanceOptions oneFeature(std::size_t draws = 200)
{
    VoiceDistanceOptions options;
    options.draws = draws;
    options.features = {0};
    return options;
}

/// How often a jump with a switch is larger than one without, between consecutive turns.
double jumpsToldApart(const VoiceDistance& distance, const TurnGroups& turns)
{
    std::vector<double> with;
    std::vector<double> without;
    for (const auto& [first, second] : turns.pairs()) {
        with.push_back(std::abs(distance.scoresA[first] - distance.scoresB[second]));
        with.push_back(std::abs(distance.scoresB[first] - distance.scoresA[second]));
        without.push_back(std::abs(distance.scoresA[first] - distance.scoresA[second]));
        without.push_back(std::abs(distance.scoresB[first] - distance.scoresB[second]));
    }
    return identificationAuc(with, without);
}

Answer answerOf(const char* prompt, const char* model)
{
    Answer answer;
    answer.prompt = PromptId(prompt);
    answer.model = ModelId(model);
    answer.text = "It is on its way to you and will arrive tomorrow.";
    return answer;
}

} // namespace

class TestWithinConversation : public QObject
{
    Q_OBJECT
private slots:
    void thePlantedCorrelationIsFound_data()
    {
        QTest::addColumn<double>("rho");
        for (const double rho : {0.0, 0.3, 0.53, 0.8})
            QTest::addRow("%g", rho) << rho;
    }

    void thePlantedCorrelationIsFound()
    {
        QFETCH(double, rho);
        const VoicePanel panel = panelOf(120, 4, rho, 1.2, 7);
        const VoiceDistance distance = voiceDistance(panel, 0, 1, oneFeature());
        const WithinConversation& within = distance.within;
        QVERIFY(within.isMeasured());
        QCOMPARE(within.pairs, std::size_t(360));
        QVERIFY2(std::abs(within.rho.value - rho) < 0.08,
                 qPrintable(QString::number(within.rho.value)));
        QVERIFY(within.rho.low <= rho && rho <= within.rho.high);
        QCOMPARE(within.noticeability.value,
                 noticeabilityAtRho(distance.auc.value, within.rho.value));
        // And it is what the jumps within these conversations show.
        const double seen = noticeabilityOf(jumpsToldApart(distance, panel.turns));
        QVERIFY2(std::abs(within.noticeability.value - seen) < 0.13,
                 qPrintable(QString::number(seen)));
        if (rho > 0.2)
            QVERIFY(within.noticeability.value > distance.noticeabilityClosedForm + 0.02);
    }

    void fewPairsSayHowManyMoreAreNeeded()
    {
        const VoicePanel panel = panelOf(12, 3, 0.5, 1, 3);
        const WithinConversation within = voiceDistance(panel, 0, 1, oneFeature(0)).within;
        QVERIFY(!within.isMeasured());
        QCOMPARE(within.pairs, std::size_t(24));
        QCOMPARE(within.missing(), std::size_t(6));
        QCOMPARE(voiceDistance(tests::noisePanel(2, 60, 1), 0, 1, oneFeature(0)).within.pairs,
                 std::size_t(0));
    }

    /// What tells the two apart is another thing in each conversation: nothing that one could learn
    /// elsewhere.
    void aConversationIsInOneFold()
    {
        constexpr std::size_t kConversations = 30;
        constexpr std::size_t kTurns = 6;
        VoicePanel panel = panelOf(kConversations, kTurns, 0, 0, 11);
        for (std::size_t row = 0; row < kConversations * kTurns; ++row) {
            panel.stats[0][row].features[row / kTurns] += 8;
            panel.stats[1][row].features[row / kTurns] -= 8;
            // the sign by conversation, so that no feature means anything in general
            if (row / kTurns % 2 == 1)
                std::swap(panel.stats[0][row], panel.stats[1][row]);
        }
        std::vector<std::size_t> all(kVoiceFeatureCount);
        std::iota(all.begin(), all.end(), std::size_t{0});
        const auto aucOf = [&](const TurnGroups& turns) {
            const OutOfFoldScores scores =
                outOfFoldScores(panel.stats[0], panel.stats[1], all, 5, 10, turns);
            return identificationAuc(scores.a, scores.b);
        };
        QVERIFY(aucOf({}) > 0.9); // it has seen the conversation
        QVERIFY2(std::abs(aucOf(panel.turns) - 0.5) < 0.12,
                 qPrintable(QString::number(aucOf(panel.turns))));
    }

    /// Five turns that say the same are no five prompts.
    void aResampleTakesWholeConversations()
    {
        VoicePanel panel = panelOf(40, 5, 0, 0.6, 5);
        for (std::vector<AnswerStats>& stats : panel.stats) {
            for (std::size_t row = 0; row < stats.size(); ++row)
                stats[row] = stats[row / 5 * 5];
        }
        const auto widthOf = [](const Estimate& estimate) { return estimate.high - estimate.low; };
        const VoiceDistance together = voiceDistance(panel, 0, 1, oneFeature());
        const auto lengthTogether = toneDifference(panel, 0, 1, 0, 200);
        panel.turns = {};
        const VoiceDistance apart = voiceDistance(panel, 0, 1, oneFeature());
        QVERIFY(widthOf(together.auc) > 1.5 * widthOf(apart.auc));
        QVERIFY(widthOf(lengthTogether.difference) >
                1.5 * widthOf(toneDifference(panel, 0, 1, 0, 200).difference));
    }

    /// By the slow way: all pairs of rows of different conversations.
    void twoTurnsAreNeverComparedAsTwoPrompts()
    {
        Random random(2);
        std::vector<double> a(24);
        std::vector<double> b(24);
        for (std::size_t i = 0; i < a.size(); ++i) {
            a[i] = random.normal() + 0.8;
            b[i] = random.normal();
        }
        const TurnGroups turns = conversationsOf(8, 3);
        std::vector<double> different;
        std::vector<double> same;
        for (std::size_t p = 0; p < a.size(); ++p) {
            for (std::size_t q = 0; q < a.size(); ++q) {
                if (p / 3 == q / 3)
                    continue;
                different.push_back(std::abs(a[p] - b[q]));
                if (p < q) {
                    same.push_back(std::abs(a[p] - a[q]));
                    same.push_back(std::abs(b[p] - b[q]));
                }
            }
        }
        const double wanted = identificationAuc(different, same);
        QVERIFY(std::abs(sameDifferentAuc(a, b, turns) - wanted) < 1e-12);
        QVERIFY(std::abs(quickSameDifferentAuc(a, b, turns) - wanted) < 2e-3);
        QVERIFY(std::abs(sameDifferentAuc(a, b) - wanted) > 1e-4);
    }

    /// The turn in the middle was not answered by all.
    void rowsBelongTogetherOverAGap()
    {
        const std::vector<Answer> answers = {answerOf("c1", "m"), answerOf("c3", "m"),
                                             answerOf("d", "m"), answerOf("c2", "other")};
        const TurnsBefore turns = {{PromptId("c2"), PromptId("c1")},
                                   {PromptId("c3"), PromptId("c2")}};
        const SpokenAnswers spoken =
            SpokenAnswers::of(answers, {ModelId("m"), ModelId("other")}, {}, turns);
        const std::vector<std::size_t> rows = spoken.commonPrompts(std::array{std::size_t{0}});
        const TurnGroups groups = spoken.turnsOf(rows);
        QCOMPARE(rows.size(), std::size_t(3)); // c1, c3, d
        QCOMPARE(groups.groupOf(0), groups.groupOf(1));
        QVERIFY(groups.groupOf(0) != groups.groupOf(2));
        QVERIFY(groups.pairs().empty());
    }
};

QTEST_APPLESS_MAIN(TestWithinConversation)
#include "tst_within_conversation.moc"
