// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: an address is read as it was written and never shows or holds a password; a plan with a
// secret is refused; an equal request has an equal key and another one has another; any text can be
// stored.

#include <core/evidence/request_key.h>
#include <core/evidence/store_address.h>
#include <core/evidence/store_text.h>
#include <core/evidence/stored_run.h>

#include <QTest>

using namespace signalbox;

namespace {

ExactRequest sampleRequest()
{
    ExactRequest request;
    request.dialect = "openai";
    request.server = "https://api.example.com/v1";
    request.model = "gpt-4";
    request.parameters = {{"temperature", "0.7"}, {"seed", "3"}};
    request.messages = {{"system", "Be short."}, {"user", "Hi"}};
    return request;
}

RunDraft sampleDraft()
{
    RunDraft draft;
    draft.id = RunId("r");
    draft.planJson = "{}";
    draft.prompts = {{PromptId("p"), "s", "[]"}};
    draft.lanes = {{LaneId("l"), R"({"keyRef":"env:OPENAI_API_KEY","maxTokens":512})"}};
    return draft;
}

} // namespace

class TestStoreValues : public QObject
{
    Q_OBJECT
private slots:
    void anAddressIsReadAsItWasWritten_data()
    {
        QTest::addColumn<QString>("text");
        QTest::newRow("file") << QStringLiteral("/home/a b/runs.sqlite");
        QTest::newRow("server") << QStringLiteral("postgresql://ann@db.example.com/lab");
        QTest::newRow("port") << QStringLiteral("postgresql://db.example.com:5433/lab");
        QTest::newRow("tls") << QStringLiteral("postgresql://ann@db/lab?sslmode=require");
        QTest::newRow("socket") << QStringLiteral("postgresql://ann@localhost/lab?host=/run/pg");
    }
    void anAddressIsReadAsItWasWritten()
    {
        QFETCH(const QString, text);
        const auto address = parseStoreAddress(text.toStdString());
        QVERIFY2(address, address ? "" : toString(address.error()).c_str());
        QCOMPARE(QString::fromStdString(toString(*address)), text);
        QVERIFY(parseStoreAddress(toString(*address)) == address);
    }

    void whatIsNoAddressIsASentence_data()
    {
        QTest::addColumn<QString>("text");
        QTest::newRow("empty") << QString();
        QTest::newRow("another database") << QStringLiteral("mysql://db/lab");
        QTest::newRow("no database") << QStringLiteral("postgresql://db");
        QTest::newRow("option") << QStringLiteral("postgresql://db/lab?passfile=/tmp/x");
        QTest::newRow("password") << QStringLiteral("postgresql://ann:secret@db/lab");
    }
    void whatIsNoAddressIsASentence()
    {
        QFETCH(const QString, text);
        const auto address = parseStoreAddress(text.toStdString());
        QVERIFY(!address);
        QVERIFY(!address.error().hint.empty());
        QVERIFY(toString(address.error()).find("secret") == std::string::npos);
    }

    void aPasswordOfTheSessionIsInNoText()
    {
        PostgresStore store =
            std::get<PostgresStore>(*parseStoreAddress("postgresql://ann@db/lab"));
        store.password = "secret";
        QVERIFY(toString(StoreAddress(store)).find("secret") == std::string::npos);
    }

    void aPlanWithASecretIsRefused_data()
    {
        QTest::addColumn<QByteArray>("spec");
        QTest::addColumn<bool>("refused");
        QTest::newRow("reference") << QByteArray(R"({"keyRef":"env:K","maxTokens":5})") << false;
        QTest::newRow("apiKey") << QByteArray(R"({"apiKey":"sk-123"})") << true;
        QTest::newRow("header") << QByteArray(R"({"headers":{"X-Api-Key":"sk-123"}})") << true;
        QTest::newRow("in a list") << QByteArray(R"([{"Authorization":"Bearer x"}])") << true;
        QTest::newRow("address") << QByteArray("{\"baseUrl\":\"https://me:pw@host/v1\"}") << true;
        QTest::newRow("plain address")
            << QByteArray("{\"baseUrl\":\"https://host/a:b@c\"}") << false;
        QTest::newRow("empty key") << QByteArray(R"({"apiKey":""})") << false;
        QTest::newRow("no JSON") << QByteArray("{") << true;
    }
    void aPlanWithASecretIsRefused()
    {
        QFETCH(const QByteArray, spec);
        QFETCH(const bool, refused);
        RunDraft draft = sampleDraft();
        draft.lanes[0].specJson = spec.toStdString();
        const auto checked = checkDraft(draft);
        QCOMPARE(!checked.has_value(), refused);
        if (refused) {
            QVERIFY(checked.error().where.starts_with("lanes[0]"));
            QVERIFY(toString(checked.error()).find("sk-123") == std::string::npos);
        }
        draft = sampleDraft();
        draft.planJson = spec.toStdString();
        QCOMPARE(!checkDraft(draft).has_value(), refused);
    }

    void aPromptMaySpeakOfPasswords()
    {
        RunDraft draft = sampleDraft();
        draft.prompts[0].messagesJson =
            R"([{"role":"user","text":"x","password":"https://a:b@c"}])";
        QVERIFY(checkDraft(draft).has_value());
    }

    void aDraftNeedsIdsOfItsOwn()
    {
        RunDraft draft = sampleDraft();
        draft.prompts.push_back(draft.prompts[0]);
        QCOMPARE(checkDraft(draft).error().where, std::string("prompts[1]"));
        draft = sampleDraft();
        draft.lanes.push_back(draft.lanes[0]);
        QCOMPARE(checkDraft(draft).error().where, std::string("lanes[1]"));
        draft = sampleDraft();
        draft.repeats = 0;
        QVERIFY(!checkDraft(draft));
        draft = sampleDraft();
        draft.id = {};
        QVERIFY(!checkDraft(draft));
    }

    void theKeyOfARequestIsForEver()
    {
        // Written into stores: if this changes, so must the leading number.
        QCOMPARE(QString::fromStdString(requestKey(sampleRequest())),
                 QStringLiteral("1-4b91cd9bc7124ccc9f8452d3fa8f5809")); // by Python's hashlib
    }

    void equalRequestsHaveOneKey()
    {
        ExactRequest request = sampleRequest();
        request.parameters = {{"seed", " 3.0"}, {"temperature", "0.70"}};
        QCOMPARE(requestKey(request), requestKey(sampleRequest()));
        request = sampleRequest();
        request.parameters.emplace_back("stop", R"({"a":1,"b":[2.0]})");
        ExactRequest other = sampleRequest();
        other.parameters.emplace_back("stop", R"({"b":[2], "a":1})");
        QCOMPARE(requestKey(request), requestKey(other));
    }

    void anotherRequestHasAnotherKey_data()
    {
        QTest::addColumn<int>("what");
        for (int i = 0; i < 9; ++i)
            QTest::addRow("%d", i) << i;
    }
    void anotherRequestHasAnotherKey()
    {
        QFETCH(const int, what);
        ExactRequest request = sampleRequest();
        switch (what) {
        case 0:
            request.dialect = "anthropic";
            break;
        case 1:
            request.server = "http://127.0.0.1:8080/v1";
            break;
        case 2:
            request.model = "gpt-4o";
            break;
        case 3:
            request.parameters[1].second = "4";
            break;
        case 4:
            request.parameters.pop_back();
            break;
        case 5:
            request.messages[1].second = "Hi ";
            break;
        case 6:
            request.messages[1].first = "assistant";
            break;
        case 7:
            request.repeat = 1;
            break;
        default: // the same bytes, divided otherwise
            request.messages = {{"system", "Be short.user"}, {"", "Hi"}};
        }
        QVERIFY(requestKey(request) != requestKey(sampleRequest()));
    }

    void anyTextComesBackEqual_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("plain") << QByteArray("plain");
        QTest::newRow("zero") << QByteArray("a\0b", 3);
        QTest::newRow("mark") << QByteArray("a\x1A"
                                            "0b");
        QTest::newRow("both") << QByteArray("\x1A\x1A\0\x1A", 4);
        QTest::newRow("wide") << QByteArray("\xF0\x9F\x9A\x80\xC3\xBC");
    }
    void anyTextComesBackEqual()
    {
        QFETCH(const QByteArray, text);
        const QString stored = toStoredText(text.toStdString());
        QVERIFY(!stored.contains(QChar(u'\0')));
        QCOMPARE(QByteArray::fromStdString(fromStoredText(stored)), text);
    }

    void everyStateHasANameOfItsOwn()
    {
        for (int i = 0; i < kStoredStateCount; ++i)
            QVERIFY(storedStateNamed(storedStateName(StoredState(i))) == StoredState(i));
        for (const RunState state :
             {RunState::Running, RunState::Paused, RunState::Stopped, RunState::Done})
            QVERIFY(runStateNamed(runStateName(state)) == state);
        QVERIFY(!storedStateNamed("excellent"));
    }
};

QTEST_GUILESS_MAIN(TestStoreValues)
#include "tst_store_values.moc"
