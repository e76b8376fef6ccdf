// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "column.h"
#include "logged_request.h"
#include "message_columns.h"
#include "text_column.h"

#include <core/base/money.h>
#include <core/base/result.h>
#include <core/policy/document.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace signalbox {

/// What people and programs thought of answers, one entry per feedback, ordered by row. What a log
/// does not state is empty or "not a number".
struct FeedbackColumns
{
    Column<std::uint32_t> rowOf;
    Column<double> value;
    Column<double> scaleMin;
    Column<double> scaleMax;
    Column<float> weight;
    NameColumn name;
    NameColumn source;
    NameColumn label;

    [[nodiscard]] std::size_t size() const { return rowOf.size(); }
    [[nodiscard]] LoggedFeedback operator[](std::size_t entry) const;
    bool operator==(const FeedbackColumns&) const = default;
};

/// Calls to models on behalf of rows, where a log has more than one row for a request; ordered by
/// row, then as they were made.
struct AttemptColumns
{
    Column<std::uint32_t> rowOf;
    Column<std::int32_t> index;
    NameColumn provider;
    NameColumn model;
    NameColumn error;
    Column<std::uint8_t> status; ///< LogStatus
    Column<std::uint16_t> httpStatus;
    Column<std::int64_t> startMs;
    Column<float> latencyMs;
    Column<std::int64_t> cost; ///< see Traffic::cost
    Column<std::int32_t> inputTokens;
    Column<std::int32_t> outputTokens;

    [[nodiscard]] std::size_t size() const { return rowOf.size(); }
    bool operator==(const AttemptColumns&) const = default;
};

/// A signal of a policy that was read before the prompts were left out.
struct KeptSignal
{
    std::string definition; ///< JSON of all that its values depend on; see core/projection
    NameColumn values;      ///< each as core/projection writes it
    bool operator==(const KeptSignal&) const = default;
};

/// Recorded requests, one column per property, rows ordered by conversation and turn. A row is one
/// request: the conversation up to and including one user message. The columns are in memory or in
/// a mapped file (see traffic_file.h). From several threads while it is const.
class Traffic
{
public:
    static constexpr std::uint32_t kNone = 0xffffffff;
    /// Segment of the rows whose log named none.
    static constexpr std::string_view kUnlabelled = "unlabelled";
    static constexpr std::int64_t kUnknownCost = std::numeric_limits<std::int64_t>::min();
    static constexpr std::int32_t kNoLimit = std::numeric_limits<std::int32_t>::min();

    std::string name;
    bool synthetic = false;   ///< made by a generator; said wherever the traffic is shown
    std::int64_t firstMs = 0; ///< Unix time of the oldest request, 0 if unknown
    std::int64_t lastMs = 0;
    bool promptsLeftOut = false; ///< the requests had texts, which are not kept

    std::vector<std::string> segments; ///< names; segmentOf indexes them
    std::vector<PromptId> prompts;     ///< lab prompts that rows refer to; promptOf indexes them

    // One entry per row.
    Column<std::uint32_t> conversationOf; ///< 0-based, rising
    Column<std::uint16_t> turnOf;         ///< 1 for the first
    Column<std::uint16_t> segmentOf;      ///< index into segments
    Column<std::uint32_t> promptOf;       ///< index into prompts, or kNone
    Column<std::int32_t> inputTokens;     ///< prompt with its history, -1 if unknown
    Column<std::int64_t> timeMs;          ///< Unix time, 0 if unknown

    // What a log says beside the request; one entry per row, or none at all if no row says it. The
    // value of a row that does not say it stands behind each.
    NameColumn askedModel;
    NameColumn servedModel;
    NameColumn provider;
    NameColumn route;
    NameColumn rule;
    NameColumn arm;
    NameColumn outcome;
    NameColumn error;
    NameColumn tenant;
    Column<std::uint8_t> status;          ///< LogStatus; Unknown
    Column<std::uint16_t> httpStatus;     ///< 0
    Column<std::int16_t> retries;         ///< -1
    Column<std::uint8_t> streamed;        ///< 1 yes, 2 no; 0
    Column<std::uint8_t> cacheHit;        ///< 1 yes, 2 no; 0
    Column<std::int32_t> outputTokens;    ///< -1
    Column<std::int32_t> cachedTokens;    ///< of the input; -1
    Column<std::int32_t> reasoningTokens; ///< -1
    Column<std::int64_t> cost;            ///< Money::pico as the log reports it; kUnknownCost
    Column<float> firstTokenMs;           ///< from the first start; NaN
    Column<float> totalMs;                ///< from the first start to the last end; NaN
    Column<float> propensity;             ///< chance of the model that was chosen, 0 to 1; NaN
    NameColumn tags;                      ///< see tagsOf()
    FeedbackColumns feedback;
    AttemptColumns attempts;

    // Of the requests themselves; read them by request() and the like.
    TextColumn conversationIds; ///< one per conversation
    TextColumn requestIds;
    NameColumn user;
    NameColumn style;    ///< "" if the request names none
    NameColumn metadata; ///< all of a row's entries as one text, which only metadataOf() reads
    NameColumn details;  ///< JSON of what few requests have: headers, meters, a time of their own
    Column<std::int32_t> maxTokens; ///< kNoLimit
    Column<std::uint8_t> hasTools;  ///< 0
    MessageColumns messages;

    // In place of prompts that are left out.
    std::vector<KeptSignal> signalValues;
    Column<std::int32_t> estimatedTokens; ///< what the prompts were estimated to have; -1

    bool operator==(const Traffic&) const = default;

    [[nodiscard]] std::size_t rowCount() const { return conversationOf.size(); }
    [[nodiscard]] std::size_t conversationCount() const;
    [[nodiscard]] bool hasPrompts() const { return messages.count() > 0; }

    /// First row of each conversation, and rowCount() at the end.
    [[nodiscard]] std::vector<std::size_t> conversationStarts() const;

    /// The request as the router saw it. Copies its texts: for many rows use RequestReader.
    [[nodiscard]] Request request(std::size_t row) const;
    [[nodiscard]] std::string_view requestId(std::size_t row) const { return requestIds[row]; }
    [[nodiscard]] std::string_view conversationId(std::size_t row) const;
    [[nodiscard]] std::string_view userId(std::size_t row) const { return user[row]; }
    [[nodiscard]] std::optional<std::string> styleOf(std::size_t row) const;
    [[nodiscard]] std::vector<MetadataEntry> metadataOf(std::size_t row) const;
    [[nodiscard]] std::vector<std::string_view> tagsOf(std::size_t row) const;
    [[nodiscard]] std::optional<Money> costOf(std::size_t row) const;
    /// What was said up to and including the message to answer. The texts live as long as the
    /// traffic.
    [[nodiscard]] std::vector<LoggedMessage> messagesOf(std::size_t row) const;
    /// The message to answer, whoever said it; "" without messages.
    [[nodiscard]] std::string_view lastMessage(std::size_t row) const;
    /// The last message of the user.
    [[nodiscard]] std::string_view lastUserMessage(std::size_t row) const;
    /// Entries of `feedback` on a row: the first, and one behind the last.
    [[nodiscard]] std::pair<std::size_t, std::size_t> feedbackOn(std::size_t row) const;

    /// At most so many requests, evenly over the rows.
    [[nodiscard]] std::vector<Request> sample(std::size_t most) const;
};

/// Reads one request after the other into the same memory; what neighbours of a conversation share
/// is not copied again. One thread's own.
class RequestReader
{
public:
    /// @param traffic  must live as long, unchanged
    explicit RequestReader(const Traffic& traffic) : m_traffic(traffic) {}

    /// Until the next call.
    [[nodiscard]] const Request& at(std::size_t row);

private:
    void readMessages(std::size_t row);

    const Traffic& m_traffic;
    Request m_request;
    std::vector<std::uint32_t> m_list;
    std::vector<std::uint32_t> m_next;
    std::string_view m_metadata;
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
/// one, ordered by their number of user messages, then by time, so that a log written out of order
/// reads right. Blank lines, CR LF and a byte order mark are allowed. Fails only if no line at all
/// could be read.
[[nodiscard]] Result<TrafficReading> readTrafficJsonLines(std::string_view text, std::string name);

/// The same rows as text, in row order; reading it back gives equal traffic but for its name, and
/// without what a log says beside the requests.
[[nodiscard]] std::string toTrafficJsonLines(const Traffic& traffic);

} // namespace signalbox
