// SPDX-License-Identifier: GPL-3.0-or-later
#include "flow_plan_layout.h"

#include <QLocale>

#include <algorithm>
#include <map>

namespace signalbox::ui {
namespace {

/// The share of a lane's traffic that a node's position gives it: its arms' part of a split, 0
/// behind a first step. Which member a pool picks is known only then, so each may get all.
void collectNominal(const Plan& plan, const std::string& path, double weight,
                    std::map<std::string, double>& nominal)
{
    nominal[path] = weight;
    const bool inTurn =
        std::holds_alternative<Chain>(plan.node) || std::holds_alternative<Cascade>(plan.node);
    const auto* const split = std::get_if<Split>(&plan.node);
    const std::vector<Plan> parts = partsOf(plan);
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const double part = split             ? weight * split->arms[i].weight / 10'000
                            : inTurn && i > 0 ? 0
                                              : weight;
        collectNominal(parts[i], partPath(plan, path, i), part, nominal);
    }
}

/// Nodes of one model in one plan share what it served.
void shareAmong(const std::vector<FlowNode*>& nodes, std::map<std::string, double>& nominal,
                double served)
{
    std::vector<FlowNode*> first;
    std::vector<FlowNode*> later;
    double expected = 0;
    for (FlowNode* const node : nodes) {
        const double weight = nominal[node->path];
        (weight > 0 ? first : later).push_back(node);
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

} // namespace

qreal partIndent(const Plan& plan)
{
    return std::holds_alternative<Call>(plan.node)    ? 0
           : std::holds_alternative<Split>(plan.node) ? kArmIndent
                                                      : kStepIndent;
}

std::vector<FlowNode> PlanLayout::nodesOf(const Plan& plan)
{
    Place root;
    root.indent = std::holds_alternative<Call>(plan.node) ? m_loneCallIndent : 0;
    add(plan, root, 0);
    return std::move(m_nodes);
}

qreal PlanLayout::add(const Plan& plan, const Place& place, qreal top)
{
    const std::size_t index = m_nodes.size();
    FlowNode node;
    node.kind = static_cast<FlowNode::Kind>(plan.node.index());
    node.path = place.path;
    node.fallback = place.fallback;
    node.title = PolicyWords::planTitle(plan);
    const qreal left = m_left + place.indent;
    if (!place.lead.isEmpty()) {
        node.leadText = place.lead;
        node.lead = QRectF(left, top, m_right - left, m_metrics.leadHeight);
        top = node.lead.bottom();
    }
    qreal height = m_metrics.captionHeight;
    if (const auto* const call = std::get_if<Call>(&plan.node)) {
        node.model = call->model;
        node.detail = PolicyWords::callDetail(*call);
        node.asksOtherwise = !call->overrides.isNone();
        if (node.asksOtherwise)
            node.hint =
                PolicyWords::tr("Asked with %1.").arg(PolicyWords::overrides(call->overrides));
        height = node.detail.isEmpty() ? m_metrics.pillHeight : m_metrics.pillDetailHeight;
    }
    node.pill = QRectF(left, top, m_right - left, height);
    if (!place.badge.isEmpty()) {
        node.badgeText = place.badge;
        node.badge = QRectF(left - place.badgeWidth, top, place.badgeWidth - kPartGap, height);
    }
    m_nodes.push_back(std::move(node));

    const qreal bottom = addParts(plan, place, top + height);
    m_nodes[index].rect = QRectF(left, top, m_right - left, bottom - top);
    return bottom;
}

/// Words in lines that are no wider than the room; a word that is wider stands alone.
QStringList PlanLayout::linesOf(const QString& words, qreal room) const
{
    QStringList lines;
    for (const QString& word : words.split(QLatin1Char(' '))) {
        const QString longer = lines.isEmpty() ? word : lines.back() + QLatin1Char(' ') + word;
        if (lines.isEmpty() || m_metrics.textWidth(FlowText::Small, longer) > room)
            lines << word;
        else
            lines.back() = longer;
    }
    return lines;
}

qreal PlanLayout::addCheck(const Cascade& cascade, const Place& place, qreal top)
{
    FlowNode node;
    node.kind = FlowNode::Kind::Check;
    node.path = place.path;
    const QString words = PolicyWords::acceptance(cascade.accept);
    node.title =
        PolicyWords::tr("accepted: %1", "by a cascade, what an answer must be like").arg(words);
    node.hint =
        PolicyWords::tr("An answer is shown if it passes: %1. Else the next step answers; the last "
                        "one is shown as it comes.")
            .arg(words);
    if (cascade.accept.verifier)
        node.model = cascade.accept.verifier->model;
    const qreal left = m_left + place.indent + kStepIndent;
    node.titleLines = linesOf(node.title, m_right - left - kCheckTextLeft - kCheckTextRight);
    const qreal height = m_metrics.checkHeight +
                         m_metrics.checkLineHeight * static_cast<qreal>(node.titleLines.size() - 1);
    node.pill = QRectF(left, top, m_right - left, height);
    node.rect = node.pill;
    m_nodes.push_back(std::move(node));
    return top + height;
}

qreal PlanLayout::addParts(const Plan& plan, const Place& place, qreal bottom)
{
    const auto* const split = std::get_if<Split>(&plan.node);
    const auto* const cascade = std::get_if<Cascade>(&plan.node);
    const bool isPool = std::holds_alternative<Pool>(plan.node);
    if (cascade)
        bottom = addCheck(*cascade, place, bottom);
    const std::vector<Plan> parts = partsOf(plan);
    for (std::size_t i = 0; i < parts.size(); ++i) {
        Place part;
        part.path = partPath(plan, place.path, i);
        part.indent = place.indent + partIndent(plan);
        part.badgeWidth = partIndent(plan);
        part.fallback = place.fallback || (i > 0 && !split && !isPool);
        if (split)
            part.badge = PolicyWords::basisPoints(split->arms[i].weight);
        else if (!isPool)
            part.badge = QLocale().toString(static_cast<qulonglong>(i) + 1);
        if (cascade && i > 0)
            part.lead = PolicyWords::tr("rejected", "a cascade's answer so far");
        bottom = add(parts[i], part, bottom + (part.lead.isEmpty() ? kPartGap : 0));
    }
    return bottom;
}

void shareOut(const Plan& plan, const Plan* margin, const LaneTraffic& traffic,
              std::vector<FlowNode>& nodes)
{
    const auto shareOutPart = [&](const Plan& root, double share, bool isOfMargin,
                                  const std::map<std::string, double>& served) {
        std::map<std::string, double> nominal;
        collectNominal(root, {}, share, nominal);
        for (const auto& [model, ofModel] : served) {
            std::vector<FlowNode*> calls;
            for (FlowNode& node : nodes) {
                if (node.kind == FlowNode::Kind::Call && node.model.value == model &&
                    node.isOfMargin == isOfMargin)
                    calls.push_back(&node);
            }
            shareAmong(calls, nominal, ofModel);
        }
    };
    if (margin && traffic.margin) {
        std::map<std::string, double> rest = traffic.served;
        for (const auto& [model, served] : traffic.margin->served)
            rest[model] = std::max(0.0, rest[model] - served);
        shareOutPart(plan, traffic.share - traffic.margin->share, false, rest);
        shareOutPart(*margin, traffic.margin->share, true, traffic.margin->served);
    } else {
        shareOutPart(plan, traffic.share, false, traffic.served);
    }
    const bool isOfEarlierRule = margin && !traffic.margin; // which had none
    for (FlowNode& node : nodes) {
        if (node.share > 0 && !isOfEarlierRule)
            node.shareText = PolicyWords::share(node.share);
    }
}

} // namespace signalbox::ui
