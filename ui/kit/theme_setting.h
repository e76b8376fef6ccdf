// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "theme.h"

namespace signalbox::ui {

/// The look the person chose last; follows the system until then.
[[nodiscard]] ThemeChoice storedThemeChoice();
void storeThemeChoice(ThemeChoice choice);

} // namespace signalbox::ui
