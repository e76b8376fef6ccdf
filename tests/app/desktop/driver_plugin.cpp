// SPDX-License-Identifier: GPL-3.0-or-later
// Loaded into the real program by QT_QPA_GENERIC_PLUGINS=signalboxdriver:TASK; does TASK with keys
// and clicks, each step as soon as the window is ready for it.

#include <QAbstractButton>
#include <QApplication>
#include <QGenericPlugin>
#include <QGraphicsView>
#include <QMainWindow>
#include <QTest>
#include <QTimer>

#include <functional>
#include <utility>
#include <vector>

namespace {

constexpr int kLookAgainMs = 20;

QMainWindow* window()
{
    for (QWidget* widget : QApplication::topLevelWidgets()) {
        if (auto* found = qobject_cast<QMainWindow*>(widget); found && found->isVisible())
            return found;
    }
    return nullptr;
}

template<class Widget> Widget* shown(const char* name)
{
    QMainWindow* top = window();
    auto* found = top ? top->findChild<Widget*>(QLatin1String(name)) : nullptr;
    return found && found->isVisible() ? found : nullptr;
}

/// The page's only view with a scene.
QGraphicsView* shownCanvas()
{
    QWidget* page = shown<QWidget>("policyPage");
    auto* canvas = page ? page->findChild<QGraphicsView*>() : nullptr;
    return canvas && canvas->isVisible() ? canvas : nullptr;
}

/// With the canvas in focus, Insert adds a rule.
bool addRule()
{
    QGraphicsView* canvas = shownCanvas();
    if (!canvas)
        return false;
    canvas->activateWindow();
    canvas->setFocus(Qt::OtherFocusReason);
    if (!canvas->hasFocus())
        return false;
    QTest::keyClick(canvas, Qt::Key_Insert);
    return true;
}

/// Clicks what is offered in a notice, once it is there.
std::function<bool()> choose(const char* notice, const char* offer)
{
    return [notice, offer] {
        QWidget* shownNotice = shown<QWidget>(notice);
        if (!shownNotice)
            return false;
        for (QAbstractButton* button : shownNotice->findChildren<QAbstractButton*>()) {
            if (button->text() == QLatin1String(offer)) {
                QTest::mouseClick(button, Qt::LeftButton);
                return true;
            }
        }
        return false;
    };
}

/// Of the rule that is selected on the canvas: its condition as text.
bool openFormula()
{
    QGraphicsView* canvas = shownCanvas();
    QWidget* const focused = QApplication::focusWidget();
    if (canvas && focused && focused->objectName() == QLatin1String("ruleLabel"))
        QTest::keyClick(focused, Qt::Key_Escape); // the new rule's name stays as it is
    if (!canvas || !canvas->hasFocus())
        return false;
    QTest::keyClick(canvas, Qt::Key_Equal);
    return true;
}

/// Types in the place of what stands in a field, once that has the keyboard.
std::function<bool()> typeInto(const char* field, const char* text)
{
    return [field, text] {
        QWidget* focused = QApplication::focusWidget();
        if (!focused || focused->objectName() != QLatin1String(field))
            return false;
        QTest::keyClick(focused, Qt::Key_A, Qt::ControlModifier);
        QTest::keyClicks(focused, QLatin1String(text));
        return true;
    };
}

bool openReplacing()
{
    window()->activateWindow();
    if (!window()->isActiveWindow())
        return false;
    QTest::keyClick(window(), Qt::Key_H, Qt::ControlModifier);
    return true;
}

bool isToldOfTheOtherWindow()
{
    return shown<QWidget>("elsewhereNotice") != nullptr;
}

bool nextTab()
{
    window()->activateWindow();
    if (!window()->isActiveWindow())
        return false;
    QTest::keyClick(window(), Qt::Key_Tab, Qt::ControlModifier);
    return true;
}

bool save()
{
    if (!window()->isWindowModified())
        return false;
    window()->activateWindow();
    if (!window()->isActiveWindow())
        return false;
    QTest::keyClick(window(), Qt::Key_S, Qt::ControlModifier);
    return true;
}

class Driver final : public QObject
{
public:
    explicit Driver(const QString& task)
    {
        const auto restore = choose("recovery", "Restore");
        if (task == QLatin1String("edit"))
            m_steps = {addRule};
        else if (task == QLatin1String("editAndReplace"))
            m_steps = {addRule, openReplacing, typeInto("findText", "size")};
        else if (task == QLatin1String("typeCondition"))
            m_steps = {addRule, openFormula, typeInto("formulaText", "c")};
        else if (task == QLatin1String("editBoth"))
            m_steps = {addRule, nextTab, addRule};
        else if (task == QLatin1String("restore"))
            m_steps = {restore, save};
        else if (task == QLatin1String("restoreAll"))
            m_steps = {choose("recoveries", "Restore all"), save, nextTab, save};
        else if (task == QLatin1String("firstWindow"))
            m_steps = {addRule, choose("diskNotice", "Keep mine"), save};
        else if (task == QLatin1String("secondWindow"))
            m_steps = {isToldOfTheOtherWindow, addRule, addRule, save};
        connect(&m_timer, &QTimer::timeout, this, [this] { step(); });
        m_timer.start(kLookAgainMs);
    }

private:
    void step()
    {
        if (m_done == m_steps.size())
            return m_timer.stop();
        if (m_steps[m_done]())
            ++m_done;
    }

    std::vector<std::function<bool()>> m_steps;
    std::size_t m_done = 0;
    QTimer m_timer;
};

} // namespace

class DriverPlugin final : public QGenericPlugin
{
    Q_OBJECT
    Q_PLUGIN_METADATA(IID QGenericPluginFactoryInterface_iid FILE "driver_plugin.json")
public:
    QObject* create(const QString& key, const QString& task) override
    {
        return key == QLatin1String("signalboxdriver") ? new Driver(task) : nullptr;
    }
};

#include "driver_plugin.moc"
