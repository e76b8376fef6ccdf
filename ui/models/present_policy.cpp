// SPDX-License-Identifier: GPL-3.0-or-later
#include "present_policy.h"

#include "workbench.h"

#include <core/lab/conversation.h>
#include <core/lab/list_prices.h>
#include <core/lab/sample_prompts.h>
#include <core/voice/policy_route.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace signalbox::ui {

const std::vector<ModelSpec>& PresentPolicy::models() const
{
    return m_workbench->editor().document().models;
}

ModelId PresentPolicy::columnId() const
{
    return policyVoice(m_workbench->editor().document().id);
}

std::shared_ptr<const PolicyColumn> PresentPolicy::column() const
{
    return PolicyColumn::of(withKnownPrices(m_workbench->editor().document(),
                                            *m_workbench->prices().book(), presentDay()),
                            m_workbench->styles());
}

std::vector<ModelSpec> PresentPolicy::columnsOf(const LastChoices& choices) const
{
    std::vector<ModelSpec> columns;
    std::ranges::copy_if(models(), std::back_inserter(columns),
                         [&](const ModelSpec& model) { return choices.left.count(model.id) == 0; });
    for (const Variant& variant : choices.variants) {
        const auto base = std::ranges::find(models(), variant.of, &ModelSpec::id);
        if (base != models().end())
            columns.push_back(columnOf(variant, *base));
    }
    columns = withKnownPrices(std::move(columns), *m_workbench->prices().book(), presentDay());
    if (choices.left.count(columnId()) == 0)
        columns.push_back(PolicyColumn::specOf(m_workbench->editor().document()));
    return columns;
}

LabPlan PresentPolicy::planOf(const LastChoices& choices, const RunTerms& terms) const
{
    LabPlan plan;
    plan.name = m_workbench->editor().document().name;
    plan.prompts = withTurnsTogether(choices.own);
    std::ranges::move(spreadPrompts(m_workbench->prompts(), choices.samplePrompts.value_or(0)),
                      std::back_inserter(plan.prompts));
    plan.models = columnsOf(choices);
    if (!plan.models.empty() && isPolicyColumn(plan.models.back()))
        plan.policy = column();
    plan.leftOut.assign(choices.left.begin(), choices.left.end());
    plan.samples = choices.samples;
    plan.asking = choices.asking;
    for (const Variant& variant : choices.variants)
        plan.variants.emplace(nameOf(variant), variant);
    plan.inFlightHere = m_workbench->callsHere();
    plan.retries = terms.retries();
    plan.caps = terms.caps;
    plan.reuse = terms.reuse();
    return plan;
}

/// Of a variant, what it asks otherwise besides.
std::optional<ModelSpec> PresentPolicy::present(const LabPlan& plan, const ModelId& id) const
{
    const auto variant = plan.variants.find(id);
    const bool isVariant = variant != plan.variants.end();
    const auto found =
        std::ranges::find(models(), isVariant ? variant->second.of : id, &ModelSpec::id);
    if (found == models().end())
        return std::nullopt;
    return isVariant ? columnOf(variant->second, *found) : *found;
}

std::vector<ModelSpec> PresentPolicy::pricedAnew(const LabPlan& plan) const
{
    std::vector<ModelSpec> alike;
    for (const ModelSpec& asked : plan.models) {
        const auto now = present(plan, asked.id);
        if (now && answersAlike(asked, *now))
            alike.push_back(*now);
    }
    return withKnownPrices(std::move(alike), *m_workbench->prices().book(), presentDay());
}

int PresentPolicy::indexOf(const ModelId& id, const std::vector<ModelSpec>& table) const
{
    const auto& all = models();
    const auto found = std::ranges::find(all, id, &ModelSpec::id);
    if (found != all.end())
        return static_cast<int>(found - all.begin());
    std::size_t place = all.size();
    for (const ModelSpec& model : table) {
        if (isPolicyColumn(model))
            continue; // it has no look of a model
        if (model.id == id)
            return static_cast<int>(place);
        if (std::ranges::find(all, model.id, &ModelSpec::id) == all.end())
            ++place;
    }
    return -1;
}

bool PresentPolicy::isAllSimulated() const
{
    return !models().empty() && std::ranges::all_of(models(), [](const ModelSpec& model) {
        return model.provider == "simulator";
    });
}

bool answersAlike(ModelSpec a, const ModelSpec& b)
{
    if (isPolicyColumn(a) && isPolicyColumn(b))
        return a.id == b.id;
    a.price = b.price;
    a.contextTokens = b.contextTokens;
    return a == b;
}

bool answerAlike(const std::vector<ModelSpec>& a, const std::vector<ModelSpec>& b)
{
    return std::ranges::equal(a, b, answersAlike);
}

} // namespace signalbox::ui
