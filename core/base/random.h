// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace signalbox {

/// A small seeded generator (SplitMix64; Steele, Lea and Flood 2014) whose sequence is the same on
/// every platform and compiler, unlike the distributions of the standard library.
class Random
{
public:
    explicit Random(std::uint64_t seed) : m_state(seed) {}

    /// A generator whose stream depends on a name too, so that independent parts of one
    /// simulation do not shift each other when one of them draws more.
    Random(std::uint64_t seed, std::string_view stream);

    [[nodiscard]] std::uint64_t next();
    [[nodiscard]] double uniform();                         ///< [0, 1)
    [[nodiscard]] std::uint64_t below(std::uint64_t bound); ///< [0, bound), unbiased; bound > 0
    [[nodiscard]] double normal();                          ///< mean 0, standard deviation 1
    [[nodiscard]] double logNormal(double median, double sigma);
    [[nodiscard]] bool chance(double probability) { return uniform() < probability; }

private:
    std::uint64_t m_state;
};

/// A 64-bit hash of bytes, stable across platforms (FNV-1a with a final mix). Not for security.
[[nodiscard]] std::uint64_t stableHash(std::string_view bytes, std::uint64_t seed = 0);

/// Standard normal quantile, p in (0, 1). Relative error below 1.2e-9 after one Halley step.
/// Source: Acklam's rational approximation (2003).
[[nodiscard]] double normalQuantile(double p);

/// Standard normal distribution function.
[[nodiscard]] double normalCdf(double x);

} // namespace signalbox
