// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: the page shows the numbers of the shown policy: the worst segment first, losses by pair
// that add up, and it follows a gesture without losing its table.

#include <ui/kit/theme.h>
#include <ui/projection/loss_plot.h>
#include <ui/projection/projection_page.h>
#include <ui/projection/slice_table_model.h>

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QTableView>
#include <QTest>

#include <cmath>

using namespace signalbox;
using namespace signalbox::ui;

namespace {

ProjectionSlice slice(const char* name, double ratio)
{
    ProjectionSlice result;
    result.name = name;
    result.requests = 100;
    result.share = 0.5;
    result.satisfactionRatio = Estimate{ratio, ratio - 0.02, ratio + 0.02, 70};
    return result;
}

} // namespace

class TestProjectionPage : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { setUpLook(*qApp, ThemeChoice::Light); }
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
    }

    void theWorstSegmentIsOnTop()
    {
        SliceTableModel model;
        const QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        Projection projection;
        projection.segments = {slice("Orders", 0.99), slice("Disputes", 0.6)};
        projection.tiers = {slice("palm-2", 0.4)};
        GateResult gate;
        gate.gate.metric = GateMetric::SatisfactionRatio;
        gate.gate.per = GateScope::Segment;
        gate.subject = "Disputes";
        gate.verdict = Verdict::NotMet;
        gate.reason = "far below";
        projection.gates = {gate};
        model.setProjection(projection);
        QCOMPARE(model.rowCount(), 3);
        QVERIFY(model.index(0, SliceTableModel::Name)
                    .data()
                    .toString()
                    .contains(QStringLiteral("Disputes")));
        QVERIFY(model.index(2, SliceTableModel::Name)
                    .data()
                    .toString()
                    .contains(QStringLiteral("palm-2")));
        QCOMPARE(model.index(0, SliceTableModel::Verdict).data().toString(),
                 QStringLiteral("not met"));
        QCOMPARE(model.index(0, SliceTableModel::Verdict).data(Qt::ToolTipRole).toString(),
                 QStringLiteral("far below"));
        QCOMPARE(model.index(1, SliceTableModel::Saving).data().toString(),
                 QStringLiteral("unknown"));
        model.setProjection(std::nullopt);
        QCOMPARE(model.rowCount(), 0);
    }

    void thePageFollowsThePolicy()
    {
        Workbench workbench({});
        workbench.openSample();
        ProjectionPage page(workbench);
        page.resize(1280, 760);
        page.show();
        const auto* table = page.findChild<QTableView*>(QStringLiteral("slices"));
        QTRY_VERIFY_WITH_TIMEOUT(table->model()->rowCount() > 5, 120'000);
        QVERIFY(table->model()->index(0, 0).data().toString().contains(QStringLiteral("Disputes")));

        const auto* losses = page.findChild<LossPlot*>();
        const auto lost = [&] {
            double sum = 0;
            for (const QStringList& row : losses->table().rows)
                sum += QLocale().toDouble(row[1]);
            return sum;
        };
        QVERIFY(std::abs(100 - lost() - workbench.projection()->consistency->value * 100) < 0.1);

        QVERIFY(workbench.editor().push(SetDecideBy{DecisionUnit::Conversation}).has_value());
        QTRY_VERIFY_WITH_TIMEOUT(workbench.projection()->consistency->value > 0.85, 120'000);
        QVERIFY(lost() < 15);
    }
};

QTEST_MAIN(TestProjectionPage)
#include "tst_projection_page.moc"
