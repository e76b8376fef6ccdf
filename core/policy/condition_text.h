// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "condition.h"

#include <tl/expected.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace signalbox {

// A condition as a line of text, for people who would rather type than click:
//
//   complexity >= 7 and (plan = "enterprise" or not asks)
//   complexity >= {concise: 8, balanced: 7, detailed: 5}
//   plan in ("pro", "team")      title starts with "Re:" ignoring case
//   subject matches /[Ll]egal/i  maxTokens exists   `my signal` != 3
//
// - and binds closer than or; a group in parentheses stays a group. all(…) and any(…) write groups
//   of one, always and never those of none.
// - A name alone means that it is true. Names that are no words stand in backquotes; texts stand in
//   quotes, with the escapes of JSON.
// - Keywords may have any case; == && || ! ≠ ≤ ≥, "is", "is not" and "is one of" are understood.
//
// Text and value are two forms of the same: whatever is written is read back equal, types that do
// not fit included.

[[nodiscard]] std::string toConditionText(const Condition& condition);

/// `complexity`, or `my signal` in its backquotes.
[[nodiscard]] std::string toConditionText(const SignalId& signal);
/// "pro", 7, true: a value as it stands in the text.
[[nodiscard]] std::string toConditionText(const Scalar& value);

/// What is wrong with a text, and where.
struct ConditionMistake
{
    std::size_t offset = 0; ///< in bytes; the text's length if something is missing at its end
    std::size_t length = 0; ///< of what is wrong; 0 where something is missing
    std::string message;    ///< a sentence that says what was expected, with its full stop
    bool operator==(const ConditionMistake&) const = default;
};

/// Where a comparison stands in the text, in bytes. Operator and value are empty where the signal
/// stands alone.
struct CompareSpan
{
    std::size_t signal = 0;
    std::size_t signalEnd = 0;
    std::size_t op = 0;
    std::size_t opEnd = 0;
    std::size_t value = 0;
    std::size_t valueEnd = 0;
    bool operator==(const CompareSpan&) const = default;
};

struct ConditionReading
{
    Condition condition;
    std::vector<CompareSpan> compares; ///< in the order of forEachCompare()
};

/// Reads a text, or says what is wrong with it first. Signals and types are not looked at: see
/// mistakeOfMeaning(). O(n); parentheses may nest 200 deep.
[[nodiscard]] tl::expected<ConditionReading, ConditionMistake>
readConditionText(std::string_view text);

} // namespace signalbox
