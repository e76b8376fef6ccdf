// SPDX-License-Identifier: GPL-3.0-or-later
#include "slice_table.h"

#include <ui/kit/theme.h>
#include <ui/kit/verdict_mark.h>

#include <QHeaderView>
#include <QPainter>
#include <QStyledItemDelegate>

#include <algorithm>
#include <array>
#include <cmath>

namespace signalbox::ui {

namespace {

constexpr int kSidePx = space::kUnit;    ///< between a cell's rim and its text
constexpr int kBetweenPx = space::kUnit; ///< between value and interval
constexpr int kHeadingPx = space::kRow + space::kUnit;

/// Values right-aligned in one column, their intervals muted in the next; headings over their rows.
class SliceDelegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    /// Widest interval of each column, px.
    std::array<int, SliceTableModel::ColumnCount> details{};
    bool isCompact = false; ///< without intervals, they are in the tooltips

    [[nodiscard]] int detailRoom(int column) const
    {
        return isCompact ? 0 : details[static_cast<std::size_t>(column)];
    }

    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override
    {
        QStyledItemDelegate::initStyleOption(option, index);
        if (index.data(SliceTableModel::HeadingRole).toBool())
            option->font = Theme::font(TextRole::BodyStrong);
        if (isFigure(index) || verdictOf(index) != GateVerdict::None)
            option->text.clear(); // painted by paint(), over the background
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override
    {
        QStyledItemDelegate::paint(painter, option, index);
        paintVerdict(*painter, option.rect.adjusted(kSidePx, 0, 0, 0), verdictOf(index),
                     option.direction);
        if (!isFigure(index))
            return;
        const ThemeColors& colors = Theme::current().colors();
        const bool selected = option.state.testFlag(QStyle::State_Selected);
        const int room = detailRoom(index.column());
        painter->save();
        QRect place = option.rect.adjusted(kSidePx, 0, -kSidePx, 0);
        if (room > 0) {
            painter->setFont(Theme::font(TextRole::Small));
            painter->setPen(selected ? colors.selectionText : colors.textMuted);
            painter->drawText(place, Qt::AlignRight | Qt::AlignVCenter,
                              index.data(SliceTableModel::DetailRole).toString());
            place.setRight(place.right() - room - kBetweenPx);
        }
        painter->setFont(Theme::font(TextRole::Body));
        painter->setPen(selected ? colors.selectionText : colors.text);
        painter->drawText(place, Qt::AlignRight | Qt::AlignVCenter,
                          index.data(Qt::DisplayRole).toString());
        painter->restore();
    }

    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option,
                                 const QModelIndex& index) const override
    {
        if (verdictOf(index) != GateVerdict::None)
            return verdictSize(verdictOf(index)) + QSize(2 * kSidePx, 0);
        if (!isFigure(index))
            return QStyledItemDelegate::sizeHint(option, index) + QSize(kSidePx, 0);
        const int room = detailRoom(index.column());
        const QFontMetrics metrics(Theme::font(TextRole::Body));
        return {metrics.horizontalAdvance(index.data(Qt::DisplayRole).toString()) + 2 * kSidePx +
                    2 + (room > 0 ? room + kBetweenPx : 0),
                space::kRow};
    }

private:
    /// None for every cell but those with a verdict.
    [[nodiscard]] static GateVerdict verdictOf(const QModelIndex& index)
    {
        return static_cast<GateVerdict>(index.data(SliceTableModel::VerdictRole).toInt());
    }

    [[nodiscard]] static bool isFigure(const QModelIndex& index)
    {
        return index.column() != SliceTableModel::Name &&
               index.column() != SliceTableModel::Verdict &&
               !index.data(SliceTableModel::HeadingRole).toBool();
    }
};

} // namespace

SliceTable::SliceTable(SliceTableModel& model, QWidget* parent) : QTableView(parent), m_model(model)
{
    setAccessibleName(tr("Segments and tiers with their gates"));
    setItemDelegate(new SliceDelegate(this));
    setModel(&model);
    verticalHeader()->hide();
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    verticalHeader()->setDefaultSectionSize(space::kRow);
    horizontalHeader()->setSectionResizeMode(QHeaderView::Interactive);
    horizontalHeader()->setHighlightSections(false);
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setShowGrid(false);
    setFrameShape(QFrame::NoFrame);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&model, &QAbstractItemModel::modelReset, this, [this] { takeRows(); });
    takeRows();
}

/// Headings over the whole width, column widths for the new texts, a height for all rows.
void SliceTable::takeRows()
{
    auto* figures = static_cast<SliceDelegate*>(itemDelegate());
    const QFontMetrics metrics(Theme::font(TextRole::Small));
    figures->details = {};
    clearSpans();
    for (int row = 0; row < m_model.rowCount(); ++row) {
        const bool heading = m_model.index(row, 0).data(SliceTableModel::HeadingRole).toBool();
        setRowHeight(row, heading ? kHeadingPx : space::kRow);
        if (heading)
            setSpan(row, 0, 1, SliceTableModel::ColumnCount);
        for (int column = 0; column < SliceTableModel::ColumnCount; ++column) {
            const QString detail =
                m_model.index(row, column).data(SliceTableModel::DetailRole).toString();
            int& width = figures->details[static_cast<std::size_t>(column)];
            width = std::max(width, detail.isEmpty() ? 0 : metrics.horizontalAdvance(detail) + 2);
        }
    }
    updateGeometry();
    spreadColumns();
}

/// What the texts need, and an equal part of what is left. Where that is too little, intervals go.
void SliceTable::spreadColumns()
{
    auto* figures = static_cast<SliceDelegate*>(itemDelegate());
    std::array<int, SliceTableModel::ColumnCount> widths{};
    const auto measure = [&](bool compact) {
        figures->isCompact = compact;
        int needed = 0;
        for (int column = 0; column < SliceTableModel::ColumnCount; ++column) {
            int& width = widths[static_cast<std::size_t>(column)];
            width =
                std::max(horizontalHeader()->sectionSizeHint(column), sizeHintForColumn(column));
            needed += width;
        }
        return needed;
    };
    const int least = measure(true);
    if (least != m_leastWidth) {
        m_leastWidth = least;
        updateGeometry();
    }
    int needed = measure(false);
    if (needed > viewport()->width())
        needed = measure(true);
    const int extra = std::max(0, viewport()->width() - needed);
    for (int column = 0; column < SliceTableModel::ColumnCount; ++column)
        setColumnWidth(column, widths[static_cast<std::size_t>(column)] +
                                   extra / SliceTableModel::ColumnCount);
}

void SliceTable::resizeEvent(QResizeEvent* event)
{
    QTableView::resizeEvent(event);
    spreadColumns();
}

PlotTable SliceTable::table() const
{
    return m_model.table();
}

QSize SliceTable::sizeHint() const
{
    return {640, horizontalHeader()->sizeHint().height() + verticalHeader()->length() +
                     2 * frameWidth() + space::kHalf};
}

QSize SliceTable::minimumSizeHint() const
{
    return {m_leastWidth, sizeHint().height()}; // narrower, the page scrolls, not the table
}

} // namespace signalbox::ui
