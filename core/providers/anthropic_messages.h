// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "chat_dialect.h"

namespace signalbox {

/// "anthropic": Anthropic Messages, also as local servers offer it at /v1/messages.
///
/// The limit of tokens is required: 4096 is sent when none is asked for. There is no seed. Models
/// that refuse a temperature are not sent one. Both are noted as adjusted.
[[nodiscard]] const ChatDialect& anthropicMessages();

} // namespace signalbox
