// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: charts look like the rest, map values exactly, zoom about the pointer and back, and show
// a million points without a million items.
#include "kit_test.h"

#include <ui/kit/charts/chart_kit.h>
#include <ui/kit/model_look.h>

#include <QChart>
#include <QChartView>
#include <QFile>
#include <QLineSeries>
#include <QLogValueAxis>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QValueAxis>
#include <QWheelEvent>

#include <cmath>
#include <random>

using namespace signalbox::ui;

namespace {

QString text(const char* utf8)
{
    return QString::fromUtf8(utf8);
}

std::unique_ptr<ChartView> makeView()
{
    auto* chart = new QChart;
    chart->addAxis(makeLogAxis(text("USD"), 1, 100), Qt::AlignBottom);
    chart->addAxis(makeValueAxis(text("Consistency"), 0, 100), Qt::AlignLeft);
    auto view = std::make_unique<ChartView>(chart, text("Cost against consistency"));
    view->resize(500, 400);
    view->show();
    view->view().setFocus(); // so that the wheel alone zooms
    if (!QTest::qWaitForWindowActive(view.get()))
        qFatal("no window");
    return view;
}

void wheel(ChartView& view, const QPointF& scene, int delta,
           Qt::KeyboardModifiers keys = Qt::NoModifier)
{
    QWidget* port = view.view().viewport();
    const QPointF at = view.view().mapFromScene(scene);
    QWheelEvent event(at, port->mapToGlobal(at), {}, QPoint(0, delta), Qt::NoButton, keys,
                      Qt::NoScrollPhase, false);
    QCoreApplication::sendEvent(port, &event);
}

bool hasInk(const QImage& image, const QColor& color)
{
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x)
            if (QColor(image.pixel(x, y)) == color)
                return true;
    return false;
}

} // namespace

class TestChartKit : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        kit_test::failOnWarnings();
        Theme::setChoice(ThemeChoice::Light);
    }

    void mapsValuesAndBack_data()
    {
        QTest::addColumn<QPointF>("value");
        QTest::addColumn<QPointF>("scene");
        QTest::newRow("low corner") << QPointF(1, 0) << QPointF(10, 220);
        QTest::newRow("high corner") << QPointF(100, 50) << QPointF(410, 20);
        QTest::newRow("middle") << QPointF(10, 25) << QPointF(210, 120);
    }

    void mapsValuesAndBack()
    {
        QFETCH(QPointF, value);
        QFETCH(QPointF, scene);
        const PlotMapping mapping{.plot = QRectF(10, 20, 400, 200),
                                  .lowX = 1,
                                  .highX = 100,
                                  .lowY = 0,
                                  .highY = 50,
                                  .logX = true};
        const QPointF there = mapping.toScene(value);
        QVERIFY(std::hypot(there.x() - scene.x(), there.y() - scene.y()) < 1e-9);
        const QPointF back = mapping.toValue(scene);
        QVERIFY(std::hypot(back.x() - value.x(), back.y() - value.y()) < 1e-9);
        QVERIFY(mapping.toScene({0, 0}).x() < -1e6);
    }

    void mappingAgreesWithTheChart()
    {
        const auto view = makeView();
        auto* series = new QLineSeries;
        view->chart().addSeries(series);
        for (QAbstractAxis* axis : view->chart().axes())
            series->attachAxis(axis);
        const QPointF theirs = view->chart().mapToPosition(QPointF(10, 25), series);
        const QPointF ours = view->mapping().toScene({10, 25});
        QVERIFY2(std::hypot(theirs.x() - ours.x(), theirs.y() - ours.y()) < 0.5,
                 qPrintable(text("%1 %2").arg(theirs.x()).arg(ours.x())));
    }

    void axesAreRound()
    {
        const std::unique_ptr<QValueAxis> axis(makeValueAxis(text("ms"), 130, 4812));
        QCOMPARE(axis->min(), 0.0);
        QCOMPARE(axis->max(), 5000.0);
        const std::unique_ptr<QValueAxis> point(makeValueAxis(text("ms"), 3, 3));
        QVERIFY(point->max() > point->min());
        const std::unique_ptr<QLogValueAxis> log(makeLogAxis(text("USD"), 0.001, 10));
        QVERIFY(log->min() < 0.001 && log->min() > 0.00099);
    }

    void wheelZoomsAboutThePointer()
    {
        const auto view = makeView();
        QSignalSpy zoomed(view.get(), &ChartView::zoomChanged);
        const QPointF under = view->mapping().toScene({10, 80});
        const PlotMapping before = view->mapping();
        wheel(*view, under, 120);
        QCOMPARE(zoomed.count(), 1);
        const QPointF still = view->mapping().toValue(under);
        QVERIFY2(std::abs(still.x() - 10) < 0.2 && std::abs(still.y() - 80) < 1,
                 qPrintable(text("%1 %2").arg(still.x()).arg(still.y())));
        QVERIFY(view->mapping().highY - view->mapping().lowY < 0.9 * (before.highY - before.lowY));
    }

    /// In a page that scrolls the wheel belongs to the page, until the chart has the focus.
    void withoutFocusTheWheelNeedsCtrl()
    {
        const auto view = makeView();
        view->view().clearFocus();
        QSignalSpy zoomed(view.get(), &ChartView::zoomChanged);
        const QPointF middle = view->mapping().plot.center();
        wheel(*view, middle, 120);
        QCOMPARE(zoomed.count(), 0);
        wheel(*view, middle, 120, Qt::ControlModifier);
        QCOMPARE(zoomed.count(), 1);
    }

    void aKeyStandsOverThePlot()
    {
        const auto view = makeView();
        const double before = view->mapping().plot.top();
        view->setKey({{.mark = {.shape = PlotShape::Star}, .text = text("oracle")},
                      {.mark = {.shape = PlotShape::Bullseye, .xInterval = std::pair{0.0, 1.0}},
                       .text = text("this policy")}});
        QTRY_VERIFY(view->mapping().plot.top() >= before + 16);
        const double oneLine = view->mapping().plot.top();
        std::vector<KeyEntry> many(12, KeyEntry{.text = text("some words of a key")});
        view->setKey(many);
        QTRY_VERIFY(view->mapping().plot.top() > oneLine + 16);
        Theme::setChoice(ThemeChoice::Dark); // does not take the room away
        QTRY_VERIFY(view->mapping().plot.top() > oneLine + 16);
        view->setKey({});
        QTRY_COMPARE(view->mapping().plot.top(), before);
    }

    void doubleClickAndEscapeGoBack_data()
    {
        QTest::addColumn<bool>("key");
        QTest::newRow("double click") << false;
        QTest::newRow("escape") << true;
    }

    void doubleClickAndEscapeGoBack()
    {
        QFETCH(bool, key);
        const auto view = makeView();
        const PlotMapping before = view->mapping();
        const QPointF middle = before.plot.center();
        wheel(*view, middle, 240);
        wheel(*view, middle + QPointF(30, 10), 240);
        QVERIFY(view->mapping().highY != before.highY);
        if (key)
            QTest::keyClick(&view->view(), Qt::Key_Escape);
        else
            QTest::mouseDClick(view->view().viewport(), Qt::LeftButton, {},
                               view->view().mapFromScene(middle));
        QCOMPARE(view->mapping().highY, before.highY);
        QCOMPARE(view->mapping().lowX, before.lowX);
    }

    void dragPansAndAClickIsAClick()
    {
        const auto view = makeView();
        QSignalSpy clicked(view.get(), &ChartView::clicked);
        const PlotMapping before = view->mapping();
        const QPoint from = view->view().mapFromScene(before.plot.center());
        QWidget* port = view->view().viewport();
        QTest::mouseClick(port, Qt::LeftButton, {}, from);
        QCOMPARE(clicked.count(), 1);
        QTest::mousePress(port, Qt::LeftButton, {}, from);
        QTest::mouseMove(port, from + QPoint(0, 30));
        QTest::mouseMove(port, from + QPoint(0, 60));
        QTest::mouseRelease(port, Qt::LeftButton, {}, from + QPoint(0, 60));
        QCOMPARE(clicked.count(), 1);
        const double shift = view->mapping().lowY - before.lowY;
        const double expected = 60.0 / before.plot.height() * 100;
        QVERIFY2(std::abs(shift - expected) < 1.5, qPrintable(QString::number(shift)));
        QVERIFY(std::abs((view->mapping().highY - view->mapping().lowY) - 100) < 1e-6);
    }

    void keysZoomAndPan()
    {
        const auto view = makeView();
        const PlotMapping before = view->mapping();
        QTest::keyClick(&view->view(), Qt::Key_Plus);
        QVERIFY(view->mapping().highY - view->mapping().lowY < 90);
        QTest::keyClick(&view->view(), Qt::Key_Minus);
        QVERIFY(std::abs(view->mapping().highY - before.highY) < 1e-6);
        QTest::keyClick(&view->view(), Qt::Key_Up);
        QVERIFY(std::abs(view->mapping().lowY - 10) < 1e-6);
    }

    void zoomHasAnEnd()
    {
        const auto view = makeView();
        for (int i = 0; i < 400; ++i)
            wheel(*view, view->mapping().plot.center(), 1200);
        const PlotMapping deep = view->mapping();
        QVERIFY(std::isfinite(deep.lowX) && deep.highX > deep.lowX && deep.highY > deep.lowY);
    }

    void followsTheTheme()
    {
        const auto view = makeView();
        Theme::setChoice(ThemeChoice::Dark);
        QCOMPARE(view->chart().backgroundBrush().color(), Theme::dark().colors().surface);
        for (QAbstractAxis* axis : view->chart().axes())
            QCOMPARE(axis->labelsBrush().color(), Theme::dark().colors().chartInk);
    }

    void marksAreFoundWhereTheyAreDrawn()
    {
        const auto view = makeView();
        auto* marks = new MarkItem(view.get());
        marks->setMarks({{.value = {10, 50}, .model = 0, .label = text("a")},
                         {.value = {20, 50}, .model = 1},
                         {.value = {50, 90}, .model = 2, .yInterval = std::pair{80.0, 95.0}}});
        const QPointF first = view->mapping().toScene({10, 50});
        QCOMPARE(marks->nearest(first + QPointF(5, 5)), 0);
        QCOMPARE(marks->nearest(view->mapping().toScene({50, 90})), 2);
        QCOMPARE(marks->nearest(first + QPointF(0, 100)), -1);
        const QImage image = view->grab().toImage();
        for (int model = 0; model < 3; ++model)
            QVERIFY(hasInk(image, lookFor(model).color));
        const QPoint pixel = view->view().mapFromScene(first);
        QCOMPARE(QColor(image.pixel(pixel)), lookFor(0).color);
        marks->setEmphasis(99);
        marks->setEmphasis(1);
        QVERIFY(view->grab().toImage() != image);
    }

    void aQuietMarkIsDrawnUnderThePointerOnly()
    {
        const auto view = makeView();
        const QImage empty = view->grab().toImage();
        auto* marks = new MarkItem(view.get());
        marks->setMarks({{.value = {10, 50}, .shape = PlotShape::Dot, .quiet = true}});
        QVERIFY(view->grab().toImage() == empty);
        QVERIFY(marks->markBoxes().empty());
        QCOMPARE(marks->nearest(view->mapping().toScene({10, 50})), 0);
        marks->setEmphasis(0);
        QVERIFY(view->grab().toImage() != empty);
    }

    void marksThatCoincideAreOne()
    {
        const auto view = makeView();
        auto* marks = new MarkItem(view.get());
        const auto revision = [](double y, const char* name, qreal size) {
            return PlotMark{.value = {10, y},
                            .shape = PlotShape::Bullseye,
                            .size = size,
                            .label = text(name),
                            .labelLead = size > 20 ? text("Desk, ") : QString(),
                            .strong = size > 20,
                            .joins = true};
        };
        marks->setMarks({revision(90, "r4", 13), revision(50, "r5", 13), revision(50.5, "r6", 13),
                         revision(50, "r7", 21)});
        QCOMPARE(marks->markBoxes().size(), std::size_t(2)); // no crescents under the newest
        QCOMPARE(marks->mergedInto(3), (std::vector<std::size_t>{1, 2}));
        QCOMPARE(marks->nearest(view->mapping().toScene({10, 50.5})), 3);
        QStringList labels;
        for (const auto& label : marks->placedLabels())
            labels << label.text;
        QCOMPARE(labels, (QStringList{text("r4"), text("Desk, r5\u2013r7")}));
    }

    /// Each is near the next one, the first is not near the last: none may get lost between them.
    void aRowOfSmallStepsKeepsItsFirst()
    {
        const auto view = makeView();
        auto* marks = new MarkItem(view.get());
        const double step = 6 / std::abs(view->mapping().toScene({10, 50}).y() -
                                         view->mapping().toScene({10, 51}).y());
        std::vector<PlotMark> row;
        for (int i = 0; i < 3; ++i)
            row.push_back({.value = {10, 50 + i * step},
                           .shape = PlotShape::Bullseye,
                           .size = 13,
                           .label = text("r") + QString::number(5 + i),
                           .joins = true});
        marks->setMarks(row);
        QCOMPARE(marks->mergedInto(2), (std::vector<std::size_t>{1}));
        QCOMPARE(marks->nearest(marks->placeOf(0), 2), 0);
        QString all;
        for (const auto& label : marks->placedLabels())
            all += label.text;
        QVERIFY(all.contains(text("r5")) && all.contains(text("r7")));
    }

    /// No mark is moved off its value: the trail and the gates say where it is.
    void aPolicyThatIsOneModelIsARingRoundIt()
    {
        const auto view = makeView();
        auto* marks = new MarkItem(view.get());
        marks->setMarks({{.value = {10, 50}, .model = 0, .size = 12, .label = text("gpt-4")},
                         {.value = {10, 50},
                          .shape = PlotShape::Bullseye,
                          .size = 13,
                          .label = text("r1"),
                          .joins = true,
                          .encloses = true},
                         {.value = {30, 50}, .size = 13, .joins = true, .encloses = true}});
        QCOMPARE(marks->placeOf(1), view->mapping().toScene({10, 50}));
        QCOMPARE(marks->modelWithin(1), std::optional<std::size_t>(0));
        QVERIFY(marks->radiusOf(1) > 12 / 2.0 + 2); // seen round the model's mark
        QVERIFY(!marks->modelWithin(2));
        QCOMPARE(marks->radiusOf(2), 13 / 2.0);
        // Both are told at the one place, and both have their words beside it.
        QCOMPARE(marks->nearest(marks->placeOf(1)), 0);
        QCOMPARE(marks->mergedInto(0), (std::vector<std::size_t>{1}));
        const auto labels = marks->placedLabels();
        QCOMPARE(labels.size(), std::size_t(2));
        QVERIFY(!labels[0].box.intersects(labels[1].box));
    }

    void aTrailEndsAtTheRims()
    {
        const auto view = makeView();
        auto* marks = new MarkItem(view.get());
        auto* trail = new TrailItem(view.get(), marks);
        marks->setMarks({{.value = {2, 90}, .size = 12},
                         {.value = {10, 50}, .size = 12},
                         {.value = {10, 50.1}, .size = 12},
                         {.value = {40, 50}, .size = 22}});
        trail->setMarks({0, 1, 2, 3});
        const auto steps = trail->steps();
        QCOMPARE(steps.size(), std::size_t(2)); // none between marks that touch
        const PlotMapping mapping = view->mapping();
        QVERIFY(QLineF(steps[0].p1(), mapping.toScene({2, 90})).length() > 6);
        QVERIFY(QLineF(steps[0].p2(), mapping.toScene({10, 50})).length() > 6);
        QVERIFY(QLineF(steps[1].p2(), mapping.toScene({40, 50})).length() > 11);
    }

    /// Its colour is no model's, so that nobody takes one for the other once they are hollow.
    void thePolicyLooksLikeNoModel()
    {
        for (const ThemeChoice choice : {ThemeChoice::Light, ThemeChoice::Dark}) {
            Theme::setChoice(choice);
            const QColor ink = inkOf({.shape = PlotShape::Bullseye});
            for (int model = 0; model < kSeriesColorCount; ++model) {
                const QColor other = lookFor(model).color;
                QVERIFY(std::hypot(ink.red() - other.red(), ink.green() - other.green(),
                                   ink.blue() - other.blue()) > 50);
            }
        }
    }

    void limitsLieOverTheGrid()
    {
        const auto view = makeView();
        auto* shade = new ShadeItem(view.get());
        shade->setForbiddenBelowY(60, {}); // on a line of the grid
        shade->setForbiddenAboveX(10, {});
        const QImage image = view->grab().toImage();
        for (const QLineF& limit : shade->limits()) {
            for (const double share : {0.123, 0.377, 0.5, 0.871}) {
                const QPoint at = view->view().mapFromScene(limit.pointAt(share));
                int red = 0;
                for (int by = -1; by <= 1; ++by) {
                    const QPoint aside = limit.dx() > limit.dy() ? QPoint(0, by) : QPoint(by, 0);
                    red +=
                        QColor(image.pixel(at + aside)) == Theme::current().colors().negative.ink;
                }
                QCOMPARE(red, 1);
            }
        }
    }

    void forbiddenRegionsAreShaded()
    {
        const auto view = makeView();
        const QPoint below = view->view().mapFromScene(view->mapping().toScene({5, 40}));
        const QPoint above = view->view().mapFromScene(view->mapping().toScene({5, 96}));
        const QImage before = view->grab().toImage();
        auto* shade = new ShadeItem(view.get());
        shade->setForbiddenBelowY(90, text("at least 90"));
        const QImage after = view->grab().toImage();
        const auto differs = [&](QPoint at) {
            int count = 0;
            for (int dx = 0; dx < 8; ++dx)
                count += before.pixel(at + QPoint(dx, 0)) != after.pixel(at + QPoint(dx, 0));
            return count;
        };
        QVERIFY(differs(below) > 4);
        QCOMPARE(differs(above), 0);
    }

    void calloutStaysInsideThePlot_data()
    {
        QTest::addColumn<QPointF>("value");
        QTest::newRow("left bottom") << QPointF(1, 0);
        QTest::newRow("right top") << QPointF(100, 100);
        QTest::newRow("middle") << QPointF(10, 50);
    }

    void calloutStaysInsideThePlot()
    {
        QFETCH(QPointF, value);
        const auto view = makeView();
        auto* callout = new CalloutItem(&view->chart());
        QVERIFY(!callout->isVisible());
        const QPointF anchor = view->mapping().toScene(value);
        callout->showAt(anchor, {text("this policy"), text("$7.90 per 1,000"), text("n = 5,000")});
        QVERIFY(callout->isVisible());
        QVERIFY(view->mapping().plot.adjusted(-3, -3, 3, 4).contains(callout->boundingRect()));
    }

    void thinningKeepsTheExtremes()
    {
        std::vector<QPointF> line;
        for (int i = 0; i < 100'000; ++i)
            line.emplace_back(i, std::sin(i * 0.01));
        line[54'321].setY(99);
        line[76'543].setY(-99);
        const auto thin = thinned(line, 300);
        QVERIFY(thin.size() <= 1200);
        QCOMPARE(thin.front(), line.front());
        QCOMPARE(thin.back(), line.back());
        QVERIFY(std::count(thin.begin(), thin.end(), line[54'321]) == 1);
        QVERIFY(std::count(thin.begin(), thin.end(), line[76'543]) == 1);
        QVERIFY(std::is_sorted(thin.begin(), thin.end(),
                               [](QPointF a, QPointF b) { return a.x() < b.x(); }));
        QCOMPARE(thinned({{0, 1}, {1, 2}}, 300).size(), std::size_t(2));
    }

    void leavesAsSvgAndCsv()
    {
        const QTemporaryDir folder;
        const auto view = makeView();
        view->setTable({{text("Name"), text("Cost")}, {{text("gpt-4"), text("33")}}});
        QCOMPARE(view->writeTo(folder.filePath(text("a.svg"))), std::nullopt);
        QCOMPARE(view->writeTo(folder.filePath(text("a.csv"))), std::nullopt);
        QFile svg(folder.filePath(text("a.svg")));
        QVERIFY(svg.open(QIODevice::ReadOnly));
        QVERIFY(svg.readAll().contains("Consistency"));
        QFile csv(folder.filePath(text("a.csv")));
        QVERIFY(csv.open(QIODevice::ReadOnly));
        QCOMPARE(csv.readAll(), QByteArray("Name,Cost\r\ngpt-4,33\r\n"));
        QVERIFY(view->view().accessibleDescription().contains(text("gpt-4, 33")));
    }
};

int main(int argc, char** argv)
{
    return kit_test::run<TestChartKit>(argc, argv);
}

#include "tst_chart_kit.moc"
