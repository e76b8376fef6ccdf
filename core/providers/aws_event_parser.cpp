// SPDX-License-Identifier: GPL-3.0-or-later
#include "aws_event_parser.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace signalbox {

namespace {

constexpr std::size_t kPreludeSize = 12;
constexpr std::size_t kChecksumSize = 4;
constexpr std::size_t kMostHeaderBytes = std::size_t{128} << 10;
constexpr std::size_t kMostPayloadBytes = std::size_t{24} << 20;

constexpr std::array<std::uint32_t, 256> kCrcTable = [] {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t i = 0; i < table.size(); ++i) {
        std::uint32_t value = i;
        for (int bit = 0; bit < 8; ++bit)
            value = (value >> 1) ^ ((value & 1) != 0 ? 0xEDB88320U : 0);
        table[i] = value;
    }
    return table;
}();

/// A big-endian number of `bytes`, which are at most four.
std::uint32_t numberOf(std::string_view bytes)
{
    std::uint32_t number = 0;
    for (const char c : bytes)
        number = (number << 8) | static_cast<unsigned char>(c);
    return number;
}

/// What is needed of the headers of a frame.
struct FrameHeaders
{
    std::string messageType;
    std::string eventType;
    std::string exceptionType;
    std::string errorCode;
    std::string errorMessage;

    std::string* place(std::string_view name)
    {
        return name == ":message-type"     ? &messageType
               : name == ":event-type"     ? &eventType
               : name == ":exception-type" ? &exceptionType
               : name == ":error-code"     ? &errorCode
               : name == ":error-message"  ? &errorMessage
                                           : nullptr;
    }
};

/// Takes bytes from the front of a view; nothing if there are not so many.
std::optional<std::string_view> taken(std::string_view& from, std::size_t count)
{
    if (from.size() < count)
        return std::nullopt;
    const std::string_view front = from.substr(0, count);
    from.remove_prefix(count);
    return front;
}

/// The value of a header of that type, without its length. Types: true, false, byte, short, int,
/// long, bytes, text, time, UUID.
std::optional<std::string_view> takenValue(std::string_view& from, std::uint32_t type)
{
    constexpr std::array<std::size_t, 10> kSizes = {0, 0, 1, 2, 4, 8, 0, 0, 8, 16};
    constexpr std::uint32_t kBytes = 6;
    constexpr std::uint32_t kText = 7;
    if (type >= kSizes.size())
        return std::nullopt;
    if (type != kBytes && type != kText)
        return taken(from, kSizes.at(type));
    const auto size = taken(from, 2);
    return size ? taken(from, numberOf(*size)) : std::nullopt;
}

std::optional<FrameHeaders> headersOf(std::string_view bytes)
{
    FrameHeaders headers;
    while (!bytes.empty()) {
        const auto nameSize = taken(bytes, 1);
        const auto name = nameSize ? taken(bytes, numberOf(*nameSize)) : std::nullopt;
        const auto type = name ? taken(bytes, 1) : std::nullopt;
        const auto value = type ? takenValue(bytes, numberOf(*type)) : std::nullopt;
        if (!value)
            return std::nullopt;
        if (std::string* const place = headers.place(*name))
            *place = *value;
    }
    return headers;
}

Frame frameOf(FrameHeaders headers, std::string_view payload)
{
    if (headers.messageType == "exception")
        return {std::move(headers.exceptionType), std::string(payload), true};
    if (headers.messageType == "error")
        return {std::move(headers.errorCode), std::move(headers.errorMessage), true};
    return {std::move(headers.eventType), std::string(payload)};
}

} // namespace

std::uint32_t crc32(std::string_view bytes)
{
    std::uint32_t value = 0xFFFFFFFFU;
    for (const char c : bytes)
        value = kCrcTable.at((value ^ static_cast<unsigned char>(c)) & 0xFF) ^ (value >> 8);
    return value ^ 0xFFFFFFFFU;
}

std::vector<Frame> AwsEventParser::feed(std::string_view bytes)
{
    std::vector<Frame> frames;
    const std::size_t room = m_limits.totalBytes - m_total;
    const bool isTooMuch = bytes.size() > room;
    bytes = bytes.substr(0, room);
    m_total += bytes.size();
    while (!bytes.empty() && !hasStopped()) {
        const std::size_t wanted = m_frameSize == 0 ? kPreludeSize : m_frameSize;
        const std::size_t count = std::min(bytes.size(), wanted - m_buffer.size());
        m_buffer += bytes.substr(0, count);
        bytes.remove_prefix(count);
        if (m_buffer.size() < wanted)
            break;
        if (m_frameSize == 0)
            readPrelude();
        else
            readFrame(frames);
    }
    m_isOverLimit = m_isOverLimit || (isTooMuch && m_fault.empty());
    return frames;
}

std::vector<Frame> AwsEventParser::finish()
{
    m_isCut = !m_buffer.empty() || m_isOverLimit;
    return {};
}

void AwsEventParser::readPrelude()
{
    const std::string_view prelude = m_buffer;
    if (crc32(prelude.substr(0, 8)) != numberOf(prelude.substr(8, 4))) {
        m_fault = "a frame whose checksum is wrong";
        return;
    }
    const std::size_t size = numberOf(prelude.substr(0, 4));
    const std::size_t headers = numberOf(prelude.substr(4, 4));
    const std::size_t least = kPreludeSize + headers + kChecksumSize;
    if (headers > kMostHeaderBytes || size < least)
        m_fault = "a frame whose lengths cannot be true";
    else if (size - least > std::min(kMostPayloadBytes, m_limits.eventBytes))
        m_isOverLimit = true;
    else
        m_frameSize = size;
}

void AwsEventParser::readFrame(std::vector<Frame>& frames)
{
    const std::string_view frame = m_buffer;
    const std::size_t end = frame.size() - kChecksumSize;
    const std::size_t headerSize = numberOf(frame.substr(4, 4));
    auto headers = headersOf(frame.substr(kPreludeSize, headerSize));
    if (crc32(frame.substr(0, end)) != numberOf(frame.substr(end))) {
        m_fault = "a frame whose checksum is wrong";
    } else if (!headers) {
        m_fault = "a frame whose headers cannot be read";
    } else {
        const std::size_t begin = kPreludeSize + headerSize;
        frames.push_back(frameOf(std::move(*headers), frame.substr(begin, end - begin)));
    }
    m_frameSize = 0;
    m_buffer.clear();
}

} // namespace signalbox
