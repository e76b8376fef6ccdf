// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "price_book.h"

#include <string>

namespace signalbox {

struct ModelSpec;

/// Which model was asked, and where: what decides who sends the bill.
struct BilledModel
{
    std::string provider;      ///< as policies name it: "openai" is any server of that dialect
    std::string baseUrl;       ///< its host says who bills; empty: the provider's own
    std::string upstreamModel; ///< the id on the wire
    bool operator==(const BilledModel&) const = default;
};

[[nodiscard]] BilledModel billedModelOf(const ModelSpec& model);

/// How an id was found to be an entry's.
enum class PriceMatch {
    Exact,
    Alias,  ///< listed as another name
    Prefix, ///< without what may stand before ids there ("models/gemini-2.5-pro")
    Region, ///< without a region for which the entry says that it costs the same
    Dated,  ///< without the date of a snapshot, where the entry says that all cost the same
};
/// "exact", "alias", "prefix", "region", "dated": for programs.
[[nodiscard]] std::string_view nameOf(PriceMatch match);

struct PriceLookup
{
    const ModelPrices* entry = nullptr; ///< of the book; null: none, or not surely one
    PriceMatch match = PriceMatch::Exact;
    std::string reason; ///< why there is none: a sentence
};

/// Finds a model's entry. Who bills is told by the host of its address, or without an address by
/// the provider's name. Then its id is taken as it is, then as an alias, then without prefix,
/// region and date as far as the entry that is left allows it: GPT-4o of May 2024 cost twice what
/// that of August did, and Bedrock's regions have their own prices, so a likeness is no proof. An
/// id that could be two entries is none.
[[nodiscard]] PriceLookup findPrices(const PriceBook& book, const BilledModel& model);

/// Who bills for answers from there: a provider of the book, or null with the reason.
struct BillerLookup
{
    const PriceProvider* provider = nullptr;
    std::string reason;
};
[[nodiscard]] BillerLookup findBiller(const PriceBook& book, const BilledModel& model);

} // namespace signalbox
