// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "theme.h"

#include <QRectF>
#include <QString>
#include <QWidget>

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

/// One line to drag.
struct Threshold
{
    QString id = {};    ///< yours, given back by the signals
    QString label = {}; ///< "balanced"; shown at the line
    double value = 0;
    /// Which side a value equal to the line belongs to: true for "at least" and "less than", where
    /// the right side is v >= value; false for "more than" and "at most", where it is v > value.
    bool rightIncludesEqual = true;
    bool operator==(const Threshold&) const = default;
};

/// Histogram of a signal over the traffic with lines to drag: the way a numeric condition is
/// edited. Tab and Shift+Tab go through the lines, Left and Right move one step, with Shift ten,
/// Home and End go to the ends, Escape takes a running drag back.
class HistogramView : public QWidget
{
    Q_OBJECT
public:
    explicit HistogramView(QWidget* parent = nullptr);
    ~HistogramView() override;

    /// `name` of the signal is title and accessible name; `unit` stands on the axis, may be empty.
    void setSignal(const QString& name, const QString& unit = {});
    void setValues(std::vector<double> values);
    [[nodiscard]] const HistogramGeometry& geometryOf() const { return m_geometry; }

    /// Lines by position in the vector. While one is dragged its value here follows.
    void setThresholds(std::vector<Threshold> thresholds);
    [[nodiscard]] const std::vector<Threshold>& thresholds() const { return m_thresholds; }
    [[nodiscard]] int currentThreshold() const { return m_current; }
    void setCurrentThreshold(int index);
    void setReadOnly(bool readOnly);
    /// Words for the two sides of the current line, e.g. "→ gpt-4"; empty: counts alone.
    void setSideTexts(const QString& left, const QString& right);

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;
    /// How many requests the tallest bar stands for, as written at its height.
    [[nodiscard]] QString tallestText() const;
    /// The line that is being held goes back to where it was taken.
    void cancelDrag();

signals:
    /// At every step of a drag or key press; show a preview.
    void thresholdMoved(const QString& id, double value);
    /// Once at the end of a gesture (release, or key press): make the edit. `value` differs from
    /// the one the gesture began with.
    void thresholdCommitted(const QString& id, double value);
    /// Escape or lost grab: the line is back where it was; drop the preview.
    void thresholdCancelled(const QString& id);
    void currentThresholdChanged(int index);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void changeEvent(QEvent* event) override;
    bool focusNextPrevChild(bool next) override;
    bool event(QEvent* event) override;

private:
    struct Handle
    {
        QRectF box;
        QString text;
        double x = 0; ///< of the line
    };
    [[nodiscard]] std::vector<Handle> handles() const;
    [[nodiscard]] double topMargin() const;
    [[nodiscard]] double sideRows() const;
    void layOut();
    void paintBars(QPainter& painter) const;
    void paintAxis(QPainter& painter) const;
    void paintHeight(QPainter& painter) const;
    void paintLines(QPainter& painter) const;
    void paintSides(QPainter& painter) const;
    [[nodiscard]] int thresholdAt(QPointF position) const;
    void moveCurrent(double value);
    void updateAccessibleText();

    HistogramGeometry m_geometry;
    std::vector<Threshold> m_thresholds;
    QString m_name;
    QString m_unit;
    QString m_left;
    QString m_right;
    int m_current = -1;
    bool m_readOnly = false;
    bool m_dragging = false;
    double m_dragStart = 0;
    double m_dragOffset = 0;
};

} // namespace signalbox::ui
