// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plan.h"

#include <cstddef>
#include <vector>

namespace signalbox {

/// The part of a plan that a list of child positions leads to: steps of chains and cascades, arms
/// of splits. They have to be there.
[[nodiscard]] Plan& partAt(Plan& root, const std::vector<std::size_t>& steps);

} // namespace signalbox
