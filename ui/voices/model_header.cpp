// SPDX-License-Identifier: GPL-3.0-or-later
#include "model_header.h"

#include "answer_delegate.h"

#include <ui/kit/text_views.h>
#include <ui/kit/theme.h>
#include <ui/models/lab_table_model.h>

#include <QFontMetrics>
#include <QIcon>
#include <QPainter>

#include <algorithm>

namespace signalbox::ui {

namespace {

constexpr int kMarkPx = 14;
constexpr int kLeastWidthPx = 150;

} // namespace

ModelHeader::ModelHeader(QWidget* parent) : QHeaderView(Qt::Horizontal, parent)
{
    setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    setSectionResizeMode(QHeaderView::Stretch);
    setMinimumSectionSize(kLeastWidthPx); // more models are scrolled to
    setAccessibleName(tr("Models"));
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
    resizeSection(0, std::clamp(width() / count(), minimumSectionSize(), kPromptWidthPx));
}

void ModelHeader::resizeEvent(QResizeEvent* event)
{
    shareWidth();
    QHeaderView::resizeEvent(event);
}

/// How many answers of the model failed, at the end of its section, which gets narrower.
void ModelHeader::paintFailed(QPainter& painter, QRect& rest, int section) const
{
    const int failed =
        model()->headerData(section, orientation(), LabTableModel::FailedCountRole).toInt();
    if (failed == 0)
        return;
    const QString words = tr("%n failed", "answers", failed);
    const QFont small = Theme::font(TextRole::Small);
    const int width = QFontMetrics(small).horizontalAdvance(words) + 1;
    if (2 * width > rest.width())
        return; // the name first; the cells say it too
    const QRect place(rest.right() - width + 1, rest.top(), width, rest.height());
    painter.setFont(small);
    painter.setPen(Theme::current().colors().negative.ink);
    painter.drawText(QStyle::visualRect(layoutDirection(), rest, place),
                     Qt::AlignRight | Qt::AlignVCenter | Qt::TextSingleLine, words);
    rest.setRight(place.left() - space::kUnit);
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
    // Laid out from the left, and turned over as a whole where one reads from the right.
    const auto turned = [&](const QRect& place) {
        return QStyle::visualRect(layoutDirection(), inner, place);
    };
    QRect text(inner.left(), rect.top(), inner.width(), rect.height());
    paintFailed(*painter, text, section);
    const QIcon mark =
        model()->headerData(section, orientation(), Qt::DecorationRole).value<QIcon>();
    if (!mark.isNull()) // behind the name, which begins where the texts below it do
        text.setRight(text.right() - kMarkPx - space::kUnit);
    QFont strong = Theme::font(TextRole::Body);
    strong.setWeight(QFont::DemiBold);
    painter->setFont(strong);
    painter->setPen(colors.text);
    const QFontMetrics metrics(strong);
    const QString name = metrics.elidedText(
        withVisibleControls(model()->headerData(section, orientation()).toString()), Qt::ElideRight,
        text.width());
    painter->drawText(turned(text), Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, name);
    if (!mark.isNull())
        mark.paint(painter,
                   turned(QRect(text.left() + metrics.horizontalAdvance(name) + space::kUnit,
                                rect.center().y() - kMarkPx / 2, kMarkPx, kMarkPx)));
    painter->restore();
}

} // namespace signalbox::ui
