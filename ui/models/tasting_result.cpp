// SPDX-License-Identifier: GPL-3.0-or-later
#include "tasting_result.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace signalbox::ui {

namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kDraws = 1000;

std::vector<TastedAnswer> answersOf(const Tasting& tasting)
{
    std::vector<TastedAnswer> answers;
    for (std::size_t p = 0; p < tasting.prompts.size(); ++p) {
        for (std::size_t m = 0; m < tasting.models.size(); ++m) {
            const std::string& text = tasting.texts[p][m];
            const PromptId& prompt = tasting.prompts[p].id;
            if (!text.empty())
                answers.push_back({prompt.value + "/" + tasting.models[m].value, prompt,
                                   tasting.models[m], measureAnswer(text)});
        }
    }
    return answers;
}

/// The voices as the readers' trials are counted on them: a pair that was not measured counts too,
/// with an observer who cannot tell it apart, so that it says nothing of the readers' efficiency.
VoiceMatrix heardMatrix(const VoiceComparison& voices, const std::vector<ModelId>& tasted)
{
    VoiceMatrix matrix;
    for (const ModelId& model : voices.models)
        matrix.models.push_back(model.value);
    for (const ModelId& model : tasted) {
        if (std::ranges::find(matrix.models, model.value) == matrix.models.end())
            matrix.models.push_back(model.value);
    }
    const std::size_t known = voices.matrix.models.size();
    for (std::size_t a = 0; a < matrix.models.size(); ++a) {
        for (std::size_t b = a + 1; b < matrix.models.size(); ++b) {
            VoiceDistance& pair = matrix.pairs.emplace_back();
            if (b < known && voices.matrix.pair(a, b)->n > 0) {
                pair = *voices.matrix.pair(a, b);
                continue;
            }
            pair.n = 1;
            pair.auc = {0.5, 0.5, 0.5, 0};
            pair.noticeability = {kUnknown, kUnknown, kUnknown, 0};
        }
    }
    return matrix;
}

std::vector<HeardPair> heardPairs(const ReaderEar& ear, const VoiceMatrix& matrix)
{
    std::vector<HeardPair> pairs;
    for (const ReaderPair& heard : ear.pairs) {
        const VoiceDistance& distance = *matrix.pair(heard.a, heard.b);
        HeardPair& pair = pairs.emplace_back();
        pair.a = ModelId(matrix.models[heard.a]);
        pair.b = ModelId(matrix.models[heard.b]);
        pair.trials = static_cast<std::size_t>(heard.counts.trials());
        pair.right = static_cast<std::size_t>(heard.counts.right());
        pair.sensitivity = heard.sensitivity;
        pair.noticeability = distance.noticeability;
        pair.isMeasured = distance.auc.n > 0 || distance.n > 1;
        pair.observerSensitivity = heard.observer;
        pair.asRead = noticeabilityAsRead(distance.noticeability.value, ear.efficiency.value);
    }
    return pairs;
}

ContractProposal contractOf(const TastingGround& ground, const TastingResult& result)
{
    const std::vector<TastedAnswer> answers = answersOf(ground.tasting);
    std::vector<std::string> panel;
    for (std::size_t m = 0; m < ground.voices.tone.size(); ++m)
        panel.push_back(ground.voices.models[m].value);
    return proposeContract({result.preferences, result.agreement, ground.rankings, answers, panel,
                            ground.voices.tone});
}

GateProposal gateOf(const TastingGround& ground, const VoiceMatrix& matrix, const ReaderEar& ear)
{
    GateProposal none;
    if (!ground.seams) {
        none.doubts.push_back("How often this policy changes the voice within a conversation is "
                              "not known, so there is no gate to propose.");
        return none;
    }
    SeamCounts seams(matrix.models.size());
    for (const ConsistencyLoss& loss : ground.seams->losses) {
        const auto placeOf = [&](std::size_t model) {
            const std::string& id = ground.seamModels[model].value;
            return static_cast<std::size_t>(std::ranges::find(matrix.models, id) -
                                            matrix.models.begin());
        };
        const std::size_t a = placeOf(loss.a);
        const std::size_t b = placeOf(loss.b);
        if (a == matrix.models.size() || b == matrix.models.size() || a == b)
            continue;
        seams.add(a, b, loss.seamShare);
    }
    if (seams.total < 1)
        seams.add(0, 0, 1 - seams.total); // every other answer follows one of the same voice
    return proposeConsistencyGate(seams, matrix, ear);
}

JudgeResult judgeResultOf(const Judging& judging, const TastingGround& ground)
{
    JudgeResult result;
    result.plan = judging.plan;
    result.open = judging.open().size();
    result.judgesItself =
        std::ranges::find(ground.tasting.models, judging.plan.judge) != ground.tasting.models.end();
    for (const auto& [call, record] : judging.records) {
        if (record.cost)
            result.cost = result.cost.value_or(Money()) + *record.cost;
    }
    result.judgement = judgementOf(judging.plan, judging.replies(), ground.tasting, kDraws);
    result.calibration =
        calibrateJudge(result.judgement, newestRankings(ground.rankings), ground.tasting, kDraws);
    result.tones = calibrateTones(result.judgement, ground.ratings, ground.tasting, kDraws);
    return result;
}

} // namespace

TastingResult tastingResult(const TastingGround& ground)
{
    TastingResult result;
    result.models = ground.tasting.models;
    result.isSimulated = ground.tasting.isSimulated;
    result.preferences = preferences(ground.rankings, kDraws);
    result.agreement = raterAgreement(ground.rankings, kDraws);
    result.tones = ratedAxes(ground.ratings, result.models, kDraws);
    const VoiceMatrix matrix = heardMatrix(ground.voices, result.models);
    const ReaderEar ear = readerEar(ground.trials, matrix, AbxStrategy::Differencing, kDraws);
    result.efficiency = ear.efficiency;
    result.listeners = ear.raters;
    result.pairs = heardPairs(ear, matrix);
    result.contract = contractOf(ground, result);
    result.gate = gateOf(ground, matrix, ear);
    for (const Judging& judging : newestJudgings(ground.judgings))
        result.judges.push_back(judgeResultOf(judging, ground));
    return result;
}

std::vector<Judging> newestJudgings(std::vector<Judging> judgings)
{
    std::ranges::stable_sort(judgings, std::ranges::greater(), &Judging::begunAtMs);
    std::vector<Judging> newest;
    for (Judging& judging : judgings) {
        const bool isKnown = std::ranges::any_of(
            newest, [&](const Judging& later) { return later.plan.judge == judging.plan.judge; });
        if (!isKnown)
            newest.push_back(std::move(judging));
    }
    return newest;
}

VoiceContract contractWith(VoiceContract contract, const VoiceContract& proposed)
{
    if (proposed.words)
        contract.words = proposed.words;
    for (const VoiceContract::ToneBand& band : proposed.tone) {
        const auto same =
            std::ranges::find(contract.tone, band.axis, &VoiceContract::ToneBand::axis);
        if (same == contract.tone.end())
            contract.tone.push_back(band);
        else
            *same = band;
    }
    if (!proposed.golden.empty())
        contract.golden = proposed.golden;
    return contract;
}

std::vector<Gate> gatesWith(std::vector<Gate> gates, const Gate& proposed)
{
    const auto same = std::ranges::find_if(gates, [&](const Gate& gate) {
        return gate.metric == proposed.metric && gate.per == proposed.per &&
               gate.atLeast.has_value() == proposed.atLeast.has_value();
    });
    if (same == gates.end())
        gates.push_back(proposed);
    else
        *same = proposed;
    return gates;
}

} // namespace signalbox::ui
