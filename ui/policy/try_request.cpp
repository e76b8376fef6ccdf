// SPDX-License-Identifier: GPL-3.0-or-later
#include "try_request.h"

#include "policy_paths.h"
#include "policy_words.h"

#include <ui/kit/format.h>

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <cmath>
#include <set>

namespace signalbox::ui {
namespace {

struct TryWords
{
    Q_DECLARE_TR_FUNCTIONS(TryWords)
};

constexpr double kBucketCount = 4294967296.0;

double median(std::vector<double> values)
{
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

bool answers(WhatIf outcome)
{
    return outcome == WhatIf::AsMeasured || outcome == WhatIf::Rejected;
}

SimulatedAttempt attemptOf(const ModelCourse& course, WhatIf outcome)
{
    SimulatedAttempt attempt;
    attempt.firstTokenMs = course.failingMs;
    attempt.totalMs = course.failingMs;
    if (answers(outcome)) {
        attempt.firstTokenMs = course.firstTokenMs;
        attempt.totalMs = std::max(course.firstTokenMs, course.totalMs);
        attempt.isAccepted = outcome == WhatIf::AsMeasured;
    } else if (outcome == WhatIf::Silent) {
        attempt.firstTokenMs = SimulatedAttempt::kHangsForMs;
        attempt.totalMs = SimulatedAttempt::kHangsForMs;
    } else {
        attempt.failure = forcedOutcomeOf({}, outcome)->failure;
    }
    return attempt;
}

QString headlineOf(const TriedPlan& tried)
{
    const PlanOutcome& outcome = tried.outcome;
    if (tried.endless)
        return TryWords::tr("The user waits without end: no budget bounds the silent call.");
    if (!outcome.answered)
        return TryWords::tr("Nobody answers; the user learns it after %1.")
            .arg(PolicyWords::duration(outcome.firstTokenMs));
    const auto shown = std::ranges::find_if(outcome.attempts, &AttemptRecord::delivered);
    const bool isDoubtful = shown != outcome.attempts.end() && shown->accepted == false;
    return (isDoubtful ? TryWords::tr("%1 answers, though it was rejected: nobody else did in "
                                      "time. The user sees it begin after %2.")
                       : TryWords::tr("%1 answers; the user sees it begin after %2."))
        .arg(PolicyWords::text(outcome.servedBy.value),
             PolicyWords::duration(outcome.firstTokenMs));
}

QString timesNote(const ModelId& model, const ModelCourse& course)
{
    const QString name = PolicyWords::text(model.value);
    if (course.answers == 0)
        return TryWords::tr("%1: no answers recorded yet, so 1 s to the first token is assumed.")
            .arg(name);
    return TryWords::tr("%1: first token after %2, the median of %3 recorded answers.")
        .arg(name, PolicyWords::duration(course.firstTokenMs),
             QLocale().toString(static_cast<qulonglong>(course.answers)));
}

} // namespace

QString whatIfWords(WhatIf outcome)
{
    switch (outcome) {
    case WhatIf::AsMeasured:
        return TryWords::tr("answers as measured");
    case WhatIf::Rejected:
        return TryWords::tr("answers, but is rejected");
    case WhatIf::RateLimited:
        return TryWords::tr("is rate limited (429)");
    case WhatIf::ServerError:
        return TryWords::tr("fails (server error)");
    case WhatIf::Unreachable:
        return TryWords::tr("is down (not reachable)");
    case WhatIf::Silent:
        return TryWords::tr("hangs and never answers");
    case WhatIf::Withheld:
        return TryWords::tr("has its answer withheld");
    case WhatIf::CutOff:
        return TryWords::tr("has its answer cut off");
    }
    return {};
}

std::optional<ForcedOutcome> forcedOutcomeOf(const ModelId& model, WhatIf outcome)
{
    switch (outcome) {
    case WhatIf::AsMeasured:
        return std::nullopt;
    case WhatIf::Rejected:
        return ForcedOutcome{model, std::nullopt, true};
    case WhatIf::RateLimited:
        return ForcedOutcome{model, AttemptFailure::RateLimit};
    case WhatIf::ServerError:
        return ForcedOutcome{model, AttemptFailure::ServerError};
    case WhatIf::Unreachable:
        return ForcedOutcome{model, AttemptFailure::Connect};
    case WhatIf::Silent:
        return ForcedOutcome{model, AttemptFailure::Timeout};
    case WhatIf::Withheld:
        return ForcedOutcome{model, AttemptFailure::ContentFilter};
    case WhatIf::CutOff:
        return ForcedOutcome{model, AttemptFailure::BadAnswer};
    }
    return std::nullopt;
}

ModelCourse courseOf(const EvidenceTable* evidence, const ModelId& model)
{
    ModelCourse course;
    const int index = evidence ? evidence->modelIndex(model) : -1;
    if (index < 0)
        return course;
    const auto& columns = evidence->columns[static_cast<std::size_t>(index)];
    std::vector<double> first;
    std::vector<double> total;
    for (const std::vector<AnswerSample>& samples : columns.samples) {
        for (const AnswerSample& sample : samples) {
            if (!std::isfinite(sample.firstTokenMs))
                continue;
            first.push_back(sample.firstTokenMs);
            total.push_back(sample.totalMs);
        }
    }
    course.answers = first.size();
    if (!first.empty()) {
        course.firstTokenMs = median(first);
        course.totalMs = median(total);
    }
    if (!columns.failingMs.empty())
        course.failingMs = median(columns.failingMs);
    return course;
}

Plan drawn(const Plan& plan, const std::map<std::string, std::size_t>& arms,
           const std::string& path)
{
    if (const auto* const split = std::get_if<Split>(&plan.node); split && !split->arms.empty()) {
        const auto found = arms.find(path);
        const std::size_t arm =
            found == arms.end() ? 0 : std::min(found->second, split->arms.size() - 1);
        return drawn(split->arms[arm].plan, arms, armPath(path, arm));
    }
    if (const auto* const pool = std::get_if<Pool>(&plan.node); pool && !pool->members.empty()) {
        const auto found = arms.find(path);
        const std::size_t member =
            found == arms.end() ? 0 : std::min(found->second, pool->members.size() - 1);
        return Plan{pool->members[member]};
    }
    Plan made = plan;
    const auto drawSteps = [&](std::vector<Plan>& steps) {
        for (std::size_t i = 0; i < steps.size(); ++i)
            steps[i] = drawn(Plan(steps[i]), arms, partPath(plan, path, i));
    };
    if (auto* const chain = std::get_if<Chain>(&made.node))
        drawSteps(chain->steps);
    else if (auto* const cascade = std::get_if<Cascade>(&made.node))
        drawSteps(cascade->steps);
    return made;
}

TriedPlan tryPlan(const Plan& plan, const std::map<std::string, WhatIf>& outcomes,
                  const EvidenceTable* evidence)
{
    std::map<std::string, ModelCourse> courses;
    for (const ModelId& model : modelsOf(plan))
        courses[model.value] = courseOf(evidence, model);
    TriedPlan tried;
    const auto outcomeOf = [&](const ModelId& model) {
        const auto forced = outcomes.find(model.value);
        return forced == outcomes.end() ? WhatIf::AsMeasured : forced->second;
    };
    tried.outcome = simulatePlan(plan, [&](const AttemptAsked& asked) {
        const ModelId& model = asked.call.model;
        return attemptOf(courses[model.value], outcomeOf(model));
    });
    tried.endless = tried.outcome.firstTokenMs >= SimulatedAttempt::kHangsForMs / 2;
    tried.headline = headlineOf(tried);
    std::set<std::string> asked;
    std::set<std::string> accepted;
    for (const AttemptRecord& attempt : tried.outcome.attempts) {
        if (answers(outcomeOf(attempt.model)) && asked.insert(attempt.model.value).second)
            tried.notes << timesNote(attempt.model, courses[attempt.model.value]);
        if (attempt.accepted == true && accepted.insert(attempt.model.value).second)
            tried.notes << TryWords::tr("%1: its answer is taken to pass what the cascade asks.")
                               .arg(PolicyWords::text(attempt.model.value));
    }
    return tried;
}

std::vector<ModelId> askedModelsOf(const Plan& plan)
{
    if (const auto* const call = std::get_if<Call>(&plan.node))
        return {call->model};
    std::vector<ModelId> models;
    for (const Plan& part : partsOf(plan)) {
        for (const ModelId& model : askedModelsOf(part)) {
            if (std::ranges::find(models, model) == models.end())
                models.push_back(model);
        }
    }
    return models;
}

bool isChecked(const Plan& plan)
{
    return std::holds_alternative<Cascade>(plan.node) ||
           std::ranges::any_of(partsOf(plan), isChecked);
}

std::vector<ForcedOutcome> keptOutcomes(const PlanOutcome& tried,
                                        const std::map<std::string, WhatIf>& outcomes)
{
    std::vector<ForcedOutcome> kept;
    const auto isKept = [&](const ModelId& model) {
        return std::ranges::find(kept, model, &ForcedOutcome::model) != kept.end();
    };
    bool anyForced = false;
    for (const AttemptRecord& attempt : tried.attempts) {
        const auto forced = outcomes.find(attempt.model.value);
        auto outcome = forced == outcomes.end() ? std::nullopt
                                                : forcedOutcomeOf(attempt.model, forced->second);
        anyForced |= outcome.has_value();
        const bool wasTooSlow = !attempt.delivered && !attempt.accepted &&
                                (attempt.cancelled || attempt.failure == AttemptFailure::Timeout);
        if (!outcome && wasTooSlow)
            outcome = ForcedOutcome{attempt.model, AttemptFailure::Timeout};
        if (outcome && !isKept(attempt.model))
            kept.push_back(*outcome);
    }
    return anyForced ? kept : std::vector<ForcedOutcome>();
}

QStringList armSentences(const PolicyDocument& document, const Trace& trace)
{
    QStringList sentences;
    for (const TraceArm& arm : trace.arms) {
        const PolicySelection at = selectionFromPath(document, arm.path);
        const Plan* const root = rootPlanOf(document, at);
        const Plan* const node = root ? planAt(*root, planPathOf(at).value_or("")) : nullptr;
        if (const auto* const pool = node ? std::get_if<Pool>(&node->node) : nullptr;
            pool && arm.arm < pool->members.size()) {
            sentences << TryWords::tr("%1: what a router knows at that moment decides; here the "
                                      "first member, %2, is taken.",
                                      "pool, model")
                             .arg(PolicyWords::poolTitle(*pool),
                                  PolicyWords::callTitle(pool->members[arm.arm]));
            continue;
        }
        const auto* const split = node ? std::get_if<Split>(&node->node) : nullptr;
        if (!split || arm.arm >= split->arms.size())
            continue;
        int from = 0;
        for (std::size_t i = 0; i < arm.arm; ++i)
            from += split->arms[i].weight;
        const int to = from + split->arms[arm.arm].weight;
        sentences << TryWords::tr("%1: the draw is %2, so arm %3 (%4 to %5).",
                                  "split, draw, number, range")
                         .arg(PolicyWords::splitTitle(*split),
                              format::percent(arm.bucket / kBucketCount, 2))
                         .arg(arm.arm + 1)
                         .arg(PolicyWords::basisPoints(from), PolicyWords::basisPoints(to));
    }
    return sentences;
}

} // namespace signalbox::ui
