// SPDX-License-Identifier: GPL-3.0-or-later
// Which painter draws what. Metrics and hints are in app_style.cpp.
#include "app_style.h"
#include "app_style_geometry.h"
#include "app_style_painters.h"
#include "icons.h"
#include "theme.h"

#include <QComboBox>
#include <QPainter>
#include <QPlainTextEdit>
#include <QStyleOption>
#include <QTabBar>

namespace signalbox::ui {

using namespace control;

int AppStyle::mnemonicFlag() const
{
    return m_showMnemonics ? Qt::TextShowMnemonic : Qt::TextHideMnemonic;
}

void AppStyle::drawPrimitive(PrimitiveElement element, const QStyleOption* option,
                             QPainter* painter, const QWidget* widget) const
{
    switch (element) {
    case PE_FrameFocusRect:
        // The list of a combo box shows its place by the selection alone.
        if (has(option, State_KeyboardFocusChange) &&
            !(widget && widget->inherits("QComboBoxListView")))
            focusRing(painter, QRectF(option->rect), radius::kSmall);
        return;
    case PE_PanelButtonCommand:
        paintPushButton(option, painter, widget);
        return;
    case PE_FrameDefaultButton:
    case PE_PanelToolBar:
    case PE_FrameStatusBarItem:
    case PE_FrameGroupBox:
    case PE_FrameButtonBevel:
    case PE_FrameDockWidget:
    case PE_PanelScrollAreaCorner:
    case PE_IndicatorToolBarHandle:
    case PE_FrameButtonTool:
        return;
    case PE_PanelButtonTool:
        paintToolPanel(option, painter);
        return;
    case PE_IndicatorCheckBox:
        paintCheck(option, painter, false);
        return;
    case PE_IndicatorItemViewItemCheck: {
        QStyleOption check(*option);
        check.rect =
            QStyle::alignedRect(option->direction, Qt::AlignCenter, QSize(16, 16), option->rect);
        check.state &= ~(State_HasFocus | State_MouseOver);
        paintCheck(&check, painter, false);
        return;
    }
    case PE_IndicatorRadioButton:
        paintCheck(option, painter, true);
        return;
    case PE_PanelLineEdit: {
        const auto* panel = qstyleoption_cast<const QStyleOptionFrame*>(option);
        if (panel && panel->lineWidth > 0)
            paintField(option, painter, option->rect, has(option, State_HasFocus));
        return;
    }
    case PE_FrameLineEdit:
        return; // drawn with the panel
    case PE_PanelItemViewRow:
        if (const auto* item = qstyleoption_cast<const QStyleOptionViewItem*>(option)) {
            if (item->features & QStyleOptionViewItem::Alternate)
                painter->fillRect(item->rect, item->palette.alternateBase());
            if (has(option, State_Selected) &&
                item->viewItemPosition != QStyleOptionViewItem::OnlyOne)
                painter->fillRect(item->rect, selectionFill(item));
        }
        return;
    case PE_PanelItemViewItem:
        if (const auto* item = qstyleoption_cast<const QStyleOptionViewItem*>(option))
            paintItemPanel(item, painter);
        return;
    case PE_IndicatorBranch:
        if (has(option, State_Children))
            chevron(painter, option->rect,
                    has(option, State_Open)                ? Icon::ChevronDown
                    : option->direction == Qt::RightToLeft ? Icon::ChevronLeft
                                                           : Icon::ChevronRight,
                    12, colors().textMuted);
        return;
    case PE_Frame:
    case PE_FrameWindow: {
        if (widget && widget->inherits("QPlainTextEdit") &&
            !static_cast<const QPlainTextEdit*>(widget)->isReadOnly()) {
            paintField(option, painter, option->rect, has(option, State_HasFocus));
            return;
        }
        const PainterKeeper keeper(painter);
        const bool popup = widget && widget->inherits("QComboBoxPrivateContainer");
        painter->setPen(QPen(popup ? colors().lineStrong : colors().line, 1));
        painter->setBrush(Qt::NoBrush);
        painter->drawRect(QRectF(option->rect).adjusted(0.5, 0.5, -0.5, -0.5));
        return;
    }
    case PE_FrameTabWidget:
        painter->fillRect(QRect(option->rect.left(), option->rect.top(), option->rect.width(), 1),
                          colors().line);
        return;
    case PE_FrameTabBarBase:
        if (const auto* base = qstyleoption_cast<const QStyleOptionTabBarBase*>(option)) {
            if (base->shape == QTabBar::RoundedNorth)
                painter->fillRect(
                    QRect(base->rect.left(), base->rect.bottom(), base->rect.width(), 1),
                    colors().line);
        }
        return;
    case PE_PanelMenu:
    case PE_FrameMenu:
        if (element == PE_PanelMenu || !popupsAreTranslucent())
            paintFloating(painter, option->rect);
        return;
    case PE_PanelTipLabel:
        paintFloating(painter, option->rect);
        return;
    case PE_PanelMenuBar:
        return;
    case PE_PanelStatusBar:
        painter->fillRect(QRect(option->rect.left(), option->rect.top(), option->rect.width(), 1),
                          colors().line);
        return;
    case PE_IndicatorArrowUp:
    case PE_IndicatorArrowDown:
    case PE_IndicatorArrowLeft:
    case PE_IndicatorArrowRight:
    case PE_IndicatorSpinUp:
    case PE_IndicatorSpinDown:
    case PE_IndicatorButtonDropDown:
        chevron(painter, option->rect, arrowIcon(element), 12,
                enabled(option) ? colors().textMuted : colors().textDisabled);
        return;
    case PE_IndicatorHeaderArrow:
        if (const auto* header = qstyleoption_cast<const QStyleOptionHeader*>(option)) {
            const bool up = header->sortIndicator == QStyleOptionHeader::SortUp;
            chevron(painter, option->rect, up ? Icon::ChevronDown : Icon::ChevronUp, 12,
                    colors().textMuted);
        }
        return;
    case PE_IndicatorTabClose:
        if (hovered(option))
            box(painter, option->rect, radius::kSmall, colors().hover);
        chevron(painter, option->rect, Icon::Close, 12, colors().textMuted);
        return;
    case PE_IndicatorToolBarSeparator: {
        const QRect& r = option->rect;
        if (has(option, State_Horizontal))
            painter->fillRect(QRect(r.center().x(), r.top() + 6, 1, r.height() - 12),
                              colors().line);
        else
            painter->fillRect(QRect(r.left() + 6, r.center().y(), r.width() - 12, 1),
                              colors().line);
        return;
    }
    case PE_IndicatorDockWidgetResizeHandle:
        paintSplitter(option, painter);
        return;
    default:
        QProxyStyle::drawPrimitive(element, option, painter, widget);
    }
}

void AppStyle::drawControl(ControlElement element, const QStyleOption* option, QPainter* painter,
                           const QWidget* widget) const
{
    switch (element) {
    case CE_PushButtonBevel:
        paintPushButton(option, painter, widget);
        return;
    case CE_PushButton:
        if (const auto* button = qstyleoption_cast<const QStyleOptionButton*>(option)) {
            paintPushButton(option, painter, widget);
            QStyleOptionButton label(*button);
            label.rect = subElementRect(SE_PushButtonContents, button, widget);
            paintPushButtonLabel(&label, painter, widget, mnemonicFlag());
            return;
        }
        break;
    case CE_PushButtonLabel:
        if (const auto* button = qstyleoption_cast<const QStyleOptionButton*>(option)) {
            paintPushButtonLabel(button, painter, widget, mnemonicFlag());
            return;
        }
        break;
    case CE_HeaderSection:
        if (const auto* header = qstyleoption_cast<const QStyleOptionHeader*>(option)) {
            paintHeaderSection(header, painter);
            return;
        }
        break;
    case CE_HeaderLabel:
        if (const auto* header = qstyleoption_cast<const QStyleOptionHeader*>(option)) {
            QStyleOptionHeader label(*header);
            label.state &= ~State_On; // no bold jump when a cell is selected
            label.palette.setColor(QPalette::ButtonText, colors().textMuted);
            QProxyStyle::drawControl(element, &label, painter, widget);
            return;
        }
        break;
    case CE_HeaderEmptyArea:
        painter->fillRect(option->rect, colors().window);
        painter->fillRect(
            QRect(option->rect.left(), option->rect.bottom(), option->rect.width(), 1),
            colors().line);
        return;
    case CE_TabBarTabShape:
        if (const auto* tab = qstyleoption_cast<const QStyleOptionTab*>(option)) {
            paintTabShape(tab, painter);
            return;
        }
        break;
    case CE_TabBarTabLabel:
        if (const auto* tab = qstyleoption_cast<const QStyleOptionTab*>(option)) {
            QStyleOptionTab label(*tab);
            label.state &= ~State_HasFocus; // the ring is drawn with the shape
            const bool selected = has(tab, State_Selected);
            if (!tab->palette.isBrushSet(QPalette::Active, QPalette::WindowText) ||
                tab->palette.color(QPalette::WindowText) == colors().text)
                label.palette.setColor(QPalette::WindowText,
                                       selected ? colors().text : colors().textMuted);
            QProxyStyle::drawControl(element, &label, painter, widget);
            return;
        }
        break;
    case CE_MenuItem:
        if (const auto* item = qstyleoption_cast<const QStyleOptionMenuItem*>(option)) {
            paintMenuItem(item, painter, mnemonicFlag());
            return;
        }
        break;
    case CE_MenuBarItem:
        if (const auto* item = qstyleoption_cast<const QStyleOptionMenuItem*>(option)) {
            paintMenuBarItem(item, painter, mnemonicFlag());
            return;
        }
        break;
    case CE_MenuBarEmptyArea:
        painter->fillRect(option->rect, colors().window);
        return;
    case CE_MenuEmptyArea:
    case CE_MenuTearoff:
    case CE_SizeGrip:
        return;
    case CE_ProgressBar:
        if (const auto* bar = qstyleoption_cast<const QStyleOptionProgressBar*>(option)) {
            paintProgress(bar, painter, progressRect(SE_ProgressBarGroove, option));
            if (bar->textVisible)
                paintProgressLabel(bar, painter, progressRect(SE_ProgressBarLabel, option));
            return;
        }
        break;
    case CE_ToolBar:
        painter->fillRect(option->rect, colors().window);
        painter->fillRect(
            QRect(option->rect.left(), option->rect.bottom(), option->rect.width(), 1),
            colors().line);
        return;
    case CE_Splitter:
        paintSplitter(option, painter);
        return;
    case CE_DockWidgetTitle:
        if (const auto* dock = qstyleoption_cast<const QStyleOptionDockWidget*>(option)) {
            paintDockTitle(dock, painter);
            return;
        }
        break;
    case CE_RubberBand: {
        QColor fill = colors().accent;
        fill.setAlphaF(0.12F);
        box(painter, option->rect, 2, fill, colors().accentInk);
        return;
    }
    case CE_ShapedFrame:
        if (const auto* frame = qstyleoption_cast<const QStyleOptionFrame*>(option)) {
            const QRect& r = frame->rect;
            if (frame->frameShape == QFrame::HLine) {
                painter->fillRect(QRect(r.left(), r.center().y(), r.width(), 1), colors().line);
                return;
            }
            if (frame->frameShape == QFrame::VLine) {
                painter->fillRect(QRect(r.center().x(), r.top(), 1, r.height()), colors().line);
                return;
            }
            if (frame->frameShape == QFrame::StyledPanel || frame->frameShape == QFrame::Box ||
                frame->frameShape == QFrame::Panel) {
                drawPrimitive(PE_Frame, option, painter, widget);
                return;
            }
        }
        break;
    case CE_FocusFrame:
        focusRing(painter, QRectF(option->rect), radius::kControl);
        return;
    default:
        break;
    }
    QProxyStyle::drawControl(element, option, painter, widget);
}

void AppStyle::drawComplexControl(ComplexControl control, const QStyleOptionComplex* option,
                                  QPainter* painter, const QWidget* widget) const
{
    switch (control) {
    case CC_ComboBox:
        if (const auto* combo = qstyleoption_cast<const QStyleOptionComboBox*>(option)) {
            if (combo->frame)
                paintField(option, painter, option->rect,
                           combo->editable ? has(option, State_HasFocus) : keyboardFocus(option));
            const QRect arrow = subControlRect(control, option, SC_ComboBoxArrow, widget);
            chevron(painter, arrow, Icon::ChevronDown, 14,
                    enabled(option) ? colors().textMuted : colors().textDisabled);
            return;
        }
        break;
    case CC_SpinBox:
        if (const auto* spin = qstyleoption_cast<const QStyleOptionSpinBox*>(option)) {
            if (spin->frame)
                paintField(option, painter, option->rect, has(option, State_HasFocus));
            if (spin->buttonSymbols == QAbstractSpinBox::NoButtons)
                return;
            const auto button = [&](SubControl part, QAbstractSpinBox::StepEnabledFlag flag,
                                    Icon icon) {
                const QRect rect = subControlRect(control, option, part, widget);
                const bool live = enabled(option) && (spin->stepEnabled & flag);
                if (live && hovered(option) && option->activeSubControls == part)
                    box(painter, QRectF(rect).adjusted(0, 1, -2, -1), radius::kSmall,
                        has(option, State_Sunken) ? colors().pressed : colors().hover);
                chevron(painter, rect, icon, 12, live ? colors().textMuted : colors().textDisabled);
            };
            button(SC_SpinBoxUp, QAbstractSpinBox::StepUpEnabled, Icon::ChevronUp);
            button(SC_SpinBoxDown, QAbstractSpinBox::StepDownEnabled, Icon::ChevronDown);
            return;
        }
        break;
    case CC_ScrollBar:
        if (const auto* bar = qstyleoption_cast<const QStyleOptionSlider*>(option)) {
            paintScrollBar(bar, painter,
                           subControlRect(control, option, SC_ScrollBarSlider, widget));
            return;
        }
        break;
    case CC_Slider:
        if (const auto* slider = qstyleoption_cast<const QStyleOptionSlider*>(option)) {
            paintSlider(slider, painter, subControlRect(control, option, SC_SliderHandle, widget));
            return;
        }
        break;
    case CC_ToolButton:
        if (const auto* button = qstyleoption_cast<const QStyleOptionToolButton*>(option)) {
            paintToolPanel(option, painter);
            QStyleOptionToolButton label(*button);
            label.state &= ~State_HasFocus;
            const bool split = button->features & QStyleOptionToolButton::MenuButtonPopup;
            const bool menu = button->features & QStyleOptionToolButton::HasMenu;
            const int arrowWidth = split ? 20 : menu ? 14 : 0;
            const QRect& r = option->rect;
            const int inset = button->toolButtonStyle == Qt::ToolButtonIconOnly ? 0 : 4;
            label.rect = visualRect(option->direction, r, r.adjusted(inset, 0, -arrowWidth, 0));
            QProxyStyle::drawControl(CE_ToolButtonLabel, &label, painter, widget);
            const QRect arrow = visualRect(
                option->direction, r,
                QRect(r.right() - arrowWidth - (split ? 0 : 2), r.top(), arrowWidth, r.height()));
            if (split)
                painter->fillRect(QRect(arrow.left(), r.top() + 7, 1, r.height() - 14),
                                  colors().line);
            if (arrowWidth > 0)
                chevron(painter, arrow, Icon::ChevronDown, 12,
                        enabled(option) ? colors().textMuted : colors().textDisabled);
            return;
        }
        break;
    case CC_GroupBox:
        if (const auto* group = qstyleoption_cast<const QStyleOptionGroupBox*>(option)) {
            const PainterKeeper keeper(painter);
            if (group->subControls & SC_GroupBoxCheckBox) {
                QStyleOptionButton check;
                check.QStyleOption::operator=(*option);
                check.rect = subControlRect(control, option, SC_GroupBoxCheckBox, widget);
                paintCheck(&check, painter, false);
            }
            painter->setFont(Theme::font(TextRole::BodyStrong));
            painter->setPen(enabled(option) ? colors().text : colors().textDisabled);
            painter->drawText(subControlRect(control, option, SC_GroupBoxLabel, widget),
                              Qt::AlignVCenter | Qt::AlignLeft | mnemonicFlag(), group->text);
            return;
        }
        break;
    default:
        break;
    }
    QProxyStyle::drawComplexControl(control, option, painter, widget);
}

} // namespace signalbox::ui
