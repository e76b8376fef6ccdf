// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFlags>
#include <QString>

#include <vector>

class QFont;
class QTextCharFormat;

namespace signalbox::ui {

/// How a passage of an answer is to be read.
enum class TextStyle {
    Strong = 1,
    Emphasis = 2,
    Code = 4,
    Heading = 8,
    Link = 16,  ///< the text of one: its target is not shown, and nothing opens
    Quote = 32, ///< somebody else's words
};
Q_DECLARE_FLAGS(TextStyles, TextStyle)

/// Neighbouring characters of one style.
struct StyledRun
{
    qsizetype start = 0; ///< in the line that is shown
    qsizetype length = 0;
    TextStyles styles;
    bool operator==(const StyledRun&) const = default;
};

/// One line of an answer as a reader sees it: the marks of Markdown are gone, and each character
/// knows where it was written.
struct ShownLine
{
    QString text;
    std::vector<qsizetype> from; ///< of each character: its offset in the line as written; it grows
    std::vector<StyledRun> runs; ///< of `text`, one after the other without a gap
    qsizetype hang = 0;          ///< characters at the start ("• ") that further rows stay clear of
    int depth = 0;               ///< of a list in a list; 0: the outermost, and no list
};

/// Reads an answer line by line: bold, emphasis, code, headings, lists, quotes, links as their
/// text. Only these marks are taken away: tags, pictures, rules and tables stay what they are, text
/// as written; nothing is fetched, opened or run. A line stays a line, a mark that has no partner
/// stays a mark. O(length).
class MarkupReader
{
public:
    /// @param line  without its break
    [[nodiscard]] ShownLine next(const QString& line);

private:
    QChar m_fence; ///< of the code that the last line was in; null: none
};

/// What a run looks like in a text of this font, with the theme's present colours.
[[nodiscard]] QTextCharFormat formatOf(TextStyles styles, const QFont& font);

/// One line of text for a place that has no other styles: as MarkupReader reads it.
[[nodiscard]] QString withoutMarks(const QString& line);

} // namespace signalbox::ui
