// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: what could name a person or open a door is replaced by its kind and counted; other text
// stays as it is, byte by byte.

#include "row_text.h"

#include <core/traffic/row_redactor.h>
#include <core/traffic/text_redactor.h>

#include <QTest>

using namespace signalbox;

class TestTextRedactor : public QObject
{
    Q_OBJECT
private slots:
    void sensitivePartsAreReplacedByTheirKind_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("redacted");
        const auto row = [](const char* name, const QByteArray& text, const QByteArray& redacted) {
            QTest::newRow(name) << text << redacted;
        };
        row("e-mail", "Write to ann.lee+x@mail.example.org.", "Write to [email].");
        row("e-mail of digits", "0171234567@example.org", "[email]");
        row("e-mail with umlauts", "an jörg@bücher.example, bitte", "an [email], bitte");
        row("two addresses", "a@b.example,c@d.example", "[email],[email]");
        row("international phone", "Call +49 (30) 901820-12 now", "Call [phone] now");
        row("phone with 00", "0049 30 90182012", "[phone]");
        row("phone in groups", "or 212-555-0142, ok", "or [phone], ok");
        row("phone with brackets", "(212) 555-0142", "[phone]");
        row("card", "card 4111 1111 1111 1111 please", "card [card] please");
        row("card without blanks", "4111111111111111", "[card]");
        row("card behind a number", "77 4111 1111 1111 1111", "77 [card]");
        row("card behind a long number", "12345678 4111-1111-1111-1111", "12345678 [card]");
        row("phone behind a date", "2026-11-27 +49 30 90182012", "2026-11-27 [phone]");
        row("IBAN", "to DE89 3704 0044 0532 0130 00 today", "to [iban] today");
        row("IBAN without blanks", "GB82WEST12345698765432", "[iban]");
        row("model provider's key", "key sk-proj-abc123DEF456ghi789 works", "key [key] works");
        row("cloud key", "AKIAIOSFODNN7EXAMPLE", "[key]");
        row("code host's key", QByteArray("ghp_") + QByteArray(36, 'a') + "1", "[key]");
        row("chat's key", "xoxb-1234567890-abcdefghij", "[key]");
        row("token of three parts", "eyJhbGciOiJI.eyJzdWIiOiIx.SflKxwRJSMeKKF", "[key]");
        row("private key", "a\n-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\nb",
            "a\n[key]\nb");
        row("private key, cut off", "-----BEGIN RSA PRIVATE KEY-----\nMIIE", "[key]");
    }
    void sensitivePartsAreReplacedByTheirKind()
    {
        QFETCH(const QByteArray, text);
        QFETCH(const QByteArray, redacted);
        const auto redactor = TextRedactor::make();
        QVERIFY(redactor);
        std::vector<RedactionCount> counts;
        const std::string result = redactor->redacted(text.toStdString(), counts);
        QCOMPARE(QByteArray::fromStdString(result), redacted);
        QVERIFY(!counts.empty());
        std::vector<RedactionCount> none;
        QCOMPARE(redactor->redacted(result, none), result); // once is enough
        QVERIFY(none.empty());
    }

    void kindsCanBeLeft()
    {
        const auto redactor = TextRedactor::make({}, {"email"});
        std::vector<RedactionCount> counts;
        QCOMPARE(redactor->redacted("a@b.example, +49 30 1234567, c@d.example", counts),
                 std::string("a@b.example, [phone], c@d.example"));
        QCOMPARE(counts, (std::vector<RedactionCount>{{"phone", 1}}));
        const auto none = TextRedactor::make({}, TextRedactor::builtInKinds());
        const std::string all = "a@b.example 4111 1111 1111 1111 AKIAIOSFODNN7EXAMPLE "
                                "DE89370400440532013000 +49 30 1234567";
        QCOMPARE(none->redacted(all, counts), all);
    }

    void otherTextStaysAsItIs_data()
    {
        QTest::addColumn<QByteArray>("text");
        for (const char* text :
             {"", "Order 12345 of 2026-11-27 at 10:30", "1,234,567.89 dollars", "@here: v1.2.3",
              "192.168.178.201", "4111 1111 1111 1112 is no card, nor is 12345", "sk-learn is fine",
              "task-force-2026-planning-phase", "DE00 0000 0000 0000 0000", "Grüße, 日本語 — ok",
              "a @ b", "price: $1000000000", "id 7f3e1234567890ab", "-----BEGIN CERTIFICATE-----"})
            QTest::newRow(text) << QByteArray(text);
    }
    void otherTextStaysAsItIs()
    {
        QFETCH(const QByteArray, text);
        const auto redactor = TextRedactor::make();
        std::vector<RedactionCount> counts;
        QCOMPARE(QByteArray::fromStdString(redactor->redacted(text.toStdString(), counts)), text);
        QVERIFY(counts.empty());
    }

    void kindsAreCounted()
    {
        const auto redactor = TextRedactor::make();
        std::vector<RedactionCount> counts;
        std::ignore = redactor->redacted("a@b.example and 4111111111111111", counts);
        std::ignore = redactor->redacted("c@d.example", counts);
        const std::vector<RedactionCount> expected{{"email", 2}, {"card", 1}};
        QVERIFY(counts == expected);
    }

    void ownPatternsGoFirst()
    {
        const auto redactor = TextRedactor::make({{"order", "ORD-[0-9]+"}, {"mail", "[a-z]+@in"}});
        QVERIFY(redactor);
        std::vector<RedactionCount> counts;
        QCOMPARE(redactor->redacted("ORD-77 for bob@in.example", counts),
                 std::string("[order] for [mail].example"));
    }

    void aPatternThatMatchesNothingDoesNothing()
    {
        const auto redactor = TextRedactor::make({{"x", "q*"}});
        std::vector<RedactionCount> counts;
        QCOMPARE(redactor->redacted("aqq\xC3\xA4", counts), std::string("a[x]\xC3\xA4"));
    }

    void rowsAreRedactedWhereverPeopleWrite()
    {
        LogMapping log;
        log.places = {{LogField::RequestId, "/id"},
                      {LogField::Messages, "/messages"},
                      {LogField::Response, "/answer"},
                      {LogField::Metadata, "/meta"}};
        const auto redactor = TextRedactor::make();
        QVERIFY(redactor);
        std::vector<std::string> rows;
        RowRedactor rowRedactor(*redactor, [&rows](std::span<const LoggedRequest> clean) {
            for (const LoggedRequest& row : clean)
                rows.push_back(test::RowText(row).text());
        });
        const auto report = readLog(
            "{\"id\":\"a@b.example\",\"messages\":[{\"role\":\"user\",\"content\":\"I am "
            "a@b.example\"}],\"answer\":\"Hi a@b.example\",\"meta\":{\"mail\":\"a@b.example\"}}",
            log, [&](std::span<const LoggedRequest> read) { rowRedactor.add(read); });
        QVERIFY(report);
        QCOMPARE(rows, std::vector<std::string>{"id=a@b.example | says=user:I am [email] | "
                                                "answer=Hi [email] | meta=mail:[email]"});
        const std::vector<RedactionCount> expected{{"email", 3}};
        QVERIFY(rowRedactor.counts() == expected);
    }

    void aBadPatternIsRefused()
    {
        const auto redactor = TextRedactor::make({{"ok", "a"}, {"bad", "("}});
        QVERIFY(!redactor);
        QCOMPARE(redactor.error().where, std::string("1"));
        QVERIFY(!TextRedactor::make({{"a]b", "x"}}));
    }
};

QTEST_GUILESS_MAIN(TestTextRedactor)
#include "tst_text_redactor.moc"
