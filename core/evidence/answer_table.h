// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "stored_run.h"

#include <core/base/result.h>

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace signalbox {

class StoreConnection;

/// An earlier whole answer to the exact request.
struct CachedAnswer
{
    StoredAnswer answer;
    std::string place; ///< for StoredAnswer::cachedFrom: "run/prompt/lane/repeat/ticket"
};

/// Names an attempt for people and programs: "run/prompt/lane/repeat/ticket".
[[nodiscard]] std::string placeOf(const RunId& run, const CellKey& cell, AttemptTicket ticket);

/// The newest whole answers to these requests, by key; those that have none are left out. Only
/// what a model itself answered to its end counts: no answer that came from the cache, none that
/// was made without a parameter that the request names.
/// @param keys  requestKey() each
[[nodiscard]] Result<std::map<std::string, CachedAnswer>>
findCached(StoreConnection& store, const std::vector<std::string>& keys);

/// The answer as a cell has it that took it from the cache: with a ticket of its own, marked, at no
/// cost, and under no key, so that copies are never taken for originals.
[[nodiscard]] StoredAnswer cachedCopy(const CachedAnswer& cached, std::int64_t nowMs);

/// A cell with everything about it, as an export writes it.
struct ExportRow
{
    CellKey cell;
    PromptId prompt;
    std::string segment;
    LaneId lane;
    StoredState state = StoredState::Queued;
    int attempts = 0;
    std::optional<StoredAnswer> answer = {}; ///< absent: not settled
};

/// Gives every cell of a run, ordered by key, without holding more than one in memory.
/// @param take  false: enough, stop
/// @return how many were given
[[nodiscard]] Result<std::size_t> exportRun(StoreConnection& store, const RunId& run,
                                            const std::function<bool(const ExportRow&)>& take);

} // namespace signalbox
