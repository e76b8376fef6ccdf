// SPDX-License-Identifier: Apache-2.0
#include "traffic.h"

#include <core/base/json.h>
#include <core/policy/policy_json.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>
#include <tuple>
#include <unordered_map>

namespace signalbox {

namespace {

constexpr std::size_t kShownProblems = 100;

/// What a line says about its request beside the request itself.
struct RowNote
{
    std::string segment{Traffic::kUnlabelled};
    std::optional<std::string> promptId;
    std::int32_t inputTokens = -1;
    std::int64_t timeMs = 0;
    bool synthetic = false;
};

struct ReadRow
{
    Request request;
    RowNote note;
};

/// Numbers names in order of first appearance.
class NameTable
{
public:
    std::uint32_t indexOf(const std::string& name)
    {
        const auto [found, isNew] = m_indices.try_emplace(name, std::uint32_t(m_names.size()));
        if (isNew)
            m_names.push_back(name);
        return found->second;
    }
    const std::vector<std::string>& names() const { return m_names; }

private:
    std::vector<std::string> m_names;
    std::unordered_map<std::string, std::uint32_t> m_indices;
};

/// Takes a member out of an object, so that what stays is the plain request.
std::optional<Json> takeMember(Json& object, const char* key)
{
    const auto found = object.find(key);
    if (found == object.end())
        return std::nullopt;
    std::optional<Json> value(std::move(*found));
    object.erase(found);
    return value;
}

Result<std::string> textOf(const Json& value, const char* key)
{
    if (!value.is_string())
        return fail(ErrorCode::ParseError, "expected a text", key);
    return value.get<std::string>();
}

Result<std::int64_t> wholeNumberOf(const Json& value, const char* key, std::int64_t max)
{
    const bool isWhole = value.is_number() && value.get<double>() >= 0 &&
                         value.get<double>() <= double(max) &&
                         std::floor(value.get<double>()) == value.get<double>();
    if (!isWhole)
        return fail(ErrorCode::ParseError,
                    "expected a whole number from 0 to " + std::to_string(max), key);
    return std::int64_t(value.get<double>());
}

Result<RowNote> takeNote(Json& line)
{
    RowNote note;
    if (const auto value = takeMember(line, "segment")) {
        const auto text = textOf(*value, "segment");
        if (!text)
            return tl::unexpected(text.error());
        if (!text->empty())
            note.segment = *text;
    }
    if (const auto value = takeMember(line, "promptId")) {
        const auto text = textOf(*value, "promptId");
        if (!text)
            return tl::unexpected(text.error());
        note.promptId = *text;
    }
    if (const auto value = takeMember(line, "inputTokens")) {
        const auto count =
            wholeNumberOf(*value, "inputTokens", std::numeric_limits<std::int32_t>::max());
        if (!count)
            return tl::unexpected(count.error());
        note.inputTokens = std::int32_t(*count);
    }
    if (const auto value = takeMember(line, "timeMs")) {
        const auto time = wholeNumberOf(*value, "timeMs", std::int64_t{1} << 53);
        if (!time)
            return tl::unexpected(time.error());
        note.timeMs = *time;
    }
    if (const auto value = takeMember(line, "synthetic")) {
        if (!value->is_boolean())
            return fail(ErrorCode::ParseError, "expected true or false", "synthetic");
        note.synthetic = value->get<bool>();
    }
    return note;
}

std::size_t userMessageCount(const Request& request)
{
    return std::size_t(std::ranges::count(request.messages, Role::User, &Message::role));
}

Result<ReadRow> readRow(std::string_view text)
{
    auto line = parseJson(text);
    if (!line)
        return tl::unexpected(line.error());
    if (!line->is_object())
        return fail(ErrorCode::ParseError, "expected an object, one request a line");
    auto note = takeNote(*line);
    if (!note)
        return tl::unexpected(note.error());
    auto request = requestFromJson(*line);
    if (!request)
        return tl::unexpected(request.error());
    if (userMessageCount(*request) == 0)
        return fail(ErrorCode::ParseError, "there is no user message to answer", "messages");
    return ReadRow{std::move(*request), std::move(*note)};
}

/// Without the line that parseJson saw: every request is line 1 of its own text, and the caller
/// knows which line of the log it is.
std::string problemText(const Error& error)
{
    constexpr std::string_view kOnlyLine = "line 1, ";
    std::string_view where = error.where;
    if (where.starts_with(kOnlyLine))
        where.remove_prefix(kOnlyLine.size());
    return where.empty() ? error.message : std::string(where) + ": " + error.message;
}

/// Rows in the order in which they were read, and what orders them.
class RowCollector
{
public:
    Result<void> add(ReadRow row)
    {
        if (m_segments.indexOf(row.note.segment) > std::numeric_limits<std::uint16_t>::max())
            return fail(ErrorCode::TooLarge, "more than 65,536 different segments", "segment");
        m_isSynthetic |= row.note.synthetic;
        m_conversations.push_back(conversationFor(row.request.conversationId));
        m_userMessages.push_back(userMessageCount(row.request));
        m_rows.push_back(std::move(row));
        return {};
    }

    bool isEmpty() const { return m_rows.empty(); }

    Traffic take(std::string name)
    {
        Traffic traffic;
        traffic.name = std::move(name);
        traffic.synthetic = m_isSynthetic;
        NameTable segments; // numbered as the rows are ordered, whatever the order of the lines
        NameTable prompts;
        std::uint32_t previous = Traffic::kNone;
        for (const std::size_t from : order()) {
            ReadRow& row = m_rows[from];
            const bool isFirst = m_conversations[from] != previous;
            previous = m_conversations[from];
            traffic.turnOf.push_back(nextTurn(from, isFirst ? 0 : traffic.turnOf.back()));
            traffic.conversationOf.push_back(m_conversations[from]);
            traffic.segmentOf.push_back(std::uint16_t(segments.indexOf(row.note.segment)));
            traffic.promptOf.push_back(row.note.promptId ? prompts.indexOf(*row.note.promptId)
                                                         : Traffic::kNone);
            traffic.inputTokens.push_back(row.note.inputTokens);
            traffic.timeMs.push_back(row.note.timeMs);
            traffic.requests.push_back(std::move(row.request));
        }
        traffic.segments = segments.names();
        for (const std::string& id : prompts.names())
            traffic.prompts.emplace_back(id);
        setTimeRange(traffic);
        return traffic;
    }

private:
    std::uint32_t conversationFor(const std::string& id)
    {
        if (id.empty())
            return m_conversationCount++;
        const auto [found, isNew] = m_conversationIds.try_emplace(id, m_conversationCount);
        if (isNew)
            ++m_conversationCount;
        return found->second;
    }

    std::vector<std::size_t> order() const
    {
        std::vector<std::size_t> order(m_rows.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::ranges::sort(order, {}, [this](std::size_t row) {
            return std::tuple(m_conversations[row], m_userMessages[row], row);
        });
        return order;
    }

    /// A log may hold whole conversations (the count of user messages is the turn) or last
    /// messages only (the count is always 1): the turn rises in both.
    std::uint16_t nextTurn(std::size_t row, std::uint16_t previous) const
    {
        constexpr std::size_t kMax = std::numeric_limits<std::uint16_t>::max();
        return std::uint16_t(
            std::min(std::max<std::size_t>(m_userMessages[row], previous + 1u), kMax));
    }

    static void setTimeRange(Traffic& traffic)
    {
        for (const std::int64_t time : traffic.timeMs) {
            if (time == 0)
                continue;
            traffic.firstMs = traffic.firstMs == 0 ? time : std::min(traffic.firstMs, time);
            traffic.lastMs = std::max(traffic.lastMs, time);
        }
    }

    std::vector<ReadRow> m_rows;
    std::vector<std::uint32_t> m_conversations;
    std::vector<std::size_t> m_userMessages;
    std::unordered_map<std::string, std::uint32_t> m_conversationIds;
    std::uint32_t m_conversationCount = 0;
    NameTable m_segments; ///< how many there are
    bool m_isSynthetic = false;
};

/// Cuts the next line off the front of `rest`, without its line end.
std::string_view takeLine(std::string_view& rest)
{
    const std::size_t end = rest.find('\n');
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (line.ends_with('\r'))
        line.remove_suffix(1);
    return line;
}

} // namespace

Result<TrafficReading> readTrafficJsonLines(std::string_view text, std::string name)
{
    if (text.starts_with("\xEF\xBB\xBF"))
        text.remove_prefix(3);
    TrafficReading reading;
    RowCollector rows;
    std::size_t number = 0;
    while (!text.empty()) {
        ++number;
        const std::string_view line = takeLine(text);
        if (line.find_first_not_of(" \t") == std::string_view::npos)
            continue;
        auto row = readRow(line);
        const Result<void> added = row ? rows.add(std::move(*row)) : tl::unexpected(row.error());
        if (added)
            continue;
        ++reading.badLines;
        if (reading.problems.size() < kShownProblems)
            reading.problems.push_back({number, problemText(added.error())});
    }
    if (rows.isEmpty()) {
        const bool isBlank = reading.problems.empty();
        return fail(ErrorCode::ParseError,
                    isBlank ? "there is no request in it"
                            : "none of its lines is a request; the first says: " +
                                  reading.problems.front().message,
                    isBlank ? "" : "line " + std::to_string(reading.problems.front().line),
                    "traffic is read as JSON lines, one request object a line");
    }
    reading.traffic = rows.take(std::move(name));
    return reading;
}

std::string toTrafficJsonLines(const Traffic& traffic)
{
    std::string text;
    for (std::size_t row = 0; row < traffic.rowCount(); ++row) {
        Json line = toJson(traffic.requests[row]);
        const std::string& segment = traffic.segments[traffic.segmentOf[row]];
        if (segment != Traffic::kUnlabelled)
            line["segment"] = segment;
        if (traffic.promptOf[row] != Traffic::kNone)
            line["promptId"] = traffic.prompts[traffic.promptOf[row]].value;
        if (traffic.timeMs[row] != 0)
            line["timeMs"] = traffic.timeMs[row];
        if (traffic.inputTokens[row] >= 0)
            line["inputTokens"] = traffic.inputTokens[row];
        if (traffic.synthetic)
            line["synthetic"] = true;
        text += toCompactJsonText(line);
        text += '\n';
    }
    return text;
}

} // namespace signalbox
