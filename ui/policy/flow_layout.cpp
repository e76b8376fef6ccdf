// SPDX-License-Identifier: GPL-3.0-or-later
#include "flow_layout.h"

#include "flow_plan_layout.h"
#include "flow_spacing.h"

#include <ui/kit/theme.h>

#include <QFontMetricsF>
#include <QHash>
#include <QLocale>

#include <algorithm>
#include <cmath>
#include <deque>
#include <limits>
#include <memory>
#include <numeric>
#include <utility>

namespace signalbox::ui {
namespace {

using LaneKind = FlowLane::Kind;

constexpr qreal kGripWidth = 16;
constexpr qreal kToggleWidth = 28;
constexpr qreal kToggleHeight = 16;
constexpr qreal kSideMargin = 16;
constexpr qreal kTopMargin = 24;
constexpr qreal kMarkWidth = 28;     ///< in a call, before its name
constexpr qreal kOtherwiseMark = 20; ///< behind it, if the call asks otherwise
constexpr qreal kPortInset = 12;     ///< in a call, behind its share
constexpr qreal kEdgeInset = 12;     ///< of arriving edges from the corners of a model's card
constexpr qreal kSourceHeight = 88;
constexpr qreal kMarginGap = 16; ///< above the second part of a lane, with a hairline in it
/// A width for numbers that does not change with every digit.
constexpr double kWideShare = 0.888;

QRectF moved(const QRectF& rect, qreal dy)
{
    return rect.isNull() ? rect : rect.translated(0, dy);
}

QString statsOf(double share, double costShare)
{
    QString requests = PolicyWords::tr("%1 of requests").arg(PolicyWords::share(share));
    if (!std::isfinite(costShare))
        return requests;
    return requests + QStringLiteral(" · ") +
           PolicyWords::tr("%1 of cost").arg(PolicyWords::share(costShare));
}

/// What is left of the room goes to the parts in proportion, each up to its most.
void growInto(FlowColumns& columns, qreal room, const FlowMetrics& metrics)
{
    struct Part
    {
        qreal* width;
        qreal most;
        qreal weight;
    };
    std::vector<Part> parts{
        {&columns.source, metrics.source.most, 1}, {&columns.trunk, metrics.trunk.most, 2},
        {&columns.head, metrics.head.most, 4},     {&columns.plan, metrics.plan.most, 3},
        {&columns.edge, metrics.edge.most, 6},     {&columns.station, metrics.station.most, 2},
    };
    qreal left = room - columns.total();
    // Each round fills at least one part, or gives all that is left.
    while (left > 0.5) {
        std::erase_if(parts, [](const Part& part) { return *part.width >= part.most; });
        qreal weights = 0;
        for (const Part& part : parts)
            weights += part.weight;
        if (weights <= 0)
            break;
        const qreal share = left / weights;
        for (const Part& part : parts) {
            const qreal given = std::min(share * part.weight, part.most - *part.width);
            *part.width += given;
            left -= given;
        }
    }
}

void moveBy(FlowNode& node, qreal dy)
{
    node.rect = moved(node.rect, dy);
    node.pill = moved(node.pill, dy);
    node.badge = moved(node.badge, dy);
    node.lead = moved(node.lead, dy);
}

void moveBy(FlowLane& lane, qreal dy)
{
    for (QRectF* const part : {&lane.rect, &lane.grip, &lane.toggle, &lane.label, &lane.stats,
                               &lane.loss, &lane.plan, &lane.margin, &lane.marginStats})
        *part = moved(*part, dy);
    for (FlowChip& chip : lane.chips)
        chip.rect = moved(chip.rect, dy);
    for (FlowNode& node : lane.nodes)
        moveBy(node, dy);
}

} // namespace

class FlowLayouter
{
public:
    FlowLayouter(const PolicyDocument& document, const FlowTraffic& traffic,
                 const FlowMetrics& metrics, const FlowFrame& frame, FlowMemory& memory)
        : m_document(document), m_traffic(traffic), m_metrics(metrics), m_frame(frame),
          m_memory(memory)
    {}

    FlowLayout run()
    {
        recall();
        makeStations();
        placeColumns();
        addLanes();
        if (growGaps())
            addLanes();
        addSource();
        setScale();
        placeStations();
        addIntake();
        addServing();
        m_layout.bounds = boundsOfAll();
        forgetOthers();
        return std::move(m_layout);
    }

private:
    using Known = FlowMemory::Known;

    // Memory

    /// Makes anew what is known of rules that changed, or of their traffic.
    void recall()
    {
        ++m_memory.m_round;
        for (const Rule& rule : m_document.rules) {
            Known* known = &m_memory.m_rules[rule.id.value];
            if (std::exchange(known->round, m_memory.m_round) == m_memory.m_round)
                known = &m_namesakes.emplace_back();
            if (!(known->rule == rule) || known->models.empty()) {
                *known = knownOf(rule);
                known->round = m_memory.m_round;
            }
            recallTraffic(*known);
            m_rules.push_back(known);
        }
    }

    void recallTraffic(Known& known)
    {
        const auto found = m_traffic.rules.find(known.rule.id.value);
        const LaneTraffic* const traffic =
            found == m_traffic.rules.end() ? nullptr : &found->second;
        m_lanesWithTraffic += traffic ? 1 : 0;
        const bool isSame = traffic && known.traffic ? traffic->isSameAs(*known.traffic)
                                                     : !traffic && !known.traffic;
        if (isSame)
            return;
        known.traffic = traffic ? std::optional(*traffic) : std::nullopt;
        known.statsWidth = traffic ? statsWidthOf(*traffic) : 0;
        known.lane.reset();
    }

    qreal statsWidthOf(const LaneTraffic& lane) const
    {
        return widthOf(FlowText::Small, statsOf(lane.share, lane.costShare));
    }

    Known knownOf(const Rule& rule) const
    {
        Known known;
        known.rule = rule;
        addFacts(rule.plan, known);
        if (rule.uncertain)
            addFacts(rule.uncertain->plan, known);
        return known;
    }

    void addFacts(const Plan& plan, Known& known) const
    {
        for (ModelId& model : modelsOf(plan))
            known.models.push_back(std::move(model));
        const bool isLone = std::holds_alternative<Call>(plan.node);
        if (const qreal indent = partIndent(plan); indent > 0)
            known.partIndent = known.partIndent > 0 ? std::min(known.partIndent, indent) : indent;
        visitCalls(plan, 0, [&](const Call& call, qreal indent) {
            const qreal mark = call.overrides.isNone() ? 0 : kOtherwiseMark;
            known.calls.push_back(
                {indent, isLone, widthOf(FlowText::Body, PolicyWords::callTitle(call)) + mark});
        });
    }

    /// Rules that are gone may come back with the next preview, but not all of a session's.
    void forgetOthers()
    {
        if (m_memory.m_rules.size() <= 2 * m_document.rules.size())
            return;
        std::erase_if(m_memory.m_rules,
                      [&](const auto& entry) { return entry.second.round != m_memory.m_round; });
    }

    // Columns

    void placeColumns()
    {
        Known otherwise;
        addFacts(m_document.otherwise, otherwise);
        std::vector<const Known*> lanes{&otherwise};
        lanes.insert(lanes.end(), m_rules.begin(), m_rules.end());
        for (const Known* const lane : lanes) {
            qreal& indent = m_columns.loneCallIndent;
            if (lane->partIndent > 0)
                indent = indent > 0 ? std::min(indent, lane->partIndent) : lane->partIndent;
        }
        m_columns.source = std::clamp(widthOf(FlowText::Label, PolicyWords::tr("Requests")) + 20 +
                                          2 * m_metrics.padding,
                                      m_metrics.source.least, m_metrics.source.most);
        m_columns.trunk = m_metrics.trunk.least;
        m_columns.head = headWidth();
        m_columns.plan = planWidth(lanes);
        m_columns.edge = m_metrics.edge.least;
        m_columns.station = stationWidth();
        const qreal fixed = 2 * kSideMargin + 2 * m_metrics.padding + m_metrics.planGap;
        growInto(m_columns, m_frame.room.width() - fixed, m_metrics);
        if (m_columns != std::exchange(m_memory.m_columns, m_columns)) {
            for (auto& [id, known] : m_memory.m_rules)
                known.lane.reset();
        }
        m_laneLeft = m_columns.source + m_columns.trunk;
        m_planLeft = m_laneLeft + m_metrics.padding + m_columns.head + m_metrics.planGap;
        m_laneRight = m_planLeft + m_columns.plan + m_metrics.padding;
    }

    qreal widthOf(FlowText role, const QString& text) const
    {
        return m_metrics.textWidth(role, text);
    }

    /// Numbers are never cut; names and conditions may be.
    qreal headWidth() const
    {
        qreal needed = widthOf(FlowText::Small, statsOf(kWideShare, kWideShare));
        for (const Known* const rule : m_rules)
            needed = std::max(needed, rule->statsWidth);
        if (m_traffic.rules.size() > m_lanesWithTraffic) { // of an earlier document
            for (const auto& [id, lane] : m_traffic.rules)
                needed = std::max(needed, statsWidthOf(lane));
        }
        if (m_traffic.otherwise)
            needed = std::max(needed, statsWidthOf(*m_traffic.otherwise));
        return std::clamp(needed + 2, m_metrics.head.least, m_metrics.head.most);
    }

    qreal planWidth(const std::vector<const Known*>& lanes) const
    {
        const qreal share = widthOf(FlowText::Small, PolicyWords::share(kWideShare));
        qreal deepest = 0;
        qreal needed = 0;
        for (const Known* const lane : lanes) {
            for (const FlowMemory::Call& call : lane->calls) {
                const qreal indent = call.isLone ? m_columns.loneCallIndent : call.indent;
                deepest = std::max(deepest, indent);
                needed = std::max(needed,
                                  indent + kMarkWidth + call.width + kPartGap + share + kPortInset);
            }
        }
        // Half of the indent comes from the pills, half widens the plan.
        const qreal widest = (m_metrics.plan.least + m_metrics.plan.most) / 2 + deepest / 2;
        return std::clamp(needed, m_metrics.plan.least + deepest / 2, widest);
    }

    qreal stationWidth() const
    {
        const qreal sides = 2 * m_metrics.padding;
        qreal needed = 0;
        for (const FlowStation& station : m_layout.stations) {
            qreal title = 22 + widthOf(FlowText::Label, station.title);
            if (station.baseline)
                title += kPartGap + widthOf(FlowText::Small, PolicyWords::tr("baseline"));
            needed = std::max({needed, title, widthOf(FlowText::Small, station.price),
                               widthOf(FlowText::Small, station.priceUnit),
                               widthOf(FlowText::Small, station.shareText),
                               widthOf(FlowText::Small, station.spendText)});
        }
        const qreal widest = (m_metrics.station.least + m_metrics.station.most) / 2;
        return std::clamp(needed + sides + 2, m_metrics.station.least, widest);
    }

    /// Lanes stand further apart where the room is high. True if that changes anything.
    bool growGaps()
    {
        const auto between = static_cast<qreal>(m_layout.lanes.size()) - 1;
        const qreal left = m_frame.room.height() - m_bottom - 2 * kTopMargin;
        if (between < 1 || left <= 0)
            return false;
        m_laneGap = std::min(m_metrics.laneGap.least + std::floor(left / (between + 2)),
                             m_metrics.laneGap.most);
        return m_laneGap > m_metrics.laneGap.least;
    }

    QRectF boundsOfAll() const
    {
        QRectF all = m_layout.source;
        for (const FlowLane& lane : m_layout.lanes)
            all = all.united(lane.rect);
        for (const FlowStation& station : m_layout.stations)
            all = all.united(station.rect);
        return all.adjusted(-kSideMargin, -kTopMargin, kSideMargin, kTopMargin);
    }

    // Lanes

    void addLanes()
    {
        m_layout.lanes.clear();
        m_layout.gaps.clear();
        m_layout.headings.clear();
        m_bottom = 0;
        if (m_document.holdout)
            addLane(LaneKind::Holdout, holdoutPlan(),
                    m_traffic.holdout ? &*m_traffic.holdout : nullptr);
        bool isFirst = true;
        for (std::size_t i = 0; i < m_document.rules.size(); ++i) {
            addGap(i);
            const Rule& rule = m_document.rules[i];
            addHeading(rule, i == 0 ? nullptr : &m_document.rules[i - 1]);
            addRule(rule, *m_rules[i], isFirst);
            isFirst = isFirst && !rule.enabled;
        }
        addGap(m_document.rules.size());
        addLane(LaneKind::Otherwise, m_document.otherwise,
                m_traffic.otherwise ? &*m_traffic.otherwise : nullptr);
        m_bottom -= m_laneGap;
    }

    /// Where another group begins; else the lane is the last so far of the heading above it.
    void addHeading(const Rule& rule, const Rule* above)
    {
        const auto lane = static_cast<int>(m_layout.lanes.size());
        const auto group = std::ranges::find(m_document.groups, rule.group, &RuleGroup::id);
        if (rule.group.empty() || group == m_document.groups.end())
            return;
        if (above && above->group == rule.group) {
            m_layout.headings.back().lastLane = lane;
            return;
        }
        FlowHeading heading;
        heading.group = static_cast<std::size_t>(group - m_document.groups.begin());
        heading.firstLane = lane;
        heading.lastLane = lane;
        heading.text = PolicyWords::group(*group);
        heading.rect =
            QRectF(m_laneLeft, m_bottom, m_laneRight - m_laneLeft, m_metrics.headingHeight);
        m_bottom += m_metrics.headingHeight;
        m_layout.headings.push_back(std::move(heading));
    }

    Plan holdoutPlan() const { return Plan{Call{m_document.holdout->model, {}, {}, {}}}; }

    void addGap(std::size_t index)
    {
        // Above the first lane there is no room to grow into.
        const qreal height =
            index == 0 && m_layout.lanes.empty() ? m_metrics.laneGap.least : m_laneGap;
        m_layout.gaps.push_back(
            {index, QRectF(m_laneLeft, m_bottom - height, m_laneRight - m_laneLeft, height)});
    }

    /// A rule sees only what the rules above it left, and says so.
    void addRule(const Rule& rule, Known& known, bool isFirst)
    {
        if (!known.lane || known.isFirst != isFirst) {
            known.isFirst = isFirst;
            known.lane = laneOf(LaneKind::Rule, rule.plan, &rule,
                                known.traffic ? &*known.traffic : nullptr, isFirst);
        }
        place(*known.lane);
    }

    void addLane(LaneKind kind, const Plan& plan, const LaneTraffic* traffic)
    {
        place(laneOf(kind, plan, nullptr, traffic, false));
    }

    void place(FlowLane lane)
    {
        moveBy(lane, m_bottom);
        m_bottom = lane.rect.bottom() + m_laneGap;
        m_layout.lanes.push_back(std::move(lane));
    }

    /// With its top at 0.
    FlowLane laneOf(LaneKind kind, const Plan& plan, const Rule* rule, const LaneTraffic* traffic,
                    bool isFirst) const
    {
        FlowLane lane;
        lane.kind = kind;
        qreal x = m_laneLeft + m_metrics.padding;
        qreal y = m_metrics.padding;
        const qreal right = x + m_columns.head;
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
        y = addChips(lane, chipsOf(lane, rule, isFirst), y);
        y = traffic ? addStats(lane, *traffic, y) : y - m_metrics.rowGap;
        lane.nodes = nodesOf(plan);
        placePlan(lane, y - m_metrics.padding);
        if (rule && rule->uncertain)
            addMargin(lane, *rule->uncertain, traffic);
        if (traffic)
            shareOut(plan, rule && rule->uncertain ? &rule->uncertain->plan : nullptr, *traffic,
                     lane.nodes);
        return lane;
    }

    std::vector<FlowNode> nodesOf(const Plan& plan) const
    {
        std::vector<FlowNode> nodes =
            PlanLayout(m_metrics, m_planLeft, m_columns.plan, m_columns.loneCallIndent)
                .nodesOf(plan);
        for (FlowNode& node : nodes)
            node.portX = m_laneRight;
        return nodes;
    }

    qreal addStats(FlowLane& lane, const LaneTraffic& traffic, qreal y) const
    {
        lane.share = traffic.share;
        const auto addLine = [&](QRectF& rect) {
            rect = QRectF(m_laneLeft + m_metrics.padding, y, m_columns.head, m_metrics.statsHeight);
            y += m_metrics.statsHeight;
        };
        lane.statsText = statsOf(traffic.share, traffic.costShare);
        addLine(lane.stats);
        if (traffic.seamLoss > 0) {
            lane.lossText = PolicyWords::consistencyLost(traffic.seamLoss);
            addLine(lane.loss);
        }
        return y;
    }

    /// Makes the lane as high as its head and its plan need. The caption of a plan stands beside
    /// the lane's title, a lone call in the middle.
    void placePlan(FlowLane& lane, qreal headHeight) const
    {
        const qreal planHeight = lane.nodes.front().rect.height();
        const qreal inner = std::max(headHeight, planHeight);
        const qreal top = m_metrics.padding;
        const bool lone = lane.nodes.front().kind == FlowNode::Kind::Call;
        const qreal shift = top + (lone ? (inner - planHeight) / 2 : 0);
        for (FlowNode& node : lane.nodes)
            moveBy(node, shift);
        lane.plan = QRectF(m_planLeft, top, m_columns.plan, inner);
        lane.rect = QRectF(m_laneLeft, 0, m_laneRight - m_laneLeft, inner + 2 * m_metrics.padding);
    }

    /// A second part of the lane, below the first: for whom, and their plan.
    void addMargin(FlowLane& lane, const Uncertain& uncertain, const LaneTraffic* traffic) const
    {
        const qreal top = lane.rect.bottom() - m_metrics.padding + kMarginGap;
        const qreal chips =
            addChips(lane,
                     {{ConditionChip::Kind::Word, PolicyWords::tr("but", "before a margin"), {}},
                      {ConditionChip::Kind::Compare, PolicyWords::margin(uncertain), {}}},
                     top) -
            m_metrics.rowGap;
        for (FlowChip& chip : lane.chips)
            chip.isMargin = chip.isMargin || chip.rect.top() >= top;
        qreal bottom = chips;
        if (traffic && traffic->margin) {
            lane.marginStatsText = statsOf(traffic->margin->share, traffic->margin->costShare);
            lane.marginStats = QRectF(m_laneLeft + m_metrics.padding, chips + m_metrics.rowGap,
                                      m_columns.head, m_metrics.statsHeight);
            bottom = lane.marginStats.bottom();
        }
        for (FlowNode& node : nodesOf(uncertain.plan)) {
            moveBy(node, top);
            node.isOfMargin = true;
            bottom = std::max(bottom, node.rect.bottom());
            lane.nodes.push_back(std::move(node));
        }
        lane.margin =
            QRectF(m_laneLeft + m_metrics.padding, top - kMarginGap / 2,
                   m_laneRight - m_laneLeft - 2 * m_metrics.padding, bottom - top + kMarginGap / 2);
        lane.rect.setBottom(bottom + m_metrics.padding);
    }

    QString labelOf(LaneKind kind, const Rule* rule) const
    {
        if (kind == LaneKind::Holdout)
            return PolicyWords::tr("Holdout");
        return rule ? PolicyWords::rule(*rule) : PolicyWords::tr("Otherwise");
    }

    std::vector<ConditionChip> chipsOf(const FlowLane& lane, const Rule* rule, bool isFirst) const
    {
        if (rule) {
            std::vector<ConditionChip> chips = conditionChips(rule->when);
            const QString lead =
                isFirst ? PolicyWords::tr("If", "before the conditions of the first rule")
                        : PolicyWords::tr("Else if", "before the conditions of a later rule");
            chips.insert(chips.begin(), {ConditionChip::Kind::Word, lead, {}});
            return chips;
        }
        const QString text = lane.kind == LaneKind::Holdout
                                 ? PolicyWords::holdout(*m_document.holdout)
                                 : PolicyWords::tr("every request that no rule took");
        return {{ConditionChip::Kind::Word, text, {}}};
    }

    /// Wraps the chips over lines; what does not fit into the last one becomes "+3".
    qreal addChips(FlowLane& lane, const std::vector<ConditionChip>& chips, qreal y) const
    {
        const qreal left = m_laneLeft + m_metrics.padding;
        const qreal right = left + m_columns.head;
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
                 qreal y) const
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
        const qreal height = std::max<qreal>(kSourceHeight, m_metrics.ribbon + 2 * kEdgeInset);
        m_layout.source =
            QRectF(0, std::max<qreal>(0, (m_bottom - height) / 2), m_columns.source, height);
        m_layout.synthetic = m_traffic.synthetic;
        m_layout.sourceTitle = PolicyWords::tr("Requests");
        if (m_traffic.requests > 0) {
            const auto count = static_cast<qulonglong>(m_traffic.requests);
            m_layout.sourceDetail = QLocale().toString(count);
        } else {
            m_layout.sourceDetail = PolicyWords::tr("no traffic yet");
        }
    }

    // Models

    void makeStations()
    {
        for (std::size_t i = 0; i < m_document.models.size(); ++i)
            addStation(m_document.models[i].id, static_cast<int>(i));
        const auto addMissing = [&](const std::vector<ModelId>& models) {
            for (const ModelId& model : models) {
                if (m_layout.stationIndexOf(model) < 0)
                    addStation(model, -1);
            }
        };
        if (m_document.holdout)
            addMissing({m_document.holdout->model});
        for (const Known* const rule : m_rules)
            addMissing(rule->models);
        addMissing(modelsOf(m_document.otherwise));
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
            if (spec.price)
                station.priceUnit = PolicyWords::priceUnit();
            station.baseline = m_document.baseline == id;
        }
        const auto known =
            [&](const std::map<std::string, double>& shares) -> std::optional<double> {
            const auto found = shares.find(id.value);
            if (found == shares.end() || !std::isfinite(found->second))
                return std::nullopt;
            return found->second;
        };
        if (const auto share = known(m_traffic.servedShare))
            station.shareText = PolicyWords::tr("%1 of requests").arg(PolicyWords::share(*share));
        if (const auto spend = known(m_traffic.spendShare))
            station.spendText = PolicyWords::tr("%1 of cost").arg(PolicyWords::share(*spend));
        m_layout.stations.push_back(std::move(station));
    }

    /// From where traffic comes to a station.
    struct Inflow
    {
        qreal y = std::numeric_limits<qreal>::infinity(); ///< of its middle one; infinite: no edge
        qreal width = 0;                                  ///< of the edge there
    };

    /// By index. The middle one of a station's edges, counted by their widths, is where half of its
    /// traffic comes from above and half from below.
    std::vector<Inflow> inflows() const
    {
        std::vector<std::vector<Inflow>> edges(m_layout.stations.size());
        for (const FlowLane& lane : m_layout.lanes) {
            for (const FlowNode& node : lane.nodes) {
                if (node.hasEdge())
                    edges[static_cast<std::size_t>(m_layout.stationIndexOf(node.model))].push_back(
                        {node.port().y(), widthOfShare(node.share)});
            }
        }
        std::vector<Inflow> middles;
        for (const std::vector<Inflow>& ofStation : edges) { // each from top to bottom
            qreal left = 0;
            for (const Inflow& edge : ofStation)
                left += edge.width / 2;
            Inflow middle;
            for (const Inflow& edge : ofStation) {
                middle = edge;
                left -= edge.width;
                if (left <= 0)
                    break;
            }
            middles.push_back(middle);
        }
        return middles;
    }

    /// Puts the stations where held, or in the order of their inflow.
    void placeStations()
    {
        std::vector<FlowStation>& stations = m_layout.stations;
        if (stations.empty())
            return;
        std::vector<Inflow> wanted = inflows();
        const bool held = std::all_of(stations.begin(), stations.end(), [&](const auto& each) {
            return m_frame.heldStations.contains(each.id.value);
        });
        if (held) {
            for (std::size_t i = 0; i < stations.size(); ++i)
                wanted[i].y = m_frame.heldStations.at(stations[i].id.value);
        }
        std::vector<std::size_t> order(stations.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::stable_sort(order.begin(), order.end(),
                         [&](std::size_t a, std::size_t b) { return wanted[a].y < wanted[b].y; });
        std::vector<FlowStation> sorted;
        std::vector<Inflow> inOrder;
        for (const std::size_t index : order) {
            sorted.push_back(std::move(stations[index]));
            inOrder.push_back(wanted[index]);
        }
        const std::vector<qreal> middles = held ? std::vector<qreal>() : middlesFor(inOrder);
        const qreal x = m_laneRight + m_columns.edge;
        for (std::size_t i = 0; i < sorted.size(); ++i) {
            const qreal middle = held ? inOrder[i].y : middles[i];
            sorted[i].rect = QRectF(x, middle - m_metrics.stationHeight / 2, m_columns.station,
                                    m_metrics.stationHeight);
        }
        stations = std::move(sorted);
    }

    /// Each station at the height of its inflow if the others let it; those between the first and
    /// the last as evenly as their straight edges allow, which reach a card anywhere on its border.
    std::vector<qreal> middlesFor(const std::vector<Inflow>& inflows) const
    {
        std::vector<SpacedPart> parts;
        std::vector<SpacedRange> straight;
        for (const Inflow& inflow : inflows) {
            parts.push_back({inflow.y, m_metrics.stationHeight, 1});
            const qreal slack =
                std::max<qreal>(0, m_metrics.stationHeight / 2 - kEdgeInset - inflow.width / 2);
            const bool any = std::isfinite(inflow.y);
            straight.push_back({any ? inflow.y - slack : 0, any ? inflow.y + slack : m_bottom});
        }
        std::vector<qreal> middles =
            evenedOut(spacedOut(parts, m_metrics.stationGap, 0, m_bottom), std::move(straight));
        for (qreal& middle : middles)
            middle = std::round(middle);
        return middles;
    }

    // Edges

    /// One scale for all edges, so that those of all lanes fit on the border of the requests.
    void setScale()
    {
        m_scale = 1;
        qreal total = 0;
        for (const FlowLane& lane : m_layout.lanes)
            total += widthOfShare(lane.share);
        m_scale = std::min<qreal>(1, (m_layout.source.height() - 2 * radius::kCard) / total);
    }

    qreal widthOfShare(double share) const
    {
        return std::max(m_metrics.thinnest, share * m_metrics.ribbon) * m_scale;
    }

    /// Where an edge from a height reaches a lane: in the middle half of its border, so that the
    /// way there is as little steep as can be.
    static QPointF inletOf(const FlowLane& lane, qreal from)
    {
        const qreal middle = lane.rect.center().y();
        const qreal slack = lane.rect.height() / 4;
        return {lane.rect.left(), std::clamp(from, middle - slack, middle + slack)};
    }

    /// Edges leave the requests in the order of the lanes, side by side.
    void addIntake()
    {
        qreal total = 0;
        for (const FlowLane& lane : m_layout.lanes)
            total += widthOfShare(lane.share);
        qreal y = m_layout.source.center().y() - total / 2;
        for (std::size_t i = 0; i < m_layout.lanes.size(); ++i) {
            const FlowLane& lane = m_layout.lanes[i];
            FlowEdge edge;
            edge.kind = FlowEdge::Kind::Intake;
            edge.lane = static_cast<int>(i);
            edge.share = lane.share;
            edge.width = widthOfShare(lane.share);
            edge.from = {m_layout.source.right(), y + edge.width / 2};
            edge.to = inletOf(lane, edge.from.y());
            y += edge.width;
            m_layout.edges.push_back(edge);
        }
    }

    void addServing()
    {
        const auto firstServing = static_cast<std::ptrdiff_t>(m_layout.edges.size());
        for (std::size_t i = 0; i < m_layout.lanes.size(); ++i) {
            const FlowLane& lane = m_layout.lanes[i];
            for (std::size_t n = 0; n < lane.nodes.size(); ++n) {
                if (lane.nodes[n].hasEdge())
                    addServingEdge(static_cast<int>(i), static_cast<int>(n), lane.nodes[n]);
            }
        }
        for (std::size_t s = 0; s < m_layout.stations.size(); ++s)
            stackAtStation(static_cast<int>(s), firstServing);
    }

    void addServingEdge(int lane, int index, const FlowNode& node)
    {
        FlowEdge edge;
        edge.kind = node.kind == FlowNode::Kind::Check ? FlowEdge::Kind::Verify
                    : node.fallback                    ? FlowEdge::Kind::Fallback
                                                       : FlowEdge::Kind::Serve;
        edge.lane = lane;
        edge.node = index;
        edge.station = m_layout.stationIndexOf(node.model);
        edge.share = node.share;
        edge.width = widthOfShare(node.share);
        edge.from = node.port();
        m_layout.edges.push_back(edge);
    }

    /// Edges reach a station below each other, in the order in which they come from above, and
    /// straight where its card is high enough.
    void stackAtStation(int station, std::ptrdiff_t firstServing)
    {
        std::vector<FlowEdge*> edges;
        for (auto edge = m_layout.edges.begin() + firstServing; edge != m_layout.edges.end();
             ++edge) {
            if (edge->station == station)
                edges.push_back(&*edge);
        }
        std::stable_sort(edges.begin(), edges.end(), [](const FlowEdge* a, const FlowEdge* b) {
            return a->from.y() < b->from.y();
        });
        std::vector<SpacedPart> parts;
        qreal total = 0;
        for (const FlowEdge* const edge : edges) {
            parts.push_back({edge->from.y(), edge->width, edge->width});
            total += edge->width;
        }
        const QRectF& rect = m_layout.stations[static_cast<std::size_t>(station)].rect;
        const qreal room = rect.height() - 2 * kEdgeInset;
        const auto between = static_cast<qreal>(std::max<std::size_t>(edges.size(), 2) - 1);
        const qreal gap = std::min(m_metrics.arrivalGap, (room - total) / between);
        const std::vector<qreal> middles =
            spacedOut(parts, gap, rect.top() + kEdgeInset, rect.bottom() - kEdgeInset);
        for (std::size_t i = 0; i < edges.size(); ++i)
            edges[i]->to = {rect.left(), middles[i]};
    }

    const PolicyDocument& m_document;
    const FlowTraffic& m_traffic;
    const FlowMetrics& m_metrics;
    const FlowFrame& m_frame;
    FlowMemory& m_memory;
    std::vector<Known*> m_rules;   ///< in the order of the document
    std::deque<Known> m_namesakes; ///< rules of an id that another one has, too
    std::size_t m_lanesWithTraffic = 0;
    FlowColumns m_columns;
    qreal m_laneGap = m_metrics.laneGap.least;
    qreal m_laneLeft = 0;
    qreal m_planLeft = 0;
    qreal m_laneRight = 0;
    qreal m_bottom = 0;
    qreal m_scale = 1; ///< of the widths of edges
    FlowLayout m_layout;
};

FlowMetrics FlowMetrics::standard()
{
    FlowMetrics metrics;
    const QFontMetricsF label(Theme::font(TextRole::BodyStrong));
    const QFontMetricsF body(Theme::font(TextRole::Body));
    const QFontMetricsF chip(Theme::font(TextRole::Small));
    const QFontMetricsF small(Theme::font(TextRole::Caption));
    // Hundreds of rules say much the same, and a flow is laid out anew with every move of a drag.
    constexpr qsizetype kMostKnown = 20'000;
    const auto known = std::make_shared<QHash<std::pair<int, QString>, qreal>>();
    metrics.textWidth = [label, body, chip, small, known](FlowText role, const QString& text) {
        const auto key = std::pair(static_cast<int>(role), text);
        if (const auto found = known->constFind(key); found != known->constEnd())
            return *found;
        const QFontMetricsF& font = role == FlowText::Label  ? label
                                    : role == FlowText::Body ? body
                                    : role == FlowText::Chip ? chip
                                                             : small;
        if (known->size() > kMostKnown)
            known->clear();
        const qreal width = std::ceil(font.horizontalAdvance(text));
        known->insert(key, width);
        return width;
    };
    return metrics;
}

FlowLayout layoutFlow(const PolicyDocument& document, const FlowTraffic& traffic,
                      const FlowMetrics& metrics, const FlowFrame& frame, FlowMemory* memory)
{
    FlowMemory none;
    return FlowLayouter(document, traffic, metrics, frame, memory ? *memory : none).run();
}

} // namespace signalbox::ui
