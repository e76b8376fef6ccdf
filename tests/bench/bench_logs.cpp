// SPDX-License-Identifier: GPL-3.0-or-later
// Nanoseconds per byte, and MB/s, of reading a request log of 64 MB: flat JSON lines of some 550
// bytes as a gateway writes them (seed 1), by a mapping of fourteen fields, on one thread and on as
// many as there are cores, beside CPython's json on the same file; of the same rows as a table; and
// of redacting 8 MB of prose with an address, a number or a key in every tenth paragraph.

#include "line_reporter.h"
#include "request_log.h"

#include <core/base/random.h>
#include <core/traffic/log_reader.h>
#include <core/traffic/text_redactor.h>

#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

using namespace signalbox;

namespace {

constexpr std::size_t kBytes = std::size_t{64} << 20;

struct Rows
{
    std::string lines;
    std::string table;
};

const Rows& rows()
{
    static const Rows made = [] {
        Rows result;
        result.table = bench::RequestLog::kHeader;
        bench::RequestLog log(1);
        while (result.lines.size() < kBytes) {
            log.next();
            result.lines += log.line();
            result.table += log.record();
        }
        return result;
    }();
    return made;
}

std::int64_t tokensRead(const std::string& text, unsigned threads, benchmark::State& state)
{
    std::int64_t tokens = 0;
    LogReadOptions options;
    options.threads = threads;
    const auto report = readLog(
        text, bench::requestLogMapping(),
        [&tokens](std::span<const LoggedRequest> read) {
            for (const LoggedRequest& row : read)
                tokens += row.tokensOut;
        },
        options);
    if (!report || report->badLines > 0 || report->partlyRead > 0 || report->rows == 0)
        state.SkipWithError("not all lines were read");
    return tokens;
}

void setBytes(benchmark::State& state, const std::string& text)
{
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
    state.counters["MB_per_s"] = benchmark::Counter(static_cast<double>(text.size()) / 1e6,
                                                    benchmark::Counter::kIsIterationInvariantRate);
}

void lines(benchmark::State& state, unsigned threads)
{
    const std::string& text = rows().lines;
    for (auto _ : state)
        benchmark::DoNotOptimize(tokensRead(text, threads, state));
    setBytes(state, text);
}

void table(benchmark::State& state)
{
    const std::string& text = rows().table;
    for (auto _ : state)
        benchmark::DoNotOptimize(tokensRead(text, 1, state));
    setBytes(state, text);
}

void pythonLines(benchmark::State& state)
{
    const std::filesystem::path file =
        std::filesystem::temp_directory_path() / ("bench_logs." + std::to_string(::getpid()));
    std::ofstream(file) << rows().lines;
    const std::int64_t tokens = tokensRead(rows().lines, 1, state);
    const std::string command =
        "exec python3 '" SIGNALBOX_PLAIN_LOG_IMPORT "' '" + file.string() + '\'';
    for (auto _ : state) {
        double ns = 0;
        long long theirs = 0;
        FILE* const output = popen(command.c_str(), "r");
        if (!output || std::fscanf(output, "python,ns,%lf python,tokens,%lld", &ns, &theirs) != 2)
            state.SkipWithError("no answer from Python");
        else if (theirs != tokens)
            state.SkipWithError("the two did not read the same");
        if (output)
            pclose(output);
        state.SetIterationTime(ns * 1e-9 * static_cast<double>(rows().lines.size()));
    }
    std::filesystem::remove(file);
    setBytes(state, rows().lines);
}

void redaction(benchmark::State& state)
{
    Random random(2);
    std::string text;
    while (text.size() < std::size_t{8} << 20) {
        text += bench::prose(random);
        if (random.below(10) == 0)
            text += "Write to ann@example.org or call +49 30 901820, card 4111 1111 1111 1111. ";
    }
    const auto redactor = TextRedactor::make();
    for (auto _ : state) {
        std::vector<RedactionCount> counts;
        benchmark::DoNotOptimize(redactor->redacted(text, counts));
        if (counts.size() != 3)
            state.SkipWithError("something was not found");
    }
    setBytes(state, text);
}

} // namespace

int main(int argc, char** argv)
{
    benchmark::RegisterBenchmark("ours/request log/byte", lines, 1U);
    benchmark::RegisterBenchmark("python/request log/byte", pythonLines)
        ->UseManualTime()
        ->Iterations(1);
    benchmark::RegisterBenchmark("ours/request log, all cores/byte", lines, 0U)->UseRealTime();
    benchmark::RegisterBenchmark("ours/request log as a table/byte", table);
    benchmark::RegisterBenchmark("ours/redact prose/byte", redaction);
    return bench::runAll(argc, argv);
}
