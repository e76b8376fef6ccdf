// SPDX-License-Identifier: GPL-3.0-or-later
#include "judge_lines.h"

#include <nlohmann/json.hpp>

#include <cmath>
#include <cstdio>

namespace signalbox::cli {

namespace {

/// "0.61 (0.55 to 0.68)"
std::string textOf(const Estimate& estimate)
{
    if (estimate.n == 0 || std::isnan(estimate.value))
        return "not known";
    char buffer[64];
    std::snprintf(buffer, sizeof buffer, "%.2f (%.2f to %.2f)", estimate.value, estimate.low,
                  estimate.high);
    return buffer;
}

Json jsonOf(const Estimate& estimate)
{
    if (estimate.n == 0 || std::isnan(estimate.value))
        return nullptr;
    return {{"value", estimate.value},
            {"low", estimate.low},
            {"high", estimate.high},
            {"n", estimate.n}};
}

std::string pairsText(const Judgement& judgement)
{
    return std::to_string(judgement.pairs.size()) + " pairs in both orders, " +
           std::to_string(judgement.whole) +
           " with both verdicts: " + std::to_string(judgement.ties) + " ties, " +
           std::to_string(judgement.flipped) + " turned round by the order, " +
           std::to_string(judgement.unsteady) + " unsteady.\n";
}

} // namespace

std::string linesOf(const Judging& judging, const Judgement& judgement,
                    const JudgeProgress& progress)
{
    std::string text = judging.plan.judge.value + " judged: " + std::to_string(progress.said) +
                       " of " + std::to_string(progress.total) + " calls said";
    if (judgement.unreadable > 0)
        text += ", " + std::to_string(judgement.unreadable) + " without a verdict";
    if (progress.spent)
        text += ", $" + toDecimalUsd(*progress.spent);
    text += judging.plan.isSimulated
                ? " (simulated: a rule of lengths, nobody read them, nothing is billed).\n"
                : ". It is a model: what it prefers is not what people do.\n";
    text += pairsText(judgement);
    text += "It preferred what it read first in " + textOf(judgement.readsFirst) +
            ", the longer answer in " + textOf(judgement.longer) + ".\n";
    for (const std::size_t place : judgement.preferences.order()) {
        const ModelPreference& model = judgement.preferences.models[place];
        text +=
            "  " + model.model.value + ": preferred to another in " + textOf(model.winShare) + '\n';
    }
    for (const JudgedAxis& axis : judgement.axes) {
        text +=
            axis.axis + (axis.steadiness ? ", steadiness " + textOf(*axis.steadiness) : "") + ":";
        for (const Estimate& mean : axis.means)
            text += ' ' + textOf(mean);
        text += '\n';
    }
    return text;
}

Json toJson(const Judging& judging, const Judgement& judgement, const JudgeProgress& progress)
{
    Json json = {{"judge", judging.plan.judge.value},
                 {"simulated", judging.plan.isSimulated},
                 {"calls", progress.total},
                 {"said", progress.said},
                 {"failed", progress.failed},
                 {"unreadable", judgement.unreadable},
                 {"costUsd", progress.spent ? Json(progress.spent->usd()) : Json(nullptr)},
                 {"whole", judgement.whole},
                 {"ties", judgement.ties},
                 {"flipped", judgement.flipped},
                 {"unsteady", judgement.unsteady},
                 {"readsFirst", jsonOf(judgement.readsFirst)},
                 {"longer", jsonOf(judgement.longer)}};
    json["models"] = Json::array();
    for (const std::size_t place : judgement.preferences.order()) {
        const ModelPreference& model = judgement.preferences.models[place];
        json["models"].push_back(
            {{"model", model.model.value}, {"preferred", jsonOf(model.winShare)}});
    }
    json["pairs"] = Json::array();
    for (const JudgedPair& pair : judgement.pairs)
        json["pairs"].push_back({{"prompt", pair.prompt.value},
                                 {"a", pair.a.value},
                                 {"b", pair.b.value},
                                 {"verdict", pair.isWhole() ? Json(pair.verdict()) : Json(nullptr)},
                                 {"flipped", pair.isWhole() && pair.isFlipped()}});
    json["axes"] = Json::array();
    for (const JudgedAxis& axis : judgement.axes) {
        Json entry = {{"axis", axis.axis},
                      {"steadiness", axis.steadiness ? jsonOf(*axis.steadiness) : Json(nullptr)}};
        entry["means"] = Json::array();
        for (const Estimate& mean : axis.means)
            entry["means"].push_back(jsonOf(mean));
        json["axes"].push_back(std::move(entry));
    }
    return json;
}

} // namespace signalbox::cli
