// SPDX-License-Identifier: GPL-3.0-or-later
#include "store_panel.h"

#include <ui/kit/app_style.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/theme.h>
#include <ui/models/background.h>
#include <ui/models/note_author.h>

#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace signalbox::ui {

StorePanel::StorePanel(QWidget* parent) : QWidget(parent)
{
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(space::kHalf);
    auto* caption =
        new TextLabel(tr("Keep answers at, from the next start"), TextRole::Small, this);
    caption->setMuted(true);
    rows->addWidget(caption);
    auto* line = new QHBoxLayout;
    line->setSpacing(space::kUnit);
    m_address = new QLineEdit(evidenceSetting(), this);
    m_address->setObjectName(QStringLiteral("storeAddress"));
    m_address->setAccessibleName(caption->text());
    m_address->setPlaceholderText(tr("this computer, in Signalbox's own file"));
    m_address->setToolTip(plainToolTip(
        tr("The path of a SQLite file, or a team's database: "
           "postgresql://USER@HOST/DATABASE. Passwords stay in ~/.pgpass or the keychain.")));
    caption->setBuddy(m_address);
    line->addWidget(m_address, 1);
    m_test = new QPushButton(tr("Test"), this);
    m_test->setObjectName(QStringLiteral("testStore"));
    m_test->setAccessibleName(tr("Test the connection"));
    line->addWidget(m_test);
    m_use = new QPushButton(tr("Use it"), this);
    m_use->setObjectName(QStringLiteral("useStore"));
    line->addWidget(m_use);
    rows->addLayout(line);
    m_result = new TextLabel({}, TextRole::Small, this);
    m_result->setObjectName(QStringLiteral("storeResult"));
    m_result->setWordWrap(true);
    m_result->hide();
    rows->addWidget(m_result);
    buildName();
    connect(m_test, &QPushButton::clicked, this, [this] { tryAddress(Then::Say); });
    connect(m_use, &QPushButton::clicked, this, [this] { tryAddress(Then::Take); });
    connect(m_address, &QLineEdit::returnPressed, this, [this] { tryAddress(Then::Say); });
    connect(m_address, &QLineEdit::textChanged, this, [this] {
        ++m_trial;
        m_result->hide();
        refresh();
    });
    refresh();
}

/// Taken as it is typed: the next note has it.
void StorePanel::buildName()
{
    auto* rows = static_cast<QVBoxLayout*>(layout());
    rows->addSpacing(space::kUnit);
    auto* caption = new TextLabel(tr("Your name, under stars and notes"), TextRole::Small, this);
    caption->setMuted(true);
    rows->addWidget(caption);
    auto* name = new QLineEdit(noteAuthorSetting(), this);
    name->setObjectName(QStringLiteral("noteAuthor"));
    name->setAccessibleName(caption->text());
    name->setPlaceholderText(usualNoteAuthor());
    name->setToolTip(plainToolTip(
        tr("In a team's database everybody sees whose note it is. Notes that you wrote under "
           "another name stay under that.")));
    caption->setBuddy(name);
    rows->addWidget(name);
    connect(name, &QLineEdit::textEdited, this,
            [](const QString& text) { setNoteAuthorSetting(text); });
}

void StorePanel::refresh()
{
    const QString text = m_address->text().trimmed();
    m_test->setEnabled(!text.isEmpty());
    m_use->setEnabled(text != evidenceSetting());
}

/// Nothing is taken that was not reached.
void StorePanel::tryAddress(Then then)
{
    const QString address = m_address->text().trimmed();
    if (address.isEmpty()) {
        if (then == Then::Take) {
            setEvidenceSetting({});
            say(tr("Answers are kept in Signalbox's own file from the next start on."), false);
            refresh();
        }
        return;
    }
    say(tr("Trying \u2026"), false);
    m_test->setEnabled(false);
    m_use->setEnabled(false);
    inBackground(
        this, [address] { return tryStore(address); },
        [this, address, then, number = ++m_trial](const Result<StoreTrial>& trial) {
            if (number == m_trial)
                showTrial(trial, address, then);
        });
}

void StorePanel::showTrial(const Result<StoreTrial>& trial, const QString& address, Then then)
{
    if (!trial) {
        say(QString::fromStdString(toString(trial.error())), true);
        refresh();
        return;
    }
    QString sentence =
        trial->found == StoreTrial::Found::Store
            ? tr("Reached: it holds %n run(s).", nullptr, static_cast<int>(trial->runs))
            : tr("Reached: it holds no answers yet, and is set up at the next start.");
    if (then == Then::Take) {
        setEvidenceSetting(address);
        sentence += QLatin1Char(' ') + tr("Answers are kept there from the next start on; those of "
                                          "today stay where they are.");
    }
    say(sentence, false);
    refresh();
}

void StorePanel::say(const QString& sentence, bool isBad)
{
    m_result->setText(sentence);
    m_result->setTone(isBad ? Tone::Negative : Tone::Neutral);
    m_result->show();
}

} // namespace signalbox::ui
