// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: recorded conversations become prompts that stand for the traffic: by segment, one of
// each conversation, the same every time; what cannot be asked is counted and passed over.

#include <core/lab/conversation.h>
#include <core/lab/own_prompts.h>
#include <core/lab/traffic_prompts.h>
#include <core/traffic/traffic_builder.h>

#include <QTest>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <set>

using namespace signalbox;

namespace {

/// Conversations of `turns` requests each in a segment, of words that differ.
struct Part
{
    const char* segment;
    int conversations;
    int turns = 1;
    const char* words = "Question"; ///< and the number of the conversation
};

/// @param change  of the requests in order, before they become traffic
Traffic trafficOf(const std::vector<Part>& parts,
                  const std::function<void(std::vector<Request>&)>& change = {})
{
    std::vector<Request> requests;
    std::vector<std::string> segments;
    int conversation = 0;
    for (const Part& part : parts) {
        for (int i = 0; i < part.conversations; ++i, ++conversation) {
            Request request;
            request.conversationId = std::to_string(conversation);
            request.messages.push_back({Role::System, "Be brief.", 0});
            for (int turn = 1; turn <= part.turns; ++turn) {
                if (turn > 1)
                    request.messages.push_back({Role::Assistant, "So it is.", 0});
                request.messages.push_back({Role::User,
                                            std::string(part.words) + ' ' + part.segment + ' ' +
                                                std::to_string(i) + ", turn " +
                                                std::to_string(turn),
                                            0});
                requests.push_back(request);
                segments.emplace_back(part.segment);
            }
        }
    }
    if (change)
        change(requests);
    TrafficBuilder rows;
    for (std::size_t i = 0; i < requests.size(); ++i) {
        if (!rows.add(requests[i], {.segment = segments[i]}))
            std::abort();
    }
    return rows.take("by hand").value();
}

std::size_t countIn(const TrafficPrompts& drawn, const char* segment)
{
    return static_cast<std::size_t>(
        std::ranges::count(drawn.prompts, std::string(segment), &LabPrompt::segment));
}

} // namespace

class TestTrafficPrompts : public QObject
{
    Q_OBJECT
private slots:
    void segmentsHaveTheirShares_data()
    {
        QTest::addColumn<int>("count");
        QTest::addColumn<bool>("equal");
        QTest::addColumn<QList<int>>("wanted"); // big, middle, rare
        QTest::newRow("as in the traffic") << 20 << false << QList<int>{14, 5, 1};
        QTest::newRow("a rare one has one") << 10 << false << QList<int>{7, 2, 1};
        QTest::newRow("fewer than segments") << 2 << false << QList<int>{1, 1, 0};
        QTest::newRow("as many of each") << 12 << true << QList<int>{4, 4, 4};
        QTest::newRow("a segment has no more") << 30 << true << QList<int>{15, 10, 5};
        QTest::newRow("all there is") << 500 << false << QList<int>{70, 25, 5};
    }
    void segmentsHaveTheirShares()
    {
        QFETCH(const int, count);
        QFETCH(const bool, equal);
        QFETCH(const QList<int>, wanted);
        const Traffic traffic = trafficOf({{"rare", 5}, {"big", 70}, {"middle", 25}});
        TrafficChoice choice;
        choice.count = static_cast<std::size_t>(count);
        choice.shares = equal ? TrafficChoice::Shares::Equal : TrafficChoice::Shares::AsInTraffic;
        const TrafficPrompts drawn = promptsFromTraffic(traffic, choice);
        const QList<int> got = {static_cast<int>(countIn(drawn, "big")),
                                static_cast<int>(countIn(drawn, "middle")),
                                static_cast<int>(countIn(drawn, "rare"))};
        QCOMPARE(got, wanted);
        QCOMPARE(drawn.segments.size(), std::size_t{3});
        QCOMPARE(drawn.segments[0].name, std::string("big"));
        QCOMPARE(drawn.segments[0].requests, std::size_t{70});
        QCOMPARE(static_cast<int>(drawn.segments[0].chosen), wanted[0]);
        for (const LabPrompt& prompt : drawn.prompts) {
            QVERIFY(isOwnPrompt(prompt.id));
            QCOMPARE(prompt.messages.front().role, Role::System);
        }
    }

    void theSameTrafficGivesTheSamePrompts()
    {
        const Traffic traffic = trafficOf({{"a", 40, 3}, {"b", 40}});
        const auto idsOf = [&](std::size_t count, TrafficChoice::Turns turns) {
            TrafficChoice choice;
            choice.count = count;
            choice.turns = turns;
            std::vector<PromptId> ids;
            for (const LabPrompt& prompt : promptsFromTraffic(traffic, choice).prompts)
                ids.push_back(prompt.id);
            return ids;
        };
        QVERIFY(idsOf(20, TrafficChoice::Turns::First) == idsOf(20, TrafficChoice::Turns::First));
        // More of them are those and others.
        std::vector<PromptId> few = idsOf(20, TrafficChoice::Turns::Any);
        std::vector<PromptId> many = idsOf(40, TrafficChoice::Turns::Any);
        std::ranges::sort(few);
        std::ranges::sort(many);
        QVERIFY(std::ranges::includes(many, few));
    }

    void laterTurnsComeWithWhatWasSaidBefore()
    {
        const Traffic traffic = trafficOf({{"a", 60, 3}});
        TrafficChoice choice;
        choice.count = 60;
        const auto lengthsOf = [&] {
            std::set<std::size_t> lengths;
            for (const LabPrompt& prompt : promptsFromTraffic(traffic, choice).prompts)
                lengths.insert(prompt.messages.size());
            return lengths;
        };
        QCOMPARE(lengthsOf(), (std::set<std::size_t>{2}));
        choice.turns = TrafficChoice::Turns::Any;
        QCOMPARE(lengthsOf(), (std::set<std::size_t>{2, 4, 6}));
    }

    /// With what was asked, and nothing of what was answered: the asked models answer themselves.
    void aWholeConversationIsAllItsTurnsInOrder()
    {
        const Traffic traffic = trafficOf({{"a", 4, 3}, {"b", 2}});
        TrafficChoice choice;
        choice.turns = TrafficChoice::Turns::All;
        choice.count = 3;
        const TrafficPrompts drawn = promptsFromTraffic(traffic, choice);
        QCOMPARE(drawn.chosen, std::size_t{3});
        QCOMPARE(countIn(drawn, "b"), std::size_t{1});
        QCOMPARE(countIn(drawn, "a"), std::size_t{6});
        const Conversations conversations(drawn.prompts);
        for (std::size_t row = 0; row < drawn.prompts.size(); ++row) {
            const LabPrompt& prompt = drawn.prompts[row];
            const int turn = conversations.turn(row);
            QVERIFY(!conversations.isCutOff(row));
            QCOMPARE(conversations.length(row), prompt.segment == "a" ? 3 : 1);
            QCOMPARE(prompt.messages.size(), static_cast<std::size_t>(1 + turn));
            QCOMPARE(prompt.messages.front().role, Role::System);
            QVERIFY(std::ranges::count(prompt.messages, Role::User, &Message::role) == turn);
            QVERIFY(prompt.messages.back().text.ends_with("turn " + std::to_string(turn)));
            if (turn > 1) // together
                QCOMPARE(conversations.before(row), std::optional(row - 1));
        }
    }

    void conversationsThatBeginAlikeShareTheirBeginning()
    {
        const Traffic traffic = trafficOf({{"a", 2, 2}}, [](std::vector<Request>& requests) {
            for (const std::size_t row : {2, 3})
                requests[row].messages[1] = requests[0].messages[1];
        });
        TrafficChoice choice;
        choice.turns = TrafficChoice::Turns::All;
        const TrafficPrompts drawn = promptsFromTraffic(traffic, choice);
        QCOMPARE(drawn.chosen, std::size_t{2});
        QCOMPARE(drawn.prompts.size(), std::size_t{3});
        QCOMPARE(drawn.prompts[1].follows, drawn.prompts[0].id);
        QCOMPARE(drawn.prompts[2].follows, drawn.prompts[0].id);
    }

    void whatCannotBeAskedIsPassedOverAndTheSameWordsCountOnce()
    {
        const auto spoil = [](std::vector<Request>& requests) {
            for (std::size_t row = 0; row < 3; ++row)
                requests[row].messages.back().images = 1;
            requests[3].messages.back().role = Role::Tool;
            requests[5].messages = requests[4].messages;
        };
        const Traffic traffic = trafficOf({{"a", 10}, {"b", 10}}, spoil);
        TrafficChoice choice;
        const TrafficPrompts drawn = promptsFromTraffic(traffic, choice);
        QCOMPARE(drawn.unusable, std::size_t{4});
        QCOMPARE(countIn(drawn, "a"), std::size_t{5});
        QCOMPARE(countIn(drawn, "b"), std::size_t{10});
    }

    void noTrafficGivesNothing() { QVERIFY(promptsFromTraffic({}, {}).prompts.empty()); }
};

QTEST_GUILESS_MAIN(TestTrafficPrompts)
#include "tst_traffic_prompts.moc"
