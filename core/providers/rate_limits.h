// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "http_message.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace signalbox {

/// How much a server still takes of one thing, as it says itself.
struct RateLimit
{
    enum class Of { Requests, Tokens, InputTokens, OutputTokens };
    Of of = Of::Requests;
    std::optional<std::int64_t> limit, remaining;
    std::optional<std::int64_t> resetInMs; ///< after it was told, until the limit is whole again
    bool operator==(const RateLimit&) const = default;
};

/// All that the headers of one answer say; empty if they say nothing.
struct RateLimits
{
    std::vector<RateLimit> limits; ///< at most one of each kind, in the order of Of
    bool operator==(const RateLimits&) const = default;
};

/// Reads the headers of every dialect: x-ratelimit-remaining-tokens (resets are durations such as
/// "6m0s") and anthropic-ratelimit-tokens-remaining (resets are RFC 3339 times). What cannot be
/// true is left out.
/// @param nowUnixMs  for resets that are times, if the server does not say what time it has
[[nodiscard]] RateLimits rateLimitsOf(const HttpHeaders& headers, std::int64_t nowUnixMs);

/// The time at the server by its Date header, so that its dates are not read by a clock that goes
/// wrong here; ours where it sends none.
[[nodiscard]] std::int64_t serverUnixMs(const HttpHeaders& headers, std::int64_t nowUnixMs);

/// "1s", "6m0s", "2m59.56s", "120ms", "1h30m", or bare seconds: milliseconds, at most ten years.
[[nodiscard]] std::optional<std::int64_t> durationMs(std::string_view text);

} // namespace signalbox
