// SPDX-License-Identifier: GPL-3.0-or-later
#include "flow_view.h"

#include "flow_minimap.h"
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
#include <QKeyEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace signalbox::ui {
namespace {

constexpr qreal kSmallestZoom = 0.1;
constexpr qreal kLargestZoom = 3;
constexpr qreal kKeyZoomStep = 1.2;
/// Fitting keeps texts readable: it rather scrolls down than shrinks everything below the first,
/// and rather scrolls at all than shrinks below the second.
constexpr qreal kSmallestWholeZoom = 0.85;
constexpr qreal kSmallestAutoZoom = 0.66;
/// Steps above 100 %, at which hairlines stay sharp.
constexpr qreal kLargerZooms[] = {1.25, 1.1};
constexpr int kMinimapMargin = 12;
constexpr int kPanStepPx = 60;

std::optional<FlowStep> stepOf(int key)
{
    switch (key) {
    case Qt::Key_Up:
        return FlowStep::Up;
    case Qt::Key_Down:
        return FlowStep::Down;
    case Qt::Key_Left:
        return FlowStep::Left;
    case Qt::Key_Right:
        return FlowStep::Right;
    default:
        return std::nullopt;
    }
}

} // namespace

FlowView::FlowView(PolicyEditor& editor, PolicyActions& actions, QWidget* parent)
    : QGraphicsView(parent), m_editor(editor), m_actions(actions),
      m_metrics(FlowMetrics::standard())
{
    setObjectName(QStringLiteral("flowView"));
    setAccessibleName(tr("Flow of the policy"));
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setTransformationAnchor(QGraphicsView::NoAnchor);
    setResizeAnchor(QGraphicsView::NoAnchor);
    setViewportUpdateMode(QGraphicsView::SmartViewportUpdate);
    setRenderHint(QPainter::Antialiasing);
    setBackgroundBrush(Theme::current().colors().window);
    setAlignment(Qt::AlignCenter);
    m_scene = new FlowScene(this);
    setScene(m_scene);
    m_minimap = new FlowMinimap(this);
    connect(m_minimap, &FlowMinimap::centerRequested, this,
            [this](const QPointF& point) { centerOn(point); });
    connect(&editor, &PolicyEditor::documentChanged, this, &FlowView::dropWhatIsGone);
    connect(&editor, &PolicyEditor::shownChanged, this, &FlowView::relayout);
    connect(&editor, &PolicyEditor::selectionChanged, this, &FlowView::followSelection);
    connect(&actions, &PolicyActions::markedChanged, this, &FlowView::updateState);
    actions.attachTo(this);
    relayout();
}

FlowView::~FlowView() = default;

void FlowView::setTraffic(const FlowTraffic& traffic)
{
    m_traffic = traffic;
    relayout();
}

void FlowView::setTrail(std::optional<FlowTrail> trail)
{
    m_trail = std::move(trail);
    updateState();
}

void FlowView::setStale(bool stale)
{
    m_stale = stale;
    updateState();
}

void FlowView::relayout()
{
    FlowLayout layout = layoutFlow(m_editor.shownDocument(), m_traffic, m_metrics, frame());
    const bool grew = layout.bounds.size() != m_scene->flow().bounds.size();
    m_scene->setLayout(std::move(layout));
    if (grew && m_autoFit && m_drag == Drag::None)
        applyAutoFit();
    updateMinimap();
    updateState();
}

/// What was pressed and what is under the pointer are places in a flow that may be another one now.
void FlowView::dropWhatIsGone()
{
    m_hover = {};
    if (m_drag != Drag::None && m_drag != Drag::Pan)
        cancelDrag();
}

void FlowView::followSelection()
{
    updateState();
    describeSelection();
    const QRectF rect = m_scene->flow().rectOf(m_editor.selection());
    if (!rect.isNull() && m_drag == Drag::None)
        ensureVisible(rect, space::kSection, space::kSection);
}

void FlowView::describeSelection()
{
    const FlowLayout& flow = m_scene->flow();
    const PolicySelection& selection = m_editor.selection();
    QString words;
    if (const int lane = flow.laneIndexOf(selection); lane >= 0) {
        const FlowLane& where = flow.lanes[static_cast<std::size_t>(lane)];
        words = tr("Lane %1 of %2: %3. %4")
                    .arg(lane + 1)
                    .arg(flow.lanes.size())
                    .arg(where.labelText,
                         QStringList{where.statsText, where.lossText}.join(QLatin1Char(' ')));
    } else if (selection.kind == PolicySelection::Kind::Model) {
        words = tr("Model %1").arg(PolicyWords::text(selection.id));
    }
    setAccessibleDescription(words);
}

void FlowView::updateState()
{
    FlowState state;
    state.selection = m_editor.selection();
    for (const RuleId& id : m_actions.marked())
        state.marked.insert(id.value);
    state.hover = m_hover;
    state.trail = m_trail;
    state.stale = m_stale;
    if (m_drag == Drag::Reorder) {
        state.dragged = m_pressed.selection.id;
        state.draggedTop = m_draggedTop;
    } else if (m_drag == Drag::Wire) {
        const auto& lane = m_scene->flow().lanes[static_cast<std::size_t>(m_pressed.lane)];
        state.wireFrom = lane.nodes[static_cast<std::size_t>(m_pressed.node)].port();
        state.wireEnd = m_wireEnd;
    }
    m_scene->setState(std::move(state));
    viewport()->update();
}

// Zoom

qreal FlowView::zoom() const
{
    return transform().m11();
}

void FlowView::setZoom(qreal zoom)
{
    zoom = std::clamp(zoom, kSmallestZoom, kLargestZoom);
    if (qFuzzyCompare(zoom, this->zoom()))
        return;
    setTransform(QTransform::fromScale(zoom, zoom));
    emit zoomChanged(zoom);
}

void FlowView::zoomBy(qreal factor)
{
    const QPointF center = mapToScene(viewport()->rect().center());
    m_autoFit = false;
    setZoom(zoom() * factor);
    centerOn(center);
}

void FlowView::resetZoom()
{
    zoomBy(1 / zoom());
}

void FlowView::fit()
{
    m_autoFit = true;
    applyAutoFit();
}

FlowFrame FlowView::frame() const
{
    FlowFrame frame;
    frame.room = m_room;
    // A model that changed its place under the pointer could not be aimed at.
    if (m_editor.isPreviewing()) {
        for (const FlowStation& station : m_scene->flow().stations)
            frame.heldStations[station.id.value] = station.rect.center().y();
    }
    return frame;
}

/// A pixel less than the window, so that rounding brings up no scroll bars.
QSizeF FlowView::fittingRoom() const
{
    return QSizeF(viewport()->size()) - QSizeF(1, 1);
}

qreal FlowView::autoZoom() const
{
    const QSizeF room = fittingRoom();
    const QSizeF least = layoutFlow(m_editor.shownDocument(), m_traffic, m_metrics).bounds.size();
    const qreal wide = room.width() / least.width();
    const qreal whole = std::min(wide, room.height() / least.height());
    for (const qreal larger : kLargerZooms) {
        if (whole >= larger)
            return larger;
    }
    // Everything if it can be read well then, else the whole width.
    return std::clamp(whole >= kSmallestWholeZoom ? whole : wide, kSmallestAutoZoom, 1.0);
}

void FlowView::applyAutoFit()
{
    const QSizeF room = fittingRoom();
    if (room.isEmpty() || !isVisible())
        return;
    const qreal zoom = autoZoom();
    if (const QSizeF wanted = room / zoom; wanted != m_room) {
        m_room = wanted;
        m_scene->setLayout(layoutFlow(m_editor.shownDocument(), m_traffic, m_metrics, frame()));
    }
    setZoom(zoom);
    const QRectF bounds = m_scene->flow().bounds;
    const bool fitsHeight = bounds.height() * zoom <= room.height();
    centerOn(bounds.center().x(), fitsHeight ? bounds.center().y() : bounds.top());
    updateMinimap();
}

QPoint FlowView::viewportPointOf(const QPointF& scenePoint) const
{
    return mapFromScene(scenePoint);
}

void FlowView::wheelEvent(QWheelEvent* event)
{
    if (event->modifiers() & Qt::ControlModifier) {
        const QPointF anchor = event->position();
        const QPointF before = mapToScene(anchor.toPoint());
        m_autoFit = false;
        setZoom(zoom() * std::pow(1.0015, event->angleDelta().y()));
        const QPointF after = mapToScene(anchor.toPoint());
        const QPointF shift = (after - before) * zoom();
        panBy(-shift.toPoint());
        event->accept();
        return;
    }
    QGraphicsView::wheelEvent(event);
}

void FlowView::panBy(const QPoint& pixels)
{
    horizontalScrollBar()->setValue(horizontalScrollBar()->value() + pixels.x());
    verticalScrollBar()->setValue(verticalScrollBar()->value() + pixels.y());
}

// Keys

void FlowView::keyPressEvent(QKeyEvent* event)
{
    const bool plain =
        event->modifiers() == Qt::NoModifier || event->modifiers() == Qt::KeypadModifier;
    const bool withControl = event->modifiers() & Qt::ControlModifier;
    event->accept();
    m_byKeyboard = true;
    if (event->key() == Qt::Key_Escape) {
        if (m_drag != Drag::None)
            cancelDrag();
        else if (m_trail)
            setTrail(std::nullopt);
        else
            m_editor.setSelection({});
        return;
    }
    if (m_drag != Drag::None && m_drag != Drag::Armed)
        return;
    if ((plain || event->modifiers() == Qt::ShiftModifier) && selectNeighbour(event->key()))
        return;
    switch (event->key()) {
    case Qt::Key_Return:
    case Qt::Key_Enter:
        emit openRequested();
        return;
    case Qt::Key_F2:
        emit renameRequested();
        return;
    case Qt::Key_Space:
        if (!event->isAutoRepeat())
            m_spaceDown = true;
        return;
    case Qt::Key_F:
        if (plain) {
            fit();
            return;
        }
        break;
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        zoomBy(kKeyZoomStep);
        return;
    case Qt::Key_Minus:
        zoomBy(1 / kKeyZoomStep);
        return;
    case Qt::Key_0:
        if (plain || withControl) {
            resetZoom();
            return;
        }
        break;
    case Qt::Key_Home:
        m_editor.setSelection(m_scene->flow().lanes.front().selection());
        return;
    case Qt::Key_End:
        m_editor.setSelection(selectOtherwise());
        return;
    case Qt::Key_PageUp:
        panBy({0, -viewport()->height() + kPanStepPx});
        return;
    case Qt::Key_PageDown:
        panBy({0, viewport()->height() - kPanStepPx});
        return;
    case Qt::Key_A:
        if (withControl) {
            std::vector<RuleId> all;
            for (const Rule& rule : m_editor.document().rules)
                all.push_back(rule.id);
            if (m_editor.selection().kind != PolicySelection::Kind::Rule && !all.empty())
                m_editor.setSelection(selectRule(all.front()));
            m_actions.setMarked(std::move(all));
            return;
        }
        break;
    case Qt::Key_Menu:
        emit menuRequested(mapToGlobal(rect().center()), FlowHit::Part::Lane);
        return;
    default:
        break;
    }
    event->ignore();
    QGraphicsView::keyPressEvent(event);
}

void FlowView::keyReleaseEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Space && !event->isAutoRepeat()) {
        // Space toggles the rule unless it was held for panning.
        if (m_spaceDown && m_drag == Drag::None)
            m_actions.toggle->trigger();
        m_spaceDown = false;
        return;
    }
    QGraphicsView::keyReleaseEvent(event);
}

bool FlowView::selectNeighbour(int key)
{
    const auto step = stepOf(key);
    if (!step)
        return false;
    const PolicySelection from = m_editor.selection();
    const PolicySelection next = neighbour(m_scene->flow(), from, *step);
    const bool extend = QApplication::keyboardModifiers() & Qt::ShiftModifier;
    if (extend && next.kind == PolicySelection::Kind::Rule &&
        from.kind == PolicySelection::Kind::Rule &&
        (*step == FlowStep::Up || *step == FlowStep::Down)) {
        std::vector<RuleId> marked = m_actions.marked();
        for (const PolicySelection& each : {from, next}) {
            if (std::find(marked.begin(), marked.end(), RuleId(each.id)) == marked.end())
                marked.emplace_back(each.id);
        }
        m_actions.setMarked(std::move(marked));
    } else {
        m_actions.setMarked({});
    }
    m_editor.setSelection(next);
    return true;
}

bool FlowView::focusNextPrevChild(bool next)
{
    const std::vector<PolicySelection> order = tabOrder(m_scene->flow());
    PolicySelection current = m_editor.selection();
    if (current.kind == PolicySelection::Kind::Rule ||
        current.kind == PolicySelection::Kind::Otherwise)
        current.path.clear();
    const auto here = std::find(order.begin(), order.end(), current);
    if (here == order.end()) {
        m_editor.setSelection(next ? order.front() : order.back());
        return true;
    }
    // At either end Tab leaves the canvas, so that the keyboard is never caught in it.
    if (next ? here + 1 == order.end() : here == order.begin())
        return QGraphicsView::focusNextPrevChild(next);
    m_editor.setSelection(next ? *(here + 1) : *(here - 1));
    return true;
}

// Mouse

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
    if (event->modifiers() & (Qt::ControlModifier | Qt::ShiftModifier))
        toggleMark(m_pressed.selection);
    else if (m_actions.marked().empty() ||
             std::find(m_actions.marked().begin(), m_actions.marked().end(),
                       RuleId(m_pressed.selection.id)) == m_actions.marked().end())
        m_actions.setMarked({});
    m_editor.setSelection(m_pressed.selection);
}

void FlowView::toggleMark(const PolicySelection& selection)
{
    if (selection.kind != PolicySelection::Kind::Rule)
        return;
    std::vector<RuleId> marked = m_actions.marked();
    const PolicySelection& current = m_editor.selection();
    if (marked.empty() && current.kind == PolicySelection::Kind::Rule && current.id != selection.id)
        marked.emplace_back(current.id);
    const auto found = std::find(marked.begin(), marked.end(), RuleId(selection.id));
    if (found == marked.end())
        marked.emplace_back(selection.id);
    else
        marked.erase(found);
    m_actions.setMarked(std::move(marked));
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
    if (m_drag == Drag::Reorder || m_drag == Drag::Wire)
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
        m_drag = Drag::Pan;
        viewport()->setCursor(Qt::ClosedHandCursor);
    } else {
        m_drag = Drag::None;
    }
    m_hover = {};
}

void FlowView::dragTo(const QPointF& scenePoint)
{
    if (m_drag == Drag::Reorder) {
        m_draggedTop = scenePoint.y() - m_grabOffset;
        const RuleId rule(m_pressed.selection.id);
        const std::size_t index = dropIndex(m_scene->flow(), rule, m_draggedTop);
        const auto& rules = m_editor.shownDocument().rules;
        if (index < rules.size() && rules[index].id != rule)
            m_editor.preview(MoveRule{rule, index});
        ensureVisible(QRectF(scenePoint, QSizeF(1, 1)), 0, space::kSection);
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

void FlowView::drop()
{
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
        m_actions.addRule->trigger();
        break;
    case FlowHit::Part::Label:
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

void FlowView::contextMenuEvent(QContextMenuEvent* event)
{
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
        return node.detail.isEmpty() ? node.title : node.title + QLatin1Char('\n') + node.detail;
    }
    case FlowHit::Part::Port:
        return tr("Click for a fallback, a split or another model; pull to another model");
    case FlowHit::Part::Gap:
        return tr("Add a rule here");
    case FlowHit::Part::Grip:
        return tr("Drag to reorder (Alt+Up, Alt+Down)");
    case FlowHit::Part::Toggle:
        return tr("Enable or disable the rule (Space)");
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

// Window

void FlowView::resizeEvent(QResizeEvent* event)
{
    QGraphicsView::resizeEvent(event);
    if (m_autoFit)
        applyAutoFit();
    m_minimap->move(viewport()->width() - m_minimap->width() - kMinimapMargin,
                    viewport()->height() - m_minimap->height() - kMinimapMargin);
    updateMinimap();
}

void FlowView::showEvent(QShowEvent* event)
{
    QGraphicsView::showEvent(event);
    if (m_autoFit)
        applyAutoFit();
}

void FlowView::focusInEvent(QFocusEvent* event)
{
    QGraphicsView::focusInEvent(event);
    m_byKeyboard =
        event->reason() != Qt::MouseFocusReason && event->reason() != Qt::ActiveWindowFocusReason;
    viewport()->update();
}

void FlowView::focusOutEvent(QFocusEvent* event)
{
    m_spaceDown = false;
    QGraphicsView::focusOutEvent(event);
    viewport()->update();
}

void FlowView::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange) {
        setBackgroundBrush(Theme::current().colors().window);
        viewport()->update();
    }
    QGraphicsView::changeEvent(event);
}

void FlowView::scrollContentsBy(int dx, int dy)
{
    QGraphicsView::scrollContentsBy(dx, dy);
    updateMinimap();
}

void FlowView::updateMinimap()
{
    m_minimap->show(m_scene->flow(), mapToScene(viewport()->rect()).boundingRect());
}

void FlowView::drawForeground(QPainter* painter, const QRectF& /*rect*/)
{
    if (!hasFocus() || !m_byKeyboard)
        return;
    // The ring around what has the keyboard; the canvas itself only if nothing is selected.
    const QRectF part = m_scene->flow().rectOf(m_editor.selection());
    const ThemeColors& colors = Theme::current().colors();
    painter->setBrush(Qt::NoBrush);
    painter->setPen(QPen(colors.focus, 2 / zoom()));
    const bool whole = m_editor.selection().kind == PolicySelection::Kind::Nothing || part.isNull();
    const qreal around = 3 / zoom();
    const QRectF ring = whole ? mapToScene(viewport()->rect())
                                    .boundingRect()
                                    .adjusted(around, around, -around, -around)
                              : part.adjusted(-around, -around, around, around);
    painter->drawRoundedRect(ring, radius::kCard, radius::kCard);
}

} // namespace signalbox::ui
