// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: over real sockets and in every dialect, an answer that arrives in two pieces is the same
// wherever it is cut; one that ends anywhere before its end is never whole, and nothing that it did
// not say is told of it; numbers that no number can be, lines without end and compressed zeros end
// it with a sentence, and no more than a stated number of bytes is taken from the server.

#include "anthropic_samples.h"
#include "bedrock_samples.h"
#include "cohere_samples.h"
#include "fake_keychain.h"
#include "gemini_samples.h"
#include "ollama_samples.h"
#include "responses_samples.h"
#include "stream_probe.h"
#include "wire_samples.h"

#include <core/providers/curl_transport.h>
#include <core/providers/dialects.h>
#include <core/providers/http_provider.h>
#include <tests/support/fault_server.h>

#include <QTest>

#include <algorithm>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <set>

using namespace signalbox;
using namespace signalbox::test;

namespace {

constexpr std::size_t kAtOnce = 48;

struct OnTheWire
{
    const char* provider;
    QByteArray contentType;
    DialectSample sample;
};

DialectSample openAiSample()
{
    const WireSample& wire = wireSamples().at(0);
    return {wire.name, std::string(wire.bytes), wire.events,
            upTo(std::string(wire.bytes), "[DONE]")};
}

const std::vector<OnTheWire>& onTheWire()
{
    static const std::vector<OnTheWire> all = {
        {"openai", "text/event-stream", openAiSample()},
        {"anthropic", "text/event-stream", anthropicSamples().at(0)},
        {"gemini", "text/event-stream", geminiSamples().at(0)},
        {"openai-responses", "text/event-stream", responsesSamples().at(0)},
        {"ollama", "application/x-ndjson", ollamaSamples().at(1)},
        {"cohere", "text/event-stream", cohereSamples().at(0)},
        {"bedrock", "application/vnd.amazon.eventstream", bedrockSamples().at(0)},
    };
    return all;
}

/// Of the shortest sample every place; of the others those around whatever gives them form: line
/// ends, names of fields, letters of several bytes, and the lengths and sums of binary frames.
std::vector<std::size_t> placesOf(const OnTheWire& dialect)
{
    const std::string& bytes = dialect.sample.bytes;
    const bool isShortest = std::ranges::none_of(onTheWire(), [&](const OnTheWire& other) {
        return other.sample.bytes.size() < bytes.size();
    });
    std::set<std::size_t> places;
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        const auto byte = static_cast<unsigned char>(bytes[at]);
        constexpr std::string_view kForm = "\r\n";
        const bool isForm = byte >= 0x80 || byte == 0 || kForm.find(bytes[at]) != kForm.npos ||
                            bytes.compare(at, 5, "data:") == 0;
        if (isShortest || isForm)
            places.insert({at, std::min(at + 1, bytes.size() - 1)});
    }
    places.erase(0);
    return {places.begin(), places.end()};
}

/// What is told of an answer, however its text was dealt out.
struct Told
{
    std::string text, reasoning;
    std::vector<UsageReport> usage;
    std::vector<StreamFinished> finished;
    bool operator==(const Told&) const = default;
};

Told toldBy(const Events& events)
{
    Told told;
    for (const StreamEvent& event : events) {
        if (const auto* text = std::get_if<TextDelta>(&event))
            told.text += text->text;
        if (const auto* reasoning = std::get_if<ReasoningDelta>(&event))
            told.reasoning += reasoning->text;
        if (const auto* usage = std::get_if<UsageReport>(&event))
            told.usage.push_back(*usage);
        if (const auto* finished = std::get_if<StreamFinished>(&event))
            told.finished.push_back(*finished);
    }
    return told;
}

Told toldBy(const StreamProbe& probe)
{
    Events events;
    for (const TimedEvent& timed : probe.events)
        events.push_back(timed.event);
    return toldBy(events);
}

QByteArray chunkedHead(const OnTheWire& dialect)
{
    return head(200, {"Content-Type: " + dialect.contentType, "Transfer-Encoding: chunked"});
}

/// The three ways in which an answer can end too early.
enum class Ending { Closed, ChunkMissing, LengthNotKept };

HttpScript endedAt(const OnTheWire& dialect, std::size_t place)
{
    const QByteArray bytes = QByteArray::fromStdString(dialect.sample.bytes.substr(0, place));
    const QByteArray type = "Content-Type: " + dialect.contentType;
    switch (static_cast<Ending>(place % 3)) {
    case Ending::Closed:
        return {send(head(200, {type}) + bytes), closeConnection()};
    case Ending::ChunkMissing:
        return {send(chunkedHead(dialect) + chunk(bytes)), closeConnection()};
    case Ending::LengthNotKept:
        break;
    }
    const QByteArray length = QByteArray::number(qsizetype(dialect.sample.bytes.size()));
    return {send(head(200, {type, "Content-Length: " + length}) + bytes), closeConnection()};
}

/// The place that a request names as its model.
std::size_t placeIn(const SeenRequest& request)
{
    const QByteArray all = request.path + request.body;
    const auto from = all.indexOf("place-") + 6;
    auto end = from;
    while (end < all.size() && all[end] >= '0' && all[end] <= '9')
        ++end;
    return std::size_t(all.mid(from, end - from).toULongLong());
}

/// Zeros, as zlib packs them: a thousandth of their size.
QByteArray packedZeros(int megabytes)
{
    return qCompress(QByteArray(qsizetype(megabytes) << 20, '\0'), 9).mid(4); // its own length
}

/// The same in the wrapping of gzip; the sums at the end are wrong, but nobody comes that far.
QByteArray gzippedZeros(int megabytes)
{
    return QByteArray("\x1F\x8B\x08\0\0\0\0\0\0\x03", 10) + packedZeros(megabytes).mid(2);
}

} // namespace

class TestHostileBytes : public QObject
{
    Q_OBJECT

    std::shared_ptr<KeyStore> m_keys;
    std::shared_ptr<CurlTransport> m_transport;
    std::unique_ptr<HttpProvider> m_provider;

    static void addDialects()
    {
        QTest::addColumn<int>("dialect");
        for (std::size_t i = 0; i < onTheWire().size(); ++i)
            QTest::newRow(onTheWire()[i].provider) << int(i);
    }
    HttpProvider& provider(const OnTheWire& dialect)
    {
        const auto found = std::ranges::find_if(chatDialects(), [&](const ChatDialect* one) {
            return one->name() == dialect.provider;
        });
        m_provider = std::make_unique<HttpProvider>(**found, m_transport, m_keys);
        return *m_provider;
    }
    static ChatRequest request(const FaultServer& server, std::size_t place = 0)
    {
        ChatRequest asked = askedFor("place-" + std::to_string(place));
        asked.baseUrl = server.origin();
        asked.maxTokens = 64;
        asked.retries = 0;
        asked.connectTimeoutMs = 60'000; // a busy machine is no fault of the server
        return asked;
    }
    /// Asks once for every place, several at a time, and shows what came.
    void askEach(HttpProvider& asked, const FaultServer& server,
                 const std::vector<std::size_t>& places,
                 const std::function<void(std::size_t, const StreamProbe&)>& look)
    {
        for (std::size_t first = 0; first < places.size(); first += kAtOnce) {
            std::vector<std::unique_ptr<StreamProbe>> probes;
            const std::size_t end = std::min(places.size(), first + kAtOnce);
            for (std::size_t i = first; i < end; ++i)
                probes.push_back(
                    std::make_unique<StreamProbe>(asked.start(request(server, places[i]))));
            for (std::size_t i = first; i < end; ++i) {
                QVERIFY(probes[i - first]->waitForEnd());
                look(places[i], *probes[i - first]);
                if (QTest::currentTestFailed())
                    return;
            }
        }
    }

private slots:
    void init()
    {
        m_keys = std::make_shared<KeyStore>(
            std::make_unique<FakeKeychain>(std::make_shared<FakeKeychain::State>()));
        m_transport = std::make_shared<CurlTransport>();
    }

    void everyDialectIsTestedHere()
    {
        QStringList known, tested;
        for (const ChatDialect* dialect : chatDialects())
            known << QString::fromStdString(dialect->name());
        for (const OnTheWire& dialect : onTheWire())
            tested << QString::fromUtf8(dialect.provider);
        QCOMPARE(tested, known);
    }

    void anAnswerInTwoPiecesIsTheSameWhereverItIsCut_data() { addDialects(); }
    void anAnswerInTwoPiecesIsTheSameWhereverItIsCut()
    {
        QFETCH(const int, dialect);
        const OnTheWire& wire = onTheWire().at(std::size_t(dialect));
        FaultServer server;
        server.answer([&](const SeenRequest& seen) -> HttpScript {
            const QByteArray bytes = QByteArray::fromStdString(wire.sample.bytes);
            const auto cut = qsizetype(placeIn(seen));
            return {send(chunkedHead(wire) + chunk(bytes.left(cut))), pauseMs(1),
                    send(chunk(bytes.mid(cut)) + chunk({}))};
        });
        const Told expected = toldBy(wire.sample.events);
        askEach(provider(wire), server, placesOf(wire),
                [&](std::size_t place, const StreamProbe& probe) {
                    QVERIFY2(toldBy(probe) == expected,
                             qPrintable(QStringLiteral("%1: %2").arg(place).arg(
                                 QString::fromStdString(probe.everything()))));
                    QVERIFY(probe.all<StreamFailed>().empty());
                });
    }

    void anAnswerThatEndsAnywhereBeforeItsEndIsNotWhole_data() { addDialects(); }
    void anAnswerThatEndsAnywhereBeforeItsEndIsNotWhole()
    {
        QFETCH(const int, dialect);
        const OnTheWire& wire = onTheWire().at(std::size_t(dialect));
        FaultServer server;
        server.answer([&](const SeenRequest& seen) { return endedAt(wire, placeIn(seen)); });
        const Told expected = toldBy(wire.sample.events);
        std::vector<std::size_t> places = placesOf(wire);
        std::erase_if(places, [&](std::size_t place) { return place >= wire.sample.needed; });
        askEach(provider(wire), server, places, [&](std::size_t place, const StreamProbe& probe) {
            const Told told = toldBy(probe);
            const std::string at = std::to_string(place) + ": " + probe.everything();
            QVERIFY2(told.finished.empty(), at.c_str());
            const FailureKind kind = probe.failure().kind;
            QVERIFY2(kind == FailureKind::Truncated || kind == FailureKind::Protocol, at.c_str());
            QVERIFY2(expected.text.starts_with(told.text), at.c_str());
            QVERIFY2(expected.reasoning.starts_with(told.reasoning), at.c_str());
            for (const UsageReport& usage : told.usage) // as the server has told it, or not at all
                QVERIFY2(std::ranges::find(expected.usage, usage) != expected.usage.end(),
                         at.c_str());
            QVERIFY(!probe.failure().error.hint.empty());
        });
    }

    /// In the place of the input's count.
    void aNumberThatIsNoneEndsTheAnswer_data()
    {
        QTest::addColumn<int>("dialect");
        QTest::addColumn<QByteArray>("number");
        for (std::size_t i = 0; i < onTheWire().size(); ++i)
            for (const char* number : {"NaN", "Infinity", "1e400", "-1e400", "0x10", "1e"})
                QTest::addRow("%s: %s", onTheWire()[i].provider, number)
                    << int(i) << QByteArray(number);
    }
    void aNumberThatIsNoneEndsTheAnswer()
    {
        QFETCH(const int, dialect);
        QFETCH(const QByteArray, number);
        const OnTheWire& wire = onTheWire().at(std::size_t(dialect));
        std::string bytes = wire.sample.bytes;
        if (std::string(wire.provider) == "bedrock") {
            bytes = bedrockStream(bedrockText("Hi"), "end_turn",
                                  "{\"inputTokens\":" + number.toStdString() + "}");
        } else {
            std::size_t at = bytes.rfind("okens\":");
            if (at == std::string::npos) // Ollama's and Gemini's names
                at = std::min(bytes.rfind("ount\":"), bytes.size());
            at = bytes.find(':', at) + 1;
            const std::size_t end = bytes.find_first_not_of("0123456789", at);
            QVERIFY(end != std::string::npos && end > at);
            bytes.replace(at, end - at, number.toStdString());
        }
        FaultServer server;
        server.answer(whole(200, wire.contentType, QByteArray::fromStdString(bytes)));
        StreamProbe probe(provider(wire).start(request(server)));
        QVERIFY(probe.waitForEnd());
        QCOMPARE(probe.failure().kind, FailureKind::Protocol);
        QVERIFY2(probe.failure().error.message.find("not a JSON object") != std::string::npos,
                 probe.everything().c_str());
        QVERIFY(probe.all<UsageReport>().empty());
        QVERIFY(!probe.text().empty()); // what was said before stays
    }

    /// 10 MB and more without the end of a line, or of a frame.
    void aLineWithoutEndIsNotTaken_data() { addDialects(); }
    void aLineWithoutEndIsNotTaken()
    {
        QFETCH(const int, dialect);
        const OnTheWire& wire = onTheWire().at(std::size_t(dialect));
        constexpr std::int64_t kMost = (8 << 20) + (8 << 20); // a line's limit; pipes and buffers
        QByteArray begin =
            wire.contentType == "text/event-stream" ? "data: {\"text\":\"" : "{\"response\":\"";
        if (std::string(wire.provider) == "bedrock") // of 16 MiB, with the right sum
            begin =
                QByteArray::fromStdString(awsFrame(awsHeader(":event-type", "contentBlockDelta") +
                                                       awsHeader(":message-type", "event"),
                                                   std::string(std::size_t{16} << 20, 'x'))
                                              .substr(0, 400));
        FaultServer server;
        server.answer(HttpScript{send(head(200, {"Content-Type: " + wire.contentType}) + begin),
                                 flood("xxxxxxxxxxxxxxxx", 1LL << 40)});
        StreamProbe probe(provider(wire).start(request(server)));
        QVERIFY(probe.waitForEnd());
        QVERIFY2(probe.failure().kind == FailureKind::TooLarge, probe.everything().c_str());
        QVERIFY(QTest::qWaitFor([&] { return server.connectionsOpen() == 0; }, 60'000));
        QVERIFY2(server.bytesSent() < kMost, std::to_string(server.bytesSent()).c_str());
    }

    /// Short events for ever: the whole answer has a limit, too.
    void anAnswerWithoutEndIsNotTaken()
    {
        FaultServer server;
        server.answer(HttpScript{send(head(200, {"Content-Type: text/event-stream"})),
                                 flood(textEvent("on and on"), 1LL << 40)});
        HttpProvider asked(**chatDialects().begin(), m_transport, m_keys,
                           HttpProvider::Options{.answerLimitBytes = std::size_t{2} << 20});
        StreamProbe probe(asked.start(request(server)));
        QVERIFY(probe.waitForEnd());
        QCOMPARE(probe.failure().kind, FailureKind::TooLarge);
        QVERIFY(QTest::qWaitFor([&] { return server.connectionsOpen() == 0; }, 60'000));
        QVERIFY2(server.bytesSent() < (std::int64_t{2 + 8} << 20), // pipes and buffers
                 std::to_string(server.bytesSent()).c_str());
        QVERIFY(probe.text().starts_with("on and on")); // and what came is kept
    }

    void packedZerosAreNotUnpacked_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<int>("kind");
        for (const int status : {200, 401, 500}) {
            const bool isOk = status == 200;
            const int refusal = int(status == 401 ? FailureKind::Auth : FailureKind::ServerError);
            const auto row = [&](const char* name, const char* header, FailureKind kind) {
                QTest::addRow("%d %s", status, name)
                    << status << QByteArray(header) << (isOk ? int(kind) : refusal);
            };
            row("gzip", "Content-Encoding: gzip", FailureKind::Protocol);
            row("deflate", "Content-Encoding: deflate", FailureKind::Protocol);
            row("twice", "Content-Encoding: gzip, gzip", FailureKind::Protocol);
            row("for the transfer", "Transfer-Encoding: gzip, chunked", FailureKind::TooLarge);
            row("and nothing said", "X-Nothing: said", FailureKind::Protocol);
        }
    }
    void packedZerosAreNotUnpacked()
    {
        QFETCH(const int, status);
        QFETCH(const QByteArray, header);
        QFETCH(const int, kind);
        static const QByteArray gzip = gzippedZeros(256), deflate = packedZeros(256);
        const QByteArray& body = header.contains("deflate") ? deflate : gzip;
        const bool isChunked = header.contains("chunked");
        const QByteArray length = "Content-Length: " + QByteArray::number(body.size());
        FaultServer server;
        server.answer(HttpScript{send(head(status, {"Content-Type: text/event-stream", header,
                                                    isChunked ? "X-Length: none" : length}) +
                                      (isChunked ? chunk(body) + chunk({}) : body)),
                                 closeConnection()});
        StreamProbe probe(provider(onTheWire().at(0)).start(request(server)));
        QVERIFY(probe.waitForEnd());
        QVERIFY2(int(probe.failure().kind) == kind, probe.everything().c_str());
        QVERIFY(!probe.failure().error.hint.empty());
        QVERIFY(probe.text().empty());
    }

    void listsOfModelsHaveLimitsToo_data()
    {
        QTest::addColumn<QByteArray>("header");
        QTest::newRow("without end") << QByteArray("X-Nothing: said");
        QTest::newRow("packed zeros") << QByteArray("Content-Encoding: gzip");
    }
    void listsOfModelsHaveLimitsToo()
    {
        QFETCH(const QByteArray, header);
        const bool isPacked = header.contains("gzip");
        FaultServer server;
        server.answer(
            HttpScript{send(head(200, {"Content-Type: application/json", header}) +
                            (isPacked ? gzippedZeros(256) : QByteArray("[{\"id\":\""))),
                       isPacked ? closeConnection() : flood("xxxxxxxxxxxxxxxx", 1LL << 40)});
        std::optional<Result<std::vector<ModelListing>>> listed;
        provider(onTheWire().at(0)).listModels(server.baseUrl(), {}, this, [&](const auto& models) {
            listed = models;
        });
        QVERIFY(QTest::qWaitFor([&] { return listed.has_value(); }, 60'000));
        QVERIFY(!listed->has_value());
        QVERIFY(!listed->error().message.empty());
        QVERIFY(QTest::qWaitFor([&] { return server.connectionsOpen() == 0; }, 60'000));
        QVERIFY2(server.bytesSent() < (std::int64_t{64 + 8} << 20),
                 std::to_string(server.bytesSent()).c_str());
    }

    /// A drop that always comes before patience is lost, for ever.
    void aDripHasALimitOfTimeAllTheSame()
    {
        FaultServer server;
        HttpScript script = {send(head(200, {"Content-Type: text/event-stream"})),
                             send(textEvent("drop"))};
        constexpr int kDrops = 100'000;
        for (int i = 0; i < kDrops; ++i) {
            script.push_back(send(":"));
            script.push_back(pauseMs(2));
        }
        server.answer(script);
        ChatRequest asked = request(server);
        asked.idleTimeoutMs = 60'000;
        asked.totalTimeoutMs = 300;
        StreamProbe probe(provider(onTheWire().at(0)).start(asked));
        QVERIFY(probe.waitForEnd());
        QCOMPARE(probe.failure().kind, FailureKind::Timeout);
        QVERIFY2(probe.everything().find("in time") != std::string::npos,
                 probe.everything().c_str());
        QCOMPARE(probe.text(), std::string("drop"));
    }

    /// A model that loads for half a minute: no fault, and its time to the first word.
    void headersThatComeLateAreWaitedFor()
    {
        FaultServer server;
        HttpScript late = goodAnswer();
        late.insert(late.begin(), waitForRequests(2));
        server.answer(late);
        server.answer(goodAnswer());
        HttpProvider& asked = provider(onTheWire().at(0));
        StreamProbe slow(asked.start(request(server)));
        QVERIFY(QTest::qWaitFor([&] { return server.requests().size() == 1; }, 60'000));
        StreamProbe quick(asked.start(request(server))); // on a connection of its own
        QVERIFY(quick.waitForEnd());
        QVERIFY(quick.hasFinished());
        QVERIFY(slow.waitForEnd());
        QVERIFY2(slow.hasFinished(), slow.everything().c_str());
        const StreamTimes times = slow.stream().times();
        QVERIFY(*times.headersMs <= *times.firstTextMs && *times.firstTextMs <= *times.endMs);
    }
};

QTEST_GUILESS_MAIN(TestHostileBytes)
#include "tst_hostile_bytes.moc"
