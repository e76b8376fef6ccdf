// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/base/random.h>
#include <core/replay/packed_rows.h>
#include <core/replay/row_replay.h>

#include <QTest>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace signalbox::test {

/// What a random world is like.
struct WorldShape
{
    std::uint64_t seed = 1;
    std::size_t rows = 6000;
    std::size_t choices = 8;
    std::size_t segments = 4;
    std::uint64_t turns = 6;   ///< longest conversation
    bool pricesTokens = false; ///< else a cost per row and choice
    double unanswered = -1;    ///< share of failures per row and choice; negative: no voices
    double never = 0;          ///< share of latencies that are infinite
};

/// Columns of random requests, the same packed, and everything a replay says of them worked out the
/// plain way: row by row, from the columns, with a sort.
class ReplayWorld
{
public:
    explicit ReplayWorld(const WorldShape& shape) : m_shape(shape), m_random(shape.seed, "world")
    {
        makeRows();
        for (std::size_t k = 0; k < shape.choices; ++k)
            makeChoice(k);
        RowColumns columns;
        columns.conversationOf = conversationOf;
        columns.segmentOf = segmentOf;
        columns.choices = m_columns;
        if (shape.pricesTokens) {
            columns.inputTokens = inputTokens;
            columns.outputTokens = outputTokens;
            columns.prices = prices;
        }
        packed = PackedRows::pack(columns);
        noticeability = NoticeabilityTable(packed ? packed->voiceCount() : 0);
        for (std::size_t a = 0; a < noticeability.voices(); ++a) {
            for (std::size_t b = 0; b < a; ++b)
                noticeability.set(a, b, m_random.uniform());
        }
    }

    std::vector<std::uint32_t> conversationOf;
    std::vector<std::uint16_t> segmentOf;
    std::vector<std::uint32_t> inputTokens;
    std::vector<std::uint32_t> outputTokens;
    std::vector<TokenPrice> prices;
    std::vector<std::vector<std::int64_t>> cost; ///< per choice, per row
    std::vector<std::vector<double>> quality;
    std::vector<std::vector<float>> latency;
    std::vector<std::vector<std::uint8_t>> voice;
    Result<PackedRows> packed = PackedRows();
    NoticeabilityTable noticeability;

    [[nodiscard]] std::size_t rowCount() const { return conversationOf.size(); }

    [[nodiscard]] std::vector<std::uint8_t> randomChoices(const std::string& name)
    {
        Random random(m_shape.seed, name);
        std::vector<std::uint8_t> choices(rowCount());
        for (std::uint8_t& choice : choices)
            choice = static_cast<std::uint8_t>(random.below(m_shape.choices));
        return choices;
    }

    [[nodiscard]] std::uint8_t voiceOf(std::size_t row, std::size_t choice) const
    {
        return voice.empty() ? static_cast<std::uint8_t>(choice) : voice[choice][row];
    }

    /// Of the rows for which isIn(row) holds.
    template<class IsIn>
    [[nodiscard]] ReplayTotals plain(const std::vector<std::uint8_t>& choices,
                                     const IsIn& isIn) const
    {
        ReplayTotals totals;
        std::vector<float> latencies;
        std::uint8_t last = PackedRows::kUnanswered;
        for (std::size_t row = 0; row < rowCount(); ++row) {
            const std::size_t k = choices[row];
            const std::uint8_t now = voiceOf(row, k);
            if (row > 0 && conversationOf[row] != conversationOf[row - 1])
                last = PackedRows::kUnanswered;
            const bool isSeam = now != PackedRows::kUnanswered && last != PackedRows::kUnanswered;
            if (isIn(row)) {
                ++totals.requests;
                totals.costPico += cost[k][row];
                totals.quality +=
                    static_cast<std::uint64_t>(std::lround(quality[k][row] * kQualityScale));
                latencies.push_back(latency[k][row]);
                totals.seams += isSeam;
                totals.loss += isSeam ? noticeability.at(last, now) : 0;
            }
            if (now != PackedRows::kUnanswered)
                last = now;
        }
        std::ranges::sort(latencies);
        if (!latencies.empty())
            totals.latencyP95Ms = latencies[static_cast<std::size_t>(
                std::ceil(0.95 * static_cast<double>(latencies.size()) - 1e-9) - 1)];
        return totals;
    }
    [[nodiscard]] ReplayTotals plain(const std::vector<std::uint8_t>& choices) const
    {
        return plain(choices, [](std::size_t) { return true; });
    }

private:
    WorldShape m_shape;
    Random m_random;
    std::vector<ChoiceColumns> m_columns;

    void makeRows()
    {
        std::uint32_t conversation = 0;
        std::uint64_t left = 1 + m_random.below(m_shape.turns);
        for (std::size_t row = 0; row < m_shape.rows; ++row) {
            if (left-- == 0) {
                ++conversation;
                left = m_random.below(m_shape.turns);
            }
            conversationOf.push_back(conversation);
            segmentOf.push_back(static_cast<std::uint16_t>(m_random.below(m_shape.segments)));
            inputTokens.push_back(static_cast<std::uint32_t>(m_random.below(9000)));
            outputTokens.push_back(static_cast<std::uint32_t>(m_random.below(3000)));
        }
        cost.resize(m_shape.choices);
        quality.resize(m_shape.choices);
        latency.resize(m_shape.choices);
        if (m_shape.unanswered >= 0)
            voice.resize(m_shape.choices);
        m_columns.reserve(m_shape.choices);
    }

    void makeChoice(std::size_t k)
    {
        const TokenPrice price = {
            static_cast<std::int64_t>(150'000 + 30'000 * m_random.below(90)),
            static_cast<std::int64_t>(600'000 + 10'000 * m_random.below(900))};
        prices.push_back(price);
        for (std::size_t row = 0; row < m_shape.rows; ++row) {
            cost[k].push_back(inputTokens[row] * price.inputPico +
                              outputTokens[row] * price.outputPico);
            // Shares of one to ten samples, which are exact.
            const std::uint64_t samples = 1 + m_random.below(10);
            quality[k].push_back(static_cast<double>(m_random.below(samples + 1)) /
                                 static_cast<double>(samples));
            // Whole milliseconds meet often, others hardly ever.
            const double ms = m_random.logNormal(400, 0.8);
            latency[k].push_back(m_random.chance(m_shape.never)
                                     ? std::numeric_limits<float>::infinity()
                                     : static_cast<float>(row % 2 ? ms : std::floor(ms)));
            if (!voice.empty())
                voice[k].push_back(
                    m_random.chance(m_shape.unanswered)
                        ? PackedRows::kUnanswered
                        : static_cast<std::uint8_t>((k + m_random.below(2)) % m_shape.choices));
        }
        m_columns.push_back({m_shape.pricesTokens ? std::span<const std::int64_t>() : cost[k],
                             quality[k], latency[k],
                             voice.empty() ? std::span<const std::uint8_t>() : voice[k]});
    }
};

} // namespace signalbox::test

/// Equal to the last digit, p95 included.
#define VERIFY_SAME_TOTALS(actual, expected)                                                       \
    do {                                                                                           \
        const signalbox::ReplayTotals& a = actual;                                                 \
        const signalbox::ReplayTotals& e = expected;                                               \
        QCOMPARE(a.requests, e.requests);                                                          \
        QCOMPARE(a.costPico, e.costPico);                                                          \
        QCOMPARE(a.quality, e.quality);                                                            \
        QCOMPARE(a.seams, e.seams);                                                                \
        QCOMPARE(a.loss, e.loss);                                                                  \
        QVERIFY2(a.latencyP95Ms == e.latencyP95Ms ||                                               \
                     (std::isnan(a.latencyP95Ms) && std::isnan(e.latencyP95Ms)),                   \
                 qPrintable(QStringLiteral("p95 %1, not %2")                                       \
                                .arg(static_cast<double>(a.latencyP95Ms))                          \
                                .arg(static_cast<double>(e.latencyP95Ms))));                       \
    } while (false)
