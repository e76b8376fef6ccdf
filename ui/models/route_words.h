// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/policy/document.h>
#include <core/voice/policy_route.h>

#include <QString>

namespace signalbox::ui {

/// What a column is called: a model by its name, a policy "Policy: Support desk".
[[nodiscard]] QString columnName(const ModelSpec& column);

/// "Hard questions \u2192 gpt-4", or with what failed before:
/// "otherwise \u2192 gpt-4, after palm-2: rate limit".
[[nodiscard]] QString routeText(const PolicyRoute& route);
/// The same in whole sentences, one a line: the rule, each call, where the answer was taken from,
/// what it all costs a user.
[[nodiscard]] QString routeMeaning(const PolicyRoute& route);

} // namespace signalbox::ui
