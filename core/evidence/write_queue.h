// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store_write.h"

#include <core/base/result.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <unordered_map>
#include <variant>
#include <vector>

namespace signalbox {

/// Counts what was put into a queue, from 1: what has a number is written before what has a larger.
using WriteNumber = std::uint64_t;

/// Something to be done between writes. Called once: with the store, or with why there is none.
using StoreJob = std::function<void(Result<StoreConnection*>)>;

/// What waits for being written, in order. Texts of one attempt that wait together become one
/// piece, and a finished answer takes the place of what waited of its attempt: however long a store
/// is away, what waits is no larger than the answers themselves. A value, used by one thread at a
/// time.
class WriteQueue
{
public:
    WriteNumber add(StoreWrite write);
    WriteNumber add(StoreJob job);

    [[nodiscard]] bool isEmpty() const { return m_entries.empty(); }
    /// Whether anything but partial text waits: that may wait for company.
    [[nodiscard]] bool isUrgent() const { return m_urgent > 0; }
    [[nodiscard]] std::size_t bytes() const { return m_bytes; }
    [[nodiscard]] std::size_t size() const { return m_entries.size(); }

    /// What is written next: writes, or one job.
    struct Batch
    {
        std::vector<StoreWrite> writes;
        std::vector<WriteNumber> numbers; ///< of the writes
        StoreJob job;                     ///< empty unless it is one
        WriteNumber upTo = 0;             ///< everything to here is done with the batch
    };
    /// Takes writes from the front until there are so many or so much, or a job comes; at least
    /// one.
    [[nodiscard]] Batch take(std::size_t mostWrites, std::size_t mostBytes);

private:
    struct Entry
    {
        WriteNumber number = 0;
        std::variant<StoreWrite, StoreJob> what;
    };
    using Place = std::list<Entry>::iterator;
    struct Attempt
    {
        int pieces = 0; ///< made so far, waiting or written
        std::vector<Place> waiting;
        Place text; ///< the last of them, if isTextLast
        bool isTextLast = false;
    };

    [[nodiscard]] bool joinText(const TextAppended& text);
    void forget(AttemptTicket ticket);
    void noteWaiting(AttemptTicket ticket, Place place, bool isText);
    void noteTaken(Place place);
    void drop(Place place);

    std::list<Entry> m_entries;
    std::unordered_map<AttemptTicket, Attempt> m_attempts; ///< not finished yet
    WriteNumber m_last = 0;
    std::size_t m_urgent = 0;
    std::size_t m_bytes = 0;
};

} // namespace signalbox
