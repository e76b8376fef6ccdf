// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: a difference is made of phrases, and applied to one text it gives the other; paragraphs
// that say the same are put beside each other, in order; the rows whose answers lie furthest apart
// in style are known.

#include <core/base/random.h>
#include <core/base/utf8.h>
#include <core/voice/paragraph_alignment.h>
#include <core/voice/phrase_difference.h>
#include <core/voice/row_spread.h>

#include <QTest>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

using namespace signalbox;

namespace {

using Kind = PhraseChange::Kind;

std::string textOf(const QString& text)
{
    return text.toStdString();
}

/// "We [-can-][+will+] help you": what is the same, removed, added.
QString marked(const std::string& from, const std::string& to)
{
    QString line;
    for (const PhraseChange& change : phraseDifference(from, to).changes) {
        const std::string_view phrase =
            change.kind == Kind::Removed ? change.from.of(from) : change.to.of(to);
        const QString text = QString::fromUtf8(phrase.data(), qsizetype(phrase.size()));
        line += change.kind == Kind::Same      ? text
                : change.kind == Kind::Removed ? QStringLiteral("[-%1-]").arg(text)
                                               : QStringLiteral("[+%1+]").arg(text);
    }
    return line;
}

/// What is the same is read from the first text, what is added from the second.
std::string applied(const PhraseDifference& difference, std::string_view from, std::string_view to)
{
    std::string result;
    for (const PhraseChange& change : difference.changes) {
        if (change.kind == Kind::Same)
            result += change.from.of(from);
        else if (change.kind == Kind::Added)
            result += change.to.of(to);
    }
    return result;
}

std::string takenBack(const PhraseDifference& difference, std::string_view from)
{
    std::string result;
    for (const PhraseChange& change : difference.changes) {
        if (change.kind != Kind::Added)
            result += change.from.of(from);
    }
    return result;
}

constexpr std::array kPieces = {
    "the ",    "refund ", "is ",          "not ",
    "ready. ", "It's ",   "\n\n",         "- ",
    "you ",    "can ",    "café ",        "5 ",
    "days, ",  "!",       "\xE2\x80\x99", "\xF0\x9F\x91\x8D\xF0\x9F\x8F\xBD",
    "\xFF",    "中文 ",   "wait ",        "reset "};

std::string randomText(Random& random, std::size_t most)
{
    std::string text;
    const std::size_t pieces = random.below(most + 1);
    for (std::size_t i = 0; i < pieces; ++i)
        text += kPieces.at(random.below(kPieces.size()));
    return text;
}

/// A text with some pieces of it left out, doubled or replaced.
std::string varied(Random& random, const std::string& text)
{
    std::string other;
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t length = std::min<std::size_t>(1 + random.below(12), text.size() - i);
        if (!random.chance(0.15))
            other += text.substr(i, length);
        if (random.chance(0.1))
            other += kPieces.at(random.below(kPieces.size()));
        i += length;
    }
    return other;
}

void spansFollowEachOther(const PhraseDifference& difference, const std::string& from,
                          const std::string& to)
{
    std::size_t inFrom = 0;
    std::size_t inTo = 0;
    int added = 0;
    int removed = 0;
    for (std::size_t i = 0; i < difference.changes.size(); ++i) {
        const PhraseChange& change = difference.changes[i];
        QCOMPARE(change.from.begin, inFrom);
        QCOMPARE(change.to.begin, inTo);
        inFrom = change.from.end;
        inTo = change.to.end;
        QVERIFY(!(change.from.isEmpty() && change.to.isEmpty()));
        if (change.kind == Kind::Same)
            QVERIFY(change.from.of(from) == change.to.of(to));
        if (i > 0)
            QVERIFY(change.kind != difference.changes[i - 1].kind);
        added += change.kind == Kind::Added ? change.words : 0;
        removed += change.kind == Kind::Removed ? change.words : 0;
    }
    QCOMPARE(inFrom, from.size());
    QCOMPARE(inTo, to.size());
    QCOMPARE(difference.wordsAdded, added);
    QCOMPARE(difference.wordsRemoved, removed);
}

StyleVector flatStyle(float value)
{
    StyleVector style;
    style.fill(value);
    return style;
}

} // namespace

class TestReading : public QObject
{
    Q_OBJECT
private slots:
    void aDifferenceIsReadInPhrases_data()
    {
        QTest::addColumn<QString>("from");
        QTest::addColumn<QString>("to");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* name, const char* from, const char* to,
                            const char* expected) {
            QTest::newRow(name) << QString::fromUtf8(from) << QString::fromUtf8(to)
                                << QString::fromUtf8(expected);
        };
        row("equal", "Wait five days.", "Wait five days.", "Wait five days.");
        row("both empty", "", "", "");
        row("from nothing", "", "Wait five days.", "[+Wait five days.+]");
        row("to nothing", "Wait five days.", "", "[-Wait five days.-]");
        row("one word", "You can reset it here.", "You may reset it here.",
            "You [-can-][+may+] reset it here.");
        row("a phrase comes", "Reset the link in your profile.",
            "Reset the link as soon as you can in your profile.",
            "Reset the link [+as soon as you can +]in your profile.");
        row("a phrase goes", "Thanks for asking! The link is valid.", "The link is valid.",
            "[-Thanks for asking! -]The link is valid.");
        row("a word between two differences is none of its own", "please send a red form today",
            "do not fax a blue form today",
            "[-please send a red-][+do not fax a blue+] form today");
        row("case counts", "Sure we can do that", "sure we can do that",
            "[-Sure-][+sure+] we can do that");
        row("an apostrophe is in the word", "we can't do that", "we can do that",
            "we [-can't-][+can+] do that");
        row("no spaces between words", "我们可以重置密码", "我们不能重置密码",
            "我们[-可以-][+不能+]重置密码");
        row("an emoji stays whole", "good 👍🏽 for you", "good 👍🏻 for you",
            "good [-👍🏽-][+👍🏻+] for you");
    }
    void aDifferenceIsReadInPhrases()
    {
        QFETCH(QString, from);
        QFETCH(QString, to);
        QFETCH(QString, expected);
        QCOMPARE(marked(textOf(from), textOf(to)), expected);
    }

    void theWordsAreCounted()
    {
        const PhraseDifference difference =
            phraseDifference("Thanks! The link is valid for 15 minutes.",
                             "The link is valid for a quarter of an hour.");
        QCOMPARE(difference.wordsRemoved, 3); // Thanks, 15, minutes
        QCOMPARE(difference.wordsAdded, 5);   // a quarter of an hour
        QVERIFY(difference.isFinest);
    }

    void appliedItGivesTheOtherText()
    {
        Random random(11);
        for (int i = 0; i < 4'000; ++i) {
            const std::string from = randomText(random, 40);
            const std::string to = i % 2 == 0 ? varied(random, from) : randomText(random, 40);
            const PhraseDifference difference = phraseDifference(from, to);
            QVERIFY(applied(difference, from, to) == to);
            QVERIFY(takenBack(difference, from) == from);
            spansFollowEachOther(difference, from, to);
            if (QTest::currentTestFailed())
                return;
        }
    }

    void aTextIsNoDifferenceFromItself()
    {
        Random random(12);
        for (int i = 0; i < 300; ++i) {
            const std::string text = randomText(random, 60);
            const PhraseDifference difference = phraseDifference(text, text);
            QCOMPARE(difference.changes.size(), std::size_t(text.empty() ? 0 : 1));
            QCOMPARE(difference.wordsAdded + difference.wordsRemoved, 0);
        }
    }

    /// Two long texts without a common word, and two that say every word in another order.
    void longTextsAreBounded()
    {
        Random random(13);
        std::string from;
        std::string to;
        for (int i = 0; i < 20'000; ++i) {
            from += "a" + std::to_string(random.below(500)) + " ";
            to += "b" + std::to_string(random.below(500)) + " ";
        }
        for (const std::string& other : {to, std::string(from.rbegin(), from.rend())}) {
            const PhraseDifference difference = phraseDifference(from, other);
            QVERIFY(applied(difference, from, other) == other);
            QVERIFY(!difference.isFinest);
        }
    }

    void paragraphsThatSayTheSameStandBesideEachOther()
    {
        const std::vector<std::string_view> one =
            paragraphsOf("Thanks for asking.\n\nOpen the settings page.\n\nChoose reset.\n\nGoodbye.");
        const std::vector<std::string_view> other =
            paragraphsOf("Open the settings page now.\n\nWait.\n\nChoose reset there.");
        const std::vector<std::size_t> beside = alignParagraphs(one, other);
        QCOMPARE(beside.size(), one.size());
        QCOMPARE(beside[2], std::size_t(0)); // the settings page
        QCOMPARE(beside[4], std::size_t(4)); // reset
        QCOMPARE(beside[6], std::size_t(4)); // nothing is left below
    }

    void alignmentNeverFallsAndStaysInside()
    {
        Random random(14);
        for (int i = 0; i < 500; ++i) {
            const std::string a = randomText(random, 60);
            const std::string b = i % 2 == 0 ? varied(random, a) : randomText(random, 60);
            const auto one = paragraphsOf(a);
            const auto other = paragraphsOf(b);
            const std::vector<std::size_t> beside = alignParagraphs(one, other);
            QCOMPARE(beside.size(), one.size());
            QVERIFY(std::ranges::is_sorted(beside));
            QVERIFY(std::ranges::all_of(beside, [&](std::size_t at) { return at < other.size(); }));
            const std::vector<std::size_t> same = alignParagraphs(one, one);
            for (std::size_t at = 0; at < same.size(); ++at)
                QCOMPARE(same[at], at);
        }
        QCOMPARE(alignParagraphs(paragraphsOf("a\nb"), {}), (std::vector<std::size_t>{0, 0}));
        QVERIFY(alignParagraphs({}, paragraphsOf("a")).empty());
    }

    void rowsAreToldByTheirFurthestPair()
    {
        const StyleVector zero = flatStyle(0);
        const StyleVector one = flatStyle(1);
        const StyleVector three = flatStyle(3);
        const StyleVector missing = flatStyle(std::numeric_limits<float>::quiet_NaN());
        const std::vector<double> spreads =
            rowSpreads({&zero, &one, nullptr, &zero, &three, &one, &zero, nullptr, nullptr, &zero,
                        &missing, nullptr},
                       3);
        QCOMPARE(spreads.size(), std::size_t(4));
        QVERIFY(spreads[1] > 2.9 * spreads[0] && spreads[1] < 3.1 * spreads[0]);
        QVERIFY(std::isnan(spreads[2])); // one answer is not apart from anything
        QVERIFY(std::isnan(spreads[3]));
        QVERIFY(rowSpreads({}, 0).empty());
    }
};

QTEST_GUILESS_MAIN(TestReading)
#include "tst_reading.moc"
