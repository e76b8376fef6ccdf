// SPDX-License-Identifier: GPL-3.0-or-later
#include "ledger_table.h"

#include "answer_row.h"
#include "run_table.h"
#include "store_connection.h"

#include <algorithm>
#include <utility>

namespace signalbox {

namespace {

constexpr const char* kReading = "cannot read what the run has cost";
constexpr std::int64_t kLongestGapMs = 60'000;

QVariantList valueOf(const RunId& run)
{
    return {QVariant(static_cast<qlonglong>(runNumber(run)))};
}

LedgerCall placeIn(const StoreRows& row)
{
    LedgerCall call;
    call.prompt = PromptId(row.text(0));
    call.lane = LaneId(row.text(1));
    call.repeat = static_cast<int>(row.integer(2));
    return call;
}

Result<LedgerCall> callIn(const StoreRows& row)
{
    LedgerCall call = placeIn(row);
    const auto state = readState(row.text(3));
    if (!state)
        return Unexpected(state.error());
    call.state = *state;
    const auto kind = readFailureKind(row.value(4));
    if (!kind)
        return Unexpected(kind.error());
    call.failureKind = *kind;
    AnswerUsage usage;
    usage.inputUncached = row.optionalInteger(5);
    usage.cacheRead = row.optionalInteger(6);
    usage.cacheWrite = row.optionalInteger(7);
    call.inputTokens = usage.input();
    call.outputTokens = row.optionalInteger(8);
    if (const auto pico = row.optionalInteger(9))
        call.cost = Money{*pico};
    call.totalMs = row.optionalDouble(10);
    call.endedAtMs = row.integer(11);
    call.hasText = row.integer(12) != 0;
    call.route = row.text(13);
    return call;
}

} // namespace

Result<RunLedger> readLedger(StoreConnection& store, const RunId& run)
{
    RunLedger ledger;
    {
        auto rows = store.select(
            "SELECT p.id, l.id, a.repeat, a.state, a.failure_kind, a.input_uncached, a.cache_read, "
            "a.cache_write, a.output_tokens, a.cost_pico, a.total_ms, a.recorded_at, "
            "CASE WHEN a.text <> '' OR a.reasoning <> '' THEN 1 ELSE 0 END, a.route "
            "FROM answer a "
            "JOIN prompt p ON p.run = a.run AND p.prompt = a.prompt "
            "JOIN lane l ON l.run = a.run AND l.lane = a.lane "
            "WHERE a.run = ? AND a.state <> 'cached' ORDER BY a.recorded_at, a.ticket",
            valueOf(run), kReading);
        if (!rows)
            return Unexpected(rows.error());
        while (rows->next()) {
            auto call = callIn(*rows);
            if (!call)
                return Unexpected(call.error());
            ledger.calls.push_back(std::move(*call));
        }
        if (auto end = store.endOf(*rows, kReading); !end)
            return Unexpected(end.error());
    }
    auto rows = store.select("SELECT p.id, l.id, c.repeat FROM cell c "
                             "JOIN prompt p ON p.run = c.run AND p.prompt = c.prompt "
                             "JOIN lane l ON l.run = c.run AND l.lane = c.lane "
                             "WHERE c.run = ? AND c.state = 'running' "
                             "ORDER BY c.prompt, c.lane, c.repeat",
                             valueOf(run), kReading);
    if (!rows)
        return Unexpected(rows.error());
    while (rows->next())
        ledger.underWay.push_back(placeIn(*rows));
    if (auto end = store.endOf(*rows, kReading); !end)
        return Unexpected(end.error());
    return ledger;
}

std::int64_t sendingMs(const RunLedger& ledger)
{
    std::vector<std::pair<std::int64_t, std::int64_t>> spans;
    for (const LedgerCall& call : ledger.calls) {
        const auto tookMs = static_cast<std::int64_t>(call.totalMs.value_or(0));
        spans.emplace_back(call.endedAtMs - std::max<std::int64_t>(tookMs, 0), call.endedAtMs);
    }
    std::ranges::sort(spans);
    std::int64_t sum = 0;
    std::int64_t reachedMs = 0;
    for (const auto& [beginMs, endMs] : spans) {
        const bool goesOn = reachedMs > 0 && beginMs - reachedMs <= kLongestGapMs;
        const std::int64_t fromMs = goesOn ? reachedMs : beginMs;
        sum += std::max<std::int64_t>(endMs - fromMs, 0);
        reachedMs = std::max(reachedMs, endMs);
    }
    return sum;
}

} // namespace signalbox
