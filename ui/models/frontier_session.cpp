// SPDX-License-Identifier: GPL-3.0-or-later
#include "frontier_session.h"

#include "background.h"
#include "workbench.h"

#include <core/policy/edit.h>
#include <core/routing/policy_test_run.h>

#include <QThreadPool>
#include <QTimer>

#include <algorithm>
#include <atomic>
#include <utility>

namespace signalbox::ui {

namespace {

constexpr int kTickMs = 100;

/// What a search rests on, as it was when it began.
struct Ground
{
    quint64 policyNumber = 0; ///< OpenPolicy::number()
    PolicyDocument document;
    std::shared_ptr<const Traffic> traffic;
    std::shared_ptr<const EvidenceTable> evidence;
    std::shared_ptr<const UserStyles> styles;
};

/// Equal but for the revision number, on which no number depends.
bool sameNumbers(const PolicyDocument& a, PolicyDocument b)
{
    b.revision = a.revision;
    return a == b;
}

Result<void> checked(const Ground& ground)
{
    if (!ground.traffic || ground.traffic->rowCount() == 0)
        return fail(ErrorCode::NotFound, "There is no traffic to search on.", "traffic",
                    "Open a table of traffic, or import a log.");
    if (!ground.evidence)
        return fail(ErrorCode::NotFound, "The recorded answers are still being measured.",
                    "evidence", "Search again in a moment.");
    const bool isHeard = std::ranges::any_of(ground.document.models, [&](const ModelSpec& model) {
        return ground.evidence->modelIndex(model.id) >= 0;
    });
    if (!isHeard)
        return fail(ErrorCode::NotFound, "No answers of the policy's models are recorded.",
                    "evidence", "Send prompts to them on the Voices page.");
    return {};
}

/// Of a policy with meters it is said which they are.
Error withPlace(Error error, const PolicyDocument& document)
{
    if (error.code != ErrorCode::Unsupported || !error.where.empty())
        return error;
    for (const Signal& signal : document.signalList) {
        if (std::holds_alternative<UsageSource>(signal.source))
            error.where += (error.where.empty() ? "" : ", ") + signal.id.value;
    }
    return error;
}

/// What both threads know of a search.
struct Progress
{
    std::atomic<bool> stop = false;
    std::atomic<FrontierStep> step = FrontierStep::Searching;
    std::atomic<std::size_t> done = 0;
    std::atomic<std::size_t> most = 0;
};

std::size_t brokenTestsOf(const PolicyDocument& policy,
                          const std::shared_ptr<const UserStyles>& styles)
{
    const auto compiled = CompiledPolicy::compile(policy, nullptr, styles);
    if (!compiled)
        return 0;
    const auto runs = runPolicyTests(*compiled);
    return static_cast<std::size_t>(
        std::ranges::count_if(runs, [](const PolicyTestRun& run) { return !run.holds(); }));
}

Result<FrontierFinding> search(const Ground& ground, const FrontierSession::Settings& settings,
                               const std::shared_ptr<Progress>& progress)
{
    FrontierOptions options;
    options.most = settings.most;
    options.seed = settings.seed;
    options.styles = ground.styles;
    options.stop = &progress->stop;
    options.progress = [&progress](FrontierStep step, std::size_t done, std::size_t most) {
        progress->step = step;
        progress->done = done;
        progress->most = most;
    };
    auto frontier = findFrontier(ground.document, ground.traffic, ground.evidence, options);
    if (!frontier)
        return Unexpected(withPlace(frontier.error(), ground.document));
    FrontierFinding finding{std::move(*frontier), ground.document.tests.size(), {}};
    for (const FrontierChoice& point : finding.frontier.points)
        finding.brokenTests.push_back(
            finding.tests == 0 ? 0 : brokenTestsOf(point.policy, ground.styles));
    return finding;
}

} // namespace

struct FrontierSession::Private
{
    FrontierSession* q = nullptr;
    Workbench& workbench;
    QThreadPool pool; ///< one thread: a search begins when the one before it has stopped
    QTimer tick;
    int run = 0; ///< counts searches and looks; what an older one says is dropped
    std::shared_ptr<Progress> running; ///< null: nothing is searched
    std::shared_ptr<std::atomic<bool>> stopLook;
    Settings settings;
    std::optional<Ground> ground; ///< of what runs or was found
    std::shared_ptr<const FrontierFinding> finding;
    std::optional<Error> failure;
    std::optional<Result<FrontierScope>> scope;

    Private(FrontierSession* owner, Workbench& bench) : q(owner), workbench(bench)
    {
        pool.setMaxThreadCount(1);
    }
    [[nodiscard]] Ground present() const;
    void stopAll();
    void take(Result<FrontierFinding> result);
};

Ground FrontierSession::Private::present() const
{
    return {workbench.editor().current().number(), workbench.editor().document(),
            workbench.traffic(), workbench.evidence(), workbench.styles()};
}

void FrontierSession::Private::stopAll()
{
    ++run;
    tick.stop();
    if (running)
        running->stop = true;
    running.reset();
    if (stopLook)
        *stopLook = true;
    stopLook.reset();
}

void FrontierSession::Private::take(Result<FrontierFinding> result)
{
    tick.stop();
    running.reset();
    if (result)
        finding = std::make_shared<const FrontierFinding>(std::move(*result));
    else
        failure = result.error();
    emit q->changed();
    if (finding)
        emit q->found();
}

FrontierSession::FrontierSession(Workbench& workbench, QObject* parent)
    : QObject(parent), d(std::make_unique<Private>(this, workbench))
{
    d->tick.setInterval(kTickMs);
    connect(&d->tick, &QTimer::timeout, this, &FrontierSession::progressed);
    const auto tell = [this] {
        if (d->ground)
            emit changed();
    };
    connect(&workbench.editor(), &PolicyEditor::documentChanged, this, tell);
    connect(&workbench.editor(), &PolicyEditor::documentOpened, this, tell);
    connect(&workbench, &Workbench::trafficChanged, this, tell);
    connect(&workbench, &Workbench::evidenceChanged, this, tell);
    connect(&workbench, &Workbench::stylesChanged, this, tell);
}

FrontierSession::~FrontierSession()
{
    d->stopAll();
    d->pool.waitForDone();
}

void FrontierSession::look(std::uint64_t seed)
{
    if (isRunning())
        return;
    d->stopAll();
    d->scope.reset();
    const Ground ground = d->present();
    if (const auto fine = checked(ground); !fine) {
        d->scope = Unexpected(fine.error());
        emit scopeChanged();
        return;
    }
    d->stopLook = std::make_shared<std::atomic<bool>>(false);
    inBackground(
        d->pool, this,
        [ground, seed, stop = d->stopLook] {
            FrontierOptions options;
            options.seed = seed;
            options.styles = ground.styles;
            options.stop = stop.get();
            auto scope = frontierScope(ground.document, ground.traffic, ground.evidence, options);
            if (!scope)
                scope = Unexpected(withPlace(scope.error(), ground.document));
            return scope;
        },
        [this, run = d->run](Result<FrontierScope> scope) {
            if (run != d->run)
                return;
            d->scope = std::move(scope);
            emit scopeChanged();
        });
    emit scopeChanged();
}

const std::optional<Result<FrontierScope>>& FrontierSession::scope() const
{
    return d->scope;
}

void FrontierSession::start(const Settings& settings)
{
    d->workbench.editor().commitPending();
    d->stopAll();
    d->settings = settings;
    d->finding.reset();
    d->failure.reset();
    d->ground = d->present();
    if (const auto fine = checked(*d->ground); !fine) {
        d->failure = fine.error();
        emit changed();
        return;
    }
    d->running = std::make_shared<Progress>();
    d->tick.start();
    inBackground(
        d->pool, this,
        [ground = *d->ground, settings, progress = d->running] {
            return search(ground, settings, progress);
        },
        [this, run = d->run](Result<FrontierFinding> result) {
            if (run == d->run)
                d->take(std::move(result));
        });
    emit changed();
}

void FrontierSession::cancel()
{
    if (!isRunning())
        return;
    d->stopAll();
    d->failure = Error{ErrorCode::Cancelled, "The search was stopped.", {}, {}};
    emit changed();
}

void FrontierSession::clear()
{
    d->stopAll();
    d->finding.reset();
    d->failure.reset();
    d->ground.reset();
    emit changed();
}

bool FrontierSession::isRunning() const
{
    return d->running != nullptr;
}

const FrontierSession::Settings& FrontierSession::settings() const
{
    return d->settings;
}

FrontierSession::State FrontierSession::state() const
{
    if (!d->running)
        return {};
    return {d->running->step, d->running->done, d->running->most};
}

std::shared_ptr<const FrontierFinding> FrontierSession::finding() const
{
    return d->finding;
}

const std::optional<Error>& FrontierSession::failure() const
{
    return d->failure;
}

FrontierSession::Doubt FrontierSession::doubt() const
{
    if (!d->ground)
        return Doubt::None;
    const Ground now = d->present();
    if (now.policyNumber != d->ground->policyNumber)
        return Doubt::AnotherPolicy;
    if (!sameNumbers(d->ground->document, now.document) && !adopted())
        return Doubt::PolicyEdited;
    if (now.traffic != d->ground->traffic)
        return Doubt::TrafficChanged;
    if (now.evidence != d->ground->evidence || now.styles != d->ground->styles)
        return Doubt::EvidenceChanged;
    return Doubt::None;
}

QString FrontierSession::policyName() const
{
    return d->ground ? QString::fromStdString(d->ground->document.name) : QString();
}

std::optional<std::size_t> FrontierSession::adopted() const
{
    if (!d->finding || d->workbench.editor().current().number() != d->ground->policyNumber)
        return std::nullopt;
    const auto& points = d->finding->frontier.points;
    const auto found = std::ranges::find_if(points, [this](const FrontierChoice& point) {
        return sameNumbers(d->workbench.editor().document(), point.policy);
    });
    return found == points.end() ? std::nullopt
                                 : std::optional(static_cast<std::size_t>(found - points.begin()));
}

Result<void> FrontierSession::adopt(std::size_t point)
{
    if (!d->finding || point >= d->finding->frontier.points.size())
        return fail(ErrorCode::NotFound, "There is no such point.");
    d->workbench.editor().commitPending(); // or what is typed would be undone with it
    if (doubt() != Doubt::None)
        return fail(ErrorCode::Refused, "The points are not of the policy as it is.");
    if (adopted() == point)
        return {};
    const FrontierChoice& choice = d->finding->frontier.points[point];
    PolicyEditor& editor = d->workbench.editor();
    if (auto pushed = editor.push(adoptionOf(editor.document(), choice)); !pushed)
        return pushed;
    emit adoptedPoint(point);
    return {};
}

} // namespace signalbox::ui
