// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/base/json.h>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace signalbox {

/// Everything that decides an answer, so that an equal request may be given an earlier answer.
struct ExactRequest
{
    std::string dialect; ///< "openai", "anthropic", "simulator", …
    std::string server;  ///< its address: models of one name differ from server to server
    std::string model;   ///< as the server calls it
    /// As they are sent, by name, the value as JSON text: {"temperature", "0.7"}, {"seed", "3"}.
    /// The order is of no account.
    std::vector<std::pair<std::string, std::string>> parameters;
    /// Role and text of each message as it is sent, style guide included.
    std::vector<std::pair<std::string, std::string>> messages;
    int repeat =
        0; ///< the second answer to a prompt is another draw, and never a copy of the first
};

/// The name of a request in the answer cache, the same in every program and version that writes the
/// leading number: "1-" and the first 32 hex digits of SHA-256 over the compact JSON text
///   ["signalbox-request-1", dialect, server, model, [[name, value], …], [[role, text], …], repeat]
/// in UTF-8, parameters ordered by name and each value written anew from its JSON, so that 1 and
/// 1.0, or spaces, make no difference. A key, an organisation or a header is no part of it.
[[nodiscard]] std::string requestKey(const ExactRequest& request);

} // namespace signalbox
