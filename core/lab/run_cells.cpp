// SPDX-License-Identifier: GPL-3.0-or-later
#include "run_cells.h"

#include <core/base/random.h>

#include <algorithm>
#include <utility>

namespace signalbox {

bool isTerminal(CellState state)
{
    return state == CellState::Done || state == CellState::Stopped || state == CellState::Failed;
}

bool isAnswered(const Answer& answer)
{
    return answer.state == AnswerState::Done || answer.state == AnswerState::Truncated ||
           answer.state == AnswerState::Refused;
}

RunCells::RunCells(const LabPlan& plan) : m_plan(&plan), m_conversations(plan.prompts)
{
    m_hasConversations = std::ranges::any_of(
        plan.prompts, [](const LabPrompt& prompt) { return !prompt.follows.isEmpty(); });
    m_cells.resize(plan.prompts.size() * plan.models.size() *
                   static_cast<std::size_t>(plan.samples));
}

std::size_t RunCells::indexOf(const CellId& id) const
{
    return (id.prompt * m_plan->models.size() + id.model) *
               static_cast<std::size_t>(m_plan->samples) +
           static_cast<std::size_t>(id.sample);
}

std::vector<CellId> RunCells::ids() const
{
    std::vector<CellId> ids;
    ids.reserve(m_cells.size());
    for (std::size_t prompt = 0; prompt < m_plan->prompts.size(); ++prompt) {
        for (int sample = 0; sample < m_plan->samples; ++sample) {
            for (std::size_t model = 0; model < m_plan->models.size(); ++model)
                ids.push_back({prompt, model, sample});
        }
    }
    return ids;
}

void RunCells::blank(const CellId& id)
{
    Cell& cell = at(id);
    const LabPrompt& prompt = m_plan->prompts[id.prompt];
    const ModelSpec& model = m_plan->models[id.model];
    cell.answer = {};
    cell.answer.prompt = prompt.id;
    cell.answer.segment = prompt.segment;
    cell.answer.model = model.id;
    cell.answer.sample = id.sample;
    cell.answer.styleGuide = model.styleGuide;
    cell.answer.simulated = model.provider == "simulator";
    cell.status.clear();
    if (const auto before = m_conversations.before(id.prompt))
        cell.status = "after turn " + std::to_string(m_conversations.turn(*before));
    cell.heldBack = false;
    cell.waits = false;
    cell.after = 0;
    setState(id, CellState::Queued);
}

void RunCells::setState(const CellId& id, CellState state)
{
    Cell& cell = at(id);
    const bool was = isTerminal(cell.state);
    const bool is = isTerminal(state);
    if (was != is)
        m_settled = is ? m_settled + 1 : m_settled - 1;
    cell.state = state;
}

const std::string* RunCells::replyOf(const CellId& id) const
{
    const Cell& cell = at(id);
    const bool isThere =
        cell.state == CellState::Done && isAnswered(cell.answer) && !cell.answer.text.empty();
    return isThere ? &cell.answer.text : nullptr;
}

std::optional<std::vector<std::string>> RunCells::repliesBefore(const CellId& id) const
{
    if (m_conversations.isCutOff(id.prompt))
        return std::nullopt;
    std::vector<std::string> replies;
    for (auto row = m_conversations.before(id.prompt); row; row = m_conversations.before(*row)) {
        const std::string* const reply = replyOf({*row, id.model, id.sample});
        if (!reply)
            return std::nullopt;
        replies.push_back(*reply);
    }
    std::ranges::reverse(replies);
    return replies;
}

std::optional<LabPrompt> RunCells::promptOf(const CellId& id) const
{
    const auto replies = repliesBefore(id);
    if (!replies)
        return std::nullopt;
    LabPrompt prompt = m_plan->prompts[id.prompt];
    prompt.messages = withReplies(prompt.messages, *replies);
    return prompt;
}

std::uint64_t RunCells::saidBefore(const CellId& id) const
{
    const auto replies = repliesBefore(id);
    if (!replies || replies->empty())
        return 0;
    std::string all; // with lengths, so that no two lists run together to the same
    for (const std::string& reply : *replies)
        all += std::to_string(reply.size()) + '\n' + reply;
    return stableHash(all);
}

LabProgress RunCells::progress() const
{
    LabProgress progress;
    progress.total = m_cells.size();
    for (const Cell& cell : m_cells) {
        progress.finished += isTerminal(cell.state);
        progress.failed += cell.state == CellState::Failed;
        progress.stopped += cell.state == CellState::Stopped;
        progress.heldBack += cell.heldBack;
        if (!isTerminal(cell.state))
            continue;
        if (cell.answer.cost)
            progress.spent = progress.spent.value_or(Money{}) + *cell.answer.cost;
        else
            ++progress.unpriced;
    }
    return progress;
}

} // namespace signalbox
