// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab_bar.h"

#include <ui/kit/app_style.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/format.h>
#include <ui/kit/model_look.h>

#include <QCheckBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

namespace signalbox::ui {

namespace {

QLabel* labelFor(const QString& text, QWidget* buddy, QWidget* parent)
{
    auto* label = new QLabel(text, parent);
    label->setBuddy(buddy);
    label->setToolTip(buddy->toolTip());
    return label;
}

} // namespace

LabBar::LabBar(LabSession& session, Workbench& workbench, QWidget* parent)
    : QWidget(parent), m_session(session), m_workbench(workbench)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(space::kWide, space::kGap, space::kWide, space::kUnit);
    layout->setSpacing(space::kUnit);
    buildChoices();
    buildRun();
    rebuildModels();
    refresh();
    connect(&session, &LabSession::wasReset, this, [this] {
        rebuildModels();
        refresh();
    });
    connect(&session, &LabSession::progressChanged, this, [this] { refresh(); });
    connect(&session, &LabSession::finished, this, [this] { refresh(); });
    connect(&workbench, &Workbench::evidenceChanged, this, [this] { refreshPreflight(); });
}

void LabBar::buildChoices()
{
    m_choices = new QWidget(this);
    auto* row = new QHBoxLayout(m_choices);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(space::kUnit);
    m_prompts = new QSpinBox(m_choices);
    m_prompts->setObjectName(QStringLiteral("promptCount"));
    m_prompts->setRange(0, static_cast<int>(m_workbench.prompts().size()));
    m_prompts->setValue(static_cast<int>(m_session.samplePromptCount()));
    m_prompts->setToolTip(
        tr("How many of the sample's %n prompt(s) to send, taken in turn from its segments",
           nullptr, m_prompts->maximum()));
    m_samples = new QSpinBox(m_choices);
    m_samples->setObjectName(QStringLiteral("samples"));
    m_samples->setRange(1, 10);
    m_samples->setToolTip(
        tr("How often each model is asked each prompt; twice or more measures the noise floor"));
    m_typed = new QLineEdit(m_choices);
    m_typed->setObjectName(QStringLiteral("typedPrompt"));
    m_typed->setAccessibleName(tr("Your own prompt"));
    m_typed->setPlaceholderText(tr("Type a prompt of your own and press Enter"));
    row->addWidget(labelFor(tr("&Prompts"), m_prompts, m_choices));
    row->addWidget(m_prompts);
    row->addWidget(labelFor(tr("&Times"), m_samples, m_choices));
    row->addWidget(m_samples);
    row->addWidget(m_typed, 1);
    auto* models = new QWidget(m_choices);
    m_models = new QHBoxLayout(models);
    m_models->setContentsMargins(0, 0, 0, 0);
    m_models->setSpacing(space::kGap);
    row->addWidget(models);
    auto* add = new QPushButton(tr("Add models\u2026"), m_choices);
    connect(add, &QPushButton::clicked, this,
            [this] { m_workbench.requestPage(QStringLiteral("settings")); });
    row->addWidget(add);
    layout()->addWidget(m_choices);

    connect(m_prompts, &QSpinBox::editingFinished, this, [this] {
        m_session.setSamplePromptCount(static_cast<std::size_t>(m_prompts->value()));
    });
    connect(m_samples, &QSpinBox::valueChanged, this,
            [this](int value) { m_session.setSamples(value); });
    connect(m_typed, &QLineEdit::returnPressed, this, [this] {
        m_session.addPrompt(m_typed->text());
        m_typed->clear();
    });
}

void LabBar::buildRun()
{
    auto* row = new QHBoxLayout;
    row->setSpacing(space::kUnit);
    m_start = new QPushButton(tr("Send"), this);
    m_start->setObjectName(QStringLiteral("start"));
    setButtonKind(m_start, ButtonKind::Primary);
    m_pause = new QPushButton(tr("Pause"), this);
    m_pause->setObjectName(QStringLiteral("pause"));
    m_retry = new QPushButton(tr("Retry failed"), this);
    m_retry->setObjectName(QStringLiteral("retryFailed"));
    m_preflight = new TextLabel({}, TextRole::Small, this);
    m_preflight->setObjectName(QStringLiteral("preflight"));
    m_preflight->setMuted(true);
    m_progress = new ProgressStrip(this);
    row->addWidget(m_start);
    row->addWidget(m_pause);
    row->addWidget(m_retry);
    row->addWidget(m_preflight, 1);
    row->addWidget(m_progress, 1);
    static_cast<QVBoxLayout*>(layout())->addLayout(row);
    connect(m_start, &QPushButton::clicked, this, [this] { m_session.start(); });
    connect(m_pause, &QPushButton::clicked, this, [this] { m_session.pause(); });
    connect(m_retry, &QPushButton::clicked, this, [this] { m_session.rerunFailed(); });
    connect(m_progress, &ProgressStrip::cancelRequested, this, [this] { m_session.stop(); });
    m_progress->setCancellable(true);
}

void LabBar::rebuildModels()
{
    while (QLayoutItem* item = m_models->takeAt(0)) {
        item->widget()->deleteLater(); // it may be the box that was just clicked
        delete item;
    }
    const auto& models = m_workbench.editor().document().models;
    for (std::size_t i = 0; i < models.size(); ++i) {
        const ModelId id = models[i].id;
        auto* box = new QCheckBox(QString::fromStdString(id.value), this);
        box->setIcon(modelIcon(static_cast<int>(i)));
        box->setChecked(m_session.isModelChosen(id));
        box->setObjectName(QStringLiteral("model.") + QString::fromStdString(id.value));
        connect(box, &QCheckBox::toggled, this,
                [this, id](bool on) { m_session.chooseModel(id, on); });
        m_models->addWidget(box);
    }
}

/// "60 prompts × 3 models = 180 answers, about $0.55, at most $2.1".
QString LabBar::preflightText() const
{
    const Preflight flight = m_session.preflight();
    QStringList factors = {
        tr("%n prompt(s)", nullptr, static_cast<int>(m_session.prompts().size()))};
    if (m_session.samples() > 1)
        factors << tr("%n time(s)", nullptr, m_session.samples());
    factors << tr("%n model(s)", nullptr, static_cast<int>(m_session.models().size()));
    QString text = tr("%1 = %2", "60 prompts × 3 models, 180 answers")
                       .arg(factors.join(QStringLiteral(" \u00d7 ")),
                            tr("%n answer(s)", nullptr, static_cast<int>(flight.cells)));
    if (flight.expected && flight.worst)
        text += tr(", about %1, at most %2")
                    .arg(format::money(flight.expected->usd()), format::money(flight.worst->usd()));
    else
        text += tr(", cost unknown: %n model(s) without a price", nullptr,
                   static_cast<int>(flight.unpricedModels));
    if (flight.simulated)
        text += tr(". All models are simulated: nothing is sent and nothing is billed.");
    return text;
}

/// "171 answered, 9 failed, $0.546 spent", while it runs "120 of 180 answered, ...".
QString LabBar::progressText() const
{
    const LabProgress progress = m_session.run().progress();
    const int answered = static_cast<int>(progress.answered());
    QString text = m_session.isRunning()
                       ? tr("%1 of %n answered", nullptr, static_cast<int>(progress.total))
                             .arg(format::count(answered))
                       : tr("%n answered", nullptr, answered);
    if (progress.failed > 0)
        text += tr(", %n failed", nullptr, static_cast<int>(progress.failed));
    if (progress.stopped > 0)
        text += tr(", %n stopped", nullptr, static_cast<int>(progress.stopped));
    if (progress.spent)
        text += tr(", %1 spent").arg(format::money(progress.spent->usd()));
    if (m_session.run().isPaused())
        text += tr(", paused");
    return text;
}

void LabBar::refresh()
{
    const bool running = m_session.isRunning();
    const bool paused = m_session.run().isPaused();
    m_choices->setEnabled(!running);
    m_start->setText(paused                               ? tr("Go on")
                     : m_session.wasStarted() && !running ? tr("Send again")
                                                          : tr("Send"));
    m_start->setVisible(!running || paused);
    m_pause->setVisible(running && !paused);
    m_progress->setVisible(running);
    m_preflight->setVisible(!running);
    m_retry->setVisible(m_session.wasStarted() && !running &&
                        m_session.run().progress().failed > 0);
    refreshProgress();
    refreshPreflight();
}

/// What pressing "Send" would do: beside it before the first run, later in its tooltip.
void LabBar::refreshPreflight()
{
    if (m_session.isRunning())
        return;
    const QString text = preflightText();
    m_start->setEnabled(!m_session.prompts().empty() && !m_session.models().empty());
    m_start->setToolTip(plainToolTip(text));
    if (!m_session.wasStarted())
        m_preflight->setText(text);
}

void LabBar::refreshProgress()
{
    const LabProgress progress = m_session.run().progress();
    const QString text = progressText();
    m_progress->setText(text);
    m_progress->setProgress(static_cast<int>(progress.finished), static_cast<int>(progress.total));
    if (!m_session.isRunning() && m_session.wasStarted())
        m_preflight->setText(text);
}

} // namespace signalbox::ui
