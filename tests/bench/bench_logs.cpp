// SPDX-License-Identifier: GPL-3.0-or-later
// Nanoseconds per byte, and MB/s, of reading a request log of 64 MB: flat JSON lines of some 550
// bytes as a gateway writes them (seed 1), by a mapping of fourteen fields, on one thread and on as
// many as there are cores, beside CPython's json on the same file; of the same rows as a table; and
// of redacting 8 MB of prose with an address, a number or a key in every tenth paragraph.

#include "line_reporter.h"

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

std::string prose(Random& random)
{
    constexpr const char* kWords[] = {"order", "please", "the",  "where",   "is",      "my",
                                      "and",   "refund", "with", "account", "change",  "I",
                                      "need",  "to",     "a",    "payment", "invoice", "help"};
    std::string text;
    const std::size_t words = 10 + random.below(80);
    for (std::size_t i = 0; i < words; ++i) {
        text += kWords[random.below(std::size(kWords))];
        text += i % 12 == 11 ? ".\\n" : " ";
    }
    return text;
}

struct Rows
{
    std::string lines;
    std::string table;
};

const Rows& rows()
{
    static const Rows made = [] {
        Rows result;
        result.table = "id,ts,user,model,prompt,prompt_tokens,completion_tokens,latency_ms,ttft_ms,"
                       "cost_usd,status,cached,tags,meta\n";
        Random random(1);
        std::string line(8192, '\0');
        for (std::size_t i = 0; result.lines.size() < kBytes; ++i) {
            const std::string prompt = prose(random);
            const auto number = [&](std::size_t below) {
                return static_cast<unsigned>(random.below(below));
            };
            const unsigned in = 10 + number(900);
            const unsigned out = 5 + number(700);
            const unsigned latency = 150 + number(9000);
            const double time = 1.7e9 + 0.05 * static_cast<double>(i);
            const double cost = 1e-6 * in + 3e-6 * out;
            const unsigned user = number(5000);
            const unsigned model = number(5);
            const int status = number(50) ? 200 : 429;
            const unsigned tag = number(20);
            const auto print = [&](const char* format) {
                const int size = std::snprintf(line.data(), line.size(), format, i, time, user,
                                               model, prompt.c_str(), in, out, latency, latency / 5,
                                               cost, status, tag, 1 + tag % 2);
                return line.substr(0, static_cast<std::size_t>(size));
            };
            result.lines +=
                print("{\"id\":\"req_%08zx\",\"ts\":%.3f,\"user\":\"u%u\",\"model\":\"model-%u\","
                      "\"prompt\":\"%s\",\"prompt_tokens\":%u,\"completion_tokens\":%u,"
                      "\"latency_ms\":%u.5,\"ttft_ms\":%u,\"cost_usd\":%.7f,\"status\":%d,"
                      "\"cached\":false,\"tags\":[\"web\",\"t%u\"],"
                      "\"meta\":{\"region\":\"eu\",\"attempt\":%u,\"fallback\":null}}\n");
            result.table +=
                print("req_%08zx,%.3f,u%u,model-%u,\"%s\",%u,%u,%u.5,%u,%.7f,%d,false,\"web,t%u\","
                      "\"{\"\"region\"\":\"\"eu\"\",\"\"attempt\"\":%u,\"\"fallback\"\":null}\"\n");
        }
        return result;
    }();
    return made;
}

LogMapping mapping()
{
    using F = LogField;
    LogMapping log;
    log.places = {{F::RequestId, "/id"},
                  {F::StartTime, "/ts", LogUnit::UnixSeconds},
                  {F::UserId, "/user"},
                  {F::ServedModel, "/model"},
                  {F::Prompt, "/prompt"},
                  {F::TokensIn, "/prompt_tokens"},
                  {F::TokensOut, "/completion_tokens"},
                  {F::Latency, "/latency_ms"},
                  {F::TimeToFirstToken, "/ttft_ms"},
                  {F::Cost, "/cost_usd"},
                  {F::HttpStatus, "/status"},
                  {F::CacheHit, "/cached"},
                  {F::Tags, "/tags"},
                  {F::Metadata, "/meta"}};
    return log;
}

std::int64_t tokensRead(const std::string& text, unsigned threads, benchmark::State& state)
{
    std::int64_t tokens = 0;
    LogReadOptions options;
    options.threads = threads;
    const auto report = readLog(
        text, mapping(),
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
        text += prose(random);
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
