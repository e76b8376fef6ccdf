// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: the simulated models are three voices that keep to their character, know and refuse what
// they should, obey a style guide, and do so the same on every machine.

#include <core/base/random.h>
#include <core/base/utf8.h>
#include <core/sample/support_desk.h>
#include <core/voice/answer_stats.h>
#include <core/voice/voice_distance.h>

#include <QTest>

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <string>
#include <string_view>

using namespace signalbox;

namespace {

const std::vector<Answer>& evidence()
{
    static const std::vector<Answer> answers = supportDeskEvidence(supportDeskPolicy().models);
    return answers;
}

const SamplePrompt& promptOf(const Answer& answer)
{
    static const auto byId = [] {
        std::map<std::string, const SamplePrompt*> prompts;
        for (const SamplePrompt& prompt : supportDeskPrompts())
            prompts[prompt.id.value] = &prompt;
        return prompts;
    }();
    return *byId.at(answer.prompt.value);
}

std::vector<Message> asMessages(const SamplePrompt& prompt)
{
    return {{Role::System, prompt.systemPrompt}, {Role::User, prompt.text}};
}

/// Mean of a number over the answers of one model that are there.
double meanOf(
    const std::string& model, const std::function<double(const Answer&)>& number,
    const std::function<bool(const Answer&)>& counts = [](const Answer&) { return true; })
{
    double sum = 0;
    double n = 0;
    for (const Answer& answer : evidence()) {
        if (answer.model.value != model || answer.state == AnswerState::Failed || !counts(answer))
            continue;
        sum += number(answer);
        ++n;
    }
    return sum / n;
}

double shareSatisfied(const std::string& model, const std::string& segment)
{
    return meanOf(
        model, [](const Answer& answer) { return *answer.satisfied; },
        [&segment](const Answer& answer) { return answer.segment == segment; });
}

/// How easily two models are told apart by their first answers to the same prompts, under a guide.
double noticeability(const std::string& modelA, const std::string& modelB, const std::string& guide)
{
    VoicePanel panel;
    panel.models = {modelA, modelB};
    panel.stats.resize(2);
    for (const SamplePrompt& prompt : supportDeskPrompts()) {
        const SimulatedAnswer a = simulateAnswer(modelA, asMessages(prompt), guide, 0);
        const SimulatedAnswer b = simulateAnswer(modelB, asMessages(prompt), guide, 0);
        if (a.rateLimited || b.rateLimited)
            continue;
        panel.prompts.push_back(prompt.id.value);
        panel.stats[0].push_back(measureAnswer(a.text));
        panel.stats[1].push_back(measureAnswer(b.text));
    }
    VoiceDistanceOptions options;
    options.draws = 0;
    return voiceDistance(panel, 0, 1, options).noticeability.value;
}

bool hasEmoji(std::string_view text)
{
    for (std::size_t at = 0; at < text.size();) {
        const DecodedCodePoint point = decodeCodePoint(text, at);
        if ((point.value >= 0x1F300 && point.value <= 0x1FAFF) ||
            (point.value >= 0x2600 && point.value <= 0x27BF))
            return true;
        at += point.bytes;
    }
    return false;
}

bool contains(std::string_view text, std::string_view part)
{
    return text.find(part) != std::string_view::npos;
}

} // namespace

class TestSimulator : public QObject
{
    Q_OBJECT
private slots:
    void threeModelsAnswerEveryPromptTwice()
    {
        QCOMPARE(simulatedModels(), (std::vector<std::string>{"gpt-4", "gpt-3.5-turbo", "palm-2"}));
        QVERIFY(isSimulatedModel("palm-2"));
        QVERIFY(!isSimulatedModel("palm-3"));
        QCOMPARE(evidence().size(), supportDeskPrompts().size() * 3 * 2);
        QVERIFY(std::ranges::all_of(evidence(), &Answer::simulated));
    }

    void smallModelsRefuseEightPercentOfTheCalls()
    {
        std::map<std::string, int> calls;
        std::map<std::string, int> refused;
        for (const Answer& answer : evidence()) {
            ++calls[answer.model.value];
            refused[answer.model.value] += answer.state == AnswerState::Failed;
        }
        QCOMPARE(refused["gpt-4"], 0);
        for (const char* model : {"palm-2", "gpt-3.5-turbo"})
            QVERIFY2(std::abs(refused[model] - 0.08 * calls[model]) <= 3,
                     qPrintable(QString::number(refused[model])));
    }

    void aRefusalIsKnownSoonAndLeavesNoAnswer()
    {
        for (const Answer& answer : evidence()) {
            if (answer.state != AnswerState::Failed)
                continue;
            QVERIFY(answer.text.empty() && !answer.satisfied && !answer.firstTokenMs);
            QVERIFY(*answer.totalMs > 20 && *answer.totalMs < 300);
            QVERIFY(contains(answer.failure, "429"));
        }
    }

    void outcomesFollowFromTheText()
    {
        for (const Answer& answer : evidence())
            if (answer.state == AnswerState::Done)
                QCOMPARE(*answer.satisfied, outcomeOf(promptOf(answer), answer.text));
    }

    void theCheapModelFailsInTheLongTail()
    {
        QVERIFY(shareSatisfied("palm-2", "Disputes") < 0.7);
        for (const char* segment : {"Account", "Orders", "Billing"})
            QVERIFY2(shareSatisfied("palm-2", segment) > 0.95, segment);
        for (const char* segment :
             {"Account", "Orders", "Billing", "Disputes", "Technical", "Privacy and legal"}) {
            QVERIFY2(shareSatisfied("gpt-4", segment) > 0.96, segment);
            QVERIFY2(shareSatisfied("gpt-3.5-turbo", segment) > 0.96, segment);
        }
    }

    void latenciesAreTheStatedOnes_data()
    {
        QTest::addColumn<std::string>("model");
        QTest::addColumn<double>("p50");
        QTest::addColumn<double>("p95");
        QTest::newRow("premium") << std::string("gpt-4") << 1500.0 << 1500 * std::exp(0.45 * 1.645);
        QTest::newRow("cheap") << std::string("palm-2") << 500.0 << 1200.0;
        QTest::newRow("between") << std::string("gpt-3.5-turbo") << 450.0
                                 << 450 * std::exp(0.45 * 1.645);
    }
    void latenciesAreTheStatedOnes()
    {
        QFETCH(const std::string, model);
        QFETCH(const double, p50);
        QFETCH(const double, p95);
        std::vector<double> times;
        for (const Answer& answer : evidence())
            if (answer.model.value == model && answer.firstTokenMs)
                times.push_back(*answer.firstTokenMs);
        std::ranges::sort(times);
        const auto quantile = [&times](double q) {
            return times[std::size_t(q * double(times.size()))];
        };
        QVERIFY2(std::abs(quantile(0.5) / p50 - 1) < 0.03,
                 qPrintable(QString::number(quantile(0.5))));
        QVERIFY2(std::abs(quantile(0.95) / p95 - 1) < 0.05,
                 qPrintable(QString::number(quantile(0.95))));
    }

    void eachCharacterKeepsItsHabits()
    {
        const auto words = [](const Answer& answer) {
            return double(measureAnswer(answer.text).words);
        };
        QVERIFY(meanOf("gpt-4", words) > 1.5 * meanOf("gpt-3.5-turbo", words));
        const auto marks = [](const Answer& answer) {
            return hasEmoji(answer.text) || contains(answer.text, "## ") ? 1.0 : 0.0;
        };
        QVERIFY(meanOf("palm-2", marks) > 0.4);
        QCOMPARE(meanOf("gpt-4", marks), 0.0);
        QCOMPARE(meanOf("gpt-3.5-turbo", marks), 0.0);
    }

    void threeVoicesAreAsFarApartAsTheStoryNeeds_data()
    {
        QTest::addColumn<std::string>("other");
        QTest::addColumn<double>("least");
        QTest::addColumn<double>("most");
        QTest::newRow("concise") << std::string("gpt-3.5-turbo") << 0.2 << 0.4;
        QTest::newRow("creative") << std::string("palm-2") << 0.6 << 0.8;
    }
    void threeVoicesAreAsFarApartAsTheStoryNeeds()
    {
        QFETCH(const std::string, other);
        QFETCH(const double, least);
        QFETCH(const double, most);
        const double free = noticeability("gpt-4", other, "");
        QVERIFY2(free > least && free < most, qPrintable(QString::number(free)));
        const double guided =
            noticeability("gpt-4", other, "Plain and warm, at most four sentences.");
        QVERIFY2(guided < 0.15, qPrintable(QString::number(guided)));
    }

    void twoSamplesDifferInWordingButNotInVoice()
    {
        std::map<std::pair<std::string, std::string>, std::string> first;
        std::map<std::string, std::array<std::vector<AnswerStats>, 2>> stats;
        int equal = 0;
        int pairs = 0;
        for (const Answer& answer : evidence()) {
            const auto key = std::pair(answer.model.value, answer.prompt.value);
            if (answer.sample == 0) {
                first[key] = answer.text;
            } else if (!answer.text.empty() && !first[key].empty()) {
                ++pairs;
                equal += answer.text == first[key];
                stats[answer.model.value][0].push_back(measureAnswer(first[key]));
                stats[answer.model.value][1].push_back(measureAnswer(answer.text));
            }
        }
        QVERIFY2(equal < pairs / 10, qPrintable(QString::number(equal)));
        for (const auto& [model, samples] : stats) {
            const NoiseFloor floor = noiseFloor(samples[0], samples[1]);
            QVERIFY2(floor.measured && floor.noticeability < 0.03, model.c_str());
        }
    }

    void aStyleGuideIsObeyed_data()
    {
        QTest::addColumn<std::string>("guide");
        QTest::addColumn<std::function<bool(const std::string&)>>("holds");
        using Holds = std::function<bool(const std::string&)>;
        const auto add = [](const char* name, const char* guide, const Holds& holds) {
            QTest::newRow(name) << std::string(guide) << holds;
        };
        const auto sentencesAtMost = [](int limit) -> Holds {
            return
                [limit](const std::string& text) { return measureAnswer(text).sentences <= limit; };
        };
        add("sentences", "Answer in at most four sentences.", sentencesAtMost(4));
        add("sentences as a digit", "Use 3 short sentences or fewer", sentencesAtMost(3));
        add("words", "No more than 60 words.",
            [](const std::string& text) { return measureAnswer(text).words <= 60; });
        add("markdown", "Write without markdown.", [](const std::string& text) {
            const AnswerStats stats = measureAnswer(text);
            return stats.headers + stats.bold + stats.orderedItems + stats.unorderedItems == 0;
        });
        add("emoji", "Never use emoji, please.",
            [](const std::string& text) { return !hasEmoji(text); });
        add("lists", "No lists or bullets.", [](const std::string& text) {
            const AnswerStats stats = measureAnswer(text);
            return stats.orderedItems + stats.unorderedItems == 0;
        });
        add("plain", "Plain and warm.", [](const std::string& text) {
            return !hasEmoji(text) && !contains(text, "!") && !contains(text, "**");
        });
        add("offers", "No greeting and no closing offers.", [](const std::string& text) {
            return !contains(text, "Thank you for") && !contains(text, "happy to help") &&
                   !contains(text, "Let me know");
        });
        add("formal", "Keep a formal tone.", [](const std::string& text) {
            return !contains(text, "n't ") && !contains(text, "It's ") && !contains(text, "!");
        });
    }
    void aStyleGuideIsObeyed()
    {
        QFETCH(const std::string, guide);
        QFETCH(const std::function<bool(const std::string&)>, holds);
        bool wasBrokenWithout = false;
        for (std::size_t i = 0; i < supportDeskPrompts().size(); i += 5) { // of every topic some
            const SamplePrompt& prompt = supportDeskPrompts()[i];
            for (const std::string& model : simulatedModels()) {
                const SimulatedAnswer told = simulateAnswer(model, asMessages(prompt), guide, 0);
                QVERIFY2(told.rateLimited || holds(told.text), told.text.c_str());
                const SimulatedAnswer free = simulateAnswer(model, asMessages(prompt), "", 0);
                wasBrokenWithout |= !free.rateLimited && !holds(free.text);
            }
        }
        QVERIFY(wasBrokenWithout);
    }

    void aGuideInTheSystemMessageCountsToo()
    {
        const SamplePrompt& prompt = supportDeskPrompts().front();
        std::vector<Message> messages = asMessages(prompt);
        messages.front().text += " Answer in one sentence.";
        for (const std::string& model : simulatedModels())
            for (int sample = 0; sample < 20; ++sample) {
                const SimulatedAnswer answer = simulateAnswer(model, messages, "", sample);
                QVERIFY(answer.rateLimited || measureAnswer(answer.text).sentences == 1);
            }
    }

    void wordsThatAreNoInstructionChangeNothing()
    {
        const SamplePrompt& prompt = supportDeskPrompts().front();
        QCOMPARE(simulateAnswer("gpt-4", asMessages(prompt), "Be yourself.", 0).text,
                 simulateAnswer("gpt-4", asMessages(prompt), "", 0).text);
    }

    void aStrangeQuestionGetsAnAnswerThatSaysItIsSimulated_data()
    {
        QTest::addColumn<std::string>("question");
        QTest::newRow("usual") << std::string("Who wrote the first computer program?");
        QTest::newRow("empty") << std::string();
        QTest::newRow("slots") << std::string("What is {item} in {about}?");
        QTest::newRow("two lines") << std::string("first\nsecond \"quoted\"");
        QTest::newRow("long") << std::string(10'240, 'x');
        QTest::newRow("no UTF-8") << std::string("\xff\xfe and \xc3");
        QTest::newRow("wide") << std::string("漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字"
                                             "漢字漢字漢字漢字漢字漢字漢字漢字漢字");
    }
    void aStrangeQuestionGetsAnAnswerThatSaysItIsSimulated()
    {
        QFETCH(const std::string, question);
        for (const std::string& model : simulatedModels())
            for (int sample = 0; sample < 30; ++sample) {
                const SimulatedAnswer answer =
                    simulateAnswer(model, {{Role::User, question}}, "", sample);
                if (answer.rateLimited)
                    continue;
                QVERIFY2(contains(answer.text, "simulated"), answer.text.c_str());
                QVERIFY(!firstInvalidUtf8(answer.text));
                QVERIFY(answer.text.size() < 4000);
            }
    }

    void nothingToAnswerIsNoReasonToStop()
    {
        const SimulatedAnswer answer = simulateAnswer("gpt-4", {}, "", 0);
        QVERIFY(contains(answer.text, "simulated"));
        QVERIFY(simulateAnswer("some-model", {}, "", 0).totalMs > 0);
    }

    void answersAreTheSameOnEveryMachine()
    {
        std::uint64_t hash = 0;
        for (const Answer& answer : evidence())
            hash = stableHash(answer.text + std::to_string(answer.totalMs.value_or(0)), hash);
        QCOMPARE(QString::number(hash, 16), QString::fromLatin1("acca836f31647268"));
    }

    void aSeedMakesAnotherDraw()
    {
        const std::vector<Message> messages = asMessages(supportDeskPrompts().front());
        QVERIFY(simulateAnswer("gpt-4", messages, "", 0, 1).text !=
                simulateAnswer("gpt-4", messages, "", 0, 2).text);
        QCOMPARE(simulateAnswer("gpt-4", messages, "", 3, 2).text,
                 simulateAnswer("gpt-4", messages, "", 3, 2).text);
    }
};

QTEST_GUILESS_MAIN(TestSimulator)
#include "tst_simulator.moc"
