// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "complaint.h"
#include "http_message.h"
#include "provider.h"
#include "redaction.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace signalbox {

// Turns what went wrong into a kind for programs, and a sentence with what to do for people.

/// What a sentence about a failed call may speak of, and what it must not repeat.
struct CallContext
{
    std::string server; ///< "api.openai.com", "127.0.0.1:8080"
    std::string url;    ///< that was asked
    std::string model;
    bool keySent = false;
    std::vector<std::string> optionalParameters; ///< sent, and the call can do without
    Redaction unspoken = {};                     ///< for everything that the server says
};

/// A failure, and what is worth knowing before one tries again.
struct Failure
{
    StreamFailed failed;
    std::optional<bool> serverSaysRetry; ///< x-should-retry
    bool outOfCredit = false;
    std::string refusedParameter; ///< one of CallContext::optionalParameters, or empty
};

/// @param headers  of the answer; null inside a stream
[[nodiscard]] Failure failureOfStatus(int status, const Complaint& complaint,
                                      const HttpHeaders* headers, std::int64_t nowUnixMs,
                                      const CallContext& call);
/// Whether anything of the answer had come when its transfer ended.
enum class Begun { No, Yes };
[[nodiscard]] Failure failureOfTransfer(TransferEnd end, const CallContext& call,
                                        Begun begun = Begun::No);
[[nodiscard]] Failure plainFailure(FailureKind kind, ErrorCode code, std::string message,
                                   std::string hint, const CallContext& call);

/// The wait a server asks for: retry-after-ms, else retry-after in seconds or as a date.
[[nodiscard]] std::optional<int> retryAfterMs(const HttpHeaders& headers, std::int64_t nowUnixMs);

/// Whether another try can help: 408, 409, 429, 5xx and failed connections, unless the credit is
/// gone, the certificate is wrong, the server says otherwise, or it asks to wait for more than
/// 120 s.
[[nodiscard]] bool isWorthRetrying(const Failure& failure);

/// What a wait is shown with: "rate limit", "server error 503".
[[nodiscard]] std::string retryReason(const StreamFailed& failed);

/// The wait before try `attempt` (2 for the first repetition): a share of `firstMs` doubled with
/// every try up to 16 times it, and never less than the server asks for. Full jitter: calls that
/// failed together do not come back together. Source: M. Brooker, "Exponential Backoff And Jitter",
/// AWS Architecture Blog, 2015.
/// @param jitter  the share, in [0, 1)
[[nodiscard]] int retryWaitMs(const StreamFailed& failed, int attempt, int firstMs, double jitter);

} // namespace signalbox
