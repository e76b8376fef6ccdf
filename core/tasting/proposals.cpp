// SPDX-License-Identifier: Apache-2.0
#include "proposals.h"

#include <core/voice/separability.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <map>
#include <numeric>
#include <set>
#include <utility>

namespace signalbox {

namespace {

constexpr double kToneMargin = 2; ///< T points: a small effect (Cohen)
constexpr double kToneLeast = 20; ///< T
constexpr double kToneRange = 60; ///< T, up to 80
constexpr std::size_t kGolden = 5;
constexpr double kGoldenShare = 2.0 / 3;
constexpr double kNormal95 = 1.959963984540054;
constexpr double kGateStep = 0.005;

std::string number(const char* format, double value)
{
    std::array<char, 64> text{};
    const int length = std::snprintf(text.data(), text.size(), format, value);
    return {text.data(), static_cast<std::size_t>(std::max(length, 0))};
}

std::string percent(double share)
{
    return number("%.1f %%", 100 * share);
}

/// Lower end of the Wilson interval of a share.
double surely(double share, double n)
{
    const double z2 = kNormal95 * kNormal95;
    const double root = std::sqrt(share * (1 - share) / n + z2 / (4 * n * n));
    return (share + z2 / (2 * n) - kNormal95 * root) / (1 + z2 / n);
}

/// What each model of a ranking was preferred to, as a share of the others.
std::map<ModelId, double> sharesOf(const Ranking& ranking)
{
    double models = 0;
    for (const std::vector<ModelId>& place : ranking.places)
        models += static_cast<double>(place.size());
    std::map<ModelId, double> shares;
    double below = models;
    for (const std::vector<ModelId>& place : ranking.places) {
        const auto ties = static_cast<double>(place.size());
        below -= ties;
        for (const ModelId& model : place)
            shares[model] = (below + (ties - 1) / 2) / (models - 1);
    }
    return shares;
}

/// The model whose lead on every other one is more than chance; else null with the doubt.
const ModelPreference* leaderOf(const PreferenceResult& result, std::vector<std::string>& doubts)
{
    if (result.models.size() < 2)
        return nullptr;
    const std::vector<std::size_t> order = result.order();
    const std::size_t first = order.front();
    for (const std::size_t other : order) {
        if (other == first)
            continue;
        const Estimate& chance = result.pair(first, other)->chance;
        const bool leads = first < other ? chance.low > 0.5 : chance.high < 0.5;
        if (!leads) {
            doubts.push_back("The votes do not tell whether " + result.models[first].model.value +
                             " or " + result.models[other].model.value +
                             " is preferred, so no tone is proposed.");
            return nullptr;
        }
    }
    return &result.models[first];
}

class ContractWriter
{
public:
    explicit ContractWriter(const ContractGround& ground)
        : m_ground(ground), m_scores(scoreAnswers(ground.answers, ground.rankings))
    {}

    ContractProposal write()
    {
        doubtAgreement();
        proposeWords();
        proposeTone();
        proposeGolden();
        return std::move(m_proposal);
    }

private:
    void doubtAgreement()
    {
        const auto& pairs = m_ground.agreement.pairs;
        if (m_ground.preferences.raters < 2)
            m_proposal.doubts.emplace_back("One person alone has voted: this is their taste.");
        else if (!pairs)
            m_proposal.doubts.emplace_back("Whether the raters agree cannot be told yet.");
        else if (pairs->value < kTentativeAlpha)
            m_proposal.doubts.push_back("The raters hardly agree (alpha " +
                                        number("%.2f", pairs->value) + ", tentative from " +
                                        number("%.3f", kTentativeAlpha) + ").");
    }

    void proposeWords()
    {
        std::vector<double> words;
        for (std::size_t i = 0; i < m_scores.size(); ++i) {
            if (m_scores[i].rankings > 0 && m_scores[i].share > 0.5)
                words.push_back(m_ground.answers[i].stats.words);
        }
        if (words.size() < kFewestPreferred) {
            m_proposal.doubts.push_back("Only " + std::to_string(words.size()) +
                                        " answers were preferred to most others; a length is "
                                        "proposed from " +
                                        std::to_string(kFewestPreferred) + " on.");
            return;
        }
        const double low = 10 * std::floor(quantileOf(words, 0.1) / 10);
        const double high = 10 * std::ceil(quantileOf(words, 0.9) / 10);
        m_proposal.contract.words = VoiceContract::Band{low, high};
        m_proposal.reasons.push_back("Four of five preferred answers have " + number("%.0f", low) +
                                     " to " + number("%.0f", high) + " words.");
    }

    void proposeTone()
    {
        const ModelPreference* const leader = leaderOf(m_ground.preferences, m_proposal.doubts);
        if (!leader)
            return;
        const auto row = std::ranges::find(m_ground.panelModels, leader->model.value);
        if (row == m_ground.panelModels.end()) {
            m_proposal.doubts.push_back("The tone of " + leader->model.value +
                                        " has not been measured, so none is proposed.");
            return;
        }
        const auto model = static_cast<std::size_t>(row - m_ground.panelModels.begin());
        for (std::size_t axis = 0; axis < m_ground.tone[model].size(); ++axis)
            proposeAxis(*leader, model, axis);
    }

    void proposeAxis(const ModelPreference& leader, std::size_t model, std::size_t axis)
    {
        const TonePlace& place = m_ground.tone[model][axis];
        const double low = place.t.low - kToneMargin;
        const double high = place.t.high + kToneMargin;
        const auto isOutside = [&](const std::vector<TonePlace>& other) {
            return other[axis].t.value < low || other[axis].t.value > high;
        };
        if (place.isWeak() || std::ranges::none_of(m_ground.tone, isOutside))
            return;
        const auto share = [](double t) {
            return std::clamp((t - kToneLeast) / kToneRange, 0., 1.);
        };
        const VoiceContract::Band band{std::floor(100 * share(low)) / 100,
                                       std::ceil(100 * share(high)) / 100};
        m_proposal.contract.tone.push_back({std::string(toneAxes()[axis].id), band});
        m_proposal.reasons.push_back(std::string(toneAxes()[axis].label) +
                                     ": the preferred model, " + leader.model.value +
                                     ", stands at " + number("%.0f", place.t.value) +
                                     " of 20 to 80, and others outside of the band.");
    }

    void proposeGolden()
    {
        std::vector<std::size_t> order;
        for (std::size_t i = 0; i < m_scores.size(); ++i) {
            if (m_scores[i].rankings > 0 && m_scores[i].share >= kGoldenShare)
                order.push_back(i);
        }
        std::ranges::stable_sort(order, std::ranges::greater(), [this](std::size_t i) {
            return surely(m_scores[i].share, m_scores[i].comparisons);
        });
        std::set<PromptId> prompts;
        std::vector<std::string>& golden = m_proposal.contract.golden;
        for (const std::size_t i : order) {
            if (golden.size() < kGolden && prompts.insert(m_ground.answers[i].prompt).second)
                golden.push_back(m_ground.answers[i].id);
        }
        if (golden.empty())
            m_proposal.doubts.emplace_back(
                "No answer was preferred to two thirds of the others, so none is golden.");
        else
            m_proposal.reasons.push_back(std::to_string(golden.size()) +
                                         " answers were preferred to at least two thirds of the "
                                         "others.");
    }

    const ContractGround& m_ground;
    std::vector<AnswerScore> m_scores;
    ContractProposal m_proposal{};
};

double lossOf(const SeamCounts& seams, const VoiceMatrix& voices)
{
    const Consistency result = consistency(
        seams, [&](std::size_t a, std::size_t b) { return voices.noticeability(a, b); });
    return std::accumulate(result.losses.begin(), result.losses.end(), 0.0,
                           [](double sum, const ConsistencyLoss& loss) { return sum + loss.loss; });
}

/// The observer's limit at which readers of one efficiency see `readersAtLeast`.
std::optional<double> limitFor(const SeamCounts& seams, const VoiceMatrix& voices,
                               double efficiency, double readersAtLeast)
{
    ReaderEar ear;
    ear.efficiency.value = efficiency;
    const double heard = lossOf(seams, voicesAsRead(voices, ear));
    if (!(heard > 0))
        return std::nullopt;
    const double limit = 1 - lossOf(seams, voices) * (1 - readersAtLeast) / heard;
    return std::clamp(kGateStep * std::ceil(limit / kGateStep - 1e-9), 0.0, 1.0);
}

} // namespace

std::vector<AnswerScore> scoreAnswers(std::span<const TastedAnswer> answers,
                                      std::span<const Ranking> rankings)
{
    std::map<std::pair<PromptId, ModelId>, std::pair<double, AnswerScore>> sums;
    for (const Ranking& ranking : rankings) {
        const std::map<ModelId, double> shares = sharesOf(ranking);
        for (const auto& [model, share] : shares) {
            auto& [sum, score] = sums[{ranking.prompt, model}];
            sum += share;
            ++score.rankings;
            score.comparisons += static_cast<double>(shares.size() - 1);
        }
    }
    std::vector<AnswerScore> scores;
    for (const TastedAnswer& answer : answers) {
        AnswerScore& score = scores.emplace_back();
        const auto found = sums.find({answer.prompt, answer.model});
        if (found == sums.end())
            continue;
        score = found->second.second;
        score.share = found->second.first / static_cast<double>(score.rankings);
    }
    return scores;
}

ContractProposal proposeContract(const ContractGround& ground)
{
    return ContractWriter(ground).write();
}

GateProposal proposeConsistencyGate(const SeamCounts& seams, const VoiceMatrix& voices,
                                    const ReaderEar& ear, double readersAtLeast)
{
    GateProposal proposal;
    if (std::isnan(ear.efficiency.value)) {
        proposal.doubts.emplace_back("How well readers hear a change of voice is not known.");
        return proposal;
    }
    const auto limit = limitFor(seams, voices, ear.efficiency.value, readersAtLeast);
    if (!limit) {
        proposal.doubts.emplace_back(
            "Readers did not hear any change of voice that this policy makes, so there is no "
            "limit to propose.");
        return proposal;
    }
    proposal.gate = Gate{GateMetric::Consistency, limit, std::nullopt, GateScope::Total};
    proposal.reasons.push_back("Readers hear changes of voice with an efficiency of " +
                               number("%.2f", ear.efficiency.value) + "; at a consistency of " +
                               percent(*limit) + " they see " + percent(readersAtLeast) + ".");
    const auto strict = limitFor(seams, voices, ear.efficiency.high, readersAtLeast);
    if (strict && *strict > *limit)
        proposal.doubts.push_back("They may hear better than that: at the upper end of the "
                                  "interval the limit is " +
                                  percent(*strict) + ".");
    return proposal;
}

} // namespace signalbox
