// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: groups that were planted in traffic are found, as many as there are, and named by what
// sets them apart; whatever the order of the requests and the number of threads; what could not be
// used is said.

#include <core/base/random.h>
#include <core/sample/support_desk.h>
#include <core/segments/cluster_names.h>
#include <core/segments/cluster_segments.h>
#include <core/segments/traffic_segments.h>
#include <tests/support/hand_made_traffic.h>
#include <tests/support/policy_builder.h>

#include <QTest>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <map>
#include <set>

using namespace signalbox;
using namespace signalbox::test;

namespace {

Request request(int number, std::size_t length, bool hasCode, const char* plan)
{
    Request made = ask((hasCode ? "``` " : "") + std::string(length, 'x'));
    made.requestId = "r" + std::to_string(number);
    made.metadata.push_back({"plan", std::string(plan)});
    return made;
}

/// 60 short questions, 40 long ones with code, 20 short ones of enterprises.
std::vector<Request> planted()
{
    Random random(3);
    std::vector<Request> requests;
    for (int i = 0; i < 60; ++i)
        requests.push_back(request(i, 20 + random.below(30), false, "free"));
    for (int i = 60; i < 100; ++i)
        requests.push_back(request(i, 800 + random.below(100), true, "free"));
    for (int i = 100; i < 120; ++i)
        requests.push_back(request(i, 20 + random.below(30), false, "enterprise"));
    return requests;
}

PolicyBuilder readsThem()
{
    return PolicyBuilder()
        .measure("chars", TextMeasure::Chars)
        .contains("has code", "```")
        .metadata("plan");
}

const SegmentsByCluster& clustersOf(const ClusterFinding& finding)
{
    return std::get<SegmentsByCluster>(finding.segmentation.by);
}

std::string joined(const std::vector<std::string>& names)
{
    std::string text;
    for (const std::string& name : names)
        text += (text.empty() ? "" : " | ") + name;
    return text;
}

std::string whyLeftOut(const ClusterFinding& finding, const char* signal)
{
    for (const ClusterFinding::Signals& each : finding.leftOut) {
        if (each.id.value == signal)
            return each.why;
    }
    return {};
}

std::map<std::string, std::string> segmentOfRequest(const Segmentation& segmentation,
                                                    const std::shared_ptr<const Traffic>& traffic)
{
    const RowSegments rows = segmentRows(segmentation, traffic).value();
    std::map<std::string, std::string> of;
    for (std::size_t row = 0; row < traffic->rowCount(); ++row)
        of[std::string(traffic->requestId(row))] = rows.names[rows.of[row]];
    return of;
}

/// Requests whose numbers have nothing to do with each other.
std::vector<Request> shapeless(std::size_t signalCount)
{
    Random random(5);
    std::vector<Request> requests;
    for (int i = 0; i < 400; ++i) {
        Request made = ask("x");
        for (std::size_t s = 0; s < signalCount; ++s)
            made.metadata.push_back({"m" + std::to_string(s), random.normal()});
        requests.push_back(std::move(made));
    }
    return requests;
}

} // namespace

class TestClusterSegments : public QObject
{
    Q_OBJECT
private slots:
    void plantedGroupsAreFoundAndNamed()
    {
        const auto traffic = trafficOf(planted());
        const auto found = segmentsByCluster(traffic, readsThem());
        QVERIFY2(found.has_value(), found ? "" : toString(found.error()).c_str());
        const SegmentsByCluster& by = clustersOf(*found);
        std::vector<std::string> names;
        for (const SegmentCluster& cluster : by.segments)
            names.push_back(cluster.name);
        QCOMPARE(QString::fromStdString(joined(names)),
                 QStringLiteral("short, no code | has code, long | plan enterprise, no code"));
        QCOMPARE(by.segments[0].share, 0.5);
        const auto of = segmentOfRequest(found->segmentation, traffic);
        for (int i = 0; i < 120; ++i)
            QCOMPARE(of.at("r" + std::to_string(i)), names[i < 60 ? 0 : i < 100 ? 1 : 2]);
        // Two values of a text are one dimension; a centre is in characters and shares.
        QCOMPARE(by.features.size(), std::size_t{3});
        QVERIFY(by.segments[1].centre[0] > 790 && by.segments[1].centre[0] < 910);
        QVERIFY(std::abs(by.segments[1].centre[1] - 1) < 1e-9);
        QVERIFY(found->isClear());
        QCOMPARE(found->tried.size(), std::size_t{7});
        QCOMPARE(std::ranges::max_element(found->tried, {}, &ClusterFinding::Tried::silhouette)
                     ->clusters,
                 std::size_t{3});
    }

    void asManyAreFoundAsAreAskedFor()
    {
        ClusterOptions options;
        options.clusters = 2;
        const auto found = segmentsByCluster(trafficOf(planted()), readsThem(), options);
        QCOMPARE(clustersOf(*found).segments.size(), std::size_t{2});
        QCOMPARE(found->tried.size(), std::size_t{1});
    }

    void neitherOrderNorThreadsMatter()
    {
        std::vector<Request> requests = planted();
        ClusterOptions one;
        one.threads = ClusterOptions::Threads::One;
        one.mostPoints = 70; // and neither does it which requests are looked at
        const auto first = segmentsByCluster(trafficOf(requests), readsThem(), one);
        Random random(11);
        for (std::size_t i = requests.size(); i > 1; --i)
            std::swap(requests[i - 1], requests[random.below(i)]);
        ClusterOptions all = one;
        all.threads = ClusterOptions::Threads::All;
        const auto traffic = trafficOf(requests);
        const auto second = segmentsByCluster(traffic, readsThem(), all);
        QCOMPARE(first->looked, std::size_t{70});
        QVERIFY(first->segmentation == second->segmentation);
        QCOMPARE(first->silhouette(), second->silhouette());
        QCOMPARE(segmentOfRequest(first->segmentation, trafficOf(planted())),
                 segmentOfRequest(second->segmentation, traffic));
    }

    void theSampleIsDividedTheSameTwice()
    {
        const auto traffic = std::make_shared<const Traffic>(supportDeskTraffic());
        ClusterOptions one;
        one.threads = ClusterOptions::Threads::One;
        const auto first = segmentsByCluster(traffic, supportDeskPolicy(), one);
        const auto second = segmentsByCluster(traffic, supportDeskPolicy());
        QVERIFY(first->segmentation == second->segmentation);
        std::set<std::string> names;
        for (const SegmentCluster& cluster : clustersOf(*first).segments)
            names.insert(cluster.name);
        QCOMPARE(names.size(), clustersOf(*first).segments.size());
    }

    void whatIsMissingSaysNothingAndIsSaid()
    {
        std::vector<Request> requests = planted();
        for (int i = 0; i < 10; ++i)
            requests[static_cast<std::size_t>(i)].metadata.clear();
        const auto traffic = trafficOf(requests);
        const auto found = segmentsByCluster(traffic, readsThem());
        QCOMPARE(found->missing.size(), std::size_t{1});
        QCOMPARE(found->missing[0].id.value, std::string("plan"));
        QCOMPARE(found->missing[0].requests, std::size_t{10});
        // Means are of those that have it: 20 of 110.
        const auto& features = clustersOf(*found).features;
        const auto plan = std::ranges::find(features, SignalId("plan"), &ClusterFeature::signal);
        QVERIFY(std::abs(plan->mean - (*plan->value == "free" ? 90.0 : 20.0) / 110) < 1e-12);
        QCOMPARE(segmentOfRequest(found->segmentation, traffic).at("r0"),
                 segmentOfRequest(found->segmentation, traffic).at("r20"));
    }

    void signalsThatSayNothingAreLeftOut()
    {
        std::vector<Request> requests = planted();
        for (std::size_t i = 0; i < requests.size(); ++i) {
            requests[i].metadata.push_back({"ticket", "t" + std::to_string(i)});
            if (i < 50)
                requests[i].metadata.push_back({"rare", double(i)});
        }
        PolicyBuilder policy = readsThem();
        policy.contains("never", "never said")
            .metadata("ticket")
            .metadata("rare", ValueType::Number)
            .metadata("nowhere")
            .signal("spent", UsageSource{UsageMeasure::SpendUsd, UsageUnit::User, 60})
            .signal("rush", ScoreSource{0, {}, {}, {{1, when("spent", CompareOp::Gt, 1)}}});
        const auto found = segmentsByCluster(trafficOf(requests), policy);
        QVERIFY2(found.has_value(), found ? "" : toString(found.error()).c_str());
        QCOMPARE(whyLeftOut(*found, "never"), std::string("it is the same in all requests"));
        QCOMPARE(whyLeftOut(*found, "ticket"),
                 std::string("it has too many values to be a category"));
        QCOMPARE(whyLeftOut(*found, "rare"),
                 std::string("more than half of the requests do not have it"));
        QCOMPARE(whyLeftOut(*found, "nowhere"), std::string("no request has it"));
        QVERIFY(whyLeftOut(*found, "spent").starts_with("it is a meter"));
        QVERIFY(whyLeftOut(*found, "rush").find("\"spent\"") != std::string::npos);
        // What is saved asks for no more of next month's traffic than it reads.
        QCOMPARE(found->segmentation.signalList.size(), std::size_t{3});
    }

    void aLongTailGoesByItsLogarithm()
    {
        std::vector<Request> requests;
        for (int i = 0; i < 200; ++i)
            requests.push_back(request(i, i % 2 == 0 ? 10 : 100, false, "free"));
        for (int i = 0; i < 3; ++i)
            requests.push_back(request(300 + i, 20'000, false, "free"));
        ClusterOptions two;
        two.clusters = 2;
        const auto found = segmentsByCluster(trafficOf(requests), readsThem(), two);
        const SegmentsByCluster& by = clustersOf(*found);
        QVERIFY(by.features[0].scale == FeatureScale::Log);
        // The three giants do not make a segment of their own while 200 others are one.
        QVERIFY2(by.segments[1].share > 0.4, qPrintable(QString::number(by.segments[1].share)));
    }

    void thatThereAreNoGroupsIsSaid()
    {
        PolicyBuilder policy;
        for (int s = 0; s < 8; ++s)
            policy.metadata("m" + std::to_string(s), ValueType::Number);
        const auto found = segmentsByCluster(trafficOf(shapeless(8)), policy);
        QVERIFY(found.has_value());
        QVERIFY2(!found->isClear(), qPrintable(QString::number(found->silhouette())));
    }

    void whatCannotBeDividedIsRefused()
    {
        const auto refusal = [](const std::vector<Request>& requests, const PolicyDocument& policy,
                                std::size_t clusters) {
            ClusterOptions options;
            options.clusters = clusters;
            const auto found = segmentsByCluster(trafficOf(requests), policy, options);
            return found ? std::string() : found.error().message;
        };
        QVERIFY(refusal(planted(), readsThem(), 1).find("2 to 20") != std::string::npos);
        QVERIFY(refusal(planted(), readsThem(), 21).find("2 to 20") != std::string::npos);
        QVERIFY(refusal({}, readsThem(), 2).find("no request") != std::string::npos);
        QVERIFY(refusal(planted(), PolicyBuilder(), 2).find("no signal") != std::string::npos);
        const PolicyDocument oneSignal = PolicyBuilder().contains("has code", "```");
        QVERIFY(refusal(planted(), oneSignal, 3).find("only 2 kinds") != std::string::npos);
        std::atomic<bool> stop = true;
        ClusterOptions stopped;
        stopped.stop = &stop;
        QVERIFY(segmentsByCluster(trafficOf(planted()), readsThem(), stopped).error().code ==
                ErrorCode::Cancelled);
    }

    void namesThatWouldBeTheSameGetWordsOrNumbers()
    {
        const PolicyDocument policy = PolicyBuilder()
                                          .measure("chars", TextMeasure::Chars)
                                          .measure("words", TextMeasure::Words)
                                          .contains("asks", "?");
        SegmentsByCluster by;
        for (const char* id : {"chars", "words", "asks"}) {
            ClusterFeature feature;
            feature.signal = SignalId(id);
            by.features.push_back(feature); // mean 0, spread 1: centres are in spreads
        }
        by.segments = {{"", 0.4, {2, 2, 0.3}},
                       {"", 0.2, {1, 1, -0.2}},
                       {"", 0.2, {0.1, 0.2, 0.1}},
                       {"", 0.1, {-1, -1, 0.9}},
                       {"", 0.1, {-2, -2, 1.5}}};
        // Long twice: so asks tells them apart, though it is near its mean. Nothing sets the third
        // apart. Of the last two all words are the same.
        QCOMPARE(segments_detail::clusterNames(by, policy.signalList),
                 (std::vector<std::string>{"long, asks", "long, not asks", "usual", "short, asks",
                                           "short, asks 2"}));
    }
};

QTEST_GUILESS_MAIN(TestClusterSegments)
#include "tst_cluster_segments.moc"
