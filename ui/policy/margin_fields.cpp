// SPDX-License-Identifier: GPL-3.0-or-later
#include "margin_fields.h"

#include "margin_edits.h"
#include "plan_editor.h"

#include <ui/kit/app_style.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/icons.h>
#include <ui/kit/theme.h>

#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace signalbox::ui {

MarginFields::MarginFields(QWidget* parent) : QWidget(parent)
{
    auto* const layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kUnit);
    m_add = new QPushButton(icon(Icon::Margin), tr("Send the ambiguous ones through a cascade"));
    m_add->setObjectName(QStringLiteral("addMargin"));
    setButtonKind(m_add, ButtonKind::Quiet);
    layout->addWidget(m_add, 0, Qt::AlignLeft);
    m_body = new QWidget;
    auto* const body = new QVBoxLayout(m_body);
    body->setContentsMargins(0, 0, 0, 0);
    body->setSpacing(space::kUnit);
    layout->addWidget(m_body);

    auto* const line = new QHBoxLayout;
    line->setSpacing(space::kHalf);
    m_margin = new NumberField(tr("Within"), {1e-6, 1e9, 1, 6});
    m_margin->setObjectName(QStringLiteral("margin"));
    m_margin->setToolTip(tr("How much higher or lower the number would have to be for the rule to "
                            "turn round."));
    m_signal = new SignalField(tr("Of the limit of"));
    m_signal->setObjectName(QStringLiteral("marginSignal"));
    auto* const remove = new IconButton(Icon::Trash, tr("Treat them like all others"));
    remove->setObjectName(QStringLiteral("removeMargin"));
    line->addWidget(captioned(tr("Within"), m_margin), 2);
    line->addWidget(captioned(tr("Of the limit of"), m_signal), 3);
    line->addWidget(remove, 0, Qt::AlignBottom);
    body->addLayout(line);
    m_plan = new PlanEditor;
    body->addWidget(m_plan);

    connect(m_add, &QPushButton::clicked, this, &MarginFields::addRequested);
    connect(remove, &IconButton::clicked, this, &MarginFields::removeRequested);
    connect(m_margin, &NumberField::valueEdited, this, [this](std::optional<double> margin) {
        if (!margin)
            return;
        m_uncertain.margin = *margin;
        emit edited(m_uncertain, Pace::Typing);
    });
    connect(m_signal, &SignalField::signalChosen, this, [this](const SignalId& signal) {
        m_uncertain.signal = signal;
        emit edited(m_uncertain, Pace::Once);
    });
}

void MarginFields::setRule(const Rule& rule, const PolicyDocument& document)
{
    const std::vector<SignalId> limited = limitedSignals(rule.when);
    m_add->setVisible(!rule.uncertain && !limited.empty());
    m_body->setVisible(rule.uncertain.has_value());
    if (!rule.uncertain)
        return;
    m_uncertain = *rule.uncertain;
    m_margin->setValue(rule.uncertain->margin);
    std::vector<Signal> choices;
    std::ranges::copy_if(document.signalList, std::back_inserter(choices), [&](const Signal& each) {
        return std::ranges::find(limited, each.id) != limited.end();
    });
    m_signal->setSignals(choices, rule.uncertain->signal);
    m_plan->setPlan(rule.uncertain->plan, document);
}

void MarginFields::setCurrentPath(const std::string& planPath)
{
    m_plan->setCurrentPath(planPath);
}

void MarginFields::focusFirst()
{
    QWidget* const first = m_body->isVisibleTo(this) ? static_cast<QWidget*>(m_margin) : m_add;
    first->setFocus(Qt::OtherFocusReason);
}

} // namespace signalbox::ui
