// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspector_pane.h"

#include <ui/kit/basic_widgets.h>
#include <ui/kit/theme.h>

#include <QApplication>
#include <QEvent>
#include <QScopedValueRollback>
#include <QVBoxLayout>

namespace signalbox::ui {

namespace {

/// What Tab stops at, in the order in which a layout is read.
void collectTabStops(const QLayout* layout, QList<QWidget*>& stops)
{
    for (int i = 0; i < layout->count(); ++i) {
        QLayoutItem* const item = layout->itemAt(i);
        if (const QLayout* const inner = item->layout())
            collectTabStops(inner, stops);
        QWidget* const widget = item->widget();
        if (!widget)
            continue;
        if ((widget->focusPolicy() & Qt::TabFocus) && !widget->focusProxy())
            stops << widget;
        else if (widget->layout())
            collectTabStops(widget->layout(), stops);
    }
}

} // namespace

InspectorPane::InspectorPane(Workbench& workbench, QWidget* parent)
    : QWidget(parent), m_workbench(workbench)
{
    m_body =
        rowsFromTop(this, {space::kWide, space::kGap, space::kWide, space::kSection}, space::kUnit);
    // Coming back to a field is another step.
    connect(qApp, &QApplication::focusChanged, this, [this] { m_typingIn = nullptr; });
    // Once something else was done, undo is the policy's: the field would take back what came
    // before it.
    connect(&editor(), &PolicyEditor::documentChanged, this, [this] {
        QWidget* const field = QApplication::focusWidget();
        if (!m_isTyping && field && isAncestorOf(field))
            forgetTyping(field);
    });
}

InspectorPane::~InspectorPane()
{
    // The widget loses the focus after this part of it is gone.
    disconnect(qApp, nullptr, this, nullptr);
}

void InspectorPane::push(const Edit& edit, Pace pace)
{
    if (pace == Pace::Once) {
        m_typingIn = nullptr;
        editor().push(edit);
        return;
    }
    const QWidget* const field = QApplication::focusWidget();
    if (!field || field != m_typingIn)
        m_gesture = PolicyEditor::newGesture();
    m_typingIn = field;
    const QScopedValueRollback<bool> typing(m_isTyping, true);
    editor().push(edit, m_gesture);
}

void InspectorPane::addSection(const QString& title, const QString& note)
{
    if (m_body->count() > 0)
        m_body->addSpacing(space::kUnit);
    auto* const header = new SectionHeader(title);
    header->setNote(note);
    m_body->addWidget(header);
}

QWidget* InspectorPane::addField(const QString& caption, QWidget* field)
{
    QWidget* const box = captioned(caption, field);
    m_body->addWidget(box);
    return box;
}

bool InspectorPane::event(QEvent* event)
{
    if (event->type() == QEvent::LayoutRequest)
        orderTabs();
    return QWidget::event(event);
}

/// Rows that come later, a new gate say, would be the last of the whole window for Tab. It goes
/// through the pane as it is read.
void InspectorPane::orderTabs()
{
    QList<QWidget*> stops;
    collectTabStops(layout(), stops);
    // Nothing changes where the order is right. It is not remembered: a row that takes another's
    // place may have its address, too.
    for (qsizetype i = 1; i < stops.size(); ++i)
        setTabOrder(stops[i - 1], stops[i]);
}

} // namespace signalbox::ui
