// SPDX-License-Identifier: GPL-3.0-or-later
// Nanoseconds per decision of a compiled policy like the sample's (the seed team's score, two
// rules) on generated prompts, beside a plain C++ implementation of the same rule with
// std::string::find. Sized prompts hold no keyword and no question mark: the whole text has to be
// read. Seed 7. Also: a hundred keywords, routing over extracted values, and one simulated request
// of a plan.

#include "line_reporter.h"

#include <core/base/random.h>
#include <core/base/utf8.h>
#include <core/routing/attempt_machine.h>
#include <core/routing/compiled_policy.h>
#include <tests/support/policy_builder.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

using namespace signalbox;
using namespace signalbox::test;

namespace {

const std::vector<std::string> kExpertWords = {"legal", "medical", "code", "math"};

std::vector<std::string> hundredWords()
{
    std::vector<std::string> words;
    Random random(7, "words");
    while (words.size() < 100) {
        std::string word;
        for (std::uint64_t length = 4 + random.below(7); length > 0; --length)
            word += static_cast<char>('a' + random.below(26));
        words.push_back(word + "zq"); // in no prompt
    }
    return words;
}

PolicyDocument policyWith(std::vector<std::string> keywords)
{
    ScoreSource score = {1, 1, 10, {}};
    score.terms = {{2, when("chars", CompareOp::Gt, 200)},
                   {2, when("chars", CompareOp::Gt, 500)},
                   {3, when("expert words")},
                   {1, when("asks", CompareOp::Eq, CompareValue(false))}};
    PolicyBuilder builder({"palm-2", "gpt-3.5-turbo", "gpt-4"});
    builder.signal("complexity", score)
        .measure("chars", TextMeasure::Chars)
        .keywords("expert words", std::move(keywords))
        .contains("asks", "?")
        .rule("hard", when("complexity", CompareOp::Gt, 6), call("gpt-4"))
        .rule("medium", when("complexity", CompareOp::Gt, 3), call("gpt-3.5-turbo"));
    return builder;
}

/// Prose of English-like letter frequencies.
std::string prose(Random& random, std::size_t bytes, bool mayAsk)
{
    static constexpr std::string_view kLetters =
        "eeeeeeeeeeeettttttttaaaaaaaaooooooooiiiiiiinnnnnnnsssssshhhhhhrrrrrrddddlllluuucccmmmwwffg"
        "gyyppbvk";
    std::string text;
    while (text.size() < bytes) {
        for (std::uint64_t length = 1 + random.below(9); length > 0; --length)
            text += kLetters[random.below(kLetters.size())];
        if (mayAsk && random.chance(0.02))
            text += " " + kExpertWords[random.below(kExpertWords.size())];
        text += random.chance(0.1) ? (mayAsk && random.chance(0.3) ? "? " : ". ") : " ";
    }
    text.resize(bytes);
    return text;
}

std::vector<Request> promptsOf(std::size_t bytes)
{
    Random random(7, "sized");
    std::vector<Request> prompts;
    for (int i = 0; i < 64; ++i)
        prompts.push_back(ask(prose(random, bytes, false)));
    return prompts;
}

/// Lengths as in a log: log-normal, median 180 bytes, up to 50,000.
std::vector<Request> mixedPrompts()
{
    Random random(7, "mixed");
    std::vector<Request> prompts;
    for (int i = 0; i < 2'000; ++i)
        prompts.push_back(ask(
            prose(random,
                  static_cast<std::size_t>(std::clamp(random.logNormal(180, 1.15), 12.0, 50'000.0)),
                  true)));
    return prompts;
}

/// The seed team's rule, written as one would at first.
int plainDecision(std::string_view prompt, const std::vector<std::string>& keywords)
{
    std::string lower(prompt);
    for (char& c : lower)
        c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    int score = 1;
    std::size_t length = 0;
    for (const char c : prompt)
        length += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    score += length > 200 ? 2 : 0;
    score += length > 500 ? 2 : 0;
    for (const std::string& word : keywords) {
        if (lower.find(word) != std::string::npos) {
            score += 3;
            break;
        }
    }
    score += prompt.find('?') == std::string_view::npos ? 1 : 0;
    score = std::min(score, 10);
    return score > 6 ? 2 : score > 3 ? 1 : 0;
}

CompiledPolicy compiled(const PolicyDocument& document)
{
    auto policy = CompiledPolicy::compile(document);
    if (!policy)
        std::abort();
    return std::move(*policy);
}

void ours(benchmark::State& state, const std::vector<Request>& prompts,
          const std::vector<std::string>& keywords)
{
    const CompiledPolicy policy = compiled(policyWith(keywords));
    CompiledPolicy::Scratch scratch(policy);
    for (const Request& prompt : prompts) {
        if (policy.decide(prompt, scratch).firstModel !=
            plainDecision(prompt.messages[0].text, keywords))
            return state.SkipWithError("the two disagree");
    }
    for (auto _ : state) {
        for (const Request& prompt : prompts)
            benchmark::DoNotOptimize(policy.decide(prompt, scratch));
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(prompts.size()));
}

void plain(benchmark::State& state, const std::vector<Request>& prompts,
           const std::vector<std::string>& keywords)
{
    for (auto _ : state) {
        for (const Request& prompt : prompts)
            benchmark::DoNotOptimize(plainDecision(prompt.messages[0].text, keywords));
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(prompts.size()));
}

/// Twenty rules of three comparisons over extracted numbers, of which only the last one holds.
void routing(benchmark::State& state)
{
    PolicyBuilder builder({"a", "b"});
    for (int i = 0; i < 8; ++i)
        builder.metadata("n" + std::to_string(i), ValueType::Number);
    for (int i = 0; i < 20; ++i)
        builder.rule(
            "r" + std::to_string(i),
            allOf({when("n" + std::to_string(i % 8), CompareOp::Gt, i == 19 ? -1 : 1000 - i),
                   when("n" + std::to_string((i + 1) % 8), CompareOp::Lt, 1000),
                   when("n" + std::to_string((i + 2) % 8), CompareOp::Gt, -1)}),
            call("b"));
    const CompiledPolicy policy = compiled(builder);
    std::vector<SignalSlot> values;
    for (int i = 0; i < 8; ++i)
        values.push_back(SignalSlot::ofNumber(i));
    const RoutingKeys keys = {"request", "conversation", "user", {}};
    for (auto _ : state)
        benchmark::DoNotOptimize(policy.route(values, keys));
    state.SetItemsProcessed(state.iterations());
}

/// One request of a plan: a bare call, and the incident's chain with its retry.
void simulation(benchmark::State& state, const Plan& plan)
{
    Random random(7, "latency");
    std::vector<SimulatedAttempt> courses;
    for (int i = 0; i < 4'096; ++i) {
        const double ms = random.logNormal(500, 0.53);
        courses.push_back({std::nullopt, ms, ms + 500});
    }
    std::size_t at = 0;
    const AttemptSource source = [&](const AttemptAsked& asked) {
        const int nth = asked.nth;
        SimulatedAttempt course = courses[at++ % courses.size()];
        if (nth == 0 && at % 12 == 0)
            course.failure = AttemptFailure::RateLimit;
        return course;
    };
    PlanSimulator simulator(plan);
    for (auto _ : state)
        benchmark::DoNotOptimize(simulator.run(source).firstTokenMs);
    state.SetItemsProcessed(state.iterations());
}

} // namespace

int main(int argc, char** argv)
{
    for (const std::size_t bytes : {50, 500, 5000}) {
        const std::string name = "/decision/" + std::to_string(bytes) + "B";
        const std::vector<Request> prompts = promptsOf(bytes);
        benchmark::RegisterBenchmark(("ours" + name).c_str(), ours, prompts, kExpertWords);
        benchmark::RegisterBenchmark(("plain" + name).c_str(), plain, prompts, kExpertWords);
    }
    const std::vector<Request> mixed = mixedPrompts();
    benchmark::RegisterBenchmark("ours/decision/mixed", ours, mixed, kExpertWords);
    benchmark::RegisterBenchmark("plain/decision/mixed", plain, mixed, kExpertWords);
    benchmark::RegisterBenchmark("ours/100 keywords/500B", ours, promptsOf(500), hundredWords());
    benchmark::RegisterBenchmark("plain/100 keywords/500B", plain, promptsOf(500), hundredWords());
    benchmark::RegisterBenchmark("ours/route/20 rules", routing);
    const Plan bare = call("palm-2");
    const Plan chained =
        chain({call("palm-2", {500, {}, {1, 3500, 2}}), call("gpt-4")}, 8000, ChainMode::Hedge);
    benchmark::RegisterBenchmark("ours/simulate/call", simulation, bare);
    benchmark::RegisterBenchmark("ours/simulate/hedge", simulation, chained);
    return bench::runAll(argc, argv);
}
