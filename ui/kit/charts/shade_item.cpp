// SPDX-License-Identifier: GPL-3.0-or-later
#include "chart_kit.h"
#include "label_placement.h"

#include <ui/kit/theme.h>

#include <QChart>
#include <QPainter>
#include <QPainterPath>
#include <QWidget>

#include <algorithm>
#include <cmath>

namespace signalbox::ui {

namespace {

constexpr qreal kShadeDepth = 2.5; ///< above the grid (QtCharts: 2), below axes and series

const ThemeColors& colors()
{
    return Theme::current().colors();
}

} // namespace

// ShadeItem

ShadeItem::ShadeItem(ChartView* view) : QGraphicsObject(&view->chart()), m_view(view)
{
    setZValue(kShadeDepth);
    setAcceptedMouseButtons(Qt::NoButton);
    connect(&view->chart(), &QChart::plotAreaChanged, this, [this] { prepareGeometryChange(); });
}

void ShadeItem::setForbiddenBelowY(std::optional<double> value, const QString& label)
{
    m_belowY = value;
    m_belowLabel = label;
    update();
}

void ShadeItem::setForbiddenAboveX(std::optional<double> value, const QString& label)
{
    m_aboveX = value;
    m_aboveLabel = label;
    update();
}

void ShadeItem::setAvoided(const MarkItem* marks)
{
    m_marks = marks;
    update();
}

QRectF ShadeItem::boundingRect() const
{
    return m_view->chart().plotArea();
}

/// The limits inside the plot, with the places that would do for their words: on the allowed side
/// if there is room, so that they never stand among the marks that they condemn.
std::vector<ShadeItem::Limit> ShadeItem::shownLimits() const
{
    constexpr double kAside = 6; ///< between line and words
    const QRectF plot = boundingRect();
    const QFontMetricsF metrics(Theme::font(TextRole::Caption));
    const auto sizeOf = [&](const QString& label) {
        return QSizeF(std::ceil(metrics.horizontalAdvance(label)) + 2, std::ceil(metrics.height()));
    };
    std::vector<Limit> limits;
    if (m_belowY) {
        const double y = m_view->mapping().toScene({1, *m_belowY}).y();
        if (y > plot.top() && y < plot.bottom()) {
            const QSizeF size = sizeOf(m_belowLabel);
            Limit limit{QLineF(plot.left(), y, plot.right(), y), m_belowLabel, {}};
            for (const double top : {y - 3 - size.height(), y + 3}) {
                for (const double share : {0.0, 1.0, 0.25, 0.5, 0.75})
                    limit.places.emplace_back(
                        QPointF(plot.left() + kAside +
                                    share * (plot.width() - 2 * kAside - size.width()),
                                top),
                        size);
            }
            limits.push_back(std::move(limit));
        }
    }
    if (m_aboveX) {
        const double x = m_view->mapping().toScene({*m_aboveX, 0}).x();
        if (x > plot.left() && x < plot.right()) {
            const QSizeF size = sizeOf(m_aboveLabel);
            Limit limit{QLineF(x, plot.top(), x, plot.bottom()), m_aboveLabel, {}};
            for (const double left : {x - kAside - size.width(), x + kAside}) {
                // Near the foot; where another gate forbids that, at the top.
                for (const double down : {1.0, 0.75, 0.5, 0.25, 0.0}) {
                    const double share = m_belowY ? 1 - down : down;
                    limit.places.emplace_back(
                        QPointF(left, plot.top() + 3 + share * (plot.height() - 6 - size.height())),
                        size);
                }
            }
            limits.push_back(std::move(limit));
        }
    }
    return limits;
}

std::vector<std::optional<QRectF>> ShadeItem::placesOf(const std::vector<Limit>& limits) const
{
    std::vector<LabelWish> wishes;
    std::vector<AvoidedLine> lines;
    for (const Limit& limit : limits) {
        wishes.push_back({limit.places});
        lines.push_back({limit.line, kAvoidGate});
    }
    std::vector<QRectF> taken;
    if (m_marks) {
        taken = m_marks->markBoxes();
        for (const QLineF& interval : m_marks->intervalLines())
            lines.push_back({interval, kAvoidInterval});
        for (const QLineF& curve : m_marks->curveLines())
            lines.push_back({curve, kAvoidCurve});
    }
    return placeLabels(wishes, taken, lines, boundingRect());
}

std::vector<QLineF> ShadeItem::limits() const
{
    std::vector<QLineF> lines;
    for (const Limit& limit : shownLimits())
        lines.push_back(limit.line);
    return lines;
}

std::vector<QRectF> ShadeItem::labelBoxes() const
{
    std::vector<QRectF> boxes;
    for (const std::optional<QRectF>& box : placesOf(shownLimits())) {
        if (box)
            boxes.push_back(*box);
    }
    return boxes;
}

void ShadeItem::paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget*)
{
    const QRectF plot = boundingRect();
    if (plot.isEmpty() || (!m_belowY && !m_aboveX))
        return;
    painter->save();
    painter->setClipRect(plot);
    // On whole pixels, as the lines are.
    QRectF below;
    QRectF right;
    if (m_belowY) {
        const double y = std::floor(
            std::clamp(m_view->mapping().toScene({1, *m_belowY}).y(), plot.top(), plot.bottom()));
        below = QRectF(QPointF(plot.left(), y), plot.bottomRight());
    }
    if (m_aboveX) {
        const double x = std::floor(
            std::clamp(m_view->mapping().toScene({*m_aboveX, 0}).x(), plot.left(), plot.right()));
        right = QRectF(QPointF(x, plot.top()), plot.bottomRight());
    }
    QPainterPath region;
    region.addRect(below);
    QPainterPath other;
    other.addRect(right);
    painter->fillPath(region.united(other), colors().shade);
    painter->fillRect(below.intersected(right), colors().shadeTwo);
    const std::vector<Limit> limits = shownLimits();
    const auto boxes = placesOf(limits);
    for (const Limit& limit : limits) {
        // On whole pixels, so that one pixel wide is one pixel wide.
        const QPointF at(std::floor(limit.line.x1()), std::floor(limit.line.y1()));
        painter->setPen(QPen(colors().negative.ink, 1));
        painter->drawLine(limit.line.translated(at + QPointF(0.5, 0.5) - limit.line.p1()));
    }
    painter->setRenderHint(QPainter::Antialiasing);
    for (std::size_t i = 0; i < limits.size(); ++i) {
        if (boxes[i])
            paintHaloText(*painter, *boxes[i], limits[i].label, Theme::font(TextRole::Caption),
                          colors().negative.ink);
    }
    painter->restore();
}

} // namespace signalbox::ui
