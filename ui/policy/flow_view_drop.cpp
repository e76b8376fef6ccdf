// SPDX-License-Identifier: GPL-3.0-or-later
// Parts that are carried from the tool bar to the canvas.

#include "flow_view.h"
#include "part_palette.h"
#include "policy_actions.h"

#include <ui/models/policy_editor.h>

#include <QDragEnterEvent>

namespace signalbox::ui {

void FlowView::dragEnterEvent(QDragEnterEvent* event)
{
    if (PartButton::partOf(event->mimeData()))
        event->acceptProposedAction();
    else
        event->ignore();
}

void FlowView::dragMoveEvent(QDragMoveEvent* event)
{
    const auto part = PartButton::partOf(event->mimeData());
    const QPointF at = mapToScene(event->position().toPoint());
    const auto drop = part ? dropOf(*part, m_editor.document(), m_scene->flow(), at) : std::nullopt;
    showDropTarget(drop ? std::optional(drop->target) : std::nullopt);
    if (drop)
        event->acceptProposedAction();
    else
        event->ignore();
}

void FlowView::dragLeaveEvent(QDragLeaveEvent* /*event*/)
{
    showDropTarget({});
}

void FlowView::dropEvent(QDropEvent* event)
{
    showDropTarget({});
    const auto part = PartButton::partOf(event->mimeData());
    const QPointF at = mapToScene(event->position().toPoint());
    const auto drop = part ? dropOf(*part, m_editor.document(), m_scene->flow(), at) : std::nullopt;
    if (!drop)
        return event->ignore();
    event->acceptProposedAction();
    setFocus(Qt::OtherFocusReason);
    if (m_actions.perform(drop->gesture) && (*part == FlowPart::Rule || *part == FlowPart::Model))
        emit renameRequested();
}

void FlowView::showDropTarget(const std::optional<QRectF>& target)
{
    if (target == m_dropTarget)
        return;
    m_dropTarget = target;
    viewport()->update();
}

} // namespace signalbox::ui
