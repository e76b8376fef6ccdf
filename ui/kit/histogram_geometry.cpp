// SPDX-License-Identifier: GPL-3.0-or-later
#include "histogram_geometry.h"

#include "plots.h"

#include <algorithm>
#include <cmath>

namespace signalbox::ui {

namespace {

constexpr int kMostDiscreteBins = 64;
constexpr double kWantedBins = 60;

/// 1, 2 or 5 times a power of ten, at least `width`.
double roundUp(double width)
{
    const double power = std::pow(10, std::floor(std::log10(width)));
    for (const double factor : {1.0, 2.0, 5.0, 10.0}) {
        if (factor * power >= width * (1 - 1e-9))
            return factor * power;
    }
    return 10 * power;
}

bool isWhole(double value)
{
    return std::abs(value - std::round(value)) < 1e-9;
}

} // namespace

void HistogramGeometry::setValues(std::vector<double> values, bool allowLog)
{
    const std::size_t given = values.size();
    std::erase_if(values, [](double v) { return !std::isfinite(v); });
    m_missing = given - values.size();
    std::sort(values.begin(), values.end());
    m_sorted = std::move(values);
    m_bins.clear();
    m_log = false;
    m_discrete = false;
    m_low = 0;
    m_high = 1;
    if (m_sorted.empty())
        return;
    const double span = m_sorted.back() - m_sorted.front();
    m_discrete = span < kMostDiscreteBins && std::all_of(m_sorted.begin(), m_sorted.end(), isWhole);
    m_discrete ? layOutDiscrete() : layOutContinuous(allowLog);
    fillBins();
}

/// One bin for each whole number, and half a bin of air at both ends.
void HistogramGeometry::layOutDiscrete()
{
    const double first = std::round(m_sorted.front());
    const double last = std::round(m_sorted.back());
    m_low = first - 0.5;
    m_high = last + 0.5;
    const int values = static_cast<int>(last - first) + 1; // few: see kMostDiscreteBins
    for (int i = 0; i < values; ++i)
        m_bins.push_back({first + i - 0.5, first + i + 0.5, 0});
}

void HistogramGeometry::layOutContinuous(bool allowLog)
{
    const double first = m_sorted.front();
    const double last = m_sorted.back();
    const double middle = m_sorted[m_sorted.size() / 2];
    m_log = allowLog && first > 0 && last / first > 50 && middle < first + (last - first) / 5;
    if (m_log) {
        m_low = first;
        m_high = std::nextafter(last * (1 + 1e-9), last * 2);
        const double step = std::log(m_high / m_low) / kWantedBins;
        for (int i = 0; i < int(kWantedBins); ++i)
            m_bins.push_back({m_low * std::exp(step * i), m_low * std::exp(step * (i + 1)), 0});
        m_bins.back().high = m_high;
        return;
    }
    const double span = last > first ? last - first : std::max(std::abs(first), 1.0) * 0.1;
    const double width = roundUp(span / kWantedBins);
    const double from = std::floor(first / width);
    const int bins = static_cast<int>(std::floor(last / width) - from) + 1;
    for (int i = 0; i < bins; ++i)
        m_bins.push_back({(from + i) * width, (from + i + 1) * width, 0});
    m_low = m_bins.front().low;
    m_high = m_bins.back().high;
}

void HistogramGeometry::fillBins()
{
    for (std::size_t i = 0; i < m_bins.size(); ++i) {
        const std::size_t below = countBelow(m_bins[i].low);
        const std::size_t end =
            i + 1 == m_bins.size() ? m_sorted.size() : countBelow(m_bins[i].high);
        m_bins[i].count = end - std::min(below, end);
    }
}

double HistogramGeometry::mapValueToX(double value) const
{
    const double v = std::clamp(value, m_low, m_high);
    const double share =
        m_log ? std::log(v / m_low) / std::log(m_high / m_low) : (v - m_low) / (m_high - m_low);
    return m_plot.left() + share * m_plot.width();
}

double HistogramGeometry::mapXToValue(double x) const
{
    if (m_plot.width() <= 0)
        return m_low;
    const double share = std::clamp((x - m_plot.left()) / m_plot.width(), 0.0, 1.0);
    return m_log ? m_low * std::pow(m_high / m_low, share) : m_low + share * (m_high - m_low);
}

double HistogramGeometry::lineX(double value, bool rightIncludesEqual) const
{
    if (m_discrete && isWhole(value))
        return mapValueToX(value + (rightIncludesEqual ? -0.5 : 0.5));
    return mapValueToX(value);
}

double HistogramGeometry::snapped(double value) const
{
    const double v = std::clamp(value, m_low, m_high);
    if (m_discrete)
        return std::clamp(std::round(v), std::ceil(m_low), std::floor(m_high) + 1);
    if (isEmpty())
        return v;
    // A power of ten no finer than a pixel is wide.
    const double pixel =
        m_plot.width() > 1
            ? std::abs(mapXToValue(mapValueToX(v) + 1) - mapXToValue(mapValueToX(v) - 1)) / 2
            : (m_high - m_low) / 1000;
    if (pixel <= 0)
        return v;
    const double step = std::pow(10, std::floor(std::log10(pixel)));
    const double round = std::round(v / step) * step;
    return std::clamp(round, m_low, m_high);
}

double HistogramGeometry::stepped(double value, int steps) const
{
    if (m_discrete)
        return snapped(value + steps);
    if (isEmpty())
        return value;
    const double x = mapValueToX(value) + steps;
    const double next = snapped(mapXToValue(x));
    return next;
}

QRectF HistogramGeometry::barRect(std::size_t bin) const
{
    const auto tallest = std::max_element(
        m_bins.begin(), m_bins.end(), [](const Bin& a, const Bin& b) { return a.count < b.count; });
    if (tallest == m_bins.end() || tallest->count == 0)
        return {};
    const Bin& b = m_bins[bin];
    const double left = mapValueToX(b.low);
    const double right = mapValueToX(b.high);
    const double gap = right - left > 6 ? (m_discrete ? (right - left) * 0.12 : 1) : 0;
    double height = m_plot.height() * double(b.count) / double(tallest->count);
    if (b.count > 0)
        height = std::max(height, 1.0); // a single request is still seen
    return {left + gap / 2, m_plot.bottom() - height, right - left - gap, height};
}

std::size_t HistogramGeometry::countBelow(double value) const
{
    return static_cast<std::size_t>(std::lower_bound(m_sorted.begin(), m_sorted.end(), value) -
                                    m_sorted.begin());
}

std::size_t HistogramGeometry::countAtMost(double value) const
{
    return static_cast<std::size_t>(std::upper_bound(m_sorted.begin(), m_sorted.end(), value) -
                                    m_sorted.begin());
}

std::vector<double> HistogramGeometry::ticks(int wanted) const
{
    if (!m_discrete)
        return niceTicks(m_low, m_high, wanted, m_log);
    const double step = std::max(1.0, roundUp((m_high - m_low) / std::max(1, wanted)));
    std::vector<double> values;
    const double first = std::ceil(m_low / step);
    const int count = static_cast<int>(std::floor(m_high / step) - first) + 1;
    for (int i = 0; i < count; ++i)
        values.push_back((first + i) * step);
    return values;
}

} // namespace signalbox::ui
