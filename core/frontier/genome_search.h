// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "pareto.h"

#include <core/base/result.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace signalbox {

/// One thing that a search may choose.
struct Gene
{
    std::uint16_t choices = 1; ///< how many there are, at least 1
    bool isOrdered = false;    ///< neighbouring choices are alike, as thresholds are
    bool operator==(const Gene&) const = default;
};

/// A choice for every gene: each below its gene's number of choices.
using Genome = std::vector<std::uint16_t>;

/// Scores many genomes at once, in their order, so that whoever scores them may share the work out.
using ScoreGenomes = std::function<std::vector<Scored>(std::span<const Genome>)>;

struct GenomeSearchOptions
{
    std::uint64_t seed = 1;
    std::size_t population = 64; ///< at least 4
    std::size_t most = 4'000;    ///< genomes that are scored; a smaller space is tried whole
    std::vector<Genome> starts;  ///< are in the first generation, e.g. the policy as it is
    const std::atomic<bool>* stop = nullptr; ///< set to give up early: Cancelled
    /// Called from the thread that searches, after every batch: scored so far, at most to score.
    std::function<void(std::size_t done, std::size_t most)> progress;
};

struct GenomeSearchResult
{
    std::vector<Genome> genomes; ///< every one that was scored, each once, in the order of scoring
    std::vector<Scored> scores;  ///< of each
    std::vector<std::size_t> front; ///< paretoFront() of the scores
    bool isExhaustive = false;      ///< the whole space was scored: no better front exists
};

/// How many genomes a space has; infinite if more than 2^53.
[[nodiscard]] double sizeOf(std::span<const Gene> space);

/// The front of a space: by trying everything where `most` allows it, else by NSGA-II with
/// constraint domination (Deb et al. 2002) on these discrete genes: uniform crossover, ordered
/// genes also by blending; a mutation moves an ordered gene to a near choice and another one
/// anywhere. No genome is scored twice. The same seed gives the same result whatever the number of
/// threads.
/// @return InvalidArgument for a start that is not of the space, Cancelled if stopped
[[nodiscard]] Result<GenomeSearchResult> searchGenomes(std::span<const Gene> space,
                                                       const ScoreGenomes& score,
                                                       const GenomeSearchOptions& options = {});

} // namespace signalbox
