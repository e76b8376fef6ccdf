// SPDX-License-Identifier: Apache-2.0
#include "column_kernels.h"

// The loops are written once and compiled for each kind of vector instructions, which the compiler
// makes of them: every kernel below is a function of its own whose target says what it may use.
#if defined(__x86_64__) && defined(__GNUC__)
#define SIGNALBOX_HAS_TARGETS
#endif
#define SIGNALBOX_INLINE [[gnu::always_inline]] inline

namespace signalbox {

namespace {

using Range = ColumnKernels::Range;
using Mode = ColumnKernels::Mode;
using Byte = std::uint8_t;

template<class Code> SIGNALBOX_INLINE bool isIn(Code code, Code first, Code span)
{
    return static_cast<Code>(code - first) <= span;
}

template<class Code, Mode mode>
SIGNALBOX_INLINE void rangeLoop(Byte* __restrict mask, Range range, std::size_t rows)
{
    const auto* __restrict codes = static_cast<const Code*>(range.codes);
    const auto first = static_cast<Code>(range.first);
    const auto span = static_cast<Code>(range.span);
    for (std::size_t i = 0; i < rows; ++i) {
        const Byte holds = isIn<Code>(codes[i], first, span) ? 0xFF : 0;
        if constexpr (mode == Mode::Set)
            mask[i] = holds;
        else if constexpr (mode == Mode::And)
            mask[i] &= holds;
        else
            mask[i] |= holds;
    }
}

template<Mode mode>
SIGNALBOX_INLINE void combineLoop(Byte* __restrict mask, const Byte* __restrict other,
                                  std::size_t rows)
{
    for (std::size_t i = 0; i < rows; ++i)
        mask[i] = mode == Mode::And ? mask[i] & other[i] : mask[i] | other[i];
}

SIGNALBOX_INLINE void claimLoop(Byte* __restrict won, const Byte* __restrict mask, Byte claim,
                                std::size_t rows)
{
    for (std::size_t i = 0; i < rows; ++i)
        won[i] = mask[i] != 0 ? claim : won[i];
}

template<class Code>
SIGNALBOX_INLINE void claimRangeLoop(Byte* __restrict won, const Byte* __restrict mask, Range range,
                                     Byte claim, std::size_t rows)
{
    const auto* __restrict codes = static_cast<const Code*>(range.codes);
    const auto first = static_cast<Code>(range.first);
    const auto span = static_cast<Code>(range.span);
    for (std::size_t i = 0; i < rows; ++i) {
        const Byte holds = isIn<Code>(codes[i], first, span) ? 0xFF : 0;
        won[i] = (holds & mask[i]) != 0 ? claim : won[i];
    }
}

template<class Code>
SIGNALBOX_INLINE void claimBothLoop(Byte* __restrict won, Range a, Range b, Byte claim,
                                    std::size_t rows)
{
    const auto* __restrict codesA = static_cast<const Code*>(a.codes);
    const auto* __restrict codesB = static_cast<const Code*>(b.codes);
    const auto firstA = static_cast<Code>(a.first);
    const auto spanA = static_cast<Code>(a.span);
    const auto firstB = static_cast<Code>(b.first);
    const auto spanB = static_cast<Code>(b.span);
    for (std::size_t i = 0; i < rows; ++i) {
        const Byte holdsA = isIn<Code>(codesA[i], firstA, spanA) ? 0xFF : 0;
        const Byte holdsB = isIn<Code>(codesB[i], firstB, spanB) ? 0xFF : 0;
        won[i] = (holdsA & holdsB) != 0 ? claim : won[i];
    }
}

SIGNALBOX_INLINE void widenLoop(std::uint16_t* __restrict to, const Byte* __restrict from,
                                std::size_t rows)
{
    for (std::size_t i = 0; i < rows; ++i)
        to[i] = from[i];
}

#define SIGNALBOX_KERNELS(Name, TARGET)                                                            \
    struct Name                                                                                    \
    {                                                                                              \
        template<class Code, Mode mode>                                                            \
        TARGET static void range(Byte* mask, Range range, std::size_t rows)                        \
        {                                                                                          \
            rangeLoop<Code, mode>(mask, range, rows);                                              \
        }                                                                                          \
        template<Mode mode>                                                                        \
        TARGET static void combine(Byte* mask, const Byte* other, std::size_t rows)                \
        {                                                                                          \
            combineLoop<mode>(mask, other, rows);                                                  \
        }                                                                                          \
        TARGET static void claim(Byte* won, const Byte* mask, Byte claim, std::size_t rows)        \
        {                                                                                          \
            claimLoop(won, mask, claim, rows);                                                     \
        }                                                                                          \
        template<class Code>                                                                       \
        TARGET static void claimRange(Byte* won, const Byte* mask, Range range, Byte claim,        \
                                      std::size_t rows)                                            \
        {                                                                                          \
            claimRangeLoop<Code>(won, mask, range, claim, rows);                                   \
        }                                                                                          \
        template<class Code>                                                                       \
        TARGET static void claimBoth(Byte* won, Range a, Range b, Byte claim, std::size_t rows)    \
        {                                                                                          \
            claimBothLoop<Code>(won, a, b, claim, rows);                                           \
        }                                                                                          \
        TARGET static void widen(std::uint16_t* to, const Byte* from, std::size_t rows)            \
        {                                                                                          \
            widenLoop(to, from, rows);                                                             \
        }                                                                                          \
    };

SIGNALBOX_KERNELS(BaselineLoops, )
#ifdef SIGNALBOX_HAS_TARGETS
SIGNALBOX_KERNELS(Avx2Loops, [[gnu::target("avx2")]])
#ifdef __clang__
SIGNALBOX_KERNELS(Avx512Loops, [[gnu::target("avx512f,avx512bw,avx512vl")]])
#else
// GCC would halve the vectors, for processors that slow down with whole ones.
SIGNALBOX_KERNELS(Avx512Loops, [[gnu::target("avx512f,avx512bw,avx512vl,prefer-vector-width=512")]])
#endif
#else
using Avx2Loops = BaselineLoops;
using Avx512Loops = BaselineLoops;
#endif

template<class Loops, Mode mode>
constexpr ColumnKernels::BySize<ColumnKernels::RangeKernel> rangesOf()
{
    return {Loops::template range<std::uint8_t, mode>, Loops::template range<std::uint16_t, mode>,
            Loops::template range<std::uint32_t, mode>};
}

template<class Loops> constexpr ColumnKernels kernelsOf()
{
    return {
        {rangesOf<Loops, Mode::Set>(), rangesOf<Loops, Mode::And>(), rangesOf<Loops, Mode::Or>()},
        {nullptr, Loops::template combine<Mode::And>, Loops::template combine<Mode::Or>},
        Loops::claim,
        {Loops::template claimRange<std::uint8_t>, Loops::template claimRange<std::uint16_t>,
         Loops::template claimRange<std::uint32_t>},
        {Loops::template claimBoth<std::uint8_t>, Loops::template claimBoth<std::uint16_t>,
         Loops::template claimBoth<std::uint32_t>},
        Loops::widen};
}

constexpr std::array<ColumnKernels, 3> kKernels = {
    kernelsOf<BaselineLoops>(), kernelsOf<Avx2Loops>(), kernelsOf<Avx512Loops>()};

} // namespace

bool ColumnKernels::canUse(Vectors vectors)
{
#ifdef SIGNALBOX_HAS_TARGETS
    if (vectors == Vectors::Avx2)
        return __builtin_cpu_supports("avx2") != 0;
    if (vectors == Vectors::Avx512)
        return __builtin_cpu_supports("avx512bw") != 0 && __builtin_cpu_supports("avx512vl") != 0;
#endif
    return vectors == Vectors::Baseline;
}

ColumnKernels::Vectors ColumnKernels::best()
{
    return canUse(Vectors::Avx512) ? Vectors::Avx512
           : canUse(Vectors::Avx2) ? Vectors::Avx2
                                   : Vectors::Baseline;
}

const ColumnKernels& ColumnKernels::with(Vectors vectors)
{
    return kKernels[static_cast<std::size_t>(vectors)];
}

} // namespace signalbox
