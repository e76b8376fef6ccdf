// SPDX-License-Identifier: GPL-3.0-or-later
#include "stored_runs.h"

#include <core/lab/recorded_plan.h>
#include <core/lab/run_export.h>
#include <core/lab/sample_prompts.h>

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

#include <algorithm>
#include <functional>
#include <iterator>

namespace signalbox::ui {

namespace {

constexpr int kRunsLookedAt = 20; ///< newest ones, for answers to show

struct Tr
{
    Q_DECLARE_TR_FUNCTIONS(signalbox::ui::StoredRuns)
};

template<class Items, class Ids> bool areOf(const Items& items, const Ids& ids)
{
    return std::ranges::equal(items, ids, {}, [](const auto& item) { return item.id; });
}

/// In whatever order: answers are found by id.
template<class Items, class Ids> bool areThose(const Items& items, const Ids& ids)
{
    return std::ranges::is_permutation(items, ids, {}, [](const auto& item) { return item.id; });
}

/// Without a policy, which runs of older versions did not ask and which any may ask besides.
template<class Items, class Projection> Items modelsAlone(Items items, Projection id)
{
    std::erase_if(items, [&](const auto& item) { return isPolicyVoice(std::invoke(id, item)); });
    return items;
}

QString dayOf(const RunSummary& run)
{
    return QLocale().toString(QDateTime::fromMSecsSinceEpoch(run.createdAtMs).date(),
                              QLocale::ShortFormat);
}

/// A whole sentence: "gpt-4 has another style guide now."
QString inWords(const PlanDifference& difference)
{
    const QString model = QString::fromStdString(difference.model.value);
    switch (difference.what) {
    case PlanDifference::What::TokenLimit:
        return Tr::tr("Answers may have another length now.");
    case PlanDifference::What::Temperature:
        return Tr::tr("Models are asked at another temperature now.");
    case PlanDifference::What::Seed:
        return Tr::tr("Models are asked with another seed now.");
    case PlanDifference::What::UpstreamModel:
        return Tr::tr("%1 asks its server for another model now.").arg(model);
    case PlanDifference::What::BaseUrl:
        return Tr::tr("%1 is asked at another address now.").arg(model);
    case PlanDifference::What::StyleGuide:
        return Tr::tr("%1 has another style guide now.").arg(model);
    }
    return {};
}

bool asksAnyOf(const RecordedPlan& plan, const std::vector<ModelSpec>& models)
{
    return !plan.isFromElsewhere && std::ranges::any_of(models, [&](const ModelSpec& model) {
        return hasAsked(plan, model.id);
    });
}

/// nullopt if no model of the policy was asked.
std::optional<LastChoices> choicesOf(const RunSummary& run, const std::vector<ModelSpec>& models,
                                     const std::vector<SamplePrompt>& samplePrompts)
{
    const auto plan = parsePlanJson(run);
    if (!plan || !asksAnyOf(*plan, models))
        return std::nullopt;
    LastChoices choices;
    std::vector<PromptId> samples;
    for (const PromptId& id : plan->prompts) {
        if (const auto own = plan->own.find(id); own != plan->own.end())
            choices.own.push_back(own->second);
        else if (!isOwnPrompt(id))
            samples.push_back(id);
    }
    if (areOf(spreadPrompts(samplePrompts, samples.size()), samples))
        choices.samplePrompts = samples.size();
    for (const ModelSpec& model : models) {
        if (std::ranges::find(plan->leftOut, model.id) != plan->leftOut.end())
            choices.left.insert(model.id);
    }
    for (const auto& [name, variant] : plan->variants) {
        // A variant that was asked once and not now is known, and no column.
        if (std::ranges::find(plan->models, name) != plan->models.end() &&
            std::ranges::find(models, variant.of, &ModelSpec::id) != models.end())
            choices.variants.push_back(variant);
    }
    choices.samples = plan->samples;
    if (plan->saysAsking)
        choices.asking = plan->asking;
    if (choices.left.size() == models.size() && choices.variants.empty())
        return std::nullopt; // its own models are gone: there would be no column
    std::ranges::copy_if(plan->leftOut, std::inserter(choices.left, choices.left.end()),
                         isPolicyVoice);
    return choices;
}

} // namespace

std::vector<RunSummary> newestRuns(EvidenceStore* store, int most)
{
    auto runs = store ? store->latestRuns(most) : Result<std::vector<RunSummary>>();
    if (!runs)
        return {}; // whatever is wrong with the store is said when something is to be kept
    return std::move(*runs);
}

LastChoices lastChoices(EvidenceStore* store, const std::vector<ModelSpec>& models,
                        const std::vector<SamplePrompt>& samplePrompts)
{
    for (int most = kRunsLookedAt, seen = 0;; most *= 10) { // mostly the newest has them
        const std::vector<RunSummary> runs = newestRuns(store, most);
        for (; static_cast<std::size_t>(seen) < runs.size(); ++seen) {
            const RunSummary& run = runs[static_cast<std::size_t>(seen)];
            if (const auto choices = choicesOf(run, models, samplePrompts))
                return *choices;
        }
        if (runs.size() < static_cast<std::size_t>(most))
            return {};
    }
}

std::optional<LastChoices> choicesOfPlan(const std::string& planJson,
                                         const std::vector<ModelSpec>& models,
                                         const std::vector<SamplePrompt>& samplePrompts)
{
    RunSummary run;
    run.planJson = planJson;
    return choicesOf(run, models, samplePrompts);
}

bool asksAnyOf(const RunSummary& run, const std::vector<ModelSpec>& models)
{
    const auto plan = parsePlanJson(run);
    return plan && asksAnyOf(*plan, models);
}

QString obstacleTo(const RunSummary& run, const LabPlan& plan)
{
    const auto recorded = parsePlanJson(run);
    if (!recorded)
        return Tr::tr("What it was to send cannot be read.");
    if (!areThose(modelsAlone(plan.models, &ModelSpec::id),
                  modelsAlone(recorded->models, std::identity())))
        return Tr::tr("It asked other models than are chosen now.");
    if (!areThose(plan.prompts, recorded->prompts))
        return Tr::tr("It sent other prompts than are chosen now.");
    if (recorded->samples != plan.samples)
        return Tr::tr("It asked each prompt another number of times.");
    if (const auto difference = differenceOf(*recorded, recordedPlanOf(plan)))
        return Tr::tr("It asked otherwise. %1", "what differs now, a sentence")
            .arg(inWords(*difference));
    return {};
}

Result<ShownRun> shownRun(EvidenceStore& store, const RunId& id,
                          const std::vector<SamplePrompt>& samplePrompts)
{
    ShownRun shown;
    auto info = store.run(id);
    if (!info)
        return Unexpected(info.error());
    const auto plan = parsePlanJson(*info);
    if (!plan)
        return Unexpected(plan.error());
    const auto draft = store.draft(id);
    if (!draft)
        return Unexpected(draft.error());
    shown.isFromElsewhere = plan->isFromElsewhere;
    shown.plan = labPlanOf(*plan, *draft, samplePrompts);
    shown.plan.name = info->name;
    shown.info = std::move(*info);
    return shown;
}

FilledRun filledFrom(EvidenceStore* store, const std::function<std::unique_ptr<LabRun>()>& makeRun)
{
    FilledRun filled{makeRun(), {}, {}};
    const RecordedPlan now = recordedPlanOf(filled.run->plan());
    for (const RunSummary& info : newestRuns(store, kRunsLookedAt)) {
        const auto plan = parsePlanJson(info);
        if (info.settled == 0 || !plan || !asksAnyOf(*plan, filled.run->plan().models))
            continue;
        if (const auto difference = differenceOf(*plan, now)) {
            if (filled.obstacle.isEmpty())
                filled.obstacle =
                    Tr::tr("The answers of %1 are stored but not shown. %2", "date, sentence")
                        .arg(dayOf(info), inWords(*difference));
            continue;
        }
        const auto taken = filled.run->resumeFrom(info.id);
        if (taken && *taken > 0) {
            filled.run->holdBack();
            filled.stored = StoredAnswers{info, *taken};
            filled.obstacle.clear();
            break;
        }
        filled.run = makeRun(); // that one would record into the other
    }
    return filled;
}

} // namespace signalbox::ui
