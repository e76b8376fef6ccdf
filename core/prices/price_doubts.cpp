// SPDX-License-Identifier: Apache-2.0
#include "price_doubts.h"

namespace signalbox {

namespace {

/// Collects what is doubtful about the parts of one entry.
class Doubter
{
public:
    void checkPeriods(const std::vector<PricePeriod>& periods)
    {
        for (std::size_t i = 0; i < periods.size(); ++i) {
            const std::string path = "periods[" + std::to_string(i) + ']';
            checkSheet(periods[i].sheet, path);
            for (std::size_t w = 0; w < periods[i].windows.size(); ++w)
                checkSheet(periods[i].windows[w].sheet,
                           path + ".windows[" + std::to_string(w) + ']');
        }
    }
    [[nodiscard]] std::vector<PriceDoubt> take() { return std::move(m_doubts); }

private:
    void checkSheet(const PriceSheet& sheet, const std::string& path)
    {
        checkRates(sheet.rates, path);
        for (std::size_t i = 0; i < sheet.tiers.size(); ++i)
            checkRates(sheet.tiers[i].rates, path + ".tiers[" + std::to_string(i) + ']');
        for (const RequestFee& fee : sheet.perRequest) {
            if (fee.amount > kHighestRequestFee)
                add(path + ".perRequest", "A fee of " + toDecimalUsd(fee.amount) +
                                              " USD for one request is hardly right.");
        }
    }

    void checkRates(const RateSet& rates, const std::string& path)
    {
        checkTokens(rates.tokens, path + ".tokens");
        if (!rates.batch)
            return;
        checkTokens(*rates.batch, path + ".batch");
        for (const auto& [kind, name] : tokenKindNames()) {
            const auto& usual = rates.tokens.of(kind);
            const auto& batch = rates.batch->of(kind);
            if (usual && batch && *batch > *usual)
                add(path + ".batch." + std::string(name),
                    "It costs more in a batch (" + perMTokText(*batch) + ") than at once (" +
                        perMTokText(*usual) + ").");
        }
    }

    void checkTokens(const TokenPrices& tokens, const std::string& path)
    {
        for (const auto& [kind, name] : tokenKindNames()) {
            if (tokens.of(kind) && *tokens.of(kind) > kHighestTokenPrice)
                add(path + '.' + std::string(name),
                    perMTokText(*tokens.of(kind)) + " is more than any model costs.");
        }
        const auto& input = tokens.of(TokenKind::Input);
        const auto& output = tokens.of(TokenKind::Output);
        if (!input)
            return;
        if (output && *output * 100 < *input)
            add(path + ".output", "Output at " + perMTokText(*output) +
                                      " is less than a hundredth of input at " +
                                      perMTokText(*input) + '.');
        if (input->pico == 0)
            return; // what is free says nothing of the rest
        checkAgainstInput(tokens, TokenKind::Output, 20, path);
        checkAgainstInput(tokens, TokenKind::CacheRead, 1, path);
        checkAgainstInput(tokens, TokenKind::CacheWrite, 10, path);
        checkAgainstInput(tokens, TokenKind::CacheWriteHour, 10, path);
    }

    void checkAgainstInput(const TokenPrices& tokens, TokenKind kind, int most,
                           const std::string& path)
    {
        const Money input = *tokens.of(TokenKind::Input);
        const auto& price = tokens.of(kind);
        if (!price || *price <= input * most)
            return;
        add(path + '.' + std::string(nameOf(kind)),
            perMTokText(*price) + " is more than " +
                (most == 1 ? std::string() : std::to_string(most) + " times ") + "the input at " +
                perMTokText(input) + '.');
    }

    void add(std::string where, std::string message)
    {
        m_doubts.push_back({std::move(where), std::move(message)});
    }

    std::vector<PriceDoubt> m_doubts;
};

} // namespace

std::vector<PriceDoubt> doubtsOf(const ModelPrices& prices)
{
    Doubter doubter;
    doubter.checkPeriods(prices.periods);
    return doubter.take();
}

bool isJump(Money before, Money after)
{
    constexpr int kMost = 10;
    return after > before * kMost || before > after * kMost;
}

std::string perMTokText(Money perToken)
{
    return toDecimalUsd(perToken * 1'000'000) + " USD per million tokens";
}

} // namespace signalbox
