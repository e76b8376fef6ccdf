// SPDX-License-Identifier: GPL-3.0-or-later
#include "projection_engine.h"

#include "background.h"
#include "evidence_answers.h"

#include <QThreadPool>

#include <algorithm>
#include <array>
#include <atomic>
#include <type_traits>
#include <utility>

namespace signalbox::ui {

namespace {

/// What the measured evidence depends on: a change of anything else leaves it as it is.
struct EvidenceKey
{
    std::uint64_t answersRevision = 0;
    AnswerStyle style;
    std::vector<std::array<std::string, 4>> models; ///< id, provider, upstream name, style guide
    bool operator==(const EvidenceKey&) const = default;
};

EvidenceKey evidenceKeyOf(const PolicyDocument& document, std::uint64_t answersRevision)
{
    EvidenceKey key{answersRevision, document.answerStyle, {}};
    for (const ModelSpec& model : document.models)
        key.models.push_back(
            {model.id.value, model.provider, model.upstreamModel, model.styleGuide});
    return key;
}

constexpr std::size_t kVoiceDraws = 200;
constexpr std::size_t kKeptTables = 4;

/// Evidence measured for one configuration of models, and the projector over it.
struct Measured
{
    EvidenceKey key;
    std::shared_ptr<const EvidenceTable> table;
    std::shared_ptr<Projector> projector;
};

EvidenceTable measure(const PolicyDocument& document, const std::vector<Answer>& answers,
                      std::size_t voiceDraws)
{
    EvidenceOptions options;
    options.style = document.answerStyle;
    options.voiceDraws = voiceDraws;
    options.outcome = outcomeOfSamplePrompt;
    options.models = document.models;
    return buildEvidenceTable(answersFor(document, answers), options);
}

/// Numbers of another document than the one that `current` was measured for.
Result<Projection> projectElsewhere(const PolicyDocument& subject, const Measured& current,
                                    const std::vector<Answer>& answers,
                                    std::shared_ptr<const Traffic> traffic,
                                    const ProjectionOptions& options)
{
    if (evidenceKeyOf(subject, current.key.answersRevision) == current.key)
        return current.projector->project(subject, options);
    auto table = std::make_shared<const EvidenceTable>(measure(subject, answers, 0));
    return Projector(std::move(traffic), std::move(table)).project(subject, options);
}

} // namespace

struct ProjectionEngine::Private
{
    enum class Job { Nothing, Measure, Quick, Full, Saved, Frontier };

    ProjectionEngine* q = nullptr;
    QThreadPool pool;
    std::atomic<bool> stop = false;
    Job running = Job::Nothing;

    std::shared_ptr<const Traffic> traffic;
    std::shared_ptr<const std::vector<Answer>> answers = std::make_shared<std::vector<Answer>>();
    std::uint64_t answersRevision = 0;
    std::optional<PolicyDocument> document;
    std::optional<PolicyDocument> saved;
    std::vector<PolicyDocument> revisions;
    bool moving = false;

    std::vector<Measured>
        measured; ///< newest first; a few, so that undo and "since saved" are at once
    std::shared_ptr<const EvidenceTable> shownEvidence;
    std::optional<Projection> projection;
    std::optional<Projection> savedProjection;
    std::vector<FrontierPoint> frontier;
    QString problem;

    bool needsQuick = false;
    bool needsFull = false;
    bool needsSaved = false;
    bool needsFrontier = false;

    [[nodiscard]] const Measured* measuredFor(const PolicyDocument& subject) const;
    void next();
    void runMeasure(const PolicyDocument& subject);
    void runProjection(const PolicyDocument& subject, Job job);
    void runFrontier();
    void applyProjection(Job job, Result<Projection> result);

    template<class Work, class Apply> void start(Job job, Work work, Apply apply);
    void interrupt();
};

template<class Work, class Apply>
void ProjectionEngine::Private::start(Job job, Work work, Apply apply)
{
    running = job;
    stop = false;
    inBackground(pool, q, std::move(work),
                 [this, apply = std::move(apply)](std::invoke_result_t<Work> result) {
                     running = Job::Nothing;
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
}

const Measured* ProjectionEngine::Private::measuredFor(const PolicyDocument& subject) const
{
    const auto found =
        std::ranges::find(measured, evidenceKeyOf(subject, answersRevision), &Measured::key);
    return found == measured.end() ? nullptr : &*found;
}

void ProjectionEngine::Private::next()
{
    if (running != Job::Nothing || !traffic || !document)
        return;
    if (!measuredFor(*document))
        return runMeasure(*document);
    if (const auto& table = measuredFor(*document)->table; table != shownEvidence) {
        shownEvidence = table;
        needsFrontier = true;
        emit q->evidenceChanged();
    }
    if (std::exchange(needsQuick, false))
        return runProjection(*document, Job::Quick);
    if (moving)
        return;
    if (std::exchange(needsFull, false))
        return runProjection(*document, Job::Full);
    if (saved && needsSaved) {
        if (!measuredFor(*saved))
            return runMeasure(*saved);
        needsSaved = false;
        return runProjection(*saved, Job::Saved);
    }
    if (std::exchange(needsFrontier, false))
        return runFrontier();
}

void ProjectionEngine::Private::runMeasure(const PolicyDocument& subject)
{
    start(
        Job::Measure,
        [subject, all = answers, rows = traffic, revision = answersRevision] {
            Measured result;
            result.key = evidenceKeyOf(subject, revision);
            result.table =
                std::make_shared<const EvidenceTable>(measure(subject, *all, kVoiceDraws));
            result.projector = std::make_shared<Projector>(rows, result.table);
            return result;
        },
        [this](Measured result) {
            std::erase_if(measured, [&](const Measured& old) {
                return old.key.answersRevision != result.key.answersRevision;
            });
            measured.insert(measured.begin(), std::move(result));
            if (measured.size() > kKeptTables)
                measured.resize(kKeptTables);
        });
}

void ProjectionEngine::Private::runProjection(const PolicyDocument& subject, Job job)
{
    start(
        job,
        [this, subject, job, projector = measuredFor(subject)->projector] {
            ProjectionOptions options;
            options.draws = job == Job::Quick ? 0 : 2000;
            options.stop = &stop;
            return projector->project(subject, options);
        },
        [this, job](Result<Projection> result) { applyProjection(job, std::move(result)); });
}

void ProjectionEngine::Private::applyProjection(Job job, Result<Projection> result)
{
    if (!result && result.error().code == ErrorCode::Cancelled)
        return;
    if (job == Job::Saved) {
        savedProjection = result ? std::optional(std::move(*result)) : std::nullopt;
    } else if (result) {
        projection = std::move(*result);
        problem.clear();
    } else {
        projection.reset();
        problem = QString::fromStdString(toString(result.error()));
    }
    emit q->projectionChanged();
}

void ProjectionEngine::Private::runFrontier()
{
    start(
        Job::Frontier,
        [this, policy = *document, older = revisions, all = answers, rows = traffic,
         current = *measuredFor(*document)] {
            ProjectionOptions options;
            options.draws = 400;
            options.stop = &stop;
            std::vector<FrontierPoint> points = current.projector->baselines(policy, options);
            for (const PolicyDocument& revision : older) {
                const auto numbers = projectElsewhere(revision, current, *all, rows, options);
                if (!numbers)
                    continue;
                points.push_back({"r" + std::to_string(revision.revision),
                                  FrontierPoint::Kind::Revision, numbers->costPer1k,
                                  numbers->consistency, numbers->satisfaction,
                                  numbers->latencyP95Ms});
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
    d->pool.setMaxThreadCount(1);
}

ProjectionEngine::~ProjectionEngine()
{
    d->stop = true;
    d->pool.waitForDone();
}

void ProjectionEngine::setTraffic(std::shared_ptr<const Traffic> traffic)
{
    d->interrupt();
    d->traffic = std::move(traffic);
    d->measured.clear();
    d->needsQuick = d->needsFull = d->needsSaved = d->needsFrontier = true;
    d->next();
}

void ProjectionEngine::setAnswers(std::vector<Answer> answers)
{
    d->interrupt();
    d->answers = std::make_shared<const std::vector<Answer>>(std::move(answers));
    ++d->answersRevision;
    d->needsQuick = d->needsFull = d->needsSaved = d->needsFrontier = true;
    d->next();
}

void ProjectionEngine::setPolicy(const PolicyDocument& document, bool moving)
{
    d->interrupt();
    const bool sameModels = d->document && d->document->models == document.models &&
                            d->document->baseline == document.baseline;
    d->document = document;
    d->moving = moving;
    d->needsQuick = true;
    d->needsFull = true;
    d->needsFrontier |= !sameModels;
    d->next();
}

void ProjectionEngine::setSaved(const PolicyDocument& document)
{
    d->interrupt();
    d->saved = document;
    d->needsSaved = true;
    d->next();
}

void ProjectionEngine::setRevisions(std::vector<PolicyDocument> revisions)
{
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

bool ProjectionEngine::isBusy() const
{
    return d->running != Private::Job::Nothing;
}

const QString& ProjectionEngine::problem() const
{
    return d->problem;
}

} // namespace signalbox::ui
