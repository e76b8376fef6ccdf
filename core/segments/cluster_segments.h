// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "segmentation.h"

#include <core/policy/user_styles.h>
#include <core/traffic/traffic.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace signalbox {

inline constexpr std::size_t kFewestClusters = 2;
inline constexpr std::size_t kMostClusters = 20;
inline constexpr std::size_t kMostTriedClusters = 8; ///< where nobody says how many
/// A mean silhouette below it shows no substantial structure (Kaufman and Rousseeuw 1990, table 4
/// of chapter 2).
inline constexpr double kClearSilhouette = 0.25;

struct ClusterOptions
{
    std::optional<std::size_t> clusters; ///< kFewestClusters to kMostClusters; nullopt: chosen
    std::uint64_t seed = 1;
    std::size_t starts = 8;           ///< seedings for each number of clusters; the best one
    std::size_t mostPoints = 20'000;  ///< requests that centres are found by, evenly
    std::size_t mostCompared = 1'000; ///< requests that silhouettes are measured on
    enum class Threads { All, One };  ///< of no account for what is found
    Threads threads = Threads::All;
    const std::atomic<bool>* stop = nullptr; ///< set to give up: Cancelled
};

/// Clusters of a traffic, and how they were found.
struct ClusterFinding
{
    Segmentation segmentation; ///< the largest first

    struct Signals
    {
        SignalId id;
        std::string why; ///< end of a sentence: "it is the same in all requests"
    };
    std::vector<Signals> leftOut;
    struct Missing
    {
        SignalId id;
        std::size_t requests = 0; ///< that are placed by their other signals
    };
    std::vector<Missing> missing;

    std::size_t requests = 0;
    std::size_t looked = 0; ///< of these, that the centres were found by
    struct Tried
    {
        std::size_t clusters = 0;
        double silhouette = 0; ///< mean, -1 to 1
    };
    std::vector<Tried> tried;                ///< ascending; one if the number was given
    [[nodiscard]] double silhouette() const; ///< of what was found
    [[nodiscard]] bool isClear() const { return silhouette() >= kClearSilhouette; }
};

/// Segments by k-means over the signals of a policy: numbers (by their logarithm where a few are
/// far larger than the rest), booleans, and a dimension for each frequent value of a text, all in
/// spreads from their means. A signal that is missing says nothing. Of several starts the one
/// with the least within counts. Where the number is not given, it is the one of 2 to 8 with the
/// best mean silhouette, the smaller of equals. The same for the same requests in whatever order,
/// however many threads.
///
/// Meters are left out: what they show is no property of a request. InvalidArgument if no signal
/// tells requests apart, or fewer kinds of requests are there than clusters are asked for.
/// O(n log n) of the requests, once their texts are read.
[[nodiscard]] Result<ClusterFinding>
segmentsByCluster(const std::shared_ptr<const Traffic>& traffic, const PolicyDocument& policy,
                  const ClusterOptions& options = {},
                  std::shared_ptr<const UserStyles> styles = {});

} // namespace signalbox
