// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>

#include <vector>

class QAction;
class QWidget;

namespace signalbox::ui {

/// Actions under one title, e.g. those of a page.
struct ActionGroup
{
    QString title;
    QList<QAction*> actions; ///< menus among them are walked through
};

/// A sheet over the window with every action that has a key, made from the actions themselves.
void showShortcutSheet(QWidget* window, const std::vector<ActionGroup>& groups);

/// What this program is, its version and licence, and that the sample is made up.
void showAboutSheet(QWidget* window);

} // namespace signalbox::ui
