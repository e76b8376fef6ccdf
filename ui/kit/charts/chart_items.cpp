// SPDX-License-Identifier: GPL-3.0-or-later
#include "chart_kit.h"
#include "label_placement.h"

#include <ui/kit/model_look.h>
#include <ui/kit/theme.h>

#include <QAbstractAxis>
#include <QChart>
#include <QChartView>
#include <QPainter>
#include <QPainterPath>
#include <QWidget>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace signalbox::ui {

namespace {

constexpr double kBucket = 8;      ///< px, of the hover grid
constexpr double kCalloutGap = 12; ///< between anchor and note
constexpr double kCalloutPad = 10;
constexpr qreal kItemDepth = 12; ///< above grid and series
constexpr qreal kShadeDepth = 2; ///< above the grid, below the series
constexpr qreal kCalloutDepth = 20;
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
QPainterPath starPath(const QPointF& at, qreal radius)
{
    QPolygonF star;
    for (int i = 0; i < 10; ++i) {
        const double angle = i * std::numbers::pi / 5;
        const double reach = i % 2 == 0 ? radius : radius * 0.42;
        star << at + QPointF(std::sin(angle) * reach, -std::cos(angle) * reach);
    }
    QPainterPath path;
    path.addPolygon(star);
    path.closeSubpath();
    return path;
}

} // namespace

QColor inkOf(const PlotMark& mark)
{
    const auto plain = [&] {
        switch (mark.ink) {
        case PlotInk::Text:
            return colors().text;
        case PlotInk::Muted:
            return colors().textMuted;
        case PlotInk::Accent:
            return colors().accentInk;
        }
        return colors().text;
    };
    QColor ink = mark.model >= 0 ? lookFor(mark.model).color : plain();
    ink.setAlphaF(static_cast<float>(std::clamp(mark.opacity, 0.0, 1.0)));
    return ink;
}

void paintPlotMark(QPainter& painter, const QPointF& at, qreal size, const PlotMark& mark)
{
    const QColor ink = inkOf(mark);
    const qreal radius = size / 2;
    switch (mark.shape) {
    case PlotShape::Look: {
        ModelLook look = lookFor(mark.model);
        look.color = ink;
        paintMark(painter, at, size, look);
        return;
    }
    case PlotShape::Dot:
        painter.setPen(Qt::NoPen);
        painter.setBrush(ink);
        painter.drawEllipse(at, radius, radius);
        return;
    case PlotShape::Ring:
        painter.setPen(QPen(ink, 1.8));
        painter.setBrush(colors().surface);
        painter.drawEllipse(at, radius, radius);
        return;
    case PlotShape::Diamond:
        painter.setPen(QPen(ink, 1.3));
        painter.setBrush(colors().surface);
        painter.drawPolygon(QPolygonF{at + QPointF(0, -radius), at + QPointF(radius, 0),
                                      at + QPointF(0, radius), at + QPointF(-radius, 0)});
        return;
    case PlotShape::Star:
        painter.setPen(QPen(colors().surface, 1));
        painter.setBrush(ink);
        painter.drawPath(starPath(at, radius));
        return;
    }
}

void paintInterval(QPainter& painter, const QLineF& line, const QColor& ink)
{
    constexpr double kCap = 4;
    if (line.length() <= 0)
        return;
    const QLineF along = line.unitVector();
    const QPointF aside(-along.dy() * kCap, along.dx() * kCap);
    painter.setPen(QPen(ink, 1.5));
    painter.drawLine(line);
    painter.drawLine(line.p1() - aside, line.p1() + aside);
    painter.drawLine(line.p2() - aside, line.p2() + aside);
}

void paintHaloText(QPainter& painter, const QRectF& box, const QString& text, const QFont& font,
                   const QColor& ink)
{
    const QFontMetricsF metrics(font);
    const QPointF base(box.center().x() - metrics.horizontalAdvance(text) / 2,
                       box.center().y() + (metrics.ascent() - metrics.descent()) / 2);
    QPainterPath outline;
    outline.addText(base, font, text);
    painter.strokePath(outline,
                       QPen(colors().surface, 4, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.setFont(font);
    painter.setPen(ink);
    painter.drawText(base, text);
}

// CalloutItem

CalloutItem::CalloutItem(QChart* chart) : QGraphicsObject(chart), m_chart(chart)
{
    setZValue(kCalloutDepth);
    setAcceptedMouseButtons(Qt::NoButton);
    setVisible(false);
}

void CalloutItem::showAt(const QPointF& anchor, const QStringList& lines)
{
    prepareGeometryChange();
    m_anchor = anchor;
    m_lines = lines;
    const QFontMetricsF strong(Theme::font(TextRole::BodyStrong));
    const QFontMetricsF plain(Theme::font(TextRole::Small));
    double width = 0;
    for (qsizetype i = 0; i < lines.size(); ++i)
        width = std::max(width, (i == 0 ? strong : plain).horizontalAdvance(lines[i]));
    const double height = strong.lineSpacing() +
                          plain.lineSpacing() * double(std::max<qsizetype>(0, lines.size() - 1));
    QRectF box(0, 0, std::ceil(width) + 2 * kCalloutPad, std::ceil(height) + 2 * kCalloutPad - 4);
    // Right and above the anchor if there is room, else on the other side; always inside the plot.
    const QRectF room = m_chart->plotArea();
    box.moveTo(anchor + QPointF(kCalloutGap, -kCalloutGap - box.height()));
    if (box.right() > room.right())
        box.moveRight(anchor.x() - kCalloutGap);
    if (box.top() < room.top())
        box.moveTop(anchor.y() + kCalloutGap);
    box.moveLeft(std::max(room.left(), std::min(box.left(), room.right() - box.width())));
    box.moveTop(std::max(room.top(), std::min(box.top(), room.bottom() - box.height())));
    m_box = box;
    show();
    update();
}

QRectF CalloutItem::boundingRect() const
{
    return m_box.adjusted(-2, -2, 2, 3);
}

void CalloutItem::paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget*)
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(colors().lineStrong, 1));
    painter->setBrush(colors().raised);
    painter->drawRoundedRect(m_box.adjusted(0.5, 0.5, -0.5, -0.5), radius::kControl,
                             radius::kControl);
    double y = m_box.top() + kCalloutPad - 2;
    for (qsizetype i = 0; i < m_lines.size(); ++i) {
        const QFont font = Theme::font(i == 0 ? TextRole::BodyStrong : TextRole::Small);
        const QFontMetricsF metrics(font);
        painter->setFont(font);
        painter->setPen(i == 0 ? colors().text : colors().textMuted);
        painter->drawText(QPointF(m_box.left() + kCalloutPad, y + metrics.ascent()), m_lines[i]);
        y += metrics.lineSpacing();
    }
    painter->restore();
}

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
    std::vector<QLineF> lines;
    const PlotMapping mapping = m_view->mapping();
    for (const PlotMark& mark : m_marks) {
        if (mark.xInterval)
            lines.emplace_back(mapping.toScene({mark.xInterval->first, mark.value.y()}),
                               mapping.toScene({mark.xInterval->second, mark.value.y()}));
        if (mark.yInterval)
            lines.emplace_back(mapping.toScene({mark.value.x(), mark.yInterval->first}),
                               mapping.toScene({mark.value.x(), mark.yInterval->second}));
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
    for (const QList<QPointF>& curve : m_avoided) {
        for (qsizetype i = 1; i < curve.size(); ++i)
            lines.push_back(
                {QLineF(mapping.toScene(curve[i - 1]), mapping.toScene(curve[i])), kAvoidCurve});
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
    paintPlotMark(painter, at, drawnSize(mark), mark);
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

// TrailItem

TrailItem::TrailItem(ChartView* view) : QGraphicsObject(&view->chart()), m_view(view)
{
    setZValue(kItemDepth - 2);
    setAcceptedMouseButtons(Qt::NoButton);
    connect(&view->chart(), &QChart::plotAreaChanged, this, [this] { prepareGeometryChange(); });
}

void TrailItem::setPoints(QList<QPointF> oldestFirst)
{
    m_points = std::move(oldestFirst);
    update();
}

QRectF TrailItem::boundingRect() const
{
    return m_view->chart().plotArea();
}

void TrailItem::paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget*)
{
    constexpr double kArrow = 8;
    constexpr double kArrowAt = 0.6; ///< share of a step, clear of the marks at both ends
    constexpr double kLeast = 24;    ///< px: under it a step is too short for an arrow
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setClipRect(boundingRect());
    for (qsizetype i = 1; i < m_points.size(); ++i) {
        const QLineF step(m_view->mapping().toScene(m_points[i - 1]),
                          m_view->mapping().toScene(m_points[i]));
        if (step.length() < 1)
            continue;
        QColor ink = colors().accentInk;
        ink.setAlphaF(static_cast<float>(0.3 + 0.6 * double(i) / double(m_points.size() - 1)));
        painter->setPen(QPen(ink, 1.4));
        painter->drawLine(step);
        if (step.length() < kLeast)
            continue;
        const QLineF along = step.unitVector();
        const QPointF ahead(along.dx() * kArrow, along.dy() * kArrow);
        const QPointF aside(-ahead.y() * 0.45, ahead.x() * 0.45);
        const QPointF tip = step.pointAt(kArrowAt) + ahead / 2;
        painter->setPen(Qt::NoPen);
        painter->setBrush(ink);
        painter->drawPolygon(QPolygonF{tip, tip - ahead + aside, tip - ahead - aside});
    }
    painter->restore();
}

// ShadeItem

ShadeItem::ShadeItem(ChartView* view) : QGraphicsObject(&view->chart()), m_view(view)
{
    setZValue(kShadeDepth);
    setAcceptedMouseButtons(Qt::NoButton);
    connect(&view->chart(), &QChart::plotAreaChanged, this, [this] { prepareGeometryChange(); });
}

void ShadeItem::setForbiddenBelowY(std::optional<double> value, const QString& label)
{
    m_belowY = value;
    m_belowLabel = label;
    update();
}

void ShadeItem::setForbiddenAboveX(std::optional<double> value, const QString& label)
{
    m_aboveX = value;
    m_aboveLabel = label;
    update();
}

void ShadeItem::setAvoided(const MarkItem* marks)
{
    m_marks = marks;
    update();
}

QRectF ShadeItem::boundingRect() const
{
    return m_view->chart().plotArea();
}

/// The limits inside the plot, with the places that would do for their words: on the forbidden
/// side if there is room.
std::vector<ShadeItem::Limit> ShadeItem::shownLimits() const
{
    constexpr double kAside = 6; ///< between line and words
    const QRectF plot = boundingRect();
    const QFontMetricsF metrics(Theme::font(TextRole::Caption));
    const auto sizeOf = [&](const QString& label) {
        return QSizeF(std::ceil(metrics.horizontalAdvance(label)) + 2, std::ceil(metrics.height()));
    };
    std::vector<Limit> limits;
    if (m_belowY) {
        const double y = m_view->mapping().toScene({1, *m_belowY}).y();
        if (y > plot.top() && y < plot.bottom()) {
            const QSizeF size = sizeOf(m_belowLabel);
            Limit limit{QLineF(plot.left(), y, plot.right(), y), m_belowLabel, {}};
            for (const double top : {y + 3, y - 3 - size.height()}) {
                for (const double share : {0.0, 1.0, 0.25, 0.5, 0.75})
                    limit.places.emplace_back(
                        QPointF(plot.left() + kAside +
                                    share * (plot.width() - 2 * kAside - size.width()),
                                top),
                        size);
            }
            limits.push_back(std::move(limit));
        }
    }
    if (m_aboveX) {
        const double x = m_view->mapping().toScene({*m_aboveX, 0}).x();
        if (x > plot.left() && x < plot.right()) {
            const QSizeF size = sizeOf(m_aboveLabel);
            Limit limit{QLineF(x, plot.top(), x, plot.bottom()), m_aboveLabel, {}};
            for (const double left : {x + kAside, x - kAside - size.width()}) {
                for (const double share : {1.0, 0.75, 0.5, 0.25, 0.0})
                    limit.places.emplace_back(
                        QPointF(left, plot.top() + 3 + share * (plot.height() - 6 - size.height())),
                        size);
            }
            limits.push_back(std::move(limit));
        }
    }
    return limits;
}

std::vector<std::optional<QRectF>> ShadeItem::placesOf(const std::vector<Limit>& limits) const
{
    std::vector<LabelWish> wishes;
    std::vector<AvoidedLine> lines;
    for (const Limit& limit : limits) {
        wishes.push_back({limit.places});
        lines.push_back({limit.line, kAvoidGate});
    }
    std::vector<QRectF> taken;
    if (m_marks) {
        taken = m_marks->markBoxes();
        for (const QLineF& interval : m_marks->intervalLines())
            lines.push_back({interval, kAvoidInterval});
    }
    return placeLabels(wishes, taken, lines, boundingRect());
}

std::vector<QLineF> ShadeItem::limits() const
{
    std::vector<QLineF> lines;
    for (const Limit& limit : shownLimits())
        lines.push_back(limit.line);
    return lines;
}

std::vector<QRectF> ShadeItem::labelBoxes() const
{
    std::vector<QRectF> boxes;
    for (const std::optional<QRectF>& box : placesOf(shownLimits())) {
        if (box)
            boxes.push_back(*box);
    }
    return boxes;
}

void ShadeItem::paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget*)
{
    const QRectF plot = boundingRect();
    if (plot.isEmpty() || (!m_belowY && !m_aboveX))
        return;
    painter->save();
    painter->setClipRect(plot);
    QPainterPath region;
    if (m_belowY) {
        const double y =
            std::clamp(m_view->mapping().toScene({1, *m_belowY}).y(), plot.top(), plot.bottom());
        region.addRect(QRectF(plot.left(), y, plot.width(), plot.bottom() - y));
    }
    if (m_aboveX) {
        const double x =
            std::clamp(m_view->mapping().toScene({*m_aboveX, 0}).x(), plot.left(), plot.right());
        QPainterPath right;
        right.addRect(QRectF(x, plot.top(), plot.right() - x, plot.height()));
        region = region.united(right);
    }
    painter->fillPath(region, colors().shade);
    const std::vector<Limit> limits = shownLimits();
    const auto boxes = placesOf(limits);
    QColor edge = colors().negative.ink;
    edge.setAlphaF(0.75F);
    for (const Limit& limit : limits) {
        // On whole pixels, so that one pixel wide is one pixel wide.
        const QPointF at(std::floor(limit.line.x1()), std::floor(limit.line.y1()));
        painter->setPen(QPen(edge, 1));
        painter->drawLine(limit.line.translated(at + QPointF(0.5, 0.5) - limit.line.p1()));
    }
    painter->setRenderHint(QPainter::Antialiasing);
    for (std::size_t i = 0; i < limits.size(); ++i) {
        if (boxes[i])
            paintHaloText(*painter, *boxes[i], limits[i].label, Theme::font(TextRole::Caption),
                          colors().negative.ink);
    }
    painter->restore();
}

// RasterScatterItem

RasterScatterItem::RasterScatterItem(ChartView* view)
    : QGraphicsObject(&view->chart()), m_view(view)
{
    setZValue(kItemDepth - 1);
    setAcceptedMouseButtons(Qt::NoButton);
    connect(&view->chart(), &QChart::plotAreaChanged, this, [this] { prepareGeometryChange(); });
    connect(&ThemeNotifier::instance(), &ThemeNotifier::themeChanged, this,
            [this] { invalidate(); });
}

void RasterScatterItem::invalidate()
{
    m_dirty = true;
    update();
}

void RasterScatterItem::setPoints(std::vector<QPointF> values)
{
    m_points = std::move(values);
    invalidate();
}

void RasterScatterItem::setModel(int model)
{
    m_model = model;
    invalidate();
}

QRectF RasterScatterItem::boundingRect() const
{
    return m_view->chart().plotArea();
}

void RasterScatterItem::paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget* widget)
{
    // A picture being exported has no widget: twice the resolution serves print.
    const qreal ratio = widget ? widget->devicePixelRatioF() : 2;
    if (m_dirty || m_mapping != m_view->mapping() || m_image.devicePixelRatio() != ratio)
        rebuild(ratio);
    painter->drawImage(m_mapping.plot.topLeft(), m_image);
}

/// Counts points per pixel (3 x 3 splat), then inks by the logarithm of the count.
void RasterScatterItem::rebuild(qreal devicePixelRatio)
{
    m_dirty = false;
    m_mapping = m_view->mapping();
    const QRectF area = m_mapping.plot;
    const int width = std::max(1, int(std::ceil(area.width() * devicePixelRatio)));
    const int height = std::max(1, int(std::ceil(area.height() * devicePixelRatio)));
    std::vector<int> counts(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
    m_gridColumns = std::max(1, int(area.width() / kBucket) + 1);
    const int gridRows = std::max(1, int(area.height() / kBucket) + 1);
    m_grid.assign(static_cast<std::size_t>(m_gridColumns) * static_cast<std::size_t>(gridRows), {});
    for (std::size_t i = 0; i < m_points.size(); ++i) {
        const QPointF at = m_mapping.toScene(m_points[i]) - area.topLeft();
        if (!(at.x() >= 0 && at.y() >= 0 && at.x() < area.width() && at.y() < area.height()))
            continue;
        const auto bucket =
            static_cast<std::size_t>(int(at.y() / kBucket)) * std::size_t(m_gridColumns) +
            static_cast<std::size_t>(int(at.x() / kBucket));
        m_grid[bucket].push_back(static_cast<int>(i));
        const int px = int(at.x() * devicePixelRatio);
        const int py = int(at.y() * devicePixelRatio);
        for (int y = std::max(0, py - 1); y <= std::min(height - 1, py + 1); ++y) {
            for (int x = std::max(0, px - 1); x <= std::min(width - 1, px + 1); ++x)
                counts[std::size_t(y) * std::size_t(width) + std::size_t(x)] += 1;
        }
    }
    const int most = counts.empty() ? 0 : *std::max_element(counts.begin(), counts.end());
    m_image = QImage(width, height, QImage::Format_ARGB32_Premultiplied);
    m_image.fill(Qt::transparent);
    const QColor ink = m_model >= 0 ? lookFor(m_model).color : colors().accentInk;
    const double scale = most > 1 ? 0.65 / std::log(double(most)) : 0;
    std::vector<QRgb> inks(static_cast<std::size_t>(std::min(most, 4096)) + 1);
    for (std::size_t c = 1; c < inks.size(); ++c) {
        const double alpha = std::min(1.0, 0.35 + scale * std::log(double(c)));
        inks[c] = qPremultiply(qRgba(ink.red(), ink.green(), ink.blue(), int(alpha * 255)));
    }
    for (int y = 0; y < height; ++y) {
        auto* line = reinterpret_cast<QRgb*>(m_image.scanLine(y));
        for (int x = 0; x < width; ++x) {
            const int c = counts[std::size_t(y) * std::size_t(width) + std::size_t(x)];
            if (c > 0)
                line[x] = inks[std::min(std::size_t(c), inks.size() - 1)];
        }
    }
    m_image.setDevicePixelRatio(devicePixelRatio);
}

int RasterScatterItem::pointAt(const QPointF& scenePosition, qreal reach) const
{
    const QPointF at = scenePosition - m_mapping.plot.topLeft();
    int best = -1;
    double bestDistance = reach;
    const int rows = m_gridColumns > 0 ? int(m_grid.size()) / m_gridColumns : 0;
    const int span = int(reach / kBucket) + 1;
    const int column = int(at.x() / kBucket);
    const int row = int(at.y() / kBucket);
    for (int y = std::max(0, row - span); y <= std::min(rows - 1, row + span); ++y) {
        for (int x = std::max(0, column - span); x <= std::min(m_gridColumns - 1, column + span);
             ++x) {
            for (const int i :
                 m_grid[std::size_t(y) * std::size_t(m_gridColumns) + std::size_t(x)]) {
                const QPointF to = m_mapping.toScene(m_points[std::size_t(i)]) - scenePosition;
                const double distance = std::hypot(to.x(), to.y());
                if (distance <= bestDistance) {
                    bestDistance = distance;
                    best = i;
                }
            }
        }
    }
    return best;
}

} // namespace signalbox::ui
