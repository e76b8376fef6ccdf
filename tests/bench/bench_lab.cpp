// SPDX-License-Identifier: GPL-3.0-or-later
// A whole run of the lab, 100 prompts x 8 models with 32 calls in flight, as the window makes it:
// LabRun over HTTP, every answer on disk in a SQLite store before its cell is done, and all voice
// features of each. Its server is a process of its own (bench_upstream), which streams 40 words,
// one an event, DELAY_MS after it was asked. Printed as name,metric,value:
//   wall_s              from opening the store until the last answer is on disk
//   open_ms, started_ms  of that, until the store is open, and until the run has begun in it
//   cpu_ms_per_call     of all threads of this process in that time
//   window_thread_cpu_ms_per_call  likewise, of the thread that would draw
//   held_ms             the longest turn of the window's event loop, processor time
//   peak_memory_mb      of this process
//   ideal_s, times_ideal  where the server waits: calls / in flight x delay
// usage: bench_lab [DELAY_MS]
//        bench_lab config ADDRESS   the same prompts and models as promptfoo reads them (JSON)

#include "upstream_process.h"

#include <core/base/clock.h>
#include <core/evidence/evidence_store.h>
#include <core/lab/lab_run.h>
#include <core/lab/sample_prompts.h>
#include <core/providers/standard_providers.h>
#include <core/voice/answer_stats.h>

#include <QAbstractEventDispatcher>
#include <QCoreApplication>
#include <QTemporaryDir>
#include <nlohmann/json.hpp>
#include <sys/resource.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <set>
#include <string>

using namespace signalbox;
using namespace signalbox::bench;

namespace {

constexpr std::size_t kPrompts = 100;
constexpr std::size_t kModels = 8;
constexpr int kInFlight = 32;
constexpr int kMaxTokens = 256;

std::string nameOfModel(std::size_t model)
{
    return "bench-" + std::to_string(model);
}

double seconds(const timeval& time)
{
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

double processCpuMs()
{
    rusage usage = {};
    ::getrusage(RUSAGE_SELF, &usage);
    return (seconds(usage.ru_utime) + seconds(usage.ru_stime)) * 1e3;
}

double threadCpuMs()
{
    timespec now = {};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) * 1e-6;
}

double wallMs()
{
    return static_cast<double>(systemClock().monotonicNs()) * 1e-6;
}

/// Of this program alone: what getrusage() says begins with what its parent had.
double peakMemoryMb()
{
    std::ifstream status("/proc/self/status");
    for (std::string word; status >> word;) {
        if (word != "VmHWM:")
            continue;
        double kb = 0;
        status >> kb;
        return kb / 1024;
    }
    return std::nan("");
}

/// The longest that the event loop of this thread did not come to wait.
class LoopWatch : public QObject
{
public:
    LoopWatch()
    {
        auto* const loop = QAbstractEventDispatcher::instance();
        connect(loop, &QAbstractEventDispatcher::awake, this, [this] { m_since = threadCpuMs(); });
        connect(loop, &QAbstractEventDispatcher::aboutToBlock, this,
                [this] { m_longest = std::max(m_longest, threadCpuMs() - m_since); });
    }
    [[nodiscard]] double longestMs() const { return m_longest; }

private:
    double m_since = threadCpuMs();
    double m_longest = 0;
};

LabPlan planFor(const std::string& address)
{
    LabPlan plan;
    plan.name = "bench";
    plan.prompts = spreadPrompts(supportDeskPrompts(), kPrompts);
    for (std::size_t i = 0; i < kModels; ++i) {
        ModelSpec model;
        model.id = ModelId(nameOfModel(i));
        model.provider = "openai";
        model.upstreamModel = model.id.value;
        model.baseUrl = address;
        model.price = Price{Money::fromUsd(1e-6), Money::fromUsd(4e-6), {}};
        plan.models.push_back(model);
    }
    plan.asking.maxTokens = kMaxTokens;
    plan.inFlight = plan.inFlightHere = kInFlight;
    return plan;
}

void print(const std::string& name, const char* metric, double value)
{
    std::printf("%s,%s,%.4g\n", name.c_str(), metric, value);
}

/// What the window measures of an answer when its cell is done.
class Measures
{
public:
    void take(const LabRun& run, const CellId& id)
    {
        const Cell& cell = run.cell(id);
        if (cell.state != CellState::Done || !m_done.insert(id).second)
            return;
        const AnswerStats stats = measureAnswer(cell.answer.text);
        m_words += stats.words;
        m_features += static_cast<std::size_t>(
            std::ranges::count_if(stats.features, [](double value) { return !std::isnan(value); }));
    }
    [[nodiscard]] std::size_t answers() const { return m_done.size(); }
    [[nodiscard]] int words() const { return m_words; }
    [[nodiscard]] std::size_t features() const { return m_features; }

private:
    std::set<CellId> m_done;
    int m_words = 0;
    std::size_t m_features = 0;
};

int runLab(int delayMs)
{
    const std::string name = "ours/lab 800 calls, upstream " + std::to_string(delayMs) + " ms";
    const UpstreamProcess upstream({QString::number(delayMs)});
    const QTemporaryDir folder;
    const LabPlan plan = planFor(upstream.baseUrl());
    const std::size_t calls = plan.prompts.size() * plan.models.size();
    const LoopWatch watch;
    const double wall = wallMs();
    const double cpu = processCpuMs();
    const double ownCpu = threadCpuMs();
    auto store = EvidenceStore::open(folder.path().toStdString() + "/evidence.db");
    if (!store)
        qFatal("%s", toString(store.error()).c_str());
    print(name, "open_ms", wallMs() - wall);
    ProviderRegistry providers;
    const ProviderServices services = addStandardProviders(providers);
    Measures measures;
    {
        LabRun run(plan, providers, &*store);
        QObject::connect(&run, &LabRun::cellChanged, &run,
                         [&](const CellId& id) { measures.take(run, id); });
        QObject::connect(&run, &LabRun::finished, &run, [] { QCoreApplication::quit(); });
        run.start();
        print(name, "started_ms", wallMs() - wall);
        QCoreApplication::exec();
        if (run.progress().answered() != calls || run.hasUnwritten()) {
            std::printf("%s,error,%zu of %zu answered\n", name.c_str(), run.progress().answered(),
                        calls);
            return 1;
        }
    }
    const double wallS = (wallMs() - wall) / 1e3;
    const auto perCall = [&](double ms) { return ms / static_cast<double>(calls); };
    print(name, "wall_s", wallS);
    print(name, "cpu_ms_per_call", perCall(processCpuMs() - cpu));
    print(name, "window_thread_cpu_ms_per_call", perCall(threadCpuMs() - ownCpu));
    print(name, "held_ms", watch.longestMs());
    print(name, "peak_memory_mb", peakMemoryMb());
    print(name, "answers_measured", static_cast<double>(measures.answers()));
    print(name, "words", measures.words());
    print(name, "features", static_cast<double>(measures.features()));
    if (delayMs > 0) {
        const double ideal =
            static_cast<double>(calls) / kInFlight * static_cast<double>(delayMs) / 1e3;
        print(name, "ideal_s", ideal);
        print(name, "times_ideal", wallS / ideal);
    }
    return 0;
}

int printConfig(const std::string& address)
{
    const LabPlan plan = planFor(address);
    nlohmann::json config = {{"prompts", {"{{question}}"}}};
    for (const ModelSpec& model : plan.models)
        config["providers"].push_back(
            {{"id", "openai:chat:" + model.upstreamModel},
             {"config", {{"apiBaseUrl", model.baseUrl}, {"max_tokens", kMaxTokens}}}});
    for (const LabPrompt& prompt : plan.prompts)
        config["tests"].push_back({{"vars", {{"question", prompt.messages.back().text}}}});
    std::puts(config.dump().c_str());
    return 0;
}

} // namespace

int main(int argc, char** argv)
{
    const QCoreApplication application(argc, argv);
    if (argc > 2 && std::string_view(argv[1]) == "config")
        return printConfig(argv[2]);
    return runLab(argc > 1 ? std::atoi(argv[1]) : 0);
}
