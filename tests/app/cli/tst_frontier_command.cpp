// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: `frontier` finds what mends the bundled sample, says it for people and for machines,
// writes the point that is taken, and its exit code says whether a point shows that it meets every
// gate.

#include <core/base/files.h>
#include <core/base/json.h>
#include <core/policy/diff.h>
#include <core/policy/policy_json.h>
#include <core/sample/support_desk.h>
#include <tests/support/cli_run.h>

#include <QTemporaryDir>
#include <QTest>
#include <nlohmann/json.hpp>

using namespace signalbox;
using namespace signalbox::test;

namespace {

Ran search(std::vector<std::string> args)
{
    args.insert(args.begin(), "frontier");
    return test::run(args);
}

/// A small search of the sample.
Ran runSmall(std::vector<std::string> more = {}, const std::string& policy = "sample")
{
    std::vector<std::string> args = {policy,    "--limit", "300",    "--points", "3",
                                     "--draws", "100",     "--seed", "1"};
    args.insert(args.end(), more.begin(), more.end());
    return search(args);
}

} // namespace

class TestFrontierCommand : public QObject
{
    Q_OBJECT
private slots:
    void theSampleIsMended()
    {
        const Ran ran = runSmall();
        QVERIFY2(ran.code == 0, (ran.out + ran.err).c_str());
        for (const char* part : {"of the frontier (simulated)", "9 of 9", "as it is", "gates met",
                                 "Optimism", "Assumptions", "seed 1"})
            QVERIFY2(contains(ran.out, part), part);
        QVERIFY(contains(ran.err, "synthetic"));
        for (const QString& line : QString::fromStdString(ran.out).split(QLatin1Char('\n')))
            QVERIFY2(line.size() <= 100, qPrintable(line));
    }

    void aPointIsTakenAsAPolicy()
    {
        const QTemporaryDir folder;
        const std::string path = folder.filePath(QStringLiteral("p.json")).toStdString();
        const Ran ran = runSmall({"--adopt", "best", "--out", path});
        QCOMPARE(ran.code, 0);
        QVERIFY(contains(ran.out, "is written to " + path));
        const auto text = readFile(path);
        QVERIFY(text);
        const auto adopted = parsePolicy(*text);
        QVERIFY2(adopted, adopted ? "" : toString(adopted.error()).c_str());
        const PolicyDocument before = supportDeskPolicy();
        QCOMPARE(adopted->revision, before.revision + 1);
        QVERIFY(contains(adopted->note, " of a frontier (seed 1): "));
        QVERIFY(adopted->gates == before.gates && adopted->signalList == before.signalList);
        QVERIFY(!diff(before, *adopted).empty());
    }

    void itSpeaksJson()
    {
        const auto json = parseJson(runSmall({"--json"}).out);
        QVERIFY(json);
        QCOMPARE((*json)["seed"].get<int>(), 1);
        QVERIFY(!(*json)["points"].empty());
        QVERIFY((*json)["best"].is_string());
    }

    void exitCodeIsOneWhereNoPointShowsThatItMeetsTheGates()
    {
        const QTemporaryDir folder;
        const std::string path = folder.filePath(QStringLiteral("p.json")).toStdString();
        PolicyDocument strict = supportDeskPolicy();
        strict.gates.push_back({GateMetric::CostSaving, 0.99, std::nullopt, GateScope::Total});
        QVERIFY(writeFileAtomically(path, toPolicyText(strict)));
        const Ran ran = runSmall({}, path);
        QCOMPARE(ran.code, 1);
        QVERIFY(contains(ran.err, "No point of the frontier shows that it meets every gate."));
        QVERIFY(contains(ran.out, " of 10"));
        QCOMPARE(search({folder.filePath(QStringLiteral("absent.json")).toStdString()}).code, 1);
    }

    void wrongUseIsTwo()
    {
        QCOMPARE(search({}).code, 2);
        QCOMPARE(search({"sample", "--limit", "2"}).code, 2);
        QCOMPARE(search({"sample", "--adopt", "1"}).code, 2); // where to?
        const QTemporaryDir folder;
        const std::string path = folder.filePath(QStringLiteral("p.json")).toStdString();
        const Ran ran = runSmall({"--adopt", "99", "--out", path});
        QCOMPARE(ran.code, 2);
        QVERIFY(contains(ran.err, "no point \"99\""));
        QVERIFY(!readFile(path));
    }
};

QTEST_GUILESS_MAIN(TestFrontierCommand)
#include "tst_frontier_command.moc"
