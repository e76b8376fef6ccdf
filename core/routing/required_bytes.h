// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "byte_run.h"

#include <string_view>
#include <vector>

namespace signalbox {

/// Runs of bytes of which every match of an expression holds at least one, so that a text without
/// them need not be searched for it. Empty if there are none, or none that most texts lack.
/// @param bytePattern  as toBytePattern() makes it
[[nodiscard]] std::vector<ByteRun> requiredRunsOf(std::string_view bytePattern);

} // namespace signalbox
