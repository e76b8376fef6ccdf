// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "stored_run.h"

#include <core/base/result.h>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace signalbox {

class StoreConnection;

enum class Provenance { Human, Machine };
[[nodiscard]] const char* provenanceName(Provenance provenance); ///< "human", "machine"

/// What somebody says of a cell: one remark per cell and author.
struct CellNote
{
    Provenance provenance = Provenance::Human;
    std::string author; ///< a person's name, may be empty; or the model that judged
    std::string text;
    bool isStarred = false;
    std::int64_t writtenAtMs = 0; ///< Unix time
    bool operator==(const CellNote&) const = default;
};

/// What was said of a run's cells, with where they are.
struct RunRemarks
{
    RunDraft draft;
    std::multimap<CellKey, CellNote> notes; ///< see readNotes()
};

/// What is known of an answer when it is priced anew.
struct PricedUsage
{
    CellKey cell;
    LaneId lane;
    std::string servedModel;
    AnswerUsage usage;
    std::optional<Money> cost = {}; ///< as it was recorded
    bool isCostStated = false;
    std::int64_t recordedAtMs = 0;
};
/// What it would cost; nullopt: the price is not known.
using PriceOf = std::function<std::optional<Money>(const PricedUsage&)>;

/// Costs of a run at other prices; the recorded ones stay as they are.
struct RunPricing
{
    std::string name; ///< of the price book, e.g. "2026-11-01"
    std::int64_t madeAtMs = 0;
    std::map<CellKey, std::optional<Money>> costs;
};

/// Writes, or takes away where there is neither text nor star. In a transaction; again is no harm.
[[nodiscard]] Result<void> writeNote(StoreConnection& store, const RunId& run, const CellKey& cell,
                                     const CellNote& note);
/// By cell, human ones first, then by author.
[[nodiscard]] Result<std::multimap<CellKey, CellNote>> readNotes(StoreConnection& store,
                                                                 const RunId& run);

/// Prices every shown answer of a run with `priceOf`, keeps the result under `name` (an earlier one
/// of that name is replaced) and gives it back. One transaction. Answers from the cache cost
/// nothing at any price.
[[nodiscard]] Result<RunPricing> repriceRun(StoreConnection& store, const RunId& run,
                                            const std::string& name, const PriceOf& priceOf);
/// NotFound if the run was never priced under this name.
[[nodiscard]] Result<RunPricing> readPricing(StoreConnection& store, const RunId& run,
                                             const std::string& name);
[[nodiscard]] Result<std::vector<std::string>> listPricings(StoreConnection& store,
                                                            const RunId& run);

} // namespace signalbox
