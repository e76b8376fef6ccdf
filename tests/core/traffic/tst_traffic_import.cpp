// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: logs become one table: conversations in turn order, attempts one row, feedback with its
// request wherever it stands, what is sensitive taken out, and no line lost without a word. And a
// log is redacted as the log that it is.

#include <core/base/files.h>
#include <core/base/json.h>
#include <core/traffic/known_logs.h>
#include <core/traffic/log_redaction.h>
#include <core/traffic/traffic_import.h>

#include <QTemporaryDir>
#include <QTest>
#include <nlohmann/json.hpp>

#include <cmath>
#include <sstream>

using namespace signalbox;

namespace {

class Folder
{
public:
    [[nodiscard]] std::filesystem::path path(const char* name) const
    {
        return std::filesystem::path(m_folder.path().toStdString()) / name;
    }
    [[nodiscard]] std::filesystem::path write(const char* name, const std::string& content) const
    {
        if (!writeFileAtomically(path(name), content))
            qFatal("cannot write %s", name);
        return path(name);
    }

private:
    QTemporaryDir m_folder;
};

/// A line of Signalbox's own log.
std::string line(const std::string& id, const std::string& conversation,
                 const std::vector<std::string>& said, const std::string& model = "small")
{
    Json messages = Json::array();
    for (std::size_t i = 0; i < said.size(); ++i)
        messages.push_back({{"role", i % 2 == 0 ? "user" : "assistant"}, {"content", said[i]}});
    Json json = {{"requestId", id},
                 {"userId", "ann"},
                 {"timeMs", 1'693'785'600'000},
                 {"requestedModel", model},
                 {"messages", messages}};
    if (!conversation.empty())
        json["conversationId"] = conversation;
    return toCompactJsonText(json) + '\n';
}

TrafficImportOptions ownLog()
{
    TrafficImportOptions options;
    options.mapping = knownLogs().front();
    return options;
}

std::string bifrost(const char* id, const char* parent, int index, const char* status)
{
    return std::string("{\"id\":\"") + id + "\",\"parent_request_id\":" + parent +
           ",\"fallback_index\":" + std::to_string(index) +
           ",\"provider\":\"acme\",\"model\":\"m\",\"timestamp\":\"2023-09-04T00:00:0" +
           std::to_string(index) + "Z\",\"latency\":100,\"cost\":0.5,\"status\":\"" + status +
           "\"}\n";
}

/// The first row of a conversation.
std::size_t rowOf(const Traffic& traffic, std::string_view conversation)
{
    std::size_t row = 0;
    while (row < traffic.rowCount() && traffic.conversationId(row) != conversation)
        ++row;
    return row;
}

LogRedaction redacted(const std::string& log, std::string& out)
{
    const TextRedactor redactor = *TextRedactor::make();
    out.clear();
    const auto done = redactLog(log, redactor, [&out](std::string_view bytes) {
        out += bytes;
        return Result<void>();
    });
    return done.value();
}

} // namespace

class TestTrafficImport : public QObject
{
    Q_OBJECT
private slots:
    void conversationsComeInTurnOrder()
    {
        const Folder folder;
        const auto log = folder.write(
            "log.jsonl", line("r3", "b", {"one", "1", "two"}) + line("r1", "a", {"hi"}) +
                             line("r2", "b", {"one"}) + line("r4", "a", {"hi", "ho", "so"}));
        const auto imported = importTraffic({log}, ownLog());
        QVERIFY2(imported.has_value(), imported ? "" : toString(imported.error()).c_str());
        const Traffic& traffic = imported->traffic;
        QCOMPARE(traffic.rowCount(), std::size_t(4));
        QCOMPARE(traffic.conversationOf, (std::vector<std::uint32_t>{0, 0, 1, 1}));
        QCOMPARE(std::string(traffic.requestId(0)), std::string("r2"));
        QCOMPARE(traffic.lastUserMessage(1), std::string_view("two"));
        QCOMPARE(traffic.messages.count(), std::size_t(6));
        QCOMPARE(traffic.name, std::string("log.jsonl"));
    }

    void aRealLogOfLiteLlmHasARowForEachRequest()
    {
        // What tests/live/gateway got from the proxy, without its price map, stack traces and the
        // provider's headers: 8 conversations with retries, fallbacks, streams and a failed
        // request.
        const auto imported =
            importTraffic({SIGNALBOX_SOURCE_DIR "/tests/data/logs/litellm-1.93.2.jsonl"});
        QVERIFY2(imported.has_value(), imported ? "" : toString(imported.error()).c_str());
        const ImportedLog& log = imported->logs.front();
        QCOMPARE(log.mapping.name, std::string("LiteLLM logging payload"));
        QCOMPARE(log.report.rows, std::size_t(30));
        QCOMPARE(log.report.partlyRead, std::size_t(0));
        QCOMPARE(log.foldedAttempts, std::size_t(9));
        const Traffic& traffic = imported->traffic;
        QCOMPARE(traffic.rowCount(), std::size_t(21));
        QCOMPARE(traffic.conversationCount(), std::size_t(8));
        std::int64_t pico = 0;
        for (std::size_t row = 0; row < traffic.rowCount(); ++row) {
            pico += traffic.cost.at(row, 0);
            for (const MetadataEntry& entry : traffic.metadataOf(row))
                QVERIFY(entry.key != "headers");
        }
        QCOMPARE(pico, std::int64_t(11'538'500'000));
    }

    void aStreamThatWasRetriedEndsWithItsAnswer()
    {
        // LiteLLM dates it from the start of the request, before the attempts that failed.
        const auto imported =
            importTraffic({SIGNALBOX_SOURCE_DIR "/tests/data/logs/litellm-1.93.2.jsonl"});
        QVERIFY(imported.has_value());
        const Traffic& traffic = imported->traffic;
        const std::size_t row = rowOf(traffic, "s00054");
        QCOMPARE(traffic.attempts.size(), std::size_t(15));
        QCOMPARE(traffic.servedModel[row], std::string_view("openai/gpt-4.1"));
        QCOMPARE(traffic.askedModel[row], std::string_view("desk"));
        QCOMPARE(traffic.status[row], std::uint8_t(LogStatus::Success));
        QCOMPARE(traffic.retries[row], std::int16_t(3));
        QCOMPARE(traffic.timeMs[row], std::int64_t(1'795'823'705'097));
        QCOMPARE(std::lround(traffic.firstTokenMs[row]), 3220L);
        QCOMPARE(traffic.inputTokens[row], 77);
    }

    void whatWentIntoACallThatFailedIsUnknownNotNothing()
    {
        const auto imported =
            importTraffic({SIGNALBOX_SOURCE_DIR "/tests/data/logs/litellm-1.93.2.jsonl"});
        QVERIFY(imported.has_value());
        const Traffic& traffic = imported->traffic;
        const std::size_t row = rowOf(traffic, "s00039");
        QCOMPARE(traffic.status[row], std::uint8_t(LogStatus::Failure));
        QCOMPARE(traffic.httpStatus[row], std::uint16_t(429));
        QCOMPARE(traffic.inputTokens[row], -1);
    }

    void badLinesAreCountedListedAndKept()
    {
        const Folder folder;
        const auto log = folder.write(
            "log.jsonl", line("r1", "", {"hi"}) + "{\"broken\": \n" + line("r2", "", {"ho"}) +
                             "write to ann@example.org\n" + "and once more\n");
        const auto imported = importTraffic({log}, ownLog());
        QVERIFY(imported.has_value());
        QCOMPARE(imported->traffic.rowCount(), std::size_t(2));
        const LogReport& report = imported->logs.front().report;
        QCOMPARE(report.badLines, std::size_t(3));
        QCOMPARE(report.problems.at(0).line, std::size_t(2));

        const auto aside = folder.path("t.aside");
        QCOMPARE(writeAside(imported->logs, aside).value(), std::size_t(3));
        std::istringstream lines(readFile(aside).value());
        std::string text;
        std::vector<Json> kept;
        while (std::getline(lines, text))
            kept.push_back(parseJson(text).value());
        QCOMPARE(kept.size(), std::size_t(3));
        QCOMPARE(kept[0]["line"].get<int>(), 2);
        QCOMPARE(kept[0]["text"].get<std::string>(), std::string("{\"broken\": "));
        QCOMPARE(kept[2]["line"].get<int>(), 5);

        const TextRedactor redactor = *TextRedactor::make();
        AsideOptions options;
        options.redactor = &redactor;
        QVERIFY(writeAside(imported->logs, aside, options).has_value());
        QVERIFY(readFile(aside)->find("ann@example.org") == std::string::npos);
        options.texts = AsideOptions::Texts::LeaveOut;
        QVERIFY(writeAside(imported->logs, aside, options).has_value());
        QVERIFY(readFile(aside)->find("broken") == std::string::npos);
        // A later import without bad lines leaves none from before.
        const auto good = importTraffic({folder.write("good", line("r", "", {"hi"}))}, ownLog());
        QCOMPARE(writeAside(good->logs, aside).value(), std::size_t(0));
        QVERIFY(!std::filesystem::exists(aside));
    }

    void attemptsAreOneRequest()
    {
        const Folder folder;
        const auto log = folder.write("bifrost.jsonl", bifrost("a", "null", 0, "error") +
                                                           bifrost("b", "\"a\"", 1, "success") +
                                                           bifrost("c", "null", 0, "success"));
        TrafficImportOptions options;
        options.mapping = knownLogNamed("Bifrost");
        const auto imported = importTraffic({log}, options);
        QVERIFY2(imported.has_value(), imported ? "" : toString(imported.error()).c_str());
        QCOMPARE(imported->traffic.rowCount(), std::size_t(2));
        QCOMPARE(imported->logs.front().foldedAttempts, std::size_t(1));
        QCOMPARE(imported->traffic.attempts.size(), std::size_t(2));
        QCOMPARE(imported->traffic.costOf(0)->pico, std::int64_t(1'000'000'000'000));
    }

    void whatIsSensitiveStaysOutside()
    {
        const Folder folder;
        const auto log =
            folder.write("log.jsonl", line("r1", "", {"I am ann@example.org"}) +
                                          line("r2", "", {"My card: 4111 1111 1111 1111"}));
        const TextRedactor redactor = *TextRedactor::make();
        TrafficImportOptions options = ownLog();
        options.redactor = &redactor;
        const auto imported = importTraffic({log}, options);
        QVERIFY(imported.has_value());
        QCOMPARE(imported->traffic.lastMessage(0), std::string_view("I am [email]"));
        QCOMPARE(imported->traffic.lastMessage(1), std::string_view("My card: [card]"));
        QCOMPARE(imported->redactions.size(), std::size_t(2));
    }

    void whatAGeneratorMadeIsSaid()
    {
        const Folder folder;
        std::string made = line("r2", "", {"ho"});
        made.insert(1, "\"synthetic\":true,");
        QVERIFY(!importTraffic({folder.write("1", line("r1", "", {"hi"}))}, ownLog())
                     ->traffic.synthetic);
        QVERIFY(importTraffic({folder.write("2", line("r1", "", {"hi"}) + made)}, ownLog())
                    ->traffic.synthetic);
    }

    void severalLogsAreOneTable()
    {
        const Folder folder;
        const auto first = folder.write("1.jsonl", line("r1", "a", {"hi"}));
        const auto second = folder.write("2.jsonl", line("r2", "a", {"hi", "ho", "so"}));
        std::vector<std::size_t> read;
        TrafficImportOptions options = ownLog();
        options.progress = [&read](const LogProgress& progress) {
            read.push_back(progress.bytesRead);
            QCOMPARE(progress.bytesInAll, std::size_t(line("r1", "a", {"hi"}).size() +
                                                      line("r2", "a", {"hi", "ho", "so"}).size()));
        };
        const auto imported = importTraffic({second, first}, options);
        QVERIFY(imported.has_value());
        QCOMPARE(imported->traffic.conversationCount(), std::size_t(1));
        QCOMPARE(std::string(imported->traffic.requestId(0)), std::string("r1"));
        QCOMPARE(read.size(), std::size_t(2));
        QVERIFY(read[0] < read[1]);
    }

    void anImportCanBeStopped()
    {
        const Folder folder;
        const std::atomic<bool> stop{true};
        TrafficImportOptions options = ownLog();
        options.stop = &stop;
        const auto imported =
            importTraffic({folder.write("log.jsonl", line("r1", "", {"hi"}))}, options);
        QVERIFY(!imported.has_value());
        QCOMPARE(imported.error().code, ErrorCode::Cancelled);
    }

    void whatIsNoLogIsSaid_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QByteArray>("says");
        QTest::newRow("empty") << QByteArray() << QByteArray("no line");
        QTest::newRow("unclear") << QByteArray("{\"a\":1,\"b\":\"c\"}\n")
                                 << QByteArray("not clear what log");
    }

    void whatIsNoLogIsSaid()
    {
        QFETCH(const QByteArray, content);
        QFETCH(const QByteArray, says);
        const Folder folder;
        const auto imported = importTraffic({folder.write("log", content.toStdString())});
        QVERIFY(!imported.has_value());
        QVERIFY2(QByteArray::fromStdString(imported.error().message).contains(says),
                 imported.error().message.c_str());
        QVERIFY(imported.error().where.find("log") != std::string::npos);
    }

    void aLogIsRedactedAsWhatItIs()
    {
        const std::string clean = "{ \"id\": \"req_4111\",\t\"n\": 4111111111111111, \"when\": "
                                  "\"2023-09-04T00:00:00Z\" }";
        const std::string log = clean + "\r\n\n{\"mail\":\"a \\\"b\\\" ann@example.org\\n\"}\n" +
                                "broken ann@example.org";
        std::string out;
        const LogRedaction done = redacted(log, out);
        QCOMPARE(out, clean + "\r\n\n{\"mail\":\"a \\\"b\\\" [email]\\n\"}\nbroken [email]");
        QCOMPARE(done.lines, std::size_t(3));
        QCOMPARE(done.changedLines, std::size_t(2));
        QCOMPARE(done.plainLines, std::size_t(1));
        QCOMPARE(done.counts, (std::vector<RedactionCount>{{"email", 2}}));
    }

    void namesOfFieldsStay()
    {
        std::string out;
        redacted("{\"ann@example.org\" : \"ann@example.org\"}", out);
        QCOMPARE(out, std::string("{\"ann@example.org\" : \"[email]\"}"));
    }

    void aTableIsRedactedByItsCells()
    {
        const std::string log = "id,\"prompt\",user\n1,\"Hello, \"\"you\"\" at "
                                "ann@example.org\nbye\",u\r\n2,plain,u\n";
        std::string out;
        const LogRedaction done = redacted(log, out);
        QCOMPARE(out,
                 std::string("id,\"prompt\",user\n1,\"Hello, \"\"you\"\" at [email]\nbye\",u\r\n"
                             "2,plain,u\n"));
        QCOMPARE(done.lines, std::size_t(2));
        QCOMPARE(done.changedLines, std::size_t(1));
    }
};

QTEST_GUILESS_MAIN(TestTrafficImport)
#include "tst_traffic_import.moc"
