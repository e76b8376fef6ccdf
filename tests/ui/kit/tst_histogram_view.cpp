// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: the histogram counts exactly what is on each side of a line, maps values to pixels and
// back, and reports a drag as moves and one commit, by mouse and by keyboard.
#include "kit_test.h"

#include <ui/kit/histogram_view.h>

#include <QLineEdit>
#include <QSignalSpy>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>

using namespace signalbox::ui;

namespace {

std::vector<double> scores(std::initializer_list<std::pair<int, int>> counts)
{
    std::vector<double> values;
    for (const auto& [value, count] : counts)
        values.insert(values.end(), static_cast<std::size_t>(count), value);
    return values;
}

std::vector<double> skewed()
{
    std::mt19937 random(5);
    std::lognormal_distribution<double> length(5, 1.2);
    std::vector<double> values(4000);
    for (double& v : values)
        v = 1 + length(random);
    return values;
}

std::vector<double> even()
{
    std::vector<double> values(1000);
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = double(i) / 999;
    return values;
}

void prepare(HistogramView& view)
{
    view.resize(500, 200);
    view.setSignal(QStringLiteral("complexity"));
    view.setValues(scores({{1, 10}, {2, 20}, {3, 30}, {6, 25}, {9, 15}}));
    view.setThresholds(
        {{.id = QStringLiteral("a"), .label = QStringLiteral("balanced"), .value = 3},
         {.id = QStringLiteral("b"), .label = QStringLiteral("detailed"), .value = 6}});
}

QPoint onLine(const HistogramView& view, int index)
{
    const Threshold& line = view.thresholds()[static_cast<std::size_t>(index)];
    return QPointF(view.geometryOf().lineX(line.value, line.rightIncludesEqual),
                   view.geometryOf().plotRect().center().y())
        .toPoint();
}

} // namespace

class TestHistogramView : public QObject
{
    Q_OBJECT
private slots:
    void init() { kit_test::failOnWarnings(); }

    void theSideThatHoldsWearsTheAccentWhicheverItIs()
    {
        HistogramView view;
        prepare(view);
        using Side = HistogramView::Side;
        const auto barOf = [&](int value, Side holding) {
            view.setSides(QStringLiteral("left"), QStringLiteral("right"), holding);
            const auto& bins = view.geometryOf().bins();
            const auto bin = std::find_if(bins.begin(), bins.end(), [&](const auto& each) {
                return each.low < value && value < each.high;
            });
            const QRectF bar =
                view.geometryOf().barRect(static_cast<std::size_t>(bin - bins.begin()));
            return view.grab().toImage().pixelColor(bar.center().toPoint());
        };
        const QColor quiet = barOf(1, Side::Right);
        const QColor strong = barOf(9, Side::Right);
        QVERIFY(quiet != strong);
        QCOMPARE(barOf(1, Side::Left), strong);
        QCOMPARE(barOf(9, Side::Left), quiet);
    }

    // Geometry

    void wholeNumbersGetABinEach()
    {
        HistogramGeometry geometry;
        geometry.setValues(scores({{1, 3}, {2, 0}, {4, 5}}));
        QVERIFY(geometry.isDiscrete());
        QCOMPARE(geometry.bins().size(), std::size_t(4));
        QCOMPARE(geometry.bins()[0].count, std::size_t(3));
        QCOMPARE(geometry.bins()[1].count, std::size_t(0));
        QCOMPARE(geometry.bins()[3].count, std::size_t(5));
    }

    void binsHoldEveryValueOnce_data()
    {
        QTest::addColumn<std::vector<double>>("values");
        QTest::newRow("discrete") << scores({{1, 3}, {7, 5}});
        QTest::newRow("even") << even();
        QTest::newRow("skewed") << skewed();
        QTest::newRow("one value") << std::vector<double>{2.5};
        QTest::newRow("all equal") << std::vector<double>(9, 0.25);
        QTest::newRow("negative") << std::vector<double>{-3.5, -1.25, 0, 2.75};
        QTest::newRow("huge range") << std::vector<double>{1e-9, 1, 1e12};
    }

    void binsHoldEveryValueOnce()
    {
        QFETCH(std::vector<double>, values);
        HistogramGeometry geometry;
        geometry.setValues(values);
        std::size_t all = 0;
        double end = geometry.bins().front().low;
        for (const auto& bin : geometry.bins()) {
            all += bin.count;
            QVERIFY(std::abs(bin.low - end) <= std::abs(end) * 1e-9 + 1e-12);
            QVERIFY(bin.high > bin.low);
            end = bin.high;
        }
        QCOMPARE(all, values.size());
        QVERIFY(geometry.bins().size() <= 130);
    }

    void missingValuesAreCountedApart()
    {
        HistogramGeometry geometry;
        geometry.setValues({1, std::numeric_limits<double>::quiet_NaN(), 2,
                            std::numeric_limits<double>::infinity()});
        QCOMPARE(geometry.count(), std::size_t(2));
        QCOMPARE(geometry.missing(), std::size_t(2));
    }

    void countsBothSidesExactly()
    {
        HistogramGeometry geometry;
        geometry.setValues(scores({{1, 10}, {3, 30}, {6, 25}}));
        QCOMPARE(geometry.countBelow(3), std::size_t(10));
        QCOMPARE(geometry.countAtMost(3), std::size_t(40));
        QCOMPARE(geometry.countBelow(100), std::size_t(65));
        QCOMPARE(geometry.countBelow(-100), std::size_t(0));
    }

    void mapsToPixelsAndBack_data()
    {
        QTest::addColumn<std::vector<double>>("values");
        QTest::addColumn<bool>("log");
        QTest::newRow("even") << even() << false;
        QTest::newRow("skewed") << skewed() << true;
        QTest::newRow("discrete") << scores({{1, 3}, {7, 5}}) << false;
    }

    void mapsToPixelsAndBack()
    {
        QFETCH(std::vector<double>, values);
        QFETCH(bool, log);
        HistogramGeometry geometry;
        geometry.setValues(values);
        geometry.setPlotRect(QRectF(20, 10, 300, 100));
        QCOMPARE(geometry.isLog(), log);
        QCOMPARE(geometry.mapValueToX(geometry.minimum()), 20.0);
        QCOMPARE(geometry.mapValueToX(geometry.maximum()), 320.0);
        for (int step = 0; step <= 24; ++step) {
            const double x = 20 + 12.5 * step;
            QVERIFY(std::abs(geometry.mapValueToX(geometry.mapXToValue(x)) - x) < 1e-6);
        }
        QCOMPARE(geometry.mapXToValue(-1000), geometry.minimum());
        QCOMPARE(geometry.mapXToValue(9999), geometry.maximum());
    }

    void snapsToValuesThatPeopleWouldType()
    {
        HistogramGeometry geometry;
        geometry.setPlotRect(QRectF(0, 0, 300, 100));
        geometry.setValues(scores({{1, 3}, {9, 5}}));
        QCOMPARE(geometry.snapped(3.4), 3.0);
        QCOMPARE(geometry.stepped(3, 1), 4.0);
        QCOMPARE(geometry.stepped(9, 5), 10.0); // one beyond the last: nothing is on the right
        geometry.setValues(even());
        QCOMPARE(geometry.snapped(0.123456), 0.123);
        QVERIFY(geometry.stepped(0.5, 1) > 0.5);
        QVERIFY(geometry.stepped(0.5, -1) < 0.5);
    }

    void aLineStandsBetweenTheBarsThatItParts()
    {
        HistogramGeometry geometry;
        geometry.setPlotRect(QRectF(0, 0, 300, 100));
        geometry.setValues(scores({{1, 3}, {2, 4}, {3, 5}}));
        QCOMPARE(geometry.lineX(2, true), 100.0);  // 2 belongs to the right
        QCOMPARE(geometry.lineX(2, false), 200.0); // 2 belongs to the left
        QVERIFY(geometry.barRect(1).left() > 100 && geometry.barRect(1).right() < 200);
    }

    void theRarestRequestIsStillSeen()
    {
        HistogramGeometry geometry;
        geometry.setPlotRect(QRectF(0, 0, 300, 100));
        geometry.setValues(scores({{1, 1}, {2, 100'000}}));
        QVERIFY(geometry.barRect(0).height() >= 1);
        QCOMPARE(geometry.barRect(1).height(), 100.0);
    }

    // Gestures

    void aDragMovesOftenAndCommitsOnce()
    {
        HistogramView view;
        prepare(view);
        view.show();
        QSignalSpy moved(&view, &HistogramView::thresholdMoved);
        QSignalSpy committed(&view, &HistogramView::thresholdCommitted);
        const QPoint from = onLine(view, 1);
        QTest::mousePress(&view, Qt::LeftButton, {}, from);
        QCOMPARE(view.currentThreshold(), 1);
        const double step = view.geometryOf().plotRect().width() / 9;
        for (int i = 1; i <= 3; ++i)
            QTest::mouseMove(&view, from + QPoint(int(step * i), 0));
        QCOMPARE(moved.count(), 3);
        QCOMPARE(committed.count(), 0);
        QTest::mouseRelease(&view, Qt::LeftButton, {}, from + QPoint(int(step * 3), 0));
        QCOMPARE(committed.count(), 1);
        QCOMPARE(committed.first()[0].toString(), QStringLiteral("b"));
        QCOMPARE(committed.first()[1].toDouble(), 9.0);
        QCOMPARE(view.thresholds()[1].value, 9.0);
    }

    void theTallestBarSaysHowHighItIs()
    {
        HistogramView view;
        view.setValues(scores({{1, 3}, {2, 40}, {3, 5}}));
        QVERIFY2(view.tallestText().startsWith(QStringLiteral("40 request")),
                 qPrintable(view.tallestText()));
    }

    void aClickAloneCommitsNothing()
    {
        HistogramView view;
        prepare(view);
        view.show();
        QSignalSpy committed(&view, &HistogramView::thresholdCommitted);
        QTest::mouseClick(&view, Qt::LeftButton, {}, onLine(view, 0) + QPoint(3, 0));
        QCOMPARE(committed.count(), 0);
        QCOMPARE(view.thresholds()[0].value, 3.0);
    }

    void escapeTakesADragBack()
    {
        HistogramView view;
        prepare(view);
        kit_test::showActive(view);
        QSignalSpy cancelled(&view, &HistogramView::thresholdCancelled);
        QSignalSpy committed(&view, &HistogramView::thresholdCommitted);
        const QPoint from = onLine(view, 0);
        QTest::mousePress(&view, Qt::LeftButton, {}, from);
        QTest::mouseMove(&view, from + QPoint(120, 0));
        QVERIFY(view.thresholds()[0].value > 3);
        QTest::keyClick(&view, Qt::Key_Escape);
        QCOMPARE(view.thresholds()[0].value, 3.0);
        QCOMPARE(cancelled.count(), 1);
        QTest::mouseRelease(&view, Qt::LeftButton, {}, from + QPoint(120, 0));
        QCOMPARE(committed.count(), 0);
    }

    void theEchoOfAPreviewDoesNotBreakTheDrag()
    {
        HistogramView view;
        prepare(view);
        view.show();
        // The page previews the edit and hands back what the document now says, one step late.
        connect(&view, &HistogramView::thresholdMoved, &view, [&] {
            auto late = view.thresholds();
            late[0].value = 3;
            view.setThresholds(late);
        });
        const QPoint from = onLine(view, 0);
        QTest::mousePress(&view, Qt::LeftButton, {}, from);
        QTest::mouseMove(&view, from + QPoint(110, 0));
        QTest::mouseMove(&view, from + QPoint(160, 0));
        const double held = view.thresholds()[0].value;
        QVERIFY(held > 3);
        QSignalSpy committed(&view, &HistogramView::thresholdCommitted);
        QTest::mouseRelease(&view, Qt::LeftButton, {}, from + QPoint(160, 0));
        QCOMPARE(committed.first()[1].toDouble(), held);
    }

    void keysMoveTheLine_data()
    {
        QTest::addColumn<int>("key");
        QTest::addColumn<bool>("shift");
        QTest::addColumn<double>("value");
        QTest::newRow("right") << int(Qt::Key_Right) << false << 4.0;
        QTest::newRow("left") << int(Qt::Key_Left) << false << 2.0;
        QTest::newRow("shift right") << int(Qt::Key_Right) << true << 10.0;
        QTest::newRow("home") << int(Qt::Key_Home) << false << 1.0;
        QTest::newRow("end") << int(Qt::Key_End) << false << 10.0;
    }

    void keysMoveTheLine()
    {
        QFETCH(int, key);
        QFETCH(bool, shift);
        QFETCH(double, value);
        HistogramView view;
        prepare(view);
        QSignalSpy committed(&view, &HistogramView::thresholdCommitted);
        QTest::keyClick(&view, static_cast<Qt::Key>(key),
                        shift ? Qt::ShiftModifier : Qt::NoModifier);
        QCOMPARE(view.thresholds()[0].value, value);
        QCOMPARE(committed.count(), 1);
    }

    void tabGoesThroughTheLinesAndOut()
    {
        QWidget window;
        auto* layout = new QVBoxLayout(&window);
        auto* view = new HistogramView;
        auto* after = new QLineEdit;
        layout->addWidget(view);
        layout->addWidget(after);
        prepare(*view);
        kit_test::showActive(window);
        view->setFocus();
        QCOMPARE(view->currentThreshold(), 0);
        QTest::keyClick(view, Qt::Key_Tab);
        QCOMPARE(view->currentThreshold(), 1);
        QVERIFY(view->hasFocus());
        QTest::keyClick(view, Qt::Key_Tab);
        QVERIFY(after->hasFocus());
    }

    void readOnlyMovesNothing()
    {
        HistogramView view;
        prepare(view);
        view.setReadOnly(true);
        view.show();
        QSignalSpy moved(&view, &HistogramView::thresholdMoved);
        QTest::keyClick(&view, Qt::Key_Right);
        const QPoint from = onLine(view, 0);
        QTest::mousePress(&view, Qt::LeftButton, {}, from);
        QTest::mouseMove(&view, from + QPoint(120, 0));
        QTest::mouseRelease(&view, Qt::LeftButton, {}, from + QPoint(120, 0));
        QCOMPARE(moved.count(), 0);
    }

    void saysWhatItShows()
    {
        HistogramView view;
        prepare(view);
        QCOMPARE(view.accessibleName(), QStringLiteral("Histogram of complexity"));
        QCOMPARE(view.accessibleDescription(),
                 QStringLiteral(
                     "Threshold balanced: 3. 30 requests left of it, 70 requests right of it."));
        view.setThresholds({{.id = QStringLiteral("a"),
                             .label = QStringLiteral("x"),
                             .value = 3,
                             .rightIncludesEqual = false}});
        QVERIFY(view.accessibleDescription().contains(QStringLiteral("60 requests left")));
    }

    void drawsWithoutTraffic()
    {
        HistogramView view;
        view.resize(300, 150);
        view.setThresholds({{.id = QStringLiteral("a"), .value = 3}});
        const QImage nothing = view.grab().toImage();
        view.setValues(even());
        QVERIFY(view.grab().toImage() != nothing);
    }
};

int main(int argc, char** argv)
{
    return kit_test::run<TestHistogramView>(argc, argv);
}

#include "tst_histogram_view.moc"
