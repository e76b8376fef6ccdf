// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: simulated plans have the latencies that measures.md section 5 gives for them, to 0.5 %:
// the incident's 4.800 s, cancelling at 500 ms, hedging at 500 ms, failing over after 50 ms.

#include <core/base/random.h>
#include <core/routing/attempt_machine.h>
#include <tests/support/policy_builder.h>

#include <QTest>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace signalbox;
using namespace signalbox::test;

namespace {

// The cheap model: log-normal, p50 0.5 s, p95 1.2 s. The dear one: p50 1.5 s, sigma 0.45.
constexpr double kCheapP50Ms = 500;
constexpr double kCheapP95Ms = 1200;
constexpr double kDearP50Ms = 1500;
constexpr double kDearSigma = 0.45;
constexpr int kRequests = 100'000;

/// Digits of `i` mirrored at the point: spreads over (0, 1) ever more finely.
double mirrored(int i, int base)
{
    double value = 0;
    for (double place = 1.0 / base; i > 0; place /= base) {
        value += place * (i % base);
        i /= base;
    }
    return value;
}

/// Points that fill the unit cube evenly (Halton 1960), so that 100,000 requests say what many more
/// drawn ones would.
struct Point
{
    double cheap;
    double dear;
    double failure;
};
Point pointOf(int i)
{
    return {mirrored(i + 1, 2), mirrored(i + 1, 3), mirrored(i + 1, 5)};
}

struct Measured
{
    double p95Ms = 0;
    double dearShare = 0; ///< requests that asked the dear model
};

/// @param failure  how the cheap model's failing requests fail, every attempt
Measured measure(const Plan& plan, double failureRate, const SimulatedAttempt& failure)
{
    const double sigma = std::log(kCheapP95Ms / kCheapP50Ms) / normalQuantile(0.95);
    std::vector<double> latencies;
    int dear = 0;
    Point point = {};
    const AttemptSource source = [&](const AttemptAsked& asked) -> SimulatedAttempt {
        if (asked.call.model.value == "dear") {
            ++dear;
            const double ms = kDearP50Ms * std::exp(kDearSigma * normalQuantile(point.dear));
            return {std::nullopt, ms, ms + 1000};
        }
        if (point.failure < failureRate)
            return failure;
        const double ms = kCheapP50Ms * std::exp(sigma * normalQuantile(point.cheap));
        return {std::nullopt, ms, ms + 500};
    };
    PlanSimulator simulator(plan);
    for (int i = 0; i < kRequests; ++i) {
        point = pointOf(i);
        latencies.push_back(simulator.run(source).firstTokenMs);
    }
    const auto rank = static_cast<std::ptrdiff_t>(std::ceil(0.95 * kRequests)) - 1;
    std::ranges::nth_element(latencies, latencies.begin() + rank);
    return {latencies[static_cast<std::size_t>(rank)], static_cast<double>(dear) / kRequests};
}

bool isWithin(double value, double expected, double share)
{
    return std::abs(value / expected - 1) <= share;
}

const SimulatedAttempt kRefusedAtOnce = {AttemptFailure::RateLimit, 0, 0};
const SimulatedAttempt kRefusedAfter50Ms = {AttemptFailure::RateLimit, 50, 50};
const SimulatedAttempt kHangs = {std::nullopt, std::numeric_limits<double>::infinity(),
                                 std::numeric_limits<double>::infinity()};

Plan sequential()
{
    return chain({call("cheap", {{}, {}, {1, 3500, 2}}), call("dear")});
}

} // namespace

class TestPlanLatency : public QObject
{
    Q_OBJECT
private slots:
    void plansTakeTheTimesOfTheMeasures_data();
    void plansTakeTheTimesOfTheMeasures();
    void theIncidentIsACliffAtFivePercent();
};

void TestPlanLatency::plansTakeTheTimesOfTheMeasures_data()
{
    QTest::addColumn<int>("kind");
    QTest::addColumn<double>("p95Ms");
    QTest::addColumn<double>("dearShare");
    QTest::newRow("sequential, 3.5 s of backoff") << 0 << 4800.0 << 0.08;
    QTest::newRow("cancel at 500 ms") << 1 << 3220.0 << 0.54;
    QTest::newRow("hedge at 500 ms") << 2 << 1870.0 << 0.54;
    QTest::newRow("fail over after 50 ms") << 3 << 1610.0 << 0.08;
}

void TestPlanLatency::plansTakeTheTimesOfTheMeasures()
{
    QFETCH(const int, kind);
    QFETCH(const double, p95Ms);
    QFETCH(const double, dearShare);
    const std::vector<Plan> steps = {call("cheap", {500, {}, {}}), call("dear")};
    const std::vector<Plan> plans = {sequential(), chain(steps), chain(steps, {}, ChainMode::Hedge),
                                     chain({call("cheap"), call("dear")})};
    const std::vector<SimulatedAttempt> failures = {kRefusedAtOnce, kHangs, kHangs,
                                                    kRefusedAfter50Ms};
    const auto index = static_cast<std::size_t>(kind);
    const Measured measured = measure(plans[index], 0.08, failures[index]);
    QVERIFY2(isWithin(measured.p95Ms, p95Ms, 0.005), qPrintable(QString::number(measured.p95Ms)));
    QVERIFY2(std::abs(measured.dearShare - dearShare) < 0.001,
             qPrintable(QString::number(measured.dearShare)));
}

void TestPlanLatency::theIncidentIsACliffAtFivePercent()
{
    const double below = measure(sequential(), 0.045, kRefusedAtOnce).p95Ms;
    const double above = measure(sequential(), 0.055, kRefusedAtOnce).p95Ms;
    QVERIFY2(isWithin(below, 1950, 0.005), qPrintable(QString::number(below)));
    QVERIFY2(isWithin(above, 4320, 0.005), qPrintable(QString::number(above)));
}

QTEST_GUILESS_MAIN(TestPlanLatency)
#include "tst_plan_latency.moc"
