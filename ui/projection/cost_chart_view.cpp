// SPDX-License-Identifier: GPL-3.0-or-later
#include "cost_chart_view.h"

#include <ui/kit/charts/chart_kit.h>
#include <ui/kit/format.h>
#include <ui/kit/model_look.h>
#include <ui/kit/text_views.h>
#include <ui/kit/theme.h>
#include <ui/kit/verdict_mark.h>
#include <ui/models/gate_words.h>

#include <QChart>
#include <QLineSeries>
#include <QLogValueAxis>
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
constexpr qreal kRevisionSizePx = 8;
constexpr qreal kDotSizePx = 5;
constexpr qreal kDiamondSizePx = 8;
constexpr qreal kStarSizePx = 13;

using Kind = FrontierPoint::Kind;

/// What lies on top of what: a model's mark is never hidden by a point of a mix.
int layerOf(Kind kind)
{
    switch (kind) {
    case Kind::RandomMix:
        return 0;
    case Kind::LongerToStronger:
        return 1;
    case Kind::Oracle:
        return 2;
    case Kind::Revision:
        return 3;
    case Kind::SingleModel:
        return 4;
    case Kind::Policy:
        return 5;
    }
    return 0;
}

/// "r4" -> 4.
int revisionOf(const FrontierPoint& point)
{
    return QString::fromStdString(point.name).mid(1).toInt();
}

/// As it stands within a sentence: "quality", but "p95 latency".
QString inSentence(GateMetric metric)
{
    const QString word = gateMetricText(metric);
    return word.left(1).toLower() + word.mid(1);
}

/// Hollow where a gate that the axes do not show is open: a mark in the corner that cost and
/// consistency allow must not look like the answer.
PlotFill fillOf(const FrontierPoint& point)
{
    return openGatesOffTheAxes(point).empty() ? PlotFill::Solid : PlotFill::Hollow;
}

bool isDrawable(const FrontierPoint& point)
{
    return point.costPer1k && point.consistency && point.costPer1k->value > 0;
}

/// "Quality gate not met: Disputes and 3 more", a line for each metric that the axes do not show.
QStringList gateWordsOf(const FrontierPoint& point)
{
    const std::vector<const GateResult*> open = openGatesOffTheAxes(point);
    QStringList words;
    for (const GateMetric metric : metricsOffTheAxes(point)) {
        const auto isOfMetric = [&](const GateResult* result) {
            return result->gate.metric == metric;
        };
        const GateResult& worst = **std::ranges::find_if(open, isOfMetric); // they come worst first
        const int others = static_cast<int>(std::ranges::count_if(open, isOfMetric)) - 1;
        const QString name = gateMetricText(metric);
        const QString verdict = verdictText(gateVerdictOf(worst.verdict));
        const QString where = QString::fromStdString(worst.subject);
        if (where.isEmpty())
            words << CostChartView::tr("%1: gate %2", "metric, verdict").arg(name, verdict);
        else if (others == 0)
            words << CostChartView::tr("%1: gate %2 in %3", "metric, verdict, segment")
                         .arg(name, verdict, where);
        else
            words << CostChartView::tr("%1: gate %2 in %3 and %n more", nullptr, others)
                         .arg(name, verdict, where);
    }
    return words;
}

/// "4.7 s (3.0 to 5.1)": always seconds, as everywhere on the page.
QString secondsText(const std::optional<Estimate>& ms)
{
    if (!ms)
        return CostChartView::tr("unknown");
    const auto places = [](double value) { return format::number(value / 1000, 1); };
    const QString value = CostChartView::tr("%1\u202Fs", "seconds").arg(places(ms->value));
    return ms->high > ms->low ? CostChartView::tr("%1 (%2 to %3)", "value, interval")
                                    .arg(value, places(ms->low), places(ms->high))
                              : value;
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
    QString name = withVisibleControls(QString::fromStdString(point.name));
    if (point.kind == Kind::Oracle)
        name = CostChartView::tr("Oracle: knows each outcome beforehand");
    QStringList words = {
        name, CostChartView::tr("Cost per 1,000: %1").arg(text(point.costPer1k, format::Unit::Usd)),
        CostChartView::tr("Consistency: %1").arg(text(point.consistency, format::Unit::Score)),
        CostChartView::tr("Satisfied: %1").arg(text(point.satisfaction, format::Unit::Share)),
        CostChartView::tr("p95 latency: %1").arg(secondsText(point.latencyP95Ms))};
    words += gateWordsOf(point);
    return words;
}

} // namespace

struct CostChartView::Private
{
    CostChartView* q = nullptr;
    ChartView* view = nullptr;
    MarkItem* marks = nullptr;
    ShadeItem* shade = nullptr;
    CalloutItem* callout = nullptr;
    TrailItem* trail = nullptr;
    QLineSeries* mix = nullptr;       ///< requests tossed between two models
    QLineSeries* sweep = nullptr;     ///< long prompts to the stronger model, by length
    std::vector<FrontierPoint> drawn; ///< in the order of the marks

    void build();
    void fitAxes();
    void styleLines();
    [[nodiscard]] PlotMark markOf(const FrontierPoint& point, const std::vector<ModelId>& models,
                                  double age) const;
    void fillKey(const std::vector<ModelId>& models);
    void fillTable();
    void showHover(const QPointF& scene);
};

void CostChartView::Private::build()
{
    auto* chart = new QChart;
    chart->legend()->hide();
    mix = new QLineSeries;
    sweep = new QLineSeries;
    chart->addSeries(mix);
    chart->addSeries(sweep);
    view = new ChartView(chart, tr("Projected cost against consistency"), q);
    view->setObjectName(QStringLiteral("costChart"));
    shade = new ShadeItem(view);
    trail = new TrailItem(view);
    marks = new MarkItem(view);
    marks->setShade(shade);
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
    sweep->setPen(QPen(colors.chartAxis, 1));
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
    removeAxes(chart);
    const QString title = log ? tr("projected cost, USD per 1,000 requests (log scale)")
                              : tr("projected cost, USD per 1,000 requests");
    QAbstractAxis* cost = log ? static_cast<QAbstractAxis*>(makeLogAxis(title, from, to))
                              : static_cast<QAbstractAxis*>(makeValueAxis(title, from, to));
    QValueAxis* consistency =
        makeValueAxis(tr("consistency, 0 to 100"), std::max(0.0, std::floor(floor * 10 - 0.5) * 10),
                      kTopConsistency, QStringLiteral("%.0f"));
    consistency->setMax(kTopConsistency); // round ticks would leave room for what cannot be
    chart.addAxis(cost, Qt::AlignBottom);
    chart.addAxis(consistency, Qt::AlignLeft);
    for (QLineSeries* line : {mix, sweep}) {
        line->attachAxis(cost);
        line->attachAxis(consistency);
    }
    view->restyle();
    styleLines();
}

PlotMark CostChartView::Private::markOf(const FrontierPoint& point,
                                        const std::vector<ModelId>& models, double age) const
{
    PlotMark mark;
    mark.value = QPointF(point.costPer1k->value, point.consistency->value * 100);
    mark.ink = PlotInk::Muted;
    mark.fill = fillOf(point);
    switch (point.kind) {
    case Kind::Policy:
        mark.label = withVisibleControls(QString::fromStdString(point.name));
        mark.strong = true;
        mark.ink = PlotInk::Accent;
        mark.size = kPolicySizePx;
        if (point.costPer1k->high > point.costPer1k->low)
            mark.xInterval = std::pair(point.costPer1k->low, point.costPer1k->high);
        if (point.consistency->high > point.consistency->low)
            mark.yInterval = std::pair(point.consistency->low * 100, point.consistency->high * 100);
        break;
    case Kind::SingleModel: {
        const auto found = std::ranges::find(models, ModelId(point.name));
        mark.label = withVisibleControls(QString::fromStdString(point.name));
        mark.labelRank = 1;
        mark.model = found == models.end() ? -1 : static_cast<int>(found - models.begin());
        mark.size = kModelSizePx;
        break;
    }
    case Kind::Revision:
        mark.label = withVisibleControls(QString::fromStdString(point.name));
        mark.labelRank = 3;
        mark.joins = true;
        mark.ink = PlotInk::Accent;
        mark.shape = PlotShape::Ring;
        mark.size = kRevisionSizePx;
        mark.opacity = age;
        break;
    case Kind::RandomMix:
        mark.shape = PlotShape::Dot;
        mark.size = kDotSizePx;
        break;
    case Kind::LongerToStronger:
        mark.shape = PlotShape::Diamond;
        mark.size = kDiamondSizePx;
        break;
    case Kind::Oracle:
        mark.label = withVisibleControls(QString::fromStdString(point.name));
        mark.labelRank = 2;
        mark.shape = PlotShape::Star;
        mark.size = kStarSizePx;
        break;
    }
    return mark;
}

/// Only of what is drawn.
void CostChartView::Private::fillKey(const std::vector<ModelId>& models)
{
    const auto has = [this](Kind kind) {
        return std::ranges::find(drawn, kind, &FrontierPoint::kind) != drawn.end();
    };
    std::vector<KeyEntry> key;
    if (has(Kind::Policy)) {
        PlotMark mark;
        mark.ink = PlotInk::Accent;
        mark.xInterval = std::pair(0.0, 1.0);
        key.push_back({mark,
                       {},
                       KeyLine::None,
                       tr("this policy, 95 % intervals"),
                       tr("The shown policy. The lines through it are the 95 % intervals of its "
                          "cost and its consistency.")});
    }
    if (has(Kind::Revision)) {
        PlotMark mark;
        mark.ink = PlotInk::Accent;
        mark.shape = PlotShape::Ring;
        mark.size = kRevisionSizePx - 1;
        key.push_back({mark,
                       {},
                       KeyLine::Arrow,
                       tr("earlier revisions"),
                       tr("The way from the oldest saved revision to this one; older steps are "
                          "paler.")});
    }
    if (has(Kind::SingleModel)) {
        std::vector<int> looks;
        for (int i = 0; i < static_cast<int>(std::min<std::size_t>(3, models.size())); ++i)
            looks.push_back(i);
        key.push_back({{},
                       std::move(looks),
                       KeyLine::None,
                       tr("one model alone"),
                       tr("Every request answered by this one model: always of one voice.")});
    }
    PlotMark muted;
    muted.ink = PlotInk::Muted;
    if (has(Kind::RandomMix)) {
        muted.shape = PlotShape::Dot;
        muted.size = kDotSizePx;
        key.push_back({muted,
                       {},
                       KeyLine::Dashed,
                       tr("random mix"),
                       tr("Requests tossed between two models, in steps of 10 %. A router that is "
                          "no better than the toss is not worth its rules.")});
    }
    if (has(Kind::LongerToStronger)) {
        muted.shape = PlotShape::Diamond;
        muted.size = kDiamondSizePx;
        key.push_back({muted,
                       {},
                       KeyLine::Solid,
                       tr("long prompts to the baseline"),
                       tr("The simplest rule: prompts over a length go to the baseline model, the "
                          "others to the cheapest one. A point for each of nine lengths.")});
    }
    if (has(Kind::Oracle)) {
        muted.shape = PlotShape::Star;
        muted.size = kStarSizePx - 2;
        key.push_back({muted,
                       {},
                       KeyLine::None,
                       tr("oracle: the best model for each request"),
                       tr("Knows every outcome beforehand and takes the cheapest of the models "
                          "that do best on each request. Nobody can build it: it shows what "
                          "quality costs at least, and what changing models costs in voice.")});
    }
    QStringList open;
    for (const FrontierPoint& point : drawn) {
        for (const GateMetric metric : metricsOffTheAxes(point)) {
            if (const QString word = inSentence(metric); !open.contains(word))
                open << word;
        }
    }
    if (!open.isEmpty()) {
        PlotMark hollow;
        hollow.shape = PlotShape::Ring;
        hollow.ink = PlotInk::Text;
        hollow.fill = PlotFill::Hollow;
        hollow.size = kRevisionSizePx;
        key.push_back({hollow,
                       {},
                       KeyLine::None,
                       tr("hollow: fails another gate (%1)", "metrics")
                           .arg(open.join(tr(", ", "between two metrics"))),
                       tr("A hollow mark has a gate that these two axes do not show and that is "
                          "not met, or not shown by the data. Point at the mark to see which.")});
    }
    view->setKey(std::move(key));
}

void CostChartView::Private::fillTable()
{
    PlotTable table;
    table.columns = {tr("Point"), tr("Cost per 1,000, USD"), tr("low"),
                     tr("high"),  tr("Consistency"),         tr("low"),
                     tr("high"),  tr("Other open gates")};
    for (const FrontierPoint& point : drawn) {
        table.rows.push_back(
            {QString::fromStdString(point.name), format::number(point.costPer1k->value, 4),
             format::number(point.costPer1k->low, 4), format::number(point.costPer1k->high, 4),
             format::number(point.consistency->value * 100, 2),
             format::number(point.consistency->low * 100, 2),
             format::number(point.consistency->high * 100, 2),
             gateWordsOf(point).join(QStringLiteral("; "))});
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
    // Revisions oldest first, on top the newest; the other families as they came.
    std::ranges::stable_sort(d->drawn, [](const FrontierPoint& a, const FrontierPoint& b) {
        if (a.kind == Kind::Revision && b.kind == Kind::Revision)
            return revisionOf(a) < revisionOf(b);
        return layerOf(a.kind) < layerOf(b.kind);
    });
    d->fitAxes();
    d->fillKey(models);

    QList<QPointF> mix;
    QList<QPointF> sweep;
    QList<QPointF> trail;
    const auto revisions = std::ranges::count(d->drawn, Kind::Revision, &FrontierPoint::kind);
    std::vector<PlotMark> marks;
    for (const FrontierPoint& point : d->drawn) {
        const QPointF place(point.costPer1k->value, point.consistency->value * 100);
        if (point.kind == Kind::RandomMix)
            mix << place;
        if (point.kind == Kind::LongerToStronger)
            sweep << place;
        if (point.kind == Kind::Revision || point.kind == Kind::Policy)
            trail << place;
        const double age =
            point.kind == Kind::Revision
                ? 0.35 + 0.65 * static_cast<double>(trail.size()) / static_cast<double>(revisions)
                : 1;
        marks.push_back(d->markOf(point, models, age));
    }
    std::ranges::sort(mix, {}, [](const QPointF& point) { return point.x(); });
    std::ranges::sort(sweep, {}, [](const QPointF& point) { return point.x(); });
    d->mix->replace(mix);
    d->sweep->replace(sweep);
    d->trail->setPoints(trail);
    d->marks->setAvoided({mix, sweep, trail});
    d->marks->setMarks(std::move(marks));
    d->fillTable();
}

void CostChartView::setGates(const std::vector<Gate>& gates,
                             std::optional<double> baselineCostPer1k)
{
    std::optional<double> below;
    std::optional<double> above;
    QString belowLabel;
    QString aboveLabel;
    for (const Gate& gate : gates) {
        if (gate.per != GateScope::Total)
            continue;
        if (gate.metric == GateMetric::Consistency && gate.atLeast) {
            below = *gate.atLeast * 100;
            belowLabel = tr("gate: at least %1").arg(format::brief(*below));
        }
        if (gate.metric == GateMetric::CostPer1k && gate.atMost) {
            above = gate.atMost;
            aboveLabel = tr("gate: at most %1").arg(format::money(*above));
        }
        if (gate.metric == GateMetric::CostSaving && gate.atLeast && baselineCostPer1k) {
            above = *baselineCostPer1k * (1 - *gate.atLeast);
            aboveLabel = tr("gate: saves %1 (%2)", "a share, the cost that saves it")
                             .arg(format::percent(*gate.atLeast, 0), format::money(*above));
        }
    }
    d->shade->setForbiddenBelowY(below, belowLabel);
    d->shade->setForbiddenAboveX(above, aboveLabel);
}

std::optional<QString> CostChartView::writeTo(const QString& path)
{
    return d->view->writeTo(path);
}

} // namespace signalbox::ui
