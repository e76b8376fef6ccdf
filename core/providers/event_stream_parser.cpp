// SPDX-License-Identifier: GPL-3.0-or-later
#include "event_stream_parser.h"

#include <algorithm>
#include <utility>

namespace signalbox {

namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// Where a line ends, or the bytes do. One search each is faster than one for either.
std::size_t lineEnd(std::string_view bytes)
{
    const std::string_view line = bytes.substr(0, bytes.find('\n'));
    return std::min(line.find('\r'), line.size());
}

} // namespace

EventStreamParser::EventStreamParser(EventStreamLimits limits) : m_limits(limits) {}

std::vector<ServerSentEvent> EventStreamParser::feed(std::string_view bytes)
{
    std::vector<ServerSentEvent> events;
    const std::size_t room = m_limits.totalBytes - m_total;
    if (bytes.size() > room) {
        m_report.overflowed = true;
        m_report.droppedBytes += bytes.size() - room;
        bytes = bytes.substr(0, room);
    }
    m_total += bytes.size();
    while (!bytes.empty()) {
        if (std::exchange(m_afterCr, false) && bytes.front() == '\n') {
            bytes.remove_prefix(1);
            continue;
        }
        const std::size_t end = lineEnd(bytes);
        append(bytes.substr(0, end));
        if (end == bytes.size())
            break;
        m_afterCr = bytes[end] == '\r';
        bytes.remove_prefix(end + 1);
        endLine(events);
    }
    return events;
}

std::vector<ServerSentEvent> EventStreamParser::finish()
{
    std::vector<ServerSentEvent> events;
    m_report.cut =
        m_lineHasBytes || m_hasData || m_dropping || m_report.overflowed || !m_event.name.empty();
    if (m_lineHasBytes)
        endLine(events);
    dispatch(events, false);
    return events;
}

void EventStreamParser::append(std::string_view bytes)
{
    if (bytes.empty())
        return;
    m_lineHasBytes = true;
    if (!m_dropping && m_line.size() + m_event.data.size() + bytes.size() <= m_limits.eventBytes) {
        m_line += bytes;
        return;
    }
    if (!std::exchange(m_dropping, true)) {
        ++m_report.droppedEvents;
        m_report.droppedBytes += m_line.size() + m_event.data.size();
        std::string().swap(m_line);
        m_event = {};
        m_hasData = false;
    }
    m_report.droppedBytes += bytes.size();
}

void EventStreamParser::endLine(std::vector<ServerSentEvent>& events)
{
    const bool blank = !std::exchange(m_lineHasBytes, false);
    std::string_view line = m_line;
    if (std::exchange(m_atFirstLine, false) && line.starts_with(kByteOrderMark))
        line.remove_prefix(kByteOrderMark.size());
    if (blank) {
        if (std::exchange(m_dropping, false))
            m_event = {};
        dispatch(events, true);
    } else if (!m_dropping) {
        readField(line);
    }
    m_line.clear();
}

void EventStreamParser::readField(std::string_view line)
{
    const std::size_t colon = line.find(':');
    if (colon == 0) {
        ++m_report.comments;
        return;
    }
    const std::string_view field = line.substr(0, colon);
    std::string_view value = colon == std::string_view::npos ? "" : line.substr(colon + 1);
    if (value.starts_with(' '))
        value.remove_prefix(1);
    if (field == "data") {
        if (std::exchange(m_hasData, true))
            m_event.data += '\n';
        m_event.data += value;
    } else if (field == "event") {
        m_event.name = value;
    } else if (field == "id" && value.find('\0') == std::string_view::npos) {
        m_lastId = value;
    }
}

void EventStreamParser::dispatch(std::vector<ServerSentEvent>& events, bool complete)
{
    if (std::exchange(m_hasData, false)) {
        m_event.id = m_lastId;
        m_event.complete = complete;
        events.push_back(std::move(m_event));
    }
    m_event = {};
}

} // namespace signalbox
