// SPDX-License-Identifier: GPL-3.0-or-later
#include "projection_pdf.h"

#include <core/policy/names.h>
#include <core/projection/cost_chart.h>
#include <core/projection/projection_sheet.h>
#include <ui/kit/paged_text.h>
#include <ui/kit/text_views.h>
#include <ui/kit/theme.h>

#include <QTextTable>

namespace signalbox::ui {

namespace {

constexpr double kValuePt = 17;
constexpr double kNameShare = 0.24; ///< of a table's width
constexpr double kVerdictShare = 0.13;
constexpr int kChartWidthPx = 720; ///< fewer make its letters larger on the page
constexpr int kChartHeightPx = 470;
constexpr double kSectionPt = 2 * PagedText::kHeadingPt;

using Weight = PagedText::Weight;

QString utf8(const std::string& text)
{
    return withVisibleControls(QString::fromStdString(text));
}

QTextCharFormat captionInk()
{
    return PagedText::ink(PagedText::kCaptionPt, Weight::Regular, PagedText::Ink::Muted);
}

QTextCharFormat verdictInk(Verdict verdict)
{
    const ThemeColors& colors = Theme::light().colors();
    QTextCharFormat format = PagedText::ink(PagedText::kBodyPt, Weight::Strong);
    format.setForeground(verdict == Verdict::Met      ? colors.positive.ink
                         : verdict == Verdict::NotMet ? colors.negative.ink
                                                      : colors.caution.ink);
    return format;
}

/// Writes a sheet onto pages.
class SheetPages
{
public:
    SheetPages(const ProjectionSheet& sheet, PagedText& pages) : m_sheet(sheet), m_pages(pages) {}

    void write(const QByteArray& chart)
    {
        title();
        numbers();
        gates();
        if (!chart.isEmpty()) {
            section(QStringLiteral("Cost against consistency"));
            m_pages.drawing(chart);
        }
        for (const SheetTable* const each :
             {&m_sheet.tiers, &m_sheet.segments, &m_sheet.rules, &m_sheet.models})
            table(*each);
        notes();
    }

private:
    void title()
    {
        m_pages.heading(0, 2);
        m_pages.insert(utf8(m_sheet.title), PagedText::ink(PagedText::kTitlePt, Weight::Strong));
        if (m_sheet.isSimulated) {
            QTextCharFormat mark = PagedText::ink(PagedText::kCaptionPt, Weight::Strong);
            mark.setForeground(Theme::light().colors().caution.ink);
            m_pages.insert(QStringLiteral("   simulated"), mark);
        }
        if (!m_sheet.traffic.empty()) {
            m_pages.paragraph(0, 0);
            m_pages.insert(utf8(m_sheet.traffic), captionInk());
        }
        m_pages.paragraph(0, PagedText::kGapPt);
        m_pages.insert(utf8(m_sheet.basis) + QStringLiteral("; intervals hold 95 %"), captionInk());
    }

    /// One above the other: a name, its value large, what it means.
    void numbers()
    {
        QTextTable* const grid =
            m_pages.beginTable(static_cast<int>(m_sheet.numbers.size()), {0.17, 0.16, 0.19, 0.48});
        for (std::size_t i = 0; i < m_sheet.numbers.size(); ++i) {
            const Headline& line = m_sheet.numbers[i];
            const int row = static_cast<int>(i);
            PagedText::cell(grid, row, 0, utf8(line.name), PagedText::ink(PagedText::kBodyPt),
                            Qt::AlignLeft);
            PagedText::cell(grid, row, 1, utf8(line.value),
                            PagedText::ink(kValuePt, Weight::Strong), Qt::AlignLeft);
            PagedText::cell(grid, row, 2, utf8(line.interval), PagedText::ink(PagedText::kBodyPt),
                            Qt::AlignLeft);
            PagedText::cell(grid, row, 3, utf8(line.meaning), captionInk(), Qt::AlignLeft);
        }
        m_pages.endTable(grid);
    }

    void section(const QString& name)
    {
        m_pages.heading(kSectionPt, 2);
        m_pages.insert(name, PagedText::ink(PagedText::kHeadingPt, Weight::Strong));
    }

    void gates()
    {
        section(QStringLiteral("Gates"));
        m_pages.paragraph(0, 0);
        m_pages.insert(utf8(m_sheet.gates), PagedText::ink(PagedText::kBodyPt));
        if (m_sheet.judged.empty())
            return;
        QTextTable* const grid = m_pages.beginTable(static_cast<int>(m_sheet.judged.size()),
                                                    {kVerdictShare, 1 - kVerdictShare});
        for (std::size_t i = 0; i < m_sheet.judged.size(); ++i) {
            const GateResult& result = m_sheet.judged[i];
            const int row = static_cast<int>(i);
            PagedText::cell(grid, row, 0, QString::fromUtf8(verdictLabel(result.verdict)),
                            verdictInk(result.verdict), Qt::AlignLeft);
            PagedText::cell(grid, row, 1, utf8(result.reason), PagedText::ink(PagedText::kBodyPt),
                            Qt::AlignLeft);
        }
        m_pages.endTable(grid);
    }

    void table(const SheetTable& shown)
    {
        if (shown.rows.empty())
            return;
        section(utf8(shown.title));
        const auto columns = static_cast<qsizetype>(shown.header.size());
        QList<double> shares(columns, (1 - kNameShare) / static_cast<double>(columns - 1));
        shares[0] = kNameShare;
        QTextTable* const grid =
            m_pages.beginTable(static_cast<int>(shown.rows.size()) + 1, shares);
        const auto put = [&](int row, const std::vector<std::string>& cells,
                             const QTextCharFormat& format) {
            for (std::size_t column = 0; column < cells.size(); ++column)
                PagedText::cell(grid, row, static_cast<int>(column), utf8(cells[column]), format,
                                column == 0 ? Qt::AlignLeft : Qt::AlignRight);
        };
        put(0, shown.header, PagedText::ink(PagedText::kCaptionPt, Weight::Strong));
        for (std::size_t i = 0; i < shown.rows.size(); ++i)
            put(static_cast<int>(i) + 1, shown.rows[i], PagedText::ink(PagedText::kBodyPt));
        m_pages.endTable(grid);
    }

    void notes()
    {
        if (m_sheet.notes.empty())
            return;
        section(QStringLiteral("What is assumed or unknown"));
        for (const std::string& note : m_sheet.notes) {
            m_pages.paragraph(0, 2);
            m_pages.insert(QStringLiteral("\u2013 ") + utf8(note),
                           PagedText::ink(PagedText::kBodyPt));
        }
    }

    const ProjectionSheet& m_sheet;
    PagedText& m_pages;
};

} // namespace

QByteArray toProjectionPdf(const Projection& projection, const PolicyDocument& document,
                           const std::vector<FrontierPoint>& chart, QPageSize::PageSizeId size)
{
    const ProjectionSheet sheet = sheetOf(projection, document);
    QByteArray svg;
    if (!chart.empty()) {
        CostChart drawn = costChartOf(projection, document);
        drawn.widthPx = kChartWidthPx;
        drawn.heightPx = kChartHeightPx;
        svg = QByteArray::fromStdString(costConsistencySvg(chart, drawn));
    }
    PageMargins margins;
    margins.above = utf8(sheet.title).simplified();
    margins.aboveRight = sheet.isSimulated ? QStringLiteral("simulated") : QString();
    margins.below = QStringLiteral("Signalbox");
    return writePages(
        size, margins.above, margins, [] { return false; },
        [&](PagedText& pages) { SheetPages(sheet, pages).write(svg); });
}

} // namespace signalbox::ui
