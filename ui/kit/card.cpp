// SPDX-License-Identifier: GPL-3.0-or-later
#include "card.h"

#include "spoken_parts.h"
#include "theme.h"

#include <QLayout>
#include <QPainter>
#include <QScrollArea>
#include <QScrollBar>
#include <QVBoxLayout>

#include <algorithm>

namespace signalbox::ui {

namespace {

/// A square corner this far inside a rounded one does not cut it.
constexpr int kInsetPx = 3;

} // namespace

Card::Card(QWidget* parent) : QFrame(parent)
{
    setSpokenRole(this, QAccessible::Pane);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(kInsetPx, kInsetPx, kInsetPx, kInsetPx);
}

void Card::setContent(QAbstractScrollArea* content)
{
    content->setFrameShape(QFrame::NoFrame);
    layout()->addWidget(content);
}

void Card::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(Theme::current().colors().line, 1));
    painter.setBrush(Theme::current().colors().surface);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius::kCard,
                            radius::kCard);
}

void keepRightInset(QScrollArea* area, int inset)
{
    constexpr auto kKept = "keepsRightInset"; // for good: the layout may become another one
    const QScrollBar* bar = area->verticalScrollBar();
    const auto apply = [area, bar, inset] {
        QLayout* layout = area->widget() ? area->widget()->layout() : nullptr;
        if (!layout)
            return;
        const bool isShown = bar->maximum() > bar->minimum();
        const int room = isShown ? std::max(0, inset - bar->sizeHint().width()) : inset;
        QMargins margins = layout->contentsMargins();
        if (area->layoutDirection() == Qt::RightToLeft)
            margins.setLeft(room);
        else
            margins.setRight(room);
        layout->setContentsMargins(margins);
    };
    if (!area->property(kKept).toBool())
        QObject::connect(bar, &QScrollBar::rangeChanged, area, apply);
    area->setProperty(kKept, true);
    apply();
}

} // namespace signalbox::ui
