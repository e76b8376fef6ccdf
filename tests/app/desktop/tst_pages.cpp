// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: the real pages are joined to the window: what a page has to say is seen.

#include <app/desktop/pages.h>
#include <core/sample/support_desk.h>
#include <ui/kit/theme.h>

#include <QApplication>
#include <QClipboard>
#include <QGraphicsView>
#include <QStatusBar>
#include <QTemporaryDir>
#include <QTest>

using namespace signalbox;
using namespace signalbox::ui;

class TestPages : public QObject
{
    Q_OBJECT
private slots:
    void whyAPasteIsRefusedIsSaidInTheStatusBar()
    {
        Workbench workbench{{}};
        workbench.editor().setDocument(supportDeskPolicy());
        MainWindow window(workbench, desktop::allPages());
        window.show();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        auto* canvas =
            window.findChild<QWidget*>(QStringLiteral("policyPage"))->findChild<QGraphicsView*>();
        canvas->setFocus();
        QApplication::clipboard()->setText(QStringLiteral("not a part of a policy"));
        QTest::keyClick(canvas, Qt::Key_V, Qt::ControlModifier);
        QVERIFY(!window.statusBar()->currentMessage().isEmpty());
        QVERIFY(workbench.editor().document() == supportDeskPolicy());
    }
};

int main(int argc, char* argv[])
{
    QTemporaryDir home;
    qputenv("XDG_CONFIG_HOME", home.path().toUtf8());
    QApplication app(argc, argv);
    setUpLook(app, ThemeChoice::Light);
    TestPages test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_pages.moc"
