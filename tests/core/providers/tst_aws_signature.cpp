// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: requests are signed as AWS's own library signs them (the expected signatures were
// computed with botocore 1.43), and the secret is in none of them.

#include <core/providers/aws_signature.h>

#include <QTest>

using namespace signalbox;

namespace {

constexpr std::int64_t kNow = 1'787'307'072'000; // 2026-08-21T10:11:12Z
constexpr char kId[] = "AKIDEXAMPLE";
constexpr char kSecret[] = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

std::string headerOf(const HttpRequest& request, std::string_view name)
{
    for (const HttpHeader& header : request.headers)
        if (header.name == name)
            return header.value;
    return {};
}

} // namespace

class TestAwsSignature : public QObject
{
    Q_OBJECT
private slots:
    void signaturesAreThoseOfAwsItself_data()
    {
        QTest::addColumn<QByteArray>("url");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("token");
        QTest::addColumn<QByteArray>("region");
        QTest::addColumn<QByteArray>("signedHeaders");
        QTest::addColumn<QByteArray>("signature");
        const QByteArray runtime = "https://bedrock-runtime.eu-west-1.amazonaws.com/model/";
        QTest::newRow("a colon in the name of the model")
            << runtime + "anthropic.claude-v2%3A1/converse-stream"
            << QByteArray(R"({"messages":[]})") << QByteArray() << QByteArray("eu-west-1")
            << QByteArray("content-type;host;x-amz-date")
            << QByteArray("6c3927ff60e2fe8c3dbc53d7ece417384122a9889250f26feba8893b3ffbbdf6");
        QTest::newRow("a temporary key")
            << runtime + "anthropic.claude-v2%3A1/converse-stream"
            << QByteArray(R"({"messages":[]})") << QByteArray("TOKEN/abc==")
            << QByteArray("eu-west-1")
            << QByteArray("content-type;host;x-amz-date;x-amz-security-token")
            << QByteArray("507d6d21a0592b0a1d1df11ffdf3fa026f518a6b4a4cdbd33a351ce5f490da66");
        QTest::newRow("a profile, text beyond ASCII")
            << runtime +
                   "arn%3Aaws%3Abedrock%3Aeu-west-1%3A1%3Ainference-profile%2Feu.x/converse-stream"
            << QByteArray("{\"a\":\"\xC3\xA4\"}") << QByteArray() << QByteArray("eu-west-1")
            << QByteArray("content-type;host;x-amz-date")
            << QByteArray("5b8518b755f3fcc9225d6370d0cd73022a6fd3d15d89a0d824e7195e1c8b1582");
        QTest::newRow("a GET")
            << QByteArray("https://bedrock.eu-west-1.amazonaws.com/foundation-models")
            << QByteArray() << QByteArray() << QByteArray("eu-west-1")
            << QByteArray("host;x-amz-date")
            << QByteArray("9c71b43e679336f94e8406a164aa69967891eec013f4ecf198755fa9aaa725cb");
        QTest::newRow("a query, a port")
            << QByteArray("http://127.0.0.1:8080/foundation-models?byOutputModality=TEXT&a=b%20c")
            << QByteArray() << QByteArray() << QByteArray("us-east-1")
            << QByteArray("host;x-amz-date")
            << QByteArray("a42b671cc952705b538291c82c7ba1b08211246629470f54973adcb31271df24");
    }
    void signaturesAreThoseOfAwsItself()
    {
        QFETCH(const QByteArray, url);
        QFETCH(const QByteArray, body);
        QFETCH(const QByteArray, token);
        QFETCH(const QByteArray, region);
        QFETCH(const QByteArray, signedHeaders);
        QFETCH(const QByteArray, signature);
        HttpRequest request;
        request.url = url.toStdString();
        request.body = body.toStdString();
        request.headers = {{"Accept", "application/vnd.amazon.eventstream"}};
        if (!body.isEmpty())
            request.headers.push_back({"Content-Type", "application/json"});
        signAws(request, {kId, Secret(kSecret), Secret(token.toStdString())}, region.toStdString(),
                "bedrock", kNow);
        QCOMPARE(headerOf(request, "X-Amz-Date"), std::string("20260821T101112Z"));
        QCOMPARE(headerOf(request, "X-Amz-Security-Token"), token.toStdString());
        QCOMPARE(headerOf(request, "Authorization"),
                 "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260821/" + region.toStdString() +
                     "/bedrock/aws4_request, SignedHeaders=" + signedHeaders.toStdString() +
                     ", Signature=" + signature.toStdString());
        for (const HttpHeader& header : request.headers)
            QVERIFY(header.value.find(kSecret) == std::string::npos);
    }

    void oneKeyHoldsAllItsParts_data()
    {
        QTest::addColumn<QByteArray>("key");
        QTest::addColumn<QByteArray>("parts");
        QTest::newRow("for ever") << QByteArray("AKIAIOSFODNN7EXAMPLE:s3cr/t+")
                                  << QByteArray("AKIAIOSFODNN7EXAMPLE s3cr/t+ ");
        QTest::newRow("for some hours") << QByteArray("ASIAIOSFODNN7EXAMPLE:s3cr/t+:tok/en==")
                                        << QByteArray("ASIAIOSFODNN7EXAMPLE s3cr/t+ tok/en==");
        QTest::newRow("an API key") << QByteArray("ABSKQmVkcm9ja0FQSUtleS0x") << QByteArray("none");
        QTest::newRow("something with a colon")
            << QByteArray("user:password") << QByteArray("none");
        QTest::newRow("small letters")
            << QByteArray("akiaiosfodnn7example:s") << QByteArray("none");
        QTest::newRow("empty") << QByteArray() << QByteArray("none");
    }
    void oneKeyHoldsAllItsParts()
    {
        QFETCH(const QByteArray, key);
        QFETCH(const QByteArray, parts);
        const auto read = awsKeyOf(Secret(key.toStdString()));
        QCOMPARE(read ? QByteArray::fromStdString(read->accessKeyId + " " +
                                                  read->secretAccessKey.reveal() + " " +
                                                  read->sessionToken.reveal())
                      : QByteArray("none"),
                 parts);
    }

    void theRegionIsInTheName_data()
    {
        QTest::addColumn<QByteArray>("host");
        QTest::addColumn<QByteArray>("region");
        const auto row = [](const char* host, const char* region) {
            QTest::newRow(host) << QByteArray(host) << QByteArray(region);
        };
        row("bedrock-runtime.eu-central-1.amazonaws.com", "eu-central-1");
        row("bedrock-runtime-fips.us-gov-west-1.amazonaws.com", "us-gov-west-1");
        row("vpce-0a1.bedrock-runtime.ap-southeast-2.vpce.amazonaws.com", "ap-southeast-2");
        row("proxy.example", "us-east-1");
        row("127.0.0.1", "us-east-1");
        row("", "us-east-1");
    }
    void theRegionIsInTheName()
    {
        QFETCH(const QByteArray, host);
        QFETCH(const QByteArray, region);
        QCOMPARE(awsRegionOf(host.toStdString()), region.toStdString());
    }

    void namesThatAreNoRegionAreToldApart()
    {
        for (const char* label : {"s3", "s3-us-west-2", "us", "us-east", "us--1", "us-east-12",
                                  "us-east-a", "US-east-1", "-east-1", "us-1"})
            QVERIFY2(!isAwsRegion(label), label);
    }
};

QTEST_GUILESS_MAIN(TestAwsSignature)
#include "tst_aws_signature.moc"
