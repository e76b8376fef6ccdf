// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/policy/document.h>

#include <QString>

class QWidget;

namespace signalbox::ui {

/// What differs between the open policy and another one, as a list. Where a page shows comparisons,
/// that page does it better. Does not wait for an answer; the sheet deletes itself.
/// @param title  what the other one is
void showComparisonSheet(QWidget* window, const PolicyDocument& here, const PolicyDocument& other,
                         const QString& title);

} // namespace signalbox::ui
