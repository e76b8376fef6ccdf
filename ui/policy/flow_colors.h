// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>

namespace signalbox::ui {

class Theme;

// Colours of the canvas that are made from the theme's: shapes that say something without being
// text. They have 3:1 on the theme's window and surface, and are no louder than that needs.

/// Grips, dashed borders, switches that are off.
[[nodiscard]] QColor flowMark(const Theme& theme);

/// An edge of the flow.
struct RibbonColors
{
    QColor line; ///< its borders, or all of it if it is thin
    QColor fill; ///< translucent, between the borders
};

/// @param color  of what flows: a model's, or a muted one for requests
[[nodiscard]] RibbonColors ribbonColors(const QColor& color, const Theme& theme);

} // namespace signalbox::ui
