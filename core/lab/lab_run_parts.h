// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "call_pacing.h"
#include "cell_attempt.h"
#include "lab_run.h"
#include "policy_lane.h"
#include "recorded_plan.h"
#include "run_budget.h"
#include "run_record.h"

#include <core/evidence/answer_record.h>
#include <core/providers/endpoint.h>

#include <QTimer>

#include <deque>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace signalbox {

/// What a LabRun is inside. Of its rooms each has a file: what is sent and when
/// (lab_run_sending.cpp), what of it is kept and what is in the way of that
/// (lab_run_recording.cpp), turns that go on from earlier ones (lab_run_conversations.cpp), asking
/// again (lab_run_repeats.cpp), taking over an earlier run (lab_run_resuming.cpp). Only these
/// include it.
struct LabRun::Impl
{
    Impl(LabRun* owner, LabPlan asked, const ProviderRegistry& known, EvidenceStore* kept);

    /// A cell whose answer is being written.
    struct Running
    {
        std::unique_ptr<ChatStream> stream;
        CellAttempt attempt;
        CallNumber call = 0;
        PlanStream* course = nullptr; ///< the stream, if it is a policy's

        /// Calls at this moment.
        [[nodiscard]] std::vector<const ModelSpec*> calls(const ModelSpec& model) const
        {
            return course ? course->underWay() : std::vector<const ModelSpec*>{&model};
        }
    };

    /// A cell in the queue that says why it is not sent.
    struct Held
    {
        CellAttempt attempt;
        bool wasSent = false; ///< and is to be sent again
        std::int64_t sinceMs = 0;
        std::int64_t untilMs = 0; ///< before that it is not sent, whatever its server says
        std::string reason;
        bool isShown = false;
    };

    /// An answer that a repeat may replace.
    struct Earlier
    {
        Answer answer;
        std::uint64_t after = 0; ///< Cell::after
    };

    LabRun* q;
    LabPlan plan;
    RunCells cells; ///< of `plan`, as all that follows
    const ProviderRegistry* providers;
    EvidenceStore* store;
    RunRecord record;
    CallPacing pacing; ///< of `plan`
    PolicyLane lane;   ///< of `plan`
    RunBudget budget;  ///< likewise
    std::optional<CapReached> capReached;
    std::optional<CapReached> refusal; ///< by a cap, since the queue was last looked through
    RunSpending lost;                  ///< of the run taken over; see RecordedPlan::lost
    std::vector<std::optional<Endpoint>> serversHere; ///< per model: its server if on this computer
    std::deque<CellId> queue;
    std::map<CellId, Running> running;
    std::map<CellId, Held> held;               ///< of the queue
    std::map<std::size_t, std::string> usedUp; ///< models whose account has nothing left, and how
                                               ///< the server said so
    QTimer nextLook;                           ///< at what may be sent by then
    std::map<CellId, Earlier> earlier;         ///< answers of cells that are asked again
    std::set<CellId> own;                      ///< of these, the policy's that a person asks again
    std::map<CellId, Answer> attempts;         ///< without an answer, in the run taken over
    std::map<CellId, LabPrompt> turnsAsked;    ///< later turns that are under way, as they are sent
    /// The policy's, of ways that it does not go now.
    std::map<std::pair<CellId, std::string>, Answer> otherWays;
    RecordedPlan planBefore;           ///< of the run taken over
    std::int64_t lastRecordedAtMs = 0; ///< of its answers and this one's
    bool closed = false;               ///< the run in the store is finished
    bool reopened = false;             ///< it was, before something was asked again
    bool active = false;
    bool paused = false;
    bool isObstructed = false; ///< paused by what is in the way of the store, until it is not
    bool stopping = false;     ///< the end is wanted, and nothing waited for, not even the disk

    void enqueue(const CellId& id);

    // Sending
    void pump();
    [[nodiscard]] std::optional<CellId> takeNext(bool isFull);
    [[nodiscard]] std::optional<AnswerEnd> unsentEnd(const CellId& id) const;
    [[nodiscard]] std::optional<CallObstacle> obstacleTo(const CellId& id) const;
    [[nodiscard]] bool isSendable(const CellId& id, bool isFull) const;
    [[nodiscard]] bool hasRoom(std::size_t model) const;
    [[nodiscard]] bool hasRoomFor(const ModelSpec& model) const;
    [[nodiscard]] bool isFull() const;
    [[nodiscard]] std::vector<const ModelSpec*> underWay() const;
    [[nodiscard]] std::optional<std::int64_t> untilRoomMs() const;
    [[nodiscard]] bool keepsCaps(const CellId& id);
    [[nodiscard]] bool goesOn() const;
    void heedRefusal();
    [[nodiscard]] bool maySend(const CellId& id, const AskedCall* more);
    [[nodiscard]] std::vector<AskedCall> callsAsked(const CellId& id) const;
    [[nodiscard]] AskedCall priced(AskedCall call) const;
    [[nodiscard]] PolicyLane::Surroundings laneSurroundings();
    void startCell(const CellId& id);
    void handleEvents(const CellId& id, const std::vector<TimedEvent>& events);
    [[nodiscard]] bool holdForRepetition(const CellId& id, const CellAttempt::News& news,
                                         CellAttempt attempt);
    void dropHeld(const CellId& id);
    void showWaiting();
    void say(const CellId& id, CellState state, const std::string& status);

    // Recording
    void connectRecord();
    [[nodiscard]] Result<void> openRecord();
    [[nodiscard]] RecordedPlan toRecord() const;
    void recordCaps();
    [[nodiscard]] std::string requestKeyOf(const CellId& id, const LabPrompt& prompt) const;
    [[nodiscard]] Result<std::vector<CellId>>
    knownOf(const std::vector<CellId>& wanted, std::map<CellId, CachedAnswer>& answers) const;
    [[nodiscard]] Result<void> takeKnownAnswers();
    void takeKnown(const CellId& id, const CachedAnswer& known);
    [[nodiscard]] std::int64_t nextRecordedAtMs();
    [[nodiscard]] bool isAheadOfDisk() const;
    void finishCell(const CellId& id, const AnswerEnd& end, const CellAttempt& attempt);
    void settleWritten(const std::vector<CellId>& written);
    void settle(const CellId& id);
    void leaveUnwritten();
    void noteRefused(const CellId& id, const Error& error);
    void failStore(const Error& error);
    void goOnAfterObstacle();
    void close();

    // Turns of a conversation
    [[nodiscard]] bool waitsForTurn(const CellId& id) const;
    [[nodiscard]] std::optional<LabPrompt>
    promptWith(const CellId& id, const std::map<CellId, CachedAnswer>& answers) const;
    [[nodiscard]] const LabPrompt& promptSent(const CellId& id) const;
    void stopWaitingTurns();
    void goOnAfter(const CellId& id);
    void askAnew(const CellId& id);
    void takeKnownTurns(const std::vector<CellId>& turns);
    [[nodiscard]] std::vector<CellId> turnsToAsk(const CellId& id) const;

    // Asking again
    void askAgain(const CellId& id);
    void giveUp(const CellId& id);
    [[nodiscard]] bool isAnsweredWhole(const CellId& id) const;
    bool returnToEarlier(const CellId& id, const AnswerEnd& end);
    [[nodiscard]] bool isOfAnotherWay(const CellId& id, const Answer& answer) const;
    [[nodiscard]] std::optional<CellId> takerOf(const CellId& id) const;
    void setAside(const CellId& id);
    void takeUp(const CellId& id);

    // Taking over
    [[nodiscard]] Result<void> takeSpending(const RunId& run);
    [[nodiscard]] Result<void> takeOtherWays(const RunId& run, const RunLedger& ledger);
    void keepWay(const CellId& id, Answer answer);
};

/// Deletes a stream outside its own signals; one that still runs is cancelled by that.
void letGo(std::unique_ptr<ChatStream> stream);

} // namespace signalbox
