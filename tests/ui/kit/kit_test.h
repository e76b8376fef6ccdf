// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ui/kit/theme.h>

#include <QAccessible>
#include <QApplication>
#include <QRegularExpression>
#include <QTest>
#include <QWidget>

/// What the tests of the kit share.
namespace kit_test {

/// A warning is a failure, except for what the offscreen platform cannot do.
inline void failOnWarnings()
{
    QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
}

inline void showActive(QWidget& widget)
{
    widget.show();
    widget.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&widget));
}

/// Names of widgets that a screen reader would reach but not know by name.
inline QStringList namelessControls(QWidget& root)
{
    QStringList nameless;
    const QList<QWidget*> all = root.findChildren<QWidget*>();
    for (QWidget* widget : all) {
        if (widget->focusPolicy() == Qt::NoFocus || !widget->isVisibleTo(&root))
            continue;
        QAccessibleInterface* face = QAccessible::queryAccessibleInterface(widget);
        if (!face || face->text(QAccessible::Name).isEmpty())
            nameless << QString::fromLatin1(widget->metaObject()->className()) + QLatin1Char(' ') +
                            widget->objectName();
    }
    return nameless;
}

template<class Test> int run(int argc, char** argv)
{
    QApplication app(argc, argv);
    signalbox::ui::setUpLook(app, signalbox::ui::ThemeChoice::Light);
    Test test;
    return QTest::qExec(&test, argc, argv);
}

} // namespace kit_test
