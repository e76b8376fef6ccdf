// SPDX-License-Identifier: Apache-2.0
#include "gates.h"
#include "latency.h"
#include "number_text.h"
#include "replayed_policy.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace signalbox {

namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

/// The document with everything but its models taken away: all requests to one model.
PolicyDocument singleModelPolicy(const PolicyDocument& document, const ModelId& model)
{
    PolicyDocument single;
    single.id = document.id;
    single.name = document.name;
    single.models = document.models;
    single.baseline = document.baseline;
    single.answerStyle = document.answerStyle;
    single.gates = document.gates;
    single.otherwise = Plan{Call{model, {}, {}, {}}};
    return single;
}

/// One model answering everything, row by row.
struct SingleModel
{
    ModelId id;
    int evidence = -1;
    const PlanReplay* replay = nullptr;
    double meanCostUsd = kMissing;
    double meanSatisfied = kMissing;
    std::vector<ProjectionSlice> segments;
};

std::optional<Estimate> exactly(double value, std::size_t n)
{
    return std::isnan(value) ? std::nullopt : std::optional(Estimate{value, value, value, n});
}

double costUsd(const PlanReplay& replay, std::size_t row)
{
    const std::int64_t cost = replay.cost(row, 0);
    return cost == PlanReplay::kUnknownCost ? kMissing : Money{cost}.usd();
}

double satisfiedBy(const SingleModel& model, const ReplayGround& ground, std::size_t row)
{
    return model.replay->row(row).served == PlanReplay::kUnanswered
               ? 0
               : ground.satisfied(static_cast<std::size_t>(model.evidence), ground.prompt(row));
}

/// Smallest latency with at least the share `q` of the weight at or under it; NaN if one is
/// unknown.
double weightedQuantile(std::vector<std::pair<double, double>> latencyAndWeight, double q)
{
    double total = 0;
    for (const auto& [latency, weight] : latencyAndWeight) {
        if (std::isnan(latency))
            return kMissing;
        total += weight;
    }
    std::ranges::sort(latencyAndWeight);
    double passed = 0;
    for (const auto& [latency, weight] : latencyAndWeight) {
        passed += weight;
        if (passed >= q * total * (1 - 1e-12))
            return latency;
    }
    return kMissing;
}

/// Holds the gates against a point that is no replayed policy, as far as its means tell: those on
/// the whole traffic, and those on the quality of segments where `satisfiedIn` knows it (share of
/// satisfied requests of a segment by its index).
template<class SatisfiedIn>
std::vector<GateResult> judgedByMeans(const FrontierPoint& point, const SingleModel* baseline,
                                      const std::vector<Gate>& gates, const EvidenceCover& cover,
                                      SatisfiedIn satisfiedIn)
{
    const std::string objection = objectionToBorrowed(cover.borrowed(), cover.requests);
    const auto satisfiedOf = [](const ProjectionSlice& slice) {
        return slice.satisfaction ? slice.satisfaction->value : kMissing;
    };
    const auto metricOfAll = [&](GateMetric metric) -> std::optional<Estimate> {
        switch (metric) {
        case GateMetric::CostPer1k:
            return point.costPer1k;
        case GateMetric::CostSaving:
            return baseline && point.costPer1k
                       ? exactly(1 - point.costPer1k->value / (1000 * baseline->meanCostUsd), 0)
                       : std::nullopt;
        case GateMetric::LatencyP95Ms:
            return point.latencyP95Ms;
        case GateMetric::Satisfaction:
            return point.satisfaction;
        case GateMetric::SatisfactionRatio:
            return baseline && point.satisfaction
                       ? exactly(point.satisfaction->value / baseline->meanSatisfied, 0)
                       : std::nullopt;
        case GateMetric::Consistency:
            return point.consistency;
        }
        return std::nullopt;
    };
    std::vector<GateResult> results;
    for (const Gate& gate : gates) {
        if (gate.per == GateScope::Total) {
            results.push_back(judge(gate, {"", metricOfAll(gate.metric), 0, objection}));
            continue;
        }
        const bool isRatio = gate.metric == GateMetric::SatisfactionRatio;
        if (!baseline || gate.per != GateScope::Segment ||
            (!isRatio && gate.metric != GateMetric::Satisfaction))
            continue;
        std::vector<GateResult> ofSegments;
        for (std::size_t i = 0; i < baseline->segments.size(); ++i) {
            const ProjectionSlice& segment = baseline->segments[i];
            const double satisfied = satisfiedIn(i);
            const double value = isRatio ? satisfied / satisfiedOf(segment) : satisfied;
            if (std::isfinite(value))
                ofSegments.push_back(
                    judge(gate, {segment.name, exactly(value, 0), segment.prompts,
                                 objectionToBorrowed(segment.borrowed, segment.requests)}));
        }
        sortWorstFirst(ofSegments);
        std::ranges::move(ofSegments, std::back_inserter(results));
    }
    return results;
}

const SingleModel* findModel(const std::vector<SingleModel>& models, const ModelId& id)
{
    const auto found = std::ranges::find(models, id, &SingleModel::id);
    return found == models.end() ? nullptr : &*found;
}

bool hasSeams(const Traffic& traffic)
{
    return traffic.conversationCount() < traffic.rowCount();
}

/// The models a coin could sensibly be tossed between: the upper hull of outcome over cost, from
/// the cheapest model to the best one. Without outcomes: the cheapest and the dearest.
std::vector<const SingleModel*> hullOf(const std::vector<SingleModel>& models)
{
    std::vector<const SingleModel*> byCost;
    for (const SingleModel& model : models) {
        if (!std::isnan(model.meanCostUsd))
            byCost.push_back(&model);
    }
    std::ranges::sort(byCost, {}, &SingleModel::meanCostUsd);
    const bool judged = std::ranges::none_of(
        byCost, [](const SingleModel* model) { return std::isnan(model->meanSatisfied); });
    if (byCost.size() < 2)
        return {};
    if (!judged)
        return {byCost.front(), byCost.back()};
    std::vector<const SingleModel*> hull;
    for (const SingleModel* model : byCost) {
        if (!hull.empty() && model->meanSatisfied <= hull.back()->meanSatisfied)
            continue; // dearer and no better
        while (hull.size() >= 2) {
            const SingleModel& a = *hull[hull.size() - 2];
            const SingleModel& b = *hull.back();
            const double before =
                (b.meanSatisfied - a.meanSatisfied) * (model->meanCostUsd - a.meanCostUsd);
            const double after =
                (model->meanSatisfied - a.meanSatisfied) * (b.meanCostUsd - a.meanCostUsd);
            if (before > after)
                break;
            hull.pop_back();
        }
        hull.push_back(model);
    }
    return hull;
}

/// Requests tossed one by one between two models: means mix in proportion, voices meet in
/// 2 s (1 - s) of the seams (measures.md section 3).
FrontierPoint mixOf(const SingleModel& a, const SingleModel& b, double shareOfB,
                    const ReplayGround& ground)
{
    const std::size_t rows = ground.traffic().rowCount();
    std::vector<std::pair<double, double>> latencies;
    for (std::size_t row = 0; row < rows; ++row) {
        latencies.emplace_back(a.replay->row(row).firstTokenMs, 1 - shareOfB);
        latencies.emplace_back(b.replay->row(row).firstTokenMs, shareOfB);
    }
    const auto between = [&](double x, double y) { return x + shareOfB * (y - x); };
    const double switches = hasSeams(ground.traffic()) ? 2 * shareOfB * (1 - shareOfB) : 0;
    FrontierPoint point;
    point.kind = FrontierPoint::Kind::RandomMix;
    point.name = "Random, " + fixedText(shareOfB * 100, 0) + " % " + b.id.value;
    point.costPer1k = exactly(1000 * between(a.meanCostUsd, b.meanCostUsd), rows);
    point.satisfaction = exactly(between(a.meanSatisfied, b.meanSatisfied), rows);
    point.consistency =
        exactly(1 - switches * noticeabilityOf(ground.evidence(), a.evidence, b.evidence), rows);
    point.latencyP95Ms = exactly(weightedQuantile(std::move(latencies), 0.95), rows);
    return point;
}

void addMixes(const std::vector<SingleModel>& models, const PolicyDocument& document,
              const ReplayGround& ground, std::vector<FrontierPoint>& points)
{
    const std::vector<const SingleModel*> hull = hullOf(models);
    const SingleModel* const baseline = findModel(models, document.baseline);
    for (std::size_t i = 1; i < hull.size(); ++i) {
        const SingleModel& a = *hull[i - 1];
        const SingleModel& b = *hull[i];
        for (int tenth = 0; tenth <= 10; ++tenth) { // the models themselves at both ends
            const double shareOfB = tenth / 10.0;
            FrontierPoint point = mixOf(a, b, shareOfB, ground);
            point.gates = judgedByMeans(
                point, baseline, document.gates, ground.cover(), [&](std::size_t segment) {
                    const auto& inA = a.segments[segment].satisfaction;
                    const auto& inB = b.segments[segment].satisfaction;
                    return inA && inB ? inA->value + shareOfB * (inB->value - inA->value)
                                      : kMissing;
                });
            points.push_back(std::move(point));
        }
    }
}

/// Knows every outcome beforehand: the cheapest of the models that do best on the request.
FrontierPoint oracleOf(const std::vector<SingleModel>& models, const ReplayGround& ground)
{
    const Traffic& traffic = ground.traffic();
    const std::size_t rows = traffic.rowCount();
    double cost = 0;
    double satisfied = 0;
    double loss = 0;
    double seams = 0;
    std::vector<std::pair<double, double>> latencies;
    const SingleModel* previous = nullptr;
    for (std::size_t row = 0; row < rows; ++row) {
        const SingleModel* best = nullptr;
        double bestOutcome = 0;
        double bestCost = 0;
        for (const SingleModel& model : models) {
            const double outcome = satisfiedBy(model, ground, row);
            const double price = costUsd(*model.replay, row);
            // An unknown price counts as dearest, never as free.
            const bool cheaper = price < bestCost || (std::isnan(bestCost) && !std::isnan(price));
            if (!best || outcome > bestOutcome || (outcome == bestOutcome && cheaper)) {
                best = &model;
                bestOutcome = outcome;
                bestCost = price;
            }
        }
        cost += bestCost;
        satisfied += bestOutcome;
        latencies.emplace_back(best->replay->row(row).firstTokenMs, 1.0);
        const bool goesOn =
            row > 0 && traffic.conversationOf[row] == traffic.conversationOf[row - 1];
        if (goesOn) {
            ++seams;
            loss += best == previous
                        ? 0
                        : noticeabilityOf(ground.evidence(), previous->evidence, best->evidence);
        }
        previous = best;
    }
    const auto all = static_cast<double>(rows);
    FrontierPoint point;
    point.kind = FrontierPoint::Kind::Oracle;
    point.name = "Oracle";
    point.costPer1k = exactly(1000 * cost / all, rows);
    point.satisfaction = exactly(satisfied / all, rows);
    point.consistency = exactly(seams > 0 ? 1 - loss / seams : 1, rows);
    point.latencyP95Ms = exactly(weightedQuantile(std::move(latencies), 0.95), rows);
    return point;
}

const SingleModel* cheapestBut(const std::vector<SingleModel>& models, const ModelId& strong)
{
    const SingleModel* cheapest = nullptr;
    for (const SingleModel& model : models) {
        if (model.id != strong && !std::isnan(model.meanCostUsd) &&
            (!cheapest || model.meanCostUsd < cheapest->meanCostUsd))
            cheapest = &model;
    }
    return cheapest;
}

/// The simplest rule that people try: prompts over a length to the stronger model.
PolicyDocument longerToStronger(const PolicyDocument& document, const ModelId& weak, double length)
{
    PolicyDocument policy = singleModelPolicy(document, weak);
    policy.signalList = {{SignalId("length"), MeasureSource{}, {}}};
    Rule rule;
    rule.id = RuleId("longer");
    rule.when = Condition{Compare{SignalId("length"), CompareOp::Gt, length, false}};
    rule.plan = Plan{Call{document.baseline, {}, {}, {}}};
    policy.rules = {rule};
    return policy;
}

} // namespace

std::vector<FrontierPoint> Projector::baselines(const PolicyDocument& document,
                                                const ProjectionOptions& options)
{
    Impl& impl = *m_impl;
    const ReplayGround& ground = impl.ground;
    std::vector<FrontierPoint> points;
    std::vector<SingleModel> models;
    for (const ModelSpec& spec : document.models) {
        const int evidence = ground.evidence().modelIndex(spec.id);
        if (evidence < 0)
            continue;
        const PolicyDocument policy = singleModelPolicy(document, spec.id);
        const Result<Projection> projected = impl.project(policy, options);
        if (!projected)
            return {};
        points.push_back(
            frontierPointOf(*projected, spec.id.value, FrontierPoint::Kind::SingleModel));
        SingleModel model;
        model.id = spec.id;
        model.evidence = evidence;
        if (projected->costPer1k)
            model.meanCostUsd = projected->costPer1k->value / 1000;
        if (projected->satisfaction)
            model.meanSatisfied = projected->satisfaction->value;
        model.segments = projected->segments;
        models.push_back(std::move(model));
    }
    if (models.empty())
        return points;
    for (SingleModel& model : models)
        model.replay = &impl.replays.get(PlanReplay::keyOf(
            Plan{Call{model.id, {}, {}, {}}}, document, options.seed, options.outageMinutes));
    addMixes(models, document, ground, points);

    ProjectionOptions quick = options;
    quick.draws = 0;
    const SingleModel* const baseline = findModel(models, document.baseline);
    if (const SingleModel* weak = baseline ? cheapestBut(models, document.baseline) : nullptr) {
        const auto lengths =
            signalColumn(longerToStronger(document, weak->id, 0), SignalId("length"),
                         options.styles); // those of the others here, whose columns are kept
        double before = -1;
        for (int tenth = 1; lengths && tenth <= 9; ++tenth) {
            const double length = empiricalQuantile(*lengths, tenth / 10.0);
            if (length == before)
                continue;
            before = length;
            const Result<Projection> projected =
                impl.project(longerToStronger(document, weak->id, length), quick);
            if (!projected)
                return {};
            points.push_back(frontierPointOf(*projected,
                                             "Over " + fixedText(length, 0) + " characters to " +
                                                 document.baseline.value,
                                             FrontierPoint::Kind::LongerToStronger));
        }
    }
    FrontierPoint oracle = oracleOf(models, ground);
    oracle.gates = judgedByMeans(oracle, baseline, document.gates, ground.cover(),
                                 [](std::size_t) { return kMissing; }); // only the mean is kept
    points.push_back(std::move(oracle));
    return points;
}

} // namespace signalbox
