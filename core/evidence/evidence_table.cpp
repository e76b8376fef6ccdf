// SPDX-License-Identifier: GPL-3.0-or-later
#include "evidence_table.h"

#include "answer_record.h"
#include "answer_row.h"
#include "cell_table.h"
#include "run_table.h"
#include "store_connection.h"

#include <algorithm>
#include <string>

namespace signalbox {

namespace {

constexpr const char* kReading = "cannot read the answers";
constexpr const char* kRecording = "cannot record answers";

std::string placedAnswers()
{
    return "SELECT p.id, p.segment, l.id, c.repeat, " + answerColumnsOfA() +
           " FROM cell c JOIN answer a ON a.run = c.run AND a.prompt = c.prompt AND "
           "a.lane = c.lane AND a.repeat = c.repeat AND a.ticket = c.shown "
           "JOIN prompt p ON p.run = c.run AND p.prompt = c.prompt "
           "JOIN lane l ON l.run = c.run AND l.lane = c.lane ";
}

/// @param statement  begins as placedAnswers()
Result<std::vector<Answer>> readPlaced(StoreConnection& store, std::string_view statement,
                                       const QVariantList& values)
{
    auto rows = store.select(statement, values, kReading);
    if (!rows)
        return Unexpected(rows.error());
    std::vector<Answer> answers;
    while (rows->next()) {
        Answer cell;
        cell.prompt = PromptId(rows->text(0));
        cell.segment = rows->text(1);
        cell.model = ModelId(rows->text(2));
        cell.sample = static_cast<int>(rows->integer(3));
        auto stored = readAnswer(*rows, 4);
        if (!stored) {
            stored.error().where = toString(store.address());
            return Unexpected(std::move(stored.error()));
        }
        answers.push_back(answerOf(std::move(cell), *stored));
    }
    if (auto end = store.endOf(*rows, kReading); !end)
        return Unexpected(end.error());
    return answers;
}

/// Where an id is in a list, which gets it if it has it not.
template<class List, class Make> int placeIn(List& list, const std::string& id, Make make)
{
    const auto found =
        std::ranges::find_if(list, [&](const auto& entry) { return entry.id.value == id; });
    const auto place = static_cast<int>(found - list.begin());
    if (found == list.end())
        list.push_back(make());
    return place;
}

/// Where an answer belongs in a run, which is made to have room for it.
CellKey placeFor(RunDraft& draft, const Answer& answer)
{
    const int prompt = placeIn(draft.prompts, answer.prompt.value,
                               [&] { return StoredPrompt{answer.prompt, answer.segment, "[]"}; });
    draft.prompts[static_cast<std::size_t>(prompt)].segment = answer.segment;
    const int lane = placeIn(draft.lanes, answer.model.value,
                             [&] { return StoredLane{LaneId(answer.model.value), "{}"}; });
    draft.repeats = std::max(draft.repeats, answer.sample + 1);
    return {prompt, lane, answer.sample};
}

} // namespace

Result<std::vector<Answer>> readEvidence(StoreConnection& store, const RunId& run)
{
    static const std::string statement =
        placedAnswers() + "WHERE c.run = ? ORDER BY p.id, l.id, c.repeat";
    return readPlaced(store, statement, {QVariant(static_cast<qlonglong>(runNumber(run)))});
}

Result<std::vector<Answer>> readInterrupted(StoreConnection& store, const RunId& run)
{
    auto rows = store.select(
        "SELECT p.id, p.segment, l.id, c.repeat, s.text, s.reasoning FROM piece s JOIN cell c ON "
        "c.run = s.run AND c.prompt = s.prompt AND c.lane = s.lane AND c.repeat = s.repeat "
        "JOIN prompt p ON p.run = s.run AND p.prompt = s.prompt "
        "JOIN lane l ON l.run = s.run AND l.lane = s.lane "
        "WHERE s.run = ? AND c.shown = 0 ORDER BY s.prompt, s.lane, s.repeat, s.ticket, s.seq",
        {QVariant(static_cast<qlonglong>(runNumber(run)))}, kReading);
    if (!rows)
        return Unexpected(rows.error());
    std::vector<Answer> answers;
    while (rows->next()) {
        Answer piece;
        piece.prompt = PromptId(rows->text(0));
        piece.segment = rows->text(1);
        piece.model = ModelId(rows->text(2));
        piece.sample = static_cast<int>(rows->integer(3));
        piece.state = AnswerState::Stopped;
        const bool isMore = !answers.empty() && answers.back().prompt == piece.prompt &&
                            answers.back().model == piece.model &&
                            answers.back().sample == piece.sample;
        if (!isMore)
            answers.push_back(std::move(piece));
        answers.back().text += rows->text(4);
        answers.back().reasoning += rows->text(5);
    }
    if (auto end = store.endOf(*rows, kReading); !end)
        return Unexpected(end.error());
    return answers;
}

Result<std::vector<Answer>> readAllEvidence(StoreConnection& store)
{
    // Which ones is found out without their texts.
    static const std::string statement =
        placedAnswers() +
        "JOIN (SELECT c2.run, c2.prompt, c2.lane, c2.repeat, row_number() OVER (PARTITION BY "
        "p2.id, l2.id, c2.repeat, a2.style_guide ORDER BY CASE a2.state WHEN 'stopped' THEN 1 "
        "ELSE 0 END, a2.recorded_at DESC, c2.run) AS place FROM cell c2 JOIN answer a2 ON "
        "a2.run = c2.run AND a2.prompt = c2.prompt AND a2.lane = c2.lane AND "
        "a2.repeat = c2.repeat AND a2.ticket = c2.shown AND a2.state <> 'cached' "
        "JOIN prompt p2 ON p2.run = c2.run AND p2.prompt = c2.prompt "
        "JOIN lane l2 ON l2.run = c2.run AND l2.lane = c2.lane) newest ON newest.run = c.run AND "
        "newest.prompt = c.prompt AND newest.lane = c.lane AND newest.repeat = c.repeat "
        "WHERE newest.place = 1 ORDER BY p.id, l.id, c.repeat";
    return readPlaced(store, statement, {});
}

Result<void> writeEvidence(StoreConnection& store, const RunId& run,
                           const std::vector<Answer>& answers)
{
    const auto now = store.nowMs();
    if (!now)
        return Unexpected(now.error());
    return store.inTransaction(kRecording, [&]() -> Result<void> {
        auto draft = readDraft(store, run);
        if (!draft)
            return Unexpected(draft.error());
        std::vector<CellKey> places;
        for (const Answer& answer : answers)
            places.push_back(placeFor(*draft, answer));
        if (auto written = writeKnownRun(store, *draft, {}); !written)
            return written;
        for (std::size_t i = 0; i < answers.size(); ++i) {
            StoredAnswer stored = storedAnswerOf(answers[i]);
            stored.ticket = newTicket();
            if (auto done = finishCell(store, run, places[i], stored); !done)
                return done;
        }
        return touchRun(store, run, *now);
    });
}

} // namespace signalbox
