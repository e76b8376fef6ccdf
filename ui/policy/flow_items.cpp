// SPDX-License-Identifier: GPL-3.0-or-later
#include "flow_items.h"

#include "flow_colors.h"
#include "flow_edges.h"
#include "flow_plan_layout.h"
#include "policy_paths.h"

#include <ui/kit/basic_widgets.h>
#include <ui/kit/icons.h>
#include <ui/kit/model_look.h>
#include <ui/kit/theme.h>

#include <QPainter>
#include <QStyleOptionGraphicsItem>

#include <algorithm>
#include <cmath>

namespace signalbox::ui {
namespace {

constexpr qreal kHeadingLineUp = 2;   ///< above the first lane
constexpr qreal kHeadingLineLeft = 3; ///< before a lane's grip
constexpr qreal kChipRadius = 6;

qreal zoomOf(const QPainter& painter)
{
    return QStyleOptionGraphicsItem::levelOfDetailFromTransform(painter.worldTransform());
}

QColor withAlpha(QColor color, qreal alpha)
{
    color.setAlphaF(static_cast<float>(alpha));
    return color;
}

void drawText(QPainter& painter, const QRectF& rect, TextRole role, const QColor& color,
              const QString& text, Qt::Alignment alignment = Qt::AlignLeft | Qt::AlignVCenter)
{
    const QFont font = Theme::font(role);
    painter.setFont(font);
    painter.setPen(color);
    const QString shown = QFontMetricsF(font).elidedText(text, Qt::ElideRight, rect.width());
    painter.drawText(rect, static_cast<int>(alignment | Qt::TextSingleLine), shown);
}

/// How far below the middle of its row a text has its baseline.
qreal baselineBelowMiddle(TextRole role)
{
    const QFontMetricsF metrics(Theme::font(role));
    return (metrics.ascent() - metrics.descent()) / 2;
}

/// A card with a hairline, or with the accent around it when selected.
void drawCard(QPainter& painter, const QRectF& rect, const QColor& fill, const QColor& line,
              qreal lineWidth)
{
    painter.setBrush(fill);
    painter.setPen(QPen(line, lineWidth));
    const qreal inset = lineWidth / 2;
    painter.drawRoundedRect(rect.adjusted(inset, inset, -inset, -inset), radius::kCard,
                            radius::kCard);
}

void drawSwitch(QPainter& painter, const QRectF& rect, bool on)
{
    const ThemeColors& colors = Theme::current().colors();
    const qreal r = rect.height() / 2;
    const QColor mark = flowMark(Theme::current());
    painter.setPen(on ? Qt::NoPen : QPen(mark, 1));
    painter.setBrush(on ? colors.accent : colors.sunken);
    painter.drawRoundedRect(rect, r, r);
    const QPointF knob(on ? rect.right() - r : rect.left() + r, rect.center().y());
    painter.setPen(Qt::NoPen);
    painter.setBrush(on ? colors.accentText : mark);
    painter.drawEllipse(knob, r - 3, r - 3);
}

/// A check or a cross at the corner of a chip: did the condition hold for the tried request.
void drawOutcome(QPainter& painter, QPointF center, bool holds)
{
    const ToneColors& tone = Theme::current().tone(holds ? Tone::Positive : Tone::Negative);
    painter.setPen(QPen(tone.line, 1));
    painter.setBrush(tone.soft);
    painter.drawEllipse(center, 7, 7);
    paintIcon(painter, QRectF(center - QPointF(5, 5), QSizeF(10, 10)),
              holds ? Icon::Check : Icon::Close, tone.ink);
}

Icon iconOf(FlowNode::Kind kind)
{
    switch (kind) {
    case FlowNode::Kind::Call:
        return Icon::Call;
    case FlowNode::Kind::Chain:
        return Icon::Chain;
    case FlowNode::Kind::Split:
        return Icon::Split;
    case FlowNode::Kind::Cascade:
        return Icon::Cascade;
    case FlowNode::Kind::Pool:
        return Icon::Pool;
    case FlowNode::Kind::Check:
        return Icon::Check;
    }
    return Icon::Call;
}

class PainterSaver
{
public:
    explicit PainterSaver(QPainter& painter) : m_painter(painter) { m_painter.save(); }
    ~PainterSaver() { m_painter.restore(); }
    PainterSaver(const PainterSaver&) = delete;
    PainterSaver& operator=(const PainterSaver&) = delete;

private:
    QPainter& m_painter;
};

} // namespace

// Lanes

void FlowLaneItem::setLane(const FlowLane& lane, std::vector<int> modelOfNode)
{
    if (lane == m_lane && modelOfNode == m_models)
        return;
    prepareGeometryChange();
    m_lane = lane;
    m_models = std::move(modelOfNode);
    update();
}

void FlowLaneItem::setLook(FlowLaneLook look)
{
    setZValue(look.dragged ? kDraggedZ : kPartZ);
    if (look == m_look)
        return;
    m_look = std::move(look);
    setOpacity(m_look.dimmed ? kDimmed : 1);
    update();
}

QRectF FlowLaneItem::boundingRect() const
{
    return m_lane.rect.adjusted(-8, -8, 12, 8);
}

void FlowLaneItem::paint(QPainter* painter, const QStyleOptionGraphicsItem* /*option*/,
                         QWidget* /*widget*/)
{
    const PainterSaver saver(*painter);
    painter->setRenderHint(QPainter::Antialiasing);
    const ThemeColors& colors = Theme::current().colors();
    const qreal zoom = zoomOf(*painter);
    const bool selected = m_look.selection == m_lane.selection();
    QColor line = colors.line;
    qreal width = 1;
    if (selected || m_look.marked || m_look.lit) {
        line = m_look.lit && !selected ? colors.positive.ink : colors.accentInk;
        width = selected ? 2 : 1.5;
    } else if (m_look.hovered) {
        line = colors.lineStrong;
    }
    QColor fill = m_lane.enabled ? colors.surface : colors.window;
    if (m_look.marked && !selected)
        fill = blended(withAlpha(colors.accent, 0.06), fill);
    if (m_look.dragged) {
        painter->setPen(Qt::NoPen);
        painter->setBrush(colors.pressed);
        painter->drawRoundedRect(m_lane.rect.translated(0, 4), radius::kCard, radius::kCard);
    }
    drawCard(*painter, m_lane.rect, fill, line, width);
    if (m_look.passed) {
        painter->setPen(QPen(colors.accentInk, 1, Qt::DashLine));
        painter->setBrush(Qt::NoBrush);
        painter->drawRoundedRect(m_lane.rect.adjusted(4, 4, -4, -4), radius::kControl,
                                 radius::kControl);
    }
    paintHead(*painter, zoom);
    if (zoom >= kFewTextsZoom)
        paintChips(*painter);
    if (!m_lane.margin.isNull()) {
        painter->setPen(QPen(colors.line, 1));
        const qreal y = std::floor(m_lane.margin.top()) + 0.5;
        painter->drawLine(QPointF(m_lane.margin.left(), y), QPointF(m_lane.margin.right(), y));
    }
    paintPlan(*painter, zoom);
}

void FlowLaneItem::paintHead(QPainter& painter, qreal zoom) const
{
    const ThemeColors& colors = Theme::current().colors();
    const bool isRule = m_lane.kind == FlowLane::Kind::Rule;
    if (zoom < kNoTextZoom)
        return;
    if (zoom < kFewTextsZoom) {
        // Small lanes say their name and nothing else, in a size that can still be read.
        QFont font = Theme::font(TextRole::BodyStrong);
        font.setPixelSize(static_cast<int>(font.pixelSize() * 0.75 / zoom));
        painter.setFont(font);
        painter.setPen(m_lane.enabled ? colors.text : colors.textMuted);
        const QRectF rect(m_lane.label.left(), m_lane.rect.top(), m_lane.label.width(),
                          m_lane.rect.height());
        painter.drawText(
            rect, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
            QFontMetricsF(font).elidedText(m_lane.labelText, Qt::ElideRight, rect.width()));
        return;
    }
    if (isRule) {
        // Large enough for dots that fill a pixel.
        paintIcon(painter, QRectF(m_lane.grip.center() - QPointF(10, 10), QSizeF(20, 20)),
                  Icon::Grip, m_look.hovered ? colors.textMuted : flowMark(Theme::current()));
        drawSwitch(painter, m_lane.toggle, m_lane.enabled);
    }
    QRectF label = m_lane.label;
    if (!isRule) {
        const Icon sign = m_lane.kind == FlowLane::Kind::Holdout ? Icon::Lock : Icon::Otherwise;
        paintIcon(painter, QRectF(label.left(), label.center().y() - 8, 16, 16), sign,
                  colors.textMuted);
        label.setLeft(label.left() + 22);
    }
    if (!m_lane.enabled) {
        const QString off = PolicyWords::tr("off", "a rule that is disabled");
        const QSizeF size = badgeSize(off);
        const QRectF badge(label.right() - size.width(), label.center().y() - 9, size.width(), 18);
        paintBadge(painter, badge, off, Tone::Neutral);
        label.setRight(badge.left() - space::kHalf);
    }
    drawText(painter, label, TextRole::BodyStrong, m_lane.enabled ? colors.text : colors.textMuted,
             m_lane.labelText);
    if (!m_lane.stats.isNull())
        drawText(painter, m_lane.stats, TextRole::Caption, colors.textMuted, m_lane.statsText);
    if (!m_lane.loss.isNull())
        drawText(painter, m_lane.loss, TextRole::Caption, colors.textMuted, m_lane.lossText);
    if (!m_lane.marginStats.isNull())
        drawText(painter, m_lane.marginStats, TextRole::Caption, colors.textMuted,
                 m_lane.marginStatsText);
}

void FlowLaneItem::paintChips(QPainter& painter) const
{
    const ThemeColors& colors = Theme::current().colors();
    for (const FlowChip& chip : m_lane.chips) {
        if (chip.kind == ConditionChip::Kind::Word) {
            drawText(painter, chip.rect, TextRole::Small, colors.textMuted, chip.text,
                     Qt::AlignHCenter | Qt::AlignVCenter);
            continue;
        }
        const bool selected = m_look.selection == m_lane.selectionOf(chip);
        const bool empty = chip.kind == ConditionChip::Kind::Empty;
        const ToneColors& tone = empty ? colors.caution : colors.neutral;
        QPen pen(selected ? colors.accentInk : tone.ink, selected ? 1.5 : 1);
        if (empty)
            pen.setStyle(Qt::DashLine);
        else if (!selected)
            pen = QPen(Qt::NoPen);
        painter.setPen(pen);
        painter.setBrush(selected ? colors.accented.soft : empty ? tone.soft : colors.sunken);
        painter.drawRoundedRect(chip.rect.adjusted(0.5, 0.5, -0.5, -0.5), kChipRadius, kChipRadius);
        const QColor ink = empty ? tone.ink : m_lane.enabled ? colors.text : colors.textMuted;
        drawText(painter, chip.rect.adjusted(8, 0, -7, 0), TextRole::Small, ink, chip.text);
    }
    for (const FlowChip& chip : m_lane.chips) {
        const auto outcome = m_look.compares.find(chip.path);
        if (chip.kind == ConditionChip::Kind::Compare && !chip.isMargin &&
            outcome != m_look.compares.end())
            drawOutcome(painter, chip.rect.topRight() + QPointF(1, -1), outcome->second);
    }
}

void FlowLaneItem::paintPlan(QPainter& painter, qreal zoom) const
{
    const ThemeColors& colors = Theme::current().colors();
    for (std::size_t i = 0; i < m_lane.nodes.size(); ++i) {
        const FlowNode& node = m_lane.nodes[i];
        const bool lit = std::find(m_look.litNodes.begin(), m_look.litNodes.end(), node.key()) !=
                         m_look.litNodes.end();
        if (node.kind == FlowNode::Kind::Call)
            paintCall(painter, i, lit, zoom);
        else if (zoom >= kFewTextsZoom && node.kind == FlowNode::Kind::Check)
            paintCheck(painter, i, lit);
        else if (zoom >= kFewTextsZoom)
            paintCaption(painter, i, lit);
        if (!node.lead.isNull() && zoom >= kFewTextsZoom) {
            const QPointF arrow(node.lead.left() + 16, node.lead.center().y());
            paintIcon(painter, QRectF(arrow - QPointF(6, 6), QSizeF(12, 12)), Icon::Down,
                      colors.textMuted);
            drawText(painter, node.lead.adjusted(28, 0, -2, 0), TextRole::Caption, colors.textMuted,
                     node.leadText);
        }
        if (!node.badge.isNull() && zoom >= kFewTextsZoom)
            drawText(painter, node.badge, TextRole::Caption, colors.textMuted, node.badgeText,
                     Qt::AlignRight | Qt::AlignVCenter);
    }
}

void FlowLaneItem::paintCall(QPainter& painter, std::size_t index, bool lit, qreal zoom) const
{
    const ThemeColors& colors = Theme::current().colors();
    const FlowNode& node = m_lane.nodes[index];
    const int model = m_models[index];
    const ModelLook look = lookFor(model);
    const bool selected =
        m_look.selection == m_lane.selectionOf(node) && m_look.selection != m_lane.selection();
    const bool hovered = m_look.hoveredNode == static_cast<int>(index);
    const QColor mark = flowMark(Theme::current());
    QPen pen(hovered ? mark : colors.lineStrong, 1);
    if (selected || lit)
        pen = QPen(selected ? colors.accentInk : colors.positive.ink, 1.5);
    else if (model < 0)
        pen = QPen(colors.negative.ink, 1, Qt::DashLine);
    else if (node.fallback)
        pen = QPen(hovered ? colors.textMuted : mark, 1, Qt::DashLine);
    painter.setPen(pen);
    painter.setBrush(selected ? colors.accented.soft : colors.window);
    painter.drawRoundedRect(node.pill.adjusted(0.5, 0.5, -0.5, -0.5), radius::kControl,
                            radius::kControl);

    const qreal middle = node.detail.isEmpty() ? node.pill.center().y() : node.pill.top() + 15;
    if (model >= 0)
        paintMark(painter, {node.pill.left() + 16, middle}, 11, look);
    else
        paintIcon(painter, QRectF(node.pill.left() + 9, middle - 7, 14, 14), Icon::Error,
                  colors.negative.ink);
    if (zoom >= kFewTextsZoom) {
        const qreal left = node.pill.left() + 28;
        QRectF title(left, middle - 10, node.pill.right() - 10 - left, 20);
        if (!node.shareText.isEmpty()) {
            drawText(painter, title, TextRole::Caption, colors.textMuted, node.shareText,
                     Qt::AlignRight | Qt::AlignVCenter);
            const qreal width =
                QFontMetricsF(Theme::font(TextRole::Caption)).horizontalAdvance(node.shareText);
            title.setRight(title.right() - width - space::kHalf);
        }
        if (node.asksOtherwise) {
            // Behind the name: it is asked in another way than elsewhere.
            const qreal width =
                QFontMetricsF(Theme::font(TextRole::Body)).horizontalAdvance(node.title);
            const qreal x = std::min(title.left() + width + 4, title.right() - 14);
            paintIcon(painter, QRectF(x, middle - 7, 14, 14), Icon::Edit, colors.textMuted);
            title.setRight(x - 2);
        }
        drawText(painter, title, TextRole::Body, m_lane.enabled ? colors.text : colors.textMuted,
                 node.title);
        title.setRight(node.pill.right() - 10);
        drawText(painter, title.translated(0, 16), TextRole::Caption, colors.textMuted,
                 node.detail);
    }
    // The port: where the edge begins, can be pulled elsewhere, and a click offers more.
    const QColor ink = model >= 0 ? look.color : colors.negative.ink;
    painter.setPen(
        edgePen(node.fallback ? FlowEdge::Kind::Fallback : FlowEdge::Kind::Serve, ink, 1.5));
    painter.drawLine(QPointF(node.pill.right(), node.port().y()), node.port());
    const bool onPort = hovered && m_look.onPort;
    const qreal size = onPort ? 8 : hovered ? 6 : 4;
    painter.setPen(QPen(onPort ? colors.accent : ink, 1.5));
    painter.setBrush(onPort ? colors.accent : colors.surface);
    painter.drawEllipse(node.port(), size, size);
    if (onPort)
        paintIcon(painter, QRectF(node.port() - QPointF(6, 6), QSizeF(12, 12)), Icon::Add,
                  colors.accentText);
}

void FlowLaneItem::paintCaption(QPainter& painter, std::size_t index, bool lit) const
{
    const ThemeColors& colors = Theme::current().colors();
    const FlowNode& node = m_lane.nodes[index];
    const bool selected =
        m_look.selection == m_lane.selectionOf(node) && m_look.selection != m_lane.selection();
    if (selected || m_look.hoveredNode == static_cast<int>(index)) {
        painter.setPen(selected ? QPen(colors.accentInk, 1.5) : QPen(Qt::NoPen));
        painter.setBrush(selected ? colors.accented.soft : colors.hover);
        painter.drawRoundedRect(node.pill.adjusted(-1, -0.5, 0, 0.5), radius::kSmall,
                                radius::kSmall);
    }
    const QColor ink = lit ? colors.positive.ink : colors.textMuted;
    paintIcon(painter, QRectF(node.pill.left() + 3, node.pill.center().y() - 7, 14, 14),
              iconOf(node.kind), ink);
    // On one line with the lane's title, whose letters are larger.
    const qreal drop =
        baselineBelowMiddle(TextRole::BodyStrong) - baselineBelowMiddle(TextRole::Small);
    drawText(painter, node.pill.adjusted(22, drop, -2, drop), TextRole::Small, ink, node.title);
    // A line from the caption down to the last of its parts, beside their badges.
    qreal bottom = node.pill.bottom();
    for (std::size_t i = index + 1; i < m_lane.nodes.size(); ++i) {
        const FlowNode& part = m_lane.nodes[i];
        const auto place = placeOfPlan(part.path);
        if (place && place->parent == node.path && part.isOfMargin == node.isOfMargin &&
            part.kind != FlowNode::Kind::Check)
            bottom = part.pill.center().y();
    }
    painter.setPen(QPen(colors.line, 1));
    const qreal x = node.pill.left() + 2;
    painter.drawLine(QPointF(x, node.pill.bottom() + 3), QPointF(x, bottom));
}

/// What answers are held against, with the way to the model that checks them.
void FlowLaneItem::paintCheck(QPainter& painter, std::size_t index, bool lit) const
{
    const ThemeColors& colors = Theme::current().colors();
    const FlowNode& node = m_lane.nodes[index];
    const QColor ink = lit ? colors.positive.ink : colors.textMuted;
    const qreal line = node.pill.height() / static_cast<qreal>(node.titleLines.size());
    QRectF row(node.pill.left(), node.pill.top(), node.pill.width(), line);
    paintIcon(painter, QRectF(row.left() + 9, row.center().y() - 6, 12, 12), Icon::Check, ink);
    for (const QString& words : node.titleLines) {
        drawText(painter, row.adjusted(kCheckTextLeft, 0, 0, 0), TextRole::Caption, ink, words);
        row.translate(0, line);
    }
    if (!node.hasEdge())
        return;
    const int model = m_models[index];
    const QColor color = model >= 0 ? lookFor(model).color : colors.negative.ink;
    painter.setPen(edgePen(FlowEdge::Kind::Verify, color, 1.5));
    painter.drawLine(QPointF(node.pill.right(), node.port().y()), node.port());
    painter.setPen(QPen(color, 1.5));
    painter.setBrush(colors.surface);
    painter.drawEllipse(node.port(), 3, 3);
}

// Stations

void FlowStationItem::set(const FlowStation& station, bool selected, bool hovered, bool lit,
                          bool dimmed)
{
    if (station == m_station && selected == m_selected && hovered == m_hovered && lit == m_lit &&
        dimmed == m_dimmed)
        return;
    prepareGeometryChange();
    m_station = station;
    m_selected = selected;
    m_hovered = hovered;
    m_lit = lit;
    m_dimmed = dimmed;
    setOpacity(dimmed ? kDimmed : 1);
    setZValue(kPartZ);
    update();
}

QRectF FlowStationItem::boundingRect() const
{
    return m_station.rect.adjusted(-2, -2, 2, 2);
}

void FlowStationItem::paint(QPainter* painter, const QStyleOptionGraphicsItem* /*option*/,
                            QWidget* /*widget*/)
{
    const PainterSaver saver(*painter);
    painter->setRenderHint(QPainter::Antialiasing);
    const ThemeColors& colors = Theme::current().colors();
    const qreal zoom = zoomOf(*painter);
    const bool missing = m_station.model < 0;
    QColor line = m_hovered ? colors.lineStrong : colors.line;
    if (missing)
        line = colors.negative.line;
    if (m_selected || m_lit)
        line = m_selected ? colors.accentInk : colors.positive.ink;
    const QRectF& rect = m_station.rect;
    drawCard(*painter, rect, missing ? colors.negative.soft : colors.surface, line,
             m_selected ? 2
             : m_lit    ? 1.5
                        : 1);
    if (zoom < kNoTextZoom)
        return;
    const QPointF mark(rect.left() + 18, rect.top() + 20);
    if (missing)
        paintIcon(*painter, QRectF(mark - QPointF(8, 8), QSizeF(16, 16)), Icon::Error,
                  colors.negative.ink);
    else
        paintMark(*painter, mark, 14, lookFor(m_station.model));
    QRectF title(rect.left() + 34, rect.top() + 10, rect.width() - 46, 20);
    if (m_station.baseline && zoom >= kFewTextsZoom) {
        const QString word = PolicyWords::tr("baseline");
        drawText(*painter, title, TextRole::Caption, colors.textMuted, word,
                 Qt::AlignRight | Qt::AlignVCenter);
        title.setRight(title.right() - space::kHalf -
                       QFontMetricsF(Theme::font(TextRole::Caption)).horizontalAdvance(word));
    }
    drawText(*painter, title, TextRole::BodyStrong, colors.text, m_station.title);
    if (zoom < kFewTextsZoom)
        return;
    QRectF row(rect.left() + 12, rect.top() + 32, rect.width() - 20, 16);
    drawText(*painter, row, TextRole::Caption, missing ? colors.negative.ink : colors.textMuted,
             m_station.price);
    if (!m_station.priceUnit.isEmpty()) {
        row.translate(0, 16);
        drawText(*painter, row, TextRole::Caption, colors.textMuted, m_station.priceUnit);
    }
    row.translate(0, 22);
    for (const QString& text : {m_station.shareText, m_station.spendText}) {
        drawText(*painter, row, TextRole::Caption, colors.text, text);
        row.translate(0, 16);
    }
}

// Source

void FlowSourceItem::set(const FlowLayout& layout, bool selected)
{
    if (layout.source == m_rect && layout.sourceTitle == m_title &&
        layout.sourceDetail == m_detail && layout.synthetic == m_synthetic &&
        selected == m_selected)
        return;
    prepareGeometryChange();
    m_rect = layout.source;
    m_title = layout.sourceTitle;
    m_detail = layout.sourceDetail;
    m_synthetic = layout.synthetic;
    m_selected = selected;
    setZValue(kPartZ);
    update();
}

QRectF FlowSourceItem::boundingRect() const
{
    return m_rect.adjusted(-2, -2, 2, 2);
}

void FlowSourceItem::paint(QPainter* painter, const QStyleOptionGraphicsItem* /*option*/,
                           QWidget* /*widget*/)
{
    const PainterSaver saver(*painter);
    painter->setRenderHint(QPainter::Antialiasing);
    const ThemeColors& colors = Theme::current().colors();
    drawCard(*painter, m_rect, colors.surface, m_selected ? colors.accentInk : colors.line,
             m_selected ? 2 : 1);
    if (zoomOf(*painter) < kNoTextZoom)
        return;
    const qreal left = m_rect.left() + 12;
    const qreal width = m_rect.width() - 20;
    paintIcon(*painter, QRectF(left, m_rect.top() + 12, 16, 16), Icon::Request, colors.textMuted);
    drawText(*painter, QRectF(left + 20, m_rect.top() + 10, width - 20, 20), TextRole::BodyStrong,
             colors.text, m_title);
    drawText(*painter, QRectF(left, m_rect.top() + 34, width, 18), TextRole::Small, colors.text,
             m_detail);
    if (m_synthetic) {
        const QString word = PolicyWords::tr("synthetic");
        const QSizeF size = badgeSize(word);
        paintBadge(*painter, QRectF(left, m_rect.bottom() - 28, std::min(size.width(), width), 18),
                   word, Tone::Caution);
    }
}

// Headings

QRectF flowHeadingLine(const FlowHeading& heading, qreal bottom)
{
    const QRectF& rect = heading.rect;
    const qreal top = rect.bottom() - kHeadingLineUp;
    return {rect.left() + kHeadingLineLeft, top, 2, bottom - radius::kCard - top};
}

void FlowHeadingItem::set(const FlowHeading& heading, qreal bottom, bool selected, bool dimmed)
{
    setOpacity(dimmed ? kDimmed : 1);
    if (heading == m_heading && bottom == m_bottom && selected == m_selected)
        return;
    prepareGeometryChange();
    m_heading = heading;
    m_bottom = bottom;
    m_selected = selected;
    setZValue(kHeadingZ);
    update();
}

QRectF FlowHeadingItem::boundingRect() const
{
    return QRectF(m_heading.rect.left(), m_heading.rect.top(), m_heading.rect.width() + 2,
                  m_bottom - m_heading.rect.top());
}

void FlowHeadingItem::paint(QPainter* painter, const QStyleOptionGraphicsItem* /*option*/,
                            QWidget* /*widget*/)
{
    if (zoomOf(*painter) < kNoTextZoom)
        return;
    const PainterSaver saver(*painter);
    painter->setRenderHint(QPainter::Antialiasing);
    const ThemeColors& colors = Theme::current().colors();
    const QRectF& rect = m_heading.rect;
    const QColor line = m_selected ? colors.accentInk : colors.lineStrong;
    painter->setPen(Qt::NoPen);
    painter->setBrush(line);
    painter->drawRoundedRect(flowHeadingLine(m_heading, m_bottom), 1, 1);
    drawText(*painter, rect.adjusted(0, 0, 0, -4), TextRole::BodyStrong,
             m_selected ? colors.accentInk : colors.textMuted, m_heading.text);
}

// Gaps

void FlowGapItem::set(const FlowGap& gap, bool hovered)
{
    if (gap == m_gap && hovered == m_hovered)
        return;
    prepareGeometryChange();
    m_gap = gap;
    m_hovered = hovered;
    setZValue(kGapZ);
    update();
}

QRectF FlowGapItem::boundingRect() const
{
    return m_gap.rect;
}

void FlowGapItem::paint(QPainter* painter, const QStyleOptionGraphicsItem* /*option*/,
                        QWidget* /*widget*/)
{
    if (zoomOf(*painter) < kFewTextsZoom)
        return;
    const PainterSaver saver(*painter);
    painter->setRenderHint(QPainter::Antialiasing);
    const ThemeColors& colors = Theme::current().colors();
    const QPointF center = m_gap.plus();
    if (m_hovered) {
        painter->setPen(QPen(colors.accentInk, 1));
        painter->drawLine(center + QPointF(12, 0), QPointF(m_gap.rect.right(), center.y()));
        painter->setBrush(colors.accent);
        painter->drawEllipse(center, 9, 9);
        paintIcon(*painter, QRectF(center - QPointF(7, 7), QSizeF(14, 14)), Icon::Add,
                  colors.accentText);
        return;
    }
    // Its strokes lie on pixels, not half on two of them.
    const QPointF middle(std::floor(center.x()) + 0.5, std::floor(center.y()) + 0.5);
    paintIcon(*painter, QRectF(middle - QPointF(9, 9), QSizeF(18, 18)), Icon::Add,
              colors.textMuted);
}

} // namespace signalbox::ui
