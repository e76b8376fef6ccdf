// SPDX-License-Identifier: GPL-3.0-or-later
#include "model_header.h"

#include "answer_delegate.h"

#include <ui/kit/format.h>
#include <ui/kit/icons.h>
#include <ui/kit/model_look.h>
#include <ui/kit/text_views.h>
#include <ui/kit/theme.h>
#include <ui/models/lab_table_model.h>

#include <QFontMetrics>
#include <QIcon>
#include <QPainter>
#include <QScrollBar>

#include <algorithm>

namespace signalbox::ui {

ModelHeader::ModelHeader(QWidget* parent) : QHeaderView(Qt::Horizontal, parent)
{
    setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    setSectionResizeMode(QHeaderView::Stretch);
    setMinimumSectionSize(kLeastWidthPx);
    setAccessibleName(tr("Models"));
}

void ModelHeader::followSideways(QScrollBar* bar)
{
    // What it shows is moved as it is; the first section is where it was.
    connect(bar, &QScrollBar::valueChanged, viewport(), qOverload<>(&QWidget::update));
}

void ModelHeader::setModel(QAbstractItemModel* model)
{
    QHeaderView::setModel(model);
    if (model)
        connect(model, &QAbstractItemModel::modelReset, this, &ModelHeader::shareWidth);
    shareWidth();
}

void ModelHeader::shareWidth()
{
    if (count() == 0)
        return;
    setSectionResizeMode(0, QHeaderView::Fixed);
    resizeSection(0, kPromptWidthPx);
}

void ModelHeader::resizeEvent(QResizeEvent* event)
{
    shareWidth();
    QHeaderView::resizeEvent(event);
}

/// How many answers of the model failed, at the end of the section: in words, or where these would
/// cut the name as a number behind the sign for it.
/// @param inner      the section's, from edge to edge
/// @param rest       room of the name, which gets narrower
/// @param nameWidth  px that the name takes
void ModelHeader::paintFailed(QPainter& painter, const QRect& inner, QRect& rest, int nameWidth,
                              int section) const
{
    const int failed =
        model()->headerData(section, orientation(), LabTableModel::FailedCountRole).toInt();
    if (failed == 0)
        return;
    const QFont small = Theme::font(TextRole::Small);
    const auto widthOf = [&](const QString& text) {
        return QFontMetrics(small).horizontalAdvance(text) + 1;
    };
    QString words = tr("%n failed", "answers", failed);
    const bool isShort = nameWidth + space::kUnit + widthOf(words) > rest.width();
    if (isShort)
        words = format::count(failed);
    const int sign = isShort ? kModelMarkPx + space::kTiny : 0;
    const int width = sign + widthOf(words);
    if (2 * width > rest.width())
        return; // the name first; the cells say it too
    const QRect place(rest.right() - width + 1, rest.top(), width, rest.height());
    const QRect picture(place.left(), place.center().y() - kModelMarkPx / 2, kModelMarkPx,
                        kModelMarkPx);
    if (isShort)
        icon(Icon::Warning, Tone::Negative).paint(&painter, turned(picture, inner));
    painter.setFont(small);
    painter.setPen(Theme::current().colors().negative.ink);
    painter.drawText(turned(place, inner), Qt::AlignRight | Qt::AlignVCenter | Qt::TextSingleLine,
                     words);
    rest.setRight(place.left() - space::kUnit);
}

/// What the numbers below an answer are, where the columns have no room to say so at each.
/// @param rest  of the first section, behind its name
void ModelHeader::paintLegend(QPainter& painter, const QRect& rest) const
{
    if (count() < 2)
        return;
    const QString legend =
        AnswerDelegate::namesOfShortFacts(sectionSize(1)).join(tr(", ", "between names"));
    const QFont small = Theme::font(TextRole::Small);
    if (legend.isEmpty() || QFontMetrics(small).horizontalAdvance(legend) > rest.width())
        return;
    painter.setFont(small);
    painter.setPen(Theme::current().colors().textMuted);
    painter.drawText(rest, Qt::AlignRight | Qt::AlignVCenter | Qt::TextSingleLine, legend);
}

/// How much of a section lies behind the first one.
int ModelHeader::hiddenPx(const QRect& rect, int section) const
{
    if (section == 0 || offset() == 0)
        return 0;
    const QRect whole = viewport()->rect();
    const QRect place = QStyle::visualRect(layoutDirection(), whole, rect);
    return std::max(0, sectionSize(0) - (place.left() - whole.left()));
}

/// Sections are laid out from the left, and turned over as a whole where one reads from the right.
QRect ModelHeader::turned(const QRect& place, const QRect& inner) const
{
    return QStyle::visualRect(layoutDirection(), inner, place);
}

/// The first section stays, as the column below it does.
void ModelHeader::paintEvent(QPaintEvent* event)
{
    QHeaderView::paintEvent(event);
    if (offset() == 0 || count() == 0)
        return;
    const QRect whole = viewport()->rect();
    QPainter painter(viewport());
    paintSection(
        &painter,
        QStyle::visualRect(layoutDirection(), whole, QRect(0, 0, sectionSize(0), whole.height())),
        0);
}

void ModelHeader::paintSection(QPainter* painter, const QRect& rect, int section) const
{
    painter->save();
    const ThemeColors& colors = Theme::current().colors();
    painter->fillRect(rect, colors.window);
    painter->fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), colors.line);
    if (section + 1 < count())
        painter->fillRect(
            QRect(rect.right(), rect.top() + space::kUnit, 1, rect.height() - 2 * space::kUnit),
            colors.line);
    const QRect inner = AnswerCellGeometry::of(rect, section).text;
    QRect text(inner.left(), rect.top(), inner.width(), rect.height());
    // Half behind the prompts, the name stays beside them.
    if (const int behind = hiddenPx(rect, section); behind > 0)
        text.setLeft(text.left() + std::min(behind, std::max(0, text.width() - kModelMarkPx)));
    const QIcon mark =
        model()->headerData(section, orientation(), Qt::DecorationRole).value<QIcon>();
    if (!mark.isNull()) {
        mark.paint(painter, turned(QRect(text.left(), text.center().y() - kModelMarkPx / 2,
                                         kModelMarkPx, kModelMarkPx),
                                   inner));
        text.setLeft(text.left() + kModelMarkPx + space::kUnit);
    }
    QFont strong = Theme::font(TextRole::Body);
    strong.setWeight(QFont::DemiBold);
    const QFontMetrics metrics(strong);
    const QString name =
        withVisibleControls(model()->headerData(section, orientation()).toString());
    paintFailed(*painter, inner, text, metrics.horizontalAdvance(name), section);
    painter->setFont(strong);
    painter->setPen(colors.text);
    // In the middle: what tells two versions of a model apart stands at the end.
    painter->drawText(turned(text, inner), Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                      metrics.elidedText(name, Qt::ElideMiddle, text.width()));
    if (section == 0)
        paintLegend(
            *painter,
            turned(text.adjusted(metrics.horizontalAdvance(name) + space::kUnit, 0, 0, 0), inner));
    painter->restore();
}

} // namespace signalbox::ui
