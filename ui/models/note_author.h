// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace signalbox::ui {

/// Who signs stars and notes, so that in a store that several people share each has their own: the
/// setting "your name", else usualNoteAuthor(). Never empty.
[[nodiscard]] QString noteAuthor();
/// As the person set it; empty: they did not.
[[nodiscard]] QString noteAuthorSetting();
void setNoteAuthorSetting(const QString& name); ///< without outer spaces; empty: back to the usual

/// The system user's full name, else what they log in with.
[[nodiscard]] QString usualNoteAuthor();

} // namespace signalbox::ui
