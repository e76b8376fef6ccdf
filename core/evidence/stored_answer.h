// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/base/failure_kind.h>
#include <core/base/ids.h>
#include <core/base/money.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace signalbox {

/// Where a cell of a run stands.
enum class StoredState {
    Queued,   ///< never asked, or asked and nothing came before it was let go
    Running,  ///< asked at this moment by the program that holds the run
    Done,     ///< whole, with the dialect's end marker
    Failed,   ///< no usable answer; the failure says why
    Cut,      ///< text without its end: the answer's own, or of an attempt that was interrupted
    Refused,  ///< the model declined
    Filtered, ///< the provider withheld it
    Stopped,  ///< by the person, before it was whole: its attempt may have cost something
    Cached,   ///< taken from an earlier answer to the exact request; nobody was asked or billed
};
inline constexpr int kStoredStateCount = 9;

/// Stable name in the store and in exports, e.g. "refused".
[[nodiscard]] std::string_view storedStateName(StoredState state);
[[nodiscard]] std::optional<StoredState> storedStateNamed(std::string_view name);

/// What a finished attempt is worth keeping in sight: 2 if there is an answer that was paid for or
/// taken from the cache, 1 if there is none, 0 if it was stopped. A later attempt is shown if it is
/// worth as much.
[[nodiscard]] int worthOf(StoredState state);

/// Tells one attempt at a cell from every other, in all programs that share a store: what is sent
/// to the store again after a lost connection is known by it. Never 0.
using AttemptTicket = std::int64_t;
/// Random, from the system's generator.
[[nodiscard]] AttemptTicket newTicket();

/// A wait before a try of an attempt: before a repetition, or before the first.
struct AttemptRetry
{
    int waitMs = 0;
    std::string reason;         ///< one phrase: why the try before failed, or was not sent yet
    bool isBeforeFirst = false; ///< nothing had been sent
    bool operator==(const AttemptRetry&) const = default;
};

/// Clocks of one attempt in milliseconds after the request was handed to the socket; what was not
/// seen is absent.
struct AnswerTimes
{
    std::optional<double> headersMs = {};
    std::optional<double> firstEventMs = {};
    std::optional<double> firstReasoningMs = {};
    std::optional<double> firstTextMs = {}; ///< TTFT
    std::optional<double> totalMs = {};
    std::optional<double> connectMs = {}; ///< before all these
    bool operator==(const AnswerTimes&) const = default;
};

/// Tokens as billed; what is not known is absent, never 0.
struct AnswerUsage
{
    std::optional<std::int64_t> inputUncached = {}, cacheRead = {}, cacheWrite = {};
    std::optional<std::int64_t> output = {};    ///< reasoning included
    std::optional<std::int64_t> reasoning = {}; ///< the part of the output that was not shown
    bool isEstimated = false;

    /// Sum of what is known of the input; absent if nothing is.
    [[nodiscard]] std::optional<std::int64_t> input() const;
    bool operator==(const AnswerUsage&) const = default;
};

/// One finished attempt at a cell: what is kept for good. Never holds a key.
struct StoredAnswer
{
    AttemptTicket ticket = 0;
    StoredState state = StoredState::Done; ///< neither Queued nor Running
    std::string text;                      ///< UTF-8, visible text only
    std::string reasoning;
    std::string styleGuide;   ///< the one it was written under
    std::string servedModel;  ///< what the server says it ran; may be empty
    std::string finishReason; ///< the server's own word; may be empty
    std::optional<FailureKind> failureKind = {};
    std::string failure; ///< a sentence for people; empty unless failed, filtered or cut
    AnswerTimes times;
    AnswerUsage usage;
    std::optional<Money> cost = {}; ///< of all tries; nullopt: unknown
    bool isCostStated = false;      ///< by the provider; else from a list price of that time
    std::vector<AttemptRetry> retries;
    std::vector<std::string> droppedParameters; ///< the server refused them and was asked without
    std::string cachedFrom;                     ///< placeOf() the original; empty unless Cached
    std::string requestKey;                     ///< requestKey(); empty: never found by the cache
    std::string routeJson; ///< of a policy as a lane: rule, arm, fallbacks; empty or JSON
    std::optional<double> satisfied = {}; ///< outcome in [0, 1] if one was measured
    bool isSimulated = false;
    std::int64_t recordedAtMs = 0; ///< Unix time; a lab run's answers have each a later one than
                                   ///< those before it, even if the clock was set back

    bool operator==(const StoredAnswer&) const = default;
};

} // namespace signalbox
