// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: answers that were recorded elsewhere become answers like our own: what is not said is
// unknown, what is not whole is refused with its line, and all the rest is kept.

#include "promptfoo_results.h"

#include <core/prompts/answer_reader.h>

#include <QTest>

using namespace signalbox;

namespace {

AnswerReading read(std::string_view text, const AnswerReadOptions& options = {})
{
    auto reading = readAnswers(text, guessAnswerFormat(text), options);
    if (!reading)
        qFatal("%s", toString(reading.error()).c_str());
    return std::move(*reading);
}

} // namespace

class TestAnswerReader : public QObject
{
    Q_OBJECT
private slots:
    void jsonLinesAreWholeAnswers()
    {
        AnswerReadOptions options;
        options.recordedAtMs = 1'700'000'000'000;
        const AnswerReading reading = read(
            R"({"id": "p1", "prompt": "Why?", "segment": "billing", "model": "m", "answer": "So.", "inputTokens": 5, "outputTokens": 7, "firstTokenMs": 120.5, "totalMs": 900, "costUsd": 0.0105, "satisfied": true, "servedModel": "m-1", "styleGuide": "Brief."})"
            "\n"
            R"({"prompt_id": "p1", "model": "m", "response": "So again."})"
            "\n"
            R"({"prompt": "How?", "model": "n", "output": "", "error": "timeout"})"
            "\n"
            R"({"prompt": "How?", "model": "n", "completion": "No.", "state": "refused", "satisfied": 0.25})",
            options);
        QCOMPARE(reading.format, AnswerFormat::JsonLines);
        QCOMPARE(reading.report.refusedCount(), std::size_t(0));
        Answer first;
        first.prompt = PromptId("p1");
        first.model = ModelId("m");
        first.segment = "billing";
        first.text = "So.";
        first.inputTokens = 5;
        first.outputTokens = 7;
        first.firstTokenMs = 120.5;
        first.totalMs = 900;
        first.cost = Money::fromUsd(0.0105);
        first.satisfied = 1;
        first.servedModel = "m-1";
        first.styleGuide = "Brief.";
        first.recordedAtMs = options.recordedAtMs;
        QCOMPARE(reading.answers[0], first);
        QCOMPARE(reading.answers[1].prompt, PromptId("p1"));
        QCOMPARE(reading.answers[1].sample, 1);
        QVERIFY(!reading.answers[1].inputTokens && !reading.answers[1].cost &&
                !reading.answers[1].totalMs && !reading.answers[1].satisfied);
        QCOMPARE(reading.answers[2].state, AnswerState::Failed);
        QCOMPARE(reading.answers[2].failure, std::string("timeout"));
        QCOMPARE(reading.answers[3].state, AnswerState::Refused);
        QCOMPARE(*reading.answers[3].satisfied, 0.25);
        QCOMPARE(reading.answers[3].sample, 1);
        QCOMPARE(reading.answers[3].prompt, reading.answers[2].prompt);
        QCOMPARE(reading.prompts.cases.size(), std::size_t(2));
    }

    void whatIsNoAnswerIsRefusedWithItsLine_data()
    {
        QTest::addColumn<QByteArray>("bad");
        QTest::addColumn<QByteArray>("names");
        QTest::newRow("no model") << QByteArray(R"({"id": "p", "answer": "x"})")
                                  << QByteArray("which model");
        QTest::newRow("no prompt")
            << QByteArray(R"({"model": "m", "answer": "x"})") << QByteArray("which prompt");
        QTest::newRow("no text") << QByteArray(R"({"id": "p", "model": "m", "answer": " "})")
                                 << QByteArray("empty");
        QTest::newRow("tokens below 0")
            << QByteArray(R"({"id": "p", "model": "m", "answer": "x", "inputTokens": -1})")
            << QByteArray("inputTokens");
        QTest::newRow("satisfied twice over")
            << QByteArray(R"({"id": "p", "model": "m", "answer": "x", "satisfied": 2})")
            << QByteArray("satisfied");
        QTest::newRow("unknown state")
            << QByteArray(R"({"id": "p", "model": "m", "answer": "x", "state": "fine"})")
            << QByteArray("\"fine\"");
        QTest::newRow("sample again")
            << QByteArray(R"({"id": "a", "model": "m", "answer": "x", "sample": 0})")
            << QByteArray("sample 0");
        QTest::newRow("other words")
            << QByteArray(R"({"id": "a", "prompt": "Other?", "model": "m", "answer": "x"})")
            << QByteArray("in line 1");
        QTest::newRow("cut off") << QByteArray(R"({"id": "a", "model")") << QByteArray("column");
    }

    void whatIsNoAnswerIsRefusedWithItsLine()
    {
        QFETCH(QByteArray, bad);
        QFETCH(QByteArray, names);
        const std::string good = R"({"id": "a", "prompt": "One?", "model": "m", "answer": "x"})"
                                 "\n";
        const AnswerReading reading = read(good + bad.toStdString() + "\n" + good);
        QCOMPARE(reading.answers.size(), std::size_t(2));
        QCOMPARE(reading.report.refusedCount(), std::size_t(1));
        QCOMPARE(reading.report.refused()[0].line, std::size_t(2));
        const std::string& message = reading.report.refused()[0].message;
        QVERIFY2(message.find(names.toStdString()) != std::string::npos, message.c_str());
    }

    void allThatARowLacksIsTold()
    {
        const AnswerReading reading =
            read(R"({"prompt": "One?", "model": "m", "answer": "x"})"
                 "\n"
                 R"({"note": 1})"
                 "\n"
                 R"({"prompt": "Two?", "model": "m", "answer": "y", "sample": "z", "totalMs": -1})"
                 "\n");
        QCOMPARE(reading.report.refusedCount(), std::size_t(2));
        const std::string text = refusedText(reading.report);
        for (const char* part :
             {"which prompt was answered (line 2)", "which model answered (line 2)",
              "the answer is empty (line 2)", "sample: ", "totalMs: "})
            QVERIFY2(text.find(part) != std::string::npos, text.c_str());
    }

    void allColumnsThatATableLacksAreTold()
    {
        const auto none = readAnswers("answer,mood\nYes.,fine\n", AnswerFormat::Csv, {});
        QVERIFY(!none);
        const std::string text = toString(none.error());
        QVERIFY2(text.find("\"prompt\" or \"id\"") != std::string::npos &&
                     text.find("called \"model\"") != std::string::npos,
                 text.c_str());
    }

    void aTableHasAnAnswerARow()
    {
        const AnswerReading reading =
            read("prompt;model;answer;output tokens;cost usd;satisfied;mood\n"
                 "Why?;m;\"So;\nyes.\";7;0.5;TRUE;x\n"
                 "Why?;n;No.;seven;;;x\n"
                 "Why?;n;No.;;;0.5;x\n");
        QCOMPARE(reading.format, AnswerFormat::Csv);
        QCOMPARE(reading.answers.size(), std::size_t(2));
        QCOMPARE(reading.answers[0].text, std::string("So;\nyes."));
        QCOMPARE(*reading.answers[0].outputTokens, std::int64_t(7));
        QCOMPARE(reading.answers[0].cost->usd(), 0.5);
        QCOMPARE(*reading.answers[0].satisfied, 1.0);
        QVERIFY(!reading.answers[1].outputTokens);
        QCOMPARE(reading.report.refused()[0].line, std::size_t(4));
        QVERIFY(reading.report.refused()[0].message.find("seven") != std::string::npos);
        QCOMPARE(reading.report.notes().size(), std::size_t(1));
        QCOMPARE(reading.prompts.cases.size(), std::size_t(1));
    }

    void aTableHasAModelAColumn()
    {
        const AnswerReading reading = read("Question,Topic,gpt-4,claude-2\n"
                                           "Why?,billing,So.,Because.\n"
                                           "How?,billing,,Thus.\n");
        QCOMPARE(reading.answers.size(), std::size_t(3));
        QCOMPARE(reading.answers[0].model, ModelId("gpt-4"));
        QCOMPARE(reading.answers[1].model, ModelId("claude-2"));
        QCOMPARE(reading.answers[1].prompt, reading.answers[0].prompt);
        QCOMPARE(reading.answers[2].segment, std::string("billing"));
        QCOMPARE(reading.report.refusedCount(), std::size_t(1));
        QCOMPARE(reading.report.refused()[0].line, std::size_t(3));
        QVERIFY(reading.report.refused()[0].message.find("gpt-4") != std::string::npos);
    }

    void aTableMustSayWhoAnswersWhat()
    {
        const auto nobody = readAnswers("prompt,answer\nWhy?,So.\n", AnswerFormat::Csv);
        QVERIFY(!nobody.has_value());
        QVERIFY(nobody.error().message.find("\"model\"") != std::string::npos);
        AnswerReadOptions options;
        options.model = "ours";
        QCOMPARE(read("prompt,answer\nWhy?,So.\n", options).answers[0].model, ModelId("ours"));
        const auto nothing = readAnswers("model,answer\nm,So.\n", AnswerFormat::Csv);
        QVERIFY(nothing.error().message.find("\"prompt\"") != std::string::npos);
        QVERIFY(!readAnswers("prompt,segment\nWhy?,x\n", AnswerFormat::Csv).has_value());
    }

    void promptfooResultsAreAnswers()
    {
        const AnswerReading reading = read(tests::kPromptfooResults);
        QCOMPARE(reading.format, AnswerFormat::Promptfoo);
        QCOMPARE(reading.answers.size(), std::size_t(5));
        const Answer& first = reading.answers[0];
        QCOMPARE(first.model, ModelId("openai:gpt-4o"));
        QCOMPARE(first.text, std::string("Hi Ann!"));
        QCOMPARE(first.state, AnswerState::Done); // an assertion failed, not the call
        QVERIFY(first.failure.empty());
        QCOMPARE(first.segment, std::string("greetings"));
        QCOMPARE(*first.inputTokens, std::int64_t(12));
        QCOMPARE(*first.outputTokens, std::int64_t(8));
        QCOMPARE(*first.totalMs, 812.0);
        QCOMPARE(*first.cost, Money::fromUsd(0.0021));
        QCOMPARE(*first.satisfied, 0.0);

        const Answer& cached = reading.answers[1];
        QCOMPARE(cached.model, ModelId("our llama"));
        QCOMPARE(cached.prompt, first.prompt);
        QVERIFY(!cached.totalMs && !cached.inputTokens && !cached.cost && !cached.satisfied);

        const Answer& again = reading.answers[2];
        QCOMPARE(again.sample, 1);
        QCOMPARE(again.state, AnswerState::Truncated);
        QVERIFY(!again.satisfied); // a score without assertions

        const Answer& failed = reading.answers[3];
        QCOMPARE(failed.state, AnswerState::Failed);
        QCOMPARE(failed.failure, std::string("429 Too Many Requests"));
        QVERIFY(!failed.totalMs);
        QCOMPARE(reading.answers[4].text, std::string("{\"a\":1}"));

        QCOMPARE(reading.prompts.cases.size(), std::size_t(3));
        QCOMPARE(reading.prompts.cases[1].system, std::string("Be brief"));
        QCOMPARE(reading.prompts.cases[1].turns[0].text, std::string("Now?"));
        QCOMPARE(reading.report.refusedCount(), std::size_t(1)); // the 7
    }

    void promptfooScoresWithoutAssertionsMeanNothing()
    {
        const AnswerReading reading = read(
            R"({"results": {"results": [{"provider": "m", "prompt": "x", "response": {"output": "y"}, "score": 1, "gradingResult": {"pass": true, "componentResults": []}}]}})");
        QVERIFY(!reading.answers[0].satisfied);
    }

    void promptfooCallsThatBrokeOffAreFailures()
    {
        const AnswerReading reading = read(
            R"({"results": {"results": [{"provider": "m", "prompt": "x", "response": {"output": "So f", "error": "connection reset"}, "error": "assertion threw"}]}})");
        QCOMPARE(reading.answers[0].state, AnswerState::Failed);
        QCOMPARE(reading.answers[0].failure, std::string("connection reset"));
        QCOMPARE(reading.answers[0].text, std::string("So f")); // kept, though no answer
    }

    void olderPromptfooSummariesAreRead()
    {
        const AnswerReading reading = read(
            R"({"version": 2, "results": [{"provider": "openai:gpt-4", "prompt": {"raw": "x"}, "response": {"output": "y"}}], "stats": {}})");
        QCOMPARE(reading.answers[0].model, ModelId("openai:gpt-4"));
        QCOMPARE(reading.answers[0].text, std::string("y"));
        QVERIFY(!readAnswers(R"({"results": {"table": {}}})", AnswerFormat::Promptfoo).has_value());
        const auto broken = readAnswers("{\"results\":\n[", AnswerFormat::Promptfoo);
        QCOMPARE(broken.error().where, std::string("line 2"));
    }
};

QTEST_GUILESS_MAIN(TestAnswerReader)
#include "tst_answer_reader.moc"
