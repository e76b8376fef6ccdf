// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lab_plan.h"
#include "run_forecast.h"

#include <core/base/result.h>
#include <core/evidence/tasting_table.h>
#include <core/tasting/judge_plan.h>
#include <core/tasting/judgement.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace signalbox {

/// What came of one call of a judge, as the store keeps it.
struct JudgeRecord
{
    enum class State {
        Sent,   ///< and no more is known: its program was lost, or it is under way
        Said,   ///< something, readable or not: it is not asked again
        Failed, ///< no answer came
    };
    State state = State::Sent;
    std::string text;       ///< as it came
    std::string failure;    ///< a sentence; of a failed one
    bool isBilled = true;   ///< whether a failed one may be on the bill
    std::string requestKey; ///< exactRequestKey(); of one that was said
    std::string servedModel;
    std::optional<Money> cost = {}; ///< nullopt: unknown
    std::optional<std::int64_t> inputTokens = {};
    std::optional<std::int64_t> outputTokens = {};
    bool areTokensEstimated = false;
    std::optional<double> firstTokenMs = {};
    std::optional<double> totalMs = {};
    bool isReused = false; ///< taken from an earlier judging's same request; nobody was asked
    bool operator==(const JudgeRecord&) const = default;
};

/// A model as the judge of a tasting, with everything that it said so far. A value.
struct Judging
{
    JudgingNumber number = 0; ///< 0: not in a store
    JudgePlan plan;
    RunCaps caps;
    /// What calls took that came to nothing and were asked again, at worst where nobody knows.
    RunSpending lost;
    std::map<std::size_t, JudgeRecord> records; ///< by place in the plan
    std::int64_t begunAtMs = 0;

    /// Places of the calls that nothing was said to yet.
    [[nodiscard]] std::vector<std::size_t> open() const;
    [[nodiscard]] std::vector<JudgeReply> replies() const;
    bool operator==(const Judging&) const = default;
};

/// Without the calls, which are written as their own.
[[nodiscard]] StoredJudging toStored(const Judging& judging);
[[nodiscard]] StoredJudgeCall toStored(std::size_t call, const JudgeRecord& record,
                                       std::int64_t nowMs);
/// ParseError with the JSON path.
[[nodiscard]] Result<Judging> judgingFrom(const StoredJudging& stored);

/// Who is to judge, as a plan names them; the address only if it can be used, for it may hold a
/// password else.
[[nodiscard]] JudgePlan judgePlanFor(const ModelSpec& judge);
/// Whether the model is still asked as the plan says.
[[nodiscard]] bool isAskedAs(const JudgePlan& plan, const ModelSpec& judge);

/// Calls of a judge as a lab sends them: its prompts are the calls, its one model the judge without
/// the style guide that it has for users. The answer is short, but some models think first.
inline constexpr int kMostVerdictTokens = 1024;
[[nodiscard]] LabPlan labPlanOf(const JudgePlan& plan, const std::vector<std::size_t>& calls,
                                const Tasting& tasting, const ModelSpec& judge);

/// What the same judge has said to exactly the same requests under other judgings: of the open
/// calls of this one, by place. It is taken, and nobody is asked.
[[nodiscard]] std::map<std::size_t, JudgeRecord> knownReplies(const Judging& judging,
                                                              const std::vector<Judging>& others,
                                                              const Tasting& tasting,
                                                              const ModelSpec& judge);
/// The open calls that are left to be sent then.
[[nodiscard]] std::vector<std::size_t> callsToSend(const Judging& judging,
                                                   const std::vector<Judging>& others,
                                                   const Tasting& tasting, const ModelSpec& judge);

/// What the calls would take, by the same forecast as a run's. Learns from what this judge has said
/// in these judgings; the verdicts of nobody else, and no answers, are as short. Until it has said
/// enough, verdicts are taken to be as long as the question asks for.
[[nodiscard]] RunForecast judgeForecast(const LabPlan& lab, const std::vector<Judging>& judgings,
                                        const std::vector<AccountLimits>& limits,
                                        double simulatorSpeed, const PriceBook& book, Day day);

} // namespace signalbox
