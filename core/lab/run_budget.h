// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lab_plan.h"
#include "run_caps.h"

#include <core/evidence/ledger_table.h>
#include <core/voice/answer.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace signalbox {

/// A call as a cell may come to it.
struct AskedCall
{
    const ModelSpec* model = nullptr;
    std::optional<int> maxTokens = {}; ///< of its answer; nullopt: as its window allows
    std::string styleGuide = {};       ///< as this call has it
    /// Of an answer that it reads besides the prompt; 0: it reads none.
    std::int64_t readsTokens = 0;
};
/// As a model's own column makes it.
[[nodiscard]] AskedCall plainCall(const LabPlan& plan, const ModelSpec& model);

/// What a call may take at worst: the longest answer that it may give, and its prompt by a
/// tokenizer that makes twice the tokens of ours.
struct WorstCase
{
    std::optional<Money> cost;          ///< nullopt: no price, or no greatest length
    std::optional<std::int64_t> tokens; ///< nullopt: no greatest length
};

/// Keeps a run inside its caps: no call is sent whose worst case could pass one, with what is under
/// way at its worst, too. Of what has ended its cost counts, and where that is not known its worst.
/// Costs nothing while there are no caps. Owned by a LabRun; the plan outlives it.
class RunBudget
{
public:
    /// The calls that a cell may come to, where that is not its column's one: those of a policy.
    using CallsAsked = std::function<std::vector<AskedCall>(const CellId&)>;
    /// A later turn of a conversation with the replies before it; nullopt while one is missing.
    using PromptOf = std::function<std::optional<LabPrompt>(const CellId&)>;
    explicit RunBudget(const LabPlan& plan, CallsAsked callsAsked = {}, PromptOf promptOf = {});

    /// What a run that is taken over has asked before.
    /// @param lost  of calls that no answer shows, from its plan
    /// @return `lost`, and what was under way now
    RunSpending takeOver(const RunLedger& ledger, const RunSpending& lost);
    [[nodiscard]] WorstCase worstOf(const CellId& cell) const;

    void noteStarted(const CellId& cell);
    void noteEnded(const CellId& cell, const Answer& answer);
    void noteGivenUp(const CellId& cell); ///< it was under way, and nobody waits for its end
    void noteUnsent(const CellId& cell);  ///< refused before its first word; nothing is billed
    /// A cell that is under way comes to one call more than it was started with.
    void noteMore(const CellId& cell, const AskedCall& call);

    /// Time counts from here to noteIdle().
    void noteBusy(std::int64_t nowMs);
    void noteIdle(std::int64_t nowMs);

    /// Why the cell is not sent, if a cap is in the way. `waiting` is for the caller to fill.
    [[nodiscard]] std::optional<CapReached> obstacleTo(const CellId& cell,
                                                       std::int64_t nowMs) const;
    /// The same of a call of a cell that is under way.
    /// @param more  nullptr: one of those that it was started with, so that only time is in its way
    [[nodiscard]] std::optional<CapReached>
    obstacleToMore(const CellId& cell, const AskedCall* more, std::int64_t nowMs) const;
    [[nodiscard]] RunSpending spent(std::int64_t nowMs) const; ///< ended calls
    [[nodiscard]] std::size_t underWay() const { return m_underWay.size(); }

private:
    /// A call whose cost or tokens nobody has told: its worst case counts once there are caps.
    struct Untold
    {
        std::optional<CellId> cell; ///< nullopt: the plan has it no more
        bool ofCost = false, ofTokens = false;
        WorstCase worst; ///< as it was sent; without numbers if there were no caps then
    };
    /// What became of a cell's call, or of the calls of a policy's cell.
    struct Outcome
    {
        WorstCase worst; ///< Untold::worst
        std::optional<Money> cost = {};
        std::optional<std::int64_t> inputTokens = {}, outputTokens = {};
        bool isEmpty = false; ///< it failed before its first word
        std::optional<FailureKind> failure = {};
        std::string route = {}; ///< of a policy
    };
    void count(const Outcome& outcome, const std::optional<CellId>& cell);
    void count(const std::optional<Money>& cost, std::optional<std::int64_t> tokens,
               const std::optional<CellId>& cell, const WorstCase& worst);
    void countAtWorst(RunSpending& sum, const Untold& untold) const;
    [[nodiscard]] std::optional<CellId> cellOf(const LedgerCall& call) const;
    [[nodiscard]] const WorstCase& dearest() const;
    [[nodiscard]] std::int64_t inputOf(const CellId& cell, const AskedCall& call,
                                       std::int64_t longest) const;
    [[nodiscard]] std::int64_t wordsOf(const CellId& cell) const;
    [[nodiscard]] WorstCase worstOf(const CellId& cell, const AskedCall& call) const;
    [[nodiscard]] WorstCase nowOf(const CellId& cell, const WorstCase& atStart) const;
    [[nodiscard]] CapReached reachedBy(const ModelSpec& model, std::int64_t nowMs) const;
    [[nodiscard]] std::optional<CapReached>
    obstacleBy(CapReached reached, const std::function<WorstCase()>& worstOfNext) const;

    const LabPlan* m_plan;
    CallsAsked m_callsAsked;
    PromptOf m_promptOf;
    RunSpending m_spent; ///< what is told of it
    std::vector<Untold> m_untold;
    std::map<CellId, WorstCase> m_underWay;
    mutable std::map<std::size_t, std::int64_t> m_counted; ///< o200k tokens by prompt
    mutable std::optional<WorstCase> m_dearest;            ///< once it is asked for
    std::optional<std::int64_t> m_busySinceMs;
};

} // namespace signalbox
