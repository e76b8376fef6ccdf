// SPDX-License-Identifier: GPL-3.0-or-later
#include "loss_plot.h"

#include <ui/kit/format.h>
#include <ui/kit/theme.h>

#include <QPainter>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace signalbox::ui {

namespace {

constexpr int kHeadPx = 16;
constexpr int kWordsPx = 18;
constexpr int kBarPx = 9;
constexpr int kRowPx =
    kWordsPx + kBarPx + space::kUnit + 2; ///< air between a bar and the next words
constexpr int kAxisPx = 22;

/// The cells of a row, one place after the point in each, so that the points stand below each
/// other when the cells end together.
std::array<QString, LossPlot::kColumns> cellsOf(const LossStep& step)
{
    return {QStringLiteral("\u2212") + format::number(step.loss, 1),
            format::percent(step.seamShare, 1),
            QStringLiteral("\u00d7 ") + format::number(step.noticeability, 2)};
}

std::array<QString, LossPlot::kColumns> heads()
{
    return {LossPlot::tr("points lost", "head of a column"),
            LossPlot::tr("follow-ups that switch", "head of a column: share of the answers "
                                                   "that follow another one"),
            LossPlot::tr("noticeable", "head of a column: chance to notice the switch")};
}

} // namespace

LossPlot::LossPlot(QWidget* parent) : PlotView(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setToolTip(tr("Each loss is the share of follow-up answers (those that come after another "
                  "answer in their conversation) at which the two models change over, times how "
                  "noticeable the change between their voices is."));
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
    table.columns = {tr("Pair"), tr("Points lost"), tr("Share of follow-up answers that switch"),
                     tr("Noticeability")};
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
    geometry.head = QRectF(rect.left(), rect.top(), rect.width(), kHeadPx);
    double points = 100;
    double y = geometry.head.bottom();
    for (const LossStep& step : m_steps) {
        const double from = xOf(points - step.loss);
        geometry.rows.push_back(
            {QRectF(rect.left(), y, rect.width(), kWordsPx),
             QRectF(from, y + kWordsPx, std::max(1.0, xOf(points) - from), kBarPx)});
        points -= step.loss;
        y += kRowPx;
    }
    geometry.axis = QRectF(rect.left(), y - space::kHalf, rect.width(), kAxisPx);

    const QFontMetricsF captions(Theme::font(TextRole::Caption));
    const QFontMetricsF values(Theme::font(TextRole::Body));
    double right = rect.right();
    for (std::size_t column = kColumns; column-- > 0;) {
        double width = captions.horizontalAdvance(heads()[column]);
        for (const LossStep& step : m_steps)
            width = std::max(width, values.horizontalAdvance(cellsOf(step)[column]));
        geometry.columns[column] = {right - std::ceil(width) - 1, right};
        right -= std::ceil(width) + 1 + space::kGap;
    }

    // Every mark has its line; its words are the first ones that have room, if any have.
    const auto add = [&](double at, const QStringList& wordings, bool isGate) {
        Geometry::Mark mark{at, {}, {}, xOf(at), isGate};
        for (const QString& text : wordings) {
            const double width = std::ceil(captions.horizontalAdvance(text)) + 2;
            const double from = std::clamp(xOf(at) - width / 2, rect.left(), rect.right() - width);
            const QRectF box(from, geometry.axis.bottom() - captions.height(), width,
                             captions.height());
            if (std::ranges::any_of(geometry.marks, [&](const Geometry::Mark& other) {
                    return other.box.adjusted(-4, 0, 4, 0).intersects(box);
                }))
                continue;
            mark.text = text;
            mark.box = box;
            break;
        }
        geometry.marks.push_back(std::move(mark));
    };
    if (m_gate) {
        const QString limit = format::brief(*m_gate);
        add(*m_gate, {tr("gate: at least %1").arg(limit), tr("gate: %1").arg(limit)}, true);
    }
    const QString value = format::number(left(), 1);
    add(left(), {tr("this policy: %1").arg(value), value}, false);
    add(100, {format::number(100, 0)}, false);
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
    painter.setFont(Theme::font(TextRole::Caption));
    painter.setPen(colors.textMuted);
    for (std::size_t column = 0; column < kColumns; ++column)
        painter.drawText(cellIn(geometry.head, geometry, column), Qt::AlignRight | Qt::AlignTop,
                         heads()[column]);
    for (std::size_t i = 0; i < m_steps.size(); ++i)
        renderStep(painter, geometry, i);
    renderAxis(painter, geometry);
    painter.restore();
}

QRectF LossPlot::cellIn(const QRectF& row, const Geometry& geometry, std::size_t column)
{
    const auto [left, right] = geometry.columns[column];
    return {left, row.top(), right - left, row.height()};
}

void LossPlot::renderStep(QPainter& painter, const Geometry& geometry, std::size_t index) const
{
    const ThemeColors& colors = Theme::current().colors();
    const Geometry::Row& row = geometry.rows[index];
    const auto cells = cellsOf(m_steps[index]);
    const double labelRoom = geometry.columns[0].first - space::kUnit - row.words.left();
    painter.setFont(Theme::font(TextRole::Body));
    painter.setPen(colors.text);
    painter.drawText(
        row.words, Qt::AlignLeft | Qt::AlignVCenter,
        QFontMetricsF(painter.font()).elidedText(m_steps[index].label, Qt::ElideRight, labelRoom));
    for (std::size_t column = 0; column < kColumns; ++column) {
        painter.setPen(column == 0 ? colors.text : colors.textMuted);
        painter.drawText(cellIn(row.words, geometry, column), Qt::AlignRight | Qt::AlignVCenter,
                         cells[column]);
    }
    // Grey, for red is the gate's.
    painter.fillRect(QRectF(row.words.left(), row.bar.center().y(), row.words.width(), 1),
                     colors.chartGrid);
    QColor bar = colors.textMuted;
    bar.setAlphaF(0.7F);
    painter.fillRect(row.bar, blended(bar, colors.surface));
}

void LossPlot::renderAxis(QPainter& painter, const Geometry& geometry) const
{
    const ThemeColors& colors = Theme::current().colors();
    const QRectF& axis = geometry.axis;
    const auto pixelOf = [&](double x) {
        return std::round(std::clamp(x, axis.left(), axis.right() - 1));
    };
    painter.fillRect(QRectF(axis.left(), axis.top(), axis.width(), 1), colors.chartAxis);
    painter.setFont(Theme::font(TextRole::Caption));
    for (const Geometry::Mark& mark : geometry.marks) {
        if (mark.isGate) { // across the bars only, not through the words
            for (const Geometry::Row& row : geometry.rows) {
                const double x = pixelOf(mark.x);
                painter.fillRect(QRectF(x - 1, row.bar.top() - 2, 3, kBarPx + 4), colors.surface);
                painter.fillRect(QRectF(x, row.bar.top() - 2, 1, kBarPx + 4), colors.negative.ink);
            }
        }
        painter.fillRect(QRectF(pixelOf(mark.x), axis.top(), 1, 5),
                         mark.isGate ? colors.negative.ink : colors.chartAxis);
        painter.setPen(mark.isGate         ? colors.negative.ink
                       : mark.points < 100 ? colors.text
                                           : colors.chartInk);
        painter.drawText(mark.box, Qt::AlignCenter, mark.text);
    }
}

QSize LossPlot::sizeHint() const
{
    return {420, kHeadPx + std::max<int>(1, static_cast<int>(m_steps.size())) * kRowPx + kAxisPx};
}

QSize LossPlot::minimumSizeHint() const
{
    return {280, sizeHint().height()};
}

} // namespace signalbox::ui
