// SPDX-License-Identifier: GPL-3.0-or-later
#include "cell_table.h"

#include "answer_row.h"
#include "run_table.h"
#include "store_connection.h"
#include "store_text.h"

#include <core/base/utf8.h>

#include <map>
#include <unordered_map>

namespace signalbox {

namespace {

constexpr const char* kRecording = "cannot record an answer";
constexpr const char* kReading = "cannot read the answers";

QVariant bound(std::int64_t number)
{
    return QVariant(static_cast<qlonglong>(number));
}

QVariantList keyOf(const RunId& run, const CellKey& cell)
{
    return {bound(runNumber(run)), cell.prompt, cell.lane, cell.repeat};
}

std::string placeholders(int count)
{
    std::string list;
    for (int i = 0; i < count; ++i)
        list += ", ?";
    return list;
}

Unexpected noSuchCell(const RunId& run, const CellKey& cell)
{
    return fail(ErrorCode::NotFound, "the run has no such cell",
                run.value + "/" + std::to_string(cell.prompt) + "/" + std::to_string(cell.lane) +
                    "/" + std::to_string(cell.repeat));
}

Result<void> done(const Result<std::int64_t>& changed)
{
    return changed ? Result<void>() : Unexpected(changed.error());
}

/// Copies what a matrix shows from the answer, if it is worth as much as what is there.
/// @return how many cells: 0 or 1
Result<std::int64_t> showAnswer(StoreConnection& store, const RunId& run, const CellKey& cell,
                                const StoredAnswer& answer)
{
    const std::string_view state = storedStateName(answer.state);
    const int worth = worthOf(answer.state);
    QVariantList values = {QString::fromLatin1(state.data(), static_cast<qsizetype>(state.size())),
                           bound(answer.ticket),
                           worth,
                           bound(answer.recordedAtMs),
                           toStoredText(answer.servedModel),
                           boundOrNull(answer.failureKind),
                           boundOrNull(answer.times.firstTextMs),
                           boundOrNull(answer.times.totalMs),
                           boundOrNull(answer.usage.input()),
                           boundOrNull(answer.usage.output),
                           int(answer.usage.isEstimated),
                           boundOrNull(answer.cost),
                           int(answer.isCostStated),
                           boundOrNull(answer.satisfied),
                           int(answer.isSimulated),
                           bound(static_cast<std::int64_t>(codePointCount(answer.text)))};
    values += keyOf(run, cell);
    values << worth;
    return store.change(
        "UPDATE cell SET attempts = attempts + 1, ticket = 0, state = ?, shown = ?, worth = ?, "
        "settled_at = ?, served_model = ?, failure_kind = ?, first_text_ms = ?, total_ms = ?, "
        "input_tokens = ?, output_tokens = ?, tokens_estimated = ?, cost_pico = ?, "
        "cost_stated = ?, satisfied = ?, simulated = ?, characters = ? "
        "WHERE run = ? AND prompt = ? AND lane = ? AND repeat = ? AND worth <= ?",
        values, kRecording);
}

/// Every name once.
class Names
{
public:
    explicit Names(std::vector<std::string>& names) : m_names(names) { (void)indexOf({}); }

    int indexOf(const QString& name)
    {
        const auto found = m_indices.find(name);
        if (found != m_indices.end())
            return found->second;
        const int index = static_cast<int>(m_names.size());
        m_names.push_back(fromStoredText(name));
        m_indices.emplace(name, index);
        return index;
    }

private:
    std::vector<std::string>& m_names;
    std::unordered_map<QString, int> m_indices;
};

Result<CellColumns> readColumns(const StoreRows& row, Names& servedModels)
{
    CellColumns cell;
    cell.key = {static_cast<int>(row.integer(0)), static_cast<int>(row.integer(1)),
                static_cast<int>(row.integer(2))};
    const auto state = readState(row.text(3));
    if (!state)
        return Unexpected(state.error());
    cell.state = *state;
    cell.isSettled = row.integer(4) != 0;
    cell.attempts = static_cast<int>(row.integer(5));
    cell.settledAtMs = row.integer(6);
    cell.servedModel = servedModels.indexOf(row.value(7).toString());
    const auto kind = readFailureKind(row.value(8));
    if (!kind)
        return Unexpected(kind.error());
    cell.failureKind = *kind;
    cell.firstTextMs = row.optionalDouble(9);
    cell.totalMs = row.optionalDouble(10);
    cell.inputTokens = row.optionalInteger(11);
    cell.outputTokens = row.optionalInteger(12);
    cell.isEstimated = row.integer(13) != 0;
    if (const auto pico = row.optionalInteger(14))
        cell.cost = Money{*pico};
    cell.isCostStated = row.integer(15) != 0;
    cell.satisfied = row.optionalDouble(16);
    cell.isSimulated = row.integer(17) != 0;
    cell.characters = row.integer(18);
    return cell;
}

CellKey keyIn(const StoreRows& row)
{
    return {static_cast<int>(row.integer(0)), static_cast<int>(row.integer(1)),
            static_cast<int>(row.integer(2))};
}

Result<void> readShownAnswers(StoreConnection& store, const QVariantList& rowsWanted,
                              std::map<CellKey, CellContent>& contents)
{
    static const std::string statement =
        std::string("SELECT prompt, lane, repeat, ") + kAnswerColumns +
        " FROM answer WHERE run = ? AND prompt >= ? AND prompt < ? AND ticket = (SELECT c.shown "
        "FROM cell c WHERE c.run = answer.run AND c.prompt = answer.prompt AND "
        "c.lane = answer.lane AND c.repeat = answer.repeat)";
    auto rows = store.select(statement, rowsWanted, kReading);
    if (!rows)
        return Unexpected(rows.error());
    while (rows->next()) {
        const CellKey key = keyIn(*rows);
        auto answer = readAnswer(*rows, 3);
        if (!answer)
            return Unexpected(answer.error());
        contents[key].answer = std::move(*answer);
    }
    return store.endOf(*rows, kReading);
}

Result<void> readPieces(StoreConnection& store, const QVariantList& rowsWanted,
                        std::map<CellKey, CellContent>& contents)
{
    auto rows = store.select("SELECT prompt, lane, repeat, text, reasoning FROM piece "
                             "WHERE run = ? AND prompt >= ? AND prompt < ? "
                             "ORDER BY prompt, lane, repeat, ticket, seq",
                             rowsWanted, kReading);
    if (!rows)
        return Unexpected(rows.error());
    while (rows->next()) {
        CellContent& content = contents[keyIn(*rows)];
        content.partialText += rows->text(3);
        content.partialReasoning += rows->text(4);
    }
    return store.endOf(*rows, kReading);
}

} // namespace

Result<void> startCell(StoreConnection& store, const RunId& run, const CellKey& cell,
                       AttemptTicket ticket)
{
    QVariantList values = {bound(ticket)};
    values += keyOf(run, cell);
    values += keyOf(run, cell);
    values << bound(ticket);
    return done(
        store.change("UPDATE cell SET state = 'running', ticket = ? WHERE run = ? AND prompt = ? "
                     "AND lane = ? AND repeat = ? AND NOT EXISTS (SELECT 1 FROM answer WHERE run = "
                     "? AND prompt = ? AND lane = ? AND repeat = ? AND ticket = ?)",
                     values, kRecording));
}

Result<void> appendPiece(StoreConnection& store, const RunId& run, const CellKey& cell,
                         AttemptTicket ticket, int seq, const std::string& text,
                         const std::string& reasoning)
{
    if (seq == 0) {
        const auto removed =
            store.change("DELETE FROM piece WHERE run = ? AND prompt = ? AND lane = ? AND repeat = "
                         "? AND ticket <> ?",
                         keyOf(run, cell) + QVariantList{bound(ticket)}, kRecording);
        if (!removed)
            return Unexpected(removed.error());
    }
    QVariantList values = keyOf(run, cell);
    values << bound(ticket) << seq << toStoredText(text) << toStoredText(reasoning);
    values += keyOf(run, cell);
    values << bound(ticket);
    return done(
        store.change("INSERT INTO piece (run, prompt, lane, repeat, ticket, seq, text, reasoning) "
                     "SELECT ?, ?, ?, ?, ?, ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM answer "
                     "WHERE run = ? AND prompt = ? AND lane = ? AND repeat = ? AND ticket = ?) ON "
                     "CONFLICT DO NOTHING",
                     values, kRecording));
}

Result<void> finishCell(StoreConnection& store, const RunId& run, const CellKey& cell,
                        const StoredAnswer& answer)
{
    QVariantList values = keyOf(run, cell);
    bindAnswer(answer, values);
    static const std::string statement =
        std::string("INSERT INTO answer (run, prompt, lane, repeat, ") + kAnswerColumns +
        ") VALUES (?, ?, ?, ?" + placeholders(kAnswerColumnCount) + ") ON CONFLICT DO NOTHING";
    const auto added = store.change(statement, values, kRecording);
    if (!added)
        return Unexpected(added.error());
    if (*added == 0)
        return {}; // it was recorded, and only the word of that was lost
    const auto shown = showAnswer(store, run, cell, answer);
    if (!shown)
        return Unexpected(shown.error());
    if (*shown == 0) {
        const auto counted =
            store.change("UPDATE cell SET attempts = attempts + 1, ticket = 0, state = (SELECT "
                         "a.state FROM answer a WHERE a.run = cell.run AND a.prompt = cell.prompt "
                         "AND a.lane = cell.lane AND a.repeat = cell.repeat AND a.ticket = "
                         "cell.shown) WHERE run = ? AND prompt = ? AND lane = ? AND repeat = ?",
                         keyOf(run, cell), kRecording);
        if (!counted)
            return Unexpected(counted.error());
        if (*counted == 0)
            return noSuchCell(run, cell);
    }
    return done(
        store.change("DELETE FROM piece WHERE run = ? AND prompt = ? AND lane = ? AND repeat = ?",
                     keyOf(run, cell), kRecording));
}

Result<void> releaseCell(StoreConnection& store, const RunId& run, const CellKey& cell,
                         AttemptTicket ticket)
{
    const QVariantList values = keyOf(run, cell) + QVariantList{bound(ticket)};
    const auto back = store.change(
        "UPDATE cell SET ticket = 0, state = (SELECT a.state FROM answer a WHERE a.run = cell.run "
        "AND a.prompt = cell.prompt AND a.lane = cell.lane AND a.repeat = cell.repeat AND a.ticket "
        "= cell.shown) WHERE run = ? AND prompt = ? AND lane = ? AND repeat = ? AND ticket = ? AND "
        "state = 'running' AND shown <> 0",
        values, kRecording);
    if (!back)
        return Unexpected(back.error());
    return done(store.change(
        "UPDATE cell SET state = CASE WHEN EXISTS (SELECT 1 FROM piece p WHERE p.run = cell.run "
        "AND p.prompt = cell.prompt AND p.lane = cell.lane AND p.repeat = cell.repeat) "
        "THEN 'cut' ELSE 'queued' END "
        "WHERE run = ? AND prompt = ? AND lane = ? AND repeat = ? AND ticket = ? AND state = "
        "'running'",
        values, kRecording));
}

Result<void> readCells(StoreConnection& store, const RunId& run, RunContents& contents)
{
    auto rows = store.select(
        "SELECT prompt, lane, repeat, state, shown, attempts, settled_at, served_model, "
        "failure_kind, first_text_ms, total_ms, input_tokens, output_tokens, tokens_estimated, "
        "cost_pico, cost_stated, satisfied, simulated, characters FROM cell WHERE run = ? "
        "ORDER BY prompt, lane, repeat",
        {bound(runNumber(run))}, kReading);
    if (!rows)
        return Unexpected(rows.error());
    contents.cells.clear();
    contents.cells.reserve(contents.summary.cells);
    contents.servedModels.clear();
    Names servedModels(contents.servedModels);
    while (rows->next()) {
        auto cell = readColumns(*rows, servedModels);
        if (!cell)
            return Unexpected(cell.error());
        contents.cells.push_back(*cell);
    }
    return store.endOf(*rows, kReading);
}

Result<std::vector<CellContent>> readContents(StoreConnection& store, const RunId& run,
                                              int firstPrompt, int count)
{
    const QVariantList rowsWanted = {bound(runNumber(run)), firstPrompt, firstPrompt + count};
    std::map<CellKey, CellContent> contents;
    if (auto answers = readShownAnswers(store, rowsWanted, contents); !answers)
        return Unexpected(answers.error());
    if (auto pieces = readPieces(store, rowsWanted, contents); !pieces)
        return Unexpected(pieces.error());
    std::vector<CellContent> list;
    list.reserve(contents.size());
    for (auto& [key, content] : contents) {
        content.key = key;
        list.push_back(std::move(content));
    }
    return list;
}

Result<std::vector<StoredAnswer>> readAttempts(StoreConnection& store, const RunId& run,
                                               const CellKey& cell)
{
    static const std::string statement =
        std::string("SELECT ") + kAnswerColumns +
        " FROM answer WHERE run = ? AND prompt = ? AND lane = ? AND repeat = ? "
        "ORDER BY recorded_at, ticket";
    auto rows = store.select(statement, keyOf(run, cell), kReading);
    if (!rows)
        return Unexpected(rows.error());
    std::vector<StoredAnswer> attempts;
    while (rows->next()) {
        auto answer = readAnswer(*rows, 0);
        if (!answer)
            return Unexpected(answer.error());
        attempts.push_back(std::move(*answer));
    }
    if (auto end = store.endOf(*rows, kReading); !end)
        return Unexpected(end.error());
    return attempts;
}

} // namespace signalbox
