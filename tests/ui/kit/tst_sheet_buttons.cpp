// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: a sheet's row of buttons is answered by keyboard as by mouse, and Return does what the
// button in focus says.
#include "kit_test.h"

#include <ui/kit/sheet_buttons.h>

#include <QDialog>
#include <QDialogButtonBox>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

using namespace signalbox::ui;

namespace {

/// A sheet with a field and the row; counts what its button did.
struct Sheet
{
    QDialog dialog;
    QVBoxLayout rows{&dialog};
    QLineEdit field;
    int done = 0;
    QPushButton* take = nullptr;

    Sheet()
    {
        rows.addWidget(&field);
        take = addSheetButtons(&dialog, &rows, {}, QStringLiteral("take"), [this] {
            ++done;
            dialog.accept();
        });
        take->setText(QStringLiteral("Take it"));
        kit_test::showActive(dialog);
    }
    [[nodiscard]] QPushButton* cancel() const
    {
        return dialog.findChild<QDialogButtonBox*>()->button(QDialogButtonBox::Cancel);
    }
};

} // namespace

class TestSheetButtons : public QObject
{
    Q_OBJECT
private slots:
    void init() { kit_test::failOnWarnings(); }

    void returnInAFieldDoesWhatTheSheetIsFor()
    {
        Sheet sheet;
        sheet.field.setFocus();
        QTest::keyClick(&sheet.field, Qt::Key_Return);
        QCOMPARE(sheet.done, 1);
        QCOMPARE(sheet.dialog.result(), static_cast<int>(QDialog::Accepted));
    }

    void returnOnCancelCancels()
    {
        Sheet sheet;
        sheet.cancel()->setFocus();
        QTest::keyClick(sheet.cancel(), Qt::Key_Return);
        QCOMPARE(sheet.done, 0);
        QVERIFY(!sheet.dialog.isVisible());
        QCOMPARE(sheet.dialog.result(), static_cast<int>(QDialog::Rejected));
    }

    void aButtonThatCannotBePressedDoesNothing()
    {
        Sheet sheet;
        sheet.take->setEnabled(false);
        sheet.field.setFocus();
        QTest::keyClick(&sheet.field, Qt::Key_Return);
        QCOMPARE(sheet.done, 0);
        QVERIFY(sheet.dialog.isVisible());
    }

    void bothHaveNames()
    {
        Sheet sheet;
        QCOMPARE(QAccessible::queryAccessibleInterface(sheet.take)->text(QAccessible::Name),
                 QStringLiteral("Take it"));
        QVERIFY(!QAccessible::queryAccessibleInterface(sheet.cancel())
                     ->text(QAccessible::Name)
                     .isEmpty());
        QCOMPARE(sheet.dialog.findChild<QPushButton*>(QStringLiteral("take")), sheet.take);
    }

    void closeAloneClosesAndTakesNothing()
    {
        QDialog dialog;
        QVBoxLayout rows(&dialog);
        QPushButton* const close = addCloseButton(&dialog, &rows);
        kit_test::showActive(dialog);
        QTest::mouseClick(close, Qt::LeftButton);
        QVERIFY(!dialog.isVisible());
        QCOMPARE(dialog.result(), static_cast<int>(QDialog::Rejected));
    }
};

int main(int argc, char** argv)
{
    return kit_test::run<TestSheetButtons>(argc, argv);
}
#include "tst_sheet_buttons.moc"
