// SPDX-License-Identifier: Apache-2.0
#include "packed_rows.h"

#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <utility>

namespace signalbox {

namespace {

/// A piece of a column in a block. One line of padding keeps equal rows of different columns out of
/// the same set of the cache.
template<class Value> constexpr std::size_t pieceBytes()
{
    return PackedRows::kBlock * sizeof(Value) + AlignedBytes::kLine;
}
constexpr std::size_t kWide = pieceBytes<std::uint32_t>();
constexpr std::size_t kNarrow = pieceBytes<std::uint16_t>();
/// So many of a block's rows fit into 32 bits per lane of a vector.
constexpr std::uint32_t kMostTokens = (1U << 24) - 1;
constexpr std::uint64_t kMostUnits = std::numeric_limits<std::uint32_t>::max();

Unexpected refused(std::size_t choice, const char* message)
{
    return fail(ErrorCode::InvalidArgument, message, "choice " + std::to_string(choice));
}

} // namespace

/// Fills one PackedRows, step by step.
class PackedRows::Packer
{
public:
    explicit Packer(const RowColumns& source) : m_source(source) {}

    Result<PackedRows> packed()
    {
        for (const auto step :
             {&Packer::checkSizes, &Packer::takeRows, &Packer::takeCosts, &Packer::takeQualities,
              &Packer::takeLatencies, &Packer::takeVoices}) {
            if (const Result<void> done = (this->*step)(); !done)
                return Unexpected(done.error());
        }
        return std::move(m_rows);
    }

private:
    const RowColumns& m_source;
    PackedRows m_rows;

    [[nodiscard]] std::size_t rowCount() const { return m_rows.m_rows; }

    Result<void> checkSizes()
    {
        const auto choices = m_source.choices;
        if (choices.empty() || choices.size() > kMostChoices)
            return fail(ErrorCode::TooLarge, "A replay packs 1 to 64 choices.");
        const std::size_t count = choices[0].quality.size();
        if (count >= std::numeric_limits<std::uint32_t>::max())
            return fail(ErrorCode::TooLarge, "A replay packs fewer than 2^32 requests.");
        const bool areTokensPriced = !m_source.prices.empty();
        const auto fits = [count](const auto& column) { return column.size() == count; };
        const auto fitsIfAny = [&](const auto& column) { return column.empty() || fits(column); };
        if (!fitsIfAny(m_source.conversationOf) || !fitsIfAny(m_source.segmentOf))
            return fail(ErrorCode::InvalidArgument, "Columns differ in length.");
        if (areTokensPriced && (m_source.prices.size() != choices.size() ||
                                !fits(m_source.inputTokens) || !fits(m_source.outputTokens)))
            return fail(ErrorCode::InvalidArgument, "Columns of tokens differ in length.");
        for (std::size_t k = 0; k < choices.size(); ++k) {
            if (!fits(choices[k].quality) || !fits(choices[k].latencyMs) ||
                !fitsIfAny(choices[k].voice) || (!areTokensPriced && !fits(choices[k].costPico)))
                return refused(k, "Columns differ in length.");
        }
        m_rows.m_rows = count;
        m_rows.m_choices = choices.size();
        m_rows.m_prices.assign(m_source.prices.begin(), m_source.prices.end());
        m_rows.m_blockBytes =
            (areTokensPriced ? 2 : choices.size()) * kWide + 2 * choices.size() * kNarrow;
        m_rows.m_blocks = AlignedBytes(m_rows.blockCount() * m_rows.m_blockBytes);
        return {};
    }

    Result<void> takeRows()
    {
        const auto conversationOf = m_source.conversationOf;
        m_rows.m_isFirst.assign(rowCount(), 1);
        for (std::size_t row = 1; row < conversationOf.size(); ++row) {
            if (conversationOf[row] < conversationOf[row - 1])
                return fail(ErrorCode::InvalidArgument, "Conversations are not in order.");
            m_rows.m_isFirst[row] = conversationOf[row] != conversationOf[row - 1] ? 1 : 0;
        }
        for (std::size_t row = 0; row < rowCount(); ++row) {
            if (m_rows.m_isFirst[row])
                m_rows.m_starts.push_back(static_cast<std::uint32_t>(row));
        }
        m_rows.m_starts.push_back(static_cast<std::uint32_t>(rowCount()));
        m_rows.m_starts.shrink_to_fit();
        m_rows.m_segmentOf.assign(m_source.segmentOf.begin(), m_source.segmentOf.end());
        for (const std::uint16_t segment : m_rows.m_segmentOf)
            m_rows.m_segmentCount = std::max<std::size_t>(m_rows.m_segmentCount, segment + 1U);
        return {};
    }

    Result<void> takeCosts()
    {
        if (m_rows.pricesTokens()) {
            const auto isTooMany = [](std::uint32_t tokens) { return tokens > kMostTokens; };
            if (std::ranges::any_of(m_source.inputTokens, isTooMany) ||
                std::ranges::any_of(m_source.outputTokens, isTooMany))
                return fail(ErrorCode::TooLarge, "A request has more than 2^24 tokens.");
            forEachRow([this](std::size_t block, std::size_t at, std::size_t row) {
                m_rows.piece<std::uint32_t>(block, 0)[at] = m_source.inputTokens[row];
                m_rows.piece<std::uint32_t>(block, kWide)[at] = m_source.outputTokens[row];
            });
            return {};
        }
        std::uint64_t divisor = 0;
        std::uint64_t most = 0;
        for (std::size_t k = 0; k < m_source.choices.size(); ++k) {
            for (const std::int64_t cost : m_source.choices[k].costPico) {
                if (cost < 0)
                    return refused(k, "A cost is negative or unknown.");
                const auto amount = static_cast<std::uint64_t>(cost);
                most = std::max(most, amount);
                if (divisor == 0 || amount % divisor != 0)
                    divisor = std::gcd(divisor, amount);
            }
        }
        const std::uint64_t least = (most + kMostUnits - 1) / kMostUnits;
        m_rows.m_isCostExact = least <= std::max<std::uint64_t>(divisor, 1);
        const std::uint64_t unit =
            std::max<std::uint64_t>(1, m_rows.m_isCostExact ? divisor : least);
        m_rows.m_costUnit = static_cast<std::int64_t>(unit);
        for (std::size_t k = 0; k < m_source.choices.size(); ++k) {
            const auto costs = m_source.choices[k].costPico;
            forEachRow([&](std::size_t block, std::size_t at, std::size_t row) {
                const std::uint64_t units =
                    (static_cast<std::uint64_t>(costs[row]) + unit / 2) / unit;
                m_rows.piece<std::uint32_t>(block, m_rows.costOffset(k))[at] =
                    static_cast<std::uint32_t>(std::min(units, kMostUnits));
            });
        }
        return {};
    }

    Result<void> takeQualities()
    {
        for (std::size_t k = 0; k < m_source.choices.size(); ++k) {
            const auto qualities = m_source.choices[k].quality;
            for (const double quality : qualities) {
                if (!(quality >= 0 && quality <= 1))
                    return refused(k, "A quality is not between 0 and 1.");
            }
            forEachRow([&](std::size_t block, std::size_t at, std::size_t row) {
                const double parts = qualities[row] * kQualityScale;
                const double whole = std::nearbyint(parts);
                m_rows.m_isQualityExact &= std::abs(parts - whole) < 1e-9;
                m_rows.piece<std::uint16_t>(block, m_rows.qualityOffset(k))[at] =
                    static_cast<std::uint16_t>(whole);
            });
        }
        return {};
    }

    Result<void> takeLatencies()
    {
        std::vector<std::uint8_t> used(LatencyBuckets::kHighs, 0);
        for (std::size_t k = 0; k < m_source.choices.size(); ++k) {
            for (const float ms : m_source.choices[k].latencyMs) {
                if (ms < 0)
                    return refused(k, "A latency is negative.");
                used[LatencyBuckets::highOf(ms + 0.0F)] = 1; // -0 is 0
            }
        }
        m_rows.m_latencies = LatencyBuckets(used);
        m_rows.m_latencyLow.resize(rowCount() * m_rows.m_choices);
        for (std::size_t k = 0; k < m_source.choices.size(); ++k) {
            const auto latencies = m_source.choices[k].latencyMs;
            std::uint16_t* const low = m_rows.m_latencyLow.data() + k * rowCount();
            forEachRow([&](std::size_t block, std::size_t at, std::size_t row) {
                const float ms = latencies[row] + 0.0F;
                m_rows.piece<std::uint16_t>(block, m_rows.bucketOffset(k))[at] =
                    m_rows.m_latencies.bucketOf(LatencyBuckets::highOf(ms));
                low[row] = LatencyBuckets::lowOf(ms);
            });
        }
        return {};
    }

    Result<void> takeVoices()
    {
        m_rows.m_voiceCount = m_rows.m_choices;
        const bool areGiven = std::ranges::any_of(
            m_source.choices, [](const ChoiceColumns& choice) { return !choice.voice.empty(); });
        if (!areGiven)
            return {};
        const std::size_t choices = m_rows.m_choices;
        m_rows.m_voices.resize(rowCount() * choices);
        for (std::size_t k = 0; k < choices; ++k) {
            const auto voices = m_source.choices[k].voice;
            for (std::size_t row = 0; row < rowCount(); ++row) {
                const auto voice = voices.empty() ? static_cast<std::uint8_t>(k) : voices[row];
                if (voice != kUnanswered && voice >= kMostVoices)
                    return refused(k, "A replay tells up to 64 voices apart.");
                if (voice != kUnanswered)
                    m_rows.m_voiceCount = std::max<std::size_t>(m_rows.m_voiceCount, voice + 1U);
                m_rows.m_voices[row * choices + k] = voice;
            }
        }
        noteUnanswered();
        return {};
    }

    void noteUnanswered()
    {
        std::vector<std::uint8_t> may(m_rows.conversationCount(), 0);
        bool isAny = false;
        for (std::size_t c = 0; c < may.size(); ++c) {
            const auto begin = m_rows.m_voices.begin() +
                               static_cast<std::ptrdiff_t>(m_rows.m_starts[c] * m_rows.m_choices);
            const auto end = m_rows.m_voices.begin() +
                             static_cast<std::ptrdiff_t>(m_rows.m_starts[c + 1] * m_rows.m_choices);
            may[c] = std::find(begin, end, kUnanswered) != end ? 1 : 0;
            isAny |= may[c] != 0;
        }
        if (isAny)
            m_rows.m_mayStayUnanswered = std::move(may);
    }

    /// work(block, place in the block, row)
    template<class Work> void forEachRow(const Work& work) const
    {
        for (std::size_t block = 0; block < m_rows.blockCount(); ++block) {
            for (std::size_t at = 0; at < m_rows.rowsIn(block); ++at)
                work(block, at, block * kBlock + at);
        }
    }
};

Result<PackedRows> PackedRows::pack(const RowColumns& rows)
{
    return Packer(rows).packed();
}

std::size_t PackedRows::costOffset(std::size_t choice) const
{
    return choice * kWide;
}

std::size_t PackedRows::qualityOffset(std::size_t choice) const
{
    return (pricesTokens() ? 2 : m_choices) * kWide + choice * kNarrow;
}

std::size_t PackedRows::bucketOffset(std::size_t choice) const
{
    return qualityOffset(m_choices + choice);
}

const std::uint32_t* PackedRows::cost(std::size_t block, std::size_t choice) const
{
    return piece<std::uint32_t>(block, costOffset(choice));
}

const std::uint32_t* PackedRows::inputTokens(std::size_t block) const
{
    return piece<std::uint32_t>(block, 0);
}

const std::uint32_t* PackedRows::outputTokens(std::size_t block) const
{
    return piece<std::uint32_t>(block, kWide);
}

const std::uint16_t* PackedRows::quality(std::size_t block, std::size_t choice) const
{
    return piece<std::uint16_t>(block, qualityOffset(choice));
}

const std::uint16_t* PackedRows::bucket(std::size_t block, std::size_t choice) const
{
    return piece<std::uint16_t>(block, bucketOffset(choice));
}

std::int64_t PackedRows::costPicoAt(std::size_t row, std::size_t choice) const
{
    const std::size_t block = row / kBlock;
    const std::size_t at = row % kBlock;
    if (!pricesTokens())
        return cost(block, choice)[at] * m_costUnit;
    return inputTokens(block)[at] * m_prices[choice].inputPico +
           outputTokens(block)[at] * m_prices[choice].outputPico;
}

std::size_t PackedRows::byteCount() const
{
    return m_blocks.size() + m_latencyLow.size() * sizeof(std::uint16_t) + m_voices.size() +
           m_isFirst.size() + m_segmentOf.size() * sizeof(std::uint16_t) +
           m_starts.size() * sizeof(std::uint32_t) + m_mayStayUnanswered.size();
}

} // namespace signalbox
