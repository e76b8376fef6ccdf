// SPDX-License-Identifier: GPL-3.0-or-later
// Nanoseconds per decision of a compiled policy like the sample's (the seed team's score, two
// rules, plans with a fallback) on generated prompts, beside the same rule in CPython as the seed
// team has it, in plain C++ with std::string::find, and with one Vectorscan pass for what is looked
// for. Sized prompts hold no keyword and no question mark: the whole text has to be read. Seed 7.
// Also: a hundred keywords, ten expressions, routing over extracted values, and one simulated
// request of a plan.
//
// usage: bench_decision [PROMPTS] [--benchmark_…]   PROMPTS: a file of one prompt a line, to be
// decided beside the generated ones.

#include "line_reporter.h"

#include <core/base/random.h>
#include <core/base/utf8.h>
#include <core/routing/attempt_machine.h>
#include <core/routing/compiled_policy.h>
#include <tests/support/policy_builder.h>

#ifdef SIGNALBOX_HAS_VECTORSCAN
#include "vectorscan_pass.h"
#endif

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <vector>

namespace {

long allocations = 0; // of this one thread

} // namespace

void* operator new(std::size_t size)
{
    ++allocations;
    if (void* memory = std::malloc(size == 0 ? 1 : size))
        return memory;
    throw std::bad_alloc();
}
void operator delete(void* memory) noexcept
{
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept
{
    std::free(memory);
}

using namespace signalbox;
using namespace signalbox::test;

namespace {

/// What the rules look for; some of the prompts have one.
const std::vector<std::string>& expertWords()
{
    static const std::vector<std::string> words = {"legal", "medical", "code", "math"};
    return words;
}

/// Letters as frequent as in English.
constexpr std::string_view kLetters =
    "eeeeeeeeeeeettttttttaaaaaaaaooooooooiiiiiiinnnnnnnsssssshhhhhhrrrrrrddddlllluuucccmmmwwffg"
    "gyyppbvk";

/// Words that start like those of the prompts, and are in none.
std::vector<std::string> hundredWords()
{
    std::vector<std::string> words;
    Random random(7, "words");
    while (words.size() < 100) {
        std::string word;
        for (std::uint64_t length = 4 + random.below(7); length > 0; --length)
            word += kLetters[random.below(kLetters.size())];
        words.push_back(word + "zq");
    }
    return words;
}

/// What routers look for beside words; in no generated prompt.
std::vector<std::string> tenExpressions()
{
    return {
        "[0-9]{3}-[0-9]{2}-[0-9]{4}",             // a social security number
        "[A-Za-z0-9._-]+@[A-Za-z0-9-]+\\.[a-z]+", // a mail address
        "https?://[^ ]+",                         // a link
        "(?:def|class|function) [A-Za-z_]+ ?\\(", // code
        "SELECT [^;]+ FROM",                      // SQL
        "[0-9]+(?:\\.[0-9]+)? ?(?:USD|EUR|GBP)",  // an amount
        "^(?:Translate|Summari[sz]e) ",           // an order
        "step[ -]by[ -]step",                     // a wish for reasons
        "[A-Z]{2,5}-[0-9]+",                      // a ticket
        "[{] *\"[a-z_]+\" *:",                    // JSON
    };
}

/// The seed team's rules, after one for the expressions, each to a plan with a fallback.
PolicyDocument policyWith(std::vector<std::string> keywords,
                          const std::vector<std::string>& expressions = {})
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
        .contains("asks", "?");
    std::vector<Condition> anyExpression;
    for (const std::string& expression : expressions) {
        const std::string id = "expression " + std::to_string(anyExpression.size());
        builder.regex(id, expression);
        anyExpression.push_back(when(id));
    }
    const Plan dear = chain({call("gpt-4", {4000, {}, {}}), call("gpt-3.5-turbo")}, 9000);
    if (!anyExpression.empty())
        builder.rule("form", anyOf(std::move(anyExpression)), dear);
    builder.rule("hard", when("complexity", CompareOp::Gt, 6), dear)
        .rule("medium", when("complexity", CompareOp::Gt, 3),
              chain({call("gpt-3.5-turbo"), call("palm-2")}));
    return builder;
}

/// Prose of English-like letter frequencies.
std::string prose(Random& random, std::size_t bytes, bool mayAsk)
{
    std::string text;
    while (text.size() < bytes) {
        for (std::uint64_t length = 1 + random.below(9); length > 0; --length)
            text += kLetters[random.below(kLetters.size())];
        if (mayAsk && random.chance(0.02))
            text += " " + expertWords()[random.below(expertWords().size())];
        text += random.chance(0.1) ? (mayAsk && random.chance(0.3) ? "? " : ". ") : " ";
    }
    text.resize(bytes);
    return text;
}

/// Prompts and what is looked for in them, as a policy and for the peers.
struct Job
{
    std::string name;
    std::vector<Request> prompts;
    std::vector<std::string> keywords;
    std::vector<std::string> expressions;
};

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

std::vector<Request> promptsIn(const char* path)
{
    std::vector<Request> prompts;
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);)
        prompts.push_back(ask(line));
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
    if (!policy) {
        std::fprintf(stderr, "%s\n", toString(policy.error()).c_str());
        std::abort();
    }
    return std::move(*policy);
}

void setItems(benchmark::State& state, const Job& job)
{
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(job.prompts.size()));
}

long sumOfModels(const Job& job)
{
    const CompiledPolicy policy = compiled(policyWith(job.keywords, job.expressions));
    CompiledPolicy::Scratch scratch(policy);
    long sum = 0;
    for (const Request& prompt : job.prompts)
        sum += policy.decide(prompt, scratch).firstModel;
    return sum;
}

void ours(benchmark::State& state, const Job& job)
{
    const CompiledPolicy policy = compiled(policyWith(job.keywords, job.expressions));
    CompiledPolicy::Scratch scratch(policy);
    for (const Request& prompt : job.prompts) {
        const int model = policy.decide(prompt, scratch).firstModel;
        if (job.expressions.empty() &&
            model != plainDecision(prompt.messages[0].text, job.keywords))
            return state.SkipWithError("the two disagree");
    }
    const long before = allocations;
    for (const Request& prompt : job.prompts)
        benchmark::DoNotOptimize(policy.decide(prompt, scratch));
    state.counters["allocations"] = static_cast<double>(allocations - before);
    for (auto _ : state) {
        for (const Request& prompt : job.prompts)
            benchmark::DoNotOptimize(policy.decide(prompt, scratch));
    }
    setItems(state, job);
}

void plain(benchmark::State& state, const Job& job)
{
    for (auto _ : state) {
        for (const Request& prompt : job.prompts)
            benchmark::DoNotOptimize(plainDecision(prompt.messages[0].text, job.keywords));
    }
    setItems(state, job);
}

/// Runs seed_decision.py, which measures itself; nothing is said where there is no Python.
void python(benchmark::State& state, const Job& job)
{
    namespace fs = std::filesystem;
    const fs::path folder =
        fs::temp_directory_path() / ("bench_decision." + std::to_string(getpid()));
    fs::create_directories(folder);
    std::string command = "exec python3 '" SIGNALBOX_SEED_DECISION "'";
    const auto give = [&](const char* name, const auto& lines, auto textOf) {
        std::ofstream file(folder / name);
        for (const auto& line : lines)
            file << textOf(line) << '\n';
        command += " '" + (folder / name).string() + '\'';
    };
    const auto same = [](const std::string& text) { return std::string_view(text); };
    give("words", job.keywords, same);
    give("expressions", job.expressions, same);
    give("prompts", job.prompts,
         [](const Request& r) { return std::string_view(r.messages[0].text); });
    double ns = 0;
    double sum = -1;
    for (auto _ : state) {
        FILE* const output = popen(command.c_str(), "r");
        if (!output || std::fscanf(output, "python,ns,%lf python,sum,%lf", &ns, &sum) != 2)
            state.SkipWithError("no answer from Python");
        if (output)
            pclose(output);
        state.SetIterationTime(ns * 1e-9 * static_cast<double>(job.prompts.size()));
    }
    if (sum != static_cast<double>(sumOfModels(job)))
        state.SkipWithError("the two disagree");
    fs::remove_all(folder);
    setItems(state, job);
}

#ifdef SIGNALBOX_HAS_VECTORSCAN
/// The same decision around one pass of Vectorscan: no policy, no signals, no plan.
void vectorscan(benchmark::State& state, const Job& job)
{
    const bench::VectorscanPass pass(job.keywords, job.expressions);
    const auto decide = [&](std::string_view text) {
        const auto found = pass.scan(text);
        const bool isLong = text.size() > 200;
        const std::size_t length =
            isLong && text.size() <= 2000 ? codePointCount(text) : text.size();
        const bool asks = std::memchr(text.data(), '?', text.size()) != nullptr;
        const int score = 1 + (length > 200 ? 2 : 0) + (length > 500 ? 2 : 0) +
                          (found.keyword ? 3 : 0) + (asks ? 0 : 1);
        return found.expression || score > 6 ? 2 : score > 3 ? 1 : 0;
    };
    long sum = 0;
    for (const Request& prompt : job.prompts)
        sum += decide(prompt.messages[0].text);
    if (sum != sumOfModels(job))
        return state.SkipWithError("the two disagree");
    for (auto _ : state) {
        for (const Request& prompt : job.prompts)
            benchmark::DoNotOptimize(decide(prompt.messages[0].text));
    }
    setItems(state, job);
}
#endif

void addJob(const Job& job)
{
    const std::string name = '/' + job.name;
    benchmark::RegisterBenchmark(("ours" + name).c_str(), ours, job);
    if (job.expressions.empty())
        benchmark::RegisterBenchmark(("plain" + name).c_str(), plain, job);
    benchmark::RegisterBenchmark(("python" + name).c_str(), python, job)
        ->Iterations(1)
        ->UseManualTime();
#ifdef SIGNALBOX_HAS_VECTORSCAN
    benchmark::RegisterBenchmark(("vectorscan" + name).c_str(), vectorscan, job);
#endif
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
    for (const std::size_t bytes : {50, 500, 5000})
        addJob({"decision/" + std::to_string(bytes) + 'B', promptsOf(bytes), expertWords(), {}});
    addJob({"decision/mixed", mixedPrompts(), expertWords(), {}});
    if (argc > 1 && argv[1][0] != '-') {
        addJob({"decision/file", promptsIn(argv[1]), expertWords(), {}});
        addJob({"decision/file with 10 expressions", promptsIn(argv[1]), expertWords(),
                tenExpressions()});
        std::rotate(argv + 1, argv + 2, argv + argc--);
    }
    addJob({"100 keywords/500B", promptsOf(500), hundredWords(), {}});
    addJob(
        {"100 keywords and 10 expressions/500B", promptsOf(500), hundredWords(), tenExpressions()});
    benchmark::RegisterBenchmark("ours/route/20 rules", routing);
    const Plan bare = call("palm-2");
    const Plan chained =
        chain({call("palm-2", {500, {}, {1, 3500, 2}}), call("gpt-4")}, 8000, ChainMode::Hedge);
    benchmark::RegisterBenchmark("ours/simulate/call", simulation, bare);
    benchmark::RegisterBenchmark("ours/simulate/hedge", simulation, chained);
    return bench::runAll(argc, argv);
}
