// SPDX-License-Identifier: Apache-2.0
#include "plan_parts.h"

namespace signalbox {

Plan& partAt(Plan& root, const std::vector<std::size_t>& steps)
{
    Plan* part = &root;
    for (const std::size_t step : steps) {
        if (auto* chain = std::get_if<Chain>(&part->node))
            part = &chain->steps[step];
        else if (auto* cascade = std::get_if<Cascade>(&part->node))
            part = &cascade->steps[step];
        else
            part = &std::get<Split>(part->node).arms[step].plan;
    }
    return *part;
}

} // namespace signalbox
