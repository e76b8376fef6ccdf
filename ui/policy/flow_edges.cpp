// SPDX-License-Identifier: GPL-3.0-or-later
#include "flow_edges.h"

#include "flow_colors.h"
#include "flow_items.h"

#include <ui/kit/model_look.h>
#include <ui/kit/theme.h>

#include <QPainter>
#include <QStyleOptionGraphicsItem>

#include <algorithm>
#include <array>
#include <cmath>
#include <tuple>
#include <utility>

namespace signalbox::ui {
namespace {

constexpr qreal kThinEdge = 4;     ///< narrower ones are lines, wider ones ribbons with borders
constexpr qreal kLeastShown = 1.5; ///< of what is pointed at
/// A line that is no wider than a pixel is drawn several times as fast as a wider one.
constexpr qreal kOnePixel = 0.999;
constexpr qreal kBandPixels = 256; ///< its height
/// Bands that are remembered: some windows full.
constexpr std::size_t kMostBands = 64;

// What an edge is in a band, if it does not stand for several: see FlowEdgesItem::Band.
constexpr qreal kAlone = 0;
constexpr qreal kDrawnWithOthers = -1;

/// What is in a band of an edge that is one line among many.
struct Strand
{
    /// Edges that do not differ in these look the same there.
    std::tuple<FlowEdge::Kind, int, qreal> look;
    std::array<int, 4> pixels; ///< where it comes and where it goes
    std::size_t edge = 0;

    [[nodiscard]] auto bundle() const { return std::tie(look, pixels); }
};

/// The numbers of one pen: how large what it draws with is.
struct PenSize
{
    qreal width = 1;         ///< in the flow
    qreal pixel = 1;         ///< of the device, in the flow
    qreal pixelInWindow = 1; ///< and in the window
};

/// For a stretch of an edge, with its dashes as if all of the edge were drawn. They are as long in
/// the window at every zoom.
QPen penFor(FlowEdge::Kind kind, const QColor& ink, const PenSize& size,
            const FlowCurve::Stretch& stretch)
{
    // Qt's painter has a way of its own for lines no wider than a pixel: it counts pixels, not
    // widths, and along the longer side of a line.
    const bool isHair = size.width <= size.pixel;
    QPen pen = edgePen(kind, ink,
                       isHair ? size.pixelInWindow : size.width * size.pixelInWindow / size.pixel);
    pen.setWidthF(size.width);
    if (pen.style() != Qt::SolidLine)
        pen.setDashOffset(isHair ? stretch.skippedSteps / size.pixel
                                 : stretch.skipped / size.width);
    return pen;
}

} // namespace

QPen edgePen(FlowEdge::Kind kind, const QColor& color, qreal width)
{
    QPen pen(color, width, Qt::SolidLine, Qt::FlatCap);
    // The width is the unit of a pattern.
    if (kind == FlowEdge::Kind::Verify)
        pen.setDashPattern({1.5 / width, 4 / width});
    else if (kind == FlowEdge::Kind::Fallback)
        pen.setDashPattern({6 / width, 4 / width});
    return pen;
}

FlowRibbon flowRibbon(const FlowEdge& edge, const std::function<qreal(qreal)>& snap)
{
    const auto border = [&](qreal dy) {
        return FlowCurve({edge.from.x(), snap(edge.from.y() + dy)},
                         {edge.to.x(), snap(edge.to.y() + dy)});
    };
    return {border(-edge.width / 2), border(edge.width / 2)};
}

FlowEdgesItem::FlowEdgesItem()
{
    setFlag(ItemUsesExtendedStyleOption); // tells what of it may be seen
    setZValue(kEdgeZ);
}

void FlowEdgesItem::set(const std::vector<FlowEdge>& edges, std::vector<FlowEdgeLook> looks)
{
    Q_ASSERT(edges.size() == looks.size());
    if (edges == m_edges && looks == m_looks)
        return;
    if (edges != m_edges) {
        prepareGeometryChange();
        m_edges = edges;
        m_curves.clear();
        m_bounds = {};
        for (const FlowEdge& edge : m_edges) {
            m_curves.emplace_back(edge.from, edge.to);
            const qreal around = edge.width / 2 + 2;
            m_bounds |= m_curves.back().bounds().adjusted(-around, -around, around, around);
        }
    }
    m_looks = std::move(looks);
    m_bands.clear();
    update();
}

QRectF FlowEdgesItem::boundingRect() const
{
    return m_bounds;
}

QColor FlowEdgesItem::inkOf(std::size_t index) const
{
    const ThemeColors& colors = Theme::current().colors();
    if (m_edges[index].kind == FlowEdge::Kind::Intake)
        return colors.textMuted;
    const int model = m_looks[index].model;
    return model < 0 ? colors.negative.ink : lookFor(model).color;
}

bool FlowEdgesItem::isQuiet(std::size_t index) const
{
    return !m_looks[index].emphasised && !m_looks[index].lit;
}

FlowEdgesItem::Window FlowEdgesItem::windowOf(const QPainter& painter, const QRectF& seen)
{
    Window window;
    window.seen = seen;
    const auto scaleOf = QStyleOptionGraphicsItem::levelOfDetailFromTransform;
    window.pixel = 1 / scaleOf(painter.deviceTransform());
    window.pixelInWindow = window.pixel * scaleOf(painter.worldTransform());
    window.band = kBandPixels * window.pixel; // so that they meet where pixels do
    window.first = static_cast<int>(std::floor((seen.top() - kThinEdge) / window.band));
    window.count =
        static_cast<int>(std::floor((seen.bottom() + kThinEdge) / window.band)) - window.first + 1;
    return window;
}

void FlowEdgesItem::paint(QPainter* painter, const QStyleOptionGraphicsItem* option,
                          QWidget* /*widget*/)
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setBrush(Qt::NoBrush);
    m_linesDrawn = 0;
    const Window window = windowOf(*painter, option ? option->exposedRect & m_bounds : m_bounds);
    if (window.pixel != m_bandsPixel || m_bands.size() > kMostBands)
        m_bands.clear();
    m_bandsPixel = window.pixel;
    std::vector<const Band*> bands;
    for (int i = 0; i < window.count; ++i) {
        const auto [band, isNew] = m_bands.try_emplace(window.first + i);
        if (isNew)
            band->second = bundlesIn(window.topOf(i), window.topOf(i + 1), window.pixel);
        bands.push_back(&band->second);
    }
    for (const bool lit : {false, true}) {
        for (std::size_t i = 0; i < m_edges.size(); ++i) {
            if (m_looks[i].lit == lit)
                paintEdge(*painter, i, window, bands);
        }
    }
    painter->restore();
}

FlowEdgesItem::Band FlowEdgesItem::bundlesIn(qreal top, qreal bottom, qreal pixel) const
{
    std::vector<Strand> strands;
    for (std::size_t i = 0; i < m_edges.size(); ++i) {
        const FlowEdge& edge = m_edges[i];
        const auto [above, below] = std::minmax({edge.from.y(), edge.to.y()});
        if (edge.width >= kThinEdge || !isQuiet(i) || below < top || above > bottom ||
            m_curves[i].isLevel())
            continue;
        const auto pixelAt = [&](qreal height) {
            const FlowCurve& curve = m_curves[i];
            return (curve.pointAt(curve.partAtHeight(height)) / pixel).toPoint();
        };
        const QPoint upper = pixelAt(top);
        const QPoint lower = pixelAt(bottom);
        strands.push_back({{edge.kind, m_looks[i].model, m_looks[i].opacity},
                           {upper.x(), upper.y(), lower.x(), lower.y()},
                           i});
    }
    std::ranges::sort(strands, {}, [](const Strand& strand) {
        return std::tuple(strand.look, strand.pixels, strand.edge);
    });
    Band widths(m_edges.size(), kAlone);
    for (auto from = strands.cbegin(); from != strands.cend();) {
        const auto to = std::find_if(from, strands.cend(), [&](const Strand& strand) {
            return strand.bundle() != from->bundle();
        });
        if (to - from > 1) {
            // As wide as all, but no wider than the pixel that they share.
            qreal width = 0;
            qreal most = kOnePixel * pixel;
            for (auto strand = from; strand != to; ++strand) {
                width += m_edges[strand->edge].width;
                most = std::max(most, m_edges[strand->edge].width);
                widths[strand->edge] = kDrawnWithOthers;
            }
            widths[from->edge] = std::min(width, most);
        }
        from = to;
    }
    return widths;
}

void FlowEdgesItem::paintEdge(QPainter& painter, std::size_t index, const Window& window,
                              const std::vector<const Band*>& bands)
{
    const FlowEdge& edge = m_edges[index];
    const qreal around = edge.width + 2;
    if (!m_curves[index]
             .bounds()
             .adjusted(-around, -around, around, around)
             .intersects(window.seen))
        return;
    if (edge.width >= kThinEdge) {
        paintRibbon(painter, index, window);
    } else {
        const auto widthIn = [&](int band) {
            return (*bands[static_cast<std::size_t>(band)])[index];
        };
        const qreal own = isQuiet(index) ? edge.width : std::max(edge.width, kLeastShown);
        for (int from = 0; from < window.count;) {
            const qreal width = widthIn(from);
            int to = from + 1; // alone it is one line through all bands, which has no seams
            while (width == kAlone && to < window.count && widthIn(to) == kAlone)
                ++to;
            if (width != kDrawnWithOthers)
                paintLine(painter, index, width == kAlone ? own : width, window, window.topOf(from),
                          window.topOf(to));
            from = to;
        }
    }
    if (m_looks[index].lit) {
        painter.setPen(QPen(Theme::current().colors().positive.ink, 2));
        painter.drawPath(m_curves[index]
                             .between(window.seen.top() - around, window.seen.bottom() + around)
                             .path);
    }
}

/// What is seen of a curve between two heights. No more: Qt's painter does not count the dashes
/// that it clips away.
/// @param around  how far from the curve its ink goes
FlowCurve::Stretch FlowEdgesItem::seenOf(const FlowCurve& curve, qreal top, qreal bottom,
                                         const Window& window, qreal around)
{
    const QRectF seen = window.seen.adjusted(-around, -around, around, around);
    const QRectF bounds = curve.bounds();
    top = std::max(top, seen.top());
    bottom = std::min(bottom, seen.bottom());
    if (bounds.bottom() < top || bounds.top() > bottom)
        return {};
    qreal from = 0; // at the model: there, not below the port, is the last dash seen to end
    qreal to = 1;
    if (!curve.isLevel()) {
        from = curve.partAtHeight(top);
        to = curve.partAtHeight(bottom);
        if (from > to)
            std::swap(from, to);
    }
    if (bounds.right() > seen.right())
        from = std::max(from, curve.partAtX(seen.right()));
    if (bounds.left() < seen.left())
        to = std::min(to, curve.partAtX(seen.left()));
    return from < to ? curve.stretch(from, to) : FlowCurve::Stretch{};
}

void FlowEdgesItem::paintLine(QPainter& painter, std::size_t index, qreal width,
                              const Window& window, qreal top, qreal bottom)
{
    const FlowCurve::Stretch stretch =
        seenOf(m_curves[index], top, bottom, window, std::max(width / 2, window.pixel));
    if (stretch.path.isEmpty())
        return;
    const QColor ink = inkOf(index);
    painter.setOpacity(m_looks[index].opacity);
    painter.setPen(penFor(m_edges[index].kind,
                          isQuiet(index) ? ribbonColors(ink, Theme::current()).line : ink,
                          {width, window.pixel, window.pixelInWindow}, stretch));
    painter.drawPath(stretch.path);
    ++m_linesDrawn;
}

void FlowEdgesItem::paintRibbon(QPainter& painter, std::size_t index, const Window& window)
{
    const FlowEdge& edge = m_edges[index];
    painter.setOpacity(m_looks[index].opacity);
    const QColor ink = inkOf(index);
    const RibbonColors ribbon = ribbonColors(ink, Theme::current());
    const qreal top = window.seen.top() - edge.width - 2;
    const qreal bottom = window.seen.bottom() + edge.width + 2;
    // Borders that fill whole pixels where they are level: half covered ones would be pale. Ribbons
    // side by side keep the border that they share.
    const QTransform& device = painter.deviceTransform();
    const FlowRibbon shape = flowRibbon(edge, [&](qreal y) {
        return (std::round(y * device.m22() + device.dy()) - device.dy()) / device.m22();
    });
    QColor fill = ribbon.fill;
    // Between borders that are near to each other a soft fill would look like a gap.
    if (!isQuiet(index) || edge.width < 2 * kThinEdge)
        fill.setAlphaF(fill.alphaF() * 1.8F);
    painter.fillPath(shape.body(top, bottom), fill);
    // Inside, so that they add nothing to the width.
    const qreal inset = 0.5 / device.m22();
    for (const auto& [curve, dy] :
         {std::pair(shape.upper, inset), std::pair(shape.lower, -inset)}) {
        const FlowCurve::Stretch stretch = seenOf(curve, top, bottom, window, window.pixel);
        QPen pen = penFor(edge.kind, isQuiet(index) ? ribbon.line : ink,
                          {window.pixel, window.pixel, window.pixelInWindow}, stretch);
        pen.setWidthF(1);
        pen.setCosmetic(true);
        painter.setPen(pen);
        painter.drawPath(stretch.path.translated(0, dy));
        ++m_linesDrawn;
    }
}

} // namespace signalbox::ui
