// SPDX-License-Identifier: Apache-2.0
#include "gates.h"

#include "number_text.h"

#include <algorithm>
#include <cmath>

namespace signalbox {

namespace {

/// Percentile intervals of exact values may miss a limit by a rounding error.
constexpr double kSlack = 1e-9;

bool reaches(const Gate& gate, double value)
{
    if (gate.atLeast)
        return value >= *gate.atLeast - kSlack * std::max(1.0, std::abs(*gate.atLeast));
    return gate.atMost && value <= *gate.atMost + kSlack * std::max(1.0, std::abs(*gate.atMost));
}

std::string limitText(const Gate& gate)
{
    const MetricUnit unit = unitOf(gate.metric);
    if (gate.atLeast)
        return "at least " + limitValueText(*gate.atLeast, unit);
    return "at most " + limitValueText(gate.atMost.value_or(0), unit);
}

bool restsOnPrompts(GateMetric metric)
{
    return metric == GateMetric::Satisfaction || metric == GateMetric::SatisfactionRatio;
}

std::string subjectText(const Gate& gate, const GateSubject& subject)
{
    std::string text = gateMetricLabel(gate.metric);
    if (!subject.name.empty())
        text +=
            (gate.per == GateScope::Tier ? " of tier \"" : " of segment \"") + subject.name + '"';
    return text;
}

/// The end of the interval that decides, with more digits where the usual ones would make it look
/// as if it reached the limit.
std::string closeMissText(const Gate& gate, const Estimate& estimate)
{
    const MetricUnit unit = unitOf(gate.metric);
    const double end = gate.atLeast ? estimate.low : estimate.high;
    const double limit = gate.atLeast ? *gate.atLeast : gate.atMost.value_or(0);
    if (valueText(end, unit) != valueText(limit, unit))
        return {};
    const double scale = unit == MetricUnit::Seconds ? 0.001 : unit == MetricUnit::Usd ? 1 : 100;
    return (gate.atLeast ? "; its lower end is " : "; its upper end is ") +
           fixedText(end * scale, 3) +
           (unit == MetricUnit::Percent   ? " %"
            : unit == MetricUnit::Seconds ? " s"
                                          : "");
}

/// What is known of the subject, what is asked for, and why that gives the verdict.
std::string detailText(const Gate& gate, const GateSubject& subject, Verdict verdict)
{
    if (!subject.estimate)
        return "unknown" + (subject.objection.empty() ? "" : ": " + subject.objection) + ".";
    std::string text = estimateText(subject.estimate, unitOf(gate.metric));
    if (gate.metric == GateMetric::SatisfactionRatio)
        text += " of the baseline's"; // which may be less than the policy's
    if (!subject.objection.empty())
        return text + ", but " + subject.objection + ".";
    text += "; " + limitText(gate) + " is asked for";
    const bool hasInterval = subject.estimate->low < subject.estimate->high; // none while one drags
    if (hasInterval && verdict == Verdict::NotMet)
        text += gate.atLeast ? ", and the whole interval is below that"
                             : ", and the whole interval is above that";
    if (hasInterval && verdict == Verdict::NotShown)
        text += ", and the interval lies on both sides of that" +
                closeMissText(gate, *subject.estimate);
    if (restsOnPrompts(gate.metric))
        text += " (" + countOf(subject.prompts, "lab prompt", "lab prompts") + ")";
    return text + ".";
}

/// How far the value is on the good side of the limit, in units of the limit.
double margin(const GateResult& result)
{
    if (!result.estimate)
        return 0;
    const double limit =
        result.gate.atLeast ? *result.gate.atLeast : result.gate.atMost.value_or(0);
    const double distance = (result.estimate->value - limit) / std::max(std::abs(limit), 1e-12);
    return result.gate.atLeast ? distance : -distance;
}

int badness(Verdict verdict)
{
    return verdict == Verdict::NotMet ? 0 : verdict == Verdict::NotShown ? 1 : 2;
}

template<class Part> std::optional<Estimate> pick(const Part& part, GateMetric metric)
{
    switch (metric) {
    case GateMetric::CostSaving:
        return part.costSaving;
    case GateMetric::CostPer1k:
        return part.costPer1k;
    case GateMetric::LatencyP95Ms:
        return part.latencyP95Ms;
    case GateMetric::Satisfaction:
        return part.satisfaction;
    case GateMetric::SatisfactionRatio:
        return part.satisfactionRatio;
    case GateMetric::Consistency:
        return part.consistency;
    }
    return std::nullopt;
}

} // namespace

bool holds(const Gate& gate, double value)
{
    return !std::isnan(value) && reaches(gate, value);
}

GateResult judge(const Gate& gate, const GateSubject& subject)
{
    GateResult result;
    result.gate = gate;
    result.subject = subject.name;
    result.estimate = subject.estimate;
    result.prompts = subject.prompts;
    result.objection = subject.objection;
    if (subject.estimate && subject.objection.empty()) {
        const double worse = gate.atLeast ? subject.estimate->low : subject.estimate->high;
        const double better = gate.atLeast ? subject.estimate->high : subject.estimate->low;
        if (reaches(gate, worse))
            result.verdict = Verdict::Met;
        else if (!reaches(gate, better))
            result.verdict = Verdict::NotMet;
    }
    result.detail = detailText(gate, subject, result.verdict);
    result.reason = subjectText(gate, subject) + " is " + result.detail;
    return result;
}

void sortWorstFirst(std::vector<GateResult>& results)
{
    std::ranges::stable_sort(results, [](const GateResult& a, const GateResult& b) {
        if (badness(a.verdict) != badness(b.verdict))
            return badness(a.verdict) < badness(b.verdict);
        return margin(a) < margin(b);
    });
}

std::optional<Estimate> metricOf(const Projection& projection, GateMetric metric)
{
    return pick(projection, metric);
}

std::optional<Estimate> metricOf(const ProjectionSlice& slice, GateMetric metric)
{
    return pick(slice, metric);
}

std::string gateText(const Gate& gate)
{
    std::string text = gateMetricLabel(gate.metric);
    if (gate.per != GateScope::Total)
        text += gate.per == GateScope::Segment ? " per segment" : " per tier";
    return text + ", " + limitText(gate);
}

const char* gateMetricLabel(GateMetric metric)
{
    switch (metric) {
    case GateMetric::CostSaving:
        return "Cost saving";
    case GateMetric::CostPer1k:
        return "Cost per 1,000 requests";
    case GateMetric::LatencyP95Ms:
        return "p95 latency";
    case GateMetric::Satisfaction:
        return "Satisfaction";
    case GateMetric::SatisfactionRatio:
        return "Quality";
    case GateMetric::Consistency:
        return "Consistency";
    }
    return "";
}

const char* verdictName(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Met:
        return "met";
    case Verdict::NotMet:
        return "notMet";
    case Verdict::NotShown:
        return "notShown";
    }
    return "";
}

const char* verdictLabel(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Met:
        return "met";
    case Verdict::NotMet:
        return "not met";
    case Verdict::NotShown:
        return "not shown by the data";
    }
    return "";
}

} // namespace signalbox
