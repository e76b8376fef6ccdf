// SPDX-License-Identifier: Apache-2.0
#include "segmentation_policy.h"

#include <core/policy/document_uses.h>
#include <core/projection/signal_columns.h>

#include <algorithm>

namespace signalbox::segments_detail {

namespace {

/// A model that nobody asks: a policy has one.
ModelSpec nobody()
{
    ModelSpec model;
    model.id = ModelId("segment");
    model.provider = "simulator";
    model.upstreamModel = "segment";
    return model;
}

/// "rules[2].when.all[0]" of the policy is in "segments[2].when", which is one text, of the file.
std::string placeInFile(const std::string& where)
{
    if (!where.starts_with("rules["))
        return where;
    const std::size_t end = where.find(']');
    return end == std::string::npos ? where : "segments" + where.substr(5, end - 4) + ".when";
}

} // namespace

PolicyDocument policyOf(const Segmentation& segmentation)
{
    PolicyDocument policy;
    policy.id = "segments";
    policy.name = "Segments";
    policy.models.push_back(nobody());
    policy.baseline = policy.models.front().id;
    policy.decideBy = segmentation.decideBy;
    policy.signalList = segmentation.signalList;
    policy.otherwise = {Call{policy.baseline, {}, {}, {}}};
    if (const auto* const conditions = std::get_if<SegmentsByCondition>(&segmentation.by)) {
        for (const ConditionSegment& segment : conditions->segments) {
            Rule rule;
            rule.id = RuleId("segment " + std::to_string(policy.rules.size() + 1));
            rule.label = segment.name;
            rule.when = segment.when;
            rule.plan = policy.otherwise;
            policy.rules.push_back(std::move(rule));
        }
    }
    return policy;
}

Result<CompiledPolicy> compileSegmentation(const Segmentation& segmentation,
                                           const std::shared_ptr<const UserStyles>& styles)
{
    auto compiled = CompiledPolicy::compile(policyOf(segmentation), nullptr, styles);
    if (!compiled)
        compiled.error().where = placeInFile(compiled.error().where);
    return compiled;
}

std::vector<Signal> definitionsOf(const std::set<SignalId>& wanted, const PolicyDocument& policy)
{
    std::set<SignalId> all = wanted;
    for (const Signal& signal : policy.signalList) {
        if (!wanted.contains(signal.id))
            continue;
        for (const Signal& used : definitionsUsedBy(signal, policy))
            all.insert(used.id);
    }
    std::vector<Signal> definitions;
    for (const Signal& signal : policy.signalList) {
        if (all.contains(signal.id))
            definitions.push_back(signal);
    }
    return definitions;
}

const Signal* meterBehind(const Signal& signal, const PolicyDocument& policy)
{
    if (std::holds_alternative<UsageSource>(signal.source))
        return &signal;
    for (const Signal& used : definitionsUsedBy(signal, policy)) {
        if (std::holds_alternative<UsageSource>(used.source))
            return findSignal(policy.signalList, used.id);
    }
    return nullptr;
}

const Signal* findSignal(const std::vector<Signal>& list, const SignalId& id)
{
    const auto found = std::ranges::find(list, id, &Signal::id);
    return found == list.end() ? nullptr : &*found;
}

} // namespace signalbox::segments_detail
