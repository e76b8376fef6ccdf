// SPDX-License-Identifier: GPL-3.0-or-later
// A million requests decided by ten rules of two comparisons, eight models, over signals that are
// read already: ours by the columns that a projection keeps, "plain" by asking the policy for one
// request after the other, "limit" by a loop that knows the rules when it is compiled for this very
// processor: bytes, no missing values, nothing else that a policy has. Nanoseconds per request;
// 0.3 are 0.3 ms for the million. Seed 7. One thread.

#include "limit_columns.h"
#include "line_reporter.h"

#include <core/base/random.h>
#include <core/routing/column_decider.h>
#include <tests/support/policy_builder.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

using namespace signalbox;
using namespace signalbox::test;

namespace {

constexpr std::size_t kRows = 1'000'000;
constexpr std::size_t kSignals = 8;
constexpr std::size_t kRules = 10;
constexpr std::size_t kModels = 8;

struct TwoLimits
{
    std::size_t signalA = 0;
    std::size_t signalB = 0;
    std::uint8_t aboveA = 0;
    std::uint8_t aboveB = 0;
    std::uint8_t model = 0;
};

std::vector<TwoLimits> rules()
{
    Random random(7, "rules");
    std::vector<TwoLimits> made;
    for (std::size_t i = 0; i < kRules; ++i)
        made.push_back({random.below(kSignals), random.below(kSignals),
                        static_cast<std::uint8_t>(130 + random.below(100)),
                        static_cast<std::uint8_t>(100 + random.below(100)),
                        static_cast<std::uint8_t>(random.below(kModels))});
    return made;
}

/// Values from 0 to 255, each signal's times a step of its own, some missing with `gaps`.
struct World
{
    std::array<std::vector<std::uint8_t>, kSignals> bytes;
    std::vector<CodedColumn> columns;
    std::vector<const CodedColumn*> list;

    explicit World(double gaps, std::uint64_t steps)
    {
        Random random(7, "values");
        for (auto& column : bytes) {
            ColumnBuilder builder;
            for (std::size_t row = 0; row < kRows; ++row) {
                column.push_back(static_cast<std::uint8_t>(random.below(256)));
                const double value = column.back() + static_cast<double>(random.below(steps)) /
                                                         static_cast<double>(steps);
                builder.add(random.chance(gaps) ? SignalSlot() : SignalSlot::ofNumber(value));
            }
            const ColumnBuilder* const parts[] = {&builder};
            columns.push_back(ColumnBuilder::joined(parts));
        }
        for (const CodedColumn& column : columns)
            list.push_back(&column);
    }
};

CompiledPolicy compiled()
{
    PolicyBuilder builder({"m0"});
    for (std::size_t i = 1; i < kModels; ++i)
        builder.model('m' + std::to_string(i), 1, 2);
    for (std::size_t i = 0; i < kSignals; ++i)
        builder.metadata("s" + std::to_string(i), ValueType::Number);
    int number = 0;
    for (const TwoLimits& rule : rules())
        builder.rule("r" + std::to_string(number++),
                     allOf({when("s" + std::to_string(rule.signalA), CompareOp::Gt, rule.aboveA),
                            when("s" + std::to_string(rule.signalB), CompareOp::Gt, rule.aboveB)}),
                     call("m" + std::to_string(rule.model)));
    builder.otherwise(call("m7"));
    auto policy = CompiledPolicy::compile(builder);
    if (!policy) {
        std::fprintf(stderr, "%s\n", toString(policy.error()).c_str());
        std::abort();
    }
    return std::move(*policy);
}

void setItems(benchmark::State& state)
{
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kRows));
}

void ours(benchmark::State& state, const World& world, Vectors vectors)
{
    const CompiledPolicy policy = compiled();
    const ColumnDecider decider(policy, world.list, nullptr, vectors);
    std::vector<ColumnDecider::Claim> claims(kRows);
    std::vector<SignalSlot> values(kSignals);
    decider.claim(0, claims);
    for (std::size_t row = 0; row < kRows; row += 97) {
        for (std::size_t i = 0; i < kSignals; ++i)
            values[i] = world.columns[i].at(row);
        if (decider.decisionOf(claims[row], {}).plan != policy.route(values, {}).plan)
            return state.SkipWithError("the two disagree");
    }
    for (auto _ : state) {
        decider.claim(0, claims);
        benchmark::DoNotOptimize(claims.data());
    }
    setItems(state);
}

/// With the making of it, as when a limit is dragged.
void oursAnew(benchmark::State& state, const World& world)
{
    const CompiledPolicy policy = compiled();
    std::vector<ColumnDecider::Claim> claims(kRows);
    for (auto _ : state) {
        ColumnDecider(policy, world.list).claim(0, claims);
        benchmark::DoNotOptimize(claims.data());
    }
    setItems(state);
}

void plain(benchmark::State& state, const World& world)
{
    const CompiledPolicy policy = compiled();
    std::vector<SignalSlot> values(kSignals);
    for (auto _ : state) {
        for (std::size_t row = 0; row < kRows; ++row) {
            for (std::size_t i = 0; i < kSignals; ++i)
                values[i] = world.columns[i].at(row);
            benchmark::DoNotOptimize(policy.route(values, {}).firstModel);
        }
    }
    setItems(state);
}

void limit(benchmark::State& state, const World& world)
{
    const std::vector<TwoLimits> all = rules();
    alignas(64) std::array<std::uint8_t, 4096> models{};
    for (auto _ : state) {
        for (std::size_t row = 0; row + models.size() <= kRows; row += models.size()) {
            models.fill(kModels - 1);
            for (std::size_t i = all.size(); i-- > 0;)
                bench::takeWhereAbove(models.data(), world.bytes[all[i].signalA].data() + row,
                                      all[i].aboveA, world.bytes[all[i].signalB].data() + row,
                                      all[i].aboveB, all[i].model, models.size());
            benchmark::DoNotOptimize(models.data());
        }
    }
    setItems(state);
}

} // namespace

int main(int argc, char** argv)
{
    const World bytes(0, 1);
    const World gaps(0.05, 1);
    const World words(0.05, 64);
    const std::string name = "/columns/10 rules to 8 models";
    const auto best = bestVectors();
    benchmark::RegisterBenchmark(("limit" + name).c_str(), limit, std::cref(bytes));
    benchmark::RegisterBenchmark(("ours" + name).c_str(), ours, std::cref(bytes), best);
    benchmark::RegisterBenchmark(("plain" + name).c_str(), plain, std::cref(bytes));
    benchmark::RegisterBenchmark(("ours" + name + " made anew").c_str(), oursAnew,
                                 std::cref(bytes));
    benchmark::RegisterBenchmark(("ours" + name + " with gaps").c_str(), ours, std::cref(gaps),
                                 best);
    benchmark::RegisterBenchmark(("ours" + name + " of 16000 values").c_str(), ours,
                                 std::cref(words), best);
    for (const auto& [set, kind] :
         {std::pair(Vectors::Baseline, " without AVX"), std::pair(Vectors::Avx2, " with AVX2")}) {
        if (canUse(set))
            benchmark::RegisterBenchmark(("ours" + name + kind).c_str(), ours, std::cref(bytes),
                                         set);
    }
    return bench::runAll(argc, argv);
}
