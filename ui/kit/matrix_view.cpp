// SPDX-License-Identifier: GPL-3.0-or-later
#include "basic_widgets.h"
#include "plot_parts.h"
#include "plots.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QLinearGradient>
#include <QMouseEvent>
#include <QPainter>
#include <QResizeEvent>
#include <QToolTip>

#include <algorithm>
#include <cmath>
#include <utility>

namespace signalbox::ui {

using namespace plot;

namespace {

constexpr double kCellHeight = 44;
constexpr double kCellLeast = 44;
constexpr double kNameLeast = 72; ///< of a column, for a name that is cut
constexpr double kLegendHeight = 44;
constexpr double kRampHeight = 10;
constexpr double kRampLeast = 240;
constexpr double kUprightRamp = 64; ///< height of the ramp beside the cells
constexpr double kWidestCell = 140;
constexpr double kHighestCell = 64;
constexpr double kTwoLines = 34; ///< from this height a cell has a second line
constexpr double kMostForNames = 0.35;

} // namespace

// MatrixView

MatrixView::MatrixView(QWidget* parent) : PlotView(parent)
{
    setFocusPolicy(Qt::StrongFocus);
}

void MatrixView::setMatrix(QStringList rowLabels, QStringList columnLabels,
                           std::vector<MatrixCell> cells, std::vector<int> rowModels,
                           std::vector<int> columnModels)
{
    Q_ASSERT(cells.size() == static_cast<std::size_t>(rowLabels.size() * columnLabels.size()));
    m_rowLabels = std::move(rowLabels);
    m_columnLabels = std::move(columnLabels);
    m_cells = std::move(cells);
    m_rowModels = std::move(rowModels);
    m_columnModels = std::move(columnModels);
    m_rowModels.resize(static_cast<std::size_t>(m_rowLabels.size()), -1);
    m_columnModels.resize(static_cast<std::size_t>(m_columnLabels.size()), -1);
    if (m_row >= m_rowLabels.size() || m_column >= m_columnLabels.size())
        m_row = m_column = -1;
    dataChanged();
}

void MatrixView::setLegend(const QString& low, const QString& middle, const QString& high)
{
    m_legend = {low, middle, high};
    updateGeometry();
    update();
}

void MatrixView::setHalf(bool half)
{
    m_isHalf = half;
    dataChanged();
}

double MatrixView::legendHeight(double width) const
{
    return m_legend.isEmpty() || isLegendBeside(width) ? 0 : kLegendHeight;
}

/// Whether the corner that a half matrix leaves free holds the legend.
bool MatrixView::isLegendBeside(double width) const
{
    if (!m_isHalf || m_legend.isEmpty() || m_rowLabels.size() < 2)
        return false;
    double words = 0;
    for (const QString& word : m_legend)
        words = std::max(words, textWidth(word, caption()));
    const QRectF second = halfRectIn(QRectF(0, 0, width, 0), 1, 1);
    return second.right() + space::kSection + kRampHeight + space::kUnit + words <= width;
}

const MatrixCell* MatrixView::cellAt(int row, int column) const
{
    if (row < 0 || column < 0 || row >= m_rowLabels.size() || column >= m_columnLabels.size())
        return nullptr;
    return &m_cells[static_cast<std::size_t>(row * m_columnLabels.size() + column)];
}

std::vector<std::pair<int, int>> MatrixView::shownCells() const
{
    std::vector<std::pair<int, int>> cells;
    for (int row = 0; row < m_rowLabels.size(); ++row) {
        const int columns = m_isHalf ? row + 1 : static_cast<int>(m_columnLabels.size());
        for (int column = 0; column < columns; ++column)
            cells.emplace_back(row, column);
    }
    return cells;
}

QString MatrixView::spokenCell(int row, int column) const
{
    const MatrixCell& cell = *cellAt(row, column);
    if (m_isHalf && row == column)
        return tr("%1: %2", "name, what is said of it").arg(m_rowLabels[row], cell.detail);
    return tr("%1 against %2: %3 %4", "row, column, value, interval")
        .arg(m_rowLabels[row], m_columnLabels[column], cell.text, cell.detail);
}

std::vector<SpokenPart> MatrixView::spokenParts() const
{
    if (!m_isHalf)
        return PlotView::spokenParts();
    std::vector<SpokenPart> parts;
    for (const auto& [row, column] : shownCells())
        parts.push_back({QAccessible::ListItem, spokenCell(row, column),
                         cellAt(row, column)->toolTip, cellRect(row, column).toRect(),
                         row == m_row && column == m_column});
    return parts;
}

void MatrixView::pressPart(int part)
{
    const std::vector<std::pair<int, int>> cells = shownCells();
    if (!m_isHalf || part < 0 || part >= static_cast<int>(cells.size()))
        return;
    const auto [row, column] = cells[static_cast<std::size_t>(part)];
    setCurrentCell(row, column);
    emit cellActivated(row, column);
}

void MatrixView::setCurrentCell(int row, int column)
{
    if (m_isHalf && column > row)
        std::swap(row, column);
    if (!cellAt(row, column) || (row == m_row && column == m_column))
        return;
    m_row = row;
    m_column = column;
    setAccessibleDescription(spokenCell(row, column));
    partsChanged();
    if (m_isHalf)
        announcePart(this, row * (row + 1) / 2 + column);
    update();
    emit currentCellChanged(row, column);
}

QRectF MatrixView::cellRect(int row, int column) const
{
    return cellRectIn(QRectF(rect()), row, column);
}

double MatrixView::labelWidth() const
{
    double labels = 0;
    for (qsizetype i = 0; i < m_rowLabels.size(); ++i) {
        const bool isMarked = m_rowModels[static_cast<std::size_t>(i)] >= 0;
        double width = textWidth(m_rowLabels[i], small()) + (isMarked ? kMarkColumn : 0);
        if (m_isHalf)
            width =
                std::max(width, textWidth(cellAt(static_cast<int>(i), static_cast<int>(i))->detail,
                                          caption()) +
                                    (isMarked ? kMarkColumn : 0));
        labels = std::max(labels, width);
    }
    return std::ceil(labels) + space::kGap;
}

QRectF MatrixView::cellRectIn(const QRectF& rect, int row, int column) const
{
    if (m_columnLabels.isEmpty() || m_rowLabels.isEmpty())
        return {};
    if (m_isHalf)
        return halfRectIn(rect, std::max(row, column), std::min(row, column));
    const double labels = std::min(labelWidth(), rect.width() * kMostForNames);
    const double width =
        std::min((rect.width() - labels) / double(m_columnLabels.size()), kWidestCell);
    const double height = std::min((rect.height() - kRowHeight - legendHeight(rect.width())) /
                                       double(m_rowLabels.size()),
                                   kHighestCell);
    return {rect.left() + labels + width * column, rect.top() + kRowHeight + height * row, width,
            height};
}

/// Every name begins where its column does, above the cells of the column and behind those of the
/// row; the last one has room of its own.
QRectF MatrixView::halfRectIn(const QRectF& rect, int row, int column) const
{
    const auto count = static_cast<int>(m_rowLabels.size());
    const double name = std::min(labelWidth() + space::kUnit, rect.width() * kMostForNames);
    const double width =
        count < 2 ? name : std::min((rect.width() - name) / (count - 1), kWidestCell);
    // Not of the legend's height: whether it stands beside is asked of the width alone.
    const bool isMeasured = rect.height() > 0;
    const double below = isMeasured ? legendHeight(rect.width()) : 0;
    const double height = std::min((rect.height() - below) / count, kHighestCell);
    return {rect.left() + width * column, rect.top() + height * row,
            row == column ? std::max(name, std::min(width, rect.width() - width * column)) : width,
            height};
}

PlotTable MatrixView::table() const
{
    PlotTable table;
    table.columns << QString();
    table.columns += m_columnLabels;
    for (int row = 0; row < m_rowLabels.size(); ++row) {
        QStringList cells{m_rowLabels[row]};
        for (int column = 0; column < m_columnLabels.size(); ++column) {
            const MatrixCell* cell = cellAt(row, column);
            cells << (cell->detail.isEmpty()
                          ? cell->text
                          : cell->text + QStringLiteral(" (") + cell->detail + QLatin1Char(')'));
        }
        table.rows.push_back(cells);
    }
    return table;
}

void MatrixView::render(QPainter& painter, const QRectF& rect) const
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    if (!m_isHalf)
        paintColumnNames(painter, rect);
    for (int row = 0; !m_isHalf && row < m_rowLabels.size(); ++row) {
        const QRectF first = cellRectIn(rect, row, 0);
        paintLabel(painter,
                   QRectF(rect.left(), first.top(), first.left() - rect.left(), first.height()),
                   m_rowLabels[row], m_rowModels[static_cast<std::size_t>(row)], false);
    }
    for (const auto& [row, column] : shownCells()) {
        if (m_isHalf && row == column)
            paintNameOnDiagonal(painter, rect, row);
        else
            paintCell(painter, cellRectIn(rect, row, column), *cellAt(row, column));
    }
    if (isLegendBeside(rect.width()))
        paintLegendBeside(painter, rect);
    else if (!m_legend.isEmpty())
        paintLegend(painter, rect);
    painter.restore();
}

void MatrixView::paintColumnNames(QPainter& painter, const QRectF& rect) const
{
    for (int column = 0; column < m_columnLabels.size(); ++column) {
        const QRectF cell = cellRectIn(rect, 0, column);
        const int model = m_columnModels[static_cast<std::size_t>(column)];
        const double mark = model >= 0 ? kMarkColumn : 0;
        const double whole = textWidth(m_columnLabels[column], small()) + mark + 6;
        // Two letters of a name say less than the mark, which the rows have beside the names.
        const bool isNamed = model < 0 || whole <= cell.width() || cell.width() > kNameLeast;
        const double wide = isNamed ? std::min(whole, cell.width()) : mark;
        paintLabel(painter,
                   QRectF(cell.center().x() - wide / 2, rect.top(), wide + 2, kRowHeight - 2),
                   isNamed ? m_columnLabels[column] : QString(), model, false);
    }
}

void MatrixView::paintNameOnDiagonal(QPainter& painter, const QRectF& rect, int row) const
{
    const QRectF place = cellRectIn(rect, row, row).adjusted(space::kUnit, 0, 0, 0);
    const int model = m_rowModels[static_cast<std::size_t>(row)];
    const QString& detail = cellAt(row, row)->detail;
    const bool two = !detail.isEmpty() && place.height() > kTwoLines;
    const double middle = place.center().y();
    paintLabel(painter,
               two ? QRectF(place.left(), place.top() + 3, place.width(), middle - place.top())
                   : place,
               m_rowLabels[row], model, false);
    if (!two)
        return;
    painter.setFont(caption());
    painter.setPen(colors().textMuted);
    painter.drawText(QRectF(place.left() + (model >= 0 ? kMarkColumn : 0), middle + 2,
                            place.width(), place.bottom() - middle - 2),
                     Qt::AlignLeft | Qt::AlignTop | Qt::TextSingleLine, detail);
}

void MatrixView::paintCell(QPainter& painter, const QRectF& cell, const MatrixCell& content)
{
    const QRectF place = cell.adjusted(1, 1, -1, -1);
    const bool known = !std::isnan(content.value);
    if (known) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(Theme::current().heat(content.value));
        painter.drawRoundedRect(place, 4, 4);
    } else { // an outline: a ground of its own would read as a value, or as a hole
        painter.setPen(QPen(colors().line, 1));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(place.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
    }
    painter.setPen(known ? colors().text : colors().textMuted);
    // Whole or not at all: an interval that is cut is another one.
    const bool two = !content.detail.isEmpty() && place.height() > kTwoLines &&
                     textWidth(content.detail, caption()) <= place.width() - 4;
    painter.setFont(Theme::font(TextRole::BodyStrong));
    painter.drawText(two ? place.adjusted(0, 4, 0, -place.height() / 2 + 2) : place,
                     Qt::AlignCenter, content.text);
    if (!two)
        return;
    painter.setFont(caption());
    painter.drawText(place.adjusted(2, place.height() / 2 - 1, -2, -3),
                     Qt::AlignHCenter | Qt::AlignTop, content.detail);
}

/// An upright ramp with its words at the right of the first names, the strongest on top.
void MatrixView::paintLegendBeside(QPainter& painter, const QRectF& rect) const
{
    const QRectF second = cellRectIn(rect, 1, 1);
    const double top = rect.top() + space::kUnit;
    const double height =
        std::min(kUprightRamp, second.bottom() - top - space::kUnit); // clear of the third name
    const QRectF ramp(second.right() + space::kSection, top, kRampHeight, height);
    QLinearGradient colorsOfRamp(ramp.bottomLeft(), ramp.topLeft());
    colorsOfRamp.setColorAt(0, Theme::current().heat(0));
    colorsOfRamp.setColorAt(1, Theme::current().heat(1));
    painter.setBrush(colorsOfRamp);
    painter.setPen(QPen(colors().lineStrong, 1));
    painter.drawRect(ramp.adjusted(0.5, 0.5, -0.5, -0.5));
    painter.setFont(caption());
    for (int i = 0; i < 3; ++i) {
        const double at = ramp.bottom() - double(i) / 2 * (ramp.height() - 1) - 1;
        painter.fillRect(QRectF(ramp.right(), at, space::kHalf, 1), colors().lineStrong);
        painter.setPen(colors().chartInk);
        painter.drawText(QRectF(ramp.right() + space::kUnit, at - kRampHeight,
                                rect.right() - ramp.right() - space::kUnit, 2 * kRampHeight),
                         Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, m_legend[i]);
    }
}

/// A ramp as wide as the matrix with ticks and words at both ends and in the middle.
void MatrixView::paintLegend(QPainter& painter, const QRectF& rect) const
{
    const QRectF below = cellRectIn(rect, static_cast<int>(m_rowLabels.size()), 0);
    const double wide = std::max(kRampLeast, below.width() * double(m_columnLabels.size()));
    const QRectF ramp(below.left() + 1, below.top() + space::kUnit,
                      std::min(wide, rect.right() - below.left()) - 2, kRampHeight);
    QLinearGradient colorsOfRamp(ramp.topLeft(), ramp.topRight());
    colorsOfRamp.setColorAt(0, Theme::current().heat(0));
    colorsOfRamp.setColorAt(1, Theme::current().heat(1));
    painter.setBrush(colorsOfRamp);
    painter.setPen(QPen(colors().lineStrong, 1));
    painter.drawRect(ramp.adjusted(0.5, 0.5, -0.5, -0.5));
    painter.setFont(caption());
    constexpr std::array<Qt::AlignmentFlag, 3> kSides = {Qt::AlignLeft, Qt::AlignHCenter,
                                                         Qt::AlignRight};
    for (std::size_t i = 0; i < kSides.size(); ++i) {
        const double at = ramp.left() + double(i) / 2 * (ramp.width() - 1);
        painter.fillRect(QRectF(at, ramp.bottom(), 1, space::kHalf), colors().lineStrong);
        painter.setPen(colors().chartInk);
        painter.drawText(ramp.translated(0, kRampHeight + space::kHalf).adjusted(0, 0, 0, 6),
                         kSides[i] | Qt::AlignTop, m_legend[static_cast<qsizetype>(i)]);
    }
}

void MatrixView::paintEvent(QPaintEvent* event)
{
    PlotView::paintEvent(event);
    if (m_row < 0)
        return;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(hasFocus() ? colors().focus : colors().text, 2));
    painter.drawRoundedRect(cellRect(m_row, m_column).adjusted(1, 1, -1, -1), 5, 5);
}

QSize MatrixView::sizeHint() const
{
    const double names = m_isHalf ? 0 : kRowHeight;
    return {
        static_cast<int>(130 + 92 * m_columnLabels.size()),
        static_cast<int>(names + kCellHeight * double(m_rowLabels.size()) + legendHeight(width()))};
}

QSize MatrixView::minimumSizeHint() const
{
    const double names = m_isHalf ? 0 : kRowHeight;
    return {static_cast<int>(90 + kCellLeast * double(m_columnLabels.size())),
            static_cast<int>(names + 30 * double(m_rowLabels.size()) + legendHeight(width()))};
}

/// Its height depends on whether the legend has room beside.
void MatrixView::resizeEvent(QResizeEvent* event)
{
    PlotView::resizeEvent(event);
    if (isLegendBeside(event->oldSize().width()) != isLegendBeside(width()))
        updateGeometry();
    partsChanged();
}

std::optional<std::pair<int, int>> MatrixView::cellUnder(const QPointF& point) const
{
    for (const auto& [row, column] : shownCells()) {
        if (cellRect(row, column).contains(point))
            return std::pair(row, column);
    }
    return std::nullopt;
}

void MatrixView::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton)
        return PlotView::mousePressEvent(event);
    if (const auto cell = cellUnder(event->position())) {
        setCurrentCell(cell->first, cell->second);
        emit cellActivated(cell->first, cell->second);
    }
}

void MatrixView::keyPressEvent(QKeyEvent* event)
{
    const int row = std::max(0, m_row);
    const int column = std::max(0, m_column);
    switch (event->key()) {
    case Qt::Key_Left:
        setCurrentCell(row, column - 1);
        return;
    case Qt::Key_Right:
        if (!m_isHalf || column < row) // nothing is shown above the diagonal
            setCurrentCell(row, m_column < 0 ? 0 : column + 1);
        return;
    case Qt::Key_Up:
        if (!m_isHalf || column < row)
            setCurrentCell(row - 1, column);
        return;
    case Qt::Key_Down:
        setCurrentCell(m_row < 0 ? 0 : row + 1, column);
        return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Space:
        if (m_row >= 0)
            emit cellActivated(m_row, m_column);
        return;
    default:
        PlotView::keyPressEvent(event);
    }
}

bool MatrixView::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        if (const auto cell = cellUnder(help->pos())) {
            const auto [row, column] = *cell;
            QToolTip::showText(help->globalPos(), plainToolTip(cellAt(row, column)->toolTip), this,
                               cellRect(row, column).toRect());
            return true;
        }
        QToolTip::hideText();
        return true;
    }
    return PlotView::event(event);
}

} // namespace signalbox::ui
