// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lab_plan.h"

#include <core/voice/answer.h>

#include <cstddef>
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
    /// Without LabProgress::running. O(n).
    [[nodiscard]] LabProgress progress() const;

private:
    [[nodiscard]] std::size_t indexOf(const CellId& id) const;

    const LabPlan* m_plan;
    std::vector<Cell> m_cells;
    std::size_t m_settled = 0;
};

} // namespace signalbox
