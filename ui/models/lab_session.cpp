// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab_session.h"

#include "lab_answers.h"
#include "lab_session_parts.h"

#include <utility>

namespace signalbox::ui {

namespace {

constexpr int kFollowMs = 120; ///< after the last of many edits, such as those of a drag

} // namespace

LabSession::LabSession(Workbench& workbench, QObject* parent)
    : QObject(parent), d(std::make_unique<Private>(this, workbench))
{
    d->nextFollow.setSingleShot(true);
    d->nextFollow.setInterval(kFollowMs);
    connect(&d->nextFollow, &QTimer::timeout, this, [this] {
        d->followRoutes();
        emit costsChanged(); // of what would be sent
    });
    connect(&workbench, &Workbench::stylesChanged, this, [this] { d->nextFollow.start(); });
    connect(&workbench.prices(), &PriceShelf::changed, this, [this] { d->followPolicy(); });
    d->beginAsLastTime();
    d->rebuild(Private::Fill::FromStore);
    connect(&d->forecast, &LabForecast::changed, this, &LabSession::forecastChanged);
    connect(&workbench, &Workbench::evidenceChanged, this, [this] { d->learn(); });
    connect(&d->sizes, &AnswerSizes::counted, this, &LabSession::cellChanged);
    connect(&d->sizes, &AnswerSizes::manyCounted, this, &LabSession::answersCounted);
    connect(&workbench.editor(), &PolicyEditor::documentOpened, this,
            [this] { d->isAnother = true; });
    connect(&workbench.editor(), &PolicyEditor::documentChanged, this,
            [this] { d->followPolicy(); });
    connect(&workbench, &Workbench::callsHereChanged, this,
            [this](int calls) { d->run->setInFlightHere(calls); });
    connect(this, &LabSession::finished, this, [this] { d->followFinished(); });
}

LabSession::~LabSession() = default;

// The table

/// Whether nothing is lost with the present run.
bool LabSession::Private::letGoOfRun()
{
    if (!run || !run->hasUnwritten())
        return true;
    if (const auto written = run->writeFinished(); !written) {
        emit q->keepFailed(QString::fromStdString(toString(written.error())));
        return false;
    }
    return true;
}

/// Only where letGoOfRun() allows it.
/// @param fill  whether the new table shows what is stored of its cells
/// @param id    what its run will be in the store; empty: a new one
void LabSession::Private::rebuild(Fill fill, const RunId& id)
{
    LabPlan plan = chosenPlan();
    if (!id.value.empty())
        plan.id = id;
    const auto empty = [&] { return makeRun(plan); };
    showRun(fill == Fill::FromStore ? filledFrom(workbench.evidenceStore(), empty)
                                    : FilledRun{empty(), {}, {}});
}

std::unique_ptr<LabRun> LabSession::Private::makeRun(const LabPlan& plan) const
{
    return std::make_unique<LabRun>(plan, workbench.providers(), workbench.evidenceStore());
}

void LabSession::Private::showRun(FilledRun filled)
{
    emit q->aboutToReset();
    run = std::move(filled.run);
    models = run->plan().models;
    prompts = run->plan().prompts;
    started = false;
    stored = std::move(filled.stored);
    storedObstacle = filled.obstacle;
    if (!shown && areCapsChosen)
        run->setCaps(terms.caps);
    else if (!shown)
        terms.caps = run->plan().caps; // of the run that is gone on with
    forecast.setRun(*run);
    learn();
    connectRun();
    sizes.setRun(*run);
    emit q->wasReset();
}

void LabSession::Private::connectRun()
{
    connect(run.get(), &LabRun::cellChanged, q, [this](const CellId& id) {
        if (run->cell(id).state == CellState::Done && !run->isPolicyCell(id))
            workbench.addAnswers({run->cell(id).answer});
        sizes.update(id);
        emit q->cellChanged(id);
    });
    connect(run.get(), &LabRun::textAppended, q, &LabSession::textAppended);
    connect(run.get(), &LabRun::progressChanged, q, &LabSession::progressChanged);
    connect(run.get(), &LabRun::storeFailed, q, &LabSession::failed);
    connect(run.get(), &LabRun::storeRecovered, q, &LabSession::recovered);
    connect(run.get(), &LabRun::capWasReached, q, &LabSession::capReached);
    connect(run.get(), &LabRun::finished, q, &LabSession::finished);
}

/// What the policy says of its models counts at once, but for the questions of a running run:
/// answers that come from now on, repeats too, are recorded at the present prices.
void LabSession::Private::followPolicy()
{
    run->setPrices(policy.pricedAnew(run->plan()));
    if (isAnother && !isChosen && !q->isRunning()) {
        if (letGoOfRun()) {
            beginAsLastTime(); // another policy was opened: its prompts and times may be others too
            rebuild(Fill::FromStore);
        }
    }
    std::vector<ModelSpec> now = chosenModels();
    if (!q->isRunning() && now != models) {
        if (answerAlike(now, models))
            models = std::move(now); // the same questions, at other prices
        else if (letGoOfRun())
            rebuild(Fill::FromStore);
    }
    nextFollow.start();
    emit q->costsChanged();
}

/// The policy's column goes by the policy as it is; in a running run, as it was when that began.
void LabSession::Private::followRoutes()
{
    nextFollow.stop();
    if (!shown && !q->isRunning() && run->plan().policy)
        run->setPolicy(policy.column());
}

void LabSession::Private::followFinished()
{
    forecast.forgetReusable();
    std::vector<ModelSpec> now = chosenModels();
    if (answerAlike(now, models))
        models = std::move(now); // else: what was changed meanwhile is not what answered
    nextFollow.start();
}

const std::vector<LabPrompt>& LabSession::prompts() const
{
    return d->prompts;
}

const std::vector<ModelSpec>& LabSession::models() const
{
    return d->models;
}

int LabSession::policyIndexOf(const ModelId& id) const
{
    return d->policy.indexOf(id, d->models);
}

bool LabSession::isSimulated(const ModelSpec& column) const
{
    if (isPolicyColumn(column))
        return !d->shown && d->policy.isAllSimulated();
    return column.provider == "simulator";
}

LabRun& LabSession::run()
{
    return *d->run;
}

const LabRun& LabSession::run() const
{
    return *d->run;
}

bool LabSession::isRunning() const
{
    return d->run && d->run->isRunning();
}

bool LabSession::wasStarted() const
{
    return d->started;
}

bool LabSession::hasAnswers() const
{
    return d->started || d->stored;
}

std::vector<Answer> LabSession::answers() const
{
    return answersOf(*d->run);
}

Result<std::vector<StoredAnswer>> LabSession::earlierAnswers(const CellId& id) const
{
    return earlierAnswersOf(*d->run, id, d->workbench.evidenceStore());
}

std::optional<Money> LabSession::costOf(const CellId& id) const
{
    return presentCostOf(*d->run, id, d->policy);
}

std::optional<Money> LabSession::spent() const
{
    return presentSpendingOf(*d->run, d->policy);
}

std::optional<AnswerSize> LabSession::sizeOf(const CellId& id) const
{
    return d->sizes.of(id);
}

const StyleVector* LabSession::styleOf(const CellId& id) const
{
    return d->sizes.styleOf(id);
}

// What is sent

Preflight LabSession::preflight() const
{
    LabPlan plan; // a policy can change while a run does
    plan.prompts = d->prompts;
    plan.models = d->chosenModels();
    plan.samples = d->choices.samples;
    return d->forecast.of(plan, d->terms.reuse());
}

Preflight LabSession::preflightOfRest() const
{
    return d->forecast.of(d->run->rest(), d->models, d->terms.reuse());
}

std::vector<AccountLimits> LabSession::limits() const
{
    if (!isRunning())
        return {};
    std::vector<ServerAccount> asked;
    for (const ModelSpec& model : d->run->plan().models)
        if (const auto account = accountOf(model))
            asked.push_back(*account);
    return d->workbench.providers().limiter().known(asked);
}

void LabSession::Private::noteSent()
{
    followRoutes();
    run->setTokenizers(forecast.tokenizers());
    started = true;
    isChosen = true;
    stored.reset();
    run->setName(
        workbench.editor().document().name); // it may have changed since the table was made
    emit q->started();
}

void LabSession::start()
{
    if (d->shown)
        return;
    // A second run asks everything anew.
    if (hasAnswers() && !isRunning()) {
        if (!d->letGoOfRun())
            return;
        d->rebuild(Private::Fill::Nothing);
    }
    d->noteSent();
    d->run->start();
}

void LabSession::pause()
{
    if (isRunning())
        d->run->pause();
}

void LabSession::stop()
{
    d->run->stop();
}

void LabSession::rerun(const CellId& id)
{
    if (d->shown)
        return;
    d->noteSent();
    d->run->rerun(id);
}

void LabSession::rerunFailed()
{
    if (d->shown)
        return;
    d->noteSent();
    d->run->rerunFailed();
}

} // namespace signalbox::ui
