// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspector.h"

#include "document_pane.h"
#include "model_pane.h"
#include "policy_paths.h"
#include "rule_pane.h"
#include "signal_pane.h"

#include <ui/kit/basic_widgets.h>
#include <ui/kit/card.h>
#include <ui/kit/icons.h>
#include <ui/kit/model_look.h>
#include <ui/kit/scroll_fade.h>
#include <ui/kit/theme.h>

#include <QHBoxLayout>
#include <QPainter>
#include <QScrollArea>
#include <QStackedWidget>
#include <QTimer>
#include <QVBoxLayout>

#include <algorithm>

namespace signalbox::ui {
namespace {

using Kind = PolicySelection::Kind;
constexpr int kIconPx = 18;

QString kindWords(Kind kind)
{
    switch (kind) {
    case Kind::Nothing:
        return {};
    case Kind::Rule:
        return Inspector::tr("Rule");
    case Kind::Otherwise:
        return Inspector::tr("Last lane");
    case Kind::Model:
        return Inspector::tr("Model");
    case Kind::Signal:
        return Inspector::tr("Signal");
    case Kind::Document:
        return Inspector::tr("Policy");
    }
    return {};
}

QIcon kindIcon(const PolicyDocument& document, const PolicySelection& selection)
{
    switch (selection.kind) {
    case Kind::Nothing:
        return {};
    case Kind::Rule:
        return icon(Icon::Rule);
    case Kind::Otherwise:
        return icon(Icon::Otherwise);
    case Kind::Signal:
        return icon(Icon::Signal);
    case Kind::Document:
        return icon(Icon::Document);
    case Kind::Model:
        for (std::size_t i = 0; i < document.models.size(); ++i) {
            if (document.models[i].id.value == selection.id)
                return modelIcon(static_cast<int>(i));
        }
        return icon(Icon::Model);
    }
    return {};
}

/// Where the selected thing stands among its like.
QString placeWords(const PolicyDocument& document, const PolicySelection& selection)
{
    switch (selection.kind) {
    case Kind::Rule:
        for (std::size_t i = 0; i < document.rules.size(); ++i) {
            if (document.rules[i].id.value == selection.id)
                return Inspector::tr("%1 of %2").arg(i + 1).arg(document.rules.size());
        }
        return {};
    case Kind::Model:
        return document.baseline.value == selection.id ? Inspector::tr("baseline") : QString();
    case Kind::Document:
        return Inspector::tr("revision %1").arg(document.revision);
    default:
        return {};
    }
}

/// Nothing selected is the policy as a whole.
PolicySelection subjectOf(const PolicySelection& selection)
{
    return selection.kind == Kind::Nothing ? selectDocument() : selection;
}

} // namespace

Inspector::Inspector(Workbench& workbench, QWidget* parent)
    : QWidget(parent), m_workbench(workbench)
{
    setObjectName(QStringLiteral("inspector"));
    setAccessibleName(tr("Inspector"));
    auto* const layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    auto* const head = new QHBoxLayout;
    head->setContentsMargins(space::kWide, space::kGap, space::kWide, 0);
    head->setSpacing(space::kUnit);
    m_icon = new IconLabel(kIconPx);
    m_title = new ElidedLabel({}, TextRole::Title);
    m_place = new TextLabel({}, TextRole::Small);
    m_place->setMuted(true);
    head->addWidget(m_icon);
    head->addWidget(m_title, 1);
    head->addWidget(m_place);
    layout->addLayout(head);
    m_stack = new QStackedWidget;
    layout->addWidget(m_stack, 1);
    PolicyEditor& editor = workbench.editor();
    connect(&editor, &PolicyEditor::shownChanged, this, &Inspector::refresh);
    connect(&editor, &PolicyEditor::selectionChanged, this, [this] {
        refresh();
        // Parts that were made just now have their places with the next layout.
        QTimer::singleShot(0, this, &Inspector::scrollToPart);
    });
    refresh();
}

Inspector::~Inspector() = default;

InspectorPane* Inspector::makePane(Kind kind)
{
    switch (kind) {
    case Kind::Rule:
        return new RulePane(m_workbench);
    case Kind::Otherwise:
        return new OtherwisePane(m_workbench);
    case Kind::Model:
        return new ModelPane(m_workbench);
    case Kind::Signal:
        return new SignalPane(m_workbench);
    case Kind::Nothing:
    case Kind::Document:
        break;
    }
    return new DocumentPane(m_workbench);
}

InspectorPane* Inspector::paneFor(Kind kind)
{
    if (const auto found = m_panes.find(kind); found != m_panes.end())
        return found->second;
    InspectorPane* const pane = makePane(kind);
    connect(pane, &InspectorPane::requestChosen, this, &Inspector::requestChosen);
    auto* const scroll = new QScrollArea;
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setWidget(pane);
    keepRightInset(scroll, space::kWide);
    ScrollFade::addTo(scroll);
    // The panel's own surface shows through.
    scroll->viewport()->setAutoFillBackground(false);
    pane->setAutoFillBackground(false);
    m_stack->addWidget(scroll);
    m_panes[kind] = pane;
    return pane;
}

void Inspector::refresh()
{
    const PolicySelection selection = subjectOf(m_workbench.editor().selection());
    const PolicyDocument& document = m_workbench.editor().shownDocument();
    refreshHeader(document, selection);
    InspectorPane* const pane = paneFor(selection.kind);
    pane->refresh(document, selection);
    m_stack->setCurrentWidget(scrollOf(pane));
}

QScrollArea* Inspector::scrollOf(const InspectorPane* pane) const
{
    for (int i = 0; i < m_stack->count(); ++i) {
        auto* const scroll = qobject_cast<QScrollArea*>(m_stack->widget(i));
        if (scroll && scroll->widget() == pane)
            return scroll;
    }
    return nullptr;
}

void Inspector::scrollToPart()
{
    const PolicySelection selection = subjectOf(m_workbench.editor().selection());
    InspectorPane* const pane = paneFor(selection.kind);
    QWidget* const part = pane->partOf(selection);
    if (!part)
        return;
    // The scroll area hears of parts that were made just now only later.
    QScrollArea* const scroll = scrollOf(pane);
    pane->layout()->activate();
    const int height =
        pane->hasHeightForWidth() ? pane->heightForWidth(pane->width()) : pane->sizeHint().height();
    pane->resize(pane->width(), std::max(height, scroll->viewport()->height()));
    scroll->ensureWidgetVisible(part, 0, ScrollFade::kHeightPx);
}

void Inspector::refreshHeader(const PolicyDocument& document, const PolicySelection& selection)
{
    m_icon->setIcon(kindIcon(document, selection));
    m_title->setText(kindWords(selection.kind));
    m_place->setText(placeWords(document, selection));
}

void Inspector::focusPart()
{
    const PolicySelection selection = subjectOf(m_workbench.editor().selection());
    paneFor(selection.kind)->focusPart(selection);
}

void Inspector::focusName()
{
    paneFor(subjectOf(m_workbench.editor().selection()).kind)->focusName();
}

void Inspector::focusFormula()
{
    const PolicySelection& selection = m_workbench.editor().selection();
    if (auto* const pane = qobject_cast<RulePane*>(paneFor(subjectOf(selection).kind)))
        pane->focusFormula(selection);
}

void Inspector::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    painter.fillRect(rect(), Theme::current().colors().surface);
}

} // namespace signalbox::ui
