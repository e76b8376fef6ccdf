// SPDX-License-Identifier: Apache-2.0
#include "scaled_signals.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace signalbox::segments_detail {

double onScale(const ClusterFeature& feature, const SignalSlot& value)
{
    if (value.kind == SignalSlot::Kind::Missing)
        return std::numeric_limits<double>::quiet_NaN();
    if (feature.value)
        return value.text == *feature.value ? 1 : 0;
    // What is below 0 has no logarithm; a signal with such values is measured as it is, but next
    // month's traffic may bring one.
    return feature.scale == FeatureScale::Log ? std::log1p(std::max(value.number, 0.0))
                                              : value.number;
}

double scaled(const ClusterFeature& feature, const SignalSlot& value)
{
    const double number = onScale(feature, value);
    return std::isfinite(number) ? (number - feature.mean) / feature.spread
                                 : std::numeric_limits<double>::quiet_NaN();
}

double scaled(const ClusterFeature& feature, double number)
{
    return ((feature.scale == FeatureScale::Log ? std::log1p(number) : number) - feature.mean) /
           feature.spread;
}

double unscaled(const ClusterFeature& feature, double coordinate)
{
    const double number = feature.mean + feature.spread * coordinate;
    return feature.scale == FeatureScale::Log ? std::expm1(number) : number;
}

ScaledSignals::ScaledSignals(std::span<const ClusterFeature> features,
                             std::vector<const CodedColumn*> columns)
    : m_columns(std::move(columns))
{
    for (std::size_t f = 0; f < features.size(); ++f) {
        std::vector<double>& ofCode = m_ofCode.emplace_back();
        for (const SignalSlot& value : m_columns[f]->values())
            ofCode.push_back(scaled(features[f], value));
    }
}

void ScaledSignals::read(std::size_t firstRow, std::size_t rows, std::vector<double>& out) const
{
    out.resize(m_columns.size() * rows);
    for (std::size_t f = 0; f < m_columns.size(); ++f) {
        std::visit(
            [&](const auto& codes) {
                for (std::size_t i = 0; i < rows; ++i)
                    out[f * rows + i] = m_ofCode[f][codes[firstRow + i]];
            },
            m_columns[f]->codes());
    }
}

NearestCentre::NearestCentre(const SegmentsByCluster& by) : m_dimensions(by.features.size())
{
    for (const SegmentCluster& cluster : by.segments) {
        std::vector<double>& centre = m_centres.emplace_back();
        for (std::size_t f = 0; f < m_dimensions; ++f)
            centre.push_back(scaled(by.features[f], cluster.centre[f]));
    }
}

void NearestCentre::find(const std::vector<double>& block, std::span<std::uint16_t> nearest)
{
    const std::size_t rows = nearest.size();
    m_best.assign(rows, std::numeric_limits<double>::infinity());
    std::ranges::fill(nearest, std::uint16_t{0});
    for (std::size_t c = 0; c < m_centres.size(); ++c) {
        m_distance.assign(rows, 0);
        for (std::size_t f = 0; f < m_dimensions; ++f) {
            const double centre = m_centres[c][f];
            for (std::size_t i = 0; i < rows; ++i) {
                const double apart = block[f * rows + i] - centre;
                m_distance[i] += std::isnan(apart) ? 0 : apart * apart;
            }
        }
        for (std::size_t i = 0; i < rows; ++i) {
            if (m_distance[i] < m_best[i]) {
                m_best[i] = m_distance[i];
                nearest[i] = static_cast<std::uint16_t>(c);
            }
        }
    }
}

} // namespace signalbox::segments_detail
