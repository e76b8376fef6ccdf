// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: an address is read as the connection will read it; a key goes only to origins it was
// granted for and never in the clear over a network; without a keychain the program still works.

#include "fake_keychain.h"

#include <core/providers/endpoint.h>
#include <core/providers/key_store.h>

#include <QSignalSpy>
#include <QTest>

using namespace signalbox;
using namespace signalbox::test;

using Access = KeyStore::Access;

namespace {

Endpoint at(const char* baseUrl)
{
    const auto endpoint = parseEndpoint(baseUrl);
    if (!endpoint)
        qFatal("%s", endpoint.error().message.c_str());
    return *endpoint;
}

} // namespace

class TestKeyStore : public QObject
{
    Q_OBJECT

    std::shared_ptr<FakeKeychain::State> m_keychain;
    std::unique_ptr<KeyStore> m_store;

    Result<Secret> resolved(const std::string& keyRef, const char* baseUrl)
    {
        std::optional<Result<Secret>> result;
        m_store->resolve(keyRef, at(baseUrl), this,
                         [&](const Result<Secret>& key) { result = key; });
        if (!QTest::qWaitFor([&] { return result.has_value(); }))
            return fail(ErrorCode::Internal, "no answer");
        return *result;
    }
    Result<void> kept(const std::string& name, const std::string& key, const char* baseUrl)
    {
        std::optional<Result<void>> result;
        m_store->keep(name, Secret(key), at(baseUrl), this,
                      [&](const Result<void>& done) { result = done; });
        if (!QTest::qWaitFor([&] { return result.has_value(); }))
            return fail(ErrorCode::Internal, "no answer");
        return *result;
    }

private slots:
    void init()
    {
        m_keychain = std::make_shared<FakeKeychain::State>();
        m_store = std::make_unique<KeyStore>(std::make_unique<FakeKeychain>(m_keychain));
        qputenv("SIGNALBOX_TEST_KEY", "sk-canary-environment");
        qunsetenv("SIGNALBOX_TEST_NO_KEY");
    }

    void addressesAreReadAsTheConnectionReadsThem_data()
    {
        QTest::addColumn<QByteArray>("baseUrl");
        QTest::addColumn<QByteArray>("url");
        QTest::addColumn<QByteArray>("origin");
        QTest::addColumn<bool>("loopback");
        const auto row = [](const char* baseUrl, const char* url, const char* origin,
                            bool loopback) {
            QTest::newRow(baseUrl)
                << QByteArray(baseUrl) << QByteArray(url) << QByteArray(origin) << loopback;
        };
        row("https://api.openai.com/v1", "https://api.openai.com/v1", "https://api.openai.com",
            false);
        row("HTTPS://API.OpenAI.com:443/v1//", "https://api.openai.com/v1",
            "https://api.openai.com", false);
        row("http://127.0.0.1:8080/v1/", "http://127.0.0.1:8080/v1", "http://127.0.0.1:8080", true);
        row("http://localhost:1234", "http://localhost:1234", "http://localhost:1234", true);
        row("http://[::1]:8080/v1", "http://[::1]:8080/v1", "http://[::1]:8080", true);
        row("http://2130706433/", "http://127.0.0.1", "http://127.0.0.1", true);
        row("http://127.0.0.1.evil.example/v1", "http://127.0.0.1.evil.example/v1",
            "http://127.0.0.1.evil.example", false);
        row("https://localhost.evil.example", "https://localhost.evil.example",
            "https://localhost.evil.example", false);
        row("https://host/%2e%2e/v1", "https://host/%2e%2e/v1", "https://host", false);
    }
    void addressesAreReadAsTheConnectionReadsThem()
    {
        QFETCH(const QByteArray, baseUrl);
        QFETCH(const QByteArray, url);
        QFETCH(const QByteArray, origin);
        QFETCH(const bool, loopback);
        const Endpoint endpoint = at(baseUrl.constData());
        QCOMPARE(QByteArray::fromStdString(endpoint.url), url);
        QCOMPARE(QByteArray::fromStdString(endpoint.origin), origin);
        QCOMPARE(endpoint.loopback, loopback);
    }

    void addressesThatCannotBeTrustedAreRefused_data()
    {
        QTest::addColumn<QByteArray>("baseUrl");
        for (const char* url :
             {"", "api.openai.com", "file:///etc/passwd", "ftp://host/", "javascript:alert(1)",
              "http://", "http://host:99999/", "https://user:secret@host/v1", "https://u@host/",
              "https://host/v1?key=secret", "https://host/v1#x", "http://ho st/", "http://host\n/",
              "http://user:secret@host:99999/v1", "ftp://user:secret@host/", "user:secret@host",
              "ftp://host/v1?key=secret", "http://ho st/v1#secret"})
            QTest::newRow(url) << QByteArray(url);
    }
    void addressesThatCannotBeTrustedAreRefused()
    {
        QFETCH(const QByteArray, baseUrl);
        const auto endpoint = parseEndpoint(baseUrl.toStdString());
        QVERIFY(!endpoint);
        QVERIFY(!endpoint.error().hint.empty());
        QVERIFY(toString(endpoint.error()).find("secret") == std::string::npos);
    }

    void aKeyNeedsConsentForItsOrigin_data()
    {
        QTest::addColumn<QByteArray>("keyRef");
        QTest::addColumn<QByteArray>("baseUrl");
        QTest::addColumn<int>("access");
        const auto row = [](const char* name, const char* keyRef, const char* baseUrl,
                            Access access) {
            QTest::newRow(name) << QByteArray(keyRef) << QByteArray(baseUrl) << int(access);
        };
        row("no key", "", "http://anywhere.example/v1", Access::NoKey);
        row("the vendor's own", "env:OPENAI_API_KEY", "https://api.openai.com/v1", Access::Granted);
        row("Anthropic's own", "env:ANTHROPIC_API_KEY", "https://api.anthropic.com",
            Access::Granted);
        row("Bedrock's own", "env:AWS_BEARER_TOKEN_BEDROCK",
            "https://bedrock-runtime.eu-west-1.amazonaws.com", Access::Granted);
        row("a bucket called bedrock", "env:AWS_BEARER_TOKEN_BEDROCK",
            "https://bedrock.s3.amazonaws.com", Access::NeedsConsent);
        row("a bucket in a region", "env:AWS_BEARER_TOKEN_BEDROCK",
            "https://bedrock.s3-us-west-2.amazonaws.com", Access::NeedsConsent);
        row("a bucket below a region", "env:AWS_BEARER_TOKEN_BEDROCK",
            "https://bedrock.s3.us-west-2.amazonaws.com", Access::NeedsConsent);
        row("Anthropic's at OpenAI", "env:ANTHROPIC_API_KEY", "https://api.openai.com/v1",
            Access::NeedsConsent);
        row("the vendor's own, other port", "env:OPENAI_API_KEY", "https://api.openai.com:8443/v1",
            Access::NeedsConsent);
        row("the vendor's own in the clear", "env:OPENAI_API_KEY", "http://api.openai.com/v1",
            Access::NotEncrypted);
        row("another vendor's key", "env:OPENAI_API_KEY", "https://api.mistral.ai/v1",
            Access::NeedsConsent);
        row("evil", "env:OPENAI_API_KEY", "https://evil.example/v1", Access::NeedsConsent);
        row("evil subdomain", "env:OPENAI_API_KEY", "https://api.openai.com.evil.example/v1",
            Access::NeedsConsent);
        row("loopback", "env:SIGNALBOX_TEST_KEY", "http://127.0.0.1:8080/v1", Access::NeedsConsent);
        row("in the clear", "env:SIGNALBOX_TEST_KEY", "http://192.168.0.5/v1",
            Access::NotEncrypted);
        row("granted", "env:GRANTED", "https://gateway.example/v1", Access::Granted);
        row("granted for another path", "env:GRANTED", "https://gateway.example/other",
            Access::Granted);
        row("granted elsewhere", "env:GRANTED", "https://gateway.example:444/v1",
            Access::NeedsConsent);
        row("granted, but in the clear", "env:GRANTED", "http://gateway.example/v1",
            Access::NotEncrypted);
        row("keychain in the clear, granted", "keychain:lan", "http://192.168.0.5/v1",
            Access::Granted);
        row("keychain in the clear, not granted", "keychain:lan", "http://192.168.0.6/v1",
            Access::NeedsConsent);
        row("a key instead of a reference", "sk-canary", "https://api.openai.com/v1",
            Access::BadReference);
        row("a key as the name of a variable", "env:sk-canary", "https://api.openai.com/v1",
            Access::BadReference);
        row("no name", "env:", "https://api.openai.com/v1", Access::BadReference);
    }
    void aKeyNeedsConsentForItsOrigin()
    {
        QFETCH(const QByteArray, keyRef);
        QFETCH(const QByteArray, baseUrl);
        QFETCH(const int, access);
        m_store->setGrants({{"env:GRANTED", "https://gateway.example"},
                            {"env:GRANTED", "http://gateway.example"},
                            {"keychain:lan", "http://192.168.0.5"}});
        QCOMPARE(int(m_store->access(keyRef.toStdString(), at(baseUrl.constData()))), access);
    }

    void aRefusedKeyIsNeitherGivenOutNorNamed()
    {
        for (const char* keyRef : {"env:SIGNALBOX_TEST_KEY", "keychain:main",
                                   "sk-canary-environment", "env:sk-canary-environment"}) {
            const auto key = resolved(keyRef, "https://evil.example/v1");
            QVERIFY(!key);
            QVERIFY(toString(key.error()).find("canary") == std::string::npos);
            QVERIFY(!key.error().hint.empty());
        }
        QCOMPARE(m_keychain->reads, 0);
    }

    void consentIsRememberedAndTakenBack()
    {
        const QSignalSpy changes(m_store.get(), &KeyStore::grantsChanged);
        const Endpoint gateway = at("https://gateway.example/v1");
        m_store->allow("env:SIGNALBOX_TEST_KEY", gateway);
        m_store->allow("env:SIGNALBOX_TEST_KEY", gateway);
        QCOMPARE(changes.count(), 1);
        QCOMPARE(resolved("env:SIGNALBOX_TEST_KEY", "https://gateway.example/v1")->reveal(),
                 std::string("sk-canary-environment"));
        m_store->revoke(m_store->grants().front());
        QCOMPARE(changes.count(), 2);
        QVERIFY(!resolved("env:SIGNALBOX_TEST_KEY", "https://gateway.example/v1"));
    }

    void consentCannotAllowTheClear()
    {
        m_store->allow("env:SIGNALBOX_TEST_KEY", at("http://192.168.0.5/v1"));
        QVERIFY(m_store->grants().empty());
    }

    void aVariableThatIsNotSetIsNamed()
    {
        m_store->allow("env:SIGNALBOX_TEST_NO_KEY", at("http://127.0.0.1:1/v1"));
        const auto key = resolved("env:SIGNALBOX_TEST_NO_KEY", "http://127.0.0.1:1/v1");
        QVERIFY(!key);
        QVERIFY(key.error().message.find("SIGNALBOX_TEST_NO_KEY") != std::string::npos);
    }

    void aKeyThatWouldBreakTheHeaderIsRefused()
    {
        m_store->allow("env:SIGNALBOX_TEST_KEY", at("http://127.0.0.1:1/v1"));
        qputenv("SIGNALBOX_TEST_KEY", "good\r\nX-Other: bad");
        QVERIFY(!resolved("env:SIGNALBOX_TEST_KEY", "http://127.0.0.1:1/v1"));
        qputenv("SIGNALBOX_TEST_KEY", " sk-with-blanks \n");
        QCOMPARE(resolved("env:SIGNALBOX_TEST_KEY", "http://127.0.0.1:1/v1")->reveal(),
                 std::string("sk-with-blanks"));
    }

    void aKeyThatIsKeptIsBoundToItsAddress()
    {
        QVERIFY(kept("main", "sk-canary-kept", "https://one.example/v1"));
        QCOMPARE(resolved("keychain:main", "https://one.example/v1")->reveal(),
                 std::string("sk-canary-kept"));
        QVERIFY(!resolved("keychain:main", "https://two.example/v1"));
        // Entered anew for another address, it leaves the first one.
        QVERIFY(kept("main", "sk-canary-new", "https://two.example/v1"));
        QVERIFY(!resolved("keychain:main", "https://one.example/v1"));
        QCOMPARE(m_keychain->keys.at("main"), std::string("sk-canary-new"));
    }

    void theKeychainIsAskedOnce()
    {
        m_keychain->keys["main"] = "sk-canary-old";
        m_store->setGrants({{"keychain:main", "https://one.example"}});
        for (int i = 0; i < 3; ++i)
            QVERIFY(resolved("keychain:main", "https://one.example/v1"));
        QCOMPARE(m_keychain->reads, 1);
    }

    void withoutAKeychainTheKeyServesUntilTheEnd()
    {
        m_keychain->present = false;
        const auto done = kept("main", "sk-canary-kept", "https://one.example/v1");
        QVERIFY(!done);
        QCOMPARE(resolved("keychain:main", "https://one.example/v1")->reveal(),
                 std::string("sk-canary-kept"));
    }

    void aForgottenKeyIsGoneWithItsGrants()
    {
        QVERIFY(kept("main", "sk-canary-kept", "https://one.example/v1"));
        bool done = false;
        m_store->forget("main", this, [&](const Result<void>&) { done = true; });
        QVERIFY(QTest::qWaitFor([&] { return done; }));
        QVERIFY(m_store->grants().empty());
        QVERIFY(m_keychain->keys.empty());
        QVERIFY(!resolved("keychain:main", "https://one.example/v1"));
    }

    void nobodyIsCalledWhoIsGone()
    {
        auto context = std::make_unique<QObject>();
        bool called = false;
        m_store->resolve({}, at("http://127.0.0.1:1/v1"), context.get(),
                         [&](const Result<Secret>&) { called = true; });
        context.reset();
        QVERIFY(resolved({}, "http://127.0.0.1:1/v1"));
        QVERIFY(!called);
    }

    void theSystemKeychainAnswersEvenWhereThereIsNone()
    {
        qunsetenv("DBUS_SESSION_BUS_ADDRESS");
        qunsetenv("DISPLAY");
        qputenv("XDG_RUNTIME_DIR", "/nowhere");
        const auto keychain = systemKeychain();
        std::optional<Result<Secret>> result;
        keychain->read("signalbox-test-that-is-not-there", this,
                       [&](const Result<Secret>& key) { result = key; });
        QVERIFY(QTest::qWaitFor([&] { return result.has_value(); }, 60'000));
        QVERIFY(!*result);
        QVERIFY(!result->error().hint.empty());
    }
};

QTEST_GUILESS_MAIN(TestKeyStore)
#include "tst_key_store.moc"
