// SPDX-License-Identifier: Apache-2.0
#include "failure_of_kind.h"

namespace signalbox {

AttemptFailure attemptFailureOf(FailureKind kind)
{
    switch (kind) {
    case FailureKind::Timeout:
    case FailureKind::Stalled:
    case FailureKind::NoBeginning:
        return AttemptFailure::Timeout;
    case FailureKind::RateLimit:
    case FailureKind::QuotaUsedUp:
        return AttemptFailure::RateLimit;
    case FailureKind::Connect:
    case FailureKind::NameUnknown:
    case FailureKind::Untrusted:
    case FailureKind::ConnectTimeout:
        return AttemptFailure::Connect;
    case FailureKind::ContentFilter:
        return AttemptFailure::ContentFilter;
    case FailureKind::Protocol:
    case FailureKind::Truncated:
    case FailureKind::TooLarge:
        return AttemptFailure::BadAnswer;
    // Chains know no name for a refusal of this one model; like an error of its server it is known
    // at once and another model may do better.
    case FailureKind::Auth:
    case FailureKind::KeyMissing:
    case FailureKind::NotFound:
    case FailureKind::BadRequest:
    case FailureKind::Redirect:
    case FailureKind::ServerError:
    case FailureKind::Cancelled:
        return AttemptFailure::ServerError;
    }
    return AttemptFailure::ServerError;
}

} // namespace signalbox
