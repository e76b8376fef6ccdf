// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "frame_parser.h"

#include <cstdint>
#include <string>

namespace signalbox {

/// The binary event stream of AWS as frames. Big-endian: total length and length of the headers, a
/// CRC-32 of both, headers, payload, a CRC-32 of everything before. A length is believed only after
/// its checksum. A frame's name is its ":event-type"; an exception or error is named by its type.
/// Source: botocore, eventstream.py; limits are its own where ours are not smaller.
class AwsEventParser final : public FrameParser
{
public:
    explicit AwsEventParser(EventStreamLimits limits = {}) : m_limits(limits) {}

    [[nodiscard]] std::vector<Frame> feed(std::string_view bytes) override;
    [[nodiscard]] std::vector<Frame> finish() override;
    [[nodiscard]] bool isCut() const override { return m_isCut; }
    [[nodiscard]] bool isOverLimit() const override { return m_isOverLimit; }
    [[nodiscard]] std::string_view fault() const override { return m_fault; }

private:
    [[nodiscard]] bool hasStopped() const { return m_isOverLimit || !m_fault.empty(); }
    void readPrelude();
    void readFrame(std::vector<Frame>& frames);

    EventStreamLimits m_limits;
    std::string m_buffer;        ///< of a frame that is not whole yet
    std::size_t m_frameSize = 0; ///< 0: the prelude is not read yet
    std::size_t m_total = 0;
    bool m_isCut = false;
    bool m_isOverLimit = false;
    std::string_view m_fault;
};

/// CRC-32 as in zlib and Ethernet (polynomial 0xEDB88320, reflected).
[[nodiscard]] std::uint32_t crc32(std::string_view bytes);

} // namespace signalbox
