// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <core/base/ids.h>
#include <core/base/json.h>
#include <core/base/result.h>
#include <core/policy/document.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace signalbox {

inline constexpr std::size_t kMostSegments = 1000;
inline constexpr std::size_t kLongestSegmentName = 120; ///< code points

struct ConditionSegment
{
    std::string name;
    Condition when;
    bool operator==(const ConditionSegment&) const = default;
};

/// By expression: the first condition that holds takes a request, as of a policy's rules; the rest
/// takes what is left.
struct SegmentsByCondition
{
    std::vector<ConditionSegment> segments;
    bool operator==(const SegmentsByCondition&) const = default;
};

/// By tag: the value of a metadata entry names the segment. Values that are not listed are of the
/// rest; requests without the entry are Traffic::kUnlabelled.
struct SegmentsByTag
{
    std::string key;
    std::vector<std::string> values; ///< as tagText() writes them
    bool operator==(const SegmentsByTag&) const = default;
};

/// How a number is measured before it is compared: lengths and counts have long tails, in which a
/// few requests would be all that a mean sees.
enum class FeatureScale { Linear, Log }; ///< Log: of 1 + value

/// A dimension of clusters: a number, a boolean (0 or 1), or one value of a text (0 or 1).
struct ClusterFeature
{
    SignalId signal;
    std::optional<std::string> value; ///< of a text signal: 1 where it is this, else 0
    FeatureScale scale = FeatureScale::Linear;
    double mean = 0;   ///< on that scale, of the requests that have the signal
    double spread = 1; ///< standard deviation there, > 0
    bool operator==(const ClusterFeature&) const = default;
};

struct SegmentCluster
{
    std::string name;
    double share = 0;           ///< of the requests that it was found in, 0 to 1
    std::vector<double> centre; ///< per feature, in the signal's own unit; 0 to 1 of what is 0 or 1
    bool operator==(const SegmentCluster&) const = default;
};

/// By nearness: the cluster with the nearest centre takes a request, by Euclidean distance in
/// spreads; the first of several equally near. A signal that a request does not have says nothing:
/// its distances are over the others.
struct SegmentsByCluster
{
    std::vector<ClusterFeature> features;
    std::vector<SegmentCluster> segments;
    bool operator==(const SegmentsByCluster&) const = default;
};

/// A way of dividing requests into named segments. It holds the definitions of the signals that it
/// reads, and so stays what it is when the policy changes that they came from: revisions of a
/// policy can be compared over the same segments, and this month's over the next one's traffic.
struct Segmentation
{
    std::variant<SegmentsByCondition, SegmentsByTag, SegmentsByCluster> by;
    std::string rest = "Other"; ///< takes what no segment takes; clusters leave nothing
    std::vector<Signal> signalList;
    DecisionUnit decideBy = DecisionUnit::Request; ///< of the policy: what its signals read
    bool operator==(const Segmentation&) const = default;

    /// Every name that it can give, each once, its own order; the rest and the unlabelled last.
    [[nodiscard]] std::vector<std::string> names() const;
    /// Whether requests are told apart by nothing but what is said in them, so that a lab prompt
    /// has all that is asked about.
    [[nodiscard]] bool readsOnlyMessages() const;
};

/// The signals of conditions or features, each once: not those that only their scores use.
[[nodiscard]] std::vector<SignalId> signalsOf(const Segmentation& segmentation);

/// A metadata value as the name of a segment: "enterprise", "7", "true".
[[nodiscard]] std::string tagText(const Scalar& value);

/// Why a text cannot be the name of a segment, as the end of a sentence; "" if it can. Names stand
/// in tables: they are valid UTF-8 without control characters, at most kLongestSegmentName long.
[[nodiscard]] std::string nameProblem(std::string_view name);

/// Everything that must hold, also of a file by hand: names there and different, conditions that
/// fit the signals, signals that compile and are no meters (which only a policy moves), features
/// with a spread, centres with a number for each feature. The place is that in the file.
[[nodiscard]] Result<void> checkSegmentation(const Segmentation& segmentation);

/// The segmentation file, schema version 1 (resources/schema/segments-1.schema.json):
///
///     {"schemaVersion": 1, "by": "expression", "signals": [… as in a policy …],
///      "segments": [{"name": "Legal", "when": "`expert words` and chars > 200"}, …],
///      "rest": "Other"}
///     {"schemaVersion": 1, "by": "tag", "key": "plan", "segments": [{"name": "pro"}, …],
///      "rest": "Other"}
///     {"schemaVersion": 1, "by": "kMeans", "signals": […],
///      "features": [{"signal": "chars", "scale": "log", "mean": 4.1, "spread": 0.9},
///                   {"signal": "plan", "value": "pro", "mean": 0.2, "spread": 0.4}, …],
///      "segments": [{"name": "long", "share": 0.31, "centre": [840, 0.6]}, …]}
///
/// Beside "signals" stands "decideBy", as in a policy, if it is the conversation. What is given
/// back is equal to what was written.
[[nodiscard]] Json toJson(const Segmentation& segmentation);
[[nodiscard]] std::string toSegmentationText(const Segmentation& segmentation);
/// The first problem with its place in the file; checkSegmentation() is asked.
[[nodiscard]] Result<Segmentation> parseSegmentation(std::string_view text);

} // namespace signalbox
