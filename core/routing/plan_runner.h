// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "attempt_machine.h"

#include <core/policy/plan.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace signalbox {

/// What runs a plan, for AttemptMachine (whole milliseconds, a router's events) and for the
/// simulation (fractions, an event queue) alike; attempt_machine.h states the rules. Private to
/// this library. Reusable: start() begins anew and keeps the memory.
class PlanRunner
{
public:
    struct Command
    {
        AttemptCommand::Kind kind = AttemptCommand::Kind::Start;
        int attempt = -1;
        const Call* call = nullptr;         ///< of Start
        const Acceptance* accept = nullptr; ///< of Check, and of Start if there will be one
        int model = 0;                      ///< of Start: number of the model within the plan
        /// Of Fail; of Cancel: Timeout if a budget stopped it, nothing if another answered first.
        std::optional<AttemptFailure> failure;
    };

    /// `plan` must outlive the runner. A split, which has no place here, takes its heaviest arm, a
    /// pool its first member.
    explicit PlanRunner(const Plan& plan);

    // Each gives the commands that follow, valid until the next call.
    std::span<const Command> start();
    std::span<const Command> onFirstToken(int attempt, double nowMs);
    std::span<const Command> onFinished(int attempt, double nowMs);
    std::span<const Command> onFailed(int attempt, AttemptFailure failure, double nowMs);
    std::span<const Command> onChecked(int attempt, bool isAccepted, double nowMs);
    std::span<const Command> tick(double nowMs);

    /// When tick() is due; infinity if nothing waits for time.
    [[nodiscard]] double nextTimerMs() const;
    [[nodiscard]] bool isSettled() const { return m_isSettled; }
    [[nodiscard]] int modelCount() const { return m_modelCount; }

private:
    enum class StepState : std::uint8_t { Idle, Running, Waiting, Over };
    enum class AttemptState : std::uint8_t {
        Running,  ///< nothing has come of it yet
        Held,     ///< it writes, and nobody sees it before it is checked
        Checking, ///< written
        Rejected, ///< kept, in case that nothing better comes
        Delivered,
        Over,
    };

    struct Step // in preorder, so that what is inside of a chain or cascade follows it
    {
        const Call* call = nullptr;
        const Chain* chain = nullptr;
        const Cascade* cascade = nullptr;
        int parent = -1;
        int holder = -1;   ///< the cascade that checks what comes of this step
        int end = 0;       ///< first step that is not inside
        int model = 0;     ///< of a call
        unsigned goOn = 0; ///< of a chain: bits of the failures after which it goes on

        StepState state = StepState::Idle;
        double dueMs =
            0;           ///< of a chain or cascade its deadline, of a waiting call its next attempt
        int retries = 0; ///< of a call, used
        bool handedOver = false; ///< overran in hedge mode, and the next step was started
        int nextChild = 0;       ///< the step inside to start next; `end` when there is none
        int alive = 0;           ///< of a chain: its steps that may still answer
        bool isClosed = false;   ///< of a chain: no further step may start
    };
    struct Attempt
    {
        int step = 0;
        AttemptState state = AttemptState::Running;
        double firstTokenDueMs = 0;
        double totalDueMs = 0;
    };
    enum class Due : std::uint8_t { Before, BeforeOrAt };

    void addStep(const Plan& plan, int parent, int holder, std::vector<const ModelId*>& models);
    void addCall(const Call& call, int parent, int holder, std::vector<const ModelId*>& models);
    void begin(double nowMs, Due due);
    void fireTimers(double nowMs, Due due);
    void startStep(int index, double nowMs);
    void startNext(int chain, double nowMs);
    void startAttempt(int call, double nowMs);
    void overrunFirstToken(int attempt, double nowMs);
    void overrunTotal(int attempt, double nowMs);
    void overrunDeadline(int step, double nowMs);
    void attemptFailed(int call, AttemptFailure failure, double nowMs);
    void stepFailed(int index, AttemptFailure failure, double nowMs);
    void cascadeStepOver(int cascade, AttemptFailure failure, double nowMs);
    void heldAttemptFailed(int attempt, AttemptFailure failure, double nowMs);
    void stopInside(int step, std::optional<AttemptFailure> failure, int except);
    void hold(int attempt);
    void deliver(int attempt);
    void deliverWritten(int attempt);
    [[nodiscard]] int newestWritten(int step) const;
    [[nodiscard]] int childAround(int parent, int step) const;
    void cancel(int attempt, std::optional<AttemptFailure> failure);
    void settle(std::optional<AttemptFailure> failure);
    [[nodiscard]] bool isIn(AttemptState state, int attempt) const;
    [[nodiscard]] bool isRunning(int attempt) const { return isIn(AttemptState::Running, attempt); }

    std::vector<Step> m_steps;
    std::vector<Attempt> m_attempts;
    std::vector<Command> m_commands;
    int m_modelCount = 0;
    int m_delivered = -1;
    bool m_isSettled = false;
};

} // namespace signalbox
