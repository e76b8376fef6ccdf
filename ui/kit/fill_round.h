// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QRectF>

class QPainter;

namespace signalbox::ui {

/// A rounded box with a hairline; a transparent line is none.
void fillRound(QPainter& painter, const QRectF& rect, qreal radius, const QColor& fill,
               const QColor& line);

} // namespace signalbox::ui
