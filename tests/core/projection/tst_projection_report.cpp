// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: what the projection knows reaches people and machines unchanged: unknown is "unknown"
// and null, simulated says so, names cannot smuggle markup, and pages and pictures stand alone.

#include <core/projection/cost_chart.h>
#include <core/projection/number_text.h>
#include <core/projection/projection_report.h>
#include <tests/support/policy_builder.h>

#include <QRegularExpression>
#include <QTest>
#include <QXmlStreamReader>
#include <nlohmann/json.hpp>

#include <cmath>

using namespace signalbox;
using namespace signalbox::test;

namespace {

constexpr const char* kHostile = "<script>alert('x')</script>\"&\xE2\x80\xAE";

PolicyDocument policyNamed(const std::string& name)
{
    PolicyDocument policy = PolicyBuilder({"cheap", "dear"});
    policy.name = name;
    policy.revision = 7;
    policy.gates = {{GateMetric::CostSaving, 0.4, std::nullopt, GateScope::Total},
                    {GateMetric::Consistency, 0.9, std::nullopt, GateScope::Total}};
    return policy;
}

Projection numbers(const PolicyDocument& policy)
{
    Projection projection;
    projection.requests = 5000;
    projection.conversations = 1612;
    projection.answers = 480;
    projection.simulated = true;
    projection.costPer1k = Estimate{12.3, 12.0, 12.6, 1612};
    projection.baselineCostPer1k = Estimate{25.4, 25.0, 25.8, 1612};
    projection.costSaving = Estimate{0.5157, 0.498, 0.546, 1612};
    projection.latencyP95Ms = Estimate{4800, 4700, 4900, 1612};
    projection.satisfaction = Estimate{0.81, 0.78, 0.84, 80};
    projection.satisfactionRatio = Estimate{0.961, 0.94, 0.98, 80};
    projection.consistency = Estimate{0.582, 0.55, 0.61, 80};
    projection.latency.p50 = Estimate{600, 580, 620, 1612};
    projection.latency.p95 = *projection.latencyP95Ms;
    projection.latency.tailCount = 405;
    projection.latency.tailShare = 0.081;
    projection.latency.tailP50Ms = 4610;
    projection.servedShare = {0.7, 0.3};
    projection.spendShare = {0.2, 0.8};
    RuleFlow flow;
    flow.requests = 5000;
    flow.share = flow.costShare = 1;
    projection.flow = {flow};
    ProjectionSlice slice;
    slice.name = "billing";
    slice.requests = 300;
    slice.share = 0.06;
    projection.segments = {slice};
    GateResult result;
    result.gate = policy.gates.front();
    result.verdict = Verdict::Met;
    result.reason = "Cost saving is 51.6 % (49.8 to 54.6 %); at least 40.0 % is asked for.";
    projection.gates = {result};
    projection.allGatesProbability = 0.25;
    projection.notes = {"The voices were compared on 40 prompts only."};
    return projection;
}

FrontierPoint at(double cost, double consistency, FrontierPoint::Kind kind, const std::string& name)
{
    FrontierPoint point;
    point.name = name;
    point.kind = kind;
    point.costPer1k = Estimate{cost, cost * 0.95, cost * 1.05, 100};
    point.consistency = Estimate{consistency, consistency - 0.03, consistency + 0.02, 100};
    return point;
}

std::vector<FrontierPoint> somePoints()
{
    using Kind = FrontierPoint::Kind;
    return {
        at(1.2, 1, Kind::SingleModel, "cheap"),      at(25, 1, Kind::SingleModel, "dear"),
        at(1.2, 1, Kind::RandomMix, "Random, 0 %"),  at(12, 0.7, Kind::RandomMix, "Random, 50 %"),
        at(25, 1, Kind::RandomMix, "Random, 100 %"), at(9, 0.9, Kind::Oracle, "Oracle"),
        at(20, 0.8, Kind::Revision, "r5"),           at(16, 0.7, Kind::Revision, "r6"),
        at(12.3, 0.58, Kind::Policy, "Support desk")};
}

/// Every element name of a well-formed XML text; fails the test if it is not well-formed.
QStringList elementsOf(const std::string& xml)
{
    QStringList names;
    QXmlStreamReader reader(QByteArray::fromStdString(xml));
    while (!reader.atEnd()) {
        if (reader.readNext() == QXmlStreamReader::StartElement)
            names << reader.name().toString();
    }
    if (reader.hasError())
        qWarning("%s", qPrintable(reader.errorString()));
    return reader.hasError() ? QStringList() : names;
}

bool has(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

class TestProjectionReport : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
    }

    void numbersAreWrittenWithUnitAndWidth_data()
    {
        QTest::addColumn<QString>("written");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* name, const std::string& written, const char* expected) {
            QTest::newRow(name) << QString::fromStdString(written) << QString::fromUtf8(expected);
        };
        row("share", estimateText(Estimate{0.5157, 0.498, 0.546, 9}, MetricUnit::Percent),
            "51.6 % (49.8 to 54.6 %)");
        row("money", estimateText(Estimate{1234.5, 1200, 1300, 9}, MetricUnit::Usd),
            "$1,234.50 ($1,200.00 to 1,300.00)");
        row("small money", valueText(0.00123, MetricUnit::Usd), "$0.001230");
        row("time", valueText(4800.4, MetricUnit::Seconds), "4.80 s");
        row("points", valueText(0.582, MetricUnit::Points), "58.2");
        row("no width", estimateText(Estimate{1, 1, 1, 9}, MetricUnit::Points), "100.0");
        row("unknown", estimateText(std::nullopt, MetricUnit::Usd), "unknown");
        row("no number", valueText(std::nan(""), MetricUnit::Usd), "unknown");
        row("no minus zero", fixedText(-0.0001, 1), "0.0");
        row("million", countText(1234567), "1,234,567");
    }

    void numbersAreWrittenWithUnitAndWidth()
    {
        QFETCH(QString, written);
        QFETCH(QString, expected);
        QCOMPARE(written, expected);
    }

    void textTellsTheFourNumbersAndTheGates()
    {
        const PolicyDocument policy = policyNamed("Support desk");
        const std::string text = toText(numbers(policy), policy);
        QVERIFY(has(text, "Support desk, revision 7 (simulated)\n"));
        QVERIFY(has(text, "5,000 requests in 1,612 conversations, 480 recorded answers"));
        for (const char* part : {"51.6 %", "49.8 to 54.6 %", "4.80 s", "96.1 %", "58.2",
                                 "[met] Cost saving", "405 requests", "billing", "40 prompts only"})
            QVERIFY2(has(text, part), part);
        QVERIFY(text.ends_with('\n'));
        for (const QString& line : QString::fromStdString(text).split(QLatin1Char('\n')))
            QVERIFY2(line.size() <= 100, qPrintable(line));
    }

    void theUnknownIsSaidNotInvented()
    {
        const PolicyDocument policy = policyNamed("Support desk");
        Projection projection = numbers(policy);
        projection.costPer1k = projection.baselineCostPer1k = projection.costSaving = std::nullopt;
        projection.spendShare = {std::nan(""), std::nan("")};
        projection.flow[0].costShare = std::nan("");
        QVERIFY(has(toText(projection, policy), "unknown instead of unknown per 1,000 requests"));
        const Json json = toJson(projection, policy);
        QVERIFY(json["costSaving"].is_null());
        QVERIFY(json["models"][0]["spendShare"].is_null());
        QVERIFY(json["rules"][0]["costShare"].is_null());
        QVERIFY(has(toHtml(projection, policy), "unknown"));
    }

    void jsonHoldsEverything()
    {
        const PolicyDocument policy = policyNamed("Support desk");
        const Json json = toJson(numbers(policy), policy);
        QCOMPARE(json["simulated"].get<bool>(), true);
        QCOMPARE(json["costSaving"]["low"].get<double>(), 0.498);
        QCOMPARE(json["costSaving"]["n"].get<int>(), 1612);
        QCOMPARE(json["gates"][0]["metric"].get<std::string>(), std::string("costSaving"));
        QCOMPARE(json["gates"][0]["verdict"].get<std::string>(), std::string("met"));
        QCOMPARE(json["segments"][0]["name"].get<std::string>(), std::string("billing"));
        QVERIFY(json["rules"][0]["rule"].is_null()); // otherwise
        QCOMPARE(json["latency"]["tailCount"].get<int>(), 405);
    }

    void thePageStandsAloneAndEscapesNames()
    {
        PolicyDocument policy = policyNamed(kHostile);
        policy.models[0].id = ModelId(kHostile);
        Projection projection = numbers(policy);
        projection.segments[0].name = kHostile;
        projection.notes = {kHostile};
        std::vector<FrontierPoint> points = somePoints();
        points[0].name = kHostile;
        const std::string page = toHtml(projection, policy, points);
        QVERIFY(!has(page, "<script"));
        QVERIFY(!has(page, "\xE2\x80\xAE"));
        QVERIFY(has(page, "&lt;script&gt;"));
        QVERIFY(has(page, "default-src 'none'"));
        QVERIFY(has(page, ">simulated<"));
        QVERIFY(has(page, "<svg"));
        QVERIFY(!has(page, "href"));
        QVERIFY(!has(page, "src="));
        projection.simulated = false;
        QVERIFY(!has(toHtml(projection, policy), ">simulated<"));

        projection.traffic.clear();
        QVERIFY(!has(toHtml(projection, policy), "></p>")); // no gap where nothing is said
    }

    void thePictureIsWellFormedWhateverTheNames()
    {
        const PolicyDocument policy = policyNamed(kHostile);
        CostChart chart = costChartOf(numbers(policy), policy);
        std::vector<FrontierPoint> points = somePoints();
        points.back().name = kHostile;
        const QStringList elements = elementsOf(costConsistencySvg(points, chart));
        QVERIFY(elements.contains(QStringLiteral("polyline")));
        QVERIFY(!elements.contains(QStringLiteral("script")));
        QVERIFY(!elementsOf(costConsistencySvg({}, {})).isEmpty());
    }

    void theAxisIsLogarithmicAcrossDecadesOnly()
    {
        std::vector<FrontierPoint> points = somePoints(); // 1.2 to 25 USD
        QVERIFY(has(costConsistencySvg(points), "(log scale)"));
        std::erase_if(points,
                      [](const FrontierPoint& point) { return point.costPer1k->value < 5; });
        QVERIFY(!has(costConsistencySvg(points), "(log scale)"));
    }

    void pointsWithoutBothNumbersAreLeftOut()
    {
        std::vector<FrontierPoint> points = somePoints();
        points[0].costPer1k.reset();
        points[1].consistency.reset();
        const std::string picture = costConsistencySvg(points);
        QVERIFY(!has(picture, ">cheap<"));
        QVERIFY(!has(picture, ">dear<"));
        QVERIFY(has(picture, "Support desk"));
    }

    void marksThatFailAnotherGateAreHollow()
    {
        std::vector<FrontierPoint> points = somePoints();
        QVERIFY(!has(costConsistencySvg(points), "hollow"));
        const auto filled = [&] {
            return QString::fromStdString(costConsistencySvg(points))
                .count(QStringLiteral("fill=\"#1d62cc\"")); // of the first model
        };
        QCOMPARE(filled(), 1);
        GateResult quality;
        quality.gate = {GateMetric::SatisfactionRatio, 0.95, std::nullopt, GateScope::Segment};
        quality.subject = "Disputes";
        quality.verdict = Verdict::NotMet;
        GateResult consistency;
        consistency.gate = {GateMetric::Consistency, 0.9, std::nullopt, GateScope::Total};
        consistency.verdict = Verdict::NotMet;
        points[0].gates = {consistency}; // the axis shows it
        QCOMPARE(filled(), 1);
        points[0].gates = {consistency, quality};
        QCOMPARE(filled(), 0);
        QVERIFY(has(costConsistencySvg(points), "hollow: fails another gate (quality)"));
    }

    void whatASearchFoundIsADiscWithItsNumber()
    {
        std::vector<FrontierPoint> points = somePoints();
        const auto discs = [&] {
            return QString::fromStdString(costConsistencySvg(points))
                .count(QStringLiteral(">12</text>"));
        };
        QCOMPARE(discs(), 0);
        points.push_back(at(7, 0.9, FrontierPoint::Kind::Found, "12"));
        QCOMPARE(discs(), 1);
    }

    void aModelKeepsItsColourWhereAnotherHasNoPoint()
    {
        CostChart chart;
        chart.models = {ModelId("cheap"), ModelId("dear")};
        const auto dear = at(25, 1, FrontierPoint::Kind::SingleModel, "dear");
        const auto cheap = at(1.2, 1, FrontierPoint::Kind::SingleModel, "cheap");
        for (const auto& points : {std::vector{dear, cheap}, std::vector{dear}}) {
            const std::string picture = costConsistencySvg(points, chart);
            QVERIFY(has(picture, "#a8480f"));
            QCOMPARE(has(picture, "#1d62cc"), points.size() == 2);
        }
        QVERIFY(has(costConsistencySvg({dear}), "#1d62cc"));
    }

    void revisionsAtOnePlaceAreOneMark()
    {
        const PolicyDocument policy = policyNamed("Support desk");
        const CostChart chart = costChartOf(numbers(policy), policy);
        using Kind = FrontierPoint::Kind;
        std::vector<FrontierPoint> points = {at(1.2, 1, Kind::SingleModel, "cheap"),
                                             at(25, 1, Kind::SingleModel, "dear"),
                                             at(25, 1, Kind::Revision, "r1"),
                                             at(20, 0.8, Kind::Revision, "r4"),
                                             at(12.3, 0.58, Kind::Revision, "r5"),
                                             at(12.3, 0.581, Kind::Revision, "r6"),
                                             at(12.3, 0.58, Kind::Policy, "Support desk")};
        const QString picture = QString::fromStdString(costConsistencySvg(points, chart));
        QVERIFY(picture.contains(QStringLiteral(">Support desk, r5\u2013r7, $12.30 at 58.0<")));
        QVERIFY(picture.contains(QStringLiteral(">r4<")));
        QVERIFY(!picture.contains(QStringLiteral(">r5<")));
        // r1 is a ring round the model that it is, at the model's own place.
        static const QRegularExpression ring(
            QStringLiteral("<circle cx=\"([0-9.]+)\" [^>]*fill=\"none\" stroke=\"#1b1f27\""));
        static const QRegularExpression model(
            QStringLiteral("<polygon fill=\"#a8480f\"[^>]*points=\"([0-9.]+),"));
        const double place = model.match(picture).captured(1).toDouble() + 6;
        QVERIFY(ring.match(picture).hasMatch());
        QVERIFY(std::abs(ring.match(picture).captured(1).toDouble() - place) < 1);
        static const QRegularExpression bullseyes(
            QStringLiteral("<circle [^>]*fill=\"#ffffff\" stroke=\"#1b1f27\""));
        QCOMPARE(picture.count(bullseyes), 2); // r4 and the policy
    }

    void gatesForbidRegions()
    {
        const PolicyDocument policy = policyNamed("Support desk");
        CostChart chart = costChartOf(numbers(policy), policy);
        const auto forbidden = [&] {
            return QString::fromStdString(costConsistencySvg(somePoints(), chart))
                .count(QStringLiteral("fill=\"#f4e2e1\""));
        };
        QCOMPARE(forbidden(), 2); // cost saving and consistency
        QVERIFY(has(costConsistencySvg(somePoints(), chart), "fill=\"#efd5d3\"")); // by both
        chart.baselineCostPer1k.reset();
        QCOMPARE(forbidden(), 1); // a saving of the unknown is no limit
        chart.gates.clear();
        QCOMPARE(forbidden(), 0);
    }
};

QTEST_GUILESS_MAIN(TestProjectionReport)
#include "tst_projection_report.moc"
