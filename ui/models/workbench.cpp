// SPDX-License-Identifier: GPL-3.0-or-later
#include "workbench.h"

#include "background.h"
#include "projection_engine.h"

#include <QTimer>

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

namespace signalbox::ui {

namespace {

constexpr double kSimulatorSpeed =
    8;                               ///< the Voices page shows a stream, but need not be waited for
constexpr int kMeasureDelayMs = 400; ///< answers of a running lab are measured in groups

} // namespace

struct Workbench::Private
{
    Workbench* q = nullptr;
    Options options;
    ProviderRegistry providers;
    ProviderServices services;
    PolicyEditor editor;
    ProjectionEngine engine;
    std::optional<EvidenceStore> store;
    bool storeTried = false;
    std::shared_ptr<const Traffic> traffic;
    std::vector<Answer> answers;
    QTimer measureLater;
    std::optional<Projector> histogramProjector; ///< the engine's own is busy on its thread

    void connectEditor();
    void openStore();
    void merge(const std::vector<Answer>& more);
};

void Workbench::Private::connectEditor()
{
    QObject::connect(&editor, &PolicyEditor::shownChanged, q,
                     [this] { engine.setPolicy(editor.shownDocument(), editor.isPreviewing()); });
    QObject::connect(&editor, &PolicyEditor::revisionsChanged, q, [this] {
        engine.setRevisions(editor.revisions());
        engine.setSaved(editor.savedDocument());
    });
    QObject::connect(&editor, &PolicyEditor::editRefused, q, &Workbench::notice);
    QObject::connect(&engine, &ProjectionEngine::projectionChanged, q,
                     &Workbench::projectionChanged);
    QObject::connect(&engine, &ProjectionEngine::evidenceChanged, q, [this] {
        histogramProjector.reset();
        emit q->evidenceChanged();
    });
    QObject::connect(&engine, &ProjectionEngine::frontierChanged, q, &Workbench::frontierChanged);
}

void Workbench::Private::openStore()
{
    if (std::exchange(storeTried, true))
        return;
    auto opened = options.dataFolder.empty()
                      ? EvidenceStore::openInMemory()
                      : EvidenceStore::open(options.dataFolder / "evidence.sqlite");
    if (!opened) {
        emit q->notice(tr("Answers will not be kept: %1")
                           .arg(QString::fromStdString(toString(opened.error()))));
        return;
    }
    store = std::move(*opened);
}

/// Newer answers replace older ones to the same question.
void Workbench::Private::merge(const std::vector<Answer>& more)
{
    const auto keyOf = [](const Answer& answer) {
        return std::tie(answer.prompt, answer.model, answer.sample, answer.styleGuide);
    };
    using Key = std::tuple<PromptId, ModelId, int, std::string>;
    std::map<Key, std::size_t> index;
    for (std::size_t i = 0; i < answers.size(); ++i)
        index.emplace(keyOf(answers[i]), i);
    for (const Answer& answer : more) {
        if (const auto [place, isNew] = index.try_emplace(keyOf(answer), answers.size()); isNew)
            answers.push_back(answer);
        else
            answers[place->second] = answer;
    }
}

Workbench::Workbench(Options options, QObject* parent)
    : QObject(parent), d(std::make_unique<Private>())
{
    d->q = this;
    d->options = std::move(options);
    d->services = addStandardProviders(d->providers);
    d->services.simulator->setSpeed(kSimulatorSpeed);
    d->measureLater.setSingleShot(true);
    d->measureLater.setInterval(kMeasureDelayMs);
    connect(&d->measureLater, &QTimer::timeout, this, [this] { d->engine.setAnswers(d->answers); });
    d->connectEditor();
    if (!d->options.dataFolder.empty())
        d->editor.setJournalFolder(d->options.dataFolder / "journals");
}

Workbench::~Workbench() = default;

PolicyEditor& Workbench::editor()
{
    return d->editor;
}

ProviderRegistry& Workbench::providers()
{
    return d->providers;
}

ProviderServices& Workbench::services()
{
    return d->services;
}

EvidenceStore* Workbench::evidenceStore()
{
    d->openStore();
    return d->store ? &*d->store : nullptr;
}

void Workbench::openSample()
{
    d->editor.setDocument(supportDeskPolicy());
    d->editor.setRevisions(supportDeskHistory());
    inBackground(
        this, [] { return std::make_shared<const Traffic>(supportDeskTraffic()); },
        [this](std::shared_ptr<const Traffic> traffic) { setTraffic(std::move(traffic)); });
}

void Workbench::loadStoredAnswers()
{
    EvidenceStore* store = evidenceStore();
    if (!store)
        return;
    const auto kept = store->allAnswers();
    if (!kept) {
        emit notice(QString::fromStdString(toString(kept.error())));
        return;
    }
    // The simulator plays the same answer again whenever it is asked; only real ones are news.
    std::vector<Answer> real;
    std::ranges::copy_if(*kept, std::back_inserter(real),
                         [](const Answer& answer) { return !answer.simulated; });
    if (!real.empty())
        addAnswers(real);
}

std::shared_ptr<const Traffic> Workbench::traffic() const
{
    return d->traffic;
}

void Workbench::setTraffic(std::shared_ptr<const Traffic> traffic)
{
    d->traffic = std::move(traffic);
    d->histogramProjector.reset();
    d->engine.setTraffic(d->traffic);
    emit trafficChanged();
}

const std::vector<Answer>& Workbench::answers() const
{
    return d->answers;
}

std::shared_ptr<const EvidenceTable> Workbench::evidence() const
{
    return d->engine.evidence();
}

const std::vector<SamplePrompt>& Workbench::prompts() const
{
    return supportDeskPrompts();
}

void Workbench::addAnswers(const std::vector<Answer>& answers)
{
    d->merge(answers);
    d->measureLater.start();
}

const std::optional<Projection>& Workbench::projection() const
{
    return d->engine.projection();
}

const std::optional<Projection>& Workbench::savedProjection() const
{
    return d->engine.savedProjection();
}

const std::vector<FrontierPoint>& Workbench::frontier() const
{
    return d->engine.frontier();
}

bool Workbench::isProjecting() const
{
    return d->engine.isBusy();
}

const QString& Workbench::projectionProblem() const
{
    return d->engine.problem();
}

void Workbench::requestPage(const QString& id)
{
    emit pageRequested(id);
}

std::vector<double> Workbench::signalValues(const SignalId& signal)
{
    if (!d->traffic)
        return {};
    if (!d->histogramProjector) {
        auto evidence = d->engine.evidence();
        d->histogramProjector.emplace(
            d->traffic, evidence ? std::move(evidence) : std::make_shared<const EvidenceTable>());
    }
    auto column = d->histogramProjector->signalColumn(d->editor.document(), signal);
    return column ? std::move(*column) : std::vector<double>{};
}

} // namespace signalbox::ui
