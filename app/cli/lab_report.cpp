// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab_report.h"

#include <core/base/json.h>
#include <core/voice/answer_stats.h>
#include <core/voice/tone.h>
#include <core/voice/voice_distance.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
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

Json jsonOf(const Estimate& estimate)
{
    return {{"value", estimate.value},
            {"low", estimate.low},
            {"high", estimate.high},
            {"n", estimate.n}};
}

bool isUsable(const Answer& answer)
{
    return answer.state == AnswerState::Done || answer.state == AnswerState::Truncated;
}

double medianOf(std::vector<double> values)
{
    if (values.empty())
        return std::nan("");
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::ranges::nth_element(values, middle);
    return *middle;
}

/// One model's plain figures over its usable answers.
struct Figures
{
    std::size_t answers = 0;
    std::size_t failed = 0;
    double words = 0;
    double sentences = 0;
    double outputTokens = 0;
    double firstTokenMs = 0; ///< median
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
    std::size_t judged = 0;
    for (const Answer& answer : answers) {
        if (answer.model != model)
            continue;
        if (!isUsable(answer)) {
            ++figures.failed;
            continue;
        }
        ++figures.answers;
        const AnswerStats stats = measureAnswer(answer.text);
        figures.words += stats.words;
        figures.sentences += stats.sentences;
        figures.outputTokens += static_cast<double>(answer.outputTokens.value_or(0));
        if (answer.firstTokenMs)
            times.push_back(*answer.firstTokenMs);
        if (answer.cost) {
            cost += answer.cost->usd();
            ++priced;
        }
        if (answer.satisfied) {
            figures.satisfied += *answer.satisfied;
            ++judged;
        }
    }
    const auto n = static_cast<double>(std::max<std::size_t>(1, figures.answers));
    figures.words /= n;
    figures.sentences /= n;
    figures.outputTokens /= n;
    figures.firstTokenMs = medianOf(std::move(times));
    if (priced > 0 && priced == figures.answers)
        figures.costPer1k = cost / static_cast<double>(priced) * 1000;
    figures.hasOutcome = judged > 0;
    figures.satisfied /= static_cast<double>(std::max<std::size_t>(1, judged));
    return figures;
}

/// The first usable answer of every model to every prompt that all of them answered.
VoicePanel panelOf(const std::vector<Answer>& answers, const std::vector<ModelSpec>& models)
{
    std::map<std::string, std::vector<const Answer*>> byPrompt;
    for (std::size_t m = 0; m < models.size(); ++m) {
        for (const Answer& answer : answers) {
            if (answer.model != models[m].id || !isUsable(answer))
                continue;
            auto& row = byPrompt[answer.prompt.value];
            row.resize(models.size());
            if (!row[m] || answer.sample < row[m]->sample)
                row[m] = &answer;
        }
    }
    VoicePanel panel;
    panel.stats.resize(models.size());
    for (const ModelSpec& model : models)
        panel.models.push_back(model.id.value);
    for (const auto& [prompt, row] : byPrompt) {
        if (std::ranges::count(row, nullptr) > 0)
            continue;
        panel.prompts.push_back(prompt);
        for (std::size_t m = 0; m < models.size(); ++m)
            panel.stats[m].push_back(measureAnswer(row[m]->text));
    }
    return panel;
}

void addModels(std::ostream& out, Json& json, const std::vector<Answer>& answers,
               const std::vector<ModelSpec>& models)
{
    out << padded("model", 24) << padded("answers", 9) << padded("failed", 8) << padded("words", 8)
        << padded("sentences", 11) << padded("tokens", 8) << padded("TTFT p50", 11)
        << padded("USD/1k", 10) << padded("satisfied", 11) << '\n';
    json["models"] = Json::array();
    for (const ModelSpec& model : models) {
        const Figures figures = figuresOf(answers, model.id);
        out << padded(model.id.value, 24) << padded(std::to_string(figures.answers), 9)
            << padded(std::to_string(figures.failed), 8) << padded(fixed(figures.words, 1), 8)
            << padded(fixed(figures.sentences, 1), 11) << padded(fixed(figures.outputTokens, 0), 8)
            << padded(fixed(figures.firstTokenMs, 0) + " ms", 11)
            << padded(figures.costPer1k ? fixed(*figures.costPer1k, 3) : "unknown", 10)
            << padded(figures.hasOutcome ? fixed(100 * figures.satisfied, 1) + " %" : "unknown", 11)
            << '\n';
        Json entry = {{"id", model.id.value},
                      {"answers", figures.answers},
                      {"failed", figures.failed},
                      {"meanWords", figures.words},
                      {"meanSentences", figures.sentences},
                      {"meanOutputTokens", figures.outputTokens}};
        entry["medianFirstTokenMs"] =
            std::isfinite(figures.firstTokenMs) ? Json(figures.firstTokenMs) : Json(nullptr);
        entry["costPer1kUsd"] = figures.costPer1k ? Json(*figures.costPer1k) : Json(nullptr);
        entry["satisfied"] = figures.hasOutcome ? Json(figures.satisfied) : Json(nullptr);
        json["models"].push_back(std::move(entry));
    }
}

void addTone(std::ostream& out, Json& json, const VoicePanel& panel)
{
    const auto places = tonePlaces(panel);
    out << "\nTone (T score: 50 is the panel's mean, 10 one standard deviation; ~ marks an axis "
           "that needs "
           "more prompts)\n"
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
            row["models"][panel.models[m]] = std::move(cell);
        }
        out << '\n';
        json["tone"].push_back(std::move(row));
    }
}

void addPairs(std::ostream& out, Json& json, const VoicePanel& panel)
{
    out << "\nHow noticeable is a switch? (0 not at all, 1 always; the same model twice is about "
           "0)\n";
    json["pairs"] = Json::array();
    for (std::size_t a = 0; a < panel.models.size(); ++a) {
        for (std::size_t b = a + 1; b < panel.models.size(); ++b) {
            const VoiceDistance distance = voiceDistance(panel, a, b);
            out << "  " << panel.models[a] << " / " << panel.models[b] << ": "
                << fixed(distance.noticeability.value, 2) << " ("
                << fixed(distance.noticeability.low, 2) << " to "
                << fixed(distance.noticeability.high, 2) << "), AUC "
                << fixed(distance.auc.value, 2) << ", n = " << distance.n
                << (distance.hasVerdict ? "" : "; at least 50 prompts are needed for a verdict")
                << '\n';
            Json reasons = Json::array();
            for (const VoiceReason& reason : distance.reasons) {
                reasons.push_back(reason.sentence);
                out << "      " << reason.sentence << '\n';
            }
            json["pairs"].push_back({{"a", panel.models[a]},
                                     {"b", panel.models[b]},
                                     {"noticeability", jsonOf(distance.noticeability)},
                                     {"auc", jsonOf(distance.auc)},
                                     {"verdict", distance.hasVerdict},
                                     {"reasons", std::move(reasons)}});
        }
    }
}

} // namespace

Comparison compareAnswers(const std::vector<Answer>& answers, const std::vector<ModelSpec>& models)
{
    std::ostringstream out;
    Json json;
    const bool simulated = std::ranges::any_of(answers, &Answer::simulated);
    json["simulated"] = simulated;
    json["answers"] = answers.size();
    out << answers.size() << " answers" << (simulated ? " (simulated)" : "") << "\n\n";
    addModels(out, json, answers, models);
    const VoicePanel panel = panelOf(answers, models);
    json["commonPrompts"] = panel.prompts.size();
    if (panel.prompts.size() < 10) {
        out << "\nTone and distance need at least 10 prompts that every model answered; there are "
            << panel.prompts.size() << ".\n";
    } else {
        addTone(out, json, panel);
        if (panel.models.size() > 1)
            addPairs(out, json, panel);
    }
    return {out.str(), toJsonText(json)};
}

} // namespace signalbox::cli
