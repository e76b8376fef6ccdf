// SPDX-License-Identifier: GPL-3.0-or-later
#include "frontier_setup.h"

#include "frontier_words.h"

#include <ui/kit/app_style.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/theme.h>

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QSpinBox>
#include <QVBoxLayout>

namespace signalbox::ui {

namespace {

constexpr int kWidthPx = 440;
constexpr int kLeastScored = 50;
constexpr int kMostScored = 100'000;
constexpr int kMostSeed = 999'999;
constexpr qsizetype kMostRules = 8; ///< lines of settings; more are counted

/// A popover has no width to wrap in before it is shown.
void setWrapped(TextLabel* label, const QString& text)
{
    label->setText(text);
    label->setVisible(!text.isEmpty());
    label->setWordWrap(true);
    if (text.isEmpty())
        return;
    label->setFixedHeight(label->heightForWidth(kWidthPx - 2 * space::kWide));
}

TextLabel* addText(QVBoxLayout* rows, TextRole role, bool isMuted)
{
    auto* label = new TextLabel({}, role, rows->parentWidget());
    label->setMuted(isMuted);
    rows->addWidget(label);
    return label;
}

} // namespace

FrontierSetup::FrontierSetup(FrontierSession& session, QWidget* button)
    : Popover(button), m_session(session)
{
    setObjectName(QStringLiteral("frontierSetup"));
    setAccessibleName(tr("Find better policies"));
    setFixedWidth(kWidthPx);
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(space::kWide, space::kGap, space::kWide, space::kGap);
    rows->setSpacing(space::kHalf);
    rows->addWidget(new TextLabel(tr("Find better policies"), TextRole::Title, this));
    m_intro = addText(rows, TextRole::Body, true);
    rows->addSpacing(space::kUnit);
    rows->addWidget(new TextLabel(tr("What it may turn"), TextRole::BodyStrong, this));
    m_settings = addText(rows, TextRole::Small, false);
    m_settings->setObjectName(QStringLiteral("frontierSettings"));
    m_halves = addText(rows, TextRole::Small, true);
    m_halves->setObjectName(QStringLiteral("frontierHalves"));
    rows->addSpacing(space::kUnit);
    buildNumbers(rows);
    rows->addSpacing(space::kUnit);
    buildButtons(rows);
    connect(&session, &FrontierSession::scopeChanged, this, &FrontierSetup::refresh);
}

QSpinBox* FrontierSetup::addNumber(QVBoxLayout* rows, const QString& label, const QString& meaning)
{
    auto* number = new QSpinBox(this);
    number->setGroupSeparatorShown(true);
    number->setAccessibleDescription(meaning);
    auto* words = new QLabel(label, this);
    words->setBuddy(number);
    auto* line = new QHBoxLayout;
    line->addWidget(words, 1);
    line->addWidget(number);
    rows->addLayout(line);
    setWrapped(addText(rows, TextRole::Small, true), meaning);
    return number;
}

void FrontierSetup::buildNumbers(QVBoxLayout* rows)
{
    m_most = addNumber(rows, tr("Policies to score at &most"),
                       tr("A space that is smaller is tried whole. In a larger one more find "
                          "better points, and take longer."));
    m_most->setObjectName(QStringLiteral("frontierMost"));
    m_most->setRange(kLeastScored, kMostScored);
    m_most->setSingleStep(1000);
    m_most->setValue(static_cast<int>(FrontierSession::Settings().most));
    rows->addSpacing(space::kHalf);
    m_seed = addNumber(rows, tr("S&eed"),
                       tr("Draws the halves and the search. Equal seeds give equal results, here "
                          "and on the command line; another seed shows how much was luck."));
    m_seed->setObjectName(QStringLiteral("frontierSeed"));
    m_seed->setRange(0, kMostSeed);
    m_seed->setValue(static_cast<int>(FrontierSession::Settings().seed));
    connect(m_seed, &QSpinBox::valueChanged, this,
            [this](int seed) { m_session.look(static_cast<std::uint64_t>(seed)); });
}

void FrontierSetup::buildButtons(QVBoxLayout* rows)
{
    m_search = new QPushButton(tr("&Search"), this);
    m_search->setObjectName(QStringLiteral("frontierSearch"));
    setButtonKind(m_search, ButtonKind::Primary);
    connect(m_search, &QPushButton::clicked, this, &FrontierSetup::request);
    auto* line = new QHBoxLayout;
    line->addStretch(1);
    line->addWidget(m_search);
    rows->addLayout(line);
}

void FrontierSetup::open(const QString& policy)
{
    setWrapped(m_intro,
               tr("Looks for policies that nothing beats in cost, latency, quality and consistency "
                  "at once, under the gates of \"%1\". It stays as it is until you adopt one.",
                  "name of the policy")
                   .arg(policy));
    m_session.look(static_cast<std::uint64_t>(m_seed->value()));
    refresh();
    place();
    show();
}

void FrontierSetup::refresh()
{
    const auto& scope = m_session.scope();
    m_search->setEnabled(!scope || scope->has_value());
    if (!scope) {
        setWrapped(m_settings, tr("Reading the signals of the traffic ..."));
        setWrapped(m_halves, QString());
    } else if (!*scope) {
        const auto why = frontier_words::failure(scope->error());
        setWrapped(m_settings, why.title);
        setWrapped(m_halves, why.detail);
    } else {
        QStringList lines = frontier_words::settings((*scope)->knobs);
        if (const auto more = static_cast<int>(lines.size() - kMostRules); more > 0) {
            lines.resize(kMostRules);
            lines << tr("and %n more rule(s)", nullptr, more);
        }
        lines << tr("%1.", "settings and policies").arg(frontier_words::space(**scope));
        setWrapped(m_settings, lines.join(QLatin1Char('\n')));
        setWrapped(m_halves, frontier_words::halves((*scope)->halves));
    }
    adjustSize();
    if (isVisible())
        place();
}

void FrontierSetup::request()
{
    if (!m_search->isEnabled())
        return;
    m_most->interpretText();
    m_seed->interpretText();
    hide();
    emit searchRequested(
        {static_cast<std::size_t>(m_most->value()), static_cast<std::uint64_t>(m_seed->value())});
}

void FrontierSetup::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        return request();
    Popover::keyPressEvent(event);
}

void FrontierSetup::showEvent(QShowEvent* event)
{
    Popover::showEvent(event);
    m_search->setFocus(Qt::PopupFocusReason);
}

} // namespace signalbox::ui
