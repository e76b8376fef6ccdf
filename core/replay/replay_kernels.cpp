// SPDX-License-Identifier: Apache-2.0
#include "replay_kernels.h"

#include <algorithm>
#include <array>

// As in core/routing/column_kernels.cpp: the loops are written once and compiled for each kind of
// vector instructions, which the compiler makes of them; each is a function of its own, because
// inlined among pointers that may alias the same loop takes many times as long. What a replay
// spends its time with is also written by hand for AVX-512, whose masks say which of 64 rows take a
// choice, for columns of any width.
#ifdef SIGNALBOX_HAS_TARGETS
#include <immintrin.h>
#endif

namespace signalbox {

namespace {

using Column = ReplayKernels::Column;
using Picked = ReplayKernels::Picked;
using Tokens = ReplayKernels::Tokens;

/// Sums of 16-bit values, and of values below 2^24, stay in 32 bits for so many rows.
constexpr std::size_t kStep = 256;
constexpr std::size_t kBlockRows = 4096;

SIGNALBOX_INLINE void countLoop(const std::uint8_t* __restrict choices, std::size_t rows,
                                std::size_t choiceCount, std::uint32_t* __restrict counts)
{
    for (std::size_t k = 0; k < choiceCount; ++k) {
        const auto choice = static_cast<std::uint8_t>(k);
        std::uint32_t count = 0;
        for (std::size_t i = 0; i < rows; ++i)
            count += choices[i] == choice ? 1 : 0;
        counts[k] = count;
    }
}

/// -1 where a row takes the choice, else 0: sign extension makes masks of any width of them, which
/// compilers vectorise, unlike a comparison of bytes that selects wider values.
SIGNALBOX_INLINE void maskLoop(const std::uint8_t* __restrict choices, std::size_t rows,
                               std::uint8_t choice, std::int8_t* __restrict mask)
{
    for (std::size_t i = 0; i < rows; ++i)
        mask[i] = choices[i] == choice ? -1 : 0;
}

SIGNALBOX_INLINE std::uint64_t narrowLoop(const std::int8_t* __restrict mask, std::size_t rows,
                                          const std::uint16_t* __restrict values)
{
    std::uint32_t sum = 0; // a block of 4,096 rows at most
    for (std::size_t i = 0; i < rows; ++i)
        sum += static_cast<std::uint16_t>(values[i] & static_cast<std::uint16_t>(mask[i]));
    return sum;
}

SIGNALBOX_INLINE std::uint64_t wideLoop(const std::int8_t* __restrict mask, std::size_t rows,
                                        const std::uint32_t* __restrict values)
{
    std::uint32_t low = 0;
    std::uint32_t high = 0;
    for (std::size_t i = 0; i < rows; ++i) {
        const std::uint32_t value = values[i] & static_cast<std::uint32_t>(mask[i]);
        low += value & 0xFFFFU;
        high += value >> 16;
    }
    return (std::uint64_t{high} << 16) + low;
}

/// Starts from zeros.
template<class Value>
SIGNALBOX_INLINE void keepLoop(const std::int8_t* __restrict mask, std::size_t rows,
                               const Value* __restrict values, Value* __restrict kept)
{
    for (std::size_t i = 0; i < rows; ++i)
        kept[i] |= static_cast<Value>(values[i] & static_cast<Value>(mask[i]));
}

SIGNALBOX_INLINE void pickLoop(const std::uint8_t* choices, std::size_t rows,
                               std::span<const Column> columns, Picked& picked)
{
    picked.cost = picked.quality = 0;
    const bool areCostsKept = picked.costs && !columns.empty() && columns[0].cost;
    std::fill_n(picked.buckets, rows, std::uint16_t{0});
    if (picked.costs)
        std::fill_n(picked.qualities, rows, std::uint16_t{0});
    if (areCostsKept)
        std::fill_n(picked.costs, rows, 0U);
    std::int8_t mask[kBlockRows];
    for (const Column& column : columns) {
        maskLoop(choices, rows, column.choice, mask);
        picked.quality += narrowLoop(mask, rows, column.quality);
        keepLoop(mask, rows, column.bucket, picked.buckets);
        if (column.cost)
            picked.cost += wideLoop(mask, rows, column.cost);
        if (picked.costs)
            keepLoop(mask, rows, column.quality, picked.qualities);
        if (areCostsKept)
            keepLoop(mask, rows, column.cost, picked.costs);
    }
}

SIGNALBOX_INLINE Tokens tokensLoop(const std::uint8_t* __restrict choices, std::size_t rows,
                                   std::uint8_t choice, const std::uint32_t* __restrict input,
                                   const std::uint32_t* __restrict output)
{
    Tokens tokens;
    std::int8_t mask[kStep];
    for (std::size_t begin = 0; begin < rows; begin += kStep) {
        const std::size_t count = std::min(kStep, rows - begin);
        maskLoop(choices + begin, count, choice, mask);
        std::uint32_t in = 0;
        std::uint32_t out = 0;
        for (std::size_t i = 0; i < count; ++i) {
            in += input[begin + i] & static_cast<std::uint32_t>(mask[i]);
            out += output[begin + i] & static_cast<std::uint32_t>(mask[i]);
        }
        tokens.input += in;
        tokens.output += out;
    }
    return tokens;
}

SIGNALBOX_INLINE std::size_t findLoop(const std::uint16_t* __restrict buckets, std::size_t rows,
                                      std::uint16_t bucket, std::uint32_t* __restrict found)
{
    constexpr std::size_t kGroup = 64;
    std::size_t count = 0;
    for (std::size_t begin = 0; begin < rows; begin += kGroup) {
        const std::size_t end = std::min(begin + kGroup, rows);
        std::uint16_t isAny = 0;
        for (std::size_t i = begin; i < end; ++i)
            isAny |= buckets[i] == bucket ? 1 : 0;
        if (!isAny)
            continue;
        for (std::size_t i = begin; i < end; ++i) {
            if (buckets[i] == bucket)
                found[count++] = static_cast<std::uint32_t>(i);
        }
    }
    return count;
}

// NOLINTBEGIN(bugprone-macro-parentheses): an attribute takes none
#define SIGNALBOX_KERNELS(Name, TARGET)                                                            \
    struct Name                                                                                    \
    {                                                                                              \
        TARGET static void count(const std::uint8_t* choices, std::size_t rows,                    \
                                 std::size_t choiceCount, std::uint32_t* counts)                   \
        {                                                                                          \
            countLoop(choices, rows, choiceCount, counts);                                         \
        }                                                                                          \
        TARGET static void pick(const std::uint8_t* choices, std::size_t rows,                     \
                                std::span<const Column> columns, Picked& picked)                   \
        {                                                                                          \
            pickLoop(choices, rows, columns, picked);                                              \
        }                                                                                          \
        TARGET static Tokens sumTokens(const std::uint8_t* choices, std::size_t rows,              \
                                       std::uint8_t choice, const std::uint32_t* input,            \
                                       const std::uint32_t* output)                                \
        {                                                                                          \
            return tokensLoop(choices, rows, choice, input, output);                               \
        }                                                                                          \
        TARGET static std::size_t find(const std::uint16_t* buckets, std::size_t rows,             \
                                       std::uint16_t bucket, std::uint32_t* found)                 \
        {                                                                                          \
            return findLoop(buckets, rows, bucket, found);                                         \
        }                                                                                          \
    };
// NOLINTEND(bugprone-macro-parentheses)

SIGNALBOX_KERNELS(BaselineLoops, )

#ifdef SIGNALBOX_HAS_TARGETS
SIGNALBOX_KERNELS(Avx2Loops, [[gnu::target("avx2")]])

/// Which of 32 rows have a label, one bit each.
[[gnu::target("avx2,popcnt")]] SIGNALBOX_INLINE std::uint32_t halfWith(const std::uint8_t* labels,
                                                                       __m256i label)
{
    const __m256i rows = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(labels));
    return static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(rows, label)));
}

/// Of 64 rows.
[[gnu::target("avx2,popcnt")]] SIGNALBOX_INLINE std::uint64_t rowsWith(const std::uint8_t* labels,
                                                                       std::size_t label)
{
    const __m256i wanted = _mm256_set1_epi8(static_cast<char>(label));
    return halfWith(labels, wanted) | std::uint64_t{halfWith(labels + 32, wanted)} << 32;
}

/// Every pair is an "and" of two masks and a count of its bits.
[[gnu::target("avx2,popcnt")]] void countPairs(const std::uint8_t* from, const std::uint8_t* to,
                                               std::size_t rows, std::size_t labels,
                                               std::uint32_t* counts)
{
    constexpr std::size_t kRows = 64;
    std::uint64_t arrivals[ReplayKernels::kMostPairLabels];
    std::size_t row = 0;
    for (; row + kRows <= rows; row += kRows) {
        for (std::size_t b = 0; b < labels; ++b)
            arrivals[b] = rowsWith(to + row, b);
        for (std::size_t a = 0; a < labels; ++a) {
            const std::uint64_t departures = rowsWith(from + row, a);
            for (std::size_t b = 0; b < labels; ++b)
                counts[a * labels + b] +=
                    static_cast<std::uint32_t>(__builtin_popcountll(departures & arrivals[b]));
        }
    }
    for (; row < rows; ++row) {
        if (from[row] < labels && to[row] < labels)
            ++counts[from[row] * labels + to[row]];
    }
}

constexpr std::size_t kGroup = 64; ///< rows that one register of choices holds

/// The choices of up to 64 rows; places behind the last row hold none.
SIGNALBOX_AVX512 SIGNALBOX_INLINE __m512i choicesOf(const std::uint8_t* choices, std::size_t count)
{
    const __mmask64 rows = count >= kGroup ? ~__mmask64{0} : (__mmask64{1} << count) - 1;
    return _mm512_mask_loadu_epi8(_mm512_set1_epi8(-1), rows, choices);
}

// Lanes as the compiler's own vectors: GCC 12 warns of uninitialised values inside its intrinsics
// for shifts and sums.
using Lanes32 [[gnu::vector_size(64)]] = std::uint32_t;
using Lanes64 [[gnu::vector_size(64)]] = std::uint64_t;

/// Sum of the 16-bit halves of each lane.
SIGNALBOX_AVX512 SIGNALBOX_INLINE __m512i sumOfHalves(__m512i values)
{
    const auto lanes = reinterpret_cast<Lanes32>(values);
    return reinterpret_cast<__m512i>((lanes & 0xFFFFU) + (lanes >> 16));
}

/// Sum of the 32-bit halves of each lane.
SIGNALBOX_AVX512 SIGNALBOX_INLINE __m512i sumOfWords(__m512i values)
{
    const auto lanes = reinterpret_cast<Lanes64>(values);
    return reinterpret_cast<__m512i>((lanes & 0xFFFF'FFFFULL) + (lanes >> 32));
}

SIGNALBOX_AVX512 SIGNALBOX_INLINE std::uint64_t totalOf(__m512i values)
{
    const auto lanes = reinterpret_cast<Lanes64>(values);
    std::uint64_t sum = 0;
    for (int i = 0; i < 8; ++i)
        sum += lanes[i];
    return sum;
}

struct Avx512Loops
{
    SIGNALBOX_AVX512 static void count(const std::uint8_t* choices, std::size_t rows,
                                       std::size_t choiceCount, std::uint32_t* counts)
    {
        std::fill_n(counts, choiceCount, 0U);
        for (std::size_t row = 0; row < rows; row += kGroup) {
            const __m512i group = choicesOf(choices + row, rows - row);
            for (std::size_t k = 0; k < choiceCount; ++k)
                counts[k] += static_cast<std::uint32_t>(__builtin_popcountll(
                    _mm512_cmpeq_epi8_mask(group, _mm512_set1_epi8(static_cast<char>(k)))));
        }
    }

    template<bool areCosts, bool areKept>
    SIGNALBOX_AVX512 static void pickRows(const std::uint8_t* choices, std::size_t rows,
                                          std::span<const Column> columns, Picked& picked)
    {
        __m512i costs = _mm512_setzero_si512();
        __m512i qualities = _mm512_setzero_si512();
        for (std::size_t row = 0; row < rows; row += kGroup) {
            const __m512i group = choicesOf(choices + row, rows - row);
            __m512i quality[2] = {};
            __m512i bucket[2] = {};
            __m512i cost[4] = {};
            for (const Column& column : columns) {
                const __mmask64 mask = _mm512_cmpeq_epi8_mask(
                    group, _mm512_set1_epi8(static_cast<char>(column.choice)));
                for (std::size_t half = 0; half < 2; ++half) {
                    const auto taken = static_cast<__mmask32>(mask >> (32 * half));
                    quality[half] = _mm512_mask_loadu_epi16(quality[half], taken,
                                                            column.quality + row + 32 * half);
                    bucket[half] = _mm512_mask_loadu_epi16(bucket[half], taken,
                                                           column.bucket + row + 32 * half);
                }
                if constexpr (areCosts) {
                    for (std::size_t quarter = 0; quarter < 4; ++quarter)
                        cost[quarter] = _mm512_mask_loadu_epi32(
                            cost[quarter], static_cast<__mmask16>(mask >> (16 * quarter)),
                            column.cost + row + 16 * quarter);
                }
            }
            for (std::size_t half = 0; half < 2; ++half) {
                qualities = _mm512_add_epi32(qualities, sumOfHalves(quality[half]));
                _mm512_storeu_si512(picked.buckets + row + 32 * half, bucket[half]);
                if constexpr (areKept)
                    _mm512_storeu_si512(picked.qualities + row + 32 * half, quality[half]);
            }
            if constexpr (areCosts) {
                for (std::size_t quarter = 0; quarter < 4; ++quarter) {
                    costs = _mm512_add_epi64(costs, sumOfWords(cost[quarter]));
                    if constexpr (areKept)
                        _mm512_storeu_si512(picked.costs + row + 16 * quarter, cost[quarter]);
                }
            }
        }
        picked.cost = totalOf(costs);
        picked.quality = totalOf(sumOfWords(qualities));
    }

    SIGNALBOX_AVX512 static void pick(const std::uint8_t* choices, std::size_t rows,
                                      std::span<const Column> columns, Picked& picked)
    {
        const bool areCosts = !columns.empty() && columns[0].cost;
        if (areCosts)
            picked.costs ? pickRows<true, true>(choices, rows, columns, picked)
                         : pickRows<true, false>(choices, rows, columns, picked);
        else
            picked.costs ? pickRows<false, true>(choices, rows, columns, picked)
                         : pickRows<false, false>(choices, rows, columns, picked);
    }

    SIGNALBOX_AVX512 static Tokens sumTokens(const std::uint8_t* choices, std::size_t rows,
                                             std::uint8_t choice, const std::uint32_t* input,
                                             const std::uint32_t* output)
    {
        __m512i in[2] = {};
        __m512i out[2] = {};
        for (std::size_t row = 0; row < rows; row += kGroup) {
            const __m512i group = choicesOf(choices + row, rows - row);
            const __mmask64 mask =
                _mm512_cmpeq_epi8_mask(group, _mm512_set1_epi8(static_cast<char>(choice)));
            for (std::size_t quarter = 0; quarter < 4; ++quarter) {
                const auto taken = static_cast<__mmask16>(mask >> (16 * quarter));
                __m512i& inputs = in[quarter % 2];
                __m512i& outputs = out[quarter % 2];
                inputs = _mm512_mask_add_epi32(inputs, taken, inputs,
                                               _mm512_loadu_si512(input + row + 16 * quarter));
                outputs = _mm512_mask_add_epi32(outputs, taken, outputs,
                                                _mm512_loadu_si512(output + row + 16 * quarter));
            }
        }
        return {totalOf(_mm512_add_epi64(sumOfWords(in[0]), sumOfWords(in[1]))),
                totalOf(_mm512_add_epi64(sumOfWords(out[0]), sumOfWords(out[1])))};
    }

    SIGNALBOX_AVX512 static std::size_t find(const std::uint16_t* buckets, std::size_t rows,
                                             std::uint16_t bucket, std::uint32_t* found)
    {
        const __m512i wanted = _mm512_set1_epi16(static_cast<short>(bucket));
        std::size_t count = 0;
        std::size_t row = 0;
        for (; row + 32 <= rows; row += 32) {
            std::uint32_t hits = _mm512_cmpeq_epi16_mask(_mm512_loadu_si512(buckets + row), wanted);
            for (; hits != 0; hits &= hits - 1)
                found[count++] = static_cast<std::uint32_t>(row) +
                                 static_cast<std::uint32_t>(__builtin_ctz(hits));
        }
        for (; row < rows; ++row) {
            if (buckets[row] == bucket)
                found[count++] = static_cast<std::uint32_t>(row);
        }
        return count;
    }
};
#else
using Avx2Loops = BaselineLoops;
using Avx512Loops = BaselineLoops;
constexpr decltype(ReplayKernels::countPairs) countPairs = nullptr;
#endif

template<class Loops> constexpr ReplayKernels kernelsOf(decltype(ReplayKernels::countPairs) pairs)
{
    return {Loops::count, Loops::pick, Loops::sumTokens, Loops::find, pairs};
}

constexpr std::array<ReplayKernels, 3> kKernels = {kernelsOf<BaselineLoops>(nullptr),
                                                   kernelsOf<Avx2Loops>(countPairs),
                                                   kernelsOf<Avx512Loops>(countPairs)};

} // namespace

const ReplayKernels& ReplayKernels::with(Vectors vectors)
{
    return kKernels[static_cast<std::size_t>(vectors)];
}

} // namespace signalbox
