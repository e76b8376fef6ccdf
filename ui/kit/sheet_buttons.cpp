// SPDX-License-Identifier: GPL-3.0-or-later
#include "sheet_buttons.h"

#include "app_style.h"

#include <QBoxLayout>
#include <QDialog>
#include <QDialogButtonBox>
#include <QPushButton>

#include <utility>

namespace signalbox::ui {

namespace {

QDialogButtonBox* addBox(QDialog* sheet, QBoxLayout* rows, QDialogButtonBox::StandardButton away)
{
    auto* const box = new QDialogButtonBox(away, sheet);
    rows->addWidget(box);
    QObject::connect(box, &QDialogButtonBox::rejected, sheet, &QDialog::reject);
    return box;
}

} // namespace

QPushButton* addSheetButtons(QDialog* sheet, QBoxLayout* rows, const QString& text,
                             const QString& name, std::function<void()> act)
{
    auto* const box = addBox(sheet, rows, QDialogButtonBox::Cancel);
    auto* const button = box->addButton(text, QDialogButtonBox::AcceptRole);
    button->setObjectName(name);
    button->setDefault(true);
    setButtonKind(button, ButtonKind::Primary);
    QObject::connect(box, &QDialogButtonBox::accepted, sheet, std::move(act));
    return button;
}

QPushButton* addCloseButton(QDialog* sheet, QBoxLayout* rows)
{
    return addBox(sheet, rows, QDialogButtonBox::Close)->button(QDialogButtonBox::Close);
}

} // namespace signalbox::ui
