// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "condition_text.h"
#include "document.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace signalbox {

// What the text of a condition (condition_text.h) means in a policy: whether its signals exist and
// fit, and what could be typed next.

/// The operators that can compare a value of a type, the usual one first.
[[nodiscard]] std::span<const CompareOp> operatorsFor(ValueType type);

/// The first comparison whose signal the document does not have, or whose operator or value does
/// not fit it; nothing if all do.
/// @param before  what the text replaces: comparisons that are in it already are let pass, so that
///                a broken condition can be mended one part at a time. May be null.
[[nodiscard]] std::optional<ConditionMistake> mistakeOfMeaning(const ConditionReading& reading,
                                                               const PolicyDocument& document,
                                                               const Condition* before = nullptr);

struct ConditionCompletion
{
    enum class Kind {
        Signal,
        Operator,
        Value, ///< known for the signal: styles, models, what other comparisons compare it with
        Word,  ///< of the language: and, or, not, a parenthesis
    };
    Kind kind = Kind::Word;
    std::string text; ///< what stands in the text then
    SignalId signal;  ///< of Kind::Signal
    bool operator==(const ConditionCompletion&) const = default;
};

/// What could stand at a place of a text. Accepting an item replaces [from, to).
struct ConditionCompletions
{
    std::size_t from = 0;
    std::size_t to = 0;
    std::vector<ConditionCompletion> items; ///< those that begin like what is there come first
};

/// @param offset  of the cursor, in bytes. What is typed directly before it narrows the items;
///                nothing is offered behind a whole number or a closed quote, nor behind a mistake.
[[nodiscard]] ConditionCompletions completeCondition(std::string_view text, std::size_t offset,
                                                     const PolicyDocument& document);

} // namespace signalbox
