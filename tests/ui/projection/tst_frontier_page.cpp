// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: from the button to the adopted policy by clicks and keys: a search is asked for, can be
// stopped, shows its points in chart and table as one selection, and a point becomes the policy in
// one step; where it may not, the button is off and says why.

#include <core/sample/support_desk.h>
#include <tests/support/small_traffic.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/charts/chart_kit.h>
#include <ui/kit/command_palette.h>
#include <ui/kit/theme.h>
#include <ui/projection/frontier_desk.h>
#include <ui/projection/frontier_table_model.h>
#include <ui/projection/projection_page.h>
#include <ui/projection/slice_table_model.h>

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QChartView>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTableView>
#include <QTest>
#include <QUndoStack>

#include <algorithm>

using namespace signalbox;
using namespace signalbox::ui;

namespace {

constexpr int kPatienceMs = 120'000;

/// The page over the sample's policy and a part of its traffic.
struct Desk
{
    Workbench workbench{{}};
    ProjectionPage page{workbench};

    Desk()
    {
        workbench.editor().setDocument(supportDeskPolicy());
        workbench.setTraffic(test::smallTraffic(400));
        page.resize(1204, 700);
        page.show();
    }
    template<class Widget> [[nodiscard]] Widget* part(const char* name) const
    {
        auto* found = page.findChild<Widget*>(QLatin1String(name));
        if (!found)
            qFatal("the page has no %s", name);
        return found;
    }
    void click(const char* button) { QTest::mouseClick(part<QPushButton>(button), Qt::LeftButton); }
    [[nodiscard]] FrontierSession& session() const
    {
        return page.findChild<FrontierDesk*>()->session();
    }
    [[nodiscard]] bool isReady() const { return workbench.projection().has_value(); }
    /// Asks for a search of so many policies, as a person does.
    void search(int most = 60)
    {
        click("findBetterPolicies");
        part<QSpinBox>("frontierMost")->setValue(most);
        QTest::mouseClick(part<QPushButton>("frontierSearch"), Qt::LeftButton);
    }
    [[nodiscard]] bool hasPoints() const { return part<QTableView>("frontierTable")->isVisible(); }
    [[nodiscard]] FrontierTableModel& points() const
    {
        return static_cast<FrontierTableModel&>(*part<QTableView>("frontierTable")->model());
    }
    [[nodiscard]] QString title() const { return part<TextLabel>("frontierPointTitle")->text(); }
    /// Selects the first point that changes something, or fails.
    int chooseOther()
    {
        auto* table = part<QTableView>("frontierTable");
        for (int row = 0; row < points().rowCount(); ++row) {
            const FrontierChoice* choice = points().choiceAt(row);
            if (choice && choice->kind == FrontierChoice::Kind::Found && !choice->turned.empty()) {
                table->setCurrentIndex(points().index(row, 0));
                return row;
            }
        }
        qFatal("every point is the policy as it is");
        return -1;
    }
    [[nodiscard]] MarkItem* marks() const
    {
        for (QGraphicsItem* item : part<ChartView>("costChart")->view().items()) {
            if (auto* found = qobject_cast<MarkItem*>(item->toGraphicsObject()))
                return found;
        }
        qFatal("the chart has no marks");
        return nullptr;
    }
};

} // namespace

class TestFrontierPage : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { setUpLook(*qApp, ThemeChoice::Light); }
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
    }

    void aSearchIsAskedForAndItsPointBecomesThePolicy()
    {
        Desk desk;
        QTRY_VERIFY_WITH_TIMEOUT(desk.isReady(), kPatienceMs);
        desk.click("findBetterPolicies");
        const auto* settings = desk.part<TextLabel>("frontierSettings");
        QTRY_VERIFY_WITH_TIMEOUT(settings->text().contains(QStringLiteral("simple")), kPatienceMs);
        QVERIFY(desk.part<TextLabel>("frontierHalves")
                    ->text()
                    .contains(QStringLiteral("conversation")));
        desk.part<QWidget>("frontierSetup")->hide();

        QSignalSpy notices(&desk.workbench, &Workbench::notice);
        desk.search();
        QVERIFY(desk.part<ProgressStrip>("frontierProgress")->isVisible());
        QVERIFY(!desk.part<QPushButton>("findBetterPolicies")->isEnabled());
        QTRY_VERIFY_WITH_TIMEOUT(desk.hasPoints(), kPatienceMs);
        QVERIFY(!desk.part<ProgressStrip>("frontierProgress")->isVisible());
        QVERIFY(!desk.part<Callout>("frontierVerdict")->title().isEmpty());
        QVERIFY(desk.part<TextLabel>("frontierTrust")
                    ->text()
                    .contains(QStringLiteral("no say in the choice")));
        QCOMPARE(notices.count(), 1);

        const PolicyDocument before = desk.workbench.editor().document();
        const int row = desk.chooseOther();
        const FrontierChoice* choice = desk.points().choiceAt(row);
        QCOMPARE(desk.title(),
                 QStringLiteral("Point %1").arg(QString::fromStdString(choice->name)));
        desk.click("frontierAdopt");
        QVERIFY(desk.workbench.editor().document() == choice->policy);
        QVERIFY(notices.last()[0].toString().contains(QStringLiteral("is adopted")));
        QVERIFY(!desk.part<QPushButton>("frontierAdopt")->isEnabled());
        QVERIFY(desk.part<TextLabel>("frontierAdoptWhy")->text().contains(QStringLiteral("Undo")));
        QCOMPARE(desk.points().index(row, 0).data(FigureRoles::BadgeRole).toString(),
                 QStringLiteral("adopted"));
        QCOMPARE(desk.workbench.editor().undoStack()->count(), 1);

        QSignalSpy pages(&desk.workbench, &Workbench::pageRequested);
        PolicyDocument compared;
        connect(&desk.workbench.editor(), &PolicyEditor::comparisonRequested, &desk.page,
                [&](const PolicyDocument& other) { compared = other; });
        desk.click("frontierCompare");
        QCOMPARE(pages.value(0).value(0).toString(), QStringLiteral("policy"));
        QVERIFY(compared == before);

        desk.workbench.editor().undoStack()->undo();
        QVERIFY(desk.workbench.editor().document() == before);
        QVERIFY(desk.part<QPushButton>("frontierAdopt")->isEnabled());
        QVERIFY(!desk.part<QPushButton>("frontierCompare")->isVisible());
    }

    void anEditTurnsAdoptingOffAndSaysWhy()
    {
        Desk desk;
        QTRY_VERIFY_WITH_TIMEOUT(desk.isReady(), kPatienceMs);
        desk.search();
        QVERIFY(desk.workbench.editor().push(SetTitle{"desk", "Another name", 7, {}}).has_value());
        QTRY_VERIFY_WITH_TIMEOUT(desk.hasPoints(), kPatienceMs);
        desk.chooseOther();
        const auto* adopt = desk.part<QPushButton>("frontierAdopt");
        const auto* doubt = desk.part<Callout>("frontierDoubt");
        QVERIFY(!adopt->isEnabled());
        QVERIFY(desk.part<TextLabel>("frontierAdoptWhy")
                    ->text()
                    .contains(QStringLiteral("edited since")));
        QVERIFY(doubt->isVisible() && doubt->title().contains(QStringLiteral("edited since")));
        desk.workbench.editor().undoStack()->undo();
        QVERIFY(adopt->isEnabled() && !doubt->isVisible());
        desk.workbench.editor().undoStack()->redo();
        // "Search again" in the callout.
        QTest::mouseClick(doubt->findChild<QPushButton*>(), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(desk.hasPoints(), kPatienceMs);
        desk.chooseOther();
        QVERIFY(adopt->isEnabled() && !doubt->isVisible());
    }

    void stoppingLeavesThePageAsItWas()
    {
        Desk desk;
        QTRY_VERIFY_WITH_TIMEOUT(desk.isReady(), kPatienceMs);
        desk.search(100'000);
        auto* strip = desk.part<ProgressStrip>("frontierProgress");
        QTRY_VERIFY_WITH_TIMEOUT(strip->done() > 0, kPatienceMs);
        QTest::mouseClick(strip->findChild<IconButton*>(), Qt::LeftButton);
        QVERIFY(!strip->isVisible());
        auto* notice = desk.part<Callout>("frontierNotice");
        QVERIFY(notice->isVisible() && notice->title().contains(QStringLiteral("stopped")));
        QVERIFY(!desk.hasPoints());
        QVERIFY(desk.part<QPushButton>("findBetterPolicies")->isEnabled());
        QCOMPARE(desk.workbench.editor().undoStack()->count(), 0);
    }

    void chartAndTableAreOneSelection()
    {
        Desk desk;
        QTRY_VERIFY_WITH_TIMEOUT(desk.isReady(), kPatienceMs);
        desk.search();
        QTRY_VERIFY_WITH_TIMEOUT(desk.hasPoints(), kPatienceMs);
        QCoreApplication::processEvents();
        auto* table = desk.part<QTableView>("frontierTable");
        MarkItem* const marks = desk.marks();
        const auto discs = std::ranges::count(marks->marks(), PlotShape::Disc, &PlotMark::shape);
        QCOMPARE(std::size_t(discs), desk.session().finding()->frontier.points.size());

        QCOMPARE(table->verticalScrollBar()->maximum(), 0); // only the page scrolls

        // By key: the last row is a model alone.
        table->setFocus();
        QTest::keyClick(table, Qt::Key_End, Qt::ControlModifier);
        const FrontierChoice* last = desk.points().choiceAt(table->currentIndex().row());
        QVERIFY(last && last->kind == FrontierChoice::Kind::SingleModel);
        QCOMPARE(desk.title(), QString::fromStdString(last->name));
        QVERIFY(!desk.part<QPushButton>("frontierAdopt")->isVisible());
        QVERIFY(marks->chosen() >= 0);
        QCOMPARE(marks->marks()[std::size_t(marks->chosen())].label,
                 QString::fromStdString(last->name));

        // By a click on a disc.
        const auto disc = std::ranges::find(marks->marks(), PlotShape::Disc, &PlotMark::shape);
        auto& view = desk.part<ChartView>("costChart")->view();
        const QPoint at =
            view.mapFromScene(marks->placeOf(std::size_t(disc - marks->marks().begin())));
        QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, at);
        const FrontierChoice* shown = desk.points().choiceAt(table->currentIndex().row());
        QVERIFY(shown && shown->kind == FrontierChoice::Kind::Found);
        QCOMPARE(desk.title(), QStringLiteral("Point %1").arg(QString::fromStdString(shown->name)));

        // The rest of the page shows what is selected.
        auto* slices = static_cast<SliceTableModel*>(desk.part<QTableView>("slices")->model());
        QCOMPARE(slices->table().rows.size(),
                 shown->report.segments.size() + shown->report.tiers.size());
    }

    void thePointsGoWhenTheyAreClosed()
    {
        Desk desk;
        QTRY_VERIFY_WITH_TIMEOUT(desk.isReady(), kPatienceMs);
        desk.search();
        QTRY_VERIFY_WITH_TIMEOUT(desk.hasPoints(), kPatienceMs);
        const QList<QAction*> offered = actionsWithin(desk.page);
        const auto close = std::ranges::find_if(offered, [](const QAction* action) {
            return action->objectName() == QStringLiteral("closePoints");
        });
        QVERIFY(close != offered.end());
        (*close)->trigger();
        QVERIFY(!desk.hasPoints());
        QCOMPARE(std::ranges::count(desk.marks()->marks(), PlotShape::Disc, &PlotMark::shape), 0);
    }

    void theTableIsAModelLikeAnyOther()
    {
        Desk desk;
        QTRY_VERIFY_WITH_TIMEOUT(desk.isReady(), kPatienceMs);
        desk.search();
        QTRY_VERIFY_WITH_TIMEOUT(desk.hasPoints(), kPatienceMs);
        FrontierTableModel model;
        const QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setFinding(desk.session().finding());
        model.setAdopted(0);
        const Frontier& frontier = desk.session().finding()->frontier;
        QCOMPARE(std::size_t(model.rowCount()),
                 2 + frontier.points.size() + 1 + frontier.models.size());
        QVERIFY(model.index(0, 0).data(FigureRoles::HeadingRole).toBool());
        const PlotTable table = model.table();
        QCOMPARE(table.rows.size(), frontier.points.size() + 1 + frontier.models.size());
        for (const QStringList& row : table.rows)
            QCOMPARE(row.size(), table.columns.size());
        model.setFinding(nullptr);
        QCOMPARE(model.rowCount(), 0);
    }
};

QTEST_MAIN(TestFrontierPage)
#include "tst_frontier_page.moc"
