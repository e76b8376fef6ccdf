// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/providers/provider.h>

#include <string>
#include <string_view>

namespace signalbox {

/// The name of a request in the answer cache: see requestKey(). Empty if the address cannot be
/// read.
/// @param provider  the name in a policy
[[nodiscard]] std::string exactRequestKey(std::string_view provider, const ChatRequest& request);

} // namespace signalbox
