// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "icons.h"
#include "theme.h"

#include <QPainter>
#include <QStyle>

class QStyleOption;
class QStyleOptionButton;
class QStyleOptionDockWidget;
class QStyleOptionHeader;
class QStyleOptionMenuItem;
class QStyleOptionProgressBar;
class QStyleOptionSlider;
class QStyleOptionTab;
class QStyleOptionViewItem;
class QWidget;

/// How AppStyle draws each control. Pure painting: where things are is decided by AppStyle and
/// app_style_geometry.
namespace signalbox::ui::control {

/// Gives the painter back as it was.
class PainterKeeper
{
public:
    explicit PainterKeeper(QPainter* painter) : m_painter(painter) { m_painter->save(); }
    ~PainterKeeper() { m_painter->restore(); }
    PainterKeeper(const PainterKeeper&) = delete;
    PainterKeeper& operator=(const PainterKeeper&) = delete;

private:
    QPainter* m_painter;
};

const ThemeColors& colors();
bool has(const QStyleOption* option, QStyle::StateFlag flag);
bool enabled(const QStyleOption* option);
bool hovered(const QStyleOption* option);
/// Focus that came from the keyboard: the only kind that gets a ring.
bool keyboardFocus(const QStyleOption* option);
void box(QPainter* painter, const QRectF& rect, qreal radius, const QColor& fill,
         const QColor& line = Qt::transparent);
void focusRing(QPainter* painter, const QRectF& rect, qreal radius);
void chevron(QPainter* painter, const QRect& rect, Icon icon, int side, const QColor& color);
void paintPushButton(const QStyleOption* option, QPainter* painter, const QWidget* widget);
void paintPushButtonLabel(const QStyleOptionButton* button, QPainter* painter,
                          const QWidget* widget, int mnemonic);
void paintToolPanel(const QStyleOption* option, QPainter* painter);
void paintCheck(const QStyleOption* option, QPainter* painter, bool round);
void paintField(const QStyleOption* option, QPainter* painter, const QRect& rect, bool focused);
/// Behind what is selected in a list or tree; paler where the keyboard is elsewhere.
[[nodiscard]] QColor selectionFill(const QStyleOption* item);
void paintItemPanel(const QStyleOptionViewItem* item, QPainter* painter);
void paintHeaderSection(const QStyleOptionHeader* header, QPainter* painter);
void paintTabShape(const QStyleOptionTab* tab, QPainter* painter);
void paintMenuItem(const QStyleOptionMenuItem* item, QPainter* painter, int mnemonic);
void paintMenuBarItem(const QStyleOptionMenuItem* item, QPainter* painter, int mnemonic);
void paintProgress(const QStyleOptionProgressBar* bar, QPainter* painter, const QRect& groove);
void paintProgressLabel(const QStyleOptionProgressBar* bar, QPainter* painter, const QRect& rect);
void paintSplitter(const QStyleOption* option, QPainter* painter);
void paintDockTitle(const QStyleOptionDockWidget* dock, QPainter* painter);
void paintScrollBar(const QStyleOptionSlider* bar, QPainter* painter, const QRect& handle);
void paintSlider(const QStyleOptionSlider* slider, QPainter* painter, const QRect& handle);
void paintFloating(QPainter* painter, const QRect& rect);
Icon arrowIcon(QStyle::PrimitiveElement element);

} // namespace signalbox::ui::control
