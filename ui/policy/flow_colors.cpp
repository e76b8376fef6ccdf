// SPDX-License-Identifier: GPL-3.0-or-later
#include "flow_colors.h"

#include <ui/kit/theme.h>

#include <algorithm>
#include <map>
#include <tuple>

namespace signalbox::ui {
namespace {

constexpr double kLeastContrast = 3.1;
/// A curve lies between pixels and loses some of it there.
constexpr double kCurveContrast = 4.2;

QColor withAlpha(QColor color, double alpha)
{
    color.setAlphaF(static_cast<float>(alpha));
    return color;
}

/// The colour mixed with as much of the window as leaves it a contrast, unmixed if it has none to
/// give.
QColor quietest(const QColor& color, double contrast, const Theme& theme)
{
    const ThemeColors& colors = theme.colors();
    for (int percent = 50; percent < 100; percent += 5) {
        const QColor mixed = blended(withAlpha(color, percent / 100.0), colors.window);
        if (std::min(contrastRatio(mixed, colors.window), contrastRatio(mixed, colors.surface)) >=
            contrast)
            return mixed;
    }
    return color;
}

/// The same, remembered: it is asked for with every part of every frame, and of a handful of
/// colours.
QColor quietOf(const QColor& color, double contrast, const Theme& theme)
{
    using Asked = std::tuple<QRgb, QRgb, QRgb, double>;
    static std::map<Asked, QColor> known;
    const auto [quiet, isNew] = known.try_emplace(
        Asked{color.rgba(), theme.colors().window.rgba(), theme.colors().surface.rgba(), contrast});
    if (isNew)
        quiet->second = quietest(color, contrast, theme);
    return quiet->second;
}

} // namespace

QColor flowMark(const Theme& theme)
{
    return quietOf(theme.colors().textMuted, kLeastContrast, theme);
}

RibbonColors ribbonColors(const QColor& color, const Theme& theme)
{
    return {quietOf(color, kCurveContrast, theme), withAlpha(color, theme.isDark() ? 0.24 : 0.2)};
}

} // namespace signalbox::ui
