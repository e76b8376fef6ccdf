// SPDX-License-Identifier: GPL-3.0-or-later
#include "frontier_words.h"

#include <core/frontier/frontier_report.h>
#include <core/projection/gates.h>
#include <ui/kit/format.h>
#include <ui/models/gate_words.h>

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>

namespace signalbox::ui::frontier_words {

namespace {

struct FrontierWords
{
    Q_DECLARE_TR_FUNCTIONS(signalbox::ui::FrontierWords)
};

QString count(std::size_t number)
{
    return format::count(static_cast<qint64>(number));
}

QString conversations(std::size_t number)
{
    return FrontierWords::tr("%1 conversation(s)", nullptr, static_cast<int>(number))
        .arg(count(number));
}

QString requests(std::size_t number)
{
    return FrontierWords::tr("%1 request(s)", nullptr, static_cast<int>(number)).arg(count(number));
}

/// "about 2.3 million policies", "48 policies".
QString policies(double number)
{
    if (!std::isfinite(number))
        return FrontierWords::tr("more policies than can be counted");
    if (number < 1e6)
        return FrontierWords::tr("%1 policies").arg(count(static_cast<std::size_t>(number)));
    return number < 1e9
               ? FrontierWords::tr("about %1 million policies").arg(format::number(number / 1e6, 1))
               : FrontierWords::tr("about %1 billion policies")
                     .arg(format::number(number / 1e9, number < 1e11 ? 1 : 0));
}

/// As it stands within a sentence: "quality", but "p95 latency".
QString inSentence(GateMetric metric)
{
    const QString word = gateMetricText(metric);
    return word.left(1).toLower() + word.mid(1);
}

QString listed(const QStringList& parts)
{
    if (parts.size() < 2)
        return parts.join(QString());
    return FrontierWords::tr("%1 and %2", "all but the last of a list, and that")
        .arg(parts.mid(0, parts.size() - 1)
                 .join(FrontierWords::tr(", ", "between two parts of a list")),
             parts.back());
}

QString ruleOf(const Knob& knob)
{
    if (knob.rule)
        return QString::fromStdString(knob.rule->value);
    return knob.kind == KnobKind::Stickiness ? FrontierWords::tr("the policy as a whole")
                                             : FrontierWords::tr("otherwise");
}

/// "Quality in Disputes"; of the whole traffic the metric alone.
QString gateText(const GateResult& result)
{
    const QString metric = gateMetricText(result.gate.metric);
    return result.subject.empty() ? metric
                                  : FrontierWords::tr("%1 in %2", "metric, part of the traffic")
                                        .arg(metric, QString::fromStdString(result.subject));
}

bool isMet(const GateResult& result)
{
    return result.verdict == Verdict::Met;
}

/// "Quality in Disputes and Billing (4 points)": what keeps points from meeting all gates.
QString inTheWay(const Frontier& frontier)
{
    struct Obstacle
    {
        QString text;
        std::size_t points = 0;
    };
    std::vector<Obstacle> obstacles;
    for (const FrontierChoice& point : frontier.points) {
        for (const GateResult& result : point.report.gates) {
            if (isMet(result))
                continue;
            const QString text =
                FrontierWords::tr("%1 (%2)", "a gate, its verdict")
                    .arg(gateText(result), verdictText(gateVerdictOf(result.verdict)));
            const auto known = std::ranges::find(obstacles, text, &Obstacle::text);
            if (known == obstacles.end())
                obstacles.push_back({text, 1});
            else
                ++known->points;
        }
    }
    std::ranges::stable_sort(obstacles, std::greater(), &Obstacle::points);
    constexpr std::size_t kMost = 3;
    QStringList parts;
    for (std::size_t i = 0; i < std::min(kMost, obstacles.size()); ++i)
        parts << obstacles[i].text;
    if (parts.isEmpty())
        return {};
    const auto more = static_cast<int>(obstacles.size()) - static_cast<int>(parts.size());
    return more > 0 ? FrontierWords::tr("In the way most often: %1, and %n more.", nullptr, more)
                          .arg(parts.join(FrontierWords::tr(", ")))
                    : FrontierWords::tr("In the way: %1.").arg(listed(parts));
}

/// "0.9 points of cost saving", without a sign; empty where it rounds to nothing.
QString amount(double difference, GateMetric metric)
{
    const double size = std::abs(difference);
    const auto words = [&](const QString& text) {
        return FrontierWords::tr("%1 of %2", "an amount, of a metric")
            .arg(text, inSentence(metric));
    };
    switch (metric) {
    case GateMetric::LatencyP95Ms:
        if (!std::isfinite(size) || size < 5)
            return {};
        return words(FrontierWords::tr("%1\u202Fs", "seconds").arg(format::number(size / 1000, 2)));
    default:
        if (!std::isfinite(size) || size < 0.0005)
            return {};
        return words(FrontierWords::tr("%1 points").arg(format::number(size * 100, 1)));
    }
}

/// How much better the search half looked, per number; negative: worse.
FourNumbers promised(const FrontierChoice& choice)
{
    const FourNumbers search = fourNumbersOf(choice.search);
    const FourNumbers report = fourNumbersOf(choice.report);
    FourNumbers more{};
    for (std::size_t i = 0; i < more.size(); ++i)
        more[i] = kFrontierMetrics[i] == GateMetric::LatencyP95Ms ? report[i] - search[i]
                                                                  : search[i] - report[i];
    return more;
}

/// The amounts with this sign.
QStringList amounts(const FourNumbers& numbers, bool isPositive)
{
    QStringList parts;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        const QString text =
            (numbers[i] > 0) == isPositive ? amount(numbers[i], kFrontierMetrics[i]) : QString();
        if (!text.isEmpty())
            parts << text;
    }
    return parts;
}

/// Whether the half of every interval that is of some width is wider than what was promised too
/// much.
bool isWithinIntervals(const FourNumbers& more, const Projection& report)
{
    for (std::size_t i = 0; i < more.size(); ++i) {
        const auto estimate = metricOf(report, kFrontierMetrics[i]);
        if (estimate && std::isfinite(more[i]) && more[i] > (estimate->high - estimate->low) / 2)
            return false;
    }
    return true;
}

QString shareText(const std::optional<double>& share, const QString& otherwise)
{
    return share && std::isfinite(*share) ? format::percent(*share, 1) : otherwise;
}

} // namespace

QString halves(const ConversationHalves& halves)
{
    return FrontierWords::tr("Searches on %1 (%2), and reports on the other %3 (%4), which have no "
                             "say in what is chosen.",
                             "conversations, requests; conversations, requests")
        .arg(conversations(halves.searchConversations), requests(halves.searchRequests),
             conversations(halves.reportConversations), requests(halves.reportRequests));
}

QString halvesDone(const ConversationHalves& halves)
{
    return FrontierWords::tr("All numbers are of %1 (%2) that had no say in the choice; the search "
                             "had the other %3.",
                             "conversations, requests; number")
        .arg(conversations(halves.reportConversations), requests(halves.reportRequests),
             count(halves.searchConversations));
}

QStringList settings(const std::vector<Knob>& knobs)
{
    std::vector<std::pair<QString, QStringList>> rules;
    for (const Knob& knob : knobs) {
        const QString rule = ruleOf(knob);
        const QString what = knob.kind == KnobKind::Stickiness
                                 ? FrontierWords::tr("decides each request, or each conversation "
                                                     "once")
                                 : QString::fromStdString(knob.what);
        if (rules.empty() || rules.back().first != rule)
            rules.push_back({rule, {}});
        if (!rules.back().second.contains(what))
            rules.back().second << what;
    }
    QStringList lines;
    for (const auto& [rule, what] : rules)
        lines << FrontierWords::tr("%1: %2", "a rule, its settings")
                     .arg(rule, what.join(FrontierWords::tr(", ")));
    return lines;
}

QString space(const FrontierScope& scope)
{
    return FrontierWords::tr("%n setting(s), %1", "the policies that they make",
                             static_cast<int>(scope.knobs.size()))
        .arg(policies(scope.spaceSize));
}

QString progress(const FrontierSession::State& state)
{
    if (state.most == 0)
        return FrontierWords::tr("Searching: reading the signals of the traffic ...");
    if (state.step == FrontierStep::Projecting)
        return FrontierWords::tr("Projecting with intervals: %1 of %2")
            .arg(count(state.done), count(state.most));
    return FrontierWords::tr("Searching: %1 of at most %2 policies scored")
        .arg(count(state.done), count(state.most));
}

QString effort(const Frontier& frontier)
{
    return FrontierWords::tr("%1 of %2 scored, %3; seed %4.",
                             "number, policies, how they were chosen, seed")
        .arg(count(frontier.scored), policies(frontier.spaceSize),
             frontier.isExhaustive ? FrontierWords::tr("which is all of them")
                                   : FrontierWords::tr("so a better one may have been missed"),
             QString::number(frontier.seed));
}

Message failure(const Error& error)
{
    if (error.code == ErrorCode::Cancelled)
        return {Tone::Neutral, FrontierWords::tr("The search was stopped."),
                FrontierWords::tr("The policy is as it was. Nothing was found so far.")};
    if (error.code == ErrorCode::Unsupported)
        return {Tone::Caution,
                error.where.empty()
                    ? FrontierWords::tr("A policy with meters cannot be searched.")
                    : FrontierWords::tr("A policy with meters cannot be searched: %1.",
                                        "signals that are meters")
                          .arg(QString::fromStdString(error.where)),
                FrontierWords::tr("What its meters count depends on the requests before, so that "
                                  "policies cannot be compared request by request. Search it "
                                  "without the rules that ask a meter, or change it by hand and "
                                  "watch the scoreboard.")};
    const QString detail = QString::fromStdString(error.hint);
    return {Tone::Caution, QString::fromStdString(error.message),
            detail.left(1).toUpper() + detail.mid(1) +
                (detail.isEmpty() || detail.endsWith(QLatin1Char('.')) ? QString()
                                                                       : QStringLiteral("."))};
}

Message doubt(FrontierSession::Doubt doubt, const QString& policy)
{
    using Doubt = FrontierSession::Doubt;
    switch (doubt) {
    case Doubt::None:
        return {};
    case Doubt::AnotherPolicy:
        return {Tone::Neutral,
                FrontierWords::tr("These points are of \"%1\", which is not in front.",
                                  "name of a policy")
                    .arg(policy),
                FrontierWords::tr("They can be looked at. To adopt one, go back to that policy.")};
    case Doubt::PolicyEdited:
        return {Tone::Caution, FrontierWords::tr("The policy was edited since the search began."),
                FrontierWords::tr("The points are those of the policy as it was, and none can be "
                                  "adopted. Undo the edits, or search again.")};
    case Doubt::TrafficChanged:
        return {Tone::Caution, FrontierWords::tr("Other traffic is open since the search began."),
                FrontierWords::tr("The points were found on the traffic before, and none can be "
                                  "adopted. Search again on this one.")};
    case Doubt::EvidenceChanged:
        return {Tone::Caution,
                FrontierWords::tr("The recorded answers are others since the search began."),
                FrontierWords::tr("The points rest on those before, and none can be adopted. "
                                  "Search again.")};
    }
    return {};
}

Message verdict(const Frontier& frontier)
{
    if (frontier.points.empty())
        return {Tone::Caution, FrontierWords::tr("No policy could be projected."), {}};
    if (frontier.points.front().report.gates.empty())
        return {Tone::Neutral,
                FrontierWords::tr("The policy has no gates, so nothing says which point is good "
                                  "enough."),
                FrontierWords::tr("The points differ in what they trade for what. Set gates on "
                                  "the Policy page to search under them.")};
    if (const FrontierChoice* best = frontier.best()) {
        const bool isAlready = best->turned.empty();
        return {Tone::Positive,
                isAlready
                    ? FrontierWords::tr("Nothing better was found: the policy as it is meets every "
                                        "gate and saves most of those that do.")
                    : FrontierWords::tr("%1 is best: it is shown to meet every gate, and of the "
                                        "points that are it saves most.")
                          .arg(name(*best)),
                FrontierWords::tr("Tried surest first by the half that it was searched on, so that "
                                  "luck on the other half cannot pick it.")};
    }
    const auto lucky = std::ranges::find_if(
        frontier.points, [](const FrontierChoice& point) { return point.report.allGatesMet(); });
    if (lucky != frontier.points.end())
        return {Tone::Caution,
                FrontierWords::tr("No point shows that it meets every gate; these come nearest."),
                FrontierWords::tr("%1 meets them here, but a point that was surer on the half that "
                                  "was searched does not: of several tried, one may be lucky. %2")
                    .arg(name(*lucky), inTheWay(frontier))};
    return {Tone::Caution,
            FrontierWords::tr("No point shows that it meets every gate; these come nearest."),
            inTheWay(frontier)};
}

QString name(const FrontierChoice& choice)
{
    switch (choice.kind) {
    case FrontierChoice::Kind::Found:
        return FrontierWords::tr("Point %1").arg(QString::fromStdString(choice.name));
    case FrontierChoice::Kind::Present:
        return FrontierWords::tr("The policy before");
    case FrontierChoice::Kind::SingleModel:
        return QString::fromStdString(choice.name);
    }
    return {};
}

QString role(const Frontier& frontier, const FrontierChoice& choice)
{
    switch (choice.kind) {
    case FrontierChoice::Kind::Found:
        break;
    case FrontierChoice::Kind::Present:
        return FrontierWords::tr("As it was when the search began, for comparison.");
    case FrontierChoice::Kind::SingleModel:
        return FrontierWords::tr("Every request to this one model, for comparison.");
    }
    if (frontier.best() == &choice)
        return FrontierWords::tr("Best: shown to meet every gate, and saves most of those that "
                                 "are.");
    if (!choice.isStillPareto)
        return FrontierWords::tr("Another point is nowhere worse and somewhere better here.");
    return {};
}

QString changedRules(const Frontier& frontier, const FrontierChoice& choice)
{
    QStringList rules;
    for (const std::size_t place : choice.turned) {
        const Knob& knob = frontier.knobs[place];
        const QString rule =
            knob.kind == KnobKind::Stickiness ? FrontierWords::tr("whole policy") : ruleOf(knob);
        if (!rules.contains(rule))
            rules << rule;
    }
    if (rules.isEmpty() && choice.kind == FrontierChoice::Kind::Found)
        return FrontierWords::tr("nothing");
    return rules.join(FrontierWords::tr(", "));
}

QStringList changes(const Frontier& frontier, const FrontierChoice& choice)
{
    const auto value = [](const std::string& text) {
        QString shown = QString::fromStdString(text);
        if (shown.size() > 1 && shown.front() == QLatin1Char('-') && shown[1].isDigit())
            shown.front() = QChar(0x2212); // as all numbers of the window have it
        return shown;
    };
    QStringList lines;
    for (const TurnedKnob& turned : turnedBy(frontier, choice))
        lines << FrontierWords::tr("%1: %2 %3 → %4", "rule, setting, from, to")
                     .arg(QString::fromStdString(turned.rule), QString::fromStdString(turned.what),
                          value(turned.from), value(turned.to));
    return lines;
}

QString gatesMet(const Projection& projection)
{
    if (projection.gates.empty())
        return {};
    return FrontierWords::tr("%1 of %2", "gates that are met, all gates")
        .arg(std::ranges::count_if(projection.gates, isMet))
        .arg(projection.gates.size());
}

GateVerdict verdictOf(const Projection& projection)
{
    if (projection.gates.empty())
        return GateVerdict::None;
    if (projection.allGatesMet())
        return GateVerdict::Met;
    return std::ranges::any_of(
               projection.gates,
               [](const GateResult& result) { return result.verdict == Verdict::NotMet; })
               ? GateVerdict::NotMet
               : GateVerdict::NotShown;
}

QString gatesSentence(const Projection& projection)
{
    if (projection.gates.empty())
        return FrontierWords::tr("The policy has no gates.");
    return FrontierWords::tr("%1 of %n gate(s) met; all hold in %2 of resamples.", "number, share",
                             static_cast<int>(projection.gates.size()))
        .arg(std::ranges::count_if(projection.gates, isMet))
        .arg(format::percent(projection.allGatesProbability, 0));
}

std::vector<GateLine> gateLines(const Frontier& frontier, const FrontierChoice& choice)
{
    std::vector<GateLine> open;
    std::vector<GateLine> settled;
    for (const GateResult& result : choice.report.gates) {
        const auto& before = frontier.present.report.gates;
        const auto was = std::ranges::find_if(before, [&](const GateResult& other) {
            return other.gate == result.gate && other.subject == result.subject;
        });
        const bool isSame = was == before.end() || was->verdict == result.verdict;
        if (isSame && isMet(result))
            continue;
        GateLine line{gateVerdictOf(result.verdict),
                      gateText(result),
                      {},
                      format::unbroken(QString::fromStdString(result.reason))};
        if (!isSame)
            line.change = FrontierWords::tr("was %1", "a verdict")
                              .arg(verdictText(gateVerdictOf(was->verdict)));
        (isMet(result) ? settled : open).push_back(std::move(line));
    }
    std::ranges::move(settled, std::back_inserter(open));
    return open;
}

QString optimism(const Frontier& frontier, const FrontierChoice& choice)
{
    if (choice.kind != FrontierChoice::Kind::Found)
        return {};
    const FourNumbers more = promised(choice);
    const QStringList tooMuch = amounts(more, true);
    const QString itself =
        tooMuch.isEmpty()
            ? FrontierWords::tr("%1 is here at least as good as the half promised that it was "
                                "chosen by.")
                  .arg(name(choice))
            : FrontierWords::tr("The half that %1 was chosen by promised too much by %2%3.",
                                "a point, amounts, a remark")
                  .arg(FrontierWords::tr("point %1").arg(QString::fromStdString(choice.name)),
                       listed(tooMuch),
                       isWithinIntervals(more, choice.report)
                           ? FrontierWords::tr(", less than the intervals allow for")
                           : FrontierWords::tr(", more than the intervals allow for"));
    const QStringList present = amounts(frontier.optimism.present, true);
    return present.isEmpty()
               ? itself
               : FrontierWords::tr("%1 The policy before, which nobody chose by it, looked better "
                                   "there by %2.")
                     .arg(itself, listed(present));
}

QString adopted(const FrontierFinding& finding, std::size_t point)
{
    const FrontierChoice& choice = finding.frontier.points[point];
    const auto turned = static_cast<int>(choice.turned.size());
    QString text = FrontierWords::tr("%1 is adopted: %n setting(s) changed. Undo brings the policy "
                                     "back.",
                                     "a point", turned)
                       .arg(name(choice));
    if (!choice.report.allGatesMet())
        text += QLatin1Char(' ') + FrontierWords::tr("It does not show that it meets every gate.");
    if (point < finding.brokenTests.size() && finding.brokenTests[point] > 0)
        text +=
            QLatin1Char(' ') + FrontierWords::tr("%n stored test(s) expect another way.", nullptr,
                                                 static_cast<int>(finding.brokenTests[point]));
    return text;
}

std::vector<Measure> measures(const Frontier& frontier)
{
    if (!frontier.measures)
        return {};
    const RoutingMeasures& measures = *frontier.measures;
    const QString weak = QString::fromStdString(measures.weak.value);
    const QString strong = QString::fromStdString(measures.strong.value);
    const QString never = FrontierWords::tr("never");
    const auto share = [](double value) {
        return std::isfinite(value) ? format::percent(value, 1) : FrontierWords::tr("unknown");
    };
    return {
        {QStringLiteral("APGR"), format::number(measures.averageGapRecovered, 3),
         FrontierWords::tr("Share of the gap in quality between %1 alone (0) and %2 alone (1) that "
                           "the points close, on average over all shares of requests that %2 may "
                           "answer (RouteLLM).")
             .arg(weak, strong)},
        {QStringLiteral("CPT(50\u202F%)"), shareText(measures.callsForHalf, never),
         FrontierWords::tr("Least share of requests to %1 that closes half of the gap.")
             .arg(strong)},
        {QStringLiteral("CPT(80\u202F%)"), shareText(measures.callsForMost, never),
         FrontierWords::tr("The same for four fifths of it.")},
        {QStringLiteral("AIQ"), share(measures.improvement),
         FrontierWords::tr("Average quality over the range of costs (RouterBench); tossing a coin "
                           "between models gives %1.")
             .arg(share(measures.improvementOfModels))},
        {QStringLiteral("CostSave(95\u202F%)"), shareText(measures.savingAtMost, never),
         FrontierWords::tr("Saved of the cost of %1 by the cheapest point that keeps 95\u202F% of "
                           "its satisfied requests.")
             .arg(strong)},
        {QStringLiteral("CostSave(100\u202F%)"), shareText(measures.savingAtAll, never),
         FrontierWords::tr("The same with all of them kept.")},
    };
}

QString number(const std::optional<Estimate>& estimate, GateMetric metric)
{
    if (!estimate || std::isnan(estimate->value))
        return FrontierWords::tr("unknown");
    if (metric == GateMetric::LatencyP95Ms)
        return std::isfinite(estimate->value)
                   ? FrontierWords::tr("%1\u202Fs", "seconds")
                         .arg(format::number(estimate->value / 1000, 2))
                   : FrontierWords::tr("no answer", "where a latency would stand");
    return metric == GateMetric::Consistency ? format::number(estimate->value * 100, 1)
                                             : format::percent(estimate->value, 1);
}

QString interval(const std::optional<Estimate>& estimate, GateMetric metric)
{
    if (!estimate || !std::isfinite(estimate->low) || !std::isfinite(estimate->high) ||
        !(estimate->high > estimate->low))
        return {};
    const bool isLatency = metric == GateMetric::LatencyP95Ms;
    const auto text = [&](double value) {
        return isLatency ? format::number(value / 1000, 2) : format::number(value * 100, 1);
    };
    return FrontierWords::tr("%1 to %2", "an interval")
        .arg(text(estimate->low), text(estimate->high));
}

} // namespace signalbox::ui::frontier_words
