// SPDX-License-Identifier: GPL-3.0-or-later
#include "workbench.h"

#include "answer_book.h"
#include "background.h"
#include "projection_engine.h"
#include "style_table.h"

#include <core/base/clock.h>
#include <core/lab/lab_run.h>
#include <core/prices/accepted_book.h>
#include <core/providers/sleep_watch.h>
#include <core/tasting/judge_question.h>

#include <QTimer>

#include <utility>

namespace signalbox::ui {

namespace {

constexpr double kSimulatorSpeed =
    8;                               ///< the Voices page shows a stream, but need not be waited for
constexpr int kMeasureDelayMs = 400; ///< answers of a running lab are measured in groups

/// The answers that the store kept. On a worker, with its own connection.
Result<AnswerBook> readStored(const StoreAddress& address)
{
    const auto store = EvidenceStore::open(address);
    if (!store)
        return Unexpected(store.error());
    const auto kept = store->allAnswers();
    if (!kept)
        return Unexpected(kept.error());
    AnswerBook book;
    for (const Answer& answer : *kept)
        book.add(answer);
    return book;
}

} // namespace

struct Workbench::Private
{
    explicit Private(const Clock& clock) : providers(clock), sleep(clock) {}

    Workbench* q = nullptr;
    Options options;
    ProviderRegistry providers;
    SleepWatch sleep;
    ProviderServices services;
    PolicyEditor editor;
    PolicyProver prover{editor};
    StyleTable styles{editor};
    std::optional<PriceShelf> prices; ///< once it is known where it is kept
    PlanEvidence planEvidence{editor};
    ProjectionEngine engine;
    bool isAnother = false; ///< the editor has another policy, and its views hear of it right now
    std::optional<EvidenceStore> store;
    bool storeTried = false;
    TrafficShelf traffic;
    AnswerBook book;
    int callsHere = LabPlan().inFlightHere;
    QTimer measureLater; ///< runs while the engine does not know all answers
    std::optional<Projector> histogramProjector; ///< the engine's own is busy on its thread

    /// nullopt: they are kept until the window closes.
    [[nodiscard]] std::optional<StoreAddress> evidenceAddress() const
    {
        if (options.evidence || options.dataFolder.empty())
            return options.evidence;
        return SqliteStore{options.dataFolder / "evidence.sqlite"};
    }
    [[nodiscard]] Projector& histograms();
    void connectEditor();
    void useTraffic();
    void openStore();
    void takeStored(Result<AnswerBook> stored);
    void noteNewAnswers();
};

Projector& Workbench::Private::histograms()
{
    if (!histogramProjector) {
        auto evidence = engine.evidence();
        histogramProjector.emplace(traffic.traffic(),
                                   evidence ? std::move(evidence)
                                            : std::make_shared<const EvidenceTable>());
    }
    return *histogramProjector;
}

void Workbench::Private::connectEditor()
{
    QObject::connect(&editor, &PolicyEditor::documentOpened, q, [this] { isAnother = true; });
    QObject::connect(&editor, &PolicyEditor::shownChanged, q, [this] {
        if (std::exchange(isAnother, false))
            engine.setSubject(editor.document(), editor.savedDocument(), editor.revisions());
        else
            engine.setPolicy(editor.shownDocument(), editor.isPreviewing());
    });
    QObject::connect(&editor, &PolicyEditor::fileChanged, q,
                     [this] { engine.setFolder(editor.filePath().parent_path()); });
    QObject::connect(&editor, &PolicyEditor::revisionsChanged, q, [this] {
        engine.setRevisions(editor.revisions());
        engine.setSaved(editor.savedDocument());
    });
    QObject::connect(&styles, &StyleTable::changed, q, [this] {
        engine.setStyles(styles.styles());
        emit q->stylesChanged();
        emit q->projectionChanged(); // it may have become current, or ceased to be
    });
    QObject::connect(&editor, &PolicyEditor::editRefused, q, &Workbench::notice);
    QObject::connect(&editor, &PolicyEditor::putAside, q, &Workbench::notice);
    QObject::connect(&engine, &ProjectionEngine::projectionChanged, q,
                     &Workbench::projectionChanged);
    QObject::connect(&engine, &ProjectionEngine::evidenceChanged, q, [this] {
        histogramProjector.reset();
        planEvidence.setEvidence(engine.evidence());
        emit q->evidenceChanged();
    });
    QObject::connect(&engine, &ProjectionEngine::frontierChanged, q, &Workbench::frontierChanged);
}

/// Everything that is made of the traffic hears of another one before the pages do.
void Workbench::Private::useTraffic()
{
    histogramProjector.reset();
    engine.setTraffic(traffic.traffic());
    prover.setTraffic(traffic.traffic());
    planEvidence.setTraffic(traffic.traffic());
    emit q->trafficChanged();
}

void Workbench::Private::openStore()
{
    if (std::exchange(storeTried, true))
        return;
    const auto address = evidenceAddress();
    auto opened = address ? EvidenceStore::open(*address, {{}, OnDamage::SetAside})
                          : EvidenceStore::openTemporary();
    if (!opened) {
        emit q->notice(tr("Answers will not be kept: %1")
                           .arg(QString::fromStdString(toString(opened.error()))));
        return;
    }
    store = std::move(*opened);
    if (!store->notice().empty())
        emit q->notice(QString::fromStdString(store->notice()));
}

/// What a lab run brought in the meantime is newer than what was stored.
void Workbench::Private::takeStored(Result<AnswerBook> stored)
{
    if (!stored) {
        emit q->notice(QString::fromStdString(toString(stored.error())));
        return;
    }
    if (stored->answers().empty())
        return;
    for (const Answer& answer : book.answers())
        stored->add(answer);
    book = std::move(*stored);
    noteNewAnswers();
}

void Workbench::Private::noteNewAnswers()
{
    if (measureLater.isActive())
        return; // not started again: answers without a pause must not put it off for ever
    const bool wasCurrent = q->projectionIsCurrent();
    measureLater.start();
    if (wasCurrent)
        emit q->projectionChanged();
}

Workbench::Workbench(Options options, QObject* parent)
    : QObject(parent), d(std::make_unique<Private>(options.clock ? *options.clock : systemClock()))
{
    d->q = this;
    d->options = std::move(options);
    d->prices.emplace(d->options.dataFolder.empty() ? std::filesystem::path()
                                                    : d->options.dataFolder / kAcceptedBookFile);
    d->services = addStandardProviders(d->providers);
    d->services.simulator->setSpeed(kSimulatorSpeed);
    d->services.simulator->setOtherReply(simulatedVerdict);
    d->measureLater.setSingleShot(true);
    d->measureLater.setInterval(kMeasureDelayMs);
    connect(&d->measureLater, &QTimer::timeout, this,
            [this] { d->engine.setAnswers(d->book.shared()); });
    connect(&d->sleep, &SleepWatch::woke, this, &Workbench::woke);
    d->sleep.start();
    d->connectEditor();
    connect(&d->traffic, &TrafficShelf::changed, this, [this] { d->useTraffic(); });
    if (!d->options.dataFolder.empty())
        d->editor.setJournalFolder(d->options.dataFolder / "journals");
}

Workbench::~Workbench() = default;

PolicyEditor& Workbench::editor()
{
    return d->editor;
}

PolicyProver& Workbench::prover()
{
    return d->prover;
}

PlanEvidence& Workbench::planEvidence()
{
    return d->planEvidence;
}

ProviderRegistry& Workbench::providers()
{
    return d->providers;
}

ProviderServices& Workbench::services()
{
    return d->services;
}

const std::filesystem::path& Workbench::dataFolder() const
{
    return d->options.dataFolder;
}

EvidenceStore* Workbench::evidenceStore()
{
    d->openStore();
    return d->store ? &*d->store : nullptr;
}

void Workbench::openSample(Place place)
{
    d->editor.setDocument(supportDeskPolicy(), {}, place);
    d->editor.setRevisions(supportDeskHistory());
    if (!d->traffic.isOwn())
        d->traffic.showSample();
}

void Workbench::loadStoredAnswers()
{
    const auto address = d->evidenceAddress();
    if (!address)
        return; // a store that began with this window
    inBackground(
        this, [address = *address] { return readStored(address); },
        [this](Result<AnswerBook> stored) { d->takeStored(std::move(stored)); });
}

PriceShelf& Workbench::prices()
{
    return *d->prices;
}

TrafficShelf& Workbench::trafficShelf()
{
    return d->traffic;
}

std::shared_ptr<const Traffic> Workbench::traffic() const
{
    return d->traffic.traffic();
}

void Workbench::setTraffic(std::shared_ptr<const Traffic> traffic)
{
    d->traffic.set(std::move(traffic));
}

void Workbench::requestTraffic(const QString& path)
{
    emit trafficRequested(path);
}

std::shared_ptr<const UserStyles> Workbench::styles() const
{
    return d->styles.styles();
}

const QString& Workbench::stylesProblem() const
{
    return d->styles.problem();
}

const std::vector<Answer>& Workbench::answers() const
{
    return d->book.answers();
}

const SharedAnswers& Workbench::sharedAnswers() const
{
    return d->book.shared();
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
    bool isAny = false;
    for (const Answer& answer : answers) {
        if (isPolicyVoice(answer.model))
            continue; // no evidence of a model
        d->book.add(answer);
        isAny = true;
    }
    if (isAny)
        d->noteNewAnswers();
}

const std::optional<Projection>& Workbench::projection() const
{
    return d->engine.projection();
}

bool Workbench::projectionIsCurrent() const
{
    return !d->measureLater.isActive() && !d->styles.isReading() &&
           d->engine.isCurrentFor(d->editor.document());
}

bool Workbench::projectionIsOfShown() const
{
    return !d->styles.isReading() && d->engine.isOf(d->editor.shownDocument());
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

int Workbench::callsHere() const
{
    return d->callsHere;
}

void Workbench::setCallsHere(int calls)
{
    if (calls == d->callsHere)
        return;
    d->callsHere = calls;
    emit callsHereChanged(calls);
}

void Workbench::requestPage(const QString& id)
{
    emit pageRequested(id);
}

std::vector<double> Workbench::signalValues(const SignalId& signal)
{
    if (!d->traffic.traffic())
        return {};
    auto column = d->histograms().signalColumn(d->editor.document(), signal, styles());
    return column ? std::move(*column) : std::vector<double>{};
}

std::optional<std::vector<bool>> Workbench::requestsReaching(const PolicyDocument& document,
                                                             std::size_t index)
{
    if (!d->traffic.traffic())
        return std::nullopt;
    auto rows = d->histograms().rowsReaching(document, index, styles());
    return rows ? std::optional(std::move(*rows)) : std::nullopt;
}

} // namespace signalbox::ui
