// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy_page.h"

#include "compare_view.h"
#include "find_bar.h"
#include "flow_view.h"
#include "history_pane.h"
#include "inspector.h"
#include "outline_view.h"
#include "part_palette.h"
#include "policy_actions.h"
#include "policy_outline_model.h"
#include "policy_paths.h"
#include "problems_panel.h"
#include "source_view.h"
#include "try_panel.h"

#include <ui/kit/app_style.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/choice_widgets.h>
#include <ui/kit/command_palette.h>
#include <ui/kit/format.h>
#include <ui/kit/icons.h>
#include <ui/kit/theme.h>

#include <QAction>
#include <QHBoxLayout>
#include <QMenu>
#include <QPainter>
#include <QPushButton>
#include <QShortcut>
#include <QSplitter>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include <optional>
#include <utility>

namespace signalbox::ui {
namespace {

constexpr int kSideWidth = 364;
constexpr int kSideMinimum = 320;

enum Side { InspectSide, TrySide, HistorySide };

/// The surface of the side panel; the splitter draws the line beside it.
class SidePanel final : public QWidget
{
protected:
    void paintEvent(QPaintEvent* /*event*/) override
    {
        QPainter painter(this);
        painter.fillRect(rect(), Theme::current().colors().surface);
    }
};

} // namespace

struct PolicyPage::Private
{
    explicit Private(Workbench& bench) : workbench(bench), editor(bench.editor()) {}

    Workbench& workbench;
    PolicyEditor& editor;
    PolicyActions* actions = nullptr;
    QSplitter* splitter = nullptr;
    QWidget* toolBar = nullptr;
    SegmentedControl* viewSwitch = nullptr;
    QToolButton* zoomLabel = nullptr;
    QWidget* parts = nullptr;
    QWidget* zoomTools = nullptr;
    FindBar* findBar = nullptr;
    Callout* stale = nullptr;
    QAction* toSource = nullptr;
    QStackedWidget* views = nullptr;
    FlowView* canvas = nullptr;
    PolicyOutlineModel* outlineModel = nullptr;
    OutlineView* outline = nullptr;
    SourceView* source = nullptr;
    PolicyComparison* comparison = nullptr;
    CompareView* compare = nullptr;
    ProblemsPanel* problems = nullptr;
    SegmentedControl* sideSwitch = nullptr;
    std::optional<int> sideBeforeHistory; ///< comes back when its comparison is left
    QStackedWidget* side = nullptr;
    Inspector* inspector = nullptr;
    TryPanel* tryPanel = nullptr;
    HistoryPane* history = nullptr;
};

PolicyPage::PolicyPage(Workbench& workbench, QWidget* parent)
    : QWidget(parent), d(std::make_unique<Private>(workbench))
{
    setObjectName(QStringLiteral("policyPage"));
    d->actions = new PolicyActions(d->editor, this);
    buildViews();
    buildToolBar();
    buildSide();
    buildSplitter();
    buildActions();
    connectEditor();
    connectCanvas();
    connectOutline();
    connectSource();
    connectFinding();
    connectHistory();
    refreshTraffic();
    showView(View::Canvas);
}

PolicyPage::~PolicyPage()
{
    // While they go, a field may still commit what was typed into it: that needs a whole page.
    delete d->splitter;
}

void PolicyPage::buildViews()
{
    d->views = new QStackedWidget;
    d->canvas = new FlowView(d->editor, *d->actions);
    d->outlineModel = new PolicyOutlineModel(d->editor, this);
    d->outline = new OutlineView(d->editor, *d->actions, *d->outlineModel);
    d->source = new SourceView(d->editor);
    d->views->addWidget(d->canvas);
    d->views->addWidget(d->outline);
    d->views->addWidget(d->source);
    d->findBar = new FindBar(d->editor);
    d->comparison = new PolicyComparison(d->workbench, this);
    d->compare = new CompareView(d->workbench, *d->comparison);
    d->views->addWidget(d->compare);
    d->stale = new Callout(Tone::Caution);
    d->stale->setObjectName(QStringLiteral("staleCallout"));
    d->toSource = new QAction(tr("Go to the source"), this);
    d->stale->addAction(d->toSource);
    d->stale->hide();
    d->problems = new ProblemsPanel(d->workbench);
}

void PolicyPage::buildToolBar()
{
    d->toolBar = new QWidget;
    auto* const layout = new QHBoxLayout(d->toolBar);
    layout->setContentsMargins(space::kGap, space::kHalf, space::kGap, space::kHalf);
    layout->setSpacing(space::kUnit);
    // As high with words below the parts as without, in line with the switch of the side panel.
    d->toolBar->setMinimumHeight(space::kControl + 2 * space::kUnit);
    d->viewSwitch = new SegmentedControl(tr("View of the policy"));
    d->viewSwitch->setObjectName(QStringLiteral("viewSwitch"));
    const QString names[] = {tr("Canvas"), tr("Outline"), tr("Source"), tr("Compare")};
    for (int i = 0; i < 4; ++i) {
        const QKeySequence keys(Qt::CTRL | static_cast<Qt::Key>(Qt::Key_1 + i));
        d->viewSwitch->addSegment(
            names[i],
            tr("%1 (%2)", "view, shortcut").arg(names[i], keys.toString(QKeySequence::NativeText)));
    }
    layout->addWidget(d->viewSwitch);

    auto* const add = new QPushButton(icon(Icon::Add), tr("Add"));
    add->setObjectName(QStringLiteral("addButton"));
    add->setAccessibleName(tr("Add to the policy"));
    add->setMenu(d->actions->addMenu(add));
    layout->addWidget(add);
    auto* const parts = new PartBar;
    parts->setObjectName(QStringLiteral("partBar"));
    struct Part
    {
        FlowPart part;
        QAction* action;
        QString word;
    };
    const Part all[] = {
        {FlowPart::Rule, d->actions->addRule, tr("Rule", "a part to add")},
        {FlowPart::Model, d->actions->addModel, tr("Model", "a part to add")},
        {FlowPart::Step, d->actions->addStep, tr("Chain", "a part to add: of fallbacks")},
        {FlowPart::Split, d->actions->makeSplit, tr("Split", "a part to add")},
        {FlowPart::Cascade, d->actions->makeCascade, tr("Cascade", "a part to add")},
        {FlowPart::Pool, d->actions->makePool, tr("Pool", "a part to add")},
    };
    for (const Part& each : all) {
        PartButton* const button = parts->add(each.part, each.action, each.word);
        button->setObjectName(QStringLiteral("part%1").arg(static_cast<int>(each.part)));
        connect(button, &PartButton::placeWanted, this, &PolicyPage::notice);
    }
    parts->addLast(new IconButton(d->actions->remove));
    layout->addWidget(parts);
    d->parts = parts;
    layout->addStretch(1);

    d->zoomTools = new QWidget;
    auto* const zoom = new QHBoxLayout(d->zoomTools);
    zoom->setContentsMargins(0, 0, 0, 0);
    zoom->setSpacing(0);
    auto* const out = new IconButton(Icon::ZoomOut, tr("Zoom out (−)"));
    auto* const in = new IconButton(Icon::ZoomIn, tr("Zoom in (+)"));
    auto* const fit = new IconButton(Icon::ZoomFit, tr("Fit into the window (F)"));
    d->zoomLabel = new QToolButton;
    d->zoomLabel->setAutoRaise(true);
    d->zoomLabel->setToolTip(tr("Back to %1 (0)").arg(format::percent(1, 0)));
    zoom->addWidget(out);
    zoom->addWidget(d->zoomLabel);
    zoom->addWidget(in);
    zoom->addWidget(fit);
    layout->addWidget(d->zoomTools);
    connect(out, &QToolButton::clicked, this, [this] { d->canvas->zoomBy(1 / 1.2); });
    connect(in, &QToolButton::clicked, this, [this] { d->canvas->zoomBy(1.2); });
    connect(fit, &QToolButton::clicked, d->canvas, &FlowView::fit);
    connect(d->zoomLabel, &QToolButton::clicked, d->canvas, &FlowView::resetZoom);
    connect(d->viewSwitch, &SegmentedControl::currentChanged, this, [this](int index) {
        if (static_cast<View>(index) == View::Compare)
            openHistory();
        else
            showView(static_cast<View>(index));
    });
}

void PolicyPage::buildSide()
{
    d->inspector = new Inspector(d->workbench);
    d->tryPanel = new TryPanel(d->workbench);
    d->side = new QStackedWidget;
    d->side->addWidget(d->inspector);
    d->side->addWidget(d->tryPanel);
    d->history = new HistoryPane(d->workbench, *d->comparison);
    d->side->addWidget(d->history);
    d->sideSwitch = new SegmentedControl(tr("Side panel"));
    d->sideSwitch->setObjectName(QStringLiteral("sideSwitch"));
    const QKeySequence tryKeys(Qt::CTRL | Qt::Key_T);
    d->sideSwitch->addSegment(tr("Inspect"), tr("What is selected, with all its settings (Enter)"));
    d->sideSwitch->addSegment(
        tr("Try a request"),
        tr("Where a request goes, and why (%1)").arg(tryKeys.toString(QKeySequence::NativeText)));
    d->sideSwitch->addSegment(tr("History"), tr("Earlier revisions, to be compared and restored"));
    connect(d->sideSwitch, &SegmentedControl::currentChanged, this, &PolicyPage::showSide);
    auto* const back =
        new QShortcut(Qt::Key_Escape, d->side, nullptr, nullptr, Qt::WidgetWithChildrenShortcut);
    connect(back, &QShortcut::activated, this, &PolicyPage::focusView);
}

/// What the page does beside the gestures of the policy; the palette lists it, too.
void PolicyPage::buildActions()
{
    const auto add = [this](Icon shape, const QString& text, const QKeySequence& keys,
                            const QString& otherWords, auto run) {
        auto* const action = new QAction(icon(shape), text, this);
        action->setShortcut(keys);
        action->setShortcutContext(Qt::WindowShortcut); // on the numbers above the page, too
        setSearchWords(*action, otherWords);
        connect(action, &QAction::triggered, this, run);
        addAction(action);
        return action;
    };
    add(Icon::Policy, tr("Show the canvas"), Qt::CTRL | Qt::Key_1, tr("flow graph view"),
        [this] { goToView(View::Canvas); });
    add(Icon::Outline, tr("Show the outline"), Qt::CTRL | Qt::Key_2, tr("tree list view"),
        [this] { goToView(View::Outline); });
    add(Icon::Code, tr("Show the source"), Qt::CTRL | Qt::Key_3, tr("json text code view"),
        [this] { goToView(View::Source); });
    add(Icon::History, tr("Compare revisions"), Qt::CTRL | Qt::Key_4,
        tr("history diff behaviour restore version"), [this] { openHistory(); });
    add(Icon::Request, tr("Try a request"), Qt::CTRL | Qt::Key_T, tr("test trace why simulate"),
        [this] { openTryPanel(); });
    add(Icon::Search, tr("Find in the policy"), QKeySequence::Find, tr("search look text"),
        [this] { d->findBar->open(false); });
    add(Icon::Search, tr("Find and replace"), Qt::CTRL | Qt::Key_H, tr("search rename change all"),
        [this] { d->findBar->open(true); });
    add(Icon::Down, tr("Next place found"), Qt::Key_F3, tr("search hit"),
        [this] { d->findBar->step(+1); });
    add(Icon::Up, tr("Previous place found"), Qt::SHIFT | Qt::Key_F3, tr("search hit"),
        [this] { d->findBar->step(-1); });
    QAction* const inspect = add(Icon::Edit, tr("Inspect what is selected"), {},
                                 tr("edit properties details"), [this] { openInspector(); });
    QAction* const rename = add(Icon::Edit, tr("Rename what is selected"), {},
                                tr("name label title"), [this] { renameSelected(); });
    QAction* const zoomIn = add(Icon::ZoomIn, tr("Zoom in"), {}, tr("larger bigger"),
                                [this] { d->canvas->zoomBy(1.2); });
    QAction* const zoomOut = add(Icon::ZoomOut, tr("Zoom out"), {}, tr("smaller"),
                                 [this] { d->canvas->zoomBy(1 / 1.2); });
    QAction* const fit = add(Icon::ZoomFit, tr("Fit the flow into the window"), {},
                             tr("zoom all whole"), [this] { d->canvas->fit(); });
    QAction* const actualSize = add(Icon::ZoomFit, tr("Zoom to actual size"), {}, tr("reset 100"),
                                    [this] { d->canvas->resetZoom(); });
    const std::pair<QAction*, QString> keysOfTheCanvas[] = {
        {inspect, QKeySequence(Qt::Key_Return).toString(QKeySequence::NativeText)},
        {rename, QKeySequence(Qt::Key_F2).toString(QKeySequence::NativeText)},
        {zoomIn, QStringLiteral("+")},
        {zoomOut, QStringLiteral("−")},
        {fit, QStringLiteral("F")},
        {actualSize, QStringLiteral("0")},
        {d->actions->toggle, QKeySequence(Qt::Key_Space).toString(QKeySequence::NativeText)},
    };
    for (const auto& [action, keys] : keysOfTheCanvas)
        setKeysInItsView(*action, keys);
    // Where a condition or a plan is edited, parts can be added by the same keys as on the canvas.
    for (QAction* const action :
         {d->actions->addCondition, d->actions->addGroup, d->actions->addStep,
          d->actions->makeSplit, d->actions->makeCascade, d->actions->makePool,
          d->actions->wrapChain, d->actions->addMargin, d->actions->negate})
        d->inspector->addAction(action);
}

void PolicyPage::buildSplitter()
{
    auto* const main = new QWidget;
    auto* const mainLayout = new QVBoxLayout(main);
    mainLayout->setContentsMargins(0, 0, 0, 0);
    mainLayout->setSpacing(0);
    mainLayout->addWidget(d->toolBar);
    mainLayout->addWidget(d->findBar);
    mainLayout->addWidget(d->stale);
    mainLayout->addWidget(d->views, 1);
    mainLayout->addWidget(d->problems);

    auto* const sidePanel = new SidePanel;
    sidePanel->setObjectName(QStringLiteral("sidePanel"));
    auto* const sideLayout = new QVBoxLayout(sidePanel);
    sideLayout->setContentsMargins(0, 0, 0, 0);
    sideLayout->setSpacing(0);
    auto* const switchLine = new QHBoxLayout;
    switchLine->setContentsMargins(space::kWide, space::kUnit, space::kWide, space::kHalf);
    switchLine->addWidget(d->sideSwitch);
    switchLine->addStretch(1);
    sideLayout->addLayout(switchLine);
    sideLayout->addWidget(d->side, 1);
    sidePanel->setMinimumWidth(kSideMinimum);

    auto* const splitter = new QSplitter(Qt::Horizontal);
    d->splitter = splitter;
    splitter->setObjectName(QStringLiteral("policySplitter"));
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(1);
    splitter->addWidget(main);
    splitter->addWidget(sidePanel);
    splitter->setStretchFactor(0, 1);
    splitter->setStretchFactor(1, 0);
    splitter->setSizes({1000, kSideWidth});
    auto* const layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(splitter);
}

void PolicyPage::connectEditor()
{
    connect(&d->editor, &PolicyEditor::documentChanged, this, &PolicyPage::keepSelectionValid);
    connect(&d->workbench, &Workbench::projectionChanged, this, &PolicyPage::refreshTraffic);
    connect(&d->workbench, &Workbench::trafficChanged, this, &PolicyPage::refreshTraffic);
    connect(d->actions, &PolicyActions::notice, this, &PolicyPage::notice);
    connect(d->actions, &PolicyActions::conditionAdded, this, &PolicyPage::openInspector);
    connect(d->actions, &PolicyActions::formulaRequested, this, [this] {
        showSide(InspectSide);
        d->inspector->focusFormula();
    });
    connect(d->actions, &PolicyActions::nameWanted, this, &PolicyPage::renameSelected);
    connect(d->actions, &PolicyActions::ruleAdded, this, &PolicyPage::renameSelected);
    connect(d->actions, &PolicyActions::planNodeAdded, this, [this] {
        const QWidget* const focused = window()->focusWidget();
        if (focused && d->inspector->isAncestorOf(focused))
            openInspector();
    });
    connect(d->problems, &ProblemsPanel::placeRequested, this, [this](const QString& path) {
        if (currentView() == View::Source)
            d->source->goToPath(path.toStdString());
        showSide(InspectSide);
    });
    connect(d->problems, &ProblemsPanel::tryRequested, this, [this](const Request& request) {
        d->tryPanel->tryRequest(request);
        openTryPanel();
    });
    connect(d->inspector, &Inspector::requestChosen, this, &PolicyPage::tryTrafficRow);
}

void PolicyPage::connectCanvas()
{
    connect(d->canvas, &FlowView::zoomChanged, this,
            [this](qreal zoom) { d->zoomLabel->setText(format::percent(zoom, 0)); });
    d->zoomLabel->setText(format::percent(d->canvas->zoom(), 0));
    connect(d->canvas, &FlowView::openRequested, this, &PolicyPage::openInspector);
    connect(d->canvas, &FlowView::renameRequested, this, &PolicyPage::renameSelected);
    connect(d->canvas, &FlowView::menuRequested, this,
            [this](const QPoint& position, FlowHit::Part part) {
                QMenu* const menu = part == FlowHit::Part::Port ? d->actions->planMenu(this)
                                                                : d->actions->contextMenu(this);
                menu->setAttribute(Qt::WA_DeleteOnClose);
                menu->popup(position);
            });
    connect(d->tryPanel, &TryPanel::trailChanged, this,
            [this](const std::optional<FlowTrail>& trail) { d->canvas->setTrail(trail); });
}

void PolicyPage::connectOutline()
{
    connect(d->outline, &OutlineView::openRequested, this, &PolicyPage::openInspector);
    connect(d->outline, &OutlineView::renameRequested, this, &PolicyPage::renameSelected);
    connect(d->outline, &OutlineView::menuRequested, this, [this](const QPoint& position) {
        QMenu* const menu = d->actions->contextMenu(this);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        menu->popup(position);
    });
}

void PolicyPage::connectSource()
{
    connect(d->source, &SourceView::brokenChanged, this,
            [this](bool broken, const QString& sentence) {
                d->canvas->setStale(broken);
                if (broken)
                    d->stale->setMessage(
                        Tone::Caution,
                        tr("The source has a problem; this is the last version that could be read. "
                           "An edit here puts the text aside."),
                        sentence);
                d->stale->setVisible(broken && currentView() != View::Source);
            });
    connect(d->toSource, &QAction::triggered, this, [this] {
        showView(View::Source);
        d->source->focusText();
    });
}

/// A place that was found is selected everywhere; the keyboard stays where it is looked for.
void PolicyPage::connectFinding()
{
    connect(d->findBar, &FindBar::placeRequested, this, [this](const QString& path) {
        PolicySelection place = selectionFromPath(d->editor.document(), path.toStdString());
        // A name, a note or an id means the rule.
        if (place.kind == PolicySelection::Kind::Rule && !planPathOf(place) &&
            !conditionPathOf(place))
            place.path.clear();
        d->editor.setSelection(validSelection(d->editor.document(), place));
        if (currentView() == View::Source)
            d->source->goToPath(path.toStdString());
        showSide(InspectSide);
    });
    // Also from the view that shows what was found.
    auto* const close = new QShortcut(Qt::Key_Escape, d->views->parentWidget(), nullptr, nullptr,
                                      Qt::WidgetWithChildrenShortcut);
    close->setEnabled(false);
    connect(close, &QShortcut::activated, d->findBar, &FindBar::close);
    connect(d->findBar, &FindBar::opened, close, [close] { close->setEnabled(true); });
    connect(d->findBar, &FindBar::closed, close, [close] { close->setEnabled(false); });
    connect(d->findBar, &FindBar::closed, this, &PolicyPage::focusView);
}

void PolicyPage::connectHistory()
{
    connect(d->history, &HistoryPane::comparisonChosen, this, [this] { showView(View::Compare); });
    connect(d->compare, &CompareView::requestChosen, this, &PolicyPage::tryTrafficRow);
    connect(d->compare, &CompareView::placeRequested, this, [this] { showSide(InspectSide); });
    connect(&d->editor, &PolicyEditor::comparisonRequested, this,
            [this](const PolicyDocument& other, const QString& title) {
                showSide(HistorySide);
                d->history->compareWith(other, title, d->editor.filePath().parent_path());
            });
}

/// Whoever comes to the page can use its keys at once. No focus proxy: that would change the order
/// of Tab.
void PolicyPage::focusInEvent(QFocusEvent* /*event*/)
{
    focusView();
}

void PolicyPage::focusView()
{
    if (currentView() == View::Source)
        d->source->focusText();
    else
        d->views->currentWidget()->setFocus(Qt::OtherFocusReason);
}

/// By key: the keyboard goes along, wherever it was.
void PolicyPage::goToView(View view)
{
    showView(view);
    focusView();
}

PolicyPage::View PolicyPage::currentView() const
{
    return static_cast<View>(d->views->currentIndex());
}

void PolicyPage::showView(View view)
{
    if (currentView() == View::Source && view != View::Source)
        d->source->applyNow();
    const QWidget* const focused = window()->focusWidget();
    const bool hadFocus = focused && d->views->isAncestorOf(focused);
    if (currentView() == View::Compare && view != View::Compare) {
        const auto before = std::exchange(d->sideBeforeHistory, std::nullopt);
        if (before && d->side->currentIndex() == HistorySide)
            showSide(*before);
    }
    d->views->setCurrentIndex(static_cast<int>(view));
    d->viewSwitch->setCurrentIndex(static_cast<int>(view));
    d->parts->setVisible(view != View::Compare); // nothing is added to what was
    d->zoomTools->setVisible(view == View::Canvas);
    d->outlineModel->setWatched(view == View::Outline);
    d->stale->setVisible(d->source->isBroken() && view != View::Source);
    if (hadFocus)
        focusView();
}

void PolicyPage::refreshTraffic()
{
    FlowTraffic traffic;
    if (const auto& projection = d->workbench.projection())
        traffic = flowTrafficOf(d->editor.shownDocument(), *projection);
    else if (const auto recorded = d->workbench.traffic())
        traffic.requests = recorded->rowCount();
    d->canvas->setTraffic(traffic);
    d->outlineModel->setTraffic(traffic);
}

/// Where what was selected is gone, e.g. because its making was undone, what is typed next must not
/// go into the fields of something else.
void PolicyPage::keepSelectionValid()
{
    const PolicySelection before = d->editor.selection();
    const PolicySelection valid = validSelection(d->editor.document(), before);
    if (valid.kind != before.kind && d->inspector->isAncestorOf(window()->focusWidget()))
        focusView();
    d->editor.setSelection(valid);
}

void PolicyPage::showSide(int index)
{
    if (index == HistorySide && d->side->currentIndex() != HistorySide)
        d->sideBeforeHistory = d->side->currentIndex();
    d->side->setCurrentIndex(index);
    d->sideSwitch->setCurrentIndex(index);
}

void PolicyPage::openInspector()
{
    showSide(InspectSide);
    d->inspector->focusPart();
}

/// A part of something has no name of its own: it is edited where it stands.
void PolicyPage::renameSelected()
{
    showSide(InspectSide);
    if (d->editor.selection().path.empty())
        d->inspector->focusName();
    else
        d->inspector->focusPart();
}

void PolicyPage::openTryPanel()
{
    showSide(TrySide);
    d->tryPanel->focusMessage();
}

void PolicyPage::openHistory()
{
    showSide(HistorySide);
    d->history->chooseIfNothing();
    showView(View::Compare);
    d->history->focusList();
}

void PolicyPage::tryTrafficRow(std::size_t row)
{
    d->tryPanel->tryRow(row);
    showSide(TrySide);
}

} // namespace signalbox::ui
