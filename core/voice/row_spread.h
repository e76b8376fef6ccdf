// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "answer_stats.h"

#include <array>
#include <cstddef>
#include <vector>

namespace signalbox {

/// The 52 style features of one answer; NaN where missing.
using StyleVector = std::array<float, kVoiceFeatureCount>;
[[nodiscard]] StyleVector styleOf(const AnswerStats& stats);

/// How far apart in style the answers to one prompt are, for a table of prompts and models: the
/// distance of the two that lie furthest apart. A feature counts in units of its standard deviation
/// over the whole table, at most four of them, so that one oddity does not decide; the distance is
/// the root of the mean square over the features that both have.
/// @param styles   row after row, `columns` each; null: no answer
/// @return         per row; NaN where fewer than two answers can be compared
/// O(rows x columns^2).
[[nodiscard]] std::vector<double> rowSpreads(const std::vector<const StyleVector*>& styles,
                                             std::size_t columns);

} // namespace signalbox
