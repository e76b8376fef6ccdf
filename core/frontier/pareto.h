// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace signalbox {

/// What a search knows of one candidate. Every objective is to be small; NaN is worse than any
/// number.
struct Scored
{
    std::vector<double> objectives;
    double violation = 0; ///< by how much the constraints are missed, summed; 0: all hold
    bool operator==(const Scored&) const = default;
};

/// Whether `a` is better than `b` whatever somebody cares for: it misses the constraints by less,
/// or both miss them by the same and `a` is nowhere worse and somewhere better (constraint
/// domination; Deb, Pratap, Agarwal and Meyarivan 2002). Both have the same number of objectives.
[[nodiscard]] bool dominates(const Scored& a, const Scored& b);

/// Indices in fronts: the first holds those that nothing dominates, each further one those that
/// only the fronts before it dominate. Within a front in rising order. O(n^2 m).
[[nodiscard]] std::vector<std::vector<std::size_t>> nondominatedFronts(std::span<const Scored> all);

/// How alone each member of a front stands, in the order of `front`: the sum over objectives of the
/// distance between its neighbours, as a share of the front's range; infinite at the ends. What NaN
/// or no range has counts nothing.
[[nodiscard]] std::vector<double> crowdingDistances(std::span<const Scored> all,
                                                    std::span<const std::size_t> front);

/// Those that nothing dominates and that keep all constraints, by their first objective. Of equal
/// ones the first.
[[nodiscard]] std::vector<std::size_t> paretoFront(std::span<const Scored> all);

/// At most so many of a front, well apart: the best of each objective, then always the one that
/// lies farthest from those taken, in shares of the front's ranges. In the order of `front`.
[[nodiscard]] std::vector<std::size_t>
thinnedFront(std::span<const Scored> all, std::vector<std::size_t> front, std::size_t most);

} // namespace signalbox
