// SPDX-License-Identifier: Apache-2.0
#include "failure_kind.h"

namespace signalbox {

const char* failureKindName(FailureKind kind)
{
    switch (kind) {
    case FailureKind::Connect:
        return "connect";
    case FailureKind::NameUnknown:
        return "nameUnknown";
    case FailureKind::Untrusted:
        return "untrusted";
    case FailureKind::ConnectTimeout:
        return "connectTimeout";
    case FailureKind::NoBeginning:
        return "noBeginning";
    case FailureKind::Stalled:
        return "stalled";
    case FailureKind::Timeout:
        return "timeout";
    case FailureKind::RateLimit:
        return "rateLimit";
    case FailureKind::QuotaUsedUp:
        return "quotaUsedUp";
    case FailureKind::Auth:
        return "auth";
    case FailureKind::NotFound:
        return "notFound";
    case FailureKind::BadRequest:
        return "badRequest";
    case FailureKind::ServerError:
        return "serverError";
    case FailureKind::Protocol:
        return "protocol";
    case FailureKind::Truncated:
        return "truncated";
    case FailureKind::ContentFilter:
        return "contentFilter";
    case FailureKind::TooLarge:
        return "tooLarge";
    case FailureKind::Redirect:
        return "redirect";
    case FailureKind::KeyMissing:
        return "keyMissing";
    case FailureKind::Cancelled:
        return "cancelled";
    }
    return "protocol";
}

std::optional<FailureKind> failureKindNamed(std::string_view name)
{
    for (int i = 0; i < kFailureKindCount; ++i) {
        if (name == failureKindName(FailureKind(i)))
            return FailureKind(i);
    }
    return std::nullopt;
}

} // namespace signalbox
