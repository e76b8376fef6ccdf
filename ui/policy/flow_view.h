// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "flow_scene.h"
#include "policy_edits.h"

#include <ui/kit/spoken_parts.h>

#include <QGraphicsView>

#include <map>
#include <optional>

namespace signalbox::ui {

class FlowKey;
class FlowMinimap;
class PolicyActions;
class PolicyEditor;
struct SpokenFlow;

/// The flow canvas: shows a FlowScene and turns mouse and keys into gestures of the policy. Zooms
/// about the pointer with Ctrl+wheel, pans with the middle button or Space, draws a band around
/// several rules from the empty canvas, and fits itself to its window until somebody zooms.
class FlowView final : public QGraphicsView, public SpokenParts
{
    Q_OBJECT
public:
    FlowView(PolicyEditor& editor, PolicyActions& actions, QWidget* parent = nullptr);
    ~FlowView() override;

    [[nodiscard]] FlowScene& flowScene() { return *m_scene; }

    /// Numbers for the widths of the edges; the document is the editor's shown one.
    void setTraffic(const FlowTraffic& traffic);
    void setTrail(std::optional<FlowTrail> trail);
    /// The source text cannot be read: what is drawn is the last document that could.
    void setStale(bool stale);

    [[nodiscard]] qreal zoom() const;
    void zoomBy(qreal factor);
    void resetZoom();
    /// All of it in the window, and again whenever the window changes.
    void fit();

    /// Centre of a part in viewport coordinates, for tests and pop-ups.
    [[nodiscard]] QPoint viewportPointOf(const QPointF& scenePoint) const;

    [[nodiscard]] QAccessible::Role spokenRole() const override { return QAccessible::Canvas; }
    [[nodiscard]] std::vector<SpokenPart> spokenParts() const override;
    void pressPart(int part) override;

signals:
    void zoomChanged(qreal zoom);
    /// Enter or a double click: edit what is selected.
    void openRequested();
    void renameRequested();
    /// A menu for what is under the pointer, which is selected by now.
    void menuRequested(const QPoint& globalPosition, signalbox::ui::FlowHit::Part part);

protected:
    bool event(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void keyReleaseEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dragMoveEvent(QDragMoveEvent* event) override;
    void dragLeaveEvent(QDragLeaveEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;
    void drawForeground(QPainter* painter, const QRectF& rect) override;
    bool viewportEvent(QEvent* event) override;
    bool focusNextPrevChild(bool next) override;
    void changeEvent(QEvent* event) override;

private:
    /// What the pressed mouse button is doing.
    enum class Drag { None, Armed, Reorder, Wire, Band, Pan };

    void relayout();
    void dropWhatIsGone();
    void showAnother();
    void followSelection();
    /// What a flow that is higher than the window shows when it is fitted anew.
    enum class Stay { AtTheTop, WhereItIs };
    void applyAutoFit(Stay stay);
    void showSelection();
    [[nodiscard]] QRectF selectedRect() const;
    [[nodiscard]] bool isInView(const QRectF& rect) const;
    [[nodiscard]] bool isBetweenLanes(const QPointF& scenePoint) const;
    void updateCorners();
    [[nodiscard]] std::vector<QRect> cardsInView() const;
    /// As large as the window allows without cutting or shrinking texts, up to a limit.
    [[nodiscard]] qreal autoZoom() const;
    [[nodiscard]] QSizeF fittingRoom() const;
    [[nodiscard]] FlowFrame frame() const;
    void setZoom(qreal zoom);
    void updateState();
    [[nodiscard]] FlowState stateOf(const FlowLayout& flow) const;
    [[nodiscard]] FlowLayout laidOut();
    void hoverAt(const QPointF& scenePoint);
    void click(const FlowHit& hit, Qt::KeyboardModifiers modifiers);
    /// @return what is to be selected: the rule, or one that stays marked if this one was let go
    PolicySelection toggleMark(const PolicySelection& selection);
    void startDrag(const QPointF& scenePoint);
    void dragTo(const QPointF& scenePoint);
    void drop();
    void dropWire();
    void cancelDrag();
    void dropBand(Qt::KeyboardModifiers modifiers);
    [[nodiscard]] std::vector<RuleId> rulesInBand(const FlowLayout& flow) const;
    [[nodiscard]] QRectF band() const;
    [[nodiscard]] MaybeGesture reorderGesture() const;
    [[nodiscard]] bool dragsSeveral() const;
    void panBy(const QPoint& pixels);
    [[nodiscard]] bool selectNeighbour(int key);
    void addKeyActions();
    bool passBy(int key);
    void passRules(int delta);
    void markPassed();
    [[nodiscard]] QString toolTipAt(const QPointF& scenePoint) const;
    [[nodiscard]] MaybeGesture wireGesture() const;
    void showDropTarget(const std::optional<QRectF>& target);
    void describeSelection();
    [[nodiscard]] SpokenFlow tell() const;

    PolicyEditor& m_editor;
    PolicyActions& m_actions;
    FlowScene* m_scene = nullptr;
    FlowMinimap* m_minimap = nullptr;
    FlowKey* m_key = nullptr;
    FlowMetrics m_metrics;
    FlowMemory m_memory;
    FlowTraffic m_traffic;
    std::optional<FlowTrail> m_trail;
    bool m_stale = false;
    QSizeF m_room; ///< scene pixels that the flow may fill; kept while somebody zooms
    /// How a person has set a policy that another one stands in front of.
    struct Kept
    {
        qreal zoom = 1;
        QPointF center;
        QSizeF room;
    };
    std::map<quint64, Kept> m_kept; ///< by OpenPolicy::number()
    quint64 m_number = 0;           ///< of the policy in front
    bool m_autoFit = true;
    bool m_wasFitted = false; ///< as it is now, while it was visible
    bool m_spaceDown = false;
    bool m_byKeyboard = false; ///< the last input came from the keyboard: show where it is
    FlowHit m_hover;
    std::string m_passed; ///< the rule that Ctrl and the arrows have come to, selected or not

    std::optional<QRectF> m_dropTarget; ///< where a part from the tool bar would go
    Drag m_drag = Drag::None;
    FlowHit m_pressed;
    QPoint m_pressPosition;
    QPoint m_lastPosition;
    qreal m_grabOffset = 0; ///< from the dragged lane's top to the pointer
    qreal m_draggedTop = 0;
    QPointF m_wireEnd;
    QPointF m_bandEnd;
};

} // namespace signalbox::ui
