// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QRect>
#include <QSize>
#include <QStyle>

class QStyleOptionComboBox;
class QStyleOptionGroupBox;
class QStyleOptionMenuItem;
class QStyleOptionSlider;
class QStyleOptionSpinBox;

/// Where the parts of AppStyle's controls lie. Internal to the kit.
namespace signalbox::ui {

inline constexpr char kButtonKindProperty[] = "signalboxButtonKind";

/// Rounded popups need a compositor; X11 may have none, and would show black corners.
[[nodiscard]] bool popupsAreTranslucent();

[[nodiscard]] QSize toolButtonSize(const QStyleOption* option, const QSize& contents);
[[nodiscard]] QSize menuItemSize(const QStyleOptionMenuItem* item, const QSize& contents);

[[nodiscard]] QRect progressRect(QStyle::SubElement element, const QStyleOption* option);
[[nodiscard]] QRect scrollBarRect(const QStyleOptionSlider* bar, QStyle::SubControl part,
                                  int minimumHandle);
[[nodiscard]] QRect comboBoxRect(const QStyleOptionComboBox* combo, QStyle::SubControl part);
[[nodiscard]] QRect spinBoxRect(const QStyleOptionSpinBox* spin, QStyle::SubControl part);
[[nodiscard]] QRect groupBoxRect(const QStyleOptionGroupBox* box, QStyle::SubControl part,
                                 const QRect& fallback);
[[nodiscard]] QRect sliderRect(const QStyleOptionSlider* slider, QStyle::SubControl part,
                               int handle);

} // namespace signalbox::ui
