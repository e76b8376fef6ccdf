// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "day.h"

#include <core/base/enum_name.h>
#include <core/base/money.h>
#include <core/policy/signal.h>

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace signalbox {

inline constexpr int kPriceBookSchemaVersion = 1;

/// The kinds of tokens that have a price of their own. Their sum is what went in and came out.
enum class TokenKind {
    Input,          ///< neither read from a cache nor written to one
    CacheRead,      ///< input that the provider still had
    CacheWrite,     ///< input that it keeps for its usual time (Anthropic: five minutes)
    CacheWriteHour, ///< input that it keeps for an hour
    Output,         ///< reasoning included, unless that has a price of its own
    Reasoning, ///< output that was not shown; without a price of its own it costs what output does
};
inline constexpr int kTokenKindCount = 6;

/// "input", "cacheRead", … as files have them, in the order of the enum.
[[nodiscard]] std::span<const EnumName<TokenKind>> tokenKindNames();
[[nodiscard]] std::string_view nameOf(TokenKind kind);

/// What a token of each kind costs. A price that is not known is absent, never 0; 0 is free.
struct TokenPrices
{
    std::array<std::optional<Money>, kTokenKindCount> perToken; ///< by TokenKind

    [[nodiscard]] const std::optional<Money>& of(TokenKind kind) const
    {
        return perToken[static_cast<std::size_t>(kind)];
    }
    void set(TokenKind kind, std::optional<Money> price)
    {
        perToken[static_cast<std::size_t>(kind)] = price;
    }
    bool operator==(const TokenPrices&) const = default;
};

/// The prices of requests that are answered at once, and of those that wait their turn.
struct RateSet
{
    TokenPrices tokens;
    std::optional<TokenPrices> batch; ///< absent: not known, or not offered
    bool operator==(const RateSet&) const = default;
};

/// A cliff: above so many tokens of prompt, cached ones included, every token of the request has
/// these prices. A price that the tier lacks is unknown, not that of the tier below.
struct PriceTier
{
    std::int64_t abovePromptTokens = 0;
    RateSet rates;
    bool operator==(const PriceTier&) const = default;
};

/// A fee for each request beside its tokens. Some providers have several, by what the request asks
/// for (Perplexity: how much is searched).
struct RequestFee
{
    std::string level; ///< empty: the only one
    Money amount;
    bool operator==(const RequestFee&) const = default;
};

struct PriceSheet
{
    RateSet rates;
    std::vector<PriceTier> tiers; ///< ascending
    std::vector<RequestFee> perRequest;
    bool operator==(const PriceSheet&) const = default;
};

/// Other prices at some hours. A window past midnight belongs to the day on which it begins; equal
/// times are the whole day.
struct PriceWindow
{
    std::string zone = "UTC";  ///< of the IANA data base
    std::vector<Weekday> days; ///< empty: every day
    int fromMinute = 0;        ///< of the local day, 0 to 1439
    int untilMinute = 0;       ///< not included
    PriceSheet sheet;
    bool operator==(const PriceWindow&) const = default;
};

/// Prices from one day to another. Without an end they hold until the book says otherwise; without
/// a beginning the book does not know since when.
struct PricePeriod
{
    std::optional<Day> from;
    std::optional<Day> until; ///< not included
    PriceSheet sheet;
    std::vector<PriceWindow> windows; ///< the first that fits goes before the sheet
    bool operator==(const PricePeriod&) const = default;
};

/// One model at one provider: the same model costs something else elsewhere.
struct ModelPrices
{
    std::string provider; ///< who sends the bill: id of a PriceProvider
    std::string model;    ///< the id on the wire
    std::vector<std::string> aliases;
    bool datedIds = false;            ///< its ids with a date at the end cost the same
    std::vector<std::string> regions; ///< prefixes ("us") with which it costs the same
    std::vector<std::string> sources; ///< ids of PriceSources that agree on it
    std::optional<Day> asOf;          ///< if not that of the book
    /// Why prices that look wrong are right all the same; empty: nobody has said so, and doubtful
    /// prices are not used. See price_doubts.h.
    std::string confirmed;
    std::string note;
    std::vector<PricePeriod> periods; ///< at least one; they do not overlap
    bool operator==(const ModelPrices&) const = default;

    /// "openai/gpt-4o"
    [[nodiscard]] std::string key() const { return provider + '/' + model; }
};

/// Where prices were taken from.
struct PriceSource
{
    std::string id;
    std::string name;
    std::optional<Day> date; ///< of the state that was read
    bool operator==(const PriceSource&) const = default;
};

/// Who sends bills.
struct PriceProvider
{
    std::string id;
    std::string name;                    ///< for people
    std::vector<std::string> otherNames; ///< of its id in policies ("gemini" for "google")
    std::vector<std::string> hosts;      ///< whose answers it bills
    std::vector<std::string> idPrefixes; ///< that may stand before its model ids ("models/")
    bool operator==(const PriceProvider&) const = default;
};

/// What models cost: a snapshot with a date. A plain value; price_book_json.h has its file.
struct PriceBook
{
    std::string version; ///< for people and records: which book a cost was computed with
    Day asOf;
    std::string note;
    std::vector<PriceSource> sources;
    std::vector<PriceProvider> providers;
    std::vector<ModelPrices> models;
    bool operator==(const PriceBook&) const = default;

    [[nodiscard]] const ModelPrices* find(std::string_view provider, std::string_view model) const;
    [[nodiscard]] const PriceProvider* findProvider(std::string_view id) const;
};

/// The period that a day falls into; null if the book does not know it.
[[nodiscard]] const PricePeriod* periodAt(const ModelPrices& prices, Day day);

/// The tier of a prompt of so many tokens; null: below the first.
[[nodiscard]] const PriceTier* tierOf(const PriceSheet& sheet, std::int64_t promptTokens);

/// Whether a window is open at a moment (milliseconds since 1970); nothing if this computer does
/// not know its zone.
[[nodiscard]] std::optional<bool> isOpenAt(const PriceWindow& window, std::int64_t unixMs);

/// The book that the program comes with (resources/prices), and its text. Read at the first call.
[[nodiscard]] const PriceBook& bundledPriceBook();
[[nodiscard]] std::string_view bundledPriceBookText();

} // namespace signalbox
