// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/policy/document.h>
#include <core/projection/evidence_table.h>
#include <core/routing/attempt_machine.h>
#include <core/routing/compiled_policy.h>

#include <QString>
#include <QStringList>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace signalbox::ui {

// "Try a request" without its widgets: what would happen if a model were down, and in which words.

/// What a model is made to do.
enum class WhatIf {
    AsMeasured, ///< answers in the median time of its recorded answers
    Rejected,   ///< likewise, but no cascade accepts its answer
    RateLimited,
    ServerError,
    Unreachable,
    Silent,   ///< accepts the request and never answers
    Withheld, ///< by a content filter
    CutOff,
};
inline constexpr int kWhatIfCount = 8;
[[nodiscard]] QString whatIfWords(WhatIf outcome);
/// The same for a stored test; nothing for a model that is left alone.
[[nodiscard]] std::optional<ForcedOutcome> forcedOutcomeOf(const ModelId& model, WhatIf outcome);

/// How fast a model answers and fails.
struct ModelCourse
{
    double firstTokenMs = 1'000;
    double totalMs = 4'000;
    double failingMs = 50;   ///< until a failure is known
    std::size_t answers = 0; ///< recorded ones behind it; 0: the times are assumed
    bool operator==(const ModelCourse&) const = default;
};
/// Medians over the evidence; the defaults above where there is none.
[[nodiscard]] ModelCourse courseOf(const EvidenceTable* evidence, const ModelId& model);

/// The plan with its splits and pools drawn. @param arms  plan path of a split or pool to the arm or
/// member drawn; the first one where it is not named
[[nodiscard]] Plan drawn(const Plan& plan, const std::map<std::string, std::size_t>& arms,
                         const std::string& path = {});

struct TriedPlan
{
    PlanOutcome outcome;
    bool endless = false; ///< a silent model is waited for without a bound
    QString headline;     ///< "gpt-4 answers; the user sees it begin after 1.6 s."
    QStringList notes;    ///< what was assumed or measured
};
/// Carries the plan out against what its models are made to do.
[[nodiscard]] TriedPlan tryPlan(const Plan& plan,
                                const std::map<std::string, WhatIf>& outcomes,
                                const EvidenceTable* evidence);

/// Models whose answers a user can get to see: those that only check are none. In the order of
/// first mention.
[[nodiscard]] std::vector<ModelId> askedModelsOf(const Plan& plan);
/// Whether a cascade holds an answer of the plan against anything.
[[nodiscard]] bool isChecked(const Plan& plan);

/// What a test must make models do for the way that was tried, if anything was forced: what was
/// forced of those that were asked, and that those hang that were too slow as measured.
[[nodiscard]] std::vector<ForcedOutcome>
keptOutcomes(const PlanOutcome& tried, const std::map<std::string, WhatIf>& outcomes);

/// "Arm 2 of “Split by conversation”: 93.1 % falls into the last 10 %." And which member a pool
/// picks.
[[nodiscard]] QStringList armSentences(const PolicyDocument& document, const Trace& trace);

} // namespace signalbox::ui
