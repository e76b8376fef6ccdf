// SPDX-License-Identifier: GPL-3.0-or-later
#include "judge_session.h"

#include "tasting_result.h"
#include "workbench.h"

#include <core/lab/list_prices.h>
#include <core/lab/policy_column.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <tuple>
#include <utility>

namespace signalbox::ui {

namespace {

/// Pairs that people have put in an order, by prompt and models in byte order.
std::set<std::tuple<PromptId, ModelId, ModelId>> pairsOf(const std::vector<Ranking>& votes)
{
    std::set<std::tuple<PromptId, ModelId, ModelId>> pairs;
    for (const Ranking& vote : votes) {
        std::set<ModelId> models;
        for (const std::vector<ModelId>& place : vote.places)
            models.insert(place.begin(), place.end());
        for (auto a = models.begin(); a != models.end(); ++a) {
            for (auto b = std::next(a); b != models.end(); ++b)
                pairs.emplace(vote.prompt, *a, *b);
        }
    }
    return pairs;
}

JudgePlan planOf(const ModelSpec& model, const JudgeChoices& choices, const Tasting& tasting,
                 const std::vector<Ranking>& votes, const std::vector<RatedTask>& ratings)
{
    JudgePlan plan = judgePlanFor(model);
    plan.axes = choices.axes;
    plan.calls = planJudge(tasting, choices, votes, ratings);
    return plan;
}

JudgePreflight amountOf(const JudgePlan& plan, const std::vector<Ranking>& votes)
{
    JudgePreflight flight;
    flight.calls = plan.calls.size();
    const auto voted = pairsOf(votes);
    for (const JudgeCall& call : plan.calls) {
        if (const auto* const tone = std::get_if<ToneCall>(&call))
            flight.answers += tone->isTurned;
        const auto* const pair = std::get_if<PairCall>(&call);
        if (!pair || pair->second < pair->first)
            continue;
        ++flight.pairs;
        flight.common += voted.count({pair->prompt, pair->first, pair->second});
    }
    return flight;
}

} // namespace

struct JudgeSession::Private
{
    JudgeSession* q;
    Workbench& workbench;
    const TastingSession& tasting;
    std::unique_ptr<JudgeRun> run;
    std::optional<RunId> runPlace; ///< whose tasting it judges
    TastingNumber tastingPlace = 0;

    [[nodiscard]] std::optional<ModelSpec> model(const ModelId& id) const;
    void start(Judging judging, const ModelSpec& model);
    [[nodiscard]] bool isOfShown() const
    {
        return run && runPlace == tasting.run() && tastingPlace == tasting.number();
    }
};

/// With the price that is known today.
std::optional<ModelSpec> JudgeSession::Private::model(const ModelId& id) const
{
    for (ModelSpec& model :
         withKnownPrices(q->models(), *workbench.prices().book(), presentDay())) {
        if (model.id == id)
            return std::move(model);
    }
    return std::nullopt;
}

void JudgeSession::Private::start(Judging judging, const ModelSpec& model)
{
    JudgeTask task;
    task.run = *tasting.run();
    task.tasting = tasting.number();
    task.sheet = *tasting.tasting();
    task.judging = std::move(judging);
    task.others = q->judgings();
    task.model = model;
    task.inFlightHere = workbench.callsHere();
    runPlace = tasting.run();
    tastingPlace = tasting.number();
    run = std::make_unique<JudgeRun>(std::move(task), workbench.providers(),
                                     workbench.evidenceStore());
    QObject::connect(run.get(), &JudgeRun::changed, q, &JudgeSession::changed);
    QObject::connect(run.get(), &JudgeRun::finished, q, &JudgeSession::finished);
    run->start();
    emit q->changed();
}

JudgeSession::JudgeSession(Workbench& workbench, const TastingSession& tasting, QObject* parent)
    : QObject(parent), d(new Private{this, workbench, tasting, {}, {}, 0})
{}

JudgeSession::~JudgeSession() = default;

std::vector<ModelSpec> JudgeSession::models() const
{
    std::vector<ModelSpec> models;
    for (const ModelSpec& model : d->workbench.editor().document().models) {
        if (!isPolicyColumn(model))
            models.push_back(model);
    }
    return models;
}

std::function<JudgePreflight()> JudgeSession::preflight(const ModelId& judge,
                                                        const JudgeChoices& choices) const
{
    const auto model = d->model(judge);
    if (!model || !d->tasting.tasting())
        return [] { return JudgePreflight(); };
    return [model = *model, choices, tasting = *d->tasting.tasting(), votes = d->tasting.rankings(),
            ratings = d->tasting.ratings(), judgings = judgings(),
            book = d->workbench.prices().book(),
            limits = d->workbench.providers().limiter().known(),
            speed = d->workbench.services().simulator->speed()] {
        const JudgePlan plan = planOf(model, choices, tasting, votes, ratings);
        JudgePreflight flight = amountOf(plan, votes);
        flight.judgesItself = std::ranges::find(tasting.models, model.id) != tasting.models.end();
        Judging fresh;
        fresh.plan = plan;
        const auto calls = callsToSend(fresh, judgings, tasting, model);
        flight.forecast = judgeForecast(labPlanOf(plan, calls, tasting, model), judgings, limits,
                                        speed, *book, presentDay());
        return flight;
    };
}

Result<void> JudgeSession::begin(const ModelId& judge, const JudgeChoices& choices,
                                 const RunCaps& caps)
{
    const auto model = d->model(judge);
    if (!model || !d->tasting.tasting() || !d->tasting.run())
        return fail(ErrorCode::NotFound, "there is no tasting, or no such model, to judge with");
    if (isRunning())
        return fail(ErrorCode::Refused, "another judge is at work", {}, "stop it first");
    Judging judging;
    judging.plan =
        planOf(*model, choices, *d->tasting.tasting(), d->tasting.rankings(), d->tasting.ratings());
    judging.caps = caps;
    if (judging.plan.calls.empty())
        return fail(ErrorCode::InvalidArgument, "nothing is asked of the judge");
    d->start(std::move(judging), *model);
    return {};
}

Result<void> JudgeSession::goOn(const ModelId& judge)
{
    if (isRunning())
        return fail(ErrorCode::Refused, "another judge is at work", {}, "stop it first");
    const auto model = d->model(judge);
    for (Judging& judging : newestJudgings(judgings())) {
        if (judging.plan.judge != judge)
            continue;
        if (!model || !isAskedAs(judging.plan, *model))
            return fail(ErrorCode::NotFound,
                        "the policy asks " + judge.value +
                            " in another way now, and half a judge is no judge",
                        {}, "ask it anew");
        d->start(std::move(judging), *model);
        return {};
    }
    return fail(ErrorCode::NotFound, judge.value + " has not judged yet");
}

void JudgeSession::pauseOrGoOn()
{
    if (!d->run)
        return;
    if (d->run->isPaused())
        d->run->start();
    else
        d->run->pause();
}

void JudgeSession::stop()
{
    if (d->run)
        d->run->stop();
}

void JudgeSession::setCaps(const RunCaps& caps)
{
    if (d->run)
        d->run->setCaps(caps);
}

bool JudgeSession::isRunning() const
{
    return d->run && d->run->isRunning();
}

const JudgeRun* JudgeSession::run() const
{
    return d->isOfShown() ? d->run.get() : nullptr;
}

/// What is at work knows better than what was read.
std::vector<Judging> JudgeSession::judgings() const
{
    std::vector<Judging> all = d->tasting.judgings();
    if (!d->isOfShown())
        return all;
    const Judging& now = d->run->judging();
    const auto known = std::ranges::find(all, now.number, &Judging::number);
    if (known == all.end())
        all.push_back(now);
    else
        *known = now;
    return all;
}

} // namespace signalbox::ui
