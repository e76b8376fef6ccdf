// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <benchmark/benchmark.h>

#include <cstdio>
#include <map>
#include <string>
#include <vector>

namespace signalbox::bench {

/// Prints a benchmark's runs as "name,ns,value" lines, and afterwards how many times slower the
/// plain way "plain/x" is than "ours/x": ratios of one run mean something, times of two machines do
/// not.
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
            std::printf("%s,ns,%.1f\n", name.c_str(), ns);
            std::fflush(stdout);
        }
    }

    void Finalize() override
    {
        for (const auto& [name, ns] : m_ns) {
            if (!name.starts_with("ours/"))
                continue;
            const auto plain = m_ns.find("plain/" + name.substr(5));
            if (plain != m_ns.end())
                std::printf("%s,times_faster_than_plain,%.1f\n", name.c_str(), plain->second / ns);
        }
    }

private:
    std::map<std::string, double> m_ns;
};

/// What every benchmark's main() does: five repetitions, medians, one line each.
inline int runAll(int argc, char** argv)
{
    std::vector<char*> arguments(argv, argv + argc);
    std::string repetitions = "--benchmark_repetitions=5";
    std::string shortRuns = "--benchmark_min_time=0.1";
    arguments.insert(arguments.begin() + 1, {repetitions.data(), shortRuns.data()});
    int count = static_cast<int>(arguments.size());
    benchmark::Initialize(&count, arguments.data());
    if (benchmark::ReportUnrecognizedArguments(count, arguments.data()))
        return 2;
    LineReporter reporter;
    benchmark::RunSpecifiedBenchmarks(&reporter);
    return 0;
}

} // namespace signalbox::bench
