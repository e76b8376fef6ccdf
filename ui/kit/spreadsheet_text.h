// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace signalbox::ui {

/// A cell of a table as spreadsheets take it from a CSV file: numbers as they are, of other texts
/// none is a formula.
[[nodiscard]] QString csvCell(const QString& text);
/// The same for the clipboard, where tabs part the cells.
[[nodiscard]] QString clipboardCell(const QString& text);

} // namespace signalbox::ui
