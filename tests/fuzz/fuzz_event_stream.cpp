// SPDX-License-Identifier: GPL-3.0-or-later
// Properties: an event stream gives the same events and the same report whether it is fed whole, by
// the byte or cut anywhere; so does the decoder behind it; a stream has exactly one end, and no
// text that is given out is ill-formed UTF-8.

#include <core/base/utf8.h>
#include <core/providers/event_stream_parser.h>
#include <core/providers/openai_chat.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

using namespace signalbox;

namespace {

void require(bool holds)
{
    if (!holds)
        std::abort();
}

/// Small limits, so that short inputs reach them.
constexpr EventStreamLimits kLimits{.eventBytes = 200, .totalBytes = 1500};

struct Parsed
{
    std::vector<ServerSentEvent> events;
    EventStreamReport report;
    bool operator==(const Parsed&) const = default;
};

Parsed parse(const std::vector<std::string_view>& pieces)
{
    EventStreamParser parser(kLimits);
    Parsed parsed;
    for (const std::string_view piece : pieces)
        std::ranges::move(parser.feed(piece), std::back_inserter(parsed.events));
    std::ranges::move(parser.finish(), std::back_inserter(parsed.events));
    parsed.report = parser.report();
    return parsed;
}

std::vector<StreamEvent> decode(const std::vector<std::string_view>& pieces, int status,
                                TransferEnd end)
{
    OpenAiChatDecoder decoder(openAiServerFor("localhost"),
                              {"127.0.0.1", "http://127.0.0.1/v1", "m", true, {"temperature"}},
                              kLimits);
    std::vector<StreamEvent> events = decoder.begin(status, {}, 0);
    for (const std::string_view piece : pieces)
        std::ranges::move(decoder.feed(piece), std::back_inserter(events));
    std::ranges::move(decoder.finish(end), std::back_inserter(events));
    return events;
}

bool isEnd(const StreamEvent& event)
{
    return std::holds_alternative<StreamFinished>(event) ||
           std::holds_alternative<StreamFailed>(event);
}

bool isWellFormed(const StreamEvent& event)
{
    if (const auto* text = std::get_if<TextDelta>(&event))
        return !text->text.empty() && !firstInvalidUtf8(text->text);
    if (const auto* reasoning = std::get_if<ReasoningDelta>(&event))
        return !reasoning->text.empty() && !firstInvalidUtf8(reasoning->text);
    if (const auto* failed = std::get_if<StreamFailed>(&event))
        return !firstInvalidUtf8(failed->error.message) && failed->error.message.size() < 1000;
    return true;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size < 2)
        return 0;
    // The first two bytes choose where to cut and how the answer comes.
    const std::string_view text(reinterpret_cast<const char*>(data) + 2, size - 2);
    const std::size_t cut = text.empty() ? 0 : data[0] % (text.size() + 1);
    const TransferEnd ends[] = {TransferEnd::Whole, TransferEnd::Closed, TransferEnd::Cut,
                                TransferEnd::Stalled};
    const TransferEnd end = ends[data[1] % 4];
    const int status = data[1] & 0x80 ? 200 + data[1] * 2 : 200;

    std::vector<std::string_view> bytes;
    for (std::size_t i = 0; i < text.size(); ++i)
        bytes.push_back(text.substr(i, 1));
    const std::vector<std::string_view> halves = {text.substr(0, cut), text.substr(cut)};

    const Parsed whole = parse({text});
    require(whole == parse(bytes));
    require(whole == parse(halves));

    const std::vector<StreamEvent> events = decode({text}, status, end);
    require(events == decode(bytes, status, end));
    require(events == decode(halves, status, end));
    require(std::ranges::count_if(events, isEnd) == 1 && isEnd(events.back()));
    require(std::ranges::all_of(events, isWellFormed));
    return 0;
}
