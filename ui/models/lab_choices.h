// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "stored_runs.h"

#include <core/lab/lab_plan.h>

#include <cstddef>
#include <optional>
#include <set>
#include <vector>

namespace signalbox::ui {

/// What a person chose to ask, and whom: the prompts and columns of the next table. A value; the
/// with…() functions give what a change would make of it.
struct LabChoices
{
    static constexpr std::size_t kUsualPrompts = 60; ///< of the sample

    std::vector<LabPrompt> own; ///< the person's, newest first
    bool onlyOwn = false;
    std::size_t sampleCount = kUsualPrompts;
    std::set<ModelId> left; ///< models of the policy that are not taken
    std::vector<Variant> variants;
    int samples = 1;
    Asking asking;

    /// As the last run left them.
    [[nodiscard]] static LabChoices after(LastChoices last);
    /// The same as a run records them.
    [[nodiscard]] LastChoices recorded() const;

    /// Whether the sample's prompts are left out while there are others.
    [[nodiscard]] bool sendsOnlyOwn() const { return onlyOwn && !own.empty(); }
    /// They come first; one whose words are there already takes its place anew.
    [[nodiscard]] LabChoices withPrompts(std::vector<LabPrompt> prompts) const;
    /// One of the person's own gone, of a conversation all turns; nullopt: it is not there.
    [[nodiscard]] std::optional<LabChoices> withoutPrompt(const PromptId& id) const;
    [[nodiscard]] LabChoices withModel(const ModelId& id, bool chosen) const;
    /// After the others; nullopt: it is there, asks nothing otherwise, or of none of these models.
    [[nodiscard]] std::optional<LabChoices> withVariant(const Variant& variant,
                                                        const std::vector<ModelSpec>& models) const;
    /// nullopt: it is not there.
    [[nodiscard]] std::optional<LabChoices> withoutVariant(const ModelId& column) const;
    /// What is of none of these models is passed over.
    [[nodiscard]] LabChoices withLineUp(const LineUp& lineUp,
                                        const std::vector<ModelSpec>& models) const;
    [[nodiscard]] LineUp lineUp() const; ///< without a name
};

/// How a run goes about its calls, whatever it asks. A value.
struct RunTerms
{
    bool triesAgain = true; ///< a call that failed before its first word
    bool reuses = false;    ///< answers that are stored to exactly the same request
    RunCaps caps;

    [[nodiscard]] int retries() const { return triesAgain ? kUsualRetries : 0; }
    [[nodiscard]] LabPlan::Reuse reuse() const
    {
        return reuses ? LabPlan::Reuse::ExactRequest : LabPlan::Reuse::Never;
    }
};

} // namespace signalbox::ui
