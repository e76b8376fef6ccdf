// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

// For loops that are written once and compiled for each kind of vector instructions: a function of
// its own for each, whose target says what it may use.
#if defined(__x86_64__) && defined(__GNUC__)
#define SIGNALBOX_HAS_TARGETS
#ifdef __clang__
#define SIGNALBOX_AVX512 [[gnu::target("avx512f,avx512bw,avx512vl")]]
#else
// GCC would halve the vectors, for processors that slow down with whole ones.
#define SIGNALBOX_AVX512 [[gnu::target("avx512f,avx512bw,avx512vl,prefer-vector-width=512")]]
#endif
#endif
#define SIGNALBOX_INLINE [[gnu::always_inline]] inline

namespace signalbox {

/// Kinds of vector instructions, each with all of those before it.
enum class Vectors : std::uint8_t {
    Baseline, ///< of every processor that the program is built for
    Avx2,     ///< with POPCNT
    Avx512    ///< F, BW and VL
};

/// Whether this processor has them.
[[nodiscard]] inline bool canUse(Vectors vectors)
{
#ifdef SIGNALBOX_HAS_TARGETS
    if (vectors == Vectors::Avx2)
        return __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("popcnt") != 0;
    if (vectors == Vectors::Avx512)
        return canUse(Vectors::Avx2) && __builtin_cpu_supports("avx512bw") != 0 &&
               __builtin_cpu_supports("avx512vl") != 0;
#endif
    return vectors == Vectors::Baseline;
}

/// The widest that this processor has.
[[nodiscard]] inline Vectors bestVectors()
{
    return canUse(Vectors::Avx512) ? Vectors::Avx512
           : canUse(Vectors::Avx2) ? Vectors::Avx2
                                   : Vectors::Baseline;
}

} // namespace signalbox
