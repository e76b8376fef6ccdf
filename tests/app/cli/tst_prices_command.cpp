// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: on the command line a price book is shown with its age, checked with all that is wrong
// or hardly right, and updated by the lines that are accepted, for people and for machines.

#include <core/base/files.h>
#include <core/base/json.h>
#include <core/evidence/evidence_store.h>
#include <core/evidence/lab_store.h>
#include <core/prices/accepted_book.h>
#include <core/prices/price_book_json.h>
#include <tests/core/prices/small_book.h>
#include <tests/support/cli_run.h>

#include <QDir>
#include <QFile>
#include <QScopeGuard>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <nlohmann/json.hpp>

#include <filesystem>

using namespace signalbox;
using namespace signalbox::test;

namespace {

Ran runPrices(std::vector<std::string> args, const std::string& input = {})
{
    args.insert(args.begin(), "prices");
    return run(args, input);
}

/// The small book without its entry in doubt, and a month later with a price that rose by half.
PriceBook soundBook()
{
    PriceBook book = smallBook();
    book.models.erase(book.models.begin() + 4);
    return book;
}

std::string laterText()
{
    PriceBook book = soundBook();
    book.version = "b2";
    book.asOf = *parseDay("2026-09-01");
    book.models[1].periods[0].sheet.rates.tokens.set(TokenKind::Output, Money{1'650'000});
    book.models[2].model = "seek";
    return toPriceBookText(book);
}

} // namespace

class TestPricesCommand : public QObject
{
    Q_OBJECT
private slots:
    /// What a person accepted in the window is what the command line counts with.
    void updatesAcceptedInTheWindowCount()
    {
        const QTemporaryDir data;
        const QScopeGuard back(
            [before = qgetenv("XDG_DATA_HOME")] { qputenv("XDG_DATA_HOME", before); });
        qputenv("XDG_DATA_HOME", QFile::encodeName(data.path()));
        const QDir folder(QStandardPaths::writableLocation(QStandardPaths::AppDataLocation));
        QVERIFY(folder.mkpath(QStringLiteral(".")));
        const std::string file = folder.filePath(QLatin1String(kAcceptedBookFile)).toStdString();
        const std::vector<std::string> asked = {
            "compare",   "sample", "--models",  "none", "--add", "gpt-5@https://api.openai.com/v1",
            "--prompts", "2",      "--estimate"};
        const std::string usual = run(asked).err;
        QVERIFY2(contains(usual, "Prices of book " + bundledPriceBook().version), usual.c_str());
        PriceBook accepted = bundledPriceBook();
        accepted.version = "mine";
        std::erase_if(accepted.models,
                      [](const ModelPrices& prices) { return prices.key() == "openai/gpt-5"; });
        QVERIFY(writeFileAtomically(file, toPriceBookText(accepted)));
        const Ran ran = run(asked);
        QCOMPARE(ran.code, 0);
        QVERIFY2(contains(ran.err, "Prices of book mine of " + toText(accepted.asOf) +
                                       ", with the updates accepted in the window."),
                 ran.err.c_str());
        QVERIFY2(contains(ran.out, "cost unknown"), ran.out.c_str());
        QVERIFY(contains(runPrices({"show"}).out, "Price book mine"));
        QVERIFY(!contains(runPrices({"show", "bundled"}).out, "Price book mine"));
        QVERIFY(writeFileAtomically(file, "{"));
        QVERIFY(contains(run(asked).err, "cannot be read, so the program's own counts"));
    }

    void thePricesOfADayAreShown()
    {
        const Ran august =
            runPrices({"show", "-", "--model", "maker/", "--on", "2026-08-31"}, kSmallBook);
        QCOMPARE(august.code, 0);
        QVERIFY2(august.out.starts_with(
                     "Price book b1 of 2026-08-01, 30 days old (fresh); prices of 2026-08-31 in "
                     "USD per million tokens.\n"
                     "maker/big: input 3, cacheRead 0.3, cacheWrite 3.75, cacheWriteHour 6, output "
                     "15; batch input 1.5, output 7.5; above 200000 tokens of prompt input 6, "
                     "cacheRead 0.6, output 22.5; above 500000 tokens of prompt input 9, output "
                     "30; until 2026-09-01\n"
                     "maker/night: input 0.27, output 1.1; other prices at some hours\n"
                     "maker/search: input 1, output 1; low fee of 0.005 USD a request; high fee of "
                     "0.012 USD a request\n"),
                 august.out.c_str());
        QVERIFY(!contains(august.out, "cloud/"));
        const Ran later = runPrices({"show", "-", "--on", "2026-12-01"}, kSmallBook);
        QVERIFY(contains(later.out, "122 days old (stale)"));
        QVERIFY(
            contains(later.out, "maker/big: input 4, output 20, reasoning 25; fee of 0.005 USD"));
        QCOMPARE(runPrices({"show", "--model", "no such model"}).code, 1);
    }

    void theBundledBookIsShownForMachines()
    {
        const Ran shown = runPrices({"show", "--model", "gpt-5.5", "--json", "--on", "2026-10-15"});
        QCOMPARE(shown.code, 0);
        const Json json = *parseJson(shown.out);
        QCOMPARE(json["models"].size(), std::size_t(2));
        QCOMPARE(json["models"][0]["periods"][0]["tokens"]["input"].get<int>(), 5'000'000);
        QCOMPARE(json["ageDays"].get<int>(), 75);
        QCOMPARE(json["age"].get<std::string>(), std::string("aging"));
    }

    void aBookIsChecked()
    {
        const Ran sound =
            runPrices({"check", "-", "--on", "2026-08-02"}, toPriceBookText(soundBook()));
        QCOMPARE(sound.code, 0);
        QCOMPARE(sound.out,
                 std::string("confirmed maker/odd-but-true periods[0].tokens.output: 25 USD per "
                             "million tokens is more than 20 times the input at 1 USD per million "
                             "tokens. Confirmed: seen on the page of the maker\n"
                             "Price book b1 of 2026-08-01, 1 day old (fresh), 6 models.\n"));
        const Ran doubtful = runPrices({"check", "-"}, kSmallBook);
        QCOMPARE(doubtful.code, 1);
        QVERIFY(contains(doubtful.out, "doubtful  maker/odd periods[0].tokens.output: 25 USD"));
        const Json json = *parseJson(runPrices({"check", "-", "--json"}, kSmallBook).out);
        QCOMPARE(json["doubts"].size(), std::size_t(2));
        QCOMPARE(json["doubts"][0]["key"].get<std::string>(), std::string("maker/odd"));
        QVERIFY(json["problems"].empty());
        QCOMPARE(runPrices({"check", "bundled"}).code, 0);
    }

    void everythingThatIsWrongIsSaid()
    {
        Json book = *parseJson(kSmallBook);
        book["models"][0]["periods"][0]["tokens"]["input"] = -1;
        book["models"][3]["provider"] = "nobody";
        const Ran ran = runPrices({"check", "-"}, toJsonText(book));
        QCOMPARE(ran.code, 1);
        QVERIFY(contains(ran.out, "wrong     models[0].periods[0].tokens.input: expected a whole"));
        QVERIFY(contains(ran.out, "wrong     models[3].provider: the book has no provider"));
        QCOMPARE(runPrices({"show", "-"}, toJsonText(book)).code, 1);
        QVERIFY(contains(runPrices({"check", "/no/such/book"}).err, "/no/such/book"));
    }

    void aJumpAgainstTheBookBeforeIsDoubtful()
    {
        const Folder folder;
        const std::string before = folder.write("before.json", toPriceBookText(soundBook()));
        PriceBook book = soundBook();
        TokenPrices& tokens = book.models[1].periods[0].sheet.rates.tokens;
        tokens.set(TokenKind::Input, Money{2'800'000});
        tokens.set(TokenKind::Output, Money{2'800'000});
        const Ran ran = runPrices({"check", "-", "--against", before}, toPriceBookText(book));
        QCOMPARE(ran.code, 1);
        QVERIFY2(contains(ran.out, "doubtful  maker/night input: It goes from 0.27 USD per million "
                                   "tokens to 2.8 USD per million tokens.\n"),
                 ran.out.c_str());
    }

    void anUpdateIsShownLineByLine()
    {
        const Folder folder;
        const std::string before = folder.write("before.json", toPriceBookText(soundBook()));
        const std::string after = folder.write("after.json", laterText());
        const Ran ran = runPrices({"diff", before, after});
        QCOMPARE(ran.code, 1);
        QCOMPARE(ran.out, std::string("changed maker/night\n"
                                      "  output: 1.1 -> 1.65 USD per million tokens (+50 %)\n"
                                      "removed maker/search\n"
                                      "  input: 1 -> unknown USD per million tokens\n"
                                      "  output: 1 -> unknown USD per million tokens\n"
                                      "  fee high: 0.012 -> unknown USD per request\n"
                                      "  fee low: 0.005 -> unknown USD per request\n"
                                      "added maker/seek\n"
                                      "  input: unknown -> 1 USD per million tokens\n"
                                      "  output: unknown -> 1 USD per million tokens\n"
                                      "  fee high: unknown -> 0.012 USD per request\n"
                                      "  fee low: unknown -> 0.005 USD per request\n"
                                      "3 models to accept, 4 the same.\n"));
        const Json json = *parseJson(runPrices({"diff", before, after, "--json"}).out);
        QCOMPARE(json["models"][0]["prices"][0]["after"].get<int>(), 1'650'000);
        QCOMPARE(json["models"][0]["prices"][0]["relativeChange"].get<double>(), 0.5);
        QVERIFY(json["models"][1]["prices"][0]["after"].is_null());
        const Ran same = runPrices({"diff", before, before});
        QCOMPARE(same.code, 0);
        QCOMPARE(same.out, std::string("The books have the same prices.\n"));
    }

    void whatIsAcceptedIsWritten()
    {
        const Folder folder;
        const std::string before = folder.write("before.json", toPriceBookText(soundBook()));
        const std::string after = folder.write("after.json", laterText());
        const std::string out = folder.path("mine.json");
        const Ran one = runPrices({"diff", before, after, "--accept", "maker/night", "--out", out});
        QCOMPARE(one.code, 0);
        PriceBook mine = *parsePriceBook(*readFile(out));
        QCOMPARE(
            mine.find("maker", "night")->periods[0].sheet.rates.tokens.of(TokenKind::Output)->pico,
            1'650'000);
        QVERIFY(mine.find("maker", "search") && !mine.find("maker", "seek"));
        QVERIFY(contains(one.err, "as version " + mine.version));
        QCOMPARE(runPrices({"diff", before, after, "--accept", "all", "--out", out}).code, 0);
        mine = *parsePriceBook(*readFile(out));
        QCOMPARE(mine.version, std::string("b2"));
        QVERIFY(!mine.find("maker", "search") && mine.find("maker", "seek"));
        const Ran none = runPrices({"diff", before, after, "--accept", "maker/big", "--out", out});
        QCOMPARE(none.code, 1);
        QVERIFY(contains(none.err, "the update has no line \"maker/big\""));
    }

    void aStoredRunIsPricedAnewBesideWhatWasRecorded()
    {
        const Folder folder;
        const std::string file = folder.path("e.sqlite");
        RunId id;
        {
            auto store = EvidenceStore::open(file);
            QVERIFY(store);
            id = *store->beginRun("Support desk", "{}");
            RunDraft draft = *store->draft(id);
            draft.prompts = {{PromptId("p"), "", "[]"}};
            draft.lanes = {{LaneId("asked"), R"({"provider":"openai","upstreamModel":"gpt-4o"})"}};
            store->background().createRun(draft);
            QVERIFY(store->settle());
            Answer answer;
            answer.prompt = PromptId("p");
            answer.model = ModelId("asked");
            answer.inputTokens = 1'000'000;
            answer.outputTokens = 0;
            answer.cost = Money::fromUsd(40);
            QVERIFY(store->record(id, answer));
        }
        const Ran ran = runPrices({"reprice", "--evidence", file, "--on", "2026-08-01"});
        QVERIFY2(ran.code == 0, ran.err.c_str());
        QVERIFY2(ran.out.starts_with("What run " + id.value + " would cost at the prices of book "),
                 ran.out.c_str());
        QVERIFY2(contains(ran.out, "asked: 1 answer, recorded $40, now $2.5, 1 changed; prices of "
                                   "openai/gpt-4o"),
                 ran.out.c_str());
        const Ran json = runPrices({"reprice", id.value, "--evidence", file, "--json"});
        QVERIFY2(contains(json.out, "\"recordedUsd\""), json.out.c_str());
        const auto store = EvidenceStore::openExisting(file);
        QCOMPARE(*store->answers(id)->front().cost, Money::fromUsd(40));
        QCOMPARE(store->pricings(id)->size(), std::size_t{2}); // of the two days
        const Ran absent = runPrices({"reprice", "--evidence", folder.path("none.sqlite")});
        QCOMPARE(absent.code, 1);
        QVERIFY(!std::filesystem::exists(folder.path("none.sqlite")));
        QCOMPARE(runPrices({"reprice", "nobody", "--evidence", file}).code, 1);
    }

    void wrongUseIsTwo()
    {
        for (const std::vector<std::string>& args :
             {std::vector<std::string>{},
              {"fly"},
              {"check"},
              {"reprice"},
              {"diff", "bundled"},
              {"show", "--on", "tomorrow"},
              {"diff", "bundled", "bundled", "--accept", "all"},
              {"diff", "bundled", "bundled", "--out", "/tmp/x"}})
            QCOMPARE(runPrices(args).code, 2);
        QCOMPARE(runPrices({"--help"}).code, 0);
        QCOMPARE(runPrices({"diff", "--help"}).code, 0);
    }
};

QTEST_GUILESS_MAIN(TestPricesCommand)
#include "tst_prices_command.moc"
