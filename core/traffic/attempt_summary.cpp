// SPDX-License-Identifier: Apache-2.0
#include "attempt_summary.h"

#include <algorithm>
#include <cmath>

namespace signalbox::traffic_detail {

namespace {

/// What all attempts cost; a failed one without a cost cost nothing that the log knows of.
double totalCost(std::span<const LoggedAttempt> attempts)
{
    double sum = kUnknownNumber;
    for (const LoggedAttempt& attempt : attempts) {
        if (!std::isnan(attempt.costUsd))
            sum = (std::isnan(sum) ? 0 : sum) + attempt.costUsd;
        else if (attempt.status != LogStatus::Failure)
            return kUnknownNumber;
    }
    return sum;
}

std::int64_t totalTokens(std::span<const LoggedAttempt> attempts,
                         std::int64_t LoggedAttempt::* tokens)
{
    std::int64_t sum = -1;
    for (const LoggedAttempt& attempt : attempts) {
        if (attempt.*tokens >= 0)
            sum = std::max<std::int64_t>(sum, 0) + attempt.*tokens;
    }
    return sum;
}

/// From the first start to the last end. Without starts, one attempt followed the other.
double totalLatency(std::span<const LoggedAttempt> attempts)
{
    const bool haveStarts = std::ranges::none_of(
        attempts, [](std::int64_t start) { return start == 0; }, &LoggedAttempt::startMs);
    double sum = 0;
    double end = 0;
    std::int64_t begin = std::numeric_limits<std::int64_t>::max();
    for (const LoggedAttempt& attempt : attempts) {
        sum += attempt.latencyMs;
        begin = std::min(begin, attempt.startMs);
        end = std::max(end, static_cast<double>(attempt.startMs) + attempt.latencyMs);
    }
    if (std::isnan(sum))
        return kUnknownNumber;
    return haveStarts ? end - static_cast<double>(begin) : sum;
}

} // namespace

LoggedAttempt attemptOf(const LoggedRequest& row)
{
    LoggedAttempt attempt;
    attempt.index = row.attemptIndex;
    attempt.provider = row.provider;
    attempt.model = row.servedModel.empty() ? row.requestedModel : row.servedModel;
    attempt.errorClass = row.errorClass;
    attempt.status = row.status;
    attempt.httpStatus = row.httpStatus;
    attempt.startMs = row.startMs;
    attempt.latencyMs = row.latencyMs;
    attempt.costUsd = row.costUsd;
    attempt.tokensIn = row.tokensIn;
    attempt.tokensOut = row.tokensOut;
    return attempt;
}

void fillFromAttempts(LoggedRequest& request)
{
    const std::span<const LoggedAttempt> attempts = request.attempts;
    const LoggedAttempt& last = attempts.back();
    if (request.servedModel.empty())
        request.servedModel = last.model;
    if (request.provider.empty())
        request.provider = last.provider;
    if (request.requestedModel.empty())
        request.requestedModel = attempts.front().model;
    if (request.status == LogStatus::Unknown)
        request.status = last.status;
    if (request.httpStatus == 0)
        request.httpStatus = last.httpStatus;
    if (request.startMs == 0)
        request.startMs = attempts.front().startMs;
    if (std::isnan(request.latencyMs))
        request.latencyMs = totalLatency(attempts);
    if (std::isnan(request.costUsd)) {
        request.costUsd = totalCost(attempts);
        if (!std::isnan(request.costUsd))
            request.costOrigin = CostOrigin::Reported;
    }
    if (request.tokensIn < 0)
        request.tokensIn = totalTokens(attempts, &LoggedAttempt::tokensIn);
    if (request.tokensOut < 0)
        request.tokensOut = totalTokens(attempts, &LoggedAttempt::tokensOut);
    if (request.retries < 0)
        request.retries = static_cast<std::int32_t>(attempts.size()) - 1;
}

} // namespace signalbox::traffic_detail
