// SPDX-License-Identifier: GPL-3.0-or-later
#include "chart_kit.h"

#include <ui/kit/model_look.h>
#include <ui/kit/theme.h>

#include <QChart>
#include <QPainter>
#include <QPainterPath>
#include <QWidget>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace signalbox::ui {

namespace {

constexpr double kCalloutGap = 12; ///< between anchor and note
constexpr double kCalloutPad = 10;
constexpr double kHollowShare = 0.62; ///< of a hollow mark: its inside
constexpr qreal kItemDepth = 12;      ///< above grid and series
constexpr qreal kCalloutDepth = 20;

const ThemeColors& colors()
{
    return Theme::current().colors();
}

/// Five points; no model has it.
QPainterPath starPath(const QPointF& at, qreal radius)
{
    QPolygonF star;
    for (int i = 0; i < 10; ++i) {
        const double angle = i * std::numbers::pi / 5;
        const double reach = i % 2 == 0 ? radius : radius * 0.42;
        star << at + QPointF(std::sin(angle) * reach, -std::cos(angle) * reach);
    }
    QPainterPath path;
    path.addPolygon(star);
    path.closeSubpath();
    return path;
}

/// A disc or a ring, with a gap of the surface's colour around it: many of them may lie close.
void paintDisc(QPainter& painter, const QPointF& at, qreal size, const QColor& ink, PlotFill fill)
{
    constexpr qreal kHalo = 1.5;
    constexpr qreal kRing = 1.8;
    painter.setPen(Qt::NoPen);
    painter.setBrush(colors().surface);
    painter.drawEllipse(at, size / 2 + kHalo, size / 2 + kHalo);
    painter.setPen(QPen(ink, kRing));
    painter.setBrush(fill == PlotFill::Hollow ? colors().surface : ink);
    painter.drawEllipse(at, (size - kRing) / 2, (size - kRing) / 2);
}

/// A ring around a middle that is filled or a smaller ring, on a disc of the surface's colour.
void paintBullseye(QPainter& painter, const QPointF& at, qreal size, const QColor& ink,
                   PlotFill fill)
{
    constexpr qreal kHalo = 2;
    const qreal ring = std::max(1.7, size * 0.13);
    const qreal middle = std::max(2.6, size * 0.24);
    // Opaque however pale: what lies under it must not show through.
    const QColor solid = blended(ink, colors().surface);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colors().surface);
    painter.drawEllipse(at, size / 2 + kHalo, size / 2 + kHalo);
    painter.setPen(QPen(solid, ring));
    painter.drawEllipse(at, (size - ring) / 2, (size - ring) / 2);
    painter.setPen(fill == PlotFill::Hollow ? QPen(solid, std::max(1.2, size * 0.08))
                                            : QPen(Qt::NoPen));
    painter.setBrush(fill == PlotFill::Hollow ? colors().surface : solid);
    painter.drawEllipse(at, middle, middle);
}

} // namespace

QColor inkOf(const PlotMark& mark)
{
    const auto plain = [&] {
        switch (mark.ink) {
        case PlotInk::Text:
            return colors().text;
        case PlotInk::Muted:
            return colors().textMuted;
        }
        return colors().text;
    };
    QColor ink = mark.model >= 0 ? lookFor(mark.model).color : plain();
    ink.setAlphaF(static_cast<float>(std::clamp(mark.opacity, 0.0, 1.0)));
    return ink;
}

void paintPlotMark(QPainter& painter, const QPointF& at, qreal size, const PlotMark& mark)
{
    const QColor ink = inkOf(mark);
    const qreal radius = size / 2;
    const bool isHollow = mark.fill == PlotFill::Hollow;
    const QColor inside = isHollow ? colors().surface : ink;
    switch (mark.shape) {
    case PlotShape::Look: {
        ModelLook look = lookFor(mark.model);
        look.color = ink;
        paintMark(painter, at, size, look);
        if (isHollow)
            paintMark(painter, at, size * kHollowShare, look.mark, inside);
        return;
    }
    case PlotShape::Dot:
        painter.setPen(isHollow ? QPen(ink, 1.2) : QPen(Qt::NoPen));
        painter.setBrush(inside);
        painter.drawEllipse(at, radius, radius);
        return;
    case PlotShape::Bullseye:
        paintBullseye(painter, at, size, ink, mark.fill);
        return;
    case PlotShape::Disc:
        paintDisc(painter, at, size, ink, mark.fill);
        return;
    case PlotShape::Star:
        painter.setPen(isHollow ? QPen(ink, 1.2) : QPen(colors().surface, 1));
        painter.setBrush(inside);
        painter.drawPath(starPath(at, radius));
        return;
    }
}

void paintInterval(QPainter& painter, const QLineF& line, const QColor& ink)
{
    constexpr double kCap = 4;
    if (line.length() <= 0)
        return;
    const QLineF along = line.unitVector();
    const QPointF aside(-along.dy() * kCap, along.dx() * kCap);
    painter.setPen(QPen(ink, 1.5));
    painter.drawLine(line);
    painter.drawLine(line.p1() - aside, line.p1() + aside);
    painter.drawLine(line.p2() - aside, line.p2() + aside);
}

void paintTie(QPainter& painter, const QLineF& line)
{
    QPen pen(colors().textMuted, 1.2, Qt::CustomDashLine, Qt::RoundCap);
    pen.setDashPattern({0.1, 2.6});
    painter.setPen(pen);
    painter.drawLine(line);
}

void paintHaloText(QPainter& painter, const QRectF& box, const QString& text, const QFont& font,
                   const QColor& ink)
{
    const QFontMetricsF metrics(font);
    const QPointF base(box.center().x() - metrics.horizontalAdvance(text) / 2,
                       box.center().y() + (metrics.ascent() - metrics.descent()) / 2);
    QPainterPath outline;
    outline.addText(base, font, text);
    painter.strokePath(outline,
                       QPen(colors().surface, 4, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.setFont(font);
    painter.setPen(ink);
    painter.drawText(base, text);
}

// CalloutItem

CalloutItem::CalloutItem(QChart* chart) : QGraphicsObject(chart), m_chart(chart)
{
    setZValue(kCalloutDepth);
    setAcceptedMouseButtons(Qt::NoButton);
    setVisible(false);
}

void CalloutItem::showAt(const QPointF& anchor, const QStringList& lines)
{
    prepareGeometryChange();
    m_anchor = anchor;
    m_lines = lines;
    const QFontMetricsF strong(Theme::font(TextRole::BodyStrong));
    const QFontMetricsF plain(Theme::font(TextRole::Small));
    double width = 0;
    for (qsizetype i = 0; i < lines.size(); ++i)
        width = std::max(width, (i == 0 ? strong : plain).horizontalAdvance(lines[i]));
    const double height = strong.lineSpacing() +
                          plain.lineSpacing() * double(std::max<qsizetype>(0, lines.size() - 1));
    QRectF box(0, 0, std::ceil(width) + 2 * kCalloutPad, std::ceil(height) + 2 * kCalloutPad - 4);
    // Right and above the anchor if there is room, else on the other side; always inside the plot.
    const QRectF room = m_chart->plotArea();
    box.moveTo(anchor + QPointF(kCalloutGap, -kCalloutGap - box.height()));
    if (box.right() > room.right())
        box.moveRight(anchor.x() - kCalloutGap);
    if (box.top() < room.top())
        box.moveTop(anchor.y() + kCalloutGap);
    box.moveLeft(std::max(room.left(), std::min(box.left(), room.right() - box.width())));
    box.moveTop(std::max(room.top(), std::min(box.top(), room.bottom() - box.height())));
    m_box = box;
    show();
    update();
}

QRectF CalloutItem::boundingRect() const
{
    return m_box.adjusted(-2, -2, 2, 3);
}

void CalloutItem::paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget*)
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(colors().lineStrong, 1));
    painter->setBrush(colors().raised);
    painter->drawRoundedRect(m_box.adjusted(0.5, 0.5, -0.5, -0.5), radius::kControl,
                             radius::kControl);
    double y = m_box.top() + kCalloutPad - 2;
    for (qsizetype i = 0; i < m_lines.size(); ++i) {
        const QFont font = Theme::font(i == 0 ? TextRole::BodyStrong : TextRole::Small);
        const QFontMetricsF metrics(font);
        painter->setFont(font);
        painter->setPen(i == 0 ? colors().text : colors().textMuted);
        painter->drawText(QPointF(m_box.left() + kCalloutPad, y + metrics.ascent()), m_lines[i]);
        y += metrics.lineSpacing();
    }
    painter->restore();
}

// TrailItem

TrailItem::TrailItem(ChartView* view, const MarkItem* marks)
    : QGraphicsObject(&view->chart()), m_view(view), m_marks(marks)
{
    setZValue(kItemDepth - 2);
    setAcceptedMouseButtons(Qt::NoButton);
    connect(&view->chart(), &QChart::plotAreaChanged, this, [this] { prepareGeometryChange(); });
}

void TrailItem::setMarks(std::vector<std::size_t> oldestFirst)
{
    m_way = std::move(oldestFirst);
    update();
}

QRectF TrailItem::boundingRect() const
{
    return m_view->chart().plotArea();
}

std::vector<QLineF> TrailItem::steps() const
{
    constexpr qreal kAir = 2;   ///< px between the trail and a mark's rim
    constexpr qreal kLeast = 3; ///< px: what is shorter is a speck
    std::vector<QLineF> steps;
    const std::size_t known = m_marks ? m_marks->marks().size() : 0;
    for (std::size_t i = 1; i < m_way.size() && std::max(m_way[i - 1], m_way[i]) < known; ++i) {
        const QLineF whole(m_marks->placeOf(m_way[i - 1]), m_marks->placeOf(m_way[i]));
        const qreal from = m_marks->radiusOf(m_way[i - 1]) + kAir;
        const qreal to = whole.length() - m_marks->radiusOf(m_way[i]) - kAir;
        if (to - from >= kLeast)
            steps.emplace_back(whole.pointAt(from / whole.length()),
                               whole.pointAt(to / whole.length()));
    }
    return steps;
}

void TrailItem::paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget*)
{
    constexpr double kArrow = 9;
    constexpr double kArrowAt = 0.55; ///< share of a step
    constexpr double kLeast = 8;      ///< px: under it a step is too short for an arrow
    constexpr double kMost = 0.8;     ///< of a short step
    constexpr double kWidth = 1.6;
    constexpr double kHalo = 5;
    const auto arrowOf = [&](const QLineF& step) {
        const QLineF along = step.unitVector();
        const double size = std::min(kArrow, kMost * step.length());
        const QPointF ahead(along.dx() * size, along.dy() * size);
        const QPointF aside(-ahead.y() * 0.42, ahead.x() * 0.42);
        const QPointF tip = step.pointAt(kArrowAt) + ahead / 2;
        return step.length() < kLeast ? QPolygonF()
                                      : QPolygonF{tip, tip - ahead + aside, tip - ahead - aside};
    };
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setClipRect(boundingRect());
    const std::vector<QLineF> all = steps();
    for (const QLineF& step : all) {
        painter->setPen(QPen(colors().surface, kHalo, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        painter->setBrush(colors().surface);
        painter->drawLine(step);
        painter->drawPolygon(arrowOf(step));
    }
    for (std::size_t i = 0; i < all.size(); ++i) {
        QColor ink = colors().text;
        ink.setAlphaF(static_cast<float>(0.4 + 0.4 * double(i + 1) / double(all.size())));
        ink = blended(ink, colors().surface);
        painter->setPen(QPen(ink, kWidth));
        painter->drawLine(all[i]);
        painter->setPen(Qt::NoPen);
        painter->setBrush(ink);
        painter->drawPolygon(arrowOf(all[i]));
    }
    painter->restore();
}

} // namespace signalbox::ui
