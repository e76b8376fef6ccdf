// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ui/kit/choice_widgets.h>
#include <ui/policy/flow_view.h>
#include <ui/shell/main_window.h>

#include <QAbstractButton>
#include <QApplication>
#include <QComboBox>
#include <QMenu>
#include <QMenuBar>
#include <QScrollArea>
#include <QScrollBar>
#include <QTest>
#include <QTimer>
#include <QTreeView>
#include <QWheelEvent>

#include <functional>

namespace signalbox::test {

/// What somebody does to a policy in the window, by one device. Fields are called by the names that
/// a screen reader says, and are taken in the order in which a pane is read: of fields with one
/// name, the next one. What cannot be done fails the test and says where the hand was.
class Hand
{
public:
    explicit Hand(ui::MainWindow& window) : m_window(window) {}
    virtual ~Hand() = default;
    Hand(const Hand&) = delete;
    Hand& operator=(const Hand&) = delete;

    virtual void fill(const QString& field, const QString& text) = 0;
    virtual void choose(const QString& field, const QString& item) = 0;
    virtual void press(const QString& button) = 0;
    virtual void pick(const QString& button, const QString& entryOfItsMenu) = 0;
    virtual void add(const QString& kind) = 0; ///< from the menu of all that can be added
    virtual void goToPolicy() = 0;             ///< its settings as a whole
    virtual void goToSignal(const QString& name) = 0;
    virtual void save() = 0;

    [[nodiscard]] bool failed() const { return QTest::currentTestFailed(); }

protected:
    static QString nameOf(const QWidget* widget)
    {
        if (!widget)
            return {};
        const auto* const button = qobject_cast<const QAbstractButton*>(widget);
        return widget->accessibleName().isEmpty() && button ? button->text()
                                                            : widget->accessibleName();
    }
    void type(QWidget* field, const QString& text)
    {
        for (const QChar each : text) {
            if (each == QLatin1Char('\n'))
                QTest::keyClick(field, Qt::Key_Return);
            else
                QTest::sendKeyEvent(QTest::Click, field, Qt::Key_unknown, QString(each),
                                    Qt::NoModifier);
            letItFollow();
        }
    }
    /// Nobody is faster than the program: what a key or a click led to has happened by the next.
    /// And when a list that was open before is deleted, a window system does not forget the window.
    void letItFollow()
    {
        QCoreApplication::processEvents();
        if (!QApplication::activeWindow())
            comeBack();
    }
    static QAction* actionOf(const QMenu* menu, const QString& text)
    {
        for (QAction* const action : menu->actions()) {
            if (action->text().remove(QLatin1Char('&')) == text)
                return action;
        }
        return nullptr;
    }
    /// Some menus come back only when they are closed: their entry is picked from within.
    template<class Open, class Pick> void withMenu(Open open, Pick pick)
    {
        bool isPicked = false;
        QTimer look;
        QObject::connect(&look, &QTimer::timeout, &look, [&] {
            if (auto* const menu = qobject_cast<QMenu*>(QApplication::activePopupWidget())) {
                look.stop();
                pick(menu);
                isPicked = true;
            }
        });
        look.start(0);
        open();
        QTRY_VERIFY(isPicked);
        comeBack();
    }
    /// What the window system does when a menu or a list has closed.
    void comeBack()
    {
        QTRY_VERIFY(!QApplication::activePopupWidget());
        m_window.activateWindow();
        QTRY_VERIFY(QApplication::focusWidget());
    }
    [[nodiscard]] ui::FlowView* canvas() const { return m_window.findChild<ui::FlowView*>(); }
    [[nodiscard]] QTreeView* outline() const
    {
        return m_window.findChild<QTreeView*>(QStringLiteral("outlineView"));
    }

    ui::MainWindow& m_window;
};

/// Keys alone, each to what has the keyboard.
class KeyboardHand final : public Hand
{
public:
    using Hand::Hand;

    void fill(const QString& field, const QString& text) override
    {
        if (!tabTo(field))
            return;
        key(Qt::Key_A, Qt::ControlModifier);
        if (text.isEmpty())
            key(Qt::Key_Delete);
        type(QApplication::focusWidget(), text);
    }
    void choose(const QString& field, const QString& item) override
    {
        if (!tabTo(field))
            return;
        auto* const box = qobject_cast<QComboBox*>(QApplication::focusWidget());
        QVERIFY2(box && box->findText(item) >= 0, qPrintable(field + QLatin1Char('/') + item));
        key(Qt::Key_F4);
        QTRY_VERIFY(box->view()->isVisible());
        QTest::keyClick(box->view(), Qt::Key_Home);
        for (int i = 0; i < box->count() && box->view()->currentIndex().data() != item; ++i)
            QTest::keyClick(box->view(), Qt::Key_Down);
        QTest::keyClick(box->view(), Qt::Key_Return);
        comeBack();
        QCOMPARE(box->currentText(), item);
    }
    void press(const QString& button) override
    {
        if (tabTo(button))
            key(Qt::Key_Space);
    }
    void pick(const QString& button, const QString& entryOfItsMenu) override
    {
        if (tabTo(button, shorterWayTo(button)))
            pickFromMenu(entryOfItsMenu);
    }
    void add(const QString& kind) override
    {
        goToCanvas();
        if (tabTo(QStringLiteral("Add to the policy"), Qt::ShiftModifier))
            pickFromMenu(kind);
    }
    void goToPolicy() override
    {
        if (failed())
            return;
        goToCanvas();
        key(Qt::Key_F2);
    }
    void goToSignal(const QString& name) override
    {
        if (failed())
            return;
        goToCanvas();
        key(Qt::Key_2, Qt::ControlModifier);
        QCOMPARE(QApplication::focusWidget(), outline());
        outline()->keyboardSearch({}); // a pause: what was typed before is not gone on with
        type(outline(), name);         // the row that begins so
        key(Qt::Key_Return);
        QVERIFY(QApplication::focusWidget() != outline());
    }
    void save() override
    {
        if (!failed())
            key(Qt::Key_S, Qt::ControlModifier);
    }

private:
    void key(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier)
    {
        QWidget* const focused = QApplication::focusWidget();
        QVERIFY2(focused, "nothing has the keyboard");
        QTest::keyClick(focused, key, modifiers);
        letItFollow();
    }
    [[nodiscard]] bool tabTo(const QString& name, Qt::KeyboardModifiers modifiers = {})
    {
        constexpr int kMostSteps = 300;
        if (failed())
            return false;
        QStringList way;
        for (int step = 0; step < kMostSteps && !failed(); ++step) {
            if (nameOf(QApplication::focusWidget()) == name)
                return true;
            way << nameOf(QApplication::focusWidget());
            key(modifiers ? Qt::Key_Backtab : Qt::Key_Tab, modifiers);
        }
        QTest::qFail(qPrintable(name + QStringLiteral(" is not on the way of Tab: ") +
                                QStringList(way.mid(0, 60)).join(QStringLiteral(", "))),
                     __FILE__, __LINE__);
        return false;
    }
    /// A button is seen, before or behind the field that was filled last.
    static Qt::KeyboardModifiers shorterWayTo(const QString& name)
    {
        const QWidget* forward = QApplication::focusWidget();
        const QWidget* back = forward;
        const auto isIt = [&](const QWidget* each) {
            return each->isVisible() && nameOf(each) == name;
        };
        while (forward && !isIt(forward) && !isIt(back)) {
            forward = forward->nextInFocusChain();
            back = back->previousInFocusChain();
            if (forward == QApplication::focusWidget())
                break;
        }
        return forward && isIt(forward) ? Qt::NoModifier : Qt::ShiftModifier;
    }
    /// Of the button that has the keyboard.
    void pickFromMenu(const QString& entry)
    {
        withMenu([this] { key(Qt::Key_Space); },
                 [&](QMenu* menu) {
                     QAction* const wanted = actionOf(menu, entry);
                     for (int i = 0; i <= menu->actions().size() && menu->activeAction() != wanted;
                          ++i)
                         QTest::keyClick(menu, Qt::Key_Down);
                     QTest::keyClick(menu, wanted ? Qt::Key_Return : Qt::Key_Escape);
                     QVERIFY2(wanted, qPrintable(entry));
                 });
    }
    /// With nothing selected.
    void goToCanvas()
    {
        if (failed())
            return;
        key(Qt::Key_1, Qt::ControlModifier);
        key(Qt::Key_1, Qt::AltModifier);
        QCOMPARE(QApplication::focusWidget(), canvas());
        key(Qt::Key_Escape);
    }
};

/// Moves, clicks, wheel; keys only to write into a field that was clicked.
class MouseHand final : public Hand
{
public:
    using Hand::Hand;

    void fill(const QString& field, const QString& text) override
    {
        QWidget* const target = reach(field);
        if (!target)
            return;
        // Three clicks take the whole text of a line; what has several is empty before.
        auto* const area = qobject_cast<QAbstractScrollArea*>(target);
        QWidget* const place = area ? area->viewport() : target;
        QTest::mouseDClick(place, Qt::LeftButton);
        QTest::mouseClick(place, Qt::LeftButton);
        letItFollow();
        QCOMPARE(QApplication::focusWidget(), target);
        type(target, text);
    }
    void choose(const QString& field, const QString& item) override
    {
        auto* const box = qobject_cast<QComboBox*>(reach(field));
        if (failed())
            return;
        QVERIFY2(box && box->findText(item) >= 0, qPrintable(field + QLatin1Char('/') + item));
        // A release right after the press that opened the list would not count.
        const int interval = QApplication::doubleClickInterval();
        QApplication::setDoubleClickInterval(0);
        QTest::mouseClick(box, Qt::LeftButton);
        QTRY_VERIFY(box->view()->isVisible());
        const QModelIndex index = box->model()->index(box->findText(item), box->modelColumn());
        const QPoint place = box->view()->visualRect(index).center();
        QTest::mouseMove(box->view()->viewport(), place);
        QTest::mouseClick(box->view()->viewport(), Qt::LeftButton, {}, place);
        QApplication::setDoubleClickInterval(interval);
        comeBack();
        QCOMPARE(box->currentText(), item);
    }
    void press(const QString& button) override
    {
        if (QWidget* const target = reach(button))
            QTest::mouseClick(target, Qt::LeftButton, {}, handleOf(target));
    }
    void pick(const QString& button, const QString& entryOfItsMenu) override
    {
        pickFromMenu([&] { press(button); }, entryOfItsMenu);
    }
    void add(const QString& kind) override
    {
        m_last = nullptr;
        pick(QStringLiteral("Add to the policy"), kind);
        m_last = nullptr;
    }
    void goToPolicy() override
    {
        if (failed())
            return;
        clickSegment(0);
        QTest::mouseClick(canvas()->viewport(), Qt::LeftButton, {},
                          canvas()->viewportPointOf(canvas()->flowScene().flow().source.center()));
        m_last = nullptr;
    }
    void goToSignal(const QString& name) override
    {
        if (failed())
            return;
        clickSegment(1);
        const QAbstractItemModel* const model = outline()->model();
        const auto found = model->match(model->index(0, 0), Qt::DisplayRole, name, 1,
                                        Qt::MatchFixedString | Qt::MatchRecursive);
        QVERIFY2(!found.isEmpty(), qPrintable(name));
        wheelUntil(outline(), [&] {
            return outline()->viewport()->rect().contains(
                outline()->visualRect(found.front()).center());
        });
        QTest::mouseClick(outline()->viewport(), Qt::LeftButton, {},
                          outline()->visualRect(found.front()).center());
        m_last = nullptr;
    }
    void save() override
    {
        if (failed())
            return;
        QMenu* const file = m_window.menuBar()->actions().constFirst()->menu();
        const auto open = [&] {
            QTest::mouseClick(m_window.menuBar(), Qt::LeftButton, {},
                              m_window.menuBar()->actionGeometry(file->menuAction()).center());
        };
        pickFromMenu(open, QStringLiteral("Save"));
    }

private:
    /// Where a click means the whole: the box and the words of a check box, not the room behind.
    static QPoint handleOf(const QWidget* widget)
    {
        return {std::min(widget->width() / 2, 12), widget->height() / 2};
    }
    [[nodiscard]] QWidget* next(const QString& name) const
    {
        QWidget* const start = m_last ? m_last.data() : static_cast<QWidget*>(&m_window);
        QWidget* at = start;
        do {
            at = at->nextInFocusChain();
            if (at->isVisible() && at->isEnabled() && nameOf(at) == name)
                return at;
        } while (at != start);
        return nullptr;
    }
    /// The next field of that name, brought into view.
    QWidget* reach(const QString& name)
    {
        if (failed())
            return nullptr;
        QWidget* at = nullptr;
        if (!QTest::qWaitFor([&] { return (at = next(name)) != nullptr; })) {
            QTest::qFail(qPrintable(name + QStringLiteral(" is nowhere to be seen")), __FILE__,
                         __LINE__);
            return nullptr;
        }
        reveal(at);
        m_last = at;
        return at;
    }
    void reveal(QWidget* widget)
    {
        for (QWidget* up = widget->parentWidget(); up; up = up->parentWidget()) {
            auto* const area = qobject_cast<QScrollArea*>(up);
            if (!area)
                continue;
            QTRY_VERIFY(!widget->rect().isEmpty());
            wheelUntil(area, [&] {
                const QPoint center = widget->mapTo(area->viewport(), widget->rect().center());
                return area->viewport()->rect().adjusted(0, 24, 0, -24).contains(center);
            });
        }
    }
    template<class IsDone> void wheelUntil(QAbstractScrollArea* area, IsDone isDone)
    {
        constexpr int kNotch = 120;
        // Up to the top first, then down notch by notch.
        const QScrollBar* const bar = area->verticalScrollBar();
        const auto wheel = [&](int notch) {
            const QPointF place(2, area->viewport()->height() / 2.0);
            QWheelEvent event(place, area->viewport()->mapToGlobal(place), {}, {0, notch},
                              Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
            QApplication::sendEvent(area->viewport(), &event);
        };
        if (QTest::qWaitFor(isDone, 0))
            return;
        while (bar->value() > bar->minimum())
            wheel(kNotch);
        while (!isDone() && bar->value() < bar->maximum())
            wheel(-kNotch / 2);
        QTRY_VERIFY(isDone());
    }
    void clickSegment(int index)
    {
        auto* const views = m_window.findChild<ui::SegmentedControl*>(QStringLiteral("viewSwitch"));
        QTest::mouseClick(views, Qt::LeftButton, {}, views->segmentRect(index).center());
    }
    template<class Open> void pickFromMenu(Open open, const QString& entry)
    {
        withMenu(open, [&](QMenu* menu) {
            QAction* const wanted = actionOf(menu, entry);
            if (!wanted)
                menu->close();
            QVERIFY2(wanted, qPrintable(entry));
            const QPoint place = menu->actionGeometry(wanted).center();
            for (const QPoint& step : {place - QPoint(2, 0), place - QPoint(1, 0), place})
                QTest::mouseMove(menu, step);
            QTest::mouseClick(menu, Qt::LeftButton, {}, place);
        });
    }

    QPointer<QWidget> m_last; ///< the next field is looked for behind it
};

} // namespace signalbox::test
