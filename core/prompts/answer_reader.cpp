// SPDX-License-Identifier: Apache-2.0
#include "answer_reader.h"

#include "answer_collector.h"
#include "answer_columns.h"
#include "csv.h"
#include "embedded_answers.h"
#include "import_json.h"
#include "sheet_table.h"

#include <core/base/ascii.h>
#include <core/base/formula_guard.h>
#include <core/base/iso_time.h>
#include <core/voice/policy_route.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <limits>
#include <map>
#include <set>
#include <utility>

namespace signalbox {

namespace {

using import_detail::AnswerCollector;
using import_detail::ReadAnswer;

constexpr std::int64_t kMostTokens = std::numeric_limits<std::int32_t>::max();
constexpr double kMostMs = 1e9;
constexpr double kMostUsd = 1e6;
constexpr int kMostSample = 1'000'000;
constexpr std::size_t kToldOfOne = 5; ///< problems of one object
constexpr std::string_view kNoRoute = "it is no route of a policy as Signalbox writes it";

/// Failed if there is a reason and no text, else done; a stated state wins.
void setState(Answer& answer, std::optional<AnswerState> stated)
{
    if (stated)
        answer.state = *stated;
    else if (!answer.failure.empty() && isBlankText(answer.text))
        answer.state = AnswerState::Failed;
}

std::optional<double> satisfactionOf(const import_detail::FieldMembers& members)
{
    const Json* const json = members.find(ImportField::Satisfied);
    if (json && json->is_boolean())
        return json->get<bool>() ? 1 : 0;
    return members.readNumber(ImportField::Satisfied, 0, 1);
}

ReadAnswer readAnswerMembers(const import_detail::FieldMembers& members, const JsonPath& path,
                             JsonProblems& problems)
{
    ReadAnswer read;
    read.prompt = import_detail::readCaseMembers(members, path, problems);
    Answer& answer = read.answer;
    members.readText(ImportField::Model, answer.model.value);
    members.readText(ImportField::Answer, answer.text);
    members.readText(ImportField::ServedModel, answer.servedModel);
    members.readText(ImportField::Failure, answer.failure);
    members.readText(ImportField::Reasoning, answer.reasoning);
    members.readText(ImportField::StyleGuide, answer.styleGuide);
    answer.inputTokens = members.readInteger(ImportField::InputTokens, 0, kMostTokens);
    answer.outputTokens = members.readInteger(ImportField::OutputTokens, 0, kMostTokens);
    answer.firstTokenMs = members.readNumber(ImportField::FirstTokenMs, 0, kMostMs);
    answer.totalMs = members.readNumber(ImportField::TotalMs, 0, kMostMs);
    answer.satisfied = satisfactionOf(members);
    if (const auto usd = members.readNumber(ImportField::CostUsd, 0, kMostUsd))
        answer.cost = Money::fromUsd(*usd);
    if (const auto sample = members.readInteger(ImportField::Sample, 0, kMostSample))
        read.sample = static_cast<int>(*sample);
    std::optional<AnswerState> state;
    if (std::string name; members.readText(ImportField::State, name)) {
        state = import_detail::answerStateNamed(name);
        if (!state) {
            const std::string key = members.nameOf(ImportField::State);
            problems.add(path.member(key), "there is no state \"" + name + "\"");
        }
    }
    setState(answer, state);
    answer.simulated = members.readFlag(ImportField::Simulated);
    answer.reused = members.readFlag(ImportField::Reused);
    answer.tokensEstimated = members.readFlag(ImportField::TokensEstimated);
    answer.costStated = members.readFlag(ImportField::CostStated);
    if (std::string time; members.readText(ImportField::RecordedAt, time)) {
        read.recordedAtMs = unixMsOfIsoTime(time);
        if (!read.recordedAtMs)
            problems.add(path.member(members.nameOf(ImportField::RecordedAt)),
                         "\"" + time + "\" is no time like 2026-11-27T08:15:30Z");
    }
    if (std::string name; members.readText(ImportField::FailureKind, name)) {
        answer.failureKind = failureKindNamed(name);
        if (!answer.failureKind) {
            const std::string key = members.nameOf(ImportField::FailureKind);
            problems.add(path.member(key), "there is no kind of failure \"" + name + "\"");
        }
    }
    return read;
}

/// A route as this program writes it: an object, or the same as a text.
void readRoute(const import_detail::FieldMembers& members, const JsonPath& path, Answer& answer,
               JsonProblems& problems)
{
    const Json* const json = members.find(ImportField::Route);
    if (!json)
        return;
    answer.route = json->is_string() ? json->get<std::string>() : toCompactJsonText(*json);
    if (!parseRoute(answer.route))
        problems.add(path.member(members.nameOf(ImportField::Route)), std::string(kNoRoute));
}

/// @param firstLine  number of the first one
void readJsonLines(std::string_view text, AnswerCollector& collector, ImportReport& report,
                   std::size_t firstLine = 1)
{
    for (const TextLine& line : linesOf(text)) {
        if (isBlankText(line.text))
            continue;
        const std::size_t number = line.number + firstLine - 1;
        const auto json = parseJson(line.text);
        if (!json) {
            report.refuse(number, json.error());
            continue;
        }
        JsonProblems problems(kToldOfOne);
        const JsonPath root;
        const import_detail::FieldMembers members(*json, root, problems, report,
                                                  import_detail::WantedFields::All);
        ReadAnswer read = readAnswerMembers(members, root, problems);
        readRoute(members, root, read.answer, problems);
        if (problems.isEmpty())
            collector.add(std::move(read), number);
        else
            report.refuse(number, problems.errors());
    }
}

/// The data of a report, and whether all of it is there.
Result<void> readReport(std::string_view html, AnswerCollector& collector, AnswerReading& reading)
{
    const auto embedded = embeddedAnswersIn(html);
    if (!embedded)
        return Unexpected(embedded.error());
    readJsonLines(embedded->lines, collector, reading.report, embedded->firstLine);
    const std::size_t found = reading.answers.size() + reading.report.refusedCount();
    if (embedded->isCut || found < embedded->stated)
        reading.report.refuse(0, "the report was cut off: it states " +
                                     std::to_string(embedded->stated) + " answers and " +
                                     std::to_string(found) + " are there");
    return {};
}

/// One row of a table while it is read; keeps what is wrong with its cells.
class AnswerRow
{
public:
    void read(ImportField field, const std::string& column, const std::string& cell)
    {
        if (isBlankText(cell))
            return;
        const std::string text(trimmedText(cell));
        Answer& answer = m_read.answer;
        PromptCase& prompt = m_read.prompt;
        switch (field) {
        case ImportField::Id:
            prompt.id = PromptId(text);
            break;
        case ImportField::Segment:
            prompt.segment = text;
            break;
        case ImportField::Tags:
            prompt.tags = import_detail::splitTags(text);
            break;
        case ImportField::System:
            prompt.system = cell;
            break;
        case ImportField::Prompt:
            prompt.turns.push_back({Role::User, cell, 0});
            break;
        case ImportField::Turns:
            readTurns(column, text);
            break;
        case ImportField::Variables:
            break; // of JSON only; such a column is none of these
        case ImportField::Model:
            answer.model = ModelId(text);
            break;
        case ImportField::Answer:
            answer.text = cell;
            break;
        case ImportField::Sample:
            m_read.sample = number<int>(column, text, 0, kMostSample);
            break;
        case ImportField::ServedModel:
            answer.servedModel = text;
            break;
        case ImportField::InputTokens:
            answer.inputTokens = number<std::int64_t>(column, text, 0, kMostTokens);
            break;
        case ImportField::OutputTokens:
            answer.outputTokens = number<std::int64_t>(column, text, 0, kMostTokens);
            break;
        case ImportField::FirstTokenMs:
            answer.firstTokenMs = number<double>(column, text, 0, kMostMs);
            break;
        case ImportField::TotalMs:
            answer.totalMs = number<double>(column, text, 0, kMostMs);
            break;
        case ImportField::CostUsd:
            if (const auto usd = number<double>(column, text, 0, kMostUsd))
                answer.cost = Money::fromUsd(*usd);
            break;
        case ImportField::Satisfied:
            answer.satisfied = share(column, text);
            break;
        case ImportField::State:
            m_state = import_detail::answerStateNamed(text);
            if (!m_state)
                fault(column, "there is no state \"" + text + "\"");
            break;
        case ImportField::Failure:
            answer.failure = text;
            break;
        case ImportField::FailureKind:
            answer.failureKind = failureKindNamed(text);
            if (!answer.failureKind)
                fault(column, "there is no kind of failure \"" + text + "\"");
            break;
        case ImportField::Reasoning:
            answer.reasoning = cell;
            break;
        case ImportField::StyleGuide:
            answer.styleGuide = cell;
            break;
        case ImportField::Simulated:
            answer.simulated = flag(column, text);
            break;
        case ImportField::Reused:
            answer.reused = flag(column, text);
            break;
        case ImportField::TokensEstimated:
            answer.tokensEstimated = flag(column, text);
            break;
        case ImportField::CostStated:
            answer.costStated = flag(column, text);
            break;
        case ImportField::RecordedAt:
            m_read.recordedAtMs = unixMsOfIsoTime(text);
            if (!m_read.recordedAtMs)
                fault(column, "\"" + text + "\" is no time like 2026-11-27T08:15:30Z");
            break;
        case ImportField::Route:
            answer.route = text;
            if (!parseRoute(text))
                fault(column, std::string(kNoRoute));
            break;
        }
    }

    [[nodiscard]] const std::vector<std::string>& faults() const { return m_faults; }

    [[nodiscard]] ReadAnswer take()
    {
        setState(m_read.answer, m_state);
        if (!m_turns.empty())
            m_read.prompt.turns = std::move(m_turns); // the prompt is the last of them
        return std::move(m_read);
    }

private:
    void readTurns(const std::string& column, const std::string& text)
    {
        const auto json = parseJson(text);
        JsonProblems problems(1);
        PromptCase read;
        if (json)
            import_detail::readTurns(*json, JsonPath(column), read, problems);
        if (!json || !problems.isEmpty())
            fault(column, json ? problems.errors().front().message : json.error().message);
        else
            m_turns = std::move(read.turns);
    }

    bool flag(const std::string& column, const std::string& text)
    {
        const std::string word = foldedAscii(text);
        if (word != "true" && word != "false")
            fault(column, "\"" + text + "\" is neither true nor false");
        return word == "true";
    }

    template<class Number>
    std::optional<Number> number(const std::string& column, const std::string& text, Number low,
                                 Number high)
    {
        Number value{};
        const char* const end = text.data() + text.size();
        const auto read = std::from_chars(text.data(), end, value);
        if (read.ec == std::errc() && read.ptr == end && value >= low && value <= high)
            return value;
        fault(column, "\"" + text + "\" is no number from " + std::to_string(std::int64_t(low)) +
                          " to " + std::to_string(std::int64_t(high)));
        return std::nullopt;
    }

    std::optional<double> share(const std::string& column, const std::string& text)
    {
        const std::string word = foldedAscii(text);
        if (word == "true" || word == "false")
            return word == "true" ? 1 : 0;
        return number<double>(column, text, 0, 1);
    }

    void fault(const std::string& column, const std::string& message)
    {
        m_faults.push_back(column + ": " + message);
    }

    ReadAnswer m_read{};
    std::optional<AnswerState> m_state{};
    std::vector<Message> m_turns{};
    std::vector<std::string> m_faults{};
};

/// A table of answers: its columns are fields, or, if none says the model, models.
class AnswerTable
{
public:
    AnswerTable(const CsvRecord& header, const AnswerReadOptions& options, ImportReport& report)
        : m_report(report), m_isOwn(isOwnTable(header.fields))
    {
        std::set<ImportField> fields;
        std::set<std::string> names;
        for (const std::string& cell : header.fields) {
            Column& column = m_columns.emplace_back();
            column.name = trimmedText(cell);
            column.field = importFieldNamed(column.name);
            if ((isJson(column.field) && !m_isOwn) || column.field == ImportField::Variables ||
                (column.field && !fields.insert(*column.field).second))
                column.field.reset();
            column.isDouble = !names.insert(column.name).second;
        }
        m_isWide = !fields.contains(ImportField::Model) && options.model.empty() &&
                   !fields.contains(ImportField::Answer);
        if (!fields.contains(ImportField::Id) && !fields.contains(ImportField::Prompt))
            m_faults.emplace_back("no column is called \"prompt\" or \"id\"");
        if (!m_isWide && !fields.contains(ImportField::Answer))
            m_faults.emplace_back("no column is called \"answer\", \"output\" or \"response\"");
        if (!m_isWide && !fields.contains(ImportField::Model) && options.model.empty())
            m_faults.emplace_back("no column is called \"model\", so nobody knows who answered");
        if (m_faults.empty())
            noteColumns();
    }

    [[nodiscard]] const std::vector<std::string>& faults() const { return m_faults; }

    void read(const CsvRecord& record, AnswerCollector& collector)
    {
        if (record.fields.size() != m_columns.size()) {
            m_report.refuse(record.line, "it has " + std::to_string(record.fields.size()) +
                                             " fields and the header " +
                                             std::to_string(m_columns.size()));
            return;
        }
        AnswerRow row;
        for (std::size_t i = 0; i < m_columns.size(); ++i) {
            if (isRead(m_columns[i]))
                row.read(*m_columns[i].field, m_columns[i].name, record.fields[i]);
        }
        if (!row.faults().empty())
            m_report.refuse(record.line, row.faults());
        else if (m_isWide)
            readModels(record, row.take().prompt, collector);
        else
            collector.add(row.take(), record.line);
    }

private:
    struct Column
    {
        std::string name;
        std::optional<ImportField> field = {};
        bool isDouble = false;
    };

    [[nodiscard]] bool isRead(const Column& column) const
    {
        return column.field && (!m_isWide || import_detail::isOfPrompt(*column.field));
    }

    /// A model's answers, in a table of prompts by models.
    [[nodiscard]] bool isModel(const Column& column) const
    {
        return m_isWide && !column.field && !column.name.empty() && !column.isDouble;
    }

    /// Columns that mean something in tables of this program alone.
    [[nodiscard]] static bool isJson(std::optional<ImportField> field)
    {
        return field == ImportField::Turns || field == ImportField::Route;
    }

    /// Of its own tables the program knows what it does not read: what another column says in
    /// words.
    void noteColumns()
    {
        for (const Column& column : m_columns) {
            if (!m_isOwn && !isRead(column) && !isModel(column))
                m_report.passOver(column.name);
        }
        if (m_isWide && std::ranges::none_of(
                            m_columns, [this](const Column& column) { return isModel(column); }))
            m_faults.emplace_back("there is no column with answers");
    }

    void readModels(const CsvRecord& record, const PromptCase& prompt, AnswerCollector& collector)
    {
        for (std::size_t i = 0; i < m_columns.size(); ++i) {
            if (!isModel(m_columns[i]))
                continue;
            ReadAnswer read;
            read.prompt = prompt;
            read.answer.model = ModelId(m_columns[i].name);
            read.answer.text = record.fields[i];
            collector.add(std::move(read), record.line);
        }
    }

    ImportReport& m_report;
    bool m_isOwn;
    std::vector<Column> m_columns{};
    bool m_isWide = false;
    std::vector<std::string> m_faults{};
};

void readTable(const std::vector<CsvRecord>& records, const AnswerReadOptions& options,
               AnswerCollector& collector, ImportReport& report)
{
    if (records.empty())
        return;
    const CsvRecord& header = records.front();
    AnswerTable table(header, options, report);
    if (!table.faults().empty()) {
        report.refuse(header.line, table.faults());
        return;
    }
    for (std::size_t i = 1; i < records.size(); ++i)
        table.read(records[i], collector);
}

std::vector<CsvRecord> csvRecords(std::string_view text, const AnswerReadOptions& options,
                                  ImportReport& report)
{
    std::vector<CsvRecord> records = readCsv(text, report, options.separator).records;
    if (records.empty() || !isOwnTable(records.front().fields))
        return records;
    for (CsvRecord& record : records) {
        for (std::string& field : record.fields)
            field = withoutFormulaGuard(field);
    }
    return records;
}

Result<void> readSheet(std::string_view bytes, const AnswerReadOptions& options,
                       AnswerCollector& collector, ImportReport& report)
{
    SheetChoice choice;
    choice.name = options.sheet;
    choice.likely = "Answers";
    const auto records = import_detail::readSheetTable(bytes, choice, report);
    if (!records)
        return Unexpected(records.error());
    readTable(*records, options, collector, report);
    return {};
}

Result<void> readText(std::string_view bytes, AnswerFormat format, const AnswerReadOptions& options,
                      AnswerCollector& collector, AnswerReading& reading)
{
    const auto text = decodedText(bytes);
    if (!text)
        return Unexpected(text.error());
    switch (format) {
    case AnswerFormat::JsonLines:
        readJsonLines(*text, collector, reading.report);
        break;
    case AnswerFormat::Csv:
        readTable(csvRecords(*text, options, reading.report), options, collector, reading.report);
        break;
    case AnswerFormat::Promptfoo:
        import_detail::readPromptfoo(*text, collector, reading.report);
        break;
    case AnswerFormat::Report:
        return readReport(*text, collector, reading);
    case AnswerFormat::Xlsx:
        break; // no text
    }
    return {};
}

} // namespace

AnswerFormat guessAnswerFormat(std::string_view text)
{
    if (isWorkbook(text))
        return AnswerFormat::Xlsx;
    const auto decoded = decodedText(text);
    const std::string_view content = decoded ? std::string_view(*decoded) : text;
    const std::string_view start = trimmedText(content);
    if (start.starts_with('<'))
        return AnswerFormat::Report;
    if (!start.starts_with('{'))
        return AnswerFormat::Csv;
    const auto first = parseJson(start.substr(0, start.find_first_of("\r\n")));
    const bool isLines = first && !(first->is_object() && first->contains("results"));
    return isLines ? AnswerFormat::JsonLines : AnswerFormat::Promptfoo;
}

Result<AnswerReading> readAnswers(std::string_view bytes, AnswerFormat format,
                                  const AnswerReadOptions& options)
{
    AnswerReading reading;
    reading.format = format;
    reading.prompts.name = options.name;
    AnswerCollector collector(reading, options);
    const auto read = format == AnswerFormat::Xlsx
                          ? readSheet(bytes, options, collector, reading.report)
                          : readText(bytes, format, options, collector, reading);
    if (!read)
        return Unexpected(read.error());
    if (reading.answers.empty())
        return Unexpected(nothingRead(reading.report,
                                      "Answers are read from JSON lines, a table with a header "
                                      "(CSV or .xlsx), the JSON of promptfoo's results, or a "
                                      "report of Signalbox."));
    return reading;
}

} // namespace signalbox
