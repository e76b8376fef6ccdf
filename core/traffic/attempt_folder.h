// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "log_mapping.h"
#include "log_reader.h"
#include "logged_request.h"
#include "text_arena.h"

#include <cstddef>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace signalbox {

/// Joins rows that are attempts at one request into one row: put it between a reading and its sink.
/// The row stands where the first attempt stood; its id, conversation and prompt are those of the
/// first, its model, answer and status those of the last, its cost and tokens the sums, its latency
/// from the first start to the last end. Rows of the log that stand alone pass unchanged.
///
/// Holds back the last `window` rows, with copies of their texts, so that an attempt may come a
/// while after its request. One that comes later still is a row of its own and counted. One
/// thread's own.
class AttemptFolder
{
public:
    static constexpr std::size_t kWindowRows = 20'000;

    AttemptFolder(AttemptKey key, LogSink sink, std::size_t window = kWindowRows);
    ~AttemptFolder();
    AttemptFolder(const AttemptFolder&) = delete;
    AttemptFolder& operator=(const AttemptFolder&) = delete;

    void add(std::span<const LoggedRequest> rows);
    /// Gives all that is held back to the sink. Call it once, at the end.
    void finish();

    [[nodiscard]] std::size_t folded() const { return m_folded; } ///< rows that went into another
    [[nodiscard]] std::size_t late() const { return m_late; }

private:
    /// A request and the attempts at it that came so far.
    struct Held;

    void hold(const LoggedRequest& row);
    void giveOldest();
    [[nodiscard]] std::string_view keyOf(const LoggedRequest& row) const;
    static LoggedRequest joined(Held& held);

    AttemptKey m_key;
    LogSink m_sink;
    std::size_t m_window;
    std::deque<std::unique_ptr<Held>> m_held;                 ///< in the order of their first rows
    std::unordered_map<std::string_view, Held*> m_byKey = {}; ///< keys are in the held texts
    std::unordered_map<std::string, bool> m_gone = {}; ///< keys of those given, a window long
    std::deque<std::string> m_goneOrder = {};
    std::size_t m_folded = 0;
    std::size_t m_late = 0;
};

} // namespace signalbox
