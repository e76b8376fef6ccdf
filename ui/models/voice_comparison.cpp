// SPDX-License-Identifier: GPL-3.0-or-later
#include "voice_comparison.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

namespace signalbox::ui {

namespace {

constexpr std::size_t kDraws = 400;

bool isUsable(const Answer& answer)
{
    return answer.state == AnswerState::Done || answer.state == AnswerState::Truncated;
}

/// Per prompt and model: the answers by sample, newest of equal samples.
using ByPrompt = std::map<PromptId, std::vector<std::map<int, const Answer*>>>;

ByPrompt sorted(const std::vector<Answer>& answers, const std::vector<ModelId>& models)
{
    ByPrompt rows;
    for (const Answer& answer : answers) {
        const auto model = std::ranges::find(models, answer.model);
        if (model == models.end() || !isUsable(answer))
            continue;
        auto& row = rows[answer.prompt];
        row.resize(models.size());
        const Answer*& place = row[static_cast<std::size_t>(model - models.begin())][answer.sample];
        if (!place || place->recordedAtMs <= answer.recordedAtMs)
            place = &answer;
    }
    return rows;
}

NoiseFloor floorOf(const ByPrompt& rows, std::size_t model)
{
    std::vector<AnswerStats> first;
    std::vector<AnswerStats> second;
    for (const auto& [prompt, row] : rows) {
        if (row.empty() || row[model].size() < 2)
            continue;
        first.push_back(measureAnswer(row[model].begin()->second->text));
        second.push_back(measureAnswer(std::next(row[model].begin())->second->text));
    }
    return first.size() < 10 ? NoiseFloor{} : noiseFloor(first, second);
}

} // namespace

VoiceComparison compareVoices(const std::vector<Answer>& answers,
                              const std::vector<ModelId>& models)
{
    VoiceComparison result;
    result.models = models;
    result.texts.resize(models.size());
    result.words.resize(models.size());
    VoicePanel panel;
    panel.stats.resize(models.size());
    for (const ModelId& model : models)
        panel.models.push_back(model.value);
    const ByPrompt rows = sorted(answers, models);
    for (const auto& [prompt, row] : rows) {
        if (std::ranges::any_of(row, [](const auto& samples) { return samples.empty(); }))
            continue;
        result.prompts.push_back(prompt);
        panel.prompts.push_back(prompt.value);
        for (std::size_t m = 0; m < models.size(); ++m) {
            const Answer& answer = *row[m].begin()->second;
            result.simulated |= answer.simulated;
            result.texts[m].push_back(answer.text);
            panel.stats[m].push_back(measureAnswer(answer.text));
            result.words[m].push_back(panel.stats[m].back().words);
        }
    }
    if (!result.isEnough())
        return result;
    result.tone = tonePlaces(panel, kDraws);
    for (std::size_t m = 0; m < models.size(); ++m) {
        result.verbosity.push_back(compareVerbosity(panel, m, 0, kDraws));
        result.floors.push_back(floorOf(rows, m));
    }
    if (models.size() > 1) {
        VoiceDistanceOptions options;
        options.draws = kDraws;
        result.matrix = voiceMatrix(panel, options);
    }
    return result;
}

} // namespace signalbox::ui
