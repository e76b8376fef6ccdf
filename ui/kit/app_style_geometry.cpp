// SPDX-License-Identifier: GPL-3.0-or-later
#include "app_style_geometry.h"

#include "theme.h"

#include <QGuiApplication>
#include <QStyleOption>

#include <algorithm>

namespace signalbox::ui {

namespace {

constexpr int kArrowWidth = 24;
constexpr int kProgressGroove = 6;

/// Mirrors a part for right-to-left windows.
QRect visual(const QStyleOption* option, const QRect& rect)
{
    return QStyle::visualRect(option->direction, option->rect, rect);
}

} // namespace

bool popupsAreTranslucent()
{
    return !QGuiApplication::platformName().startsWith(QLatin1String("xcb"));
}

QSize toolButtonSize(const QStyleOption* option, const QSize& contents)
{
    const auto* button = qstyleoption_cast<const QStyleOptionToolButton*>(option);
    QSize size = contents + QSize(space::kGap, space::kGap);
    if (button && button->toolButtonStyle != Qt::ToolButtonIconOnly)
        size.rwidth() += space::kHalf;
    if (button && (button->features & QStyleOptionToolButton::MenuButtonPopup))
        size.rwidth() += 20;
    else if (button && (button->features & QStyleOptionToolButton::HasMenu))
        size.rwidth() += 14;
    return size.expandedTo(QSize(space::kRow, space::kRow));
}

QSize menuItemSize(const QStyleOptionMenuItem* item, const QSize& contents)
{
    if (!item)
        return contents;
    constexpr int kIconColumn = 28;
    int width = kIconColumn + contents.width() + 2 * space::kGap;
    if (item->text.contains(QLatin1Char('\t')))
        width += space::kSection; // room between the text and its shortcut
    return QSize(width, space::kRow);
}

QRect progressRect(QStyle::SubElement element, const QStyleOption* option)
{
    const auto* bar = qstyleoption_cast<const QStyleOptionProgressBar*>(option);
    const bool labelled = bar && bar->textVisible;
    const int labelWidth = labelled ? 44 : 0;
    const QRect& all = option->rect;
    const QRect label(all.right() - labelWidth + 1, all.top(), labelWidth, all.height());
    const QRect groove(all.left(), all.center().y() - kProgressGroove / 2 + 1,
                       all.width() - (labelled ? labelWidth + space::kHalf : 0), kProgressGroove);
    return visual(option, element == QStyle::SE_ProgressBarLabel ? label : groove);
}

QRect scrollBarRect(const QStyleOptionSlider* bar, QStyle::SubControl part, int minimumHandle)
{
    const bool horizontal = bar->orientation == Qt::Horizontal;
    const int length = horizontal ? bar->rect.width() : bar->rect.height();
    const int range = bar->maximum - bar->minimum;
    int handle = length;
    if (range > 0) {
        const auto share = static_cast<double>(bar->pageStep) / (double(range) + bar->pageStep);
        handle =
            std::clamp(static_cast<int>(share * length), std::min(minimumHandle, length), length);
    }
    const int start = QStyle::sliderPositionFromValue(
        bar->minimum, bar->maximum, bar->sliderPosition, length - handle, bar->upsideDown);
    const auto slice = [&](int from, int size) {
        return visual(
            bar, horizontal
                     ? QRect(bar->rect.left() + from, bar->rect.top(), size, bar->rect.height())
                     : QRect(bar->rect.left(), bar->rect.top() + from, bar->rect.width(), size));
    };
    switch (part) {
    case QStyle::SC_ScrollBarSubPage:
        return slice(0, start);
    case QStyle::SC_ScrollBarAddPage:
        return slice(start + handle, length - start - handle);
    case QStyle::SC_ScrollBarGroove:
        return bar->rect;
    case QStyle::SC_ScrollBarSlider:
        return slice(start, handle);
    default:
        return {}; // no arrows
    }
}

QRect comboBoxRect(const QStyleOptionComboBox* combo, QStyle::SubControl part)
{
    const QRect& all = combo->rect;
    switch (part) {
    case QStyle::SC_ComboBoxArrow:
        return visual(combo,
                      QRect(all.right() - kArrowWidth, all.top(), kArrowWidth, all.height()));
    case QStyle::SC_ComboBoxEditField:
        return visual(
            combo, all.adjusted(space::kUnit - (combo->editable ? 2 : 0), 1, -kArrowWidth - 1, -1));
    default:
        return {};
    }
}

QRect spinBoxRect(const QStyleOptionSpinBox* spin, QStyle::SubControl part)
{
    const QRect& all = spin->rect;
    const bool buttons = spin->buttonSymbols != QAbstractSpinBox::NoButtons;
    const int width = buttons ? 20 : 0;
    const int middle = all.top() + all.height() / 2;
    switch (part) {
    case QStyle::SC_SpinBoxUp:
        return buttons ? visual(spin, QRect(all.right() - width, all.top() + 1, width,
                                            middle - all.top() - 1))
                       : QRect();
    case QStyle::SC_SpinBoxDown:
        return buttons
                   ? visual(spin, QRect(all.right() - width, middle, width, all.bottom() - middle))
                   : QRect();
    case QStyle::SC_SpinBoxEditField:
        return visual(spin, all.adjusted(space::kUnit - 2, 1, -width - 2, -1));
    case QStyle::SC_SpinBoxFrame:
        return all;
    default:
        return {};
    }
}

QRect groupBoxRect(const QStyleOptionGroupBox* box, QStyle::SubControl part, const QRect& fallback)
{
    const QRect& all = box->rect;
    const bool titled = !box->text.isEmpty() || (box->subControls & QStyle::SC_GroupBoxCheckBox);
    const int title = titled ? 24 : 0;
    const bool checkable = box->subControls & QStyle::SC_GroupBoxCheckBox;
    switch (part) {
    case QStyle::SC_GroupBoxCheckBox:
        return visual(box, QRect(all.left(), all.top() + 4, 16, 16));
    case QStyle::SC_GroupBoxLabel:
        return visual(box, QRect(all.left() + (checkable ? 24 : 0), all.top(),
                                 all.width() - (checkable ? 24 : 0), title));
    case QStyle::SC_GroupBoxContents:
    case QStyle::SC_GroupBoxFrame:
        return all.adjusted(0, title, 0, 0);
    default:
        return fallback;
    }
}

QRect sliderRect(const QStyleOptionSlider* slider, QStyle::SubControl part, int handle)
{
    const bool horizontal = slider->orientation == Qt::Horizontal;
    const QRect& all = slider->rect;
    const int length = (horizontal ? all.width() : all.height()) - handle;
    const int position = QStyle::sliderPositionFromValue(
        slider->minimum, slider->maximum, slider->sliderPosition, length, slider->upsideDown);
    switch (part) {
    case QStyle::SC_SliderHandle:
        return horizontal
                   ? QRect(all.left() + position, all.center().y() - handle / 2 + 1, handle, handle)
                   : QRect(all.center().x() - handle / 2 + 1, all.top() + position, handle, handle);
    case QStyle::SC_SliderGroove:
        return all;
    default:
        return {};
    }
}

} // namespace signalbox::ui
