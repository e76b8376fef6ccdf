// SPDX-License-Identifier: GPL-3.0-or-later
#include "report_pdf.h"

#include <core/projection/number_text.h>
#include <core/report/report_figures.h>
#include <core/report/report_words.h>
#include <ui/kit/model_look.h>
#include <ui/kit/paged_text.h>
#include <ui/kit/text_views.h>
#include <ui/kit/theme.h>

#include <QTextTable>

#include <algorithm>
#include <cmath>

namespace signalbox::ui {

namespace {

constexpr int kMostModelsInMatrix = 6; ///< more are listed pair by pair

QString utf8(std::string_view text)
{
    return withVisibleControls(QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size())));
}

QString joined(const std::vector<std::string>& facts)
{
    QStringList list;
    for (const std::string& fact : facts)
        list << utf8(fact);
    return list.join(QStringLiteral(" \u00b7 "));
}

/// Writes a report onto pages.
class ReportPages
{
public:
    ReportPages(const RunReport& report, PagedText& pages)
        : m_report(report), m_cells(report), m_pages(pages)
    {}

    void write(const std::function<bool()>& isCancelled)
    {
        summary();
        models();
        voices();
        for (std::size_t i = 0; i < m_report.prompts.cases.size() && !isCancelled(); ++i)
            prompt(m_report.prompts.cases[i], i);
    }

private:
    using Weight = PagedText::Weight;

    static QTextCharFormat ink(double points, Weight weight = Weight::Regular)
    {
        return PagedText::ink(points, weight);
    }
    static QTextCharFormat mutedInk(double points)
    {
        return PagedText::ink(points, Weight::Regular, PagedText::Ink::Muted);
    }

    void summary()
    {
        m_pages.heading(0, PagedText::kGapPt);
        m_pages.insert(utf8(m_report.name), ink(PagedText::kTitlePt, Weight::Strong));
        if (m_report.isSimulated()) {
            QTextCharFormat mark = ink(PagedText::kCaptionPt, Weight::Strong);
            mark.setForeground(Theme::light().colors().caution.ink);
            m_pages.insert(QStringLiteral("   simulated"), mark);
        }
        for (const auto& [name, value] : factsOf(m_report)) {
            m_pages.paragraph(0, 1);
            m_pages.insert(utf8(name) + QStringLiteral(": "), mutedInk(PagedText::kBodyPt));
            m_pages.insert(utf8(value), ink(PagedText::kBodyPt));
        }
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
        m_pages.heading(2 * PagedText::kHeadingPt, 0);
        m_pages.insert(QStringLiteral("Models"), ink(PagedText::kHeadingPt, Weight::Strong));
        const std::vector<ModelFigures> figures = figuresOf(m_report);
        QTextTable* const grid = m_pages.beginTable(static_cast<int>(figures.size()) + 1,
                                                    {0.26, 0.1, 0.08, 0.1, 0.13, 0.11, 0.12, 0.1});
        const char* const names[] = {"Model",       "Answers",    "Failed", "Words",
                                     "First token", "Whole time", "Cost",   "Satisfied"};
        for (int column = 0; column < 8; ++column)
            PagedText::cell(grid, 0, column, QLatin1String(names[column]),
                            ink(PagedText::kCaptionPt, Weight::Strong),
                            column == 0 ? Qt::AlignLeft : Qt::AlignRight);
        for (std::size_t i = 0; i < figures.size(); ++i)
            modelRow(grid, static_cast<int>(i) + 1, i, figures[i]);
        m_pages.endTable(grid);
        m_pages.paragraph(0, 0);
        m_pages.insert(QStringLiteral("Words and times are medians."),
                       mutedInk(PagedText::kCaptionPt));
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
        PagedText::cell(grid, row, 0, name(model), modelInk(model, PagedText::kBodyPt),
                        Qt::AlignLeft);
        for (int column = 0; column < 7; ++column)
            PagedText::cell(grid, row, column + 1, cells[column], ink(PagedText::kBodyPt));
    }

    void voices()
    {
        if (!m_report.voices)
            return;
        m_pages.heading(2 * PagedText::kHeadingPt, 0);
        m_pages.insert(QStringLiteral("How noticeable a change of the model is"),
                       ink(PagedText::kHeadingPt, Weight::Strong));
        if (m_report.models.size() <= kMostModelsInMatrix)
            matrix(*m_report.voices);
        else
            pairs(*m_report.voices);
        m_pages.paragraph(0, 0);
        m_pages.insert(utf8(voicesLegend(*m_report.voices)), mutedInk(PagedText::kCaptionPt));
    }

    void matrix(const ReportedVoices& voices)
    {
        const std::size_t count = m_report.models.size();
        const QList<double> widths(static_cast<qsizetype>(count) + 1,
                                   1.0 / static_cast<double>(count + 1));
        QTextTable* const grid = m_pages.beginTable(static_cast<int>(count) + 1, widths);
        for (std::size_t a = 0; a < count; ++a) {
            const QString title = name(a);
            const int place = static_cast<int>(a) + 1;
            PagedText::cell(grid, 0, place, title, modelInk(a, PagedText::kCaptionPt));
            PagedText::cell(grid, place, 0, title, modelInk(a, PagedText::kCaptionPt),
                            Qt::AlignLeft);
            for (std::size_t b = 0; b < count; ++b) {
                const ReportedPair* const pair = a == b ? nullptr : pairOf(voices, a, b);
                PagedText::cell(grid, place, static_cast<int>(b) + 1,
                                a == b ? QStringLiteral("\u2013") : pairText(voices, pair),
                                ink(PagedText::kCaptionPt));
                if (pair)
                    shade(grid, place, static_cast<int>(b) + 1, pair->noticeability.value);
            }
        }
        PagedText::cell(grid, 0, 0, {}, ink(PagedText::kCaptionPt));
        m_pages.endTable(grid);
    }

    void pairs(const ReportedVoices& voices)
    {
        for (const ReportedPair& pair : voices.pairs) {
            m_pages.paragraph(0, 1);
            m_pages.insert(name(pair.a), modelInk(pair.a, PagedText::kBodyPt));
            m_pages.insert(QStringLiteral(" \u2013 "), ink(PagedText::kBodyPt));
            m_pages.insert(name(pair.b), modelInk(pair.b, PagedText::kBodyPt));
            m_pages.insert(QStringLiteral("   ") + pairText(voices, &pair),
                           ink(PagedText::kBodyPt));
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
        PagedText::shade(grid, row, column,
                         Theme::light().heat(std::clamp(noticeability, 0.0, 1.0)));
    }

    void prompt(const PromptCase& prompt, std::size_t index)
    {
        m_pages.heading(2.2 * PagedText::kHeadingPt, 2);
        m_pages.insert(QStringLiteral("Prompt %1").arg(index + 1),
                       ink(PagedText::kHeadingPt, Weight::Strong));
        if (!prompt.segment.empty())
            m_pages.insert(QStringLiteral("   ") + utf8(prompt.segment),
                           mutedInk(PagedText::kCaptionPt));
        for (const std::string& tag : prompt.tags)
            m_pages.insert(QStringLiteral("   #") + utf8(tag), mutedInk(PagedText::kCaptionPt));
        for (const Message& turn : messagesOf(prompt)) {
            if (turn.role != Role::User) {
                m_pages.heading(2, 0);
                m_pages.insert(turn.role == Role::System ? QStringLiteral("System prompt")
                                                         : QStringLiteral("Assistant"),
                               mutedInk(PagedText::kCaptionPt));
            }
            m_pages.paragraph(0, PagedText::kGapPt / 2);
            m_pages.insert(utf8(turn.text),
                           ink(PagedText::kBodyPt,
                               turn.role == Role::User ? Weight::Strong : Weight::Regular));
        }
        for (std::size_t model = 0; model < m_report.models.size(); ++model) {
            for (const Answer* const each : m_cells.answers(prompt.id, m_report.models[model].id))
                answer(*each, model);
        }
    }

    void answer(const Answer& answer, std::size_t model)
    {
        m_pages.heading(PagedText::kGapPt * 1.5, 1);
        m_pages.insert(name(model), modelInk(model, PagedText::kBodyPt));
        if (answer.sample > 0)
            m_pages.insert(QStringLiteral("  answer %1").arg(answer.sample + 1),
                           mutedInk(PagedText::kCaptionPt));
        m_pages.insert(QStringLiteral("   ") + joined(factsOf(answer)),
                       mutedInk(PagedText::kCaptionPt));
        if (const std::string route = routeText(answer); !route.empty()) {
            m_pages.heading(0, 1);
            m_pages.insert(QStringLiteral("Route: ") + utf8(route),
                           mutedInk(PagedText::kCaptionPt));
        }
        if (!answer.failure.empty()) {
            m_pages.paragraph(0, 1);
            m_pages.insert(utf8(answer.failure), mutedInk(PagedText::kBodyPt));
        }
        if (!answer.text.empty()) {
            m_pages.paragraph(0, 1);
            m_pages.insert(utf8(answer.text), ink(PagedText::kBodyPt));
        }
        for (const ReportedNote* const each : m_cells.notes(answer))
            note(*each);
    }

    void note(const ReportedNote& note)
    {
        m_pages.paragraph(2, 1);
        QTextCharFormat format = ink(PagedText::kBodyPt);
        format.setFontItalic(true);
        const QString star = note.isStarred ? QStringLiteral("\u2605 ") : QString();
        const QString who = note.author.empty() ? QStringLiteral("Note") : utf8(note.author);
        m_pages.insert(star + who + QStringLiteral(": "),
                       ink(PagedText::kCaptionPt, Weight::Strong));
        m_pages.insert(utf8(note.text), format);
    }

    const RunReport& m_report;
    CellIndex m_cells;
    PagedText& m_pages;
};

} // namespace

Result<QByteArray> toReportPdf(const RunReport& report, QPageSize::PageSizeId size,
                               const std::function<bool()>& isCancelled)
{
    const QString name = utf8(report.name).simplified();
    PageMargins margins;
    margins.above = name;
    margins.aboveRight = report.isSimulated() ? QStringLiteral("simulated") : QString();
    margins.below = QStringLiteral("Signalbox");
    if (report.writtenAtMs != 0)
        margins.below += QStringLiteral(", ") + utf8(dayAndMinute(report.writtenAtMs));
    QByteArray bytes = writePages(size, name, margins, isCancelled, [&](PagedText& pages) {
        ReportPages(report, pages).write(isCancelled);
    });
    if (bytes.isEmpty())
        return fail(ErrorCode::Cancelled, "the export was cancelled");
    return bytes;
}

} // namespace signalbox::ui
