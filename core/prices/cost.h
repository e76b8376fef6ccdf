// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "price_book.h"
#include "price_lookup.h"

#include <core/base/usage_report.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace signalbox {

/// How a request was sent, as far as its price depends on it and its usage does not tell.
struct PricingOptions
{
    bool isBatch = false; ///< answered within hours, not at once
    std::string feeLevel; ///< of RequestFee, where a provider has several
};

/// Which prices a cost was computed with: what a record has to keep so that it can be checked.
struct PricesUsed
{
    std::string bookVersion;
    Day asOf;        ///< of the entry, or else of the book
    std::string key; ///< "openai/gpt-4o"
    PriceMatch match = PriceMatch::Exact;
    std::optional<Day> validFrom, validUntil;    ///< of the period; not included: `validUntil`
    std::optional<std::int64_t> tierAboveTokens; ///< absent: below the first tier
    std::string window;                          ///< "16:30 to 00:30 UTC"; empty: none was open
    bool isBatch = false;
    bool operator==(const PricesUsed&) const = default;
};

/// One line of a bill.
struct CostPart
{
    TokenKind kind = TokenKind::Input;
    std::int64_t tokens = 0;
    Money perToken;
    Money amount; ///< tokens * perToken, exact
    bool operator==(const CostPart&) const = default;
};

enum class CostOrigin {
    Unknown,  ///< the reason says why
    Stated,   ///< by the provider
    Computed, ///< from a price book
};

struct Cost
{
    CostOrigin origin = CostOrigin::Unknown;
    std::optional<Money> amount;      ///< nothing: unknown, never 0
    std::string reason;               ///< why it is unknown: a sentence
    std::optional<PricesUsed> prices; ///< of a computed cost
    std::vector<CostPart> parts;      ///< of a computed cost, kinds without tokens left out
    std::optional<Money> fee;         ///< for the request, part of `amount`
    bool operator==(const Cost&) const = default;
};

/// What one request cost. What the provider states wins; else every kind of token is multiplied by
/// its price at that moment, in whole numbers. A kind that was used and has no price, a usage
/// without input or output, counts that contradict each other, prices in doubt and not confirmed,
/// or a sum beyond Money make the cost unknown. Cache counts that are absent are taken as none.
/// Fees for tools (web searches) are not in the usage and so not in a computed cost.
/// @param usage   in the normal form of its dialect (one answer, failed attempts apart)
/// @param unixMs  when the request was sent, milliseconds since 1970
[[nodiscard]] Cost costOf(const UsageReport& usage, const BilledModel& model, std::int64_t unixMs,
                          const PriceBook& book, const PricingOptions& options = {});

/// The cost by an entry that is at hand, whatever the provider stated.
[[nodiscard]] Cost computedCost(const UsageReport& usage, const ModelPrices& prices,
                                std::int64_t unixMs, const PriceBook& book,
                                const PricingOptions& options = {});

/// An old request at other prices.
struct Repricing
{
    Cost cost;                   ///< always computed: a stated cost was for the old prices
    std::optional<Money> change; ///< against the old cost; nothing if one of them is unknown
    bool operator==(const Repricing&) const = default;
};

/// What an old request would cost by another book. Touches no record: the old cost stays what it
/// was, and this stands beside it.
/// @param before  what it cost, as recorded; nothing if that is unknown
/// @param unixMs  the moment whose prices count: that of the request to mend a wrong book, or today
///                to see what the same run would cost now
[[nodiscard]] Repricing reprice(const UsageReport& usage, std::optional<Money> before,
                                const BilledModel& model, std::int64_t unixMs,
                                const PriceBook& book, const PricingOptions& options = {});

} // namespace signalbox
