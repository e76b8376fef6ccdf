// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: answers that were recorded elsewhere stand under the ids of their prompts' words, are
// kept as a run that asked nobody, and nothing of a file is dropped without a word.

#include <core/evidence/evidence_store.h>
#include <core/lab/answer_import.h>
#include <core/lab/own_prompts.h>
#include <core/lab/policy_column.h>
#include <core/lab/recorded_plan.h>
#include <core/lab/run_export.h>
#include <core/lab/sample_prompts.h>
#include <core/prompts/answer_writer.h>
#include <core/voice/policy_route.h>

#include <QTest>

#include <algorithm>

using namespace signalbox;

namespace {

/// JSON with single quotes for double ones.
std::string json(std::string text)
{
    std::ranges::replace(text, '\'', '"');
    return text;
}

std::string lines()
{
    return json("{'id':'1','prompt':'One?','model':'a','answer':'Yes, one.','segment':'numbers'}\n"
                "{'id':'1','prompt':'One?','model':'b','answer':'One it is.'}\n"
                "{'id':'2','model':'a','answer':'Two.'}\n");
}

} // namespace

class TestAnswerImport : public QObject
{
    Q_OBJECT
private slots:
    void whatTheLabCalledItselfKeepsItsName()
    {
        const LabPrompt typed = typedPrompt("What is it?");
        LabPrompt sample = spreadPrompts(supportDeskPrompts(), 1).front();
        LabPrompt other = sample; // called like the sample's, with other words
        other.messages.back().text += " Really?";
        const auto importOf = [](const LabPrompt& prompt) {
            Answer answer;
            answer.prompt = prompt.id;
            answer.model = ModelId("m");
            answer.text = "Yes.";
            answer.reused = true;
            answer.simulated = true;
            answer.costStated = true;
            answer.cost = Money::fromUsd(0.5);
            answer.recordedAtMs = 1'764'230'130'250;
            PromptSet words;
            words.cases = {caseOf(prompt)};
            AnswerReadOptions options;
            options.recordedAtMs = 2'000'000'000'000;
            return *importAnswers(toAnswerJsonLines({&answer, 1}, words), options);
        };
        QCOMPARE(importOf(typed).prompts.front().id, typed.id);
        QCOMPARE(importOf(sample).prompts.front().id, sample.id);
        QVERIFY(importOf(other).prompts.front().id != sample.id);
        // And what was said of the answer is in the store as it was.
        auto store = EvidenceStore::openTemporary();
        QVERIFY(store.has_value());
        const AnswerImport import = importOf(typed);
        const auto run = keepAnswers(*store, import, "again");
        QVERIFY(run.has_value());
        QVERIFY(*store->answers(*run) == import.answers);
        QVERIFY(import.answers.front().reused && import.answers.front().simulated);
    }

    void promptsHaveTheIdsOfTheirWords()
    {
        const auto import = importAnswers(lines());
        QVERIFY(import.has_value());
        QCOMPARE(import->prompts.size(), std::size_t(2));
        const auto asked = importPrompts("One?\n", {}, PromptFormat::Lines);
        QVERIFY(asked.has_value());
        QCOMPARE(import->prompts[0].id, asked->prompts[0].id);
        QCOMPARE(import->prompts[0].segment, std::string("numbers"));
        QCOMPARE(import->prompts[1].messages.back().text, std::string("2")); // it has no words
        QCOMPARE(import->models, (std::vector{ModelId("a"), ModelId("b")}));
        QCOMPARE(import->answers.size(), std::size_t(3));
        QCOMPARE(import->answers[0].prompt, import->prompts[0].id);
        QCOMPARE(import->answers[2].prompt, import->prompts[1].id);
        QCOMPARE(import->samples, 1);
    }

    /// What a file is called is no segment of the traffic.
    void aPromptWhoseSegmentIsNotSaidHasNone()
    {
        AnswerReadOptions options;
        options.name = "answers-2026";
        const auto import = importAnswers(lines(), options);
        QVERIFY(import.has_value());
        QCOMPARE(import->prompts[0].segment, std::string("numbers"));
        QCOMPARE(import->prompts[1].segment, std::string());
        QCOMPARE(import->answers[2].segment, std::string());
    }

    void theSameWordsUnderTwoNamesAreAnsweredTwice()
    {
        const auto import =
            importAnswers(json("{'id':'x','prompt':'One?','model':'a','answer':'1'}\n"
                               "{'id':'y','prompt':'One?','model':'a','answer':'2'}\n"));
        QVERIFY(import.has_value());
        QCOMPARE(import->prompts.size(), std::size_t(1));
        QCOMPARE(import->samples, 2);
        QCOMPARE(import->answers[1].sample, 1);
    }

    void whatTheLabCannotShowIsRefusedWithItsReason()
    {
        std::string all =
            lines() + json("{'turns':['One?','Two?'],'model':'a','answer':'Both.'}\n");
        for (int i = 0; i <= kMostSamples; ++i)
            all +=
                json("{'prompt':'Often?','model':'a','answer':'Time " + std::to_string(i) + "'}\n");
        const auto import = importAnswers(all);
        QVERIFY(import.has_value());
        QCOMPARE(import->report.refusedCount(), std::size_t(1));
        // Also the one to a second turn, which follows a first that nobody answered here.
        QCOMPARE(import->answers.size(), std::size_t(4 + kMostSamples));
        QCOMPARE(import->samples, kMostSamples);
    }

    void aFileOfAnswersIsKnownAsOne_data()
    {
        QTest::addColumn<std::string>("file");
        QTest::addColumn<bool>("answers");
        QTest::newRow("lines") << lines() << true;
        QTest::newRow("nobody's") << json("{'prompt':'a','response':'b'}\n") << true;
        QTest::newRow("table") << std::string("question,model,output\na,m,b\n") << true;
        QTest::newRow("prompts") << json("{'prompt':'a'}\n") << false;
        QTest::newRow("variables") << std::string("prompt,word\n{{word}},b\n") << false;
        QTest::newRow("text") << std::string("a\nb\n") << false;
    }
    void aFileOfAnswersIsKnownAsOne()
    {
        QFETCH(const std::string, file);
        QTEST(holdsAnswers(file), "answers");
    }

    /// Out of one store as any file, into another, and out again: the way of a policy's answer and
    /// the tags of its prompt are the same.
    void aPolicysRouteComesBackWithItsAnswer_data()
    {
        QTest::addColumn<int>("format");
        for (const RunFormat format : kRunFormats)
            QTest::newRow(nameOf(format).data()) << static_cast<int>(format);
    }
    void aPolicysRouteComesBackWithItsAnswer()
    {
        QFETCH(const int, format);
        auto import = importAnswers(
            json("{'id':'1','prompt':'One?','tags':['vip'],'model':'policy:desk','answer':'Yes.',"
                 "'route':{'rule':'hard','label':'Hard questions','tier':'a','hops':["
                 "{'model':'a','end':'failed','startMs':0,'endMs':40,'reason':'rate limit',"
                 "'costPico':0},{'model':'b','end':'answered','startMs':40,'endMs':90,"
                 "'costPico':null}],'print':'x'}}\n"));
        QVERIFY2(import.has_value(), import ? "" : toString(import.error()).c_str());
        const auto routeOf = [](const Answer& answer) {
            return parseRoute(answer.route).value_or(PolicyRoute());
        };
        const PolicyRoute wanted = routeOf(import->answers.front());
        QCOMPARE(wanted.served()->model, ModelId("b"));
        QVERIFY(wanted.hasFallenBack());
        auto store = EvidenceStore::openTemporary();
        const auto run = keepAnswers(*store, *import, "answers.jsonl");
        QVERIFY(run.has_value());
        const auto report = reportOfRun(*store, *run, {});
        QVERIFY2(report.has_value(), report ? "" : toString(report.error()).c_str());
        QCOMPARE(report->models.front().provider, std::string(kPolicyProvider));
        QCOMPARE(report->prompts.cases.front().tags, std::vector<std::string>{"vip"});
        const auto file = toFile(*report, static_cast<RunFormat>(format));
        QVERIFY(file.has_value());
        const auto again = importAnswers(*file);
        QVERIFY2(again.has_value(), again ? "" : toString(again.error()).c_str());
        QVERIFY(routeOf(again->answers.front()) == wanted);
        QCOMPARE(again->prompts.front().tags, std::vector<std::string>{"vip"});
    }

    void keptAnswersAreARunThatAskedNobody()
    {
        auto store = EvidenceStore::openTemporary();
        QVERIFY(store.has_value());
        const auto import = importAnswers(lines());
        const auto run = keepAnswers(*store, *import, "answers.jsonl");
        QVERIFY2(run.has_value(), run ? "" : toString(run.error()).c_str());
        const auto info = store->run(*run);
        QVERIFY(info.has_value() && info->isOver());
        QCOMPARE(info->name, std::string("answers.jsonl"));
        const auto plan = parsePlanJson(*info);
        QVERIFY(plan.has_value() && plan->isFromElsewhere);
        QCOMPARE(plan->models, import->models);
        QCOMPARE(plan->own.at(import->prompts[0].id).messages.back().text, std::string("One?"));
        const auto answers = store->answers(*run);
        QVERIFY(answers.has_value());
        QCOMPARE(answers->size(), std::size_t(3));
    }
};

QTEST_GUILESS_MAIN(TestAnswerImport)
#include "tst_answer_import.moc"
