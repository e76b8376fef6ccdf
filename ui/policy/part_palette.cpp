// SPDX-License-Identifier: GPL-3.0-or-later
#include "part_palette.h"

#include <ui/kit/basic_widgets.h>

#include <QAction>
#include <QApplication>
#include <QDrag>
#include <QMimeData>
#include <QMouseEvent>

namespace signalbox::ui {
namespace {

QString mimeType()
{
    return QStringLiteral("application/x-signalbox-part");
}

} // namespace

PartButton::PartButton(FlowPart part, QAction* action, QWidget* parent)
    : QToolButton(parent), m_part(part)
{
    QString name = action->text();
    name.remove(QLatin1Char('&'));
    setIcon(action->icon());
    setAutoRaise(true);
    setFocusPolicy(Qt::TabFocus);
    setAccessibleName(name);
    setAccessibleDescription(tr("Can be dragged to a place on the canvas."));
    const QString keys = action->shortcut().toString(QKeySequence::NativeText);
    setToolTip(plainToolTip((keys.isEmpty() ? name : name + QStringLiteral("  ") + keys) +
                            QStringLiteral("\n") + accessibleDescription()));
    connect(this, &QToolButton::clicked, this, [this, action, name] {
        if (action->isEnabled())
            action->trigger();
        else
            emit placeWanted(tr("“%1” needs a place: drag it there, or select it first.").arg(name));
    });
}

QMimeData* PartButton::mimeOf(FlowPart part)
{
    auto* const mime = new QMimeData;
    mime->setData(mimeType(), QByteArray::number(static_cast<int>(part)));
    return mime;
}

std::optional<FlowPart> PartButton::partOf(const QMimeData* mime)
{
    if (!mime || !mime->hasFormat(mimeType()))
        return std::nullopt;
    bool isNumber = false;
    const int part = mime->data(mimeType()).toInt(&isNumber);
    if (!isNumber || part < 0 || part >= kFlowParts)
        return std::nullopt;
    return static_cast<FlowPart>(part);
}

void PartButton::mousePressEvent(QMouseEvent* event)
{
    m_pressed = event->pos();
    QToolButton::mousePressEvent(event);
}

void PartButton::mouseMoveEvent(QMouseEvent* event)
{
    const bool isDrag = event->buttons() & Qt::LeftButton &&
                        (event->pos() - m_pressed).manhattanLength() >=
                            QApplication::startDragDistance();
    if (!isDrag)
        return QToolButton::mouseMoveEvent(event);
    setDown(false); // what is carried away is not pressed
    auto* const drag = new QDrag(this);
    drag->setMimeData(mimeOf(m_part));
    drag->setPixmap(icon().pixmap(iconSize()));
    drag->setHotSpot(QPoint(-8, -8));
    drag->exec(Qt::CopyAction);
}

} // namespace signalbox::ui
