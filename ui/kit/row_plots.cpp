// SPDX-License-Identifier: GPL-3.0-or-later
// Plots with a row for each thing: intervals and boxes.
#include "model_look.h"
#include "plot_parts.h"
#include "plots.h"

#include <QPainter>

#include <algorithm>
#include <cmath>
#include <tuple>

namespace signalbox::ui {

using namespace plot;

// IntervalPlot

IntervalPlot::IntervalPlot(QWidget* parent) : PlotView(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void IntervalPlot::setRows(std::vector<IntervalRow> rows)
{
    m_rows = std::move(rows);
    dataChanged();
}

void IntervalPlot::setRange(double low, double high)
{
    m_range = std::pair(low, high);
    update();
}

void IntervalPlot::setTicks(std::vector<double> ticks)
{
    m_ticks = std::move(ticks);
    update();
}

void IntervalPlot::setReference(double value, const QString& label)
{
    m_reference = std::pair(value, label);
    update();
}

void IntervalPlot::setUnit(format::Unit unit)
{
    m_unit = unit;
    dataChanged();
}

void IntervalPlot::setAxisLabel(const QString& label)
{
    m_axisLabel = label;
    updateGeometry();
    update();
}

void IntervalPlot::setLabelWidth(int width)
{
    m_labelWidth = width;
    update();
}

void IntervalPlot::setNoteWidth(int width)
{
    m_noteWidth = width;
    update();
}

PlotTable IntervalPlot::table() const
{
    PlotTable table{{tr("Name"), tr("Value"), tr("Low"), tr("High"), tr("Note")}, {}};
    for (const IntervalRow& row : m_rows)
        table.rows.push_back({row.label, raw(row.value), raw(row.low), raw(row.high), row.note});
    return table;
}

std::pair<double, double> IntervalPlot::axisRange() const
{
    if (m_range && m_range->second > m_range->first)
        return *m_range;
    double low = std::numeric_limits<double>::infinity();
    double high = -low;
    const auto include = [&](double v) {
        if (std::isfinite(v)) {
            low = std::min(low, v);
            high = std::max(high, v);
        }
    };
    for (const IntervalRow& row : m_rows) {
        include(row.low);
        include(row.value);
        include(row.high);
    }
    if (m_reference)
        include(m_reference->first);
    if (!(high > low))
        return std::isfinite(low) ? std::pair(low - 1, low + 1) : std::pair(0.0, 1.0);
    const double air = (high - low) * 0.06;
    return {low - air, high + air};
}

void IntervalPlot::render(QPainter& painter, const QRectF& rect) const
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const double labels = labelColumn(m_rows, rect.width(), m_labelWidth);
    double notes = 0;
    for (const IntervalRow& row : m_rows)
        notes = std::max(notes, textWidth(row.note, caption()));
    notes = m_noteWidth > 0 ? m_noteWidth
            : notes > 0     ? std::min(notes + space::kGap, rect.width() * 0.3)
                            : space::kGap;
    const double top = m_reference ? 16 : 0;
    const double bottom = kAxisHeight + (m_axisLabel.isEmpty() ? 0 : kTitleHeight);
    const QRectF plot = rect.adjusted(labels, top, -notes, -bottom);
    const auto [low, high] = axisRange();
    Axis axis(low, high, false, plot);
    axis.setTicks(m_ticks);
    axis.paint(painter, m_unit, m_axisLabel);
    if (m_reference) {
        const double at = axis.x(m_reference->first);
        painter.setPen(QPen(colors().textMuted, 1, Qt::DashLine));
        painter.drawLine(QPointF(at, plot.top() - 2), QPointF(at, plot.bottom()));
        painter.setFont(caption());
        painter.setPen(colors().textMuted);
        const double width = textWidth(m_reference->second, caption());
        const double left = std::clamp(at - width / 2, rect.left(), rect.right() - width);
        painter.drawText(QRectF(left, rect.top(), width + 2, 14), Qt::AlignLeft | Qt::AlignVCenter,
                         m_reference->second);
    }
    const double step = m_rows.empty() ? 0 : plot.height() / double(m_rows.size());
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        const IntervalRow& row = m_rows[i];
        const double y = plot.top() + step * (double(i) + 0.5);
        paintLabel(painter, QRectF(rect.left(), y - kRowHeight / 2, labels, kRowHeight), row.label,
                   row.model, row.weak);
        const ModelLook look = lookFor(row.model);
        const QColor ink = row.weak ? colors().textDisabled : look.color;
        if (std::isfinite(row.low) && std::isfinite(row.high)) {
            painter.setPen(QPen(ink, 2, Qt::SolidLine, Qt::RoundCap));
            painter.drawLine(QPointF(axis.x(row.low), y), QPointF(axis.x(row.high), y));
        }
        if (std::isfinite(row.value)) {
            ModelLook mark = look;
            mark.color = ink;
            paintMark(painter, QPointF(axis.x(row.value), y), kMark, mark);
        }
        painter.setFont(caption());
        painter.setPen(colors().textMuted);
        painter.drawText(
            QRectF(plot.right() + space::kUnit, y - 8, notes - space::kUnit, 16),
            Qt::AlignLeft | Qt::AlignVCenter,
            QFontMetricsF(caption()).elidedText(row.note, Qt::ElideRight, notes - space::kUnit));
    }
    painter.restore();
}

QSize IntervalPlot::sizeHint() const
{
    const double height = double(std::max<std::size_t>(1, m_rows.size())) * kRowHeight +
                          kAxisHeight + (m_axisLabel.isEmpty() ? 0 : kTitleHeight) +
                          (m_reference ? 16 : 0);
    return {420, static_cast<int>(height)};
}

QSize IntervalPlot::minimumSizeHint() const
{
    return {220, sizeHint().height()};
}

// BoxPlotView

namespace {

constexpr double kMedianHeight = 14;

QString noteOf(const BoxRow& row)
{
    return row.note.isEmpty() ? format::sampleSize(qint64(row.samples)) : row.note;
}

} // namespace

BoxPlotView::BoxPlotView(QWidget* parent) : PlotView(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

std::array<double, 5> BoxPlotView::quantilesOf(std::vector<double> samples)
{
    std::erase_if(samples, [](double v) { return !std::isfinite(v); });
    std::sort(samples.begin(), samples.end());
    std::array<double, 5> result{};
    if (samples.empty())
        return result;
    constexpr std::array<double, 5> kShares = {0.05, 0.25, 0.5, 0.75, 0.95};
    for (std::size_t i = 0; i < kShares.size(); ++i) {
        const double place = kShares[i] * double(samples.size() - 1);
        const auto below = static_cast<std::size_t>(place);
        const std::size_t above = std::min(below + 1, samples.size() - 1);
        result[i] = samples[below] + (place - double(below)) * (samples[above] - samples[below]);
    }
    return result;
}

void BoxPlotView::setRows(std::vector<BoxRow> rows)
{
    m_rows = std::move(rows);
    dataChanged();
}

void BoxPlotView::setLogAxis(bool log)
{
    m_log = log;
    update();
}

void BoxPlotView::setUnit(format::Unit unit)
{
    m_unit = unit;
    update();
}

void BoxPlotView::setAxisLabel(const QString& label)
{
    m_axisLabel = label;
    updateGeometry();
    update();
}

PlotTable BoxPlotView::table() const
{
    PlotTable table{{tr("Name"), QStringLiteral("5 %"), QStringLiteral("25 %"),
                     QStringLiteral("50 %"), QStringLiteral("75 %"), QStringLiteral("95 %"),
                     tr("Samples")},
                    {}};
    for (const BoxRow& row : m_rows) {
        QStringList cells{row.label};
        for (const double quantile : row.quantiles)
            cells << raw(quantile);
        cells << QString::number(row.samples);
        table.rows.push_back(cells);
    }
    return table;
}

void BoxPlotView::render(QPainter& painter, const QRectF& rect) const
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    double low = std::numeric_limits<double>::infinity();
    double high = -low;
    double notes = 0;
    for (const BoxRow& row : m_rows) {
        if (row.samples == 0)
            continue;
        low = std::min(low, row.quantiles.front());
        high = std::max(high, row.quantiles.back());
    }
    for (const BoxRow& row : m_rows)
        notes = std::max(notes, textWidth(noteOf(row), small()));
    const bool log = m_log && low > 0 && high > low;
    if (!(high > low)) {
        high = std::isfinite(low) ? low + 1 : 1;
        low = std::isfinite(low) ? low - 1 : 0;
    } else if (log) {
        std::tie(low, high) = niceLogRange(low, high);
    } else {
        low = std::min(0.0, low); // lengths are compared: the axis starts at zero
        high += (high - low) * 0.05;
    }
    const double labels = labelColumn(m_rows, rect.width(), 0);
    const double right = notes + 2 * space::kGap;
    const double bottom = kAxisHeight + (m_axisLabel.isEmpty() ? 0 : kTitleHeight);
    const QRectF plot = rect.adjusted(labels, 0, -right, -bottom);
    const Axis axis(low, high, log, plot);
    axis.paint(painter, m_unit, m_axisLabel);
    const double step = m_rows.empty() ? 0 : plot.height() / double(m_rows.size());
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        const BoxRow& row = m_rows[i];
        const double y =
            plot.top() + step * (double(i) + 0.5) + (row.median.isEmpty() ? 0 : kMedianHeight / 2);
        paintLabel(painter, QRectF(rect.left(), y - kRowHeight / 2, labels, kRowHeight), row.label,
                   row.model, row.samples == 0);
        painter.setFont(small());
        painter.setPen(colors().textMuted);
        painter.drawText(QRectF(plot.right() + space::kGap, y - 8, notes + space::kTiny, 16),
                         Qt::AlignRight | Qt::AlignVCenter, noteOf(row));
        if (row.samples == 0)
            continue;
        const ModelLook look = lookFor(row.model);
        const auto& q = row.quantiles;
        painter.setPen(QPen(look.color, 1.5));
        painter.drawLine(QPointF(axis.x(q[0]), y), QPointF(axis.x(q[4]), y));
        for (const double end : {q[0], q[4]})
            painter.drawLine(QPointF(axis.x(end), y - 4), QPointF(axis.x(end), y + 4));
        const QRectF box(axis.x(q[1]), y - 7, std::max(1.0, axis.x(q[3]) - axis.x(q[1])), 14);
        painter.setBrush(look.soft);
        painter.drawRoundedRect(box, 2, 2);
        painter.setPen(QPen(look.color, 3, Qt::SolidLine, Qt::FlatCap));
        painter.drawLine(QPointF(axis.x(q[2]), y - 7), QPointF(axis.x(q[2]), y + 7));
        if (row.median.isEmpty())
            continue;
        painter.setFont(caption());
        const qreal width = painter.fontMetrics().horizontalAdvance(row.median) + 6;
        const QRectF words(axis.x(q[2]) - width / 2, y - 8 - kMedianHeight, width, kMedianHeight);
        painter.fillRect(words, palette().color(QPalette::Window)); // off the lines of the grid
        painter.setPen(colors().chartInk);
        painter.drawText(words, Qt::AlignHCenter | Qt::AlignBottom, row.median);
    }
    painter.restore();
}

QSize BoxPlotView::sizeHint() const
{
    const bool areNamed =
        std::ranges::any_of(m_rows, [](const BoxRow& row) { return !row.median.isEmpty(); });
    const double height = double(std::max<std::size_t>(1, m_rows.size())) *
                              (kRowHeight + 2 + (areNamed ? kMedianHeight : 0)) +
                          kAxisHeight + (m_axisLabel.isEmpty() ? 0 : kTitleHeight);
    return {420, static_cast<int>(height)};
}

QSize BoxPlotView::minimumSizeHint() const
{
    return {260, sizeHint().height()};
}

} // namespace signalbox::ui
