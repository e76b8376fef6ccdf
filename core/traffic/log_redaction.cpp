// SPDX-License-Identifier: Apache-2.0
#include "log_redaction.h"

#include "csv_records.h"

#include <core/base/json.h>
#include <core/base/utf8.h>

#include <nlohmann/json.hpp>
#include <simdjson.h>

#include <algorithm>
#include <string>

namespace signalbox {

using namespace traffic_detail;

namespace {

class Redaction
{
public:
    Redaction(const TextRedactor& redactor, const LogWriter& write, const std::atomic<bool>* stop)
        : m_redactor(redactor), m_write(write), m_stop(stop)
    {}

    Result<LogRedaction> lines(std::string_view text)
    {
        while (!text.empty()) {
            const std::size_t end = std::min(text.find('\n'), text.size());
            std::string_view line = text.substr(0, end);
            std::string_view lineEnd = text.substr(end, 1);
            if (line.ends_with('\r')) {
                lineEnd = text.substr(end - 1, lineEnd.size() + 1);
                line.remove_suffix(1);
            }
            m_out.clear();
            redactLine(line);
            m_out += lineEnd;
            if (auto done = give(line.find_first_not_of(" \t") != std::string_view::npos); !done)
                return Unexpected(done.error());
            text.remove_prefix(std::min(end + 1, text.size()));
        }
        return m_done;
    }

    Result<LogRedaction> records(std::string_view text, char separator)
    {
        const CsvRecords records(separator, LogLimits().lineBytes);
        CsvCells record;
        std::size_t at = tableBegin(text);
        m_out.assign(text.substr(0, at));
        if (auto done = give(false); !done)
            return Unexpected(done.error());
        for (bool isHeader = true; at < text.size(); isHeader = false) {
            records.read(text, at, record);
            const std::string_view raw = text.substr(at, record.end - at);
            at = record.end;
            m_out.clear();
            m_isChanged = false;
            if (isHeader)
                m_out = raw;
            else if (!record.fault.empty())
                redactPlain(raw);
            else
                redactRecord(record, raw, separator);
            if (auto done = give(!isHeader); !done)
                return Unexpected(done.error());
        }
        return m_done;
    }

private:
    Result<void> give(bool isLine)
    {
        if (m_stop && m_stop->load())
            return fail(ErrorCode::Cancelled, "the redaction of the log was stopped");
        m_done.lines += isLine ? 1 : 0;
        m_done.changedLines += m_isChanged ? 1 : 0;
        m_isChanged = false;
        return m_write(m_out);
    }

    /// @return whether something was found; the text without it is in m_text
    bool find(std::string_view text)
    {
        m_text = m_redactor.redacted(text, m_done.counts);
        const bool isFound = m_text != text;
        m_isChanged = m_isChanged || isFound;
        return isFound;
    }

    void redactPlain(std::string_view text)
    {
        ++m_done.plainLines;
        find(text);
        m_out += m_text;
    }

    void redactLine(std::string_view line)
    {
        if (line.find_first_not_of(" \t") == std::string_view::npos) {
            m_out += line;
            return;
        }
        if (m_parser.parse(line.data(), line.size()).error() != simdjson::SUCCESS) {
            redactPlain(line);
            return;
        }
        // It is JSON: what stands between quotes is a text, and a name if a colon follows.
        std::size_t copied = 0;
        for (std::size_t at = 0; at < line.size();) {
            if (line[at] != '"') {
                ++at;
                continue;
            }
            const std::size_t end = endOfText(line, at);
            const std::size_t next = line.find_first_not_of(" \t", end);
            const bool isName = next != std::string_view::npos && line[next] == ':';
            if (!isName && findInText(line.substr(at, end - at))) {
                m_out += line.substr(copied, at - copied);
                m_out += toCompactJsonText(Json(m_text));
                copied = end;
            }
            at = end;
        }
        m_out += line.substr(copied);
    }

    /// Behind the closing quote.
    static std::size_t endOfText(std::string_view line, std::size_t at)
    {
        for (++at; at < line.size() && line[at] != '"'; ++at)
            at += line[at] == '\\' ? 1 : 0;
        return std::min(at + 1, line.size());
    }

    bool findInText(std::string_view quoted)
    {
        if (quoted.size() < 2)
            return false;
        const std::string_view inner = quoted.substr(1, quoted.size() - 2);
        if (inner.find('\\') == std::string_view::npos)
            return find(inner);
        const auto text = parseJson(quoted);
        return find(text && text->is_string()
                        ? std::string_view(text->get_ref<const std::string&>())
                        : inner);
    }

    void redactRecord(const CsvCells& record, std::string_view raw, char separator)
    {
        std::string written;
        for (std::size_t i = 0; i < record.cells.size(); ++i) {
            if (i > 0)
                written += separator;
            const bool isFound = find(record.cells[i]);
            appendCell(isFound ? std::string_view(m_text) : record.cells[i], separator, written);
        }
        if (!m_isChanged) {
            m_out += raw;
            return;
        }
        m_out += written;
        m_out += raw.ends_with("\r\n") ? "\r\n" : raw.ends_with('\n') ? "\n" : "";
    }

    static void appendCell(std::string_view cell, char separator, std::string& out)
    {
        if (cell.find_first_of("\"\r\n") == std::string_view::npos &&
            cell.find(separator) == std::string_view::npos) {
            out += cell;
            return;
        }
        out += '"';
        for (const char c : cell) {
            if (c == '"')
                out += '"';
            out += c;
        }
        out += '"';
    }

    const TextRedactor& m_redactor;
    const LogWriter& m_write;
    const std::atomic<bool>* m_stop;
    simdjson::dom::parser m_parser;
    LogRedaction m_done;
    std::string m_out;
    std::string m_text;
    bool m_isChanged = false;
};

} // namespace

Result<LogRedaction> redactLog(std::string_view text, const TextRedactor& redactor,
                               const LogWriter& write, const std::atomic<bool>* stop)
{
    const LogContainer container = sniffContainer(text);
    Redaction redaction(redactor, write, stop);
    return container.kind == LogContainer::Kind::JsonLines
               ? redaction.lines(text)
               : redaction.records(text, container.separator);
}

} // namespace signalbox
