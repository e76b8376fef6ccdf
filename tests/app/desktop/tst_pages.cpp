// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: the real pages are joined to the window: what a page has to say is seen.

#include <app/desktop/pages.h>
#include <core/sample/support_desk.h>
#include <ui/kit/scoreboard.h>
#include <ui/kit/theme.h>
#include <ui/policy/flow_scene.h>
#include <ui/policy/flow_view.h>
#include <ui/policy/policy_page.h>

#include <QAccessible>
#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QGraphicsView>
#include <QSignalSpy>
#include <QStatusBar>
#include <QTemporaryDir>
#include <QTest>
#include <QWindow>

#include <algorithm>

using namespace signalbox;
using namespace signalbox::ui;

namespace {

/// Can be reached by Tab, now.
bool isTabStop(const QWidget* widget)
{
    return widget->isVisible() && widget->isEnabled() &&
           (widget->focusPolicy() & Qt::TabFocus) == Qt::TabFocus && !widget->focusProxy();
}

QString describe(const QWidget* widget)
{
    QString text;
    for (const QWidget* at = widget; at && !at->isWindow(); at = at->parentWidget())
        text += QLatin1String(at->metaObject()->className()) + QLatin1Char(' ') + at->objectName() +
                QStringLiteral(" < ");
    return text;
}

QString spokenName(QWidget* widget)
{
    QAccessibleInterface* spoken = QAccessible::queryAccessibleInterface(widget);
    return spoken ? spoken->text(QAccessible::Name) : QString();
}

/// Does it say what it is, and not only that it is there?
bool hasRole(QWidget* widget)
{
    QAccessibleInterface* spoken = QAccessible::queryAccessibleInterface(widget);
    return spoken && spoken->role() != QAccessible::Client && spoken->role() != QAccessible::NoRole;
}

/// Its name with plain blanks.
QString nameOf(const QAccessibleInterface* spoken)
{
    return spoken->text(QAccessible::Name).replace(QChar(QChar::Nbsp), QLatin1Char(' '));
}

/// Names of what is told within, at any depth, each with a star if it is selected.
QStringList told(QAccessibleInterface* spoken)
{
    QStringList names;
    for (int i = 0; i < spoken->childCount(); ++i) {
        QAccessibleInterface* const child = spoken->child(i);
        names << nameOf(child) + (child->state().selected ? QStringLiteral("*") : QString());
        names << told(child);
    }
    return names;
}

QList<QWidget*> tabStopsIn(QWidget* place)
{
    QList<QWidget*> stops;
    for (QWidget* widget : place->findChildren<QWidget*>()) {
        if (isTabStop(widget) && widget->window() == place->window())
            stops << widget;
    }
    return stops;
}

/// What Tab reaches from here until it is here again; nothing if it does not come round. A canvas
/// may keep the focus for several steps.
QList<QWidget*> tabbedFrom(QWidget* start)
{
    constexpr int kMostSteps = 1'000;
    QList<QWidget*> way = {start};
    for (int step = 0; step < kMostSteps; ++step) {
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
        QWidget* focused = QApplication::focusWidget();
        if (!focused)
            return {};
        if (focused == start)
            return way;
        if (!way.contains(focused))
            way << focused;
    }
    return {};
}

} // namespace

class TestPages : public QObject
{
    Q_OBJECT
private slots:
    void everyControlHasANameAndTabReachesIt_data()
    {
        QTest::addColumn<QString>("page");
        for (const PageEntry& entry : desktop::allPages())
            QTest::newRow(qPrintable(entry.id)) << entry.id;
    }
    void everyControlHasANameAndTabReachesIt()
    {
        QFETCH(const QString, page);
        Workbench workbench{{}};
        workbench.editor().setDocument(supportDeskPolicy());
        MainWindow window(workbench, desktop::allPages());
        window.resize(1600, 1000);
        window.show();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        window.showPage(page);
        auto* rail = window.findChild<QWidget*>(QStringLiteral("rail"));
        rail->setFocus(Qt::TabFocusReason);
        QCOMPARE(QApplication::focusWidget(), rail);
        for (QWidget* stop : tabStopsIn(&window)) {
            QVERIFY2(!spokenName(stop).isEmpty(), qPrintable(describe(stop)));
            QVERIFY2(hasRole(stop), qPrintable(describe(stop)));
        }
        // On the first way round the canvas selects things, which shows and enables others.
        QVERIFY2(!tabbedFrom(rail).isEmpty(), "Tab does not come round");
        const QList<QWidget*> way = tabbedFrom(rail);
        for (QWidget* stop : tabStopsIn(&window)) {
            QVERIFY2(!spokenName(stop).isEmpty(), qPrintable(describe(stop)));
            QVERIFY2(hasRole(stop), qPrintable(describe(stop)));
            QVERIFY2(way.contains(stop),
                     qPrintable(QStringLiteral("Tab passes ") + describe(stop)));
        }
    }

    void theCanvasIsReadInTheWordsOfTheOutline()
    {
        Workbench workbench{{}};
        workbench.editor().setDocument(supportDeskPolicy());
        MainWindow window(workbench, desktop::allPages());
        window.resize(1600, 1000);
        window.show();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        auto* canvas =
            window.findChild<QWidget*>(QStringLiteral("policyPage"))->findChild<QGraphicsView*>();
        QAccessibleInterface* const spoken = QAccessible::queryAccessibleInterface(canvas);
        QCOMPARE(spoken->role(), QAccessible::Canvas);
        const QString rule =
            QStringLiteral("Simple questions, complexity ≤ 3 → palm-2, then gpt-4");
        const QStringList all = told(spoken);
        QVERIFY2(all.contains(rule), qPrintable(all.join(QLatin1Char('\n'))));
        QVERIFY(all.contains(QStringLiteral("If, complexity ≤ 6")));
        QVERIFY(all.contains(QStringLiteral("Then, 1, palm-2, 3 retries")));
        // A press selects, as a click does; the selected part is the one that has the keyboard.
        QAccessibleInterface* const lane = spoken->child(1);
        QCOMPARE(nameOf(lane), rule);
        lane->actionInterface()->doAction(QAccessibleActionInterface::pressAction());
        QCOMPARE(workbench.editor().selection().id, std::string("simple"));
        QVERIFY(told(spoken).contains(rule + QLatin1Char('*')));
        canvas->setFocus();
        QCOMPARE(spoken->focusChild(), lane);
        QVERIFY(canvas->rect().contains(canvas->mapFromGlobal(lane->rect().center())));
        QCOMPARE(spoken->childAt(lane->rect().left() + 2, lane->rect().top() + 2), lane);
        QCOMPARE(lane->child(0)->parent(), lane);
        // What is gone is not told any more.
        QVERIFY(workbench.editor().push(RemoveRule{RuleId("simple")}).has_value());
        QVERIFY(!told(spoken).contains(rule));
    }

    /// The page in front is meant, wherever in the window the keyboard is.
    void theKeysOfThePageWorkOnTheNumbersAboveIt()
    {
        Workbench workbench{{}};
        workbench.editor().setDocument(supportDeskPolicy());
        MainWindow window(workbench, desktop::allPages());
        window.resize(1600, 1000);
        window.show();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        window.findChild<Scoreboard*>()->tile(0)->setFocus();
        QTest::keyClick(window.windowHandle(), Qt::Key_2, Qt::ControlModifier);
        auto* const page = window.findChild<PolicyPage*>();
        QVERIFY(page->currentView() == PolicyPage::View::Outline);
        window.findChild<Scoreboard*>()->tile(0)->setFocus();
        QTest::keyClick(window.windowHandle(), Qt::Key_1, Qt::ControlModifier);
        QVERIFY(page->currentView() == PolicyPage::View::Canvas);
        QCOMPARE(QApplication::focusWidget(), window.findChild<FlowView*>());
    }

    void theMenuOfWhatIsSelectedOpensWithoutAMenuKey_data()
    {
        QTest::addColumn<int>("view");
        QTest::newRow("canvas") << int(Qt::Key_1);
        QTest::newRow("outline") << int(Qt::Key_2);
    }
    void theMenuOfWhatIsSelectedOpensWithoutAMenuKey()
    {
        QFETCH(const int, view);
        Workbench workbench{{}};
        workbench.editor().setDocument(supportDeskPolicy());
        MainWindow window(workbench, desktop::allPages());
        window.resize(1600, 1000);
        window.show();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        QTest::keyClick(&window, static_cast<Qt::Key>(view), Qt::ControlModifier);
        PolicySelection selection;
        selection.kind = PolicySelection::Kind::Model;
        selection.id = "palm-2";
        workbench.editor().setSelection(selection);
        QTest::keyClick(&window, Qt::Key_F10, Qt::ShiftModifier);
        QTRY_VERIFY(QApplication::activePopupWidget());
        QStringList entries;
        for (const QAction* action : QApplication::activePopupWidget()->actions())
            entries << action->text();
        QVERIFY2(entries.contains(QStringLiteral("Make it the baseline")),
                 qPrintable(entries.join(QLatin1Char('\n'))));
        QVERIFY2(!entries.contains(QStringLiteral("Add fallback step")), "menu of another part");
        QApplication::activePopupWidget()->close();
    }

    /// The middle of the canvas, where Qt asks for it, may be the port of another part.
    void onTheCanvasAKeyAsksForTheMenuOfWhatIsSelected()
    {
        Workbench workbench{{}};
        workbench.editor().setDocument(supportDeskPolicy());
        MainWindow window(workbench, desktop::allPages());
        window.resize(1600, 1000);
        window.show();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        auto* canvas = window.findChild<FlowView*>();
        PolicySelection selection;
        selection.kind = PolicySelection::Kind::Model;
        selection.id = "palm-2";
        workbench.editor().setSelection(selection);
        const FlowLane& lane = canvas->flowScene().flow().lanes.front();
        const auto call = std::ranges::find(lane.nodes, FlowNode::Kind::Call, &FlowNode::kind);
        QVERIFY(call != lane.nodes.end());
        QSignalSpy asked(canvas, &FlowView::menuRequested);
        const QPoint port = canvas->viewportPointOf(call->port());
        QContextMenuEvent event(QContextMenuEvent::Keyboard, port, canvas->mapToGlobal(port));
        QCoreApplication::sendEvent(canvas, &event);
        QCOMPARE(asked.count(), 1);
        QVERIFY(asked[0][1].value<FlowHit::Part>() != FlowHit::Part::Port);
        QCOMPARE(workbench.editor().selection(), selection);
        QApplication::activePopupWidget()->close();
    }

    void whyAPasteIsRefusedIsSaidInTheStatusBar()
    {
        Workbench workbench{{}};
        workbench.editor().setDocument(supportDeskPolicy());
        MainWindow window(workbench, desktop::allPages());
        window.show();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        auto* canvas =
            window.findChild<QWidget*>(QStringLiteral("policyPage"))->findChild<QGraphicsView*>();
        canvas->setFocus();
        QApplication::clipboard()->setText(QStringLiteral("not a part of a policy"));
        QTest::keyClick(canvas, Qt::Key_V, Qt::ControlModifier);
        QVERIFY(!window.statusBar()->currentMessage().isEmpty());
        QVERIFY(workbench.editor().document() == supportDeskPolicy());
    }
};

int main(int argc, char* argv[])
{
    QTemporaryDir home;
    qputenv("XDG_CONFIG_HOME", home.path().toUtf8());
    QApplication app(argc, argv);
    setUpLook(app, ThemeChoice::Light);
    TestPages test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_pages.moc"
