// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as what models and people wrote, in a report: its page is well-formed, without scripts,
// and read back equal; its workbook is read back equal but for what XML cannot hold and the last
// digits of numbers. And any bytes as a report: reading it never crashes, and says why not.

#include <core/base/utf8.h>
#include <core/prompts/answer_reader.h>
#include <core/report/report_html.h>
#include <core/report/report_tables.h>
#include <core/sheets/cell_text.h>

#include <expat.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace signalbox;

void require(bool holds)
{
    if (!holds)
        std::abort();
}

/// Pieces of the input, one after the other.
class Pieces
{
public:
    explicit Pieces(std::string_view bytes) : m_rest(bytes) {}

    std::string text()
    {
        const std::size_t size = std::min<std::size_t>(byte(), m_rest.size());
        const std::string_view piece = m_rest.substr(0, size);
        m_rest.remove_prefix(size);
        return toValidUtf8(piece);
    }
    /// One that a table holds: not blank, and without spaces at its ends.
    std::string word()
    {
        const std::string any = text();
        const std::string_view trimmed = trimmedText(any);
        return trimmed.empty() ? "x" : std::string(trimmed);
    }
    std::uint8_t byte()
    {
        if (m_rest.empty())
            return 0;
        const auto first = static_cast<std::uint8_t>(m_rest.front());
        m_rest.remove_prefix(1);
        return first;
    }
    [[nodiscard]] bool isEmpty() const { return m_rest.empty(); }

private:
    std::string_view m_rest;
};

RunReport reportOf(Pieces& pieces)
{
    RunReport report;
    report.name = pieces.text();
    report.models = {{ModelId(pieces.word()), pieces.text(), pieces.text(), pieces.text(), 0}};
    while (!pieces.isEmpty() && report.answers.size() < 8) {
        PromptCase prompt;
        prompt.id = PromptId("p" + std::to_string(report.answers.size()));
        prompt.segment = pieces.byte() % 2 ? pieces.word() : "";
        prompt.system = pieces.text();
        prompt.turns.push_back({Role::User, pieces.word(), 0});
        if (pieces.byte() % 2)
            prompt.turns.push_back({Role::User, pieces.word(), 0});
        Answer answer;
        answer.prompt = prompt.id;
        answer.segment = prompt.segment;
        answer.model = report.models.front().id;
        answer.text = pieces.word();
        answer.reasoning = pieces.text();
        answer.failure = pieces.byte() % 2 ? pieces.word() : "";
        answer.state = pieces.byte() % 2 ? AnswerState::Truncated : AnswerState::Done;
        answer.totalMs = pieces.byte();
        report.prompts.cases.push_back(prompt);
        report.answers.push_back(answer);
        report.notes.push_back({prompt.id, answer.model, 0, pieces.text(), pieces.byte() % 2 == 0,
                                pieces.byte() % 2 == 0, pieces.text()});
    }
    return report;
}

void checkPage(const RunReport& report)
{
    const std::string html = toReportHtml(report);
    XML_Parser parser = XML_ParserCreate("UTF-8");
    require(XML_Parse(parser, html.data(), static_cast<int>(html.size()), 1) == XML_STATUS_OK);
    XML_ParserFree(parser);
    require(html.find("<script") == std::string::npos);
    if (report.answers.empty())
        return;
    const auto read = readAnswers(html, AnswerFormat::Report);
    require(read && read->report.refusedCount() == 0);
    require(read->answers == report.answers && read->prompts.cases == report.prompts.cases);
}

/// What a cell gives back.
std::string inCell(const std::string& text)
{
    const std::string read = fromCellText(toCellText(text));
    return isBlankText(read) ? std::string() : read; // a blank cell is an empty one
}

void checkWorkbook(const RunReport& report)
{
    const auto bytes = toReportWorkbook(report);
    require(bytes.has_value());
    if (report.answers.empty())
        return;
    const auto read = readAnswers(*bytes, AnswerFormat::Xlsx);
    require(read && read->report.refusedCount() == 0);
    require(read->answers.size() == report.answers.size());
    for (std::size_t i = 0; i < report.answers.size(); ++i) {
        require(read->answers[i].text == inCell(report.answers[i].text));
        require(read->answers[i].reasoning == inCell(report.answers[i].reasoning));
        require(read->answers[i].state == report.answers[i].state);
        require(read->answers[i].totalMs == report.answers[i].totalMs);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto read = readAnswers(bytes, AnswerFormat::Report);
    require(read || !read.error().message.empty());
    Pieces pieces(bytes);
    const RunReport report = reportOf(pieces);
    checkPage(report);
    checkWorkbook(report);
    return 0;
}
