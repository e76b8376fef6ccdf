// SPDX-License-Identifier: GPL-3.0-or-later
#include "projection_page.h"

#include "cost_chart_view.h"
#include "latency_chart_view.h"
#include "loss_plot.h"
#include "slice_table_model.h"

#include <ui/kit/basic_widgets.h>
#include <ui/kit/format.h>
#include <ui/kit/plots.h>
#include <ui/kit/theme.h>

#include <QHeaderView>
#include <QScrollArea>
#include <QSplitter>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>

#include <optional>
#include <utility>
#include <vector>

namespace signalbox::ui {

namespace {

QVBoxLayout* columnIn(QWidget* widget)
{
    auto* layout = new QVBoxLayout(widget);
    layout->setContentsMargins(space::kWide, space::kWide, space::kWide, space::kWide);
    layout->setSpacing(space::kUnit);
    return layout;
}

QString modelName(const EvidenceTable& evidence, std::size_t index)
{
    return index < evidence.models.size() ? QString::fromStdString(evidence.models[index].value)
                                          : QString();
}

} // namespace

struct ProjectionPage::Private
{
    Private(ProjectionPage* owner, Workbench& bench) : q(owner), workbench(bench) {}

    ProjectionPage* q;
    Workbench& workbench;
    QStackedWidget* stack = nullptr;
    EmptyState* empty = nullptr;
    SectionHeader* costHeader = nullptr;
    CostChartView* cost = nullptr;
    LatencyChartView* latency = nullptr;
    SectionHeader* lossHeader = nullptr;
    LossPlot* loss = nullptr;
    ShareBar* requests = nullptr;
    ShareBar* money = nullptr;
    SliceTableModel slices;
    QTableView* table = nullptr;

    [[nodiscard]] QWidget* buildCost(QWidget* parent);
    [[nodiscard]] QWidget* buildBehind(QWidget* parent);
    [[nodiscard]] QWidget* buildSlices(QWidget* parent);
    void refresh();
    void refreshChart(const Projection& projection);
    void refreshBehind(const Projection& projection);
};

QWidget* ProjectionPage::Private::buildCost(QWidget* parent)
{
    auto* panel = new QWidget(parent);
    auto* layout = columnIn(panel);
    costHeader = new SectionHeader(tr("Cost against consistency"), panel);
    auto* save = new IconButton(Icon::Download, tr("Save this chart"), panel);
    costHeader->addControl(save);
    cost = new CostChartView(panel);
    layout->addWidget(costHeader);
    layout->addWidget(cost, 1);
    connect(save, &QToolButton::clicked, cost, &CostChartView::saveAs);
    return panel;
}

QWidget* ProjectionPage::Private::buildBehind(QWidget* parent)
{
    auto* scroll = new QScrollArea(parent);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* panel = new QWidget(scroll);
    auto* layout = columnIn(panel);
    lossHeader = new SectionHeader(tr("Where consistency is lost"), panel);
    loss = new LossPlot(panel);
    loss->setTitle(tr("Loss of consistency by pair of models"));
    layout->addWidget(lossHeader);
    layout->addWidget(loss);
    layout->addSpacing(space::kUnit);
    layout->addWidget(new SectionHeader(tr("When answers begin"), panel));
    latency = new LatencyChartView(panel);
    latency->setMinimumHeight(240);
    layout->addWidget(latency, 1);
    layout->addSpacing(space::kUnit);
    layout->addWidget(new SectionHeader(tr("Who answers"), panel));
    requests = new ShareBar(panel);
    requests->setTitle(tr("Share of requests by model"));
    money = new ShareBar(panel);
    money->setTitle(tr("Share of the bill by model"));
    auto* requestLabel = new TextLabel(tr("Share of requests"), TextRole::Small, panel);
    auto* moneyLabel = new TextLabel(tr("Share of the bill"), TextRole::Small, panel);
    for (TextLabel* label : {requestLabel, moneyLabel})
        label->setMuted(true);
    layout->addWidget(requestLabel);
    layout->addWidget(requests);
    layout->addWidget(moneyLabel);
    layout->addWidget(money);
    scroll->setWidget(panel);
    return scroll;
}

QWidget* ProjectionPage::Private::buildSlices(QWidget* parent)
{
    auto* panel = new QWidget(parent);
    auto* layout = columnIn(panel);
    auto* header = new SectionHeader(tr("Segments and tiers"), panel);
    header->setNote(tr("the worst on top; averages hide what happens in one of them"));
    layout->addWidget(header);
    table = new QTableView(panel);
    table->setObjectName(QStringLiteral("slices"));
    table->setAccessibleName(tr("Segments and tiers with their gates"));
    table->setModel(&slices);
    table->verticalHeader()->hide();
    table->verticalHeader()->setDefaultSectionSize(space::kRow);
    table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    table->horizontalHeader()->setStretchLastSection(true);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setShowGrid(false);
    table->setFrameShape(QFrame::NoFrame);
    layout->addWidget(table, 1);
    return panel;
}

void ProjectionPage::Private::refreshChart(const Projection& projection)
{
    const PolicyDocument& document = workbench.editor().shownDocument();
    FrontierPoint own;
    own.name =
        document.name + (workbench.editor().isModified() ? tr(" (edited)").toStdString() : "");
    own.kind = FrontierPoint::Kind::Policy;
    own.costPer1k = projection.costPer1k;
    own.consistency = projection.consistency;
    own.satisfaction = projection.satisfaction;
    own.latencyP95Ms = projection.latencyP95Ms;
    std::vector<ModelId> models;
    for (const ModelSpec& model : document.models)
        models.push_back(model.id);
    cost->setPoints(workbench.frontier(), own, models);
    cost->setGates(document.gates, projection.baselineCostPer1k
                                       ? std::optional(projection.baselineCostPer1k->value)
                                       : std::nullopt);
    costHeader->setNote(projection.simulated
                            ? tr("%1 requests, %2 answers, simulated")
                                  .arg(format::count(static_cast<qint64>(projection.requests)),
                                       format::count(static_cast<qint64>(projection.answers)))
                            : tr("%1 requests, %2 answers")
                                  .arg(format::count(static_cast<qint64>(projection.requests)),
                                       format::count(static_cast<qint64>(projection.answers))));
}

void ProjectionPage::Private::refreshBehind(const Projection& projection)
{
    const PolicyDocument& document = workbench.editor().shownDocument();
    std::vector<LossStep> steps;
    if (const auto evidence = workbench.evidence()) {
        for (const ConsistencyLoss& pair : projection.seams.losses)
            steps.push_back(
                {tr("%1 and %2").arg(modelName(*evidence, pair.a), modelName(*evidence, pair.b)),
                 pair.loss * 100, pair.seamShare, pair.noticeability});
    }
    loss->setSteps(std::move(steps));
    lossHeader->setNote(
        projection.consistency
            ? tr("from 100 to %1").arg(format::number(projection.consistency->value * 100, 1))
            : QString());

    std::optional<double> gate;
    for (const Gate& candidate : document.gates) {
        if (candidate.metric == GateMetric::LatencyP95Ms && candidate.per == GateScope::Total)
            gate = candidate.atMost;
    }
    latency->setLatency(projection.latency, gate);

    const auto partsOf = [&](const std::vector<double>& shares) {
        std::vector<SharePart> parts;
        for (std::size_t i = 0; i < shares.size() && i < document.models.size(); ++i) {
            if (shares[i] > 0)
                parts.push_back({QString::fromStdString(document.models[i].id.value), shares[i],
                                 static_cast<int>(i)});
        }
        return parts;
    };
    requests->setParts(partsOf(projection.servedShare));
    money->setParts(partsOf(projection.spendShare));
}

void ProjectionPage::Private::refresh()
{
    const auto& projection = workbench.projection();
    if (!projection) {
        empty->setTexts(workbench.projectionProblem().isEmpty() ? tr("Measuring the evidence ...")
                                                                : tr("Nothing can be projected"),
                        workbench.projectionProblem());
        stack->setCurrentIndex(0);
        return;
    }
    stack->setCurrentIndex(1);
    refreshChart(*projection);
    refreshBehind(*projection);
    if (!projection->quick)
        slices.setProjection(projection);
}

ProjectionPage::ProjectionPage(Workbench& workbench, QWidget* parent)
    : QWidget(parent), d(std::make_unique<Private>(this, workbench))
{
    setAccessibleName(tr("Projection"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    d->stack = new QStackedWidget(this);
    layout->addWidget(d->stack);
    d->empty = new EmptyState(Icon::Projection, {}, {}, d->stack);
    d->stack->addWidget(d->empty);

    auto* rows = new QSplitter(Qt::Vertical, d->stack);
    rows->setChildrenCollapsible(false);
    auto* columns = new QSplitter(Qt::Horizontal, rows);
    columns->setChildrenCollapsible(false);
    columns->addWidget(d->buildCost(columns));
    columns->addWidget(d->buildBehind(columns));
    columns->setStretchFactor(0, 3);
    columns->setStretchFactor(1, 2);
    rows->addWidget(columns);
    rows->addWidget(d->buildSlices(rows));
    rows->setStretchFactor(0, 5);
    rows->setStretchFactor(1, 3);
    rows->setSizes({500, 300});
    d->stack->addWidget(rows);

    connect(&workbench, &Workbench::projectionChanged, this, [this] { d->refresh(); });
    connect(&workbench, &Workbench::frontierChanged, this, [this] { d->refresh(); });
    d->refresh();
}

ProjectionPage::~ProjectionPage()
{
    // The views go first: while they hide, they still ask their models.
    qDeleteAll(findChildren<QWidget*>(QString(), Qt::FindDirectChildrenOnly));
}

} // namespace signalbox::ui
