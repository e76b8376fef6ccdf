// SPDX-License-Identifier: Apache-2.0
#include "prompt_reader.h"

#include "csv.h"
#include "field_names.h"
#include "import_json.h"
#include "sheet_table.h"

#include <core/base/ascii.h>
#include <core/base/enum_name.h>
#include <core/base/utf8.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <initializer_list>
#include <map>
#include <set>
#include <utility>

namespace signalbox {

namespace {

using import_detail::CaseCollector;

constexpr std::array kFormatNames = {EnumName<PromptFormat>{PromptFormat::JsonLines, "jsonLines"},
                                     EnumName<PromptFormat>{PromptFormat::JsonList, "jsonList"},
                                     EnumName<PromptFormat>{PromptFormat::Csv, "csv"},
                                     EnumName<PromptFormat>{PromptFormat::Lines, "lines"},
                                     EnumName<PromptFormat>{PromptFormat::Paragraphs, "paragraphs"},
                                     EnumName<PromptFormat>{PromptFormat::Xlsx, "xlsx"}};

constexpr std::string_view kNotUtf8 = "it is not UTF-8; save the file as UTF-8";

constexpr std::size_t kToldOfOne = 5; ///< problems of one object

/// A prompt from one JSON value; refused with its problems.
void readElement(const Json& json, const std::string& path, std::size_t line,
                 CaseCollector& collector, ImportReport& report)
{
    JsonProblems problems(kToldOfOne);
    const JsonPath root(path);
    if (json.is_string()) {
        PromptCase prompt;
        prompt.turns.push_back({Role::User, json.get<std::string>(), 0});
        collector.add(std::move(prompt), line);
        return;
    }
    const import_detail::FieldMembers members(json, root, problems, report,
                                              import_detail::WantedFields::OfPrompts);
    PromptCase prompt = import_detail::readCaseMembers(members, root, problems);
    if (problems.isEmpty())
        collector.add(std::move(prompt), line);
    else
        report.refuse(line, problems.errors());
}

void readJsonLines(std::string_view text, CaseCollector& collector, ImportReport& report)
{
    for (const TextLine& line : linesOf(text)) {
        if (isBlankText(line.text))
            continue;
        const auto json = parseJson(line.text);
        if (json)
            readElement(*json, {}, line.number, collector, report);
        else
            report.refuse(line.number, json.error());
    }
}

void readJsonList(std::string_view text, CaseCollector& collector, ImportReport& report)
{
    const auto json = parseJson(text);
    if (!json) {
        report.refuseAt(text, json.error());
        return;
    }
    if (!json->is_array()) {
        readElement(*json, {}, 0, collector, report);
        return;
    }
    for (std::size_t i = 0; i < json->size(); ++i)
        readElement((*json)[i], "[" + std::to_string(i) + "]", 0, collector, report);
}

/// Adds one block of text as a prompt.
void addText(std::string_view text, std::size_t line, CaseCollector& collector,
             ImportReport& report)
{
    if (firstInvalidUtf8(text)) {
        report.refuse(line, std::string(kNotUtf8));
        return;
    }
    PromptCase prompt;
    prompt.turns.push_back({Role::User, std::string(trimmedText(text)), 0});
    collector.add(std::move(prompt), line);
}

void readLines(std::string_view text, CaseCollector& collector, ImportReport& report)
{
    for (const TextLine& line : linesOf(text)) {
        if (!isBlankText(line.text))
            addText(line.text, line.number, collector, report);
    }
}

void readParagraphs(std::string_view text, CaseCollector& collector, ImportReport& report)
{
    std::string block;
    std::size_t start = 0;
    const auto end = [&] {
        if (!block.empty())
            addText(block, start, collector, report);
        block.clear();
    };
    for (const TextLine& line : linesOf(text)) {
        if (isBlankText(line.text)) {
            end();
            continue;
        }
        if (block.empty())
            start = line.number;
        else
            block += '\n';
        block += line.text;
    }
    end();
}

/// What the columns of a table are.
class TableColumns
{
public:
    TableColumns(const CsvRecord& header, ImportReport& report)
    {
        findConversations(header);
        for (std::size_t place = 0; place < header.fields.size(); ++place) {
            const std::string name(trimmedText(header.fields[place]));
            const bool saysTurn = place == m_conversation || place == m_turn || place == m_role;
            m_columns.push_back(saysTurn ? Column{name} : columnOf(name, report));
        }
    }

    /// A column for prompts or turns.
    [[nodiscard]] bool asksSomething() const
    {
        return std::ranges::any_of(m_columns, [](const Column& column) {
            return column.field == ImportField::Prompt || column.turn != 0;
        });
    }

    [[nodiscard]] std::size_t size() const { return m_columns.size(); }

    /// Whether rows are turns, and those of one conversation belong together.
    [[nodiscard]] bool hasConversations() const { return m_conversation.has_value(); }
    /// Empty: the row stands alone.
    [[nodiscard]] std::string conversationOf(const CsvRecord& record) const
    {
        return std::string(trimmedText(record.fields[*m_conversation]));
    }
    /// Where in its conversation the row stands; nullopt: behind those before it.
    [[nodiscard]] std::optional<double> turnOf(const CsvRecord& record) const
    {
        if (!m_turn)
            return std::nullopt;
        const std::string text(trimmedText(record.fields[*m_turn]));
        double number = 0;
        const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
        return read.ec == std::errc() ? std::optional(number) : std::nullopt;
    }
    [[nodiscard]] bool isAssistants(const CsvRecord& record) const
    {
        return m_role &&
               foldedAscii(std::string(trimmedText(record.fields[*m_role]))) == "assistant";
    }

    [[nodiscard]] PromptCase read(const CsvRecord& record) const
    {
        PromptCase prompt;
        std::map<std::size_t, std::string> turns;
        for (std::size_t i = 0; i < m_columns.size(); ++i) {
            const Column& column = m_columns[i];
            const std::string& text = record.fields[i];
            if (isBlankText(text))
                continue;
            if (column.turn != 0)
                turns[column.turn] = text;
            else if (column.field)
                readField(*column.field, text, prompt, turns);
            else if (column.isVariable)
                prompt.variables.push_back({column.name, {text}});
        }
        std::size_t next = 1;
        for (auto& [number, text] : turns) {
            for (; next < number && number != kOnlyTurn; ++next)
                prompt.turns.push_back({Role::User, {}, 0}); // a gap, which checkCase() refuses
            prompt.turns.push_back({Role::User, std::move(text), 0});
            ++next;
        }
        return prompt;
    }

private:
    static constexpr std::size_t kOnlyTurn = 1'000'000; ///< the prompt stands behind all turns

    struct Column
    {
        std::string name;
        std::optional<ImportField> field = {};
        std::size_t turn = 0; ///< from 1
        bool isVariable = false;
    };

    /// "turn" and "role" mean something only beside the name of a conversation.
    void findConversations(const CsvRecord& header)
    {
        const auto find = [&](std::initializer_list<std::string_view> names) {
            const auto place = std::ranges::find_if(header.fields, [&](const std::string& field) {
                std::string plain;
                for (const char c : foldedAscii(std::string(trimmedText(field)))) {
                    if (c != ' ' && c != '_' && c != '-')
                        plain += c;
                }
                return std::ranges::find(names, plain) != names.end();
            });
            return place == header.fields.end()
                       ? std::nullopt
                       : std::optional(static_cast<std::size_t>(place - header.fields.begin()));
        };
        m_conversation = find({"conversationid", "conversation", "dialogueid", "threadid"});
        if (!m_conversation)
            return;
        m_turn = find({"turn", "turnnumber", "turnindex"});
        m_role = find({"role", "speaker"});
    }

    Column columnOf(std::string name, ImportReport& report)
    {
        Column column;
        column.name = std::move(name);
        if (const auto number = turnNumberNamed(column.name);
            number && m_turns.insert(*number).second) {
            column.turn = *number;
            return column;
        }
        column.field = importFieldNamed(column.name);
        if (column.field && isRead(*column.field) && m_fields.insert(*column.field).second)
            return column;
        column.field.reset();
        column.isVariable = isVariableName(column.name) && m_variables.insert(column.name).second;
        if (!column.isVariable)
            report.passOver(column.name);
        return column;
    }

    static bool isRead(ImportField field)
    {
        return field == ImportField::Id || field == ImportField::Segment ||
               field == ImportField::Tags || field == ImportField::System ||
               field == ImportField::Prompt;
    }

    static void readField(ImportField field, const std::string& text, PromptCase& prompt,
                          std::map<std::size_t, std::string>& turns)
    {
        if (field == ImportField::Id)
            prompt.id = PromptId(std::string(trimmedText(text)));
        else if (field == ImportField::Segment)
            prompt.segment = trimmedText(text);
        else if (field == ImportField::Tags)
            prompt.tags = import_detail::splitTags(text);
        else if (field == ImportField::System)
            prompt.system = text;
        else if (field == ImportField::Prompt)
            turns[kOnlyTurn] = text;
    }

    std::vector<Column> m_columns{};
    std::optional<std::size_t> m_conversation{}, m_turn{}, m_role{}; ///< columns
    std::set<ImportField> m_fields{};
    std::set<std::size_t> m_turns{};
    std::set<std::string> m_variables{};
};

/// Rows of a table that are turns of one conversation, until all have been read.
class TableConversations
{
public:
    /// @param turn  nullopt: behind those before it
    void add(const std::string& name, std::optional<double> turn, PromptCase row, std::size_t line)
    {
        Conversation& conversation = m_byName[name];
        if (conversation.turns.empty()) {
            m_order.push_back(name);
            conversation.line = line;
            conversation.whole.id = row.id.isEmpty() ? PromptId(name) : row.id;
        }
        const double place =
            turn.value_or(conversation.turns.empty() ? 0 : conversation.turns.back().first + 1);
        for (Message& message : row.turns)
            conversation.turns.emplace_back(place, std::move(message));
        PromptCase& whole = conversation.whole;
        if (whole.segment.empty())
            whole.segment = row.segment;
        if (whole.system.empty())
            whole.system = row.system;
        if (whole.tags.empty())
            whole.tags = row.tags;
        for (PromptVariable& variable : row.variables) {
            if (std::ranges::find(whole.variables, variable.name, &PromptVariable::name) ==
                whole.variables.end())
                whole.variables.push_back(std::move(variable));
        }
    }

    void addTo(CaseCollector& collector)
    {
        for (const std::string& name : m_order) {
            Conversation& conversation = m_byName[name];
            std::ranges::stable_sort(conversation.turns, {},
                                     [](const auto& turn) { return turn.first; });
            for (auto& [place, message] : conversation.turns)
                conversation.whole.turns.push_back(std::move(message));
            collector.add(std::move(conversation.whole), conversation.line);
        }
    }

private:
    struct Conversation
    {
        PromptCase whole = {};
        std::vector<std::pair<double, Message>> turns = {};
        std::size_t line = 0;
    };
    std::map<std::string, Conversation> m_byName{};
    std::vector<std::string> m_order{};
};

Result<void> readTable(const std::vector<CsvRecord>& records, const PromptReadOptions& options,
                       CaseCollector& collector, ImportReport& report)
{
    if (records.empty())
        return {};
    const TableColumns columns(records.front(), report);
    if (!columns.asksSomething() && options.promptTemplate.empty())
        return fail(
            ErrorCode::ParseError, std::string(kNoPromptColumn), {},
            "Call one \"prompt\", \"question\", \"input\" or \"turn 1\", or make a prompt of "
            "each row with a template such as \"Translate {{word}} into {{language}}\".");
    TableConversations conversations;
    for (std::size_t i = 1; i < records.size(); ++i) {
        const CsvRecord& record = records[i];
        if (record.fields.size() != columns.size()) {
            report.refuse(record.line, "it has " + std::to_string(record.fields.size()) +
                                           " fields and the header " +
                                           std::to_string(columns.size()));
            continue;
        }
        PromptCase prompt = columns.read(record);
        if (prompt.turns.empty() && !options.promptTemplate.empty())
            prompt.turns.push_back({Role::User, options.promptTemplate, 0});
        const std::string name =
            columns.hasConversations() ? columns.conversationOf(record) : std::string();
        if (name.empty()) {
            collector.add(std::move(prompt), record.line);
            continue;
        }
        if (columns.isAssistants(record)) {
            for (Message& turn : prompt.turns)
                turn.role = Role::Assistant;
        }
        conversations.add(name, columns.turnOf(record), std::move(prompt), record.line);
    }
    conversations.addTo(collector);
    return {};
}

Result<void> readSheet(std::string_view bytes, const PromptReadOptions& options,
                       CaseCollector& collector, ImportReport& report)
{
    SheetChoice choice;
    choice.name = options.sheet;
    choice.likely = "Prompts";
    const auto records = import_detail::readSheetTable(bytes, choice, report);
    if (!records)
        return Unexpected(records.error());
    return readTable(*records, options, collector, report);
}

bool namesPrompts(const CsvRecord& header)
{
    return std::ranges::any_of(header.fields, [](const std::string& name) {
        return importFieldNamed(trimmedText(name)) == ImportField::Prompt || turnNumberNamed(name);
    });
}

bool looksLikeTable(std::string_view text)
{
    ImportReport ignored;
    const std::string_view firstLines = text.substr(0, 4096);
    const CsvReading start = readCsv(firstLines, ignored);
    if (start.records.empty() || !namesPrompts(start.records.front()))
        return false;
    return start.records.front().fields.size() > 1 || text.find('"') != std::string_view::npos;
}

/// Whether all lines have as many fields as the first, which names each of them in one word: a
/// table, though none of its columns is called like one of prompts.
bool hasHeadings(std::string_view text)
{
    constexpr std::size_t kEnough = 16'384;
    if (text.size() > kEnough)
        text = text.substr(0, text.find_last_of("\r\n", kEnough) + 1); // whole lines
    ImportReport report;
    const std::vector<CsvRecord> records = readCsv(text, report).records;
    if (records.size() < 2 || records.front().fields.size() < 2 || report.refusedCount() > 0)
        return false;
    std::set<std::string_view> names;
    const bool isNamed = std::ranges::all_of(records.front().fields, [&](const std::string& name) {
        return isVariableName(name) && names.insert(name).second; // prose has a space after a comma
    });
    return isNamed && std::ranges::all_of(records, [&](const CsvRecord& record) {
               return record.fields.size() == records.front().fields.size();
           });
}

bool isNamedTable(std::string_view file)
{
    const std::string name = foldedAscii(std::string(file));
    return name.ends_with(".csv") || name.ends_with(".tsv");
}

bool hasBlocks(std::string_view text)
{
    bool hasGap = false;
    bool hasLongBlock = false;
    std::size_t inBlock = 0;
    std::size_t blocks = 0;
    for (const TextLine& line : linesOf(text)) {
        if (isBlankText(line.text)) {
            inBlock = 0;
            continue;
        }
        blocks += inBlock == 0;
        hasGap |= blocks > 1;
        hasLongBlock |= ++inBlock > 1;
    }
    return hasGap && hasLongBlock;
}

Result<void> readText(std::string_view bytes, PromptFormat format, const PromptReadOptions& options,
                      CaseCollector& collector, ImportReport& report)
{
    const auto text = decodedText(bytes);
    if (!text)
        return Unexpected(text.error());
    switch (format) {
    case PromptFormat::JsonLines:
        readJsonLines(*text, collector, report);
        break;
    case PromptFormat::JsonList:
        readJsonList(*text, collector, report);
        break;
    case PromptFormat::Csv:
        return readTable(readCsv(*text, report, options.separator).records, options, collector,
                         report);
    case PromptFormat::Lines:
        readLines(*text, collector, report);
        break;
    case PromptFormat::Paragraphs:
        readParagraphs(*text, collector, report);
        break;
    case PromptFormat::Xlsx:
        break; // no text
    }
    return {};
}

} // namespace

std::string_view nameOf(PromptFormat format)
{
    return std::ranges::find(kFormatNames, format, &EnumName<PromptFormat>::value)->name;
}

PromptFormat guessPromptFormat(std::string_view text, std::string_view file)
{
    if (isWorkbook(text))
        return PromptFormat::Xlsx;
    const auto decoded = decodedText(text);
    const std::string_view content = decoded ? std::string_view(*decoded) : text;
    const std::string_view start = trimmedText(content);
    if (start.starts_with('['))
        return PromptFormat::JsonList;
    if (start.starts_with('{') && !start.starts_with("{{"))
        return start.find_first_of("\r\n") == std::string_view::npos ||
                       parseJson(start.substr(0, start.find_first_of("\r\n")))
                   ? PromptFormat::JsonLines
                   : PromptFormat::JsonList;
    if (looksLikeTable(content) || isNamedTable(file) || hasHeadings(content))
        return PromptFormat::Csv;
    return hasBlocks(content) ? PromptFormat::Paragraphs : PromptFormat::Lines;
}

Result<PromptReading> readPrompts(std::string_view bytes, PromptFormat format,
                                  const PromptReadOptions& options)
{
    PromptReading reading;
    reading.format = format;
    reading.set.name = options.name;
    CaseCollector collector(reading.set, reading.report);
    const auto read = format == PromptFormat::Xlsx
                          ? readSheet(bytes, options, collector, reading.report)
                          : readText(bytes, format, options, collector, reading.report);
    if (!read)
        return Unexpected(read.error());
    if (reading.set.cases.empty())
        return Unexpected(nothingRead(reading.report,
                                      "Prompts are read from JSON lines, a JSON list, a table "
                                      "with a header (CSV or .xlsx), or plain lines."));
    return reading;
}

Result<PromptReading> readPrompts(std::string_view bytes, const PromptReadOptions& options)
{
    PromptFormat format = guessPromptFormat(bytes, options.file);
    if (!options.promptTemplate.empty() && format != PromptFormat::Xlsx)
        format = PromptFormat::Csv; // only the rows of a table have a template
    return readPrompts(bytes, format, options);
}

} // namespace signalbox
