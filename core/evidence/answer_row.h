// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "stored_answer.h"

#include <core/base/result.h>

#include <QVariantList>

#include <string>

namespace signalbox {

class StoreRows;

/// The columns of an answer, without its cell, in the order of bindAnswer() and readAnswer().
inline constexpr const char* kAnswerColumns =
    "ticket, state, style_guide, text, reasoning, served_model, finish_reason, failure_kind, "
    "failure, "
    "headers_ms, first_event_ms, first_reasoning_ms, first_text_ms, total_ms, connect_ms, "
    "input_uncached, cache_read, cache_write, output_tokens, reasoning_tokens, "
    "tokens_estimated, cost_pico, cost_stated, retries, dropped, cached_from, request, route, "
    "satisfied, simulated, recorded_at";
inline constexpr int kAnswerColumnCount = 31;

/// "a.ticket, a.state, …": the same of a table that is called a, for where cells have such too.
[[nodiscard]] std::string answerColumnsOfA();

void bindAnswer(const StoredAnswer& answer, QVariantList& values);

/// @param column  where the answer's columns begin
/// @return ParseError for a word of a newer version
[[nodiscard]] Result<StoredAnswer> readAnswer(const StoreRows& row, int column);

/// A value, or NULL.
[[nodiscard]] QVariant boundOrNull(const std::optional<double>& value);
[[nodiscard]] QVariant boundOrNull(const std::optional<std::int64_t>& value);
[[nodiscard]] QVariant boundOrNull(const std::optional<Money>& value);
[[nodiscard]] QVariant boundOrNull(const std::optional<FailureKind>& value);

/// ParseError for a state or a kind that this version does not know.
[[nodiscard]] Result<StoredState> readState(const std::string& name);
[[nodiscard]] Result<std::optional<FailureKind>> readFailureKind(const QVariant& value);

} // namespace signalbox
