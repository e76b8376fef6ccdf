// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: a table gives back the requests that it was made of, to the letter and whatever their
// order was, and keeps what is said twice once.

#include "table_rows.h"

#include <QTest>

#include <cmath>

using namespace signalbox;
using namespace signalbox::test;

class TestTrafficTable : public QObject
{
    Q_OBJECT
private slots:
    void aTurnKeepsWhatIsNewAgainstTheTurnBefore()
    {
        const std::vector<Request> requests = {
            asked("c", {user("one")}), asked("c", {user("one"), assistant("1"), user("two")}),
            asked("c", {user("one"), assistant("1"), user("two"), assistant("2"), user("three")})};
        const Traffic traffic = tableOf(requests);
        QCOMPARE(traffic.messages.count(), std::size_t(5));
        for (std::size_t row = 0; row < requests.size(); ++row)
            QVERIFY(traffic.request(row) == requests[row]);
        QCOMPARE(traffic.lastUserMessage(2), std::string_view("three"));
        QCOMPARE(traffic.messagesOf(2).size(), std::size_t(5));
    }

    void aHistoryThatWasRewrittenIsKeptWhole()
    {
        const std::vector<Request> requests = {
            asked("c", {user("one"), assistant("1"), user("two")}),
            asked("c", {user("in short"), assistant("1"), user("two"), user("three")}),
            asked("c", {user("in short"), assistant("other"), user("two"), user("x"), user("y")})};
        const Traffic traffic = tableOf(requests);
        QCOMPARE(traffic.messages.count(), std::size_t(3 + 4 + 4));
        for (std::size_t row = 0; row < requests.size(); ++row)
            QVERIFY(traffic.request(row) == requests[row]);
    }

    void conversationsShareNothing()
    {
        const Traffic traffic = tableOf({asked("a", {user("hi")}), asked("b", {user("hi")})});
        QCOMPARE(traffic.messages.count(), std::size_t(2));
        QVERIFY(traffic.messages.parents.empty());
    }

    void anAnswerIsNoPartOfItsRequestAndTheHistoryOfTheNext()
    {
        TrafficBuilder rows;
        LoggedRow first({{Role::User, "one", 0}}, "1");
        LoggedRow second(
            {{Role::User, "one", 0}, {Role::Assistant, "1", 0}, {Role::User, "two", 0}}, "2");
        first.row.sessionId = second.row.sessionId = "c";
        QVERIFY(rows.add(second.row).has_value() && rows.add(first.row).has_value());
        const Traffic traffic = rows.take("").value();
        QCOMPARE(traffic.request(0).messages, std::vector<Message>{user("one")});
        QCOMPARE(traffic.request(1).messages,
                 (std::vector<Message>{user("one"), assistant("1"), user("two")}));
        QCOMPARE(traffic.messages.answerOf(0), std::string_view("1"));
        QCOMPARE(traffic.messages.answerOf(1), std::string_view("2"));
        QCOMPARE(traffic.messages.count(), std::size_t(4));
        QCOMPARE(traffic.lastMessage(1), std::string_view("two"));
    }

    void whatFewRequestsHaveIsKept()
    {
        Request request = asked("", {{Role::User, "look", 100}, {Role::Tool, "", 2}});
        request.requestId = "r";
        request.style = "";
        request.headers = {{"X-Plan", "pro"}, {"x-other", ""}};
        request.metadata = {{"n", -0.5}, {"b", false}, {"t", std::string("5")}};
        request.usage = {{SignalId("rate"), 2.5}};
        request.maxTokens = 0;
        request.hasTools = true;
        request.requestedModel = "auto";
        request.timeMs = 17;
        const Traffic traffic = tableOf({asked("", {user("plain")}), request});
        QVERIFY(traffic.request(1) == request);
        QVERIFY(!traffic.request(0).style.has_value());
        QCOMPARE(traffic.styleOf(1), std::optional<std::string>(""));
        RequestReader reader(traffic); // nothing of one request is left in the next
        QVERIFY(reader.at(1) == request);
        QVERIFY(reader.at(0) == asked("", {user("plain")}));
    }

    void rowsComeInOrderWithAllThatIsTheirs()
    {
        const Traffic traffic = fullTable();
        QCOMPARE(traffic.conversationOf, (std::vector<std::uint32_t>{0, 0, 1, 1}));
        QCOMPARE(traffic.turnOf, (std::vector<std::uint16_t>{1, 2, 1, 2}));
        QCOMPARE(std::string(traffic.conversationId(0)), std::string("b"));
        const char* const ids[] = {"b1", "b2", "a1", "a2"};
        for (std::size_t row = 0; row < 4; ++row) {
            const int turn = 1 + static_cast<int>(row % 2);
            QCOMPARE(std::string(traffic.requestId(row)), std::string(ids[row]));
            QCOMPARE(std::string(traffic.userId(row)), std::string(row < 2 ? "bob" : "ann"));
            QCOMPARE(std::string(traffic.servedModel[row]),
                     std::string(turn == 1 ? "small" : "large"));
            QCOMPARE(std::string(traffic.error[row]), std::string(turn == 1 ? "slow" : ""));
            QCOMPARE(traffic.inputTokens[row], 100 * turn);
            QCOMPARE(traffic.costOf(row)->pico, 12'500'000'000 * turn);
            QCOMPARE(traffic.totalMs[row], 1000.5F * static_cast<float>(turn));
            QCOMPARE(traffic.streamed[row], std::uint8_t(turn == 1 ? 1 : 2));
            QCOMPARE(traffic.request(row).messages[1].images, turn * 40);
            QCOMPARE(traffic.tagsOf(row), (std::vector<std::string_view>{"web", "vip"}));
            const auto [begin, end] = traffic.feedbackOn(row);
            QCOMPARE(end - begin, std::size_t(turn == 2 ? 2 : 0));
        }
        const std::vector<MetadataEntry> metadata = traffic.metadataOf(3);
        QCOMPARE(metadata.size(), std::size_t(3));
        QVERIFY(metadata[0].value == Scalar(std::string("pro")));
        QVERIFY(metadata[1].value == Scalar(5.0)); // the log has a number there
        QVERIFY(metadata[2].value == Scalar(true));
        QCOMPARE(traffic.feedback.rowOf, (std::vector<std::uint32_t>{1, 1, 3, 3}));
        QCOMPARE(traffic.feedback[2].value, 1.0);
        QCOMPARE(std::string(traffic.feedback[3].label), std::string("fine"));
        QCOMPARE(traffic.attempts.rowOf, (std::vector<std::uint32_t>{0, 0, 2, 2}));
        QCOMPARE(std::string(traffic.attempts.model[3]), std::string("large"));
        QCOMPARE(traffic.segments, (std::vector<std::string>{"orders", "billing"}));
        QCOMPARE(traffic.prompts, std::vector<PromptId>{PromptId("p1")});
        QCOMPARE(traffic.promptOf,
                 (std::vector<std::uint32_t>{Traffic::kNone, Traffic::kNone, 0, 0}));
    }

    void whatNoRowSaysTakesNoRoom()
    {
        const Traffic traffic = tableOf({asked("", {user("hi")})});
        QVERIFY(traffic.servedModel.empty() && traffic.cost.empty() && traffic.metadata.empty());
        QVERIFY(!traffic.costOf(0).has_value());
        QVERIFY(traffic.servedModel[0].empty());
    }

    void manyNamesTakeMoreBytesEach()
    {
        std::vector<Request> requests;
        for (int i = 0; i < 300; ++i) {
            Request request = asked("", {user("hi")});
            request.userId = "u" + std::to_string(i % 290);
            requests.push_back(request);
        }
        const Traffic traffic = tableOf(requests);
        QCOMPARE(traffic.user.codes.codes.index(), std::size_t(1));
        QCOMPARE(traffic.user.names.size(), std::size_t(290));
        for (std::size_t row = 0; row < 300; ++row)
            QCOMPARE(traffic.request(row).userId, requests[row].userId);
    }

    void aRowWithoutConversationFindsItByWhatWasSaid()
    {
        TrafficBuilderOptions options;
        options.unnamed = TrafficBuilderOptions::Unnamed::ByHistory;
        TrafficBuilder rows(options);
        LoggedRow first({{Role::User, "hi", 0}});
        LoggedRow stranger({{Role::User, "hi", 0}});
        LoggedRow second(
            {{Role::User, "hi", 0}, {Role::Assistant, "ho", 0}, {Role::User, "so", 0}});
        LoggedRow third = second;
        third.said.push_back({Role::Assistant, "yes", 0});
        third.said.push_back({Role::User, "bye", 0});
        third.row.messages = third.said;
        second.row.messages = second.said;
        first.row.userId = second.row.userId = third.row.userId = "ann";
        stranger.row.userId = "bob";
        for (const LoggedRow* row : {&first, &stranger, &second, &third})
            QVERIFY(rows.add(row->row).has_value());
        QCOMPARE(rows.joinedByHistory(), std::size_t(2));
        const Traffic traffic = rows.take("").value();
        QCOMPARE(traffic.conversationOf, (std::vector<std::uint32_t>{0, 0, 0, 1}));
        QCOMPARE(traffic.turnOf, (std::vector<std::uint16_t>{1, 2, 3, 1}));
        QVERIFY(!traffic.conversationId(0).empty()); // a split that is sticky needs a name
        QCOMPARE(traffic.messages.count(), std::size_t(6));
    }

    void textsThatAreTooManyForMemoryGoToDisk()
    {
        TrafficBuilderOptions options;
        options.scratchFolder = QDir::tempPath().toStdString();
        options.memoryBytes = 1;
        TrafficBuilder onDisk(options);
        std::vector<Request> requests;
        for (int i = 0; i < 200; ++i) {
            requests.push_back(asked(std::to_string(i % 7),
                                     {user(std::string(1000, 'x')), user(std::to_string(i))}));
            QVERIFY(onDisk.add(requests.back()).has_value());
        }
        QVERIFY(onDisk.take("by hand").value() == tableOf(requests));
    }

    void aDiskWithoutRoomIsAnError()
    {
        TrafficBuilderOptions options;
        options.scratchFolder = "/nowhere/at/all";
        options.memoryBytes = 1;
        TrafficBuilder rows(options);
        const auto added = rows.add(asked("", {user(std::string(100'000, 'x'))}));
        QVERIFY(!added.has_value());
        QVERIFY(added.error().message.find("temporary file") != std::string::npos);
    }

    void aViewThatIsWrittenToBecomesACopy()
    {
        const std::vector<int> theirs = {1, 2, 3};
        Column<int> column(theirs, std::make_shared<char>());
        const Column<int> other = column;
        column[1] = 20;
        column.push_back(4);
        QCOMPARE(column, (std::vector<int>{1, 20, 3, 4}));
        QCOMPARE(other, theirs);
        QCOMPARE(other.data(), theirs.data());
    }
};

QTEST_GUILESS_MAIN(TestTrafficTable)
#include "tst_traffic_table.moc"
