// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QRectF>

#include <cstddef>
#include <vector>

namespace signalbox::ui {

/// A histogram over a numeric signal, without a window: bins, scales, counts. Values are copied and
/// sorted once, O(n log n); everything after is O(log n) or O(bins).
class HistogramGeometry
{
public:
    /// Non-finite values are counted as missing. Whole numbers in a short range (up to 64 of them)
    /// get one bin each, centred on the number; else about 60 bins of a round width. Strongly
    /// skewed positive values are laid out on a log axis if `allowLog`.
    void setValues(std::vector<double> values, bool allowLog = true);
    void setPlotRect(const QRectF& rect) { m_plot = rect; }

    [[nodiscard]] const QRectF& plotRect() const { return m_plot; }
    [[nodiscard]] bool isEmpty() const { return m_sorted.empty(); }
    [[nodiscard]] bool isLog() const { return m_log; }
    [[nodiscard]] bool isDiscrete() const { return m_discrete; }
    [[nodiscard]] std::size_t count() const { return m_sorted.size(); }
    [[nodiscard]] std::size_t missing() const { return m_missing; }
    [[nodiscard]] double minimum() const { return m_low; }  ///< left end of the axis
    [[nodiscard]] double maximum() const { return m_high; } ///< right end of the axis

    [[nodiscard]] double mapValueToX(double value) const; ///< clamped to the plot
    [[nodiscard]] double mapXToValue(double x) const;     ///< clamped to the axis
    /// Where the line of a threshold is drawn: at the value, or, for a whole number of a discrete
    /// signal, at the edge of the number's bar that parts the two sides.
    [[nodiscard]] double lineX(double value, bool rightIncludesEqual) const;
    /// A value a drag may stop at: whole numbers for discrete signals, else about three significant
    /// digits of one pixel.
    [[nodiscard]] double snapped(double value) const;
    /// The next stop from `value`, `steps` away (negative: to the left).
    [[nodiscard]] double stepped(double value, int steps) const;

    struct Bin
    {
        double low = 0;
        double high = 0; ///< half open: low <= v < high; the last one is closed
        std::size_t count = 0;
    };
    [[nodiscard]] const std::vector<Bin>& bins() const { return m_bins; }
    [[nodiscard]] QRectF barRect(std::size_t bin) const;

    [[nodiscard]] std::size_t countBelow(double value) const;  ///< v < value
    [[nodiscard]] std::size_t countAtMost(double value) const; ///< v <= value

    /// Round values for labels, left to right, inside the axis; about `wanted` of them.
    [[nodiscard]] std::vector<double> ticks(int wanted) const;

private:
    void layOutDiscrete();
    void layOutContinuous(bool allowLog);
    void fillBins();
    std::vector<double> m_sorted;
    std::vector<Bin> m_bins;
    QRectF m_plot;
    std::size_t m_missing = 0;
    double m_low = 0;
    double m_high = 1;
    bool m_log = false;
    bool m_discrete = false;
};

} // namespace signalbox::ui
