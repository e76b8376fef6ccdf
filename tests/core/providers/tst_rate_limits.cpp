// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: whatever a vendor calls its limits and however it writes times, they come out in one
// form; what cannot be true is left out.

#include <core/providers/failures.h>
#include <core/providers/rate_limits.h>

#include <QTest>

using namespace signalbox;

namespace {

constexpr std::int64_t kNow = 1'790'000'000'000;

HttpHeaders headers(const std::vector<HttpHeader>& lines)
{
    HttpHeaders made;
    for (const HttpHeader& line : lines)
        made.add(line.name, line.value);
    return made;
}

} // namespace

class TestRateLimits : public QObject
{
    Q_OBJECT
private slots:
    void openAisHeadersAreRead()
    {
        const RateLimits found = rateLimitsOf(headers({{"X-RateLimit-Limit-Requests", "10000"},
                                                       {"x-ratelimit-remaining-requests", "9999"},
                                                       {"x-ratelimit-reset-requests", "8.64s"},
                                                       {"x-ratelimit-limit-tokens", "200000"},
                                                       {"x-ratelimit-remaining-tokens", "0"},
                                                       {"x-ratelimit-reset-tokens", "6m0s"}}),
                                              kNow);
        const RateLimits expected = {{{RateLimit::Of::Requests, 10'000, 9'999, 8'640},
                                      {RateLimit::Of::Tokens, 200'000, 0, 360'000}}};
        QVERIFY(found == expected);
    }

    void anthropicsHeadersAreRead()
    {
        const RateLimits found = rateLimitsOf(
            headers({{"anthropic-ratelimit-requests-limit", "50"},
                     {"anthropic-ratelimit-requests-remaining", "49"},
                     {"anthropic-ratelimit-requests-reset", "2026-09-21T14:13:20Z"},
                     {"anthropic-ratelimit-input-tokens-limit", "40000"},
                     {"anthropic-ratelimit-input-tokens-remaining", "39000"},
                     {"anthropic-ratelimit-input-tokens-reset", "2026-09-21T16:13:21.5+02:00"},
                     {"anthropic-ratelimit-output-tokens-remaining", "8000"}}),
            kNow);
        const RateLimits expected = {
            {{RateLimit::Of::Requests, 50, 49, 0},
             {RateLimit::Of::InputTokens, 40'000, 39'000, 1'500},
             {RateLimit::Of::OutputTokens, std::nullopt, 8'000, std::nullopt}}};
        QVERIFY(found == expected);
    }

    /// 12 s, by whichever clock: this computer's is five minutes slow.
    void aTimeOfTheServersIsReadByItsOwnClock()
    {
        const std::vector<HttpHeader> lines = {
            {"date", "Mon, 21 Sep 2026 14:18:20 GMT"},
            {"anthropic-ratelimit-requests-remaining", "0"},
            {"anthropic-ratelimit-requests-reset", "2026-09-21T14:18:32Z"}};
        QCOMPARE(*rateLimitsOf(headers(lines), kNow).limits.at(0).resetInMs, 12'000);
        const HttpHeaders waits =
            headers({lines.front(), {"retry-after", "Mon, 21 Sep 2026 14:18:32 GMT"}});
        QCOMPARE(*retryAfterMs(waits, kNow), 12'000);
    }

    void headersThatCannotBeTrueAreLeftOut()
    {
        QVERIFY(rateLimitsOf({}, kNow).limits.empty());
        QVERIFY(rateLimitsOf(headers({{"x-ratelimit-limit-requests", "-1"},
                                      {"x-ratelimit-remaining-requests", "many"},
                                      {"x-ratelimit-limit-tokens", "1e9"},
                                      {"x-ratelimit-remaining-tokens", "99999999999999999999"}}),
                             kNow)
                    .limits.empty());
        const RateLimits odd = rateLimitsOf(
            headers({{"x-ratelimit-limit-requests", "5"}, {"x-ratelimit-reset-requests", "soon"}}),
            kNow);
        QVERIFY(odd.limits.at(0).limit == 5);
        QVERIFY(!odd.limits.at(0).resetInMs);
    }

    void durationsAreReadInEveryForm_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<qlonglong>("ms");
        const auto row = [](const char* text, qlonglong ms) {
            QTest::newRow(text) << QByteArray(text) << ms;
        };
        row("1s", 1'000);
        row("6m0s", 360'000);
        row("2m59.56s", 179'560);
        row("120ms", 120);
        row("1h30m", 5'400'000);
        row("1d", 86'400'000);
        row("2", 2'000);
        row("0.5", 500);
        row("0.4ms", 1);
        row("", -1);
        row("s", -1);
        row("-1s", -1);
        row("nan", -1);
        row("1e400", -1);
        row("inf", -1);
        row("1 s", -1);
        row("1s!", -1);
        row("99999999999d", -1);
    }
    void durationsAreReadInEveryForm()
    {
        QFETCH(const QByteArray, text);
        QFETCH(const qlonglong, ms);
        QCOMPARE(qlonglong(durationMs(text.toStdString()).value_or(-1)), ms);
    }
};

QTEST_GUILESS_MAIN(TestRateLimits)
#include "tst_rate_limits.moc"
