// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "endpoint.h"

#include <string_view>

namespace signalbox {

/// Whether an environment variable is the customary place of the key for exactly this origin, so
/// that its key may go there without asking: env:OPENAI_API_KEY to https://api.openai.com. Never
/// for addresses that a customer can have for themselves, or that are not encrypted.
[[nodiscard]] bool isVendorsOwnKey(std::string_view variable, const Endpoint& endpoint);

} // namespace signalbox
