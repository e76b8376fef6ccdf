// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <core/traffic/traffic.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace signalbox {

/// The conversations of some traffic in two halves, as ProjectionOptions::conversations wants them:
/// one to search on, the other to report on.
struct ConversationHalves
{
    std::shared_ptr<const std::vector<bool>> search; ///< one entry per conversation
    std::shared_ptr<const std::vector<bool>> report; ///< all the others
    std::size_t searchConversations = 0;
    std::size_t reportConversations = 0;
    std::size_t searchRequests = 0;
    std::size_t reportRequests = 0;
    bool byUser = false; ///< every conversation's user is known, and is in one half only
};

/// Draws the halves. What decides is the user of a conversation's first request, else the
/// conversation's id, else the request's, else what it says; so nobody's habits are in both halves,
/// and a conversation stays in its half when others are added to the log. Equal seeds give equal
/// halves. They are equally large on average only.
[[nodiscard]] ConversationHalves splitConversations(const Traffic& traffic, std::uint64_t seed);

} // namespace signalbox
