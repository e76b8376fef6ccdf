// SPDX-License-Identifier: GPL-3.0-or-later
#include "slope_plot.h"

#include "model_look.h"
#include "plot_parts.h"

#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>
#include <limits>

namespace signalbox::ui {

using namespace plot;

namespace {

constexpr double kMedianHeight = 14;
constexpr double kTickRoom = 44;
constexpr double kMostSide = 72;   ///< left of the first column and right of the last
constexpr double kMostLines = 200; ///< more would be one grey patch
constexpr double kFewLinesAlpha = 0.5;
constexpr double kManyLinesAlpha = 0.22;

double medianOf(std::vector<double> values)
{
    std::erase_if(values, [](double value) { return !std::isfinite(value); });
    if (values.empty())
        return std::numeric_limits<double>::quiet_NaN();
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::ranges::nth_element(values, middle);
    if (values.size() % 2 == 1)
        return *middle;
    return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

} // namespace

SlopePlot::SlopePlot(QWidget* parent) : PlotView(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void SlopePlot::setColumns(std::vector<SlopeColumn> columns, QStringList lines)
{
    m_columns = std::move(columns);
    m_lines = std::move(lines);
    dataChanged();
}

void SlopePlot::setAxisLabel(const QString& label)
{
    m_axisLabel = label;
    update();
}

PlotTable SlopePlot::table() const
{
    PlotTable table{{tr("Name")}, {}};
    for (const SlopeColumn& column : m_columns)
        table.columns << column.label;
    for (qsizetype line = 0; line < m_lines.size(); ++line) {
        QStringList cells{m_lines[line]};
        for (const SlopeColumn& column : m_columns) {
            const double value = column.values[static_cast<std::size_t>(line)];
            cells << (std::isfinite(value) ? raw(value) : QString());
        }
        table.rows.push_back(cells);
    }
    return table;
}

void SlopePlot::render(QPainter& painter, const QRectF& rect) const
{
    double low = std::numeric_limits<double>::infinity();
    double high = 0;
    for (const SlopeColumn& column : m_columns) {
        for (const double value : column.values) {
            if (std::isfinite(value)) {
                low = std::min(low, std::max(value, 1.0));
                high = std::max(high, value);
            }
        }
    }
    if (m_columns.size() < 2 || !(high > 0))
        return;
    std::tie(low, high) = niceLogRange(low, std::max(high, low * 1.01));
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const double title = m_axisLabel.isEmpty() ? 0 : kTitleHeight;
    const QRectF plot =
        rect.adjusted(kTickRoom, title + kMedianHeight, -space::kWide, -kAxisHeight);
    const double side = std::min(kMostSide, plot.width() / double(2 * m_columns.size()));
    const double columnWidth = (plot.width() - 2 * side) / double(m_columns.size() - 1);
    const auto x = [&](std::size_t column) {
        return plot.left() + side + columnWidth * double(column);
    };
    const auto y = [&](double value) {
        return plot.bottom() -
               std::log(std::max(value, low) / low) / std::log(high / low) * plot.height();
    };
    painter.setFont(caption());
    painter.setPen(colors().chartInk);
    painter.drawText(QRectF(rect.left(), rect.top(), rect.width(), kTitleHeight),
                     Qt::AlignLeft | Qt::AlignVCenter, m_axisLabel);
    for (const double tick : niceTicks(low, high, std::max(2, int(plot.height() / 28)), true)) {
        const double at = std::round(y(tick));
        painter.fillRect(QRectF(plot.left(), at, plot.width(), 1), colors().neutral.line);
        painter.drawText(QRectF(rect.left(), at - 8, kTickRoom - space::kUnit, 16),
                         Qt::AlignRight | Qt::AlignVCenter,
                         format::number(tick, tick < 10 && tick != std::floor(tick) ? 1 : 0));
    }

    const auto lineCount = std::size_t(m_lines.size());
    const auto stride = std::size_t(std::max(1.0, std::ceil(double(lineCount) / kMostLines)));
    QColor thin = colors().chartInk;
    thin.setAlphaF(lineCount > 30 ? float(kManyLinesAlpha) : float(kFewLinesAlpha));
    painter.setPen(QPen(thin, 1));
    for (std::size_t line = 0; line < lineCount; line += stride) {
        QPainterPath path;
        for (std::size_t c = 0; c < m_columns.size(); ++c) {
            const double value = m_columns[c].values[line];
            if (!std::isfinite(value))
                continue;
            const QPointF at(x(c), y(value));
            path.elementCount() == 0 ? path.moveTo(at) : path.lineTo(at);
        }
        painter.drawPath(path);
    }

    QPainterPath medians;
    for (std::size_t c = 0; c < m_columns.size(); ++c) {
        const double median = medianOf(m_columns[c].values);
        if (!std::isfinite(median))
            continue;
        const QPointF at(x(c), y(median));
        medians.elementCount() == 0 ? medians.moveTo(at) : medians.lineTo(at);
    }
    painter.setPen(QPen(colors().text, 2.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.drawPath(medians);
    for (std::size_t c = 0; c < m_columns.size(); ++c) {
        const SlopeColumn& column = m_columns[c];
        const double median = medianOf(column.values);
        const double room = std::min(columnWidth, 2 * side) - 4;
        const QRectF name(x(c) - room / 2, plot.bottom() + 4, room, 16);
        painter.setFont(small());
        const QString label =
            QFontMetricsF(small()).elidedText(column.label, Qt::ElideRight, name.width());
        painter.setPen(colors().text);
        painter.drawText(name, Qt::AlignHCenter | Qt::AlignTop, label);
        if (!std::isfinite(median))
            continue;
        const QPointF at(x(c), y(median));
        paintMark(painter, at, kMark + 3, lookFor(column.model));
        const QString words = format::number(median, 0);
        painter.setFont(Theme::font(TextRole::BodyStrong));
        const double width = painter.fontMetrics().horizontalAdvance(words) + 6;
        const QRectF number(at.x() - width / 2, at.y() - kMark - 18, width, 18);
        QColor ground = palette().color(QPalette::Window);
        ground.setAlphaF(0.85F);
        painter.fillRect(number, ground); // off the lines
        painter.drawText(number, Qt::AlignCenter, words);
    }
    painter.restore();
}

} // namespace signalbox::ui
