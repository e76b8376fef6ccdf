// SPDX-License-Identifier: Apache-2.0
#include "traffic.h"
#include "traffic_builder.h"

#include <core/base/json.h>
#include <core/policy/policy_json.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

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

    [[nodiscard]] RequestNote asNote() const
    {
        RequestNote known{note.segment, std::nullopt, note.inputTokens, note.timeMs};
        if (note.promptId)
            known.promptId = *note.promptId;
        return known;
    }
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
    TrafficBuilder rows;
    bool isSynthetic = false;
    std::size_t number = 0;
    while (!text.empty()) {
        ++number;
        const std::string_view line = takeLine(text);
        if (line.find_first_not_of(" \t") == std::string_view::npos)
            continue;
        auto row = readRow(line);
        const Result<void> added =
            row ? rows.add(row->request, row->asNote()) : tl::unexpected(row.error());
        if (added) {
            isSynthetic = isSynthetic || row->note.synthetic;
            continue;
        }
        ++reading.badLines;
        if (reading.problems.size() < kShownProblems)
            reading.problems.push_back({number, problemText(added.error())});
    }
    if (rows.rowCount() == 0) {
        const bool isBlank = reading.problems.empty();
        return fail(ErrorCode::ParseError,
                    isBlank ? "there is no request in it"
                            : "none of its lines is a request; the first says: " +
                                  reading.problems.front().message,
                    isBlank ? "" : "line " + std::to_string(reading.problems.front().line),
                    "traffic is read as JSON lines, one request object a line");
    }
    auto traffic = rows.take(std::move(name));
    if (!traffic)
        return tl::unexpected(traffic.error());
    reading.traffic = std::move(*traffic);
    reading.traffic.synthetic = isSynthetic; // which no request says of itself
    return reading;
}

std::string toTrafficJsonLines(const Traffic& traffic)
{
    std::string text;
    RequestReader requests(traffic);
    for (std::size_t row = 0; row < traffic.rowCount(); ++row) {
        Json line = toJson(requests.at(row));
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
