// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: things that share a line stand where they want to, moved no further than their order,
// their distances and the room ask for.

#include <ui/policy/flow_spacing.h>

#include <QTest>

#include <limits>

using namespace signalbox::ui;

class TestFlowSpacing : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
    }

    void whatHasRoomStandsWhereItWantsTo()
    {
        const std::vector<qreal> middles =
            spacedOut({{10, 4, 1}, {30, 10, 1}, {60, 2, 1}}, 2, 0, 100);
        QCOMPARE(middles, (std::vector<qreal>{10, 30, 60}));
    }

    void neighboursThatAreTooNearMeetInTheMiddle()
    {
        QCOMPARE(spacedOut({{50, 10, 1}, {50, 10, 1}}, 4, 0, 100), (std::vector<qreal>{43, 57}));
        // The heavy one stays nearly where it is.
        const std::vector<qreal> middles = spacedOut({{50, 10, 99}, {50, 10, 1}}, 4, 0, 100);
        QVERIFY(qAbs(middles[0] - 50) < 0.2);
        QVERIFY(qAbs(middles[1] - 64) < 0.2);
    }

    void nothingLeavesTheRoom()
    {
        // What wants to be above stands at the top, in order.
        QCOMPARE(spacedOut({{-50, 4, 1}, {-20, 6, 5}, {40, 10, 1}}, 2, 0, 45),
                 (std::vector<qreal>{2, 9, 40}));
        QCOMPARE(
            spacedOut({{90, 10, 1}, {std::numeric_limits<qreal>::infinity(), 10, 1}}, 2, 0, 60),
            (std::vector<qreal>{43, 55}));
        // Where all do not fit they stick out alike at both ends.
        QCOMPARE(spacedOut({{5, 20, 1}, {5, 20, 1}}, 10, 0, 30), (std::vector<qreal>{0, 30}));
    }

    void distancesAreEvenWithinTheRanges()
    {
        const std::vector<SpacedRange> free(4, SpacedRange{-1'000, 1'000});
        const std::vector<qreal> even = evenedOut({0, 10, 20, 90}, free);
        for (std::size_t i = 0; i < even.size(); ++i)
            QVERIFY(qAbs(even[i] - 30.0 * static_cast<qreal>(i)) < 0.01);
        QCOMPARE(evenedOut({0, 10, 90}, {{0, 0}, {5, 25}, {90, 90}}),
                 (std::vector<qreal>{0, 25, 90}));
        // One that is out of its range may come back, and no further out.
        QCOMPARE(evenedOut({0, 40, 50}, {{0, 0}, {0, 10}, {50, 50}}),
                 (std::vector<qreal>{0, 25, 50}));
        QCOMPARE(evenedOut({0, 10, 90}, {{0, 0}, {0, 5}, {90, 90}}),
                 (std::vector<qreal>{0, 10, 90}));
        QCOMPARE(evenedOut({7}, {{0, 0}}), std::vector<qreal>{7});
    }
};

QTEST_APPLESS_MAIN(TestFlowSpacing)
#include "tst_flow_spacing.moc"
