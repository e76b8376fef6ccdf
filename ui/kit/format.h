// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <optional>

/// Numbers as people read them, by the default QLocale. Non-finite values give an en dash. A minus
/// is the true minus sign. Units stand behind a narrow no-break space or as the locale wants.
namespace signalbox::ui::format {

enum class Unit {
    Plain,
    Count,        ///< whole things, thousands separated
    Usd,          ///< money; "$12.40", "$0.0042"
    Milliseconds, ///< "480 ms", "4.8 s", "2 min 5 s"
    Share,        ///< 0 to 1, shown in percent
    Score,        ///< 0 to 1, shown as 0 to 100 without a sign; consistency, quality
};

[[nodiscard]] QString count(qint64 value);
/// With `decimals` places behind the point.
[[nodiscard]] QString number(double value, int decimals);
/// `significant` digits, never in exponent form between 1e-6 and 1e15.
[[nodiscard]] QString significant(double value, int significant = 3);
/// At most `significant` digits, zeros at the end left out: 8, 0.5, 1,250. For ticks and
/// thresholds.
[[nodiscard]] QString brief(double value, int significant = 4);
/// US dollars with sensible cents: two places from 1 dollar up, below that `significant` digits and
/// two places at least.
[[nodiscard]] QString money(double usd, int significant = 3);
/// "480 ms", "4.8 s", "2 min 5 s", "3 h 12 min".
[[nodiscard]] QString milliseconds(double ms);
/// `share` 0.493 as "49.3 %".
[[nodiscard]] QString percent(double share, int decimals = 1);
/// 1536 as "1.5 KB"; for files.
[[nodiscard]] QString bytes(qint64 count);
/// By unit, with as many places as the value itself deserves.
[[nodiscard]] QString value(double value, Unit unit);

/// A limit that a person chose, without the zeros that would claim precision: "40 %", "2.5 s".
[[nodiscard]] QString limit(double value, Unit unit);
/// No line break between a number and its unit in a sentence of the engine.
[[nodiscard]] QString unbroken(QString text);
/// For a file: letters, digits, hyphens and single blanks, at most 60 of them; may be empty.
[[nodiscard]] QString fileName(QString text);

/// Decimal places that show the width of an interval with two significant digits:
/// [0.4712, 0.5131] → 3. Never negative, at most 6; equal or non-finite ends give -1: no opinion.
[[nodiscard]] int decimalsForInterval(double low, double high);

/// A value with as many places as its interval allows: (0.493, 0.471, 0.513, Share) → "49.3 %".
[[nodiscard]] QString estimate(double value, double low, double high, Unit unit);
/// The interval alone, same places, unit once: "47.1 to 51.3 %". Empty if an end is not finite.
[[nodiscard]] QString interval(double low, double high, Unit unit,
                               std::optional<double> apartFrom = {});

/// Difference with its sign, in the unit: shares in points ("+3.1 pts"), scores plain ("−4.0"),
/// times and money in the unit ("−1.2 s"). "±0" when it rounds to nothing.
[[nodiscard]] QString difference(double now, double before, Unit unit);
/// Relative change with its sign: "−42 %", "+1.5 %"; "×3.2" from a tripling on. Empty if `before`
/// is 0 or not finite.
[[nodiscard]] QString relativeChange(double now, double before);

/// "n = 5,000": the sample size that stands behind a number.
[[nodiscard]] QString sampleSize(qint64 n);

} // namespace signalbox::ui::format
