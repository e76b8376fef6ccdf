// SPDX-License-Identifier: Apache-2.0
#include "feedback_table.h"

namespace signalbox {

void FeedbackTable::add(const FeedbackRow& row)
{
    LoggedFeedback feedback = row.feedback;
    feedback.name = m_texts.copy(feedback.name);
    feedback.source = m_texts.copy(feedback.source);
    feedback.label = m_texts.copy(feedback.label);
    const bool isOnRequest = !row.requestId.empty();
    const bool isOnTrace = !row.traceId.empty();
    Found& found = isOnRequest ? m_byRequest : isOnTrace ? m_byTrace : m_bySession;
    const std::string_view key = isOnRequest ? row.requestId
                                 : isOnTrace ? row.traceId
                                             : row.sessionId;
    auto entry = found.find(key);
    if (entry == found.end())
        entry = found.try_emplace(m_texts.copy(key)).first;
    entry->second.push_back(feedback);
    ++m_count;
}

void FeedbackTable::appendOn(const LoggedRequest& request, std::vector<LoggedFeedback>& out) const
{
    const auto append = [&out](const Found& found, std::string_view key) {
        const auto entry = key.empty() ? found.end() : found.find(key);
        if (entry != found.end())
            out.insert(out.end(), entry->second.begin(), entry->second.end());
    };
    append(m_byRequest, request.requestId);
    append(m_byTrace, request.traceId);
    append(m_bySession, request.sessionId);
}

} // namespace signalbox
