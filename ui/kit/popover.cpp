// SPDX-License-Identifier: GPL-3.0-or-later
#include "popover.h"

#include "theme.h"

#include <QPainter>
#include <QScreen>
#include <QStyleOptionButton>

#include <algorithm>

namespace signalbox::ui {

Popover::Popover(QWidget* button) : QFrame(button, Qt::Popup) {}

void Popover::place()
{
    const QWidget* const button = parentWidget();
    QPoint corner =
        button->mapToGlobal(QPoint(button->width() - width(), button->height() + space::kHalf));
    const QRect room = button->screen()->availableGeometry();
    corner.setX(std::max(room.left(), corner.x()));
    if (corner.y() + height() > room.bottom())
        corner.setY(button->mapToGlobal(QPoint(0, 0)).y() - height() - space::kHalf);
    move(corner);
}

void Popover::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const ThemeColors& colors = Theme::current().colors();
    painter.fillRect(rect(), colors.raised);
    painter.setPen(colors.lineStrong);
    painter.drawRect(rect().adjusted(0, 0, -1, -1));
}

QSize PopoverButton::sizeHint() const
{
    const QSize plain = QPushButton::sizeHint();
    return {plain.width() + style()->pixelMetric(QStyle::PM_MenuButtonIndicator), plain.height()};
}

void PopoverButton::initStyleOption(QStyleOptionButton* option) const
{
    QPushButton::initStyleOption(option);
    option->features |= QStyleOptionButton::HasMenu;
}

} // namespace signalbox::ui
