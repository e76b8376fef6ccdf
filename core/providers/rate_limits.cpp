// SPDX-License-Identifier: GPL-3.0-or-later
#include "rate_limits.h"

#include <QDateTime>
#include <QString>
#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string>

namespace signalbox {

namespace {

constexpr double kTenYearsMs = 10.0 * 366 * 24 * 3600 * 1000;

/// One limit in the two manners of naming headers; "?" stands for limit, remaining or reset.
struct HeaderNames
{
    RateLimit::Of of;
    std::array<std::string_view, 2> patterns;
};
constexpr HeaderNames kHeaders[] = {
    {RateLimit::Of::Requests, {"x-ratelimit-?-requests", "anthropic-ratelimit-requests-?"}},
    {RateLimit::Of::Tokens, {"x-ratelimit-?-tokens", "anthropic-ratelimit-tokens-?"}},
    {RateLimit::Of::InputTokens, {"", "anthropic-ratelimit-input-tokens-?"}},
    {RateLimit::Of::OutputTokens, {"", "anthropic-ratelimit-output-tokens-?"}},
};

std::string_view valueOf(const HttpHeaders& headers, const HeaderNames& names,
                         std::string_view what)
{
    for (const std::string_view pattern : names.patterns) {
        std::string name(pattern);
        const std::size_t place = name.find('?');
        if (place == std::string::npos)
            continue;
        name.replace(place, 1, what);
        if (const std::string_view value = headers.value(name); !value.empty())
            return value;
    }
    return {};
}

std::optional<std::int64_t> wholeNumber(std::string_view text)
{
    constexpr std::int64_t kAbsurd = 1'000'000'000'000'000;
    std::int64_t number = 0;
    const char* const end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, number);
    if (parsed.ec != std::errc() || parsed.ptr != end || number < 0 || number > kAbsurd)
        return std::nullopt;
    return number;
}

/// Milliseconds of a unit; 0 if there is none of that name.
double unitMs(std::string_view unit)
{
    struct Unit
    {
        std::string_view name;
        double ms;
    };
    constexpr Unit kUnits[] = {{"ms", 1},        {"s", 1000},          {"", 1000},
                               {"m", 60 * 1000}, {"h", 3600 * 1000.0}, {"d", 86'400'000.0}};
    for (const Unit& known : kUnits)
        if (known.name == unit)
            return known.ms;
    return 0;
}

std::optional<std::int64_t> resetIn(std::string_view text, std::int64_t thereUnixMs)
{
    if (const auto wait = durationMs(text))
        return wait;
    constexpr qsizetype kLongest = 40;
    if (qsizetype(text.size()) > kLongest)
        return std::nullopt;
    const QDateTime time = QDateTime::fromString(
        QString::fromLatin1(text.data(), qsizetype(text.size())), Qt::ISODateWithMs);
    if (!time.isValid())
        return std::nullopt;
    return std::max<std::int64_t>(0, time.toMSecsSinceEpoch() - thereUnixMs);
}

} // namespace

std::int64_t serverUnixMs(const HttpHeaders& headers, std::int64_t nowUnixMs)
{
    const std::string date(headers.value("date"));
    const std::time_t seconds = date.empty() ? -1 : curl_getdate(date.c_str(), nullptr);
    return seconds < 0 ? nowUnixMs : std::int64_t(seconds) * 1000;
}

std::optional<std::int64_t> durationMs(std::string_view text)
{
    if (text.empty())
        return std::nullopt;
    double total = 0;
    while (!text.empty()) {
        double amount = 0;
        const auto parsed = std::from_chars(text.data(), text.data() + text.size(), amount,
                                            std::chars_format::fixed);
        if (parsed.ec != std::errc() || !(amount >= 0))
            return std::nullopt;
        text.remove_prefix(std::size_t(parsed.ptr - text.data()));
        const std::string_view unit = text.substr(0, text.find_first_of("0123456789."));
        const double factor = unitMs(unit);
        text.remove_prefix(unit.size());
        total += amount * factor;
        if (factor == 0 || !(total <= kTenYearsMs))
            return std::nullopt;
    }
    return std::int64_t(std::ceil(total));
}

RateLimits rateLimitsOf(const HttpHeaders& headers, std::int64_t nowUnixMs)
{
    RateLimits found;
    for (const HeaderNames& names : kHeaders) {
        RateLimit limit;
        limit.of = names.of;
        limit.limit = wholeNumber(valueOf(headers, names, "limit"));
        limit.remaining = wholeNumber(valueOf(headers, names, "remaining"));
        if (!limit.limit && !limit.remaining)
            continue;
        limit.resetInMs =
            resetIn(valueOf(headers, names, "reset"), serverUnixMs(headers, nowUnixMs));
        found.limits.push_back(limit);
    }
    return found;
}

} // namespace signalbox
