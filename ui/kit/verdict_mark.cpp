// SPDX-License-Identifier: GPL-3.0-or-later
#include "verdict_mark.h"

#include "basic_widgets.h"
#include "spoken_parts.h"

#include <QCoreApplication>
#include <QEvent>
#include <QPainter>
#include <QStyle>

#include <cmath>

namespace signalbox::ui {

namespace {

constexpr int kIconPx = 14;
constexpr int kIconRoomPx = kIconPx + space::kHalf;
constexpr int kHeightPx = 18;

QFont wordFont()
{
    QFont font = Theme::font(TextRole::Caption);
    font.setWeight(QFont::DemiBold);
    return font;
}

} // namespace

Icon verdictIcon(GateVerdict verdict)
{
    switch (verdict) {
    case GateVerdict::Met:
        return Icon::CheckCircle;
    case GateVerdict::NotMet:
        return Icon::Error;
    case GateVerdict::NotShown:
    case GateVerdict::None:
        return Icon::Question;
    }
    return Icon::Question;
}

QString verdictText(GateVerdict verdict)
{
    switch (verdict) {
    case GateVerdict::Met:
        return QCoreApplication::translate("GateVerdict", "met");
    case GateVerdict::NotMet:
        return QCoreApplication::translate("GateVerdict", "not met");
    case GateVerdict::NotShown:
        return QCoreApplication::translate("GateVerdict", "not shown");
    case GateVerdict::None:
        return QString();
    }
    return QString();
}

QString verdictMeaning(GateVerdict verdict)
{
    switch (verdict) {
    case GateVerdict::Met:
        return QCoreApplication::translate("GateVerdict", "The whole interval keeps the limit.");
    case GateVerdict::NotMet:
        return QCoreApplication::translate("GateVerdict",
                                           "No part of the interval keeps the limit.");
    case GateVerdict::NotShown:
        return QCoreApplication::translate(
            "GateVerdict", "Not shown by the data: the interval lies on both sides of the limit. "
                           "More prompts or more traffic would decide.");
    case GateVerdict::None:
        return QString();
    }
    return QString();
}

Tone verdictTone(GateVerdict verdict)
{
    switch (verdict) {
    case GateVerdict::Met:
        return Tone::Positive;
    case GateVerdict::NotMet:
        return Tone::Negative;
    case GateVerdict::NotShown:
        return Tone::Caution;
    case GateVerdict::None:
        return Tone::Neutral;
    }
    return Tone::Neutral;
}

QSize verdictSize(GateVerdict verdict)
{
    if (verdict == GateVerdict::None)
        return {0, kHeightPx};
    const double word = QFontMetricsF(wordFont()).horizontalAdvance(verdictText(verdict));
    return {kIconRoomPx + static_cast<int>(std::ceil(word)) + 1, kHeightPx};
}

void paintVerdict(QPainter& painter, const QRect& place, GateVerdict verdict,
                  Qt::LayoutDirection direction, bool muted)
{
    if (verdict == GateVerdict::None)
        return;
    painter.save();
    const QColor ink = muted ? Theme::current().colors().textMuted
                             : Theme::current().tone(verdictTone(verdict)).ink;
    const int top = place.center().y() - kIconPx / 2 + 1;
    paintIcon(painter,
              QStyle::visualRect(direction, place, QRect(place.left(), top, kIconPx, kIconPx)),
              verdictIcon(verdict), ink);
    painter.setFont(wordFont());
    painter.setPen(ink);
    painter.setLayoutDirection(direction);
    painter.drawText(QStyle::visualRect(direction, place, place.adjusted(kIconRoomPx, 0, 0, 0)),
                     Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine, verdictText(verdict));
    painter.restore();
}

VerdictMark::VerdictMark(GateVerdict verdict, QWidget* parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setSpokenRole(this, QAccessible::StaticText);
    setVerdict(verdict);
}

void VerdictMark::setVerdict(GateVerdict verdict)
{
    m_verdict = verdict;
    setAccessibleName(verdictText(verdict));
    setToolTip(plainToolTip(verdictMeaning(verdict)));
    updateGeometry();
    update();
}

void VerdictMark::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    paintVerdict(painter, rect(), m_verdict, layoutDirection());
}

} // namespace signalbox::ui
