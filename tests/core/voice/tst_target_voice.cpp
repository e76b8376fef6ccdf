// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: the model whose answers read like the golden ones is the nearest, one that reads the
// same lies at no distance, and nothing is compared on different prompts or with itself.

#include <core/sample/support_desk.h>
#include <core/voice/target_voice.h>

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace signalbox;

namespace {

/// Every model's two answers to each of the sample's prompts.
struct Sample
{
    std::vector<Answer> answers;
    std::vector<ModelId> models;

    Sample()
    {
        const PolicyDocument policy = supportDeskPolicy();
        answers = supportDeskEvidence(policy.models);
        for (const ModelSpec& model : policy.models)
            models.push_back(model.id);
    }
    [[nodiscard]] SpokenAnswers spoken() const { return SpokenAnswers::of(answers, models); }
    /// The model's first answers as golden ones of another author.
    [[nodiscard]] std::vector<GoldenAnswer>
    goldenOf(const ModelId& model, const std::string& author, std::size_t most) const
    {
        std::vector<GoldenAnswer> golden;
        for (const Answer& answer : answers) {
            if (answer.model == model && answer.sample == 1 && !answer.text.empty() &&
                golden.size() < most)
                golden.push_back({answer.prompt.value, author, answer.text});
        }
        return golden;
    }
};

} // namespace

class TestTargetVoice : public QObject
{
    Q_OBJECT
private slots:
    void theVoiceThatWroteThemIsNearest()
    {
        const Sample sample;
        for (std::size_t writer = 0; writer < sample.models.size(); ++writer) {
            const auto golden = sample.goldenOf(sample.models[writer], "an editor", 40);
            const auto distances = distancesToTarget(sample.spoken(), golden, 200);
            QCOMPARE(distances.size(), sample.models.size());
            const auto nearest = std::ranges::min_element(
                distances, {}, [](const auto& d) { return d.distance.value; });
            QCOMPARE(std::size_t(nearest - distances.begin()), writer);
            QVERIFY2(nearest->distance.value < 0.1,
                     qPrintable(QString::number(nearest->distance.value)));
            QCOMPARE(nearest->own, std::size_t(0));
            for (const TargetDistance& d : distances) {
                QVERIFY(d.distance.low <= d.distance.value && d.distance.value <= d.distance.high);
                QVERIFY(d.distance.n <= 40 && d.distance.n > 30);
            }
        }
    }

    void anotherVoiceLiesFurtherThanChanceAndSaysWhy()
    {
        const Sample sample;
        const auto golden = sample.goldenOf(sample.models.front(), "an editor", 40);
        const auto distances = distancesToTarget(sample.spoken(), golden, 400);
        const auto furthest =
            std::ranges::max_element(distances, {}, [](const auto& d) { return d.distance.value; });
        QVERIFY(furthest->distance.low > 0.1);
        QVERIFY(!furthest->reasons.empty() && furthest->reasons.size() <= 3);
        for (const VoiceReason& reason : furthest->reasons)
            QVERIFY(reason.sentence.find("the target voice") != std::string::npos);
    }

    void anAnswerIsNotComparedWithItself()
    {
        const Sample sample;
        std::vector<GoldenAnswer> golden;
        for (const Answer& answer : sample.answers) {
            if (answer.model == sample.models.front() && answer.sample == 0 && golden.size() < 20 &&
                !answer.text.empty())
                golden.push_back({answer.prompt.value, answer.model.value, answer.text});
        }
        std::vector<Answer> once = sample.answers;
        std::erase_if(once, [](const Answer& answer) { return answer.sample > 0; });
        const auto alone =
            distancesToTarget(SpokenAnswers::of(once, sample.models), golden, 0).front();
        QCOMPARE(alone.own, golden.size());
        QCOMPARE(alone.distance.n, std::size_t(0));
        QVERIFY(std::isnan(alone.distance.value));
        const auto twice = distancesToTarget(sample.spoken(), golden, 0).front();
        QVERIFY(twice.distance.n > 10);
        QVERIFY(twice.distance.value < 0.2);
    }

    void nothingIsComparedOnDifferentPrompts()
    {
        const Sample sample;
        const std::vector<GoldenAnswer> golden = {{"no such prompt", {}, "Any text at all."}};
        for (const TargetDistance& d : distancesToTarget(sample.spoken(), golden)) {
            QCOMPARE(d.distance.n, std::size_t(0));
            QVERIFY(std::isnan(d.distance.value));
        }
        QCOMPARE(distancesToTarget(SpokenAnswers({}, {}, {}), golden).size(), std::size_t(0));
    }

    void oneGoldenAnswerHasNoInterval()
    {
        const Sample sample;
        const auto golden = sample.goldenOf(sample.models.front(), {}, 1);
        for (const TargetDistance& d : distancesToTarget(sample.spoken(), golden)) {
            if (d.distance.n == 0)
                continue;
            QCOMPARE(d.distance.low, d.distance.value);
            QCOMPARE(d.distance.high, d.distance.value);
        }
    }
};

QTEST_APPLESS_MAIN(TestTargetVoice)
#include "tst_target_voice.moc"
