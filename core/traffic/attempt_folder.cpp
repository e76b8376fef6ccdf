// SPDX-License-Identifier: Apache-2.0
#include "attempt_folder.h"

#include "attempt_summary.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace signalbox {

using namespace traffic_detail;

namespace {

/// Texts of a row that outlive the sink's call.
class OwnTexts
{
public:
    LoggedRequest keep(const LoggedRequest& row)
    {
        LoggedRequest own = row;
        for (std::string_view LoggedRequest::* text :
             {&LoggedRequest::requestId, &LoggedRequest::traceId, &LoggedRequest::parentId,
              &LoggedRequest::sessionId, &LoggedRequest::userId, &LoggedRequest::tenantId,
              &LoggedRequest::requestedModel, &LoggedRequest::servedModel, &LoggedRequest::provider,
              &LoggedRequest::routeName, &LoggedRequest::ruleId, &LoggedRequest::arm,
              &LoggedRequest::errorClass, &LoggedRequest::outcome, &LoggedRequest::style,
              &LoggedRequest::segment, &LoggedRequest::promptId, &LoggedRequest::response})
            own.*text = keep(own.*text);
        own.messages = keepAll(
            row.messages, [this](LoggedMessage& message) { message.text = keep(message.text); });
        own.feedback = keepAll(row.feedback, [this](LoggedFeedback& feedback) {
            feedback.name = keep(feedback.name);
            feedback.source = keep(feedback.source);
            feedback.label = keep(feedback.label);
        });
        own.tags = keepAll(row.tags, [this](std::string_view& tag) { tag = keep(tag); });
        own.metadata = keepAll(row.metadata, [this](LoggedEntry& entry) {
            entry.key = keep(entry.key);
            entry.value = keep(entry.value);
        });
        own.attempts = keepAll(row.attempts, [this](LoggedAttempt& attempt) {
            attempt.provider = keep(attempt.provider);
            attempt.model = keep(attempt.model);
            attempt.errorClass = keep(attempt.errorClass);
        });
        return own;
    }

    template<class T> std::span<const T> list(const std::vector<T>& values)
    {
        if (values.empty())
            return {};
        auto& own = m_lists.emplace_back(values.size() * sizeof(T));
        std::memcpy(own.data(), values.data(), values.size() * sizeof(T));
        return {reinterpret_cast<const T*>(own.data()), values.size()};
    }

private:
    std::string_view keep(std::string_view text)
    {
        return text.empty() ? text : std::string_view(m_texts.emplace_back(text));
    }

    template<class T, class KeepTexts>
    std::span<const T> keepAll(std::span<const T> values, const KeepTexts& keepTexts)
    {
        std::vector<T> own(values.begin(), values.end());
        for (T& value : own)
            keepTexts(value);
        return list(own);
    }

    std::deque<std::string> m_texts;
    std::deque<std::vector<char>> m_lists; ///< memory of std::vector<char> suits every type
};

bool comesBefore(const LoggedRequest& a, const LoggedRequest& b)
{
    if (a.attemptIndex >= 0 && b.attemptIndex >= 0 && a.attemptIndex != b.attemptIndex)
        return a.attemptIndex < b.attemptIndex;
    // Nothing is tried again after a success, whatever its row says: LiteLLM dates a streamed
    // answer from the start of the whole request, before the attempt that failed.
    const bool isAnswer = a.status == LogStatus::Success;
    if (isAnswer != (b.status == LogStatus::Success))
        return !isAnswer;
    return a.startMs < b.startMs;
}

} // namespace

struct AttemptFolder::Held
{
    std::vector<LoggedRequest> rows;
    OwnTexts texts;
};

AttemptFolder::AttemptFolder(AttemptKey key, LogSink sink, std::size_t window)
    : m_key(key), m_sink(std::move(sink)), m_window(std::max<std::size_t>(window, 1))
{}

AttemptFolder::~AttemptFolder() = default;

/// What the attempts at one request share; empty for a row that stands alone.
std::string_view AttemptFolder::keyOf(const LoggedRequest& row) const
{
    switch (m_key) {
    case AttemptKey::None:
        return {};
    case AttemptKey::ParentId:
        return row.parentId.empty() ? row.requestId : row.parentId;
    case AttemptKey::TraceId:
        return row.attemptIndex < 0 ? std::string_view() : row.traceId;
    case AttemptKey::RequestId:
        return row.requestId;
    }
    return {};
}

void AttemptFolder::add(std::span<const LoggedRequest> rows)
{
    if (m_key == AttemptKey::None) {
        m_sink(rows);
        return;
    }
    for (const LoggedRequest& row : rows)
        hold(row);
}

void AttemptFolder::hold(const LoggedRequest& row)
{
    const std::string_view key = keyOf(row);
    if (const auto known = key.empty() ? m_byKey.end() : m_byKey.find(key);
        known != m_byKey.end()) {
        Held& held = *known->second;
        held.rows.push_back(held.texts.keep(row));
        ++m_folded;
        return;
    }
    if (!key.empty() && m_gone.contains(std::string(key)))
        ++m_late;
    auto held = std::make_unique<Held>();
    held->rows.push_back(held->texts.keep(row));
    if (!key.empty())
        m_byKey.emplace(keyOf(held->rows.front()), held.get());
    m_held.push_back(std::move(held));
    if (m_held.size() > m_window)
        giveOldest();
}

void AttemptFolder::giveOldest()
{
    const std::unique_ptr<Held> held = std::move(m_held.front());
    m_held.pop_front();
    const std::string_view key = keyOf(held->rows.front());
    if (!key.empty()) {
        m_byKey.erase(key);
        m_gone.emplace(key, true);
        m_goneOrder.emplace_back(key);
        if (m_goneOrder.size() > m_window) {
            m_gone.erase(m_goneOrder.front());
            m_goneOrder.pop_front();
        }
    }
    const LoggedRequest row = joined(*held);
    m_sink({&row, 1});
}

LoggedRequest AttemptFolder::joined(Held& held)
{
    if (held.rows.size() == 1)
        return held.rows.front();
    const std::size_t line = held.rows.front().line;
    const std::size_t byteBegin = held.rows.front().byteBegin;
    std::ranges::stable_sort(held.rows, comesBefore);
    std::vector<LoggedAttempt> attempts;
    std::vector<LoggedFeedback> feedback;
    for (const LoggedRequest& row : held.rows) {
        if (row.attempts.empty())
            attempts.push_back(attemptOf(row));
        else
            attempts.insert(attempts.end(), row.attempts.begin(), row.attempts.end());
        feedback.insert(feedback.end(), row.feedback.begin(), row.feedback.end());
    }
    LoggedRequest whole = held.rows.front();
    const LoggedRequest& last = held.rows.back();
    const bool asksForFirstModel = whole.requestedModel.empty();
    whole.line = line;
    whole.byteBegin = byteBegin;
    if (asksForFirstModel)
        whole.requestedModel = attempts.front().model;
    whole.servedModel = whole.provider = {};
    whole.status = LogStatus::Unknown;
    whole.httpStatus = 0;
    whole.latencyMs = whole.costUsd = kUnknownNumber;
    whole.costOrigin = CostOrigin::Unknown;
    whole.tokensIn = whole.tokensOut = -1;
    whole.retries = -1;
    whole.errorClass = last.errorClass;
    whole.response = last.response;
    whole.tokensCached = last.tokensCached;
    whole.tokensReasoning = last.tokensReasoning;
    whole.cacheHit = last.cacheHit;
    whole.ttftMs = last.ttftMs;
    for (const LoggedRequest& row : held.rows) {
        if (row.startMs > 0)
            whole.startMs = std::min(whole.startMs, row.startMs);
    }
    if (!std::isnan(last.ttftMs) && last.startMs > 0 && whole.startMs > 0)
        whole.ttftMs += static_cast<double>(last.startMs - whole.startMs);
    if (whole.messages.empty())
        whole.messages = last.messages;
    whole.attempts = held.texts.list(attempts);
    whole.feedback = held.texts.list(feedback);
    fillFromAttempts(whole);
    return whole;
}

void AttemptFolder::finish()
{
    while (!m_held.empty())
        giveOldest();
}

} // namespace signalbox
