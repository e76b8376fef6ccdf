// SPDX-License-Identifier: GPL-3.0-or-later
#include "app_style_painters.h"

#include "app_style.h"
#include "app_style_geometry.h"
#include "icons.h"
#include "theme.h"

#include <QListView>
#include <QPainter>
#include <QPainterPath>
#include <QStyleOption>
#include <QTabBar>

#include <algorithm>
#include <array>

namespace signalbox::ui::control {

const ThemeColors& colors()
{
    return Theme::current().colors();
}

bool has(const QStyleOption* option, QStyle::StateFlag flag)
{
    return option->state.testFlag(flag);
}

bool enabled(const QStyleOption* option)
{
    return has(option, QStyle::State_Enabled);
}

bool hovered(const QStyleOption* option)
{
    return enabled(option) && has(option, QStyle::State_MouseOver);
}

bool keyboardFocus(const QStyleOption* option)
{
    return has(option, QStyle::State_HasFocus) && has(option, QStyle::State_KeyboardFocusChange);
}

namespace {

/// Strength of an outline that is all there is to see of a control: 3:1 on every ground.
constexpr float kOnlyOutline = 0.72F;

/// Outline of something that can be pressed.
QColor controlLine(const QStyleOption* option, float strength = 0.45F)
{
    if (!enabled(option))
        return colors().line;
    QColor strong = colors().textMuted;
    strong.setAlphaF(hovered(option) ? std::max(0.75F, strength + 0.15F) : strength);
    return blended(strong, colors().surface);
}

} // namespace

void box(QPainter* painter, const QRectF& rect, qreal radius, const QColor& fill,
         const QColor& line)
{
    const PainterKeeper keeper(painter);
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setBrush(fill);
    if (line.alpha() == 0) {
        painter->setPen(Qt::NoPen);
        painter->drawRoundedRect(rect, radius, radius);
    } else {
        painter->setPen(QPen(line, 1));
        painter->drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius);
    }
}

void focusRing(QPainter* painter, const QRectF& rect, qreal radius)
{
    const PainterKeeper keeper(painter);
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(colors().focus, 2));
    painter->setBrush(Qt::NoBrush);
    painter->drawRoundedRect(rect.adjusted(1, 1, -1, -1), radius, radius);
}

void chevron(QPainter* painter, const QRect& rect, Icon icon, int side, const QColor& color)
{
    const QRectF place(rect.x() + (rect.width() - side) / 2.0,
                       rect.y() + (rect.height() - side) / 2.0, side, side);
    paintIcon(*painter, place, icon, color);
}

namespace {

void checkMark(QPainter* painter, const QRectF& rect, const QColor& color)
{
    const PainterKeeper keeper(painter);
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(color, rect.width() / 8, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    const std::array<QPointF, 3> points = {
        QPointF(rect.x() + rect.width() * 0.26, rect.y() + rect.height() * 0.52),
        QPointF(rect.x() + rect.width() * 0.44, rect.y() + rect.height() * 0.70),
        QPointF(rect.x() + rect.width() * 0.75, rect.y() + rect.height() * 0.33)};
    painter->drawPolyline(points.data(), static_cast<int>(points.size()));
}

} // namespace

namespace {

ButtonKind kindOf(const QStyleOption* option, const QWidget* widget)
{
    if (widget) {
        const int kind = widget->property(kButtonKindProperty).toInt();
        if (kind != static_cast<int>(ButtonKind::Normal))
            return static_cast<ButtonKind>(kind);
    }
    const auto* button = qstyleoption_cast<const QStyleOptionButton*>(option);
    if (button && (button->features & QStyleOptionButton::DefaultButton))
        return ButtonKind::Primary;
    if (button && (button->features & QStyleOptionButton::Flat))
        return ButtonKind::Quiet;
    return ButtonKind::Normal;
}

} // namespace

namespace {

QColor buttonInk(const QStyleOption* option, ButtonKind kind)
{
    if (!enabled(option))
        return colors().textDisabled;
    switch (kind) {
    case ButtonKind::Primary:
        return colors().accentText;
    case ButtonKind::Danger:
    case ButtonKind::Alarm:
        return colors().negative.ink;
    case ButtonKind::Quiet:
        return has(option, QStyle::State_On) ? colors().accented.ink : colors().text;
    case ButtonKind::Normal:
        return has(option, QStyle::State_On) ? colors().accented.ink : colors().text;
    }
    return colors().text;
}

} // namespace

void paintPushButton(const QStyleOption* option, QPainter* painter, const QWidget* widget)
{
    const ButtonKind kind = kindOf(option, widget);
    const bool down = has(option, QStyle::State_Sunken);
    const bool on = has(option, QStyle::State_On);
    QColor fill = colors().surface;
    QColor line = controlLine(option);
    const bool isFlat = kind == ButtonKind::Quiet || kind == ButtonKind::Alarm;
    if (!enabled(option)) {
        fill = isFlat ? QColor(Qt::transparent) : colors().sunken;
        line = isFlat ? QColor(Qt::transparent) : colors().line;
    } else if (kind == ButtonKind::Primary) {
        fill = down              ? colors().accentPressed
               : hovered(option) ? colors().accentHover
                                 : colors().accent;
        line = Qt::transparent;
    } else {
        if (isFlat) {
            fill = Qt::transparent;
            line = Qt::transparent;
        }
        if (on) {
            fill = colors().accented.soft;
            line = colors().accented.line;
        }
        if (down || hovered(option)) {
            const QColor wash = down ? colors().pressed : colors().hover;
            fill = fill.alpha() == 0 ? wash : blended(wash, fill);
        }
    }
    box(painter, option->rect, radius::kControl, fill, line);
    if (keyboardFocus(option)) {
        focusRing(painter, option->rect, radius::kControl);
        if (kind == ButtonKind::Primary) { // a ring of the accent on the accent would not show
            const PainterKeeper keeper(painter);
            painter->setRenderHint(QPainter::Antialiasing);
            painter->setPen(QPen(colors().accentText, 1));
            painter->setBrush(Qt::NoBrush);
            painter->drawRoundedRect(QRectF(option->rect).adjusted(2.5, 2.5, -2.5, -2.5), 4, 4);
        }
    }
}

namespace {

/// An icon in an ink of our choice, whatever its engine would have chosen.
void paintTinted(QPainter* painter, const QRect& rect, const QIcon& icon, const QColor& ink,
                 QIcon::Mode mode)
{
    const qreal ratio = painter->device()->devicePixelRatio();
    QPixmap pixmap = icon.pixmap(rect.size(), ratio, mode);
    QPainter tint(&pixmap);
    tint.setCompositionMode(QPainter::CompositionMode_SourceIn);
    tint.fillRect(QRect(QPoint(), pixmap.size()), ink);
    tint.end();
    painter->drawPixmap(rect, pixmap);
}

} // namespace

void paintPushButtonLabel(const QStyleOptionButton* button, QPainter* painter,
                          const QWidget* widget, int mnemonic)
{
    const PainterKeeper keeper(painter);
    const ButtonKind kind = kindOf(button, widget);
    const QColor ink = buttonInk(button, kind);
    QRect rect = button->rect;
    if (button->features & QStyleOptionButton::HasMenu) {
        const QRect arrow(rect.right() - 14, rect.top(), 12, rect.height());
        chevron(painter, QStyle::visualRect(button->direction, rect, arrow), Icon::ChevronDown, 12,
                ink);
        rect = QStyle::visualRect(button->direction, button->rect, rect.adjusted(0, 0, -14, 0));
    }
    const int textFlags = Qt::AlignVCenter | Qt::AlignLeft | mnemonic | Qt::TextSingleLine;
    const int textWidth =
        button->text.isEmpty()
            ? 0
            : button->fontMetrics.size(Qt::TextShowMnemonic, button->text).width();
    if (!button->icon.isNull()) {
        const QSize size = button->iconSize;
        const int gap = textWidth > 0 ? 6 : 0;
        const int total = size.width() + gap + textWidth;
        const int left = rect.x() + std::max(0, (rect.width() - total) / 2);
        const QRect place(QPoint(left, rect.y() + (rect.height() - size.height()) / 2), size);
        const QIcon::Mode mode = enabled(button) ? QIcon::Normal : QIcon::Disabled;
        const QRect iconRect = QStyle::visualRect(button->direction, rect, place);
        if (kind != ButtonKind::Normal && kind != ButtonKind::Quiet)
            paintTinted(painter, iconRect, button->icon, ink, mode);
        else
            button->icon.paint(painter, iconRect, Qt::AlignCenter, mode);
        rect = QStyle::visualRect(
            button->direction, rect,
            QRect(left + size.width() + gap, rect.y(), textWidth + 2, rect.height()));
        painter->setPen(ink);
        painter->drawText(rect, textFlags, button->text);
        return;
    }
    painter->setPen(ink);
    painter->drawText(rect, Qt::AlignCenter | mnemonic | Qt::TextSingleLine, button->text);
}

void paintToolPanel(const QStyleOption* option, QPainter* painter)
{
    const bool on = has(option, QStyle::State_On);
    const bool down = has(option, QStyle::State_Sunken);
    const bool raised = !has(option, QStyle::State_AutoRaise);
    QColor fill = raised ? colors().surface : QColor(Qt::transparent);
    QColor line = raised ? controlLine(option) : QColor(Qt::transparent);
    if (on) {
        fill = enabled(option) ? colors().accented.soft : colors().sunken;
        line = enabled(option) ? colors().accented.line : colors().line;
    }
    if (enabled(option) && (down || hovered(option))) {
        const QColor wash = down ? colors().pressed : colors().hover;
        fill = fill.alpha() == 0 ? wash : blended(wash, fill);
    }
    box(painter, option->rect, radius::kControl, fill, line);
    if (keyboardFocus(option))
        focusRing(painter, option->rect, radius::kControl);
}

void paintCheck(const QStyleOption* option, QPainter* painter, bool round)
{
    const QRectF rect(option->rect);
    const bool on = has(option, QStyle::State_On);
    const bool partly = has(option, QStyle::State_NoChange);
    const qreal corner = round ? rect.width() / 2 : radius::kSmall + 1;
    QColor fill = colors().surface;
    QColor line = controlLine(option, kOnlyOutline);
    if (on || partly) {
        fill = enabled(option) ? (hovered(option) ? colors().accentHover : colors().accent)
                               : colors().lineStrong;
        line = Qt::transparent;
    } else if (!enabled(option)) {
        fill = colors().sunken;
    } else if (hovered(option)) {
        fill = blended(colors().hover, fill);
    }
    box(painter, rect, corner, fill, line);
    const QColor mark = enabled(option) ? colors().accentText : colors().surface;
    if (partly)
        box(painter, QRectF(rect.x() + 4, rect.center().y() - 1, rect.width() - 8, 2), 1, mark);
    else if (on && round)
        box(painter, rect.adjusted(5, 5, -5, -5), 3, mark);
    else if (on)
        checkMark(painter, rect, mark);
    if (keyboardFocus(option))
        focusRing(painter, rect.adjusted(-2, -2, 2, 2), corner + 2);
}

void paintField(const QStyleOption* option, QPainter* painter, const QRect& rect, bool focused)
{
    const QColor fill = enabled(option) ? colors().surface : colors().window;
    box(painter, rect, radius::kControl, fill, controlLine(option, kOnlyOutline));
    if (focused && enabled(option)) {
        const PainterKeeper keeper(painter);
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(QPen(colors().focus, 1.5));
        painter->setBrush(Qt::NoBrush);
        painter->drawRoundedRect(QRectF(rect).adjusted(0.75, 0.75, -0.75, -0.75), radius::kControl,
                                 radius::kControl);
    }
}

QColor selectionFill(const QStyleOption* item)
{
    QColor quiet = colors().selection;
    if (has(item, QStyle::State_Active))
        return quiet;
    quiet.setAlphaF(0.6F);
    return blended(quiet, colors().surface);
}

void paintItemPanel(const QStyleOptionViewItem* item, QPainter* painter)
{
    const QRectF rect(item->rect);
    if (item->backgroundBrush.style() != Qt::NoBrush) {
        const QPointF origin = painter->brushOrigin();
        painter->setBrushOrigin(rect.topLeft());
        painter->fillRect(rect, item->backgroundBrush);
        painter->setBrushOrigin(origin);
    }
    const bool single = qobject_cast<const QListView*>(item->widget) != nullptr;
    QColor fill = Qt::transparent;
    if (has(item, QStyle::State_Selected)) {
        fill = selectionFill(item);
    } else if (hovered(item)) {
        fill = colors().hover;
    }
    if (fill.alpha() != 0) {
        if (single)
            box(painter, rect.adjusted(2, 0.5, -2, -0.5), radius::kControl - 1, fill);
        else
            painter->fillRect(rect, fill);
    }
}

void paintHeaderSection(const QStyleOptionHeader* header, QPainter* painter)
{
    const bool horizontal = header->orientation == Qt::Horizontal;
    QColor fill = colors().window;
    if (has(header, QStyle::State_Sunken))
        fill = blended(colors().pressed, fill);
    else if (hovered(header))
        fill = blended(colors().hover, fill);
    painter->fillRect(header->rect, fill);
    const QRect& r = header->rect;
    painter->fillRect(QRect(r.left(), r.bottom(), r.width(), 1), colors().line);
    const bool last = header->position == QStyleOptionHeader::End ||
                      header->position == QStyleOptionHeader::OnlyOneSection;
    if (horizontal && !last)
        painter->fillRect(QRect(r.right(), r.top() + 7, 1, r.height() - 14), colors().line);
    if (!horizontal)
        painter->fillRect(QRect(r.right(), r.top(), 1, r.height()), colors().line);
}

void paintTabShape(const QStyleOptionTab* tab, QPainter* painter)
{
    const PainterKeeper keeper(painter);
    const bool selected = has(tab, QStyle::State_Selected);
    const QRect& r = tab->rect;
    if (!selected && hovered(tab))
        box(painter, QRectF(r).adjusted(3, 4, -3, -4), radius::kControl, colors().hover);
    const bool vertical =
        tab->shape == QTabBar::RoundedWest || tab->shape == QTabBar::RoundedEast ||
        tab->shape == QTabBar::TriangularWest || tab->shape == QTabBar::TriangularEast;
    const bool south =
        tab->shape == QTabBar::RoundedSouth || tab->shape == QTabBar::TriangularSouth;
    if (selected) {
        QRectF bar(r.left() + 10, south ? r.top() : r.bottom() - 1, r.width() - 20, 2);
        if (vertical)
            bar = QRectF(r.right() - 1, r.top() + 8, 2, r.height() - 16);
        box(painter, bar, 1, enabled(tab) ? colors().accentInk : colors().lineStrong);
    }
    if (keyboardFocus(tab))
        focusRing(painter, QRectF(r).adjusted(3, 3, -3, -4), radius::kControl);
}

void paintMenuItem(const QStyleOptionMenuItem* item, QPainter* painter, int mnemonic)
{
    const PainterKeeper keeper(painter);
    const QRect& r = item->rect;
    if (item->menuItemType == QStyleOptionMenuItem::Separator) {
        painter->fillRect(
            QRect(r.left() + space::kHalf, r.center().y(), r.width() - space::kUnit, 1),
            colors().line);
        if (!item->text.isEmpty()) {
            painter->setFont(Theme::font(TextRole::Caption));
            const QRect text = r.adjusted(space::kGap, 0, -space::kGap, 0);
            painter->fillRect(text.adjusted(-4, 0, 0, 0), colors().raised);
            painter->setPen(colors().textMuted);
            painter->drawText(text, Qt::AlignVCenter | Qt::AlignLeft, item->text);
        }
        return;
    }
    const bool current = has(item, QStyle::State_Selected) && enabled(item);
    if (current)
        box(painter, QRectF(r).adjusted(1, 0, -1, 0), radius::kControl - 1, colors().selection);
    const QColor ink = !enabled(item) ? colors().textDisabled
                       : current      ? colors().selectionText
                                      : colors().text;
    const QRect mark = QStyle::visualRect(
        item->direction, r, QRect(r.left() + space::kUnit, r.center().y() - 7, 16, 16));
    if (item->checkType != QStyleOptionMenuItem::NotCheckable && item->checked)
        item->checkType == QStyleOptionMenuItem::Exclusive
            ? box(painter, QRectF(mark).adjusted(5, 5, -5, -5), 3, ink)
            : checkMark(painter, mark, ink);
    else if (!item->icon.isNull())
        item->icon.paint(painter, mark, Qt::AlignCenter,
                         enabled(item) ? QIcon::Normal : QIcon::Disabled);
    const QRect text = r.adjusted(32, 0, -space::kGap - 4, 0);
    const int flags = Qt::AlignVCenter | mnemonic | Qt::TextSingleLine;
    const qsizetype tab = item->text.indexOf(QLatin1Char('\t'));
    painter->setFont(item->font);
    painter->setPen(ink);
    painter->drawText(QStyle::visualRect(item->direction, r, text), flags | Qt::AlignLeft,
                      tab < 0 ? item->text : item->text.left(tab));
    if (tab >= 0) {
        painter->setPen(enabled(item) ? colors().textMuted : colors().textDisabled);
        painter->setFont(Theme::font(TextRole::Small));
        painter->drawText(QStyle::visualRect(item->direction, r, text), flags | Qt::AlignRight,
                          item->text.mid(tab + 1));
    }
    if (item->menuItemType == QStyleOptionMenuItem::SubMenu) {
        const QRect arrow(r.right() - 18, r.top(), 12, r.height());
        chevron(painter, QStyle::visualRect(item->direction, r, arrow),
                item->direction == Qt::RightToLeft ? Icon::ChevronLeft : Icon::ChevronRight, 12,
                colors().textMuted);
    }
}

void paintMenuBarItem(const QStyleOptionMenuItem* item, QPainter* painter, int mnemonic)
{
    const PainterKeeper keeper(painter);
    painter->fillRect(item->rect, colors().window);
    const bool open = has(item, QStyle::State_Sunken);
    if (open || has(item, QStyle::State_Selected))
        box(painter, QRectF(item->rect).adjusted(0, 1, 0, -1), radius::kControl - 1,
            open ? colors().pressed : colors().hover);
    painter->setPen(enabled(item) ? colors().text : colors().textDisabled);
    painter->drawText(item->rect, Qt::AlignCenter | mnemonic | Qt::TextSingleLine, item->text);
}

void paintProgress(const QStyleOptionProgressBar* bar, QPainter* painter, const QRect& groove)
{
    const qreal corner = groove.height() / 2.0;
    box(painter, groove, corner, blended(colors().pressed, colors().sunken));
    const bool unknown = bar->maximum == bar->minimum;
    const double share = unknown
                             ? 1
                             : std::clamp((double(bar->progress) - bar->minimum) /
                                              std::max(1.0, double(bar->maximum) - bar->minimum),
                                          0.0, 1.0);
    if (share <= 0)
        return;
    const PainterKeeper keeper(painter);
    QRectF done(groove);
    done.setWidth(std::max<qreal>(groove.height(), groove.width() * share));
    if ((bar->direction == Qt::RightToLeft) != bar->invertedAppearance)
        done.moveRight(groove.right() + 1);
    const QColor ink = enabled(bar) ? colors().accent : colors().lineStrong;
    if (!unknown) {
        box(painter, done, corner, ink);
        return;
    }
    QPainterPath clip; // stripes that stand still: work of unknown length, no motion
    clip.addRoundedRect(done, corner, corner);
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setClipPath(clip);
    painter->setPen(QPen(ink, 4));
    constexpr int kStep = 12;
    for (int by = -8; by < done.width() + 8; by += kStep) {
        const qreal x = done.left() + by;
        painter->drawLine(QPointF(x, done.bottom() + 2), QPointF(x + 10, done.top() - 2));
    }
}

void paintProgressLabel(const QStyleOptionProgressBar* bar, QPainter* painter, const QRect& rect)
{
    const PainterKeeper keeper(painter);
    painter->setFont(Theme::font(TextRole::Small));
    painter->setPen(colors().textMuted);
    painter->drawText(rect, Qt::AlignVCenter | Qt::AlignRight, bar->text);
}

constexpr int kGripLength = 32;
constexpr int kGripWidth = 5;

void paintSplitter(const QStyleOption* option, QPainter* painter)
{
    const QRect& r = option->rect;
    const bool betweenColumns = r.height() > r.width();
    const bool active = hovered(option) || has(option, QStyle::State_Sunken);
    const QColor ink = active ? colors().accentInk : colors().line;
    const int width = active ? 2 : 1;
    if (betweenColumns)
        painter->fillRect(QRect(r.center().x(), r.top(), width, r.height()), ink);
    else
        painter->fillRect(QRect(r.left(), r.center().y(), r.width(), width), ink);
    if (std::min(r.width(), r.height()) < kGripWidth)
        return;
    // A grip in the middle says that the line can be dragged.
    QRectF grip(0, 0, betweenColumns ? kGripWidth : kGripLength,
                betweenColumns ? kGripLength : kGripWidth);
    grip.moveCenter(QRectF(r).center());
    box(painter, grip, kGripWidth / 2.0, active ? colors().accentInk : colors().lineStrong);
}

void paintDockTitle(const QStyleOptionDockWidget* dock, QPainter* painter)
{
    const PainterKeeper keeper(painter);
    const QRect& r = dock->rect;
    painter->fillRect(r, colors().window);
    painter->fillRect(QRect(r.left(), r.bottom(), r.width(), 1), colors().line);
    painter->setFont(Theme::font(TextRole::BodyStrong));
    painter->setPen(colors().text);
    const int buttons = (dock->closable ? 28 : 0) + (dock->floatable ? 28 : 0);
    const QRect text = QStyle::visualRect(dock->direction, r,
                                          r.adjusted(space::kGap, 0, -buttons - space::kUnit, 0));
    painter->drawText(text, Qt::AlignVCenter | Qt::AlignLeft,
                      painter->fontMetrics().elidedText(dock->title, Qt::ElideRight, text.width()));
}

void paintScrollBar(const QStyleOptionSlider* bar, QPainter* painter, const QRect& handle)
{
    const bool horizontal = bar->orientation == Qt::Horizontal;
    if (bar->maximum <= bar->minimum)
        return;
    const bool held = has(bar, QStyle::State_Sunken);
    QColor ink = colors().textMuted;
    ink.setAlphaF(held ? 0.7F : hovered(bar) ? 0.55F : 0.32F);
    const qreal inset = hovered(bar) || held ? 2.5 : 3.5;
    const QRectF thumb = horizontal ? QRectF(handle).adjusted(2, inset, -2, -inset)
                                    : QRectF(handle).adjusted(inset, 2, -inset, -2);
    box(painter, thumb, std::min(thumb.width(), thumb.height()) / 2, ink);
}

void paintSlider(const QStyleOptionSlider* slider, QPainter* painter, const QRect& handle)
{
    const bool horizontal = slider->orientation == Qt::Horizontal;
    const QRectF all(slider->rect);
    const QRectF knob(handle);
    const QRectF groove = horizontal
                              ? QRectF(all.left() + 2, all.center().y() - 1.5, all.width() - 4, 4)
                              : QRectF(all.center().x() - 1.5, all.top() + 2, 4, all.height() - 4);
    box(painter, groove, 2, blended(colors().pressed, colors().sunken));
    QRectF done = groove;
    if (horizontal)
        slider->upsideDown ? done.setLeft(knob.center().x()) : done.setRight(knob.center().x());
    else
        slider->upsideDown ? done.setTop(knob.center().y()) : done.setBottom(knob.center().y());
    box(painter, done, 2, enabled(slider) ? colors().accent : colors().lineStrong);
    if (slider->subControls & QStyle::SC_SliderTickmarks && slider->tickInterval > 0) {
        const PainterKeeper keeper(painter);
        painter->setPen(QPen(colors().chartAxis, 1));
        for (int v = slider->minimum; v <= slider->maximum; v += slider->tickInterval) {
            const int length = static_cast<int>(horizontal ? all.width() : all.height()) - 16;
            const int at = 8 + QStyle::sliderPositionFromValue(slider->minimum, slider->maximum, v,
                                                               length, slider->upsideDown);
            horizontal ? painter->drawLine(QPointF(all.left() + at, all.bottom() - 2),
                                           QPointF(all.left() + at, all.bottom() + 1))
                       : painter->drawLine(QPointF(all.right() - 2, all.top() + at),
                                           QPointF(all.right() + 1, all.top() + at));
        }
    }
    const bool held = has(slider, QStyle::State_Sunken);
    box(painter, knob.adjusted(1, 1, -1, -1), knob.width() / 2,
        enabled(slider) ? (held ? colors().accentPressed : colors().accent) : colors().lineStrong);
    box(painter, knob.adjusted(3, 3, -3, -3), knob.width() / 2, colors().surface);
    if (keyboardFocus(slider))
        focusRing(painter, knob.adjusted(-2, -2, 2, 2), knob.width() / 2 + 2);
}

void paintFloating(QPainter* painter, const QRect& rect)
{
    const bool round = popupsAreTranslucent();
    if (!round)
        painter->fillRect(rect, colors().raised);
    box(painter, rect, round ? radius::kCard : 0, colors().raised, colors().lineStrong);
}

Icon arrowIcon(QStyle::PrimitiveElement element)
{
    switch (element) {
    case QStyle::PE_IndicatorArrowUp:
    case QStyle::PE_IndicatorSpinUp:
        return Icon::ChevronUp;
    case QStyle::PE_IndicatorArrowLeft:
        return Icon::ChevronLeft;
    case QStyle::PE_IndicatorArrowRight:
        return Icon::ChevronRight;
    default:
        return Icon::ChevronDown;
    }
}

} // namespace signalbox::ui::control
