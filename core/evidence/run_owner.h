// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

namespace signalbox {

/// Who holds a run, as text in the store: machine, boot, process and its start, and one number a
/// store object. So a program on the same computer can see at once that a killed one is gone,
/// and need not wait for its sign of life to run out.
[[nodiscard]] std::string newRunOwner();

/// Whether whoever wrote `owner` still works, as far as can be seen from here.
/// @param heartbeatAtMs, nowMs  by the clock of the store, Unix ms
/// A program on another computer counts as gone after kHeartbeatsEndMs without a sign of life.
[[nodiscard]] bool isOwnerAlive(const std::string& owner, std::int64_t heartbeatAtMs,
                                std::int64_t nowMs);

inline constexpr std::int64_t kHeartbeatMs = 15'000;      ///< between two signs of life
inline constexpr std::int64_t kHeartbeatsEndMs = 120'000; ///< eight of them were missed

} // namespace signalbox
