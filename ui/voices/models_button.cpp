// SPDX-License-Identifier: GPL-3.0-or-later
#include "models_button.h"

#include <ui/kit/app_style.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/icons.h>
#include <ui/kit/model_look.h>
#include <ui/kit/text_views.h>
#include <ui/kit/theme.h>
#include <ui/models/workbench.h>

#include <QAction>
#include <QCheckBox>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>

namespace signalbox::ui {

namespace {

constexpr int kPopoverWidthPx = 280;
constexpr int kMostBoxesPx = 12 * space::kRow; ///< of height; more are scrolled to

} // namespace

ModelsPopover::ModelsPopover(LabSession& session, Workbench& workbench, QWidget* parent)
    : Popover(parent), m_session(session), m_workbench(workbench)
{
    setObjectName(QStringLiteral("modelsPopover"));
    setAccessibleName(tr("Models of the table"));
    setFixedWidth(kPopoverWidthPx);
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(space::kWide, space::kGap, space::kWide, space::kGap);
    rows->setSpacing(space::kHalf);
    rows->addWidget(new TextLabel(tr("Columns of the table"), TextRole::BodyStrong, this));
    m_scroll = new QScrollArea(this);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setWidgetResizable(true);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    m_scroll->viewport()->setAutoFillBackground(false);
    auto* boxes = new QWidget(m_scroll);
    m_boxes = new QVBoxLayout(boxes);
    m_boxes->setContentsMargins(0, 0, 0, 0);
    m_boxes->setSpacing(0);
    m_scroll->setWidget(boxes);
    boxes->setAutoFillBackground(false);
    rows->addWidget(m_scroll);
    rows->addWidget(makeLine(Qt::Horizontal, this));
    m_ways = new QVBoxLayout;
    m_ways->setSpacing(0);
    rows->addLayout(m_ways);
}

void ModelsPopover::addWay(QAction* action)
{
    auto* button = new QPushButton(action->icon(), action->text(), this);
    setButtonKind(button, ButtonKind::Quiet);
    button->setToolTip(action->toolTip());
    m_ways->addWidget(button, 0, Qt::AlignLeft);
    connect(button, &QPushButton::clicked, this, [this, action] {
        hide();
        action->trigger();
    });
}

QCheckBox* ModelsPopover::makeBox(const ModelId& id, int place)
{
    const QString name = QString::fromStdString(id.value);
    auto* box = new QCheckBox(withoutMnemonics(withVisibleControls(name)), m_scroll->widget());
    box->setIcon(modelIcon(place));
    box->setObjectName(QStringLiteral("model.") + name);
    box->setMinimumHeight(space::kRow);
    connect(box, &QCheckBox::toggled, this, [this, id](bool on) { m_session.chooseModel(id, on); });
    return box;
}

/// Boxes stay as long as their models do: one of them may be the sender of what is handled now.
void ModelsPopover::refresh()
{
    std::vector<ModelId> ids;
    for (const ModelSpec& model : m_workbench.editor().document().models)
        ids.push_back(model.id);
    ids.push_back(m_session.policyColumn());
    if (ids != m_shown) {
        m_shown = ids;
        while (QLayoutItem* item = m_boxes->takeAt(0)) {
            item->widget()->hide();
            item->widget()->deleteLater();
            delete item;
        }
        for (std::size_t i = 0; i < ids.size(); ++i)
            m_boxes->addWidget(makeBox(ids[i], static_cast<int>(i)));
        describePolicy(static_cast<QCheckBox*>(m_boxes->itemAt(m_boxes->count() - 1)->widget()));
        m_scroll->setFixedHeight(std::min(m_boxes->sizeHint().height(), kMostBoxesPx));
    }
    for (std::size_t i = 0; i < ids.size(); ++i)
        static_cast<QCheckBox*>(m_boxes->itemAt(static_cast<int>(i))->widget())
            ->setChecked(m_session.isModelChosen(ids[i]));
    adjustSize();
}

void ModelsPopover::describePolicy(QCheckBox* box)
{
    box->setText(tr("Policy", "a column of the table"));
    box->setIcon(icon(Icon::Policy));
    box->setObjectName(QStringLiteral("policyColumn"));
    box->setToolTip(plainToolTip(
        tr("A column in which each prompt is answered as the policy would: its rule decides, and "
           "its calls, budgets and fallbacks are carried out. What a model\u2019s column has is "
           "taken from there and not sent again.")));
}

void ModelsPopover::showEvent(QShowEvent* event)
{
    Popover::showEvent(event);
    m_boxes->itemAt(0)->widget()->setFocus(Qt::PopupFocusReason);
}

ModelsButton::ModelsButton(LabSession& session, Workbench& workbench, QWidget* parent)
    : PopoverButton(parent), m_session(session), m_workbench(workbench)
{
    setObjectName(QStringLiteral("models"));
    m_popover = new ModelsPopover(session, workbench, this);
    connect(this, &QPushButton::clicked, this, &ModelsButton::open);
}

QString ModelsButton::summary() const
{
    int models = 0;
    for (const ModelSpec& model : m_workbench.editor().document().models)
        models += m_session.isModelChosen(model.id) ? 1 : 0;
    const auto variants = static_cast<int>(m_session.variants().size());
    QStringList parts;
    if (models > 0)
        parts << tr("%n model(s)", nullptr, models);
    if (variants > 0)
        parts << tr("%n variant(s)", "of a model", variants);
    if (m_session.isModelChosen(m_session.policyColumn()))
        parts << tr("policy", "a column of the table");
    return parts.isEmpty() ? tr("No models") : parts.join(tr(" + ", "3 models + policy"));
}

void ModelsButton::refresh()
{
    m_popover->refresh();
    if (text() == summary())
        return; // or a reader would hear it anew with every answer
    setText(summary());
    setAccessibleName(tr("Models of the table: %1", "\"3 models + policy\"").arg(text()));
    setToolTip(plainToolTip(
        tr("Which models are asked, how, and how often; and other models for the policy")));
}

void ModelsButton::open()
{
    m_popover->refresh();
    m_popover->place();
    m_popover->show();
}

} // namespace signalbox::ui
