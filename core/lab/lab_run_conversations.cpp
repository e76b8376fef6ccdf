// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab_run_parts.h"

#include <algorithm>

namespace signalbox {

namespace {

/// Of a turn that gave the next one nothing to go on from: "failed".
std::string whatBecameOf(const Cell& cell)
{
    switch (cell.state) {
    case CellState::Failed:
        return "failed";
    case CellState::Stopped:
        return cell.heldBack ? "was not asked" : "was stopped";
    default:
        return cell.answer.state == AnswerState::Filtered ? "was withheld" : "said nothing";
    }
}

} // namespace

/// Whether the turn before has no reply yet, or never will.
bool LabRun::Impl::waitsForTurn(const CellId& id) const
{
    const auto before = cells.conversations().before(id.prompt);
    return before && !cells.replyOf({*before, id.model, id.sample});
}

/// As the cell would be asked if these were the answers to turns before that have none yet.
std::optional<LabPrompt>
LabRun::Impl::promptWith(const CellId& id, const std::map<CellId, CachedAnswer>& answers) const
{
    if (!waitsForTurn(id))
        return cells.promptOf(id);
    std::vector<std::string> replies;
    for (auto row = cells.conversations().before(id.prompt); row;
         row = cells.conversations().before(*row)) {
        const CellId before{*row, id.model, id.sample};
        const std::string* const reply = cells.replyOf(before);
        const auto known = answers.find(before);
        if (!reply && known == answers.end())
            return std::nullopt;
        replies.push_back(reply ? *reply : known->second.answer.text);
    }
    std::ranges::reverse(replies);
    LabPrompt prompt = plan.prompts[id.prompt];
    prompt.messages = withReplies(prompt.messages, replies);
    return prompt;
}

/// As it was sent; what was answered before may have changed since.
const LabPrompt& LabRun::Impl::promptSent(const CellId& id) const
{
    const auto sent = turnsAsked.find(id);
    return sent == turnsAsked.end() ? plan.prompts[id.prompt] : sent->second;
}

/// Turns whose conversation has come to an end before them. They were never sent, so the store
/// knows nothing of them, and they are asked once the turn before has an answer.
void LabRun::Impl::stopWaitingTurns()
{
    if (!active || !cells.hasConversations())
        return;
    const auto endOf = [this](const CellId& id) -> const Cell* {
        const auto before = cells.conversations().before(id.prompt);
        if (!before)
            return nullptr;
        const Cell& cell = cells.at({*before, id.model, id.sample});
        return isTerminal(cell.state) && waitsForTurn(id) ? &cell : nullptr;
    };
    for (auto place = queue.begin(); place != queue.end();) {
        const CellId id = *place;
        const Cell* const before = endOf(id);
        if (!before) {
            ++place;
            continue;
        }
        place = queue.erase(place);
        dropHeld(id);
        Cell& cell = cells.at(id);
        const auto row = cells.conversations().before(id.prompt);
        cell.status = before->waits
                          ? before->status // the turn that the one before waits for
                          : "waits for turn " + std::to_string(cells.conversations().turn(*row)) +
                                ", which " + whatBecameOf(*before);
        cell.answer.state = AnswerState::Stopped;
        cell.waits = true;
        cells.setState(id, CellState::Stopped);
        emit q->cellChanged(id);
    }
}

/// The cell has settled: what goes on from it may be asked, and what went on from another answer is
/// asked anew.
void LabRun::Impl::goOnAfter(const CellId& id)
{
    if (!active || !cells.hasConversations())
        return;
    const Cell& cell = cells.at(id);
    if (cell.state == CellState::Done && !waitsForTurn(id) && cell.after != cells.saidBefore(id)) {
        askAnew(id); // an answer before it was replaced while it was written
        return;
    }
    std::vector<CellId> ready;
    for (const std::size_t row : cells.conversations().after(id.prompt)) {
        const CellId later{row, id.model, id.sample};
        if (!cells.replyOf(id))
            continue;
        const Cell& next = cells.at(later);
        const bool isStale = next.state == CellState::Done && next.after != cells.saidBefore(later);
        if (next.waits || isStale)
            askAnew(later);
        if (next.state == CellState::Queued)
            ready.push_back(later);
    }
    takeKnownTurns(ready);
}

/// The turn and all that go on from it; in a run that is to stop they are stopped. What was there
/// stays in the store as earlier answers.
void LabRun::Impl::askAnew(const CellId& id)
{
    record.forget(id);
    earlier.erase(id);
    own.erase(id);
    dropHeld(id);
    std::erase(queue, id);
    enqueue(id);
    if (stopping) {
        queue.pop_back();
        cells.at(id).status.clear();
        cells.at(id).answer.state = AnswerState::Stopped;
        cells.setState(id, CellState::Stopped);
        emit q->cellChanged(id);
    }
    for (const std::size_t row : cells.conversations().after(id.prompt)) {
        const CellId later{row, id.model, id.sample};
        if (const Cell& cell = cells.at(later); cell.waits || cell.state == CellState::Done)
            askAnew(later);
    }
}

void LabRun::Impl::takeKnownTurns(const std::vector<CellId>& turns)
{
    if (plan.reuse == LabPlan::Reuse::Never || stopping || turns.empty())
        return;
    std::vector<CellId> wanted = turns;
    std::erase_if(wanted, [this](const CellId& id) { return earlier.count(id) > 0; });
    std::map<CellId, CachedAnswer> answers;
    if (const auto known = knownOf(wanted, answers); !known)
        return; // a store that cannot be asked says so when something is to be kept
    for (const auto& [id, answer] : answers)
        takeKnown(id, answer);
}

/// The cell, behind those before it in its conversation that nobody would ask without it.
std::vector<CellId> LabRun::Impl::turnsToAsk(const CellId& id) const
{
    std::vector<CellId> path = {id};
    for (auto row = cells.conversations().before(id.prompt); row;
         row = cells.conversations().before(*row)) {
        const CellId before{*row, id.model, id.sample};
        if (cells.replyOf(before) || !isTerminal(cells.at(before).state))
            break;
        path.push_back(before);
    }
    std::ranges::reverse(path);
    return path;
}

} // namespace signalbox
