// SPDX-License-Identifier: Apache-2.0
#pragma once

// For the library's own use: reads a condition's text and notes what could follow at its end, which
// is what completion needs to know.

#include "condition_text.h"
#include "condition_tokens.h"

namespace signalbox::conditiontext {

/// What may come next behind a text that breaks off.
struct Expected
{
    bool operand = false;    ///< a signal, "not" or "("
    bool op = false;         ///< a comparison
    bool value = false;      ///< of `signal`, behind `compare`
    bool list = false;       ///< the "(" of a list
    bool item = false;       ///< another value, inside a list
    bool comma = false;      ///< or the end of the list
    bool styleName = false;  ///< concise, balanced or detailed, inside braces
    bool connector = false;  ///< "and", "or"
    bool ignoring = false;   ///< "ignoring case"
    bool close = false;      ///< ")"
    std::size_t opStart = 0; ///< where a comparison of several words begins
    SignalId signal;
    CompareOp compare = CompareOp::Eq;
};

struct Parse
{
    ConditionReading reading;
    std::optional<ConditionMistake> mistake;
    Expected expected;
};
[[nodiscard]] Parse parse(std::string_view text);

/// How an operator is written, e.g. ">=", "starts with".
[[nodiscard]] std::string_view textOf(CompareOp op);

/// A condition's value, by the operator that it stands behind.
[[nodiscard]] std::string valueText(const CompareValue& value);

} // namespace signalbox::conditiontext
