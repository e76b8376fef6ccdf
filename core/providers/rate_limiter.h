// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rate_limits.h"
#include "server_account.h"

#include <core/base/random.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace signalbox {

class Clock;
struct StreamFailed;

/// Numbers calls in the order in which they were sent, from 1.
using CallNumber = std::uint64_t;

/// A call that is to be sent, as far as limits go.
struct PlannedCall
{
    ServerAccount account;
    std::string model;             ///< upstream: some servers count each for itself
    std::int64_t inputTokens = 0;  ///< an estimate
    std::int64_t outputTokens = 0; ///< at most
};

/// How a call ended, as far as limits go.
struct CallEnd
{
    enum class How {
        Answered,
        Refused, ///< 429, 503, 529: too much for now
        Other,   ///< says nothing about limits
    };
    How how = How::Answered;
    std::optional<int> retryAfterMs = {};
};
[[nodiscard]] CallEnd callEndOf(const StreamFailed& failed);

/// Why a call is not sent now.
struct CallObstacle
{
    /// Until it may be tried again; nullopt: when another call is answered or ends.
    std::optional<std::int64_t> waitMs = {};
    std::string reason; ///< a clause without an end: "OpenAI allows 60 requests a minute"
};

/// What is known of one account's limits, to be shown.
struct AccountLimits
{
    struct Budget
    {
        RateLimit::Of of = RateLimit::Of::Requests;
        std::optional<std::int64_t> limit, left;
        std::optional<std::int64_t> resetInMs; ///< while it is to come
        std::string_view per;                  ///< periodOf()
        bool operator==(const Budget&) const = default;
    };
    std::string name;
    int inFlight = 0;
    std::optional<int> allowed; ///< calls at once, once the server has refused some
    std::vector<Budget> budgets;
    std::optional<std::int64_t> waitMs; ///< nothing is sent before
    std::string reason;                 ///< of the wait
    bool operator==(const AccountLimits&) const = default;
};

/// Holds calls back as servers want it, each account for itself: never before a reset or a
/// retry-after that a server stated, never more than the stated budget with what is under way, and,
/// where a server only refuses, fewer at once until it stops and then slowly more again.
///
/// Calls at once: additive increase and multiplicative decrease. A refusal halves them, once for
/// all the calls that were under way at that moment; answers add one for each round of them. With
/// no retry-after the account rests for a random share of a time that doubles with every such cut.
/// Sources: D.-M. Chiu and R. Jain, "Analysis of the Increase and Decrease Algorithms for
/// Congestion Avoidance", Computer Networks and ISDN Systems 17 (1989), section 3; RFC 5681,
/// section 3.1, and RFC 6582 for one cut a round; for the rest as retryWaitMs().
///
/// Budgets: a server tells what is left after the calls it has seen, so every call without headers
/// yet is taken off that, with all its tokens. Limits of one kind and size are one budget, whatever
/// the model; models that are told others have budgets of their own. Where a server refills all the
/// time, it is used no more than it said last until the reset of that.
///
/// Lives on one thread; asks the clock, and never waits itself. Deterministic: the same calls,
/// answers, seed and times give the same decisions.
class RateLimiter
{
public:
    /// @param clock  outlives the limiter
    explicit RateLimiter(const Clock& clock, std::uint64_t seed = 1);

    [[nodiscard]] const Clock& clock() const { return *m_clock; }
    [[nodiscard]] std::int64_t nowMs() const; ///< monotonic

    /// Nothing: the call may be sent now.
    /// @param mostAtOnce  where the account's calls at once are allowed to grow to
    [[nodiscard]] std::optional<CallObstacle> obstacleTo(const PlannedCall& call,
                                                         int mostAtOnce) const;
    /// The call is sent. It is under way until noteEnd().
    [[nodiscard]] CallNumber begin(const PlannedCall& call);
    /// Its headers came, with these limits or none.
    void noteHeaders(CallNumber call, const RateLimits& limits);
    /// It was sent a second time, and counts anew.
    void noteRepeated(CallNumber call);
    void noteEnd(CallNumber call, const CallEnd& end);
    /// It is given up, and the server's answer not waited for. What it used stays used.
    void noteGivenUp(CallNumber call) { noteEnd(call, {CallEnd::How::Other}); }

    /// Of accounts of which anything is known, by name; of all, or of these.
    [[nodiscard]] std::vector<AccountLimits> known() const;
    [[nodiscard]] std::vector<AccountLimits>
    known(const std::vector<ServerAccount>& accounts) const;

private:
    /// What a server stated of one limit. Times are monotonic milliseconds, sleep included.
    struct Budget
    {
        RateLimit::Of of = RateLimit::Of::Requests;
        std::optional<std::int64_t> limit, left, resetMs;
        CallNumber toldAfter = 0; ///< the newest call when it was told
    };
    struct Account
    {
        std::vector<Budget> budgets;
        /// The size of the budget that a model counts to.
        std::map<std::pair<std::string, RateLimit::Of>, std::optional<std::int64_t>> sizes;
        std::optional<double> atOnce; ///< nullopt: no refusal, or recovered from it
        double mostAtOnce = 0;
        CallNumber lastCut = 0; ///< the newest call at that moment
        int cutsInARow = 0;
        std::int64_t restsUntilMs = 0;
        std::string restReason;
        int underWay = 0;
    };
    struct UnderWay
    {
        PlannedCall call;
        bool isTold = false;      ///< its headers have come
        bool isExplained = false; ///< they state that a budget is used up
    };

    [[nodiscard]] std::int64_t dueMs() const;
    [[nodiscard]] bool counts(const Account& account, const Budget& budget,
                              const std::string& model) const;
    [[nodiscard]] std::int64_t untold(const ServerAccount& who, const Account& account,
                                      const Budget& budget) const;
    [[nodiscard]] std::optional<std::int64_t> leftOf(const Budget& budget) const;
    [[nodiscard]] std::optional<CallObstacle>
    obstacleBy(const Budget& budget, const PlannedCall& call, const Account& account) const;
    void take(Account& account, const RateLimit& told, CallNumber by) const;
    void cut(Account& account, const ServerAccount& who, bool isTimed);
    void rest(Account& account, std::int64_t ms, std::string reason) const;
    [[nodiscard]] AccountLimits limitsOf(const ServerAccount& who, const Account& account) const;

    const Clock* m_clock;
    Random m_jitter;
    CallNumber m_last = 0;
    std::map<ServerAccount, Account> m_accounts;
    std::map<CallNumber, UnderWay> m_underWay;
};

/// "12 s", "2 min 5 s", "3 h 12 min": rounded up, for sentences.
[[nodiscard]] std::string waitText(std::int64_t ms);

} // namespace signalbox
