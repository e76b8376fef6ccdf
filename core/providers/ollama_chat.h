// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "chat_dialect.h"

namespace signalbox {

/// "ollama": Ollama's own dialect, a JSON object a line. What it says of its own time, loading the
/// model first of all, is given out as ServerTimes.
///
/// The context is the model's, where the policy states it, and a prompt that does not fit is
/// refused rather than cut silently.
[[nodiscard]] const ChatDialect& ollamaChat();

} // namespace signalbox
