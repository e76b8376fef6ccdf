// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: the prover finds unreachable, shadowed, overlapping and contradictory rules, parts that
// change nothing, regions that no rule takes and arms that are never drawn; says each in a
// sentence, with a request that shows it; and is silent about what is as it should be.

#include "large_policy.h"

#include <core/policy/lint.h>
#include <core/proof/prover.h>
#include <core/routing/compiled_policy.h>
#include <core/sample/support_desk.h>
#include <tests/support/policy_builder.h>

#include <QTest>

using namespace signalbox;
using namespace signalbox::test;

namespace {

using Op = CompareOp;

PolicyBuilder textPolicy()
{
    PolicyBuilder builder({"cheap", "dear", "best"});
    builder.measure("chars", TextMeasure::Chars)
        .measure("words", TextMeasure::Words)
        .measure("tokens", TextMeasure::Tokens)
        .keywords("expert", {"legal", "medical"})
        .contains("asks", "?")
        .metadata("plan")
        .metadata("seats", ValueType::Number)
        .signal("style", StyleSource{"balanced"});
    return builder;
}

std::string ruleTaking(const PolicyDocument& document, const Request& request)
{
    const auto policy = CompiledPolicy::compile(document);
    CompiledPolicy::Scratch scratch(*policy);
    const int rule = policy->decide(request, scratch).rule;
    return rule < 0 ? std::string() : document.rules[static_cast<std::size_t>(rule)].id.value;
}

const Proof* find(const std::vector<Proof>& proofs, const std::string& code,
                  const std::string& path = {})
{
    const auto found = std::ranges::find_if(proofs, [&](const Proof& proof) {
        return proof.finding.code == code && (path.empty() || proof.finding.path == path);
    });
    return found == proofs.end() ? nullptr : &*found;
}

QString codesOf(const std::vector<Proof>& proofs)
{
    QStringList codes;
    for (const Proof& proof : proofs)
        codes << QString::fromStdString(proof.finding.code + " " + proof.finding.path + ": " +
                                        proof.finding.message);
    return codes.join(QLatin1Char('\n'));
}

} // namespace

class TestProver : public QObject
{
    Q_OBJECT
private slots:
    void namesThePartsThatContradict();
    void sumsOfScoresAreProved();
    void relatedMeasuresAreKnown_data();
    void relatedMeasuresAreKnown();
    void timesScriptsAndRolesAreAskedFor_data();
    void timesScriptsAndRolesAreAskedFor();
    void severalRulesTogetherTakeAnother();
    void limitsPerStyleAreProvedPerStyle();
    void overlapsAreToldWithARequest();
    void aSpecialCaseBeforeTheGeneralOneIsFine();
    void idlePartsAreFoundAndTheirRemovalIsOffered();
    void whatNoRuleTakesIsToldInWords();
    void nothingIsLeftForTheLastLane();
    void armsThatAreNeverDrawn();
    void testsOfAnswersThatLetAllPassOrNone();
    void stepsOfACascadeThatComeTooLate();
    void membersThatNoNumbersPick();
    void plansInsideOfPlansAreProved();
    void whatLintSaysOfPlansIsShown();
    void whatLintSaysOfAnArmIsShownThere();
    void aHoldoutOfEverything();
    void disabledRulesDoNotCount();
    void examplesComeFromTheTrafficIfTheyCan();
    void aConversationIsDecidedByItsFirstMessage();
    void examplesStayOutOfTheHoldout();
    void proofsAndLintMakeOneList();
    void aBrokenPolicyHasNoProofs();
    void aStopIsObeyed();
    void theSampleIsProvedCleanly();
    void aLargePolicyTakesFewSteps();
};

void TestProver::namesThePartsThatContradict()
{
    const PolicyDocument document = textPolicy().rule(
        "r",
        allOf({when("expert"), when("chars", Op::Gt, 500), when("plan", Op::Eq, "pro"),
               when("words", Op::Gt, 400), when("chars", Op::Lte, 600)}),
        call("dear"));
    const auto proofs = prove(document);
    const Proof* proof = find(proofs, "never-true", "rules[0].when");
    QVERIFY2(proof, qPrintable(codesOf(proofs)));
    QCOMPARE(proof->finding.message,
             std::string("words > 400 and chars <= 600 can never hold together."));
    QCOMPARE(proof->finding.severity, Severity::Warning);
    QVERIFY(proof->finding.example.has_value());
    QVERIFY(proof->finding.fix.has_value());
    QVERIFY(proof->finding.example->says.starts_with("Everything but "));
}

void TestProver::sumsOfScoresAreProved()
{
    const ScoreSource score = {1,
                               1,
                               10,
                               {{2, when("chars", Op::Gt, 200)},
                                {2, when("chars", Op::Gt, 500)},
                                {3, when("expert")},
                                {1, when("asks", Op::Eq, CompareValue(false))},
                                {4, when("chars", Op::Lt, 100)}}};
    const PolicyDocument document = textPolicy()
                                        .signal("complexity", score)
                                        .rule("ten", when("complexity", Op::Gte, 10), call("dear"))
                                        .rule("nine", when("complexity", Op::Gte, 9), call("dear"))
                                        .rule("six", when("complexity", Op::Eq, 7), call("dear"));
    const auto proofs = prove(document);
    const Proof* ten = find(proofs, "never-true", "rules[0].when");
    QVERIFY2(ten, qPrintable(codesOf(proofs)));
    QCOMPARE(ten->finding.message,
             std::string("complexity >= 10 can never hold: no terms of the score add up to it."));
    QVERIFY(!find(proofs, "never-true", "rules[1].when"));
    // The nearest there is.
    QVERIFY(ten->finding.example.has_value());
    QCOMPARE(ruleTaking(document, ten->finding.example->request), std::string("nine"));
    QVERIFY(!find(proofs, "never-true", "rules[2].when"));
}

void TestProver::relatedMeasuresAreKnown_data()
{
    QTest::addColumn<bool>("isPossible");
    QTest::addColumn<int>("which");
    QTest::newRow("tokens follow from chars") << false << 0;
    QTest::newRow("words need chars") << false << 1;
    QTest::newRow("a keyword needs chars") << false << 2;
    QTest::newRow("one keyword contains another") << false << 3;
    QTest::newRow("an expression needs chars") << false << 4;
    QTest::newRow("long without words") << true << 5;
    QTest::newRow("a short text with a keyword") << true << 6;
}

void TestProver::relatedMeasuresAreKnown()
{
    QFETCH(bool, isPossible);
    QFETCH(int, which);
    const std::vector<Condition> conditions = {
        allOf({when("tokens", Op::Gt, 100), when("chars", Op::Lt, 400)}),
        allOf({when("words", Op::Gte, 10), when("chars", Op::Lt, 19)}),
        allOf({when("expert"), when("chars", Op::Lt, 5)}),
        allOf({when("illegal"), negated(when("expert"))}),
        allOf({when("date"), when("chars", Op::Lt, 10)}),
        allOf({when("chars", Op::Gt, 300), when("words", Op::Lte, 2)}),
        allOf({when("expert"), when("chars", Op::Lte, 5), negated(when("asks"))}),
    };
    PolicyBuilder builder = textPolicy();
    builder.contains("illegal", "illegally").regex("date", "[0-9]{4}-[0-9]{2}-[0-9]{2}");
    const PolicyDocument document =
        builder.rule("r", conditions[static_cast<std::size_t>(which)], call("dear"));
    const auto proofs = prove(document);
    QVERIFY2((find(proofs, "never-true", "rules[0].when") == nullptr) == isPossible,
             qPrintable(codesOf(proofs)));
}

namespace {

PolicyBuilder circumstances()
{
    PolicyBuilder builder = textPolicy();
    builder.signal("night", TimeWindowSource{"Europe/Berlin", {}, 22 * 60, 6 * 60})
        .signal("office", TimeWindowSource{"Europe/Berlin",
                                           {Weekday::Mon, Weekday::Tue, Weekday::Wed},
                                           9 * 60,
                                           17 * 60 + 30})
        .signal("late in New York", TimeWindowSource{"America/New_York", {}, 23 * 60, 23 * 60 + 30})
        .signal("always", TimeWindowSource{"UTC", {}, 0, 0})
        .signal("script", ScriptSource{TextScope::LastUser})
        .signal("script of all", ScriptSource{TextScope::All})
        .signal("messages", FieldSource{RequestField::Messages, {}})
        .signal("turn", FieldSource{RequestField::Turn, {}})
        .signal("users", FieldSource{RequestField::Messages, Role::User})
        .signal("answers", FieldSource{RequestField::Messages, Role::Assistant})
        .signal("tools", FieldSource{RequestField::Messages, Role::Tool})
        .signal("last", FieldSource{RequestField::LastRole, {}});
    return builder;
}

Condition is(const char* signal, const char* text)
{
    return when(signal, Op::Eq, text);
}

Condition isNot(const char* signal, bool truth)
{
    return when(signal, Op::Eq, CompareValue(!truth));
}

} // namespace

void TestProver::timesScriptsAndRolesAreAskedFor_data()
{
    QTest::addColumn<int>("which");
    QTest::addColumn<bool>("isPossible");
    int which = 0;
    for (const char* name : {"at night", "not at night", "two zones at once", "no time", "Cyrillic",
                             "no letters", "Greek around an English word", "one script in two",
                             "a tool spoke last", "the system", "tools thrice and no answer",
                             "eight messages of three users", "nobody spoke", "Thai of a length"})
        QTest::newRow(name) << which++ << true;
    for (const char* name : {"night in the office", "outside of always", "one time known, one not",
                             "a robot", "a tool that is not there", "a word without letters",
                             "users without turns", "letters but no words", "Klingon"})
        QTest::newRow(name) << which++ << false;
}

void TestProver::timesScriptsAndRolesAreAskedFor()
{
    QFETCH(int, which);
    QFETCH(bool, isPossible);
    const std::vector<Condition> conditions = {
        when("night"),
        isNot("night", true),
        allOf({isNot("night", true), when("office"), isNot("late in New York", true)}),
        negated(when("night", Op::Exists, CompareValue(true))),
        is("script", "cyrillic"),
        is("script", "none"),
        allOf({is("script", "greek"), when("expert")}),
        allOf({is("script", "latin"), is("script of all", "han")}),
        is("last", "tool"),
        is("last", "system"),
        allOf({when("tools", Op::Eq, 3), when("answers", Op::Eq, 0)}),
        allOf({when("messages", Op::Eq, 8), when("users", Op::Eq, 3), is("last", "assistant")}),
        allOf({when("messages", Op::Eq, 0)}),
        allOf({is("script", "thai"), when("chars", Op::Gte, 100), when("chars", Op::Lt, 104)}),

        allOf({when("night"), when("office")}),
        isNot("always", true),
        allOf({when("night"), negated(when("office", Op::Exists, CompareValue(true)))}),
        is("last", "robot"),
        allOf({is("last", "tool"), when("tools", Op::Lt, 1)}),
        allOf({is("script", "none"), when("expert")}),
        allOf({when("users", Op::Eq, 2), when("turn", Op::Lt, 2)}),
        allOf({is("script", "hangul"), when("words", Op::Lt, 1)}),
        is("script", "klingon"),
    };
    const PolicyDocument document =
        circumstances().rule("r", conditions[static_cast<std::size_t>(which)], call("dear"));
    const auto proofs = prove(document);
    const Proof* never = find(proofs, "never-true", "rules[0].when");
    QVERIFY2((never == nullptr) == isPossible, qPrintable(codesOf(proofs)));
    if (!isPossible)
        return;
    // A rule behind it that takes the same is shadowed, with a request that both hold for.
    PolicyDocument twice = document;
    twice.rules.push_back(twice.rules.front());
    twice.rules.back().id = RuleId("again");
    const auto shadows = prove(twice);
    const Proof* shadowed = find(shadows, "shadowed-rule", "rules[1]");
    QVERIFY2(shadowed, qPrintable(codesOf(shadows)));
    QVERIFY(shadowed->finding.example.has_value());
    QCOMPARE(ruleTaking(document, shadowed->finding.example->request), std::string("r"));
}

void TestProver::severalRulesTogetherTakeAnother()
{
    const PolicyDocument document = textPolicy()
                                        .rule("pro", when("plan", Op::Eq, "pro"), call("dear"))
                                        .rule("long", when("chars", Op::Gt, 500), call("best"))
                                        .rule("short", when("chars", Op::Lte, 520), call("dear"))
                                        .rule("experts", when("expert"), call("best"));
    const auto proofs = prove(document);
    const Proof* proof = find(proofs, "shadowed-rule", "rules[3]");
    QVERIFY2(proof, qPrintable(codesOf(proofs)));
    QCOMPARE(proof->finding.message,
             std::string("Rule \"experts\" can never win: rules \"long\" and \"short\" before it "
                         "together take every request that it holds for."));
    QCOMPARE(proof->rules.size(), 3U);
    QVERIFY(proof->finding.example.has_value());
    const Request& request = proof->finding.example->request;
    QVERIFY(request.messages.front().text.find("al") != std::string::npos);
    const std::string taker = ruleTaking(document, request);
    QVERIFY(taker == "long" || taker == "short");
    QCOMPARE(proof->finding.example->says, "It goes to rule \"" + taker + "\".");
    // Its removal is one edit.
    PolicyDocument mended = document;
    QVERIFY(apply(mended, *proof->finding.fix).has_value());
    QVERIFY(!find(prove(mended), "shadowed-rule"));
}

void TestProver::limitsPerStyleAreProvedPerStyle()
{
    const PolicyDocument document =
        textPolicy()
            .rule("by style", when("chars", Op::Gte, CompareValue(ByStyle{100, 200, 300})),
                  call("dear"))
            .rule("all of 300", when("chars", Op::Gte, 300), call("best"))
            .rule("some of 200", when("chars", Op::Gte, 200), call("best"));
    const auto proofs = prove(document);
    QVERIFY2(find(proofs, "shadowed-rule", "rules[1]"), qPrintable(codesOf(proofs)));
    QVERIFY2(!find(proofs, "shadowed-rule", "rules[2]"), qPrintable(codesOf(proofs)));
}

void TestProver::overlapsAreToldWithARequest()
{
    const PolicyDocument document = textPolicy()
                                        .rule("experts", when("expert"), call("best"))
                                        .rule("long", when("chars", Op::Gt, 500), call("dear"));
    const auto proofs = prove(document);
    const Proof* proof = find(proofs, "overlapping-rules", "rules[1]");
    QVERIFY2(proof, qPrintable(codesOf(proofs)));
    QCOMPARE(proof->finding.severity, Severity::Info);
    const Request& request = proof->finding.example->request;
    QCOMPARE(ruleTaking(document, request), std::string("experts"));
    PolicyDocument turned = document;
    std::swap(turned.rules[0], turned.rules[1]);
    QCOMPARE(ruleTaking(turned, request), std::string("long"));
}

void TestProver::aSpecialCaseBeforeTheGeneralOneIsFine()
{
    const PolicyDocument document =
        textPolicy()
            .rule("experts of pro", allOf({when("expert"), when("plan", Op::Eq, "pro")}),
                  call("best"))
            .rule("experts", when("expert"), call("dear"));
    QVERIFY(!find(prove(document), "overlapping-rules"));
}

void TestProver::idlePartsAreFoundAndTheirRemovalIsOffered()
{
    const PolicyDocument document =
        textPolicy()
            .rule("r",
                  anyOf({allOf({when("chars", Op::Gt, 500), when("words", Op::Gte, 0),
                                when("tokens", Op::Gt, 100)}),
                         allOf({when("plan", Op::Eq, "pro"), when("plan", Op::Eq, "team")})}),
                  call("dear"))
            .rule("or", anyOf({when("chars", Op::Gt, 100), when("chars", Op::Gt, 200)}),
                  call("best"));
    const auto proofs = prove(document);
    QVERIFY2(find(proofs, "idle-condition", "rules[0].when.any[0].all[1]"),
             qPrintable(codesOf(proofs)));
    QVERIFY(find(proofs, "idle-condition", "rules[0].when.any[0].all[2]"));
    QVERIFY(!find(proofs, "idle-condition", "rules[0].when.any[0].all[0]"));
    QVERIFY(find(proofs, "never-true", "rules[0].when.any[1]"));
    const Proof* weaker = find(proofs, "idle-condition", "rules[1].when.any[1]");
    QVERIFY(weaker);
    PolicyDocument mended = document;
    QVERIFY(apply(mended, *weaker->finding.fix).has_value());
    QVERIFY(mended.rules[1].when == anyOf({when("chars", Op::Gt, 100)}));
}

void TestProver::whatNoRuleTakesIsToldInWords()
{
    const PolicyDocument document =
        textPolicy()
            .rule("long", when("chars", Op::Gt, 500), call("dear"))
            .rule("asks", allOf({when("asks"), when("style", Op::Ne, "detailed")}), call("best"));
    const auto proofs = prove(document);
    const Proof* proof = find(proofs, "uncovered-region", "otherwise");
    QVERIFY2(proof, qPrintable(codesOf(proofs)));
    QCOMPARE(proof->finding.severity, Severity::Info);
    QVERIFY2(proof->finding.message.starts_with("No rule takes a request where ") &&
                 proof->finding.message.find("chars is at most 500") != std::string::npos,
             proof->finding.message.c_str());
    for (const Proof& each : proofs) {
        if (each.finding.code == "uncovered-region")
            QCOMPARE(ruleTaking(document, each.finding.example->request), std::string());
    }
    const auto count = std::ranges::count(proofs, std::string("uncovered-region"),
                                          [](const Proof& each) { return each.finding.code; });
    QCOMPARE(count, 2); // no question at all, or a question in detailed style
}

void TestProver::nothingIsLeftForTheLastLane()
{
    const PolicyDocument document = textPolicy()
                                        .rule("long", when("chars", Op::Gt, 500), call("dear"))
                                        .rule("experts", when("expert"), call("best"))
                                        .rule("short", when("chars", Op::Lte, 600), call("best"));
    const auto proofs = prove(document);
    const Proof* proof = find(proofs, "unreachable-otherwise", "otherwise");
    QVERIFY2(proof, qPrintable(codesOf(proofs)));
    QCOMPARE(proof->finding.message, std::string("Rules \"long\" and \"short\" together take every "
                                                 "request, so the last lane never decides."));
    QVERIFY(!find(proofs, "uncovered-region"));
}

void TestProver::armsThatAreNeverDrawn()
{
    const Plan inner = split({{5000, call("dear")}, {5000, call("best")}}, "same");
    const PolicyDocument document =
        textPolicy()
            .rule("r", when("expert"),
                  split({{4000, inner}, {0, call("best")}, {6000, call("cheap")}}, "same"))
            .with([](PolicyDocument& p) {
                p.holdout = Holdout{0.3, StickyUnit::Conversation, "h", ModelId("cheap")};
                p.otherwise = split({{3000, call("dear")}, {7000, call("cheap")}}, "h");
            });
    const auto proofs = prove(document);
    const Proof* nested =
        find(proofs, "arm-never-drawn", "rules[0].plan.split.arms[0].plan.split.arms[1]");
    QVERIFY2(nested, qPrintable(codesOf(proofs)));
    QCOMPARE(ruleTaking(document, nested->finding.example->request), std::string("r"));
    QVERIFY(find(proofs, "arm-never-drawn", "otherwise.split.arms[0]"));
    QCOMPARE(std::ranges::count(proofs, std::string("arm-never-drawn"),
                                [](const Proof& each) { return each.finding.code; }),
             2); // a weight of 0 is meant
}

namespace {

Cascade checked(Acceptance accept)
{
    Cascade cascade;
    cascade.steps = {call("cheap"), call("dear")};
    cascade.accept = std::move(accept);
    return cascade;
}

} // namespace

void TestProver::testsOfAnswersThatLetAllPassOrNone()
{
    Acceptance open;
    open.minWords = 0;
    Acceptance shut;
    shut.refusals = {"^I cannot", "(?:sorry)*"};
    Acceptance fair;
    fair.refusals = {"sorry|unable"};
    const PolicyDocument document = textPolicy()
                                        .rule("open", when("expert"), Plan{checked(open)})
                                        .rule("shut", when("asks"), Plan{checked(shut)})
                                        .otherwise(Plan{checked(fair)});
    const auto proofs = prove(document);
    const Proof* all = find(proofs, "accepts-everything", "rules[0].plan.cascade.accept");
    QVERIFY2(all, qPrintable(codesOf(proofs)));
    QCOMPARE(ruleTaking(document, all->finding.example->request), std::string("open"));
    const Proof* none =
        find(proofs, "rejects-everything", "rules[1].plan.cascade.accept.refusals[1]");
    QVERIFY2(none, qPrintable(codesOf(proofs)));
    QCOMPARE(none->finding.message,
             std::string("\"(?:sorry)*\" matches every answer, so none but that of the last step "
                         "is accepted."));
    QCOMPARE(ruleTaking(document, none->finding.example->request), std::string("shut"));
    PolicyDocument mended = document;
    QVERIFY(apply(mended, *none->finding.fix).has_value());
    QCOMPARE(std::get<Cascade>(mended.rules[1].plan.node).accept.refusals,
             std::vector<std::string>{"^I cannot"});
    QVERIFY(!find(prove(mended), "rejects-everything"));
    for (const Proof& proof : proofs)
        QVERIFY2(!proof.finding.path.starts_with("otherwise.cascade"), qPrintable(codesOf(proofs)));
    // lint() says the one, too: there is one entry, with the request.
    Acceptance nothing;
    const PolicyDocument bare = textPolicy().rule("open", when("expert"), Plan{checked(nothing)});
    const auto both = withProofs(lint(bare), prove(bare));
    QCOMPARE(std::ranges::count(both, std::string("accepts-everything"), &Finding::code), 1);
    QVERIFY(std::ranges::find(both, "accepts-everything", &Finding::code)->example.has_value());
}

void TestProver::stepsOfACascadeThatComeTooLate()
{
    Acceptance accept;
    accept.minWords = 5;
    Cascade cascade = checked(accept);
    cascade.deadlineMs = 4000;
    cascade.steps = {call("cheap", {{}, 1500, Retry{1, 500, 2}}), call("dear")};
    const auto document = [&cascade] { return textPolicy().otherwise(Plan{cascade}).document(); };
    QVERIFY(!find(prove(document()), "late-step")); // 3,500 ms
    std::get<Call>(cascade.steps[0].node).totalMs = 2000;
    const auto proofs = prove(document());
    const Proof* late = find(proofs, "late-step", "otherwise.cascade.steps[1]");
    QVERIFY2(late, qPrintable(codesOf(proofs)));
    QCOMPARE(late->finding.message,
             std::string("Step 2 starts only after 4500 ms when the steps before it use their time "
                         "in full, but the answer has to begin within 4000 ms."));
    QVERIFY(late->finding.example.has_value());
}

void TestProver::membersThatNoNumbersPick()
{
    Pool pool;
    for (const char* model : {"cheap", "dear", "cheap"})
        pool.members.push_back(std::get<Call>(call(model).node));
    const PolicyDocument document = textPolicy().rule("r", when("expert"), Plan{pool});
    const auto proofs = prove(document);
    QVERIFY2(find(proofs, "member-never-picked", "rules[0].plan.pool.members[2]"),
             qPrintable(codesOf(proofs)));
    QVERIFY(!find(proofs, "member-never-picked", "rules[0].plan.pool.members[1]"));
    const auto both = withProofs(lint(document), proofs);
    QVERIFY(std::ranges::find(both, "member-never-picked", &Finding::code) == both.end());
    const auto merged = std::ranges::find(both, "same-model-twice", &Finding::code);
    QVERIFY(merged != both.end() && merged->example.has_value() && merged->fix.has_value());
}

/// Steps of cascades and plans of margins are looked into like all others.
void TestProver::plansInsideOfPlansAreProved()
{
    const Plan inner = split({{5000, call("dear")}, {5000, call("best")}}, "same");
    Acceptance accept;
    accept.minWords = 5;
    Cascade cascade = checked(accept);
    cascade.steps[1] = inner;
    const PolicyDocument document =
        textPolicy()
            .rule("r", when("chars", Op::Gt, 100), call("dear"))
            .with([&](PolicyDocument& p) {
                Uncertain uncertain;
                uncertain.signal = SignalId("chars");
                uncertain.margin = 20;
                uncertain.plan = split({{4000, Plan{cascade}}, {6000, call("cheap")}}, "same");
                p.rules[0].uncertain = uncertain;
            });
    const auto proofs = prove(document);
    const Proof* arm =
        find(proofs, "arm-never-drawn",
             "rules[0].uncertain.plan.split.arms[0].plan.cascade.steps[1].split.arms[1]");
    QVERIFY2(arm, qPrintable(codesOf(proofs)));
    const auto policy = CompiledPolicy::compile(document);
    CompiledPolicy::Scratch scratch(*policy);
    QVERIFY(policy->decide(arm->finding.example->request, scratch).isUncertain);
}

void TestProver::whatLintSaysOfPlansIsShown()
{
    Plan late = call("cheap");
    std::get<Call>(late.node).retry = {2, 3000, 1};
    Plan hasty = chain({std::move(late), call("dear")});
    std::get<Chain>(hasty.node).deadlineMs = 5000;
    const PolicyDocument document =
        textPolicy()
            .rule("hasty", when("expert"), std::move(hasty))
            .rule("patient", when("asks"), chain({call("cheap"), call("dear")}));
    const std::vector<Finding> shown = withProofs(lint(document), prove(document));
    const auto exampleOf = [&](const std::string& code, const std::string& path) {
        const auto found = std::ranges::find_if(shown, [&](const Finding& finding) {
            return finding.code == code && finding.path == path;
        });
        return found == shown.end() || !found->example
                   ? std::string("none")
                   : ruleTaking(document, found->example->request);
    };
    QCOMPARE(exampleOf("unreachable-step", "rules[0].plan.chain.steps[1]"), std::string("hasty"));
    QCOMPARE(exampleOf("no-budget", "rules[1].plan.chain.steps[0]"), std::string("patient"));
    // What becomes of those is what the finding says; where they go is where it stands.
    for (const Finding& finding : shown) {
        if (finding.code == "no-budget" || finding.code == "unreachable-step")
            QCOMPARE(finding.example->says, std::string());
    }
    for (const Finding& finding : lint(document)) // each once, with its repair
        QVERIFY2(std::ranges::count_if(shown,
                                       [&](const Finding& each) {
                                           return each.path == finding.path &&
                                                  each.code == finding.code &&
                                                  each.message == finding.message &&
                                                  each.fix == finding.fix;
                                       }) == 1,
                 finding.code.c_str());
    const std::vector<Request> traffic = {ask("Is that so?"), ask("Good morning")};
    const auto proofs = prove(document, traffic);
    const Proof* happened = find(proofs, "no-budget", "rules[1].plan.chain.steps[0]");
    QVERIFY(happened);
    QVERIFY(happened->finding.example->request == traffic[0]);
}

void TestProver::whatLintSaysOfAnArmIsShownThere()
{
    const PolicyDocument document = textPolicy().rule(
        "divided", when("expert"),
        split({{9900, call("best")}, {100, chain({call("cheap"), call("dear")})}}, "salt"));
    const auto proofs = prove(document);
    const Proof* hang =
        find(proofs, "no-budget", "rules[0].plan.split.arms[1].plan.chain.steps[0]");
    QVERIFY2(hang && hang->finding.example, qPrintable(codesOf(proofs)));
    const auto policy = CompiledPolicy::compile(document);
    const Trace trace = policy->explain(hang->finding.example->request);
    QCOMPARE(trace.decision.rule, 0);
    QCOMPARE(trace.arms.front().arm, std::size_t{1});
}

void TestProver::aHoldoutOfEverything()
{
    const PolicyDocument document =
        textPolicy().rule("r", when("expert"), call("best")).holdout(1, "cheap");
    QVERIFY(find(prove(document), "holdout-takes-everything", "holdout.share"));
}

void TestProver::disabledRulesDoNotCount()
{
    const PolicyDocument document =
        textPolicy()
            .rule("all", when("chars", Op::Gte, 0), call("dear"))
            .rule("experts", when("expert"), call("best"))
            .with([](PolicyDocument& p) { p.rules.front().enabled = false; });
    const auto proofs = prove(document);
    QVERIFY(!find(proofs, "shadowed-rule"));
    QVERIFY(find(proofs, "uncovered-region"));
}

void TestProver::examplesComeFromTheTrafficIfTheyCan()
{
    const PolicyDocument document = textPolicy()
                                        .rule("experts", when("expert"), call("best"))
                                        .rule("asks", when("asks"), call("dear"));
    const std::vector<Request> traffic = {ask("Good morning"), ask("Is that legal?"),
                                          ask("Is that a very legal thing to do?")};
    const auto proofs = prove(document, traffic);
    const Proof* overlap = find(proofs, "overlapping-rules");
    QVERIFY(overlap);
    QVERIFY(overlap->finding.example->request == traffic[1]); // the shortest to read
    const Proof* uncovered = find(proofs, "uncovered-region");
    QVERIFY(uncovered);
    QVERIFY(uncovered->finding.example->request == traffic[0]);
    QVERIFY2(uncovered->finding.message.ends_with("(1 of 3 in the traffic)."),
             uncovered->finding.message.c_str());
}

void TestProver::aConversationIsDecidedByItsFirstMessage()
{
    const PolicyDocument document =
        textPolicy()
            .signal("turn", FieldSource{RequestField::Turn})
            .rule("later", when("turn", Op::Gte, 2), call("best"))
            .with([](PolicyDocument& p) { p.decideBy = DecisionUnit::Conversation; });
    const auto proofs = prove(document);
    QVERIFY2(find(proofs, "never-true", "rules[0].when"), qPrintable(codesOf(proofs)));
    PolicyDocument byRequest = document;
    byRequest.decideBy = DecisionUnit::Request;
    QVERIFY(!find(prove(byRequest), "never-true"));
}

void TestProver::examplesStayOutOfTheHoldout()
{
    const PolicyDocument document = textPolicy()
                                        .rule("experts", when("expert"), call("best"))
                                        .rule("asks", when("asks"), call("dear"))
                                        .holdout(0.97, "cheap");
    const Proof* overlap = nullptr;
    const auto proofs = prove(document);
    overlap = find(proofs, "overlapping-rules");
    QVERIFY(overlap);
    QCOMPARE(ruleTaking(document, overlap->finding.example->request), std::string("experts"));
}

void TestProver::proofsAndLintMakeOneList()
{
    const PolicyDocument document =
        textPolicy()
            .rule("a", when("chars", Op::Gt, 500), call("dear"))
            .rule("b", when("chars", Op::Gt, 600), call("best"))
            .rule("c", allOf({when("words", Op::Lt, 5), when("words", Op::Gt, 9)}), call("best"))
            .rule("d", allOf({when("asks"), when("asks")}), call("best"));
    const std::vector<Finding> quick = lint(document);
    const std::vector<Finding> all = withProofs(quick, prove(document));
    for (const char* path : {"rules[1]", "rules[2].when", "rules[3].when.all[1]"}) {
        const auto count = std::ranges::count(all, std::string(path), &Finding::path);
        QVERIFY2(count == 1, path);
        const auto found = std::ranges::find(all, std::string(path), &Finding::path);
        QVERIFY2(found->example.has_value(), path);
        QVERIFY2(found->fix.has_value(), path);
    }
    QVERIFY(std::ranges::is_sorted(all, {}, &Finding::severity));
    QVERIFY(all.size() > quick.size());
}

void TestProver::aBrokenPolicyHasNoProofs()
{
    const PolicyDocument document =
        textPolicy().rule("r", when("nobody", Op::Gt, 500), call("dear"));
    QVERIFY(prove(document).empty());
}

void TestProver::aStopIsObeyed()
{
    std::stop_source stop;
    stop.request_stop();
    ProofBudget budget;
    budget.stop = stop.get_token();
    QVERIFY(prove(largePolicy(300), {}, budget).empty());
}

void TestProver::theSampleIsProvedCleanly()
{
    const auto proofs = prove(supportDeskPolicy());
    const auto said = lintPlans(supportDeskPolicy());
    for (const Proof& proof : proofs) {
        const bool isLints =
            std::ranges::find(said, proof.finding.message, &Finding::message) != said.end();
        QVERIFY2(proof.finding.severity == Severity::Info || isLints,
                 proof.finding.message.c_str());
        QVERIFY2(proof.finding.example.has_value(), proof.finding.message.c_str());
    }
    QVERIFY(find(proofs, "uncovered-region"));
}

void TestProver::aLargePolicyTakesFewSteps()
{
    const PolicyDocument document = largePolicy(300);
    ProofBudget few;
    few.steps = 2'500'000;
    ProofBudget many;
    many.steps = 100'000'000;
    const auto proofs = prove(document, {}, few);
    QVERIFY(proofs.size() > 50);
    QVERIFY(proofs == prove(document, {}, many));
}

QTEST_GUILESS_MAIN(TestProver)
#include "tst_prover.moc"
