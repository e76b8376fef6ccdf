// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ui/shell/main_window.h>

#include <vector>

namespace signalbox::desktop {

/// All pages of the program, with what they tell connected to the workbench. Call with the
/// translations installed.
[[nodiscard]] std::vector<ui::PageEntry> allPages();

} // namespace signalbox::desktop
