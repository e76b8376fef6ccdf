// SPDX-License-Identifier: GPL-3.0-or-later
#include "plots.h"

#include "spreadsheet_text.h"

#include <QPainter>

#include <algorithm>
#include <array>
#include <cmath>

namespace signalbox::ui {

namespace {

QString csvLine(const QStringList& cells)
{
    QStringList line;
    for (const QString& cell : cells)
        line << csvCell(cell);
    return line.join(QLatin1Char(',')) + QStringLiteral("\r\n");
}

} // namespace

std::pair<double, double> niceLogRange(double low, double high)
{
    constexpr std::array<double, 4> kFactors = {1, 2, 5, 10};
    const auto parts = [](double value) {
        const double power = std::pow(10, std::floor(std::log10(value)));
        return std::pair(power, value / power);
    };
    const auto [lowPower, lowFactor] = parts(low);
    const auto [highPower, highFactor] = parts(high);
    const auto below = std::find_if(kFactors.rbegin(), kFactors.rend(),
                                    [f = lowFactor](double k) { return k <= f * (1 + 1e-9); });
    const auto above = std::find_if(kFactors.begin(), kFactors.end(),
                                    [f = highFactor](double k) { return k >= f * (1 - 1e-9); });
    return {(below == kFactors.rend() ? 1 : *below) * lowPower,
            (above == kFactors.end() ? 10 : *above) * highPower};
}

std::vector<double> niceTicks(double low, double high, int wanted, bool log)
{
    std::vector<double> ticks;
    if (!(high > low) || wanted < 1)
        return ticks;
    if (log && low > 0) {
        const double decades = std::log10(high / low);
        const std::vector<double> factors = decades * 2 <= wanted     ? std::vector<double>{1, 2, 5}
                                            : decades * 1.4 <= wanted ? std::vector<double>{1, 3}
                                                                      : std::vector<double>{1};
        const int stride = std::max(1, static_cast<int>(std::ceil(decades / wanted)));
        const int last = static_cast<int>(std::ceil(std::log10(high)));
        for (int power = static_cast<int>(std::floor(std::log10(low))); power <= last;
             power += stride) {
            for (const double factor : factors) {
                const double value = factor * std::pow(10, power);
                if (value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9))
                    ticks.push_back(value);
            }
        }
        if (ticks.size() >= 2)
            return ticks;
        ticks.clear(); // less than a decade: linear ticks say more
    }
    const double rough = (high - low) / wanted;
    const double power = std::pow(10, std::floor(std::log10(rough)));
    const double ratio = rough / power;
    const double step = power * (ratio < 1.5 ? 1 : ratio < 3.5 ? 2 : ratio < 7.5 ? 5 : 10);
    double next = std::ceil(low / step - 1e-9); // in steps
    while (next * step <= high + step * 1e-9) {
        ticks.push_back(next == 0 ? 0 : next * step);
        ++next;
    }
    return ticks;
}

std::vector<double> ticksAboutZero(double furthest)
{
    struct Scale
    {
        int ticks; ///< on either side
        int step;
    };
    // ±2, 3, 4, 6, 8, 9, 10, 12, 15, 16, 18, then tens of them.
    constexpr std::array<Scale, 11> kScales = {
        {{2, 1}, {3, 1}, {2, 2}, {3, 2}, {2, 4}, {3, 3}, {2, 5}, {3, 4}, {3, 5}, {2, 8}, {3, 6}}};
    const double reach = std::isfinite(furthest) ? std::abs(furthest) : 0;
    double power = 1;
    while (reach > kScales.back().ticks * kScales.back().step * power)
        power *= 10;
    const auto scale = std::ranges::find_if(
        kScales, [&](const Scale& each) { return each.ticks * each.step * power >= reach; });
    std::vector<double> ticks;
    for (int i = -scale->ticks; i <= scale->ticks; ++i)
        ticks.push_back(i * scale->step * power);
    return ticks;
}

int PlotTable::placesAt(std::size_t row, int column) const
{
    const auto at = static_cast<std::size_t>(column);
    const int ofColumn = at < places.size() ? places[at] : -1;
    return ofColumn >= 0 && row < rowPlaces.size() && rowPlaces[row] >= 0 ? rowPlaces[row]
                                                                          : ofColumn;
}

QString PlotTable::toCsv() const
{
    QString text = csvLine(columns);
    for (const QStringList& row : rows)
        text += csvLine(row);
    return text;
}

QString PlotTable::rowText(std::size_t row) const
{
    QStringList cells;
    for (qsizetype i = 0; i < rows[row].size(); ++i) {
        if (!rows[row][i].isEmpty())
            cells << (i == 0 ? rows[row][i] : columns.value(i) + QLatin1Char(' ') + rows[row][i]);
    }
    return cells.join(QStringLiteral(", "));
}

std::vector<SpokenPart> PlotTable::spokenRows() const
{
    std::vector<SpokenPart> parts;
    for (std::size_t i = 0; i < rows.size(); ++i)
        parts.push_back({QAccessible::ListItem, rowText(i)});
    return parts;
}

// PlotView

PlotView::PlotView(QWidget* parent) : QWidget(parent) {}

void PlotView::setTitle(const QString& title)
{
    m_title = title;
    setAccessibleName(title);
}

void PlotView::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    render(painter, QRectF(rect()));
}

/// The first rows as text: enough to know the plot by ear; its parts and the table twin have the
/// rest.
void PlotView::dataChanged()
{
    partsChanged();
    constexpr std::size_t kSpokenRows = 12;
    const PlotTable content = table();
    QStringList lines;
    for (std::size_t i = 0; i < std::min(kSpokenRows, content.rows.size()); ++i)
        lines << content.rowText(i);
    setAccessibleDescription(lines.join(QStringLiteral("; ")));
    updateGeometry();
    update();
}

} // namespace signalbox::ui
