// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: the bundled sample is the same on every machine and tells the story it should: a score
// that sends easy questions to the dear model and hard short ones to the cheap one, three voices,
// refusals at the stated rate, and outcomes that are checked rather than claimed.

#include <core/sample/prompt_text.h>
#include <core/sample/support_desk.h>
#include <core/sample/topic.h>

#include <QTest>

#include <algorithm>
#include <map>
#include <set>

using namespace signalbox;

namespace {

/// Whether a text names a fact, by the very check of the outcomes.
bool names(std::string_view text, const sample::FactText& fact)
{
    SamplePrompt prompt;
    const auto spellings = sample::filled(fact.spellings);
    prompt.facts = {{spellings.begin(), spellings.end()}};
    return outcomeOf(prompt, text) == 1;
}

const std::vector<Answer>& evidence()
{
    static const std::vector<Answer> answers = supportDeskEvidence(supportDeskPolicy().models);
    return answers;
}

} // namespace

class TestSupportDesk : public QObject
{
    Q_OBJECT
private slots:
    void everyTopicStatesItsFactsAndNothingElseGivesThemAway_data()
    {
        QTest::addColumn<const sample::SegmentTopics*>("segment");
        QTest::addColumn<const sample::Topic*>("topic");
        for (const sample::SegmentTopics& segment : sample::supportDeskSegments())
            for (const sample::Topic& topic : segment.topics)
                QTest::newRow(topic.id.data()) << &segment << &topic;
    }
    void everyTopicStatesItsFactsAndNothingElseGivesThemAway()
    {
        QFETCH(const sample::SegmentTopics*, segment);
        QFETCH(const sample::Topic*, topic);
        std::vector<std::string_view> others = {topic->title, topic->about};
        const auto add = [&others](const auto& texts) {
            others.insert(others.end(), texts.begin(), texts.end());
        };
        add(sample::filled(topic->steps));
        add(sample::filled(topic->details));
        add(sample::filled(topic->cautions));
        add(segment->asides);
        for (const sample::FactText& fact : sample::filled(topic->facts))
            add(sample::filled(fact.misses));
        for (const sample::FactText& fact : sample::filled(topic->facts)) {
            for (const std::string_view sentence : sample::filled(fact.says))
                QVERIFY2(names(sentence, fact), sentence.data());
            QVERIFY(!sample::filled(fact.misses).empty());
            for (const std::string_view sentence : others)
                QVERIFY2(!names(sentence, fact), sentence.data());
            for (const sample::FactText& other : sample::filled(topic->facts))
                if (&other != &fact)
                    for (const std::string_view sentence : sample::filled(other.says))
                        QVERIFY2(!names(sentence, fact), sentence.data());
        }
    }

    void promptsAreManyAndDifferent()
    {
        std::set<std::string> texts;
        std::set<std::string> ids;
        std::map<std::string, int> bySegment;
        for (const SamplePrompt& prompt : supportDeskPrompts()) {
            texts.insert(prompt.text);
            ids.insert(prompt.id.value);
            ++bySegment[prompt.segment];
            QVERIFY2(!prompt.facts.empty(), prompt.id.value.c_str());
            QVERIFY2(prompt.text.find('{') == std::string::npos, prompt.text.c_str());
        }
        QCOMPARE(texts.size(), std::size_t(360));
        QCOMPARE(ids.size(), std::size_t(360));
        QCOMPARE(bySegment.size(), std::size_t(6));
        for (const auto& [segment, count] : bySegment)
            QCOMPARE(count, 60);
    }

    void smallModelsRefuseEightPercentOfTheCalls()
    {
        std::map<std::string, int> calls;
        std::map<std::string, int> refused;
        for (const Answer& answer : evidence()) {
            ++calls[answer.model.value];
            refused[answer.model.value] += answer.state == AnswerState::Failed;
        }
        QCOMPARE(calls.size(), std::size_t(3));
        QCOMPARE(refused["gpt-4"], 0);
        for (const char* model : {"palm-2", "gpt-3.5-turbo"})
            QVERIFY2(std::abs(refused[model] - 0.08 * calls[model]) <= 2,
                     qPrintable(QString::number(refused[model])));
    }

    void outcomesFollowFromTheText()
    {
        std::map<std::string, const SamplePrompt*> prompts;
        for (const SamplePrompt& prompt : supportDeskPrompts())
            prompts[prompt.id.value] = &prompt;
        for (const Answer& answer : evidence()) {
            if (answer.state == AnswerState::Failed) {
                QVERIFY(!answer.satisfied && !answer.failure.empty() && answer.totalMs > 0.0);
                continue;
            }
            QCOMPARE(*answer.satisfied, outcomeOf(*prompts.at(answer.prompt.value), answer.text));
        }
    }
};

QTEST_GUILESS_MAIN(TestSupportDesk)
#include "tst_support_desk.moc"
