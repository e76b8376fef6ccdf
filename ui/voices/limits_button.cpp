// SPDX-License-Identifier: GPL-3.0-or-later
#include "limits_button.h"

#include <ui/kit/app_style.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/fill_round.h>
#include <ui/kit/format.h>
#include <ui/kit/icons.h>
#include <ui/kit/theme.h>

#include <QPainter>
#include <QVBoxLayout>

#include <algorithm>

namespace signalbox::ui {

namespace {

constexpr int kPopoverWidthPx = 320;
constexpr int kBarHeightPx = 6;
constexpr double kShort = 0.1; ///< of a budget: it may soon hold up calls

QString unitText(RateLimit::Of of)
{
    switch (of) {
    case RateLimit::Of::Requests:
        return LimitsButton::tr("requests");
    case RateLimit::Of::Tokens:
        return LimitsButton::tr("tokens");
    case RateLimit::Of::InputTokens:
        return LimitsButton::tr("input tokens");
    case RateLimit::Of::OutputTokens:
        return LimitsButton::tr("output tokens");
    }
    return {};
}

std::int64_t wholeSeconds(std::int64_t ms)
{
    constexpr std::int64_t kSecondMs = 1000;
    return std::max(kSecondMs, (ms + kSecondMs - 1) / kSecondMs * kSecondMs);
}

QString secondsText(std::int64_t ms)
{
    return format::limit(static_cast<double>(wholeSeconds(ms)), format::Unit::Milliseconds);
}

/// As they are shown: what differs by less is no change.
void roundTimes(AccountLimits& account)
{
    if (account.waitMs)
        account.waitMs = wholeSeconds(*account.waitMs);
    for (AccountLimits::Budget& budget : account.budgets)
        if (budget.resetInMs)
            budget.resetInMs = wholeSeconds(*budget.resetInMs);
}

/// "41 of 60 requests".
QString amountText(const AccountLimits::Budget& budget)
{
    QString unit = unitText(budget.of);
    if (budget.left && budget.limit)
        return LimitsButton::tr("%1 of %2 %3 left", "number, of number, what")
            .arg(format::count(*budget.left), format::count(*budget.limit), unit);
    if (budget.left)
        return LimitsButton::tr("%1 %2 left", "number, what")
            .arg(format::count(*budget.left), unit);
    return LimitsButton::tr("%1 %2 allowed", "number, what")
        .arg(format::count(budget.limit.value_or(0)), unit);
}

/// "requests a minute", as a caption.
QString captionText(const AccountLimits::Budget& budget)
{
    const QString unit = unitText(budget.of);
    if (budget.per == "minute")
        return LimitsButton::tr("%1 a minute", "requests, tokens").arg(unit);
    if (budget.per == "day")
        return LimitsButton::tr("%1 a day", "requests, tokens").arg(unit);
    return unit;
}

QString callsText(const AccountLimits& account)
{
    if (account.allowed)
        return LimitsButton::tr("%1 of %2 calls at once", "under way, allowed for now")
            .arg(format::count(account.inFlight), format::count(*account.allowed));
    return LimitsButton::tr("%n call(s) under way", nullptr, account.inFlight);
}

QString waitSentence(const AccountLimits& account)
{
    return LimitsButton::tr("Waits %1: %2.", "time, reason")
        .arg(secondsText(account.waitMs.value_or(0)), QString::fromStdString(account.reason));
}

/// Of the budget of which least is left; null if none says how much.
const AccountLimits::Budget* tightest(const AccountLimits& account)
{
    const AccountLimits::Budget* found = nullptr;
    const auto share = [](const AccountLimits::Budget& budget) {
        return static_cast<double>(*budget.left) /
               static_cast<double>(std::max<std::int64_t>(1, budget.limit.value_or(1)));
    };
    for (const AccountLimits::Budget& budget : account.budgets)
        if (budget.left && (!found || share(budget) < share(*found)))
            found = &budget;
    return found;
}

QString phraseOf(const AccountLimits& account)
{
    const QString name = QString::fromStdString(account.name);
    if (account.waitMs)
        return LimitsButton::tr("%1 waits %2", "server, time")
            .arg(name, secondsText(*account.waitMs));
    const AccountLimits::Budget* budget = account.allowed ? nullptr : tightest(account);
    return LimitsButton::tr("%1: %2", "server, what is known of its limits")
        .arg(name, budget ? amountText(*budget) : callsText(account));
}

QString summaryOf(const std::vector<AccountLimits>& limits)
{
    const auto waiting = std::ranges::count_if(
        limits, [](const AccountLimits& account) { return account.waitMs.has_value(); });
    if (limits.size() == 1)
        return phraseOf(limits.front());
    if (waiting == 1)
        return phraseOf(*std::ranges::find_if(
            limits, [](const AccountLimits& account) { return account.waitMs.has_value(); }));
    if (waiting > 1)
        return LimitsButton::tr("%n server(s) waited for", nullptr, static_cast<int>(waiting));
    return LimitsButton::tr("Limits of %n server(s)", nullptr, static_cast<int>(limits.size()));
}

/// How much is left of a budget. Says the same as the text beside it.
class BudgetBar : public QWidget
{
public:
    BudgetBar(double share, QWidget* parent) : QWidget(parent), m_share(share)
    {
        setFixedHeight(kBarHeightPx);
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        const ThemeColors& colors = Theme::current().colors();
        const qreal radius = kBarHeightPx / 2.0;
        fillRound(painter, rect(), radius, colors.sunken, Qt::transparent);
        QRectF filled = rect();
        filled.setWidth(std::max<double>(kBarHeightPx, filled.width() * m_share));
        if (m_share > 0)
            fillRound(painter, filled, radius,
                      m_share < kShort ? colors.caution.ink : colors.accent, Qt::transparent);
    }

private:
    double m_share;
};

} // namespace

QString budgetText(const AccountLimits::Budget& budget)
{
    const QString amount = amountText(budget);
    return budget.resetInMs ? LimitsButton::tr("%1, whole again in %2", "what is left, time")
                                  .arg(amount, secondsText(*budget.resetInMs))
                            : amount;
}

QString limitsText(const AccountLimits& account)
{
    QStringList parts = {callsText(account)};
    for (const AccountLimits::Budget& budget : account.budgets)
        parts << budgetText(budget);
    if (account.waitMs)
        parts << waitSentence(account);
    return LimitsButton::tr("%1: %2", "server, what is known of its limits")
        .arg(QString::fromStdString(account.name), parts.join(QStringLiteral("; ")));
}

LimitsPopover::LimitsPopover(QWidget* parent) : Popover(parent)
{
    setObjectName(QStringLiteral("limitsPopover"));
    setAccessibleName(tr("Limits of the servers"));
    setFixedWidth(kPopoverWidthPx);
    m_rows = new QVBoxLayout(this);
    m_rows->setContentsMargins(space::kWide, space::kWide, space::kWide, space::kWide);
    m_rows->setSizeConstraint(QLayout::SetMinAndMaxSize);
}

void LimitsPopover::setLimits(const std::vector<AccountLimits>& limits)
{
    if (limits == m_shown)
        return;
    m_shown = limits;
    delete m_content;
    m_content = new QWidget(this);
    auto* rows = new QVBoxLayout(m_content);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(space::kHalf);
    m_rows->addWidget(m_content);
    for (const AccountLimits& account : limits) {
        if (rows->count() > 0)
            rows->addSpacing(space::kUnit);
        addAccount(account);
    }
    adjustSize();
}

void LimitsPopover::addAccount(const AccountLimits& account)
{
    auto* rows = static_cast<QVBoxLayout*>(m_content->layout());
    auto* head = new QHBoxLayout;
    head->setSpacing(space::kUnit);
    head->addWidget(
        new ElidedLabel(QString::fromStdString(account.name), TextRole::BodyStrong, m_content), 1);
    auto* calls = new TextLabel(callsText(account), TextRole::Small, m_content);
    calls->setMuted(true);
    head->addWidget(calls);
    rows->addLayout(head);
    for (const AccountLimits::Budget& budget : account.budgets)
        addBudget(budget);
    if (!account.waitMs)
        return;
    auto* wait = new TextLabel(waitSentence(account), TextRole::Small, m_content);
    wait->setTone(Tone::Caution);
    wait->setWordWrap(true);
    wait->setFixedHeight(wait->heightForWidth(kPopoverWidthPx - 2 * space::kWide));
    rows->addWidget(wait);
}

void LimitsPopover::addBudget(const AccountLimits::Budget& budget)
{
    auto* rows = static_cast<QVBoxLayout*>(m_content->layout());
    rows->addSpacing(space::kHalf);
    if (!budget.per.empty()) {
        auto* what = new TextLabel(captionText(budget), TextRole::Caption, m_content);
        what->setMuted(true);
        rows->addWidget(what);
    }
    if (budget.left && budget.limit && *budget.limit > 0) {
        const double share = static_cast<double>(*budget.left) / static_cast<double>(*budget.limit);
        rows->addWidget(new BudgetBar(std::clamp(share, 0.0, 1.0), m_content));
    }
    rows->addWidget(new TextLabel(budgetText(budget), TextRole::Small, m_content));
}

LimitsButton::LimitsButton(QWidget* parent) : QPushButton(parent)
{
    setObjectName(QStringLiteral("limits"));
    setButtonKind(this, ButtonKind::Quiet);
    m_popover = new LimitsPopover(this);
    connect(this, &QPushButton::clicked, this, &LimitsButton::open);
    hide();
}

void LimitsButton::setLimits(std::vector<AccountLimits> limits)
{
    std::ranges::for_each(limits, roundTimes);
    m_limits = std::move(limits);
    setVisible(!m_limits.empty());
    if (m_limits.empty()) {
        m_popover->hide();
        return;
    }
    const bool isWaiting = std::ranges::any_of(
        m_limits, [](const AccountLimits& account) { return account.waitMs.has_value(); });
    setIcon(ui::icon(isWaiting ? Icon::Clock : Icon::Gate));
    setText(withoutMnemonics(summaryOf(m_limits)));
    QStringList all;
    for (const AccountLimits& account : m_limits)
        all << limitsText(account);
    setAccessibleDescription(all.join(QLatin1Char('\n')));
    setToolTip(plainToolTip(all.join(QLatin1Char('\n'))));
    if (m_popover->isVisible())
        m_popover->setLimits(m_limits);
}

void LimitsButton::open()
{
    m_popover->setLimits(m_limits);
    m_popover->adjustSize();
    m_popover->place();
    m_popover->show();
}

} // namespace signalbox::ui
