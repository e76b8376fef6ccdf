// SPDX-License-Identifier: Apache-2.0
#include "replayed_policy.h"

#include "latency.h"
#include "meters.h"
#include "traffic_keys.h"

#include <core/base/parallel.h>
#include <core/policy/document_uses.h>
#include <core/routing/column_decider.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <map>
#include <unordered_map>
#include <utility>

namespace signalbox {

namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();
constexpr double kTokensPerMTok = 1e6;
constexpr std::size_t kKeptPlans = 64;
constexpr std::size_t kKeptLenders = 4;
constexpr std::size_t kRoutedRowsPerThread = 8192;
constexpr std::size_t kSimulatedRowsPerThread = 512;
constexpr std::size_t kMostPrefilledRows = 400'000;

bool isStopped(const ProjectionOptions& options)
{
    return options.stop && options.stop->load(std::memory_order_relaxed);
}

std::vector<std::uint16_t> documentModelsOf(const PlanReplay::Key& key,
                                            const PolicyDocument& document)
{
    std::vector<std::uint16_t> models;
    for (const PlanReplay::Key::Model& model : key.models) {
        const auto found = std::ranges::find(document.models, model.id, &ModelSpec::id);
        models.push_back(static_cast<std::uint16_t>(found - document.models.begin()));
    }
    return models;
}

/// Asks the one decision function about rows, and keeps what it says.
class RowDecider
{
public:
    RowDecider(const CompiledPolicy& policy, const ReplayGround& ground, SignalColumns& columns,
               ReplayedPolicy& result)
        : m_policy(policy), m_traffic(ground.traffic()), m_columns(columns), m_result(result)
    {
        const PolicyDocument& document = policy.document();
        bool hasPools = false;
        forEachPlan(document, [&hasPools](const Plan& plan) {
            forEachPlanNode(plan, [&hasPools](const Plan& node) {
                hasPools |= std::holds_alternative<Pool>(node.node);
            });
        });
        if (hasPools)
            m_live = liveNumbersOf(document, ground);
        const std::size_t rows = m_traffic.rowCount();
        result.rule.resize(rows);
        result.tier.resize(rows);
        result.plan.resize(rows);
        result.byMargin.resize(rows);
    }

    /// All of them, where none depends on those before it.
    void decideAll()
    {
        const ColumnDecider decider(
            m_policy, m_columns.columns(),
            ColumnDecider::needsStyles(m_policy) ? &m_columns.requestStyles() : nullptr);
        std::vector<ColumnDecider::Claim> claims(m_traffic.rowCount());
        forBlocks(claims.size(), kRoutedRowsPerThread, [&](std::size_t begin, std::size_t end) {
            decider.claim(begin, std::span(claims).subspan(begin, end - begin));
            for (std::size_t row = begin; row < end; ++row) {
                const ColumnDecider::Claim claim = claims[row];
                keep(row, decider.decisionOf(claim,
                                             decider.isDrawn(claim) ? keysOf(row) : RoutingKeys()));
            }
        });
    }

    /// One by one in the order of time, as meters want it.
    /// @param costOf  (row): what the request costs once it is decided
    template<class CostOf> void decideInTurn(Meters& meters, const CostOf& costOf)
    {
        std::vector<SignalSlot> slots(slotCount());
        for (const std::uint32_t row : meters.order()) {
            m_columns.read(row, slots);
            meters.read(row, slots);
            m_policy.addUpScores(slots, keysOf(row));
            decide(row, slots);
            meters.count(row, costOf(row));
        }
        m_result.meterMisses = meters.missing();
    }

private:
    [[nodiscard]] std::size_t slotCount() const { return m_policy.document().signalList.size(); }

    [[nodiscard]] RoutingKeys keysOf(std::size_t row) const
    {
        RoutingKeys keys = routingKeysOf(m_traffic, row);
        keys.live = m_live;
        return keys;
    }

    void decide(std::size_t row, std::span<const SignalSlot> slots)
    {
        keep(row, m_policy.route(slots, keysOf(row)));
    }

    void keep(std::size_t row, const Decision& decision)
    {
        m_result.rule[row] = decision.rule;
        m_result.plan[row] = static_cast<std::uint32_t>(decision.planIndex);
        m_result.tier[row] = static_cast<std::uint16_t>(decision.firstModel);
        m_result.byMargin[row] = decision.isUncertain;
    }

    const CompiledPolicy& m_policy;
    const Traffic& m_traffic;
    SignalColumns& m_columns;
    ReplayedPolicy& m_result;
    std::vector<LiveNumbers> m_live;
};

/// One thread's simulators, one per replay that it met.
class Simulators
{
public:
    void ensure(PlanReplay& replay, std::size_t row)
    {
        if (replay.row(row).known)
            return;
        auto found = m_simulators.find(&replay);
        if (found == m_simulators.end())
            found = m_simulators.emplace(&replay, PlanSimulator(replay.key().plan)).first;
        replay.ensure(row, found->second);
    }

private:
    std::unordered_map<const PlanReplay*, PlanSimulator> m_simulators;
};

Result<void> simulateRows(ReplayedPolicy& replayed, std::size_t rows,
                          const ProjectionOptions& options, bool everyPlan)
{
    std::vector<PlanReplay*> prefilled;
    if (everyPlan && replayed.replays.size() * rows <= kMostPrefilledRows)
        std::ranges::copy_if(replayed.replays, std::back_inserter(prefilled),
                             [](const PlanReplay* replay) { return replay != nullptr; });
    std::atomic<bool> stopped = false;
    forBlocks(rows, kSimulatedRowsPerThread, [&](std::size_t begin, std::size_t end) {
        Simulators simulators;
        for (std::size_t row = begin; row < end; ++row) {
            if (row % 256 == 0 && isStopped(options)) {
                stopped = true;
                return;
            }
            simulators.ensure(*replayed.replays[replayed.plan[row]], row);
            simulators.ensure(*replayed.baseline, row);
            for (PlanReplay* replay : prefilled)
                simulators.ensure(*replay, row);
        }
    });
    if (stopped)
        return fail(ErrorCode::Cancelled, "The projection was stopped.");
    return {};
}

/// Gives each pair of voices that meets in a conversation a number; 0 is "the same voice".
class VoicePairs
{
public:
    VoicePairs(const EvidenceTable& evidence, MeasuredRows& rows)
        : m_evidence(evidence), m_rows(rows)
    {
        m_rows.noticeability.push_back(0);
        m_rows.evidencePair.push_back(MeasuredRows::kNoPair);
    }

    std::uint16_t pair(std::int32_t servedA, int evidenceA, std::int32_t servedB, int evidenceB)
    {
        if (servedA == servedB)
            return 0;
        const auto [entry, isNew] = m_known.emplace(std::minmax(servedA, servedB), 0);
        if (isNew) {
            entry->second = static_cast<std::uint16_t>(m_rows.noticeability.size());
            const double nu = noticeabilityOf(m_evidence, evidenceA, evidenceB);
            m_rows.noticeability.push_back(nu);
            m_rows.evidencePair.push_back(
                std::isnan(nu) ? MeasuredRows::kNoPair
                               : m_evidence.pairIndex(static_cast<std::size_t>(evidenceA),
                                                      static_cast<std::size_t>(evidenceB)));
        }
        return entry->second;
    }

private:
    const EvidenceTable& m_evidence;
    MeasuredRows& m_rows;
    std::map<std::pair<std::int32_t, std::int32_t>, std::uint16_t> m_known;
};

void findSeams(const ReplayedPolicy& replayed, const ReplayGround& ground, MeasuredRows& rows)
{
    VoicePairs pairs(ground.evidence(), rows);
    const std::size_t count = rows.rowCount();
    rows.previous.assign(count, -1);
    rows.voicePair.assign(count, 0);
    std::int32_t lastAnswered = -1;
    for (std::size_t row = 0; row < count; ++row) {
        if (row > 0 && rows.conversation[row] != rows.conversation[row - 1])
            lastAnswered = -1;
        const std::int32_t voice = replayed.servedVoice(row);
        if (voice == ReplayedRows::kUnanswered)
            continue;
        if (lastAnswered >= 0) {
            const auto before = static_cast<std::size_t>(lastAnswered);
            rows.previous[row] = lastAnswered;
            rows.voicePair[row] =
                pairs.pair(replayed.servedVoice(before), replayed.servedEvidence(before), voice,
                           replayed.servedEvidence(row));
        }
        lastAnswered = static_cast<std::int32_t>(row);
    }
}

void numberPatterns(const ReplayedPolicy& replayed, MeasuredRows& rows)
{
    std::unordered_map<FailurePattern, std::uint16_t> numbers;
    for (std::size_t row = 0; row < rows.rowCount(); ++row) {
        const FailurePattern pattern =
            replayed.row(row).pattern | replayed.baseline->row(row).pattern;
        const auto [entry, isNew] =
            numbers.emplace(pattern, static_cast<std::uint16_t>(rows.patterns.size()));
        if (isNew)
            rows.patterns.push_back(pattern);
        rows.pattern.push_back(entry->second);
    }
}

/// Number of parts that two documents share, place by place.
std::size_t likenessOf(const PolicyDocument& a, const PolicyDocument& b)
{
    std::size_t equal = std::size_t{a.otherwise == b.otherwise} + (a.decideBy == b.decideBy) +
                        (a.holdout == b.holdout) + (a.models == b.models) +
                        (a.answerStyle == b.answerStyle);
    for (std::size_t i = 0; i < std::min(a.rules.size(), b.rules.size()); ++i)
        equal += a.rules[i] == b.rules[i];
    for (std::size_t i = 0; i < std::min(a.signalList.size(), b.signalList.size()); ++i)
        equal += a.signalList[i] == b.signalList[i];
    return equal;
}

double costOrMissing(std::int64_t cost)
{
    return cost == PlanReplay::kUnknownCost ? kMissing : static_cast<double>(cost);
}

} // namespace

PlanReplay& PlanReplays::get(PlanReplay::Key key)
{
    const auto found =
        std::ranges::find_if(m_replays, [&](const auto& replay) { return replay->key() == key; });
    if (found != m_replays.end())
        std::rotate(found, found + 1, m_replays.end());
    else
        m_replays.push_back(std::make_unique<PlanReplay>(std::move(key), m_ground));
    return *m_replays.back();
}

void PlanReplays::trim()
{
    if (m_replays.size() > kKeptPlans)
        m_replays.erase(m_replays.begin(),
                        m_replays.end() - static_cast<std::ptrdiff_t>(kKeptPlans));
}

std::int32_t ReplayedPolicy::served(std::size_t at) const
{
    const std::int16_t model = row(at).served;
    return model == PlanReplay::kUnanswered ? ReplayedRows::kUnanswered
                                            : modelOf[plan[at]][static_cast<std::size_t>(model)];
}

int ReplayedPolicy::servedEvidence(std::size_t at) const
{
    const std::int16_t model = row(at).served;
    return model == PlanReplay::kUnanswered || row(at).overriding >= 0
               ? -1
               : replays[plan[at]]->evidenceModel(static_cast<std::size_t>(model));
}

std::int32_t ReplayedPolicy::servedVoice(std::size_t at) const
{
    const std::int16_t overriding = row(at).overriding;
    return overriding < 0 ? served(at) : voiceOf[plan[at]][static_cast<std::size_t>(overriding)];
}

std::int64_t ReplayedPolicy::cost(std::size_t at) const
{
    return replays[plan[at]]->totalCost(at);
}

Result<ReplayedPolicy> replayPolicy(const PolicyDocument& document, const ReplayGround& ground,
                                    SignalColumns& columns, PlanReplays& replays,
                                    std::optional<CompiledPolicy>& lastCompiled,
                                    const ProjectionOptions& options, bool everyPlan)
{
    Result<CompiledPolicy> compiled =
        CompiledPolicy::compile(document, lastCompiled ? &*lastCompiled : nullptr, options.styles);
    if (!compiled)
        return Unexpected(compiled.error());
    if (const Result<void> selected = columns.select(document, options.styles); !selected)
        return Unexpected(selected.error());

    ReplayedPolicy result;
    RowDecider decider(*compiled, ground, columns, result);
    Meters meters(document, ground);
    const std::span<const Plan> plans = compiled->plans();
    replays.trim();
    const auto keyOf = [&](const Plan& plan) {
        return PlanReplay::keyOf(plan, document, options.seed, options.outageMinutes);
    };
    if (meters.isEmpty()) {
        decider.decideAll();
    } else if (!meters.countsCost()) {
        decider.decideInTurn(meters, [](std::size_t) { return std::int64_t{0}; });
    } else {
        Simulators simulators;
        std::vector<PlanReplay*> used(plans.size(), nullptr);
        decider.decideInTurn(meters, [&](std::size_t row) {
            PlanReplay*& replay = used[result.plan[row]];
            if (!replay)
                replay = &replays.get(keyOf(plans[result.plan[row]]));
            simulators.ensure(*replay, row);
            return replay->totalCost(row);
        });
    }
    const bool fewPlans = plans.size() * ground.traffic().rowCount() <= kMostPrefilledRows;
    std::vector<bool> taken(plans.size(), everyPlan && fewPlans);
    for (const std::uint32_t plan : result.plan)
        taken[plan] = true;
    std::vector<const Call*> asked; // otherwise than the evidence was, each way once
    for (std::size_t i = 0; i < plans.size(); ++i) {
        PlanReplay::Key key = keyOf(plans[i]);
        result.modelOf.push_back(documentModelsOf(key, document));
        result.replays.push_back(taken[i] ? &replays.get(std::move(key)) : nullptr);
        result.voiceOf.emplace_back();
        if (!taken[i])
            continue;
        for (const Call* call : result.replays.back()->overridingCalls()) {
            const auto same = std::ranges::find_if(asked, [&](const Call* known) {
                return known->model == call->model && known->overrides == call->overrides;
            });
            result.voiceOf.back().push_back(static_cast<std::int32_t>(document.models.size()) +
                                            static_cast<std::int32_t>(same - asked.begin()));
            if (same == asked.end())
                asked.push_back(call);
        }
    }
    result.baseline = &replays.get(keyOf(Plan{Call{document.baseline, {}, {}, {}}}));
    const Result<void> simulated =
        simulateRows(result, ground.traffic().rowCount(), options, everyPlan);
    lastCompiled.emplace(std::move(*compiled));
    if (!simulated)
        return Unexpected(simulated.error());
    return result;
}

double satisfiedAt(const ReplayedPolicy& replayed, const ReplayGround& ground, std::size_t row)
{
    if (replayed.row(row).served == PlanReplay::kUnanswered)
        return 0;
    const int model = replayed.servedEvidence(row);
    if (const double own = replayed.row(row).satisfied; model >= 0 && !std::isnan(own))
        return own;
    return model < 0 ? kMissing
                     : ground.satisfied(static_cast<std::size_t>(model), ground.prompt(row));
}

double baselineSatisfiedAt(const ReplayedPolicy& replayed, const ReplayGround& ground,
                           std::size_t row)
{
    if (replayed.baseline->row(row).served == PlanReplay::kUnanswered)
        return 0;
    const int model = replayed.baseline->evidenceModel(0);
    return model < 0 ? kMissing
                     : ground.satisfied(static_cast<std::size_t>(model), ground.prompt(row));
}

MeasuredRows measuredRowsOf(const ReplayedPolicy& replayed, const PolicyDocument& document,
                            const ReplayGround& ground)
{
    const Traffic& traffic = ground.traffic();
    const std::size_t count = traffic.rowCount();
    MeasuredRows rows;
    rows.conversations = traffic.conversationCount();
    rows.prompts = ground.evidence().prompts.size();
    rows.segments = std::max<std::size_t>(1, traffic.segments.size());
    rows.tiers = document.models.size();
    rows.conversation.assign(traffic.conversationOf.begin(), traffic.conversationOf.end());
    rows.segment.assign(traffic.segmentOf.begin(), traffic.segmentOf.end());
    rows.tier = replayed.tier;
    const PlanReplay& baseline = *replayed.baseline;
    for (std::size_t row = 0; row < count; ++row) {
        rows.prompt.push_back(ground.prompt(row));
        rows.cost.push_back(costOrMissing(replayed.cost(row)));
        rows.baselineCost.push_back(costOrMissing(baseline.cost(row, 0)));
        rows.satisfied.push_back(satisfiedAt(replayed, ground, row));
        rows.baselineSatisfied.push_back(baselineSatisfiedAt(replayed, ground, row));
        rows.firstTokenMs.push_back(replayed.row(row).firstTokenMs);
    }
    numberPatterns(replayed, rows);
    findSeams(replayed, ground, rows);
    return rows;
}

std::vector<LiveNumbers> liveNumbersOf(const PolicyDocument& document, const ReplayGround& ground)
{
    const EvidenceTable& evidence = ground.evidence();
    double input = 0;
    for (std::size_t row = 0; row < ground.traffic().rowCount(); ++row)
        input += static_cast<double>(ground.inputTokens(row));
    input /= std::max<double>(1, static_cast<double>(ground.traffic().rowCount()));
    std::vector<LiveNumbers> live;
    for (const ModelSpec& model : document.models) {
        LiveNumbers numbers = {model.id.value, kMissing, kMissing, kMissing};
        const int known = evidence.modelIndex(model.id);
        std::vector<double> times;
        double output = 0;
        if (known >= 0) {
            for (const AnswerSample& sample : ground.everySample(static_cast<std::size_t>(known))) {
                output += sample.outputTokens;
                if (!std::isnan(sample.firstTokenMs))
                    times.push_back(sample.firstTokenMs);
            }
            output /=
                static_cast<double>(ground.everySample(static_cast<std::size_t>(known)).size());
        }
        if (!times.empty())
            numbers.medianFirstTokenMs = empiricalQuantile(std::move(times), 0.5);
        if (model.price && known >= 0)
            numbers.costUsd = (input * usdPerMTok(model.price->inputPerToken) +
                               output * usdPerMTok(model.price->outputPerToken)) /
                              kTokensPerMTok;
        live.push_back(numbers);
    }
    return live;
}

MeasuredRows countedRowsOf(MeasuredRows rows, const ProjectionOptions& options,
                           std::vector<std::uint32_t>& source)
{
    constexpr std::uint32_t kNone = 0xffffffff;
    std::vector<std::uint32_t> placeOf(rows.rowCount(), kNone);
    source.clear();
    for (std::size_t row = 0; row < rows.rowCount(); ++row) {
        if (options.conversations && !(*options.conversations)[rows.conversation[row]])
            continue;
        placeOf[row] = static_cast<std::uint32_t>(source.size());
        source.push_back(static_cast<std::uint32_t>(row));
    }
    if (source.size() == rows.rowCount())
        return rows;
    const auto keep = [&source](auto& column) {
        for (std::size_t i = 0; i < source.size(); ++i)
            column[i] = column[source[i]]; // never behind what is still to be read
        column.resize(source.size());
    };
    keep(rows.conversation);
    keep(rows.prompt);
    keep(rows.segment);
    keep(rows.tier);
    keep(rows.cost);
    keep(rows.baselineCost);
    keep(rows.satisfied);
    keep(rows.baselineSatisfied);
    keep(rows.firstTokenMs);
    keep(rows.pattern);
    keep(rows.previous);
    keep(rows.voicePair);
    std::uint32_t last = kNone;
    std::uint32_t count = 0;
    for (std::size_t i = 0; i < source.size(); ++i) {
        count += rows.conversation[i] != std::exchange(last, rows.conversation[i]);
        rows.conversation[i] = count - 1;
        if (rows.previous[i] >= 0) // of the same conversation, which counts as a whole
            rows.previous[i] =
                static_cast<std::int32_t>(placeOf[static_cast<std::size_t>(rows.previous[i])]);
    }
    rows.conversations = count;
    return rows;
}

double noticeabilityOf(const EvidenceTable& evidence, int a, int b)
{
    if (a == b)
        return a < 0 ? kMissing : 0;
    if (a < 0 || b < 0)
        return kMissing;
    const VoiceDistance& distance =
        evidence.voices
            .pairs[evidence.pairIndex(static_cast<std::size_t>(a), static_cast<std::size_t>(b))];
    return distance.n == 0 ? kMissing : distance.noticeability.value;
}

void IntervalLenders::add(const PolicyDocument& document, const Styles& styles,
                          const Projection& projection)
{
    std::erase_if(m_lenders, [&](const Lender& lender) {
        return lender.styles == styles && lender.document == document;
    });
    if (m_lenders.size() >= kKeptLenders)
        m_lenders.erase(m_lenders.begin());
    m_lenders.push_back({document, styles, projection});
}

const Projection* IntervalLenders::find(const PolicyDocument& document, const Styles& styles) const
{
    const Projection* best = nullptr;
    std::size_t bestLikeness = 0;
    for (const Lender& lender : m_lenders) {
        if (lender.styles != styles)
            continue;
        const std::size_t likeness = likenessOf(lender.document, document);
        if (!best || likeness >= bestLikeness) {
            best = &lender.projection;
            bestLikeness = likeness;
        }
    }
    return best;
}

Projector::Impl::Impl(std::shared_ptr<const Traffic> rows,
                      std::shared_ptr<const EvidenceTable> table)
    : traffic(std::move(rows)), evidence(std::move(table)), ground(*traffic, *evidence),
      columns(traffic), replays(ground)
{}

} // namespace signalbox
