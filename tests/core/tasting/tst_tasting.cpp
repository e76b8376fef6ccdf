// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: a tasting and what a person is asked come back equal from their JSON, whoever comes back
// is asked the same, nothing that is shown tells a name, and ratings of tone give means with
// intervals and how far the raters agree.

#include <core/tasting/tasting.h>
#include <core/tasting/tone_rating.h>

#include <QTest>
#include <nlohmann/json.hpp>

#include <cmath>
#include <set>

using namespace signalbox;

namespace {

Tasting smallTasting(std::size_t prompts = 6)
{
    Tasting tasting;
    tasting.models = {ModelId("gpt-4"), ModelId("nimbus-2"), ModelId("owl")};
    tasting.names = {"nimbus-2", "owl"};
    tasting.axes = {std::string(toneAxes().front().id)};
    tasting.shown = 3;
    tasting.trialsPerPair = 4;
    tasting.seed = 42;
    for (std::size_t p = 0; p < prompts; ++p) {
        tasting.prompts.push_back({PromptId("p" + std::to_string(p)), "What of it?"});
        tasting.texts.push_back({"I am GPT-4.", "Ask Nimbus-2 \u00e9", "plain"});
    }
    return tasting;
}

RatedTask rated(const char* rater, int prompt, int first, int second)
{
    const std::string axis(toneAxes().front().id);
    return {RaterId(rater),
            PromptId("p" + std::to_string(prompt)),
            {{ModelId("a"), axis, first}, {ModelId("b"), axis, second}},
            1};
}

} // namespace

class TestTasting : public QObject
{
    Q_OBJECT
private slots:
    void comesBackEqual()
    {
        Tasting tasting = smallTasting();
        tasting.texts[1][2].clear();
        tasting.prompts[1].question = "And then?";
        tasting.prompts[1].before = {"User: Hi", "", "User: Hi\n\nAssistant: Yes?"};
        const auto back = tastingFromJson(*parseJson(toCompactJsonText(toJson(tasting))));
        QVERIFY2(back.has_value(), back ? "" : toString(back.error()).c_str());
        QVERIFY(*back == tasting);
    }

    void aPlanComesBackEqual()
    {
        const auto plan = planTaster(smallTasting(), {}, RaterId("Ann"));
        QVERIFY(plan.has_value());
        QCOMPARE(plan->tasks.size(), std::size_t(6));
        QCOMPARE(plan->trials.size(), std::size_t(12)); // three pairs
        const auto back = tasterPlanFromJson(*parseJson(toCompactJsonText(toJson(*plan))));
        QVERIFY2(back.has_value(), back ? "" : toString(back.error()).c_str());
        QVERIFY(*back == *plan);
    }

    void whoComesBackIsAskedTheSame()
    {
        const std::vector<RaterId> before = {RaterId("Bo")};
        QVERIFY(*planTaster(smallTasting(), before, RaterId("Ann")) ==
                *planTaster(smallTasting(), before, RaterId("Ann")));
        QVERIFY(planTaster(smallTasting(), before, RaterId("Ann"))->tasks !=
                planTaster(smallTasting(), {}, RaterId("Bo"))->tasks);
        QVERIFY(!planTaster(smallTasting(), before, RaterId("Bo")));
        QVERIFY(!planTaster(smallTasting(), before, RaterId("")));
    }

    void anAnswerThatIsMissingIsNotShown()
    {
        Tasting tasting = smallTasting(2);
        tasting.texts[0][1].clear();
        const auto plan = planTaster(tasting, {}, RaterId("Ann"));
        QVERIFY(plan.has_value());
        QVERIFY(plan->trials.empty()); // one prompt that all answered is too few for X
        for (const BlindTask& task : plan->tasks)
            QCOMPARE(task.shown.size(), task.prompt == PromptId("p0") ? 2U : 3U);
    }

    void nothingShownTellsAName()
    {
        const Tasting tasting = smallTasting();
        const std::string first = tasting.blindText(PromptId("p0"), ModelId("gpt-4"));
        QCOMPARE(first, std::string("I am [name]."));
        QCOMPARE(tasting.blindText(PromptId("p0"), ModelId("nimbus-2")),
                 std::string("Ask [name] \u00e9"));
        QCOMPARE(tasting.blindText(PromptId("other"), ModelId("owl")), std::string());
    }

    void aConversationBeforeTellsNoNameEither()
    {
        Tasting tasting = smallTasting();
        tasting.prompts[0].before = {"Assistant: I am gpt-4.", "Assistant: Go on.", ""};
        QVERIFY(checkTasting(tasting).has_value());
        QCOMPARE(tasting.blindBefore(PromptId("p0"), ModelId("gpt-4")),
                 std::string("Assistant: I am [name]."));
        QCOMPARE(tasting.blindBefore(PromptId("p0"), ModelId("nimbus-2")),
                 std::string("Assistant: Go on."));
        QCOMPARE(tasting.blindBefore(PromptId("p1"), ModelId("gpt-4")), std::string());
        QCOMPARE(tasting.blindBefore(PromptId("other"), ModelId("owl")), std::string());
        tasting.prompts[0].before.pop_back();
        QVERIFY(!checkTasting(tasting).has_value());
    }

    void timeToReadCountsWhatIsShown()
    {
        // 6 questions of 3 words; 18 answers of 7/3 words; 12 guesses of one question, 3 answers.
        Tasting tasting = smallTasting();
        QCOMPARE(readingMinutes(tasting), (18 + 42 + 12 * (3 + 7)) / 238.0);
        for (std::vector<std::string>& texts : tasting.texts)
            texts[2].clear(); // no answer: the others are 3 words long
        tasting.trialsPerPair = 0;
        QCOMPARE(readingMinutes(tasting), (18 + 18 * 3) / 238.0);
        QCOMPARE(readingMinutes(Tasting{}), 0.0);
    }

    void whatDoesNotFitIsASentence_data()
    {
        QTest::addColumn<QString>("from");
        QTest::addColumn<QString>("to");
        QTest::addColumn<QString>("where");
        QTest::newRow("one model") << "['gpt-4','nimbus-2','owl']" << "['owl']" << "models";
        QTest::newRow("twice") << "'gpt-4','nimbus-2'" << "'owl','nimbus-2'" << "models";
        QTest::newRow("axis") << "'axes':['" << "'axes':['x" << "axes";
        QTest::newRow("shown") << "'shown':3" << "'shown':7" << "shown";
        QTest::newRow("unknown") << "'shown':3" << "'shown':3,'hint':1" << "hint";
        QTest::newRow("shape") << "'plain']}]" << "'plain','more']}]" << "prompts";
        QTest::newRow("no prompt") << "'prompts'" << "'prompt'" << "prompts";
    }
    void whatDoesNotFitIsASentence()
    {
        QFETCH(QString, from);
        QFETCH(QString, to);
        QFETCH(const QString, where);
        QString text = QString::fromStdString(toCompactJsonText(toJson(smallTasting(1))));
        from.replace(u'\'', u'"');
        to.replace(u'\'', u'"');
        QVERIFY2(text.contains(from), qPrintable(text));
        text.replace(from, to);
        const auto read = tastingFromJson(*parseJson(text.toStdString()));
        QVERIFY(!read);
        const QString said = QString::fromStdString(toString(read.error()));
        QVERIFY2(said.contains(where), qPrintable(said));
    }

    void ratingsGiveMeansAndAgreement()
    {
        std::vector<RatedTask> tasks;
        for (int prompt = 0; prompt < 12; ++prompt) {
            const int low = 1 + prompt % 2;
            tasks.push_back(rated("Ann", prompt, low, 5));
            tasks.push_back(rated("Bo", prompt, low, 4));
        }
        const std::vector<ModelId> models = {ModelId("a"), ModelId("b"), ModelId("c")};
        const auto axes = ratedAxes(tasks, models, 200);
        QCOMPARE(axes.size(), std::size_t(1));
        const Estimate& a = axes.front().means[0];
        QCOMPARE(a.value, 1.5);
        QCOMPARE(a.n, std::size_t(24));
        QVERIFY(a.low < 1.5 && a.low >= 1 && a.high > 1.5 && a.high <= 2);
        QCOMPARE(axes.front().means[1].value, 4.5);
        QVERIFY(std::isnan(axes.front().means[2].value));
        QVERIFY(axes.front().agreement && axes.front().agreement->value > 0.7);
        QCOMPARE(axes.front().agreement->n, std::size_t(24));
        QVERIFY(ratedAxes({}, models).empty());
    }

    void ratingsComeBackEqual()
    {
        const RatedTask task = rated("Ann", 3, 1, 5);
        const auto back = ratedTaskFromJson(*parseJson(toCompactJsonText(toJson(task))));
        QVERIFY2(back.has_value(), back ? "" : toString(back.error()).c_str());
        QVERIFY(*back == task);
        RatedTask twice = task;
        twice.ratings.push_back(twice.ratings.front());
        QVERIFY(!checkRatings(twice));
        RatedTask far = task;
        far.ratings.front().value = 6;
        QVERIFY(!checkRatings(far));
        RatedTask strange = task;
        strange.ratings.front().axis = "charm";
        QVERIFY(!ratedTaskFromJson(toJson(strange)));
    }
};

QTEST_GUILESS_MAIN(TestTasting)
#include "tst_tasting.moc"
