// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare_view.h"

#include "answer_flow_plot.h"
#include "behaviour_table.h"
#include "behaviour_words.h"
#include "change_words.h"
#include "fields.h"
#include "policy_paths.h"
#include "policy_words.h"
#include "request_list.h"

#include <ui/kit/basic_widgets.h>
#include <ui/kit/card.h>
#include <ui/kit/format.h>
#include <ui/kit/scroll_fade.h>
#include <ui/kit/text_views.h>
#include <ui/kit/theme.h>
#include <ui/models/workbench.h>

#include <QHBoxLayout>
#include <QHeaderView>
#include <QPushButton>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QStackedWidget>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace signalbox::ui {
namespace {

constexpr int kFlowRole = Qt::UserRole + 1;
constexpr int kExampleRole = Qt::UserRole + 2;
constexpr int kFlowsHeight = 264;
constexpr int kCardInset = 3; ///< around the list
constexpr int kAnswerHeight = 136;
constexpr std::size_t kMostLines = 200;
constexpr int kLongestValue = 600; ///< characters of a value; a style guide can be a page

QString clipped(const QString& text)
{
    return text.size() <= kLongestValue ? text : text.left(kLongestValue) + QChar(0x2026);
}

/// A column of a pair: how a request went, over what was answered.
struct PairSide
{
    TextLabel* name = nullptr;
    TextLabel* way = nullptr;
    PlainTextPane* answer = nullptr;
    TextLabel* none = nullptr;
};

} // namespace

struct CompareView::Private
{
    Private(Workbench& bench, PolicyComparison& compared) : workbench(bench), comparison(compared)
    {}

    Workbench& workbench;
    PolicyComparison& comparison;

    QStackedWidget* stack = nullptr;
    EmptyState* empty = nullptr;
    QScrollArea* scroll = nullptr;
    QVBoxLayout* body = nullptr;
    TextLabel* title = nullptr;
    Badge* simulated = nullptr;
    TextLabel* headline = nullptr;
    TextLabel* basis = nullptr;
    ProgressStrip* progress = nullptr;
    Callout* callout = nullptr;
    QWidget* behaviour = nullptr; ///< table, flows and pair
    BehaviourTableModel* tableModel = nullptr;
    BehaviourTable* table = nullptr;
    TextLabel* legend = nullptr; ///< why some numbers have no colour
    TextLabel* notes = nullptr;
    QWidget* flowsPart = nullptr;
    AnswerFlowPlot* plot = nullptr;
    QTreeWidget* flows = nullptr;
    QWidget* pairPart = nullptr;
    ElidedLabel* message = nullptr;
    PairSide before;
    PairSide after;
    SectionHeader* structureHeader = nullptr;
    QVBoxLayout* structure = nullptr;
    std::optional<PolicyComparison::Subject> shownStructure;
    std::optional<BehaviourDiff> shown; ///< what the parts were made for

    [[nodiscard]] const BehaviourExample* example() const;
    void fitFlows() const;
};

/// The chosen request, null if none is.
const BehaviourExample* CompareView::Private::example() const
{
    const QTreeWidgetItem* const item = flows->currentItem();
    if (!shown || !item || !item->parent())
        return nullptr;
    const auto flow = item->data(0, kFlowRole).toULongLong();
    const auto index = item->data(0, kExampleRole).toULongLong();
    return flow < shown->flows.size() && index < shown->flows[flow].examples.size()
               ? &shown->flows[flow].examples[index]
               : nullptr;
}

/// The list is as high as its rows: what scrolls inside of what scrolls is lost to the wheel.
void CompareView::Private::fitFlows() const
{
    int rows = 0;
    for (QModelIndex index = flows->model()->index(0, 0); index.isValid();
         index = flows->indexBelow(index))
        ++rows;
    const int needed = rows * std::max(1, flows->sizeHintForRow(0)) + 2 * flows->frameWidth();
    flows->setFixedHeight(std::max(needed, kFlowsHeight - 2 * kCardInset));
}

CompareView::CompareView(Workbench& workbench, PolicyComparison& comparison, QWidget* parent)
    : QWidget(parent), d(std::make_unique<Private>(workbench, comparison))
{
    setObjectName(QStringLiteral("compareView"));
    d->stack = new QStackedWidget;
    d->empty = new EmptyState(Icon::History, tr("Nothing to compare yet"),
                              tr("Choose a revision in History: what its change does to the "
                                 "requests is shown here."));
    d->scroll = new QScrollArea;
    d->scroll->setFrameShape(QFrame::NoFrame);
    d->scroll->setWidgetResizable(true);
    d->scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    d->scroll->setFocusPolicy(Qt::NoFocus);
    auto* const content = new QWidget;
    d->body =
        rowsFromTop(content, {space::kWide, space::kUnit, space::kWide, space::kWide}, space::kGap);
    buildHead();
    buildTable();
    buildFlows();
    buildPair();
    buildStructure();
    d->scroll->setWidget(content);
    keepRightInset(d->scroll, space::kWide);
    ScrollFade::addTo(d->scroll, ScrollFade::Ground::Window);
    d->stack->addWidget(d->empty);
    d->stack->addWidget(d->scroll);
    auto* const layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(d->stack);
    connect(&comparison, &PolicyComparison::changed, this, &CompareView::refresh);
    refresh();
}

CompareView::~CompareView() = default;

void CompareView::buildHead()
{
    auto* const line = new QHBoxLayout;
    line->setSpacing(space::kUnit);
    d->title = new TextLabel({}, TextRole::Small);
    d->title->setObjectName(QStringLiteral("compareTitle"));
    d->title->setMuted(true);
    d->simulated = Badge::simulated();
    line->addWidget(d->title, 1);
    line->addWidget(d->simulated);
    d->body->addLayout(line);
    d->headline = new TextLabel({}, TextRole::Title);
    d->headline->setObjectName(QStringLiteral("compareHeadline"));
    d->headline->setWordWrap(true);
    d->body->addWidget(d->headline);
    d->progress = new ProgressStrip;
    d->progress->setObjectName(QStringLiteral("compareProgress"));
    d->progress->setProgress(0, 0);
    d->body->addWidget(d->progress);
    d->callout = new Callout(Tone::Caution);
    d->callout->setObjectName(QStringLiteral("compareProblem"));
    d->body->addWidget(d->callout);
    connect(d->progress, &ProgressStrip::cancelRequested, &d->comparison,
            &PolicyComparison::cancel);
}

void CompareView::buildTable()
{
    d->behaviour = new QWidget;
    auto* const part = new QVBoxLayout(d->behaviour);
    part->setContentsMargins(0, 0, 0, 0);
    part->setSpacing(space::kUnit);
    d->basis = new TextLabel({}, TextRole::Small);
    d->basis->setMuted(true);
    d->tableModel = new BehaviourTableModel(this);
    part->addWidget(d->basis);
    auto* const card = new Card;
    d->table = new BehaviourTable(*d->tableModel);
    card->setContent(d->table);
    part->addWidget(card);
    d->legend =
        new TextLabel(format::unbroken(tr("In colour: a change whose whole 95 % interval is on one "
                                          "side of zero; any other may be chance. A seam: an "
                                          "answer that another model gave than the one before it "
                                          "in the conversation.")),
                      TextRole::Small);
    d->legend->setObjectName(QStringLiteral("behaviourLegend"));
    d->legend->setMuted(true);
    d->legend->setWordWrap(true);
    part->addWidget(d->legend);
    d->notes = new TextLabel({}, TextRole::Small);
    d->notes->setMuted(true);
    d->notes->setWordWrap(true);
    part->addWidget(d->notes);
    d->body->addWidget(d->behaviour);
}

void CompareView::buildFlows()
{
    d->flowsPart = new QWidget;
    auto* const part = new QVBoxLayout(d->flowsPart);
    part->setContentsMargins(0, 0, 0, 0);
    part->setSpacing(space::kUnit);
    auto* const header = new SectionHeader(tr("Who answers instead"));
    header->setNote(tr("with requests that show it, the worst first; Enter tries one"));
    part->addWidget(header);
    d->plot = new AnswerFlowPlot;
    d->plot->setObjectName(QStringLiteral("answerFlows"));
    d->flows = new QTreeWidget;
    d->flows->setObjectName(QStringLiteral("flowList"));
    d->flows->setAccessibleName(tr("Requests that change, by the models that answer"));
    d->flows->setHeaderHidden(true);
    d->flows->setColumnCount(2);
    d->flows->header()->setStretchLastSection(false);
    d->flows->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    d->flows->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    d->flows->setIndentation(space::kWide);
    d->flows->setUniformRowHeights(true);
    d->flows->setTabKeyNavigation(false);
    d->flows->setTextElideMode(Qt::ElideRight);
    d->flows->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    d->flows->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff); // the page scrolls
    auto* const card = new Card;
    card->setContent(d->flows);
    auto* const line = new QHBoxLayout;
    line->setSpacing(space::kWide);
    line->addWidget(d->plot, 2);
    line->addWidget(card, 3);
    d->plot->setFixedHeight(kFlowsHeight);
    line->setAlignment(d->plot, Qt::AlignTop);
    part->addLayout(line);
    d->body->addWidget(d->flowsPart);
    connect(d->plot, &AnswerFlowPlot::flowPressed, this, &CompareView::chooseFlow);
    connect(d->flows, &QTreeWidget::currentItemChanged, this, [this](QTreeWidgetItem* item) {
        d->plot->setCurrentFlow(item ? item->data(0, kFlowRole).toInt() : -1);
        refreshPair();
    });
    connect(d->flows, &QTreeWidget::itemActivated, this, &CompareView::tryChosen);
    const auto fit = [this] { d->fitFlows(); };
    connect(d->flows, &QTreeWidget::itemExpanded, this, fit);
    connect(d->flows, &QTreeWidget::itemCollapsed, this, fit);
}

void CompareView::buildPair()
{
    d->pairPart = new QWidget;
    auto* const part = new QVBoxLayout(d->pairPart);
    part->setContentsMargins(0, 0, 0, 0);
    part->setSpacing(space::kUnit);
    auto* const head = new QHBoxLayout;
    head->setSpacing(space::kUnit);
    d->message = new ElidedLabel({}, TextRole::BodyStrong);
    auto* const tries = new QPushButton(tr("Try this request"));
    tries->setObjectName(QStringLiteral("tryExample"));
    head->addWidget(d->message, 1);
    head->addWidget(tries);
    part->addLayout(head);
    auto* const columns = new QHBoxLayout;
    columns->setSpacing(space::kWide);
    const auto addSide = [&](PairSide& side, const QString& name, const char* objectName) {
        auto* const column = new QVBoxLayout;
        column->setSpacing(space::kHalf);
        side.name = new TextLabel({}, TextRole::BodyStrong);
        side.way = new TextLabel({}, TextRole::Small);
        side.way->setMuted(true);
        side.way->setWordWrap(true);
        side.answer = new PlainTextPane(name);
        side.answer->setObjectName(QLatin1String(objectName));
        side.answer->setFixedHeight(kAnswerHeight);
        side.none = new TextLabel({}, TextRole::Small);
        side.none->setMuted(true);
        side.none->setWordWrap(true);
        column->addWidget(side.name);
        column->addWidget(side.way);
        column->addWidget(side.answer);
        column->addWidget(side.none);
        column->addStretch(1);
        columns->addLayout(column, 1);
    };
    addSide(d->before, tr("Answer before"), "answerBefore");
    addSide(d->after, tr("Answer after"), "answerAfter");
    part->addLayout(columns);
    d->body->addWidget(d->pairPart);
    connect(tries, &QPushButton::clicked, this, &CompareView::tryChosen);
}

void CompareView::buildStructure()
{
    d->structureHeader = new SectionHeader(tr("What was changed"));
    d->body->addWidget(d->structureHeader);
    auto* const rows = new QWidget;
    rows->setObjectName(QStringLiteral("changeLines"));
    d->structure = new QVBoxLayout(rows);
    d->structure->setContentsMargins(0, 0, 0, 0);
    d->structure->setSpacing(space::kGap);
    d->body->addWidget(rows);
}

void CompareView::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    d->comparison.setWatched(true);
    refresh();
}

void CompareView::hideEvent(QHideEvent* event)
{
    d->comparison.setWatched(false);
    QWidget::hideEvent(event);
}

/// Whoever comes to the view is at what can be chosen in it.
void CompareView::focusInEvent(QFocusEvent* /*event*/)
{
    QWidget* const target = d->flows->isVisible() ? static_cast<QWidget*>(d->flows) : d->table;
    if (target->isVisible())
        target->setFocus(Qt::OtherFocusReason);
}

void CompareView::refresh()
{
    if (!isVisible())
        return;
    const auto& subject = d->comparison.subject();
    d->stack->setCurrentWidget(subject ? static_cast<QWidget*>(d->scroll) : d->empty);
    if (!subject)
        return;
    refreshState();
    refreshBehaviour();
    refreshStructure();
}

/// What is compared, and how far that is.
void CompareView::refreshState()
{
    const PolicyComparison& comparison = d->comparison;
    const PolicyComparison::Subject& subject = *comparison.subject();
    d->title->setText(
        tr("%1 → %2", "earlier, later policy").arg(subject.beforeName, subject.afterName));
    const bool hasNumbers = comparison.isCurrent() && !comparison.diff()->quick;
    d->progress->setVisible(comparison.isBusy() && !hasNumbers);
    d->progress->setText(comparison.isCurrent() ? tr("Working out the intervals …")
                                                : tr("Replaying %1 and %2 over the traffic …")
                                                      .arg(subject.beforeName, subject.afterName));
    if (!comparison.problem().isEmpty())
        d->callout->setMessage(Tone::Caution, tr("The policies cannot be compared by behaviour."),
                               comparison.problem());
    else if (comparison.wasCancelled())
        d->callout->setMessage(Tone::Caution, tr("The comparison was stopped."),
                               tr("Choose the revision once more to start it again."));
    else if (!d->workbench.traffic())
        d->callout->setMessage(Tone::Accent, tr("There is no traffic to replay."),
                               tr("What was changed is shown all the same."));
    d->callout->setVisible(!comparison.problem().isEmpty() || comparison.wasCancelled() ||
                           !d->workbench.traffic());
}

/// Numbers of another question are not left under this one's title.
void CompareView::refreshBehaviour()
{
    const bool isCurrent = d->comparison.isCurrent();
    d->headline->setVisible(isCurrent);
    d->behaviour->setVisible(isCurrent);
    d->simulated->setVisible(isCurrent && d->comparison.diff()->simulatedAnswers);
    if (!isCurrent) {
        d->flowsPart->hide();
        d->pairPart->hide();
        return;
    }
    const BehaviourDiff& diff = *d->comparison.diff();
    const bool sameRequests =
        d->shown && d->shown->flows.size() == diff.flows.size() &&
        std::equal(diff.flows.begin(), diff.flows.end(), d->shown->flows.begin(),
                   [](const BehaviourFlow& a, const BehaviourFlow& b) {
                       return a.from == b.from && a.to == b.to && a.requests == b.requests;
                   });
    d->plot->setDiff(nullptr);
    const QTreeWidgetItem* const current = d->flows->currentItem();
    const int flow = current ? current->data(0, kFlowRole).toInt() : -1;
    d->shown = diff;
    d->headline->setText(BehaviourWords::headline(diff));
    d->basis->setText(BehaviourWords::basis(diff));
    d->tableModel->setDiff(&*d->shown);
    d->legend->setVisible(!diff.quick);
    QStringList notes;
    for (const std::string& note : diff.notes)
        notes << format::unbroken(QString::fromStdString(note));
    d->notes->setText(notes.join(QLatin1Char('\n')));
    d->notes->setVisible(!notes.isEmpty());
    d->plot->setDiff(&*d->shown);
    d->flowsPart->setVisible(!diff.flows.empty());
    if (sameRequests && d->flows->topLevelItemCount() > 0) {
        d->plot->setCurrentFlow(flow); // the same, with intervals now: the choice stays
        d->pairPart->setVisible(d->example() != nullptr);
    } else {
        refreshFlows();
    }
}

void CompareView::refreshFlows()
{
    const auto traffic = d->comparison.traffic();
    d->flows->clear();
    for (std::size_t i = 0; i < d->shown->flows.size(); ++i) {
        const BehaviourFlow& flow = d->shown->flows[i];
        auto* const item = new QTreeWidgetItem(d->flows, {BehaviourWords::flow(*d->shown, flow),
                                                          format::count(qint64(flow.requests))});
        item->setData(0, kFlowRole, static_cast<int>(i));
        item->setTextAlignment(1, Qt::AlignRight | Qt::AlignVCenter);
        item->setFont(0, Theme::font(TextRole::BodyStrong));
        for (std::size_t k = 0; k < flow.examples.size(); ++k) {
            const BehaviourExample& example = flow.examples[k];
            const QString message = messageLine(traffic->lastUserMessage(example.row));
            auto* const child =
                new QTreeWidgetItem(item, {message, BehaviourWords::example(example)});
            child->setData(0, kFlowRole, static_cast<int>(i));
            child->setData(0, kExampleRole, static_cast<qulonglong>(k));
            child->setTextAlignment(1, Qt::AlignRight | Qt::AlignVCenter);
            child->setForeground(1, Theme::current().colors().textMuted);
            child->setFont(1, Theme::font(TextRole::Small));
            child->setToolTip(0, plainToolTip(message));
        }
        item->setExpanded(i == 0);
    }
    d->fitFlows();
    QTreeWidgetItem* const first = d->flows->topLevelItem(0);
    if (first && first->childCount() > 0)
        d->flows->setCurrentItem(first->child(0));
    refreshPair();
}

void CompareView::chooseFlow(int flow)
{
    QTreeWidgetItem* const item = d->flows->topLevelItem(flow);
    if (!item)
        return;
    item->setExpanded(true);
    d->flows->setCurrentItem(item->childCount() > 0 ? item->child(0) : item);
    d->flows->setFocus(Qt::MouseFocusReason);
}

void CompareView::refreshPair()
{
    const BehaviourExample* const example = d->example();
    d->pairPart->setVisible(example != nullptr && d->comparison.isCurrent());
    if (!example)
        return;
    const auto& subject = *d->comparison.subject();
    d->message->setText(messageLine(d->comparison.traffic()->lastUserMessage(example->row)));
    const auto show = [&](PairSide& side, const QString& name, const PolicyDocument& document,
                          const RoutedRequest& request, bool after) {
        side.name->setText(name);
        side.way->setText(tr("“%1” → %2", "rule, what became of the request")
                              .arg(PolicyWords::decision(document, request.rule),
                                   BehaviourWords::routed(*d->shown, request)));
        const Answer* answer = nullptr;
        if (example->prompt && request.served >= 0)
            answer = d->comparison.answerOf(
                d->shown->models[static_cast<std::size_t>(request.served)].id, *example->prompt,
                after);
        side.answer->setVisible(answer != nullptr);
        side.none->setVisible(answer == nullptr);
        if (answer)
            side.answer->setWholeText(QString::fromStdString(answer->text));
        else
            side.none->setText(request.served < 0 ? tr("Every attempt failed: there is no answer.")
                               : example->prompt
                                   ? tr("No answer of this model to this prompt is recorded.")
                                   : tr("This request is no prompt of the lab, so that no answer "
                                        "to it is recorded."));
    };
    show(d->before, subject.beforeName, subject.before, example->before, false);
    show(d->after, subject.afterName, subject.after, example->after, true);
}

void CompareView::refreshStructure()
{
    const auto& subject = *d->comparison.subject();
    if (d->shownStructure == subject)
        return;
    d->shownStructure = subject;
    clearLayout(d->structure);
    const std::vector<ChangeLine> lines = changeLines(subject.before, subject.after);
    const int count = static_cast<int>(lines.size());
    d->structureHeader->setNote(count == 0   ? tr("nothing")
                                : count == 1 ? tr("1 change")
                                             : tr("%n changes", "", count));
    const auto addValue = [](QHBoxLayout* columns, const QString& caption, const QString& value) {
        auto* const column = new QVBoxLayout;
        column->setSpacing(0);
        auto* const head = new TextLabel(caption, TextRole::Caption);
        head->setMuted(true);
        auto* const text = new TextLabel(clipped(value), TextRole::Body);
        text->setWordWrap(true);
        column->addWidget(head);
        column->addWidget(text);
        column->addStretch(1);
        columns->addLayout(column, 1);
    };
    for (std::size_t i = 0; i < std::min(lines.size(), kMostLines); ++i) {
        const ChangeLine& line = lines[i];
        auto* const row = new QWidget;
        row->setObjectName(QStringLiteral("changeLine"));
        auto* const layout = new QVBoxLayout(row);
        layout->setContentsMargins(0, 0, 0, 0);
        layout->setSpacing(space::kHalf);
        auto* const head = new QHBoxLayout;
        auto* const sentence = new TextLabel(line.sentence, TextRole::BodyStrong);
        sentence->setWordWrap(true);
        head->addWidget(sentence, 1);
        const PolicyDocument& open = d->workbench.editor().document();
        if (line.place.kind != PolicySelection::Kind::Nothing &&
            validSelection(open, line.place) == line.place) {
            auto* const go = new IconButton(Icon::Right, tr("Show: %1").arg(line.sentence));
            head->addWidget(go);
            connect(go, &QToolButton::clicked, this, [this, place = line.place] {
                d->workbench.editor().setSelection(place);
                emit placeRequested();
            });
        }
        layout->addLayout(head);
        auto* const columns = new QHBoxLayout;
        columns->setSpacing(space::kWide);
        addValue(columns, tr("before"), line.before.isEmpty() ? tr("not there") : line.before);
        addValue(columns, tr("after"), line.after.isEmpty() ? tr("not there") : line.after);
        layout->addLayout(columns);
        if (i > 0)
            d->structure->addWidget(makeLine(Qt::Horizontal));
        d->structure->addWidget(row);
    }
    if (lines.size() > kMostLines)
        d->structure->addWidget(new TextLabel(
            tr("%n more changes are not shown.", "", count - int(kMostLines)), TextRole::Small));
}

void CompareView::tryChosen()
{
    if (const BehaviourExample* const example = d->example())
        emit requestChosen(example->row);
}

} // namespace signalbox::ui
