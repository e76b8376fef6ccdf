// SPDX-License-Identifier: Apache-2.0
#include "blind_plan.h"

#include "json_ids.h"

#include <core/base/json_reader.h>
#include <core/base/random.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <numeric>
#include <optional>
#include <set>
#include <utility>

namespace signalbox {

namespace {

using Indices = std::vector<std::size_t>;

template<class T> void shuffle(std::vector<T>& items, Random& random)
{
    for (std::size_t i = 0; i + 1 < items.size(); ++i)
        std::swap(items[i], items[i + random.below(items.size() - i)]);
}

Indices countTo(std::size_t count)
{
    Indices indices(count);
    std::iota(indices.begin(), indices.end(), std::size_t{0});
    return indices;
}

template<class Id> bool hasDoubles(const std::vector<Id>& ids)
{
    return std::set<Id>(ids.begin(), ids.end()).size() != ids.size();
}

Unexpected wrong(std::string message)
{
    return fail(ErrorCode::InvalidArgument, std::move(message));
}

/// How often what has happened, per combination of two indices.
class Tally
{
public:
    Tally(std::size_t rows, std::size_t columns) : m_columns(columns), m_counts(rows * columns) {}
    int& at(std::size_t row, std::size_t column) { return m_counts[row * m_columns + column]; }
    [[nodiscard]] int at(std::size_t row, std::size_t column) const
    {
        return m_counts[row * m_columns + column];
    }

private:
    std::size_t m_columns;
    std::vector<int> m_counts;
};

/// Decides which answers of a prompt one rater sees and where, so that what has been seldom comes.
class ScreenPlanner
{
public:
    ScreenPlanner(const BlindSetup& setup, std::size_t prompts)
        : m_setup(setup), m_met(setup.models.size(), setup.models.size()),
          m_onPrompt(prompts, Tally(setup.models.size(), kMostShown))
    {}

    void beginRater() { m_ofRater.emplace(m_setup.models.size(), kMostShown); }

    [[nodiscard]] Indices next(std::size_t prompt, Indices models, Random& random)
    {
        shuffle(models, random); // decides between what is equally seldom
        Indices order = arrange(choose(std::move(models)), prompt);
        for (std::size_t position = 0; position < order.size(); ++position) {
            ++m_ofRater->at(order[position], position);
            ++m_onPrompt[prompt].at(order[position], position);
        }
        return order;
    }

private:
    /// `shown` of the models, those that have met each other least.
    Indices choose(Indices models)
    {
        const std::size_t count = std::min(m_setup.shown, models.size());
        Indices chosen;
        while (chosen.size() < count) {
            const auto cost = [&](std::size_t model) {
                int met = 0;
                for (const std::size_t other : chosen)
                    met += m_met.at(model, other);
                return std::pair(met, m_met.at(model, model));
            };
            const auto best = std::ranges::min_element(models, {}, cost);
            chosen.push_back(*best);
            models.erase(best);
        }
        for (const std::size_t a : chosen) {
            for (const std::size_t b : chosen)
                ++m_met.at(a, b);
        }
        return chosen;
    }

    /// The order whose places have been taken least by this rater's earlier screens, then by other
    /// raters' on the same prompt. If all models are shown there is always one that keeps the
    /// rater's counts within one of each other: the places taken least so far make a regular
    /// bipartite graph, which has a perfect matching (Koenig 1916).
    Indices arrange(const Indices& chosen, std::size_t prompt) const
    {
        Indices order = countTo(chosen.size());
        Indices best;
        std::pair<int, int> least;
        do {
            std::pair<int, int> cost;
            for (std::size_t position = 0; position < order.size(); ++position) {
                const std::size_t model = chosen[order[position]];
                cost.first += m_ofRater->at(model, position);
                cost.second += m_onPrompt[prompt].at(model, position);
            }
            if (best.empty() || cost < least) {
                best = order;
                least = cost;
            }
        } while (std::ranges::next_permutation(order).found);
        for (std::size_t& index : best)
            index = chosen[index];
        return best;
    }

    const BlindSetup& m_setup;
    Tally m_met; ///< how often two models were on one screen; diagonal: a model on any
    std::vector<Tally> m_onPrompt;    ///< per prompt: model x position, all raters
    std::optional<Tally> m_ofRater{}; ///< model x position
};

Result<void> checkSetup(const BlindSetup& setup)
{
    if (setup.raters.empty())
        return wrong("a blind test needs somebody who votes");
    if (setup.models.size() < 2)
        return wrong("a blind test needs at least two models");
    if (setup.shown < 2 || setup.shown > kMostShown)
        return wrong("2 to " + std::to_string(kMostShown) + " answers fit a screen");
    if (setup.ratersPerPrompt > setup.raters.size())
        return wrong("more votes a prompt than there are people");
    if (hasDoubles(setup.raters) || hasDoubles(setup.models) || hasDoubles(setup.prompts))
        return wrong("a person, model or prompt is named twice");
    const auto isOdd = [&](const std::vector<bool>& row) {
        return row.size() != setup.models.size();
    };
    if (!setup.have.empty() &&
        (setup.have.size() != setup.prompts.size() || std::ranges::any_of(setup.have, isOdd)))
        return wrong("which model has an answer to which prompt must be said for all of them");
    return {};
}

Indices modelsWithAnswer(const BlindSetup& setup, std::size_t prompt)
{
    Indices models;
    for (std::size_t m = 0; m < setup.models.size(); ++m) {
        if (setup.have.empty() || setup.have[prompt][m])
            models.push_back(m);
    }
    return models;
}

/// prompts[r]: what each rater gets, not yet in the order to be shown.
std::vector<Indices> dealPrompts(const BlindSetup& setup, Indices prompts)
{
    const std::size_t raters = setup.raters.size();
    const std::size_t each = setup.ratersPerPrompt == 0 ? raters : setup.ratersPerPrompt;
    std::vector<Indices> dealt(raters);
    if (each == raters) {
        dealt.assign(raters, prompts);
        return dealt;
    }
    Random random(setup.seed, "deal");
    shuffle(prompts, random);
    std::size_t next = 0;
    for (const std::size_t prompt : prompts) {
        for (std::size_t i = 0; i < each; ++i)
            dealt[next++ % raters].push_back(prompt);
    }
    return dealt;
}

bool isVoteOn(const Ranking& vote, const RaterId& rater, const BlindTask& task)
{
    if (vote.rater != rater || vote.prompt != task.prompt)
        return false;
    std::set<ModelId> ranked;
    for (const std::vector<ModelId>& place : vote.places)
        ranked.insert(place.begin(), place.end());
    return ranked == std::set<ModelId>(task.shown.begin(), task.shown.end());
}

void readTask(const Json& json, const JsonPath& path, std::vector<BlindTask>& tasks,
              JsonProblems& problems)
{
    JsonObjectReader object(json, path, problems);
    BlindTask task;
    object.readRequired("prompt", task.prompt.value);
    readIds(object, "shown", task.shown);
    object.finish();
    tasks.push_back(std::move(task));
}

/// Takes prompts in a shuffled order, all of them before any comes again.
class PromptDeck
{
public:
    PromptDeck(std::size_t count, Random& random) : m_random(random), m_all(countTo(count)) {}

    /// The next one that is not `other`.
    std::size_t next(std::optional<std::size_t> other = std::nullopt)
    {
        if (m_left.empty())
            refill();
        auto taken = std::ranges::find_if(m_left, [&](std::size_t p) { return p != other; });
        if (taken == m_left.end()) { // only the other one is left of this round
            const std::size_t kept = m_left.front();
            refill();
            m_left.insert(m_left.begin(), kept);
            taken = std::ranges::find_if(m_left, [&](std::size_t p) { return p != other; });
        }
        const std::size_t prompt = *taken;
        m_left.erase(taken);
        return prompt;
    }

private:
    void refill()
    {
        m_left = m_all;
        shuffle(m_left, m_random);
    }

    Random& m_random;
    Indices m_all;
    Indices m_left{};
};

std::vector<AbxTask> abxTasksOf(const AbxSetup& setup, const RaterId& rater)
{
    Random random(setup.seed, "abx " + rater.value);
    PromptDeck samples(setup.prompts.size(), random);
    PromptDeck asked(setup.prompts.size(), random);
    std::vector<AbxTask> tasks;
    for (std::size_t a = 0; a < setup.models.size(); ++a) {
        for (std::size_t b = a + 1; b < setup.models.size(); ++b) {
            std::vector<int> cases;
            while (cases.size() < setup.trialsPerRaterAndPair) {
                std::vector<int> four{0, 1, 2, 3};
                shuffle(four, random);
                cases.insert(cases.end(), four.begin(), four.end());
            }
            cases.resize(setup.trialsPerRaterAndPair);
            for (const int which : cases) {
                const std::size_t prompt = samples.next();
                const bool isTurned = which / 2 == 1;
                tasks.push_back({setup.prompts[prompt], setup.prompts[asked.next(prompt)],
                                 setup.models[isTurned ? b : a], setup.models[isTurned ? a : b],
                                 which % 2 == 0});
            }
        }
    }
    shuffle(tasks, random);
    return tasks;
}

} // namespace

Result<BlindPlan> planBlindTest(const BlindSetup& setup)
{
    if (const auto checked = checkSetup(setup); !checked)
        return Unexpected(checked.error());
    BlindPlan plan;
    plan.raters = setup.raters;
    std::vector<Indices> answered;
    Indices prompts;
    for (std::size_t p = 0; p < setup.prompts.size(); ++p) {
        answered.push_back(modelsWithAnswer(setup, p));
        if (answered.back().size() < 2)
            plan.leftOut.push_back(setup.prompts[p]);
        else
            prompts.push_back(p);
    }
    ScreenPlanner screens(setup, setup.prompts.size());
    std::vector<Indices> dealt = dealPrompts(setup, prompts);
    for (std::size_t r = 0; r < setup.raters.size(); ++r) {
        Random random(setup.seed, "rater " + setup.raters[r].value);
        shuffle(dealt[r], random);
        screens.beginRater();
        std::vector<BlindTask>& tasks = plan.tasks.emplace_back();
        for (const std::size_t prompt : dealt[r]) {
            BlindTask& task = tasks.emplace_back();
            task.prompt = setup.prompts[prompt];
            for (const std::size_t model : screens.next(prompt, answered[prompt], random))
                task.shown.push_back(setup.models[model]);
        }
    }
    return plan;
}

std::vector<std::size_t> openTasks(const BlindPlan& plan, std::size_t rater,
                                   std::span<const Ranking> votes)
{
    std::vector<std::size_t> open;
    for (std::size_t i = 0; i < plan.tasks[rater].size(); ++i) {
        const BlindTask& task = plan.tasks[rater][i];
        const bool isDone = std::ranges::any_of(
            votes, [&](const Ranking& vote) { return isVoteOn(vote, plan.raters[rater], task); });
        if (!isDone)
            open.push_back(i);
    }
    return open;
}

BlindSheet blindSheet(const BlindTask& task)
{
    BlindSheet sheet;
    sheet.prompt = task.prompt;
    for (std::size_t i = 0; i < task.shown.size(); ++i)
        sheet.labels.push_back("Answer " + std::to_string(i + 1));
    return sheet;
}

Result<Ranking> rankingOf(const BlindTask& task, const RaterId& rater,
                          const std::vector<std::vector<std::size_t>>& places,
                          std::int64_t votedAtMs)
{
    Ranking ranking;
    ranking.rater = rater;
    ranking.prompt = task.prompt;
    ranking.shown = task.shown;
    ranking.votedAtMs = votedAtMs;
    for (const std::vector<std::size_t>& place : places) {
        std::vector<ModelId>& models = ranking.places.emplace_back();
        for (const std::size_t position : place) {
            if (position >= task.shown.size())
                return wrong("there is no answer " + std::to_string(position + 1));
            models.push_back(task.shown[position]);
        }
    }
    if (const auto checked = checkRanking(ranking); !checked)
        return Unexpected(checked.error());
    return ranking;
}

Json toJson(const BlindPlan& plan)
{
    Json json = {{"raters", Json::array()}};
    for (std::size_t r = 0; r < plan.raters.size(); ++r) {
        Json tasks = Json::array();
        for (const BlindTask& task : plan.tasks[r])
            tasks.push_back({{"prompt", task.prompt.value}, {"shown", idsJson(task.shown)}});
        json["raters"].push_back({{"rater", plan.raters[r].value}, {"tasks", std::move(tasks)}});
    }
    json["leftOut"] = idsJson(plan.leftOut);
    return json;
}

Result<BlindPlan> blindPlanFromJson(const Json& json, const std::string& path)
{
    JsonProblems problems(1);
    const JsonPath root(path);
    JsonObjectReader object(json, root, problems);
    BlindPlan plan;
    object.readArray(
        "raters",
        [&](const Json& element, const JsonPath& where) {
            JsonObjectReader rater(element, where, problems);
            rater.readRequired("rater", plan.raters.emplace_back().value);
            std::vector<BlindTask>& tasks = plan.tasks.emplace_back();
            rater.readArray(
                "tasks",
                [&](const Json& task, const JsonPath& place) {
                    readTask(task, place, tasks, problems);
                },
                Presence::Required);
            rater.finish();
        },
        Presence::Required);
    readIds(object, "leftOut", plan.leftOut);
    object.finish();
    if (!problems.isEmpty())
        return Unexpected(problems.errors().front());
    return plan;
}

Result<std::vector<std::vector<AbxTask>>> planAbxTest(const AbxSetup& setup)
{
    if (setup.raters.empty())
        return wrong("a blind test needs somebody who votes");
    if (setup.models.size() < 2 || setup.prompts.size() < 2)
        return wrong("an ABX test needs at least two models and two prompts that both answered");
    if (setup.trialsPerRaterAndPair == 0)
        return wrong("an ABX test needs at least one trial");
    if (hasDoubles(setup.raters) || hasDoubles(setup.models) || hasDoubles(setup.prompts))
        return wrong("a person, model or prompt is named twice");
    std::vector<std::vector<AbxTask>> plan;
    for (const RaterId& rater : setup.raters)
        plan.push_back(abxTasksOf(setup, rater));
    return plan;
}

} // namespace signalbox
