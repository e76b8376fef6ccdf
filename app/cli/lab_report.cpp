// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab_report.h"

#include "route_report.h"

#include <core/base/json.h>
#include <core/base/median.h>
#include <core/projection/number_text.h>
#include <core/report/report_figures.h>
#include <core/voice/answer_stats.h>
#include <core/voice/policy_route.h>
#include <core/voice/spoken_answers.h>
#include <core/voice/tone.h>
#include <core/voice/voice_distance.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <limits>
#include <optional>
#include <sstream>

namespace signalbox::cli {

namespace {

std::string fixed(double value, int decimals)
{
    if (!std::isfinite(value))
        return "-";
    char buffer[64];
    std::snprintf(buffer, sizeof buffer, "%.*f", decimals, value);
    return buffer;
}

std::string padded(std::string text, std::size_t width)
{
    if (text.size() < width)
        text.insert(0, width - text.size(), ' ');
    return text;
}

Json knownJson(double value)
{
    return std::isfinite(value) ? Json(value) : Json(nullptr);
}

Json jsonOf(const Estimate& estimate)
{
    return {{"value", estimate.value},
            {"low", estimate.low},
            {"high", estimate.high},
            {"n", estimate.n}};
}

/// The sum of the numbers that are known, and how many they are.
struct Sum
{
    double sum = 0;
    std::size_t n = 0;

    void add(double value)
    {
        sum += value;
        ++n;
    }
    /// NaN of none.
    [[nodiscard]] double mean() const
    {
        return n > 0 ? sum / static_cast<double>(n) : std::numeric_limits<double>::quiet_NaN();
    }
};

/// One model's plain figures over its usable answers.
struct Figures
{
    std::size_t answers = 0;
    std::size_t failed = 0; ///< calls that gave none
    std::size_t reused = 0; ///< of the answers: taken from the evidence, not asked for
    Sum words;
    Sum sentences;
    Sum outputTokens;        ///< of the answers whose tokens are known
    double firstTokenMs = 0; ///< median; NaN of none
    std::optional<double> costPer1k;
    double satisfied = 0;
    bool hasOutcome = false;
};

Figures figuresOf(const std::vector<Answer>& answers, const ModelId& model)
{
    Figures figures;
    std::vector<double> times;
    double cost = 0;
    std::size_t priced = 0;
    std::size_t reused = 0;
    std::size_t taken = 0; ///< from another column
    std::size_t judged = 0;
    for (const Answer& answer : answers) {
        if (answer.model != model)
            continue;
        if (!hasText(answer)) {
            ++figures.failed;
            continue;
        }
        ++figures.answers;
        const AnswerStats stats = measureAnswer(answer.text);
        figures.words.add(stats.words);
        figures.sentences.add(stats.sentences);
        if (answer.outputTokens)
            figures.outputTokens.add(static_cast<double>(*answer.outputTokens));
        if (answer.firstTokenMs)
            times.push_back(*answer.firstTokenMs);
        if (const auto route = parseRoute(answer.route)) {
            // What a user's request costs: with failed calls, and with those that another column
            // had made already.
            if (const auto whole = route->cost()) {
                cost += whole->usd();
                ++priced;
            }
            taken += answer.reused ? 1 : 0;
        } else if (answer.reused) {
            ++reused; // it cost nothing now, and says nothing about what the model costs
        } else if (answer.cost) {
            cost += answer.cost->usd();
            ++priced;
        }
        if (answer.satisfied) {
            figures.satisfied += *answer.satisfied;
            ++judged;
        }
    }
    figures.firstTokenMs = medianOf(std::move(times));
    figures.reused = reused + taken;
    if (priced > 0 && priced + reused == figures.answers)
        figures.costPer1k = cost / static_cast<double>(priced) * 1000;
    figures.hasOutcome = judged > 0;
    figures.satisfied /= static_cast<double>(std::max<std::size_t>(1, judged));
    return figures;
}

void addModels(std::ostream& out, Json& json, const std::vector<Answer>& answers,
               const std::vector<ModelSpec>& models)
{
    out << padded("model", 24) << padded("answers", 9) << padded("failed", 8)
        << padded("mean words", 12) << padded("mean sentences", 16) << padded("mean tokens", 13)
        << padded("median TTFT", 13) << padded("cost/1,000", 12) << padded("satisfied", 11) << '\n';
    json["models"] = Json::array();
    for (const ModelSpec& model : models) {
        const Figures figures = figuresOf(answers, model.id);
        out << padded(model.id.value, 24) << padded(std::to_string(figures.answers), 9)
            << padded(std::to_string(figures.failed), 8)
            << padded(fixed(figures.words.mean(), 1), 12)
            << padded(fixed(figures.sentences.mean(), 1), 16)
            << padded(fixed(figures.outputTokens.mean(), 0), 13)
            << padded(std::isfinite(figures.firstTokenMs) ? fixed(figures.firstTokenMs, 0) + " ms"
                                                          : "-",
                      13)
            << padded(figures.costPer1k ? valueText(*figures.costPer1k, MetricUnit::Usd)
                                        : "unknown",
                      12)
            << padded(figures.hasOutcome ? fixed(100 * figures.satisfied, 1) + " %" : "unknown", 11)
            << '\n';
        Json entry = {{"id", model.id.value},
                      {"answers", figures.answers},
                      {"failed", figures.failed},
                      {"reused", figures.reused},
                      {"meanWords", knownJson(figures.words.mean())},
                      {"meanSentences", knownJson(figures.sentences.mean())},
                      {"meanOutputTokens", knownJson(figures.outputTokens.mean())},
                      {"medianFirstTokenMs", knownJson(figures.firstTokenMs)}};
        entry["costPer1kUsd"] = figures.costPer1k ? Json(*figures.costPer1k) : Json(nullptr);
        entry["satisfied"] = figures.hasOutcome ? Json(figures.satisfied) : Json(nullptr);
        json["models"].push_back(std::move(entry));
    }
}

void addTone(std::ostream& out, Json& json, const VoicePanel& panel)
{
    const auto places = tonePlaces(panel, kShownVoiceDraws);
    out << "\nTone (T score: 50 is the panel's mean, 10 one standard deviation; ~ marks an axis "
           "that needs more prompts"
        << (panel.isEnglish ? "" : " or counts words of another language") << ")\n"
        << padded("axis", 24);
    for (const std::string& model : panel.models)
        out << padded(model, 22);
    out << '\n';
    json["tone"] = Json::array();
    for (std::size_t axis = 0; axis < toneAxes().size(); ++axis) {
        out << padded(std::string(toneAxes()[axis].label), 24);
        Json row = {{"axis", toneAxes()[axis].id}, {"models", Json::object()}};
        for (std::size_t m = 0; m < panel.models.size(); ++m) {
            const TonePlace& place = places[m][axis];
            out << padded(fixed(place.t.value, 1) + " (" + fixed(place.t.low, 1) + ".." +
                              fixed(place.t.high, 1) + ")" + (place.isWeak() ? "~" : " "),
                          22);
            Json cell = jsonOf(place.t);
            cell["weak"] = place.isWeak();
            if (!place.objection.empty())
                cell["objection"] = place.objection;
            row["models"][panel.models[m]] = std::move(cell);
        }
        out << '\n';
        json["tone"].push_back(std::move(row));
    }
}

/// One pair of models on the prompts that it is compared on.
struct ComparedPair
{
    std::size_t a = 0;
    std::size_t b = 0;
    const VoiceDistance* distance = nullptr; ///< n is 0 of a pair that is not compared
    VoicePanel panel;                        ///< of the two; empty of a pair that is not compared
    /// Of "the two voices are one", adjusted for the number of pairs that get a verdict; nullopt of
    /// the others.
    std::optional<double> pValue = {};
};

std::vector<ComparedPair> pairsOf(const SpokenAnswers& spoken, const ComparedVoices& compared)
{
    std::vector<ComparedPair> pairs;
    std::vector<double> pValues;
    std::vector<std::size_t> tested;
    std::size_t next = 0;
    for (std::size_t a = 0; a < spoken.models().size(); ++a) {
        for (std::size_t b = a + 1; b < spoken.models().size(); ++b, ++next) {
            const VoiceDistance& distance = compared.matrix.pairs[next];
            ComparedPair& pair = pairs.emplace_back(ComparedPair{a, b, &distance, {}, {}});
            if (distance.n > 0)
                pair.panel = spoken.panel(std::array{a, b}, compared.promptsOfPair[next]);
            if (!distance.hasVerdict)
                continue;
            tested.push_back(next);
            pValues.push_back(energyTest(pair.panel, 0, 1).pValue);
        }
    }
    const std::vector<double> adjusted = adjustedPValues(pValues);
    for (std::size_t i = 0; i < tested.size(); ++i)
        pairs[tested[i]].pValue = adjusted[i];
    return pairs;
}

std::string interval(const Estimate& estimate, int decimals)
{
    return fixed(estimate.value, decimals) + " (" + fixed(estimate.low, decimals) + " to " +
           fixed(estimate.high, decimals) + ")";
}

/// How far apart the two are on the axes that mean something and whose interval leaves out 0.
Json addToneDifferences(std::ostream& out, const VoicePanel& pair)
{
    constexpr double kSmallEffect = 0.2;    // Cohen
    constexpr double kTPointsOfSpread = 10; // one standard deviation of all answers
    static constexpr char kNoEffect[] = "the difference hardly varies from prompt to prompt";
    Json list = Json::array();
    for (std::size_t axis = 0; axis < toneAxes().size(); ++axis) {
        if (!isMeaningful(toneAxes()[axis], pair))
            continue;
        const ToneDifference tone = toneDifference(pair, 0, 1, axis, kShownVoiceDraws);
        const double apart = tone.difference.value;
        if (!std::isfinite(apart))
            continue;
        Json entry = {{"axis", toneAxes()[axis].id},
                      {"effect", tone.effect ? Json(*tone.effect) : Json(nullptr)}};
        if (!tone.effect)
            entry["reason"] = kNoEffect;
        entry["difference"] = jsonOf(tone.difference);
        list.push_back(std::move(entry));
        const bool isShown = tone.difference.low > 0 || tone.difference.high < 0;
        const bool isSmall = tone.effect ? std::abs(*tone.effect) < kSmallEffect
                                         : std::abs(apart) < kSmallEffect * kTPointsOfSpread;
        if (isShown && !isSmall)
            out << "      " << toneAxes()[axis].label << ": " << pair.models[0]
                << (apart > 0 ? " +" : " ") << interval(tone.difference, 1) << " T points, effect "
                << (tone.effect ? fixed(*tone.effect, 2) : "not defined: " + std::string(kNoEffect))
                << '\n';
    }
    return list;
}

/// How noticeable a switch is between turns of one conversation; null without any.
Json addWithin(std::ostream& out, const WithinConversation& within)
{
    if (within.pairs == 0)
        return {};
    Json json = {{"turnPairs", within.pairs}};
    out << "      within a conversation: ";
    if (!within.isMeasured()) {
        out << "not measured, " << within.pairs << " pairs of consecutive turns and "
            << within.missing() << " more needed\n";
        return json;
    }
    out << interval(within.noticeability, 2) << ", one model's consecutive turns correlate by "
        << interval(within.rho, 2) << ", n = " << within.pairs << " pairs of turns\n";
    json["noticeability"] = jsonOf(within.noticeability);
    json["rho"] = jsonOf(within.rho);
    return json;
}

/// A pair that too few prompts have answers of, with what it lacks.
void addUncompared(std::ostream& out, Json& json, const ComparedPair& pair,
                   const SpokenAnswers& spoken)
{
    const std::size_t common = spoken.commonPrompts(std::array{pair.a, pair.b}).size();
    const std::string reason = "both answered " + std::to_string(common) +
                               (common == 1 ? " prompt" : " prompts") + ", and at least " +
                               std::to_string(kFewestCommonPrompts) + " are needed";
    const std::string& a = spoken.models()[pair.a];
    const std::string& b = spoken.models()[pair.b];
    out << "  " << a << " / " << b << ": not compared: " << reason << '\n';
    json["pairs"].push_back({{"a", a},
                             {"b", b},
                             {"noticeability", nullptr},
                             {"auc", nullptr},
                             {"verdict", false},
                             {"differsP", nullptr},
                             {"reason", reason}});
}

void addPair(std::ostream& out, Json& json, const ComparedPair& pair)
{
    const std::string tooFew =
        "at least " + std::to_string(kFewestForVerdict) + " prompts are needed for a verdict";
    const VoiceDistance& distance = *pair.distance;
    const std::string& a = pair.panel.models[0];
    const std::string& b = pair.panel.models[1];
    const VerbosityComparison length = compareVerbosity(pair.panel, 0, 1, kShownVoiceDraws);
    out << "  " << a << " / " << b << ": " << interval(distance.noticeability, 2) << ", AUC "
        << fixed(distance.auc.value, 2) << ", n = " << distance.n
        << (distance.hasVerdict ? "" : "; " + tooFew) << '\n';
    if (pair.pValue)
        out << "      " << (*pair.pValue <= 0.05 ? "the voices differ" : "no difference is shown")
            << " (energy test, p = " << fixed(*pair.pValue, 3) << " after Benjamini-Hochberg)\n";
    out << "      " << a << " writes " << interval(length.pairedRatio, 2) << " times as much as "
        << b << " on the same prompts, more in " << fixed(100 * length.shareALonger.value, 0)
        << " % of them\n";
    Json within = addWithin(out, distance.within);
    Json tone = addToneDifferences(out, pair.panel);
    Json reasons = Json::array();
    for (const VoiceReason& reason : distance.reasons) {
        reasons.push_back(reason.sentence);
        out << "      " << reason.sentence << '\n';
    }
    Json entry = {{"a", a}, {"b", b}};
    entry["noticeability"] = jsonOf(distance.noticeability);
    entry["auc"] = jsonOf(distance.auc);
    if (!within.is_null())
        entry["withinConversation"] = std::move(within);
    entry["verdict"] = distance.hasVerdict;
    entry["differsP"] = pair.pValue ? Json(*pair.pValue) : Json(nullptr);
    if (!distance.hasVerdict)
        entry["reason"] = tooFew;
    entry["lengthRatio"] = jsonOf(length.pairedRatio);
    entry["shareLonger"] = jsonOf(length.shareALonger);
    entry["toneDifferences"] = std::move(tone);
    entry["reasons"] = std::move(reasons);
    json["pairs"].push_back(std::move(entry));
}

/// What the same model twice looks like, where it was asked twice.
void addFloors(std::ostream& out, Json& json, const SpokenAnswers& spoken)
{
    json["floors"] = Json::array();
    for (std::size_t m = 0; m < spoken.models().size(); ++m) {
        const NoiseFloor floor = spoken.noiseFloorOf(m);
        if (!floor.measured)
            continue;
        out << "  " << spoken.models()[m] << " twice: " << fixed(floor.noticeability, 2)
            << ", n = " << floor.n << '\n';
        json["floors"].push_back({{"model", spoken.models()[m]},
                                  {"noticeability", floor.noticeability},
                                  {"auc", floor.auc},
                                  {"n", floor.n}});
    }
}

void addVoices(std::ostream& out, Json& json, const SpokenAnswers& spoken)
{
    VoiceDistanceOptions options;
    options.draws = kShownVoiceDraws;
    const ComparedVoices compared = compareVoices(spoken, options);
    json["commonPrompts"] = compared.prompts.size();
    json["english"] = spoken.isEnglish();
    if (!spoken.isEnglish())
        out << "\nThe answers do not read like English: only features that mean the same in every "
               "language are compared.\n";
    for (std::size_t m = 0; m < spoken.models().size(); ++m) {
        if (!compared.models.empty() &&
            std::ranges::find(compared.models, m) == compared.models.end())
            out << "\n"
                << spoken.models()[m] << " said something to " << spoken.promptCount(m)
                << " prompts, less than half as many as others: it takes no part in the tone.\n";
    }
    if (compared.isEnough())
        addTone(out, json, compared.panel);
    else
        out << "\nTone needs at least " << kFewestCommonPrompts
            << " prompts that every model answered; there are " << compared.prompts.size() << ".\n";
    json["pairs"] = Json::array();
    const std::vector<ComparedPair> pairs = pairsOf(spoken, compared);
    if (pairs.empty())
        return;
    out << "\nHow noticeable is a switch? (0 not at all, 1 always; the same model twice is about "
           "0)\n";
    for (const ComparedPair& pair : pairs) {
        if (pair.distance->n > 0)
            addPair(out, json, pair);
        else
            addUncompared(out, json, pair, spoken);
    }
    addFloors(out, json, spoken);
}

} // namespace

Comparison compareAnswers(const std::vector<Answer>& answers, const std::vector<ModelSpec>& models,
                          const std::vector<PromptId>& order, const TurnsBefore& turns)
{
    std::ostringstream out;
    Json json;
    const bool simulated = std::ranges::any_of(answers, &Answer::simulated);
    json["simulated"] = simulated;
    const auto usable = static_cast<std::size_t>(std::ranges::count_if(answers, hasText));
    json["calls"] = answers.size();
    json["answers"] = usable;
    json["failed"] = answers.size() - usable;
    out << answersText(answers) << (simulated ? ", simulated" : "") << "\n\n";
    addModels(out, json, answers, models);
    std::vector<ModelId> ids;
    for (const ModelSpec& model : models)
        ids.push_back(model.id);
    addVoices(out, json, SpokenAnswers::of(answers, ids, order, turns));
    out << routesText(answers);
    if (Json routes = routesJson(answers); !routes.empty())
        json["routes"] = std::move(routes);
    return {out.str(), toJsonText(json)};
}

} // namespace signalbox::cli
