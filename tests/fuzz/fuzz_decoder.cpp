// SPDX-License-Identifier: GPL-3.0-or-later
// Properties of the decoder of one dialect, SIGNALBOX_DIALECT: an answer gives the same events
// whether it is fed whole, by the byte or cut anywhere; it has exactly one end; no text that is
// given out is ill-formed UTF-8; no count is negative.

#include <core/base/utf8.h>
#include <core/providers/dialects.h>

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

const ChatDialect& dialect()
{
    const auto found = std::ranges::find_if(
        chatDialects(), [](const ChatDialect* one) { return one->name() == SIGNALBOX_DIALECT; });
    require(found != chatDialects().end());
    return **found;
}

std::vector<StreamEvent> decode(const std::vector<std::string_view>& pieces, int status,
                                TransferEnd end)
{
    static const Endpoint endpoint = parseEndpoint("http://127.0.0.1").value();
    const auto decoder = dialect().decoder(
        endpoint, {"127.0.0.1", "http://127.0.0.1/v1", "m", true, {"temperature"}});
    std::vector<StreamEvent> events = decoder->begin(status, {}, 0);
    for (const std::string_view piece : pieces)
        std::ranges::move(decoder->feed(piece), std::back_inserter(events));
    std::ranges::move(decoder->finish(end), std::back_inserter(events));
    return events;
}

bool isEnd(const StreamEvent& event)
{
    return std::holds_alternative<StreamFinished>(event) ||
           std::holds_alternative<StreamFailed>(event);
}

bool isSound(const StreamEvent& event)
{
    if (const auto* text = std::get_if<TextDelta>(&event))
        return !text->text.empty() && !firstInvalidUtf8(text->text);
    if (const auto* reasoning = std::get_if<ReasoningDelta>(&event))
        return !reasoning->text.empty() && !firstInvalidUtf8(reasoning->text);
    if (const auto* failed = std::get_if<StreamFailed>(&event))
        return !firstInvalidUtf8(failed->error.message) && failed->error.message.size() < 1000;
    if (const auto* usage = std::get_if<UsageReport>(&event))
        return std::min({usage->inputUncached.value_or(0), usage->cacheRead.value_or(0),
                         usage->cacheWrite.value_or(0), usage->output.value_or(0)}) >= 0;
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

    const std::vector<StreamEvent> events = decode({text}, status, end);
    require(events == decode(bytes, status, end));
    require(events == decode({text.substr(0, cut), text.substr(cut)}, status, end));
    require(std::ranges::count_if(events, isEnd) == 1 && isEnd(events.back()));
    require(std::ranges::all_of(events, isSound));
    return 0;
}
