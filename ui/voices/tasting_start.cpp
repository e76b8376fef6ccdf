// SPDX-License-Identifier: GPL-3.0-or-later
#include "tasting_start.h"

#include "facts_line.h"

#include <core/voice/tone.h>
#include <ui/kit/app_style.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/card.h>
#include <ui/kit/choice_widgets.h>
#include <ui/kit/format.h>
#include <ui/kit/icons.h>
#include <ui/kit/text_views.h>
#include <ui/kit/theme.h>

#include <QAction>
#include <QCheckBox>
#include <QDateTime>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QMenu>
#include <QPushButton>
#include <QSettings>
#include <QSpinBox>
#include <QVBoxLayout>

#include <algorithm>

namespace signalbox::ui {

namespace {

constexpr char kNameKey[] = "voices/taster";
constexpr int kNameLength = 60;
constexpr int kFieldWidth = 240;
constexpr int kSpinWidth = 96; ///< "none" fits
constexpr int kTextWidth = 720;
constexpr int kAdvisedPrompts = 40;
constexpr int kAdvisedShown = 3;
constexpr int kAdvisedTrials = 4; ///< each of the four cases once
constexpr int kAxisColumns = 3;
constexpr int kLabelWidth = 264; ///< so that the fields of both parts line up

QString utf8(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

QLabel* labelFor(const QString& text, QWidget* buddy)
{
    auto* const label = new QLabel(text, buddy->parentWidget());
    label->setBuddy(buddy);
    return label;
}

/// Another range begins at what is advised; in the same one the choice of the person stays.
void offer(QSpinBox* spin, int least, int most, int advised)
{
    const int top = std::max(least, most);
    if (spin->minimum() == least && spin->maximum() == top)
        return;
    spin->setRange(least, top);
    spin->setValue(std::min(advised, top));
}

TextLabel* wrapped(TextRole role, QWidget* parent)
{
    auto* const label = new TextLabel({}, role, parent);
    label->setWordWrap(true);
    label->setMaximumWidth(kTextWidth);
    return label;
}

} // namespace

TastingStart::TastingStart(QWidget* parent) : QScrollArea(parent)
{
    setFrameShape(QFrame::NoFrame);
    setWidgetResizable(true);
    setAccessibleName(tr("Blind tasting"));
    auto* const page = new QWidget(this);
    auto* const layout = new QVBoxLayout(page);
    layout->setContentsMargins(space::kWide, space::kWide, space::kWide, space::kSection);
    layout->setSpacing(space::kWide);
    layout->addWidget(new SectionHeader(tr("Taste the answers blind"), page));
    m_summary = wrapped(TextRole::Body, page);
    m_summary->setObjectName(QStringLiteral("tastingSummary"));
    layout->addWidget(m_summary);
    m_message = new Callout(Tone::Caution, page);
    m_message->setObjectName(QStringLiteral("tastingMessage"));
    m_message->hide();
    layout->addWidget(m_message);
    setWidget(page);
    buildWho(new QGridLayout);
    buildWhat();
    buildButtons();
    layout->addStretch(1);
    keepRightInset(this, space::kWide);
}

void TastingStart::buildWho(QGridLayout* grid)
{
    grid->setHorizontalSpacing(space::kGap);
    grid->setVerticalSpacing(space::kUnit);
    grid->setColumnMinimumWidth(0, kLabelWidth);
    grid->setColumnStretch(2, 1);
    m_name = new QLineEdit(widget());
    m_name->setObjectName(QStringLiteral("tasterName"));
    m_name->setAccessibleName(tr("Your name or initials"));
    m_name->setMaxLength(kNameLength);
    m_name->setFixedWidth(kFieldWidth);
    m_name->setText(QSettings().value(QLatin1String(kNameKey)).toString());
    grid->addWidget(labelFor(tr("Your &name or initials"), m_name), 0, 0);
    grid->addWidget(m_name, 0, 1);
    m_tasters = wrapped(TextRole::Small, widget());
    m_tasters->setObjectName(QStringLiteral("tasters"));
    m_tasters->setMuted(true);
    grid->addWidget(m_tasters, 1, 1, 1, 2);
    static_cast<QVBoxLayout*>(widget()->layout())->addLayout(grid);
    connect(m_name, &QLineEdit::returnPressed, this, [this] { m_go->click(); });
    connect(m_name, &QLineEdit::textEdited, this, [this](const QString& text) {
        QSettings().setValue(QLatin1String(kNameKey), text.simplified());
        setMessage({});
    });
}

void TastingStart::buildWhat()
{
    m_what = new QWidget(widget());
    auto* const grid = new QGridLayout(m_what);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(space::kGap);
    grid->setVerticalSpacing(space::kUnit);
    grid->setColumnMinimumWidth(0, kLabelWidth);
    grid->setColumnStretch(2, 1);
    int row = 0;
    const auto add = [&](const QString& label, const QString& name, const QString& object) {
        auto* const spin = new QSpinBox(m_what);
        spin->setObjectName(object);
        spin->setAccessibleName(name);
        spin->setFixedWidth(kSpinWidth);
        grid->addWidget(labelFor(label, spin), row, 0);
        grid->addWidget(spin, row++, 1, Qt::AlignLeft);
        return spin;
    };
    m_prompts = add(tr("&Prompts"), tr("Prompts"), QStringLiteral("tastingPrompts"));
    m_shown = add(tr("&Answers side by side"), tr("Answers side by side"),
                  QStringLiteral("tastingShown"));
    m_trials = add(tr("&Guesses whose answer it is, per pair"),
                   tr("Guesses whose answer it is, per pair"), QStringLiteral("tastingTrials"));
    m_trials->setToolTip(plainToolTip(
        tr("Can people tell two models apart at all? They see an answer of each, A and B, and a "
           "third one, X, and say whose X is (an ABX test). So many times for every two models; "
           "multiples of four are balanced best.")));
    m_trials->setRange(0, 40);
    m_trials->setSingleStep(4);
    m_trials->setValue(kAdvisedTrials);
    m_trials->setSpecialValueText(tr("none"));
    auto* const boxes = new QGridLayout; // as wide as its words, not as the window
    boxes->setColumnStretch(kAxisColumns, 1);
    boxes->setHorizontalSpacing(space::kGap);
    boxes->setVerticalSpacing(space::kHalf);
    for (const ToneAxis& axis : toneAxes()) {
        auto* const box = new QCheckBox(
            tr("%1 to %2", "ends of a tone axis").arg(utf8(axis.low), utf8(axis.high)), m_what);
        box->setObjectName(QStringLiteral("rate.") + utf8(axis.id));
        box->setToolTip(utf8(axis.label));
        const int place = static_cast<int>(m_axes.size());
        boxes->addWidget(box, place / kAxisColumns, place % kAxisColumns);
        m_axes.push_back(box);
    }
    auto* const rate = new QLabel(tr("Rate the tone too (optional)"), m_what);
    rate->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    grid->addWidget(rate, row, 0);
    grid->addLayout(boxes, row++, 1, 1, 2);
    m_amount = wrapped(TextRole::Small, m_what);
    m_amount->setObjectName(QStringLiteral("tastingAmount"));
    m_amount->setMuted(true);
    grid->addWidget(m_amount, row, 1, 1, 2);
    for (const QSpinBox* const spin : {m_prompts, m_shown, m_trials})
        connect(spin, &QSpinBox::valueChanged, this, [this] { refreshAmount(); });
    static_cast<QVBoxLayout*>(widget()->layout())->addWidget(m_what);
}

void TastingStart::buildButtons()
{
    auto* const row = new QHBoxLayout;
    row->setSpacing(space::kUnit);
    const auto add = [&](const QString& object, ButtonKind kind) {
        auto* const button = new QPushButton(widget());
        button->setObjectName(object);
        setButtonKind(button, kind);
        row->addWidget(button);
        return button;
    };
    m_go = add(QStringLiteral("tastingGo"), ButtonKind::Primary);
    m_look = add(QStringLiteral("tastingLook"), ButtonKind::Normal);
    m_look->setText(tr("See the result\u2026"));
    m_another = add(QStringLiteral("tastingAnother"), ButtonKind::Quiet);
    m_another->setText(tr("New tasting\u2026"));
    m_another->setToolTip(tr("Other prompts or settings; the votes so far stay in the store"));
    m_earlier = add(QStringLiteral("tastingEarlier"), ButtonKind::Quiet);
    m_earlier->setText(tr("Earlier tastings"));
    m_earlier->setIcon(icon(Icon::History));
    m_earlier->setToolTip(tr("Their votes and results are kept"));
    auto* const menu = new QMenu(m_earlier);
    menu->setObjectName(QStringLiteral("tastingMenu"));
    m_earlier->setMenu(menu);
    row->addStretch(1);
    static_cast<QVBoxLayout*>(widget()->layout())->addLayout(row);
    connect(m_go, &QPushButton::clicked, this, &TastingStart::goRequested);
    connect(m_look, &QPushButton::clicked, this, &TastingStart::lookRequested);
    connect(m_another, &QPushButton::clicked, this, &TastingStart::anotherRequested);
}

void TastingStart::show(const Tasting& whole, const TastingSession& session)
{
    m_isBegun = session.tasting() != nullptr;
    m_whole = whole;
    const Tasting& shown = m_isBegun ? *session.tasting() : whole;
    const auto prompts = static_cast<int>(shown.prompts.size());
    const auto models = static_cast<int>(shown.models.size());
    QStringList summary = {
        tr("You see answers without names, in an order that differs from prompt to prompt, and say "
           "which ones read best. Every vote is kept at once; leave and come back as you like.")};
    if (m_isBegun)
        summary.prepend(
            tr("%1 by %2, as they were when the tasting began on %3.",
               "answers to 40 prompts, 3 models, date")
                .arg(tr("Answers to %n prompt(s)", nullptr, prompts),
                     tr("%n model(s)", nullptr, models),
                     QLocale().toString(QDateTime::fromMSecsSinceEpoch(session.begunAtMs()).date(),
                                        QLocale::ShortFormat)));
    if (shown.isSimulated)
        summary << tr("The models are simulated.");
    m_summary->setText(summary.join(QLatin1Char('\n')));
    m_what->setVisible(!m_isBegun);
    m_go->setText(m_isBegun ? tr("Taste") : tr("Begin the tasting"));
    m_look->setVisible(m_isBegun);
    m_another->setVisible(m_isBegun);
    m_another->setEnabled(!whole.prompts.empty());
    if (!m_isBegun) {
        offer(m_prompts, 1, prompts, kAdvisedPrompts);
        offer(m_shown, 2, std::min(models, static_cast<int>(kMostShown)), kAdvisedShown);
        refreshAmount();
    }
    showTasters(session);
    showEarlier(session);
}

/// Where there is another one than what is shown.
void TastingStart::showEarlier(const TastingSession& session)
{
    const std::vector<TastingEntry> all = session.tastings();
    m_earlier->setVisible(all.size() > (m_isBegun ? 1U : 0U));
    QMenu* const menu = m_earlier->menu();
    menu->clear();
    for (const TastingEntry& one : all) {
        const QDateTime at = QDateTime::fromMSecsSinceEpoch(one.begunAtMs);
        QAction* const entry = menu->addAction(withoutMnemonics(
            joinedFacts({QLocale().toString(at, QLocale::ShortFormat),
                         tr("%n person(s)", nullptr, static_cast<int>(one.people)),
                         tr("%n vote(s)", nullptr, static_cast<int>(one.votes))})));
        entry->setCheckable(true);
        entry->setChecked(one.number == session.number());
        connect(entry, &QAction::triggered, this,
                [this, number = one.number] { emit earlierChosen(number); });
    }
}

void TastingStart::showTasters(const TastingSession& session)
{
    QStringList lines;
    for (const TasterProgress& one : session.tasters()) {
        const QString votes = tr("%1 of %2 votes")
                                  .arg(format::count(static_cast<qint64>(one.done)),
                                       format::count(static_cast<qint64>(one.total)));
        lines << (one.hasLooked ? tr("%1: %2, has seen the names").arg(one.name, votes)
                                : tr("%1: %2", "person, votes").arg(one.name, votes));
    }
    m_tasters->setText(lines.isEmpty() && m_isBegun ? tr("Nobody has voted yet.")
                                                    : lines.join(QLatin1Char('\n')));
    m_tasters->setVisible(m_isBegun);
}

/// How much it is for one person, before they begin.
void TastingStart::refreshAmount()
{
    const auto models = static_cast<qint64>(m_whole.models.size());
    const qint64 trials = m_trials->value() * models * (models - 1) / 2;
    QStringList parts = {tr("answers to %n prompt(s) to rank", nullptr, m_prompts->value())};
    if (trials > 0)
        parts << tr("%n guess(es) whose answer it is", nullptr, static_cast<int>(trials));
    const double minutes = readingMinutes(tastingOf(m_whole, choices(), m_whole.seed));
    m_amount->setText(
        tr("For each person: %1; %2.")
            .arg(parts.join(tr(" and ", "between two amounts of work")),
                 tr("about %n minute(s) of reading", nullptr, std::max(1, qRound(minutes)))));
}

void TastingStart::setMessage(const QString& title, const QString& detail)
{
    m_message->clearActions();
    m_message->setMessage(Tone::Caution, title, detail);
    m_message->setVisible(!title.isEmpty());
}

void TastingStart::askToLook(const QString& detail)
{
    setMessage(tr("Who sees the names has voted for the last time in this tasting."), detail);
    auto* const yes = new QAction(tr("Show the names"), m_message);
    connect(yes, &QAction::triggered, this, &TastingStart::lookConfirmed);
    m_message->addAction(yes);
    ensureWidgetVisible(m_message);
    QPushButton* const button = m_message->findChildren<QPushButton*>().constLast();
    button->show(); // at once, so that it can take the focus
    button->setFocus(Qt::OtherFocusReason);
}

void TastingStart::focusName()
{
    m_name->setFocus(Qt::OtherFocusReason);
    m_name->selectAll();
}

QString TastingStart::name() const
{
    return m_name->text().simplified();
}

TastingChoices TastingStart::choices() const
{
    TastingChoices choices;
    choices.prompts = static_cast<std::size_t>(m_prompts->value());
    choices.shown = static_cast<std::size_t>(m_shown->value());
    choices.trialsPerPair = static_cast<std::size_t>(m_trials->value());
    for (std::size_t axis = 0; axis < m_axes.size(); ++axis) {
        if (m_axes[axis]->isChecked())
            choices.axes.emplace_back(toneAxes()[axis].id);
    }
    return choices;
}

} // namespace signalbox::ui
