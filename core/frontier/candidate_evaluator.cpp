// SPDX-License-Identifier: Apache-2.0
#include "candidate_evaluator.h"

#include "plan_columns.h"

#include <core/base/parallel.h>
#include <core/projection/meters.h>
#include <core/projection/replayed_policy.h>
#include <core/projection/signal_columns.h>
#include <core/projection/traffic_keys.h>
#include <core/replay/latency_buckets.h>
#include <core/routing/column_decider.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace signalbox {

namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kDecidedBytes = std::size_t{64} << 20; ///< of decisions held at once
constexpr std::size_t kMostTogether = 256; ///< candidates whose plans are held at once

/// A candidate with the plan of each request that counts.
struct Decided
{
    bool isPossible = false;
    std::vector<std::uint16_t> planOf; ///< into plans
    std::vector<Plan> plans;           ///< those that some request takes
    std::vector<std::uint16_t> tierOf; ///< per plan: document model asked first
};

/// Signals of the document's requests for one way to read conversations.
struct SignalSet
{
    std::unique_ptr<SignalColumns> columns;
    std::vector<const CodedColumn*> selected;
    const CodedColumn* styles = nullptr;
};

double p95Of(std::vector<float>& latencies)
{
    if (latencies.empty() ||
        std::ranges::any_of(latencies, [](float ms) { return std::isnan(ms); }))
        return kMissing;
    const auto at = latencies.begin() + static_cast<std::ptrdiff_t>(rankOfP95(latencies.size()));
    std::ranges::nth_element(latencies, at);
    return static_cast<double>(*at);
}

} // namespace

struct CandidateEvaluator::State
{
    State(PolicyDocument policy, std::shared_ptr<const Traffic> rows,
          std::shared_ptr<const EvidenceTable> table, const EvaluatorOptions& chosen)
        : document(std::move(policy)), traffic(std::move(rows)), evidence(std::move(table)),
          options(chosen), ground(*traffic, *evidence),
          plans(document, ground, countedRows(), options.seed, options.outageMinutes,
                options.planBytes),
          segments(std::max<std::size_t>(1, traffic->segments.size()))
    {}

    PolicyDocument document;
    std::shared_ptr<const Traffic> traffic;
    std::shared_ptr<const EvidenceTable> evidence;
    EvaluatorOptions options;
    ReplayGround ground;
    PlanColumnCache plans;
    std::size_t segments;
    std::vector<LiveNumbers> live;
    std::optional<CompiledPolicy> compiled; ///< of the document: its expressions are taken over
    SignalSet byRequest;
    SignalSet byConversation;
    PlanColumns baseline;

    [[nodiscard]] std::vector<std::uint32_t> countedRows() const
    {
        std::vector<std::uint32_t> counted;
        for (std::size_t row = 0; row < traffic->rowCount(); ++row) {
            if (!options.conversations || (*options.conversations)[traffic->conversationOf[row]])
                counted.push_back(static_cast<std::uint32_t>(row));
        }
        return counted;
    }

    [[nodiscard]] Result<SignalSet> read(DecisionUnit unit) const
    {
        PolicyDocument asked = document;
        asked.decideBy = unit;
        SignalSet set;
        set.columns = std::make_unique<SignalColumns>(traffic);
        if (const Result<void> selected = set.columns->select(asked, options.styles); !selected)
            return Unexpected(selected.error());
        set.selected = set.columns->columns();
        set.styles = &set.columns->requestStyles();
        return set;
    }

    [[nodiscard]] Result<void> prepare();
    [[nodiscard]] Decided decide(const PolicyDocument& candidate) const;
    [[nodiscard]] Result<std::vector<CandidateNumbers>>
    evaluateTogether(std::span<const PolicyDocument> candidates);
    [[nodiscard]] CandidateNumbers measure(const Decided& decided,
                                           std::span<const PlanColumns* const> columns) const;
    void measureLatencies(const Decided& decided, std::span<const PlanColumns* const> columns,
                          CandidateNumbers& numbers) const;
};

Result<void> CandidateEvaluator::State::prepare()
{
    if (plans.rows().empty())
        return fail(ErrorCode::InvalidArgument, "None of the conversations counts.");
    if (!Meters(document, ground).isEmpty())
        return fail(
            ErrorCode::Unsupported,
            "A policy with meters decides by the requests before, so that candidates cannot "
            "be compared request by request.",
            {}, "project candidates one by one instead");
    Result<CompiledPolicy> made = CompiledPolicy::compile(document, nullptr, options.styles);
    if (!made)
        return Unexpected(made.error());
    compiled.emplace(std::move(*made));
    live = liveNumbersOf(document, ground);
    Result<SignalSet> requests = read(DecisionUnit::Request);
    if (!requests)
        return Unexpected(requests.error());
    byRequest = std::move(*requests);
    Result<SignalSet> conversations = read(DecisionUnit::Conversation);
    if (!conversations)
        return Unexpected(conversations.error());
    byConversation = std::move(*conversations);
    const Plan alone{Call{document.baseline, {}, {}, {}}};
    const auto columns = plans.get(std::span(&alone, 1), options.stop);
    if (!columns)
        return Unexpected(columns.error());
    baseline = *columns->front();
    return {};
}

Decided CandidateEvaluator::State::decide(const PolicyDocument& candidate) const
{
    Decided decided;
    const Result<CompiledPolicy> policy =
        CompiledPolicy::compile(candidate, &*compiled, options.styles);
    if (!policy)
        return decided;
    const SignalSet& signals =
        candidate.decideBy == DecisionUnit::Conversation ? byConversation : byRequest;
    const ColumnDecider decider(*policy, signals.selected,
                                ColumnDecider::needsStyles(*policy) ? signals.styles : nullptr);
    std::vector<ColumnDecider::Claim> claims(traffic->rowCount());
    decider.claim(0, claims);

    constexpr std::uint16_t kUnseen = 0xffff;
    std::vector<std::uint16_t> placeOf(policy->plans().size(), kUnseen);
    const auto place = [&](const Decision& decision) {
        std::uint16_t& number = placeOf[static_cast<std::size_t>(decision.planIndex)];
        if (number == kUnseen) {
            number = static_cast<std::uint16_t>(decided.plans.size());
            decided.plans.push_back(policy->plans()[static_cast<std::size_t>(decision.planIndex)]);
            decided.tierOf.push_back(static_cast<std::uint16_t>(decision.firstModel));
        }
        return number;
    };
    std::vector<std::uint16_t> placeOfClaim; // of claims that no lot is drawn for
    decided.planOf.reserve(plans.rows().size());
    for (const std::uint32_t row : plans.rows()) {
        const ColumnDecider::Claim claim = claims[row];
        if (decider.isDrawn(claim)) {
            RoutingKeys keys = routingKeysOf(*traffic, row);
            keys.live = live;
            decided.planOf.push_back(place(decider.decisionOf(claim, keys)));
            continue;
        }
        if (claim >= placeOfClaim.size())
            placeOfClaim.resize(claim + std::size_t{1}, kUnseen);
        if (placeOfClaim[claim] == kUnseen)
            placeOfClaim[claim] = place(decider.decisionOf(claim, RoutingKeys()));
        decided.planOf.push_back(placeOfClaim[claim]);
    }
    decided.isPossible = true;
    return decided;
}

CandidateNumbers
CandidateEvaluator::State::measure(const Decided& decided,
                                   std::span<const PlanColumns* const> columns) const
{
    const std::size_t tiers = document.models.size();
    const auto baselineModel = static_cast<std::int16_t>(
        std::ranges::find(document.models, document.baseline, &ModelSpec::id) -
        document.models.begin());
    std::vector<SliceNumbers> cells(segments * tiers);
    std::uint32_t conversation = 0xffffffff;
    std::int16_t before = PlanColumns::kUnanswered;
    for (std::size_t i = 0; i < decided.planOf.size(); ++i) {
        const std::size_t row = plans.rows()[i];
        const PlanColumns& plan = *columns[decided.planOf[i]];
        SliceNumbers& cell =
            cells[traffic->segmentOf[row] * tiers + decided.tierOf[decided.planOf[i]]];
        ++cell.requests;
        cell.costPico += plan.costPico[i];
        cell.baselineCostPico += baseline.costPico[i];
        cell.satisfied += plan.satisfied[i];
        cell.baselineSatisfied += baseline.satisfied[i];
        const std::int16_t voice = plan.voice[i];
        cell.elsewhere += voice != baselineModel;
        if (traffic->conversationOf[row] != conversation) {
            conversation = traffic->conversationOf[row];
            before = PlanColumns::kUnanswered;
        }
        if (voice == PlanColumns::kUnanswered)
            continue;
        if (before != PlanColumns::kUnanswered) {
            ++cell.seams;
            cell.loss += plans.noticeability(before, voice);
        }
        before = voice;
    }
    CandidateNumbers numbers;
    numbers.isPossible = true;
    numbers.segments.resize(segments);
    numbers.tiers.resize(tiers);
    for (std::size_t cell = 0; cell < cells.size(); ++cell) {
        numbers.total += cells[cell];
        numbers.segments[cell / tiers] += cells[cell];
        numbers.tiers[cell % tiers] += cells[cell];
    }
    measureLatencies(decided, columns, numbers);
    return numbers;
}

/// p95 of everything, and of the parts that some gate asks about.
void CandidateEvaluator::State::measureLatencies(const Decided& decided,
                                                 std::span<const PlanColumns* const> columns,
                                                 CandidateNumbers& numbers) const
{
    const auto isAsked = [this](GateScope scope) {
        return std::ranges::any_of(document.gates, [&](const Gate& gate) {
            return gate.metric == GateMetric::LatencyP95Ms && gate.per == scope;
        });
    };
    std::vector<std::vector<float>> ofSegment(isAsked(GateScope::Segment) ? segments : 0);
    std::vector<std::vector<float>> ofTier(isAsked(GateScope::Tier) ? document.models.size() : 0);
    std::vector<float> all(decided.planOf.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
        const std::uint16_t plan = decided.planOf[i];
        all[i] = columns[plan]->firstTokenMs[i];
        if (!ofSegment.empty())
            ofSegment[traffic->segmentOf[plans.rows()[i]]].push_back(all[i]);
        if (!ofTier.empty())
            ofTier[decided.tierOf[plan]].push_back(all[i]);
    }
    numbers.total.latencyP95Ms = p95Of(all);
    for (std::size_t i = 0; i < ofSegment.size(); ++i)
        numbers.segments[i].latencyP95Ms = p95Of(ofSegment[i]);
    for (std::size_t i = 0; i < ofTier.size(); ++i)
        numbers.tiers[i].latencyP95Ms = p95Of(ofTier[i]);
}

Result<std::vector<CandidateNumbers>>
CandidateEvaluator::State::evaluateTogether(std::span<const PolicyDocument> candidates)
{
    std::vector<Decided> decided(candidates.size());
    forEachIndex(candidates.size(), 1, [&](std::size_t i) {
        if (!options.stop || !options.stop->load())
            decided[i] = decide(candidates[i]);
    });
    std::vector<Plan> distinct;
    std::vector<std::vector<std::size_t>> placeOf; // per candidate, per plan: in distinct
    for (const Decided& one : decided) {
        std::vector<std::size_t>& places = placeOf.emplace_back();
        for (const Plan& plan : one.plans) {
            const auto known = std::ranges::find(distinct, plan);
            places.push_back(static_cast<std::size_t>(known - distinct.begin()));
            if (known == distinct.end())
                distinct.push_back(plan);
        }
    }
    const auto columns = plans.get(distinct, options.stop);
    if (!columns)
        return Unexpected(columns.error());
    std::vector<CandidateNumbers> numbers(candidates.size());
    forEachIndex(candidates.size(), 1, [&](std::size_t i) {
        if (!decided[i].isPossible || (options.stop && options.stop->load()))
            return;
        std::vector<const PlanColumns*> own;
        for (const std::size_t place : placeOf[i])
            own.push_back((*columns)[place]);
        numbers[i] = measure(decided[i], own);
    });
    if (options.stop && options.stop->load())
        return fail(ErrorCode::Cancelled, "The search was stopped.");
    return numbers;
}

CandidateEvaluator::CandidateEvaluator(std::unique_ptr<State> state) : m_state(std::move(state)) {}
CandidateEvaluator::~CandidateEvaluator() = default;
CandidateEvaluator::CandidateEvaluator(CandidateEvaluator&&) noexcept = default;
CandidateEvaluator& CandidateEvaluator::operator=(CandidateEvaluator&&) noexcept = default;

Result<CandidateEvaluator> CandidateEvaluator::make(const PolicyDocument& document,
                                                    std::shared_ptr<const Traffic> traffic,
                                                    std::shared_ptr<const EvidenceTable> evidence,
                                                    const EvaluatorOptions& options)
{
    if (options.conversations && options.conversations->size() != traffic->conversationCount())
        return fail(ErrorCode::InvalidArgument,
                    "Conversations that count are not those there are.");
    auto state =
        std::make_unique<State>(document, std::move(traffic), std::move(evidence), options);
    if (const Result<void> done = state->prepare(); !done)
        return Unexpected(done.error());
    return CandidateEvaluator(std::move(state));
}

Result<std::vector<CandidateNumbers>>
CandidateEvaluator::evaluate(std::span<const PolicyDocument> candidates)
{
    const std::size_t bytes = m_state->plans.rows().size() * sizeof(std::uint16_t);
    const std::size_t together = std::clamp<std::size_t>(kDecidedBytes / bytes, 1, kMostTogether);
    std::vector<CandidateNumbers> numbers;
    for (std::size_t first = 0; first < candidates.size(); first += together) {
        auto some = m_state->evaluateTogether(
            candidates.subspan(first, std::min(together, candidates.size() - first)));
        if (!some)
            return Unexpected(some.error());
        std::ranges::move(*some, std::back_inserter(numbers));
    }
    return numbers;
}

Result<std::vector<double>> CandidateEvaluator::signal(const SignalId& signal) const
{
    const auto& list = m_state->document.signalList;
    const auto found = std::ranges::find(list, signal, &Signal::id);
    if (found == list.end())
        return fail(ErrorCode::NotFound, "The policy has no signal \"" + signal.value + "\".");
    const SignalSet& set = m_state->document.decideBy == DecisionUnit::Conversation
                               ? m_state->byConversation
                               : m_state->byRequest;
    const std::vector<double> all =
        set.columns->numbers(static_cast<std::size_t>(found - list.begin()));
    std::vector<double> counted;
    for (const std::uint32_t row : m_state->plans.rows())
        counted.push_back(all[row]);
    return counted;
}

std::size_t CandidateEvaluator::simulatedPlans() const
{
    return m_state->plans.simulatedPlans();
}

} // namespace signalbox
