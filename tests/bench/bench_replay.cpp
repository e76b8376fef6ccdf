// SPDX-License-Identifier: GPL-3.0-or-later
// What the replay of a decided policy costs, from 10^4 to 10^7 requests: full replays, a dragged
// threshold, sweeps, arbitrary policies, the bootstrap. Beside it in the same run: "limit", a loop
// that knows the policy when it is compiled for this very processor, and numpy, pandas and DuckDB
// as far as Python has them (plain_replay.py). Three models and two thresholds over one score, as
// the peers replay it; then ten rules over eight models, decided anew each time. Best of several
// runs for all of them: the machine may be busy. Seed 7.
//
//     bench_replay [ROWS…]      1,000,000 if none is named; PYTHON names the interpreter

#include "limit_replay.h"

#include <core/base/random.h>
#include <core/replay/cluster_bootstrap.h>
#include <core/replay/row_replay.h>
#include <core/replay/threshold_sweep.h>
#include <core/routing/column_decider.h>
#include <tests/support/policy_builder.h>

#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

using namespace signalbox;
using namespace signalbox::test;
using namespace signalbox::bench;

namespace {

constexpr std::size_t kModels = 3;
constexpr std::size_t kManyModels = 8;
constexpr std::size_t kSignals = 8;
constexpr std::size_t kPositions = 1000;
constexpr float kLow = 0.35F;
constexpr float kHigh = 0.62F;

std::map<std::string, double> g_values;

void say(const std::string& name, const std::string& metric, double value)
{
    std::printf("%s,%s,%.4f\n", name.c_str(), metric.c_str(), value);
    std::fflush(stdout);
    g_values[name + "," + metric] = value;
}

double msOf(const std::function<void()>& work)
{
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
        .count();
}

double processorMs()
{
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) * 1e-6;
}

/// Wall and processor time (of all threads) of what is too long to be run several times.
/// @param scale  how many times as much the figure is about
void sayLong(const std::string& name, const std::string& metric, double scale,
             const std::function<void()>& work)
{
    const double before = processorMs();
    const double wall = msOf(work);
    say(name, metric, wall * scale);
    say(name, metric + "_processor", (processorMs() - before) * scale);
}

double bestMs(int runs, const std::function<void()>& work)
{
    double best = msOf(work);
    for (int run = 1; run < runs; ++run)
        best = std::min(best, msOf(work));
    return best;
}

class Bench
{
public:
    Bench(std::string folder, std::size_t rows)
        : m_folder(std::move(folder)), m_rows(rows), m_runs(rows <= 1'000'000 ? 25 : 7)
    {}

    void run()
    {
        read();
        packThree();
        timeLimit();
        timeReplay();
        timeDrag();
        timeSweep();
        timeBootstrap();
        m_packed = PackedRows();
        timeRules();
    }

private:
    std::string m_folder;
    std::size_t m_rows;
    int m_runs;
    LimitColumns m_limit;
    std::vector<std::uint32_t> m_conversation;
    std::vector<std::uint16_t> m_segment;
    PackedRows m_packed;
    NoticeabilityTable m_noticeability;
    std::vector<std::uint32_t> m_keys;
    std::vector<std::vector<std::uint8_t>> m_arms;

    template<class Value> [[nodiscard]] std::vector<Value> column(const std::string& name) const
    {
        std::vector<Value> values(m_rows);
        std::FILE* const file = std::fopen((m_folder + '/' + name).c_str(), "rb");
        if (!file || std::fread(values.data(), sizeof(Value), m_rows, file) != m_rows) {
            std::fprintf(stderr, "cannot read %s\n", name.c_str());
            std::exit(1);
        }
        std::fclose(file);
        return values;
    }

    [[nodiscard]] std::string metric(const char* name, const char* unit = "ms") const
    {
        return std::string(name) + '_' + std::to_string(m_rows) + '_' + unit;
    }

    void read()
    {
        m_limit.score = column<float>("score");
        for (std::size_t k = 0; k < kModels; ++k) {
            const std::string number = std::to_string(k);
            m_limit.cost[k] = column<float>("cost" + number);
            m_limit.quality[k] = column<float>("quality" + number);
            m_limit.latency[k] = column<float>("latency" + number);
        }
        m_conversation = column<std::uint32_t>("conversation");
        m_segment = column<std::uint16_t>("segment");
    }

    void packThree()
    {
        std::array<std::vector<std::int64_t>, kModels> cost;
        std::array<std::vector<double>, kModels> quality;
        std::vector<ChoiceColumns> choices;
        for (std::size_t k = 0; k < kModels; ++k) {
            for (const float usd : m_limit.cost[k])
                cost[k].push_back(std::llround(static_cast<double>(usd) * 1e9) * 1000);
            quality[k].assign(m_limit.quality[k].begin(), m_limit.quality[k].end());
            choices.push_back({cost[k], quality[k], m_limit.latency[k]});
        }
        RowColumns columns;
        columns.conversationOf = m_conversation;
        columns.segmentOf = m_segment;
        columns.choices = choices;
        say("ours", metric("pack"),
            msOf([&] { m_packed = std::move(*PackedRows::pack(columns)); }));
        say("ours", metric("packed_bytes_per", "row"), bytesPerRow(m_packed.byteCount()));
        m_noticeability = NoticeabilityTable(kModels);
        m_noticeability.set(0, 1, 0.15);
        m_noticeability.set(0, 2, 0.65);
        m_noticeability.set(1, 2, 0.4);
        for (const float score : m_limit.score)
            m_keys.push_back(keyOf(score));
        for (std::size_t k = 0; k < kModels; ++k)
            m_arms.emplace_back(m_rows, static_cast<std::uint8_t>(k));
    }

    [[nodiscard]] double bytesPerRow(std::size_t bytes) const
    {
        return static_cast<double>(bytes) / static_cast<double>(m_rows);
    }

    void timeLimit()
    {
        std::vector<float> taken;
        LimitResult result;
        say("limit", metric("replay"),
            bestMs(m_runs, [&] { result = limitReplay(m_limit, kLow, kHigh, taken); }));
        std::fprintf(stderr, "# limit %zu %.9g %.9g %.9g\n", m_rows, result.cost, result.quality,
                     static_cast<double>(result.p95));
    }

    void timeReplay()
    {
        const float* const score = m_limit.score.data();
        const RowReplay::Decide decide = [score](std::size_t row, std::span<std::uint8_t> to) {
            for (std::size_t i = 0; i < to.size(); ++i)
                to[i] = static_cast<std::uint8_t>((score[row + i] > kLow ? 1 : 0) +
                                                  (score[row + i] > kHigh ? 1 : 0));
        };
        ReplayQuestion seams;
        seams.noticeability = &m_noticeability;
        ReplayQuestion all = seams;
        all.perSlice = true;
        ReplayAnswer answer;
        for (const unsigned threads : {1U, 2U}) {
            RowReplay replay(m_packed, threads);
            const std::string name = threads == 1 ? "ours" : "ours_2t";
            say(name, metric("replay"), bestMs(m_runs, [&] { answer = replay.replay(decide); }));
            say(name, metric("replay_seams"),
                bestMs(m_runs, [&] { answer = replay.replay(decide, seams); }));
            say(name, metric("replay_seams_tables"),
                bestMs(m_runs, [&] { answer = replay.replay(decide, all); }));
        }
        for (const auto& [vectors, name] : {std::pair(Vectors::Baseline, "ours_without_avx"),
                                            std::pair(Vectors::Avx2, "ours_avx2")}) {
            if (!canUse(vectors))
                continue;
            RowReplay replay(m_packed, 1, vectors);
            say(name, metric("replay"), bestMs(m_runs, [&] { answer = replay.replay(decide); }));
        }
        std::fprintf(stderr, "# ours %zu %.9g %.9g %.9g C %.9g\n", m_rows,
                     static_cast<double>(answer.total.costPico) * 1e-12, answer.total.meanQuality(),
                     static_cast<double>(answer.total.latencyP95Ms),
                     RowReplay(m_packed).replay(decide, seams).total.consistency());
    }

    /// One threshold, the other fixed: rows above it stay with the third model.
    void timeDrag()
    {
        std::vector<std::uint8_t> above(m_rows);
        for (std::size_t row = 0; row < m_rows; ++row)
            above[row] = m_limit.score[row] > kHigh ? 2 : 1;
        std::vector<std::uint8_t> below(m_rows);
        for (std::size_t row = 0; row < m_rows; ++row)
            below[row] = m_limit.score[row] > kHigh ? 2 : 0;
        const ThresholdLadder ladder = {m_keys, {below, above}};
        say("ours", metric("drag_build"),
            bestMs(5, [&] { const ThresholdIndex index(m_packed, ladder); }));
        say("ours", metric("drag_build_seams"),
            bestMs(5, [&] { const ThresholdIndex index(m_packed, ladder, &m_noticeability); }));
        for (const bool withSeams : {false, true}) {
            const ThresholdIndex index(m_packed, ladder, withSeams ? &m_noticeability : nullptr);
            double sum = 0;
            const double ms = bestMs(m_runs, [&] {
                for (std::size_t i = 0; i < kPositions; ++i)
                    sum += index.at(keyOf(0.6F * static_cast<float>(i) / kPositions)).meanCostUsd();
            });
            say("ours", metric(withSeams ? "drag_position_seams" : "drag_position", "us"),
                ms * 1e3 / kPositions);
            if (withSeams) {
                say("ours", metric("drag_index_bytes_per", "row"), bytesPerRow(index.byteCount()));
                const std::uint32_t cut = keyOf(kLow);
                say("ours", metric("drag_exact_p95"), bestMs(5, [&] {
                        sum += static_cast<double>(index.exactP95(std::span(&cut, 1)));
                    }));
                check(index, cut);
            }
        }
    }

    void check(const ThresholdIndex& index, std::uint32_t cut)
    {
        ReplayQuestion question;
        question.noticeability = &m_noticeability;
        const ReplayTotals full =
            RowReplay(m_packed).replay(index.choicesAt(std::span(&cut, 1)), question).total;
        if (!index.at(cut).hasSumsOf(full))
            say("ours", "drag_differs_from_full_replay", 1);
    }

    /// The peers' thousand positions of two cuts.
    void timeSweep()
    {
        std::vector<std::uint32_t> positions;
        for (std::size_t i = 0; i < kPositions; ++i) {
            const float low = 0.02F + 0.58F * static_cast<float>(i / 32) / 31;
            positions.push_back(keyOf(low));
            positions.push_back(keyOf(low + 0.01F + 0.37F * static_cast<float>(i % 32) / 31));
        }
        ThresholdLadder ladder = {m_keys, {}};
        for (const auto& arm : m_arms)
            ladder.arms.emplace_back(arm);
        std::optional<ThresholdIndex> index;
        say("ours", metric("sweep_build"), bestMs(3, [&] { index.emplace(m_packed, ladder); }));
        SweepOptions options;
        std::size_t swept = 0;
        say("ours", metric("sweep1000"),
            bestMs(m_runs, [&] { swept += sweepThresholds(*index, positions, options).size(); }));
        options.noticeability = &m_noticeability;
        say("ours", metric("sweep1000_seams"),
            bestMs(5, [&] { swept += sweepThresholds(*index, positions, options).size(); }));
        options.threads = 2;
        say("ours_2t", metric("sweep1000_seams"),
            bestMs(5, [&] { swept += sweepThresholds(*index, positions, options).size(); }));
    }

    void timeBootstrap()
    {
        std::vector<std::uint8_t> choices(m_rows);
        for (std::size_t row = 0; row < m_rows; ++row)
            choices[row] = static_cast<std::uint8_t>((m_limit.score[row] > kLow ? 1 : 0) +
                                                     (m_limit.score[row] > kHigh ? 1 : 0));
        std::optional<ClusterBootstrap> bootstrap;
        say("ours", metric("bootstrap_build"),
            msOf([&] { bootstrap.emplace(m_packed, choices, &m_noticeability); }));
        BootstrapOptions options;
        options.draws = m_rows <= 1'000'000 ? 2000 : 200;
        for (const unsigned threads : {1U, 2U}) {
            options.threads = threads;
            double firstMs = 0;
            const auto start = std::chrono::steady_clock::now();
            const std::string name = threads == 1 ? "ours" : "ours_2t";
            sayLong(
                name, metric("bootstrap2000"), 2000.0 / static_cast<double>(options.draws), [&] {
                    bootstrap->run(options, [&](std::size_t, std::span<const ResampledNumbers>) {
                        if (firstMs == 0)
                            firstMs = std::chrono::duration<double, std::milli>(
                                          std::chrono::steady_clock::now() - start)
                                          .count();
                    });
                });
            say(name, metric("bootstrap_first"), firstMs);
        }
        say("ours", metric("conversations", "count"),
            static_cast<double>(m_packed.conversationCount()));
    }

    /// Ten rules of two comparisons over eight signals decide among eight models, priced by tokens.
    void timeRules()
    {
        const auto input = column<std::uint32_t>("input");
        const auto output = column<std::uint32_t>("output");
        std::vector<TokenPrice> prices;
        std::vector<ChoiceColumns> choices;
        std::array<std::vector<double>, kModels> quality;
        for (std::size_t k = 0; k < kModels; ++k)
            quality[k].assign(m_limit.quality[k].begin(), m_limit.quality[k].end());
        NoticeabilityTable noticeability(kManyModels);
        for (std::size_t k = 0; k < kManyModels; ++k) {
            prices.push_back({static_cast<std::int64_t>(150'000 + 500'000 * k),
                              static_cast<std::int64_t>(600'000 + 2'000'000 * k)});
            choices.push_back({{}, quality[k % kModels], m_limit.latency[k % kModels]});
            for (std::size_t other = 0; other < k; ++other)
                noticeability.set(k, other, 0.1 * static_cast<double>(k));
        }
        RowColumns columns;
        columns.conversationOf = m_conversation;
        columns.segmentOf = m_segment;
        columns.inputTokens = input;
        columns.outputTokens = output;
        columns.prices = prices;
        columns.choices = choices;
        const PackedRows packed = std::move(*PackedRows::pack(columns));
        say("ours", metric("packed8_bytes_per", "row"), bytesPerRow(packed.byteCount()));

        std::vector<CodedColumn> coded;
        std::vector<const CodedColumn*> list;
        Random random(7, "values");
        for (std::size_t s = 0; s < kSignals; ++s) {
            ColumnBuilder builder;
            for (std::size_t row = 0; row < m_rows; ++row)
                builder.add(SignalSlot::ofNumber(static_cast<double>(random.below(256))));
            const ColumnBuilder* const parts[] = {&builder};
            coded.push_back(ColumnBuilder::joined(parts));
        }
        for (const CodedColumn& one : coded)
            list.push_back(&one);
        const auto policies = compiledPolicies(16);
        std::vector<std::unique_ptr<ColumnDecider>> deciders;
        std::vector<std::vector<std::uint8_t>> modelOf;
        for (const CompiledPolicy& policy : policies) {
            deciders.push_back(std::make_unique<ColumnDecider>(policy, list));
            modelOf.emplace_back();
            for (std::size_t claim = 0; claim <= policy.document().rules.size(); ++claim)
                modelOf.back().push_back(static_cast<std::uint8_t>(
                    deciders.back()
                        ->decisionOf(static_cast<ColumnDecider::Claim>(claim), {})
                        .firstModel));
        }
        const auto decide = [&](std::size_t policy, std::size_t row, std::span<std::uint8_t> to) {
            std::array<ColumnDecider::Claim, PackedRows::kBlock> claims;
            const std::size_t which = policy % deciders.size();
            deciders[which]->claim(row, std::span(claims).first(to.size()));
            const std::uint8_t* const models = modelOf[which].data();
            for (std::size_t i = 0; i < to.size(); ++i)
                to[i] = models[claims[i]];
        };
        for (const unsigned threads : {1U, 2U}) {
            RowReplay replay(packed, threads);
            const std::string name = threads == 1 ? "ours" : "ours_2t";
            ReplayQuestion question;
            std::size_t policy = 0;
            const auto once = [&] {
                ++policy;
                (void)replay.replay(
                    [&](std::size_t row, std::span<std::uint8_t> to) { decide(policy, row, to); },
                    question);
            };
            say(name, metric("rules10_models8_replay"), bestMs(m_runs, once));
            question.noticeability = &noticeability;
            question.perSlice = true;
            say(name, metric("rules10_models8_seams_tables"), bestMs(m_runs, once));
        }
        SweepOptions options;
        options.threads = 2;
        const std::size_t count = m_rows <= 1'000'000 ? 1000 : 50;
        const double scale = 1000 / static_cast<double>(count);
        const auto all = [&] { (void)replayPolicies(packed, count, decide, options); };
        sayLong("ours_2t", metric("policies1000"), scale, all);
        options.noticeability = &noticeability;
        sayLong("ours_2t", metric("policies1000_seams"), scale, all);
    }

    static std::vector<CompiledPolicy> compiledPolicies(std::size_t count)
    {
        Random random(7, "rules");
        std::vector<CompiledPolicy> policies;
        for (std::size_t p = 0; p < count; ++p) {
            PolicyBuilder builder({"m0"});
            for (std::size_t i = 1; i < kManyModels; ++i)
                builder.model('m' + std::to_string(i), 1, 2);
            for (std::size_t i = 0; i < kSignals; ++i)
                builder.metadata("s" + std::to_string(i), ValueType::Number);
            for (int rule = 0; rule < 10; ++rule) {
                const auto above = [&] {
                    return when("s" + std::to_string(random.below(kSignals)), CompareOp::Gt,
                                static_cast<double>(100 + random.below(120)));
                };
                builder.rule('r' + std::to_string(rule), allOf({above(), above()}),
                             call('m' + std::to_string(random.below(kManyModels))));
            }
            builder.otherwise(call("m7"));
            policies.push_back(std::move(*CompiledPolicy::compile(builder)));
        }
        return policies;
    }
};

/// Runs the peers' script and passes on what it prints.
bool runPython(const std::string& command, const std::string& folder, std::size_t rows)
{
    const char* const python = std::getenv("PYTHON");
    const std::string line = std::string("exec '") + (python ? python : "python3") +
                             "' '" SIGNALBOX_PLAIN_REPLAY "' " + command + " '" + folder + "' " +
                             std::to_string(rows);
    std::FILE* const output = popen(line.c_str(), "r");
    std::array<char, 256> text{};
    while (output && std::fgets(text.data(), text.size(), output)) {
        std::fputs(text.data(), stdout);
        const std::string read(text.data());
        if (const auto comma = read.rfind(','); read[0] != '#' && comma != std::string::npos)
            g_values[read.substr(0, comma)] = std::strtod(read.c_str() + comma + 1, nullptr);
    }
    return output && pclose(output) == 0;
}

void sayRatios(std::size_t rows)
{
    const std::string suffix = '_' + std::to_string(rows) + "_ms";
    for (const char* const metric : {"replay", "sweep1000"}) {
        const auto ours = g_values.find("ours," + std::string(metric) + suffix);
        for (const char* const peer : {"limit", "numpy", "pandas", "duckdb"}) {
            const auto theirs = g_values.find(peer + (',' + std::string(metric)) + suffix);
            if (ours != g_values.end() && theirs != g_values.end())
                std::printf("ours,%s_%zu_times_faster_than_%s,%.2f\n", metric, rows, peer,
                            theirs->second / ours->second);
        }
    }
}

} // namespace

int main(int argc, char** argv)
{
    std::vector<std::size_t> sizes;
    for (int i = 1; i < argc; ++i)
        sizes.push_back(std::strtoull(argv[i], nullptr, 10));
    if (sizes.empty())
        sizes.push_back(1'000'000);
    for (const std::size_t rows : sizes) {
        const auto folder = std::filesystem::temp_directory_path() /
                            ("signalbox-replay-" + std::to_string(getpid()));
        const bool isMade = runPython("make", folder.string(), rows);
        if (isMade) {
            Bench(folder.string(), rows).run();
            (void)runPython("time", folder.string(), rows);
            sayRatios(rows);
        } else {
            std::fprintf(stderr, "no columns: Python lacks numpy (PYTHON=… names another one)\n");
        }
        std::filesystem::remove_all(folder);
        if (!isMade)
            return 1;
    }
}
