// SPDX-License-Identifier: Apache-2.0
#include "segmentation.h"

#include "segmentation_policy.h"

#include <core/base/json_reader.h>
#include <core/base/utf8.h>
#include <core/policy/condition_text.h>
#include <core/policy/document_uses.h>
#include <core/projection/kept_signals.h>
#include <core/traffic/traffic.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

namespace signalbox {

using namespace segments_detail;

namespace {

template<class Visit> void forEachCompareOf(const Segmentation& segmentation, const Visit& visit)
{
    if (const auto* const conditions = std::get_if<SegmentsByCondition>(&segmentation.by)) {
        for (const ConditionSegment& segment : conditions->segments)
            forEachCompare(segment.when, visit);
    }
}

std::string placeOf(const char* list, std::size_t index, const char* member)
{
    return std::string(list) + '[' + std::to_string(index) + "]." + member;
}

struct OwnNames
{
    template<class List> [[nodiscard]] static std::vector<std::string> listed(const List& segments)
    {
        std::vector<std::string> names;
        for (const auto& segment : segments)
            names.push_back(segment.name);
        return names;
    }
    std::vector<std::string> operator()(const SegmentsByCondition& by) const
    {
        return listed(by.segments);
    }
    std::vector<std::string> operator()(const SegmentsByTag& by) const { return by.values; }
    std::vector<std::string> operator()(const SegmentsByCluster& by) const
    {
        return listed(by.segments);
    }
};

/// The names that stand in the list, without the rest.
std::vector<std::string> ownNames(const Segmentation& segmentation)
{
    return std::visit(OwnNames(), segmentation.by);
}

bool leavesARest(const Segmentation& segmentation)
{
    return !std::holds_alternative<SegmentsByCluster>(segmentation.by);
}

Result<void> checkNames(const Segmentation& segmentation)
{
    const std::vector<std::string> names = ownNames(segmentation);
    if (names.empty())
        return fail(ErrorCode::InvalidArgument, "there is no segment", "segments");
    if (names.size() > kMostSegments)
        return fail(ErrorCode::TooLarge,
                    "there are " + std::to_string(names.size()) + " segments, and " +
                        std::to_string(kMostSegments) + " are the most",
                    "segments");
    std::set<std::string> seen;
    if (leavesARest(segmentation)) {
        if (const std::string problem = nameProblem(segmentation.rest); !problem.empty())
            return fail(ErrorCode::InvalidArgument, "the name of the rest " + problem, "rest");
        seen.insert(segmentation.rest);
    }
    if (std::holds_alternative<SegmentsByTag>(segmentation.by))
        seen.insert(std::string(Traffic::kUnlabelled));
    for (std::size_t i = 0; i < names.size(); ++i) {
        const std::string place = placeOf("segments", i, "name");
        if (const std::string problem = nameProblem(names[i]); !problem.empty())
            return fail(ErrorCode::InvalidArgument, "the name of a segment " + problem, place);
        if (!seen.insert(names[i]).second)
            return fail(ErrorCode::InvalidArgument,
                        "\"" + names[i] + "\" is the name of another segment already", place,
                        "the rest is called \"" + segmentation.rest + "\"");
    }
    return {};
}

Result<void> checkFeature(const ClusterFeature& feature, std::size_t index,
                          const std::vector<Signal>& list)
{
    const Signal* const signal = findSignal(list, feature.signal);
    const auto place = [&](const char* member) { return placeOf("features", index, member); };
    if (!signal)
        return fail(ErrorCode::InvalidArgument,
                    "there is no signal \"" + feature.signal.value + "\"", place("signal"));
    const bool isText = valueTypeOf(*signal) == ValueType::String;
    if (isText != feature.value.has_value())
        return fail(ErrorCode::InvalidArgument,
                    isText ? "a feature of a text is about one of its values"
                           : "only a feature of a text is about a value",
                    place("value"));
    if (feature.scale == FeatureScale::Log && valueTypeOf(*signal) != ValueType::Number)
        return fail(ErrorCode::InvalidArgument, "only numbers have a scale", place("scale"));
    if (!std::isfinite(feature.mean))
        return fail(ErrorCode::InvalidArgument, "the mean is no number", place("mean"));
    if (!std::isfinite(feature.spread) || feature.spread <= 0)
        return fail(ErrorCode::InvalidArgument, "the spread has to be above 0", place("spread"));
    return {};
}

Result<void> checkClusters(const SegmentsByCluster& by, const std::vector<Signal>& list)
{
    if (by.features.empty())
        return fail(ErrorCode::InvalidArgument, "there is no feature to tell segments apart by",
                    "features");
    for (std::size_t i = 0; i < by.features.size(); ++i) {
        if (auto checked = checkFeature(by.features[i], i, list); !checked)
            return checked;
        for (std::size_t before = 0; before < i; ++before) {
            if (by.features[before].signal == by.features[i].signal &&
                by.features[before].value == by.features[i].value)
                return fail(ErrorCode::InvalidArgument, "the feature is there already",
                            placeOf("features", i, "signal"));
        }
    }
    for (std::size_t i = 0; i < by.segments.size(); ++i) {
        const SegmentCluster& cluster = by.segments[i];
        if (cluster.centre.size() != by.features.size())
            return fail(ErrorCode::InvalidArgument,
                        "a centre has one number for each of the " +
                            std::to_string(by.features.size()) + " features, and here are " +
                            std::to_string(cluster.centre.size()),
                        placeOf("segments", i, "centre"));
        for (std::size_t f = 0; f < by.features.size(); ++f) {
            const bool isLog = by.features[f].scale == FeatureScale::Log;
            if (!std::isfinite(cluster.centre[f]) || (isLog && cluster.centre[f] <= -1))
                return fail(ErrorCode::InvalidArgument,
                            isLog ? "on a log scale a number is above -1"
                                  : "a centre is made of numbers",
                            placeOf("segments", i, "centre") + '[' + std::to_string(f) + ']');
        }
        if (!(cluster.share >= 0 && cluster.share <= 1))
            return fail(ErrorCode::InvalidArgument, "a share is between 0 and 1",
                        placeOf("segments", i, "share"));
    }
    return {};
}

/// A meter's reading follows from where a policy sent earlier requests, so it belongs to no
/// request.
Result<void> checkMeters(const Segmentation& segmentation)
{
    const PolicyDocument policy = policyOf(segmentation);
    for (const SignalId& id : signalsOf(segmentation)) {
        const Signal* const signal = findSignal(policy.signalList, id);
        const Signal* const meter = signal ? meterBehind(*signal, policy) : nullptr;
        if (meter)
            return fail(
                ErrorCode::InvalidArgument,
                "\"" + id.value + "\" reads " +
                    (meter == signal ? "a meter" : "the meter \"" + meter->id.value + "\"") +
                    ", which shows what a policy did before and is no property of a "
                    "request",
                "signals");
    }
    return {};
}

/// Whether a signal asks for more than what was said: what only a caller knows.
bool readsBesideMessages(const Signal& signal)
{
    return !projection_detail::readsPrompts(signal, {});
}

} // namespace

std::vector<std::string> Segmentation::names() const
{
    std::vector<std::string> names = ownNames(*this);
    if (leavesARest(*this))
        names.push_back(rest);
    if (std::holds_alternative<SegmentsByTag>(by))
        names.emplace_back(Traffic::kUnlabelled);
    return names;
}

std::vector<SignalId> signalsOf(const Segmentation& segmentation)
{
    std::vector<SignalId> ids;
    const auto add = [&](const SignalId& id) {
        if (std::ranges::find(ids, id) == ids.end())
            ids.push_back(id);
    };
    forEachCompareOf(segmentation, [&](const Compare& compare) { add(compare.signal); });
    if (const auto* const clusters = std::get_if<SegmentsByCluster>(&segmentation.by)) {
        for (const ClusterFeature& feature : clusters->features)
            add(feature.signal);
    }
    return ids;
}

bool Segmentation::readsOnlyMessages() const
{
    if (std::holds_alternative<SegmentsByTag>(by))
        return false;
    bool isByStyle = false;
    const auto noteStyle = [&](const Compare& compare) {
        isByStyle |= std::holds_alternative<ByStyle>(compare.value);
    };
    forEachCompareOf(*this, noteStyle);
    std::set<SignalId> ids;
    for (const SignalId& id : signalsOf(*this)) {
        const Signal* const signal = findSignal(signalList, id);
        const auto* const score = signal ? std::get_if<ScoreSource>(&signal->source) : nullptr;
        if (!score) {
            ids.insert(id);
            continue;
        }
        for (const ScoreTerm& term : score->terms) {
            forEachCompare(term.when, noteStyle);
            forEachCompare(term.when, [&](const Compare& compare) { ids.insert(compare.signal); });
        }
    }
    return !isByStyle && std::ranges::none_of(ids, [&](const SignalId& id) {
        const Signal* const signal = findSignal(signalList, id);
        return signal && readsBesideMessages(*signal);
    });
}

std::string tagText(const Scalar& value)
{
    if (const auto* const number = std::get_if<double>(&value))
        return toCompactJsonText(numberJson(*number));
    if (const auto* const flag = std::get_if<bool>(&value))
        return *flag ? "true" : "false";
    return std::get<std::string>(value);
}

std::string nameProblem(std::string_view name)
{
    if (name.empty())
        return "is empty";
    if (firstInvalidUtf8(name))
        return "is not valid UTF-8";
    if (std::ranges::any_of(name, [](unsigned char c) { return c < 0x20 || c == 0x7f; }))
        return "has a line break or another control character in it";
    if (codePointCount(name) > kLongestSegmentName)
        return "is longer than " + std::to_string(kLongestSegmentName) + " characters";
    return {};
}

Result<void> checkSegmentation(const Segmentation& segmentation)
{
    if (auto checked = checkNames(segmentation); !checked)
        return checked;
    if (const auto* const tag = std::get_if<SegmentsByTag>(&segmentation.by)) {
        if (tag->key.empty())
            return fail(ErrorCode::InvalidArgument, "the tag has no name", "key");
        return {};
    }
    if (const auto* const clusters = std::get_if<SegmentsByCluster>(&segmentation.by)) {
        if (auto checked = checkClusters(*clusters, segmentation.signalList); !checked)
            return checked;
    }
    if (const auto compiled = compileSegmentation(segmentation); !compiled)
        return Unexpected(compiled.error());
    return checkMeters(segmentation);
}

} // namespace signalbox
