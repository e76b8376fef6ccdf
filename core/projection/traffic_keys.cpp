// SPDX-License-Identifier: Apache-2.0
#include "traffic_keys.h"

namespace signalbox {

RoutingKeys routingKeysOf(const Traffic& traffic, std::size_t row)
{
    RoutingKeys keys = {traffic.requestId(row),
                        traffic.conversationId(row),
                        traffic.userId(row),
                        traffic.style[row],
                        {}};
    if (keys.request.empty())
        keys.request = traffic.lastUserMessage(row);
    return keys;
}

} // namespace signalbox
