// SPDX-License-Identifier: Apache-2.0
#include "judgement.h"

#include "agreement.h"
#include "over_prompts.h"

#include <core/base/utf8.h>

#include <algorithm>
#include <tuple>
#include <utility>

namespace signalbox {

namespace {

/// 1: the answer read first is better, -1: the other, 0: neither.
int leaning(PairVerdict verdict)
{
    return verdict == PairVerdict::First ? 1 : verdict == PairVerdict::Second ? -1 : 0;
}

/// The replies by their call, read.
class Reading
{
public:
    explicit Reading(const JudgePlan& plan) : m_plan(plan) {}

    void read(const JudgeReply& reply, Judgement& judgement)
    {
        static_assert(std::variant_size_v<JudgeCall> == 2, "say how the new call is read");
        const JudgeCall& call = m_plan.calls[reply.call];
        const bool isRead = std::holds_alternative<PairCall>(call)
                                ? readPair(std::get<PairCall>(call), reply.text)
                                : readTone(std::get<ToneCall>(call), reply.text);
        ++judgement.replies;
        judgement.unreadable += !isRead;
    }

    void take(Judgement& judgement) const
    {
        for (const auto& [key, pair] : m_pairs)
            judgement.pairs.push_back(pair);
        for (const auto& [key, tone] : m_tones)
            judgement.tones.push_back(tone);
    }

private:
    bool readPair(const PairCall& call, const std::string& text)
    {
        const bool isInOrder = call.first < call.second;
        const ModelId& a = isInOrder ? call.first : call.second;
        const ModelId& b = isInOrder ? call.second : call.first;
        JudgedPair& pair =
            m_pairs.try_emplace({call.prompt, a, b}, JudgedPair{call.prompt, a, b}).first->second;
        const auto verdict = readPairVerdict(text);
        (isInOrder ? pair.aFirst : pair.bFirst) = verdict;
        return verdict.has_value();
    }

    bool readTone(const ToneCall& call, const std::string& text)
    {
        const auto said = readToneVerdict(text, m_plan.axes, call.isTurned);
        for (const std::string& axis : m_plan.axes) {
            JudgedTone& tone = m_tones
                                   .try_emplace({axis, call.prompt, call.model},
                                                JudgedTone{call.prompt, call.model, axis})
                                   .first->second;
            if (said)
                (call.isTurned ? tone.turned : tone.straight) = said->at(axis);
        }
        return said.has_value();
    }

    const JudgePlan& m_plan;
    std::map<std::tuple<PromptId, ModelId, ModelId>, JudgedPair> m_pairs;
    std::map<std::tuple<std::string, PromptId, ModelId>, JudgedTone> m_tones;
};

/// The verdicts as votes of one rater, a pair a vote.
std::vector<Ranking> rankingsOf(const std::vector<JudgedPair>& pairs, const ModelId& judge)
{
    std::vector<Ranking> rankings;
    for (const JudgedPair& pair : pairs) {
        if (!pair.isWhole())
            continue;
        Ranking& ranking = rankings.emplace_back();
        ranking.rater = RaterId(judge.value);
        ranking.prompt = pair.prompt;
        const int verdict = pair.verdict();
        if (verdict == 0)
            ranking.places = {{pair.a, pair.b}};
        else if (verdict > 0)
            ranking.places = {{pair.a}, {pair.b}};
        else
            ranking.places = {{pair.b}, {pair.a}};
    }
    return rankings;
}

void countPairs(Judgement& judgement, const Tasting& tasting, std::size_t draws, std::uint64_t seed)
{
    NumbersByPrompt first;
    NumbersByPrompt longer;
    for (const JudgedPair& pair : judgement.pairs) {
        if (!pair.isWhole())
            continue;
        ++judgement.whole;
        const bool isTieA = *pair.aFirst == PairVerdict::Tie;
        const bool isTieB = *pair.bFirst == PairVerdict::Tie;
        judgement.ties += isTieA && isTieB;
        judgement.unsteady += isTieA != isTieB;
        judgement.flipped += pair.isFlipped();
        first.add(pair.prompt, 0.5 + (leaning(*pair.aFirst) + leaning(*pair.bFirst)) / 4.0);
        const std::size_t a = tastedLength(tasting, pair.prompt, pair.a);
        const std::size_t b = tastedLength(tasting, pair.prompt, pair.b);
        if (pair.verdict() != 0 && a != b)
            longer.add(pair.prompt, (pair.verdict() > 0) == (a > b) ? 1 : 0);
    }
    judgement.readsFirst = first.mean(draws, seed, 0, 1);
    judgement.longer = longer.mean(draws, seed, 0, 1);
}

JudgedAxis axisOf(const std::string& axis, const std::vector<JudgedTone>& tones,
                  const Tasting& tasting, std::size_t draws, std::uint64_t seed)
{
    std::vector<NumbersByPrompt> scores(tasting.models.size());
    UnitsByPrompt readings;
    for (const JudgedTone& tone : tones) {
        if (tone.axis != axis || !tone.isWhole())
            continue;
        readings[tone.prompt].push_back({*tone.straight, *tone.turned});
        const auto model = std::ranges::find(tasting.models, tone.model);
        if (model != tasting.models.end())
            scores[static_cast<std::size_t>(model - tasting.models.begin())].add(tone.prompt,
                                                                                 tone.score());
    }
    JudgedAxis result;
    result.axis = axis;
    for (const NumbersByPrompt& one : scores)
        result.means.push_back(one.mean(draws, seed, kLowestRating, kHighestRating));
    result.steadiness = krippendorffAlpha(readings, RatingScale::Ordinal, draws, seed);
    return result;
}

} // namespace

int JudgedPair::verdict() const
{
    if (!isWhole())
        return 0;
    const int one = leaning(*aFirst);
    return one == -leaning(*bFirst) ? one : 0;
}

bool JudgedPair::isFlipped() const
{
    return isWhole() && *aFirst == *bFirst && *aFirst != PairVerdict::Tie;
}

std::size_t tastedLength(const Tasting& tasting, const PromptId& prompt, const ModelId& model)
{
    return codePointCount(tasting.blindText(prompt, model));
}

Judgement judgementOf(const JudgePlan& plan, std::span<const JudgeReply> replies,
                      const Tasting& tasting, std::size_t draws, std::uint64_t seed)
{
    Judgement judgement;
    judgement.calls = plan.calls.size();
    Reading reading(plan);
    for (const JudgeReply& reply : replies) {
        if (reply.call < plan.calls.size())
            reading.read(reply, judgement);
    }
    reading.take(judgement);
    countPairs(judgement, tasting, draws, seed);
    judgement.preferences = preferences(rankingsOf(judgement.pairs, plan.judge), draws, seed);
    if (!judgement.tones.empty()) {
        for (const std::string& axis : plan.axes)
            judgement.axes.push_back(axisOf(axis, judgement.tones, tasting, draws, seed));
    }
    return judgement;
}

} // namespace signalbox
