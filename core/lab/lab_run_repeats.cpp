// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab_run_parts.h"

#include <algorithm>
#include <utility>

namespace signalbox {

void LabRun::setPolicy(std::shared_ptr<const PolicyColumn> policy)
{
    const bool isSame =
        m_impl->plan.policy && policy && m_impl->plan.policy->spec().id == policy->spec().id;
    if (m_impl->active || !isSame)
        return;
    m_impl->plan.policy = std::move(policy);
    m_impl->lane.decideAnew();
    for (const CellId& id : m_impl->lane.cells()) {
        const Cell& cell = m_impl->cells.at(id);
        const bool wasAsked = isTerminal(cell.state) && !cell.heldBack;
        if (wasAsked && !m_impl->lane.isPresent(id, cell.answer))
            m_impl->setAside(id);
        if (!wasAsked || m_impl->cells.at(id).heldBack)
            m_impl->takeUp(id);
    }
    emit progressChanged();
}

void LabRun::rerun(const CellId& id)
{
    const std::vector<CellId> asked = m_impl->turnsToAsk(id);
    for (const CellId& each : asked)
        m_impl->askAgain(each);
    if (!isPaused()) {
        start();
        return;
    }
    for (auto each = asked.rbegin(); each != asked.rend(); ++each) {
        std::erase(m_impl->queue, *each);
        m_impl->queue.push_front(*each);
    }
    emit progressChanged();
}

void LabRun::rerunFailed()
{
    for (const CellId& id : rest()) {
        m_impl->record.forget(id);
        m_impl->enqueue(id);
    }
    start();
}

std::vector<CellId> LabRun::rest() const
{
    std::vector<CellId> ids = m_impl->cells.ids();
    std::erase_if(ids, [this](const CellId& id) {
        const Cell& cell = m_impl->cells.at(id);
        if (cell.state != CellState::Failed && cell.state != CellState::Stopped)
            return true;
        return m_impl->record.isUnwritten(id) && isAnswered(cell.answer); // about to be written
    });
    return ids;
}

/// What goes on from the cell stays until the cell has another answer; see goOnAfter().
void LabRun::Impl::askAgain(const CellId& id)
{
    const auto taker = takerOf(id);
    giveUp(id);
    dropHeld(id);
    std::erase(queue, id);
    // What was paid for is written before the repeat is: the store has both.
    if (isAnsweredWhole(id)) {
        earlier[id] = {cells.at(id).answer, cells.at(id).after};
        own.insert(id);
    }
    record.forget(id);
    enqueue(id);
    if (!taker)
        return;
    // Of the answer that is replaced: it takes the new one, or goes back to what it had.
    giveUp(*taker);
    if (cells.at(*taker).state == CellState::Done || isAnsweredWhole(*taker))
        earlier[*taker] = {cells.at(*taker).answer, cells.at(*taker).after};
    record.forget(*taker);
    enqueue(*taker);
}

/// What is under way of the cell.
void LabRun::Impl::giveUp(const CellId& id)
{
    const auto entry = running.find(id);
    if (entry == running.end())
        return;
    record.released(id, entry->second.attempt.ticket());
    pacing.noteGivenUp(entry->second.call);
    budget.noteGivenUp(id);
    letGo(std::move(entry->second.stream));
    running.erase(entry);
    turnsAsked.erase(id);
}

/// Whether the cell has an answer that nothing will be added to, on disk or about to be.
bool LabRun::Impl::isAnsweredWhole(const CellId& id) const
{
    const Cell& cell = cells.at(id);
    const bool isOver = cell.state == CellState::Done || record.isUnwritten(id);
    return isOver && isAnswered(cell.answer);
}

/// A repeat that gave no answer leaves the cell with the answer it had, as it leaves the store.
bool LabRun::Impl::returnToEarlier(const CellId& id, const AnswerEnd& end)
{
    const auto kept = earlier.find(id);
    if (kept == earlier.end() || isAnswered(cells.at(id).answer))
        return false;
    if (kept->second.after != cells.saidBefore(id))
        return false; // it went on from other answers than there are now
    cells.at(id).answer = std::move(kept->second.answer);
    cells.at(id).after = kept->second.after;
    settle(id);
    cells.at(id).status = end.failure.empty()
                              ? "the repeat was stopped; the earlier answer stays"
                              : "the repeat failed, the earlier answer stays: " + end.failure;
    emit q->cellChanged(id);
    QMetaObject::invokeMethod(q, [this] { settleWritten({}); }, Qt::QueuedConnection);
    return true;
}

/// Of a policy that was changed since; a run that only shows what was knows none to compare with.
bool LabRun::Impl::isOfAnotherWay(const CellId& id, const Answer& answer) const
{
    return lane.has(id) && plan.policy && !lane.isPresent(id, answer);
}

/// The policy's cell that took this answer, to be seen there or on the way to one.
std::optional<CellId> LabRun::Impl::takerOf(const CellId& id) const
{
    const auto policys = lane.besides(id);
    if (!policys)
        return std::nullopt;
    std::optional<PolicyRoute> route;
    const auto entry = running.find(*policys);
    if (entry != running.end() && entry->second.course)
        route = entry->second.course->course().route;
    else if (cells.at(*policys).state == CellState::Done || record.isUnwritten(*policys))
        route = parseRoute(cells.at(*policys).answer.route);
    return route && lane.hasTaken(*route, id) ? policys : std::nullopt;
}

/// An answer that the policy would not give now.
void LabRun::Impl::setAside(const CellId& id)
{
    Cell& cell = cells.at(id);
    keepWay(id, cell.answer);
    enqueue(id);
    queue.pop_back();
    cell.status.clear();
    cell.heldBack = true;
    cells.setState(id, CellState::Stopped);
    emit q->cellChanged(id);
}

/// One that it gave before, if it did.
void LabRun::Impl::takeUp(const CellId& id)
{
    const auto known = otherWays.find({id, lane.printOf(id)});
    if (known == otherWays.end())
        return;
    std::erase(queue, id);
    cells.at(id).answer = known->second;
    cells.at(id).after = cells.saidBefore(id);
    cells.at(id).heldBack = false;
    cells.at(id).waits = false;
    settle(id);
}

} // namespace signalbox
