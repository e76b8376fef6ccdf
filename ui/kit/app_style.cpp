// SPDX-License-Identifier: GPL-3.0-or-later
#include "app_style.h"

#include "app_style_geometry.h"
#include "icons.h"
#include "theme.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAbstractSpinBox>
#include <QApplication>
#include <QComboBox>
#include <QGroupBox>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QScrollBar>
#include <QSlider>
#include <QStyleFactory>
#include <QStyleOption>
#include <QTabBar>
#include <QToolButton>

#include <algorithm>

namespace signalbox::ui {

void setButtonKind(QAbstractButton* button, ButtonKind kind)
{
    button->setProperty(kButtonKindProperty, static_cast<int>(kind));
    button->update();
}

AppStyle::AppStyle() : QProxyStyle(QStyleFactory::create(QStringLiteral("Fusion"))) {}

void AppStyle::polish(QWidget* widget)
{
    QProxyStyle::polish(widget);
    const bool hovers =
        qobject_cast<QAbstractButton*>(widget) || qobject_cast<QComboBox*>(widget) ||
        qobject_cast<QAbstractSpinBox*>(widget) || qobject_cast<QLineEdit*>(widget) ||
        qobject_cast<QScrollBar*>(widget) || qobject_cast<QSlider*>(widget) ||
        qobject_cast<QTabBar*>(widget) || qobject_cast<QHeaderView*>(widget);
    if (hovers)
        widget->setAttribute(Qt::WA_Hover);
    if (auto* header = qobject_cast<QHeaderView*>(widget);
        header && header->defaultAlignment() == Qt::AlignCenter)
        header->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    if (popupsAreTranslucent() && (qobject_cast<QMenu*>(widget) || widget->inherits("QTipLabel"))) {
        widget->setAttribute(Qt::WA_TranslucentBackground); // for the round corners
        widget->setAutoFillBackground(false);
    }
}

void AppStyle::unpolish(QWidget* widget)
{
    QProxyStyle::unpolish(widget);
}

void AppStyle::polish(QApplication* app)
{
    QProxyStyle::polish(app);
    app->installEventFilter(this);
}

void AppStyle::unpolish(QApplication* app)
{
    app->removeEventFilter(this);
    QProxyStyle::unpolish(app);
}

/// Underlines of mnemonics show while Alt is down.
bool AppStyle::eventFilter(QObject* watched, QEvent* event)
{
    const bool press = event->type() == QEvent::KeyPress;
    if (press || event->type() == QEvent::KeyRelease ||
        event->type() == QEvent::ApplicationDeactivate) {
        const bool alt = press && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Alt;
        const bool release = !press && (event->type() != QEvent::KeyRelease ||
                                        static_cast<QKeyEvent*>(event)->key() == Qt::Key_Alt);
        if ((alt && !m_showMnemonics) || (release && m_showMnemonics)) {
            m_showMnemonics = alt;
            if (QWidget* window = QApplication::activeWindow()) {
                for (QWidget* child : window->findChildren<QWidget*>())
                    child->update();
            }
        }
    }
    return QProxyStyle::eventFilter(watched, event);
}

int AppStyle::pixelMetric(PixelMetric metric, const QStyleOption* option,
                          const QWidget* widget) const
{
    switch (metric) {
    case PM_DefaultFrameWidth:
    case PM_SpinBoxFrameWidth:
    case PM_ComboBoxFrameWidth:
        return 1;
    case PM_MenuPanelWidth:
        return 1;
    case PM_MenuHMargin:
    case PM_MenuVMargin:
        return space::kHalf;
    case PM_ButtonMargin:
        return 2 * space::kGap;
    case PM_ButtonShiftHorizontal:
    case PM_ButtonShiftVertical:
    case PM_ToolBarFrameWidth:
    case PM_MenuBarPanelWidth:
    case PM_TabBarTabShiftHorizontal:
    case PM_TabBarTabShiftVertical:
    case PM_TabBarBaseOverlap:
    case PM_TabBarTabOverlap:
    case PM_DockWidgetFrameWidth:
    case PM_ScrollView_ScrollBarSpacing:
    case PM_ScrollView_ScrollBarOverlap:
        return 0;
    case PM_ButtonDefaultIndicator:
        return 0;
    case PM_IndicatorWidth:
    case PM_IndicatorHeight:
    case PM_ExclusiveIndicatorWidth:
    case PM_ExclusiveIndicatorHeight:
        return 16;
    case PM_CheckBoxLabelSpacing:
    case PM_RadioButtonLabelSpacing:
        return space::kUnit;
    case PM_ScrollBarExtent:
        return 12;
    case PM_ScrollBarSliderMin:
        return 32;
    case PM_SliderThickness:
    case PM_SliderControlThickness:
        return 20;
    case PM_SliderLength:
        return 16;
    case PM_SmallIconSize:
    case PM_ButtonIconSize:
    case PM_ListViewIconSize:
    case PM_TabBarIconSize:
    case PM_TabCloseIndicatorWidth:
    case PM_TabCloseIndicatorHeight:
        return 16;
    case PM_ToolBarIconSize:
        return 18;
    case PM_MessageBoxIconSize:
        return 32;
    case PM_ToolBarItemSpacing:
    case PM_ToolBarItemMargin:
        return space::kHalf;
    case PM_ToolBarSeparatorExtent:
        return 2 * space::kHalf + 1;
    case PM_ToolBarExtensionExtent:
        return 16;
    case PM_MenuBarHMargin:
        return space::kHalf;
    case PM_MenuBarVMargin:
        return space::kTiny;
    case PM_MenuBarItemSpacing:
        return space::kTiny;
    case PM_HeaderMargin:
        return 6; // as much as the cells below
    case PM_HeaderMarkSize:
        return 12;
    case PM_HeaderGripMargin:
        return space::kHalf;
    case PM_TabBarTabHSpace:
        return 2 * space::kGap;
    case PM_TabBarTabVSpace:
        return space::kWide;
    case PM_TabBarScrollButtonWidth:
        return 24;
    case PM_SplitterWidth:
    case PM_DockWidgetSeparatorExtent:
        return 7;
    case PM_DockWidgetTitleMargin:
        return space::kUnit;
    case PM_DockWidgetTitleBarButtonMargin:
        return space::kHalf;
    case PM_TreeViewIndentation:
        return 18;
    case PM_FocusFrameHMargin:
        return 5; // padding of the text in cells
    case PM_FocusFrameVMargin:
        return 3;
    case PM_HeaderDefaultSectionSizeVertical:
        return space::kRow;
    case PM_ToolTipLabelFrameWidth:
        return space::kUnit - 2;
    case PM_TextCursorWidth:
        return 1;
    case PM_MenuButtonIndicator:
        return 20;
    case PM_LayoutLeftMargin:
    case PM_LayoutRightMargin:
    case PM_LayoutTopMargin:
    case PM_LayoutBottomMargin:
        return space::kGap;
    case PM_LayoutHorizontalSpacing:
    case PM_LayoutVerticalSpacing:
        return space::kUnit;
    default:
        return QProxyStyle::pixelMetric(metric, option, widget);
    }
}

int AppStyle::styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
                        QStyleHintReturn* data) const
{
    switch (hint) {
    case SH_UnderlineShortcut:
        return m_showMnemonics;
    case SH_EtchDisabledText:
    case SH_DitherDisabledText:
    case SH_ComboBox_Popup:
    case SH_DialogButtonBox_ButtonsHaveIcons:
    case SH_Widget_Animation_Duration:
    case SH_ScrollView_FrameOnlyAroundContents:
    case SH_ItemView_ActivateItemOnSingleClick:
        return 0;
    case SH_MessageBox_CenterButtons:
    case SH_ItemView_PaintAlternatingRowColorsForEmptyArea:
    case SH_RubberBand_Mask:
        return 0;
    case SH_ItemView_ShowDecorationSelected:
    case SH_MenuBar_MouseTracking:
    case SH_Menu_MouseTracking:
    case SH_ComboBox_ListMouseTracking:
    case SH_ScrollBar_ContextMenu:
        return 1;
    case SH_Menu_SubMenuPopupDelay:
        return 160;
    case SH_ToolTip_WakeUpDelay:
        return 450;
    case SH_Table_GridLineColor:
        return static_cast<int>(Theme::current().colors().line.rgb());
    case SH_Slider_AbsoluteSetButtons:
        return Qt::LeftButton | Qt::MiddleButton;
    case SH_TabBar_Alignment:
        return Qt::AlignLeft;
    case SH_TabBar_ElideMode:
        return Qt::ElideRight;
    case SH_GroupBox_TextLabelColor:
        return static_cast<int>(Theme::current().colors().text.rgb());
    default:
        return QProxyStyle::styleHint(hint, option, widget, data);
    }
}

QSize AppStyle::sizeFromContents(ContentsType type, const QStyleOption* option, const QSize& size,
                                 const QWidget* widget) const
{
    QSize result = QProxyStyle::sizeFromContents(type, option, size, widget);
    switch (type) {
    case CT_PushButton: {
        const auto* button = qstyleoption_cast<const QStyleOptionButton*>(option);
        result =
            QSize(size.width() + 2 * space::kGap + 2, std::max(size.height(), space::kControl));
        if (button && button->text.isEmpty())
            result.setWidth(std::max(space::kControl, size.width() + space::kGap));
        else if (widget && widget->property(kButtonKindProperty).toInt() !=
                               static_cast<int>(ButtonKind::Quiet))
            result.setWidth(std::max(result.width(), 72));
        if (button && (button->features & QStyleOptionButton::HasMenu))
            result.rwidth() += space::kHalf;
        return result.expandedTo(QSize(0, space::kControl));
    }
    case CT_LineEdit:
        return QSize(size.width() + 2 * space::kUnit, std::max(size.height() + 6, space::kControl));
    case CT_ComboBox:
        return QSize(size.width() + 2 * space::kUnit + 24, space::kControl);
    case CT_SpinBox:
        return QSize(size.width() + 26, space::kControl);
    case CT_ToolButton:
        return toolButtonSize(option, size);
    case CT_MenuItem: {
        const auto* item = qstyleoption_cast<const QStyleOptionMenuItem*>(option);
        if (item && item->menuItemType == QStyleOptionMenuItem::Separator && item->text.isEmpty())
            return QSize(10, 2 * space::kHalf + 1);
        return menuItemSize(item, size);
    }
    case CT_MenuBarItem:
        return QSize(size.width() + 2 * space::kUnit + 2, 26);
    case CT_TabBarTab:
        return QSize(result.width(), std::max(result.height(), 36));
    case CT_HeaderSection:
        return QSize(result.width() + space::kHalf, std::max(result.height(), 30));
    case CT_ItemViewItem:
        return QSize(result.width() + space::kUnit, std::max(result.height(), space::kRow));
    case CT_CheckBox:
    case CT_RadioButton:
        return QSize(result.width() + 2, std::max(result.height(), 22));
    case CT_ProgressBar:
        return QSize(result.width(), std::max(18, result.height()));
    case CT_Slider:
        return result;
    default:
        return result;
    }
}

QRect AppStyle::subElementRect(SubElement element, const QStyleOption* option,
                               const QWidget* widget) const
{
    switch (element) {
    case SE_LineEditContents: {
        const auto* panel = qstyleoption_cast<const QStyleOptionFrame*>(option);
        const bool framed = panel && panel->lineWidth > 0;
        return framed ? option->rect.adjusted(space::kUnit - 2, 1, -(space::kUnit - 2), -1)
                      : option->rect;
    }
    case SE_PushButtonContents:
        return option->rect.adjusted(space::kUnit, 0, -space::kUnit, 0);
    case SE_ProgressBarGroove:
    case SE_ProgressBarContents:
    case SE_ProgressBarLabel:
        return progressRect(element, option);
    case SE_ItemViewItemFocusRect:
        return option->rect;
    case SE_ItemViewItemText: {
        // Padding of the icon and of the text would add up to a gap that parts them.
        QRect text = QProxyStyle::subElementRect(element, option, widget);
        const auto* item = qstyleoption_cast<const QStyleOptionViewItem*>(option);
        if (item && (item->features & QStyleOptionViewItem::HasDecoration) &&
            item->decorationPosition == QStyleOptionViewItem::Left)
            option->direction == Qt::RightToLeft ? text.adjust(0, 0, space::kHalf, 0)
                                                 : text.adjust(-space::kHalf, 0, 0, 0);
        return text;
    }
    default:
        return QProxyStyle::subElementRect(element, option, widget);
    }
}

QRect AppStyle::subControlRect(ComplexControl control, const QStyleOptionComplex* option,
                               SubControl subControl, const QWidget* widget) const
{
    switch (control) {
    case CC_ScrollBar:
        if (const auto* slider = qstyleoption_cast<const QStyleOptionSlider*>(option))
            return scrollBarRect(slider, subControl, pixelMetric(PM_ScrollBarSliderMin));
        break;
    case CC_ComboBox:
        if (const auto* combo = qstyleoption_cast<const QStyleOptionComboBox*>(option)) {
            const QRect rect = comboBoxRect(combo, subControl);
            if (!rect.isNull())
                return rect;
        }
        break;
    case CC_SpinBox:
        if (const auto* spin = qstyleoption_cast<const QStyleOptionSpinBox*>(option))
            return spinBoxRect(spin, subControl);
        break;
    case CC_GroupBox:
        if (const auto* box = qstyleoption_cast<const QStyleOptionGroupBox*>(option))
            return groupBoxRect(box, subControl,
                                QProxyStyle::subControlRect(control, option, subControl, widget));
        break;
    case CC_Slider:
        if (const auto* slider = qstyleoption_cast<const QStyleOptionSlider*>(option)) {
            const QRect rect = sliderRect(slider, subControl, pixelMetric(PM_SliderLength));
            if (!rect.isNull())
                return rect;
        }
        break;
    default:
        break;
    }
    return QProxyStyle::subControlRect(control, option, subControl, widget);
}

QIcon AppStyle::standardIcon(StandardPixmap standardIcon, const QStyleOption* option,
                             const QWidget* widget) const
{
    switch (standardIcon) {
    case SP_MessageBoxInformation:
        return icon(Icon::Info, Tone::Accent);
    case SP_MessageBoxWarning:
        return icon(Icon::Warning, Tone::Caution);
    case SP_MessageBoxCritical:
        return icon(Icon::Error, Tone::Negative);
    case SP_MessageBoxQuestion:
        return icon(Icon::Question, Tone::Accent);
    case SP_TitleBarCloseButton:
    case SP_DockWidgetCloseButton:
    case SP_LineEditClearButton:
    case SP_TabCloseButton:
        return icon(Icon::Close);
    case SP_TitleBarNormalButton:
        return icon(Icon::External);
    case SP_ToolBarHorizontalExtensionButton:
    case SP_ToolBarVerticalExtensionButton:
        return icon(Icon::More);
    case SP_DirIcon:
    case SP_DirOpenIcon:
    case SP_DirClosedIcon:
    case SP_FileDialogNewFolder:
        return icon(Icon::Open);
    case SP_ComputerIcon:
    case SP_DesktopIcon:
        return icon(Icon::System);
    case SP_DirHomeIcon:
        return icon(Icon::Users);
    case SP_DriveHDIcon:
    case SP_DriveNetIcon:
        return icon(Icon::Server);
    case SP_TrashIcon:
        return icon(Icon::Trash);
    case SP_FileIcon:
        return icon(Icon::Document);
    case SP_ArrowUp:
    case SP_FileDialogToParent:
        return icon(Icon::Up);
    case SP_ArrowDown:
        return icon(Icon::Down);
    case SP_ArrowLeft:
    case SP_ArrowBack:
    case SP_FileDialogBack:
        return icon(Icon::Left);
    case SP_ArrowRight:
    case SP_ArrowForward:
        return icon(Icon::Right);
    case SP_FileDialogDetailedView:
        return icon(Icon::Table);
    case SP_FileDialogListView:
        return icon(Icon::Outline);
    default:
        return QProxyStyle::standardIcon(standardIcon, option, widget);
    }
}

} // namespace signalbox::ui
