// SPDX-License-Identifier: Apache-2.0
#include "moved_threshold.h"

#include <utility>

namespace signalbox {

namespace {

constexpr double ByStyle::* kStyles[] = {&ByStyle::concise, &ByStyle::balanced, &ByStyle::detailed};

bool isOrder(CompareOp op)
{
    return op == CompareOp::Lt || op == CompareOp::Lte || op == CompareOp::Gt ||
           op == CompareOp::Gte;
}

const Condition* partOf(const Condition& condition, std::size_t index)
{
    if (const auto* const negation = std::get_if<Not>(&condition.node))
        return index == 0 ? &*negation->condition : nullptr;
    const auto* const all = std::get_if<All>(&condition.node);
    const auto* const any = std::get_if<Any>(&condition.node);
    if (!all && !any)
        return nullptr;
    const std::vector<Condition>& parts = all ? all->conditions : any->conditions;
    return index < parts.size() ? &parts[index] : nullptr;
}

std::optional<ThresholdPlace> movedIn(const Compare& before, const Compare& after)
{
    if (!isOrder(after.op) || before.op != after.op || before.value.index() != after.value.index())
        return std::nullopt;
    if (std::holds_alternative<double>(after.value))
        return ThresholdPlace{};
    const auto* const lines = std::get_if<ByStyle>(&after.value);
    if (!lines)
        return std::nullopt;
    for (double ByStyle::* const style : kStyles) {
        if (lines->*style != std::get<ByStyle>(before.value).*style)
            return ThresholdPlace{0, {}, style};
    }
    return std::nullopt;
}

/// The first number that differs, from the condition down.
std::optional<ThresholdPlace> movedIn(const Condition& before, const Condition& after)
{
    if (before.node.index() != after.node.index())
        return std::nullopt;
    if (const auto* const compare = std::get_if<Compare>(&after.node))
        return movedIn(std::get<Compare>(before.node), *compare);
    for (std::size_t i = 0;; ++i) {
        const Condition* const was = partOf(before, i);
        const Condition* const is = partOf(after, i);
        if (!was || !is)
            return std::nullopt;
        if (*was == *is)
            continue;
        auto found = movedIn(*was, *is);
        if (found)
            found->path.insert(found->path.begin(), i);
        return found;
    }
}

} // namespace

const Compare* comparisonAt(const PolicyDocument& document, const ThresholdPlace& place)
{
    if (place.rule >= document.rules.size())
        return nullptr;
    const Condition* condition = &document.rules[place.rule].when;
    for (const std::size_t index : place.path) {
        condition = partOf(*condition, index);
        if (!condition)
            return nullptr;
    }
    const auto* const compare = std::get_if<Compare>(&condition->node);
    if (!compare || !isOrder(compare->op))
        return nullptr;
    const bool isOfItsKind = place.style ? std::holds_alternative<ByStyle>(compare->value)
                                         : std::holds_alternative<double>(compare->value);
    return isOfItsKind ? compare : nullptr;
}

double* thresholdAt(PolicyDocument& document, const ThresholdPlace& place)
{
    // The document is the caller's to change.
    auto* const compare = const_cast<Compare*>(comparisonAt(std::as_const(document), place));
    if (!compare)
        return nullptr;
    return place.style ? &(std::get<ByStyle>(compare->value).*place.style)
                       : std::get_if<double>(&compare->value);
}

std::optional<ThresholdPlace> movedThreshold(const PolicyDocument& before,
                                             const PolicyDocument& after)
{
    if (before.rules.size() != after.rules.size())
        return std::nullopt;
    for (std::size_t rule = 0; rule < after.rules.size(); ++rule) {
        if (before.rules[rule] == after.rules[rule])
            continue;
        auto place = movedIn(before.rules[rule].when, after.rules[rule].when);
        if (!place)
            return std::nullopt;
        place->rule = rule;
        // What is equal once this number is, differed in nothing else.
        PolicyDocument back = after;
        PolicyDocument from = before;
        back.revision = from.revision;
        *thresholdAt(back, *place) = *thresholdAt(from, *place);
        return back == before ? place : std::nullopt;
    }
    return std::nullopt;
}

} // namespace signalbox
