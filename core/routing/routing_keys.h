// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace signalbox {

struct Request;

/// What splits and the holdout are keyed by. An empty conversation or user falls back to the
/// request, an empty request id to the last user message.
struct RoutingKeys
{
    std::string_view request;
    std::string_view conversation;
    std::string_view user;
    std::string_view style; ///< no key: what byStyle limits read where no signal is a style
};

[[nodiscard]] RoutingKeys routingKeysOf(const Request& request);

} // namespace signalbox
