// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/traffic/traffic_builder.h>

#include <cstdlib>
#include <string>
#include <vector>

namespace signalbox::test {

inline Message user(const std::string& text)
{
    return {Role::User, text, 0};
}
inline Message assistant(const std::string& text)
{
    return {Role::Assistant, text, 0};
}

inline Request asked(const std::string& conversation, std::vector<Message> messages)
{
    Request request;
    request.conversationId = conversation;
    request.messages = std::move(messages);
    return request;
}

inline Traffic tableOf(const std::vector<Request>& requests)
{
    TrafficBuilder rows;
    for (const Request& request : requests) {
        if (!rows.add(request))
            std::abort();
    }
    return rows.take("by hand").value();
}

/// A logged row of messages that live as long as it does.
struct LoggedRow
{
    std::vector<LoggedMessage> said;
    LoggedRequest row;

    explicit LoggedRow(std::vector<LoggedMessage> messages, std::string_view answer = {})
        : said(std::move(messages))
    {
        row.messages = said;
        row.response = answer;
    }
};

/// A table in which every column has something: two conversations that were written in turns.
inline Traffic fullTable()
{
    TrafficBuilder rows;
    const std::vector<std::string_view> tags = {"web", "vip"};
    const std::vector<LoggedEntry> entries = {
        {"plan", "pro", false}, {"seats", "5", true}, {"trial", "true", true}};
    const std::vector<LoggedFeedback> thumbs = {
        {"thumbs", "user", "", 1, 0, 1, 0.5},
        {"words", "", "fine", kUnknownNumber, kUnknownNumber, kUnknownNumber, 1}};
    const std::vector<LoggedAttempt> tries = {
        {0, "acme", "small", "timeout", LogStatus::Failure, 504, 1000, 700, 0.001, 10, 0},
        {1, "acme", "large", "", LogStatus::Success, 200, 1700, 300, 0.01, 10, 20}};
    for (const int turn : {2, 1}) {
        for (const char* conversation : {"b", "a"}) {
            LoggedRow made({{Role::System, "Be brief.", 0}, {Role::User, "Hello", turn * 40}},
                           "So it is.");
            if (turn == 2) {
                made.said.push_back({Role::Assistant, "So it is.", 0});
                made.said.push_back({Role::User, "And then?", 0});
                made.row.messages = made.said;
            }
            LoggedRequest& row = made.row;
            const std::string id = conversation + std::to_string(turn);
            row.requestId = id;
            row.sessionId = conversation;
            row.userId = conversation[0] == 'a' ? "ann" : "bob";
            row.startMs = 1'693'785'600'000 + turn;
            row.latencyMs = 1000.5 * turn;
            row.ttftMs = 100;
            row.requestedModel = "auto";
            row.servedModel = turn == 1 ? "small" : "large";
            row.provider = "acme";
            row.routeName = "default";
            row.ruleId = "hard";
            row.arm = "x";
            row.propensity = 0.25;
            row.retries = 1;
            row.status = LogStatus::Success;
            row.httpStatus = 200;
            row.errorClass = turn == 1 ? "slow" : "";
            row.outcome = "completed";
            row.tenantId = "t";
            row.tokensIn = 100 * turn;
            row.tokensOut = 20;
            row.tokensCached = 10;
            row.tokensReasoning = 5;
            row.costUsd = 0.0125 * turn;
            row.style = "concise";
            row.segment = turn == 1 ? "orders" : "billing";
            row.promptId = conversation[0] == 'a' ? "p1" : "";
            row.maxTokens = 500;
            row.streamed = turn == 1;
            row.cacheHit = false;
            row.tags = tags;
            row.metadata = entries;
            if (turn == 2)
                row.feedback = thumbs;
            else
                row.attempts = tries;
            if (!rows.add(row))
                std::abort();
        }
    }
    return rows.take("full").value();
}

} // namespace signalbox::test
