// SPDX-License-Identifier: GPL-3.0-or-later
#include "plot_table_view.h"

#include "basic_widgets.h"
#include "spreadsheet_text.h"

#include <QApplication>
#include <QClipboard>
#include <QHeaderView>
#include <QKeyEvent>
#include <QScrollBar>

#include <algorithm>
#include <cmath>

namespace signalbox::ui {

namespace {

constexpr int kRowPx = 28;
constexpr int kLeastLastPx = 120;
constexpr int kRawRole = Qt::UserRole;

/// "83.4", "0.153", "12,345": four figures at most, fewer behind the point the larger it is.
QString shortNumber(double value)
{
    const double size = std::abs(value);
    const int decimals = value == std::round(value) ? 0
                         : size >= 1000             ? 0
                         : size >= 10               ? 1
                         : size >= 1                ? 2
                                                    : 3;
    return format::number(value, decimals);
}

/// With the places that the table wants, if it does.
QString shownNumber(double value, const PlotTable& table, int row, int column)
{
    const int places = table.placesAt(static_cast<std::size_t>(row), column);
    return places < 0 ? shortNumber(value) : format::number(value, places);
}

} // namespace

PlotTableView::PlotTableView(QWidget* parent) : QTableWidget(parent)
{
    setEditTriggers(NoEditTriggers);
    setSelectionMode(ContiguousSelection);
    setWordWrap(false);
    setShowGrid(false);
    setAlternatingRowColors(true);
    verticalHeader()->hide();
    verticalHeader()->setDefaultSectionSize(kRowPx);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setStretchLastSection(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void PlotTableView::setTable(const PlotTable& table, const QString& name)
{
    setAccessibleName(name);
    clear();
    setColumnCount(static_cast<int>(table.columns.size()));
    setRowCount(static_cast<int>(table.rows.size()));
    setHorizontalHeaderLabels(table.columns);
    for (int row = 0; row < rowCount(); ++row) {
        const QStringList& cells = table.rows[static_cast<std::size_t>(row)];
        for (int column = 0; column < columnCount(); ++column) {
            const QString raw = cells.value(column);
            bool isNumber = false;
            const double value = raw.toDouble(&isNumber);
            const bool isShown = isNumber && std::isfinite(value);
            auto* item = new QTableWidgetItem(isShown    ? shownNumber(value, table, row, column)
                                              : isNumber ? QStringLiteral("\u2013")
                                                         : raw);
            item->setData(kRawRole, raw);
            const bool isLong = !isNumber && column + 1 == columnCount(); // may be cut off
            if ((isShown && item->text() != raw) || isLong)
                item->setToolTip(isLong ? plainToolTip(raw) : raw);
            setItem(row, column, item);
        }
    }
    for (int column = 0; column < columnCount(); ++column)
        alignColumn(column);
    resizeColumnsToContents();
    setColumnWidth(columnCount() - 1, kLeastLastPx); // it takes what is left
    updateGeometry();
}

void PlotTableView::setMostRows(int rows)
{
    m_mostRows = rows;
    updateGeometry();
}

/// Numbers to the right, and what stands among them.
void PlotTableView::alignColumn(int column)
{
    bool isNumeric = false;
    for (int row = 0; row < rowCount() && !isNumeric; ++row) {
        QString text = item(row, column)->data(kRawRole).toString();
        text.remove(QLatin1Char('%'));
        text.trimmed().toDouble(&isNumeric);
    }
    const Qt::Alignment side = isNumeric ? Qt::AlignRight : Qt::AlignLeft;
    for (int row = 0; row < rowCount(); ++row)
        item(row, column)->setTextAlignment(side | Qt::AlignVCenter);
    horizontalHeaderItem(column)->setTextAlignment(side | Qt::AlignVCenter);
}

QSize PlotTableView::sizeHint() const
{
    const int rows = std::min(rowCount(), m_mostRows);
    return {420,
            horizontalHeader()->sizeHint().height() + rows * kRowPx + 2 * frameWidth() +
                (horizontalScrollBar()->maximum() > 0 ? horizontalScrollBar()->sizeHint().height()
                                                      : 0)};
}

void PlotTableView::keyPressEvent(QKeyEvent* event)
{
    if (event->matches(QKeySequence::Copy))
        copySelection();
    else
        QTableWidget::keyPressEvent(event);
}

/// As tab-separated text, which spreadsheets take; all of it if nothing is selected.
void PlotTableView::copySelection() const
{
    QList<QTableWidgetSelectionRange> ranges = selectedRanges();
    if (ranges.isEmpty())
        ranges << QTableWidgetSelectionRange(0, 0, rowCount() - 1, columnCount() - 1);
    QStringList lines;
    for (const QTableWidgetSelectionRange& range : std::as_const(ranges)) {
        for (int row = range.topRow(); row <= range.bottomRow(); ++row) {
            QStringList cells;
            for (int column = range.leftColumn(); column <= range.rightColumn(); ++column)
                cells << clipboardCell(item(row, column)->data(kRawRole).toString());
            lines << cells.join(QLatin1Char('\t'));
        }
    }
    QApplication::clipboard()->setText(lines.join(QLatin1Char('\n')));
}

} // namespace signalbox::ui
