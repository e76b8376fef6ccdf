// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <span>

namespace signalbox {

// The loops in which comparing voices spends its time, with the widest vectors that the processor
// has. What they say is the same to the last bit with all of them.

/// out[k] += sum over i of x[i] x[i + k], for all k. O(n^2).
/// @param x, out  of one length; whole numbers, and so small that their sums are below 2^24
void addAutocorrelation(std::span<const float> x, std::span<float> out);

/// sums[i] += (value - values[i])^2. O(n).
/// @param values, sums  of one length
void addSquaredDifferences(double value, std::span<const double> values, std::span<double> sums);

/// Ways to label n things with +1 and -1, some at a time: one pass over a matrix serves them all.
inline constexpr std::size_t kSignLanes = 8;
using SignLanes = std::array<double, kSignLanes>;

/// s'Ms / 2 of every lane's labels s, of a symmetric matrix M. O(n^2).
/// @param matrix  n x n
/// @param signs   n, each +1 or -1
[[nodiscard]] SignLanes halfSignedSums(std::span<const double> matrix,
                                       std::span<const SignLanes> signs);

} // namespace signalbox
