// SPDX-License-Identifier: Apache-2.0
#include "row_redactor.h"

#include <utility>

namespace signalbox {

namespace {

/// A copy of a list with every entry changed by `change`.
template<class T, class Change>
std::span<const T> changed(std::span<const T> values, TextArena& texts, const Change& change)
{
    std::vector<T> own(values.begin(), values.end());
    for (T& value : own)
        change(value);
    return texts.copy(own);
}

} // namespace

RowRedactor::RowRedactor(const TextRedactor& redactor, LogSink sink)
    : m_redactor(redactor), m_sink(std::move(sink))
{}

void RowRedactor::add(std::span<const LoggedRequest> rows)
{
    m_texts.clear();
    m_rows.clear();
    for (const LoggedRequest& row : rows)
        m_rows.push_back(redacted(row));
    m_sink(m_rows);
}

std::string_view RowRedactor::redacted(std::string_view text)
{
    return m_texts.copy(m_redactor.redacted(text, m_counts));
}

LoggedRequest RowRedactor::redacted(const LoggedRequest& row)
{
    LoggedRequest clean = row;
    clean.response = redacted(row.response);
    clean.messages = changed(row.messages, m_texts, [this](LoggedMessage& message) {
        message.text = redacted(message.text);
    });
    clean.feedback = changed(row.feedback, m_texts, [this](LoggedFeedback& feedback) {
        feedback.label = redacted(feedback.label);
    });
    clean.tags = changed(row.tags, m_texts, [this](std::string_view& tag) { tag = redacted(tag); });
    clean.metadata = changed(row.metadata, m_texts,
                             [this](LoggedEntry& entry) { entry.value = redacted(entry.value); });
    return clean;
}

} // namespace signalbox
