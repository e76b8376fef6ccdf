// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rate_limits.h"

#include <optional>
#include <string>
#include <string_view>

namespace signalbox {

struct ModelSpec;

/// Whom a server counts together: everything that goes to one origin with one key, whatever the
/// dialect or the model. A server on this computer is one under all its names.
struct ServerAccount
{
    std::string origin; ///< "https://api.openai.com"
    std::string keyRef; ///< never a key
    auto operator<=>(const ServerAccount&) const = default;
};

/// Nothing for the simulator, which has no limits but those that its data tell, and for an address
/// that cannot be read.
[[nodiscard]] std::optional<ServerAccount> accountOf(const ModelSpec& model);

/// "OpenAI" where the origin is a vendor's, else the origin without its scheme.
[[nodiscard]] std::string nameOf(const ServerAccount& account);

/// "minute" or "day", where the vendor's documents say what its limits are counted over; else
/// empty, for the headers do not.
[[nodiscard]] std::string_view periodOf(const ServerAccount& account, RateLimit::Of of);

} // namespace signalbox
