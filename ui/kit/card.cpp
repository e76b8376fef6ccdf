// SPDX-License-Identifier: GPL-3.0-or-later
#include "card.h"

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
    const QScrollBar* bar = area->verticalScrollBar();
    const auto apply = [area, bar, inset] {
        QLayout* layout = area->widget() ? area->widget()->layout() : nullptr;
        if (!layout)
            return;
        const bool isShown = bar->maximum() > bar->minimum();
        QMargins margins = layout->contentsMargins();
        margins.setRight(isShown ? std::max(0, inset - bar->sizeHint().width()) : inset);
        layout->setContentsMargins(margins);
    };
    QObject::connect(bar, &QScrollBar::rangeChanged, area, apply);
    apply();
}

} // namespace signalbox::ui
