// SPDX-License-Identifier: Apache-2.0
#include "plan.h"

#include <algorithm>
#include <unordered_set>

namespace signalbox {

namespace {

static_assert(std::variant_size_v<decltype(Plan::node)> == 3, "collect models of the new plan");

void collectModels(const Plan& plan, std::vector<ModelId>& models,
                   std::unordered_set<ModelId>& seen)
{
    if (const auto* call = std::get_if<Call>(&plan.node)) {
        if (seen.insert(call->model).second)
            models.push_back(call->model);
    } else if (const auto* chain = std::get_if<Chain>(&plan.node)) {
        for (const Plan& step : chain->steps)
            collectModels(step, models, seen);
    } else {
        for (const Arm& arm : std::get<Split>(plan.node).arms)
            collectModels(arm.plan, models, seen);
    }
}

} // namespace

std::vector<ModelId> modelsOf(const Plan& plan)
{
    std::vector<ModelId> models;
    std::unordered_set<ModelId> seen;
    collectModels(plan, models, seen);
    return models;
}

ModelId tierOf(const Plan& plan)
{
    if (const auto* call = std::get_if<Call>(&plan.node))
        return call->model;
    if (const auto* chain = std::get_if<Chain>(&plan.node))
        return chain->steps.empty() ? ModelId() : tierOf(chain->steps.front());
    const auto& arms = std::get<Split>(plan.node).arms;
    const auto heaviest = std::ranges::max_element(arms, {}, &Arm::weight);
    return heaviest == arms.end() ? ModelId() : tierOf(heaviest->plan);
}

} // namespace signalbox
