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

constexpr double kBarPx = 20;   ///< holds the words of a large part
constexpr double kLabelPx = 18; ///< under the bar: those of small parts
constexpr double kRowPx = kBarPx + kLabelPx + space::kUnit;
constexpr double kMarkPx = 9;
constexpr double kMarkRoomPx = 14;
constexpr double kGapPx = 2; ///< between two parts
constexpr double kPadPx = 7; ///< inside a part, before and behind its words

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

SharesPlot::Geometry SharesPlot::geometryIn(const QRectF& rect) const
{
    const QFontMetricsF metrics(Theme::font(TextRole::Small));
    double titles = 0;
    for (const ShareRow& row : m_rows)
        titles = std::max(titles, std::ceil(metrics.horizontalAdvance(row.title)));
    titles += space::kGap;
    Geometry geometry;
    double y = rect.top();
    for (const ShareRow& row : m_rows) {
        Geometry::Row placed;
        placed.title = QRectF(rect.left(), y, titles, kBarPx);
        placed.bar = QRectF(rect.left() + titles, y, rect.width() - titles, kBarPx);
        placed.parts = partsIn(placed.bar, row);
        geometry.rows.push_back(std::move(placed));
        y += kRowPx;
    }
    return geometry;
}

std::vector<SharesPlot::Geometry::Part> SharesPlot::partsIn(const QRectF& bar,
                                                            const ShareRow& row) const
{
    const QFontMetricsF metrics(Theme::font(TextRole::Caption));
    double sum = 0;
    for (const SharePart& part : row.parts)
        sum += std::max(0.0, part.share);
    const double all = std::max(1.0, sum); // what nobody answers stays empty
    double x = bar.left();
    std::vector<Geometry::Part> parts;
    for (const SharePart& part : row.parts) {
        const double width = bar.width() * std::max(0.0, part.share) / all;
        Geometry::Part placed;
        placed.segment = QRectF(x, bar.top(), std::max(1.0, width - kGapPx), bar.height());
        placed.text = labelOf(part);
        const double words = kMarkRoomPx + std::ceil(metrics.horizontalAdvance(placed.text)) + 1;
        placed.isInside = words + 2 * kPadPx <= placed.segment.width();
        placed.label = QRectF(x + kPadPx, bar.top(), words, bar.height());
        parts.push_back(std::move(placed));
        x += width;
    }
    placeBeneath(parts, bar);
    return parts;
}

/// The labels of parts that are too small for them: under their part, tied to it by a thread. The
/// smallest parts lose theirs where even that row is too short.
void SharesPlot::placeBeneath(std::vector<Geometry::Part>& parts, const QRectF& bar)
{
    std::vector<Geometry::Part*> small;
    for (Geometry::Part& part : parts) {
        if (!part.isInside)
            small.push_back(&part);
    }
    std::vector<double> places;
    while (!small.empty()) {
        std::vector<double> wanted;
        std::vector<double> widths;
        for (const Geometry::Part* part : small) {
            wanted.push_back(std::max(bar.left(), part->segment.center().x() - kMarkPx / 2 - 1));
            widths.push_back(part->label.width());
        }
        places = spread(wanted, widths, space::kGap, bar.left(), bar.right());
        if (!places.empty())
            break;
        const auto least = std::ranges::min_element(
            small, {}, [](const Geometry::Part* part) { return part->segment.width(); });
        (*least)->label = {};
        small.erase(least);
    }
    for (std::size_t i = 0; i < small.size(); ++i) {
        Geometry::Part& part = *small[i];
        part.label = QRectF(places[i], bar.bottom() + 3, part.label.width(), kLabelPx - 3);
        const double x = part.segment.center().x();
        const double middle = part.label.center().y();
        const double mark = part.label.left() + kMarkPx / 2 + 1;
        part.leader = {QPointF(x, bar.bottom())};
        if (std::abs(x - mark) <= 1) {
            part.leader.emplace_back(x, middle - kMarkPx / 2 - 1);
        } else if (x >= part.label.left() && x <= part.label.right()) {
            part.leader.emplace_back(x, part.label.top() + 2);
        } else {
            part.leader.emplace_back(x, middle);
            part.leader.emplace_back(
                x < part.label.left() ? part.label.left() - 2 : part.label.right() + 2, middle);
        }
    }
}

void SharesPlot::render(QPainter& painter, const QRectF& rect) const
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const Geometry geometry = geometryIn(rect);
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        const Geometry::Row& row = geometry.rows[i];
        painter.setFont(Theme::font(TextRole::Small));
        painter.setPen(Theme::current().colors().textMuted);
        painter.drawText(row.title, Qt::AlignLeft | Qt::AlignVCenter, m_rows[i].title);
        for (std::size_t k = 0; k < row.parts.size(); ++k)
            renderPart(painter, row.parts[k], m_rows[i].parts[k].model);
    }
    painter.restore();
}

/// Pale with an outline: the colour names the model, its amount must not shout.
void SharesPlot::renderPart(QPainter& painter, const Geometry::Part& part, int model)
{
    constexpr double kSliver = 4; ///< px: narrower, it is all outline
    const ThemeColors& colors = Theme::current().colors();
    const ModelLook look = lookFor(model);
    if (part.segment.width() < kSliver) {
        painter.fillRect(part.segment, look.color);
    } else {
        painter.setPen(QPen(look.color, 1));
        painter.setBrush(look.soft);
        painter.drawRoundedRect(part.segment.adjusted(0.5, 0.5, -0.5, -0.5), radius::kSmall,
                                radius::kSmall);
    }
    if (part.label.isEmpty())
        return;
    painter.setPen(QPen(look.color, 1));
    painter.setBrush(Qt::NoBrush);
    if (part.leader.size() > 1)
        painter.drawPolyline(part.leader.data(), static_cast<int>(part.leader.size()));
    const double middle = part.label.center().y();
    paintMark(painter, QPointF(part.label.left() + kMarkPx / 2 + 1, middle), kMarkPx, look.mark,
              look.color);
    painter.setFont(Theme::font(TextRole::Caption));
    painter.setPen(colors.text);
    painter.drawText(part.label.adjusted(kMarkRoomPx, 0, 2, 0), Qt::AlignLeft | Qt::AlignVCenter,
                     part.text);
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
