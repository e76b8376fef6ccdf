// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "fields.h"

#include <core/policy/signal.h>

#include <QWidget>

#include <array>

class QToolButton;

namespace signalbox::ui {

class TextLabel;

/// A time of the day as "08:30". Up and Down step it by a quarter of an hour.
class TimeField final : public QLineEdit
{
    Q_OBJECT
public:
    explicit TimeField(const QString& name, QWidget* parent = nullptr);
    void setMinute(int minute); ///< of the day, 0 to 1439

signals:
    void minuteEdited(int minute);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    void take(int minute);
    int m_minute = -1;
};
/// "8:30", "08:30" or "8" as a minute of the day; nothing if it is none.
[[nodiscard]] std::optional<int> minuteFromText(const QString& text);

/// Days, times and zone of a time window.
class TimeWindowFields final : public QWidget
{
    Q_OBJECT
public:
    explicit TimeWindowFields(QWidget* parent = nullptr);
    void setWindow(const TimeWindowSource& window);

signals:
    void edited(const signalbox::TimeWindowSource& window, signalbox::ui::Pace pace);

private:
    void toggleDay(int day);
    void refreshNotes();

    TimeWindowSource m_window;
    std::array<QToolButton*, 7> m_days{};
    TimeField* m_from = nullptr;
    TimeField* m_until = nullptr;
    TextField* m_zone = nullptr;
    TextLabel* m_zoneProblem = nullptr;
    TextLabel* m_note = nullptr;
};

/// What a meter of the router counts: of what, of whom, over how long.
class UsageFields final : public QWidget
{
    Q_OBJECT
public:
    explicit UsageFields(QWidget* parent = nullptr);
    void setUsage(const UsageSource& usage);

signals:
    void edited(const signalbox::UsageSource& usage, signalbox::ui::Pace pace);

private:
    void takeWindow(double number, int unitSeconds, Pace pace);

    UsageSource m_usage;
    ChoiceField* m_measure = nullptr;
    ChoiceField* m_per = nullptr;
    NumberField* m_window = nullptr;
    ChoiceField* m_unit = nullptr;
};

} // namespace signalbox::ui
