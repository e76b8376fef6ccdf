// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: a tried request shows every value that a condition saw and what would have changed its
// way; forced outcomes are carried out by the machine that a router runs.

#include <tests/support/policy_builder.h>
#include <ui/policy/attempt_timeline.h>
#include <ui/policy/policy_words.h>
#include <ui/policy/request_words.h>
#include <ui/policy/trace_model.h>
#include <ui/policy/try_request.h>

#include <QAbstractItemModelTester>
#include <QTest>

using namespace signalbox;
using namespace signalbox::test;
using namespace signalbox::ui;

namespace {

PolicyDocument policy()
{
    return PolicyBuilder({"cheap", "dear"})
        .measure("length", TextMeasure::Chars)
        .keywords("expert", {"legal"})
        .rule("off", when("expert"), call("dear"))
        .rule("expert", when("expert"), call("dear"))
        .rule("long",
              allOf({when("length", CompareOp::Gte, 100), when("length", CompareOp::Lt, 200)}),
              call("dear"))
        .otherwise(split({{9'000, call("cheap")}, {1'000, call("dear")}}))
        .with([](PolicyDocument& document) { document.rules[0].enabled = false; });
}

Trace explain(const PolicyDocument& document, const std::string& text)
{
    const auto compiled = CompiledPolicy::compile(document);
    if (!compiled)
        qFatal("%s", toString(compiled.error()).c_str());
    return compiled->explain(ask(text));
}

TraceModel::Outcome outcomeAt(const TraceModel& model, int row)
{
    return static_cast<TraceModel::Outcome>(
        model.index(row, 0).data(TraceModel::OutcomeRole).toInt());
}

} // namespace

class TestTryRequest : public QObject
{
    Q_OBJECT
private slots:
    void aRequestInOneLineSaysAllThatTheCallerSent()
    {
        Request request = ask("Is that legal?");
        QCOMPARE(requestInWords(request), QStringLiteral("“Is that legal?”"));
        request.messages.insert(request.messages.begin(), Message{Role::System, "Be brief."});
        request.style = "detailed";
        request.metadata = {{"plan", std::string("pro")}};
        request.headers = {{"x-team", "red"}};
        request.maxTokens = 1200;
        request.hasTools = true;
        request.timeMs = 1'704'276'000'000;
        QCOMPARE(requestInWords(request).replace(QChar(QChar::Nbsp), QLatin1Char(' ')),
                 QStringLiteral("“Is that legal?”  ·  2 messages  ·  style detailed  ·  "
                                "plan “pro”  ·  x-team: red  ·  at most 1,200 tokens  ·  "
                                "with tools  ·  comes Wed 3 Jan, 10:00 UTC"));
        QCOMPARE(requestInWords(Request()), QStringLiteral("no text"));
        QVERIFY(requestInWords(ask(std::string(300, 'y'))).contains(QStringLiteral("…” (300 ")));
    }

    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
    }

    void theTraceShowsWhatEachConditionSaw()
    {
        const PolicyDocument document = policy();
        TraceModel model;
        const QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setTrace(document, explain(document, std::string(95, 'x')));
        QCOMPARE(outcomeAt(model, 0), TraceModel::Outcome::Off);
        QCOMPARE(outcomeAt(model, 1), TraceModel::Outcome::Passed);
        QCOMPARE(outcomeAt(model, 2), TraceModel::Outcome::Passed);
        QCOMPARE(outcomeAt(model, 3), TraceModel::Outcome::Taken);
        const QModelIndex length = model.index(2, 0);
        QCOMPARE(model.rowCount(length), 2);
        // The value of the request stands beside what was asked for, in words.
        QCOMPARE(model.index(0, TraceModel::Step, length).data().toString(),
                 QStringLiteral("length"));
        QCOMPARE(model.index(0, TraceModel::Saw, length).data().toString(),
                 QStringLiteral("95 characters"));
        QCOMPARE(model.index(0, TraceModel::Asked, length).data().toString(),
                 QStringLiteral("at least 100"));
        QCOMPARE(model.index(0, TraceModel::Result, length).data().toString(),
                 QStringLiteral("not held"));
        QCOMPARE(model.index(1, TraceModel::Result, length).data().toString(),
                 QStringLiteral("held"));
        QCOMPARE(model.index(0, TraceModel::Step, length).data(Qt::AccessibleTextRole).toString(),
                 QStringLiteral("length, it was 95 characters, needs at least 100, not held"));
        QCOMPARE(model.takenIndex().row(), 3);
        model.clear();
        QCOMPARE(model.rowCount(), 0);
        QVERIFY(!model.takenIndex().isValid());
    }

    void rulesBehindTheWinnerWereNotAsked()
    {
        const PolicyDocument document = policy();
        TraceModel model;
        model.setTrace(document, explain(document, "a legal matter"));
        QCOMPARE(outcomeAt(model, 1), TraceModel::Outcome::Taken);
        QCOMPARE(outcomeAt(model, 2), TraceModel::Outcome::NotAsked);
        QCOMPARE(outcomeAt(model, 3), TraceModel::Outcome::NotAsked);
    }

    void nearMissesAreSentences()
    {
        const PolicyDocument document = policy();
        const Trace trace = explain(document, std::string(95, 'x'));
        QVERIFY(!trace.nearMisses.empty());
        QStringList sentences;
        for (const NearMiss& miss : trace.nearMisses)
            sentences << PolicyWords::nearMiss(document, miss);
        QVERIFY2(sentences.contains(QStringLiteral(
                     "dear by “long” at length 100; it was 95.")),
                 qPrintable(sentences.join(QLatin1Char('\n'))));
    }

    void anArmIsExplainedByItsDraw()
    {
        const PolicyDocument document = policy();
        const Trace trace = explain(document, "hello");
        const QStringList sentences = armSentences(document, trace);
        QCOMPARE(sentences.size(), 1);
        const QString arm = QString::number(trace.arms[0].arm + 1);
        QVERIFY2(sentences[0].startsWith(QStringLiteral("Split by conversation: the draw is ")) &&
                     sentences[0].contains(QStringLiteral("so arm ") + arm),
                 qPrintable(sentences[0]));
    }

    void drawnPlansHaveNoSplits()
    {
        const Plan plan = chain({split({{9'000, call("a")}, {1'000, call("b")}}), call("c")});
        QCOMPARE(drawn(plan, {{"chain.steps[0]", 1}}), chain({call("b"), call("c")}));
        QCOMPARE(drawn(plan, {}), chain({call("a"), call("c")}));
    }

    void forcedOutcomesAreCarriedOut_data()
    {
        QTest::addColumn<WhatIf>("cheap");
        QTest::addColumn<QString>("headline");
        QTest::addColumn<int>("attempts");
        QTest::newRow("as measured")
            << WhatIf::AsMeasured << "cheap answers; the user sees it begin after 1 s." << 1;
        QTest::newRow("down") << WhatIf::Unreachable
                              << "dear answers; the user sees it begin after 1.05 s." << 2;
        QTest::newRow("429") << WhatIf::RateLimited
                             << "dear answers; the user sees it begin after 1.05 s." << 2;
        QTest::newRow("hangs") << WhatIf::Silent
                               << "dear answers; the user sees it begin after 3 s." << 2;
    }
    void forcedOutcomesAreCarriedOut()
    {
        QFETCH(WhatIf, cheap);
        QFETCH(QString, headline);
        QFETCH(int, attempts);
        const Plan plan = chain({call("cheap", {2'000, {}, {}}), call("dear")});
        const TriedPlan tried = tryPlan(plan, {{"cheap", cheap}}, nullptr);
        QString plain = tried.headline;
        QCOMPARE(
            plain.replace(QChar(0x00A0), QLatin1Char(' ')).replace(QChar(0x202F), QLatin1Char(' ')),
            headline);
        QCOMPARE(static_cast<int>(tried.outcome.attempts.size()), attempts);
        QVERIFY(!tried.notes.isEmpty()); // assumed times say so
    }

    void nobodyAndNeverAreSaid()
    {
        const TriedPlan nobody = tryPlan(call("cheap"), {{"cheap", WhatIf::ServerError}}, nullptr);
        QVERIFY(nobody.headline.startsWith(QStringLiteral("Nobody answers")));
        const TriedPlan never = tryPlan(call("cheap"), {{"cheap", WhatIf::Silent}}, nullptr);
        QVERIFY(never.endless);
        QVERIFY(never.headline.contains(QStringLiteral("without end")));
    }

    void timesComeFromTheEvidence()
    {
        EvidenceTable evidence;
        evidence.models = {ModelId("cheap")};
        evidence.prompts = {PromptId("a")};
        evidence.columns.resize(1);
        evidence.columns[0].samples = {{{300, 900, 10}, {500, 1'500, 10}, {400, 1'200, 10}}};
        evidence.columns[0].failingMs = {80};
        const ModelCourse course = courseOf(&evidence, ModelId("cheap"));
        QCOMPARE(course, (ModelCourse{400, 1'200, 80, 3}));
        QCOMPARE(courseOf(&evidence, ModelId("dear")), ModelCourse{});
        const TriedPlan tried = tryPlan(call("cheap"), {}, &evidence);
        QVERIFY2(
            tried.notes.join(QString()).contains(QStringLiteral("median of 3 recorded answers")),
            qPrintable(tried.notes.join(QString())));
    }

    void timeMapsToTheWidth()
    {
        const TimelineGeometry time{2'000, 10, 100};
        QCOMPARE(time.xAt(0), 10.0);
        QCOMPARE(time.xAt(1'000), 60.0);
        QCOMPARE(time.xAt(9'000), 110.0);
    }
};

QTEST_MAIN(TestTryRequest)
#include "tst_try_request.moc"
