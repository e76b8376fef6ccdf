// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: shapes that say something can be seen on every ground, in both themes; what ties lanes
// together does not cut edges.

#include <tests/support/policy_builder.h>
#include <ui/kit/model_look.h>
#include <ui/kit/theme.h>
#include <ui/policy/flow_colors.h>
#include <ui/policy/flow_edges.h>
#include <ui/policy/flow_items.h>

#include <QTest>

#include <algorithm>

using namespace signalbox;
using namespace signalbox::test;
using namespace signalbox::ui;

class TestFlowItems : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
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
