// SPDX-License-Identifier: GPL-3.0-or-later
#include "rate_limiter.h"

#include "provider.h"

#include <core/base/clock.h>

#include <algorithm>
#include <cmath>

namespace signalbox {

namespace {

constexpr std::int64_t kNsPerMs = 1'000'000;
constexpr int kFirstRestMs = 500;
constexpr int kMostDoublings = 4; ///< of it: 8 s

std::int64_t costOf(const PlannedCall& call, RateLimit::Of of)
{
    switch (of) {
    case RateLimit::Of::Requests:
        return 1;
    case RateLimit::Of::Tokens:
        return std::max<std::int64_t>(1, call.inputTokens + call.outputTokens);
    case RateLimit::Of::InputTokens:
        return std::max<std::int64_t>(1, call.inputTokens);
    case RateLimit::Of::OutputTokens:
        return std::max<std::int64_t>(1, call.outputTokens);
    }
    return 1;
}

std::string_view unitOf(RateLimit::Of of)
{
    switch (of) {
    case RateLimit::Of::Requests:
        return "requests";
    case RateLimit::Of::Tokens:
        return "tokens";
    case RateLimit::Of::InputTokens:
        return "input tokens";
    case RateLimit::Of::OutputTokens:
        return "output tokens";
    }
    return "requests";
}

/// "40,000".
std::string grouped(std::int64_t number)
{
    std::string text = std::to_string(number);
    for (std::ptrdiff_t place = std::ssize(text) - 3; place > 0; place -= 3)
        text.insert(std::size_t(place), ",");
    return text;
}

std::string reasonOf(const ServerAccount& who, RateLimit::Of of, std::optional<std::int64_t> limit)
{
    const std::string unit(unitOf(of));
    if (!limit)
        return nameOf(who) + " has no " + unit + " left for now";
    const std::string_view per = periodOf(who, of);
    if (per.empty())
        return nameOf(who) + " has none of its " + grouped(*limit) + " " + unit + " left";
    return nameOf(who) + " allows " + grouped(*limit) + " " + unit + " a " + std::string(per);
}

} // namespace

CallEnd callEndOf(const StreamFailed& failed)
{
    constexpr int kUnavailable = 503;
    constexpr int kOverloaded = 529;
    const bool isRefusal = failed.kind == FailureKind::RateLimit ||
                           failed.httpStatus == kUnavailable || failed.httpStatus == kOverloaded;
    if (failed.kind == FailureKind::QuotaUsedUp)
        return {CallEnd::How::Other};
    return {isRefusal ? CallEnd::How::Refused : CallEnd::How::Other, failed.retryAfterMs};
}

RateLimiter::RateLimiter(const Clock& clock, std::uint64_t seed) : m_clock(&clock), m_jitter(seed)
{}

std::int64_t RateLimiter::nowMs() const
{
    return m_clock->monotonicNs() / kNsPerMs;
}

/// A server fills its budgets while this computer sleeps, too.
std::int64_t RateLimiter::dueMs() const
{
    return nowMs() + m_clock->asleepMs();
}

/// Whether calls to a model are taken off a budget: its own where it was told one, else all.
bool RateLimiter::counts(const Account& account, const Budget& budget,
                         const std::string& model) const
{
    const auto size = account.sizes.find({model, budget.of});
    return size == account.sizes.end() || size->second == budget.limit;
}

/// What calls use that the server had perhaps not seen when it told the budget.
std::int64_t RateLimiter::untold(const ServerAccount& who, const Account& account,
                                 const Budget& budget) const
{
    std::int64_t sum = 0;
    for (const auto& [number, each] : m_underWay)
        if (!each.isTold && each.call.account == who && counts(account, budget, each.call.model))
            sum += costOf(each.call, budget.of);
    return sum;
}

/// Of a budget by itself; nullopt: nobody knows.
std::optional<std::int64_t> RateLimiter::leftOf(const Budget& budget) const
{
    return budget.resetMs && *budget.resetMs <= dueMs() ? budget.limit : budget.left;
}

std::optional<CallObstacle> RateLimiter::obstacleBy(const Budget& budget, const PlannedCall& call,
                                                    const Account& account) const
{
    const std::optional<std::int64_t> left = leftOf(budget);
    const std::int64_t needed = costOf(call, budget.of);
    if (!left)
        return std::nullopt;
    const std::string reason = reasonOf(call.account, budget.of, budget.limit);
    const bool isToCome = budget.resetMs && *budget.resetMs > dueMs();
    if (*left < needed && isToCome)
        return CallObstacle{*budget.resetMs - dueMs(), reason};
    const std::int64_t used = untold(call.account, account, budget);
    // One that is larger than all there ever is, or where nobody said when there is more, goes
    // alone: its answer tells.
    if (used == 0 || *left - used >= needed)
        return std::nullopt;
    return CallObstacle{std::nullopt, reason};
}

std::optional<CallObstacle> RateLimiter::obstacleTo(const PlannedCall& call, int mostAtOnce) const
{
    const auto found = m_accounts.find(call.account);
    if (found == m_accounts.end())
        return std::nullopt;
    const Account& account = found->second;
    std::optional<CallObstacle> longest;
    const auto add = [&](std::optional<CallObstacle> obstacle) {
        if (obstacle && (!longest || obstacle->waitMs.value_or(0) > longest->waitMs.value_or(0)))
            longest = std::move(obstacle);
    };
    if (account.restsUntilMs > dueMs())
        add(CallObstacle{account.restsUntilMs - dueMs(), account.restReason});
    for (const Budget& budget : account.budgets)
        if (counts(account, budget, call.model))
            add(obstacleBy(budget, call, account));
    const double atOnce = std::min(account.atOnce.value_or(mostAtOnce), double(mostAtOnce));
    if (account.underWay >= std::max(1, int(atOnce)))
        add(CallObstacle{std::nullopt, nameOf(call.account) + " takes no more at once"});
    return longest;
}

CallNumber RateLimiter::begin(const PlannedCall& call)
{
    ++m_accounts[call.account].underWay;
    m_underWay[++m_last].call = call;
    return m_last;
}

void RateLimiter::noteHeaders(CallNumber number, const RateLimits& limits)
{
    const auto found = m_underWay.find(number);
    if (found == m_underWay.end())
        return;
    UnderWay& each = found->second;
    each.isTold = true;
    Account& account = m_accounts[each.call.account];
    for (const RateLimit& told : limits.limits) {
        account.sizes[{each.call.model, told.of}] = told.limit;
        each.isExplained = each.isExplained || (told.remaining == 0 && told.resetInMs);
        take(account, told, number);
    }
}

/// What is told last is not always what was counted last: answers overtake each other.
void RateLimiter::take(Account& account, const RateLimit& told, CallNumber by) const
{
    std::optional<std::int64_t> resetMs;
    if (told.resetInMs)
        resetMs = dueMs() + *told.resetInMs;
    const auto same = std::ranges::find_if(account.budgets, [&](const Budget& budget) {
        return budget.of == told.of && budget.limit == told.limit;
    });
    const Budget fresh = {told.of, told.limit, told.remaining, resetMs, m_last};
    if (same == account.budgets.end()) {
        account.budgets.push_back(fresh);
        return;
    }
    const bool isInForce = same->left && same->resetMs && *same->resetMs > dueMs();
    const bool isOver = resetMs && *resetMs <= dueMs(); // of the time before the last reset
    if (!isInForce) {
        *same = fresh;
    } else if (isOver) {
        return;
    } else if (told.remaining && *told.remaining <= *same->left) {
        same->left = told.remaining;
        same->resetMs = std::max(*same->resetMs, resetMs.value_or(0));
        same->toldAfter = m_last;
    } else if (*same->left > 0 && by > same->toldAfter) {
        *same = fresh; // sent after that was told: it was filled again in the meantime
    }
}

void RateLimiter::noteRepeated(CallNumber number)
{
    if (const auto found = m_underWay.find(number); found != m_underWay.end())
        found->second.isTold = false;
}

void RateLimiter::noteEnd(CallNumber number, const CallEnd& end)
{
    const auto found = m_underWay.find(number);
    if (found == m_underWay.end())
        return;
    const UnderWay ended = std::move(found->second);
    m_underWay.erase(found);
    const ServerAccount& who = ended.call.account;
    Account& account = m_accounts[who];
    if (end.retryAfterMs)
        rest(account, *end.retryAfterMs, nameOf(who) + " asks for a pause");
    if (end.how == CallEnd::How::Refused && !ended.isExplained && number > account.lastCut)
        cut(account, who, end.retryAfterMs.has_value());
    --account.underWay;
    if (end.how != CallEnd::How::Answered)
        return;
    account.cutsInARow = 0;
    if (account.atOnce)
        *account.atOnce += 1 / *account.atOnce;
    if (account.atOnce && *account.atOnce >= account.mostAtOnce)
        account.atOnce.reset();
}

void RateLimiter::cut(Account& account, const ServerAccount& who, bool isTimed)
{
    const double before =
        std::min(account.atOnce.value_or(account.underWay), double(account.underWay));
    account.mostAtOnce = std::max(account.mostAtOnce, double(account.underWay));
    account.atOnce = std::max(1.0, std::floor(before / 2));
    account.lastCut = m_last;
    const int doublings = std::min(account.cutsInARow++, kMostDoublings);
    if (!isTimed)
        rest(account,
             std::int64_t(std::ceil(double(kFirstRestMs << doublings) * m_jitter.uniform())),
             nameOf(who) + " refuses calls for now");
}

void RateLimiter::rest(Account& account, std::int64_t ms, std::string reason) const
{
    const std::int64_t untilMs = dueMs() + ms;
    if (ms <= 0 || untilMs <= account.restsUntilMs)
        return;
    account.restsUntilMs = untilMs;
    account.restReason = std::move(reason);
}

AccountLimits RateLimiter::limitsOf(const ServerAccount& who, const Account& account) const
{
    AccountLimits limits;
    limits.name = nameOf(who);
    limits.inFlight = account.underWay;
    if (account.atOnce)
        limits.allowed = std::max(1, int(*account.atOnce));
    if (account.restsUntilMs > dueMs()) {
        limits.waitMs = account.restsUntilMs - dueMs();
        limits.reason = account.restReason;
    }
    for (const Budget& budget : account.budgets) {
        AccountLimits::Budget shown;
        shown.of = budget.of;
        shown.limit = budget.limit;
        shown.per = periodOf(who, budget.of);
        if (const auto left = leftOf(budget))
            shown.left = std::max<std::int64_t>(0, *left - untold(who, account, budget));
        if (budget.resetMs && *budget.resetMs > dueMs())
            shown.resetInMs = *budget.resetMs - dueMs();
        const bool isUsedUp = budget.left == 0 && shown.resetInMs;
        if (isUsedUp && *shown.resetInMs > limits.waitMs.value_or(0)) {
            limits.waitMs = shown.resetInMs;
            limits.reason = reasonOf(who, budget.of, budget.limit);
        }
        limits.budgets.push_back(shown);
    }
    return limits;
}

std::vector<AccountLimits> RateLimiter::known() const
{
    std::vector<ServerAccount> all;
    for (const auto& [who, account] : m_accounts)
        all.push_back(who);
    return known(all);
}

std::vector<AccountLimits> RateLimiter::known(const std::vector<ServerAccount>& accounts) const
{
    std::vector<AccountLimits> all;
    for (const auto& [who, account] : m_accounts) {
        const bool isKnown =
            account.atOnce || !account.budgets.empty() || account.restsUntilMs > dueMs();
        if (!isKnown || std::ranges::find(accounts, who) == accounts.end())
            continue;
        all.push_back(limitsOf(who, account));
        const bool isAlone = std::ranges::none_of(m_accounts, [&, &who = who](const auto& other) {
            return other.first != who && nameOf(other.first) == all.back().name;
        });
        if (!isAlone && !who.keyRef.empty())
            all.back().name += " (" + who.keyRef + ")";
    }
    std::ranges::sort(all, {}, &AccountLimits::name);
    return all;
}

std::string waitText(std::int64_t ms)
{
    constexpr std::int64_t kMinute = 60;
    constexpr std::int64_t kHour = 60 * kMinute;
    const std::int64_t seconds = std::max<std::int64_t>(1, (ms + 999) / 1000);
    if (seconds < kMinute)
        return std::to_string(seconds) + " s";
    const bool isLong = seconds >= kHour;
    const std::int64_t large = seconds / (isLong ? kHour : kMinute);
    const std::int64_t small = seconds % (isLong ? kHour : kMinute) / (isLong ? kMinute : 1);
    const std::string text = std::to_string(large) + (isLong ? " h" : " min");
    return small == 0 ? text : text + " " + std::to_string(small) + (isLong ? " min" : " s");
}

} // namespace signalbox
