// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspector_pane.h"

#include <ui/kit/basic_widgets.h>
#include <ui/kit/theme.h>

#include <QApplication>
#include <QVBoxLayout>

namespace signalbox::ui {

InspectorPane::InspectorPane(Workbench& workbench, QWidget* parent)
    : QWidget(parent), m_workbench(workbench)
{
    m_body =
        rowsFromTop(this, {space::kWide, space::kGap, space::kWide, space::kSection}, space::kUnit);
    // Coming back to a field is another step.
    connect(qApp, &QApplication::focusChanged, this, [this] { m_typingIn = nullptr; });
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

} // namespace signalbox::ui
