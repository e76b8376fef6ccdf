// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <core/base/result.h>
#include <core/policy/document.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace signalbox {

/// Recorded requests, one column per property, rows ordered by conversation and turn. A row is one
/// request: the conversation up to and including one user message.
class Traffic
{
public:
    static constexpr std::uint32_t kNone = 0xffffffff;
    /// Segment of the rows whose log named none.
    static constexpr std::string_view kUnlabelled = "unlabelled";

    std::string name;
    bool synthetic = false;   ///< made by a generator; said wherever the traffic is shown
    std::int64_t firstMs = 0; ///< Unix time of the oldest request, 0 if unknown
    std::int64_t lastMs = 0;

    std::vector<std::string> segments; ///< names; segmentOf indexes them
    std::vector<PromptId> prompts;     ///< lab prompts that rows refer to; promptOf indexes them

    // One entry per row.
    std::vector<std::uint32_t> conversationOf; ///< 0-based, rising
    std::vector<std::uint16_t> turnOf;         ///< 1 for the first
    std::vector<std::uint16_t> segmentOf;      ///< index into segments
    std::vector<std::uint32_t> promptOf;       ///< index into prompts, or kNone
    std::vector<std::int32_t> inputTokens;     ///< prompt with its history, -1 if unknown
    std::vector<std::int64_t> timeMs;          ///< Unix time, 0 if unknown

    /// The requests themselves, as the router saw them; same row order.
    std::vector<Request> requests;

    bool operator==(const Traffic&) const = default;

    [[nodiscard]] std::size_t rowCount() const { return requests.size(); }
    [[nodiscard]] std::size_t conversationCount() const;

    /// First row of each conversation, and rowCount() at the end.
    [[nodiscard]] std::vector<std::size_t> conversationStarts() const;
};

/// A line that could not be read, kept aside rather than dropped.
struct TrafficProblem
{
    std::size_t line = 0; ///< 1-based
    std::string message;  ///< one sentence with the JSON path if there is one
    bool operator==(const TrafficProblem&) const = default;
};

struct TrafficReading
{
    Traffic traffic;
    std::vector<TrafficProblem> problems; ///< the first 100
    std::size_t badLines = 0;             ///< all of them
};

/// Traffic as JSON lines, one request a line: the request object of the policy file's tests
/// ("messages", "conversationId", "userId", "style", "metadata", …) plus optional "segment",
/// "promptId", "timeMs", "inputTokens", "synthetic". A line without "conversationId" is a
/// conversation of its own. Rows are grouped by conversation in order of appearance and, within
/// one, ordered by their number of user messages, so that a log written out of order reads right.
/// Blank lines, CR LF and a byte order mark are allowed. Fails only if no line at all could be
/// read.
[[nodiscard]] Result<TrafficReading> readTrafficJsonLines(std::string_view text, std::string name);

/// The same rows as text, in row order; reading it back gives equal traffic but for its name.
[[nodiscard]] std::string toTrafficJsonLines(const Traffic& traffic);

} // namespace signalbox
