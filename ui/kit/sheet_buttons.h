// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <functional>

class QBoxLayout;
class QDialog;
class QPushButton;

namespace signalbox::ui {

// The row of buttons at the foot of a sheet, in the order that the platform has them.

/// Adds Cancel, which rejects the sheet, and the button for what the sheet is there for: the
/// primary one, which Return presses wherever it means nothing else. On Cancel, Return cancels.
/// @param text  of the button, and its accessible name; may be set later
/// @param name  its objectName
/// @param act   what it does; the sheet stays open unless this accepts it
/// @return      the button; the sheet owns it
QPushButton* addSheetButtons(QDialog* sheet, QBoxLayout* rows, const QString& text,
                             const QString& name, std::function<void()> act);

/// Adds Close alone, which rejects the sheet: there is nothing to do but to read.
/// @return the button; the sheet owns it
QPushButton* addCloseButton(QDialog* sheet, QBoxLayout* rows);

} // namespace signalbox::ui
