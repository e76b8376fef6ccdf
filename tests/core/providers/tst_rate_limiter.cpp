// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: no call goes out before a reset or a pause that its server stated, nor more calls than
// it said are left; a server that refuses gets fewer at once until it stops, and then more again;
// what one account has to wait for is nothing to another. By a clock that the test moves.

#include <core/policy/document.h>
#include <core/providers/provider.h>
#include <core/providers/rate_limiter.h>
#include <tests/support/manual_clock.h>

#include <QTest>

#include <algorithm>
#include <array>
#include <deque>
#include <vector>

using namespace signalbox;
using test::ManualClock;

namespace {

constexpr int kMany = 64;

PlannedCall callTo(const std::string& origin, const std::string& model = "m",
                   const std::string& key = {})
{
    return {{origin, key}, model, 100, 400};
}
const std::string kOpenAi = "https://api.openai.com";
const std::string kLocal = "http://localhost:8080";

/// A limit of requests as a server states it.
RateLimit requests(std::int64_t limit, std::int64_t left, std::int64_t resetInMs)
{
    return {RateLimit::Of::Requests, limit, left, resetInMs};
}

CallEnd refused(std::optional<int> retryAfterMs = {})
{
    return {CallEnd::How::Refused, retryAfterMs};
}

/// How many calls may be sent at this moment; they are.
std::vector<CallNumber> sendAll(RateLimiter& limiter, const PlannedCall& call, int most = kMany)
{
    std::vector<CallNumber> sent;
    while (!limiter.obstacleTo(call, most))
        sent.push_back(limiter.begin(call));
    return sent;
}

/// A server that takes so many calls in each stretch of time and says so.
struct WindowServer
{
    std::int64_t windowMs = 60'000;
    int limit = 10;
    std::int64_t window = -1;
    int used = 0;

    /// @return headers, and whether the call was taken
    std::pair<RateLimit, bool> take(const ManualClock& clock)
    {
        const std::int64_t nowMs = clock.unixMs() - ManualClock::kStartUnixMs;
        if (nowMs / windowMs != window)
            used = 0;
        window = nowMs / windowMs;
        const bool isTaken = used < limit;
        used += isTaken ? 1 : 0;
        const std::int64_t toReset = (window + 1) * windowMs - nowMs;
        return {requests(limit, limit - used, toReset), isTaken};
    }
};

} // namespace

class TestRateLimiter : public QObject
{
    Q_OBJECT
private slots:
    void anUnknownServerIsHeldBackByNothingButTheRun()
    {
        const ManualClock clock;
        RateLimiter limiter(clock);
        QCOMPARE(sendAll(limiter, callTo(kOpenAi)).size(), std::size_t{kMany});
        QVERIFY(limiter.known().empty());
    }

    void aBudgetThatIsUsedUpIsWaitedForToTheMillisecond()
    {
        ManualClock clock;
        RateLimiter limiter(clock);
        const CallNumber call = limiter.begin(callTo(kOpenAi));
        limiter.noteHeaders(call, {{requests(60, 0, 12'000)}});
        limiter.noteEnd(call, {});
        const auto obstacle = limiter.obstacleTo(callTo(kOpenAi), kMany);
        QVERIFY(obstacle);
        QCOMPARE(*obstacle->waitMs, 12'000);
        QCOMPARE(obstacle->reason, std::string("OpenAI allows 60 requests a minute"));
        QVERIFY(!limiter.obstacleTo(callTo(kLocal), kMany));
        QVERIFY(!limiter.obstacleTo(callTo(kOpenAi, "m", "env:OTHER_KEY"), kMany));
        clock.pass(11'999);
        QCOMPARE(*limiter.obstacleTo(callTo(kOpenAi), kMany)->waitMs, 1);
        clock.pass(1);
        QCOMPARE(sendAll(limiter, callTo(kOpenAi), 100).size(), std::size_t{60});
    }

    void whatIsUnderWayIsTakenOffWhatIsLeft()
    {
        const ManualClock clock;
        RateLimiter limiter(clock);
        const CallNumber first = limiter.begin(callTo(kOpenAi));
        const auto others = sendAll(limiter, callTo(kOpenAi), 4);
        QCOMPARE(others.size(), std::size_t{3});
        limiter.noteHeaders(first, {{requests(60, 5, 12'000)}});
        // Of the five, three are on their way.
        QCOMPARE(sendAll(limiter, callTo(kOpenAi)).size(), std::size_t{2});
        QVERIFY(!limiter.obstacleTo(callTo(kOpenAi), kMany)->waitMs); // an answer will tell
    }

    void tokensAreBudgetedAsRequestsAre()
    {
        ManualClock clock;
        RateLimiter limiter(clock);
        const CallNumber first = limiter.begin(callTo(kOpenAi));
        limiter.noteHeaders(first, {{{RateLimit::Of::Tokens, 30'000, 1'200, 7'000}}});
        QCOMPARE(sendAll(limiter, callTo(kOpenAi)).size(), std::size_t{2}); // 500 tokens each
        PlannedCall large = callTo(kOpenAi);
        large.inputTokens = 5'000;
        QCOMPARE(limiter.obstacleTo(large, kMany)->reason,
                 std::string("OpenAI allows 30,000 tokens a minute"));
        // One that is larger than all there ever is goes alone, and is not waited for for ever.
        RateLimiter other(clock);
        const CallNumber small = other.begin(callTo(kOpenAi));
        other.noteHeaders(small, {{{RateLimit::Of::Tokens, 4'000, 4'000, 0}}});
        other.noteEnd(small, {});
        QCOMPARE(sendAll(other, large).size(), std::size_t{1});
    }

    void modelsWithLimitsOfTheirOwnAreCountedApart()
    {
        const ManualClock clock;
        RateLimiter limiter(clock);
        const CallNumber large = limiter.begin(callTo(kOpenAi, "large"));
        limiter.noteHeaders(large, {{requests(60, 0, 12'000)}});
        QVERIFY(limiter.obstacleTo(callTo(kOpenAi, "small"), kMany)); // as far as one knows
        const CallNumber small = limiter.begin(callTo(kOpenAi, "small"));
        limiter.noteHeaders(small, {{requests(500, 499, 120)}});
        QVERIFY(!limiter.obstacleTo(callTo(kOpenAi, "small"), kMany));
        QVERIFY(limiter.obstacleTo(callTo(kOpenAi, "large"), kMany));
    }

    void aLaterWordThatMoreIsLeftDoesNotShortenAStatedWait()
    {
        ManualClock clock;
        RateLimiter limiter(clock);
        const auto calls = sendAll(limiter, callTo(kOpenAi), 3);
        limiter.noteHeaders(calls[1], {{requests(60, 0, 12'000)}});
        limiter.noteHeaders(calls[0], {{requests(60, 0, 3'000)}});
        limiter.noteHeaders(calls[2], {{requests(60, 59, 1'000)}});
        QCOMPARE(*limiter.obstacleTo(callTo(kOpenAi), kMany)->waitMs, 12'000);
    }

    /// A server fills its budgets by its own clock, whatever becomes of this computer's.
    void aSleepCountsForAResetAndAJumpOfTheClockDoesNot()
    {
        ManualClock clock;
        RateLimiter limiter(clock);
        const PlannedCall call = callTo(kOpenAi);
        limiter.noteHeaders(limiter.begin(call), {{requests(10, 0, 3'000'000)}});
        for (const std::int64_t hours : {5, -11, 3}) {
            clock.jump(hours * 3'600'000);
            QCOMPARE(limiter.obstacleTo(call, 8)->waitMs.value_or(0), 3'000'000);
        }
        clock.sleep(2'900'000);
        QCOMPARE(limiter.obstacleTo(call, 8)->waitMs.value_or(0), 100'000);
        clock.sleep(100'000);
        QVERIFY(!limiter.obstacleTo(call, 8));
    }

    void aPauseThatTheServerAsksForIsKept()
    {
        ManualClock clock;
        RateLimiter limiter(clock);
        const auto calls = sendAll(limiter, callTo(kLocal), 2);
        limiter.noteEnd(calls[0], refused(20'000));
        limiter.noteEnd(calls[1], refused(5'000)); // a shorter one takes nothing back
        const auto obstacle = limiter.obstacleTo(callTo(kLocal), kMany);
        QCOMPARE(*obstacle->waitMs, 20'000);
        QCOMPARE(obstacle->reason, std::string("localhost:8080 asks for a pause"));
        clock.pass(20'000);
        QVERIFY(!limiter.obstacleTo(callTo(kLocal), kMany));
    }

    void refusalsHalveTheCallsAtOnceAndAnswersRaiseThemAgain()
    {
        ManualClock clock;
        RateLimiter limiter(clock);
        auto calls = sendAll(limiter, callTo(kLocal), 24);
        QCOMPARE(calls.size(), std::size_t{24});
        for (const CallNumber call : calls) // they were all under way: one cut for them all
            limiter.noteEnd(call, refused());
        QCOMPARE(*limiter.known().at(0).allowed, 12);
        clock.pass(60'000);
        calls = sendAll(limiter, callTo(kLocal), 24);
        QCOMPARE(calls.size(), std::size_t{12});
        for (const CallNumber call : calls)
            limiter.noteEnd(call, {});
        QCOMPARE(*limiter.known().at(0).allowed, 12); // not quite one more: 1/12, 1/12.08, …
        for (int round = 0; round < 13; ++round)
            for (const CallNumber call : sendAll(limiter, callTo(kLocal), 24))
                limiter.noteEnd(call, {});
        QVERIFY(limiter.known().empty()); // nothing is left of it
        QCOMPARE(sendAll(limiter, callTo(kLocal), 24).size(), std::size_t{24});
    }

    void restsGrowWithEveryCutAndEndWithAnAnswer()
    {
        ManualClock clock;
        RateLimiter limiter(clock, 7);
        std::int64_t longestMs = 0;
        for (int i = 0; i < 12; ++i) {
            const CallNumber call = limiter.begin(callTo(kLocal));
            limiter.noteEnd(call, refused());
            const auto obstacle = limiter.obstacleTo(callTo(kLocal), kMany);
            const std::int64_t waitMs = obstacle ? obstacle->waitMs.value_or(0) : 0;
            QVERIFY(waitMs <= 500LL << std::min(i, 4));
            longestMs = std::max(longestMs, waitMs);
            clock.pass(waitMs);
        }
        QVERIFY(longestMs > 4'000);
        limiter.noteEnd(limiter.begin(callTo(kLocal)), {});
        const CallNumber call = limiter.begin(callTo(kLocal));
        limiter.noteEnd(call, refused());
        const auto obstacle = limiter.obstacleTo(callTo(kLocal), kMany);
        QVERIFY(!obstacle || obstacle->waitMs.value_or(0) <= 500);
    }

    void noCreditAndServerErrorsAreNoLimits()
    {
        const ManualClock clock;
        RateLimiter limiter(clock);
        StreamFailed failed;
        failed.kind = FailureKind::QuotaUsedUp;
        failed.httpStatus = 429;
        limiter.noteEnd(limiter.begin(callTo(kLocal)), callEndOf(failed));
        failed.kind = FailureKind::ServerError;
        failed.httpStatus = 500;
        limiter.noteEnd(limiter.begin(callTo(kLocal)), callEndOf(failed));
        QVERIFY(limiter.known().empty());
        failed.httpStatus = 529;
        limiter.noteEnd(limiter.begin(callTo(kLocal)), callEndOf(failed));
        QCOMPARE(*limiter.known().at(0).allowed, 1);
    }

    void whatIsKnownIsTold()
    {
        ManualClock clock;
        RateLimiter limiter(clock);
        const auto calls = sendAll(limiter, callTo(kOpenAi), 3);
        limiter.noteHeaders(calls[0], {{requests(60, 42, 12'000)}});
        const AccountLimits known = limiter.known().at(0);
        QCOMPARE(known.name, std::string("OpenAI"));
        QCOMPARE(known.inFlight, 3);
        QVERIFY(!known.allowed);
        QVERIFY(!known.waitMs);
        QVERIFY(known.budgets == (std::vector<AccountLimits::Budget>{
                                     {RateLimit::Of::Requests, 60, 40, 12'000, "minute"}}));
        clock.pass(12'000);
        QCOMPARE(*limiter.known().at(0).budgets.at(0).left, 58); // whole, and two are on their way
    }

    /// Two servers that count, one that does not; calls that take any time, answers that overtake
    /// each other.
    void noCallIsEverRefusedByAServerThatSaysWhatIsLeft_data()
    {
        QTest::addColumn<int>("seed");
        for (int seed = 1; seed <= 8; ++seed)
            QTest::newRow(qPrintable(QString::number(seed))) << seed;
    }
    void noCallIsEverRefusedByAServerThatSaysWhatIsLeft()
    {
        QFETCH(const int, seed);
        struct Flight
        {
            CallNumber number;
            std::size_t server;
            std::int64_t arrivesMs, answersMs;
            bool hasArrived = false;
            RateLimit told = {};
            std::int64_t resetMs = 0; ///< by the server's clock
        };
        ManualClock clock;
        RateLimiter limiter(clock, std::uint64_t(seed));
        Random random{std::uint64_t(seed)};
        std::array<WindowServer, 2> servers{WindowServer{10'000, 7}, WindowServer{60'000, 30}};
        const std::array<std::string, 3> origins{kOpenAi, kLocal, "https://free.example"};
        std::array<int, 3> answered{};
        std::array<std::int64_t, 3> notBeforeMs{};
        std::vector<Flight> flights;
        // What the server has at first nobody can know: one call asks.
        std::array<bool, 3> isKnown{};
        for (std::int64_t nowMs = 0; nowMs < 200'000; nowMs += 20, clock.pass(20)) {
            for (Flight& flight : flights) {
                if (flight.hasArrived || flight.arrivesMs > nowMs || flight.server == 2)
                    continue;
                flight.hasArrived = true;
                const auto [told, isTaken] = servers.at(flight.server).take(clock);
                QVERIFY2(isTaken, qPrintable(QString::number(nowMs)));
                flight.told = told;
                flight.resetMs = nowMs + told.resetInMs.value_or(0);
            }
            std::erase_if(flights, [&](const Flight& flight) {
                if (flight.answersMs > nowMs)
                    return false;
                limiter.noteHeaders(flight.number,
                                    flight.server == 2 ? RateLimits() : RateLimits{{flight.told}});
                if (flight.server != 2 && flight.told.remaining == 0)
                    notBeforeMs.at(flight.server) =
                        std::max(notBeforeMs.at(flight.server), flight.resetMs);
                limiter.noteEnd(flight.number, {});
                isKnown.at(flight.server) = true;
                ++answered.at(flight.server);
                return true;
            });
            for (std::size_t server = 0; server < origins.size(); ++server) {
                const PlannedCall call = callTo(origins.at(server));
                const int most = isKnown.at(server) ? 8 : 1;
                while (!limiter.obstacleTo(call, most)) {
                    QVERIFY(nowMs >= notBeforeMs.at(server));
                    const std::int64_t thereMs = nowMs + std::int64_t(random.below(300));
                    flights.push_back({limiter.begin(call), server, thereMs,
                                       thereMs + std::int64_t(random.below(2'000))});
                }
            }
        }
        // At most 140 and 100: an answer takes up to 2 s, and a reset is counted from its end.
        QVERIFY2(answered[0] > 100, qPrintable(QString::number(answered[0])));
        QVERIFY2(answered[1] > 85, qPrintable(QString::number(answered[1])));
        QVERIFY2(answered[2] > 1'000, qPrintable(QString::number(answered[2])));
    }

    /// It takes three at once, later ten, and says nothing but no.
    void aServerThatOnlyRefusesIsLearntAndFollowed()
    {
        ManualClock clock;
        RateLimiter limiter(clock, 3);
        struct Flight
        {
            CallNumber number;
            std::int64_t endsMs;
            bool isTaken;
        };
        std::vector<Flight> flights;
        std::array<int, 2> refusals{};
        std::array<int, 2> answers{};
        for (std::int64_t nowMs = 0; nowMs < 120'000; nowMs += 10, clock.pass(10)) {
            const std::size_t half = nowMs < 60'000 ? 0 : 1;
            const int room = half == 0 ? 3 : 10;
            std::erase_if(flights, [&](const Flight& flight) {
                if (flight.endsMs > nowMs)
                    return false;
                limiter.noteEnd(flight.number, flight.isTaken ? CallEnd() : refused());
                ++(flight.isTaken ? answers : refusals).at(half);
                return true;
            });
            while (!limiter.obstacleTo(callTo(kLocal), 24)) {
                const bool isTaken = std::ranges::count_if(flights, &Flight::isTaken) < room;
                flights.push_back(
                    {limiter.begin(callTo(kLocal)), nowMs + (isTaken ? 1'000 : 30), isTaken});
            }
        }
        QVERIFY2(answers[0] > 100, qPrintable(QString::number(answers[0]))); // of 180 at best
        QVERIFY2(answers[1] > 300, qPrintable(QString::number(answers[1]))); // of 600
        QVERIFY(refusals[0] < answers[0]);
        QVERIFY(refusals[1] < answers[1] / 5);
    }

    void accountsAreOriginAndKey()
    {
        ModelSpec model;
        model.provider = "anthropic";
        model.keyRef = "env:KEY";
        QCOMPARE(nameOf(*accountOf(model)), std::string("Anthropic"));
        const ServerAccount vendors = *accountOf(model);
        model.baseUrl = "https://api.anthropic.com/v1/other";
        QVERIFY(*accountOf(model) == vendors);
        model.keyRef = "env:OTHER";
        QVERIFY(*accountOf(model) != vendors);
        model.provider = "openai";
        model.baseUrl = "http://127.0.0.1:8080/v1";
        const ServerAccount here = *accountOf(model);
        model.baseUrl = "http://localhost:8080/v1";
        QVERIFY(*accountOf(model) == here);
        QCOMPARE(nameOf(here), std::string("localhost:8080"));
        model.provider = "simulator";
        QVERIFY(!accountOf(model));
    }

    void waitsAreReadable()
    {
        QCOMPARE(waitText(0), std::string("1 s"));
        QCOMPARE(waitText(11'001), std::string("12 s"));
        QCOMPARE(waitText(125'000), std::string("2 min 5 s"));
        QCOMPARE(waitText(120'000), std::string("2 min"));
        QCOMPARE(waitText(11'520'000), std::string("3 h 12 min"));
    }
};

QTEST_GUILESS_MAIN(TestRateLimiter)
#include "tst_rate_limiter.moc"
