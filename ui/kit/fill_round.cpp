// SPDX-License-Identifier: GPL-3.0-or-later
#include "fill_round.h"

#include <QPainter>

namespace signalbox::ui {

void fillRound(QPainter& painter, const QRectF& rect, qreal radius, const QColor& fill,
               const QColor& line)
{
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(fill);
    if (line.alpha() == 0) {
        painter.setPen(Qt::NoPen);
        painter.drawRoundedRect(rect, radius, radius);
    } else {
        painter.setPen(QPen(line, 1));
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius);
    }
}

} // namespace signalbox::ui
