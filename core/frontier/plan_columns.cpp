// SPDX-License-Identifier: Apache-2.0
#include "plan_columns.h"

#include <core/base/parallel.h>
#include <core/projection/replayed_policy.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

namespace signalbox {

namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kRowsPerThread = 512;

double satisfiedOf(const PlanReplay& replay, const ReplayGround& ground, std::size_t row)
{
    const PlanReplay::Row& outcome = replay.row(row);
    if (outcome.served == PlanReplay::kUnanswered)
        return 0;
    const int model = replay.evidenceModel(static_cast<std::size_t>(outcome.served));
    if (model < 0 || outcome.overriding >= 0)
        return kMissing;
    return std::isnan(outcome.satisfied)
               ? ground.satisfied(static_cast<std::size_t>(model), ground.prompt(row))
               : static_cast<double>(outcome.satisfied);
}

} // namespace

PlanColumnCache::PlanColumnCache(const PolicyDocument& document, const ReplayGround& ground,
                                 std::vector<std::uint32_t> rows, std::uint64_t seed,
                                 int outageMinutes, std::size_t byteLimit)
    : m_document(document), m_ground(ground), m_rows(std::move(rows)), m_seed(seed),
      m_outageMinutes(outageMinutes), m_byteLimit(byteLimit)
{
    const EvidenceTable& evidence = ground.evidence();
    for (const ModelSpec& a : document.models) {
        for (const ModelSpec& b : document.models)
            m_noticeability.push_back(
                noticeabilityOf(evidence, evidence.modelIndex(a.id), evidence.modelIndex(b.id)));
    }
}

std::int16_t PlanColumnCache::voiceOf(const Call& call)
{
    const auto same = std::ranges::find_if(m_otherwise, [&](const Call& known) {
        return known.model == call.model && known.overrides == call.overrides;
    });
    const auto place = same - m_otherwise.begin();
    if (same == m_otherwise.end())
        m_otherwise.push_back(call);
    return static_cast<std::int16_t>(std::ssize(m_document.models) + place);
}

bool PlanColumnCache::simulate(const Plan& plan, PlanColumns& columns,
                               const std::atomic<bool>* stop)
{
    PlanReplay replay(PlanReplay::keyOf(plan, m_document, m_seed, m_outageMinutes), m_ground);
    std::vector<std::int16_t> voices; // of the plan's models, then of its calls that ask otherwise
    for (const PlanReplay::Key::Model& model : replay.key().models)
        voices.push_back(static_cast<std::int16_t>(
            std::ranges::find(m_document.models, model.id, &ModelSpec::id) -
            m_document.models.begin()));
    const std::size_t models = voices.size();
    for (const Call* call : replay.overridingCalls())
        voices.push_back(voiceOf(*call));
    columns.costPico.resize(m_rows.size());
    columns.satisfied.resize(m_rows.size());
    columns.firstTokenMs.resize(m_rows.size());
    columns.voice.resize(m_rows.size());
    std::atomic<bool> isStopped = false;
    forBlocks(m_rows.size(), kRowsPerThread, [&](std::size_t begin, std::size_t end) {
        PlanSimulator simulator(replay.key().plan);
        for (std::size_t i = begin; i < end && !isStopped; ++i) {
            if (i % 256 == 0 && stop && stop->load())
                isStopped = true;
            const std::size_t row = m_rows[i];
            replay.ensure(row, simulator);
            const PlanReplay::Row& outcome = replay.row(row);
            const std::int64_t cost = replay.totalCost(row);
            columns.costPico[i] =
                cost == PlanReplay::kUnknownCost ? kMissing : static_cast<double>(cost);
            columns.satisfied[i] = satisfiedOf(replay, m_ground, row);
            columns.firstTokenMs[i] = outcome.firstTokenMs;
            columns.voice[i] = outcome.served == PlanReplay::kUnanswered ? PlanColumns::kUnanswered
                               : outcome.overriding >= 0
                                   ? voices[models + static_cast<std::size_t>(outcome.overriding)]
                                   : voices[static_cast<std::size_t>(outcome.served)];
        }
    });
    ++m_simulated;
    return !isStopped;
}

Result<std::vector<const PlanColumns*>> PlanColumnCache::get(std::span<const Plan> plans,
                                                             const std::atomic<bool>* stop)
{
    std::vector<const PlanColumns*> found;
    for (const Plan& plan : plans) {
        const auto kept = std::ranges::find(m_kept, plan, &Kept::plan);
        if (kept != m_kept.end()) {
            m_kept.splice(m_kept.end(), m_kept, kept);
        } else {
            m_kept.push_back({plan, {}});
            if (!simulate(plan, m_kept.back().columns, stop)) {
                m_kept.pop_back();
                return fail(ErrorCode::Cancelled, "The search was stopped.");
            }
        }
        found.push_back(&m_kept.back().columns);
    }
    while (m_kept.size() > plans.size() && byteCount() > m_byteLimit)
        m_kept.pop_front(); // those that were asked for now are the last ones
    return found;
}

} // namespace signalbox
