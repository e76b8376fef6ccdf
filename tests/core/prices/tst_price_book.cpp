// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: a price book is read whole or with all its problems, each at its place; what is absent
// stays unknown; what is hardly right is flagged; the schema says what the reader does; and the
// bundled book is without a problem or a doubt.

#include "small_book.h"

#include <core/base/files.h>
#include <core/prices/price_doubts.h>
#include <tests/support/json_schema.h>

#include <QTest>

#include <functional>

using namespace signalbox;
using namespace signalbox::test;

namespace {

Json smallJson()
{
    return *parseJson(kSmallBook);
}

std::string problemsOf(std::string_view text)
{
    std::string all;
    for (const Error& problem : readPriceBookText(text).problems)
        all += toString(problem) + '\n';
    return all;
}

std::string problemsOfJson(const Json& json)
{
    return problemsOf(toJsonText(json));
}

std::string schemaProblems(const Json& json)
{
    static const Json schema = *parseJson(priceBookSchemaText());
    std::string all;
    for (const std::string& problem : JsonSchema(schema).problems(json))
        all += problem + '\n';
    return all;
}

std::string doubtsText(const ModelPrices& prices)
{
    std::string all;
    for (const PriceDoubt& doubt : doubtsOf(prices))
        all += doubt.where + ": " + doubt.message + '\n';
    return all;
}

ModelPrices withTokens(std::initializer_list<std::pair<TokenKind, std::int64_t>> tokens)
{
    PricePeriod period;
    for (const auto& [kind, pico] : tokens)
        period.sheet.rates.tokens.set(kind, Money{pico});
    ModelPrices prices;
    prices.provider = "maker";
    prices.model = "m";
    prices.periods = {period};
    return prices;
}

struct Mistake
{
    const char* name;
    std::function<void(Json&)> make;
    const char* problem;
    bool isSchemasBusiness = true;
};

const std::vector<Mistake>& mistakes()
{
    static const std::vector<Mistake> list = {
        {"negative", [](Json& b) { b["models"][0]["periods"][0]["tokens"]["input"] = -1; },
         "models[0].periods[0].tokens.input: expected a whole number"},
        {"a fraction", [](Json& b) { b["models"][0]["periods"][0]["batch"]["output"] = 2.5; },
         "models[0].periods[0].batch.output: expected a whole number"},
        {"a text", [](Json& b) { b["models"][3]["periods"][0]["tokens"]["input"] = "3"; },
         "models[3].periods[0].tokens.input: expected a whole number"},
        {"an unknown member",
         [](Json& b) { b["models"][0]["periods"][0]["tokens"]["cachedRead"] = 1; },
         "models[0].periods[0].tokens.cachedRead: "},
        {"no tokens", [](Json& b) { b["models"][3]["periods"][0].erase("tokens"); },
         "models[3].periods[0]"},
        {"no day", [](Json& b) { b["asOf"] = "01.08.2026"; }, "asOf: expected a day such as"},
        {"an empty name", [](Json& b) { b["models"][0]["model"] = ""; },
         "models[0].model: a name cannot be empty"},
        {"no clock", [](Json& b) { b["models"][1]["periods"][0]["windows"][0]["until"] = "6:00"; },
         "models[1].periods[0].windows[0].until: expected a time of day"},
        {"no weekday",
         [](Json& b) { b["models"][1]["periods"][0]["windows"][0]["days"][1] = "di"; },
         "models[1].periods[0].windows[0].days[1]: "},
        {"a fee that is none", [](Json& b) { b["models"][2]["periods"][0]["perRequest"] = true; },
         "models[2].periods[0].perRequest: expected a whole number"},
        {"no period", [](Json& b) { b["models"][3]["periods"] = Json::array(); },
         "models[3].periods: an entry needs at least one period"},
        {"another version", [](Json& b) { b["schemaVersion"] = 2; },
         "schemaVersion: the price book has schema version 2; this program knows version 1"},
        {"no version", [](Json& b) { b.erase("schemaVersion"); }, "schemaVersion"},
        {"a day that is not", [](Json& b) { b["models"][0]["periods"][0]["until"] = "2026-02-30"; },
         "models[0].periods[0].until: expected a day such as", false},
        {"the end first", [](Json& b) { b["models"][0]["periods"][1]["until"] = "2026-08-31"; },
         "models[0].periods[1].until: a period must end after it begins", false},
        {"an overlap", [](Json& b) { b["models"][0]["periods"][1]["from"] = "2026-08-31"; },
         "models[0].periods[1]: the period overlaps another one", false},
        {"tiers that fall",
         [](Json& b) { b["models"][0]["periods"][0]["tiers"][1]["abovePromptTokens"] = 200'000; },
         "models[0].periods[0].tiers[1].abovePromptTokens: a tier must begin above", false},
        {"one id twice", [](Json& b) { b["models"][1]["aliases"] = {"big-latest"}; },
         "models[1].aliases[0]: two entries of the provider \"maker\" claim the id \"big-latest\"",
         false},
        {"nobody's prices", [](Json& b) { b["models"][0]["provider"] = "nobody"; },
         "models[0].provider: the book has no provider \"nobody\"", false},
        {"a source that is not listed", [](Json& b) { b["models"][0]["sources"] = {"x"}; },
         "models[0].sources[0]: the book has no source \"x\"", false},
        {"a host of two", [](Json& b) { b["providers"][1]["hosts"] = {"api.maker.com"}; },
         "providers[1].hosts: \"host api.maker.com\" belongs to the provider \"maker\" already",
         false},
    };
    return list;
}

} // namespace

class TestPriceBook : public QObject
{
    Q_OBJECT
private slots:
    void aBookIsReadWithEverythingInIt()
    {
        QCOMPARE(problemsOf(kSmallBook), std::string());
        const PriceBook book = smallBook();
        const ModelPrices& big = *book.find("maker", "big");
        QCOMPARE(big.key(), std::string("maker/big"));
        QVERIFY(big.datedIds && big.asOf == parseDay("2026-07-15"));
        const PriceSheet& sheet = big.periods[0].sheet;
        QCOMPARE(sheet.rates.tokens.of(TokenKind::Input)->pico, 3'000'000);
        QCOMPARE(usdPerMTok(*sheet.rates.tokens.of(TokenKind::CacheWriteHour)), 6.0);
        QCOMPARE(sheet.rates.batch->of(TokenKind::Output)->pico, 7'500'000);
        QVERIFY(!sheet.rates.batch->of(TokenKind::CacheRead)); // unknown, not 0
        QVERIFY(!sheet.tiers[1].rates.tokens.of(TokenKind::CacheRead));
        const PriceWindow& window = book.find("maker", "night")->periods[0].windows[0];
        QCOMPARE(window.fromMinute, 22 * 60);
        QCOMPARE(window.days.size(), std::size_t(2));
        QCOMPARE(book.find("maker", "search")->periods[0].sheet.perRequest.size(), std::size_t(2));
        QCOMPARE(
            book.find("maker", "free")->periods[0].sheet.rates.tokens.of(TokenKind::Input)->pico,
            0);
        QVERIFY(!book.find("cloud", "big"));
    }

    void whatIsWrittenIsReadBackEqual()
    {
        const PriceBook book = smallBook();
        const std::string text = toPriceBookText(book);
        QVERIFY(*parsePriceBook(text) == book);
        QCOMPARE(schemaProblems(toJson(book)), std::string());
        QVERIFY(toJson(book) == smallJson());
    }

    void everyMistakeHasItsPlace_data()
    {
        QTest::addColumn<std::size_t>("index");
        for (std::size_t i = 0; i < mistakes().size(); ++i)
            QTest::newRow(mistakes()[i].name) << i;
    }
    void everyMistakeHasItsPlace()
    {
        QFETCH(const std::size_t, index);
        const Mistake& mistake = mistakes()[index];
        Json book = smallJson();
        mistake.make(book);
        const std::string problems = problemsOfJson(book);
        QVERIFY2(problems.find(mistake.problem) != std::string::npos, problems.c_str());
        QVERIFY(!parsePriceBook(toJsonText(book)));
        QCOMPARE(!schemaProblems(book).empty(), mistake.isSchemasBusiness);
    }

    void allProblemsComeAtOnce()
    {
        Json book = smallJson();
        book["models"][0]["periods"][0]["tokens"]["input"] = -1;
        book["models"][3]["periods"][0]["tokens"]["output"] = "free";
        book["models"][6]["provider"] = "nobody";
        const PriceBookReading reading = readPriceBookText(toJsonText(book));
        QCOMPARE(reading.problems.size(), std::size_t(3));
        // The rest is there, and the bad price is unknown.
        const TokenPrices& tokens = reading.book.models[0].periods[0].sheet.rates.tokens;
        QVERIFY(!tokens.of(TokenKind::Input) && tokens.of(TokenKind::Output));
    }

    void anUnknownVersionIsRefusedWithoutAGuess()
    {
        Json book = smallJson();
        book["schemaVersion"] = 2;
        const PriceBookReading reading = readPriceBookText(toJsonText(book));
        QCOMPARE(reading.problems.size(), std::size_t(1));
        QCOMPARE(reading.problems[0].code, ErrorCode::Unsupported);
        QVERIFY(reading.book.models.empty());
    }

    void theSchemaHasNoRuleThatGoesUnchecked()
    {
        const Json schema = *parseJson(priceBookSchemaText());
        QVERIFY(JsonSchema(schema).unknownKeywords().empty());
        QCOMPARE(schemaProblems(smallJson()), std::string());
    }

    void doubtfulPricesAreFlagged_data()
    {
        QTest::addColumn<std::int64_t>("input");
        QTest::addColumn<std::int64_t>("output");
        QTest::addColumn<QString>("doubt");
        const std::int64_t usd = 1'000'000;
        const auto row = [&](const char* name, std::int64_t input, std::int64_t output,
                             const char* doubt) {
            QTest::newRow(name) << input << output << QString::fromUtf8(doubt);
        };
        row("usual", 3 * usd, 15 * usd, "");
        row("the dearest that is believed", 500 * usd, 1000 * usd, "");
        row("above 1000 USD per million", 500 * usd, 1000 * usd + 1,
            "is more than any model costs");
        row("a hundredth", 100 * usd, 1 * usd, "");
        row("below a hundredth", 100 * usd, 1 * usd - 1, "less than a hundredth of input");
        row("20 times", usd / 5, 4 * usd, "");
        row("ten times off", usd / 5, 6 * usd, "6 USD per million tokens is more than 20 times");
        row("free", 0, 0, "");
    }
    void doubtfulPricesAreFlagged()
    {
        QFETCH(const std::int64_t, input);
        QFETCH(const std::int64_t, output);
        QFETCH(const QString, doubt);
        const std::string found =
            doubtsText(withTokens({{TokenKind::Input, input}, {TokenKind::Output, output}}));
        QVERIFY2(doubt.isEmpty() ? found.empty() : QString::fromStdString(found).contains(doubt),
                 found.c_str());
    }

    void mistakesOfCataloguesAreFlagged()
    {
        // Claude 3 Haiku's write for an hour at 24 times its input; a read dearer than no cache.
        const std::string writes = doubtsText(withTokens({{TokenKind::Input, 250'000},
                                                          {TokenKind::Output, 1'250'000},
                                                          {TokenKind::CacheWriteHour, 6'000'000}}));
        QVERIFY2(writes.starts_with("periods[0].tokens.cacheWriteHour: 6 USD per million tokens is "
                                    "more than 10 times the input at 0.25 USD"),
                 writes.c_str());
        const std::string reads =
            doubtsText(withTokens({{TokenKind::Input, 100}, {TokenKind::CacheRead, 101}}));
        QVERIFY2(reads.starts_with("periods[0].tokens.cacheRead: "), reads.c_str());
        ModelPrices batch = withTokens({{TokenKind::Input, 100}});
        batch.periods[0].sheet.rates.batch = TokenPrices();
        batch.periods[0].sheet.rates.batch->set(TokenKind::Input, Money{101});
        QVERIFY(doubtsText(batch).starts_with("periods[0].batch.input: It costs more in a batch"));
        batch.periods[0].sheet.tiers = {{1000, batch.periods[0].sheet.rates}};
        QCOMPARE(doubtsOf(batch).size(), std::size_t(2));
    }

    void aFactorOfTenIsAJump()
    {
        QVERIFY(!isJump({100}, {1000}) && isJump({100}, {1001}));
        QVERIFY(!isJump({1000}, {100}) && isJump({1001}, {100}));
        QVERIFY(!isJump({0}, {0}) && isJump({0}, {1}) && isJump({1}, {0}));
    }

    void theBundledBookIsWithoutProblemOrDoubt()
    {
        QCOMPARE(problemsOf(bundledPriceBookText()), std::string());
        const Json json = *parseJson(bundledPriceBookText());
        QCOMPARE(schemaProblems(json), std::string());
        const PriceBook& book = bundledPriceBook();
        QVERIFY(book.models.size() > 50);
        std::string doubts;
        for (const ModelPrices& prices : book.models) {
            doubts += doubtsText(prices);
            QVERIFY2(prices.sources.size() > 1, prices.key().c_str());
        }
        QCOMPARE(doubts, std::string());
        // In Git a change of a price is a change of one line, however it was made.
        QCOMPARE(toPriceBookText(book), std::string(bundledPriceBookText()));
    }

    void theBundledBookHasItsDatedChanges()
    {
        const ModelPrices& sonnet = *bundledPriceBook().find("anthropic", "claude-sonnet-5");
        const auto inputOn = [&](const char* day) {
            return periodAt(sonnet, *parseDay(day))->sheet.rates.tokens.of(TokenKind::Input)->pico;
        };
        QCOMPARE(inputOn("2026-08-31"), 2'000'000);
        QCOMPARE(inputOn("2026-09-01"), 3'000'000);
    }

    void daysAreReadStrictly()
    {
        for (const char* text : {"2026-02-29", "2026-13-01", "2026-00-10", "2026-1-01",
                                 "2026-01-01T", "+026-01-01", "1969-12-31", "", "2026/01/01"})
            QVERIFY2(!parseDay(text), text);
        QCOMPARE(toText(*parseDay("2028-02-29")), std::string("2028-02-29"));
        QCOMPARE(toText(dayOf(1'785'542'400'000 - 1)), std::string("2026-07-31"));
        QCOMPARE(toText(dayOf(1'785'542'400'000)), std::string("2026-08-01"));
        QCOMPARE(toText(dayOf(std::numeric_limits<std::int64_t>::max())),
                 std::string("9999-12-31"));
    }

    void aBookAges()
    {
        const Day asOf = *parseDay("2026-08-01");
        const auto after = [&](int days) { return priceAge(asOf, asOf + std::chrono::days(days)); };
        QCOMPARE(after(0), PriceAge::Fresh);
        QCOMPARE(after(30), PriceAge::Fresh);
        QCOMPARE(after(31), PriceAge::Aging);
        QCOMPARE(after(90), PriceAge::Aging);
        QCOMPARE(after(91), PriceAge::Stale);
        QCOMPARE(after(-1), PriceAge::Future);
        QCOMPARE(ageInDays(asOf, *parseDay("2026-11-26")), 117);
    }
};

QTEST_GUILESS_MAIN(TestPriceBook)
#include "tst_price_book.moc"
