// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "format.h"
#include "spoken_parts.h"
#include "theme.h"

#include <QString>
#include <QStringList>
#include <QWidget>

#include <array>
#include <optional>
#include <utility>
#include <vector>

class QPainter;

/// Painter-drawn plots of the voice and projection pages. Each has the same data as a table: for
/// screen readers, CSV and a table view beside it. Model rows use the model's colour and mark.
namespace signalbox::ui {

/// The data of a plot as rows of text, header first in `columns`.
struct PlotTable
{
    QStringList columns = {};
    std::vector<QStringList> rows = {};
    /// Places behind the point with which a table view shows the numbers of a column, as the plot
    /// tells them; -1 or left out: as many as the number's size deserves. CSV has all digits.
    std::vector<int> places = {};
    /// The same of a row instead, for all its columns but those whose own places are -1; left out:
    /// those of the columns.
    std::vector<int> rowPlaces = {};
    [[nodiscard]] int placesAt(std::size_t row, int column) const;
    /// RFC 4180 text, UTF-8, CRLF, with the header row. Cells that a spreadsheet would take for a
    /// formula are prefixed with an apostrophe.
    [[nodiscard]] QString toCsv() const;
    /// A row in one line: "gpt-4, median 43, share 12 %".
    [[nodiscard]] QString rowText(std::size_t row) const;
    /// Every row for screen readers, at no place in particular.
    [[nodiscard]] std::vector<SpokenPart> spokenRows() const;
};

/// What the plots have in common: they can paint themselves anywhere and tell their data.
class PlotView : public QWidget, public SpokenParts
{
    Q_OBJECT
public:
    explicit PlotView(QWidget* parent = nullptr);

    [[nodiscard]] virtual PlotTable table() const = 0;
    /// Paints the plot without focus and hover into `rect`.
    virtual void render(QPainter& painter, const QRectF& rect) const = 0;
    using QWidget::render;

    void setTitle(const QString& title); ///< accessible name
    [[nodiscard]] const QString& title() const { return m_title; }

    [[nodiscard]] QAccessible::Role spokenRole() const override { return QAccessible::Chart; }
    [[nodiscard]] std::vector<SpokenPart> spokenParts() const override
    {
        return table().spokenRows();
    }
    void pressPart(int /*part*/) override {}

protected:
    void paintEvent(QPaintEvent* event) override;
    /// Call after a change of data: repaints and refreshes the accessible description.
    void dataChanged();

private:
    QString m_title;
};

/// One row of a dot plot: a mark with an interval.
struct IntervalRow
{
    QString label = {};
    double value = 0;
    double low = 0;
    double high = 0;
    int model = -1;    ///< look; -1: neutral
    bool weak = false; ///< greyed: the data do not carry it
    QString note = {}; ///< behind the row, e.g. its numbers or "needs 40 more prompts"
};

/// Dot plot with intervals: rows below each other on one axis.
class IntervalPlot : public PlotView
{
    Q_OBJECT
public:
    explicit IntervalPlot(QWidget* parent = nullptr);
    void setRows(std::vector<IntervalRow> rows);
    [[nodiscard]] const std::vector<IntervalRow>& rows() const { return m_rows; }
    /// Fixed axis; without it the axis covers all intervals with a margin.
    void setRange(double low, double high);
    [[nodiscard]] std::pair<double, double> axisRange() const;
    /// The axis' ticks; empty: round ones, as many as there is room for.
    void setTicks(std::vector<double> ticks);
    [[nodiscard]] const std::vector<double>& ticks() const { return m_ticks; }
    /// A vertical line with a word, e.g. the average or a contract's limit.
    void setReference(double value, const QString& label);
    void setUnit(format::Unit unit);
    void setAxisLabel(const QString& label);
    /// Fixed width of the label column, so that plots below each other line up; 0: by content.
    void setLabelWidth(int width);
    /// The same for the column of notes at the right.
    void setNoteWidth(int width);

    [[nodiscard]] PlotTable table() const override;
    void render(QPainter& painter, const QRectF& rect) const override;
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

private:
    std::vector<IntervalRow> m_rows;
    std::optional<std::pair<double, double>> m_range;
    std::vector<double> m_ticks;
    std::optional<std::pair<double, QString>> m_reference;
    format::Unit m_unit = format::Unit::Plain;
    QString m_axisLabel;
    int m_labelWidth = 0;
    int m_noteWidth = 0;
};

/// Five numbers of a box: 5 %, 25 %, 50 %, 75 %, 95 %.
struct BoxRow
{
    QString label = {};
    std::array<double, 5> quantiles{};
    std::size_t samples = 0;
    int model = -1;
    QString note = {};   ///< behind the row instead of the sample size
    QString median = {}; ///< beside the mark of the median, e.g. "61 words"
};

/// Horizontal box plots; the axis is logarithmic if all values are positive and `log` is on. Its
/// ends are ticks, and all boxes and lines lie between them.
class BoxPlotView : public PlotView
{
    Q_OBJECT
public:
    explicit BoxPlotView(QWidget* parent = nullptr);
    /// Quantiles of `samples` (type 7, interpolated). Empty samples give zeros.
    [[nodiscard]] static std::array<double, 5> quantilesOf(std::vector<double> samples);
    void setRows(std::vector<BoxRow> rows);
    void setLogAxis(bool log);
    void setUnit(format::Unit unit);
    void setAxisLabel(const QString& label);

    [[nodiscard]] PlotTable table() const override;
    void render(QPainter& painter, const QRectF& rect) const override;
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

private:
    std::vector<BoxRow> m_rows;
    bool m_log = true;
    format::Unit m_unit = format::Unit::Plain;
    QString m_axisLabel;
};

/// One cell of a matrix.
struct MatrixCell
{
    double value = 0;    ///< in [0, 1], sets the colour; NaN: no data
    QString text = {};   ///< printed in the cell
    QString detail = {}; ///< second, smaller line: an interval; may be empty
    QString toolTip = {};
};

/// A square or oblong matrix in one hue with its values printed: noticeability of model pairs.
/// Arrow keys move, Enter or click says cellActivated(). Of a symmetric one each pair can be shown
/// once, as in a table of distances on a road map: the names stand on the diagonal.
class MatrixView : public PlotView
{
    Q_OBJECT
public:
    explicit MatrixView(QWidget* parent = nullptr);
    /// `cells` row by row. Header texts may carry model looks: index or -1.
    void setMatrix(QStringList rowLabels, QStringList columnLabels, std::vector<MatrixCell> cells,
                   std::vector<int> rowModels = {}, std::vector<int> columnModels = {});
    /// Words under the ramp of colours: what 0, 0.5 and 1 mean.
    void setLegend(const QString& low, const QString& middle, const QString& high);
    [[nodiscard]] int currentRow() const { return m_row; }
    [[nodiscard]] int currentColumn() const { return m_column; }
    /// Shows what is below the diagonal; of a cell above it, its twin stands for it everywhere. The
    /// cells of the diagonal are the names of their rows, each with its cell's `detail` below.
    /// @pre  rows and columns are the same
    void setHalf(bool half);
    void setCurrentCell(int row, int column);
    [[nodiscard]] QRectF cellRect(int row, int column) const;

    [[nodiscard]] PlotTable table() const override; ///< of all cells
    void render(QPainter& painter, const QRectF& rect) const override;
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;
    /// Of a half one each pair, and each name with what its cell says.
    [[nodiscard]] std::vector<SpokenPart> spokenParts() const override;
    void pressPart(int part) override;

signals:
    void currentCellChanged(int row, int column);
    void cellActivated(int row, int column);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    bool event(QEvent* event) override;

private:
    [[nodiscard]] QRectF cellRectIn(const QRectF& rect, int row, int column) const;
    [[nodiscard]] QRectF halfRectIn(const QRectF& rect, int row, int column) const;
    [[nodiscard]] double labelWidth() const; ///< of the widest row
    [[nodiscard]] const MatrixCell* cellAt(int row, int column) const;
    /// The cells that are shown, row by row.
    [[nodiscard]] std::vector<std::pair<int, int>> shownCells() const;
    [[nodiscard]] std::optional<std::pair<int, int>> cellUnder(const QPointF& point) const;
    [[nodiscard]] QString spokenCell(int row, int column) const;
    QStringList m_rowLabels;
    QStringList m_columnLabels;
    std::vector<MatrixCell> m_cells;
    std::vector<int> m_rowModels;
    std::vector<int> m_columnModels;
    [[nodiscard]] double legendHeight(double width) const; ///< that it takes below the cells
    [[nodiscard]] bool isLegendBeside(double width) const;
    void paintColumnNames(QPainter& painter, const QRectF& rect) const;
    void paintNameOnDiagonal(QPainter& painter, const QRectF& rect, int row) const;
    static void paintCell(QPainter& painter, const QRectF& cell, const MatrixCell& content);
    void paintLegend(QPainter& painter, const QRectF& rect) const;
    void paintLegendBeside(QPainter& painter, const QRectF& rect) const;
    bool m_isHalf = false;
    QStringList m_legend; ///< of 0, 0.5, 1; empty: no ramp
    int m_row = -1;
    int m_column = -1;
};

/// One part of a whole.
struct SharePart
{
    QString label = {};
    double share = 0; ///< 0 to 1
    int model = -1;
};

/// The nearest of 1, 2 and 5 times a power of ten at or below `low` and at or above `high`.
/// @param low, high  above 0
[[nodiscard]] std::pair<double, double> niceLogRange(double low, double high);

/// Round axis values inside [low, high], about `wanted` of them; steps of 1, 2 or 5 times a power
/// of ten, for a log axis 1-2-5 or decades.
[[nodiscard]] std::vector<double> niceTicks(double low, double high, int wanted, bool log = false);

/// Whole-numbered ticks about zero, two or three on either side, of the narrowest round scale that
/// reaches ±`furthest` (>= 0).
[[nodiscard]] std::vector<double> ticksAboutZero(double furthest);

} // namespace signalbox::ui
