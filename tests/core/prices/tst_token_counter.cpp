// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: o200k tokens are counted as tiktoken counts them, whatever the text; long runs take no
// more than a little longer; and what a model makes of a text is estimated by the median of what
// its provider stated, and called an estimate.

#include <core/base/files.h>
#include <core/base/json.h>
#include <core/base/utf8.h>
#include <core/prices/text_pieces.h>
#include <core/prices/token_counter.h>

#include <QTest>
#include <nlohmann/json.hpp>

#include <cmath>
#include <sstream>

using namespace signalbox;

namespace {

using Fragments = std::vector<std::vector<std::string>>;

std::string dataText(const char* name)
{
    return *readFile(std::string(SIGNALBOX_SOURCE_DIR "/tests/data/tokens/") + name);
}

Fragments readFragments()
{
    Fragments fragments;
    const Json json = *parseJson(dataText("fragments.json"));
    for (const auto& pool : json)
        fragments.push_back(pool.get<std::vector<std::string>>());
    return fragments;
}

/// SplitMix64, as in tests/data/tokens/make_reference.py.
class Random
{
public:
    explicit Random(std::uint64_t seed) : m_state(seed) {}
    std::size_t below(std::uint64_t bound)
    {
        m_state += 0x9E3779B97F4A7C15;
        std::uint64_t z = m_state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return static_cast<std::size_t>((z ^ (z >> 31)) % bound);
    }

private:
    std::uint64_t m_state;
};

std::string anyCharacter(Random& random)
{
    const auto point = static_cast<char32_t>(random.below(random.below(2) ? 0x110000 : 0x3000));
    std::string text;
    appendUtf8(text, point >= 0xD800 && point < 0xE000 ? U'\uFFFD' : point);
    return text;
}

const std::string& anyOf(Random& random, const std::vector<std::string>& pool)
{
    return pool[random.below(pool.size())];
}

/// The next text of the reference; draws in the same order as its Python.
std::string nextText(Random& random, const Fragments& fragments)
{
    const std::size_t kind = random.below(fragments.size() + 3);
    const std::size_t length = 1 + random.below(24);
    std::string text;
    if (kind == fragments.size() + 1) {
        const std::string character = anyCharacter(random);
        for (std::size_t left = 1 + random.below(200); left > 0; --left)
            text += character;
        return text;
    }
    for (std::size_t i = 0; i < length; ++i) {
        if (kind < fragments.size())
            text += anyOf(random, fragments[kind]);
        else if (kind == fragments.size())
            text += anyCharacter(random);
        else
            text += anyOf(random, fragments[random.below(fragments.size())]);
    }
    return text;
}

std::string piecesOf(std::string_view text)
{
    std::string shown;
    for (o200k::TextPieces pieces(text, o200k::TokenData::get()); !pieces.atEnd();)
        shown += '[' + std::string(pieces.next()) + ']';
    return shown;
}

std::string textOf(const std::vector<std::uint32_t>& tokens)
{
    std::string text;
    for (const std::uint32_t token : tokens)
        text += (text.empty() ? "" : " ") + std::to_string(token);
    return text;
}

std::vector<TokenSample> samplesOf(std::initializer_list<double> ratios)
{
    std::vector<TokenSample> samples;
    for (const double ratio : ratios)
        samples.push_back({"m", 1000, std::llround(1000 * ratio)});
    return samples;
}

} // namespace

class TestTokenCounter : public QObject
{
    Q_OBJECT
private slots:
    void theReferenceCountsTheSame()
    {
        const Fragments fragments = readFragments();
        std::istringstream counts(dataText("o200k_counts.txt"));
        Random random(20260801);
        std::int64_t expected = 0;
        int texts = 0;
        for (; counts >> expected; ++texts) {
            const std::string text = nextText(random, fragments);
            const std::int64_t counted = countO200kTokens(text);
            QVERIFY2(counted == expected, qPrintable(QStringLiteral("text %1: %2 instead of %3: %4")
                                                         .arg(texts)
                                                         .arg(counted)
                                                         .arg(expected)
                                                         .arg(QString::fromStdString(text))));
        }
        QCOMPARE(texts, 12'000);
    }

    void knownTextsHaveKnownTokens_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("tokens");
        // tiktoken 0.14.0, o200k_base
        QTest::newRow("Hello, world!")
            << QStringLiteral("Hello, world!") << QStringLiteral("13225 11 2375 0");
        QTest::newRow("I'd like a refund, please.")
            << QStringLiteral("I'd like a refund, please.")
            << QStringLiteral("81254 1299 261 18376 11 4843 13");
        QTest::newRow("Grüße aus Zürich")
            << QStringLiteral("Grüße aus Zürich") << QStringLiteral("3193 572 13153 3976 127483");
        QTest::newRow("日本語のテキスト") << QStringLiteral("日本語のテキスト")
                                          << QStringLiteral("9048 40909 3385 16056 18368 38236");
        QTest::newRow("Здравствуйте") << QStringLiteral("Здравствуйте") << QStringLiteral("182298");
        QTest::newRow("مرحبا بالعالم")
            << QStringLiteral("مرحبا بالعالم") << QStringLiteral("158894 26537 101462 12773");
        QTest::newRow("👩‍👩‍👧‍👦 😀")
            << QStringLiteral("👩‍👩‍👧‍👦 😀")
            << QStringLiteral("28823 102 2524 28823 102 2524 28823 100 2524 28823 99 88038");
        QTest::newRow("    return x + 1") << QStringLiteral("    return x + 1\n")
                                          << QStringLiteral("271 622 1215 659 220 16 198");
        QTest::newRow("1234567") << QStringLiteral("1234567") << QStringLiteral("7633 19354 22");
        QTest::newRow("<|endoftext|>")
            << QStringLiteral("<|endoftext|>") << QStringLiteral("27 91 419 1440 919 91 29");
    }
    void knownTextsHaveKnownTokens()
    {
        QFETCH(const QString, text);
        QFETCH(const QString, tokens);
        const std::string utf8 = text.toStdString();
        QCOMPARE(textOf(o200kTokens(utf8)), tokens.toStdString());
        QCOMPARE(countO200kTokens(utf8), std::int64_t(o200kTokens(utf8).size()));
    }

    void textsAreCutAsThePatternSays_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("pieces");
        const auto row = [](const char* text, const char* pieces) {
            QTest::addRow("%s", QString::fromUtf8(text).simplified().toUtf8().constData())
                << QString::fromUtf8(text) << QString::fromUtf8(pieces);
        };
        row("HTTPServer's don'T", "[HTTPServer's][ don'T]");
        row("it'\u017f x's's", "[it'\u017f][ x's]['s]");
        row("a1234b", "[a][123][4][b]");
        row("  two", "[ ][ two]");
        row("x  \n\n y", "[x][  \n\n][ y]");
        row("x \t", "[x][ \t]");
        row(" (a)/\n/b", "[ (][a][)/\n/][b]");
        row("日本ABC", "[日本][ABC]");
        row("ABC日本", "[ABC日本]");
        row("\u0301ABC", "[\u0301][ABC]");
    }
    void textsAreCutAsThePatternSays()
    {
        QFETCH(const QString, text);
        QFETCH(const QString, pieces);
        QCOMPARE(QString::fromStdString(piecesOf(text.toStdString())), pieces);
    }

    void theTokensAreAllThere()
    {
        const auto& data = o200k::TokenData::get();
        QCOMPARE(data.size(), std::size_t(199'998));
        std::string all;
        for (std::uint32_t rank = 0; rank < data.size(); ++rank) {
            QCOMPARE(data.rankOf(data.token(rank)).value_or(0), rank);
            all += data.token(rank);
        }
        QVERIFY(!data.rankOf("") && !data.rankOf(std::string(300, 'a')));
        for (int byte = 0; byte < 256; ++byte)
            QVERIFY(data.rankOf(std::string(1, static_cast<char>(byte))));
        QCOMPARE(data.classOf(U'\u01C5'), o200k::CharacterClass::Upper); // a title case letter
        QCOMPARE(data.classOf(0x110000), o200k::CharacterClass::Other);
    }

    void whatIsNoUtf8CountsAsItsReplacement()
    {
        QCOMPARE(countO200kTokens("a\xFF z\xC3"), countO200kTokens("a\uFFFD z\uFFFD"));
        QCOMPARE(countO200kTokens(""), std::int64_t(0));
    }

    void longRunsAreCountedToo()
    {
        // 125,000 tokens of eight letters, of which the first and last pieces are the same.
        QCOMPARE(countO200kTokens(std::string(1'000'000, 'a')), std::int64_t(125'000));
        QCOMPARE(countO200kTokens(std::string(1'000'000, ' ')), std::int64_t(7'813));
    }

    void aMultiplierIsTheMedian()
    {
        const TokenMultiplier learned =
            learnMultiplier(samplesOf({1.3, 1.28, 1.32, 1.31, 1.29, 4.0, 0.2}));
        QCOMPARE(learned.median, 1.3);
        QCOMPARE(learned.samples, std::size_t(7));
        QCOMPARE(learned.lowerQuartile, 1.285);
        QCOMPARE(learned.upperQuartile, 1.315);
        // An even number: half way between the middle two.
        QCOMPARE(learnMultiplier(samplesOf({1.0, 1.1, 1.2, 1.4, 1.5, 1.6})).median, 1.3);
    }

    void whatTeachesNothingIsLeftOut()
    {
        QCOMPARE(learnMultiplier(samplesOf({1.3, 1.3, 1.3, 1.3})), TokenMultiplier());
        std::vector<TokenSample> samples = samplesOf({1.3, 1.3, 1.3, 1.3, 1.3});
        QCOMPARE(learnMultiplier(samples).samples, std::size_t(5));
        samples.push_back({"m", 31, 310});         // too short
        samples.push_back({"m", 1000, 0});         // nobody counts nothing
        samples.push_back({"m", 1000, -1300});     // nor less
        samples.push_back({"m", 1000, 1'000'000}); // nor that
        samples.push_back({"m", 0, 10});
        QCOMPARE(learnMultiplier(samples).samples, std::size_t(5));
        samples.push_back({"m", 32, 64});
        QCOMPARE(learnMultiplier(samples).samples, std::size_t(6));
    }

    void eachModelHasItsOwn()
    {
        std::vector<TokenSample> samples = samplesOf({1.3, 1.3, 1.3, 1.3, 1.3});
        for (int i = 0; i < 6; ++i)
            samples.push_back({"other", 100, 90});
        samples.push_back({"rare", 100, 200});
        const auto learned = learnMultipliers(samples);
        QCOMPARE(learned.size(), std::size_t(2));
        QVERIFY(learned.at("m").median == 1.3 && learned.at("other").median == 0.9);
    }

    void anEstimateSaysThatItIsOne()
    {
        const TokenEstimate plain = estimateTokens("Hello, world!");
        QVERIFY(plain.isEstimated && plain.learnedFrom == 0);
        QCOMPARE(plain.tokens, std::int64_t(4));
        QVERIFY(plain.low == 4 && plain.high == 4);
        const TokenEstimate scaled = estimateTokens(1000, {1.3, 1.25, 1.4, 12});
        QVERIFY(scaled == (TokenEstimate{1300, 1250, 1400, true, 12}));
        QCOMPARE(estimateTokens(1, {0.1, 0.1, 0.1, 9}).tokens, std::int64_t(1)); // never none
        QCOMPARE(estimateTokens(0, {1.3, 1.25, 1.4, 12}).tokens, std::int64_t(0));
        QVERIFY(statedTokens(7) == (TokenEstimate{7, 7, 7, false, 0}));
    }
};

QTEST_GUILESS_MAIN(TestTokenCounter)
#include "tst_token_counter.moc"
