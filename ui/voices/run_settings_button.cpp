// SPDX-License-Identifier: GPL-3.0-or-later
#include "run_settings_button.h"

#include <core/lab/lab_plan.h>
#include <ui/kit/app_style.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/theme.h>

#include <QCheckBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QSettings>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QVBoxLayout>

namespace signalbox::ui {

namespace {

constexpr int kPopoverWidthPx = 380;
constexpr char kTriesAgainKey[] = "voices/triesAgain";
constexpr char kReuseKey[] = "voices/reuse";

/// What a choice means, below it and in line with its words.
/// @param indent  px, what stands before these words
void addMeaning(QVBoxLayout* rows, QWidget* choice, const QString& text, int indent)
{
    auto* meaning = new TextLabel(text, TextRole::Small, rows->parentWidget());
    meaning->setMuted(true);
    meaning->setWordWrap(true);
    meaning->setContentsMargins(indent, 0, 0, 0);
    meaning->setFixedHeight(meaning->heightForWidth(kPopoverWidthPx - 2 * space::kWide));
    choice->setAccessibleDescription(text);
    rows->addWidget(meaning);
}

int indentOf(const QCheckBox* box)
{
    return box->style()->pixelMetric(QStyle::PM_IndicatorWidth) +
           box->style()->pixelMetric(QStyle::PM_CheckBoxLabelSpacing);
}

} // namespace

RunSettingsPopover::RunSettingsPopover(LabSession& session, QWidget* parent)
    : Popover(parent), m_session(session)
{
    setObjectName(QStringLiteral("runSettingsPopover"));
    setAccessibleName(tr("Run settings"));
    setFixedWidth(kPopoverWidthPx);
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(space::kWide, space::kGap, space::kWide, space::kGap);
    rows->setSpacing(space::kHalf);
    rows->addWidget(new TextLabel(tr("Run settings"), TextRole::BodyStrong, this));
    rows->addSpacing(space::kHalf);
    buildTimes(rows);
    rows->addSpacing(space::kUnit);
    buildTriesAgain(rows);
    rows->addSpacing(space::kUnit);
    buildReuse(rows);
    rows->addSpacing(space::kUnit);
    buildAsking(rows);
}

void RunSettingsPopover::buildTimes(QVBoxLayout* rows)
{
    m_samples = new QSpinBox(this);
    m_samples->setObjectName(QStringLiteral("samples"));
    m_samples->setRange(1, kMostSamples);
    auto* label = new QLabel(tr("&Times each model is asked each prompt"), this);
    label->setBuddy(m_samples);
    auto* line = new QHBoxLayout;
    line->addWidget(label, 1);
    line->addWidget(m_samples);
    rows->addLayout(line);
    addMeaning(rows, m_samples, tr("Twice or more measures the noise floor of each voice."), 0);
    connect(m_samples, &QSpinBox::valueChanged, this, [this](int value) {
        m_session.setSamples(value);
        emit changed();
    });
}

/// Off where every failure counts, as in a measurement of a server.
void RunSettingsPopover::buildTriesAgain(QVBoxLayout* rows)
{
    m_triesAgain = new QCheckBox(tr("&Send failed calls again"), this);
    m_triesAgain->setObjectName(QStringLiteral("triesAgain"));
    m_triesAgain->setChecked(QSettings().value(QLatin1String(kTriesAgainKey), true).toBool());
    m_session.setTriesAgain(m_triesAgain->isChecked());
    rows->addWidget(m_triesAgain);
    addMeaning(rows, m_triesAgain,
               tr("Up to %1 times, by themselves, if they fail before their first word and that "
                  "can help. What a server states of its limits is obeyed either way.")
                   .arg(kUsualRetries),
               indentOf(m_triesAgain));
    connect(m_triesAgain, &QCheckBox::toggled, this, [this](bool on) {
        QSettings().setValue(QLatin1String(kTriesAgainKey), on);
        m_session.setTriesAgain(on);
        emit changed();
    });
}

void RunSettingsPopover::buildReuse(QVBoxLayout* rows)
{
    m_reuse = new QCheckBox(tr("&Reuse answers to exactly the same request"), this);
    m_reuse->setObjectName(QStringLiteral("reuseAnswers"));
    m_reuse->setChecked(QSettings().value(QLatin1String(kReuseKey)).toBool());
    m_session.setReusesAnswers(m_reuse->isChecked());
    rows->addWidget(m_reuse);
    addMeaning(rows, m_reuse,
               tr("An answer that is stored to the same words, model, address and parameters is "
                  "taken instead of asking again. It is marked, and not billed. \"Ask again\" "
                  "always asks."),
               indentOf(m_reuse));
    connect(m_reuse, &QCheckBox::toggled, this, [this](bool on) {
        QSettings().setValue(QLatin1String(kReuseKey), on);
        m_session.setReusesAnswers(on);
        emit changed();
    });
}

void RunSettingsPopover::buildAsking(QVBoxLayout* rows)
{
    auto* more = new QPushButton(tr("Temperature, &length, seed\u2026"), this);
    more->setObjectName(QStringLiteral("runSettings.more"));
    setButtonKind(more, ButtonKind::Quiet);
    connect(more, &QPushButton::clicked, this, [this] {
        hide();
        emit lineUpRequested();
    });
    auto* line = new QHBoxLayout;
    line->addWidget(more);
    line->addStretch(1);
    rows->addLayout(line);
}

void RunSettingsPopover::refresh()
{
    const QSignalBlocker quiet(m_samples);
    m_samples->setValue(m_session.samples());
}

void RunSettingsPopover::showEvent(QShowEvent* event)
{
    Popover::showEvent(event);
    m_samples->setFocus(Qt::PopupFocusReason);
    m_samples->selectAll();
}

RunSettingsButton::RunSettingsButton(LabSession& session, QWidget* parent)
    : PopoverButton(parent), m_session(session)
{
    setObjectName(QStringLiteral("runSettings"));
    m_popover = new RunSettingsPopover(session, this);
    connect(this, &QPushButton::clicked, this, &RunSettingsButton::open);
    connect(m_popover, &RunSettingsPopover::changed, this, &RunSettingsButton::refresh);
    refresh();
}

QString RunSettingsButton::summary() const
{
    QStringList parts = {m_session.samples() == 1 ? tr("once", "how often a prompt is asked")
                                                  : tr("%n time(s)", nullptr, m_session.samples()),
                         m_session.triesAgain() ? tr("retries on") : tr("no retries")};
    if (m_session.reusesAnswers())
        parts << tr("reuse on", "answers that are stored are taken");
    return parts.join(tr(", "));
}

void RunSettingsButton::refresh()
{
    m_popover->refresh();
    const QString all = tr("Run settings: %1", "\"2 times, retries on\"").arg(summary());
    setText(m_isBrief ? tr("Run settings") : all);
    if (accessibleName() == all)
        return; // or a reader would hear it anew with every answer
    setAccessibleName(all);
    setToolTip(plainToolTip(
        tr("%1\nHow often each prompt is asked, what is sent again, and what is taken from the "
           "store",
           "\"Run settings: 2 times, retries on\"")
            .arg(all)));
}

void RunSettingsButton::setBrief(bool brief)
{
    if (brief == m_isBrief)
        return;
    m_isBrief = brief;
    refresh();
}

void RunSettingsButton::open()
{
    m_popover->refresh();
    m_popover->adjustSize();
    m_popover->place();
    m_popover->show();
}

} // namespace signalbox::ui
