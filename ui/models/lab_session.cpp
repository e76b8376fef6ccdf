// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab_session.h"

#include "background.h"

#include <core/base/json.h>
#include <core/base/random.h>
#include <core/base/utf8.h>
#include <core/lab/sample_prompts.h>
#include <core/voice/answer_stats.h>

#include <QDateTime>
#include <QLocale>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <set>
#include <utility>

namespace signalbox::ui {

namespace {

constexpr std::size_t kDefaultPrompts = 60;
constexpr std::int64_t kExpectedOutputTokens = 180; ///< until the evidence knows the model
constexpr int kMaxTokens = 512;
constexpr std::string_view kTypedPrefix = "typed-";
constexpr std::size_t kRunsLookedAt = 20;       ///< newest ones, for answers to show
constexpr std::size_t kCountedAtOnce = 100'000; ///< bytes; longer answers are counted elsewhere

/// Of the text alone: the same prompt, typed again another day, is the same question.
PromptId typedIdOf(const std::string& text)
{
    return PromptId(std::string(kTypedPrefix) +
                    QString::number(stableHash(text), 16).toStdString());
}

std::vector<std::string> idsIn(const Json& plan, const char* key)
{
    std::vector<std::string> ids;
    const auto found = plan.find(key);
    if (found == plan.end() || !found->is_array())
        return ids;
    for (const Json& id : *found) {
        if (id.is_string())
            ids.push_back(id.get<std::string>());
    }
    return ids;
}

int timesIn(const Json& plan)
{
    const auto found = plan.find("samples");
    return found != plan.end() && found->is_number_integer() ? found->get<int>() : 0;
}

template<class Items> bool areOf(const Items& items, const std::vector<std::string>& ids)
{
    return std::ranges::equal(items, ids, {}, [](const auto& item) { return item.id.value; });
}

QString dayOf(const RunInfo& run)
{
    return QLocale().toString(QDateTime::fromMSecsSinceEpoch(run.startedAtMs).date(),
                              QLocale::ShortFormat);
}

/// Whether two models answer alike: the price and the room for text change nothing about that.
bool answersAlike(ModelSpec a, const ModelSpec& b)
{
    a.price = b.price;
    a.contextTokens = b.contextTokens;
    return a == b;
}

AnswerSize measured(const std::string& text)
{
    const AnswerStats stats = measureAnswer(text);
    return {stats.words, stats.sentences};
}

std::int64_t estimatedTokens(const std::vector<Message>& messages)
{
    std::size_t characters = 0;
    for (const Message& message : messages)
        characters += codePointCount(message.text);
    return static_cast<std::int64_t>((characters + 3) / 4);
}

} // namespace

struct LabSession::Private
{
    Private(LabSession* owner, Workbench& bench) : q(owner), workbench(bench) {}

    LabSession* q;
    Workbench& workbench;
    std::size_t sampleCount = kDefaultPrompts;
    std::vector<LabPrompt> typed; ///< newest first
    bool onlyTyped = false;
    std::vector<LabPrompt> prompts;
    std::vector<ModelSpec> models;
    std::set<ModelId> left; ///< models of the policy that are not taken
    int samples = 1;
    bool started = false;
    std::unique_ptr<LabRun> run;
    std::optional<StoredAnswers> stored;
    QString storedObstacle;
    std::vector<std::optional<AnswerSize>> sizes; ///< per cell of the run
    quint64 runNumber = 0;                        ///< what was counted for an older run is dropped

    enum class Fill { Nothing, FromStore };
    void rebuild(Fill fill);
    [[nodiscard]] std::vector<ModelSpec> chosenModels() const;
    void makeRun();
    void connectRun();
    void fillFromStore();
    void chooseAsLastTime();
    [[nodiscard]] bool fillFrom(const RunInfo& info);
    [[nodiscard]] std::size_t placeOf(const CellId& id) const;
    void count(const CellId& id);
    void countAll();
    void priceAnew();
    void noteSent();
    [[nodiscard]] const ModelSpec* presentModel(const ModelId& id) const;
    [[nodiscard]] QString obstacleTo(const RunInfo& info) const;
    [[nodiscard]] bool concernsUs(const RunInfo& info) const;
    [[nodiscard]] std::int64_t expectedOutputTokens(const ModelId& model,
                                                    const PromptId& prompt) const;
    [[nodiscard]] Preflight preflightOf(const std::vector<CellId>& cells,
                                        const std::vector<ModelSpec>& asked) const;
};

/// What a new table would ask, as the policy has it now.
std::vector<ModelSpec> LabSession::Private::chosenModels() const
{
    std::vector<ModelSpec> chosen;
    std::ranges::copy_if(workbench.editor().document().models, std::back_inserter(chosen),
                         [this](const ModelSpec& model) { return left.count(model.id) == 0; });
    return chosen;
}

/// @param fill  whether the new table shows what is stored of its cells
void LabSession::Private::rebuild(Fill fill)
{
    emit q->aboutToReset();
    models = chosenModels();
    prompts = typed;
    if (!q->sendsOnlyTyped())
        std::ranges::move(spreadPrompts(workbench.prompts(), sampleCount),
                          std::back_inserter(prompts));
    started = false;
    stored.reset();
    storedObstacle.clear();
    makeRun();
    if (fill == Fill::FromStore)
        fillFromStore();
    connectRun();
    countAll();
    emit q->wasReset();
}

void LabSession::Private::makeRun()
{
    LabPlan plan;
    plan.name = workbench.editor().document().name;
    plan.prompts = prompts;
    plan.models = models;
    plan.samples = samples;
    plan.maxTokens = kMaxTokens;
    plan.inFlightHere = workbench.callsHere();
    run =
        std::make_unique<LabRun>(std::move(plan), workbench.providers(), workbench.evidenceStore());
}

void LabSession::Private::connectRun()
{
    connect(run.get(), &LabRun::cellChanged, q, [this](const CellId& id) {
        if (run->cell(id).state == CellState::Done)
            workbench.addAnswers({run->cell(id).answer});
        count(id);
        emit q->cellChanged(id);
    });
    connect(run.get(), &LabRun::textAppended, q, &LabSession::textAppended);
    connect(run.get(), &LabRun::progressChanged, q, &LabSession::progressChanged);
    connect(run.get(), &LabRun::storeFailed, q, &LabSession::failed);
    connect(run.get(), &LabRun::finished, q, &LabSession::finished);
}

std::size_t LabSession::Private::placeOf(const CellId& id) const
{
    return (id.prompt * models.size() + id.model) * static_cast<std::size_t>(samples) +
           static_cast<std::size_t>(id.sample);
}

/// Long answers are counted on a worker; the cell changes once more when its size is known.
void LabSession::Private::count(const CellId& id)
{
    const Cell& cell = run->cell(id);
    std::optional<AnswerSize>& size = sizes[placeOf(id)];
    if (cell.state != CellState::Done) {
        size.reset();
        return;
    }
    if (size)
        return;
    if (cell.answer.text.size() <= kCountedAtOnce) {
        size = measured(cell.answer.text);
        return;
    }
    inBackground(
        q, [text = cell.answer.text] { return std::pair(text.size(), measured(text)); },
        [this, id, number = runNumber](std::pair<std::size_t, AnswerSize> counted) {
            if (number != runNumber)
                return;
            const Cell& now = run->cell(id);
            if (now.state != CellState::Done || now.answer.text.size() != counted.first)
                return;
            sizes[placeOf(id)] = counted.second;
            emit q->cellChanged(id);
        });
}

void LabSession::Private::countAll()
{
    ++runNumber;
    sizes.assign(prompts.size() * models.size() * static_cast<std::size_t>(samples), std::nullopt);
    if (!stored)
        return;
    for (std::size_t prompt = 0; prompt < prompts.size(); ++prompt) {
        for (std::size_t model = 0; model < models.size(); ++model) {
            for (int sample = 0; sample < samples; ++sample)
                count({prompt, model, sample});
        }
    }
}

/// Shows the newest run in the store that asked the present models as they are asked now.
void LabSession::Private::fillFromStore()
{
    EvidenceStore* store = workbench.evidenceStore();
    const auto runs = store ? store->runs() : Result<std::vector<RunInfo>>();
    if (!runs)
        return; // whatever is wrong with the store is said when something is to be kept
    const std::size_t most = std::min(runs->size(), kRunsLookedAt);
    for (std::size_t i = 0; i < most && !stored; ++i) {
        if (fillFrom((*runs)[i]))
            storedObstacle.clear();
    }
}

bool LabSession::Private::fillFrom(const RunInfo& info)
{
    const auto plan = parseJson(info.planJson);
    if (info.answers == 0 || !plan || !plan->is_object())
        return false;
    const std::vector<std::string> asked = idsIn(*plan, "models");
    const bool concernsUs = std::ranges::any_of(models, [&](const ModelSpec& model) {
        return std::ranges::find(asked, model.id.value) != asked.end();
    });
    if (!concernsUs)
        return false;
    if (const auto same = run->mayResume(info); !same) {
        if (storedObstacle.isEmpty())
            storedObstacle = tr("The answers of %1 are stored, but %2.",
                                "date, reason: this run was asked otherwise")
                                 .arg(dayOf(info), QString::fromStdString(same.error().message));
        return false;
    }
    const auto taken = run->resumeFrom(info.id);
    if (!taken || *taken == 0) {
        makeRun(); // this one would record into the other
        return false;
    }
    run->holdBack();
    stored = StoredAnswers{info, *taken};
    return true;
}

/// The choices of the last run, so that the table begins where it was left. Typed prompts are not
/// among them: the store keeps no texts of prompts.
void LabSession::Private::chooseAsLastTime()
{
    EvidenceStore* store = workbench.evidenceStore();
    const auto runs = store ? store->runs() : Result<std::vector<RunInfo>>();
    if (!runs || runs->empty())
        return;
    const auto plan = parseJson(runs->front().planJson);
    if (!plan || !plan->is_object() || !areOf(models, idsIn(*plan, "models")))
        return;
    std::vector<std::string> ids = idsIn(*plan, "prompts");
    std::erase_if(ids, [](const std::string& id) { return isTyped(PromptId(id)); });
    const int times = timesIn(*plan);
    if (ids.empty() || times < 1 || !areOf(spreadPrompts(workbench.prompts(), ids.size()), ids))
        return;
    sampleCount = ids.size();
    samples = times;
}

/// Answers that come from now on, repeats too, are recorded at the present prices.
void LabSession::Private::priceAnew()
{
    std::vector<ModelSpec> alike;
    for (const ModelSpec& asked : run->plan().models) {
        const ModelSpec* present = presentModel(asked.id);
        if (present && answersAlike(asked, *present))
            alike.push_back(*present);
    }
    run->setPrices(alike);
}

void LabSession::Private::noteSent()
{
    started = true;
    stored.reset();
    run->setName(
        workbench.editor().document().name); // it may have changed since the table was made
    emit q->started();
}

const ModelSpec* LabSession::Private::presentModel(const ModelId& id) const
{
    const auto& all = workbench.editor().document().models;
    const auto found = std::ranges::find(all, id, &ModelSpec::id);
    return found == all.end() ? nullptr : &*found;
}

/// What the evidence says of this prompt, else of the model's other answers.
std::int64_t LabSession::Private::expectedOutputTokens(const ModelId& model,
                                                       const PromptId& prompt) const
{
    const auto evidence = workbench.evidence();
    const int column = evidence ? evidence->modelIndex(model) : -1;
    if (column < 0)
        return kExpectedOutputTokens;
    const auto& tokens = evidence->columns[static_cast<std::size_t>(column)].outputTokens;
    const int row = evidence->promptIndex(prompt);
    if (row >= 0 && std::isfinite(tokens[static_cast<std::size_t>(row)]))
        return std::llround(tokens[static_cast<std::size_t>(row)]);
    double sum = 0;
    std::int64_t count = 0;
    for (const double measured : tokens) {
        if (!std::isfinite(measured))
            continue;
        sum += measured;
        ++count;
    }
    return count == 0 ? kExpectedOutputTokens : std::llround(sum / static_cast<double>(count));
}

/// Of cells whose models are places in `asked`.
Preflight LabSession::Private::preflightOf(const std::vector<CellId>& cells,
                                           const std::vector<ModelSpec>& asked) const
{
    Preflight flight;
    flight.cells = cells.size();
    flight.simulated = true;
    std::set<ModelId> unpriced;
    Money expected;
    Money worst;
    for (const CellId& id : cells) {
        const ModelSpec& model = asked[id.model];
        flight.simulated = flight.simulated && model.provider == "simulator";
        if (!model.price) {
            unpriced.insert(model.id);
            continue;
        }
        const LabPrompt& prompt = prompts[id.prompt];
        const Money input = model.price->inputPerToken * estimatedTokens(prompt.messages);
        expected += input + model.price->outputPerToken * expectedOutputTokens(model.id, prompt.id);
        worst += input + model.price->outputPerToken * kMaxTokens;
    }
    flight.unpricedModels = unpriced.size();
    if (unpriced.empty()) {
        flight.expected = expected;
        flight.worst = worst;
    }
    return flight;
}

LabSession::LabSession(Workbench& workbench, QObject* parent)
    : QObject(parent), d(std::make_unique<Private>(this, workbench))
{
    d->models = d->chosenModels();
    d->chooseAsLastTime();
    d->rebuild(Private::Fill::FromStore);
    connect(&workbench.editor(), &PolicyEditor::documentChanged, this, [this] {
        d->priceAnew();
        if (isRunning()) {
            emit costsChanged(); // the run keeps the models it was started with
            return;
        }
        std::vector<ModelSpec> now = d->chosenModels();
        if (now == d->models)
            return;
        if (!std::ranges::equal(now, d->models, answersAlike))
            d->rebuild(Private::Fill::FromStore);
        else
            d->models = std::move(now); // the same questions, at other prices
        emit costsChanged();
    });
    connect(&workbench, &Workbench::callsHereChanged, this,
            [this](int calls) { d->run->setInFlightHere(calls); });
    connect(this, &LabSession::finished, this, [this] {
        std::vector<ModelSpec> now = d->chosenModels();
        if (std::ranges::equal(now, d->models, answersAlike))
            d->models = std::move(now); // else: what was changed meanwhile is not what answered
    });
}

LabSession::~LabSession() = default;

const std::vector<LabPrompt>& LabSession::prompts() const
{
    return d->prompts;
}

void LabSession::setSamplePromptCount(std::size_t count)
{
    if (count == d->sampleCount || isRunning())
        return;
    d->sampleCount = count;
    d->rebuild(Private::Fill::FromStore);
}

std::size_t LabSession::samplePromptCount() const
{
    return d->sampleCount;
}

void LabSession::addPrompt(const QString& text)
{
    if (text.trimmed().isEmpty() || isRunning())
        return;
    LabPrompt prompt;
    prompt.messages.push_back({Role::User, text.trimmed().toStdString(), 0});
    prompt.id = typedIdOf(prompt.messages.back().text);
    prompt.segment = tr("typed").toStdString();
    std::erase_if(d->typed, [&](const LabPrompt& other) { return other.id == prompt.id; });
    d->typed.insert(d->typed.begin(), std::move(prompt));
    d->rebuild(Private::Fill::FromStore);
}

void LabSession::removePrompt(const PromptId& id)
{
    if (isRunning())
        return;
    if (std::erase_if(d->typed, [&](const LabPrompt& prompt) { return prompt.id == id; }) > 0)
        d->rebuild(Private::Fill::FromStore);
}

const std::vector<LabPrompt>& LabSession::typedPrompts() const
{
    return d->typed;
}

bool LabSession::isTyped(const PromptId& id)
{
    return id.value.starts_with(kTypedPrefix);
}

bool LabSession::sendsOnlyTyped() const
{
    return d->onlyTyped && !d->typed.empty();
}

void LabSession::setSendsOnlyTyped(bool only)
{
    if (only == d->onlyTyped || isRunning())
        return;
    d->onlyTyped = only;
    if (!d->typed.empty())
        d->rebuild(Private::Fill::FromStore);
}

const std::vector<ModelSpec>& LabSession::models() const
{
    return d->models;
}

int LabSession::policyIndexOf(const ModelId& id) const
{
    const auto& all = d->workbench.editor().document().models;
    const auto found = std::ranges::find(all, id, &ModelSpec::id);
    return found == all.end() ? -1 : static_cast<int>(found - all.begin());
}

bool LabSession::isModelChosen(const ModelId& id) const
{
    return d->left.count(id) == 0;
}

void LabSession::chooseModel(const ModelId& id, bool chosen)
{
    if (isRunning() || chosen == isModelChosen(id))
        return;
    if (chosen)
        d->left.erase(id);
    else
        d->left.insert(id);
    d->rebuild(Private::Fill::FromStore);
}

int LabSession::samples() const
{
    return d->samples;
}

void LabSession::setSamples(int samples)
{
    if (samples == d->samples || samples < 1 || isRunning())
        return;
    d->samples = samples;
    d->rebuild(Private::Fill::FromStore);
}

Preflight LabSession::preflight() const
{
    const std::vector<ModelSpec> models = d->chosenModels(); // a policy can change while a run does
    std::vector<CellId> all;
    for (std::size_t prompt = 0; prompt < d->prompts.size(); ++prompt) {
        for (std::size_t model = 0; model < models.size(); ++model) {
            for (int sample = 0; sample < d->samples; ++sample)
                all.push_back({prompt, model, sample});
        }
    }
    Preflight flight = d->preflightOf(all, models);
    flight.models = models.size();
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

bool LabSession::hasAnswers() const
{
    return d->started || d->stored;
}

/// Of an answer that is not priced anew, its cost when it was recorded: stated by the provider, or
/// the model is no more, is asked otherwise, or has no price now.
std::optional<Money> LabSession::costOf(const CellId& id) const
{
    const Answer& answer = d->run->cell(id).answer;
    const ModelSpec& asked = d->run->plan().models[id.model];
    const ModelSpec* present = d->presentModel(asked.id);
    if (answer.costStated || !present || !present->price || !answersAlike(asked, *present))
        return answer.cost;
    return signalbox::costOf(answer, *present);
}

std::optional<Money> LabSession::spent() const
{
    std::optional<Money> sum;
    for (std::size_t prompt = 0; prompt < d->prompts.size(); ++prompt) {
        for (std::size_t model = 0; model < d->models.size(); ++model) {
            for (int sample = 0; sample < d->samples; ++sample) {
                const CellId id{prompt, model, sample};
                const CellState state = d->run->cell(id).state;
                if (state != CellState::Done && state != CellState::Failed &&
                    state != CellState::Stopped)
                    continue;
                if (const auto cost = costOf(id))
                    sum = sum.value_or(Money{}) + *cost;
            }
        }
    }
    return sum;
}

std::optional<AnswerSize> LabSession::sizeOf(const CellId& id) const
{
    return d->sizes[d->placeOf(id)];
}

void LabSession::start()
{
    if (hasAnswers() && !isRunning())
        d->rebuild(Private::Fill::Nothing); // a second run asks everything anew
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
    d->noteSent();
    d->run->rerun(id);
}

void LabSession::rerunFailed()
{
    d->noteSent();
    d->run->rerunFailed();
}

/// Why the present plan is not the one of the run; empty if it is.
QString LabSession::Private::obstacleTo(const RunInfo& info) const
{
    const auto plan = parseJson(info.planJson);
    if (!plan || !plan->is_object())
        return tr("What it was to send cannot be read.");
    if (!areOf(models, idsIn(*plan, "models")))
        return tr("It asked other models than are chosen now.");
    if (!areOf(prompts, idsIn(*plan, "prompts")))
        return tr("It sent other prompts than are chosen now.");
    if (timesIn(*plan) != samples)
        return tr("It asked each prompt another number of times.");
    if (const auto same = run->mayResume(info); !same)
        return tr("Its models are asked otherwise now: %1.", "reason")
            .arg(QString::fromStdString(same.error().message));
    return {};
}

/// Whether a run asked any model of the policy, whatever the policy is called now.
bool LabSession::Private::concernsUs(const RunInfo& info) const
{
    const auto plan = parseJson(info.planJson);
    if (!plan || !plan->is_object())
        return info.name == workbench.editor().document().name;
    const std::vector<std::string> asked = idsIn(*plan, "models");
    return std::ranges::any_of(
        asked, [this](const std::string& id) { return presentModel(ModelId(id)) != nullptr; });
}

std::optional<InterruptedRun> LabSession::interruptedRun() const
{
    EvidenceStore* store = d->workbench.evidenceStore();
    if (!store || d->started)
        return std::nullopt;
    const auto runs = store->runs();
    if (!runs || runs->empty())
        return std::nullopt;
    const RunInfo& last = runs->front();
    if (!d->concernsUs(last) || last.finishedAtMs != 0 || last.answers == 0)
        return std::nullopt;
    return InterruptedRun{last, d->obstacleTo(last)};
}

void LabSession::resume(const RunInfo& interrupted)
{
    if (isRunning())
        return;
    if (const QString obstacle = d->obstacleTo(interrupted); !obstacle.isEmpty()) {
        emit resumeFailed(obstacle);
        return;
    }
    d->rebuild(Private::Fill::Nothing);
    if (const auto taken = d->run->resumeFrom(interrupted.id); !taken) {
        emit resumeFailed(QString::fromStdString(toString(taken.error())));
        return;
    }
    d->noteSent();
    d->run->start();
}

} // namespace signalbox::ui
