// SPDX-License-Identifier: GPL-3.0-or-later
#include "report_pdf.h"

#include <core/projection/number_text.h>
#include <core/report/report_figures.h>
#include <core/report/report_words.h>
#include <ui/kit/model_look.h>
#include <ui/kit/text_views.h>
#include <ui/kit/theme.h>

#include <QAbstractTextDocumentLayout>
#include <QBuffer>
#include <QGuiApplication>
#include <QLocale>
#include <QMarginsF>
#include <QPageLayout>
#include <QPainter>
#include <QPdfWriter>
#include <QScreen>
#include <QTextCursor>
#include <QTextDocument>
#include <QTextTable>

#include <algorithm>
#include <cmath>
#include <utility>

namespace signalbox::ui {

namespace {

constexpr int kDpi = 600;
constexpr double kPointsPerInch = 72;
constexpr QMarginsF kMarginsMm(18, 22, 18, 20);
constexpr double kLinePt = 0.6;
constexpr double kCaptionPt = 8;
constexpr double kBodyPt = 9.5;
constexpr double kHeadingPt = 12;
constexpr double kTitlePt = 19;
constexpr double kGapPt = 6;
constexpr int kMostModelsInMatrix = 6; ///< more are listed pair by pair

QString utf8(std::string_view text)
{
    return withVisibleControls(QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size())));
}

/// Points in pixels of the page, for the painter.
double px(double points)
{
    return points * kDpi / kPointsPerInch;
}

/// Points in the unit of a document's formats: pixels of the screen, from which its layout scales
/// them to the page.
double unit(double points)
{
    constexpr double kUsualDpi = 96;
    const QScreen* const screen = QGuiApplication::primaryScreen();
    return points * (screen ? screen->logicalDotsPerInchY() : kUsualDpi) / kPointsPerInch;
}

QString joined(const std::vector<std::string>& facts)
{
    QStringList list;
    for (const std::string& fact : facts)
        list << utf8(fact);
    return list.join(QStringLiteral(" \u00b7 "));
}

/// Writes a report into a document of pages.
class ReportDocument
{
public:
    ReportDocument(const RunReport& report, QPdfWriter& writer)
        : m_report(report), m_cells(report), m_cursor(&m_document)
    {
        m_document.setUndoRedoEnabled(false);
        m_document.documentLayout()->setPaintDevice(&writer);
        m_document.setDocumentMargin(0);
        m_document.setDefaultFont(font(kBodyPt));
        const QRectF area = writer.pageLayout().paintRectPixels(kDpi);
        m_document.setPageSize(area.size());
    }

    /// @return false if it was cancelled
    bool write(const std::function<bool()>& isCancelled)
    {
        summary();
        models();
        voices();
        for (std::size_t i = 0; i < m_report.prompts.cases.size(); ++i) {
            if (isCancelled())
                return false;
            prompt(m_report.prompts.cases[i], i);
        }
        keepHeadingsWithText(isCancelled);
        return !isCancelled();
    }

    [[nodiscard]] QTextDocument& document() { return m_document; }

private:
    enum class Weight { Regular, Strong };

    static QFont font(double points, Weight weight = Weight::Regular)
    {
        QFont font = Theme::font(TextRole::Body);
        font.setPointSizeF(points);
        font.setWeight(weight == Weight::Strong ? QFont::DemiBold : QFont::Normal);
        return font;
    }

    static QTextCharFormat ink(double points, Weight weight = Weight::Regular, bool isMuted = false)
    {
        const ThemeColors& colors = Theme::light().colors(); // paper is white
        QTextCharFormat format;
        format.setFont(font(points, weight));
        format.setForeground(isMuted ? colors.textMuted : colors.text);
        return format;
    }

    /// A new paragraph; the first one of a document or a cell is there already.
    void paragraph(double abovePt, double belowPt)
    {
        QTextBlockFormat format;
        format.setTopMargin(unit(abovePt));
        format.setBottomMargin(unit(belowPt));
        format.setLineHeight(125, QTextBlockFormat::ProportionalHeight);
        if (std::exchange(m_isFirst, false))
            m_cursor.setBlockFormat(format);
        else
            m_cursor.insertBlock(format);
    }

    /// Stays on the page of what follows.
    void heading(double abovePt, double belowPt)
    {
        paragraph(abovePt, belowPt);
        m_headings.push_back(m_cursor.block().blockNumber());
    }

    void summary()
    {
        heading(0, kGapPt);
        m_cursor.insertText(utf8(m_report.name), ink(kTitlePt, Weight::Strong));
        if (m_report.isSimulated()) {
            QTextCharFormat mark = ink(kCaptionPt, Weight::Strong);
            mark.setForeground(Theme::light().colors().caution.ink);
            m_cursor.insertText(QStringLiteral("   simulated"), mark);
        }
        for (const auto& [name, value] : factsOf(m_report)) {
            paragraph(0, 1);
            m_cursor.insertText(utf8(name) + QStringLiteral(": "), ink(kBodyPt, {}, true));
            m_cursor.insertText(utf8(value), ink(kBodyPt));
        }
    }

    /// @param columns  share of the width, each in [0, 1]; together 1
    QTextTable* table(int rows, const QList<double>& columns)
    {
        QTextTableFormat format;
        format.setBorder(0);
        format.setCellPadding(unit(3));
        format.setCellSpacing(0);
        format.setTopMargin(unit(kGapPt));
        format.setBottomMargin(unit(kGapPt));
        format.setHeaderRowCount(1);
        format.setWidth(QTextLength(QTextLength::PercentageLength, 100));
        QList<QTextLength> widths;
        for (const double share : columns)
            widths << QTextLength(QTextLength::PercentageLength, 100 * share);
        format.setColumnWidthConstraints(widths);
        return m_cursor.insertTable(rows, static_cast<int>(columns.size()), format);
    }

    void leave(const QTextTable* table)
    {
        m_cursor.setPosition(table->lastPosition() + 1);
        m_isFirst = true; // the paragraph behind a table is there already
    }

    static void cell(QTextTable* table, int row, int column, const QString& text,
                     const QTextCharFormat& format, Qt::Alignment side = Qt::AlignRight)
    {
        QTextTableCell at = table->cellAt(row, column);
        QTextTableCellFormat look = at.format().toTableCellFormat();
        look.setBottomBorder(unit(kLinePt));
        look.setBottomBorderStyle(QTextFrameFormat::BorderStyle_Solid);
        look.setBottomBorderBrush(Theme::light().colors().line);
        at.setFormat(look);
        QTextCursor cursor = at.firstCursorPosition();
        QTextBlockFormat block;
        block.setAlignment(side);
        cursor.setBlockFormat(block);
        cursor.insertText(text, format);
    }

    [[nodiscard]] QString name(std::size_t model) const
    {
        return utf8(columnName(m_report.models[model]));
    }

    [[nodiscard]] QTextCharFormat modelInk(std::size_t model, double points) const
    {
        QTextCharFormat format = ink(points, Weight::Strong);
        format.setForeground(lookFor(m_report.models[model].look, Theme::light()).color);
        return format;
    }

    void models()
    {
        heading(2 * kHeadingPt, 0);
        m_cursor.insertText(QStringLiteral("Models"), ink(kHeadingPt, Weight::Strong));
        const std::vector<ModelFigures> figures = figuresOf(m_report);
        QTextTable* const grid = table(static_cast<int>(figures.size()) + 1,
                                       {0.26, 0.1, 0.08, 0.1, 0.13, 0.11, 0.12, 0.1});
        const char* const names[] = {"Model",       "Answers",    "Failed", "Words",
                                     "First token", "Whole time", "Cost",   "Satisfied"};
        for (int column = 0; column < 8; ++column)
            cell(grid, 0, column, QLatin1String(names[column]), ink(kCaptionPt, Weight::Strong),
                 column == 0 ? Qt::AlignLeft : Qt::AlignRight);
        for (std::size_t i = 0; i < figures.size(); ++i)
            modelRow(grid, static_cast<int>(i) + 1, i, figures[i]);
        leave(grid);
        paragraph(0, 0);
        m_cursor.insertText(QStringLiteral("Words and times are medians."),
                            ink(kCaptionPt, {}, true));
    }

    void modelRow(QTextTable* grid, int row, std::size_t model, const ModelFigures& figures) const
    {
        const QString none = QStringLiteral("\u2013");
        const auto time = [&](const std::optional<double>& ms) {
            return ms ? utf8(timeText(ms)) : none;
        };
        QString cost = utf8(costText(figures.cost));
        if (figures.cost && figures.unpriced > 0)
            cost += QStringLiteral(", %1 unknown").arg(figures.unpriced);
        const QString cells[] = {
            utf8(countText(figures.answers)),
            utf8(countText(figures.failed)),
            figures.words ? utf8(fixedText(*figures.words, 0)) : none,
            time(figures.firstTokenMs),
            time(figures.totalMs),
            cost,
            figures.satisfied ? utf8(fixedText(100 * *figures.satisfied, 1) + " %") : none};
        cell(grid, row, 0, name(model), modelInk(model, kBodyPt), Qt::AlignLeft);
        for (int column = 0; column < 7; ++column)
            cell(grid, row, column + 1, cells[column], ink(kBodyPt));
    }

    void voices()
    {
        if (!m_report.voices)
            return;
        heading(2 * kHeadingPt, 0);
        m_cursor.insertText(QStringLiteral("How noticeable a change of the model is"),
                            ink(kHeadingPt, Weight::Strong));
        if (m_report.models.size() <= kMostModelsInMatrix)
            matrix(*m_report.voices);
        else
            pairs(*m_report.voices);
        paragraph(0, 0);
        m_cursor.insertText(utf8(voicesLegend(*m_report.voices)), ink(kCaptionPt, {}, true));
    }

    void matrix(const ReportedVoices& voices)
    {
        const std::size_t count = m_report.models.size();
        const QList<double> widths(static_cast<qsizetype>(count) + 1,
                                   1.0 / static_cast<double>(count + 1));
        QTextTable* const grid = table(static_cast<int>(count) + 1, widths);
        for (std::size_t a = 0; a < count; ++a) {
            const QString title = name(a);
            const int place = static_cast<int>(a) + 1;
            cell(grid, 0, place, title, modelInk(a, kCaptionPt));
            cell(grid, place, 0, title, modelInk(a, kCaptionPt), Qt::AlignLeft);
            for (std::size_t b = 0; b < count; ++b) {
                const ReportedPair* const pair = a == b ? nullptr : pairOf(voices, a, b);
                cell(grid, place, static_cast<int>(b) + 1,
                     a == b ? QStringLiteral("\u2013") : pairText(voices, pair), ink(kCaptionPt));
                if (pair)
                    shade(grid, place, static_cast<int>(b) + 1, pair->noticeability.value);
            }
        }
        cell(grid, 0, 0, {}, ink(kCaptionPt));
        leave(grid);
    }

    void pairs(const ReportedVoices& voices)
    {
        for (const ReportedPair& pair : voices.pairs) {
            paragraph(0, 1);
            m_cursor.insertText(name(pair.a), modelInk(pair.a, kBodyPt));
            m_cursor.insertText(QStringLiteral(" \u2013 "), ink(kBodyPt));
            m_cursor.insertText(name(pair.b), modelInk(pair.b, kBodyPt));
            m_cursor.insertText(QStringLiteral("   ") + pairText(voices, &pair), ink(kBodyPt));
        }
    }

    static QString pairText(const ReportedVoices& voices, const ReportedPair* pair)
    {
        QString text = utf8(noticeabilityText(pair));
        if (pair && isOneVoice(voices, *pair))
            text += QStringLiteral(", one voice");
        return text;
    }

    static void shade(QTextTable* grid, int row, int column, double noticeability)
    {
        if (!std::isfinite(noticeability))
            return;
        QTextTableCell at = grid->cellAt(row, column);
        QTextTableCellFormat look = at.format().toTableCellFormat();
        look.setBackground(Theme::light().heat(std::clamp(noticeability, 0.0, 1.0)));
        at.setFormat(look);
    }

    void prompt(const PromptCase& prompt, std::size_t index)
    {
        heading(2.2 * kHeadingPt, 2);
        m_cursor.insertText(QStringLiteral("Prompt %1").arg(index + 1),
                            ink(kHeadingPt, Weight::Strong));
        if (!prompt.segment.empty())
            m_cursor.insertText(QStringLiteral("   ") + utf8(prompt.segment),
                                ink(kCaptionPt, {}, true));
        for (const std::string& tag : prompt.tags)
            m_cursor.insertText(QStringLiteral("   #") + utf8(tag), ink(kCaptionPt, {}, true));
        for (const Message& turn : messagesOf(prompt)) {
            if (turn.role != Role::User) {
                heading(2, 0);
                m_cursor.insertText(turn.role == Role::System ? QStringLiteral("System prompt")
                                                              : QStringLiteral("Assistant"),
                                    ink(kCaptionPt, {}, true));
            }
            paragraph(0, kGapPt / 2);
            m_cursor.insertText(
                utf8(turn.text),
                ink(kBodyPt, turn.role == Role::User ? Weight::Strong : Weight::Regular));
        }
        for (std::size_t model = 0; model < m_report.models.size(); ++model) {
            for (const Answer* const each : m_cells.answers(prompt.id, m_report.models[model].id))
                answer(*each, model);
        }
    }

    void answer(const Answer& answer, std::size_t model)
    {
        heading(kGapPt * 1.5, 1);
        m_cursor.insertText(name(model), modelInk(model, kBodyPt));
        if (answer.sample > 0)
            m_cursor.insertText(QStringLiteral("  answer %1").arg(answer.sample + 1),
                                ink(kCaptionPt, {}, true));
        m_cursor.insertText(QStringLiteral("   ") + joined(factsOf(answer)),
                            ink(kCaptionPt, {}, true));
        if (const std::string route = routeText(answer); !route.empty()) {
            heading(0, 1);
            m_cursor.insertText(QStringLiteral("Route: ") + utf8(route), ink(kCaptionPt, {}, true));
        }
        if (!answer.failure.empty()) {
            paragraph(0, 1);
            m_cursor.insertText(utf8(answer.failure), ink(kBodyPt, {}, true));
        }
        if (!answer.text.empty()) {
            paragraph(0, 1);
            m_cursor.insertText(utf8(answer.text), ink(kBodyPt));
        }
        for (const ReportedNote* const each : m_cells.notes(answer))
            note(*each);
    }

    void note(const ReportedNote& note)
    {
        paragraph(2, 1);
        QTextCharFormat format = ink(kBodyPt);
        format.setFontItalic(true);
        const QString star = note.isStarred ? QStringLiteral("\u2605 ") : QString();
        const QString who = note.author.empty() ? QStringLiteral("Note") : utf8(note.author);
        m_cursor.insertText(star + who + QStringLiteral(": "), ink(kCaptionPt, Weight::Strong));
        m_cursor.insertText(utf8(note.text), format);
    }

    /// A heading at the foot of a page goes to the next one.
    void keepHeadingsWithText(const std::function<bool()>& isCancelled)
    {
        const double page = m_document.pageSize().height();
        const auto* const layout = m_document.documentLayout();
        // A paragraph begins where the one before it ends, its first line perhaps a page later.
        const auto pageOf = [&](const QTextBlock& block) {
            double top = layout->blockBoundingRect(block).top();
            if (block.layout()->lineCount() > 0 && !QTextCursor(block).currentTable())
                top = block.layout()->position().y() + block.layout()->lineAt(0).y();
            return static_cast<int>(top / page);
        };
        for (const int number : m_headings) {
            if (isCancelled())
                return;
            const QTextBlock block = m_document.findBlockByNumber(number);
            const QTextBlock next = block.next();
            if (!next.isValid() || pageOf(block) == pageOf(next))
                continue;
            QTextCursor cursor(block);
            QTextBlockFormat format = block.blockFormat();
            format.setPageBreakPolicy(QTextFormat::PageBreak_AlwaysBefore);
            cursor.setBlockFormat(format);
        }
    }

    const RunReport& m_report;
    CellIndex m_cells;
    QTextDocument m_document;
    QTextCursor m_cursor;
    bool m_isFirst = true;
    std::vector<int> m_headings; ///< their blocks
};

/// Above and below the text of a page.
void paintMargins(QPainter& painter, const QSizeF& area, const RunReport& report, int page,
                  int pages)
{
    const ThemeColors& colors = Theme::light().colors();
    QFont font = Theme::font(TextRole::Body);
    font.setPointSizeF(kCaptionPt);
    painter.setFont(font);
    painter.setPen(colors.textMuted);
    const double height = px(kCaptionPt * 1.6);
    const QRectF top(0, -px(kCaptionPt * 3.4), area.width(), height);
    const QRectF bottom(0, area.height() + px(kCaptionPt * 1.8), area.width(), height);
    const QString name = painter.fontMetrics().elidedText(
        utf8(report.name).simplified(), Qt::ElideRight, static_cast<int>(area.width() * 0.7));
    painter.drawText(top, Qt::AlignLeft | Qt::AlignVCenter, name);
    if (report.isSimulated())
        painter.drawText(top, Qt::AlignRight | Qt::AlignVCenter, QStringLiteral("simulated"));
    painter.drawText(bottom, Qt::AlignLeft | Qt::AlignVCenter,
                     QStringLiteral("Signalbox") +
                         (report.writtenAtMs == 0
                              ? QString()
                              : QStringLiteral(", ") + utf8(dayAndMinute(report.writtenAtMs))));
    painter.drawText(bottom, Qt::AlignRight | Qt::AlignVCenter,
                     QStringLiteral("%1 of %2").arg(page).arg(pages));
    painter.setPen(QPen(colors.line, px(kLinePt)));
    painter.drawLine(top.bottomLeft() + QPointF(0, px(3)), top.bottomRight() + QPointF(0, px(3)));
}

} // namespace

Result<QByteArray> toReportPdf(const RunReport& report, QPageSize::PageSizeId size,
                               const std::function<bool()>& isCancelled)
{
    const auto cancelled = [] { return fail(ErrorCode::Cancelled, "the export was cancelled"); };
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    QPdfWriter writer(&buffer);
    writer.setResolution(kDpi);
    writer.setPageLayout(
        QPageLayout(QPageSize(size), QPageLayout::Portrait, kMarginsMm, QPageLayout::Millimeter));
    writer.setTitle(utf8(report.name).simplified());
    writer.setCreator(QStringLiteral("Signalbox"));
    ReportDocument pages(report, writer);
    if (!pages.write(isCancelled))
        return cancelled();
    QTextDocument& document = pages.document();
    QPainter painter(&writer);
    const QSizeF area = document.pageSize();
    const int count = document.pageCount();
    for (int page = 0; page < count; ++page) {
        if (isCancelled()) {
            painter.end();
            return cancelled();
        }
        if (page > 0)
            writer.newPage();
        paintMargins(painter, area, report, page + 1, count);
        painter.save();
        painter.translate(0, -page * area.height());
        const QRectF shown(0, page * area.height(), area.width(), area.height());
        painter.setClipRect(shown);
        QAbstractTextDocumentLayout::PaintContext context;
        context.clip = shown;
        document.documentLayout()->draw(&painter, context);
        painter.restore();
    }
    painter.end();
    buffer.close();
    return bytes;
}

QPageSize::PageSizeId usualPageSize()
{
    return QLocale().measurementSystem() == QLocale::ImperialUSSystem ? QPageSize::Letter
                                                                      : QPageSize::A4;
}

} // namespace signalbox::ui
