// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "conversation.h"
#include "lab_plan.h"

#include <core/voice/answer.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace signalbox {

enum class CellState { Queued, Waiting, Writing, Done, Stopped, Failed };
/// Done, stopped or failed: nothing more comes by itself.
[[nodiscard]] bool isTerminal(CellState state);

struct Cell
{
    CellState state = CellState::Queued;
    Answer answer;         ///< text grows while writing; complete when done
    std::string status;    ///< one phrase: "retrying in 2 s: rate limit"
    bool heldBack = false; ///< stopped by holdBack(): never asked
    bool waits = false;    ///< stopped because a turn before it has no reply: never asked
    /// Of a later turn of a conversation: RunCells::saidBefore() as it was asked.
    std::uint64_t after = 0;
};

/// Whether a model was paid for this answer: no later attempt without one may take its place.
[[nodiscard]] bool isAnswered(const Answer& answer);

struct LabProgress
{
    std::size_t total = 0, finished = 0, failed = 0, stopped = 0, running = 0;
    std::size_t heldBack = 0; ///< of the stopped ones
    /// Of the finished ones.
    [[nodiscard]] std::size_t answered() const { return finished - failed - stopped; }
    std::optional<Money> spent; ///< known part
    std::size_t unpriced = 0;   ///< finished cells of unknown cost
};

/// The book of a run's cells: one for each prompt, model and repeat of its plan. Knows their states
/// and sends nothing. Owned by a LabRun, whose plan it looks into.
class RunCells
{
public:
    explicit RunCells(const LabPlan& plan);

    [[nodiscard]] Cell& at(const CellId& id) { return m_cells[indexOf(id)]; }
    [[nodiscard]] const Cell& at(const CellId& id) const { return m_cells[indexOf(id)]; }
    /// By prompt, then repeat, then model: the order in which they are asked.
    [[nodiscard]] std::vector<CellId> ids() const;

    /// As if it was never asked.
    void blank(const CellId& id);
    void setState(const CellId& id, CellState state);
    [[nodiscard]] bool areSettled() const { return m_settled == m_cells.size(); }

    [[nodiscard]] const Conversations& conversations() const { return m_conversations; }
    [[nodiscard]] bool hasConversations() const { return m_hasConversations; }
    /// What the next turn goes on from; null: there is no such text.
    [[nodiscard]] const std::string* replyOf(const CellId& id) const;
    /// The prompt with what the cell's model, in this repeat, answered to the turns before; nullopt
    /// while one of these has no reply.
    [[nodiscard]] std::optional<LabPrompt> promptOf(const CellId& id) const;
    /// Tells these replies from others; 0 while one is missing, or if it needs none.
    [[nodiscard]] std::uint64_t saidBefore(const CellId& id) const;

    /// Without LabProgress::running. O(n).
    [[nodiscard]] LabProgress progress() const;

private:
    [[nodiscard]] std::size_t indexOf(const CellId& id) const;

    [[nodiscard]] std::optional<std::vector<std::string>> repliesBefore(const CellId& id) const;

    const LabPlan* m_plan;
    Conversations m_conversations; ///< of the plan's prompts
    bool m_hasConversations = false;
    std::vector<Cell> m_cells;
    std::size_t m_settled = 0;
};

} // namespace signalbox
