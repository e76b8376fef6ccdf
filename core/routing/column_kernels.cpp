// SPDX-License-Identifier: Apache-2.0
#include "column_kernels.h"

#include <algorithm>

// The loops are written once and compiled for each kind of vector instructions, which the compiler
// makes of them: every kernel below is a function of its own whose target says what it may use.
// Rules alone, where nearly all the time goes, are also written by hand for AVX-512, whose masks
// are bits: a compiler does not find out that 64 rows' claims can stay in a register for all rules.
#ifdef SIGNALBOX_HAS_TARGETS
#include <immintrin.h>
#endif

namespace signalbox {

namespace {

using Range = ColumnKernels::Range;
using Rule = ColumnKernels::Rule;
using Mode = ColumnKernels::Mode;
using Byte = std::uint8_t;

/// 255 if a code is in a range, else 0.
template<class Code> SIGNALBOX_INLINE Byte isIn(Code code, Code first, Code span)
{
    return static_cast<Code>(code - first) <= span ? 0xFF : 0;
}

template<class Code, Mode mode>
SIGNALBOX_INLINE void rangeLoop(Byte* __restrict mask, const Range& range, std::size_t at,
                                std::size_t rows)
{
    const auto* __restrict codes = static_cast<const Code*>(range.codes) + at;
    const auto first = static_cast<Code>(range.first);
    const auto span = static_cast<Code>(range.span);
    for (std::size_t i = 0; i < rows; ++i) {
        const Byte holds = isIn<Code>(codes[i], first, span);
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

/// A rule of two ranges over codes of one size, as most are.
template<class Code>
SIGNALBOX_INLINE void claimBothLoop(Byte* __restrict won, const Rule& rule, std::size_t at,
                                    std::size_t rows)
{
    const Range& a = rule.ranges[0];
    const Range& b = rule.ranges[1];
    const auto* __restrict codesA = static_cast<const Code*>(a.codes) + at;
    const auto* __restrict codesB = static_cast<const Code*>(b.codes) + at;
    const auto firstA = static_cast<Code>(a.first);
    const auto spanA = static_cast<Code>(a.span);
    const auto firstB = static_cast<Code>(b.first);
    const auto spanB = static_cast<Code>(b.span);
    const Byte claim = rule.claim;
    for (std::size_t i = 0; i < rows; ++i) {
        const Byte holds =
            isIn<Code>(codesA[i], firstA, spanA) & isIn<Code>(codesB[i], firstB, spanB);
        won[i] = holds != 0 ? claim : won[i];
    }
}

SIGNALBOX_INLINE void rulesLoop(Byte* won, std::span<const Rule> rules, std::size_t at,
                                std::size_t rows)
{
    constexpr std::size_t kStep = 2048;
    Byte mask[kStep];
    for (std::size_t begin = 0; begin < rows; begin += kStep) {
        const std::size_t count = std::min(kStep, rows - begin);
        const std::size_t row = at + begin;
        for (const Rule& rule : rules) {
            if (rule.count == 2 && rule.ranges[0].size == rule.ranges[1].size) {
                if (rule.ranges[0].size == 0)
                    claimBothLoop<std::uint8_t>(won + begin, rule, row, count);
                else if (rule.ranges[0].size == 1)
                    claimBothLoop<std::uint16_t>(won + begin, rule, row, count);
                else
                    claimBothLoop<std::uint32_t>(won + begin, rule, row, count);
                continue;
            }
            std::fill_n(mask, count, Byte{0xFF});
            for (std::size_t i = 0; i < rule.count; ++i) {
                const Range& range = rule.ranges[i];
                if (range.size == 0)
                    rangeLoop<std::uint8_t, Mode::And>(mask, range, row, count);
                else if (range.size == 1)
                    rangeLoop<std::uint16_t, Mode::And>(mask, range, row, count);
                else
                    rangeLoop<std::uint32_t, Mode::And>(mask, range, row, count);
            }
            claimLoop(won + begin, mask, rule.claim, count);
        }
    }
}

SIGNALBOX_INLINE void widenLoop(std::uint16_t* __restrict to, const Byte* __restrict from,
                                std::size_t rows)
{
    for (std::size_t i = 0; i < rows; ++i)
        to[i] = from[i];
}

// NOLINTBEGIN(bugprone-macro-parentheses): an attribute takes none
#define SIGNALBOX_KERNELS(Name, TARGET)                                                            \
    struct Name                                                                                    \
    {                                                                                              \
        template<class Code, Mode mode>                                                            \
        TARGET static void range(Byte* mask, const Range& range, std::size_t at, std::size_t rows) \
        {                                                                                          \
            rangeLoop<Code, mode>(mask, range, at, rows);                                          \
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
        TARGET static void rules(Byte* won, std::span<const Rule> rules, std::size_t at,           \
                                 std::size_t rows)                                                 \
        {                                                                                          \
            rulesLoop(won, rules, at, rows);                                                       \
        }                                                                                          \
        TARGET static void widen(std::uint16_t* to, const Byte* from, std::size_t rows)            \
        {                                                                                          \
            widenLoop(to, from, rows);                                                             \
        }                                                                                          \
    };
// NOLINTEND(bugprone-macro-parentheses)

SIGNALBOX_KERNELS(BaselineLoops, )
#ifdef SIGNALBOX_HAS_TARGETS
SIGNALBOX_KERNELS(Avx2Loops, [[gnu::target("avx2")]])
SIGNALBOX_KERNELS(Avx512Loops, SIGNALBOX_AVX512)

// Which of 64 rows are in a range: a bit each.

SIGNALBOX_AVX512 SIGNALBOX_INLINE __mmask64 rowsIn(const std::uint8_t* codes, __m512i minusFirst,
                                                   __m512i span)
{
    return _mm512_cmple_epu8_mask(_mm512_add_epi8(_mm512_loadu_si512(codes), minusFirst), span);
}

SIGNALBOX_AVX512 SIGNALBOX_INLINE __mmask64 rowsIn(const std::uint16_t* codes, __m512i minusFirst,
                                                   __m512i span)
{
    const __m512i low = _mm512_add_epi16(_mm512_loadu_si512(codes), minusFirst);
    const __m512i high = _mm512_add_epi16(_mm512_loadu_si512(codes + 32), minusFirst);
    return _mm512_kunpackd(_mm512_cmple_epu16_mask(high, span), _mm512_cmple_epu16_mask(low, span));
}

SIGNALBOX_AVX512 SIGNALBOX_INLINE __mmask64 rowsIn(const std::uint32_t* codes, __m512i minusFirst,
                                                   __m512i span)
{
    __mmask64 rows = 0;
    for (int quarter = 3; quarter >= 0; --quarter) {
        const __m512i from =
            _mm512_add_epi32(_mm512_loadu_si512(codes + std::ptrdiff_t{16} * quarter), minusFirst);
        rows = rows << 16 | _mm512_cmple_epu32_mask(from, span);
    }
    return rows;
}

/// 256 rows, so that what a rule needs is made ready once for so many.
struct RowSet
{
    __mmask64 rows[4];
};

template<class Code>
SIGNALBOX_AVX512 SIGNALBOX_INLINE void keepRowsIn(RowSet& set, const Range& range, std::size_t at,
                                                  __m512i minusFirst, __m512i span)
{
    const auto* const codes = static_cast<const Code*>(range.codes) + at;
    for (std::size_t i = 0; i < 4; ++i)
        set.rows[i] &= rowsIn(codes + 64 * i, minusFirst, span);
}

SIGNALBOX_AVX512 SIGNALBOX_INLINE RowSet rowsOf(const Rule& rule, std::size_t at)
{
    RowSet set = {{~__mmask64{0}, ~__mmask64{0}, ~__mmask64{0}, ~__mmask64{0}}};
    for (std::size_t i = 0; i < rule.count; ++i) {
        const Range& range = rule.ranges[i];
        const int minusFirst = -static_cast<int>(range.first);
        const auto span = static_cast<int>(range.span);
        if (range.size == 0)
            keepRowsIn<std::uint8_t>(set, range, at,
                                     _mm512_set1_epi8(static_cast<char>(minusFirst)),
                                     _mm512_set1_epi8(static_cast<char>(span)));
        else if (range.size == 1)
            keepRowsIn<std::uint16_t>(set, range, at,
                                      _mm512_set1_epi16(static_cast<short>(minusFirst)),
                                      _mm512_set1_epi16(static_cast<short>(span)));
        else
            keepRowsIn<std::uint32_t>(set, range, at, _mm512_set1_epi32(minusFirst),
                                      _mm512_set1_epi32(span));
    }
    return set;
}

SIGNALBOX_AVX512 void rulesAvx512(Byte* won, std::span<const Rule> rules, std::size_t at,
                                  std::size_t rows)
{
    constexpr std::size_t kStep = 256;
    std::size_t row = 0;
    for (; row + kStep <= rows; row += kStep) {
        __m512i first = _mm512_loadu_si512(won + row);
        __m512i second = _mm512_loadu_si512(won + row + 64);
        __m512i third = _mm512_loadu_si512(won + row + 128);
        __m512i fourth = _mm512_loadu_si512(won + row + 192);
        for (const Rule& rule : rules) {
            const RowSet set = rowsOf(rule, at + row);
            const __m512i claim = _mm512_set1_epi8(static_cast<char>(rule.claim));
            first = _mm512_mask_mov_epi8(first, set.rows[0], claim);
            second = _mm512_mask_mov_epi8(second, set.rows[1], claim);
            third = _mm512_mask_mov_epi8(third, set.rows[2], claim);
            fourth = _mm512_mask_mov_epi8(fourth, set.rows[3], claim);
        }
        _mm512_storeu_si512(won + row, first);
        _mm512_storeu_si512(won + row + 64, second);
        _mm512_storeu_si512(won + row + 128, third);
        _mm512_storeu_si512(won + row + 192, fourth);
    }
    if (row < rows)
        Avx512Loops::rules(won + row, rules, at + row, rows - row);
}

#else
using Avx2Loops = BaselineLoops;
using Avx512Loops = BaselineLoops;
constexpr auto rulesAvx512 = BaselineLoops::rules;
#endif

template<class Loops, Mode mode>
constexpr ColumnKernels::BySize<ColumnKernels::RangeKernel> rangesOf()
{
    return {Loops::template range<std::uint8_t, mode>, Loops::template range<std::uint16_t, mode>,
            Loops::template range<std::uint32_t, mode>};
}

template<class Loops> constexpr ColumnKernels kernelsOf(ColumnKernels::RulesKernel rules)
{
    return {
        {rangesOf<Loops, Mode::Set>(), rangesOf<Loops, Mode::And>(), rangesOf<Loops, Mode::Or>()},
        {nullptr, Loops::template combine<Mode::And>, Loops::template combine<Mode::Or>},
        Loops::claim,
        rules,
        Loops::widen};
}

constexpr std::array<ColumnKernels, 3> kKernels = {kernelsOf<BaselineLoops>(BaselineLoops::rules),
                                                   kernelsOf<Avx2Loops>(Avx2Loops::rules),
                                                   kernelsOf<Avx512Loops>(rulesAvx512)};

} // namespace

const ColumnKernels& ColumnKernels::with(Vectors vectors)
{
    return kKernels[static_cast<std::size_t>(vectors)];
}

} // namespace signalbox
