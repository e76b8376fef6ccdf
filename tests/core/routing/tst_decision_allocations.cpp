// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: once warm, deciding, extracting and routing allocate nothing, whatever signals, scopes,
// splits and holdouts the policy has; neither does simulating a plan anew.

#include <core/routing/attempt_machine.h>
#include <core/routing/compiled_policy.h>
#include <tests/support/policy_builder.h>

#include <QTest>

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<long> allocations{0};

void* counted(std::size_t size)
{
    ++allocations;
    if (void* memory = std::malloc(size == 0 ? 1 : size))
        return memory;
    throw std::bad_alloc();
}

} // namespace

void* operator new(std::size_t size)
{
    return counted(size);
}
void* operator new[](std::size_t size)
{
    return counted(size);
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept
{
    try {
        return counted(size);
    } catch (const std::bad_alloc&) {
        return nullptr;
    }
}
void* operator new[](std::size_t size, const std::nothrow_t& tag) noexcept
{
    return operator new(size, tag);
}
void operator delete(void* memory) noexcept
{
    std::free(memory);
}
void operator delete[](void* memory) noexcept
{
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept
{
    std::free(memory);
}
void operator delete[](void* memory, std::size_t) noexcept
{
    std::free(memory);
}

using namespace signalbox;
using namespace signalbox::test;

namespace {

PolicyDocument everything()
{
    ScoreSource score = {1, 1, 10, {}};
    score.terms = {{2, when("chars", CompareOp::Gt, 200)},
                   {3, when("expert words")},
                   {1, negated(when("asks"))}};
    const Plan arms = split({{5000, call("cheap")}, {5000, chain({call("dear"), call("cheap")})}},
                            "a rather long salt of a split", StickyUnit::User);
    const auto onSystem = [](auto source) {
        source.scope = TextScope::System;
        return source;
    };
    PolicyBuilder builder({"cheap", "dear"});
    builder.signal("complexity", score)
        .measure("chars", TextMeasure::Chars)
        .measure("all words", TextMeasure::Words, TextScope::AllUser)
        .measure("lines", TextMeasure::Lines, TextScope::All)
        .measure("code", TextMeasure::CodeShare, TextScope::All)
        .keywords("expert words", {"legal", "medical", "code", "math"})
        .keywords("whole words", {"invoice", "refund"}, KeywordMatch::Word)
        .contains("asks", "?")
        .regex("number", "[0-9]{4,}")
        .signal("polite system", onSystem(RegexSource{{}, "(?:please|kindly)", true}))
        .signal("style", StyleSource{"balanced"})
        .metadata("a plan whose key is longer than a small string")
        .signal("tier", HeaderSource{"X-Tier", ValueType::Number})
        .signal("turn", FieldSource{RequestField::Turn})
        .rule("a",
              allOf({when("complexity", CompareOp::Gte, CompareValue(ByStyle{9, 8, 7})),
                     when("all words", CompareOp::Gt, 3)}),
              arms)
        .rule(
            "b",
            anyOf({when("lines", CompareOp::Gt, 40), when("code", CompareOp::Gt, CompareValue(0.9)),
                   when("tier", CompareOp::Gt, 6)}),
            call("dear"))
        .rule("c", allOf({when("number"), when("polite system"), when("turn", CompareOp::Gt, 2)}),
              arms)
        .rule("d",
              when("a plan whose key is longer than a small string", CompareOp::Matches,
                   "^enter[a-z]+"),
              chain({arms, arms}))
        .rule("e", when("whole words"), call("dear"))
        .otherwise(chain({arms, call("dear")}))
        .holdout(0.05, "dear");
    return builder;
}

std::vector<Request> requests()
{
    std::vector<Request> made;
    const std::vector<std::string> texts = {
        "What is the capital of France?",  "Explain the code of 12345 lines", "refund my invoice",
        std::string(3000, 'x') + " legal", "```\nint main() {}\n```\nwhy?",   ""};
    for (int i = 0; i < 300; ++i) {
        Request request;
        if (i % 2 == 0)
            request.messages.push_back(
                {Role::System, "Please be kind, answer in four sentences or fewer."});
        for (int turn = 0; turn <= i % 4; ++turn) {
            request.messages.push_back(
                {Role::User, texts[static_cast<std::size_t>(i + turn) % texts.size()]});
            request.messages.push_back({Role::Assistant, "an answer"});
        }
        request.conversationId = "a conversation with a long id, number " + std::to_string(i);
        request.userId = i % 3 == 0 ? "" : "user " + std::to_string(i);
        if (i % 5 == 0)
            request.style = "detailed";
        request.metadata = {{"a plan whose key is longer than a small string",
                             std::string(i % 2 ? "enterprise" : "free")}};
        request.headers = {{"x-tier", std::to_string(i % 9)}};
        made.push_back(std::move(request));
    }
    return made;
}

} // namespace

class TestDecisionAllocations : public QObject
{
    Q_OBJECT
private slots:
    void theCounterCounts();
    void decidingAllocatesNothingOnceWarm_data();
    void decidingAllocatesNothingOnceWarm();
    void simulatingAPlanAnewAllocatesNothing();
};

void TestDecisionAllocations::theCounterCounts()
{
    const long before = allocations;
    delete new std::string(100, 'x');
    QVERIFY(allocations - before >= 2);
}

void TestDecisionAllocations::decidingAllocatesNothingOnceWarm_data()
{
    QTest::addColumn<bool>("byConversation");
    QTest::newRow("by request") << false;
    QTest::newRow("by conversation") << true;
}

void TestDecisionAllocations::decidingAllocatesNothingOnceWarm()
{
    QFETCH(const bool, byConversation);
    PolicyDocument document = everything();
    document.decideBy = byConversation ? DecisionUnit::Conversation : DecisionUnit::Request;
    const auto policy = CompiledPolicy::compile(document);
    QVERIFY2(policy.has_value(), policy ? "" : toString(policy.error()).c_str());
    CompiledPolicy::Scratch scratch(*policy);
    const std::vector<Request> all = requests();
    std::array<int, 8> taken{};
    const auto decideAll = [&](std::size_t from, std::size_t to) {
        for (std::size_t i = from; i < to; ++i) {
            const Decision decision = policy->decide(all[i], scratch);
            const Decision routed =
                policy->route(policy->extract(all[i], scratch), routingKeysOf(all[i]));
            ++taken[static_cast<std::size_t>(decision.rule) + 2];
            taken[7] += decision.plan != routed.plan;
        }
    };
    decideAll(0, 100);
    const long before = allocations;
    decideAll(0, all.size());
    QCOMPARE(allocations - before, 0L);
    QCOMPARE(taken[7], 0);
    // Holdout, otherwise and all rules but the ones that no request reaches were on the way.
    QVERIFY2(std::count(taken.begin(), taken.end(), 0) <= 3,
             qPrintable(QString::number(std::count(taken.begin(), taken.end(), 0))));
}

void TestDecisionAllocations::simulatingAPlanAnewAllocatesNothing()
{
    const Plan plan = chain({call("a model with a long name", {500, {}, {2, 100, 2}}),
                             call("another model with a long name")},
                            3000, ChainMode::Hedge);
    int request = 0;
    const AttemptSource source = [&](const AttemptAsked& asked) -> SimulatedAttempt {
        const int nth = asked.nth;
        if ((request + nth) % 3 == 0)
            return {AttemptFailure::RateLimit, 20, 20};
        return {std::nullopt, 100.0 * (request % 20), 3000};
    };
    PlanSimulator simulator(plan);
    int answered = 0;
    const auto runAll = [&] {
        for (request = 0; request < 200; ++request)
            answered += simulator.run(source).answered;
    };
    runAll();
    const long before = allocations;
    runAll();
    QCOMPARE(allocations - before, 0L);
    QVERIFY(answered > 200);
}

QTEST_GUILESS_MAIN(TestDecisionAllocations)
#include "tst_decision_allocations.moc"
