// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: a ribbon is as high everywhere as its share says and ends on the cards; edges that share
// their pixels are drawn as one line with the ink of all of them, those that do not are left alone;
// and what is painted piece by piece while the flow moves is what is painted at once.

#include <ui/kit/model_look.h>
#include <ui/kit/theme.h>
#include <ui/policy/flow_colors.h>
#include <ui/policy/flow_edges.h>

#include <QImage>
#include <QPainter>
#include <QStyleOptionGraphicsItem>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <vector>

using namespace signalbox::ui;

namespace {

FlowEdge edgeOf(QPointF from, QPointF to, qreal width, FlowEdge::Kind kind = FlowEdge::Kind::Serve)
{
    FlowEdge edge;
    edge.kind = kind;
    edge.from = from;
    edge.to = to;
    edge.width = width;
    return edge;
}

/// Where a curve from left to right passes an x.
qreal heightAt(const QPainterPath& curve, qreal x)
{
    qreal low = 0;
    qreal high = 1;
    for (int i = 0; i < 60; ++i) {
        const qreal middle = (low + high) / 2;
        (curve.pointAtPercent(middle).x() < x ? low : high) = middle;
    }
    return curve.pointAtPercent(low).y();
}

/// From rules one below the other to a model in the middle of them.
std::vector<FlowEdge> manyEdges(int count, FlowEdge::Kind kind)
{
    std::vector<FlowEdge> edges;
    for (int i = 0; i < count; ++i)
        edges.push_back(edgeOf({10, 240.0 * i}, {90, 120.0 * count + 0.2 * i}, 0.3, kind));
    return edges;
}

std::vector<FlowEdgeLook> looksOf(const std::vector<FlowEdge>& edges)
{
    return std::vector<FlowEdgeLook>(edges.size(), FlowEdgeLook{0, false, false, 1});
}

/// A window on the flow, with some of it to be painted.
void paintOn(QImage& image, FlowEdgesItem& edges, qreal top, const QRectF& exposed, qreal zoom = 1)
{
    QPainter painter(&image);
    painter.scale(zoom, zoom);
    painter.translate(0, -top);
    painter.setClipRect(exposed);
    QStyleOptionGraphicsItem option;
    option.exposedRect = exposed;
    edges.paint(&painter, &option, nullptr);
}

/// @param ratio  pixels of the screen to one of the window
QImage emptyWindow(int ratio = 1)
{
    QImage image(100 * ratio, 700 * ratio, QImage::Format_RGB32);
    image.setDevicePixelRatio(ratio);
    image.fill(Theme::current().colors().window);
    return image;
}

/// How much darker than the window all of it is, in windows full of black.
double inkIn(const QImage& image)
{
    const int window = qGray(Theme::current().colors().window.rgb());
    double ink = 0;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x)
            ink += window - qGray(image.pixel(x, y));
    }
    return ink / window / image.width() / image.height();
}

} // namespace

class TestFlowEdges : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { Theme::setChoice(ThemeChoice::Light); }
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
    }

    void aRibbonIsAsHighEverywhereAsItsEdge_data()
    {
        QTest::addColumn<QPointF>("to");
        QTest::newRow("level") << QPointF(90, 100);
        QTest::newRow("steeply up") << QPointF(90, -100);
        QTest::newRow("steeply down") << QPointF(50, 400);
    }
    void aRibbonIsAsHighEverywhereAsItsEdge()
    {
        QFETCH(QPointF, to);
        const FlowEdge edge = edgeOf({10, 100}, to, 37);
        const FlowRibbon ribbon = flowRibbon(edge);
        for (const qreal part : {0.0, 0.2, 0.5, 0.7, 1.0}) {
            const qreal x = edge.from.x() + part * (to.x() - edge.from.x());
            const qreal high =
                heightAt(ribbon.lower.whole(), x) - heightAt(ribbon.upper.whole(), x);
            QVERIFY2(qAbs(high - 37) < 0.01, qPrintable(QString::number(high)));
        }
        // It ends where its cards begin, and not a pixel further.
        const QRectF body = ribbon.body(-1'000, 1'000).boundingRect();
        QCOMPARE(body.left(), edge.from.x());
        QCOMPARE(body.right(), to.x());
        QCOMPARE(body.top(), std::min(edge.from.y(), to.y()) - 18.5);
        QCOMPARE(body.bottom(), std::max(edge.from.y(), to.y()) + 18.5);
    }

    void paintedRibbonsFillWholePixels()
    {
        Theme::setChoice(ThemeChoice::Light);
        QImage image(60, 60, QImage::Format_RGB32);
        const QColor window = Theme::current().colors().window;
        image.fill(window);
        QPainter painter(&image);
        FlowEdgesItem item;
        item.set({edgeOf({10, 30}, {50, 30}, 20.7)}, {{0, false, false, 1}});
        item.paint(&painter, nullptr, nullptr);
        painter.end();
        const RibbonColors colors = ribbonColors(lookFor(0).color, Theme::current());
        int high = 0;
        for (int y = 0; y < 60; ++y)
            high += image.pixelColor(30, y) == window ? 0 : 1;
        QCOMPARE(high, 20); // 19.65 to 40.35
        QCOMPARE(image.pixelColor(30, 20).rgb(), colors.line.rgb());
        QCOMPARE(image.pixelColor(30, 39).rgb(), colors.line.rgb());
        QCOMPARE(image.pixelColor(9, 30), window);
        QCOMPARE(image.pixelColor(50, 30), window);
    }

    void whatSharesItsPixelsIsOneLineWithTheInkOfAll_data()
    {
        QTest::addColumn<FlowEdge::Kind>("kind");
        QTest::addColumn<qreal>("zoom");
        QTest::newRow("solid") << FlowEdge::Kind::Serve << 1.0;
        QTest::newRow("dashed") << FlowEdge::Kind::Fallback << 1.0;
        QTest::newRow("dashed, small") << FlowEdge::Kind::Fallback << 0.6;
    }
    void whatSharesItsPixelsIsOneLineWithTheInkOfAll()
    {
        QFETCH(FlowEdge::Kind, kind);
        QFETCH(qreal, zoom);
        const std::vector<FlowEdge> edges = manyEdges(300, kind);
        const qreal top = 20'000;
        const QRectF seen(0, top, 100 / zoom, 700 / zoom);
        FlowEdgesItem together;
        together.set(edges, looksOf(edges));
        QImage few = emptyWindow();
        paintOn(few, together, top, seen, zoom);
        QVERIFY2(together.linesDrawn() < 300, qPrintable(QString::number(together.linesDrawn())));

        QImage many = emptyWindow();
        for (const FlowEdge& edge : edges) {
            FlowEdgesItem alone;
            alone.set({edge}, looksOf({edge}));
            paintOn(many, alone, top, seen, zoom);
        }
        QVERIFY(inkIn(many) > 0.02);
        QVERIFY2(std::abs(inkIn(few) / inkIn(many) - 1) < 0.15,
                 qPrintable(QStringLiteral("%1 for %2").arg(inkIn(few)).arg(inkIn(many))));
    }

    void whatIsApartIsDrawnByItself()
    {
        std::vector<FlowEdge> edges;
        for (int i = 0; i < 10; ++i)
            edges.push_back(edgeOf({10, 60.0 * i}, {90, 900 + 8.0 * i}, 1.5));
        FlowEdgesItem item;
        item.set(edges, looksOf(edges));
        QImage image = emptyWindow();
        paintOn(image, item, 300, QRectF(0, 300, 100, 700));
        QCOMPARE(item.linesDrawn(), 10);
        // Nor is what is pointed at part of others, wherever it is.
        edges.assign(10, edgeOf({10, 0}, {90, 900}, 1.5));
        std::vector<FlowEdgeLook> looks = looksOf(edges);
        item.set(edges, looks);
        paintOn(image, item, 300, QRectF(0, 300, 100, 700));
        const int asOne = item.linesDrawn();
        looks[3].emphasised = true;
        looks[4].lit = true;
        item.set(edges, looks);
        paintOn(image, item, 300, QRectF(0, 300, 100, 700));
        QCOMPARE(item.linesDrawn(), asOne + 2);
    }

    void paintedInStripsItIsTheSame_data()
    {
        QTest::addColumn<qreal>("zoom");
        QTest::addColumn<int>("ratio");
        for (const qreal zoom : {1.0, 0.7, 1.6})
            QTest::addRow("%.1f", zoom) << zoom << 1;
        QTest::addRow("twice the pixels") << 1.0 << 2;
    }
    void paintedInStripsItIsTheSame()
    {
        QFETCH(qreal, zoom);
        QFETCH(int, ratio);
        std::vector<FlowEdge> edges = manyEdges(100, FlowEdge::Kind::Fallback);
        edges.push_back(edgeOf({10, 400}, {90, 12'100}, 30));
        edges.push_back(edgeOf({10, 11'900}, {90, 12'060}, 2, FlowEdge::Kind::Fallback));
        edges.push_back(edgeOf({10, 11'850}, {90, 12'300}, 12, FlowEdge::Kind::Fallback));
        const qreal top = 11'800;
        const qreal height = 700 / zoom;
        FlowEdgesItem item;
        item.set(edges, looksOf(edges));
        QImage whole = emptyWindow(ratio);
        paintOn(whole, item, top, QRectF(0, top, 100 / zoom, height), zoom);
        QImage strips = emptyWindow(ratio);
        const int cuts[] = {0, 120, 121, 400, 640, 700};
        for (std::size_t i = 0; i + 1 < std::size(cuts); ++i) {
            const int from = cuts[i];
            const int to = cuts[i + 1];
            paintOn(strips, item, top, QRectF(0, top + from / zoom, 100 / zoom, (to - from) / zoom),
                    zoom);
        }
        int wrong = 0;
        for (int y = 0; y < whole.height(); ++y) {
            for (int x = 0; x < whole.width(); ++x)
                wrong += qAbs(qGray(whole.pixel(x, y)) - qGray(strips.pixel(x, y))) > 24 ? 1 : 0;
        }
        // Of 70,000 and more: dashes begin at whole pixels, here a pixel earlier and there one
        // later.
        QVERIFY2(wrong <= 140 * ratio, qPrintable(QString::number(wrong)));
    }
};

QTEST_MAIN(TestFlowEdges)
#include "tst_flow_edges.moc"
