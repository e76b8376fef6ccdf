// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "chat_dialect.h"

namespace signalbox {

/// "openai-responses": OpenAI Responses, also as xAI, Azure and local servers offer it. Nothing is
/// stored at the server. There is no seed, and a limit below 16 tokens is sent as 16; both are
/// noted as adjusted.
[[nodiscard]] const ChatDialect& openAiResponses();

} // namespace signalbox
