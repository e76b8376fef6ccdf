// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "frame_parser.h"

#include <string>

namespace signalbox {

/// NDJSON as frames: one a line, which ends with LF or CRLF; blank lines are none. The last line
/// may lack its end: then it is given out as not complete, and whoever reads it sees whether it is
/// whole.
class JsonLinesParser final : public FrameParser
{
public:
    explicit JsonLinesParser(EventStreamLimits limits = {}) : m_limits(limits) {}

    [[nodiscard]] std::vector<Frame> feed(std::string_view bytes) override;
    [[nodiscard]] std::vector<Frame> finish() override;
    [[nodiscard]] bool isCut() const override { return m_isCut; }
    [[nodiscard]] bool isOverLimit() const override { return m_isOverLimit; }

private:
    void endLine(std::vector<Frame>& frames, bool complete);

    EventStreamLimits m_limits;
    std::string m_line; ///< that is not whole yet
    std::size_t m_total = 0;
    bool m_isCut = false;
    bool m_isOverLimit = false;
};

} // namespace signalbox
