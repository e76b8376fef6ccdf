// SPDX-License-Identifier: Apache-2.0
#include "cluster_points.h"

#include "scaled_signals.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <utility>

namespace signalbox::segments_detail {

namespace {

constexpr double kMostMissing = 0.5; ///< of the requests
constexpr std::size_t kMostCategories = 8;
constexpr double kLeastCategory = 0.01;   ///< of the requests that have the text
constexpr double kLeastCategorised = 0.5; ///< of these, in categories together
constexpr double kLongTail = 2;           ///< skewness from which a number goes by its logarithm

std::vector<std::size_t> rowsPerCode(const CodedColumn& column)
{
    std::vector<std::size_t> rows(column.values().size(), 0);
    std::visit(
        [&](const auto& codes) {
            for (const auto code : codes)
                ++rows[code];
        },
        column.codes());
    return rows;
}

/// What a feature's values are like, over the requests that have the signal.
struct Spread
{
    double mean = 0;
    double deviation = 0;
    double skewness = 0;
    double least = std::numeric_limits<double>::infinity();
};

/// By code, so that the sums do not depend on the order of the rows.
Spread spreadOf(const ClusterFeature& feature, const CodedColumn& column,
                const std::vector<std::size_t>& rows)
{
    Spread spread;
    double count = 0;
    const auto forEach = [&](const auto& visit) {
        for (std::size_t code = 0; code < rows.size(); ++code) {
            const double value = onScale(feature, column.values()[code]);
            if (std::isfinite(value) && rows[code] > 0)
                visit(value, static_cast<double>(rows[code]));
        }
    };
    forEach([&](double value, double weight) {
        spread.mean += weight * value;
        count += weight;
        spread.least = std::min(spread.least, value);
    });
    spread.mean /= std::max(count, 1.0);
    double third = 0;
    forEach([&](double value, double weight) {
        const double apart = value - spread.mean;
        spread.deviation += weight * apart * apart;
        third += weight * apart * apart * apart;
    });
    spread.deviation = std::sqrt(spread.deviation / std::max(count, 1.0));
    third /= std::max(count, 1.0);
    spread.skewness = spread.deviation > 0 ? third / std::pow(spread.deviation, 3) : 0;
    return spread;
}

class FeatureChooser
{
public:
    explicit FeatureChooser(FeatureChoice& choice) : m_choice(choice) {}

    void look(const Signal& signal, const CodedColumn& column, std::size_t index)
    {
        const std::vector<std::size_t> rows = rowsPerCode(column);
        std::size_t missing = 0;
        for (std::size_t code = 0; code < rows.size(); ++code) {
            if (column.values()[code].kind == SignalSlot::Kind::Missing)
                missing += rows[code];
        }
        if (static_cast<double>(missing) > kMostMissing * static_cast<double>(column.rowCount()))
            return leaveOut(signal, missing == column.rowCount()
                                        ? "no request has it"
                                        : "more than half of the requests do not have it");
        const std::size_t before = m_choice.features.size();
        if (valueTypeOf(signal) == ValueType::String)
            addCategories(signal, column, rows, column.rowCount() - missing);
        else
            addNumber(signal, column, rows);
        const std::size_t added = m_choice.features.size() - before;
        m_choice.columnOf.insert(m_choice.columnOf.end(), added, index);
        if (added > 0 && missing > 0)
            m_choice.missing.push_back({signal.id, missing});
    }

private:
    void leaveOut(const Signal& signal, std::string why)
    {
        m_choice.leftOut.push_back({signal.id, std::move(why)});
    }

    /// @return whether it tells requests apart
    bool add(ClusterFeature feature, const Spread& spread)
    {
        feature.mean = spread.mean;
        feature.spread = spread.deviation;
        // What differs by less than sums of doubles are true to does not differ.
        if (!(feature.spread > 1e-12 * std::max(1.0, std::abs(feature.mean))) ||
            !std::isfinite(feature.spread))
            return false;
        m_choice.features.push_back(std::move(feature));
        return true;
    }

    void addNumber(const Signal& signal, const CodedColumn& column,
                   const std::vector<std::size_t>& rows)
    {
        ClusterFeature feature;
        feature.signal = signal.id;
        Spread spread = spreadOf(feature, column, rows);
        if (valueTypeOf(signal) == ValueType::Number && spread.least >= 0 &&
            spread.skewness > kLongTail) {
            feature.scale = FeatureScale::Log;
            spread = spreadOf(feature, column, rows);
        }
        if (!add(feature, spread))
            leaveOut(signal, "it is the same in all requests");
    }

    void addCategories(const Signal& signal, const CodedColumn& column,
                       const std::vector<std::size_t>& rows, std::size_t present)
    {
        std::vector<std::pair<std::string, std::size_t>> values; // by bytes, as codes are
        for (std::size_t code = 0; code < rows.size(); ++code) {
            if (column.values()[code].kind == SignalSlot::Kind::String && rows[code] > 0)
                values.emplace_back(column.values()[code].text, rows[code]);
        }
        if (values.size() < 2)
            return leaveOut(signal, "it is the same in all requests");
        std::ranges::stable_sort(values, std::greater(),
                                 &std::pair<std::string, std::size_t>::second);
        std::size_t covered = 0;
        std::vector<std::string> categories;
        for (const auto& [value, count] : values) {
            if (categories.size() == kMostCategories ||
                static_cast<double>(count) < kLeastCategory * static_cast<double>(present))
                break;
            categories.push_back(value);
            covered += count;
        }
        if (static_cast<double>(covered) < kLeastCategorised * static_cast<double>(present))
            return leaveOut(signal, "it has too many values to be a category");
        // Of two values the one is what the other is not; the rarer one sets its requests apart.
        if (values.size() == 2 && categories.size() == 2)
            categories.erase(categories.begin());
        for (std::string& category : categories) {
            ClusterFeature feature;
            feature.signal = signal.id;
            feature.value = std::move(category);
            const Spread spread = spreadOf(feature, column, rows);
            add(std::move(feature), spread);
        }
    }

    FeatureChoice& m_choice;
};

/// By value, what is missing first.
bool isBefore(double a, double b)
{
    return std::isnan(a) ? !std::isnan(b) : a < b;
}

/// Equal points become one; the order is that of their values.
WeightedPoints merged(const WeightedPoints& points)
{
    std::vector<std::uint32_t> order(points.size());
    std::iota(order.begin(), order.end(), 0U);
    const auto less = [&](std::uint32_t a, std::uint32_t b) {
        return std::ranges::lexicographical_compare(points[a], points[b], isBefore);
    };
    std::ranges::sort(order, less);
    WeightedPoints result;
    result.dimensions = points.dimensions;
    for (std::size_t i = 0; i < order.size(); ++i) {
        if (i > 0 && !less(order[i - 1], order[i])) {
            result.weights.back() += points.weights[order[i]];
            continue;
        }
        const auto place = points[order[i]];
        result.values.insert(result.values.end(), place.begin(), place.end());
        result.weights.push_back(points.weights[order[i]]);
    }
    return result;
}

/// The rows in the order of their values. Codes ascend as values do, so it is that of any traffic
/// with the same requests.
std::vector<std::uint32_t> sortedRows(const std::vector<const CodedColumn*>& columns,
                                      std::size_t rows)
{
    const std::size_t width = columns.size();
    std::vector<std::uint32_t> codes(rows * width);
    for (std::size_t c = 0; c < width; ++c) {
        std::visit(
            [&](const auto& ofRows) {
                for (std::size_t row = 0; row < rows; ++row)
                    codes[row * width + c] = ofRows[row];
            },
            columns[c]->codes());
    }
    std::vector<std::uint32_t> order(rows);
    std::iota(order.begin(), order.end(), 0U);
    std::ranges::sort(order, [&](std::uint32_t a, std::uint32_t b) {
        const auto of = [&](std::uint32_t row) {
            return std::span(codes).subspan(row * width, width);
        };
        return std::ranges::lexicographical_compare(of(a), of(b));
    });
    return order;
}

} // namespace

FeatureChoice featuresOf(const std::vector<Signal>& signalList,
                         const std::vector<const CodedColumn*>& columns)
{
    FeatureChoice choice;
    FeatureChooser chooser(choice);
    for (std::size_t i = 0; i < signalList.size(); ++i)
        chooser.look(signalList[i], *columns[i], i);
    return choice;
}

WeightedPoints pointsOf(const FeatureChoice& choice, const std::vector<const CodedColumn*>& columns,
                        std::size_t most)
{
    WeightedPoints points;
    points.dimensions = choice.features.size();
    if (choice.features.empty())
        return points;
    std::vector<const CodedColumn*> read;
    for (const std::size_t column : choice.columnOf)
        read.push_back(columns[column]);
    const std::size_t rows = read.front()->rowCount();
    std::vector<const CodedColumn*> each; // once, though it be several features
    for (const CodedColumn* column : read) {
        if (each.empty() || each.back() != column)
            each.push_back(column);
    }
    const std::vector<std::uint32_t> order = sortedRows(each, rows);
    const ScaledSignals coordinates(choice.features, read);
    std::vector<double> point;
    const std::size_t taken = std::min(rows, most);
    for (std::size_t i = 0; i < taken; ++i) {
        // The middle of each stretch.
        coordinates.read(order[(2 * i + 1) * rows / (2 * taken)], 1, point);
        points.values.insert(points.values.end(), point.begin(), point.end());
        points.weights.push_back(1);
    }
    return merged(points);
}

WeightedPoints thinned(const WeightedPoints& points, std::size_t most)
{
    const double all = std::accumulate(points.weights.begin(), points.weights.end(), 0.0);
    if (all <= static_cast<double>(most))
        return points;
    WeightedPoints result;
    result.dimensions = points.dimensions;
    double passed = 0;
    std::size_t next = 0;
    for (std::size_t i = 0; i < points.size(); ++i) {
        passed += points.weights[i];
        double weight = 0;
        while (next < most &&
               (static_cast<double>(next) + 0.5) * all / static_cast<double>(most) < passed) {
            ++weight;
            ++next;
        }
        if (weight == 0)
            continue;
        const auto place = points[i];
        result.values.insert(result.values.end(), place.begin(), place.end());
        result.weights.push_back(weight);
    }
    return result;
}

} // namespace signalbox::segments_detail
