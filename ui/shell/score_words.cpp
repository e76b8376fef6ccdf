// SPDX-License-Identifier: GPL-3.0-or-later
#include "score_words.h"

#include <ui/kit/told_numbers.h>

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace signalbox::ui {

namespace {

using format::Unit;

struct Words
{
    Q_DECLARE_TR_FUNCTIONS(Scoreboard)
};

QString estimateText(const Estimate& of, Unit unit)
{
    return format::toldEstimate(of.value, of.low, of.high, unit);
}

/// How one number is read: its unit, which way is better, the gates that speak of it.
struct Reading
{
    const char* title;
    Unit unit;
    bool higherIsBetter;
    std::vector<GateMetric> metrics; ///< first the one that is the number itself
};

const Reading& readingOf(ScoreKind kind)
{
    static const Reading saving = {QT_TRANSLATE_NOOP("Scoreboard", "Cost saving"),
                                   Unit::Share,
                                   true,
                                   {GateMetric::CostSaving, GateMetric::CostPer1k}};
    static const Reading latency = {QT_TRANSLATE_NOOP("Scoreboard", "p95 latency"),
                                    Unit::Milliseconds,
                                    false,
                                    {GateMetric::LatencyP95Ms}};
    static const Reading quality = {QT_TRANSLATE_NOOP("Scoreboard", "Quality"),
                                    Unit::Share,
                                    true,
                                    {GateMetric::SatisfactionRatio, GateMetric::Satisfaction}};
    static const Reading consistency = {QT_TRANSLATE_NOOP("Scoreboard", "Consistency"),
                                        Unit::Score,
                                        true,
                                        {GateMetric::Consistency}};
    switch (kind) {
    case ScoreKind::CostSaving:
        return saving;
    case ScoreKind::Latency:
        return latency;
    case ScoreKind::Quality:
        return quality;
    case ScoreKind::Consistency:
        return consistency;
    }
    return saving;
}

const std::optional<Estimate>& estimateOf(ScoreKind kind, const Projection& projection)
{
    switch (kind) {
    case ScoreKind::CostSaving:
        return projection.costSaving;
    case ScoreKind::Latency:
        return projection.latencyP95Ms;
    case ScoreKind::Quality:
        return projection.satisfactionRatio;
    case ScoreKind::Consistency:
        return projection.consistency;
    }
    return projection.costSaving;
}

int rankOf(GateVerdict verdict)
{
    switch (verdict) {
    case GateVerdict::NotMet:
        return 3;
    case GateVerdict::NotShown:
        return 2;
    case GateVerdict::Met:
        return 1;
    case GateVerdict::None:
        return 0;
    }
    return 0;
}

QString limitText(const Gate& gate, Unit unit)
{
    const bool least = gate.atLeast.has_value();
    const double limit = least ? *gate.atLeast : gate.atMost.value_or(0);
    const QString number = format::toldLimit(limit, unit);
    QString bound = (least ? Words::tr("at least %1") : Words::tr("at most %1")).arg(number);
    switch (gate.per) {
    case GateScope::Total:
        return bound;
    case GateScope::Segment:
        return Words::tr("%1 per segment").arg(bound);
    case GateScope::Tier:
        return Words::tr("%1 per tier").arg(bound);
    }
    return bound;
}

/// The gates that speak of a number, worst verdict first.
std::vector<const GateResult*> gatesOn(ScoreKind kind, const Projection& projection)
{
    std::vector<const GateResult*> found;
    for (const GateResult& result : projection.gates) {
        if (std::ranges::count(readingOf(kind).metrics, result.gate.metric) > 0)
            found.push_back(&result);
    }
    std::ranges::stable_sort(found, std::ranges::greater{}, [](const GateResult* result) {
        return rankOf(gateVerdictOf(result->verdict));
    });
    return found;
}

void describeChange(Score& score, const Reading& reading, double now, double before)
{
    const QString change = format::difference(now, before, reading.unit);
    if (change == format::difference(before, before, reading.unit)) {
        score.sense = ChangeSense::Same; // rounds to nothing
        return;
    }
    score.change = format::toldDifference(now, before, reading.unit);
    score.rising = now > before;
    score.sense = score.rising == reading.higherIsBetter ? ChangeSense::Better : ChangeSense::Worse;
}

QString meaningOf(ScoreKind kind, const QString& baseline)
{
    switch (kind) {
    case ScoreKind::CostSaving:
        return Words::tr(
                   "Share of the cost saved against sending every request to %1. Every attempt is "
                   "priced, failed ones too.")
            .arg(baseline);
    case ScoreKind::Latency:
        return Words::tr(
            "95 of 100 answers begin within this time, retries and fallbacks included.");
    case ScoreKind::Quality:
        return Words::tr(
                   "Satisfied requests, relative to %1 answering everything. Averages hide a bad "
                   "segment: each one has to keep its gate.")
            .arg(baseline);
    case ScoreKind::Consistency:
        return Words::tr(
            "100 minus the switches of model within conversations, each weighed by how "
            "noticeable the change of voice is. One model alone scores 100.");
    }
    return {};
}

QString nothingYet(const QString& problem)
{
    return problem.isEmpty() ? Words::tr("The numbers are being computed.") : problem;
}

/// The number of one part of the traffic, as a gate on it sees it; nullopt if it is unknown.
std::optional<Estimate> estimateOfPart(const GateResult& gate, const Projection& projection)
{
    for (const GateResult& result : projection.gates) {
        if (result.gate.metric == gate.gate.metric && result.gate.per == gate.gate.per &&
            result.subject == gate.subject)
            return result.estimate;
    }
    return std::nullopt;
}

/// In a few words why the data do not decide on a gate; its reason says it in full.
QString doubtOn(const GateResult& result)
{
    if (result.verdict != Verdict::NotShown)
        return {};
    if (!result.estimate || !std::isfinite(result.estimate->value))
        return Words::tr("nothing is known", "why a gate is not decided");
    const double limit = result.gate.atLeast.value_or(result.gate.atMost.value_or(0));
    if (result.estimate->low <= limit && limit <= result.estimate->high)
        return Words::tr("interval spans it", "why a gate is not decided: it is the limit");
    return result.gate.metric == GateMetric::Consistency
               ? Words::tr("too few prompts compared", "why a gate is not decided")
               : Words::tr("cut answers not judged", "why a gate is not decided");
}

void takeValue(Score& score, const Estimate& estimate, Unit unit)
{
    score.value = estimateText(estimate, unit);
    score.interval =
        score.quick ? QString() : format::toldInterval(estimate.low, estimate.high, unit);
}

Score scoreOf(ScoreKind kind, const Projection& now, const std::optional<Projection>& saved,
              const QString& baseline)
{
    const Reading& reading = readingOf(kind);
    Score score;
    score.title = Words::tr(reading.title);
    score.of = kind == ScoreKind::Quality       ? Words::tr("of the baseline's")
               : kind == ScoreKind::Consistency ? Words::tr("of 100")
                                                : QString();
    score.simulated = now.simulated;
    score.quick = now.quick;
    score.reason = meaningOf(kind, baseline);
    const auto gates = gatesOn(kind, now);
    const auto& estimate = estimateOf(kind, now);
    std::optional<Estimate> before = saved ? estimateOf(kind, *saved) : std::nullopt;
    std::optional<Estimate> shown = estimate;
    if (estimate && std::isfinite(estimate->value)) {
        takeValue(score, *estimate, reading.unit);
        if (!score.interval.isEmpty())
            score.reason += QLatin1Char('\n') + Words::tr("95 % interval: %1.").arg(score.interval);
    } else {
        shown.reset();
        score.reason +=
            QLatin1Char('\n') + Words::tr("Nothing is known: evidence or a price is missing.");
    }
    if (!gates.empty()) {
        const GateResult& worst = *gates.front();
        const bool inMoney = worst.gate.metric == GateMetric::CostPer1k;
        score.verdict = gateVerdictOf(worst.verdict);
        score.doubt = doubtOn(worst);
        score.gate = limitText(worst.gate, inMoney ? Unit::Usd : reading.unit);
        // What is gated is what is shown, met or not: an average of 97 % beside "not met" would
        // look like a mistake, and a number that changes its meaning with the verdict cannot be
        // followed.
        const bool isSameMeasure = worst.gate.metric == reading.metrics.front();
        if (!worst.subject.empty() && isSameMeasure && worst.estimate &&
            std::isfinite(worst.estimate->value)) {
            score.whole = score.value;
            score.part = QString::fromStdString(worst.subject);
            score.title = Words::tr("%1 in %2 (worst)", "a measure, a part of the traffic").arg(score.title, score.part);
            takeValue(score, *worst.estimate, reading.unit);
            shown = worst.estimate;
            before = saved ? estimateOfPart(worst, *saved) : std::nullopt;
        }
    }
    if (shown && before && std::isfinite(before->value))
        describeChange(score, reading, shown->value, before->value);
    for (const GateResult* result : gates) {
        if (result->verdict != Verdict::Met)
            score.reason += QLatin1Char('\n') + QString::fromStdString(result->reason);
    }
    return score;
}

} // namespace

std::vector<Score> scoresOf(const std::optional<Projection>& now,
                            const std::optional<Projection>& saved, const QString& baseline,
                            const QString& problem)
{
    std::vector<Score> scores;
    for (int index = 0; index < kScoreCount; ++index) {
        const auto kind = static_cast<ScoreKind>(index);
        if (now) {
            scores.push_back(scoreOf(kind, *now, saved, baseline));
            continue;
        }
        Score empty;
        empty.title = Words::tr(readingOf(kind).title);
        empty.busy = problem.isEmpty();
        empty.reason = nothingYet(problem);
        scores.push_back(std::move(empty));
    }
    return scores;
}

ScoreReason reasonOf(ScoreKind kind, const std::optional<Projection>& now, const QString& baseline,
                     const QString& problem)
{
    ScoreReason reason;
    reason.title = Words::tr(readingOf(kind).title);
    reason.meaning = meaningOf(kind, baseline);
    if (!now) {
        reason.lines.push_back({GateVerdict::None, nothingYet(problem)});
        return reason;
    }
    const QString base =
        now->simulatedAnswers
            ? Words::tr("Rests on %1 requests in %2 conversations and %3 recorded answers "
                        "of simulated models.")
            : Words::tr("Rests on %1 requests in %2 conversations and %3 recorded answers.");
    reason.lines.push_back(
        {GateVerdict::None, base.arg(format::count(static_cast<qint64>(now->requests)),
                                     format::count(static_cast<qint64>(now->conversations)),
                                     format::count(static_cast<qint64>(now->answers)))});
    for (const GateResult* result : gatesOn(kind, *now))
        reason.lines.push_back(
            {gateVerdictOf(result->verdict), QString::fromStdString(result->reason)});
    return reason;
}

} // namespace signalbox::ui
