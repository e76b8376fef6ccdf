// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <core/base/vectors.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace signalbox {

/// The loops that a decision over columns is made of, for one kind of vector instructions. Masks
/// are bytes of 0 or 255, one a row. No loop branches on what the rows hold.
struct ColumnKernels
{
    enum class Mode : std::uint8_t { Set, And, Or }; ///< how a mask takes what is asked

    /// Codes from `first` on, `span` more of them.
    struct Range
    {
        const void* codes = nullptr; ///< of row 0
        std::uint32_t first = 0;
        std::uint32_t span = 0;
        std::uint8_t size = 0; ///< of a code: 0, 1 and 2 for 1, 2 and 4 bytes
    };
    /// Takes the rows where all of its ranges hold.
    struct Rule
    {
        const Range* ranges = nullptr;
        std::size_t count = 0;
        std::uint8_t claim = 0;
    };
    /// Kernels over codes come per size of a code.
    static constexpr std::size_t kSizes = 3;
    template<class Kernel> using BySize = std::array<Kernel, kSizes>;

    /// Kernels begin at the row `at` of the codes, and at the first byte of masks and claims.
    using RangeKernel = void (*)(std::uint8_t* mask, const Range& range, std::size_t at,
                                 std::size_t rows);
    using MaskKernel = void (*)(std::uint8_t* mask, const std::uint8_t* other, std::size_t rows);
    using ClaimKernel = void (*)(std::uint8_t* won, const std::uint8_t* mask, std::uint8_t claim,
                                 std::size_t rows);
    using RulesKernel = void (*)(std::uint8_t* won, std::span<const Rule> rules, std::size_t at,
                                 std::size_t rows);

    std::array<BySize<RangeKernel>, 3> range{}; ///< by mode
    std::array<MaskKernel, 3> combine{};        ///< by mode; Set is null
    ClaimKernel claim = nullptr;                ///< where the mask is set, the claim wins
    RulesKernel rules = nullptr;                ///< later ones win over those before
    void (*widen)(std::uint16_t* to, const std::uint8_t* from, std::size_t rows) = nullptr;

    [[nodiscard]] static const ColumnKernels& with(Vectors vectors);
};

} // namespace signalbox
