// SPDX-License-Identifier: GPL-3.0-or-later
#include "behaviour_table.h"

#include "behaviour_words.h"
#include "policy_words.h"

#include <ui/kit/basic_widgets.h>
#include <ui/kit/format.h>
#include <ui/kit/theme.h>

#include <QHeaderView>
#include <QPainter>
#include <QStyledItemDelegate>

#include <algorithm>
#include <numeric>
#include <optional>
#include <vector>

namespace signalbox::ui {
namespace {

constexpr int kRowPx = 40; ///< a number and its interval
constexpr int kSidePx = space::kUnit;
constexpr int kLeastNamePx = 104;

using Difference = BehaviourWords::Difference;

std::optional<Difference> differenceIn(const BehaviourSlice& slice, int column)
{
    switch (column) {
    case BehaviourTableModel::Cost:
        return BehaviourWords::cost(slice);
    case BehaviourTableModel::Latency:
        return BehaviourWords::latency(slice);
    case BehaviourTableModel::Satisfied:
        return BehaviourWords::satisfaction(slice);
    case BehaviourTableModel::Consistency:
        return BehaviourWords::consistency(slice);
    default:
        return std::nullopt;
    }
}

/// The numbers behind a difference, and why none is shown where none is.
QString withDoubt(const QString& levels, const Difference& difference)
{
    const bool isOpen =
        difference.sense == Difference::Sense::None && !difference.interval.isEmpty();
    return isOpen ? levels + QLatin1Char('\n') +
                        BehaviourTableModel::tr("No change is shown: the 95 % interval, %1, spans "
                                                "zero.")
                            .arg(difference.interval)
                  : levels;
}

/// A number with a muted line beneath; ink of its sense where the data show one, which its sign
/// says, too.
class TwoLineDelegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override
    {
        QStyledItemDelegate::initStyleOption(option, index);
        option->text.clear(); // painted by paint(), over the background
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override
    {
        QStyledItemDelegate::paint(painter, option, index);
        const ThemeColors& colors = Theme::current().colors();
        const bool isSelected = option.state.testFlag(QStyle::State_Selected);
        const auto sense =
            static_cast<Difference::Sense>(index.data(BehaviourTableModel::SenseRole).toInt());
        const QColor ink = isSelected                           ? colors.selectionText
                           : sense == Difference::Sense::Better ? colors.positive.ink
                           : sense == Difference::Sense::Worse  ? colors.negative.ink
                                                                : colors.text;
        const QString detail = index.data(BehaviourTableModel::DetailRole).toString();
        const QRect place = option.rect.adjusted(kSidePx, 3, -kSidePx, -3);
        const Qt::Alignment side =
            index.column() == BehaviourTableModel::Name ? Qt::AlignLeft : Qt::AlignRight;
        const bool strong = index.data(BehaviourTableModel::TotalRole).toBool();
        painter->save();
        const QFont font = Theme::font(strong ? TextRole::BodyStrong : TextRole::Body);
        painter->setFont(font);
        painter->setPen(ink);
        painter->drawText(
            place, side | Qt::AlignTop,
            QFontMetrics(font).elidedText(index.data().toString(), Qt::ElideRight, place.width()));
        // Whole or not at all: an interval that is cut is another one.
        const QFont small = Theme::font(TextRole::Caption);
        if (QFontMetrics(small).horizontalAdvance(detail) <= place.width()) {
            painter->setFont(small);
            painter->setPen(isSelected ? colors.selectionText : colors.textMuted);
            painter->drawText(place, side | Qt::AlignBottom, detail);
        }
        painter->restore();
    }

    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& /*option*/,
                                 const QModelIndex& index) const override
    {
        const QFontMetrics body(Theme::font(TextRole::BodyStrong));
        const QFontMetrics small(Theme::font(TextRole::Caption));
        return {std::max(body.horizontalAdvance(index.data().toString()),
                         small.horizontalAdvance(
                             index.data(BehaviourTableModel::DetailRole).toString())) +
                    2 * kSidePx + 2,
                kRowPx};
    }
};

} // namespace

void BehaviourTableModel::setDiff(const BehaviourDiff* diff)
{
    beginResetModel();
    m_rows.clear();
    m_isQuick = diff && diff->quick;
    if (diff) {
        m_rows = diff->segments;
        std::ranges::stable_sort(m_rows, [](const BehaviourSlice& a, const BehaviourSlice& b) {
            return a.courseChanged > b.courseChanged;
        });
        m_rows.insert(m_rows.begin(), diff->total);
    }
    endResetModel();
}

int BehaviourTableModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int BehaviourTableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString BehaviourTableModel::text(const BehaviourSlice& slice, int column) const
{
    if (column == Name)
        return slice.name.empty() ? tr("All requests") : PolicyWords::text(slice.name);
    if (column == Requests)
        return format::count(qint64(slice.modelChanged));
    if (column == Seams)
        return slice.seamsGained == 0 && slice.seamsLost == 0
                   ? QStringLiteral("±") + format::count(0)
                   : tr("+%1 −%2", "seams gained, lost")
                         .arg(format::count(qint64(slice.seamsGained)),
                              format::count(qint64(slice.seamsLost)));
    const auto difference = differenceIn(slice, column);
    return difference ? difference->value : QString();
}

QString BehaviourTableModel::detail(const BehaviourSlice& slice, int column) const
{
    if (column == Name)
        return tr("%1 requests").arg(format::count(qint64(slice.requests)));
    if (column == Requests)
        return slice.modelChanged == 0
                   ? QString()
                   : PolicyWords::share(double(slice.modelChanged) / double(slice.requests));
    if (column == Seams)
        return tr("%1 → %2", "seams before, after")
            .arg(format::count(qint64(slice.seamsBefore)), format::count(qint64(slice.seamsAfter)));
    const auto difference = differenceIn(slice, column);
    if (difference && difference->isKnown && m_isQuick)
        return tr("interval to come");
    return difference ? difference->interval : QString();
}

QString BehaviourTableModel::toolTip(const BehaviourSlice& slice, int column)
{
    switch (column) {
    case Requests:
        return tr("%1 are answered by another model, %2 are asked at another one first, %3 are "
                  "taken by another rule; of %4.")
            .arg(format::count(qint64(slice.modelChanged)),
                 format::count(qint64(slice.tierChanged)), format::count(qint64(slice.ruleChanged)),
                 format::count(qint64(slice.requests)));
    case Cost:
        return withDoubt(BehaviourWords::costLevels(slice), BehaviourWords::cost(slice));
    case Latency:
        return withDoubt(BehaviourWords::latencyLevels(slice), BehaviourWords::latency(slice));
    case Satisfied:
        return withDoubt(BehaviourWords::satisfactionLevels(slice),
                         BehaviourWords::satisfaction(slice));
    case Consistency:
        return withDoubt(BehaviourWords::consistencyLevels(slice),
                         BehaviourWords::consistency(slice));
    default:
        return {};
    }
}

QVariant BehaviourTableModel::data(const QModelIndex& index, int role) const
{
    if (!hasIndex(index.row(), index.column(), index.parent()))
        return {};
    const BehaviourSlice& slice = m_rows[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        return text(slice, index.column());
    case DetailRole:
        return detail(slice, index.column());
    case Qt::AccessibleTextRole: {
        const QString more = detail(slice, index.column());
        return more.isEmpty()
                   ? text(slice, index.column())
                   : tr("%1, %2", "number, interval").arg(text(slice, index.column()), more);
    }
    case SenseRole: {
        const auto difference = differenceIn(slice, index.column());
        return static_cast<int>(difference && !m_isQuick ? difference->sense
                                                         : Difference::Sense::None);
    }
    case TotalRole:
        return slice.name.empty() && index.row() == 0;
    case Qt::ToolTipRole: {
        const QString words = toolTip(slice, index.column());
        return words.isEmpty() ? QVariant() : plainToolTip(words);
    }
    case Qt::TextAlignmentRole:
        return QVariant((index.column() == Name ? Qt::AlignLeft : Qt::AlignRight) |
                        Qt::AlignVCenter);
    default:
        return {};
    }
}

QVariant BehaviourTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant((section == Name ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole) {
        switch (section) {
        case Requests:
            return plainToolTip(tr("Requests that another model answers than before"));
        case Satisfied:
            return plainToolTip(tr("Change of the share of satisfied requests, in points"));
        case Consistency:
            return plainToolTip(tr("Change of the consistency of voices, of 100"));
        case Seams:
            return plainToolTip(
                tr("Answers that come from another model than the one before in their "
                   "conversation: gained and lost"));
        default:
            return {};
        }
    }
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name:
        return tr("Part of the traffic");
    case Requests:
        return tr("Requests moved");
    case Cost:
        return tr("Cost");
    case Latency:
        return tr("p95 latency");
    case Satisfied:
        return tr("Satisfied");
    case Consistency:
        return tr("Consistency");
    case Seams:
        return tr("Seams");
    default:
        return {};
    }
}

BehaviourTable::BehaviourTable(BehaviourTableModel& model, QWidget* parent) : QTableView(parent)
{
    setObjectName(QStringLiteral("behaviourTable"));
    setAccessibleName(tr("What changes, by part of the traffic"));
    setModel(&model);
    setItemDelegate(new TwoLineDelegate(this));
    setFrameShape(QFrame::NoFrame);
    setShowGrid(false);
    setTabKeyNavigation(false);
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setSelectionMode(QAbstractItemView::SingleSelection);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    verticalHeader()->hide();
    verticalHeader()->setDefaultSectionSize(kRowPx);
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    connect(&model, &QAbstractItemModel::modelReset, this, [this] {
        updateGeometry();
        fitColumns();
    });
}

/// Each column as wide as its widest number, and what is left shared out. Where the table is too
/// narrow the names give way first, then all columns.
void BehaviourTable::fitColumns()
{
    std::vector<int> widths;
    for (int column = 0; column < model()->columnCount(); ++column)
        widths.push_back(
            std::max(sizeHintForColumn(column), horizontalHeader()->sectionSizeHint(column)));
    const auto left = [&] {
        return viewport()->width() - std::accumulate(widths.begin(), widths.end(), 0);
    };
    if (left() < 0) {
        int& name = widths[BehaviourTableModel::Name];
        name = std::max(kLeastNamePx, name + left());
    }
    const int each = left() / static_cast<int>(widths.size());
    for (int column = 0; column < model()->columnCount(); ++column)
        horizontalHeader()->resizeSection(column, widths[static_cast<std::size_t>(column)] + each);
}

void BehaviourTable::resizeEvent(QResizeEvent* event)
{
    QTableView::resizeEvent(event);
    fitColumns();
}

void BehaviourTable::changeEvent(QEvent* event)
{
    QTableView::changeEvent(event);
    if (event->type() == QEvent::StyleChange || event->type() == QEvent::FontChange)
        fitColumns();
}

QSize BehaviourTable::sizeHint() const
{
    return {640, horizontalHeader()->sizeHint().height() + model()->rowCount() * kRowPx};
}

QSize BehaviourTable::minimumSizeHint() const
{
    return {480, sizeHint().height()};
}

} // namespace signalbox::ui
