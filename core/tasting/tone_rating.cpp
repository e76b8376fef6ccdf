// SPDX-License-Identifier: Apache-2.0
#include "tone_rating.h"

#include "agreement.h"
#include "rater_bootstrap.h"

#include <core/base/json_reader.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <limits>
#include <set>
#include <utility>

namespace signalbox {

namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

Unexpected wrong(std::string message, std::string where)
{
    return fail(ErrorCode::InvalidArgument, std::move(message), std::move(where));
}

bool isAxis(std::string_view id)
{
    return std::ranges::find(toneAxes(), id, &ToneAxis::id) != toneAxes().end();
}

/// The ratings of one axis, flat.
struct AxisRatings
{
    std::vector<std::pair<RaterId, PromptId>> votes;
    std::vector<std::size_t> models;
    std::vector<int> values;

    [[nodiscard]] double mean(std::size_t model, std::span<const double> weights) const
    {
        double sum = 0;
        double total = 0;
        for (std::size_t i = 0; i < values.size(); ++i) {
            if (models[i] != model)
                continue;
            sum += weights[i] * values[i];
            total += weights[i];
        }
        return total > 0 ? sum / total : kUnknown;
    }
};

AxisRatings ratingsOn(std::string_view axis, std::span<const RatedTask> tasks,
                      std::span<const ModelId> models)
{
    AxisRatings ratings;
    for (const RatedTask& task : tasks) {
        for (const ToneRating& rating : task.ratings) {
            const auto model = std::ranges::find(models, rating.model);
            if (rating.axis != axis || model == models.end())
                continue;
            ratings.votes.emplace_back(task.rater, task.prompt);
            ratings.models.push_back(static_cast<std::size_t>(model - models.begin()));
            ratings.values.push_back(rating.value);
        }
    }
    return ratings;
}

std::vector<Estimate> meansOf(const AxisRatings& ratings, std::size_t models, std::size_t draws,
                              std::uint64_t seed)
{
    const RaterBootstrap bootstrap(ratings.votes, seed);
    std::vector<std::vector<double>> drawn(models);
    for (std::size_t draw = 0; draw < draws; ++draw) {
        const std::vector<double> weights = bootstrap.weights(draw);
        for (std::size_t model = 0; model < models; ++model)
            drawn[model].push_back(ratings.mean(model, weights));
    }
    const std::vector<double> once(ratings.values.size(), 1.0);
    std::vector<Estimate> means;
    for (std::size_t model = 0; model < models; ++model) {
        const auto n = static_cast<std::size_t>(std::ranges::count(ratings.models, model));
        means.push_back(n == 0 ? Estimate{kUnknown, kUnknown, kUnknown, 0}
                               : estimateOf(ratings.mean(model, once), drawn[model], n,
                                            kLowestRating, kHighestRating));
    }
    return means;
}

ToneRating readRating(const Json& json, const JsonPath& path, JsonProblems& problems)
{
    JsonObjectReader object(json, path, problems);
    ToneRating rating;
    object.readRequired("model", rating.model.value);
    object.readRequired("axis", rating.axis);
    object.readRequired("value", rating.value, {kLowestRating, kHighestRating});
    object.finish();
    return rating;
}

} // namespace

Result<void> checkRatings(const RatedTask& task)
{
    if (task.rater.isEmpty())
        return wrong("a rating needs the person who gave it", "rater");
    if (task.prompt.isEmpty())
        return wrong("a rating needs the prompt that was answered", "prompt");
    std::set<std::pair<ModelId, std::string>> given;
    for (const ToneRating& rating : task.ratings) {
        if (rating.model.isEmpty())
            return wrong("a rating needs a model", "ratings");
        if (!isAxis(rating.axis))
            return wrong("there is no tone axis \"" + rating.axis + "\"", "ratings");
        if (rating.value < kLowestRating || rating.value > kHighestRating)
            return wrong("a rating is a number from 1 to 5", "ratings");
        if (!given.emplace(rating.model, rating.axis).second)
            return wrong("an answer is rated twice on one axis", "ratings");
    }
    return {};
}

Json toJson(const RatedTask& task)
{
    Json json = {{"rater", task.rater.value}, {"prompt", task.prompt.value}};
    Json& ratings = json["ratings"] = Json::array();
    for (const ToneRating& rating : task.ratings)
        ratings.push_back(
            {{"model", rating.model.value}, {"axis", rating.axis}, {"value", rating.value}});
    if (task.votedAtMs != 0)
        json["votedAtMs"] = task.votedAtMs;
    return json;
}

Result<RatedTask> ratedTaskFromJson(const Json& json, const std::string& path)
{
    JsonProblems problems(1);
    const JsonPath root(path);
    JsonObjectReader object(json, root, problems);
    RatedTask task;
    object.readRequired("rater", task.rater.value);
    object.readRequired("prompt", task.prompt.value);
    object.readArray(
        "ratings",
        [&](const Json& rating, const JsonPath& where) {
            task.ratings.push_back(readRating(rating, where, problems));
        },
        Presence::Required);
    object.read("votedAtMs", task.votedAtMs, {0, std::int64_t{1} << 53});
    object.finish();
    if (!problems.isEmpty())
        return Unexpected(problems.errors().front());
    if (const auto checked = checkRatings(task); !checked)
        return wrong(checked.error().message, root.member(checked.error().where).text());
    return task;
}

std::vector<RatedAxis> ratedAxes(std::span<const RatedTask> tasks, std::span<const ModelId> models,
                                 std::size_t draws, std::uint64_t seed)
{
    std::vector<RatedAxis> rated;
    for (const ToneAxis& axis : toneAxes()) {
        const AxisRatings ratings = ratingsOn(axis.id, tasks, models);
        if (ratings.values.empty())
            continue;
        RatedAxis& result = rated.emplace_back();
        result.axis = std::string(axis.id);
        result.means = meansOf(ratings, models.size(), draws, seed);
        result.agreement = ratingAgreement(tasks, result.axis, draws, seed);
    }
    return rated;
}

} // namespace signalbox
