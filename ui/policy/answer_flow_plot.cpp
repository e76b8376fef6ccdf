// SPDX-License-Identifier: GPL-3.0-or-later
#include "answer_flow_plot.h"

#include "behaviour_words.h"

#include <ui/kit/format.h>
#include <ui/kit/model_look.h>
#include <ui/kit/theme.h>

#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>
#include <map>

namespace signalbox::ui {
namespace {

constexpr double kHeadPx = 20; ///< "before" and "after" over the bars
constexpr double kBarPx = 6;
constexpr double kGapPx = 12;            ///< between two models of one side
constexpr double kLinePx = 16;           ///< of a label
constexpr double kLabelPx = 2 * kLinePx; ///< a label: name, count
constexpr double kMarkPx = 9;
constexpr double kLeastBandPx = 1.5;
constexpr double kPressPx = 4; ///< a hair of a band can be pressed beside it

struct Part
{
    int model = -1;
    std::size_t requests = 0;
};

/// Models with requests on one side, in the diff's order; no answer comes last.
std::vector<Part> partsOf(const BehaviourDiff& diff, bool right)
{
    std::vector<Part> parts;
    for (std::size_t i = 0; i < diff.models.size(); ++i) {
        const BehaviourModel& model = diff.models[i];
        const std::size_t requests = right ? model.servedAfter : model.servedBefore;
        if (requests > 0)
            parts.push_back({static_cast<int>(i), requests});
    }
    const std::size_t lost = right ? diff.unansweredAfter : diff.unansweredBefore;
    if (lost > 0)
        parts.push_back({-1, lost});
    return parts;
}

/// A band between two stretches of the bars.
QPainterPath bandPath(double left, double leftTop, double right, double rightTop, double height)
{
    const double middle = (left + right) / 2;
    QPainterPath path(QPointF(left, leftTop));
    path.cubicTo(middle, leftTop, middle, rightTop, right, rightTop);
    path.lineTo(right, rightTop + height);
    path.cubicTo(middle, rightTop + height, middle, leftTop + height, left, leftTop + height);
    path.closeSubpath();
    return path;
}

} // namespace

AnswerFlowPlot::AnswerFlowPlot(QWidget* parent) : PlotView(parent)
{
    setTitle(tr("Who answers before and after"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
}

void AnswerFlowPlot::setDiff(const BehaviourDiff* diff)
{
    m_diff = diff;
    m_current = -1;
    dataChanged();
}

void AnswerFlowPlot::setCurrentFlow(int flow)
{
    if (m_current == flow)
        return;
    m_current = flow;
    update();
}

PlotTable AnswerFlowPlot::table() const
{
    PlotTable table{{tr("Answered before by"), tr("Answered now by"), tr("Requests")}, {}};
    if (!m_diff)
        return table;
    for (const BehaviourFlow& flow : m_diff->flows) {
        if (flow.changesModel())
            table.rows.push_back({BehaviourWords::model(*m_diff, flow.from),
                                  BehaviourWords::model(*m_diff, flow.to),
                                  QString::number(flow.requests)});
    }
    for (const BehaviourModel& model : m_diff->models) {
        const QString name = QString::fromStdString(model.name);
        if (model.stayed > 0)
            table.rows.push_back({name, name, QString::number(model.stayed)});
    }
    return table;
}

/// Bars as high as their requests are many, apart by a gap; no label overlaps the next.
std::vector<AnswerFlowPlot::Geometry::End> AnswerFlowPlot::endsIn(const QRectF& rect,
                                                                  bool right) const
{
    const std::vector<Part> parts = partsOf(*m_diff, right);
    const double all = std::max<double>(1, static_cast<double>(m_diff->requests));
    // Both sides have one scale: that of the side with more gaps.
    const auto most = std::max(partsOf(*m_diff, false).size(), partsOf(*m_diff, true).size());
    const double room = rect.height() - kHeadPx - kGapPx * static_cast<double>(most);
    const double labels = std::clamp(rect.width() * 0.36, 112.0, 140.0);
    std::vector<Geometry::End> ends;
    double y = rect.top() + kHeadPx;
    double labelEnd = y;
    for (const Part& part : parts) {
        Geometry::End end{part.model, part.requests, {}, {}};
        const double height = std::max(kLeastBandPx, room * double(part.requests) / all);
        y = std::max(y, labelEnd + kLabelPx / 2 - height / 2);
        const double x = right ? rect.right() - labels - kBarPx : rect.left() + labels;
        end.bar = QRectF(x, y, kBarPx, height);
        const double middle = end.bar.center().y();
        end.label = QRectF(right ? end.bar.right() + space::kUnit : rect.left(),
                           middle - kLabelPx / 2, labels - space::kUnit, kLabelPx);
        labelEnd = end.label.bottom() + space::kTiny;
        y = end.bar.bottom() + kGapPx;
        ends.push_back(end);
    }
    double low = rect.bottom(); // what the labels pushed out at the foot moves up again
    for (std::size_t i = ends.size(); i-- > 0;) {
        Geometry::End& end = ends[i];
        const double over = std::max(end.bar.bottom(), end.label.bottom()) - low;
        if (over <= 0)
            break;
        end.bar.translate(0, -over);
        end.label.translate(0, -over);
        low = std::min(end.bar.top() - kGapPx, end.label.top() - space::kTiny);
    }
    return ends;
}

AnswerFlowPlot::Geometry AnswerFlowPlot::geometryIn(const QRectF& rect) const
{
    Geometry geometry;
    if (!m_diff)
        return geometry;
    geometry.left = endsIn(rect, false);
    geometry.right = endsIn(rect, true);
    addBands(geometry);
    return geometry;
}

/// Bands leave a bar in the order of where they go, so that those of one bar do not cross.
void AnswerFlowPlot::addBands(Geometry& geometry) const
{
    std::map<std::pair<int, int>, std::pair<std::size_t, int>> bands; // ends: requests, flow
    for (std::size_t i = 0; i < m_diff->models.size(); ++i) {
        if (m_diff->models[i].stayed > 0)
            bands[{int(i), int(i)}] = {m_diff->models[i].stayed, -1};
    }
    for (std::size_t i = 0; i < m_diff->flows.size(); ++i) {
        const BehaviourFlow& flow = m_diff->flows[i];
        if (flow.changesModel())
            bands[{flow.from, flow.to}] = {flow.requests, static_cast<int>(i)};
    }
    std::map<int, double> rightUsed;
    for (const Geometry::End& from : geometry.left) {
        double used = 0;
        for (const Geometry::End& to : geometry.right) {
            const auto band = bands.find({from.model, to.model});
            if (band == bands.end())
                continue;
            const auto [requests, flow] = band->second;
            const double height = std::max(kLeastBandPx, from.bar.height() * double(requests) /
                                                             double(from.requests));
            geometry.bands.push_back(
                {flow, to.model,
                 bandPath(from.bar.right(), from.bar.top() + used, to.bar.left(),
                          to.bar.top() + rightUsed[to.model], height)});
            used += height;
            rightUsed[to.model] += height;
        }
    }
    std::stable_partition(geometry.bands.begin(), geometry.bands.end(),
                          [](const Geometry::Band& band) { return band.flow < 0; });
}

void AnswerFlowPlot::render(QPainter& painter, const QRectF& rect) const
{
    if (!m_diff)
        return;
    const ThemeColors& colors = Theme::current().colors();
    const Geometry geometry = geometryIn(rect);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    for (const Geometry::Band& band : geometry.bands) {
        const ModelLook look = lookFor(band.model);
        const bool stays = band.flow < 0;
        const bool fades = m_current >= 0 && band.flow != m_current;
        QColor fill = stays ? colors.neutral.soft : look.color;
        if (!stays)
            fill.setAlphaF(fades ? 0.2F : 0.55F);
        painter.setPen(!stays && band.flow == m_current ? QPen(look.color, 1.5) : Qt::NoPen);
        painter.fillPath(band.path, fill);
        if (painter.pen().style() != Qt::NoPen)
            painter.drawPath(band.path);
    }
    painter.setFont(Theme::font(TextRole::Caption));
    painter.setPen(colors.textMuted);
    const QRectF head(rect.left(), rect.top(), rect.width(), kHeadPx);
    if (!geometry.left.empty()) {
        const Geometry::End& end = geometry.left.front();
        painter.drawText(QRectF(head.left(), head.top(), end.bar.right() - head.left(), kHeadPx),
                         Qt::AlignRight | Qt::AlignTop, tr("before"));
    }
    if (!geometry.right.empty()) {
        const Geometry::End& end = geometry.right.front();
        painter.drawText(QRectF(end.bar.left(), head.top(), head.right() - end.bar.left(), kHeadPx),
                         Qt::AlignLeft | Qt::AlignTop, tr("after"));
    }
    for (const Geometry::End& end : geometry.left)
        renderEnd(painter, end, false);
    for (const Geometry::End& end : geometry.right)
        renderEnd(painter, end, true);
    painter.restore();
}

void AnswerFlowPlot::renderEnd(QPainter& painter, const Geometry::End& end, bool right) const
{
    const ThemeColors& colors = Theme::current().colors();
    const ModelLook look = lookFor(end.model);
    painter.fillRect(end.bar, look.color);
    const QString count =
        tr("%1 (%2)", "requests, share")
            .arg(format::count(qint64(end.requests)),
                 format::percent(double(end.requests) / double(m_diff->requests)));
    QRectF name(end.label.left(), end.label.top(), end.label.width(), kLinePx);
    const QRectF number(end.label.left(), end.label.top() + kLinePx, end.label.width(), kLinePx);
    const QFontMetricsF metrics(Theme::font(TextRole::Small));
    const double markRoom = kMarkPx + space::kHalf;
    const QString words = metrics.elidedText(BehaviourWords::model(*m_diff, end.model),
                                             Qt::ElideRight, name.width() - markRoom);
    const double width = metrics.horizontalAdvance(words) + markRoom;
    const double x = right ? name.left() : name.right() - width;
    paintMark(painter, QPointF(x + kMarkPx / 2, name.center().y()), kMarkPx, look.mark, look.color);
    painter.setFont(Theme::font(TextRole::Small));
    painter.setPen(colors.text);
    painter.drawText(QRectF(x + markRoom, name.top(), width, name.height()),
                     Qt::AlignLeft | Qt::AlignVCenter, words);
    painter.setFont(Theme::font(TextRole::Caption));
    painter.setPen(colors.textMuted);
    painter.drawText(number, (right ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter, count);
}

void AnswerFlowPlot::mousePressEvent(QMouseEvent* event)
{
    const QRectF around =
        QRectF(-kPressPx, -kPressPx, 2 * kPressPx, 2 * kPressPx).translated(event->position());
    const Geometry geometry = geometryIn(QRectF(rect()));
    for (std::size_t i = geometry.bands.size(); i-- > 0;) {
        const Geometry::Band& band = geometry.bands[i];
        if (band.flow >= 0 && band.path.intersects(around)) {
            emit flowPressed(band.flow);
            return;
        }
    }
}

QSize AnswerFlowPlot::sizeHint() const
{
    return {400, 240};
}

QSize AnswerFlowPlot::minimumSizeHint() const
{
    return {280, 200};
}

} // namespace signalbox::ui
