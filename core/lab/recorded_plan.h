// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "line_up.h"
#include "own_prompts.h"
#include "run_caps.h"

#include <core/evidence/stored_run.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace signalbox {

/// What a run was to ask, as the store keeps it: enough to know it again, to go on with it, and to
/// begin where it was left.
struct RecordedPlan
{
    /// How one model is asked. An address that cannot be used may hold a password: it is empty.
    struct Asked
    {
        ModelId model;
        std::string upstreamModel, baseUrl, styleGuide;
    };

    std::vector<PromptId> prompts;
    /// The words of a person's own prompts, also of those that the run asked once and not now; none
    /// in older runs.
    std::map<PromptId, LabPrompt> own;
    std::vector<ModelId> models;
    std::vector<ModelId> leftOut; ///< LabPlan::leftOut; none in older runs
    int samples = 1;
    /// Nobody was asked: answers that somebody else had recorded.
    bool isFromElsewhere = false;
    /// False in runs of versions that did not keep it; then nothing of `asking` is held against
    /// them.
    bool saysAsking = false;
    Asking asking = {std::nullopt, std::nullopt, std::nullopt};
    /// By their columns' names; also those that the run asked once and not now.
    std::map<ModelId, Variant> variants;
    /// Also of models that the run asked once and not now.
    std::vector<Asked> asked;
    RunCaps caps; ///< none in older runs
    /// Of calls that were under way when their program was lost: no answer shows it, at worst.
    RunSpending lost;
};

[[nodiscard]] RecordedPlan recordedPlanOf(const LabPlan& plan);
/// Adds what the run asked before and `plan` does not ask now: the answers are still in the run, so
/// their typed prompts and how their models were asked have to stay known.
void keepWhatWasAsked(RecordedPlan& plan, const RecordedPlan& before);
/// Whether the run may hold an answer of this model, asked in any way.
[[nodiscard]] bool hasAsked(const RecordedPlan& plan, const ModelId& model);
/// For EvidenceStore::beginRun().
[[nodiscard]] std::string toPlanJson(const RecordedPlan& plan);
/// What is there is taken, what older versions did not write is left at its default. ParseError if
/// the text is no plan at all.
[[nodiscard]] Result<RecordedPlan> parsePlanJson(const RunSummary& run);

/// The first thing about how models are asked in which two plans differ; nullopt: alike, as far as
/// both say it. Prompts, models and samples may be others.
struct PlanDifference
{
    enum class What { TokenLimit, Temperature, Seed, UpstreamModel, BaseUrl, StyleGuide };
    What what;
    ModelId model; ///< empty for what all are asked with
};
[[nodiscard]] std::optional<PlanDifference> differenceOf(const RecordedPlan& before,
                                                         const RecordedPlan& now);
[[nodiscard]] std::string toString(const PlanDifference& difference); ///< "styleGuide of gpt-4"

} // namespace signalbox
