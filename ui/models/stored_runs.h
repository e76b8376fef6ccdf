// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/lab/lab_run.h>
#include <core/sample/support_desk.h>

#include <QString>

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <vector>

namespace signalbox::ui {

/// A run of this program's earlier life whose answers a table shows.
struct StoredAnswers
{
    RunSummary run;
    std::size_t shown = 0; ///< of its answers, those to the present prompts and models
};

/// Any run of the store as it was, to be looked at.
struct ShownRun
{
    RunSummary info;
    LabPlan plan; ///< its prompts and models as they were then, without prices
    bool isFromElsewhere = false;
};
/// NotFound if there is no such run, ParseError if what it was to ask cannot be read.
[[nodiscard]] Result<ShownRun> shownRun(EvidenceStore& store, const RunId& id,
                                        const std::vector<SamplePrompt>& samplePrompts);

/// The newest run in the store, if a crash or a closed window interrupted it.
struct InterruptedRun
{
    RunSummary info;
    QString obstacle; ///< a sentence: why it cannot go on; empty: it can
};

/// What the last run was asked, as far as a new table can begin with it.
struct LastChoices
{
    std::vector<LabPrompt> own;               ///< the person's, newest first
    std::optional<std::size_t> samplePrompts; ///< nullopt: others than the sample's first
    std::set<ModelId> left;                   ///< models that were left out and are still there
    std::vector<Variant> variants;            ///< of models that are still there
    int samples = 1;
    Asking asking;
};

/// At most so many, newest first; of none: none. A store may hold many runs: whoever looks at a few
/// asks for a few.
[[nodiscard]] std::vector<RunSummary> newestRuns(EvidenceStore* store, int most);
/// Of the newest run that asked a model of the policy; other runs were of other work. The choices
/// of a program's first start if there is none.
[[nodiscard]] LastChoices lastChoices(EvidenceStore* store, const std::vector<ModelSpec>& models,
                                      const std::vector<SamplePrompt>& samplePrompts);
/// What a plan asked, as choices for a table; see toPlanJson(). nullopt if none of these models
/// was asked.
[[nodiscard]] std::optional<LastChoices>
choicesOfPlan(const std::string& planJson, const std::vector<ModelSpec>& models,
              const std::vector<SamplePrompt>& samplePrompts);
/// Whether a run asked any of these models, whatever the policy was called.
[[nodiscard]] bool asksAnyOf(const RunSummary& run, const std::vector<ModelSpec>& models);
/// Why a plan is not the one of the run: a sentence; empty if it is.
[[nodiscard]] QString obstacleTo(const RunSummary& run, const LabPlan& plan);

/// A run that shows what the newest fitting one of the store recorded, or an empty one.
struct FilledRun
{
    std::unique_ptr<LabRun> run;
    std::optional<StoredAnswers> stored;
    QString obstacle; ///< why answers that are stored are not shown: a sentence, or empty
};
/// @param makeRun  an empty run of the table's plan; all are of the same one
[[nodiscard]] FilledRun filledFrom(EvidenceStore* store,
                                   const std::function<std::unique_ptr<LabRun>()>& makeRun);

} // namespace signalbox::ui
