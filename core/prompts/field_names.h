// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace signalbox {

/// What a column of a table or a member of a JSON line can be.
enum class ImportField {
    Id, ///< of the prompt
    Segment,
    Tags,
    System,    ///< system prompt
    Prompt,    ///< the one user turn
    Turns,     ///< a list of turns, or in a table "turn 1", "turn 2", …
    Variables, ///< an object; JSON only
    Model,
    Answer,
    Sample,
    ServedModel,
    InputTokens,
    OutputTokens,
    FirstTokenMs,
    TotalMs,
    CostUsd,
    Satisfied,
    State,
    Failure,
    FailureKind,
    Reasoning,
    StyleGuide,
    Simulated,
    Reused,
    TokensEstimated,
    CostStated,
    RecordedAt,
    Route, ///< of a policy's answer, JSON
};

/// The field of that name. Case, spaces, '_' and '-' do not count, and other tools' names do: a
/// prompt may be called "question" or "input", an answer "output" or "response".
[[nodiscard]] std::optional<ImportField> importFieldNamed(std::string_view name);

/// The place of a "turn 2" or "user 2" among the turns, from 1; nothing for other names.
[[nodiscard]] std::optional<std::size_t> turnNumberNamed(std::string_view name);

/// The usual names of the fields that one needs, for hints.
[[nodiscard]] std::string_view importFieldName(ImportField field);

} // namespace signalbox
