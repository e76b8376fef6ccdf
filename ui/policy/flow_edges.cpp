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

constexpr qreal kThinEdge = 4; ///< narrower ones are lines, wider ones ribbons with borders
/// A line that is no wider than a pixel is drawn several times as fast as a wider one.
constexpr qreal kOnePixel = 0.999;
constexpr qreal kBand = 256; ///< about its height on the screen
/// Bands that are remembered: some windows full.
constexpr std::size_t kMostBands = 64;

/// What is in a band of an edge that is one line among many.
struct Strand
{
    /// Edges that do not differ in these look the same there.
    std::tuple<FlowEdge::Kind, int, bool> look;
    std::array<int, 4> pixels; ///< where it comes and where it goes
    std::size_t edge = 0;

    [[nodiscard]] auto bundle() const { return std::tie(look, pixels); }
};

/// For a stretch of an edge, with its dashes as if all of the edge were drawn.
QPen penFor(const FlowEdge& edge, const QColor& ink, qreal width, const FlowCurve::Stretch& stretch,
            qreal zoom)
{
    QPen pen = edgePen(edge.kind, ink, width);
    if (pen.style() == Qt::SolidLine)
        return pen;
    // Qt's painter has a way of its own for lines no wider than a pixel: it counts pixels, not
    // widths, and along the longer side of a line.
    if (width * zoom <= 1) {
        pen = edgePen(edge.kind, ink, 1);
        pen.setWidthF(width);
        pen.setDashOffset(stretch.skippedSteps * zoom);
    } else {
        pen.setDashOffset(stretch.skipped / width);
    }
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

/// Bands of about the same height on the screen at every zoom.
FlowEdgesItem::Window FlowEdgesItem::windowOf(const QPainter& painter, const QRectF& seen)
{
    Window window;
    window.seen = seen;
    window.zoom = QStyleOptionGraphicsItem::levelOfDetailFromTransform(painter.worldTransform());
    window.band = std::ldexp(kBand, -static_cast<int>(std::lround(std::log2(window.zoom))));
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
    if (window.zoom != m_bandsZoom || m_bands.size() > kMostBands)
        m_bands.clear();
    m_bandsZoom = window.zoom;
    std::vector<const Band*> bands;
    for (int i = 0; i < window.count; ++i) {
        const qreal top = window.topOf(i);
        const auto [band, isNew] = m_bands.try_emplace(window.first + i);
        if (isNew)
            band->second = bundlesIn(top, top + window.band, window.zoom);
        for (const Bundle& bundle : band->second.bundles)
            paintLine(*painter, bundle.edge, bundle.width, window, top, top + window.band);
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

FlowEdgesItem::Band FlowEdgesItem::bundlesIn(qreal top, qreal bottom, qreal zoom) const
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
            return (curve.pointAt(curve.partAtHeight(height)) * zoom).toPoint();
        };
        const QPoint upper = pixelAt(top);
        const QPoint lower = pixelAt(bottom);
        strands.push_back({{edge.kind, m_looks[i].model, m_looks[i].dimmed},
                           {upper.x(), upper.y(), lower.x(), lower.y()},
                           i});
    }
    std::ranges::sort(strands, {}, [](const Strand& strand) {
        return std::tuple(strand.look, strand.pixels, strand.edge);
    });
    Band band;
    band.bundled.resize(m_edges.size());
    for (auto from = strands.cbegin(); from != strands.cend();) {
        const auto to = std::find_if(from, strands.cend(), [&](const Strand& strand) {
            return strand.bundle() != from->bundle();
        });
        if (to - from > 1) {
            // As wide as all, but no wider than the pixel that they share.
            qreal width = 0;
            qreal most = kOnePixel / zoom;
            for (auto strand = from; strand != to; ++strand) {
                width += m_edges[strand->edge].width;
                most = std::max(most, m_edges[strand->edge].width);
                band.bundled[strand->edge] = true;
            }
            band.bundles.push_back({from->edge, std::min(width, most)});
        }
        from = to;
    }
    // What lies above what is as it would be without bundles.
    std::ranges::sort(band.bundles, {}, &Bundle::edge);
    return band;
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
        const qreal width = edge.width + (isQuiet(index) ? 0 : 1);
        const auto isAlone = [&](int band) {
            return band < window.count && !bands[static_cast<std::size_t>(band)]->bundled[index];
        };
        for (int from = 0; from < window.count; ++from) {
            if (!isAlone(from))
                continue;
            int to = from + 1;
            while (isAlone(to))
                ++to;
            paintLine(painter, index, width, window, window.topOf(from), window.topOf(to));
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

void FlowEdgesItem::paintLine(QPainter& painter, std::size_t index, qreal width,
                              const Window& window, qreal top, qreal bottom)
{
    // No more than what is seen: Qt's painter does not count the dashes that it clips away.
    const FlowCurve& curve = m_curves[index];
    const qreal around = std::max(width / 2, 1 / window.zoom);
    top = std::max(top, window.seen.top() - around);
    bottom = std::min(bottom, window.seen.bottom() + around);
    const QRectF bounds = curve.bounds();
    if (bounds.bottom() < top || bounds.top() > bottom)
        return;
    qreal from =
        0; // at the model: it is there, not below the port, that the last dash is seen to end
    qreal to = 1;
    if (!curve.isLevel()) {
        from = curve.partAtHeight(top);
        to = curve.partAtHeight(bottom);
        if (from > to)
            std::swap(from, to);
    }
    if (bounds.right() > window.seen.right() + around)
        from = std::max(from, curve.partAtX(window.seen.right() + around));
    if (bounds.left() < window.seen.left() - around)
        to = std::min(to, curve.partAtX(window.seen.left() - around));
    if (from >= to)
        return;
    const QColor ink = inkOf(index);
    const FlowCurve::Stretch stretch = curve.stretch(from, to);
    painter.setOpacity(m_looks[index].dimmed ? kDimmed : 1);
    painter.setPen(penFor(m_edges[index],
                          isQuiet(index) ? ribbonColors(ink, Theme::current()).line : ink, width,
                          stretch, window.zoom));
    painter.drawPath(stretch.path);
    ++m_linesDrawn;
}

void FlowEdgesItem::paintRibbon(QPainter& painter, std::size_t index, const Window& window)
{
    const FlowEdge& edge = m_edges[index];
    painter.setOpacity(m_looks[index].dimmed ? kDimmed : 1);
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
    QPen pen(isQuiet(index) ? ribbon.line : ink, 1, Qt::SolidLine, Qt::FlatCap);
    pen.setCosmetic(true);
    if (edge.kind == FlowEdge::Kind::Fallback)
        pen.setDashPattern({6, 4});
    // Inside, so that they add nothing to the width.
    const qreal inset = 0.5 / device.m22();
    for (const auto& [curve, dy] :
         {std::pair(shape.upper, inset), std::pair(shape.lower, -inset)}) {
        const FlowCurve::Stretch stretch = curve.between(top, bottom);
        pen.setDashOffset(stretch.skipped * device.m22());
        painter.setPen(pen);
        painter.drawPath(stretch.path.translated(0, dy));
        ++m_linesDrawn;
    }
}

} // namespace signalbox::ui
