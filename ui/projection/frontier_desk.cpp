// SPDX-License-Identifier: GPL-3.0-or-later
#include "frontier_desk.h"

#include "frontier_point_view.h"
#include "frontier_result_view.h"
#include "frontier_setup.h"
#include "frontier_words.h"

#include <ui/kit/basic_widgets.h>
#include <ui/kit/icons.h>
#include <ui/kit/theme.h>
#include <ui/models/workbench.h>

#include <QAction>
#include <QVBoxLayout>

#include <algorithm>

namespace signalbox::ui {

struct FrontierDesk::Private
{
    Workbench& workbench;
    FrontierSession session;
    PopoverButton* button = nullptr;
    FrontierSetup* setup = nullptr;
    QWidget* notices = nullptr;
    ProgressStrip* strip = nullptr;
    Callout* notice = nullptr;
    FrontierPointView* point = nullptr;
    FrontierResultView* result = nullptr;
    QAction* find = nullptr;
    QAction* stop = nullptr;
    QAction* adopt = nullptr;
    QAction* again = nullptr;
    QAction* close = nullptr;
    std::shared_ptr<const FrontierFinding> shown;
    const FrontierChoice* chosen = nullptr; ///< of `shown`

    explicit Private(Workbench& bench) : workbench(bench), session(bench) {}
    /// Place of what is selected among the points; nullopt: it is none of them.
    [[nodiscard]] std::optional<std::size_t> chosenPoint() const;
    /// What is looked at first: the best point, or the one that comes nearest to the gates.
    [[nodiscard]] const FrontierChoice* firstChoice() const;
};

std::optional<std::size_t> FrontierDesk::Private::chosenPoint() const
{
    if (!chosen || chosen->kind != FrontierChoice::Kind::Found)
        return std::nullopt;
    return static_cast<std::size_t>(chosen - shown->frontier.points.data());
}

const FrontierChoice* FrontierDesk::Private::firstChoice() const
{
    const Frontier& frontier = shown->frontier;
    if (frontier.points.empty())
        return &frontier.present;
    if (const FrontierChoice* best = frontier.best())
        return best;
    const auto nearest =
        std::ranges::max_element(frontier.points, {}, [](const FrontierChoice& each) {
            return std::pair(
                std::ranges::count(each.report.gates, Verdict::Met, &GateResult::verdict),
                each.report.allGatesProbability);
        });
    return &*nearest;
}

FrontierDesk::FrontierDesk(Workbench& workbench, QWidget* page)
    : QObject(page), d(std::make_unique<Private>(workbench))
{
    makeActions(page);
    d->button = new PopoverButton(tr("Find better policies"), page);
    d->button->setObjectName(QStringLiteral("findBetterPolicies"));
    d->button->setToolTip(plainToolTip(
        tr("Searches thresholds, models, budgets and shares of the policy for settings that cost "
           "less, answer sooner, or sound more alike, under its gates.")));
    d->setup = new FrontierSetup(d->session, d->button);
    d->notices = new QWidget(page);
    auto* rows = new QVBoxLayout(d->notices);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(space::kUnit);
    d->strip = new ProgressStrip(d->notices);
    d->strip->setObjectName(QStringLiteral("frontierProgress"));
    d->strip->setCancellable(true);
    d->notice = new Callout(Tone::Neutral, d->notices);
    d->notice->setObjectName(QStringLiteral("frontierNotice"));
    d->notice->setDismissible(true);
    d->notice->addAction(d->again);
    rows->addWidget(d->strip);
    rows->addWidget(d->notice);
    d->point = new FrontierPointView(page);
    d->result = new FrontierResultView(d->again, d->close, page);
    d->point->hide();
    d->result->hide();

    connect(d->button, &QPushButton::clicked, this, &FrontierDesk::openSetup);
    connect(d->setup, &FrontierSetup::searchRequested, this,
            [this](const FrontierSession::Settings& settings) { d->session.start(settings); });
    connect(d->strip, &ProgressStrip::cancelRequested, &d->session, &FrontierSession::cancel);
    connect(d->notice, &Callout::dismissed, &d->session, &FrontierSession::clear);
    connect(d->result, &FrontierResultView::chosen, this,
            qOverload<const FrontierChoice*>(&FrontierDesk::choose));
    connect(d->point, &FrontierPointView::adoptRequested, this, &FrontierDesk::adoptChosen);
    connect(d->point, &FrontierPointView::comparisonRequested, this,
            &FrontierDesk::compareWithBefore);
    connect(&d->session, &FrontierSession::progressed, this, &FrontierDesk::refreshProgress);
    connect(&d->session, &FrontierSession::changed, this, &FrontierDesk::refresh);
    connect(&d->session, &FrontierSession::found, this, [this] {
        emit d->workbench.notice(
            tr("The search has ended: %n point(s) on the Projection page.", nullptr,
               static_cast<int>(d->session.finding()->frontier.points.size())));
    });
    refresh();
}

FrontierDesk::~FrontierDesk() = default;

void FrontierDesk::makeActions(QWidget* page)
{
    const auto make = [&](Icon shape, const QString& text, const char* name) {
        auto* action = new QAction(icon(shape), text, this);
        action->setObjectName(QLatin1String(name));
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        page->addAction(action);
        return action;
    };
    d->find = make(Icon::Search, tr("Find better policies..."), "findBetter");
    d->stop = make(Icon::Stop, tr("Stop the search"), "stopSearch");
    d->adopt = make(Icon::Check, tr("Adopt the selected point"), "adoptPoint");
    d->again = make(Icon::Retry, tr("Search again"), "searchAgain");
    d->close = make(Icon::Close, tr("Close the points of the search"), "closePoints");
    connect(d->find, &QAction::triggered, this, &FrontierDesk::openSetup);
    connect(d->stop, &QAction::triggered, &d->session, &FrontierSession::cancel);
    connect(d->adopt, &QAction::triggered, this, &FrontierDesk::adoptChosen);
    connect(d->again, &QAction::triggered, this, &FrontierDesk::searchAgain);
    connect(d->close, &QAction::triggered, &d->session, &FrontierSession::clear);
}

FrontierSession& FrontierDesk::session()
{
    return d->session;
}

QWidget* FrontierDesk::button()
{
    return d->button;
}

QWidget* FrontierDesk::notices()
{
    return d->notices;
}

QWidget* FrontierDesk::pointView()
{
    return d->point;
}

QWidget* FrontierDesk::resultView()
{
    return d->result;
}

bool FrontierDesk::isShown() const
{
    return d->shown != nullptr;
}

const FrontierChoice* FrontierDesk::chosen() const
{
    return d->chosen;
}

void FrontierDesk::choose(FrontierPoint::Kind kind, const std::string& name)
{
    if (!d->shown)
        return;
    const Frontier& frontier = d->shown->frontier;
    const auto among = [&](const std::vector<FrontierChoice>& choices) {
        const auto found = std::ranges::find(choices, name, &FrontierChoice::name);
        if (found != choices.end())
            choose(&*found);
    };
    if (kind == FrontierPoint::Kind::Found)
        among(frontier.points);
    else if (kind == FrontierPoint::Kind::SingleModel)
        among(frontier.models);
    else if (kind == FrontierPoint::Kind::Policy)
        choose(&frontier.present);
}

void FrontierDesk::choose(const FrontierChoice* choice)
{
    if (choice == d->chosen)
        return;
    d->chosen = choice;
    d->point->setChoice(d->shown, choice);
    if (choice)
        d->result->choose(choice);
    refreshAdoption();
    emit chosenChanged();
}

void FrontierDesk::refresh()
{
    refreshProgress();
    refreshNotice();
    const auto finding = d->session.finding();
    if (finding != d->shown) {
        d->chosen = nullptr;
        d->shown = finding;
        d->result->setFinding(finding);
        d->point->setChoice(finding, nullptr);
        if (finding)
            choose(d->firstChoice());
        emit shownChanged();
    }
    refreshAdoption();
}

void FrontierDesk::refreshProgress()
{
    const bool isRunning = d->session.isRunning();
    d->button->setEnabled(!isRunning);
    d->find->setEnabled(!isRunning);
    d->again->setEnabled(!isRunning && (d->session.finding() || d->session.failure()));
    d->stop->setEnabled(isRunning);
    d->strip->setVisible(isRunning);
    if (!isRunning)
        return;
    const auto state = d->session.state();
    QString text = frontier_words::progress(state);
    const auto doubt = frontier_words::doubt(d->session.doubt(), d->session.policyName());
    if (!doubt.title.isEmpty())
        text += QStringLiteral("  ") + doubt.title;
    d->strip->setText(text);
    d->strip->setProgress(static_cast<int>(state.done), static_cast<int>(state.most));
}

void FrontierDesk::refreshNotice()
{
    const auto& failure = d->session.failure();
    d->notice->setVisible(failure.has_value());
    if (!failure)
        return;
    const auto words = frontier_words::failure(*failure);
    d->notice->setMessage(words.tone, words.title, words.detail);
}

/// Whether what is selected can be taken over, and why not.
void FrontierDesk::refreshAdoption()
{
    d->close->setEnabled(isShown());
    if (!d->shown) {
        d->adopt->setEnabled(false);
        return;
    }
    const auto doubt = frontier_words::doubt(d->session.doubt(), d->session.policyName());
    const auto adopted = d->session.adopted();
    d->result->setDoubt(doubt);
    d->result->setAdopted(adopted);
    const auto point = d->chosenPoint();
    const bool isIt = point && adopted == point;
    const bool mayAdopt = point && !isIt && doubt.title.isEmpty();
    d->adopt->setEnabled(mayAdopt);
    d->point->setAdopted(isIt && !d->chosen->turned.empty());
    d->point->setAdoptable(mayAdopt, !point                   ? QString()
                                     : !doubt.title.isEmpty() ? doubt.title
                                     : !isIt                  ? QString()
                                     : d->chosen->turned.empty()
                                         ? tr("The policy is this already.")
                                         : frontier_words::adopted(*d->shown, *point));
}

void FrontierDesk::openSetup()
{
    if (d->session.isRunning())
        return;
    d->setup->open(QString::fromStdString(d->workbench.editor().document().name));
}

void FrontierDesk::searchAgain()
{
    if (!d->session.isRunning())
        d->session.start(d->session.settings());
}

void FrontierDesk::adoptChosen()
{
    const auto point = d->chosenPoint();
    if (!point)
        return;
    const QString told = frontier_words::adopted(*d->shown, *point);
    if (const auto done = d->session.adopt(*point); !done) {
        emit d->workbench.notice(QString::fromStdString(toString(done.error())));
        refreshAdoption();
        return;
    }
    emit d->workbench.notice(told);
}

/// The Policy page shows comparisons; it is made when it is first shown.
void FrontierDesk::compareWithBefore()
{
    if (!d->shown)
        return;
    const PolicyDocument before = d->shown->frontier.present.policy;
    d->workbench.requestPage(QStringLiteral("policy"));
    d->workbench.editor().requestComparison(before, tr("Before the search"));
}

} // namespace signalbox::ui
