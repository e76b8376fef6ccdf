// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: a key that a server sends back is not in the text that is shown, however it is cut;
// other text comes through unchanged; foreign text in errors is one harmless line.

#include <core/providers/redaction.h>

#include <QTest>

using namespace signalbox;

namespace {

std::string redactedPieces(const std::string& key, const std::vector<std::string>& pieces)
{
    StreamRedactor redactor(key);
    std::string shown;
    for (const std::string& piece : pieces)
        shown += redactor.feed(piece);
    return shown + redactor.flush();
}

} // namespace

class TestRedaction : public QObject
{
    Q_OBJECT
private slots:
    void aKeyIsTakenOutWhereverItIsCut()
    {
        const std::string key = "sk-canary-0123456789";
        const std::string text = "your key is " + key + ", " + key + key + "!";
        for (std::size_t size = 1; size <= text.size(); ++size) {
            std::vector<std::string> pieces;
            for (std::size_t at = 0; at < text.size(); at += size)
                pieces.push_back(text.substr(at, size));
            const std::string shown = redactedPieces(key, pieces);
            QVERIFY2(shown.find(key) == std::string::npos, shown.c_str());
            QVERIFY2(shown.find("canary") == std::string::npos, shown.c_str());
            QVERIFY(shown.ends_with("!"));
        }
    }

    void otherTextComesThroughUnchanged_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("plain") << QByteArray("nothing to see");
        QTest::newRow("begins like it") << QByteArray("abcabcab abcabcabx abca");
        QTest::newRow("ends inside it") << QByteArray("so abcabca");
    }
    void otherTextComesThroughUnchanged()
    {
        QFETCH(const QByteArray, text);
        std::vector<std::string> bytes;
        for (const char c : text)
            bytes.emplace_back(1, c);
        QCOMPARE(redactedPieces("abcabcabd", bytes), text.toStdString());
        QCOMPARE(redactedPieces("abcabcabd", {text.toStdString()}), text.toStdString());
    }

    void aMatchThatFallsBackIsStillFound()
    {
        QCOMPARE(redactedPieces("aaaaaaab", {"aaaa", "aaaa", "ab"}), "aa" + std::string(kRedacted));
    }

    void textIsHeldBackOnlyWhileItCouldBeTheKey()
    {
        StreamRedactor redactor("sk-canary-1");
        QCOMPARE(redactor.feed("Yes"), std::string("Yes")); // an s alone is no reason to wait
        QCOMPARE(redactor.feed("k-cat"), std::string("k-cat"));
        QCOMPARE(redactor.feed("sk-ca"), std::string());
        QCOMPARE(redactor.feed("t"), std::string("sk-cat"));
    }

    void shortKeysAreNoSecretsInText()
    {
        QCOMPARE(redactedPieces("none", {"none of them"}), std::string("none of them"));
        QCOMPARE(withoutSecrets("bad key hunter2", {"hunter2"}),
                 "bad key " + std::string(kRedacted));
        QCOMPARE(withoutSecrets("a b", {"", "b"}), std::string("a b"));
    }

    void aPromptIsKnownByItsBeginning()
    {
        const std::string prompt = "Where is my\n  parcel? It was sent on Monday.";
        const Redaction redaction({}, {"short", prompt});
        QCOMPARE(redaction.line("bad: Where is my parcel? It was sent on Monday. Sorry"),
                 std::string("bad: [prompt] Sorry"));
        QCOMPARE(redaction.line("bad: " + prompt), std::string("bad: [prompt]"));
        QCOMPARE(redaction.line("'Where is my parcel? It w...'"), std::string("'[prompt]...'"));
        QCOMPARE(redaction.line("Where is my cat? A short one"),
                 std::string("Where is my cat? A short one"));
    }

    void nothingOfAKeyIsLeftWhereverTheTextIsCut()
    {
        const std::string key = "sk-canary-0123456789";
        const Redaction redaction(key, {});
        for (std::size_t before = 0; before < 300; ++before) {
            const std::string line = redaction.line(std::string(before, 'x') + key + key + " y");
            QVERIFY2(line.find("sk-") == std::string::npos, line.c_str());
        }
        for (std::size_t length = 8; length <= key.size(); ++length)
            QCOMPARE(redaction.line("your key " + key.substr(0, length)),
                     "your key " + std::string(kRedacted));
    }

    void foreignTextBecomesOneHarmlessLine()
    {
        QCOMPARE(oneLine("  a\r\n\tb\x1B[31m \xE2\x80\xAE"
                         "c  "),
                 std::string("a b [31m c"));
        QCOMPARE(oneLine("x\xFFy"), std::string("x\xEF\xBF\xBDy"));
        const std::string cut = oneLine(std::string(500, 'a') + "ü", 50);
        QVERIFY(cut.ends_with("…") && cut.size() <= 53);
        QVERIFY(oneLine("🚀🚀🚀🚀🚀", 10).ends_with("🚀…"));
    }
};

QTEST_GUILESS_MAIN(TestRedaction)
#include "tst_redaction.moc"
