// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: a model's prices are found under the names that vendors use for it, the exact one first,
// and never under a name that only looks alike: then there is none, with the reason.

#include "small_book.h"

#include <core/policy/document.h>
#include <core/prices/list_price.h>
#include <core/prices/price_lookup.h>

#include <QTest>

using namespace signalbox;
using namespace signalbox::test;

namespace {

/// "maker/big by alias", or the reason.
std::string lookUp(const PriceBook& book, const BilledModel& model)
{
    const PriceLookup lookup = findPrices(book, model);
    return lookup.entry ? lookup.entry->key() + " by " + std::string(nameOf(lookup.match))
                        : lookup.reason;
}

std::string atMaker(const PriceBook& book, const char* id)
{
    return lookUp(book, {"openai", "https://api.maker.com/v1", id});
}

} // namespace

class TestPriceLookup : public QObject
{
    Q_OBJECT
private slots:
    void theHostSaysWhoBills()
    {
        const PriceBook book = smallBook();
        const auto at = [&](const char* provider, const char* url) {
            return lookUp(book, {provider, url, "big"});
        };
        QCOMPARE(at("openai", "https://api.maker.com/v1"), std::string("maker/big by exact"));
        QCOMPARE(at("openai", "https://user@API.Maker.com:443/v1"),
                 std::string("maker/big by exact"));
        QCOMPARE(at("maker", ""), std::string("maker/big by exact"));
        QCOMPARE(at("mk", ""), std::string("maker/big by exact"));
        // A server of the same dialect, and even of the same name, bills for itself.
        QCOMPARE(at("maker", "http://127.0.0.1:8080/v1"),
                 std::string("The price book does not know who bills for answers from "
                             "\"127.0.0.1\"."));
        QCOMPARE(at("maker", "https://api.maker.com.evil.org/v1"),
                 std::string("The price book does not know who bills for answers from "
                             "\"api.maker.com.evil.org\"."));
        QCOMPARE(at("openai", ""), std::string("The price book has no provider \"openai\"."));
        QCOMPARE(at("openai", "https://api.cloud.com/v1"),
                 std::string("The price book has no \"big\" of Cloud. What Maker asks for \"big\" "
                             "need not be what Cloud does."));
    }

    void namesOfVendorsAreUnderstood()
    {
        const PriceBook book = smallBook();
        QCOMPARE(atMaker(book, "big"), std::string("maker/big by exact"));
        QCOMPARE(atMaker(book, "big-latest"), std::string("maker/big by alias"));
        QCOMPARE(atMaker(book, "maker/big"), std::string("maker/big by prefix"));
        QCOMPARE(atMaker(book, "big-2026-07-01"), std::string("maker/big by dated"));
        QCOMPARE(atMaker(book, "big-20260701"), std::string("maker/big by dated"));
        QCOMPARE(atMaker(book, "big@20260701"), std::string("maker/big by dated"));
        QCOMPARE(atMaker(book, "maker/big-20260701"), std::string("maker/big by dated"));
        QCOMPARE(lookUp(book, {"cloud", "", "us.maker.big-v1:0"}),
                 std::string("cloud/maker.big-v1:0 by region"));
    }

    void whatOnlyLooksAlikeIsNotFound_data()
    {
        QTest::addColumn<QString>("provider");
        QTest::addColumn<QString>("id");
        QTest::addColumn<QString>("reason");
        const auto row = [](const char* provider, const char* id, const char* reason) {
            QTest::newRow(id) << QString::fromUtf8(provider) << QString::fromUtf8(id)
                              << QString::fromUtf8(reason);
        };
        row("maker", "bigger", "The price book has no \"bigger\" of Maker.");
        row("maker", "Big", "The price book has no \"Big\" of Maker.");
        row("maker", "big-2026", "The price book has no \"big-2026\" of Maker.");
        row("maker", "big-20261301", "The price book has no \"big-20261301\" of Maker.");
        row("maker", "other/big", "The price book has no \"other/big\" of Maker.");
        row("maker", "", "The price book has no \"\" of Maker.");
        // Dated or regional, and nobody says that it costs the same.
        row("maker", "night-2026-07-01",
            "The price book has \"night\" of Maker, but does not say that \"night-2026-07-01\" "
            "costs the same.");
        row("cloud", "eu.maker.big-v1:0",
            "The price book has \"maker.big-v1:0\" of Cloud, but does not say that "
            "\"eu.maker.big-v1:0\" costs the same.");
        row("cloud", "xx.maker.big-v1:0", "The price book has no \"xx.maker.big-v1:0\" of Cloud.");
    }
    void whatOnlyLooksAlikeIsNotFound()
    {
        QFETCH(const QString, provider);
        QFETCH(const QString, id);
        QFETCH(const QString, reason);
        QCOMPARE(lookUp(smallBook(), {provider.toStdString(), {}, id.toStdString()}),
                 reason.toStdString());
    }

    void theExactNameGoesFirst()
    {
        PriceBook book = smallBook();
        ModelPrices snapshot = *book.find("maker", "night");
        snapshot.model = "big-2026-07-01";
        book.models.push_back(snapshot);
        snapshot.model = "maker/big";
        book.models.push_back(snapshot);
        QCOMPARE(atMaker(book, "big-2026-07-01"), std::string("maker/big-2026-07-01 by exact"));
        QCOMPARE(atMaker(book, "maker/big"), std::string("maker/maker/big by exact"));
    }

    void anIdThatCouldBeTwoIsNone()
    {
        PriceBook book = smallBook();
        book.providers[0].idPrefixes.emplace_back("maker/pro-");
        ModelPrices other = *book.find("maker", "night");
        other.model = "pro-big";
        book.models.push_back(other);
        QCOMPARE(atMaker(book, "maker/pro-big"),
                 std::string("\"maker/pro-big\" could be \"pro-big\" or \"big\" of Maker."));
        // A book that was put together by hand, with one alias twice.
        book = smallBook();
        book.models[1].aliases = {"big-latest"};
        QCOMPARE(atMaker(book, "big-latest"),
                 std::string("\"big-latest\" could be \"big\" or \"night\" of Maker."));
    }

    void modelsOfAPolicyAreLookedUp()
    {
        ModelSpec model;
        model.provider = "openai";
        model.baseUrl = "https://api.groq.com/openai/v1";
        model.upstreamModel = "gpt-oss-120b";
        const PriceBook& book = bundledPriceBook();
        QCOMPARE(lookUp(book, billedModelOf(model)),
                 std::string("groq/openai/gpt-oss-120b by alias"));
        model.baseUrl = "https://openrouter.ai/api/v1";
        model.upstreamModel = "anthropic/claude-haiku-4-5";
        QCOMPARE(lookUp(book, billedModelOf(model)),
                 std::string("The price book has no \"anthropic/claude-haiku-4-5\" of OpenRouter. "
                             "What Anthropic asks for \"claude-haiku-4-5\" need not be what "
                             "OpenRouter does."));
        // GPT-4o's snapshots differ in price; those of Claude and GPT-5 do not.
        QVERIFY(
            !findPrices(book, {"openai", "https://api.openai.com/v1", "gpt-4o-2024-05-13"}).entry);
        QCOMPARE(lookUp(book, {"openai", "https://api.openai.com/v1", "gpt-5-2025-08-07"}),
                 std::string("openai/gpt-5 by dated"));
        QCOMPARE(lookUp(book, {"anthropic", "", "claude-haiku-4-5-20251001"}),
                 std::string("anthropic/claude-haiku-4-5 by dated"));
        QCOMPARE(lookUp(book, {"gemini", "", "models/gemini-2.5-pro"}),
                 std::string("google/gemini-2.5-pro by prefix"));
    }

    void aPolicysPriceIsTakenFromTheBook()
    {
        const auto priceOn = [](const BilledModel& model, const char* day) {
            const auto price = listPriceOf(smallBook(), model, *parseDay(day));
            return price
                       ? toDecimalUsd(price->inputPerToken * 1'000'000) + " and " +
                             toDecimalUsd(price->outputPerToken * 1'000'000) + " of " + price->asOf
                       : price.error().message;
        };
        QCOMPARE(priceOn({"maker", {}, "big"}, "2026-08-31"),
                 std::string("3 and 15 of 2026-07-15"));
        QCOMPARE(priceOn({"maker", {}, "big"}, "2026-09-01"),
                 std::string("4 and 20 of 2026-07-15"));
        QCOMPARE(priceOn({"maker", {}, "night"}, "2026-09-01"),
                 std::string("0.27 and 1.1 of 2026-08-01"));
        QCOMPARE(priceOn({"maker", {}, "odd"}, "2026-09-01").substr(0, 30),
                 std::string("The price of \"odd\" is in doubt"));
        QCOMPARE(priceOn({"maker", {}, "none"}, "2026-09-01"),
                 std::string("The price book has no \"none\" of Maker."));
    }
};

QTEST_GUILESS_MAIN(TestPriceLookup)
#include "tst_price_lookup.moc"
