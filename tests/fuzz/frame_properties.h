// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/providers/frame_parser.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <vector>

namespace signalbox::fuzz {

/// What a parser says of its input.
struct Parsed
{
    std::vector<Frame> frames;
    bool isCut = false;
    bool isOverLimit = false;
    std::string_view fault;
    bool operator==(const Parsed&) const = default;
};

inline Parsed parse(Framing framing, const std::vector<std::string_view>& pieces)
{
    // Small limits, so that short inputs reach them.
    const auto parser = makeFrameParser(framing, {.eventBytes = 200, .totalBytes = 1500});
    Parsed parsed;
    for (const std::string_view piece : pieces)
        std::ranges::move(parser->feed(piece), std::back_inserter(parsed.frames));
    std::ranges::move(parser->finish(), std::back_inserter(parsed.frames));
    parsed.isCut = parser->isCut();
    parsed.isOverLimit = parser->isOverLimit();
    parsed.fault = parser->fault();
    return parsed;
}

/// The same frames whole, by the byte and cut in two; none larger than the limit.
/// @param data  its first byte chooses where to cut
inline void checkFrames(Framing framing, const std::uint8_t* data, std::size_t size)
{
    if (size < 1)
        return;
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    const std::size_t cut = text.empty() ? 0 : data[0] % (text.size() + 1);
    std::vector<std::string_view> bytes;
    for (std::size_t i = 0; i < text.size(); ++i)
        bytes.push_back(text.substr(i, 1));
    const Parsed whole = parse(framing, {text});
    const bool isSame = whole == parse(framing, bytes) &&
                        whole == parse(framing, {text.substr(0, cut), text.substr(cut)});
    // An error may stand in a header, which has limits of its own.
    const bool isBounded = std::ranges::all_of(whole.frames, [](const Frame& frame) {
        return frame.data.size() <= std::size_t(frame.isError ? 1500 : 200);
    });
    if (!isSame || !isBounded)
        std::abort();
}

} // namespace signalbox::fuzz
