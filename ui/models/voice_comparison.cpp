// SPDX-License-Identifier: GPL-3.0-or-later
#include "voice_comparison.h"

#include <core/base/parallel.h>
#include <core/projection/evidence_table.h>
#include <core/sample/support_desk.h>
#include <core/voice/normalize.h>
#include <core/voice/spoken_answers.h>
#include <core/voice/voice_features.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

namespace signalbox::ui {

namespace {

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
    return compareLengths(wordsOf(spoken, a, common), wordsOf(spoken, b, common), kShownVoiceDraws,
                          1, spoken.turnsOf(common));
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
        std::size_t bundled = 0;
        for (std::size_t model = 0; model < result.models.size(); ++model) {
            const Answer* answer = spoken.source(model, prompt);
            if (!answer)
                continue;
            const bool cameWithSample = answer->recordedAtMs == kSampleEvidenceAtMs;
            ++result.answers;
            bundled += cameWithSample ? 1 : 0;
            isBundled = isBundled && cameWithSample;
        }
        result.bundled += bundled;
        result.filledIn += isBundled ? 0 : bundled;
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

/// Words of a model's answers row by row.
std::vector<double> lengthsOf(const SpokenAnswers& spoken, std::size_t model,
                              const std::vector<std::size_t>& prompts)
{
    std::vector<double> lengths;
    for (const std::size_t p : prompts)
        lengths.push_back(spoken.has(model, p) ? spoken.stats(model, p).words : kUnknown);
    return lengths;
}

AnswerTokens tokensOf(const SpokenAnswers& spoken, std::size_t model,
                      const std::vector<std::size_t>& prompts)
{
    AnswerTokens tokens;
    double sum = 0;
    for (const std::size_t p : prompts) {
        const Answer* answer = spoken.source(model, p);
        if (!answer || !answer->outputTokens)
            continue;
        sum += static_cast<double>(*answer->outputTokens);
        tokens.isEstimated |= answer->tokensEstimated;
        ++tokens.n;
    }
    tokens.mean = tokens.n > 0 ? sum / static_cast<double>(tokens.n) : kUnknown;
    return tokens;
}

/// Of the models that one panel holds; all others are unknown.
void measurePanel(VoiceComparison& result, const ComparedVoices& compared)
{
    const std::size_t models = result.models.size();
    const auto places = tonePlaces(compared.panel, kShownVoiceDraws);
    const auto rates = measureToneRates(compared.panel, kShownVoiceDraws);
    Verbosity unknownLength;
    unknownLength.words = unknownLength.sentences = unknownLength.characters = kUnknownEstimate;
    unknownLength.wordsPerSentence = unknownLength.shareWithList = unknownLength.shareWithBold =
        unknownLength.shareWithHeader = unknownLength.listItemsPer100Words =
            unknownLength.boldPer100Words = kUnknown;
    const TonePlace unknownPlace = {kUnknownEstimate, kUnknown, 0, {}};
    result.tone.assign(models, std::vector<TonePlace>(toneAxes().size(), unknownPlace));
    result.rates.assign(models, std::vector<Estimate>(toneRates().size(), kUnknownEstimate));
    result.measures.assign(models, unknownLength);
    for (std::size_t i = 0; i < compared.models.size(); ++i) {
        result.tone[compared.models[i]] = places[i];
        result.rates[compared.models[i]] = rates[i];
        result.measures[compared.models[i]] = measureVerbosity(compared.panel, i, kShownVoiceDraws);
    }
}

/// By pair of all models, adjusted for their number; unknown on fewer prompts than a verdict needs.
std::vector<double> anyDifference(std::size_t models, const ComparedVoices& compared)
{
    std::vector<double> byPair(models * (models - 1) / 2, kUnknown);
    if (compared.prompts.size() < kFewestForVerdict)
        return byPair;
    struct Pair
    {
        std::size_t a = 0; ///< in the panel
        std::size_t b = 0;
        std::size_t place = 0; ///< among all pairs
    };
    std::vector<Pair> pairs;
    const auto placeOf = [&](std::size_t a, std::size_t b) {
        return a * (2 * models - a - 1) / 2 + b - a - 1;
    };
    for (std::size_t a = 0; a < compared.models.size(); ++a) {
        for (std::size_t b = a + 1; b < compared.models.size(); ++b) {
            const auto [low, high] = std::minmax(compared.models[a], compared.models[b]);
            pairs.push_back({a, b, placeOf(low, high)});
        }
    }
    std::vector<double> chances(pairs.size());
    forEachIndex(pairs.size(), 1, [&](std::size_t i) {
        chances[i] = energyTest(compared.panel, pairs[i].a, pairs[i].b).pValue;
    });
    chances = adjustedPValues(chances);
    for (std::size_t i = 0; i < pairs.size(); ++i)
        byPair[pairs[i].place] = chances[i];
    return byPair;
}

std::vector<double> noticeabilities(const VoiceMatrix& matrix)
{
    std::vector<double> values;
    for (const VoiceDistance& pair : matrix.pairs)
        values.push_back(pair.n > 0 ? pair.noticeability.value : kUnknown);
    return values;
}

double meanOfKnown(const std::vector<double>& values)
{
    double sum = 0;
    double count = 0;
    for (const double value : values) {
        if (!std::isnan(value)) {
            sum += value;
            ++count;
        }
    }
    return count > 0 ? sum / count : kUnknown;
}

} // namespace

double VoiceComparison::meanNoticeability() const
{
    return meanOfKnown(noticeabilities(matrix));
}

double VoiceComparison::meanAsWritten() const
{
    return asWritten.empty() ? meanNoticeability() : meanOfKnown(asWritten);
}

/// With a style all are compared once more, as they were written.
std::size_t VoiceQuestion::pairs() const
{
    return models.size() * (models.size() - 1) / 2 * (style.isNeutral() ? 1 : 2);
}

VoiceComparison compareVoices(const std::vector<Answer>& answers,
                              const std::vector<ModelId>& models)
{
    return compareVoices(VoiceQuestion{answers, models});
}

VoiceComparison compareVoices(VoiceQuestion question)
{
    const std::vector<ModelId>& models = question.models;
    VoiceComparison result;
    result.models = models;
    result.style = question.style;
    result.golden = question.golden.size();
    result.simulated = std::ranges::any_of(question.answers, [&](const Answer& answer) {
        return answer.simulated && std::ranges::find(models, answer.model) != models.end();
    });
    VoiceDistanceOptions options;
    options.draws = kShownVoiceDraws;
    if (question.pairsDone)
        options.pairDone = [done = question.pairsDone] { ++*done; };
    if (!question.style.isNeutral()) {
        VoiceDistanceOptions quick = options;
        quick.draws = 0; // only the values are shown
        const SpokenAnswers raw =
            SpokenAnswers::of(question.answers, models, question.order, question.turns);
        result.asWritten = noticeabilities(signalbox::compareVoices(raw, quick).matrix);
        const NormalizeOptions normalize = normalizeOptionsOf(question.style);
        forEachIndex(question.answers.size(), 64, [&](std::size_t i) {
            question.answers[i].text = normalizeAnswer(question.answers[i].text, normalize);
        });
    }
    const SpokenAnswers spoken =
        SpokenAnswers::of(question.answers, models, question.order, question.turns);
    ComparedVoices compared = signalbox::compareVoices(spoken, options);
    for (const std::size_t p : compared.prompts)
        result.prompts.emplace_back(spoken.prompts()[p]);
    countOrigins(result, spoken, compared.prompts);
    if (!result.isEnough())
        return result;

    measurePanel(result, compared);
    for (std::size_t m = 0; m < models.size(); ++m) {
        std::vector<std::string>& texts = result.texts.emplace_back();
        for (const std::size_t p : compared.prompts)
            texts.emplace_back(spoken.text(m, p));
        result.words.push_back(wordsOf(spoken, m, compared.prompts));
        result.lengths.push_back(lengthsOf(spoken, m, compared.prompts));
        result.tokens.push_back(tokensOf(spoken, m, compared.prompts));
        result.verbosity.push_back(verbosityAgainst(spoken, m, 0));
        result.floors.push_back(spoken.noiseFloorOf(m));
    }
    if (!question.golden.empty())
        result.target = distancesToTarget(spoken, question.golden, kShownVoiceDraws);
    if (models.size() > 1) {
        result.anyDifference = anyDifference(models.size(), compared);
        result.matrix = shownMatrix(spoken, compared);
    }
    return result;
}

std::vector<GoldenAnswer> goldenAnswers(const std::vector<std::string>& ids,
                                        const std::vector<Answer>& answers)
{
    std::map<std::string, const Answer*> byId;
    for (const Answer& answer : answers) {
        if (answer.sample != 0 || voicedPart(answer.state, answer.text).empty())
            continue;
        const Answer*& slot = byId[answer.prompt.value + "/" + answer.model.value];
        if (!slot || slot->recordedAtMs <= answer.recordedAtMs)
            slot = &answer;
    }
    std::vector<GoldenAnswer> golden;
    for (const std::string& id : ids) {
        if (const auto found = byId.find(id); found != byId.end())
            golden.push_back({found->second->prompt.value, found->second->model.value,
                              std::string(voicedPart(found->second->state, found->second->text))});
    }
    return golden;
}

} // namespace signalbox::ui
