// SPDX-License-Identifier: GPL-3.0-or-later
#include "voice_comparison.h"

#include <core/sample/support_desk.h>
#include <core/voice/spoken_answers.h>
#include <core/voice/voice_features.h>

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace signalbox::ui {

namespace {

constexpr std::size_t kDraws = 400;
constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
constexpr Estimate kUnknownEstimate = {kUnknown, kUnknown, kUnknown, 0};

std::vector<double> wordsOf(const SpokenAnswers& spoken, std::size_t model,
                            const std::vector<std::size_t>& prompts)
{
    std::vector<double> words;
    for (const std::size_t p : prompts) {
        if (spoken.has(model, p))
            words.push_back(spoken.stats(model, p).words);
    }
    return words;
}

VerbosityComparison verbosityAgainst(const SpokenAnswers& spoken, std::size_t a, std::size_t b)
{
    const std::vector<std::size_t> common = spoken.commonPrompts(std::array{a, b});
    if (common.size() < kFewestCommonPrompts)
        return {kUnknownEstimate, kUnknown, kUnknownEstimate};
    return compareLengths(wordsOf(spoken, a, common), wordsOf(spoken, b, common), kDraws);
}

/// Of the rows where both models speak, the one that shows the reasons best.
std::size_t tellingPromptOf(const SpokenAnswers& spoken, const std::vector<std::size_t>& rows,
                            const std::array<std::size_t, 2>& models,
                            const std::vector<VoiceReason>& reasons)
{
    std::vector<std::size_t> common;
    std::array<std::vector<AnswerStats>, 2> stats;
    for (std::size_t row = 0; row < rows.size(); ++row) {
        if (!spoken.has(models[0], rows[row]) || !spoken.has(models[1], rows[row]))
            continue;
        common.push_back(row);
        for (const std::size_t side : {0U, 1U})
            stats[side].push_back(spoken.stats(models[side], rows[row]));
    }
    return common.empty() ? 0 : common[tellingRow(stats[0], stats[1], reasons)];
}

void countOrigins(VoiceComparison& result, const SpokenAnswers& spoken,
                  const std::vector<std::size_t>& prompts)
{
    for (const std::size_t prompt : prompts) {
        bool isBundled = true;
        for (std::size_t model = 0; model < result.models.size(); ++model) {
            const Answer* answer = spoken.source(model, prompt);
            if (!answer)
                continue;
            const bool cameWithSample = answer->recordedAtMs == kSampleEvidenceAtMs;
            ++result.answers;
            result.bundled += cameWithSample ? 1 : 0;
            isBundled = isBundled && cameWithSample;
        }
        result.isBundled.push_back(isBundled);
    }
}

/// The distances of all pairs: unknown where they could not be measured, and with their examples
/// among the rows of the comparison.
VoiceMatrix shownMatrix(const SpokenAnswers& spoken, ComparedVoices& compared)
{
    VoiceMatrix matrix = std::move(compared.matrix);
    std::size_t pair = 0;
    for (std::size_t a = 0; a < matrix.models.size(); ++a) {
        for (std::size_t b = a + 1; b < matrix.models.size(); ++b, ++pair) {
            VoiceDistance& distance = matrix.pairs[pair];
            if (distance.n == 0)
                distance.auc = distance.noticeability = kUnknownEstimate;
            if (compared.promptsOfPair[pair] == compared.prompts)
                continue;
            distance.tellingPrompt =
                tellingPromptOf(spoken, compared.prompts, {a, b}, distance.reasons);
        }
    }
    return matrix;
}

} // namespace

VoiceComparison compareVoices(const std::vector<Answer>& answers,
                              const std::vector<ModelId>& models,
                              const std::vector<PromptId>& order)
{
    VoiceComparison result;
    result.models = models;
    result.simulated = std::ranges::any_of(answers, [&](const Answer& answer) {
        return answer.simulated && std::ranges::find(models, answer.model) != models.end();
    });
    const SpokenAnswers spoken = SpokenAnswers::of(answers, models, order);
    VoiceDistanceOptions options;
    options.draws = kDraws;
    ComparedVoices compared = signalbox::compareVoices(spoken, options);
    for (const std::size_t p : compared.prompts)
        result.prompts.emplace_back(spoken.prompts()[p]);
    countOrigins(result, spoken, compared.prompts);
    if (!result.isEnough())
        return result;

    const auto places = tonePlaces(compared.panel, kDraws);
    const TonePlace unknownPlace = {kUnknownEstimate, kUnknown, 0, {}};
    result.tone.assign(models.size(), std::vector<TonePlace>(toneAxes().size(), unknownPlace));
    for (std::size_t i = 0; i < compared.models.size(); ++i)
        result.tone[compared.models[i]] = places[i];
    for (std::size_t m = 0; m < models.size(); ++m) {
        std::vector<std::string>& texts = result.texts.emplace_back();
        for (const std::size_t p : compared.prompts)
            texts.emplace_back(spoken.text(m, p));
        result.words.push_back(wordsOf(spoken, m, compared.prompts));
        result.verbosity.push_back(verbosityAgainst(spoken, m, 0));
        result.floors.push_back(spoken.noiseFloorOf(m));
    }
    if (models.size() > 1)
        result.matrix = shownMatrix(spoken, compared);
    return result;
}

} // namespace signalbox::ui
