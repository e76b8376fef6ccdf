// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <benchmark/benchmark.h>

#include <array>
#include <cstdio>
#include <map>
#include <string>
#include <vector>

namespace signalbox::bench {

/// Prints a benchmark's runs as "name,ns,value" lines (and counters as "name,counter,value"), and
/// afterwards how many times slower the peers are that do the same as "ours/x" in the same run:
/// "plain/x", "python/x", "vectorscan/x", "limit/x". Ratios of one run mean something, times of two
/// machines do not.
class LineReporter : public benchmark::BenchmarkReporter
{
public:
    bool ReportContext(const Context& context) override
    {
        std::printf("# %d CPUs, %.0f MHz, processor time per item, median of 5\n",
                    context.cpu_info.num_cpus, context.cpu_info.cycles_per_second / 1e6);
        return true;
    }

    void ReportRuns(const std::vector<Run>& runs) override
    {
        for (const Run& run : runs) {
            const std::string& name = run.run_name.function_name;
            if (run.error_occurred) {
                std::printf("%s,error,%s\n", name.c_str(), run.error_message.c_str());
                continue;
            }
            if (run.aggregate_name != "median")
                continue;
            const auto items = run.counters.find("items_per_second");
            const double ns = items == run.counters.end()
                                  ? run.GetAdjustedCPUTime()
                                  : 1e9 / static_cast<double>(items->second);
            m_ns[name] = ns;
            std::printf("%s,ns,%.*f\n", name.c_str(), ns < 10 ? 3 : 1, ns);
            for (const auto& [counter, value] : run.counters) {
                if (counter != "items_per_second")
                    std::printf("%s,%s,%.0f\n", name.c_str(), counter.c_str(), value.value);
            }
            std::fflush(stdout);
        }
    }

    void Finalize() override
    {
        for (const auto& [name, ns] : m_ns) {
            if (!name.starts_with("ours/"))
                continue;
            for (const char* peer : {"plain", "python", "vectorscan", "limit"}) {
                const auto theirs = m_ns.find(peer + name.substr(4));
                if (theirs != m_ns.end())
                    std::printf("%s,times_faster_than_%s,%.2f\n", name.c_str(), peer,
                                theirs->second / ns);
            }
        }
    }

private:
    std::map<std::string, double> m_ns;
};

/// What every benchmark's main() does: five repetitions of all in turn, so that a busy minute hits
/// peers alike; medians, one line each.
inline int runAll(int argc, char** argv)
{
    std::vector<char*> arguments(argv, argv + argc);
    std::array<std::string, 3> flags = {"--benchmark_repetitions=5", "--benchmark_min_time=0.1",
                                        "--benchmark_enable_random_interleaving=true"};
    for (std::string& flag : flags)
        arguments.insert(arguments.begin() + 1, flag.data());
    int count = static_cast<int>(arguments.size());
    benchmark::Initialize(&count, arguments.data());
    if (benchmark::ReportUnrecognizedArguments(count, arguments.data()))
        return 2;
    LineReporter reporter;
    benchmark::RunSpecifiedBenchmarks(&reporter);
    return 0;
}

} // namespace signalbox::bench
