// SPDX-License-Identifier: GPL-3.0-or-later
#include "rule_name.h"

#include <core/routing/compiled_policy.h>

namespace signalbox::cli {

std::string ruleName(int rule, const PolicyDocument& document)
{
    if (rule < 0)
        return rule == Decision::kHoldout ? "holdout" : "otherwise";
    return document.rules[static_cast<std::size_t>(rule)].id.value;
}

} // namespace signalbox::cli
