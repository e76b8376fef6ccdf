// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan_words.h"

#include <cmath>

namespace signalbox {

namespace {

constexpr double kShortestInSecondsMs = 100;

/// "0.5 s", "12 s"; "20 ms" where tenths of a second would not tell it from none.
std::string timeText(double ms)
{
    if (ms < kShortestInSecondsMs)
        return std::to_string(std::llround(ms)) + " ms";
    const auto tenths = std::llround(ms / 100);
    std::string text = std::to_string(tenths / 10);
    if (tenths % 10 != 0)
        text += "." + std::to_string(tenths % 10);
    return text + " s";
}

} // namespace

std::string phraseOf(AttemptFailure failure)
{
    switch (failure) {
    case AttemptFailure::Timeout:
        return "too slow";
    case AttemptFailure::RateLimit:
        return "rate limit";
    case AttemptFailure::ServerError:
        return "server error";
    case AttemptFailure::Connect:
        return "no connection";
    case AttemptFailure::ContentFilter:
        return "content filter";
    case AttemptFailure::BadAnswer:
        return "no usable answer";
    }
    return {};
}

std::string overrunText(const PlanHop& hop)
{
    return (hop.hasBegun ? "not whole in " : "no word in ") +
           timeText(hop.record.endMs - hop.record.startMs);
}

std::string statusText(const PlanHops& hops, const PlanHop* delivered)
{
    std::string text;
    for (const auto& hop : hops) {
        if (hop->record.isVerifier || hop.get() == delivered)
            continue;
        if (!text.empty())
            text += "; ";
        text += hop->record.model.value;
        text += hop->isOver && !hop->record.reason.empty() ? ": " + hop->record.reason
                : hop->isHeld                              ? " is next"
                : hop->isOver                              ? " is checked"
                                                           : " is asked";
    }
    return text;
}

StreamFailed failureOf(const PlanHops& hops, const PlanHop* delivered)
{
    StreamFailed failed;
    failed.kind = FailureKind::Timeout;
    failed.error.code = ErrorCode::NetworkError;
    for (const auto& hop : hops) {
        if (hop->record.isVerifier || hop->record.end == PolicyHop::End::Answered)
            continue;
        if (hop->record.end == PolicyHop::End::Failed)
            failed.kind = hop->kind;
        if (!failed.error.message.empty())
            failed.error.message += "; ";
        failed.error.message += hop->record.model.value + ": " +
                                (hop->sentence.empty() ? hop->record.reason : hop->sentence);
    }
    failed.error.message = (delivered ? "The answer broke off, and nobody can take over then: "
                                      : "No model of the plan answered: ") +
                           failed.error.message;
    return failed;
}

} // namespace signalbox
