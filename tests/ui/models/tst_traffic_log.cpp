// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: a log is recognised, a column can be assigned to a field and is read from then on, what
// the whole log comes to is counted, its mapping is proposed the next time; an import is whole or
// nothing.

#include <core/base/files.h>
#include <core/sample/support_desk.h>
#include <core/traffic/known_logs.h>
#include <core/traffic/traffic_file.h>
#include <tests/support/gateway_log.h>
#include <ui/models/traffic_import_session.h>
#include <ui/models/traffic_log.h>
#include <ui/models/traffic_scanner.h>

#include <QDir>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace signalbox;
using namespace signalbox::ui;

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
    [[nodiscard]] QStringList files() const
    {
        return QDir(m_folder.path()).entryList(QDir::Files | QDir::Hidden);
    }

private:
    QTemporaryDir m_folder;
};

LogMapping recognised(const std::filesystem::path& log)
{
    return lookAtLog(log, {}).value().detection.guesses.front().mapping;
}

TrafficImportOrder orderOf(const Folder& folder, const std::filesystem::path& log)
{
    TrafficImportOrder order;
    order.log = log;
    order.table = folder.path("log.traffic");
    order.mapping = recognised(log);
    return order;
}

/// Runs until it is done; the failure, if it is one.
std::optional<Error> run(TrafficImportSession& session, TrafficImportOrder order)
{
    std::optional<Error> failure;
    bool isDone = false;
    QObject context;
    QObject::connect(&session, &TrafficImportSession::finished, &context, [&] { isDone = true; });
    QObject::connect(&session, &TrafficImportSession::failed, &context, [&](const Error& why) {
        failure = why;
        isDone = true;
    });
    session.start(std::move(order));
    if (!QTest::qWaitFor([&] { return isDone; }, 60'000))
        qFatal("the import did not end");
    return failure;
}

} // namespace

class TestTrafficLog : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
    }

    void aKnownLogIsRecognisedWithExamples()
    {
        const Folder folder;
        const auto log = folder.write("log.jsonl", test::spendLog(6));
        const auto look = lookAtLog(log, {});
        QVERIFY2(look.has_value(), look ? "" : toString(look.error()).c_str());
        const LogMapping& mapping = look->detection.guesses.front().mapping;
        QCOMPARE(mapping.name, std::string("LiteLLM spend logs"));
        const auto user = placeOf(mapping, LogField::UserId, look->detection);
        QVERIFY(user.has_value());
        QCOMPARE(user->path, std::string("/end_user"));
        QCOMPARE(exampleAt(look->detection, "/end_user"), std::string("ann"));
        const auto choices = columnChoices(look->detection);
        const auto messages = std::ranges::find(choices, "/messages", &LogColumnChoice::path);
        QVERIFY(messages != choices.end());
        QVERIFY(messages->isTree);
        QVERIFY(!lookAtLog(folder.write("empty.jsonl", ""), {}).has_value());
        const auto missing = lookAtLog(folder.path("none.jsonl"), {});
        QVERIFY(!missing && toString(missing.error()).find("none.jsonl") != std::string::npos);
    }

    void aColumnAssignedByHandIsRead()
    {
        const Folder folder;
        const auto log = folder.write("log.jsonl", test::spendLog(8));
        const auto look = lookAtLog(log, {}).value();
        LogMapping mapping = look.detection.guesses.front().mapping;
        QCOMPARE(scanLog(log, mapping, nullptr, {})->withSegment, std::size_t(0));
        assign(mapping, LogField::Segment, "/desk", LogUnit::Plain, look.detection);
        QCOMPARE(scanLog(log, mapping, nullptr, {})->withSegment, std::size_t(8));
        unassign(mapping, LogField::UserId);
        const auto scan = scanLog(log, mapping, nullptr, {}).value();
        QCOMPARE(scan.withUser, std::size_t(0));
        QCOMPARE(scan.requests, std::size_t(8));
        QCOMPARE(scan.conversations, std::size_t(4));
        QCOMPARE(scan.firstMs, std::int64_t(1'793'785'600'000));
        // Of a column in a text that holds JSON, the text is taken apart.
        const auto nested =
            folder.write("nested.csv", "prompt,extra\nhi,\"{\"\"who\"\":\"\"bob\"\"}\"\n");
        const auto seen = lookAtLog(nested, {}).value();
        LogMapping own = proposedMapping("", seen.detection.container);
        assign(own, LogField::Prompt, "/prompt", LogUnit::Plain, seen.detection);
        assign(own, LogField::UserId, "/extra/who", LogUnit::Plain, seen.detection);
        QCOMPARE(firstRows(nested, own, nullptr)->front().user, std::string("bob"));
    }

    void firstRowsAreShownAsTheyWillBe()
    {
        const Folder folder;
        const auto log = folder.write("log.jsonl", test::spendLog(3000));
        const LogMapping mapping = recognised(log);
        const auto rows = firstRows(log, mapping, nullptr, 20).value();
        QCOMPARE(rows.size(), std::size_t(20));
        QCOMPARE(rows[1].prompt, std::string("Where is order 1? I am ann@example.org"));
        QCOMPARE(rows[1].tokensIn, std::int64_t(101));
        const TextRedactor redactor = TextRedactor::make().value();
        QCOMPARE(firstRows(log, mapping, &redactor, 2)->at(1).prompt,
                 std::string("Where is order 1? I am [email]"));
    }

    void aScanCountsAndListsBadLines()
    {
        const Folder folder;
        const auto log =
            folder.write("log.jsonl", test::spendLog(2) + "{\"broken\": \n" + test::spendLog(1));
        TrafficScanner scanner(log);
        QSignalSpy scanned(&scanner, &TrafficScanner::scanned);
        scanner.start(LogMapping()); // what is asked later counts
        scanner.start(recognised(log));
        QTRY_COMPARE(scanned.size(), 1);
        QVERIFY(!scanner.isScanning());
        QCOMPARE(scanner.scan()->requests, std::size_t(3));
        QCOMPARE(scanner.scan()->report.badLines, std::size_t(1));
        QCOMPARE(scanner.scan()->report.problems.at(0).line, std::size_t(3));
    }

    void theMappingIsProposedForTheSameColumns()
    {
        const Folder folder;
        const auto log = folder.write("log.jsonl", test::spendLog(4));
        const auto look = lookAtLog(log, folder.path("mappings")).value();
        QVERIFY(!look.kept.has_value());
        LogMapping mapping = look.detection.guesses.front().mapping;
        assign(mapping, LogField::Segment, "/desk", LogUnit::Plain, look.detection);
        QVERIFY(rememberMapping(look, mapping, folder.path("mappings")).has_value());
        const auto again = folder.write("next.jsonl", test::spendLog(2, "bob"));
        QVERIFY(lookAtLog(again, folder.path("mappings"))->kept == mapping);
        const auto other = folder.write("other.csv", "prompt,user\nhi,ann\n");
        QVERIFY(!lookAtLog(other, folder.path("mappings"))->kept.has_value());
    }

    void anImportWritesTableAndBadLines()
    {
        const Folder folder;
        const auto log =
            folder.write("log.jsonl", test::spendLog(6) + "not read, of ann@example.org\n");
        TrafficImportOrder order = orderOf(folder, log);
        order.redactor = std::make_shared<const TextRedactor>(TextRedactor::make().value());
        TrafficImportSession session;
        const auto failure = run(session, order);
        QVERIFY2(!failure, failure ? toString(*failure).c_str() : "");
        const auto table = TrafficFile::open(order.table);
        QVERIFY(table && table->verify());
        QCOMPARE(table->traffic()->rowCount(), std::size_t(6));
        QCOMPARE(table->traffic()->conversationCount(), std::size_t(3));
        QVERIFY(table->traffic()->lastUserMessage(0).ends_with("I am [email]"));
        const std::string aside = readFile(asideOf(order.table)).value();
        QVERIFY(aside.find("not read, of [email]") != std::string::npos);
    }

    void promptsAreLeftOutAndSignalsStay()
    {
        const Folder folder;
        TrafficImportOrder order = orderOf(folder, folder.write("log.jsonl", test::spendLog(6)));
        order.leavesOutPrompts = true;
        order.policy = supportDeskPolicy();
        TrafficImportSession session;
        QVERIFY(!run(session, order));
        const auto table = TrafficFile::open(order.table);
        QVERIFY(table.has_value());
        QVERIFY(table->traffic()->promptsLeftOut);
        QVERIFY(!table->traffic()->hasPrompts());
        QVERIFY(!table->traffic()->signalValues.empty());
    }

    void aCancelledImportLeavesNothing()
    {
        const Folder folder;
        const TrafficImportOrder order =
            orderOf(folder, folder.write("log.jsonl", test::spendLog(30'000)));
        const QStringList before = folder.files();
        TrafficImportSession session;
        QSignalSpy finished(&session, &TrafficImportSession::finished);
        std::optional<Error> failure;
        connect(&session, &TrafficImportSession::failed, this,
                [&](const Error& why) { failure = why; });
        session.start(order);
        QVERIFY(session.isRunning());
        session.cancel();
        QTRY_VERIFY_WITH_TIMEOUT(failure, 60'000);
        QCOMPARE(failure->code, ErrorCode::Cancelled);
        QCOMPARE(finished.size(), 0);
        QVERIFY(!session.isRunning());
        QCOMPARE(folder.files(), before);
    }

    void aFolderThatTakesNothingIsNamed()
    {
        const Folder folder;
        TrafficImportOrder order = orderOf(folder, folder.write("log.jsonl", test::spendLog(2)));
        order.table = folder.path("none/log.traffic");
        TrafficImportSession session;
        const auto failure = run(session, order);
        QVERIFY(failure);
        QVERIFY2(toString(*failure).find("none") != std::string::npos, toString(*failure).c_str());
    }
};

QTEST_GUILESS_MAIN(TestTrafficLog)
#include "tst_traffic_log.moc"
