// SPDX-License-Identifier: Apache-2.0
#include "pareto.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace signalbox {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

double comparable(double value)
{
    return std::isnan(value) ? kInfinity : value;
}

} // namespace

bool dominates(const Scored& a, const Scored& b)
{
    if (a.violation != b.violation)
        return comparable(a.violation) < comparable(b.violation);
    bool isBetter = false;
    for (std::size_t i = 0; i < a.objectives.size(); ++i) {
        const double mine = comparable(a.objectives[i]);
        const double theirs = comparable(b.objectives[i]);
        if (mine > theirs)
            return false;
        isBetter = isBetter || mine < theirs;
    }
    return isBetter;
}

std::vector<std::vector<std::size_t>> nondominatedFronts(std::span<const Scored> all)
{
    std::vector<std::vector<std::size_t>> worse(all.size()); // those that each one dominates
    std::vector<std::size_t> better(all.size(), 0);          // how many dominate it
    for (std::size_t i = 0; i < all.size(); ++i) {
        for (std::size_t j = i + 1; j < all.size(); ++j) {
            if (dominates(all[i], all[j])) {
                worse[i].push_back(j);
                ++better[j];
            } else if (dominates(all[j], all[i])) {
                worse[j].push_back(i);
                ++better[i];
            }
        }
    }
    std::vector<std::vector<std::size_t>> fronts;
    std::vector<std::size_t> front;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (better[i] == 0)
            front.push_back(i);
    }
    while (!front.empty()) {
        std::vector<std::size_t> next;
        for (const std::size_t i : front) {
            for (const std::size_t j : worse[i]) {
                if (--better[j] == 0)
                    next.push_back(j);
            }
        }
        std::ranges::sort(next);
        fronts.push_back(std::exchange(front, std::move(next)));
    }
    return fronts;
}

std::vector<double> crowdingDistances(std::span<const Scored> all,
                                      std::span<const std::size_t> front)
{
    std::vector<double> distances(front.size(), 0);
    if (front.empty())
        return distances;
    std::vector<std::size_t> order(front.size());
    for (std::size_t objective = 0; objective < all[front[0]].objectives.size(); ++objective) {
        const auto value = [&](std::size_t place) {
            return comparable(all[front[place]].objectives[objective]);
        };
        std::iota(order.begin(), order.end(), 0);
        std::ranges::stable_sort(order, {}, value);
        const double range = value(order.back()) - value(order.front());
        distances[order.front()] = kInfinity;
        distances[order.back()] = kInfinity;
        if (!(range > 0) || !std::isfinite(range))
            continue;
        for (std::size_t i = 1; i + 1 < order.size(); ++i)
            distances[order[i]] += (value(order[i + 1]) - value(order[i - 1])) / range;
    }
    return distances;
}

std::vector<std::size_t> paretoFront(std::span<const Scored> all)
{
    std::vector<std::size_t> front;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (all[i].violation != 0)
            continue;
        const bool isBeaten = std::ranges::any_of(front, [&](std::size_t kept) {
            return all[kept] == all[i] || dominates(all[kept], all[i]);
        });
        if (isBeaten)
            continue;
        std::erase_if(front, [&](std::size_t kept) { return dominates(all[i], all[kept]); });
        front.push_back(i);
    }
    std::ranges::stable_sort(front, {}, [&](std::size_t i) {
        return all[i].objectives.empty() ? 0 : comparable(all[i].objectives[0]);
    });
    return front;
}

std::vector<std::size_t> thinnedFront(std::span<const Scored> all, std::vector<std::size_t> front,
                                      std::size_t most)
{
    if (front.size() <= most)
        return front;
    const std::size_t objectives = all[front[0]].objectives.size();
    // What is not known is as bad as the worst.
    std::vector<double> worst(objectives, 0);
    for (std::size_t k = 0; k < objectives; ++k) {
        bool isFirst = true;
        for (const std::size_t i : front) {
            const double number = all[i].objectives[k];
            if (std::isfinite(number) && (isFirst || number > worst[k])) {
                worst[k] = number;
                isFirst = false;
            }
        }
    }
    const auto value = [&](std::size_t i, std::size_t objective) {
        const double number = all[i].objectives[objective];
        return std::isfinite(number) ? number : worst[objective];
    };
    std::vector<double> range;
    std::vector<std::size_t> taken;
    const auto take = [&](std::size_t i) {
        if (taken.size() < most && std::ranges::find(taken, i) == taken.end())
            taken.push_back(i);
    };
    for (std::size_t k = 0; k < objectives; ++k) {
        const auto [low, high] =
            std::ranges::minmax_element(front, {}, [&](std::size_t i) { return value(i, k); });
        range.push_back(std::max(value(*high, k) - value(*low, k), 1e-12));
        take(*low);
    }
    const auto distance = [&](std::size_t a, std::size_t b) {
        double sum = 0;
        for (std::size_t k = 0; k < objectives; ++k)
            sum += std::pow((value(a, k) - value(b, k)) / range[k], 2);
        return sum;
    };
    while (taken.size() < most) {
        const auto alone = [&](std::size_t i) {
            if (std::ranges::find(taken, i) != taken.end())
                return -1.0; // others may lie at the same place
            double nearest = std::numeric_limits<double>::infinity();
            for (const std::size_t other : taken)
                nearest = std::min(nearest, distance(i, other));
            return nearest;
        };
        take(*std::ranges::max_element(front, {}, alone));
    }
    std::erase_if(front, [&](std::size_t i) { return std::ranges::find(taken, i) == taken.end(); });
    return front;
}

} // namespace signalbox
