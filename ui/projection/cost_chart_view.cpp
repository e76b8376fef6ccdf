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
constexpr double kAxisRoom = 2;         ///< points of consistency under the lowest interval
constexpr double kAxisStep = 10;        ///< the axis starts at one of these
constexpr qreal kPolicySizePx = 21;
constexpr qreal kModelSizePx = 12;
constexpr qreal kRevisionSizePx = 13;
constexpr double kOlderKeyInk = 0.6; ///< opacity of a revision in the key
constexpr qreal kDotSizePx = 6;
constexpr qreal kStarSizePx = 13;
constexpr qreal kFoundSizePx = 12;

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
    case Kind::Found:
        return 6;
    }
    return 0;
}

/// "r4" -> 4.
int revisionOf(const FrontierPoint& point)
{
    const QString name = QString::fromStdString(point.name);
    return QStringView(name).mid(1).toInt();
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

/// Those of some width.
void setIntervals(PlotMark& mark, const FrontierPoint& point, bool areShown)
{
    mark.xInterval.reset();
    mark.yInterval.reset();
    if (!areShown)
        return;
    if (point.costPer1k->high > point.costPer1k->low)
        mark.xInterval = std::pair(point.costPer1k->low, point.costPer1k->high);
    if (point.consistency->high > point.consistency->low)
        mark.yInterval = std::pair(point.consistency->low * 100, point.consistency->high * 100);
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

/// What a family of points is, in lines of a note; empty where the name says it.
QStringList explanationOf(Kind kind)
{
    switch (kind) {
    case Kind::RandomMix:
        return {CostChartView::tr("Requests tossed between two models, in steps of 10 %."),
                CostChartView::tr("A router that is no better is not worth its rules.")};
    case Kind::LongerToStronger:
        return {CostChartView::tr("The simplest rule: long prompts go to the baseline model,\n"
                                  "the others to the cheapest one. Nine lengths.")
                    .split(QLatin1Char('\n'))};
    case Kind::Oracle:
        return {CostChartView::tr("Knows every outcome beforehand; nobody can build it. Shows\n"
                                  "what quality costs at least, and changing models in voice.")
                    .split(QLatin1Char('\n'))};
    case Kind::SingleModel:
        return {CostChartView::tr("Every request answered by this one model: one voice.")};
    case Kind::Found:
        return {CostChartView::tr("Found by the search. Click it to see what it changes.")};
    case Kind::Revision:
    case Kind::Policy:
        return {};
    }
    return {};
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
    QStringList words = {
        withVisibleControls(QString::fromStdString(point.name)),
        CostChartView::tr("Cost per 1,000: %1").arg(text(point.costPer1k, format::Unit::Usd)),
        CostChartView::tr("Consistency: %1").arg(text(point.consistency, format::Unit::Score)),
        CostChartView::tr("Satisfied: %1").arg(text(point.satisfaction, format::Unit::Share)),
        CostChartView::tr("p95 latency: %1").arg(secondsText(point.latencyP95Ms))};
    words += gateWordsOf(point);
    words += explanationOf(point.kind);
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
    QString revision;                 ///< of the policy: "r7"; may be empty
    QString baseline;                 ///< the model that gates measure by; may be empty
    std::string best;                 ///< name of the best point that was found; may be empty

    void build();
    void fitAxes();
    void styleLines();
    [[nodiscard]] PlotMark markOf(const FrontierPoint& point, const std::vector<ModelId>& models,
                                  double age) const;
    [[nodiscard]] QString nameOf(const FrontierPoint& point) const;
    void drawLines();
    void fillKey();
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
    marks = new MarkItem(view);
    trail = new TrailItem(view, marks);
    marks->setShade(shade);
    callout = new CalloutItem(chart);
    callout->hide();
    auto* layout = new QVBoxLayout(q);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(view);
    connect(view, &ChartView::hovered, q, [this](const QPointF& scene) { showHover(scene); });
    connect(view, &ChartView::clicked, q, [this](const QPointF& scene) {
        const int index = marks->nearest(scene);
        if (index >= 0)
            emit q->pointChosen(drawn[static_cast<std::size_t>(index)].kind,
                                drawn[static_cast<std::size_t>(index)].name);
    });
    connect(view, &ChartView::left, q, [this] {
        callout->hide();
        marks->setEmphasis(-1);
    });
    connect(&ThemeNotifier::instance(), &ThemeNotifier::themeChanged, q, [this] { styleLines(); });
}

/// Thin: what they are measured by must not outshine the policy. Yet they are seen where gates
/// shade.
void CostChartView::Private::styleLines()
{
    const QColor ink = Theme::current().colors().textMuted;
    QPen dashed(ink, 1, Qt::CustomDashLine);
    dashed.setDashPattern({5, 4});
    mix->setPen(dashed);
    sweep->setPen(QPen(ink, 1));
}

/// New axes when the drawn points leave the present ones, or no longer fill them.
void CostChartView::Private::fitAxes()
{
    double low = 1e300;
    double high = 0;
    double lowest = 100;
    for (const FrontierPoint& point : drawn) {
        low = std::min(low, point.costPer1k->value);
        high = std::max(high, std::max(point.costPer1k->value, point.costPer1k->high));
        lowest = std::min(lowest, 100 * std::min(point.consistency->value, point.consistency->low));
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
    const double floor = std::max(0.0, std::floor((lowest - kAxisRoom) / kAxisStep) * kAxisStep);
    QValueAxis* consistency =
        makeValueAxis(floor > 0 ? tr("consistency (of 100; not from 0)", "title of an axis")
                                : tr("consistency (of 100)", "title of an axis"),
                      floor, kTopConsistency, QStringLiteral("%.0f"));
    consistency->setMin(floor);
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

/// "Support desk, r7"; as it is called for all others.
QString CostChartView::Private::nameOf(const FrontierPoint& point) const
{
    const QString name = withVisibleControls(QString::fromStdString(point.name));
    if (point.kind == Kind::Found)
        return point.name == best ? tr("Point %1, the best").arg(name) : tr("Point %1").arg(name);
    return point.kind == Kind::Policy && !revision.isEmpty()
               ? tr("%1, %2", "name of the policy, its revisions").arg(name, revision)
               : name;
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
        mark.label = nameOf(point);
        if (!revision.isEmpty()) { // joins those of older revisions: "Support desk, r5–r7"
            mark.label = revision;
            mark.labelLead = tr("%1, ", "name of the policy, before its revisions")
                                 .arg(withVisibleControls(QString::fromStdString(point.name)));
            mark.joins = true;
        }
        mark.strong = true;
        mark.ink = PlotInk::Text;
        mark.shape = PlotShape::Bullseye;
        mark.encloses = true;
        mark.size = kPolicySizePx;
        setIntervals(mark, point, true);
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
        mark.encloses = true;
        mark.ink = PlotInk::Text;
        mark.shape = PlotShape::Bullseye;
        mark.size = kRevisionSizePx;
        mark.opacity = age;
        break;
    case Kind::Found:
        mark.shape = PlotShape::Disc;
        mark.ink = PlotInk::Text;
        mark.label = withVisibleControls(QString::fromStdString(point.name));
        mark.labelRank = 1;
        mark.size = kFoundSizePx;
        if (point.name == best) {
            mark.label = tr("%1, best", "number of a point").arg(mark.label);
            mark.labelRank = 0;
            mark.strong = true;
        }
        break;
    case Kind::RandomMix:
    case Kind::LongerToStronger:
        mark.shape = PlotShape::Dot;
        mark.size = kDotSizePx;
        mark.quiet = true;
        break;
    case Kind::Oracle:
        mark.label = tr("oracle: the best model for each request");
        mark.labelRank = 2;
        mark.shape = PlotShape::Star;
        mark.size = kStarSizePx;
        break;
    }
    return mark;
}

/// Only what cannot be said at the place itself, and only of what is drawn.
void CostChartView::Private::fillKey()
{
    std::vector<KeyEntry> key;
    const auto policy = std::ranges::find(drawn, Kind::Policy, &FrontierPoint::kind);
    if (policy != drawn.end()) {
        PlotMark mark;
        mark.shape = PlotShape::Bullseye;
        mark.fill = fillOf(*policy);
        mark.size = kRevisionSizePx;
        mark.xInterval = std::pair(0.0, 1.0);
        key.push_back({mark, tr("this policy, 95 % intervals"),
                       tr("The shown policy. The lines through it are the 95 % intervals of its "
                          "cost and its consistency.")});
    }
    if (const auto older = std::ranges::find(drawn, Kind::Revision, &FrontierPoint::kind);
        older != drawn.end()) {
        PlotMark mark;
        mark.shape = PlotShape::Bullseye;
        mark.fill = PlotFill::Solid;
        mark.size = kRevisionSizePx;
        mark.opacity = kOlderKeyInk;
        key.push_back(
            {mark, tr("r: its revisions"),
             tr("Earlier revisions of the policy, the older the paler. The arrows go from "
                "one to the next.")});
    }
    if (const auto found = std::ranges::find(drawn, Kind::Found, &FrontierPoint::kind);
        found != drawn.end()) {
        PlotMark mark;
        mark.shape = PlotShape::Disc;
        mark.size = kFoundSizePx;
        key.push_back({mark, tr("points of the search"),
                       tr("Policies that the search found, by their numbers in the table. Click "
                          "one to see what it changes; its 95 % intervals are drawn then.")});
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
        hollow.shape = PlotShape::Bullseye;
        hollow.fill = PlotFill::Hollow;
        hollow.size = kRevisionSizePx;
        key.push_back({hollow,
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
        table.rows.push_back({nameOf(point), format::number(point.costPer1k->value, 4),
                              format::number(point.costPer1k->low, 4),
                              format::number(point.costPer1k->high, 4),
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
    const auto shown = static_cast<std::size_t>(index);
    QStringList words = wordsOf(drawn[shown]);
    words.front() = nameOf(drawn[shown]);
    QStringList same;
    for (const std::size_t hidden : marks->mergedInto(shown))
        same << nameOf(drawn[hidden]);
    if (!same.isEmpty())
        words << tr("At the same place: %1").arg(same.join(tr(", ", "between two revisions")));
    callout->showAt(marks->placeOf(shown), words);
    callout->show();
}

void CostChartView::setBest(const std::string& name)
{
    d->best = name;
}

void CostChartView::setChosen(FrontierPoint::Kind kind, const std::string& name)
{
    const auto found = std::ranges::find_if(d->drawn, [&](const FrontierPoint& point) {
        return point.kind == kind && point.name == name;
    });
    const auto index = found == d->drawn.end() ? -1 : static_cast<int>(found - d->drawn.begin());
    std::vector<PlotMark> marks = d->marks->marks();
    for (std::size_t i = 0; i < marks.size(); ++i) {
        const FrontierPoint& point = d->drawn[i];
        if (point.kind != Kind::Policy)
            setIntervals(marks[i], point, static_cast<int>(i) == index);
    }
    d->marks->setMarks(std::move(marks));
    d->marks->setChosen(index);
}

CostChartView::CostChartView(QWidget* parent) : QWidget(parent), d(std::make_unique<Private>())
{
    d->q = this;
    d->build();
}

CostChartView::~CostChartView() = default;

void CostChartView::setPoints(const std::vector<FrontierPoint>& points,
                              const std::optional<FrontierPoint>& policy,
                              const std::vector<ModelId>& models, const QString& revision)
{
    d->revision = revision;
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
    d->fillKey();
    std::vector<PlotMark> marks;
    const auto revisions = std::ranges::count(d->drawn, Kind::Revision, &FrontierPoint::kind);
    int place = 0; // among the revisions, oldest first
    for (const FrontierPoint& point : d->drawn) {
        const double age = point.kind == Kind::Revision
                               ? 0.45 + 0.35 * ++place / static_cast<double>(revisions)
                               : 1;
        marks.push_back(d->markOf(point, models, age));
    }
    d->marks->setMarks(std::move(marks));
    d->drawLines();
    d->fillTable();
}

/// The two mixes with their names, and the policy's trail between the rims of the marks.
void CostChartView::Private::drawLines()
{
    QList<QPointF> tossed;
    QList<QPointF> byLength;
    QList<QPointF> way;
    std::vector<std::size_t> steps;
    for (std::size_t i = 0; i < drawn.size(); ++i) {
        const FrontierPoint& point = drawn[i];
        const PlotMark& mark = marks->marks()[i];
        if (point.kind == Kind::RandomMix)
            tossed << mark.value;
        if (point.kind == Kind::LongerToStronger)
            byLength << mark.value;
        if (point.kind == Kind::Revision || point.kind == Kind::Policy) {
            way << mark.value;
            steps.push_back(i);
        }
    }
    for (QList<QPointF>* line : {&tossed, &byLength})
        std::ranges::sort(*line, {}, [](const QPointF& point) { return point.x(); });
    mix->replace(tossed);
    sweep->replace(byLength);
    trail->setMarks(std::move(steps));
    marks->setCurves(
        {{tossed, tossed.isEmpty() ? QString() : tr("random mix"), true},
         {byLength,
          byLength.isEmpty()   ? QString()
          : baseline.isEmpty() ? tr("long prompts to the baseline")
                               : tr("long prompts to %1", "the baseline model").arg(baseline),
          true},
         {way, {}}});
}

void CostChartView::setBaseline(const ModelId& model)
{
    d->baseline = withVisibleControls(QString::fromStdString(model.value));
    d->drawLines();
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
