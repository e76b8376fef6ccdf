// SPDX-License-Identifier: GPL-3.0-or-later
#include "reason_popup.h"

#include <ui/kit/app_style.h>
#include <ui/kit/basic_widgets.h>

#include <QGuiApplication>
#include <QHBoxLayout>
#include <QPainter>
#include <QPushButton>
#include <QScreen>
#include <QVBoxLayout>

#include <algorithm>

namespace signalbox::ui {

namespace {

constexpr int kWidthPx = 420;

QWidget* gateRow(const ScoreReason::Line& line, QWidget* parent)
{
    auto* row = new QWidget(parent);
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kUnit);
    auto* verdict = new VerdictMark(line.verdict, row);
    auto* text = new TextLabel(line.text, TextRole::Body, row);
    text->setWordWrap(true);
    layout->addWidget(verdict, 0, Qt::AlignTop);
    layout->addWidget(text, 1);
    return row;
}

} // namespace

ReasonPopup::ReasonPopup(QWidget* window) : QFrame(window, Qt::Popup)
{
    setAttribute(Qt::WA_TranslucentBackground);
    setFixedWidth(kWidthPx);
    m_layout = new QVBoxLayout(this);
    m_layout->setContentsMargins(space::kWide, space::kWide, space::kWide, space::kWide);
    m_layout->setSpacing(space::kUnit);
}

void ReasonPopup::showFor(const ScoreReason& reason, const QWidget& tile)
{
    while (QLayoutItem* item = m_layout->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    setAccessibleName(reason.title);
    m_layout->addWidget(new TextLabel(reason.title, TextRole::Title, this));
    auto* meaning = new TextLabel(reason.meaning, TextRole::Body, this);
    meaning->setWordWrap(true);
    m_layout->addWidget(meaning);
    for (const ScoreReason::Line& line : reason.lines) {
        if (line.verdict != GateVerdict::None) {
            m_layout->addWidget(gateRow(line, this));
            continue;
        }
        auto* text = new TextLabel(line.text, TextRole::Small, this);
        text->setMuted(true);
        text->setWordWrap(true);
        m_layout->addWidget(text);
    }
    auto* more = new QPushButton(tr("Open the projection"), this);
    more->setObjectName(QStringLiteral("openProjection"));
    setButtonKind(more, ButtonKind::Quiet);
    connect(more, &QPushButton::clicked, this, [this] {
        close();
        emit detailsRequested();
    });
    m_layout->addWidget(more, 0, Qt::AlignLeft);

    adjustSize();
    resize(kWidthPx, m_layout->heightForWidth(kWidthPx));
    QPoint place = tile.mapToGlobal(QPoint(0, tile.height() + space::kHalf));
    const QRect screen = tile.screen()->availableGeometry();
    place.setX(
        std::clamp(place.x(), screen.left(), std::max(screen.left(), screen.right() - width())));
    move(place);
    show();
    more->setFocus(Qt::PopupFocusReason);
}

void ReasonPopup::paintEvent(QPaintEvent*)
{
    const ThemeColors& colors = Theme::current().colors();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(colors.lineStrong);
    painter.setBrush(colors.raised);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius::kCard,
                            radius::kCard);
}

} // namespace signalbox::ui
