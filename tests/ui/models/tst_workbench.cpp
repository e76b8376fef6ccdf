// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: the numbers follow the document: quick ones while a gesture runs, with intervals when it
// rests, against the last saved revision; they come from another thread and the window never waits.

#include <ui/models/workbench.h>

#include <QSignalSpy>
#include <QTest>
#include <QTimer>

#include <algorithm>

using namespace signalbox;
using namespace signalbox::ui;

namespace {

/// The sample, measured and projected with intervals.
void openAndWait(Workbench& workbench)
{
    workbench.openSample();
    QTRY_VERIFY_WITH_TIMEOUT(workbench.projection() && !workbench.projection()->quick, 120'000);
}

Edit thresholdEdit(const PolicyDocument& document, double value)
{
    Rule rule = document.rules[0];
    std::get<Compare>(rule.when.node).value = value;
    return ReplaceRule{rule.id, rule};
}

} // namespace

class TestWorkbench : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
    }

    void theSampleTellsItsStory()
    {
        Workbench workbench({});
        openAndWait(workbench);
        const Projection& numbers = *workbench.projection();
        QVERIFY(numbers.simulated);
        QVERIFY(numbers.costSaving->low < numbers.costSaving->value);
        QVERIFY(!numbers.allGatesMet());
        QTRY_VERIFY_WITH_TIMEOUT(!workbench.frontier().empty(), 120'000);
    }

    void theNumbersFollowAGestureAndComeBack()
    {
        Workbench workbench({});
        openAndWait(workbench);
        const double before = workbench.projection()->costSaving->value;
        QSignalSpy changes(&workbench, &Workbench::projectionChanged);
        workbench.editor().preview(thresholdEdit(workbench.editor().document(), 1));
        QTRY_VERIFY_WITH_TIMEOUT(workbench.projection()->quick &&
                                     workbench.projection()->costSaving->value != before,
                                 60'000);
        workbench.editor().cancelPreview();
        QTRY_VERIFY_WITH_TIMEOUT(!workbench.projection()->quick, 120'000);
        QCOMPARE(workbench.projection()->costSaving->value, before);
    }

    void theLoopGoesOnWhileNumbersAreComputed()
    {
        Workbench workbench({});
        int ticks = 0;
        QTimer timer;
        connect(&timer, &QTimer::timeout, this, [&ticks] { ++ticks; });
        workbench.openSample();
        timer.start(1);
        QTRY_VERIFY_WITH_TIMEOUT(workbench.projection() && !workbench.projection()->quick, 120'000);
        QVERIFY2(ticks > 20,
                 qPrintable(QString::number(ticks))); // a blocked loop ticks once or twice
    }

    void anInvalidPolicyHasNoNumbersButAReason()
    {
        Workbench workbench({});
        openAndWait(workbench);
        Rule rule = workbench.editor().document().rules[0];
        rule.plan = Plan{Call{ModelId("nobody"), {}, {}, {}}};
        QVERIFY(workbench.editor().push(ReplaceRule{rule.id, rule}).has_value());
        QTRY_VERIFY_WITH_TIMEOUT(!workbench.projection(), 60'000);
        QVERIFY(workbench.projectionProblem().contains(QStringLiteral("nobody")));
    }

    void signalValuesCoverTheTraffic()
    {
        Workbench workbench({});
        openAndWait(workbench);
        const auto values = workbench.signalValues(SignalId("complexity"));
        QCOMPARE(values.size(), workbench.traffic()->rowCount());
        QVERIFY(
            std::ranges::all_of(values, [](double value) { return value >= 1 && value <= 10; }));
    }
};

QTEST_GUILESS_MAIN(TestWorkbench)
#include "tst_workbench.moc"
