// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: what a request cost is what the provider states, else exact to the last digit by the
// prices of its moment, with a record of which those were; and where anything is missing it is
// unknown with the reason, never too little. An old request is priced anew without being touched.

#include "small_book.h"

#include <core/prices/cost_range.h>

#include <QTest>

#include <limits>

using namespace signalbox;
using namespace signalbox::test;

namespace {

constexpr std::int64_t kAugust = 1'786'276'800'000;    // 2026-08-09T12:00Z, a Sunday
constexpr std::int64_t kSeptember = 1'788'264'000'000; // 2026-09-01T12:00Z

BilledModel makers(const char* id)
{
    return {"maker", {}, id};
}

UsageReport usageOf(std::int64_t input, std::int64_t output)
{
    UsageReport usage;
    usage.inputUncached = input;
    usage.output = output;
    return usage;
}

/// "0.0105 USD", or the reason why it is unknown.
std::string textOf(const Cost& cost)
{
    return cost.amount ? toDecimalUsd(*cost.amount) + " USD" : cost.reason;
}

std::string costText(const UsageReport& usage, const char* id, std::int64_t unixMs = kAugust,
                     const PricingOptions& options = {})
{
    return textOf(costOf(usage, makers(id), unixMs, smallBook(), options));
}

} // namespace

class TestCost : public QObject
{
    Q_OBJECT
private slots:
    void whatTheProviderStatesWins()
    {
        UsageReport usage = usageOf(1000, 1000);
        usage.statedCost = Money{123};
        const Cost cost = costOf(usage, makers("nowhere"), kAugust, smallBook());
        QCOMPARE(cost.origin, CostOrigin::Stated);
        QCOMPARE(cost.amount->pico, 123);
        QVERIFY(!cost.prices && cost.parts.empty());
        usage.statedCost = Money{0}; // stated to be free is known
        QCOMPARE(costText(usage, "big"), std::string("0 USD"));
        usage.statedCost = Money{-5}; // nobody is paid for asking
        QCOMPARE(costText(usage, "big"), std::string("0.018 USD"));
    }

    void everyKindHasItsPrice()
    {
        UsageReport usage = usageOf(1000, 200);
        usage.cacheRead = 10'000;
        usage.cacheWrite = 500;
        usage.cacheWriteHour = 100;
        usage.reasoning = 150; // part of the output, and no dearer
        const Cost cost = costOf(usage, makers("big"), kAugust, smallBook());
        // 1000*3 + 10000*0.3 + 400*3.75 + 100*6 + 200*15 = 11,100 millionths of a USD
        QCOMPARE(cost.amount->pico, 11'100'000'000);
        QCOMPARE(cost.origin, CostOrigin::Computed);
        QCOMPARE(cost.parts.size(), std::size_t(5));
        Money sum;
        for (const CostPart& part : cost.parts) {
            QCOMPARE(part.amount.pico, part.tokens * part.perToken.pico);
            sum += part.amount;
        }
        QVERIFY(sum == cost.amount);
    }

    void theRecordSaysWhichPricesWereUsed()
    {
        const Cost cost =
            costOf(usageOf(300'000, 10), makers("big-20260701"), kAugust, smallBook());
        const PricesUsed& used = *cost.prices;
        QCOMPARE(used.bookVersion, std::string("b1"));
        QCOMPARE(used.key, std::string("maker/big"));
        QCOMPARE(used.match, PriceMatch::Dated);
        QVERIFY(used.asOf == parseDay("2026-07-15") && !used.validFrom &&
                used.validUntil == parseDay("2026-09-01"));
        QCOMPARE(used.tierAboveTokens.value_or(0), 200'000);
        QVERIFY(used.window.empty() && !used.isBatch);
        // Without a day of its own an entry has the book's.
        QVERIFY(costOf(usageOf(1, 1), makers("free"), kAugust, smallBook()).prices->asOf ==
                parseDay("2026-08-01"));
    }

    void aTierIsACliff()
    {
        // At the limit: 200,000 * 3 + 100 * 15. One more: all of it at 6 and 22.5.
        QCOMPARE(costText(usageOf(200'000, 100), "big"), std::string("0.6015 USD"));
        QCOMPARE(costText(usageOf(200'001, 100), "big"), std::string("1.202256 USD"));
        QCOMPARE(costText(usageOf(500'001, 0), "big"), std::string("4.500009 USD"));
        UsageReport cached = usageOf(1, 0);
        cached.cacheRead = 200'000; // counts as prompt: 1 * 6 + 200,000 * 0.6
        QCOMPARE(costText(cached, "big"), std::string("0.120006 USD"));
        // What the tier lacks is unknown, not as below.
        cached.cacheRead = 500'000;
        QCOMPARE(costText(cached, "big"),
                 std::string("The price book does not say what a token of \"cacheRead\" costs "
                             "above 500000 tokens of prompt."));
    }

    void aDateChangesThePrice()
    {
        constexpr std::int64_t kMidnight = 1'788'220'800'000; // 2026-09-01T00:00Z
        UsageReport usage = usageOf(1'000'000 / 1000, 0);
        QCOMPARE(costText(usage, "big", kMidnight - 1), std::string("0.003 USD"));
        // 1000 * 4 and the fee of 0.005
        QCOMPARE(costText(usage, "big", kMidnight), std::string("0.009 USD"));
        PriceBook book = smallBook();
        book.models[0].periods.pop_back();
        QCOMPARE(textOf(costOf(usage, makers("big"), kMidnight, book)),
                 std::string("The price book has no price of \"big\" for 2026-09-01."));
    }

    void reasoningMayHaveItsOwnPrice()
    {
        UsageReport usage = usageOf(0, 1000);
        QCOMPARE(costText(usage, "big", kSeptember),
                 std::string("Reasoning has a price of its own, and the provider did not say how "
                             "many tokens of the output were reasoning."));
        usage.reasoning = 400; // 600 * 20 + 400 * 25 + fee 5,000
        QCOMPARE(costText(usage, "big", kSeptember), std::string("0.027 USD"));
        QCOMPARE(costText(usageOf(0, 0), "big", kSeptember), std::string("0.005 USD"));
    }

    void hoursOfAZoneChangeThePrice_data()
    {
        QTest::addColumn<std::int64_t>("unixMs");
        QTest::addColumn<QString>("cost");
        constexpr std::int64_t kHour = 3'600'000;
        constexpr std::int64_t kMonday = 1'786'291'200'000; // 2026-08-10T00:00+08:00
        const auto row = [](const char* name, std::int64_t at, const char* cost) {
            QTest::newRow(name) << at << QString::fromUtf8(cost);
        };
        row("Monday evening", kMonday + 22 * kHour - 1, "0.00027 USD");
        row("Monday night", kMonday + 22 * kHour, "0.000135 USD");
        row("into Tuesday", kMonday + 30 * kHour - 1, "0.000135 USD");
        row("Tuesday morning", kMonday + 30 * kHour, "0.00027 USD");
        row("Monday before six belongs to Sunday", kMonday + 5 * kHour, "0.00027 USD");
        row("Wednesday before six belongs to Tuesday", kMonday + 53 * kHour, "0.000135 USD");
        row("Wednesday night", kMonday + 71 * kHour, "0.00027 USD");
    }
    void hoursOfAZoneChangeThePrice()
    {
        QFETCH(const std::int64_t, unixMs);
        QFETCH(const QString, cost);
        QCOMPARE(costText(usageOf(1000, 0), "night", unixMs), cost.toStdString());
    }

    void aZoneThatIsNotKnownLeavesTheCostUnknown()
    {
        PriceBook book = smallBook();
        book.models[1].periods[0].windows[0].zone = "Moon/Tycho";
        QCOMPARE(textOf(costOf(usageOf(1, 1), makers("night"), kAugust, book)),
                 std::string("The price depends on the time of day in \"Moon/Tycho\", a time zone "
                             "that this computer does not know."));
    }

    void batchesHaveTheirPrices()
    {
        const PricingOptions batch = {true, {}};
        QCOMPARE(costText(usageOf(1000, 1000), "big", kAugust, batch), std::string("0.009 USD"));
        QVERIFY(costOf(usageOf(1, 1), makers("big"), kAugust, smallBook(), batch).prices->isBatch);
        QCOMPARE(costText(usageOf(300'000, 0), "big", kAugust, batch),
                 std::string("The price book has no batch prices of \"big\" above 200000 tokens of "
                             "prompt."));
        QCOMPARE(costText(usageOf(1, 1), "night", kAugust, batch),
                 std::string("The price book has no batch prices of \"night\"."));
    }

    void feesByLevelNeedTheLevel()
    {
        QCOMPARE(costText(usageOf(1000, 0), "search"),
                 std::string("Each request has a fee by its kind (low, high), and which kind this "
                             "one was is not known."));
        const PricingOptions high = {false, "high"};
        QCOMPARE(costText(usageOf(1000, 0), "search", kAugust, high), std::string("0.013 USD"));
        QCOMPARE(costOf(usageOf(1000, 0), makers("search"), kAugust, smallBook(), high).fee->pico,
                 12'000'000'000);
    }

    void whatIsMissingMakesItUnknown_data()
    {
        QTest::addColumn<UsageReport>("usage");
        QTest::addColumn<QString>("reason");
        const auto row = [](const char* name, const char* reason, auto change) {
            UsageReport usage = usageOf(10, 10);
            change(usage);
            QTest::newRow(name) << usage << QString::fromUtf8(reason);
        };
        row("no input", "The provider did not say how many tokens went in.",
            [](UsageReport& u) { u.inputUncached.reset(); });
        row("no output", "The provider did not say how many tokens came out.",
            [](UsageReport& u) { u.output.reset(); });
        row("below zero", "The provider states an impossible number of tokens.",
            [](UsageReport& u) { u.cacheRead = -1; });
        row("absurd", "The provider states an impossible number of tokens.",
            [](UsageReport& u) { u.output = std::numeric_limits<std::int64_t>::max(); });
        row("more reasoning than output",
            "The provider states more tokens of reasoning than of output.",
            [](UsageReport& u) { u.reasoning = 11; });
        row("more for an hour than written",
            "The provider states more tokens kept for an hour than it wrote to its cache.",
            [](UsageReport& u) { u.cacheWriteHour = 1; });
        row("no price", "The price book does not say what a token of \"cacheWrite\" costs.",
            [](UsageReport& u) { u.cacheWrite = 1; });
    }
    void whatIsMissingMakesItUnknown()
    {
        QFETCH(const UsageReport, usage);
        QFETCH(const QString, reason);
        const Cost cost = costOf(usage, makers("free"), kAugust, smallBook());
        QCOMPARE(cost.origin, CostOrigin::Unknown);
        QVERIFY(!cost.amount && !cost.prices);
        QCOMPARE(cost.reason, reason.toStdString());
    }

    void freeIsKnown() { QCOMPARE(costText(usageOf(5, 5), "free"), std::string("0 USD")); }

    void doubtfulPricesAreNotUsedUntilConfirmed()
    {
        QCOMPARE(costText(usageOf(1000, 0), "odd"),
                 std::string("The price of \"odd\" is in doubt until somebody confirms it: 25 USD "
                             "per million tokens is more than 20 times the input at 1 USD per "
                             "million tokens."));
        QCOMPARE(costText(usageOf(1000, 0), "odd-but-true"), std::string("0.001 USD"));
    }

    void whatIsTooMuchToCountIsUnknown()
    {
        PriceBook book = smallBook();
        ModelPrices& prices = book.models[0];
        prices.confirmed = "for the test";
        prices.periods[0].sheet.tiers.clear();
        prices.periods[0].sheet.rates.tokens.set(TokenKind::Input, Money{1'000'000'000});
        const std::string tooMuch = "The cost is more than this program can count.";
        QCOMPARE(textOf(costOf(usageOf(9'300'000'000, 0), makers("big"), kAugust, book)), tooMuch);
        prices.periods[0].sheet.rates.tokens.set(TokenKind::Output, Money{1'000'000'000});
        QCOMPARE(
            textOf(costOf(usageOf(9'000'000'000, 9'000'000'000), makers("big"), kAugust, book)),
            tooMuch);
    }

    void anOldRequestIsPricedAnew()
    {
        UsageReport usage = usageOf(1000, 1000);
        usage.statedCost = Money{1'000'000'000}; // 0.001 USD, for the prices of then
        PriceBook dearer = smallBook();
        dearer.version = "b2";
        dearer.models[0].periods[0].sheet.rates.tokens.set(TokenKind::Output, Money{20'000'000});
        const UsageReport before = usage;
        const Repricing anew = reprice(usage, usage.statedCost, makers("big"), kAugust, dearer);
        QVERIFY(usage == before);
        QCOMPARE(textOf(anew.cost), std::string("0.023 USD"));
        QCOMPARE(anew.cost.origin, CostOrigin::Computed);
        QCOMPARE(anew.cost.prices->bookVersion, std::string("b2"));
        QCOMPARE(toDecimalUsd(*anew.change), std::string("0.022"));
        // The same run today.
        QCOMPARE(textOf(reprice(usage, {}, makers("night"), kAugust, dearer).cost),
                 std::string("0.00137 USD"));
        QVERIFY(!reprice(usage, {}, makers("night"), kAugust, dearer).change);
        QVERIFY(!reprice(usage, usage.statedCost, makers("odd"), kAugust, dearer).change);
    }

    void whatIsNotSentYetHasARange()
    {
        const auto range = [](const TokenEstimate& input, const char* id) {
            return costRangeOf(input, {100, 50, 200, true, 9}, makers(id), kAugust, smallBook());
        };
        // 3 and 15 below the tier, 6 and 22.5 above it.
        const CostRange known = range({190'000, 180'000, 210'000, true, 9}, "big");
        QCOMPARE(toDecimalUsd(known.low.value()), std::string("0.54075"));
        QCOMPARE(toDecimalUsd(known.expected.value()), std::string("0.5715"));
        QCOMPARE(toDecimalUsd(known.high.value()), std::string("1.2645"));
        QVERIFY(known.reason.empty());
        const CostRange unknown = range({1, 1, 1, true, 9}, "nowhere");
        QVERIFY(!unknown.low && !unknown.expected && !unknown.high);
        QCOMPARE(unknown.reason, std::string("The price book has no \"nowhere\" of Maker."));
        // One end that cannot be priced leaves all of it unknown.
        PriceBook book = smallBook();
        book.models[0].periods[0].sheet.tiers[0].rates.tokens.set(TokenKind::Input, {});
        QVERIFY(!costRangeOf({190'000, 180'000, 210'000, true, 9}, {1, 1, 1, true, 9},
                             makers("big"), kAugust, book)
                     .low);
    }

    void knownBillsComeOutToTheDigit()
    {
        const auto cost = [](const char* provider, const char* id, const UsageReport& usage,
                             const char* day) {
            return textOf(costOf(usage, {provider, {}, id},
                                 parseDay(day)->time_since_epoch().count() * 86'400'000LL,
                                 bundledPriceBook()));
        };
        // 272,001 tokens of prompt at 10 and 45 USD per million (providers' long-context price).
        QCOMPARE(cost("openai", "gpt-5.5", usageOf(272'001, 1000), "2026-08-01"),
                 std::string("2.76501 USD"));
        QCOMPARE(cost("openai", "gpt-5.5", usageOf(272'000, 1000), "2026-08-01"),
                 std::string("1.39 USD"));
        // Luna was cut to a fifth on 2026-07-30.
        QCOMPARE(cost("openai", "gpt-5.6-luna", usageOf(1'000'0, 1000), "2026-07-29"),
                 std::string("0.016 USD"));
        QCOMPARE(cost("openai", "gpt-5.6-luna", usageOf(1'000'0, 1000), "2026-07-30"),
                 std::string("0.0032 USD"));
        // Sonnet 5 from September on: cache writes have no price that anybody told.
        UsageReport cached = usageOf(10, 10);
        cached.cacheWrite = 100;
        QCOMPARE(cost("anthropic", "claude-sonnet-5", cached, "2026-08-31"),
                 std::string("0.00037 USD"));
        QCOMPARE(cost("anthropic", "claude-sonnet-5", cached, "2026-09-01"),
                 std::string("The price book does not say what a token of \"cacheWrite\" costs."));
        // A price with six decimals per million: 0.003625.
        UsageReport read = usageOf(0, 0);
        read.cacheRead = 1;
        QCOMPARE(cost("deepseek", "deepseek-v4-pro", read, "2026-08-01"),
                 std::string("0.000000003625 USD"));
    }
};

QTEST_GUILESS_MAIN(TestCost)
#include "tst_cost.moc"
