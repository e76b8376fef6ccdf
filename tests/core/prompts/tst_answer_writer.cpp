// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: answers leave the program so that they can be read back as they were, and so that no
// spreadsheet runs what a model wrote.

#include <core/prompts/answer_reader.h>
#include <core/prompts/answer_writer.h>
#include <core/prompts/csv.h>
#include <core/voice/policy_route.h>

#include <QTest>

using namespace signalbox;

namespace {

PromptSet prompts()
{
    PromptSet set;
    PromptCase history;
    history.id = PromptId("h");
    history.segment = "billing";
    history.tags = {"vip", "refund"};
    history.system = "Be brief.";
    history.turns = {{Role::User, "Hi", 0}, {Role::Assistant, "Hello", 0}, {Role::User, "Why?", 0}};
    PromptCase plain;
    plain.id = PromptId("p");
    plain.turns = {{Role::User, "=1+1, \"quoted\"\nand on", 0}};
    set.cases = {history, plain};
    return set;
}

std::vector<Answer> answers()
{
    Answer full;
    full.prompt = PromptId("h");
    full.model = ModelId("m");
    full.segment = "billing";
    full.text = "Because, \"really\"\nso.";
    full.reasoning = "hm";
    full.servedModel = "m-1";
    full.inputTokens = 5;
    full.outputTokens = 7;
    full.firstTokenMs = 120.5;
    full.totalMs = 900.25;
    full.cost = Money::fromUsd(0.0105);
    full.satisfied = 0.25;
    full.styleGuide = "Brief.";
    full.tokensEstimated = true;
    full.costStated = true;
    full.recordedAtMs = 1'764'230'130'250;
    Answer again = full;
    again.sample = 1;
    again.state = AnswerState::Truncated;
    again.cost.reset();
    again.inputTokens.reset();
    Answer policys = full;
    policys.model = policyVoice("desk");
    PolicyRoute route;
    route.rule = "hard";
    route.label = "Hard questions";
    route.tier = ModelId("n");
    route.hops = {{.model = ModelId("n"),
                   .end = PolicyHop::End::Failed,
                   .endMs = 40.5,
                   .reason = "rate limit"},
                  {.model = ModelId("m"),
                   .end = PolicyHop::End::Answered,
                   .isReused = true,
                   .startMs = 40.5,
                   .firstTokenMs = 161,
                   .endMs = 941,
                   .reason = {},
                   .cost = Money::fromUsd(0.0105)}};
    policys.route = toRouteJson(route);
    Answer failed;
    failed.prompt = PromptId("p");
    failed.model = ModelId("n");
    failed.state = AnswerState::Failed;
    failed.failure = "timeout";
    failed.failureKind = FailureKind::ConnectTimeout;
    failed.simulated = true;
    failed.recordedAtMs = 1'764'230'130'000;
    Answer reused = failed;
    reused.sample = 1;
    reused.state = AnswerState::Done;
    reused.text = "Yes.";
    reused.failure.clear();
    reused.failureKind.reset();
    reused.reused = true;
    return {full, again, failed, reused, policys};
}

AnswerReadOptions later()
{
    AnswerReadOptions options;
    options.recordedAtMs = 2'000'000'000'000;
    return options;
}

} // namespace

class TestAnswerWriter : public QObject
{
    Q_OBJECT
private slots:
    void whatIsWrittenAsJsonIsReadBack()
    {
        const std::string text = toAnswerJsonLines(answers(), prompts());
        QCOMPARE(guessAnswerFormat(text), AnswerFormat::JsonLines);
        const auto reading = readAnswers(text, AnswerFormat::JsonLines, later());
        QVERIFY(reading.has_value());
        QCOMPARE(reading->report.refusedCount(), std::size_t{0});
        QVERIFY(reading->report.notes().empty());
        QVERIFY(reading->answers == answers());
        QVERIFY(reading->prompts.cases == prompts().cases);
        QVERIFY(text.find("\"simulated\":true") != std::string::npos);
    }

    void whatIsWrittenAsATableIsReadBack()
    {
        std::vector<Answer> wanted = answers();
        for (const char* const text : {"=1+1", "'=1+1", "''@x", "'quoted'", "-", "\r=1", "\n=1"}) {
            Answer answer = wanted[0];
            answer.sample = static_cast<int>(wanted.size());
            answer.text = answer.reasoning = answer.styleGuide = text;
            wanted.push_back(answer);
        }
        const auto reading =
            readAnswers(toAnswerCsv(wanted, prompts()), AnswerFormat::Csv, later());
        QVERIFY(reading.has_value());
        QCOMPARE(reading->report.refusedCount(), std::size_t{0});
        QVERIFY(reading->report.notes().empty());
        QCOMPARE(reading->answers.size(), wanted.size());
        for (std::size_t i = 0; i < wanted.size(); ++i)
            QVERIFY2(reading->answers[i] == wanted[i], std::to_string(i).c_str());
        QVERIFY(reading->prompts.cases == prompts().cases);
    }

    void aRouteIsReadableInATable()
    {
        ImportReport report;
        const CsvReading csv = readCsv(*decodedText(toAnswerCsv(answers(), prompts())), report);
        const auto& names = csv.records[0].fields;
        const auto at = [&](std::size_t row, const char* column) {
            const auto found = std::ranges::find(names, column);
            return csv.records[row].fields.at(std::size_t(found - names.begin()));
        };
        QCOMPARE(at(5, "routeRule"), std::string("Hard questions"));
        QCOMPARE(at(5, "routeServedBy"), std::string("m"));
        QCOMPARE(at(5, "routeCalls"), std::string("n (rate limit, 41 ms), m"));
        QCOMPARE(at(5, "routeFallback"), std::string("true"));
        QCOMPARE(at(1, "route"), std::string());
        QCOMPARE(at(1, "tags"), std::string("vip, refund"));
    }

    void aRouteThatCannotBeReadIsRefused()
    {
        const auto reading = readAnswers("{\"id\":\"a\",\"model\":\"m\",\"answer\":\"x\"}\n"
                                         "{\"id\":\"b\",\"model\":\"m\",\"answer\":\"x\","
                                         "\"route\":{\"hops\":[{\"end\":\"?\"}]}}\n",
                                         AnswerFormat::JsonLines);
        QVERIFY(reading.has_value());
        QCOMPARE(reading->report.refusedCount(), std::size_t{1});
        QCOMPARE(reading->report.refused()[0].line, std::size_t{2});
        QVERIFY(reading->report.refused()[0].message.starts_with("route: "));
    }

    /// Tables of versions that knew no tags and no routes.
    void anOlderTableIsReadBack()
    {
        ImportReport report;
        std::vector<Answer> models = answers();
        models.pop_back();
        const CsvReading csv = readCsv(*decodedText(toAnswerCsv(models, prompts())), report);
        std::string old;
        for (const CsvRecord& record : csv.records) {
            for (std::size_t i = 0; i < 25; ++i) {
                QString field = QString::fromStdString(record.fields[i]);
                field.replace(QLatin1Char('"'), QLatin1String("\"\""));
                old += (i > 0 ? ",\"" : "\"") + field.toStdString() + '"';
            }
            old += "\r\n";
        }
        const auto reading = readAnswers(old, AnswerFormat::Csv, later());
        QVERIFY(reading.has_value());
        QVERIFY(reading->report.notes().empty());
        QVERIFY(reading->answers == models);
        QCOMPARE(reading->prompts.cases[0].turns.size(), std::size_t{3});
    }

    void aTableOfOthersKeepsItsApostrophes()
    {
        const auto reading = readAnswers("id,model,answer\na,m,'=1\n", AnswerFormat::Csv);
        QVERIFY(reading.has_value());
        QCOMPARE(reading->answers[0].text, std::string("'=1"));
    }

    void aTimeToComeIsNow()
    {
        AnswerReadOptions options;
        options.recordedAtMs = 5;
        const auto reading =
            readAnswers(toAnswerJsonLines(answers(), prompts()), AnswerFormat::JsonLines, options);
        QVERIFY(reading.has_value());
        QCOMPARE(reading->answers[0].recordedAtMs, std::int64_t{5});
    }

    void aTableHasARowAnAnswer()
    {
        const std::string text = toAnswerCsv(answers(), prompts());
        const auto decoded = decodedText(text);
        QVERIFY(decoded.has_value());
        ImportReport report;
        const CsvReading csv = readCsv(*decoded, report);
        QCOMPARE(report.refusedCount(), std::size_t{0});
        QCOMPARE(csv.records.size(), std::size_t{6});
        for (const CsvRecord& record : csv.records)
            QCOMPARE(record.fields.size(), csv.records[0].fields.size());
        const auto at = [&](std::size_t row, const char* column) {
            const auto& names = csv.records[0].fields;
            const auto found = std::ranges::find(names, column);
            return csv.records[row].fields[static_cast<std::size_t>(found - names.begin())];
        };
        QCOMPARE(at(1, "answer"), answers()[0].text);
        QCOMPARE(at(1, "costUsd"), std::string("0.0105"));
        QCOMPARE(at(1, "firstTokenMs"), std::string("120.5"));
        QCOMPARE(at(2, "costUsd"), std::string()); // unknown is not 0
        QCOMPARE(at(3, "state"), std::string("failed"));
        QCOMPARE(at(3, "failureKind"), std::string("connectTimeout"));
        QCOMPARE(at(3, "simulated"), std::string("true"));
        const auto read = readAnswers(text, AnswerFormat::Csv);
        QVERIFY(read.has_value());
        QCOMPARE(read->answers.size(), std::size_t{5});
        QVERIFY(read->answers[2].failureKind == FailureKind::ConnectTimeout);
    }

    void noTextIsAFormula_data()
    {
        QTest::addColumn<QByteArray>("text");
        for (const char* const text :
             {"=HYPERLINK(\"http://x\")", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"})
            QTest::newRow(text) << QByteArray(text);
    }
    void noTextIsAFormula()
    {
        QFETCH(const QByteArray, text);
        Answer answer = answers()[0];
        answer.prompt = PromptId(text.toStdString());
        answer.text = answer.segment = answer.servedModel = answer.failure = answer.styleGuide =
            text.toStdString();
        answer.model = ModelId(text.toStdString());
        const auto decoded = decodedText(toAnswerCsv({&answer, 1}, {}));
        QVERIFY(decoded.has_value());
        ImportReport report;
        const CsvReading csv = readCsv(*decoded, report);
        QCOMPARE(csv.records.size(), std::size_t{2});
        for (const std::string& field : csv.records[1].fields)
            QVERIFY2(field.empty() ||
                         std::string("=+-@\t\r").find(field.front()) == std::string::npos,
                     field.c_str());
    }
};

QTEST_GUILESS_MAIN(TestAnswerWriter)
#include "tst_answer_writer.moc"
