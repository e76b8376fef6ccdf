// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "provider.h"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

namespace signalbox {

/// Messages of one speaker that stand in a row.
struct Turn
{
    enum class Speaker { User, Assistant };
    Speaker speaker = Speaker::User;
    std::vector<std::string> texts; ///< at least one
    bool operator==(const Turn&) const = default;
};

/// A conversation for dialects that keep the system prompt apart and want speakers to alternate.
struct Prompt
{
    std::string system; ///< the style guide and all system messages, by blank lines; may be empty
    std::vector<Turn> turns;
    bool operator==(const Prompt&) const = default;
};

/// A tool's message counts as the user's, as in every dialect: it has no call to belong to.
[[nodiscard]] Prompt promptOf(const ChatRequest& request);

/// For dialects that take messages as they are: a list of {"role", "content"}, the style guide in
/// front of the first system prompt.
[[nodiscard]] nlohmann::json chatMessages(const ChatRequest& request);

} // namespace signalbox
