// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "feedback_scales.h"
#include "traffic.h"

#include <core/base/money.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace signalbox {

/// What a table holds, in numbers. Each says of how many rows it is known.
struct TrafficSummary
{
    struct Share
    {
        std::string name;
        std::size_t rows = 0;
    };
    struct Times
    {
        std::size_t rows = 0;
        double p50Ms = 0; ///< inverse of the distribution; meaningless without rows
        double p95Ms = 0;
    };
    struct Sum
    {
        std::size_t rows = 0;
        std::int64_t total = 0;
    };
    struct Feedback
    {
        std::string name;
        std::string source;
        std::size_t count = 0;
        std::size_t scaled = 0;       ///< of those, with a value on a known scale
        double mean = kUnknownNumber; ///< of those, 0 to 1
        ScaleOrigin scale = ScaleOrigin::Unknown;
    };
    struct Part
    {
        std::string name; ///< as in the file
        std::size_t bytes = 0;
    };

    std::size_t rows = 0;
    std::size_t conversations = 0;
    std::size_t longestConversation = 0; ///< in rows
    std::size_t users = 0;               ///< different ones that are named
    std::size_t prompts = 0;             ///< rows with messages
    std::size_t answers = 0;             ///< rows with one
    // The most frequent first; rows that do not say it are in none.
    std::vector<Share> servedModels;
    std::vector<Share> askedModels;
    std::vector<Share> providers;
    std::vector<Share> outcomes;
    std::vector<Share> errors;
    std::vector<Share> segments;
    std::size_t succeeded = 0;
    std::size_t failed = 0;
    std::size_t propensities = 0; ///< rows that say how likely the model was
    std::size_t attempts = 0;     ///< calls of rows that needed more than one
    Times totalMs;
    Times firstTokenMs;
    Sum inputTokens;
    Sum outputTokens;
    std::size_t costRows = 0;
    std::optional<Money> cost; ///< of those; nothing if there is none or more than Money holds
    std::vector<Feedback> feedback;
    std::vector<Part> parts; ///< the columns, as they lie in memory or in the file
};

/// O(rows), plus sorting the latencies.
[[nodiscard]] TrafficSummary summaryOf(const Traffic& traffic);

} // namespace signalbox
