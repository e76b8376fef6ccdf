// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as a price book: reading never crashes; every problem has a sentence; what reads
// without a problem is written and read back equal; doubts, lookups, costs and differences of it
// end, a cost that is known is not below zero and the sum of its parts, and an update that is
// accepted whole makes the book that it is an update to.

#include <core/base/json.h>
#include <core/base/utf8.h>
#include <core/prices/cost.h>
#include <core/prices/price_book_json.h>
#include <core/prices/price_diff.h>
#include <core/prices/token_counter.h>
#include <tests/core/prices/small_book.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t maxSize);

namespace {

using namespace signalbox;

void require(bool holds)
{
    if (!holds)
        std::abort();
}

void checkProblems(const PriceBookReading& reading, std::string_view text)
{
    require(reading.problems.size() <= 51);
    for (const Error& problem : reading.problems) {
        require(!problem.message.empty() && !firstInvalidUtf8(problem.message));
        static_cast<void>(findTextPlace(text, problem.where));
    }
}

void checkRoundTrip(const PriceBook& book)
{
    const std::string text = toPriceBookText(book);
    const auto again = parsePriceBook(text);
    require(again.has_value() && *again == book);
    require(toPriceBookText(*again) == text);
}

void checkCost(const Cost& cost)
{
    require(cost.amount.has_value() == cost.reason.empty());
    require(cost.amount.has_value() == (cost.origin != CostOrigin::Unknown));
    if (!cost.amount)
        return;
    Money sum = cost.fee.value_or(Money{});
    for (const CostPart& part : cost.parts)
        sum += part.amount;
    require(cost.amount->pico >= 0 && sum == *cost.amount && cost.prices.has_value());
}

void checkCosts(const PriceBook& book)
{
    UsageReport usage;
    usage.inputUncached = 150'000;
    usage.cacheRead = 100'000;
    usage.cacheWrite = 20;
    usage.cacheWriteHour = 10;
    usage.output = 500;
    usage.reasoning = 100;
    for (const ModelPrices& prices : book.models) {
        const PriceLookup lookup = findPrices(book, {prices.provider, {}, prices.model});
        require(lookup.entry == &prices || !lookup.entry);
        for (const std::int64_t unixMs : {std::int64_t(0), std::int64_t(1'788'220'800'000)})
            checkCost(computedCost(usage, prices, unixMs, book));
        checkCost(costOf(usage, {prices.provider, {}, "us." + prices.model + "-2026-01-01"},
                         1'786'276'800'000, book, {true, "low"}));
    }
}

void checkUpdate(const PriceBook& before, const PriceBook& after)
{
    const BookDiff diff = diffBooks(before, after);
    const auto all = applyAccepted(diff, diff.keys());
    require(all.has_value() && diffBooks(*all, after).isEmpty() && all->version == after.version);
    const auto none = applyAccepted(diff, {});
    require(!none || diffBooks(before, *none).isEmpty());
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const PriceBook small = signalbox::test::smallBook();
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const PriceBookReading reading = readPriceBookText(text);
    checkProblems(reading, text);
    checkCosts(reading.book);
    if (reading.problems.empty()) {
        checkRoundTrip(reading.book);
        checkUpdate(small, reading.book);
        checkUpdate(reading.book, small);
    }
    const auto tokens = countO200kTokens(text);
    require(tokens >= 0 && static_cast<std::size_t>(tokens) <= 3 * size);
    return 0;
}

/// Bytes alone hardly ever become a book, so some inputs start from one.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t maxSize, unsigned int seed)
{
    if (seed % 16 != 0)
        return LLVMFuzzerMutate(data, size, maxSize);
    const std::string_view text = signalbox::test::kSmallBook;
    const std::size_t length = std::min(text.size(), maxSize);
    std::copy_n(text.begin(), length, data);
    return LLVMFuzzerMutate(data, length, maxSize);
}
