// SPDX-License-Identifier: GPL-3.0-or-later
#include "flow_minimap.h"

#include <ui/kit/model_look.h>
#include <ui/kit/spoken_parts.h>
#include <ui/kit/theme.h>

#include <QMouseEvent>
#include <QPainter>

#include <algorithm>

namespace signalbox::ui {
namespace {

constexpr int kMapWidth = 120;
constexpr int kMapHeight = 112;
constexpr qreal kMapPadding = 6;

} // namespace

std::optional<QPoint> freeCorner(const QRect& window, const QSize& map,
                                 const std::vector<QRect>& cards, const QPoint& now)
{
    const int right = window.right() + 1 - map.width();
    const int bottom = window.bottom() + 1 - map.height();
    std::vector<QPoint> corners{{right, bottom},
                                {window.left(), bottom},
                                {right, window.top()},
                                {window.left(), window.top()}};
    if (const auto here = std::ranges::find(corners, now); here != corners.end())
        std::rotate(corners.begin(), here, here + 1);
    const auto isFree = [&](const QPoint& corner) {
        return window.contains(QRect(corner, map)) &&
               std::ranges::none_of(
                   cards, [&](const QRect& card) { return card.intersects(QRect(corner, map)); });
    };
    const auto free = std::ranges::find_if(corners, isFree);
    return free == corners.end() ? std::nullopt : std::optional(*free);
}

FlowMinimap::FlowMinimap(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("flowMinimap"));
    setAccessibleName(tr("Overview of the flow"));
    setSpokenRole(this, QAccessible::Graphic);
    setFixedSize(kMapWidth, kMapHeight);
    setCursor(Qt::PointingHandCursor);
    hide();
}

bool FlowMinimap::setFlow(const FlowLayout& layout, const QRectF& visible)
{
    m_bounds = layout.bounds;
    m_visible = visible & m_bounds;
    m_lanes.clear();
    m_stations.clear();
    for (const FlowLane& lane : layout.lanes)
        m_lanes.push_back(lane.rect);
    for (const FlowStation& station : layout.stations)
        m_stations.emplace_back(station.rect, station.model);
    update();
    return !m_bounds.isEmpty() && !visible.adjusted(-1, -1, 1, 1).contains(m_bounds);
}

qreal FlowMinimap::scale() const
{
    if (m_bounds.isEmpty())
        return 1;
    return std::min((width() - 2 * kMapPadding) / m_bounds.width(),
                    (height() - 2 * kMapPadding) / m_bounds.height());
}

QRectF FlowMinimap::toWidget(const QRectF& rect) const
{
    const qreal s = scale();
    const QPointF origin((width() - m_bounds.width() * s) / 2,
                         (height() - m_bounds.height() * s) / 2);
    return {origin + (rect.topLeft() - m_bounds.topLeft()) * s, rect.size() * s};
}

QPointF FlowMinimap::mapToScene(const QPointF& position) const
{
    const QRectF whole = toWidget(m_bounds);
    return m_bounds.topLeft() + (position - whole.topLeft()) / scale();
}

void FlowMinimap::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const ThemeColors& colors = Theme::current().colors();
    painter.setPen(QPen(colors.line, 1));
    painter.setBrush(colors.raised);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius::kControl,
                            radius::kControl);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colors.lineStrong);
    for (const QRectF& lane : m_lanes)
        painter.drawRect(toWidget(lane));
    for (const auto& [station, model] : m_stations) {
        painter.setBrush(lookFor(model).color);
        painter.drawRect(toWidget(station));
    }
    painter.setPen(QPen(colors.accentInk, 1));
    painter.setBrush(colors.hover);
    painter.drawRect(toWidget(m_visible).adjusted(0, 0, -1, -1));
}

void FlowMinimap::mousePressEvent(QMouseEvent* event)
{
    m_held = true;
    emit centerRequested(mapToScene(event->position()));
}

void FlowMinimap::mouseMoveEvent(QMouseEvent* event)
{
    if (event->buttons() & Qt::LeftButton)
        emit centerRequested(mapToScene(event->position()));
}

void FlowMinimap::mouseReleaseEvent(QMouseEvent* /*event*/)
{
    m_held = false;
    emit released();
}

} // namespace signalbox::ui
