// SPDX-License-Identifier: GPL-3.0-or-later
#include "segment_lines.h"

#include <core/base/json_reader.h>
#include <core/base/utf8.h>
#include <core/policy/condition_text.h>
#include <core/projection/number_text.h>
#include <core/projection/text_layout.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

namespace signalbox::cli {

namespace {

std::vector<std::size_t> requestsPer(const RowSegments& rows)
{
    std::vector<std::size_t> requests(rows.names.size(), 0);
    for (const std::uint16_t segment : rows.of)
        ++requests[segment];
    return requests;
}

double shareOf(std::size_t part, std::size_t all)
{
    return all == 0 ? 0 : static_cast<double>(part) / static_cast<double>(all);
}

std::string percentText(double share)
{
    return fixedText(100 * share, 1) + " %";
}

/// How the segments are told apart, as the end of a sentence.
std::string manner(const SegmentOutcome& outcome)
{
    if (std::holds_alternative<SegmentsByCondition>(outcome.segmentation.by))
        return "by expression";
    if (const auto* const tag = std::get_if<SegmentsByTag>(&outcome.segmentation.by))
        return "by the tag \"" + toValidUtf8(tag->key) + "\"";
    const auto& clusters = std::get<SegmentsByCluster>(outcome.segmentation.by);
    return "by k-means over " +
           countOf(signalsOf(outcome.segmentation).size(), "signal", "signals") + " in " +
           countOf(clusters.features.size(), "dimension", "dimensions");
}

std::string sharesText(const SegmentOutcome& outcome)
{
    const auto* const clusters = std::get_if<SegmentsByCluster>(&outcome.segmentation.by);
    // Of a segmentation that was found in other traffic, what has become of it is worth a look.
    const bool showsBefore = clusters && !outcome.clusters;
    std::vector<std::string> head = {"segment", "requests", "share"};
    if (showsBefore)
        head.emplace_back("when found");
    TextTable table(std::move(head));
    const std::vector<std::size_t> requests = requestsPer(outcome.rows);
    for (std::size_t i = 0; i < requests.size(); ++i) {
        std::vector<std::string> row = {outcome.rows.names[i], countText(requests[i]),
                                        percentText(shareOf(requests[i], outcome.rows.of.size()))};
        if (showsBefore)
            row.push_back(percentText(clusters->segments[i].share));
        table.add(std::move(row));
    }
    return table.text();
}

/// Of a feature that is 0 or 1 a share, else a number with the digits that can be told apart.
std::string centreText(const Segmentation& segmentation, const ClusterFeature& feature,
                       double centre)
{
    const auto signal = std::ranges::find(segmentation.signalList, feature.signal, &Signal::id);
    if (feature.value ||
        (signal != segmentation.signalList.end() && valueTypeOf(*signal) == ValueType::Boolean))
        return fixedText(100 * centre, 0) + " %";
    return fixedText(centre, std::abs(centre) >= 100 ? 0 : std::abs(centre) >= 10 ? 1 : 2);
}

/// A row for each feature, a column for each segment by its number: there are more signals than
/// segments, and names are long.
std::string centresText(const SegmentOutcome& outcome)
{
    const auto& by = std::get<SegmentsByCluster>(outcome.segmentation.by);
    std::vector<std::string> head = {"signal"};
    for (std::size_t i = 0; i < by.segments.size(); ++i)
        head.push_back(std::to_string(i + 1));
    head.emplace_back("all");
    TextTable table(std::move(head));
    for (std::size_t f = 0; f < by.features.size(); ++f) {
        const ClusterFeature& feature = by.features[f];
        std::vector<std::string> row = {
            toValidUtf8(feature.signal.value) +
            (feature.value ? " = " + toValidUtf8(*feature.value) : std::string())};
        for (const SegmentCluster& cluster : by.segments)
            row.push_back(centreText(outcome.segmentation, feature, cluster.centre[f]));
        const double mean =
            feature.scale == FeatureScale::Log ? std::expm1(feature.mean) : feature.mean;
        row.push_back(centreText(outcome.segmentation, feature, mean));
        table.add(std::move(row));
    }
    std::string text =
        "\nCentres, in the signals' own units; columns are the segments above\n" + table.text();
    const bool hasLogs = std::ranges::any_of(by.features, [](const ClusterFeature& feature) {
        return feature.scale == FeatureScale::Log;
    });
    if (hasLogs) {
        std::string names;
        for (const ClusterFeature& feature : by.features) {
            if (feature.scale == FeatureScale::Log)
                names += (names.empty() ? "" : ", ") + toValidUtf8(feature.signal.value);
        }
        text += wrapped("Taken by logarithm, so that a few large numbers do not decide; the "
                        "centre is the geometric one: " +
                            names,
                        "", "  ");
    }
    return text;
}

std::string findingText(const ClusterFinding& finding)
{
    std::string text;
    std::string silhouettes;
    for (const ClusterFinding::Tried& tried : finding.tried)
        silhouettes += (silhouettes.empty() ? "" : ", ") + std::to_string(tried.clusters) + ": " +
                       fixedText(tried.silhouette, 2);
    text += wrapped(finding.tried.size() > 1
                        ? "The number of segments is the one with the best mean silhouette (" +
                              silhouettes + ")."
                        : "Mean silhouette " + fixedText(finding.silhouette(), 2) + ".",
                    "", "  ");
    if (!finding.isClear())
        text += wrapped("Below " + fixedText(kClearSilhouette, 2) +
                            " the requests show no clear groups: the segments divide what is one.",
                        "", "  ");
    if (finding.looked < finding.requests)
        text += wrapped("Centres were found by " + countText(finding.looked) + " of the " +
                            countText(finding.requests) + " requests, evenly.",
                        "", "  ");
    for (const ClusterFinding::Missing& missing : finding.missing)
        text += wrapped("\"" + toValidUtf8(missing.id.value) + "\" is missing in " +
                            countOf(missing.requests, "request", "requests") + " (" +
                            percentText(shareOf(missing.requests, finding.requests)) +
                            "); these go by their other signals.",
                        "", "  ");
    for (const ClusterFinding::Signals& left : finding.leftOut)
        text += wrapped("\"" + toValidUtf8(left.id.value) + "\" is left out: " + left.why + ".", "",
                        "  ");
    return text;
}

std::string coverText(const SegmentOutcome& outcome)
{
    const EvidenceCover& cover = *outcome.cover;
    TextTable table({"segment", "requests", "share", "lab prompts", "own answers", "borrowed"});
    for (const EvidenceCover::Segment& segment : cover.segments)
        table.add({toValidUtf8(segment.name), countText(segment.requests),
                   percentText(shareOf(segment.requests, cover.requests)),
                   countText(segment.prompts), countText(segment.own),
                   countText(segment.borrowed)});
    std::string text = "\nCoverage by lab prompts with answers\n" + table.text();
    for (const EvidenceCover::Segment& segment : cover.segments) {
        const std::string objection = objectionToBorrowed(segment.borrowed, segment.requests);
        if (!objection.empty())
            text += wrapped("No verdict is given on \"" + toValidUtf8(segment.name) +
                                "\": " + objection + ".",
                            "", "  ");
    }
    text += wrapped("Lab prompts found their segment: " + countText(outcome.prompts.byWords) +
                        " by their own words, " + countText(outcome.prompts.byRequests) +
                        " by the requests that repeat them; " + countText(outcome.prompts.kept) +
                        " kept theirs.",
                    "", "  ");
    return text;
}

Json findingJson(const ClusterFinding& finding)
{
    Json tried = Json::array();
    for (const ClusterFinding::Tried& each : finding.tried)
        tried.push_back({{"segments", each.clusters}, {"silhouette", each.silhouette}});
    Json missing = Json::array();
    for (const ClusterFinding::Missing& each : finding.missing)
        missing.push_back({{"signal", each.id.value}, {"requests", each.requests}});
    Json leftOut = Json::array();
    for (const ClusterFinding::Signals& each : finding.leftOut)
        leftOut.push_back({{"signal", each.id.value}, {"why", each.why}});
    return {{"silhouette", finding.silhouette()}, {"clear", finding.isClear()},
            {"tried", std::move(tried)},          {"lookedAt", finding.looked},
            {"missing", std::move(missing)},      {"leftOut", std::move(leftOut)}};
}

Json coverJson(const SegmentOutcome& outcome)
{
    Json list = Json::array();
    for (const EvidenceCover::Segment& segment : outcome.cover->segments)
        list.push_back({{"name", toValidUtf8(segment.name)},
                        {"requests", segment.requests},
                        {"share", shareOf(segment.requests, outcome.cover->requests)},
                        {"labPrompts", segment.prompts},
                        {"ownAnswers", segment.own},
                        {"borrowed", segment.borrowed},
                        {"objection", objectionToBorrowed(segment.borrowed, segment.requests)}});
    return {{"segments", std::move(list)},
            {"prompts",
             {{"byWords", outcome.prompts.byWords},
              {"byRequests", outcome.prompts.byRequests},
              {"kept", outcome.prompts.kept}}}};
}

} // namespace

std::string segmentLines(const SegmentOutcome& outcome)
{
    std::string text =
        wrapped(toValidUtf8(outcome.traffic) + ": " +
                    countOf(outcome.rows.of.size(), "request", "requests") + " " + manner(outcome),
                "", "  ");
    text += sharesText(outcome);
    if (outcome.tag && outcome.tag->inTheRest > 0)
        text += wrapped(countOf(outcome.tag->values, "value", "values") + " in all; \"" +
                            outcome.segmentation.rest + "\" has the less frequent ones.",
                        "", "  ");
    if (std::holds_alternative<SegmentsByCluster>(outcome.segmentation.by))
        text += centresText(outcome);
    if (outcome.clusters)
        text += findingText(*outcome.clusters);
    if (outcome.cover)
        text += coverText(outcome);
    text += outcome.table.empty() ? "\nNo table is written; --out TABLE does.\n"
                                  : "\nWrote " + outcome.table + '\n';
    if (!outcome.saved.empty())
        text += "Wrote the segments themselves to " + outcome.saved +
                ", which --apply and --segments take\n";
    return text;
}

Json segmentJson(const SegmentOutcome& outcome)
{
    Json list = Json::array();
    const std::vector<std::size_t> requests = requestsPer(outcome.rows);
    for (std::size_t i = 0; i < requests.size(); ++i)
        list.push_back({{"name", outcome.rows.names[i]},
                        {"requests", requests[i]},
                        {"share", shareOf(requests[i], outcome.rows.of.size())}});
    Json json = {{"traffic", toValidUtf8(outcome.traffic)},
                 {"requests", outcome.rows.of.size()},
                 {"segments", std::move(list)},
                 {"segmentation", toJson(outcome.segmentation)}};
    if (outcome.tag)
        json["tag"] = {{"values", outcome.tag->values},
                       {"inTheRest", outcome.tag->inTheRest},
                       {"without", outcome.tag->without}};
    if (outcome.clusters)
        json["kMeans"] = findingJson(*outcome.clusters);
    if (outcome.cover)
        json["coverage"] = coverJson(outcome);
    if (!outcome.table.empty())
        json["table"] = outcome.table;
    if (!outcome.saved.empty())
        json["saved"] = outcome.saved;
    return json;
}

} // namespace signalbox::cli
