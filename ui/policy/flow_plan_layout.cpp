// SPDX-License-Identifier: GPL-3.0-or-later
#include "flow_plan_layout.h"

#include "policy_paths.h"

#include <QLocale>

#include <algorithm>
#include <map>

namespace signalbox::ui {
namespace {

/// The share of a lane's traffic that a node's position in splits gives it; 0 behind a first step.
void collectNominal(const Plan& plan, const std::string& path, double weight,
                    std::map<std::string, double>& nominal)
{
    nominal[path] = weight;
    if (const auto* const chain = std::get_if<Chain>(&plan.node)) {
        for (std::size_t i = 0; i < chain->steps.size(); ++i)
            collectNominal(chain->steps[i], stepPath(path, i), i == 0 ? weight : 0, nominal);
    } else if (const auto* const split = std::get_if<Split>(&plan.node)) {
        for (std::size_t i = 0; i < split->arms.size(); ++i)
            collectNominal(split->arms[i].plan, armPath(path, i),
                           weight * split->arms[i].weight / 10'000, nominal);
    }
}

} // namespace

qreal partIndent(const Plan& plan)
{
    return std::holds_alternative<Chain>(plan.node)   ? kStepIndent
           : std::holds_alternative<Split>(plan.node) ? kArmIndent
                                                      : 0;
}

std::vector<FlowNode> PlanLayout::nodesOf(const Plan& plan)
{
    const bool lone = std::holds_alternative<Call>(plan.node);
    add(plan, {}, lone ? m_loneCallIndent : 0, 0, QString(), 0, false);
    return std::move(m_nodes);
}

qreal PlanLayout::add(const Plan& plan, const std::string& path, qreal indent, qreal top,
                      const QString& badge, qreal badgeWidth, bool fallback)
{
    const std::size_t index = m_nodes.size();
    FlowNode node;
    node.path = path;
    node.badgeText = badge;
    node.fallback = fallback;
    node.title = PolicyWords::planTitle(plan);
    const qreal left = m_left + indent;
    qreal height = m_metrics.captionHeight;
    if (const auto* const call = std::get_if<Call>(&plan.node)) {
        node.model = call->model;
        node.detail = PolicyWords::callDetail(*call);
        height = node.detail.isEmpty() ? m_metrics.pillHeight : m_metrics.pillDetailHeight;
    }
    node.kind = static_cast<FlowNode::Kind>(plan.node.index());
    node.pill = QRectF(left, top, m_right - left, height);
    if (!badge.isEmpty())
        node.badge = QRectF(left - badgeWidth, top, badgeWidth - kPartGap, height);
    m_nodes.push_back(std::move(node));

    const qreal bottom = addParts(plan, path, indent, top + height, fallback);
    m_nodes[index].rect = QRectF(left, top, m_right - left, bottom - top);
    return bottom;
}

qreal PlanLayout::addParts(const Plan& plan, const std::string& path, qreal indent, qreal bottom,
                           bool fallback)
{
    if (const auto* const chain = std::get_if<Chain>(&plan.node)) {
        for (std::size_t i = 0; i < chain->steps.size(); ++i)
            bottom = add(chain->steps[i], stepPath(path, i), indent + kStepIndent,
                         bottom + kPartGap, QLocale().toString(static_cast<qulonglong>(i) + 1),
                         kStepIndent, fallback || i > 0);
    } else if (const auto* const split = std::get_if<Split>(&plan.node)) {
        for (std::size_t i = 0; i < split->arms.size(); ++i)
            bottom =
                add(split->arms[i].plan, armPath(path, i), indent + kArmIndent, bottom + kPartGap,
                    PolicyWords::basisPoints(split->arms[i].weight), kArmIndent, fallback);
    }
    return bottom;
}

void shareOut(const Plan& plan, const LaneTraffic& traffic, std::vector<FlowNode>& nodes)
{
    std::map<std::string, double> nominal;
    collectNominal(plan, {}, traffic.share, nominal);
    for (const auto& [model, served] : traffic.served) {
        std::vector<FlowNode*> first;
        std::vector<FlowNode*> later;
        double expected = 0;
        for (FlowNode& node : nodes) {
            if (node.kind != FlowNode::Kind::Call || node.model.value != model)
                continue;
            const double weight = nominal[node.path];
            (weight > 0 ? first : later).push_back(&node);
            expected += weight;
        }
        double left = served;
        for (FlowNode* const node : first) {
            const double part = nominal[node->path] / expected;
            node->share = later.empty() ? served * part : std::min(expected, served) * part;
            left -= node->share;
        }
        for (FlowNode* const node : later)
            node->share = std::max(0.0, left) / static_cast<double>(later.size());
    }
    for (FlowNode& node : nodes) {
        if (node.share > 0)
            node.shareText = PolicyWords::share(node.share);
    }
}

} // namespace signalbox::ui
