// SPDX-License-Identifier: Apache-2.0
#include "plan.h"

#include "document_uses.h"

#include <algorithm>
#include <unordered_set>

namespace signalbox {

std::vector<ModelId> modelsOf(const Plan& plan)
{
    std::vector<ModelId> models;
    std::unordered_set<ModelId> seen;
    const auto add = [&](const auto& part) {
        if (seen.insert(part.model).second)
            models.push_back(part.model);
    };
    forEachCall(plan, add, add);
    return models;
}

ModelId tierOf(const Plan& plan)
{
    if (const auto* call = std::get_if<Call>(&plan.node))
        return call->model;
    if (const auto* chain = std::get_if<Chain>(&plan.node))
        return chain->steps.empty() ? ModelId() : tierOf(chain->steps.front());
    if (const auto* cascade = std::get_if<Cascade>(&plan.node))
        return cascade->steps.empty() ? ModelId() : tierOf(cascade->steps.front());
    if (const auto* pool = std::get_if<Pool>(&plan.node))
        return pool->members.empty() ? ModelId() : pool->members.front().model;
    const auto& arms = std::get<Split>(plan.node).arms;
    const auto heaviest = std::ranges::max_element(arms, {}, &Arm::weight);
    return heaviest == arms.end() ? ModelId() : tierOf(heaviest->plan);
}

} // namespace signalbox
