// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/providers/rate_limiter.h>
#include <ui/kit/popover.h>

#include <QPushButton>

#include <vector>

class QVBoxLayout;

namespace signalbox::ui {

/// What is known of every server's limits, opened from its button: calls at once, what is left of
/// the stated budgets with a bar, and what is waited for. Follows its button while it is open.
class LimitsPopover : public Popover
{
    Q_OBJECT
public:
    explicit LimitsPopover(QWidget* parent);
    void setLimits(const std::vector<AccountLimits>& limits);

private:
    void addAccount(const AccountLimits& account);
    void addBudget(const AccountLimits::Budget& budget);

    QVBoxLayout* m_rows = nullptr;
    QWidget* m_content = nullptr;
    std::vector<AccountLimits> m_shown;
};

/// The limits of a run's servers in one phrase, such as "OpenAI: 41 of 60 requests left" or
/// "OpenAI waits 12 s"; a press shows them all. Not there while nothing is known.
class LimitsButton : public QPushButton
{
    Q_OBJECT
public:
    explicit LimitsButton(QWidget* parent = nullptr);
    void setLimits(std::vector<AccountLimits> limits);
    [[nodiscard]] LimitsPopover* popover() const { return m_popover; }

private:
    void open();

    LimitsPopover* m_popover = nullptr;
    std::vector<AccountLimits> m_limits;
};

/// "41 of 60 requests left, whole again in 12 s".
[[nodiscard]] QString budgetText(const AccountLimits::Budget& budget);
/// Everything of one account, in sentences.
[[nodiscard]] QString limitsText(const AccountLimits& account);

} // namespace signalbox::ui
