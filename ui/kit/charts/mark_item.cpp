// SPDX-License-Identifier: GPL-3.0-or-later
#include "chart_kit.h"
#include "label_placement.h"

#include <ui/kit/theme.h>

#include <QChart>
#include <QPainter>
#include <QWidget>

#include <algorithm>
#include <cmath>

namespace signalbox::ui {

namespace {

constexpr qreal kItemDepth = 12; ///< above grid and series
constexpr qreal kJoinReach = 11; ///< px: marks this near are one place to the eye
constexpr qreal kUntied = 13;    ///< px between mark and label without a line

const ThemeColors& colors()
{
    return Theme::current().colors();
}

QFont labelFont(const PlotMark& mark)
{
    return Theme::font(mark.strong ? TextRole::BodyStrong : TextRole::Small);
}

/// Five points; no model has it.
} // namespace

// MarkItem

MarkItem::MarkItem(ChartView* view) : QGraphicsObject(&view->chart()), m_view(view)
{
    setZValue(kItemDepth);
    setAcceptedMouseButtons(Qt::NoButton);
    connect(&view->chart(), &QChart::plotAreaChanged, this, [this] { prepareGeometryChange(); });
}

void MarkItem::setMarks(std::vector<PlotMark> marks)
{
    m_marks = std::move(marks);
    m_emphasis = -1;
    update();
}

int MarkItem::nearest(const QPointF& scenePosition, qreal reach) const
{
    int best = -1;
    double bestDistance = reach;
    for (std::size_t i = 0; i < m_marks.size(); ++i) {
        const QPointF to = m_view->mapping().toScene(m_marks[i].value) - scenePosition;
        const double distance = std::hypot(to.x(), to.y());
        if (distance <= bestDistance) {
            bestDistance = distance;
            best = static_cast<int>(i);
        }
    }
    return best;
}

void MarkItem::setEmphasis(int index)
{
    const int next = index < static_cast<int>(m_marks.size()) ? std::max(-1, index) : -1;
    if (next == m_emphasis)
        return;
    m_emphasis = next;
    update();
}

QRectF MarkItem::boundingRect() const
{
    return m_view->chart().plotArea().adjusted(-8, -8, 8, 8);
}

void MarkItem::setAvoided(std::vector<QList<QPointF>> curves)
{
    m_avoided = std::move(curves);
    update();
}

void MarkItem::setShade(ShadeItem* shade)
{
    m_shade = shade;
    if (shade)
        shade->setAvoided(this);
    update();
}

void MarkItem::paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget*)
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setClipRect(boundingRect());
    for (std::size_t i = 0; i < m_marks.size(); ++i)
        paintOne(*painter, m_marks[i], static_cast<int>(i) == m_emphasis);
    for (const PlacedLabel& label : placedLabels())
        paintLabel(*painter, label);
    painter->restore();
}

qreal MarkItem::drawnSize(const PlotMark& mark) const
{
    if (mark.shape != PlotShape::Ring)
        return mark.size;
    const QPointF at = m_view->mapping().toScene(mark.value);
    qreal size = mark.size;
    for (const PlotMark& other : m_marks) {
        const QPointF to = m_view->mapping().toScene(other.value) - at;
        if (other.shape == PlotShape::Look && std::hypot(to.x(), to.y()) < other.size / 2)
            size = std::max(size, other.size + 7);
    }
    return size;
}

std::vector<QRectF> MarkItem::markBoxes() const
{
    std::vector<QRectF> boxes;
    for (const PlotMark& mark : m_marks) {
        const QPointF at = m_view->mapping().toScene(mark.value);
        const qreal size = drawnSize(mark) + 2;
        boxes.emplace_back(at.x() - size / 2, at.y() - size / 2, size, size);
    }
    return boxes;
}

std::vector<QLineF> MarkItem::intervalLines() const
{
    constexpr double kCap = 6; // a little more than is painted, so that words do not touch it
    std::vector<QLineF> lines;
    const PlotMapping mapping = m_view->mapping();
    const auto add = [&](const QPointF& low, const QPointF& high, const QPointF& cap) {
        const QLineF line(mapping.toScene(low), mapping.toScene(high));
        lines.push_back(line);
        for (const QPointF& end : {line.p1(), line.p2()})
            lines.emplace_back(end - cap, end + cap);
    };
    for (const PlotMark& mark : m_marks) {
        if (mark.xInterval)
            add({mark.xInterval->first, mark.value.y()}, {mark.xInterval->second, mark.value.y()},
                {0, kCap});
        if (mark.yInterval)
            add({mark.value.x(), mark.yInterval->first}, {mark.value.x(), mark.yInterval->second},
                {kCap, 0});
    }
    return lines;
}

std::vector<QLineF> MarkItem::curveLines() const
{
    std::vector<QLineF> lines;
    const PlotMapping mapping = m_view->mapping();
    for (const QList<QPointF>& curve : m_avoided) {
        for (qsizetype i = 1; i < curve.size(); ++i)
            lines.emplace_back(mapping.toScene(curve[i - 1]), mapping.toScene(curve[i]));
    }
    return lines;
}

std::vector<MarkItem::PlacedLabel> MarkItem::placedLabels() const
{
    const PlotMapping mapping = m_view->mapping();
    // What is to be said: joining labels as one, in the order of their ranks.
    std::vector<PlacedLabel> said;
    std::vector<std::size_t> joining;
    std::vector<QPointF> anchors;
    std::vector<QString> labels;
    for (std::size_t i = 0; i < m_marks.size(); ++i) {
        if (m_marks[i].label.isEmpty())
            continue;
        if (m_marks[i].joins) {
            joining.push_back(i);
            anchors.push_back(mapping.toScene(m_marks[i].value));
            labels.push_back(m_marks[i].label);
        } else {
            said.push_back({m_marks[i].label, {}, i});
        }
    }
    for (const JoinedLabel& joined : joinedLabels(anchors, labels, kJoinReach))
        said.push_back({joined.text, {}, joining[joined.members.front()]});
    std::stable_sort(said.begin(), said.end(), [this](const PlacedLabel& a, const PlacedLabel& b) {
        return m_marks[a.mark].labelRank < m_marks[b.mark].labelRank;
    });

    std::vector<LabelWish> wishes;
    for (const PlacedLabel& label : said) {
        const PlotMark& mark = m_marks[label.mark];
        const QFontMetricsF metrics(labelFont(mark));
        const QSizeF size(std::ceil(metrics.horizontalAdvance(label.text)) + 2,
                          std::ceil(metrics.height()) - 1);
        wishes.push_back({placesAround(mapping.toScene(mark.value), drawnSize(mark) / 2, size)});
    }
    std::vector<QRectF> taken = markBoxes();
    std::vector<AvoidedLine> lines;
    for (const QLineF& interval : intervalLines())
        lines.push_back({interval, kAvoidInterval});
    if (m_shade) {
        for (const QLineF& limit : m_shade->limits())
            lines.push_back({limit, kAvoidGate});
        const auto words = m_shade->labelBoxes();
        taken.insert(taken.end(), words.begin(), words.end());
    }
    for (const QLineF& curve : curveLines())
        lines.push_back({curve, kAvoidCurve});
    const auto boxes = placeLabels(wishes, taken, lines, mapping.plot.adjusted(-2, -6, 2, 2));
    std::vector<PlacedLabel> placed;
    for (std::size_t i = 0; i < said.size(); ++i) {
        if (!boxes[i])
            continue; // the note under the pointer and the table still say it
        placed.push_back(said[i]);
        placed.back().box = *boxes[i];
    }
    return placed;
}

void MarkItem::paintOne(QPainter& painter, const PlotMark& mark, bool emphasised) const
{
    const PlotMapping mapping = m_view->mapping();
    const QPointF at = mapping.toScene(mark.value);
    QColor thin = inkOf(mark);
    thin.setAlphaF(thin.alphaF() * 0.8F);
    if (mark.xInterval)
        paintInterval(painter,
                      QLineF(mapping.toScene({mark.xInterval->first, mark.value.y()}),
                             mapping.toScene({mark.xInterval->second, mark.value.y()})),
                      thin);
    if (mark.yInterval)
        paintInterval(painter,
                      QLineF(mapping.toScene({mark.value.x(), mark.yInterval->first}),
                             mapping.toScene({mark.value.x(), mark.yInterval->second})),
                      thin);
    if (emphasised) {
        painter.setPen(QPen(colors().focus, 2));
        painter.setBrush(Qt::NoBrush);
        const qreal radius = std::max(mark.size * 0.95, drawnSize(mark) / 2 + 3);
        painter.drawEllipse(at, radius, radius);
    }
    const qreal size = drawnSize(mark);
    if (size > mark.size) { // what it is drawn around shows through
        PlotMark around = mark;
        around.fill = PlotFill::Hollow;
        paintPlotMark(painter, at, size, around);
        return;
    }
    paintPlotMark(painter, at, size, mark);
}

void MarkItem::paintLabel(QPainter& painter, const PlacedLabel& label) const
{
    const PlotMark& mark = m_marks[label.mark];
    const QPointF at = m_view->mapping().toScene(mark.value);
    // Far from its mark, a label is tied to it.
    const QPointF end(std::clamp(at.x(), label.box.left(), label.box.right()),
                      std::clamp(at.y(), label.box.top() + 2, label.box.bottom() - 2));
    const QLineF tie(at, end);
    const qreal radius = drawnSize(mark) / 2 + 2;
    if (tie.length() > radius + kUntied) {
        painter.setPen(QPen(colors().chartAxis, 1));
        painter.drawLine(tie.pointAt(radius / tie.length()), tie.pointAt(1 - 2 / tie.length()));
    }
    paintHaloText(painter, label.box, label.text, labelFont(mark),
                  mark.joins ? colors().textMuted : colors().text);
}

} // namespace signalbox::ui
