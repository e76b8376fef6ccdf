// SPDX-License-Identifier: GPL-3.0-or-later
#include "latency_chart_view.h"

#include <ui/kit/basic_widgets.h>
#include <ui/kit/charts/chart_kit.h>
#include <ui/kit/format.h>
#include <ui/kit/theme.h>

#include <QChart>
#include <QLineSeries>
#include <QLogValueAxis>
#include <QVBoxLayout>
#include <QValueAxis>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace signalbox::ui {

namespace {

constexpr double kRightAir = 1.8; ///< of the log axis: room for the words at its slow end
constexpr qreal kMarkPx = 13;
constexpr qreal kIntervalDropPx = 16;

/// "4.7 s" for the labels of one chart: always seconds, one place.
QString seconds(double ms)
{
    return LatencyChartView::tr("%1\u202Fs", "seconds").arg(format::number(ms / 1000, 1));
}

} // namespace

struct LatencyChartView::Private
{
    ChartView* view = nullptr;
    MarkItem* marks = nullptr;
    ShadeItem* shade = nullptr;
    QLineSeries* curve = nullptr;
    TextLabel* tail = nullptr;

    /// In the ink of the policy, whose answers these are.
    void styleCurve() { curve->setPen(QPen(Theme::current().colors().text, 1.6)); }
};

LatencyChartView::LatencyChartView(QWidget* parent)
    : QWidget(parent), d(std::make_unique<Private>())
{
    auto* chart = new QChart;
    chart->legend()->hide();
    d->curve = new QLineSeries;
    chart->addSeries(d->curve);
    d->view = new ChartView(chart, tr("Share of answers begun by a time"), this);
    d->view->setObjectName(QStringLiteral("latencyChart"));
    d->shade = new ShadeItem(d->view);
    d->marks = new MarkItem(d->view);
    d->marks->setShade(d->shade);
    d->tail = new TextLabel({}, TextRole::Small, this);
    d->tail->setWordWrap(true);
    d->tail->setMuted(true);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kHalf);
    layout->addWidget(d->view, 1);
    layout->addWidget(d->tail);
    connect(&ThemeNotifier::instance(), &ThemeNotifier::themeChanged, this,
            [this] { d->styleCurve(); });
}

LatencyChartView::~LatencyChartView() = default;

void LatencyChartView::setLatency(const LatencyView& latency, std::optional<double> gateMs)
{
    QList<QPointF> points;
    const auto count = static_cast<double>(latency.quantiles.size());
    PlotTable table;
    table.columns = {tr("Share of answers begun"), tr("by, s")};
    for (std::size_t i = 0; i < latency.quantiles.size(); ++i) {
        const double share = (static_cast<double>(i) + 0.5) / count * 100;
        const double ms = latency.quantiles[i];
        if (!(ms > 0) || std::isinf(ms)) // the curve ends where no answer comes any more
            continue;
        points << QPointF(ms / 1000, share);
        table.rows.push_back({format::number(share, 1), format::number(ms / 1000, 3)});
    }
    QChart& chart = d->view->chart();
    removeAxes(chart);
    if (!points.isEmpty()) {
        QAbstractAxis* time =
            makeLogAxis(tr("seconds until the answer begins (log scale)"), points.first().x() / 1.1,
                        std::max(points.last().x(), gateMs.value_or(0) / 1000) * kRightAir);
        QAbstractAxis* share = makeValueAxis(tr("% of requests"), 0, 100, QStringLiteral("%.0f"));
        chart.addAxis(time, Qt::AlignBottom);
        chart.addAxis(share, Qt::AlignLeft);
        d->curve->attachAxis(time);
        d->curve->attachAxis(share);
    }
    d->view->restyle();
    d->styleCurve();
    d->curve->replace(points);
    d->view->setTable(std::move(table));

    PlotMark mark;
    mark.value = QPointF(latency.p95.value / 1000, 95);
    mark.shape = PlotShape::Dot;
    mark.ink = PlotInk::Text;
    mark.size = kMarkPx;
    mark.label =
        tr("p95 %1", "the time in which 95 % of the answers begin").arg(seconds(latency.p95.value));
    if (latency.p95.high > latency.p95.low) {
        mark.xInterval = std::pair(latency.p95.low / 1000, latency.p95.high / 1000);
        mark.intervalDrop = kIntervalDropPx; // under the curve, or the curve hides it
        mark.label = tr("p95 %1 (%2 to %3)", "value, interval")
                         .arg(seconds(latency.p95.value), format::number(latency.p95.low / 1000, 1),
                              format::number(latency.p95.high / 1000, 1));
    }
    d->marks->setCurves({{points, {}}});
    d->marks->setMarks(latency.p95.value > 0 && std::isfinite(latency.p95.high)
                           ? std::vector<PlotMark>{mark}
                           : std::vector<PlotMark>{});
    d->shade->setForbiddenAboveX(gateMs ? std::optional(*gateMs / 1000) : std::nullopt,
                                 gateMs ? tr("gate: at most %1").arg(seconds(*gateMs)) : QString());
    QStringList words;
    if (latency.unanswered > 0)
        words << tr("%n request(s) get no answer: every attempt of the plan fails.", nullptr,
                    static_cast<int>(latency.unanswered));
    words << (latency.tailCount == 0
                  ? tr("No request is answered by a fallback.")
                  : tr("%1 of requests go through a fallback; half of those wait longer than %2. "
                       "This rests on %n failure(s).",
                       nullptr, static_cast<int>(latency.tailCount))
                        .arg(format::percent(latency.tailShare), seconds(latency.tailP50Ms)));
    d->tail->setText(words.join(QLatin1Char(' ')));
}

std::optional<QString> LatencyChartView::writeTo(const QString& path)
{
    return d->view->writeTo(path);
}

} // namespace signalbox::ui
