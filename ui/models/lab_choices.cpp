// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab_choices.h"

#include <core/lab/conversation.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace signalbox::ui {

namespace {

bool isOfOne(const Variant& variant, const std::vector<ModelSpec>& models)
{
    return std::ranges::find(models, variant.of, &ModelSpec::id) != models.end();
}

} // namespace

LabChoices LabChoices::after(LastChoices last)
{
    LabChoices choices;
    choices.onlyOwn = !last.own.empty() && last.samplePrompts == 0;
    choices.sampleCount = last.samplePrompts.value_or(0) > 0 ? *last.samplePrompts : kUsualPrompts;
    choices.own = std::move(last.own);
    choices.left = std::move(last.left);
    choices.variants = std::move(last.variants);
    choices.samples = last.samples;
    choices.asking = last.asking;
    return choices;
}

LastChoices LabChoices::recorded() const
{
    return {own, sendsOnlyOwn() ? 0 : sampleCount, left, variants, samples, asking};
}

LabChoices LabChoices::withPrompts(std::vector<LabPrompt> prompts) const
{
    std::set<PromptId> added;
    for (const LabPrompt& prompt : prompts)
        added.insert(prompt.id);
    std::ranges::copy_if(own, std::back_inserter(prompts),
                         [&](const LabPrompt& before) { return added.count(before.id) == 0; });
    LabChoices next = *this;
    next.own = withTurnsTogether(std::move(prompts));
    return next;
}

std::optional<LabChoices> LabChoices::withoutPrompt(const PromptId& id) const
{
    const std::vector<LabPrompt> together = withTurnsTogether(own);
    const auto found = std::ranges::find(together, id, &LabPrompt::id);
    if (found == together.end())
        return std::nullopt;
    const Conversations conversations(together);
    const auto row = static_cast<std::size_t>(found - together.begin());
    LabChoices next = *this;
    next.own.clear();
    for (std::size_t i = 0; i < together.size(); ++i) {
        if (conversations.beginning(i) != conversations.beginning(row))
            next.own.push_back(together[i]);
    }
    return next;
}

LabChoices LabChoices::withModel(const ModelId& id, bool chosen) const
{
    LabChoices next = *this;
    if (chosen)
        next.left.erase(id);
    else
        next.left.insert(id);
    return next;
}

std::optional<LabChoices> LabChoices::withVariant(const Variant& variant,
                                                  const std::vector<ModelSpec>& models) const
{
    const bool isThere = std::ranges::any_of(
        variants, [&](const Variant& each) { return nameOf(each) == nameOf(variant); });
    if (isThere || variant.isNone() || !isOfOne(variant, models))
        return std::nullopt;
    LabChoices next = *this;
    next.variants.push_back(variant);
    return next;
}

std::optional<LabChoices> LabChoices::withoutVariant(const ModelId& column) const
{
    LabChoices next = *this;
    const auto gone =
        std::erase_if(next.variants, [&](const Variant& each) { return nameOf(each) == column; });
    return gone > 0 ? std::optional(std::move(next)) : std::nullopt;
}

LabChoices LabChoices::withLineUp(const LineUp& lineUp, const std::vector<ModelSpec>& models) const
{
    LabChoices next = *this;
    next.left = {lineUp.leftOut.begin(), lineUp.leftOut.end()};
    next.variants = lineUp.variants;
    std::erase_if(next.variants, [&](const Variant& each) { return !isOfOne(each, models); });
    next.samples = lineUp.samples;
    next.asking = lineUp.asking;
    return next;
}

LineUp LabChoices::lineUp() const
{
    return {{}, {left.begin(), left.end()}, variants, samples, asking};
}

} // namespace signalbox::ui
