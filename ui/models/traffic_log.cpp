// SPDX-License-Identifier: GPL-3.0-or-later
#include "traffic_log.h"

#include <core/base/crc32c.h>
#include <core/base/files.h>
#include <core/base/json.h>
#include <core/base/mapped_file.h>
#include <core/base/utf8.h>
#include <core/traffic/attempt_folder.h>
#include <core/traffic/row_redactor.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <set>
#include <string_view>
#include <unordered_set>
#include <utility>

namespace signalbox::ui {

namespace {

constexpr std::size_t kShownBytes = 400; ///< of a text in a row of the preview
constexpr std::size_t kPreviewChunk = std::size_t{32} << 10;
constexpr std::size_t kPreviewBytes = std::size_t{16} << 20; ///< of a log that gives few rows

/// Names of what a line holds, first parts only: lines that lack an inner value are of the same
/// log.
std::vector<std::string> columnsOf(const LogDetection& detection)
{
    std::set<std::string> names;
    for (const LogExample& example : detection.examples) {
        const auto parts = pathParts(example.path);
        if (parts && !parts->empty())
            names.insert(parts->front());
    }
    return {names.begin(), names.end()};
}

std::filesystem::path mappingFile(const std::filesystem::path& folder,
                                  const std::vector<std::string>& columns)
{
    std::string joined;
    for (const std::string& column : columns)
        joined += column + '\n';
    std::array<char, 16> name{};
    std::snprintf(name.data(), name.size(), "%08x.json", crc32c(joined));
    return folder / name.data();
}

/// One that cannot be read any more is none: the log is recognised as at the first time.
std::optional<LogMapping> keptMapping(const std::filesystem::path& folder,
                                      const std::vector<std::string>& columns)
{
    if (folder.empty())
        return std::nullopt;
    const auto text = readFile(mappingFile(folder, columns), std::size_t{1} << 20);
    const auto json = text ? parseJson(*text) : Result<Json>(Unexpected(Error{}));
    if (!json || !json->is_object() || !json->contains("columns") || !json->contains("mapping") ||
        (*json)["columns"] != Json(columns))
        return std::nullopt;
    auto mapping = logMappingFromJson((*json)["mapping"]);
    return mapping ? std::optional(std::move(*mapping)) : std::nullopt;
}

bool isAtOrBelow(std::string_view path, std::string_view above)
{
    return path.starts_with(above) && (path.size() == above.size() || path[above.size()] == '/');
}

bool matchesPart(std::string_view pattern, std::string_view part)
{
    const std::size_t star = pattern.find('*');
    if (star == std::string_view::npos || pattern == part)
        return pattern == part;
    const std::string_view before = pattern.substr(0, star);
    const std::string_view after = pattern.substr(star + 1);
    return part.size() >= before.size() + after.size() && part.starts_with(before) &&
           part.ends_with(after);
}

/// Whether a path with stars is that of a value or of something around it.
bool isPathOf(const std::string& path, const std::string& leaf)
{
    const auto wanted = pathParts(path);
    const auto parts = pathParts(leaf);
    return wanted && parts && wanted->size() <= parts->size() &&
           std::equal(wanted->begin(), wanted->end(), parts->begin(), matchesPart);
}

/// The field that a part of it makes up, as a person sees them; itself where there is none.
LogField wholeOf(LogField field)
{
    switch (field) {
    case LogField::MessageRole:
    case LogField::MessageText:
        return LogField::Messages;
    case LogField::ResponseText:
        return LogField::Response;
    default:
        return field;
    }
}

std::string shortText(std::string_view text)
{
    return toValidUtf8(text.substr(0, kShownBytes));
}

LogRowPreview previewOf(const LoggedRequest& row)
{
    LogRowPreview shown;
    shown.line = row.line;
    shown.startMs = row.startMs;
    shown.session = shortText(row.sessionId);
    shown.user = shortText(row.userId);
    shown.model = shortText(row.servedModel.empty() ? row.requestedModel : row.servedModel);
    for (const LoggedMessage& message : row.messages) {
        if (message.role == Role::User)
            shown.prompt = shortText(message.text);
    }
    shown.response = shortText(row.response);
    shown.tokensIn = row.tokensIn;
    shown.tokensOut = row.tokensOut;
    shown.costUsd = row.costUsd;
    shown.latencyMs = row.latencyMs;
    return shown;
}

/// Adds rows up.
class ScanCounter
{
public:
    explicit ScanCounter(LogScan& scan) : m_scan(scan) {}

    void add(std::span<const LoggedRequest> rows)
    {
        for (const LoggedRequest& row : rows)
            add(row);
    }

private:
    void add(const LoggedRequest& row)
    {
        ++m_scan.requests;
        if (row.sessionId.empty())
            ++m_scan.unnamed;
        else if (m_sessions.insert(std::hash<std::string_view>()(row.sessionId)).second)
            ++m_scan.conversations;
        m_scan.withUser += !row.userId.empty();
        m_scan.withModel += !row.servedModel.empty() || !row.requestedModel.empty();
        m_scan.withPrompt += !row.messages.empty();
        m_scan.withTokens += row.tokensIn >= 0 || row.tokensOut >= 0;
        m_scan.withCost += !std::isnan(row.costUsd);
        m_scan.withLatency += !std::isnan(row.latencyMs);
        m_scan.withSegment += !row.segment.empty();
        if (row.startMs == 0)
            return;
        const bool isFirst = m_scan.withTime++ == 0;
        m_scan.firstMs = isFirst ? row.startMs : std::min(m_scan.firstMs, row.startMs);
        m_scan.lastMs = isFirst ? row.startMs : std::max(m_scan.lastMs, row.startMs);
    }

    LogScan& m_scan;
    std::unordered_set<std::size_t> m_sessions; ///< hashes: a log may name millions
};

} // namespace

Result<LogLook> lookAtLog(const std::filesystem::path& path, const std::filesystem::path& mappings)
{
    const auto file = MappedFile::open(path);
    if (!file)
        return Unexpected(file.error());
    LogLook look;
    look.path = path;
    look.bytes = (*file)->bytes().size();
    look.detection = detectLog((*file)->bytes());
    if (look.detection.guesses.empty())
        return fail(ErrorCode::ParseError, "no line of it can be read as a request", path.string(),
                    "a log has one JSON object a line, or is a table with a header");
    look.kept = keptMapping(mappings, columnsOf(look.detection));
    return look;
}

Result<void> rememberMapping(const LogLook& look, const LogMapping& mapping,
                             const std::filesystem::path& mappings)
{
    std::error_code failed;
    std::filesystem::create_directories(mappings, failed);
    if (failed)
        return fail(ErrorCode::IoError, failed.message(), mappings.string());
    const std::vector<std::string> columns = columnsOf(look.detection);
    return writeFileAtomically(mappingFile(mappings, columns),
                               toJsonText({{"columns", columns}, {"mapping", toJson(mapping)}}));
}

std::vector<LogColumnChoice> columnChoices(const LogDetection& detection)
{
    std::vector<LogColumnChoice> choices;
    std::set<std::string> known;
    for (const LogExample& example : detection.examples) {
        const auto parts = pathParts(example.path);
        if (!parts)
            continue;
        for (std::size_t size = 1; size < parts->size(); ++size) {
            const std::string above =
                pathOf({parts->begin(), parts->begin() + static_cast<std::ptrdiff_t>(size)});
            if (parts->at(size - 1) != "*" && known.insert(above).second)
                choices.push_back({above, example.text, true});
        }
        if (known.insert(example.path).second)
            choices.push_back({example.path, example.text, false});
    }
    return choices;
}

bool readsTrees(LogField field)
{
    switch (field) {
    case LogField::Messages:
    case LogField::Prompt:
    case LogField::System:
    case LogField::Response:
    case LogField::Metadata:
    case LogField::Tags:
        return true;
    default:
        return false;
    }
}

std::string linePathOf(const LogMapping& mapping, const LogPlace& place)
{
    return place.from == LogOrigin::Row ? mapping.rows + place.path : place.path;
}

std::string exampleAt(const LogDetection& detection, const std::string& linePath)
{
    const LogExample* longest = nullptr; // of a message it is what was said, not who said it
    for (const LogExample& example : detection.examples) {
        const bool isLonger = !longest || example.text.size() > longest->text.size();
        if (isLonger && isPathOf(linePath, example.path))
            longest = &example;
    }
    return longest ? longest->text : std::string();
}

std::optional<LogPlace> placeOf(const LogMapping& mapping, LogField field,
                                const LogDetection& detection)
{
    std::optional<LogPlace> first;
    for (const LogPlace& place : mapping.places) {
        if (place.field != field && wholeOf(place.field) != field)
            continue;
        const std::string path = linePathOf(mapping, place);
        if (std::ranges::any_of(detection.examples, [&path](const LogExample& example) {
                return isPathOf(path, example.path);
            }))
            return place;
        if (!first)
            first = place;
    }
    return first;
}

void unassign(LogMapping& mapping, LogField field)
{
    std::erase_if(mapping.places, [field](const LogPlace& place) {
        return place.field == field || wholeOf(place.field) == field;
    });
}

void assign(LogMapping& mapping, LogField field, const std::string& linePath, LogUnit unit,
            const LogDetection& detection)
{
    unassign(mapping, field);
    LogPlace place;
    place.field = field;
    place.unit = unit;
    if (mapping.rows.empty() || isAtOrBelow(linePath, mapping.rows)) {
        place.path = linePath.substr(mapping.rows.size());
    } else {
        place.path = linePath;
        place.from = LogOrigin::Line;
    }
    for (const std::string& text : detection.jsonTexts) {
        if (!isAtOrBelow(linePath, text) || !isAtOrBelow(text, mapping.rows))
            continue;
        const std::string inRow = text.substr(mapping.rows.size());
        if (std::ranges::find(mapping.jsonTexts, inRow) == mapping.jsonTexts.end())
            mapping.jsonTexts.push_back(inRow);
    }
    mapping.places.push_back(std::move(place));
}

LogUnit likelyUnit(LogField field, const std::string& linePath, const LogDetection& detection)
{
    for (const LogGuess& guess : detection.guesses) {
        for (const LogPlace& place : guess.mapping.places) {
            if (linePathOf(guess.mapping, place) == linePath && fits(place.unit, field))
                return place.unit;
        }
    }
    return LogUnit::Plain;
}

Result<std::vector<LogRowPreview>> firstRows(const std::filesystem::path& path,
                                             const LogMapping& mapping,
                                             const TextRedactor* redactor, std::size_t most)
{
    const auto file = MappedFile::open(path);
    if (!file)
        return Unexpected(file.error());
    std::vector<LogRowPreview> shown;
    std::atomic<bool> isEnough = false;
    const LogSink keep = [&](std::span<const LoggedRequest> rows) {
        for (const LoggedRequest& row : rows) {
            if (shown.size() < most)
                shown.push_back(previewOf(row));
        }
        isEnough = shown.size() >= most;
    };
    std::optional<RowRedactor> redacting;
    if (redactor)
        redacting.emplace(*redactor, keep);
    LogReadOptions options;
    options.stop = &isEnough;
    options.chunkBytes = kPreviewChunk;
    const auto read = readLog(
        (*file)->bytes().substr(0, kPreviewBytes), mapping,
        [&](std::span<const LoggedRequest> rows) { redacting ? redacting->add(rows) : keep(rows); },
        options);
    if (!read && read.error().code != ErrorCode::Cancelled)
        return Unexpected(read.error());
    return shown;
}

Result<LogScan> scanLog(const std::filesystem::path& path, const LogMapping& mapping,
                        const std::atomic<bool>* stop,
                        const std::function<void(const LogProgress&)>& progress)
{
    const auto file = MappedFile::open(path);
    if (!file)
        return Unexpected(file.error());
    LogScan scan;
    ScanCounter counter(scan);
    const LogSink count = [&counter](std::span<const LoggedRequest> rows) { counter.add(rows); };
    AttemptFolder folder(mapping.attempts, count);
    LogReadOptions options;
    options.limits.keptProblems = kListedProblems;
    options.stop = stop;
    options.progress = progress;
    const bool folds = mapping.attempts != AttemptKey::None;
    auto report = readLog(
        (*file)->bytes(), mapping,
        folds ? LogSink([&folder](std::span<const LoggedRequest> rows) { folder.add(rows); })
              : count,
        options);
    if (!report) {
        Error error = report.error();
        error.where = path.string() + (error.where.empty() ? "" : ", " + error.where);
        return Unexpected(std::move(error));
    }
    folder.finish();
    scan.report = std::move(*report);
    return scan;
}

} // namespace signalbox::ui
