// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: an update of the book is a list of lines that a person accepts one by one: each says
// what changes by how much and what is hardly right; accepting all makes the new book, accepting
// none keeps every price, and what is between is a book with a name of its own.

#include "small_book.h"

#include <core/prices/cost.h>
#include <core/prices/price_diff.h>

#include <QTest>

using namespace signalbox;
using namespace signalbox::test;

namespace {

std::string textOf(const PriceStep& step)
{
    const auto amount = [](const std::optional<Money>& money) {
        return money ? std::to_string(money->pico) : std::string("?");
    };
    return step.where + ": " + amount(step.before) + " -> " + amount(step.after);
}

std::string textOf(const EntryUpdate& update)
{
    std::string text = std::string(nameOf(update.kind)) + ' ' + update.key + '\n';
    for (const std::string& other : update.others)
        text += "  " + other + '\n';
    for (const PriceStep& step : update.prices)
        text += "  " + textOf(step) + '\n';
    for (const PriceDoubt& doubt : update.doubts)
        text += "  ! " + doubt.where + ": " + doubt.message + '\n';
    return text;
}

std::string textOf(const BookDiff& diff)
{
    std::string text;
    for (const ProviderUpdate& update : diff.providers)
        text += std::string(nameOf(update.kind)) + ' ' + update.key + '\n';
    for (const EntryUpdate& update : diff.entries)
        text += textOf(update);
    return text;
}

std::int64_t inputOf(const PriceBook& book, const char* model)
{
    return book.find("maker", model)->periods[0].sheet.rates.tokens.of(TokenKind::Input)->pico;
}

/// The small book a month later: one price doubled, one model new, one gone, one ten times off.
PriceBook laterBook()
{
    PriceBook book = smallBook();
    book.version = "b2";
    book.asOf = *parseDay("2026-09-01");
    book.sources.push_back({"t", "Other", parseDay("2026-09-01")});
    const auto model = [&book](const char* id) {
        return std::ranges::find(book.models, std::string(id), &ModelPrices::model);
    };
    model("night")->periods[0].sheet.rates.tokens.set(TokenKind::Input, Money{540'000});
    model("free")->periods[0].sheet.rates.tokens.set(TokenKind::Input, Money{100'000});
    model("free")->sources = {"t"};
    book.models.erase(model("search"));
    ModelPrices added = *model("night");
    added.model = "new";
    added.periods[0].windows.clear();
    added.asOf.reset();
    book.models.push_back(added);
    return book;
}

} // namespace

class TestPriceDiff : public QObject
{
    Q_OBJECT
private slots:
    void equalBooksHaveNoDifference()
    {
        QVERIFY(diffBooks(smallBook(), smallBook()).isEmpty());
        PriceBook later = smallBook();
        later.asOf = *parseDay("2026-09-01"); // seen again: nothing to decide
        later.models[0].asOf.reset();
        later.models[0].note = "seen again";
        const BookDiff diff = diffBooks(smallBook(), later);
        QVERIFY(diff.isEmpty());
        QCOMPARE(diff.unchanged, smallBook().models.size());
    }

    void eachModelIsALine()
    {
        const BookDiff diff = diffBooks(smallBook(), laterBook());
        QCOMPARE(textOf(diff),
                 std::string("changed maker/night\n"
                             "  input: 270000 -> 540000\n"
                             "removed maker/search\n"
                             "  input: 1000000 -> ?\n"
                             "  output: 1000000 -> ?\n"
                             "  fee high: 12000000000 -> ?\n"
                             "  fee low: 5000000000 -> ?\n"
                             "changed maker/free\n"
                             "  input: 0 -> 100000\n"
                             "  ! periods[0].tokens.output: Output at 0 USD per million tokens is "
                             "less than a hundredth of input at 0.1 USD per million tokens.\n"
                             "  ! input: It goes from 0 USD per million tokens to 0.1 USD per "
                             "million tokens.\n"
                             "added maker/new\n"
                             "  input: ? -> 540000\n"
                             "  output: ? -> 1100000\n"));
        QCOMPARE(*diff.entries[0].prices[0].relativeChange(), 1.0);
        QVERIFY(!diff.entries[3].prices[0].relativeChange());
        QCOMPARE(diff.unchanged, std::size_t(4));
    }

    void aTierThatMovesIsSeen()
    {
        PriceBook later = smallBook();
        later.models[0].periods[0].sheet.tiers[0].abovePromptTokens = 128'000;
        later.models[0].periods[0].sheet.tiers[1].rates.tokens.set(TokenKind::Output,
                                                                   Money{33'000'000});
        QCOMPARE(textOf(diffBooks(smallBook(), later)),
                 std::string("changed maker/big\n"
                             "  until 2026-09-01, tiers: above 200000 tokens of prompt; above "
                             "500000 tokens of prompt -> above 128000 tokens of prompt; above "
                             "500000 tokens of prompt\n"
                             "  until 2026-09-01, above 128000 tokens of prompt, input: ? -> "
                             "6000000\n"
                             "  until 2026-09-01, above 128000 tokens of prompt, cacheRead: ? -> "
                             "600000\n"
                             "  until 2026-09-01, above 128000 tokens of prompt, output: ? -> "
                             "22500000\n"
                             "  until 2026-09-01, above 200000 tokens of prompt, input: 6000000 -> "
                             "?\n"
                             "  until 2026-09-01, above 200000 tokens of prompt, cacheRead: 600000 "
                             "-> ?\n"
                             "  until 2026-09-01, above 200000 tokens of prompt, output: 22500000 "
                             "-> ?\n"
                             "  until 2026-09-01, above 500000 tokens of prompt, output: 30000000 "
                             "-> 33000000\n"));
    }

    void aPriceThatIsToRiseIsOneStep()
    {
        PriceBook later = smallBook();
        ModelPrices& night = later.models[1];
        night.periods.push_back(night.periods[0]);
        night.periods[0].until = night.periods[1].from = parseDay("2026-10-01");
        night.periods[1].sheet.rates.tokens.set(TokenKind::Output, Money{1'200'000});
        night.periods[1].windows[0].fromMinute = 23 * 60;
        QCOMPARE(textOf(diffBooks(smallBook(), later)),
                 std::string("changed maker/night\n"
                             "  Periods: always -> until 2026-10-01; from 2026-10-01\n"
                             "  from 2026-10-01, hours: mon/tue 22:00 to 06:00 Asia/Shanghai -> "
                             "mon/tue 23:00 to 06:00 Asia/Shanghai\n"
                             "  from 2026-10-01, output: 1100000 -> 1200000\n"
                             "  from 2026-10-01, mon/tue 23:00 to 06:00 Asia/Shanghai, input: ? -> "
                             "135000\n"
                             "  from 2026-10-01, mon/tue 23:00 to 06:00 Asia/Shanghai, output: ? "
                             "-> 550000\n"
                             "  from 2026-10-01, mon/tue 22:00 to 06:00 Asia/Shanghai, input: "
                             "135000 -> ?\n"
                             "  from 2026-10-01, mon/tue 22:00 to 06:00 Asia/Shanghai, output: "
                             "550000 -> ?\n"));
    }

    void namesAndBatchesAndJumpsAreSeen()
    {
        PriceBook later = smallBook();
        later.models[0].aliases.clear();
        later.models[0].datedIds = false;
        later.models[6].regions = {"us", "eu"};
        later.models[0].periods[0].sheet.rates.batch->set(TokenKind::Output, Money{749'999});
        QCOMPARE(textOf(diffBooks(smallBook(), later)),
                 std::string("changed maker/big\n"
                             "  Other names: big-latest -> none\n"
                             "  Dated ids at the same price: yes -> no\n"
                             "  until 2026-09-01, batch output: 7500000 -> 749999\n"
                             "  ! until 2026-09-01, batch output: It goes from 7.5 USD per million "
                             "tokens to 0.749999 USD per million tokens.\n"
                             "changed cloud/maker.big-v1:0\n"
                             "  Regions at the same price: us -> us, eu\n"));
    }

    void acceptingAllMakesTheNewBook()
    {
        const BookDiff diff = diffBooks(smallBook(), laterBook());
        PriceBook expected = laterBook();
        std::ranges::find(expected.models, "free", &ModelPrices::model)->confirmed =
            "accepted with the update to b2"; // it was in doubt, and a person took it
        QVERIFY(*applyAccepted(diff, diff.keys()) == expected);
    }

    void acceptingNoneKeepsEveryPrice()
    {
        const BookDiff diff = diffBooks(smallBook(), laterBook());
        const PriceBook book = *applyAccepted(diff, {});
        for (const ModelPrices& old : smallBook().models) {
            const ModelPrices* kept = book.find(old.provider, old.model);
            QVERIFY(kept && kept->periods == old.periods);
        }
        QCOMPARE(book.models.size(), smallBook().models.size());
        // What was not accepted keeps its day; what is the same was seen again.
        QVERIFY(book.find("maker", "night")->asOf == parseDay("2026-08-01"));
        QVERIFY(!book.find("maker", "odd")->asOf && book.asOf == parseDay("2026-09-01"));
        QVERIFY(book.version.starts_with("b2-") && book.version.size() == 11);
    }

    void oneLineCanBeAccepted()
    {
        const BookDiff diff = diffBooks(smallBook(), laterBook());
        const PriceBook book = *applyAccepted(diff, std::vector<std::string>{"maker/night"});
        QCOMPARE(inputOf(book, "night"), 540'000);
        QVERIFY(!book.find("maker", "night")->asOf);
        QCOMPARE(inputOf(book, "free"), 0);
        QVERIFY(book.find("maker", "search") && !book.find("maker", "new"));
        QVERIFY(parsePriceBook(toPriceBookText(book)).has_value());
        // Accepted later, the rest gives the new prices all the same.
        const BookDiff rest = diffBooks(book, laterBook());
        QCOMPARE(rest.entries.size(), std::size_t(3));
        QVERIFY(diffBooks(*applyAccepted(rest, rest.keys()), laterBook()).isEmpty());
        // Another choice is another book.
        QVERIFY(applyAccepted(diff, std::vector<std::string>{"maker/new"})->version !=
                book.version);
    }

    void aConfirmationOutlivesAnUpdateThatChangesNothing()
    {
        PriceBook later = smallBook();
        later.version = "b2";
        later.models[5].confirmed.clear();
        const BookDiff diff = diffBooks(smallBook(), later);
        QVERIFY(diff.isEmpty());
        QCOMPARE(applyAccepted(diff, {})->models[5].confirmed, smallBook().models[5].confirmed);
        // That an update confirms what was in doubt is for a person to say.
        later = smallBook();
        later.models[4].confirmed = "they say so";
        QCOMPARE(textOf(diffBooks(smallBook(), later)).substr(0, 57),
                 std::string("changed maker/odd\n  Confirmed: no -> they say so\n  ! peri"));
    }

    void whoBillsIsALineToo()
    {
        PriceBook later = smallBook();
        later.providers[0].hosts.emplace_back("api.maker.eu");
        later.providers.push_back({"third", "Third", {}, {"api.third.com"}, {}});
        ModelPrices model = later.models[3];
        model.provider = "third";
        later.models.push_back(model);
        const BookDiff diff = diffBooks(smallBook(), later);
        QCOMPARE(diff.keys(),
                 (std::vector<std::string>{"provider maker", "provider third", "third/free"}));
        const PriceBook kept = *applyAccepted(diff, {});
        QCOMPARE(kept.findProvider("maker")->hosts.size(), std::size_t(1));
        QVERIFY(!kept.findProvider("third"));
        const auto alone = applyAccepted(diff, std::vector<std::string>{"third/free"});
        QVERIFY(!alone);
        QCOMPARE(toString(alone.error()),
                 std::string("models[7].provider: the book has no provider \"third\" (Accept what "
                             "belongs together, or neither.)"));
        QVERIFY(applyAccepted(diff, std::vector<std::string>{"third/free", "provider third"})
                    .has_value());
    }

    void aKeyThatIsNoLineIsRefused()
    {
        const BookDiff diff = diffBooks(smallBook(), laterBook());
        const auto book = applyAccepted(diff, std::vector<std::string>{"maker/big"});
        QCOMPARE(toString(book.error()), std::string("the update has no line \"maker/big\""));
    }

    void sourcesOfWhatIsKeptStay()
    {
        PriceBook later = laterBook();
        later.sources.erase(later.sources.begin());
        later.models[0].sources = {"t"};
        later.models[0].datedIds = false;
        const PriceBook book = *applyAccepted(diffBooks(smallBook(), later), {});
        QCOMPARE(book.sources.size(), std::size_t(2));
        QVERIFY(parsePriceBook(toPriceBookText(book)).has_value());
    }
};

QTEST_GUILESS_MAIN(TestPriceDiff)
#include "tst_price_diff.moc"
