// SPDX-License-Identifier: GPL-3.0-or-later
#include "answer_table.h"

#include "answer_row.h"
#include "run_table.h"
#include "store_connection.h"
#include "store_text.h"

namespace signalbox {

namespace {

constexpr const char* kLooking = "cannot look into the answer cache";
constexpr const char* kExporting = "cannot export the run";

Result<std::optional<CachedAnswer>> findOne(StoreConnection& store, const std::string& key)
{
    static const std::string statement =
        std::string("SELECT (SELECT r.id FROM run r WHERE r.number = answer.run), prompt, lane, "
                    "repeat, ") +
        kAnswerColumns +
        " FROM answer WHERE request = ? AND request <> '' AND state = 'done' AND dropped = '' "
        "ORDER BY recorded_at DESC LIMIT 1";
    auto rows = store.select(statement, {toStoredText(key)}, kLooking);
    if (!rows)
        return Unexpected(rows.error());
    if (!rows->next()) {
        if (auto end = store.endOf(*rows, kLooking); !end)
            return Unexpected(end.error());
        return std::optional<CachedAnswer>();
    }
    auto answer = readAnswer(*rows, 4);
    if (!answer)
        return Unexpected(answer.error());
    const CellKey cell = {static_cast<int>(rows->integer(1)), static_cast<int>(rows->integer(2)),
                          static_cast<int>(rows->integer(3))};
    CachedAnswer cached;
    cached.place = placeOf(RunId(rows->text(0)), cell, answer->ticket);
    cached.answer = std::move(*answer);
    return std::optional(std::move(cached));
}

Result<ExportRow> readRow(const StoreRows& row)
{
    ExportRow exported;
    exported.cell = {static_cast<int>(row.integer(0)), static_cast<int>(row.integer(1)),
                     static_cast<int>(row.integer(2))};
    exported.prompt = PromptId(row.text(3));
    exported.segment = row.text(4);
    exported.lane = LaneId(row.text(5));
    const auto state = readState(row.text(6));
    if (!state)
        return Unexpected(state.error());
    exported.state = *state;
    exported.attempts = static_cast<int>(row.integer(7));
    if (row.integer(8) == 0)
        return exported;
    auto answer = readAnswer(row, 9);
    if (!answer)
        return Unexpected(answer.error());
    exported.answer = std::move(*answer);
    return exported;
}

} // namespace

std::string placeOf(const RunId& run, const CellKey& cell, AttemptTicket ticket)
{
    return run.value + "/" + std::to_string(cell.prompt) + "/" + std::to_string(cell.lane) + "/" +
           std::to_string(cell.repeat) + "/" + std::to_string(ticket);
}

Result<std::map<std::string, CachedAnswer>> findCached(StoreConnection& store,
                                                       const std::vector<std::string>& keys)
{
    std::map<std::string, CachedAnswer> found;
    for (const std::string& key : keys) {
        auto one = findOne(store, key);
        if (!one)
            return Unexpected(one.error());
        if (*one)
            found.insert_or_assign(key, std::move(**one));
    }
    return found;
}

StoredAnswer cachedCopy(const CachedAnswer& cached, std::int64_t nowMs)
{
    StoredAnswer copy = cached.answer;
    copy.ticket = newTicket();
    copy.state = StoredState::Cached;
    copy.cachedFrom = cached.place;
    copy.requestKey.clear();
    copy.cost = Money{};
    copy.isCostStated = false;
    copy.retries.clear();
    copy.recordedAtMs = nowMs;
    return copy;
}

Result<std::size_t> exportRun(StoreConnection& store, const RunId& run,
                              const std::function<bool(const ExportRow&)>& take)
{
    static const std::string statement =
        "SELECT c.prompt, c.lane, c.repeat, p.id, p.segment, l.id, c.state, c.attempts, c.shown, " +
        answerColumnsOfA() +
        " FROM cell c JOIN prompt p ON p.run = c.run AND p.prompt = c.prompt "
        "JOIN lane l ON l.run = c.run AND l.lane = c.lane LEFT JOIN answer a ON a.run = c.run AND "
        "a.prompt = c.prompt AND a.lane = c.lane AND a.repeat = c.repeat AND a.ticket = c.shown "
        "WHERE c.run = ? ORDER BY c.prompt, c.lane, c.repeat";
    if (const auto known = readSummary(store, run, {}); !known)
        return Unexpected(known.error());
    auto rows =
        store.select(statement, {QVariant(static_cast<qlonglong>(runNumber(run)))}, kExporting);
    if (!rows)
        return Unexpected(rows.error());
    std::size_t count = 0;
    while (rows->next()) {
        const auto row = readRow(*rows);
        if (!row)
            return Unexpected(row.error());
        ++count;
        if (!take(*row))
            return count;
    }
    if (auto end = store.endOf(*rows, kExporting); !end)
        return Unexpected(end.error());
    return count;
}

} // namespace signalbox
