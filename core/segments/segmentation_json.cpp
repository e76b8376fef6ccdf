// SPDX-License-Identifier: Apache-2.0
#include "segmentation.h"
#include "segmentation_policy.h"

#include <core/base/json_reader.h>
#include <core/policy/condition_text.h>
#include <core/policy/names.h>
#include <core/policy/policy_json.h>

#include <nlohmann/json.hpp>

#include <array>
#include <utility>

namespace signalbox {

using namespace segments_detail;

namespace {

constexpr int kSchemaVersion = 1;
constexpr JsonLimits kLimits = {std::size_t{16} << 20, 256};

constexpr std::array<std::string_view, 3> kKinds = {"expression", "tag", "kMeans"};
static_assert(std::variant_size_v<decltype(Segmentation::by)> == kKinds.size(),
              "write and read the new kind");

constexpr std::array<std::string_view, 2> kScales = {"linear", "log"};

void writeSegments(const SegmentsByCondition& by, Json& json)
{
    Json list = Json::array();
    for (const ConditionSegment& segment : by.segments)
        list.push_back({{"name", segment.name}, {"when", toConditionText(segment.when)}});
    json["segments"] = std::move(list);
}

void writeSegments(const SegmentsByTag& by, Json& json)
{
    json["key"] = by.key;
    Json list = Json::array();
    for (const std::string& value : by.values)
        list.push_back({{"name", value}});
    json["segments"] = std::move(list);
}

Json featureJson(const ClusterFeature& feature)
{
    Json json = {{"signal", feature.signal.value}};
    if (feature.value)
        json["value"] = *feature.value;
    if (feature.scale == FeatureScale::Log)
        json["scale"] = kScales[1];
    json["mean"] = numberJson(feature.mean);
    json["spread"] = numberJson(feature.spread);
    return json;
}

void writeSegments(const SegmentsByCluster& by, Json& json)
{
    Json features = Json::array();
    for (const ClusterFeature& feature : by.features)
        features.push_back(featureJson(feature));
    json["features"] = std::move(features);
    Json list = Json::array();
    for (const SegmentCluster& cluster : by.segments) {
        Json centre = Json::array();
        for (const double number : cluster.centre)
            centre.push_back(numberJson(number));
        list.push_back({{"name", cluster.name},
                        {"share", numberJson(cluster.share)},
                        {"centre", std::move(centre)}});
    }
    json["segments"] = std::move(list);
}

/// Reads the parts that are told apart by "by".
class SegmentationReader
{
public:
    SegmentationReader(JsonObjectReader& object, JsonProblems& problems)
        : m_object(object), m_problems(problems)
    {}

    Segmentation read()
    {
        int version = 0;
        if (m_object.readRequired("schemaVersion", version) && version != kSchemaVersion)
            m_object.report("schemaVersion", "this version reads segments of schema 1 only");
        const auto kind = m_object.readName("by", kKinds, Presence::Required);
        if (!kind)
            return m_result; // which members it may have is unknown
        if (*kind == 0)
            readConditions();
        else if (*kind == 1)
            readTag();
        else
            readClusters();
        m_object.finish();
        return m_result;
    }

private:
    void readSignals()
    {
        m_object.readArray("signals", [&](const Json& json, const JsonPath& path) {
            if (auto signal = signalFromJson(json, path.text()))
                m_result.signalList.push_back(std::move(*signal));
            else
                m_problems.add(JsonPath(signal.error().where), signal.error().message,
                               signal.error().hint, signal.error().code);
        });
        m_object.readEnum("decideBy", namesOf<DecisionUnit>(), m_result.decideBy);
    }

    template<class ReadMembers> void readList(const ReadMembers& readMembers)
    {
        m_object.readArray(
            "segments",
            [&](const Json& json, const JsonPath& path) {
                JsonObjectReader segment(json, path, m_problems);
                std::string name;
                segment.readRequired("name", name);
                readMembers(segment, std::move(name));
                segment.finish();
            },
            Presence::Required);
    }

    void readConditions()
    {
        readSignals();
        SegmentsByCondition by;
        readList([&](JsonObjectReader& segment, std::string name) {
            std::string text;
            segment.readRequired("when", text);
            const auto reading = readConditionText(text);
            if (reading)
                by.segments.push_back({std::move(name), reading->condition});
            else if (segment.has("when"))
                segment.report("when", reading.error().message);
        });
        m_object.read("rest", m_result.rest);
        m_result.by = std::move(by);
    }

    void readTag()
    {
        SegmentsByTag by;
        m_object.readRequired("key", by.key);
        readList([&](JsonObjectReader& /*segment*/, std::string name) {
            by.values.push_back(std::move(name));
        });
        m_object.read("rest", m_result.rest);
        m_result.by = std::move(by);
    }

    void readClusters()
    {
        readSignals();
        SegmentsByCluster by;
        m_object.readArray(
            "features",
            [&](const Json& json, const JsonPath& path) {
                by.features.push_back(readFeature(json, path));
            },
            Presence::Required);
        readList([&](JsonObjectReader& segment, std::string name) {
            SegmentCluster cluster;
            cluster.name = std::move(name);
            segment.read("share", cluster.share, {0, 1});
            segment.readArray(
                "centre",
                [&](const Json& json, const JsonPath& path) {
                    cluster.centre.push_back(readNumber(json, path, m_problems).value_or(0));
                },
                Presence::Required);
            by.segments.push_back(std::move(cluster));
        });
        m_result.by = std::move(by);
    }

    ClusterFeature readFeature(const Json& json, const JsonPath& path)
    {
        ClusterFeature feature;
        JsonObjectReader object(json, path, m_problems);
        object.readRequired("signal", feature.signal.value);
        object.read("value", feature.value);
        if (const auto scale = object.readName("scale", kScales))
            feature.scale = *scale == 1 ? FeatureScale::Log : FeatureScale::Linear;
        object.readRequired("mean", feature.mean);
        object.readRequired("spread", feature.spread);
        object.finish();
        return feature;
    }

    JsonObjectReader& m_object;
    JsonProblems& m_problems;
    Segmentation m_result;
};

} // namespace

Json toJson(const Segmentation& segmentation)
{
    Json json = {{"schemaVersion", kSchemaVersion}, {"by", kKinds.at(segmentation.by.index())}};
    if (segmentation.decideBy != DecisionUnit::Request)
        json["decideBy"] = nameOf(segmentation.decideBy);
    if (!std::holds_alternative<SegmentsByTag>(segmentation.by)) {
        Json list = Json::array();
        for (const Signal& signal : segmentation.signalList)
            list.push_back(toJson(signal));
        json["signals"] = std::move(list);
    }
    std::visit([&](const auto& by) { writeSegments(by, json); }, segmentation.by);
    if (!std::holds_alternative<SegmentsByCluster>(segmentation.by))
        json["rest"] = segmentation.rest;
    return json;
}

std::string toSegmentationText(const Segmentation& segmentation)
{
    return toJsonText(toJson(segmentation));
}

Result<Segmentation> parseSegmentation(std::string_view text)
{
    const auto json = parseJson(text, kLimits);
    if (!json)
        return Unexpected(json.error());
    JsonProblems problems;
    const JsonPath root;
    JsonObjectReader object(*json, root, problems);
    Segmentation read = SegmentationReader(object, problems).read();
    if (!problems.isEmpty())
        return Unexpected(std::move(problems.take().front()));
    if (auto checked = checkSegmentation(read); !checked)
        return Unexpected(std::move(checked.error()));
    return read;
}

} // namespace signalbox
