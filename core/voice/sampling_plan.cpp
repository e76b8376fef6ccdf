// SPDX-License-Identifier: Apache-2.0
#include "sampling_plan.h"

#include <core/base/random.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace signalbox {

namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
constexpr double kNormal95 = 1.959963984540054;
constexpr std::size_t kVerdictFrom = 50; ///< prompts; measures.md section 2
constexpr std::size_t kObserverLearnsTo = 100;

/// "10,000"; for at most six digits.
std::string withCommas(std::size_t number)
{
    std::string text = std::to_string(number);
    if (text.size() > 3)
        text.insert(text.size() - 3, ",");
    return text;
}

/// Upwards to two digits: more would be a promise.
std::size_t rounded(std::size_t prompts)
{
    std::size_t unit = 1;
    while (prompts / unit >= 100)
        unit *= 10;
    return (prompts + unit - 1) / unit * unit;
}

std::string chanceText(double chance)
{
    return std::to_string(static_cast<int>(std::lround(100 * chance))) + " %";
}

/// The standard error of the side that faces the limit.
double errorTowards(const Estimate& estimate, double limit)
{
    return (limit > estimate.value ? estimate.high - estimate.value
                                   : estimate.value - estimate.low) /
           kNormal95;
}

PromptsPlan decided(std::size_t prompts)
{
    return {true, prompts, 1, "Decided by the " + withCommas(prompts) + " prompts in hand."};
}

PromptsPlan unplanned(std::string why)
{
    return {false, std::nullopt, kUnknown, std::move(why)};
}

PromptsPlan notWithinReach(double chance)
{
    return {false, std::nullopt, chance,
            "Not within " + withCommas(kMostPromptsNeeded) + " prompts (a chance of " +
                chanceText(chance) + " to be decided then)."};
}

} // namespace

double chanceDecided(const Estimate& estimate, std::size_t prompts, const DecisionGoal& goal,
                     std::size_t total)
{
    const double error = errorTowards(estimate, goal.limit);
    if (!(error > 0) || prompts == 0)
        return kUnknown;
    const double gap = std::abs(estimate.value - goal.limit);
    const double kept = static_cast<double>(prompts) / static_cast<double>(total);
    const double moving = error * error * (1 - goal.fixedShare);
    const double halfWidth = kNormal95 * std::sqrt(error * error * goal.fixedShare + moving * kept);
    const double change = std::sqrt(moving * (1 - kept)); // of the estimate, by what is added
    if (!(change > 0))
        return gap > halfWidth ? 1 : 0;
    return normalCdf((gap - halfWidth) / change) + normalCdf((-gap - halfWidth) / change);
}

PromptsPlan promptsUntilDecided(const Estimate& estimate, std::size_t prompts,
                                const DecisionGoal& goal)
{
    if (std::isnan(estimate.value) || prompts == 0)
        return unplanned("Nothing is measured yet that a plan could start from.");
    if (!(errorTowards(estimate, goal.limit) > 0))
        return unplanned("The estimate has no interval, so no plan can be made from it.");
    const bool excludes = estimate.low > goal.limit || estimate.high < goal.limit;
    if (excludes && prompts >= goal.fewest)
        return decided(prompts);
    for (std::size_t total = std::max(prompts + 1, goal.fewest); total <= kMostPromptsNeeded;
         ++total) {
        const double chance = chanceDecided(estimate, prompts, goal, total);
        if (chance < goal.chance)
            continue;
        return {false, total, chance,
                "About " + withCommas(rounded(total)) +
                    " prompts in all decide it with a chance of " + chanceText(goal.chance) + "."};
    }
    if (prompts >= kMostPromptsNeeded)
        return notWithinReach(0);
    return notWithinReach(chanceDecided(estimate, prompts, goal, kMostPromptsNeeded));
}

PromptsPlan promptsForNoticeability(const VoiceDistance& distance, double limit, double chance)
{
    DecisionGoal goal;
    goal.limit = limit;
    goal.chance = chance;
    goal.fewest = kVerdictFrom;
    PromptsPlan plan = promptsUntilDecided(distance.noticeability, distance.n, goal);
    if (!plan.isDecided && plan.prompts && distance.n < kObserverLearnsTo)
        plan.sentence += " This is a first guess: under " + std::to_string(kObserverLearnsTo) +
                         " prompts voices seem nearer than they are.";
    return plan;
}

std::optional<std::size_t> promptsForPower(double difference, double spread, double power)
{
    const double root = (kNormal95 + normalQuantile(power)) * spread / std::abs(difference);
    const double needed = std::ceil(root * root);
    if (!(needed <= static_cast<double>(kMostPromptsNeeded)))
        return std::nullopt;
    return std::max<std::size_t>(static_cast<std::size_t>(needed), 2);
}

double reliabilityAt(double reliability, std::size_t prompts, std::size_t total)
{
    const double times = static_cast<double>(total) / static_cast<double>(prompts);
    return times * reliability / (1 + (times - 1) * reliability);
}

std::optional<std::size_t> promptsForReliability(double reliability, std::size_t prompts,
                                                 double wanted)
{
    if (!(reliability > 0))
        return std::nullopt;
    const double times = wanted * (1 - reliability) / (reliability * (1 - wanted));
    const double needed = std::ceil(static_cast<double>(prompts) * times);
    if (!(needed <= static_cast<double>(kMostPromptsNeeded)))
        return std::nullopt;
    return std::max<std::size_t>(static_cast<std::size_t>(needed), 1);
}

PromptsPlan promptsForTone(const TonePlace& place, std::size_t prompts)
{
    if (!place.objection.empty())
        return unplanned(place.objection);
    if (std::isnan(place.reliability))
        return unplanned("Reliability needs at least two models and four prompts.");
    if (place.reliability >= kReliableTone)
        return decided(prompts);
    const auto needed = promptsForReliability(place.reliability, prompts);
    if (!needed)
        return unplanned("Not within " + withCommas(kMostPromptsNeeded) +
                         " prompts: the models hardly differ on this axis.");
    return {false, needed, kUnknown,
            "About " + withCommas(rounded(*needed)) + " prompts in all make it reliable."};
}

} // namespace signalbox
