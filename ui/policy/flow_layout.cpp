// SPDX-License-Identifier: GPL-3.0-or-later
#include "flow_layout.h"

#include "policy_paths.h"

#include <ui/kit/theme.h>

#include <QFontMetricsF>
#include <QLocale>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace signalbox::ui {
namespace {

using LaneKind = FlowLane::Kind;

constexpr qreal kStepIndent = 22;
constexpr qreal kArmIndent = 50;
constexpr qreal kPartGap = 6;
constexpr qreal kGripWidth = 16;
constexpr qreal kToggleWidth = 28;
constexpr qreal kToggleHeight = 16;
constexpr qreal kMarginAround = 24;

QRectF moved(const QRectF& rect, qreal dy)
{
    return rect.isNull() ? rect : rect.translated(0, dy);
}

/// Lays out one plan as pills below each other. All pills end at the same right edge, so that their
/// ports form one column.
class PlanLayout
{
public:
    PlanLayout(const FlowMetrics& metrics, qreal left) : m_metrics(metrics), m_left(left) {}

    [[nodiscard]] std::vector<FlowNode> nodesOf(const Plan& plan)
    {
        add(plan, {}, 0, 0, QString(), 0, false);
        return std::move(m_nodes);
    }

    /// How far the deepest pill is indented: plans are widened by that much.
    [[nodiscard]] static qreal indentOf(const Plan& plan)
    {
        qreal deepest = 0;
        if (const auto* const chain = std::get_if<Chain>(&plan.node)) {
            for (const Plan& step : chain->steps)
                deepest = std::max(deepest, kStepIndent + indentOf(step));
        } else if (const auto* const split = std::get_if<Split>(&plan.node)) {
            for (const Arm& arm : split->arms)
                deepest = std::max(deepest, kArmIndent + indentOf(arm.plan));
        }
        return deepest;
    }

private:
    /// Appends the node and its parts; returns the bottom of what it added.
    qreal add(const Plan& plan, const std::string& path, qreal indent, qreal top,
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
        node.pill = QRectF(left, top, m_left + m_metrics.planWidth - left, height);
        if (!badge.isEmpty())
            node.badge = QRectF(left - badgeWidth, top, badgeWidth - kPartGap, height);
        m_nodes.push_back(std::move(node));

        const qreal bottom = addParts(plan, path, indent, top + height, fallback);
        m_nodes[index].rect = QRectF(left, top, m_left + m_metrics.planWidth - left, bottom - top);
        return bottom;
    }

    qreal addParts(const Plan& plan, const std::string& path, qreal indent, qreal bottom,
                   bool fallback)
    {
        if (const auto* const chain = std::get_if<Chain>(&plan.node)) {
            for (std::size_t i = 0; i < chain->steps.size(); ++i)
                bottom = add(chain->steps[i], stepPath(path, i), indent + kStepIndent,
                             bottom + kPartGap, QLocale().toString(static_cast<qulonglong>(i + 1)),
                             kStepIndent, fallback || i > 0);
        } else if (const auto* const split = std::get_if<Split>(&plan.node)) {
            for (std::size_t i = 0; i < split->arms.size(); ++i)
                bottom = add(split->arms[i].plan, armPath(path, i), indent + kArmIndent,
                             bottom + kPartGap, PolicyWords::basisPoints(split->arms[i].weight),
                             kArmIndent, fallback);
        }
        return bottom;
    }

    const FlowMetrics& m_metrics;
    qreal m_left;
    std::vector<FlowNode> m_nodes;
};

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

/// Divides what each model served in a lane among the calls that name it. With one such call that
/// is exact. With several, calls that are asked first get at most their nominal part, and the rest
/// was served by those asked after a failure.
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

QString statsOf(const LaneTraffic& traffic)
{
    QStringList parts{PolicyWords::tr("%1 of requests").arg(PolicyWords::share(traffic.share))};
    if (std::isfinite(traffic.costShare))
        parts << PolicyWords::tr("%1 of cost").arg(PolicyWords::share(traffic.costShare));
    if (traffic.seamLoss > 0)
        parts << PolicyWords::tr("seams %1", "consistency lost at seams")
                     .arg(PolicyWords::points(traffic.seamLoss));
    return parts.join(QStringLiteral(" · "));
}

class Layouter
{
public:
    Layouter(const PolicyDocument& document, const FlowTraffic& traffic, const FlowMetrics& metrics)
        : m_document(document), m_traffic(traffic), m_metrics(metrics)
    {
        m_laneLeft = metrics.sourceWidth + metrics.trunkLength;
        m_planLeft = m_laneLeft + metrics.padding + metrics.headWidth + metrics.planGap;
        qreal indent = PlanLayout::indentOf(document.otherwise);
        for (const Rule& rule : document.rules)
            indent = std::max(indent, PlanLayout::indentOf(rule.plan));
        // Half of the indent comes from the pills, half widens the plan.
        m_metrics.planWidth += indent / 2;
        m_laneRight = m_planLeft + m_metrics.planWidth + metrics.padding;
    }

    FlowLayout run()
    {
        addLanes();
        addSource();
        addStations();
        addIntake();
        addServing();
        m_layout.bounds =
            QRectF(0, 0, m_laneRight + m_metrics.edgeLength + m_metrics.stationWidth,
                   std::max(m_bottom, stationBottom()))
                .united(m_layout.source)
                .adjusted(-kMarginAround, -kMarginAround, kMarginAround, kMarginAround);
        return std::move(m_layout);
    }

private:
    void addLanes()
    {
        if (m_document.holdout)
            addLane(LaneKind::Holdout, holdoutPlan(), nullptr,
                    m_traffic.holdout ? &*m_traffic.holdout : nullptr);
        for (std::size_t i = 0; i < m_document.rules.size(); ++i) {
            addGap(i);
            const Rule& rule = m_document.rules[i];
            const auto known = m_traffic.rules.find(rule.id.value);
            addLane(LaneKind::Rule, rule.plan, &rule,
                    known == m_traffic.rules.end() ? nullptr : &known->second);
        }
        addGap(m_document.rules.size());
        addLane(LaneKind::Otherwise, m_document.otherwise, nullptr,
                m_traffic.otherwise ? &*m_traffic.otherwise : nullptr);
        m_bottom -= m_metrics.laneGap;
    }

    Plan holdoutPlan() const { return Plan{Call{m_document.holdout->model, {}, {}, {}}}; }

    void addGap(std::size_t index)
    {
        // The first gap is as wide as the others, above the first lane.
        const qreal top = m_bottom - m_metrics.laneGap;
        m_layout.gaps.push_back(
            {index, QRectF(m_laneLeft, top, m_laneRight - m_laneLeft, m_metrics.laneGap)});
    }

    void addLane(LaneKind kind, const Plan& plan, const Rule* rule, const LaneTraffic* traffic)
    {
        FlowLane lane;
        lane.kind = kind;
        qreal x = m_laneLeft + m_metrics.padding;
        qreal y = m_bottom + m_metrics.padding;
        const qreal right = x + m_metrics.headWidth;
        if (rule) {
            lane.id = rule->id.value;
            lane.enabled = rule->enabled;
            lane.grip = QRectF(x - 4, y, kGripWidth, m_metrics.titleHeight);
            x += kGripWidth;
            lane.toggle = QRectF(x, y + (m_metrics.titleHeight - kToggleHeight) / 2, kToggleWidth,
                                 kToggleHeight);
            x += kToggleWidth + m_metrics.rowGap + 2;
        }
        lane.label = QRectF(x, y, right - x, m_metrics.titleHeight);
        lane.labelText = labelOf(kind, rule);
        y += m_metrics.titleHeight + m_metrics.rowGap;
        y = addChips(lane, rule, y);
        if (traffic) {
            lane.statsText = statsOf(*traffic);
            lane.share = traffic->share;
            lane.stats = QRectF(m_laneLeft + m_metrics.padding, y, m_metrics.headWidth,
                                m_metrics.statsHeight);
            y += m_metrics.statsHeight;
        } else {
            y -= m_metrics.rowGap;
        }
        lane.nodes = PlanLayout(m_metrics, m_planLeft).nodesOf(plan);
        if (traffic)
            shareOut(plan, *traffic, lane.nodes);
        placePlan(lane, y - m_bottom - m_metrics.padding);
        m_bottom = lane.rect.bottom() + m_metrics.laneGap;
        m_layout.lanes.push_back(std::move(lane));
    }

    /// Makes the lane as high as its head and its plan need, the lower one centred.
    void placePlan(FlowLane& lane, qreal headHeight)
    {
        const qreal planHeight = lane.nodes.front().rect.height();
        const qreal inner = std::max(headHeight, planHeight);
        const qreal top = m_bottom + m_metrics.padding;
        const qreal shift = top + (inner - planHeight) / 2;
        for (FlowNode& node : lane.nodes) {
            node.rect = moved(node.rect, shift);
            node.pill = moved(node.pill, shift);
            node.badge = moved(node.badge, shift);
        }
        lane.plan = QRectF(m_planLeft, top, m_metrics.planWidth, inner);
        lane.rect =
            QRectF(m_laneLeft, m_bottom, m_laneRight - m_laneLeft, inner + 2 * m_metrics.padding);
    }

    QString labelOf(LaneKind kind, const Rule* rule) const
    {
        if (kind == LaneKind::Holdout)
            return PolicyWords::tr("Holdout");
        return rule ? PolicyWords::rule(*rule) : PolicyWords::tr("Otherwise");
    }

    std::vector<ConditionChip> chipsOf(const FlowLane& lane, const Rule* rule) const
    {
        if (rule)
            return conditionChips(rule->when);
        const QString text = lane.kind == LaneKind::Holdout
                                 ? PolicyWords::holdout(*m_document.holdout)
                                 : PolicyWords::tr("every request that no rule took");
        return {{ConditionChip::Kind::Word, text, {}}};
    }

    /// Wraps the chips over lines; what does not fit into the last one becomes "+3".
    qreal addChips(FlowLane& lane, const Rule* rule, qreal y)
    {
        const std::vector<ConditionChip> chips = chipsOf(lane, rule);
        const qreal left = m_laneLeft + m_metrics.padding;
        const qreal right = left + m_metrics.headWidth;
        const qreal reserve = m_metrics.textWidth(FlowText::Chip, QStringLiteral("+99")) + 8;
        qreal x = left;
        int line = 1;
        for (std::size_t i = 0; i < chips.size(); ++i) {
            const bool boxed = chips[i].kind != ConditionChip::Kind::Word;
            const qreal padding = boxed ? 16 : 2;
            const qreal width = std::min(
                m_metrics.textWidth(FlowText::Chip, chips[i].text) + padding, right - left);
            const bool lastLine = line == m_metrics.chipLines;
            const bool isLast = i + 1 == chips.size();
            if (x + width > right - (lastLine && !isLast ? reserve : 0) && x > left) {
                if (lastLine) {
                    addRest(lane, chips, i, x, y);
                    break;
                }
                ++line;
                x = left;
                y += m_metrics.chipHeight + m_metrics.chipGap;
            }
            lane.chips.push_back({QRectF(x, y, width, m_metrics.chipHeight), chips[i].kind,
                                  chips[i].text, chips[i].path});
            x += width + m_metrics.chipGap;
        }
        return y + m_metrics.chipHeight + m_metrics.rowGap;
    }

    void addRest(FlowLane& lane, const std::vector<ConditionChip>& chips, std::size_t from, qreal x,
                 qreal y)
    {
        const auto left = std::count_if(
            chips.begin() + static_cast<std::ptrdiff_t>(from), chips.end(),
            [](const ConditionChip& chip) { return chip.kind != ConditionChip::Kind::Word; });
        const QString text = QStringLiteral("+") + QLocale().toString(static_cast<qlonglong>(left));
        lane.chips.push_back(
            {QRectF(x, y, m_metrics.textWidth(FlowText::Chip, text) + 4, m_metrics.chipHeight),
             ConditionChip::Kind::Word,
             text,
             {}});
    }

    void addSource()
    {
        const qreal height = std::max<qreal>(88, m_metrics.ribbon + 24);
        m_layout.source =
            QRectF(0, std::max<qreal>(0, (m_bottom - height) / 2), m_metrics.sourceWidth, height);
        m_layout.simulated = m_traffic.simulated;
        m_layout.sourceTitle = PolicyWords::tr("Requests");
        if (m_traffic.requests > 0) {
            const auto count = static_cast<qulonglong>(m_traffic.requests);
            m_layout.sourceDetail = QLocale().toString(count);
        } else {
            m_layout.sourceDetail = PolicyWords::tr("no traffic yet");
        }
    }

    void addStations()
    {
        for (std::size_t i = 0; i < m_document.models.size(); ++i)
            addStation(m_document.models[i].id, static_cast<int>(i));
        for (const FlowLane& lane : m_layout.lanes) {
            for (const FlowNode& node : lane.nodes) {
                if (node.kind == FlowNode::Kind::Call && m_layout.stationIndexOf(node.model) < 0)
                    addStation(node.model, -1);
            }
        }
        placeStations();
    }

    void addStation(const ModelId& id, int model)
    {
        FlowStation station;
        station.id = id;
        station.model = model;
        station.title = id.isEmpty() ? PolicyWords::tr("no model") : PolicyWords::text(id.value);
        if (model < 0) {
            station.price = PolicyWords::tr("not in this policy");
        } else {
            const ModelSpec& spec = m_document.models[static_cast<std::size_t>(model)];
            station.price = PolicyWords::shortPrice(spec.price);
            station.baseline = m_document.baseline == id;
        }
        const auto known =
            [&](const std::map<std::string, double>& shares) -> std::optional<double> {
            const auto found = shares.find(id.value);
            if (found == shares.end() || !std::isfinite(found->second))
                return std::nullopt;
            return found->second;
        };
        station.share = known(m_traffic.servedShare);
        station.spend = known(m_traffic.spendShare);
        m_layout.stations.push_back(std::move(station));
    }

    /// Spreads the stations over the height of the lanes, in the document's order, which is also
    /// the order of their colours.
    void placeStations()
    {
        const auto count = static_cast<qreal>(m_layout.stations.size());
        if (m_layout.stations.empty())
            return;
        const qreal x = m_laneRight + m_metrics.edgeLength;
        const qreal needed = count * m_metrics.stationHeight;
        const qreal free = std::max((m_bottom - needed) / (count + 1), m_metrics.laneGap);
        const qreal used = needed + free * (count - 1);
        qreal y = std::max<qreal>(0, (m_bottom - used) / 2);
        for (FlowStation& station : m_layout.stations) {
            station.rect = QRectF(x, y, m_metrics.stationWidth, m_metrics.stationHeight);
            y += m_metrics.stationHeight + free;
        }
    }

    qreal stationBottom() const
    {
        return m_layout.stations.empty() ? 0 : m_layout.stations.back().rect.bottom();
    }

    qreal widthOf(double share) const
    {
        return std::max(m_metrics.thinnest, share * m_metrics.ribbon);
    }

    /// Edges leave the requests in the order of the lanes, side by side.
    void addIntake()
    {
        qreal total = 0;
        for (const FlowLane& lane : m_layout.lanes)
            total += widthOf(lane.share);
        qreal y = m_layout.source.center().y() - total / 2;
        for (std::size_t i = 0; i < m_layout.lanes.size(); ++i) {
            const FlowLane& lane = m_layout.lanes[i];
            FlowEdge edge;
            edge.kind = FlowEdge::Kind::Intake;
            edge.lane = static_cast<int>(i);
            edge.share = lane.share;
            edge.width = widthOf(lane.share);
            edge.from = {m_layout.source.right(), y + edge.width / 2};
            edge.to = lane.inlet();
            y += edge.width;
            m_layout.edges.push_back(std::move(edge));
        }
    }

    void addServing()
    {
        const auto firstServing = static_cast<std::ptrdiff_t>(m_layout.edges.size());
        for (std::size_t i = 0; i < m_layout.lanes.size(); ++i) {
            const FlowLane& lane = m_layout.lanes[i];
            for (std::size_t n = 0; n < lane.nodes.size(); ++n) {
                if (lane.nodes[n].kind == FlowNode::Kind::Call)
                    addServingEdge(static_cast<int>(i), static_cast<int>(n), lane.nodes[n]);
            }
        }
        for (std::size_t s = 0; s < m_layout.stations.size(); ++s)
            stackAtStation(static_cast<int>(s), firstServing);
    }

    void addServingEdge(int lane, int index, const FlowNode& node)
    {
        FlowEdge edge;
        edge.kind = node.fallback ? FlowEdge::Kind::Fallback : FlowEdge::Kind::Serve;
        edge.lane = lane;
        edge.node = index;
        edge.station = m_layout.stationIndexOf(node.model);
        edge.share = node.share;
        edge.width = widthOf(node.share);
        edge.from = node.port();
        m_layout.edges.push_back(std::move(edge));
    }

    /// Edges reach a station side by side, in the order in which they come from above.
    void stackAtStation(int station, std::ptrdiff_t firstServing)
    {
        std::vector<FlowEdge*> edges;
        qreal total = 0;
        for (auto edge = m_layout.edges.begin() + firstServing; edge != m_layout.edges.end();
             ++edge) {
            if (edge->station == station) {
                edges.push_back(&*edge);
                total += edge->width;
            }
        }
        std::stable_sort(edges.begin(), edges.end(), [](const FlowEdge* a, const FlowEdge* b) {
            return a->from.y() < b->from.y();
        });
        const QRectF& rect = m_layout.stations[static_cast<std::size_t>(station)].rect;
        qreal y = rect.center().y() - total / 2;
        for (FlowEdge* const edge : edges) {
            edge->to = {rect.left(), y + edge->width / 2};
            y += edge->width;
        }
    }

    const PolicyDocument& m_document;
    const FlowTraffic& m_traffic;
    FlowMetrics m_metrics;
    qreal m_laneLeft = 0;
    qreal m_planLeft = 0;
    qreal m_laneRight = 0;
    qreal m_bottom = 0;
    FlowLayout m_layout;
};

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
    return lane;
}

} // namespace

FlowTraffic flowTrafficOf(const PolicyDocument& document, const Projection& projection)
{
    FlowTraffic traffic;
    traffic.requests = projection.requests;
    traffic.conversations = projection.conversations;
    traffic.simulated = projection.simulated;
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

FlowMetrics FlowMetrics::standard()
{
    FlowMetrics metrics;
    const QFontMetricsF label(Theme::font(TextRole::BodyStrong));
    const QFontMetricsF chip(Theme::font(TextRole::Small));
    const QFontMetricsF small(Theme::font(TextRole::Caption));
    metrics.textWidth = [label, chip, small](FlowText role, const QString& text) {
        const QFontMetricsF& font = role == FlowText::Label  ? label
                                    : role == FlowText::Chip ? chip
                                                             : small;
        return std::ceil(font.horizontalAdvance(text));
    };
    return metrics;
}

PolicySelection FlowLane::selection() const
{
    switch (kind) {
    case Kind::Holdout:
        return selectDocument("holdout");
    case Kind::Rule:
        return selectRule(RuleId(id));
    case Kind::Otherwise:
        return selectOtherwise();
    }
    return {};
}

PolicySelection FlowLane::selectionOf(const FlowNode& node) const
{
    switch (kind) {
    case Kind::Holdout:
        return selection();
    case Kind::Rule:
        return selectRule(RuleId(id), joinPath("plan", node.path));
    case Kind::Otherwise:
        return selectOtherwise(node.path);
    }
    return {};
}

PolicySelection FlowLane::selectionOf(const FlowChip& chip) const
{
    return kind == Kind::Rule ? selectRule(RuleId(id), joinPath("when", chip.path)) : selection();
}

int FlowLayout::laneIndexOf(const RuleId& rule) const
{
    for (std::size_t i = 0; i < lanes.size(); ++i) {
        if (lanes[i].kind == FlowLane::Kind::Rule && lanes[i].id == rule.value)
            return static_cast<int>(i);
    }
    return -1;
}

int FlowLayout::laneIndexOf(const PolicySelection& selection) const
{
    if (selection.kind == PolicySelection::Kind::Rule)
        return laneIndexOf(RuleId(selection.id));
    for (std::size_t i = 0; i < lanes.size(); ++i) {
        const bool otherwise = selection.kind == PolicySelection::Kind::Otherwise &&
                               lanes[i].kind == FlowLane::Kind::Otherwise;
        if (otherwise ||
            (lanes[i].kind == FlowLane::Kind::Holdout && lanes[i].selection() == selection))
            return static_cast<int>(i);
    }
    return -1;
}

int FlowLayout::stationIndexOf(const ModelId& model) const
{
    for (std::size_t i = 0; i < stations.size(); ++i) {
        if (stations[i].id == model)
            return static_cast<int>(i);
    }
    return -1;
}

QRectF FlowLayout::rectOf(const PolicySelection& selection) const
{
    if (selection.kind == PolicySelection::Kind::Model) {
        const int index = stationIndexOf(ModelId(selection.id));
        return index < 0 ? QRectF() : stations[static_cast<std::size_t>(index)].rect;
    }
    const int index = laneIndexOf(selection);
    if (index < 0)
        return selection.kind == PolicySelection::Kind::Document ? source : QRectF();
    const FlowLane& lane = lanes[static_cast<std::size_t>(index)];
    if (selection == lane.selection())
        return lane.rect;
    for (const FlowNode& node : lane.nodes) {
        if (lane.selectionOf(node) == selection)
            return node.pill;
    }
    for (const FlowChip& chip : lane.chips) {
        if (chip.kind != ConditionChip::Kind::Word && lane.selectionOf(chip) == selection)
            return chip.rect;
    }
    return lane.rect;
}

FlowLayout layoutFlow(const PolicyDocument& document, const FlowTraffic& traffic,
                      const FlowMetrics& metrics)
{
    return Layouter(document, traffic, metrics).run();
}

} // namespace signalbox::ui
