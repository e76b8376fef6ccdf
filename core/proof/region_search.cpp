// SPDX-License-Identifier: Apache-2.0
#include "region_search.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace signalbox {

namespace {

constexpr std::array<std::size_t, RegionSpace::kStyleCells> kStyleOrder = {3, 1, 0, 2};
constexpr std::size_t kNoTerm = std::numeric_limits<std::size_t>::max();
constexpr std::size_t kMostForcedTerms = 64; ///< of one score

Truth3 opposite(Truth3 truth)
{
    if (truth == Truth3::Unknown)
        return truth;
    return truth == Truth3::True ? Truth3::False : Truth3::True;
}

Truth3 wantedTruth(bool wanted)
{
    return wanted ? Truth3::True : Truth3::False;
}

/// The ends of a cell of numbers; an open end is the next number inside.
double lowOf(const ValueCell& cell)
{
    const double low = cell.range.low;
    return cell.range.isLowOpen ? std::nextafter(low, std::numeric_limits<double>::infinity())
                                : low;
}
double highOf(const ValueCell& cell)
{
    const double high = cell.range.high;
    return cell.range.isHighOpen ? std::nextafter(high, -std::numeric_limits<double>::infinity())
                                 : high;
}

} // namespace

RegionSearch::RegionSearch(const RegionSpace& space, ProofBudget& budget, ScoreMode scores)
    : m_space(space), m_budget(budget), m_scoreMode(scores)
{
    const std::size_t count = space.variables().size();
    m_implicationsOf.resize(count);
    m_boundsOf.resize(count);
    m_scoresOf.resize(count);
    const auto& implications = space.implications();
    for (std::size_t i = 0; i < implications.size(); ++i) {
        m_implicationsOf[implications[i].ifVariable].push_back(i);
        if (implications[i].thenVariable != implications[i].ifVariable)
            m_implicationsOf[implications[i].thenVariable].push_back(i);
    }
    const auto& bounds = space.bounds();
    for (std::size_t i = 0; i < bounds.size(); ++i) {
        m_boundsOf[bounds[i].smaller].push_back(i);
        m_boundsOf[bounds[i].larger].push_back(i);
    }
    const auto& all = space.scores();
    for (std::size_t i = 0; i < all.size(); ++i) {
        m_scoresOf[all[i].variable].push_back(i);
        for (const RegionSpace::Score::Term& term : all[i].terms) {
            for (const std::size_t variable : space.nodes()[term.node].variables) {
                auto& list = m_scoresOf[variable];
                if (list.empty() || list.back() != i)
                    list.push_back(i);
            }
        }
    }
}

Region RegionSearch::everything() const
{
    Region region;
    for (const RegionSpace::Variable& variable : m_space.variables())
        region.push_back(CellSet::all(variable.cells.size()));
    return region;
}

bool RegionSearch::spend()
{
    if (m_stepsLeft <= 0 || m_budget.steps <= 0)
        m_isGivenUp = true;
    --m_stepsLeft;
    --m_budget.steps;
    if ((m_stepsLeft & 255) == 0 && m_budget.stop.stop_requested())
        m_isGivenUp = true;
    return !m_isGivenUp;
}

// ------------------------------------------------------------------ truths

Truth3 RegionSearch::truthOfAtom(const Region& region, const RegionSpace::Atom& atom) const
{
    const CellSet& cells = region[atom.variable];
    bool canHold = false;
    bool canFail = false;
    const auto look = [&](const CellSet& holds) {
        canHold = canHold || cells.meets(holds);
        canFail = canFail || !cells.isInside(atom.openVariable ? holds | atom.open : holds);
    };
    if (!atom.byStyle) {
        look(atom.holds[0]);
    } else {
        forEachCell(region[RegionSpace::kStyleVariable], [&](std::size_t style) {
            look(atom.holds[static_cast<std::size_t>(m_space.toneOf(style))]);
        });
    }
    if (atom.openVariable && cells.meets(atom.open)) {
        canFail = canFail || region[*atom.openVariable].has(0);
        canHold = canHold || region[*atom.openVariable].has(1);
    }
    if (canHold && canFail)
        return Truth3::Unknown;
    return canHold ? Truth3::True : Truth3::False;
}

Truth3 RegionSearch::truthIn(const Region& region, std::size_t index) const
{
    using Kind = RegionSpace::Node::Kind;
    const RegionSpace::Node& node = m_space.nodes()[index];
    switch (node.kind) {
    case Kind::Atom:
        return truthOfAtom(region, m_space.atoms()[node.atom]);
    case Kind::Not:
        return opposite(truthIn(region, node.children.front()));
    case Kind::All:
    case Kind::Any:
        break;
    }
    const Truth3 decisive = node.kind == Kind::All ? Truth3::False : Truth3::True;
    bool isKnown = true;
    for (const std::size_t child : node.children) {
        const Truth3 truth = truthIn(region, child);
        if (truth == decisive)
            return decisive;
        isKnown = isKnown && truth != Truth3::Unknown;
    }
    return isKnown ? opposite(decisive) : Truth3::Unknown;
}

// ------------------------------------------------------------------ narrowing

bool RegionSearch::restrict(std::size_t variable, const CellSet& to)
{
    CellSet& cells = m_cells[variable];
    if (cells.isInside(to))
        return true;
    m_trail.emplace_back(variable, cells);
    cells &= to;
    if (!m_isChanged[variable]) {
        m_isChanged[variable] = true;
        m_changed.push_back(variable);
    }
    return !cells.isEmpty();
}

void RegionSearch::undoTo(std::size_t mark)
{
    while (m_trail.size() > mark) {
        m_cells[m_trail.back().first] = std::move(m_trail.back().second);
        m_trail.pop_back();
    }
}

bool RegionSearch::apply(const RegionSpace::Implication& implication)
{
    if (m_cells[implication.ifVariable].isInside(implication.ifCells))
        return restrict(implication.thenVariable, implication.thenCells);
    if (m_cells[implication.thenVariable].meets(implication.thenCells))
        return true;
    return restrict(implication.ifVariable, m_cells[implication.ifVariable] - implication.ifCells);
}

bool RegionSearch::apply(const RegionSpace::Bound& bound)
{
    const auto& smaller = m_space.variables()[bound.smaller].cells;
    const auto& larger = m_space.variables()[bound.larger].cells;
    const double least = bound.least(lowOf(smaller[m_cells[bound.smaller].next()]));
    CellSet enough(larger.size());
    forEachCell(m_cells[bound.larger], [&](std::size_t cell) {
        if (highOf(larger[cell]) >= least)
            enough.add(cell);
    });
    if (!restrict(bound.larger, enough))
        return false;
    const double most = bound.most(highOf(larger[m_cells[bound.larger].last()]));
    CellSet few(smaller.size());
    forEachCell(m_cells[bound.smaller], [&](std::size_t cell) {
        if (lowOf(smaller[cell]) <= most)
            few.add(cell);
    });
    return restrict(bound.smaller, few);
}

RegionSearch::Step RegionSearch::forceAtom(const RegionSpace::Atom& atom, bool wanted)
{
    const CellSet before = m_cells[atom.variable];
    const bool hasOpen = atom.openVariable.has_value();
    const bool openMay = hasOpen && m_cells[*atom.openVariable].has(wanted ? 1 : 0);
    const auto cellsFor = [&](const CellSet& holds) {
        CellSet good = before;
        if (wanted)
            good &= openMay ? holds | atom.open : holds;
        else
            good -= hasOpen && !openMay ? holds | atom.open : holds;
        return good;
    };
    CellSet good(before.size());
    if (!atom.byStyle) {
        good = cellsFor(atom.holds[0]);
    } else {
        CellSet styles(RegionSpace::kStyleCells);
        forEachCell(m_cells[RegionSpace::kStyleVariable], [&](std::size_t style) {
            const CellSet some =
                cellsFor(atom.holds[static_cast<std::size_t>(m_space.toneOf(style))]);
            if (!some.isEmpty())
                styles.add(style);
            good |= some;
        });
        if (!restrict(RegionSpace::kStyleVariable, styles))
            return Step::Contradiction;
    }
    if (!restrict(atom.variable, good))
        return Step::Contradiction;
    if (hasOpen && good.isInside(atom.open) &&
        !restrict(*atom.openVariable, CellSet::only(2, wanted ? 1 : 0)))
        return Step::Contradiction;
    return truthOfAtom(m_cells, atom) == wantedTruth(wanted) ? Step::Done : Step::Undecided;
}

/// At least one child has to be as wanted; if only one still can, it must be.
RegionSearch::Step RegionSearch::forceOne(const RegionSpace::Node& node, bool wanted)
{
    std::size_t possible = 0;
    std::size_t lastPossible = 0;
    for (const std::size_t child : node.children) {
        const Truth3 truth = truthOf(child);
        if (truth == wantedTruth(wanted))
            return Step::Done;
        if (truth == Truth3::Unknown) {
            ++possible;
            lastPossible = child;
        }
    }
    if (possible == 0)
        return Step::Contradiction;
    return possible == 1 ? force(lastPossible, wanted) : Step::Undecided;
}

RegionSearch::Step RegionSearch::force(std::size_t index, bool wanted)
{
    using Kind = RegionSpace::Node::Kind;
    const RegionSpace::Node& node = m_space.nodes()[index];
    switch (node.kind) {
    case Kind::Atom:
        return forceAtom(m_space.atoms()[node.atom], wanted);
    case Kind::Not:
        return force(node.children.front(), !wanted);
    case Kind::All:
    case Kind::Any:
        break;
    }
    if ((node.kind == Kind::Any) == wanted)
        return forceOne(node, wanted);
    Step all = Step::Done;
    for (const std::size_t child : node.children) {
        const Step step = force(child, wanted);
        if (step == Step::Contradiction)
            return step;
        if (step == Step::Undecided)
            all = step;
    }
    return all;
}

// ------------------------------------------------------------------ scores

bool RegionSearch::isActive(const RegionSpace::Score& score) const
{
    return m_scoreMode == ScoreMode::Exact &&
           m_scoreAsked[static_cast<std::size_t>(&score - m_space.scores().data())];
}

/// Bounds of the sum, added up in the order in which the engine does, so that rounding is the same.
RegionSearch::Sums RegionSearch::sumsOf(const RegionSpace::Score& score, std::size_t forced,
                                        Truth3 forcedTruth) const
{
    Sums sums = {score.base, score.base};
    for (std::size_t i = 0; i < score.terms.size(); ++i) {
        const RegionSpace::Score::Term& term = score.terms[i];
        const Truth3 truth = i == forced ? forcedTruth : truthOf(term.node);
        if (truth == Truth3::True || (truth == Truth3::Unknown && term.add < 0))
            sums.low += term.add;
        if (truth == Truth3::True || (truth == Truth3::Unknown && term.add > 0))
            sums.high += term.add;
    }
    const auto bounded = [&score](double sum) {
        sum = score.min ? std::max(sum, *score.min) : sum;
        return score.max ? std::min(sum, *score.max) : sum;
    };
    return {bounded(sums.low), bounded(sums.high)};
}

CellSet RegionSearch::cellsOf(const RegionSpace::Score& score, const Sums& sums) const
{
    const std::size_t count = m_space.variables()[score.variable].cells.size();
    CellSet cells(count);
    const std::size_t first = std::min(m_space.cellOfNumber(score.variable, sums.low), count - 1);
    const std::size_t last = std::min(m_space.cellOfNumber(score.variable, sums.high), count - 1);
    cells.addRange(first, last + 1);
    return cells;
}

bool RegionSearch::applyScore(const RegionSpace::Score& score)
{
    const CellSet reachable = cellsOf(score, sumsOf(score, kNoTerm, Truth3::Unknown));
    if (!restrict(score.variable, reachable))
        return false;
    if (reachable.isInside(m_cells[score.variable]) || score.terms.size() > kMostForcedTerms)
        return true;
    for (std::size_t i = 0; i < score.terms.size(); ++i) {
        if (truthOf(score.terms[i].node) != Truth3::Unknown)
            continue;
        const bool with =
            cellsOf(score, sumsOf(score, i, Truth3::True)).meets(m_cells[score.variable]);
        const bool without =
            cellsOf(score, sumsOf(score, i, Truth3::False)).meets(m_cells[score.variable]);
        if (!with && !without)
            return false;
        if (with != without && force(score.terms[i].node, with) == Step::Contradiction)
            return false;
    }
    return true;
}

// ------------------------------------------------------------------ search

bool RegionSearch::propagate()
{
    while (!m_changed.empty()) {
        const std::size_t variable = m_changed.back();
        m_changed.pop_back();
        m_isChanged[variable] = false;
        if (m_cells[variable].isEmpty() || !spend())
            return false;
        for (const std::size_t i : m_implicationsOf[variable]) {
            if (!apply(m_space.implications()[i]))
                return false;
        }
        for (const std::size_t i : m_boundsOf[variable]) {
            if (!apply(m_space.bounds()[i]))
                return false;
        }
        for (const std::size_t i : m_scoresOf[variable]) {
            const RegionSpace::Score& score = m_space.scores()[i];
            if (isActive(score) && (!spend() || !applyScore(score)))
                return false;
        }
        for (const std::size_t i : m_goalsOf[variable]) {
            if (m_done[i])
                continue;
            if (!spend())
                return false;
            const std::size_t before = m_trail.size();
            const Step step = force(m_goals[i].node, m_goals[i].wanted);
            if (step == Step::Contradiction || m_trail.size() > before)
                m_used[i] = true;
            if (step == Step::Contradiction)
                return false;
            if (step == Step::Done) {
                m_done[i] = true;
                m_doneTrail.push_back(i);
            }
        }
    }
    return true;
}

/// The comparison that should be decided next, so that the condition becomes what is wanted.
std::pair<std::size_t, bool> RegionSearch::atomFor(std::size_t index, bool wanted) const
{
    using Kind = RegionSpace::Node::Kind;
    const RegionSpace::Node& node = m_space.nodes()[index];
    if (node.kind == Kind::Atom)
        return {node.atom, wanted};
    if (node.kind == Kind::Not)
        return atomFor(node.children.front(), !wanted);
    const auto open = std::ranges::find_if(
        node.children, [this](std::size_t child) { return truthOf(child) == Truth3::Unknown; });
    return atomFor(*open, wanted);
}

std::optional<std::pair<std::size_t, bool>> RegionSearch::nextChoice()
{
    for (std::size_t i = 0; i < m_goals.size(); ++i) {
        if (m_done[i])
            continue;
        if (truthOf(m_goals[i].node) == Truth3::Unknown)
            return atomFor(m_goals[i].node, m_goals[i].wanted);
        m_done[i] = true; // decided as wanted: else it had been a contradiction
        m_doneTrail.push_back(i);
    }
    for (const RegionSpace::Score& score : m_space.scores()) {
        if (!isActive(score))
            continue;
        const Sums sums = sumsOf(score, kNoTerm, Truth3::Unknown);
        const CellSet& wanted = m_cells[score.variable];
        if (cellsOf(score, sums).isInside(wanted))
            continue;
        for (const RegionSpace::Score::Term& term : score.terms) {
            if (truthOf(term.node) != Truth3::Unknown)
                continue;
            const bool isTooLow = m_space.cellOfNumber(score.variable, sums.low) < wanted.next();
            return atomFor(term.node, (term.add > 0) == isTooLow);
        }
    }
    return std::nullopt;
}

std::vector<RegionSearch::Choice> RegionSearch::choicesFor(std::size_t index, bool wanted) const
{
    const RegionSpace::Atom& atom = m_space.atoms()[index];
    std::vector<Choice> choices;
    const CellSet& styles = m_cells[RegionSpace::kStyleVariable];
    if (atom.byStyle && styles.count() > 1) {
        for (const std::size_t style : kStyleOrder) {
            if (styles.has(style))
                choices.push_back({{RegionSpace::kStyleVariable,
                                    CellSet::only(RegionSpace::kStyleCells, style)}});
        }
        return choices;
    }
    const std::size_t tone =
        atom.byStyle ? static_cast<std::size_t>(m_space.toneOf(styles.next())) : 0;
    const CellSet& cells = m_cells[atom.variable];
    const auto addCells = [&](bool truth) {
        const CellSet known = atom.openVariable ? cells - atom.open : cells;
        CellSet some = truth ? known & atom.holds[tone] : known - atom.holds[tone];
        if (!some.isEmpty())
            choices.push_back({{atom.variable, std::move(some)}});
    };
    const auto addOpen = [&](bool truth) {
        if (!atom.openVariable || !cells.meets(atom.open) ||
            !m_cells[*atom.openVariable].has(truth ? 1 : 0))
            return;
        choices.push_back({{atom.variable, cells & atom.open},
                           {*atom.openVariable, CellSet::only(2, truth ? 1 : 0)}});
    };
    addCells(wanted);
    addOpen(wanted);
    addOpen(!wanted);
    addCells(!wanted);
    return choices;
}

bool RegionSearch::solve(const Accept& accept)
{
    if (!propagate())
        return m_isGivenUp;
    const auto next = nextChoice();
    if (!next) {
        if (accept(m_cells))
            return true;
        m_isGivenUp = ++m_refused >= m_budget.candidatesEach;
        return m_isGivenUp;
    }
    for (const Choice& choice : choicesFor(next->first, next->second)) {
        const std::size_t mark = m_trail.size();
        const std::size_t doneMark = m_doneTrail.size();
        bool canBe = spend();
        for (const auto& [variable, cells] : choice)
            canBe = canBe&& restrict(variable, cells);
        if (m_isGivenUp || (canBe && solve(accept)))
            return true;
        for (const std::size_t variable : m_changed)
            m_isChanged[variable] = false;
        m_changed.clear();
        undoTo(mark);
        for (; m_doneTrail.size() > doneMark; m_doneTrail.pop_back())
            m_done[m_doneTrail.back()] = false;
    }
    return false;
}

void RegionSearch::prepare(std::span<const Goal> goals)
{
    const std::size_t count = m_space.variables().size();
    m_goals.assign(goals.begin(), goals.end());
    m_cells = everything();
    m_trail.clear();
    m_doneTrail.clear();
    m_done.assign(goals.size(), false);
    m_used.assign(goals.size(), false);
    m_goalsOf.assign(count, {});
    m_changed.clear();
    m_isChanged.assign(count, false);
    m_scoreAsked.assign(m_space.scores().size(), false);
    m_isGivenUp = false;
    m_refused = 0;
    m_stepsLeft = m_budget.stepsEach;
    std::vector<bool> isRead(count);
    for (std::size_t i = 0; i < goals.size(); ++i) {
        for (const std::size_t variable : m_space.nodes()[goals[i].node].variables) {
            m_goalsOf[variable].push_back(i);
            isRead[variable] = true;
        }
    }
    for (std::size_t i = 0; i < m_scoreAsked.size(); ++i)
        m_scoreAsked[i] = isRead[m_space.scores()[i].variable];
    // Whatever holds always has to be seen once; the rest follows from changes.
    for (std::size_t variable = 0; variable < count; ++variable) {
        if (isRead[variable] || variable == RegionSpace::kStyleVariable) {
            m_isChanged[variable] = true;
            m_changed.push_back(variable);
        }
    }
}

ProofVerdict RegionSearch::find(std::span<const Goal> goals, const Accept& accept)
{
    prepare(goals);
    // Goals without any comparison hang on no variable.
    for (std::size_t i = 0; i < goals.size(); ++i) {
        if (m_space.nodes()[goals[i].node].variables.empty() &&
            truthOf(goals[i].node) != wantedTruth(goals[i].wanted)) {
            m_used[i] = true;
            return ProofVerdict::Impossible;
        }
    }
    const bool isFound = solve(accept) && !m_isGivenUp;
    if (isFound)
        return ProofVerdict::Shown;
    return m_isGivenUp || m_refused > 0 ? ProofVerdict::Open : ProofVerdict::Impossible;
}

} // namespace signalbox
