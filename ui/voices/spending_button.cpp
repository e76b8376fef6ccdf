// SPDX-License-Identifier: GPL-3.0-or-later
#include "spending_button.h"

#include "facts_line.h"
#include "spending_words.h"

#include <ui/kit/app_style.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/format.h>
#include <ui/kit/icons.h>
#include <ui/kit/theme.h>

#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace signalbox::ui {

namespace {

constexpr int kPopoverWidthPx = 440;
constexpr int kTextWidthPx = kPopoverWidthPx - 2 * space::kWide;
constexpr double kMostUsd = 1'000'000;
constexpr int kMostTokens = 2'000'000'000;
constexpr int kTokenStep = 10'000;
constexpr int kMostMinutes = 7 * 24 * 60;
constexpr std::int64_t kMinuteMs = 60'000;

TextLabel* wrapped(QWidget* parent)
{
    auto* label = new TextLabel({}, TextRole::Small, parent);
    label->setMuted(true);
    label->setWordWrap(true);
    return label;
}

/// A popup has no layout that gives a wrapped text its height.
void setWrappedText(TextLabel& label, const QString& text)
{
    label.setText(text);
    label.setVisible(!text.isEmpty());
    if (!text.isEmpty())
        label.setFixedHeight(label.heightForWidth(kTextWidthPx));
}

} // namespace

SpendingPopover::SpendingPopover(LabSession& session, QWidget* parent)
    : Popover(parent), m_session(session)
{
    setObjectName(QStringLiteral("spendingPopover"));
    setAccessibleName(tr("Costs and caps"));
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(space::kWide, space::kGap, space::kWide, space::kGap);
    rows->setSpacing(space::kHalf);
    setFixedWidth(kPopoverWidthPx);
    buildForecast();
    rows->addSpacing(space::kGap);
    buildCaps();
}

void SpendingPopover::buildForecast()
{
    auto* rows = static_cast<QVBoxLayout*>(layout());
    m_title = new TextLabel({}, TextRole::BodyStrong, this);
    rows->addWidget(m_title);
    m_models = new QWidget(this);
    rows->addWidget(m_models);
    rows->addSpacing(space::kHalf);
    m_time = wrapped(this);
    m_time->setObjectName(QStringLiteral("spending.time"));
    rows->addWidget(m_time);
    m_worst = wrapped(this);
    m_worst->setObjectName(QStringLiteral("spending.worst"));
    rows->addWidget(m_worst);
}

void SpendingPopover::buildCaps()
{
    auto* rows = static_cast<QVBoxLayout*>(layout());
    rows->addWidget(new TextLabel(tr("Stop before passing"), TextRole::BodyStrong, this));
    auto* form = new QFormLayout;
    form->setContentsMargins(0, 0, 0, 0);
    form->setHorizontalSpacing(space::kGap);
    form->setVerticalSpacing(space::kHalf);
    m_cost = new QDoubleSpinBox(this);
    m_cost->setObjectName(QStringLiteral("cap.cost"));
    m_cost->setRange(0, kMostUsd);
    m_cost->setDecimals(2);
    m_cost->setPrefix(QStringLiteral("$"));
    m_tokens = new QSpinBox(this);
    m_tokens->setObjectName(QStringLiteral("cap.tokens"));
    m_tokens->setRange(0, kMostTokens);
    m_tokens->setSingleStep(kTokenStep);
    m_tokens->setGroupSeparatorShown(true);
    m_minutes = new QSpinBox(this);
    m_minutes->setObjectName(QStringLiteral("cap.minutes"));
    m_minutes->setRange(0, kMostMinutes);
    m_minutes->setSuffix(tr(" min"));
    for (QAbstractSpinBox* box :
         {static_cast<QAbstractSpinBox*>(m_cost), static_cast<QAbstractSpinBox*>(m_tokens),
          static_cast<QAbstractSpinBox*>(m_minutes)}) {
        box->setSpecialValueText(tr("no cap"));
        box->setKeyboardTracking(false); // what is half typed holds nothing
        connect(box, &QAbstractSpinBox::editingFinished, this, [this] { takeCaps(); });
    }
    connect(m_cost, &QDoubleSpinBox::valueChanged, this, [this] { takeCaps(); });
    connect(m_tokens, &QSpinBox::valueChanged, this, [this] { takeCaps(); });
    connect(m_minutes, &QSpinBox::valueChanged, this, [this] { takeCaps(); });
    form->addRow(tr("&Money"), m_cost);
    form->addRow(tr("&Tokens"), m_tokens);
    form->addRow(tr("T&ime"), m_minutes);
    rows->addLayout(form);
    m_spent = wrapped(this);
    m_spent->setObjectName(QStringLiteral("spending.spent"));
    rows->addWidget(m_spent);
}

void SpendingPopover::takeCaps()
{
    if (m_isFilling)
        return;
    RunCaps caps;
    if (m_cost->value() > 0)
        caps.cost = Money::fromUsd(m_cost->value());
    if (m_tokens->value() > 0)
        caps.tokens = m_tokens->value();
    if (m_minutes->value() > 0)
        caps.timeMs = m_minutes->value() * kMinuteMs;
    m_session.setCaps(caps);
}

void SpendingPopover::addHeads(int row)
{
    const QStringList heads = {tr("Model"), tr("To ask for", "a number of answers"),
                               tr("Expected", "a cost"), tr("Likely range", "of a cost")};
    for (int column = 0; column < heads.size(); ++column) {
        auto* label = new TextLabel(heads[column], TextRole::Caption, m_models);
        label->setMuted(true);
        if (column > 0)
            label->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
        m_grid->addWidget(label, row, column);
    }
}

/// "gpt-4   60   $0.41   $0.2 to $0.8"; what a row rests on is its tool tip.
void SpendingPopover::addModelRow(const ModelForecast& model, int row)
{
    const QString name = QString::fromStdString(model.model.value);
    const QString cells = model.cells == 0
                              ? tr("%n reused", nullptr, static_cast<int>(model.reused))
                              : tr("%n answer(s)", "of a model", static_cast<int>(model.cells));
    const std::optional<Money> expected =
        model.cost ? std::optional(model.cost->expected) : std::nullopt;
    const QStringList texts = {name, cells,
                               model.cells == 0 ? QString() : spending::money(expected),
                               model.cells == 0 ? QString() : spending::moneyRange(model.cost)};
    const QString meaning = spending::meaning(model);
    for (int column = 0; column < texts.size(); ++column) {
        auto* label = new ElidedLabel(texts[column], TextRole::Small, m_models);
        label->setToolTip(plainToolTip(meaning));
        label->setAccessibleDescription(meaning);
        label->setMuted(column == 1 || column == 3);
        if (column > 0)
            label->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
        m_grid->addWidget(label, row, column);
    }
}

void SpendingPopover::fillForecast()
{
    const bool isRest =
        m_session.hasAnswers() && !m_session.isRunning() && !m_session.run().rest().empty();
    const RunForecast forecast =
        (isRest ? m_session.preflightOfRest() : m_session.preflight()).forecast;
    const bool isRetry = isRest && m_session.run().progress().stopped == 0;
    QStringList facts = {isRetry  ? tr("Retrying what failed", "what would be sent")
                         : isRest ? tr("Sending the rest", "what would be sent")
                                  : tr("Sending everything", "what would be sent")};
    facts << tr("%n answer(s)", "to ask for", static_cast<int>(forecast.cells));
    if (forecast.reused > 0)
        facts << tr("%n reused", nullptr, static_cast<int>(forecast.reused));
    m_title->setText(joinedFacts(facts));
    delete m_grid;
    qDeleteAll(m_models->findChildren<QWidget*>(QString(), Qt::FindDirectChildrenOnly));
    m_grid = new QGridLayout(m_models);
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(space::kGap);
    m_grid->setVerticalSpacing(space::kHalf);
    m_grid->setColumnStretch(0, 1);
    constexpr int kMostRows = 9; ///< the heads are one
    int row = 0;
    addHeads(row++);
    for (const ModelForecast& model : forecast.models) {
        if (row < kMostRows && model.cells + model.reused > 0)
            addModelRow(model, row++);
    }
    setWrappedText(*m_time,
                   forecast.cells == 0 ? QString() : tr("Time: %1.").arg(spending::time(forecast)));
    m_time->setToolTip(plainToolTip(spending::timeMeaning(forecast)));
    m_time->setAccessibleDescription(spending::timeMeaning(forecast));
    QString sum;
    if (forecast.cost && forecast.worst && forecast.cells > 0)
        sum = tr("In all: about %1, likely %2, at most %3. Likely: short or long answers as "
                 "recorded. At most: each as long as allowed.",
                 "money, a range of money, money")
                  .arg(spending::money(forecast.cost->expected),
                       spending::moneyRange(forecast.cost), spending::money(forecast.worst));
    else if (!forecast.cost)
        sum = tr("The sum is unknown: %n model(s) without a price.", nullptr,
                 static_cast<int>(forecast.unpriced.size()));
    if (forecast.isSimulated)
        sum += QLatin1Char(' ') + tr("At list prices: nothing is billed.");
    setWrappedText(*m_worst, sum);
}

/// A run goes on meanwhile, and what it has spent is told every moment.
bool SpendingPopover::isBeingTyped(const QAbstractSpinBox& box)
{
    const auto* const line = box.findChild<QLineEdit*>();
    return box.hasFocus() && line && line->isModified();
}

void SpendingPopover::refresh()
{
    fillForecast();
    m_isFilling = true;
    const RunCaps& caps = m_session.caps();
    if (!isBeingTyped(*m_cost))
        m_cost->setValue(caps.cost ? caps.cost->usd() : 0);
    if (!isBeingTyped(*m_tokens))
        m_tokens->setValue(
            static_cast<int>(std::min<std::int64_t>(caps.tokens.value_or(0), kMostTokens)));
    if (!isBeingTyped(*m_minutes))
        m_minutes->setValue(
            static_cast<int>((caps.timeMs.value_or(0) + kMinuteMs - 1) / kMinuteMs));
    m_isFilling = false;
    QString spent;
    if (m_session.run().id() && !m_session.shownRun()) {
        const RunSpending so = m_session.run().spending();
        spent = tr("This run so far: %1, %2 tokens, %3.", "money, tokens, time")
                    .arg(format::money(so.cost.usd()), format::count(so.tokens),
                         format::milliseconds(static_cast<double>(so.timeMs)));
        if (so.countedAtWorst > 0)
            spent += QLatin1Char(' ') + tr("%n call(s) of unknown cost count at their worst.",
                                           nullptr, static_cast<int>(so.countedAtWorst));
    }
    setWrappedText(*m_spent, spent);
    adjustSize();
    emit resized();
}

void SpendingPopover::showEvent(QShowEvent* event)
{
    QFrame::showEvent(event);
    m_cost->setFocus(Qt::PopupFocusReason);
    m_cost->selectAll();
}

SpendingButton::SpendingButton(LabSession& session, QWidget* parent)
    : QPushButton(parent), m_session(session)
{
    setObjectName(QStringLiteral("spending"));
    setButtonKind(this, ButtonKind::Quiet);
    m_popover = new SpendingPopover(session, this);
    connect(this, &QPushButton::clicked, this, &SpendingButton::open);
    connect(&session, &LabSession::forecastChanged, this, [this] { refresh(); });
    connect(&session, &LabSession::capReached, this, [this] { refresh(); });
    connect(m_popover, &SpendingPopover::resized, this, [this] {
        if (m_popover->isVisible())
            m_popover->place();
    });
    refresh();
}

void SpendingButton::refresh()
{
    const RunCaps& caps = m_session.caps();
    const bool isHeld = m_session.run().capReached().has_value();
    if (isHeld)
        setText(tr("Cap reached"));
    else if (caps.isEmpty())
        setText(m_isWordy ? tr("Cost", "a button") : QString()); // else the icon says it
    else if (caps.cost && m_session.isRunning())
        setText(tr("%1 of %2", "money spent, its cap")
                    .arg(format::money(m_session.run().spending().cost.usd(), 2),
                         spending::cap(*caps.cost)));
    else
        setText(tr("Cap %1", "money, tokens, time").arg(spending::caps(caps)));
    setIcon(ui::icon(isHeld ? Icon::Warning : Icon::Money));
    setAccessibleName(caps.isEmpty() && !isHeld ? tr("Costs and caps")
                                                : tr("Costs and caps: %1").arg(text()));
    setToolTip(plainToolTip(
        caps.isEmpty() ? tr("What sending would cost and take, and caps that it may not pass")
                       : tr("Nothing is sent that could pass %1").arg(spending::caps(caps))));
    setVisible(!m_session.shownRun());
    if (m_popover->isVisible())
        m_popover->refresh();
}

void SpendingButton::setWordy(bool wordy)
{
    if (wordy == m_isWordy)
        return;
    m_isWordy = wordy;
    refresh();
}

void SpendingButton::open()
{
    m_popover->refresh();
    m_popover->place();
    m_popover->show();
}

} // namespace signalbox::ui
