// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

namespace signalbox {

/// Why a model gave no usable answer: set where the call failed, kept with the answer.
enum class FailureKind {
    Connect,        ///< refused, unreachable, or closed without an answer
    NameUnknown,    ///< the server's name has no address (DNS)
    Untrusted,      ///< no connection that is private and to that server (TLS)
    ConnectTimeout, ///< no connection in time
    NoBeginning,    ///< connected, and nothing of the answer's text in time
    Stalled,        ///< the answer had begun, then no byte for too long
    Timeout,        ///< the whole answer took too long
    RateLimit,      ///< 429: too many requests or tokens for now; waiting helps
    QuotaUsedUp,    ///< no credit left, or a spending limit reached; waiting does not help
    Auth,           ///< 401, 403
    NotFound,       ///< 404: no such model, or no such address at the server
    BadRequest,     ///< 400, 413, 422
    ServerError,    ///< 5xx, also inside a stream
    Protocol,       ///< an answer, but not one of this dialect
    Truncated,      ///< ended before its end marker
    ContentFilter,  ///< the provider stopped the prompt
    TooLarge,       ///< over a stated limit
    Redirect,       ///< sent on to another address, which we do not follow
    KeyMissing,     ///< there is no key, or it may not go to this server
    Cancelled       ///< by the person
};
inline constexpr int kFailureKindCount = 20;

/// Stable machine name, e.g. "rateLimit"; never null.
[[nodiscard]] const char* failureKindName(FailureKind kind);
/// The kind of that name; nothing if there is none.
[[nodiscard]] std::optional<FailureKind> failureKindNamed(std::string_view name);

} // namespace signalbox
