// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "chat_dialect.h"

#include <span>

namespace signalbox {

/// Every dialect that a policy's "provider" can name.
[[nodiscard]] std::span<const ChatDialect* const> chatDialects();

} // namespace signalbox
