// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <core/policy/signal.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace signalbox {

/// Whether each of two time windows of one zone is open, for every local time of the week:
/// `[first][second]` says whether that ever happens together.
using JointTruths = std::array<std::array<bool, 2>, 2>;
[[nodiscard]] JointTruths jointTruths(const TimeWindowSource& first,
                                      const TimeWindowSource& second);

/// Times at which given windows are open and others are not. Looks at every minute of a winter's
/// and a summer's week once, then answers at once.
class TimeExamples
{
public:
    TimeExamples() = default;
    explicit TimeExamples(const std::vector<const TimeWindowSource*>& windows);

    /// What a window may be: closed, open.
    using Allowed = std::array<bool, 2>;
    /// Unix time in milliseconds, a full hour if one will do; nothing if there is no such time in
    /// those weeks. @param allowed  per window
    [[nodiscard]] std::optional<std::int64_t> find(std::span<const Allowed> allowed) const;

private:
    static constexpr std::size_t kMostWindows = 64; ///< further ones are not looked at
    /// Which windows are open, a bit each, and when they first are so.
    std::vector<std::pair<std::uint64_t, std::int64_t>> m_known;
};

} // namespace signalbox
