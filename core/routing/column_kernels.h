// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace signalbox {

/// The loops that a decision over columns is made of, for one kind of vector instructions. Masks
/// are bytes of 0 or 255, one a row. No loop branches on what the rows hold.
struct ColumnKernels
{
    enum class Vectors : std::uint8_t { Baseline, Avx2, Avx512 };
    enum class Mode : std::uint8_t { Set, And, Or }; ///< how a mask takes what is asked

    /// Codes from `first` on, `span` more of them.
    struct Range
    {
        const void* codes = nullptr; ///< of the first row
        std::uint32_t first = 0;
        std::uint32_t span = 0;
    };
    /// Kernels over codes come per size of a code: 1, 2 and 4 bytes.
    static constexpr std::size_t kSizes = 3;
    template<class Kernel> using BySize = std::array<Kernel, kSizes>;

    using RangeKernel = void (*)(std::uint8_t* mask, Range range, std::size_t rows);
    using MaskKernel = void (*)(std::uint8_t* mask, const std::uint8_t* other, std::size_t rows);
    using ClaimKernel = void (*)(std::uint8_t* won, const std::uint8_t* mask, std::uint8_t claim,
                                 std::size_t rows);
    using ClaimRangeKernel = void (*)(std::uint8_t* won, const std::uint8_t* mask, Range range,
                                      std::uint8_t claim, std::size_t rows);
    using ClaimBothKernel = void (*)(std::uint8_t* won, Range a, Range b, std::uint8_t claim,
                                     std::size_t rows);

    std::array<BySize<RangeKernel>, 3> range{}; ///< by mode
    std::array<MaskKernel, 3> combine{};        ///< by mode; Set is null
    ClaimKernel claim = nullptr;                ///< where the mask is set, the claim wins
    BySize<ClaimRangeKernel> claimRange{};      ///< … and the range holds
    BySize<ClaimBothKernel> claimBoth{};        ///< where both ranges hold
    void (*widen)(std::uint16_t* to, const std::uint8_t* from, std::size_t rows) = nullptr;

    [[nodiscard]] static bool canUse(Vectors vectors);
    [[nodiscard]] static Vectors best();
    [[nodiscard]] static const ColumnKernels& with(Vectors vectors);
};

} // namespace signalbox
