// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "proof_budget.h"
#include "region_space.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace signalbox {

/// What is known of a question.
enum class ProofVerdict {
    Shown,      ///< somewhere it is so
    Impossible, ///< nowhere: proved
    Open,       ///< not decided: the budget ended, or no request was found for a region
};

/// A region of requests: per variable of the space, the cells that are left.
using Region = std::vector<CellSet>;

enum class Truth3 : std::uint8_t { False, True, Unknown };

/// A condition that has to hold, or not to.
struct Goal
{
    std::size_t node = 0;
    bool wanted = true;
};

/// Whether the sums of scores follow from their terms. Free ones make a score a signal like any
/// other: good to describe a region in, not to prove with.
enum class ScoreMode { Exact, Free };

/// Finds a region in which conditions hold, by narrowing cells until every goal is decided, back
/// and forth. Ends with a proof when nothing is left. Refers to the space.
class RegionSearch
{
public:
    RegionSearch(const RegionSpace& space, ProofBudget& budget,
                 ScoreMode scores = ScoreMode::Exact);

    /// `accept(region)` is called for regions in all of which the goals are met; true ends the
    /// search.
    using Accept = std::function<bool(const Region&)>;
    [[nodiscard]] ProofVerdict find(std::span<const Goal> goals, const Accept& accept);
    [[nodiscard]] ProofVerdict find(std::span<const Goal> goals)
    {
        return find(goals, [](const Region&) { return true; });
    }

    /// After Impossible: goals that the proof used. The others were not needed.
    [[nodiscard]] const std::vector<bool>& used() const { return m_used; }

    /// Whether a condition holds everywhere in a region, nowhere, or here and there.
    [[nodiscard]] Truth3 truthIn(const Region& region, std::size_t node) const;

    /// All there is.
    [[nodiscard]] Region everything() const;

private:
    enum class Step : std::uint8_t { Done, Contradiction, Undecided };
    struct Sums
    {
        double low = 0;
        double high = 0;
    };

    [[nodiscard]] bool spend();
    void prepare(std::span<const Goal> goals);
    bool restrict(std::size_t variable, const CellSet& to);
    void undoTo(std::size_t mark);
    bool propagate();
    bool apply(const RegionSpace::Implication& implication);
    bool apply(const RegionSpace::Bound& bound);
    Step force(std::size_t node, bool wanted);
    Step forceAtom(const RegionSpace::Atom& atom, bool wanted);
    Step forceOne(const RegionSpace::Node& node, bool wanted);
    bool applyScore(const RegionSpace::Score& score);
    [[nodiscard]] Sums sumsOf(const RegionSpace::Score& score, std::size_t forced,
                              Truth3 truth) const;
    [[nodiscard]] CellSet cellsOf(const RegionSpace::Score& score, const Sums& sums) const;
    [[nodiscard]] Truth3 truthOf(std::size_t node) const { return truthIn(m_cells, node); }
    [[nodiscard]] Truth3 truthOfAtom(const Region& region, const RegionSpace::Atom& atom) const;
    [[nodiscard]] bool isActive(const RegionSpace::Score& score) const;
    [[nodiscard]] std::optional<std::pair<std::size_t, bool>> nextChoice();
    [[nodiscard]] std::pair<std::size_t, bool> atomFor(std::size_t node, bool wanted) const;
    using Choice = std::vector<std::pair<std::size_t, CellSet>>;
    [[nodiscard]] std::vector<Choice> choicesFor(std::size_t atom, bool wanted) const;
    /// True ends the search.
    bool solve(const Accept& accept);

    const RegionSpace& m_space;
    ProofBudget& m_budget;
    ScoreMode m_scoreMode;
    std::vector<std::vector<std::size_t>> m_implicationsOf; ///< per variable
    std::vector<std::vector<std::size_t>> m_boundsOf;
    std::vector<std::vector<std::size_t>> m_scoresOf;

    // Of one find():
    std::vector<Goal> m_goals;
    std::vector<std::vector<std::size_t>> m_goalsOf; ///< per variable
    std::vector<bool> m_scoreAsked;                  ///< per score: a goal reads it
    Region m_cells;
    std::vector<std::pair<std::size_t, CellSet>> m_trail; ///< cells before a change
    std::vector<std::size_t> m_doneTrail;
    std::vector<bool> m_done; ///< per goal
    std::vector<bool> m_used;
    std::vector<std::size_t> m_changed; ///< variables to look at
    std::vector<bool> m_isChanged;
    std::int64_t m_stepsLeft = 0;
    bool m_isGivenUp = false;
    int m_refused = 0;
};

} // namespace signalbox
