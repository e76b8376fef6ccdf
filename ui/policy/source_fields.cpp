// SPDX-License-Identifier: GPL-3.0-or-later
#include "source_fields.h"

#include "policy_words.h"

#include <core/base/time_zone.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/theme.h>

#include <QCompleter>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QSignalBlocker>
#include <QStringListModel>
#include <QTimeZone>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace signalbox::ui {
namespace {

constexpr int kTimeStep = 15;
constexpr int kLongestWindow = 31 * 24 * 3600;

QVBoxLayout* rowsOf(QWidget* widget)
{
    auto* const layout = new QVBoxLayout(widget);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kUnit);
    return layout;
}

/// Names of the system's zones that begin with a region, which is how people know them, and UTC.
QCompleter* zoneCompleter(QObject* parent)
{
    QStringList zones{QStringLiteral("UTC")};
    for (const QByteArray& id : QTimeZone::availableTimeZoneIds()) {
        if (id.contains('/') && !id.startsWith("posix/") && !id.startsWith("right/"))
            zones << QString::fromLatin1(id);
    }
    auto* const completer = new QCompleter(zones, parent);
    completer->setCaseSensitivity(Qt::CaseInsensitive);
    completer->setFilterMode(Qt::MatchContains);
    return completer;
}

/// The largest unit that a time is a whole number of.
int unitOf(int seconds)
{
    return seconds % 3600 == 0 ? 3600 : seconds % 60 == 0 ? 60 : 1;
}

} // namespace

std::optional<int> minuteFromText(const QString& text)
{
    const QStringList parts = text.trimmed().split(QLatin1Char(':'));
    bool hourOk = false;
    bool minuteOk = true;
    const int hour = parts.front().toInt(&hourOk);
    const int minute = parts.size() > 1 ? parts.at(1).toInt(&minuteOk) : 0;
    const bool whole = parts.size() < 2 || parts.at(1).size() == 2;
    if (parts.size() > 2 || !hourOk || !minuteOk || !whole || hour < 0 || hour > 23 || minute < 0 ||
        minute > 59)
        return std::nullopt;
    return hour * 60 + minute;
}

// TimeField

TimeField::TimeField(const QString& name, QWidget* parent) : QLineEdit(parent)
{
    setAccessibleName(name);
    setMinimumWidth(48);
    setPlaceholderText(QStringLiteral("08:30"));
    connect(this, &QLineEdit::textEdited, this, [this](const QString& text) {
        const auto minute = minuteFromText(text);
        if (!minute || *minute == m_minute)
            return;
        m_minute = *minute;
        emit minuteEdited(m_minute);
    });
}

void TimeField::setMinute(int minute)
{
    if (minute == m_minute && !text().isEmpty())
        return; // "8:3" may be on its way to "8:30"
    m_minute = minute;
    setText(PolicyWords::timeOfDay(minute));
}

void TimeField::take(int minute)
{
    m_minute = (minute + kMinutesPerDay) % kMinutesPerDay;
    setText(PolicyWords::timeOfDay(m_minute));
    emit minuteEdited(m_minute);
}

void TimeField::keyPressEvent(QKeyEvent* event)
{
    const int step = event->key() == Qt::Key_Up ? kTimeStep
                     : event->key() == Qt::Key_Down ? -kTimeStep
                                                    : 0;
    if (step != 0 && event->modifiers() == Qt::NoModifier)
        take(m_minute + step);
    else
        QLineEdit::keyPressEvent(event);
}

void TimeField::focusOutEvent(QFocusEvent* event)
{
    setText(PolicyWords::timeOfDay(m_minute));
    QLineEdit::focusOutEvent(event);
}

// TimeWindowFields

TimeWindowFields::TimeWindowFields(QWidget* parent) : QWidget(parent)
{
    auto* const layout = rowsOf(this);
    auto* const days = new QWidget;
    auto* const line = new QHBoxLayout(days);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(space::kTiny);
    for (std::size_t i = 0; i < m_days.size(); ++i) {
        auto* const day = new QToolButton;
        day->setText(PolicyWords::weekday(static_cast<Weekday>(i)));
        day->setObjectName(QStringLiteral("weekday%1").arg(i));
        day->setCheckable(true);
        day->setFocusPolicy(Qt::StrongFocus);
        day->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
        line->addWidget(day);
        m_days[i] = day;
        connect(day, &QToolButton::clicked, this, [this, i] { toggleDay(static_cast<int>(i)); });
    }
    layout->addWidget(captioned(tr("On these days"), days));
    m_from = new TimeField(tr("From"));
    m_from->setObjectName(QStringLiteral("windowFrom"));
    m_until = new TimeField(tr("Until"));
    m_until->setObjectName(QStringLiteral("windowUntil"));
    layout->addLayout(
        besideEachOther({captioned(tr("From"), m_from), captioned(tr("Until"), m_until)}));
    m_zone = new TextField(tr("Time zone"));
    m_zone->setObjectName(QStringLiteral("windowZone"));
    m_zone->setCompleter(zoneCompleter(this));
    layout->addWidget(captioned(tr("On a clock in"), m_zone));
    m_zoneProblem = new TextLabel({}, TextRole::Small);
    m_zoneProblem->setTone(Tone::Negative);
    m_zoneProblem->setWordWrap(true);
    m_note = new TextLabel({}, TextRole::Small);
    m_note->setMuted(true);
    m_note->setWordWrap(true);
    layout->addWidget(m_zoneProblem);
    layout->addWidget(m_note);
    connect(m_from, &TimeField::minuteEdited, this, [this](int minute) {
        m_window.fromMinute = minute;
        emit edited(m_window, Pace::Typing);
    });
    connect(m_until, &TimeField::minuteEdited, this, [this](int minute) {
        m_window.untilMinute = minute;
        emit edited(m_window, Pace::Typing);
    });
    const auto takeZone = [this](const QString& zone) {
        m_window.zone = zone.trimmed().toStdString();
        emit edited(m_window, Pace::Typing);
    };
    connect(m_zone, &QLineEdit::textEdited, this, takeZone);
    connect(m_zone->completer(), qOverload<const QString&>(&QCompleter::activated), this, takeZone);
}

void TimeWindowFields::toggleDay(int day)
{
    std::vector<Weekday> days;
    for (int i = 0; i < 7; ++i) {
        if (m_days[static_cast<std::size_t>(i)]->isChecked())
            days.push_back(static_cast<Weekday>(i));
    }
    // No day at all would be every day: the last one stays.
    if (days.empty()) {
        m_days[static_cast<std::size_t>(day)]->setChecked(true);
        return;
    }
    m_window.days = days.size() == 7 ? std::vector<Weekday>() : std::move(days);
    emit edited(m_window, Pace::Once);
}

void TimeWindowFields::setWindow(const TimeWindowSource& window)
{
    m_window = window;
    for (std::size_t i = 0; i < m_days.size(); ++i) {
        const QSignalBlocker quiet(m_days[i]);
        const auto& days = window.days;
        m_days[i]->setChecked(days.empty() ||
                              std::ranges::count(days, static_cast<Weekday>(i)) > 0);
    }
    m_from->setMinute(window.fromMinute);
    m_until->setMinute(window.untilMinute);
    m_zone->setValue(window.zone);
    refreshNotes();
}

void TimeWindowFields::refreshNotes()
{
    const bool isKnown = TimeZone::find(m_window.zone).has_value();
    m_zoneProblem->setText(
        tr("This system knows no time zone “%1”.").arg(PolicyWords::text(m_window.zone)));
    m_zoneProblem->setVisible(!isKnown);
    const bool pastMidnight = m_window.untilMinute < m_window.fromMinute;
    m_note->setText(pastMidnight ? tr("It goes on past midnight, into the next day.")
                                 : tr("It is the whole day."));
    m_note->setVisible(m_window.untilMinute <= m_window.fromMinute);
}

// UsageFields

UsageFields::UsageFields(QWidget* parent) : QWidget(parent)
{
    auto* const layout = rowsOf(this);
    m_measure = new ChoiceField(tr("Counts"));
    m_measure->setObjectName(QStringLiteral("usageMeasure"));
    for (const UsageMeasure measure :
         {UsageMeasure::Requests, UsageMeasure::InputTokens, UsageMeasure::SpendUsd})
        m_measure->addItem(PolicyWords::usageMeasure(measure), static_cast<int>(measure));
    m_per = new ChoiceField(tr("Of whom"));
    m_per->setObjectName(QStringLiteral("usageUnit"));
    for (const UsageUnit unit : {UsageUnit::All, UsageUnit::User, UsageUnit::Conversation})
        m_per->addItem(PolicyWords::usageUnit(unit), static_cast<int>(unit));
    layout->addLayout(
        besideEachOther({captioned(tr("Counts"), m_measure), captioned(tr("Of whom"), m_per)}));
    m_window = new NumberField(tr("In the last"), {1, kLongestWindow, 1, 0});
    m_window->setObjectName(QStringLiteral("usageWindow"));
    m_unit = new ChoiceField(tr("Unit of the time"));
    m_unit->setObjectName(QStringLiteral("usageWindowUnit"));
    m_unit->addItem(tr("seconds"), 1);
    m_unit->addItem(tr("minutes"), 60);
    m_unit->addItem(tr("hours"), 3600);
    layout->addLayout(
        besideEachOther({captioned(tr("In the last"), m_window), captioned(tr("Unit"), m_unit)}));
    auto* const note = new TextLabel(
        tr("The router keeps the meter, and this request is not in it yet. A projection simulates "
           "it over the traffic."),
        TextRole::Small);
    note->setMuted(true);
    note->setWordWrap(true);
    layout->addWidget(note);
    connect(m_measure, &QComboBox::activated, this, [this] {
        m_usage.measure = static_cast<UsageMeasure>(m_measure->value());
        emit edited(m_usage, Pace::Once);
    });
    connect(m_per, &QComboBox::activated, this, [this] {
        m_usage.per = static_cast<UsageUnit>(m_per->value());
        emit edited(m_usage, Pace::Once);
    });
    connect(m_window, &NumberField::valueEdited, this, [this](std::optional<double> number) {
        if (number)
            takeWindow(*number, m_unit->value(), Pace::Typing);
    });
    connect(m_unit, &QComboBox::activated, this,
            [this] { takeWindow(m_window->value().value_or(1), m_unit->value(), Pace::Once); });
}

void UsageFields::takeWindow(double number, int unitSeconds, Pace pace)
{
    const double seconds = std::clamp(number * unitSeconds, 1.0, double{kLongestWindow});
    m_usage.windowSeconds = static_cast<int>(std::lround(seconds));
    emit edited(m_usage, pace);
}

void UsageFields::setUsage(const UsageSource& usage)
{
    const bool isSameWindow =
        m_window->value() && *m_window->value() * m_unit->value() == usage.windowSeconds;
    m_usage = usage;
    m_measure->setValue(static_cast<int>(usage.measure));
    m_per->setValue(static_cast<int>(usage.per));
    if (isSameWindow)
        return; // 60 minutes are left as they were said
    const int unit = unitOf(usage.windowSeconds);
    m_unit->setValue(unit);
    m_window->setValue(usage.windowSeconds / unit);
}

} // namespace signalbox::ui
