// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <core/base/vectors.h>

#include <cstddef>
#include <cstdint>
#include <span>

namespace signalbox {

/// The loops that a replay is made of, for one kind of vector instructions. A block of rows, at
/// most PackedRows::kBlock, each with its choice; nothing branches on what the rows hold. All sums
/// are of integers: every kind gives the same.
struct ReplayKernels
{
    /// The columns of a choice that some row of the block takes.
    struct Column
    {
        std::uint8_t choice = 0;
        const std::uint32_t* cost = nullptr; ///< null where tokens are priced
        const std::uint16_t* quality = nullptr;
        const std::uint16_t* bucket = nullptr;
    };
    /// What the rows' own choices hold. Rows are kept where there is a place for them.
    struct Picked
    {
        std::uint64_t cost = 0;
        std::uint64_t quality = 0;
        std::uint16_t* buckets = nullptr;   ///< of each row
        std::uint32_t* costs = nullptr;     ///< of each row, or null
        std::uint16_t* qualities = nullptr; ///< of each row; null if `costs` is
    };
    struct Tokens
    {
        std::uint64_t input = 0;
        std::uint64_t output = 0;
    };

    /// Rows per choice, into counts[0 .. choiceCount).
    void (*count)(const std::uint8_t* choices, std::size_t rows, std::size_t choiceCount,
                  std::uint32_t* counts) = nullptr;
    void (*pick)(const std::uint8_t* choices, std::size_t rows, std::span<const Column> columns,
                 Picked& picked) = nullptr;
    /// Of the rows that take one choice. Tokens are below 2^24.
    Tokens (*sumTokens)(const std::uint8_t* choices, std::size_t rows, std::uint8_t choice,
                        const std::uint32_t* input, const std::uint32_t* output) = nullptr;
    /// Which rows are in a bucket, ascending. Returns how many; `found` has room for all rows.
    std::size_t (*find)(const std::uint16_t* buckets, std::size_t rows, std::uint16_t bucket,
                        std::uint32_t* found) = nullptr;

    /// Adds, per pair of labels below `labels` (at most kMostPairLabels), the rows that have the
    /// first in `from` and the second in `to`, to counts[first * labels + second]. Null: not faster
    /// than one row after the other.
    void (*countPairs)(const std::uint8_t* from, const std::uint8_t* to, std::size_t rows,
                       std::size_t labels, std::uint32_t* counts) = nullptr;
    static constexpr std::size_t kMostPairLabels = 12;

    [[nodiscard]] static const ReplayKernels& with(Vectors vectors);
};

} // namespace signalbox
