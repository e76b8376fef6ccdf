// SPDX-License-Identifier: GPL-3.0-or-later
#include "basic_widgets.h"
#include "plot_parts.h"
#include "plots.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QLinearGradient>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace signalbox::ui {

using namespace plot;

namespace {

constexpr double kCellHeight = 44;
constexpr double kCellLeast = 44;
constexpr double kNameLeast = 72; ///< of a column, for a name that is cut
constexpr double kLegendHeight = 44;
constexpr double kRampHeight = 10;
constexpr double kRampLeast = 240;

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

double MatrixView::legendHeight() const
{
    return m_legend.isEmpty() ? 0 : kLegendHeight;
}

const MatrixCell* MatrixView::cellAt(int row, int column) const
{
    if (row < 0 || column < 0 || row >= m_rowLabels.size() || column >= m_columnLabels.size())
        return nullptr;
    return &m_cells[static_cast<std::size_t>(row * m_columnLabels.size() + column)];
}

void MatrixView::setCurrentCell(int row, int column)
{
    const MatrixCell* cell = cellAt(row, column);
    if (!cell || (row == m_row && column == m_column))
        return;
    m_row = row;
    m_column = column;
    setAccessibleDescription(
        tr("%1 against %2: %3 %4", "row, column, value, interval")
            .arg(m_rowLabels[row], m_columnLabels[column], cell->text, cell->detail));
    update();
    emit currentCellChanged(row, column);
}

QRectF MatrixView::cellRect(int row, int column) const
{
    return cellRectIn(QRectF(rect()), row, column);
}

QRectF MatrixView::cellRectIn(const QRectF& rect, int row, int column) const
{
    if (m_columnLabels.isEmpty() || m_rowLabels.isEmpty())
        return {};
    double labels = 0;
    for (qsizetype i = 0; i < m_rowLabels.size(); ++i)
        labels =
            std::max(labels, textWidth(m_rowLabels[i], small()) +
                                 (m_rowModels[static_cast<std::size_t>(i)] >= 0 ? kMarkColumn : 0));
    labels = std::min(std::ceil(labels) + space::kGap, rect.width() * 0.35);
    const double width = std::min((rect.width() - labels) / double(m_columnLabels.size()), 140.0);
    const double height =
        std::min((rect.height() - kRowHeight - legendHeight()) / double(m_rowLabels.size()), 64.0);
    return {rect.left() + labels + width * column, rect.top() + kRowHeight + height * row, width,
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
    for (int row = 0; row < m_rowLabels.size(); ++row) {
        const QRectF first = cellRectIn(rect, row, 0);
        paintLabel(painter,
                   QRectF(rect.left(), first.top(), first.left() - rect.left(), first.height()),
                   m_rowLabels[row], m_rowModels[static_cast<std::size_t>(row)], false);
        for (int column = 0; column < m_columnLabels.size(); ++column) {
            const MatrixCell* cell = cellAt(row, column);
            const QRectF place = cellRectIn(rect, row, column).adjusted(1, 1, -1, -1);
            const bool known = !std::isnan(cell->value);
            const QColor fill = Theme::current().heat(cell->value);
            if (known) {
                painter.setPen(Qt::NoPen);
                painter.setBrush(fill);
                painter.drawRoundedRect(place, 4, 4);
            } else { // an outline: a ground of its own would read as a value, or as a hole
                painter.setPen(QPen(colors().line, 1));
                painter.setBrush(Qt::NoBrush);
                painter.drawRoundedRect(place.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
            }
            painter.setPen(known ? colors().text : colors().textMuted);
            // Whole or not at all: an interval that is cut is another one.
            const bool two = !cell->detail.isEmpty() && place.height() > 34 &&
                             textWidth(cell->detail, caption()) <= place.width() - 4;
            painter.setFont(Theme::font(TextRole::BodyStrong));
            painter.drawText(two ? place.adjusted(0, 4, 0, -place.height() / 2 + 2) : place,
                             Qt::AlignCenter, cell->text);
            if (two) {
                painter.setFont(caption());
                painter.drawText(place.adjusted(2, place.height() / 2 - 1, -2, -3),
                                 Qt::AlignHCenter | Qt::AlignTop, cell->detail);
            }
        }
    }
    if (!m_legend.isEmpty())
        paintLegend(painter, rect);
    painter.restore();
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
    return {
        static_cast<int>(130 + 92 * m_columnLabels.size()),
        static_cast<int>(kRowHeight + kCellHeight * double(m_rowLabels.size()) + legendHeight())};
}

QSize MatrixView::minimumSizeHint() const
{
    return {static_cast<int>(90 + kCellLeast * double(m_columnLabels.size())),
            static_cast<int>(kRowHeight + 30 * double(m_rowLabels.size()) + legendHeight())};
}

void MatrixView::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton)
        return PlotView::mousePressEvent(event);
    for (int row = 0; row < m_rowLabels.size(); ++row) {
        for (int column = 0; column < m_columnLabels.size(); ++column) {
            if (cellRect(row, column).contains(event->position())) {
                setCurrentCell(row, column);
                emit cellActivated(row, column);
                return;
            }
        }
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
        setCurrentCell(row, m_column < 0 ? 0 : column + 1);
        return;
    case Qt::Key_Up:
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
        for (int row = 0; row < m_rowLabels.size(); ++row) {
            for (int column = 0; column < m_columnLabels.size(); ++column) {
                const QRectF place = cellRect(row, column);
                if (!place.contains(help->pos()))
                    continue;
                const QString text = cellAt(row, column)->toolTip;
                QToolTip::showText(help->globalPos(), plainToolTip(text), this, place.toRect());
                return true;
            }
        }
        QToolTip::hideText();
        return true;
    }
    return PlotView::event(event);
}

} // namespace signalbox::ui
