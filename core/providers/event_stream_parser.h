// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace signalbox {

/// One event of a text/event-stream. Bytes as they came; text is decoded by whoever reads it.
struct ServerSentEvent
{
    std::string name;     ///< of the "event" field; empty for the default
    std::string data;     ///< data lines joined with LF
    std::string id;       ///< the last "id" seen in the stream
    bool complete = true; ///< false: the input ended before the blank line that closes it
    bool operator==(const ServerSentEvent&) const = default;
};

struct EventStreamLimits
{
    std::size_t eventBytes = std::size_t{8} << 20; ///< one event, or one line
    std::size_t totalBytes = std::size_t{64} << 20;
};

/// What a parser saw beside events. Nothing is lost silently.
struct EventStreamReport
{
    std::size_t comments = 0;      ///< keep-alive lines
    std::size_t droppedEvents = 0; ///< over the limit
    std::size_t droppedBytes = 0;  ///< of them, and after the total
    bool overflowed = false;       ///< the total limit was reached; the rest was not read
    bool cut = false;              ///< the input ended inside an event
    bool operator==(const EventStreamReport&) const = default;
};

/// Turns the bytes of a text/event-stream into events, wherever the bytes are cut: CR, LF and CRLF
/// end a line, also when a chunk ends between CR and LF. Pure; memory is bounded by the limits.
/// Source: WHATWG HTML, section 9.2.6, except that what is left at the end is given out, marked.
class EventStreamParser
{
public:
    explicit EventStreamParser(EventStreamLimits limits = {});

    /// The events that these bytes complete. Linear in the bytes.
    [[nodiscard]] std::vector<ServerSentEvent> feed(std::string_view bytes);
    /// The end of input: an unfinished event, if there is one.
    [[nodiscard]] std::vector<ServerSentEvent> finish();

    [[nodiscard]] const EventStreamReport& report() const { return m_report; }

private:
    void append(std::string_view bytes);
    void endLine(std::vector<ServerSentEvent>& events);
    void readField(std::string_view line);
    void dispatch(std::vector<ServerSentEvent>& events, bool complete);

    EventStreamLimits m_limits;
    EventStreamReport m_report;
    std::string m_line; ///< of a line that is not whole yet
    ServerSentEvent m_event;
    std::string m_lastId;
    std::size_t m_total = 0;
    bool m_hasData = false;
    bool m_lineHasBytes = false;
    bool m_dropping = false;   ///< true until the blank line after an event over the limit
    bool m_afterCr = false;    ///< a LF that comes next belongs to the line end before
    bool m_atFirstLine = true; ///< a byte order mark may stand here
};

} // namespace signalbox
