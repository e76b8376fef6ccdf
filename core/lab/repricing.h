// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/evidence/remark_table.h>
#include <core/policy/document.h>
#include <core/prices/price_book.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace signalbox {

/// One model of a run, at the prices it was recorded with and at others.
struct RepricedModel
{
    ModelId model;
    std::size_t answers = 0;       ///< that were asked for; reused ones cost nothing at any price
    std::optional<Money> recorded; ///< known part; nullopt: nothing is known
    std::size_t unknownBefore = 0;
    std::optional<Money> now; ///< likewise
    std::size_t unknownNow = 0;
    std::size_t changed = 0; ///< answers that cost something else now, or are known only once
    std::string from;        ///< "openai/gpt-4o, 2026-08-01", "the policy, 2023-06-13"; empty: none
    std::string reason;      ///< why some are unknown now: a sentence, or empty
};

/// Prices the answers of one run anew: by a price book, where it knows the model, else by a
/// policy's own price. Gives EvidenceStore::reprice() its prices and adds up what comes of it; what
/// was recorded stays as it was. Used on one thread at a time.
class Repricer
{
public:
    /// @param run     how its models were asked
    /// @param unixMs  the moment whose prices count
    /// @param policy  models whose prices count where the book has none
    Repricer(const RunDraft& run, const PriceBook& book, std::int64_t unixMs,
             std::vector<ModelSpec> policy = {});
    Repricer(const Repricer&) = delete; // lanes know their models
    Repricer& operator=(const Repricer&) = delete;

    [[nodiscard]] std::optional<Money> priceOf(const PricedUsage& usage);
    /// Of what was priced, in the order of the run's models.
    [[nodiscard]] std::vector<RepricedModel> models() const;
    /// What the pricing is called in the store: the book's version, and the day.
    [[nodiscard]] std::string name() const;

private:
    struct Lane
    {
        ModelSpec asked;
        const ModelSpec* present = nullptr; ///< of the policy, asked alike
        RepricedModel sum;
    };
    [[nodiscard]] std::optional<Money> byPolicy(Lane& lane, const PricedUsage& usage) const;

    const PriceBook* m_book;
    std::int64_t m_unixMs;
    std::vector<ModelSpec> m_policy;
    std::vector<Lane> m_lanes;
};

} // namespace signalbox
