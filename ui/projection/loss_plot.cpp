// SPDX-License-Identifier: GPL-3.0-or-later
#include "loss_plot.h"

#include <ui/kit/format.h>
#include <ui/kit/theme.h>

#include <QPainter>

#include <algorithm>
#include <utility>

namespace signalbox::ui {

namespace {

constexpr int kRowPx = 40;
constexpr int kBarPx = 12;

} // namespace

LossPlot::LossPlot(QWidget* parent) : PlotView(parent) {}

void LossPlot::setSteps(std::vector<LossStep> steps)
{
    m_steps = std::move(steps);
    updateGeometry();
    dataChanged();
}

PlotTable LossPlot::table() const
{
    PlotTable table;
    table.columns = {tr("Pair"), tr("Points lost"), tr("Share of switches"), tr("Noticeability")};
    for (const LossStep& step : m_steps)
        table.rows.push_back({step.label, format::number(step.loss, 2),
                              format::percent(step.seamShare),
                              format::number(step.noticeability, 2)});
    return table;
}

void LossPlot::render(QPainter& painter, const QRectF& rect) const
{
    const ThemeColors& colors = Theme::current().colors();
    painter.save();
    if (m_steps.empty()) {
        painter.setFont(Theme::font(TextRole::Body));
        painter.setPen(colors.textMuted);
        painter.drawText(rect, Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap,
                         tr("No conversation changes its model: nothing is lost."));
        painter.restore();
        return;
    }
    double total = 0;
    for (const LossStep& step : m_steps)
        total += step.loss;
    // The axis starts at 100 on the right and reaches a little below the policy's own consistency.
    const double span = std::max(5.0, total * 1.08);
    const auto xOf = [&](double points) { return rect.right() - points / span * rect.width(); };
    QColor barInk = colors.negative.ink;
    barInk.setAlphaF(0.75F);
    double lost = 0;
    qreal y = rect.top();
    for (const LossStep& step : m_steps) {
        painter.setFont(Theme::font(TextRole::Body));
        painter.setPen(colors.text);
        const QRectF line(rect.left(), y, rect.width(), kRowPx - kBarPx - space::kUnit);
        painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, step.label);
        painter.setFont(Theme::font(TextRole::Small));
        painter.setPen(colors.textMuted);
        painter.drawText(line, Qt::AlignRight | Qt::AlignVCenter,
                         tr("\u2212%1   %2 of turns switch \u00d7 %3 noticeable")
                             .arg(format::number(step.loss, 1), format::percent(step.seamShare),
                                  format::number(step.noticeability, 2)));
        const qreal bar = y + kRowPx - kBarPx - space::kHalf;
        painter.fillRect(QRectF(rect.left(), bar + kBarPx / 2.0, rect.width(), 1),
                         colors.chartGrid);
        painter.fillRect(QRectF(xOf(lost + step.loss), bar,
                                std::max(1.0, xOf(lost) - xOf(lost + step.loss)), kBarPx),
                         barInk);
        lost += step.loss;
        y += kRowPx;
    }
    painter.restore();
}

QSize LossPlot::sizeHint() const
{
    return {360, std::max<int>(1, static_cast<int>(m_steps.size())) * kRowPx};
}

QSize LossPlot::minimumSizeHint() const
{
    return {240, sizeHint().height()};
}

} // namespace signalbox::ui
