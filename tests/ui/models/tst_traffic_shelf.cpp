// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: a table of the person's takes the place of the sample's traffic for everything that is
// made of it; one that is gone or damaged is refused in a sentence with its path, and what was
// there stays.

#include <core/base/files.h>
#include <core/traffic/traffic_file.h>
#include <tests/support/small_traffic.h>
#include <ui/models/traffic_words.h>
#include <ui/models/workbench.h>

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <string>

using namespace signalbox;
using namespace signalbox::ui;

namespace {

struct Tables
{
    QTemporaryDir folder;
    [[nodiscard]] std::filesystem::path write(const char* name, std::size_t requests) const
    {
        const auto path = std::filesystem::path(folder.path().toStdString()) / name;
        if (!saveTraffic(*test::smallTraffic(requests), path))
            qFatal("cannot write %s", name);
        return path;
    }
    /// A letter of the first message is another one.
    [[nodiscard]] std::filesystem::path writeDamaged(const char* name) const
    {
        const auto path = write(name, 60);
        std::string bytes = readFile(path).value();
        const std::size_t at = bytes.find(test::smallTraffic(60)->lastUserMessage(0));
        if (at == std::string::npos)
            qFatal("%s has no message", name);
        bytes[at] ^= 1;
        if (!writeFileAtomically(path, bytes))
            qFatal("cannot damage %s", name);
        return path;
    }
};

/// Sentences of what a shelf refuses.
QStringList* collectRefusals(TrafficShelf& shelf)
{
    auto* const told = new QStringList;
    QObject::connect(&shelf, &TrafficShelf::refused, &shelf,
                     [told](const QString&, const Error& why) {
                         *told << QString::fromStdString(toString(why));
                     });
    QObject::connect(&shelf, &QObject::destroyed, [told] { delete told; });
    return told;
}

} // namespace

class TestTrafficShelf : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
    }

    void aTableTakesThePlaceOfTheSample()
    {
        const Tables tables;
        const auto path = tables.write("mine.traffic", 60);
        Workbench workbench({});
        QSignalSpy changed(&workbench, &Workbench::trafficChanged);
        workbench.openSample();
        workbench.trafficShelf().open(path); // the sample's, which comes later, must not win
        QTRY_VERIFY(workbench.traffic());
        QCOMPARE(workbench.traffic()->rowCount(), std::size_t(60));
        QVERIFY(workbench.trafficShelf().file() == path);
        QVERIFY(workbench.trafficShelf().isOwn());
        workbench.openSample(); // the policy of the sample; the traffic is the person's
        QTRY_VERIFY_WITH_TIMEOUT(workbench.projection() && workbench.projection()->requests == 60,
                                 120'000);
        QCOMPARE(changed.size(), 1);
        workbench.trafficShelf().showSample();
        QTRY_COMPARE(changed.size(), 2);
        QVERIFY(workbench.traffic()->synthetic);
        QVERIFY(workbench.traffic()->rowCount() > 1000);
        QVERIFY(!workbench.trafficShelf().isOwn());
    }

    void aTableThatIsGoneIsNamedAndTheSampleComes()
    {
        const Tables tables;
        TrafficShelf shelf;
        const QStringList* const refused = collectRefusals(shelf);
        shelf.open(std::filesystem::path(tables.folder.path().toStdString()) / "gone.traffic");
        QTRY_COMPARE(refused->size(), 1);
        QVERIFY2(refused->front().contains(QStringLiteral("gone.traffic")),
                 qPrintable(refused->front()));
        QTRY_VERIFY(shelf.traffic());
        QVERIFY(!shelf.isOwn());
    }

    void aDamagedTableIsRefused_data()
    {
        QTest::addColumn<qulonglong>("checkedFirst");
        QTest::newRow("checked before it is shown") << qulonglong(1) * 1024 * 1024;
        QTest::newRow("shown at once and taken away") << qulonglong(0);
    }

    void aDamagedTableIsRefused()
    {
        QFETCH(qulonglong, checkedFirst);
        const Tables tables;
        const auto path = tables.writeDamaged("mine.traffic");
        TrafficShelf shelf(checkedFirst);
        const QStringList* const refused = collectRefusals(shelf);
        shelf.open(path);
        QTRY_COMPARE(refused->size(), 1);
        QVERIFY2(refused->front().contains(QStringLiteral("mine.traffic")) &&
                     refused->front().contains(QStringLiteral("not what was written")),
                 qPrintable(refused->front()));
        QTRY_VERIFY(shelf.traffic() && shelf.traffic()->synthetic);
        QVERIFY(shelf.file().empty());
        QVERIFY(!shelf.isOwn());
    }

    void aDamagedTableIsTakenAwayWhateverIsOpenedMeanwhile()
    {
        const Tables tables;
        const auto damaged = tables.writeDamaged("damaged.traffic");
        const auto whole = tables.write("whole.traffic", 40);
        const auto gone = std::filesystem::path(tables.folder.path().toStdString()) / "gone";
        for (const auto& [next, refusals] : {std::pair(gone, 2), std::pair(whole, 0)}) {
            TrafficShelf shelf(0); // shown at once, checked later
            const QStringList* const refused = collectRefusals(shelf);
            connect(&shelf, &TrafficShelf::opened, &shelf, [&shelf, &damaged, next = next] {
                if (shelf.file() == damaged)
                    shelf.open(next);
            });
            shelf.open(damaged);
            if (refusals > 0) {
                QTRY_COMPARE(refused->size(), refusals);
                QTRY_VERIFY(shelf.traffic() && shelf.traffic()->synthetic);
                QVERIFY(shelf.file().empty() && !shelf.isOwn());
            } else {
                QTRY_VERIFY(shelf.file() == next);
                QCOMPARE(shelf.traffic()->rowCount(), std::size_t(40));
                QVERIFY(shelf.isOwn());
            }
        }
    }

    void aRefusedTableLeavesTheOneThatIsOpen()
    {
        const Tables tables;
        const auto whole = tables.write("whole.traffic", 40);
        const auto damaged = tables.writeDamaged("damaged.traffic");
        TrafficShelf shelf;
        const QStringList* const refused = collectRefusals(shelf);
        shelf.open(whole);
        QTRY_VERIFY(shelf.traffic());
        shelf.open(damaged);
        QTRY_COMPARE(refused->size(), 1);
        QVERIFY(shelf.file() == whole);
        QCOMPARE(shelf.traffic()->rowCount(), std::size_t(40));
        QVERIFY(shelf.isOwn());
    }

    void whatTheAnswersDoNotShowIsSaid()
    {
        Traffic traffic = *test::smallTraffic(60);
        EvidenceTable evidence;
        evidence.prompts = {PromptId("p")};
        evidence.segments = {traffic.segments.front()};
        evidence.segmentOf = {0};
        const EvidenceCover cover = coverOf(traffic, evidence);
        std::size_t inFirst = 0;
        for (const std::uint16_t segment : traffic.segmentOf)
            inFirst += segment == 0 ? 1 : 0;
        QCOMPARE(cover.own, std::size_t(0));
        QCOMPARE(cover.bySegment, inFirst);
        QCOMPARE(cover.borrowed(), 60 - inFirst);
        QVERIFY(inFirst < 60);
        const CoverWords words = coverWords(cover);
        QVERIFY2(words.title.contains(QStringLiteral("not shown by the data")),
                 qPrintable(words.title));
        QVERIFY2(words.detail.contains(QString::fromStdString(traffic.segments.back())),
                 qPrintable(words.detail));
        // The sample's own answers are answers to its traffic.
        evidence.prompts = traffic.prompts;
        std::ranges::sort(evidence.prompts);
        evidence.segmentOf.assign(evidence.prompts.size(), 0);
        QVERIFY(coverWords(coverOf(traffic, evidence)).title.isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestTrafficShelf)
#include "tst_traffic_shelf.moc"
