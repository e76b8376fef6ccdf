// SPDX-License-Identifier: GPL-3.0-or-later
#include "step_buttons.h"

#include <ui/kit/format.h>
#include <ui/kit/theme.h>

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QToolButton>

namespace signalbox::ui {

StepButtons::StepButtons(int steps, const std::function<QString(int)>& name, QWidget* parent)
    : QWidget(parent), m_group(new QButtonGroup(this)), m_steps(steps)
{
    auto* const layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kTiny);
    for (int step = 1; step <= steps; ++step) {
        auto* const button = new QToolButton(this);
        button->setText(format::count(step));
        button->setAccessibleName(name(step));
        button->setToolTip(name(step));
        button->setCheckable(true);
        m_group->addButton(button, step);
        layout->addWidget(button);
    }
    connect(m_group, &QButtonGroup::idClicked, this, &StepButtons::chosen);
}

int StepButtons::value() const
{
    return std::max(0, m_group->checkedId());
}

void StepButtons::setValue(int value)
{
    if (QAbstractButton* const button = m_group->button(value)) {
        button->setChecked(true);
        return;
    }
    m_group->setExclusive(false); // else the last one stays
    for (QAbstractButton* const button : m_group->buttons())
        button->setChecked(false);
    m_group->setExclusive(true);
}

void StepButtons::setReachedByTab(bool reached)
{
    for (QAbstractButton* const button : m_group->buttons())
        button->setFocusPolicy(reached ? Qt::StrongFocus : Qt::NoFocus);
    setFocusProxy(reached ? m_group->button(1) : nullptr);
}

} // namespace signalbox::ui
