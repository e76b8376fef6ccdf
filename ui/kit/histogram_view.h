// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "histogram_geometry.h"
#include "spoken_parts.h"
#include "theme.h"

#include <QColor>
#include <QRectF>
#include <QString>
#include <QWidget>

#include <vector>

namespace signalbox::ui {

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
class HistogramView : public QWidget, public SpokenParts
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
    /// The side of a line on which its condition holds wears the accent, whichever it is.
    enum class Side { Left, Right };
    /// Words for the two sides of the current line, e.g. "→ gpt-4", each beside its colour; empty:
    /// counts alone.
    void setSides(const QString& left, const QString& right, Side holding);

    /// What each side of the current line comes to beside its count, e.g. its cost; empty: nothing.
    void setSideNotes(const QString& left, const QString& right);

    /// The colour of what the holding side stands for, e.g. its model's; invalid: the accent.
    void setHoldingColor(const QColor& color);
    /// A band around every line, so far on both sides; 0: none.
    void setMargin(double margin);

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;
    /// How many requests the tallest bar stands for, as written at its height.
    [[nodiscard]] QString tallestText() const;
    /// The line that is being held goes back to where it was taken.
    void cancelDrag();

    /// The lines are sliders.
    [[nodiscard]] QAccessible::Role spokenRole() const override { return QAccessible::Chart; }
    [[nodiscard]] std::vector<SpokenPart> spokenParts() const override;
    void pressPart(int part) override { setCurrentThreshold(part); }

signals:
    /// At every step of a drag or key press; show a preview.
    void thresholdMoved(const QString& id, double value);
    /// Once at the end of a gesture (release, or key press): make the edit. `value` differs from
    /// the one the gesture began with.
    void thresholdCommitted(const QString& id, double value);
    /// What is committed from now on is another step for undo: a line was taken or let go, or the
    /// keyboard came.
    void gestureBegan();
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
    void focusInEvent(QFocusEvent* event) override;
    bool focusNextPrevChild(bool next) override;
    bool event(QEvent* event) override;

private:
    struct Handle
    {
        QRectF box;
        QString text;
        double x = 0; ///< of the line
    };
    [[nodiscard]] QString signOf(const Threshold& line) const;
    [[nodiscard]] std::vector<Handle> handles() const;
    [[nodiscard]] double topMargin() const;
    [[nodiscard]] double sideRows() const;
    void layOut();
    void paintMargin(QPainter& painter) const;
    void paintBars(QPainter& painter) const;
    void paintAxis(QPainter& painter) const;
    void paintHeight(QPainter& painter) const;
    void paintLines(QPainter& painter) const;
    void paintSides(QPainter& painter) const;
    [[nodiscard]] QColor barColor(Side side) const;
    [[nodiscard]] int thresholdAt(QPointF position) const;
    void moveCurrent(double value);
    void updateAccessibleText();

    HistogramGeometry m_geometry;
    std::vector<Threshold> m_thresholds;
    QString m_name;
    QString m_unit;
    QString m_left;
    QString m_right;
    QString m_leftNote;
    QString m_rightNote;
    Side m_holding = Side::Right;
    QColor m_holdingColor;
    double m_margin = 0;
    int m_current = -1;
    bool m_readOnly = false;
    bool m_dragging = false;
    double m_dragStart = 0;
    double m_dragOffset = 0;
};

} // namespace signalbox::ui
