// SPDX-License-Identifier: GPL-3.0-or-later
#include "json_highlighter.h"

#include "theme.h"

namespace signalbox::ui {

namespace {

constexpr qsizetype kLongestLine = 20'000; ///< beyond it colours cost more than they tell

/// One behind the closing quote, or the end of the text.
qsizetype endOfString(const QString& text, qsizetype from)
{
    for (qsizetype i = from + 1; i < text.size(); ++i) {
        if (text[i] == QLatin1Char('\\'))
            ++i;
        else if (text[i] == QLatin1Char('"'))
            return i + 1;
    }
    return text.size();
}

bool isMemberName(const QString& text, qsizetype behind)
{
    while (behind < text.size() && text[behind].isSpace())
        ++behind;
    return behind < text.size() && text[behind] == QLatin1Char(':');
}

bool isNumberPart(QChar c)
{
    return c.isDigit() || c == QLatin1Char('.') || c == QLatin1Char('-') || c == QLatin1Char('+') ||
           c == QLatin1Char('e') || c == QLatin1Char('E');
}

} // namespace

void JsonHighlighter::highlightBlock(const QString& text)
{
    if (text.size() > kLongestLine)
        return;
    const ThemeColors& colors = Theme::current().colors();
    for (qsizetype i = 0; i < text.size();) {
        const QChar c = text[i];
        qsizetype end = i + 1;
        QColor ink;
        if (c == QLatin1Char('"')) {
            end = endOfString(text, i);
            ink = isMemberName(text, end) ? colors.accented.ink : colors.positive.ink;
        } else if (c.isDigit() || c == QLatin1Char('-')) {
            while (end < text.size() && isNumberPart(text[end]))
                ++end;
            ink = colors.caution.ink;
        } else if (c.isLetter()) {
            while (end < text.size() && text[end].isLetter())
                ++end;
            const QString word = text.mid(i, end - i);
            const bool known = word == QLatin1String("true") || word == QLatin1String("false") ||
                               word == QLatin1String("null");
            ink = known ? colors.caution.ink : colors.negative.ink;
        } else if (!c.isSpace()) {
            ink = colors.textMuted;
        }
        if (ink.isValid())
            setFormat(static_cast<int>(i), static_cast<int>(end - i), ink);
        i = end;
    }
}

} // namespace signalbox::ui
