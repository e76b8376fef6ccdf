// SPDX-License-Identifier: GPL-3.0-or-later
#include "scroll_fade.h"

#include "theme.h"

#include <QAbstractScrollArea>
#include <QEvent>
#include <QLinearGradient>
#include <QPainter>
#include <QScrollBar>

#include <algorithm>

namespace signalbox::ui {

void ScrollFade::addTo(QAbstractScrollArea* area, Ground ground)
{
    new ScrollFade(area, Qt::TopEdge, ground);
    new ScrollFade(area, Qt::BottomEdge, ground);
}

ScrollFade::ScrollFade(QAbstractScrollArea* area, Qt::Edge edge, Ground ground)
    : QWidget(area), m_edge(edge), m_ground(ground)
{
    setAttribute(Qt::WA_TransparentForMouseEvents);
    setFocusPolicy(Qt::NoFocus);
    area->viewport()->installEventFilter(this);
    const QScrollBar* const bar = area->verticalScrollBar();
    connect(bar, &QScrollBar::valueChanged, this, &ScrollFade::followArea);
    connect(bar, &QScrollBar::rangeChanged, this, &ScrollFade::followArea);
    followArea();
}

/// Null while the area is destroyed: by then its children, of which this is one, still hear of each
/// other.
QAbstractScrollArea* ScrollFade::area() const
{
    return qobject_cast<QAbstractScrollArea*>(parentWidget());
}

void ScrollFade::followArea()
{
    const QAbstractScrollArea* const around = area();
    if (!around)
        return;
    const QRect view = around->viewport()->geometry();
    const int height = std::min(kHeightPx, view.height());
    const bool top = m_edge == Qt::TopEdge;
    setGeometry(view.left(), top ? view.top() : view.bottom() + 1 - height, view.width(), height);
    const QScrollBar* const bar = around->verticalScrollBar();
    setVisible(top ? bar->value() > bar->minimum() : bar->value() < bar->maximum());
    raise();
}

bool ScrollFade::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Resize || event->type() == QEvent::Move)
        followArea(); // it filters nothing but the viewport
    return QWidget::eventFilter(watched, event);
}

void ScrollFade::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    const ThemeColors& colors = Theme::current().colors();
    const bool top = m_edge == Qt::TopEdge;
    const int cut = top ? 0 : height() - 1;
    const QColor& ground = m_ground == Ground::Window ? colors.window : colors.surface;
    QColor clear = ground;
    clear.setAlpha(0);
    QLinearGradient gradient(0, cut, 0, top ? height() : 0);
    gradient.setColorAt(0, ground);
    // Letters at the very cut are gone, those a line further in can be read.
    gradient.setColorAt(0.25, ground);
    gradient.setColorAt(1, clear);
    painter.fillRect(rect(), gradient);
    painter.fillRect(0, cut, width(), 1, colors.line);
}

} // namespace signalbox::ui
