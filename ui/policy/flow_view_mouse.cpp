// SPDX-License-Identifier: GPL-3.0-or-later
// What the mouse does on the canvas.

#include "flow_view.h"
#include "plan_edits.h"
#include "policy_actions.h"
#include "policy_paths.h"

#include <ui/kit/basic_widgets.h>
#include <ui/kit/theme.h>
#include <ui/models/policy_editor.h>

#include <QAction>
#include <QApplication>
#include <QContextMenuEvent>
#include <QHelpEvent>
#include <QMouseEvent>
#include <QToolTip>

#include <algorithm>

namespace signalbox::ui {

void FlowView::mousePressEvent(QMouseEvent* event)
{
    m_byKeyboard = false;
    m_pressPosition = event->pos();
    m_lastPosition = event->pos();
    const QPointF scenePoint = mapToScene(event->pos());
    if (event->button() == Qt::MiddleButton || (m_spaceDown && event->button() == Qt::LeftButton)) {
        m_drag = Drag::Pan;
        m_spaceDown = false;
        viewport()->setCursor(Qt::ClosedHandCursor);
        return;
    }
    if (event->button() == Qt::RightButton) {
        const FlowHit hit = hitTest(m_scene->flow(), scenePoint);
        if (hit.part != FlowHit::Part::Gap)
            m_editor.setSelection(hit.selection);
        return;
    }
    if (event->button() != Qt::LeftButton)
        return;
    m_pressed = hitTest(m_scene->flow(), scenePoint);
    m_drag = Drag::Armed;
    if (m_pressed.part == FlowHit::Part::Nothing || m_pressed.part == FlowHit::Part::Gap ||
        m_pressed.part == FlowHit::Part::Toggle)
        return;
    PolicySelection next = m_pressed.selection;
    if (event->modifiers() & (Qt::ControlModifier | Qt::ShiftModifier))
        next = toggleMark(m_pressed.selection);
    else if (m_actions.marked().empty() ||
             std::find(m_actions.marked().begin(), m_actions.marked().end(),
                       RuleId(m_pressed.selection.id)) == m_actions.marked().end())
        m_actions.setMarked({});
    m_editor.setSelection(next);
}

PolicySelection FlowView::toggleMark(const PolicySelection& selection)
{
    if (selection.kind != PolicySelection::Kind::Rule)
        return selection;
    std::vector<RuleId> marked = m_actions.marked();
    const PolicySelection& current = m_editor.selection();
    if (marked.empty() && current.kind == PolicySelection::Kind::Rule && current.id != selection.id)
        marked.emplace_back(current.id);
    const auto found = std::find(marked.begin(), marked.end(), RuleId(selection.id));
    if (found == marked.end()) {
        marked.emplace_back(selection.id);
        m_actions.setMarked(std::move(marked));
        return selection;
    }
    marked.erase(found);
    m_actions.setMarked(marked);
    if (marked.empty())
        return selection;
    const bool currentStays = current.kind == PolicySelection::Kind::Rule &&
                              std::ranges::find(marked, RuleId(current.id)) != marked.end();
    return currentStays ? current : selectRule(marked.front());
}

void FlowView::mouseMoveEvent(QMouseEvent* event)
{
    const QPointF scenePoint = mapToScene(event->pos());
    if (m_drag == Drag::Pan) {
        panBy(m_lastPosition - event->pos());
    } else if (m_drag == Drag::Armed) {
        const int distance = (event->pos() - m_pressPosition).manhattanLength();
        if (distance >= QApplication::startDragDistance())
            startDrag(scenePoint);
    }
    if (m_drag == Drag::Reorder || m_drag == Drag::Wire || m_drag == Drag::Band)
        dragTo(scenePoint);
    else if (m_drag == Drag::None)
        hoverAt(scenePoint);
    m_lastPosition = event->pos();
}

void FlowView::startDrag(const QPointF& scenePoint)
{
    const FlowLayout& flow = m_scene->flow();
    const bool ofRule = m_pressed.selection.kind == PolicySelection::Kind::Rule;
    if (m_pressed.part == FlowHit::Part::Port) {
        m_drag = Drag::Wire;
        m_wireEnd = scenePoint;
    } else if (ofRule &&
               (m_pressed.part == FlowHit::Part::Lane || m_pressed.part == FlowHit::Part::Grip ||
                m_pressed.part == FlowHit::Part::Label)) {
        m_drag = Drag::Reorder;
        const QPointF grabbed = mapToScene(m_pressPosition);
        m_draggedTop = flow.lanes[static_cast<std::size_t>(m_pressed.lane)].rect.top();
        m_grabOffset = grabbed.y() - m_draggedTop;
        viewport()->setCursor(Qt::ClosedHandCursor);
    } else if (m_pressed.part == FlowHit::Part::Nothing) {
        m_drag = Drag::Band;
    } else {
        m_drag = Drag::None;
    }
    m_hover = {};
}

void FlowView::dragTo(const QPointF& scenePoint)
{
    if (m_drag == Drag::Reorder) {
        m_draggedTop = scenePoint.y() - m_grabOffset;
        if (const MaybeGesture gesture = reorderGesture())
            m_editor.preview(gesture->edit);
        else if (m_editor.isPreviewing() && dragsSeveral())
            m_editor.cancelPreview();
        ensureVisible(QRectF(scenePoint, QSizeF(1, 1)), 0, space::kSection);
    } else if (m_drag == Drag::Band) {
        m_bandEnd = scenePoint;
        ensureVisible(QRectF(scenePoint, QSizeF(1, 1)), 0, 0);
    } else {
        m_wireEnd = scenePoint;
        m_hover = {};
        const FlowHit hit = hitTest(m_scene->flow(), scenePoint);
        if (hit.part == FlowHit::Part::Station &&
            m_scene->flow().stations[static_cast<std::size_t>(hit.station)].model >= 0)
            m_hover = hit;
        if (const MaybeGesture gesture = wireGesture())
            m_editor.preview(gesture->edit);
        else
            m_editor.cancelPreview();
    }
    updateState();
}

MaybeGesture FlowView::wireGesture() const
{
    if (m_hover.part != FlowHit::Part::Station)
        return std::nullopt;
    return callModel(m_editor.document(), m_pressed.selection, ModelId(m_hover.selection.id));
}

void FlowView::mouseReleaseEvent(QMouseEvent* event)
{
    const Drag drag = m_drag;
    if (drag == Drag::Reorder)
        drop();
    else if (drag == Drag::Wire)
        dropWire();
    else if (drag == Drag::Band)
        dropBand(event->modifiers());
    else if (drag == Drag::Armed && event->button() == Qt::LeftButton)
        click(m_pressed, event->modifiers());
    m_drag = Drag::None;
    viewport()->unsetCursor();
    hoverAt(mapToScene(event->pos()));
    updateState();
}

void FlowView::click(const FlowHit& hit, Qt::KeyboardModifiers modifiers)
{
    m_drag = Drag::None;
    switch (hit.part) {
    case FlowHit::Part::Toggle:
        m_editor.setSelection(hit.selection);
        m_actions.toggle->trigger();
        break;
    case FlowHit::Part::Gap:
        m_actions.insertRuleAt(m_scene->flow().gaps[static_cast<std::size_t>(hit.gap)].index);
        break;
    case FlowHit::Part::Port: {
        const auto& lane = m_scene->flow().lanes[static_cast<std::size_t>(hit.lane)];
        const QPointF port = lane.nodes[static_cast<std::size_t>(hit.node)].port();
        emit menuRequested(viewport()->mapToGlobal(mapFromScene(port)), hit.part);
        break;
    }
    case FlowHit::Part::Nothing:
        if (!(modifiers & (Qt::ControlModifier | Qt::ShiftModifier)))
            m_editor.setSelection({});
        break;
    default:
        break;
    }
}

/// The rules that are dragged together move together.
bool FlowView::dragsSeveral() const
{
    return std::ranges::find(m_actions.marked(), RuleId(m_pressed.selection.id)) !=
           m_actions.marked().end();
}

/// What a drop here would do, for the preview; nothing if it changed nothing.
MaybeGesture FlowView::reorderGesture() const
{
    const RuleId rule(m_pressed.selection.id);
    if (!dragsSeveral()) {
        const std::size_t index = dropIndex(m_scene->flow(), rule, m_draggedTop);
        const auto& rules = m_editor.shownDocument().rules;
        if (index >= rules.size() || rules[index].id == rule)
            return std::nullopt;
        return PolicyGesture{MoveRule{rule, index}, selectRule(rule)};
    }
    const std::vector<RuleId>& marked = m_actions.marked();
    std::size_t behind = 0;
    for (const FlowLane& lane : m_scene->flow().lanes) {
        const bool stays = lane.kind == FlowLane::Kind::Rule &&
                           std::ranges::find(marked, RuleId(lane.id)) == marked.end();
        if (stays && lane.rect.center().y() < m_draggedTop + m_grabOffset)
            ++behind;
    }
    return moveRules(m_editor.document(), selectRule(rule), marked, behind);
}

QRectF FlowView::band() const
{
    return QRectF(mapToScene(m_pressPosition), m_bandEnd).normalized();
}

std::vector<RuleId> FlowView::rulesInBand(const FlowLayout& flow) const
{
    std::vector<RuleId> rules;
    for (const FlowLane& lane : flow.lanes) {
        if (lane.kind == FlowLane::Kind::Rule && lane.rect.intersects(band()))
            rules.emplace_back(lane.id);
    }
    return rules;
}

/// With Ctrl or Shift what is in the band joins what is marked already.
void FlowView::dropBand(Qt::KeyboardModifiers modifiers)
{
    std::vector<RuleId> rules = rulesInBand(m_scene->flow());
    m_drag = Drag::None;
    if (modifiers & (Qt::ControlModifier | Qt::ShiftModifier)) {
        std::vector<RuleId> before = m_actions.marked();
        if (before.empty() && m_editor.selection().kind == PolicySelection::Kind::Rule)
            before.emplace_back(m_editor.selection().id);
        for (const RuleId& rule : before) {
            if (std::ranges::find(rules, rule) == rules.end())
                rules.push_back(rule);
        }
    }
    if (rules.empty()) {
        m_editor.setSelection({});
        return;
    }
    m_editor.setSelection(selectRule(rules.front()));
    m_actions.setMarked(std::move(rules));
}

void FlowView::drop()
{
    if (dragsSeveral()) {
        const MaybeGesture gesture = reorderGesture();
        const std::vector<RuleId> marked = m_actions.marked();
        m_drag = Drag::None;
        m_editor.cancelPreview();
        if (m_actions.perform(gesture))
            m_actions.setMarked(marked);
        return;
    }
    const RuleId rule(m_pressed.selection.id);
    const auto& rules = m_editor.shownDocument().rules;
    const auto found =
        std::find_if(rules.begin(), rules.end(), [&](const Rule& each) { return each.id == rule; });
    const auto index = static_cast<std::size_t>(found - rules.begin());
    m_drag = Drag::None;
    if (found == rules.end() || !m_editor.isPreviewing()) {
        m_editor.cancelPreview();
        return;
    }
    m_actions.perform(PolicyGesture{MoveRule{rule, index}, selectRule(rule)});
}

void FlowView::dropWire()
{
    const MaybeGesture gesture = wireGesture();
    m_drag = Drag::None;
    m_editor.cancelPreview();
    m_actions.perform(gesture);
}

void FlowView::cancelDrag()
{
    m_drag = Drag::None;
    viewport()->unsetCursor();
    m_editor.cancelPreview();
    updateState();
}

void FlowView::mouseDoubleClickEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton)
        return;
    const FlowHit hit = hitTest(m_scene->flow(), mapToScene(event->pos()));
    switch (hit.part) {
    case FlowHit::Part::Nothing:
        if (!isBetweenLanes(mapToScene(event->pos())))
            m_actions.addRule->trigger();
        break;
    case FlowHit::Part::Label:
    case FlowHit::Part::Heading:
        emit renameRequested();
        break;
    case FlowHit::Part::Gap:
    case FlowHit::Part::Toggle:
        break;
    default:
        emit openRequested();
        break;
    }
}

/// Where a rule is added by its plus and by nothing else.
bool FlowView::isBetweenLanes(const QPointF& scenePoint) const
{
    return std::ranges::any_of(m_scene->flow().gaps,
                               [&](const FlowGap& gap) { return gap.rect.contains(scenePoint); });
}

/// By a key it is about what is selected, whatever lies in the middle of the canvas.
void FlowView::contextMenuEvent(QContextMenuEvent* event)
{
    if (event->reason() == QContextMenuEvent::Keyboard) {
        emit menuRequested(mapToGlobal(rect().center()), FlowHit::Part::Lane);
        return;
    }
    const FlowHit hit = hitTest(m_scene->flow(), mapToScene(event->pos()));
    emit menuRequested(event->globalPos(), hit.part);
    event->accept();
}

void FlowView::hoverAt(const QPointF& scenePoint)
{
    const FlowHit hit = hitTest(m_scene->flow(), scenePoint);
    if (hit == m_hover)
        return;
    m_hover = hit;
    const bool grabs = hit.part == FlowHit::Part::Grip;
    const bool presses = hit.part == FlowHit::Part::Port || hit.part == FlowHit::Part::Gap ||
                         hit.part == FlowHit::Part::Toggle;
    if (grabs)
        viewport()->setCursor(Qt::OpenHandCursor);
    else if (presses)
        viewport()->setCursor(Qt::PointingHandCursor);
    else
        viewport()->unsetCursor();
    updateState();
}

void FlowView::leaveEvent(QEvent* event)
{
    if (m_drag == Drag::None)
        hoverAt(QPointF(-1e6, -1e6));
    QGraphicsView::leaveEvent(event);
}

QString FlowView::toolTipAt(const QPointF& scenePoint) const
{
    const FlowLayout& flow = m_scene->flow();
    const FlowHit hit = hitTest(flow, scenePoint);
    switch (hit.part) {
    case FlowHit::Part::Chip: {
        const Rule* const rule = m_editor.shownDocument().findRule(RuleId(hit.selection.id));
        if (rule && rule->uncertain && isInUncertain(hit.selection))
            return tr("Requests for which the rule would turn round if %1 were higher or lower by "
                      "%2. They are asked for before all others of the rule.")
                .arg(PolicyWords::text(rule->uncertain->signal.value),
                     PolicyWords::number(rule->uncertain->margin));
        return rule ? PolicyWords::condition(rule->when) : QString();
    }
    case FlowHit::Part::Label:
    case FlowHit::Part::Lane: {
        const FlowLane& lane = flow.lanes[static_cast<std::size_t>(hit.lane)];
        const Rule* const rule = m_editor.shownDocument().findRule(RuleId(lane.id));
        const QString note = rule ? PolicyWords::text(rule->note) : QString();
        return note.isEmpty() ? lane.labelText : lane.labelText + QLatin1Char('\n') + note;
    }
    case FlowHit::Part::Node: {
        const FlowLane& lane = flow.lanes[static_cast<std::size_t>(hit.lane)];
        const FlowNode& node = lane.nodes[static_cast<std::size_t>(hit.node)];
        QStringList lines{node.title, node.detail, node.hint};
        lines.removeAll(QString());
        return lines.join(QLatin1Char('\n'));
    }
    case FlowHit::Part::Port:
        return tr("Click for a fallback, a split or another model; pull to another model");
    case FlowHit::Part::Gap:
        return tr("Add a rule here");
    case FlowHit::Part::Grip:
        return tr("Drag to reorder (Alt+Up, Alt+Down)");
    case FlowHit::Part::Toggle:
        return tr("Enable or disable the rule (Space)");
    case FlowHit::Part::Heading: {
        const auto group = groupOf(hit.selection);
        const auto& groups = m_editor.shownDocument().groups;
        return group && *group < groups.size() ? PolicyWords::text(groups[*group].note) : QString();
    }
    case FlowHit::Part::Station: {
        const FlowStation& station = flow.stations[static_cast<std::size_t>(hit.station)];
        const ModelSpec* const model = m_editor.shownDocument().findModel(station.id);
        if (!model)
            return station.title;
        return station.title + QLatin1Char('\n') + PolicyWords::price(model->price) +
               QLatin1Char('\n') + tr("in: what is sent to the model; out: what it answers");
    }
    default:
        return {};
    }
}

bool FlowView::viewportEvent(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* const help = static_cast<QHelpEvent*>(event);
        const QString text = toolTipAt(mapToScene(help->pos()));
        if (text.isEmpty())
            QToolTip::hideText();
        else
            QToolTip::showText(help->globalPos(), plainToolTip(text), viewport());
        return true;
    }
    return QGraphicsView::viewportEvent(event);
}

} // namespace signalbox::ui
