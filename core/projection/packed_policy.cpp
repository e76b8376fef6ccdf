// SPDX-License-Identifier: Apache-2.0
#include "packed_policy.h"

#include <core/base/parallel.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <string>
#include <utility>

namespace signalbox {

namespace {

constexpr std::size_t kSimulatedRowsPerThread = 512;

/// A plan that some policy takes, and what its numbers mean in the document.
struct TakenPlan
{
    PlanReplay* replay = nullptr;
    const std::vector<std::uint16_t>* modelOf = nullptr; ///< document model of each plan model
    std::uint8_t tier = 0;
};

std::vector<TakenPlan> takenPlans(std::span<const ReplayedPolicy* const> policies)
{
    std::vector<TakenPlan> taken;
    for (const ReplayedPolicy* policy : policies) {
        std::vector<bool> isTaken(policy->replays.size(), false);
        for (std::size_t row = 0; row < policy->plan.size(); ++row) {
            const std::uint32_t plan = policy->plan[row];
            if (isTaken[plan])
                continue;
            isTaken[plan] = true;
            if (std::ranges::find(taken, policy->replays[plan], &TakenPlan::replay) == taken.end())
                taken.push_back({policy->replays[plan], &policy->modelOf[plan],
                                 static_cast<std::uint8_t>(policy->tier[row])});
        }
    }
    return taken;
}

Result<void> simulate(const std::vector<TakenPlan>& plans, std::size_t rows,
                      const ProjectionOptions& options)
{
    std::atomic<bool> isStopped = false;
    forBlocks(rows, kSimulatedRowsPerThread, [&](std::size_t begin, std::size_t end) {
        for (const TakenPlan& plan : plans) {
            PlanSimulator simulator(plan.replay->key().plan);
            for (std::size_t row = begin; row < end && !isStopped; ++row) {
                if (row % 256 == 0 && options.stop && options.stop->load())
                    isStopped = true;
                plan.replay->ensure(row, simulator);
            }
        }
    });
    if (isStopped)
        return fail(ErrorCode::Cancelled, "The replay was stopped.");
    return {};
}

/// The columns of one choice, before they are packed.
struct ChoiceStore
{
    std::vector<std::int64_t> cost;
    std::vector<double> quality;
    std::vector<float> latencyMs;
    std::vector<std::uint8_t> voice;

    [[nodiscard]] ChoiceColumns columns() const { return {cost, quality, latencyMs, voice}; }
};

double qualityOf(const TakenPlan& plan, const ReplayGround& ground, std::size_t row)
{
    const PlanReplay::Row& outcome = plan.replay->row(row);
    if (outcome.served == PlanReplay::kUnanswered)
        return 0;
    const int model = plan.replay->evidenceModel(static_cast<std::size_t>(outcome.served));
    if (model < 0 || outcome.overriding >= 0)
        return std::nan("");
    return std::isnan(outcome.satisfied)
               ? ground.satisfied(static_cast<std::size_t>(model), ground.prompt(row))
               : static_cast<double>(outcome.satisfied);
}

Result<ChoiceStore> columnsOf(const TakenPlan& plan, const ReplayGround& ground)
{
    const std::size_t rows = ground.traffic().rowCount();
    ChoiceStore store;
    store.cost.reserve(rows);
    store.quality.reserve(rows);
    store.latencyMs.reserve(rows);
    store.voice.reserve(rows);
    for (std::size_t row = 0; row < rows; ++row) {
        const PlanReplay::Row& outcome = plan.replay->row(row);
        store.cost.push_back(plan.replay->totalCost(row));
        store.quality.push_back(qualityOf(plan, ground, row));
        store.latencyMs.push_back(outcome.firstTokenMs);
        store.voice.push_back(outcome.served == PlanReplay::kUnanswered
                                  ? PackedRows::kUnanswered
                                  : static_cast<std::uint8_t>(
                                        (*plan.modelOf)[static_cast<std::size_t>(outcome.served)]));
        if (store.cost.back() == PlanReplay::kUnknownCost || std::isnan(store.quality.back()))
            return fail(ErrorCode::Unsupported,
                        "The cost or the quality of a request is unknown under a plan.",
                        "request " + std::to_string(row));
    }
    return store;
}

void hearVoices(const PolicyDocument& document, const EvidenceTable& evidence, PackedPlans& packed)
{
    packed.noticeability = NoticeabilityTable(packed.rows.voiceCount());
    std::vector<bool> isHeard(packed.rows.voiceCount(), false);
    for (std::size_t row = 0; row < packed.rows.rowCount(); ++row) {
        for (std::size_t k = 0; k < packed.rows.choiceCount(); ++k) {
            if (const std::uint8_t voice = packed.rows.voiceAt(row, k);
                voice != PackedRows::kUnanswered)
                isHeard[voice] = true;
        }
    }
    for (std::size_t a = 0; a < isHeard.size(); ++a) {
        for (std::size_t b = 0; b < a; ++b) {
            if (!isHeard[a] || !isHeard[b])
                continue;
            const double nu = noticeabilityOf(evidence, evidence.modelIndex(document.models[a].id),
                                              evidence.modelIndex(document.models[b].id));
            packed.areVoicesHeard &= !std::isnan(nu);
            packed.noticeability.set(a, b, std::isnan(nu) ? 0 : nu);
        }
    }
}

} // namespace

std::vector<std::uint8_t> PackedPlans::choicesOf(const ReplayedPolicy& policy) const
{
    std::vector<std::uint8_t> choiceOf;
    for (const PlanReplay* replay : policy.replays)
        choiceOf.push_back(
            static_cast<std::uint8_t>(std::ranges::find(plans, replay) - plans.begin()));
    std::vector<std::uint8_t> choices;
    choices.reserve(policy.plan.size());
    for (const std::uint32_t plan : policy.plan)
        choices.push_back(choiceOf[plan]);
    return choices;
}

ReplayQuestion PackedPlans::question(bool perSlice) const
{
    ReplayQuestion question;
    question.noticeability = areVoicesHeard ? &noticeability : nullptr;
    question.perSlice = perSlice;
    question.tierOf = tierOf;
    return question;
}

Result<PackedPlans> packPlans(std::span<const ReplayedPolicy* const> policies,
                              const PolicyDocument& document, const ReplayGround& ground,
                              const ProjectionOptions& options)
{
    const std::vector<TakenPlan> taken = takenPlans(policies);
    if (taken.size() > PackedRows::kMostChoices || document.models.size() > PackedRows::kMostVoices)
        return fail(ErrorCode::Unsupported, "A packed replay holds up to 64 plans and models.");
    const Traffic& traffic = ground.traffic();
    if (const Result<void> done = simulate(taken, traffic.conversationOf.size(), options); !done)
        return Unexpected(done.error());
    std::vector<ChoiceStore> stores;
    std::vector<ChoiceColumns> columns;
    PackedPlans packed;
    for (const TakenPlan& plan : taken) {
        Result<ChoiceStore> store = columnsOf(plan, ground);
        if (!store)
            return Unexpected(store.error());
        stores.push_back(std::move(*store));
        packed.plans.push_back(plan.replay);
        packed.tierOf.push_back(plan.tier);
    }
    for (const ChoiceStore& store : stores)
        columns.push_back(store.columns());
    RowColumns rows;
    rows.conversationOf = traffic.conversationOf;
    rows.segmentOf = traffic.segmentOf;
    rows.choices = columns;
    Result<PackedRows> packedRows = PackedRows::pack(rows);
    if (!packedRows)
        return Unexpected(packedRows.error());
    packed.rows = std::move(*packedRows);
    hearVoices(document, ground.evidence(), packed);
    return packed;
}

} // namespace signalbox
