// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "frontier.h"

#include <optional>

namespace signalbox {

/// The frontier in the terms of the literature, from the report projections of its points and of
/// the single models, and PGR and strong share of every choice, which it sets. The curve of PGR
/// over the share of strong calls is that of the best point with at most that share, between the
/// weak model alone and the strong model alone. nullopt where two models do not differ in
/// satisfaction.
[[nodiscard]] std::optional<RoutingMeasures> routingMeasuresOf(Frontier& frontier);

} // namespace signalbox
