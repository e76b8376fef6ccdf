// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab_session.h"

#include <core/base/json.h>
#include <core/base/utf8.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <set>

namespace signalbox::ui {

namespace {

constexpr std::size_t kDefaultPrompts = 60;
constexpr std::int64_t kExpectedOutputTokens = 180; ///< until the evidence knows the model
constexpr int kMaxTokens = 512;

LabPrompt labPromptOf(const SamplePrompt& prompt)
{
    LabPrompt lab;
    lab.id = prompt.id;
    lab.segment = prompt.segment;
    if (!prompt.systemPrompt.empty())
        lab.messages.push_back({Role::System, prompt.systemPrompt, 0});
    lab.messages.push_back({Role::User, prompt.text, 0});
    lab.outcome = [&prompt](const std::string& text) { return outcomeOf(prompt, text); };
    return lab;
}

/// The first prompts of each segment in turn, so that few prompts still cover all.
std::vector<LabPrompt> spreadPrompts(const std::vector<SamplePrompt>& all, std::size_t count)
{
    std::map<std::string, std::vector<const SamplePrompt*>> bySegment;
    for (const SamplePrompt& prompt : all)
        bySegment[prompt.segment].push_back(&prompt);
    std::vector<LabPrompt> prompts;
    const std::size_t wanted = std::min(count, all.size());
    for (std::size_t place = 0; prompts.size() < wanted; ++place) {
        for (const auto& [segment, list] : bySegment) {
            if (place < list.size() && prompts.size() < wanted)
                prompts.push_back(labPromptOf(*list[place]));
        }
    }
    return prompts;
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
    std::vector<LabPrompt> prompts;
    std::vector<ModelSpec> models;
    std::set<ModelId> left; ///< models of the policy that are not taken
    int samples = 1;
    int typedCount = 0;
    bool started = false;
    std::unique_ptr<LabRun> run;

    void rebuild();
    void takeModels();
    void connectRun();
    [[nodiscard]] std::int64_t expectedOutputTokens(const ModelId& model,
                                                    const PromptId& prompt) const;
};

void LabSession::Private::takeModels()
{
    models.clear();
    std::ranges::copy_if(workbench.editor().document().models, std::back_inserter(models),
                         [this](const ModelSpec& model) { return left.count(model.id) == 0; });
}

void LabSession::Private::rebuild()
{
    emit q->aboutToReset();
    takeModels();
    prompts = typed;
    std::ranges::move(spreadPrompts(workbench.prompts(), sampleCount), std::back_inserter(prompts));
    LabPlan plan;
    plan.name = workbench.editor().document().name;
    plan.prompts = prompts;
    plan.models = models;
    plan.samples = samples;
    plan.maxTokens = kMaxTokens;
    run =
        std::make_unique<LabRun>(std::move(plan), workbench.providers(), workbench.evidenceStore());
    started = false;
    connectRun();
    emit q->wasReset();
}

void LabSession::Private::connectRun()
{
    connect(run.get(), &LabRun::cellChanged, q, &LabSession::cellChanged);
    connect(run.get(), &LabRun::textAppended, q, &LabSession::textAppended);
    connect(run.get(), &LabRun::progressChanged, q, &LabSession::progressChanged);
    connect(run.get(), &LabRun::storeFailed, q, &LabSession::failed);
    connect(run.get(), &LabRun::cellChanged, q, [this](const CellId& id) {
        if (run->cell(id).state == CellState::Done)
            workbench.addAnswers({run->cell(id).answer});
    });
    connect(run.get(), &LabRun::finished, q, &LabSession::finished);
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

LabSession::LabSession(Workbench& workbench, QObject* parent)
    : QObject(parent), d(std::make_unique<Private>(this, workbench))
{
    d->rebuild();
    connect(&workbench.editor(), &PolicyEditor::documentChanged, this, [this] {
        if (isRunning())
            return; // a run keeps the models it was started with
        const std::vector<ModelSpec> before = d->models;
        d->takeModels();
        if (!(before == d->models))
            d->rebuild();
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
    d->rebuild();
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
    prompt.id = PromptId("typed-" + std::to_string(++d->typedCount) + "-" +
                         std::to_string(qHash(text) % 100'000));
    prompt.segment = tr("typed").toStdString();
    prompt.messages.push_back({Role::User, text.trimmed().toStdString(), 0});
    d->typed.insert(d->typed.begin(), std::move(prompt));
    d->rebuild();
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
    d->rebuild();
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
    d->rebuild();
}

Preflight LabSession::preflight() const
{
    Preflight flight;
    flight.cells = d->prompts.size() * d->models.size() * static_cast<std::size_t>(d->samples);
    flight.simulated = std::ranges::all_of(
        d->models, [](const ModelSpec& model) { return model.provider == "simulator"; });
    Money expected;
    Money worst;
    for (const ModelSpec& model : d->models) {
        if (!model.price) {
            ++flight.unpricedModels;
            continue;
        }
        for (const LabPrompt& prompt : d->prompts) {
            const std::int64_t tokens = d->expectedOutputTokens(model.id, prompt.id);
            const Money input = model.price->inputPerToken * estimatedTokens(prompt.messages);
            expected += (input + model.price->outputPerToken * tokens) * d->samples;
            worst += (input + model.price->outputPerToken * kMaxTokens) * d->samples;
        }
    }
    if (flight.unpricedModels == 0) {
        flight.expected = expected;
        flight.worst = worst;
    }
    return flight;
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

void LabSession::start()
{
    if (d->started && !isRunning())
        d->rebuild(); // a second run asks everything anew
    d->started = true;
    d->run->start();
}

void LabSession::pause()
{
    d->run->pause();
}

void LabSession::stop()
{
    d->run->stop();
}

void LabSession::rerun(const CellId& id)
{
    d->started = true;
    d->run->rerun(id);
}

void LabSession::rerunFailed()
{
    d->run->rerunFailed();
}

std::optional<RunInfo> LabSession::interruptedRun() const
{
    EvidenceStore* store = d->workbench.evidenceStore();
    if (!store)
        return std::nullopt;
    const auto runs = store->runs();
    if (!runs || runs->empty() || runs->front().finishedAtMs != 0)
        return std::nullopt;
    const auto plan = parseJson(runs->front().planJson);
    if (!plan || !plan->is_object() || plan->value("samples", 0) != d->samples)
        return std::nullopt;
    const auto sameIds = [&](const char* key, const auto& items) {
        const auto found = plan->find(key);
        if (found == plan->end() || !found->is_array() || found->size() != items.size())
            return false;
        return std::ranges::equal(*found, items, [](const Json& id, const auto& item) {
            return id.is_string() && id.template get<std::string>() == item.id.value;
        });
    };
    if (!sameIds("prompts", d->prompts) || !sameIds("models", d->models))
        return std::nullopt;
    return runs->front();
}

void LabSession::resume(const RunInfo& interrupted)
{
    if (const auto taken = d->run->resumeFrom(interrupted.id); !taken) {
        emit failed(QString::fromStdString(toString(taken.error())));
        return;
    }
    start();
}

} // namespace signalbox::ui
