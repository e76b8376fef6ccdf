// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: the statistics of one answer follow the voice-1 definition on texts small enough to
// count by hand, and every text has statistics, however broken.

#include <core/base/utf8.h>
#include <core/voice/answer_stats.h>
#include <core/voice/character_class.h>
#include <core/voice/diversity.h>
#include <core/voice/lexicons.h>
#include <core/voice/sentences.h>
#include <core/voice/vocabulary.h>
#include <core/voice/voice_features.h>

#include <QTest>

#include <cmath>
#include <cstring>
#include <numeric>

using namespace signalbox;

namespace {

AnswerStats measured(const char* text)
{
    return measureAnswer(text);
}

double featureOf(const QByteArray& text, const QByteArray& name)
{
    const auto& names = voiceFeatureNames();
    const auto it = std::find(names.begin(), names.end(),
                              std::string_view(name.constData(), std::size_t(name.size())));
    if (it == names.end())
        qFatal("no feature %s", name.constData());
    const AnswerStats stats = measureAnswer({text.constData(), std::size_t(text.size())});
    return stats.features[std::size_t(it - names.begin())];
}

std::vector<std::uint32_t> counted(std::size_t from, std::size_t count)
{
    std::vector<std::uint32_t> words(count);
    std::iota(words.begin(), words.end(), std::uint32_t(from));
    return words;
}

} // namespace

class TestAnswerStats : public QObject
{
    Q_OBJECT
private slots:
    void countsWordsAndSentences_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("words");
        QTest::addColumn<int>("sentences");
        const auto row = [](const char* name, const char* text, int words, int sentences) {
            QTest::newRow(name) << QByteArray(text) << words << sentences;
        };
        row("nothing", "", 0, 0);
        row("white space", " \n\t\r\n ", 0, 0);
        row("two sentences", "Hello there. How are you?", 5, 2);
        row("an apostrophe stays inside", "Don't use the dogs' bowl", 5, 1);
        row("a typographic apostrophe too", "Don\u2019t stop", 2, 1);
        row("a hyphen separates", "A well-known one-off", 5, 1);
        row("digits and letters are one word", "Use C3PO at 12:30", 5, 1);
        row("letters of every script", "\u00c9t\u00e9 \u4f60\u597d \u0416\u0443\u043a", 3, 1);
        row("an abbreviation ends nothing", "See Dr. Jones, e.g. Mary. Then go.", 8, 2);
        row("but at the end it does", "Bring wine, cheese etc.", 4, 1);
        row("a single letter ends nothing", "Plan B. Now take it.", 5, 1);
        row("but I does", "So did I. Then we left.", 6, 2);
        row("before a lower-case letter nothing ends", "I use node.js. it works... well.", 7, 1);
        row("after ! a lower-case letter does not matter", "Stop! it hurts.", 3, 2);
        row("quotes and brackets close with it", "He said \"go.\" She (also) left.)", 6, 2);
        row("a decimal point ends nothing", "Pi is 3.14 or so.", 6, 1);
        row("pieces without a word are dropped", "Well. ... !!! Yes.", 2, 2);
        row("a line end always ends a sentence", "One line\nand another\n\nthird", 5, 3);
        row("each list item is a sentence", "Buy:\n- milk\n- two eggs\n3. bread", 5, 4);
        row("fenced code is not prose", "Run this:\n```sh\nrm -rf all\n```\nDone.", 3, 2);
        row("an open fence runs to the end", "Run:\n~~~\nrm\n```\nx y z", 1, 1);
        row("a table has words, not bars", "|a|b|\n|--|--|\n|c d|e|", 5, 2);
        row("links keep their text", "See [the *big* manual](https://a.b/c d) now.", 5, 1);
    }
    void countsWordsAndSentences()
    {
        QFETCH(const QByteArray, text);
        QFETCH(const int, words);
        QFETCH(const int, sentences);
        const AnswerStats stats = measureAnswer({text.constData(), std::size_t(text.size())});
        QCOMPARE(stats.words, words);
        QCOMPARE(stats.sentences, sentences);
    }

    void countsMarkdown()
    {
        const AnswerStats stats = measured("# Title\n"
                                           "Some **bold** and __also bold__ but ** not.\n"
                                           "\n"
                                           "1. one\n"
                                           "2) two\n"
                                           "\n"
                                           "- a\n"
                                           "  * b\n"
                                           "\u2022 c\n"
                                           "#tag\n"
                                           "| x | y |\n"
                                           "| 1 | 2 |\n");
        QCOMPARE(stats.headers, 1);
        QCOMPARE(stats.bold, 2);
        QCOMPARE(stats.orderedItems, 2);
        QCOMPARE(stats.unorderedItems, 3);
        QCOMPARE(stats.tableRows, 2);
        QCOMPARE(stats.paragraphs, 3);
        QCOMPARE(stats.features[feature::Table], 1.0);
        QCOMPARE(stats.features[feature::ListShare], 5.0 / 10);
        QCOMPARE(stats.features[feature::DoubleNewlines], 2.0 / 12);
    }

    /// Some servers let the marks of a chat template through.
    void marksOfAChatTemplateAreNoTable()
    {
        const AnswerStats stats = measured("How do I pay?<|im_end|>\n"
                                           "<|im_start|>user\n"
                                           "Here is <b>a</b> |x| row\n");
        QCOMPARE(stats.tableRows, 1);
        QCOMPARE(stats.features[feature::Table], 0.0);
    }

    void oneFeatureAtATime_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("feature");
        QTest::addColumn<double>("expected");
        const auto row = [](const char* feature, const QByteArray& text, double expected) {
            QTest::addRow("%s: %s", feature, text.simplified().left(60).constData())
                << text << QByteArray(feature) << expected;
        };
        // Six words become forty, so that rates stay below their caps.
        const auto padded = [](const char* six) { return six + QByteArray(" zz").repeated(34); };
        row("v_logwords", "one two three", std::log(4.0));
        row("v_sentlen", "One two three. Four.", 2);
        row("v_sentlen_sd", "One two three. Four.", 1);
        row("f_code", "ab\n```\nx\n```", 10.0 / 12);
        row("t_hedge", padded("It may rain, in most cases"), 5);
        row("t_boost", padded("Of course it VERY clear zz"), 5);
        row("t_disclaim", padded("As an AI language\nmodel I"),
            7.5); // three phrases, one inside another
        row("t_contr", "it's we'll dog's no", 15);
        row("t_contr", "a b c d e f g h i j k l m n o p q r s we'll", 5);
        row("t_exclam", "Wow! Really. Yes!)", 2.0 / 3);
        row("t_quest", "Why? Because.", 0.5);
        row("t_imper", "Use it. She uses it.", 0.5);
        row("t_emoji",
            "go \U0001F600 on one two three four five six seven eight nine ten eleven "
            "twelve thirteen fourteen fifteen sixteen seventeen eighteen",
            5);
        row("t_formal", "the education of him", 50 * (1 + (3.0 - 1.0) / 4));
        row("t_sent", "good good bad table", (1.9 + 1.9 - 2.5) / 4);
        row("l_wordlen", "ab abcd", 3);
        row("l_long", "elephants run", 50);
        row("l_mattr", "a b a b a b a b a b", 0.2);
        row("p_comma", "a, b, c, d e f g h i j k l m n o p q r s t", 15);
        row("p_dash",
            "a \u2014 b - c -- d e f g h i j k l m n o p q r s t u v w x y z 1 2 3 4 5 6 7 8 "
            "9 10 11 12 13 14",
            7.5);
        row("p_hyphen",
            "a-b-c d-e f g h i j k l m n o p q r s t u v w x y z 1 2 3 4 5 6 7 8 9 10 "
            "11 12 13 14",
            5);
        row("o_open_certainly", "  Sure, here goes", 1);
        row("o_open_certainly", "Surely not", 0);
        row("o_open_here", "**Here\u2019s** a list", 1);
        row("o_open_refuse", "I'm sorry, but no", 1);
        row("o_open_praise", "Great question", 1);
        row("o_open_praise", "Greater good", 0);
        row("o_open_colon", "As follows:  \nx", 1);
        row("o_open_md", "\n- x", 1);
        row("o_open_md", "**Bold** x", 1);
        row("o_open_md", "> quoted", 0);
        row("o_close_offer", "Done.\nIf not, LET ME KNOW!", 1);
        row("o_close_summary", "Text.\n\nIn conclusion, text.", 1);
        row("o_close_summary", "Overalls are nice.", 0);
        row("o_end_nopunct", "Yes (all of it)", 0);
        row("o_end_nopunct", "Yes", 1);
        row("o_end_nopunct", "**Yes!**", 0);
    }
    void oneFeatureAtATime()
    {
        QFETCH(const QByteArray, text);
        QFETCH(const QByteArray, feature);
        QFETCH(const double, expected);
        const double value = featureOf(text, feature);
        QVERIFY2(std::abs(value - expected) < 1e-12,
                 qPrintable(QStringLiteral("%1, expected %2").arg(value).arg(expected)));
    }

    void readabilityFollowsFlesch()
    {
        // 6 words, 1 sentence, syllables 1 1 1 1 1 1.
        const AnswerStats stats = measured("The cat sat on the mat.");
        QCOMPARE(stats.fleschKincaidGrade, 0.39 * 6 + 11.8 - 15.59);
        QCOMPARE(stats.fleschReadingEase, 206.835 - 1.015 * 6 - 84.6);
    }

    void syllablesAreVowelGroups_data()
    {
        QTest::addColumn<QByteArray>("word");
        QTest::addColumn<unsigned>("syllables");
        QTest::newRow("cat") << QByteArray("cat") << 1u;
        QTest::newRow("silent e") << QByteArray("make") << 1u;
        QTest::newRow("le stays") << QByteArray("table") << 2u;
        QTest::newRow("ee stays") << QByteArray("agree") << 2u;
        QTest::newRow("the") << QByteArray("the") << 1u;
        QTest::newRow("queue") << QByteArray("queue") << 1u;
        QTest::newRow("beautiful") << QByteArray("beautiful") << 3u;
        QTest::newRow("no vowel") << QByteArray("hmm") << 1u;
        QTest::newRow("digits") << QByteArray("42") << 1u;
    }
    void syllablesAreVowelGroups()
    {
        QFETCH(const QByteArray, word);
        QFETCH(const unsigned, syllables);
        QCOMPARE(syllableCount({word.constData(), std::size_t(word.size())}), syllables);
    }

    void mtldIsExactOnSmallTexts()
    {
        Diversity diversity;
        // Fifty different words: no factor, no part of one; the length itself.
        QCOMPARE(diversity.mtld(counted(0, 50), 50), 50.0);
        QVERIFY(std::isnan(diversity.mtld(counted(0, 49), 49)));
        // "a a a …": every second word drops the ratio to 0.5, so factors have two words.
        QCOMPARE(diversity.mtld(std::vector<std::uint32_t>(60, 0), 1), 2.0);
        // 50 new words, then the first 10 again: the ratio ends at 50/60 > 0.72 in both directions,
        // so one part of a factor: (1 - 5/6) / 0.28.
        std::vector<std::uint32_t> words = counted(0, 50);
        for (std::uint32_t i = 0; i < 10; ++i)
            words.push_back(i);
        QVERIFY(std::abs(diversity.mtld(words, 50) - 60 / ((1 - 50.0 / 60) / 0.28)) < 1e-9);
    }

    void hddIsTheHypergeometricChance()
    {
        // Each of 42 different words is surely drawn.
        QCOMPARE(hdd(std::vector<std::uint32_t>(42, 1)), 1.0);
        // One word only: drawn once, of 42.
        QCOMPARE(hdd(std::vector<std::uint32_t>{100}), 1.0 / 42);
        // 84 different words: each is drawn with chance 1/2.
        QVERIFY(std::abs(hdd(std::vector<std::uint32_t>(84, 1)) - 1.0) < 1e-12);
        // 43 words, one of them twice: chance to miss it is C(41,42) = 0; the others 1/43.
        std::vector<std::uint32_t> counts(41, 1);
        counts.push_back(2);
        QVERIFY(std::abs(hdd(counts) - (1 + 41 * (1 - 1.0 / 43)) / 42) < 1e-12);
        QVERIFY(std::isnan(hdd(std::vector<std::uint32_t>(41, 1))));
    }

    void missingIsMissingNotZero()
    {
        const AnswerStats shortText = measured("Nine words are not enough for any of these.");
        QVERIFY(std::isnan(shortText.features[feature::Mattr]));
        QVERIFY(std::isnan(shortText.features[feature::Mtld]));
        QVERIFY(std::isnan(shortText.mtld));
        QVERIFY(std::isnan(shortText.hdd));
        const AnswerStats nothing = measured("");
        QVERIFY(std::isnan(nothing.features[feature::Grade]));
        QVERIFY(std::isnan(nothing.fleschKincaidGrade));
        QCOMPARE(nothing.features[feature::Formality], 50.0);
        QCOMPARE(nothing.features[feature::Hedges], 0.0);
    }

    void charactersAreCodePoints()
    {
        QCOMPARE(measured("na\u00efve \U0001F600\n").characters, 8);
        QCOMPARE(measureAnswer(std::string_view("\xFF\xFE"
                                                "a",
                                                3))
                     .characters,
                 3);
    }

    void lineEndsDoNotMatter()
    {
        const AnswerStats unixText = measured("One.\n\n- two\n- three\n\nFour.");
        const AnswerStats dosText = measured("One.\r\n\r\n- two\r\n- three\r\n\r\nFour.");
        QVERIFY(unixText.features == dosText.features ||
                std::equal(
                    unixText.features.begin(), unixText.features.end(), dosText.features.begin(),
                    [](double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }));
        QCOMPARE(dosText.words, 4);
    }

    void anyTextHasFiniteStatistics_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("words");
        constexpr int million = 1'000'000;
        constexpr qsizetype bytes = million;
        QTest::newRow("a line of 10 MB")
            << QByteArray("lorem ipsum dolor. ").repeated(550'000) << 1'650'000;
        QTest::newRow("one word of 10 MB") << QByteArray(10 * bytes, 'x') << 1;
        QTest::newRow("open brackets") << QByteArray(million, '[') << 0;
        QTest::newRow("half links") << QByteArray("[a](").repeated(million / 8) << million / 8;
        QTest::newRow("stars") << QByteArray(" *a").repeated(million / 8) << million / 8;
        QTest::newRow("nested stars")
            << QByteArray("*a ").repeated(million / 8) + QByteArray(" a*").repeated(million / 8)
            << million / 4;
        QTest::newRow("periods") << QByteArray(". ").repeated(million) << 0;
        QTest::newRow("apostrophes") << QByteArray("a'").repeated(million) << 1;
        QTest::newRow("zero bytes") << QByteArray(million, '\0') << 0;
        QTest::newRow("invalid bytes") << QByteArray("\xC3(\xFF\xE2\x82 a\xED\xA0\x80") << 1;
        QTest::newRow("a character cut off") << QByteArray("abc \xE2\x80") << 1;
        QTest::newRow("right to left overrides")
            << QByteArray("\u202Eevil\u202C \u2066txt\u2069 \u05D0\u05D1.") << 3;
        QTest::newRow("only line ends") << QByteArray(million, '\n') << 0;
        QTest::newRow("only white space") << QByteArray("\u3000\u2028\t ").repeated(1000) << 0;
    }
    void anyTextHasFiniteStatistics()
    {
        QFETCH(const QByteArray, text);
        QFETCH(const int, words);
        const AnswerStats stats = measureAnswer({text.constData(), std::size_t(text.size())});
        QCOMPARE(stats.words, words);
        for (std::size_t i = 0; i < kVoiceFeatureCount; ++i)
            QVERIFY2(!std::isinf(stats.features[i]), voiceFeatureNames()[i].data());
    }

    void manyAnswersComeBackInOrder()
    {
        std::vector<std::string> texts;
        for (int i = 0; i < 1000; ++i)
            texts.push_back(std::string(std::size_t(i), 'a') + " word" + std::to_string(i % 7));
        std::vector<std::string_view> views(texts.begin(), texts.end());
        const std::vector<AnswerStats> stats = measureAnswers(views);
        QCOMPARE(stats.size(), views.size());
        for (std::size_t i = 0; i < views.size(); ++i)
            QCOMPARE(stats[i].features[feature::WordLength],
                     measureAnswer(views[i]).features[feature::WordLength]);
        QVERIFY(measureAnswers({}).empty());
    }

    void knownWordsDoNotLeakIntoTheNextText()
    {
        const std::string first = "alpha beta gamma alpha perhaps";
        const AnswerStats fresh = measureAnswer("alpha perhaps delta");
        (void)measureAnswer(first);
        const AnswerStats again = measureAnswer("alpha perhaps delta");
        QCOMPARE(again.words, 3);
        QCOMPARE(again.features[feature::Hedges], fresh.features[feature::Hedges]);
    }

    void otherListsCanBeUsed()
    {
        static constexpr std::string_view kHedge[] = {"zonk", "zonk a lot"};
        static constexpr EmbeddedList kLists[] = {{"lists.hedge", kHedge}};
        static constexpr EmbeddedValence kValences[] = {{"zonk", 2.0}};
        const Lexicons lexicons(kLists, kValences);
        const AnswerStats stats = measureAnswer("Zonk a lot, may be, and so on and on and on, "
                                                "one two three four five six seven eight.",
                                                lexicons);
        QCOMPARE(stats.features[feature::Hedges], 100 * 2.0 / stats.words);
        QCOMPARE(stats.features[feature::Sentiment], 2.0 / stats.words);
    }

    void theListsAreWhole()
    {
        const Lexicons& lexicons = builtInLexicons();
        const auto has = [&](const char* word, WordList list) {
            const Lexicons::Entry* entry = lexicons.find(word);
            return entry != nullptr && (entry->lists & listBit(list)) != 0;
        };
        QVERIFY(has("may", WordList::Hedge));
        QVERIFY(has("may", WordList::Auxiliary));
        QVERIFY(has("enjoy", WordList::Imperative));
        QVERIFY(has("where's", WordList::Contraction));
        QVERIFY(has("haven't", WordList::Negation));
        QVERIFY(!has("e.g.", WordList::Connective) ||
                measureAnswer("e.g. this").features[feature::Connectives] == 0.0);
        QCOMPARE(lexicons.find("heart")->valence, 3.2);
        QCOMPARE(embeddedValences().size(), std::size_t(7239));
        QCOMPARE(lexicons.find("xyzzy"), nullptr);
        QVERIFY(lexicons.isAbbreviation("e.g"));
        QVERIFY(lexicons.hasNominalSuffix("nation"));
    }

    void twentyEightFeaturesKnowNoLanguage()
    {
        QCOMPARE(languageNeutralFeatures().size(), std::size_t(28));
        QVERIFY(isLanguageNeutral(feature::Commas));
        QVERIFY(!isLanguageNeutral(feature::Hedges));
    }

    void englishIsRecognised_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("english");
        QTest::newRow("English")
            << QByteArray("The capital of France is Paris, and it has been the seat of the "
                          "government for a long "
                          "time; you can see the tower from most of the bridges over the river.")
            << true;
        QTest::newRow("German")
            << QByteArray("Die Hauptstadt von Frankreich ist Paris, und dort sitzt seit langer "
                          "Zeit die Regierung; "
                          "man sieht den Turm von den meisten Br\u00fccken \u00fcber dem Fluss.")
            << false;
        QTest::newRow("Spanish")
            << QByteArray("La capital de Francia es Par\u00eds, donde el gobierno tiene su sede "
                          "desde hace mucho "
                          "tiempo; la torre se ve desde casi todos los puentes del r\u00edo.")
            << false;
        QTest::newRow("too short to tell") << QByteArray("Ja.") << true;
    }
    /// The quick way to a word and the general one, at every byte behind a letter.
    void shortWordsAreTheWordsThatTheyWere()
    {
        for (int between = 0; between < 256; ++between) {
            for (std::size_t letters = 1; letters < 8; ++letters) {
                std::string line = std::string("aZ9qXb0").substr(0, letters);
                line += static_cast<char>(between);
                line += "xy and more";
                if (!firstInvalidUtf8(line)) {
                    const ShortWord quick = shortWordAt(line, 0);
                    const std::size_t end = wordAt(line, 0).end;
                    if (quick.bytes == 0) {
                        const bool isPlain = between != '\'' && end < 8;
                        QVERIFY2(!isPlain, line.c_str());
                        continue;
                    }
                    QCOMPARE(quick.bytes, end);
                    std::string lower = toLowerCase(line.substr(0, end));
                    lower.resize(8, '\0');
                    QVERIFY(std::memcmp(&quick.lowerCase, lower.data(), 8) == 0);
                }
            }
        }
    }
    /// One text alone and at the end of longer ones: where in a block a character stands is the
    /// same.
    void whereALineEndsChangesNothing()
    {
        for (std::size_t blanks = 0; blanks < 70; ++blanks) {
            const std::string line = std::string(blanks, 'a') + " **bold** | it\u2019s | `code`";
            const AnswerStats stats = measureAnswer(line);
            QCOMPARE(stats.bold, 1);
            QCOMPARE(stats.words, blanks == 0 ? 3 : 4);
            QCOMPARE(stats.tableRows, 1);
        }
    }
    void englishIsRecognised()
    {
        QFETCH(const QByteArray, text);
        QFETCH(const bool, english);
        const AnswerStats stats = measureAnswer({text.constData(), std::size_t(text.size())});
        QCOMPARE(looksEnglish(stats), english);
    }
};

QTEST_GUILESS_MAIN(TestAnswerStats)
#include "tst_answer_stats.moc"
