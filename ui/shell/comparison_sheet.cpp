// SPDX-License-Identifier: GPL-3.0-or-later
#include "comparison_sheet.h"

#include <core/policy/diff.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/sheet_buttons.h>

#include <QCoreApplication>
#include <QDialog>
#include <QHeaderView>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace signalbox::ui {
namespace {

struct ComparisonWords
{
    Q_DECLARE_TR_FUNCTIONS(ComparisonSheet)
};

constexpr QSize kSheetSize(760, 480);
constexpr int kPlaceWidth = 240;
constexpr int kValueWidth = 240;

QString kindWords(Change::Kind kind)
{
    switch (kind) {
    case Change::Kind::Added:
        return ComparisonWords::tr("only there");
    case Change::Kind::Removed:
        return ComparisonWords::tr("only here");
    case Change::Kind::Moved:
        return ComparisonWords::tr("in another place");
    case Change::Kind::Changed:
        break;
    }
    return ComparisonWords::tr("different");
}

} // namespace

void showComparisonSheet(QWidget* window, const PolicyDocument& here, const PolicyDocument& other,
                         const QString& title)
{
    auto* const sheet = new QDialog(window);
    sheet->setObjectName(QStringLiteral("comparisonSheet"));
    sheet->setAttribute(Qt::WA_DeleteOnClose);
    sheet->setWindowTitle(ComparisonWords::tr("What is open here, and %1").arg(title));
    auto* const list = new QTreeWidget;
    list->setAccessibleName(ComparisonWords::tr("Differences"));
    list->setHeaderLabels({ComparisonWords::tr("Where"), ComparisonWords::tr("What"),
                           ComparisonWords::tr("Here"), ComparisonWords::tr("There")});
    list->setRootIsDecorated(false);
    list->setUniformRowHeights(true);
    for (const Change& change : diff(here, other)) {
        if (isNoise(change))
            continue;
        const QString before = QString::fromStdString(change.before);
        const QString after = QString::fromStdString(change.after);
        auto* const line = new QTreeWidgetItem(
            list, {QString::fromStdString(change.path), kindWords(change.kind), before, after});
        line->setToolTip(2, plainToolTip(before));
        line->setToolTip(3, plainToolTip(after));
    }
    list->header()->resizeSection(0, kPlaceWidth);
    list->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    list->header()->resizeSection(2, kValueWidth);
    auto* const layout = new QVBoxLayout(sheet);
    layout->addWidget(list, 1);
    addCloseButton(sheet, layout);
    sheet->resize(kSheetSize);
    sheet->open();
}

} // namespace signalbox::ui
