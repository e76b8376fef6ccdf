// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "segmentation.h"

#include <core/routing/coded_column.h>

#include <cstddef>
#include <span>
#include <vector>

// Inside of core/segments: what a signal's values come to as coordinates.
namespace signalbox::segments_detail {

/// A value on the feature's scale, before mean and spread; NaN if the signal is missing.
[[nodiscard]] double onScale(const ClusterFeature& feature, const SignalSlot& value);
/// In spreads from the mean; NaN if the signal is missing.
[[nodiscard]] double scaled(const ClusterFeature& feature, const SignalSlot& value);
/// Of a number in the signal's unit, and back.
[[nodiscard]] double scaled(const ClusterFeature& feature, double number);
[[nodiscard]] double unscaled(const ClusterFeature& feature, double coordinate);

/// The coordinates of rows by feature.
class ScaledSignals
{
public:
    /// @param columns  one per feature, of its signal; they have to live on
    ScaledSignals(std::span<const ClusterFeature> features,
                  std::vector<const CodedColumn*> columns);

    [[nodiscard]] std::size_t dimensions() const { return m_columns.size(); }
    /// @param out  feature by feature, `rows` numbers each
    void read(std::size_t firstRow, std::size_t rows, std::vector<double>& out) const;

private:
    std::vector<const CodedColumn*> m_columns;
    std::vector<std::vector<double>> m_ofCode; ///< per feature
};

/// The cluster with the nearest centre for each row of a block as read() gives it, over what is not
/// missing.
class NearestCentre
{
public:
    explicit NearestCentre(const SegmentsByCluster& by);
    void find(const std::vector<double>& block, std::span<std::uint16_t> nearest);

private:
    std::size_t m_dimensions;
    std::vector<std::vector<double>> m_centres; ///< scaled
    std::vector<double> m_best;
    std::vector<double> m_distance;
};

} // namespace signalbox::segments_detail
