// SPDX-License-Identifier: Apache-2.0
#include "projection_builder.h"

#include "borrowed_intervals.h"
#include "gates.h"
#include "latency.h"
#include "number_text.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

namespace signalbox {

namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();
constexpr double kNormal975 = 1.959963984540054;
constexpr double kSame = 1e-9; ///< outcomes that differ by less are equal

double valueOf(const SliceMeasures& slice, Measure measure)
{
    if (slice.weight <= 0)
        return kMissing;
    switch (measure) {
    case Measure::Cost:
        return slice.cost * 1000;
    case Measure::BaselineCost:
        return slice.baselineCost * 1000;
    case Measure::Saving:
        return slice.baselineCost > 0 ? slice.saving() : kMissing;
    case Measure::Satisfaction:
        return slice.satisfied;
    case Measure::Ratio:
        return slice.baselineSatisfied > 0 ? slice.satisfactionRatio() : kMissing;
    case Measure::P95:
        return slice.p95Ms;
    case Measure::P50:
        return slice.p50Ms;
    case Measure::Consistency:
        return slice.consistency;
    }
    return kMissing;
}

Measure measureOf(GateMetric metric)
{
    switch (metric) {
    case GateMetric::CostSaving:
        return Measure::Saving;
    case GateMetric::CostPer1k:
        return Measure::Cost;
    case GateMetric::LatencyP95Ms:
        return Measure::P95;
    case GateMetric::Satisfaction:
        return Measure::Satisfaction;
    case GateMetric::SatisfactionRatio:
        return Measure::Ratio;
    case GateMetric::Consistency:
        return Measure::Consistency;
    }
    return Measure::Consistency;
}

} // namespace

void ProjectionBuilder::countRow(SliceFacts& facts, std::size_t row, bool elsewhere) const
{
    ++facts.requests;
    if (m_rows.conversation[row] != facts.lastConversation) {
        facts.lastConversation = m_rows.conversation[row];
        ++facts.conversations;
    }
    const std::uint32_t prompt = m_rows.prompt[row];
    if (m_ground.cover().isBorrowed[m_source[row]]) {
        ++facts.borrowed;
    } else if (prompt != ReplayGround::kNoPrompt) {
        ++facts.promptRows[prompt];
        facts.elsewhereRows[prompt] |= elsewhere ? 1 : 0;
    }
    facts.elsewhere += elsewhere;
    const double difference = m_rows.satisfied[row] - m_rows.baselineSatisfied[row];
    facts.anyLoss |= difference < -kSame;
    facts.anyGain |= difference > kSame;
    facts.anySatisfied |= m_rows.satisfied[row] > kSame;
    facts.anyUnsatisfied |= m_rows.satisfied[row] < 1 - kSame;
    facts.voicePairs[m_rows.voicePair[row]] = 1;
}

void ProjectionBuilder::countFacts()
{
    for (SliceFacts& facts : m_facts) {
        facts.promptRows.assign(m_rows.prompts, 0);
        facts.elsewhereRows.assign(m_rows.prompts, 0);
        facts.voicePairs.assign(m_rows.noticeability.size(), 0);
    }
    const auto baseline = static_cast<std::int32_t>(
        std::ranges::find(m_document.models, m_document.baseline, &ModelSpec::id) -
        m_document.models.begin());
    for (std::size_t row = 0; row < m_rows.rowCount(); ++row) {
        // The baseline's own answers, and requests on its very plan, cannot differ from it.
        const std::size_t source = m_source[row];
        const bool elsewhere = m_replayed.served(source) != baseline &&
                               m_replayed.replays[m_replayed.plan[source]] != m_replayed.baseline;
        countRow(m_facts[0], row, elsewhere);
        countRow(m_facts[m_measures.segmentSlice(m_rows.segment[row])], row, elsewhere);
        countRow(m_facts[m_measures.tierSlice(m_rows.tier[row])], row, elsewhere);
    }
}

std::size_t ProjectionBuilder::fewestVoicePrompts(std::size_t slice) const
{
    std::size_t fewest = std::numeric_limits<std::size_t>::max();
    for (std::size_t pair = 1; pair < m_rows.noticeability.size(); ++pair) {
        if (!m_facts[slice].voicePairs[pair])
            continue;
        const std::size_t known = m_rows.evidencePair[pair];
        const std::size_t n =
            known == MeasuredRows::kNoPair ? 0 : m_ground.evidence().voices.pairs[known].n;
        fewest = std::min(fewest, n);
    }
    return fewest;
}

std::size_t ProjectionBuilder::independentUnits(std::size_t slice, Measure measure) const
{
    const SliceFacts& facts = m_facts[slice];
    if (measure == Measure::Satisfaction || measure == Measure::Ratio)
        return facts.prompts();
    if (measure == Measure::Consistency)
        return std::min(fewestVoicePrompts(slice), facts.conversations);
    return facts.conversations;
}

/// A bootstrap cannot draw what was never seen: where no request did worse (or better) on n lab
/// prompts, up to 3/n of them may (the rule of three; Hanley and Lippman-Hand 1983). Requests that
/// the baseline model answers itself cannot differ from it and are left out of the ratio's n.
void ProjectionBuilder::widenForFewPrompts(Estimate& estimate, std::size_t slice,
                                           Measure measure) const
{
    const SliceFacts& facts = m_facts[slice];
    if (measure == Measure::Satisfaction && facts.prompts() > 0) {
        const double unseen = std::min(1.0, 3.0 / static_cast<double>(facts.prompts()));
        if (!facts.anyUnsatisfied)
            estimate.low = std::min(estimate.low, 1 - unseen);
        if (!facts.anySatisfied)
            estimate.high = std::max(estimate.high, unseen);
    }
    if (measure == Measure::Ratio && facts.promptsElsewhere() > 0) {
        const double share =
            static_cast<double>(facts.elsewhere) / static_cast<double>(facts.requests);
        const double unseen = share *
                              std::min(1.0, 3.0 / static_cast<double>(facts.promptsElsewhere())) /
                              m_slices[slice].baselineSatisfied;
        if (!facts.anyLoss)
            estimate.low = std::max(0.0, std::min(estimate.low, estimate.value - unseen));
        if (!facts.anyGain)
            estimate.high =
                std::max(estimate.high,
                         std::min(estimate.value + unseen, 1 / m_slices[slice].baselineSatisfied));
    }
}

std::optional<Estimate> ProjectionBuilder::estimate(std::size_t slice, Measure measure) const
{
    const double value = valueOf(m_slices[slice], measure);
    if (std::isnan(value))
        return std::nullopt;
    Estimate result{value, value, value, independentUnits(slice, measure)};
    std::vector<double> drawn;
    drawn.reserve(m_resamples.draws);
    for (std::size_t draw = 0; draw < m_resamples.draws; ++draw) {
        const double sample = valueOf(m_resamples.at(draw)[slice], measure);
        if (!std::isnan(sample))
            drawn.push_back(sample);
    }
    if (!drawn.empty()) {
        result.low = std::min(value, empiricalQuantile(drawn, 0.025));
        result.high = std::max(value, empiricalQuantile(std::move(drawn), 0.975));
        widenForFewPrompts(result, slice, measure);
    }
    return result;
}

/// (E[c] + c_fail (1 - sat)) / sat with the delta-method interval, the covariance of cost and
/// satisfaction taken from the resamples.
std::optional<Estimate> ProjectionBuilder::costPerSatisfied() const
{
    const SliceMeasures& all = m_slices[0];
    const double failure = m_options.costOfFailureUsd;
    const double value = (all.cost + failure * (1 - all.satisfied)) / all.satisfied;
    if (!std::isfinite(value))
        return std::nullopt;
    Estimate result{value, value, value, m_facts[0].prompts()};
    if (m_resamples.draws < 2)
        return result;
    const auto draws = static_cast<double>(m_resamples.draws);
    double meanCost = 0;
    double meanSatisfied = 0;
    for (std::size_t draw = 0; draw < m_resamples.draws; ++draw) {
        meanCost += m_resamples.at(draw)[0].cost / draws;
        meanSatisfied += m_resamples.at(draw)[0].satisfied / draws;
    }
    double varCost = 0;
    double varSatisfied = 0;
    double covariance = 0;
    for (std::size_t draw = 0; draw < m_resamples.draws; ++draw) {
        const double c = m_resamples.at(draw)[0].cost - meanCost;
        const double s = m_resamples.at(draw)[0].satisfied - meanSatisfied;
        varCost += c * c / (draws - 1);
        varSatisfied += s * s / (draws - 1);
        covariance += c * s / (draws - 1);
    }
    const double byCost = 1 / all.satisfied;
    const double bySatisfied = -(all.cost + failure) / (all.satisfied * all.satisfied);
    const double variance = byCost * byCost * varCost + bySatisfied * bySatisfied * varSatisfied +
                            2 * byCost * bySatisfied * covariance;
    const double half = kNormal975 * std::sqrt(std::max(0.0, variance));
    result.low = std::max(0.0, value - half);
    result.high = value + half;
    return result;
}

std::string ProjectionBuilder::sliceName(std::size_t slice) const
{
    if (slice == 0)
        return {};
    if (slice < m_measures.tierSlice(0)) {
        const std::size_t segment = slice - m_measures.segmentSlice(0);
        const auto& names = m_ground.traffic().segments;
        return segment < names.size() ? names[segment] : std::string();
    }
    return m_document.models[slice - m_measures.tierSlice(0)].id.value;
}

ProjectionSlice ProjectionBuilder::sliceOf(std::size_t slice, std::string name) const
{
    const SliceFacts& facts = m_facts[slice];
    ProjectionSlice result;
    result.name = std::move(name);
    result.requests = facts.requests;
    result.borrowed = facts.borrowed;
    result.share = static_cast<double>(facts.requests) / static_cast<double>(m_facts[0].requests);
    result.costPer1k = estimate(slice, Measure::Cost);
    result.costSaving = estimate(slice, Measure::Saving);
    result.satisfaction = estimate(slice, Measure::Satisfaction);
    result.satisfactionRatio = estimate(slice, Measure::Ratio);
    result.latencyP95Ms = estimate(slice, Measure::P95);
    result.consistency = estimate(slice, Measure::Consistency);
    result.prompts = facts.prompts();
    result.effectivePrompts = facts.effectivePrompts();
    return result;
}

void ProjectionBuilder::addSlices(Projection& projection) const
{
    for (std::size_t slice = 1; slice < m_slices.size(); ++slice) {
        if (m_facts[slice].requests == 0)
            continue;
        auto& list = slice < m_measures.tierSlice(0) ? projection.segments : projection.tiers;
        list.push_back(sliceOf(slice, sliceName(slice)));
    }
}

void ProjectionBuilder::addLatency(Projection& projection) const
{
    LatencyView& view = projection.latency;
    std::vector<double> tail;
    for (std::size_t row = 0; row < m_rows.rowCount(); ++row) {
        if (m_replayed.served(m_source[row]) < 0)
            ++view.unanswered;
        else if (m_replayed.row(m_source[row]).tail)
            tail.push_back(static_cast<double>(m_rows.firstTokenMs[row]));
    }
    view.tailCount = tail.size();
    view.tailShare = static_cast<double>(tail.size()) / static_cast<double>(m_rows.rowCount());
    const bool isTimed = std::ranges::none_of(tail, [](double ms) { return std::isnan(ms); });
    view.tailP50Ms = isTimed ? empiricalQuantile(std::move(tail), 0.5) : kMissing;
    const std::vector<double> slowestFirst = m_measures.latenciesDescending();
    if (slowestFirst.empty()) {
        view.meanMs = kMissing;
        view.p50 = view.p95 = {kMissing, kMissing, kMissing, 0};
        return;
    }
    view.p50 = *estimate(0, Measure::P50);
    view.p95 = *estimate(0, Measure::P95);
    const std::size_t n = slowestFirst.size();
    double sum = 0;
    for (const double latency : slowestFirst)
        sum += std::isinf(latency) ? 0 : latency;
    view.meanMs = n > view.unanswered ? sum / static_cast<double>(n - view.unanswered) : kMissing;
    for (int i = 0; i < 100; ++i)
        view.quantiles.push_back(slowestFirst[n - quantileRank(n, 0.005 + 0.01 * i)]);
}

void ProjectionBuilder::addFlow(Projection& projection) const
{
    std::map<int, std::size_t> place;
    const auto addRule = [&](int rule) {
        place[rule] = projection.flow.size();
        RuleFlow flow;
        flow.rule = rule;
        flow.models.assign(m_document.models.size(), 0);
        if (rule >= 0 && m_document.rules[static_cast<std::size_t>(rule)].uncertain)
            flow.margin.emplace().models.assign(m_document.models.size(), 0);
        projection.flow.push_back(std::move(flow));
    };
    for (std::size_t i = 0; i < m_document.rules.size(); ++i)
        addRule(static_cast<int>(i));
    addRule(Decision::kOtherwise);
    if (m_document.holdout)
        addRule(Decision::kHoldout);

    double totalCost = 0;
    double seams = 0;
    const double all = static_cast<double>(m_rows.rowCount());
    for (std::size_t row = 0; row < m_rows.rowCount(); ++row) {
        const std::size_t source = m_source[row];
        RuleFlow& flow = projection.flow[place[m_replayed.rule[source]]];
        ++flow.requests;
        flow.costShare += m_rows.cost[row];
        totalCost += m_rows.cost[row];
        const std::int32_t served = m_replayed.served(source);
        if (served >= 0)
            flow.models[static_cast<std::size_t>(served)] += 1 / all;
        if (flow.margin && m_replayed.byMargin[source]) {
            ++flow.margin->requests;
            flow.margin->costShare += m_rows.cost[row];
            if (served >= 0)
                flow.margin->models[static_cast<std::size_t>(served)] += 1 / all;
        }
        if (m_rows.previous[row] >= 0) {
            ++seams;
            flow.seamLoss += m_rows.noticeability[m_rows.voicePair[row]];
        }
    }
    const auto partOfCost = [&](double cost) {
        return std::isnan(totalCost) ? kMissing : totalCost == 0 ? 0 : cost / totalCost;
    };
    for (RuleFlow& flow : projection.flow) {
        flow.share = static_cast<double>(flow.requests) / all;
        flow.costShare = partOfCost(flow.costShare);
        if (flow.margin) {
            flow.margin->share = static_cast<double>(flow.margin->requests) / all;
            flow.margin->costShare = partOfCost(flow.margin->costShare);
        }
        flow.seamLoss = seams > 0 ? flow.seamLoss / seams : 0;
    }
}

void ProjectionBuilder::addCosts(Projection& projection) const
{
    auto costs = std::make_shared<std::vector<double>>(m_rows.cost);
    for (double& cost : *costs)
        cost *= kUsdPerPico;
    projection.costOfRow = std::move(costs);
}

void ProjectionBuilder::addShares(Projection& projection) const
{
    const std::size_t models = m_document.models.size();
    projection.servedShare.assign(models, 0);
    projection.spendShare.assign(models, 0);
    const double all = static_cast<double>(m_rows.rowCount());
    for (std::size_t row = 0; row < m_rows.rowCount(); ++row) {
        const std::size_t source = m_source[row];
        const std::int32_t served = m_replayed.served(source);
        if (served >= 0)
            projection.servedShare[static_cast<std::size_t>(served)] += 1 / all;
        else
            projection.unansweredShare += 1 / all;
        const std::size_t plan = m_replayed.plan[source];
        for (std::size_t m = 0; m < m_replayed.modelOf[plan].size(); ++m) {
            const std::int64_t cost = m_replayed.replays[plan]->cost(source, m);
            projection.spendShare[m_replayed.modelOf[plan][m]] +=
                cost == PlanReplay::kUnknownCost ? kMissing : static_cast<double>(cost);
        }
    }
    double total = 0;
    for (const double spend : projection.spendShare)
        total += spend;
    for (double& spend : projection.spendShare)
        spend = std::isnan(total) ? kMissing : total == 0 ? 0 : spend / total;
}

void ProjectionBuilder::addSeams(Projection& projection) const
{
    const EvidenceTable& evidence = m_ground.evidence();
    if (!projection.consistency)
        return; // some voice is unknown; the notes name it
    SeamCounts counts(std::max<std::size_t>(1, evidence.models.size()));
    for (std::size_t row = 0; row < m_rows.rowCount(); ++row) {
        if (m_rows.previous[row] < 0)
            continue;
        // Only the same unheard model twice in a row can have no index here: no switch, like 0 to
        // 0.
        const int a =
            m_replayed.servedEvidence(m_source[static_cast<std::size_t>(m_rows.previous[row])]);
        const int b = m_replayed.servedEvidence(m_source[row]);
        counts.add(static_cast<std::size_t>(std::max(a, 0)),
                   static_cast<std::size_t>(std::max(b, 0)));
    }
    projection.seams = consistency(counts, [&](std::size_t a, std::size_t b) {
        const double nu = noticeabilityOf(evidence, static_cast<int>(a), static_cast<int>(b));
        return std::isnan(nu) ? 0 : nu; // pairs without a seam
    });
}

std::vector<std::size_t> ProjectionBuilder::slicesUnder(const Gate& gate) const
{
    std::vector<std::size_t> slices;
    switch (gate.per) {
    case GateScope::Total:
        slices.push_back(0);
        break;
    case GateScope::Segment:
        for (std::size_t s = 0; s < m_rows.segments; ++s)
            slices.push_back(m_measures.segmentSlice(s));
        break;
    case GateScope::Tier:
        for (std::size_t t = 0; t < m_rows.tiers; ++t)
            slices.push_back(m_measures.tierSlice(t));
        break;
    }
    std::erase_if(slices, [&](std::size_t slice) { return m_facts[slice].requests == 0; });
    return slices;
}

std::string ProjectionBuilder::objectionTo(const Gate& gate, std::size_t slice) const
{
    if (gate.metric == GateMetric::Consistency) {
        const std::size_t prompts = fewestVoicePrompts(slice);
        if (prompts < kVerdictPrompts)
            return "voices that meet were compared on " + countOf(prompts, "prompt", "prompts") +
                   ", and a verdict needs " + countText(kVerdictPrompts);
    }
    const bool isQuality =
        gate.metric == GateMetric::Satisfaction || gate.metric == GateMetric::SatisfactionRatio;
    if (isQuality && m_ground.evidence().unremeasuredOutcomes > 0)
        return "the answer style cuts answers whose outcome is known for the whole text only";
    return objectionToBorrowed(m_facts[slice].borrowed, m_facts[slice].requests);
}

void ProjectionBuilder::addGates(Projection& projection) const
{
    for (const Gate& gate : m_document.gates) {
        std::vector<GateResult> results;
        for (const std::size_t slice : slicesUnder(gate)) {
            GateSubject subject{
                sliceName(slice), {}, m_facts[slice].prompts(), objectionTo(gate, slice)};
            if (slice == 0) {
                subject.estimate = metricOf(projection, gate.metric);
            } else {
                const auto& list =
                    gate.per == GateScope::Tier ? projection.tiers : projection.segments;
                const auto found = std::ranges::find(list, subject.name, &ProjectionSlice::name);
                subject.estimate = metricOf(*found, gate.metric);
            }
            results.push_back(judge(gate, subject));
        }
        sortWorstFirst(results);
        std::ranges::move(results, std::back_inserter(projection.gates));
    }
}

double ProjectionBuilder::gatesProbability() const
{
    std::size_t good = 0;
    for (std::size_t draw = 0; draw < m_resamples.draws; ++draw) {
        const bool allHold = std::ranges::all_of(m_document.gates, [&](const Gate& gate) {
            return std::ranges::all_of(slicesUnder(gate), [&](std::size_t slice) {
                return holds(gate, valueOf(m_resamples.at(draw)[slice], measureOf(gate.metric)));
            });
        });
        good += allHold;
    }
    return static_cast<double>(good) / static_cast<double>(m_resamples.draws);
}

Projection ProjectionBuilder::build(const Projection* lender) const
{
    const EvidenceTable& evidence = m_ground.evidence();
    Projection projection;
    projection.requests = m_facts[0].requests;
    projection.conversations = m_facts[0].conversations;
    projection.answers = evidence.answers;
    projection.simulatedAnswers = evidence.simulated;
    projection.simulated = evidence.simulated || m_ground.traffic().synthetic;
    projection.traffic = m_ground.traffic().name;
    projection.syntheticTraffic = m_ground.traffic().synthetic;
    projection.quick = m_options.draws == 0;
    projection.costPer1k = estimate(0, Measure::Cost);
    projection.baselineCostPer1k = estimate(0, Measure::BaselineCost);
    projection.costSaving = estimate(0, Measure::Saving);
    projection.latencyP95Ms = estimate(0, Measure::P95);
    projection.satisfaction = estimate(0, Measure::Satisfaction);
    projection.satisfactionRatio = estimate(0, Measure::Ratio);
    projection.consistency = estimate(0, Measure::Consistency);
    projection.costPerSatisfied = costPerSatisfied();
    addLatency(projection);
    addSlices(projection);
    addFlow(projection);
    addShares(projection);
    addCosts(projection);
    addSeams(projection);
    addNotes(projection);
    projection.allGatesProbability = m_document.gates.empty() ? 1 : kMissing;
    if (m_resamples.draws > 0)
        projection.allGatesProbability = gatesProbability();
    else if (lender)
        borrowIntervals(projection, *lender);
    addGates(projection);
    if (std::isnan(projection.allGatesProbability))
        projection.allGatesProbability = projection.allGatesMet() ? 1 : 0;
    return projection;
}

} // namespace signalbox
