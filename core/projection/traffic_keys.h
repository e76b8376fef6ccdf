// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <core/routing/compiled_policy.h>
#include <core/traffic/traffic.h>

#include <cstddef>

namespace signalbox {

/// What a decision on a row draws its lots by: as routingKeysOf() of its request, without making
/// it. The texts live as long as the traffic.
[[nodiscard]] RoutingKeys routingKeysOf(const Traffic& traffic, std::size_t row);

} // namespace signalbox
