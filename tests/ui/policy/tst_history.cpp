// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: every revision can be found, told apart, compared by what it does and restored, by
// keyboard alone; what is shown is of what is asked for.

#include <core/base/files.h>
#include <core/policy/policy_json.h>
#include <core/sample/support_desk.h>
#include <tests/support/policy_builder.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/choice_widgets.h>
#include <ui/kit/theme.h>
#include <ui/models/workbench.h>
#include <ui/policy/answer_flow_plot.h>
#include <ui/policy/behaviour_table.h>
#include <ui/policy/behaviour_words.h>
#include <ui/policy/history_pane.h>
#include <ui/policy/policy_page.h>
#include <ui/policy/try_panel.h>

#include <QApplication>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeWidget>

using namespace signalbox;
using namespace signalbox::test;
using namespace signalbox::ui;

namespace {

/// The first conversations of the sample: enough to differ, and quick to replay.
std::shared_ptr<const Traffic> traffic()
{
    constexpr std::size_t kLines = 500;
    static const std::string kText = toTrafficJsonLines(supportDeskTraffic());
    std::size_t end = 0;
    for (std::size_t line = 0; line < kLines; ++line)
        end = kText.find('\n', end) + 1;
    auto reading = readTrafficJsonLines(std::string_view(kText).substr(0, end), "test");
    if (!reading)
        qFatal("%s", toString(reading.error()).c_str());
    return std::make_shared<const Traffic>(std::move(reading->traffic));
}

struct Fixture
{
    explicit Fixture(bool withTraffic = true)
    {
        workbench.editor().setDocument(supportDeskPolicy());
        workbench.editor().setRevisions(supportDeskHistory());
        if (withTraffic)
            workbench.setTraffic(traffic());
        page = std::make_unique<PolicyPage>(workbench);
        page->resize(1204, 700);
        page->show();
        if (!QTest::qWaitForWindowExposed(page.get()))
            qFatal("the page is not shown");
        page->activateWindow();
    }
    /// Pictures for the eye, where a folder for them is named.
    void picture(const char* name)
    {
        if (const QString folder = qEnvironmentVariable("HISTORY_PICTURES"); !folder.isEmpty())
            page->grab().save(folder + QLatin1Char('/') + QLatin1String(name) +
                              QStringLiteral(".png"));
    }
    template<class Widget> [[nodiscard]] Widget& part(const char* name)
    {
        auto* const found = page->findChild<Widget*>(QLatin1String(name));
        if (!found)
            qFatal("there is no %s", name);
        return *found;
    }
    [[nodiscard]] QListWidget& list() { return part<QListWidget>("revisionList"); }
    [[nodiscard]] QString title() { return part<TextLabel>("compareTitle").text(); }
    [[nodiscard]] PolicyEditor& editor() { return workbench.editor(); }
    /// As a click does, whatever keys are held.
    /// What is said of each row of the list about the comparison.
    [[nodiscard]] QStringList sides()
    {
        QStringList all;
        for (int row = 0; row < list().count(); ++row) {
            const QString spoken = list().item(row)->data(Qt::AccessibleTextRole).toString();
            all << (spoken.contains(QLatin1String(", after"))    ? QStringLiteral("after")
                    : spoken.contains(QLatin1String(", before")) ? QStringLiteral("before")
                                                                 : QString());
        }
        return all;
    }
    void choose(int row) { list().setCurrentRow(row, QItemSelectionModel::ClearAndSelect); }
    void open()
    {
        QTest::keyClick(page.get(), Qt::Key_4, Qt::ControlModifier);
        QTRY_COMPARE(page->currentView(), PolicyPage::View::Compare);
    }
    [[nodiscard]] bool hasNumbers() { return part<TextLabel>("compareHeadline").isVisible(); }

    Workbench workbench{{}};
    std::unique_ptr<PolicyPage> page;
};

Edit labelled(const PolicyDocument& document, const std::string& label)
{
    Rule rule = document.rules[0];
    rule.label = label;
    return ReplaceRule{rule.id, rule};
}

} // namespace

class TestHistory : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not)")));
    }

    void revisionsStandNewestFirstWithTheirNotes()
    {
        Fixture fixture(false);
        fixture.open();
        QCOMPARE(fixture.list().count(), 7);
        QCOMPARE(fixture.list().item(0)->text(), QStringLiteral("Revision 7"));
        QCOMPARE(fixture.list().item(6)->text(), QStringLiteral("Revision 1"));
        const QString spoken = fixture.list().item(6)->data(Qt::AccessibleTextRole).toString();
        QVERIFY(spoken.contains(QStringLiteral("One model for every question")));
        QVERIFY(!spoken.contains(QStringLiteral("exported")));
        fixture.editor().noteExported(fixture.editor().document());
        QVERIFY(fixture.list()
                    .item(0)
                    ->data(Qt::AccessibleTextRole)
                    .toString()
                    .contains(QStringLiteral("exported")));
        QVERIFY(fixture.editor().push(labelled(fixture.editor().document(), "x")).has_value());
        QCOMPARE(fixture.list().item(0)->text(), QStringLiteral("Not saved yet"));
        QCOMPARE(fixture.list().count(), 8);
    }

    /// The sample's policy says the same of itself in all revisions that follow: no note of theirs.
    void withoutANoteARevisionSaysWhatItChanged()
    {
        const QTemporaryDir folder;
        Fixture fixture(false);
        PolicyEditor& editor = fixture.editor();
        QVERIFY(
            editor.saveAs((folder.path() + QStringLiteral("/a.json")).toStdString()).has_value());
        QVERIFY(editor.push(labelled(editor.document(), "x")).has_value());
        QVERIFY(editor.save().has_value());
        PolicyDocument more = editor.document();
        more.rules[0].enabled = false;
        more.rules[1].label = "y";
        QVERIFY(editor.push(ReplaceDocument{Boxed<PolicyDocument>(more)}).has_value());
        QVERIFY(editor.save().has_value());
        fixture.open();
        const auto spoken = [&](int row) {
            return fixture.list().item(row)->data(Qt::AccessibleTextRole).toString();
        };
        QVERIFY2(spoken(0).contains(QStringLiteral("Rule “x” is switched off. And 1 more.")),
                 qPrintable(spoken(0)));
        QVERIFY2(spoken(1).contains(QStringLiteral("is called “x” now.")), qPrintable(spoken(1)));
        QVERIFY2(spoken(2).contains(QString::fromStdString(supportDeskPolicy().note)),
                 qPrintable(spoken(2))); // it said so first
    }

    void twoOfOneNumberAreToldApart()
    {
        const QTemporaryDir folder;
        const auto file = (folder.path() + QStringLiteral("/a.json")).toStdString();
        Fixture fixture(false);
        PolicyEditor& editor = fixture.editor();
        QVERIFY(editor.saveAs(file).has_value());
        PolicyDocument theirs = editor.document();
        theirs.rules[0].label = "theirs";
        QVERIFY(writeFileAtomically(file, toPolicyText(theirs)).has_value());
        editor.current().lookAround();
        fixture.open();
        for (int row = 0; row < 2; ++row)
            QVERIFY2(fixture.list().item(row)->text().startsWith(QStringLiteral("Revision 7 (")),
                     qPrintable(fixture.list().item(row)->text()));
        QVERIFY(fixture.list()
                    .item(0)
                    ->data(Qt::AccessibleTextRole)
                    .toString()
                    .contains(QStringLiteral("changed outside")));
        fixture.choose(1);
        QCOMPARE(fixture.list().selectedItems().size(), 1);
        editor.setRevisionNote(editor.savedDocument(), "of theirs"); // all is shown anew
        QCOMPARE(fixture.list().selectedItems().size(), 1);
        QCOMPARE(fixture.list().row(fixture.list().selectedItems().first()), 1);
    }

    /// However many there are of it, and however fast they came.
    void manyOfOneNumberAreToldApart()
    {
        const QTemporaryDir folder;
        const auto file = (folder.path() + QStringLiteral("/a.json")).toStdString();
        Fixture fixture(false);
        PolicyEditor& editor = fixture.editor();
        QVERIFY(editor.saveAs(file).has_value());
        for (const char* const label : {"a", "b", "c", "d"}) {
            PolicyDocument theirs = editor.document();
            theirs.rules[0].label = label;
            QVERIFY(writeFileAtomically(file, toPolicyText(theirs)).has_value());
            editor.current().lookAround();
        }
        fixture.open();
        QStringList titles;
        for (int row = 0; row < 5; ++row)
            titles << fixture.list().item(row)->text();
        QCOMPARE(titles.removeDuplicates(), 0);
        fixture.choose(2);
        editor.setRevisionNote(editor.savedDocument(), "of the last one");
        QCOMPARE(fixture.list().selectedItems(), QList{fixture.list().item(2)});
        const QString spoken = fixture.list().item(2)->data(Qt::AccessibleTextRole).toString();
        QVERIFY2(spoken.contains(QStringLiteral("Rule “a” is called “b” now.")),
                 qPrintable(spoken));
    }

    /// One field shows the notes of all: what was typed for one is not undone in another.
    void aNoteIsUndoneWhereItWasTyped()
    {
        Fixture fixture(false);
        fixture.open();
        auto& note = fixture.part<QPlainTextEdit>("revisionNote");
        fixture.choose(1);
        note.setFocus();
        QTest::keyClicks(&note, QStringLiteral("why"));
        QTest::keyClick(&note, Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(fixture.editor().recordOf(fixture.editor().revisions()[0]).note, std::string());
        fixture.choose(2);
        note.setFocus();
        QTest::keyClick(&note, Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(fixture.editor().recordOf(fixture.editor().revisions()[1]).note, std::string());
    }

    void whatWasInspectedComesBackWithTheView()
    {
        Fixture fixture(false);
        auto& side = fixture.part<SegmentedControl>("sideSwitch");
        const int before = side.currentIndex();
        fixture.open();
        QVERIFY(side.currentIndex() != before);
        QTest::keyClick(fixture.page.get(), Qt::Key_1, Qt::ControlModifier);
        QCOMPARE(side.currentIndex(), before);
    }

    /// A number whose interval is not worked out is no finding yet.
    void quickNumbersAreNotCalledShown()
    {
        BehaviourDiff diff;
        diff.requests = diff.total.requests = 10;
        diff.total.modelChanged = diff.total.courseChanged = 3;
        diff.total.costChangeShare = Estimate{-0.1, -0.1, -0.1};
        for (const bool quick : {true, false}) {
            diff.quick = quick;
            QCOMPARE(BehaviourWords::headline(diff).contains(QStringLiteral("costs fall")), !quick);
            BehaviourTableModel table;
            table.setDiff(&diff);
            const QModelIndex cost = table.index(0, BehaviourTableModel::Cost);
            QCOMPARE(cost.data(BehaviourTableModel::DetailRole).toString(),
                     quick ? QStringLiteral("interval to come") : QString());
            QCOMPARE(cost.data(BehaviourTableModel::SenseRole).toInt() ==
                         static_cast<int>(BehaviourWords::Difference::Sense::None),
                     quick);
        }
    }

    void oneIsComparedWithThePolicyAsItIs()
    {
        Fixture fixture;
        fixture.open();
        QCOMPARE(fixture.title(), QStringLiteral("Revision 6 → Revision 7")); // the last change
        // Those without intervals come first.
        const auto hasAll = [&] {
            return fixture.hasNumbers() && !fixture.part<QWidget>("compareProgress").isVisible();
        };
        // What is gained does not hide what is lost.
        fixture.choose(6);
        QTRY_VERIFY_WITH_TIMEOUT(hasAll(), 60'000);
        const QString headline = fixture.part<TextLabel>("compareHeadline").text();
        for (const char* said : {"change model", "costs fall by", "satisfied requests fall by",
                                 "consistency falls by"})
            QVERIFY2(headline.contains(QLatin1String(said)), qPrintable(headline));
        fixture.choose(3);
        QCOMPARE(fixture.title(), QStringLiteral("Revision 4 → Revision 7"));
        QCOMPARE(
            fixture.sides(),
            (QStringList{QStringLiteral("after"), {}, {}, QStringLiteral("before"), {}, {}, {}}));
        QTRY_VERIFY_WITH_TIMEOUT(hasAll(), 60'000);
        const QAbstractItemModel& table = *fixture.part<BehaviourTable>("behaviourTable").model();
        QCOMPARE(table.rowCount(), 7); // all, and six segments
        QVERIFY(fixture.part<AnswerFlowPlot>("answerFlows").isVisible());
        QVERIFY(fixture.part<QTreeWidget>("flowList").topLevelItemCount() >= 1);
        QTRY_VERIFY_WITH_TIMEOUT(!fixture.part<QWidget>("compareProgress").isVisible(), 60'000);
        fixture.picture("compare");
        // One scroll area: the list in it is whole. And what has no colour says why.
        QCOMPARE(fixture.part<QTreeWidget>("flowList").verticalScrollBar()->maximum(), 0);
        QVERIFY(fixture.part<QWidget>("behaviourLegend").isVisible());
        QVERIFY(!table.index(0, BehaviourTableModel::Cost)
                     .data(BehaviourTableModel::DetailRole)
                     .toString()
                     .isEmpty()); // with its interval
    }

    void twoAreComparedWithEachOtherByKeyboard()
    {
        Fixture fixture(false);
        fixture.open();
        QCOMPARE(QApplication::focusWidget(), &fixture.list());
        QCOMPARE(fixture.list().selectedItems().size(), 1);
        QTest::keyClick(&fixture.list(), Qt::Key_Down);
        QTest::keyClick(&fixture.list(), Qt::Key_Down);
        QTest::keyClick(&fixture.list(), Qt::Key_Down, Qt::ShiftModifier);
        QCOMPARE(fixture.title(), QStringLiteral("Revision 4 → Revision 5"));
    }

    void anExampleOpensInTryARequest()
    {
        Fixture fixture;
        fixture.open();
        fixture.choose(3);
        QTRY_VERIFY_WITH_TIMEOUT(fixture.hasNumbers(), 60'000);
        auto& flows = fixture.part<QTreeWidget>("flowList");
        QVERIFY(flows.currentItem() && flows.currentItem()->parent()); // the worst one
        QVERIFY(!fixture.part<QPlainTextEdit>("answerBefore").toPlainText().isEmpty());
        QVERIFY(!fixture.part<QPlainTextEdit>("answerAfter").toPlainText().isEmpty());
        flows.setFocus();
        QTest::keyClick(&flows, Qt::Key_Return);
        auto* const panel = fixture.page->findChild<TryPanel*>();
        QVERIFY(panel->isVisible());
        QVERIFY(panel->trace().has_value());
        QCOMPARE(fixture.page->currentView(), PolicyPage::View::Compare);
    }

    void restoringIsOneEditAndGetsItsOwnNumber()
    {
        const QTemporaryDir folder;
        Fixture fixture(false);
        QVERIFY(fixture.editor()
                    .saveAs((folder.path() + QStringLiteral("/a.json")).toStdString())
                    .has_value());
        fixture.open();
        auto& restore = fixture.part<QPushButton>("restoreRevision");
        QVERIFY(!restore.isEnabled()); // the policy as it is
        fixture.choose(3);
        QVERIFY(restore.isEnabled());
        const int steps = fixture.editor().undoStack()->index();
        QTest::keyClick(&restore, Qt::Key_Space);
        QCOMPARE(fixture.editor().undoStack()->index(), steps + 1);
        PolicyDocument expected = supportDeskHistory()[3];
        expected.revision = 7;
        QVERIFY(fixture.editor().document() == expected);
        QCOMPARE(fixture.list().item(0)->text(), QStringLiteral("Not saved yet"));
        fixture.editor().undoStack()->undo();
        QVERIFY(fixture.editor().document() == fixture.editor().savedDocument());
        fixture.editor().undoStack()->redo();
        QVERIFY(fixture.editor().save().has_value());
        QCOMPARE(fixture.editor().document().revision, 8);
    }

    void notesAreTypedWhereTheyAreShown()
    {
        Fixture fixture(false);
        fixture.open();
        auto& note = fixture.part<QPlainTextEdit>("revisionNote");
        fixture.choose(2);
        note.setFocus();
        QTest::keyClicks(&note, QStringLiteral("why"));
        QCOMPARE(fixture.editor().recordOf(fixture.editor().revisions()[1]).note,
                 std::string("why"));
        QVERIFY(fixture.list()
                    .item(2)
                    ->data(Qt::AccessibleTextRole)
                    .toString()
                    .contains(QStringLiteral("why")));
        QVERIFY(fixture.editor().push(labelled(fixture.editor().document(), "x")).has_value());
        fixture.choose(0);
        note.setFocus();
        QTest::keyClicks(&note, QStringLiteral("soon"));
        QCOMPARE(QString::fromStdString(fixture.editor().nextNote()), QStringLiteral("soon"));
    }

    void theComparisonFollowsTheEdits()
    {
        Fixture fixture;
        fixture.open();
        fixture.choose(1);
        QTRY_VERIFY_WITH_TIMEOUT(fixture.hasNumbers(), 60'000);
        const QString before = fixture.part<TextLabel>("compareHeadline").text();
        PolicyDocument cheap = fixture.editor().document();
        cheap.rules.clear();
        QVERIFY(fixture.editor().push(ReplaceDocument{Boxed<PolicyDocument>(cheap)}).has_value());
        QCOMPARE(fixture.title(), QStringLiteral("Revision 6 → Not saved yet"));
        QVERIFY(!fixture.hasNumbers()); // those of another question are gone
        QTRY_VERIFY_WITH_TIMEOUT(fixture.hasNumbers(), 60'000);
        QVERIFY(fixture.part<TextLabel>("compareHeadline").text() != before);
    }

    void anotherFileIsComparedOrSaidToBeUnreadable()
    {
        const QTemporaryDir folder;
        const auto write = [&](const char* name, const std::string& text) {
            const QString path = folder.path() + QLatin1Char('/') + QLatin1String(name);
            if (!writeFileAtomically(path.toStdString(), text))
                qFatal("cannot write");
            return path;
        };
        Fixture fixture(false);
        fixture.open();
        auto& pane = fixture.part<HistoryPane>("historyPane");
        QString chosen = write("bad.json", "{");
        pane.setAskForFile([&](QWidget*) { return chosen; });
        auto& button = fixture.part<QPushButton>("compareWithFile");
        button.click();
        QVERIFY(fixture.part<QWidget>("historyProblem").isVisible());
        QCOMPARE(fixture.list().count(), 7);
        PolicyDocument other = supportDeskHistory()[1];
        chosen = write("other.json", toPolicyText(other));
        button.click();
        QVERIFY(!fixture.part<QWidget>("historyProblem").isVisible());
        QCOMPARE(fixture.list().count(), 8);
        QCOMPARE(fixture.title(), QStringLiteral("other.json → Revision 7"));
        QVERIFY(fixture.editor().requestComparison(other, QStringLiteral("on the disk")));
        QCOMPARE(fixture.title(), QStringLiteral("on the disk → Revision 7"));
    }

    void withoutTrafficTheStructureIsShown()
    {
        Fixture fixture(false);
        fixture.open();
        QVERIFY(!fixture.hasNumbers());
        QVERIFY(fixture.part<QWidget>("compareProblem").isVisible());
        QVERIFY(!fixture.page->findChildren<QWidget*>(QStringLiteral("changeLine")).isEmpty());
    }

    void anotherPolicyLeavesNothingBehind()
    {
        Fixture fixture(false);
        fixture.open();
        fixture.choose(3);
        PolicyDocument other = supportDeskHistory()[2];
        other.id = "other";
        fixture.editor().setDocument(other);
        QCOMPARE(fixture.list().count(), 1);
        QVERIFY(!fixture.page->findChildren<EmptyState*>().isEmpty());
        QVERIFY(!fixture.part<TextLabel>("compareTitle").isVisible());
    }

    /// Models and bands have their place, and none leaves the plot.
    void theFlowsFitAndCanBePressed()
    {
        BehaviourDiff diff;
        diff.requests = 100;
        diff.models = {{"a", ModelId("a"), 0, 0, 60, 20, 20},
                       {"b", ModelId("b"), 1, 1, 39, 79, 38}};
        diff.unansweredBefore = 1;
        diff.unansweredAfter = 1;
        BehaviourFlow there;
        there.from = 0;
        there.to = 1;
        there.requests = 40;
        BehaviourFlow lost;
        lost.from = 1;
        lost.to = -1;
        lost.requests = 1;
        diff.flows = {there, lost};
        AnswerFlowPlot plot;
        plot.resize(400, 240);
        plot.setDiff(&diff);
        const QRectF rect(plot.rect());
        const auto geometry = plot.geometryIn(rect);
        QCOMPARE(geometry.left.size(), std::size_t(3));
        QVERIFY(std::abs(geometry.left[0].bar.height() / geometry.left[1].bar.height() -
                         60.0 / 39) < 0.01);
        for (const auto* side : {&geometry.left, &geometry.right}) {
            for (std::size_t i = 0; i < side->size(); ++i) {
                QVERIFY(rect.contains((*side)[i].bar) && rect.contains((*side)[i].label));
                if (i > 0)
                    QVERIFY(!(*side)[i].label.intersects((*side)[i - 1].label));
            }
        }
        int pressed = -1;
        connect(&plot, &AnswerFlowPlot::flowPressed, &plot, [&](int flow) { pressed = flow; });
        const auto band = std::find_if(geometry.bands.begin(), geometry.bands.end(),
                                       [](const auto& each) { return each.flow == 0; });
        QVERIFY(band != geometry.bands.end());
        QTest::mouseClick(&plot, Qt::LeftButton, {},
                          band->path.pointAtPercent(0.25).toPoint() + QPoint(0, 4));
        QCOMPARE(pressed, 0);
        plot.setDiff(nullptr);
    }
};

int main(int argc, char* argv[])
{
    QTemporaryDir home;
    qputenv("XDG_CONFIG_HOME", home.path().toUtf8());
    QApplication app(argc, argv);
    setUpLook(app, ThemeChoice::Light);
    TestHistory test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_history.moc"
