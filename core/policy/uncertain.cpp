// SPDX-License-Identifier: Apache-2.0
#include "uncertain.h"

#include "document_uses.h"

#include <utility>

namespace signalbox {

namespace {

bool isLimit(const Compare& compare)
{
    return compare.op == CompareOp::Lt || compare.op == CompareOp::Lte ||
           compare.op == CompareOp::Gt || compare.op == CompareOp::Gte;
}

} // namespace

Condition shiftedCondition(const Condition& condition, const SignalId& signal, double margin)
{
    Condition shifted = condition;
    forEachCompare(shifted, [&](Compare& compare) {
        if (compare.signal != signal || !isLimit(compare))
            return;
        if (auto* limit = std::get_if<double>(&compare.value)) {
            *limit -= margin;
        } else if (auto* limits = std::get_if<ByStyle>(&compare.value)) {
            limits->concise -= margin;
            limits->balanced -= margin;
            limits->detailed -= margin;
        }
    });
    return shifted;
}

Condition ambiguousCondition(const Rule& rule)
{
    if (!rule.uncertain)
        return {Any{}};
    const auto& [signal, margin, plan] = *rule.uncertain;
    const std::vector<Condition> variants = {shiftedCondition(rule.when, signal, -margin),
                                             rule.when,
                                             shiftedCondition(rule.when, signal, margin)};
    Condition everywhere = {All{variants}};
    return {All{{{Any{variants}}, {Not{Boxed<Condition>(std::move(everywhere))}}}}};
}

Condition claimedCondition(const Rule& rule)
{
    if (!rule.uncertain)
        return rule.when;
    return {Any{{ambiguousCondition(rule), rule.when}}};
}

} // namespace signalbox
