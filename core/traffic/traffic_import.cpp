// SPDX-License-Identifier: Apache-2.0
#include "traffic_import.h"

#include "attempt_folder.h"
#include "log_detector.h"
#include "row_redactor.h"
#include "traffic_builder.h"

#include <core/base/files.h>
#include <core/base/json.h>
#include <core/base/mapped_file.h>
#include <core/base/utf8.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <memory>
#include <string_view>
#include <system_error>
#include <utility>

namespace signalbox {

namespace {

Error at(Error error, const std::filesystem::path& path)
{
    error.where = path.string() + (error.where.empty() ? "" : ", " + error.where);
    return error;
}

struct OpenLog
{
    std::shared_ptr<const MappedFile> file;
    ImportedLog log;
};

Result<OpenLog> openLog(const std::filesystem::path& path, const TrafficImportOptions& options)
{
    auto file = MappedFile::open(path);
    if (!file)
        return Unexpected(file.error());
    OpenLog open{std::move(*file), {}};
    open.log.path = path;
    const std::string_view text = open.file->bytes();
    if (options.mapping) {
        open.log.mapping = *options.mapping;
        open.log.container = sniffContainer(text);
        return open;
    }
    LogDetection found = detectLog(text);
    if (found.guesses.empty())
        return fail(ErrorCode::ParseError, "no line of it can be read", path.string());
    LogGuess& guess = found.guesses.front();
    if (guess.sureness < kSureLog)
        return fail(ErrorCode::ParseError,
                    "it is not clear what log this is; at best, " + guess.why, path.string(),
                    "look at what was understood with --show-mapping, and give it with --mapping");
    open.log.mapping = std::move(guess.mapping);
    open.log.container = found.container;
    open.log.sureness = guess.sureness;
    open.log.why = std::move(guess.why);
    return open;
}

class Import
{
public:
    Import(std::vector<OpenLog> logs, const TrafficImportOptions& options)
        : m_logs(std::move(logs)), m_options(options),
          m_rows({options.scratchFolder, options.memoryBytes,
                  TrafficBuilderOptions::Unnamed::ByHistory})
    {
        for (const OpenLog& open : m_logs)
            m_bytesInAll += open.file->bytes().size();
    }

    Result<TrafficImport> run()
    {
        if (auto read = readFeedback(); !read)
            return Unexpected(read.error());
        for (OpenLog& open : m_logs) {
            if (auto read = readRows(open); !read)
                return Unexpected(read.error());
        }
        if (m_rows.rowCount() == 0)
            return nothing();
        TrafficImport done;
        done.joinedByHistory = m_rows.joinedByHistory();
        auto traffic = m_rows.take(m_logs.front().log.path.filename().string());
        if (!traffic)
            return Unexpected(traffic.error());
        done.traffic = std::move(*traffic);
        done.redactions = std::move(m_redactions);
        for (OpenLog& open : m_logs)
            done.logs.push_back(std::move(open.log));
        return done;
    }

private:
    Unexpected nothing() const
    {
        const LogReport& first = m_logs.front().log.report;
        const std::string why = first.problems.empty()
                                    ? "there is no request in it"
                                    : "there is no request in it; line " +
                                          std::to_string(first.problems.front().line) + ": " +
                                          first.problems.front().message;
        return fail(ErrorCode::ParseError, why, m_logs.front().log.path.string());
    }

    LogReadOptions readOptions(const OpenLog& open)
    {
        LogReadOptions reading;
        reading.container = open.log.container;
        reading.limits.keptProblems = m_options.keptProblems;
        reading.threads = m_options.threads;
        reading.stop = m_options.stop;
        return reading;
    }

    /// Feedback may stand before or after its request, and in another file.
    Result<void> readFeedback()
    {
        for (const OpenLog& open : m_logs) {
            if (open.log.mapping.feedbackWhen.empty() && !open.log.mapping.onlyFeedback)
                continue;
            const auto report =
                readLog(open.file->bytes(), open.log.mapping, {}, readOptions(open),
                        [this](std::span<const FeedbackRow> rows) {
                            for (const FeedbackRow& row : rows)
                                m_feedback.add(m_options.redactor ? redacted(row) : row);
                        });
            if (!report)
                return Unexpected(at(report.error(), open.log.path));
        }
        return {};
    }

    FeedbackRow redacted(FeedbackRow row)
    {
        m_label = m_options.redactor->redacted(row.feedback.label, m_redactions);
        row.feedback.label = m_label;
        return row;
    }

    Result<void> readRows(OpenLog& open)
    {
        const LogSink keep = [this](std::span<const LoggedRequest> rows) {
            for (const LoggedRequest& row : rows) {
                if (m_added)
                    m_added = m_rows.add(row);
            }
        };
        std::optional<RowRedactor> redactor;
        LogSink sink = keep;
        if (m_options.redactor) {
            redactor.emplace(*m_options.redactor, keep);
            sink = [&redactor](std::span<const LoggedRequest> rows) { redactor->add(rows); };
        }
        AttemptFolder folder(open.log.mapping.attempts, sink);
        LogReadOptions reading = readOptions(open);
        reading.feedback = m_feedback.size() > 0 ? &m_feedback : nullptr;
        reading.progress = [this](const LogProgress& progress) { tell(progress); };
        // A row that nothing folds need not go the long way.
        const bool folds = open.log.mapping.attempts != AttemptKey::None;
        auto report = readLog(
            open.file->bytes(), open.log.mapping,
            folds ? LogSink([&folder](std::span<const LoggedRequest> rows) { folder.add(rows); })
                  : sink,
            reading);
        if (!report)
            return Unexpected(at(report.error(), open.log.path));
        folder.finish();
        if (!m_added)
            return Unexpected(at(m_added.error(), open.log.path));
        open.log.report = std::move(*report);
        open.log.foldedAttempts = folder.folded();
        open.log.lateAttempts = folder.late();
        m_bytesBefore += open.file->bytes().size();
        m_badBefore += open.log.report.badLines;
        if (redactor)
            addUp(redactor->counts());
        return {};
    }

    void tell(const LogProgress& progress) const
    {
        if (m_options.progress)
            m_options.progress({m_bytesBefore + progress.bytesRead, m_bytesInAll, m_rows.rowCount(),
                                m_badBefore + progress.badLines});
    }

    void addUp(const std::vector<RedactionCount>& counts)
    {
        for (const RedactionCount& count : counts) {
            const auto known = std::ranges::find(m_redactions, count.kind, &RedactionCount::kind);
            if (known == m_redactions.end())
                m_redactions.push_back(count);
            else
                known->count += count.count;
        }
    }

    std::vector<OpenLog> m_logs;
    const TrafficImportOptions& m_options;
    TrafficBuilder m_rows;
    FeedbackTable m_feedback;
    std::string m_label;
    std::vector<RedactionCount> m_redactions = {};
    Result<void> m_added = {};
    std::size_t m_bytesInAll = 0;
    std::size_t m_bytesBefore = 0;
    std::size_t m_badBefore = 0;
};

/// Writes the lines of one range, each as a line of JSON.
class AsideWriter
{
public:
    AsideWriter(AtomicFile& file, const AsideOptions& options) : m_file(file), m_options(options) {}

    Result<void> write(const ImportedLog& log, std::string_view text, const LogByteRange& range)
    {
        std::size_t number = range.firstLine;
        std::string_view rest = text.substr(std::min(range.begin, text.size()), range.count);
        if (range.lines == 1) // a record of a table may have line ends in it
            return writeLine(log, rest, number);
        while (!rest.empty()) {
            const std::size_t end = std::min(rest.find('\n'), rest.size());
            const std::string_view line = rest.substr(0, end);
            if (line.find_first_not_of(" \t\r") != std::string_view::npos) {
                if (auto written = writeLine(log, line, number); !written)
                    return written;
            }
            ++number;
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
        return {};
    }

    [[nodiscard]] std::size_t lines() const { return m_lines; }

private:
    static constexpr std::size_t kMostBytes = std::size_t{1} << 20; ///< of a line that are kept

    Result<void> writeLine(const ImportedLog& log, std::string_view line, std::size_t number)
    {
        while (line.ends_with('\n') || line.ends_with('\r'))
            line.remove_suffix(1);
        Json json = {{"log", log.path.string()}, {"line", number}, {"bytes", line.size()}};
        if (m_options.texts == AsideOptions::Texts::Keep) {
            std::string text = toValidUtf8(line.substr(0, kMostBytes));
            std::vector<RedactionCount> counts;
            json["text"] = m_options.redactor ? m_options.redactor->redacted(text, counts) : text;
        }
        ++m_lines;
        return m_file.append(toCompactJsonText(json) + '\n');
    }

    AtomicFile& m_file;
    const AsideOptions& m_options;
    std::size_t m_lines = 0;
};

} // namespace

Result<TrafficImport> importTraffic(const std::vector<std::filesystem::path>& logs,
                                    const TrafficImportOptions& options)
{
    std::vector<OpenLog> opened;
    for (const std::filesystem::path& path : logs) {
        auto open = openLog(path, options);
        if (!open)
            return Unexpected(open.error());
        opened.push_back(std::move(*open));
    }
    if (opened.empty())
        return fail(ErrorCode::InvalidArgument, "there is no log to import");
    return Import(std::move(opened), options).run();
}

Result<std::size_t> writeAside(const std::vector<ImportedLog>& logs,
                               const std::filesystem::path& path, const AsideOptions& options)
{
    if (std::ranges::all_of(logs,
                            [](const ImportedLog& log) { return log.report.setAside.empty(); })) {
        std::error_code ignored;
        std::filesystem::remove(path, ignored);
        return std::size_t{0};
    }
    auto file = AtomicFile::create(path);
    if (!file)
        return Unexpected(file.error());
    AsideWriter writer(*file, options);
    for (const ImportedLog& log : logs) {
        if (log.report.setAside.empty())
            continue;
        const auto text = MappedFile::open(log.path);
        if (!text)
            return Unexpected(text.error());
        for (const LogByteRange& range : log.report.setAside) {
            if (auto written = writer.write(log, (*text)->bytes(), range); !written)
                return Unexpected(written.error());
        }
    }
    if (auto done = file->commit(); !done)
        return Unexpected(done.error());
    return writer.lines();
}

} // namespace signalbox
