// SPDX-License-Identifier: GPL-3.0-or-later
#include "format.h"

#include <QCoreApplication>
#include <QLocale>
#include <QRegularExpression>

#include <algorithm>
#include <cmath>

namespace signalbox::ui::format {

namespace {

constexpr QChar kThinSpace(0x202F); ///< narrow, does not break
constexpr QChar kMinus(0x2212);
constexpr QChar kDash(0x2013);
constexpr QChar kTimes(0x00D7);

QString tr(const char* text)
{
    return QCoreApplication::translate("format", text);
}

QString noValue()
{
    return QString(kDash);
}

/// QLocale writes a hyphen; numbers get the true minus.
QString withMinus(QString text)
{
    if (text.startsWith(QLatin1Char('-')))
        text[0] = kMinus;
    return text;
}

QString withUnit(const QString& number, const QString& unit)
{
    return number + kThinSpace + unit;
}

/// Places behind the point that show `significant` digits of `value`.
int decimalsFor(double value, int significant)
{
    const double size = std::abs(value);
    if (size == 0 || !std::isfinite(size))
        return 0;
    const int exponent = static_cast<int>(std::floor(std::log10(size)));
    return std::clamp(significant - 1 - exponent, 0, 12);
}

/// Dollars with the sign before the currency sign.
QString dollars(double usd, int decimals)
{
    const QString digits = QLocale().toString(std::abs(usd), 'f', decimals);
    return (usd < 0 ? QString(kMinus) : QString()) + QLatin1Char('$') + digits;
}

struct Scaled
{
    double factor;
    QString unit;
};

/// Unit in which a time is shown, chosen once so that a value and its interval agree.
Scaled timeUnit(double ms)
{
    if (std::abs(ms) < 1000)
        return {1, tr("ms")};
    return {1e-3, tr("s")};
}

QString minutes(double ms)
{
    const qint64 seconds = std::llround(std::abs(ms) / 1000);
    const QString sign = ms < 0 ? QString(kMinus) : QString();
    if (seconds < 3600)
        return sign + tr("%1 min %2 s")
                          .arg(QLocale().toString(seconds / 60), QLocale().toString(seconds % 60));
    return sign +
           tr("%1 h %2 min")
               .arg(QLocale().toString(seconds / 3600), QLocale().toString(seconds % 3600 / 60));
}

/// The number that is printed for a value, without unit.
double shown(double value, Unit unit)
{
    return unit == Unit::Share || unit == Unit::Score ? value * 100 : value;
}

int placesFor(double low, double high, double value, Unit unit)
{
    const int places = decimalsForInterval(shown(low, unit), shown(high, unit));
    if (places >= 0)
        return places;
    return unit == Unit::Share || unit == Unit::Score ? 1 : decimalsFor(shown(value, unit), 3);
}

QString printed(double value, int places, Unit unit)
{
    switch (unit) {
    case Unit::Usd:
        return dollars(value, places);
    case Unit::Share:
        return withUnit(number(value * 100, places), QStringLiteral("%"));
    case Unit::Score:
        return number(value * 100, places);
    case Unit::Count:
        return number(value, 0);
    case Unit::Milliseconds:
    case Unit::Plain:
        return number(value, places);
    }
    return number(value, places);
}

} // namespace

QString count(qint64 value)
{
    return withMinus(QLocale().toString(value));
}

QString number(double value, int decimals)
{
    if (!std::isfinite(value))
        return noValue();
    QString text = QLocale().toString(value, 'f', std::max(0, decimals));
    // "-0.0" is a rounded nothing, not a loss.
    if (text.startsWith(QLatin1Char('-')) && std::none_of(text.cbegin(), text.cend(), [](QChar c) {
            return c.isDigit() && c.digitValue() != 0;
        }))
        text.remove(0, 1);
    return withMinus(text);
}

QString significant(double value, int significant)
{
    if (!std::isfinite(value))
        return noValue();
    return number(value, decimalsFor(value, std::max(1, significant)));
}

QString brief(double value, int significant)
{
    if (!std::isfinite(value))
        return noValue();
    int places = decimalsFor(value, std::max(1, significant));
    const auto isExact = [&](int p) {
        const double scale = std::pow(10, p);
        return std::abs(std::round(value * scale) / scale - value) <= std::abs(value) * 1e-9;
    };
    // What rounding to all places gives must not change when zeros are left out.
    const double scale = std::pow(10, places);
    value = std::round(value * scale) / scale;
    while (places > 0 && isExact(places - 1))
        --places;
    return number(value, places);
}

QString money(double usd, int significant)
{
    if (!std::isfinite(usd))
        return noValue();
    const double size = std::abs(usd);
    if (size == 0)
        return dollars(0, 2);
    return dollars(usd, size >= 0.995 ? 2 : std::max(2, decimalsFor(usd, significant)));
}

QString milliseconds(double ms)
{
    if (std::isinf(ms) && ms > 0)
        return QStringLiteral("∞"); // the answer never comes
    if (!std::isfinite(ms))
        return noValue();
    const double size = std::abs(ms);
    if (size < 9.95 && size != 0)
        return withUnit(number(ms, 1), tr("ms"));
    if (size < 999.5)
        return withUnit(number(ms, 0), tr("ms"));
    if (size < 99'500)
        return withUnit(number(ms / 1000, size < 9'950 ? 2 : 1), tr("s"));
    return minutes(ms);
}

QString percent(double share, int decimals)
{
    if (!std::isfinite(share))
        return noValue();
    return withUnit(number(share * 100, decimals), QStringLiteral("%"));
}

QString bytes(qint64 count)
{
    return QLocale().formattedDataSize(count, 1, QLocale::DataSizeSIFormat);
}

QString value(double value, Unit unit)
{
    if (!std::isfinite(value) && unit != Unit::Milliseconds)
        return noValue();
    switch (unit) {
    case Unit::Plain:
        return significant(value);
    case Unit::Count:
        return count(std::llround(value));
    case Unit::Usd:
        return money(value);
    case Unit::Milliseconds:
        return milliseconds(value);
    case Unit::Share:
        return percent(value);
    case Unit::Score:
        return number(value * 100, 1);
    }
    return noValue();
}

QString limit(double value, Unit unit)
{
    switch (unit) {
    case Unit::Share:
        return withUnit(brief(value * 100, 4), QStringLiteral("%"));
    case Unit::Score:
        return brief(value * 100, 4);
    case Unit::Milliseconds:
        return std::abs(value) >= 1000 && std::abs(value) < 99'500
                   ? withUnit(brief(value / 1000, 4), tr("s"))
                   : milliseconds(value);
    case Unit::Plain:
        return brief(value, 4);
    case Unit::Count:
    case Unit::Usd:
        return format::value(value, unit);
    }
    return noValue();
}

QString unbroken(QString text)
{
    static const QRegularExpression space(QStringLiteral("(?<=\\d) (?=%|ms|s\\b|lab )"));
    return text.replace(space, kThinSpace);
}

QString fileName(QString text)
{
    constexpr qsizetype kMost = 60;
    static const QRegularExpression unfit(QStringLiteral("[^\\w\\- ]+"),
                                          QRegularExpression::UseUnicodePropertiesOption);
    return text.replace(unfit, QStringLiteral(" ")).simplified().left(kMost);
}

int decimalsForInterval(double low, double high)
{
    const double width = high - low;
    if (!std::isfinite(width) || width <= 0)
        return -1;
    return std::min(6, decimalsFor(width / 2, 2));
}

QString estimate(double value, double low, double high, Unit unit)
{
    if (!std::isfinite(value))
        return noValue();
    if (unit == Unit::Milliseconds) {
        if (std::abs(value) >= 99'500)
            return minutes(value);
        const Scaled scale = timeUnit(value);
        const int places =
            placesFor(low * scale.factor, high * scale.factor, value * scale.factor, Unit::Plain);
        return withUnit(number(value * scale.factor, places), scale.unit);
    }
    return printed(value, placesFor(low, high, value, unit), unit);
}

QString interval(double low, double high, Unit unit, std::optional<double> apartFrom)
{
    if (!std::isfinite(low) || !std::isfinite(high))
        return QString();
    const QString pattern = QCoreApplication::translate("format", "%1 to %2", "an interval");
    if (unit == Unit::Milliseconds) {
        if (std::abs(high) >= 99'500)
            return pattern.arg(minutes(low), minutes(high));
        const Scaled scale = timeUnit((low + high) / 2);
        const int places =
            placesFor(low * scale.factor, high * scale.factor, high * scale.factor, Unit::Plain);
        return pattern.arg(number(low * scale.factor, places),
                           withUnit(number(high * scale.factor, places), scale.unit));
    }
    constexpr int kMostPlaces = 4;
    int places = placesFor(low, high, high, unit);
    const auto looksLikeIt = [&](double end) {
        return apartFrom && end != *apartFrom &&
               printed(end, places, unit) == printed(*apartFrom, places, unit);
    };
    while (places < kMostPlaces && (looksLikeIt(low) || looksLikeIt(high)))
        ++places;
    const Unit lowUnit = unit == Unit::Share ? Unit::Score : unit; // the sign once, at the end
    return pattern.arg(printed(low, places, lowUnit), printed(high, places, unit));
}

QString difference(double now, double before, Unit unit)
{
    const double change = now - before;
    if (!std::isfinite(change))
        return noValue();
    QString text;
    switch (unit) {
    case Unit::Share:
        text = withUnit(number(std::abs(change) * 100, 1), tr("pts"));
        break;
    case Unit::Score:
        text = number(std::abs(change) * 100, 1);
        break;
    case Unit::Plain:
    case Unit::Count:
    case Unit::Usd:
    case Unit::Milliseconds:
        text = value(std::abs(change), unit);
        break;
    }
    const bool nothing = std::none_of(text.cbegin(), text.cend(),
                                      [](QChar c) { return c.isDigit() && c.digitValue() != 0; });
    if (nothing)
        return QStringLiteral("±0");
    return (change < 0 ? QString(kMinus) : QStringLiteral("+")) + text;
}

QString relativeChange(double now, double before)
{
    if (before == 0 || !std::isfinite(before) || !std::isfinite(now))
        return QString();
    const double ratio = now / before;
    if (ratio >= 3)
        return kTimes + number(ratio, ratio < 10 ? 1 : 0);
    const double change = (now - before) / std::abs(before) * 100;
    const int decimals = std::abs(change) < 9.95 ? 1 : 0;
    const QString text = number(std::abs(change), decimals);
    if (std::none_of(text.cbegin(), text.cend(),
                     [](QChar c) { return c.isDigit() && c.digitValue() != 0; }))
        return QStringLiteral("±0") + kThinSpace + QLatin1Char('%');
    return (change < 0 ? QString(kMinus) : QStringLiteral("+")) +
           withUnit(text, QStringLiteral("%"));
}

QString sampleSize(qint64 n)
{
    return QStringLiteral("n") + kThinSpace + QLatin1Char('=') + kThinSpace + count(n);
}

} // namespace signalbox::ui::format
