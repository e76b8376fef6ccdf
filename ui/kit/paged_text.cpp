// SPDX-License-Identifier: GPL-3.0-or-later
#include "paged_text.h"

#include "theme.h"

#include <QAbstractTextDocumentLayout>
#include <QBuffer>
#include <QGuiApplication>
#include <QLocale>
#include <QMarginsF>
#include <QPageLayout>
#include <QPainter>
#include <QPdfWriter>
#include <QRegularExpression>
#include <QScreen>
#include <QSvgRenderer>
#include <QTextObjectInterface>
#include <QTextTable>

#include <utility>

namespace signalbox::ui {

namespace {

constexpr int kDpi = 600;
constexpr double kPointsPerInch = 72;
constexpr QMarginsF kMarginsMm(18, 22, 18, 20);
constexpr double kLinePt = 0.6;
constexpr int kDrawingObject = QTextFormat::UserObject + 1;
constexpr int kDrawingSvg = QTextFormat::UserProperty + 1;
constexpr int kDrawingWidth = QTextFormat::UserProperty + 2;

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

QFont fontOf(double points, PagedText::Weight weight)
{
    QFont font = Theme::font(TextRole::Body);
    font.setPointSizeF(points);
    font.setWeight(weight == PagedText::Weight::Strong ? QFont::DemiBold : QFont::Normal);
    return font;
}

/// A character of the text that is a picture.
class DrawingObject : public QObject, public QTextObjectInterface
{
    Q_OBJECT
    Q_INTERFACES(QTextObjectInterface)
public:
    using QObject::QObject;

    QSizeF intrinsicSize(QTextDocument*, int, const QTextFormat& format) override
    {
        const double width = format.doubleProperty(kDrawingWidth);
        const QSizeF drawn = QSvgRenderer(format.property(kDrawingSvg).toByteArray()).defaultSize();
        return drawn.isEmpty() ? QSizeF() : drawn * (width / drawn.width());
    }
    void drawObject(QPainter* painter, const QRectF& rect, QTextDocument*, int,
                    const QTextFormat& format) override
    {
        QSvgRenderer(format.property(kDrawingSvg).toByteArray()).render(painter, rect);
    }
};

/// Above and below the text of a page.
void paintMargins(QPainter& painter, const QSizeF& area, const PageMargins& margins, int page,
                  int pages)
{
    const ThemeColors& colors = Theme::light().colors();
    painter.setFont(fontOf(PagedText::kCaptionPt, PagedText::Weight::Regular));
    painter.setPen(colors.textMuted);
    const double height = px(PagedText::kCaptionPt * 1.6);
    const QRectF top(0, -px(PagedText::kCaptionPt * 3.4), area.width(), height);
    const QRectF bottom(0, area.height() + px(PagedText::kCaptionPt * 1.8), area.width(), height);
    painter.drawText(top, Qt::AlignLeft | Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(margins.above, Qt::ElideRight,
                                                      static_cast<int>(area.width() * 0.7)));
    painter.drawText(top, Qt::AlignRight | Qt::AlignVCenter, margins.aboveRight);
    painter.drawText(bottom, Qt::AlignLeft | Qt::AlignVCenter, margins.below);
    painter.drawText(bottom, Qt::AlignRight | Qt::AlignVCenter,
                     QStringLiteral("%1 of %2").arg(page).arg(pages));
    painter.setPen(QPen(colors.line, px(kLinePt)));
    painter.drawLine(top.bottomLeft() + QPointF(0, px(3)), top.bottomRight() + QPointF(0, px(3)));
}

} // namespace

PagedText::PagedText(QPdfWriter& writer) : m_writer(writer), m_cursor(&m_document)
{
    m_document.setUndoRedoEnabled(false);
    m_document.documentLayout()->setPaintDevice(&writer);
    m_document.documentLayout()->registerHandler(kDrawingObject, new DrawingObject(&m_document));
    m_document.setDocumentMargin(0);
    m_document.setDefaultFont(fontOf(kBodyPt, Weight::Regular));
    m_document.setPageSize(QSizeF(writer.pageLayout().paintRectPixels(kDpi).size()));
}

QTextCharFormat PagedText::ink(double points, Weight weight, Ink ink)
{
    const ThemeColors& colors = Theme::light().colors(); // paper is white
    QTextCharFormat format;
    format.setFont(fontOf(points, weight));
    format.setForeground(ink == Ink::Muted ? colors.textMuted : colors.text);
    return format;
}

void PagedText::paragraph(double abovePt, double belowPt)
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

void PagedText::heading(double abovePt, double belowPt)
{
    paragraph(abovePt, belowPt);
    m_headings.push_back(m_cursor.block().blockNumber());
}

void PagedText::insert(const QString& text, const QTextCharFormat& format)
{
    m_cursor.insertText(text, format);
}

void PagedText::drawing(const QByteArray& svg)
{
    paragraph(0, 0);
    QTextBlockFormat whole = m_cursor.blockFormat();
    whole.setLineHeight(0, QTextBlockFormat::SingleHeight);
    m_cursor.setBlockFormat(whole);
    // The fonts that a browser would choose from may not be here; ours is.
    static const QRegularExpression family(QStringLiteral("font-family=\"[^\"]*\""));
    const QString lettered = QString::fromUtf8(svg).replace(
        family, QStringLiteral("font-family=\"%1\"").arg(Theme::font(TextRole::Body).family()));
    QTextCharFormat format;
    format.setObjectType(kDrawingObject);
    format.setProperty(kDrawingSvg, lettered.toUtf8());
    format.setProperty(kDrawingWidth, m_document.pageSize().width());
    m_cursor.insertText(QString(QChar::ObjectReplacementCharacter), format);
}

QTextTable* PagedText::beginTable(int rows, const QList<double>& columns)
{
    QTextTableFormat format;
    format.setBorder(0);
    format.setCellPadding(unit(3));
    format.setCellSpacing(0);
    format.setTopMargin(unit(kGapPt));
    format.setBottomMargin(unit(2 * kGapPt));
    format.setHeaderRowCount(1);
    format.setWidth(QTextLength(QTextLength::PercentageLength, 100));
    QList<QTextLength> widths;
    for (const double share : columns)
        widths << QTextLength(QTextLength::PercentageLength, 100 * share);
    format.setColumnWidthConstraints(widths);
    return m_cursor.insertTable(rows, static_cast<int>(columns.size()), format);
}

void PagedText::endTable(const QTextTable* table)
{
    m_cursor.setPosition(table->lastPosition() + 1);
    m_isFirst = true; // the paragraph behind a table is there already
}

void PagedText::cell(QTextTable* table, int row, int column, const QString& text,
                     const QTextCharFormat& format, Qt::Alignment side)
{
    QTextTableCell at = table->cellAt(row, column);
    QTextTableCellFormat look = at.format().toTableCellFormat();
    look.setBottomBorder(unit(kLinePt));
    look.setBottomBorderStyle(QTextFrameFormat::BorderStyle_Solid);
    look.setBottomBorderBrush(Theme::light().colors().line);
    look.setVerticalAlignment(QTextCharFormat::AlignMiddle);
    at.setFormat(look);
    QTextCursor cursor = at.firstCursorPosition();
    QTextBlockFormat block;
    block.setAlignment(side);
    cursor.setBlockFormat(block);
    cursor.insertText(text, format);
}

void PagedText::shade(QTextTable* table, int row, int column, const QColor& color)
{
    QTextTableCell at = table->cellAt(row, column);
    QTextTableCellFormat look = at.format().toTableCellFormat();
    look.setBackground(color);
    at.setFormat(look);
}

/// A heading at the foot of a page goes to the next one.
void PagedText::keepHeadingsWithText(const std::function<bool()>& isCancelled)
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

bool PagedText::write(const PageMargins& margins, const std::function<bool()>& isCancelled)
{
    keepHeadingsWithText(isCancelled);
    QPainter painter(&m_writer);
    const QSizeF area = m_document.pageSize();
    const int count = m_document.pageCount();
    for (int page = 0; page < count; ++page) {
        if (isCancelled())
            return false;
        if (page > 0)
            m_writer.newPage();
        paintMargins(painter, area, margins, page + 1, count);
        painter.save();
        painter.translate(0, -page * area.height());
        const QRectF shown(0, page * area.height(), area.width(), area.height());
        painter.setClipRect(shown);
        QAbstractTextDocumentLayout::PaintContext context;
        context.clip = shown;
        m_document.documentLayout()->draw(&painter, context);
        painter.restore();
    }
    return true;
}

QByteArray writePages(QPageSize::PageSizeId size, const QString& title, const PageMargins& margins,
                      const std::function<bool()>& isCancelled,
                      const std::function<void(PagedText&)>& fill)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    QPdfWriter writer(&buffer);
    writer.setResolution(kDpi);
    writer.setPageLayout(
        QPageLayout(QPageSize(size), QPageLayout::Portrait, kMarginsMm, QPageLayout::Millimeter));
    writer.setTitle(title);
    writer.setCreator(QStringLiteral("Signalbox"));
    PagedText pages(writer);
    fill(pages);
    const bool isWhole = !isCancelled() && pages.write(margins, isCancelled);
    buffer.close();
    return isWhole ? bytes : QByteArray();
}

QPageSize::PageSizeId usualPageSize()
{
    return QLocale().measurementSystem() == QLocale::ImperialUSSystem ? QPageSize::Letter
                                                                      : QPageSize::A4;
}

} // namespace signalbox::ui

#include "paged_text.moc"
