// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/policy/document.h>

#include <QString>

namespace signalbox::ui {

/// A request in one line: what the user wrote last, and what else the caller sent with it:
/// “Is that legal?” · style detailed · plan = "pro" · 3 messages
[[nodiscard]] QString requestInWords(const Request& request);

} // namespace signalbox::ui
