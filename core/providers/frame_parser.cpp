// SPDX-License-Identifier: GPL-3.0-or-later
#include "frame_parser.h"

#include "aws_event_parser.h"
#include "json_lines_parser.h"

#include <utility>

namespace signalbox {

namespace {

/// text/event-stream as frames.
class EventStreamFrames final : public FrameParser
{
public:
    explicit EventStreamFrames(EventStreamLimits limits) : m_parser(limits) {}

    std::vector<Frame> feed(std::string_view bytes) override
    {
        return framesOf(m_parser.feed(bytes));
    }
    std::vector<Frame> finish() override { return framesOf(m_parser.finish()); }
    [[nodiscard]] bool isCut() const override { return m_parser.report().cut; }
    [[nodiscard]] bool isOverLimit() const override
    {
        return m_parser.report().droppedEvents > 0 || m_parser.report().overflowed;
    }

private:
    static std::vector<Frame> framesOf(std::vector<ServerSentEvent> events)
    {
        std::vector<Frame> frames;
        frames.reserve(events.size());
        for (ServerSentEvent& event : events)
            frames.push_back({.name = std::move(event.name),
                              .data = std::move(event.data),
                              .complete = event.complete});
        return frames;
    }

    EventStreamParser m_parser;
};

} // namespace

std::unique_ptr<FrameParser> makeFrameParser(Framing framing, EventStreamLimits limits)
{
    switch (framing) {
    case Framing::JsonLines:
        return std::make_unique<JsonLinesParser>(limits);
    case Framing::AwsEvents:
        return std::make_unique<AwsEventParser>(limits);
    case Framing::EventStream:
        break;
    }
    return std::make_unique<EventStreamFrames>(limits);
}

} // namespace signalbox
