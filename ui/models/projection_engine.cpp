// SPDX-License-Identifier: GPL-3.0-or-later
#include "projection_engine.h"

#include "background.h"
#include "threshold_gesture.h"

#include <core/base/thread_priority.h>
#include <core/policy/policy_styles.h>

#include <QThreadPool>
#include <QTimer>

#include <algorithm>
#include <array>
#include <atomic>
#include <type_traits>
#include <utility>

namespace signalbox::ui {

namespace {

/// What of a policy the measured evidence depends on: a change of anything else leaves it as it is.
struct EvidenceKey
{
    AnswerStyle style;
    std::vector<std::array<std::string, 4>> models; ///< id, provider, upstream name, style guide
    bool operator==(const EvidenceKey&) const = default;
};

EvidenceKey evidenceKeyOf(const PolicyDocument& document)
{
    EvidenceKey key{document.answerStyle, {}};
    for (const ModelSpec& model : document.models)
        key.models.push_back(
            {model.id.value, model.provider, model.upstreamModel, model.styleGuide});
    return key;
}

/// Equal but for the revision number, on which no number depends.
bool sameNumbers(const PolicyDocument& a, PolicyDocument b)
{
    b.revision = a.revision;
    return a == b;
}

constexpr std::size_t kVoiceDraws = 200;
constexpr std::size_t kKeptTables = 4; ///< beside those in use
constexpr std::size_t kKeptSubjects = 6;
/// So long a dragged line must stand still before all that its place means is replayed.
constexpr int kRestMs = 150;

/// Evidence measured for one configuration of models, and the projector over it.
struct Measured
{
    EvidenceKey key;
    std::uint64_t answersRevision = 0;
    std::shared_ptr<const Traffic> traffic;
    std::shared_ptr<const EvidenceTable> table;
    std::shared_ptr<Projector> projector;
};

/// What the shown numbers were made of.
struct Origin
{
    std::shared_ptr<const PolicyDocument> document; ///< null: of nothing
    std::uint64_t answersRevision = 0;
    std::shared_ptr<const Traffic> traffic;
    std::shared_ptr<const UserStyles> styles;
};

/// The numbers of a policy that gave its place to another one.
struct Numbers
{
    Origin origin;
    Projection projection;
    std::optional<PolicyDocument> saved;
    std::optional<Projection> savedProjection;
    std::vector<PolicyDocument> revisions;
    std::vector<FrontierPoint> frontier;
    bool needsFull = false;
    bool needsSaved = false;
    bool needsFrontier = false;
};

EvidenceTable measure(const PolicyDocument& document, const SharedAnswers& answers)
{
    EvidenceOptions options;
    options.style = document.answerStyle;
    options.voiceDraws = kVoiceDraws;
    options.outcome = outcomeOfSamplePrompt;
    options.models = document.models;
    return buildEvidenceTable(answersFor(document, answers), options);
}

} // namespace

struct ProjectionEngine::Private
{
    enum class Job { Nothing, Drag, Quick, Full, Saved, Frontier };

    ProjectionEngine* q = nullptr;
    QThreadPool pool;     ///< a thread for numbers, one for measures
    QThreadPool dragPool; ///< a thread for what the parts of the traffic are while one drags
    std::atomic<bool> stop = false;
    Job running = Job::Nothing;
    bool measuring = false;

    std::shared_ptr<const Traffic> traffic;
    std::shared_ptr<const SharedAnswers> answers = std::make_shared<const SharedAnswers>();
    std::uint64_t answersRevision = 0;
    std::shared_ptr<const UserStyles> styles;
    std::filesystem::path folder;
    std::shared_ptr<const PolicyDocument> document; ///< shared with what runs: a drag sets it often
    std::optional<PolicyDocument> saved;
    std::vector<PolicyDocument> revisions;
    bool moving = false;

    std::vector<Measured> measured; ///< last measured first, one a key; those in use and a few
                                    ///< more, so that undo is at once
    std::shared_ptr<const EvidenceTable> shownEvidence;
    std::optional<Projection> projection;
    Origin origin; ///< of `projection`
    std::optional<Projection> savedProjection;
    std::vector<FrontierPoint> frontier;
    QString problem;
    /// The last that was not made of a dragged threshold, and what it was made of.
    std::shared_ptr<const Projection> whole;
    Origin wholeOrigin;
    std::optional<ThresholdGesture> gesture;
    std::uint64_t gestureNumber = 0; ///< late answers of another one are dropped
    std::size_t dragFrom = kDragFromRequests;
    bool countingParts = false;
    QTimer rest;                     ///< runs while a dragged line has just moved
    std::uint64_t subjectNumber = 0; ///< counts setSubject(): late numbers of another are dropped
    std::vector<Numbers> leftBehind; ///< the last one left first

    bool needsQuick = false;
    bool needsFull = false;
    bool needsSaved = false;
    bool needsFrontier = false;

    [[nodiscard]] const Measured* measuredFor(const PolicyDocument& subject) const;
    [[nodiscard]] bool isStale(const PolicyDocument& subject) const;
    [[nodiscard]] bool isSettled() const;
    [[nodiscard]] bool isOnChart(const EvidenceKey& key) const;
    [[nodiscard]] bool isInUse(const EvidenceKey& key) const;
    void next();
    void nextNumbers();
    void nextMeasure();
    void showEvidence(const Measured& current);
    void runMeasure(const PolicyDocument& subject);
    void keep(Measured result);
    void runProjection(const std::shared_ptr<const PolicyDocument>& subject, Job job);
    void runFrontier();
    void applyProjection(Job job, Origin madeOf, Result<Projection> result);

    [[nodiscard]] NumbersGround groundOf(const PolicyDocument& subject) const;
    [[nodiscard]] bool isDragReady() const;
    void noteGesture(const PolicyDocument* before);
    void dropGesture();
    void startFromWhole();
    void runDrag();
    void answerByDrag();
    void countParts();
    void showDragged(const ReplayTotals& totals);

    template<class Work, class Apply> void start(Job job, Work work, Apply apply);
    void interrupt();
    void leaveNumbers();
    [[nodiscard]] std::optional<Numbers> takeNumbers();
};

template<class Work, class Apply>
void ProjectionEngine::Private::start(Job job, Work work, Apply apply)
{
    running = job;
    stop = false;
    inBackground(
        pool, q,
        [work = std::move(work)]() mutable {
            runBehindOthers();
            return work();
        },
        [this, about = subjectNumber, apply = std::move(apply)](std::invoke_result_t<Work> result) {
            running = Job::Nothing;
            if (about == subjectNumber)
                apply(std::move(result));
            next();
        });
}

/// Asks long work to give up, because a newer question is waiting.
void ProjectionEngine::Private::interrupt()
{
    if (running == Job::Full || running == Job::Saved || running == Job::Frontier) {
        stop = true;
        needsFull |= running == Job::Full;
        needsSaved |= running == Job::Saved;
        needsFrontier |= running == Job::Frontier;
    }
    if (running == Job::Quick && isDragReady())
        stop = true; // the drag answers sooner, and asks again when the line rests
}

/// The newest table of the policy's models and style, perhaps of older answers.
const Measured* ProjectionEngine::Private::measuredFor(const PolicyDocument& subject) const
{
    const auto found = std::ranges::find(measured, evidenceKeyOf(subject), &Measured::key);
    return found == measured.end() ? nullptr : &*found;
}

/// Not measured, or of older answers.
bool ProjectionEngine::Private::isStale(const PolicyDocument& subject) const
{
    const Measured* table = measuredFor(subject);
    return !table || table->answersRevision != answersRevision;
}

/// The policy, or an earlier revision, says its numbers by this table.
bool ProjectionEngine::Private::isOnChart(const EvidenceKey& key) const
{
    const auto has = [&](const PolicyDocument& subject) { return evidenceKeyOf(subject) == key; };
    return (document && has(*document)) || std::ranges::any_of(revisions, has);
}

bool ProjectionEngine::Private::isInUse(const EvidenceKey& key) const
{
    return isOnChart(key) || (saved && evidenceKeyOf(*saved) == key);
}

/// Nothing is left to be made of what has been measured, or it waits for the end of a gesture.
bool ProjectionEngine::Private::isSettled() const
{
    const bool restWaits = moving || !(needsFull || needsFrontier);
    return running == Job::Nothing && !needsQuick && restWaits;
}

void ProjectionEngine::Private::next()
{
    if (!traffic || !document)
        return;
    nextNumbers();
    nextMeasure();
}

void ProjectionEngine::Private::nextNumbers()
{
    const Measured* current = measuredFor(*document);
    if (running != Job::Nothing || !current)
        return;
    showEvidence(*current);
    const bool wantsDrag =
        moving && gesture && gesture->making() == ThresholdGesture::Making::Wanted;
    if (wantsDrag && gesture->hasStart())
        return runDrag(); // sooner done than the first of many quick ones
    if (std::exchange(needsQuick, false))
        return runProjection(document, Job::Quick);
    if (wantsDrag)
        return runDrag();
    if (moving)
        return;
    if (std::exchange(needsFull, false))
        return runProjection(document, Job::Full);
    if (saved && needsSaved && measuredFor(*saved)) {
        needsSaved = false;
        return runProjection(std::make_shared<const PolicyDocument>(*saved), Job::Saved);
    }
    if (std::exchange(needsFrontier, false))
        return runFrontier();
}

/// A missing table comes first, for nothing can be said without it; a stale one when all has been
/// said that the old one could say. Those of earlier revisions, which are only compared with, wait
/// for that too; once each before more answers, which may come without end.
void ProjectionEngine::Private::nextMeasure()
{
    if (measuring)
        return;
    if (!measuredFor(*document))
        return runMeasure(*document);
    if (saved && needsSaved && !moving && !measuredFor(*saved))
        return runMeasure(*saved);
    if (!isSettled())
        return;
    const auto measureRevision = [this](auto wants) {
        const auto found = moving ? revisions.end() : std::ranges::find_if(revisions, wants);
        if (found != revisions.end())
            runMeasure(*found);
        return measuring;
    };
    if (measureRevision([this](const PolicyDocument& revision) { return !measuredFor(revision); }))
        return;
    if (isStale(*document))
        return runMeasure(*document);
    if (saved && measuredFor(*saved) && isStale(*saved))
        return runMeasure(*saved);
    measureRevision([this](const PolicyDocument& revision) { return isStale(revision); });
}

void ProjectionEngine::Private::showEvidence(const Measured& current)
{
    if (current.table == shownEvidence)
        return;
    shownEvidence = current.table;
    needsFrontier = true;
    emit q->evidenceChanged();
}

void ProjectionEngine::Private::runMeasure(const PolicyDocument& subject)
{
    measuring = true;
    inBackground(
        pool, q,
        [subject, all = answers, rows = traffic, revision = answersRevision] {
            runBehindOthers();
            Measured result;
            result.key = evidenceKeyOf(subject);
            result.answersRevision = revision;
            result.traffic = rows;
            result.table = std::make_shared<const EvidenceTable>(measure(subject, *all));
            result.projector = std::make_shared<Projector>(rows, result.table);
            return result;
        },
        [this](Measured result) {
            measuring = false;
            if (result.traffic == traffic)
                keep(std::move(result));
            next();
        });
}

void ProjectionEngine::Private::keep(Measured result)
{
    if (document && result.key == evidenceKeyOf(*document)) {
        // Numbers with intervals are not taken back for quick ones without: they stay until the
        // next with intervals are there.
        needsQuick |= moving || !projection || projection->quick;
        needsFull = true;
    }
    needsFrontier |= isOnChart(result.key);
    needsSaved |= saved && result.key == evidenceKeyOf(*saved);
    std::erase_if(measured, [&](const Measured& old) { return old.key == result.key; });
    measured.insert(measured.begin(), std::move(result));
    std::size_t spare = 0;
    std::erase_if(measured, [&](const Measured& table) {
        return !isInUse(table.key) && ++spare > kKeptTables;
    });
}

/// The table that a revision itself names: often the one that the policy names, too.
Result<std::shared_ptr<const UserStyles>> stylesOf(const PolicyDocument& revision,
                                                   const PolicyDocument& policy,
                                                   std::shared_ptr<const UserStyles> ofPolicy,
                                                   const std::filesystem::path& folder)
{
    if (styleTableOf(revision) == styleTableOf(policy))
        return ofPolicy;
    if (folder.empty() && !styleTableOf(revision).empty())
        return fail(ErrorCode::NotFound,
                    "the policy has no file yet, so it has no folder to look in",
                    styleTableOf(revision), "Save the policy beside the table.");
    return readStylesOf(revision, folder);
}

void ProjectionEngine::Private::runProjection(const std::shared_ptr<const PolicyDocument>& subject,
                                              Job job)
{
    const Measured& table = *measuredFor(*subject);
    start(
        job,
        [this, subject, job, projector = table.projector, policy = document, known = styles,
         at = folder]() -> Result<Projection> {
            auto own = stylesOf(*subject, *policy, known, at);
            if (!own)
                return Unexpected(own.error());
            ProjectionOptions options;
            options.styles = std::move(*own);
            options.draws = job == Job::Quick ? 0 : 2000;
            options.stop = &stop;
            return projector->project(*subject, options);
        },
        [this, job, madeOf = Origin{subject, table.answersRevision, table.traffic, styles}](
            Result<Projection> result) { applyProjection(job, madeOf, std::move(result)); });
}

void ProjectionEngine::Private::applyProjection(Job job, Origin madeOf, Result<Projection> result)
{
    if (!result && result.error().code == ErrorCode::Cancelled)
        return;
    if (madeOf.traffic != traffic || madeOf.styles != styles)
        return; // asked again already
    if (job == Job::Saved) {
        savedProjection = result ? std::optional(std::move(*result)) : std::nullopt;
        if (savedProjection)
            savedProjection->costOfRow.reset(); // nobody asks for it
    } else if (result) {
        whole = std::make_shared<const Projection>(std::move(*result));
        wholeOrigin = std::move(madeOf);
        problem.clear();
        startFromWhole();
        if (isDragReady() && !sameNumbers(*wholeOrigin.document, *document))
            return answerByDrag(); // the line has moved on
        projection = *whole;
        origin = wholeOrigin;
    } else {
        projection.reset();
        whole.reset();
        startFromWhole();
        problem = QString::fromStdString(toString(result.error()));
    }
    emit q->projectionChanged();
}

// ------------------------------------------------------------------ a dragged threshold

/// What the numbers of a policy would be made of now.
NumbersGround ProjectionEngine::Private::groundOf(const PolicyDocument& subject) const
{
    const Measured* table = measuredFor(subject);
    return {traffic, styles, table ? table->table : nullptr};
}

bool ProjectionEngine::Private::isDragReady() const
{
    return gesture && gesture->isReady() && gesture->isOf(*document) &&
           gesture->ground() == groundOf(*document);
}

/// A policy has come whose like, but for one threshold, was there before: the threshold is dragged.
/// @param before  null: nothing
void ProjectionEngine::Private::noteGesture(const PolicyDocument* before)
{
    const bool goesOn =
        gesture && gesture->ground() == groundOf(*document) && gesture->isOf(*document);
    if (goesOn)
        return;
    dropGesture();
    if (!moving || !before || !traffic || traffic->rowCount() < dragFrom || !measuredFor(*document))
        return;
    if (auto place = movedThreshold(*before, *document)) {
        gesture.emplace(document, std::move(*place), groundOf(*document));
        startFromWhole();
    }
}

void ProjectionEngine::Private::dropGesture()
{
    if (!gesture)
        return;
    ++gestureNumber;
    gesture.reset();
    rest.stop();
    if (running == Job::Drag)
        stop = true;
}

/// What is known of the policy with its threshold elsewhere holds at each place but for what moves.
void ProjectionEngine::Private::startFromWhole()
{
    if (!gesture)
        return;
    const Measured* table = measuredFor(*gesture->document());
    const bool isOfIt = whole && wholeOrigin.traffic == traffic && wholeOrigin.styles == styles &&
                        table && wholeOrigin.answersRevision == table->answersRevision &&
                        gesture->isOf(*wholeOrigin.document);
    gesture->setStart(isOfIt ? whole : nullptr);
}

void ProjectionEngine::Private::runDrag()
{
    gesture->setUnderWay();
    start(
        Job::Drag,
        [this, policy = gesture->document(), place = gesture->place(), known = styles,
         projector = measuredFor(*document)->projector]() {
            ProjectionOptions options;
            options.styles = known;
            options.draws = 0;
            options.stop = &stop;
            return projector->prepareDrag(*policy, place, options);
        },
        [this, number = gestureNumber](Result<ThresholdDrag> made) {
            if (number != gestureNumber || !gesture)
                return;
            gesture->setDrag(std::move(made));
            if (isDragReady())
                answerByDrag();
            else
                needsQuick = true;
        });
}

/// The numbers of the place where the threshold is now, at once.
void ProjectionEngine::Private::answerByDrag()
{
    needsQuick = false;
    showDragged(gesture->drag()->at(gesture->thresholdIn(*document)));
    countParts();
    if (moving)
        rest.start();
}

void ProjectionEngine::Private::showDragged(const ReplayTotals& totals)
{
    projection = gesture->projectionAt(totals);
    origin = {document, wholeOrigin.answersRevision, traffic, styles};
    problem.clear();
    emit q->projectionChanged();
}

/// One pass after the other while the line moves; each is of the newest place.
void ProjectionEngine::Private::countParts()
{
    if (countingParts)
        return;
    countingParts = true;
    struct Counted
    {
        ReplayTotals totals; ///< exactly
        DraggedParts parts;
    };
    inBackground(
        dragPool, q,
        [drag = gesture->drag(), threshold = gesture->thresholdIn(*document)] {
            return Counted{drag->exactlyAt(threshold), drag->partsAt(threshold)};
        },
        [this, number = gestureNumber,
         threshold = gesture->thresholdIn(*document)](Counted counted) {
            countingParts = false;
            if (!isDragReady() || !projection || !projection->following)
                return;
            if (number == gestureNumber) {
                gesture->setParts(std::move(counted.parts));
                if (gesture->thresholdIn(*document) == threshold)
                    return showDragged(counted.totals);
            }
            countParts();
        });
}

/// Revisions whose models are yet to be measured come with a later run.
void ProjectionEngine::Private::runFrontier()
{
    struct Subject
    {
        PolicyDocument revision;
        std::shared_ptr<Projector> projector;
    };
    std::vector<Subject> older;
    for (const PolicyDocument& revision : revisions) {
        if (const Measured* table = measuredFor(revision))
            older.push_back({revision, table->projector});
    }
    start(
        Job::Frontier,
        [this, policy = *document, older = std::move(older), known = styles, at = folder,
         projector = measuredFor(*document)->projector] {
            ProjectionOptions options;
            options.styles = known;
            options.draws = 400;
            options.stop = &stop;
            std::vector<FrontierPoint> points = projector->baselines(policy, options);
            for (const Subject& subject : older) {
                PolicyDocument judged = subject.revision;
                judged.gates = policy.gates; // the chart has one set of them, today's
                const auto own = stylesOf(judged, policy, known, at);
                options.styles = own.value_or(nullptr);
                const auto numbers = subject.projector->project(judged, options);
                if (!numbers)
                    continue;
                QString label = QStringLiteral("r%1").arg(subject.revision.revision);
                if (!own)
                    label = tr("%1 without its table of styles", "an earlier revision").arg(label);
                points.push_back(
                    frontierPointOf(*numbers, label.toStdString(), FrontierPoint::Kind::Revision));
            }
            return points;
        },
        [this](std::vector<FrontierPoint> points) {
            if (stop)
                return;
            frontier = std::move(points);
            emit q->frontierChanged();
        });
}

ProjectionEngine::ProjectionEngine(QObject* parent)
    : QObject(parent), d(std::make_unique<Private>())
{
    d->q = this;
    d->pool.setMaxThreadCount(2);
    d->dragPool.setMaxThreadCount(1);
    d->rest.setSingleShot(true);
    d->rest.setInterval(kRestMs);
    connect(&d->rest, &QTimer::timeout, this, [this] {
        d->needsQuick |= d->moving;
        d->next();
    });
}

ProjectionEngine::~ProjectionEngine()
{
    d->stop = true;
    d->pool.waitForDone();
    d->dragPool.waitForDone();
}

void ProjectionEngine::setTraffic(std::shared_ptr<const Traffic> traffic)
{
    d->interrupt();
    d->traffic = std::move(traffic);
    d->dropGesture();
    d->whole.reset();
    d->measured.clear();
    d->needsQuick = d->needsFull = d->needsSaved = d->needsFrontier = true;
    d->next();
}

void ProjectionEngine::setStyles(std::shared_ptr<const UserStyles> styles)
{
    if (d->styles == styles)
        return;
    d->interrupt();
    d->styles = std::move(styles);
    d->dropGesture();
    d->needsQuick = d->needsFull = d->needsSaved = d->needsFrontier = true;
    d->next();
}

void ProjectionEngine::setFolder(const std::filesystem::path& folder)
{
    if (d->folder == folder)
        return;
    d->folder = folder;
    const auto isAsked = [this](const PolicyDocument& revision) {
        return d->document && styleTableOf(revision) != styleTableOf(*d->document);
    };
    const bool byRevisions = std::ranges::any_of(d->revisions, isAsked);
    const bool bySaved = d->saved && isAsked(*d->saved);
    if (!byRevisions && !bySaved)
        return;
    d->interrupt();
    d->needsFrontier |= byRevisions;
    d->needsSaved |= bySaved;
    d->next();
}

void ProjectionEngine::setAnswers(SharedAnswers answers)
{
    d->answers = std::make_shared<const SharedAnswers>(std::move(answers));
    ++d->answersRevision;
    d->next();
}

/// Only what may be said of the policy as it was left is worth coming back to.
void ProjectionEngine::Private::leaveNumbers()
{
    if (!document || !q->isCurrentFor(*document))
        return;
    std::erase_if(leftBehind, [&](const Numbers& other) {
        return sameNumbers(*other.origin.document, *document);
    });
    leftBehind.insert(leftBehind.begin(),
                      Numbers{origin, *projection, saved, savedProjection, revisions, frontier,
                              needsFull, needsSaved, needsFrontier});
    if (leftBehind.size() > kKeptSubjects)
        leftBehind.pop_back();
}

/// Of the present subject, if nothing that they rest on has changed.
std::optional<Numbers> ProjectionEngine::Private::takeNumbers()
{
    const auto found = std::ranges::find_if(leftBehind, [this](const Numbers& left) {
        return sameNumbers(*left.origin.document, *document) && left.saved == saved &&
               left.revisions == revisions && left.origin.traffic == traffic &&
               left.origin.styles == styles && left.origin.answersRevision == answersRevision;
    });
    if (found == leftBehind.end())
        return std::nullopt;
    std::optional<Numbers> taken = std::move(*found);
    leftBehind.erase(found);
    return taken;
}

void ProjectionEngine::setSubject(const PolicyDocument& document, const PolicyDocument& saved,
                                  std::vector<PolicyDocument> revisions)
{
    d->interrupt();
    d->leaveNumbers();
    ++d->subjectNumber;
    d->dropGesture();
    d->whole.reset();
    d->document = std::make_shared<const PolicyDocument>(document);
    d->saved = saved;
    d->revisions = std::move(revisions);
    d->moving = false;
    d->projection.reset();
    d->origin = {};
    d->savedProjection.reset();
    d->frontier.clear();
    d->problem.clear();
    d->needsQuick = d->needsFull = d->needsSaved = d->needsFrontier = true;
    if (auto kept = d->takeNumbers()) {
        d->projection = std::move(kept->projection);
        d->origin = std::move(kept->origin);
        d->savedProjection = std::move(kept->savedProjection);
        d->frontier = std::move(kept->frontier);
        d->needsQuick = false;
        d->needsFull = kept->needsFull;
        d->needsSaved = kept->needsSaved;
        d->needsFrontier = kept->needsFrontier;
    }
    const Measured* table = d->measuredFor(document);
    d->shownEvidence = table ? table->table : nullptr;
    emit evidenceChanged();
    emit projectionChanged();
    emit frontierChanged();
    d->next();
}

void ProjectionEngine::setPolicy(const PolicyDocument& document, bool moving)
{
    const bool known = !moving && !d->moving && d->document && sameNumbers(*d->document, document);
    if (known) { // saved: what is shown, or under way, is of this document
        d->document = std::make_shared<const PolicyDocument>(document);
        return;
    }
    const bool sameModels = d->document && d->document->models == document.models &&
                            d->document->baseline == document.baseline;
    const auto before =
        std::exchange(d->document, std::make_shared<const PolicyDocument>(document));
    d->moving = moving;
    d->noteGesture(before.get());
    d->interrupt();
    d->needsQuick = true;
    d->needsFull = true;
    d->needsFrontier |= !sameModels;
    if (d->isDragReady()) {
        if (!isOf(document))
            d->answerByDrag();
        d->needsQuick = !moving; // for all that the drag does not know
    }
    d->next();
}

void ProjectionEngine::setDragFrom(std::size_t requests)
{
    d->dragFrom = requests;
    d->dropGesture();
}

void ProjectionEngine::setSaved(const PolicyDocument& document)
{
    if (d->saved == document)
        return;
    d->interrupt();
    d->saved = document;
    // What was just saved has its numbers already; the changes beside them are none at once.
    const bool isShown = isCurrentFor(document);
    if (isShown)
        d->savedProjection = d->projection;
    d->needsSaved = !isShown;
    d->next();
    if (isShown)
        emit projectionChanged();
}

void ProjectionEngine::setRevisions(std::vector<PolicyDocument> revisions)
{
    if (d->revisions == revisions)
        return;
    d->interrupt();
    d->revisions = std::move(revisions);
    d->needsFrontier = true;
    d->next();
}

const std::optional<Projection>& ProjectionEngine::projection() const
{
    return d->projection;
}

const std::optional<Projection>& ProjectionEngine::savedProjection() const
{
    return d->savedProjection;
}

const std::vector<FrontierPoint>& ProjectionEngine::frontier() const
{
    return d->frontier;
}

std::shared_ptr<const EvidenceTable> ProjectionEngine::evidence() const
{
    return d->shownEvidence;
}

bool ProjectionEngine::isCurrentFor(const PolicyDocument& document) const
{
    return isOf(document) && !d->projection->quick &&
           d->origin.answersRevision == d->answersRevision;
}

bool ProjectionEngine::isOf(const PolicyDocument& document) const
{
    return d->projection && d->origin.traffic == d->traffic && d->origin.styles == d->styles &&
           d->origin.document && sameNumbers(*d->origin.document, document);
}

bool ProjectionEngine::isBusy() const
{
    return d->running != Private::Job::Nothing || d->measuring;
}

const QString& ProjectionEngine::problem() const
{
    return d->problem;
}

} // namespace signalbox::ui
