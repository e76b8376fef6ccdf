// SPDX-License-Identifier: GPL-3.0-or-later
#include "chart_kit.h"

#include <ui/kit/model_look.h>
#include <ui/kit/theme.h>

#include <QAbstractAxis>
#include <QChart>
#include <QChartView>
#include <QPainter>
#include <QPainterPath>
#include <QWidget>

#include <algorithm>
#include <array>
#include <cmath>

namespace signalbox::ui {

namespace {

constexpr double kBucket = 8;      ///< px, of the hover grid
constexpr double kCalloutGap = 12; ///< between anchor and note
constexpr double kCalloutPad = 10;
constexpr qreal kItemDepth = 12; ///< above grid and series
constexpr qreal kShadeDepth = 2; ///< above the grid, below the series
constexpr qreal kCalloutDepth = 20;

const ThemeColors& colors()
{
    return Theme::current().colors();
}

} // namespace

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

// MarkItem

MarkItem::MarkItem(ChartView* view) : QGraphicsObject(&view->chart()), m_view(view)
{
    setZValue(kItemDepth);
    setAcceptedMouseButtons(Qt::NoButton);
    connect(&view->chart(), &QChart::plotAreaChanged, this, [this] { prepareGeometryChange(); });
}

void MarkItem::setMarks(std::vector<PlotMark> marks)
{
    m_marks = std::move(marks);
    m_emphasis = -1;
    update();
}

int MarkItem::nearest(const QPointF& scenePosition, qreal reach) const
{
    int best = -1;
    double bestDistance = reach;
    for (std::size_t i = 0; i < m_marks.size(); ++i) {
        const QPointF to = m_view->mapping().toScene(m_marks[i].value) - scenePosition;
        const double distance = std::hypot(to.x(), to.y());
        if (distance <= bestDistance) {
            bestDistance = distance;
            best = static_cast<int>(i);
        }
    }
    return best;
}

void MarkItem::setEmphasis(int index)
{
    const int next = index < static_cast<int>(m_marks.size()) ? std::max(-1, index) : -1;
    if (next == m_emphasis)
        return;
    m_emphasis = next;
    update();
}

QRectF MarkItem::boundingRect() const
{
    return m_view->chart().plotArea().adjusted(-8, -8, 8, 8);
}

void MarkItem::paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget*)
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setClipRect(boundingRect());
    for (const PlotMark& mark : m_marks)
        paintIntervals(*painter, mark);
    std::vector<QRectF> taken;
    for (std::size_t i = 0; i < m_marks.size(); ++i)
        paintOne(*painter, m_marks[i], static_cast<int>(i) == m_emphasis);
    for (const PlotMark& mark : m_marks) {
        const QPointF at = m_view->mapping().toScene(mark.value);
        taken.emplace_back(at.x() - mark.size / 2, at.y() - mark.size / 2, mark.size, mark.size);
    }
    for (const PlotMark& mark : m_marks)
        paintLabel(*painter, mark, taken);
    painter->restore();
}

QColor MarkItem::inkOf(const PlotMark& mark) const
{
    QColor ink = mark.model >= 0        ? lookFor(mark.model).color
                 : mark.color.isValid() ? mark.color
                                        : colors().text;
    ink.setAlphaF(static_cast<float>(std::clamp(mark.opacity, 0.0, 1.0)));
    return ink;
}

void MarkItem::paintIntervals(QPainter& painter, const PlotMark& mark) const
{
    QColor ink = inkOf(mark);
    ink.setAlphaF(ink.alphaF() * 0.7F);
    painter.setPen(QPen(ink, 1.5, Qt::SolidLine, Qt::RoundCap));
    const auto line = [&](const QPointF& from, const QPointF& to) {
        painter.drawLine(m_view->mapping().toScene(from), m_view->mapping().toScene(to));
    };
    if (mark.xInterval)
        line({mark.xInterval->first, mark.value.y()}, {mark.xInterval->second, mark.value.y()});
    if (mark.yInterval)
        line({mark.value.x(), mark.yInterval->first}, {mark.value.x(), mark.yInterval->second});
}

void MarkItem::paintOne(QPainter& painter, const PlotMark& mark, bool emphasised) const
{
    const QPointF at = m_view->mapping().toScene(mark.value);
    if (emphasised) {
        painter.setPen(QPen(colors().focus, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawEllipse(at, mark.size * 0.95, mark.size * 0.95);
    }
    ModelLook look = lookFor(mark.model);
    look.color = inkOf(mark);
    if (mark.hollow) {
        painter.setPen(QPen(look.color, 2));
        painter.setBrush(colors().surface);
        painter.drawEllipse(at, mark.size / 2, mark.size / 2);
    } else {
        paintMark(painter, at, mark.size, look);
    }
}

/// Beside the mark, in the first of four places that collides with nothing and stays in the plot.
void MarkItem::paintLabel(QPainter& painter, const PlotMark& mark, std::vector<QRectF>& taken) const
{
    if (mark.label.isEmpty())
        return;
    const QFont font = Theme::font(TextRole::Small);
    const QFontMetricsF metrics(font);
    const QSizeF size(metrics.horizontalAdvance(mark.label) + 2, metrics.height());
    const QPointF at = m_view->mapping().toScene(mark.value);
    const bool ringed = m_emphasis >= 0 && &mark == &m_marks[static_cast<std::size_t>(m_emphasis)];
    const double off = ringed ? mark.size + 3 : mark.size / 2 + 5;
    const std::array<QPointF, 4> places = {at + QPointF(off, -size.height() / 2),
                                           at + QPointF(-off - size.width(), -size.height() / 2),
                                           at + QPointF(-size.width() / 2, -off - size.height()),
                                           at + QPointF(-size.width() / 2, off)};
    const QRectF room = m_view->chart().plotArea();
    QRectF box;
    const auto fits = [&](const QPointF& place) {
        // At the rim a label may slide along its mark, but not over it.
        box = QRectF(
            QPointF(std::clamp(place.x(), room.left() + 2, room.right() - size.width() - 2),
                    std::clamp(place.y(), room.top() + 1, room.bottom() - size.height() - 1)),
            size);
        return std::none_of(taken.begin(), taken.end(),
                            [&](const QRectF& other) { return other.intersects(box); });
    };
    if (size.width() + 4 > room.width() || std::none_of(places.begin(), places.end(), fits))
        return; // the note under the pointer and the table still say it
    taken.push_back(box);
    painter.setFont(font);
    QColor ink = colors().text;
    ink.setAlphaF(static_cast<float>(std::clamp(0.35 + 0.65 * mark.opacity, 0.0, 1.0)));
    painter.setPen(ink);
    painter.drawText(box, Qt::AlignCenter, mark.label);
}

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

QRectF ShadeItem::boundingRect() const
{
    return m_view->chart().plotArea();
}

void ShadeItem::paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget*)
{
    const QRectF plot = boundingRect();
    if (plot.isEmpty() || (!m_belowY && !m_aboveX))
        return;
    painter->save();
    painter->setClipRect(plot);
    QRectF below;
    QRectF above;
    if (m_belowY) {
        const double y =
            std::clamp(m_view->mapping().toScene({1, *m_belowY}).y(), plot.top(), plot.bottom());
        below = QRectF(plot.left(), y, plot.width(), plot.bottom() - y);
    }
    if (m_aboveX) {
        const double x =
            std::clamp(m_view->mapping().toScene({*m_aboveX, 0}).x(), plot.left(), plot.right());
        above = QRectF(x, plot.top(), plot.right() - x, plot.height());
    }
    QPainterPath region;
    region.addRect(below);
    QPainterPath other;
    other.addRect(above);
    region = region.united(other);
    painter->fillPath(region, colors().shade);
    QColor hatch = colors().negative.ink;
    hatch.setAlphaF(Theme::current().isDark() ? 0.22F : 0.16F);
    painter->setClipPath(region, Qt::IntersectClip);
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(hatch, 1));
    for (double x = plot.left() - plot.height(); x < plot.right(); x += 10)
        painter->drawLine(QPointF(x, plot.bottom()), QPointF(x + plot.height(), plot.top()));
    painter->setClipRect(plot);
    QColor edge = colors().negative.ink;
    edge.setAlphaF(0.7F);
    painter->setPen(QPen(edge, 1, Qt::DashLine));
    painter->setFont(Theme::font(TextRole::Caption));
    if (m_belowY) {
        painter->drawLine(below.topLeft(), below.topRight());
        paintEdgeLabel(*painter, QRectF(plot.left() + 8, below.top() + 3, plot.width() - 16, 16),
                       m_belowLabel, Qt::AlignLeft);
    }
    if (m_aboveX) {
        painter->setPen(QPen(edge, 1, Qt::DashLine));
        painter->drawLine(above.topLeft(), above.bottomLeft());
        paintEdgeLabel(*painter,
                       QRectF(above.left() + 6, plot.bottom() - 20, above.width() - 8, 16),
                       m_aboveLabel, Qt::AlignLeft);
    }
    painter->restore();
}

/// Text on a quiet ground, so that hatching does not run through it.
void ShadeItem::paintEdgeLabel(QPainter& painter, const QRectF& rect, const QString& label,
                               Qt::Alignment alignment)
{
    if (label.isEmpty() || rect.width() < 24)
        return;
    const QFontMetricsF metrics(painter.font());
    const QString text = metrics.elidedText(label, Qt::ElideRight, rect.width());
    QRectF ground(rect.left() - 3, rect.top(), metrics.horizontalAdvance(text) + 6, rect.height());
    painter.setPen(Qt::NoPen);
    painter.setBrush(blended(colors().shade, colors().surface));
    painter.drawRoundedRect(ground, 3, 3);
    painter.setPen(colors().negative.ink);
    painter.drawText(rect, static_cast<int>(alignment | Qt::AlignVCenter), text);
}

// RasterScatterItem

RasterScatterItem::RasterScatterItem(ChartView* view)
    : QGraphicsObject(&view->chart()), m_view(view)
{
    setZValue(kItemDepth - 1);
    setAcceptedMouseButtons(Qt::NoButton);
    connect(&view->chart(), &QChart::plotAreaChanged, this, [this] { prepareGeometryChange(); });
    connect(&ThemeNotifier::instance(), &ThemeNotifier::themeChanged, this,
            [this] { invalidate(); });
}

void RasterScatterItem::invalidate()
{
    m_dirty = true;
    update();
}

void RasterScatterItem::setPoints(std::vector<QPointF> values)
{
    m_points = std::move(values);
    invalidate();
}

void RasterScatterItem::setModel(int model)
{
    m_model = model;
    invalidate();
}

QRectF RasterScatterItem::boundingRect() const
{
    return m_view->chart().plotArea();
}

void RasterScatterItem::paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget* widget)
{
    // A picture being exported has no widget: twice the resolution serves print.
    const qreal ratio = widget ? widget->devicePixelRatioF() : 2;
    if (m_dirty || m_mapping != m_view->mapping() || m_image.devicePixelRatio() != ratio)
        rebuild(ratio);
    painter->drawImage(m_mapping.plot.topLeft(), m_image);
}

/// Counts points per pixel (3 x 3 splat), then inks by the logarithm of the count.
void RasterScatterItem::rebuild(qreal devicePixelRatio)
{
    m_dirty = false;
    m_mapping = m_view->mapping();
    const QRectF area = m_mapping.plot;
    const int width = std::max(1, int(std::ceil(area.width() * devicePixelRatio)));
    const int height = std::max(1, int(std::ceil(area.height() * devicePixelRatio)));
    std::vector<int> counts(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
    m_gridColumns = std::max(1, int(area.width() / kBucket) + 1);
    const int gridRows = std::max(1, int(area.height() / kBucket) + 1);
    m_grid.assign(static_cast<std::size_t>(m_gridColumns) * static_cast<std::size_t>(gridRows), {});
    for (std::size_t i = 0; i < m_points.size(); ++i) {
        const QPointF at = m_mapping.toScene(m_points[i]) - area.topLeft();
        if (!(at.x() >= 0 && at.y() >= 0 && at.x() < area.width() && at.y() < area.height()))
            continue;
        const auto bucket =
            static_cast<std::size_t>(int(at.y() / kBucket)) * std::size_t(m_gridColumns) +
            static_cast<std::size_t>(int(at.x() / kBucket));
        m_grid[bucket].push_back(static_cast<int>(i));
        const int px = int(at.x() * devicePixelRatio);
        const int py = int(at.y() * devicePixelRatio);
        for (int y = std::max(0, py - 1); y <= std::min(height - 1, py + 1); ++y) {
            for (int x = std::max(0, px - 1); x <= std::min(width - 1, px + 1); ++x)
                counts[std::size_t(y) * std::size_t(width) + std::size_t(x)] += 1;
        }
    }
    const int most = counts.empty() ? 0 : *std::max_element(counts.begin(), counts.end());
    m_image = QImage(width, height, QImage::Format_ARGB32_Premultiplied);
    m_image.fill(Qt::transparent);
    const QColor ink = m_model >= 0 ? lookFor(m_model).color : colors().accentInk;
    const double scale = most > 1 ? 0.65 / std::log(double(most)) : 0;
    std::vector<QRgb> inks(static_cast<std::size_t>(std::min(most, 4096)) + 1);
    for (std::size_t c = 1; c < inks.size(); ++c) {
        const double alpha = std::min(1.0, 0.35 + scale * std::log(double(c)));
        inks[c] = qPremultiply(qRgba(ink.red(), ink.green(), ink.blue(), int(alpha * 255)));
    }
    for (int y = 0; y < height; ++y) {
        auto* line = reinterpret_cast<QRgb*>(m_image.scanLine(y));
        for (int x = 0; x < width; ++x) {
            const int c = counts[std::size_t(y) * std::size_t(width) + std::size_t(x)];
            if (c > 0)
                line[x] = inks[std::min(std::size_t(c), inks.size() - 1)];
        }
    }
    m_image.setDevicePixelRatio(devicePixelRatio);
}

int RasterScatterItem::pointAt(const QPointF& scenePosition, qreal reach) const
{
    const QPointF at = scenePosition - m_mapping.plot.topLeft();
    int best = -1;
    double bestDistance = reach;
    const int rows = m_gridColumns > 0 ? int(m_grid.size()) / m_gridColumns : 0;
    const int span = int(reach / kBucket) + 1;
    const int column = int(at.x() / kBucket);
    const int row = int(at.y() / kBucket);
    for (int y = std::max(0, row - span); y <= std::min(rows - 1, row + span); ++y) {
        for (int x = std::max(0, column - span); x <= std::min(m_gridColumns - 1, column + span);
             ++x) {
            for (const int i :
                 m_grid[std::size_t(y) * std::size_t(m_gridColumns) + std::size_t(x)]) {
                const QPointF to = m_mapping.toScene(m_points[std::size_t(i)]) - scenePosition;
                const double distance = std::hypot(to.x(), to.y());
                if (distance <= bestDistance) {
                    bestDistance = distance;
                    best = i;
                }
            }
        }
    }
    return best;
}

} // namespace signalbox::ui
