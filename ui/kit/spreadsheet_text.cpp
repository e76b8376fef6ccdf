// SPDX-License-Identifier: GPL-3.0-or-later
#include "spreadsheet_text.h"

#include <core/base/formula_guard.h>

#include <algorithm>

namespace signalbox::ui {

namespace {

QString guarded(const QString& text)
{
    bool isNumber = false;
    text.toDouble(&isNumber);
    return isNumber ? text : QString::fromStdString(withFormulaGuard(text.toStdString()));
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
