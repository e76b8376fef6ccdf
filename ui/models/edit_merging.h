// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/policy/edit.h>

namespace signalbox::ui {

/// How the edits of one gesture become one step to undo. Pure.

/// True when `later` alone says all that `earlier` and then `later` say.
[[nodiscard]] bool replacesSameThing(const Edit& earlier, const Edit& later);

/// The two, one after the other, as one edit. A gesture can be of thousands of edits: they stand
/// side by side, not each inside the next.
[[nodiscard]] Edit batchOf(Edit first, Edit second);

} // namespace signalbox::ui
