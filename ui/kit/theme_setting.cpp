// SPDX-License-Identifier: GPL-3.0-or-later
#include "theme_setting.h"

#include <QSettings>

namespace signalbox::ui {

namespace {

constexpr auto kKey = "look/theme";

} // namespace

ThemeChoice storedThemeChoice()
{
    const QString stored = QSettings().value(QLatin1String(kKey)).toString();
    if (stored == QLatin1String("light"))
        return ThemeChoice::Light;
    return stored == QLatin1String("dark") ? ThemeChoice::Dark : ThemeChoice::System;
}

void storeThemeChoice(ThemeChoice choice)
{
    QSettings().setValue(QLatin1String(kKey), choice == ThemeChoice::Light ? QStringLiteral("light")
                                              : choice == ThemeChoice::Dark
                                                  ? QStringLiteral("dark")
                                                  : QStringLiteral("system"));
}

} // namespace signalbox::ui
