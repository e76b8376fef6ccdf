// SPDX-License-Identifier: GPL-3.0-or-later
#include "json_lines_parser.h"

#include <algorithm>
#include <utility>

namespace signalbox {

std::vector<Frame> JsonLinesParser::feed(std::string_view bytes)
{
    std::vector<Frame> frames;
    const std::size_t room = m_limits.totalBytes - m_total;
    const bool isTooMuch = bytes.size() > room;
    bytes = bytes.substr(0, room);
    m_total += bytes.size();
    while (!bytes.empty() && !m_isOverLimit) {
        const std::size_t end = std::min(bytes.find('\n'), bytes.size());
        m_isOverLimit = m_line.size() + end > m_limits.eventBytes;
        if (m_isOverLimit)
            break;
        m_line += bytes.substr(0, end);
        if (end == bytes.size())
            break;
        bytes.remove_prefix(end + 1);
        endLine(frames, true);
    }
    m_isOverLimit = m_isOverLimit || isTooMuch;
    return frames;
}

std::vector<Frame> JsonLinesParser::finish()
{
    std::vector<Frame> frames;
    m_isCut = m_isOverLimit || m_line.find_first_not_of(" \t\r") != std::string::npos;
    if (!m_isOverLimit)
        endLine(frames, false);
    return frames;
}

void JsonLinesParser::endLine(std::vector<Frame>& frames, bool complete)
{
    std::string line = std::exchange(m_line, {});
    if (line.ends_with('\r'))
        line.pop_back();
    if (line.find_first_not_of(" \t") != std::string::npos)
        frames.push_back({.data = std::move(line), .complete = complete});
}

} // namespace signalbox
