// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: a segmentation file gives back what was written; a broken one is refused in a sentence
// that names the place.

#include <core/base/files.h>
#include <core/base/json.h>
#include <core/segments/segmentation.h>
#include <tests/support/json_schema.h>
#include <tests/support/policy_builder.h>

#include <QTest>
#include <nlohmann/json.hpp>

#include <functional>
#include <string>
#include <vector>

using namespace signalbox;
using namespace signalbox::test;

namespace {

std::vector<Signal> someSignals()
{
    return PolicyBuilder()
        .measure("chars", TextMeasure::Chars)
        .contains("my \"asks\"", "?")
        .metadata("plan")
        .document()
        .signalList;
}

Segmentation byCondition()
{
    Segmentation made;
    SegmentsByCondition by;
    by.segments = {{"Long, or so", allOf({when("chars", CompareOp::Gt, 200), when("my \"asks\"")})},
                   {"Größe", when("plan", CompareOp::Eq, "a \"b\" c")},
                   {"Styles", when("chars", CompareOp::Gte, CompareValue(ByStyle{1, 2.5, 3}))}};
    made.by = by;
    made.rest = "Sonst";
    made.signalList = someSignals();
    made.decideBy = DecisionUnit::Conversation;
    return made;
}

Segmentation byTag()
{
    Segmentation made;
    made.by = SegmentsByTag{"customer.plan", {"pro", "7", "true"}};
    return made;
}

Segmentation byCluster()
{
    Segmentation made;
    SegmentsByCluster by;
    by.features = {{SignalId("chars"), {}, FeatureScale::Log, 4.1, 1.0 / 3},
                   {SignalId("my \"asks\""), {}, FeatureScale::Linear, 0.25, 0.4},
                   {SignalId("plan"), "", FeatureScale::Linear, 0.5, 0.5}};
    by.segments = {{"long", 0.7, {1.0 / 7, 0, 1}}, {"short", 0.3, {12345.678, 1, 0}}};
    made.by = by;
    made.signalList = someSignals();
    return made;
}

std::vector<Segmentation> examples()
{
    return {byCondition(), byTag(), byCluster()};
}

struct Broken
{
    const char* name;
    Segmentation whole;
    std::function<void(Json&)> damage;
    const char* where;
    const char* says;
};

std::vector<Broken> brokenOnes()
{
    return {
        {"no object", byTag(), [](Json& j) { j = Json::array(); }, "", "object"},
        {"no version", byTag(), [](Json& j) { j.erase("schemaVersion"); }, "",
         "\"schemaVersion\" is missing"},
        {"newer", byTag(), [](Json& j) { j["schemaVersion"] = 2; }, "schemaVersion", "schema 1"},
        {"no kind", byTag(), [](Json& j) { j.erase("by"); }, "", "\"by\" is missing"},
        {"unknown kind", byTag(), [](Json& j) { j["by"] = "kmeans"; }, "by", "kMeans"},
        {"unknown member", byTag(), [](Json& j) { j["keys"] = 1; }, "keys", "key"},
        {"member of another kind", byTag(), [](Json& j) { j["features"] = Json::array(); },
         "features", ""},
        {"no key", byTag(), [](Json& j) { j.erase("key"); }, "", "\"key\" is missing"},
        {"empty key", byTag(), [](Json& j) { j["key"] = ""; }, "key", "no name"},
        {"no segments", byTag(), [](Json& j) { j["segments"] = Json::array(); }, "segments",
         "no segment"},
        {"segments are a text", byTag(), [](Json& j) { j["segments"] = "pro"; }, "segments",
         "list"},
        {"segment is a text", byTag(), [](Json& j) { j["segments"][1] = "pro"; }, "segments[1]",
         "object"},
        {"no segment's name", byTag(), [](Json& j) { j["segments"][0] = Json::object(); },
         "segments[0]", "\"name\" is missing"},
        {"empty name", byTag(), [](Json& j) { j["segments"][1]["name"] = ""; }, "segments[1].name",
         "is empty"},
        {"line in a name", byTag(), [](Json& j) { j["segments"][1]["name"] = "a\nb"; },
         "segments[1].name", "control character"},
        {"long name", byTag(), [](Json& j) { j["segments"][1]["name"] = std::string(121, 'x'); },
         "segments[1].name", "longer than 120"},
        {"name twice", byTag(), [](Json& j) { j["segments"][2]["name"] = "pro"; },
         "segments[2].name", "another segment"},
        {"name of the rest", byTag(), [](Json& j) { j["segments"][2]["name"] = "Other"; },
         "segments[2].name", "another segment"},
        {"name of what has no tag", byTag(),
         [](Json& j) { j["segments"][2]["name"] = "unlabelled"; }, "segments[2].name",
         "another segment"},
        {"too many", byTag(),
         [](Json& j) {
             for (int i = 0; i < 1000; ++i)
                 j["segments"].push_back({{"name", "v" + std::to_string(i)}});
         },
         "segments", "1000 are the most"},
        {"empty rest", byCondition(), [](Json& j) { j["rest"] = ""; }, "rest", "is empty"},
        {"no condition", byCondition(), [](Json& j) { j["segments"][0].erase("when"); },
         "segments[0]", "\"when\" is missing"},
        {"condition is an object", byCondition(),
         [](Json& j) { j["segments"][0]["when"] = Json::object(); }, "segments[0].when", "text"},
        {"condition breaks off", byCondition(),
         [](Json& j) { j["segments"][1]["when"] = "chars >"; }, "segments[1].when", "."},
        {"unknown signal", byCondition(), [](Json& j) { j["segments"][1]["when"] = "nobody > 1"; },
         "segments[1].when", "nobody"},
        {"type of a signal", byCondition(), [](Json& j) { j["segments"][2]["when"] = "plan > 1"; },
         "segments[2].when", "plan"},
        {"no signals", byCondition(), [](Json& j) { j.erase("signals"); }, "segments[0].when",
         "chars"},
        {"signal of no kind", byCondition(), [](Json& j) { j["signals"][0]["source"] = "feeling"; },
         "signals[0].source", "feeling"},
        {"signal twice", byCondition(), [](Json& j) { j["signals"][1] = j["signals"][0]; },
         "signals[1]", "chars"},
        {"signal that does not compile", byCondition(),
         [](Json& j) { j["signals"][2] = {{"id", "plan"}, {"source", "regex"}, {"pattern", "("}}; },
         "signals[2]", ""},
        {"meter", byCondition(),
         [](Json& j) {
             j["signals"].push_back({{"id", "m"}, {"source", "spend"}, {"windowSeconds", 60}});
             j["segments"][0]["when"] = "m > 1";
         },
         "signals", "meter"},
        {"unit of decisions", byCondition(), [](Json& j) { j["decideBy"] = "user"; }, "decideBy",
         "user"},
        {"no features", byCluster(), [](Json& j) { j["features"] = Json::array(); }, "features",
         "no feature"},
        {"feature of no signal", byCluster(), [](Json& j) { j["features"][0]["signal"] = "x"; },
         "features[0].signal", "no signal"},
        {"feature twice", byCluster(), [](Json& j) { j["features"][1] = j["features"][0]; },
         "features[1].signal", "already"},
        {"no spread", byCluster(), [](Json& j) { j["features"][0]["spread"] = 0; },
         "features[0].spread", "above 0"},
        {"negative spread", byCluster(), [](Json& j) { j["features"][0]["spread"] = -1; },
         "features[0].spread", "above 0"},
        {"mean is a text", byCluster(), [](Json& j) { j["features"][0]["mean"] = "4"; },
         "features[0].mean", "number"},
        {"scale", byCluster(), [](Json& j) { j["features"][0]["scale"] = "log2"; },
         "features[0].scale", "linear"},
        {"scale of a boolean", byCluster(), [](Json& j) { j["features"][1]["scale"] = "log"; },
         "features[1].scale", "only numbers"},
        {"value of a number", byCluster(), [](Json& j) { j["features"][0]["value"] = "x"; },
         "features[0].value", "only a feature of a text"},
        {"text without a value", byCluster(), [](Json& j) { j["features"][2].erase("value"); },
         "features[2].value", "one of its values"},
        {"no centre", byCluster(), [](Json& j) { j["segments"][0].erase("centre"); }, "segments[0]",
         "\"centre\" is missing"},
        {"short centre", byCluster(), [](Json& j) { j["segments"][1]["centre"].erase(2); },
         "segments[1].centre", "3 features, and here are 2"},
        {"centre of texts", byCluster(), [](Json& j) { j["segments"][1]["centre"][2] = "1"; },
         "segments[1].centre[2]", "number"},
        {"logarithm of a centre", byCluster(), [](Json& j) { j["segments"][1]["centre"][0] = -1; },
         "segments[1].centre[0]", "above -1"},
        {"share", byCluster(), [](Json& j) { j["segments"][0]["share"] = 1.5; },
         "segments[0].share", ""},
    };
}

const Json& schemaJson()
{
    static const Json json =
        *parseJson(*readFile(SIGNALBOX_SOURCE_DIR "/resources/schema/segments-1.schema.json"));
    return json;
}

/// Everything in a file, put out of shape one after the other.
void forEachValue(Json& at, const std::function<void(Json&)>& visit)
{
    visit(at);
    if (at.is_structured()) {
        for (Json& part : at)
            forEachValue(part, visit);
    }
}

} // namespace

class TestSegmentation : public QObject
{
    Q_OBJECT
private slots:
    void whatIsWrittenIsReadBackEqual()
    {
        for (const Segmentation& segmentation : examples()) {
            const auto read = parseSegmentation(toSegmentationText(segmentation));
            QVERIFY2(read.has_value(), read ? "" : toString(read.error()).c_str());
            QVERIFY(*read == segmentation);
        }
    }

    void aFileByHandNeedsNoMoreThanItSays()
    {
        Json json = toJson(byTag());
        json.erase("rest");
        QVERIFY(*parseSegmentation(toJsonText(json)) == byTag());
        json = toJson(byCluster());
        json["segments"][0].erase("share");
        json["features"][0].erase("scale");
        const auto read = parseSegmentation(toJsonText(json));
        QVERIFY(read.has_value());
        QVERIFY(std::get<SegmentsByCluster>(read->by).features[0].scale == FeatureScale::Linear);
    }

    void namesIncludeTheRest()
    {
        QCOMPARE(byCondition().names(),
                 (std::vector<std::string>{"Long, or so", "Größe", "Styles", "Sonst"}));
        QCOMPARE(byTag().names(),
                 (std::vector<std::string>{"pro", "7", "true", "Other", "unlabelled"}));
        QCOMPARE(byCluster().names(), (std::vector<std::string>{"long", "short"}));
    }

    void brokenFilesAreRefusedWithTheirPlace_data()
    {
        QTest::addColumn<int>("index");
        const std::vector<Broken> broken = brokenOnes();
        for (std::size_t i = 0; i < broken.size(); ++i)
            QTest::newRow(broken[i].name) << int(i);
    }

    void brokenFilesAreRefusedWithTheirPlace()
    {
        QFETCH(const int, index);
        const Broken broken = brokenOnes()[static_cast<std::size_t>(index)];
        Json json = toJson(broken.whole);
        broken.damage(json);
        const auto read = parseSegmentation(toJsonText(json));
        QVERIFY(!read.has_value());
        const Error& error = read.error();
        QVERIFY2(error.where.starts_with(broken.where) &&
                     (broken.where[0] != '\0' || error.where.empty()),
                 toString(error).c_str());
        QVERIFY2(toString(error).find(broken.says) != std::string::npos, toString(error).c_str());
    }

    void theSchemaSaysTheSame()
    {
        const JsonSchema published(schemaJson());
        QVERIFY(published.unknownKeywords().empty());
        for (const Segmentation& segmentation : examples())
            QVERIFY(published.problems(toJson(segmentation)).empty());
        // What it refuses is refused here.
        std::size_t refused = 0;
        for (const Broken& broken : brokenOnes()) {
            Json json = toJson(broken.whole);
            broken.damage(json);
            refused += published.problems(json).empty() ? 0 : 1;
        }
        QVERIFY2(refused > brokenOnes().size() / 2, qPrintable(QString::number(refused)));
    }

    void noBytesAreTooMuch()
    {
        const JsonSchema published(schemaJson());
        for (const Segmentation& segmentation : examples()) {
            const std::string text = toSegmentationText(segmentation);
            for (std::size_t end = 0; end + 1 < text.size(); ++end)
                QVERIFY(!parseSegmentation(text.substr(0, end)).has_value());
            const std::vector<Json> wrong = {nullptr, -1,   1e308,         "",
                                             "x",     true, Json::array(), Json::object()};
            Json json = toJson(segmentation);
            std::size_t values = 0;
            forEachValue(json, [&](const Json& /*value*/) { ++values; });
            for (std::size_t place = 0; place < values; ++place) {
                for (const Json& value : wrong) {
                    Json damaged = toJson(segmentation);
                    std::size_t at = 0;
                    bool isDone = false;
                    forEachValue(damaged, [&](Json& part) {
                        if (at++ == place && !isDone) {
                            part = value;
                            isDone = true;
                        }
                    });
                    // Read or refused: what is read can be used and written.
                    const auto read = parseSegmentation(toJsonText(damaged));
                    if (!read) {
                        QVERIFY(!read.error().message.empty());
                        continue;
                    }
                    QVERIFY(*parseSegmentation(toSegmentationText(*read)) == *read);
                    QVERIFY2(published.problems(damaged).empty(),
                             toCompactJsonText(damaged).c_str());
                }
            }
        }
    }

    void whetherWordsAreEnoughIsKnown()
    {
        Segmentation words = byCondition();
        words.by = SegmentsByCondition{{{"Long", when("chars", CompareOp::Gt, 200)}}};
        QVERIFY(words.readsOnlyMessages());
        QVERIFY(!byCondition().readsOnlyMessages()); // a plan, and limits by style
        words.by = SegmentsByCondition{
            {{"Long", when("chars", CompareOp::Gt, CompareValue(ByStyle{1, 2, 3}))}}};
        QVERIFY(!words.readsOnlyMessages());
        QVERIFY(!byTag().readsOnlyMessages());
        QVERIFY(!byCluster().readsOnlyMessages());
        // A score is what it adds up.
        for (const bool asksForPlan : {false, true}) {
            Segmentation scored;
            scored.signalList =
                PolicyBuilder()
                    .measure("chars", TextMeasure::Chars)
                    .metadata("plan")
                    .signal("score",
                            ScoreSource{0,
                                        {},
                                        {},
                                        {{1, asksForPlan ? when("plan", CompareOp::Eq, "pro")
                                                         : when("chars", CompareOp::Gt, 9)}}})
                    .document()
                    .signalList;
            scored.by = SegmentsByCondition{{{"High", when("score", CompareOp::Gt, 0)}}};
            QCOMPARE(scored.readsOnlyMessages(), !asksForPlan);
        }
    }
};

QTEST_GUILESS_MAIN(TestSegmentation)
#include "tst_segmentation.moc"
