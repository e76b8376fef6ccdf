// SPDX-License-Identifier: GPL-3.0-or-later
#include "shares_plot.h"

#include <ui/kit/format.h>
#include <ui/kit/model_look.h>
#include <ui/kit/theme.h>

#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>
#include <utility>

namespace signalbox::ui {

namespace {

constexpr double kBarPx = 14;
constexpr double kLabelPx = 18;
constexpr double kRowPx = kBarPx + kLabelPx + space::kGap;
constexpr double kMarkPx = 8;
constexpr double kMarkRoomPx = 13;

QString labelOf(const SharePart& part)
{
    return part.label + QLatin1Char(' ') + format::percent(part.share);
}

} // namespace

SharesPlot::SharesPlot(QWidget* parent) : PlotView(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void SharesPlot::setRows(std::vector<ShareRow> rows)
{
    m_rows = std::move(rows);
    dataChanged();
}

std::vector<double> SharesPlot::spread(const std::vector<double>& wanted,
                                       const std::vector<double>& widths, double gap, double low,
                                       double high)
{
    std::vector<double> places = wanted;
    double free = low;
    for (std::size_t i = 0; i < places.size(); ++i) {
        places[i] = std::max(places[i], free);
        free = places[i] + widths[i] + gap;
    }
    double end = high;
    for (std::size_t i = places.size(); i-- > 0;) {
        places[i] = std::min(places[i], end - widths[i]);
        end = places[i] - gap;
    }
    return places.empty() || places.front() < low ? std::vector<double>{} : places;
}

PlotTable SharesPlot::table() const
{
    PlotTable table{{tr("Of"), tr("Model"), tr("Share")}, {}};
    for (const ShareRow& row : m_rows) {
        for (const SharePart& part : row.parts)
            table.rows.push_back({row.title, part.label, QString::number(part.share, 'g', 10)});
    }
    return table;
}

void SharesPlot::render(QPainter& painter, const QRectF& rect) const
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const QFontMetricsF metrics(Theme::font(TextRole::Small));
    double titles = 0;
    for (const ShareRow& row : m_rows)
        titles = std::max(titles, std::ceil(metrics.horizontalAdvance(row.title)));
    titles += space::kGap;
    double y = rect.top() + space::kTiny;
    for (const ShareRow& row : m_rows) {
        painter.setFont(Theme::font(TextRole::Small));
        painter.setPen(Theme::current().colors().textMuted);
        painter.drawText(QRectF(rect.left(), y, titles, kBarPx), Qt::AlignLeft | Qt::AlignVCenter,
                         row.title);
        renderRow(painter, QRectF(rect.left() + titles, y, rect.width() - titles, kBarPx), row);
        y += kRowPx;
    }
    painter.restore();
}

void SharesPlot::renderRow(QPainter& painter, const QRectF& bar, const ShareRow& row) const
{
    const ThemeColors& colors = Theme::current().colors();
    const QFont font = Theme::font(TextRole::Caption);
    const QFontMetricsF metrics(font);
    painter.save();
    QPainterPath clip;
    clip.addRoundedRect(bar, radius::kSmall, radius::kSmall);
    painter.setClipPath(clip);
    painter.fillRect(bar, colors.sunken);
    double sum = 0;
    for (const SharePart& part : row.parts)
        sum += std::max(0.0, part.share);
    const double all = std::max(1.0, sum); // what nobody answers stays empty
    double x = bar.left();
    std::vector<double> wanted;
    std::vector<double> widths;
    for (const SharePart& part : row.parts) {
        const double width = bar.width() * std::max(0.0, part.share) / all;
        painter.fillRect(QRectF(x, bar.top(), std::max(1.0, width - 1), bar.height()),
                         lookFor(part.model).color);
        wanted.push_back(x);
        widths.push_back(kMarkRoomPx + std::ceil(metrics.horizontalAdvance(labelOf(part))));
        x += width;
    }
    painter.restore();
    const std::vector<double> places = spread(wanted, widths, space::kGap, bar.left(), bar.right());
    painter.setFont(font);
    for (std::size_t i = 0; i < places.size(); ++i) {
        const SharePart& part = row.parts[i];
        const ModelLook look = lookFor(part.model);
        const double middle = bar.bottom() + 3 + kLabelPx / 2;
        paintMark(painter, QPointF(places[i] + kMarkPx / 2 + 1, middle), kMarkPx, look.mark,
                  look.color);
        painter.setPen(colors.text);
        painter.drawText(
            QRectF(places[i] + kMarkRoomPx, middle - kLabelPx / 2, widths[i], kLabelPx),
            Qt::AlignLeft | Qt::AlignVCenter, labelOf(part));
    }
}

QSize SharesPlot::sizeHint() const
{
    return {360,
            static_cast<int>(std::max<double>(1, double(m_rows.size())) * kRowPx - space::kUnit)};
}

QSize SharesPlot::minimumSizeHint() const
{
    return {240, sizeHint().height()};
}

} // namespace signalbox::ui
