// SPDX-License-Identifier: GPL-3.0-or-later
#include "loss_plot.h"

#include <ui/kit/format.h>
#include <ui/kit/theme.h>

#include <QPainter>

#include <algorithm>
#include <cmath>
#include <utility>

namespace signalbox::ui {

namespace {

constexpr int kWordsPx = 20;
constexpr int kBarPx = 10;
constexpr int kRowPx = kWordsPx + kBarPx + space::kGap; ///< air between a bar and the next words
constexpr int kAxisPx = 22;

QString valueText(const LossStep& step)
{
    return QStringLiteral("\u2212") + format::number(step.loss, 1);
}

QString wordsOf(const LossStep& step)
{
    return LossPlot::tr("%1 switch \u00d7 %2 noticeable")
        .arg(format::percent(step.seamShare), format::number(step.noticeability, 2));
}

template<class Text>
double widest(const std::vector<LossStep>& steps, const QFont& font, const Text& textOf)
{
    const QFontMetricsF metrics(font);
    double width = 0;
    for (const LossStep& step : steps)
        width = std::max(width, metrics.horizontalAdvance(textOf(step)));
    return std::ceil(width) + 2;
}

} // namespace

LossPlot::LossPlot(QWidget* parent) : PlotView(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void LossPlot::setSteps(std::vector<LossStep> steps, std::optional<double> gate)
{
    m_steps = std::move(steps);
    m_gate = gate;
    dataChanged();
}

double LossPlot::left() const
{
    double points = 100;
    for (const LossStep& step : m_steps)
        points -= step.loss;
    return points;
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

LossPlot::Geometry LossPlot::geometryIn(const QRectF& rect) const
{
    Geometry geometry;
    // The axis starts at 100 on the right and reaches a little below what is left and the gate.
    const double lowest = std::min(left(), m_gate.value_or(100));
    const double span = std::max(5.0, (100 - lowest) * 1.08);
    const auto xOf = [&](double points) {
        return rect.right() - (100 - points) / span * rect.width();
    };
    double points = 100;
    double y = rect.top();
    for (const LossStep& step : m_steps) {
        const double from = xOf(points - step.loss);
        geometry.rows.push_back(
            {QRectF(rect.left(), y, rect.width(), kWordsPx),
             QRectF(from, y + kWordsPx, std::max(1.0, xOf(points) - from), kBarPx)});
        points -= step.loss;
        y += kRowPx;
    }
    geometry.axis = QRectF(rect.left(), y - space::kHalf, rect.width(), kAxisPx);

    const double explained = widest(m_steps, Theme::font(TextRole::Small), wordsOf);
    geometry.wordsLeft = std::max(rect.left() + rect.width() * 0.5, rect.right() - explained);
    geometry.valueRight = geometry.wordsLeft - space::kGap;

    const QFontMetricsF metrics(Theme::font(TextRole::Caption));
    const auto add = [&](double at, const QString& text, bool isGate) {
        const double width = std::ceil(metrics.horizontalAdvance(text)) + 2;
        const double from = std::clamp(xOf(at) - width / 2, rect.left(), rect.right() - width);
        const QRectF box(from, geometry.axis.bottom() - metrics.height(), width, metrics.height());
        if (std::ranges::none_of(geometry.marks, [&](const Geometry::Mark& other) {
                return other.box.adjusted(-4, 0, 4, 0).intersects(box);
            }))
            geometry.marks.push_back({at, text, box, xOf(at), isGate});
    };
    add(100, format::number(100, 0), false);
    add(left(), format::number(left(), 1), false);
    if (m_gate)
        add(*m_gate, tr("gate: %1").arg(format::brief(*m_gate)), true);
    return geometry;
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
    const Geometry geometry = geometryIn(rect);
    // Across the bars only, not through the words.
    const auto throughBars = [&](double x, double width, const QColor& ink) {
        for (const Geometry::Row& row : geometry.rows)
            painter.fillRect(QRectF(std::round(std::clamp(x, rect.left(), rect.right() - 1)),
                                    row.bar.top() - 2, width, kBarPx + 4),
                             ink);
    };
    QColor gateInk = colors.negative.ink;
    gateInk.setAlphaF(0.75F);
    QColor barInk = colors.negative.ink;
    barInk.setAlphaF(0.7F);
    const double total = widest(m_steps, Theme::font(TextRole::Body), valueText);
    for (std::size_t i = 0; i < m_steps.size(); ++i) {
        const Geometry::Row& row = geometry.rows[i];
        const double labelRoom = geometry.valueRight - total - space::kUnit - rect.left();
        painter.setFont(Theme::font(TextRole::Body));
        painter.setPen(colors.text);
        painter.drawText(
            row.words, Qt::AlignLeft | Qt::AlignVCenter,
            QFontMetricsF(painter.font()).elidedText(m_steps[i].label, Qt::ElideRight, labelRoom));
        QRectF value = row.words;
        value.setRight(geometry.valueRight);
        painter.drawText(value, Qt::AlignRight | Qt::AlignVCenter, valueText(m_steps[i]));
        QRectF words = row.words;
        words.setLeft(geometry.wordsLeft);
        painter.setFont(Theme::font(TextRole::Small));
        painter.setPen(colors.textMuted);
        painter.drawText(words, Qt::AlignLeft | Qt::AlignVCenter,
                         QFontMetricsF(painter.font())
                             .elidedText(wordsOf(m_steps[i]), Qt::ElideRight, words.width()));
        painter.fillRect(QRectF(rect.left(), row.bar.top(), rect.width(), kBarPx), colors.sunken);
        painter.fillRect(row.bar, barInk);
    }
    painter.fillRect(QRectF(rect.left(), geometry.axis.top(), rect.width(), 1), colors.chartAxis);
    painter.setFont(Theme::font(TextRole::Caption));
    for (const Geometry::Mark& mark : geometry.marks) {
        if (mark.isGate) {
            throughBars(mark.x - 1, 3, colors.window); // or it drowns in a bar of its own hue
            throughBars(mark.x, 1, colors.negative.ink);
        }
        painter.fillRect(QRectF(std::round(std::clamp(mark.x, rect.left(), rect.right() - 1)),
                                geometry.axis.top(), 1, 5),
                         mark.isGate ? gateInk : colors.chartAxis);
        painter.setPen(mark.isGate ? colors.negative.ink : colors.chartInk);
        painter.drawText(mark.box, Qt::AlignCenter, mark.text);
    }
    painter.restore();
}

QSize LossPlot::sizeHint() const
{
    return {420, std::max<int>(1, static_cast<int>(m_steps.size())) * kRowPx + kAxisPx};
}

QSize LossPlot::minimumSizeHint() const
{
    return {280, sizeHint().height()};
}

} // namespace signalbox::ui
