// SPDX-License-Identifier: GPL-3.0-or-later
// What a projection says about the lanes of a flow.

#include "flow_layout.h"

#include <algorithm>
#include <cmath>

namespace signalbox::ui {
namespace {

LaneTraffic laneTrafficOf(const PolicyDocument& document, const RuleFlow& flow)
{
    LaneTraffic lane;
    lane.requests = flow.requests;
    lane.share = flow.share;
    lane.costShare = flow.costShare;
    lane.seamLoss = flow.seamLoss;
    for (std::size_t i = 0; i < std::min(flow.models.size(), document.models.size()); ++i) {
        if (flow.models[i] > 0)
            lane.served[document.models[i].id.value] = flow.models[i];
    }
    if (flow.margin) {
        auto& margin = lane.margin.emplace();
        margin.share = flow.margin->share;
        margin.costShare = flow.margin->costShare;
        for (std::size_t i = 0; i < std::min(flow.margin->models.size(), document.models.size());
             ++i) {
            if (flow.margin->models[i] > 0)
                margin.served[document.models[i].id.value] = flow.margin->models[i];
        }
    }
    return lane;
}

/// Of what is known, or of what is not.
bool isSame(double a, double b)
{
    return a == b || (std::isnan(a) && std::isnan(b));
}

} // namespace

bool LaneTraffic::isSameAs(const LaneTraffic& other) const
{
    const bool isSameMargin = margin && other.margin
                                  ? margin->share == other.margin->share &&
                                        isSame(margin->costShare, other.margin->costShare) &&
                                        margin->served == other.margin->served
                                  : !margin && !other.margin;
    return isSameMargin && requests == other.requests && share == other.share &&
           isSame(costShare, other.costShare) && seamLoss == other.seamLoss &&
           served == other.served;
}

FlowTraffic flowTrafficOf(const PolicyDocument& document, const Projection& projection)
{
    FlowTraffic traffic;
    traffic.requests = projection.requests;
    traffic.conversations = projection.conversations;
    traffic.synthetic = projection.syntheticTraffic;
    for (const RuleFlow& flow : projection.flow) {
        LaneTraffic lane = laneTrafficOf(document, flow);
        if (flow.rule == Decision::kHoldout)
            traffic.holdout = std::move(lane);
        else if (flow.rule == Decision::kOtherwise)
            traffic.otherwise = std::move(lane);
        else if (static_cast<std::size_t>(flow.rule) < document.rules.size())
            traffic.rules[document.rules[static_cast<std::size_t>(flow.rule)].id.value] =
                std::move(lane);
    }
    for (std::size_t i = 0; i < document.models.size(); ++i) {
        if (i < projection.servedShare.size())
            traffic.servedShare[document.models[i].id.value] = projection.servedShare[i];
        if (i < projection.spendShare.size())
            traffic.spendShare[document.models[i].id.value] = projection.spendShare[i];
    }
    return traffic;
}

} // namespace signalbox::ui
