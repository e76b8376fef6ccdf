// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "logged_request.h"
#include "text_arena.h"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace signalbox {

/// A feedback that is a row of its own, and on what.
struct FeedbackRow
{
    std::string_view requestId; ///< the request, or if empty
    std::string_view traceId;   ///< each request of the trace, or if empty too
    std::string_view sessionId; ///< each of the session
    LoggedFeedback feedback;
};

/// Feedback that a log, or a file beside it, keeps apart from its requests, by what it is on. Owns
/// its texts. Reading is safe from several threads, adding is not.
class FeedbackTable
{
public:
    void add(const FeedbackRow& row);
    [[nodiscard]] std::size_t size() const { return m_count; }

    /// Appends what was said on a request: by its id, its trace and its session. The texts live as
    /// long as the table. Expected O(1 + feedback found).
    void appendOn(const LoggedRequest& request, std::vector<LoggedFeedback>& out) const;

private:
    using Found = std::unordered_map<std::string_view, std::vector<LoggedFeedback>>;

    Found m_byRequest;
    Found m_byTrace;
    Found m_bySession;
    TextArena m_texts;
    std::size_t m_count = 0;
};

} // namespace signalbox
