// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: what gives a voice away is read as the answer's reader saw it: rendered, its lines and
// lists kept, the passages marked and nothing beside them; nothing in an answer acts as markup.

#include <ui/kit/theme.h>
#include <ui/voices/marked_excerpt.h>

#include <QTest>
#include <QTextBlock>
#include <QTextDocument>

using namespace signalbox;
using namespace signalbox::ui;

namespace {

bool isNumber(const QTextCharFormat& format)
{
    return format.background().color() == Theme::current().colors().markerStrong;
}

enum class Of { Passages, Numbers };

/// The words on a ground of their own, in order; or the numbers of their traits.
QStringList markedIn(const QString& html, Of what = Of::Passages)
{
    QTextDocument document;
    document.setHtml(html);
    QStringList marked;
    for (auto block = document.begin(); block.isValid(); block = block.next()) {
        for (auto part = block.begin(); !part.atEnd(); ++part) {
            const QTextCharFormat format = part.fragment().charFormat();
            if (format.hasProperty(QTextFormat::BackgroundBrush) &&
                isNumber(format) == (what == Of::Numbers))
                marked << (what == Of::Numbers ? part.fragment().text().simplified()
                                               : part.fragment().text());
        }
    }
    return marked;
}

QString plainOf(const QString& html)
{
    QTextDocument document;
    document.setHtml(html);
    QStringList lines;
    for (auto block = document.begin(); block.isValid(); block = block.next()) {
        QString line;
        for (auto part = block.begin(); !part.atEnd(); ++part)
            line += isNumber(part.fragment().charFormat()) ? QString() : part.fragment().text();
        lines << line;
    }
    return lines.join(QLatin1Char('\n'));
}

HeardPassage heardIn(const std::string& text, const std::string& words, int trait = 1)
{
    return {{text.find(words), words.size()}, trait};
}

} // namespace

class MarkedExcerptTest : public QObject
{
    Q_OBJECT
private slots:
    void anAnswerIsRenderedAndItsPassagesAreMarked()
    {
        const std::string text = "## Cancelling \xF0\x9F\x91\x8D an order\n\n- You **can** refuse "
                                 "it\n- Great \xE2\x80\x93 done!";
        const QString html =
            markedExcerpt(text, {heardIn(text, "an order"), heardIn(text, "**can** refuse")});
        QCOMPARE(plainOf(html), QString::fromUtf8("Cancelling \U0001F44D an order\n"
                                                  "\u2022 You can refuse it\n"
                                                  "\u2022 Great \u2013 done!"));
        QCOMPARE(markedIn(html), QStringList({QStringLiteral("an order"), QStringLiteral("can"),
                                              QStringLiteral(" refuse")}));
        QCOMPARE(plainExcerpt(text, {}),
                 QString::fromUtf8("Cancelling \U0001F44D an order \u2022 You can "
                                   "refuse it \u2022 Great \u2013 done!"));
    }

    /// Also where passages overlap, begin together, or begin with marks that are not shown.
    void eachPassageBeginsWithTheNumberOfItsTrait()
    {
        const std::string text = "**Great** question, and so nice!\n- ok";
        const QString html =
            markedExcerpt(text, {heardIn(text, "so nice!", 2), heardIn(text, "**Great**", 3),
                                 heardIn(text, "**Great** question", 1), heardIn(text, "nice", 5),
                                 heardIn(text, "- ok", 6)});
        QCOMPARE(markedIn(html, Of::Numbers),
                 QStringList({QStringLiteral("1 3"), QStringLiteral("2"), QStringLiteral("5"),
                              QStringLiteral("6")}));
        QCOMPARE(markedIn(html), QStringList({QStringLiteral("Great"), QStringLiteral(" question"),
                                              QStringLiteral("so "), QStringLiteral("nice!"),
                                              QStringLiteral("ok")}));
        QVERIFY2(!plainExcerpt(text, {heardIn(text, "nice", 5)}).contains(QLatin1Char('5')),
                 "what is spoken has no numbers");
    }

    void nothingInAnAnswerActs()
    {
        const std::string text = "<b>x</b> &amp; <img src=x> \xE2\x80\xAE"
                                 "drow";
        const QString html = markedExcerpt(text, {{{0, 3}, 1}});
        QVERIFY2(!html.contains(QStringLiteral("<b>")) && !html.contains(QStringLiteral("<img")),
                 qPrintable(html));
        QCOMPARE(plainOf(html), QStringLiteral("<b>x</b> &amp; <img src=x> \u27E8RLO\u27E9drow"));
        QCOMPARE(markedIn(html), QStringList({QStringLiteral("<b>")}));
    }

    void aLateFirstPassageIsInSight()
    {
        const std::string text = std::string(600, 'a') + " found it " + std::string(600, 'b');
        const QString html = markedExcerpt(text, {heardIn(text, "found it")});
        QCOMPARE(markedIn(html), QStringList({QStringLiteral("found it")}));
        const QString plain = plainOf(html);
        QVERIFY2(plain.startsWith(QChar(0x2026)) && plain.endsWith(QChar(0x2026)) &&
                     plain.size() < 340,
                 qPrintable(plain));
        QCOMPARE(plainExcerpt(text, {heardIn(text, "found it")}), plain); // what is seen is spoken
    }

    void itEndsWithAWholeWord()
    {
        std::string text;
        while (text.size() < 2'000)
            text += "wonderful ";
        const QString plain = plainOf(markedExcerpt(text, {}));
        QVERIFY2(plain.endsWith(QStringLiteral("wonderful \u2026")), qPrintable(plain));
        QVERIFY2(plainExcerpt(text, {}).endsWith(QStringLiteral("wonderful\u2026")),
                 qPrintable(plainExcerpt(text, {})));
    }

    void bytesThatAreNoTextAreShown()
    {
        const std::string text = "caf\xE9 au lait";
        const QString html = markedExcerpt(text, {heardIn(text, "lait")});
        QVERIFY(plainOf(html).endsWith(QStringLiteral("au lait")));
        QCOMPARE(markedIn(html), QStringList{QStringLiteral("lait")});
    }
};

QTEST_MAIN(MarkedExcerptTest)
#include "tst_marked_excerpt.moc"
