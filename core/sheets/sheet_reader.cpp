// SPDX-License-Identifier: Apache-2.0
#include "sheet_reader.h"

#include "cell_text.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace signalbox::sheets_detail {

namespace {

constexpr std::size_t kMostColumns = 16'384;
constexpr std::size_t kMostRows = 1'048'576;
constexpr std::size_t kMostCells = 5'000'000;

template<class Number> std::optional<Number> numberOf(std::string_view text)
{
    Number value{};
    const char* const begin = text.data();
    const char* const end = begin + text.size();
    const auto read = std::from_chars(begin, end, value);
    if (read.ec != std::errc() || read.ptr != end)
        return std::nullopt;
    return value;
}

Error tooLarge(const char* what)
{
    return {ErrorCode::TooLarge,
            std::string("the sheet has more ") + what + " than can be taken",
            {},
            "take a smaller part of it"};
}

bool isBlank(std::string_view text)
{
    return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

} // namespace

std::optional<CellPlace> cellPlaceNamed(std::string_view name)
{
    std::size_t letters = 0;
    std::size_t column = 0;
    while (letters < name.size() && name[letters] >= 'A' && name[letters] <= 'Z') {
        column = column * 26 + static_cast<std::size_t>(name[letters] - 'A') + 1;
        if (++letters > 3)
            return std::nullopt;
    }
    const auto row = numberOf<std::size_t>(name.substr(letters));
    if (letters == 0 || column > kMostColumns || !row || *row == 0 || *row > kMostRows)
        return std::nullopt;
    return CellPlace{column - 1, *row};
}

std::string columnName(std::size_t column)
{
    std::string name;
    for (++column; column > 0; column = (column - 1) / 26)
        name.insert(name.begin(), static_cast<char>('A' + (column - 1) % 26));
    return name;
}

void SharedTextListener::begin(std::string_view element, const XmlAttributes&)
{
    if (element == "rPh")
        m_isSpoken = true;
    else if (element == "t")
        m_isText = !m_isSpoken;
}

void SharedTextListener::end(std::string_view element)
{
    if (element == "rPh") {
        m_isSpoken = false;
    } else if (element == "t") {
        m_isText = false;
    } else if (element == "si") {
        texts.push_back(fromCellText(m_text));
        m_text.clear();
        m_bytes += 1;
    }
}

void SharedTextListener::text(std::string_view piece)
{
    if (!m_isText)
        return;
    m_bytes += piece.size();
    if (m_bytes > kMostTableBytes)
        objection = tooLarge("text");
    else
        m_text += piece;
}

void SheetListener::begin(std::string_view element, const XmlAttributes& attributes)
{
    if (element == "row") {
        beginRow(attributes);
    } else if (element == "c") {
        beginCell(attributes);
    } else if (m_isInCell && element == "rPh") {
        m_isSpoken = true;
    } else if (m_isInCell && (element == "v" || element == "t")) {
        m_takesText = !m_isSpoken;
    } else if (m_isInCell && element == "f") {
        m_hasFormula = true;
    }
}

void SheetListener::end(std::string_view element)
{
    if (element == "v" || element == "t")
        m_takesText = false;
    else if (element == "rPh")
        m_isSpoken = false;
    else if (element == "c" && m_isInCell)
        endCell();
    else if (element == "row")
        endRow();
}

void SheetListener::text(std::string_view piece)
{
    if (!m_takesText)
        return;
    if (m_value.size() + piece.size() > kMostTableBytes)
        objection = tooLarge("text");
    else
        m_value += piece;
}

void SheetListener::beginRow(const XmlAttributes& attributes)
{
    const std::size_t next = m_row.number + 1;
    m_row = {};
    m_row.number = numberOf<std::size_t>(attributes.text("r")).value_or(0);
    if (m_row.number == 0)
        m_row.number = next;
    m_column = 0;
    if (m_row.number > kMostRows)
        objection = tooLarge("rows");
}

void SheetListener::beginCell(const XmlAttributes& attributes)
{
    m_isInCell = true;
    m_hasFormula = false;
    m_isSpoken = false;
    m_value.clear();
    m_type = attributes.text("t");
    m_style = numberOf<std::size_t>(attributes.text("s")).value_or(0);
    if (const auto place = cellPlaceNamed(attributes.text("r")))
        m_column = place->column;
    if (m_column >= kMostColumns)
        objection = tooLarge("columns");
}

void SheetListener::endCell()
{
    m_isInCell = false;
    if (m_type == "e")
        fault("holds the error " + m_value + " of the spreadsheet");
    else if (m_hasFormula && m_value.empty() && m_type != "str")
        fault("is a formula whose result was not saved; open the file in a spreadsheet program and "
              "save it");
    else
        put(valueText());
    ++m_column;
}

void SheetListener::endRow()
{
    if (!m_row.fault.empty() || !std::ranges::all_of(m_row.cells, isBlank))
        rows.push_back(m_row);
    m_row.cells.clear();
    m_row.fault.clear();
}

void SheetListener::put(std::string text)
{
    if (text.empty())
        return;
    const std::size_t before = m_row.cells.size();
    m_row.cells.resize(std::max(before, m_column + 1));
    m_cells += m_row.cells.size() - before;
    m_bytes += text.size();
    if (m_cells > kMostCells)
        objection = tooLarge("cells");
    else if (m_bytes > kMostTableBytes)
        objection = tooLarge("text");
    else
        m_row.cells[m_column] = std::move(text);
}

std::string SheetListener::valueText() const
{
    if (m_type == "s") {
        const auto index = numberOf<std::size_t>(m_value);
        return index && *index < m_context.sharedTexts.size() ? m_context.sharedTexts[*index]
                                                              : std::string();
    }
    if (m_type == "inlineStr" || m_type == "str")
        return fromCellText(m_value);
    if (m_type == "b")
        return m_value == "1" ? "true" : m_value.empty() ? "" : "false";
    return m_type == "d" ? m_value : numberText();
}

std::string SheetListener::numberText() const
{
    const auto number = numberOf<double>(m_value);
    if (!number)
        return m_value;
    const bool isDate = m_style < m_context.isDateStyle.size() && m_context.isDateStyle[m_style];
    if (isDate) {
        if (const auto date = dateText(*number, m_context.dates))
            return *date;
    }
    return shortestNumber(*number);
}

void SheetListener::fault(const std::string& what)
{
    if (m_row.fault.empty())
        m_row.fault = columnName(m_column) + std::to_string(m_row.number) + " " + what;
}

} // namespace signalbox::sheets_detail
