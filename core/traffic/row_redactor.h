// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "log_reader.h"
#include "logged_request.h"
#include "text_arena.h"
#include "text_redactor.h"

#include <span>
#include <string_view>
#include <vector>

namespace signalbox {

/// Takes what is sensitive out of rows on their way to a sink: out of messages, answers, tags,
/// values of metadata and labels of feedback. Ids, models and names of fields stay. One thread's
/// own.
class RowRedactor
{
public:
    /// @param redactor  must live as long
    RowRedactor(const TextRedactor& redactor, LogSink sink);

    void add(std::span<const LoggedRequest> rows);
    /// How often each kind was replaced so far.
    [[nodiscard]] const std::vector<RedactionCount>& counts() const { return m_counts; }

private:
    [[nodiscard]] LoggedRequest redacted(const LoggedRequest& row);
    [[nodiscard]] std::string_view redacted(std::string_view text);

    const TextRedactor& m_redactor;
    LogSink m_sink;
    std::vector<RedactionCount> m_counts = {};
    std::vector<LoggedRequest> m_rows = {};
    TextArena m_texts;
};

} // namespace signalbox
