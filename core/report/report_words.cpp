// SPDX-License-Identifier: Apache-2.0
#include "report_words.h"

#include <core/base/iso_time.h>
#include <core/projection/number_text.h>
#include <core/voice/policy_route.h>

#include <algorithm>
#include <cmath>

namespace signalbox {

namespace {

constexpr std::size_t kMinutes = 16; ///< of "2026-11-27T08:15"

void add(std::vector<ReportFact>& facts, const char* name, const std::string& value)
{
    if (!value.empty())
        facts.emplace_back(name, value);
}

std::string countsOf(const RunReport& report)
{
    return answersText(report.answers) + " of " + countOf(report.models.size(), "model", "models") +
           " to " + countOf(report.prompts.cases.size(), "prompt", "prompts");
}

std::string totalCost(const RunReport& report)
{
    std::optional<Money> sum;
    std::size_t unpriced = 0;
    for (const ModelFigures& figures : figuresOf(report)) {
        if (figures.cost)
            sum = Money{sum.value_or(Money{}).pico + figures.cost->pico};
        unpriced += figures.unpriced;
    }
    if (unpriced == 0)
        return costText(sum);
    return costText(sum) + ", and of " + countOf(unpriced, "answer", "answers") + " unknown";
}

} // namespace

std::vector<ReportFact> factsOf(const RunReport& report)
{
    std::vector<ReportFact> facts;
    add(facts, "Contents", countsOf(report));
    if (report.startedAtMs != 0)
        add(facts, report.isFromElsewhere ? "Imported" : "Started",
            dayAndMinute(report.startedAtMs));
    if (report.isFromElsewhere)
        add(facts, "Origin", "answers that were recorded elsewhere");
    if (report.samples > 1)
        add(facts, "Answers to each prompt", countText(static_cast<std::size_t>(report.samples)));
    if (report.maxTokens)
        add(facts, "Longest answer",
            countOf(static_cast<std::size_t>(std::max(0, *report.maxTokens)), "token", "tokens"));
    add(facts, "Cost", totalCost(report));
    add(facts, "Run", report.runId);
    if (report.writtenAtMs != 0)
        add(facts, "Report of", dayAndMinute(report.writtenAtMs));
    return facts;
}

std::string dayAndMinute(std::int64_t unixMs)
{
    std::string text = isoTime(unixMs).substr(0, kMinutes);
    if (text.size() < kMinutes)
        return {};
    std::ranges::replace(text, 'T', ' ');
    return text + " UTC";
}

std::string costText(const std::optional<Money>& cost)
{
    if (!cost)
        return "unknown";
    const double usd = cost->usd();
    if (usd == 0)
        return "$0";
    // Cents, and three digits of what is less.
    std::size_t decimals = 2;
    double least = 1;
    while (std::abs(usd) < least && decimals < 10) {
        least /= 10;
        ++decimals;
    }
    std::string text = fixedText(std::abs(usd), static_cast<int>(decimals));
    while (decimals-- > 2 && text.ends_with('0'))
        text.pop_back();
    return (usd < 0 ? "-$" : "$") + text;
}

std::string timeText(const std::optional<double>& ms)
{
    constexpr double kSecond = 1000;
    if (!ms)
        return {};
    return *ms < kSecond ? fixedText(*ms, 0) + " ms" : fixedText(*ms / kSecond, 1) + " s";
}

std::string stateText(AnswerState state)
{
    switch (state) {
    case AnswerState::Done:
        return "done";
    case AnswerState::Truncated:
        return "cut";
    case AnswerState::Refused:
        return "refused by the model";
    case AnswerState::Filtered:
        return "withheld by the provider";
    case AnswerState::Failed:
        return "failed";
    case AnswerState::Stopped:
        return "stopped";
    }
    return {};
}

std::vector<std::string> factsOf(const Answer& answer)
{
    std::vector<std::string> facts;
    if (answer.state != AnswerState::Done)
        facts.push_back(stateText(answer.state));
    if (!answer.text.empty())
        facts.push_back(countOf(wordsOf(answer), "word", "words"));
    if (answer.firstTokenMs)
        facts.push_back("first token " + timeText(answer.firstTokenMs));
    if (answer.totalMs)
        facts.push_back(timeText(answer.totalMs));
    if (answer.outputTokens)
        facts.push_back((answer.tokensEstimated ? "about " : "") +
                        countOf(static_cast<std::size_t>(*answer.outputTokens), "token", "tokens"));
    if (answer.reused)
        facts.emplace_back(answer.route.empty() ? "taken from an earlier run"
                                                : "the answer of a model's own column");
    else if (answer.cost)
        facts.push_back(costText(answer.cost));
    if (!answer.servedModel.empty() && answer.servedModel != answer.model.value)
        facts.push_back("served by " + answer.servedModel);
    if (answer.simulated)
        facts.emplace_back("simulated");
    return facts;
}

std::string routeText(const Answer& answer)
{
    const auto route = parseRoute(answer.route);
    return route ? toString(*route) : std::string();
}

std::string columnName(const ReportedModel& model)
{
    return isPolicyVoice(model.id) && !model.upstreamModel.empty()
               ? "Policy: " + model.upstreamModel
               : model.id.value;
}

std::string noticeabilityText(const ReportedPair* pair)
{
    if (!pair)
        return "not compared";
    const Estimate& value = pair->noticeability;
    return fixedText(value.value, 2) + " (" + fixedText(value.low, 2) + " to " +
           fixedText(value.high, 2) + ")";
}

bool isOneVoice(const ReportedVoices& voices, const ReportedPair& pair)
{
    return pair.noticeability.value <=
           std::max(voices.floors[pair.a].noticeability, voices.floors[pair.b].noticeability);
}

const ReportedPair* pairOf(const ReportedVoices& voices, std::size_t a, std::size_t b)
{
    const auto found = std::ranges::find_if(voices.pairs, [&](const ReportedPair& pair) {
        return pair.a == std::min(a, b) && pair.b == std::max(a, b);
    });
    return found == voices.pairs.end() ? nullptr : &*found;
}

std::string voicesLegend(const ReportedVoices& voices)
{
    double floor = 0;
    bool isMeasured = true;
    for (const NoiseFloor& each : voices.floors) {
        floor = std::max(floor, each.noticeability);
        isMeasured = isMeasured && each.measured;
    }
    return "0: nobody hears when one model takes over from the other; 1: everybody does. In "
           "parentheses the 95 % interval. Two answers of one and the same model differ by up to " +
           fixedText(floor, 2) +
           (isMeasured ? " (measured): what is not above that is one voice."
                       : " (assumed where no model answered twice): what is not above that is one "
                         "voice.");
}

} // namespace signalbox
