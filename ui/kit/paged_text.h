// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QList>
#include <QPageSize>
#include <QString>
#include <QTextCharFormat>
#include <QTextCursor>
#include <QTextDocument>

#include <functional>
#include <vector>

class QFont;
class QPdfWriter;
class QTextTable;

namespace signalbox::ui {

/// What stands above and below the text of every page. The number of the page is added.
struct PageMargins
{
    QString above;      ///< at the left, one line
    QString aboveRight; ///< may be empty
    QString below;
};

/// Text for paper in the house's type: headings that stay with what follows, tables with thin
/// lines, drawings that scale. Sizes in points. Runs on any thread.
class PagedText
{
public:
    static constexpr double kCaptionPt = 8;
    static constexpr double kBodyPt = 9.5;
    static constexpr double kHeadingPt = 12;
    static constexpr double kTitlePt = 19;
    static constexpr double kGapPt = 6;
    enum class Weight { Regular, Strong };
    enum class Ink { Plain, Muted };

    explicit PagedText(QPdfWriter& writer);

    [[nodiscard]] static QTextCharFormat ink(double points, Weight weight = Weight::Regular,
                                             Ink ink = Ink::Plain);

    /// A new paragraph; the first one of a document or a cell is there already.
    void paragraph(double abovePt, double belowPt);
    /// One that stays on the page of what follows.
    void heading(double abovePt, double belowPt);
    /// Into the last paragraph.
    void insert(const QString& text, const QTextCharFormat& format);
    /// A drawing as wide as the page, in a paragraph of its own.
    /// @param svg  simple shapes and texts: SVG Tiny 1.2
    void drawing(const QByteArray& svg);

    /// @param columns  share of the width, each in [0, 1]; together 1
    [[nodiscard]] QTextTable* beginTable(int rows, const QList<double>& columns);
    void endTable(const QTextTable* table);
    static void cell(QTextTable* table, int row, int column, const QString& text,
                     const QTextCharFormat& format, Qt::Alignment side = Qt::AlignRight);
    static void shade(QTextTable* table, int row, int column, const QColor& color);

    /// Writes all pages; nothing may be added after it.
    /// @param isCancelled  asked between pages
    /// @return             false if it was
    [[nodiscard]] bool write(const PageMargins& margins, const std::function<bool()>& isCancelled);

private:
    void keepHeadingsWithText(const std::function<bool()>& isCancelled);

    QPdfWriter& m_writer;
    QTextDocument m_document;
    QTextCursor m_cursor;
    bool m_isFirst = true;
    std::vector<int> m_headings; ///< their blocks
};

/// A PDF of pages that `fill` writes into.
/// @return  empty if it was cancelled
[[nodiscard]] QByteArray writePages(QPageSize::PageSizeId size, const QString& title,
                                    const PageMargins& margins,
                                    const std::function<bool()>& isCancelled,
                                    const std::function<void(PagedText&)>& fill);

/// Letter where people measure in inches, else A4.
[[nodiscard]] QPageSize::PageSizeId usualPageSize();

} // namespace signalbox::ui
