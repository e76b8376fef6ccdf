// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "chat_dialect.h"

namespace signalbox {

/// "cohere": Cohere's chat, version 2. What is billed is less than what runs through the model;
/// both are given out. A temperature that is not sent is 0.3 there, and 1 at most others.
[[nodiscard]] const ChatDialect& cohereChat();

} // namespace signalbox
