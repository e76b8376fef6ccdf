// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event_stream_parser.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace signalbox {

/// One piece of a streamed answer, whatever it was framed in. Bytes as they came.
struct Frame
{
    std::string name = {}; ///< of the event; empty where the framing has none
    std::string data = {}; ///< the payload, JSON in every dialect
    bool isError = false;  ///< the framing itself says so, and `name` is the kind of error
    bool complete = true;  ///< false: the input ended inside it
    bool operator==(const Frame&) const = default;
};

/// Cuts the bytes of a streamed answer into frames, the same ones wherever the bytes are cut. Pure;
/// memory is bounded by the limits.
class FrameParser
{
public:
    virtual ~FrameParser() = default;
    /// The frames that these bytes complete. Linear in the bytes.
    [[nodiscard]] virtual std::vector<Frame> feed(std::string_view bytes) = 0;
    /// The end of input: an unfinished frame, if there is one that may be whole all the same.
    [[nodiscard]] virtual std::vector<Frame> finish() = 0;
    /// After finish(): the input ended inside a frame.
    [[nodiscard]] virtual bool isCut() const = 0;
    /// A frame or the whole was over its limit; what lies behind it was not read.
    [[nodiscard]] virtual bool isOverLimit() const = 0;
    /// What is wrong with the framing, as "a frame whose checksum is wrong"; empty: nothing.
    [[nodiscard]] virtual std::string_view fault() const { return {}; }
};

enum class Framing {
    EventStream, ///< text/event-stream
    JsonLines,   ///< NDJSON
    AwsEvents,   ///< the binary event stream of AWS
};

[[nodiscard]] std::unique_ptr<FrameParser> makeFrameParser(Framing framing,
                                                           EventStreamLimits limits);

} // namespace signalbox
