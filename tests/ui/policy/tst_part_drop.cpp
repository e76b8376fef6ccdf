// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: what is carried from the tool bar goes where it is let go: on a step, on the edge of one,
// between lanes; one undo step each, and nothing where there is nothing to become a part of.

#include "language_policy.h"

#include <ui/kit/app_style.h>
#include <ui/kit/theme.h>
#include <ui/policy/flow_curve.h>
#include <ui/policy/flow_view.h>
#include <ui/policy/part_palette.h>
#include <ui/policy/policy_page.h>
#include <ui/policy/policy_paths.h>

#include <QApplication>
#include <QDragEnterEvent>
#include <QMimeData>
#include <QSignalSpy>
#include <QTest>

#include <set>

using namespace signalbox;
using namespace signalbox::test;
using namespace signalbox::ui;

namespace {

struct Fixture
{
    Fixture()
    {
        workbench.editor().setDocument(languagePolicy());
        page = std::make_unique<PolicyPage>(workbench);
        page->resize(1300, 800);
        page->show();
        if (!QTest::qWaitForWindowExposed(page.get()))
            qFatal("the page is not shown");
        view = page->findChild<FlowView*>(QStringLiteral("flowView"));
    }
    [[nodiscard]] PolicyEditor& editor() { return workbench.editor(); }
    [[nodiscard]] const FlowLayout& flow() const { return view->flowScene().flow(); }
    [[nodiscard]] const FlowLane& lane(const char* rule) const
    {
        return flow().lanes[static_cast<std::size_t>(flow().laneIndexOf(RuleId(rule)))];
    }
    [[nodiscard]] const Plan& plan(const char* rule)
    {
        return editor().document().findRule(RuleId(rule))->plan;
    }
    /// Carried in, moved about and let go, as the window system tells it; whether it was taken.
    bool drop(FlowPart part, QPointF scenePoint)
    {
        // Only what the tool bar offers.
        if (!page->findChild<PartButton*>(QStringLiteral("part%1").arg(static_cast<int>(part))))
            return false;
        const std::unique_ptr<QMimeData> mime(PartButton::mimeOf(part));
        view->ensureVisible(QRectF(scenePoint, QSizeF(1, 1)));
        const QPoint at = view->viewportPointOf(scenePoint);
        QDragEnterEvent enter(at, Qt::CopyAction, mime.get(), Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(view->viewport(), &enter);
        QDragMoveEvent move(at, Qt::CopyAction, mime.get(), Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(view->viewport(), &move);
        QDropEvent drop(at, Qt::CopyAction, mime.get(), Qt::LeftButton, Qt::NoModifier);
        if (move.isAccepted())
            QApplication::sendEvent(view->viewport(), &drop);
        else {
            QDragLeaveEvent leave;
            QApplication::sendEvent(view->viewport(), &leave);
        }
        return move.isAccepted();
    }

    Workbench workbench{Workbench::Options{}};
    std::unique_ptr<PolicyPage> page;
    FlowView* view = nullptr;
};

} // namespace

class TestPartDrop : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { setUpLook(*qApp, ThemeChoice::Light); }

    void aSplitGoesToTheStepUnderThePointer()
    {
        Fixture f;
        const FlowNode& first = f.lane("short").nodes.front();
        QVERIFY(f.drop(FlowPart::Split, first.pill.center()));
        QVERIFY(std::holds_alternative<Split>(f.plan("short").node));
        QCOMPARE(f.editor().undoStack()->index(), 1);
        f.editor().undoStack()->undo();
        QCOMPARE(f.editor().document(), languagePolicy());
    }

    void aCascadeGoesToTheStepWhoseEdgeIsUnderThePointer()
    {
        Fixture f;
        const FlowLayout& flow = f.flow();
        const int lane = flow.laneIndexOf(RuleId("short"));
        const auto edge = std::ranges::find_if(flow.edges, [&](const FlowEdge& each) {
            return each.kind == FlowEdge::Kind::Serve && each.lane == lane;
        });
        QVERIFY(edge != flow.edges.end());
        const QPointF onIt = FlowCurve(edge->from, edge->to).whole().pointAtPercent(0.3);
        QVERIFY(f.drop(FlowPart::Cascade, onIt));
        QVERIFY(std::holds_alternative<Cascade>(f.plan("short").node));
    }

    void aRuleGoesBetweenTheLanesThatAreNearest()
    {
        Fixture f;
        const std::size_t before = f.editor().document().rules.size();
        const FlowGap gap = f.flow().gaps[1];
        QSignalSpy asksForItsName(f.view, &FlowView::renameRequested);
        QVERIFY(f.drop(FlowPart::Rule, gap.rect.center()));
        QCOMPARE(f.editor().document().rules.size(), before + 1);
        QCOMPARE(f.editor().selection().id,
                 f.editor().document().rules[gap.index].id.value);
        QCOMPARE(asksForItsName.size(), 1);
    }

    void aModelIsOneMore()
    {
        Fixture f;
        const std::size_t before = f.editor().document().models.size();
        QVERIFY(f.drop(FlowPart::Model, f.flow().stations.front().rect.center()));
        QCOMPARE(f.editor().document().models.size(), before + 1);
    }

    void whereNothingIsNothingIsTaken()
    {
        Fixture f;
        QVERIFY(!f.drop(FlowPart::Step, f.flow().source.bottomLeft() + QPointF(4, 60)));
        QCOMPARE(f.editor().undoStack()->index(), 0);
        QMimeData words;
        words.setText(QStringLiteral("words"));
        QVERIFY(!PartButton::partOf(&words).has_value());
        QMimeData wrong;
        wrong.setData(QStringLiteral("application/x-signalbox-part"), "99");
        QVERIFY(!PartButton::partOf(&wrong).has_value());
    }

    void partsHaveWordsWhereThereIsRoom()
    {
        Fixture f;
        auto* const bar = f.page->findChild<PartBar*>(QStringLiteral("partBar"));
        QVERIFY(bar);
        const auto buttons = bar->findChildren<PartButton*>();
        QCOMPARE(buttons.size(), kFlowParts);
        std::set<PartButton::Word> seen;
        for (const int width : {2'400, 1'205, 1'100, f.page->minimumSizeHint().width()}) {
            f.page->resize(width, 700);
            QCoreApplication::processEvents();
            seen.insert(bar->word());
            QVERIFY(bar->widthFor(bar->word()) <= bar->width());
            for (const PartButton* const button : buttons) {
                QVERIFY(!button->text().isEmpty());
                // A word is whole or not there at all.
                const bool hasWord = bar->word() != PartButton::Word::Nowhere;
                const int word = button->fontMetrics().horizontalAdvance(button->text());
                QVERIFY(!hasWord || button->width() >= word);
                QVERIFY(button->size().width() >= button->sizeHint().width());
                QVERIFY(button->geometry().right() < bar->width());
            }
        }
        QCOMPARE(seen, (std::set{PartButton::Word::Beside, PartButton::Word::Below,
                                 PartButton::Word::Nowhere}));
    }

    void aPartThatIsPressedMeansTheSelectionOrAsksForAPlace()
    {
        Fixture f;
        auto* const split =
            f.page->findChild<PartButton*>(QStringLiteral("part%1").arg(int(FlowPart::Split)));
        QVERIFY(split);
        QSignalSpy notice(f.page.get(), &PolicyPage::notice);
        f.editor().setSelection(selectDocument());
        QTest::mouseClick(split, Qt::LeftButton);
        QCOMPARE(notice.size(), 1);
        QCOMPARE(f.editor().undoStack()->index(), 0);
        f.editor().setSelection(selectRule(RuleId("short"), "plan"));
        QTest::mouseClick(split, Qt::LeftButton);
        QCOMPARE(f.editor().undoStack()->index(), 1);
    }
};

QTEST_MAIN(TestPartDrop)
#include "tst_part_drop.moc"
