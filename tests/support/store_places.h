// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "postgres_server.h"

#include <core/evidence/answer_table.h>
#include <core/evidence/cell_table.h>
#include <core/evidence/store_address.h>
#include <core/evidence/store_open.h>

#include <QTemporaryDir>
#include <QTest>

#include <memory>
#include <string>

namespace signalbox::test {

/// An empty place for a store per test function, in both databases. In a test class:
///
///     void initTestCase_data() { StorePlaces::addRows(); }
///     void init() { SIGNALBOX_FRESH_PLACE(m_places); }
class StorePlaces
{
public:
    static void addRows()
    {
        QTest::addColumn<bool>("isFile");
        QTest::newRow("SQLite") << true;
        QTest::newRow("PostgreSQL") << false;
    }

    /// @return why there is none: a sentence for QSKIP; empty if there is
    QString makeFresh(bool isFile)
    {
        if (isFile) {
            m_folder = std::make_unique<QTemporaryDir>();
            m_address =
                SqliteStore{std::filesystem::path(m_folder->path().toStdString()) / "runs.sqlite"};
            return {};
        }
        if (const QString obstacle = PostgresServer::obstacle(); !obstacle.isEmpty())
            return obstacle;
        if (!m_server)
            m_server = std::make_unique<PostgresServer>();
        if (!m_server->isRunning() && !m_server->start())
            qFatal("the server does not start: %s", qPrintable(m_server->log()));
        m_address = m_server->newDatabase();
        return {};
    }

    [[nodiscard]] const StoreAddress& address() const { return m_address; }
    [[nodiscard]] bool isFile() const { return std::holds_alternative<SqliteStore>(m_address); }
    [[nodiscard]] PostgresServer& server() { return *m_server; }

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<PostgresServer> m_server;
    StoreAddress m_address;
};

#define SIGNALBOX_FRESH_PLACE(places)                                                              \
    do {                                                                                           \
        QFETCH_GLOBAL(const bool, isFile);                                                         \
        if (const QString obstacle = (places).makeFresh(isFile); !obstacle.isEmpty())              \
            QSKIP(qPrintable(obstacle));                                                           \
    } while (false)

/// Fails the test with the sentence of an error.
#define SIGNALBOX_VERIFY(result)                                                                   \
    do {                                                                                           \
        const auto& outcome = (result);                                                            \
        QVERIFY2(outcome.has_value(), outcome ? "" : toString(outcome.error()).c_str());           \
    } while (false)

/// Waits for what comes by the event loop; the limit is one against hanging.
#define SIGNALBOX_TRY(condition) QTRY_VERIFY_WITH_TIMEOUT(condition, 300'000)

/// A run of so many prompts and lanes with texts that are hard on a database.
inline RunDraft smallDraft(int prompts, int lanes, int repeats = 1)
{
    RunDraft draft;
    draft.id = newRunId();
    draft.name = "Gr\u00fc\u00dfe, \"O'Neil\" \\ 100 % ?";
    draft.planJson = R"({"caps":{"usd":2.5},"seeds":[1,2]})";
    draft.repeats = repeats;
    for (int i = 0; i < prompts; ++i)
        draft.prompts.push_back(
            {PromptId("p" + std::to_string(i)), "billing",
             R"([{"role":"user","text":"What of )" + std::to_string(i) + R"(?"}])"});
    for (int i = 0; i < lanes; ++i)
        draft.lanes.push_back({LaneId("lane" + std::to_string(i)),
                               R"({"model":"m)" + std::to_string(i) + R"(","keyRef":"env:KEY"})"});
    return draft;
}

/// An answer with every member set, and a text that is hard on a database.
inline StoredAnswer fullAnswer(const std::string& text = "an answer")
{
    StoredAnswer answer;
    answer.ticket = newTicket();
    answer.styleGuide = "At most four sentences.";
    answer.text = text + " \U0001F680 <b>it's</b> \\n ? $1\n" + std::string("\0\x1A tail", 7);
    answer.reasoning = "because";
    answer.servedModel = "gpt-4-0613";
    answer.finishReason = "end_turn";
    answer.times = {12.5, 100.25, 110, 120.125, 1234.5, 3.25};
    answer.usage = {400, 12, 0, 77, 20, true};
    answer.cost = Money{12'360'000'123};
    answer.isCostStated = true;
    answer.retries = {{250, "rate limit"}, {500, "\"overloaded\""}, {9, "a limit", true}};
    answer.droppedParameters = {"temperature"};
    answer.routeJson = R"({"rule":"hard"})";
    answer.satisfied = 0.75;
    answer.isSimulated = true;
    answer.recordedAtMs = 1'700'000'000'000;
    return answer;
}

} // namespace signalbox::test
