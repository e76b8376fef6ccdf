// SPDX-License-Identifier: GPL-3.0-or-later
#include "projection_page.h"

#include "chart_save_button.h"
#include "cost_chart_view.h"
#include "frontier_desk.h"
#include "frontier_words.h"
#include "latency_chart_view.h"
#include "loss_plot.h"
#include "projection_pdf.h"
#include "report_button.h"
#include "shares_plot.h"
#include "slice_table_model.h"

#include <core/base/files.h>
#include <core/projection/projection_report.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/format.h>
#include <ui/kit/paged_text.h>
#include <ui/kit/picture_export.h>
#include <ui/kit/theme.h>
#include <ui/models/traffic_words.h>

#include <QDragEnterEvent>
#include <QGraphicsView>
#include <QHBoxLayout>
#include <QMimeData>
#include <QPushButton>
#include <QResizeEvent>
#include <QScrollArea>
#include <QScrollBar>
#include <QStackedWidget>
#include <QUrl>
#include <QVBoxLayout>

#include <optional>
#include <utility>
#include <vector>

namespace signalbox::ui {

namespace {

constexpr int kNarrowPx = 900;  ///< under it one
constexpr int kChartPx = 380;   ///< least height of the main chart
constexpr int kLatencyPx = 260; ///< least height of the latency chart

/// A part of the page: a heading with what belongs under it.
QVBoxLayout* columnIn(QWidget* widget)
{
    auto* layout = new QVBoxLayout(widget);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kUnit);
    return layout;
}

/// What all charts of the page stand on: a card. Those of QtCharts bring it along.
QWidget* cardAround(QWidget* plot, QWidget* parent)
{
    auto* card = new QWidget(parent);
    card->setBackgroundRole(QPalette::Base);
    card->setAutoFillBackground(true);
    auto* layout = new QVBoxLayout(card);
    layout->setContentsMargins(space::kGap, space::kUnit, space::kGap, space::kUnit);
    layout->addWidget(plot);
    return card;
}

/// Gives back the layout's parts to their parents and deletes it with all layouts in it.
void takeApart(QLayout* layout)
{
    while (layout && layout->count() > 0) {
        QLayoutItem* item = layout->takeAt(0);
        if (item->layout())
            takeApart(item->layout());
        delete item;
    }
}

QString modelName(const EvidenceTable& evidence, std::size_t index)
{
    return index < evidence.models.size() ? QString::fromStdString(evidence.models[index].value)
                                          : QString();
}

} // namespace

struct ProjectionPage::Private
{
    Private(ProjectionPage* owner, Workbench& bench)
        : q(owner), workbench(bench), search(new FrontierDesk(bench, owner))
    {}

    ProjectionPage* q;
    Workbench& workbench;
    FrontierDesk* search = nullptr;
    ElidedLabel* traffic = nullptr;
    ReportButton* report = nullptr;
    Callout* cover = nullptr; ///< what the answers do not show of the traffic
    QStackedWidget* stack = nullptr;
    EmptyState* empty = nullptr;
    QScrollArea* scroll = nullptr;
    QWidget* content = nullptr; ///< of the scroll area; the parts are its children
    QWidget* costPart = nullptr;
    QWidget* lossPart = nullptr;
    QWidget* latencyPart = nullptr;
    QWidget* sharesPart = nullptr;
    QWidget* slicesPart = nullptr;
    struct Arrangement
    {
        bool isWide = false;
        bool hasPoints = false; ///< of a search
        bool operator==(const Arrangement&) const = default;
    };
    std::optional<Arrangement> arrangement;
    SectionHeader* costHeader = nullptr;
    CostChartView* cost = nullptr;
    LatencyChartView* latency = nullptr;
    SectionHeader* lossHeader = nullptr;
    LossPlot* loss = nullptr;
    SectionHeader* latencyHeader = nullptr;
    SectionHeader* sharesHeader = nullptr;
    SharesPlot* shares = nullptr;
    SectionHeader* slicesHeader = nullptr;
    SliceTableModel slices;
    FiguresTable* table = nullptr;

    [[nodiscard]] QWidget* makeTrafficLine();
    void refreshTraffic();
    void leaveDropsToPage();
    void buildCost();
    void buildLoss();
    void buildLatency();
    void buildShares();
    void buildSlices();
    void arrange();
    void refresh();
    void refreshChart(const Projection& projection);
    void refreshFound(const Frontier& frontier);
    void refreshBehind(const Projection& projection, const PolicyDocument& document);
    void refreshTitles(const QString& policy);
    void showFound();
};

/// Which requests all numbers of the page are of, and the way to others.
QWidget* ProjectionPage::Private::makeTrafficLine()
{
    auto* const box = new QWidget(q);
    auto* const rows = new QVBoxLayout(box);
    rows->setContentsMargins(space::kWide, space::kUnit, space::kWide, 0);
    rows->setSpacing(space::kUnit);
    auto* const line = new QHBoxLayout;
    line->setSpacing(space::kGap);
    traffic = new ElidedLabel({}, TextRole::Body, box);
    traffic->setObjectName(QStringLiteral("projectedTraffic"));
    auto* const open = new QPushButton(tr("Open traffic..."), box);
    open->setObjectName(QStringLiteral("projectOtherTraffic"));
    open->setToolTip(plainToolTip(
        tr("A table of traffic, or a router's log to be imported. Both can be dropped here.")));
    report = new ReportButton([this](const QString& path) { return q->writeReport(path); }, box);
    report->setObjectName(QStringLiteral("saveProjectionReport"));
    line->addWidget(traffic, 1);
    line->addWidget(report);
    line->addWidget(open);
    line->addWidget(search->button());
    cover = new Callout(Tone::Caution, box);
    cover->setObjectName(QStringLiteral("evidenceCover"));
    cover->hide();
    rows->addLayout(line);
    rows->addWidget(search->notices());
    rows->addWidget(cover);
    connect(open, &QPushButton::clicked, q, [this] { workbench.requestTraffic(); });
    return box;
}

void ProjectionPage::Private::refreshTraffic()
{
    const auto replayed = workbench.traffic();
    const auto evidence = workbench.evidence();
    traffic->setText(replayed ? tr("Replayed: %1", "traffic").arg(trafficWords(*replayed))
                              : tr("No traffic loaded"));
    const CoverWords words =
        replayed && evidence ? coverWords(coverOf(*replayed, *evidence)) : CoverWords();
    cover->setMessage(Tone::Caution, words.title, words.detail);
    cover->setVisible(!words.title.isEmpty());
}

/// Charts take drops as every scene does, and would swallow them.
void ProjectionPage::Private::leaveDropsToPage()
{
    for (auto* view : q->findChildren<QGraphicsView*>()) {
        view->setAcceptDrops(false);
        view->viewport()->setAcceptDrops(false);
    }
}

void ProjectionPage::Private::buildCost()
{
    costPart = new QWidget(content);
    auto* layout = columnIn(costPart);
    costHeader = new SectionHeader(tr("Cost against consistency"), costPart);
    cost = new CostChartView(costPart);
    cost->setMinimumHeight(kChartPx);
    connect(
        cost, &CostChartView::pointChosen, q,
        [this](FrontierPoint::Kind kind, const std::string& name) { search->choose(kind, name); });
    costHeader->addControl(new ChartSaveButton(
        tr("the chart of cost and consistency"), QStringLiteral("cost-consistency"),
        [this](const QString& path) { return cost->writeTo(path); }));
    layout->addWidget(costHeader);
    layout->addWidget(cost, 1);
}

void ProjectionPage::Private::buildLoss()
{
    lossPart = new QWidget(content);
    auto* layout = columnIn(lossPart);
    lossHeader = new SectionHeader(tr("Where consistency is lost"), lossPart);
    loss = new LossPlot(lossPart);
    loss->setTitle(tr("Loss of consistency by pair of models"));
    lossHeader->addControl(
        new ChartSaveButton(tr("the losses by pair"), QStringLiteral("consistency-loss"),
                            [this](const QString& path) { return writePlot(*loss, path); }));
    layout->addWidget(lossHeader);
    layout->addWidget(cardAround(loss, lossPart));
}

void ProjectionPage::Private::buildLatency()
{
    latencyPart = new QWidget(content);
    auto* layout = columnIn(latencyPart);
    latencyHeader = new SectionHeader({}, latencyPart);
    latencyHeader->setNote(tr("p95 latency: 95 % have begun"));
    latency = new LatencyChartView(latencyPart);
    latency->setMinimumHeight(kLatencyPx);
    latencyHeader->addControl(
        new ChartSaveButton(tr("the latency chart"), QStringLiteral("latency"),
                            [this](const QString& path) { return latency->writeTo(path); }));
    layout->addWidget(latencyHeader);
    layout->addWidget(latency, 1);
}

void ProjectionPage::Private::buildShares()
{
    sharesPart = new QWidget(content);
    auto* layout = columnIn(sharesPart);
    sharesHeader = new SectionHeader({}, sharesPart);
    sharesHeader->setNote(tr("by share of requests and of cost"));
    shares = new SharesPlot(sharesPart);
    shares->setTitle(tr("Shares of requests and of cost by model"));
    sharesHeader->addControl(
        new ChartSaveButton(tr("the shares by model"), QStringLiteral("shares"),
                            [this](const QString& path) { return writePlot(*shares, path); }));
    layout->addWidget(sharesHeader);
    layout->addWidget(cardAround(shares, sharesPart));
}

void ProjectionPage::Private::buildSlices()
{
    slicesPart = new QWidget(content);
    auto* layout = columnIn(slicesPart);
    slicesHeader = new SectionHeader({}, slicesPart);
    slicesHeader->setNote(tr("the worst on top; averages hide what happens in one of them"));
    table = new FiguresTable(slices, tr("Segments and tiers with their gates"), slicesPart);
    table->setObjectName(QStringLiteral("slices"));
    slicesHeader->addControl(new ChartSaveButton(
        tr("the table"), QStringLiteral("segments-and-tiers"),
        [this](const QString& path) { return writeCsv(path, slices.table()); },
        ChartSaveButton::Formats::TableOnly));
    layout->addWidget(slicesHeader);
    layout->addWidget(table);
}

/// Puts the parts side by side as the width allows. The page scrolls as a whole; nothing in it
/// scrolls by itself.
void ProjectionPage::Private::arrange()
{
    const Arrangement wanted{q->width() >= kNarrowPx, search->isShown()};
    if (wanted == arrangement)
        return;
    arrangement = wanted;
    takeApart(content->layout());
    delete content->layout();
    auto* rows = new QVBoxLayout(content);
    rows->setContentsMargins(space::kWide, space::kUnit, space::kWide, space::kWide);
    rows->setSpacing(space::kWide);
    const auto makeColumns = [&] {
        auto* columns =
            new QBoxLayout(wanted.isWide ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
        columns->setSpacing(wanted.isWide ? space::kSection : space::kWide);
        return columns;
    };
    auto* columns = makeColumns();
    columns->addWidget(costPart, 3);
    rows->addLayout(columns, wanted.hasPoints ? 0 : 1);
    search->pointView()->setVisible(wanted.hasPoints);
    search->resultView()->setVisible(wanted.hasPoints);
    if (wanted.hasPoints) {
        // What is selected stands beside the chart that it is selected in.
        columns->addWidget(search->pointView(), 2);
        rows->addWidget(search->resultView());
        auto* behind = makeColumns();
        auto* side = new QVBoxLayout;
        side->setSpacing(space::kWide);
        side->addWidget(lossPart);
        side->addWidget(sharesPart);
        side->addStretch(1);
        behind->addLayout(side, 1);
        behind->addWidget(latencyPart, 1);
        rows->addLayout(behind, 1);
    } else {
        // The latency chart takes what the losses leave, so that both columns end together.
        auto* side = new QVBoxLayout;
        side->setSpacing(space::kWide);
        side->addWidget(lossPart);
        side->addWidget(latencyPart, 1);
        columns->addLayout(side, 2);
        rows->addWidget(sharesPart);
    }
    rows->addWidget(slicesPart);
}

void ProjectionPage::Private::refreshChart(const Projection& projection)
{
    const PolicyDocument& document = workbench.editor().shownDocument();
    const QString revision = workbench.editor().isModified()
                                 ? tr("r%1 edited", "number of the revision")
                                 : tr("r%1", "number of the revision");
    const FrontierPoint own = frontierPointOf(projection, document.name);
    std::vector<ModelId> models;
    for (const ModelSpec& model : document.models)
        models.push_back(model.id);
    cost->setPoints(workbench.frontier(), own, models, revision.arg(document.revision));
    cost->setBaseline(document.baseline);
    cost->setGates(document.gates, projection.baselineCostPer1k
                                       ? std::optional(projection.baselineCostPer1k->value)
                                       : std::nullopt);
    const auto replayed = workbench.traffic();
    const QString requests =
        (replayed && replayed->synthetic ? tr("%1 synthetic requests") : tr("%1 requests"))
            .arg(format::count(static_cast<qint64>(projection.requests)));
    const QString answers =
        (projection.simulatedAnswers ? tr("%1 answers of simulated models") : tr("%1 answers"))
            .arg(format::count(static_cast<qint64>(projection.answers)));
    costHeader->setNote(tr("%1, %2", "requests, answers").arg(requests, answers));
}

/// Only what is of the same half of the conversations: the policy and the models as they are there.
void ProjectionPage::Private::refreshFound(const Frontier& frontier)
{
    using Kind = FrontierPoint::Kind;
    const PolicyDocument& document = frontier.present.policy;
    std::vector<FrontierPoint> points;
    for (const FrontierChoice& choice : frontier.points)
        points.push_back(frontierPointOf(choice.report, choice.name, Kind::Found));
    for (const FrontierChoice& choice : frontier.models)
        points.push_back(frontierPointOf(choice.report, choice.name, Kind::SingleModel));
    std::vector<ModelId> models;
    for (const ModelSpec& model : document.models)
        models.push_back(model.id);
    const FrontierChoice* best = frontier.best();
    cost->setBest(best ? best->name : std::string());
    cost->setPoints(points, frontierPointOf(frontier.present.report, frontier.present.name), models,
                    tr("before", "the policy as it was when a search began"));
    const auto& baseline = frontier.present.report.baselineCostPer1k;
    cost->setGates(document.gates, baseline ? std::optional(baseline->value) : std::nullopt);
    costHeader->setNote(
        tr("%1 requests of the half that had no say in the choice")
            .arg(format::count(static_cast<qint64>(frontier.present.report.requests))));
    if (const FrontierChoice* chosen = search->chosen())
        cost->setChosen(chosen->kind == FrontierChoice::Kind::Found         ? Kind::Found
                        : chosen->kind == FrontierChoice::Kind::SingleModel ? Kind::SingleModel
                                                                            : Kind::Policy,
                        chosen->name);
}

/// Whose numbers the parts behind the chart show; empty: the shown policy's.
void ProjectionPage::Private::refreshTitles(const QString& policy)
{
    const auto title = [&](const QString& plain) {
        return policy.isEmpty() ? plain
                                : tr("%1: %2", "a policy, a part of the page").arg(policy, plain);
    };
    lossHeader->setTitle(title(tr("Where consistency is lost")));
    latencyHeader->setTitle(title(tr("When answers begin")));
    sharesHeader->setTitle(title(tr("Who answers")));
    slicesHeader->setTitle(title(tr("Segments and tiers")));
}

/// Another arrangement, with its beginning in sight.
void ProjectionPage::Private::showFound()
{
    arrange();
    refresh();
    scroll->verticalScrollBar()->setValue(0);
}

void ProjectionPage::Private::refreshBehind(const Projection& projection,
                                            const PolicyDocument& document)
{
    std::vector<LossStep> steps;
    if (const auto evidence = workbench.evidence()) {
        for (const ConsistencyLoss& pair : projection.seams.losses)
            steps.push_back(
                {tr("%1 and %2").arg(modelName(*evidence, pair.a), modelName(*evidence, pair.b)),
                 pair.loss * 100, pair.seamShare, pair.noticeability});
    }
    std::optional<double> consistencyGate;
    std::optional<double> gate;
    for (const Gate& candidate : document.gates) {
        if (candidate.per != GateScope::Total)
            continue;
        if (candidate.metric == GateMetric::LatencyP95Ms)
            gate = candidate.atMost;
        if (candidate.metric == GateMetric::Consistency && candidate.atLeast)
            consistencyGate = *candidate.atLeast * 100;
    }
    loss->setSteps(std::move(steps), consistencyGate);
    lossHeader->setNote(
        projection.consistency
            ? tr("from 100 to %1").arg(format::number(projection.consistency->value * 100, 1))
            : QString());

    latency->setLatency(projection.latency, gate);

    const auto partsOf = [&](const std::vector<double>& parts) {
        std::vector<SharePart> shown;
        for (std::size_t i = 0; i < parts.size() && i < document.models.size(); ++i) {
            if (parts[i] > 0)
                shown.push_back({QString::fromStdString(document.models[i].id.value), parts[i],
                                 static_cast<int>(i)});
        }
        return shown;
    };
    std::vector<SharePart> answered = partsOf(projection.servedShare);
    if (projection.unansweredShare > 0)
        answered.push_back({tr("no answer"), projection.unansweredShare, -1});
    shares->setRows(
        {{tr("Requests"), std::move(answered)}, {tr("Cost"), partsOf(projection.spendShare)}});
}

void ProjectionPage::Private::refresh()
{
    const auto& projection = workbench.projection();
    // Of numbers at rest: while something is dragged they have no intervals of their own.
    report->setEnabled(projection && !projection->quick);
    const PolicyDocument& shown = workbench.editor().shownDocument();
    report->setFileName(format::fileName(
        tr("%1 projection, revision %2", "name of a file: the policy, its revision")
            .arg(QString::fromStdString(shown.name), QString::number(shown.revision))));
    if (!projection) {
        empty->setTexts(workbench.projectionProblem().isEmpty() ? tr("Measuring the evidence ...")
                                                                : tr("Nothing can be projected"),
                        workbench.projectionProblem());
        stack->setCurrentIndex(0);
        return;
    }
    stack->setCurrentIndex(1);
    const auto found = search->session().finding();
    const FrontierChoice* const chosen = search->chosen();
    refreshTitles(chosen ? frontier_words::name(*chosen) : QString());
    if (found && chosen) {
        refreshFound(found->frontier);
        refreshBehind(chosen->report, chosen->policy);
        slices.setProjection(chosen->report);
        return;
    }
    refreshChart(*projection);
    refreshBehind(*projection, workbench.editor().shownDocument());
    if (!projection->quick)
        slices.setProjection(projection);
}

ProjectionPage::ProjectionPage(Workbench& workbench, QWidget* parent)
    : QWidget(parent), d(std::make_unique<Private>(this, workbench))
{
    setAccessibleName(tr("Projection"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    setAcceptDrops(true);
    layout->addWidget(d->makeTrafficLine());
    d->stack = new QStackedWidget(this);
    layout->addWidget(d->stack, 1);
    d->empty = new EmptyState(Icon::Projection, {}, {}, d->stack);
    d->stack->addWidget(d->empty);

    d->scroll = new QScrollArea(d->stack);
    d->scroll->setFrameShape(QFrame::NoFrame);
    d->scroll->setAccessibleName(tr("Charts and tables"));
    d->scroll->setWidgetResizable(true);
    d->scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAsNeeded);
    d->content = new QWidget(d->scroll);
    d->buildCost();
    d->buildLoss();
    d->buildLatency();
    d->buildShares();
    d->buildSlices();
    d->arrange();
    d->scroll->setWidget(d->content);
    d->stack->addWidget(d->scroll);

    connect(d->search, &FrontierDesk::shownChanged, this, [this] { d->showFound(); });
    connect(d->search, &FrontierDesk::chosenChanged, this, [this] { d->refresh(); });
    const auto refreshPolicy = [this] {
        if (!d->search->isShown() || d->stack->currentIndex() == 0)
            d->refresh(); // else the page shows what was found
    };
    connect(&workbench, &Workbench::projectionChanged, this, refreshPolicy);
    connect(&workbench, &Workbench::frontierChanged, this, refreshPolicy);
    connect(&workbench, &Workbench::trafficChanged, this, [this] { d->refreshTraffic(); });
    connect(&workbench, &Workbench::evidenceChanged, this, [this] { d->refreshTraffic(); });
    d->leaveDropsToPage();
    d->refreshTraffic();
    d->refresh();
}

std::optional<QString> ProjectionPage::writeReport(const QString& path) const
{
    const auto& projection = d->workbench.projection();
    if (!projection)
        return tr("There is nothing to report yet.");
    const PolicyDocument& document = d->workbench.editor().shownDocument();
    std::vector<FrontierPoint> points = d->workbench.frontier();
    points.push_back(frontierPointOf(*projection, document.name));
    const bool isForPaper = path.endsWith(QLatin1String(".pdf"), Qt::CaseInsensitive);
    const std::string bytes =
        isForPaper ? toProjectionPdf(*projection, document, points, usualPageSize()).toStdString()
                   : toHtml(*projection, document, points);
    const auto written = writeFileAtomically(path.toStdString(), bytes);
    return written ? std::nullopt
                   : std::optional(QString::fromStdString(toString(written.error())));
}

void ProjectionPage::dragEnterEvent(QDragEnterEvent* event)
{
    const QList<QUrl> urls = event->mimeData()->urls();
    if (urls.size() == 1 && urls.front().isLocalFile())
        event->acceptProposedAction();
}

void ProjectionPage::dropEvent(QDropEvent* event)
{
    const QList<QUrl> urls = event->mimeData()->urls();
    if (urls.isEmpty())
        return;
    event->acceptProposedAction();
    d->workbench.requestTraffic(urls.front().toLocalFile());
}

void ProjectionPage::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    d->arrange();
}

ProjectionPage::~ProjectionPage()
{
    // The views go first: while they hide, they still ask their models.
    qDeleteAll(findChildren<QWidget*>(QString(), Qt::FindDirectChildrenOnly));
}

} // namespace signalbox::ui
