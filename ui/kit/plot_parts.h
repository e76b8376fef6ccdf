// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "format.h"
#include "theme.h"

#include <QFont>
#include <QRectF>
#include <QString>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

class QPainter;

/// What the plots of the kit have in common.
namespace signalbox::ui::plot {

inline constexpr double kRowHeight = 28;
inline constexpr double kAxisHeight = 22;
inline constexpr double kTitleHeight = 18; ///< of an axis' label
inline constexpr double kMarkColumn = 18;
inline constexpr double kMark = 9;

[[nodiscard]] const ThemeColors& colors();
[[nodiscard]] QFont small();
[[nodiscard]] QFont caption();
[[nodiscard]] double textWidth(const QString& text, const QFont& font);

/// Widest label with room for its mark, at most two fifths of the whole.
template<class Rows> [[nodiscard]] double labelColumn(const Rows& rows, double whole, int fixed)
{
    if (fixed > 0)
        return fixed;
    double width = 0;
    for (const auto& row : rows)
        width = std::max(width, textWidth(row.label, small()) + (row.model >= 0 ? kMarkColumn : 0));
    return std::min(std::ceil(width) + space::kGap, whole * 0.4);
}

/// A row's label behind the mark of its model; `model` -1: none.
void paintLabel(QPainter& painter, QRectF rect, const QString& label, int model, bool weak);

/// A horizontal axis and the vertical lines of its ticks.
class Axis
{
public:
    Axis(double low, double high, bool log, const QRectF& plot)
        : m_low(low), m_high(high), m_log(log), m_plot(plot)
    {}

    /// Instead of as many round ones as there is room for.
    void setTicks(std::vector<double> ticks) { m_ticks = std::move(ticks); }

    [[nodiscard]] double x(double value) const;
    void paint(QPainter& painter, format::Unit unit, const QString& label) const;

private:
    [[nodiscard]] QString tickText(double tick, format::Unit unit,
                                   const std::vector<double>& ticks) const;

    double m_low;
    double m_high;
    bool m_log;
    QRectF m_plot;
    std::vector<double> m_ticks;
};

/// A number for a table: full precision, point as decimal sign.
[[nodiscard]] QString raw(double value);

} // namespace signalbox::ui::plot
