// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cell_attempt.h"
#include "plan_clock.h"
#include "plan_course.h"
#include "policy_column.h"

#include <core/providers/provider.h>
#include <core/providers/rate_limiter.h>
#include <core/routing/attempt_machine.h>

#include <QTimer>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace signalbox {

struct PlanHop;

/// Carries a policy's plan out for one prompt, and is the stream of what the user would see: real
/// calls in the order, with the budgets, retries, checks and fallbacks of AttemptMachine, the same
/// that a router and the projection run. Its TTFT is what the user felt: from the plan's beginning.
///
/// The plan has a clock of its own. While a call is under way it runs as the computer's does. It
/// stands while a call has to wait for nothing but this run (a server with no room, a limit that
/// the run's many calls reached, a column that is to be written first), and it jumps ahead where
/// the course is known: over answers that are taken from a model's column, and over what a
/// simulated model gave at once. A real server that failed gets the wait that the policy has before
/// a retry, to the full. So neither the run's queues nor the simulator's speed pass for
/// the policy's time, and a taken answer that was too slow for a budget overruns it here, too.
///
/// Lives on its LabRun's thread; everything it is given outlives it.
class PlanStream final : public ChatStream
{
    Q_OBJECT
public:
    struct Permission
    {
        enum class Kind {
            Send,
            Wait, ///< lookAgain() when something has changed
            Take, ///< `answer` is what the call would give
        };
        /// What a call waits for.
        enum class For {
            Room,   ///< of its server, or of the run: time, or another call's end, makes some
            Column, ///< the answer that it will take
            Caps,   ///< of the run, which are in its way
        };
        Kind kind = Kind::Send;
        const Answer* answer = nullptr; ///< copied at once
        For waitsFor = For::Room;
    };
    /// @param mayWait  false: the plan's clock runs, so that Wait would be counted against it; only
    ///                 a cap says it then, and the call is left beside what is under way
    using AskLeave = std::function<Permission(const ModelSpec&, const ChatRequest&, bool mayWait)>;

    struct Task
    {
        std::shared_ptr<const PolicyColumn> policy;
        PolicyColumn::Decided decided;
        const LabPlan* plan = nullptr;
        LabPrompt prompt; ///< with the replies before it
        int sample = 0;
        const ProviderRegistry* providers = nullptr;
        AskLeave askLeave;
    };
    explicit PlanStream(Task task);
    ~PlanStream() override;

    void cancel() override;
    [[nodiscard]] StreamTimes times() const override;
    /// Whole once the last batch is out.
    [[nodiscard]] PlanCourse course() const;
    /// Models that are asked at this moment, each as often as it is.
    [[nodiscard]] std::vector<const ModelSpec*> underWay() const;
    /// Models whose next call waits for room.
    [[nodiscard]] std::vector<const ModelSpec*> waitingForRoom() const;
    /// It waits for what it cannot bring about: of all that is held nothing waits for room, and
    /// nothing is under way or about to be looked at.
    [[nodiscard]] bool isStuck() const;
    /// What there is to say while nothing is shown: "palm-2: rate limit; gpt-4 is asked".
    [[nodiscard]] std::string status() const;
    void lookAgain();

    // Its rooms: when things are (plan_clock.h), one call and what it costs (plan_hop.h), how calls
    // are sent, taken and stopped (plan_stream_calls.cpp), who checks an answer (plan_verifier.h),
    // what is said of it all (plan_words.h).
private:
    using Hop = PlanHop; ///< one call
    struct Due
    {
        double atMs = 0;
        Hop* hop = nullptr;
        TimedEvent event;
    };

    void go();
    void step(double dueMs);
    void handle(const Due& due);
    void obey(const std::vector<AttemptCommand>& commands);
    void begin(int attempt, const Call& call);
    void admit(Hop& hop);
    void admitLeftAlone();
    void take(Hop& hop, const Answer& answer);
    void send(Hop& hop);
    void receive(Hop& hop, const std::vector<TimedEvent>& events);
    void end(Hop& hop, const AnswerEnd& end, FinishReason reason);
    void noteBilledUntilNow(Hop& hop);
    [[nodiscard]] std::optional<AnswerEnd> takeRest(Hop& hop);
    void check(Hop& hop, const Acceptance& accept);
    void askVerifier(Hop& hop, const Verifier& verifier);
    void noteVerdict(Hop& verifier, const AnswerEnd& end);
    void tellVerdict(Hop& hop, bool isAccepted, const std::string& reason);
    void giveUp(Hop& hop, PolicyHop::End how);
    [[nodiscard]] TokenMultiplier tokenizerOf(const Hop& hop) const;
    void letGo(Hop& hop);
    void deliver(Hop& hop);
    void show(const std::string& text, const std::string& reasoning);
    [[nodiscard]] bool close();
    void conclude();
    void flush();
    void put(Hop& hop, double atMs, StreamEvent event);
    void restAfter(const Hop& failed, AttemptFailure failure);
    [[nodiscard]] PlanClock::Told told() const;
    [[nodiscard]] bool isHeld() const;
    [[nodiscard]] bool stands() const;
    [[nodiscard]] Hop* attemptOf(int number) const;

    Task m_task;
    AttemptMachine m_machine;
    RateLimiter* m_limiter;
    PlanClock m_clock;
    QTimer m_timer;
    std::vector<std::unique_ptr<Hop>> m_hops; ///< attempts and verifiers, as they began
    std::vector<Hop*> m_attempts;             ///< by the machine's number
    std::vector<Due> m_due;                   ///< by time, then as they came
    Hop* m_delivered = nullptr;
    std::vector<TimedEvent> m_out;
    std::string m_said; ///< of status()
    double m_wakeMs;
    std::optional<double> m_firstTextMs;
    std::optional<AttemptFailure> m_failure;
    bool m_isOver = false;
};

} // namespace signalbox
