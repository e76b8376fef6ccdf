// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: the page shows the numbers of the shown policy: the worst segment first, losses by pair
// that add up, and it follows a gesture without losing its table.

#include <ui/kit/charts/chart_kit.h>
#include <ui/kit/charts/label_placement.h>
#include <ui/kit/theme.h>
#include <ui/projection/chart_save_button.h>
#include <ui/projection/cost_chart_view.h>
#include <ui/projection/loss_plot.h>
#include <ui/projection/projection_page.h>
#include <ui/projection/shares_plot.h>
#include <ui/projection/slice_table_model.h>

#include <QAbstractAxis>
#include <QAbstractItemModelTester>
#include <QApplication>
#include <QChart>
#include <QChartView>
#include <QFile>
#include <QMenu>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QTableView>
#include <QTemporaryDir>
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
        QCOMPARE(model.rowCount(), 5); // two groups, each under its heading
        const auto at = [&](int row, int column, int role = Qt::DisplayRole) {
            return model.index(row, column).data(role);
        };
        QVERIFY(at(0, SliceTableModel::Name, SliceTableModel::HeadingRole).toBool());
        QCOMPARE(at(0, SliceTableModel::Name).toString(), QStringLiteral("Segments"));
        QCOMPARE(at(1, SliceTableModel::Name).toString(), QStringLiteral("Disputes"));
        QVERIFY(at(3, SliceTableModel::Name, SliceTableModel::HeadingRole).toBool());
        QCOMPARE(at(4, SliceTableModel::Name).toString(), QStringLiteral("palm-2"));
        QCOMPARE(at(1, SliceTableModel::Verdict).toString(), QStringLiteral("not met"));
        QCOMPARE(at(1, SliceTableModel::Verdict, Qt::ToolTipRole).toString(),
                 QStringLiteral("far below"));
        QCOMPARE(at(2, SliceTableModel::Saving).toString(), QStringLiteral("unknown"));
        model.setProjection(std::nullopt);
        QCOMPARE(model.rowCount(), 0);
    }

    void aColumnHasOneFormat()
    {
        SliceTableModel model;
        Projection projection;
        projection.segments = {slice("A", 0.6532), slice("B", 0.9971)};
        projection.segments[0].satisfactionRatio = Estimate{0.65, 0.51, 0.79, 67};
        projection.segments[1].satisfactionRatio = Estimate{0.9971, 0.99712, 0.9999, 72};
        projection.segments[0].latencyP95Ms = Estimate{480, 400, 600, 67};
        projection.segments[1].latencyP95Ms = Estimate{5130, 5120, 5140, 67};
        model.setProjection(projection);
        const auto text = [&](int row, int column) {
            return model.index(row, column).data().toString();
        };
        QCOMPARE(text(1, SliceTableModel::Ratio), QStringLiteral("65.0\u202F%"));
        QCOMPARE(text(2, SliceTableModel::Ratio), QStringLiteral("99.7\u202F%"));
        QCOMPARE(text(1, SliceTableModel::Latency), QStringLiteral("0.5\u202Fs"));
        QCOMPARE(text(2, SliceTableModel::Latency), QStringLiteral("5.1\u202Fs"));
        QCOMPARE(
            model.index(1, SliceTableModel::Ratio).data(SliceTableModel::DetailRole).toString(),
            QStringLiteral("51.0 to 79.0"));
        for (int column = SliceTableModel::Requests; column < SliceTableModel::ColumnCount;
             ++column)
            QVERIFY(
                !model.headerData(column, Qt::Horizontal, Qt::ToolTipRole).toString().isEmpty());
        QCOMPARE(model.table().rows.size(), std::size_t(2));
        QCOMPARE(model.table().rows[0].size(), model.table().columns.size());
    }

    void theLossPlotNamesItsEnds()
    {
        LossPlot plot;
        plot.setSteps({{QStringLiteral("gpt-4 and palm-2"), 25.2, 0.36, 0.7},
                       {QStringLiteral("gpt-4 and gpt-3.5-turbo"), 7.9, 0.11, 0.6}},
                      90.0);
        const LossPlot::Geometry geometry = plot.geometryIn(QRectF(0, 0, 460, 160));
        QStringList words;
        for (const auto& mark : geometry.marks)
            words << mark.text;
        words.sort();
        QCOMPARE(words, QStringList({QStringLiteral("100"), QStringLiteral("gate: at least 90"),
                                     QStringLiteral("this policy: 66.9")}));
        QCOMPARE(geometry.rows[0].bar.right(), 460.0);
        QCOMPARE(geometry.rows[1].bar.right(), geometry.rows[0].bar.left());
        QVERIFY(std::abs(geometry.rows[1].bar.left() - geometry.marks[1].x) < 0.5); // the policy
        QVERIFY(geometry.rows[1].words.top() - geometry.rows[0].bar.bottom() >= 8);
        for (std::size_t column = 1; column < LossPlot::kColumns; ++column)
            QVERIFY(geometry.columns[column - 1].second < geometry.columns[column].first);
    }

    /// However near the gate is to the policy, or to 100.
    void theLossPlotAlwaysHasItsGate_data()
    {
        QTest::addColumn<double>("loss");
        QTest::addColumn<double>("gate");
        QTest::newRow("just missed") << 12.0 << 90.0;
        QTest::newRow("just met") << 8.0 << 90.0;
        QTest::newRow("near the end") << 33.0 << 97.0;
    }
    void theLossPlotAlwaysHasItsGate()
    {
        QFETCH(const double, loss);
        QFETCH(const double, gate);
        LossPlot plot;
        plot.setSteps({{QStringLiteral("a and b"), loss, 0.36, 0.7}}, gate);
        const LossPlot::Geometry geometry = plot.geometryIn(QRectF(0, 0, 435, 120));
        QCOMPARE(std::ranges::count(geometry.marks, true, &LossPlot::Geometry::Mark::isGate), 1);
        QVERIFY(geometry.marks[0].isGate && !geometry.marks[0].text.isEmpty());
        for (std::size_t i = 0; i < geometry.marks.size(); ++i) {
            for (std::size_t j = 0; j < i; ++j)
                QVERIFY(geometry.marks[i].box.isEmpty() ||
                        !geometry.marks[i].box.intersects(geometry.marks[j].box));
        }
    }

    void everyShareHasItsName_data()
    {
        QTest::addColumn<std::vector<double>>("wanted");
        QTest::addColumn<std::vector<double>>("places");
        using V = std::vector<double>;
        QTest::newRow("apart") << V{0, 100, 200} << V{0, 100, 200};
        QTest::newRow("pushed to the right") << V{0, 10, 200} << V{0, 60, 200};
        QTest::newRow("pushed back from the end") << V{0, 280, 290} << V{0, 190, 250};
        QTest::newRow("too many") << V{0, 1, 2, 3, 4, 5} << V{};
    }

    void everyShareHasItsName()
    {
        QFETCH(std::vector<double>, wanted);
        QFETCH(std::vector<double>, places);
        const std::vector<double> widths(wanted.size(), 50);
        QCOMPARE(SharesPlot::spread(wanted, widths, 10, 0, 300), places);
    }

    void aShareIsNamedInItselfOrTiedToItsName()
    {
        SharesPlot plot;
        plot.setRows({{QStringLiteral("Cost"),
                       {{QStringLiteral("gpt-4"), 0.914, 0},
                        {QStringLiteral("gpt-3.5-turbo"), 0.006, 1},
                        {QStringLiteral("palm-2"), 0.08, 2}}}});
        const auto row = plot.geometryIn(QRectF(0, 0, 900, 60)).rows.front();
        QVERIFY(row.parts[0].isInside && row.parts[0].segment.contains(row.parts[0].label));
        for (const std::size_t small : {1U, 2U}) {
            const auto& part = row.parts[small];
            QVERIFY(!part.isInside);
            QVERIFY(part.label.top() >= row.bar.bottom() && part.label.right() <= row.bar.right());
            QVERIFY(part.leader.size() >= 2);
            QVERIFY(std::abs(part.leader.front().x() - part.segment.center().x()) < 0.5);
            QVERIFY(part.label.adjusted(-4, -4, 4, 4).contains(part.leader.back()));
        }
        QVERIFY(!row.parts[1].label.intersects(row.parts[2].label));
        // Where not all fit, the smallest gives way.
        const auto narrow = plot.geometryIn(QRectF(0, 0, 190, 60)).rows.front();
        QVERIFY(narrow.parts[1].label.isEmpty() && !narrow.parts[2].label.isEmpty());
    }

    void theAxisStartsAtTheTenUnderTheLowestInterval_data()
    {
        QTest::addColumn<double>("low");
        QTest::addColumn<double>("start");
        QTest::newRow("high") << 0.93 << 90.0;
        QTest::newRow("near a ten") << 0.91 << 80.0;
        QTest::newRow("middle") << 0.643 << 60.0;
        QTest::newRow("nothing left") << 0.01 << 0.0;
    }

    void theAxisStartsAtTheTenUnderTheLowestInterval()
    {
        QFETCH(double, low);
        QFETCH(double, start);
        FrontierPoint own;
        own.name = "Desk";
        own.costPer1k = Estimate{7, 6, 9, 100};
        own.consistency = Estimate{low + 0.02, low, low + 0.04, 100};
        CostChartView view;
        view.resize(700, 420);
        view.setPoints({}, own, {});
        auto* chart = view.findChild<ChartView*>();
        QCOMPARE(chart->mapping().lowY, start);
        const QString title = chart->chart().axes(Qt::Vertical).front()->titleText();
        QCOMPARE(title.contains(QStringLiteral("not from 0")), start > 0);
    }

    void revisionsAreNamedAndLabelsAvoidTheIntervals()
    {
        const auto point = [](const char* name, FrontierPoint::Kind kind, double cost, double c) {
            FrontierPoint result;
            result.name = name;
            result.kind = kind;
            result.costPer1k = Estimate{cost, cost, cost, 100};
            result.consistency = Estimate{c, c, c, 100};
            return result;
        };
        using Kind = FrontierPoint::Kind;
        CostChartView view;
        view.resize(700, 420);
        view.show();
        FrontierPoint own = point("Desk", Kind::Policy, 7, 0.67);
        own.costPer1k = Estimate{7, 6, 9.5, 100};
        own.consistency = Estimate{0.67, 0.64, 0.7, 100};
        // Newest first, as the editor hands them on.
        view.setPoints(
            {point("gpt-3.5", Kind::SingleModel, 0.5, 1), point("gpt-4", Kind::SingleModel, 15, 1),
             point("mix", Kind::RandomMix, 0.5, 1), point("mix", Kind::RandomMix, 15, 1),
             point("r3", Kind::Revision, 7.05, 0.861), point("r2", Kind::Revision, 7, 0.86),
             point("r1", Kind::Revision, 15, 1), point("Oracle", Kind::Oracle, 0.7, 0.85)},
            own, {ModelId("gpt-4"), ModelId("gpt-3.5")}, QStringLiteral("r4"));
        Gate gate;
        gate.metric = GateMetric::CostSaving;
        gate.atLeast = 0.4;
        view.setGates({gate}, 15.0);
        QCoreApplication::processEvents();
        const auto* chart = view.findChild<ChartView*>();
        const MarkItem* marks = nullptr;
        const TrailItem* trail = nullptr;
        for (QGraphicsItem* item : const_cast<ChartView*>(chart)->view().items()) {
            if (auto* found = qobject_cast<MarkItem*>(item->toGraphicsObject()))
                marks = found;
            if (auto* found = qobject_cast<TrailItem*>(item->toGraphicsObject()))
                trail = found;
        }
        QVERIFY(marks && trail);
        QStringList labels;
        for (const MarkItem::PlacedLabel& label : marks->placedLabels()) {
            labels << label.text;
            for (const QLineF& interval : marks->intervalLines())
                QVERIFY2(!crosses(interval, label.box), qPrintable(label.text));
            for (const QRectF& mark : marks->markBoxes())
                QVERIFY2(!mark.intersects(label.box), qPrintable(label.text));
        }
        labels.sort();
        QCOMPARE(labels, QStringList({QStringLiteral("Desk, r4"), QStringLiteral("gpt-3.5"),
                                      QStringLiteral("gpt-4"),
                                      QStringLiteral("oracle: the best model for each request"),
                                      QStringLiteral("r1"), QStringLiteral("r2, r3"),
                                      QStringLiteral("random mix")}));
        // The key says only what no label can: of the policy and of "r".
        QCOMPARE(chart->key().size(), std::size_t(2));
        for (const KeyEntry& entry : chart->key())
            QVERIFY(!entry.text.isEmpty() && !entry.explanation.isEmpty());
        // A mix is a line: its points are there for the pointer only.
        const auto& drawn = marks->marks();
        QVERIFY(drawn.front().shape == PlotShape::Dot && drawn.front().quiet);
        QVERIFY(drawn.back().strong && drawn.back().shape == PlotShape::Bullseye);
        // r1 has the place of gpt-4 and is a ring round it.
        std::size_t first = 0;
        while (drawn[first].label != QStringLiteral("r1"))
            ++first;
        QVERIFY(marks->modelWithin(first));
        QCOMPARE(marks->placeOf(first), chart->mapping().toScene({15, 100}));
        // r1 to r2 and r3 to the policy, from rim to rim of what is drawn.
        const std::vector<QLineF> steps = trail->steps();
        QCOMPARE(steps.size(), std::size_t(2));
        const std::size_t policy = drawn.size() - 1;
        const qreal gap = QLineF(steps.back().p2(), marks->placeOf(policy)).length();
        QVERIFY2(std::abs(gap - marks->radiusOf(policy) - 2) < 0.01,
                 qPrintable(QString::number(gap)));
    }

    /// One model alone is always in the corner that cost and consistency allow.
    void whatFailsAnotherGateIsHollowAndGatesAreNamedOnTheAllowedSide()
    {
        using Kind = FrontierPoint::Kind;
        const auto single = [](const char* name, double cost) {
            FrontierPoint point;
            point.name = name;
            point.kind = Kind::SingleModel;
            point.costPer1k = Estimate{cost, cost, cost, 100};
            point.consistency = Estimate{1, 1, 1, 100};
            return point;
        };
        const Gate saving = {GateMetric::CostSaving, 0.4, std::nullopt, GateScope::Total};
        const Gate consistency = {GateMetric::Consistency, 0.9, std::nullopt, GateScope::Total};
        GateResult quality;
        quality.gate = {GateMetric::SatisfactionRatio, 0.95, std::nullopt, GateScope::Segment};
        quality.subject = "Disputes";
        quality.verdict = Verdict::NotMet;
        FrontierPoint cheap = single("palm-2", 0.7);
        cheap.gates = {quality};
        FrontierPoint dear = single("gpt-4", 15);
        GateResult cost;
        cost.gate = saving;
        cost.verdict = Verdict::NotMet;
        dear.gates = {cost};
        FrontierPoint own = single("Desk", 7);
        own.kind = Kind::Policy;
        own.consistency = Estimate{0.67, 0.64, 0.7, 100};

        CostChartView view;
        view.resize(700, 420);
        view.show();
        view.setPoints({cheap, dear}, own, {ModelId("gpt-4"), ModelId("palm-2")});
        view.setGates({saving, consistency}, 15.0);
        QCoreApplication::processEvents();
        auto* chart = view.findChild<ChartView*>();
        const MarkItem* marks = nullptr;
        const ShadeItem* shade = nullptr;
        for (QGraphicsItem* item : chart->view().items()) {
            if (auto* found = qobject_cast<MarkItem*>(item->toGraphicsObject()))
                marks = found;
            if (auto* found = qobject_cast<ShadeItem*>(item->toGraphicsObject()))
                shade = found;
        }
        QVERIFY(marks && shade);
        for (const PlotMark& mark : marks->marks())
            QCOMPARE(mark.fill == PlotFill::Hollow, mark.label == QStringLiteral("palm-2"));
        QVERIFY2(chart->key().back().text.contains(QStringLiteral("(quality)")),
                 qPrintable(chart->key().back().text));
        QCOMPARE(chart->table().rows.front().back(),
                 QStringLiteral("Quality: gate not met in Disputes"));

        const std::vector<QLineF> limits = shade->limits();
        const std::vector<QRectF> words = shade->labelBoxes();
        QCOMPARE(words.size(), limits.size());
        QVERIFY(words[0].bottom() <= limits[0].y1()); // consistency: above its limit
        QVERIFY(words[1].right() <= limits[1].x1());  // cost: left of its limit
        QVERIFY(words[1].bottom() <= limits[0].y1()); // and above that of the consistency
    }

    void thePageScrollsAsAWhole_data()
    {
        QTest::addColumn<QSize>("size");
        QTest::newRow("small") << QSize(1204, 640);
        QTest::newRow("wide") << QSize(1604, 890);
        QTest::newRow("narrow") << QSize(840, 640);
    }

    void thePageScrollsAsAWhole()
    {
        QFETCH(QSize, size);
        Workbench workbench({});
        workbench.openSample();
        ProjectionPage page(workbench);
        page.resize(size);
        page.show();
        auto* table = page.findChild<QTableView*>(QStringLiteral("slices"));
        QTRY_VERIFY_WITH_TIMEOUT(table->model()->rowCount() > 5, 600'000);
        QTRY_COMPARE(table->verticalScrollBar()->maximum(), 0);
        QCOMPARE(table->horizontalScrollBar()->maximum(), 0);
        const auto* scroll = page.findChild<QScrollArea*>();
        QCOMPARE(page.findChildren<QScrollArea*>().size(), 1);
        for (const ChartView* chart : page.findChildren<ChartView*>()) {
            QVERIFY(chart->height() >= chart->minimumSizeHint().height());
            const QPoint end = chart->mapTo(scroll->widget(), chart->rect().bottomRight());
            QVERIFY(scroll->widget()->rect().contains(end));
        }
        // Every chart and the tables can be saved.
        QCOMPARE(page.findChildren<ChartSaveButton*>().size(), 6);
        for (const ChartSaveButton* button : page.findChildren<ChartSaveButton*>())
            QVERIFY(button->menu() && !button->menu()->isEmpty() && !button->toolTip().isEmpty());
    }

    void thePageFollowsThePolicy()
    {
        Workbench workbench({});
        workbench.openSample();
        ProjectionPage page(workbench);
        page.resize(1280, 760);
        page.show();
        const auto* table = page.findChild<QTableView*>(QStringLiteral("slices"));
        QTRY_VERIFY_WITH_TIMEOUT(table->model()->rowCount() > 5, 600'000);
        QVERIFY(table->model()->index(1, 0).data().toString().contains(QStringLiteral("Disputes")));

        const auto* losses = page.findChild<LossPlot*>();
        const auto lost = [&] {
            double sum = 0;
            for (const QStringList& row : losses->table().rows)
                sum += QLocale().toDouble(row[1]);
            return sum;
        };
        QVERIFY(std::abs(100 - lost() - workbench.projection()->consistency->value * 100) < 0.1);

        QVERIFY(workbench.editor().push(SetDecideBy{DecisionUnit::Conversation}).has_value());
        QTRY_VERIFY_WITH_TIMEOUT(workbench.projection()->consistency->value > 0.85, 600'000);
        QVERIFY(lost() < 15);
    }

    void theReportIsWhatThePageShows()
    {
        const QTemporaryDir folder;
        Workbench workbench({});
        ProjectionPage page(workbench);
        auto* const button = page.findChild<QPushButton*>(QStringLiteral("saveProjectionReport"));
        QVERIFY(!button->isEnabled() && button->menu()->actions().size() == 2);
        QVERIFY(page.writeReport(folder.filePath(QStringLiteral("early.html"))).has_value());
        workbench.openSample();
        QTRY_VERIFY_WITH_TIMEOUT(button->isEnabled(), 600'000);
        QTRY_VERIFY_WITH_TIMEOUT(!workbench.frontier().empty(), 600'000);
        const auto written = [&](const char* name) {
            const QString path = folder.filePath(QLatin1String(name));
            const auto wrong = page.writeReport(path);
            QFile file(path);
            return wrong || !file.open(QIODevice::ReadOnly) ? QByteArray() : file.readAll();
        };
        const QByteArray html = written("report.html");
        QVERIFY(html.contains("Support desk, revision") && html.contains("intervals hold 95 %"));
        QVERIFY(html.contains("<svg") && !html.contains("<script"));
        const QByteArray pdf = written("report.PDF");
        QVERIFY(pdf.startsWith("%PDF-") && pdf.contains("/Count") && pdf.size() > 20'000);
        const auto wrong = page.writeReport(folder.filePath(QStringLiteral("none/report.pdf")));
        QVERIFY(wrong && wrong->contains(QStringLiteral("report.pdf")));
    }
};

QTEST_MAIN(TestProjectionPage)
#include "tst_projection_page.moc"
