// SPDX-License-Identifier: Apache-2.0
#include "traffic_segments.h"

#include "scaled_signals.h"
#include "segmentation_policy.h"
#include "tag_segments.h"

#include <core/base/parallel.h>
#include <core/projection/signal_columns.h>
#include <core/routing/column_decider.h>

#include <algorithm>
#include <span>
#include <utility>

namespace signalbox {

using namespace segments_detail;

namespace {

constexpr std::size_t kRowsPerThread = 4096;
constexpr std::size_t kBlock = 1024; ///< rows whose coordinates are looked at together

struct Applier
{
    const Segmentation& segmentation;
    const std::shared_ptr<const Traffic>& traffic;
    std::shared_ptr<const UserStyles> styles;

    /// As replays decide: a segment's condition means what a rule's means.
    Result<std::vector<std::uint16_t>> operator()(const SegmentsByCondition& by) const
    {
        const auto compiled = compileSegmentation(segmentation, styles);
        if (!compiled)
            return Unexpected(compiled.error());
        SignalColumns columns(traffic);
        if (auto selected = columns.select(compiled->document(), styles); !selected)
            return Unexpected(selected.error());
        const ColumnDecider decider(*compiled, columns.columns(),
                                    ColumnDecider::needsStyles(*compiled) ? &columns.requestStyles()
                                                                          : nullptr);
        const auto rest = static_cast<std::uint16_t>(by.segments.size());
        std::vector<std::uint16_t> of(traffic->rowCount());
        forBlocks(of.size(), kRowsPerThread, [&](std::size_t begin, std::size_t end) {
            std::vector<ColumnDecider::Claim> claims(end - begin);
            decider.claim(begin, claims);
            for (std::size_t row = begin; row < end; ++row) {
                const int rule = decider.decisionOf(claims[row - begin], {}).rule;
                of[row] = rule < 0 ? rest : static_cast<std::uint16_t>(rule);
            }
        });
        return of;
    }

    Result<std::vector<std::uint16_t>> operator()(const SegmentsByTag& by) const
    {
        const auto rest = static_cast<std::uint16_t>(by.values.size());
        const auto unlabelled = static_cast<std::uint16_t>(rest + 1);
        std::vector<std::uint16_t> ofCode;
        for (const std::string& tag : tagOfMetadata(*traffic, by.key)) {
            const auto found = std::ranges::find(by.values, tag);
            ofCode.push_back(tag.empty() ? unlabelled
                                         : static_cast<std::uint16_t>(found - by.values.begin()));
        }
        std::vector<std::uint16_t> of(traffic->rowCount(), unlabelled);
        for (std::size_t row = 0; row < std::min(of.size(), traffic->metadata.codes.size());
             ++row) {
            if (const std::uint32_t code = traffic->metadata.codes[row]; code < ofCode.size())
                of[row] = ofCode[code];
        }
        return of;
    }

    Result<std::vector<std::uint16_t>> operator()(const SegmentsByCluster& by) const
    {
        const PolicyDocument policy = policyOf(segmentation);
        SignalColumns columns(traffic);
        if (auto selected = columns.select(policy, styles); !selected)
            return Unexpected(selected.error());
        std::vector<const CodedColumn*> ofFeature;
        for (const ClusterFeature& feature : by.features) {
            const auto at = std::ranges::find(policy.signalList, feature.signal, &Signal::id);
            ofFeature.push_back(
                columns.columns()[static_cast<std::size_t>(at - policy.signalList.begin())]);
        }
        const ScaledSignals coordinates(by.features, std::move(ofFeature));
        std::vector<std::uint16_t> of(traffic->rowCount());
        forBlocks(of.size(), kRowsPerThread, [&](std::size_t begin, std::size_t end) {
            NearestCentre nearest(by);
            std::vector<double> block;
            for (std::size_t row = begin; row < end; row += kBlock) {
                const std::size_t rows = std::min(kBlock, end - row);
                coordinates.read(row, rows, block);
                nearest.find(block, std::span(of).subspan(row, rows));
            }
        });
        return of;
    }
};

} // namespace

Result<RowSegments> segmentRows(const Segmentation& segmentation,
                                const std::shared_ptr<const Traffic>& traffic,
                                std::shared_ptr<const UserStyles> styles)
{
    if (auto checked = checkSegmentation(segmentation); !checked)
        return Unexpected(std::move(checked.error()));
    auto of = std::visit(Applier{segmentation, traffic, std::move(styles)}, segmentation.by);
    if (!of)
        return Unexpected(of.error());
    return RowSegments{segmentation.names(), std::move(*of)};
}

Traffic withSegments(const Traffic& traffic, const RowSegments& rows)
{
    Traffic segmented = traffic;
    segmented.segments.clear();
    std::vector<std::size_t> requests(rows.names.size(), 0);
    for (const std::uint16_t segment : rows.of)
        ++requests[segment];
    std::vector<std::uint16_t> place(rows.names.size(), 0);
    for (std::size_t i = 0; i < place.size(); ++i) {
        place[i] = static_cast<std::uint16_t>(segmented.segments.size());
        if (requests[i] > 0)
            segmented.segments.push_back(rows.names[i]);
    }
    std::vector<std::uint16_t> of;
    of.reserve(rows.of.size());
    for (const std::uint16_t segment : rows.of)
        of.push_back(place[segment]);
    segmented.segmentOf = std::move(of);
    return segmented;
}

} // namespace signalbox
