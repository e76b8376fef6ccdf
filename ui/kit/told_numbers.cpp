// SPDX-License-Identifier: GPL-3.0-or-later
#include "told_numbers.h"

#include <QCoreApplication>

#include <cmath>

namespace signalbox::ui::format {

namespace {

constexpr double kMinutesFromMs = 99'500;

bool isInSeconds(Unit unit, double ms)
{
    return unit == Unit::Milliseconds && std::isfinite(ms) && std::abs(ms) < kMinutesFromMs;
}

QString seconds(const QString& number)
{
    return QCoreApplication::translate("Scoreboard", "%1\u202Fs", "seconds").arg(number);
}

} // namespace

QString toldEstimate(double value, double low, double high, Unit unit)
{
    return isInSeconds(unit, value)
               ? seconds(estimate(value / 1000, low / 1000, high / 1000, Unit::Plain))
               : estimate(value, low, high, unit);
}

QString toldInterval(double low, double high, Unit unit, std::optional<double> apartFrom)
{
    if (!isInSeconds(unit, high) || !std::isfinite(low))
        return interval(low, high, unit, apartFrom);
    if (apartFrom)
        *apartFrom /= 1000;
    return seconds(interval(low / 1000, high / 1000, Unit::Plain, apartFrom));
}

QString toldLimit(double value, Unit unit)
{
    return isInSeconds(unit, value) ? seconds(limit(value / 1000, Unit::Plain))
                                    : limit(value, unit);
}

QString toldDifference(double now, double before, Unit unit)
{
    return isInSeconds(unit, now - before)
               ? seconds(difference(now / 1000, before / 1000, Unit::Plain))
               : difference(now, before, unit);
}

} // namespace signalbox::ui::format
