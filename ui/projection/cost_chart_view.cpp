// SPDX-License-Identifier: GPL-3.0-or-later
#include "cost_chart_view.h"

#include <ui/kit/charts/chart_kit.h>
#include <ui/kit/format.h>
#include <ui/kit/model_look.h>
#include <ui/kit/theme.h>

#include <QChart>
#include <QFileDialog>
#include <QLineSeries>
#include <QLogValueAxis>
#include <QMessageBox>
#include <QVBoxLayout>
#include <QValueAxis>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

namespace signalbox::ui {

namespace {

constexpr double kLogSpan = 8;          ///< from this ratio of costs on, the axis is logarithmic
constexpr double kTopConsistency = 103; ///< a mark at 100 shows whole
constexpr qreal kPolicySizePx = 18;
constexpr qreal kModelSizePx = 12;
constexpr qreal kSmallSizePx = 7;

bool isDrawable(const FrontierPoint& point)
{
    return point.costPer1k && point.consistency && point.costPer1k->value > 0;
}

QStringList wordsOf(const FrontierPoint& point)
{
    const auto text = [](const std::optional<Estimate>& estimate, format::Unit unit) {
        if (!estimate)
            return CostChartView::tr("unknown");
        const QString value =
            format::estimate(estimate->value, estimate->low, estimate->high, unit);
        const QString interval = format::interval(estimate->low, estimate->high, unit);
        return interval.isEmpty()
                   ? value
                   : CostChartView::tr("%1 (%2)", "value, interval").arg(value, interval);
    };
    return {QString::fromStdString(point.name),
            CostChartView::tr("Cost per 1,000: %1").arg(text(point.costPer1k, format::Unit::Usd)),
            CostChartView::tr("Consistency: %1").arg(text(point.consistency, format::Unit::Score)),
            CostChartView::tr("Satisfied: %1").arg(text(point.satisfaction, format::Unit::Share)),
            CostChartView::tr("p95 latency: %1")
                .arg(text(point.latencyP95Ms, format::Unit::Milliseconds))};
}

} // namespace

struct CostChartView::Private
{
    CostChartView* q = nullptr;
    ChartView* view = nullptr;
    MarkItem* marks = nullptr;
    ShadeItem* shade = nullptr;
    CalloutItem* callout = nullptr;
    QLineSeries* mix = nullptr;
    QLineSeries* trail = nullptr;
    std::vector<FrontierPoint> drawn; ///< in the order of the marks

    void build();
    void fitAxes();
    void styleLines();
    [[nodiscard]] PlotMark markOf(const FrontierPoint& point, const std::vector<ModelId>& models,
                                  double age) const;
    void fillTable();
    void showHover(const QPointF& scene);
};

void CostChartView::Private::build()
{
    auto* chart = new QChart;
    chart->legend()->hide();
    mix = new QLineSeries;
    trail = new QLineSeries;
    chart->addSeries(mix);
    chart->addSeries(trail);
    view = new ChartView(chart, tr("Projected cost against consistency"), q);
    view->setObjectName(QStringLiteral("costChart"));
    shade = new ShadeItem(view);
    marks = new MarkItem(view);
    callout = new CalloutItem(chart);
    callout->hide();
    auto* layout = new QVBoxLayout(q);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(view);
    connect(view, &ChartView::hovered, q, [this](const QPointF& scene) { showHover(scene); });
    connect(view, &ChartView::left, q, [this] {
        callout->hide();
        marks->setEmphasis(-1);
    });
    connect(&ThemeNotifier::instance(), &ThemeNotifier::themeChanged, q, [this] { styleLines(); });
}

void CostChartView::Private::styleLines()
{
    const ThemeColors& colors = Theme::current().colors();
    mix->setPen(QPen(colors.textMuted, 1.2, Qt::DashLine));
    trail->setPen(QPen(colors.accentInk, 1.2, Qt::DotLine));
}

/// New axes when the drawn points leave the present ones, or no longer fill them.
void CostChartView::Private::fitAxes()
{
    double low = 1e300;
    double high = 0;
    double floor = 1;
    for (const FrontierPoint& point : drawn) {
        low = std::min(low, point.costPer1k->value);
        high = std::max(high, std::max(point.costPer1k->value, point.costPer1k->high));
        floor = std::min(floor, std::min(point.consistency->value, point.consistency->low));
    }
    if (drawn.empty())
        return;
    const bool log = high / low > kLogSpan;
    const double from = log ? low / 1.6 : 0;
    const double to = log ? high * 1.6 : high * 1.15;
    QChart& chart = view->chart();
    const auto old = chart.axes();
    for (QAbstractAxis* axis : old) {
        chart.removeAxis(axis);
        delete axis;
    }
    const QString title = tr("projected cost, USD per 1,000 requests");
    QAbstractAxis* cost = log ? static_cast<QAbstractAxis*>(makeLogAxis(title, from, to))
                              : static_cast<QAbstractAxis*>(makeValueAxis(title, from, to));
    QValueAxis* consistency =
        makeValueAxis(tr("consistency, 0 to 100"), std::max(0.0, std::floor(floor * 10 - 0.5) * 10),
                      kTopConsistency, QStringLiteral("%.0f"));
    consistency->setMax(kTopConsistency); // round ticks would leave room for what cannot be
    chart.addAxis(cost, Qt::AlignBottom);
    chart.addAxis(consistency, Qt::AlignLeft);
    for (QLineSeries* line : {mix, trail}) {
        line->attachAxis(cost);
        line->attachAxis(consistency);
    }
    styleChart(chart);
    styleLines();
}

PlotMark CostChartView::Private::markOf(const FrontierPoint& point,
                                        const std::vector<ModelId>& models, double age) const
{
    const ThemeColors& colors = Theme::current().colors();
    PlotMark mark;
    mark.value = QPointF(point.costPer1k->value, point.consistency->value * 100);
    mark.label = QString::fromStdString(point.name);
    mark.color = colors.textMuted;
    mark.size = kSmallSizePx;
    switch (point.kind) {
    case FrontierPoint::Kind::Policy:
        mark.color = colors.accentInk;
        mark.size = kPolicySizePx;
        if (point.costPer1k->high > point.costPer1k->low)
            mark.xInterval = std::pair(point.costPer1k->low, point.costPer1k->high);
        if (point.consistency->high > point.consistency->low)
            mark.yInterval = std::pair(point.consistency->low * 100, point.consistency->high * 100);
        break;
    case FrontierPoint::Kind::SingleModel: {
        const auto found = std::ranges::find(models, ModelId(point.name));
        mark.model = found == models.end() ? -1 : static_cast<int>(found - models.begin());
        mark.size = kModelSizePx;
        break;
    }
    case FrontierPoint::Kind::Revision:
        mark.color = colors.accentInk;
        mark.hollow = true;
        mark.opacity = age;
        break;
    case FrontierPoint::Kind::RandomMix:
        mark.label.clear();
        break;
    case FrontierPoint::Kind::LongerToStronger:
        mark.label.clear();
        mark.hollow = true;
        break;
    case FrontierPoint::Kind::Oracle:
        break;
    }
    return mark;
}

void CostChartView::Private::fillTable()
{
    PlotTable table;
    table.columns = {tr("Point"), tr("Cost per 1,000, USD"), tr("low"),
                     tr("high"),  tr("Consistency"),         tr("low"),
                     tr("high")};
    for (const FrontierPoint& point : drawn) {
        table.rows.push_back(
            {QString::fromStdString(point.name), format::number(point.costPer1k->value, 4),
             format::number(point.costPer1k->low, 4), format::number(point.costPer1k->high, 4),
             format::number(point.consistency->value * 100, 2),
             format::number(point.consistency->low * 100, 2),
             format::number(point.consistency->high * 100, 2)});
    }
    view->setTable(std::move(table));
}

void CostChartView::Private::showHover(const QPointF& scene)
{
    const int index = marks->nearest(scene);
    marks->setEmphasis(index);
    if (index < 0) {
        callout->hide();
        return;
    }
    const FrontierPoint& point = drawn[static_cast<std::size_t>(index)];
    callout->showAt(
        view->mapping().toScene(QPointF(point.costPer1k->value, point.consistency->value * 100)),
        wordsOf(point));
    callout->show();
}

CostChartView::CostChartView(QWidget* parent) : QWidget(parent), d(std::make_unique<Private>())
{
    d->q = this;
    d->build();
}

CostChartView::~CostChartView() = default;

void CostChartView::setPoints(const std::vector<FrontierPoint>& points,
                              const std::optional<FrontierPoint>& policy,
                              const std::vector<ModelId>& models)
{
    d->drawn.clear();
    std::ranges::copy_if(points, std::back_inserter(d->drawn), isDrawable);
    if (policy && isDrawable(*policy))
        d->drawn.push_back(*policy);
    d->fitAxes();

    QList<QPointF> mix;
    QList<QPointF> trail;
    const auto revisions =
        std::ranges::count(d->drawn, FrontierPoint::Kind::Revision, &FrontierPoint::kind);
    std::vector<PlotMark> marks;
    int seen = 0;
    for (const FrontierPoint& point : d->drawn) {
        const QPointF place(point.costPer1k->value, point.consistency->value * 100);
        if (point.kind == FrontierPoint::Kind::RandomMix)
            mix << place;
        double age = 1;
        if (point.kind == FrontierPoint::Kind::Revision) {
            trail << place;
            age = 1.0 - 0.75 * seen++ / static_cast<double>(std::max<std::ptrdiff_t>(1, revisions));
        }
        marks.push_back(d->markOf(point, models, age));
    }
    std::ranges::sort(mix, {}, [](const QPointF& point) { return point.x(); });
    if (policy && isDrawable(*policy))
        trail.prepend({policy->costPer1k->value, policy->consistency->value * 100});
    d->mix->replace(mix);
    d->trail->replace(trail);
    d->marks->setMarks(std::move(marks));
    d->fillTable();
}

void CostChartView::setGates(const std::vector<Gate>& gates,
                             std::optional<double> baselineCostPer1k)
{
    std::optional<double> below;
    std::optional<double> above;
    for (const Gate& gate : gates) {
        if (gate.metric == GateMetric::Consistency && gate.atLeast)
            below = *gate.atLeast * 100;
        if (gate.metric == GateMetric::CostPer1k && gate.atMost)
            above = gate.atMost;
        if (gate.metric == GateMetric::CostSaving && gate.atLeast && baselineCostPer1k)
            above = *baselineCostPer1k * (1 - *gate.atLeast);
    }
    d->shade->setForbiddenBelowY(below, below ? tr("consistency under the gate") : QString());
    d->shade->setForbiddenAboveX(above, above ? tr("saves too little") : QString());
}

void CostChartView::saveAs()
{
    const QString path = QFileDialog::getSaveFileName(
        this, tr("Save the chart"), QStringLiteral("cost-consistency.svg"),
        tr("Pictures and tables (*.svg *.png *.csv)"));
    if (path.isEmpty())
        return;
    if (const auto wrong = d->view->writeTo(path))
        QMessageBox::warning(this, tr("The chart was not saved"), *wrong);
}

} // namespace signalbox::ui
