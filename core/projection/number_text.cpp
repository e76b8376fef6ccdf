// SPDX-License-Identifier: Apache-2.0
#include "number_text.h"

#include <array>
#include <charconv>
#include <cmath>

namespace signalbox {

namespace {

/// Puts a comma between groups of three digits before the point.
std::string grouped(std::string digits)
{
    const std::size_t start = digits.starts_with('-') ? 1 : 0;
    std::size_t end = digits.find('.');
    if (end == std::string::npos)
        end = digits.size();
    while (end > start + 3) {
        end -= 3;
        digits.insert(end, ",");
    }
    return digits;
}

/// Cents for amounts a person pays, more digits for the price of one call.
int usdDecimals(double usd)
{
    const double magnitude = std::abs(usd);
    return magnitude == 0 || magnitude >= 1 ? 2 : magnitude >= 0.01 ? 4 : 6;
}

} // namespace

std::string fixedText(double value, int decimals)
{
    if (std::isnan(value))
        return "unknown";
    if (std::isinf(value))
        return value > 0 ? "∞" : "-∞";
    std::array<char, 400> buffer{};
    const auto written = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                       std::chars_format::fixed, decimals);
    std::string text(buffer.data(), written.ptr);
    // "-0.0" says nothing that "0.0" does not.
    if (text.starts_with('-') && text.find_first_of("123456789") == std::string::npos)
        text.erase(0, 1);
    return text;
}

std::string countText(std::size_t count)
{
    return grouped(std::to_string(count));
}

MetricUnit unitOf(GateMetric metric)
{
    switch (metric) {
    case GateMetric::CostSaving:
    case GateMetric::Satisfaction:
    case GateMetric::SatisfactionRatio:
        return MetricUnit::Percent;
    case GateMetric::CostPer1k:
        return MetricUnit::Usd;
    case GateMetric::LatencyP95Ms:
        return MetricUnit::Seconds;
    case GateMetric::Consistency:
        return MetricUnit::Points;
    }
    return MetricUnit::Points;
}

namespace {

std::string bareText(double value, MetricUnit unit)
{
    switch (unit) {
    case MetricUnit::Percent:
    case MetricUnit::Points:
        return fixedText(value * 100, 1);
    case MetricUnit::Usd:
        return grouped(fixedText(value, usdDecimals(value)));
    case MetricUnit::Seconds:
        return grouped(fixedText(value / 1000, 2));
    }
    return {};
}

std::string suffixOf(MetricUnit unit)
{
    return unit == MetricUnit::Percent ? " %" : unit == MetricUnit::Seconds ? " s" : "";
}

} // namespace

std::string valueText(double value, MetricUnit unit)
{
    if (std::isnan(value))
        return "unknown";
    return (unit == MetricUnit::Usd ? "$" : "") + bareText(value, unit) + suffixOf(unit);
}

std::string limitValueText(double value, MetricUnit unit)
{
    if (unit == MetricUnit::Usd)
        return valueText(value, unit);
    std::string digits = fixedText(unit == MetricUnit::Seconds ? value / 1000 : value * 100, 3);
    while (digits.ends_with('0'))
        digits.pop_back();
    if (digits.ends_with('.'))
        digits.pop_back();
    return digits + suffixOf(unit);
}

std::string intervalText(const Estimate& estimate, MetricUnit unit)
{
    const std::string low = bareText(estimate.low, unit);
    const std::string high = bareText(estimate.high, unit);
    if (low == high)
        return valueText(estimate.value, unit);
    return (unit == MetricUnit::Usd ? "$" : "") + low + " to " + high + suffixOf(unit);
}

std::string estimateText(const std::optional<Estimate>& estimate, MetricUnit unit)
{
    if (!estimate)
        return "unknown";
    const std::string value = valueText(estimate->value, unit);
    const std::string interval = intervalText(*estimate, unit);
    return interval == value ? value : value + " (" + interval + ")";
}

std::string countOf(std::size_t count, const std::string& one, const std::string& many)
{
    return countText(count) + ' ' + (count == 1 ? one : many);
}

} // namespace signalbox
