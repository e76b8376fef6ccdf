// SPDX-License-Identifier: Apache-2.0
#include "report_tables.h"

#include "report_figures.h"
#include "report_words.h"

#include <core/projection/number_text.h>
#include <core/prompts/answer_columns.h>
#include <core/prompts/sheet_table.h>
#include <core/sheets/cell_text.h>
#include <core/sheets/workbook_writer.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace signalbox {

namespace {

constexpr double kWide = 60; ///< characters, of a column of prose
constexpr double kNarrow = 14;
constexpr char kCount[] = "#,##0";

SheetCell textCell(const std::string& text)
{
    return text.empty() ? SheetCell() : SheetCell(text);
}

template<class Number> SheetCell numberCell(const std::optional<Number>& number)
{
    return number && std::isfinite(static_cast<double>(*number))
               ? SheetCell(static_cast<double>(*number))
               : SheetCell();
}

SheetCell numberCell(std::size_t number)
{
    return static_cast<double>(number);
}

SheetCell sheetCell(const AnswerCell& cell)
{
    if (const auto* const text = std::get_if<std::string>(&cell))
        return textCell(*text);
    if (const auto* const whole = std::get_if<std::int64_t>(&cell))
        return static_cast<double>(*whole);
    const auto* const number = std::get_if<double>(&cell);
    return number ? numberCell(std::optional(*number)) : SheetCell();
}

/// Puts the rest of long texts into columns of their own, at the end.
class LongTexts
{
public:
    void fit(SheetDraft& sheet)
    {
        const std::size_t width = sheet.columns.size();
        for (std::vector<SheetCell>& row : sheet.rows) {
            for (std::size_t column = 0; column < std::min(width, row.size()); ++column) {
                const auto* const text = std::get_if<std::string>(&row[column]);
                if (!text || text->size() <= kMostCellUnits / 7)
                    continue; // whatever is in it, it fits
                std::vector<std::string> parts = cellParts(*text);
                m_count += parts.size() > 1 ? 1 : 0;
                row[column] = std::move(parts.front());
                for (std::size_t part = 1; part < parts.size(); ++part) {
                    const std::size_t at = placeOf(sheet, column, part + 1);
                    row.resize(std::max(row.size(), at + 1));
                    row[at] = std::move(parts[part]);
                }
            }
        }
        m_places.clear();
    }

    [[nodiscard]] std::size_t count() const { return m_count; }

private:
    std::size_t placeOf(SheetDraft& sheet, std::size_t column, std::size_t part)
    {
        const auto [found, isNew] = m_places.try_emplace({column, part}, sheet.columns.size());
        if (isNew)
            sheet.columns.push_back(
                {import_detail::partColumnName(sheet.columns[column].name, part), kWide});
        return found->second;
    }

    std::map<std::pair<std::size_t, std::size_t>, std::size_t> m_places{};
    std::size_t m_count = 0;
};

double widthOf(std::string_view column)
{
    static const std::set<std::string_view> prose = {"prompt",  "answer",     "system",
                                                     "failure", "styleGuide", "reasoning",
                                                     "turns",   "routeCalls", "route"};
    return prose.contains(column) ? kWide : kNarrow;
}

std::string formatOf(std::string_view column)
{
    if (column == "inputTokens" || column == "outputTokens" || column == "firstTokenMs" ||
        column == "totalMs")
        return kCount;
    return column == "costUsd" ? "0.000000" : "";
}

SheetDraft answersSheet(const RunReport& report)
{
    SheetDraft sheet;
    sheet.name = "Answers";
    for (const std::string_view column : answerColumns())
        sheet.columns.push_back({std::string(column), widthOf(column), formatOf(column)});
    const PromptIndex prompts(report.prompts);
    for (const Answer& answer : report.answers) {
        std::vector<SheetCell>& row = sheet.rows.emplace_back();
        for (const AnswerCell& cell : answerCells(answer, prompts.find(answer.prompt)))
            row.push_back(sheetCell(cell));
    }
    return sheet;
}

/// Called as readPrompts() reads them, for those whose words are one turn.
SheetDraft promptsSheet(const RunReport& report)
{
    SheetDraft sheet;
    sheet.name = "Prompts";
    sheet.columns = {
        {"id", 24}, {"segment", kNarrow}, {"tags", 24}, {"system", kWide}, {"prompt", kWide}};
    for (const PromptCase& prompt : report.prompts.cases)
        sheet.rows.push_back({textCell(prompt.id.value), textCell(prompt.segment),
                              textCell(joinedTags(prompt)), textCell(prompt.system),
                              textCell(prompt.turns.empty() ? "" : prompt.turns.back().text)});
    return sheet;
}

SheetDraft modelsSheet(const RunReport& report)
{
    SheetDraft sheet;
    sheet.name = "Models";
    sheet.columns = {{"model", 24},
                     {"answers", kNarrow, kCount},
                     {"failed", kNarrow, kCount},
                     {"reused", kNarrow, kCount},
                     {"words, median", kNarrow, kCount},
                     {"first token ms, median", kNarrow, kCount},
                     {"total ms, median", kNarrow, kCount},
                     {"output tokens, mean", kNarrow, "#,##0.0"},
                     {"cost USD", kNarrow, "0.000000"},
                     {"cost unknown of", kNarrow, kCount},
                     {"satisfied", kNarrow, "0.0%"},
                     {"provider", kNarrow},
                     {"asked for", 24},
                     {"served", 24},
                     {"style guide", kWide}};
    const std::vector<ModelFigures> figures = figuresOf(report);
    for (std::size_t i = 0; i < figures.size(); ++i) {
        const ModelFigures& each = figures[i];
        std::string served;
        for (const std::string& name : each.servedModels)
            served += (served.empty() ? "" : ", ") + name;
        const auto usd = each.cost ? std::optional(each.cost->usd()) : std::nullopt;
        sheet.rows.push_back(
            {textCell(report.models[i].id.value), numberCell(each.answers), numberCell(each.failed),
             numberCell(each.reused), numberCell(each.words), numberCell(each.firstTokenMs),
             numberCell(each.totalMs), numberCell(each.outputTokens), numberCell(usd),
             numberCell(each.unpriced), numberCell(each.satisfied),
             textCell(report.models[i].provider), textCell(report.models[i].upstreamModel),
             textCell(served), textCell(report.models[i].styleGuide)});
    }
    return sheet;
}

SheetDraft voicesSheet(const RunReport& report)
{
    constexpr char kShare[] = "0.00";
    SheetDraft sheet;
    sheet.name = "Voices";
    sheet.columns = {{"model", 24},
                     {"other model", 24},
                     {"noticeability", kNarrow, kShare},
                     {"low", kNarrow, kShare},
                     {"high", kNarrow, kShare},
                     {"prompts", kNarrow, kCount},
                     {"AUC", kNarrow, kShare},
                     {"what tells them apart most", kWide}};
    for (const ReportedPair& pair : report.voices->pairs)
        sheet.rows.push_back(
            {textCell(report.models[pair.a].id.value), textCell(report.models[pair.b].id.value),
             numberCell(std::optional(pair.noticeability.value)),
             numberCell(std::optional(pair.noticeability.low)),
             numberCell(std::optional(pair.noticeability.high)), numberCell(pair.n),
             numberCell(std::optional(pair.auc)), textCell(pair.reason)});
    return sheet;
}

SheetDraft notesSheet(const RunReport& report)
{
    SheetDraft sheet;
    sheet.name = "Notes";
    sheet.columns = {{"id", 24},      {"model", 24},    {"sample", kNarrow, kCount},
                     {"by", kNarrow}, {"who", kNarrow}, {"starred", kNarrow},
                     {"note", kWide}};
    for (const ReportedNote& note : report.notes)
        sheet.rows.push_back({textCell(note.prompt.value), textCell(note.model.value),
                              static_cast<double>(note.sample),
                              textCell(note.isMachine ? "machine" : "human"), textCell(note.author),
                              textCell(note.isStarred ? "yes" : ""), textCell(note.text)});
    return sheet;
}

SheetDraft runSheet(const RunReport& report, std::size_t longTexts)
{
    SheetDraft sheet;
    sheet.name = "Run";
    sheet.columns = {{"fact", 28}, {"value", kWide}};
    const auto add = [&](const std::string& name, const std::string& value) {
        sheet.rows.push_back({textCell(name), textCell(value)});
    };
    add("Name", report.name);
    if (report.isSimulated())
        add("Simulated", "yes");
    for (const auto& [name, value] : factsOf(report))
        add(name, value);
    if (report.voices)
        add("Noticeability", voicesLegend(*report.voices));
    if (longTexts > 0)
        add("Long texts", countOf(longTexts, "text is", "texts are") +
                              " longer than a cell can hold (32,767 characters) and goes on in "
                              "columns called \"… part 2\".");
    return sheet;
}

} // namespace

Result<std::string> toReportWorkbook(const RunReport& report)
{
    std::vector<SheetDraft> sheets = {answersSheet(report), promptsSheet(report),
                                      modelsSheet(report)};
    if (report.voices)
        sheets.push_back(voicesSheet(report));
    if (!report.notes.empty())
        sheets.push_back(notesSheet(report));
    LongTexts longTexts;
    for (SheetDraft& sheet : sheets)
        longTexts.fit(sheet);
    sheets.push_back(runSheet(report, longTexts.count()));
    longTexts.fit(sheets.back());
    return toWorkbook(sheets, report.name);
}

} // namespace signalbox
