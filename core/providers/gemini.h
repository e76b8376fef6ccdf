// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "chat_dialect.h"

namespace signalbox {

/// "gemini": Google's generateContent, streamed as events. At the Gemini API the key has a header
/// of its own; at Vertex AI (a base URL up to and with "/publishers/google") it is a Bearer token.
///
/// The limit of tokens counts thinking too, so that a small one can leave no room for text.
[[nodiscard]] const ChatDialect& gemini();

} // namespace signalbox
