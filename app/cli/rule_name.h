// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/policy/document.h>

#include <string>

namespace signalbox::cli {

/// How a decision's rule is printed: its id, "holdout" or "otherwise".
/// @param rule  as in Decision
[[nodiscard]] std::string ruleName(int rule, const PolicyDocument& document);

} // namespace signalbox::cli
