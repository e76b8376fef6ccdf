// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab_answers.h"

#include <core/lab/cell_attempt.h>
#include <core/voice/policy_route.h>

#include <algorithm>

namespace signalbox::ui {

namespace {

/// Held back, or waiting for a turn before it, it was not.
bool wasAsked(const Cell& cell)
{
    return cell.state == CellState::Done || cell.state == CellState::Failed ||
           (cell.state == CellState::Stopped && !cell.heldBack && !cell.waits);
}

} // namespace

std::vector<CellId> cellsOf(const LabPlan& plan)
{
    std::vector<CellId> all;
    for (std::size_t prompt = 0; prompt < plan.prompts.size(); ++prompt) {
        for (std::size_t model = 0; model < plan.models.size(); ++model) {
            for (int sample = 0; sample < plan.samples; ++sample)
                all.push_back({prompt, model, sample});
        }
    }
    return all;
}

std::vector<Answer> answersOf(const LabRun& run)
{
    std::vector<Answer> all;
    for (const CellId& id : cellsOf(run.plan())) {
        if (const Cell& cell = run.cell(id); wasAsked(cell))
            all.push_back(cell.answer);
    }
    return all;
}

Result<std::vector<StoredAnswer>> earlierAnswersOf(const LabRun& run, const CellId& id,
                                                   EvidenceStore* store)
{
    if (!store || !run.id())
        return std::vector<StoredAnswer>();
    const auto draft = store->draft(*run.id());
    if (!draft)
        return Unexpected(draft.error());
    const LabPlan& plan = run.plan();
    const auto row =
        std::ranges::find(draft->prompts, plan.prompts[id.prompt].id, &StoredPrompt::id);
    const auto lane =
        std::ranges::find(draft->lanes, LaneId(plan.models[id.model].id.value), &StoredLane::id);
    if (row == draft->prompts.end() || lane == draft->lanes.end())
        return std::vector<StoredAnswer>();
    auto attempts =
        store->attempts(*run.id(), {static_cast<int>(row - draft->prompts.begin()),
                                    static_cast<int>(lane - draft->lanes.begin()), id.sample});
    if (!attempts)
        return attempts;
    const Answer& shown = run.cell(id).answer;
    std::erase_if(*attempts, [&](const StoredAnswer& answer) {
        return answer.recordedAtMs == shown.recordedAtMs && answer.text == shown.text;
    });
    return attempts;
}

/// Of an answer that is not priced anew, its cost when it was recorded: stated by the provider, or
/// the model is no more, is asked otherwise, or has no price now.
std::optional<Money> presentCostOf(const LabRun& run, const CellId& id, const PresentPolicy& policy)
{
    const Answer& answer = run.cell(id).answer;
    if (const auto route = parseRoute(answer.route))
        return route->cost();
    const ModelSpec& asked = run.plan().models[id.model];
    const auto present = policy.present(run.plan(), asked.id);
    if (answer.reused || answer.costStated || !present || !present->price ||
        !answersAlike(asked, *present))
        return answer.cost;
    return costOf(answer, *present);
}

std::optional<Money> presentSpendingOf(const LabRun& run, const PresentPolicy& policy)
{
    std::optional<Money> sum;
    for (const CellId& id : cellsOf(run.plan())) {
        if (!isTerminal(run.cell(id).state))
            continue;
        const bool isPolicys = run.isPolicyCell(id); // what it took was not billed
        if (const auto cost = isPolicys ? run.cell(id).answer.cost : presentCostOf(run, id, policy))
            sum = sum.value_or(Money{}) + *cost;
    }
    return sum;
}

} // namespace signalbox::ui
