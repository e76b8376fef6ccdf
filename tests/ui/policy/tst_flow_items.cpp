// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: a ribbon is as high everywhere as its share says and ends on the cards; shapes that say
// something can be seen on every ground, in both themes; what ties lanes together does not cut
// edges.

#include <tests/support/policy_builder.h>
#include <ui/kit/model_look.h>
#include <ui/kit/theme.h>
#include <ui/policy/flow_colors.h>
#include <ui/policy/flow_items.h>

#include <QPainter>
#include <QTest>

#include <algorithm>

using namespace signalbox;
using namespace signalbox::test;
using namespace signalbox::ui;

namespace {

FlowEdge edgeOf(QPointF from, QPointF to, qreal width)
{
    FlowEdge edge;
    edge.kind = FlowEdge::Kind::Serve;
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

} // namespace

class TestFlowItems : public QObject
{
    Q_OBJECT
private slots:
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
        FlowEdgeItem item;
        item.set(edgeOf({10, 30}, {50, 30}, 20.7), 0, false, false, false);
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

    void noEdgeCrossesTheLineOfAHeading()
    {
        PolicyDocument document =
            PolicyBuilder({"cheap", "dear"})
                .measure("length", TextMeasure::Chars)
                .rule("short", when("length", CompareOp::Lt, 50), call("cheap"))
                .rule("long", when("length", CompareOp::Lt, 500), call("dear"));
        document.groups = {{"g", "Group", {}}};
        document.rules[0].group = document.rules[1].group = "g";
        const FlowLayout flow = layoutFlow(document, {}, FlowMetrics::standard());
        QCOMPARE(flow.headings.size(), std::size_t{1});
        const FlowHeading& heading = flow.headings[0];
        const QRectF line = flowHeadingLine(heading, flow.lanes[1].rect.bottom());
        QVERIFY(line.top() < flow.lanes[0].rect.top());
        QVERIFY(line.bottom() > flow.lanes[1].rect.top());
        QVERIFY(line.right() <= flow.lanes[0].grip.left());
        for (const FlowEdge& edge : flow.edges)
            QVERIFY(!flowRibbon(edge).body(-1e5, 1e5).boundingRect().intersects(line));
    }

    void whatSaysSomethingCanBeSeen_data()
    {
        QTest::addColumn<bool>("dark");
        QTest::newRow("light") << false;
        QTest::newRow("dark") << true;
    }
    void whatSaysSomethingCanBeSeen()
    {
        QFETCH(bool, dark);
        const Theme& theme = dark ? Theme::dark() : Theme::light();
        const ThemeColors& colors = theme.colors();
        std::vector<QColor> lines{flowMark(theme), ribbonColors(colors.textMuted, theme).line,
                                  colors.textMuted, colors.caution.ink};
        for (int model = -1; model < kSeriesColorCount; ++model)
            lines.push_back(ribbonColors(lookFor(model, theme).color, theme).line);
        for (const QColor& line : lines) {
            for (const QColor& ground : {colors.window, colors.surface}) {
                const double ratio = contrastRatio(line, ground);
                QVERIFY2(ratio >= 3, qPrintable(QStringLiteral("%1 on %2 has %3:1")
                                                    .arg(line.name(), ground.name())
                                                    .arg(ratio, 0, 'f', 2)));
            }
        }
    }
};

QTEST_MAIN(TestFlowItems)
#include "tst_flow_items.moc"
