// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "import_report.h"
#include "prompt_set.h"

#include <core/base/result.h>

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace signalbox {

// A prompt with `{{name}}` in it is a template; `{{ name }}` is the same. `\{{` is a pair of braces
// and nothing else, and so are braces around what is no name of a variable. Values are put in as
// they are: braces in a value are text.

/// The names in a text, each once, in order of appearance.
[[nodiscard]] std::vector<std::string> placeholdersOf(std::string_view text);

/// The text with the values in place, and without the backslashes before braces.
/// @return  InvalidArgument that names the first placeholder without a value
[[nodiscard]] Result<std::string> fillTemplate(std::string_view text,
                                               const std::map<std::string, std::string>& values);

struct TemplateExpansion
{
    PromptSet set;
    ImportReport report; ///< cases that could not be expanded, by their id; lines are 0
};

inline constexpr std::size_t kMostExpandedCases = 10'000;

/// Every case with its variables put in, system prompt and all turns alike. Of variables with
/// several values, as far as the case has a place for them, every combination makes a case, the
/// last variable changing fastest; its id gets "~" and 8 hex digits of the md5 of the names and
/// values, so that it stays the same when values are added. What is left of `variables` is the one
/// value that was used. A case without placeholders stays one case, as it is.
/// Refused: a placeholder without a value, what is over kMostExpandedCases in all, two expanded
/// cases of one id.
/// @param shared  for all cases; a case's own variable of the same name wins
[[nodiscard]] TemplateExpansion expandTemplates(const PromptSet& set,
                                                std::span<const PromptVariable> shared = {});

} // namespace signalbox
