// SPDX-License-Identifier: GPL-3.0-or-later
#include "flow_view.h"

#include "flow_key.h"
#include "flow_minimap.h"
#include "flow_spoken.h"
#include "plan_edits.h"
#include "policy_actions.h"
#include "policy_paths.h"

#include <ui/kit/basic_widgets.h>
#include <ui/kit/command_palette.h>
#include <ui/kit/theme.h>
#include <ui/models/policy_editor.h>

#include <QAction>
#include <QApplication>
#include <QKeyEvent>
#include <QPainter>
#include <QScrollBar>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>
#include <utility>

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
constexpr int kCornerMargin = 8;
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
    setAcceptDrops(true);
    setTransformationAnchor(QGraphicsView::NoAnchor);
    setResizeAnchor(QGraphicsView::NoAnchor);
    setViewportUpdateMode(QGraphicsView::SmartViewportUpdate);
    setRenderHint(QPainter::Antialiasing);
    setBackgroundBrush(Theme::current().colors().window);
    setAlignment(Qt::AlignCenter);
    m_scene = new FlowScene(this);
    setScene(m_scene);
    m_minimap = new FlowMinimap(this);
    m_key = new FlowKey(this);
    connect(m_minimap, &FlowMinimap::centerRequested, this,
            [this](const QPointF& point) { centerOn(point); });
    connect(m_minimap, &FlowMinimap::released, this, &FlowView::updateCorners);
    connect(&editor, &PolicyEditor::documentOpened, this, &FlowView::showAnother);
    connect(&editor, &PolicyEditor::closed, this, [this](quint64 number) { m_kept.erase(number); });
    m_number = editor.current().number();
    connect(&editor, &PolicyEditor::documentChanged, this, &FlowView::dropWhatIsGone);
    connect(&editor, &PolicyEditor::shownChanged, this, &FlowView::relayout);
    connect(&editor, &PolicyEditor::selectionChanged, this, &FlowView::followSelection);
    connect(&actions, &PolicyActions::markedChanged, this, &FlowView::updateState);
    actions.attachTo(this);
    addKeyActions();
    relayout();
}

FlowView::~FlowView() = default;

/// One that was in front before is seen as it was left; any other fits into the window.
void FlowView::showAnother()
{
    const quint64 before = std::exchange(m_number, m_editor.current().number());
    if (before != m_number && !m_autoFit)
        m_kept[before] = {zoom(), mapToScene(viewport()->rect().center()), m_room};
    const auto kept = m_kept.extract(m_number);
    if (kept && before != m_number)
        m_room = kept.mapped().room;
    dropWhatIsGone();
    relayout();
    if (!kept || before == m_number)
        return fit();
    m_autoFit = false;
    setZoom(kept.mapped().zoom);
    centerOn(kept.mapped().center);
}

void FlowView::setTraffic(const FlowTraffic& traffic)
{
    m_traffic = traffic;
    relayout();
}

void FlowView::setTrail(std::optional<FlowTrail> trail)
{
    const bool isElsewhere = trail && (!m_trail || trail->lane != m_trail->lane);
    m_trail = std::move(trail);
    updateState();
    // Another way is seen, without a search for what is lit.
    if (isElsewhere)
        ensureVisible(m_scene->flow().rectOf(m_trail->lane), 0, space::kWide);
}

void FlowView::setStale(bool stale)
{
    m_stale = stale;
    updateState();
}

void FlowView::relayout()
{
    const bool wasInView = isInView(selectedRect());
    FlowLayout layout = laidOut();
    const bool grew = layout.bounds.size() != m_scene->flow().bounds.size();
    FlowState state = stateOf(layout);
    m_scene->show(std::move(layout), std::move(state));
    m_key->setFlow(m_scene->flow());
    if (grew && m_autoFit && m_drag == Drag::None)
        applyAutoFit(Stay::WhereItIs);
    // Numbers that arrive make lanes higher; what somebody works on does not slip away.
    if (wasInView && m_drag == Drag::None)
        showSelection();
    updateCorners();
    viewport()->update();
}

FlowLayout FlowView::laidOut()
{
    return layoutFlow(m_editor.shownDocument(), m_traffic, m_metrics, frame(), &m_memory);
}

/// Null if nothing is selected or it is nowhere on the canvas.
QRectF FlowView::selectedRect() const
{
    return m_scene->flow().rectOf(m_editor.selection());
}

bool FlowView::isInView(const QRectF& rect) const
{
    return !rect.isNull() &&
           mapToScene(viewport()->rect()).boundingRect().adjusted(-1, -1, 1, 1).contains(rect);
}

void FlowView::showSelection()
{
    if (const QRectF rect = selectedRect(); !rect.isNull())
        ensureVisible(rect, space::kSection, space::kSection);
}

/// What was pressed and what is under the pointer are places in a flow that may be another one now.
void FlowView::dropWhatIsGone()
{
    m_hover = {};
    if (!m_editor.document().findRule(RuleId(m_passed)))
        m_passed.clear();
    if (m_drag != Drag::None && m_drag != Drag::Pan)
        cancelDrag();
}

void FlowView::followSelection()
{
    m_passed.clear();
    updateState();
    describeSelection();
    if (m_drag == Drag::None)
        showSelection();
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
    if (QAccessible::isActive() && hasFocus())
        announcePart(this, tell().partOf(selection));
}

SpokenFlow FlowView::tell() const
{
    return spokenFlow(m_scene->flow(), m_editor.shownDocument(), m_editor.selection(),
                      viewportTransform());
}

std::vector<SpokenPart> FlowView::spokenParts() const
{
    return tell().parts;
}

void FlowView::pressPart(int part)
{
    const SpokenFlow told = tell();
    if (part >= 0 && part < static_cast<int>(told.selections.size()))
        m_editor.setSelection(told.selections[static_cast<std::size_t>(part)]);
}

void FlowView::updateState()
{
    m_scene->setState(stateOf(m_scene->flow()));
    partsChanged();
    viewport()->update();
}

FlowState FlowView::stateOf(const FlowLayout& flow) const
{
    FlowState state;
    state.selection = m_editor.selection();
    for (const RuleId& id : m_actions.marked())
        state.marked.insert(id.value);
    if (m_drag == Drag::Band) {
        for (const RuleId& id : rulesInBand(flow))
            state.marked.insert(id.value);
    }
    state.hover = m_hover;
    state.passed = m_passed;
    state.trail = m_trail;
    state.stale = m_stale;
    if (m_drag == Drag::Reorder) {
        state.dragged = m_pressed.selection.id;
        state.draggedTop = m_draggedTop;
    } else if (m_drag == Drag::Wire) {
        const auto& lane = flow.lanes[static_cast<std::size_t>(m_pressed.lane)];
        state.wireFrom = lane.nodes[static_cast<std::size_t>(m_pressed.node)].port();
        state.wireEnd = m_wireEnd;
    }
    return state;
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
    m_wasFitted = isVisible(); // else when it is shown
    applyAutoFit(Stay::AtTheTop);
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

void FlowView::applyAutoFit(Stay stay)
{
    const QSizeF room = fittingRoom();
    if (room.isEmpty() || !isVisible())
        return;
    const qreal top = mapToScene(QPoint(0, 0)).y();
    const qreal zoom = autoZoom();
    if (const QSizeF wanted = room / zoom; wanted != m_room) {
        m_room = wanted;
        m_scene->setLayout(laidOut());
    }
    setZoom(zoom);
    const QRectF bounds = m_scene->flow().bounds;
    const qreal shown = room.height() / zoom;
    const bool fitsHeight = bounds.height() <= shown;
    const qreal from = stay == Stay::AtTheTop ? bounds.top() : top;
    centerOn(bounds.center().x(), fitsHeight ? bounds.center().y() : from + shown / 2);
    updateCorners();
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

/// A gesture that runs has the first Escape.
bool FlowView::event(QEvent* event)
{
    if (event->type() == QEvent::ShortcutOverride && m_drag != Drag::None &&
        static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape) {
        event->accept();
        return true;
    }
    return QGraphicsView::event(event);
}

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
        else if (!m_passed.empty())
            followSelection();
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
    const bool held = event->key() == Qt::Key_Space && event->isAutoRepeat();
    if ((event->modifiers() & ~Qt::KeypadModifier) == Qt::ControlModifier &&
        (held || passBy(event->key())))
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

/// The list of keys and the command palette know them too.
void FlowView::addKeyActions()
{
    const auto add = [this](const QString& words, Qt::Key key) {
        auto* const action = new QAction(words, this);
        setKeysInItsView(*action, QKeySequence(Qt::CTRL | key).toString(QKeySequence::NativeText));
        connect(action, &QAction::triggered, this, [this, key] { passBy(key); });
        addAction(action);
    };
    add(tr("Come to the rule above, selected or not"), Qt::Key_Up);
    add(tr("Come to the rule below, selected or not"), Qt::Key_Down);
    add(tr("Mark the rule that was come to, or let it go"), Qt::Key_Space);
    add(tr("Look further to the left"), Qt::Key_Left);
    add(tr("Look further to the right"), Qt::Key_Right);
}

/// Ctrl+Up and Ctrl+Down come to a rule without selecting it, Ctrl+Space marks it or lets it go, as
/// Ctrl and a click do; Ctrl+Left and Ctrl+Right look to the side.
bool FlowView::passBy(int key)
{
    switch (key) {
    case Qt::Key_Up:
    case Qt::Key_Down:
        passRules(key == Qt::Key_Up ? -1 : 1);
        return true;
    case Qt::Key_Left:
    case Qt::Key_Right:
        panBy({key == Qt::Key_Left ? -kPanStepPx : kPanStepPx, 0});
        return true;
    case Qt::Key_Space:
        markPassed();
        return true;
    default:
        return false;
    }
}

void FlowView::passRules(int delta)
{
    const std::vector<Rule>& rules = m_editor.shownDocument().rules;
    if (rules.empty())
        return;
    const PolicySelection& selection = m_editor.selection();
    const bool fromSelected = m_passed.empty() && selection.kind == PolicySelection::Kind::Rule;
    const RuleId from(fromSelected ? selection.id : m_passed);
    const auto here = std::ranges::find(rules, from, &Rule::id);
    const auto last = static_cast<std::ptrdiff_t>(rules.size()) - 1;
    std::ptrdiff_t to = delta > 0 ? 0 : last;
    if (here != rules.end())
        to = std::clamp((here - rules.begin()) + delta, std::ptrdiff_t{0}, last);
    const PolicySelection passed = selectRule(rules[static_cast<std::size_t>(to)].id);
    m_passed = passed.id;
    updateState();
    const FlowLayout& flow = m_scene->flow();
    if (const int lane = flow.laneIndexOf(passed); lane >= 0)
        ensureVisible(flow.lanes[static_cast<std::size_t>(lane)].rect, space::kSection,
                      space::kSection);
    if (QAccessible::isActive() && hasFocus())
        announcePart(this, tell().partOf(passed));
}

void FlowView::markPassed()
{
    const std::string passed = m_passed;
    if (passed.empty())
        return;
    m_editor.setSelection(toggleMark(selectRule(RuleId(passed))));
    m_passed = passed;
    updateState();
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

// Window

void FlowView::resizeEvent(QResizeEvent* event)
{
    QGraphicsView::resizeEvent(event);
    if (m_autoFit)
        applyAutoFit(Stay::WhereItIs);
    updateCorners();
}

void FlowView::showEvent(QShowEvent* event)
{
    QGraphicsView::showEvent(event);
    if (m_autoFit)
        applyAutoFit(m_wasFitted ? Stay::WhereItIs : Stay::AtTheTop);
    m_wasFitted = true;
}

void FlowView::focusInEvent(QFocusEvent* event)
{
    QGraphicsView::focusInEvent(event);
    switch (event->reason()) {
    case Qt::TabFocusReason:
    case Qt::BacktabFocusReason:
    case Qt::ShortcutFocusReason:
        m_byKeyboard = true;
        break;
    case Qt::MouseFocusReason:
    case Qt::ActiveWindowFocusReason:
        m_byKeyboard = false;
        break;
    default: // the page gives it to whoever came, by whatever way
        break;
    }
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
        m_memory.clear();
        setBackgroundBrush(Theme::current().colors().window);
        viewport()->update();
    }
    QGraphicsView::changeEvent(event);
}

void FlowView::scrollContentsBy(int dx, int dy)
{
    QGraphicsView::scrollContentsBy(dx, dy);
    updateCorners();
}

/// The map and the key lie in corners that no card needs.
void FlowView::updateCorners()
{
    partsChanged();
    const FlowLayout& flow = m_scene->flow();
    const bool hasMap = m_minimap->setFlow(flow, mapToScene(viewport()->rect()).boundingRect());
    if (m_minimap->isHeld())
        return;
    std::vector<QRect> taken = cardsInView();
    const QRect window = viewport()->rect().marginsRemoved(
        {kCornerMargin, kCornerMargin, kCornerMargin, kCornerMargin});
    const auto place = [&](QWidget* widget, bool wanted, const QPoint& now) {
        const auto corner = wanted ? freeCorner(window, widget->size(), taken, now) : std::nullopt;
        if (corner) {
            widget->move(*corner);
            taken.push_back(widget->geometry());
        }
        widget->setVisible(corner.has_value());
    };
    place(m_minimap, hasMap, m_minimap->pos());
    // At the left, where the map is not, unless that corner is taken.
    place(m_key, !m_key->isEmpty(), {window.left(), window.bottom() + 1 - m_key->height()});
}

/// Where nothing may lie, in the window.
std::vector<QRect> FlowView::cardsInView() const
{
    const FlowLayout& flow = m_scene->flow();
    const QRectF inView = mapToScene(viewport()->rect()).boundingRect();
    std::vector<QRect> cards;
    const auto add = [&](const QRectF& card) {
        if (card.intersects(inView))
            cards.push_back(mapFromScene(card).boundingRect());
    };
    add(flow.source);
    for (const FlowLane& lane : flow.lanes)
        add(lane.rect);
    for (const FlowStation& station : flow.stations)
        add(station.rect);
    for (const FlowGap& gap : flow.gaps)
        add(gap.target());
    for (const FlowHeading& heading : flow.headings)
        add(heading.rect);
    return cards;
}

void FlowView::drawForeground(QPainter* painter, const QRectF& /*rect*/)
{
    if (m_dropTarget) {
        const ThemeColors& colors = Theme::current().colors();
        painter->setPen(QPen(colors.focus, 2 / zoom()));
        painter->setBrush(colors.hover);
        painter->drawRoundedRect(m_dropTarget->adjusted(-3, -3, 3, 3), radius::kCard,
                                 radius::kCard);
        return;
    }
    if (m_drag == Drag::Band) {
        const ThemeColors& colors = Theme::current().colors();
        painter->setPen(QPen(colors.focus, 1 / zoom()));
        painter->setBrush(colors.hover);
        painter->drawRect(band());
        return;
    }
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
