// SPDX-License-Identifier: GPL-3.0-or-later
#include "figures_table.h"

#include <ui/kit/basic_widgets.h>
#include <ui/kit/theme.h>
#include <ui/kit/verdict_mark.h>

#include <QHeaderView>
#include <QPainter>
#include <QStyledItemDelegate>

#include <algorithm>
#include <vector>

namespace signalbox::ui {

namespace {

constexpr int kSidePx = space::kUnit;    ///< between a cell's rim and its text
constexpr int kBetweenPx = space::kUnit; ///< between value and interval
constexpr int kHeadingPx = space::kRow + space::kUnit;
constexpr int kBadgePx = 18;
constexpr int kLeastStretchPx = 150; ///< of a column that takes what is left

/// Values right-aligned in one column, their intervals muted in the next; headings over their rows.
class FiguresDelegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    std::vector<int> details; ///< widest interval of each column, px
    bool isCompact = false;   ///< without intervals, they are in the tooltips

    [[nodiscard]] int detailRoom(int column) const
    {
        return isCompact ? 0 : details[static_cast<std::size_t>(column)];
    }

    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override
    {
        QStyledItemDelegate::initStyleOption(option, index);
        if (index.data(FigureRoles::HeadingRole).toBool()) {
            option->font = Theme::font(TextRole::BodyStrong);
            option->state |= QStyle::State_Enabled; // it leads, though nobody can select it
        }
        if (isFigure(index) || verdictOf(index) != GateVerdict::None)
            option->text.clear(); // painted by paint(), over the background
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override
    {
        QStyledItemDelegate::paint(painter, option, index);
        paintVerdict(*painter, option.rect.adjusted(kSidePx, 0, 0, 0), verdictOf(index),
                     option.direction);
        paintBadgeOf(*painter, option, index);
        if (isFigure(index))
            paintFigure(*painter, option, index);
    }

    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option,
                                 const QModelIndex& index) const override
    {
        if (verdictOf(index) != GateVerdict::None)
            return verdictSize(verdictOf(index)) + QSize(2 * kSidePx, 0);
        if (!isFigure(index))
            return QStyledItemDelegate::sizeHint(option, index) +
                   QSize(kSidePx + badgeWidthOf(index), 0);
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
        return static_cast<GateVerdict>(index.data(FigureRoles::VerdictRole).toInt());
    }

    [[nodiscard]] static bool isFigure(const QModelIndex& index)
    {
        return index.data(FigureRoles::FigureRole).toBool();
    }

    [[nodiscard]] static int badgeWidthOf(const QModelIndex& index)
    {
        const QString badge = index.data(FigureRoles::BadgeRole).toString();
        return badge.isEmpty() ? 0 : static_cast<int>(badgeSize(badge).width()) + kSidePx;
    }

    static void paintBadgeOf(QPainter& painter, const QStyleOptionViewItem& option,
                             const QModelIndex& index)
    {
        const QString badge = index.data(FigureRoles::BadgeRole).toString();
        if (badge.isEmpty())
            return;
        const auto width = static_cast<int>(badgeSize(badge).width());
        const QRect place(option.rect.right() - kSidePx - width,
                          option.rect.center().y() - kBadgePx / 2 + 1, width, kBadgePx);
        painter.save();
        paintBadge(painter, QStyle::visualRect(option.direction, option.rect, place), badge,
                   static_cast<Tone>(index.data(FigureRoles::BadgeToneRole).toInt()));
        painter.restore();
    }

    void paintFigure(QPainter& painter, const QStyleOptionViewItem& option,
                     const QModelIndex& index) const
    {
        const ThemeColors& colors = Theme::current().colors();
        const bool selected = option.state.testFlag(QStyle::State_Selected);
        const int room = detailRoom(index.column());
        painter.save();
        QRect place = option.rect.adjusted(kSidePx, 0, -kSidePx, 0);
        if (room > 0) {
            painter.setFont(Theme::font(TextRole::Small));
            painter.setPen(selected ? colors.selectionText : colors.textMuted);
            painter.drawText(place, Qt::AlignRight | Qt::AlignVCenter,
                             index.data(FigureRoles::DetailRole).toString());
            place.setRight(place.right() - room - kBetweenPx);
        }
        painter.setFont(Theme::font(TextRole::Body));
        painter.setPen(selected ? colors.selectionText : colors.text);
        painter.drawText(place, Qt::AlignRight | Qt::AlignVCenter,
                         index.data(Qt::DisplayRole).toString());
        painter.restore();
    }
};

FiguresDelegate& delegateOf(const QAbstractItemView& view)
{
    return static_cast<FiguresDelegate&>(*view.itemDelegate());
}

} // namespace

FiguresTable::FiguresTable(QAbstractItemModel& model, const QString& name, QWidget* parent)
    : QTableView(parent), m_model(model)
{
    setAccessibleName(name);
    setItemDelegate(new FiguresDelegate(this));
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
void FiguresTable::takeRows()
{
    FiguresDelegate& figures = delegateOf(*this);
    const QFontMetrics metrics(Theme::font(TextRole::Small));
    const int columns = m_model.columnCount();
    figures.details.assign(static_cast<std::size_t>(columns), 0);
    clearSpans();
    for (int row = 0; row < m_model.rowCount(); ++row) {
        const bool heading = m_model.index(row, 0).data(FigureRoles::HeadingRole).toBool();
        setRowHeight(row, heading ? kHeadingPx : space::kRow);
        if (heading)
            setSpan(row, 0, 1, columns);
        for (int column = 0; column < columns; ++column) {
            const QString detail =
                m_model.index(row, column).data(FigureRoles::DetailRole).toString();
            int& width = figures.details[static_cast<std::size_t>(column)];
            width = std::max(width, detail.isEmpty() ? 0 : metrics.horizontalAdvance(detail) + 2);
        }
    }
    updateGeometry();
    spreadColumns();
}

/// What the texts need, and of what is left an equal part for each, or all of it for the one column
/// that stretches. Where that is too little, intervals go.
void FiguresTable::spreadColumns()
{
    FiguresDelegate& figures = delegateOf(*this);
    const int columns = m_model.columnCount();
    std::vector<int> widths(static_cast<std::size_t>(columns), 0);
    int stretched = -1;
    const auto measure = [&](bool compact) {
        figures.isCompact = compact;
        int needed = 0;
        for (int column = 0; column < columns; ++column) {
            int& width = widths[static_cast<std::size_t>(column)];
            width =
                std::max(horizontalHeader()->sectionSizeHint(column), sizeHintForColumn(column));
            if (m_model.headerData(column, Qt::Horizontal, FigureRoles::StretchRole).toBool()) {
                stretched = column;
                width = std::min(width, kLeastStretchPx);
            }
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
    for (int column = 0; column < columns; ++column) {
        const int share = stretched < 0 ? extra / columns : column == stretched ? extra : 0;
        setColumnWidth(column, widths[static_cast<std::size_t>(column)] + share);
    }
}

void FiguresTable::resizeEvent(QResizeEvent* event)
{
    QTableView::resizeEvent(event);
    spreadColumns();
}

QSize FiguresTable::sizeHint() const
{
    return {640, horizontalHeader()->sizeHint().height() + verticalHeader()->length() +
                     2 * frameWidth() + space::kHalf};
}

QSize FiguresTable::minimumSizeHint() const
{
    return {m_leastWidth, sizeHint().height()}; // narrower, the page scrolls, not the table
}

} // namespace signalbox::ui
