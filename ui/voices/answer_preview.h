// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCache>
#include <QFont>
#include <QSize>
#include <QString>
#include <QStringList>
#include <QTextLayout>

#include <list>
#include <utility>
#include <vector>

class QPainter;

namespace signalbox::ui {

struct ShownLine;

/// The first lines of an answer as a box of some size shows them, rendered: without the marks of
/// Markdown, items of lists hanging behind their bullets, empty lines left out. Where more follows,
/// the last line ends with whole words and an ellipsis. Only what can be seen is read and laid out.
class AnswerPreview
{
public:
    /// @param words  marked wherever they stand as they were written; empty: none
    AnswerPreview(const QString& text, const QString& words, const QFont& font, const QSize& box);

    void paint(QPainter& painter, const QPoint& topLeft) const;
    [[nodiscard]] QStringList lines() const;
    /// What is marked in them, in order.
    [[nodiscard]] QStringList markedWords() const;

private:
    struct Paragraph
    {
        QTextLayout layout;
        std::vector<std::pair<int, int>> marked = {}; ///< starts and lengths, in its text
        int shown = 0;                                ///< lines
    };
    void add(const ShownLine& line, std::vector<std::pair<int, int>> marked);
    void layOut(Paragraph& paragraph, qsizetype hang, int depth);
    void endWithEllipsis();

    QFont m_font;
    QSize m_box;
    int m_most = 0;  ///< lines
    int m_count = 0; ///< lines so far
    std::list<Paragraph> m_paragraphs;
};

/// The previews that were asked for last. A table that goes to its next row paints almost the same
/// cells again, and laying them out is most of a frame.
class AnswerPreviews
{
public:
    /// As AnswerPreview's constructor. It lives until another one is asked for.
    const AnswerPreview& of(const QString& text, const QString& words, const QFont& font,
                            const QSize& box);
    void clear() { m_kept.clear(); } ///< after a change of the theme: the colours are in them

private:
    struct Asked
    {
        QString text;
        QString words;
        QFont font;
        QSize box;
        bool operator==(const Asked&) const = default;
        friend size_t qHash(const Asked& asked, size_t seed = 0)
        {
            return qHashMulti(seed, asked.text, asked.words, asked.box.width(), asked.box.height());
        }
    };
    static constexpr int kMostKept = 600; ///< a large screen full of cells, twice
    QCache<Asked, AnswerPreview> m_kept{kMostKept};
};

} // namespace signalbox::ui
