// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab_session.h"

#include "forecast_basis.h"

#include <core/lab/cell_attempt.h>
#include <core/lab/conversation.h>
#include <core/lab/policy_column.h>
#include <core/lab/policy_forecast.h>
#include <core/lab/recorded_plan.h>
#include <core/lab/sample_prompts.h>
#include <core/voice/policy_route.h>

#include <QTimer>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <set>
#include <utility>

namespace signalbox::ui {

namespace {

constexpr std::size_t kDefaultPrompts = 60;
constexpr int kFollowMs = 120; ///< after the last of many edits, such as those of a drag

/// Whether two models answer alike: the price and the room for text change nothing about that.
/// Of a policy each answer says itself how it came about.
bool answersAlike(ModelSpec a, const ModelSpec& b)
{
    if (isPolicyColumn(a) && isPolicyColumn(b))
        return a.id == b.id;
    a.price = b.price;
    a.contextTokens = b.contextTokens;
    return a == b;
}

std::vector<CellId> cellsOf(const LabPlan& plan)
{
    std::vector<CellId> all;
    for (std::size_t prompt = 0; prompt < plan.prompts.size(); ++prompt) {
        for (std::size_t model = 0; model < plan.models.size(); ++model) {
            for (int sample = 0; sample < plan.samples; ++sample)
                all.push_back({prompt, model, sample});
        }
    }
    return all;
}

} // namespace

struct LabSession::Private
{
    Private(LabSession* owner, Workbench& bench) : q(owner), workbench(bench) {}

    LabSession* q;
    Workbench& workbench;
    std::size_t sampleCount = kDefaultPrompts;
    std::vector<LabPrompt> own; ///< the person's, newest first
    bool onlyOwn = false;
    bool again = true;
    std::vector<LabPrompt> prompts;
    std::vector<ModelSpec> models;
    std::set<ModelId> left; ///< models of the policy that are not taken
    std::optional<ShownRun> shown;
    std::vector<Variant> variants;
    int samples = 1;
    Asking asking;
    bool isAnother = false; ///< a policy was opened since the table began as last time
    bool isChosen = false;  ///< something was chosen or sent since
    bool started = false;
    std::unique_ptr<LabRun> run;
    std::optional<StoredAnswers> stored;
    QString storedObstacle;
    AnswerSizes sizes;
    QTimer nextFollow; ///< of what the policy makes of the prompts
    ForecastBasis basis;
    RunCaps caps;
    bool areCapsChosen = false; ///< by the person, for this policy: no run's own take their place
    bool reuses = false;
    RunId nextId; ///< of the table that is made now; empty: a new one
    mutable std::optional<std::set<CellId>> reusable; ///< of the table, once it was asked for

    enum class Fill { Nothing, FromStore };
    void beginAsLastTime();
    void take(LastChoices last);
    void rebuild(Fill fill);
    template<class Choice> bool change(Choice& choice, Choice to);
    [[nodiscard]] bool letGoOfRun();
    [[nodiscard]] LastChoices choices() const;
    [[nodiscard]] std::vector<ModelSpec> modelsOf(const LastChoices& choices) const;
    [[nodiscard]] std::vector<ModelSpec> chosenModels() const;
    [[nodiscard]] LabPlan planOf(const LastChoices& chosen) const;
    [[nodiscard]] LabPlan presentPlan() const;
    [[nodiscard]] QString obstacleTo(const ShownRun& earlier) const;
    [[nodiscard]] std::unique_ptr<LabRun> makeRun(const LabPlan& plan) const;
    void showRun(FilledRun filled);
    void connectRun();
    void followPolicy();
    void priceAnew();
    void followRoutes();
    [[nodiscard]] std::shared_ptr<const PolicyColumn> presentPolicy() const;
    void noteSent();
    [[nodiscard]] std::optional<ModelSpec> presentModel(const ModelId& id) const;
    void learn();
    [[nodiscard]] const std::set<CellId>& reusableCells() const;
    [[nodiscard]] Preflight preflightOf(const std::vector<CellId>& cells,
                                        const std::vector<ModelSpec>& asked) const;
};

/// As the policy has them now.
std::vector<ModelSpec> LabSession::Private::modelsOf(const LastChoices& choices) const
{
    std::vector<ModelSpec> chosen;
    const auto& all = workbench.editor().document().models;
    std::ranges::copy_if(all, std::back_inserter(chosen), [&](const ModelSpec& model) {
        return choices.left.count(model.id) == 0;
    });
    for (const Variant& variant : choices.variants) {
        const auto base = std::ranges::find(all, variant.of, &ModelSpec::id);
        if (base != all.end())
            chosen.push_back(columnOf(variant, *base));
    }
    chosen = withKnownPrices(std::move(chosen), *workbench.prices().book(), presentDay());
    if (choices.left.count(q->policyColumn()) == 0)
        chosen.push_back(PolicyColumn::specOf(workbench.editor().document()));
    return chosen;
}

/// What a new table would ask.
std::vector<ModelSpec> LabSession::Private::chosenModels() const
{
    return shown ? shown->plan.models : modelsOf(choices());
}

LastChoices LabSession::Private::choices() const
{
    return {own, q->sendsOnlyOwn() ? 0 : sampleCount, left, variants, samples, asking};
}

LabPlan LabSession::Private::presentPlan() const
{
    return shown ? shown->plan : planOf(choices());
}

LabPlan LabSession::Private::planOf(const LastChoices& chosen) const
{
    LabPlan plan;
    plan.name = workbench.editor().document().name;
    plan.prompts = withTurnsTogether(chosen.own);
    std::ranges::move(spreadPrompts(workbench.prompts(), chosen.samplePrompts.value_or(0)),
                      std::back_inserter(plan.prompts));
    plan.models = modelsOf(chosen);
    if (!plan.models.empty() && isPolicyColumn(plan.models.back()))
        plan.policy = presentPolicy();
    plan.leftOut.assign(chosen.left.begin(), chosen.left.end());
    plan.samples = chosen.samples;
    plan.asking = chosen.asking;
    for (const Variant& variant : chosen.variants)
        plan.variants.emplace(nameOf(variant), variant);
    plan.inFlightHere = workbench.callsHere();
    plan.retries = again ? kUsualRetries : 0;
    plan.caps = caps;
    plan.reuse = reuses ? LabPlan::Reuse::ExactRequest : LabPlan::Reuse::Never;
    plan.id = nextId;
    return plan;
}

std::unique_ptr<LabRun> LabSession::Private::makeRun(const LabPlan& plan) const
{
    return std::make_unique<LabRun>(plan, workbench.providers(), workbench.evidenceStore());
}

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
void LabSession::Private::rebuild(Fill fill)
{
    const LabPlan plan = presentPlan();
    const auto empty = [&] { return makeRun(plan); };
    showRun(fill == Fill::FromStore ? filledFrom(workbench.evidenceStore(), empty)
                                    : FilledRun{empty(), {}, {}});
}

/// One choice of the person; it stays as it was while a run has to keep its table.
/// @return false: it stayed, and keepFailed() said why unless a run is running
template<class Choice> bool LabSession::Private::change(Choice& choice, Choice to)
{
    if (shown || q->isRunning() || !letGoOfRun())
        return false;
    isChosen = true;
    choice = std::move(to);
    rebuild(Fill::FromStore);
    return true;
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
    reusable.reset();
    if (!shown && areCapsChosen)
        run->setCaps(caps);
    else if (!shown)
        caps = run->plan().caps; // of the run that is gone on with
    basis.follow(prompts);
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

/// The table begins where the last run over the policy's models left it, with the prompts that
/// were typed then.
void LabSession::Private::beginAsLastTime()
{
    const PolicyDocument& policy = workbench.editor().document();
    isAnother = false;
    areCapsChosen = false;
    caps = {};
    shown.reset();
    take(lastChoices(workbench.evidenceStore(), policy.models, workbench.prompts()));
}

void LabSession::Private::take(LastChoices last)
{
    own = std::move(last.own);
    left = std::move(last.left);
    variants = std::move(last.variants);
    samples = last.samples;
    asking = last.asking;
    onlyOwn = !own.empty() && last.samplePrompts == 0;
    sampleCount = last.samplePrompts.value_or(0) > 0 ? *last.samplePrompts : kDefaultPrompts;
}

/// What the policy says of its models counts at once, but for the questions of a running run.
void LabSession::Private::followPolicy()
{
    priceAnew();
    if (isAnother && !isChosen && !q->isRunning()) {
        if (letGoOfRun()) {
            beginAsLastTime(); // another policy was opened: its prompts and times may be others too
            rebuild(Fill::FromStore);
        }
    }
    std::vector<ModelSpec> now = chosenModels();
    if (!q->isRunning() && now != models) {
        if (std::ranges::equal(now, models, answersAlike))
            models = std::move(now); // the same questions, at other prices
        else if (letGoOfRun())
            rebuild(Fill::FromStore);
    }
    nextFollow.start();
    emit q->costsChanged();
}

std::shared_ptr<const PolicyColumn> LabSession::Private::presentPolicy() const
{
    return PolicyColumn::of(
        withKnownPrices(workbench.editor().document(), *workbench.prices().book(), presentDay()),
        workbench.styles());
}

/// The policy's column goes by the policy as it is; in a running run, as it was when that began.
void LabSession::Private::followRoutes()
{
    nextFollow.stop();
    if (!shown && !q->isRunning() && run->plan().policy)
        run->setPolicy(presentPolicy());
}

/// Answers that come from now on, repeats too, are recorded at the present prices.
void LabSession::Private::priceAnew()
{
    std::vector<ModelSpec> alike;
    for (const ModelSpec& asked : run->plan().models) {
        const auto present = presentModel(asked.id);
        if (present && answersAlike(asked, *present))
            alike.push_back(*present);
    }
    run->setPrices(withKnownPrices(std::move(alike), *workbench.prices().book(), presentDay()));
}

void LabSession::Private::noteSent()
{
    followRoutes();
    run->setTokenizers(basis.history().tokenizers());
    started = true;
    isChosen = true;
    stored.reset();
    run->setName(
        workbench.editor().document().name); // it may have changed since the table was made
    emit q->started();
}

/// As the policy has it now; of a variant, what it asks otherwise besides.
std::optional<ModelSpec> LabSession::Private::presentModel(const ModelId& id) const
{
    const auto& all = workbench.editor().document().models;
    const auto variant = run->plan().variants.find(id);
    const bool isVariant = variant != run->plan().variants.end();
    const auto found = std::ranges::find(all, isVariant ? variant->second.of : id, &ModelSpec::id);
    if (found == all.end())
        return std::nullopt;
    return isVariant ? columnOf(variant->second, *found) : *found;
}

/// All that is recorded, of the models as they are asked now.
void LabSession::Private::learn()
{
    basis.learn(workbench.sharedAnswers(), chosenModels());
}

/// A store that cannot be asked says so when something is to be kept.
const std::set<CellId>& LabSession::Private::reusableCells() const
{
    if (!reusable) {
        reusable.emplace();
        if (const auto found = run->reusable(cellsOf(run->plan())))
            reusable->insert(found->begin(), found->end());
    }
    return *reusable;
}

/// Of cells whose models are places in `asked`.
Preflight LabSession::Private::preflightOf(const std::vector<CellId>& cells,
                                           const std::vector<ModelSpec>& asked) const
{
    LabPlan plan = run->plan();
    plan.models = asked;
    const auto book = workbench.prices().book();
    const CallsToForecast sent = callsToForecast(*run, std::move(plan), cells, *book, presentDay());
    std::set<CellId> taken;
    if (reuses && asked.size() == run->plan().models.size())
        taken = reusableCells();
    const auto limits = workbench.providers().limiter().known();
    Preflight flight;
    flight.forecast = forecastOf({sent.plan, sent.calls, std::move(taken), basis.history(),
                                  basis.counted(), *book, presentDay(), limits,
                                  workbench.services().simulator->speed(), sent.perhaps});
    const RunForecast& forecast = flight.forecast;
    flight.cells = cells.size();
    flight.simulated = forecast.isSimulated;
    flight.unpricedModels = forecast.unpriced.size();
    if (forecast.cost)
        flight.expected = forecast.cost->expected;
    flight.worst = forecast.worst;
    return flight;
}

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
    connect(&d->basis, &ForecastBasis::changed, this, &LabSession::forecastChanged);
    connect(&workbench, &Workbench::evidenceChanged, this, [this] { d->learn(); });
    connect(&d->sizes, &AnswerSizes::counted, this, &LabSession::cellChanged);
    connect(&d->sizes, &AnswerSizes::manyCounted, this, &LabSession::answersCounted);
    connect(&workbench.editor(), &PolicyEditor::documentOpened, this,
            [this] { d->isAnother = true; });
    connect(&workbench.editor(), &PolicyEditor::documentChanged, this,
            [this] { d->followPolicy(); });
    connect(&workbench, &Workbench::callsHereChanged, this,
            [this](int calls) { d->run->setInFlightHere(calls); });
    connect(this, &LabSession::finished, this, [this] {
        d->reusable.reset();
        std::vector<ModelSpec> now = d->chosenModels();
        if (std::ranges::equal(now, d->models, answersAlike))
            d->models = std::move(now); // else: what was changed meanwhile is not what answered
        d->nextFollow.start();
    });
}

LabSession::~LabSession() = default;

const std::vector<LabPrompt>& LabSession::prompts() const
{
    return d->prompts;
}

void LabSession::setSamplePromptCount(std::size_t count)
{
    if (count != d->sampleCount)
        d->change(d->sampleCount, count);
}

std::size_t LabSession::samplePromptCount() const
{
    return d->sampleCount;
}

bool LabSession::addPrompt(const QString& text)
{
    if (text.trimmed().isEmpty())
        return true;
    return addPrompts({typedPrompt(text.trimmed().toStdString())});
}

bool LabSession::addPrompts(std::vector<LabPrompt> prompts)
{
    if (prompts.empty())
        return true;
    showPresent();
    std::set<PromptId> added;
    for (const LabPrompt& prompt : prompts)
        added.insert(prompt.id);
    std::ranges::copy_if(d->own, std::back_inserter(prompts),
                         [&](const LabPrompt& before) { return added.count(before.id) == 0; });
    return d->change(d->own, withTurnsTogether(std::move(prompts)));
}

void LabSession::removeOwnPrompts()
{
    if (!d->own.empty())
        d->change(d->own, {});
}

void LabSession::removePrompt(const PromptId& id)
{
    const std::vector<LabPrompt> own = withTurnsTogether(d->own);
    const auto found = std::ranges::find(own, id, &LabPrompt::id);
    if (found == own.end())
        return;
    const Conversations conversations(own);
    const auto row = static_cast<std::size_t>(found - own.begin());
    std::vector<LabPrompt> rest;
    for (std::size_t i = 0; i < own.size(); ++i) {
        if (conversations.beginning(i) != conversations.beginning(row))
            rest.push_back(own[i]);
    }
    d->change(d->own, std::move(rest));
}

const std::vector<LabPrompt>& LabSession::ownPrompts() const
{
    return d->own;
}

bool LabSession::sendsOnlyOwn() const
{
    return d->onlyOwn && !d->own.empty();
}

void LabSession::setSendsOnlyOwn(bool only)
{
    if (only != d->onlyOwn)
        d->change(d->onlyOwn, only);
}

const std::vector<ModelSpec>& LabSession::models() const
{
    return d->models;
}

ModelId LabSession::policyColumn() const
{
    return policyVoice(d->workbench.editor().document().id);
}

bool LabSession::isSimulated(const ModelSpec& column) const
{
    if (!isPolicyColumn(column))
        return column.provider == "simulator";
    const auto& all = d->workbench.editor().document().models;
    return !d->shown && !all.empty() && std::ranges::all_of(all, [](const ModelSpec& model) {
        return model.provider == "simulator";
    });
}

int LabSession::policyIndexOf(const ModelId& id) const
{
    const auto& all = d->workbench.editor().document().models;
    const auto found = std::ranges::find(all, id, &ModelSpec::id);
    if (found != all.end())
        return static_cast<int>(found - all.begin());
    std::size_t place = all.size();
    for (const ModelSpec& model : d->models) {
        if (isPolicyColumn(model))
            continue; // it has no look of a model
        if (model.id == id)
            return static_cast<int>(place);
        if (std::ranges::find(all, model.id, &ModelSpec::id) == all.end())
            ++place;
    }
    return -1;
}

Result<void> LabSession::show(const RunId& id)
{
    EvidenceStore* const store = d->workbench.evidenceStore();
    if (!store)
        return fail(ErrorCode::IoError, "there is no store of answers");
    if (isRunning())
        return fail(ErrorCode::Refused, "answers are being written", {},
                    "wait for them, or stop the run");
    if (!d->letGoOfRun())
        return {}; // keepFailed() said why
    auto shown = signalbox::ui::shownRun(*store, id, d->workbench.prompts());
    if (!shown)
        return Unexpected(shown.error());
    FilledRun filled{d->makeRun(shown->plan), {}, {}};
    const auto taken = filled.run->resumeFrom(id);
    if (!taken)
        return Unexpected(taken.error());
    filled.run->holdBack();
    filled.stored = StoredAnswers{shown->info, *taken};
    d->shown = std::move(*shown);
    d->isChosen = true;
    d->showRun(std::move(filled));
    return {};
}

void LabSession::showPresent()
{
    if (!d->shown)
        return;
    d->shown.reset();
    d->rebuild(Private::Fill::FromStore);
}

const std::optional<ShownRun>& LabSession::shownRun() const
{
    return d->shown;
}

QString LabSession::Private::obstacleTo(const ShownRun& earlier) const
{
    if (earlier.isFromElsewhere)
        return LabSession::tr(
            "These answers were recorded elsewhere: nobody can be asked further.");
    if (earlier.info.holder == RunHolder::Another)
        return LabSession::tr("Another window works on this run.");
    const auto chosen = choicesOfPlan(earlier.info.planJson, workbench.editor().document().models,
                                      workbench.prompts());
    if (!chosen)
        return LabSession::tr("The policy has none of its models any more.");
    return signalbox::ui::obstacleTo(earlier.info, planOf(*chosen));
}

QString LabSession::goOnObstacle() const
{
    return d->shown ? d->obstacleTo(*d->shown) : QString();
}

Result<void> LabSession::goOnWithShown()
{
    if (!d->shown || !d->letGoOfRun())
        return {}; // keepFailed() said why
    if (const QString obstacle = goOnObstacle(); !obstacle.isEmpty())
        return fail(ErrorCode::Refused, obstacle.toStdString());
    const RunSummary info = d->shown->info;
    const auto chosen = choicesOfPlan(info.planJson, d->workbench.editor().document().models,
                                      d->workbench.prompts());
    FilledRun next{d->makeRun(d->planOf(*chosen)), {}, {}};
    const auto taken = next.run->resumeFrom(info.id);
    if (!taken)
        return Unexpected(taken.error());
    next.run->holdBack();
    next.stored = StoredAnswers{info, *taken};
    d->shown.reset();
    d->take(*chosen);
    d->areCapsChosen = false; // its own count
    d->isChosen = true;
    d->showRun(std::move(next));
    return {};
}

Result<void> LabSession::takeAnswers(const AnswerImport& import, const QString& name)
{
    EvidenceStore* const store = d->workbench.evidenceStore();
    if (!store)
        return fail(ErrorCode::IoError, "there is no store of answers");
    const auto run = keepAnswers(*store, import, name.toStdString());
    if (!run)
        return Unexpected(run.error());
    d->workbench.addAnswers(import.answers);
    return show(*run);
}

bool LabSession::isModelChosen(const ModelId& id) const
{
    return d->left.count(id) == 0;
}

void LabSession::chooseModel(const ModelId& id, bool chosen)
{
    if (chosen == isModelChosen(id))
        return;
    std::set<ModelId> left = d->left;
    if (chosen)
        left.erase(id);
    else
        left.insert(id);
    d->change(d->left, std::move(left));
}

int LabSession::samples() const
{
    return d->samples;
}

void LabSession::setSamples(int samples)
{
    if (samples != d->samples && samples >= 1)
        d->change(d->samples, samples);
}

const Asking& LabSession::asking() const
{
    return d->asking;
}

void LabSession::setAsking(const Asking& asking)
{
    if (asking != d->asking)
        d->change(d->asking, asking);
}

const std::vector<Variant>& LabSession::variants() const
{
    return d->variants;
}

void LabSession::addVariant(const Variant& variant)
{
    const auto& all = d->workbench.editor().document().models;
    const bool isThere = std::ranges::any_of(
        d->variants, [&](const Variant& each) { return nameOf(each) == nameOf(variant); });
    if (isThere || variant.isNone() ||
        std::ranges::find(all, variant.of, &ModelSpec::id) == all.end())
        return;
    std::vector<Variant> variants = d->variants;
    variants.push_back(variant);
    d->change(d->variants, std::move(variants));
}

void LabSession::removeVariant(const ModelId& column)
{
    std::vector<Variant> variants = d->variants;
    if (std::erase_if(variants, [&](const Variant& each) { return nameOf(each) == column; }) > 0)
        d->change(d->variants, std::move(variants));
}

LineUp LabSession::lineUp() const
{
    return {{}, {d->left.begin(), d->left.end()}, d->variants, d->samples, d->asking};
}

void LabSession::setLineUp(const LineUp& lineUp)
{
    if (d->shown || isRunning() || !d->letGoOfRun())
        return;
    const auto& all = d->workbench.editor().document().models;
    d->isChosen = true;
    d->left = {lineUp.leftOut.begin(), lineUp.leftOut.end()};
    d->variants.clear();
    std::ranges::copy_if(lineUp.variants, std::back_inserter(d->variants),
                         [&](const Variant& each) {
                             return std::ranges::find(all, each.of, &ModelSpec::id) != all.end();
                         });
    d->samples = lineUp.samples;
    d->asking = lineUp.asking;
    d->rebuild(Private::Fill::FromStore);
}

bool LabSession::triesAgain() const
{
    return d->again;
}

void LabSession::setTriesAgain(bool again)
{
    d->again = again;
    d->run->setRetries(again ? kUsualRetries : 0);
}

const RunCaps& LabSession::caps() const
{
    return d->caps;
}

void LabSession::setCaps(const RunCaps& caps)
{
    if (caps == d->caps)
        return;
    d->caps = caps;
    d->areCapsChosen = true;
    if (!d->shown)
        d->run->setCaps(caps);
    emit forecastChanged();
}

bool LabSession::reusesAnswers() const
{
    return d->reuses;
}

void LabSession::setReusesAnswers(bool reuses)
{
    if (reuses == d->reuses)
        return;
    d->reuses = reuses;
    d->reusable.reset();
    d->run->setReuse(reuses ? LabPlan::Reuse::ExactRequest : LabPlan::Reuse::Never);
    emit forecastChanged();
}

std::string LabSession::chosenPlanJson() const
{
    return toPlanJson(recordedPlanOf(d->presentPlan()));
}

Result<void> LabSession::choosePlan(const std::string& planJson, const RunId& id)
{
    const auto choices =
        choicesOfPlan(planJson, d->workbench.editor().document().models, d->workbench.prompts());
    if (!choices)
        return fail(ErrorCode::NotFound, "the policy has none of the models that it was to ask");
    if (isRunning() || !d->letGoOfRun())
        return fail(ErrorCode::Refused, "the table has to stay as it is");
    d->shown.reset();
    d->isChosen = true;
    d->take(*choices);
    RunSummary plan;
    plan.planJson = planJson;
    if (const auto recorded = parsePlanJson(plan))
        d->caps = recorded->caps;
    d->areCapsChosen = true;
    d->nextId = id;
    d->rebuild(Private::Fill::Nothing);
    d->nextId = {};
    return {};
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

Preflight LabSession::preflight() const
{
    LabPlan plan; // a policy can change while a run does
    plan.prompts = d->prompts;
    plan.models = d->chosenModels();
    plan.samples = d->samples;
    const std::vector<ModelSpec>& models = plan.models;
    Preflight flight = d->preflightOf(cellsOf(plan), models);
    flight.models = models.size();
    flight.hasPolicy = !models.empty() && isPolicyColumn(models.back());
    if (flight.hasPolicy)
        --flight.models;
    return flight;
}

Preflight LabSession::preflightOfRest() const
{
    return d->preflightOf(d->run->rest(), d->models);
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

const std::optional<StoredAnswers>& LabSession::stored() const
{
    return d->stored;
}

const QString& LabSession::storedObstacle() const
{
    return d->storedObstacle;
}

std::vector<Answer> LabSession::answers() const
{
    std::vector<Answer> all;
    const LabPlan& plan = d->run->plan();
    for (std::size_t prompt = 0; prompt < plan.prompts.size(); ++prompt) {
        for (std::size_t model = 0; model < plan.models.size(); ++model) {
            for (int sample = 0; sample < plan.samples; ++sample) {
                const Cell& cell = d->run->cell({prompt, model, sample});
                const bool wasAsked = cell.state == CellState::Done ||
                                      cell.state == CellState::Failed ||
                                      (cell.state == CellState::Stopped && !cell.heldBack &&
                                       !cell.waits);
                if (wasAsked)
                    all.push_back(cell.answer);
            }
        }
    }
    return all;
}

bool LabSession::hasAnswers() const
{
    return d->started || d->stored;
}

Result<std::vector<StoredAnswer>> LabSession::earlierAnswers(const CellId& id) const
{
    EvidenceStore* const store = d->workbench.evidenceStore();
    const auto& run = d->run->id();
    if (!store || !run)
        return std::vector<StoredAnswer>();
    const auto draft = store->draft(*run);
    if (!draft)
        return Unexpected(draft.error());
    const auto row = std::ranges::find(draft->prompts, d->prompts[id.prompt].id, &StoredPrompt::id);
    const auto lane =
        std::ranges::find(draft->lanes, LaneId(d->models[id.model].id.value), &StoredLane::id);
    if (row == draft->prompts.end() || lane == draft->lanes.end())
        return std::vector<StoredAnswer>();
    auto attempts =
        store->attempts(*run, {static_cast<int>(row - draft->prompts.begin()),
                               static_cast<int>(lane - draft->lanes.begin()), id.sample});
    if (!attempts)
        return attempts;
    const Answer& shown = d->run->cell(id).answer;
    std::erase_if(*attempts, [&](const StoredAnswer& answer) {
        return answer.recordedAtMs == shown.recordedAtMs && answer.text == shown.text;
    });
    return attempts;
}

/// Of an answer that is not priced anew, its cost when it was recorded: stated by the provider, or
/// the model is no more, is asked otherwise, or has no price now.
std::optional<Money> LabSession::costOf(const CellId& id) const
{
    const Answer& answer = d->run->cell(id).answer;
    if (const auto route = parseRoute(answer.route))
        return route->cost();
    const ModelSpec& asked = d->run->plan().models[id.model];
    const auto present = d->presentModel(asked.id);
    if (answer.reused || answer.costStated || !present || !present->price ||
        !answersAlike(asked, *present))
        return answer.cost;
    return signalbox::costOf(answer, *present);
}

std::optional<Money> LabSession::spent() const
{
    std::optional<Money> sum;
    for (std::size_t prompt = 0; prompt < d->prompts.size(); ++prompt) {
        for (std::size_t model = 0; model < d->models.size(); ++model) {
            for (int sample = 0; sample < d->run->plan().samples; ++sample) {
                const CellId id{prompt, model, sample};
                const CellState state = d->run->cell(id).state;
                if (state != CellState::Done && state != CellState::Failed &&
                    state != CellState::Stopped)
                    continue;
                const bool isPolicys = d->run->isPolicyCell(id); // what it took was not billed
                if (const auto cost = isPolicys ? d->run->cell(id).answer.cost : costOf(id))
                    sum = sum.value_or(Money{}) + *cost;
            }
        }
    }
    return sum;
}

std::optional<AnswerSize> LabSession::sizeOf(const CellId& id) const
{
    return d->sizes.of(id);
}

const StyleVector* LabSession::styleOf(const CellId& id) const
{
    return d->sizes.styleOf(id);
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

std::optional<InterruptedRun> LabSession::interruptedRun() const
{
    if (d->started || d->shown)
        return std::nullopt;
    const std::vector<RunSummary> runs = newestRuns(d->workbench.evidenceStore(), 1);
    if (runs.empty() || runs.front().isOver() || runs.front().holder == RunHolder::Another ||
        runs.front().settled == 0 ||
        !asksAnyOf(runs.front(), d->workbench.editor().document().models))
        return std::nullopt;
    return InterruptedRun{runs.front(), obstacleTo(runs.front(), d->run->plan())};
}

void LabSession::resume(const RunSummary& interrupted)
{
    if (isRunning() || !d->letGoOfRun())
        return;
    const LabPlan plan = d->presentPlan();
    if (const QString obstacle = obstacleTo(interrupted, plan); !obstacle.isEmpty()) {
        emit resumeFailed(obstacle);
        return;
    }
    FilledRun next{d->makeRun(plan), {}, {}};
    if (const auto taken = next.run->resumeFrom(interrupted.id); !taken) {
        emit resumeFailed(QString::fromStdString(toString(taken.error())));
        return;
    }
    d->showRun(std::move(next));
    d->noteSent();
    d->run->start();
}

} // namespace signalbox::ui
