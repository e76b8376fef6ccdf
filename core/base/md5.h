// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace signalbox {

/// MD5 of bytes (RFC 1321). Used where routers, databases and scripts must agree on a bucket, not
/// for security.
[[nodiscard]] std::array<std::uint8_t, 16> md5(std::string_view bytes);
/// The same as 32 hex digits, small letters.
[[nodiscard]] std::string md5Hex(std::string_view bytes);

/// The first 8 hex digits of md5(salt ":" key) as an unsigned 32-bit number: the bucket that
/// decides every split. Allocates nothing.
[[nodiscard]] std::uint32_t splitBucket(std::string_view salt, std::string_view key);

} // namespace signalbox
