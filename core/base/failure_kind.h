// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

namespace signalbox {

/// Why a model gave no usable answer: set where the call failed, kept with the answer.
enum class FailureKind {
    Connect,       ///< refused, unreachable, not to be trusted (TLS), or closed without an answer
    Timeout,       ///< the whole answer took too long
    Stalled,       ///< no byte for too long
    RateLimit,     ///< 429, or no credit left
    Auth,          ///< 401, 403
    NotFound,      ///< 404: no such model, or no such address at the server
    BadRequest,    ///< 400, 413, 422
    ServerError,   ///< 5xx, also inside a stream
    Protocol,      ///< an answer, but not one of this dialect
    Truncated,     ///< ended before its end marker
    ContentFilter, ///< the provider stopped the prompt
    TooLarge,      ///< over a stated limit
    Redirect,      ///< sent on to another address, which we do not follow
    KeyMissing,    ///< there is no key, or it may not go to this server
    Cancelled      ///< by the person
};
inline constexpr int kFailureKindCount = 15;

/// Stable machine name, e.g. "rateLimit"; never null.
[[nodiscard]] const char* failureKindName(FailureKind kind);
/// The kind of that name; nothing if there is none.
[[nodiscard]] std::optional<FailureKind> failureKindNamed(std::string_view name);

} // namespace signalbox
