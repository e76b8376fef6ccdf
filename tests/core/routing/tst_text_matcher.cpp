// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: literals are found wherever they stand, whatever their number, length and neighbours,
// with every kind of vector instructions and none; portable expressions match code points as a
// plain backtracking matcher does, also where they are searched for only in texts that hold what
// their matches cannot do without; and nothing outside of the subset is taken.

#include <core/base/random.h>
#include <core/base/utf8.h>
#include <core/policy/lint.h>
#include <core/routing/byte_pattern.h>
#include <core/routing/literal_matcher.h>
#include <core/routing/required_bytes.h>
#include <core/routing/text_matcher.h>

#include <QScopeGuard>
#include <QTest>
#include <re2/re2.h>

#include <cstring>
#include <functional>

#include <sys/mman.h>
#include <unistd.h>

using namespace signalbox;

namespace {

std::string folded(std::string text)
{
    for (char& c : text)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    return text;
}

bool isWordByte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool occurs(const Literal& literal, const std::string& text)
{
    const std::string all = literal.ignoreCase ? folded(text) : text;
    const std::string word = literal.ignoreCase ? folded(literal.text) : literal.text;
    for (std::size_t at = all.find(word); at != std::string::npos; at = all.find(word, at + 1)) {
        const std::size_t end = at + word.size();
        const bool growsLeft = isWordByte(word.front()) && at > 0 && isWordByte(all[at - 1]);
        const bool growsRight = isWordByte(word.back()) && end < all.size() && isWordByte(all[end]);
        if (!literal.isWord || (!growsLeft && !growsRight))
            return true;
    }
    return false;
}

/// All kinds of vector instructions that this processor has, and none.
std::vector<LiteralMatcher::Vectors> usableVectors()
{
    std::vector<LiteralMatcher::Vectors> usable;
    for (const auto vectors : {LiteralMatcher::Vectors::None, LiteralMatcher::Vectors::Avx2,
                               LiteralMatcher::Vectors::Avx512}) {
        if (LiteralMatcher::canUse(vectors))
            usable.push_back(vectors);
    }
    return usable;
}

/// An expression as a tree, so that it can be written as text and be matched without parsing.
struct Node
{
    enum class Kind { Class, Sequence, Choice, Repeat, Begin, End } kind = Kind::Sequence;
    std::u32string members; ///< of a class
    bool isNegated = false;
    int low = 0;
    int high = 0; ///< -1: no bound
    std::vector<Node> children;
};

std::string textOf(const Node& node)
{
    std::string text;
    switch (node.kind) {
    case Node::Kind::Begin:
        return "^";
    case Node::Kind::End:
        return "$";
    case Node::Kind::Class:
        if (node.members.size() == 1 && !node.isNegated) {
            if (std::u32string_view(U"?.-").find(node.members[0]) != std::u32string_view::npos)
                text += '\\';
            appendUtf8(text, node.members[0]);
            return text;
        }
        text = node.isNegated ? "[^" : "[";
        for (const char32_t member : node.members)
            appendUtf8(text, member);
        return text + "]";
    case Node::Kind::Sequence:
        for (const Node& child : node.children)
            text += textOf(child);
        return text;
    case Node::Kind::Choice:
        for (const Node& child : node.children)
            text += (text.empty() ? "(?:" : "|") + textOf(child);
        return text + ")";
    case Node::Kind::Repeat:
        break;
    }
    text = "(?:" + textOf(node.children[0]) + ")";
    if (node.low == 0 && node.high == -1)
        return text + "*";
    if (node.low == 1 && node.high == -1)
        return text + "+";
    if (node.low == 0 && node.high == 1)
        return text + "?";
    text += "{" + std::to_string(node.low);
    if (node.high != node.low)
        text += "," + (node.high < 0 ? std::string() : std::to_string(node.high));
    return text + "}";
}

/// Tries every way from `at` on; calls `next` with each place the node can end at.
bool matchesAt(const Node& node, const std::u32string& text, std::size_t at, bool ignoreCase,
               const std::function<bool(std::size_t)>& next)
{
    switch (node.kind) {
    case Node::Kind::Begin:
        return at == 0 && next(at);
    case Node::Kind::End:
        return at == text.size() && next(at);
    case Node::Kind::Class: {
        if (at >= text.size())
            return false;
        const auto isMember = [&](char32_t c) {
            return node.members.find(c) != std::u32string::npos;
        };
        const char32_t c = text[at];
        const bool isLetter = (c | 32) >= U'a' && (c | 32) <= U'z' && c < 128;
        const bool found = isMember(c) || (ignoreCase && isLetter && isMember(c ^ 32));
        return found != node.isNegated && next(at + 1);
    }
    case Node::Kind::Sequence: {
        const std::function<bool(std::size_t, std::size_t)> from = [&](std::size_t child,
                                                                       std::size_t place) {
            if (child == node.children.size())
                return next(place);
            return matchesAt(node.children[child], text, place, ignoreCase,
                             [&](std::size_t end) { return from(child + 1, end); });
        };
        return from(0, at);
    }
    case Node::Kind::Choice:
        return std::ranges::any_of(node.children, [&](const Node& child) {
            return matchesAt(child, text, at, ignoreCase, next);
        });
    case Node::Kind::Repeat:
        break;
    }
    const std::function<bool(int, std::size_t)> again = [&](int done, std::size_t place) {
        if (done >= node.low && next(place))
            return true;
        if (node.high >= 0 && done >= node.high)
            return false;
        return matchesAt(node.children[0], text, place, ignoreCase, [&](std::size_t end) {
            return (end > place || done < node.low) && again(done + 1, end);
        });
    };
    return again(0, at);
}

bool matches(const Node& node, const std::u32string& text, bool ignoreCase)
{
    for (std::size_t at = 0; at <= text.size(); ++at) {
        if (matchesAt(node, text, at, ignoreCase, [](std::size_t) { return true; }))
            return true;
    }
    return false;
}

constexpr std::u32string_view kAlphabet = U"abBk\u00e9\u212A\u6f22\U0001F680\n?";

Node randomNode(Random& random, int depth)
{
    const auto below = [&](std::uint64_t bound) { return static_cast<int>(random.below(bound)); };
    Node node;
    const int kind = depth == 0 ? 0 : below(8);
    if (kind <= 2) {
        node.kind = Node::Kind::Class;
        node.isNegated = random.chance(0.25);
        for (int i = random.chance(0.5) ? 1 : 1 + below(3); i > 0; --i)
            node.members += kAlphabet[random.below(kAlphabet.size())];
    } else if (kind <= 4) {
        for (int i = 1 + below(3); i > 0; --i)
            node.children.push_back(randomNode(random, depth - 1));
    } else if (kind == 5) {
        node.kind = Node::Kind::Choice;
        for (int i = 1 + below(3); i > 0; --i)
            node.children.push_back(randomNode(random, depth - 1));
    } else if (kind == 6) {
        node.kind = Node::Kind::Repeat;
        node.low = below(3);
        node.high = random.chance(0.4) ? -1 : node.low + below(3);
        node.children.push_back(randomNode(random, depth - 1));
    } else {
        node.kind = random.chance(0.5) ? Node::Kind::Begin : Node::Kind::End;
    }
    return node;
}

std::string utf8(const std::u32string& points)
{
    std::string text;
    for (const char32_t point : points)
        appendUtf8(text, point);
    return text;
}

} // namespace

class TestTextMatcher : public QObject
{
    Q_OBJECT
private slots:
    void literalsAreFoundLikeByAPlainSearch_data();
    void literalsAreFoundLikeByAPlainSearch();
    void aLiteralIsFoundAtEveryPlace();
    void aLiteralOfAnyLengthIsFound();
    void nothingBehindTheTextIsRead();
    void whatIsFoundAlreadyStaysFound();
    void runsOfBytesAreFoundLikeByAPlainSearch();
    void expressionsMatchCodePoints();
    void everyMatchHoldsWhatIsRequired();
    void whatIsRequiredIsRare_data();
    void whatIsRequiredIsRare();
    void manyPatternsAreFoundAsEachAlone();
    void onlyThePortableSubsetIsTaken_data();
    void onlyThePortableSubsetIsTaken();
    void whatTheEditorCallsPortableIsTaken();
    void rangesAndTheEndOfTheTextMeanOneThing();
    void illFormedBytesAreMatchedByNothing();
};

void TestTextMatcher::literalsAreFoundLikeByAPlainSearch_data()
{
    QTest::addColumn<int>("literals");
    QTest::addColumn<int>("shortest");
    for (const int count : {1, 2, 5, 9, 32, 33, 64, 150}) {
        for (const int shortest : {1, 2, 4})
            QTest::addRow("%d literals of %d bytes and more", count, shortest) << count << shortest;
    }
}

void TestTextMatcher::literalsAreFoundLikeByAPlainSearch()
{
    QFETCH(const int, literals);
    QFETCH(const int, shortest);
    Random random(static_cast<std::uint64_t>(literals * 10 + shortest));
    const auto below = [&](std::size_t bound) {
        return static_cast<std::size_t>(random.below(bound));
    };
    const std::string letters = std::string("abcdefgh?_\0\xC3\xA4", 13);
    int found = 0;
    for (int round = 0; round < 6; ++round) {
        const std::size_t hitCount = 1 + below(static_cast<std::size_t>(literals));
        std::vector<Literal> wanted;
        for (int i = 0; i < literals; ++i) {
            Literal literal;
            for (std::size_t length = static_cast<std::size_t>(shortest) + below(6); length > 0;
                 --length)
                literal.text += letters[below(letters.size())];
            if (random.chance(0.3))
                literal.text[0] = 'B';
            literal.ignoreCase = random.chance(0.5);
            literal.isWord = random.chance(0.3);
            literal.hit = static_cast<std::uint16_t>(below(hitCount));
            wanted.push_back(std::move(literal));
        }
        const LiteralMatcher matcher(wanted);
        for (int i = 0; i < 30; ++i) {
            std::string text(below(i % 2 == 0 ? 50 : 700), 'x');
            for (char& c : text) {
                if (random.chance(0.2))
                    c = letters[below(letters.size())];
            }
            for (std::size_t planted = below(4); planted > 0; --planted) {
                std::string word = wanted[below(wanted.size())].text;
                for (char& c : word) {
                    if (c >= 'a' && c <= 'h' && random.chance(0.3))
                        c = static_cast<char>(c - 32);
                }
                if (word.size() <= text.size())
                    text.replace(below(text.size() - word.size() + 1), word.size(), word);
            }
            std::vector<std::uint8_t> expected(hitCount);
            for (const Literal& literal : wanted) {
                if (occurs(literal, text))
                    expected[literal.hit] = 1;
            }
            for (const LiteralMatcher::Vectors vectors : usableVectors()) {
                std::vector<std::uint8_t> hits(hitCount);
                matcher.scan(text, hits.data(), vectors);
                QCOMPARE(hits, expected);
            }
            found += static_cast<int>(std::ranges::count(expected, 1));
        }
    }
    QVERIFY(found > 30);
}

void TestTextMatcher::aLiteralIsFoundAtEveryPlace()
{
    // Also the sets that made Debian 12's Vectorscan miss matches.
    const LiteralMatcher matcher(
        {{"hd", true, false, 0}, {"gdgefe", false, false, 1}, {"?", false, false, 2}});
    for (std::size_t length = 6; length < 110; ++length) {
        for (std::size_t at = 0; at + 6 <= length; ++at) {
            for (const auto& [word, hit] :
                 {std::pair{"HDxxxx", 0}, {"gdgefe", 1}, {"?xxxxx", 2}, {"xxxxx?", 2}}) {
                const std::string text = std::string(length, 'x').replace(at, 6, word);
                for (const LiteralMatcher::Vectors vectors : usableVectors()) {
                    std::array<std::uint8_t, 3> hits{};
                    matcher.scan(text, hits.data(), vectors);
                    for (int i = 0; i < 3; ++i)
                        QCOMPARE(hits[static_cast<std::size_t>(i)],
                                 static_cast<std::uint8_t>(i == hit));
                }
            }
        }
    }
}

void TestTextMatcher::aLiteralOfAnyLengthIsFound()
{
    // What is looked for stands at its end, further from its begin than 16 bits can say.
    const std::string word = std::string(70'000, 'e') + "#~#";
    const LiteralMatcher matcher({{word, false, false, 0}, {word, true, true, 1}});
    for (const LiteralMatcher::Vectors vectors : usableVectors()) {
        for (const std::size_t before : {0, 1, 100}) {
            std::array<std::uint8_t, 2> hits{};
            matcher.scan(std::string(before, ' ') + word + " and more", hits.data(), vectors);
            QCOMPARE(hits, (std::array<std::uint8_t, 2>{1, 1}));
        }
        std::array<std::uint8_t, 2> hits{};
        matcher.scan(word.substr(1), hits.data(), vectors);
        QCOMPARE(hits, (std::array<std::uint8_t, 2>{0, 0}));
    }
}

void TestTextMatcher::nothingBehindTheTextIsRead()
{
    const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    void* const pages =
        mmap(nullptr, 3 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    QVERIFY(pages != MAP_FAILED);
    const auto unmap = qScopeGuard([&] { munmap(pages, 3 * page); });
    char* const begin = static_cast<char*>(pages) + page;
    char* const end = begin + page;
    QCOMPARE(mprotect(pages, page, PROT_NONE), 0);
    QCOMPARE(mprotect(end, page, PROT_NONE), 0);
    std::memset(begin, 'x', page);
    const LiteralMatcher matcher({{"?", false, false, 0},
                                  {"hd", true, true, 1},
                                  {"gdgefe", false, false, 2},
                                  {"xxxxxxx!", false, false, 3}});
    for (std::size_t length = 0; length <= 130; ++length) {
        // Against the page behind it, and against the one before; also where the text breaks off
        // within a literal.
        for (char* const start : {end - length, begin}) {
            for (const std::string_view word : {"", "?", "HD", "gdgefe", "gdgef", "xxxxxxx!"}) {
                const std::size_t size = std::min(word.size(), length);
                const std::string_view planted = word.substr(word.size() - size);
                std::ranges::copy(planted, start + length - size);
                const std::string_view text(start, length);
                std::array<std::uint8_t, 4> expected{};
                expected[0] = text.find('?') != std::string_view::npos;
                expected[1] = text == "HD";
                expected[2] = text.find("gdgefe") != std::string_view::npos;
                expected[3] = text.find("xxxxxxx!") != std::string_view::npos;
                for (const LiteralMatcher::Vectors vectors : usableVectors()) {
                    std::array<std::uint8_t, 4> hits{};
                    matcher.scan(text, hits.data(), vectors);
                    QCOMPARE(hits, expected);
                }
                std::memset(start, 'x', length);
            }
        }
    }
}

void TestTextMatcher::whatIsFoundAlreadyStaysFound()
{
    const LiteralMatcher matcher({{"a", false, false, 0}, {"b", false, false, 1}});
    std::array<std::uint8_t, 2> hits = {1, 0};
    matcher.scan("xxb", hits.data());
    QCOMPARE(hits, (std::array<std::uint8_t, 2>{1, 1}));
    std::array<std::uint8_t, 1> none = {0};
    LiteralMatcher().scan("anything", none.data());
    QCOMPARE(none[0], std::uint8_t(0));
}

void TestTextMatcher::runsOfBytesAreFoundLikeByAPlainSearch()
{
    Random random(12);
    const auto below = [&](std::size_t bound) {
        return static_cast<std::size_t>(random.below(bound));
    };
    const auto isAt = [](const ByteRun& run, const std::string& text, std::size_t at) {
        for (std::size_t i = 0; i < run.size(); ++i) {
            if (at + i >= text.size() || !run[i][static_cast<unsigned char>(text[at + i])])
                return false;
        }
        return true;
    };
    int found = 0;
    for (int round = 0; round < 200; ++round) {
        std::vector<LiteralRun> runs;
        std::vector<Literal> literals = {{"abca", true, round % 2 == 0, 0}};
        for (std::size_t i = 0; i < 1 + below(80); ++i) {
            LiteralRun& run = runs.emplace_back();
            run.hit = static_cast<std::uint16_t>(1 + below(90));
            for (std::size_t length = 1 + below(6); length > 0; --length) {
                ByteSet& bytes = run.bytes.emplace_back();
                for (std::size_t members = 1 + below(random.chance(0.1) ? 200 : 3); members > 0;
                     --members)
                    bytes.set(random.chance(0.9) ? 'a' + below(26) : below(256));
            }
        }
        const LiteralMatcher matcher(literals, runs);
        for (int t = 0; t < 20; ++t) {
            std::string text(below(200), ' ');
            for (char& c : text)
                c = static_cast<char>(random.chance(0.8) ? 'a' + below(26) : below(256));
            std::vector<std::uint8_t> expected(91);
            expected[0] = occurs(literals[0], text);
            for (const LiteralRun& run : runs) {
                for (std::size_t at = 0; at < text.size(); ++at)
                    expected[run.hit] |= isAt(run.bytes, text, at);
            }
            for (const LiteralMatcher::Vectors vectors : usableVectors()) {
                std::vector<std::uint8_t> hits(91);
                matcher.scan(text, hits.data(), vectors);
                QCOMPARE(hits, expected);
            }
            found += static_cast<int>(std::ranges::count(expected, 1));
        }
    }
    QVERIFY(found > 1000);
}

void TestTextMatcher::everyMatchHoldsWhatIsRequired()
{
    Random random(13);
    int ruledOut = 0;
    int matched = 0;
    for (int i = 0; i < 6'000; ++i) {
        const Node node = randomNode(random, 3);
        const bool ignoreCase = random.chance(0.5);
        const auto pattern = toBytePattern(textOf(node), ignoreCase);
        QVERIFY(pattern.has_value());
        const std::vector<ByteRun> required = requiredRunsOf(*pattern);
        if (required.empty())
            continue;
        std::vector<LiteralRun> runs;
        for (const ByteRun& run : required)
            runs.push_back({run, 0});
        const LiteralMatcher matcher({}, runs);
        for (int t = 0; t < 12; ++t) {
            std::u32string text;
            for (std::uint64_t length = random.below(12); length > 0; --length)
                text += kAlphabet[random.below(kAlphabet.size())];
            std::uint8_t hit = 0;
            matcher.scan(utf8(text), &hit);
            const bool isMatch = matches(node, text, ignoreCase);
            if (isMatch && hit == 0)
                QFAIL(qPrintable(QString::fromStdString(textOf(node) + " on " + utf8(text))));
            matched += isMatch;
            ruledOut += hit == 0;
        }
    }
    QVERIFY2(matched > 2'000 && ruledOut > 2'000,
             qPrintable(QStringLiteral("%1 %2").arg(matched).arg(ruledOut)));
}

void TestTextMatcher::whatIsRequiredIsRare_data()
{
    QTest::addColumn<QByteArray>("pattern");
    QTest::addColumn<int>("runs"); // 0: the expression has to be tried on every text
    const auto row = [](const char* pattern, int runs) {
        QTest::newRow(pattern) << QByteArray(pattern) << runs;
    };
    row("[0-9]{3}-[0-9]{2}-[0-9]{4}", 1);
    row("[A-Za-z0-9._-]+@[A-Za-z0-9-]+\\.[a-z]+", 1);
    row("(?:USD|EUR|GBP) ?[0-9]+", 3);
    row("https?://[^ ]+", 2);
    row("^(?:Translate|Summari[sz]e) ", 2);
    row("step[ -]by[ -]step", 1);
    row("x[^a]*legal advice[^b]*y", 1);
    row("[a-z]+", 0);
    row("(?:legal|[a-z]*)", 0);
    row("(?:legal)?", 0);
    row("^$", 0);
    row("(?:a|b|c|d|e|f|g|h|i|j|k|l|m|n)(?:a|b|c|d)z", 4);
}

void TestTextMatcher::whatIsRequiredIsRare()
{
    QFETCH(const QByteArray, pattern);
    QFETCH(const int, runs);
    const auto bytes = toBytePattern(pattern.toStdString(), false);
    QVERIFY(bytes.has_value());
    QCOMPARE(static_cast<int>(requiredRunsOf(*bytes).size()), runs);
}

void TestTextMatcher::manyPatternsAreFoundAsEachAlone()
{
    Random random(14);
    int found = 0;
    for (int round = 0; round < 150; ++round) {
        std::vector<TextPattern> patterns;
        std::vector<Node> nodes;
        const auto hit = [&] { return static_cast<std::uint16_t>(random.below(40)); };
        for (std::uint64_t i = random.below(30); i > 0; --i)
            patterns.push_back(
                {random.chance(0.5) ? TextPattern::Kind::Literal : TextPattern::Kind::Word,
                 utf8({kAlphabet[random.below(kAlphabet.size())],
                       kAlphabet[random.below(kAlphabet.size())]}),
                 random.chance(0.5), hit()});
        const std::size_t literals = patterns.size();
        for (std::uint64_t i = random.below(12); i > 0; --i) {
            nodes.push_back(randomNode(random, 3));
            patterns.push_back(
                {TextPattern::Kind::Regex, textOf(nodes.back()), random.chance(0.5), hit()});
        }
        const auto matcher = TextMatcher::compile(patterns);
        QVERIFY(matcher.has_value());
        for (int t = 0; t < 20; ++t) {
            std::u32string text;
            for (std::uint64_t length = random.below(30); length > 0; --length)
                text += kAlphabet[random.below(kAlphabet.size())];
            const std::string bytes = utf8(text);
            std::vector<std::uint8_t> expected(40);
            for (std::size_t i = 0; i < patterns.size(); ++i) {
                const TextPattern& pattern = patterns[i];
                const bool isWord = pattern.kind == TextPattern::Kind::Word;
                expected[pattern.hit] |=
                    i < literals ? occurs({pattern.text, pattern.ignoreCase, isWord, 0}, bytes)
                                 : matches(nodes[i - literals], text, pattern.ignoreCase);
            }
            std::vector<std::uint8_t> hits(40);
            (*matcher)->scan(bytes, hits.data());
            QCOMPARE(hits, expected);
            found += static_cast<int>(std::ranges::count(expected, 1));
        }
    }
    QVERIFY(found > 1000);
}

void TestTextMatcher::expressionsMatchCodePoints()
{
    Random random(7);
    int found = 0;
    constexpr int kExpressions = 800;
    constexpr int kTextsEach = 12;
    for (int i = 0; i < kExpressions; ++i) {
        const Node node = randomNode(random, 3);
        const bool ignoreCase = random.chance(0.5);
        const std::string pattern = textOf(node);
        const auto expression = compileExpression(pattern, ignoreCase);
        QVERIFY2(expression.has_value(), pattern.c_str());
        for (int t = 0; t < kTextsEach; ++t) {
            std::u32string text;
            for (std::uint64_t length = random.below(7); length > 0; --length)
                text += kAlphabet[random.below(kAlphabet.size())];
            const bool expected = matches(node, text, ignoreCase);
            if (matchesSomewhere(**expression, utf8(text)) != expected)
                QFAIL(qPrintable(
                    QStringLiteral("%1 on %2, case %3, expected %4")
                        .arg(QString::fromStdString(pattern), QString::fromStdString(utf8(text)))
                        .arg(ignoreCase)
                        .arg(expected)));
            found += expected;
        }
    }
    QVERIFY(found > kExpressions * kTextsEach / 5 && found < kExpressions * kTextsEach * 4 / 5);
}

void TestTextMatcher::onlyThePortableSubsetIsTaken_data()
{
    QTest::addColumn<QByteArray>("pattern");
    QTest::addColumn<QByteArray>("complaint"); // empty: it is portable
    const auto row = [](const char* pattern, const char* complaint) {
        QTest::newRow(pattern) << QByteArray(pattern) << QByteArray(complaint);
    };
    for (const char* portable : {"a", "^a$", "(?:a|b)+c?", "[a-z0-9_-]*", "[^\\]\\\\]", "a{3}",
                                 "a{0,255}", "a{2,}", "\\.\\*\\n\\t", "(?:|a)", "]", "}", "-",
                                 "[-a]", "[a-]", "\xC3\xA4+", "(?:(?:a)*)*", "[$^]"})
        row(portable, "");
    row("a.b", "a dot at character 2");
    row("(a)", "a group other than (?:…)");
    row("(?=a)", "a group other than (?:…)");
    row("(?i)a", "a group other than (?:…)");
    row("(?:a", "a group that is not closed");
    row("a)", "a closing parenthesis without its opening one");
    row("\\w", "the escape \\w");
    row("\\bx", "the escape \\b");
    row("\\1", "the escape \\1");
    row("\\p{L}", "the escape \\p");
    row("a\\", "a backslash at the end");
    row("a**", "a repeat of a repeat");
    row("a+?", "a repeat of a repeat");
    row("*a", "a repeat of nothing");
    row("(?:|*)", "a repeat of nothing");
    row("^*", "a repeated anchor");
    row("a{256}", "a repeat outside of 0 to 255");
    row("a{3,2}", "a repeat outside of 0 to 255");
    row("a{99999999999999999999}", "a brace that is no repeat");
    row("a{,2}", "a brace that is no repeat");
    row("a{x}", "a brace that is no repeat");
    row("[a", "a class that is not closed");
    row("[]", "an empty class");
    row("[[:alpha:]]", "an opening bracket inside a class");
    row("[z-a]", "a class range that runs backwards");
    row("\xC3\xA4.", "a dot at character 2");
}

void TestTextMatcher::onlyThePortableSubsetIsTaken()
{
    QFETCH(const QByteArray, pattern);
    QFETCH(const QByteArray, complaint);
    const auto expression = compileExpression(pattern.toStdString(), false);
    QCOMPARE(expression.has_value(), complaint.isEmpty());
    if (!expression)
        QVERIFY2(QByteArray::fromStdString(expression.error().message).contains(complaint),
                 expression.error().message.c_str());
    const auto deep = compileExpression(std::string(4000, '(') + pattern.toStdString(), false);
    QVERIFY(!deep);
}

void TestTextMatcher::whatTheEditorCallsPortableIsTaken()
{
    Random random(11);
    const std::vector<std::string> pieces = {
        "a",      "B",        "\\.", "\\n", "[",   "]", "^",     "$",       "-",
        "(?:",    ")",        "|",   "*",   "+",   "?", "{2,3}", "{0,255}", "\xC3\xA4",
        "[^a-z]", "[\\]\\-]", "\\{", "\\/", "[a-", "(", "."};
    int portable = 0;
    for (int i = 0; i < 30'000; ++i) {
        std::string pattern;
        for (std::uint64_t length = 1 + random.below(8); length > 0; --length)
            pattern += pieces[random.below(pieces.size())];
        if (!portableRegexProblem(pattern).empty())
            continue;
        const auto expression = compileExpression(pattern, random.chance(0.5));
        QVERIFY2(expression.has_value(),
                 (pattern + ": " + (expression ? "" : expression.error().message)).c_str());
        ++portable;
    }
    QVERIFY2(portable > 2'000, qPrintable(QString::number(portable)));
}

void TestTextMatcher::rangesAndTheEndOfTheTextMeanOneThing()
{
    const auto found = [](const std::string& pattern, const std::string& text,
                          bool ignoreCase = false) {
        return matchesSomewhere(**compileExpression(pattern, ignoreCase), text);
    };
    QVERIFY(!found("a$", "a\n"));
    QVERIFY(!found("^b", "a\nb"));
    QVERIFY(found("^$", ""));
    QVERIFY(!found("^$", "\n"));
    // Every code point of a range that crosses all lengths of UTF-8, and none beside it.
    for (const char32_t point : {U'\x3F', U'\x40', U'\x7F', U'\u0080', U'\u07FF', U'\u0800',
                                 U'\uD7FF', U'\uE000', U'\uFFFF', U'\U00010000', U'\U000FFFFF',
                                 U'\U00100000', U'\U0010ABCC', U'\U0010ABCD', U'\U0010FFFF'}) {
        const bool isInside = point >= 0x40 && point <= 0x10ABCC;
        QCOMPARE(found("^[@-" + utf8(U"\U0010ABCC") + "]$", utf8({point})), isInside);
        QCOMPARE(found("^[^@-" + utf8(U"\U0010ABCC") + "]$", utf8({point})), !isInside);
    }
    QVERIFY(found("^[a-f]+$", "aBcDeF", true));
    QVERIFY(!found("^[^a-f]+$", "xBx", true));
    QVERIFY(found("[Z-\\[]", "z", true));
    QVERIFY(!found("k", "\u212A", true)); // the Kelvin sign is no ASCII letter
    QVERIFY(!found("s", "\u017F", true));
}

void TestTextMatcher::illFormedBytesAreMatchedByNothing()
{
    for (const char* bytes :
         {"\xFF", "\x80", "\xC3", "\xED\xA0\x80", "\xC0\xAF", "\xF5\x80\x80\x80"})
        QVERIFY(!matchesSomewhere(**compileExpression("^[^a]+$", false), bytes));
    QVERIFY(matchesSomewhere(**compileExpression("a", false), "\xFFza\xFF"));
}

QTEST_GUILESS_MAIN(TestTextMatcher)
#include "tst_text_matcher.moc"
