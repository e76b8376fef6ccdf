// SPDX-License-Identifier: GPL-3.0-or-later
#include "chart_kit.h"
#include "label_placement.h"

#include <ui/kit/theme.h>

#include <QChart>
#include <QPainter>
#include <QWidget>

#include <algorithm>
#include <cmath>
#include <utility>

namespace signalbox::ui {

namespace {

constexpr qreal kItemDepth = 12; ///< above grid and series
constexpr qreal kJoinReach = 11; ///< px: marks this near are one place to the eye
constexpr qreal kUntied = 13;    ///< px between mark and label without a line
constexpr qreal kClaim = 10;     ///< px around a mark in which words seem to be its own
constexpr qreal kTieGap = 2;     ///< px between a tie and what it ties

const ThemeColors& colors()
{
    return Theme::current().colors();
}

QFont labelFont(bool strong)
{
    return Theme::font(strong ? TextRole::BodyStrong : TextRole::Small);
}

double distance(const QPointF& a, const QPointF& b)
{
    return std::hypot(a.x() - b.x(), a.y() - b.y());
}

QRectF boxAround(const QPointF& at, qreal size)
{
    return {at.x() - size / 2, at.y() - size / 2, size, size};
}

std::vector<QLineF> linesOf(const PlotCurve& curve, const PlotMapping& mapping)
{
    std::vector<QLineF> lines;
    for (qsizetype i = 1; i < curve.points.size(); ++i)
        lines.emplace_back(mapping.toScene(curve.points[i - 1]), mapping.toScene(curve.points[i]));
    return lines;
}

/// Radius of what says that the pointer is on a mark, or that it is selected.
qreal ringOf(const PlotMark& mark)
{
    return std::max(mark.size * 0.95, mark.size / 2 + 4);
}

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
    m_emphasis = m_chosen = -1;
    update();
}

int MarkItem::nearest(const QPointF& scenePosition, qreal reach) const
{
    int best = -1;
    double bestDistance = reach;
    for (std::size_t i = 0; i < m_marks.size(); ++i) {
        const double away = distance(placeOf(i), scenePosition);
        if (away <= bestDistance && !mergedWith(i) && !modelWithin(i)) {
            bestDistance = away;
            best = static_cast<int>(i);
        }
    }
    return best;
}

std::vector<std::optional<std::size_t>> MarkItem::merges() const
{
    constexpr qreal kLeastReach = 6;
    std::vector<std::optional<std::size_t>> into(m_marks.size());
    for (std::size_t index = m_marks.size(); index-- > 0;) {
        if (!m_marks[index].joins)
            continue;
        for (std::size_t i = m_marks.size(); i-- > index + 1 && !into[index];) {
            const PlotMark& newer = m_marks[i];
            // Only into one that is drawn, or a row of small steps would lose its first.
            if (newer.joins && !into[i] &&
                distance(placeOf(i), placeOf(index)) <= std::max(kLeastReach, newer.size / 2))
                into[index] = i;
        }
    }
    return into;
}

std::optional<std::size_t> MarkItem::mergedWith(std::size_t index) const
{
    return merges()[index];
}

std::vector<std::size_t> MarkItem::mergedInto(std::size_t index) const
{
    std::vector<std::size_t> merged;
    for (std::size_t i = 0; i < m_marks.size(); ++i) {
        const auto drawn = mergedWith(i); // of several, the one that is drawn as the ring
        if (drawn == index || modelWithin(drawn.value_or(i)) == index)
            merged.push_back(i);
    }
    return merged;
}

std::optional<std::size_t> MarkItem::modelWithin(std::size_t index) const
{
    if (!m_marks[index].encloses)
        return std::nullopt;
    const QPointF at = placeOf(index);
    for (std::size_t i = 0; i < m_marks.size(); ++i) {
        if (m_marks[i].model >= 0 && distance(placeOf(i), at) < m_marks[i].size / 2 + 3)
            return i;
    }
    return std::nullopt;
}

QPointF MarkItem::placeOf(std::size_t index) const
{
    return m_view->mapping().toScene(m_marks[index].value);
}

/// Of the mark and of all that encloses it: words stand outside.
qreal MarkItem::outerRadiusOf(std::size_t index) const
{
    qreal outer = static_cast<int>(index) == m_chosen ? ringOf(m_marks[index]) : radiusOf(index);
    for (std::size_t i = 0; i < m_marks.size(); ++i) {
        if (modelWithin(i) == index)
            outer = std::max(outer, radiusOf(i));
    }
    return outer;
}

qreal MarkItem::radiusOf(std::size_t index) const
{
    constexpr qreal kClear = 4; // px between a model's mark and the middle of the ring round it
    const qreal own = m_marks[index].size / 2;
    const auto model = modelWithin(index);
    return model ? std::max(own, m_marks[*model].size / 2 + kClear) : own;
}

void MarkItem::setEmphasis(int index)
{
    const int next = index < static_cast<int>(m_marks.size()) ? std::max(-1, index) : -1;
    if (next == m_emphasis)
        return;
    m_emphasis = next;
    update();
}

void MarkItem::setChosen(int index)
{
    const int next = index < static_cast<int>(m_marks.size()) ? std::max(-1, index) : -1;
    if (next == m_chosen)
        return;
    m_chosen = next;
    update();
}

QRectF MarkItem::boundingRect() const
{
    return m_view->chart().plotArea().adjusted(-8, -8, 8, 8);
}

void MarkItem::setCurves(std::vector<PlotCurve> curves)
{
    m_curves = std::move(curves);
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
    for (std::size_t i = 0; i < m_marks.size(); ++i) {
        if (static_cast<int>(i) != m_chosen)
            paintOne(*painter, i);
    }
    if (m_chosen >= 0) // over all others: it may lie among them
        paintOne(*painter, static_cast<std::size_t>(m_chosen));
    for (const PlacedLabel& label : placedLabels())
        paintLabel(*painter, label);
    painter->restore();
}

std::vector<QRectF> MarkItem::markBoxes() const
{
    std::vector<QRectF> boxes;
    for (std::size_t i = 0; i < m_marks.size(); ++i) {
        if (!m_marks[i].quiet && !mergedWith(i))
            boxes.push_back(boxAround(placeOf(i), 2 * radiusOf(i) + 2));
    }
    return boxes;
}

std::vector<QLineF> MarkItem::intervalLines() const
{
    constexpr double kCap = 6; // a little more than is painted, so that words do not touch it
    std::vector<QLineF> lines;
    const PlotMapping mapping = m_view->mapping();
    const auto add = [&](const QPointF& low, const QPointF& high, const QPointF& cap,
                         const QPointF& by) {
        const QLineF line(mapping.toScene(low) + by, mapping.toScene(high) + by);
        lines.push_back(line);
        for (const QPointF& end : {line.p1(), line.p2()})
            lines.emplace_back(end - cap, end + cap);
    };
    for (const PlotMark& mark : m_marks) {
        if (mark.xInterval)
            add({mark.xInterval->first, mark.value.y()}, {mark.xInterval->second, mark.value.y()},
                {0, kCap}, {0, mark.intervalDrop});
        if (mark.yInterval)
            add({mark.value.x(), mark.yInterval->first}, {mark.value.x(), mark.yInterval->second},
                {kCap, 0}, {});
    }
    return lines;
}

std::vector<QLineF> MarkItem::curveLines() const
{
    std::vector<QLineF> lines;
    for (const PlotCurve& curve : m_curves) {
        const auto parts = linesOf(curve, m_view->mapping());
        lines.insert(lines.end(), parts.begin(), parts.end());
    }
    return lines;
}

/// What is to be said, the important first: joining labels as one, the names of curves last.
std::vector<MarkItem::PlacedLabel> MarkItem::labelsToPlace() const
{
    std::vector<PlacedLabel> said;
    std::vector<std::size_t> joining;
    std::vector<QPointF> anchors;
    std::vector<QString> labels;
    for (std::size_t i = 0; i < m_marks.size(); ++i) {
        const PlotMark& mark = m_marks[i];
        if (mark.label.isEmpty())
            continue;
        if (mark.joins) {
            joining.push_back(i);
            anchors.push_back(placeOf(mergedWith(i).value_or(i)));
            labels.push_back(mark.label);
        } else {
            said.push_back({mark.labelLead + mark.label, {}, i, mark.strong});
        }
    }
    for (const JoinedLabel& joined : joinedLabels(anchors, labels, kJoinReach)) {
        const std::size_t newest = joining[joined.members.back()];
        said.push_back(
            {m_marks[newest].labelLead + joined.text, {}, newest, m_marks[newest].strong});
    }
    std::stable_sort(said.begin(), said.end(), [this](const PlacedLabel& a, const PlacedLabel& b) {
        return m_marks[*a.mark].labelRank < m_marks[*b.mark].labelRank;
    });
    for (const PlotCurve& curve : m_curves) {
        if (!curve.label.isEmpty())
            said.push_back({curve.label, {}, std::nullopt, false});
    }
    return said;
}

std::vector<MarkItem::PlacedLabel> MarkItem::placedLabels() const
{
    const PlotMapping mapping = m_view->mapping();
    const std::vector<PlacedLabel> said = labelsToPlace();
    std::vector<LabelWish> wishes;
    auto curve = m_curves.begin();
    for (const PlacedLabel& label : said) {
        const QFontMetricsF metrics(labelFont(label.strong));
        const QSizeF size(std::ceil(metrics.horizontalAdvance(label.text)) + 2,
                          std::ceil(metrics.height()) - 1);
        if (label.mark) {
            LabelWish wish{placesAround(placeOf(*label.mark), outerRadiusOf(*label.mark), size)};
            for (std::size_t i = 0; i < m_marks.size(); ++i) {
                if (i != *label.mark && !m_marks[i].quiet && mergedWith(i) != label.mark &&
                    modelWithin(i) != label.mark && modelWithin(*label.mark) != i)
                    wish.foreign.push_back(boxAround(placeOf(i), m_marks[i].size + 2 * kClaim));
            }
            wishes.push_back(std::move(wish));
            continue;
        }
        while (curve->label != label.text)
            ++curve;
        std::vector<QPointF> line;
        for (const QPointF& point : curve->points)
            line.push_back(mapping.toScene(point));
        wishes.push_back({placesAlong(line, size)});
        ++curve;
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
    for (const PlotCurve& line : m_curves) {
        for (const QLineF& part : linesOf(line, mapping))
            lines.push_back({part, line.isThread ? kAvoidThread : kAvoidCurve});
    }
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

void MarkItem::paintIntervals(QPainter& painter, const PlotMark& mark) const
{
    const PlotMapping mapping = m_view->mapping();
    QColor thin = inkOf(mark);
    thin.setAlphaF(thin.alphaF() * 0.8F);
    if (mark.xInterval) {
        const QLineF line(mapping.toScene({mark.xInterval->first, mark.value.y()}),
                          mapping.toScene({mark.xInterval->second, mark.value.y()}));
        const QPointF drop(0, mark.intervalDrop);
        paintInterval(painter, line.translated(drop), thin);
        if (mark.intervalDrop > 0) {
            const QPointF at = mapping.toScene(mark.value);
            paintTie(painter, QLineF(at + QPointF(0, mark.size / 2 + kTieGap), at + drop));
        }
    }
    if (mark.yInterval)
        paintInterval(painter,
                      QLineF(mapping.toScene({mark.value.x(), mark.yInterval->first}),
                             mapping.toScene({mark.value.x(), mark.yInterval->second})),
                      thin);
}

void MarkItem::paintOne(QPainter& painter, std::size_t index) const
{
    const PlotMark& mark = m_marks[index];
    const bool isEmphasised = static_cast<int>(index) == m_emphasis;
    if ((mark.quiet && !isEmphasised) || mergedWith(index))
        return;
    const QPointF at = placeOf(index);
    paintIntervals(painter, mark);
    if (isEmphasised || static_cast<int>(index) == m_chosen) {
        painter.setPen(QPen(colors().focus, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawEllipse(at, ringOf(mark), ringOf(mark));
    }
    if (!modelWithin(index)) {
        paintPlotMark(painter, at, mark.size, mark);
        return;
    }
    painter.setPen(QPen(inkOf(mark), 2));
    painter.setBrush(Qt::NoBrush);
    painter.drawEllipse(at, radiusOf(index), radiusOf(index));
}

void MarkItem::paintLabel(QPainter& painter, const PlacedLabel& label) const
{
    // Pale for what the policy and the models are measured by, and for what the policy was.
    const auto leads = [&](const PlotMark& mark) {
        return mark.model >= 0 || mark.strong || (mark.ink == PlotInk::Text && !mark.joins);
    };
    const QColor ink =
        label.mark && leads(m_marks[*label.mark]) ? colors().text : colors().textMuted;
    if (label.mark && m_marks[*label.mark].intervalDrop == 0) { // else the interval ties it
        // Far from its mark, a label is tied to it.
        const QPointF at = placeOf(*label.mark);
        const QPointF end(std::clamp(at.x(), label.box.left(), label.box.right()),
                          std::clamp(at.y(), label.box.top() + 2, label.box.bottom() - 2));
        const QLineF tie(at, end);
        const qreal radius = m_marks[*label.mark].size / 2 + kTieGap;
        if (tie.length() > radius + kUntied)
            paintTie(painter, QLineF(tie.pointAt(radius / tie.length()),
                                     tie.pointAt(1 - kTieGap / tie.length())));
    }
    paintHaloText(painter, label.box, label.text, labelFont(label.strong), ink);
}

} // namespace signalbox::ui
