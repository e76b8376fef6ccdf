// SPDX-License-Identifier: GPL-3.0-or-later
// Properties: frames of AWS's event stream come out the same wherever their bytes are cut, and
// within their limits. A fuzzer does not guess checksums, so that they are put right half the time.

#include "frame_properties.h"

#include <core/providers/aws_event_parser.h>

#include <vector>

namespace {

std::uint32_t numberAt(const std::vector<std::uint8_t>& bytes, std::size_t place)
{
    std::uint32_t number = 0;
    for (std::size_t i = 0; i < 4; ++i)
        number = (number << 8) | bytes[place + i];
    return number;
}

/// Puts a valid checksum of bytes[begin, end) at `end`.
void seal(std::vector<std::uint8_t>& bytes, std::size_t begin, std::size_t end)
{
    const std::uint32_t sum =
        signalbox::crc32({reinterpret_cast<const char*>(bytes.data()) + begin, end - begin});
    for (std::size_t i = 0; i < 4; ++i)
        bytes[end + i] = std::uint8_t(sum >> (24 - 8 * i));
}

/// Puts the checksums of all frames right, as far as their lengths lead.
void sealFrames(std::vector<std::uint8_t>& bytes)
{
    std::size_t begin = 1; // behind the byte that chooses where to cut
    while (begin + 16 <= bytes.size()) {
        seal(bytes, begin, begin + 8);
        const std::size_t size = numberAt(bytes, begin);
        if (size < 16 || size > bytes.size() - begin)
            return;
        seal(bytes, begin, begin + size - 4);
        begin += size;
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    std::vector<std::uint8_t> bytes(data, data + size);
    if (size > 0 && (data[0] & 1) != 0)
        sealFrames(bytes);
    signalbox::fuzz::checkFrames(signalbox::Framing::AwsEvents, bytes.data(), bytes.size());
    return 0;
}
