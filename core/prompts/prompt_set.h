// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <core/base/ids.h>
#include <core/base/json.h>
#include <core/base/result.h>
#include <core/policy/request.h>

#include <string>
#include <vector>

namespace signalbox {

/// What `{{name}}` in a prompt stands for.
struct PromptVariable
{
    std::string name;                ///< letters, digits, '_', '-' and '.'
    std::vector<std::string> values; ///< at least one; several make a prompt each
    bool operator==(const PromptVariable&) const = default;
};

/// One prompt of a set: what a model is to answer, with the turns before it if there are any.
struct PromptCase
{
    PromptId id;
    std::string segment; ///< empty for none
    std::vector<std::string> tags;
    std::string system; ///< system prompt, empty for none
    /// User and assistant, in order, the last one the user's. A user turn right after another one
    /// is said once that has its answer, whatever it is: so a case of several user turns is a
    /// conversation, and one with assistant turns goes on from a given one.
    std::vector<Message> turns;
    std::vector<PromptVariable> variables; ///< see prompt_template.h
    bool operator==(const PromptCase&) const = default;
};

struct PromptSet
{
    std::string name;
    std::vector<PromptCase> cases; ///< ids differ
    bool operator==(const PromptSet&) const = default;
};

/// "p-" and 12 hex digits of the md5 of what is asked: the id of a prompt whose file names none.
/// It is the same for the same words wherever they stand, so that answers find their prompt again
/// after lines were added, and another one once the words change.
[[nodiscard]] PromptId contentId(const PromptCase& prompt);

/// InvalidArgument with the first fault in a sentence: no id or turn, a blank turn, one that is
/// neither user's nor assistant's, the last one not the user's, a variable without name or value or
/// twice.
[[nodiscard]] Result<void> checkCase(const PromptCase& prompt);

/// The system prompt, if any, and the turns.
[[nodiscard]] std::vector<Message> messagesOf(const PromptCase& prompt);

/// "vip, refund": as tables have them.
[[nodiscard]] std::string joinedTags(const PromptCase& prompt);

/// Those that are not there yet.
void addTags(std::vector<std::string>& tags, const std::vector<std::string>& more);

[[nodiscard]] bool isVariableName(std::string_view name);

/// {"id", "segment", "tags", "system", "prompt" or "turns": [{"role", "content"}], "variables":
/// {"name": "value" or [values]}}; what is empty is left out, "prompt" is the one turn.
[[nodiscard]] Json toJson(const PromptCase& prompt);
/// One case a line. Reading it back gives equal cases.
[[nodiscard]] std::string toPromptJsonLines(const PromptSet& set);

} // namespace signalbox
