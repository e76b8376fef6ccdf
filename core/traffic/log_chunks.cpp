// SPDX-License-Identifier: Apache-2.0
#include "log_chunks.h"

#include <core/base/json.h>
#include <core/base/utf8.h>

#include <nlohmann/json.hpp>

#include <algorithm>

namespace signalbox::traffic_detail {

namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kBlanks = " \t\r";

/// The node that a column's name leads to: it is a key or, cut at a dot or a slash, a key and what
/// is below it. "attributes.llm.model_name" is found as "/attributes/llm.model_name".
std::uint32_t nodeNamed(const LogTrie& trie, std::uint32_t from, std::string_view name)
{
    const LogTrie::Node& node = trie.node(from);
    const std::uint32_t whole = trie.child(node, name);
    if (whole != LogTrie::kNone)
        return whole;
    for (std::size_t cut = name.find_first_of("./"); cut != std::string_view::npos;
         cut = name.find_first_of("./", cut + 1)) {
        const std::uint32_t child = trie.child(node, name.substr(0, cut));
        const std::uint32_t below =
            child == LogTrie::kNone ? child : nodeNamed(trie, child, name.substr(cut + 1));
        if (below != LogTrie::kNone)
            return below;
    }
    return LogTrie::kNone;
}

Result<void> readHeader(LogFile& file, const CompiledMapping& mapping)
{
    file.begin = tableBegin(file.text);
    const CsvRecords records(file.container.separator, file.limits.lineBytes);
    file.linesBefore =
        static_cast<std::size_t>(std::ranges::count(file.text.substr(0, file.begin), '\n'));
    if (file.begin == file.text.size())
        return fail(ErrorCode::ParseError, "there is nothing in it");
    CsvCells header;
    records.read(file.text, file.begin, header);
    if (!header.fault.empty() ||
        firstInvalidUtf8(file.text.substr(file.begin, header.end - file.begin)))
        return fail(
            ErrorCode::ParseError, "the first line is no header of a table", "line 1",
            "a log is read as JSON lines, or as a table whose first line names its columns");
    for (const std::string_view name : header.cells)
        file.columns.push_back(
            {nodeNamed(mapping.rowTrie(), LogTrie::kRoot, name), std::string(name)});
    file.begin = header.end;
    file.linesBefore += header.lines;
    return {};
}

/// Without the line that parseJson saw: the caller knows which line of the log it is.
std::string withoutLine(std::string_view where)
{
    constexpr std::string_view kOnlyLine = "line 1, ";
    if (where.starts_with(kOnlyLine))
        where.remove_prefix(kOnlyLine.size());
    return std::string(where);
}

/// What is wrong with a line, in the words of the reader of documents, which is slow and precise.
std::string faultOf(std::string_view line, std::size_t depth)
{
    const auto read = parseJson(line, {line.size(), depth});
    if (read)
        return "it is no JSON that can be read";
    const std::string where = withoutLine(read.error().where);
    return where.empty() ? read.error().message : where + ": " + read.error().message;
}

} // namespace

Result<LogFile> openLog(std::string_view text, const CompiledMapping& mapping,
                        const LogReadOptions& options)
{
    LogFile file;
    file.text = text;
    file.container = options.container ? *options.container : sniffContainer(text);
    file.limits = options.limits;
    if (file.container.kind == LogContainer::Kind::JsonLines) {
        file.begin = text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
        return file;
    }
    if (const auto read = readHeader(file, mapping); !read)
        return Unexpected(read.error());
    return file;
}

std::optional<LogChunk> nextChunk(const LogFile& file, std::size_t begin, std::size_t bytes)
{
    if (begin >= file.text.size())
        return std::nullopt;
    if (file.container.kind == LogContainer::Kind::JsonLines) {
        const std::size_t wanted =
            std::min(begin + std::max<std::size_t>(bytes, 1), file.text.size());
        const std::size_t end = file.text.find('\n', wanted - 1);
        return LogChunk{begin, end == std::string_view::npos ? file.text.size() : end + 1};
    }
    const CsvRecords records(file.container.separator, file.limits.lineBytes);
    CsvCells record;
    std::size_t end = begin;
    while (end < file.text.size() && end - begin < std::max<std::size_t>(bytes, 1)) {
        records.read(file.text, end, record);
        end = record.end;
    }
    return LogChunk{begin, end};
}

LogChunkReader::LogChunkReader(const LogFile& file, const CompiledMapping& mapping, LogBatch& batch)
    : m_file(file), m_batch(batch), m_walker(mapping, batch, file.limits.depth)
{}

void LogChunkReader::read(const LogChunk& chunk)
{
    m_batch.clear();
    if (m_file.container.kind == LogContainer::Kind::JsonLines)
        readLines(chunk);
    else
        readRecords(chunk);
}

void LogChunkReader::readLines(const LogChunk& chunk)
{
    for (std::size_t at = chunk.begin; at < chunk.end;) {
        const std::size_t newline = m_file.text.find('\n', at);
        const std::size_t end = std::min(newline, chunk.end); // npos is past every end
        const std::size_t next = std::min(end + 1, chunk.end);
        ++m_batch.fileLines;
        const std::string_view line = m_file.text.substr(at, end - at);
        if (line.find_first_not_of(kBlanks) != std::string_view::npos) {
            ++m_batch.report.lines;
            readLine(line, {m_batch.fileLines, at, next - at});
        }
        at = next;
    }
}

void LogChunkReader::setAside(const LinePlace& place, std::string message)
{
    m_batch.setAside({LogProblem::Kind::SetAside, place.line, place.byteBegin, place.byteCount,
                      std::move(message)});
}

/// The line with readable bytes behind it, as the parser wants them: in the file itself, unless it
/// is near the end of that.
const char* LogChunkReader::padded(std::string_view line)
{
    const char* const fileEnd = m_file.text.data() + m_file.text.size();
    if (fileEnd - (line.data() + line.size()) >= std::ptrdiff_t{simdjson::SIMDJSON_PADDING})
        return line.data();
    m_padded.assign(line);
    m_padded.resize(line.size() + simdjson::SIMDJSON_PADDING);
    return m_padded.data();
}

void LogChunkReader::readLine(std::string_view line, const LinePlace& place)
{
    if (line.size() > m_file.limits.lineBytes) {
        setAside(place, "the line is over the limit of " +
                            std::to_string(m_file.limits.lineBytes >> 20) + " MB");
        return;
    }
    if (m_parser.capacity() < line.size()) {
        const std::size_t room = std::max(line.size() * 3 / 2, std::size_t{64} << 10);
        if (m_parser.allocate(room, m_file.limits.depth) != simdjson::SUCCESS) {
            setAside(place, "there is not enough memory to read the line");
            return;
        }
    }
    simdjson::dom::element root;
    if (m_parser.parse(padded(line), line.size(), false).get(root) != simdjson::SUCCESS) {
        const bool isShown = m_batch.report.problems.size() < m_batch.keptProblems;
        setAside(place, isShown ? faultOf(line, m_file.limits.depth) : std::string());
        return;
    }
    if (!root.is_object()) {
        setAside(place, "expected an object, one a line");
        return;
    }
    m_walker.walkLine(root, place);
}

void LogChunkReader::readRecords(const LogChunk& chunk)
{
    const CsvRecords records(m_file.container.separator, m_file.limits.lineBytes);
    for (std::size_t at = chunk.begin; at < chunk.end; at = m_record.end) {
        records.read(m_file.text, at, m_record);
        const LinePlace place{m_batch.fileLines + 1, at, m_record.end - at};
        m_batch.fileLines += m_record.lines;
        const bool isBlank =
            m_record.fault.empty() && m_record.cells.size() == 1 &&
            m_record.cells.front().find_first_not_of(kBlanks) == std::string_view::npos;
        if (isBlank)
            continue;
        ++m_batch.report.lines;
        readRecord(m_record, place);
    }
}

void LogChunkReader::readRecord(const CsvCells& record, const LinePlace& place)
{
    const std::string_view bytes = m_file.text.substr(place.byteBegin, place.byteCount);
    if (!record.fault.empty())
        setAside(place, std::string(record.fault));
    else if (record.cells.size() != m_file.columns.size())
        setAside(place, "it has " + std::to_string(record.cells.size()) +
                            " cells where the header has " + std::to_string(m_file.columns.size()));
    else if (!simdjson::validate_utf8(bytes.data(), bytes.size()))
        setAside(place, "it is not UTF-8");
    else
        m_walker.walkRecord(m_file.columns, record.cells, place);
}

} // namespace signalbox::traffic_detail
