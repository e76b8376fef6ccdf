// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

namespace signalbox {

struct Request;

/// What a router knows of a model at the moment: what pools pick by.
struct LiveNumbers
{
    std::string_view model;
    double medianFirstTokenMs = 0; ///< NaN if unknown, here and below
    double costUsd = 0;            ///< of a usual request
    double running = 0;            ///< calls
};

/// What splits and the holdout are keyed by. An empty conversation or user falls back to the
/// request, an empty request id to the last user message.
struct RoutingKeys
{
    std::string_view request;
    std::string_view conversation;
    std::string_view user;
    std::string_view style; ///< no key: what byStyle limits read where no signal is a style
    std::span<const LiveNumbers> live = {}; ///< no key: what pools pick by; empty if unknown
};

[[nodiscard]] RoutingKeys routingKeysOf(const Request& request);

} // namespace signalbox
