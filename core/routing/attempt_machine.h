// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <core/policy/plan.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace signalbox {

/// What the driver of an AttemptMachine must do now.
struct AttemptCommand
{
    enum class Kind {
        Start,   ///< send the request to `model` as attempt `attempt`
        Check,   ///< attempt `attempt` is written: hold it against `accept`, then call onChecked()
        Cancel,  ///< stop attempt `attempt`; nothing more of it counts
        WakeAt,  ///< call tick() at `atMs` unless something happens before
        Deliver, ///< attempt `attempt` is the answer; stream it to the user from now on
        Fail, ///< no attempt answered (or the delivered one broke off): `failure` of the last one
    };
    Kind kind = Kind::Start;
    int attempt = -1;
    ModelId model;
    std::int64_t atMs = 0;
    AttemptFailure failure = AttemptFailure::Timeout;
    const Call* call = nullptr;         ///< of Start; lives as long as the machine
    const Acceptance* accept = nullptr; ///< of Check; lives as long as the machine
    bool isOverrun = false; ///< of Cancel: a budget ran out; else another attempt came first
};

/// Runs one plan (no splits) for one request: which model is asked when, in cancel and in hedge
/// mode, under first-token, total and deadline budgets, with retries and backoff. Pure: the driver
/// (router, lab, simulation) tells it what happened and when, and carries out its commands. Times
/// are milliseconds since the request came in and never go back.
///
/// - The first visible token of any attempt is the answer: it is delivered, all other attempts are
///   cancelled, and no model can take over any more, even if the answer then breaks off.
/// - firstTokenMs and totalMs bound each attempt, retries start anew. A bare call or a step of a
///   chain in cancel mode that overruns firstTokenMs is stopped and failed by "timeout". A step of
///   a chain in hedge mode goes on while the next one starts, once; the last step just goes on.
/// - totalMs stops an attempt in every mode, also after it began to answer.
/// - deadlineMs bounds the time until the chain's answer begins: all that runs or waits inside of
///   it is stopped, and the chain has failed by "timeout". Nested chains have their own.
/// - A failed step starts the next one at once if the chain's `on` lists the failure. One that is
///   not listed starts no further step; steps that already run in hedge mode may still answer.
/// - Retries follow failures that the provider reported, never a timeout; backoffs are rounded to
///   whole milliseconds.
/// - In a cascade every step but the last is written whole before anybody sees it: its first token
///   ends its first-token budget and stops what else runs in the step, and when it is finished it
///   is checked. Accepted, it is delivered whole; rejected or failed, the next step starts. The
///   last step is delivered at its first token. If it fails, or the deadline of the cascade or of a
///   chain around it comes, the newest answer that is written is delivered, accepted or not.
/// - An answer that breaks off while it is held has failed its step; there is no retry.
/// - Something that happens in the very millisecond in which a budget runs out is in time. Budgets
///   that ran out earlier count first, however late tick() is called.
class AttemptMachine
{
public:
    explicit AttemptMachine(Plan plan);
    ~AttemptMachine();
    AttemptMachine(AttemptMachine&&) noexcept;
    AttemptMachine& operator=(AttemptMachine&&) noexcept;

    [[nodiscard]] std::vector<AttemptCommand> start();
    [[nodiscard]] std::vector<AttemptCommand> onFirstToken(int attempt, std::int64_t nowMs);
    [[nodiscard]] std::vector<AttemptCommand> onFinished(int attempt, std::int64_t nowMs);
    [[nodiscard]] std::vector<AttemptCommand> onFailed(int attempt, AttemptFailure failure,
                                                       std::int64_t nowMs);
    [[nodiscard]] std::vector<AttemptCommand> onChecked(int attempt, bool isAccepted,
                                                        std::int64_t nowMs);
    [[nodiscard]] std::vector<AttemptCommand> tick(std::int64_t nowMs);

    [[nodiscard]] bool isSettled() const; ///< delivered and finished, or failed

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

/// The wait before a retry, in whole milliseconds.
/// @param retries  that were made before it
[[nodiscard]] double backoffMs(const Retry& retry, int retries);

/// How one attempt would go if it were left alone.
struct SimulatedAttempt
{
    /// Longer than any budget: what a model takes that hangs. The first budget finds it out, if
    /// there is one, and else whoever carries the request.
    static constexpr double kHangsForMs = 24.0 * 3'600'000;

    std::optional<AttemptFailure> failure; ///< fails at firstTokenMs if set
    double firstTokenMs = 0; ///< after the attempt's start; time of failure if failing
    double totalMs = 0;      ///< after the attempt's start; >= firstTokenMs
    bool isAccepted = true;  ///< if a cascade checks it
    double checkMs = 0;      ///< what the check takes, after totalMs
};

struct AttemptRecord
{
    ModelId model;
    int modelAttempt = 0; ///< 0 for the first attempt at this model within the request
    double startMs = 0;
    double endMs = 0;
    bool delivered = false;
    bool cancelled = false; ///< stopped by a budget or because another answered first
    std::optional<AttemptFailure> failure;
    std::optional<bool> accepted = {};  ///< what a cascade's check said, if it came to one
    const Call* call = nullptr;         ///< of the plan
    const Acceptance* accept = nullptr; ///< what it was to be held against, if a cascade would
};

struct PlanOutcome
{
    bool answered = false;
    ModelId servedBy;        ///< valid if answered
    double firstTokenMs = 0; ///< when the user sees the answer begin, or learns that there is none
    double totalMs = 0;
    std::vector<AttemptRecord> attempts; ///< in start order; each is priced
};

/// What the course of an attempt may depend on, besides the request.
struct AttemptAsked
{
    const Call& call;
    int nth = 0;                        ///< of the attempts at this model within the request
    const Acceptance* accept = nullptr; ///< what the answer will be held against, if a cascade will
};
using AttemptSource = std::function<SimulatedAttempt(const AttemptAsked&)>;

/// Runs a plan against attempts whose course is known: the simulation of projection and lab, by
/// the very machine a router runs, in fractions of a millisecond.
[[nodiscard]] PlanOutcome simulatePlan(const Plan& plan, const AttemptSource& attemptOf);

/// The same for one plan and many requests; allocates nothing once it has seen the longest course.
class PlanSimulator
{
public:
    /// `plan` must outlive the simulator.
    explicit PlanSimulator(const Plan& plan);
    ~PlanSimulator();
    PlanSimulator(PlanSimulator&&) noexcept;
    PlanSimulator& operator=(PlanSimulator&&) noexcept;

    /// Valid until the next run.
    [[nodiscard]] const PlanOutcome& run(const AttemptSource& attemptOf);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace signalbox
