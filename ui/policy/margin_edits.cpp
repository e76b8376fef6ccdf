// SPDX-License-Identifier: GPL-3.0-or-later
#include "margin_edits.h"

#include "plan_kinds.h"
#include "policy_paths.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace signalbox::ui {
namespace {

bool isLimit(const Compare& compare)
{
    const bool ordered = compare.op == CompareOp::Lt || compare.op == CompareOp::Lte ||
                         compare.op == CompareOp::Gt || compare.op == CompareOp::Gte;
    return ordered && (std::holds_alternative<double>(compare.value) ||
                       std::holds_alternative<ByStyle>(compare.value));
}

double limitOf(const Compare& compare)
{
    if (const auto* const byStyle = std::get_if<ByStyle>(&compare.value))
        return byStyle->balanced;
    return std::get<double>(compare.value);
}

void collectLimits(const Condition& condition, std::vector<Compare>& limits)
{
    if (const auto* const compare = std::get_if<Compare>(&condition.node)) {
        if (isLimit(*compare))
            limits.push_back(*compare);
    } else if (const auto* const negation = std::get_if<Not>(&condition.node)) {
        collectLimits(*negation->condition, limits);
    } else {
        const auto* const all = std::get_if<All>(&condition.node);
        for (const Condition& child :
             all ? all->conditions : std::get<Any>(condition.node).conditions)
            collectLimits(child, limits);
    }
}

/// What its answers cost, for telling the cheaper of two; a model without a price is the dearer.
double costOf(const PolicyDocument& document, const ModelId& id)
{
    const ModelSpec* const model = document.findModel(id);
    return model && model->price ? usdPerMTok(model->price->outputPerToken)
                                 : std::numeric_limits<double>::infinity();
}

Plan cascadeFor(const PolicyDocument& document, const Rule& rule)
{
    Plan own{firstCallOf(rule.plan)};
    Plan other{firstCallOf(document.otherwise)};
    if (tierOf(other) == tierOf(own))
        std::get<Call>(other.node) = Call{otherModel(document, tierOf(own)), {}, {}, {}, {}};
    if (costOf(document, tierOf(other)) < costOf(document, tierOf(own)))
        std::swap(own, other);
    return Plan{Cascade{{std::move(own), std::move(other)}, usualAcceptance(), {}}};
}

/// One digit of it: 0.0347 becomes 0.03.
double rounded(double value)
{
    const double unit = std::pow(10, std::floor(std::log10(value)));
    return std::round(value / unit) * unit;
}

} // namespace

std::vector<SignalId> limitedSignals(const Condition& condition)
{
    std::vector<Compare> limits;
    collectLimits(condition, limits);
    std::vector<SignalId> ids;
    for (const Compare& compare : limits) {
        if (std::ranges::find(ids, compare.signal) == ids.end())
            ids.push_back(compare.signal);
    }
    return ids;
}

double usualMargin(const PolicyDocument& document, const Rule& rule, const SignalId& id)
{
    const Signal* const signal = document.findSignal(id);
    if (signal && std::holds_alternative<ScoreSource>(signal->source))
        return 1;
    std::vector<Compare> limits;
    collectLimits(rule.when, limits);
    const auto limit = std::ranges::find(limits, id, &Compare::signal);
    const double size = limit == limits.end() ? 0 : std::abs(limitOf(*limit));
    return size > 0 ? rounded(size / 10) : 1;
}

MaybeGesture addMargin(const PolicyDocument& document, const PolicySelection& selection)
{
    const Rule* const rule = selectedRule(document, selection);
    if (!rule || rule->uncertain)
        return std::nullopt;
    const std::vector<SignalId> known = limitedSignals(rule->when);
    if (known.empty())
        return std::nullopt;
    const auto path = conditionPathOf(selection);
    const Condition* const at = path ? conditionAt(rule->when, *path) : nullptr;
    const std::vector<SignalId> selected = at ? limitedSignals(*at) : known;
    const SignalId signal = selected.empty() ? known.front() : selected.front();
    auto edit = editRule(document, selection, [&](Rule& changed) {
        changed.uncertain = Uncertain{signal, usualMargin(document, *rule, signal),
                                      cascadeFor(document, *rule)};
    });
    return PolicyGesture{std::move(*edit), selectUncertain(rule->id)};
}

MaybeGesture setMargin(const PolicyDocument& document, const PolicySelection& selection,
                       double margin)
{
    const Rule* const rule = selectedRule(document, selection);
    if (!rule || !rule->uncertain || rule->uncertain->margin == margin)
        return std::nullopt;
    auto edit = editRule(document, selection,
                         [&](Rule& changed) { changed.uncertain->margin = margin; });
    return PolicyGesture{std::move(*edit), selection};
}

} // namespace signalbox::ui
