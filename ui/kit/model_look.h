// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QIcon>
#include <QPointF>
#include <QString>

class QPainter;

namespace signalbox::ui {

class Theme;

/// Shapes that tell models apart without colour.
enum class Mark { Circle, Square, Triangle, Diamond, Cross, Pentagon, Plus, Hexagon };
inline constexpr int kMarkCount = 8;
inline constexpr int kSeriesColorCount = 8;

/// How a model looks everywhere: canvas, matrix, charts, tables.
struct ModelLook
{
    QColor color; ///< line and mark: at least 3:1 on window and surface
    QColor soft;  ///< quiet fill behind text of the theme
    Mark mark = Mark::Circle;
};

/// The look of the model at this place in the document's list of models (0, 1, …). Colours come
/// from a palette that stays apart for the common kinds of colour blindness; after eight models
/// colours repeat with other marks, after 64 everything repeats. Negative: the look of "no model"
/// (muted, circle). Reads the current theme: ask again while painting.
[[nodiscard]] ModelLook lookFor(int modelIndex);
[[nodiscard]] ModelLook lookFor(int modelIndex, const Theme& theme);

/// "circle", "square", …, translated; for legends and screen readers.
[[nodiscard]] QString markName(Mark mark);

/// Paints a mark centred at `center`; `size` is the side of the square it fills optically. All
/// marks have about the same area. Restores the painter.
void paintMark(QPainter& painter, QPointF center, qreal size, Mark mark, const QColor& color);
/// As above with the look's colour and mark, and a thin gap of the surface colour around it.
void paintMark(QPainter& painter, QPointF center, qreal size, const ModelLook& look);

/// The mark as an icon that follows the theme, for item views, combo boxes, legends.
[[nodiscard]] QIcon modelIcon(int modelIndex);
inline constexpr int kModelMarkPx = 14; ///< of it beside a name

} // namespace signalbox::ui
