// SPDX-License-Identifier: Apache-2.0
#include "failure_times.h"

#include <algorithm>
#include <variant>

namespace signalbox {

double waitsOf(const Retry& retry)
{
    double total = 0;
    double wait = retry.backoffMs;
    for (int i = 0; i < std::min(retry.count, kMostRetries); ++i) {
        total += wait;
        wait *= retry.multiplier;
    }
    return total;
}

bool leadsOn(const std::vector<AttemptFailure>& on, AttemptFailure failure)
{
    return std::ranges::find(on, failure) != on.end();
}

FailureTimes failureTimes(const Plan& plan, const std::vector<AttemptFailure>& on)
{
    static_assert(std::variant_size_v<decltype(Plan::node)> == 5, "time the new plan");
    const auto latestOfAll = [&on](const auto& parts, const auto& planOf) {
        FailureTimes all;
        all.latest = 0;
        for (const auto& each : parts) {
            const FailureTimes part = failureTimes(planOf(each), on);
            all.soonest = std::min(all.soonest, part.soonest);
            all.latest = std::max(all.latest, part.latest);
        }
        return all;
    };
    FailureTimes times;
    if (const auto* call = std::get_if<Call>(&plan.node)) {
        const double waits = waitsOf(call->retry);
        const bool isReported = std::ranges::any_of(
            on, [](AttemptFailure failure) { return failure != AttemptFailure::Timeout; });
        const auto budget = call->firstTokenMs ? call->firstTokenMs : call->totalMs;
        if (isReported)
            times.soonest = waits;
        if (budget && leadsOn(on, AttemptFailure::Timeout))
            times.soonest = std::min<double>(times.soonest, *budget);
        if (budget)
            times.latest = waits + *budget * (std::clamp(call->retry.count, 0, kMostRetries) + 1.0);
    } else if (const auto* chain = std::get_if<Chain>(&plan.node)) {
        times = {0, 0};
        for (const Plan& step : chain->steps) {
            const FailureTimes part = failureTimes(step, chain->on);
            times.soonest += part.soonest;
            times.latest += part.latest;
        }
        if (chain->deadlineMs && leadsOn(on, AttemptFailure::Timeout)) {
            times.soonest = std::min<double>(times.soonest, *chain->deadlineMs);
            times.latest = std::min<double>(times.latest, *chain->deadlineMs);
        }
    } else if (const auto* split = std::get_if<Split>(&plan.node)) {
        times = latestOfAll(split->arms, [](const Arm& arm) -> const Plan& { return arm.plan; });
    } else if (const auto* pool = std::get_if<Pool>(&plan.node)) {
        times = latestOfAll(pool->members, [](const Call& member) { return Plan{member}; });
    } else {
        const auto& cascade = std::get<Cascade>(plan.node);
        times = {0, 0};
        for (const Plan& step : cascade.steps) {
            const FailureTimes part = failureTimes(step, on);
            times.soonest += part.soonest;
            times.latest += part.latest;
        }
        if (cascade.deadlineMs && leadsOn(on, AttemptFailure::Timeout)) {
            times.soonest = std::min<double>(times.soonest, *cascade.deadlineMs);
            times.latest = std::min<double>(times.latest, *cascade.deadlineMs);
        }
    }
    return times;
}

} // namespace signalbox
