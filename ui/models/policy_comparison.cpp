// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy_comparison.h"

#include "background.h"
#include "evidence_answers.h"
#include "workbench.h"

#include <core/policy/policy_styles.h>

#include <QThreadPool>

#include <algorithm>
#include <atomic>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

namespace signalbox::ui {

namespace {

constexpr std::size_t kDraws = 2000;
constexpr std::size_t kVoiceDraws = 0; ///< the comparison draws its own

/// Evidence of one side: what its models answered, and the projector over it.
struct Side
{
    std::vector<ModelSpec> models;
    AnswerStyle style;
    std::shared_ptr<const std::vector<Answer>> answers;
    std::shared_ptr<Projector> projector;
};

/// Both sides, to be used again while traffic and answers stay. One side may serve both.
struct Ground
{
    std::shared_ptr<const Traffic> traffic;
    std::vector<std::shared_ptr<const Side>> sides; ///< measured so far, newest last
};

/// What the style signals of both sides name. They are read when a question is asked, and the
/// numbers with intervals are of what the quick ones were of.
struct Tables
{
    std::shared_ptr<const UserStyles> before; ///< null: users have the default style
    std::shared_ptr<const UserStyles> after;
    std::vector<std::string> problems; ///< why they have it although a table is named: sentences
};

struct Outcome
{
    int run = 0;
    Ground ground;
    std::shared_ptr<const Side> before;
    std::shared_ptr<const Side> after;
    Tables tables;
    Result<BehaviourDiff> diff = fail(ErrorCode::Cancelled, "");
};

constexpr std::size_t kKeptSides = 4;

/// As the policy counts when it is in front: without its table users have the default style.
std::shared_ptr<const UserStyles> stylesFor(const PolicyDocument& document,
                                            const std::filesystem::path& folder,
                                            std::vector<std::string>& problems)
{
    if (styleTableOf(document).empty())
        return nullptr;
    Result<std::shared_ptr<const UserStyles>> styles =
        fail(ErrorCode::NotFound, "the policy has no file yet, so it has no folder to look in",
             styleTableOf(document));
    if (!folder.empty())
        styles = readStylesOf(document, folder);
    if (styles)
        return std::move(*styles);
    const std::string problem =
        PolicyComparison::tr("A table of styles cannot be used; users have the default. (%1)")
            .arg(QString::fromStdString(toString(styles.error())))
            .toStdString();
    if (std::ranges::find(problems, problem) == problems.end())
        problems.push_back(problem);
    return nullptr;
}

/// One table for both where they say the same: then signals are read once.
Tables tablesOf(const PolicyComparison::Subject& subject)
{
    Tables tables;
    tables.before = stylesFor(subject.before, subject.beforeFolder, tables.problems);
    tables.after = stylesFor(subject.after, subject.afterFolder, tables.problems);
    if (tables.before && tables.after && *tables.before == *tables.after)
        tables.before = tables.after;
    return tables;
}

/// The side for these models: one that is there, or a new one.
/// @param measured  evidence that serves these models and this style; null: it is measured
std::shared_ptr<const Side> sideFor(Ground& ground, std::vector<ModelSpec> models,
                                    const AnswerStyle& style, const SharedAnswers& answers,
                                    std::shared_ptr<const EvidenceTable> measured)
{
    const auto known = std::ranges::find_if(ground.sides, [&](const auto& side) {
        return side->models == models && side->style == style;
    });
    if (known != ground.sides.end())
        return *known;
    PolicyDocument document;
    document.models = models;
    auto chosen = std::make_shared<const std::vector<Answer>>(answersFor(document, answers));
    if (!measured) {
        EvidenceOptions options;
        options.style = style;
        options.voiceDraws = kVoiceDraws;
        options.outcome = outcomeOfSamplePrompt;
        options.models = models;
        measured = std::make_shared<const EvidenceTable>(buildEvidenceTable(*chosen, options));
    }
    auto projector = std::make_shared<Projector>(ground.traffic, std::move(measured));
    ground.sides.push_back(std::make_shared<const Side>(
        Side{std::move(models), style, std::move(chosen), std::move(projector)}));
    if (ground.sides.size() > kKeptSides)
        ground.sides.erase(ground.sides.begin());
    return ground.sides.back();
}

} // namespace

struct PolicyComparison::Private
{
    PolicyComparison* q = nullptr;
    Workbench& workbench;
    QThreadPool pool; ///< one thread
    std::atomic<bool> stop = false;
    int run = 0; ///< the newest question; what was found for an older one is dropped
    bool running = false;
    bool watched = false;
    bool wanted = false; ///< the subject is to be compared, as soon as it can be
    bool wantsIntervals = false;
    bool cancelled = false;

    std::optional<Subject> subject;
    Ground ground;
    Tables tables; ///< of the subject, as soon as there are quick numbers
    std::optional<BehaviourDiff> diff;
    std::shared_ptr<const Side> before; ///< of diff
    std::shared_ptr<const Side> after;
    std::shared_ptr<const Traffic> traffic; ///< of diff
    bool current = false;
    QString problem;

    explicit Private(Workbench& bench) : workbench(bench) { pool.setMaxThreadCount(1); }

    [[nodiscard]] std::shared_ptr<const EvidenceTable>
    measuredFor(const std::vector<ModelSpec>& models, const AnswerStyle& style) const;
    void ask();
    void startAnew();
    void next();
    void take(Outcome outcome, bool quick);
};

void PolicyComparison::Private::ask()
{
    ++run;
    stop = true;
    current = false;
    cancelled = false;
    wanted = subject.has_value();
    wantsIntervals = true;
    next();
    emit q->changed();
}

/// Traffic or answers are others: what was measured counts for nothing.
void PolicyComparison::Private::startAnew()
{
    ground = {};
    if (subject)
        ask();
}

/// The workbench's evidence if it is of all these models as they are configured here: then numbers
/// are at once, and those of the scoreboard. Null if not.
std::shared_ptr<const EvidenceTable>
PolicyComparison::Private::measuredFor(const std::vector<ModelSpec>& models,
                                       const AnswerStyle& style) const
{
    const auto evidence = workbench.evidence();
    const PolicyDocument& shown = workbench.editor().shownDocument();
    const bool serves = evidence && shown.answerStyle == style &&
                        std::ranges::all_of(models, [&](const ModelSpec& model) {
                            const ModelSpec* const known = shown.findModel(model.id);
                            return known && known->provider == model.provider &&
                                   known->upstreamModel == model.upstreamModel &&
                                   known->styleGuide == model.styleGuide &&
                                   evidence->modelIndex(model.id) >= 0;
                        });
    return serves ? evidence : nullptr;
}

void PolicyComparison::Private::next()
{
    if (running || !watched || !subject || !(wanted || (current && wantsIntervals)))
        return;
    const bool quick = wanted;
    if (!workbench.traffic())
        return; // comes with trafficChanged()
    ground.traffic = workbench.traffic();
    running = true;
    stop = false;
    wanted = false;
    wantsIntervals = quick;
    const auto common = commonEvidenceModels(subject->before, subject->after);
    const std::vector<ModelSpec>& models = common ? *common : subject->after.models;
    inBackground(
        pool, q,
        [this, quick, asked = run, pair = *subject, base = ground, known = tables, models,
         isOne = bool(common), measured = measuredFor(models, subject->after.answerStyle),
         answers = workbench.sharedAnswers()]() mutable {
            Outcome outcome;
            outcome.run = asked;
            outcome.after = sideFor(base, models, pair.after.answerStyle, answers, measured);
            outcome.before = isOne ? outcome.after
                                   : sideFor(base, pair.before.models, pair.before.answerStyle,
                                             answers, nullptr);
            outcome.tables = quick ? tablesOf(pair) : std::move(known);
            ProjectionOptions options;
            options.draws = quick ? 0 : kDraws;
            options.stop = &stop;
            outcome.diff = behaviourDiff(
                {pair.before, *outcome.before->projector, outcome.tables.before},
                {pair.after, *outcome.after->projector, outcome.tables.after}, options);
            if (outcome.diff)
                std::ranges::copy(outcome.tables.problems, std::back_inserter(outcome.diff->notes));
            outcome.ground = std::move(base);
            return outcome;
        },
        [this, quick](Outcome outcome) { take(std::move(outcome), quick); });
}

void PolicyComparison::Private::take(Outcome outcome, bool quick)
{
    running = false;
    if (outcome.ground.traffic == workbench.traffic() && outcome.run == run)
        ground = std::move(outcome.ground);
    const bool isStale = outcome.run != run;
    const bool gaveUp = !outcome.diff && outcome.diff.error().code == ErrorCode::Cancelled;
    if (!isStale && !gaveUp) {
        problem.clear();
        tables = std::move(outcome.tables);
        if (outcome.diff) {
            diff = std::move(*outcome.diff);
            before = std::move(outcome.before);
            after = std::move(outcome.after);
            traffic = ground.traffic;
            current = true;
        } else {
            diff.reset();
            problem = QString::fromStdString(toString(outcome.diff.error()));
        }
        wantsIntervals = quick && current;
    }
    next();
    emit q->changed();
}

PolicyComparison::PolicyComparison(Workbench& workbench, QObject* parent)
    : QObject(parent), d(std::make_unique<Private>(workbench))
{
    d->q = this;
    connect(&workbench, &Workbench::trafficChanged, this, [this] { d->startAnew(); });
    connect(&workbench, &Workbench::evidenceChanged, this, [this] { d->startAnew(); });
    connect(&workbench, &Workbench::stylesChanged, this, [this] {
        if (d->subject &&
            !(styleTableOf(d->subject->before).empty() && styleTableOf(d->subject->after).empty()))
            d->ask();
    });
}

PolicyComparison::~PolicyComparison()
{
    d->stop = true;
    d->pool.waitForDone();
}

void PolicyComparison::compare(Subject subject)
{
    if (d->subject == subject)
        return;
    d->subject = std::move(subject);
    d->ask();
}

void PolicyComparison::clear()
{
    if (!d->subject)
        return;
    d->subject.reset();
    d->diff.reset();
    d->problem.clear();
    d->ask();
}

void PolicyComparison::cancel()
{
    if (!isBusy())
        return;
    ++d->run;
    d->stop = true;
    d->wanted = d->wantsIntervals = false;
    d->cancelled = true;
    emit changed();
}

void PolicyComparison::setWatched(bool watched)
{
    if (std::exchange(d->watched, watched) == watched)
        return;
    d->next();
    if (watched)
        emit changed();
}

bool PolicyComparison::isWatched() const
{
    return d->watched;
}

const std::optional<PolicyComparison::Subject>& PolicyComparison::subject() const
{
    return d->subject;
}

bool PolicyComparison::isBusy() const
{
    return d->subject && !d->cancelled && (d->running || d->wanted);
}

const QString& PolicyComparison::problem() const
{
    return d->problem;
}

bool PolicyComparison::wasCancelled() const
{
    return d->cancelled;
}

const std::optional<BehaviourDiff>& PolicyComparison::diff() const
{
    return d->diff;
}

bool PolicyComparison::isCurrent() const
{
    return d->current && d->diff.has_value();
}

std::shared_ptr<const Traffic> PolicyComparison::traffic() const
{
    return d->traffic;
}

const Answer* PolicyComparison::answerOf(const ModelId& model, const PromptId& prompt,
                                         bool after) const
{
    const auto& side = after ? d->after : d->before;
    if (!side)
        return nullptr;
    const Answer* found = nullptr;
    for (const Answer& answer : *side->answers) {
        if (answer.model == model && answer.prompt == prompt && !answer.text.empty() &&
            (!found || answer.sample < found->sample))
            found = &answer;
    }
    return found;
}

} // namespace signalbox::ui
