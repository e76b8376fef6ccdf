// SPDX-License-Identifier: Apache-2.0
#include "vector_loops.h"

// Each loop is written once and compiled for each kind of vectors. Fused multiplication, which
// AVX-512 brings, changes nothing where every product is exact; where it would, AVX2 is used.
#if defined(__x86_64__) && defined(__GNUC__)
#define SIGNALBOX_HAS_TARGETS
#endif
#define SIGNALBOX_INLINE [[gnu::always_inline]] inline

namespace signalbox {

namespace {

SIGNALBOX_INLINE void autocorrelationLoop(const float* __restrict x, float* __restrict out,
                                          std::size_t size)
{
    for (std::size_t i = 0; i < size; ++i) {
        const float weight = x[i];
        if (weight == 0.0F)
            continue;
        const float* const from = x + i;
        for (std::size_t k = 0; k < size - i; ++k)
            out[k] += weight * from[k];
    }
}

SIGNALBOX_INLINE void squaredDifferencesLoop(double value, const double* __restrict values,
                                             double* __restrict sums, std::size_t size)
{
    for (std::size_t i = 0; i < size; ++i)
        sums[i] += (value - values[i]) * (value - values[i]);
}

/// All lanes at once, in as many registers as they need.
using Lanes = double __attribute__((vector_size(sizeof(SignLanes))));

SIGNALBOX_INLINE void load(Lanes& lanes, const SignLanes& from)
{
    __builtin_memcpy(&lanes, from.data(), sizeof lanes);
}

/// Half the diagonal; the rest of a row stands for its mirror image. Some rows at a time, for one
/// addition after the other to the same lanes would wait for the last.
SIGNALBOX_INLINE void signedSumsLoop(const double* __restrict matrix,
                                     const SignLanes* __restrict signs, std::size_t size,
                                     SignLanes& sums)
{
    constexpr std::size_t kRows = 4;
    Lanes sum = {};
    for (std::size_t first = 0; first < size; first += kRows) {
        const std::size_t rows = size - first < kRows ? size - first : kRows;
        Lanes own[kRows] = {};
        Lanes dots[kRows] = {};
        const double* row[kRows] = {matrix, matrix, matrix, matrix};
        for (std::size_t i = 0; i < rows; ++i) {
            row[i] = matrix + (first + i) * size;
            load(own[i], signs[first + i]);
            dots[i] = 0.5 * own[i] * row[i][first + i];
            for (std::size_t q = first + i + 1; q < first + rows; ++q) {
                Lanes other = {};
                load(other, signs[q]);
                dots[i] += other * row[i][q];
            }
        }
        for (std::size_t q = first + rows; q < size; ++q) {
            Lanes other = {};
            load(other, signs[q]);
            for (std::size_t i = 0; i < kRows; ++i)
                dots[i] += other * row[i][q];
        }
        for (std::size_t i = 0; i < rows; ++i)
            sum += own[i] * dots[i];
    }
    __builtin_memcpy(sums.data(), &sum, sizeof sum);
}

// Target attributes are no expressions.
// NOLINTBEGIN(bugprone-macro-parentheses)
#define SIGNALBOX_LOOPS(Name, TARGET)                                                              \
    struct Name                                                                                    \
    {                                                                                              \
        TARGET static void autocorrelation(const float* x, float* out, std::size_t size)           \
        {                                                                                          \
            autocorrelationLoop(x, out, size);                                                     \
        }                                                                                          \
        TARGET static void squaredDifferences(double value, const double* values, double* sums,    \
                                              std::size_t size)                                    \
        {                                                                                          \
            squaredDifferencesLoop(value, values, sums, size);                                     \
        }                                                                                          \
        TARGET static void signedSums(const double* matrix, const SignLanes* signs,                \
                                      std::size_t size, SignLanes& sums)                           \
        {                                                                                          \
            signedSumsLoop(matrix, signs, size, sums);                                             \
        }                                                                                          \
    };
// NOLINTEND(bugprone-macro-parentheses)

struct Loops
{
    void (*autocorrelation)(const float*, float*, std::size_t);
    void (*signedSums)(const double*, const SignLanes*, std::size_t, SignLanes&);
    void (*squaredDifferences)(double, const double*, double*, std::size_t);
};

/// @tparam Unfused  for products that are not exact
template<class Kind, class Unfused = Kind> constexpr Loops loopsOf()
{
    return {Kind::autocorrelation, Kind::signedSums, Unfused::squaredDifferences};
}

SIGNALBOX_LOOPS(BaselineLoops, )
#ifdef SIGNALBOX_HAS_TARGETS
SIGNALBOX_LOOPS(Avx2Loops, [[gnu::target("avx2")]])
#ifdef __clang__
#define SIGNALBOX_AVX512 [[gnu::target("avx512f")]]
#else
// GCC would halve the vectors, for processors that slow down with whole ones.
#define SIGNALBOX_AVX512 [[gnu::target("avx512f,prefer-vector-width=512")]]
#endif
SIGNALBOX_LOOPS(Avx512Loops, SIGNALBOX_AVX512)
#endif

Loops bestLoops()
{
#ifdef SIGNALBOX_HAS_TARGETS
    if (__builtin_cpu_supports("avx512f") != 0)
        return loopsOf<Avx512Loops, Avx2Loops>();
    if (__builtin_cpu_supports("avx2") != 0)
        return loopsOf<Avx2Loops>();
#endif
    return loopsOf<BaselineLoops>();
}

const Loops& loops()
{
    static const Loops best = bestLoops();
    return best;
}

} // namespace

void addAutocorrelation(std::span<const float> x, std::span<float> out)
{
    loops().autocorrelation(x.data(), out.data(), x.size());
}

void addSquaredDifferences(double value, std::span<const double> values, std::span<double> sums)
{
    loops().squaredDifferences(value, values.data(), sums.data(), values.size());
}

SignLanes halfSignedSums(std::span<const double> matrix, std::span<const SignLanes> signs)
{
    SignLanes sums{};
    loops().signedSums(matrix.data(), signs.data(), signs.size(), sums);
    return sums;
}

} // namespace signalbox
