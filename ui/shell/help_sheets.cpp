// SPDX-License-Identifier: GPL-3.0-or-later
#include "help_sheets.h"

#include <ui/kit/basic_widgets.h>
#include <ui/kit/command_palette.h>
#include <ui/kit/sheet_buttons.h>
#include <ui/kit/theme.h>

#include <QAction>
#include <QCoreApplication>
#include <QDialog>
#include <QHeaderView>
#include <QLineEdit>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QSet>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace signalbox::ui {
namespace {

struct HelpWords
{
    Q_DECLARE_TR_FUNCTIONS(HelpSheets)
};

constexpr QSize kSheetSize(520, 560);

QString keyWords(const QAction& action)
{
    return keysOf(action).join(HelpWords::tr(" or ", "between two keys for the same thing"));
}

/// Each action once, though several menus may offer it.
void addLines(QTreeWidgetItem* group, const QList<QAction*>& actions, QSet<const QAction*>& listed)
{
    for (const QAction* const action : actions) {
        if (action->menu()) {
            addLines(group, action->menu()->actions(), listed);
            continue;
        }
        if (!action->isVisible() || action->text().isEmpty() || keysOf(*action).isEmpty() ||
            listed.contains(action))
            continue;
        listed.insert(action);
        new QTreeWidgetItem(group, {lastingNameOf(*action), keyWords(*action)});
    }
}

/// Lines whose words or keys contain what is typed, and the headings that have any.
void showMatching(QTreeWidget& list, const QString& wanted)
{
    const auto matches = [&](const QTreeWidgetItem& line) {
        return wanted.isEmpty() || line.text(0).contains(wanted, Qt::CaseInsensitive) ||
               line.text(1).contains(wanted, Qt::CaseInsensitive);
    };
    for (int i = 0; i < list.topLevelItemCount(); ++i) {
        QTreeWidgetItem* const group = list.topLevelItem(i);
        bool isEmpty = true;
        for (int k = 0; k < group->childCount(); ++k) {
            const bool isShown = matches(*group->child(k));
            group->child(k)->setHidden(!isShown);
            isEmpty = isEmpty && !isShown;
        }
        group->setHidden(isEmpty);
    }
}

} // namespace

void showShortcutSheet(QWidget* window, const std::vector<ActionGroup>& groups)
{
    auto* const sheet = new QDialog(window);
    sheet->setObjectName(QStringLiteral("shortcutSheet"));
    sheet->setAttribute(Qt::WA_DeleteOnClose);
    sheet->setWindowTitle(HelpWords::tr("Keyboard shortcuts"));
    auto* const list = new QTreeWidget;
    list->setAccessibleName(HelpWords::tr("Keyboard shortcuts"));
    list->setHeaderLabels({HelpWords::tr("What"), HelpWords::tr("Keys")});
    list->setRootIsDecorated(false);
    list->setUniformRowHeights(true);
    list->header()->setStretchLastSection(false);
    list->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    list->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    auto* const search = new QLineEdit;
    search->setObjectName(QStringLiteral("shortcutSearch"));
    search->setAccessibleName(HelpWords::tr("Search for what or for keys"));
    search->setPlaceholderText(HelpWords::tr("Search, e.g. “undo” or “Ctrl+K”"));
    search->setClearButtonEnabled(true);
    QObject::connect(search, &QLineEdit::textChanged, list,
                     [list](const QString& wanted) { showMatching(*list, wanted.trimmed()); });
    QSet<const QAction*> listed;
    for (const ActionGroup& group : groups) {
        auto* const title = new QTreeWidgetItem(list, {group.title});
        title->setFont(0, Theme::font(TextRole::BodyStrong));
        title->setFirstColumnSpanned(true);
        addLines(title, group.actions, listed);
        title->setExpanded(true);
    }
    showMatching(*list, {});
    auto* const layout = new QVBoxLayout(sheet);
    layout->addWidget(search);
    layout->addWidget(list, 1);
    addCloseButton(sheet, layout)->setAutoDefault(false); // Enter is of the search
    search->setFocus();
    sheet->resize(kSheetSize);
    sheet->open();
}

void showAboutSheet(QWidget* window)
{
    auto* const box =
        new QMessageBox(QMessageBox::NoIcon, HelpWords::tr("About Signalbox"),
                        HelpWords::tr("Signalbox %1").arg(QCoreApplication::applicationVersion()),
                        QMessageBox::Close, window);
    box->setObjectName(QStringLiteral("aboutSheet"));
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setTextFormat(Qt::PlainText);
    box->setInformativeText(HelpWords::tr(
        "A workbench for the rules that decide which language model answers a request.\n\n"
        "The program is free software under the GNU General Public License, version 3 or later; "
        "its engine is under the Apache License 2.0, so that routers can embed it.\n\n"
        "The bundled sample \"Support desk\" is synthetic: its requests are made up, and its "
        "models are played by a built-in simulator."));
    box->open();
}

} // namespace signalbox::ui
