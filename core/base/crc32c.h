// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace signalbox {

/// CRC-32C of bytes (Castagnoli's polynomial; RFC 3720, appendix B.4): finds what disks and copies
/// damage, not what somebody forged. "123456789" gives 0xE3069283.
/// @param before  the sum of what stood before these bytes
/// O(n); several GB/s where the processor has the instruction, and the same result where not.
[[nodiscard]] std::uint32_t crc32c(std::string_view bytes, std::uint32_t before = 0);

namespace base_detail {
/// The same without the instruction.
[[nodiscard]] std::uint32_t plainCrc32c(std::string_view bytes, std::uint32_t before = 0);
} // namespace base_detail

} // namespace signalbox
