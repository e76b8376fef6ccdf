// SPDX-License-Identifier: GPL-3.0-or-later
// Properties: lines of JSON come out the same wherever their bytes are cut, and within their
// limits.

#include "frame_properties.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    signalbox::fuzz::checkFrames(signalbox::Framing::JsonLines, data, size);
    return 0;
}
