// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/base/json.h>
#include <core/base/money.h>

#include <cstdint>
#include <optional>
#include <string>

namespace signalbox {

/// What a run may take at most. Kept with the run: it holds after a crash, too.
struct RunCaps
{
    std::optional<Money> cost;          ///< at the prices that answers are counted at
    std::optional<std::int64_t> tokens; ///< input and output
    std::optional<std::int64_t> timeMs; ///< of sending; pauses do not count

    [[nodiscard]] bool isEmpty() const { return !cost && !tokens && !timeMs; }
    bool operator==(const RunCaps&) const = default;
};

/// In a recorded plan: {"costPico": 5000000000000, "tokens": 100000, "timeMs": 600000}.
[[nodiscard]] Json toJson(const RunCaps& caps);
/// What is there and makes sense is taken.
[[nodiscard]] RunCaps runCapsFrom(const Json& json);

/// What a run has taken so far.
struct RunSpending
{
    Money cost;                     ///< known costs, and what is unknown of others at worst
    std::int64_t tokens = 0;        ///< likewise
    std::int64_t timeMs = 0;        ///< while it was sending
    std::size_t countedAtWorst = 0; ///< calls of unknown cost among them
    bool operator==(const RunSpending&) const = default;
};

/// Why a run sends no more.
struct CapReached
{
    enum class Which {
        Cost,
        Tokens,
        Time,
        NoPrice,  ///< a model's price is not known, so that no cap on money could be kept
        NoLength, ///< an answer may get as long as it likes: neither money nor tokens are bounded
    };
    Which which = Which::Cost;
    RunCaps caps;
    RunSpending spent;
    std::string model;                      ///< of the call that would have been next
    std::optional<Money> next;              ///< what it may cost at worst
    std::optional<std::int64_t> nextTokens; ///< likewise
    std::size_t waiting = 0;                ///< cells that are not sent
};
/// A sentence, and what can be done: "The cap of $5 on money is reached: $4.98 is spent, and …".
[[nodiscard]] std::string toString(const CapReached& reached);

} // namespace signalbox
