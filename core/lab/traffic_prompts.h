// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lab_plan.h"

#include <core/traffic/traffic.h>

#include <cstddef>
#include <string>
#include <vector>

namespace signalbox {

/// Which requests of recorded traffic become prompts.
struct TrafficChoice
{
    std::size_t count = 100; ///< prompts, at most; of whole conversations: these
    enum class Shares {
        AsInTraffic, ///< a segment has its share of the requests, and one at least
        Equal,       ///< every segment has as many, so that rare ones can be judged
    };
    Shares shares = Shares::AsInTraffic;
    enum class Turns {
        First, ///< the first request of a conversation
        Any,   ///< one of its requests by lot, with what was said before it
        All,   ///< each of its user's turns is a prompt, which goes on from the asked model's own
               ///< answers; what was answered in the traffic is left out
    };
    Turns turns = Turns::First;
};

struct TrafficPrompts
{
    struct Segment
    {
        std::string name;
        std::size_t requests = 0; ///< in the traffic
        std::size_t chosen = 0;   ///< requests or conversations
    };
    std::vector<Segment> segments; ///< the largest first
    /// By segment in turn, so that the first few cover all; turns of a conversation together.
    std::vector<LabPrompt> prompts;
    std::size_t chosen = 0; ///< requests or conversations that they are
    std::size_t unusable =
        0; ///< requests that were looked at and cannot be asked: see importedPrompt()
};

/// Draws prompts from traffic, stratified by segment: of each conversation one request at most,
/// whichever words are there already passed over. The same traffic and choice give the same
/// prompts. A conversation is of the segment that the request is of which stands for it: its first
/// one, or the one by lot. O(rows) and what is drawn.
[[nodiscard]] TrafficPrompts promptsFromTraffic(const Traffic& traffic,
                                                const TrafficChoice& choice);

} // namespace signalbox
