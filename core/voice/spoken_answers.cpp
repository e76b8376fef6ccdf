// SPDX-License-Identifier: Apache-2.0
#include "spoken_answers.h"

#include "voice_features.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <tuple>
#include <utility>

namespace signalbox {

namespace {

constexpr std::size_t kNoRow = std::numeric_limits<std::size_t>::max();

/// A text without its unfinished last sentence: half sentences are no voice.
std::string_view wholeSentences(std::string_view text)
{
    const std::size_t end = text.find_last_of(".!?\n");
    return end == std::string_view::npos ? std::string_view() : text.substr(0, end + 1);
}

bool readMostlyEnglish(std::span<const AnswerStats> answers)
{
    std::size_t told = 0;
    std::size_t english = 0;
    for (const AnswerStats& answer : answers) {
        if (std::isnan(answer.functionWordShare))
            continue; // too short to tell
        ++told;
        english += looksEnglish(answer) ? 1 : 0;
    }
    return 2 * english >= told;
}

} // namespace

std::string_view voicedPart(AnswerState state, std::string_view text)
{
    switch (state) {
    case AnswerState::Done:
        return text;
    case AnswerState::Truncated:
        return wholeSentences(text);
    case AnswerState::Refused:
    case AnswerState::Filtered:
    case AnswerState::Failed:
    case AnswerState::Stopped:
        break;
    }
    return {};
}

SpokenAnswers::SpokenAnswers(std::vector<std::string> models, std::vector<std::string> prompts,
                             std::span<const Utterance> utterances)
    : m_models(std::move(models)), m_prompts(std::move(prompts)),
      m_slots(m_models.size(), std::vector<std::array<int, 2>>(m_prompts.size(), {-1, -1}))
{
    for (const Utterance& utterance : utterances) {
        std::array<int, 2>& slots = m_slots[utterance.model][utterance.prompt];
        if (utterance.text.empty() || slots[1] >= 0)
            continue;
        slots[slots[0] < 0 ? 0 : 1] = static_cast<int>(m_texts.size());
        m_texts.push_back(utterance.text);
        m_sources.push_back(utterance.source);
    }
    m_stats = measureAnswers(m_texts);
    m_isEnglish = readMostlyEnglish(m_stats);
}

SpokenAnswers SpokenAnswers::of(const std::vector<Answer>& answers,
                                const std::vector<ModelId>& models, std::span<const PromptId> order,
                                const TurnsBefore& turns)
{
    std::map<std::tuple<std::size_t, PromptId, int>, const Answer*> newest;
    for (const Answer& answer : answers) {
        const auto model = std::ranges::find(models, answer.model);
        if (model == models.end() || voicedPart(answer.state, answer.text).empty())
            continue;
        const auto index = static_cast<std::size_t>(model - models.begin());
        const Answer*& place = newest[{index, answer.prompt, answer.sample}];
        if (!place || place->recordedAtMs <= answer.recordedAtMs)
            place = &answer;
    }
    std::map<PromptId, std::size_t> rowOf;
    for (const auto& [key, answer] : newest)
        rowOf.emplace(answer->prompt, kNoRow);
    std::vector<std::string> prompts;
    const auto place = [&](const PromptId& prompt, std::size_t& row) {
        if (row != kNoRow)
            return;
        row = prompts.size();
        prompts.push_back(prompt.value);
    };
    for (const PromptId& prompt : order) {
        if (const auto said = rowOf.find(prompt); said != rowOf.end())
            place(prompt, said->second);
    }
    for (auto& [prompt, row] : rowOf)
        place(prompt, row);
    std::vector<Utterance> utterances;
    for (const auto& [key, answer] : newest)
        utterances.push_back({std::get<0>(key), rowOf.at(answer->prompt),
                              voicedPart(answer->state, answer->text), answer});
    std::vector<std::string> names;
    for (const ModelId& model : models)
        names.push_back(model.value);
    SpokenAnswers spoken(std::move(names), std::move(prompts), utterances);
    spoken.m_turns = turns;
    return spoken;
}

TurnGroups SpokenAnswers::turnsOf(std::span<const std::size_t> prompts) const
{
    if (m_turns.empty())
        return {};
    std::map<PromptId, std::size_t> rows;
    for (std::size_t row = 0; row < prompts.size(); ++row)
        rows.emplace(m_prompts[prompts[row]], row);
    std::map<PromptId, std::size_t> numbers; // of conversations, by their first prompt
    std::vector<std::size_t> conversations;
    std::vector<std::optional<std::size_t>> before;
    for (const std::size_t prompt : prompts) {
        PromptId first(m_prompts[prompt]);
        const auto follows = m_turns.find(first);
        const auto row = follows == m_turns.end() ? rows.end() : rows.find(follows->second);
        before.push_back(row == rows.end() ? std::nullopt : std::optional(row->second));
        // A turn in the middle may be no row; the others belong together all the same.
        std::size_t steps = 0;
        for (auto next = follows; next != m_turns.end() && ++steps <= m_turns.size();
             next = m_turns.find(first))
            first = next->second;
        conversations.push_back(numbers.try_emplace(first, numbers.size()).first->second);
    }
    return {std::move(conversations), before};
}

std::string_view SpokenAnswers::text(std::size_t model, std::size_t prompt) const
{
    return has(model, prompt) ? m_texts[static_cast<std::size_t>(m_slots[model][prompt][0])]
                              : std::string_view();
}

const Answer* SpokenAnswers::source(std::size_t model, std::size_t prompt) const
{
    return has(model, prompt) ? m_sources[static_cast<std::size_t>(m_slots[model][prompt][0])]
                              : nullptr;
}

const AnswerStats& SpokenAnswers::stats(std::size_t model, std::size_t prompt,
                                        std::size_t sample) const
{
    return m_stats[static_cast<std::size_t>(m_slots[model][prompt][sample])];
}

std::size_t SpokenAnswers::promptCount(std::size_t model) const
{
    return static_cast<std::size_t>(
        std::ranges::count_if(m_slots[model], [](const auto& slots) { return slots[0] >= 0; }));
}

std::vector<std::size_t> SpokenAnswers::commonPrompts(std::span<const std::size_t> models) const
{
    std::vector<std::size_t> common;
    for (std::size_t p = 0; p < m_prompts.size(); ++p) {
        if (!models.empty() &&
            std::ranges::all_of(models, [&](std::size_t m) { return has(m, p); }))
            common.push_back(p);
    }
    return common;
}

std::vector<std::size_t> SpokenAnswers::fullySampled() const
{
    std::size_t most = 0;
    for (std::size_t m = 0; m < m_models.size(); ++m)
        most = std::max(most, promptCount(m));
    std::vector<std::size_t> full;
    for (std::size_t m = 0; m < m_models.size(); ++m) {
        if (promptCount(m) > 0 && 2 * promptCount(m) >= most)
            full.push_back(m);
    }
    return full;
}

VoicePanel SpokenAnswers::panel(std::span<const std::size_t> models,
                                std::span<const std::size_t> prompts) const
{
    VoicePanel panel;
    panel.isEnglish = m_isEnglish;
    panel.turns = turnsOf(prompts);
    for (const std::size_t p : prompts)
        panel.prompts.push_back(m_prompts[p]);
    for (const std::size_t m : models) {
        panel.models.push_back(m_models[m]);
        panel.repeats.push_back(isPolicyVoice(ModelId(m_models[m])));
        std::vector<AnswerStats>& row = panel.stats.emplace_back();
        for (const std::size_t p : prompts)
            row.push_back(stats(m, p));
    }
    return panel;
}

NoiseFloor SpokenAnswers::noiseFloorOf(std::size_t model) const
{
    std::vector<AnswerStats> first;
    std::vector<AnswerStats> second;
    std::vector<std::size_t> rows;
    for (std::size_t p = 0; p < m_prompts.size(); ++p) {
        if (has(model, p, 1)) {
            rows.push_back(p);
            first.push_back(stats(model, p, 0));
            second.push_back(stats(model, p, 1));
        }
    }
    if (first.size() < kFewestCommonPrompts)
        return {};
    return noiseFloor(first, second, 1,
                      m_isEnglish ? std::vector<std::size_t>() : languageNeutralFeatures(),
                      turnsOf(rows));
}

ComparedVoices compareVoices(const SpokenAnswers& spoken, const VoiceDistanceOptions& options)
{
    ComparedVoices result;
    result.models = spoken.fullySampled();
    result.prompts = spoken.commonPrompts(result.models);
    result.panel = spoken.panel(result.models, result.prompts);
    VoiceMatrix joint;
    if (result.isEnough())
        joint = voiceMatrix(result.panel, options);

    result.matrix.models = spoken.models();
    const auto placeInPanel = [&](std::size_t model) {
        return static_cast<std::size_t>(std::ranges::find(result.models, model) -
                                        result.models.begin());
    };
    for (std::size_t a = 0; a < spoken.models().size(); ++a) {
        for (std::size_t b = a + 1; b < spoken.models().size(); ++b) {
            const std::size_t inPanelA = placeInPanel(a);
            const std::size_t inPanelB = placeInPanel(b);
            const bool isJoint =
                !joint.pairs.empty() && std::max(inPanelA, inPanelB) < result.models.size();
            if (isJoint) {
                result.matrix.pairs.push_back(*joint.pair(inPanelA, inPanelB));
                result.promptsOfPair.push_back(result.prompts);
                continue;
            }
            const std::array<std::size_t, 2> both = {a, b};
            std::vector<std::size_t> common = spoken.commonPrompts(both);
            if (common.size() < kFewestCommonPrompts)
                common.clear();
            result.matrix.pairs.push_back(
                common.empty() ? VoiceDistance()
                               : voiceDistance(spoken.panel(both, common), 0, 1, options));
            if (options.pairDone)
                options.pairDone();
            result.promptsOfPair.push_back(std::move(common));
        }
    }
    return result;
}

} // namespace signalbox
