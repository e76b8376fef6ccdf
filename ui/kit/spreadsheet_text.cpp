// SPDX-License-Identifier: GPL-3.0-or-later
#include "spreadsheet_text.h"

#include <algorithm>

namespace signalbox::ui {

namespace {

/// Behind any apostrophes, as in the exports of runs: see core/base/formula_guard.h, which these
/// parts, made of Qt alone, do not know.
bool looksLikeFormula(const QString& text)
{
    static const QString formulas = QStringLiteral("=+-@\t\r\n");
    const auto start =
        std::find_if(text.cbegin(), text.cend(), [](QChar c) { return c != QLatin1Char('\''); });
    return start != text.cend() && formulas.contains(*start);
}

QString guarded(const QString& text)
{
    bool isNumber = false;
    text.toDouble(&isNumber);
    return !isNumber && looksLikeFormula(text) ? QLatin1Char('\'') + text : text;
}

QString quotedFor(QString text, QChar separator)
{
    const bool needsQuotes = std::any_of(text.cbegin(), text.cend(), [separator](QChar c) {
        return c == separator || c == QLatin1Char('"') || c == QLatin1Char('\n') ||
               c == QLatin1Char('\r');
    });
    if (!needsQuotes)
        return text;
    text.replace(QLatin1Char('"'), QStringLiteral("\"\""));
    return QLatin1Char('"') + text + QLatin1Char('"');
}

} // namespace

QString csvCell(const QString& text)
{
    return quotedFor(guarded(text), QLatin1Char(','));
}

QString clipboardCell(const QString& text)
{
    return quotedFor(guarded(text), QLatin1Char('\t'));
}

} // namespace signalbox::ui
