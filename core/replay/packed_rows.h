// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "aligned_bytes.h"
#include "latency_buckets.h"
#include "replay_totals.h"

#include <core/base/result.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace signalbox {

/// Price of one token, 1e-12 USD.
struct TokenPrice
{
    std::int64_t inputPico = 0;
    std::int64_t outputPico = 0;
};

/// What becomes of every request at one choice (a model, or a plan with its fallbacks), one entry
/// per row. The spans need to live only while they are packed.
struct ChoiceColumns
{
    std::span<const std::int64_t> costPico;   ///< >= 0; empty where tokens are priced
    std::span<const double> quality;          ///< 0 to 1
    std::span<const float> latencyMs;         ///< >= 0; infinity: never; NaN: nobody knows
    std::span<const std::uint8_t> voice = {}; ///< who answers; empty: the choice itself
};

/// Rows in the order of conversations and turns.
struct RowColumns
{
    std::span<const std::uint32_t> conversationOf;   ///< 0-based, rising; empty: a row is one
    std::span<const std::uint16_t> segmentOf = {};   ///< empty: one segment
    std::span<const std::uint32_t> inputTokens = {}; ///< with prices: the cost at every choice
    std::span<const std::uint32_t> outputTokens = {};
    std::span<const TokenPrice> prices = {}; ///< per choice; empty: ChoiceColumns::costPico
    std::span<const ChoiceColumns> choices;  ///< 1 to PackedRows::kMostChoices
};

/// Requests and what each choice makes of them, packed for passes over all of them: blocks of
/// kBlock rows, each a piece of every column one after the other. A pass reads, per choice, 2 bytes
/// of quality, 2 of latency, and 4 of cost or, where tokens are priced, 8 for all choices together.
/// The lower halves of the latencies (2 bytes), voices (1 byte, only where given), and conversation
/// and segment (4 and 2 bytes a row) lie apart. Immutable; may be shared between threads.
class PackedRows
{
public:
    static constexpr std::size_t kBlock = 4096;
    static constexpr std::size_t kMostChoices = 64;
    static constexpr std::size_t kMostVoices = 64;
    /// A voice that is none: every attempt failed. No seam leads to it, and the seam after it is
    /// with the last answer before.
    static constexpr std::uint8_t kUnanswered = 0xFF;

    /// Fails on columns of different length, a negative or too large cost, a quality or latency out
    /// of range, or too many choices. O(rows x choices).
    [[nodiscard]] static Result<PackedRows> pack(const RowColumns& rows);

    [[nodiscard]] std::size_t rowCount() const { return m_rows; }
    [[nodiscard]] std::size_t choiceCount() const { return m_choices; }
    [[nodiscard]] std::size_t voiceCount() const { return m_voiceCount; }
    [[nodiscard]] std::size_t segmentCount() const { return m_segmentCount; }
    [[nodiscard]] std::size_t conversationCount() const { return m_starts.size() - 1; }
    [[nodiscard]] std::size_t blockCount() const { return (m_rows + kBlock - 1) / kBlock; }
    [[nodiscard]] std::size_t rowsIn(std::size_t block) const
    {
        return std::min(kBlock, m_rows - block * kBlock);
    }

    /// First row of each conversation, and rowCount() at the end.
    [[nodiscard]] std::span<const std::uint32_t> conversationStarts() const { return m_starts; }
    /// 1 where a conversation begins.
    [[nodiscard]] std::span<const std::uint8_t> isFirst() const { return m_isFirst; }
    /// Empty if there is one segment only.
    [[nodiscard]] std::span<const std::uint16_t> segmentOf() const { return m_segmentOf; }

    [[nodiscard]] bool pricesTokens() const { return !m_prices.empty(); }
    [[nodiscard]] std::span<const TokenPrice> prices() const { return m_prices; }
    /// 1e-12 USD that one unit of cost() is: 1, or a common divisor of all costs.
    [[nodiscard]] std::int64_t costUnit() const { return m_costUnit; }
    /// Whether every cost is a whole number of units. If not, costs were rounded to the nearest.
    [[nodiscard]] bool isCostExact() const { return m_isCostExact; }
    /// Whether every quality is a whole number of parts of kQualityScale.
    [[nodiscard]] bool isQualityExact() const { return m_isQualityExact; }
    [[nodiscard]] const LatencyBuckets& latencies() const { return m_latencies; }

    // Pieces of columns, from the block's first row on.
    [[nodiscard]] const std::uint32_t* cost(std::size_t block, std::size_t choice) const;
    [[nodiscard]] const std::uint32_t* inputTokens(std::size_t block) const;
    [[nodiscard]] const std::uint32_t* outputTokens(std::size_t block) const;
    [[nodiscard]] const std::uint16_t* quality(std::size_t block, std::size_t choice) const;
    [[nodiscard]] const std::uint16_t* bucket(std::size_t block, std::size_t choice) const;

    /// Of one row: for a few rows, not for passes.
    [[nodiscard]] std::int64_t costPicoAt(std::size_t row, std::size_t choice) const;
    [[nodiscard]] std::uint16_t qualityAt(std::size_t row, std::size_t choice) const
    {
        return quality(row / kBlock, choice)[row % kBlock];
    }
    [[nodiscard]] std::uint16_t bucketAt(std::size_t row, std::size_t choice) const
    {
        return bucket(row / kBlock, choice)[row % kBlock];
    }
    [[nodiscard]] float latencyAt(std::size_t row, std::size_t choice) const
    {
        return m_latencies.exact(bucketAt(row, choice), m_latencyLow[choice * m_rows + row]);
    }

    /// Whether voices differ from choices. If not, voiceAt() is the choice.
    [[nodiscard]] bool hasVoices() const { return !m_voices.empty(); }
    [[nodiscard]] std::uint8_t voiceAt(std::size_t row, std::size_t choice) const
    {
        return m_voices.empty() ? static_cast<std::uint8_t>(choice)
                                : m_voices[row * m_choices + choice];
    }
    /// Whether some choice leaves some row of the conversation unanswered.
    [[nodiscard]] bool mayStayUnanswered(std::size_t conversation) const
    {
        return !m_mayStayUnanswered.empty() && m_mayStayUnanswered[conversation] != 0;
    }

    /// What all of it takes in memory.
    [[nodiscard]] std::size_t byteCount() const;

private:
    class Packer;

    std::size_t m_rows = 0;
    std::size_t m_choices = 0;
    std::size_t m_voiceCount = 0;
    std::size_t m_segmentCount = 1;
    std::vector<std::uint32_t> m_starts;
    std::vector<std::uint8_t> m_isFirst;
    std::vector<std::uint16_t> m_segmentOf;
    std::vector<TokenPrice> m_prices;
    std::int64_t m_costUnit = 1;
    bool m_isCostExact = true;
    bool m_isQualityExact = true;
    LatencyBuckets m_latencies;
    std::size_t m_blockBytes = 0;
    AlignedBytes m_blocks;
    std::vector<std::uint16_t> m_latencyLow; ///< column after column
    std::vector<std::uint8_t> m_voices;      ///< row after row
    std::vector<std::uint8_t> m_mayStayUnanswered;

    [[nodiscard]] std::size_t costOffset(std::size_t choice) const;
    [[nodiscard]] std::size_t qualityOffset(std::size_t choice) const;
    [[nodiscard]] std::size_t bucketOffset(std::size_t choice) const;
    template<class Value>
    [[nodiscard]] const Value* piece(std::size_t block, std::size_t offset) const
    {
        return reinterpret_cast<const Value*>(m_blocks.data() + block * m_blockBytes + offset);
    }
    template<class Value> [[nodiscard]] Value* piece(std::size_t block, std::size_t offset)
    {
        return reinterpret_cast<Value*>(m_blocks.data() + block * m_blockBytes + offset);
    }
};

} // namespace signalbox
