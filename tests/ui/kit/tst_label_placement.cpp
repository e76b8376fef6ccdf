// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: labels of a chart cover neither marks nor each other, keep off intervals and limits,
// coincident marks share one label, and a curve is named beside itself.

#include <ui/kit/charts/label_placement.h>

#include <QTest>

using namespace signalbox::ui;

namespace {

const QRectF kRoom(0, 0, 400, 300);
const QSizeF kSize(60, 14);

QString text(const char* utf8)
{
    return QString::fromUtf8(utf8);
}

} // namespace

class TestLabelPlacement : public QObject
{
    Q_OBJECT
private slots:
    void aLabelStandsRightOfItsMark()
    {
        const auto boxes = placeLabels({{placesAround({100, 100}, 5, kSize)}},
                                       {QRectF(95, 95, 10, 10)}, {}, kRoom);
        QVERIFY(boxes[0].has_value());
        QVERIFY(boxes[0]->left() > 105);
        QCOMPARE(boxes[0]->center().y(), 100.0);
    }

    void keepsOffTheIntervals_data()
    {
        QTest::addColumn<double>("low");
        QTest::addColumn<double>("high");
        QTest::newRow("short") << 90.0 << 112.0;
        QTest::newRow("to the right") << 90.0 << 200.0;
        QTest::newRow("over all") << 0.0 << 400.0;
    }

    void keepsOffTheIntervals()
    {
        QFETCH(double, low);
        QFETCH(double, high);
        const QLineF across(low, 100, high, 100);
        const QLineF upright(100, 80, 100, 125);
        const QLineF gate(130, 0, 130, 300);
        const auto boxes = placeLabels(
            {{placesAround({100, 100}, 9, kSize)}}, {QRectF(91, 91, 18, 18)},
            {{across, kAvoidInterval}, {upright, kAvoidInterval}, {gate, kAvoidGate}}, kRoom);
        QVERIFY(boxes[0].has_value());
        for (const QLineF& line : {across, upright, gate})
            QVERIFY(!crosses(line, *boxes[0]));
    }

    void labelsNeverCoverEachOther()
    {
        std::vector<LabelWish> wishes;
        std::vector<QRectF> marks;
        for (int i = 0; i < 6; ++i) {
            const QPointF at(200 + 4 * i, 150);
            wishes.push_back({placesAround(at, 4, kSize)});
            marks.emplace_back(at.x() - 4, at.y() - 4, 8, 8);
        }
        const auto boxes = placeLabels(wishes, marks, {}, kRoom);
        for (std::size_t i = 0; i < boxes.size(); ++i) {
            QVERIFY(boxes[i].has_value());
            QVERIFY(kRoom.contains(*boxes[i]));
            for (std::size_t k = 0; k < i; ++k)
                QVERIFY(!boxes[i]->intersects(*boxes[k]));
            for (const QRectF& mark : marks)
                QVERIFY(!boxes[i]->intersects(mark));
        }
    }

    void crossesACurveOnlyWhenTheWayAroundIsFar()
    {
        // A curve above and below leaves the places beside the mark.
        const std::vector<AvoidedLine> curve = {{QLineF(0, 88, 400, 88), kAvoidCurve},
                                                {QLineF(0, 112, 400, 112), kAvoidCurve}};
        const auto free = placeLabels({{placesAround({100, 100}, 4, kSize)}}, {}, curve, kRoom);
        QVERIFY(!crosses(curve[0].line, *free[0]) && !crosses(curve[1].line, *free[0]));
        // With nothing but crossing places it stands all the same.
        const auto forced = placeLabels({{{QRectF(100, 80, 60, 14)}}}, {}, curve, kRoom);
        QVERIFY(forced[0].has_value());
    }

    void aLabelKeepsAwayFromAnotherMark()
    {
        const QRectF around(104, 90, 30, 20); // of a neighbour on the right
        const auto boxes =
            placeLabels({{placesAround({100, 100}, 4, kSize), {around}}}, {}, {}, kRoom);
        QVERIFY(boxes[0].has_value() && !boxes[0]->intersects(around));
    }

    void withoutRoomThereIsNoLabel()
    {
        const auto boxes =
            placeLabels({{placesAround({10, 10}, 4, kSize)}}, {}, {}, QRectF(0, 0, 40, 40));
        QVERIFY(!boxes[0].has_value());
    }

    void linesAndBoxes_data()
    {
        QTest::addColumn<QLineF>("line");
        QTest::addColumn<bool>("crossing");
        QTest::newRow("through") << QLineF(0, 15, 40, 15) << true;
        QTest::newRow("slanting through a corner") << QLineF(5, 12, 12, 5) << false;
        QTest::newRow("ends inside") << QLineF(0, 0, 15, 15) << true;
        QTest::newRow("stops before") << QLineF(0, 15, 9, 15) << false;
        QTest::newRow("beside") << QLineF(25, 0, 25, 40) << false;
        QTest::newRow("within") << QLineF(12, 12, 14, 13) << true;
    }

    void linesAndBoxes()
    {
        QFETCH(QLineF, line);
        QFETCH(bool, crossing);
        QCOMPARE(crosses(line, QRectF(10, 10, 10, 10)), crossing);
    }

    void coincidentMarksShareALabel()
    {
        const auto joined = joinedLabels({{10, 10}, {80, 10}, {14, 12}, {200, 200}},
                                         {text("r2"), text("r1"), text("r3"), text("r4")}, 10);
        QCOMPARE(joined.size(), std::size_t(3));
        QCOMPARE(joined[0].text, text("r2, r3"));
        QCOMPARE(joined[0].members, (std::vector<std::size_t>{0, 2}));
        QCOMPARE(joined[1].text, text("r1"));
        QCOMPARE(joined[2].text, text("r4"));
    }

    void threeInARowAreARange_data()
    {
        QTest::addColumn<QStringList>("labels");
        QTest::addColumn<QString>("joined");
        const auto row = [](const char* name, const char* labels, const char* joined) {
            QTest::newRow(name) << text(labels).split(QLatin1Char('|')) << text(joined);
        };
        row("one", "r5", "r5");
        row("two", "r5|r6", "r5, r6");
        row("three", "r5|r6|r7", "r5\u2013r7");
        row("with a gap", "r1|r5|r6|r7", "r1, r5\u2013r7");
        row("edited", "r5|r6|r7|r7 edited", "r5\u2013r7, r7 edited");
        row("other words", "a|b|c", "a, b, c");
    }

    void threeInARowAreARange()
    {
        QFETCH(QStringList, labels);
        QFETCH(QString, joined);
        const std::vector<QPointF> anchors(static_cast<std::size_t>(labels.size()), {10, 10});
        const auto all = joinedLabels(anchors, {labels.begin(), labels.end()}, 10);
        QCOMPARE(all.size(), std::size_t(1));
        QCOMPARE(all[0].text, joined);
    }

    void aCurveIsNamedBesideItself_data()
    {
        QTest::addColumn<QList<QPointF>>("curve");
        QTest::newRow("flat") << QList<QPointF>{{10, 50}, {300, 50}};
        QTest::newRow("bowl") << QList<QPointF>{{10, 20}, {90, 120}, {200, 150}, {300, 10}};
        QTest::newRow("shorter than its name") << QList<QPointF>{{10, 20}, {30, 25}};
        QTest::newRow("upright") << QList<QPointF>{{10, 20}, {10, 90}, {80, 100}};
    }

    void aCurveIsNamedBesideItself()
    {
        QFETCH(QList<QPointF>, curve);
        const auto places = placesAlong({curve.begin(), curve.end()}, kSize);
        QVERIFY(!places.empty());
        for (const QRectF& box : places) {
            for (qsizetype i = 1; i < curve.size(); ++i)
                QVERIFY(!crosses(QLineF(curve[i - 1], curve[i]), box));
        }
        QVERIFY(placesAlong({{1, 1}}, kSize).empty());
    }
};

QTEST_GUILESS_MAIN(TestLabelPlacement)
#include "tst_label_placement.moc"
