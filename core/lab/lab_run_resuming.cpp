// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab_run_parts.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>

namespace signalbox {

Result<void> LabRun::mayResume(const RunSummary& run) const
{
    const auto recorded = parsePlanJson(run);
    if (!recorded)
        return Unexpected(recorded.error());
    if (const auto difference = differenceOf(*recorded, recordedPlanOf(m_impl->plan)))
        return fail(ErrorCode::InvalidArgument,
                    "this run was asked otherwise: " + toString(*difference) +
                        " is not the same now",
                    run.id.value, "start a new run, or go back to how it was asked");
    return {};
}

Result<std::size_t> LabRun::resumeFrom(const RunId& run)
{
    if (!m_impl->store)
        return fail(ErrorCode::InvalidArgument, "there is no evidence store to resume from");
    const auto info = m_impl->store->run(run);
    if (!info)
        return Unexpected(info.error());
    if (const auto same = mayResume(*info); !same)
        return Unexpected(same.error());
    auto answers = m_impl->store->answers(run);
    if (!answers)
        return Unexpected(answers.error());
    for (const Answer& answer : *answers)
        m_impl->lastRecordedAtMs = std::max(m_impl->lastRecordedAtMs, answer.recordedAtMs);
    const auto before = parsePlanJson(*info);
    if (!before || !before->isFromElsewhere)
        dropOutOfStep(*answers, m_impl->plan.prompts);
    auto interrupted = m_impl->store->interrupted(run);
    if (!interrupted)
        return Unexpected(interrupted.error());
    for (Answer& answer : *interrupted) {
        answer.failure = "interrupted; this is its text so far";
        answers->push_back(std::move(answer));
    }
    std::map<std::tuple<PromptId, ModelId, int>, Answer*> recorded;
    for (Answer& answer : *answers)
        recorded[{answer.prompt, answer.model, answer.sample}] = &answer;
    if (before)
        m_impl->planBefore = *before;
    if (m_impl->plan.caps.isEmpty())
        m_impl->plan.caps = m_impl->planBefore.caps;
    if (const auto taken = m_impl->takeSpending(run); !taken)
        return Unexpected(taken.error());
    m_impl->closed = info->isOver();
    std::size_t taken = 0;
    for (const CellId& id : m_impl->cells.ids()) {
        const auto found = recorded.find(
            {m_impl->plan.prompts[id.prompt].id, m_impl->plan.models[id.model].id, id.sample});
        if (found == recorded.end())
            continue;
        if (m_impl->isOfAnotherWay(id, *found->second)) {
            m_impl->takeUp(id);
            taken += m_impl->cells.at(id).state == CellState::Done;
            continue;
        }
        if (!hasAnswer(*found->second)) {
            m_impl->attempts[id] = std::move(*found->second);
            continue;
        }
        std::erase(m_impl->queue, id);
        m_impl->cells.at(id).answer = std::move(*found->second);
        m_impl->cells.at(id).after = m_impl->cells.saidBefore(id);
        m_impl->settle(id);
        ++taken;
    }
    m_impl->record.takeOver(run);
    emit progressChanged();
    return taken;
}

Result<void> LabRun::Impl::takeSpending(const RunId& run)
{
    const auto ledger = store->ledger(run);
    if (!ledger)
        return Unexpected(ledger.error());
    for (const LedgerCall& call : ledger->calls)
        lastRecordedAtMs = std::max(lastRecordedAtMs, call.endedAtMs);
    lost = budget.takeOver(*ledger, planBefore.lost);
    return takeOtherWays(run, *ledger);
}

/// What the policy answered on ways that it went before the last one: it was paid for. What it took
/// from columns alone is not in the ledger, and is there to be taken again.
Result<void> LabRun::Impl::takeOtherWays(const RunId& run, const RunLedger& ledger)
{
    std::map<std::pair<PromptId, int>, std::set<std::string>> prints;
    for (const LedgerCall& call : ledger.calls) {
        if (const auto route = parseRoute(call.route))
            prints[{call.prompt, call.repeat}].insert(route->print);
    }
    if (prints.empty() || !plan.policy)
        return {};
    const auto draft = store->draft(run);
    if (!draft)
        return Unexpected(draft.error());
    const auto column =
        std::ranges::find(draft->lanes, LaneId(plan.policy->spec().id.value), &StoredLane::id);
    for (const CellId& id : lane.cells()) {
        const PromptId& prompt = plan.prompts[id.prompt].id;
        const auto row = std::ranges::find(draft->prompts, prompt, &StoredPrompt::id);
        const auto its = prints.find({prompt, id.sample});
        if (its == prints.end() || its->second == std::set{lane.printOf(id)} ||
            row == draft->prompts.end() || column == draft->lanes.end())
            continue;
        const auto made =
            store->attempts(run, {static_cast<int>(row - draft->prompts.begin()),
                                  static_cast<int>(column - draft->lanes.begin()), id.sample});
        if (!made)
            return Unexpected(made.error());
        for (const StoredAnswer& attempt : *made) {
            if (Answer answer = answerOf(cells.at(id).answer, attempt); hasAnswer(answer))
                keepWay(id, std::move(answer));
        }
    }
    return {};
}

/// Of the policy, for when it goes that way again.
void LabRun::Impl::keepWay(const CellId& id, Answer answer)
{
    if (const auto route = parseRoute(answer.route))
        otherWays[{id, route->print}] = std::move(answer);
}

void LabRun::holdBack()
{
    if (m_impl->active)
        return;
    for (const CellId& id : std::exchange(m_impl->queue, {})) {
        if (const auto attempt = m_impl->attempts.find(id); attempt != m_impl->attempts.end()) {
            m_impl->cells.at(id).answer = std::move(attempt->second);
            m_impl->settle(id);
            continue;
        }
        m_impl->cells.at(id).heldBack = true;
        m_impl->cells.at(id).status.clear();
        m_impl->cells.setState(id, CellState::Stopped);
        emit cellChanged(id);
    }
    m_impl->attempts.clear();
    emit progressChanged();
}

} // namespace signalbox
