// SPDX-License-Identifier: GPL-3.0-or-later
#include "remark_table.h"

#include "run_table.h"
#include "store_connection.h"
#include "store_text.h"

namespace signalbox {

namespace {

constexpr const char* kNoting = "cannot write the note";
constexpr const char* kReading = "cannot read the notes";
constexpr const char* kPricing = "cannot price the run anew";

QVariant bound(std::int64_t number)
{
    return QVariant(static_cast<qlonglong>(number));
}

QVariantList keyOf(const RunId& run, const CellKey& cell)
{
    return {bound(runNumber(run)), cell.prompt, cell.lane, cell.repeat};
}

CellKey keyIn(const StoreRows& row)
{
    return {static_cast<int>(row.integer(0)), static_cast<int>(row.integer(1)),
            static_cast<int>(row.integer(2))};
}

Result<void> done(const Result<std::int64_t>& changed)
{
    return changed ? Result<void>() : Unexpected(changed.error());
}

Result<std::vector<PricedUsage>> readUsages(StoreConnection& store, const RunId& run)
{
    auto rows = store.select(
        "SELECT a.prompt, a.lane, a.repeat, l.id, a.served_model, a.input_uncached, a.cache_read, "
        "a.cache_write, a.output_tokens, a.reasoning_tokens, a.tokens_estimated, a.cost_pico, "
        "a.cost_stated, a.recorded_at FROM cell c JOIN answer a ON a.run = c.run AND "
        "a.prompt = c.prompt AND a.lane = c.lane AND a.repeat = c.repeat AND a.ticket = c.shown "
        "JOIN lane l ON l.run = c.run AND l.lane = c.lane "
        "WHERE c.run = ? AND a.state <> 'cached'",
        {bound(runNumber(run))}, kPricing);
    if (!rows)
        return Unexpected(rows.error());
    std::vector<PricedUsage> usages;
    while (rows->next()) {
        PricedUsage priced;
        priced.cell = keyIn(*rows);
        priced.lane = LaneId(rows->text(3));
        priced.servedModel = rows->text(4);
        priced.usage = {rows->optionalInteger(5), rows->optionalInteger(6),
                        rows->optionalInteger(7), rows->optionalInteger(8),
                        rows->optionalInteger(9), rows->integer(10) != 0};
        if (const auto pico = rows->optionalInteger(11))
            priced.cost = Money{*pico};
        priced.isCostStated = rows->integer(12) != 0;
        priced.recordedAtMs = rows->integer(13);
        usages.push_back(std::move(priced));
    }
    if (auto end = store.endOf(*rows, kPricing); !end)
        return Unexpected(end.error());
    return usages;
}

Result<void> writePricing(StoreConnection& store, const RunId& run, const RunPricing& pricing)
{
    const QVariantList name = {bound(runNumber(run)), toStoredText(pricing.name)};
    for (const char* statement : {"DELETE FROM priced_cell WHERE run = ? AND pricing = ?",
                                  "DELETE FROM pricing WHERE run = ? AND name = ?"}) {
        if (auto removed = done(store.change(statement, name, kPricing)); !removed)
            return removed;
    }
    if (auto added = done(store.change("INSERT INTO pricing (run, name, made_at) VALUES (?, ?, ?)",
                                       name + QVariantList{bound(pricing.madeAtMs)}, kPricing));
        !added)
        return added;
    for (const auto& [cell, cost] : pricing.costs) {
        QVariantList values = keyOf(run, cell);
        values << toStoredText(pricing.name) << (cost ? bound(cost->pico) : QVariant());
        if (auto added = done(store.change("INSERT INTO priced_cell (run, prompt, lane, repeat, "
                                           "pricing, cost_pico) VALUES (?, ?, ?, ?, ?, ?)",
                                           values, kPricing));
            !added)
            return added;
    }
    return {};
}

} // namespace

const char* provenanceName(Provenance provenance)
{
    return provenance == Provenance::Human ? "human" : "machine";
}

Result<void> writeNote(StoreConnection& store, const RunId& run, const CellKey& cell,
                       const CellNote& note)
{
    QVariantList values = keyOf(run, cell);
    values << QString::fromLatin1(provenanceName(note.provenance)) << toStoredText(note.author);
    if (note.text.empty() && !note.isStarred)
        return done(store.change("DELETE FROM note WHERE run = ? AND prompt = ? AND lane = ? AND "
                                 "repeat = ? AND provenance = ? AND author = ?",
                                 values, kNoting));
    values << toStoredText(note.text) << int(note.isStarred) << bound(note.writtenAtMs);
    return done(store.change(
        "INSERT INTO note (run, prompt, lane, repeat, provenance, author, text, starred, "
        "written_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (run, prompt, lane, repeat, provenance, author) DO UPDATE SET "
        "text = excluded.text, starred = excluded.starred, written_at = excluded.written_at",
        values, kNoting));
}

Result<std::multimap<CellKey, CellNote>> readNotes(StoreConnection& store, const RunId& run)
{
    auto rows = store.select("SELECT prompt, lane, repeat, provenance, author, text, starred, "
                             "written_at FROM note WHERE run = ? "
                             "ORDER BY prompt, lane, repeat, provenance, author",
                             {bound(runNumber(run))}, kReading);
    if (!rows)
        return Unexpected(rows.error());
    std::multimap<CellKey, CellNote> notes;
    while (rows->next()) {
        CellNote note;
        const std::string provenance = rows->text(3);
        if (provenance == provenanceName(Provenance::Machine))
            note.provenance = Provenance::Machine;
        else if (provenance != provenanceName(Provenance::Human))
            return fail(ErrorCode::ParseError,
                        "a note is by \"" + provenance + "\", which this version does not know",
                        run.value, "update Signalbox; the store was not touched");
        note.author = rows->text(4);
        note.text = rows->text(5);
        note.isStarred = rows->integer(6) != 0;
        note.writtenAtMs = rows->integer(7);
        notes.emplace(keyIn(*rows), std::move(note));
    }
    if (auto end = store.endOf(*rows, kReading); !end)
        return Unexpected(end.error());
    return notes;
}

Result<RunPricing> repriceRun(StoreConnection& store, const RunId& run, const std::string& name,
                              const PriceOf& priceOf)
{
    RunPricing pricing;
    pricing.name = name;
    const auto now = store.nowMs();
    if (!now)
        return Unexpected(now.error());
    pricing.madeAtMs = *now;
    const auto written = store.inTransaction(kPricing, [&]() -> Result<void> {
        if (const auto known = readSummary(store, run, {}); !known)
            return Unexpected(known.error());
        const auto usages = readUsages(store, run);
        if (!usages)
            return Unexpected(usages.error());
        for (const PricedUsage& usage : *usages)
            pricing.costs[usage.cell] = priceOf(usage);
        return writePricing(store, run, pricing);
    });
    if (!written)
        return Unexpected(written.error());
    return pricing;
}

Result<RunPricing> readPricing(StoreConnection& store, const RunId& run, const std::string& name)
{
    RunPricing pricing;
    pricing.name = name;
    const QVariantList values = {bound(runNumber(run)), toStoredText(name)};
    {
        auto rows = store.select("SELECT made_at FROM pricing WHERE run = ? AND name = ?", values,
                                 kReading);
        if (!rows)
            return Unexpected(rows.error());
        if (!rows->next())
            return fail(ErrorCode::NotFound, "the run was not priced by this name", name);
        pricing.madeAtMs = rows->integer(0);
    }
    auto rows = store.select("SELECT prompt, lane, repeat, cost_pico FROM priced_cell "
                             "WHERE run = ? AND pricing = ?",
                             values, kReading);
    if (!rows)
        return Unexpected(rows.error());
    while (rows->next()) {
        const auto pico = rows->optionalInteger(3);
        pricing.costs[keyIn(*rows)] = pico ? std::optional(Money{*pico}) : std::nullopt;
    }
    if (auto end = store.endOf(*rows, kReading); !end)
        return Unexpected(end.error());
    return pricing;
}

Result<std::vector<std::string>> listPricings(StoreConnection& store, const RunId& run)
{
    auto rows = store.select("SELECT name FROM pricing WHERE run = ? ORDER BY made_at, name",
                             {bound(runNumber(run))}, kReading);
    if (!rows)
        return Unexpected(rows.error());
    std::vector<std::string> names;
    while (rows->next())
        names.push_back(rows->text(0));
    if (auto end = store.endOf(*rows, kReading); !end)
        return Unexpected(end.error());
    return names;
}

} // namespace signalbox
