// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lab_plan.h"
#include "plan_stream.h"
#include "run_budget.h"

#include <core/providers/endpoint.h>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace signalbox {

/// The column of a policy in a run: what each of its cells waits for, takes from a model's column,
/// or sends. Owned by its LabRun, whose plan it looks into.
class PolicyLane
{
public:
    /// What it sees of the run.
    struct Surroundings
    {
        /// Of a model's cell: its answer if there is one worth taking, else null.
        std::function<const Answer*(const CellId&)> answerOf;
        /// Whether the cell will be answered without anybody's doing; of a run that is not active,
        /// if it is asked with the policy's.
        std::function<bool(const CellId&)> isComing;
        /// Whether one call more may go to this model now.
        std::function<bool(const ModelSpec&)> hasRoom;
        /// A prompt as the cell is asked it: of a later turn of a conversation, with what the
        /// cell's column answered before; nullopt while an answer is missing.
        std::function<std::optional<LabPrompt>(const CellId&)> promptOf;
        /// Whether a person asked for another answer of this cell of the policy.
        std::function<bool(const CellId&)> wantsOwn;
        /// Whether a call of a started cell may be sent as far as the run's caps go; it is sent
        /// then.
        /// @param more  null: the call was counted when the cell was started
        std::function<bool(const CellId&, const AskedCall* more)> maySend;
        /// A call of a started cell is held back.
        std::function<void()> noteHeld;
    };
    PolicyLane(const LabPlan& plan, const ProviderRegistry& providers, Surroundings run);

    [[nodiscard]] bool has(const CellId& id) const { return m_column == id.model; }
    [[nodiscard]] std::vector<CellId> cells() const;
    /// The plan's policy is another one now.
    void decideAnew();

    /// Why the cell cannot be asked at all: a sentence; empty: it can.
    [[nodiscard]] const std::string& problem() const;
    /// Whether its first call need not wait.
    [[nodiscard]] bool mayStart(const CellId& id) const;
    [[nodiscard]] std::unique_ptr<PlanStream> start(const CellId& id) const;
    /// Whether the policy would answer it in the same way now.
    [[nodiscard]] bool isPresent(const CellId& id, const Answer& answer) const;
    [[nodiscard]] const std::string& printOf(const CellId& id) const;
    /// The calls that a cell may have to send itself as things stand, the first one first, at their
    /// worst; those that it will take from a model's column are not among them.
    struct OwnCalls
    {
        std::vector<AskedCall> calls; ///< of models of the policy
        bool isFirstTaken = false;    ///< if all goes well nothing is sent
    };
    [[nodiscard]] OwnCalls ownCalls(const CellId& id) const;
    /// The policy's cell of the same prompt and repeat; nullopt: this is one, or there is none.
    [[nodiscard]] std::optional<CellId> besides(const CellId& id) const;
    /// Whether a call on this way took the answer of a cell in this one's column.
    [[nodiscard]] bool hasTaken(const PolicyRoute& route, const CellId& id) const;

private:
    [[nodiscard]] bool isOwn(const CellId& id) const;
    [[nodiscard]] bool gives(const CellId& there, bool mayWait) const;
    [[nodiscard]] PlanStream::Permission leaveFor(const CellId& id, const ModelSpec& model,
                                                  std::optional<std::size_t> column,
                                                  bool mayWait) const;
    [[nodiscard]] std::optional<std::size_t> columnOf(const CellId& id, const ModelSpec& model,
                                                      const ChatRequest& request) const;
    template<class PromptOf>
    [[nodiscard]] std::optional<std::size_t> columnThatAsks(const ModelSpec& model,
                                                            const ChatRequest& request,
                                                            const PromptOf& promptOf) const;

    const LabPlan* m_plan;
    const ProviderRegistry* m_providers;
    Surroundings m_run;
    std::optional<std::size_t> m_column;
    /// What the policy does with a prompt, and where that begins, so that a long queue is looked
    /// through quickly.
    struct Way
    {
        LabPrompt prompt; ///< of a later turn, with what was said before it; else empty
        PolicyColumn::Decided decided = {};
        const ModelSpec* first = nullptr;       ///< of the policy
        std::optional<std::size_t> column = {}; ///< that makes the same first call, for all repeats
    };
    [[nodiscard]] bool canDecide() const;
    [[nodiscard]] bool isLaterTurn(const CellId& id) const;
    [[nodiscard]] Way wayOf(const CellId& id, const LabPrompt& prompt) const;
    [[nodiscard]] const Way* wayOf(const CellId& id) const;
    [[nodiscard]] std::optional<std::size_t> firstColumn(const CellId& id, const Way& way) const;

    std::vector<Way> m_ways;               ///< by prompt; none if there is a problem
    mutable std::map<CellId, Way> m_turns; ///< of later turns, as far as they were asked for
};

/// How many of the calls under way go to this server.
[[nodiscard]] std::ptrdiff_t callsAt(const Endpoint& server,
                                     const std::vector<const ModelSpec*>& underWay);

} // namespace signalbox
