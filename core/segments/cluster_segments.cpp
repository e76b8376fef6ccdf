// SPDX-License-Identifier: Apache-2.0
#include "cluster_segments.h"

#include "cluster_names.h"
#include "cluster_points.h"
#include "scaled_signals.h"
#include "segmentation_policy.h"
#include "traffic_segments.h"

#include <core/base/parallel.h>
#include <core/projection/signal_columns.h>

#include <algorithm>
#include <numeric>
#include <set>
#include <tuple>
#include <utility>

namespace signalbox {

using namespace segments_detail;

namespace {

/// The policy's signals but for those that only a policy's own doings move.
Segmentation readableSignals(const PolicyDocument& policy, ClusterFinding& finding)
{
    std::set<SignalId> readable;
    for (const Signal& signal : policy.signalList) {
        const Signal* const meter = meterBehind(signal, policy);
        if (!meter)
            readable.insert(signal.id);
        else
            finding.leftOut.push_back(
                {signal.id, meter == &signal ? "it is a meter, which shows what a policy did before"
                                             : "it reads the meter \"" + meter->id.value + "\""});
    }
    Segmentation made;
    made.decideBy = policy.decideBy;
    made.signalList = definitionsOf(readable, policy);
    return made;
}

/// Those that features need, so that the file asks for no more of next month's traffic.
void dropUnread(Segmentation& segmentation)
{
    const std::vector<SignalId> read = signalsOf(segmentation);
    segmentation.signalList = definitionsOf({read.begin(), read.end()}, policyOf(segmentation));
}

class ClusterSearch
{
public:
    ClusterSearch(const WeightedPoints& points, const ClusterOptions& options)
        : m_points(points), m_compared(thinned(points, options.mostCompared)), m_options(options)
    {}

    /// The best start for each number of clusters from `fewest` to `most`.
    Result<void> run(std::size_t fewest, std::size_t most)
    {
        const std::size_t numbers = most - fewest + 1;
        std::vector<Clustering> starts(numbers * m_options.starts);
        const auto job = [&](std::size_t i) {
            if (!isStopped())
                starts[i] = kMeans(m_points, fewest + i / m_options.starts, m_options.seed,
                                   i % m_options.starts);
        };
        forEach(starts.size(), job);
        m_found.resize(numbers);
        for (std::size_t i = 0; i < starts.size(); ++i) {
            Clustering& best = m_found[i / m_options.starts].clustering;
            if (best.centres.empty() || starts[i].within < best.within)
                best = std::move(starts[i]);
        }
        forEach(numbers, [&](std::size_t i) {
            if (isStopped())
                return;
            m_found[i].clusters = fewest + i;
            m_found[i].silhouette = meanSilhouette(
                m_compared, nearestCentres(m_compared, m_found[i].clustering), m_found[i].clusters);
        });
        if (isStopped())
            return fail(ErrorCode::Cancelled, "the search for clusters was stopped");
        return {};
    }

    struct Found
    {
        std::size_t clusters = 0;
        Clustering clustering;
        double silhouette = 0;
    };
    [[nodiscard]] const std::vector<Found>& found() const { return m_found; }
    [[nodiscard]] const Clustering& best() const
    {
        return std::ranges::max_element(m_found, {}, &Found::silhouette)->clustering;
    }

private:
    [[nodiscard]] bool isStopped() const { return m_options.stop && m_options.stop->load(); }

    template<class Job> void forEach(std::size_t count, const Job& job) const
    {
        if (m_options.threads == ClusterOptions::Threads::All)
            return forEachIndex(count, 1, job);
        for (std::size_t i = 0; i < count; ++i)
            job(i);
    }

    const WeightedPoints& m_points;
    WeightedPoints m_compared;
    const ClusterOptions& m_options;
    std::vector<Found> m_found;
};

std::vector<SegmentCluster> clustersOf(const std::vector<ClusterFeature>& features,
                                       const Clustering& clustering)
{
    std::vector<SegmentCluster> clusters(clustering.size(features.size()));
    for (std::size_t c = 0; c < clusters.size(); ++c) {
        for (std::size_t f = 0; f < features.size(); ++f)
            clusters[c].centre.push_back(
                unscaled(features[f], clustering.centres[c * features.size() + f]));
    }
    return clusters;
}

/// Shares over all requests, the largest first, and names.
Result<void> finish(ClusterFinding& finding, const std::shared_ptr<const Traffic>& traffic,
                    const std::shared_ptr<const UserStyles>& styles)
{
    auto& by = std::get<SegmentsByCluster>(finding.segmentation.by);
    for (std::size_t c = 0; c < by.segments.size(); ++c)
        by.segments[c].name = std::to_string(c + 1);
    const auto rows = segmentRows(finding.segmentation, traffic, styles);
    if (!rows)
        return Unexpected(rows.error());
    std::vector<std::size_t> requests(by.segments.size(), 0);
    for (const std::uint16_t segment : rows->of)
        ++requests[segment];
    for (std::size_t c = 0; c < by.segments.size(); ++c)
        by.segments[c].share =
            static_cast<double>(requests[c]) / static_cast<double>(finding.requests);
    std::ranges::sort(by.segments, [](const SegmentCluster& a, const SegmentCluster& b) {
        return std::tie(b.share, a.centre) < std::tie(a.share, b.centre);
    });
    const auto names = clusterNames(by, finding.segmentation.signalList);
    for (std::size_t c = 0; c < by.segments.size(); ++c)
        by.segments[c].name = names[c];
    return checkSegmentation(finding.segmentation);
}

Unexpected tooFew(std::size_t kinds, std::size_t wanted)
{
    return fail(ErrorCode::InvalidArgument, "the signals tell only " + std::to_string(kinds) +
                                                (kinds == 1 ? " kind" : " kinds") +
                                                " of requests apart, which is too few for " +
                                                std::to_string(wanted) + " segments");
}

} // namespace

double ClusterFinding::silhouette() const
{
    double best = -1;
    for (const Tried& each : tried)
        best = std::max(best, each.silhouette);
    return best;
}

Result<ClusterFinding> segmentsByCluster(const std::shared_ptr<const Traffic>& traffic,
                                         const PolicyDocument& policy,
                                         const ClusterOptions& options,
                                         std::shared_ptr<const UserStyles> styles)
{
    const std::size_t fewest = options.clusters.value_or(kFewestClusters);
    if (fewest < kFewestClusters || fewest > kMostClusters)
        return fail(ErrorCode::InvalidArgument, "there can be " + std::to_string(kFewestClusters) +
                                                    " to " + std::to_string(kMostClusters) +
                                                    " clusters, not " + std::to_string(fewest));
    ClusterFinding finding;
    finding.requests = traffic->rowCount();
    if (finding.requests == 0)
        return fail(ErrorCode::InvalidArgument, "there is no request in the traffic");
    finding.segmentation = readableSignals(policy, finding);
    const std::vector<Signal> signalList = finding.segmentation.signalList;

    SignalColumns columns(traffic);
    if (auto selected = columns.select(policyOf(finding.segmentation), styles); !selected)
        return Unexpected(selected.error());
    FeatureChoice choice = featuresOf(signalList, columns.columns());
    for (FeatureChoice::LeftOut& each : choice.leftOut)
        finding.leftOut.push_back({std::move(each.signal), std::move(each.why)});
    for (const FeatureChoice::Missing& each : choice.missing)
        finding.missing.push_back({each.signal, each.requests});
    if (choice.features.empty())
        return fail(ErrorCode::InvalidArgument, "no signal of the policy tells the requests apart");

    const WeightedPoints points = pointsOf(choice, columns.columns(), options.mostPoints);
    finding.looked = std::min(finding.requests, options.mostPoints);
    if (points.size() < fewest)
        return tooFew(points.size(), fewest);
    ClusterSearch search(points, options);
    const std::size_t most =
        options.clusters ? fewest : std::min(kMostTriedClusters, points.size());
    if (auto searched = search.run(fewest, most); !searched)
        return Unexpected(searched.error());
    for (const ClusterSearch::Found& each : search.found())
        finding.tried.push_back({each.clusters, each.silhouette});

    SegmentsByCluster by;
    by.features = std::move(choice.features);
    by.segments = clustersOf(by.features, search.best());
    finding.segmentation.by = std::move(by);
    dropUnread(finding.segmentation);
    if (auto finished = finish(finding, traffic, styles); !finished)
        return Unexpected(finished.error());
    return finding;
}

} // namespace signalbox
