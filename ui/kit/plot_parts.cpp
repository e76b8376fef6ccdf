// SPDX-License-Identifier: GPL-3.0-or-later
#include "plot_parts.h"

#include "model_look.h"
#include "plots.h"

#include <QFontMetricsF>
#include <QPainter>

namespace signalbox::ui::plot {

const ThemeColors& colors()
{
    return Theme::current().colors();
}

QFont small()
{
    return Theme::font(TextRole::Small);
}

QFont caption()
{
    return Theme::font(TextRole::Caption);
}

double textWidth(const QString& text, const QFont& font)
{
    return QFontMetricsF(font).horizontalAdvance(text);
}

void paintLabel(QPainter& painter, QRectF rect, const QString& label, int model, bool weak)
{
    if (model >= 0) {
        const ModelLook look = lookFor(model);
        paintMark(painter, QPointF(rect.left() + kMark / 2 + 1, rect.center().y()), kMark,
                  look.mark, weak ? colors().textDisabled : look.color);
        rect.setLeft(rect.left() + kMarkColumn);
    }
    painter.setFont(small());
    painter.setPen(weak ? colors().textMuted : colors().text);
    painter.drawText(rect, Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine,
                     QFontMetricsF(painter.font())
                         .elidedText(label, Qt::ElideRight, rect.width() - space::kHalf));
}

double Axis::x(double value) const
{
    const double share = m_log ? std::log(std::max(value, m_low) / m_low) / std::log(m_high / m_low)
                               : (value - m_low) / (m_high - m_low);
    return m_plot.left() + std::clamp(share, 0.0, 1.0) * m_plot.width();
}

void Axis::paint(QPainter& painter, format::Unit unit, const QString& label) const
{
    painter.setFont(caption());
    std::vector<double> ticks = m_ticks;
    if (ticks.empty())
        ticks = niceTicks(m_low, m_high, std::max(2, int(m_plot.width() / 64)), m_log);
    if (unit == format::Unit::Count) // whole things: no tick between them
        std::erase_if(ticks, [](double t) { return std::abs(t - std::round(t)) > 1e-9; });
    double free = -1e9;
    for (const double tick : ticks) {
        const double at = std::round(x(tick));
        painter.fillRect(QRectF(at, m_plot.top(), 1, m_plot.height()),
                         tick == 0 ? colors().chartAxis : colors().neutral.line);
        const QString text = tickText(tick, unit, ticks);
        const double width = textWidth(text, caption());
        if (at - width / 2 < free)
            continue;
        painter.setPen(colors().chartInk);
        painter.drawText(QRectF(at - width / 2 - 2, m_plot.bottom() + 4, width + 4, 16),
                         Qt::AlignHCenter | Qt::AlignTop, text);
        free = at + width / 2 + 6;
    }
    if (label.isEmpty())
        return;
    painter.setPen(colors().chartInk);
    painter.drawText(
        QRectF(m_plot.left(), m_plot.bottom() + kAxisHeight, m_plot.width(), kTitleHeight),
        Qt::AlignHCenter | Qt::AlignVCenter, label);
}

/// All ticks with the same number of places.
QString Axis::tickText(double tick, format::Unit unit, const std::vector<double>& ticks) const
{
    const double step = ticks.size() > 1 ? ticks[1] - ticks[0] : 1;
    const double scale = unit == format::Unit::Share || unit == format::Unit::Score ? 100 : 1;
    const int places =
        std::clamp(static_cast<int>(std::ceil(-std::log10(step * scale) - 1e-9)), 0, 6);
    switch (unit) {
    case format::Unit::Share:
        return format::percent(tick, places);
    case format::Unit::Score:
        return format::number(tick * 100, places);
    case format::Unit::Milliseconds:
        return std::abs(tick) >= 1000 ? format::brief(tick / 1000) + QStringLiteral("\u202Fs")
                                      : format::brief(tick) + QStringLiteral("\u202Fms");
    case format::Unit::Usd:
        return QStringLiteral("$") + format::brief(tick);
    case format::Unit::Count:
    case format::Unit::Plain:
        return m_log ? format::brief(tick) : format::number(tick, places);
    }
    return {};
}

QString raw(double value)
{
    return std::isfinite(value) ? QString::number(value, 'g', 10) : QString();
}

} // namespace signalbox::ui::plot
