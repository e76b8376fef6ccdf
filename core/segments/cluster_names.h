// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "segmentation.h"

#include <string>
#include <vector>

namespace signalbox::segments_detail {

/// Names for clusters in words, from what sets each apart from all requests: "long, expert words".
/// A word is of a feature at least half a spread from its mean, the farthest first, one of each
/// signal and at most two in all; none: "usual". Clusters with the same words get more of them, and
/// numbers where all words are the same.
/// @param by  names are not read; order decides who keeps the plain name
[[nodiscard]] std::vector<std::string> clusterNames(const SegmentsByCluster& by,
                                                    const std::vector<Signal>& signalList);

/// What a feature says of requests in which it is high, or low: "long" and "short", "asks" and "not
/// asks", "plan pro" and "plan not pro", "high complexity" and "low complexity".
[[nodiscard]] std::string featureWord(const ClusterFeature& feature, const Signal& signal,
                                      bool isHigh);

} // namespace signalbox::segments_detail
