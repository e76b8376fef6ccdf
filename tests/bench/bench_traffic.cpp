// SPDX-License-Identifier: GPL-3.0-or-later
// From a request log to queryable columns and into a file: MB/s by the clock and nanoseconds of
// processor time per byte, on one thread and on all cores, with and without the signals of the
// sample's policy, beside CPython's json by processor time (and DuckDB, if SIGNALBOX_DUCKDB_PYTHON
// names a Python that has it, by the clock) on the same file of 64 MB. Then tables of 10^4 to 10^6
// requests (seed 1, flat lines of some 550 bytes): bytes per row in the file and of memory, and
// milliseconds to save and to open. Medians of 5 runs in turn. Logs are made in the folder for
// temporary files: 600 MB.

#include "request_log.h"

#include <core/projection/signal_columns.h>
#include <core/sample/support_desk.h>
#include <core/traffic/traffic_file.h>
#include <core/traffic/traffic_import.h>
#include <core/traffic/traffic_summary.h>

#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

using namespace signalbox;

namespace {

constexpr std::size_t kBytes = std::size_t{64} << 20;
constexpr int kRuns = 5;

double processorNs()
{
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

struct Times
{
    double processorNs = 0;
    double wallNs = 0;
};

Times timesOf(const std::function<void()>& work)
{
    const auto wall = std::chrono::steady_clock::now();
    const double processor = processorNs();
    work();
    return {
        processorNs() - processor,
        std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - wall).count()};
}

double median(std::vector<double> values)
{
    std::ranges::sort(values);
    return values[values.size() / 2];
}

class Folder
{
public:
    Folder()
        : m_path(std::filesystem::temp_directory_path() /
                 ("bench_traffic." + std::to_string(::getpid())))
    {
        std::filesystem::create_directory(m_path);
    }
    ~Folder() { std::filesystem::remove_all(m_path); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    [[nodiscard]] std::filesystem::path path(const std::string& name) const
    {
        return m_path / name;
    }

private:
    std::filesystem::path m_path;
};

/// @return bytes
std::size_t writeLog(const std::filesystem::path& path, std::size_t rows, std::size_t bytes)
{
    std::ofstream file(path);
    bench::RequestLog log(1);
    std::size_t written = 0;
    for (std::size_t row = 0; row < rows && written < bytes; ++row) {
        log.next();
        const std::string line = log.line();
        written += line.size();
        file << line;
    }
    return written;
}

Traffic imported(const std::filesystem::path& log, unsigned threads)
{
    TrafficImportOptions options;
    options.mapping = bench::requestLogMapping();
    options.threads = threads;
    options.scratchFolder = log.parent_path();
    auto import = importTraffic({log}, options);
    if (!import || import->logs.front().report.badLines > 0) {
        std::printf("error,not all lines were read\n");
        std::exit(1);
    }
    return std::move(import->traffic);
}

std::int64_t tokensOf(const Traffic& traffic)
{
    return summaryOf(traffic).outputTokens.total;
}

void readSignals(const std::shared_ptr<const Traffic>& traffic)
{
    SignalColumns columns(traffic);
    if (!columns.select(supportDeskPolicy()))
        std::exit(1);
}

/// What a peer prints: "NAME,ns,VALUE" and the like, of which the check has to fit.
std::optional<std::map<std::string, double>> peer(const std::string& command, std::int64_t tokens)
{
    FILE* const output = popen(command.c_str(), "r");
    if (!output)
        return std::nullopt;
    std::map<std::string, double> found;
    char metric[64];
    double value = 0;
    while (std::fscanf(output, "%*[^,],%63[^,],%lf ", metric, &value) == 2)
        found[metric] = value;
    if (pclose(output) != 0 || found["tokens"] != static_cast<double>(tokens))
        return std::nullopt;
    return found;
}

class Speeds
{
public:
    void add(const std::string& name, double processorNsPerByte, double wallNsPerByte)
    {
        m_processor[name].push_back(processorNsPerByte);
        m_wall[name].push_back(wallNsPerByte);
    }

    void print() const
    {
        for (const auto& [name, values] : m_processor) {
            std::printf("%s,ns_per_byte,%.3f\n", name.c_str(), median(values));
            std::printf("%s,MB_per_s,%.0f\n", name.c_str(), 1e3 / median(m_wall.at(name)));
        }
        printRatios("python", m_processor); // one thread, as "one parser" is
        printRatios("duckdb", m_wall);      // all cores
    }

private:
    using Values = std::map<std::string, std::vector<double>>;

    static void printRatios(const char* theirs, const Values& times)
    {
        const auto peer = times.find(theirs);
        if (peer == times.end())
            return;
        for (const auto& [name, values] : times) {
            if (name.starts_with("ours"))
                std::printf("%s,times_faster_than_%s,%.2f\n", name.c_str(), theirs,
                            median(peer->second) / median(values));
        }
    }

    Values m_processor = {};
    Values m_wall = {};
};

void speeds(const Folder& folder)
{
    const auto log = folder.path("speed.jsonl");
    const double bytes = static_cast<double>(writeLog(log, ~std::size_t{0}, kBytes));
    const std::int64_t tokens = tokensOf(imported(log, 1));
    const char* const duckdb = std::getenv("SIGNALBOX_DUCKDB_PYTHON");
    Speeds speeds;
    const auto measure = [&](const std::string& name, const std::function<void()>& work) {
        const Times times = timesOf(work);
        speeds.add(name, times.processorNs / bytes, times.wallNs / bytes);
    };
    for (int run = 0; run < kRuns; ++run) {
        for (const unsigned threads : {1U, 0U}) {
            const std::string which = threads == 1 ? ", one parser" : "";
            measure("ours/log to columns" + which, [&] { (void)imported(log, threads); });
        }
        measure("ours/log to columns with signals",
                [&] { readSignals(std::make_shared<const Traffic>(imported(log, 0))); });
        measure("ours/log to file", [&] {
            if (!saveTraffic(imported(log, 0), folder.path("speed.traffic")))
                std::exit(1);
        });
        if (const auto found = peer(
                "exec python3 '" SIGNALBOX_PLAIN_LOG_IMPORT "' '" + log.string() + '\'', tokens))
            speeds.add("python", found->at("ns"), found->at("ns"));
        if (!duckdb)
            continue;
        if (const auto found =
                peer("exec '" + std::string(duckdb) + "' '" SIGNALBOX_DUCKDB_LOG_IMPORT "' '" +
                         log.string() + '\'',
                     tokens))
            speeds.add("duckdb", found->at("ns"), found->at("wall_ns"));
        else
            std::printf("duckdb,error,no answer\n");
    }
    speeds.print();
}

/// Memory that is this program's, its share of files that are mapped, in bytes.
double residentBytes()
{
    malloc_trim(0);
    std::ifstream file("/proc/self/smaps_rollup");
    std::string word;
    double kilobytes = 0;
    while (file >> word) {
        if (word == "Pss:") {
            file >> kilobytes;
            break;
        }
    }
    return kilobytes * 1024;
}

void table(const Folder& folder, std::size_t rows)
{
    const std::string name = "table of " + std::to_string(rows);
    const auto log = folder.path("rows.jsonl");
    const auto file = folder.path("rows.traffic");
    const double bytes = static_cast<double>(writeLog(log, rows, ~std::size_t{0}));
    {
        const double before = residentBytes();
        std::optional<Traffic> traffic;
        const Times import = timesOf([&] { traffic = imported(log, 0); });
        std::printf("%s,import_ms,%.0f\n", name.c_str(), import.wallNs * 1e-6);
        std::printf("%s,log_bytes_per_row,%.1f\n", name.c_str(), bytes / static_cast<double>(rows));
        std::printf("%s,in_memory_bytes_per_row,%.1f\n", name.c_str(),
                    (residentBytes() - before) / static_cast<double>(rows));
        const Times save = timesOf([&] {
            if (!saveTraffic(*traffic, file))
                std::exit(1);
        });
        std::printf("%s,save_ms,%.0f\n", name.c_str(), save.wallNs * 1e-6);
        std::size_t texts = 0;
        std::size_t all = 0;
        for (const TrafficSummary::Part& part : summaryOf(*traffic).parts) {
            texts += part.name == "message.bytes" ? part.bytes : 0;
            all += part.bytes;
        }
        std::printf("%s,columns_bytes_per_row,%.1f\n", name.c_str(),
                    static_cast<double>(all - texts) / static_cast<double>(rows));
        std::printf("%s,texts_bytes_per_row,%.1f\n", name.c_str(),
                    static_cast<double>(texts) / static_cast<double>(rows));
    }
    std::vector<double> opening;
    std::vector<double> checking;
    for (int run = 0; run < kRuns; ++run) {
        std::optional<TrafficFile> opened;
        opening.push_back(timesOf([&] { opened = *TrafficFile::open(file); }).wallNs * 1e-6);
        checking.push_back(timesOf([&] {
                               if (!opened->verify())
                                   std::exit(1);
                           }).wallNs *
                           1e-6);
    }
    std::printf("%s,open_ms,%.2f\n", name.c_str(), median(opening));
    std::printf("%s,verify_ms,%.1f\n", name.c_str(), median(checking));
    const double before = residentBytes();
    const auto opened = *TrafficFile::open(file);
    const auto added = [&](const char* what) {
        std::printf("%s,%s,%.1f\n", name.c_str(), what, (residentBytes() - before) / 1e6);
    };
    added("MB_after_open");
    (void)summaryOf(*opened.traffic());
    added("MB_after_every_number_was_read");
    {
        SignalColumns columns(opened.traffic());
        (void)columns.select(supportDeskPolicy());
        added("MB_after_every_text_was_read");
    }
}

} // namespace

int main()
{
    const Folder folder;
    speeds(folder);
    for (const std::size_t rows : {10'000, 100'000, 1'000'000})
        table(folder, rows);
    return 0;
}
