// SPDX-License-Identifier: Apache-2.0
#include "genome_search.h"

#include <core/base/random.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>
#include <utility>

namespace signalbox {

namespace {

constexpr double kCrossover = 0.9;   ///< share of pairs that mix
constexpr double kBlend = 0.25;      ///< how far beyond both parents a blended choice may lie
constexpr double kNearShare = 0.1;   ///< of an ordered gene's range: the usual length of a move
constexpr double kExactCount = 9e15; ///< whole numbers beyond are no longer exact
constexpr int kTries = 20;           ///< at a genome that was not scored yet
constexpr std::size_t kBatch = 256;  ///< of an exhaustive search

bool isOf(std::span<const Gene> space, const Genome& genome)
{
    if (genome.size() != space.size())
        return false;
    for (std::size_t i = 0; i < space.size(); ++i) {
        if (genome[i] >= space[i].choices)
            return false;
    }
    return true;
}

/// What has been scored, and asks for more.
class Ledger
{
public:
    Ledger(const ScoreGenomes& score, const GenomeSearchOptions& options)
        : m_score(score), m_options(options)
    {}

    [[nodiscard]] bool isKnown(const Genome& genome) const { return m_known.contains(genome); }
    [[nodiscard]] bool isStopped() const { return m_options.stop && m_options.stop->load(); }
    [[nodiscard]] std::size_t count() const { return m_result.genomes.size(); }
    [[nodiscard]] const std::vector<Scored>& scores() const { return m_result.scores; }
    [[nodiscard]] const Genome& genome(std::size_t i) const { return m_result.genomes[i]; }

    /// @param most  that the whole search will score, for the progress
    void add(std::vector<Genome> batch, std::size_t most)
    {
        std::vector<Scored> scores = m_score(batch);
        scores.resize(batch.size());
        for (Genome& genome : batch) {
            m_known.insert(genome);
            m_result.genomes.push_back(std::move(genome));
        }
        std::ranges::move(scores, std::back_inserter(m_result.scores));
        if (m_options.progress)
            m_options.progress(count(), most);
    }

    [[nodiscard]] Result<GenomeSearchResult> finish(bool isExhaustive)
    {
        if (isStopped())
            return fail(ErrorCode::Cancelled, "The search was stopped.");
        m_result.front = paretoFront(m_result.scores);
        m_result.isExhaustive = isExhaustive;
        return std::move(m_result);
    }

private:
    const ScoreGenomes& m_score;
    const GenomeSearchOptions& m_options;
    std::set<Genome> m_known;
    GenomeSearchResult m_result;
};

/// The next genome as on an odometer; false behind the last one.
bool advance(Genome& genome, std::span<const Gene> space)
{
    for (std::size_t i = space.size(); i-- > 0;) {
        if (++genome[i] < space[i].choices)
            return true;
        genome[i] = 0;
    }
    return false;
}

void tryEverything(std::span<const Gene> space, Ledger& ledger)
{
    const auto all = static_cast<std::size_t>(sizeOf(space));
    Genome genome(space.size(), 0);
    for (bool isMore = true; isMore && !ledger.isStopped();) {
        std::vector<Genome> batch;
        for (; isMore && batch.size() < kBatch; isMore = advance(genome, space))
            batch.push_back(genome);
        ledger.add(std::move(batch), all);
    }
}

/// The generations of NSGA-II.
class Breeding
{
public:
    Breeding(std::span<const Gene> space, const GenomeSearchOptions& options, Ledger& ledger)
        : m_space(space), m_options(options), m_ledger(ledger), m_random(options.seed, "frontier"),
          m_size(std::max<std::size_t>(4, options.population))
    {}

    void run()
    {
        m_ledger.add(firstGeneration(), m_options.most);
        m_living.resize(m_ledger.count());
        std::iota(m_living.begin(), m_living.end(), 0);
        select();
        while (m_ledger.count() < m_options.most && !m_ledger.isStopped()) {
            const std::size_t before = m_ledger.count();
            std::vector<Genome> children = nextGeneration();
            if (children.empty())
                break; // nothing that was not tried can be reached
            m_ledger.add(std::move(children), m_options.most);
            for (std::size_t i = before; i < m_ledger.count(); ++i)
                m_living.push_back(i);
            select();
        }
    }

private:
    [[nodiscard]] std::size_t room() const
    {
        return std::min(m_size, m_options.most - std::min(m_options.most, m_ledger.count()));
    }

    std::vector<Genome> firstGeneration()
    {
        std::set<Genome> first;
        std::vector<Genome> generation;
        const auto take = [&](const Genome& genome) {
            if (generation.size() < room() && first.insert(genome).second)
                generation.push_back(genome);
        };
        for (const Genome& start : m_options.starts)
            take(start);
        for (std::size_t tries = 0; generation.size() < room() && tries < m_size * kTries; ++tries)
            take(anyGenome());
        return generation;
    }

    Genome anyGenome()
    {
        Genome genome;
        for (const Gene& gene : m_space)
            genome.push_back(static_cast<std::uint16_t>(m_random.below(gene.choices)));
        return genome;
    }

    std::vector<Genome> nextGeneration()
    {
        std::set<Genome> chosen;
        std::vector<Genome> children;
        for (std::size_t tries = 0; children.size() < room() && tries < m_size * kTries; ++tries) {
            Genome child = mutated(crossed(pick(), pick()));
            if (!m_ledger.isKnown(child) && chosen.insert(child).second)
                children.push_back(std::move(child));
        }
        return children;
    }

    /// The better of two: of a better front, else the one that stands more alone.
    const Genome& pick()
    {
        const std::size_t a = m_random.below(m_living.size());
        const std::size_t b = m_random.below(m_living.size());
        const bool isFirst =
            m_rank[a] != m_rank[b] ? m_rank[a] < m_rank[b] : m_alone[a] >= m_alone[b];
        return m_ledger.genome(m_living[isFirst ? a : b]);
    }

    Genome crossed(const Genome& a, const Genome& b)
    {
        if (!m_random.chance(kCrossover))
            return a;
        Genome child;
        for (std::size_t i = 0; i < a.size(); ++i)
            child.push_back(m_space[i].isOrdered && m_random.chance(0.5)
                                ? blended(a[i], b[i], m_space[i].choices)
                                : (m_random.chance(0.5) ? a[i] : b[i]));
        return child;
    }

    std::uint16_t blended(double a, double b, std::uint16_t choices)
    {
        const double from = std::min(a, b) - kBlend * std::abs(a - b);
        const double length = (1 + 2 * kBlend) * std::abs(a - b);
        return nearest(from + length * m_random.uniform(), choices);
    }

    Genome mutated(Genome genome)
    {
        const double share = 1.0 / static_cast<double>(std::max<std::size_t>(1, genome.size()));
        for (std::size_t i = 0; i < genome.size(); ++i) {
            const Gene& gene = m_space[i];
            if (gene.choices < 2 || !m_random.chance(share))
                continue;
            if (!gene.isOrdered) { // another one than it has
                const auto other = static_cast<std::uint16_t>(m_random.below(gene.choices - 1U));
                genome[i] = other < genome[i] ? other : static_cast<std::uint16_t>(other + 1);
                continue;
            }
            const double reach = std::max(1.0, kNearShare * gene.choices);
            const double step = reach * m_random.normal();
            const double away = step < 0 ? std::min(step, -1.0) : std::max(step, 1.0);
            genome[i] = nearest(genome[i] + away, gene.choices);
        }
        return genome;
    }

    static std::uint16_t nearest(double choice, std::uint16_t choices)
    {
        return static_cast<std::uint16_t>(std::lround(std::clamp(choice, 0.0, choices - 1.0)));
    }

    /// The best of the living stay, as many as a generation has.
    void select()
    {
        std::vector<Scored> scores;
        for (const std::size_t i : m_living)
            scores.push_back(m_ledger.scores()[i]);
        std::vector<std::size_t> kept;
        m_rank.clear();
        m_alone.clear();
        std::size_t rank = 0;
        for (const std::vector<std::size_t>& front : nondominatedFronts(scores)) {
            const std::vector<double> alone = crowdingDistances(scores, front);
            std::vector<std::size_t> order(front.size());
            std::iota(order.begin(), order.end(), 0);
            std::ranges::stable_sort(order, std::ranges::greater{},
                                     [&](std::size_t place) { return alone[place]; });
            for (const std::size_t place : order) {
                if (kept.size() == m_size)
                    break;
                kept.push_back(m_living[front[place]]);
                m_rank.push_back(rank);
                m_alone.push_back(alone[place]);
            }
            ++rank;
        }
        m_living = std::move(kept);
    }

    std::span<const Gene> m_space;
    const GenomeSearchOptions& m_options;
    Ledger& m_ledger;
    Random m_random;
    std::size_t m_size;
    std::vector<std::size_t> m_living; ///< places in the ledger
    std::vector<std::size_t> m_rank;   ///< of each living one: its front
    std::vector<double> m_alone;       ///< of each living one: crowdingDistances()
};

} // namespace

double sizeOf(std::span<const Gene> space)
{
    double size = 1;
    for (const Gene& gene : space)
        size *= gene.choices;
    return size < kExactCount ? size : std::numeric_limits<double>::infinity();
}

Result<GenomeSearchResult> searchGenomes(std::span<const Gene> space, const ScoreGenomes& score,
                                         const GenomeSearchOptions& options)
{
    const bool isSpace =
        std::ranges::all_of(space, [](const Gene& gene) { return gene.choices > 0; });
    const bool areOfIt = std::ranges::all_of(
        options.starts, [&](const Genome& start) { return isOf(space, start); });
    if (!isSpace || !areOfIt)
        return fail(ErrorCode::InvalidArgument,
                    "A start of the search is not among what may be chosen.");
    Ledger ledger(score, options);
    const bool isExhaustive = sizeOf(space) <= static_cast<double>(options.most);
    if (isExhaustive)
        tryEverything(space, ledger);
    else
        Breeding(space, options, ledger).run();
    return ledger.finish(isExhaustive);
}

} // namespace signalbox
