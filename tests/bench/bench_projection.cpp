// SPDX-License-Identifier: GPL-3.0-or-later
// How long a projection of the bundled sample takes: about 5,900 requests, seed 1, two lab samples
// of each prompt at three models. Processor milliseconds over all threads, because the machine may
// be busy; wall time beside the figures that threads share. Median of 21 runs, of 5 where a run
// draws 2,000 resamples. "drag" moves a threshold by one step at a time, as a mouse does: one 60 Hz
// frame is 16.7 ms.

#include <core/projection/projection.h>
#include <core/projection/threshold_drag.h>
#include <core/sample/support_desk.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <functional>
#include <memory>
#include <vector>

using namespace signalbox;

namespace {

struct Times
{
    double processorMs = 0;
    double wallMs = 0;
};

double processorMs()
{
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) * 1e-6;
}

Times timesOf(const std::function<void()>& work)
{
    const auto wall = std::chrono::steady_clock::now();
    const double processor = processorMs();
    work();
    return {
        processorMs() - processor,
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - wall).count()};
}

Times median(int runs, const std::function<void()>& work)
{
    std::vector<Times> times;
    for (int run = 0; run < runs; ++run)
        times.push_back(timesOf(work));
    std::ranges::sort(times, {}, &Times::processorMs);
    return times[times.size() / 2];
}

void print(const char* metric, const Times& times)
{
    std::printf("projection,%s_processor_ms,%.3f\nprojection,%s_wall_ms,%.3f\n", metric,
                times.processorMs, metric, times.wallMs);
}

/// The threshold that the first rule compares with, if that is all that it asks.
double* firstThreshold(PolicyDocument& policy)
{
    return thresholdAt(policy, {});
}

} // namespace

int main()
{
    PolicyDocument policy = supportDeskPolicy();
    auto traffic = std::make_shared<const Traffic>(supportDeskTraffic());
    const std::vector<Answer> answers = supportDeskEvidence(policy.models);
    std::shared_ptr<const EvidenceTable> evidence;
    print("evidence", timesOf([&] {
              evidence = std::make_shared<const EvidenceTable>(buildEvidenceTable(answers));
          }));
    std::printf("projection,requests,%zu\nprojection,prompts,%zu\n", traffic->rowCount(),
                evidence->prompts.size());

    Projector projector(traffic, evidence);
    ProjectionOptions quick;
    quick.draws = 0;
    ProjectionOptions full;
    full.draws = 2000;
    print("first_quick", timesOf([&] { (void)projector.project(policy, quick); }));
    print("first_full", timesOf([&] { (void)projector.project(policy, full); }));
    print("full", median(5, [&] { (void)projector.project(policy, full); }));
    print("quick", median(21, [&] { (void)projector.project(policy, quick); }));
    if (double* threshold = firstThreshold(policy)) {
        const double before = *threshold;
        int step = 0;
        print("drag", median(21, [&] {
                  *threshold = before + (++step % 7) - 3;
                  (void)projector.project(policy, quick);
              }));
    }
    const ThresholdPlace place; // of the first rule
    if (const auto drag = projector.prepareDrag(policy, place, quick)) {
        print("prepare_drag",
              median(21, [&] { (void)projector.prepareDrag(policy, place, quick); }));
        std::uint64_t sum = 0;
        print("thousand_prepared_positions", median(21, [&] {
                  for (int i = 0; i < 1000; ++i)
                      sum += drag->at(i % 11).quality;
              }));
        std::printf("projection,checksum,%llu\n", static_cast<unsigned long long>(sum));
    }
    print("baselines", median(5, [&] { (void)projector.baselines(policy, full); }));
}
