// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: numbers read the same everywhere: by locale, with their unit, and with no more places
// than their interval supports.
#include <ui/kit/format.h>

#include <QLocale>
#include <QTest>

#include <cmath>
#include <limits>

using namespace signalbox::ui;
using format::Unit;

namespace {

/// Narrow no-break spaces as plain ones, so that rows below can be read.
QString plain(QString text)
{
    return text.replace(QChar(0x202F), QLatin1Char(' ')).replace(QChar(0x2212), QLatin1Char('-'));
}

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

} // namespace

class TestFormat : public QObject
{
    Q_OBJECT
private slots:
    void init() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }

    void showsAValueInItsUnit_data()
    {
        QTest::addColumn<double>("value");
        QTest::addColumn<int>("unit");
        QTest::addColumn<QString>("text");
        const auto row = [](const char* name, double value, Unit unit, const char* text) {
            QTest::newRow(name) << value << int(unit) << QString::fromUtf8(text);
        };
        row("dollars", 12.4, Unit::Usd, "$12.40");
        row("thousands of dollars", 9412.5, Unit::Usd, "$9,412.50");
        row("parts of a cent", 0.0042, Unit::Usd, "$0.00420");
        row("a loss", -3.5, Unit::Usd, "-$3.50");
        row("nothing", 0, Unit::Usd, "$0.00");
        row("ms", 480.3, Unit::Milliseconds, "480 ms");
        row("short ms", 4.26, Unit::Milliseconds, "4.3 ms");
        row("seconds", 4812, Unit::Milliseconds, "4.81 s");
        row("many seconds", 48'120, Unit::Milliseconds, "48.1 s");
        row("rounds up to a second", 999.7, Unit::Milliseconds, "1.00 s");
        row("minutes", 125'000, Unit::Milliseconds, "2 min 5 s");
        row("hours", 11'520'000, Unit::Milliseconds, "3 h 12 min");
        row("share", 0.4931, Unit::Share, "49.3 %");
        row("score", 0.712, Unit::Score, "71.2");
        row("count", 1'234'567, Unit::Count, "1,234,567");
        row("plain", 0.012345, Unit::Plain, "0.0123");
        row("plain, large", 123456, Unit::Plain, "123,456");
        row("not a number", kNan, Unit::Usd, "–");
        row("endless", std::numeric_limits<double>::infinity(), Unit::Milliseconds, "∞");
    }

    void showsAValueInItsUnit()
    {
        QFETCH(double, value);
        QFETCH(int, unit);
        QFETCH(QString, text);
        QCOMPARE(plain(format::value(value, static_cast<Unit>(unit))), text);
    }

    void aLimitClaimsNoPrecision()
    {
        QCOMPARE(plain(format::limit(0.4, Unit::Share)), QStringLiteral("40 %"));
        QCOMPARE(plain(format::limit(0.925, Unit::Share)), QStringLiteral("92.5 %"));
        QCOMPARE(plain(format::limit(2500, Unit::Milliseconds)), QStringLiteral("2.5 s"));
        QCOMPARE(plain(format::limit(800, Unit::Milliseconds)), QStringLiteral("800 ms"));
        QCOMPARE(plain(format::limit(0.9, Unit::Score)), QStringLiteral("90"));
    }
    void aUnitStaysWithItsNumber()
    {
        QCOMPARE(format::unbroken(QStringLiteral("98.0 % of 12 lab prompts in 3 ms, 4 steps")),
                 QStringLiteral("98.0\u202F% of 12\u202Flab prompts in 3\u202Fms, 4 steps"));
    }

    void showsNoMorePlacesThanTheInterval_data()
    {
        QTest::addColumn<double>("value");
        QTest::addColumn<double>("low");
        QTest::addColumn<double>("high");
        QTest::addColumn<int>("unit");
        QTest::addColumn<QString>("estimate");
        QTest::addColumn<QString>("interval");
        const auto row = [](const char* name, double value, double low, double high, Unit unit,
                            const char* estimate, const char* interval) {
            QTest::newRow(name) << value << low << high << int(unit) << QString::fromUtf8(estimate)
                                << QString::fromUtf8(interval);
        };
        row("share", 0.4931, 0.4712, 0.5131, Unit::Share, "49.3 %", "47.1 to 51.3 %");
        row("wide share", 0.49, 0.30, 0.71, Unit::Share, "49 %", "30 to 71 %");
        row("seconds", 4812, 4604, 5107, Unit::Milliseconds, "4.81 s", "4.60 to 5.11 s");
        row("ms", 480, 431, 520, Unit::Milliseconds, "480 ms", "431 to 520 ms");
        row("across a second", 990, 900, 1150, Unit::Milliseconds, "990 ms", "0.90 to 1.15 s");
        row("dollars", 12.43, 11.2, 13.9, Unit::Usd, "$12.4", "$11.2 to $13.9");
        row("score", 0.712, 0.69, 0.74, Unit::Score, "71.2", "69.0 to 74.0");
        row("no width", 0.5, 0.5, 0.5, Unit::Share, "50.0 %", "50.0 to 50.0 %");
        row("open", 0.5, kNan, 0.6, Unit::Share, "50.0 %", "");
    }

    void showsNoMorePlacesThanTheInterval()
    {
        QFETCH(double, value);
        QFETCH(double, low);
        QFETCH(double, high);
        QFETCH(int, unit);
        QFETCH(QString, estimate);
        QFETCH(QString, interval);
        QCOMPARE(plain(format::estimate(value, low, high, static_cast<Unit>(unit))), estimate);
        QCOMPARE(plain(format::interval(low, high, static_cast<Unit>(unit))), interval);
    }

    void showsChangesWithTheirSign_data()
    {
        QTest::addColumn<double>("now");
        QTest::addColumn<double>("before");
        QTest::addColumn<int>("unit");
        QTest::addColumn<QString>("difference");
        QTest::addColumn<QString>("relative");
        const auto row = [](const char* name, double now, double before, Unit unit,
                            const char* difference, const char* relative) {
            QTest::newRow(name) << now << before << int(unit) << QString::fromUtf8(difference)
                                << QString::fromUtf8(relative);
        };
        row("points", 0.493, 0.462, Unit::Share, "+3.1 pts", "+6.7 %");
        row("slower", 4800, 1200, Unit::Milliseconds, "+3.60 s", "×4.0");
        row("cheaper", 7.1, 12.4, Unit::Usd, "-$5.30", "-43 %");
        row("same", 0.5, 0.50001, Unit::Share, "±0", "±0 %");
        row("from nothing", 3, 0, Unit::Count, "+3", "");
    }

    void showsChangesWithTheirSign()
    {
        QFETCH(double, now);
        QFETCH(double, before);
        QFETCH(int, unit);
        QFETCH(QString, difference);
        QFETCH(QString, relative);
        QString shown = plain(format::difference(now, before, static_cast<Unit>(unit)));
        QCOMPARE(shown, difference);
        QCOMPARE(plain(format::relativeChange(now, before)), relative);
    }

    void leavesOutZerosAtTheEnd_data()
    {
        QTest::addColumn<double>("value");
        QTest::addColumn<QString>("text");
        QTest::newRow("whole") << 8.0 << "8";
        QTest::newRow("half") << 0.5 << "0.5";
        QTest::newRow("thousands") << 1250.0 << "1,250";
        QTest::newRow("four digits") << 3.14159 << "3.142";
        QTest::newRow("rounds to whole") << 2.99999 << "3";
        QTest::newRow("small") << 0.00025 << "0.00025";
        QTest::newRow("nothing") << 0.0 << "0";
        QTest::newRow("negative") << -1.5 << "-1.5";
    }

    void leavesOutZerosAtTheEnd()
    {
        QFETCH(double, value);
        QFETCH(QString, text);
        QCOMPARE(plain(format::brief(value)), text);
    }

    void followsTheLocale()
    {
        QLocale::setDefault(QLocale(QLocale::German, QLocale::Germany));
        QCOMPARE(plain(format::count(1'234'567)), QStringLiteral("1.234.567"));
        QCOMPARE(plain(format::percent(0.493)), QStringLiteral("49,3 %"));
        QCOMPARE(plain(format::milliseconds(4812)), QStringLiteral("4,81 s"));
    }

    void neverShowsAMinusBeforeNothing()
    {
        QCOMPARE(format::number(-0.0004, 2), QStringLiteral("0.00"));
        QCOMPARE(format::number(-0.4, 0), QStringLiteral("0"));
    }

    void statesTheSampleSize()
    {
        QCOMPARE(plain(format::sampleSize(5000)), QStringLiteral("n = 5,000"));
    }
};

QTEST_GUILESS_MAIN(TestFormat)
#include "tst_format.moc"
