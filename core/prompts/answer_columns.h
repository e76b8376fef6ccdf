// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "prompt_set.h"

#include <core/voice/answer.h>

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace signalbox {

/// Nothing (what is not known is no 0), a text, or a number.
using AnswerCell = std::variant<std::monostate, std::string, std::int64_t, double>;

/// The columns of a table of answers that this program writes, called as field_names.h reads them.
[[nodiscard]] std::span<const std::string_view> answerColumns();
/// One answer as their cells. "prompt" is the last turn; a prompt of several has all of them as
/// JSON in "turns". Of a policy's answer "route" is its route as JSON, and the columns before it
/// say the same in words.
/// @param prompt  null if its words are not known
[[nodiscard]] std::vector<AnswerCell> answerCells(const Answer& answer, const PromptCase* prompt);

/// Whether a heading is that of a table that this program wrote: then "turns" is JSON, and an
/// apostrophe in front of what looks like a formula is none of the text.
[[nodiscard]] bool isOwnTable(std::span<const std::string> heading);

/// Cases by id. They outlive it.
class PromptIndex
{
public:
    explicit PromptIndex(const PromptSet& set);
    /// Null if its words are not known.
    [[nodiscard]] const PromptCase* find(const PromptId& id) const;

private:
    std::map<PromptId, const PromptCase*> m_cases;
};

} // namespace signalbox
