// SPDX-License-Identifier: GPL-3.0-or-later
#include "trace_view.h"

#include "trace_model.h"

#include <ui/kit/icons.h>
#include <ui/kit/theme.h>

#include <QHeaderView>
#include <QPainter>
#include <QStyledItemDelegate>

#include <algorithm>

namespace signalbox::ui {
namespace {

constexpr int kMarkPx = 14;
constexpr int kCrossPx = 8; ///< of the mark of what did not hold
constexpr int kPadPx = space::kHalf;
constexpr int kTextPx = kMarkPx + space::kHalf + kPadPx; ///< from the row's start to its words

using Outcome = TraceModel::Outcome;

/// A check, a cross or a dash, without a frame: nothing that looks as if it could be pressed.
void paintOutcome(QPainter& painter, const QRectF& place, Outcome outcome, const QColor& ink)
{
    const qreal half = kCrossPx / 2.0;
    const QPointF middle = place.center();
    painter.setPen(QPen(ink, 1.5));
    painter.setBrush(Qt::NoBrush);
    switch (outcome) {
    case Outcome::Holds:
        paintIcon(painter, place, Icon::Check, ink);
        return;
    case Outcome::Taken:
        paintIcon(painter, place, Icon::CheckCircle, ink);
        return;
    case Outcome::Fails:
    case Outcome::Passed:
        painter.drawLine(middle - QPointF(half, half), middle + QPointF(half, half));
        painter.drawLine(middle - QPointF(half, -half), middle + QPointF(half, -half));
        return;
    case Outcome::NotAsked:
    case Outcome::Off:
    case Outcome::WouldHold:
    case Outcome::WouldFail:
        painter.drawLine(middle - QPointF(half, 0), middle + QPointF(half, 0));
        return;
    }
}

/// Mark, name and result in one line, value and what was asked for in a second one.
class TraceDelegate final : public QStyledItemDelegate
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
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setLayoutDirection(option.direction);
        QRect first = option.rect.adjusted(kPadPx, kPadPx, -kPadPx, -kPadPx);
        const bool hasSecond = !valueOf(index).isEmpty();
        if (hasSecond)
            first.setHeight(metricsOf(TextRole::BodyStrong).lineSpacing());
        paintFirst(*painter, option, index, first);
        if (hasSecond)
            paintSecond(*painter, option, index,
                        option.rect.adjusted(kTextPx, first.height() + kPadPx, -kPadPx, -kPadPx));
        painter->restore();
    }

    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& /*option*/,
                                 const QModelIndex& index) const override
    {
        const QFontMetrics first = metricsOf(TextRole::BodyStrong);
        const int second = valueOf(index).isEmpty() ? 0 : metricsOf(TextRole::Small).lineSpacing();
        return {kTextPx + first.horizontalAdvance(index.data().toString()) + kPadPx,
                std::max(first.lineSpacing() + second + 2 * kPadPx, space::kRow - 2)};
    }

private:
    [[nodiscard]] static QFontMetrics metricsOf(TextRole role)
    {
        return QFontMetrics(Theme::font(role));
    }

    /// The value of the request, for the second line; of a row without a result it stands at the
    /// right of the first.
    [[nodiscard]] static QString valueOf(const QModelIndex& index)
    {
        return index.data(TraceModel::OutcomeRole).isValid()
                   ? index.siblingAtColumn(TraceModel::Saw).data().toString()
                   : QString();
    }

    [[nodiscard]] static QString resultOf(const QModelIndex& index)
    {
        const int column =
            index.data(TraceModel::OutcomeRole).isValid() ? TraceModel::Result : TraceModel::Saw;
        return index.siblingAtColumn(column).data().toString();
    }

    [[nodiscard]] static QColor inkOf(const QStyleOptionViewItem& option, const QColor& usual)
    {
        return option.state.testFlag(QStyle::State_Selected)
                   ? Theme::current().colors().selectionText
                   : usual;
    }

    static void paintFirst(QPainter& painter, const QStyleOptionViewItem& option,
                           const QModelIndex& index, const QRect& line)
    {
        const ThemeColors& colors = Theme::current().colors();
        const auto place = [&](const QRect& logical) {
            return QStyle::visualRect(option.direction, option.rect, logical);
        };
        const QVariant value = index.data(TraceModel::OutcomeRole);
        const auto outcome = static_cast<Outcome>(value.toInt());
        const bool isGood = outcome == Outcome::Taken || outcome == Outcome::Holds;
        if (value.isValid())
            paintOutcome(
                painter,
                place({line.left(), line.center().y() - kMarkPx / 2 + 1, kMarkPx, kMarkPx}),
                outcome, inkOf(option, isGood ? colors.positive.ink : colors.textMuted));
        const QString result = resultOf(index);
        const int room = metricsOf(TextRole::Small).horizontalAdvance(result) + 1;
        painter.setFont(Theme::font(TextRole::Small));
        painter.setPen(inkOf(option, !value.isValid() ? colors.text
                                     : isGood         ? colors.positive.ink
                                                      : colors.textMuted));
        painter.drawText(place(line), Qt::AlignRight | Qt::AlignVCenter, result);
        const bool isLane = !index.parent().isValid();
        const QFont font = Theme::font(isLane ? TextRole::BodyStrong : TextRole::Body);
        const QRect name = line.adjusted(kTextPx - kPadPx, 0, -room - space::kUnit, 0);
        painter.setFont(font);
        painter.setPen(inkOf(option, colors.text));
        painter.drawText(
            place(name), Qt::AlignLeft | Qt::AlignVCenter,
            QFontMetrics(font).elidedText(index.data().toString(), Qt::ElideRight, name.width()));
    }

    /// What the request had leads; what was asked for is muted behind it.
    static void paintSecond(QPainter& painter, const QStyleOptionViewItem& option,
                            const QModelIndex& index, const QRect& line)
    {
        const ThemeColors& colors = Theme::current().colors();
        const auto place = [&](const QRect& logical) {
            return QStyle::visualRect(option.direction, option.rect, logical);
        };
        const QString asked = index.data(TraceModel::DetailRole).toString();
        const QString value =
            asked.isEmpty() ? TraceModel::tr("it was %1").arg(valueOf(index)) : valueOf(index);
        const QFontMetrics metrics = metricsOf(TextRole::Small);
        const int width = std::min(metrics.horizontalAdvance(value) + 1, line.width());
        painter.setFont(Theme::font(TextRole::Small));
        painter.setPen(inkOf(option, asked.isEmpty() ? colors.textMuted : colors.text));
        painter.drawText(place({line.left(), line.top(), width, line.height()}),
                         Qt::AlignLeft | Qt::AlignVCenter,
                         metrics.elidedText(value, Qt::ElideRight, width));
        if (asked.isEmpty())
            return;
        const QRect rest = line.adjusted(width, 0, 0, 0);
        painter.setPen(inkOf(option, colors.textMuted));
        painter.drawText(
            place(rest), Qt::AlignLeft | Qt::AlignVCenter,
            metrics.elidedText(QStringLiteral("  ·  ") + asked, Qt::ElideRight, rest.width()));
    }
};

} // namespace

TraceView::TraceView(QWidget* parent) : QTreeView(parent)
{
    setObjectName(QStringLiteral("traceTree"));
    setAccessibleName(tr("Conditions and the values they saw"));
    setItemDelegate(new TraceDelegate(this));
    setHeaderHidden(true);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setIndentation(space::kGap);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    header()->setStretchLastSection(false);
    connect(this, &QTreeView::expanded, this, [this] { updateGeometry(); });
    connect(this, &QTreeView::collapsed, this, [this] { updateGeometry(); });
}

/// Everything of a row is painted with its name: a panel has no room for columns.
void TraceView::setModel(QAbstractItemModel* model)
{
    QTreeView::setModel(model);
    header()->setSectionResizeMode(TraceModel::Step, QHeaderView::Stretch);
    for (const int column : {TraceModel::Saw, TraceModel::Asked, TraceModel::Result})
        setColumnHidden(column, true);
}

QSize TraceView::sizeHint() const
{
    int height = 2 * frameWidth() + 2;
    QModelIndex index = model() && model()->rowCount() > 0 ? model()->index(0, 0) : QModelIndex();
    for (; index.isValid(); index = indexBelow(index))
        height += indexRowSizeHint(index);
    return {260, height};
}

QSize TraceView::minimumSizeHint() const
{
    return {100, sizeHint().height()};
}

} // namespace signalbox::ui
